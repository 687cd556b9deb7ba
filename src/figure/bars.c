/* figure: lying bars, beside each other or stacked, with their numbers. */
#include "svg.h"

static const double BAR = 13, STACK = 19;

static double at(const truce_figure_bars *data, size_t row, size_t series)
{
	return data->value[row * data->series + series];
}

/* The parts of a stacked row on either side of 0; false where one is not known. */
static bool sums(const truce_figure_bars *data, size_t row, double *minus, double *plus)
{
	bool known = true;
	*minus = *plus = 0;
	for (size_t s = 0; s < data->series; s++) {
		double v = at(data, row, s);
		if (!figure_known(v))
			known = false;
		else if (v < 0)
			*minus += v;
		else
			*plus += v;
	}
	return known;
}

static void draw_stack(struct figure_svg *svg, const truce_figure_bars *data, const struct figure_scale *scale,
	size_t row, double y)
{
	double minus = 0, plus = 0, all_minus, all_plus;
	char n[48], fill[8];
	bool known = sums(data, row, &all_minus, &all_plus);

	for (size_t s = 0; s < data->series; s++) {
		double v = at(data, row, s);
		if (!figure_known(v) || v == 0)
			continue;
		double from = v < 0 ? minus : plus, to = from + v;
		*(v < 0 ? &minus : &plus) = to;
		double x0 = figure_x(scale, fmin(from, to)), x1 = figure_x(scale, fmax(from, to));
		snprintf(fill, sizeof fill, "c%d", figure_colour_index(data->series_colour ? data->series_colour[s] : -1, s));
		const char *name = data->series_name && data->series_name[s] ? data->series_name[s] : "";
		const char *tip = figure_words(svg, "%s: %s", name, figure_number(n, v, data->decimals));
		figure_tip(svg, tip);
		figure_rect(svg, x0, y - STACK / 2, fmax(x1 - x0 - 1, .5), STACK, fill, 1);
		figure_number(n, v, data->decimals);
		if (figure_text_width(n, FIGURE_SMALL, false) + 8 < x1 - x0)
			figure_text(svg, (x0 + x1 - 1) / 2, y + 4, "n w x", n);
		figure_close_tip(svg);
	}
	if (known)
		figure_text(svg, figure_x(scale, all_plus) + 6, y + 4, "b k", figure_number(n, all_plus + all_minus, data->decimals));
	else
		figure_text(svg, figure_x(scale, all_plus) + 6, y + 4, "n m i k", "part not known");
}

static void draw_bar(struct figure_svg *svg, const truce_figure_bars *data, const struct figure_scale *scale, size_t row,
	size_t s, double y)
{
	double v = at(data, row, s), zero = figure_x(scale, 0);
	char n[48], fill[8];

	if (!figure_known(v)) {
		figure_text(svg, zero + 5, y + 4, "n m i k", "not known");
		return;
	}
	double x = figure_x(scale, v);
	snprintf(fill, sizeof fill, "c%d", figure_colour_index(data->series_colour ? data->series_colour[s] : -1, s));
	figure_rect(svg, fmin(x, zero), y - BAR / 2 + .5, fabs(x - zero), BAR - 1, fill, 1);
	figure_text(svg, v < 0 ? x - 5 : x + 5, y + 4, v < 0 ? "n k e" : "n k", figure_number(n, v, data->decimals));
}

static void bounds(const truce_figure_bars *data, double *low, double *high, bool *any)
{
	*low = *high = 0;
	*any = false;
	for (size_t r = 0; r < data->rows; r++) {
		double minus, plus;
		sums(data, r, &minus, &plus);
		if (data->stacked) {
			figure_extend(low, high, minus);
			figure_extend(low, high, plus);
		}
		for (size_t s = 0; s < data->series; s++)
			if (figure_known(at(data, r, s))) {
				*any = true;
				if (!data->stacked)
					figure_extend(low, high, at(data, r, s));
			}
	}
}

int truce_figure_draw_bars(truce_context *ctx, truce_text *out, const truce_figure_frame *frame,
	const truce_figure_bars *data)
{
	struct figure_svg svg;
	struct figure_scale scale;
	double low, high, names = 0, numbers = 0;
	bool any;
	int code = figure_set_up(&svg, ctx, out, frame, data->series ? data->rows * data->series : 0);

	if (code != TRUCE_OK)
		return figure_end(&svg, code);
	bounds(data, &low, &high, &any);
	if (!any)
		return figure_end(&svg, truce_fail(ctx, TRUCE_UNKNOWN, NULL, 0, 0, NULL, "no value of \"%s\" is known", frame->title));
	for (size_t r = 0; r < data->rows; r++) {
		char n[48];
		names = fmax(names, figure_text_width(data->row[r], FIGURE_SIZE, false));
		for (size_t s = 0; s < data->series; s++)
			numbers = fmax(numbers, figure_text_width(figure_number(n, at(data, r, s), data->decimals), FIGURE_SIZE, true));
		if (data->stacked) {
			double minus, plus;
			sums(data, r, &minus, &plus);
			numbers = fmax(numbers, figure_text_width(figure_number(n, minus + plus, data->decimals), FIGURE_SIZE, true));
		}
	}
	names = fmin(names, 0.34 * svg.width) + 14;
	double row = (data->stacked ? STACK : BAR * (double)data->series) + (data->stacked || data->series > 1 ? 12 : 9);
	double height = row * (double)data->rows + 4;
	double left = svg.left + names + (low < 0 ? numbers + 8 : 0), right = svg.right - (high > 0 ? numbers + 10 : 4);
	figure_scale_set(&scale, low, high, right - left, 70, false, false);
	scale.from = left;
	scale.to = right;
	double legend = data->series > 1 ? figure_legend_height(&svg, data->series_name, data->series) : 0;
	double axis = figure_x_axis_height(&scale, data->axis);
	figure_begin(&svg, legend + height + axis, "bars",
		figure_words(&svg, "%zu bars%s.", data->rows * data->series, data->stacked ? ", stacked by row" : ""));
	if (legend > 0)
		figure_legend(&svg, svg.top, data->series_name, data->series_colour, data->series, FIGURE_KEY_BLOCK);
	double top = svg.top + legend, bottom = top + height;
	figure_x_axis(&svg, &scale, top, bottom, data->axis);
	double zero = figure_x(&scale, 0);
	for (size_t r = 0; r < data->rows; r++) {
		double middle = top + 2 + row * ((double)r + .5);
		figure_text(&svg, svg.left, middle + 4, "", figure_cut(&svg, data->row[r], names - 12, FIGURE_SIZE, false));
		if (data->stacked)
			draw_stack(&svg, data, &scale, r, middle);
		else
			for (size_t s = 0; s < data->series; s++)
				draw_bar(&svg, data, &scale, r, s, middle + BAR * ((double)s - (double)(data->series - 1) / 2));
	}
	figure_line(&svg, zero, top, zero, bottom, "a", 1.1);
	return figure_end(&svg, TRUCE_OK);
}
