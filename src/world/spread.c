/* spread.c: room world.  Regions split by the pattern of a finer world. */
#include "world_private.h"

#include <math.h>
#include <string.h>

/* The mean tariff that a region levies on the others, weighted by flows; 0 where it buys nothing. */
static double mean_tariff(const truce_world *world, size_t j, size_t n)
{
	double duty = 0, value = 0;
	for (size_t i = 0; i < world->regions; i++) {
		size_t e = truce_world_edge(world, j, n, i);
		if (i != n) {
			duty += world->flow[e] * world->tariff[e];
			value += world->flow[e];
		}
	}
	return value > 0 ? duty / value : 0;
}

/* Flows of one sector.  A block of which the pattern knows nothing is spread evenly. */
static void spread_sector(truce_world *to, const truce_world *world, const truce_world *pattern, const size_t *regions,
	size_t j, size_t p, double *block, double *cells)
{
	size_t P = pattern->regions, N = world->regions;

	for (size_t e = 0; e < N * N; e++)
		block[e] = cells[e] = 0;
	for (size_t n = 0; n < P; n++)
		for (size_t i = 0; i < P; i++) {
			block[regions[n] * N + regions[i]] += pattern->flow[truce_world_edge(pattern, p, n, i)];
			cells[regions[n] * N + regions[i]] += 1;
		}
	for (size_t n = 0; n < P; n++)
		for (size_t i = 0; i < P; i++) {
			size_t b = regions[n] * N + regions[i], e = truce_world_edge(to, j, n, i);
			size_t coarse = truce_world_edge(world, j, regions[n], regions[i]);
			double part = block[b] > 0 ? pattern->flow[truce_world_edge(pattern, p, n, i)] / block[b] : 1 / cells[b];
			to->flow[e] = world->flow[coarse] * part;
			to->estimated[e] = cells[b] > 1 || (world->estimated && world->estimated[coarse]);
			if (n != i)
				to->tariff[e] = regions[n] == regions[i] ? mean_tariff(world, j, regions[n]) : world->tariff[coarse];
		}
}

int truce_world_spread(truce_context *ctx, truce_world **out, const truce_world *world, const truce_world *pattern,
	const size_t *regions, const size_t *pattern_sector)
{
	size_t P = pattern->regions, N = world->regions, J = world->sectors;
	truce_world *to = NULL;
	double *room = NULL;
	int error;

	*out = NULL;
	for (size_t n = 0; n < P; n++)
		if (regions[n] >= N)
			return truce_fail(ctx, TRUCE_INPUT, NULL, 0, 0, NULL, "region %s of the pattern lies nowhere", pattern->region[n]);
	for (size_t j = 0; j < J; j++)
		if (pattern_sector[j] >= pattern->sectors)
			return truce_fail(ctx, TRUCE_INPUT, NULL, 0, 0, NULL, "sector %s has no pattern", world->sector[j]);
	if ((error = truce_world_new(ctx, &to, P, J)) || (error = world_copy_texts(ctx, to, world, false, true)) ||
		(error = truce_world_keep_estimated(to)) || (world->marketing && (error = truce_world_keep_marketing(to))))
		goto done;
	room = truce_allocate(ctx, 2 * N * N * sizeof *room);
	if (!room) {
		error = TRUCE_MEMORY;
		goto done;
	}
	for (size_t n = 0; n < P; n++) {
		to->region[n] = truce_arena_text(to->arena, pattern->region[n]);
		to->region_name[n] = truce_arena_text(to->arena, pattern->region_name[n]);
		if (!to->region[n] || (pattern->region_name[n] && !to->region_name[n])) {
			error = TRUCE_MEMORY;
			goto done;
		}
		if (world->marketing)
			to->marketing[n] = world->marketing[regions[n]];
		memcpy(to->value_added + n * J, world->value_added + regions[n] * J, J * sizeof(double));
		memcpy(to->input_share + world_input(to, n, 0, 0), world->input_share + world_input(world, regions[n], 0, 0),
			J * J * sizeof(double));
	}
	for (size_t m = 0; m < pattern->members; m++)
		if ((error = truce_world_add_member(ctx, to, pattern->member[m], pattern->member_region[m],
				pattern->member_whole[m])))
			goto done;
	memcpy(to->theta, world->theta, J * sizeof(double));
	memcpy(to->theta_se, world->theta_se, J * sizeof(double));
	memcpy(to->psi, world->psi, J * sizeof(double));
	for (size_t j = 0; j < J; j++)
		spread_sector(to, world, pattern, regions, j, pattern_sector[j], room, room + N * N);
	/* The parts do not balance one by one: how far they are off is no fault of the table. */
	if ((error = truce_world_finish(ctx, to, NULL, &(truce_world_rules){ .imbalance_limit = 1e9, .quiet = true })))
		goto done;
	*out = to;
	to = NULL;
done:
	truce_release(ctx, room);
	truce_world_free(to);
	return error;
}
