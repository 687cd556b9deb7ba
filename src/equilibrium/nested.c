/* equilibrium: one fixed point inside another, kept in logs.
 *
 * Outer unknowns are the wages, moved by Anderson's acceleration of a damped map; prices and spending are contractions
 * solved inside it, each started from the last answer.  Perfect competition, mobile labour, Cobb-Douglas. */
#include "nested.h"

#include <math.h>
#include <string.h>

#define AT(n, j) ((n) * e->J + (j))

/* Sum over exporters of A u, with the price index to the power -theta as its result. */
static double price_sweep(eq_nested *e)
{
	size_t N = e->N, J = e->J;
	double moved = 0;
	for (size_t n = 0; n < N; n++)
		for (size_t j = 0; j < J; j++) {
			const double *inputs = e->world->input_share + (n * J + j) * J;
			double log_cost = e->value_added[AT(n, j)] * e->log_wage[n];
			for (size_t k = 0; k < J; k++)
				log_cost += inputs[k] * e->log_price[AT(n, k)];
			e->log_cost[AT(n, j)] = log_cost;
		}
	for (size_t j = 0; j < J; j++) {
		for (size_t i = 0; i < N; i++)
			e->u[i] = exp(-e->theta[j] * e->log_cost[AT(i, j)]);
		for (size_t n = 0; n < N; n++) {
			const double *a = e->a + (j * N + n) * N;
			double sum = 0;
			for (size_t i = 0; i < N; i++)
				sum += a[i] * e->u[i];
			if (!(sum > 0))
				continue;
			double log_price = -log(sum) / e->theta[j], change = fabs(log_price - e->log_price[AT(n, j)]);
			e->log_price[AT(n, j)] = log_price;
			if (!(change <= moved))
				moved = change;
		}
	}
	return moved;
}

/* Border shares pi'/(1+t') at the prices. */
static void shares(eq_nested *e)
{
	size_t N = e->N, J = e->J;
	for (size_t j = 0; j < J; j++) {
		for (size_t i = 0; i < N; i++)
			e->u[i] = exp(-e->theta[j] * e->log_cost[AT(i, j)]);
		for (size_t n = 0; n < N; n++) {
			double scale = exp(e->theta[j] * e->log_price[AT(n, j)]);
			for (size_t i = 0; i < N; i++) {
				size_t edge = (j * N + n) * N + i;
				e->share[edge] = e->a[edge] * e->u[i] * scale;
				e->border[edge] = e->share[edge] / (1 + e->tariff[edge]);
			}
		}
	}
}

/* D' by the rule, from the incomes of the sweep before where it depends on them. */
static void add_deficits(eq_nested *e)
{
	double bill = 0, total = 0, lack = 0;
	for (size_t n = 0; n < e->N; n++) {
		bill += exp(e->log_wage[n]) * e->wage_bill[n];
		total += e->income_hat[n] * e->income_old[n];
		lack += e->income_hat[n] * e->deficit[n];
	}
	for (size_t n = 0; n < e->N; n++)
		e->imposed[n] = e->deficits == TRUCE_DEFICITS_ZERO ? 0 :
			e->deficits == TRUCE_DEFICITS_FIXED ? e->deficit[n] * bill / e->world_bill :
			e->deficit[n] * e->income_hat[n] - e->income_hat[n] * e->income_old[n] / total * lack;
}

static double spending_sweep(eq_nested *e)
{
	size_t N = e->N, J = e->J;
	double moved = 0;
	memset(e->receipts, 0, N * J * sizeof *e->receipts);
	add_deficits(e);
	for (size_t n = 0; n < N; n++)
		e->income[n] = exp(e->log_wage[n]) * e->wage_bill[n] + e->imposed[n];
	for (size_t j = 0; j < J; j++)
		for (size_t n = 0; n < N; n++) {
			double spent = e->spending[AT(n, j)], duty = 0;
			for (size_t i = 0; i < N; i++) {
				double border = e->border[(j * N + n) * N + i] * spent;
				e->receipts[AT(i, j)] += border;
				duty += border * e->tariff[(j * N + n) * N + i];
			}
			e->income[n] += duty;
		}
	for (size_t n = 0; n < N; n++)
		e->income_hat[n] = e->income[n] / e->income_old[n];
	for (size_t n = 0; n < N; n++)
		for (size_t j = 0; j < J; j++)
			e->next[AT(n, j)] = e->final_share[AT(n, j)] * e->income[n];
	for (size_t n = 0; n < N; n++)
		for (size_t k = 0; k < J; k++) {
			const double *inputs = e->world->input_share + (n * J + k) * J;
			double sold = e->receipts[AT(n, k)];
			for (size_t j = 0; j < J; j++)
				e->next[AT(n, j)] += inputs[j] * sold;
		}
	for (size_t n = 0; n < N; n++) {
		double largest = 0;
		for (size_t j = 0; j < J; j++) {
			double change = fabs(e->next[AT(n, j)] - e->spending[AT(n, j)]);
			if (!(change <= largest))
				largest = change;
		}
		if (!(largest / e->income_old[n] <= moved))
			moved = largest / e->income_old[n];
	}
	memcpy(e->spending, e->next, N * J * sizeof *e->next);
	return moved;
}

double eq_nested_evaluate(eq_nested *e, double tolerance, int *budget)
{
	double moved = INFINITY, worst = 0;
	size_t N = e->N, J = e->J;
	for (int sweep = 0; sweep < 400 && moved > tolerance && *budget > 0; sweep++, (*budget)--)
		moved = price_sweep(e);
	shares(e);
	moved = INFINITY;
	for (int sweep = 0; sweep < 2000 && moved > tolerance && *budget > 0; sweep++, (*budget)--)
		moved = spending_sweep(e);
	for (size_t n = 0; n < N; n++) {
		double demand = 0;
		for (size_t j = 0; j < J; j++)
			demand += e->value_added[AT(n, j)] * e->receipts[AT(n, j)];
		e->excess[n] = log(demand / (exp(e->log_wage[n]) * e->wage_bill[n]));
		if (!(fabs(e->excess[n]) <= worst))
			worst = fabs(e->excess[n]);
	}
	return worst;
}
