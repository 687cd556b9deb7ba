#!/bin/sh
# Writes the plain CSV of an invented world of three regions and three sectors: make-world.sh DIR
set -eu
mkdir -p "$1"
cd "$1"
awk 'BEGIN {
	split("X Y R", r); split("lamps wool services", s)
	size["X"] = 100; size["Y"] = 80; size["R"] = 300
	print "sector,exporter,importer,value,tariff" > "flows.csv"
	for (j = 1; j <= 3; j++) for (i = 1; i <= 3; i++) for (n = 1; n <= 3; n++) {
		home = i == n; v = size[r[n]] * (home ? 1 : size[r[i]] / 480 * (s[j] == "services" ? .05 : .3))
		if (s[j] == "lamps" && r[i] == "Y" && !home) v *= 2
		printf "%s,%s,%s,%.4f,%s\n", s[j], r[i], r[n], v, home || s[j] == "services" ? 0 : 0.03 > "flows.csv"
	}
	print "region,input_sector,using_sector,share" > "inputs.csv"; print "region,sector,share" > "value_added.csv"
	for (n = 1; n <= 3; n++) for (j = 1; j <= 3; j++) {
		print r[n] "," s[j] ",0.55" > "value_added.csv"
		for (k = 1; k <= 3; k++) print r[n] "," s[k] "," s[j] ",0.15" > "inputs.csv"
	}
	print "sector,theta,se" > "elasticity.csv"; print "lamps,5,0.8" > "elasticity.csv"; print "wool,4,0.5" > "elasticity.csv"
	print "services,4,0.5" > "elasticity.csv"
}'
