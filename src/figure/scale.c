/* figure: scales and axes, of numbers and of dates. */
#include "svg.h"

void figure_extend(double *low, double *high, double value)
{
	if (!figure_known(value))
		return;
	if (value < *low)
		*low = value;
	if (value > *high)
		*high = value;
}

static void number_ticks(struct figure_scale *scale, double length, double spacing, bool round)
{
	double span = scale->high - scale->low;
	double target = floor(length / spacing);

	if (!(target >= 1))
		target = 1;
	if (!(span > 0) || span < 1e-9 * fmax(fabs(scale->low), fabs(scale->high)) || span < 1e-90) {
		/* One value: make room around it, so that it stands in the middle. */
		double room = scale->low == 0 ? 1 : fabs(scale->low) * 0.1 + 1e-80;
		scale->low -= room;
		scale->high += room;
		span = scale->high - scale->low;
	}
	/* A step of 1, 2 or 5; a finer one where fewer than three ticks would stand. */
	static const double steps[] = {1, 2, 5};
	int power = (int)floor(log10(span / target)), m = 0;
	while (m < 3 && steps[m] * pow(10, power) < span / target * (1 - 1e-9))
		m++;
	int rank = 3 * power + m;
	double step, first, last;
	for (int finer = 0; finer < 3; finer++, rank--) {
		int tens = rank >= 0 ? rank / 3 : -((2 - rank) / 3);
		step = steps[rank - 3 * tens] * pow(10, tens);
		first = round ? floor(scale->low / step + 1e-9) : ceil(scale->low / step - 1e-9);
		last = round ? ceil(scale->high / step - 1e-9) : floor(scale->high / step + 1e-9);
		if (last - first >= 2)
			break;
	}
	if (round) {
		scale->low = first * step;
		scale->high = last * step;
	}
	double d = -floor(log10(step) + 1e-9);
	scale->decimals = d < 0 ? 0 : d > 6 ? 6 : (int)d;
	scale->ticks = 0;
	for (double k = first; k <= last && scale->ticks < FIGURE_TICKS_MAX; k++) {
		char text[48];
		scale->tick[scale->ticks] = k * step;
		figure_number(text, k == 0 ? 0 : k * step, k == 0 ? 0 : scale->decimals);
		snprintf(scale->label[scale->ticks], sizeof scale->label[0], "%.23s", text);
		scale->second[scale->ticks++][0] = 0;
	}
}

static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

static void date_ticks(struct figure_scale *scale, double length, double spacing)
{
	/* Days between ticks; from 28 on they are counted in months. */
	static const struct { int days, months; } steps[] = {{1, 0}, {2, 0}, {7, 0}, {14, 0}, {30, 1}, {61, 2}, {91, 3}, {182, 6},
		{365, 12}, {730, 24}, {1826, 60}, {3652, 120}, {9131, 300}, {18262, 600}, {36524, 1200}};
	const size_t n = sizeof steps / sizeof steps[0];
	const double first_day = -719162, last_day = 2932896; /* years 1 to 9999 */

	scale->low = fmin(fmax(floor(scale->low), first_day), last_day);
	scale->high = fmin(fmax(ceil(scale->high), first_day), last_day);
	if (scale->high < scale->low + 1)
		scale->high = scale->low + 1;
	double span = scale->high - scale->low, target = fmax(1, fmin(length / spacing, FIGURE_TICKS_MAX - 2));
	size_t s = 0;
	while (s + 1 < n && span / steps[s].days > target)
		s++;
	int step_days = steps[s].days, step_months = steps[s].months;
	while (span / step_days > FIGURE_TICKS_MAX - 2) { /* ten thousand years on a stamp */
		step_days *= 2;
		step_months *= 2;
	}
	int year, month, day, said = 0;
	truce_date at = (truce_date)scale->low;
	truce_date_split(at, &year, &month, &day);
	if (step_months) {
		int index = year * 12 + month - 1;
		index = (index + step_months - 1) / step_months * step_months;
		if (index == year * 12 + month - 1 && day > 1)
			index += step_months;
		year = index / 12;
		month = index % 12 + 1;
		at = truce_date_of(year, month, 1);
	} else if (step_days >= 7) {
		at += (7 - truce_date_weekday(at)) % 7;
	}
	scale->ticks = 0;
	while (at <= scale->high && scale->ticks < FIGURE_TICKS_MAX) {
		char *label = scale->label[scale->ticks], *second = scale->second[scale->ticks];
		truce_date_split(at, &year, &month, &day);
		if (step_months >= 12)
			snprintf(label, sizeof scale->label[0], "%d", year);
		else if (step_months)
			snprintf(label, sizeof scale->label[0], "%s", months[month - 1]);
		else
			snprintf(label, sizeof scale->label[0], "%d %s", day, months[month - 1]);
		second[0] = 0;
		if (step_months < 12 && year != said)
			snprintf(second, sizeof scale->second[0], "%d", year % 100000);
		said = year;
		scale->tick[scale->ticks++] = at;
		if (step_months) {
			int index = year * 12 + month - 1 + step_months;
			if (index / 12 > 9999)
				break;
			at = truce_date_of(index / 12, index % 12 + 1, 1);
		} else {
			at += step_days;
		}
	}
}

void figure_scale_set(struct figure_scale *scale, double low, double high, double length, double spacing, bool round,
	bool dates)
{
	if (!(low <= high) || !figure_known(low) || !figure_known(high)) { /* nothing known */
		low = 0;
		high = 1;
	}
	scale->low = low;
	scale->high = high;
	scale->dates = dates;
	scale->decimals = 0;
	if (dates)
		date_ticks(scale, length, spacing);
	else
		number_ticks(scale, length, spacing, round);
}

double figure_x(const struct figure_scale *scale, double value)
{
	double t = (value - scale->low) / (scale->high - scale->low);
	if (!(t > 0))
		t = 0;
	if (t > 1)
		t = 1;
	return scale->from + t * (scale->to - scale->from);
}

static bool has_second(const struct figure_scale *scale)
{
	for (size_t i = 0; i < scale->ticks; i++)
		if (scale->second[i][0])
			return true;
	return false;
}

double figure_x_axis_height(const struct figure_scale *scale, const char *title)
{
	return 19 + (has_second(scale) ? 13 : 0) + (title && *title ? 17 : 0);
}

void figure_x_axis(struct figure_svg *svg, const struct figure_scale *scale, double top, double bottom,
	const char *title)
{
	/* Where labels would touch, every second or third is printed, 0 among them. */
	double widest = 0, apart = scale->ticks > 1 ? figure_x(scale, scale->tick[1]) - figure_x(scale, scale->tick[0]) : 1e9;
	size_t origin = 0, every = 1;
	for (size_t i = 0; i < scale->ticks; i++) {
		widest = fmax(widest, figure_text_width(scale->label[i], FIGURE_SMALL, false));
		if (fabs(scale->tick[i]) < 1e-12 * (scale->high - scale->low))
			origin = i;
	}
	while ((double)every * apart < widest + 7 && every < scale->ticks)
		every++;
	for (size_t i = 0; i < scale->ticks; i++) {
		double x = figure_x(scale, scale->tick[i]);
		bool zero = !scale->dates && fabs(scale->tick[i]) < 1e-12 * (scale->high - scale->low);
		figure_line(svg, x, top, x, bottom, zero ? "a" : "g", zero ? 1.1 : 1);
		if ((i > origin ? i - origin : origin - i) % every != 0)
			continue;
		/* The outermost labels lean inwards rather than leave the picture. */
		double half = figure_text_width(scale->label[i], FIGURE_SMALL, false) / 2;
		const char *anchor = x + half > svg->right ? "n m e" : x - half < svg->left ? "n m" : "n m x";
		figure_text(svg, x, bottom + 14, anchor, scale->label[i]);
		if (scale->second[i][0])
			figure_text(svg, x, bottom + 27, x + 13 > svg->right ? "n m b e" : "n m b x", scale->second[i]);
	}
	if (title && *title) {
		double y = bottom + figure_x_axis_height(scale, title) - 5;
		figure_text(svg, scale->from, y, "n m", figure_cut(svg, title, svg->right - scale->from, FIGURE_SMALL, false));
	}
}
