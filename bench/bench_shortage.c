/* How long a year of days takes, and what it keeps in memory, by size.
 *
 *     bench_shortage [--svg FILE] [W.world]
 *
 * Synthetic worlds (regions x sectors, imports proportional), then sparse networks in which every need has a market and a
 * seller of its own, with ever more non-zero coefficients; then the world of a file.  Best of three; one thread. */
#include <truce/figure.h>
#include <truce/shortage.h>

#include <malloc.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static size_t live, peak;

/* What was measured, for the figure. */
static struct {
	size_t count;
	double work[64], year[64]; /* log10 of needs and links, and of ms */
	int group[64];             /* 0 a world, 1 a sparse network */
} points;

static void *counting(void *user, void *block, size_t size)
{
	(void)user;
	live -= block ? malloc_usable_size(block) : 0;
	if (!size) {
		free(block);
		return NULL;
	}
	void *moved = realloc(block, size);
	live += moved ? malloc_usable_size(moved) : 0;
	peak = live > peak ? live : peak;
	return moved;
}

static double now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void measure(truce_context *ctx, const char *name, const truce_shortage_network *net)
{
	truce_shortage_loss loss = {0, 0.5, 10, 60};
	truce_shortage_ban ban = {.market = (uint32_t)(net->markets / 2), .seller = TRUCE_SHORTAGE_ALL, .from = 10, .to = 100};
	truce_shortage_scenario scenario = {.losses = 1, .loss = &loss, .bans = 1, .ban = &ban};
	truce_shortage_sim *sim;
	size_t before = live;
	double best = INFINITY, begin = now();

	peak = live;
	if (truce_shortage_new(ctx, &sim, net, NULL, &scenario)) {
		for (size_t i = 0; i < truce_diagnostic_count(ctx); i++)
			fprintf(stderr, "%s\n", truce_diagnostic_at(ctx, i)->what);
		exit(1);
	}
	double setup = now() - begin;
	for (int i = 0; i < 3; i++) {
		truce_shortage_reset(sim);
		begin = now();
		if (truce_shortage_run(sim, 365, NULL))
			exit(1);
		best = fmin(best, now() - begin);
	}
	double work = (double)(net->needs + net->links);
	printf("%-26s %6zu %9zu %9zu %9.2f %9.2f %9.2f %9.2f %8.0f\n", name, net->cells, net->needs, net->links, 1e3 * setup, 1e3 * best,
		1e9 * best / 365 / work, (double)(peak - before) / 1e6, (double)(peak - before) / work);
	truce_shortage_free(sim);
	if (points.count < 64) {
		points.work[points.count] = log10(work);
		points.year[points.count] = log10(1e3 * best);
		points.group[points.count++] = strncmp(name, "sparse", 6) == 0;
	}
}

/* Time against size, both as powers of ten: work in proportion is a straight line of slope 1. */
static int draw(truce_context *ctx, const char *path)
{
	static const char *const groups[] = {"worlds", "sparse networks"};
	truce_figure_frame frame = {.title = "A year of days against the size of the network",
		.subtitle = "Powers of ten: a straight line of slope 1 is time in proportion to needs and links",
		.source = "build/bench/bench_shortage --svg FILE"};
	truce_figure_scatter data = {.points = points.count, .x = points.work, .y = points.year, .group = points.group, .groups = 2,
		.group_name = groups, .x_axis = "needs and links, power of ten", .y_axis = "milliseconds, power of ten"};
	truce_text out;
	truce_text_init(&out, ctx);
	int status = truce_figure_draw_scatter(ctx, &out, &frame, &data);
	if (!status)
		status = truce_file_write(ctx, path, out.data, out.length);
	truce_text_free(&out);
	return status;
}

/* regions x sectors; every good in a region is bought by all its users from all regions. */
static void world_like(truce_context *ctx, uint32_t regions, uint32_t sectors)
{
	size_t cells = (size_t)regions * sectors, k = 0, l = 0;
	truce_shortage_network net = {cells, cells * sectors, cells, cells * regions, regions,
		calloc(cells, sizeof(truce_shortage_cell)), calloc(cells * sectors, sizeof(truce_shortage_need)),
		calloc(cells + 1, sizeof(size_t)), calloc(cells + 1, sizeof(truce_shortage_market)),
		calloc(cells * regions, sizeof(truce_shortage_link))};
	char name[64];
	for (uint32_t i = 0; i < cells; i++) {
		net.cell[i] = (truce_shortage_cell){"cell", 1, 1, 0.5, i / sectors};
		net.need_begin[i] = k;
		for (uint32_t j = 0; j < sectors; j++)
			net.need[k++] = (truce_shortage_need){i, i / sectors * sectors + j, 0.5 / sectors, 20 + j % 9, 1,
				j % 7 == 0 ? TRUCE_SHORTAGE_CRITICAL : j % 7 == 1 ? TRUCE_SHORTAGE_IMPORTANT : TRUCE_SHORTAGE_OTHER, 1};
		net.market[i] = (truce_shortage_market){"market", l, 0.3, 0.2, i / sectors, false};
		for (uint32_t r = 0; r < regions; r++)
			net.link[l++] = (truce_shortage_link){r * sectors + i % sectors, 1.0 / regions};
	}
	net.need_begin[cells] = k;
	net.market[cells].link_begin = l;
	snprintf(name, sizeof name, "world %u x %u", (unsigned)regions, (unsigned)sectors);
	measure(ctx, name, &net);
	free(net.cell);
	free(net.need);
	free(net.need_begin);
	free(net.market);
	free(net.link);
}

/* n cells, each with `each` needs of other cells: a market and a link a need, so that the work is the non-zeros. */
static void sparse(truce_context *ctx, uint32_t n, uint32_t each)
{
	size_t needs = (size_t)n * each, k = 0;
	truce_shortage_network net = {n, needs, needs + n, needs + n, 1, calloc(n, sizeof(truce_shortage_cell)),
		calloc(needs, sizeof(truce_shortage_need)), calloc(n + 1, sizeof(size_t)),
		calloc(needs + n + 1, sizeof(truce_shortage_market)), calloc(needs + n, sizeof(truce_shortage_link))};
	char name[64];
	for (uint32_t i = 0; i < n; i++) {
		net.cell[i] = (truce_shortage_cell){"cell", 1, 1, 0.5, 0};
		net.need_begin[i] = k;
		for (uint32_t e = 0; e < each; e++, k++) {
			net.need[k] = (truce_shortage_need){i, (uint32_t)k, 0.5 / each, 20, 1,
				e == 0 ? TRUCE_SHORTAGE_CRITICAL : TRUCE_SHORTAGE_OTHER, 1};
			net.market[k] = (truce_shortage_market){"edge", k, 0, 0, 0, false};
			net.link[k] = (truce_shortage_link){(uint32_t)((i + 1 + (uint64_t)e * 7919) % n), 1};
		}
	}
	net.need_begin[n] = k;
	for (uint32_t i = 0; i < n; i++) {
		net.market[needs + i] = (truce_shortage_market){"final", needs + i, 0.3, 0.2, 0, false};
		net.link[needs + i] = (truce_shortage_link){i, 1};
	}
	net.market[needs + n].link_begin = needs + n;
	snprintf(name, sizeof name, "sparse %u, %u inputs each", (unsigned)n, (unsigned)each);
	measure(ctx, name, &net);
	free(net.cell);
	free(net.need);
	free(net.need_begin);
	free(net.market);
	free(net.link);
}

int main(int argc, char **argv)
{
	truce_context_options options = {.allocate = counting};
	const char *svg = argc > 2 && strcmp(argv[1], "--svg") == 0 ? argv[2] : NULL;
	truce_context *ctx;
	if (truce_context_new(&ctx, &options))
		return 5;
	printf("%-26s %6s %9s %9s %9s %9s %9s %9s %8s\n", "a year of days", "cells", "needs", "links", "set-up ms", "year ms",
		"ns a step", "MB", "bytes");
	printf("%-26s %6s %9s %9s %9s %9s %9s %9s %8s\n", "", "", "", "", "", "", "each", "", "each");
	world_like(ctx, 10, 45);
	world_like(ctx, 14, 31);
	world_like(ctx, 30, 45);
	world_like(ctx, 77, 45);
	for (uint32_t each = 4; each <= 256; each *= 4)
		sparse(ctx, 450, each);
	for (uint32_t each = 4; each <= 256; each *= 4)
		sparse(ctx, 3465, each);
	for (int i = svg ? 3 : 1; i < argc; i++) {
		truce_world *world;
		truce_arena *arena;
		truce_shortage_network net;
		if (truce_world_read(ctx, &world, argv[i]) || truce_arena_new(ctx, &arena) ||
			truce_shortage_network_from_world(ctx, arena, &net, world, NULL, NULL)) {
			fprintf(stderr, "%s cannot be used\n", argv[i]);
			return 3;
		}
		measure(ctx, world->name ? world->name : argv[i], &net);
		truce_arena_free(arena);
		truce_world_free(world);
	}
	int status = svg ? draw(ctx, svg) : TRUCE_OK;
	truce_context_free(ctx);
	return truce_error_exit_status(status);
}
