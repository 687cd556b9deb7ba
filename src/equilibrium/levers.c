/* equilibrium: which wedges players can move, and where searches begin. */
#include "game.h"

#include <math.h>
#include <string.h>

void truce_policy_options_init(truce_policy_options *options)
{
	*options = (truce_policy_options){.imports = true, .low = -0.5, .high = 10, .tolerance = 1e-8, .iterations = 1000, .starts = 1,
		.seed = 1, .threads = 1, .rounds = 60, .gain = 1e-11, .prove = true};
}

/* Edges of a player towards its partners in a sector are put under the open lever. */
static void put_sector(struct eq_levers *l, const truce_world *w, const truce_policy_options *o, size_t player, size_t j, bool exports)
{
	const double income = truce_world_gdp(w, player);
	for (size_t i = 0; i < w->regions; i++) {
		const size_t e = exports ? truce_world_edge(w, j, i, player) : truce_world_edge(w, j, player, i);
		if (i == player || !(w->flow[e] > 0) || (o->partners && !o->partners[i]))
			continue;
		l->edge[l->first[l->count + 1]++] = e;
		const double weight = w->flow[e] / income;
		l->elasticity[l->count] += w->theta[j] * weight;
		l->weight[l->count] += weight;
		if (o->instrument != TRUCE_LEVER_PARTNER)
			continue;
		l->first[l->count + 2] = l->first[l->count + 1];
		l->count++;
	}
}

/* Closes the open lever if anything lies under it. */
static void close_lever(struct eq_levers *l)
{
	if (l->first[l->count + 1] == l->first[l->count])
		return;
	l->first[l->count + 2] = l->first[l->count + 1];
	l->count++;
}

static void put_side(struct eq_levers *l, const truce_world *w, const truce_policy_options *o, size_t player, bool exports)
{
	const size_t before = l->count;
	for (size_t j = 0; j < w->sectors; j++) {
		if (o->sectors && !o->sectors[j])
			continue;
		put_sector(l, w, o, player, j, exports);
		if (o->instrument == TRUCE_LEVER_SECTOR)
			close_lever(l);
	}
	if (o->instrument == TRUCE_LEVER_UNIFORM)
		close_lever(l);
	for (size_t v = before; v < l->count; v++) {
		l->exports[v] = exports;
		l->owner[v] = player;
		l->elasticity[v] /= l->weight[v];
		l->scale[v] = sqrt(l->elasticity[v] * fmax(l->weight[v], 1e-24));
	}
}

int eq_levers_list(truce_context *ctx, truce_arena *arena, struct eq_levers *l, const truce_world *w, const truce_policy_options *o,
	const size_t *players, size_t count)
{
	const size_t most = 2 * count * w->sectors * w->regions;
	memset(l, 0, sizeof *l);
	l->low = log1p(o->low);
	l->high = log1p(o->high);
	if (!(l->first = truce_arena_array(arena, most + 3, sizeof *l->first)) || !(l->edge = truce_arena_array(arena, most, sizeof *l->edge)) ||
		!(l->exports = truce_arena_array(arena, most, sizeof *l->exports)) || !(l->owner = truce_arena_array(arena, most, sizeof *l->owner)) ||
		!(l->scale = truce_arena_array(arena, most, sizeof *l->scale)) || !(l->weight = truce_arena_array(arena, most + 1, sizeof *l->weight)) ||
		!(l->elasticity = truce_arena_array(arena, most + 1, sizeof *l->elasticity)))
		return TRUCE_MEMORY;
	for (size_t p = 0; p < count; p++) {
		const size_t before = l->count;
		if (o->imports)
			put_side(l, w, o, players[p], false);
		if (o->exports)
			put_side(l, w, o, players[p], true);
		if (l->count == before)
			return truce_fail(ctx, TRUCE_INPUT, w->name, 0, 0, "allow more sectors or partners", "%s trades nothing of what may change",
				w->region[players[p]]);
	}
	return TRUCE_OK;
}

void eq_levers_read(const struct eq_levers *l, double *x, const double *tariff, const double *export_tax)
{
	for (size_t v = 0; v < l->count; v++) {
		const double *from = l->exports[v] ? export_tax : tariff;
		double sum = 0;
		for (size_t k = l->first[v]; k < l->first[v + 1]; k++)
			sum += from ? log1p(from[l->edge[k]]) : 0;
		x[v] = fmin(fmax(sum / (double)(l->first[v + 1] - l->first[v]), l->low), l->high);
	}
}

void eq_levers_write(const struct eq_levers *l, const double *x, double *tariff, double *export_tax)
{
	for (size_t v = 0; v < l->count; v++) {
		const double wedge = expm1(x[v]);
		for (size_t k = l->first[v]; k < l->first[v + 1]; k++)
			(l->exports[v] ? export_tax : tariff)[l->edge[k]] = wedge;
	}
}

/* 0: the inverse of the elasticity, which is the best tariff of a small buyer; 1: as they are; then random up to three
 * times that. */
void eq_levers_begin(const struct eq_levers *l, double *x, int start, uint64_t seed)
{
	for (size_t v = 0; v < l->count && start != 1; v++) {
		const double near = l->exports[v] ? 0.5 : 1;
		const double part = start == 0 ? near : 3 * near * truce_draw_uniform(seed, (uint64_t)start, v);
		x[v] = fmin(fmax(part * log1p(1 / l->elasticity[v]), l->low), l->high);
	}
}
