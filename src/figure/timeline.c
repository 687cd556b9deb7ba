/* figure: events on lanes, each label kept clear of the others. */
#include "svg.h"

#include <stdlib.h>

enum { ROW = 17, LANE_PAD = 5, NAME_LINES = 4 };
static const double GAP = 6; /* between a mark and its label */

enum side { INSIDE, RIGHT, LEFT };

struct placed {
	const truce_figure_event *event;
	size_t order, row;
	double x0, x1;       /* the mark */
	double from, to;     /* mark and label */
	const char *label;
	enum side side;
	bool shown;
};

struct lane {
	size_t rows, names;
	const char *name[NAME_LINES];
	double top, height;
};

static int by_lane_then_day(const void *a, const void *b)
{
	const struct placed *p = a, *q = b;
	if (p->event->lane != q->event->lane)
		return p->event->lane < q->event->lane ? -1 : 1;
	if (p->event->from != q->event->from)
		return p->event->from < q->event->from ? -1 : 1;
	return p->order < q->order ? -1 : p->order > q->order;
}

static bool is_point(const truce_figure_event *event)
{
	return event->to == TRUCE_NO_DATE && !event->open;
}

static bool row_is_free(const struct placed *placed, size_t first, size_t count, size_t row, double from, double to)
{
	for (size_t i = first; i < count; i++)
		if (placed[i].shown && placed[i].row == row && from < placed[i].to + 8 && placed[i].from - 8 < to)
			return false;
	return true;
}

/* Where the mark stands, and what its label could be at most. */
static void find_mark(struct placed *p, const struct figure_scale *scale, const truce_figure_timeline *data)
{
	const truce_figure_event *e = p->event;
	if (is_point(e)) {
		p->shown = e->from >= data->from && e->from <= data->to;
		p->x0 = figure_x(scale, e->from) - 4.5;
		p->x1 = p->x0 + 9;
		return;
	}
	truce_date to = e->open || e->to == TRUCE_NO_DATE ? data->to : e->to;
	p->shown = e->from <= data->to && to >= data->from && to >= e->from;
	p->x0 = figure_x(scale, e->from);
	p->x1 = figure_x(scale, (double)to + 1);
	if (p->x1 < p->x0 + 3)
		p->x1 = p->x0 + 3;
}

/* A chain takes one row from its first mark to its last label.  True where that row is already taken for it. */
static bool follow_chain(struct placed *all, size_t first, size_t i, size_t count, double right,
	double *reach, bool *last)
{
	size_t chain = all[i].event->chain, lane = all[i].event->lane, end = i;

	for (size_t k = i + 1; k < count && all[k].event->lane == lane; k++)
		if (all[k].event->chain == chain && all[k].shown)
			end = k;
	*last = end == i;
	*reach = fmax(all[i].x1, all[end].x1);
	if (end != i && all[end].event->label) {
		double w = figure_text_width(all[end].event->label, FIGURE_SMALL, false);
		if (w + 12 > all[end].x1 - all[end].x0 - (all[end].event->open ? 8 : 0) && all[end].x1 + GAP + w <= right)
			*reach = all[end].x1 + GAP + w;
	}
	for (size_t k = first; k < i; k++)
		if (all[k].shown && all[k].event->chain == chain) {
			all[i].row = all[k].row;
			return true;
		}
	return false;
}

#define OTHER_FONTS 1.2 /* DejaVu Sans is so much wider than Helvetica */

static void place(struct figure_svg *svg, struct placed *all, size_t first, size_t i, size_t count, double left, double right,
	struct lane *lane)
{
	struct placed *p = &all[i];
	const char *label = p->event->label ? p->event->label : "";
	double w = figure_text_width(label, FIGURE_SMALL, false);
	bool span = !is_point(p->event);
	bool inside = span && w + 12 <= p->x1 - p->x0 - (p->event->open ? 8 : 0);
	double room_right = right - p->x1 - GAP, room_left = p->x0 - GAP - left, reach = 0;
	bool last = true;

	if (span && p->event->chain && follow_chain(all, first, i, count, right, &reach, &last)) {
		/* The room was taken with the first of the chain. */
		p->side = inside ? INSIDE : RIGHT;
		p->label = inside || (last && w <= room_right) ? label : "";
		p->from = p->x0;
		p->to = p->x1;
		return;
	}
	if (span && p->event->chain && !last && !inside) {
		label = "";
		w = 0;
		inside = true;
	}
	if (!inside && w > room_right && w > room_left) {
		label = figure_cut(svg, label, fmax(room_right, room_left), FIGURE_SMALL, false);
		w = figure_text_width(label, FIGURE_SMALL, false);
	}
	p->label = label;
	for (size_t row = 0;; row++) {
		for (enum side side = inside ? INSIDE : RIGHT; side <= LEFT; side++) {
			double from = p->x0, to = p->x1;
			/* Where the reader's font is wider than Helvetica, a tight label at the edge is cut off: the left has room. */
			if (side == RIGHT && (w > room_right + .01 || (w * OTHER_FONTS > room_right && w * OTHER_FONTS <= room_left)))
				continue;
			if (side == LEFT && w > room_left + .01)
				continue;
			if (side == RIGHT)
				to += GAP + w;
			if (side == LEFT)
				from -= GAP + w;
			if (to < reach)
				to = reach;
			if (!row_is_free(all, first, i, row, from, to)) {
				if (side == INSIDE)
					break; /* its label fits inside: no use to try beside it in this row */
				continue;
			}
			p->row = row;
			p->side = side;
			p->from = from;
			p->to = to;
			if (row + 1 > lane->rows)
				lane->rows = row + 1;
			return;
		}
		if (row > i) { /* rows beyond all others are free: only a label without any room comes here */
			p->label = "";
			p->row = lane->rows++;
			p->side = RIGHT;
			p->from = p->x0;
			p->to = p->x1;
			return;
		}
	}
}

static void tip_of(char tip[], size_t size, const truce_figure_event *e)
{
	char from[11], to[11];
	truce_date_format(from, e->from);
	if (is_point(e))
		snprintf(tip, size, "%s: %s", from, e->label ? e->label : "");
	else if (e->open || e->to == TRUCE_NO_DATE)
		snprintf(tip, size, "from %s: %s", from, e->label ? e->label : "");
	else
		snprintf(tip, size, "%s to %s: %s", from, truce_date_format(to, e->to), e->label ? e->label : "");
}

static void draw_event(struct figure_svg *svg, const struct placed *p, double top, int colour)
{
	const truce_figure_event *e = p->event;
	double y = top + (double)p->row * ROW + ROW / 2.0;
	char fill[8], tip[400];

	tip_of(tip, sizeof tip, e);
	figure_tip(svg, tip);
	snprintf(fill, sizeof fill, "c%d", colour);
	if (is_point(e)) {
		figure_mark(svg, (p->x0 + p->x1) / 2, y, e->diamond ? 4.6 : 4.5, colour, e->diamond ? 2 : 0, e->hollow);
	} else {
		double h = 13, arrow = e->open ? 6 : 0, x1 = p->x1 - arrow;
		figure_add(svg, "<path d=\"M%f %fH%f", p->x0, y - h / 2, x1);
		if (e->open)
			figure_add(svg, "L%f %fL%f %f", p->x1, y, x1, y + h / 2);
		else
			figure_add(svg, "V%f", y + h / 2);
		figure_add(svg, "H%fZ\" ", p->x0);
		if (e->hollow)
			figure_add(svg, "class=\"%s l%d\" fill-opacity=\"0.13\" stroke-width=\"1.2\" stroke-dasharray=\"4 2.5\"/>\n", fill, colour);
		else
			figure_add(svg, e->chain ? "class=\"%s o\" stroke-width=\"1\"/>\n" : "class=\"%s\"/>\n", fill);
	}
	if (*p->label) {
		if (p->side == INSIDE)
			figure_text(svg, p->x0 + 6, y + 4, e->hollow ? "n" : "n w", p->label);
		else if (p->side == RIGHT)
			figure_text(svg, p->x1 + GAP, y + 4, "n k", p->label);
		else
			figure_text(svg, p->x0 - GAP, y + 4, "n k e", p->label);
	}
	figure_close_tip(svg);
}

static double lay_out(struct figure_svg *svg, const truce_figure_timeline *data, struct placed *placed,
	struct lane *lanes, const struct figure_scale *scale, double plot_left)
{
	for (size_t i = 0; i < data->events; i++) {
		placed[i].event = &data->event[i];
		placed[i].order = i;
	}
	qsort(placed, data->events, sizeof *placed, by_lane_then_day);
	for (size_t i = 0; i < data->events; i++)
		find_mark(&placed[i], scale, data);
	size_t first = 0;
	for (size_t i = 0; i < data->events; i++) {
		if (placed[i].event->lane != placed[first].event->lane)
			first = i;
		if (placed[i].shown)
			place(svg, placed, first, i, data->events, plot_left + 2, svg->right, &lanes[placed[i].event->lane]);
	}
	double y = 0;
	for (size_t l = 0; l < data->lanes; l++) {
		double rows = (double)(lanes[l].rows ? lanes[l].rows : 1) * ROW, names = (double)lanes[l].names * 14 + 2;
		lanes[l].top = y;
		lanes[l].height = fmax(rows, names) + 2 * LANE_PAD;
		y += lanes[l].height;
	}
	return y;
}

static const char *describe(struct figure_svg *svg, const truce_figure_timeline *data)
{
	char from[11], to[11];
	return figure_words(svg, "A timeline from %s to %s with %zu events on %zu lanes.",
		truce_date_format(from, data->from), truce_date_format(to, data->to), data->events, data->lanes);
}

int truce_figure_draw_timeline(truce_context *ctx, truce_text *out, const truce_figure_frame *frame,
	const truce_figure_timeline *data)
{
	struct figure_svg svg;
	struct figure_scale scale;
	double names = 0, mark_room = 0;
	int code = figure_set_up(&svg, ctx, out, frame, data->lanes ? data->events + data->lanes : 0);

	if (code != TRUCE_OK)
		return figure_end(&svg, code);
	for (size_t i = 0; i < data->events; i++)
		if (data->event[i].lane >= data->lanes)
			return figure_end(&svg, truce_fail(ctx, TRUCE_USAGE, NULL, 0, 0, NULL, "an event stands on lane %zu of %zu",
				data->event[i].lane, data->lanes));
	if (data->to <= data->from || data->from == TRUCE_NO_DATE)
		return figure_end(&svg, truce_fail(ctx, TRUCE_USAGE, NULL, 0, 0, NULL, "a timeline must end after it begins"));
	struct placed *placed = truce_arena_array(svg.arena, data->events + 1, sizeof *placed);
	struct lane *lanes = truce_arena_array(svg.arena, data->lanes, sizeof *lanes);
	if (!placed || !lanes)
		return figure_end(&svg, TRUCE_MEMORY);

	for (size_t l = 0; l < data->lanes; l++)
		names = fmax(names, figure_text_width(data->lane[l], FIGURE_SIZE, true));
	names = fmin(names, 0.17 * svg.width) + 14;
	for (size_t l = 0; l < data->lanes; l++)
		lanes[l].names = figure_wrap(&svg, lanes[l].name, NAME_LINES, data->lane[l], names - 12, FIGURE_SIZE, true);
	double plot_left = svg.left + names;
	figure_scale_set(&scale, data->from, (double)data->to + 1, svg.right - plot_left, 64, false, true);
	scale.from = plot_left;
	scale.to = svg.right;
	double height = lay_out(&svg, data, placed, lanes, &scale, plot_left);
	if (data->mark != TRUCE_NO_DATE && data->mark_label)
		mark_room = 18;

	figure_begin(&svg, mark_room + height + figure_x_axis_height(&scale, NULL), "timeline", describe(&svg, data));
	double top = svg.top + mark_room, bottom = top + height;
	for (size_t l = 1; l < data->lanes; l++)
		figure_line(&svg, svg.left, top + lanes[l].top, svg.right, top + lanes[l].top, "g", 1);
	figure_x_axis(&svg, &scale, top, bottom, NULL);
	figure_line(&svg, svg.left, top, svg.right, top, "g", 1);
	figure_line(&svg, svg.left, bottom, svg.right, bottom, "a", 1.1);
	if (data->mark != TRUCE_NO_DATE && data->mark >= data->from && data->mark <= data->to) {
		double x = figure_x(&scale, data->mark);
		figure_line(&svg, x, top - 4, x, bottom, "a", 1.1);
		if (data->mark_label) {
			double w = figure_text_width(data->mark_label, FIGURE_SMALL, true);
			bool leans = x + w / 2 > svg.right;
			figure_text(&svg, leans ? svg.right : x, top - 8, leans ? "n b e" : "n b x", data->mark_label);
		}
	}
	for (size_t l = 0; l < data->lanes; l++)
		for (size_t i = 0; i < lanes[l].names; i++)
			figure_text(&svg, svg.left, top + lanes[l].top + LANE_PAD + 14 + 14 * (double)i, "b", lanes[l].name[i]);
	for (size_t i = 0; i < data->events; i++) {
		if (!placed[i].shown)
			continue;
		size_t l = placed[i].event->lane;
		int lane_colour = figure_colour_index(data->lane_colour ? data->lane_colour[l] : -1, l);
		draw_event(&svg, &placed[i], top + lanes[l].top + LANE_PAD, figure_colour_index(placed[i].event->colour, (size_t)lane_colour));
	}
	return figure_end(&svg, TRUCE_OK);
}
