# How far the fit without the US figures by sector misses them: half the sum of gaps in the sectors' shares of US imports of goods, by
# partner, in points, as JSON.
#
#     HOLDOUT=1 make.sh SHARED out.world; truce world show out.world --csv >out.csv
#     truce world show us-china-2024.world --csv >fit.csv; awk -f holdout.awk out.csv fit.csv
BEGIN {
	FS = ","
	split("AGR OIL MIN FOO TEX WPP PET CHM PHA RUB NMM BME FME ELE EEQ MAC MVH OTN OMF", list, " ")
	for (k in list) goods[list[k]] = 1
	into["SOY"] = "AGR"; into["MAG"] = "FME"; into["SEM"] = "ELE"; into["AIR"] = "OTN" # split out after the fit
}
FNR == 1 { file++; for (k = 1; k <= NF; k++) at[$k] = k; next }
{
	sector = $at["sector"]; from = $at["exporter"]
	if (sector in into) sector = into[sector]
	if ($at["importer"] != "USA" || from == "USA" || !(sector in goods)) next
	flow[file, from, sector] += $at["value"]; all[file, from] += $at["value"]
	if (file == 2) partner[from] = 1
}
END {
	printf "{"
	for (p in partner) {
		gap = 0
		for (s in goods) { d = flow[1, p, s] / all[1, p] - flow[2, p, s] / all[2, p]; gap += d < 0 ? -d : d }
		printf "%s\"%s\": %.4f", (n++ ? ", " : ""), p, 50 * gap
	}
	print "}"
}
