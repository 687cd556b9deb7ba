/* Unit tests of room equilibrium: draws of elasticities from a kept answer are what a solve from cold gives. */
#include "frame.h"
#include "check_equilibrium.h"
#include "random_world.h"
#include "settings.h"

#include <truce/equilibrium.h>

static truce_context *ctx;

enum { DRAWS = 6 };

/* Every edge has wedges of the kinds that the policy wants. */
static void fill_wedges(const truce_world *w, double *tariff, double *tax, double *iceberg)
{
	const size_t N = w->regions, edges = N * N * w->sectors;
	for (size_t e = 0; e < edges; e++) {
		const bool home = e % N == e / N % N;
		tariff[e] = home ? w->tariff[e] : 2 * w->tariff[e] + 0.05;
		tax[e] = home ? 0 : 0.02 * (double)(e % 4);
		iceberg[e] = home || e % 3 ? 1 : 1.1;
	}
}

static void draw_theta(const truce_world *w, uint64_t draw, double spread, double *theta)
{
	for (size_t j = 0; j < w->sectors; j++)
		theta[j] = w->theta[j] * exp(spread * truce_draw_normal(5, draw, j));
}

/* Draws against a solver that starts from cold each time; returns evaluations of the draws over those of the cold solves. */
static double compare(const truce_world *w, const char *text, const truce_policy *policy, double spread)
{
	truce_equilibrium_settings settings = settings_of(ctx, text);
	settings.certify = false; /* certified below; a wrong draw must not be mended by a solve from cold */
	const size_t N = w->regions;
	truce_equilibrium *kept, *cold;
	double *theta = calloc(w->sectors, sizeof *theta), *first = calloc(N, sizeof *first), drawn = 0, solved = 0;
	int evaluations = 0;
	ck_assert_int_eq(truce_equilibrium_new(ctx, &kept, w, &settings, policy->quantity_count), TRUCE_OK);
	ck_assert_int_eq(truce_equilibrium_new(ctx, &cold, w, &settings, policy->quantity_count), TRUCE_OK);
	ck_assert_int_eq(truce_equilibrium_update(kept, policy), TRUCE_OK);
	ck_assert_msg(truce_equilibrium_solve(kept) == TRUCE_OK, "%s: %s", text, truce_diagnostic_at(ctx, 0) ?
		truce_diagnostic_at(ctx, 0)->what : "?");
	const double income = truce_equilibrium_get_result(kept)->region[0].real_income;
	ck_assert_int_eq(truce_equilibrium_keep(kept, 1000, &evaluations), TRUCE_OK);
	ck_assert_int_gt(evaluations, 0);
	ck_assert(income == truce_equilibrium_get_result(kept)->region[0].real_income);
	for (uint64_t d = 0; d <= DRAWS; d++) {
		draw_theta(w, d % DRAWS, spread, theta); /* the first once more at the end */
		ck_assert_msg(truce_equilibrium_draw(kept, theta) == TRUCE_OK, "%s, draw %d", text, (int)d);
		ck_assert_int_eq(truce_equilibrium_set_theta(cold, theta), TRUCE_OK);
		ck_assert_int_eq(truce_equilibrium_update(cold, policy), TRUCE_OK);
		truce_equilibrium_cold(cold);
		ck_assert_int_eq(truce_equilibrium_solve(cold), TRUCE_OK);
		drawn += truce_equilibrium_get_info(kept)->evaluations;
		solved += truce_equilibrium_get_info(cold)->evaluations;
		const truce_equilibrium_result *a = truce_equilibrium_get_result(kept), *b = truce_equilibrium_get_result(cold);
		for (size_t n = 0; n < N; n++) {
			ck_assert_double_eq_tol(a->region[n].real_income, b->region[n].real_income, 1e-9);
			ck_assert_double_eq_tol(a->region[n].exports / b->region[n].exports, 1, 1e-8);
			first[n] = d == 0 ? a->region[n].real_income : first[n];
			ck_assert_msg(d < DRAWS || first[n] == a->region[n].real_income, "%s: a draw hangs on those before it", text);
		}
		for (size_t q = 0; q < policy->quantity_count; q++)
			ck_assert_double_eq_tol(a->shadow[q], b->shadow[q], 1e-8);
		/* certified for the world as the draw sees it */
		truce_world drawn_world = *w;
		truce_certificate certificate;
		const truce_equilibrium_point point = truce_equilibrium_get_point(kept);
		drawn_world.theta = theta;
		ck_assert_int_eq(truce_equilibrium_certify(ctx, &certificate, &drawn_world, &settings, policy, &point), TRUCE_OK);
		ck_assert_msg(certificate.largest <= 1e-9, "%s: certificate %g at %s", text, certificate.largest, certificate.cell);
		CHECK_EQUILIBRIUM(&drawn_world, &settings, policy, kept);
	}
	truce_equilibrium_free(kept);
	truce_equilibrium_free(cold);
	free(theta), free(first);
	return drawn / solved;
}

START_TEST(a_draw_is_a_solve_under_every_option)
{
	static const char *const options[] = {"", "deficits=zero", "deficits=endogenous", "labour=immobile", "inputs=0.5 value_added=0.7",
		"labour_supply=0.5", "labour_supply=0.5 revenue=income_tax income_tax=0.25", "market=monopolistic psi=0.08"};
	ck_assert_int_eq(truce_context_new(&ctx, NULL), TRUCE_OK);
	truce_world *w = random_world_of(ctx, &(random_world_plan){6, 5, 3, 0.6, 0.2, 2, 8});
	double *tariff = calloc(6 * 6 * 5, sizeof *tariff), *tax = calloc(6 * 6 * 5, sizeof *tax);
	double *iceberg = calloc(6 * 6 * 5, sizeof *iceberg);
	fill_wedges(w, tariff, tax, iceberg);
	const truce_edge_quantity bounds[] = {{0, 1, 2, TRUCE_QUANTITY_AT_MOST, TRUCE_RENT_IMPORTER, 0.5},
		{1, 2, 3, TRUCE_QUANTITY_AT_MOST, TRUCE_RENT_EXPORTER, 0.6}, {2, 0, 1, TRUCE_QUANTITY_AT_MOST, TRUCE_RENT_LOST, 0},
		{3, 4, 5, TRUCE_QUANTITY_AT_LEAST, TRUCE_RENT_IMPORTER, 1.4}};
	const truce_policy policies[] = {{.tariff = tariff}, {.tariff = tariff, .export_tax = tax, .iceberg = iceberg},
		{.quantities = bounds, .quantity_count = 4}, {.tariff = tariff, .quantities = bounds, .quantity_count = 4}};
	for (size_t k = 0; k < sizeof options / sizeof *options; k++)
		for (size_t p = 0; p < sizeof policies / sizeof *policies; p++)
			compare(w, options[k], &policies[p], 0.2);
	/* marketing knows of tariffs alone; without the certificate nothing but the comparison would notice */
	ck_assert_int_eq(truce_world_keep_marketing(w), TRUCE_OK);
	for (size_t n = 0; n < 6; n++)
		w->marketing[n] = 0.1 + 0.02 * (double)n;
	compare(w, "market=monopolistic psi=0.08 marketing=world", policies, 0.2);
	compare(w, "market=monopolistic psi=0.08 marketing=world labour_supply=0.5 revenue=tax_relief", policies, 0.2);
	free(tariff), free(tax), free(iceberg);
	truce_world_free(w);
	truce_context_free(ctx);
}
END_TEST

START_TEST(a_draw_takes_a_third_of_the_evaluations)
{
	ck_assert_int_eq(truce_context_new(&ctx, NULL), TRUCE_OK);
	truce_world *w = random_world_of(ctx, &(random_world_plan){14, 20, 1, 0.6, 0.2, 2, 10});
	double *tariff = calloc(14 * 14 * 20, sizeof *tariff);
	for (size_t e = 0; e < 14 * 14 * 20; e++)
		tariff[e] = 2 * w->tariff[e];
	const double part = compare(w, "tolerance=1e-10", &(truce_policy){.tariff = tariff}, 0.2);
	ck_assert_msg(part <= 0.4, "%g", part);
	free(tariff);
	truce_world_free(w);
	truce_context_free(ctx);
}
END_TEST

/* Far from what was learnt, and with nothing learnt: from cold, and the same. */
START_TEST(where_it_does_not_reach_it_starts_from_cold)
{
	ck_assert_int_eq(truce_context_new(&ctx, NULL), TRUCE_OK);
	truce_world *w = random_world_of(ctx, &(random_world_plan){5, 4, 2, 0.6, 0.2, 2, 8});
	double *tariff = calloc(100, sizeof *tariff), theta[4];
	for (size_t e = 0; e < 100; e++)
		tariff[e] = 6 * w->tariff[e];
	compare(w, "", &(truce_policy){.tariff = tariff}, 1.5);
	truce_equilibrium *eq;
	const truce_policy policy = {.tariff = tariff};
	ck_assert_int_eq(truce_equilibrium_new(ctx, &eq, w, NULL, 0), TRUCE_OK);
	ck_assert_int_eq(truce_equilibrium_keep(eq, 1000, NULL), TRUCE_CONVERGE); /* nothing is solved */
	ck_assert_int_eq(truce_equilibrium_update(eq, &policy), TRUCE_OK);
	ck_assert_int_eq(truce_equilibrium_solve(eq), TRUCE_OK);
	int evaluations = 1;
	ck_assert_int_eq(truce_equilibrium_keep(eq, 2, &evaluations), TRUCE_OK); /* too few to pay for it */
	ck_assert_int_eq(evaluations, 0);
	draw_theta(w, 1, 0.2, theta);
	ck_assert_int_eq(truce_equilibrium_draw(eq, theta), TRUCE_OK);
	theta[2] = -1;
	ck_assert_int_eq(truce_equilibrium_draw(eq, theta), TRUCE_INPUT);
	/* another policy ends what was kept; its draws are its own */
	draw_theta(w, 1, 0.2, theta);
	ck_assert_int_eq(truce_equilibrium_update(eq, NULL), TRUCE_OK);
	ck_assert_int_eq(truce_equilibrium_draw(eq, theta), TRUCE_OK);
	for (size_t n = 0; n < 5; n++)
		ck_assert_double_eq_tol(truce_equilibrium_get_result(eq)->region[n].real_income, 0, 1e-11);
	truce_equilibrium_free(eq);
	free(tariff);
	truce_world_free(w);
	truce_context_free(ctx);
}
END_TEST

static int keep_and_draw(truce_context *in, void *user)
{
	truce_equilibrium *eq;
	double theta[3] = {3, 4, 5};
	int status = truce_equilibrium_new(in, &eq, user, NULL, 0);
	if (status)
		return status;
	if (!(status = truce_equilibrium_solve(eq)) && !(status = truce_equilibrium_keep(eq, 1000, NULL)))
		status = truce_equilibrium_draw(eq, theta);
	truce_equilibrium_free(eq);
	return status;
}

START_TEST(every_allocation_may_fail)
{
	ck_assert_int_eq(truce_context_new(&ctx, NULL), TRUCE_OK);
	truce_world *w = random_world_of(ctx, &(random_world_plan){3, 3, 4, 0.6, 0.2, 2, 8});
	truce_fail_every_allocation(keep_and_draw, w);
	truce_world_free(w);
	truce_context_free(ctx);
}
END_TEST

START_TEST(nothing_is_allocated_in_a_draw)
{
	truce_failing f = {0};
	const truce_context_options options = {.allocate = truce_failing_allocate, .allocate_user = &f};
	ck_assert_int_eq(truce_context_new(&ctx, &options), TRUCE_OK);
	truce_world *w = random_world_of(ctx, &(random_world_plan){4, 3, 4, 0.6, 0.2, 2, 8});
	truce_equilibrium *eq;
	double theta[3];
	ck_assert_int_eq(truce_equilibrium_new(ctx, &eq, w, NULL, 0), TRUCE_OK);
	ck_assert_int_eq(truce_equilibrium_solve(eq), TRUCE_OK);
	ck_assert_int_eq(truce_equilibrium_keep(eq, 1000, NULL), TRUCE_OK);
	f.fail_at = f.calls + 1;
	for (uint64_t d = 0; d < 3; d++) {
		draw_theta(w, d, 0.3, theta);
		ck_assert_int_eq(truce_equilibrium_draw(eq, theta), TRUCE_OK);
	}
	truce_equilibrium_free(eq);
	truce_world_free(w);
	truce_context_free(ctx);
	ck_assert_int_eq(f.live, 0);
}
END_TEST

int main(void)
{
	return truce_test_main("equilibrium_draws", (const truce_test[]){T(a_draw_is_a_solve_under_every_option),
		T(a_draw_takes_a_third_of_the_evaluations), T(where_it_does_not_reach_it_starts_from_cold), T(every_allocation_may_fail),
		T(nothing_is_allocated_in_a_draw), {0}});
}
