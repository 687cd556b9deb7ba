#!/bin/sh
# Measures, and prints with the commit, the compiler and the processor.  Times are of this machine; instruction counts
# (valgrind, where it is installed) repeat.
#   bench/run.sh BUILD
set -u
build=$1
cd "$(dirname "$0")/.." || exit 5
echo "commit $(git rev-parse --short HEAD 2>/dev/null || echo '?'), $(gcc --version | head -n 1), $(sed -n 's/^model name.*: //p' /proc/cpuinfo | head -n 1)"
for program in "$build"/bench/bench_*; do
	[ -f "$program" ] && [ -x "$program" ] || continue
	echo; echo "== $(basename "$program")"
	"$program"
done
counted() { # what, command...
	what=$1; shift
	count=-
	if command -v valgrind >/dev/null 2>&1; then
		count=$(valgrind --tool=callgrind --callgrind-out-file=/dev/null "$@" 2>&1 >/dev/null |
			sed -n 's/.*Collected : //p' | tr -d ' ')
	fi
	printf '%-46s %14s instructions\n' "$what" "${count:-?}"
}
echo; echo "== the program on what is shipped"
counted "truce help (start-up)" "$build/truce" help
counted "truce check" "$build/truce" check
counted "truce state" "$build/truce" state --on 2025-08-28 --known 2025-08-28 --json
counted "truce duty" "$build/truce" duty soybeans --from US --into CN --on 2025-08-27
counted "truce brief, 200 draws a question" "$build/truce" brief --on 2025-08-28 --known 2025-08-28 -o "$build/bench-out"
