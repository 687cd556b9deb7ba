/* Unit tests of room shortage: the published chain, the closed forms, and what must hold on any network. */
#include "frame.h"

#include <truce/shortage.h>

static truce_context *ctx;

/* ---- networks ------------------------------------------------------------------------------------------------ */

#define MOST 40
struct net {
	truce_shortage_network n;
	truce_shortage_cell cell[MOST];
	truce_shortage_need need[MOST * MOST];
	size_t begin[MOST + 1];
	truce_shortage_market market[MOST * 3 + 1];
	truce_shortage_link link[MOST * 9];
	char names[MOST][8];
};

/* The three-sector chain of a published notebook. */
static void chain(struct net *net)
{
	static const double a[3][3] = {{.10, .15, .05}, {.05, .20, .25}, {.05, .10, .15}}, output[] = {100, 300, 600},
		labour[] = {60, 120, 250}, consumption[] = {10, 80, 250}, other[] = {5, 5, 225}, days[] = {30, 14, 7};
	static const char *const names[] = {"A", "B", "C"};
	size_t k = 0;
	memset(net, 0, sizeof *net);
	for (uint32_t i = 0; i < 3; i++) {
		net->cell[i] = (truce_shortage_cell){names[i], output[i], labour[i], 0.5, 0};
		net->begin[i] = k;
		for (uint32_t j = 0; j < 3; j++) {
			bool critical = (j == 0 && i == 1) || (j == 1 && i == 2);
			net->need[k++] = (truce_shortage_need){i, j, a[j][i], days[i], 1,
				critical ? TRUCE_SHORTAGE_CRITICAL : TRUCE_SHORTAGE_OTHER, 0};
		}
		net->market[i] = (truce_shortage_market){names[i], i, consumption[i], other[i], 0, false};
		net->link[i] = (truce_shortage_link){i, 1};
	}
	net->begin[3] = k;
	net->market[3].link_begin = 3;
	net->n = (truce_shortage_network){3, k, 3, 3, 1, net->cell, net->need, net->begin, net->market, net->link};
}

/* A random sparse network that balances: `n` cells; every market has one to three sellers; other demand is the rest
 * of what each seller makes, on a market of its own. */
static void random_network(struct net *net, uint32_t n, uint64_t seed)
{
	uint64_t draw = 0;
	size_t k = 0, l = 0;
	double sold[MOST] = {0}, order[MOST] = {0};
	memset(net, 0, sizeof *net);
	for (uint32_t i = 0; i < n; i++) {
		snprintf(net->names[i], sizeof net->names[i], "s%u", (unsigned)i);
		net->cell[i] = (truce_shortage_cell){net->names[i], 50 + 100 * truce_draw_uniform(seed, 1, draw++), 10, 0.5, i % 2};
	}
	for (uint32_t i = 0; i < n; i++) { /* market i: seller i and up to two more */
		uint32_t more = (uint32_t)(3 * truce_draw_uniform(seed, 2, draw++));
		net->market[i] = (truce_shortage_market){net->names[i], l, 0, 0, i % 2, false};
		for (uint32_t q = 0; q <= more; q++)
			net->link[l++] = (truce_shortage_link){(i + q * 3) % n, 1.0 / (more + 1)};
	}
	for (uint32_t i = 0; i < n; i++) {
		net->begin[i] = k;
		for (uint32_t j = 0; j < n; j++)
			if (truce_draw_uniform(seed, 3, draw++) < 0.3) {
				double a = 0.02 + 0.05 * truce_draw_uniform(seed, 4, draw++);
				net->need[k++] = (truce_shortage_need){i, j, a, 3 + 20 * truce_draw_uniform(seed, 5, draw++), 1,
					(truce_shortage_class)(3 * truce_draw_uniform(seed, 6, draw++)),
					truce_draw_uniform(seed, 7, draw++)};
				order[j] += a * net->cell[i].output;
			}
	}
	net->begin[n] = k;
	net->market[n].link_begin = l;
	for (uint32_t m = 0; m < n; m++)
		for (size_t q = net->market[m].link_begin; q < net->market[m + 1].link_begin; q++)
			sold[net->link[q].seller] += net->link[q].share * order[m];
	for (uint32_t i = 0; i < n; i++) { /* markets n .. 2n-1: final buyers of seller i alone */
		if (sold[i] > net->cell[i].output) {
			double scale = sold[i] * 1.2 / net->cell[i].output; /* grow the seller, and with it what it buys */
			net->cell[i].output *= scale;
			for (size_t q = net->begin[i]; q < net->begin[i + 1]; q++)
				net->need[q].coefficient /= scale;
		}
		net->market[n + i] = (truce_shortage_market){net->names[i], l, 0, 0, i % 2, false};
		net->link[l++] = (truce_shortage_link){i, 1};
		net->market[n + i].consumption = 0.6 * (net->cell[i].output - sold[i]);
		net->market[n + i].other_demand = net->cell[i].output - sold[i] - net->market[n + i].consumption;
	}
	net->market[2 * n].link_begin = l;
	net->n = (truce_shortage_network){n, k, 2 * n, l, 2, net->cell, net->need, net->begin, net->market, net->link};
}

static truce_shortage_sim *simulate(const struct net *net, const truce_shortage_settings *settings,
	const truce_shortage_scenario *scenario)
{
	truce_shortage_sim *sim;
	int status = truce_shortage_new(ctx, &sim, &net->n, settings, scenario);
	if (status)
		for (size_t i = 0; i < truce_diagnostic_count(ctx); i++)
			fprintf(stderr, "%s\n", truce_diagnostic_at(ctx, i)->what);
	ck_assert_int_eq(status, TRUCE_OK);
	return sim;
}

/* Output lost over `days`, in all or of one cell. */
static double total_loss(const struct net *net, const truce_shortage_settings *settings,
	const truce_shortage_scenario *scenario, double days, uint32_t cell, double *made)
{
	truce_shortage_settings set;
	double lost = 0, all = 0;
	truce_shortage_settings_default(&set);
	if (settings)
		set = *settings;
	truce_shortage_sim *sim = simulate(net, &set, scenario);
	for (size_t t = 0; t < (size_t)(days / set.step); t++) {
		truce_shortage_step(sim);
		for (uint32_t i = 0; i < net->n.cells; i++)
			if (cell == TRUCE_SHORTAGE_ALL || cell == i) {
				lost += set.step * (net->cell[i].output - truce_shortage_output(sim)[i]);
				all += set.step * truce_shortage_output(sim)[i];
			}
	}
	truce_shortage_free(sim);
	if (made)
		*made = all;
	return lost;
}

static const truce_shortage_loss chain_loss = {0, 0.5, 10, 39};
static const truce_shortage_scenario chain_shock = {.losses = 1, .loss = &chain_loss};

/* ---- published numbers ------------------------------------------------------------------------------------------ */

START_TEST(the_chain_to_two_decimals)
{
	struct net net;
	double a[182], b[182], c[182], allowed[182], lowest_b = 1e9, lowest_c = 1e9;
	chain(&net);
	truce_shortage_sim *sim = simulate(&net, NULL, &chain_shock);
	for (int t = 0; t < 182; t++) {
		truce_shortage_step(sim);
		a[t] = truce_shortage_output(sim)[0];
		b[t] = truce_shortage_output(sim)[1];
		c[t] = truce_shortage_output(sim)[2];
		allowed[t] = truce_shortage_allowed(sim)[1];
		lowest_b = fmin(lowest_b, b[t]);
		lowest_c = fmin(lowest_c, c[t]);
	}
	truce_shortage_free(sim);
	for (int t = 0; t < 10; t++)
		ck_assert_double_eq(a[t], 100);
	for (int t = 10; t < 40; t++)
		ck_assert_double_eq(a[t], 50);
	ck_assert_double_eq_tol(a[40], 57.36, 0.005);
	ck_assert_double_eq_tol(a[41], 64.59, 0.005);
	ck_assert_double_eq_tol(a[42], 71.66, 0.005);
	ck_assert_double_eq_tol(allowed[39], 462.6, 0.05);
	ck_assert_double_eq_tol(allowed[40], 358.3, 0.05);
	ck_assert_double_eq_tol(allowed[41], 283.9, 0.05);
	ck_assert_double_eq_tol(allowed[42], 252.1, 0.05);
	ck_assert_double_eq_tol(lowest_b, 252.11, 0.005);
	ck_assert_double_eq(lowest_b, b[42]);
	ck_assert_double_eq_tol(b[181], 299.65, 0.005);
	ck_assert_double_eq_tol(lowest_c, 596.77, 0.005);
}
END_TEST

START_TEST(closed_forms)
{
	static const double ces[][2] = {{.04, -1.57}, {.05, -1.19}, {.1, -0.68}, {.2, -0.52}};
	static const double days[][2] = {{0, 35}, {.1, 39}, {.3, 50}, {.5, 70}};
	for (size_t i = 0; i < 4; i++) {
		ck_assert_double_eq_tol(100 * (truce_shortage_ces(.04, .9, ces[i][0]) - 1), ces[i][1], 0.005);
		ck_assert_double_eq_tol(truce_shortage_days_to_bind(35, days[i][0]), days[i][1], 0.5);
	}
	/* why one aggregate will not do: 0.0034 % of cost, cut by 80 % */
	ck_assert_double_eq_tol(100 * (1 - truce_shortage_ces(.000034, .2, .10)), 37, 0.5);
	ck_assert_double_eq_tol(100 * (1 - truce_shortage_ces(.000034, .2, .05)), 66, 0.5);
	ck_assert(isinf(truce_shortage_days_to_bind(35, 1)));
	ck_assert_double_eq_tol(truce_shortage_ces(.04, .9, 1), truce_shortage_ces(.04, .9, 1.0000001), 1e-6);
	ck_assert_double_eq(truce_shortage_ces(.04, 0, .1), 0);
	ck_assert_double_eq_tol(truce_shortage_ces(.5, 1e-3, 1e-3), 1e-3, 1e-5); /* near Leontief */
	ck_assert_double_eq_tol(truce_shortage_ces_nested(.04, 1, .9, .5, .1), truce_shortage_ces(.04, .9, .1), 1e-12);
}
END_TEST

/* ---- one input, one user ------------------------------------------------------------------------------------------ */

/* User 2 buys one critical input: a share from seller 0, the rest from seller 1. */
static void one_input(struct net *net, double share, double days)
{
	memset(net, 0, sizeof *net);
	double first = fmax(share, 1e-9), second = fmax(1 - share, 1e-9), sum = first + second;
	net->cell[0] = (truce_shortage_cell){"banned", 10 * first / sum, 1, 1, 0};
	net->cell[1] = (truce_shortage_cell){"other", 10 * second / sum, 1, 1, 0};
	net->cell[2] = (truce_shortage_cell){"user", 100, 1, 0.9, 0};
	net->need[0] = (truce_shortage_need){2, 0, 0.1, days, 1, TRUCE_SHORTAGE_CRITICAL, 0};
	net->begin[3] = 1;
	net->market[0] = (truce_shortage_market){"input", 0, 0, 0, 0, false};
	net->market[1] = (truce_shortage_market){"final", 2, 0, 100, 0, false};
	net->market[2].link_begin = 3;
	net->link[0] = (truce_shortage_link){0, first / sum};
	net->link[1] = (truce_shortage_link){1, second / sum};
	net->link[2] = (truce_shortage_link){2, 1};
	net->n = (truce_shortage_network){3, 1, 2, 3, 1, net->cell, net->need, net->begin, net->market, net->link};
}

START_TEST(days_until_a_ban_binds)
{
	static const double residual[] = {0, .1, .3, .5};
	for (size_t i = 0; i < 4; i++) {
		struct net net;
		double r = residual[i], lost = 0;
		int bound = -1;
		one_input(&net, 1, 35);
		truce_shortage_ban ban = {.market = 0, .seller = 0, .from = 0, .to = 1000, .licence_rate = r, .reroute_lag = INFINITY};
		truce_shortage_scenario scenario = {.bans = 1, .ban = &ban};
		truce_shortage_sim *sim = simulate(&net, NULL, &scenario);
		for (int t = 0; t < 200; t++) {
			truce_shortage_step(sim);
			lost += 100 - truce_shortage_output(sim)[2];
			if (bound < 0 && truce_shortage_output(sim)[2] < 100 - 1e-6)
				bound = t;
		}
		truce_shortage_free(sim);
		/* what comes in a day is used the day after: with a residual flow the first day short is up to one day early,
		 * and in all exactly that day's flow is lost beside the closed form */
		double closed = truce_shortage_days_to_bind(35, r);
		ck_assert_double_le(fabs(bound - closed), 1 + 1e-9);
		ck_assert_double_eq_tol(lost, 100 * ((1 - r) * 200 - 35 + r), 1e-3);
	}
}
END_TEST

/* The loss of the one user in 180 days under a ban on the first seller. */
static double one_user_loss(double share, double days, double surge, double cut, double leak)
{
	struct net net;
	one_input(&net, share, days);
	truce_shortage_ban ban = {.market = 0, .seller = 0, .from = 0, .to = 1000, .leak = leak, .leak_lag = 10};
	truce_shortage_surge more = {1, surge, 60, 0};
	truce_shortage_thrift thrift = {0, cut, 90, 0};
	truce_shortage_scenario scenario = {.bans = 1, .ban = &ban, .surges = 1, .surge = &more, .thrifts = 1, .thrift = &thrift};
	return total_loss(&net, NULL, &scenario, 180, 2, NULL);
}

START_TEST(one_input_one_user_is_convex_and_monotone)
{
	for (double days = 0; days <= 90; days += 30)
		for (double share = 0.05; share < 0.99; share += 0.05) {
			double low = one_user_loss(share - 0.05, days, 0, 0, 0), here = one_user_loss(share, days, 0, 0, 0),
				high = one_user_loss(share + 0.05, days, 0, 0, 0);
			ck_assert_double_ge(here, low - 1e-6);
			ck_assert_double_ge(high - here, here - low - 1e-4); /* weakly convex; shares of 0 and 1 stand for 1e-10 */
		}
	for (double share = 0.2; share < 1; share += 0.25) {
		ck_assert_double_le(one_user_loss(share, 45, 0, 0, 0), one_user_loss(share, 44, 0, 0, 0) + 1e-9);
		ck_assert_double_le(one_user_loss(share, 30, 0.4, 0, 0), one_user_loss(share, 30, 0.2, 0, 0) + 1e-9);
		ck_assert_double_le(one_user_loss(share, 30, 0.2, 0, 0), one_user_loss(share, 30, 0, 0, 0) + 1e-9);
		ck_assert_double_lt(one_user_loss(share, 30, 0, 0.3, 0), one_user_loss(share, 30, 0, 0, 0) + 1e-9);
		ck_assert_double_le(one_user_loss(share, 30, 0, 0, 0.2), one_user_loss(share, 30, 0, 0, 0) + 1e-9);
	}
}
END_TEST

START_TEST(more_stock_need_not_help_the_whole_chain)
{
	struct net net;
	chain(&net);
	double seven = total_loss(&net, NULL, &chain_shock, 182, TRUCE_SHORTAGE_ALL, NULL);
	for (size_t k = net.begin[2]; k < net.begin[3]; k++)
		net.need[k].stock_days = 14;
	double fourteen = total_loss(&net, NULL, &chain_shock, 182, TRUCE_SHORTAGE_ALL, NULL);
	ck_assert_double_gt(fourteen, seven); /* C's restocking starves B */
}
END_TEST

/* ---- any network ----------------------------------------------------------------------------------------------------- */

START_TEST(no_shock_is_exact_for_ten_thousand_steps)
{
	struct net net;
	chain(&net);
	truce_shortage_sim *sim = simulate(&net, NULL, NULL);
	for (int t = 0; t < 10000; t++) {
		truce_shortage_step(sim);
		for (size_t i = 0; i < 3; i++)
			ck_assert_double_eq(truce_shortage_output(sim)[i], net.cell[i].output);
	}
	truce_shortage_free(sim);
	for (uint64_t seed = 0; seed < 5; seed++) { /* where sums round, the last digit, and no more than that */
		random_network(&net, 30, seed);
		sim = simulate(&net, NULL, NULL);
		for (int t = 0; t < 10000; t++)
			truce_shortage_step(sim);
		for (size_t i = 0; i < 30; i++)
			ck_assert_double_eq_tol(truce_shortage_output(sim)[i] / net.cell[i].output, 1, 1e-13);
		truce_shortage_free(sim);
	}
}
END_TEST

START_TEST(deliveries_and_stocks_add_up)
{
	bool clipped = false, unmet = false;
	for (uint64_t seed = 0; seed < 60; seed++) {
		struct net net;
		random_network(&net, 24, seed);
		truce_shortage_settings set;
		truce_shortage_settings_default(&set);
		set.production = (truce_shortage_production)(seed % 5);
		set.rationing = seed % 2 ? TRUCE_SHORTAGE_EFFICIENT : TRUCE_SHORTAGE_PRO_RATA;
		set.step = seed % 3 ? 1 : 0.5;
		truce_shortage_rate rates[] = {{0, 0}, {20, 0.1}, {40, 0.8}};
		truce_shortage_loss losses[] = {{3, 0.6, 5, 40}, {3, 0.5, 30, 50}, {7, 1, 10, 15}};
		truce_shortage_ban bans[] = {
			{.market = 2, .seller = TRUCE_SHORTAGE_ALL, .from = 4, .to = 60, .points = 3, .rate = rates, .reroute_lag = INFINITY},
			{.market = 5, .seller = net.link[net.market[5].link_begin].seller, .from = 4, .to = 60, .leak = 0.1, .leak_lag = 8,
				.reroute_lag = 5},
			{.market = 6, .seller = net.link[net.market[6].link_begin].seller, .from = 9, .to = 30, .licence_rate = 0.3}};
		truce_shortage_surge surges[] = {{8, 0.5, 20, 4}, {11, 0.3, 20, 4}};
		truce_shortage_thrift thrifts[] = {{0, 0.4, 30, 4}, {net.n.needs - 1, 0.2, 30, 4}};
		truce_shortage_scenario scenario = {3, 3, 2, 2, losses, bans, surges, thrifts};
		truce_shortage_sim *sim = simulate(&net, &set, &scenario);
		ck_assert_int_eq(truce_shortage_keep_books(sim), TRUCE_OK);
		for (int t = 0; t < 200; t++) {
			truce_shortage_account books;
			truce_shortage_step(sim);
			ck_assert_int_eq(truce_shortage_books(sim, &books), TRUCE_OK);
			ck_assert_double_le(books.delivery_gap, 1e-9);
			ck_assert_double_le(books.stock_gap, 1e-9);
			clipped |= truce_shortage_clipped(sim) > 0;
			unmet |= truce_shortage_unmet(sim) > 0;
			for (size_t i = 0; i < net.n.cells; i++)
				ck_assert(truce_shortage_output(sim)[i] >= 0 && truce_shortage_output(sim)[i] <= 2 * net.cell[i].output);
		}
		truce_shortage_free(sim);
	}
	ck_assert(clipped && unmet); /* the scenarios did bite */
}
END_TEST

START_TEST(a_ban_on_one_edge_starves_nobody_else)
{
	for (uint64_t seed = 0; seed < 100; seed++) {
		struct net net;
		random_network(&net, 24, seed);
		truce_arena *arena;
		uint32_t market;
		truce_shortage_loss losses[] = {{(uint32_t)(seed % 24), 0.5, 0, 400}}; /* somebody is short anyway */
		truce_shortage_scenario without = {.losses = seed % 2, .loss = losses};
		ck_assert_int_eq(truce_arena_new(ctx, &arena), TRUCE_OK);
		ck_assert_int_eq(truce_shortage_network_isolate(ctx, arena, &net.n, seed % net.n.needs, &market), TRUCE_OK);
		truce_shortage_ban ban = {.market = market, .seller = TRUCE_SHORTAGE_ALL, .from = 0, .to = 400, .reroute_lag = INFINITY};
		truce_shortage_scenario with = without;
		with.bans = 1;
		with.ban = &ban;
		truce_shortage_sim *free_sim = simulate(&net, NULL, &without), *banned = simulate(&net, NULL, &with);
		/* on the day of the ban, whoever sold on that edge serves its other buyers no less */
		truce_shortage_step(free_sim);
		truce_shortage_step(banned);
		for (size_t l = net.n.market[market].link_begin; l < net.n.market[market + 1].link_begin; l++) {
			uint32_t s = net.n.link[l].seller;
			ck_assert_double_ge(truce_shortage_fill(banned)[s], truce_shortage_fill(free_sim)[s] - 1e-12);
		}
		truce_shortage_free(free_sim);
		truce_shortage_free(banned);
		truce_arena_free(arena);
	}
}
END_TEST

START_TEST(a_ban_starves_nobody_on_any_day_of_it)
{
	/* the chain: the edge from A to B, then from B to C; the others' fill rate is 1 without the ban and stays 1 */
	for (uint32_t input = 0; input < 2; input++) {
		struct net net;
		truce_arena *arena;
		uint32_t market;
		chain(&net);
		ck_assert_int_eq(truce_arena_new(ctx, &arena), TRUCE_OK);
		ck_assert_int_eq(truce_shortage_network_isolate(ctx, arena, &net.n, net.begin[input + 1] + input, &market), TRUCE_OK);
		truce_shortage_ban ban = {.market = market, .seller = TRUCE_SHORTAGE_ALL, .from = 10, .to = 99, .reroute_lag = INFINITY};
		truce_shortage_scenario scenario = {.bans = 1, .ban = &ban};
		truce_shortage_sim *sim = simulate(&net, NULL, &scenario);
		for (int t = 0; t < 100; t++) {
			truce_shortage_step(sim);
			ck_assert_double_ge(truce_shortage_fill(sim)[input], 1 - 1e-9);
		}
		truce_shortage_free(sim);
		truce_arena_free(arena);
	}
}
END_TEST

START_TEST(half_the_step_changes_totals_little)
{
	struct net net;
	truce_shortage_settings half;
	double made, made_half;
	truce_shortage_settings_default(&half);
	half.step = 0.5;
	chain(&net);
	total_loss(&net, NULL, &chain_shock, 182, TRUCE_SHORTAGE_ALL, &made);
	total_loss(&net, &half, &chain_shock, 182, TRUCE_SHORTAGE_ALL, &made_half);
	ck_assert_double_le(fabs(made_half / made - 1), 0.02);
	for (size_t k = 0; k < net.n.needs; k++) /* in weeks, where stocks hold several */
		net.need[k].stock_days *= 5;
	half.step = 7;
	total_loss(&net, NULL, &chain_shock, 182, TRUCE_SHORTAGE_ALL, &made);
	total_loss(&net, &half, &chain_shock, 182, TRUCE_SHORTAGE_ALL, &made_half);
	ck_assert_double_le(fabs(made_half / made - 1), 0.02);
	half.step = 0.5;
	for (uint64_t seed = 0; seed < 20; seed++) {
		truce_arena *arena; /* one edge */
		uint32_t market;
		random_network(&net, 24, seed);
		ck_assert_int_eq(truce_arena_new(ctx, &arena), TRUCE_OK);
		ck_assert_int_eq(truce_shortage_network_isolate(ctx, arena, &net.n, 7 * seed % net.n.needs, &market), TRUCE_OK);
		truce_shortage_ban ban = {.market = market, .seller = TRUCE_SHORTAGE_ALL, .from = 10, .to = 70,
			.reroute_lag = INFINITY};
		truce_shortage_scenario scenario = {.bans = 1, .ban = &ban};
		truce_shortage_settings quarter = half;
		double made_quarter;
		quarter.step = 0.25;
		double lost = total_loss(&net, NULL, &scenario, 182, TRUCE_SHORTAGE_ALL, &made);
		total_loss(&net, &half, &scenario, 182, TRUCE_SHORTAGE_ALL, &made_half);
		total_loss(&net, &quarter, &scenario, 182, TRUCE_SHORTAGE_ALL, &made_quarter);
		/* the error is of first order in the step; where a sixth of all output is lost it is larger (seed 7: 2.4 %) */
		if (lost < 0.15 * (lost + made))
			ck_assert_double_le(fabs(made_half / made - 1), 0.02);
		ck_assert_double_le(fabs(made_quarter / made_half - 1), 0.7 * fabs(made_half / made - 1) + 1e-6);
		truce_arena_free(arena);
	}
}
END_TEST

START_TEST(five_forms_of_production)
{
	/* the chain's B, with 0.9 days of A (critical), 0.2 of B (other), 0.5 of C (important) */
	struct net net;
	chain(&net);
	net.need[net.begin[1] + 2].critical = TRUCE_SHORTAGE_IMPORTANT; /* C is important to B */
	double allowed[5];
	for (int form = 0; form < 5; form++) {
		truce_shortage_settings set;
		truce_shortage_settings_default(&set);
		set.production = (truce_shortage_production)form;
		for (size_t k = net.begin[1]; k < net.begin[2]; k++)
			net.need[k].stock_days = k == net.begin[1] ? 0.9 : k == net.begin[1] + 1 ? 0.2 : 0.5;
		truce_shortage_sim *sim = simulate(&net, &set, NULL);
		truce_shortage_step(sim);
		allowed[form] = truce_shortage_allowed(sim)[1];
		truce_shortage_free(sim);
	}
	ck_assert_double_eq_tol(allowed[TRUCE_SHORTAGE_HALF_CRITICAL], 300 * 0.75, 1e-9);
	ck_assert_double_eq_tol(allowed[TRUCE_SHORTAGE_LEONTIEF], 300 * 0.2, 1e-9);
	ck_assert_double_eq_tol(allowed[TRUCE_SHORTAGE_STRICTLY_CRITICAL], 300 * 0.5, 1e-9);
	ck_assert_double_eq_tol(allowed[TRUCE_SHORTAGE_WEAKLY_CRITICAL], 300 * 0.9, 1e-9);
	ck_assert_double_eq_tol(allowed[TRUCE_SHORTAGE_LINEAR], 300 * (.15 * .9 + .2 * .2 + .1 * .5) / .45, 1e-9);
}
END_TEST

START_TEST(efficient_rationing_serves_the_dearer_first)
{
	/* two users of one input, of which half is banned: by priority the second keeps all of its supply */
	struct net net;
	memset(&net, 0, sizeof net);
	net.cell[0] = (truce_shortage_cell){"seller", 20, 1, 1, 0};
	net.cell[1] = (truce_shortage_cell){"cheap", 100, 1, 0.9, 0};
	net.cell[2] = (truce_shortage_cell){"dear", 100, 1, 0.9, 0};
	net.need[0] = (truce_shortage_need){1, 0, 0.1, 5, 1, TRUCE_SHORTAGE_CRITICAL, 1};
	net.need[1] = (truce_shortage_need){2, 0, 0.1, 5, 1, TRUCE_SHORTAGE_CRITICAL, 2};
	net.begin[2] = 1;
	net.begin[3] = 2;
	net.market[0] = (truce_shortage_market){"input", 0, 0, 0, 0, false};
	net.market[1] = (truce_shortage_market){"cheap", 1, 0, 100, 0, false};
	net.market[2] = (truce_shortage_market){"dear", 2, 0, 100, 0, false};
	net.market[3].link_begin = 3;
	for (uint32_t i = 0; i < 3; i++)
		net.link[i] = (truce_shortage_link){i, 1};
	net.n = (truce_shortage_network){3, 2, 3, 3, 1, net.cell, net.need, net.begin, net.market, net.link};
	truce_shortage_ban ban = {.market = 0, .seller = 0, .from = 0, .to = 1000, .licence_rate = 0.5};
	truce_shortage_scenario scenario = {.bans = 1, .ban = &ban};
	truce_shortage_settings set;
	truce_shortage_settings_default(&set);
	set.rationing = TRUCE_SHORTAGE_EFFICIENT;
	double cheap[2], dear[2];
	for (int e = 0; e < 2; e++) {
		set.rationing = (truce_shortage_rationing)e;
		cheap[e] = total_loss(&net, &set, &scenario, 100, 1, NULL);
		dear[e] = total_loss(&net, &set, &scenario, 100, 2, NULL);
	}
	ck_assert_double_eq_tol(cheap[0], dear[0], 1e-6);
	ck_assert_double_gt(dear[0], 1000);
	ck_assert_double_eq_tol(dear[1], 0, 1e-6);
	ck_assert_double_gt(cheap[1], cheap[0]);
	/* the same by the market alone, whatever the settings say */
	set.rationing = TRUCE_SHORTAGE_PRO_RATA;
	net.market[0].by_priority = true;
	ck_assert_double_eq(total_loss(&net, &set, &scenario, 100, 2, NULL), dear[1]);
	ck_assert_double_eq(total_loss(&net, &set, &scenario, 100, 1, NULL), cheap[1]);
}
END_TEST

START_TEST(surge_takes_over_what_a_ban_sends_back)
{
	double without = one_user_loss(0.5, 20, 0, 0, 0), with = one_user_loss(0.5, 20, 1.5, 0, 0);
	ck_assert_double_gt(without, 0);
	ck_assert_double_lt(with, 0.2 * without);
}
END_TEST

START_TEST(a_fleet_stands_slowly_then_in_a_straight_line)
{
	truce_shortage_part parts[] = {
		{"engine", 2, 0.001, 0, 0, 50, 0, 0, 0}, {"brake", 8, 0.004, 0.5, 20, 100, 0, 0, 0}};
	truce_shortage_fleet fleet = {1000, 2, parts};
	double least[400], most[400], without, cannibal;
	ck_assert_int_eq(truce_shortage_fleet_run(ctx, &fleet, 400, least, most), TRUCE_OK);
	/* engines: 1 fails a day, 50 spares; brakes: 4 a day, 2 come back, 100 spares: 50 days each */
	ck_assert_double_eq_tol(most[48], 0, 1e-9);
	ck_assert_double_gt(most[52], 0);
	for (int t = 0; t < 400; t++)
		ck_assert_double_le(least[t], most[t] + 1e-9);
	ck_assert_double_eq_tol(least[59], 10 / 2.0, 0.1); /* ten engines short, two an aircraft */
	ck_assert_double_eq_tol(most[59], 10 + 20, 1); /* less, since what stands wears nothing out */
	ck_assert_int_eq(truce_shortage_fleet_factor(ctx, &fleet, 36, 200, &without, &cannibal), TRUCE_OK);
	ck_assert_double_gt(cannibal, without);
	parts[0].failures *= without;
	parts[1].failures *= without;
	ck_assert_int_eq(truce_shortage_fleet_run(ctx, &fleet, 36, NULL, most), TRUCE_OK);
	ck_assert_double_eq_tol(most[35], 200, 0.01);
	parts[0].licence_rate = parts[1].licence_rate = 1;
	ck_assert_int_eq(truce_shortage_fleet_run(ctx, &fleet, 400, least, most), TRUCE_OK);
	ck_assert_double_eq_tol(most[399], 0, 1e-9); /* with parts nothing stands */
	parts[0].home = 1.5;
	ck_assert_int_eq(truce_shortage_fleet_run(ctx, &fleet, 400, least, most), TRUCE_INPUT);
}
END_TEST

/* ---- a world ------------------------------------------------------------------------------------------------------- */

/* Two regions, two sectors; balanced by hand up to final demand, which is the rest. */
static truce_world *small_world(double flow[8], double tariff[8], double input[8], double value_added[4])
{
	static const char *regions[] = {"X", "Y"}, *sectors[] = {"P", "Q"};
	static truce_world world;
	static const double f[8] = {600, 100, 50, 400, 300, 60, 80, 500}, in[8] = {.1, .3, .2, .2, .15, .25, .1, .3};
	for (int i = 0; i < 8; i++) {
		flow[i] = f[i];
		input[i] = in[i];
		tariff[i] = 0;
	}
	tariff[1] = 0.25; /* X's on Y's P */
	for (int i = 0; i < 4; i++)
		value_added[i] = 1 - in[2 * i] - in[2 * i + 1];
	world = (truce_world){.name = "small", .regions = 2, .sectors = 2, .region = regions, .sector = sectors, .flow = flow,
		.tariff = tariff, .input_share = input, .value_added = value_added};
	return &world;
}

START_TEST(a_world_as_a_network_stands_still)
{
	double flow[8], tariff[8], input[8], value_added[4];
	truce_world *world = small_world(flow, tariff, input, value_added);
	truce_arena *arena;
	truce_shortage_network net;
	truce_shortage_sim *sim;
	uint32_t *cell;
	ck_assert_int_eq(truce_arena_new(ctx, &arena), TRUCE_OK);
	ck_assert_int_eq(truce_shortage_network_from_world(ctx, arena, &net, world, NULL, &cell), TRUCE_OK);
	ck_assert_uint_eq(net.cells, 4);
	ck_assert_uint_eq(net.needs, 8);
	ck_assert_uint_eq(net.links, 8);
	ck_assert_str_eq(net.cell[cell[2]].name, "Y/P");
	ck_assert_double_eq_tol(net.cell[cell[2]].output, 500 / 365.0, 1e-12);
	/* X's P costs 600 + 125 with duty for 700 of goods: 0.1 of output paid is 0.1 x 700/725 of goods */
	ck_assert_double_eq_tol(net.need[net.need_begin[cell[0]]].coefficient, 0.1 * 700 / 725, 1e-12);
	ck_assert_int_eq(truce_shortage_new(ctx, &sim, &net, NULL, NULL), TRUCE_OK);
	ck_assert_int_eq(truce_shortage_run(sim, 365, NULL), TRUCE_OK);
	for (size_t i = 0; i < 4; i++)
		ck_assert_double_eq_tol(truce_shortage_output(sim)[i] / net.cell[i].output, 1, 1e-13);
	truce_shortage_free(sim);
	truce_arena_free(arena);
}
END_TEST

/* ---- what cannot be --------------------------------------------------------------------------------------------------- */

static void refused(struct net *net, const char *words)
{
	truce_shortage_sim *sim;
	truce_diagnostics_clear(ctx);
	ck_assert_int_eq(truce_shortage_new(ctx, &sim, &net->n, NULL, NULL), TRUCE_INPUT);
	ck_assert_ptr_null(sim);
	bool found = false;
	for (size_t i = 0; i < truce_diagnostic_count(ctx); i++)
		found |= strstr(truce_diagnostic_at(ctx, i)->what, words) != NULL;
	ck_assert_msg(found, "nothing said \"%s\"", words);
}

START_TEST(bad_networks_are_refused_by_name)
{
	struct net net;
	chain(&net);
	net.need[3].coefficient = 1.5;
	refused(&net, "B uses A with a share of 1.5");
	chain(&net);
	net.need[4].stock_days = -1;
	refused(&net, "B holds -1 days of stock of B");
	chain(&net);
	net.market[0].link_begin = net.market[1].link_begin = 0;
	net.market[1].link_begin = 0;
	refused(&net, "nobody sells A");
	chain(&net);
	net.cell[2].output = 0;
	refused(&net, "C has no output");
	chain(&net);
	net.market[1].other_demand = 6;
	refused(&net, "B makes 300 and sells 301");
	chain(&net);
	net.need[0].coefficient = 0.95;
	refused(&net, "the inputs of A sum to 1.05");
	chain(&net);
	net.need[2].coefficient = NAN;
	refused(&net, "A uses C with a share of nan");
	chain(&net);
	net.link[1].share = 0.5;
	refused(&net, "the sellers of B have shares that sum to 0.5");
	chain(&net);
	net.need[1].exposed = 1.2;
	refused(&net, "a share of 1.2 of A is said to need B");

	chain(&net);
	truce_shortage_sim *sim;
	truce_shortage_ban ban = {.market = 1, .licence_rate = 1.5, .to = 3};
	truce_shortage_scenario scenario = {.bans = 1, .ban = &ban};
	ck_assert_int_eq(truce_shortage_new(ctx, &sim, &net.n, NULL, &scenario), TRUCE_INPUT);
	truce_shortage_settings set;
	truce_shortage_settings_default(&set);
	set.adjust = 0;
	ck_assert_int_eq(truce_shortage_new(ctx, &sim, &net.n, &set, NULL), TRUCE_INPUT);
}
END_TEST

/* ---- the object ----------------------------------------------------------------------------------------------------------- */

START_TEST(reset_and_update_repeat_the_run)
{
	struct net net;
	chain(&net);
	truce_shortage_sim *sim = simulate(&net, NULL, &chain_shock);
	double first[182 * 3], again[182 * 3];
	ck_assert_int_eq(truce_shortage_run(sim, 182, first), TRUCE_OK);
	truce_shortage_reset(sim);
	ck_assert_int_eq(truce_shortage_run(sim, 182, again), TRUCE_OK);
	ck_assert_mem_eq(first, again, sizeof first);
	truce_shortage_scenario none = {0};
	ck_assert_int_eq(truce_shortage_update(sim, &none), TRUCE_OK);
	ck_assert_int_eq(truce_shortage_run(sim, 182, again), TRUCE_OK);
	ck_assert_double_eq(again[181 * 3 + 1], 300);
	ck_assert_int_eq(truce_shortage_update(sim, &chain_shock), TRUCE_OK);
	ck_assert_int_eq(truce_shortage_run(sim, 182, again), TRUCE_OK);
	ck_assert_mem_eq(first, again, sizeof first);
	truce_shortage_loss two[] = {{0, 0.1, 0, 1}, {1, 0.1, 0, 1}};
	truce_shortage_scenario larger = {.losses = 2, .loss = two};
	ck_assert_int_eq(truce_shortage_update(sim, &larger), TRUCE_LIMIT);
	truce_shortage_free(sim);
}
END_TEST

static int work(truce_context *failing, void *user)
{
	const struct net *net = user;
	truce_shortage_sim *sim = NULL;
	truce_arena *arena = NULL;
	truce_shortage_network copy = net->n;
	truce_shortage_need needs[9];
	truce_shortage_account books;
	uint32_t market;
	memcpy(needs, net->need, sizeof needs);
	copy.need = needs;
	int status = truce_arena_new(failing, &arena);
	if (!status)
		status = truce_shortage_network_isolate(failing, arena, &copy, 3, &market);
	if (!status) {
		truce_shortage_ban ban = {.market = market, .seller = TRUCE_SHORTAGE_ALL, .to = 20, .reroute_lag = 2};
		truce_shortage_scenario scenario = {.bans = 1, .ban = &ban};
		status = truce_shortage_new(failing, &sim, &copy, NULL, &scenario);
	}
	if (!status)
		status = truce_shortage_keep_books(sim);
	if (!status)
		status = truce_shortage_run(sim, 30, NULL);
	if (!status)
		status = truce_shortage_books(sim, &books);
	truce_shortage_free(sim);
	truce_arena_free(arena);
	return status;
}

START_TEST(every_allocation_may_fail)
{
	struct net net;
	chain(&net);
	truce_fail_every_allocation(work, &net);
}
END_TEST

static int read_and_run(truce_context *failing, void *user)
{
	const char *text = user;
	truce_shortage_case *item = NULL;
	truce_text out;
	truce_json json;
	truce_text_init(&out, failing);
	truce_json_init(&json, &out);
	int status = truce_shortage_case_read(failing, &item, "net.yaml", text, strlen(text));
	if (!status)
		status = truce_shortage_case_to_json(failing, &json, item);
	if (!status)
		status = truce_shortage_case_to_text(failing, &out, item, true);
	if (!status)
		status = truce_text_done(&out);
	truce_shortage_case_free(item);
	truce_text_free(&out);
	return status;
}

START_TEST(every_allocation_of_the_reader_may_fail)
{
	char text[] = "sectors: [A, B]\noutput: {A: 100, B: 50}\ncoefficients: [[.1, .2], [.1, 0]]\nlabour: [1, 2]\n"
		"consumption: [40, 30]\nother_demand: [40, 10]\nstock_days: 5\ncritical: [[A, B]]\nimportant: [[B, A]]\n"
		"priority: [1, 2]\nsettings: {production: leontief, rationing: efficient}\nshocks: [{capacity_of: A, loss: 0.1}]\n"
		"bans: [{input: A, user: B, licence_rate: [[0, 0], [5, 0.5]], leak: 0.1, leak_lag: 2}]\n"
		"surge: [{capacity_of: A, share: 0.2, time: 9}]\nthrift: [{input: A, user: B, cut: 0.1, time: 9}]\nsteps: 20\n";
	ck_assert_int_eq(read_and_run(ctx, text), TRUCE_OK);
	truce_fail_every_allocation(read_and_run, text);
}
END_TEST

static long calls;
static void *counting(void *user, void *block, size_t size)
{
	(void)user;
	if (!size) {
		free(block);
		return NULL;
	}
	calls++;
	return realloc(block, size);
}

START_TEST(a_step_allocates_nothing)
{
	struct net net;
	truce_context *mine;
	truce_context_options options = {.allocate = counting};
	truce_shortage_sim *sim;
	ck_assert_int_eq(truce_context_new(&mine, &options), TRUCE_OK);
	random_network(&net, 24, 1);
	truce_shortage_ban ban = {.market = 2, .seller = TRUCE_SHORTAGE_ALL, .to = 20, .reroute_lag = 2};
	truce_shortage_scenario scenario = {.bans = 1, .ban = &ban};
	ck_assert_int_eq(truce_shortage_new(mine, &sim, &net.n, NULL, &scenario), TRUCE_OK);
	long before = calls;
	ck_assert_int_eq(truce_shortage_run(sim, 365, NULL), TRUCE_OK);
	ck_assert_int_eq(calls, before);
	truce_shortage_free(sim);
	truce_context_free(mine);
}
END_TEST

int main(void)
{
	if (truce_context_new(&ctx, NULL))
		return 1;
	int status = truce_test_main("shortage", (const truce_test[]){T(the_chain_to_two_decimals), T(closed_forms),
		T(days_until_a_ban_binds), T(one_input_one_user_is_convex_and_monotone), T(more_stock_need_not_help_the_whole_chain),
		T(no_shock_is_exact_for_ten_thousand_steps), T(deliveries_and_stocks_add_up),
		T(a_ban_on_one_edge_starves_nobody_else), T(a_ban_starves_nobody_on_any_day_of_it),
		T(half_the_step_changes_totals_little), T(five_forms_of_production), T(efficient_rationing_serves_the_dearer_first),
		T(surge_takes_over_what_a_ban_sends_back), T(a_fleet_stands_slowly_then_in_a_straight_line),
		T(a_world_as_a_network_stands_still), T(bad_networks_are_refused_by_name), T(reset_and_update_repeat_the_run),
		T(every_allocation_may_fail), T(every_allocation_of_the_reader_may_fail), T(a_step_allocates_nothing), {0}});
	truce_context_free(ctx);
	return status;
}
