/* The trade model solved in the plainest way, as an oracle for the solver: the equations of docs/model.md in loops,
 * one fixed point inside another.  Perfect competition, mobile labour, Cobb-Douglas.  Slow, and meant to be read. */
#ifndef TRUCE_SIMPLE_EQUILIBRIUM_H
#define TRUCE_SIMPLE_EQUILIBRIUM_H

#include <truce/world.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
	size_t N, J;
	double *wage, *price, *cost, *share, *spending, *income, *real_income; /* [N] [N][J] [N][J] [J][N][N] [N][J] [N] [N] */
	double residual;
	int rounds;
} simple_equilibrium;

static double *simple_array(size_t n)
{
	return calloc(n, sizeof(double));
}

/* deficit_share: 1 keeps each deficit's share of the world's wage bill, 0 removes deficits. */
static void simple_solve(simple_equilibrium *s, const truce_world *w, const double *tariff, double deficit_share)
{
	size_t N = s->N = w->regions, J = s->J = w->sectors;
#define AT(n, j) ((n) * J + (j))
#define EDGE(j, n, i) (((j) * N + (n)) * N + (i))
	s->wage = simple_array(N), s->price = simple_array(N * J), s->cost = simple_array(N * J);
	s->share = simple_array(N * N * J), s->spending = simple_array(N * J), s->income = simple_array(N);
	s->real_income = simple_array(N);
	double *X0 = simple_array(N * J), *Y0 = simple_array(N * J), *wL = simple_array(N), *D = simple_array(N);
	double *I0 = simple_array(N), *alpha = simple_array(N * J), *next = simple_array(N * J), *receipts = simple_array(N * J);
	for (size_t j = 0; j < J; j++)
		for (size_t n = 0; n < N; n++)
			for (size_t i = 0; i < N; i++) {
				double m = w->flow[EDGE(j, n, i)];
				X0[AT(n, j)] += m * (1 + w->tariff[EDGE(j, n, i)]);
				Y0[AT(i, j)] += m;
				I0[n] += m * w->tariff[EDGE(j, n, i)];
				D[n] += m;
				D[i] -= m;
			}
	double world = 0, moved;
	for (size_t n = 0; n < N; n++) {
		for (size_t j = 0; j < J; j++)
			wL[n] += w->value_added[AT(n, j)] * Y0[AT(n, j)];
		world += wL[n];
		I0[n] += wL[n] + D[n];
		s->wage[n] = 1;
	}
	for (size_t n = 0; n < N; n++)
		for (size_t j = 0; j < J; j++) {
			double use = 0;
			for (size_t k = 0; k < J; k++)
				use += w->input_share[(n * J + k) * J + j] * Y0[AT(n, k)];
			alpha[AT(n, j)] = w->final_share ? w->final_share[AT(n, j)] : (X0[AT(n, j)] - use) / I0[n];
			s->price[AT(n, j)] = 1;
			s->spending[AT(n, j)] = X0[AT(n, j)];
		}
	for (s->rounds = 0; s->rounds < 20000; s->rounds++) {
		do { /* prices */
			moved = 0;
			for (size_t n = 0; n < N; n++)
				for (size_t j = 0; j < J; j++) {
					double log_cost = w->value_added[AT(n, j)] * log(s->wage[n]);
					for (size_t k = 0; k < J; k++)
						log_cost += w->input_share[(n * J + j) * J + k] * log(s->price[AT(n, k)]);
					s->cost[AT(n, j)] = exp(log_cost);
				}
			for (size_t n = 0; n < N; n++)
				for (size_t j = 0; j < J; j++) {
					double sum = 0;
					for (size_t i = 0; i < N; i++) {
						size_t e = EDGE(j, n, i);
						double pi = X0[AT(n, j)] > 0 ? w->flow[e] * (1 + w->tariff[e]) / X0[AT(n, j)] : 0;
						s->share[e] = pi * pow((1 + tariff[e]) / (1 + w->tariff[e]) * s->cost[AT(i, j)], -w->theta[j]);
						sum += s->share[e];
					}
					double price = sum > 0 ? pow(sum, -1 / w->theta[j]) : 1;
					for (size_t i = 0; i < N; i++)
						s->share[EDGE(j, n, i)] /= sum > 0 ? sum : 1;
					moved = fmax(moved, fabs(price / s->price[AT(n, j)] - 1));
					s->price[AT(n, j)] = price;
				}
		} while (moved > 1e-14);
		int sweeps = 0;
		do { /* spending, income */
			memset(receipts, 0, N * J * sizeof *receipts);
			for (size_t n = 0; n < N; n++)
				s->income[n] = s->wage[n] * wL[n] + deficit_share * D[n];
			for (size_t j = 0; j < J; j++)
				for (size_t n = 0; n < N; n++)
					for (size_t i = 0; i < N; i++) {
						size_t e = EDGE(j, n, i);
						double border = s->share[e] / (1 + tariff[e]) * s->spending[AT(n, j)];
						receipts[AT(i, j)] += border;
						s->income[n] += tariff[e] * border;
					}
			moved = 0;
			for (size_t n = 0; n < N; n++)
				for (size_t j = 0; j < J; j++) {
					next[AT(n, j)] = alpha[AT(n, j)] * s->income[n];
					for (size_t k = 0; k < J; k++)
						next[AT(n, j)] += w->input_share[(n * J + k) * J + j] * receipts[AT(n, k)];
					moved = fmax(moved, fabs(next[AT(n, j)] - s->spending[AT(n, j)]) / world);
				}
			memcpy(s->spending, next, N * J * sizeof *next);
		} while (moved > 1e-15 && ++sweeps < 5000);
		/* wages: labour's receipts against what it earns */
		s->residual = 0;
		double bill = 0;
		for (size_t n = 0; n < N; n++) {
			double demand = 0;
			for (size_t j = 0; j < J; j++)
				demand += w->value_added[AT(n, j)] * receipts[AT(n, j)];
			double excess = demand / (s->wage[n] * wL[n]) - 1;
			s->residual = fmax(s->residual, fabs(excess));
			s->wage[n] *= 1 + 0.2 * excess;
			bill += s->wage[n] * wL[n];
		}
		for (size_t n = 0; n < N; n++)
			s->wage[n] *= world / bill;
		if (s->residual < 1e-12)
			break;
	}
	for (size_t n = 0; n < N; n++) {
		double log_prices = 0;
		for (size_t j = 0; j < J; j++)
			log_prices += alpha[AT(n, j)] * log(s->price[AT(n, j)]);
		s->real_income[n] = s->income[n] / I0[n] / exp(log_prices) - 1;
	}
	free(X0), free(Y0), free(wL), free(D), free(I0), free(alpha), free(next), free(receipts);
#undef AT
#undef EDGE
}

static void simple_free(simple_equilibrium *s)
{
	free(s->wage), free(s->price), free(s->cost), free(s->share), free(s->spending), free(s->income), free(s->real_income);
}

#endif
