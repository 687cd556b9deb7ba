/* Unit tests of the duty by layers: on a record of two invented countries, stacking as data. */
#include "frame.h"

#include <truce/tariff.h>

static const char base[] =
	"parties:\n  X: {name: Xland, type: state, zone: UTC, codes: xt}\n  Y: {name: Yland, type: state, zone: UTC}\n"
	"sources:\n  law: {outlet: Gazette of X, date: 2020-01-01, kind: official}\n"
	"authorities:\n  a: {name: Law A, of: X, known: {from: 2020-01-01}}\n  b: {name: Law B, of: X, known: {from: 2020-01-01}}\n"
	"  c: {name: Law C, of: X, known: {from: 2020-01-01}}\n"
	"goods:\n  cloth:\n    codes: [xt:5208.11]\n    complete_into: [X]\n    normal_duty: [{into: X, rate: 5%, sources: [law]}]\n"
	"measures:\n"
	"  one: {act: {by: X, do: impose, instrument: tariff, against: Y, goods: all, level: {add: 10, unit: pp}}, stands_on: a, valid: 2020-01-02, known: 2020-01-01, sources: [law]}\n"
	"  two: {act: {by: X, do: impose, instrument: tariff, against: Y, goods: all, level: {add: 25, unit: pp}}, stands_on: b, valid: 2020-01-02, known: 2020-01-01, sources: [law]}\n"
	"  three: {act: {by: X, do: impose, instrument: tariff, against: Y, goods: all, level: {add: 7, unit: pp}}, stands_on: c, valid: 2020-01-02, known: 2020-01-01, sources: [law]}\n";

/* The duty on cloth on 1 June 2020, as known then, with what is added to the record, and with other goods than the base's. */
static truce_tariff_rate rate_of_text(const char *added, bool other_goods)
{
	truce_context *ctx;
	truce_record *record;
	truce_arena *arena;
	truce_tariff_duty *duty;
	char text[8192];
	truce_time day;
	const char *goods = strstr(base, "goods:\n"), *measures = strstr(base, "measures:\n");
	snprintf(text, sizeof text, "%.*s%s%s", (int)((other_goods ? goods : measures) - base), base, measures, added);
	ck_assert_int_eq(truce_context_new(&ctx, NULL), TRUCE_OK);
	int status = truce_record_open_text(ctx, &record, "x.yaml", text, strlen(text));
	ck_assert_msg(status == TRUCE_OK, "%s", status ? truce_diagnostic_at(ctx, 0)->what : "");
	ck_assert_int_eq(truce_arena_new(ctx, &arena), TRUCE_OK);
	ck_assert_int_eq(truce_time_parse("2020-06-01", &day), TRUCE_OK);
	truce_tariff_question ask = {.record = record, .clocks = truce_clocks_at(day, day), .from = "Y", .into = "X"};
	ck_assert_int_eq(truce_tariff_duty_of(ctx, arena, &duty, &ask, "cloth"), TRUCE_OK);
	truce_tariff_rate rate = {duty->ad_valorem, duty->low, duty->high};
	truce_arena_free(arena);
	truce_record_close(record);
	truce_context_free(ctx);
	return rate;
}

static truce_tariff_rate rate_with(const char *added)
{
	return rate_of_text(added, false);
}

static double duty_with(const char *stackings)
{
	return rate_with(stackings).ad_valorem;
}

START_TEST(without_rules_all_layers_add)
{
	ck_assert_double_eq_tol(duty_with(""), 0.05 + 0.10 + 0.25 + 0.07, 1e-12);
}
END_TEST

START_TEST(stacking_is_data)
{
	ck_assert_double_eq_tol(duty_with("stackings:\n  s: {into: X, valid: 2020-01-01, known: 2020-01-01, classes: ["
		"{class: k, combine: max, authorities: [a, b]}, {class: c, combine: sum, authorities: [c]}]}\n"), 0.05 + 0.25 + 0.07, 1e-12);
	ck_assert_double_eq_tol(duty_with("stackings:\n  s: {into: X, valid: 2020-01-01, known: 2020-01-01, classes: ["
		"{class: a, combine: sum, authorities: [a]}, {class: b, combine: sum, authorities: [b], gives_way_to: [a]},"
		"{class: c, combine: sum, authorities: [c]}]}\n"), 0.05 + 0.10 + 0.07, 1e-12);
	/* The same rules in an era that has not begun change nothing. */
	ck_assert_double_eq_tol(duty_with("stackings:\n  s: {into: X, valid: 2021-01-01, known: 2020-01-01, classes: ["
		"{class: k, combine: max, authorities: [a, b, c]}]}\n"), 0.47, 1e-12);
}
END_TEST

/* No day looks ahead: rules that become known later do not end those that stand, also where they reach back. */
START_TEST(the_rules_known_last_stand)
{
	static const char first[] = "stackings:\n  s: {into: X, valid: 2020-01-01, known: 2020-01-01, classes: [{class: k, combine: max, authorities: [a, b]}]}\n"
		"  t: {into: X, valid: 2020-02-01, known: %s, classes: [{class: k, combine: max, authorities: [a, b, c]}]}\n";
	char text[1024];
	snprintf(text, sizeof text, first, "2020-08-01");
	ck_assert_double_eq_tol(duty_with(text), 0.05 + 0.25 + 0.07, 1e-12);
	snprintf(text, sizeof text, first, "2020-05-01");
	ck_assert_double_eq_tol(duty_with(text), 0.05 + 0.25, 1e-12);
}
END_TEST

/* Where the highest of a class is a range, what is left of the class is no less than the other. */
START_TEST(the_highest_that_is_a_range_leaves_the_other)
{
	truce_tariff_rate rate = rate_with("  four: {act: {by: X, do: impose, instrument: tariff, against: Y, goods: all, "
		"level: {add: 40, low: 0, high: 40, unit: pp}}, stands_on: a, valid: 2020-01-02, known: 2020-01-01, sources: [law]}\n"
		"stackings:\n  s: {into: X, valid: 2020-01-01, known: 2020-01-01, classes: [{class: k, combine: max, authorities: [a, b]}]}\n");
	ck_assert(isnan(rate.ad_valorem));
	ck_assert_double_eq_tol(rate.low, 0.05 + 0.25 + 0.07, 1e-12);
	ck_assert_double_eq_tol(rate.high, 0.05 + 0.40 + 0.07, 1e-12);
}
END_TEST

/* Contents are together no more than the value: the ends of the range against the least and most over a grid of shares. */
START_TEST(contents_share_the_value)
{
	static const char added[] =
		"  metal: {act: {by: X, do: impose, instrument: tariff, against: Y, goods: all, level: {add: 50, unit: pp, basis: content}}, class: metal, %s}\n"
		"  glass: {act: {by: X, do: impose, instrument: tariff, against: Y, goods: all, level: {add: %d, unit: pp, basis: content}}, class: glass, %s}\n"
		"  rest: {act: {by: X, do: impose, instrument: tariff, against: Y, goods: all, level: {add: 30, unit: pp}}, class: rest, %s}\n"
		"  most: {act: {by: X, do: impose, instrument: tariff, against: Y, goods: all, level: {add: 8, unit: pp}}, class: most, %s}\n"
		"stackings:\n  s: {into: X, valid: 2020-01-01, known: 2020-01-01, classes: [{class: metal, combine: max}, {class: glass, combine: max}, "
		"{class: rest, combine: sum, on: content, gives_way_to: [metal, glass]}, {class: most, combine: sum, on: content, gives_way_to: [metal]}]}\n";
	static const char head[] = "valid: 2020-01-02, known: 2020-01-01, sources: [law]";
	for (int glass = 0; glass <= 100; glass += 20) {
		char text[4096];
		double low = INFINITY, high = 0;
		snprintf(text, sizeof text, added, head, glass, head, head, head);
		truce_tariff_rate rate = rate_with(text);
		for (int m = 0; m <= 10; m++)
			for (int g = 0; m + g <= 10; g++) {
				double sum = 0.47 + (50 * m + glass * g + 30 * (10 - m - g) + 8 * (10 - m)) / 1000.0;
				low = fmin(low, sum);
				high = fmax(high, sum);
			}
		ck_assert_double_eq_tol(rate.low, low, 1e-12);
		ck_assert_double_eq_tol(rate.high, high, 1e-12);
	}
}
END_TEST

/* What is known of one content leaves the others the less; one class's duties are on one content. */
START_TEST(a_known_content_leaves_the_others_the_rest)
{
	static const char added[] =
		"  metal: {act: {by: X, do: impose, instrument: tariff, against: Y, goods: all, level: {add: 50, unit: pp, basis: content}}, class: metal, %s}\n"
		"  metal2: {act: {by: X, do: impose, instrument: tariff, against: Y, goods: all, level: {add: 10, unit: pp, basis: content}}, class: metal, %s}\n"
		"  glass: {act: {by: X, do: impose, instrument: tariff, against: Y, goods: [lens, cloth], level: {add: 80, unit: pp, basis: content}}, class: glass, %s}\n"
		"  rest: {act: {by: X, do: impose, instrument: tariff, against: Y, goods: all, level: {add: 30, unit: pp}}, class: rest, %s}\n"
		"stackings:\n  s: {into: X, valid: 2020-01-01, known: 2020-01-01, classes: [{class: metal, combine: sum}, {class: glass, combine: max}, "
		"{class: rest, combine: sum, on: content, gives_way_to: [metal, glass]}]}\n"
		"goods:\n  lens: {codes: [xt:9001]}\n  cloth: {codes: [xt:5208.11], complete_into: [X], normal_duty: [{into: X, rate: 5%%, sources: [law]}], "
		"on: [{measure: glass, share: 0.25, sources: [law]}]}\n";
	static const char head[] = "valid: 2020-01-02, known: 2020-01-01, sources: [law]";
	char text[4096];
	snprintf(text, sizeof text, added, head, head, head, head);
	/* The goods stand once: those of the base are taken out. */
	truce_tariff_rate rate = rate_of_text(text, true);
	ck_assert_double_eq_tol(rate.low, 0.47 + 0.25 * 0.80 + 0.75 * 0.30, 1e-12);
	ck_assert_double_eq_tol(rate.high, 0.47 + 0.25 * 0.80 + 0.75 * 0.60, 1e-12);
}
END_TEST

static int open_and_ask(truce_context *ctx, void *user)
{
	truce_record *record = NULL;
	truce_arena *arena = NULL;
	truce_tariff_duty *duty;
	truce_time day;
	(void)user;
	truce_time_parse("2020-06-01", &day);
	int status = truce_record_open_text(ctx, &record, "x.yaml", base, sizeof base - 1);
	if (!status)
		status = truce_arena_new(ctx, &arena);
	truce_tariff_question ask = {.record = record, .clocks = truce_clocks_at(day, day), .from = "Y", .into = "X"};
	if (!status)
		status = truce_tariff_duty_of(ctx, arena, &duty, &ask, "cloth");
	truce_arena_free(arena);
	truce_record_close(record);
	return status;
}

START_TEST(every_allocation_may_fail)
{
	truce_fail_every_allocation(open_and_ask, NULL);
}
END_TEST

/* ---- an oracle: stacking again, by plain loops over a table ------------------------------------------------------- */

enum { CLASSES = 4, MOST_MEASURES = 7 };

/* An invented party's measures: class, points; and its rules: how each class combines, what it gives way to. */
struct invented {
	int count, class_of[MOST_MEASURES], points[MOST_MEASURES];
	int combine[CLASSES];              /* 0 sum, 1 max, 2 min */
	bool gives_way[CLASSES][CLASSES];  /* only to classes before it: no circle */
};

static struct invented invent(uint64_t run)
{
	struct invented v = {.count = 1 + (int)(truce_draw_uniform(7, run, 0) * MOST_MEASURES)};
	for (int i = 0; i < v.count; i++) {
		v.class_of[i] = (int)(truce_draw_uniform(7, run, 10 + (uint64_t)i) * CLASSES);
		v.points[i] = 1 + (int)(truce_draw_uniform(7, run, 20 + (uint64_t)i) * 90);
	}
	for (int c = 0; c < CLASSES; c++) {
		v.combine[c] = (int)(truce_draw_uniform(7, run, 30 + (uint64_t)c) * 3);
		for (int k = 0; k < c; k++)
			v.gives_way[c][k] = truce_draw_uniform(7, run, 40 + (uint64_t)(c * CLASSES + k)) < 0.4;
	}
	return v;
}

/* What the rules make of it: each class comes to its sum, highest or lowest; a class is levied where it has a measure and
 * no class that it gives way to is levied. */
static double oracle(const struct invented *v)
{
	double total = 5;
	bool levied[CLASSES] = {false};
	for (int c = 0; c < CLASSES; c++) {
		int here = 0, worth = 0;
		for (int i = 0; i < v->count; i++) {
			if (v->class_of[i] != c)
				continue;
			if (v->combine[c] == 0)
				worth += v->points[i];
			else if (!here || (v->combine[c] == 1 ? v->points[i] > worth : v->points[i] < worth))
				worth = v->points[i];
			here++;
		}
		levied[c] = here > 0;
		for (int k = 0; k < c; k++)
			if (v->gives_way[c][k] && levied[k])
				levied[c] = false;
		if (levied[c])
			total += worth;
	}
	return total / 100;
}

/* The same as a record; measures in the order of `order`, `extra` after them. */
static double engine(const struct invented *v, const int *order, const char *extra, const char *until, const char *day)
{
	static const char *const combine[] = {"sum", "max", "min"};
	truce_context *ctx;
	truce_record *record;
	truce_arena *arena;
	truce_tariff_duty *duty;
	truce_text text;
	truce_time on;
	ck_assert_int_eq(truce_context_new(&ctx, NULL), TRUCE_OK);
	truce_text_init(&text, ctx);
	truce_text_add_bytes(&text, base, (size_t)(strstr(base, "measures:") - base));
	truce_text_add(&text, "measures:\n");
	for (int i = 0; i < v->count; i++)
		truce_text_addf(&text, "  m%d: {act: {by: X, do: impose, instrument: tariff, against: Y, goods: all, level: {add: %d, unit: pp}}, stands_on: a, "
			"class: k%d, valid: {from: 2020-01-02%s%s}, known: 2020-01-01, sources: [law]}\n", order[i], v->points[order[i]], v->class_of[order[i]],
			*until ? ", until: " : "", until);
	truce_text_addf(&text, "%sstackings:\n  s: {into: X, valid: 2020-01-01, known: 2020-01-01, classes: [", extra);
	for (int c = 0; c < CLASSES; c++) {
		truce_text_addf(&text, "%s{class: k%d, combine: %s, gives_way_to: [", c ? ", " : "", c, combine[v->combine[c]]);
		bool first = true;
		for (int k = 0; k < CLASSES; k++)
			if (v->gives_way[c][k]) {
				truce_text_addf(&text, "%sk%d", first ? "" : ", ", k);
				first = false;
			}
		truce_text_add(&text, "]}");
	}
	truce_text_add(&text, "]}\n");
	ck_assert_int_eq(truce_text_done(&text), TRUCE_OK);
	int status = truce_record_open_text(ctx, &record, "x.yaml", text.data, text.length);
	ck_assert_msg(status == TRUCE_OK, "%s\n%s", status ? truce_diagnostic_at(ctx, 0)->what : "", text.data);
	ck_assert_int_eq(truce_arena_new(ctx, &arena), TRUCE_OK);
	ck_assert_int_eq(truce_time_parse(day, &on), TRUCE_OK);
	truce_tariff_question ask = {.record = record, .clocks = truce_clocks_at(on, on), .from = "Y", .into = "X"};
	ck_assert_int_eq(truce_tariff_duty_of(ctx, arena, &duty, &ask, "cloth"), TRUCE_OK);
	double sum = duty->ad_valorem;
	truce_arena_free(arena);
	truce_record_close(record);
	truce_text_free(&text);
	truce_context_free(ctx);
	return sum;
}

static const int in_order[] = {0, 1, 2, 3, 4, 5, 6};

START_TEST(stacking_is_what_a_plain_second_reading_says)
{
	for (uint64_t run = 0; run < 400; run++) {
		struct invented v = invent(run);
		double got = engine(&v, in_order, "", "", "2020-06-01");
		ck_assert_msg(fabs(got - oracle(&v)) < 1e-12, "run %d: %g, and by hand %g", (int)run, got, oracle(&v));
	}
}
END_TEST

START_TEST(the_order_of_measures_does_not_matter)
{
	for (uint64_t run = 0; run < 200; run++) {
		struct invented v = invent(1000 + run);
		int order[MOST_MEASURES];
		for (int i = 0; i < v.count; i++)
			order[i] = i;
		for (int i = v.count - 1; i > 0; i--) {
			int k = (int)(truce_draw_uniform(8, run, (uint64_t)i) * (i + 1)), swap = order[i];
			order[i] = order[k];
			order[k] = swap;
		}
		ck_assert_double_eq_tol(engine(&v, in_order, "", "", "2020-06-01"), engine(&v, order, "", "", "2020-06-01"), 1e-12);
	}
}
END_TEST

START_TEST(adding_and_revoking_changes_nothing)
{
	static const char added[] = "  extra: {act: {by: X, do: impose, instrument: tariff, against: Y, goods: all, level: {add: 33, unit: pp}}, stands_on: b, "
		"class: k1, valid: 2020-01-02, known: 2020-01-01, status: in_force, history: [{from: 2020-03-01, known: 2020-02-20, status: removed, sources: [law]}], "
		"sources: [law]}\n";
	int differs = 0;
	for (uint64_t run = 0; run < 60; run++) {
		struct invented v = invent(2000 + run);
		ck_assert_double_eq_tol(engine(&v, in_order, added, "", "2020-03-01"), oracle(&v), 1e-12);
		differs += fabs(engine(&v, in_order, added, "", "2020-02-29") - oracle(&v)) > 1e-9;
	}
	ck_assert_int_gt(differs, 20);
}
END_TEST

START_TEST(splitting_a_period_changes_nothing)
{
	static const char *const days[] = {"2020-03-31", "2020-04-01", "2020-04-02"};
	for (uint64_t run = 0; run < 40; run++) {
		struct invented v = invent(3000 + run);
		char rest[4096] = "";
		size_t length = 0;
		for (int i = 0; i < v.count; i++)
			length += (size_t)snprintf(rest + length, sizeof rest - length, "  r%d: {act: {by: X, do: impose, instrument: tariff, against: Y, goods: all, "
				"level: {add: %d, unit: pp}}, stands_on: a, class: k%d, valid: 2020-04-01, known: 2020-01-01, sources: [law]}\n", i, v.points[i], v.class_of[i]);
		for (int d = 0; d < 3; d++)
			ck_assert_double_eq_tol(engine(&v, in_order, rest, "2020-04-01", days[d]), oracle(&v), 1e-12);
	}
}
END_TEST

/* ---- panels --------------------------------------------------------------------------------------------------------- */

#define TOY TRUCE_TEST_ROOT "/tests/fixtures/schedule/"

/* Measures on the lines of the toy schedule: by code, by list, by footnote, on content, with exclusions, exemptions, a floor,
 * a truce, a law that falls, groups of parties that change, rules that differ by origin. */
static const char world[] =
	"parties:\n  US: {name: Here, type: state, zone: America/New_York, codes: hts}\n  CN: {name: There, type: state, zone: Asia/Shanghai}\n"
	"  KR: {name: Friend, type: state, zone: Asia/Seoul}\n"
	"  club: {name: Club, type: group, members: [{party: FR}, {party: DE, until: 2025-03-10}, {party: PL, from: 2025-02-20}]}\n"
	"sources:\n  law: {outlet: Gazette, date: 2025-06-01, kind: official}\n"
	"authorities:\n  \"301\": {name: Law A, of: US, known: {from: 2020-01-01}}\n"
	"  b: {name: Law B, of: US, known: {from: 2020-01-01}, history: [{from: 2025-05-01, known: 2025-04-20, status: struck_down, void: from_start, "
	"collected_until: 2025-05-10, sources: [law]}]}\n  c: {name: Law C, of: US, known: {from: 2020-01-01}}\n"
	"goods:\n  watches: {codes: [hts:9101.10], on: [{measure: parts, share: 0.25, sources: [law]}]}\n  pairs: {codes: [\"hts:9101.20.79\"]}\n"
	"  listed: {files: [{file: toy_list.csv, system: hts, column: hts8, optional: true, sources: [law]}]}\n"
	"  some: {codes: [\"hts:9101.20.30\", \"hts:9101.10.20.10\"]}\n"
	"measures:\n"
	"  lists: {act: {by: US, do: impose, instrument: tariff, against: CN, goods: [listed], level: {add: 25, unit: pp}}, stands_on: \"301\", "
	"valid: 2024-02-01, known: 2024-02-01, cites: [HTS 9903.88.03], sources: [law]}\n"
	"  general: {act: {by: US, do: impose, instrument: tariff, against: all, except: [CA], goods: all, except_goods: [pairs], level: {add: 10, unit: pp}}, "
	"stands_on: b, valid: 2025-01-20, known: 2025-01-15, history: [{from: 2025-02-10, known: 2025-02-01, level: {add: 15, unit: pp}, sources: [law]}], "
	"exclusions: [{goods: [some], against: [club], valid: {from: 2025-02-01, until: 2025-04-01}, known: 2025-01-20, sources: [law]}, "
	"{goods: [watches], share: 0.5, valid: {from: 2025-03-01}, known: 2025-01-20, sources: [law]}], sources: [law]}\n"
	"  metal: {act: {by: US, do: impose, instrument: tariff, against: all, goods: [some, watches], level: {add: 50, unit: pp, basis: content}}, stands_on: c, "
	"class: metal, valid: 2025-03-12, known: 2025-03-01, sources: [law]}\n"
	"  shine: {act: {by: US, do: impose, instrument: tariff, against: all, goods: [some, listed], level: {add: 70, unit: pp, basis: content}}, stands_on: c, "
	"class: shine, valid: 2025-02-20, known: 2025-02-10, sources: [law]}\n"
	"  parts: {act: {by: US, do: impose, instrument: tariff, against: [club, KR], goods: [pairs], level: {add: 20, unit: pp}}, stands_on: c, class: metal, "
	"valid: 2025-01-05, known: 2025-01-01, sources: [law]}\n"
	"  floor: {act: {by: US, do: impose, instrument: tariff, against: KR, goods: all, level: {floor: 15, unit: pct}}, stands_on: \"301\", class: floor, "
	"valid: 2025-04-05, known: 2025-04-01, sources: [law]}\n"
	"  held: {act: {by: US, do: impose, instrument: tariff, against: CN, goods: all, level: {add: 24, unit: pp}}, stands_on: c, class: held, "
	"valid: 2025-01-10, known: 2025-01-09, sources: [law]}\n"
	"  spare: {act: {by: US, do: exempt, instrument: exclusion, against: [CN, KR], goods: [some], measures: [general, held]}, valid: 2025-02-15, "
	"known: 2025-02-01, status: in_force, through: 2025-04-30, on_expiry: expired, sources: [law]}\n"
	"truces:\n  pause: {between: [US, CN], suspends: [held], valid: {from: 2025-02-01}, known: 2025-01-31, until: 2025-05-02, sources: [law]}\n"
	"threats:\n  more: {by: US, to: CN, then: [{by: US, do: raise, instrument: tariff, against: CN, goods: [some], level: {to: 60, unit: pct}, authority: c}], "
	"valid: 2025-01-02, known: 2025-01-02, sources: [law]}\n"
	"stackings:\n  s: {into: US, valid: {from: 2020-01-01, until: 2025-03-20}, known: 2020-01-01, classes: [{class: metal, combine: max}, "
	"{class: shine, combine: max}, {class: b, combine: sum, authorities: [b], gives_way_to: [metal, shine], on: content, except: [club]}]}\n"
	"  t: {into: US, valid: 2025-03-20, known: 2020-01-01, classes: [{class: metal, combine: max}, {class: floor, combine: max}, "
	"{class: b, combine: sum, authorities: [b], gives_way_to: [metal, floor]}]}\n";

static const truce_tariff_programme programmes[] = {
	{"KR", "KR", TRUCE_NO_DATE, TRUCE_FOREVER, "", "a note", TRUCE_NO_DATE, "other spare"}, {"JP", "JP", 20089, 20150, "", "a note", TRUCE_NO_DATE, ""}, {"A", "club", TRUCE_NO_DATE, TRUCE_FOREVER, "", "a note", TRUCE_NO_DATE, ""},
	{"column2", "CU", TRUCE_NO_DATE, TRUCE_FOREVER, "", "a note", TRUCE_NO_DATE, ""}};
static const truce_tariff_share shares[] = {{"parts", "toy-a", false}, {"spare", "nowhere", true}};

static char compiled[64];

static void make_toy_of(truce_context *ctx, bool notes)
{
	static const char *const inputs[] = {TOY "hts", TOY "records", TOY "notes/chapter99.txt"}, *const lists[] = {TOY "lists"};
	truce_schedule_report *report;
	snprintf(compiled, sizeof compiled, "/tmp/truce-tariff-%d.truce", (int)getpid());
	truce_schedule_import_options options = {.into = "US", .input_count = notes ? 3 : 2, .inputs = inputs, .list_count = 1, .lists = lists,
		.revisions = TOY "toy-revisions.csv", .lists_meaning = TOY "toy-lists.yaml", .notes_meaning = TOY "toy-notes.yaml",
		.from = TRUCE_NO_DATE, .output = compiled};
	ck_assert_int_eq(truce_schedule_import(ctx, &report, &options), TRUCE_OK);
	truce_schedule_report_free(ctx, report);
}

static void make_toy(truce_context *ctx)
{
	make_toy_of(ctx, false);
}

/* Random cells of a panel, each asked as one duty. */
static void same_as_duties(truce_context *ctx, truce_tariff_question ask, const truce_tariff_panel_options *options, uint64_t seed, size_t cells)
{
	truce_tariff_panel *panel;
	int status = truce_tariff_panel_new(ctx, &panel, &ask, options);
	ck_assert_msg(status == TRUCE_OK, "%s", truce_diagnostic_count(ctx) ? truce_diagnostic_at(ctx, 0)->what : "?");
	truce_tariff_panel_about about = truce_tariff_panel_tell(panel);
	for (size_t i = 0; i < cells; i++) {
		int line = (int)(truce_draw_uniform(seed, i, 0) * (double)about.lines), origin = (int)(truce_draw_uniform(seed, i, 1) * (double)about.origins);
		truce_date day = about.from + (truce_date)(truce_draw_uniform(seed, i, 2) * (about.through - about.from + 1));
		truce_tariff_rate rate;
		truce_tariff_duty *duty;
		truce_arena *arena;
		char text[11];
		ck_assert_int_eq(truce_arena_new(ctx, &arena), TRUCE_OK);
		ask.from = truce_tariff_panel_party(panel, (size_t)origin);
		ask.clocks.on = (truce_time){.day = day, .set = true};
		int cell = truce_tariff_panel_cell(panel, &rate, line, origin, day);
		status = truce_tariff_duty_of(ctx, arena, &duty, &ask, truce_tariff_panel_code(panel, (size_t)line));
		ck_assert_msg((status == TRUCE_OK) == (cell == TRUCE_OK), "%s from %s on %s: %d, %d", truce_tariff_panel_code(panel, (size_t)line), ask.from,
			truce_date_format(text, day), cell, status);
		if (!status)
			ck_assert_msg(duty->low == rate.low && duty->high == rate.high && (isnan(duty->ad_valorem) ? isnan(rate.ad_valorem) :
				duty->ad_valorem == rate.ad_valorem), "%s from %s on %s: panel %g [%g, %g], duty %g [%g, %g]",
				truce_tariff_panel_code(panel, (size_t)line), ask.from, truce_date_format(text, day), rate.ad_valorem, rate.low, rate.high,
				duty->ad_valorem, duty->low, duty->high);
		truce_diagnostics_clear(ctx);
		truce_arena_free(arena);
	}
	truce_tariff_panel_free(panel);
}

START_TEST(every_cell_of_a_panel_is_its_duty)
{
	static const char *const with[][2] = {{NULL, NULL}, {"pause", NULL}, {"more", "held"}, {"{by: US, do: remove, measures: [general]}", NULL},
		{"{by: US, do: raise, instrument: tariff, against: all, goods: all, level: {to: 10, unit: pct}, authority: c}", "more"}};
	static const char *const known[] = {"2025-12-31", "2025-02-03", "2025-04-25"};
	static const char *const origins[] = {"CN", "KR", "JP", "FR", "DE", "PL", "CA", "CU", "BR", "club"};
	truce_context *ctx;
	truce_record *record;
	truce_schedule *schedule;
	ck_assert_int_eq(truce_context_new(&ctx, NULL), TRUCE_OK);
	make_toy(ctx);
	int status = truce_record_open_text(ctx, &record, "world.yaml", world, sizeof world - 1);
	ck_assert_msg(status == TRUCE_OK, "%s", status ? truce_diagnostic_at(ctx, 0)->what : "");
	ck_assert_int_eq(truce_schedule_open(ctx, &schedule, compiled), TRUCE_OK);
	truce_tariff_panel_options options = {.from = truce_date_of(2024, 12, 20), .through = truce_date_of(2025, 6, 30),
		.origin_count = sizeof origins / sizeof *origins, .origins = origins};
	static const char *const codes[] = {"9101101010", "9101101090", "9101102010", "9101203040", "9101207900", "9101209010", "9101209020", "91012090",
		"9101101099", "9999999999", "910110"};
	for (int view = 0; view < 2; view++)
		for (size_t k = 0; k < sizeof known / sizeof *known; k++)
			for (size_t i = 0; i < sizeof with / sizeof *with; i++) {
				truce_time day;
				truce_time_parse(known[k], &day);
				truce_tariff_question ask = {.record = record, .schedule = schedule, .clocks = truce_clocks_at(day, day), .into = "US", .from = "CN",
					.with = with[i], .with_count = !with[i][0] ? 0 : with[i][1] ? 2 : 1, .share_count = 2, .shares = shares,
					.programme_count = sizeof programmes / sizeof *programmes, .programmes = programmes};
				ask.clocks.view = view ? TRUCE_VIEW_LAWFUL : TRUCE_VIEW_APPLIED;
				options.code_count = 0;
				same_as_duties(ctx, ask, &options, 11 + i, 700);
				options.code_count = sizeof codes / sizeof *codes;
				options.codes = codes;
				same_as_duties(ctx, ask, &options, 21 + i, 300);
			}
	truce_schedule_close(schedule);
	truce_record_close(record);
	truce_context_free(ctx);
	unlink(compiled);
}
END_TEST

/* The same on the published schedule and the shipped record, where they are. */
/* A claim gives the special rate and excuses from a floor; without it the floor tops the general duty up, not the special. */
START_TEST(a_floor_tops_up_the_duty_that_is_paid)
{
	static const char text[] =
		"parties:\n  US: {name: Here, type: state, zone: America/New_York, codes: hts}\n  KR: {name: Friend, type: state, zone: Asia/Seoul}\n"
		"sources:\n  law: {outlet: Gazette, date: 2025-06-01, kind: official}\n"
		"authorities:\n  a: {name: Law A, of: US, known: {from: 2020-01-01}}\n"
		"measures:\n  floor: {act: {by: US, do: impose, instrument: tariff, against: KR, goods: all, level: {floor: 15, unit: pct}}, stands_on: a, "
		"valid: 2025-01-02, known: 2025-01-01, sources: [law]}\n"
		"  spare: {act: {by: US, do: exempt, instrument: exclusion, against: KR, goods: all, measures: [a]}, valid: 2025-01-02, known: 2025-01-01, sources: [law]}\n";
	truce_context *ctx;
	truce_record *record;
	truce_schedule *schedule;
	truce_arena *arena;
	truce_tariff_duty *duty;
	truce_time day;
	ck_assert_int_eq(truce_context_new(&ctx, NULL), TRUCE_OK);
	make_toy(ctx);
	int status = truce_record_open_text(ctx, &record, "floor.yaml", text, sizeof text - 1);
	ck_assert_msg(status == TRUCE_OK, "%s", status ? truce_diagnostic_at(ctx, 0)->what : "");
	ck_assert_int_eq(truce_schedule_open(ctx, &schedule, compiled), TRUCE_OK);
	ck_assert_int_eq(truce_arena_new(ctx, &arena), TRUCE_OK);
	truce_time_parse("2025-06-02", &day);
	truce_tariff_question ask = {.record = record, .schedule = schedule, .clocks = truce_clocks_at(day, day), .into = "US", .from = "KR",
		.share_count = 2, .shares = shares, .programme_count = sizeof programmes / sizeof *programmes, .programmes = programmes};
	ck_assert_int_eq(truce_tariff_duty_of(ctx, arena, &duty, &ask, "9101101010"), TRUCE_OK);
	ck_assert_double_eq_tol(duty->layers[0].ad_valorem, 0, 1e-12);
	ck_assert_double_eq_tol(duty->low, 0, 1e-12);
	ck_assert_double_eq_tol(duty->high, 0.15, 1e-12);
	truce_arena_free(arena);
	truce_schedule_close(schedule);
	truce_record_close(record);
	truce_context_free(ctx);
	unlink(compiled);
}
END_TEST

START_TEST(every_cell_of_the_published_schedule_is_its_duty)
{
	static const char *const inputs[] = {TRUCE_TEST_ROOT "/../shared/data/hts", TRUCE_TEST_ROOT "/../shared/data/hts_change_record"};
	static const char *const lists[] = {TRUCE_TEST_ROOT "/../shared/data/lists"}, *const records[] = {TRUCE_TEST_ROOT "/data/record/us-china"};
	truce_context *ctx;
	truce_record *record;
	truce_schedule *schedule;
	truce_schedule_report *report;
	truce_arena *arena;
	if (!truce_directory_exists(inputs[0])) {
		printf("skipped: %s is not here\n", inputs[0]);
		return;
	}
	ck_assert_int_eq(truce_context_new(&ctx, NULL), TRUCE_OK);
	ck_assert_int_eq(truce_arena_new(ctx, &arena), TRUCE_OK);
	snprintf(compiled, sizeof compiled, "/tmp/truce-tariff-%d.truce", (int)getpid());
	truce_schedule_import_options import = {.into = "US", .input_count = 2, .inputs = inputs, .list_count = 1, .lists = lists,
		.revisions = TRUCE_TEST_ROOT "/data/schedule/us-revisions.csv", .lists_meaning = TRUCE_TEST_ROOT "/data/schedule/us-lists.yaml",
		.notes_meaning = TRUCE_TEST_ROOT "/data/schedule/us-notes.yaml", .from = TRUCE_NO_DATE, .output = compiled};
	ck_assert_int_eq(truce_schedule_import(ctx, &report, &import), TRUCE_OK);
	truce_schedule_report_free(ctx, report);
	ck_assert_int_eq(truce_record_open(ctx, &record, records, 1), TRUCE_OK);
	ck_assert_int_eq(truce_schedule_open(ctx, &schedule, compiled), TRUCE_OK);
	truce_time known;
	truce_time_parse("2026-06-30", &known);
	truce_tariff_question ask = {.record = record, .schedule = schedule, .clocks = truce_clocks_at(known, known), .into = "US", .from = "CN"};
	ck_assert_int_eq(truce_tariff_read_shares(ctx, arena, &ask, TRUCE_TEST_ROOT "/data/schedule/us-shares.csv"), TRUCE_OK);
	ck_assert_int_eq(truce_tariff_read_programmes(ctx, arena, &ask, TRUCE_TEST_ROOT "/data/schedule/us-programmes.csv"), TRUCE_OK);
	truce_tariff_panel_options options = {.from = truce_date_of(2025, 1, 1), .through = truce_date_of(2026, 12, 31)};
	same_as_duties(ctx, ask, &options, 5, 10000);
	ask.clocks.view = TRUCE_VIEW_LAWFUL;
	same_as_duties(ctx, ask, &options, 6, 1000);
	ask.clocks.view = TRUCE_VIEW_APPLIED;
	truce_time_parse("2025-08-28", &ask.clocks.known);
	static const char *const lapse[] = {"us-200-magnets"};
	ask.with = lapse;
	ask.with_count = 1;
	same_as_duties(ctx, ask, &options, 7, 1000);
	truce_schedule_close(schedule);
	truce_record_close(record);
	truce_arena_free(arena);
	truce_context_free(ctx);
	unlink(compiled);
}
END_TEST

/* A list printed in the notes speaks of its own days only: before them, the footnotes of lines do; and so in a panel. */
START_TEST(a_printed_list_decides_on_its_days)
{
	static const struct {
		const char *code, *on;
		bool levied;
	} rows[] = {{"9101101090", "2025-03-01", true}, {"9101101090", "2025-04-14", true}, {"9101101090", "2025-04-15", false},
		{"9101203040", "2025-04-14", false}, {"9101203040", "2025-04-15", true}, {"9101203040", "2025-06-30", true}};
	static const char text[] = "parties:\n  US: {name: Here, type: state, zone: America/New_York, codes: hts}\n"
		"  CN: {name: There, type: state, zone: Asia/Shanghai}\nsources:\n  law: {outlet: Gazette, date: 2025-06-01, kind: official}\n"
		"authorities:\n  \"301\": {name: Law A, of: US, known: {from: 2020-01-01}}\n"
		"goods:\n  none: {codes: [\"hts:9999\"]}\n"
		"measures:\n  lists: {act: {by: US, do: impose, instrument: tariff, against: CN, goods: [none], level: {add: 25, unit: pp}}, "
		"stands_on: \"301\", valid: 2024-02-01, known: 2024-02-01, cites: [HTS 9903.88.03], sources: [law]}\n";
	truce_context *ctx;
	truce_record *record;
	truce_schedule *schedule;
	truce_arena *arena;
	truce_time known;
	ck_assert_int_eq(truce_context_new(&ctx, NULL), TRUCE_OK);
	ck_assert_int_eq(truce_arena_new(ctx, &arena), TRUCE_OK);
	make_toy_of(ctx, true);
	ck_assert_int_eq(truce_record_open_text(ctx, &record, "printed.yaml", text, sizeof text - 1), TRUCE_OK);
	ck_assert_int_eq(truce_schedule_open(ctx, &schedule, compiled), TRUCE_OK);
	ck_assert_int_ge(truce_schedule_list_find(schedule, "toy-note20-b"), 0);
	truce_time_parse("2025-12-31", &known);
	truce_tariff_question ask = {.record = record, .schedule = schedule, .clocks = truce_clocks_at(known, known), .into = "US", .from = "CN"};
	truce_tariff_panel_options options = {.from = truce_date_of(2024, 12, 20), .through = truce_date_of(2025, 6, 30)};
	same_as_duties(ctx, ask, &options, 31, 1500);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		truce_tariff_duty *duty;
		bool levied = false;
		truce_time_parse(rows[i].on, &ask.clocks.on);
		ck_assert_int_eq(truce_tariff_duty_of(ctx, arena, &duty, &ask, rows[i].code), TRUCE_OK);
		for (size_t k = 0; k < duty->layer_count; k++)
			levied |= strcmp(duty->layers[k].id, "lists") == 0;
		ck_assert_msg(levied == rows[i].levied, "%s on %s: %s", rows[i].code, rows[i].on, levied ? "levied" : "not levied");
	}
	truce_schedule_close(schedule);
	truce_record_close(record);
	truce_arena_free(arena);
	truce_context_free(ctx);
	unlink(compiled);
}
END_TEST

static int note_row(void *user, const truce_tariff_panel_row *row)
{
	truce_text *text = user;
	char first[11], last[11];
	truce_text_addf(text, "%s %s %s %s %g %g\n", row->code, row->party, truce_date_format(first, row->from), truce_date_format(last, row->until - 1),
		row->rate.ad_valorem, row->with.ad_valorem);
	return TRUCE_OK;
}

START_TEST(a_panel_is_listed_stretch_by_stretch)
{
	static const char *const origins[] = {"CN"}, *const prefixes[] = {"9101209020"}, *const with[] = {"more", "{by: US, do: remove, measures: [held]}"};
	truce_context *ctx;
	truce_record *record;
	truce_schedule *schedule;
	truce_tariff_panel *panel, *other;
	truce_text rows;
	truce_time day;
	ck_assert_int_eq(truce_context_new(&ctx, NULL), TRUCE_OK);
	make_toy(ctx);
	ck_assert_int_eq(truce_record_open_text(ctx, &record, "world.yaml", world, sizeof world - 1), TRUCE_OK);
	ck_assert_int_eq(truce_schedule_open(ctx, &schedule, compiled), TRUCE_OK);
	truce_time_parse("2025-12-31", &day);
	truce_tariff_question ask = {.record = record, .schedule = schedule, .clocks = truce_clocks_at(day, day), .into = "US", .from = "CN"};
	truce_tariff_panel_options options = {.from = truce_date_of(2025, 1, 8), .through = truce_date_of(2025, 2, 28), .origin_count = 1,
		.origins = origins, .prefix_count = 1, .prefixes = prefixes};
	ck_assert_int_eq(truce_tariff_panel_new(ctx, &panel, &ask, &options), TRUCE_OK);
	ask.with = with;
	ask.with_count = 2;
	ck_assert_int_eq(truce_tariff_panel_new(ctx, &other, &ask, &options), TRUCE_OK);
	truce_text_init(&rows, ctx);
	ck_assert_int_eq(truce_tariff_panel_rows(panel, other, note_row, &rows), TRUCE_OK);
	ck_assert_str_eq(rows.data ? rows.data : "", "9101209020 CN 2025-01-08 2025-01-09 0.02 0.02\n9101209020 CN 2025-01-10 2025-01-19 0.26 0.02\n"
		"9101209020 CN 2025-01-20 2025-01-31 0.36 0.12\n9101209020 CN 2025-02-01 2025-02-09 0.12 0.12\n9101209020 CN 2025-02-10 2025-02-28 0.17 0.17\n");
	truce_text_free(&rows);
	truce_tariff_panel_free(panel);
	truce_tariff_panel_free(other);
	truce_schedule_close(schedule);
	truce_record_close(record);
	truce_context_free(ctx);
	unlink(compiled);
}
END_TEST

/* ---- averages --------------------------------------------------------------------------------------------------------- */

static void write_text(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");
	ck_assert_ptr_nonnull(f);
	fputs(text, f);
	fclose(f);
}

START_TEST(averages_by_hand)
{
	char weights[64], sectors[64];
	truce_context *ctx;
	truce_record *record;
	truce_schedule *schedule;
	truce_arena *arena;
	truce_tariff_averages *averages;
	truce_time day;
	ck_assert_int_eq(truce_context_new(&ctx, NULL), TRUCE_OK);
	ck_assert_int_eq(truce_arena_new(ctx, &arena), TRUCE_OK);
	make_toy(ctx);
	ck_assert_int_eq(truce_record_open_text(ctx, &record, "world.yaml", world, sizeof world - 1), TRUCE_OK);
	ck_assert_int_eq(truce_schedule_open(ctx, &schedule, compiled), TRUCE_OK);
	snprintf(weights, sizeof weights, "/tmp/truce-weights-%d.csv", (int)getpid());
	snprintf(sectors, sizeof sectors, "/tmp/truce-sectors-%d.csv", (int)getpid());
	/* 9101.20.90 pays 2 %; the club holds France, whose trade stands in both; 9999 is no line, 0001 no partner. */
	write_text(weights, "hts10,country,imports_usd,duty_usd\n9101209010,CN,300,30\n9101209020,BR,100,3\n9101209010,club,600,6\n9101209010,FR,50,1\n"
		"9999999999,CN,7,0\n9101209010,0001,11,0\n");
	write_text(sectors, "hs10,sector\n9101209010,clocks\n9101209020,watches\n");
	truce_time_parse("2025-12-31", &day);
	truce_tariff_question ask = {.record = record, .schedule = schedule, .clocks = truce_clocks_at(day, day), .into = "US", .from = "CN"};
	truce_tariff_averages_options options = {.from = truce_date_of(2025, 1, 18), .through = truce_date_of(2025, 1, 22), .weights = weights, .sectors = sectors};
	int status = truce_tariff_averages_of(ctx, arena, &averages, &ask, &options);
	ck_assert_msg(status == TRUCE_OK, "%s", truce_diagnostic_count(ctx) ? truce_diagnostic_at(ctx, 0)->what : "?");
	size_t last = averages->stretches - 1;
	const truce_tariff_average *all = &averages->items[0];
	/* on 18 January CN pays 2 + 24, the others 2; from the 20th 10 more */
	ck_assert_double_eq_tol(all->average[0], (300 * 0.26 + 700 * 0.02) / 1000, 1e-12);
	ck_assert_double_eq_tol(all->average[last], (300 * 0.36 + 700 * 0.12) / 1000, 1e-12);
	ck_assert_double_eq_tol(all->matched_usd[0], 1000, 1e-9);
	ck_assert_double_eq_tol(all->unmatched_usd[0], 7, 1e-9);
	ck_assert_double_eq_tol(averages->inside_usd, 50, 1e-9);
	ck_assert_str_eq(averages->inside, "FR");
	ck_assert_double_eq_tol(averages->unknown_usd, 11, 1e-9);
	double sum = 0;
	for (size_t i = 0; i < averages->authority_count; i++)
		sum += all->parts[last * averages->authority_count + i];
	ck_assert_double_eq_tol(sum, all->average[last], 1e-12);
	for (size_t i = 1; i < averages->count; i++)
		if (strcmp(averages->items[i].sector, "clocks") == 0)
			ck_assert_double_eq_tol(averages->items[i].average[0], (300 * 0.26 + 600 * 0.02) / 900, 1e-12);
	options.definition = TRUCE_RATES_COLLECTED;
	ck_assert_int_eq(truce_tariff_averages_of(ctx, arena, &averages, &ask, &options), TRUCE_OK);
	ck_assert_double_eq_tol(averages->items[0].average[0], 39.0 / 1007, 1e-12);
	/* What partners export to the world, by six digits: the plain mean of the lines. */
	write_text(weights, "hs6,country,exports_usd\n910120,BR,1000\n910110,BR,3000\n");
	options.definition = TRUCE_RATES_WORLD_EXPORTS;
	options.sectors = NULL;
	ck_assert_int_eq(truce_tariff_averages_of(ctx, arena, &averages, &ask, &options), TRUCE_OK);
	ck_assert_double_eq_tol(averages->items[0].matched_usd[0] + averages->items[0].unmatched_usd[0], 4000, 1e-6);
	unlink(weights);
	unlink(sectors);
	truce_arena_free(arena);
	truce_schedule_close(schedule);
	truce_record_close(record);
	truce_context_free(ctx);
	unlink(compiled);
}
END_TEST

static int panel_work(truce_context *ctx, void *user)
{
	static const char *const origins[] = {"CN", "KR"};
	truce_record *record = NULL;
	truce_schedule *schedule = NULL;
	truce_tariff_panel *panel = NULL;
	truce_time day;
	(void)user;
	truce_time_parse("2025-12-31", &day);
	int status = truce_record_open_text(ctx, &record, "world.yaml", world, sizeof world - 1);
	if (!status)
		status = truce_schedule_open(ctx, &schedule, compiled);
	truce_tariff_question ask = {.record = record, .schedule = schedule, .clocks = truce_clocks_at(day, day), .into = "US", .from = "CN",
		.share_count = 2, .shares = shares, .programme_count = 4, .programmes = programmes};
	truce_tariff_panel_options options = {.from = truce_date_of(2025, 1, 1), .through = truce_date_of(2025, 6, 30), .origin_count = 2, .origins = origins};
	if (!status)
		status = truce_tariff_panel_new(ctx, &panel, &ask, &options);
	truce_tariff_panel_free(panel);
	truce_schedule_close(schedule);
	truce_record_close(record);
	return status;
}

START_TEST(every_allocation_of_a_panel_may_fail)
{
	truce_context *ctx;
	ck_assert_int_eq(truce_context_new(&ctx, NULL), TRUCE_OK);
	make_toy(ctx);
	truce_context_free(ctx);
	truce_fail_every_allocation(panel_work, NULL);
	unlink(compiled);
}
END_TEST

static int averages_work(truce_context *ctx, void *user)
{
	truce_record *record = NULL;
	truce_schedule *schedule = NULL;
	truce_arena *arena = NULL;
	truce_tariff_averages *averages;
	truce_time day;
	truce_time_parse("2025-12-31", &day);
	int status = truce_arena_new(ctx, &arena);
	if (!status)
		status = truce_record_open_text(ctx, &record, "world.yaml", world, sizeof world - 1);
	if (!status)
		status = truce_schedule_open(ctx, &schedule, compiled);
	truce_tariff_question ask = {.record = record, .schedule = schedule, .clocks = truce_clocks_at(day, day), .into = "US", .from = "CN"};
	truce_tariff_averages_options options = {.from = truce_date_of(2025, 1, 18), .through = truce_date_of(2025, 4, 22), .weights = user};
	if (!status)
		status = truce_tariff_averages_of(ctx, arena, &averages, &ask, &options);
	truce_arena_free(arena);
	truce_schedule_close(schedule);
	truce_record_close(record);
	return status;
}

START_TEST(every_allocation_of_averages_may_fail)
{
	char weights[64];
	truce_context *ctx;
	ck_assert_int_eq(truce_context_new(&ctx, NULL), TRUCE_OK);
	make_toy(ctx);
	truce_context_free(ctx);
	snprintf(weights, sizeof weights, "/tmp/truce-weights-%d.csv", (int)getpid());
	write_text(weights, "hts10,country,imports_usd\n9101209010,CN,300\n9101209020,BR,100\n910120,club,600\n9101209010,FR,50\n9101203040,CN,7\n");
	truce_fail_every_allocation(averages_work, weights);
	unlink(weights);
	unlink(compiled);
}
END_TEST

int main(void)
{
	return truce_test_main("tariff", (const truce_test[]){T(without_rules_all_layers_add), T(stacking_is_data),
		T(the_rules_known_last_stand), T(the_highest_that_is_a_range_leaves_the_other),
		T(contents_share_the_value), T(a_known_content_leaves_the_others_the_rest),
		T(every_allocation_may_fail), T(stacking_is_what_a_plain_second_reading_says), T(the_order_of_measures_does_not_matter),
		T(adding_and_revoking_changes_nothing), T(splitting_a_period_changes_nothing), T(every_cell_of_a_panel_is_its_duty), T(a_floor_tops_up_the_duty_that_is_paid),
		T(every_cell_of_the_published_schedule_is_its_duty), T(a_printed_list_decides_on_its_days),
		T(a_panel_is_listed_stretch_by_stretch), T(averages_by_hand),
		T(every_allocation_of_a_panel_may_fail),
		T(every_allocation_of_averages_may_fail), {0}});
}
