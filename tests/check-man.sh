#!/bin/sh
# Every man page is made, and mandoc finds no error in it; the help of every verb names its options.
root=$(cd "$(dirname "$0")/.." && pwd)
cd "$1" || exit 5
passed=0 failed=0
if ! command -v mandoc >/dev/null 2>&1; then
	echo "0 passed, 0 failed, 1 skipped"
	exit 0
fi
for page in truce*.1 truce*.5; do
	if mandoc -T lint -W error "$page" && [ -s "$page" ]; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
	fi
done
for format in "$root"/docs/formats/*.md; do # each is a page of section 5
	[ -s "truce-$(basename "$format" .md).5" ] && passed=$((passed + 1)) && continue
	echo "$format makes no page of section 5"
	failed=$((failed + 1))
done
for verb in $(./truce help | sed -n 's/^  \([a-z]*\) .*/\1/p'); do
	if ./truce "$verb" --help | grep -q '^options:'; then
		passed=$((passed + 1))
	else
		echo "truce $verb --help says no options"
		failed=$((failed + 1))
	fi
done
echo "$passed passed, $failed failed"
