#!/bin/sh
# The rows of the pages of facts, one a line: PAGE|NUMBER|FIRST WORDS.   tests/facts-rows.sh FOLDER
cd "$1" || exit 5
# Tables: each row after the head; elsewhere each bullet; sections 4.3 and "Later" by their clauses.
awk '
function out(text) { gsub(/\*\*/, "", text); sub(/^[ |]+/, "", text); gsub(/ +/, " ", text); if (text != "") printf "measures|%d|%s\n", ++n, substr(text, 1, 60) }
/^### 4\.3|^## Later/ { clauses = 1; next }
/^#/ { clauses = 0; next }
/^\|/ { if ($0 !~ /^\|[- |]+\|$/ && $0 !~ /^\| (entry date|date)/) out($0); next }
clauses && NF { k = split($0, part, ";"); for (i = 1; i <= k; i++) out(part[i]); next }
/^- / { out(substr($0, 3)); next }
/^Stacking for CN/ { out($0) }
' measures.md
awk '/^[0-9]+\. / && !done { sub(/\. /, "|"); gsub(/\*\*/, ""); print "situation|" substr($0, 1, 70) }
/^## What stood behind/ { behind = 1 } /^## What the program/ { done = 1; behind = 0 }
behind && /^- / { printf "situation|b%d|%s\n", ++b, substr($0, 3, 60) }' situation-2025-08.md
awk -F'|' '/^\|/ && !/^\|[- |]+\|$/ && !/figure \| value/ { gsub(/\*\*/, ""); sub(/^ +/, "", $2); printf "figures|%d|%s\n", ++n, substr($2, 1, 60) }' figures.md
