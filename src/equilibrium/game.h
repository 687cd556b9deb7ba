/* equilibrium: what the files of the best tariff share (levers.c, search.c, ascent.c, curvature.c, optimal.c, nash.c,
 * cooperative.c). */
#ifndef TRUCE_EQUILIBRIUM_GAME_H
#define TRUCE_EQUILIBRIUM_GAME_H

#include <truce/policy.h>

/* What players can move: each lever is a wedge, log(1 + t), that lies on one edge or on several alike. */
struct eq_levers {
	size_t count;
	size_t *first;    /* [count + 1] into edge */
	size_t *edge;     /* edges under a lever */
	bool *exports;    /* [count] export taxes, not tariffs */
	size_t *owner;    /* [count] region */
	double *scale;    /* [count] searches move scale times log(1 + t); begins as sqrt(theta flow / income of the owner) */
	double *weight;   /* [count] flow / income */
	double *elasticity; /* [count] mean theta */
	double low, high; /* of log(1 + t) */
};

/* For all `players`, who have at least one each (else TRUCE_INPUT names who has none). */
int eq_levers_list(truce_context *ctx, truce_arena *arena, struct eq_levers *levers, const truce_world *world,
	const truce_policy_options *options, const size_t *players, size_t count);
/* Positions x = log(1 + t), from wedges and back. */
void eq_levers_read(const struct eq_levers *levers, double *x, const double *tariff, const double *export_tax);
void eq_levers_write(const struct eq_levers *levers, const double *x, double *tariff, double *export_tax);
void eq_levers_begin(const struct eq_levers *levers, double *x, int start, uint64_t seed); /* x: the tariffs as they are */

/* Something to climb: value and gradient at a point; TRUCE_CONVERGE: none there. */
struct eq_hill {
	size_t count;
	double *low, *high; /* [count] */
	double *longest;    /* [count] the largest step of each at once */
	int (*evaluate)(void *user, const double *y, double *f, double *gradient);
	void *user;
};

/* Room for one climb; all in the arena. */
struct eq_ascent {
	double *y, *next, *gradient, *next_gradient, *direction; /* [count] */
	double *moves, *bends;                                   /* [EQ_CLIMB][count] */
	bool *held;                                              /* [count] */
};
int eq_ascent_new(truce_arena *arena, struct eq_ascent *ascent, size_t count);
/* From ascent->y upwards until no free part of the gradient is above `tolerance` (or nothing better is found, which is no
 * error: what was reached is judged by its proof).  *f and ascent->gradient are at the end. */
int eq_ascend(truce_context *ctx, struct eq_ascent *ascent, const struct eq_hill *hill, double tolerance, int evaluations, double *f);

/* One region's, or several regions', levers over the solver and its gradient. */
struct eq_search {
	truce_context *ctx;
	const truce_world *world;
	const truce_policy_options *options;
	struct eq_levers levers;                    /* a copy with scales of its own */
	struct eq_hill hill;
	truce_equilibrium *eq;
	truce_adjoint *adjoint;
	double *tariff, *export_tax;                /* [J][N][N]; export_tax NULL where not moved */
	double *tariff_gradient, *export_gradient;  /* [J][N][N] */
	double *value, *slope;                      /* [N] */
	double *x;                                  /* [count] log(1 + wedge) of the last point */
	double *bend;                               /* [count] about minus d2 f / d x2 there: 1 + theta times the flow's share of income */
	double *last_step, *damping;                /* [count] of the polish */
	/* from the regions' values to what is climbed, and its slopes; not finite: not a point */
	double (*objective)(void *user, const double *value, double *slope);
	void *objective_user;
	int evaluations;
};
/* The wedges that are not moved are those of `tariff`. */
int eq_search_new(truce_context *ctx, truce_arena *arena, struct eq_search *search, const truce_world *world,
	const truce_equilibrium_settings *settings, const truce_policy_options *options, const struct eq_levers *levers,
	const double *tariff, const double *export_tax);
void eq_search_free(struct eq_search *search);
/* The regions' values, in search->value, at any wedges: levers on several edges, or within bounds, may not hold those that a
 * game begins from. */
int eq_search_values(struct eq_search *search, const double *tariff, const double *export_tax);
int eq_search_evaluate(void *search, const double *y, double *f, double *gradient); /* of its hill; gradient may be NULL */
/* Climbs from ascent->y to the top, wedges on the smallest flows included.  Rescales. */
int eq_search_climb(struct eq_search *search, struct eq_ascent *ascent, double tolerance, int evaluations, double *f);
/* Scales the levers by how the value bends at the last point, and y with them. */
void eq_search_rescale(struct eq_search *search, double *y);

/* The largest eigenvalue of the Hessian at y over what is not held, and its direction [count]. */
struct eq_curvature {
	double largest, error;
	size_t variables;
	double *direction;
};
int eq_curvature_find(truce_context *ctx, truce_arena *arena, struct eq_curvature *out, const struct eq_hill *hill, const double *y,
	const bool *held);
/* A point that is no top: a step along the direction in which the value bends up, from where to climb again.  False where
 * there is none. */
bool eq_curvature_leave(const struct eq_curvature *curvature, const struct eq_hill *hill, double *y);

/* Which variables bounds hold, and the largest part of the gradient of the owner's that none does; then, in held, those too
 * that bend too little to be seen. */
void eq_judge(truce_optimum *o, const struct eq_search *search, size_t owner, const double *y, const double *gradient, bool *held);
/* TRUCE_CONVERGE where what was reached is no top: a gradient is left, or the value bends up along some direction. */
int eq_accept(truce_context *ctx, const truce_world *world, const truce_optimum *o);
bool eq_bends_up(const truce_optimum *o);
/* Median and mean of the owner's wedges. */
int eq_describe(truce_arena *arena, truce_optimum *o, const struct eq_levers *levers, size_t owner, const double *x);

/* One best reply: a function of what it is given alone. */
struct eq_reply {
	const truce_world *world;
	const truce_equilibrium_settings *settings;
	const truce_policy_options *options;
	const struct eq_levers *levers;
	const double *tariff, *export_tax; /* [J][N][N] of everybody */
	size_t player;
	int starts;       /* 0: only from where the player stands */
	bool prove;       /* the proof at the end */
	bool prove_given; /* the proof of what stands, not of the reply */
	double *x;        /* [count] the reply */
	double *gradient; /* [J][N][N] NULL, or where the gradient in the player's tariffs goes */
	truce_optimum found;
	int status;
};
int eq_reply_find(truce_context *ctx, struct eq_reply *reply);
/* All of them, on as many threads; the same whatever they are. */
int eq_replies_find(truce_context *ctx, struct eq_reply *replies, size_t count, int threads);

/* Real incomes [N] and the certificate at given wedges, from cold. */
int eq_incomes_at(truce_context *ctx, const truce_world *world, const truce_equilibrium_settings *settings, const double *tariff,
	const double *export_tax, double *real_income, truce_certificate *certificate);
int eq_game_check(truce_context *ctx, const truce_world *world, const truce_policy_options *options, const size_t *players, size_t count);
truce_outcome *eq_outcome_new(truce_arena *arena, const truce_world *world, const truce_policy_options *options,
	size_t players, const double *begin);

#endif
