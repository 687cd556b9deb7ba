#!/bin/sh
# Fuzzes every reader, one target after the other, and says for each: seconds, executions, edges, findings, and the part
# of its reader's lines that was reached.
#   fuzz/run.sh SECONDS [TARGET...]
#
# A target is fuzz/fuzz_NAME.c.  It may say in comments which files are its reader and where seeds lie:
#     fuzz-covers: src/base/csv.c
#     fuzz-seeds: tests/data/csv
# A target that reaches less than 60 % of its reader's lines does not count, and is said.
set -eu
seconds=${1:-600}
[ $# -gt 0 ] && shift
cd "$(dirname "$0")/.."
./run deps deps.fuzz
build=build-fuzz
mkdir -p "$build"
flags="-std=c17 -D_GNU_SOURCE -Iinclude -Isrc -g -O1 -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=undefined
	-fprofile-instr-generate -fcoverage-mapping -fcoverage-compilation-dir=."
libs="-lyaml -ljansson -lz -lsqlite3 -ldl -lpthread -lm"
objects=
# What was made before a header changed is made anew.
newest=$(find include src -name '*.h' -exec ls -t {} + | head -n 1)
for source in src/*/*.c; do
	object=$build/$(echo "$source" | tr / _).o
	objects="$objects $object"
	[ "$object" -nt "$source" ] && [ "$object" -nt "$newest" ] || clang $flags -c "$source" -o "$object"
done
[ $# -gt 0 ] || set -- $(ls fuzz/fuzz_*.c | sed 's|fuzz/fuzz_||; s|\.c$||')
# Files of targets lie in memory where they can.
TMPDIR=$(mktemp -d /dev/shm/truce-fuzz.XXXXXX 2>/dev/null || mktemp -d)
export TMPDIR
trap 'rm -rf "$TMPDIR"' EXIT
bad=0
printf '%-22s %8s %12s %8s %9s %8s\n' target seconds executions edges findings lines
for name; do
	target=fuzz/fuzz_$name.c
	clang $flags -c "$target" -o "$build/$name.o"
	clang -fsanitize=fuzzer,address,undefined -fprofile-instr-generate -o "$build/fuzz_$name" "$build/$name.o" $objects $libs
	corpus=$build/corpus/$name
	mkdir -p "$corpus" "$build/found/$name"
	for seeds in $(sed -n 's/.*fuzz-seeds: *//p' "$target" | sed 's/[*]\/.*//'); do
		[ -e "$seeds" ] && find "$seeds" -type f -size -200k -exec cp -n {} "$corpus/" \;
	done
	# A small quarantine: large ones are unmapped at once, and a busy machine then calls that a timeout of the target.
	ASAN_OPTIONS=quarantine_size_mb=8 LLVM_PROFILE_FILE=$build/$name.profraw \
		"$build/fuzz_$name" -max_total_time="$seconds" -rss_limit_mb=2048 -timeout=10 \
		-max_len=65536 -print_final_stats=1 -artifact_prefix="$build/found/$name/" "$corpus" >"$build/$name.log" 2>&1 || true
	found=$(ls "$build/found/$name" | wc -l)
	executions=$(sed -n 's/^stat::number_of_executed_units: *//p' "$build/$name.log")
	edges=$(grep -o 'cov: [0-9]*' "$build/$name.log" | tail -n 1 | tr -dc 0-9)
	lines='-'
	covers=$(sed -n 's/.*fuzz-covers: *//p' "$target" | sed 's/[*]\/.*//')
	if [ -n "$covers" ] && [ -f "$build/$name.profraw" ]; then
		llvm-profdata-14 merge -o "$build/$name.profdata" "$build/$name.profraw"
		lines=$(llvm-cov-14 report -compilation-dir="$PWD" "$build/fuzz_$name" -instr-profile="$build/$name.profdata" $covers 2>/dev/null |
			awk '/^TOTAL/ {print $10}')
	fi
	printf '%-22s %8s %12s %8s %9s %8s\n' "$name" "$seconds" "${executions:-?}" "${edges:-?}" "$found" "${lines:-?}"
	[ "$found" = 0 ] || bad=1
	case $lines in [0-9].*%|[1-5][0-9].*%) echo "  reaches too little of its reader: does not count" ; bad=1 ;; esac
done
exit $bad
