/* Unit tests of room equilibrium on real tables: the shipped worlds, and the published ones where they are beside the project. */
#include "frame.h"
#include "check_equilibrium.h"

#include <truce/equilibrium.h>

#include <sys/stat.h>

static truce_context *ctx;

static void begin(void)
{
	ck_assert_int_eq(truce_context_new(&ctx, NULL), TRUCE_OK);
}

static truce_world *shipped(const char *name)
{
	truce_world *w;
	char path[4200];
	snprintf(path, sizeof path, "%s/data/world/%s", TRUCE_TEST_ROOT, name);
	ck_assert_int_eq(truce_world_read(ctx, &w, path), TRUCE_OK);
	return w;
}

/* Caliendo and Parro (2015), with the deficits removed at the tariffs of 1993; NULL where their files are absent. */
static truce_world *nafta(double **tariffs_2005)
{
	static const char folder[] = TRUCE_TEST_ROOT "/../shared/data/models/cp2015-31x40-1993";
	struct stat there;
	truce_world *raw, *later, *base;
	truce_equilibrium_settings settings;
	truce_equilibrium *eq;
	if (stat(folder, &there) != 0) {
		printf("skipped: the files of Caliendo and Parro (2015) are not here\n");
		return NULL;
	}
	ck_assert_int_eq(truce_world_import_cp2015(ctx, &raw, folder, NULL), TRUCE_OK);
	ck_assert_int_eq(truce_world_import_cp2015(ctx, &later, folder, "tariffs2005.txt"), TRUCE_OK);
	truce_equilibrium_settings_init(&settings);
	settings.deficits = TRUCE_DEFICITS_ZERO;
	ck_assert_int_eq(truce_equilibrium_new(ctx, &eq, raw, &settings, 0), TRUCE_OK);
	ck_assert_int_eq(truce_equilibrium_solve(eq), TRUCE_OK);
	CHECK_EQUILIBRIUM(raw, &settings, NULL, eq);
	ck_assert_int_eq(truce_equilibrium_save(eq, &base, "base"), TRUCE_OK);
	truce_equilibrium_free(eq);
	*tariffs_2005 = malloc(base->sectors * base->regions * base->regions * sizeof(double));
	memcpy(*tariffs_2005, base->tariff, base->sectors * base->regions * base->regions * sizeof(double));
	static const char *const three[] = {"CAN", "MEX", "USA"};
	for (size_t j = 0; j < base->sectors; j++)
		for (int a = 0; a < 3; a++)
			for (int b = 0; b < 3; b++) {
				const size_t e = truce_world_edge(base, j, truce_world_region(base, three[a]), truce_world_region(base, three[b]));
				if (a != b)
					(*tariffs_2005)[e] = later->tariff[e];
			}
	truce_world_free(raw);
	truce_world_free(later);
	return base;
}

/* Their formula, taken again from K baselines along the straight line in log(1 + t): it goes to the exact number as 1/K. */
static double rebased(const truce_world *base, const double *to, size_t steps, size_t region)
{
	const size_t edges = base->sectors * base->regions * base->regions;
	double *tariff = malloc(edges * sizeof *tariff), sum = 0;
	const truce_world *from = base;
	for (size_t k = 1; k <= steps; k++) {
		truce_equilibrium *eq;
		truce_world *next;
		for (size_t e = 0; e < edges; e++)
			tariff[e] = (1 + base->tariff[e]) * pow((1 + to[e]) / (1 + base->tariff[e]), (double)k / (double)steps) - 1;
		const truce_policy policy = {.tariff = tariff};
		ck_assert_int_eq(truce_equilibrium_new(ctx, &eq, from, NULL, 0), TRUCE_OK);
		ck_assert_int_eq(truce_equilibrium_update(eq, &policy), TRUCE_OK);
		ck_assert_int_eq(truce_equilibrium_solve(eq), TRUCE_OK);
		CHECK_EQUILIBRIUM(from, NULL, &policy, eq);
		sum += truce_equilibrium_get_result(eq)->region[region].first_order.welfare;
		ck_assert_int_eq(truce_equilibrium_save(eq, &next, NULL), TRUCE_OK);
		truce_equilibrium_free(eq);
		if (from != base)
			truce_world_free((truce_world *)from);
		from = next;
	}
	if (from != base)
		truce_world_free((truce_world *)from);
	free(tariff);
	return 100 * sum;
}

START_TEST(the_first_order_goes_to_the_exact_number_in_steps)
{
	begin();
	double *to;
	truce_world *base = nafta(&to);
	if (base) {
		const size_t mexico = truce_world_region(base, "MEX");
		ck_assert_double_eq_tol(rebased(base, to, 1, mexico), 1.312, 5e-4);
		ck_assert_double_eq_tol(rebased(base, to, 2, mexico), 0.632, 1e-3);
		ck_assert_double_eq_tol(rebased(base, to, 8, mexico), 0.160, 1e-3);
		free(to);
		truce_world_free(base);
	}
	truce_context_free(ctx);
}
END_TEST

START_TEST(the_split_of_nafta_adds_up)
{
	begin();
	double *to;
	truce_world *base = nafta(&to);
	if (base) {
		truce_equilibrium *eq;
		truce_split split[64];
		const truce_policy policy = {.tariff = to};
		ck_assert_int_eq(truce_equilibrium_new(ctx, &eq, base, NULL, 0), TRUCE_OK);
		ck_assert_int_eq(truce_equilibrium_update(eq, &policy), TRUCE_OK);
		ck_assert_int_eq(truce_equilibrium_solve(eq), TRUCE_OK);
		CHECK_EQUILIBRIUM(base, NULL, &policy, eq);
		ck_assert_int_eq(truce_equilibrium_split(eq, split, 0, NULL), TRUCE_OK);
		for (size_t n = 0; n < base->regions; n++)
			ck_assert_double_eq_tol(split[n].sum, truce_equilibrium_get_result(eq)->region[n].real_income, 1e-8);
		truce_equilibrium_free(eq);
		free(to);
		truce_world_free(base);
	}
	truce_context_free(ctx);
}
END_TEST

/* From cold, certified, all that a user may throw at it. */
static void stands(const truce_world *w, const char *name, const double *tariff, const double *iceberg, truce_deficits deficits)
{
	truce_equilibrium_settings settings;
	truce_equilibrium *eq;
	const truce_policy policy = {.tariff = tariff, .iceberg = iceberg};
	truce_equilibrium_settings_init(&settings);
	settings.deficits = deficits;
	ck_assert_int_eq(truce_equilibrium_new(ctx, &eq, w, &settings, 0), TRUCE_OK);
	ck_assert_int_eq(truce_equilibrium_update(eq, &policy), TRUCE_OK);
	ck_assert_msg(truce_equilibrium_solve(eq) == TRUCE_OK, "%s: %s", w->name, name);
	const truce_equilibrium_point point = truce_equilibrium_get_point(eq);
	truce_certificate certificate;
	ck_assert_int_eq(truce_equilibrium_certify(ctx, &certificate, w, &settings, &policy, &point), TRUCE_OK);
	ck_assert_msg(certificate.largest <= 1e-9, "%s: %s: certificate %g", w->name, name, certificate.largest);
	CHECK_EQUILIBRIUM(w, &settings, &policy, eq);
	truce_equilibrium_free(eq);
}

static void stands_all(const truce_world *w, const char *us, const char *cn, truce_deficits deficits, double cut)
{
	const size_t N = w->regions, J = w->sectors, E = N * N * J, a = truce_world_region(w, us), b = truce_world_region(w, cn);
	double *t = malloc(E * sizeof *t), *iceberg = malloc(E * sizeof *iceberg);
	ck_assert(a != TRUCE_WORLD_NONE && b != TRUCE_WORLD_NONE);
	memcpy(t, w->tariff, E * sizeof *t);
	stands(w, "the null shock", t, NULL, deficits);
	for (size_t j = 0; j < J; j++)
		t[truce_world_edge(w, j, a, b)] = t[truce_world_edge(w, j, b, a)] = 100;
	stands(w, "10,000 % between two", t, NULL, deficits);
	for (size_t e = 0; e < E; e++)
		t[e] = e / N % N == e % N ? 0 : 2;
	stands(w, "200 % on everything", t, NULL, deficits);
	for (size_t e = 0; e < E; e++)
		t[e] = (e / N % N == a) != (e % N == a) ? 10 : w->tariff[e];
	stands(w, "1,000 % both ways on all trade of one", t, NULL, deficits);
	for (size_t e = 0; e < E; e++) {
		t[e] = 0;
		iceberg[e] = (e / N % N == 0) != (e % N == 0) ? cut : 1;
	}
	stands(w, "free trade", t, NULL, deficits);
	stands(w, "the first region nearly cut off", w->tariff, iceberg, deficits);
	free(t), free(iceberg);
}

START_TEST(nothing_on_the_shipped_worlds_breaks_it)
{
	begin();
	truce_world *of_2017 = shipped("us-china-2017.world"), *of_2024 = shipped("us-china-2024.world");
	for (int rule = TRUCE_DEFICITS_FIXED; rule <= TRUCE_DEFICITS_ENDOGENOUS; rule++) {
		stands_all(of_2017, "USA", "CHN", (truce_deficits)rule, 100);
		stands_all(of_2024, "USA", "CHN", (truce_deficits)rule, rule == TRUCE_DEFICITS_FIXED ? 30 : rule == TRUCE_DEFICITS_ZERO ? 300 : 100);
	}
	truce_world_free(of_2017), truce_world_free(of_2024);
	truce_context_free(ctx);
}
END_TEST

/* A deficit that is fixed while no trade is left to carry it: the equations have a solution, in which a region spends less than
 * nothing, and that is no equilibrium. */
START_TEST(nobody_spends_less_than_nothing)
{
	begin();
	truce_world *w = shipped("us-china-2024.world");
	const size_t N = w->regions, E = N * N * w->sectors;
	double *iceberg = malloc(E * sizeof *iceberg);
	truce_equilibrium *eq;
	const truce_policy policy = {.iceberg = iceberg};
	for (size_t e = 0; e < E; e++)
		iceberg[e] = (e / N % N == 0) != (e % N == 0) ? 100 : 1;
	ck_assert_int_eq(truce_equilibrium_new(ctx, &eq, w, NULL, 0), TRUCE_OK);
	ck_assert_int_eq(truce_equilibrium_update(eq, &policy), TRUCE_OK);
	ck_assert_int_eq(truce_equilibrium_solve(eq), TRUCE_CONVERGE);
	ck_assert_double_gt(truce_equilibrium_get_info(eq)->certificate.income, 1e-3);
	ck_assert_double_gt(check_equilibrium(w, NULL, &policy, eq).largest, 1e-3);
	truce_equilibrium_free(eq);
	free(iceberg);
	truce_world_free(w);
	truce_context_free(ctx);
}
END_TEST

/* Petroleum has an elasticity of 65 there. */
START_TEST(nothing_on_the_table_of_1993_breaks_it)
{
	begin();
	double *to;
	truce_world *base = nafta(&to);
	if (base) {
		stands_all(base, "USA", "CHN", TRUCE_DEFICITS_FIXED, 100);
		free(to);
		truce_world_free(base);
	}
	truce_context_free(ctx);
}
END_TEST

int main(void)
{
	return truce_test_main("equilibrium_data", (const truce_test[]){T(the_first_order_goes_to_the_exact_number_in_steps),
		T(the_split_of_nafta_adds_up), T(nothing_on_the_shipped_worlds_breaks_it), T(nobody_spends_less_than_nothing),
		T(nothing_on_the_table_of_1993_breaks_it), {0}});
}
