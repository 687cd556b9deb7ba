/* truce/policy.h: the tariffs that serve somebody best, with their proof.  Part of room equilibrium.
 *
 * The gradient of real incomes in every tariff and export tax, by the adjoint of the equilibrium's equations; and on it
 * the best tariffs of one region, those from which nobody gains by moving alone, the best replies to a given move, and
 * those that several choose together.  Shapes, units and the state of a world are those of truce/equilibrium.h. */
#ifndef TRUCE_POLICY_H
#define TRUCE_POLICY_H

#include <truce/equilibrium.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- what is wanted -------------------------------------------------------------------------------------------------- */

/* What a dollar counts for a region's government by where it is earned (in the manner of Ossa 2014).  The
 * value of region n is  [ sum of wages[n][j] times wages paid in j + sum of profits[n][j] times profits in j + revenue and
 * deficit ] / price index, over baseline income: with weights of 1 (NULL) real income itself. */
typedef struct {
	const double *wages;   /* [N][J]; NULL: 1 */
	const double *profits; /* [N][J]; NULL: 1 */
} truce_weights;

/* ---- the gradient ---------------------------------------------------------------------------------------------------- */

typedef struct truce_adjoint truce_adjoint;

typedef struct {
	int iterations;   /* products with the transposed Jacobian */
	double residual;  /* of the adjoint system, relative to its right-hand side */
} truce_adjoint_info;

/* Room for gradients at the answers of `eq` (borrowed).  The only call that allocates. */
TRUCE_API int truce_adjoint_new(truce_context *ctx, truce_adjoint **out, const truce_equilibrium *eq);
TRUCE_API void truce_adjoint_free(truce_adjoint *adjoint); /* NULL is allowed */
/* [N] the value of every region at the last answer, a ratio to its baseline income (1 + real_income without weights). */
TRUCE_API void truce_adjoint_values(truce_adjoint *adjoint, double *value, const truce_weights *weights /* NULL: 1 */);
/* d (sum over n of slope[n] value[n]) / d log(1 + wedge) at the last answer of the solver, by one linear system, the
 * transposed Jacobian of the equilibrium, solved by GMRES from the last one's solution.  `export_tax` may be NULL.
 * TRUCE_USAGE where a bound on a quantity binds (its shadow wedge would move: take differences); TRUCE_CONVERGE where
 * the system was not solved to 1e-10. */
TRUCE_API int truce_adjoint_gradient(truce_adjoint *adjoint, double *tariff /* [J][N][N] */, double *export_tax /* [J][N][N] */,
	const double *slope /* [N] */, const truce_weights *weights);
TRUCE_API truce_adjoint_info truce_adjoint_get_info(const truce_adjoint *adjoint);

/* ---- the game ---------------------------------------------------------------------------------------------------------- */

typedef enum {
	TRUCE_LEVER_PARTNER, /* a tariff for every sector and partner */
	TRUCE_LEVER_SECTOR,  /* one for every sector, the same for all partners (most favoured nation) */
	TRUCE_LEVER_UNIFORM  /* one tariff on everything */
} truce_lever;

typedef struct {
	truce_lever instrument;
	bool imports, exports;  /* which sides are moved: tariffs on imports (true), taxes on exports (false) */
	const bool *sectors;    /* [J] which may change; NULL: all */
	const bool *partners;   /* [N] towards whom; NULL: all others */
	double low, high;       /* bounds of every wedge, fractions */
	truce_weights weights;  /* of all players; zeroed: real income */
	double tolerance;       /* of the scaled gradient (truce_optimum); 1e-8 */
	int iterations;         /* most evaluations of the gradient in one search; 1000 */
	int starts;             /* starting points; 1.  0: the inverse elasticities, 1: the tariffs as they are, then random */
	uint64_t seed;          /* of the random ones */
	int threads;            /* for the players of a round; the answer does not depend on it; 1 */
	int rounds;             /* most rounds of replies; 60 */
	double gain;            /* Nash: a gain of value (ratio) that nobody bothers about; 1e-11 */
	bool prove;             /* curvature and scan; true */
} truce_policy_options;

TRUCE_API void truce_policy_options_init(truce_policy_options *options);

enum { TRUCE_SCAN = 9 };

/* What one player gets, and the proof that its wedges are the best against the others'.
 * A gradient is d log value / d log(1 + wedge).  Scaled, it is divided by sqrt((1 + theta) flow / income) at the
 * end: in units in which value bends about alike along every wedge, so that half its square is about the gain left there. */
typedef struct {
	size_t player;
	double real_income;     /* at the optimum: fraction, against the world's baseline */
	double start;           /* the same at the wedges begun with */
	double value, value_start; /* with the weights: ratio to baseline income */
	double kkt, kkt_scaled; /* largest part of the gradient that no bound holds back */
	double distance;        /* the largest that a wedge seems to lie from its best in log(1 + wedge): gradient / ((1 + theta) flow / income) */
	size_t variables, at_low, at_high;
	double median, mean;    /* of its wedges on goods that are traded */
	/* Second order: the largest eigenvalue of the Hessian of log value over the free wedges, scaled (Lanczos on
	 * differences of gradients), and how sure it is; below 0 the optimum is one along every direction.  Wedges on flows
	 * of which (1 + theta) flow / income is below 1e-14 are left out.  NaN: not asked for, or nothing free. */
	double curvature, curvature_error;
	size_t curvature_variables;
	double worst_step, worst_minus, worst_plus; /* largest step in log(1 + wedge) along that direction, change of log value */
	double scan_factor[TRUCE_SCAN], scan_income[TRUCE_SCAN]; /* real income with log(1 + wedge) times the factor, all together */
	double gain;            /* of value, by the best reply found, over what was given (value_start); Nash: what is left */
	int starts, agreed;     /* starting points tried, and that ended within 1e-7 of the best value */
	int evaluations;        /* solves */
	double milliseconds;
	truce_certificate certificate; /* of the solve at the optimum, from cold */
} truce_optimum;

/* The end of a game.  Arrays are in the arena. */
typedef struct {
	double *tariff;            /* [J][N][N] all tariffs */
	double *export_tax;        /* [J][N][N]; NULL where exports are not moved */
	double *gradient;          /* [J][N][N] d log value of the importer / d log(1 + tariff) at the end, for players; else 0 */
	size_t players;
	truce_optimum *optimum;    /* [players] */
	double *real_income;       /* [N] of every region at the end */
	double *real_income_start; /* [N] at the tariffs begun with */
	double *real_income_moved; /* [N] retaliate: after the first move alone; NULL else */
	double *real_income_round; /* [N] retaliate: after one round of replies; NULL else */
	int rounds;                /* of replies */
	double largest_gain;       /* left to any player */
	int starts;                /* of the whole game */
	double start_spread;       /* largest difference between the ends from different starts in log(1 + wedge), weighted as the scaled gradient */
	double *weight;            /* cooperative: [players] what a player's log value counts where they agree, sums to 1 */
	double common_gain, gain_spread; /* cooperative: smallest log gain of the players, and how far they are apart */
	truce_certificate certificate;
	int evaluations;
	double milliseconds;
} truce_outcome;

/* The best wedges of one player, the others' as in `begin` (tariffs [J][N][N]; NULL: the world's).  TRUCE_CONVERGE: no
 * answer was certified. */
TRUCE_API int truce_policy_optimal(truce_context *ctx, truce_arena *arena, truce_outcome **out, const truce_world *world,
	const truce_equilibrium_settings *settings, const truce_policy_options *options, size_t player, const double *begin);
/* Wedges from which no player gains by moving alone: rounds of best replies, all players at once, damped where they
 * would overshoot.  Every player's best reply is computed anew at the end. */
TRUCE_API int truce_policy_nash(truce_context *ctx, truce_arena *arena, truce_outcome **out, const truce_world *world,
	const truce_equilibrium_settings *settings, const truce_policy_options *options, const size_t *players, size_t count,
	const double *begin);
/* The replies of `players` to the tariffs in `moved`, which were those in `begin`: one round, and to the end. */
TRUCE_API int truce_policy_retaliate(truce_context *ctx, truce_arena *arena, truce_outcome **out, const truce_world *world,
	const truce_equilibrium_settings *settings, const truce_policy_options *options, const size_t *players, size_t count,
	const double *begin, const double *moved);

typedef enum {
	TRUCE_TOGETHER_EQUAL, /* the largest gain that is the same for all, in proportion, as Ossa (2014) has his talks end */
	TRUCE_TOGETHER_NASH,  /* the largest product of gains (Nash 1950); from the equal ones on */
	TRUCE_TOGETHER_SUM    /* the largest sum of real incomes, in dollars of the baseline */
} truce_together;

/* The wedges that `players` choose together, against the tariffs in `begin`. */
TRUCE_API int truce_policy_cooperative(truce_context *ctx, truce_arena *arena, truce_outcome **out, const truce_world *world,
	const truce_equilibrium_settings *settings, const truce_policy_options *options, truce_together objective,
	const size_t *players, size_t count, const double *begin);

#ifdef __cplusplus
}
#endif
#endif
