#!/bin/sh
# The world of Ignatenko, Lashkaripour, Macedoni and Simonovska (2025) as plain CSV: 194 countries, one sector, 2023.
#
#     sh make.sh DATA OUT; truce world import --format csv OUT --unit 1e3 -o goods.world
#
# DATA holds their country_labels.csv, gdp.csv (US$), trade_cepii.csv (rows export, columns import, 1000 US$, no sales at home)
# and tariffs.csv (of the United States on each, April 2025; 10 % is the least).  OUT gets the tables of docs/formats/world.md
# and two files of wedges: wedges.csv, and retaliation.csv, in which all others answer with the one tariff that their first order
# condition gives, 1 / ((1 + delta theta) phi - 1).  As in their replication package: the share of sales that is earned where they are made is one number for the
# home country and one for all others, such that it is 0.26 of the sales of home's sellers and 0.12 of those of the others;
# spending is GDP and the transfer that trade implies; sales at home are what is left of spending, 0 where imports are more.
# theta 4; psi 0.67/4.
set -eu
from=$1 to=$2
mkdir -p "$to"
LC_ALL=C awk -F, -v to="$to" -v home=USA '
function group(n) { return id[n] == home ? 2 : 1 }
FNR == 1 { file++; next }
{ sub(/\r$/, "") }
file == 1 { id[FNR - 1] = $1; N = FNR - 1 }
file == 2 { gdp[FNR - 1] = $1 / 1000 }
file == 3 { tariff[FNR - 1] = $1 < 0.1 ? 0.1 : $1 }
file == 4 { i = FNR - 1; for (n = 1; n <= N; n++) { flow[i, n] = $n + 0; imports[n] += $n } }
END {
	for (i = 1; i <= N; i++) {
		Y[group(i)] += gdp[i]
		for (n = 1; n <= N; n++) X[group(i), group(n)] += flow[i, n]
	}
	here[1] = here[2] = 0.2
	for (turn = 0; turn < 200; turn++) {
		for (k = 1; k <= 2; k++) {
			E = Y[k] + (1 - here[k]) * (X[1, k] + X[2, k] - (1 - here[1]) * X[k, 1] - (1 - here[2]) * X[k, 2])
			at_home[k] = E - X[3 - k, k]
			at_home[k] /= at_home[k] + X[k, 3 - k] # of the sales of its sellers
		}
		rank = at_home[1] + at_home[2] - 1
		here[1] = (0.12 * at_home[2] - 0.26 * (1 - at_home[1])) / rank
		here[2] = (0.26 * at_home[1] - 0.12 * (1 - at_home[2])) / rank
	}
	print "sector,exporter,importer,value,tariff" >(to "/flows.csv")
	print "sector,exporter,importer,tariff" >(to "/wedges.csv")
	print "sector,exporter,importer,tariff" >(to "/retaliation.csv")
	print "region,input_sector,using_sector,share" >(to "/inputs.csv")
	print "region,sector,share" >(to "/value_added.csv")
	print "region,share" >(to "/marketing.csv")
	print "sector,theta,se,psi\ngoods,4,,0.1675" >(to "/elasticity.csv")
	for (i = 1; i <= N; i++) {
		share = here[group(i)]
		spending = gdp[i] + (1 - share) * imports[i]
		for (n = 1; n <= N; n++) spending -= (1 - share) * (1 - here[group(n)]) * flow[i, n]
		flow[i, i] = spending > imports[i] ? spending - imports[i] : 0
		for (n = 1; n <= N; n++)
			if (flow[i, n] > 0) printf "goods,%s,%s,%.17g,0\n", id[i], id[n], flow[i, n] >(to "/flows.csv")
		for (n = 1; n <= N; n++) {
			all[group(i), group(n)] += flow[i, n]
			earned[group(i)] += (1 - here[group(n)]) * flow[i, n]
			earned[group(n)] += here[group(n)] * flow[i, n]
		}
		printf "%s,goods,1\n", id[i] >(to "/value_added.csv")
		printf "%s,%.17g\n", id[i], share >(to "/marketing.csv")
	}
	delta = all[1, 2] * (1 - here[2]) * all[2, 2] / (all[1, 2] + all[2, 2]) / ((1 - here[1]) * (earned[1] - all[1, 1]))
	answer = 1 / ((1 + delta * 4) * ((1 + 0.1675) / (1 - here[1]) - 0.1675) - 1)
	for (i = 1; i <= N; i++) {
		if (id[i] == home) continue
		printf "goods,%s,%s,%s\n", id[i], home, tariff[i] >(to "/wedges.csv")
		printf "goods,%s,%s,%s\ngoods,%s,%s,%.17g\n", id[i], home, tariff[i], home, id[i], answer >(to "/retaliation.csv")
	}
}' "$from/country_labels.csv" "$from/gdp.csv" "$from/tariffs.csv" "$from/trade_cepii.csv"
