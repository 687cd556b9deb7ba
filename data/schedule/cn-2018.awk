# China's duties on goods of the United States by subheading (time_of_tariff,hs6,tariff; the whole duty in per cent) taken apart:
# what rose on the day of a list is that list; what fell in chapter 87 on 2 January 2019 is the suspension for cars; the rest is the
# normal duty.  Writes into DIR cn-schedule.csv (for truce schedule import --format csv), cn-2018-lists.csv (its lists, by
# data/schedule/cn-lists.yaml: the points as a share of the list's full rate) and equal-weights.csv (one dollar a subheading).
#   sort -t, -k2,2 -k1,1 china_tariffs_on_us_hs6_2018_2019.csv | awk -v dir=DIR -f data/schedule/cn-2018.awk
BEGIN {
	FS = ","
	lists = dir "/cn-2018-lists.csv"; schedule = dir "/cn-schedule.csv"; weights = dir "/equal-weights.csv"
	print "code,description,unit,rate_pct,from,until" > schedule
	print "list,hs6,share,from,through" > lists
	print "code,country,imports_usd" > weights
}
function spell(until) { printf "%s,subheading %s,,%.4f,%s,%s\n", code, code, normal, since, until > schedule }
function row(list, points, rate, from, through) {
	if (points > 0.05) printf "%s,%s,%.4f,%s,%s\n", list, code, points / rate, from, through > lists
}
function least(a, b) { return a < b ? a : b }
function flush_code() {
	if (code == "") return
	spell("")
	row(reply > 15.5 ? "reply-25" : "reply-15", reply, reply > 15.5 ? 25 : 15, "2018-04-02", "")
	row("list-1", first, 25, "2018-07-06", cars ? "2018-12-31" : "")
	if (cars) row("list-1", first - cars, 25, "2019-01-01", "")
	row("list-2", second, 25, "2018-08-23", cars2 ? "2018-12-31" : "")
	if (cars2) row("list-2", second - cars2, 25, "2019-01-01", "")
	row("list-3", third, 10, "2018-09-24", cars3 ? "2018-12-31" : "2019-05-31")
	if (cars3) row("list-3", third - cars3, 10, "2019-01-01", "2019-05-31")
	row("list-3", third - cars3 + more, 25, "2019-06-01", "")
}
$1 == "time_of_tariff" || $3 == "" { next }
$2 != code {
	flush_code()
	code = $2; normal = last = $3; since = $1; reply = first = second = third = more = cars = cars2 = cars3 = 0
	print code ",1000,1" > weights
	next
}
{
	step = $3 - last; last = $3
	if (step > -0.005 && step < 0.005) next
	if (step > 0.05 && $1 == "2018-04-02") reply = step
	else if (step > 0.05 && $1 == "2018-07-06") first = step
	else if (step > 0.05 && $1 == "2018-08-23") second = step
	else if (step > 0.05 && $1 == "2018-09-24") third = step
	else if (step > 0.05 && $1 == "2019-06-01") more = step
	else if (step < 0 && $1 == "2019-01-02" && substr(code, 1, 2) == "87" && first + second + third > 0) {
		cars = least(-step, first); cars2 = least(-step - cars, second); cars3 = least(-step - cars - cars2, third)
	}
	else { spell($1); normal += step; since = $1 }
}
END { flush_code() }
