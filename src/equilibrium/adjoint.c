/* equilibrium: the gradient of real incomes in every tariff and export tax, for about one more solve.
 *
 * The equations of docs/model.md are written once more as a map of logs (wages, prices, spending, and what the settings
 * add), differentiated at an answer, and run backwards by hand: a product with the transposed Jacobian costs one sweep
 * over the edges.  The adjoint system is solved by GMRES; one last sweep gives all edges.  Nothing of the solver's own
 * map is used, only the baseline it read and the answer it gives. */
#include <truce/policy.h>

#include <math.h>
#include <string.h>

#include "internal.h"
#include "kernel.h"

enum { KRYLOV = 60, CYCLES = 8 };

struct truce_adjoint {
	truce_context *ctx;
	const truce_equilibrium *eq;
	size_t N, J, size;
	size_t wage, price, spending, sector, labour; /* where the blocks begin; absent ones are empty */
	bool exporters_collect, taxed, relief, supply; /* taxed: duties replace a tax on wages; relief: one that is gone */
	truce_adjoint_info info;

	/* the answer */
	const double *share, *flow;         /* [J][N][N] */
	double *received;                   /* [J][N][N] what sellers get; == flow where exporters collect nothing */
	double *received_own;
	double *output;                     /* [N][J] USD */
	double *sold;                       /* [N][J] USD: output less what marketing here brings; == output without marketing */
	double *sold_own;
	double *wage_share, *bill;          /* [N][J] labour's share of output now; wages paid, USD */
	double *input;                      /* [N][J using][J] shares of output now (the world's under Cobb-Douglas) */
	double *input_own;
	bool *has_inputs;                   /* [N] */
	double *border;                     /* [J][N] border value of what is bought, USD */
	double *value;                      /* [N] what the last gradient was of */
	double *paid, *keep, *lack_of;      /* [N] wages paid by sectors; 1 - owed + lack; d lack / d income */
	double *per_income, *effort, *effort_slope; /* [N] 1 / (I0 price index); real income less for effort, and its slope */
	double *tax, *need;                 /* [N] tax rate on wages (relief: less what the tax was), revenue wanted */
	double lack_scale;

	/* one sweep backwards */
	double *to_tariffs, *to_exports, *to_wages, *to_earned; /* [N] */
	double *to_output, *to_added, *to_cost, *to_mix, *to_use, *to_price, *to_row, *to_seller; /* [N][J] or [J][N] */
	double *right, *solution, *work;    /* [size] */
	double *basis;                      /* [KRYLOV + 1][size] */
	double hessenberg[KRYLOV + 1][KRYLOV], rotation[KRYLOV][2], rhs[KRYLOV + 1];
};

int truce_adjoint_new(truce_context *ctx, truce_adjoint **out, const truce_equilibrium *eq)
{
	*out = NULL;
	const size_t N = eq->regions, J = eq->sectors, NJ = N * J, E = NJ * N;
	const bool supply = eq->settings.labour_supply > 0;
	truce_adjoint *a = truce_allocate_zero(ctx, 1, sizeof *a);
	if (!a)
		return TRUCE_MEMORY;
	a->ctx = ctx;
	a->eq = eq;
	a->N = N;
	a->J = J;
	a->supply = supply;
	a->taxed = eq->settings.revenue != TRUCE_REVENUE_REBATE;
	a->relief = eq->settings.revenue == TRUCE_REVENUE_TAX_RELIEF;
	a->price = N;
	a->spending = a->price + NJ;
	a->sector = a->spending + NJ;
	a->labour = a->sector + (eq->scale || eq->immobile ? NJ : 0);
	a->size = a->labour + (supply ? N : 0);
	const struct {
		double **where;
		size_t count;
	} arrays[] = {{&a->received_own, E}, {&a->output, NJ}, {&a->sold_own, eq->marketing ? NJ : 1}, {&a->wage_share, NJ}, {&a->bill, NJ},
		{&a->input_own, eq->cobb_douglas ? 1 : NJ * J}, {&a->border, NJ}, {&a->value, N}, {&a->paid, N},
		{&a->keep, N}, {&a->lack_of, N}, {&a->per_income, N},
		{&a->effort, N}, {&a->effort_slope, N}, {&a->tax, N}, {&a->need, N}, {&a->to_tariffs, N}, {&a->to_exports, N},
		{&a->to_wages, N}, {&a->to_earned, N}, {&a->to_output, NJ}, {&a->to_added, NJ}, {&a->to_cost, NJ}, {&a->to_mix, NJ},
		{&a->to_use, NJ}, {&a->to_price, NJ}, {&a->to_row, NJ}, {&a->to_seller, NJ}, {&a->right, a->size}, {&a->solution, a->size},
		{&a->work, a->size}, {&a->basis, (KRYLOV + 1) * a->size}};
	for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++)
		if (!(*arrays[i].where = truce_allocate_zero(ctx, arrays[i].count, sizeof(double))))
			goto fail;
	if (!(a->has_inputs = truce_allocate_zero(ctx, N, sizeof *a->has_inputs)))
		goto fail;
	for (size_t n = 0; n < N; n++)
		for (size_t k = 0; k < J * J && !a->has_inputs[n]; k++)
			a->has_inputs[n] = eq->world->input_share[n * J * J + k] != 0;
	*out = a;
	return TRUCE_OK;
fail:
	truce_adjoint_free(a);
	return TRUCE_MEMORY;
}

void truce_adjoint_free(truce_adjoint *a)
{
	if (!a)
		return;
	double *arrays[] = {a->received_own, a->output, a->sold_own, a->wage_share, a->bill, a->input_own, a->border, a->value, a->paid,
		a->keep, a->lack_of, a->per_income,
		a->effort, a->effort_slope, a->tax, a->need, a->to_tariffs, a->to_exports, a->to_wages, a->to_earned, a->to_output,
		a->to_added, a->to_cost, a->to_mix, a->to_use, a->to_price, a->to_row, a->to_seller, a->right, a->solution, a->work, a->basis};
	for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++)
		truce_release(a->ctx, arrays[i]);
	truce_release(a->ctx, a->has_inputs);
	truce_release(a->ctx, a);
}

/* ---- the answer, as the backward sweep reads it ------------------------------------------------------------------------ */

/* Shares of inputs and labour in a sector's output at the new prices (CES); their sum stays. */
static void read_technology(truce_adjoint *a, size_t n)
{
	const truce_equilibrium *eq = a->eq;
	const truce_equilibrium_result *r = truce_equilibrium_get_result(eq);
	const size_t J = a->J;
	const double eta = eq->settings.inputs, nu = eq->settings.value_added;
	for (size_t j = 0; j < J; j++) {
		const size_t nj = n * J + j;
		const double *old = eq->world->input_share + nj * J;
		a->wage_share[nj] = eq->labour[nj];
		if (eq->cobb_douglas)
			continue;
		double *now = a->input_own + nj * J, old_sum = 0, sum = 0;
		for (size_t k = 0; k < J; k++) {
			old_sum += old[k];
			sum += now[k] = old[k] * pow(r->price[n * J + k], 1 - eta);
		}
		a->wage_share[nj] *= pow(r->wage[nj] / r->cost[nj], 1 - nu);
		const double materials = 1 - eq->margin[j] - a->wage_share[nj];
		for (size_t k = 0; k < J; k++)
			now[k] = old_sum > 0 ? now[k] / sum * materials : 0;
	}
}

static void read_flows(truce_adjoint *a)
{
	const truce_equilibrium *eq = a->eq;
	const size_t N = a->N, J = a->J;
	a->share = truce_equilibrium_get_point(eq).share;
	a->flow = truce_equilibrium_get_result(eq)->flow;
	a->exporters_collect = eq->exporters_collect && eq->policy.export_tax;
	a->received = a->received_own;
	if (a->exporters_collect)
		for (size_t e = 0; e < N * N * J; e++)
			a->received[e] = a->flow[e] / (1 + eq->policy.export_tax[e]);
	else
		memcpy(a->received, a->flow, N * N * J * sizeof *a->flow);
	memset(a->output, 0, N * J * sizeof *a->output);
	for (size_t j = 0; j < J; j++)
		for (size_t n = 0; n < N; n++) {
			double border = 0;
			for (size_t i = 0; i < N; i++) {
				const size_t e = truce_world_edge(eq->world, j, n, i);
				border += a->flow[e];
				a->output[i * J + j] += a->received[e] *= 1 - eq->sold_here[n];
			}
			a->border[j * N + n] = border;
		}
	a->sold = eq->marketing ? a->sold_own : a->output;
	for (size_t nj = 0; eq->marketing && nj < N * J; nj++) {
		a->sold[nj] = a->output[nj];
		a->output[nj] += eq->sold_here[nj / J] * a->border[nj % J * N + nj / J];
	}
}

static void read_answer(truce_adjoint *a)
{
	const truce_equilibrium *eq = a->eq;
	const truce_region_change *region = truce_equilibrium_get_result(eq)->region;
	const size_t J = a->J;
	double lacking = 0, total = 0;
	a->input = eq->cobb_douglas ? eq->world->input_share : a->input_own;
	read_flows(a);
	for (size_t n = 0; n < a->N; n++) {
		const truce_region_change *r = &region[n];
		read_technology(a, n);
		a->paid[n] = 0;
		for (size_t j = 0; j < J; j++)
			a->paid[n] += a->bill[n * J + j] = a->wage_share[n * J + j] * a->output[n * J + j];
		a->per_income[n] = 1 / (r->income_old * r->price_index);
		a->effort[n] = a->supply ? r->income * a->per_income[n] - 1 - r->real_income : 0;
		a->effort_slope[n] = 0;
		if (a->supply) {
			a->effort_slope[n] = eq_kept_of_wages(eq, n) * eq->wage_bill0[n] / r->income_old * pow(r->labour, 1 + 1 / eq->settings.labour_supply);
		}
		if (a->taxed) {
			a->need[n] = ((a->relief ? 0 : eq->settings.income_tax) * eq->wage_bill0[n] + eq->revenue0[n]) * r->price_index;
			a->tax[n] = (a->need[n] - r->tariff_revenue - r->export_revenue) / r->wage_bill;
		}
		lacking += eq->deficit0[n] / eq->income0[n] * r->income;
		total += r->income;
	}
	/* income = earned + owed income - lack income, lack = sum of owed income / sum of income */
	const bool moves = eq->settings.deficits == TRUCE_DEFICITS_ENDOGENOUS;
	const double lack = lacking / total;
	a->lack_scale = 1;
	for (size_t n = 0; n < a->N; n++) {
		const double owed = moves ? eq->deficit0[n] / eq->income0[n] : 0;
		a->keep[n] = moves ? 1 - owed + lack : 1;
		a->lack_of[n] = moves ? (owed - lack) / total : 0;
		a->lack_scale += a->lack_of[n] / a->keep[n] * (moves ? region[n].income : 0);
	}
}

/* ---- one sweep backwards --------------------------------------------------------------------------------------------------- */

/* A tax rate on wages back to the prices, revenues and wages that it is made of. */
static void back_tax(truce_adjoint *a, size_t n, double to_tax, double *got)
{
	const double to_each = to_tax / truce_equilibrium_get_result(a->eq)->region[n].wage_bill;
	for (size_t k = 0; k < a->J; k++)
		got[a->price + n * a->J + k] += a->eq->final[n * a->J + k] * to_each * a->need[n];
	a->to_tariffs[n] -= to_each;
	a->to_exports[n] -= to_each;
	a->to_wages[n] -= to_each * a->tax[n];
}

/* The images of wages, sector wages, scale, labour and spending, back to what they were made of. */
static void back_images(truce_adjoint *a, const double *given, double *got, double *to_income)
{
	const truce_equilibrium *eq = a->eq;
	const truce_equilibrium_result *r = truce_equilibrium_get_result(eq);
	const size_t N = a->N, J = a->J;
	double shift = 0; /* of the numeraire: less the mean of the wages' images, weighted by bills */
	if (eq->immobile)
		for (size_t nj = 0; nj < N * J; nj++)
			shift -= a->bill[nj] > 0 ? given[a->sector + nj] : 0;
	else
		for (size_t n = 0; n < N; n++)
			shift -= given[a->wage + n];
	for (size_t n = 0; n < N && !eq->immobile; n++) {
		const double part = shift * a->paid[n] / eq->wage_world, image = given[a->wage + n] + part;
		got[a->wage + n] += image * (1 - eq->step[n]);
		if (a->supply)
			got[a->labour + n] += part - image * eq->step[n];
		for (size_t j = 0; j < J; j++)
			a->to_added[n * J + j] += image * eq->step[n] / a->paid[n];
	}
	for (size_t nj = 0; nj < N * J && eq->immobile; nj++)
		if (a->bill[nj] > 0) {
			const double image = given[a->sector + nj] + shift * a->bill[nj] / eq->wage_world;
			const double part = 1 / (1 + eq->labour[nj] * eq->theta[nj % J]);
			got[a->sector + nj] += image * (1 - part);
			a->to_added[nj] += image * part / a->bill[nj];
		}
	for (size_t n = 0; n < N; n++)
		for (size_t j = 0; j < J; j++) {
			const size_t nj = n * J + j;
			if (eq->scale && a->output[nj] > 0)
				a->to_output[nj] += given[a->sector + nj] / a->output[nj];
			if (r->spending[nj] > 0) {
				const double per = given[a->spending + nj] / r->spending[nj];
				to_income[n] += per * eq->final[nj];
				a->to_use[nj] += per;
			}
		}
	for (size_t n = 0; n < N && a->supply; n++) {
		const double image = given[a->labour + n] * eq->settings.labour_supply;
		got[a->wage + n] += image;
		for (size_t k = 0; k < J; k++)
			got[a->price + n * J + k] -= eq->final[n * J + k] * image;
		if (a->taxed)
			back_tax(a, n, -image / (a->relief ? 1 + a->tax[n] : 1 - a->tax[n]), got);
	}
}

/* What is wanted: d (slope[n] value[n]). */
static void back_values(truce_adjoint *a, const double *value, const double *slope, const truce_weights *weights, double *got,
	double *to_income)
{
	const truce_equilibrium *eq = a->eq;
	const size_t J = a->J;
	for (size_t n = 0; n < a->N; n++) {
		const double per = slope[n] * a->per_income[n];
		if (slope[n] == 0)
			continue;
		to_income[n] += per;
		for (size_t j = 0; j < J; j++) {
			const size_t nj = n * J + j;
			if (weights && weights->wages)
				a->to_added[nj] += per * (weights->wages[nj] - 1);
			if (weights && weights->profits)
				a->to_output[nj] += per * (weights->profits[nj] - 1) * eq->margin[j];
			got[a->price + nj] -= slope[n] * eq->final[nj] * (value[n] + a->effort[n]);
		}
		if (a->supply)
			got[a->labour + n] -= slope[n] * a->effort_slope[n];
		if (a->relief) /* effort counts at the wages kept while the tax was there */
			back_tax(a, n, -slope[n] * a->effort[n] / (1 + a->tax[n]), got);
	}
}

/* Incomes to what they are made of; to_income becomes what earnings count. */
static void back_incomes(truce_adjoint *a, double *got, const double *to_income)
{
	const truce_equilibrium *eq = a->eq;
	const truce_region_change *region = truce_equilibrium_get_result(eq)->region;
	const size_t N = a->N, J = a->J;
	double lack = 0;
	for (size_t n = 0; n < N; n++)
		lack += to_income[n] * region[n].income / a->keep[n];
	for (size_t n = 0; n < N; n++) {
		const double earned = (to_income[n] - a->lack_of[n] * lack / a->lack_scale) / a->keep[n];
		a->to_tariffs[n] += earned;
		a->to_exports[n] += earned;
		a->to_wages[n] += earned;
		for (size_t j = 0; j < J; j++)
			a->to_output[n * J + j] += earned * eq->margin[j];
		if (eq->immobile) {
			for (size_t j = 0; j < J; j++)
				got[a->sector + n * J + j] += a->to_wages[n] * a->bill[n * J + j];
			continue;
		}
		got[a->wage + n] += a->to_wages[n] * a->paid[n];
		if (a->supply)
			got[a->labour + n] += a->to_wages[n] * a->paid[n];
	}
}

/* What sectors buy and pay, back to output and to costs. */
static void back_technology(truce_adjoint *a, size_t n, double *got)
{
	const truce_equilibrium *eq = a->eq;
	const size_t J = a->J;
	const double eta = eq->settings.inputs, nu = eq->settings.value_added, *input = a->input + n * J * J;
	double *per_output = a->work; /* what a dollar of inputs of the sector counts */
	for (size_t j = 0; j < J; j++) {
		const size_t nj = n * J + j;
		a->to_output[nj] += a->to_added[nj] * a->wage_share[nj];
	}
	if (a->has_inputs[n]) {
		eq_kernel_matrix(J, J, input, a->to_use + n * J, per_output);
		for (size_t j = 0; j < J; j++)
			a->to_output[n * J + j] += per_output[j];
	}
	if (eq->cobb_douglas)
		return;
	for (size_t j = 0; j < J; j++) {
		const size_t nj = n * J + j;
		const double bought = a->has_inputs[n] ? a->output[nj] * per_output[j] : 0, wages = a->to_added[nj] * a->bill[nj];
		a->to_cost[nj] -= (1 - nu) * (bought + wages);
		got[eq->immobile ? a->sector + nj : a->wage + n] += (1 - nu) * wages;
		a->to_mix[nj] += (eta - nu) * bought;
		for (size_t k = 0; k < J && a->has_inputs[n]; k++)
			got[a->price + n * J + k] += (1 - eta) * input[j * J + k] * a->output[nj] * a->to_use[n * J + k];
	}
}

/* Shares, receipts and revenues back to sellers' prices, spending and the new prices. */
static void back_trade(truce_adjoint *a, const double *given, double *got)
{
	const truce_equilibrium *eq = a->eq;
	const double *spending = truce_equilibrium_get_result(eq)->spending;
	const size_t N = a->N, J = a->J;
	for (size_t j = 0; j < J; j++) {
		const double theta = eq->theta[j];
		double *sellers = a->work, *to_price = a->to_price + j * N, *to_seller = a->to_seller + j * N;
		for (size_t i = 0; i < N; i++) {
			/* border value less receipts is the exporters' */
			sellers[i] = a->to_output[i * J + j] - (a->exporters_collect ? a->to_exports[i] : 0);
			to_seller[i] = -theta * a->sold[i * J + j] * sellers[i];
		}
		for (size_t n = 0; n < N; n++) {
			const size_t nj = n * J + j, row = truce_world_edge(eq->world, j, n, 0);
			if (!(spending[nj] > 0)) {
				to_price[n] = 0;
				continue;
			}
			double counted = eq_kernel_dot(N, a->received + row, sellers) - a->border[j * N + n] * a->to_tariffs[n];
			if (a->exporters_collect)
				counted += eq_kernel_dot(N, a->flow + row, a->to_exports);
			const double here = eq->sold_here[n] * a->to_output[nj], image = given ? given[a->price + nj] : 0;
			counted += here * a->border[j * N + n];
			got[a->spending + nj] += counted + spending[nj] * a->to_tariffs[n];
			to_price[n] = image + theta * counted;
			if (eq->marketing) { /* a larger market lowers the price without a word to the shares */
				const double more = (1 - eq_tariff_power(eq, j, n)) * image;
				got[a->spending + nj] += more;
				a->to_cost[nj] -= more;
			}
			eq_kernel_axpy(N, theta * (a->to_tariffs[n] - here), a->flow + row, to_seller);
			eq_kernel_axpy(N, to_price[n], a->share + row, to_seller);
			if (a->exporters_collect)
				for (size_t i = 0; i < N; i++)
					to_seller[i] -= theta * a->flow[row + i] * a->to_exports[i];
		}
	}
}

/* Sellers' prices back to costs, and costs to wages and prices. */
static void back_costs(truce_adjoint *a, double *got)
{
	const truce_equilibrium *eq = a->eq;
	const size_t N = a->N, J = a->J;
	double *spread = a->work;
	for (size_t n = 0; n < N; n++) {
		for (size_t j = 0; j < J; j++) {
			const size_t nj = n * J + j;
			const double to_seller = a->output[nj] > 0 ? a->to_seller[j * N + n] : 0, psi = eq->psi_theta[j] / eq->theta[j];
			if (eq->scale)
				got[a->sector + nj] -= psi * to_seller;
			const double cost = a->to_cost[nj] + (1 + psi) * to_seller, whole = 1 - eq->margin[j];
			got[eq->immobile ? a->sector + nj : a->wage + n] += cost * a->wage_share[nj] / whole;
			const double materials = whole - a->wage_share[nj];
			spread[j] = cost / whole + (eq->cobb_douglas || materials < 1e-14 ? 0 : a->to_mix[nj] / materials);
		}
		if (a->has_inputs[n])
			eq_kernel_transposed(J, J, a->input + n * J * J, spread, got + a->price + n * J);
	}
}

/* got = transposed Jacobian times given, plus what is wanted.  Leaves what edges need in to_price, to_output, to_tariffs,
 * to_exports.  `given` NULL is zero, `slope` NULL wants nothing. */
static void backward(truce_adjoint *a, const double *given, const double *value, const double *slope, const truce_weights *weights,
	double *got)
{
	const size_t N = a->N, cells = N * a->J;
	double *to_income = a->to_earned;
	memset(got, 0, a->size * sizeof *got);
	memset(to_income, 0, N * sizeof *to_income);
	memset(a->to_tariffs, 0, N * sizeof(double));
	memset(a->to_exports, 0, N * sizeof(double));
	memset(a->to_wages, 0, N * sizeof(double));
	memset(a->to_output, 0, cells * sizeof(double));
	memset(a->to_added, 0, cells * sizeof(double));
	memset(a->to_cost, 0, cells * sizeof(double));
	memset(a->to_mix, 0, cells * sizeof(double));
	memset(a->to_use, 0, cells * sizeof(double));
	if (given)
		back_images(a, given, got, to_income);
	if (slope)
		back_values(a, value, slope, weights, got, to_income);
	back_incomes(a, got, to_income);
	for (size_t n = 0; n < N; n++)
		back_technology(a, n, got);
	back_trade(a, given, got);
	back_costs(a, got);
}

/* ---- the linear system ------------------------------------------------------------------------------------------------------ */

static void product(truce_adjoint *a, const double *x, double *y)
{
	backward(a, x, NULL, NULL, NULL, y);
	for (size_t z = 0; z < a->size; z++)
		y[z] = x[z] - y[z];
	a->info.iterations++;
}

static void rotate(truce_adjoint *a, int k)
{
	double *column[2];
	for (int i = 0; i <= k; i++) {
		column[0] = &a->hessenberg[i][k];
		column[1] = &a->hessenberg[i + 1][k];
		if (i == k) {
			const double length = hypot(*column[0], *column[1]);
			a->rotation[k][0] = length > 0 ? *column[0] / length : 1;
			a->rotation[k][1] = length > 0 ? *column[1] / length : 0;
			a->rhs[k + 1] = -a->rotation[k][1] * a->rhs[k];
			a->rhs[k] *= a->rotation[k][0];
		}
		const double c = a->rotation[i][0], s = a->rotation[i][1], above = *column[0], below = *column[1];
		*column[0] = c * above + s * below;
		*column[1] = c * below - s * above;
	}
}

/* One cycle of GMRES (Saad and Schultz 1986) from a->solution; the residual's norm. */
static double cycle(truce_adjoint *a, double wanted)
{
	const size_t size = a->size;
	double *first = a->basis, y[KRYLOV];
	int steps = 0;
	product(a, a->solution, first);
	for (size_t z = 0; z < size; z++)
		first[z] = a->right[z] - first[z];
	double norm = sqrt(eq_kernel_dot(size, first, first));
	if (!(norm > wanted))
		return norm;
	for (size_t z = 0; z < size; z++)
		first[z] /= norm;
	memset(a->rhs, 0, sizeof a->rhs);
	a->rhs[0] = norm;
	while (steps < KRYLOV && norm > 0.5 * wanted) {
		double *next = a->basis + (size_t)(steps + 1) * size;
		product(a, a->basis + (size_t)steps * size, next);
		for (int i = 0; i <= steps; i++) {
			const double *b = a->basis + (size_t)i * size, along = eq_kernel_dot(size, next, b);
			a->hessenberg[i][steps] = along;
			eq_kernel_axpy(size, -along, b, next);
		}
		const double length = sqrt(eq_kernel_dot(size, next, next));
		a->hessenberg[steps + 1][steps] = length;
		rotate(a, steps);
		norm = fabs(a->rhs[++steps]);
		if (!(length > 0))
			break;
		for (size_t z = 0; z < size; z++)
			next[z] /= length;
	}
	for (int i = steps - 1; i >= 0; i--) {
		y[i] = a->rhs[i];
		for (int k = i + 1; k < steps; k++)
			y[i] -= a->hessenberg[i][k] * y[k];
		y[i] /= a->hessenberg[i][i];
	}
	for (int i = 0; i < steps; i++)
		eq_kernel_axpy(size, y[i], a->basis + (size_t)i * size, a->solution);
	return norm;
}

static int solve(truce_adjoint *a)
{
	const double whole = sqrt(eq_kernel_dot(a->size, a->right, a->right)), wanted = 1e-12 * whole;
	a->info = (truce_adjoint_info){0};
	double norm = INFINITY;
	for (int i = 0; i < CYCLES && norm > wanted; i++) {
		const double last = norm;
		norm = cycle(a, wanted);
		if (!isfinite(norm) || norm > 0.9 * last)
			break;
	}
	a->info.residual = whole > 0 ? norm / whole : 0;
	if (a->info.residual <= 1e-10)
		return TRUCE_OK;
	memset(a->solution, 0, a->size * sizeof *a->solution);
	return truce_fail(a->ctx, TRUCE_CONVERGE, NULL, 0, 0, "take differences of solves", "the gradient was not found: residual %.2g of the "
		"adjoint system after %d products", a->info.residual, a->info.iterations);
}

/* ---- asking -------------------------------------------------------------------------------------------------------------------- */

static void read_values(const truce_adjoint *a, double *value, const truce_weights *weights)
{
	const truce_region_change *region = truce_equilibrium_get_result(a->eq)->region;
	for (size_t n = 0; n < a->N; n++) {
		double more = 0;
		for (size_t j = 0; weights && j < a->J; j++) {
			const size_t nj = n * a->J + j;
			if (weights->wages)
				more += (weights->wages[nj] - 1) * a->bill[nj];
			if (weights->profits)
				more += (weights->profits[nj] - 1) * a->eq->margin[j] * a->output[nj];
		}
		value[n] = 1 + region[n].real_income + more * a->per_income[n];
	}
}

void truce_adjoint_values(truce_adjoint *a, double *value, const truce_weights *weights)
{
	read_answer(a);
	read_values(a, value, weights);
}

static int check_bounds(const truce_adjoint *a)
{
	const truce_equilibrium *eq = a->eq;
	for (size_t q = 0; q < eq->policy.quantity_count; q++)
		if (eq->shadow[q] != 0)
			return truce_fail(a->ctx, TRUCE_USAGE, NULL, 0, 0, "take differences of solves", "the bound on %s from %s to %s binds: its shadow wedge "
				"would move with the tariffs, and the gradient does not follow it", eq->world->sector[eq->quantity[q].sector],
				eq->world->region[eq->quantity[q].exporter], eq->world->region[eq->quantity[q].importer]);
	return TRUCE_OK;
}

static void gather(const truce_adjoint *a, double *tariff, double *export_tax)
{
	const truce_equilibrium *eq = a->eq;
	const size_t N = a->N, J = a->J;
	for (size_t j = 0; j < J; j++)
		for (size_t n = 0; n < N; n++) {
			const double theta = eq->theta[j], power = eq_tariff_power(eq, j, n), here = eq->sold_here[n] * a->to_output[n * J + j];
			for (size_t i = 0; i < N; i++) {
				const size_t e = truce_world_edge(eq->world, j, n, i);
				const double price = a->share[e] * a->to_price[j * N + n];
				const double sellers = a->received[e] * a->to_output[i * J + j] + a->flow[e] * here, importer = a->flow[e] * a->to_tariffs[n];
				const double to_exports = a->to_exports[i], taken = a->exporters_collect ? a->flow[e] - a->received[e] : 0;
				tariff[e] = power * price + (1 + theta * power) * (importer - sellers - taken * to_exports);
				if (export_tax)
					export_tax[e] = price + theta * importer - (1 + theta) * sellers +
						to_exports * ((1 + theta) * a->received[e] - theta * a->flow[e]);
			}
		}
}

int truce_adjoint_gradient(truce_adjoint *a, double *tariff, double *export_tax, const double *slope, const truce_weights *weights)
{
	int status = check_bounds(a);
	if (!status && export_tax && a->eq->marketing)
		status = truce_fail(a->ctx, TRUCE_USAGE, NULL, 0, 0, "set marketing=none, or move tariffs alone", "marketing=world knows no export taxes");
	if (status)
		return status;
	read_answer(a);
	read_values(a, a->value, weights);
	backward(a, NULL, a->value, slope, weights, a->right);
	status = solve(a);
	if (status)
		return status;
	backward(a, a->solution, a->value, slope, weights, a->basis);
	gather(a, tariff, export_tax);
	return TRUCE_OK;
}

truce_adjoint_info truce_adjoint_get_info(const truce_adjoint *a)
{
	return a->info;
}
