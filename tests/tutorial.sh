#!/bin/sh
# A page with its console blocks run anew: in ```console blocks, each line `$ COMMAND` is run as from the project's folder
# with build/truce as `truce`, and what it prints stands behind it.   tests/tutorial.sh BUILD PAGE >PAGE.new
# The folder has an out/ of its own: what others left or write there at the same time changes no page.
build=$(cd "$1" && pwd) page=$2
root=$(cd "$(dirname "$0")/.." && pwd)
unset TRUCE_SCHEDULE # a user's own settings are no part of a page
new=$(mktemp -d)
trap 'rm -rf "$new"' EXIT
mkdir "$new/bin" "$new/project" "$new/project/out"
ln -s "$build/truce" "$new/bin/truce"
for entry in "$root"/*; do
	case ${entry##*/} in out|build*) ;; *) ln -s "$entry" "$new/project/" ;; esac
done
[ -d "$root/../shared" ] && ln -s "$root/../shared" "$new/shared"
PATH=$new/bin:$PATH
export PATH
block=0
while IFS= read -r line; do
	case $line in
	'```console') block=1; printf '%s\n' "$line" ;;
	'```') block=0; printf '%s\n' "$line" ;;
	'$ '*) printf '%s\n' "$line"; [ $block = 0 ] || (cd "$new/project" && sh -c "${line#\$ }" 2>&1 </dev/null) ;;
	*) [ $block = 1 ] || printf '%s\n' "$line" ;;
	esac
done <"$page"
