# Answers of `truce solve --csv` in the measures of Ignatenko, Lashkaripour, Macedoni and Simonovska (2025), as JSON, percent:
#
#     truce solve goods.world --set labour_supply=0.5 ... --csv | awk -f published.awk -v relief=1
#
# welfare: theirs, with relief=1 for income-tax relief: [E^/P^ E - c w^L^/P^] / (E - c) - 1, c = kappa (1 - tau) Y / (1 + kappa), tau the
# share of duties in new income.  utility: the same with c / (1 - tau) for the effort under the new tax, 0, which is what their
# labour supply implies.  employment, prices (their numeraire: spending at old prices keeps its cost), exports and imports over
# GDP; revenue over the old spending (theirs) and over new GDP.  The groups EU (their list, without Czechia and Slovakia) and
# non_US are weighted by spending.
BEGIN {
	FS = ","
	kappa = 0.5
	if (relief == "") relief = 1
	split("AUT BEL BGR CYP DEU DNK ESP EST FIN FRA GRC HRV HUN IRL ITA LTU LUX LVA MLT NLD POL PRT ROU SVN SWE", list, " ")
	for (k in list) in_eu[list[k]] = 1
}
NR == 1 { for (k = 1; k <= NF; k++) at[$k] = k; next }
{
	n++
	id[n] = $at["region"]; price[n] = 1 + $at["prices"]; labour[n] = $at["labour"]
	E0 = $at["income_old_usd"]; E1 = $at["income_usd"]; Y0 = $at["wage_bill_old_usd"]; Y1 = $at["wage_bill_usd"]; R = $at["revenue_usd"]
	tau = relief ? R / Y1 : 0
	c = kappa * (1 - tau) * Y0 / (1 + kappa)
	value[n, "welfare"] = (E1 / price[n] - c * Y1 / Y0 / price[n]) / (E0 - c) - 1
	value[n, "utility"] = (E1 / price[n] - c / (1 - tau) * Y1 / Y0 / price[n]) / (E0 - c) - 1
	value[n, "employment"] = labour[n] - 1
	value[n, "exports_gdp"] = $at["exports_usd"] / Y1 / ($at["exports_old_usd"] / Y0) - 1
	value[n, "imports_gdp"] = $at["imports_usd"] / Y1 / ($at["imports_old_usd"] / Y0) - 1
	value[n, "revenue_spending"] = R / E0
	value[n, "revenue_gdp"] = R / Y1
	trade_deficit_old[n] = $at["imports_old_usd"] - $at["exports_old_usd"]
	trade_deficit[n] = $at["imports_usd"] - $at["exports_usd"]
	weight[n] = E0; all += E0; cost += E0 * price[n]
}
function show(name,    k, m, sum, total) {
	printf "\"%s\": {", name
	for (k = 1; k <= 9; k++) {
		sum = total = 0
		for (m = 1; m <= n; m++)
			if ((name == "EU" && id[m] in in_eu) || (name == "non_US" && id[m] != "USA") || id[m] == name) {
				sum += weight[m] * value[m, key[k]]
				total += weight[m]
			}
		printf "%s\"%s\": %.10g", (k > 1 ? ", " : ""), key[k], 100 * sum / total
	}
	printf "}"
}
END {
	split("welfare utility employment prices exports_gdp imports_gdp deficit revenue_spending revenue_gdp", key, " ")
	for (k = 1; k <= n; k++) {
		value[k, "prices"] = price[k] / (cost / all) - 1
		value[k, "deficit"] = (trade_deficit[k] / (cost / all) - trade_deficit_old[k]) / (trade_deficit_old[k] < 0 ? -1 : 1) / trade_deficit_old[k]
	}
	printf "{"
	for (k = 1; k <= n; k++) { show(id[k]); printf ",\n" }
	show("EU"); printf ",\n"; show("non_US"); print "}"
}
