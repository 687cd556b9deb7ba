/* The trade model in the plainest way over complex numbers, as an oracle for gradients: with an imaginary step of 1e-30 in a
 * tariff the imaginary parts are derivatives to the last digit (Squire and Trapp 1998).  Mobile labour, Cobb-Douglas,
 * perfect competition or restricted entry, deficits fixed or zero.  Slow, and meant to be read. */
#ifndef TRUCE_COMPLEX_EQUILIBRIUM_H
#define TRUCE_COMPLEX_EQUILIBRIUM_H

#include <truce/world.h>

#include <complex.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

typedef double _Complex z;

/* Both parts, for judging convergence; the imaginary one in units of the step. */
static double complex_size(z a)
{
	return fabs(creal(a)) + 1e30 * fabs(cimag(a));
}

/* log real income [N] (ratio to the baseline) at tariffs [J][N][N]; false where the loops did not settle. */
static bool complex_solve(z *log_income, const truce_world *w, const z *tariff, bool restricted, double deficit_share)
{
	const size_t N = w->regions, J = w->sectors;
#define AT(n, j) ((n) * J + (j))
#define EDGE(j, n, i) (((j) * N + (n)) * N + (i))
	double *X0 = calloc(N * J, sizeof *X0), *Y0 = calloc(N * J, sizeof *Y0), *wL = calloc(N, sizeof *wL), *D = calloc(N, sizeof *D);
	double *I0 = calloc(N, sizeof *I0), *alpha = calloc(N * J, sizeof *alpha), world = 0;
	z *wage = calloc(N, sizeof *wage), *price = calloc(N * J, sizeof *price), *cost = calloc(N * J, sizeof *cost);
	z *share = calloc(N * N * J, sizeof *share), *spending = calloc(N * J, sizeof *spending), *sales = calloc(N * J, sizeof *sales);
	z *income = calloc(N, sizeof *income);
	for (size_t j = 0; j < J; j++)
		for (size_t n = 0; n < N; n++)
			for (size_t i = 0; i < N; i++) {
				const double m = w->flow[EDGE(j, n, i)];
				X0[AT(n, j)] += m * (1 + w->tariff[EDGE(j, n, i)]);
				Y0[AT(i, j)] += m;
				I0[n] += m * w->tariff[EDGE(j, n, i)];
				D[n] += m;
				D[i] -= m;
			}
	for (size_t n = 0; n < N; n++) {
		for (size_t j = 0; j < J; j++) {
			const double profit = restricted ? Y0[AT(n, j)] / (1 + w->theta[j]) : 0;
			wL[n] += w->value_added[AT(n, j)] * Y0[AT(n, j)] - profit;
			I0[n] += profit;
		}
		I0[n] += wL[n] + D[n];
		world += wL[n];
		wage[n] = 1;
	}
	for (size_t n = 0; n < N; n++)
		for (size_t j = 0; j < J; j++) {
			double use = 0;
			for (size_t k = 0; k < J; k++)
				use += w->input_share[(n * J + k) * J + j] * Y0[AT(n, k)];
			alpha[AT(n, j)] = w->final_share ? w->final_share[AT(n, j)] : (X0[AT(n, j)] - use) / I0[n];
			price[AT(n, j)] = 1;
			spending[AT(n, j)] = X0[AT(n, j)];
		}
	double excess = INFINITY;
	for (int round = 0; round < 6000 && excess > 3e-13; round++) {
		double moved;
		do { /* prices */
			moved = 0;
			for (size_t n = 0; n < N; n++)
				for (size_t j = 0; j < J; j++) {
					const double margin = restricted ? 1 / (1 + w->theta[j]) : 0;
					z log_cost = (w->value_added[AT(n, j)] - margin) * clog(wage[n]);
					for (size_t k = 0; k < J; k++)
						log_cost += w->input_share[(n * J + j) * J + k] * clog(price[AT(n, k)]);
					cost[AT(n, j)] = cexp(log_cost / (1 - margin));
				}
			for (size_t n = 0; n < N; n++)
				for (size_t j = 0; j < J; j++) {
					z sum = 0;
					for (size_t i = 0; i < N; i++) {
						const size_t e = EDGE(j, n, i);
						const double pi = w->flow[e] * (1 + w->tariff[e]) / X0[AT(n, j)];
						share[e] = pi * cexp(-w->theta[j] * clog((1 + tariff[e]) / (1 + w->tariff[e]) * cost[AT(i, j)]));
						sum += share[e];
					}
					const z next = cexp(-clog(sum) / w->theta[j]);
					for (size_t i = 0; i < N; i++)
						share[EDGE(j, n, i)] /= sum;
					moved = fmax(moved, complex_size(next / price[AT(n, j)] - 1));
					price[AT(n, j)] = next;
				}
		} while (moved > 1e-13);
		do { /* spending and income */
			moved = 0;
			for (size_t nj = 0; nj < N * J; nj++)
				sales[nj] = 0;
			for (size_t n = 0; n < N; n++)
				income[n] = wage[n] * wL[n] + deficit_share * D[n];
			for (size_t j = 0; j < J; j++)
				for (size_t n = 0; n < N; n++)
					for (size_t i = 0; i < N; i++) {
						const size_t e = EDGE(j, n, i);
						const z border = share[e] / (1 + tariff[e]) * spending[AT(n, j)];
						sales[AT(i, j)] += border;
						income[n] += tariff[e] * border;
					}
			for (size_t n = 0; n < N; n++)
				for (size_t j = 0; j < J && restricted; j++)
					income[n] += sales[AT(n, j)] / (1 + w->theta[j]);
			for (size_t n = 0; n < N; n++)
				for (size_t j = 0; j < J; j++) {
					z next = alpha[AT(n, j)] * income[n];
					for (size_t k = 0; k < J; k++)
						next += w->input_share[(n * J + k) * J + j] * sales[AT(n, k)];
					moved = fmax(moved, complex_size((next - spending[AT(n, j)]) / world));
					spending[AT(n, j)] = next;
				}
		} while (moved > 1e-14);
		z bill = 0;
		excess = 0;
		for (size_t n = 0; n < N; n++) {
			z demand = 0;
			for (size_t j = 0; j < J; j++)
				demand += (w->value_added[AT(n, j)] - (restricted ? 1 / (1 + w->theta[j]) : 0)) * sales[AT(n, j)];
			const z gap = demand / (wage[n] * wL[n]) - 1;
			excess = fmax(excess, complex_size(gap));
			wage[n] *= 1 + 0.25 * gap;
			bill += wage[n] * wL[n];
		}
		for (size_t n = 0; n < N; n++)
			wage[n] *= world / bill;
	}
	for (size_t n = 0; n < N; n++) {
		log_income[n] = clog(income[n] / I0[n]);
		for (size_t j = 0; j < J; j++)
			log_income[n] -= alpha[AT(n, j)] * clog(price[AT(n, j)]);
	}
	free(X0), free(Y0), free(wL), free(D), free(I0), free(alpha), free(wage), free(price), free(cost), free(share), free(spending),
		free(sales), free(income);
	return excess <= 3e-12;
#undef AT
#undef EDGE
}

#endif
