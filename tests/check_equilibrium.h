/* Is what the solver tells an equilibrium?  The equations of docs/model.md once more, written for the tests alone: from the
 * world, the settings and the policy, against the numbers that the result shows (flows, outputs, prices, incomes, revenues,
 * welfare).  It shares nothing with the solver, nor with the certificate that the library computes of itself. */
#ifndef TRUCE_CHECK_EQUILIBRIUM_H
#define TRUCE_CHECK_EQUILIBRIUM_H

#include <truce/equilibrium.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

typedef struct {
	double largest; /* residual, relative; NaN stays */
	char where[80];
} checked;

typedef struct {
	const truce_world *w;
	const truce_equilibrium_settings *s;
	const truce_policy *p; /* never NULL */
	const truce_equilibrium_result *r;
	size_t N, J;
	double *spent0, *made0, *final, *made, *seller; /* [N][J] */
	double *bill0, *income0, *transfer0, *duties0;  /* [N] */
	double *duties, *taxes, *transfer;              /* [N] */
	double world_bill;
	checked out;
} checking;

static inline void check_gap(checking *c, double gap, const char *what, size_t n, size_t j)
{
	gap = fabs(gap);
	if (isnan(c->out.largest) || gap <= c->out.largest)
		return;
	c->out.largest = gap;
	snprintf(c->out.where, sizeof c->out.where, "%s, region %zu, sector %zu", what, n, j);
}

static inline double check_theta(const checking *c, size_t j)
{
	return c->w->theta[j] * c->s->theta_scale;
}

static inline double check_psi(const checking *c, size_t j)
{
	return c->s->market != TRUCE_MARKET_MONOPOLISTIC ? 0 : isnan(c->w->psi[j]) ? c->s->psi : c->w->psi[j];
}

static inline double check_margin(const checking *c, size_t j)
{
	return c->s->market == TRUCE_MARKET_RESTRICTED ? 1 / (1 + check_theta(c, j)) : 0;
}

/* What selling takes in n, as a share. */
static inline double check_mu(const checking *c, size_t n)
{
	return c->s->marketing == TRUCE_MARKETING_WORLD ? c->w->marketing[n] : 0;
}

static inline double check_labour_share(const checking *c, size_t n, size_t j)
{
	return fmax(0, c->w->value_added[n * c->J + j] - check_margin(c, j));
}

/* The wedges of an edge: 1 + tariff, 1 + export tax, iceberg, shadows taken in; false where it is shut. */
static inline bool check_wedges(const checking *c, size_t e, double *duty, double *tax, double *tau)
{
	*duty = 1 + (c->p->tariff ? c->p->tariff[e] : c->w->tariff[e]);
	*tax = 1 + (c->p->export_tax ? c->p->export_tax[e] : 0);
	*tau = c->p->iceberg ? c->p->iceberg[e] : 1;
	for (size_t q = 0; q < c->p->quantity_count; q++) {
		const truce_edge_quantity *bound = &c->p->quantities[q];
		if (truce_world_edge(c->w, bound->sector, bound->importer, bound->exporter) != e)
			continue;
		if (bound->level == 0 && bound->kind != TRUCE_QUANTITY_AT_LEAST)
			return false;
		*(bound->rent == TRUCE_RENT_IMPORTER ? duty : bound->rent == TRUCE_RENT_EXPORTER ? tax : tau) *= 1 + c->r->shadow[q];
	}
	return true;
}

static inline void check_baseline(checking *c)
{
	const truce_world *w = c->w;
	const size_t N = c->N, J = c->J;
	for (size_t j = 0; j < J; j++)
		for (size_t n = 0; n < N; n++)
			for (size_t i = 0; i < N; i++) {
				const size_t e = truce_world_edge(w, j, n, i);
				const double here = check_mu(c, n) * w->flow[e], there = w->flow[e] - here;
				c->spent0[n * J + j] += w->flow[e] * (1 + w->tariff[e]);
				c->duties0[n] += w->flow[e] * w->tariff[e];
				c->made0[i * J + j] += there;
				c->made0[n * J + j] += here;
				c->transfer0[n] += i == n ? 0 : there;
				c->transfer0[i] -= i == n ? 0 : there;
			}
	for (size_t n = 0; n < N; n++) {
		double profit = 0, finals = 0;
		for (size_t j = 0; j < J; j++) {
			c->bill0[n] += check_labour_share(c, n, j) * c->made0[n * J + j];
			profit += check_margin(c, j) * c->made0[n * J + j];
		}
		c->income0[n] = c->bill0[n] + profit + c->duties0[n] + c->transfer0[n];
		c->world_bill += c->bill0[n];
		for (size_t j = 0; j < J; j++) {
			double left = c->spent0[n * J + j];
			for (size_t user = 0; user < J; user++)
				left -= w->input_share[(n * J + user) * J + j] * c->made0[n * J + user];
			finals += c->final[n * J + j] = w->final_share ? w->final_share[n * J + j] : fmax(left, 0);
		}
		for (size_t j = 0; j < J; j++)
			c->final[n * J + j] /= finals;
	}
}

/* The price of the materials of a user, new over old. */
static inline double check_bundle(const checking *c, size_t n, size_t user)
{
	const double eta = c->s->inputs;
	double sum = 0, shares = 0;
	for (size_t k = 0; k < c->J; k++) {
		const double share = c->w->input_share[(n * c->J + user) * c->J + k], price = c->r->price[n * c->J + k];
		shares += share;
		sum += share * (eta == 1 ? log(price) : expm1((1 - eta) * log(price))); /* less 1: exact near 1, too */
	}
	return shares == 0 ? 1 : exp(eta == 1 ? sum / shares : log1p(sum / shares) / (1 - eta));
}

static inline void check_costs(checking *c)
{
	const double nu = c->s->value_added;
	for (size_t n = 0; n < c->N; n++)
		for (size_t j = 0; j < c->J; j++) {
			const size_t nj = n * c->J + j;
			const double whole = 1 - check_margin(c, j), labour = check_labour_share(c, n, j) / whole, bundle = check_bundle(c, n, j);
			const double wage = log(c->r->wage[nj]), materials = log(bundle);
			const double cost = exp(nu == 1 ? labour * wage + (1 - labour) * materials :
				log1p(labour * expm1((1 - nu) * wage) + (1 - labour) * expm1((1 - nu) * materials)) / (1 - nu));
			check_gap(c, cost / c->r->cost[nj] - 1, "cost", n, j);
			if (c->s->labour == TRUCE_LABOUR_MOBILE)
				check_gap(c, c->r->wage[nj] / c->r->region[n].wage - 1, "one wage", n, j);
			c->seller[nj] = c->made0[nj] > 0 ? cost * pow(c->r->output[nj] / c->made0[nj] / cost, -check_psi(c, j)) : cost;
		}
}

/* Flows and prices from sellers' prices; what the edges bring. */
static inline void check_trade(checking *c)
{
	const truce_world *w = c->w;
	for (size_t j = 0; j < c->J; j++)
		for (size_t n = 0; n < c->N; n++) {
			const size_t nj = n * c->J + j;
			const double theta = check_theta(c, j), mu = check_mu(c, n), psi = check_psi(c, j), phi = (1 + psi) / (1 - mu) - psi;
			double sum = 0, duty, tax, tau;
			for (int second = 0; second < 2; second++)
				for (size_t i = 0; i < c->N; i++) {
					const size_t e = truce_world_edge(w, j, n, i);
					const bool open = check_wedges(c, e, &duty, &tax, &tau) && w->flow[e] > 0;
					const double part = open ? w->flow[e] * (1 + w->tariff[e]) / c->spent0[nj] *
						pow(pow(duty / (1 + w->tariff[e]), mu > 0 ? phi : 1) * tax * tau * c->seller[i * c->J + j], -theta) : 0;
					if (!second) {
						sum += part;
						continue;
					}
					const double flow = c->r->flow[e], here = mu * flow, received = flow / tax - here;
					check_gap(c, c->spent0[nj] > 0 ? flow * duty / c->r->spending[nj] - part / sum : flow, "trade", n, j);
					c->made[i * c->J + j] += received;
					c->made[nj] += here;
					c->duties[n] += (duty - 1) * flow;
					c->taxes[i] += flow - flow / tax;
					c->transfer[n] += i == n ? 0 : flow - here;
					c->transfer[i] -= i == n ? 0 : flow - here;
				}
			if (c->spent0[nj] > 0) {
				const double market = mu > 0 ? pow(c->r->spending[nj] / c->spent0[nj] / c->r->cost[nj], 1 - phi) : 1;
				check_gap(c, market * pow(sum, -1 / theta) / c->r->price[nj] - 1, "price", n, j);
			}
		}
}

static inline void check_hours(checking *c, size_t n, double index, double bill)
{
	const truce_region_change *r = &c->r->region[n];
	const double kappa = c->s->labour_supply, got = c->duties[n] + c->taxes[n];
	double kept = 1, before = 1;
	if (kappa == 0)
		return check_gap(c, r->labour - 1, "hours", n, 0);
	if (c->s->revenue == TRUCE_REVENUE_INCOME_TAX) {
		before = 1 - c->s->income_tax;
		kept = (1 - ((c->s->income_tax * c->bill0[n] + c->duties0[n]) * index - got) / bill) / before;
	} else if (c->s->revenue == TRUCE_REVENUE_TAX_RELIEF) {
		before = 1 - (got - c->duties0[n] * index) / bill;
		kept = 1 / before;
	}
	check_gap(c, pow(r->wage / index * kept, kappa) / r->labour - 1, "hours", n, 0);
	const double effort = before * c->bill0[n] / c->income0[n] * kappa / (1 + kappa) * (pow(r->labour, 1 + 1 / kappa) - 1);
	check_gap(c, r->income / c->income0[n] / index - 1 - effort - r->real_income, "real income", n, 0);
}

static inline void check_region(checking *c, size_t n, double lacking, double incomes)
{
	const truce_region_change *r = &c->r->region[n];
	const size_t J = c->J;
	const double nu = c->s->value_added, eta = c->s->inputs, per = 1 / c->income0[n];
	double bill = 0, paid = 0, profit = 0, index = 1;
	for (size_t j = 0; j < J; j++) {
		const size_t nj = n * J + j;
		const double share = check_labour_share(c, n, j), own = share * c->made0[nj] * c->r->wage[nj] * r->labour;
		const double due = share * c->made[nj] * pow(c->r->wage[nj] / c->r->cost[nj], 1 - nu);
		check_gap(c, (c->made[nj] - c->r->output[nj]) * per, "output", n, j);
		if (c->s->labour == TRUCE_LABOUR_IMMOBILE)
			check_gap(c, (due - own) * per, "wages of a sector", n, j);
		bill += own, paid += due;
		profit += check_margin(c, j) * c->made[nj];
		index *= pow(c->r->price[nj], c->final[nj]);
		double wanted = c->final[nj] * r->income;
		for (size_t user = 0; user < J; user++) {
			const double input = c->w->input_share[(n * J + user) * J + j], bundle = input > 0 ? check_bundle(c, n, user) : 1;
			wanted += input * pow(bundle / c->r->cost[n * J + user], 1 - nu) * pow(c->r->price[nj] / bundle, 1 - eta) * c->made[n * J + user];
		}
		check_gap(c, (wanted - c->r->spending[nj]) * per, "spending", n, j);
	}
	const double transfer = c->s->deficits == TRUCE_DEFICITS_ZERO ? 0 : c->s->deficits == TRUCE_DEFICITS_FIXED ? c->transfer0[n] :
		c->transfer0[n] * r->income * per - r->income / incomes * lacking;
	check_gap(c, fmin(r->income, 0) * per, "income below 0", n, 0);
	check_gap(c, (bill - paid) * per, "wages", n, 0);
	check_gap(c, (bill - r->wage_bill) * per, "wages told", n, 0);
	check_gap(c, (transfer - r->deficit) * per, "transfer", n, 0);
	check_gap(c, (c->transfer[n] - transfer) * per, "balance", n, 0);
	check_gap(c, (bill + profit + c->duties[n] + c->taxes[n] + transfer - r->income) * per, "income", n, 0);
	check_gap(c, (c->duties[n] + c->taxes[n] - r->revenue) * per, "revenue told", n, 0);
	check_gap(c, index / r->price_index - 1, "price index told", n, 0);
	check_gap(c, r->income_old * per - 1, "income of old", n, 0);
	check_hours(c, n, index, bill);
	if (c->s->labour_supply == 0)
		check_gap(c, r->income * per / index - 1 - r->real_income, "real income", n, 0);
}

static inline void check_bounds(checking *c)
{
	for (size_t q = 0; q < c->p->quantity_count; q++) {
		const truce_edge_quantity *b = &c->p->quantities[q];
		const size_t e = truce_world_edge(c->w, b->sector, b->importer, b->exporter);
		double duty, tax, tau;
		if (!(c->w->flow[e] > 0) || !check_wedges(c, e, &duty, &tax, &tau))
			continue; /* a ban: its flow is held to be 0 above */
		/* in real terms: at the price, duties inside, that an old dollar's worth has now */
		const double price = duty / (1 + c->w->tariff[e]) * tax * tau * c->r->cost[b->exporter * c->J + b->sector];
		const double passes = c->r->flow[e] * duty / price / (c->w->flow[e] * (1 + c->w->tariff[e])), wedge = c->r->shadow[q];
		const bool most = b->kind == TRUCE_QUANTITY_AT_MOST, least = b->kind == TRUCE_QUANTITY_AT_LEAST;
		const double over = b->level > 0 ? passes / b->level - 1 : passes;
		if (!least)
			check_gap(c, fmax(over, 0), "more than the bound", b->importer, b->sector);
		if (!most && b->level > 0)
			check_gap(c, fmin(over, 0), "less than the bound", b->importer, b->sector);
		if (most || least)
			check_gap(c, fmin(fabs(over), fabs(wedge)), "a wedge without need", b->importer, b->sector);
		check_gap(c, (most && wedge < 0) || (least && wedge > 0) ? wedge : 0, "a wedge of the wrong sign", b->importer, b->sector);
		check_gap(c, passes - c->r->quantity[q], "what passes, as told", b->importer, b->sector);
	}
}

/* The largest residual of the answer that `eq` holds, and where. */
static inline checked check_equilibrium(const truce_world *w, const truce_equilibrium_settings *settings, const truce_policy *policy,
	const truce_equilibrium *eq)
{
	static const truce_policy none;
	truce_equilibrium_settings defaults;
	truce_equilibrium_settings_init(&defaults);
	checking c = {.w = w, .s = settings ? settings : &defaults, .p = policy ? policy : &none, .r = truce_equilibrium_get_result(eq),
		.N = w->regions, .J = w->sectors};
	double **const cells[] = {&c.spent0, &c.made0, &c.final, &c.made, &c.seller};
	double **const regions[] = {&c.bill0, &c.income0, &c.transfer0, &c.duties0, &c.duties, &c.taxes, &c.transfer};
	double lacking = 0, incomes = 0, bill = 0;
	for (size_t k = 0; k < sizeof cells / sizeof *cells; k++)
		*cells[k] = calloc(c.N * c.J, sizeof(double));
	for (size_t k = 0; k < sizeof regions / sizeof *regions; k++)
		*regions[k] = calloc(c.N, sizeof(double));
	check_baseline(&c);
	check_costs(&c);
	check_trade(&c);
	for (size_t n = 0; n < c.N; n++) {
		lacking += c.transfer0[n] * c.r->region[n].income / c.income0[n];
		incomes += c.r->region[n].income;
		bill += c.r->region[n].wage_bill;
	}
	for (size_t n = 0; n < c.N; n++)
		check_region(&c, n, lacking, incomes);
	check_gap(&c, bill / c.world_bill - 1, "numeraire", 0, 0);
	check_bounds(&c);
	for (size_t k = 0; k < sizeof cells / sizeof *cells; k++)
		free(*cells[k]);
	for (size_t k = 0; k < sizeof regions / sizeof *regions; k++)
		free(*regions[k]);
	return c.out;
}

/* Fails the test where it is none. */
#define CHECK_EQUILIBRIUM(w, settings, policy, eq) do { \
	const checked residual_ = check_equilibrium(w, settings, policy, eq); \
	ck_assert_msg(residual_.largest <= 1e-9, "no equilibrium: %g at %s", residual_.largest, residual_.where); \
} while (0)

#endif
