#!/bin/sh
# Every test, one after the other; the last line is the sum: N passed, N failed, N skipped.
#   tests/check.sh BUILD
set -u
build=$1
root=$(cd "$(dirname "$0")/.." && pwd)
case $build in /*) ;; *) build=$root/$build ;; esac
cd "$root" || exit 5
log=$build/check.log
: >"$log"

passed=0 failed=0 skipped=0
# Adds the closing line of one program; a program that died without one counts as a failure.
add() { # name status output-file
	line=$(grep -E '^[0-9]+ passed, [0-9]+ failed' "$3" | tail -n 1)
	set -- "$1" "$2" "$3" $(printf '%s' "$line" | tr -dc '0-9 ')
	p=${4:-0} f=${5:-0} s=${6:-0}
	if [ "$2" != 0 ] && [ "$f" = 0 ]; then f=1; fi
	if [ -z "$line" ] && [ "$f" = 0 ]; then f=1; fi
	passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s))
	printf '%-28s %5d passed %3d failed %3d skipped\n' "$1" "$p" "$f" "$s"
	[ "$f" = 0 ] || grep -vE '^[0-9]+ passed' "$3" | tail -n 40
	cat "$3" >>"$log"
}

out=$(mktemp)
trap 'rm -f "$out"' EXIT
for test in "$build"/tests/test_*; do
	[ -f "$test" ] && [ -x "$test" ] || continue
	"$test" >"$out" 2>&1
	add "$(basename "$test")" $? "$out"
done
for case in tests/cases/*.case; do
	[ -f "$case" ] || continue
	"$build/tests/cases" "$build/truce" "$case" >"$out" 2>&1
	add "cases/$(basename "$case" .case)" $? "$out"
done
for script in tests/check-*.sh; do # each ends with the plain closing line
	[ -f "$script" ] || continue
	sh "$script" "$build" >"$out" 2>&1
	add "$(basename "$script" .sh)" $? "$out"
done
echo
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" = 0 ]
