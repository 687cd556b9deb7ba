/* figure: bars from a start to an end that is known within a range. */
#include "svg.h"

enum { ROW = 24, GROUP = 26 };

static void bounds(const truce_figure_gantt *data, double *low, double *high)
{
	*low = INFINITY;
	*high = -INFINITY;
	for (size_t i = 0; i < data->tasks; i++) {
		const truce_figure_task *t = &data->task[i];
		figure_extend(low, high, t->start);
		figure_extend(low, high, t->end);
		figure_extend(low, high, t->low);
		figure_extend(low, high, t->high);
	}
}

static bool new_group(const truce_figure_gantt *data, size_t i)
{
	const char *group = data->task[i].group, *before = i ? data->task[i - 1].group : NULL;
	return group && (!before || strcmp(group, before) != 0);
}

static void draw_task(struct figure_svg *svg, const struct figure_scale *scale, const truce_figure_task *t, double y,
	int colour)
{
	char fill[8], line[8];
	double x0 = figure_x(scale, t->start), x1 = figure_known(t->end) ? figure_x(scale, t->end) : scale->to;
	bool range = figure_known(t->low) && figure_known(t->high);
	double solid = range ? fmin(x1, figure_x(scale, t->low)) : x1;

	snprintf(fill, sizeof fill, "c%d", colour);
	snprintf(line, sizeof line, "l%d", colour);
	if (!figure_known(t->end) && !range) {
		/* It does not end within the picture: an open bar. */
		figure_add(svg, "<path d=\"M%f %fH%fL%f %fL%f %fH%fZ\" class=\"%s l%d\" fill-opacity=\"0.13\" stroke-width=\"1.2\"/>\n", x0,
			y - 6, scale->to - 6, scale->to, y, scale->to - 6, y + 6, x0, fill, colour);
		return;
	}
	figure_rect(svg, x0, y - 6, solid - x0, 12, fill, 1);
	if (!range)
		return;
	double a = figure_x(scale, t->low), b = figure_x(scale, t->high);
	figure_rect(svg, a, y - 6, b - a, 12, fill, 0.3);
	if (figure_known(t->end))
		figure_line(svg, x1, y - 8, x1, y + 8, line, 2.6);
	figure_line(svg, b, y - 4, b, y + 4, line, 1.2);
}

int truce_figure_draw_gantt(truce_context *ctx, truce_text *out, const truce_figure_frame *frame,
	const truce_figure_gantt *data)
{
	struct figure_svg svg;
	struct figure_scale scale;
	double low, high, names = 0, notes = 0, height = 4;
	int code = figure_set_up(&svg, ctx, out, frame, data->tasks);

	if (code != TRUCE_OK)
		return figure_end(&svg, code);
	bounds(data, &low, &high);
	if (!(low <= high))
		return figure_end(&svg, truce_fail(ctx, TRUCE_UNKNOWN, NULL, 0, 0, NULL, "no value of \"%s\" is known", frame->title));
	for (size_t i = 0; i < data->tasks; i++) {
		names = fmax(names, figure_text_width(data->task[i].label, FIGURE_SIZE, false));
		if (data->task[i].note)
			notes = fmax(notes, figure_text_width(data->task[i].note, FIGURE_SMALL, false));
		height += ROW + (new_group(data, i) ? GROUP : 0);
	}
	names = fmin(names, 0.3 * svg.width) + 12;
	notes = notes > 0 ? fmin(notes, 0.26 * svg.width) + 12 : 4;
	if (data->from < data->to) {
		low = data->from;
		high = data->to;
	}
	figure_scale_set(&scale, low, high, svg.right - svg.left - names - notes, 60, !(data->from < data->to), data->dates);
	scale.from = svg.left + names;
	scale.to = svg.right - notes;
	figure_begin(&svg, height + figure_x_axis_height(&scale, data->axis), "gantt",
		figure_words(&svg, "%zu bars from a start to an end, with the range of the end.", data->tasks));
	double bottom = svg.top + height, y = svg.top;
	figure_x_axis(&svg, &scale, svg.top, bottom, data->axis);
	figure_line(&svg, scale.from, bottom, scale.to, bottom, "a", 1.1);
	for (size_t i = 0; i < data->tasks; i++) {
		const truce_figure_task *t = &data->task[i];
		if (new_group(data, i)) {
			if (i)
				figure_line(&svg, svg.left, y + 5, svg.right, y + 5, "g", 1);
			figure_text(&svg, svg.left, y + 20, "b k", figure_cut(&svg, t->group, svg.right - svg.left, FIGURE_SIZE, true));
			y += GROUP;
		}
		y += ROW;
		double middle = y - ROW / 2.0;
		figure_tip(&svg, t->note ? t->note : t->label);
		figure_text(&svg, scale.from - 10, middle + 4, "e", figure_cut(&svg, t->label, names - 10, FIGURE_SIZE, false));
		if (figure_known(t->start))
			draw_task(&svg, &scale, t, middle, figure_colour_index(t->colour, 0));
		else
			figure_text(&svg, scale.from + 4, middle + 4, "n m i k", "not known");
		if (t->note)
			figure_text(&svg, scale.to + 10, middle + 4, "n m", figure_cut(&svg, t->note, notes - 10, FIGURE_SMALL, false));
		figure_close_tip(&svg);
	}
	return figure_end(&svg, TRUCE_OK);
}
