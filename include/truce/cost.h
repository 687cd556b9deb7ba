/* truce/cost.h: what an act costs every party.
 *
 * cost(act) = W(state and act) / W(state) - 1.  The state comes first: what is in force on the day, as known on the
 * day, is put on the edges of the world of the base year and solved; then the act is put on top and solved again.
 * Both from the same base, so that a cost is a ratio of two exact real incomes (docs/model.md).  Dollars are
 * equivalent variation at the base year's prices.
 *
 * Acts become wedges through a bridge: a file beside a world that says which share of a sector's trade on an edge a
 * measure or a good of the record covers, with its source.  What has no such row is not priced, and said; it is never
 * taken as 0.  Knows nothing of bargaining. */
#ifndef TRUCE_COST_H
#define TRUCE_COST_H

#include <truce/equilibrium.h>
#include <truce/record.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- the bridge between a record and a world ---------------------------------------------------------------- */

typedef struct truce_bridge truce_bridge;

/* Reads a bridge (docs/formats/bridge.md) for a world; rows that name a region or sector which the world lacks are
 * errors.  The bridge keeps no pointer to the world. */
TRUCE_API int truce_bridge_read(truce_context *ctx, truce_bridge **out, const char *path, const truce_world *world);
/* A bridge without rows, for a world that has none: every sector is taxed, duties on all goods can be priced, and the
 * world's own tariffs are taken as those of `as_of`, so that with the day asked about no measure is put on top. */
TRUCE_API int truce_bridge_none(truce_context *ctx, truce_bridge **out, const truce_world *world, truce_time as_of);
TRUCE_API void truce_bridge_free(truce_bridge *bridge);

/* ---- pricing -------------------------------------------------------------------------------------------------- */

typedef struct {
	const truce_record *record;
	const truce_world *world;
	const truce_bridge *bridge;
	truce_clocks clocks;
	truce_equilibrium_settings model;
	int draws;      /* of the elasticities, for the range; 0: none */
	uint64_t seed;
} truce_cost_input;

TRUCE_API void truce_cost_input_init(truce_cost_input *input); /* default model, 200 draws, seed 1 */

/* One change of a wedge that an act brings. */
typedef struct {
	const char *act;      /* id of the record, or "act-1" */
	const char *measure;  /* the measure acted on, or NULL */
	const char *sector, *importer, *exporter; /* ids of the world */
	double points;        /* change of the duty on what it covers, a fraction of value */
	double share;         /* of the edge's trade that it covers */
	double imports;       /* USD, at the state */
	const char *source;   /* of the share */
} truce_cost_wedge;

/* One bound that an act puts on what passes an edge: a ban, a licence rate, a purchase. */
typedef struct {
	const char *act, *good;
	const char *sector, *importer, *exporter;
	double level;         /* share of the world's own quantity: at most, or (purchases) at least */
	bool at_least;
	double passes;        /* what passes then, the same share */
	double shadow;        /* the wedge that brings it about, a fraction of the price; INFINITY: shut */
} truce_cost_bound;

/* Why a part of what was asked is not in the number. */
typedef struct {
	const char *act, *why;
} truce_cost_gap;

typedef struct {
	const char *id;      /* party of the record where a region is that party and nobody else, else the region */
	const char *name;
	double real_income;  /* fraction */
	double low, high;    /* 90 % range over draws; NaN without draws */
	double real_income_usd, low_usd, high_usd;
	double exports, imports;         /* fractions, border values */
	double revenue_usd;              /* change of tariff revenue */
	double prices;                   /* fraction, of consumption, against the world's wages */
	double real_wage;                /* fraction */
	const truce_trail *trail;        /* of real_income; those of the other numbers below it */
} truce_cost_party;

/* Duty at unchanged imports and full pass-through to the buyer, and the triangle beside it. */
typedef struct {
	const char *payer;    /* party whose buyers pay */
	double duty_usd;      /* change of duty on the state's imports */
	double triangle_usd;  /* 1/2 theta points^2 / (1 + t) imports: what is lost besides, to first order */
} truce_cost_static;

typedef struct {
	const char *horizon;  /* "long" */
	size_t count;
	truce_cost_party *parties;
	int draws, converged; /* asked for, and converged in both solves */
} truce_cost_horizon;

typedef struct {
	char *baseline;       /* in words: the state, the world, the closure */
	const char *world;
	truce_clocks clocks;
	size_t act_count;
	const char **acts;    /* in words */
	const char **act_ids;
	size_t wedge_count;
	truce_cost_wedge *wedges;
	size_t bound_count;
	truce_cost_bound *bounds;
	size_t gap_count;
	truce_cost_gap *gaps; /* acts or parts not priced */
	size_t unseen_count;
	truce_cost_gap *unseen; /* measures in force that the baseline does not hold, for want of a share */
	size_t horizon_count;
	truce_cost_horizon *horizons;
	size_t static_count;
	truce_cost_static *statics;
	truce_certificate certificate; /* of the solve with the acts */
} truce_cost;

/* Prices acts together, as one package.  Each text is the id of a record (a threat: its acts; a demand: what it
 * wants; an offer: both sides; a commitment: what it owes; a truce: its lapse; a measure: its coming into force or,
 * where it is in force, its standing against its absence) or an act in YAML's flow form.  Everything in the arena.
 * TRUCE_UNKNOWN: nothing of it can be priced, and the diagnostics say why. */
TRUCE_API int truce_cost_price(truce_context *ctx, truce_arena *arena, truce_cost **out, const truce_cost_input *input,
	const char *const *acts, size_t count);
TRUCE_API void truce_cost_to_json(truce_json *json, const char *key, const truce_cost *cost);

#ifdef __cplusplus
}
#endif
#endif
