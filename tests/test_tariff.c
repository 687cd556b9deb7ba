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

static double duty_with(const char *stackings)
{
	truce_context *ctx;
	truce_record *record;
	truce_arena *arena;
	truce_tariff_duty *duty;
	char text[8192];
	truce_time day;
	snprintf(text, sizeof text, "%s%s", base, stackings);
	ck_assert_int_eq(truce_context_new(&ctx, NULL), TRUCE_OK);
	int status = truce_record_open_text(ctx, &record, "x.yaml", text, strlen(text));
	ck_assert_msg(status == TRUCE_OK, "%s", status ? truce_diagnostic_at(ctx, 0)->what : "");
	ck_assert_int_eq(truce_arena_new(ctx, &arena), TRUCE_OK);
	ck_assert_int_eq(truce_time_parse("2020-06-01", &day), TRUCE_OK);
	truce_tariff_question ask = {.record = record, .clocks = truce_clocks_at(day, day), .from = "Y", .into = "X"};
	ck_assert_int_eq(truce_tariff_duty_of(ctx, arena, &duty, &ask, "cloth"), TRUCE_OK);
	double sum = duty->ad_valorem;
	truce_arena_free(arena);
	truce_record_close(record);
	truce_context_free(ctx);
	return sum;
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

int main(void)
{
	return truce_test_main("tariff", (const truce_test[]){T(without_rules_all_layers_add), T(stacking_is_data),
		T(every_allocation_may_fail), {0}});
}
