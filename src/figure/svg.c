/* figure: the SVG writer, the palette, text widths and the frame of every figure. */
#include "svg.h"

#include <stdarg.h>

/* Chosen by measurement: contrast of at least 3 against both grounds, and the first four apart under simulated
 * colour blindness (tests/test_figure.c repeats the measurement). */
static const char *const palette[TRUCE_FIGURE_COLOURS] = {
	"#2b62c4", "#dd5f1a", "#1f9b78", "#8a5c94", "#a98410", "#7a808a", "#c4528c"};

struct ground {
	const char *name, *ground, *ink, *muted, *grid;
};

static const struct ground grounds[] = {
	[TRUCE_FIGURE_PAPER] = {"tf-paper", "#ffffff", "#1b1e23", "#5a616b", "#d9dce1"},
	[TRUCE_FIGURE_DARK] = {"tf-dark", "#16181d", "#eceef1", "#a5acb8", "#383c45"},
	[TRUCE_FIGURE_PAGE] = {"tf-page", "#ffffff", "#1b1e23", "#5a616b", "#d9dce1"}};

const char *truce_figure_colour(int index)
{
	int i = index % TRUCE_FIGURE_COLOURS;
	return palette[i < 0 ? i + TRUCE_FIGURE_COLOURS : i];
}

const char *truce_figure_ground(truce_figure_theme theme)
{
	return grounds[theme == TRUCE_FIGURE_DARK ? TRUCE_FIGURE_DARK : TRUCE_FIGURE_PAPER].ground;
}

int figure_colour_index(int colour, size_t otherwise)
{
	return (int)((colour < 0 ? otherwise : (size_t)colour) % TRUCE_FIGURE_COLOURS);
}

bool figure_known(double value)
{
	return isfinite(value) && fabs(value) < 1e100; /* beyond, no axis could be labelled */
}

/* ---- text ------------------------------------------------------------------------------------------------ */

/* Advance widths of Helvetica, per mille of the size, from the blank on. */
static const unsigned short advance[95] = {278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278,
	278, 556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667,
	611, 778, 722, 278, 500, 667, 556, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278,
	278, 469, 556, 333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333, 500,
	278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584};

/* The next code point; bytes that are no UTF-8 are taken one at a time as U+FFFD.  Moves *text on. */
static uint32_t next_code(const char **text)
{
	const unsigned char *p = (const unsigned char *)*text;
	uint32_t code = 0xfffd;
	size_t length = 1;

	if (p[0] < 0x80) {
		code = p[0];
	} else {
		size_t want = p[0] >= 0xf0 && p[0] < 0xf5 ? 4 : p[0] >= 0xe0 && p[0] < 0xf0 ? 3 : p[0] >= 0xc2 && p[0] < 0xe0 ? 2 : 0;
		if (want) {
			static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
			uint32_t sum = p[0] & (0xffu >> (want + 1));
			size_t i = 1;
			while (i < want && (p[i] & 0xc0) == 0x80)
				sum = sum << 6 | (p[i++] & 0x3f);
			if (i == want && sum >= least[want] && sum <= 0x10ffff && (sum < 0xd800 || sum > 0xdfff)) {
				code = sum;
				length = want;
			}
		}
	}
	*text += length;
	return code;
}

static bool wide(uint32_t code)
{
	return (code >= 0x1100 && code <= 0x115f) || (code >= 0x2e80 && code <= 0xa4cf) || (code >= 0xac00 && code <= 0xd7a3)
		|| (code >= 0xf900 && code <= 0xfaff) || (code >= 0xfe30 && code <= 0xfe6f) || (code >= 0xff00 && code <= 0xff60)
		|| code >= 0x1f300;
}

static double code_width(uint32_t code)
{
	if (code >= 0x20 && code < 0x7f)
		return advance[code - 0x20];
	if (code < 0x20 || (code >= 0x300 && code < 0x370))
		return 0;
	if (code == 0x2212)
		return 584;
	if (code == 0x202f || code == 0x2009)
		return 200;
	if (code == 0x2014 || code == 0x2026 || wide(code))
		return 1000;
	return code < 0x250 ? 580 : 640;
}

double figure_text_width(const char *text, double size, bool bold)
{
	double sum = 0;
	while (*text)
		sum += code_width(next_code(&text));
	/* Two in a hundred of slack, for fonts of the list that are not exactly metric-compatible. */
	return sum / 1000 * size * (bold ? 1.09 : 1.02);
}

void figure_escape(truce_text *out, const char *text)
{
	while (*text) {
		const char *start = text;
		uint32_t code = next_code(&text);
		switch (code) {
		case '&': truce_text_add(out, "&amp;"); break;
		case '<': truce_text_add(out, "&lt;"); break;
		case '>': truce_text_add(out, "&gt;"); break;
		case '"': truce_text_add(out, "&quot;"); break;
		case '\t': case '\n': case '\r': truce_text_add(out, " "); break;
		case 0xfffd: truce_text_add(out, "\xef\xbf\xbd"); break;
		default:
			/* XML has no place for the other control characters, nor for the two non-characters. */
			if (code >= 0x20 && code != 0x7f && code != 0xfffe && code != 0xffff)
				truce_text_add_bytes(out, start, (size_t)(text - start));
		}
	}
}

const char *figure_words(struct figure_svg *svg, const char *fmt, ...)
{
	va_list args;
	char small[512], *words;

	va_start(args, fmt);
	int length = vsnprintf(small, sizeof small, fmt, args);
	va_end(args);
	if (length < 0)
		length = 0;
	if ((size_t)length < sizeof small) {
		words = truce_arena_text(svg->arena, small);
	} else {
		words = truce_arena_take(svg->arena, (size_t)length + 1);
		if (words) {
			va_start(args, fmt);
			vsnprintf(words, (size_t)length + 1, fmt, args);
			va_end(args);
		}
	}
	if (!words)
		svg->failed = true;
	return words ? words : "";
}

const char *figure_cut(struct figure_svg *svg, const char *text, double width, double size, bool bold)
{
	if (figure_text_width(text, size, bold) <= width)
		return text;
	double room = width - figure_text_width("\u2026", size, bold), sum = 0;
	const char *end = text, *p = text;
	while (*p) {
		sum += code_width(next_code(&p)) / 1000 * size * (bold ? 1.09 : 1.02);
		if (sum > room)
			break;
		end = p;
	}
	while (end > text && end[-1] == ' ')
		end--;
	return figure_words(svg, "%.*s\u2026", (int)(end - text), text);
}

size_t figure_wrap(struct figure_svg *svg, const char **lines, size_t most, const char *text, double width, double size,
	bool bold)
{
	size_t count = 0;
	while (*text == ' ')
		text++;
	while (*text && count < most) {
		if (count + 1 == most) {
			lines[count++] = figure_cut(svg, text, width, size, bold);
			break;
		}
		/* The longest run of whole words that fits; a word wider than the line stands alone, cut. */
		const char *p = text, *fits = NULL, *end;
		double sum = 0;
		while (*p && sum <= width) {
			const char *before = p;
			uint32_t code = next_code(&p);
			if (code == ' ')
				fits = before;
			sum += code_width(code) / 1000 * size * (bold ? 1.09 : 1.02);
		}
		end = sum <= width ? p : fits;
		if (!end)
			for (end = p; *end && *end != ' '; end++)
				;
		const char *line = figure_words(svg, "%.*s", (int)(end - text), text);
		lines[count++] = figure_cut(svg, line, width, size, bold);
		text = end;
		while (*text == ' ')
			text++;
	}
	return count;
}

char *figure_number(char buffer[48], double value, int decimals)
{
	char digits[40];
	size_t n = 0;

	if (!figure_known(value)) {
		memcpy(buffer, "n.k.", 5);
		return buffer;
	}
	if (decimals < 0) {
		double size = fabs(value);
		decimals = size >= 99.5 || size == 0 ? 0 : size >= 9.95 ? 1 : size >= 0.995 ? 2 : 3;
	}
	if (decimals > 6)
		decimals = 6;
	if (fabs(value) >= 1e15) {
		snprintf(digits, sizeof digits, "%.2e", fabs(value));
	} else {
		/* By hand, so that no locale has a say. */
		double scale = 1;
		for (int i = 0; i < decimals; i++)
			scale *= 10;
		double whole = floor(fabs(value) * scale + 0.5);
		double high = floor(whole / scale);
		snprintf(digits, sizeof digits, "%.0f", high);
		size_t length = strlen(digits);
		char grouped[40];
		size_t g = 0;
		for (size_t i = 0; i < length; i++) {
			if (i && (length - i) % 3 == 0)
				grouped[g++] = ',';
			grouped[g++] = digits[i];
		}
		grouped[g] = 0;
		if (decimals)
			snprintf(digits, sizeof digits, "%.24s.%0*d", grouped, decimals, (int)(whole - high * scale));
		else
			memcpy(digits, grouped, g + 1);
		if (whole == 0)
			value = 0;
	}
	for (char *p = digits; *p; p++)
		if (*p == ',' && fabs(value) >= 1e15)
			*p = '.';
	if (value < 0) {
		memcpy(buffer, "\u2212", 3);
		n = 3;
	}
	memcpy(buffer + n, digits, strlen(digits) + 1);
	return buffer;
}

/* ---- elements ---------------------------------------------------------------------------------------------- */

/* Two decimals are a hundredth of a pixel; never "-0", no trailing zeros. */
static char *px(char buffer[24], double value)
{
	if (!(fabs(value) < 1e7))
		value = value > 0 ? 1e7 : value < 0 ? -1e7 : 0;
	long long cents = llround(value * 100);
	long long whole = cents / 100, rest = cents % 100;
	const char *sign = cents < 0 ? "-" : "";
	whole = whole < 0 ? -whole : whole;
	rest = rest < 0 ? -rest : rest;
	if (rest == 0)
		snprintf(buffer, 24, "%s%lld", sign, whole);
	else if (rest % 10 == 0)
		snprintf(buffer, 24, "%s%lld.%lld", sign, whole, rest / 10);
	else
		snprintf(buffer, 24, "%s%lld.%02lld", sign, whole, rest);
	return buffer;
}

/* Knows %f (a length in px), %d and %s, nothing else: shorter output than printf's, and no locale. */
void figure_add(struct figure_svg *svg, const char *fmt, ...)
{
	va_list args;
	char number[24];

	va_start(args, fmt);
	while (*fmt) {
		const char *percent = strchr(fmt, '%');
		if (!percent) {
			truce_text_add(svg->out, fmt);
			break;
		}
		truce_text_add_bytes(svg->out, fmt, (size_t)(percent - fmt));
		switch (percent[1]) {
		case 'f': truce_text_add(svg->out, px(number, va_arg(args, double))); break;
		case 'd':
			snprintf(number, sizeof number, "%d", va_arg(args, int));
			truce_text_add(svg->out, number);
			break;
		case 's': truce_text_add(svg->out, va_arg(args, const char *)); break;
		default: truce_text_add(svg->out, "%"); break;
		}
		fmt = percent + 2;
	}
	va_end(args);
}

void figure_text(struct figure_svg *svg, double x, double y, const char *classes, const char *text)
{
	figure_add(svg, "<text x=\"%f\" y=\"%f\"", x, y);
	if (*classes)
		figure_add(svg, " class=\"%s\"", classes);
	figure_add(svg, ">");
	figure_escape(svg->out, text);
	figure_add(svg, "</text>\n");
}

void figure_line(struct figure_svg *svg, double x1, double y1, double x2, double y2, const char *classes, double width)
{
	figure_add(svg, "<line x1=\"%f\" y1=\"%f\" x2=\"%f\" y2=\"%f\" class=\"%s\" stroke-width=\"%f\"/>\n", x1, y1, x2, y2,
		classes, width);
}

void figure_rect(struct figure_svg *svg, double x, double y, double w, double h, const char *classes, double opacity)
{
	if (!(w > 0))
		w = 0;
	figure_add(svg, "<rect x=\"%f\" y=\"%f\" width=\"%f\" height=\"%f\" class=\"%s\"", x, y, w, h, classes);
	if (opacity < 1)
		figure_add(svg, " fill-opacity=\"%f\"", opacity);
	figure_add(svg, "/>\n");
}

void figure_tip(struct figure_svg *svg, const char *text)
{
	figure_add(svg, "<g><title>");
	figure_escape(svg->out, text);
	figure_add(svg, "</title>\n");
}

void figure_close_tip(struct figure_svg *svg)
{
	figure_add(svg, "</g>\n");
}

void figure_mark(struct figure_svg *svg, double x, double y, double r, int colour, int shape, bool hollow)
{
	/* Unit outlines of equal area to the eye. */
	static const struct { int count; double at[10]; } outlines[] = {
		{0, {0}},
		{4, {-.88, -.88, .88, -.88, .88, .88, -.88, .88}},
		{4, {0, -1.3, 1.3, 0, 0, 1.3, -1.3, 0}},
		{3, {0, -1.25, 1.15, .85, -1.15, .85}},
		{3, {0, 1.25, -1.15, -.85, 1.15, -.85}}};
	const int n = (int)(sizeof outlines / sizeof outlines[0]);
	int s = ((shape % n) + n) % n;

	if (s == 0) {
		figure_add(svg, "<circle cx=\"%f\" cy=\"%f\" r=\"%f\"", x, y, hollow ? r - .6 : r);
	} else {
		double size = hollow ? r - .6 : r;
		figure_add(svg, "<path d=\"");
		for (int i = 0; i < outlines[s].count; i++)
			figure_add(svg, "%s%f %f", i ? "L" : "M", x + outlines[s].at[2 * i] * size, y + outlines[s].at[2 * i + 1] * size);
		figure_add(svg, "Z\"");
	}
	if (hollow)
		figure_add(svg, " class=\"p l%d\" stroke-width=\"1.8\"/>\n", colour);
	else
		figure_add(svg, " class=\"c%d o\" stroke-width=\"1\"/>\n", colour);
}

/* ---- the frame ------------------------------------------------------------------------------------------------ */

enum { HEAD_LINES = 3, SOURCE_LINES = 3 };

int figure_set_up(struct figure_svg *svg, truce_context *ctx, truce_text *out, const truce_figure_frame *frame,
	size_t marks)
{
	memset(svg, 0, sizeof *svg);
	svg->ctx = ctx;
	svg->out = out;
	svg->start = out->length;
	svg->frame = frame;
	if (!frame->title || !*frame->title)
		return truce_fail(ctx, TRUCE_USAGE, NULL, 0, 0, NULL, "a figure needs a title");
	if (marks == 0)
		return truce_fail(ctx, TRUCE_INPUT, NULL, 0, 0, NULL, "the figure \"%s\" has nothing to show", frame->title);
	if (marks > TRUCE_FIGURE_MARKS_MAX)
		return truce_fail(ctx, TRUCE_LIMIT, NULL, 0, 0, "show fewer, or aggregate", "the figure \"%s\" has %zu marks, more than %d",
			frame->title, marks, TRUCE_FIGURE_MARKS_MAX);
	svg->width = frame->width > 0 ? frame->width : 680;
	if (!(svg->width >= 240 && svg->width <= 2400))
		return truce_fail(ctx, TRUCE_USAGE, NULL, 0, 0, NULL, "a figure's width must be within 240 to 2400");
	int theme = frame->theme;
	if (theme < TRUCE_FIGURE_PAPER || theme > TRUCE_FIGURE_PAGE)
		return truce_fail(ctx, TRUCE_USAGE, NULL, 0, 0, NULL, "a figure's theme must be one of three");
	svg->theme = grounds[theme].name;
	double pad = theme == TRUCE_FIGURE_PAGE ? 1 : 18;
	svg->left = pad;
	svg->right = svg->width - pad;
	return truce_arena_new(ctx, &svg->arena);
}

static void rules_of(struct figure_svg *svg, const struct ground *g)
{
	figure_add(svg, ".%s text{fill:%s}.%s .m{fill:%s}.%s .w{fill:#fff}", svg->theme, g->ink, svg->theme, g->muted, svg->theme);
	figure_add(svg, ".%s .g{stroke:%s;fill:none}.%s .a{stroke:%s;fill:none}.%s .d{stroke:%s;fill:none}", svg->theme, g->grid,
		svg->theme, g->ink, svg->theme, g->muted);
	figure_add(svg, ".%s .p{fill:%s}.%s .o{stroke:%s}.%s .y{fill:%s}.%s .k{paint-order:stroke;stroke:%s;stroke-width:3.5px;"
		"stroke-linejoin:round}", svg->theme, g->ground, svg->theme, g->ground, svg->theme, g->grid, svg->theme, g->ground);
}

static void style(struct figure_svg *svg)
{
	const struct ground *g = &grounds[svg->frame->theme];
	const char *t = svg->theme;

	figure_add(svg, "<style>.%s{font-family:\"Helvetica Neue\",Helvetica,\"Liberation Sans\",Arial,sans-serif;font-size:12px}", t);
	rules_of(svg, g);
	figure_add(svg, ".%s .t{font-size:16px;font-weight:700}.%s .u{font-size:12.5px}.%s .n{font-size:11px}.%s .s{font-size:10px}", t,
		t, t, t);
	figure_add(svg, ".%s .b{font-weight:700}.%s .i{font-style:italic}.%s .e{text-anchor:end}.%s .x{text-anchor:middle}", t, t, t,
		t);
	for (int i = 0; i < TRUCE_FIGURE_COLOURS; i++) {
		figure_add(svg, ".%s .c%d{fill:%s}", t, i, palette[i]);
		figure_add(svg, ".%s .l%d{stroke:%s}", t, i, palette[i]);
	}
	figure_add(svg, ".%s .z{fill:none}", t);
	if (svg->frame->theme == TRUCE_FIGURE_PAGE) {
		figure_add(svg, "@media screen and (prefers-color-scheme:dark){");
		rules_of(svg, &grounds[TRUCE_FIGURE_DARK]);
		figure_add(svg, "}");
	}
	figure_add(svg, "</style>\n");
}

static void add_id(struct figure_svg *svg, char part)
{
	const char *id = svg->frame->id ? svg->frame->id : "figure";
	for (; *id; id++)
		if ((*id >= 'a' && *id <= 'z') || (*id >= 'A' && *id <= 'Z') || (*id >= '0' && *id <= '9') || *id == '-')
			truce_text_add_bytes(svg->out, id, 1);
	truce_text_add(svg->out, "-");
	truce_text_add_bytes(svg->out, &part, 1);
}

void figure_begin(struct figure_svg *svg, double body, const char *kind, const char *made_description)
{
	const truce_figure_frame *frame = svg->frame;
	const char *title[HEAD_LINES], *subtitle[HEAD_LINES], *source[SOURCE_LINES];
	size_t titles = 0, subtitles = 0, sources = 0;
	double inner = svg->right - svg->left, pad = svg->frame->theme == TRUCE_FIGURE_PAGE ? 1 : 16;
	double head = pad, foot = pad;

	if (!frame->bare) {
		titles = figure_wrap(svg, title, HEAD_LINES, frame->title, inner, 16, true);
		if (frame->subtitle)
			subtitles = figure_wrap(svg, subtitle, HEAD_LINES, frame->subtitle, inner, 12.5, false);
		if (frame->source)
			sources = figure_wrap(svg, source, SOURCE_LINES, frame->source, inner, 10, false);
		head += 8 + 20 * (double)titles + 16 * (double)subtitles + 12;
		foot += sources ? 8 + 13 * (double)sources : 2;
	}
	svg->top = head;
	svg->body = body;
	double height = ceil(head + body + foot);

	figure_add(svg, "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"tf %s\" viewBox=\"0 0 %f %f\" width=\"%f\" height=\"%f\" "
		"role=\"img\" aria-labelledby=\"", svg->theme, svg->width, height, svg->width, height);
	add_id(svg, 't');
	figure_add(svg, " ");
	add_id(svg, 'd');
	figure_add(svg, "\" data-kind=\"%s\">\n<title id=\"", kind);
	add_id(svg, 't');
	figure_add(svg, "\">");
	figure_escape(svg->out, frame->title);
	figure_add(svg, "</title>\n<desc id=\"");
	add_id(svg, 'd');
	figure_add(svg, "\">");
	figure_escape(svg->out, frame->description ? frame->description : made_description ? made_description : kind);
	figure_add(svg, "</desc>\n");
	style(svg);
	if (frame->theme != TRUCE_FIGURE_PAGE)
		figure_rect(svg, 0, 0, svg->width, height, "p", 1);
	if (frame->bare)
		return;
	double y = pad;
	figure_line(svg, svg->left, y, svg->right, y, "a", 1.4);
	y += 2;
	for (size_t i = 0; i < titles; i++)
		figure_text(svg, svg->left, y += 20, "t", title[i]);
	for (size_t i = 0; i < subtitles; i++)
		figure_text(svg, svg->left, y += 16, "u m", subtitle[i]);
	y = head + body + 6;
	for (size_t i = 0; i < sources; i++)
		figure_text(svg, svg->left, y += 13, "s m", source[i]);
}

int figure_end(struct figure_svg *svg, int code)
{
	if (code == TRUCE_OK) {
		figure_add(svg, "</svg>\n");
		code = svg->failed ? TRUCE_MEMORY : truce_text_done(svg->out);
	}
	if (code != TRUCE_OK && svg->out->data && svg->out->length > svg->start) {
		svg->out->length = svg->start;
		svg->out->data[svg->start] = 0;
	}
	truce_arena_free(svg->arena);
	return code;
}

/* ---- legend ------------------------------------------------------------------------------------------------------ */

static double legend_walk(struct figure_svg *svg, double y, const char *const *name, const int *colour, size_t count,
	enum figure_key key, bool draw)
{
	double x = svg->left, line = 18;

	if (!name || count == 0 || (count == 1 && (!name[0] || !*name[0])))
		return 0;
	for (size_t i = 0; i < count; i++) {
		const char *text = name[i] ? name[i] : "";
		double w = 15 + figure_text_width(text, FIGURE_SIZE, false);
		if (x > svg->left && x + w > svg->right) {
			x = svg->left;
			line += 17;
		}
		if (draw) {
			int c = figure_colour_index(colour ? colour[i] : -1, i);
			char classes[8];
			snprintf(classes, sizeof classes, "c%d", c);
			if (key == FIGURE_KEY_BLOCK)
				figure_rect(svg, x, y + line - 15, 11, 11, classes, 1);
			else
				figure_mark(svg, x + 5, y + line - 9, 4.2, c, (int)i, false);
			figure_text(svg, x + 15, y + line - 5, "", figure_cut(svg, text, svg->right - x - 15, FIGURE_SIZE, false));
		}
		x += w + 20;
	}
	return line + 6;
}

double figure_legend_height(struct figure_svg *svg, const char *const *name, size_t count)
{
	return legend_walk(svg, 0, name, NULL, count, FIGURE_KEY_MARK, false);
}

void figure_legend(struct figure_svg *svg, double y, const char *const *name, const int *colour, size_t count,
	enum figure_key key)
{
	legend_walk(svg, y, name, colour, count, key, true);
}
