/* truce/equilibrium.h: what wedges and quantities on edges do to prices, wages, trade, revenue and welfare.
 *
 * Takes a world and a policy; gives the new equilibrium, in changes (Dekle, Eaton and Kortum 2008; Caliendo and
 * Parro 2015), its welfare exactly and to first order, its gradients, and a certificate computed apart from the
 * solver.  Knows nothing of records.  docs/model.md writes every equation with its source.
 *
 * The solver is an object: `new` is the only call that allocates; then any number of (update, solve) pairs, each
 * of which starts from the last answer.  One solver serves one thread; many solvers may share one world.
 *
 * Shapes: N regions, J sectors.  Edges are [sector][importer][exporter] as in truce/world.h, region-sector arrays are
 * [region][sector].  Rates and changes are fractions, ratios are new over old, money is US dollars a year.
 * Numeraire: the world's wage bill keeps its value. */
#ifndef TRUCE_EQUILIBRIUM_H
#define TRUCE_EQUILIBRIUM_H

#include <truce/world.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- settings ------------------------------------------------------------------------------------------------------ */

typedef enum {
	TRUCE_DEFICITS_FIXED,     /* D a constant share of the world's wage bill (the default) */
	TRUCE_DEFICITS_ZERO,      /* no deficits after the shock */
	TRUCE_DEFICITS_ENDOGENOUS /* D moves with the region's own income, less a share of what the world then lacks:
	                             D'[n] = D[n] I^[n] - I'[n] / (sum of I') * sum of D I^ */
} truce_deficits;

typedef enum {
	TRUCE_MARKET_PERFECT,
	TRUCE_MARKET_MONOPOLISTIC, /* free entry: sellers gain on scale with elasticity psi (world's psi, or settings) */
	TRUCE_MARKET_RESTRICTED    /* no entry: profits are sales / (1 + theta) and stay at home (Ossa 2014) */
} truce_market;

typedef enum {
	TRUCE_LABOUR_MOBILE,  /* one wage a region: the long run */
	TRUCE_LABOUR_IMMOBILE /* labour stays in its sector: the short run; wages are by sector */
} truce_labour;

typedef enum {
	TRUCE_REVENUE_REBATE,     /* lump sum to the region's households */
	TRUCE_REVENUE_INCOME_TAX, /* replaces a tax on wages, so that revenue keeps its real value; needs labour_supply */
	TRUCE_REVENUE_TAX_RELIEF  /* replaces just the tax on wages that it pays for, which is then gone; needs labour_supply */
} truce_revenue;

typedef enum {
	TRUCE_MARKETING_NONE,
	TRUCE_MARKETING_WORLD /* a share of what is bought is earned where it is bought (the world's, by region); needs
	                         TRUCE_MARKET_MONOPOLISTIC, knows no export taxes and no bounds */
} truce_marketing;

typedef struct {
	truce_deficits deficits;
	truce_market market;
	truce_labour labour;
	truce_revenue revenue;
	truce_marketing marketing;
	double theta_scale;    /* every theta times this (horizon); 1 */
	double psi;            /* scale elasticity where the world has none; NaN: then it is an error to need it */
	double inputs;         /* elasticity of substitution between material inputs; 1 is Cobb-Douglas */
	double value_added;    /* between value added and all materials; 1 is Cobb-Douglas */
	double labour_supply;  /* elasticity of labour supply in the real wage after tax; 0: fixed labour */
	double income_tax;     /* baseline tax on wages (TRUCE_REVENUE_INCOME_TAX) */
	double tolerance;      /* largest residual of the map, relative; 1e-12 */
	double accept;         /* an answer whose certificate is above this is refused; 1e-9 */
	double imbalance_limit;/* largest baseline residual of a world that is taken at all; 0.5 */
	bool certify;          /* every answer; false for the inner solves of a search, whose end is certified; true */
	int iterations;        /* evaluations of the map at most, all stages together; 20000 */
	int continuation;      /* most steps of a shock that will not be taken at once; 64 (0: never) */
	/* Called once an iteration; returning false stops the solve with TRUCE_CANCELLED.  May be NULL. */
	bool (*monitor)(void *user, int iteration, double residual);
	void *monitor_user;
} truce_equilibrium_settings;

TRUCE_API void truce_equilibrium_settings_init(truce_equilibrium_settings *settings);
/* One setting by its name as text ("deficits", "zero"); an unknown name or value is diagnosed with those that there
 * are (TRUCE_INPUT). */
TRUCE_API int truce_equilibrium_settings_set(truce_context *ctx, truce_equilibrium_settings *settings, const char *key,
	const char *value);

/* Names of the settings in order, NULL after the last; and the value of one as text (false: not set, as psi may be). */
TRUCE_API const char *truce_equilibrium_settings_key(size_t position);
TRUCE_API bool truce_equilibrium_settings_get(const truce_equilibrium_settings *settings, const char *key, char *value,
	size_t size);

/* ---- policy --------------------------------------------------------------------------------------------------------- */

typedef enum { TRUCE_QUANTITY_AT_MOST, TRUCE_QUANTITY_AT_LEAST, TRUCE_QUANTITY_EXACTLY } truce_quantity_kind;
typedef enum {
	TRUCE_RENT_IMPORTER, /* import quota; a purchase commitment, whose buyer's state pays */
	TRUCE_RENT_EXPORTER, /* licence, export quota */
	TRUCE_RENT_LOST      /* red tape: nobody earns it */
} truce_rent;

/* A bound on what passes an edge, in real terms: `level` times the baseline's quantity.  AT_MOST 0 is a ban.  The
 * solver finds the shadow wedge that brings it about, on top of the edge's own wedges. */
typedef struct {
	size_t sector, importer, exporter;
	truce_quantity_kind kind;
	truce_rent rent;
	double level;
} truce_edge_quantity;

/* New levels, not changes, except iceberg.  NULL: as in the world (tariffs), none (the rest). */
typedef struct {
	const double *tariff;     /* [J][N][N] collected by the importer */
	const double *export_tax; /* [J][N][N] collected by the exporter, on the seller's price; negative: a subsidy */
	const double *iceberg;    /* [J][N][N] ratio new to old of what must be shipped for one to arrive */
	const truce_edge_quantity *quantities;
	size_t quantity_count;
} truce_policy;

/* ---- answers ----------------------------------------------------------------------------------------------------------- */

typedef struct {
	double wage;              /* ratio; immobile labour: the mean over sectors */
	double price_index;       /* ratio, of final consumption */
	double real_wage;         /* fraction: wage / price_index - 1 */
	double real_income;       /* fraction: exact */
	double real_income_usd;   /* equivalent variation: baseline income times real_income */
	double income_old, income;          /* USD: spending of households, transfers and revenue included */
	double wage_bill_old, wage_bill;    /* USD */
	double imports_old, imports;        /* USD, border values before duty, domestic sales left out */
	double exports_old, exports;
	double deficit_old, deficit;        /* USD, as imposed */
	double revenue_old, revenue;        /* USD: tariffs (less subsidies), export taxes and rents that stay here */
	double tariff_revenue_old, tariff_revenue;
	double export_revenue_old, export_revenue;
	double profit_old, profit;          /* USD; restricted entry */
	double labour;            /* ratio; labour supply */
	/* Caliendo and Parro (2015), equations 22-24: at the old tariffs, fractions of baseline income; border prices where there
	 * are wedges that theirs does not know of; NaN for who buys under a ban, and under marketing */
	struct {
		double welfare, terms_of_trade, volume_of_trade;
	} first_order;
} truce_region_change;

/* Residuals computed from the equations in plain loops (certificate.c), apart from the solver.  Relative: prices
 * and costs by themselves, spending to the region's income, balance and Walras to the world's. */
typedef struct {
	double price, spending, income, balance, walras, quantity;
	double largest;
	double drift; /* the largest residual of the baseline itself, as spending: how far the world is from balance */
	char cell[96];/* where the largest stands */
} truce_certificate;

typedef struct {
	bool converged;
	double residual;     /* of the map at the answer */
	int evaluations;     /* of the map */
	int steps;           /* of continuation; 1: at once */
	double milliseconds; /* set-up (of the solver and of the policy) and solve */
	truce_certificate certificate;
} truce_equilibrium_info;

/* Everything at the answer.  Owned by the solver, valid until the next update or solve. */
typedef struct {
	size_t regions, sectors;
	const truce_region_change *region; /* [N] */
	const double *wage;       /* [N][J] ratio */
	const double *cost;       /* [N][J] ratio, of the seller's price */
	const double *price;      /* [N][J] ratio, of the buyer's composite */
	const double *spending;   /* [N][J] USD, with duties */
	const double *output;     /* [N][J] USD, sellers' receipts */
	const double *output_old; /* [N][J] USD */
	const double *flow;       /* [J][N][N] USD, border values before duty, export taxes included */
	const double *shadow;     /* [quantities] the wedge found, a fraction; negative: a subsidy */
	const double *quantity;   /* [quantities] what passes, ratio to the baseline */
} truce_equilibrium_result;

/* One sector of one region, old and new; money in USD.  Trade is with others, at border values before duty. */
typedef struct {
	double wage, cost, price; /* ratios: as in the result */
	double output_old, output, spending_old, spending;
	double imports_old, imports, exports_old, exports;
	double revenue_old, revenue;               /* what this region's customs get on it */
	double export_revenue;                     /* export taxes and rents of exporters on it */
} truce_cell_change;

/* ---- the solver ------------------------------------------------------------------------------------------------------------ */

typedef struct truce_equilibrium truce_equilibrium;

/* Sets up on a world (borrowed until the solver is freed).  A world that cannot be an economy (a negative or not
 * finite flow, a region without output, shares that do not sum to 1, theta <= 0, a baseline further from balance than
 * the settings allow) is refused with the cell named (TRUCE_INPUT).  `quantities`: the most that a policy may hold. */
TRUCE_API int truce_equilibrium_new(truce_context *ctx, truce_equilibrium **out, const truce_world *world,
	const truce_equilibrium_settings *settings /* NULL: the defaults */, size_t quantities);
TRUCE_API void truce_equilibrium_free(truce_equilibrium *eq); /* NULL is allowed */

/* Takes a policy (its arrays are borrowed until the next update or save).  The last answer stays as the starting point; `truce_equilibrium_cold` forgets it. */
TRUCE_API int truce_equilibrium_update(truce_equilibrium *eq, const truce_policy *policy /* NULL: the world's */);
TRUCE_API void truce_equilibrium_cold(truce_equilibrium *eq);
/* New trade elasticities [J] (a draw); the baseline's shares stay.  Takes effect at the next update. */
TRUCE_API int truce_equilibrium_set_theta(truce_equilibrium *eq, const double *theta);
/* Draws of elasticities under one policy.  `keep`, after a solve, learns at its answer how the map and the answer move, for
 * `draws` that are to come (allocates; *evaluations of the map, may be NULL, is what that took; too few draws to pay for it: nothing
 * is learnt).  Then each `draw` is set_theta, update and solve in one, for about a third of the evaluations, from the kept
 * answer: it does not hang on the draws before it.  A draw that will not come that way, and every draw where nothing is kept,
 * is solved from cold; where there is one equilibrium the answer is the same to the tolerance.  Another update ends what is kept. */
TRUCE_API int truce_equilibrium_keep(truce_equilibrium *eq, size_t draws, int *evaluations);
TRUCE_API int truce_equilibrium_draw(truce_equilibrium *eq, const double *theta /* [J] */);
/* TRUCE_CONVERGE with a diagnostic where no answer was certified: the best iterate then stands in the result and its
 * residuals in the info, for looking at, not for printing as an answer. */
TRUCE_API int truce_equilibrium_solve(truce_equilibrium *eq);

TRUCE_API const truce_equilibrium_info *truce_equilibrium_get_info(const truce_equilibrium *eq);
TRUCE_API const truce_equilibrium_result *truce_equilibrium_get_result(const truce_equilibrium *eq);
/* [N] of that result alone: flows and shares, two arrays as large as the table, are not filled in for it. */
TRUCE_API const truce_region_change *truce_equilibrium_get_regions(const truce_equilibrium *eq);
TRUCE_API truce_cell_change truce_equilibrium_get_cell(const truce_equilibrium *eq, size_t region, size_t sector);

/* The answer as a world of its own: its flows, tariffs (import-side shadow wedges included) and shares; a baseline
 * for the next shock.  Refused (TRUCE_INPUT) while exporters collect a wedge, which a world cannot hold yet.
 * Freed with truce_arena_free((*out)->arena). */
TRUCE_API int truce_equilibrium_save(truce_equilibrium *eq, truce_world **out, const char *name /* NULL: as before */);

/* ---- what moves real income --------------------------------------------------------------------------------------------- */

/* A region's exact real income, split along the straight line in the logs of the wedges from the baseline to the answer
 * (docs/model.md): fractions of the baseline's income that add up. */
typedef struct {
	double terms_of_trade; /* prices of what it sells abroad, against those of what it buys, export taxes inside */
	double volume;         /* what its duties bring as the quantities they fall on move: the revenue effect, once */
	double rent;           /* the same of export taxes and licences, and of profits */
	double transfer;       /* its deficit */
	double trade_costs;    /* icebergs, red tape, bans; 0 without them */
	double scale;          /* monopolistic competition; 0 otherwise */
	double labour;         /* labour supply: wages of hours more, less their effort; 0 otherwise */
	double baseline;       /* what balancing the world alone does; 0 where it is balanced */
	double sum;            /* of all these; real_income to the tolerance, or to the last digits of the solves */
} truce_split;

/* After a solve.  out[N]; `tolerance` 0: 1e-9; *solves (may be NULL): of the way.  Allocates; leaves the answer as it
 * was.  CONVERGE: the answer stands, but the way to it cannot be walked, or the parts do not add up to 1e-8. */
TRUCE_API int truce_equilibrium_split(truce_equilibrium *eq, truce_split *out, double tolerance, int *solves);

/* ---- other starting points --------------------------------------------------------------------------------------------- */

typedef struct {
	size_t starts, failed; /* tried; not converged */
	size_t distinct;       /* answers whose real incomes differ by more than 1e-7 */
	double *real_income;   /* [distinct][N]; the first is the solver's own */
	size_t *found;         /* [distinct] from how many starts */
} truce_starts;

/* After a solve: the same policy from `starts` other points, drawn by `seed` (wages, prices, sectors within a factor of
 * 4.5), each answer certified.  Equilibria may differ where scale elasticity times theta nears 1, under CES with little
 * substitution, with restricted entry; that one only was found proves nothing.  Arrays in the arena. */
TRUCE_API int truce_equilibrium_starts(truce_equilibrium *eq, truce_arena *arena, truce_starts *out, size_t starts,
	uint64_t seed);

/* ---- a problem as a file -------------------------------------------------------------------------------------------------- */

typedef struct {
	truce_world *world; /* owns the policy's arrays; truce_world_free */
	truce_equilibrium_settings settings;
	truce_policy policy;
} truce_equilibrium_problem;

/* World, settings and policy (as of the last update) as one file, a world file with three more tables; and back.  Written
 * whole or not at all.  A replay gives the same bits on one machine and build. */
TRUCE_API int truce_equilibrium_dump(truce_equilibrium *eq, const char *path);
TRUCE_API int truce_equilibrium_load(truce_context *ctx, truce_equilibrium_problem *out, const char *path);

/* ---- the certificate ----------------------------------------------------------------------------------------------------------- */

/* What is certified: the model's own variables, nothing of the solver's. */
typedef struct {
	const double *wage;     /* [N][J] ratio */
	const double *price;    /* [N][J] ratio */
	const double *share;    /* [J][N][N] of the importer's spending */
	const double *spending; /* [N][J] USD */
	const double *income;   /* [N] USD */
	const double *labour;   /* [N] ratio; NULL: 1 */
	const double *shadow;   /* [quantities]; NULL: none */
} truce_equilibrium_point;

/* Residuals of a point against the equations for a world, settings and policy. */
TRUCE_API int truce_equilibrium_certify(truce_context *ctx, truce_certificate *out, const truce_world *world,
	const truce_equilibrium_settings *settings, const truce_policy *policy, const truce_equilibrium_point *point);
/* The solver's answer as such a point (for tests that move it). */
TRUCE_API truce_equilibrium_point truce_equilibrium_get_point(const truce_equilibrium *eq);

#ifdef __cplusplus
}
#endif
#endif
