/* equilibrium: one evaluation of the map whose fixed point is the equilibrium.
 *
 * Prices, spending and wages (and, where the settings ask, sector wages or scale, shadow wedges and labour) are read
 * from the state; costs, shares, receipts and incomes follow; the image is what prices, spending and wages would have
 * to be.  Numbers of equations are those of docs/model.md. */
#include "internal.h"
#include "kernel.h"

#include <math.h>
#include <string.h>

/* The largest residual so far; what is no number stays. */
static double larger(double largest, double residual)
{
	return residual <= largest || isnan(largest) ? largest : residual;
}

/* Cost of a region's sectors under CES; keeps in mix[] the price of each user's bundle and its weight. */
static void costs_ces(truce_equilibrium *eq, size_t n, const double *log_price)
{
	const size_t J = eq->sectors, NJ = eq->regions * J;
	const double eta = eq->settings.inputs, nu = eq->settings.value_added;
	const double *share = eq->world->input_share + n * J * J;
	double *v = eq->scratch;
	for (size_t k = 0; k < J; k++)
		v[k] = eta == 1 ? log_price[k] : expm1((1 - eta) * log_price[k]); /* less 1: exact where eta is near 1, too */
	for (size_t j = 0; j < J; j++) {
		const size_t nj = n * J + j;
		const double materials = 1 - eq->labour[nj] - eq->margin[j], whole = 1 - eq->margin[j];
		const double log_wage = eq->log_cost[nj]; /* put there by costs() */
		double bundle = 0;
		if (materials > 1e-14) {
			bundle = eq_kernel_dot(J, share + j * J, v) / materials;
			bundle = eta == 1 ? bundle : log1p(bundle) / (1 - eta);
		}
		if (nu == 1)
			eq->log_cost[nj] = (eq->labour[nj] * log_wage + materials * bundle) / whole;
		else
			eq->log_cost[nj] = log1p((eq->labour[nj] * expm1((1 - nu) * log_wage) + materials * expm1((1 - nu) * bundle)) / whole) /
				(1 - nu);
		eq->mix[nj] = bundle;
		eq->mix[NJ + nj] = exp((1 - nu) * (log_wage - eq->log_cost[nj])); /* labour's share, new over old */
	}
}

static void costs(truce_equilibrium *eq, const double *state)
{
	const size_t N = eq->regions, J = eq->sectors;
	const double *sector = state + eq->at.sector;
	for (size_t n = 0; n < N; n++) {
		const double *log_price = state + eq->at.price + n * J;
		double *log_cost = eq->log_cost + n * J;
		for (size_t j = 0; j < J; j++)
			log_cost[j] = eq->immobile ? sector[n * J + j] : state[eq->at.wage + n];
		if (!eq->cobb_douglas) {
			costs_ces(eq, n, log_price);
			continue;
		}
		eq_kernel_matrix(J, J, eq->world->input_share + n * J * J, log_price, eq->scratch);
		for (size_t j = 0; j < J; j++)
			log_cost[j] = (eq->labour[n * J + j] * log_cost[j] + eq->scratch[j]) / (1 - eq->margin[j]);
	}
}

/* The edges under a quantity, with the shadow wedges of this state. */
static void put_shadows(truce_equilibrium *eq, const double *state)
{
	for (size_t q = 0; q < eq->policy.quantity_count; q++) {
		const truce_edge_quantity *want = &eq->quantity[q];
		const size_t e = truce_world_edge(eq->world, want->sector, want->importer, want->exporter);
		const double log_wedge = state[eq->at.quantity + q], pass = exp(-eq->theta[want->sector] * log_wedge);
		const double less = pass * exp(-log_wedge);
		eq->a[e] = eq->edge[3 * q] * pass;
		eq->b[e] = eq->edge[3 * q + 1] * (want->rent == TRUCE_RENT_LOST ? pass : less);
		if (eq->exporters_collect)
			eq->c[e] = eq->edge[3 * q + 2] * (want->rent == TRUCE_RENT_IMPORTER ? less : pass);
	}
}

/* What passes the edges under a quantity, and the wedges that would bring it to the bound. */
static double quantities(truce_equilibrium *eq, const double *state, double *image)
{
	const size_t N = eq->regions, J = eq->sectors;
	double largest = 0;
	for (size_t q = eq->policy.quantity_count; q < eq->quantities_max; q++)
		image[eq->at.quantity + q] = 0;
	for (size_t q = 0; q < eq->policy.quantity_count; q++) {
		const truce_edge_quantity *want = &eq->quantity[q];
		const size_t j = want->sector, n = want->importer, i = want->exporter, e = truce_world_edge(eq->world, j, n, i);
		const double old = eq->world->flow[e] * (1 + eq->world->tariff[e]), log_wedge = state[eq->at.quantity + q];
		double next = 0;
		eq->quantity_now[q] = 0;
		if (old > 0 && eq->edge[3 * q] > 0) {
			const double spent = eq->a[e] * eq->u[j * N + i] / eq->sum[j * N + n] * eq->spend[j * N + n];
			const double price = exp(eq->edge_kappa[q] + log_wedge + eq->log_cost[i * J + j]);
			eq->quantity_now[q] = spent / price / old;
			if (want->level > 0) {
				/* (level)^fraction: the whole bound only with the whole shock */
				const double level = eq->fraction == 1 ? want->level : pow(want->level, eq->fraction);
				next = log_wedge + log(eq->quantity_now[q] / level) / (1 + eq->theta[j]);
				if ((want->kind == TRUCE_QUANTITY_AT_MOST && next < 0) || (want->kind == TRUCE_QUANTITY_AT_LEAST && next > 0))
					next = 0;
			}
		}
		image[eq->at.quantity + q] = next;
		const double gap = fabs(next - log_wedge);
		largest = larger(largest, gap);
	}
	return largest;
}

/* exp(-theta log cost), and under free entry what scale adds, for every seller; spending in dollars.  By sector. */
static void sellers_and_buyers(truce_equilibrium *eq, const double *state)
{
	const size_t N = eq->regions, J = eq->sectors, NJ = N * J;
	const double *spending = state + eq->at.spending, *sector = state + eq->at.sector;
	double *cell = eq->cell;
	for (size_t n = 0; n < N; n++)
		for (size_t j = 0; j < J; j++)
			cell[n * J + j] = -eq->theta[j] * eq->log_cost[n * J + j];
	if (eq->scale)
		for (size_t n = 0; n < N; n++)
			for (size_t j = 0; j < J; j++)
				cell[n * J + j] += eq->psi_theta[j] * (sector[n * J + j] - eq->log_cost[n * J + j]);
	eq_kernel_exp(NJ, cell, cell);
	eq_kernel_turn(N, J, cell, eq->u);
	for (size_t nj = 0; nj < NJ; nj++)
		cell[nj] = spending[nj] * eq->unit[nj];
	eq_kernel_turn(N, J, cell, eq->spend);
}

/* One sweep over all sectors: sums, receipts, duties. */
static void sweep(truce_equilibrium *eq, const double *state)
{
	const size_t N = eq->regions, J = eq->sectors;
	double *weight = eq->scratch;
	memset(eq->tariffs, 0, N * sizeof *eq->tariffs);
	memset(eq->export_taxes, 0, N * sizeof *eq->export_taxes);
	sellers_and_buyers(eq, state);
	for (size_t j = 0; j < J; j++) {
		const double *u = eq->u + j * N, *spend = eq->spend + j * N, *border = eq->border + j * N;
		const double *receipts = eq->receipts + j * N;
		const size_t block = j * N * N;
		eq_kernel_sweep(N, eq->a + block, eq->b + block, (eq->exporters_collect ? eq->c : eq->b) + block, u, spend,
			eq->sum + j * N, eq->border + j * N, eq->receipts + j * N, weight);
		for (size_t n = 0; n < N; n++)
			eq->tariffs[n] += spend[n] * (1 - border[n]);
		if (eq->marketing) {
			for (size_t n = 0; n < N; n++)
				eq->receipts[j * N + n] += eq->sold_here[n] * spend[n] * border[n];
		} else if (eq->exporters_collect) {
			double *exports = eq->scratch2;
			memset(exports, 0, N * sizeof *exports);
			eq_kernel_transposed(N, N, eq->c + block, weight, exports);
			for (size_t i = 0; i < N; i++)
				eq->export_taxes[i] += exports[i] * u[i] - receipts[i];
		}
	}
	eq_kernel_turn(J, N, eq->receipts, eq->output);
}

/* Equation (2): the prices that the sums make. */
static void prices(truce_equilibrium *eq, double *log_price)
{
	const size_t N = eq->regions, J = eq->sectors, NJ = N * J;
	double *cell = eq->cell;
	eq_kernel_turn(J, N, eq->sum, cell);
	for (size_t nj = 0; nj < NJ; nj++)
		if (!(cell[nj] > 0)) /* nobody buys or sells there, and the price stays; or the state makes no sense */
			cell[nj] = cell[nj] == 0 && eq->spending0[nj] == 0 ? 1 : NAN;
	eq_kernel_log(NJ, cell, cell);
	for (size_t n = 0; n < N; n++)
		for (size_t j = 0; j < J; j++)
			log_price[n * J + j] = -cell[n * J + j] / eq->theta[j];
}

/* A larger market, in units of what marketing costs there, has more sellers: from the images of spending. */
static void market_sizes(const truce_equilibrium *eq, double *image)
{
	for (size_t n = 0; n < eq->regions; n++)
		for (size_t j = 0; j < eq->sectors; j++) {
			const size_t nj = n * eq->sectors + j;
			const double market = image[eq->at.spending + nj] * eq->unit[nj] / eq->spending0[nj];
			if (market > 0)
				image[eq->at.price + nj] += (1 - eq_tariff_power(eq, j, n)) * (log(market) - eq->log_cost[nj]);
		}
}

/* What sectors buy of each good, and what labour and owners get, from receipts. */
static void use_of_receipts(truce_equilibrium *eq, size_t n)
{
	const size_t J = eq->sectors, NJ = eq->regions * J;
	const double *output = eq->output + n * J;
	double *material = eq->material + n * J;
	memset(material, 0, J * sizeof *material);
	eq->profit[n] = 0;
	if (eq->cobb_douglas) {
		for (size_t j = 0; j < J; j++) {
			eq->value_added[n * J + j] = eq->labour[n * J + j] * output[j];
			eq->profit[n] += eq->margin[j] * output[j];
		}
		eq_kernel_transposed(J, J, eq->world->input_share + n * J * J, output, material);
		return;
	}
	const double eta = eq->settings.inputs, nu = eq->settings.value_added;
	double *spent = eq->scratch, *v = eq->scratch + (eq->regions > J ? eq->regions : J);
	for (size_t j = 0; j < J; j++) {
		const size_t nj = n * J + j;
		eq->value_added[nj] = eq->labour[nj] * output[j] * eq->mix[NJ + nj];
		eq->profit[n] += eq->margin[j] * output[j];
		/* the bundle's share, new over old, over the bundle's price to the 1 - eta */
		spent[j] = output[j] * exp((1 - nu) * (eq->mix[nj] - eq->log_cost[nj]) - (1 - eta) * eq->mix[nj]);
	}
	eq_kernel_transposed(J, J, eq->world->input_share + n * J * J, spent, material);
	for (size_t k = 0; k < J; k++) {
		v[k] = exp((1 - eta) * eq->scratch2[k]);
		material[k] *= v[k];
	}
}

/* D': equation (6) and its options. */
static void deficits(truce_equilibrium *eq, double *deficit)
{
	const size_t N = eq->regions;
	for (size_t n = 0; n < N; n++)
		deficit[n] = eq->deficit[n];
	if (eq->settings.deficits != TRUCE_DEFICITS_ENDOGENOUS)
		return;
	/* income stands on both sides: I' = earned + D I'/I - I' lack/total; a few rounds settle lack and total */
	double lack = 0;
	for (int round = 0; round < 60; round++) {
		double lacking = 0, total = 0;
		for (size_t n = 0; n < N; n++) {
			const double owed = eq->deficit0[n] / eq->income0[n], income = eq->income[n] / (1 - owed + lack);
			lacking += owed * income;
			total += income;
		}
		const double moved = fabs(lacking / total - lack);
		lack = lacking / total;
		if (moved < 1e-17)
			break;
	}
	for (size_t n = 0; n < N; n++) {
		const double owed = eq->deficit0[n] / eq->income0[n];
		deficit[n] = eq->income[n] / (1 - owed + lack) * (owed - lack);
	}
}

/* What a region's trade with others lacks or has too much, as a step of all that it counts in its own money.  A region that
 * trades little with others can scale its wages, prices and spending together and hardly notice: along that line the rest
 * of the map moves by the small part that is traded, and this step by all of it.  0 where trade is balanced. */
static double balance_step(const truce_equilibrium *eq, size_t n, double *home_bought, double *home_sold)
{
	const size_t N = eq->regions, J = eq->sectors;
	double bought = 0, sold = eq->export_taxes[n], home = 0;
	for (size_t j = 0; j < J; j++) {
		const double sum = eq->sum[j * N + n], spent = eq->spend[j * N + n];
		bought += spent * eq->border[j * N + n];
		sold += eq->output[n * J + j];
		if (sum > 0)
			home += (eq->exporters_collect ? eq->c : eq->b)[truce_world_edge(eq->world, j, n, n)] * eq->u[j * N + n] / sum * spent;
	}
	*home_bought = home / bought;
	*home_sold = home / sold;
	const double trade = fmax(bought + sold - 2 * home, 1e-6 * eq->income0[n]), gap = sold - bought + eq->imposed[n];
	/* where next to nothing is traded, the rounding of home sales must not be taken for trade */
	return fabs(gap) < 2e-15 * bought ? 0 : fmax(fmin(eq->pull[n] * gap / trade, 0.5), -0.5);
}

/* Puts the step of each region into its image; returns the largest.  The numeraire comes after it. */
static double balance_trade(truce_equilibrium *eq, double *image)
{
	const size_t J = eq->sectors;
	const struct eq_layout *at = &eq->at;
	double largest = 0;
	for (size_t n = 0; n < eq->regions; n++) {
		double home_bought, home_sold;
		const double step = balance_step(eq, n, &home_bought, &home_sold);
		largest = larger(largest, fabs(step));
		if (!eq->immobile)
			image[at->wage + n] += step;
		for (size_t j = 0; j < J; j++) {
			const size_t nj = n * J + j;
			image[at->price + nj] += step * home_bought;
			image[at->spending + nj] *= 1 + step;
			if (eq->immobile && eq->labour[nj] * eq->output0[nj] > 0)
				image[at->sector + nj] += step;
			if (eq->scale && eq->output0[nj] > 0)
				image[at->sector + nj] += step * home_sold;
		}
	}
	return largest;
}

/* The wage bill of the world in the image, over the baseline's. */
static double wages_of(const truce_equilibrium *eq, const double *state, const double *image)
{
	const size_t J = eq->sectors;
	const bool labour = eq->at.size > eq->at.labour;
	double wages = 0;
	for (size_t n = 0; n < eq->regions; n++) {
		if (!eq->immobile)
			wages += eq->wage_bill0[n] * exp(image[eq->at.wage + n] + (labour ? state[eq->at.labour + n] : 0));
		for (size_t j = 0; eq->immobile && j < J; j++)
			wages += eq->labour[n * J + j] * eq->output0[n * J + j] * exp(image[eq->at.sector + n * J + j]);
	}
	return wages / eq->wage_world;
}

/* The tax on wages, new (income_tax), or what the tax that is gone was, less than 0 (tax_relief). */
static double tax_rate(const truce_equilibrium *eq, size_t n, double wages, double price_index)
{
	if (eq->settings.revenue == TRUCE_REVENUE_REBATE)
		return 0;
	const double tax = eq->settings.revenue == TRUCE_REVENUE_INCOME_TAX ? eq->settings.income_tax : 0;
	const double need = (tax * eq->wage_bill0[n] + eq->revenue0[n]) * price_index;
	return (need - eq->tariffs[n] - eq->export_taxes[n]) / wages;
}

/* Hours that answer to the real wage after tax; how far they are off. */
static double supply_hours(const truce_equilibrium *eq, size_t n, double wages, const double *state, double *image)
{
	const size_t J = eq->sectors;
	const struct eq_layout *at = &eq->at;
	double index = 0;
	for (size_t j = 0; j < J; j++)
		index += eq->final[n * J + j] * image[at->price + n * J + j]; /* new already: one lag less in the feedback */
	const bool relief = eq->settings.revenue == TRUCE_REVENUE_TAX_RELIEF;
	const double tax = tax_rate(eq, n, wages, exp(index)), kept = relief ? 1 + tax : (1 - tax) / (1 - eq->settings.income_tax);
	/* a state on the way may tax all away; at an answer the certificate sees to it that it does not */
	const double log_kept = log(kept > 1e-6 ? kept : 1e-6);
	const double base = relief ? -log_kept : eq->settings.revenue == TRUCE_REVENUE_INCOME_TAX ? log_kept : 0;
	image[at->labour + n] = eq->settings.labour_supply * (state[at->wage + n] - index + base);
	return fabs(image[at->labour + n] - state[at->labour + n]);
}

/* Wages of labour that stays in its sector; the largest gap. */
static double pay_sectors(const truce_equilibrium *eq, const double *state, double *image)
{
	const size_t NJ = eq->regions * eq->sectors, sector = eq->at.sector;
	double largest = 0;
	for (size_t nj = 0; nj < NJ; nj++) {
		const double base = eq->labour[nj] * eq->output0[nj];
		image[sector + nj] = 0;
		if (!(base > 0))
			continue;
		const double gap = log(eq->value_added[nj] / base) - state[sector + nj];
		image[sector + nj] = state[sector + nj] + gap / (1 + eq->labour[nj] * eq->theta[nj % eq->sectors]);
		largest = larger(largest, fabs(gap));
	}
	return largest;
}

double eq_map(truce_equilibrium *eq, const double *state, double *image)
{
	const size_t N = eq->regions, J = eq->sectors, NJ = N * J;
	const struct eq_layout *at = &eq->at;
	double largest = 0;
	eq->info.evaluations++;
	costs(eq, state);
	if (eq->policy.quantity_count)
		put_shadows(eq, state);
	sweep(eq, state);
	if (eq->quantities_max)
		largest = quantities(eq, state, image);
	prices(eq, image + at->price);
	const bool labour = at->size > at->labour;
	for (size_t n = 0; n < N; n++) {
		if (!eq->cobb_douglas)
			memcpy(eq->scratch2, state + at->price + n * J, J * sizeof(double));
		use_of_receipts(eq, n);
		double paid = 0, wages = 0;
		for (size_t j = 0; j < J; j++)
			paid += eq->value_added[n * J + j];
		if (eq->immobile)
			for (size_t j = 0; j < J; j++)
				wages += eq->labour[n * J + j] * eq->output0[n * J + j] * exp(state[at->sector + n * J + j]);
		else
			wages = eq->wage_bill0[n] * exp(state[at->wage + n] + (labour ? state[at->labour + n] : 0));
		eq->income[n] = wages + eq->profit[n] + eq->tariffs[n] + eq->export_taxes[n];
		const double short_of = log(paid / wages);
		if (eq->immobile) {
			image[at->wage + n] = 0;
		} else {
			image[at->wage + n] = state[at->wage + n] + eq->step[n] * short_of;
			largest = larger(largest, fabs(short_of));
		}
		eq->labour_ratio[n] = wages; /* until the prices are known */
	}
	double *deficit = eq->imposed;
	deficits(eq, deficit);
	for (size_t n = 0; n < N; n++) {
		eq->income[n] += deficit[n];
		for (size_t j = 0; j < J; j++) {
			const size_t nj = n * J + j;
			image[at->spending + nj] = eq->spending0[nj] > 0 ?
				(eq->final[nj] * eq->income[n] + eq->material[nj]) / eq->unit[nj] : 0;
		}
	}
	if (eq->marketing)
		market_sizes(eq, image);
	for (size_t n = 0; labour && n < N; n++)
		largest = larger(largest, supply_hours(eq, n, eq->labour_ratio[n], state, image));
	if (eq->scale)
		for (size_t nj = 0; nj < NJ; nj++)
			image[at->sector + nj] = eq->output0[nj] > 0 ? log(eq->output[nj] / eq->output0[nj]) : 0;
	if (eq->immobile)
		largest = larger(largest, pay_sectors(eq, state, image));
	const double moved = balance_trade(eq, image);
	largest = larger(largest, moved);
	/* the numeraire: the world's wage bill */
	const double shift = log(wages_of(eq, state, image));
	if (eq->immobile)
		for (size_t nj = 0; nj < NJ; nj++)
			image[at->sector + nj] -= eq->labour[nj] * eq->output0[nj] > 0 ? shift : 0;
	else
		for (size_t n = 0; n < N; n++)
			image[at->wage + n] -= shift;
	for (size_t z = at->price; z < (eq->scale ? at->quantity : at->sector); z++) {
		const double gap = fabs(image[z] - state[z]);
		largest = larger(largest, gap);
	}
	return largest;
}
