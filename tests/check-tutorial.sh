#!/bin/sh
# The pages of the tutorial that say so hold the real output of their commands.   tests/check-tutorial.sh BUILD
build=$1
cd "$(dirname "$0")/.." || exit 5
passed=0 failed=0 skipped=0 new=$(mktemp)
trap 'rm -f "$new"' EXIT
for page in docs/tutorial/*.md README.md; do
	grep -q '^<!-- output checked -->' "$page" || continue
	if grep -q '\.\./shared' "$page" && ! [ -d ../shared/data ]; then skipped=$((skipped + 1)); continue; fi
	sh tests/tutorial.sh "$build" "$page" >"$new"
	if diff -u "$page" "$new" | head -n 40; cmp -s "$page" "$new"; then passed=$((passed + 1)); else failed=$((failed + 1)); fi
done
echo "$passed passed, $failed failed, $skipped skipped"
