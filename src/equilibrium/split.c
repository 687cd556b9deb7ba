/* equilibrium: exact real income, split by what moves it.
 *
 * The shock is walked along a straight line in the logs of its wedges.  At a point of the way, with M border values, R
 * sellers' receipts, p sellers' prices, and every change an infinitesimal one, real income moves by (docs/model.md
 * derives it from the price index, the costs and the budget)
 *     terms of trade  sum of M[i buys of n] dln(p[n] (1+e)) - sum of M[n buys of i] dln(p[i] (1+e))
 *     volume          sum of t M[n buys of i] (dln M - dln(p[i] (1+e)))      what duties bring, as quantities move
 *     rent            sum of e R (dln R - dln p), and of margins: m Y (dln Y - dln p)
 *     trade costs     - sum of (1+t) M dln tau                              icebergs, red tape, bans
 *     scale           sum of psi Y (dln Y - dln c), and under marketing what sellers that come and go do (docs/model.md)
 *     labour          wages dln L, less the effort
 *     transfer        dD
 * divided by income and the price index.  Tangents are those of the polynomial through the solutions at Gauss-Legendre
 * points and both ends of a stretch; a stretch whose parts do not add up to its exact change is halved. */
#include "bounds.h"
#include "internal.h"
#include "kernel.h"

#include <math.h>
#include <string.h>

enum { NODES = 8, POINTS = NODES + 2, DEPTH = 9 };

/* What is remembered of the solution at a point. */
struct snapshot {
	double *state; /* [size] */
	double *cost, *output; /* [N][J] log, USD */
	double *deficit, *real_income; /* [N] */
};

typedef struct {
	truce_equilibrium *eq;
	double *block;
	struct snapshot at[POINTS], first;
	double *state, *cost, *output, *deficit; /* tangents, shaped as those of a snapshot */
	truce_split *out, *part;                 /* [N] */
	double tolerance;
	int solves;
} split;

static const double legendre[NODES / 2][2] = { /* abscissa, weight on [-1, 1] (Abramowitz and Stegun, table 25.4) */
	{0.183434642495649805, 0.362683783378361983}, {0.525532409916328986, 0.313706645877887287},
	{0.796666477413626740, 0.222381034453374471}, {0.960289856497536232, 0.101228536290376259}};

/* The points of [0, 1]: both ends and, between them, the nodes. */
static void set_points(double x[POINTS], double weight[POINTS])
{
	x[0] = 0, x[POINTS - 1] = 1, weight[0] = weight[POINTS - 1] = 0;
	for (int k = 0; k < NODES / 2; k++) {
		const int low = NODES / 2 - k, high = NODES / 2 + 1 + k;
		x[low] = (1 - legendre[k][0]) / 2, x[high] = (1 + legendre[k][0]) / 2;
		weight[low] = weight[high] = legendre[k][1] / 2;
	}
}

/* Row k of the matrix that differentiates the polynomial through the points (Berrut and Trefethen 2004, 9.4-9.5). */
static void differentiate_at(const double x[POINTS], int k, double row[POINTS])
{
	double w[POINTS];
	for (int i = 0; i < POINTS; i++) {
		w[i] = 1;
		for (int m = 0; m < POINTS; m++)
			if (m != i)
				w[i] /= x[i] - x[m];
	}
	row[k] = 0;
	for (int i = 0; i < POINTS; i++)
		if (i != k) {
			row[i] = w[i] / w[k] / (x[k] - x[i]);
			row[k] -= row[i];
		}
}

static size_t snapshot_size(const truce_equilibrium *eq)
{
	return eq->at.size + 2 * eq->regions * eq->sectors + 2 * eq->regions;
}

static double *lay_out(const truce_equilibrium *eq, struct snapshot *s, double *room)
{
	const size_t cells = eq->regions * eq->sectors;
	s->state = room;
	s->cost = s->state + eq->at.size;
	s->output = s->cost + cells;
	s->deficit = s->output + cells;
	s->real_income = s->deficit + eq->regions;
	return s->real_income + eq->regions;
}

static void remember(const truce_equilibrium *eq, struct snapshot *s)
{
	const size_t cells = eq->regions * eq->sectors;
	memcpy(s->state, eq->state, eq->at.size * sizeof(double));
	memcpy(s->cost, eq->log_cost, cells * sizeof(double));
	memcpy(s->output, eq->output, cells * sizeof(double));
	memcpy(s->deficit, eq->imposed, eq->regions * sizeof(double));
	for (size_t n = 0; n < eq->regions; n++)
		s->real_income[n] = eq->region[n].real_income;
}

/* Solves with this much of the shock, from where the solver stands. */
static int visit(split *s, double fraction, struct snapshot *into)
{
	int status = eq_solve_at(s->eq, fraction);
	if (status)
		return status;
	s->solves++;
	eq_result_fill(s->eq);
	remember(s->eq, into);
	return TRUCE_OK;
}

/* Tangents at point k in the share of the stretch that is walked. */
static void tangents(split *s, const double x[POINTS], int k, double length)
{
	double row[POINTS];
	const size_t size = snapshot_size(s->eq);
	differentiate_at(x, k, row);
	memset(s->state, 0, size * sizeof(double));
	for (int i = 0; i < POINTS; i++)
		eq_kernel_axpy(size, row[i] / length, s->at[i].state, s->state);
}

/* An edge's wedges and how they grow: logs of 1 + t, of 1 + e, of tau. */
struct edge_way {
	double duty, tax; /* 1 + t, 1 + e here */
	double d_duty, d_tax, d_cost;
};

static struct edge_way edge_way(const truce_equilibrium *eq, size_t e, double fraction)
{
	const truce_policy *p = &eq->policy;
	const double old = 1 + eq->world->tariff[e];
	struct edge_way way = {old, 1, 0, 0, 0};
	if (p->tariff && p->tariff[e] != eq->world->tariff[e]) {
		way.d_duty = log((1 + p->tariff[e]) / old);
		way.duty = old * exp(fraction * way.d_duty);
	}
	if (p->export_tax && p->export_tax[e] != 0) {
		way.d_tax = log1p(p->export_tax[e]);
		way.tax = exp(fraction * way.d_tax);
	}
	if (p->iceberg && p->iceberg[e] != 1)
		way.d_cost = log(p->iceberg[e]);
	return way;
}

/* Adds the shadow wedge of a bound, and what a ban takes away. */
static void add_bound(const split *s, size_t q, double fraction, struct edge_way *way)
{
	const truce_equilibrium *eq = s->eq;
	const truce_edge_quantity *bound = &eq->quantity[q];
	const double wedge = exp(eq->state[eq->at.quantity + q]), grows = s->state[eq->at.quantity + q];
	if (bound->level == 0 && bound->kind != TRUCE_QUANTITY_AT_LEAST) {
		way->d_cost += 2 / ((1 - fraction) * eq->theta[bound->sector]);
	} else if (bound->rent == TRUCE_RENT_IMPORTER) {
		way->duty *= wedge;
		way->d_duty += grows;
	} else if (bound->rent == TRUCE_RENT_EXPORTER) {
		way->tax *= wedge;
		way->d_tax += grows;
	} else {
		way->d_cost += grows;
	}
}

/* The seller's price of a cell, as the log grows. */
static double seller_grows(const split *s, size_t nj)
{
	const truce_equilibrium *eq = s->eq;
	const double psi = eq->scale ? eq->psi_theta[nj % eq->sectors] / eq->theta[nj % eq->sectors] : 0;
	return eq->scale ? s->cost[nj] - psi * (s->state[eq->at.sector + nj] - s->cost[nj]) : s->cost[nj];
}

/* What the edges of a row add to the parts, in dollars a unit of the way. */
static void add_row(split *s, size_t j, size_t n, double fraction)
{
	const truce_equilibrium *eq = s->eq;
	const size_t N = eq->regions, J = eq->sectors, nj = n * J + j, row = truce_world_edge(eq->world, j, n, 0);
	const double sum = eq->sum[j * N + n], spent = eq->spend[j * N + n], theta = eq->theta[j];
	const double power = eq_tariff_power(eq, j, n), here = eq->sold_here[n], own = seller_grows(s, nj);
	const double *border = (eq->exporters_collect ? eq->c : eq->b) + row;
	if (!(sum > 0) || !(spent > 0))
		return;
	const double d_spent = s->state[eq->at.spending + nj] * eq->unit[nj] / spent, market = d_spent - s->cost[nj];
	const double d_price = s->state[eq->at.price + nj] - (1 - power) * market; /* the shares' own index */
	s->part[n].scale += (power - 1) * spent * market;
	for (size_t i = 0; i < N; i++) {
		const size_t ij = i * J + j;
		const double flow = border[i] * eq->u[j * N + i] / sum * spent;
		if (!(flow > 0))
			continue;
		struct edge_way way = edge_way(eq, row + i, fraction);
		const size_t q = eq_bounds_find(eq->world, &eq->policy, eq->order, row + i);
		if (q < eq->policy.quantity_count)
			add_bound(s, q, fraction, &way);
		const double d_border = seller_grows(s, ij) + way.d_tax, sold = (1 - here) * flow;
		const double d_flow = d_spent - way.d_duty - theta * (power * way.d_duty + d_border + way.d_cost - d_price);
		if (i != n) {
			s->part[i].terms_of_trade += sold * d_border;
			s->part[n].terms_of_trade -= sold * d_border;
			s->part[n].scale += here * flow * (own - d_border);
		}
		s->part[n].scale -= (power - 1) * way.duty * flow * way.d_duty;
		s->part[n].volume += (way.duty - 1) * flow * (d_flow - d_border);
		s->part[n].trade_costs -= way.duty * flow * way.d_cost;
		s->part[i].rent += (way.tax - 1) / way.tax * flow * (d_flow - d_border);
	}
}

static void add_region(split *s, size_t n)
{
	const truce_equilibrium *eq = s->eq;
	const size_t J = eq->sectors;
	truce_split *part = &s->part[n];
	for (size_t j = 0; j < J; j++) {
		const size_t nj = n * J + j;
		const double output = eq->output[nj], grows = s->output[nj];
		if (!(output > 0))
			continue;
		part->rent += eq->margin[j] * (grows - output * s->cost[nj]);
		if (eq->scale)
			part->scale += eq->psi_theta[j] / eq->theta[j] * (grows - output * s->cost[nj]);
	}
	part->transfer += s->deficit[n];
}

/* Hours: what they earn less their effort.  Under relief the effort counts at what was kept before, which the answer says and
 * the supply of hours tells: kept = w / (P L^(1 / kappa)). */
static double labour_grows(const split *s, size_t n, double index, double weight)
{
	const truce_equilibrium *eq = s->eq;
	const size_t J = eq->sectors;
	const double power = 1 + 1 / eq->settings.labour_supply, log_wage = eq->state[eq->at.wage + n];
	const double log_labour = eq->state[eq->at.labour + n], grows = s->state[eq->at.labour + n];
	const double earned = eq->wage_bill0[n] / eq->income0[n] * exp(log_wage + log_labour - index) * grows;
	double kept = eq_kept_of_wages(eq, n), kept_grows = 0;
	if (eq->settings.revenue == TRUCE_REVENUE_TAX_RELIEF) {
		double index_grows = 0;
		for (size_t j = 0; j < J; j++)
			index_grows += eq->final[n * J + j] * s->state[eq->at.price + n * J + j];
		kept = exp(log_wage - index - log_labour * (power - 1));
		kept_grows = s->state[eq->at.wage + n] - index_grows - grows * (power - 1);
	}
	const double effort = kept * eq->wage_bill0[n] / eq->income0[n];
	return weight * (earned - effort * (exp(log_labour * power) * grows + expm1(log_labour * power) / power * kept_grows));
}

/* The parts at one point, as fractions of the baseline's income. */
static void add_point(split *s, double fraction, double weight)
{
	truce_equilibrium *eq = s->eq;
	const size_t N = eq->regions, J = eq->sectors;
	memset(s->part, 0, N * sizeof *s->part);
	for (size_t j = 0; j < J; j++)
		for (size_t n = 0; n < N; n++)
			add_row(s, j, n, fraction);
	for (size_t n = 0; n < N; n++) {
		double index = 0;
		add_region(s, n);
		for (size_t j = 0; j < J; j++)
			index += eq->final[n * J + j] * eq->state[eq->at.price + n * J + j];
		const double per = weight / (eq->income0[n] * exp(index));
		truce_split *to = &s->out[n], *part = &s->part[n];
		to->terms_of_trade += per * part->terms_of_trade;
		to->volume += per * part->volume;
		to->rent += per * part->rent;
		to->transfer += per * part->transfer;
		to->trade_costs += per * part->trade_costs;
		to->scale += per * part->scale;
		if (eq->at.size > eq->at.labour)
			to->labour += labour_grows(s, n, index, weight);
	}
}

static double total(const truce_split *p)
{
	return p->terms_of_trade + p->volume + p->rent + p->transfer + p->trade_costs + p->scale + p->labour;
}

/* One stretch: `begin` is solved; `begin` becomes its end.  Halved where its parts do not add up. */
static int walk(split *s, double from, double to, struct snapshot *begin, int depth)
{
	truce_equilibrium *eq = s->eq;
	const size_t N = eq->regions, bytes = snapshot_size(eq) * sizeof(double);
	double x[POINTS], weight[POINTS], gap = 0;
	int status = TRUCE_OK;
	set_points(x, weight);
	memcpy(s->at[0].state, begin->state, bytes);
	memcpy(eq->state, begin->state, eq->at.size * sizeof(double));
	for (int k = 1; !status && k < POINTS; k++)
		status = visit(s, k == POINTS - 1 ? to : from + x[k] * (to - from), &s->at[k]);
	if (status && (status != TRUCE_CONVERGE || depth == 0))
		return status;
	truce_split *kept = s->part + N;
	memcpy(kept, s->out, N * sizeof *kept);
	for (int k = 1; !status && k < POINTS - 1; k++) {
		const double fraction = from + x[k] * (to - from);
		if ((status = eq_policy_build(eq, fraction)))
			return status;
		memcpy(eq->state, s->at[k].state, eq->at.size * sizeof(double));
		eq_map(eq, eq->state, eq->image);
		tangents(s, x, k, to - from);
		add_point(s, fraction, weight[k] * (to - from));
	}
	for (size_t n = 0; !status && n < N; n++)
		gap = fmax(gap, fabs(total(&s->out[n]) - total(&kept[n]) - s->at[POINTS - 1].real_income[n] + s->at[0].real_income[n]));
	if (!status && (gap <= s->tolerance * fmax(to - from, 0.1) || depth == 0)) {
		memcpy(begin->state, s->at[POINTS - 1].state, bytes);
		return TRUCE_OK;
	}
	memcpy(s->out, kept, N * sizeof *kept);
	const double middle = (from + to) / 2;
	status = walk(s, from, middle, begin, depth - 1);
	return status ? status : walk(s, middle, to, begin, depth - 1);
}

static int prepare(split *s)
{
	truce_equilibrium *eq = s->eq;
	const size_t size = snapshot_size(eq);
	s->block = truce_allocate_zero(eq->ctx, (POINTS + 2) * size + eq->at.size, sizeof(double));
	s->part = truce_allocate_zero(eq->ctx, 2 * eq->regions, sizeof *s->part);
	if (!s->block || !s->part)
		return TRUCE_MEMORY;
	double *room = s->block;
	for (int k = 0; k < POINTS; k++)
		room = lay_out(eq, &s->at[k], room);
	struct snapshot tangent;
	room = lay_out(eq, &s->first, room);
	lay_out(eq, &tangent, room);
	s->state = tangent.state, s->cost = tangent.cost, s->output = tangent.output, s->deficit = tangent.deficit;
	return TRUCE_OK;
}

int truce_equilibrium_split(truce_equilibrium *eq, truce_split *out, double tolerance, int *solves)
{
	split s = {.eq = eq, .out = out, .tolerance = tolerance > 0 ? tolerance : 1e-9};
	const truce_equilibrium_info info = eq->info;
	const size_t N = eq->regions;
	if (!eq->info.converged || !eq->updated)
		return truce_fail(eq->ctx, TRUCE_CONVERGE, NULL, 0, 0, "solve it first", "there is no answer to split");
	int status = prepare(&s);
	if (status)
		goto done;
	double *answer = s.block + (POINTS + 2) * snapshot_size(eq);
	memcpy(answer, eq->state, eq->at.size * sizeof(double));
	memset(out, 0, N * sizeof *out);
	truce_equilibrium_cold(eq);
	status = visit(&s, 0, &s.first);
	for (size_t n = 0; !status && n < N; n++)
		out[n].baseline = s.first.real_income[n];
	if (!status)
		status = walk(&s, 0, 1, &s.first, DEPTH);
	for (size_t n = 0; !status && n < N; n++)
		out[n].sum = total(&out[n]) + out[n].baseline;
	/* the answer, as it was */
	memcpy(eq->state, answer, eq->at.size * sizeof(double));
	const int built = eq_policy_build(eq, 1);
	eq_result_fill(eq);
	eq->info = info;
	eq->solved = true;
	status = status ? status : built;
	for (size_t n = 0; !status && n < N; n++)
		if (!(fabs(out[n].sum - eq->region[n].real_income) <= fmax(10 * s.tolerance, 1e-8)))
			status = TRUCE_CONVERGE;
	if (status == TRUCE_CONVERGE)
		truce_fail(eq->ctx, status, NULL, 0, 0, "the total stands; its parts do not", "the way from the baseline to the answer could "
			"not be walked in small steps");
	if (solves)
		*solves = s.solves;
done:
	truce_release(eq->ctx, s.block);
	truce_release(eq->ctx, s.part);
	return status;
}
