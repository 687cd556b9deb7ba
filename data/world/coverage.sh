#!/bin/sh
# Which share of a sector's trade a measure covers, from real lines: the rows of a bridge, as YAML on standard output.
#   data/world/coverage.sh SHARED DATE EXPORTER CODES [SPLITS] >rows.yaml
#
# SPLITS: sectors of their own, as PREFIX:SECTOR with blanks between ("1201:SOY 850511:MAG").
# SHARED: the folder of real inputs; DATE: as the lists stood then; EXPORTER: a region of the world; CODES: the Census
# codes of its partners, separated by blanks, or "-" and the codes of all that are not in it.
#
# US imports of 2024 by ten-digit line (Census Bureau) are weighted; each line goes to a sector by the crosswalk
# of lines to GTAP sectors, and to a measure by the lists:
#   Section 301: the list with the highest rate that holds the line;
#   Section 232: cars and light trucks in full (8703, 8704.21, 8704.31); mill products in full, derivatives outside chapters 72, 73 and 76 by their metal content (a share of
#     input-output tables, capped at 1), car parts in full but for the provisions said not to apply;
#   reciprocal: lines that are not exempt, on the value that Section 232 leaves;
#   emergency (fentanyl): every line.
# China's lists of March 2025: US exports on them over all farm and food lines, a lower bound (see the rows).
set -eu
shared=$1 date=$2 exporter=$3 codes=$4 splits=${5:-}
lists=$shared/lists
zcat "$shared/imports/us_imports_2024_hs10.csv.gz" | awk -F, -v lists="$lists" -v date="$date" -v exporter="$exporter" -v codes="$codes" -v splits="$splits" '
function sector(g) { return (g in map) ? map[g] : "" }
function prefix(table, code,   n) { for (n = 10; n >= 4; n--) if (substr(code, 1, n) in table) return substr(code, 1, n); return "" }
function metal_share(table, code,   n, k) {
	for (n = 10; n >= 6; n -= 2) { k = substr(code, 1, n); if (k in content) { k = table[k] / content[k]; return k > 1 ? 1 : k } }
	return 0
}
function add(measure, s, part) { covered[measure, s] += part; named[measure] = 1 }
BEGIN {
	k = split(codes, word, " ")
	for (i = 1; i <= k; i++) partner[word[i]] = 1
	k = split(splits, word, " ")
	for (i = 1; i <= k; i++) { split(word[i], pair, ":"); own[pair[1]] = pair[2]; extra[pair[2]] = 1 }
	split("PDR WHT GRO V_F OSD C_B PFB OCR CTL OAP RMK WOL FRS FSH:AGR COA OIL GAS:OIL OXT:MIN CMT OMT VOL MIL PCR SGR OFD B_T:FOO " \
		"TEX WAP LEA:TEX LUM PPP:WPP P_C:PET CHM:CHM BPH:PHA RPP:RUB NMM:NMM I_S NFM:BME FMP:FME ELE:ELE EEQ:EEQ OME:MAC MVH:MVH " \
		"OTN:OTN OMF:OMF ELY:UTI", word, " ")
	n = 0
	for (i = 1; i in word; i++) {
		k = split(word[i], pair, ":")
		pending[++n] = pair[1]
		if (k == 2) { for (p = 1; p <= n; p++) map[pending[p]] = pair[2]; n = 0 }
	}
	while ((getline line < (lists "/hs10_gtap_crosswalk.csv")) > 0) {
		split(line, f, ",")
		g = toupper(f[3])
		gtap[f[1]] = g
		if (!(f[2] in gtap6)) gtap6[f[2]] = g
	}
	split("1:25 2:25 3:25 3_addl:25 4A:7.5 biden_25:25 biden_25_jan25:25 biden_50:50 biden_50_jan25:50 biden_100:100", word, " ")
	for (i in word) { split(word[i], pair, ":"); rate[pair[1]] = pair[2] }
	id["1"] = "us-301-list-1"; id["2"] = "us-301-list-2"; id["3"] = "us-301-list-3"; id["3_addl"] = "us-301-list-3"
	id["4A"] = "us-301-list-4a"; id["biden_25"] = "us-301-review-25"; id["biden_25_jan25"] = "us-301-review-tungsten-25"
	id["biden_50"] = "us-301-review-solar-50"; id["biden_50_jan25"] = "us-301-review-50"; id["biden_100"] = "us-301-review-100"
	while ((getline line < (lists "/s301_product_lists.csv")) > 0) {
		split(line, f, ",")
		if ((f[2] in rate) && (!(f[1] in best) || rate[f[2]] > rate[best[f[1]]])) best[f[1]] = f[2]
	}
	while ((getline line < (lists "/s232_metal_chapter_products.csv")) > 0) {
		split(line, f, ",")
		if (f[2] == "metal_type" || (f[4] != "" && f[4] > date)) continue
		metal[f[1]] = (f[2] == "steel" ? "us-232-steel" : "us-232-aluminium") (f[3] == "mill" ? "" : "-derivatives")
	}
	while ((getline line < (lists "/s232_derivative_products.csv")) > 0) {
		split(line, f, ",")
		if (f[3] == "derivative_type" || (f[4] != "" && f[4] > date) || (f[1] in metal)) continue
		metal[f[1]] = (f[3] == "steel" ? "us-232-steel" : "us-232-aluminium") "-derivatives"
	}
	while ((getline line < (lists "/s232_copper_products.csv")) > 0) { split(line, f, ","); if (f[1] != "hts10") copper[f[1]] = 1 }
	while ((getline line < (lists "/s232_auto_parts.txt")) > 0) if (line ~ /^[0-9]/) { sub(/[^0-9].*/, "", line); parts[line] = 1 }
	while ((getline line < (lists "/s232_auto_parts_applicability.csv")) > 0) if (line ~ /^[0-9]/) { split(line, f, ","); applies[f[1]] = f[2] }
	while ((getline line < (lists "/metal_content_shares_bea_hs10.csv")) > 0) {
		split(line, f, ",")
		for (n = 10; n >= 6; n -= 2) { # means of eight and six digits serve lines whose code was split since
			k = substr(f[1], 1, n)
			steel[k] += f[4]; aluminium[k] += f[5]; red[k] += f[6]; content[k]++
		}
	}
	while ((getline line < (lists "/ieepa_exempt_products.csv")) > 0) {
		split(line, f, ",")
		sub(/\r$/, "", f[3])
		if ((f[2] == "NA" || f[2] <= date) && (f[3] == "NA" || f[3] >= date)) exempt[f[1]] = 1
	}
}
NR > 1 && (("-" in partner) ? !($2 in partner) : ($2 in partner)) {
	line = $1; value = $3
	g = (line in gtap) ? gtap[line] : gtap6[substr(line, 1, 6)]
	s = sector(g)
	p = prefix(own, line)
	if (p != "") s = own[p]
	if (s == "") { lost += value; next }
	total[s] += value; all += value
	if (substr(line, 1, 8) in best) add(id[best[substr(line, 1, 8)]], s, value)
	m = 0
	p = prefix(metal, line)
	a = prefix(parts, line)
	if (line ~ /^(8703|870421|870431)/) { m = 1; add("us-232-cars", s, value) }
	if (a != "") { m = prefix(applies, line); m = m == "" ? 1 : applies[m]; add("us-232-car-parts", s, value * m) }
	if (m > 0) ;
	else if (p != "") {
		m = 1
		if (metal[p] ~ /derivatives/ && line !~ /^7[236]/) m = metal[p] ~ /steel/ ? metal_share(steel, line) : metal_share(aluminium, line)
		add(metal[p], s, value * m)
	} else if (prefix(copper, line) != "") { m = metal_share(red, line); add("us-232-copper", s, value * m) }
	if (!(line in exempt)) { add("us-reciprocal", s, value * (1 - m)); add("us-reciprocal-24", s, value * (1 - m)) }
	add("us-fentanyl", s, value)
}
END {
	printf "# %.1f bn USD of lines in goods sectors, %.1f bn in no sector (returned goods and the like).\n", all / 1e9, lost / 1e9
	order = "AGR OIL MIN FOO TEX WPP PET CHM PHA RUB NMM BME FME ELE EEQ MAC MVH OTN OMF UTI"
	for (x in extra) order = order " " x
	count = split(order, name, " ")
	n = 0
	for (measure in named) ids[++n] = measure
	for (i = 1; i <= n; i++) for (j = i + 1; j <= n; j++) if (ids[j] < ids[i]) { t = ids[i]; ids[i] = ids[j]; ids[j] = t }
	for (i = 1; i <= n; i++) {
		text = ""
		for (j = 1; j <= count; j++) {
			if (!(name[j] in total) || total[name[j]] == 0) continue
			share = covered[ids[i], name[j]] / total[name[j]]
			if (share >= 0.0005) text = text (text == "" ? "" : ", ") name[j] sprintf(": %.3f", share > 1 ? 1 : share)
		}
		if (text != "") printf "  - of: %s\n    importer: USA\n    exporter: %s\n    shares: {%s}\n    source: US imports for consumption 2024 by line (Census Bureau) and the lists as they stood; data/world/coverage.sh\n", ids[i], exporter, text
	}
}'
