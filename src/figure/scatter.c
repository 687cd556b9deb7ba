/* figure: points in a plane, some named, the front joined by the stair of what it dominates. */
#include "svg.h"

#include <stdlib.h>

struct box {
	double x0, y0, x1, y1;
};

static bool meets(const struct box *a, const struct box *b)
{
	return a->x0 < b->x1 && b->x0 < a->x1 && a->y0 < b->y1 && b->y0 < a->y1;
}

static bool shown(const truce_figure_scatter *data, size_t i)
{
	return figure_known(data->x[i]) && figure_known(data->y[i]);
}

struct step {
	double x, y;
};

static int to_the_right(const void *a, const void *b)
{
	const struct step *p = a, *q = b;
	if (p->x != q->x)
		return p->x < q->x ? -1 : 1;
	return p->y > q->y ? -1 : p->y < q->y;
}

static int draw_front(struct figure_svg *svg, const truce_figure_scatter *data, const struct figure_scale *sx,
	const struct figure_scale *sy)
{
	size_t count = 0;
	if (!data->front)
		return TRUCE_OK;
	struct step *front = truce_arena_array(svg->arena, data->points + 1, sizeof *front);
	if (!front)
		return TRUCE_MEMORY;
	for (size_t i = 0; i < data->points; i++)
		if (data->front[i] && shown(data, i))
			front[count++] = (struct step){figure_x(sx, data->x[i]), figure_x(sy, data->y[i])};
	if (count < 2)
		return TRUCE_OK;
	qsort(front, count, sizeof *front, to_the_right);
	figure_add(svg, "<path class=\"d\" stroke-width=\"1.3\" d=\"M%f %f", front[0].x, front[0].y);
	for (size_t i = 1; i < count; i++)
		figure_add(svg, "V%fH%f", front[i].y, front[i].x);
	figure_add(svg, "\"/>\n");
	return TRUCE_OK;
}

/* The first place around the point where the label meets neither a point nor a label, and stays in the plot. */
static void draw_labels(struct figure_svg *svg, const truce_figure_scatter *data, const struct figure_scale *sx,
	const struct figure_scale *sy, struct box *taken, size_t marks, const struct box *plot)
{
	static const struct { double dx, dy; int align; } place[] = {
		{8, 4, 0}, {-8, 4, 2}, {0, -9, 1}, {0, 17, 1}, {7, -7, 0}, {7, 15, 0}, {-7, -7, 2}, {-7, 15, 2}};
	size_t count = marks;

	if (!data->label)
		return;
	for (size_t i = 0; i < data->points; i++) {
		const char *label = data->label[i];
		if (!label || !*label || !shown(data, i))
			continue;
		double px = figure_x(sx, data->x[i]), py = figure_x(sy, data->y[i]);
		bool done = false;
		for (int cut = 0; cut < 2 && !done; cut++) {
			if (cut)
				label = figure_cut(svg, label, 90, FIGURE_SMALL, false);
			double w = figure_text_width(label, FIGURE_SMALL, false);
			for (size_t p = 0; p < sizeof place / sizeof place[0] && !done; p++) {
				double x = px + place[p].dx, y = py + place[p].dy;
				double x0 = x - w * place[p].align / 2;
				struct box box = {x0 - 2, y - 10, x0 + w + 2, y + 3};
				if (box.x0 < plot->x0 || box.x1 > plot->x1 || box.y0 < plot->y0 || box.y1 > plot->y1)
					continue;
				size_t k = 0;
				while (k < count && !meets(&box, &taken[k]))
					k++;
				if (k < count)
					continue;
				taken[count++] = box;
				figure_text(svg, x, y, place[p].align == 0 ? "n k" : place[p].align == 1 ? "n k x" : "n k e", label);
				done = true;
			}
		}
	}
}

static void draw_points(struct figure_svg *svg, const truce_figure_scatter *data, const struct figure_scale *sx,
	const struct figure_scale *sy, struct box *taken, size_t *marks)
{
	/* Those on the front last, so that they lie on top. */
	for (int pass = 0; pass < 2; pass++)
		for (size_t i = 0; i < data->points; i++) {
			bool front = data->front && data->front[i];
			if (!shown(data, i) || front != (pass == 1))
				continue;
			size_t group = data->group ? (size_t)data->group[i] : 0;
			double x = figure_x(sx, data->x[i]), y = figure_x(sy, data->y[i]);
			double r = data->front && !front ? 3.2 : 4.5;
			char n1[48], n2[48];
			const char *tip = figure_words(svg, "%s (%s, %s)", data->label && data->label[i] ? data->label[i] : "",
				figure_number(n1, data->x[i], -1), figure_number(n2, data->y[i], -1));
			figure_tip(svg, tip);
			figure_mark(svg, x, y, r, figure_colour_index(-1, group), (int)group, data->front && !front);
			figure_close_tip(svg);
			taken[(*marks)++] = (struct box){x - r, y - r, x + r, y + r};
		}
}

int truce_figure_draw_scatter(truce_context *ctx, truce_text *out, const truce_figure_frame *frame,
	const truce_figure_scatter *data)
{
	struct figure_svg svg;
	struct figure_scale sx, sy;
	double x[2] = {INFINITY, -INFINITY}, y[2] = {INFINITY, -INFINITY}, ticks = 0;
	size_t left_out = 0, marks = 0;
	int code = figure_set_up(&svg, ctx, out, frame, data->points);

	if (code != TRUCE_OK)
		return figure_end(&svg, code);
	for (size_t i = 0; i < data->points; i++) {
		if (data->group && (data->group[i] < 0 || (size_t)data->group[i] >= data->groups))
			return figure_end(&svg, truce_fail(ctx, TRUCE_USAGE, NULL, 0, 0, NULL, "a point belongs to group %d of %zu", data->group[i],
				data->groups));
		if (!shown(data, i)) {
			left_out++;
			continue;
		}
		figure_extend(&x[0], &x[1], data->x[i]);
		figure_extend(&y[0], &y[1], data->y[i]);
	}
	if (left_out == data->points)
		return figure_end(&svg, truce_fail(ctx, TRUCE_UNKNOWN, NULL, 0, 0, NULL, "no value of \"%s\" is known", frame->title));
	if (data->quadrants) {
		figure_extend(&x[0], &x[1], 0);
		figure_extend(&y[0], &y[1], 0);
	}
	struct box *taken = truce_arena_array(svg.arena, 2 * data->points, sizeof *taken);
	if (!taken)
		return figure_end(&svg, TRUCE_MEMORY);
	double height = fmin(fmax(0.52 * svg.width, 200), 420);
	figure_scale_set(&sy, y[0], y[1], height, 48, true, false);
	for (size_t i = 0; i < sy.ticks; i++)
		ticks = fmax(ticks, figure_text_width(sy.label[i], FIGURE_SMALL, false));
	sx.from = svg.left + ticks + 8;
	sx.to = svg.right - 6;
	figure_scale_set(&sx, x[0], x[1], sx.to - sx.from, 74, true, false);
	double legend = figure_legend_height(&svg, data->group_name, data->group_name ? data->groups : 0);
	double title = data->y_axis && *data->y_axis ? 20 : 4, axis = figure_x_axis_height(&sx, data->x_axis);
	const char *missing = left_out ? figure_words(&svg, "%zu not known, left out", left_out) : NULL;

	figure_begin(&svg, legend + title + height + axis, "scatter",
		figure_words(&svg, "%zu points: %s across, %s upwards.", data->points - left_out, data->x_axis ? data->x_axis : "x",
			data->y_axis ? data->y_axis : "y"));
	if (legend > 0)
		figure_legend(&svg, svg.top, data->group_name, NULL, data->groups, FIGURE_KEY_MARK);
	double top = svg.top + legend + title, bottom = top + height;
	sy.from = bottom;
	sy.to = top;
	if (data->y_axis)
		figure_text(&svg, svg.left, top - 9, "n m", figure_cut(&svg, data->y_axis, svg.right - svg.left, FIGURE_SMALL, false));
	for (size_t i = 0; i < sy.ticks; i++) {
		double ty = figure_x(&sy, sy.tick[i]);
		bool zero = fabs(sy.tick[i]) < 1e-12 * (sy.high - sy.low);
		figure_line(&svg, sx.from, ty, sx.to, ty, zero && data->quadrants ? "a" : "g", 1);
		figure_text(&svg, sx.from - 7, ty + 4, "n m e", sy.label[i]);
	}
	figure_x_axis(&svg, &sx, top, bottom, data->x_axis);
	if (missing)
		figure_text(&svg, svg.right, bottom + axis - 5, "n m i e", missing);
	code = draw_front(&svg, data, &sx, &sy);
	draw_points(&svg, data, &sx, &sy, taken, &marks);
	struct box plot = {sx.from, top, svg.right, bottom};
	draw_labels(&svg, data, &sx, &sy, taken, marks, &plot);
	return figure_end(&svg, code);
}
