/* shortage, private: dependencies as cells and needs beside a world's table. */
#ifndef TRUCE_SHORTAGE_SATELLITE_H
#define TRUCE_SHORTAGE_SATELLITE_H

#include <truce/shortage.h>

/* What a dependency says, each with its range; `now` is what a run takes. */
enum { P_SHARE, P_STOCK, P_EXPOSED, P_LEAK, P_LEAK_LAG, P_SURGE, P_SURGE_TIME, P_THRIFT, P_THRIFT_TIME, P_LICENCE_LAG, PARAMETERS };

struct parameter {
	double value, low, high, now;
};

struct dependency {
	const truce_dependency *record;
	struct parameter p[PARAMETERS];
	double use_usd;      /* a year, where the record says so; NaN */
	size_t group;        /* SIZE_MAX: a fleet, or it has no place in this world */
	size_t seller;
	size_t link;         /* in the network */
};

/* A user and an input: one need. */
struct group {
	const char *party, *user, *input;
	size_t region;
	uint32_t cell;       /* the user's */
	size_t stage;        /* SIZE_MAX: a cell of the world */
	size_t first;        /* its first dependency */
	double coefficient;
	size_t need, pool;
	size_t others;       /* link of those not named; SIZE_MAX none */
};

/* A user that is no sector of the world: its output is what others take of it. */
struct stage {
	const char *party, *user;
	size_t region;
	uint32_t cell;
	double fixed;        /* output a day where `annual` sizes it; 0 */
};

struct seller {
	const char *party;   /* NULL: whoever else sells to `to` */
	const char *to;      /* the buying party; NULL: to all */
	const char *input;
	size_t stage;        /* its cell is that stage's; SIZE_MAX none */
	uint32_t cell;
};

struct pool {
	const char *party, *user, *input; /* user NULL: one pool for all of the party's users */
	uint32_t market;
	size_t region;
};

struct fleet_need {
	size_t dependency;
};

struct plan {
	truce_context *ctx;
	truce_arena *arena;
	const truce_shortage_input *input;
	size_t dependencies, groups, stages, sellers, pools;
	struct dependency *dependency;
	struct group *group;
	struct stage *stage;
	struct seller *seller;
	struct pool *pool;
	truce_shortage_network net;
	size_t world_cells;   /* the first of the network's; the others are satellites */
	uint32_t *region_of;  /* [world_cells] */
	double *export_share; /* [world_cells] */
};

/* What is held back: one dependency. */
struct strike {
	size_t dependency;
	bool licence;         /* nothing during the review, then a ramp to `rate` */
	double rate;
};

/* Room for a scenario made of strikes. */
struct blow {
	truce_shortage_scenario scenario;
	truce_shortage_ban *ban;
	truce_shortage_rate (*rate)[3];
	truce_shortage_surge *surge;
	truce_shortage_thrift *thrift;
};

/* `pooled`: users of a party share what comes of an input.  `say`: explain what has no place, as gaps. */
int truce_shortage_plan_build(truce_context *ctx, truce_arena *arena, struct plan *plan, const truce_shortage_input *input,
	bool pooled, void (*say)(void *user, const char *text), void *user);
/* Takes the parameters' `now` into the network: shares, stocks, outputs of sellers and stages. */
void truce_shortage_plan_set(struct plan *plan);
/* Sets every `now`: to the values (draw < 0), or to a draw. */
void truce_shortage_plan_draw(struct plan *plan, int draw);

int truce_shortage_blow_new(struct plan *plan, struct blow *blow, size_t strikes);
void truce_shortage_blow_set(struct plan *plan, struct blow *blow, const struct strike *strike, size_t strikes, double days);

/* Text of an act or id of a record into strikes.  Gaps are said. */
struct acts {
	size_t count;
	const char **words;
	size_t strikes, capacity;
	struct strike *strike;
	const truce_claim *claim;  /* the last that gives a number of units */
	bool *fleet;               /* [plan dependencies] struck fleets */
	double *fleet_rate;
};

int truce_shortage_acts_read(truce_context *ctx, truce_arena *arena, struct acts *out, const struct plan *plan,
	const char *const *texts, size_t count, void (*say)(void *user, const char *text), void *user);

#endif
