/* Room cost: what its files share. */
#ifndef TRUCE_COST_PRIVATE_H
#define TRUCE_COST_PRIVATE_H

#include <truce/cost.h>

/* The share of a sector's trade on an edge that a measure or a good covers.  False: the bridge has no row for it. */
bool truce_bridge_share(const truce_bridge *bridge, const char *of, size_t importer, size_t exporter, size_t sector,
	truce_time on, double *share, const char **source);
bool truce_bridge_has(const truce_bridge *bridge, const char *of);
bool truce_bridge_taxed(const truce_bridge *bridge, size_t sector); /* a sector whose goods pay duty at all */
bool truce_bridge_is_empty(const truce_bridge *bridge);
truce_time truce_bridge_as_of(const truce_bridge *bridge);          /* the day whose tariffs the world holds */

/* One change of a duty on what a measure covers of an edge. */
typedef struct {
	const char *act, *measure, *source;
	size_t sector, importer, exporter;
	double points, share;
} cost_change;

/* One bound on what passes an edge. */
typedef struct {
	const char *act, *good;
	truce_edge_quantity quantity;
} cost_bound;

/* What the state and the acts put on edges. */
typedef struct {
	truce_context *ctx;
	truce_arena *arena;
	const truce_cost_input *input;
	double *state;  /* [J][N][N] tariffs in force */
	double *acted;  /* [J][N][N] and with the acts */
	cost_change *changes;
	size_t change_count, change_capacity;
	cost_bound *bounds;
	size_t bound_count, bound_capacity;
	truce_edge_quantity *quantities; /* [bound_count] of the bounds, once closed */
	truce_cost_gap *gaps, *unseen;
	size_t gap_count, gap_capacity, unseen_count, unseen_capacity;
	const char **act_ids, **act_words;
	size_t act_count, act_capacity;
	const char **in_state; /* ids of measures that the state holds */
	double *in_state_points; /* beyond those of the world */
	size_t in_state_count, in_state_capacity;
} cost_wedges;

const char *cost_world_name(const truce_world *world); /* never NULL */
int cost_wedges_new(cost_wedges *wedges, truce_context *ctx, truce_arena *arena, const truce_cost_input *input);
void cost_wedges_free(cost_wedges *wedges); /* what is not in the arena */
int cost_wedges_state(cost_wedges *wedges);
int cost_wedges_act(cost_wedges *wedges, const char *text, size_t number);
/* After all acts: acted = state and what they change. */
int cost_wedges_close(cost_wedges *wedges);

#endif
