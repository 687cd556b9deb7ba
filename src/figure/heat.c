/* figure: a value by row and column as colour, with a key and, where they fit, the numbers. */
#include "svg.h"

static const double CELL = 23;

/* Between the tint and the full colour; the scales are their own grounds, the same on paper and on dark. */
struct rgb {
	double r, g, b;
};

static const struct rgb tint = {245, 243, 238}, cold = {32, 92, 158}, warm = {194, 70, 16}, unknown = {196, 199, 204};

static struct rgb mix(struct rgb a, struct rgb b, double t)
{
	return (struct rgb){a.r + (b.r - a.r) * t, a.g + (b.g - a.g) * t, a.b + (b.b - a.b) * t};
}

struct shade {
	double low, high;
	bool diverging;
};

static struct rgb shade_of(const struct shade *shade, double value)
{
	if (!figure_known(value))
		return unknown;
	if (shade->diverging) {
		double most = fmax(fabs(shade->low), fabs(shade->high));
		double t = most > 0 ? value / most : 0;
		return t < 0 ? mix(tint, warm, -t) : mix(tint, cold, t);
	}
	double span = shade->high - shade->low;
	return mix(tint, cold, span > 0 ? (value - shade->low) / span : 0.5);
}

static void hex(char out[8], struct rgb c)
{
	snprintf(out, 8, "#%02x%02x%02x", (unsigned)lround(c.r) & 255u, (unsigned)lround(c.g) & 255u, (unsigned)lround(c.b) & 255u);
}

static bool is_dark(struct rgb c)
{
	return 0.3 * c.r + 0.59 * c.g + 0.11 * c.b < 155;
}

static void draw_key(struct figure_svg *svg, const struct shade *shade, const char *axis, double y, int decimals)
{
	enum { STEPS = 24 };
	double width = 150, x = svg->right - width, most = fmax(fabs(shade->low), fabs(shade->high));
	double low = shade->diverging ? -most : shade->low, high = shade->diverging ? most : shade->high;
	char n[48], colour[8];

	for (int i = 0; i < STEPS; i++) {
		hex(colour, shade_of(shade, low + (high - low) * (i + .5) / STEPS));
		figure_add(svg, "<rect x=\"%f\" y=\"%f\" width=\"%f\" height=\"9\" fill=\"%s\"/>\n", x + width * i / STEPS, y,
			width / STEPS + .4, colour);
	}
	figure_text(svg, x, y + 21, "s m", figure_number(n, low, decimals));
	figure_text(svg, svg->right, y + 21, "s m e", figure_number(n, high, decimals));
	if (shade->diverging)
		figure_text(svg, x + width / 2, y + 21, "s m x", "0");
	if (axis)
		figure_text(svg, x - 10, y + 9, "n m e", figure_cut(svg, axis, x - 10 - svg->left, FIGURE_SMALL, false));
}

static void draw_cell(struct figure_svg *svg, const truce_figure_heat *data, const struct shade *shade, size_t r, size_t c,
	double x, double y, double w, bool print)
{
	double value = data->value[r * data->columns + c];
	struct rgb colour = shade_of(shade, value);
	char fill[8], n[48];

	hex(fill, colour);
	figure_number(n, value, data->decimals);
	const char *tip = figure_words(svg, "%s, %s: %s", data->row[r], data->column[c],
		figure_known(value) ? n : "not known");
	figure_tip(svg, tip);
	figure_add(svg, "<rect x=\"%f\" y=\"%f\" width=\"%f\" height=\"%f\" fill=\"%s\"/>\n", x, y, fmax(w - 1, w * .9), CELL - 1, fill);
	if (!figure_known(value))
		figure_add(svg, "<path d=\"M%f %fL%f %f\" stroke=\"#7a808a\" stroke-width=\"1\"/>\n", x, y + CELL - 1, x + fmax(w - 1, w * .9), y);
	else if (print)
		figure_add(svg, "<text x=\"%f\" y=\"%f\" class=\"s x\" style=\"fill:%s\">%s</text>\n", x + w / 2, y + CELL / 2 + 3,
			is_dark(colour) ? "#fff" : "#1b1e23", n);
	figure_close_tip(svg);
}

int truce_figure_draw_heat(truce_context *ctx, truce_text *out, const truce_figure_frame *frame,
	const truce_figure_heat *data)
{
	struct figure_svg svg;
	struct shade shade = {INFINITY, -INFINITY, data->diverging};
	double names = 0, widest = 0, number = 0;
	size_t cells = data->rows && data->columns && data->columns <= TRUCE_FIGURE_MARKS_MAX && data->rows <= TRUCE_FIGURE_MARKS_MAX
		? data->rows * data->columns : data->rows && data->columns ? TRUCE_FIGURE_MARKS_MAX + 1 : 0;
	int code = figure_set_up(&svg, ctx, out, frame, cells);

	if (code != TRUCE_OK)
		return figure_end(&svg, code);
	for (size_t i = 0; i < cells; i++) {
		char n[48];
		figure_extend(&shade.low, &shade.high, data->value[i]);
		number = fmax(number, figure_text_width(figure_number(n, data->value[i], data->decimals), 10, false));
	}
	if (!(shade.low <= shade.high))
		return figure_end(&svg, truce_fail(ctx, TRUCE_UNKNOWN, NULL, 0, 0, NULL, "no value of \"%s\" is known", frame->title));
	for (size_t r = 0; r < data->rows; r++)
		names = fmax(names, figure_text_width(data->row[r], FIGURE_SIZE, false));
	for (size_t c = 0; c < data->columns; c++)
		widest = fmax(widest, figure_text_width(data->column[c], FIGURE_SMALL, false));
	names = fmin(names, 0.3 * svg.width) + 14;
	double left = svg.left + names, w = (svg.right - left) / (double)data->columns;
	bool print = data->numbers && number + 4 < w;
	size_t every = 1;
	while ((double)every * w < fmin(widest, 90) + 6 && every < data->columns)
		every++;

	double key = 32, height = CELL * (double)data->rows;
	figure_begin(&svg, key + height + 20, "heat strip",
		figure_words(&svg, "%zu rows by %zu columns, the value shown by colour.", data->rows, data->columns));
	draw_key(&svg, &shade, data->axis, svg.top, data->decimals);
	double top = svg.top + key;
	for (size_t r = 0; r < data->rows; r++) {
		double y = top + CELL * (double)r;
		figure_text(&svg, svg.left, y + CELL / 2 + 4, "", figure_cut(&svg, data->row[r], names - 12, FIGURE_SIZE, false));
		for (size_t c = 0; c < data->columns; c++)
			draw_cell(&svg, data, &shade, r, c, left + w * (double)c, y, w, print);
	}
	for (size_t c = 0; c < data->columns; c += every) {
		double x = left + w * ((double)c + .5), half = figure_text_width(data->column[c], FIGURE_SMALL, false) / 2;
		const char *text = figure_cut(&svg, data->column[c], fmax(w * (double)every - 4, 20), FIGURE_SMALL, false);
		figure_text(&svg, x + half > svg.right ? svg.right : x, top + height + 14, x + half > svg.right ? "n m e" : "n m x", text);
	}
	return figure_end(&svg, TRUCE_OK);
}
