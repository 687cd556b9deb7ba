/* Unit tests of room figure: the palette measured, every figure drawn, whole XML, the same bytes twice, no crash on
 * numbers and labels that no chart should meet, every allocation failing in turn.
 *
 *     build/tests/test_figure --write DIR    writes each figure of this file to DIR, to be looked at */
#include "frame.h"

#include <truce/figure.h>

#include "figure/svg.h"

/* ---- the figures: invented numbers of an invented trade ------------------------------------------------------------ */

enum { DAY0 = 20100 }; /* 2025-01-12 */
#define D(text_) day(text_)

static truce_date day(const char *text)
{
	truce_date d;
	if (truce_date_parse(text, &d) != TRUCE_OK)
		abort();
	return d;
}

static truce_figure_frame frame_of(const char *id, const char *title, const char *subtitle)
{
	return (truce_figure_frame){.id = id, .title = title, .subtitle = subtitle, .source = "Source: invented for the tests of Truce."};
}

static int timeline(truce_context *ctx, truce_text *out, truce_figure_theme theme)
{
	static const char *const lanes[] = {"Xland on Yland", "Yland on Xland", "Truces and talks", "Threats and offers"};
	static const int colours[] = {0, 1, 2, 3};
	truce_figure_event e[] = {
		{0, D("2025-02-04"), D("2025-03-03"), false, false, false, "+10 pp", -1, 1},
		{0, D("2025-03-04"), D("2025-11-20"), true, false, false, "tariff on all goods, +20 pp", -1, 1},
		{0, D("2025-05-14"), D("2025-11-10"), false, true, false, "24 points suspended", -1, 0},
		{0, D("2025-05-28"), D("2025-07-03"), false, false, false, "licences for engines suspended", -1, 0},
		{1, D("2025-02-10"), D("2025-11-20"), true, false, false, "tariffs on coal and gas", -1, 0},
		{1, D("2025-04-04"), D("2025-11-20"), true, false, false, "export licences for seven metals", -1, 0},
		{1, D("2025-05-14"), D("2025-11-10"), false, true, false, "24 points suspended", -1, 0},
		{2, D("2025-05-10"), TRUCE_NO_DATE, false, false, false, "first round", -1, 0},
		{2, D("2025-06-09"), TRUCE_NO_DATE, false, false, false, "second round", -1, 0},
		{2, D("2025-07-28"), TRUCE_NO_DATE, false, false, false, "third round", -1, 0},
		{2, D("2025-08-27"), TRUCE_NO_DATE, false, true, false, "envoy expected", -1, 0},
		{2, D("2025-05-14"), D("2025-11-10"), false, false, false, "truce", -1, 0},
		{2, D("2025-11-10"), TRUCE_NO_DATE, false, false, true, "truce ends", -1, 0},
		{3, D("2025-08-25"), TRUCE_NO_DATE, false, true, false, "threat: 200 % unless magnets flow", -1, 0},
		{3, D("2025-08-26"), TRUCE_NO_DATE, false, true, false, "demand: the 20 % goes first", -1, 0},
		{3, D("2025-08-26"), TRUCE_NO_DATE, false, true, false, "demand: freer technology", -1, 0}};
	truce_figure_timeline data = {D("2025-01-15"), D("2025-11-25"), 4, lanes, colours, sizeof e / sizeof *e, e, D("2025-08-28"),
		"28 August"};
	truce_figure_frame frame = frame_of("timeline", "The truce runs out in November",
		"Measures in force (solid), suspended or claimed (outlined), meetings and deadlines, 2025");
	frame.theme = theme;
	return truce_figure_draw_timeline(ctx, out, &frame, &data);
}

static int gantt(truce_context *ctx, truce_text *out, truce_figure_theme theme)
{
	static const truce_figure_task tasks[] = {
		{"Passenger cars", "Sintered magnets", 0, 38, 21, 62, "stops on day 38", 0},
		{"Wind turbines", "Sintered magnets", 0, 71, 49, 110, "stops on day 71", 0},
		{"Industrial machinery", "Sintered magnets", 0, 95, 60, 140, "slows on day 95", 0},
		{"Defence electronics", "Sintered magnets", 0, NAN, NAN, NAN, "no stop in the year", 0},
		{"Narrow-body aircraft", "Aircraft engines and parts", 0, 55, 40, 84, "55 of 2,300 stand", 1},
		{"Wide-body aircraft", "Aircraft engines and parts", 0, 120, 90, 160, "12 of 900 stand", 1},
		{"Helicopters", "Aircraft engines and parts", NAN, NAN, NAN, NAN, NULL, 1}};
	truce_figure_gantt data = {0, 0, false, "days after the stop; the pale part is the 90\u202f% range of the stop date",
		sizeof tasks / sizeof *tasks, tasks};
	truce_figure_frame frame = frame_of("gantt", "Cars stop first", "Days of production left after an export stop");
	frame.theme = theme;
	return truce_figure_draw_gantt(ctx, out, &frame, &data);
}

static int ranges(truce_context *ctx, truce_text *out, truce_figure_theme theme)
{
	static const char *const rows[] = {"X drops its 20 %", "The suspended 24 points return", "X raises to 200 %",
		"Y stops buying soybeans", "X frees technology sales"};
	static const char *const panels[] = {"This quarter", "Two years", "Long run"};
	static const char *const series[] = {"Xland", "Yland", "Rest of the world"};
	double v[3][5][3], lo[3][5][3], hi[3][5][3];
	for (int p = 0; p < 3; p++)
		for (int r = 0; r < 5; r++)
			for (int s = 0; s < 3; s++) {
				static const double base[5][3] = {{.06, .07, -.01}, {-.12, -.15, .02}, {-.49, -.31, .06}, {-.05, -.02, .01}, {.03, .12, -.01}};
				v[p][r][s] = base[r][s] * (p == 0 ? .6 : p == 1 ? 1.2 : 1);
				lo[p][r][s] = v[p][r][s] - fabs(base[r][s]) * .35 - .01;
				hi[p][r][s] = v[p][r][s] + fabs(base[r][s]) * .3 + .01;
			}
	v[0][4][0] = v[0][4][1] = NAN;
	truce_figure_ranges data = {3, panels, 5, rows, 3, series, NULL, &v[0][0][0], &lo[0][0][0], &hi[0][0][0],
		"change in real income, %, with the 90\u202f% range", false};
	truce_figure_frame frame = frame_of("ranges", "The 200 % tariff would hurt the one who raises it most",
		"Real income by party at three horizons, against the state of 28 August");
	frame.theme = theme;
	return truce_figure_draw_ranges(ctx, out, &frame, &data);
}

static int lines(truce_context *ctx, truce_text *out, truce_figure_theme theme)
{
	enum { N = 53 };
	double x[N], y[3][N], lo[2][N], hi[2][N];
	for (int i = 0; i < N; i++) {
		x[i] = i;
		y[0][i] = i < 5 ? 0 : -4.5 * (1 - exp(-(i - 5) / 9.0)) * exp(-i / 60.0);
		y[1][i] = i < 9 ? 0 : -2.4 * (1 - exp(-(i - 9) / 6.0));
		y[2][i] = i < 20 ? -.1 : -.35;
		for (int b = 0; b < 2; b++) {
			lo[b][i] = y[0][i] * (b ? 1.25 : 1.6);
			hi[b][i] = y[0][i] * (b ? .8 : .5);
		}
	}
	truce_figure_band bands[] = {{.9, lo[0], hi[0]}, {.5, lo[1], hi[1]}};
	truce_figure_series s[] = {{"Xland", 0, false, false, N, x, y[0], 2, bands}, {"Yland", 1, false, false, N, x, y[1], 0, NULL},
		{"others", 5, false, true, N, x, y[2], 0, NULL}};
	truce_figure_rule rules[] = {{11, true, "truce ends"}};
	truce_figure_lines data = {false, "weeks after the stop", "output lost, % of normal", true, 0, 3, s, 1, rules};
	truce_figure_frame frame = frame_of("lines", "Stocks last five weeks, then a quarter is lost fast",
		"Weekly output after a stop of magnet exports");
	frame.theme = theme;
	return truce_figure_draw_lines(ctx, out, &frame, &data);
}

static int steps(truce_context *ctx, truce_text *out, truce_figure_theme theme)
{
	double x1[] = {D("2018-01-01"), D("2018-07-06"), D("2018-09-24"), D("2019-05-10"), D("2019-09-01"), D("2020-02-14"), D("2025-02-04"),
		D("2025-03-04"), D("2025-04-10"), D("2025-05-14"), D("2025-08-28")};
	double y1[] = {3.1, 6.5, 12, 17.6, 21, 19.3, 30.8, 42.1, 134.7, 51.1, 51.1};
	double x2[] = {D("2018-01-01"), D("2018-07-06"), D("2018-09-24"), D("2019-06-01"), D("2020-02-14"), D("2025-02-10"), D("2025-04-10"),
		D("2025-05-14"), D("2025-08-28")};
	double y2[] = {8, 10.1, 18.3, 21.8, 20.3, 22.6, 147.6, 32.6, 32.6};
	truce_figure_series s[] = {{"X on Y", 0, true, false, 11, x1, y1, 0, NULL}, {"Y on X", 1, true, false, 9, x2, y2, 0, NULL}};
	truce_figure_rule rules[] = {{100, false, "100 %: a duty as high as the good"}};
	truce_figure_lines data = {true, NULL, "average tariff, %", true, 0, 2, s, 1, rules};
	truce_figure_frame frame = frame_of("steps", "Up in a week, down in a month", "Trade-weighted average tariff, by day");
	frame.theme = theme;
	return truce_figure_draw_lines(ctx, out, &frame, &data);
}

static int stacked(truce_context *ctx, truce_text *out, truce_figure_theme theme)
{
	static const char *const rows[] = {"Permanent magnet", "Passenger car", "T-shirt", "Smartphone", "Toy"};
	static const char *const series[] = {"Normal duty", "List of 2018", "Emergency: drugs", "Emergency: reciprocal", "Security"};
	static const double v[] = {2.1, 0, 20, 10, 0, 2.5, 25, 20, 0, 25, 16.5, 7.5, 20, 10, 0, 0, 0, 20, 0, 0, 0, 0, 20, NAN, 0};
	truce_figure_bars data = {5, rows, 5, series, NULL, v, true, 1, "duty, % of value"};
	truce_figure_frame frame = frame_of("stacked", "Five layers make the duty", "Duty on goods of Yland entering Xland, 27 August 2025");
	frame.theme = theme;
	return truce_figure_draw_bars(ctx, out, &frame, &data);
}

static int bars(truce_context *ctx, truce_text *out, truce_figure_theme theme)
{
	static const char *const rows[] = {"Machines", "Electronics", "Farm goods", "Aircraft", "Chemicals"};
	static const char *const series[] = {"Xland", "Yland"};
	static const double v[] = {-4.2, 1.9, 2.8, -6.1, -9.4, 0.8, -1.1, NAN, .6, -.9};
	truce_figure_bars data = {5, rows, 2, series, NULL, v, false, 1, "change in output, billion dollars a year"};
	truce_figure_frame frame = frame_of("bars", "Farms pay for it", "Output by sector if the truce lapses, long run");
	frame.theme = theme;
	return truce_figure_draw_bars(ctx, out, &frame, &data);
}

static int scatter(truce_context *ctx, truce_text *out, truce_figure_theme theme)
{
	enum { N = 160 };
	double x[N], y[N];
	const char *label[N] = {NULL};
	int group[N];
	bool front[N];
	for (int i = 0; i < N; i++) {
		double a = truce_draw_uniform(7, (uint64_t)i, 0) * 1.9 - .25, r = sqrt(truce_draw_uniform(7, (uint64_t)i, 1));
		x[i] = 14 * r * cos(a) - 3;
		y[i] = 9 * r * sin(a) + .5;
		group[i] = i % 5 == 0;
	}
	for (int i = 0; i < N; i++) {
		front[i] = true;
		for (int j = 0; j < N; j++)
			front[i] = front[i] && !(x[j] >= x[i] && y[j] >= y[i] && (x[j] > x[i] || y[j] > y[i]));
	}
	const char *names[] = {"drop 20, buy soybeans", "extend", "free chips", "all in", "drop 10", "buy only", "parts for magnets"};
	int n = 0;
	for (int i = 0; i < N && n < 7; i++)
		if (front[i])
			label[i] = names[n++];
	x[3] = NAN;
	static const char *const groups[] = {"without technology", "with technology"};
	truce_figure_scatter data = {N, x, y, label, group, 2, groups, front, "gain of Xland, billion dollars a year",
		"gain of Yland, billion dollars a year", true};
	truce_figure_frame frame = frame_of("scatter", "Seven packages cannot be bettered for both",
		"All packages against the truce as it stands; filled: nothing is better for both");
	frame.theme = theme;
	return truce_figure_draw_scatter(ctx, out, &frame, &data);
}

static int heat(truce_context *ctx, truce_text *out, truce_figure_theme theme)
{
	static const char *const rows[] = {"X on Y", "Y on X", "X on others", "Magnet exports"};
	static const char *const columns[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
	double v[4 * 12];
	for (int i = 0; i < 48; i++)
		v[i] = 20 * sin(i / 5.0) + i % 7;
	v[5] = NAN;
	truce_figure_heat data = {4, 12, rows, columns, v, true, true, 0, "points against January"};
	truce_figure_frame frame = frame_of("heat", "A year at a glance", "Change of the average tariff, percentage points, by month");
	frame.theme = theme;
	return truce_figure_draw_heat(ctx, out, &frame, &data);
}

typedef int (*drawing)(truce_context *ctx, truce_text *out, truce_figure_theme theme);
static const struct { const char *name; drawing draw; } drawings[] = {{"timeline", timeline}, {"gantt", gantt}, {"ranges", ranges},
	{"lines", lines}, {"steps", steps}, {"stacked", stacked}, {"bars", bars}, {"scatter", scatter}, {"heat", heat}};
enum { DRAWINGS = sizeof drawings / sizeof *drawings };

/* ---- tests ------------------------------------------------------------------------------------------------------------ */

static truce_context *ctx;
static truce_text out;

static void begin(void)
{
	ck_assert_int_eq(truce_context_new(&ctx, NULL), TRUCE_OK);
	truce_text_init(&out, ctx);
}

static void end(void)
{
	truce_text_free(&out);
	truce_context_free(ctx);
}

static void linear(const char *hex, double rgb[3])
{
	for (int i = 0; i < 3; i++) {
		char two[3] = {hex[1 + 2 * i], hex[2 + 2 * i], 0};
		double v = (double)strtol(two, NULL, 16) / 255;
		rgb[i] = v <= 0.04045 ? v / 12.92 : pow((v + 0.055) / 1.055, 2.4);
	}
}

static double luminance(const double rgb[3])
{
	return 0.2126 * rgb[0] + 0.7152 * rgb[1] + 0.0722 * rgb[2];
}

static double contrast(const char *a, const char *b)
{
	double x[3], y[3];
	linear(a, x);
	linear(b, y);
	double p = luminance(x), q = luminance(y);
	return (fmax(p, q) + .05) / (fmin(p, q) + .05);
}

static void lab(const double rgb[3], double out_lab[3])
{
	static const double m[3][3] = {{.4124, .3576, .1805}, {.2126, .7152, .0722}, {.0193, .1192, .9505}};
	static const double white[3] = {.9505, 1, 1.089};
	double f[3];
	for (int i = 0; i < 3; i++) {
		double v = (m[i][0] * rgb[0] + m[i][1] * rgb[1] + m[i][2] * rgb[2]) / white[i];
		f[i] = v > .008856 ? cbrt(v) : 7.787 * v + 16.0 / 116;
	}
	out_lab[0] = 116 * f[1] - 16;
	out_lab[1] = 500 * (f[0] - f[1]);
	out_lab[2] = 200 * (f[1] - f[2]);
}

/* Machado, Oliveira and Fernandes (2009), severity 1: no red, no green cones. */
static const double blind[3][3][3] = {{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}},
	{{.152286, 1.052583, -.204868}, {.114503, .786281, .099216}, {-.003882, -.048116, 1.051998}},
	{{.367322, .860646, -.227968}, {.280085, .672501, .047413}, {-.011820, .042940, .968881}}};

static double distance(const char *a, const char *b, int eyes)
{
	double p[3], q[3], sp[3], sq[3], lp[3], lq[3];
	linear(a, p);
	linear(b, q);
	for (int i = 0; i < 3; i++) {
		sp[i] = fmax(0, blind[eyes][i][0] * p[0] + blind[eyes][i][1] * p[1] + blind[eyes][i][2] * p[2]);
		sq[i] = fmax(0, blind[eyes][i][0] * q[0] + blind[eyes][i][1] * q[1] + blind[eyes][i][2] * q[2]);
	}
	lab(sp, lp);
	lab(sq, lq);
	return sqrt(pow(lp[0] - lq[0], 2) + pow(lp[1] - lq[1], 2) + pow(lp[2] - lq[2], 2));
}

START_TEST(colours_stand_out_and_apart)
{
	for (int i = 0; i < TRUCE_FIGURE_COLOURS; i++) {
		ck_assert_msg(contrast(truce_figure_colour(i), truce_figure_ground(TRUCE_FIGURE_PAPER)) >= 3, "colour %d on paper", i);
		ck_assert_msg(contrast(truce_figure_colour(i), truce_figure_ground(TRUCE_FIGURE_DARK)) >= 3, "colour %d on dark", i);
	}
	for (int eyes = 0; eyes < 3; eyes++)
		for (int i = 0; i < 4; i++)
			for (int j = 0; j < i; j++) {
				double d = distance(truce_figure_colour(i), truce_figure_colour(j), eyes);
				ck_assert_msg(d >= 25, "colours %d and %d, eyes %d: %.1f apart", j, i, eyes, d);
			}
	ck_assert_str_eq(truce_figure_colour(-1), truce_figure_colour(TRUCE_FIGURE_COLOURS - 1));
}
END_TEST

/* Well-formed enough: tags nest, attributes are quoted, no raw & or < in text.  Returns the depth left, or -1. */
static int nesting(const char *p)
{
	int depth = 0;
	while (*p) {
		if (*p == '&' && !strchr("agqlx#", p[1]))
			return -1;
		if (*p++ != '<')
			continue;
		bool closing = *p == '/', quoted = false;
		char last = 0;
		for (; *p && (quoted || *p != '>'); p++) {
			if (*p == '"')
				quoted = !quoted;
			else if (*p == '<' )
				return -1;
			last = *p;
		}
		if (!*p++)
			return -1;
		depth += closing ? -1 : last == '/' ? 0 : 1;
		if (depth < 0)
			return -1;
	}
	return depth;
}

START_TEST(every_figure_is_whole_named_and_the_same_twice)
{
	begin();
	for (int d = 0; d < DRAWINGS; d++)
		for (truce_figure_theme theme = TRUCE_FIGURE_PAPER; theme <= TRUCE_FIGURE_PAGE; theme++) {
			truce_text again;
			truce_text_init(&again, ctx);
			truce_text_clear(&out);
			ck_assert_int_eq(drawings[d].draw(ctx, &out, theme), TRUCE_OK);
			ck_assert_int_eq(drawings[d].draw(ctx, &again, theme), TRUCE_OK);
			ck_assert_str_eq(out.data, again.data);
			ck_assert_msg(nesting(out.data) == 0, "%s", drawings[d].name);
			ck_assert_ptr_nonnull(strstr(out.data, "<title id=\""));
			ck_assert_ptr_nonnull(strstr(out.data, "<desc id=\""));
			ck_assert_ptr_null(strstr(out.data, "<script"));
			ck_assert_ptr_null(strstr(out.data, "nan"));
			ck_assert_ptr_null(strstr(out.data, "inf\""));
			ck_assert_ptr_null(strstr(out.data, "url("));
			truce_text_free(&again);
		}
	end();
}
END_TEST

START_TEST(numbers_for_people)
{
	char b[48];
	ck_assert_str_eq(figure_number(b, 1234567.4, 0), "1,234,567");
	ck_assert_str_eq(figure_number(b, -0.126, 2), "\u22120.13");
	ck_assert_str_eq(figure_number(b, -0.001, 2), "0.00");
	ck_assert_str_eq(figure_number(b, 999.996, 2), "1,000.00");
	ck_assert_str_eq(figure_number(b, 0.1234, -1), "0.123");
	ck_assert_str_eq(figure_number(b, NAN, 2), "n.k.");
	ck_assert_str_eq(figure_number(b, INFINITY, 2), "n.k.");
	figure_number(b, -1e99, 6);
	figure_number(b, 9e14, 6);
}
END_TEST

START_TEST(labels_of_any_bytes)
{
	static const char *const rows[] = {"<b> & \"quotes\" ]]>", "\x01\x1b[31m", "\xff\xfe\xc0\x80", ("\u7a00\u571f\u78c1\u4f53 a very long name that cannot fit "
		"where it should stand, whatever the reader may wish for it to do there"), ""};
	double v[] = {1, -2, 3, 0, 1e99};
	truce_figure_bars data = {5, rows, 1, NULL, NULL, v, false, -1, "\n\t&"};
	truce_figure_frame frame = {.id = "x\" onload=\"y", .title = "<script>alert(1)</script>", .width = 240};
	begin();
	ck_assert_int_eq(truce_figure_draw_bars(ctx, &out, &frame, &data), TRUCE_OK);
	ck_assert_int_eq(nesting(out.data), 0);
	ck_assert_ptr_null(strstr(out.data, "<script"));
	ck_assert_ptr_null(strstr(out.data, "onload=\""));
	ck_assert_ptr_null(strchr(out.data, 0x1b));
	ck_assert_ptr_null(strchr(out.data, 0xff));
	end();
}
END_TEST

START_TEST(what_is_not_known_is_never_zero)
{
	static const char *const rows[] = {"a", "b"};
	double none[] = {NAN, INFINITY}, some[] = {NAN, 1};
	truce_figure_frame frame = {.title = "t"};
	begin();
	truce_text_add(&out, "before");
	truce_figure_bars bars_data = {2, rows, 1, NULL, NULL, none, false, -1, NULL};
	ck_assert_int_eq(truce_figure_draw_bars(ctx, &out, &frame, &bars_data), TRUCE_UNKNOWN);
	ck_assert_str_eq(out.data, "before");
	bars_data.value = some;
	ck_assert_int_eq(truce_figure_draw_bars(ctx, &out, &frame, &bars_data), TRUCE_OK);
	ck_assert_ptr_nonnull(strstr(out.data, "not known"));
	bars_data.rows = 0;
	ck_assert_int_eq(truce_figure_draw_bars(ctx, &out, &frame, &bars_data), TRUCE_INPUT);
	bars_data.rows = TRUCE_FIGURE_MARKS_MAX + 1;
	ck_assert_int_eq(truce_figure_draw_bars(ctx, &out, &frame, &bars_data), TRUCE_LIMIT);
	frame.title = NULL;
	bars_data.rows = 2;
	ck_assert_int_eq(truce_figure_draw_bars(ctx, &out, &frame, &bars_data), TRUCE_USAGE);
	end();
}
END_TEST

START_TEST(axes_of_any_numbers)
{
	static const double ends[] = {0, 1, -1, 1e-300, 1e300, -1e300, 1e99, 5e-324, 1e15, 1e15 + 1, NAN, INFINITY, 0.1, 1e9, -1e-9};
	enum { N = sizeof ends / sizeof *ends };
	struct figure_scale scale;
	for (int i = 0; i < N; i++)
		for (int j = 0; j < N; j++)
			for (int k = 0; k < 4; k++) {
				figure_scale_set(&scale, ends[i], ends[j], 500, 60, k & 1, k & 2);
				ck_assert_uint_le(scale.ticks, FIGURE_TICKS_MAX);
				scale.from = 0;
				scale.to = 500;
				double x = figure_x(&scale, ends[j]);
				ck_assert(x >= 0 && x <= 500);
			}
	figure_scale_set(&scale, D("2025-01-15"), D("2025-11-25"), 560, 64, false, true);
	ck_assert_uint_eq(scale.ticks, 5);
	ck_assert_str_eq(scale.label[0], "Mar");
	ck_assert_str_eq(scale.second[0], "2025");
}
END_TEST

START_TEST(labels_of_a_timeline_do_not_meet)
{
	/* Forty events in a week, one after the other on one lane: the rows must hold them apart, so the text must stand
	 * at as many heights as it needs. */
	static const char *const lanes[] = {"all"};
	truce_figure_event e[40];
	truce_figure_frame frame = {.title = "t", .width = 400};
	begin();
	for (int i = 0; i < 40; i++)
		e[i] = (truce_figure_event){0, DAY0 + i % 7, i % 3 ? TRUCE_NO_DATE : DAY0 + 60, i % 5 == 0, i % 2, i % 4 == 0,
			"an event with a long label of many words", -1, 0};
	truce_figure_timeline data = {DAY0 - 10, DAY0 + 80, 1, lanes, NULL, 40, e, DAY0, "now"};
	ck_assert_int_eq(truce_figure_draw_timeline(ctx, &out, &frame, &data), TRUCE_OK);
	double seen[200][2];
	int count = 0;
	for (const char *p = out.data; (p = strstr(p, "<text x=\"")); p++) {
		double x = strtod(p + 9, NULL), y = strtod(strstr(p, " y=\"") + 4, NULL);
		const char *text = strchr(p, '>') + 1;
		if (strncmp(text, "an event", 8) != 0)
			continue;
		for (int i = 0; i < count; i++)
			ck_assert_msg(fabs(seen[i][1] - y) > 12 || fabs(seen[i][0] - x) > 150, "two labels meet at %g, %g", x, y);
		seen[count][0] = x;
		seen[count++][1] = y;
	}
	ck_assert_int_eq(count, 40);
	end();
}
END_TEST

static int draw_all(truce_context *context, void *user)
{
	truce_text text;
	int code = TRUCE_OK;
	(void)user;
	for (int d = 0; d < DRAWINGS && code == TRUCE_OK; d++) {
		truce_text_init(&text, context);
		code = drawings[d].draw(context, &text, TRUCE_FIGURE_PAPER);
		truce_text_free(&text);
	}
	return code;
}

START_TEST(every_allocation_may_fail)
{
	truce_fail_every_allocation(draw_all, NULL);
}
END_TEST

static int write_all(const char *folder)
{
	if (truce_context_new(&ctx, NULL) != TRUCE_OK)
		return 5;
	truce_text_init(&out, ctx);
	for (int d = 0; d < DRAWINGS; d++)
		for (truce_figure_theme theme = TRUCE_FIGURE_PAPER; theme <= TRUCE_FIGURE_PAGE; theme++) {
			char path[512];
			truce_text_clear(&out);
			snprintf(path, sizeof path, "%s/%s%s.svg", folder, drawings[d].name, theme == TRUCE_FIGURE_DARK ? "-dark" : theme == TRUCE_FIGURE_PAGE ? "-page" : "");
			if (drawings[d].draw(ctx, &out, theme) != TRUCE_OK || truce_file_write(ctx, path, out.data, out.length) != TRUCE_OK)
				return 1;
		}
	end();
	return 0;
}

int main(int argc, char **argv)
{
	if (argc == 3 && strcmp(argv[1], "--write") == 0)
		return write_all(argv[2]);
	return truce_test_main("figure", (const truce_test[]){T(colours_stand_out_and_apart), T(numbers_for_people),
		T(every_figure_is_whole_named_and_the_same_twice), T(labels_of_any_bytes), T(what_is_not_known_is_never_zero),
		T(axes_of_any_numbers), T(labels_of_a_timeline_do_not_meet), T(every_allocation_may_fail), {0}});
}
