#!/bin/sh
# Every test, as many at a time as there are processors; the last line is the sum: N passed, N failed, N skipped.
#   tests/check.sh BUILD
set -u
unset TRUCE_SCHEDULE # a user's own settings are no part of the tests
build=$1
root=$(cd "$(dirname "$0")/.." && pwd)
case $build in /*) ;; *) build=$root/$build ;; esac
cd "$root" || exit 5
log=$build/check.log
: >"$log"

# Each test is a line: its kind and its name.
list() {
	for test in "$build"/tests/test_*; do
		[ -f "$test" ] && [ -x "$test" ] && echo "test $(basename "$test")"
	done
	for case in tests/cases/*.case; do
		[ -f "$case" ] && echo "cases $(basename "$case" .case)"
	done
	for script in tests/check-*.sh; do # each ends with the plain closing line
		[ -f "$script" ] && echo "check $(basename "$script" .sh)"
	done
}

passed=0 failed=0 skipped=0
# Adds the closing line of one test; one that died without it counts as a failure.
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

out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
list >"$out/list"
[ -s "$out/list" ] || { echo "check: no test was found; build first: make"; exit 5; }
export out build
# A test's output and exit status lie in files named by its line's number.
nl -ba -w1 -s' ' "$out/list" | xargs -L 1 -P "$(nproc 2>/dev/null || echo 1)" sh -c '
	case $2 in
	test) "$build/tests/$3" ;;
	cases) "$build/tests/cases" "$build/truce" "tests/cases/$3.case" ;;
	check) sh "tests/$3.sh" "$build" ;;
	esac >"$out/$1" 2>&1 </dev/null
	echo $? >"$out/$1.status"' sh
number=0
while read -r kind name; do
	number=$((number + 1))
	[ "$kind" = cases ] && name=cases/$name
	add "$name" "$(cat "$out/$number.status" 2>/dev/null || echo 1)" "$out/$number"
done <"$out/list"
echo
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" = 0 ]
