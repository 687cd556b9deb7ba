/* Unit tests of room equilibrium: answers that were known first, algebra, properties, and the solver as an object. */
#include "frame.h"
#include "check_equilibrium.h"
#include "random_world.h"
#include "settings.h"

#include "equilibrium/kernel.h"

#include <truce/equilibrium.h>

static truce_context *ctx;

static void begin(void)
{
	ck_assert_int_eq(truce_context_new(&ctx, NULL), TRUCE_OK);
}

static truce_world *world_of(size_t N, size_t J, uint64_t seed, double inputs, double tariffs)
{
	truce_world *w = random_world_of(ctx, &(random_world_plan){N, J, seed, inputs, tariffs, 2, 8});
	ck_assert_ptr_nonnull(w);
	return w;
}

static size_t edges_of(const truce_world *w)
{
	return w->regions * w->regions * w->sectors;
}

static double *array_of(size_t count, double value)
{
	double *array = malloc(count * sizeof *array);
	for (size_t k = 0; k < count; k++)
		array[k] = value;
	return array;
}

static double *tariffs_times(const truce_world *w, double factor)
{
	double *t = malloc(edges_of(w) * sizeof *t);
	for (size_t e = 0; e < edges_of(w); e++)
		t[e] = w->tariff[e] * factor;
	return t;
}

/* Every solve of these tests is certified here once more, apart from the solver, and checked apart from the library. */
static void certified(const truce_equilibrium *eq, const truce_world *w, const truce_equilibrium_settings *settings,
	const truce_policy *policy)
{
	truce_certificate certificate;
	const truce_equilibrium_point point = truce_equilibrium_get_point(eq);
	ck_assert_int_eq(truce_equilibrium_certify(ctx, &certificate, w, settings, policy, &point), TRUCE_OK);
	ck_assert_msg(certificate.largest <= 1e-9, "certificate %g at %s", certificate.largest, certificate.cell);
	CHECK_EQUILIBRIUM(w, settings, policy, eq);
}

static truce_equilibrium *solved(const truce_world *w, const char *text, const truce_policy *policy)
{
	const truce_equilibrium_settings settings = settings_of(ctx, text);
	truce_equilibrium *eq;
	ck_assert_int_eq(truce_equilibrium_new(ctx, &eq, w, &settings, policy ? policy->quantity_count : 0), TRUCE_OK);
	ck_assert_int_eq(truce_equilibrium_update(eq, policy), TRUCE_OK);
	ck_assert_msg(truce_equilibrium_solve(eq) == TRUCE_OK, "%s: %s", text, truce_diagnostic_at(ctx, 0) ?
		truce_diagnostic_at(ctx, 0)->what : "?");
	certified(eq, w, &settings, policy);
	return eq;
}

static double real_income(const truce_equilibrium *eq, size_t n)
{
	return truce_equilibrium_get_result(eq)->region[n].real_income;
}

static void same_real_incomes(const truce_equilibrium *a, const truce_equilibrium *b, size_t regions, double tolerance)
{
	for (size_t n = 0; n < regions; n++)
		ck_assert_double_eq_tol(real_income(a, n), real_income(b, n), tolerance);
}

/* ---- answers known first ------------------------------------------------------------------------------------------------- */

/* The new equilibrium, chosen: shares, tariffs, export taxes, price changes.  Then the sizes that close it (a circular flow
 * without deficits), the wages that pay them, and the trade costs that lead there from the baseline. */
typedef struct {
	double *share, *tariff, *export_tax, *iceberg; /* [J][N][N] */
	double *price, *cost, *seller, *spending, *output; /* [N][J] */
	double *wage, *income; /* [N] */
	double *input; /* [N][J][J] */
} known;

typedef struct {
	double margin[8], psi, eta, nu;
} structure;

static void choose(known *k, const truce_world *w, uint64_t seed)
{
	const size_t N = w->regions, J = w->sectors, E = edges_of(w);
	uint64_t draw = 0;
	*k = (known){array_of(E, 0), array_of(E, 0), array_of(E, 0), array_of(E, 1), array_of(N * J, 1), array_of(N * J, 1),
		array_of(N * J, 1), array_of(N * J, 1), array_of(N * J, 1), array_of(N, 1), array_of(N, 1), array_of(N * J * J, 0)};
	for (size_t j = 0; j < J; j++)
		for (size_t n = 0; n < N; n++) {
			double sum = 0;
			k->price[n * J + j] = exp(0.4 * truce_draw_uniform(seed, 1, draw++) - 0.2);
			for (size_t i = 0; i < N; i++) {
				const size_t e = truce_world_edge(w, j, n, i);
				sum += k->share[e] = (i == n ? 2.0 : 1.0 / (double)N) * (0.5 + truce_draw_uniform(seed, 1, draw++));
				k->tariff[e] = i == n ? 0 : 0.5 * truce_draw_uniform(seed, 1, draw++);
				k->export_tax[e] = i == n ? 0 : 0.2 * truce_draw_uniform(seed, 1, draw++) - 0.05;
			}
			for (size_t i = 0; i < N; i++)
				k->share[truce_world_edge(w, j, n, i)] /= sum;
		}
}

static void free_known(known *k)
{
	free(k->share), free(k->tariff), free(k->export_tax), free(k->iceberg), free(k->price), free(k->cost), free(k->seller);
	free(k->spending), free(k->output), free(k->wage), free(k->income), free(k->input);
}

static double labour_share(const truce_world *w, const structure *s, size_t n, size_t j)
{
	return w->value_added[n * w->sectors + j] - s->margin[j];
}

/* Costs and the shares of inputs at the chosen prices and the present wages. */
static void set_costs(known *k, const truce_world *w, const structure *s)
{
	const size_t J = w->sectors;
	for (size_t n = 0; n < w->regions; n++)
		for (size_t j = 0; j < J; j++) {
			const double *share = w->input_share + (n * J + j) * J, labour = labour_share(w, s, n, j), materials = 1 - s->margin[j] - labour;
			double bundle = 0;
			for (size_t m = 0; m < J; m++)
				bundle += share[m] * (s->eta == 1 ? log(k->price[n * J + m]) : pow(k->price[n * J + m], 1 - s->eta));
			bundle = materials == 0 ? 1 : s->eta == 1 ? exp(bundle / materials) : pow(bundle / materials, 1 / (1 - s->eta));
			const double cost = s->nu == 1 ? pow(pow(k->wage[n], labour) * pow(bundle, materials), 1 / (1 - s->margin[j])) :
				pow((labour * pow(k->wage[n], 1 - s->nu) + materials * pow(bundle, 1 - s->nu)) / (1 - s->margin[j]), 1 / (1 - s->nu));
			k->cost[n * J + j] = cost;
			for (size_t m = 0; m < J; m++)
				k->input[(n * J + j) * J + m] = share[m] * pow(bundle / cost, 1 - s->nu) * pow(k->price[n * J + m] / bundle, 1 - s->eta);
		}
}

/* Sizes: spending goes round until it closes, with the world's wage bill kept. */
static void set_sizes(known *k, const truce_world *w, const structure *s, double bill_world)
{
	const size_t N = w->regions, J = w->sectors;
	for (int round = 0; round < 3000; round++) {
		double bill = 0, moved = 0;
		memset(k->output, 0, N * J * sizeof *k->output);
		memset(k->income, 0, N * sizeof *k->income);
		for (size_t j = 0; j < J; j++)
			for (size_t n = 0; n < N; n++)
				for (size_t i = 0; i < N; i++) {
					const size_t e = truce_world_edge(w, j, n, i);
					const double spent = k->share[e] * k->spending[n * J + j], border = spent / (1 + k->tariff[e]);
					k->output[i * J + j] += border / (1 + k->export_tax[e]);
					k->income[n] += spent - border;
					k->income[i] += border - border / (1 + k->export_tax[e]);
				}
		for (size_t n = 0; n < N; n++)
			for (size_t j = 0; j < J; j++) {
				double materials = 0;
				for (size_t m = 0; m < J; m++)
					materials += k->input[(n * J + j) * J + m];
				bill += (1 - s->margin[j] - materials) * k->output[n * J + j];
				k->income[n] += (1 - materials) * k->output[n * J + j];
			}
		for (size_t n = 0; n < N; n++)
			for (size_t m = 0; m < J; m++) {
				double wanted = w->final_share[n * J + m] * k->income[n];
				for (size_t j = 0; j < J; j++)
					wanted += k->input[(n * J + j) * J + m] * k->output[n * J + j];
				wanted *= bill_world / bill;
				moved = fmax(moved, fabs(wanted / k->spending[n * J + m] - 1));
				k->spending[n * J + m] = wanted;
			}
		if (moved < 1e-15)
			break;
	}
}

static void known_answer(const char *text, const structure *s, uint64_t seed)
{
	begin();
	truce_world *w = random_world_of(ctx, &(random_world_plan){4, 5, seed, 0.4, 0.2, 3, 8});
	const size_t N = 4, J = 5, E = edges_of(w);
	known k;
	double *bill = array_of(N, 0), bill_world = 0;
	ck_assert_ptr_nonnull(w);
	choose(&k, w, seed);
	for (size_t n = 0; n < N; n++)
		for (size_t j = 0; j < J; j++) {
			bill[n] += labour_share(w, s, n, j) * truce_world_output(w, n, j);
			bill_world += labour_share(w, s, n, j) * truce_world_output(w, n, j);
		}
	double moved = 1;
	for (int round = 0; round < 500 && moved > 1e-15; round++) {
		moved = 0;
		set_costs(&k, w, s);
		set_sizes(&k, w, s, bill_world);
		for (size_t n = 0; n < N; n++) {
			double paid = 0;
			for (size_t j = 0; j < J; j++) {
				double materials = 0;
				for (size_t m = 0; m < J; m++)
					materials += k.input[(n * J + j) * J + m];
				paid += (1 - s->margin[j] - materials) * k.output[n * J + j];
			}
			moved = fmax(moved, fabs(paid / bill[n] / k.wage[n] - 1));
			k.wage[n] = paid / bill[n];
		}
	}
	ck_assert_double_le(moved, 1e-14);
	for (size_t j = 0; j < J; j++)
		for (size_t n = 0; n < N; n++)
			for (size_t i = 0; i < N; i++) {
				const size_t e = truce_world_edge(w, j, n, i);
				const double scale = k.output[i * J + j] / truce_world_output(w, i, j) / k.cost[i * J + j];
				const double seller = k.cost[i * J + j] * pow(scale, -s->psi);
				const double old = w->flow[e] * (1 + w->tariff[e]) / truce_world_spending(w, n, j);
				const double kappa = k.price[n * J + j] / seller * pow(k.share[e] / old, -1 / w->theta[j]);
				k.iceberg[e] = kappa * (1 + w->tariff[e]) / (1 + k.tariff[e]) / (1 + k.export_tax[e]);
			}
	const truce_policy policy = {.tariff = k.tariff, .export_tax = k.export_tax, .iceberg = k.iceberg};
	truce_equilibrium *eq = solved(w, text, &policy);
	const truce_equilibrium_result *result = truce_equilibrium_get_result(eq);
	for (size_t n = 0; n < N; n++) {
		ck_assert_double_eq_tol(result->region[n].wage, k.wage[n], 1e-9);
		ck_assert_double_eq_tol(result->region[n].income / k.income[n], 1, 1e-9);
		for (size_t j = 0; j < J; j++) {
			ck_assert_double_eq_tol(result->price[n * J + j], k.price[n * J + j], 1e-9);
			ck_assert_double_eq_tol(result->cost[n * J + j], k.cost[n * J + j], 1e-9);
			ck_assert_double_eq_tol(result->spending[n * J + j] / k.spending[n * J + j], 1, 1e-9);
		}
	}
	for (size_t e = 0; e < E; e++)
		ck_assert_double_eq_tol(truce_equilibrium_get_point(eq).share[e], k.share[e], 1e-9);
	truce_equilibrium_free(eq);
	free(bill);
	free_known(&k);
	truce_world_free(w);
	truce_context_free(ctx);
}

START_TEST(the_answer_chosen_first_is_found)
{
	const structure plain = {.eta = 1, .nu = 1}, scale = {.eta = 1, .nu = 1, .psi = 0.06};
	const structure ces = {.eta = 0.4, .nu = 0.7}, loose = {.eta = 1.8, .nu = 1.3};
	for (uint64_t seed = 1; seed <= 8; seed++)
		known_answer("deficits=zero", &plain, seed);
	for (uint64_t seed = 11; seed <= 14; seed++) {
		known_answer("deficits=zero market=monopolistic psi=0.06", &scale, seed);
		known_answer("deficits=zero inputs=0.4 value_added=0.7", &ces, seed);
		known_answer("deficits=zero inputs=1.8 value_added=1.3", &loose, seed);
	}
}
END_TEST

START_TEST(the_answer_chosen_first_is_found_with_profits)
{
	for (uint64_t seed = 21; seed <= 24; seed++) {
		structure profits = {.eta = 1, .nu = 1};
		begin();
		truce_world *w = random_world_of(ctx, &(random_world_plan){4, 5, seed, 0.4, 0.2, 3, 8});
		for (size_t j = 0; j < 5; j++)
			profits.margin[j] = 1 / (1 + w->theta[j]);
		truce_world_free(w);
		truce_context_free(ctx);
		known_answer("deficits=zero market=restricted", &profits, seed);
	}
}
END_TEST

/* ---- algebra ------------------------------------------------------------------------------------------------------------ */

/* Arkolakis, Costinot and Rodriguez-Clare (2012): welfare is the home share to the -1/theta, with inputs -1/(theta beta). */
static void home_share_tells(double inputs)
{
	begin();
	truce_world *w = random_world_of(ctx, &(random_world_plan){5, 1, 4, 0, 0, 4, 4});
	/* balanced trade: what n buys from i it sells to i; materials the same share everywhere */
	for (size_t n = 0; n < 5; n++) {
		w->value_added[n] = 1 - inputs;
		w->input_share[n] = inputs;
		for (size_t i = 0; i < n; i++)
			w->flow[truce_world_edge(w, 0, n, i)] = w->flow[truce_world_edge(w, 0, i, n)];
		w->final_share[n] = 1;
	}
	double *iceberg = array_of(25, 1);
	for (size_t e = 0; e < 25; e++)
		iceberg[e] = e / 5 == e % 5 ? 1 : 0.7 + 0.1 * (double)(e % 7);
	truce_equilibrium *eq = solved(w, "", &(truce_policy){.iceberg = iceberg});
	for (size_t n = 0; n < 5; n++) {
		const size_t home = truce_world_edge(w, 0, n, n);
		const double share = truce_equilibrium_get_point(eq).share[home] / (w->flow[home] / truce_world_spending(w, n, 0));
		ck_assert_double_eq_tol(1 + real_income(eq, n), pow(share, -1 / (4 * (1 - inputs))), 1e-10);
	}
	truce_equilibrium_free(eq);
	free(iceberg);
	truce_world_free(w);
	truce_context_free(ctx);
}

START_TEST(the_home_share_tells_welfare)
{
	home_share_tells(0);
	home_share_tells(0.5);
}
END_TEST

/* Lerner (1936): where trade is balanced, one tax on all exports does what one tariff on all imports does. */
START_TEST(a_tax_on_all_exports_is_a_tariff_on_all_imports)
{
	begin();
	truce_world *w = world_of(4, 3, 6, 0.4, 0);
	double *tariff = array_of(edges_of(w), 0), *tax = array_of(edges_of(w), 0);
	for (size_t j = 0; j < 3; j++)
		for (size_t i = 1; i < 4; i++) {
			tariff[truce_world_edge(w, j, 0, i)] = 0.3;
			tax[truce_world_edge(w, j, i, 0)] = 0.3;
		}
	truce_equilibrium *a = solved(w, "deficits=zero", &(truce_policy){.tariff = tariff});
	truce_equilibrium *b = solved(w, "deficits=zero", &(truce_policy){.export_tax = tax});
	same_real_incomes(a, b, 4, 1e-10);
	ck_assert_double_gt(truce_equilibrium_get_result(b)->region[0].export_revenue, 0);
	truce_equilibrium_free(a), truce_equilibrium_free(b);
	free(tariff), free(tax);
	truce_world_free(w);
	truce_context_free(ctx);
}
END_TEST

/* A bound does what a wedge of its shadow does that the same people collect. */
START_TEST(a_bound_is_its_shadow_wedge)
{
	static const struct {
		truce_quantity_kind kind;
		truce_rent rent;
		double level;
	} cases[] = {{TRUCE_QUANTITY_AT_MOST, TRUCE_RENT_IMPORTER, 0.6}, {TRUCE_QUANTITY_AT_MOST, TRUCE_RENT_EXPORTER, 0.4},
		{TRUCE_QUANTITY_AT_MOST, TRUCE_RENT_LOST, 0.5}, {TRUCE_QUANTITY_AT_LEAST, TRUCE_RENT_IMPORTER, 1.7},
		{TRUCE_QUANTITY_EXACTLY, TRUCE_RENT_EXPORTER, 1.2}};
	begin();
	truce_world *w = world_of(4, 3, 9, 0.4, 0.2);
	const size_t e = truce_world_edge(w, 1, 0, 2);
	for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
		const truce_edge_quantity bound = {1, 0, 2, cases[k].kind, cases[k].rent, cases[k].level};
		truce_equilibrium *a = solved(w, "", &(truce_policy){.quantities = &bound, .quantity_count = 1});
		const double shadow = truce_equilibrium_get_result(a)->shadow[0];
		ck_assert_double_eq_tol(truce_equilibrium_get_result(a)->quantity[0], cases[k].level, 1e-9);
		ck_assert((cases[k].level < 1) == (shadow > 0));
		double *tariff = tariffs_times(w, 1), *tax = array_of(edges_of(w), 0), *iceberg = array_of(edges_of(w), 1);
		if (cases[k].rent == TRUCE_RENT_IMPORTER)
			tariff[e] = (1 + tariff[e]) * (1 + shadow) - 1;
		else
			*(cases[k].rent == TRUCE_RENT_EXPORTER ? &tax[e] : &iceberg[e]) += shadow;
		truce_equilibrium *b = solved(w, "", &(truce_policy){.tariff = tariff, .export_tax = tax, .iceberg = iceberg});
		same_real_incomes(a, b, 4, 1e-9);
		truce_equilibrium_free(a), truce_equilibrium_free(b);
		free(tariff), free(tax), free(iceberg);
	}
	truce_world_free(w);
	truce_context_free(ctx);
}
END_TEST

START_TEST(a_bound_that_does_not_bind_changes_nothing)
{
	begin();
	truce_world *w = world_of(4, 3, 9, 0.4, 0.2);
	const truce_edge_quantity bounds[] = {{1, 0, 2, TRUCE_QUANTITY_AT_MOST, TRUCE_RENT_EXPORTER, 1.5},
		{0, 1, 3, TRUCE_QUANTITY_AT_LEAST, TRUCE_RENT_IMPORTER, 0.5}};
	truce_equilibrium *eq = solved(w, "", &(truce_policy){.quantities = bounds, .quantity_count = 2});
	for (size_t n = 0; n < 4; n++)
		ck_assert_double_eq_tol(real_income(eq, n), 0, 1e-12);
	truce_world *saved;
	ck_assert_int_eq(truce_equilibrium_save(eq, &saved, NULL), TRUCE_OK); /* nobody earns a rent */
	truce_world_free(saved);
	truce_equilibrium_free(eq);
	const truce_edge_quantity twice[] = {bounds[0], bounds[0]};
	const truce_policy policy = {.quantities = twice, .quantity_count = 2};
	ck_assert_int_eq(truce_equilibrium_new(ctx, &eq, w, NULL, 2), TRUCE_OK);
	ck_assert_int_eq(truce_equilibrium_update(eq, &policy), TRUCE_INPUT);
	truce_equilibrium_free(eq);
	truce_world_free(w);
	truce_context_free(ctx);
}
END_TEST

/* Bounds in any order on many edges, found by halves: each has the wedge of its own edge; one edge twice is refused. */
START_TEST(many_bounds_are_found_in_any_order)
{
	enum { N = 5, J = 4, BOUNDS = 40 };
	begin();
	truce_world *w = world_of(N, J, 67, 0.4, 0.1);
	truce_edge_quantity bounds[BOUNDS + 1], turned[BOUNDS];
	size_t edge[N * N * J], count = 0;
	for (size_t e = 0; e < N * N * J; e++)
		if (e % N != e / N % N)
			edge[count++] = e;
	for (size_t k = 0; k < BOUNDS; k++) {
		const size_t at = k + (size_t)(truce_draw_uniform(8, 1, k) * (double)(count - k)), e = edge[at];
		edge[at] = edge[k];
		edge[k] = e;
		bounds[k] = (truce_edge_quantity){e / N / N, e / N % N, e % N, TRUCE_QUANTITY_AT_MOST, (truce_rent)(k % 3), 0.6 + 0.01 * (double)k};
		turned[BOUNDS - 1 - k] = bounds[k];
	}
	const truce_policy policy = {.quantities = bounds, .quantity_count = BOUNDS};
	truce_equilibrium *a = solved(w, "", &policy), *b = solved(w, "", &(truce_policy){.quantities = turned, .quantity_count = BOUNDS});
	for (size_t k = 0; k < BOUNDS; k++)
		ck_assert_double_eq_tol(truce_equilibrium_get_result(a)->shadow[k], truce_equilibrium_get_result(b)->shadow[BOUNDS - 1 - k], 1e-8);
	truce_split split[N];
	ck_assert_int_eq(truce_equilibrium_split(a, split, 0, NULL), TRUCE_OK);
	truce_equilibrium_free(b);
	bounds[BOUNDS] = bounds[7];
	ck_assert_int_eq(truce_equilibrium_new(ctx, &b, w, NULL, BOUNDS + 1), TRUCE_OK);
	ck_assert_int_eq(truce_equilibrium_update(b, &(truce_policy){.quantities = bounds, .quantity_count = BOUNDS + 1}), TRUCE_INPUT);
	ck_assert_ptr_nonnull(strstr(truce_diagnostic_at(ctx, 0)->what, "two bounds on"));
	truce_equilibrium_free(a);
	truce_equilibrium_free(b);
	truce_world_free(w);
	truce_context_free(ctx);
}
END_TEST

START_TEST(limits_of_the_options_are_the_plain_model)
{
	static const struct {
		const char *text;
		double tolerance;
	} cases[] = {{"inputs=1.0000001", 1e-6}, {"value_added=0.9999999", 1e-6}, {"labour_supply=1e-9", 1e-6},
		{"market=monopolistic psi=1e-9", 1e-6}, {"theta_scale=1", 1e-12}};
	begin();
	truce_world *w = world_of(5, 4, 31, 0.5, 0.2);
	double *tariff = tariffs_times(w, 3);
	const truce_policy policy = {.tariff = tariff};
	truce_equilibrium *plain = solved(w, "", &policy);
	for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
		truce_equilibrium *eq = solved(w, cases[k].text, &policy);
		same_real_incomes(plain, eq, 5, cases[k].tolerance);
		truce_equilibrium_free(eq);
	}
	truce_equilibrium_free(plain);
	/* one sector: labour that stays in it is labour that may leave */
	truce_world *one = world_of(5, 1, 32, 0.4, 0.2);
	double *higher = tariffs_times(one, 3);
	truce_equilibrium *mobile = solved(one, "", &(truce_policy){.tariff = higher});
	truce_equilibrium *immobile = solved(one, "labour=immobile", &(truce_policy){.tariff = higher});
	same_real_incomes(mobile, immobile, 5, 1e-10);
	truce_equilibrium_free(mobile), truce_equilibrium_free(immobile);
	/* a horizon is a scale of the elasticities */
	truce_equilibrium *scaled = solved(w, "theta_scale=0.5", &policy);
	for (size_t j = 0; j < w->sectors; j++)
		w->theta[j] *= 0.5;
	truce_equilibrium *halved = solved(w, "", &policy);
	same_real_incomes(scaled, halved, 5, 1e-12);
	truce_equilibrium_free(scaled), truce_equilibrium_free(halved);
	free(tariff), free(higher);
	truce_world_free(w), truce_world_free(one);
	truce_context_free(ctx);
}
END_TEST

/* Hours follow the real wage, after tax where duties replace one; the same revenue in real terms comes in. */
START_TEST(labour_answers_to_the_real_wage)
{
	begin();
	truce_world *w = world_of(5, 4, 41, 0.5, 0.1);
	double *tariff = tariffs_times(w, 4);
	truce_equilibrium *eq = solved(w, "labour_supply=0.5", &(truce_policy){.tariff = tariff});
	for (size_t n = 0; n < 5; n++) {
		const truce_region_change *r = &truce_equilibrium_get_result(eq)->region[n];
		ck_assert_double_eq_tol(r->labour, pow(1 + r->real_wage, 0.5), 1e-10);
	}
	truce_equilibrium_free(eq);
	eq = solved(w, "labour_supply=0.5 revenue=income_tax income_tax=0.25", &(truce_policy){.tariff = tariff});
	for (size_t n = 0; n < 5; n++) {
		const truce_region_change *r = &truce_equilibrium_get_result(eq)->region[n];
		const double kept = pow(r->labour, 2) / (1 + r->real_wage) * 0.75, tax = (1 - kept) * r->wage_bill;
		const double before = 0.25 * r->wage_bill_old + r->revenue_old;
		ck_assert_double_eq_tol((tax + r->revenue) / r->price_index / before, 1, 1e-9);
	}
	truce_equilibrium_free(eq);
	free(tariff);
	truce_world_free(w);
	truce_context_free(ctx);
}
END_TEST

/* A random world in which selling pays the buyer's region `least` of what is bought, and up to twice that. */
static truce_world *marketing_world(size_t N, size_t J, uint64_t seed, double inputs, double least)
{
	truce_world *w = world_of(N, J, seed, inputs, 0.2);
	ck_assert_int_eq(truce_world_keep_marketing(w), TRUCE_OK);
	for (size_t n = 0; n < N; n++)
		w->marketing[n] = least * (1 + truce_draw_uniform(seed, 7, n));
	return w;
}

static const char marketing[] = "market=monopolistic psi=0.1 marketing=world labour_supply=0.5 revenue=tax_relief";

/* The equations of Ignatenko, Lashkaripour, Macedoni and Simonovska (2025) in their own form: one sector, labour alone. */
START_TEST(marketing_is_that_of_the_paper)
{
	enum { N = 6 };
	begin();
	truce_world *w = marketing_world(N, 1, 77, 0, 0.1);
	double *tariff = tariffs_times(w, 3), Y[N] = {0}, E[N] = {0}, world[2] = {0};
	truce_equilibrium *eq = solved(w, marketing, &(truce_policy){.tariff = tariff});
	const truce_equilibrium_result *result = truce_equilibrium_get_result(eq);
	const double theta = w->theta[0], psi = 0.1, kappa = 0.5, *nu = w->marketing;
	for (size_t n = 0; n < N; n++)
		for (size_t i = 0; i < N; i++) {
			const size_t e = truce_world_edge(w, 0, n, i);
			Y[i] += (1 - nu[n]) * w->flow[e];
			Y[n] += nu[n] * w->flow[e];
			E[n] += w->flow[e] * (1 + w->tariff[e]);
		}
	for (size_t n = 0; n < N; n++) {
		world[0] += Y[n];
		world[1] += Y[n] * result->region[n].wage * result->region[n].labour;
	}
	double earned[N] = {0};
	for (size_t n = 0; n < N; n++) {
		const truce_region_change *r = &result->region[n];
		const double phi = (1 + psi) / (1 - nu[n]) - psi, spent = result->spending[n];
		double sum = 0, revenue = 0, revenue_old = 0, term[N];
		for (size_t i = 0; i < N; i++) {
			const size_t e = truce_world_edge(w, 0, n, i);
			const double seller = result->region[i].wage / pow(result->region[i].labour, psi);
			term[i] = w->flow[e] * (1 + w->tariff[e]) / E[n] * pow(seller, -theta) *
				pow((1 + tariff[e]) / (1 + w->tariff[e]), -theta * phi);
			sum += term[i];
		}
		for (size_t i = 0; i < N; i++) {
			const size_t e = truce_world_edge(w, 0, n, i);
			const double border = term[i] / sum * spent / (1 + tariff[e]);
			ck_assert_double_eq_tol(result->flow[e], border, 1e-9 * spent);
			earned[i] += (1 - nu[n]) * border;
			earned[n] += nu[n] * border;
			revenue += border * tariff[e];
			revenue_old += w->flow[e] * w->tariff[e];
		}
		ck_assert_double_eq_tol(r->price_index, pow(spent / E[n] / r->wage, 1 - phi) * pow(sum, -1 / theta), 1e-9);
		const double transfer = (E[n] - Y[n] - revenue_old) * world[1] / world[0];
		ck_assert_double_eq_tol(spent / E[n], (revenue + Y[n] * r->wage * r->labour + transfer) / E[n], 1e-9);
		/* the tax that is gone, and real income less what hours cost */
		const double tax = (revenue - revenue_old * r->price_index) / (Y[n] * r->wage * r->labour);
		ck_assert_double_eq_tol(r->labour, pow(r->wage / r->price_index / (1 - tax), kappa), 1e-9);
		const double effort = (1 - tax) * Y[n] * kappa / (1 + kappa) * (pow(r->labour, 1 + 1 / kappa) - 1);
		ck_assert_double_eq_tol(r->real_income, (spent / r->price_index - effort) / E[n] - 1, 1e-9);
		ck_assert(isnan(r->first_order.welfare));
	}
	for (size_t n = 0; n < N; n++)
		ck_assert_double_eq_tol(earned[n] / Y[n], result->region[n].wage * result->region[n].labour, 1e-9);
	truce_equilibrium_free(eq);
	free(tariff);
	truce_world_free(w);
	truce_context_free(ctx);
}
END_TEST

START_TEST(marketing_with_inputs_is_certified_and_can_be_kept)
{
	begin();
	truce_world *w = marketing_world(5, 4, 78, 0.5, 0.08), *saved = NULL, *read = NULL;
	double *tariff = tariffs_times(w, 5), *iceberg = array_of(edges_of(w), 1);
	truce_equilibrium *plain, *eq;
	char *bytes = NULL;
	size_t length = 0;
	iceberg[truce_world_edge(w, 1, 0, 2)] = 1.2;
	const truce_policy policy = {.tariff = tariff, .iceberg = iceberg};
	truce_equilibrium_free(solved(w, "market=monopolistic psi=0.05 marketing=world inputs=0.6 value_added=0.7 deficits=endogenous", &policy));
	/* the table is not in balance while part of sales is earned elsewhere: its own equilibrium is the baseline */
	eq = solved(w, marketing, NULL);
	ck_assert_int_eq(truce_equilibrium_save(eq, &saved, NULL), TRUCE_OK);
	truce_equilibrium_free(eq);
	ck_assert_int_eq(truce_world_to_bytes(ctx, saved, &bytes, &length), TRUCE_OK);
	ck_assert_int_eq(truce_world_read_bytes(ctx, &read, "kept", bytes, length), TRUCE_OK);
	ck_assert_mem_eq(read->marketing, w->marketing, 5 * sizeof(double));
	eq = solved(read, marketing, NULL);
	for (size_t n = 0; n < 5; n++)
		ck_assert_double_eq_tol(real_income(eq, n), 0, 1e-11);
	truce_equilibrium_free(eq);
	/* where selling pays nothing there, it is free entry and no more */
	memset(w->marketing, 0, 5 * sizeof(double));
	eq = solved(w, "market=monopolistic psi=0.1 marketing=world", &policy);
	plain = solved(w, "market=monopolistic psi=0.1", &policy);
	same_real_incomes(eq, plain, 5, 1e-11);
	truce_equilibrium_free(eq);
	truce_equilibrium_free(plain);
	truce_release(ctx, bytes);
	truce_world_free(read);
	truce_world_free(saved);
	free(tariff), free(iceberg);
	truce_world_free(w);
	truce_context_free(ctx);
}
END_TEST

/* An answer that is moved is none: the certificate sees what marketing and the tax that is gone add. */
START_TEST(the_certificate_sees_marketing)
{
	begin();
	truce_world *w = marketing_world(4, 2, 79, 0, 0.1);
	double *tariff = tariffs_times(w, 3);
	const truce_policy policy = {.tariff = tariff};
	truce_equilibrium *eq = solved(w, marketing, &policy);
	const truce_equilibrium_point point = truce_equilibrium_get_point(eq);
	truce_certificate certificate;
	truce_equilibrium_settings other = settings_of(ctx, marketing);
	other.revenue = TRUCE_REVENUE_REBATE;
	ck_assert_int_eq(truce_equilibrium_certify(ctx, &certificate, w, &other, &policy, &point), TRUCE_OK);
	ck_assert(certificate.income > 1e-4);
	other = settings_of(ctx, "market=monopolistic psi=0.1 labour_supply=0.5 revenue=tax_relief");
	ck_assert_int_eq(truce_equilibrium_certify(ctx, &certificate, w, &other, &policy, &point), TRUCE_OK);
	ck_assert(certificate.price > 1e-4 && certificate.spending + certificate.balance > 1e-4);
	truce_equilibrium_free(eq);
	free(tariff);
	truce_world_free(w);
	truce_context_free(ctx);
}
END_TEST

START_TEST(what_marketing_does_not_know_is_refused)
{
	begin();
	truce_world *w = marketing_world(3, 2, 80, 0.3, 0.1);
	double *tax = array_of(edges_of(w), 0);
	truce_equilibrium *eq = NULL;
	truce_equilibrium_settings settings = settings_of(ctx, "marketing=world");
	ck_assert_int_eq(truce_equilibrium_new(ctx, &eq, w, &settings, 0), TRUCE_USAGE); /* wants free entry */
	settings = settings_of(ctx, "revenue=tax_relief");
	ck_assert_int_eq(truce_equilibrium_new(ctx, &eq, w, &settings, 0), TRUCE_USAGE); /* wants hours that answer */
	settings = settings_of(ctx, marketing);
	const truce_edge_quantity bound = {.importer = 1, .level = 0.5};
	ck_assert_int_eq(truce_equilibrium_new(ctx, &eq, w, &settings, 1), TRUCE_OK);
	ck_assert_int_eq(truce_equilibrium_update(eq, &(truce_policy){.quantities = &bound, .quantity_count = 1}), TRUCE_USAGE);
	ck_assert_int_eq(truce_equilibrium_update(eq, &(truce_policy){.export_tax = tax}), TRUCE_OK);
	tax[truce_world_edge(w, 0, 0, 1)] = 0.1;
	ck_assert_int_eq(truce_equilibrium_update(eq, &(truce_policy){.export_tax = tax}), TRUCE_USAGE);
	truce_equilibrium_free(eq);
	double *kept = w->marketing;
	w->marketing = NULL;
	ck_assert_int_eq(truce_equilibrium_new(ctx, &eq, w, &settings, 0), TRUCE_INPUT);
	w->marketing = kept;
	kept[1] = 1;
	ck_assert_int_eq(truce_world_finish(ctx, w, "bad", NULL), TRUCE_INPUT);
	free(tax);
	truce_world_free(w);
	truce_context_free(ctx);
}
END_TEST

/* ---- properties ----------------------------------------------------------------------------------------------------------- */

START_TEST(the_unit_of_money_changes_nothing)
{
	begin();
	truce_world *a = world_of(5, 4, 51, 0.5, 0.2), *b = world_of(5, 4, 51, 0.5, 0.2);
	double *tariff = tariffs_times(a, 3);
	for (size_t e = 0; e < edges_of(b); e++)
		b->flow[e] *= 1e-6;
	truce_equilibrium *x = solved(a, "", &(truce_policy){.tariff = tariff}), *y = solved(b, "", &(truce_policy){.tariff = tariff});
	same_real_incomes(x, y, 5, 1e-11);
	truce_equilibrium_free(x), truce_equilibrium_free(y);
	free(tariff);
	truce_world_free(a), truce_world_free(b);
	truce_context_free(ctx);
}
END_TEST

/* A world whose regions are those of another: to[n] of the new is region from[n] of the old, of which it is `part`. */
static truce_world *regrouped(const truce_world *w, size_t regions, const size_t *from, const double *part)
{
	truce_world *to;
	const size_t J = w->sectors;
	ck_assert_int_eq(truce_world_new(ctx, &to, regions, J), TRUCE_OK);
	ck_assert_int_eq(truce_world_keep_final(to), TRUCE_OK);
	to->name = "regrouped", to->year = "0";
	for (size_t j = 0; j < J; j++)
		to->sector[j] = w->sector[j], to->theta[j] = w->theta[j];
	for (size_t n = 0; n < regions; n++) {
		to->region[n] = truce_arena_printf(to->arena, "N%zu", n);
		memcpy(to->input_share + n * J * J, w->input_share + from[n] * J * J, J * J * sizeof(double));
		memcpy(to->value_added + n * J, w->value_added + from[n] * J, J * sizeof(double));
		memcpy(to->final_share + n * J, w->final_share + from[n] * J, J * sizeof(double));
		for (size_t j = 0; j < J; j++)
			for (size_t i = 0; i < regions; i++) {
				const size_t old = truce_world_edge(w, j, from[n], from[i]), e = truce_world_edge(to, j, n, i);
				to->flow[e] = w->flow[old] * part[n] * part[i];
				to->tariff[e] = w->tariff[old];
			}
	}
	return to;
}

START_TEST(the_order_of_regions_and_their_halves_change_nothing)
{
	begin();
	truce_world *w = world_of(4, 3, 61, 0.5, 0.2);
	const size_t order[] = {2, 0, 3, 1}, halves[] = {0, 0, 1, 2, 3};
	const double whole[] = {1, 1, 1, 1}, half[] = {0.5, 0.5, 1, 1, 1};
	truce_world *shuffled = regrouped(w, 4, order, whole), *halved = regrouped(w, 5, halves, half);
	double *tariff = tariffs_times(w, 3), *of_shuffled = tariffs_times(shuffled, 3), *of_halved = tariffs_times(halved, 3);
	truce_equilibrium *a = solved(w, "", &(truce_policy){.tariff = tariff});
	truce_equilibrium *b = solved(shuffled, "", &(truce_policy){.tariff = of_shuffled});
	truce_equilibrium *c = solved(halved, "", &(truce_policy){.tariff = of_halved});
	for (size_t n = 0; n < 4; n++)
		ck_assert_double_eq_tol(real_income(b, n), real_income(a, order[n]), 1e-11);
	for (size_t n = 0; n < 5; n++)
		ck_assert_double_eq_tol(real_income(c, n), real_income(a, halves[n]), 1e-11);
	truce_equilibrium_free(a), truce_equilibrium_free(b), truce_equilibrium_free(c);
	free(tariff), free(of_shuffled), free(of_halved);
	truce_world_free(w), truce_world_free(shuffled), truce_world_free(halved);
	truce_context_free(ctx);
}
END_TEST

/* A to B to C is A to C under every option that a saved world carries. */
START_TEST(a_saved_answer_is_a_baseline)
{
	static const char *const options[] = {"", "deficits=zero", "market=restricted", "inputs=0.5 value_added=0.6",
		"market=monopolistic psi=0.05", "theta_scale=0.7"};
	begin();
	truce_world *w = world_of(5, 4, 71, 0.3, 0.2);
	double *b = tariffs_times(w, 2), *c = tariffs_times(w, 4);
	for (size_t k = 0; k < sizeof options / sizeof *options; k++) {
		truce_world *half;
		truce_equilibrium *at_b = solved(w, options[k], &(truce_policy){.tariff = b});
		truce_equilibrium *at_c = solved(w, options[k], &(truce_policy){.tariff = c});
		ck_assert_int_eq(truce_equilibrium_save(at_b, &half, "half"), TRUCE_OK);
		truce_equilibrium *null = solved(half, options[k], NULL), *on = solved(half, options[k], &(truce_policy){.tariff = c});
		for (size_t n = 0; n < 5; n++) {
			ck_assert_double_eq_tol(real_income(null, n), 0, 1e-9);
			ck_assert_double_eq_tol((1 + real_income(at_b, n)) * (1 + real_income(on, n)), 1 + real_income(at_c, n), 1e-9);
		}
		truce_equilibrium_free(at_b), truce_equilibrium_free(at_c), truce_equilibrium_free(null), truce_equilibrium_free(on);
		truce_world_free(half);
	}
	free(b), free(c);
	truce_world_free(w);
	truce_context_free(ctx);
}
END_TEST

/* ---- the split of real income ------------------------------------------------------------------------------------------------ */

START_TEST(the_parts_of_real_income_add_up)
{
	static const char *const options[] = {"", "deficits=zero", "deficits=endogenous", "labour=immobile", "market=restricted",
		"market=monopolistic psi=0.05", "inputs=0.5 value_added=0.6", "labour_supply=0.5",
		"labour_supply=0.5 revenue=income_tax income_tax=0.2", "labour_supply=0.5 revenue=tax_relief"};
	begin();
	truce_world *w = world_of(5, 4, 81, 0.3, 0.2);
	double *tariff = tariffs_times(w, 5), *tax = array_of(edges_of(w), 0), *iceberg = array_of(edges_of(w), 1);
	for (size_t e = 0; e < edges_of(w); e++)
		if (w->tariff[e] > 0) {
			tax[e] = w->tariff[e] / 2;
			iceberg[e] = 1 + w->tariff[e] / 3;
		}
	const truce_edge_quantity bounds[] = {{1, 0, 2, TRUCE_QUANTITY_AT_MOST, TRUCE_RENT_EXPORTER, 0.5},
		{0, 1, 3, TRUCE_QUANTITY_AT_LEAST, TRUCE_RENT_IMPORTER, 1.5}, {2, 3, 4, TRUCE_QUANTITY_AT_MOST, TRUCE_RENT_LOST, 0}};
	const truce_policy policies[] = {{.tariff = tariff}, {.tariff = tariff, .export_tax = tax, .iceberg = iceberg},
		{.tariff = tariff, .quantities = bounds, .quantity_count = 3}};
	for (size_t k = 0; k < sizeof options / sizeof *options; k++)
		for (size_t p = 0; p < 3; p++) {
			truce_split split[5];
			truce_equilibrium *eq = solved(w, options[k], &policies[p]);
			const double before = real_income(eq, 0);
			ck_assert_int_eq(truce_equilibrium_split(eq, split, 0, NULL), TRUCE_OK);
			ck_assert_double_eq(real_income(eq, 0), before);
			for (size_t n = 0; n < 5; n++) {
				ck_assert_double_eq_tol(split[n].sum, real_income(eq, n), 1e-8);
				ck_assert_double_eq_tol(split[n].terms_of_trade + split[n].volume + split[n].rent + split[n].transfer +
					split[n].trade_costs + split[n].scale + split[n].labour + split[n].baseline, split[n].sum, 1e-12);
				if (p == 0) /* no icebergs, nothing shut */
					ck_assert_double_eq(split[n].trade_costs, 0);
			}
			truce_equilibrium_free(eq);
		}
	free(tariff), free(tax), free(iceberg);
	truce_world_free(w);
	truce_context_free(ctx);
}
END_TEST

/* The same under marketing, which knows no export taxes and no bounds. */
START_TEST(the_parts_add_up_under_marketing)
{
	static const char *const options[] = {"market=monopolistic psi=0.1 marketing=world", marketing,
		"market=monopolistic psi=0.1 marketing=world labour_supply=0.4 deficits=endogenous inputs=0.5 value_added=0.7"};
	begin();
	truce_world *w = marketing_world(5, 4, 82, 0.3, 0.05);
	double *tariff = tariffs_times(w, 3), *iceberg = array_of(edges_of(w), 1);
	for (size_t e = 0; e < edges_of(w); e++)
		iceberg[e] = 1 + w->tariff[e] / 3;
	const truce_policy policies[] = {{.tariff = tariff}, {.tariff = tariff, .iceberg = iceberg}};
	for (size_t k = 0; k < sizeof options / sizeof *options; k++)
		for (size_t p = 0; p < 2; p++) {
			truce_split split[5];
			truce_equilibrium *eq = solved(w, options[k], &policies[p]);
			ck_assert_int_eq(truce_equilibrium_split(eq, split, 0, NULL), TRUCE_OK);
			for (size_t n = 0; n < 5; n++) {
				const truce_split *s = &split[n];
				ck_assert_double_eq_tol(s->sum, real_income(eq, n), 1e-8);
				ck_assert_double_eq_tol(s->terms_of_trade + s->volume + s->transfer + s->trade_costs + s->scale + s->labour + s->baseline,
					s->sum, 1e-12);
				ck_assert(p == 0 ? s->trade_costs == 0 : s->trade_costs < 0);
			}
			truce_equilibrium_free(eq);
		}
	free(tariff), free(iceberg);
	truce_world_free(w);
	truce_context_free(ctx);
}
END_TEST

/* For a small shock the split is Caliendo and Parro's first order. */
START_TEST(a_small_split_is_the_first_order)
{
	begin();
	truce_world *w = world_of(5, 4, 82, 0.4, 0.2);
	double *tariff = tariffs_times(w, 1);
	for (size_t e = 0; e < edges_of(w); e++)
		tariff[e] = (1 + tariff[e]) * exp(w->tariff[e] > 0 ? 1e-5 : 0) - 1;
	truce_split split[5];
	truce_equilibrium *eq = solved(w, "", &(truce_policy){.tariff = tariff});
	ck_assert_int_eq(truce_equilibrium_split(eq, split, 0, NULL), TRUCE_OK);
	for (size_t n = 0; n < 5; n++) {
		const truce_region_change *r = &truce_equilibrium_get_result(eq)->region[n];
		ck_assert_double_eq_tol(split[n].terms_of_trade, r->first_order.terms_of_trade, 1e-9);
		ck_assert_double_eq_tol(split[n].volume, r->first_order.volume_of_trade, 1e-9);
	}
	truce_equilibrium_free(eq);
	free(tariff);
	truce_world_free(w);
	truce_context_free(ctx);
}
END_TEST

/* ---- the solver as an object ------------------------------------------------------------------------------------------------- */

static void nothing_allocated(const char *text, const truce_policy *policy, const truce_world *w)
{
	truce_failing f = {0};
	const truce_context_options options = {.allocate = truce_failing_allocate, .allocate_user = &f};
	const truce_equilibrium_settings settings = settings_of(ctx, text);
	truce_context *counted;
	truce_equilibrium *eq;
	ck_assert_int_eq(truce_context_new(&counted, &options), TRUCE_OK);
	ck_assert_int_eq(truce_equilibrium_new(counted, &eq, w, &settings, 4), TRUCE_OK);
	const long before = f.calls;
	f.fail_at = before + 1; /* any further one would fail */
	for (int turn = 0; turn < 2; turn++) {
		ck_assert_int_eq(truce_equilibrium_update(eq, policy), TRUCE_OK);
		ck_assert_int_eq(truce_equilibrium_solve(eq), TRUCE_OK);
		truce_equilibrium_get_result(eq);
		truce_equilibrium_get_point(eq);
	}
	ck_assert_int_eq(f.calls, before);
	truce_equilibrium_free(eq);
	truce_context_free(counted);
	ck_assert_int_eq(f.live, 0);
}

START_TEST(nothing_is_allocated_in_a_solve)
{
	begin();
	truce_world *w = world_of(6, 5, 91, 0.4, 0.2);
	double *tariff = array_of(edges_of(w), 0), *tax = array_of(edges_of(w), 0);
	for (size_t e = 0; e < edges_of(w); e++)
		if (w->tariff[e] > 0)
			tariff[e] = 20, tax[e] = 0.1; /* not taken at once */
	const truce_edge_quantity bound = {1, 0, 2, TRUCE_QUANTITY_AT_MOST, TRUCE_RENT_EXPORTER, 0.5};
	nothing_allocated("", &(truce_policy){.tariff = tariff}, w);
	nothing_allocated("labour=immobile", &(truce_policy){.export_tax = tax}, w);
	nothing_allocated("labour_supply=0.5 revenue=tax_relief", &(truce_policy){.tariff = NULL}, w);
	nothing_allocated("inputs=0.5 labour_supply=0.5", &(truce_policy){.quantities = &bound, .quantity_count = 1}, w);
	free(tariff), free(tax);
	truce_world_free(w);
	truce_context_free(ctx);
}
END_TEST

/* The solver's certificate reads shares a row at a time; whoever asks for all of them gets the same ones. */
START_TEST(the_certificate_is_that_of_the_point)
{
	static const char *const options[] = {"", "labour=immobile", "market=monopolistic psi=0.05 labour_supply=0.5"};
	begin();
	truce_world *w = world_of(6, 5, 92, 0.4, 0.2);
	double *tariff = array_of(edges_of(w), 0.3), *tax = array_of(edges_of(w), 0.1);
	for (size_t e = 0; e < edges_of(w); e++)
		if (e % 6 == e / 6 % 6)
			tariff[e] = tax[e] = 0;
	const truce_edge_quantity bounds[] = {{1, 0, 2, TRUCE_QUANTITY_AT_MOST, TRUCE_RENT_EXPORTER, 0.5},
		{2, 3, 1, TRUCE_QUANTITY_AT_MOST, TRUCE_RENT_LOST, 0}};
	const truce_policy policy = {.tariff = tariff, .export_tax = tax, .quantities = bounds, .quantity_count = 2};
	for (size_t k = 0; k < sizeof options / sizeof *options; k++) {
		truce_equilibrium_settings settings = settings_of(ctx, options[k]);
		truce_equilibrium *eq;
		truce_certificate again;
		ck_assert_int_eq(truce_equilibrium_new(ctx, &eq, w, &settings, 2), TRUCE_OK);
		ck_assert_int_eq(truce_equilibrium_update(eq, &policy), TRUCE_OK);
		ck_assert_int_eq(truce_equilibrium_solve(eq), TRUCE_OK);
		const double income = truce_equilibrium_get_regions(eq)[1].real_income;
		const truce_certificate own = truce_equilibrium_get_info(eq)->certificate;
		const truce_equilibrium_point point = truce_equilibrium_get_point(eq);
		ck_assert_int_eq(truce_equilibrium_certify(ctx, &again, w, &settings, &policy, &point), TRUCE_OK);
		ck_assert(own.largest == again.largest && own.price == again.price && own.quantity == again.quantity);
		ck_assert(income == truce_equilibrium_get_result(eq)->region[1].real_income);
		CHECK_EQUILIBRIUM(w, &settings, &policy, eq);
		truce_equilibrium_free(eq);
	}
	free(tariff), free(tax);
	truce_world_free(w);
	truce_context_free(ctx);
}
END_TEST

static bool stop_at_five(void *user, int iteration, double residual)
{
	int *seen = user;
	*seen = iteration;
	return residual > 0 && iteration < 5;
}

START_TEST(a_monitor_may_stop_it)
{
	begin();
	truce_world *w = world_of(6, 5, 92, 0.4, 0.2);
	double *tariff = tariffs_times(w, 4);
	truce_equilibrium_settings settings = settings_of(ctx, "");
	truce_equilibrium *eq;
	int seen = 0;
	settings.monitor = stop_at_five;
	settings.monitor_user = &seen;
	ck_assert_int_eq(truce_equilibrium_new(ctx, &eq, w, &settings, 0), TRUCE_OK);
	ck_assert_int_eq(truce_equilibrium_update(eq, &(truce_policy){.tariff = tariff}), TRUCE_OK);
	ck_assert_int_eq(truce_equilibrium_solve(eq), TRUCE_CANCELLED);
	ck_assert_int_eq(seen, 5);
	ck_assert(!truce_equilibrium_get_info(eq)->converged);
	truce_equilibrium_free(eq);
	free(tariff);
	truce_world_free(w);
	truce_context_free(ctx);
}
END_TEST

/* Where too few evaluations are allowed there is no answer, and what was reached is shown. */
START_TEST(no_answer_is_no_answer)
{
	begin();
	truce_world *w = world_of(6, 5, 93, 0.4, 0.2), *saved;
	double *tariff = tariffs_times(w, 4);
	const truce_equilibrium_settings settings = settings_of(ctx, "iterations=6");
	truce_equilibrium *eq;
	ck_assert_int_eq(truce_equilibrium_new(ctx, &eq, w, &settings, 0), TRUCE_OK);
	ck_assert_int_eq(truce_equilibrium_update(eq, &(truce_policy){.tariff = tariff}), TRUCE_OK);
	ck_assert_int_eq(truce_equilibrium_solve(eq), TRUCE_CONVERGE);
	ck_assert(!truce_equilibrium_get_info(eq)->converged);
	ck_assert_double_gt(truce_equilibrium_get_info(eq)->residual, 1e-9);
	ck_assert_double_gt(truce_equilibrium_get_info(eq)->certificate.largest, 1e-9);
	ck_assert_int_eq(truce_equilibrium_save(eq, &saved, NULL), TRUCE_CONVERGE);
	truce_equilibrium_free(eq);
	free(tariff);
	truce_world_free(w);
	truce_context_free(ctx);
}
END_TEST

START_TEST(a_dumped_problem_gives_the_same_bits)
{
	begin();
	char path[] = "/tmp/truce-problem-XXXXXX";
	const int file = mkstemp(path);
	truce_world *w = world_of(5, 4, 94, 0.4, 0.2);
	double *tariff = tariffs_times(w, 3), *tax = array_of(edges_of(w), 0);
	tax[truce_world_edge(w, 2, 1, 3)] = 0.15;
	const truce_edge_quantity bound = {1, 0, 2, TRUCE_QUANTITY_AT_MOST, TRUCE_RENT_EXPORTER, 0.5};
	const truce_policy policy = {.tariff = tariff, .export_tax = tax, .quantities = &bound, .quantity_count = 1};
	truce_equilibrium *eq = solved(w, "inputs=0.7 deficits=endogenous", &policy), *again;
	truce_equilibrium_problem problem;
	ck_assert_int_ge(file, 0);
	close(file);
	ck_assert_int_eq(truce_equilibrium_dump(eq, path), TRUCE_OK);
	ck_assert_int_eq(truce_equilibrium_load(ctx, &problem, path), TRUCE_OK);
	ck_assert_double_eq(problem.settings.inputs, 0.7);
	ck_assert_int_eq(problem.settings.deficits, TRUCE_DEFICITS_ENDOGENOUS);
	ck_assert_int_eq(problem.policy.quantity_count, 1);
	ck_assert_int_eq(truce_equilibrium_new(ctx, &again, problem.world, &problem.settings, 1), TRUCE_OK);
	ck_assert_int_eq(truce_equilibrium_update(again, &problem.policy), TRUCE_OK);
	ck_assert_int_eq(truce_equilibrium_solve(again), TRUCE_OK);
	for (size_t n = 0; n < 5; n++)
		ck_assert_double_eq(real_income(again, n), real_income(eq, n));
	truce_equilibrium_free(again);
	truce_world_free(problem.world);
	/* damaged files are refused or read, and nothing worse */
	char *bytes;
	size_t length;
	ck_assert_int_eq(truce_file_read(ctx, &bytes, &length, path, 0), TRUCE_OK);
	for (uint64_t k = 0; k < 200; k++) {
		char *copy = malloc(length);
		memcpy(copy, bytes, length);
		for (uint64_t m = 0; m < 1 + k % 8; m++)
			copy[(size_t)(truce_draw_uniform(5, k, 2 * m) * (double)length)] = (char)(256 * truce_draw_uniform(5, k, 2 * m + 1));
		FILE *damaged = fopen(path, "wb");
		ck_assert_uint_eq(fwrite(copy, 1, k % 5 ? length : length / 2, damaged), k % 5 ? length : length / 2);
		fclose(damaged);
		free(copy);
		if (truce_equilibrium_load(ctx, &problem, path) == TRUCE_OK)
			truce_world_free(problem.world);
		truce_diagnostics_clear(ctx);
	}
	truce_release(ctx, bytes);
	/* a plain world is no problem */
	ck_assert_int_eq(truce_world_write(ctx, w, path), TRUCE_OK);
	ck_assert_int_eq(truce_equilibrium_load(ctx, &problem, path), TRUCE_INPUT);
	unlink(path);
	truce_equilibrium_free(eq);
	free(tariff), free(tax);
	truce_world_free(w);
	truce_context_free(ctx);
}
END_TEST

/* Whatever the wedge, the formula is what a little of it does; of a ban it says nothing. */
START_TEST(the_formula_is_right_for_a_little_of_any_wedge)
{
	begin();
	truce_world *w = world_of(4, 3, 96, 0.4, 0.2);
	const size_t e = truce_world_edge(w, 1, 0, 2);
	for (int kind = 0; kind < 6; kind++) {
		double *tariff = tariffs_times(w, 1), *tax = array_of(edges_of(w), 0), *iceberg = array_of(edges_of(w), 1);
		truce_edge_quantity bound = {1, 0, 2, TRUCE_QUANTITY_AT_MOST, (truce_rent)(kind % 3), 1 - 1e-5};
		truce_policy policy = {.tariff = tariff, .export_tax = kind == 1 ? tax : NULL, .iceberg = kind == 2 ? iceberg : NULL,
			.quantities = &bound, .quantity_count = kind > 2};
		double most = 0;
		tariff[e] += kind == 0 ? 1e-5 : 0;
		tax[e] = 1e-5;
		iceberg[e] = 1 + 1e-5;
		truce_equilibrium *eq = solved(w, "", &policy);
		const truce_region_change *r = truce_equilibrium_get_result(eq)->region;
		for (size_t n = 0; n < 4; n++)
			most = fmax(most, fabs(r[n].real_income));
		for (size_t n = 0; n < 4; n++)
			ck_assert_msg(fabs(r[n].first_order.welfare - r[n].real_income) < 1e-3 * most, "kind %d, region %zu: %g, not %g", kind, n,
				r[n].first_order.welfare, r[n].real_income);
		truce_equilibrium_free(eq);
		free(tariff), free(tax), free(iceberg);
	}
	truce_edge_quantity ban = {1, 0, 2, TRUCE_QUANTITY_AT_MOST, TRUCE_RENT_EXPORTER, 0};
	truce_equilibrium *eq = solved(w, "", &(truce_policy){.quantities = &ban, .quantity_count = 1});
	for (size_t n = 0; n < 4; n++)
		ck_assert_int_eq(isnan(truce_equilibrium_get_result(eq)->region[n].first_order.welfare), n == 0);
	truce_equilibrium_free(eq);
	truce_world_free(w);
	truce_context_free(ctx);
}
END_TEST

struct dump_plan {
	const truce_world *world;
	const char *path;
};

static int dump_over(truce_context *c, void *user)
{
	const struct dump_plan *plan = user;
	truce_equilibrium *eq;
	char *now, expected[] = "what stood there";
	size_t length;
	ck_assert_int_eq(truce_file_write(ctx, plan->path, expected, sizeof expected), TRUCE_OK);
	int status = truce_equilibrium_new(c, &eq, plan->world, NULL, 0);
	if (!status)
		status = truce_equilibrium_update(eq, NULL);
	if (!status)
		status = truce_equilibrium_dump(eq, plan->path);
	truce_equilibrium_free(eq);
	ck_assert_int_eq(truce_file_read(ctx, &now, &length, plan->path, 0), TRUCE_OK);
	ck_assert(status ? length == sizeof expected && memcmp(now, expected, length) == 0 : length > 512);
	truce_release(ctx, now);
	return status;
}

START_TEST(a_dump_that_fails_leaves_what_stood_there)
{
	begin();
	char path[] = "/tmp/truce-problem-XXXXXX";
	const int file = mkstemp(path);
	truce_world *w = world_of(3, 2, 93, 0.4, 0.2);
	ck_assert_int_ge(file, 0);
	close(file);
	truce_fail_every_allocation(dump_over, &(struct dump_plan){w, path});
	unlink(path);
	truce_world_free(w);
	truce_context_free(ctx);
}
END_TEST

/* What failed with a part of the shock in place is not taken for the whole by the next solve. */
START_TEST(what_failed_half_way_begins_anew)
{
	begin();
	truce_world *w = world_of(5, 4, 92, 0.4, 0.2);
	double *tariff = tariffs_times(w, 30);
	truce_equilibrium_settings settings = settings_of(ctx, "iterations=14");
	truce_equilibrium *eq;
	settings.certify = false;
	ck_assert_int_eq(truce_equilibrium_new(ctx, &eq, w, &settings, 0), TRUCE_OK);
	ck_assert_int_eq(truce_equilibrium_update(eq, &(truce_policy){.tariff = tariff}), TRUCE_OK);
	ck_assert_int_eq(truce_equilibrium_solve(eq), TRUCE_CONVERGE);
	ck_assert_int_eq(truce_equilibrium_solve(eq), TRUCE_CONVERGE);
	truce_equilibrium_free(eq);
	free(tariff);
	truce_world_free(w);
	truce_context_free(ctx);
}
END_TEST

START_TEST(other_starts_find_the_same_answer)
{
	begin();
	truce_world *w = world_of(5, 4, 95, 0.4, 0.2);
	double *tariff = tariffs_times(w, 3);
	truce_arena *arena;
	truce_starts starts;
	ck_assert_int_eq(truce_arena_new(ctx, &arena), TRUCE_OK);
	truce_equilibrium *eq = solved(w, "", &(truce_policy){.tariff = tariff});
	const double before = real_income(eq, 2);
	ck_assert_int_eq(truce_equilibrium_starts(eq, arena, &starts, 12, 7), TRUCE_OK);
	ck_assert_int_eq(starts.distinct, 1);
	ck_assert_int_eq(starts.found[0] + starts.failed, 13);
	ck_assert_int_ge(starts.found[0], 10);
	ck_assert_double_eq(real_income(eq, 2), before);
	truce_equilibrium_free(eq);
	truce_arena_free(arena);
	free(tariff);
	truce_world_free(w);
	truce_context_free(ctx);
}
END_TEST

/* ---- the kernels ------------------------------------------------------------------------------------------------------------ */

START_TEST(own_exponentials_are_those_of_the_library)
{
	enum { COUNT = 100003 };
	double *x = array_of(COUNT, 0), *y = array_of(COUNT, 0);
	for (size_t k = 0; k < COUNT; k++)
		x[k] = (k % 3 ? k % 3 == 1 ? 10 : 1e-3 : 1400) * (truce_draw_uniform(1, 1, k) - 0.5);
	eq_kernel_exp(COUNT, x, y);
	for (size_t k = 0; k < COUNT; k++)
		ck_assert_double_le(fabs(y[k] / exp(x[k]) - 1), 5e-16);
	for (size_t k = 0; k < COUNT; k++)
		x[k] = y[k];
	eq_kernel_log(COUNT, x, y);
	for (size_t k = 0; k < COUNT; k++)
		ck_assert_double_le(fabs(y[k] - log(x[k])), 5e-16 * fabs(log(x[k])));
	const double odd[] = {0, 1, -0.0, INFINITY, -INFINITY, 800, -800, 1e-310, NAN};
	const double exps[] = {1, exp(1), 1, INFINITY, 0, INFINITY, 0, 1}, logs[] = {-INFINITY, 0, -INFINITY, INFINITY};
	double got[9];
	eq_kernel_exp(9, odd, got);
	for (size_t k = 0; k < 8; k++)
		ck_assert(got[k] == exps[k] || fabs(got[k] / exps[k] - 1) < 5e-16);
	ck_assert(isnan(got[8]));
	eq_kernel_log(9, odd, got);
	for (size_t k = 0; k < 4; k++)
		ck_assert(got[k] == logs[k]);
	ck_assert(isnan(got[4]) && isnan(got[6]) && isnan(got[8]));
	ck_assert_double_eq_tol(got[7], log(1e-310), 1e-12);
	free(x), free(y);
}
END_TEST

START_TEST(products_of_every_size_are_plain_products)
{
	enum { MOST = 37 };
	double m[MOST * MOST], x[MOST], z[MOST], y[MOST], y2[MOST], plain[MOST], turned[MOST * MOST], of_floats[MOST];
	float short_m[MOST * MOST], short_x[MOST];
	for (size_t n = 1; n <= MOST; n++) {
		for (size_t k = 0; k < n * n; k++)
			m[k] = short_m[k] = (float)truce_draw_uniform(2, n, k);
		for (size_t k = 0; k < n; k++) {
			x[k] = short_x[k] = (float)truce_draw_uniform(3, n, k);
			of_floats[k] = z[k] = plain[k] = truce_draw_uniform(4, n, k);
		}
		eq_kernel_transposed(n, n, m, x, z);
		eq_kernel_transposed_float(n, n, short_m, x, of_floats);
		for (size_t c = 0; c < n; c++) {
			for (size_t r = 0; r < n; r++)
				plain[c] += x[r] * m[r * n + c];
			ck_assert_double_eq_tol(z[c], plain[c], 1e-13);
			ck_assert_double_eq_tol(of_floats[c], plain[c], 1e-13);
		}
		eq_kernel_matrix(n, n, m, x, y);
		eq_kernel_matrix_two(n, n, short_m, short_x, z, plain, y2);
		eq_kernel_turn(n, n, m, turned);
		for (size_t r = 0; r < n; r++) {
			double sum = 0;
			for (size_t c = 0; c < n; c++) {
				sum += m[r * n + c] * x[c];
				ck_assert(turned[c * n + r] == m[r * n + c]);
			}
			ck_assert_double_eq_tol(y[r], sum, 1e-13);
			ck_assert_double_eq_tol(plain[r], sum, 1e-13);
		}
	}
}
END_TEST

START_TEST(loops_of_edges_are_plain_loops)
{
	enum { MOST = 37, ARRAYS = 6 };
	double x[ARRAYS][MOST], scaled[3][MOST], by_seller[3][MOST], sums[4];
	for (size_t n = 1; n <= MOST; n++) {
		for (size_t k = 0; k < ARRAYS; k++)
			for (size_t i = 0; i < n; i++)
				x[k][i] = 0.5 + truce_draw_uniform(6 + k, n, i);
		eq_kernel_scale_exp(n, -0.7, x[0], x[1], x[2], n % 2 ? x[3] : NULL, scaled[0], scaled[1], scaled[2]);
		for (size_t k = 0; k < (n % 2 ? 3 : 2); k++)
			for (size_t i = 0; i < n; i++)
				ck_assert_double_eq_tol(scaled[k][i], exp(-0.7 * x[0][i]) * x[k + 1][i], 1e-14);
		for (size_t home = 0; home < n; home++) {
			double plain[4] = {0};
			memset(by_seller, 0, sizeof by_seller);
			eq_kernel_trade(n, home, x[0], x[1], x[2], x[3], x[4], 2, by_seller[0], by_seller[1], by_seller[2], sums);
			for (size_t i = 0; i < n; i++) {
				const double old = i == home ? 0 : x[0][i], now = i == home ? 0 : 2 * x[2][i] * x[3][i], more = old * (x[4][i] - 1);
				plain[0] += old, plain[1] += now, plain[2] += more, plain[3] += x[1][i] * (now - old * x[4][i]);
				ck_assert(by_seller[0][i] == old);
				ck_assert_double_eq_tol(by_seller[1][i], now, 1e-14);
				ck_assert_double_eq_tol(by_seller[2][i], more, 1e-14);
			}
			for (int k = 0; k < 4; k++)
				ck_assert_double_eq_tol(sums[k], plain[k], 1e-13 * (double)n);
		}
	}
}
END_TEST

/* ---- what is refused ----------------------------------------------------------------------------------------------------- */

/* Spoils one number of a sound world, and wants it refused with these words. */
static void refused(truce_world *w, double *number, double bad, const char *words, const char *name)
{
	truce_equilibrium *eq;
	const double good = *number;
	truce_diagnostics_clear(ctx);
	*number = bad;
	ck_assert_int_eq(truce_equilibrium_new(ctx, &eq, w, NULL, 0), TRUCE_INPUT);
	ck_assert_ptr_null(eq);
	const char *what = truce_diagnostic_at(ctx, 0)->what;
	ck_assert_msg(strstr(what, words) && strstr(what, name), "\"%s\" names no \"%s\" of %s", what, words, name);
	*number = good;
}

START_TEST(bad_worlds_are_refused_by_name)
{
	begin();
	truce_world *w = world_of(4, 3, 96, 0.4, 0.2);
	const size_t e = truce_world_edge(w, 1, 2, 3);
	truce_equilibrium *eq;
	refused(w, &w->flow[e], -1, "flow of S1 from R3", "R2");
	refused(w, &w->flow[e], NAN, "flow of S1 from R3", "R2");
	refused(w, &w->flow[e], INFINITY, "flow of S1 from R3", "R2");
	refused(w, &w->tariff[e], -1, "tariff on S1 from R3", "R2");
	refused(w, &w->tariff[e], NAN, "tariff on S1 from R3", "R2");
	refused(w, &w->theta[2], 0, "theta", "S2");
	refused(w, &w->theta[2], -4, "theta", "S2");
	refused(w, &w->theta[2], NAN, "theta", "S2");
	refused(w, &w->value_added[2 * 3 + 1], -0.1, "value-added share of S1", "R2");
	refused(w, &w->value_added[2 * 3 + 1], 0.99, "sum of value-added and input shares of S1", "R2");
	refused(w, &w->input_share[(2 * 3 + 1) * 3], NAN, "input share of S1", "R2");
	refused(w, &w->final_share[2 * 3 + 1], 0.9, "final shares", "R2");
	refused(w, &w->final_share[2 * 3 + 1], -0.1, "final share of S1", "R2");
	/* a cell that is far out of balance */
	double *home = &w->flow[truce_world_edge(w, 1, 2, 2)];
	refused(w, home, 20 * *home, "differ by", "R2");
	/* a region that makes nothing */
	for (size_t j = 0; j < 3; j++)
		for (size_t n = 0; n < 4; n++)
			w->flow[truce_world_edge(w, j, n, 1)] = 0;
	truce_diagnostics_clear(ctx);
	ck_assert_int_eq(truce_equilibrium_new(ctx, &eq, w, NULL, 0), TRUCE_INPUT);
	ck_assert_ptr_nonnull(strstr(truce_diagnostic_at(ctx, 0)->what, "R1"));
	truce_world_free(w);
	truce_context_free(ctx);
}
END_TEST

int main(void)
{
	return truce_test_main("equilibrium_model", (const truce_test[]){T(the_answer_chosen_first_is_found),
		T(the_answer_chosen_first_is_found_with_profits), T(the_home_share_tells_welfare),
		T(a_tax_on_all_exports_is_a_tariff_on_all_imports), T(a_bound_is_its_shadow_wedge), T(a_bound_that_does_not_bind_changes_nothing),
		T(many_bounds_are_found_in_any_order), T(limits_of_the_options_are_the_plain_model), T(labour_answers_to_the_real_wage),
		T(marketing_is_that_of_the_paper), T(marketing_with_inputs_is_certified_and_can_be_kept), T(the_certificate_sees_marketing),
		T(what_marketing_does_not_know_is_refused), T(the_unit_of_money_changes_nothing),
		T(the_order_of_regions_and_their_halves_change_nothing), T(a_saved_answer_is_a_baseline), T(the_parts_of_real_income_add_up), T(the_parts_add_up_under_marketing),
		T(a_small_split_is_the_first_order), T(nothing_is_allocated_in_a_solve), T(the_certificate_is_that_of_the_point), T(a_monitor_may_stop_it), T(no_answer_is_no_answer),
		T(a_dumped_problem_gives_the_same_bits), T(the_formula_is_right_for_a_little_of_any_wedge), T(a_dump_that_fails_leaves_what_stood_there),
		T(what_failed_half_way_begins_anew), T(other_starts_find_the_same_answer),
		T(own_exponentials_are_those_of_the_library), T(products_of_every_size_are_plain_products),
		T(loops_of_edges_are_plain_loops), T(bad_worlds_are_refused_by_name), {0}});
}
