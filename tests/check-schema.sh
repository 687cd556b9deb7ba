#!/bin/sh
# The JSON Schema of `truce schema` against the shipped record and the tests' own, by ajv and js-yaml (npm), which read
# YAML by its failsafe schema.  A faulty record must not fit.  Skipped where npm cannot fetch them.
set -u
build=$1
cd "$(dirname "$0")/.." || exit 5
if ! [ -d tests/schema/node_modules/ajv ]; then
	if ! command -v npm >/dev/null 2>&1 || ! npm ci --prefix tests/schema --no-audit --no-fund --fetch-retries=1 --fetch-timeout=30000 >/dev/null 2>&1; then
		echo "skipped: npm cannot fetch ajv and js-yaml"
		echo "0 passed, 0 failed, 1 skipped"
		exit 0
	fi
fi
schema=$(mktemp)
trap 'rm -f "$schema"' EXIT
passed=0 failed=0
"$build/truce" schema >"$schema" || failed=$((failed + 1))
for file in $(find data/record tests/data/record/xland tests/data/record/later -name '*.yaml' 2>/dev/null); do
	if node tests/schema/check.mjs "$schema" "$file"; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
	fi
done
if node tests/schema/check.mjs "$schema" tests/data/record/faulty/faults.yaml >/dev/null; then
	echo "a faulty record fits the schema"
	failed=$((failed + 1))
else
	passed=$((passed + 1))
fi
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
