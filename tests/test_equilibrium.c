/* Unit tests of room equilibrium: against the plain oracle, against algebra, and against what it must refuse. */
#include "frame.h"
#include "check_equilibrium.h"
#include "simple_equilibrium.h"

#include <truce/equilibrium.h>

static truce_context *ctx;

/* A balanced world that was an equilibrium before it was a table: random shares, and then the sizes that they imply. */
static truce_world *random_world(size_t N, size_t J, uint64_t seed)
{
	truce_world *raw, *world;
	uint64_t draw = 0;
#define U truce_draw_uniform(seed, 0, draw++)
	ck_assert_int_eq(truce_world_new(ctx, &raw, N, J), TRUCE_OK);
	raw->name = "random";
	raw->year = "0";
	for (size_t n = 0; n < N; n++)
		raw->region[n] = truce_arena_printf(raw->arena, "R%zu", n);
	for (size_t j = 0; j < J; j++) {
		raw->sector[j] = truce_arena_printf(raw->arena, "S%zu", j);
		raw->theta[j] = 1 + 9 * U;
		for (size_t n = 0; n < N; n++) {
			double sum = raw->value_added[n * J + j] = 0.3 + 0.4 * U;
			for (size_t k = 0; k < J; k++)
				raw->input_share[(n * J + j) * J + k] = U;
			double inputs = 0;
			for (size_t k = 0; k < J; k++)
				inputs += raw->input_share[(n * J + j) * J + k];
			for (size_t k = 0; k < J; k++)
				raw->input_share[(n * J + j) * J + k] *= (1 - sum) / inputs;
			for (size_t i = 0; i < N; i++) {
				raw->flow[truce_world_edge(raw, j, n, i)] = (n == i ? 60 : 5 * U) * 1e9 * (double)(1 + i);
				raw->tariff[truce_world_edge(raw, j, n, i)] = n == i ? 0 : 0.2 * U;
			}
		}
	}
#undef U
	ck_assert_int_eq(truce_world_finish(ctx, raw, "random", &(truce_world_rules){.imbalance_limit = 10, .quiet = true}), TRUCE_OK);
	ck_assert_int_eq(truce_world_balance(ctx, &world, raw, NULL), TRUCE_OK);
	truce_world_free(raw);
	return world;
}

static double *tariffs_of(const truce_world *w, double factor)
{
	size_t edges = w->regions * w->regions * w->sectors;
	double *t = malloc(edges * sizeof *t);
	for (size_t e = 0; e < edges; e++)
		t[e] = w->tariff[e] * factor;
	return t;
}

static truce_equilibrium *solved(const truce_world *w, const double *tariff, truce_deficits deficits)
{
	truce_equilibrium_settings settings;
	truce_equilibrium *eq;
	truce_policy policy = {.tariff = tariff};
	truce_equilibrium_settings_init(&settings);
	settings.deficits = deficits;
	ck_assert_int_eq(truce_equilibrium_new(ctx, &eq, w, &settings, 0), TRUCE_OK);
	ck_assert_int_eq(truce_equilibrium_update(eq, &policy), TRUCE_OK);
	ck_assert_int_eq(truce_equilibrium_solve(eq), TRUCE_OK);
	ck_assert_double_le(truce_equilibrium_get_info(eq)->certificate.largest, 1e-10);
	CHECK_EQUILIBRIUM(w, &settings, &policy, eq);
	return eq;
}

static void begin(void)
{
	ck_assert_int_eq(truce_context_new(&ctx, NULL), TRUCE_OK);
}

START_TEST(the_null_shock_moves_nothing)
{
	begin();
	truce_world *w = random_world(5, 6, 1);
	truce_equilibrium *eq = solved(w, w->tariff, TRUCE_DEFICITS_FIXED);
	for (size_t n = 0; n < w->regions; n++)
		ck_assert_double_eq_tol(truce_equilibrium_get_result(eq)->region[n].real_income, 0, 1e-12);
	truce_equilibrium_free(eq);
	truce_world_free(w);
	truce_context_free(ctx);
}
END_TEST

START_TEST(the_solver_and_the_plain_oracle_agree)
{
	begin();
	for (uint64_t seed = 1; seed <= 4; seed++) {
		truce_world *w = random_world(4 + seed, 3 + seed, seed);
		double *t = tariffs_of(w, seed % 2 ? 4 : 0);
		truce_equilibrium *eq = solved(w, t, TRUCE_DEFICITS_FIXED);
		simple_equilibrium plain;
		simple_solve(&plain, w, t, 1);
		for (size_t n = 0; n < w->regions; n++) {
			const truce_region_change *r = &truce_equilibrium_get_result(eq)->region[n];
			ck_assert_double_eq_tol(r->wage, plain.wage[n], 1e-9);
			ck_assert_double_eq_tol(r->real_income, plain.real_income[n], 1e-9);
		}
		simple_free(&plain);
		truce_equilibrium_free(eq);
		truce_world_free(w);
		free(t);
	}
	truce_context_free(ctx);
}
END_TEST

START_TEST(every_deficit_rule_is_certified)
{
	begin();
	truce_world *w = random_world(6, 5, 9);
	double *t = tariffs_of(w, 3);
	for (int rule = TRUCE_DEFICITS_FIXED; rule <= TRUCE_DEFICITS_ENDOGENOUS; rule++)
		truce_equilibrium_free(solved(w, t, (truce_deficits)rule));
	free(t);
	truce_world_free(w);
	truce_context_free(ctx);
}
END_TEST

START_TEST(a_moved_share_is_noticed)
{
	begin();
	truce_world *w = random_world(5, 6, 3);
	double *t = tariffs_of(w, 2);
	truce_equilibrium *eq = solved(w, t, TRUCE_DEFICITS_FIXED);
	truce_equilibrium_point point = truce_equilibrium_get_point(eq);
	truce_equilibrium_settings settings;
	truce_certificate certificate;
	truce_policy policy = {.tariff = t};
	truce_equilibrium_settings_init(&settings);
	size_t edges = w->regions * w->regions * w->sectors;
	double *share = malloc(edges * sizeof *share);
	for (size_t e = 0; e < edges; e += 17) {
		memcpy(share, point.share, edges * sizeof *share);
		share[e] += 1e-6;
		truce_equilibrium_point moved = point;
		moved.share = share;
		ck_assert_int_eq(truce_equilibrium_certify(ctx, &certificate, w, &settings, &policy, &moved), TRUCE_OK);
		ck_assert_double_gt(certificate.largest, 1e-8);
	}
	free(share);
	free(t);
	truce_equilibrium_free(eq);
	truce_world_free(w);
	truce_context_free(ctx);
}
END_TEST

/* What is no number is never taken for one that fits, wherever it stands. */
/* The tests' own check would notice, too: an answer is none to a problem that is a little another one. */
START_TEST(the_check_of_the_tests_notices)
{
	begin();
	truce_world *w = random_world(5, 4, 3);
	double *t = tariffs_of(w, 2), *taxed = calloc(100, sizeof *taxed), *shipped = tariffs_of(w, 0);
	truce_equilibrium *eq = solved(w, t, TRUCE_DEFICITS_FIXED);
	truce_equilibrium_settings settings;
	truce_equilibrium_settings_init(&settings);
	const truce_policy policy = {.tariff = t};
	for (size_t e = 0; e < 100; e += 7) {
		t[e] += 1e-5;
		ck_assert_double_gt(check_equilibrium(w, &settings, &policy, eq).largest, 1e-9);
		t[e] -= 1e-5;
		for (size_t k = 0; k < 100; k++)
			shipped[k] = 1;
		taxed[e] = shipped[e] = 1e-5;
		ck_assert_double_gt(check_equilibrium(w, &settings, &(truce_policy){.tariff = t, .export_tax = taxed}, eq).largest, 1e-9);
		shipped[e] = 1 + 1e-5;
		ck_assert_double_gt(check_equilibrium(w, &settings, &(truce_policy){.tariff = t, .iceberg = shipped}, eq).largest, 1e-9);
		taxed[e] = 0;
	}
	static const char *const other[][2] = {{"deficits", "zero"}, {"deficits", "endogenous"}, {"labour", "immobile"}, {"inputs", "1.01"},
		{"value_added", "0.99"}, {"labour_supply", "0.01"}, {"theta_scale", "1.001"}, {"market", "restricted"}};
	for (size_t k = 0; k < sizeof other / sizeof *other; k++) {
		truce_equilibrium_settings_init(&settings);
		ck_assert_int_eq(truce_equilibrium_settings_set(ctx, &settings, other[k][0], other[k][1]), TRUCE_OK);
		ck_assert_msg(check_equilibrium(w, &settings, &policy, eq).largest > 1e-7, "%s=%s", other[k][0], other[k][1]);
	}
	const truce_edge_quantity bound = {1, 0, 2, TRUCE_QUANTITY_AT_MOST, TRUCE_RENT_LOST, 0};
	ck_assert_double_gt(check_equilibrium(w, NULL, &(truce_policy){.tariff = t, .quantities = &bound, .quantity_count = 1}, eq).largest, 1e-7);
	truce_equilibrium_free(eq);
	free(t), free(taxed), free(shipped);
	truce_world_free(w);
	truce_context_free(ctx);
}
END_TEST

START_TEST(no_number_is_no_answer)
{
	begin();
	truce_world *w = random_world(4, 3, 5);
	truce_equilibrium *eq = solved(w, w->tariff, TRUCE_DEFICITS_FIXED);
	const truce_equilibrium_point point = truce_equilibrium_get_point(eq);
	truce_equilibrium_settings settings;
	truce_certificate certificate;
	const size_t N = 4, cells = 12, edges = 48;
	double copy[48];
	truce_equilibrium_settings_init(&settings);
	for (size_t e = 0; e < edges; e++) {
		truce_equilibrium_point moved = point;
		memcpy(copy, point.share, sizeof copy);
		copy[e] = NAN;
		moved.share = copy;
		ck_assert_int_eq(truce_equilibrium_certify(ctx, &certificate, w, &settings, NULL, &moved), TRUCE_OK);
		ck_assert(isnan(certificate.largest) && isnan(certificate.price));
	}
	const double *const arrays[] = {point.wage, point.price, point.spending, point.income};
	for (size_t k = 0; k < 4; k++)
		for (size_t c = 0; c < (k == 3 ? N : cells); c++) {
			truce_equilibrium_point moved = point;
			memcpy(copy, arrays[k], (k == 3 ? N : cells) * sizeof *copy);
			copy[c] = NAN;
			*(k == 0 ? &moved.wage : k == 1 ? &moved.price : k == 2 ? &moved.spending : &moved.income) = copy;
			ck_assert_int_eq(truce_equilibrium_certify(ctx, &certificate, w, &settings, NULL, &moved), TRUCE_OK);
			ck_assert(isnan(certificate.largest));
		}
	/* how far the table itself is off */
	ck_assert_double_le(truce_equilibrium_get_info(eq)->certificate.drift, 1e-12);
	w->final_share[0] += 1e-6;
	w->final_share[1] -= 1e-6;
	ck_assert_int_eq(truce_equilibrium_certify(ctx, &certificate, w, &settings, NULL, &point), TRUCE_OK);
	ck_assert_double_eq_tol(certificate.drift, 1e-6, 1e-11);
	truce_equilibrium_free(eq);
	truce_world_free(w);
	truce_context_free(ctx);
}
END_TEST

START_TEST(two_steps_are_one)
{
	begin();
	truce_world *w = random_world(5, 4, 5), *half;
	double *b = tariffs_of(w, 2), *c = tariffs_of(w, 5);
	truce_equilibrium *at_b = solved(w, b, TRUCE_DEFICITS_FIXED), *at_c = solved(w, c, TRUCE_DEFICITS_FIXED);
	ck_assert_int_eq(truce_equilibrium_save(at_b, &half, "half"), TRUCE_OK);
	truce_equilibrium *on = solved(half, c, TRUCE_DEFICITS_FIXED);
	for (size_t n = 0; n < w->regions; n++) {
		double first = 1 + truce_equilibrium_get_result(at_b)->region[n].real_income;
		double second = 1 + truce_equilibrium_get_result(on)->region[n].real_income;
		ck_assert_double_eq_tol(first * second, 1 + truce_equilibrium_get_result(at_c)->region[n].real_income, 1e-10);
	}
	truce_equilibrium_free(at_b);
	truce_equilibrium_free(at_c);
	truce_equilibrium_free(on);
	truce_world_free(half);
	truce_world_free(w);
	free(b);
	free(c);
	truce_context_free(ctx);
}
END_TEST

START_TEST(prohibitive_tariffs_converge)
{
	begin();
	truce_world *w = random_world(6, 6, 11);
	size_t edges = w->regions * w->regions * w->sectors;
	double *t = tariffs_of(w, 1);
	for (size_t e = 0; e < edges; e++)
		if (e / w->regions % w->regions != e % w->regions)
			t[e] = 2; /* 200 % on everything */
	truce_equilibrium_free(solved(w, t, TRUCE_DEFICITS_FIXED));
	for (size_t j = 0; j < w->sectors; j++)
		t[truce_world_edge(w, j, 0, 1)] = t[truce_world_edge(w, j, 1, 0)] = 1e4;
	truce_equilibrium_free(solved(w, t, TRUCE_DEFICITS_FIXED));
	free(t);
	truce_world_free(w);
	truce_context_free(ctx);
}
END_TEST

START_TEST(every_option_is_certified)
{
	static const char *const options[][2] = {{"labour", "immobile"}, {"inputs", "0.5"}, {"value_added", "0.6"},
		{"labour_supply", "0.5"}, {"theta_scale", "0.5"}};
	begin();
	truce_world *w = random_world(5, 4, 21);
	double *t = tariffs_of(w, 3);
	for (size_t k = 0; k < sizeof options / sizeof *options; k++) {
		truce_equilibrium_settings settings;
		truce_equilibrium *eq;
		truce_policy policy = {.tariff = t};
		truce_equilibrium_settings_init(&settings);
		ck_assert_int_eq(truce_equilibrium_settings_set(ctx, &settings, options[k][0], options[k][1]), TRUCE_OK);
		ck_assert_int_eq(truce_equilibrium_new(ctx, &eq, w, &settings, 0), TRUCE_OK);
		ck_assert_int_eq(truce_equilibrium_update(eq, &policy), TRUCE_OK);
		ck_assert_msg(truce_equilibrium_solve(eq) == TRUCE_OK, "%s: %s", options[k][0], truce_equilibrium_get_info(eq)->certificate.cell);
		ck_assert_double_le(truce_equilibrium_get_info(eq)->certificate.largest, 1e-9);
		CHECK_EQUILIBRIUM(w, &settings, &policy, eq);
		truce_equilibrium_free(eq);
	}
	free(t);
	truce_world_free(w);
	truce_context_free(ctx);
}
END_TEST

/* Solves with one bound on the edge (sector 1, importer 0, exporter 2). */
static truce_equilibrium *bounded(const truce_world *w, truce_quantity_kind kind, truce_rent rent, double level)
{
	truce_equilibrium *eq;
	truce_edge_quantity bound = {.sector = 1, .importer = 0, .exporter = 2, .kind = kind, .rent = rent, .level = level};
	truce_policy policy = {.quantities = &bound, .quantity_count = 1};
	ck_assert_int_eq(truce_equilibrium_new(ctx, &eq, w, NULL, 1), TRUCE_OK);
	ck_assert_int_eq(truce_equilibrium_update(eq, &policy), TRUCE_OK);
	ck_assert_msg(truce_equilibrium_solve(eq) == TRUCE_OK, "%s", truce_equilibrium_get_info(eq)->certificate.cell);
	ck_assert_double_le(truce_equilibrium_get_info(eq)->certificate.largest, 1e-9);
	CHECK_EQUILIBRIUM(w, NULL, &policy, eq);
	return eq;
}

START_TEST(quantities_bind_as_they_say)
{
	begin();
	truce_world *w = random_world(4, 3, 8);
	truce_equilibrium *eq = bounded(w, TRUCE_QUANTITY_AT_MOST, TRUCE_RENT_LOST, 0); /* a ban */
	ck_assert_double_eq(truce_equilibrium_get_point(eq).share[truce_world_edge(w, 1, 0, 2)], 0);
	double banned = truce_equilibrium_get_result(eq)->region[0].real_income;
	ck_assert_double_lt(banned, 0);
	truce_equilibrium_free(eq);

	for (int rent = TRUCE_RENT_IMPORTER; rent <= TRUCE_RENT_LOST; rent++) {
		eq = bounded(w, TRUCE_QUANTITY_AT_MOST, (truce_rent)rent, 0.5);
		ck_assert_double_eq_tol(truce_equilibrium_get_result(eq)->quantity[0], 0.5, 1e-9);
		ck_assert_double_gt(truce_equilibrium_get_result(eq)->shadow[0], 0);
		truce_equilibrium_free(eq);
	}
	eq = bounded(w, TRUCE_QUANTITY_AT_MOST, TRUCE_RENT_EXPORTER, 2); /* binds nobody */
	ck_assert_double_eq_tol(truce_equilibrium_get_result(eq)->region[0].real_income, 0, 1e-11);
	truce_equilibrium_free(eq);
	eq = bounded(w, TRUCE_QUANTITY_AT_LEAST, TRUCE_RENT_IMPORTER, 1.5); /* a purchase commitment: the buyer's state pays */
	ck_assert_double_eq_tol(truce_equilibrium_get_result(eq)->quantity[0], 1.5, 1e-9);
	ck_assert_double_lt(truce_equilibrium_get_result(eq)->shadow[0], 0);
	truce_equilibrium_free(eq);
	truce_world_free(w);
	truce_context_free(ctx);
}
END_TEST

START_TEST(an_export_tax_is_the_exporters)
{
	begin();
	truce_world *w = random_world(4, 3, 8);
	size_t edges = w->regions * w->regions * w->sectors;
	double *tax = calloc(edges, sizeof *tax);
	truce_equilibrium *eq;
	truce_policy policy = {.export_tax = tax};
	for (size_t n = 0; n < w->regions; n++)
		if (n != 2)
			tax[truce_world_edge(w, 1, n, 2)] = 0.1;
	ck_assert_int_eq(truce_equilibrium_new(ctx, &eq, w, NULL, 0), TRUCE_OK);
	ck_assert_int_eq(truce_equilibrium_update(eq, &policy), TRUCE_OK);
	ck_assert_int_eq(truce_equilibrium_solve(eq), TRUCE_OK);
	ck_assert_double_gt(truce_equilibrium_get_result(eq)->region[2].export_revenue, 0);
	ck_assert_double_eq_tol(truce_equilibrium_get_result(eq)->region[0].export_revenue, 0, 1e-3);
	ck_assert_double_le(truce_equilibrium_get_info(eq)->certificate.largest, 1e-9);
	CHECK_EQUILIBRIUM(w, NULL, &policy, eq);
	truce_equilibrium_free(eq);
	free(tax);
	truce_world_free(w);
	truce_context_free(ctx);
}
END_TEST

static int set_up_and_solve(truce_context *c, void *user)
{
	const truce_world *w = user;
	truce_equilibrium *eq;
	int status = truce_equilibrium_new(c, &eq, w, NULL, 0);
	if (status)
		return status;
	status = truce_equilibrium_solve(eq);
	truce_equilibrium_free(eq);
	return status;
}

START_TEST(every_allocation_may_fail)
{
	begin();
	truce_world *w = random_world(3, 3, 2);
	truce_fail_every_allocation(set_up_and_solve, w);
	truce_world_free(w);
	truce_context_free(ctx);
}
END_TEST

START_TEST(bad_worlds_are_refused_by_cell)
{
	begin();
	truce_world *w = random_world(3, 3, 2);
	truce_equilibrium *eq;
	w->flow[4] = -1;
	ck_assert_int_eq(truce_equilibrium_new(ctx, &eq, w, NULL, 0), TRUCE_INPUT);
	ck_assert_ptr_nonnull(strstr(truce_diagnostic_at(ctx, 0)->what, "R1"));
	w->flow[4] = 1e9;
	w->theta[1] = 0;
	ck_assert_int_eq(truce_equilibrium_new(ctx, &eq, w, NULL, 0), TRUCE_INPUT);
	truce_world_free(w);
	truce_context_free(ctx);
}
END_TEST

int main(void)
{
	return truce_test_main("equilibrium", (const truce_test[]){T(the_null_shock_moves_nothing),
		T(the_solver_and_the_plain_oracle_agree), T(every_deficit_rule_is_certified), T(a_moved_share_is_noticed), T(the_check_of_the_tests_notices), T(no_number_is_no_answer), T(two_steps_are_one),
		T(prohibitive_tariffs_converge), T(every_option_is_certified), T(quantities_bind_as_they_say),
		T(an_export_tax_is_the_exporters), T(every_allocation_may_fail), T(bad_worlds_are_refused_by_cell), {0}});
}
