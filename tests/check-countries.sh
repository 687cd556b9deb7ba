#!/bin/sh
# The concordance of countries agrees with Debian's iso-codes (two and three letters: each of the two holds what the other
# holds), and its Census codes with the Census Bureau's list.  Each is skipped where it is absent.   tests/check-countries.sh
cd "$(dirname "$0")/.." || exit 5
iso=/usr/share/iso-codes/json/iso_3166-1.json
census=../shared/data/lists/census_codes.csv
rows=src/base/country_rows.h
passed=0 failed=0 skipped=0
verdict() { # WHAT, the lines that differ
	if [ -z "$2" ]; then passed=$((passed + 1)); else printf '%s:\n%s\n' "$1" "$2"; failed=$((failed + 1)); fi
}
ours=$(mktemp) theirs=$(mktemp)
trap 'rm -f "$ours" "$theirs"' EXIT
table() { # of the fields of a row: alpha-2, alpha-3, Census
	sed -nE 's/^COUNTRY\("(..)", "(...)", "([0-9]*)", "(.*)"\)$/\1,\2,\3/p' "$rows"
}

if [ -f "$iso" ] && command -v node >/dev/null; then
	table | cut -d, -f1,2 | grep -v '^XK,' | LC_ALL=C sort >"$ours" # Kosovo has no ISO code
	node -e 'const rows = JSON.parse(require("fs").readFileSync(process.argv[1]))["3166-1"];
		console.log(rows.map(r => r.alpha_2 + "," + r.alpha_3).sort().join("\n"))' "$iso" | LC_ALL=C sort >"$theirs"
	verdict "only in $rows" "$(comm -23 "$ours" "$theirs")"
	verdict "only in $iso" "$(comm -13 "$ours" "$theirs")"
else
	skipped=$((skipped + 1))
fi

if [ -f "$census" ]; then
	table | cut -d, -f3 | grep . | LC_ALL=C sort >"$ours"
	verdict "a Census code stands twice in $rows" "$(uniq -d "$ours")"
	sed 1d "$census" | cut -d, -f1 | LC_ALL=C sort -u >"$theirs"
	verdict "no Census code" "$(comm -23 "$ours" "$theirs")"
	# Census splits Palestine in two, which has no code here.
	verdict "Census codes without a country" "$(comm -13 "$ours" "$theirs" | grep -vE '^(5082|5083)$')"
else
	skipped=$((skipped + 1))
fi
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" = 0 ]
