/* equilibrium: is this point an equilibrium?  The equations of docs/model.md in plain loops, from the world alone; this
 * file includes no header of the solver. */
#include <truce/equilibrium.h>

#include <math.h>
#include <string.h>

typedef struct {
	const truce_world *w;
	const double *tariff;
	size_t N, J;
	double *X0, *Y0, *alpha; /* [N][J] */
	double *bill, *I0, *D;   /* [N] */
	double world_bill, world_income;
} baseline;

#define AT(n, j) ((n) * b->J + (j))

static int baseline_new(truce_context *ctx, baseline *b, const truce_world *w)
{
	size_t N = b->N = w->regions, J = b->J = w->sectors;
	b->w = w;
	double *block = truce_allocate_zero(ctx, 3 * N * J + 3 * N, sizeof *block);
	if (!block)
		return TRUCE_MEMORY;
	b->X0 = block;
	b->Y0 = b->X0 + N * J;
	b->alpha = b->Y0 + N * J;
	b->bill = b->alpha + N * J;
	b->I0 = b->bill + N;
	b->D = b->I0 + N;
	for (size_t j = 0; j < J; j++)
		for (size_t n = 0; n < N; n++)
			for (size_t i = 0; i < N; i++) {
				size_t e = truce_world_edge(w, j, n, i);
				b->X0[AT(n, j)] += w->flow[e] * (1 + w->tariff[e]);
				b->Y0[AT(i, j)] += w->flow[e];
				b->I0[n] += w->flow[e] * w->tariff[e];
				b->D[n] += w->flow[e];
				b->D[i] -= w->flow[e];
			}
	for (size_t n = 0; n < N; n++) {
		for (size_t j = 0; j < J; j++)
			b->bill[n] += w->value_added[AT(n, j)] * b->Y0[AT(n, j)];
		b->I0[n] += b->bill[n] + b->D[n];
		b->world_bill += b->bill[n];
		b->world_income += b->I0[n];
	}
	for (size_t n = 0; n < N; n++)
		for (size_t j = 0; j < J; j++) {
			double use = 0;
			for (size_t k = 0; k < J; k++)
				use += w->input_share[(n * J + k) * J + j] * b->Y0[AT(n, k)];
			b->alpha[AT(n, j)] = w->final_share ? w->final_share[AT(n, j)] : (b->X0[AT(n, j)] - use) / b->I0[n];
		}
	return TRUCE_OK;
}

static void note(truce_certificate *c, double *slot, double residual, const char *what, const char *a, const char *b)
{
	residual = fabs(residual);
	if (!(residual <= *slot))
		*slot = residual;
	if (!(residual <= c->largest)) {
		c->largest = residual;
		snprintf(c->cell, sizeof c->cell, "%s in %s %s", what, a, b);
	}
}

static void check_prices(truce_certificate *c, const baseline *b, const truce_equilibrium_settings *settings,
	const truce_equilibrium_point *point)
{
	const truce_world *w = b->w;
	for (size_t n = 0; n < b->N; n++)
		for (size_t j = 0; j < b->J; j++) {
			double sum = 0, theta = w->theta[j] * settings->theta_scale;
			for (size_t i = 0; i < b->N; i++) {
				size_t e = truce_world_edge(w, j, n, i);
				if (w->flow[e] == 0)
					continue;
				double log_cost = w->value_added[AT(i, j)] * log(point->wage[AT(i, j)]);
				for (size_t k = 0; k < b->J; k++)
					log_cost += w->input_share[(i * b->J + j) * b->J + k] * log(point->price[AT(i, k)]);
				double pi = w->flow[e] * (1 + w->tariff[e]) / b->X0[AT(n, j)];
				double kappa = (1 + b->tariff[e]) / (1 + w->tariff[e]);
				double term = pi * pow(kappa * exp(log_cost), -theta);
				sum += term;
				note(c, &c->price, term * pow(point->price[AT(n, j)], theta) - point->share[e], "trade share", w->region[n],
					w->sector[j]);
			}
			if (sum > 0)
				note(c, &c->price, pow(sum, -1 / theta) / point->price[AT(n, j)] - 1, "price", w->region[n], w->sector[j]);
		}
}

static double imposed(const baseline *b, const truce_equilibrium_settings *settings, const truce_equilibrium_point *point, size_t n)
{
	double bill = 0, total = 0, lack = 0;
	for (size_t m = 0; m < b->N; m++) {
		bill += b->bill[m] * point->wage[AT(m, 0)];
		total += point->income[m];
		lack += b->D[m] * point->income[m] / b->I0[m];
	}
	return settings->deficits == TRUCE_DEFICITS_ZERO ? 0 : settings->deficits == TRUCE_DEFICITS_FIXED ?
		b->D[n] * bill / b->world_bill : b->D[n] * point->income[n] / b->I0[n] - point->income[n] / total * lack;
}

static void check_spending(truce_certificate *c, const baseline *b, const truce_equilibrium_settings *settings,
	const truce_equilibrium_point *point, double *receipts)
{
	const truce_world *w = b->w;
	double walras = 0;
	memset(receipts, 0, b->N * b->J * sizeof *receipts);
	for (size_t j = 0; j < b->J; j++)
		for (size_t n = 0; n < b->N; n++)
			for (size_t i = 0; i < b->N; i++) {
				size_t e = truce_world_edge(w, j, n, i);
				receipts[AT(i, j)] += point->share[e] / (1 + b->tariff[e]) * point->spending[AT(n, j)];
			}
	for (size_t n = 0; n < b->N; n++) {
		double duty = 0, imports = 0, exports = 0;
		for (size_t j = 0; j < b->J; j++) {
			double wanted = b->alpha[AT(n, j)] * point->income[n];
			for (size_t k = 0; k < b->J; k++)
				wanted += w->input_share[(n * b->J + k) * b->J + j] * receipts[AT(n, k)];
			note(c, &c->spending, (point->spending[AT(n, j)] - wanted) / b->I0[n], "spending", w->region[n], w->sector[j]);
			for (size_t i = 0; i < b->N; i++) {
				size_t e = truce_world_edge(w, j, n, i);
				double border = point->share[e] / (1 + b->tariff[e]) * point->spending[AT(n, j)];
				duty += b->tariff[e] * border;
				imports += border;
			}
			exports += receipts[AT(n, j)];
		}
		double d = imposed(b, settings, point, n);
		note(c, &c->income, (point->income[n] - b->bill[n] * point->wage[AT(n, 0)] - duty - d) / b->I0[n], "income", w->region[n], "");
		note(c, &c->balance, (imports - d - exports) / b->world_income, "balance", w->region[n], "");
		walras += imports - d - exports;
	}
	note(c, &c->walras, walras / b->world_income, "Walras", "the world", "");
}

int truce_equilibrium_certify(truce_context *ctx, truce_certificate *out, const truce_world *world,
	const truce_equilibrium_settings *settings, const truce_policy *policy, const truce_equilibrium_point *point)
{
	baseline b = {0};
	truce_certificate c = {0};
	double *receipts = NULL;
	int status = baseline_new(ctx, &b, world);
	if (status)
		return status;
	receipts = truce_allocate_zero(ctx, b.N * b.J, sizeof *receipts);
	if (!receipts) {
		truce_release(ctx, b.X0);
		return TRUCE_MEMORY;
	}
	b.tariff = policy && policy->tariff ? policy->tariff : world->tariff;
	check_prices(&c, &b, settings, point);
	check_spending(&c, &b, settings, point, receipts);
	*out = c;
	truce_release(ctx, receipts);
	truce_release(ctx, b.X0);
	return TRUCE_OK;
}
