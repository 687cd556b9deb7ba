#!/bin/sh
# A page with its console blocks run anew: in ```console blocks, each line `$ COMMAND` is run from the project's folder with
# build/truce as `truce`, and what it prints stands behind it.   tests/tutorial.sh BUILD PAGE >PAGE.new
build=$(cd "$1" && pwd) page=$2
mkdir -p out
bin=$(mktemp -d)
trap 'rm -rf "$bin"' EXIT
ln -s "$build/truce" "$bin/truce"
PATH=$bin:$PATH
export PATH
block=0
while IFS= read -r line; do
	case $line in
	'```console') block=1; printf '%s\n' "$line" ;;
	'```') block=0; printf '%s\n' "$line" ;;
	'$ '*) printf '%s\n' "$line"; [ $block = 0 ] || sh -c "${line#\$ }" 2>&1 </dev/null ;;
	*) [ $block = 1 ] || printf '%s\n' "$line" ;;
	esac
done <"$page"
