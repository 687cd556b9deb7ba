/* figure: curves and steps over numbers or dates, with fans; each line named at its end. */
#include "svg.h"

#include <stdlib.h>

struct plot {
	struct figure_scale x, y;
};

static double y_of(const struct plot *plot, double value)
{
	return figure_x(&plot->y, value);
}

static void bounds(const truce_figure_lines *data, double x[2], double y[2])
{
	x[0] = y[0] = INFINITY;
	x[1] = y[1] = -INFINITY;
	for (size_t s = 0; s < data->series; s++) {
		const truce_figure_series *line = &data->line[s];
		for (size_t i = 0; i < line->count; i++) {
			if (!figure_known(line->x[i]))
				continue;
			figure_extend(&x[0], &x[1], line->x[i]);
			figure_extend(&y[0], &y[1], line->y[i]);
			for (size_t b = 0; b < line->bands; b++) {
				figure_extend(&y[0], &y[1], line->band[b].low[i]);
				figure_extend(&y[0], &y[1], line->band[b].high[i]);
			}
		}
	}
	for (size_t r = 0; r < data->rules; r++)
		if (data->rule[r].upright)
			figure_extend(&x[0], &x[1], data->rule[r].at);
		else
			figure_extend(&y[0], &y[1], data->rule[r].at);
}

/* One unbroken run of a line or of a band's edge, from i to j exclusive, forwards. */
static void run_forwards(struct figure_svg *svg, const struct plot *plot, const truce_figure_series *line, const double *y,
	size_t i, size_t j)
{
	for (size_t k = i; k < j; k++) {
		double px = figure_x(&plot->x, line->x[k]), py = y_of(plot, y[k]);
		if (k == i)
			figure_add(svg, "M%f %f", px, py);
		else if (line->step)
			figure_add(svg, "H%fV%f", px, py);
		else
			figure_add(svg, "L%f %f", px, py);
	}
}

static void run_back(struct figure_svg *svg, const struct plot *plot, const truce_figure_series *line, const double *y,
	size_t i, size_t j)
{
	for (size_t k = j; k-- > i;) {
		double px = figure_x(&plot->x, line->x[k]), py = y_of(plot, y[k]);
		if (line->step && k + 1 < j)
			figure_add(svg, "V%fH%f", py, px);
		else
			figure_add(svg, "L%f %f", px, py);
	}
}

static void draw_bands(struct figure_svg *svg, const struct plot *plot, const truce_figure_series *line, int colour)
{
	for (size_t b = 0; b < line->bands; b++) {
		const truce_figure_band *band = &line->band[b];
		figure_add(svg, "<path class=\"c%d\" fill-opacity=\"0.17\" d=\"", colour);
		for (size_t i = 0; i < line->count;) {
			size_t j = i;
			while (j < line->count && figure_known(line->x[j]) && figure_known(band->low[j]) && figure_known(band->high[j]))
				j++;
			if (j > i + 1) {
				run_forwards(svg, plot, line, band->high, i, j);
				run_back(svg, plot, line, band->low, i, j);
				figure_add(svg, "Z");
			}
			i = j > i ? j : i + 1;
		}
		figure_add(svg, "\"/>\n");
	}
}

static void draw_line(struct figure_svg *svg, const struct plot *plot, const truce_figure_series *line, int colour)
{
	figure_add(svg, "<path class=\"l%d z\" stroke-width=\"2.1\" stroke-linejoin=\"round\"%s d=\"", colour,
		line->dashed ? " stroke-dasharray=\"6 4\"" : "");
	for (size_t i = 0; i < line->count;) {
		size_t j = i;
		while (j < line->count && figure_known(line->x[j]) && figure_known(line->y[j]))
			j++;
		run_forwards(svg, plot, line, line->y, i, j);
		i = j > i ? j : i + 1;
	}
	figure_add(svg, "\"/>\n");
}

struct end_label {
	size_t series;
	double x, y, wanted;
};

static int higher_first(const void *a, const void *b)
{
	const struct end_label *p = a, *q = b;
	if (p->wanted != q->wanted)
		return p->wanted < q->wanted ? -1 : 1;
	return p->series < q->series ? -1 : p->series > q->series;
}

/* The names stand right of the line ends, pushed apart until none touches another. */
static void draw_names(struct figure_svg *svg, const truce_figure_lines *data, struct end_label *label, size_t count,
	double top, double bottom, double room)
{
	const double line = 14;
	qsort(label, count, sizeof *label, higher_first);
	double y = top + 4;
	for (size_t i = 0; i < count; i++) {
		label[i].y = fmax(label[i].wanted, y);
		y = label[i].y + line;
	}
	y = bottom;
	for (size_t i = count; i-- > 0;) {
		label[i].y = fmin(label[i].y, y);
		y = label[i].y - line;
	}
	for (size_t i = 0; i < count; i++) {
		const truce_figure_series *s = &data->line[label[i].series];
		int colour = figure_colour_index(s->colour, label[i].series);
		double x = svg->right - room;
		if (x - label[i].x > 6 || fabs(label[i].y - label[i].wanted) > 6)
			figure_line(svg, label[i].x + 2, label[i].wanted, x + 6, label[i].y, "g", 1);
		char mark[8];
		snprintf(mark, sizeof mark, "c%d", colour);
		figure_rect(svg, x + 8, label[i].y - 1.5, 9, 3, mark, 1);
		figure_text(svg, x + 20, label[i].y + 4, "n b k", figure_cut(svg, s->name, room - 20, FIGURE_SMALL, true));
	}
}

static void draw_rules(struct figure_svg *svg, const truce_figure_lines *data, const struct plot *plot, double top,
	double bottom)
{
	for (size_t r = 0; r < data->rules; r++) {
		const truce_figure_rule *rule = &data->rule[r];
		if (!figure_known(rule->at))
			continue;
		if (rule->upright) {
			double x = figure_x(&plot->x, rule->at);
			figure_add(svg, "<path class=\"a\" stroke-width=\"1\" stroke-dasharray=\"2 3\" d=\"M%f %fV%f\"/>\n", x, top, bottom);
			if (rule->label) {
				/* Over the plot, where no line runs; at its foot where the axis title stands there. */
				double w = figure_text_width(rule->label, FIGURE_SMALL, false);
				double title = data->y_axis ? figure_text_width(data->y_axis, FIGURE_SMALL, false) : 0;
				bool leans = x + w / 2 > svg->right, clear = (leans ? svg->right - w : x - w / 2) > svg->left + title + 12;
				if (clear)
					figure_text(svg, leans ? svg->right : x, top - 9, leans ? "n e" : "n x", rule->label);
				else
					figure_text(svg, x + 5, bottom - 7, "n k", rule->label);
			}
		} else {
			double y = y_of(plot, rule->at);
			figure_add(svg, "<path class=\"a\" stroke-width=\"1\" stroke-dasharray=\"2 3\" d=\"M%f %fH%f\"/>\n", plot->x.from, y,
				plot->x.to);
			if (rule->label)
				figure_text(svg, plot->x.from + 5, y - 5, "n k", rule->label);
		}
	}
}

/* "shaded: 50 and 90 % of draws", from the levels that stand there. */
static const char *shading(struct figure_svg *svg, const truce_figure_lines *data)
{
	double level[4];
	size_t count = 0;
	for (size_t s = 0; s < data->series; s++)
		for (size_t b = 0; b < data->line[s].bands; b++) {
			double l = data->line[s].band[b].level;
			size_t i = 0;
			while (i < count && level[i] != l)
				i++;
			if (i == count && count < 4 && l > 0 && l < 1)
				level[count++] = l;
		}
	if (!count)
		return NULL;
	const char *words = "shaded: ";
	for (size_t i = 0; i < count; i++) {
		char n[48];
		words = figure_words(svg, "%s%s%s", words, i == 0 ? "" : i + 1 == count ? " and " : ", ", figure_number(n, level[count - 1 - i] * 100, 0));
	}
	return figure_words(svg, "%s\u202f%% range", words);
}

int truce_figure_draw_lines(truce_context *ctx, truce_text *out, const truce_figure_frame *frame,
	const truce_figure_lines *data)
{
	struct figure_svg svg;
	struct plot plot;
	size_t points = 0, names = 0;
	double x[2], y[2], room = 0, ticks = 0;
	for (size_t s = 0; s < data->series; s++)
		points += data->line[s].count * (1 + data->line[s].bands);
	int code = figure_set_up(&svg, ctx, out, frame, points);

	if (code != TRUCE_OK)
		return figure_end(&svg, code);
	bounds(data, x, y);
	if (!(x[0] <= x[1]) || !(y[0] <= y[1]))
		return figure_end(&svg, truce_fail(ctx, TRUCE_UNKNOWN, NULL, 0, 0, NULL, "no value of \"%s\" is known", frame->title));
	struct end_label *label = truce_arena_array(svg.arena, data->series, sizeof *label);
	if (!label)
		return figure_end(&svg, TRUCE_MEMORY);
	for (size_t s = 0; s < data->series; s++)
		if (data->line[s].name && data->series > 0)
			room = fmax(room, figure_text_width(data->line[s].name, FIGURE_SMALL, true) + 22);
	room = fmin(room, 0.3 * svg.width);
	if (data->from_zero)
		figure_extend(&y[0], &y[1], 0);
	double height = data->height > 0 ? data->height : fmin(fmax(0.4 * svg.width, 180), 320);
	figure_scale_set(&plot.y, y[0], y[1], height, 44, true, false);
	for (size_t i = 0; i < plot.y.ticks; i++)
		ticks = fmax(ticks, figure_text_width(plot.y.label[i], FIGURE_SMALL, false));
	ticks += 8;
	double width = svg.right - room - svg.left - ticks;
	figure_scale_set(&plot.x, x[0], x[1], width, data->dates ? 56 : 64, false, data->dates);
	plot.x.from = svg.left + ticks;
	plot.x.to = svg.right - room;
	double axis = figure_x_axis_height(&plot.x, NULL), title = data->y_axis && *data->y_axis ? 20 : 4;
	const char *shade = shading(&svg, data);
	double below = (data->x_axis && *data->x_axis) || shade ? 17 : 0;

	figure_begin(&svg, title + height + axis + below, "lines",
		figure_words(&svg, "%zu lines; %s over %s.", data->series, data->y_axis ? data->y_axis : "values",
			data->dates ? "time" : data->x_axis ? data->x_axis : "x"));
	double top = svg.top + title, bottom = top + height;
	plot.y.from = bottom;
	plot.y.to = top;
	if (data->y_axis)
		figure_text(&svg, svg.left, svg.top + 10, "n m", figure_cut(&svg, data->y_axis, svg.right - svg.left, FIGURE_SMALL, false));
	for (size_t i = 0; i < plot.y.ticks; i++) {
		double ty = y_of(&plot, plot.y.tick[i]);
		bool zero = fabs(plot.y.tick[i]) < 1e-12 * (plot.y.high - plot.y.low);
		figure_line(&svg, plot.x.from, ty, plot.x.to, ty, zero ? "a" : "g", zero ? 1.1 : 1);
		figure_text(&svg, plot.x.from - 7, ty + 4, "n m e", plot.y.label[i]);
	}
	/* The lying axis: short ticks only, the grid lies already. */
	figure_x_axis(&svg, &plot.x, bottom, bottom + 4, NULL);
	for (size_t s = 0; s < data->series; s++)
		draw_bands(&svg, &plot, &data->line[s], figure_colour_index(data->line[s].colour, s));
	draw_rules(&svg, data, &plot, top, bottom);
	for (size_t s = 0; s < data->series; s++) {
		const truce_figure_series *line = &data->line[s];
		figure_tip(&svg, line->name ? line->name : "");
		draw_line(&svg, &plot, line, figure_colour_index(line->colour, s));
		figure_close_tip(&svg);
		for (size_t i = line->count; i-- > 0 && line->name;)
			if (figure_known(line->x[i]) && figure_known(line->y[i])) {
				label[names++] = (struct end_label){s, figure_x(&plot.x, line->x[i]), 0, y_of(&plot, line->y[i])};
				break;
			}
	}
	draw_names(&svg, data, label, names, top, bottom, room);
	if (data->x_axis && *data->x_axis)
		figure_text(&svg, plot.x.from, bottom + 4 + axis + 8, "n m", data->x_axis);
	if (shade)
		figure_text(&svg, plot.x.to, bottom + 4 + axis + 8, "n m e", shade);
	return figure_end(&svg, TRUCE_OK);
}
