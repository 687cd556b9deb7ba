/* equilibrium: the solver's memory and the baseline read out of a world. */
#include "certificate.h"
#include "internal.h"
#include "kernel.h"

#include <math.h>
#include <string.h>
#include <time.h>

double eq_now_ms(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return 1e3 * (double)now.tv_sec + 1e-6 * (double)now.tv_nsec;
}

/* One bad cell, by name. */
static int bad_cell(truce_context *ctx, const truce_world *w, size_t region, size_t sector, const char *what, double value)
{
	return truce_fail(ctx, TRUCE_INPUT, w->name, 0, 0, NULL, "%s of %s in %s: %g", what, w->sector[sector], w->region[region],
		value);
}

/* The first edge that cannot be, by name. */
static int bad_edge(truce_context *ctx, const truce_world *w, size_t j, size_t n)
{
	for (size_t i = 0; i < w->regions; i++) {
		const size_t e = truce_world_edge(w, j, n, i);
		if (!(w->flow[e] >= 0) || !isfinite(w->flow[e]))
			return truce_fail(ctx, TRUCE_INPUT, w->name, 0, 0, NULL, "flow of %s from %s to %s: %g", w->sector[j],
				w->region[i], w->region[n], w->flow[e]);
		if (!(w->tariff[e] > -1) || !isfinite(w->tariff[e]))
			return truce_fail(ctx, TRUCE_INPUT, w->name, 0, 0, NULL, "tariff on %s from %s to %s: %g", w->sector[j],
				w->region[i], w->region[n], w->tariff[e]);
	}
	return truce_fail(ctx, TRUCE_INPUT, w->name, 0, 0, NULL, "flows of %s into %s are too large to add up", w->sector[j],
		w->region[n]);
}

static int check_shares(truce_context *ctx, const truce_world *w)
{
	const size_t J = w->sectors;
	for (size_t n = 0; n < w->regions; n++)
		for (size_t j = 0; j < J; j++) {
			const double *input = w->input_share + (n * J + j) * J;
			double sum = w->value_added[n * J + j];
			if (!(sum >= 0))
				return bad_cell(ctx, w, n, j, "value-added share", sum);
			for (size_t k = 0; k < J; k++)
				sum += input[k];
			if (fabs(sum - 1) <= 1e-9)
				continue;
			for (size_t k = 0; k < J; k++)
				if (!isfinite(input[k]))
					return bad_cell(ctx, w, n, j, "an input share", input[k]);
			return bad_cell(ctx, w, n, j, "sum of value-added and input shares", sum);
		}
	return TRUCE_OK;
}

/* Sums over the edges, in one passage, which also finds the edges that cannot be. */
static int read_flows(truce_equilibrium *eq)
{
	const truce_world *w = eq->world;
	const size_t N = eq->regions, J = eq->sectors;
	double *output = eq->receipts; /* [J][N] */
	memset(output, 0, N * J * sizeof *output);
	for (size_t j = 0; j < J; j++)
		for (size_t n = 0; n < N; n++) {
			const double *flow = w->flow + truce_world_edge(w, j, n, 0), *tariff = w->tariff + truce_world_edge(w, j, n, 0);
			double revenue = 0, imports = 0, *sold = output + j * N;
			const double abroad = 1 - eq->sold_here[n];
			bool good = true;
			for (size_t i = 0; i < N; i++) {
				good &= flow[i] >= 0 && tariff[i] > -1;
				revenue += flow[i] * tariff[i];
				imports += flow[i];
				sold[i] += flow[i] * abroad;
			}
			sold[n] += imports * eq->sold_here[n];
			if (!good || !isfinite(imports) || !isfinite(revenue))
				return bad_edge(eq->ctx, w, j, n);
			eq->spending0[n * J + j] = imports + revenue;
			eq->revenue0[n] += revenue;
			eq->deficit0[n] += imports;
		}
	eq_kernel_turn(J, N, output, eq->output0);
	for (size_t n = 0; n < N; n++)
		for (size_t j = 0; j < J; j++)
			eq->deficit0[n] -= eq->output0[n * J + j];
	return TRUCE_OK;
}

/* Labour's share, final shares, incomes. */
static int read_technology(truce_equilibrium *eq)
{
	const truce_world *w = eq->world;
	const size_t N = eq->regions, J = eq->sectors;
	for (size_t n = 0; n < N; n++) {
		double output = 0;
		for (size_t j = 0; j < J; j++) {
			const size_t nj = n * J + j;
			eq->labour[nj] = w->value_added[nj] - eq->margin[j];
			if (eq->output0[nj] > 0 && eq->labour[nj] < 0)
				return truce_fail(eq->ctx, TRUCE_INPUT, w->name, 0, 0, "another market structure", "profits of %s in %s are more "
					"than its value added (share %g)", w->sector[j], w->region[n], w->value_added[nj]);
			if (eq->labour[nj] < 0)
				eq->labour[nj] = 0;
			eq->wage_bill0[n] += eq->labour[nj] * eq->output0[nj];
			eq->profit0[n] += eq->margin[j] * eq->output0[nj];
			output += eq->output0[nj];
		}
		if (!(eq->wage_bill0[n] > 0))
			return truce_fail(eq->ctx, TRUCE_INPUT, w->name, 0, 0, "leave the region out or add it to another", "%s has no %s",
				w->region[n], output > 0 ? "value added" : "output");
		eq->income0[n] = eq->wage_bill0[n] + eq->profit0[n] + eq->revenue0[n] + eq->deficit0[n];
		eq->wage_world += eq->wage_bill0[n];
		if (!(eq->income0[n] > 0))
			return truce_fail(eq->ctx, TRUCE_INPUT, w->name, 0, 0, NULL, "income of %s is %g: its surplus is more than it earns",
				w->region[n], eq->income0[n]);
		/* use as input, then final demand: given, or what is left */
		double *use = eq->material + n * J, total = 0;
		memset(use, 0, J * sizeof *use);
		eq_kernel_transposed(J, J, w->input_share + n * J * J, eq->output0 + n * J, use);
		for (size_t j = 0; j < J; j++) {
			const size_t nj = n * J + j;
			if (eq->spending0[nj] <= 0 && use[j] > 0)
				return bad_cell(eq->ctx, w, n, j, "no spending, but use as input", use[j]);
			double left = w->final_share ? w->final_share[nj] : eq->spending0[nj] - use[j];
			if (!w->final_share && left < 0)
				left = 0; /* clipped, as truce_world_finish does and says */
			if (!(left >= 0))
				return bad_cell(eq->ctx, w, n, j, "final share", left);
			if (eq->spending0[nj] <= 0 && left > 0)
				return bad_cell(eq->ctx, w, n, j, "no spending, but final demand", left);
			eq->final[nj] = left;
			total += left;
		}
		if (!(total > 0) || (w->final_share && fabs(total - 1) > 1e-9))
			return truce_fail(eq->ctx, TRUCE_INPUT, w->name, 0, 0, NULL, "final shares of %s sum to %g", w->region[n], total);
		for (size_t j = 0; j < J; j++) {
			const size_t nj = n * J + j;
			eq->final[nj] /= total;
			const double wanted = use[j] + eq->final[nj] * eq->income0[n];
			const double gap = (wanted - eq->spending0[nj]) / eq->income0[n];
			eq->unit[nj] = fmax(fmax(wanted, eq->spending0[nj]), 1e-3 * eq->income0[n] / (double)J);
			if (fabs(gap) > eq->settings.imbalance_limit)
				return truce_fail(eq->ctx, TRUCE_INPUT, w->name, 0, 0, "balance the table first (truce world update)",
					"%s in %s: use and spending differ by %.3g of the region's income", w->sector[j], w->region[n], gap);
		}
	}
	return TRUCE_OK;
}

/* How far a wage may go in one step: 1 / (1 + elasticity of the region's wage bill in its wage, partners' prices held). */
static void measure_steps(truce_equilibrium *eq)
{
	const truce_world *w = eq->world;
	const size_t N = eq->regions, J = eq->sectors;
	double *bend = eq->scratch; /* [N]: flows weighted by 1 - share */
	double *abroad = eq->scratch + (N > J ? N : J), *trade = eq->scratch2; /* [N]: trade with others of a sector, of all */
	memset(eq->step, 0, N * sizeof *eq->step);
	memset(eq->pull, 0, N * sizeof *eq->pull);
	memset(trade, 0, N * sizeof *trade);
	for (size_t j = 0; j < J; j++) {
		memset(bend, 0, N * sizeof *bend);
		memset(abroad, 0, N * sizeof *abroad);
		for (size_t n = 0; n < N; n++) {
			const double *flow = w->flow + truce_world_edge(w, j, n, 0), *tariff = w->tariff + truce_world_edge(w, j, n, 0);
			const double per = eq->spending0[n * J + j] > 0 ? 1 / eq->spending0[n * J + j] : 0;
			double imports = 0;
			for (size_t i = 0; i < N; i++) {
				bend[i] += flow[i] * (1 - flow[i] * (1 + tariff[i]) * per);
				abroad[i] += flow[i];
				imports += flow[i];
			}
			abroad[n] += imports - 2 * flow[n];
		}
		for (size_t i = 0; i < N; i++) {
			eq->step[i] += eq->labour[i * J + j] * eq->theta[j] * bend[i];
			eq->pull[i] += eq->theta[j] * abroad[i];
			trade[i] += abroad[i];
		}
	}
	for (size_t n = 0; n < N; n++) {
		eq->step[n] = 1 / (1 + eq->step[n] / eq->wage_bill0[n]);
		/* exports answer to the region's own costs by -theta, imports by 1 + theta; 0.8 was best on what was tried */
		eq->pull[n] = trade[n] > 0 ? 0.8 * 2 / (1 + 2 * eq->pull[n] / trade[n]) : 0;
	}
}

static int set_elasticities(truce_equilibrium *eq, const double *theta)
{
	for (size_t j = 0; j < eq->sectors; j++) {
		eq->theta[j] = theta[j] * eq->settings.theta_scale;
		if (!(eq->theta[j] > 0) || !isfinite(eq->theta[j]))
			return truce_fail(eq->ctx, TRUCE_INPUT, eq->world->name, 0, 0, NULL, "theta of %s: %g", eq->world->sector[j], theta[j]);
		eq->margin[j] = eq->settings.market == TRUCE_MARKET_RESTRICTED ? 1 / (1 + eq->theta[j]) : 0;
		eq->psi_theta[j] = 0;
		if (!eq->scale)
			continue;
		const double psi = isnan(eq->world->psi[j]) ? eq->settings.psi : eq->world->psi[j];
		if (isnan(psi))
			return truce_fail(eq->ctx, TRUCE_INPUT, eq->world->name, 0, 0, "give one with psi=VALUE", "%s has no scale elasticity",
				eq->world->sector[j]);
		eq->psi_theta[j] = psi * eq->theta[j];
		if (!(eq->psi_theta[j] >= 0 && eq->psi_theta[j] < 1))
			return truce_fail(eq->ctx, TRUCE_INPUT, eq->world->name, 0, 0, "keep psi times theta below 1: above it industries "
				"pile up in one place and there are many equilibria", "psi times theta of %s is %g", eq->world->sector[j],
				eq->psi_theta[j]);
	}
	return TRUCE_OK;
}

static int take_memory(truce_equilibrium *eq)
{
	const size_t N = eq->regions, J = eq->sectors, NJ = N * J, E = NJ * N, Q = eq->quantities_max;
	const size_t side = N > J ? N : J;
	struct eq_layout *at = &eq->at;
	at->wage = 0;
	at->price = N;
	at->spending = at->price + NJ;
	at->sector = at->spending + NJ;
	at->quantity = at->sector + (eq->scale || eq->immobile ? NJ : 0);
	at->labour = at->quantity + Q;
	at->size = at->labour + (eq->settings.labour_supply > 0 ? N : 0);
	const size_t Z = at->size;
	/* room for two arrays of floats, and for the certificate when these have served: it is far smaller */
	const size_t room = truce_equilibrium_certify_room(eq->world, Q);
	double *differences;
	/* Up to `shadow` those that must begin as 0; those of edges last, which are touched only when there is something to put in. */
	const struct {
		double **where;
		size_t count;
	} arrays[] = {
		{&eq->theta, J}, {&eq->psi_theta, J}, {&eq->margin, J}, {&eq->labour, NJ}, {&eq->spending0, NJ}, {&eq->output0, NJ},
		{&eq->final, NJ}, {&eq->sold_here, N}, {&eq->unit, NJ}, {&eq->wage_bill0, N}, {&eq->profit0, N}, {&eq->revenue0, N}, {&eq->deficit0, N}, {&eq->income0, N},
		{&eq->step, N}, {&eq->pull, N}, {&eq->edge, 3 * Q}, {&eq->edge_kappa, Q}, {&eq->deficit, N}, {&eq->state, Z}, {&eq->image, Z}, {&eq->best, Z},
		{&eq->imposed, N}, {&eq->labour_ratio, N}, {&eq->income, N}, {&eq->tariffs, N}, {&eq->export_taxes, N},
		{&eq->profit, N}, {&eq->quantity_now, Q}, {&eq->shadow, Q},
		{&eq->log_cost, NJ}, {&eq->u, NJ}, {&eq->sum, NJ}, {&eq->border, NJ}, {&eq->receipts, NJ}, {&eq->spend, NJ}, {&eq->output, NJ},
		{&eq->value_added, NJ}, {&eq->material, NJ}, {&eq->cell, NJ}, {&eq->scratch, 2 * side}, {&eq->scratch2, side}, {&eq->sold, 3 * N},
		{&eq->last_state, Z}, {&eq->last_gap, Z}, {&eq->gap, Z}, {&differences, EQ_MEMORY * Z > room ? EQ_MEMORY * Z : room},
		{&eq->wage_ratio, NJ}, {&eq->cost_ratio, NJ}, {&eq->price_ratio, NJ}, {&eq->spending_new, NJ}, {&eq->output_new, NJ},
		{&eq->a, E}, {&eq->b, E}, {&eq->reached, Z}, {&eq->mix, 2 * NJ},
		{&eq->share, E}, {&eq->flow, E}, {&eq->c, E},
	};
	enum { COUNT = sizeof arrays / sizeof *arrays, LINE = 8 };
	size_t total = 0, zeroed = 0;
	for (size_t i = 0; i < COUNT; i++) {
		total += (arrays[i].count + LINE - 1) / LINE * LINE;
		zeroed = arrays[i].where == &eq->shadow ? total : zeroed;
	}
	eq->block = truce_allocate(eq->ctx, eq_pages_room(total * sizeof(double)));
	eq->region = truce_allocate_zero(eq->ctx, N, sizeof *eq->region);
	eq->quantity = truce_allocate_zero(eq->ctx, Q ? Q : 1, sizeof *eq->quantity);
	eq->order = truce_allocate_zero(eq->ctx, Q ? Q : 1, sizeof *eq->order);
	if (!eq->block || !eq->region || !eq->quantity || !eq->order)
		return TRUCE_MEMORY;
	double *next = eq_pages_begin(eq->block, total * sizeof(double));
	memset(next, 0, zeroed * sizeof(double));
	for (size_t i = 0; i < COUNT; i++) {
		*arrays[i].where = next;
		next += (arrays[i].count + LINE - 1) / LINE * LINE;
	}
	eq->certificate_work = differences;
	eq->delta_gap = (float *)(void *)differences;
	eq->delta_image = eq->delta_gap + EQ_MEMORY * Z;
	return TRUCE_OK;
}

void truce_equilibrium_free(truce_equilibrium *eq)
{
	if (!eq)
		return;
	eq_kept_free(eq);
	truce_release(eq->ctx, eq->block);
	truce_release(eq->ctx, eq->region);
	truce_release(eq->ctx, eq->quantity);
	truce_release(eq->ctx, eq->order);
	truce_release(eq->ctx, eq);
}

void truce_equilibrium_cold(truce_equilibrium *eq)
{
	memset(eq->state, 0, eq->at.size * sizeof *eq->state);
	for (size_t nj = 0; nj < eq->regions * eq->sectors; nj++)
		eq->state[eq->at.spending + nj] = eq->spending0[nj] / eq->unit[nj];
	eq->solved = false;
	eq->fresh = false;
}

static int check_marketing(const truce_equilibrium *eq)
{
	if (!eq->marketing)
		return TRUCE_OK;
	if (!eq->world->marketing)
		return truce_fail(eq->ctx, TRUCE_INPUT, eq->world->name, 0, 0, "import it with a marketing.csv (region,share)",
			"marketing=world, but the world does not say which share of sales is earned where they are made");
	if (!eq->scale)
		return truce_fail(eq->ctx, TRUCE_USAGE, NULL, 0, 0, "set market=monopolistic, and psi where the world has none",
			"marketing=world is of firms that pay to enter a market, and needs market=monopolistic");
	return TRUCE_OK;
}

int truce_equilibrium_new(truce_context *ctx, truce_equilibrium **out, const truce_world *world,
	const truce_equilibrium_settings *settings, size_t quantities)
{
	*out = NULL;
	const double began = eq_now_ms();
	int err = TRUCE_OK;
	if (world->regions == 0 || world->sectors == 0)
		return truce_fail(ctx, TRUCE_INPUT, world->name, 0, 0, NULL, "a world needs at least one region and one sector");
	truce_equilibrium *eq = truce_allocate_zero(ctx, 1, sizeof *eq);
	if (!eq)
		return TRUCE_MEMORY;
	eq->ctx = ctx;
	eq->world = world;
	if (settings)
		eq->settings = *settings;
	else
		truce_equilibrium_settings_init(&eq->settings);
	eq->regions = world->regions;
	eq->sectors = world->sectors;
	eq->quantities_max = quantities;
	eq->cobb_douglas = eq->settings.inputs == 1 && eq->settings.value_added == 1;
	eq->scale = eq->settings.market == TRUCE_MARKET_MONOPOLISTIC;
	eq->immobile = eq->settings.labour == TRUCE_LABOUR_IMMOBILE;
	eq->marketing = eq->settings.marketing == TRUCE_MARKETING_WORLD;
	if (eq->scale && eq->immobile) {
		err = truce_fail(ctx, TRUCE_USAGE, NULL, 0, 0, "free entry is the long run, immobile labour the short run",
			"market=monopolistic and labour=immobile cannot be had together");
		goto done;
	}
	if (eq->immobile && eq->settings.labour_supply > 0) {
		err = truce_fail(ctx, TRUCE_USAGE, NULL, 0, 0, "hours that answer to the wage are the long run, immobile labour the short run",
			"labour=immobile and labour_supply cannot be had together");
		goto done;
	}
	if (eq->settings.revenue != TRUCE_REVENUE_REBATE && !(eq->settings.labour_supply > 0)) {
		const bool relief = eq->settings.revenue == TRUCE_REVENUE_TAX_RELIEF;
		err = truce_fail(ctx, TRUCE_USAGE, NULL, 0, 0, relief ? "set labour_supply above 0" : "set labour_supply above 0, and income_tax",
			"revenue=%s changes nothing while labour does not answer to the wage after tax", relief ? "tax_relief" : "income_tax");
		goto done;
	}
	if ((err = check_marketing(eq)) || (err = take_memory(eq)))
		goto done;
	if (eq->marketing)
		memcpy(eq->sold_here, world->marketing, eq->regions * sizeof *eq->sold_here);
	err = set_elasticities(eq, world->theta);
	if (err)
		goto done;
	if ((err = read_flows(eq)) || (err = check_shares(ctx, world)) || (err = read_technology(eq)))
		goto done;
	measure_steps(eq);
	eq->result = (truce_equilibrium_result){.regions = eq->regions, .sectors = eq->sectors, .region = eq->region,
		.wage = eq->wage_ratio, .cost = eq->cost_ratio, .price = eq->price_ratio, .spending = eq->spending_new,
		.output = eq->output_new, .output_old = eq->output0, .flow = eq->flow, .shadow = eq->shadow,
		.quantity = eq->quantity_now};
	truce_equilibrium_cold(eq);
	eq->setup_ms = eq_now_ms() - began;
	*out = eq;
done:
	if (err)
		truce_equilibrium_free(eq);
	return err;
}

int truce_equilibrium_set_theta(truce_equilibrium *eq, const double *theta)
{
	if (eq->settings.market == TRUCE_MARKET_RESTRICTED)
		return truce_fail(eq->ctx, TRUCE_USAGE, NULL, 0, 0, "make a new solver", "with restricted entry profits hang on theta, "
			"so it cannot be changed afterwards");
	const int err = set_elasticities(eq, theta);
	if (!err)
		measure_steps(eq);
	eq->updated = false;
	return err;
}
