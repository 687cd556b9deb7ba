#!/bin/sh
# Makes the world of 2017 from the tables of a university course (7 regions x 44 sectors, million US$): the plain CSV
# of `truce world import`, balanced, added up to 27 sectors, rounded.
#
#     make.sh FOLDER OUT.world [TRUCE]
#
# FOLDER holds TradeFlow2017.csv, tariff_prewar2017.csv, IOshare.csv, vashare.csv, finalshare.csv, cal_elasticities.csv.
set -eu
export LC_ALL=C
from=$1 out=$2 truce=${3:-truce}
here=$(cd "$(dirname "$0")" && pwd)
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

# Flows are by origin and destination; tariffs stand in a file of their own, a missing one is 0.
awk -F, -v OFS=, 'FNR == 1 { file++; next }
	file == 1 { tariff[$1, $2, $3] = $4; next }
	FNR == 2 { print "sector,exporter,importer,value,tariff" }
	{ t = $1 == $2 ? 0 : tariff[$1, $2, $3] + 0; print $3, $1, $2, $4, t }' \
	"$from/tariff_prewar2017.csv" "$from/TradeFlow2017.csv" > "$tmp/flows.csv"
# The shares of inputs sum to 1 over inputs: times what value added leaves, they are shares of gross output.
awk -F, -v OFS=, 'BEGIN { print "region,input_sector,using_sector,share" } FNR == 1 { file++; next }
	file == 1 { added[$1, $2] = $3; next }
	{ sum[$1, $3] += $4; row[++n] = $0 }
	END { for (i = 1; i <= n; i++) { split(row[i], f, ",")
		printf "%s,%s,%s,%.15g\n", f[1], f[2], f[3], f[4] / sum[f[1], f[3]] * (1 - added[f[1], f[3]]) } }' \
	"$from/vashare.csv" "$from/IOshare.csv" > "$tmp/inputs.csv"
awk -F, -v OFS=, 'NR == 1 { print "region,sector,share"; next } { print $1, $2, $3 }' "$from/vashare.csv" > "$tmp/value_added.csv"
awk -F, -v OFS=, 'NR > 1 { sum[$1] += $3; row[++n] = $0 } END { print "region,sector,share"
	for (i = 1; i <= n; i++) { split(row[i], f, ","); printf "%s,%s,%.15g\n", f[1], f[2], f[3] / sum[f[1]] } }' \
	"$from/finalshare.csv" > "$tmp/final.csv"
awk -F, -v OFS=, 'NR == 1 { print "sector,theta,psi"; next } NF > 1 { gsub(/[ \r]/, ""); print $1, $2, $3 }' \
	"$from/cal_elasticities.csv" > "$tmp/elasticity.csv"

"$truce" world import --format csv "$tmp" --unit 1e6 -o "$tmp/44.world"
"$truce" world balance "$tmp/44.world" -o "$tmp/balanced.world"
"$truce" world aggregate "$tmp/balanced.world" --regions "$here/regions.csv" \
	--sectors "$here/sectors.csv" -o "$tmp/27.world"
"$truce" world balance "$tmp/27.world" --round 1e6 --step 1e-5 --members "$here/members.csv" --name us-china-2017 \
	--year 2017 --note "Flows, technology and tariffs of 2017, before the tariffs of 2018; 7 regions, the EU with the United \
Kingdom; 27 sectors added up from 44 of a university course's tables, balanced by moving sizes, rounded to a million US\$. \
Trade and scale elasticities are that course's. Tariffs are simple averages of applied rates. ROW is everyone else as one \
country. It knows no soybeans, magnets, aircraft or chips apart from their sectors." -o "$out"
