#!/bin/sh
# Makes the world of 2023/24: 14 regions, 27 sectors and four goods split out of them.  docs/world.md says what each
# step rests on, and how far off its estimates are.
#
#     make.sh SHARED OUT.world [TRUCE] [KEEP]
#
# SHARED is the folder of real inputs (its data/ holds models, imports and lists); KEEP, a folder, keeps the steps.  With
# HOLDOUT=1 in the environment the US figures by sector are left out of the fit, as docs/world.md does to test it.
set -eu
export LC_ALL=C
data=$1/data out=$2 truce=${3:-truce}
here=$(cd "$(dirname "$0")" && pwd)
tmp=${4:-}
if [ -z "$tmp" ]; then tmp=$(mktemp -d); trap 'rm -rf "$tmp"' EXIT; fi
mkdir -p "$tmp"
models=$data/models
world() { "$truce" world "$@"; }
# A quoted last column is the only one with commas in it.
column() { awk -F, -v from="$3" -v to="$4" 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
	{ n = split($at[from], all, " "); for (k = 1; k <= n; k++) print all[k] "," $at[to] }' "$here/$1.csv" > "$tmp/$2"; }

# ---- 1. flows of 2017: 7 regions x 27 sectors (the steps of the first world, without its rounding) ----
mkdir -p "$tmp/2017"
"$here/../us-china-2017/make.sh" "$models/us-china-7x44-2017" "$tmp/2017.world" "$truce"

# ---- 2. regions split by the table of 2011, Southeast Asia by the trade of 2023 ----
world import --format wiod "$models/wiod-41x35/wiot_2011.csv.gz" -o "$tmp/wiod.world"
{ echo from,to; column regions wiod.map wiod id; cat "$tmp/wiod.map"; } > "$tmp/wiod-regions.csv"
awk -F, -v OFS=, 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; print "from,to"; next }
	{ n = split($at["wiod"], c, " "); key = $at["wiod"]; if (!(key in name)) name[key] = "P" ++names
	  for (k = 1; k <= n; k++) if (!seen[c[k]]++) print c[k], name[key] }' "$here/sectors.csv" > "$tmp/wiod-sectors.csv"
world aggregate "$tmp/wiod.world" --regions "$tmp/wiod-regions.csv" --sectors "$tmp/wiod-sectors.csv" -o "$tmp/pattern.world"
awk -F, -v OFS=, 'FNR == 1 && NR == 1 { next } FNR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; print "from,to"; next }
	NR == FNR { group[$1] = $2; next } { split($at["wiod"], c, " "); print $1, group[c[1]] }' \
	"$tmp/wiod-sectors.csv" "$here/sectors.csv" > "$tmp/follow.csv"
awk -F, -v OFS=, 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; print "from,to"; next }
	$at["wiod"] != "" { print $1, $at["coarse"] }' "$here/regions.csv" > "$tmp/coarse.csv"
world split "$tmp/2017.world" --pattern "$tmp/pattern.world" --regions "$tmp/coarse.csv" --sectors "$tmp/follow.csv" \
	-o "$tmp/13.world"

# Goods trade of 2023 between the 14 regions, US$ (Taiwan is not in it); and product by region.
awk -F, -v OFS=, -v base="$tmp" '
	FILENAME ~ /regions.csv$/ { if (FNR > 1) { if ($3 != "") own[$1] = 1; order[++regions] = $1 } next }
	FILENAME ~ /countries.csv$/ { group[$1] = $2; next }
	FILENAME ~ /labels.csv$/ { if (FNR > 1) iso[++countries] = $1; next }
	function region(c) { return c in group ? group[c] : c in own ? c : "ROW" }
	FILENAME ~ /gdp.csv$/ { if (FNR > 1) gdp[region(iso[++g])] += $1; next }
	FNR > 1 { r++; for (k = 1; k <= NF; k++) trade[region(iso[r]), region(iso[k])] += 1000 * $k }
	END { print "exporter,importer,value" > (base "/baci.csv"); print "region,gdp" > (base "/gdp.csv")
		for (a = 1; a <= regions; a++) { print order[a], sprintf("%.17g", gdp[order[a]]) > (base "/gdp.csv")
			for (b = 1; b <= regions; b++) print order[a], order[b], sprintf("%.17g", trade[order[a], order[b]]) > (base "/baci.csv") } }' \
	"$here/regions.csv" "$here/countries.csv" "$models/baci-194x1-2023/country_labels.csv" "$models/baci-194x1-2023/gdp.csv" \
	"$models/baci-194x1-2023/trade_cepii.csv"
# As a pattern of one sector: home sales are twice product, less exports; Taiwan buys and sells in Southeast Asia as Korea does.
mkdir -p "$tmp/baci"
awk -F, -v OFS=, -v base="$tmp/baci" 'FNR == 1 { next } NR == FNR { gdp[$1] = $2; order[++n] = $1; next }
	{ trade[$1, $2] = $3 }
	END { gdp["TWN"] = gdp["KOR"]
		print "sector,exporter,importer,value,tariff" > (base "/flows.csv")
		print "region,sector,share" > (base "/value_added.csv")
		print "region,input_sector,using_sector,share" > (base "/inputs.csv")
		print "sector,theta\nall,4" > (base "/elasticity.csv")
		for (a = 1; a <= n; a++) { x = order[a]; sent = 0
			for (b = 1; b <= n; b++) { m = order[b]; if (x == m) continue
				p = x == "TWN" ? "KOR" : x; q = m == "TWN" ? "KOR" : m
				v = p == q ? 0 : trade[p, q]; sent += v
				print "all", x, m, sprintf("%.17g", v), 0 > (base "/flows.csv") }
			home = 2 * gdp[x] - sent; if (home < gdp[x]) home = gdp[x]
			print "all", x, x, sprintf("%.17g", home), 0 > (base "/flows.csv")
			print x, "all", 0.5 > (base "/value_added.csv"); print x, "all", "all", 0.5 > (base "/inputs.csv") } }' \
	"$tmp/gdp.csv" "$tmp/baci.csv"
world import --format csv "$tmp/baci" -o "$tmp/baci.world"
awk -F, -v OFS=, 'NR == 1 { print "from,to"; next } { print $1, $3 == "" ? "ROW" : $1 }' "$here/regions.csv" > "$tmp/sea.csv"
awk -F, -v OFS=, 'NR == 1 { print "from,to"; next } { print $1, "all" }' "$here/sectors.csv" > "$tmp/all.csv"
world split "$tmp/13.world" --pattern "$tmp/baci.world" --regions "$tmp/sea.csv" --sectors "$tmp/all.csv" -o "$tmp/14.world"

# ---- 3. technology of 2020: 77 x 45, weighted by output as it would be without trade, with the product of 2020 ----
mkdir -p "$tmp/icio"
for f in shares input_shares deficit theta; do gzip -dc "$models/icio-77x45-2020-shares/$f.csv.gz" > "$tmp/icio/$f.txt"; done
awk -F, -v OFS=, -v base="$tmp/icio" '
	FILENAME ~ /labels.csv$/ { if (FNR > 1) iso[++countries] = $1; next }
	FILENAME ~ /gdp.csv$/ { if (FNR > 1) { gdp[iso[++g]] = $1; world += $1 } next }
	FNR == 1 { next }
	FILENAME ~ /theta.txt$/ { sector[++sectors] = $1; print $1, $2 > (base "/elasticity.rows"); next }
	FILENAME ~ /deficit.txt$/ { region[++regions] = $1; next }
	FILENAME ~ /\/shares.txt$/ { added[$2, $1] = $3; final[$2, $1] = $4; next }
	{ a[$2, $1, $3] = $4; inputs[$2, $3] += $4 }
	END {
		gdp["TWN"] = 756e9; for (r = 1; r <= regions; r++) if (region[r] != "ROW") rest += gdp[region[r]]
		gdp["ROW"] = world + gdp["TWN"] - rest
		print "sector,exporter,importer,value,tariff" > (base "/flows.csv"); print "region,sector,share" > (base "/value_added.csv")
		print "region,sector,share" > (base "/final.csv"); print "region,input_sector,using_sector,share" > (base "/inputs.csv")
		for (r = 1; r <= regions; r++) { c = region[r]
			for (j = 1; j <= sectors; j++) y[j] = final[c, sector[j]] * gdp[c]
			for (t = 1; t <= 60; t++) { for (j = 1; j <= sectors; j++) { s = final[c, sector[j]] * gdp[c]
					for (k = 1; k <= sectors; k++) s += a[c, sector[j], sector[k]] * y[k]; z[j] = s }
				for (j = 1; j <= sectors; j++) y[j] = z[j] }
			for (j = 1; j <= sectors; j++) { s = sector[j]
				# An industry that is not there makes nothing; one without value added (Italian refining of 2020) is given a little.
				if (inputs[c, s] + added[c, s] < 0.5) { y[j] = 0; added[c, s] = 0 }
				fit[s] = 1; if (added[c, s] < 0.005 && y[j] > 0) { fit[s] = 0.995 / inputs[c, s]; added[c, s] = 0.005 }
				if (y[j] > 0) print s, c, c, sprintf("%.17g", y[j]), 0 > (base "/flows.csv")
				print c, s, added[c, s] > (base "/value_added.csv"); print c, s, final[c, s] > (base "/final.csv")
			}
			for (j = 1; j <= sectors; j++) for (k = 1; k <= sectors; k++) if (a[c, sector[j], sector[k]] > 0 && y[k] > 0)
				print c, sector[j], sector[k], sprintf("%.9g", a[c, sector[j], sector[k]] * fit[sector[k]]) > (base "/inputs.csv") } }' \
	"$models/baci-194x1-2023/country_labels.csv" "$models/baci-194x1-2023/gdp.csv" "$tmp/icio/theta.txt" "$tmp/icio/deficit.txt" \
	"$tmp/icio/shares.txt" "$tmp/icio/input_shares.txt"
{ echo sector,theta; cat "$tmp/icio/elasticity.rows"; } > "$tmp/icio/elasticity.csv"
world import --format csv "$tmp/icio" -o "$tmp/icio.world"
awk -F, -v OFS=, 'FILENAME ~ /regions.csv$/ { if (FNR > 1) { own[$1] = 1; order[++n] = $1 } next }
	FILENAME ~ /countries.csv$/ { group[$1] = $2; next } FNR == 1 { next }
	{ r = $1 in group ? group[$1] : $1 in own ? $1 : "ROW"; all[r] = all[r] " " $1 }
	END { print "from,to"; for (i = 1; i <= n; i++) { m = split(all[order[i]], c, " "); for (k = 1; k <= m; k++) print c[k], order[i] } }' \
	"$here/regions.csv" "$here/countries.csv" "$tmp/icio/deficit.txt" > "$tmp/icio-regions.csv"
{ echo from,to; column sectors icio.map icio id; cat "$tmp/icio.map"; } > "$tmp/icio-sectors.csv"
world aggregate "$tmp/icio.world" --regions "$tmp/icio-regions.csv" --sectors "$tmp/icio-sectors.csv" -o "$tmp/technology.world"

# ---- 4. the totals of 2023/24 ----
column sectors gtap.map gtap id
column regions census.map census id
gzip -dc "$data/imports/us_imports_2024_hs10.csv.gz" > "$tmp/us.csv"
# US imports 2024 by sector and partner, and the duty on them.  4359 is counted in 0003; NA is no sector.
awk -F, -v OFS=, 'FILENAME ~ /gtap.map$/ { sector[$1] = $2; next } FILENAME ~ /census.map$/ { partner[$1] = $2; next }
	FILENAME ~ /crosswalk/ { code[$1] = sector[toupper($3)]; next } FNR == 1 || $2 == "4359" { next }
	{ s = code[$1]; p = $2 in partner ? partner[$2] : "ROW"; all += $3; if (s == "") { lost += $3; next } value[s, p] += $3; duty[s, p] += $4 }
	END { print "sector,partner,value,duty"; for (k in value) { split(k, f, SUBSEP); print f[1], f[2], sprintf("%.0f", value[k]), sprintf("%.0f", duty[k]) | "sort" }
		close("sort"); printf "US imports %.1f bn, of no sector %.1f bn\n", all / 1e9, lost / 1e9 > "/dev/stderr" }' \
	"$tmp/gtap.map" "$tmp/census.map" "$data/lists/hs10_gtap_crosswalk.csv" "$tmp/us.csv" > "$tmp/us-imports.csv"
awk -F, -v OFS=, -v holdout="${HOLDOUT:-}" '
	FILENAME ~ /sectors.csv$/ { if (FNR > 1 && $2) { goods = goods (goods ? "+" : "") $1; good[$1] = 1 }
		if (FNR > 1 && !$2) services = services (services ? "+" : "") $1; next }
	FILENAME ~ /countries.csv$/ { group[$1] = $2; next }
	FILENAME ~ /judgements.csv$/ { if (FNR == 1 || $1 == "product" || $1 == "duty") next; said[$1, $3, $4] = 1
		sector = $1 == "total" ? goods : $1 == "services" ? services : $2; if (sector != $2) $1 = "flow"
		print $1, sector, $3, $4, sprintf("%.17g", $5); next }
	FILENAME ~ /\/gdp.csv$/ { if (FNR > 1 && $1 != "TWN") { print "gdp", "", "", $1, $2; region[$1] = 1 } next }
	FILENAME ~ /baci.csv$/ { if (FNR > 1 && $1 != $2 && $1 != "TWN" && $2 != "TWN") { pair[$1, $2] = $3
			if ($2 != "USA") print "flow", goods, $1, $2, $3 } next }
	FILENAME ~ /deficit.txt$/ { if (FNR > 1) { r = $1 in group ? group[$1] : $1; deficit[r] += $2 * 1e6 } next }
	FILENAME ~ /us-imports.csv$/ { if (FNR == 1 || !good[$1]) next; from[$2] += $3
		if (!holdout) print "flow", $1, $2, "USA", $3; print "tariff", $1, $2, "USA", sprintf("%.6f", $3 > 0 ? $4 / $3 : 0); next }
	END { if (holdout) for (p in from) print "flow", goods, p, "USA", from[p] | "sort"; close("sort")
		for (r in deficit) if ((r in region || r == "TWN") && r != "ROW" && !(("deficit", "", r) in said))
			print "deficit", "", "", r, sprintf("%.17g", deficit[r]) | "sort" }' \
	"$here/sectors.csv" "$here/countries.csv" "$here/judgements.csv" "$tmp/gdp.csv" "$tmp/baci.csv" "$tmp/icio/deficit.txt" \
	"$tmp/us-imports.csv" > "$tmp/targets.rows"
# China's duties of 2018-2019 on US goods stand in 2024 on top of the normal ones; buyers of farm goods and food are excused.
awk -F, -v OFS=, 'FILENAME ~ /us-china-2017\/sectors.csv$/ { if (FNR > 1) sector[$1] = $2; next } FNR == 1 { next }
	{ s = sector[$1]; if (s == "AGR" || s == "FOO") next; sum[s] += $2; n[s]++ }
	END { for (s in sum) print s, sum[s] / n[s] | "sort" }' \
	"$here/../us-china-2017/sectors.csv" "$models/us-china-7x44-2017/tariff_China.csv" > "$tmp/retaliation.csv"
world show "$tmp/14.world" --csv > "$tmp/14.csv"
awk -F, -v OFS=, 'NR == FNR { more[$1] = $2; next } $2 == "USA" && $3 == "CHN" && $1 in more { print "tariff", $1, $2, $3, $5 + more[$1] }' \
	"$tmp/retaliation.csv" "$tmp/14.csv" > "$tmp/china.rows"
{ echo kind,sector,exporter,importer,value; cat "$tmp/targets.rows" "$tmp/china.rows"; } > "$tmp/targets.csv"
world update "$tmp/14.world" --technology "$tmp/technology.world" --targets "$tmp/targets.csv" -o "$tmp/2024.world"

# ---- 5. elasticities and names; four goods out of their sectors ----
[ -z "${HOLDOUT:-}" ] || { cp "$tmp/2024.world" "$out"; exit 0; }
awk -F, 'NR == 1 { print "sector,theta,se"; next } { print $1 "," $6 "," $7 }' "$here/sectors.csv" > "$tmp/elasticity.csv"
sed 's/^\([A-Z]*\),.*,\("[^"]*"\|[^,"]*\)$/\1,\1,\2/; 1s/.*/from,to,name/' "$here/sectors.csv" > "$tmp/names.csv"
sed 's/^\([A-Z]*\),.*,\("[^"]*"\|[^,"]*\)$/\1,\1,\2/; 1s/.*/from,to,name/' "$here/regions.csv" > "$tmp/region-names.csv"
awk -F, -v OFS=, 'NR == 1 { print "region,member,whole"; next } { n = split($5, m, " ")
	for (k = 1; k <= n; k++) print $1, m[k], (n == 1 && m[k] != "*") || m[k] == "EU" ? 1 : 0 }' "$here/regions.csv" > "$tmp/members.csv"
world aggregate "$tmp/2024.world" --regions "$tmp/region-names.csv" --sectors "$tmp/names.csv" --elasticity "$tmp/elasticity.csv" \
	--members "$tmp/members.csv" -o "$tmp/step.world"
# US imports by product and partner, with the duty on them; then what is known of others.
tail -n +2 "$here/products.csv" > "$tmp/products.txt"
while IFS=, read -r id sector hs theta se part users name; do
	{ echo exporter,importer,value,tariff,estimated
	  awk -F, -v OFS=, -v hs="$hs" 'FILENAME ~ /census.map$/ { partner[$1] = $2; next } FNR == 1 || $2 == "4359" || $1 !~ hs { next }
		{ p = $2 in partner ? partner[$2] : "ROW"; value[p] += $3; duty[p] += $4 }
		END { for (p in value) print p, "USA", value[p], sprintf("%.6f", value[p] > 0 ? duty[p] / value[p] : 0), 0 | "sort" }' \
		"$tmp/census.map" "$tmp/us.csv"
	  awk -F, -v OFS=, -v id="$id" '$1 == "product" && $2 == id { print $3, $4, sprintf("%.17g", $5), "", $6 != "checked" }
		$1 == "duty" && $2 == id { print $3, $4, "", $5, 0 }' "$here/judgements.csv"
	} > "$tmp/$id.csv"
	{ echo sector,weight; for u in $users; do echo "$u" | tr = ,; done; } > "$tmp/$id-users.csv"
	set -- --theta "$theta" --theta-se "$se"
	[ -z "$users" ] || set -- "$@" --users "$tmp/$id-users.csv"
	[ -z "$part" ] || set -- "$@" --intermediate "$part"
	world split "$tmp/step.world" --sector "$sector" --into "$id" --title "$(echo "$name" | tr -d '"')" --flows "$tmp/$id.csv" \
		"$@" -o "$tmp/next.world"
	mv "$tmp/next.world" "$tmp/step.world"
done < "$tmp/products.txt"

# ---- 6. rounded: flows to 100,000 US$, tariffs and input shares to 1e-6 ----
world balance "$tmp/step.world" --round 1e5 --step 1e-6 --name us-china-2024 --year 2023/24 \
	--note "Flows of 2023, of US imports by sector, and US duties, of 2024; technology of 2020 (OECD); other tariffs of 2017, \
China's on US goods with those of 2018-2019; 14 regions, 27 sectors and soybeans (SOY), metal magnets (MAG), semiconductors \
(SEM) and aircraft with engines and parts (AIR). Known: product of each region, goods trade between them (without Taiwan), US \
imports by sector and partner, some flows of the four goods. Sector flows between other partners are estimates, marked so; \
docs/world.md gives their errors. Trade in services is what balances remain and is larger than statistics say." -o "$out"
