#!/bin/sh
# A page of section 5 from docs/formats/NAME.md, whose first line is "# truce-NAME(5): what it is".   docs/man.sh FILE
set -eu
title=$(sed -n '1s/^# \(truce-[a-z]*\)(5): .*/\1/p' "$1")
[ -n "$title" ] || { echo "$1: the first line is not '# truce-NAME(5): what it is'" >&2; exit 1; }
# Font CW is what other formatters know by that name.
sed '1s/^# \(truce-[a-z]*\)(5): \(.*\)/# NAME\n\n\1 - \2\n\n# DESCRIPTION/' "$1" |
	lowdown -s -Tman -M "title=$title" -M section=5 -M volume=Truce | sed 's/\\fC/\\f(CW/g'
