/* figure, private: the one SVG writer.  Places text, marks, frames and axes; knows no kind of chart. */
#ifndef FIGURE_SVG_H
#define FIGURE_SVG_H

#include <truce/figure.h>

#include <math.h>
#include <string.h>

/* Text sizes in px; the widths below are Helvetica's, which the font list's members share. */
#define FIGURE_SIZE 12.0
#define FIGURE_SMALL 11.0

struct figure_svg {
	truce_context *ctx;
	truce_text *out;
	truce_arena *arena; /* scratch of this figure */
	size_t start;       /* length of out before */
	const truce_figure_frame *frame;
	double width;
	double left, right; /* of the body */
	double top;         /* of the body, once begun */
	double body;        /* height of the body */
	const char *theme;
	bool failed;        /* the scratch could not be had; figure_end says so */
};

/* set_up checks the frame and takes scratch; begin writes the head once the body's height is known; end closes
 * and gives the scratch back, or on an error takes back what was written.  Each figure is
 *     set_up, layout, begin, marks, end. */
int figure_set_up(struct figure_svg *svg, truce_context *ctx, truce_text *out, const truce_figure_frame *frame,
	size_t marks);
void figure_begin(struct figure_svg *svg, double body, const char *kind, const char *made_description);
int figure_end(struct figure_svg *svg, int code);

void figure_add(struct figure_svg *svg, const char *fmt, ...) TRUCE_PRINTF(2, 3); /* plain SVG */
void figure_escape(truce_text *out, const char *text);                           /* for text and attributes */
/* Text with classes: "m" muted, "b" bold, "i" italic, "n" small, "s" smallest, "e" ends at x, "x" centred on x,
 * "k" with a halo of the ground, "w" white. */
void figure_text(struct figure_svg *svg, double x, double y, const char *classes, const char *text);
void figure_line(struct figure_svg *svg, double x1, double y1, double x2, double y2, const char *classes, double width);
void figure_rect(struct figure_svg *svg, double x, double y, double w, double h, const char *classes, double opacity);
void figure_tip(struct figure_svg *svg, const char *text); /* opens a group with a tooltip */
void figure_close_tip(struct figure_svg *svg);
/* A point's sign: colour and shape (0 circle, 1 square, 2 diamond, 3 triangle, ...). */
void figure_mark(struct figure_svg *svg, double x, double y, double r, int colour, int shape, bool hollow);

double figure_text_width(const char *text, double size, bool bold);
/* Formats into the scratch; "" where there is no memory, which figure_end reports. */
const char *figure_words(struct figure_svg *svg, const char *fmt, ...) TRUCE_PRINTF(2, 3);
/* Cuts `text` to `width`, with an ellipsis; in the scratch. */
const char *figure_cut(struct figure_svg *svg, const char *text, double width, double size, bool bold);
/* Breaks into lines of at most `width`, at most `most` of them (the last one cut); returns how many. */
size_t figure_wrap(struct figure_svg *svg, const char **lines, size_t most, const char *text, double width, double size,
	bool bold);
/* Text for people: 1,234.5 with a true minus.  decimals -1: three significant digits. */
char *figure_number(char buffer[48], double value, int decimals);
bool figure_known(double value);
int figure_colour_index(int colour, size_t otherwise);

/* ---- scales ---- */

#define FIGURE_TICKS_MAX 64

struct figure_scale {
	double low, high;   /* data */
	double from, to;    /* px */
	bool dates;
	size_t ticks;
	double tick[FIGURE_TICKS_MAX];
	char label[FIGURE_TICKS_MAX][24];
	char second[FIGURE_TICKS_MAX][8]; /* dates: the year below, "" mostly */
	int decimals;
};

/* Takes in a value that is known. */
void figure_extend(double *low, double *high, double value);
/* Chooses ticks for [low, high] over `length` px; `round` moves the ends out to ticks. */
void figure_scale_set(struct figure_scale *scale, double low, double high, double length, double spacing, bool round,
	bool dates);
double figure_x(const struct figure_scale *scale, double value); /* clamped to the ends */

/* The lying axis below a plot: ticks, labels, gridlines up to `top`, its title.  Height it takes: */
double figure_x_axis_height(const struct figure_scale *scale, const char *title);
void figure_x_axis(struct figure_svg *svg, const struct figure_scale *scale, double top, double bottom,
	const char *title);

/* A legend over the plot: sign and name, wrapped.  Height it takes (0 where there is nothing to tell apart). */
enum figure_key { FIGURE_KEY_MARK, FIGURE_KEY_BLOCK };
double figure_legend_height(struct figure_svg *svg, const char *const *name, size_t count);
void figure_legend(struct figure_svg *svg, double y, const char *const *name, const int *colour, size_t count,
	enum figure_key key);

#endif
