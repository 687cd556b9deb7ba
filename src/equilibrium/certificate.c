/* equilibrium: is this point an equilibrium?  The equations of docs/model.md in plain loops, from the world, the policy
 * and the model's own variables alone; this file knows nothing of the solver. */
#include "bounds.h"
#include "certificate.h"

#include <math.h>
#include <string.h>

typedef struct {
	const truce_world *w;
	const truce_equilibrium_settings *settings;
	const truce_policy *policy;
	const truce_equilibrium_point *point;
	truce_certificate *out;
	size_t N, J;
	double *spending0, *output0, *alpha;         /* [N][J] */
	double *cost, *seller;                       /* [N][J] unit cost, and the seller's price (scale taken in), ratios */
	double *receipts;                            /* [N][J] USD, what sellers get */
	double *bill0, *income0, *deficit0, *revenue0; /* [N] */
	double *tariffs, *export_taxes, *imports, *exports; /* [N] USD, at border values */
	double bill_world, income_world;
	size_t *order;                               /* [bounds] by edge */
	const truce_share_source *shares;            /* NULL: the point's */
	double *row;                                 /* [N] of shares, where there is a source */
} check;

#define AT(n, j) ((n) * c->J + (j))
#define INPUT(n, user, k) (((n) * c->J + (user)) * c->J + (k))

static void note(check *c, double *slot, double residual, const char *what, const char *a, const char *b)
{
	residual = fabs(residual);
	/* what is no number is the largest, and stays so whatever comes after it */
	if (!(residual <= *slot) && !isnan(*slot))
		*slot = residual;
	if (!(residual <= c->out->largest) && !isnan(c->out->largest)) {
		c->out->largest = residual;
		snprintf(c->out->cell, sizeof c->out->cell, "%s in %s%s%s", what, a, *b ? " " : "", b);
	}
}

static double theta_of(const check *c, size_t j)
{
	return c->w->theta[j] * c->settings->theta_scale;
}

/* Profits as a share of sales, where entry is restricted (Ossa 2014: sales over sigma, sigma = 1 + theta). */
static double margin_of(const check *c, size_t j)
{
	return c->settings->market == TRUCE_MARKET_RESTRICTED ? 1 / (1 + theta_of(c, j)) : 0;
}

static double labour_share(const check *c, size_t n, size_t j)
{
	double share = c->w->value_added[AT(n, j)] - margin_of(c, j);
	return share > 0 ? share : 0;
}

static double tariff_of(const check *c, size_t e)
{
	return c->policy && c->policy->tariff ? c->policy->tariff[e] : c->w->tariff[e];
}

static double export_tax_of(const check *c, size_t e)
{
	return c->policy && c->policy->export_tax ? c->policy->export_tax[e] : 0;
}

/* What selling in n pays to n itself, as a share of border values. */
static double sold_here(const check *c, size_t n)
{
	return c->settings->marketing == TRUCE_MARKETING_WORLD ? c->w->marketing[n] : 0;
}

/* The power of tariffs: phi = (1 + psi) / (1 - mu) - psi, mu what selling pays here. */
static double power_of(const check *c, size_t j, size_t n)
{
	if (sold_here(c, n) == 0)
		return 1;
	double psi = isnan(c->w->psi[j]) ? c->settings->psi : c->w->psi[j];
	return (1 + psi) / (1 - sold_here(c, n)) - psi;
}

/* What n buys of j from each, as shares. */
static const double *shares_of(const check *c, size_t j, size_t n)
{
	if (!c->shares)
		return c->point->share + truce_world_edge(c->w, j, n, 0);
	c->shares->row(c->shares->of, j, n, c->row);
	return c->row;
}

/* The bound on an edge; its index, or the count of bounds where there is none. */
static size_t bound_of(const check *c, size_t e)
{
	return c->policy ? eq_bounds_find(c->w, c->policy, c->order, e) : 0;
}

static void set_baseline(check *c)
{
	const truce_world *w = c->w;
	for (size_t j = 0; j < c->J; j++)
		for (size_t n = 0; n < c->N; n++)
			for (size_t i = 0; i < c->N; i++) {
				size_t e = truce_world_edge(w, j, n, i);
				c->spending0[AT(n, j)] += w->flow[e] * (1 + w->tariff[e]);
				double abroad = w->flow[e] * (1 - sold_here(c, n));
				c->output0[AT(i, j)] += abroad;
				c->output0[AT(n, j)] += w->flow[e] - abroad;
				c->revenue0[n] += w->flow[e] * w->tariff[e];
				c->deficit0[n] += abroad;
				c->deficit0[i] -= abroad;
			}
	for (size_t n = 0; n < c->N; n++) {
		double profit = 0;
		for (size_t j = 0; j < c->J; j++) {
			c->bill0[n] += labour_share(c, n, j) * c->output0[AT(n, j)];
			profit += margin_of(c, j) * c->output0[AT(n, j)];
		}
		c->income0[n] = c->bill0[n] + profit + c->revenue0[n] + c->deficit0[n];
		c->bill_world += c->bill0[n];
		c->income_world += c->income0[n];
	}
	for (size_t n = 0; n < c->N; n++)
		for (size_t j = 0; j < c->J; j++) {
			double use = 0;
			for (size_t k = 0; k < c->J; k++)
				use += w->input_share[INPUT(n, k, j)] * c->output0[AT(n, k)];
			c->alpha[AT(n, j)] = w->final_share ? w->final_share[AT(n, j)] : (c->spending0[AT(n, j)] - use) / c->income0[n];
			/* with every change 1, spending is the only equation that a table may miss */
			double drift = fabs((c->spending0[AT(n, j)] - use) / c->income0[n] - c->alpha[AT(n, j)]);
			if (!(drift <= c->out->drift) && !isnan(c->out->drift))
				c->out->drift = drift;
		}
}

/* Trade cost of an edge, new over old; INFINITY where it is shut. */
static double kappa_of(const check *c, size_t j, size_t n, size_t i)
{
	const truce_world *w = c->w;
	size_t e = truce_world_edge(w, j, n, i), q = bound_of(c, e);
	double kappa = pow((1 + tariff_of(c, e)) / (1 + w->tariff[e]), power_of(c, j, n)) * (1 + export_tax_of(c, e));
	if (c->policy && c->policy->iceberg)
		kappa *= c->policy->iceberg[e];
	if (!c->policy || q == c->policy->quantity_count)
		return kappa;
	const truce_edge_quantity *bound = &c->policy->quantities[q];
	bool shut = bound->level == 0 && bound->kind != TRUCE_QUANTITY_AT_LEAST;
	return shut ? INFINITY : kappa * (1 + (c->point->shadow ? c->point->shadow[q] : 0));
}

/* The price of a user's materials, new over old, with elasticity eta between them. */
static double materials_price(const check *c, size_t n, size_t j)
{
	double eta = c->settings->inputs, sum = 0, shares = 0;
	for (size_t k = 0; k < c->J; k++) {
		double share = c->w->input_share[INPUT(n, j, k)], price = c->point->price[AT(n, k)];
		sum += share * (eta == 1 ? log(price) : expm1((1 - eta) * log(price)));
		shares += share;
	}
	if (shares < 1e-14)
		return 1;
	return exp(eta == 1 ? sum / shares : log1p(sum / shares) / (1 - eta));
}

static void set_costs(check *c)
{
	double nu = c->settings->value_added;
	for (size_t n = 0; n < c->N; n++)
		for (size_t j = 0; j < c->J; j++) {
			double labour = labour_share(c, n, j), whole = 1 - margin_of(c, j), materials = whole - labour;
			double wage = c->point->wage[AT(n, j)], bundle = materials_price(c, n, j);
			c->cost[AT(n, j)] = nu == 1 ? exp((labour * log(wage) + materials * log(bundle)) / whole) :
				exp(log1p((labour * expm1((1 - nu) * log(wage)) + materials * expm1((1 - nu) * log(bundle))) / whole) / (1 - nu));
		}
}

/* What each edge brings whom, and what is levied on it. */
static void set_receipts(check *c)
{
	const truce_world *w = c->w;
	for (size_t j = 0; j < c->J; j++)
		for (size_t n = 0; n < c->N; n++) {
			const double *share = shares_of(c, j, n);
			for (size_t i = 0; i < c->N; i++) {
				size_t e = truce_world_edge(w, j, n, i), q = bound_of(c, e);
				double spent = share[i] * c->point->spending[AT(n, j)];
				double border = spent / (1 + tariff_of(c, e)), received = border / (1 + export_tax_of(c, e));
				if (c->policy && q < c->policy->quantity_count) {
					truce_rent rent = c->policy->quantities[q].rent;
					double factor = 1 + (c->point->shadow ? c->point->shadow[q] : 0);
					border /= rent == TRUCE_RENT_IMPORTER ? factor : 1;
					received /= rent == TRUCE_RENT_LOST ? 1 : factor;
				}
				double here = border * sold_here(c, n); /* never with what exporters collect */
				c->receipts[AT(i, j)] += received - here;
				c->receipts[AT(n, j)] += here;
				c->tariffs[n] += spent - border;
				c->export_taxes[i] += border - received;
				c->imports[n] += border - here;
				c->exports[i] += border - here;
			}
		}
}

static void set_sellers_prices(check *c)
{
	for (size_t n = 0; n < c->N; n++)
		for (size_t j = 0; j < c->J; j++) {
			double price = c->cost[AT(n, j)], old = c->output0[AT(n, j)];
			if (c->settings->market == TRUCE_MARKET_MONOPOLISTIC && old > 0) {
				/* free entry: varieties are sales over cost, and each lowers the index by psi */
				double psi = isnan(c->w->psi[j]) ? c->settings->psi : c->w->psi[j];
				price *= pow(c->receipts[AT(n, j)] / old / c->cost[AT(n, j)], -psi);
			}
			c->seller[AT(n, j)] = price;
		}
}

static void check_prices(check *c)
{
	const truce_world *w = c->w;
	for (size_t n = 0; n < c->N; n++)
		for (size_t j = 0; j < c->J; j++) {
			double sum = 0, theta = theta_of(c, j), price = c->point->price[AT(n, j)];
			const double *share = shares_of(c, j, n);
			if (c->spending0[AT(n, j)] > 0) /* less what a larger market adds to it */
				price /= pow(c->point->spending[AT(n, j)] / c->spending0[AT(n, j)] / c->cost[AT(n, j)], 1 - power_of(c, j, n));
			for (size_t i = 0; i < c->N; i++) {
				size_t e = truce_world_edge(w, j, n, i);
				if (w->flow[e] == 0) {
					note(c, &c->out->price, share[i], "trade share", w->region[n], w->sector[j]);
					continue;
				}
				double pi = w->flow[e] * (1 + w->tariff[e]) / c->spending0[AT(n, j)];
				double kappa = kappa_of(c, j, n, i);
				double term = isinf(kappa) ? 0 : pi * pow(kappa * c->seller[AT(i, j)], -theta);
				sum += term;
				note(c, &c->out->price, term * pow(price, theta) - share[i], "trade share", w->region[n], w->sector[j]);
			}
			if (sum > 0)
				note(c, &c->out->price, pow(sum, -1 / theta) / price - 1, "price", w->region[n], w->sector[j]);
		}
}

/* What a region's sectors buy of good k. */
static double use_of(const check *c, size_t n, size_t k)
{
	double eta = c->settings->inputs, nu = c->settings->value_added, use = 0, price = c->point->price[AT(n, k)];
	for (size_t j = 0; j < c->J; j++) {
		double share = c->w->input_share[INPUT(n, j, k)];
		if (share == 0)
			continue;
		double bundle = eta == 1 && nu == 1 ? 1 : materials_price(c, n, j);
		use += share * pow(bundle / c->cost[AT(n, j)], 1 - nu) * pow(price / bundle, 1 - eta) * c->receipts[AT(n, j)];
	}
	return use;
}

static double deficit_of(const check *c, size_t n)
{
	double total = 0, lack = 0;
	for (size_t m = 0; m < c->N; m++) {
		total += c->point->income[m];
		lack += c->deficit0[m] * c->point->income[m] / c->income0[m];
	}
	return c->settings->deficits == TRUCE_DEFICITS_ZERO ? 0 : c->settings->deficits == TRUCE_DEFICITS_FIXED ? c->deficit0[n] :
		c->deficit0[n] * c->point->income[n] / c->income0[n] - c->point->income[n] / total * lack;
}

/* Wages as paid by the labour market: the bill, and for labour that stays, each sector's. */
static double check_labour(check *c, size_t n)
{
	double nu = c->settings->value_added, wages = 0, paid = 0;
	double hours = c->point->labour ? c->point->labour[n] : 1;
	for (size_t j = 0; j < c->J; j++) {
		double share = labour_share(c, n, j), wage = c->point->wage[AT(n, j)];
		double bill = share * c->output0[AT(n, j)] * wage * hours;
		double demand = share * c->receipts[AT(n, j)] * pow(wage / c->cost[AT(n, j)], 1 - nu);
		if (c->settings->labour == TRUCE_LABOUR_IMMOBILE && bill > 0)
			note(c, &c->out->balance, (demand - bill) / c->income0[n], "labour", c->w->region[n], c->w->sector[j]);
		wages += bill;
		paid += demand;
	}
	note(c, &c->out->balance, (paid - wages) / c->income0[n], "labour", c->w->region[n], "");
	return wages;
}

static void check_supply(check *c, size_t n, double wages)
{
	double index = 0, kept = 1;
	if (c->settings->labour_supply == 0)
		return;
	for (size_t j = 0; j < c->J; j++)
		index += c->alpha[AT(n, j)] * log(c->point->price[AT(n, j)]);
	if (c->settings->revenue == TRUCE_REVENUE_INCOME_TAX) {
		double need = (c->settings->income_tax * c->bill0[n] + c->revenue0[n]) * exp(index);
		kept = (1 - (need - c->tariffs[n] - c->export_taxes[n]) / wages) / (1 - c->settings->income_tax);
	}
	if (c->settings->revenue == TRUCE_REVENUE_TAX_RELIEF) {
		double gone = (c->tariffs[n] + c->export_taxes[n] - c->revenue0[n] * exp(index)) / wages;
		kept = 1 / (1 - gone);
	}
	double supplied = pow(c->point->wage[AT(n, 0)] / exp(index) * kept, c->settings->labour_supply);
	note(c, &c->out->income, (c->point->labour ? c->point->labour[n] : 1) / supplied - 1, "labour supply", c->w->region[n], "");
}

static void check_demand(check *c)
{
	const truce_world *w = c->w;
	double walras = 0, bill = 0;
	for (size_t n = 0; n < c->N; n++) {
		double profit = 0, wages = check_labour(c, n), deficit = deficit_of(c, n);
		for (size_t j = 0; j < c->J; j++) {
			double wanted = c->alpha[AT(n, j)] * c->point->income[n] + use_of(c, n, j);
			note(c, &c->out->spending, (c->point->spending[AT(n, j)] - wanted) / c->income0[n], "spending", w->region[n], w->sector[j]);
			profit += margin_of(c, j) * c->receipts[AT(n, j)];
		}
		check_supply(c, n, wages);
		/* the equations alone would let a region spend less than nothing */
		note(c, &c->out->income, fmin(c->point->income[n], 0) / c->income0[n], "an income below 0", w->region[n], "");
		bill += wages;
		note(c, &c->out->income, (c->point->income[n] - wages - profit - c->tariffs[n] - c->export_taxes[n] - deficit) / c->income0[n],
			"income", w->region[n], "");
		note(c, &c->out->balance, (c->imports[n] - deficit - c->exports[n]) / c->income_world, "balance", w->region[n], "");
		walras += c->imports[n] - deficit - c->exports[n];
	}
	note(c, &c->out->walras, walras / c->income_world, "Walras", "the world", "");
	note(c, &c->out->walras, bill / c->bill_world - 1, "numeraire", "the world", "");
}

static void check_quantities(check *c)
{
	for (size_t q = 0; c->policy && q < c->policy->quantity_count; q++) {
		const truce_edge_quantity *bound = &c->policy->quantities[q];
		size_t e = truce_world_edge(c->w, bound->sector, bound->importer, bound->exporter);
		const char *region = c->w->region[bound->importer], *sector = c->w->sector[bound->sector];
		double old = c->w->flow[e] * (1 + c->w->tariff[e]), shadow = c->point->shadow ? c->point->shadow[q] : 0;
		if (old == 0)
			continue;
		double kappa = kappa_of(c, bound->sector, bound->importer, bound->exporter);
		double share = shares_of(c, bound->sector, bound->importer)[bound->exporter];
		if (isinf(kappa)) {
			note(c, &c->out->quantity, share, "a ban", region, sector);
			continue;
		}
		double price = kappa * c->cost[AT(bound->exporter, bound->sector)];
		double passes = share * c->point->spending[AT(bound->importer, bound->sector)] / price / old;
		double over = passes / bound->level - 1;
		/* A bound that holds without help has no shadow; one that binds has one of its own sign. */
		double residual = bound->kind == TRUCE_QUANTITY_EXACTLY ? over : bound->kind == TRUCE_QUANTITY_AT_MOST ?
			fmax(fmax(over, -shadow), fmin(fabs(over), fabs(shadow))) : bound->level == 0 ? shadow :
			fmax(fmax(-over, shadow), fmin(fabs(over), fabs(shadow)));
		note(c, &c->out->quantity, residual, "a quantity", region, sector);
	}
}

enum { WIDE = 6, NARROW = 9 };

static size_t cells_room(const truce_world *world)
{
	return WIDE * world->regions * world->sectors + NARROW * world->regions;
}

size_t truce_equilibrium_certify_room(const truce_world *world, size_t bounds)
{
	return cells_room(world) + (bounds * sizeof(size_t) + sizeof(double) - 1) / sizeof(double);
}

static void take(check *c, double *room)
{
	size_t cells = c->N * c->J;
	double **wide[WIDE] = {&c->spending0, &c->output0, &c->alpha, &c->cost, &c->seller, &c->receipts};
	double **narrow[NARROW] = {&c->bill0, &c->income0, &c->deficit0, &c->revenue0, &c->tariffs, &c->export_taxes, &c->imports,
		&c->exports, &c->row};
	memset(room, 0, cells_room(c->w) * sizeof *room);
	for (size_t k = 0; k < WIDE; k++, room += cells)
		*wide[k] = room;
	for (size_t k = 0; k < NARROW; k++, room += c->N)
		*narrow[k] = room;
	c->order = (size_t *)(void *)room;
	if (c->policy)
		eq_bounds_sort(c->w, c->policy, c->order);
}

void truce_equilibrium_certify_in(double *room, truce_certificate *out, const truce_world *world,
	const truce_equilibrium_settings *settings, const truce_policy *policy, const truce_equilibrium_point *point,
	const truce_share_source *shares)
{
	truce_certificate found = {0};
	check c = {.w = world, .settings = settings, .policy = policy, .point = point, .out = &found, .N = world->regions,
		.J = world->sectors, .shares = shares};
	take(&c, room);
	set_baseline(&c);
	set_costs(&c);
	set_receipts(&c);
	set_sellers_prices(&c);
	check_prices(&c);
	check_demand(&c);
	check_quantities(&c);
	*out = found;
}

int truce_equilibrium_certify(truce_context *ctx, truce_certificate *out, const truce_world *world,
	const truce_equilibrium_settings *settings, const truce_policy *policy, const truce_equilibrium_point *point)
{
	double *room = truce_allocate_zero(ctx, truce_equilibrium_certify_room(world, policy ? policy->quantity_count : 0),
		sizeof *room);
	if (!room)
		return TRUCE_MEMORY;
	truce_equilibrium_certify_in(room, out, world, settings, policy, point, NULL);
	truce_release(ctx, room);
	return TRUCE_OK;
}
