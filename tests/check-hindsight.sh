#!/bin/sh
# As known on a day, nothing is seen that was known or published later: neither a record, nor a step, reading, exclusion,
# amendment, point of a series or source within one.   tests/check-hindsight.sh BUILD
build=$1
cd "$(dirname "$0")/.." || exit 5
day=2025-08-28 passed=0 failed=0
ids=$("$build/truce" state --all --on 2099-01-01 --known "$day" --json | grep -o '"id":"[^"]*"' | cut -d'"' -f4)
for id in $ids; do
	late=$("$build/truce" show "$id" --on "$day" --known "$day" --json 2>/dev/null |
		grep -oE '"known":(\{"from":)?"[0-9][^"]*"|"date":"[^"]*"|"published":"[^"]*"' | sed 's/.*"\([0-9-]\{10\}\)[^"]*"$/\1/' |
		awk -v day="$day" '$0 > day' | sort -u)
	if [ -z "$late" ]; then passed=$((passed + 1)); else echo "$id, as known on $day, shows $late"; failed=$((failed + 1)); fi
done
[ "$passed" -gt 100 ] || failed=$((failed + 1))
echo "$passed passed, $failed failed, 0 skipped"
