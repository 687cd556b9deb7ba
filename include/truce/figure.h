/* truce/figure.h: charts from arrays and labels, as SVG.
 *
 * One writer and one palette for the note, the manual and the page.  A figure knows nothing of what its
 * numbers mean.  Every figure states its title, its units and, for those who cannot see it, a description
 * (<title>, <desc>); it holds no script, no outside font, no link.  The same input gives the same bytes.
 *
 * Rules that hold for every figure:
 *   - The SVG is appended to `out`; after an error `out` is as it was.
 *   - Labels are UTF-8 and may hold any character; those that XML cannot hold are dropped.
 *   - A value that is not known is NaN.  It is shown as not known ("n.k."), never as 0.  A figure with no
 *     finite value at all is TRUCE_UNKNOWN; one without rows, or beyond TRUCE_FIGURE_MARKS_MAX marks, is
 *     TRUCE_INPUT, TRUCE_LIMIT.  Infinite values count as not known.
 *   - Colours are indices into the palette; -1 lets the figure choose.  Colour never carries meaning alone:
 *     a second sign (place, shape, dash, words) always stands beside it. */
#ifndef TRUCE_FIGURE_H
#define TRUCE_FIGURE_H

#include <truce/base.h>

#ifdef __cplusplus
extern "C" {
#endif

#define TRUCE_FIGURE_MARKS_MAX 20000 /* of one figure: events, points, cells */
#define TRUCE_FIGURE_COLOURS 7

/* Paper: dark ink on white.  Dark: light ink on near-black.  Page: no ground of its own, ink that follows the
 * reader's light or dark screen and is dark in print; for figures inside an HTML page. */
typedef enum { TRUCE_FIGURE_PAPER, TRUCE_FIGURE_DARK, TRUCE_FIGURE_PAGE } truce_figure_theme;

/* "#rrggbb" of a colour of the palette (0 blue, 1 vermilion, 2 green, 3 plum, 4 ochre, 5 grey, 6 rose; taken
 * modulo their number).  Each has a contrast of at least 3:1 against the grounds of both themes, and any two
 * of the first four stay apart for readers with protanopia and deuteranopia (tests/test_figure.c measures it). */
TRUCE_API const char *truce_figure_colour(int index);
TRUCE_API const char *truce_figure_ground(truce_figure_theme theme); /* "#ffffff"; Page as Paper */

typedef struct {
	const char *id;          /* letters, digits, '-'; unique in a page; NULL: "figure" */
	const char *title;       /* says what the figure shows; required */
	const char *subtitle;    /* units and period; may be NULL */
	const char *description; /* for those who cannot see it; NULL: made from the data */
	const char *source;      /* the line at the foot; may be NULL */
	double width;            /* in px at 96 to the inch; 0: 680, the text width of an A4 page; within 240 to 2400 */
	truce_figure_theme theme;
	bool bare;               /* no title, subtitle and source drawn: the page around it says them */
} truce_figure_frame;

/* ---- timeline: events on lanes -------------------------------------------------------------------------- */

typedef struct {
	size_t lane;
	truce_date from;
	truce_date to;     /* the last day of a span; TRUCE_NO_DATE: a point */
	bool open;         /* a span that goes on, its end not known: drawn to the edge with an arrow */
	bool hollow;       /* outlined: not in force, claimed, planned */
	bool diamond;      /* a point drawn as a diamond: a deadline */
	const char *label; /* cut with an ellipsis where it cannot fit, whole in its tooltip */
	int colour;        /* -1: the lane's */
	size_t chain;      /* spans of the same chain (not 0) on a lane stand in one row: a thing that changes over time.  The
	                    * labels of all but the last are shown only where they fit inside */
} truce_figure_event;

typedef struct {
	truce_date from, to;           /* what is shown, both days included; spans are cut at the edges, points outside left out */
	size_t lanes;
	const char *const *lane;       /* [lanes] names */
	const int *lane_colour;        /* [lanes]; NULL: the palette in order */
	size_t events;
	const truce_figure_event *event; /* [events], any order; labels avoid each other */
	truce_date mark;               /* an upright rule ("today"); TRUCE_NO_DATE: none */
	const char *mark_label;
} truce_figure_timeline;

TRUCE_API int truce_figure_draw_timeline(truce_context *ctx, truce_text *out, const truce_figure_frame *frame,
	const truce_figure_timeline *data);

/* ---- gantt: bars with ranges ----------------------------------------------------------------------------- */

typedef struct {
	const char *label;
	const char *group;      /* rows of the same group stand together under its name, in the order given; NULL: none */
	double start, end;      /* end NaN: goes on past the axis */
	double low, high;       /* the range of the end; NaN: none */
	const char *note;       /* at the end of the row; may be NULL */
	int colour;
} truce_figure_task;

typedef struct {
	double from, to;        /* of the axis; equal: chosen */
	bool dates;             /* values are days since 1970-01-01 */
	const char *axis;       /* "weeks after the stop" */
	size_t tasks;
	const truce_figure_task *task;
} truce_figure_gantt;

TRUCE_API int truce_figure_draw_gantt(truce_context *ctx, truce_text *out, const truce_figure_frame *frame,
	const truce_figure_gantt *data);

/* ---- ranges: a value with its interval, by row, series and panel ------------------------------------------ */

typedef struct {
	size_t panels;                   /* beside each other (horizons); at least 1 */
	const char *const *panel;        /* [panels] names; may be NULL where there is one */
	size_t rows;
	const char *const *row;          /* [rows] */
	size_t series;
	const char *const *series_name;  /* [series] */
	const int *series_colour;        /* [series]; NULL: the palette in order */
	const double *value, *low, *high; /* [panels][rows][series]; low and high may be NULL, or NaN in places */
	const char *axis;                /* "change in real income, %" */
	bool own_scales;                 /* each panel its own scale; false: all the same */
} truce_figure_ranges;

TRUCE_API int truce_figure_draw_ranges(truce_context *ctx, truce_text *out, const truce_figure_frame *frame,
	const truce_figure_ranges *data);

/* ---- lines: curves and steps, with fans -------------------------------------------------------------------- */

typedef struct {
	double level;             /* 0.9: what part of the draws lies within */
	const double *low, *high; /* [count] of the series; NaN breaks the band */
} truce_figure_band;

typedef struct {
	const char *name;
	int colour;
	bool step;                /* the value holds until the next x */
	bool dashed;
	size_t count;
	const double *x, *y;      /* [count], x rising; a y of NaN breaks the line */
	size_t bands;
	const truce_figure_band *band; /* widest first */
} truce_figure_series;

typedef struct {
	double at;
	bool upright;             /* at an x; false: at a y */
	const char *label;
} truce_figure_rule;

typedef struct {
	bool dates;               /* x is days since 1970-01-01 */
	const char *x_axis, *y_axis;
	bool from_zero;           /* the y axis holds 0 */
	double height;            /* of the plot; 0: chosen */
	size_t series;
	const truce_figure_series *line;
	size_t rules;
	const truce_figure_rule *rule;
} truce_figure_lines;

TRUCE_API int truce_figure_draw_lines(truce_context *ctx, truce_text *out, const truce_figure_frame *frame,
	const truce_figure_lines *data);

/* ---- bars: lying bars, beside each other or stacked -------------------------------------------------------- */

typedef struct {
	size_t rows;
	const char *const *row;
	size_t series;
	const char *const *series_name; /* [series]; may be NULL where there is one */
	const int *series_colour;
	const double *value;            /* [rows][series] */
	bool stacked;                   /* positive parts to the right of 0, negative to the left; the total printed */
	int decimals;                   /* of the printed numbers; -1: chosen */
	const char *axis;
} truce_figure_bars;

TRUCE_API int truce_figure_draw_bars(truce_context *ctx, truce_text *out, const truce_figure_frame *frame,
	const truce_figure_bars *data);

/* ---- scatter: points and a front --------------------------------------------------------------------------- */

typedef struct {
	size_t points;
	const double *x, *y;            /* [points]; a point with a coordinate not known is left out and counted */
	const char *const *label;       /* [points], entries may be NULL; NULL: none */
	const int *group;               /* [points] index of a group; NULL: all 0 */
	size_t groups;                  /* at least 1 */
	const char *const *group_name;  /* [groups]; may be NULL where there is one */
	const bool *front;              /* [points] on the Pareto front; joined by a stair; NULL: none */
	const char *x_axis, *y_axis;
	bool quadrants;                 /* rules at 0 and 0, where no deal stands; both are then on the axes */
} truce_figure_scatter;

TRUCE_API int truce_figure_draw_scatter(truce_context *ctx, truce_text *out, const truce_figure_frame *frame,
	const truce_figure_scatter *data);

/* ---- heat strip: a value by row and column, as colour -------------------------------------------------------- */

typedef struct {
	size_t rows, columns;
	const char *const *row;    /* [rows] */
	const char *const *column; /* [columns]; those that have no room are left out evenly */
	const double *value;       /* [rows][columns] */
	bool diverging;            /* two colours from 0 outwards; false: one, from the least to the greatest */
	bool numbers;              /* printed in the cells where they fit */
	int decimals;              /* -1: chosen */
	const char *axis;          /* what the colour says */
} truce_figure_heat;

TRUCE_API int truce_figure_draw_heat(truce_context *ctx, truce_text *out, const truce_figure_frame *frame,
	const truce_figure_heat *data);

#ifdef __cplusplus
}
#endif
#endif
