#!/bin/sh
# Every row of the pages of facts has a record of the shipped record that holds it: tests/coverage-facts.csv says which.
# Fails on an empty cell, on an id that the record does not know, and, where ../shared is there, on a row that the table
# lacks or has too many.   tests/check-coverage.sh BUILD
build=$1
cd "$(dirname "$0")/.." || exit 5
table=tests/coverage-facts.csv ids=$(mktemp) rows=$(mktemp)
trap 'rm -f "$ids" "$rows"' EXIT
"$build/truce" state --on 2099-01-01 --known 2099-01-01 --json | grep -o '"id":"[^"]*"' | cut -d'"' -f4 | sort -u >"$ids"
passed=0 failed=0 skipped=0
while IFS=, read -r page row begins records; do
	[ "$page" = page ] && continue
	if [ -z "$records" ]; then echo "$page $row has no record"; failed=$((failed + 1)); continue; fi
	bad=
	for id in $records; do grep -qxF -- "$id" "$ids" || bad="$bad $id"; done
	if [ -n "$bad" ]; then echo "$page $row: the record does not know$bad"; failed=$((failed + 1)); else passed=$((passed + 1)); fi
done <<END
$(sed 's/"\([^"]*\)"/\1/; s/""/"/g' "$table" | awk -F, '{ n = NF; b = $3; for (i = 4; i < n; i++) b = b ";" $i; print $1 "," $2 "," b "," $n }')
END
if [ -d ../shared/facts ]; then
	sh tests/facts-rows.sh "$(cd ../shared/facts && pwd)" >"$rows"
	while IFS='|' read -r page row _; do
		if grep -q "^$page,$row," "$table"; then passed=$((passed + 1)); else echo "$page $row is not in $table"; failed=$((failed + 1)); fi
	done <"$rows"
	[ "$(wc -l <"$rows")" = "$(($(wc -l <"$table") - 1))" ] || { echo "$table has rows that the pages lack"; failed=$((failed + 1)); }
else
	skipped=1
fi
echo "$passed passed, $failed failed, $skipped skipped"
