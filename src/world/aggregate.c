/* aggregate.c: room world.  Regions and sectors added up. */
#include "world_private.h"

#include <math.h>
#include <string.h>

static size_t target(const truce_world_map *map, size_t at)
{
	return map ? map->to[at] : at;
}

static int check_map(truce_context *ctx, const truce_world_map *map, size_t count, const char *what)
{
	for (size_t i = 0; map && i < count; i++)
		if (map->to[i] >= map->count)
			return truce_fail(ctx, TRUCE_INPUT, NULL, 0, 0, NULL, "%s number %zu goes nowhere", what, i + 1);
	return TRUCE_OK;
}

static int name_all(truce_world *to, const char **ids, const char **names, const truce_world_map *map)
{
	for (size_t i = 0; i < map->count; i++) {
		ids[i] = truce_arena_text(to->arena, map->id[i]);
		names[i] = truce_arena_text(to->arena, map->name ? map->name[i] : NULL);
		if (!ids[i] || (map->name && map->name[i] && !names[i]))
			return TRUCE_MEMORY;
	}
	return TRUCE_OK;
}

/* A country of a merged region is a part of it. */
static int move_members(truce_context *ctx, truce_world *to, const truce_world *from, const truce_world_map *regions)
{
	for (size_t m = 0; m < from->members; m++) {
		size_t n = target(regions, from->member_region[m]), merged = 0;
		for (size_t r = 0; r < from->regions; r++)
			merged += target(regions, r) == n;
		int error = truce_world_add_member(ctx, to, from->member[m], n, from->member_whole[m] && merged == 1);
		if (error)
			return error;
	}
	return TRUCE_OK;
}

/* Means by what is bought. */
static int add_marketing(truce_world *to, const truce_world *from, const truce_world_map *regions, const struct world_sums *sums)
{
	if (truce_world_keep_marketing(to))
		return TRUCE_MEMORY;
	for (size_t m = 0; m < to->regions; m++) {
		double bought = 0;
		for (size_t n = 0; n < from->regions; n++)
			for (size_t j = 0; target(regions, n) == m && j < from->sectors; j++) {
				to->marketing[m] += from->marketing[n] * sums->spending[n * from->sectors + j];
				bought += sums->spending[n * from->sectors + j];
			}
		to->marketing[m] = bought > 0 ? to->marketing[m] / bought : 0;
	}
	return TRUCE_OK;
}

static void add_edges(truce_world *to, const truce_world *from, const truce_world_map *regions,
	const truce_world_map *sectors, double *plain, double *edges)
{
	for (size_t j = 0; j < from->sectors; j++)
		for (size_t n = 0; n < from->regions; n++)
			for (size_t i = 0; i < from->regions; i++) {
				size_t e = truce_world_edge(from, j, n, i), a = target(regions, n), b = target(regions, i);
				size_t f = truce_world_edge(to, target(sectors, j), a, b);
				to->flow[f] += from->flow[e];
				if (from->estimated && from->estimated[e] && from->flow[e] > 0)
					to->estimated[f] = 1;
				if (a == b)
					continue;
				to->tariff[f] += from->flow[e] * from->tariff[e];
				plain[f] += from->tariff[e];
				edges[f] += 1;
			}
	size_t count = to->regions * to->regions * to->sectors;
	for (size_t f = 0; f < count; f++)
		if (edges[f] > 0)
			to->tariff[f] = to->flow[f] > 0 ? to->tariff[f] / to->flow[f] : plain[f] / edges[f];
}

static void add_technology(truce_world *to, const truce_world *from, const truce_world_map *regions,
	const truce_world_map *sectors, const struct world_sums *sums, double *output)
{
	size_t J = from->sectors, K = to->sectors;
	for (size_t n = 0; n < from->regions; n++)
		for (size_t k = 0; k < J; k++) {
			size_t m = target(regions, n), l = target(sectors, k);
			double made = sums->output[n * J + k];
			output[m * K + l] += made;
			to->value_added[m * K + l] += from->value_added[n * J + k] * made;
			for (size_t j = 0; j < J; j++)
				to->input_share[world_input(to, m, l, target(sectors, j))] +=
					from->input_share[world_input(from, n, k, j)] * made;
		}
	for (size_t m = 0; m < to->regions; m++)
		for (size_t l = 0; l < K; l++) {
			if (!(output[m * K + l] > 0))
				continue;
			to->value_added[m * K + l] /= output[m * K + l];
			for (size_t j = 0; j < K; j++)
				to->input_share[world_input(to, m, l, j)] /= output[m * K + l];
		}
}

/* Weighted by trade between the regions of the new world: what an elasticity is about.  Sectors without trade: plain means. */
static void add_elasticities(truce_world *to, const truce_world *from, const truce_world_map *regions,
	const truce_world_map *sectors)
{
	for (size_t l = 0; l < to->sectors; l++) {
		double weight = 0, theta = 0, variance = 0, psi = 0;
		for (int plain = 0; plain < 2 && !(weight > 0); plain++)
			for (size_t j = 0; j < from->sectors; j++) {
				double w = plain;
				if (target(sectors, j) != l)
					continue;
				for (size_t n = 0; n < from->regions && !plain; n++)
					for (size_t i = 0; i < from->regions; i++)
						if (target(regions, n) != target(regions, i))
							w += from->flow[truce_world_edge(from, j, n, i)];
				if (!(w > 0))
					continue; /* 0 x NaN is NaN */
				weight += w;
				theta += w * from->theta[j];
				variance += w * w * from->theta_se[j] * from->theta_se[j];
				psi += w * from->psi[j];
			}
		to->theta[l] = theta / weight;
		to->theta_se[l] = sqrt(variance) / weight;
		to->psi[l] = psi / weight;
	}
}

static int add_final(truce_world *to, const truce_world *from, const truce_world_map *regions,
	const truce_world_map *sectors, const struct world_sums *sums)
{
	if (truce_world_keep_final(to))
		return TRUCE_MEMORY;
	for (size_t n = 0; n < from->regions; n++)
		for (size_t j = 0; j < from->sectors; j++)
			to->final_share[target(regions, n) * to->sectors + target(sectors, j)] +=
				from->final_share[n * from->sectors + j] * sums->income[n];
	for (size_t m = 0; m < to->regions; m++) {
		double *share = to->final_share + m * to->sectors, all = 0;
		for (size_t l = 0; l < to->sectors; l++)
			all += share[l];
		for (size_t l = 0; l < to->sectors; l++)
			share[l] /= all;
	}
	return TRUCE_OK;
}

int truce_world_aggregate(truce_context *ctx, truce_world **out, const truce_world *world, const truce_world_map *regions,
	const truce_world_map *sectors)
{
	size_t N = regions ? regions->count : world->regions, J = sectors ? sectors->count : world->sectors;
	struct world_sums sums = { 0 };
	truce_world *to = NULL;
	double *room = NULL;
	int error;

	*out = NULL;
	if ((error = check_map(ctx, regions, world->regions, "region")) ||
		(error = check_map(ctx, sectors, world->sectors, "sector")) || (error = world_sums_make(ctx, &sums, world)) ||
		(error = truce_world_new(ctx, &to, N, J)) ||
		(error = world_copy_texts(ctx, to, world, !regions, !sectors)))
		goto done;
	if ((regions && (error = name_all(to, to->region, to->region_name, regions))) ||
		(sectors && (error = name_all(to, to->sector, to->sector_name, sectors))) ||
		(regions && (error = move_members(ctx, to, world, regions))) ||
		(regions && world->marketing && (error = add_marketing(to, world, regions, &sums))) ||
		(world->estimated && (error = truce_world_keep_estimated(to))))
		goto done;
	room = truce_allocate_zero(ctx, 2 * N * N * J + N * J, sizeof *room);
	if (!room) {
		error = TRUCE_MEMORY;
		goto done;
	}
	add_edges(to, world, regions, sectors, room, room + N * N * J);
	add_technology(to, world, regions, sectors, &sums, room + 2 * N * N * J);
	add_elasticities(to, world, regions, sectors);
	/* A balanced table stays one with final demand as the residual; else the final shares are what is known. */
	if (!world->balanced && world->final_share && (error = add_final(to, world, regions, sectors, &sums)))
		goto done;
	if ((error = truce_world_finish(ctx, to, NULL, &(truce_world_rules){ .negative_input = 1e-3 })))
		goto done;
	*out = to;
	to = NULL;
done:
	truce_release(ctx, room);
	world_sums_free(ctx, &sums);
	truce_world_free(to);
	return error;
}
