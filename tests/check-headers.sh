#!/bin/sh
# Each public header stands alone, as C17 and as C++.
cd "$(dirname "$0")/.." || exit 5
passed=0 failed=0
for header in include/truce/*.h; do
	for language in "c -std=c17 -pedantic" "c++ -std=c++17"; do
		case $language in c++*) command -v g++ >/dev/null || continue ;; esac
		if gcc -x $language -Wall -Wextra -Werror -Iinclude -fsyntax-only -include "$header" /dev/null; then
			passed=$((passed + 1))
		else
			failed=$((failed + 1))
		fi
	done
done
echo "$passed passed, $failed failed"
