/* Unit tests of the best tariff: its gradient against complex steps, Taylor's remainder and differences; optima against
 * algebra; games against the definition of their ends; and what is refused. */
#include "frame.h"

#include "check_equilibrium.h"
#include "complex_equilibrium.h"

#include <truce/policy.h>

static truce_context *ctx;
static truce_arena *arena;

static void begin(void)
{
	ck_assert_int_eq(truce_context_new(&ctx, NULL), TRUCE_OK);
	ck_assert_int_eq(truce_arena_new(ctx, &arena), TRUCE_OK);
}

static void end(void)
{
	truce_arena_free(arena);
	truce_context_free(ctx);
}

/* A balanced world with inputs, tariffs and deficits. */
static truce_world *random_world(truce_context *c, size_t N, size_t J, uint64_t seed)
{
	truce_world *raw, *world;
	uint64_t draw = 0;
#define U truce_draw_uniform(seed, 0, draw++)
	ck_assert_int_eq(truce_world_new(c, &raw, N, J), TRUCE_OK);
	raw->name = "random";
	raw->year = "0";
	for (size_t n = 0; n < N; n++)
		raw->region[n] = truce_arena_printf(raw->arena, "R%zu", n);
	for (size_t j = 0; j < J; j++) {
		raw->sector[j] = truce_arena_printf(raw->arena, "S%zu", j);
		raw->theta[j] = 2 + 5 * U;
		raw->psi[j] = 0.5 / raw->theta[j];
		for (size_t n = 0; n < N; n++) {
			const double value_added = raw->value_added[n * J + j] = 0.45 + 0.3 * U;
			double inputs = 0, *share = raw->input_share + (n * J + j) * J;
			for (size_t k = 0; k < J; k++)
				inputs += share[k] = U;
			for (size_t k = 0; k < J; k++)
				share[k] *= (1 - value_added) / inputs;
			for (size_t i = 0; i < N; i++) {
				raw->flow[truce_world_edge(raw, j, n, i)] = (n == i ? 60 : 5 + 10 * U) * 1e9 * (double)(1 + i);
				raw->tariff[truce_world_edge(raw, j, n, i)] = n == i ? 0 : 0.2 * U;
			}
		}
	}
#undef U
	ck_assert_int_eq(truce_world_finish(c, raw, "random", &(truce_world_rules){.imbalance_limit = 10, .quiet = true}), TRUCE_OK);
	ck_assert_int_eq(truce_world_balance(c, &world, raw, NULL), TRUCE_OK);
	truce_world_free(raw);
	return world;
}

static size_t edges_of(const truce_world *w)
{
	return w->sectors * w->regions * w->regions;
}

static truce_equilibrium_settings settings_of(const char *const (*pairs)[2], size_t count)
{
	truce_equilibrium_settings settings;
	truce_equilibrium_settings_init(&settings);
	settings.tolerance = 1e-13;
	for (size_t k = 0; k < count && pairs[k][0]; k++)
		ck_assert_int_eq(truce_equilibrium_settings_set(ctx, &settings, pairs[k][0], pairs[k][1]), TRUCE_OK);
	return settings;
}

/* The end of a game, solved once more and checked apart from the library. */
static void outcome_stands(const truce_world *w, const truce_equilibrium_settings *settings, const truce_outcome *o)
{
	truce_equilibrium *eq;
	const truce_policy policy = {.tariff = o->tariff, .export_tax = o->export_tax};
	ck_assert_int_eq(truce_equilibrium_new(ctx, &eq, w, settings, 0), TRUCE_OK);
	ck_assert_int_eq(truce_equilibrium_update(eq, &policy), TRUCE_OK);
	ck_assert_int_eq(truce_equilibrium_solve(eq), TRUCE_OK);
	CHECK_EQUILIBRIUM(w, settings, &policy, eq);
	for (size_t n = 0; n < w->regions; n++)
		ck_assert_double_eq_tol(truce_equilibrium_get_result(eq)->region[n].real_income, o->real_income[n], 1e-9);
	truce_equilibrium_free(eq);
}

/* Every derivative of every sampled edge against the complex step. */
static void agree_with_complex_steps(const truce_world *w, bool restricted, truce_deficits deficits, double factor, size_t every)
{
	const size_t N = w->regions, edges = edges_of(w);
	truce_equilibrium_settings settings = settings_of(NULL, 0);
	truce_equilibrium *eq;
	truce_adjoint *adjoint;
	double *tariff = calloc(edges, sizeof *tariff), *gradient = calloc(edges * N, sizeof *gradient), *slope = calloc(N, sizeof *slope);
	z *moved = calloc(edges, sizeof *moved), *log_income = calloc(N, sizeof *log_income);
	settings.market = restricted ? TRUCE_MARKET_RESTRICTED : TRUCE_MARKET_PERFECT;
	settings.deficits = deficits;
	for (size_t e = 0; e < edges; e++)
		moved[e] = tariff[e] = factor * w->tariff[e];
	ck_assert_int_eq(truce_equilibrium_new(ctx, &eq, w, &settings, 0), TRUCE_OK);
	ck_assert_int_eq(truce_equilibrium_update(eq, &(truce_policy){.tariff = tariff}), TRUCE_OK);
	ck_assert_int_eq(truce_equilibrium_solve(eq), TRUCE_OK);
	CHECK_EQUILIBRIUM(w, &settings, (&(truce_policy){.tariff = tariff}), eq);
	ck_assert_int_eq(truce_adjoint_new(ctx, &adjoint, eq), TRUCE_OK);
	for (size_t n = 0; n < N; n++) {
		memset(slope, 0, N * sizeof *slope);
		slope[n] = 1 / (1 + truce_equilibrium_get_result(eq)->region[n].real_income);
		ck_assert_int_eq(truce_adjoint_gradient(adjoint, gradient + n * edges, NULL, slope, NULL), TRUCE_OK);
		ck_assert_double_le(truce_adjoint_get_info(adjoint).residual, 1e-10);
	}
	for (size_t e = 1; e < edges; e += every) {
		if (e % N == e / N % N)
			continue;
		moved[e] = tariff[e] + (1 + tariff[e]) * 1e-30 * I; /* a step in log(1 + tariff) */
		ck_assert(complex_solve(log_income, w, moved, restricted, deficits == TRUCE_DEFICITS_ZERO ? 0 : 1));
		moved[e] = tariff[e];
		for (size_t n = 0; n < N; n++) {
			const double exact = 1e30 * cimag(log_income[n]);
			ck_assert_double_eq_tol(gradient[n * edges + e], exact, 1e-10 * fmax(1e-2, fabs(exact)) + 2e-12);
		}
	}
	truce_adjoint_free(adjoint);
	truce_equilibrium_free(eq);
	free(tariff), free(gradient), free(slope), free(moved), free(log_income);
}

START_TEST(the_gradient_is_that_of_complex_steps)
{
	begin();
	for (uint64_t seed = 1; seed <= 3; seed++) {
		truce_world *w = random_world(ctx, 3 + seed, 2 + seed, seed);
		agree_with_complex_steps(w, false, TRUCE_DEFICITS_FIXED, 1 + 0.5 * (double)seed, 5);
		agree_with_complex_steps(w, true, TRUCE_DEFICITS_ZERO, 2, 7);
		truce_world_free(w);
	}
	end();
}
END_TEST

START_TEST(the_gradient_is_that_of_complex_steps_on_nafta)
{
	truce_world *raw, *w;
	if (access(TRUCE_TEST_ROOT "/../shared/data/models/cp2015-31x40-1993", R_OK) != 0)
		return; /* skipped where the files are absent */
	begin();
	ck_assert_int_eq(truce_world_import_cp2015(ctx, &raw, TRUCE_TEST_ROOT "/../shared/data/models/cp2015-31x40-1993", NULL), TRUCE_OK);
	ck_assert_int_eq(truce_world_balance(ctx, &w, raw, NULL), TRUCE_OK);
	truce_equilibrium_settings settings = settings_of(NULL, 0);
	const size_t N = w->regions, edges = edges_of(w);
	truce_equilibrium *eq;
	truce_adjoint *adjoint;
	double *tariff = calloc(edges, sizeof *tariff), *gradient = calloc(edges, sizeof *gradient), *slope = calloc(N, sizeof *slope);
	z *moved = calloc(edges, sizeof *moved), *log_income = calloc(N, sizeof *log_income);
	for (size_t e = 0; e < edges; e++)
		moved[e] = tariff[e] = 0.8 * w->tariff[e];
	ck_assert_int_eq(truce_equilibrium_new(ctx, &eq, w, &settings, 0), TRUCE_OK);
	ck_assert_int_eq(truce_equilibrium_update(eq, &(truce_policy){.tariff = tariff}), TRUCE_OK);
	ck_assert_int_eq(truce_equilibrium_solve(eq), TRUCE_OK);
	CHECK_EQUILIBRIUM(w, &settings, (&(truce_policy){.tariff = tariff}), eq);
	ck_assert_int_eq(truce_adjoint_new(ctx, &adjoint, eq), TRUCE_OK);
	const size_t mexico = truce_world_region(w, "MEX");
	slope[mexico] = 1 / (1 + truce_equilibrium_get_result(eq)->region[mexico].real_income);
	ck_assert_int_eq(truce_adjoint_gradient(adjoint, gradient, NULL, slope, NULL), TRUCE_OK);
	/* one complex step along a direction over all edges: the whole gradient at once */
	double along = 0;
	for (size_t e = 0; e < edges; e++) {
		const double part = e % N == e / N % N ? 0 : truce_draw_uniform(3, 0, e) - 0.3;
		moved[e] = tariff[e] + (1 + tariff[e]) * part * 1e-30 * I;
		along += gradient[e] * part;
	}
	ck_assert(complex_solve(log_income, w, moved, false, 1));
	ck_assert_double_eq_tol(along, 1e30 * cimag(log_income[mexico]), 1e-9 * fabs(along));
	truce_adjoint_free(adjoint);
	truce_equilibrium_free(eq);
	free(tariff), free(gradient), free(slope), free(moved), free(log_income);
	truce_world_free(w);
	truce_world_free(raw);
	end();
}
END_TEST

/* The remainder of the first order must fall with the square of the step, whatever the options. */
static void taylor(const truce_world *w, const char *const (*pairs)[2], size_t count, bool exports, bool weighted)
{
	const size_t N = w->regions, J = w->sectors, edges = edges_of(w);
	truce_equilibrium_settings settings = settings_of(pairs, count);
	truce_equilibrium *eq;
	truce_adjoint *adjoint;
	double *at[2], *moved[2], *gradient[2], *slope = calloc(N, sizeof *slope), *value = calloc(N, sizeof *value);
	double *wages = calloc(N * J, sizeof *wages), *profits = calloc(N * J, sizeof *profits), first = 0, along = 0, rest[3];
	const truce_weights weights = {.wages = wages, .profits = profits};
	for (int side = 0; side < 2; side++) {
		at[side] = calloc(edges, sizeof(double));
		moved[side] = calloc(edges, sizeof(double));
		gradient[side] = calloc(edges, sizeof(double));
	}
	for (size_t e = 0; e < edges; e++)
		if (e % N != e / N % N) {
			at[0][e] = w->tariff[e] + 0.3 * truce_draw_uniform(1, 1, e);
			at[1][e] = exports ? 0.2 * truce_draw_uniform(1, 2, e) : 0;
		}
	for (size_t nj = 0; nj < N * J; nj++) {
		wages[nj] = 1 + truce_draw_uniform(1, 3, nj);
		profits[nj] = 2 * truce_draw_uniform(1, 4, nj);
	}
	for (size_t n = 0; n < N; n++)
		slope[n] = truce_draw_uniform(1, 5, n) - 0.3;
	ck_assert_int_eq(truce_equilibrium_new(ctx, &eq, w, &settings, 0), TRUCE_OK);
	for (int k = -1; k < 3; k++) {
		const double step = k < 0 ? 0 : 0.005 / (1 << k);
		for (size_t e = 0; e < edges; e++)
			for (int side = 0; side < 2; side++) {
				const double part = e % N == e / N % N || (side && !exports) ? 0 : truce_draw_uniform(2, (uint64_t)side, e) - 0.4;
				moved[side][e] = expm1(log1p(at[side][e]) + step * part);
				along += k == 0 ? gradient[side][e] * part : 0;
			}
		ck_assert_int_eq(truce_equilibrium_update(eq, &(truce_policy){.tariff = moved[0], .export_tax = exports ? moved[1] : NULL}), TRUCE_OK);
		ck_assert_int_eq(truce_equilibrium_solve(eq), TRUCE_OK);
		CHECK_EQUILIBRIUM(w, &settings, (&(truce_policy){.tariff = moved[0], .export_tax = exports ? moved[1] : NULL}), eq);
		if (k < 0)
			ck_assert_int_eq(truce_adjoint_new(ctx, &adjoint, eq), TRUCE_OK);
		truce_adjoint_values(adjoint, value, weighted ? &weights : NULL);
		double sum = 0;
		for (size_t n = 0; n < N; n++)
			sum += slope[n] * value[n];
		if (k < 0) {
			first = sum;
			ck_assert_int_eq(truce_adjoint_gradient(adjoint, gradient[0], exports ? gradient[1] : NULL, slope, weighted ? &weights : NULL),
				TRUCE_OK);
		} else {
			rest[k] = sum - first - step * along;
		}
	}
	for (int k = 0; k < 2; k++)
		ck_assert_msg(fabs(rest[k] / rest[k + 1] - 4) < 0.15, "%s: remainders %g %g %g", count ? pairs[0][0] : "plain", rest[0], rest[1], rest[2]);
	truce_adjoint_free(adjoint);
	truce_equilibrium_free(eq);
	for (int side = 0; side < 2; side++)
		free(at[side]), free(moved[side]), free(gradient[side]);
	free(slope), free(value), free(wages), free(profits);
}

START_TEST(the_remainder_is_of_second_order_under_every_option)
{
	static const char *const options[][3][2] = {{{"deficits", "fixed"}}, {{"deficits", "zero"}}, {{"deficits", "endogenous"}},
		{{"market", "restricted"}}, {{"market", "monopolistic"}}, {{"labour", "immobile"}}, {{"inputs", "0.5"}, {"value_added", "0.7"}},
		{{"inputs", "2"}}, {{"labour_supply", "0.5"}}, {{"labour_supply", "0.5"}, {"revenue", "income_tax"}, {"income_tax", "0.2"}},
		{{"market", "monopolistic"}, {"value_added", "0.5"}, {"deficits", "endogenous"}},
		{{"labour", "immobile"}, {"inputs", "0.4"}, {"market", "restricted"}}, {{"theta_scale", "0.5"}, {"deficits", "endogenous"}}};
	begin();
	truce_world *w = random_world(ctx, 5, 4, 21);
	for (size_t k = 0; k < sizeof options / sizeof *options; k++) {
		taylor(w, options[k], 3, false, false);
		taylor(w, options[k], 3, true, true);
	}
	truce_world_free(w);
	end();
}
END_TEST

/* Marketing and a tax that is gone: with tariffs alone, since marketing knows no export taxes. */
START_TEST(the_remainder_is_of_second_order_under_marketing)
{
	static const char *const options[][6][2] = {
		{{"market", "monopolistic"}, {"psi", "0.1"}, {"marketing", "world"}},
		{{"labour_supply", "0.5"}, {"revenue", "tax_relief"}},
		{{"market", "monopolistic"}, {"psi", "0.1"}, {"marketing", "world"}, {"labour_supply", "0.5"}, {"revenue", "tax_relief"}},
		{{"market", "monopolistic"}, {"psi", "0.1"}, {"marketing", "world"}, {"labour_supply", "0.4"}, {"revenue", "income_tax"}, {"income_tax", "0.2"}},
		{{"market", "monopolistic"}, {"psi", "0.1"}, {"marketing", "world"}, {"deficits", "endogenous"}, {"inputs", "0.5"}, {"value_added", "0.7"}}};
	begin();
	truce_world *w = random_world(ctx, 5, 4, 21);
	ck_assert_int_eq(truce_world_keep_marketing(w), TRUCE_OK);
	for (size_t n = 0; n < 5; n++)
		w->marketing[n] = 0.05 + 0.1 * truce_draw_uniform(9, 9, n);
	for (size_t k = 0; k < sizeof options / sizeof *options; k++) {
		size_t count = 0;
		while (count < 6 && options[k][count][0])
			count++;
		taylor(w, options[k], count, false, false);
		taylor(w, options[k], count, false, true);
	}
	taylor(w, options[1], 2, true, true);
	truce_world_free(w);
	end();
}
END_TEST

START_TEST(what_has_no_gradient_says_so)
{
	begin();
	truce_world *w = random_world(ctx, 4, 3, 4);
	truce_equilibrium *eq;
	truce_adjoint *adjoint;
	double *gradient = calloc(edges_of(w), sizeof *gradient), slope[4] = {1, 0, 0, 0};
	truce_edge_quantity bound = {.sector = 1, .importer = 0, .exporter = 2, .kind = TRUCE_QUANTITY_AT_MOST, .level = 0.5};
	ck_assert_int_eq(truce_equilibrium_new(ctx, &eq, w, NULL, 1), TRUCE_OK);
	ck_assert_int_eq(truce_equilibrium_update(eq, &(truce_policy){.quantities = &bound, .quantity_count = 1}), TRUCE_OK);
	ck_assert_int_eq(truce_equilibrium_solve(eq), TRUCE_OK);
	CHECK_EQUILIBRIUM(w, NULL, (&(truce_policy){.quantities = &bound, .quantity_count = 1}), eq);
	ck_assert_int_eq(truce_adjoint_new(ctx, &adjoint, eq), TRUCE_OK);
	ck_assert_int_eq(truce_adjoint_gradient(adjoint, gradient, NULL, slope, NULL), TRUCE_USAGE);
	ck_assert_ptr_nonnull(strstr(truce_diagnostic_at(ctx, 0)->what, "S1 from R2 to R0 binds"));
	bound.level = 3; /* binds nobody: the gradient is there */
	ck_assert_int_eq(truce_equilibrium_update(eq, &(truce_policy){.quantities = &bound, .quantity_count = 1}), TRUCE_OK);
	ck_assert_int_eq(truce_equilibrium_solve(eq), TRUCE_OK);
	CHECK_EQUILIBRIUM(w, NULL, (&(truce_policy){.quantities = &bound, .quantity_count = 1}), eq);
	ck_assert_int_eq(truce_adjoint_gradient(adjoint, gradient, NULL, slope, NULL), TRUCE_OK);
	truce_adjoint_free(adjoint);
	truce_equilibrium_free(eq);
	static const char *const both[][2] = {{"labour", "immobile"}, {"labour_supply", "0.5"}};
	truce_equilibrium_settings settings = settings_of(both, 2);
	ck_assert_int_eq(truce_equilibrium_new(ctx, &eq, w, &settings, 0), TRUCE_USAGE); /* no such model */
	ck_assert_ptr_null(eq);
	free(gradient);
	truce_world_free(w);
	end();
}
END_TEST

static truce_world *two_countries(double theta)
{
	truce_world *w;
	ck_assert_int_eq(truce_world_new(ctx, &w, 2, 1), TRUCE_OK);
	w->name = "two";
	w->year = "0";
	w->region[0] = "H";
	w->region[1] = "F";
	w->sector[0] = "good";
	w->theta[0] = theta;
	w->value_added[0] = w->value_added[1] = 1;
	w->flow[0] = 60e9, w->flow[1] = 40e9, w->flow[2] = 40e9, w->flow[3] = 300e9;
	ck_assert_int_eq(truce_world_finish(ctx, w, "two", NULL), TRUCE_OK);
	return w;
}

/* Two countries, one good, no inputs, the foreign tariff 0: the best tariff is 1 / (theta times the foreign own share). */
START_TEST(the_best_tariff_of_the_textbook)
{
	begin();
	for (double theta = 1.5; theta < 20; theta *= 2) {
		truce_world *w = two_countries(theta);
		truce_outcome *o;
		truce_policy_options options;
		truce_equilibrium *eq;
		truce_equilibrium_settings settings = settings_of(NULL, 0);
		truce_policy_options_init(&options);
		ck_assert_int_eq(truce_policy_optimal(ctx, arena, &o, w, &settings, &options, 0, NULL), TRUCE_OK);
		outcome_stands(w, &settings, o);
		ck_assert_int_eq(truce_equilibrium_new(ctx, &eq, w, &settings, 0), TRUCE_OK);
		ck_assert_int_eq(truce_equilibrium_update(eq, &(truce_policy){.tariff = o->tariff}), TRUCE_OK);
		ck_assert_int_eq(truce_equilibrium_solve(eq), TRUCE_OK);
		CHECK_EQUILIBRIUM(w, &settings, (&(truce_policy){.tariff = o->tariff}), eq);
		const double own = truce_equilibrium_get_point(eq).share[truce_world_edge(w, 0, 1, 1)];
		const truce_optimum *best = &o->optimum[0];
		ck_assert_double_eq_tol(o->tariff[truce_world_edge(w, 0, 0, 1)], 1 / (theta * own), 1e-7);
		ck_assert_double_le(best->kkt, 1e-8);
		ck_assert_double_lt(best->curvature, 0);
		ck_assert_double_lt(best->worst_minus, 0);
		ck_assert_double_lt(best->worst_plus, 0);
		for (int k = 0; k < TRUCE_SCAN; k++)
			ck_assert_double_le(best->scan_income[k], best->real_income + 1e-12);
		truce_equilibrium_free(eq);
		truce_world_free(w);
	}
	end();
}
END_TEST

/* Lerner (1936): with balanced trade an export tax does what an import tariff does. */
START_TEST(an_export_tax_is_worth_a_tariff)
{
	begin();
	truce_world *w = two_countries(4);
	truce_outcome *imports, *exports;
	truce_policy_options options;
	truce_equilibrium_settings settings = settings_of(NULL, 0);
	truce_policy_options_init(&options);
	ck_assert_int_eq(truce_policy_optimal(ctx, arena, &imports, w, &settings, &options, 0, NULL), TRUCE_OK);
	outcome_stands(w, &settings, imports);
	options.imports = false;
	options.exports = true;
	ck_assert_int_eq(truce_policy_optimal(ctx, arena, &exports, w, &settings, &options, 0, NULL), TRUCE_OK);
	outcome_stands(w, &settings, exports);
	ck_assert_double_eq_tol(exports->optimum[0].real_income, imports->optimum[0].real_income, 1e-11);
	ck_assert_double_eq_tol(exports->export_tax[truce_world_edge(w, 0, 1, 0)], imports->tariff[truce_world_edge(w, 0, 0, 1)], 1e-6);
	truce_world_free(w);
	end();
}
END_TEST

START_TEST(instruments_are_nested)
{
	begin();
	truce_world *w = random_world(ctx, 5, 4, 31);
	truce_policy_options options;
	truce_equilibrium_settings settings = settings_of(NULL, 0);
	double last = INFINITY;
	const bool only[4] = {true, false, false, false};
	truce_policy_options_init(&options);
	for (int k = TRUCE_LEVER_PARTNER; k <= TRUCE_LEVER_UNIFORM; k++) {
		truce_outcome *o;
		options.instrument = (truce_lever)k;
		ck_assert_int_eq(truce_policy_optimal(ctx, arena, &o, w, &settings, &options, 2, NULL), TRUCE_OK);
		outcome_stands(w, &settings, o);
		ck_assert_uint_eq(o->optimum[0].variables, k == TRUCE_LEVER_PARTNER ? 16 : k == TRUCE_LEVER_SECTOR ? 4 : 1);
		ck_assert_double_le(o->optimum[0].kkt, 1e-8);
		ck_assert_double_lt(o->optimum[0].curvature, 0);
		ck_assert_double_le(o->optimum[0].real_income, last);
		last = o->optimum[0].real_income;
		for (size_t i = 0; i < 5 && k != TRUCE_LEVER_PARTNER; i++)
			if (i != 2)
				ck_assert_double_eq(o->tariff[truce_world_edge(w, 1, 2, i)], o->tariff[truce_world_edge(w, 1, 2, i == 0 ? 1 : 0)]);
	}
	truce_outcome *o;
	options.instrument = TRUCE_LEVER_PARTNER;
	options.sectors = only;
	options.high = 0.05;
	ck_assert_int_eq(truce_policy_optimal(ctx, arena, &o, w, &settings, &options, 2, NULL), TRUCE_OK);
	outcome_stands(w, &settings, o);
	ck_assert_uint_eq(o->optimum[0].variables, 4);
	ck_assert_uint_eq(o->optimum[0].at_high, 4); /* the bound binds, and is told */
	ck_assert_double_eq(o->optimum[0].kkt, 0);
	ck_assert_double_eq(o->tariff[truce_world_edge(w, 1, 2, 0)], w->tariff[truce_world_edge(w, 1, 2, 0)]);
	truce_world_free(w);
	end();
}
END_TEST

/* At the end of a tariff war no player gains by its best tariffs, found here anew from other starts; one and two threads
 * give the same bits. */
START_TEST(nash_is_where_nobody_gains)
{
	begin();
	truce_world *w = random_world(ctx, 4, 3, 41);
	truce_outcome *o, *two, *alone;
	truce_policy_options options;
	truce_equilibrium_settings settings = settings_of(NULL, 0);
	const size_t players[] = {0, 1, 3};
	truce_policy_options_init(&options);
	options.starts = 3;
	ck_assert_int_eq(truce_policy_nash(ctx, arena, &o, w, &settings, &options, players, 3, NULL), TRUCE_OK);
	outcome_stands(w, &settings, o);
	ck_assert_double_le(o->largest_gain, 1e-11);
	ck_assert_double_le(o->start_spread, 1e-5);
	ck_assert_int_eq(o->starts, 3);
	options.threads = 2;
	ck_assert_int_eq(truce_policy_nash(ctx, arena, &two, w, &settings, &options, players, 3, NULL), TRUCE_OK);
	outcome_stands(w, &settings, two);
	ck_assert_mem_eq(o->tariff, two->tariff, edges_of(w) * sizeof(double));
	ck_assert_mem_eq(o->real_income, two->real_income, w->regions * sizeof(double));
	for (size_t p = 0; p < 3; p++) {
		ck_assert_double_lt(o->optimum[p].curvature, 0);
		ck_assert_int_eq(truce_policy_optimal(ctx, arena, &alone, w, &settings, &options, players[p], o->tariff), TRUCE_OK);
		outcome_stands(w, &settings, alone);
		ck_assert_int_eq(alone->optimum[0].agreed, 3);
		ck_assert_double_le(alone->optimum[0].value - alone->optimum[0].value_start, 1e-10);
	}
	ck_assert_double_eq(o->tariff[truce_world_edge(w, 1, 2, 0)], w->tariff[truce_world_edge(w, 1, 2, 0)]); /* 2 does not play */
	truce_world_free(w);
	end();
}
END_TEST

START_TEST(replies_hurt_the_mover)
{
	begin();
	truce_world *w = random_world(ctx, 4, 3, 41);
	truce_outcome *move, *o;
	truce_policy_options options;
	truce_equilibrium_settings settings = settings_of(NULL, 0);
	const size_t players[] = {1, 2, 3};
	truce_policy_options_init(&options);
	ck_assert_int_eq(truce_policy_optimal(ctx, arena, &move, w, &settings, &options, 0, NULL), TRUCE_OK);
	outcome_stands(w, &settings, move);
	ck_assert_int_eq(truce_policy_retaliate(ctx, arena, &o, w, &settings, &options, players, 3, NULL, move->tariff), TRUCE_OK);
	outcome_stands(w, &settings, o);
	ck_assert_double_eq_tol(o->real_income_moved[0], move->optimum[0].real_income, 1e-10);
	ck_assert_double_lt(o->real_income_round[0], o->real_income_moved[0]);
	ck_assert_double_le(o->largest_gain, 1e-11);
	for (size_t j = 0; j < 3; j++)
		ck_assert_double_eq(o->tariff[truce_world_edge(w, j, 0, 1)], move->tariff[truce_world_edge(w, j, 0, 1)]); /* the move stands */
	truce_world_free(w);
	end();
}
END_TEST

/* One tariff for several edges cannot say what a game begins from: gains are over what was, not over its mean. */
START_TEST(gains_are_over_what_was)
{
	begin();
	truce_world *w = random_world(ctx, 4, 3, 61);
	const size_t players[] = {0, 1};
	truce_policy_options options;
	truce_equilibrium_settings settings = settings_of(NULL, 0);
	truce_outcome *o;
	truce_policy_options_init(&options);
	options.instrument = TRUCE_LEVER_UNIFORM;
	ck_assert_int_eq(truce_policy_optimal(ctx, arena, &o, w, &settings, &options, 0, NULL), TRUCE_OK);
	outcome_stands(w, &settings, o);
	ck_assert_double_eq_tol(o->optimum[0].start, 0, 1e-11);
	ck_assert_double_eq_tol(o->optimum[0].gain, o->real_income[0], 1e-10);
	ck_assert_int_eq(truce_policy_cooperative(ctx, arena, &o, w, &settings, &options, TRUCE_TOGETHER_EQUAL, players, 2, NULL), TRUCE_OK);
	outcome_stands(w, &settings, o);
	for (size_t p = 0; p < 2; p++)
		ck_assert_double_eq_tol(o->common_gain, log1p(o->real_income[p]), 1e-8);
	truce_world_free(w);
	end();
}
END_TEST

START_TEST(together_all_gain_alike)
{
	begin();
	truce_world *w = random_world(ctx, 4, 3, 51);
	truce_policy_options options;
	truce_equilibrium_settings settings = settings_of(NULL, 0);
	truce_outcome *o, *product;
	const size_t players[] = {0, 1, 2, 3};
	truce_policy_options_init(&options);
	ck_assert_int_eq(truce_policy_cooperative(ctx, arena, &o, w, &settings, &options, TRUCE_TOGETHER_EQUAL, players, 4, NULL), TRUCE_OK);
	outcome_stands(w, &settings, o);
	ck_assert_double_gt(o->common_gain, 0);
	ck_assert_double_le(o->gain_spread, 1e-9);
	ck_assert_double_le(o->optimum[0].kkt, 1e-7);
	double weights = 0, slope[4], *gradient = calloc(edges_of(w), sizeof *gradient);
	for (size_t p = 0; p < 4; p++) {
		ck_assert_double_gt(o->weight[p], 0);
		weights += o->weight[p];
		slope[p] = o->weight[p] / (1 + o->real_income[p]);
	}
	ck_assert_double_eq_tol(weights, 1, 1e-12);
	/* apart from the search: the sum so weighted has no gradient in any tariff */
	truce_equilibrium *eq;
	truce_adjoint *adjoint;
	ck_assert_int_eq(truce_equilibrium_new(ctx, &eq, w, &settings, 0), TRUCE_OK);
	ck_assert_int_eq(truce_equilibrium_update(eq, &(truce_policy){.tariff = o->tariff}), TRUCE_OK);
	ck_assert_int_eq(truce_equilibrium_solve(eq), TRUCE_OK);
	CHECK_EQUILIBRIUM(w, &settings, (&(truce_policy){.tariff = o->tariff}), eq);
	ck_assert_int_eq(truce_adjoint_new(ctx, &adjoint, eq), TRUCE_OK);
	ck_assert_int_eq(truce_adjoint_gradient(adjoint, gradient, NULL, slope, NULL), TRUCE_OK);
	for (size_t e = 0; e < edges_of(w); e++)
		if (e % 4 != e / 4 % 4)
			ck_assert_double_le(fabs(gradient[e]), 1e-7);
	ck_assert_int_eq(truce_policy_cooperative(ctx, arena, &product, w, &settings, &options, TRUCE_TOGETHER_NASH, players, 4, NULL), TRUCE_OK);
	outcome_stands(w, &settings, product);
	double equal = 1, nash = 1;
	for (size_t p = 0; p < 4; p++) {
		equal *= o->optimum[p].gain;
		nash *= product->optimum[p].gain;
	}
	ck_assert_double_ge(nash, equal * (1 - 1e-6));
	truce_adjoint_free(adjoint);
	truce_equilibrium_free(eq);
	free(gradient);
	truce_world_free(w);
	end();
}
END_TEST

/* A dollar of profits in a favoured sector that counts twice calls for more protection there. */
START_TEST(a_favoured_sector_is_protected)
{
	begin();
	truce_world *w = random_world(ctx, 4, 3, 61);
	truce_policy_options options;
	static const char *const pairs[][2] = {{"market", "restricted"}};
	truce_equilibrium_settings settings = settings_of(pairs, 1);
	truce_outcome *plain, *favour;
	double weight[12];
	truce_policy_options_init(&options);
	for (size_t nj = 0; nj < 12; nj++)
		weight[nj] = nj % 3 == 1 ? 2 : 1;
	ck_assert_int_eq(truce_policy_optimal(ctx, arena, &plain, w, &settings, &options, 1, NULL), TRUCE_OK);
	outcome_stands(w, &settings, plain);
	options.weights = (truce_weights){.wages = weight, .profits = weight};
	ck_assert_int_eq(truce_policy_optimal(ctx, arena, &favour, w, &settings, &options, 1, NULL), TRUCE_OK);
	outcome_stands(w, &settings, favour);
	for (size_t i = 0; i < 4; i++)
		if (i != 1)
			ck_assert_double_gt(favour->tariff[truce_world_edge(w, 1, 1, i)], plain->tariff[truce_world_edge(w, 1, 1, i)]);
	ck_assert_double_lt(favour->optimum[0].real_income, plain->optimum[0].real_income);
	ck_assert_double_le(favour->optimum[0].kkt, 1e-8);
	truce_world_free(w);
	end();
}
END_TEST

static bool at_once(void *user)
{
	return ++*(int *)user > 40;
}

START_TEST(a_game_can_be_stopped)
{
	int asked = 0;
	const truce_context_options context = {.cancelled = at_once, .user = &asked};
	ck_assert_int_eq(truce_context_new(&ctx, &context), TRUCE_OK);
	ck_assert_int_eq(truce_arena_new(ctx, &arena), TRUCE_OK);
	truce_world *w = random_world(ctx, 4, 3, 41);
	truce_policy_options options;
	truce_equilibrium_settings settings = settings_of(NULL, 0);
	const size_t players[] = {0, 1};
	truce_outcome *o;
	truce_policy_options_init(&options);
	options.threads = 2;
	ck_assert_int_eq(truce_policy_nash(ctx, arena, &o, w, &settings, &options, players, 2, NULL), TRUCE_CANCELLED);
	ck_assert_ptr_null(o);
	truce_world_free(w);
	end();
}
END_TEST

START_TEST(bad_games_are_refused)
{
	begin();
	truce_world *w = random_world(ctx, 3, 2, 2);
	truce_policy_options options;
	truce_equilibrium_settings settings = settings_of(NULL, 0);
	truce_outcome *o;
	const size_t twice[] = {1, 1};
	const bool none[2] = {false, false};
	truce_policy_options_init(&options);
	options.low = options.high;
	ck_assert_int_eq(truce_policy_optimal(ctx, arena, &o, w, &settings, &options, 0, NULL), TRUCE_INPUT);
	truce_policy_options_init(&options);
	ck_assert_int_eq(truce_policy_optimal(ctx, arena, &o, w, &settings, &options, 7, NULL), TRUCE_INPUT);
	ck_assert_int_eq(truce_policy_nash(ctx, arena, &o, w, &settings, &options, twice, 2, NULL), TRUCE_INPUT);
	ck_assert_int_eq(truce_policy_nash(ctx, arena, &o, w, &settings, &options, twice, 0, NULL), TRUCE_USAGE);
	options.sectors = none;
	ck_assert_int_eq(truce_policy_optimal(ctx, arena, &o, w, &settings, &options, 0, NULL), TRUCE_INPUT);
	options.sectors = NULL;
	options.imports = false;
	ck_assert_int_eq(truce_policy_optimal(ctx, arena, &o, w, &settings, &options, 0, NULL), TRUCE_USAGE);
	truce_world_free(w);
	end();
}
END_TEST

static int play_all(truce_context *c, void *user)
{
	const truce_world *w = user;
	truce_arena *a;
	truce_policy_options options;
	truce_equilibrium_settings settings;
	truce_outcome *o;
	const size_t players[] = {0, 1};
	int status = truce_arena_new(c, &a);
	if (status)
		return status;
	truce_equilibrium_settings_init(&settings);
	truce_policy_options_init(&options);
	options.exports = true;
	options.instrument = TRUCE_LEVER_UNIFORM;
	options.rounds = 200;
	options.gain = 1e-6;
	options.imports = false;
	if (!(status = truce_policy_nash(c, a, &o, w, &settings, &options, players, 2, NULL)))
		status = truce_policy_cooperative(c, a, &o, w, &settings, &options, TRUCE_TOGETHER_SUM, players, 2, NULL);
	truce_arena_free(a);
	return status;
}

START_TEST(every_allocation_may_fail)
{
	begin();
	truce_world *w = random_world(ctx, 3, 2, 2);
	truce_fail_every_allocation(play_all, w);
	truce_world_free(w);
	end();
}
END_TEST

int main(void)
{
	return truce_test_main("policy", (const truce_test[]){T(the_gradient_is_that_of_complex_steps),
		T(the_gradient_is_that_of_complex_steps_on_nafta), T(the_remainder_is_of_second_order_under_every_option),
		T(the_remainder_is_of_second_order_under_marketing),
		T(what_has_no_gradient_says_so), T(the_best_tariff_of_the_textbook), T(an_export_tax_is_worth_a_tariff), T(instruments_are_nested),
		T(nash_is_where_nobody_gains), T(replies_hurt_the_mover), T(gains_are_over_what_was), T(together_all_gain_alike), T(a_favoured_sector_is_protected),
		T(a_game_can_be_stopped), T(bad_games_are_refused), T(every_allocation_may_fail), {0}});
}
