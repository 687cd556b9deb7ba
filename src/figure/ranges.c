/* figure: a value with its interval, by row and series, in panels beside each other. */
#include "svg.h"

static const double LINE = 14, ROW_PAD = 7;

static double at(const double *values, const truce_figure_ranges *data, size_t panel, size_t row, size_t series)
{
	return values ? values[(panel * data->rows + row) * data->series + series] : NAN;
}

static void bounds(const truce_figure_ranges *data, size_t panel, double *low, double *high)
{
	for (size_t r = 0; r < data->rows; r++)
		for (size_t s = 0; s < data->series; s++) {
			double value = at(data->value, data, panel, r, s);
			if (!figure_known(value))
				continue;
			figure_extend(low, high, value);
			figure_extend(low, high, at(data->low, data, panel, r, s));
			figure_extend(low, high, at(data->high, data, panel, r, s));
		}
}

static void draw_value(struct figure_svg *svg, const truce_figure_ranges *data, const struct figure_scale *scale,
	size_t p, size_t r, size_t s, double y)
{
	int colour = figure_colour_index(data->series_colour ? data->series_colour[s] : -1, s);
	double value = at(data->value, data, p, r, s), a = at(data->low, data, p, r, s), b = at(data->high, data, p, r, s);
	char line[8], n1[48], n2[48], n3[48];

	if (!figure_known(value)) {
		figure_mark(svg, scale->from + 7, y, 3, 5, (int)s, true);
		figure_text(svg, scale->from + 15, y + 3.5, "s m i k", "not known");
		return;
	}
	bool range = figure_known(a) && figure_known(b);
	const char *name = data->series_name && data->series_name[s] ? data->series_name[s] : "";
	const char *tip = range ? figure_words(svg, "%s, %s: %s (%s to %s)", data->row[r], name,
			figure_number(n1, value, -1), figure_number(n2, a, -1), figure_number(n3, b, -1))
		: figure_words(svg, "%s, %s: %s", data->row[r], name, figure_number(n1, value, -1));
	figure_tip(svg, tip);
	snprintf(line, sizeof line, "l%d", colour);
	if (range) {
		double x0 = figure_x(scale, a), x1 = figure_x(scale, b);
		figure_add(svg, "<path d=\"M%f %fH%fM%f %fV%fM%f %fV%f\" class=\"%s z\" stroke-width=\"1.8\"/>\n", x0, y, x1, x0, y - 3, y + 3,
			x1, y - 3, y + 3, line);
	}
	figure_mark(svg, figure_x(scale, value), y, 3.9, colour, (int)s, false);
	figure_close_tip(svg);
}

int truce_figure_draw_ranges(truce_context *ctx, truce_text *out, const truce_figure_frame *frame,
	const truce_figure_ranges *data)
{
	struct figure_svg svg;
	size_t marks = data->panels && data->rows && data->series ? data->panels * data->rows * data->series : 0;
	double names = 0, all_low = INFINITY, all_high = -INFINITY;
	int code = figure_set_up(&svg, ctx, out, frame, marks);

	if (code != TRUCE_OK)
		return figure_end(&svg, code);
	for (size_t p = 0; p < data->panels; p++)
		bounds(data, p, &all_low, &all_high);
	if (!(all_low <= all_high))
		return figure_end(&svg, truce_fail(ctx, TRUCE_UNKNOWN, NULL, 0, 0, NULL, "no value of \"%s\" is known", frame->title));
	if (data->panels > 12)
		return figure_end(&svg, truce_fail(ctx, TRUCE_LIMIT, NULL, 0, 0, NULL, "a figure shows at most 12 panels"));
	for (size_t r = 0; r < data->rows; r++)
		names = fmax(names, figure_text_width(data->row[r], FIGURE_SIZE, false));
	names = fmin(names, 0.3 * svg.width) + 14;

	/* Rows are as high as their series or their name asks. */
	struct row { const char *name[3]; size_t names; double height; } *rows = truce_arena_array(svg.arena, data->rows, sizeof *rows);
	struct figure_scale *scales = truce_arena_array(svg.arena, data->panels, sizeof *scales);
	if (!rows || !scales)
		return figure_end(&svg, TRUCE_MEMORY);
	double height = 0;
	for (size_t r = 0; r < data->rows; r++) {
		rows[r].names = figure_wrap(&svg, rows[r].name, 3, data->row[r], names - 12, FIGURE_SIZE, false);
		rows[r].height = fmax(LINE * (double)data->series, 14 * (double)rows[r].names) + 2 * ROW_PAD;
		height += rows[r].height;
	}
	double gap = 34, width = (svg.right - svg.left - names - gap * (double)(data->panels - 1)) / (double)data->panels;
	double axis = 0;
	for (size_t p = 0; p < data->panels; p++) {
		double low = all_low, high = all_high;
		if (data->own_scales) {
			low = INFINITY;
			high = -INFINITY;
			bounds(data, p, &low, &high);
		}
		figure_extend(&low, &high, 0);
		/* Room at the ends for a sign, so that none is cut. */
		double room = (high - low) * 0.05;
		figure_scale_set(&scales[p], low - room, high + room, width, 46, false, false);
		scales[p].from = svg.left + names + (width + gap) * (double)p;
		scales[p].to = scales[p].from + width;
		axis = fmax(axis, figure_x_axis_height(&scales[p], NULL));
	}
	bool named = data->panel != NULL;
	double legend = data->series > 1 ? figure_legend_height(&svg, data->series_name, data->series) : 0;
	double title = data->axis && *data->axis ? 17 : 0;
	figure_begin(&svg, legend + (named ? 20 : 0) + height + axis + title, "ranges", figure_words(&svg,
		"%zu rows by %zu series in %zu panels, each a value with its interval.", data->rows, data->series, data->panels));
	if (legend > 0)
		figure_legend(&svg, svg.top, data->series_name, data->series_colour, data->series, FIGURE_KEY_MARK);
	double top = svg.top + legend + (named ? 20 : 0), bottom = top + height, y = top;
	for (size_t p = 0; p < data->panels; p++) {
		if (named)
			figure_text(&svg, scales[p].from, top - 7, "b", figure_cut(&svg, data->panel[p], width, FIGURE_SIZE, true));
		figure_x_axis(&svg, &scales[p], top, bottom, NULL);
		figure_line(&svg, scales[p].from, bottom, scales[p].to, bottom, "g", 1);
	}
	figure_line(&svg, svg.left, top, svg.right, top, "g", 1);
	for (size_t r = 0; r < data->rows; r++) {
		if (r)
			figure_line(&svg, svg.left, y, svg.right, y, "g", 1);
		double middle = y + rows[r].height / 2;
		for (size_t i = 0; i < rows[r].names; i++)
			figure_text(&svg, svg.left, middle + 4 + 14 * ((double)i - (double)(rows[r].names - 1) / 2), "", rows[r].name[i]);
		for (size_t p = 0; p < data->panels; p++)
			for (size_t s = 0; s < data->series; s++)
				draw_value(&svg, data, &scales[p], p, r, s,
					middle + LINE * ((double)s - (double)(data->series - 1) / 2));
		y += rows[r].height;
	}
	if (title > 0)
		figure_text(&svg, scales[0].from, bottom + axis + title - 5, "n m",
			figure_cut(&svg, data->axis, svg.right - scales[0].from, FIGURE_SMALL, false));
	return figure_end(&svg, TRUCE_OK);
}
