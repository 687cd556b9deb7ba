#!/bin/sh
# Which share of a sector's trade each emergency and reciprocal tariff of the United States reaches, partner by partner, as rows of a
# bridge on standard output.
#   data/world/levies.sh SHARED WORLD DAY "REGION PARTY..." [KEYS] >rows.yaml
#
# SHARED: the folder of real inputs; WORLD: us-china-2024 or us-china-2017; DAY: the law as it stood and was known then; a region of the
# world and the parties in it, `rest` for all of the imports' partners that no other region of the world holds; KEYS: lines to add to
# each row ("until: 2025-08-07").  TRUCE: the program; TRUCE_SCHEDULE: a compiled schedule, else one is made.
#
# `truce rates` gives what each partner pays by authority and sector, on US imports of 2024 by line, after exemptions, floors, claims of
# agreements and what gives way to Section 232.  `truce duty` on a line that pays nothing else (9506.62.40.40) says by which measure
# an authority levies on the partner, and its rate.  The share is duty over rate, on the value that is matched: a floor that adds 12 of
# 15 points counts as 0.8 of the value.  Lines that are not matched (a claim that nobody knows) are taken to be as the others.
set -eu
shared=$1 world=$2 day=$3 region=${4%% *} parties=${4#* } keys=${5:-}
here=$(cd "$(dirname "$0")" && pwd)
truce=${TRUCE:-truce} weights=$shared/imports/us_imports_2024_hs10.csv.gz
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
if [ -z "${TRUCE_SCHEDULE:-}" ]; then
	TRUCE_SCHEDULE=$tmp/us.truce
	"$truce" schedule import "$shared/hts" "$shared/hts_change_record" --lists "$shared/lists" --into US -o "$TRUCE_SCHEDULE" >/dev/null 2>&1
	export TRUCE_SCHEDULE
fi
# Lines to sectors; the goods that the world of 2024 has as sectors of their own come first.
awk -F, -v world="$world" 'FILENAME ~ /sectors.csv$/ { k = split($5, g, " "); for (i = 1; i <= k; i++) of[g[i]] = $1; next }
	FILENAME ~ /products.csv$/ { if (FNR > 1 && world == "us-china-2024") own[$1] = $3; next }
	FNR == 1 { print "hs10,sector"; next }
	{ s = of[toupper($3)]; for (p in own) if ($1 ~ own[p]) s = p; if (s != "") print $1 "," s }' \
	"$here/us-china-2024/sectors.csv" "$here/us-china-2024/products.csv" "$shared/lists/hs10_gtap_crosswalk.csv" >"$tmp/sectors.csv"
if [ "$parties" = rest ]; then
	if [ "$world" = us-china-2024 ]; then
		awk -F, 'NR > 1 && $5 != "*" { print $5 }' "$here/us-china-2024/regions.csv"
	else
		awk -F, 'NR > 1 && $2 != "*" { print $2 }' "$here/us-china-2017/members.csv"
	fi | tr ' ' '\n' >"$tmp/held"
	parties=$("$truce" rates --from all --into US --since "$day" --until "$day" --known "$day" --weights "$weights" --csv |
		cut -d, -f1 | sort -u | grep -E '^[A-Z]{2}$' | grep -vxF -f "$tmp/held" | grep -vx -e US -e HK -e MO | tr '\n' ' ')
fi
for party in $parties; do
	"$truce" rates --from "$party" --into US --since "$day" --until "$day" --known "$day" --weights "$weights" --sectors "$tmp/sectors.csv" --csv \
		>"$tmp/rates" 2>/dev/null || continue # the imports have no row of it
	"$truce" duty 9506.62.40.40 --from "$party" --into US --on "$day" --known "$day" --json |
		awk '/"aside":/ { exit } match($0, /"id":"[^"]*"/) { id = substr($0, RSTART + 6, RLENGTH - 7); match($0, /"authority":"[^"]*"/)
			who = substr($0, RSTART + 13, RLENGTH - 14); rate = ""
			if (match($0, /"ad_valorem_range":\[[^]]*/)) { rate = substr($0, RSTART, RLENGTH); sub(/.*,/, "", rate) }
			else if (match($0, /"ad_valorem":[0-9.]*/)) rate = substr($0, RSTART + 13, RLENGTH - 13)
			if (who !~ /^(mfn|301|232|201)$/) print "layer", id, who, rate }'
	awk -F, 'NR == 1 { for (i = 9; i <= NF; i++) name[i] = $i; next } $1 == "" && $2 != "" { for (i = 9; i <= NF; i++) print "paid", $2, name[i], $6, $i }' "$tmp/rates"
done | awk -v region="$region" -v keys="$keys" -v day="$day" -v members="$parties" '
	$1 == "layer" { if (fresh) delete by; fresh = 0; by[$3] = $2; rate[$2] = $4; next }
	{ fresh = 1; if ($3 == "mfn") total[$2] += $4; else if ($3 in by) { duty[by[$3], $2] += $4 * $5; seen[by[$3]] = 1 } }
	END {
		count = split("AGR OIL MIN FOO TEX WPP PET CHM PHA RUB NMM BME FME ELE EEQ MAC MVH OTN OMF UTI SOY MAG AIR SEM", sector, " ")
		n = 0
		for (m in seen) ids[++n] = m
		for (i = 1; i <= n; i++) for (j = i + 1; j <= n; j++) if (ids[j] < ids[i]) { t = ids[i]; ids[i] = ids[j]; ids[j] = t }
		for (i = 1; i <= n; i++) {
			text = ""
			for (j = 1; j <= count; j++) {
				if (!(sector[j] in total) || total[sector[j]] <= 0 || rate[ids[i]] <= 0) continue
				share = duty[ids[i], sector[j]] / rate[ids[i]] / total[sector[j]]
				if (share >= 0.0005) text = text (text == "" ? "" : ", ") sector[j] sprintf(": %.3f", share > 1 ? 1 : share)
			}
			if (text == "") continue
			printf "  - of: %s\n    importer: USA\n    exporter: %s\n", ids[i], region
			if (keys != "") printf "    %s\n", keys
			printf "    shares: {%s}\n    source: US imports for consumption 2024 by line (Census Bureau) and the duties in law on %s\n", text, day
			printf "    method: data/world/levies.sh, duty over rate, by partner and line\n"
		}
	}'
