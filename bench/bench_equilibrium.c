/* Bench: the trade model by size.  Random balanced worlds, every tariff doubled, solved from cold to a residual of 1e-10; then
 * draws of all elasticities from what is kept of the answer, and what learning it took.  Processor time of one thread, the least of
 * some repeats.
 *   bench_equilibrium [FILE.svg [MOST_REGIONS]]   also draws cost against size */
#include "../tests/random_world.h"
#include "../tests/simple_equilibrium.h"

#include <truce/equilibrium.h>
#include <truce/figure.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { SIZES = 9, DRAWS = 6, TO_COME = 500 }; /* draws that are timed, and over which learning is spread */
static const size_t sizes[SIZES][2] = {{5, 5}, {10, 10}, {14, 31}, {31, 40}, {50, 45}, {77, 45}, {120, 55}, {160, 65}, {200, 65}};

struct cost {
	double setup, cold, draw, learn, certificate, memory; /* ms, ms, ms, ms, -, times the flows */
	int evaluations, draw_evaluations, learn_evaluations;
	int status;
};

static double now_ms(void)
{
	struct timespec now;
	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
	return 1e3 * (double)now.tv_sec + 1e-6 * (double)now.tv_nsec;
}

/* Memory is what a solver is seen to take: pages that were touched by set-up, update and a solve with its certificate, real incomes
 * read, over the bytes of the array of flows.  Arrays that are only asked for (shares and flows by edge, until somebody looks: two
 * arrays of flows more) do not count, nor what is kept for draws; below some hundred kilobytes it counts pages, not arrays. */
static double resident_bytes(void)
{
	double pages = 0, all;
	FILE *file = fopen("/proc/self/statm", "r");
	if (file && fscanf(file, "%lf %lf", &all, &pages) != 2)
		pages = 0;
	if (file)
		fclose(file);
	return pages * (double)sysconf(_SC_PAGESIZE);
}

static void draws(truce_equilibrium *eq, const truce_world *w, double *theta, struct cost *cost, bool learn)
{
	if (learn) { /* once: it takes as long as many solves */
		const double began = now_ms();
		cost->status = truce_equilibrium_keep(eq, TO_COME, &cost->learn_evaluations);
		cost->learn = now_ms() - began;
	}
	for (uint64_t d = 0; learn && d < DRAWS * 5 && !cost->status; d++) {
		for (size_t j = 0; j < w->sectors; j++)
			theta[j] = w->theta[j] * exp(0.2 * truce_draw_normal(7, d % DRAWS, j));
		const double began = now_ms();
		cost->status = truce_equilibrium_draw(eq, theta);
		cost->draw = fmin(cost->draw, now_ms() - began);
		const int evaluations = truce_equilibrium_get_info(eq)->evaluations;
		cost->draw_evaluations = evaluations > cost->draw_evaluations ? evaluations : cost->draw_evaluations;
	}
}

static void measure_memory(truce_context *ctx, const truce_world *w, const truce_policy *policy, struct cost *cost)
{
	truce_equilibrium *eq = NULL;
	const double resident = resident_bytes();
	cost->status = truce_equilibrium_new(ctx, &eq, w, NULL, 0);
	if (!cost->status)
		cost->status = truce_equilibrium_update(eq, policy);
	if (!cost->status)
		cost->status = truce_equilibrium_solve(eq);
	if (!cost->status && isnan(truce_equilibrium_get_regions(eq)[0].real_income))
		cost->status = TRUCE_CONVERGE;
	cost->memory = (resident_bytes() - resident) / (double)(w->regions * w->regions * w->sectors * sizeof(double));
	truce_equilibrium_free(eq);
}

/* One set-up, solve and draws; keeps the least times.  The certificate is computed outside of what is timed. */
static void measure_once(truce_context *ctx, const truce_world *w, const truce_policy *policy, double *theta, struct cost *cost,
	bool learn)
{
	truce_equilibrium_settings settings;
	truce_equilibrium *eq = NULL;
	truce_equilibrium_settings_init(&settings);
	settings.tolerance = 1e-10;
	settings.certify = false;
	const double began = now_ms();
	cost->status = truce_equilibrium_new(ctx, &eq, w, &settings, 0);
	if (!cost->status)
		cost->status = truce_equilibrium_update(eq, policy);
	const double set_up = now_ms();
	if (!cost->status)
		cost->status = truce_equilibrium_solve(eq);
	if (cost->status)
		return;
	cost->setup = fmin(cost->setup, set_up - began);
	cost->cold = fmin(cost->cold, now_ms() - began);
	cost->evaluations = truce_equilibrium_get_info(eq)->evaluations;
	const truce_equilibrium_point point = truce_equilibrium_get_point(eq);
	truce_certificate certificate;
	if (!(cost->status = truce_equilibrium_certify(ctx, &certificate, w, &settings, policy, &point)))
		cost->certificate = certificate.largest;
	draws(eq, w, theta, cost, learn);
	truce_equilibrium_free(eq);
}

static struct cost measure(truce_context *ctx, size_t regions, size_t sectors)
{
	struct cost cost = {.setup = INFINITY, .cold = INFINITY, .draw = INFINITY};
	truce_world *w = random_world_of(ctx, &(random_world_plan){regions, sectors, 1, 0.6, 0.2, 2, 10});
	const size_t edges = regions * regions * sectors;
	double *tariff = malloc(edges * sizeof *tariff), *theta = malloc(sectors * sizeof *theta);
	const truce_policy policy = {.tariff = tariff};
	if (!w || !tariff || !theta) {
		cost.status = TRUCE_MEMORY;
		goto done;
	}
	for (size_t e = 0; e < edges; e++)
		tariff[e] = 2 * w->tariff[e];
	measure_memory(ctx, w, &policy, &cost);
	const int repeats = edges < 20000 ? 50 : edges < 300000 ? 20 : 6;
	for (int k = 0; k < repeats && !cost.status; k++)
		measure_once(ctx, w, &policy, theta, &cost, k == repeats - 1);
done:
	free(tariff);
	free(theta);
	truce_world_free(w);
	return cost;
}

/* Beside the solver the way that programs of the field go, one fixed point inside another, in the plain loops that the tests
 * hold it against (to 1e-12).  Theirs need what Debian does not have (MATLAB, GEMPACK). */
static int beside(truce_context *ctx, size_t regions, size_t sectors, double solver_ms)
{
	truce_world *w = random_world_of(ctx, &(random_world_plan){regions, sectors, 1, 0.6, 0.2, 2, 10});
	const size_t edges = regions * regions * sectors;
	double *tariff = malloc(edges * sizeof *tariff);
	if (w && tariff) {
		simple_equilibrium plain;
		for (size_t e = 0; e < edges; e++)
			tariff[e] = 2 * w->tariff[e];
		const double began = now_ms();
		simple_solve(&plain, w, tariff, 1);
		const double took = now_ms() - began;
		printf("%3zu x %-3zu by fixed points in fixed points, plain loops: %.0f ms, %d rounds, %.0f times the solver\n", regions, sectors, took,
			plain.rounds, took / solver_ms);
		simple_free(&plain);
	}
	const int status = w && tariff ? TRUCE_OK : TRUCE_MEMORY;
	free(tariff);
	truce_world_free(w);
	return status;
}

static int draw(truce_context *ctx, const char *path, const struct cost *cost, size_t count)
{
	double x[SIZES], cold[SIZES], warm[SIZES], setup[SIZES];
	truce_text svg;
	for (size_t s = 0; s < count; s++) {
		x[s] = log10((double)(sizes[s][0] * sizes[s][0] * sizes[s][1]));
		cold[s] = log10(cost[s].cold);
		warm[s] = log10(cost[s].draw);
		setup[s] = log10(cost[s].setup);
	}
	const truce_figure_series lines[] = {{.name = "cold: set-up and solve", .colour = 0, .count = count, .x = x, .y = cold},
		{.name = "a draw of elasticities", .colour = 1, .dashed = true, .count = count, .x = x, .y = warm},
		{.name = "of it set-up", .colour = 2, .dashed = true, .count = count, .x = x, .y = setup}};
	const truce_figure_rule rules[] = {{.at = log10(31 * 31 * 40), .upright = true, .label = "31 × 40"},
		{.at = log10(77 * 77 * 45), .upright = true, .label = "77 × 45"}, {.at = log10(160 * 160 * 65), .upright = true, .label = "160 × 65"}};
	const truce_figure_lines data = {.x_axis = "flows (regions² × sectors), powers of ten", .y_axis = "milliseconds, powers of ten",
		.series = 3, .line = lines, .rules = 3, .rule = rules};
	const truce_figure_frame frame = {.id = "equilibrium-cost", .title = "One counterfactual costs in proportion to its flows",
		.subtitle = "processor time of one thread, 5 × 5 to 200 × 65, residual 1e-10; both axes are logs to base 10",
		.source = "bench/bench_equilibrium.c, random balanced worlds, every tariff doubled"};
	truce_text_init(&svg, ctx);
	int status = truce_figure_draw_lines(ctx, &svg, &frame, &data);
	if (!status)
		status = svg.failed ? TRUCE_MEMORY : truce_file_write(ctx, path, svg.data, svg.length);
	truce_text_free(&svg);
	return status;
}

int main(int argc, char **argv)
{
	struct cost cost[SIZES];
	size_t count = 0, most = argc > 2 ? (size_t)atol(argv[2]) : 200;
	truce_context *ctx;
	int status = TRUCE_OK;
	if (truce_context_new(&ctx, NULL))
		return 5;
	printf("%-9s %9s %9s %9s %7s %10s %12s %7s %8s %11s\n", "size", "set-up ms", "cold ms", "draw ms", "draw %", "evals", "learning",
		"over 500", "memory", "certificate");
	for (; count < SIZES && sizes[count][0] <= most && !status; count++) {
		struct cost *c = &cost[count];
		*c = measure(ctx, sizes[count][0], sizes[count][1]);
		status = c->status;
		printf("%3zu x %-3zu %9.3f %9.3f %9.3f %7.0f %5d, %3d %6.0f, %4d %7.0f%% %7.1fx %11.2g%s\n", sizes[count][0], sizes[count][1],
			c->setup, c->cold, c->draw, 100 * c->draw / c->cold, c->evaluations, c->draw_evaluations, c->learn, c->learn_evaluations,
			100 * (c->draw + c->learn / TO_COME) / c->cold, c->memory, c->certificate,
			status ? " FAILED" : "");
		fflush(stdout);
	}
	for (size_t s = 2; s < 4 && s < count && !status; s++)
		status = beside(ctx, sizes[s][0], sizes[s][1], cost[s].cold);
	if (!status && argc > 1)
		status = draw(ctx, argv[1], cost, count);
	truce_context_free(ctx);
	return status ? 1 : 0;
}
