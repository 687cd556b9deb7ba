/* Bench: the gradient of a region's real income in all tariffs against a solve, by size; and on the data of Ossa (2014), where
 * they are beside the project, his optimal and Nash tariffs against the time he published (96 minutes for Nash).  Times
 * are the least of several repeats: processor time of the one thread; for two threads, time by the clock. */
#include "../tests/random_world.h"

#include <truce/policy.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static double now_ms(void)
{
	struct timespec now;
	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
	return 1e3 * (double)now.tv_sec + 1e-6 * (double)now.tv_nsec;
}

/* Cold solves of doubled tariffs, each followed by a gradient that knows nothing of the last. */
static int compare(truce_context *ctx, const truce_world *world)
{
	const size_t N = world->regions, edges = world->sectors * N * N;
	double *tariff = malloc(edges * sizeof *tariff), *gradient = malloc(edges * sizeof *gradient), *slope = calloc(N, sizeof *slope);
	double solve = INFINITY, adjoint = INFINITY;
	truce_adjoint_info info = {0};
	truce_equilibrium *eq = NULL;
	truce_equilibrium_settings settings;
	truce_equilibrium_settings_init(&settings);
	settings.certify = false;
	int status = tariff && gradient && slope ? truce_equilibrium_new(ctx, &eq, world, &settings, 0) : TRUCE_MEMORY;
	for (size_t e = 0; e < edges && !status; e++)
		tariff[e] = 2 * world->tariff[e];
	for (int k = 0; k < 7 && !status; k++) {
		truce_adjoint *a = NULL;
		truce_equilibrium_cold(eq);
		double began = now_ms();
		if ((status = truce_equilibrium_update(eq, &(truce_policy){.tariff = tariff})) || (status = truce_equilibrium_solve(eq)))
			break;
		solve = fmin(solve, now_ms() - began);
		slope[0] = 1 / (1 + truce_equilibrium_get_result(eq)->region[0].real_income);
		if ((status = truce_adjoint_new(ctx, &a, eq)))
			break;
		began = now_ms();
		status = truce_adjoint_gradient(a, gradient, NULL, slope, NULL);
		adjoint = fmin(adjoint, now_ms() - began);
		info = truce_adjoint_get_info(a);
		truce_adjoint_free(a);
	}
	if (!status)
		printf("%3zu x %-6zu %12.3f %14.3f %9.2f %12d %12.1g\n", N, world->sectors, solve, adjoint, adjoint / solve, info.iterations, info.residual);
	truce_equilibrium_free(eq);
	free(tariff), free(gradient), free(slope);
	return status;
}

/* [rows][columns] of numbers without a head */
static int read_numbers(truce_context *ctx, double *out, const char *path, size_t rows, size_t columns)
{
	truce_csv *csv;
	int got, status = truce_csv_open_bare(ctx, &csv, path, columns);
	if (status)
		return status;
	for (size_t r = 0; !status && r < rows && (got = truce_csv_next(csv)) > 0; r++)
		for (size_t c = 0; !status && c < columns; c++)
			status = truce_csv_double(csv, c, &out[r * columns + c]);
	truce_csv_close(csv);
	return status;
}

/* 7 regions, 33 sectors; net exports taken to 0. */
static truce_world *ossa(truce_context *ctx, const truce_equilibrium_settings *settings, const char *folder)
{
	enum { N = 7, J = 33 };
	static const char *const regions[N] = {"BRA", "CHN", "EU", "IND", "JPN", "ROW", "US"};
	static double trade[J * N * N], tariff[J * N * N], sigma[J * 5];
	truce_world *raw, *base = NULL;
	truce_equilibrium *eq = NULL;
	truce_equilibrium_settings balance = *settings;
	char path[4096];
	balance.deficits = TRUCE_DEFICITS_ZERO;
	snprintf(path, sizeof path, "%s/trade_ijs.csv", folder);
	if (!truce_file_exists(path) || read_numbers(ctx, trade, path, J * N, N))
		return NULL;
	snprintf(path, sizeof path, "%s/tariff_ijs.csv", folder);
	if (read_numbers(ctx, tariff, path, J * N, N))
		return NULL;
	snprintf(path, sizeof path, "%s/sigma_s.csv", folder);
	if (read_numbers(ctx, sigma, path, J, 5) || truce_world_new(ctx, &raw, N, J))
		return NULL;
	raw->name = "ossa";
	raw->year = "2007";
	for (size_t n = 0; n < N; n++)
		raw->region[n] = regions[n];
	for (size_t j = 0; j < J; j++) {
		raw->sector[j] = truce_arena_printf(raw->arena, "s%02zu", j + 1);
		raw->theta[j] = sigma[j * 5] - 1;
		for (size_t n = 0; n < N; n++) {
			raw->value_added[n * J + j] = 1;
			for (size_t i = 0; i < N; i++) {
				raw->flow[truce_world_edge(raw, j, n, i)] = 1e6 * trade[(j * N + i) * N + n];
				raw->tariff[truce_world_edge(raw, j, n, i)] = n == i ? 0 : tariff[(j * N + i) * N + n];
			}
		}
	}
	if (!truce_world_finish(ctx, raw, "ossa", &(truce_world_rules){.imbalance_limit = 10, .quiet = true}) &&
		!truce_equilibrium_new(ctx, &eq, raw, &balance, 0) && !truce_equilibrium_solve(eq))
		truce_equilibrium_save(eq, &base, NULL);
	truce_equilibrium_free(eq);
	truce_world_free(raw);
	return base;
}

static int play(truce_context *ctx, const truce_world *w, const truce_equilibrium_settings *settings)
{
	truce_policy_options options;
	truce_outcome *o = NULL;
	truce_arena *arena;
	size_t players[7];
	int status = truce_arena_new(ctx, &arena);
	truce_policy_options_init(&options);
	printf("\nOssa (2014), 7 x 33\n%-24s %10s %8s %14s %12s %12s\n", "", "ms", "solves", "own gain %", "kkt", "eigenvalue");
	for (size_t n = 0; n < w->regions && !status; n++) {
		double least = INFINITY;
		players[n] = n;
		for (int k = 0; k < 5 && !status; k++) {
			const double began = now_ms();
			status = truce_policy_optimal(ctx, arena, &o, w, settings, &options, n, NULL);
			least = fmin(least, now_ms() - began);
		}
		if (!status)
			printf("optimal %-16s %10.1f %8d %14.5f %12.1g %12.3g\n", w->region[n], least, o->evaluations, 100 * o->optimum[0].real_income,
				o->optimum[0].kkt, o->optimum[0].curvature);
	}
	for (int threads = 1; threads <= 2 && !status; threads++) {
		double least = INFINITY;
		options.threads = threads;
		for (int k = 0; k < 5 && !status; k++) {
			const double began = now_ms();
			status = truce_policy_nash(ctx, arena, &o, w, settings, &options, players, w->regions, NULL);
			least = fmin(least, threads > 1 && !status ? o->milliseconds : now_ms() - began);
		}
		if (!status)
			printf("Nash, %d thread%-10s %10.1f %8d   gain left %.1g; published time over this: %.0f\n", threads, threads > 1 ? "s" : "", least,
				o->evaluations, o->largest_gain, 96 * 60e3 / least);
	}
	const double began = now_ms();
	if (!status && !(status = truce_policy_cooperative(ctx, arena, &o, w, settings, &options, TRUCE_TOGETHER_EQUAL, players, w->regions, NULL))) {
		const double took = now_ms() - began;
		printf("cooperative, equal gains %9.1f %8d %14.5f   published time over this: %.0f\n", took, o->evaluations, 100 * expm1(o->common_gain),
			50 * 3600e3 / took);
	}
	truce_arena_free(arena);
	return status;
}

int main(void)
{
	static const size_t sizes[][2] = {{5, 5}, {7, 33}, {14, 31}, {31, 40}, {77, 45}};
	truce_context *ctx;
	truce_equilibrium_settings settings;
	int status = truce_context_new(&ctx, NULL);
	if (status)
		return 5;
	printf("%-12s %12s %14s %9s %12s %12s\n", "size", "solve ms", "gradient ms", "ratio", "products", "residual");
	for (size_t s = 0; s < sizeof sizes / sizeof *sizes && !status; s++) {
		truce_world *world = random_world_of(ctx, &(random_world_plan){sizes[s][0], sizes[s][1], 1, 0.6, 0.2, 2, 10});
		status = world ? compare(ctx, world) : TRUCE_MEMORY;
		truce_world_free(world);
	}
	truce_equilibrium_settings_init(&settings);
	settings.market = TRUCE_MARKET_RESTRICTED;
	truce_world *w = status ? NULL : ossa(ctx, &settings, "../shared/data/models/ossa-7x33-2007");
	if (w)
		status = play(ctx, w, &settings);
	else
		printf("Ossa's data are not beside the project: not measured\n");
	truce_world_free(w);
	for (size_t k = 0; k < truce_diagnostic_count(ctx); k++)
		printf("%s\n", truce_diagnostic_at(ctx, k)->what);
	truce_context_free(ctx);
	return status ? 1 : 0;
}
