/* equilibrium: what the files of the solver share.  certificate.c does not include it, on purpose. */
#ifndef TRUCE_EQUILIBRIUM_INTERNAL_H
#define TRUCE_EQUILIBRIUM_INTERNAL_H

#include <truce/equilibrium.h>

enum { EQ_MEMORY = 12 }; /* differences that Anderson's method remembers */

/* Where the blocks of the state vector begin.  All blocks are logs except spending. */
struct eq_layout {
	size_t wage;     /* [N] log wage */
	size_t price;    /* [N][J] log price */
	size_t spending; /* [N][J] spending in units of eq->unit; 0 where the baseline has none */
	size_t sector;   /* [N][J] log sector wage (immobile) or log output (scale); absent: == quantity */
	size_t quantity; /* [quantities] log(1 + shadow wedge) */
	size_t labour;   /* [N] log labour; absent: == size */
	size_t size;
};

struct truce_equilibrium {
	truce_context *ctx;
	const truce_world *world;
	void *block;       /* all arrays */
	truce_equilibrium_settings settings;
	size_t regions, sectors, quantities_max;
	bool cobb_douglas, scale, immobile, marketing;

	/* the baseline */
	double *theta;     /* [J] */
	double *psi_theta; /* [J] scale elasticity times theta; 0 without scale */
	double *margin;    /* [J] profit share of sales; 0 without profits */
	double *labour;    /* [N][J] labour's share of output */
	double *spending0; /* [N][J] USD with duties */
	double *output0;   /* [N][J] USD */
	double *final;     /* [N][J] */
	double *sold_here; /* [N] marketing share; 0 without */
	double *unit;      /* [N][J] USD: spending, what use and final demand would be, or a little of income: the largest */
	double *wage_bill0, *profit0, *revenue0, *deficit0, *income0; /* [N] USD */
	double wage_world; /* sum of wage_bill0 */
	double *step;      /* [N] damping of the wages */
	double *pull;      /* [N] how far a gap in trade moves a region's money: less than 1 over its elasticity in trade */

	/* the policy: borrowed arrays, and what the sweeps need of them at the present step of continuation */
	truce_policy policy;
	truce_edge_quantity *quantity; /* [quantities_max] a copy */
	size_t *order;            /* [quantities_max] its positions, by edge */
	double *a, *b, *c;        /* [J][N][N] share kappa^-theta; what sellers, customs get of it */
	bool exporters_collect;   /* b differs from c: sellers get less than the border value */
	double *edge;             /* [quantities][3] a, b, c before shadow wedges */
	double *edge_kappa;       /* [quantities] log kappa before shadow wedges */
	double *deficit;          /* [N] USD, after the shock */
	double fraction;          /* of the shock that a, b, c hold */
	struct eq_kept *kept;     /* draws.c; NULL: nothing */

	/* the state and one evaluation of the map */
	struct eq_layout at;
	double *state, *image, *best, *reached; /* [size] */
	double *imposed;              /* [N] deficits of this state */
	double *labour_ratio;         /* [N] */
	double best_residual;
	double *log_cost, *u;         /* [N][J], [J][N] */
	double *sum, *border, *receipts, *spend; /* [J][N]; spending in USD */
	double *output, *value_added, *material; /* [N][J] */
	double *cell;                 /* [N][J] of work */
	double *mix;                  /* [N][J] CES: price of the bundle of materials, its weight */
	double *scratch, *scratch2;   /* [J] or [N], the larger */
	double *income, *tariffs, *export_taxes, *profit; /* [N] */
	double *quantity_now;         /* [quantities] */
	double *sold;                 /* [3][N] of work: exports, old and new, and by how much they are dearer */

	/* Anderson */
	double *last_state, *last_gap, *gap; /* [size] */
	float *delta_gap, *delta_image;      /* [EQ_MEMORY][size] */
	double gram[EQ_MEMORY][EQ_MEMORY];
	int remembered, newest;
	bool follows; /* last_state and last_gap are those of the step before */

	/* answers */
	truce_region_change *region;
	double *certificate_work; /* [truce_equilibrium_certify_room] where Anderson's differences are: a solve is over by then */
	double *wage_ratio, *cost_ratio, *price_ratio, *spending_new, *output_new, *flow, *share, *shadow;
	truce_equilibrium_result result;
	truce_equilibrium_info info;
	double setup_ms, update_ms;
	bool solved, updated, policy_given;
	bool pushing; /* steps go through eq_kept_push */
	bool fresh;   /* the last evaluation of the map was of eq->state, with the policy as it stands */
	bool edges_due; /* share and flow are still to be filled in from the state */
};

/* A tariff counts as an iceberg to this power (docs/model.md, marketing); 1 without marketing. */
double eq_tariff_power(const truce_equilibrium *eq, size_t sector, size_t importer);

/* policy.c: a, b, c for this much of the shock (1: all of it) */
int eq_policy_build(truce_equilibrium *eq, double fraction);
double eq_kappa_log(const truce_equilibrium *eq, size_t sector, size_t importer, size_t exporter, double fraction);

/* map.c: image = map(state); the largest |image - state|, undamped for wages.  Not finite where the state makes no sense. */
double eq_map(truce_equilibrium *eq, const double *state, double *image);

/* anderson.c */
void eq_anderson_reset(truce_equilibrium *eq);
/* The next state from state and image (in place in eq->state). */
void eq_anderson_step(truce_equilibrium *eq);

/* solve.c: from eq->state to the fixed point with this much of the shock */
int eq_solve_at(truce_equilibrium *eq, double fraction);
/* From eq->state, the policy as built, at once; the certificate decides whatever the settings say. */
int eq_solve_certified(truce_equilibrium *eq);

/* draws.c: moves the image to where what is kept of the map says that the fixed point is. */
void eq_kept_push(truce_equilibrium *eq);
void eq_kept_forget(truce_equilibrium *eq);
void eq_kept_free(truce_equilibrium *eq);
/* solve.c: from eq->state with pushed steps; CONVERGE says nothing to the user. */
int eq_solve_pushed(truce_equilibrium *eq, double began);

/* result.c: everything printed, from eq->state (which is evaluated once more unless it was the last) */
void eq_result_fill(truce_equilibrium *eq);
/* The arrays by edge, which are made when somebody asks; and one row of shares [N] (`of` is the solver). */
void eq_result_edges(truce_equilibrium *eq);
void eq_result_share_row(const void *of, size_t sector, size_t importer, double *share);

/* Wages kept after tax at the baseline, as a fraction (tax_relief: of the answer at hand). */
double eq_kept_of_wages(const truce_equilibrium *eq, size_t n);

double eq_now_ms(void);
/* pages.c: how much to allocate for so many bytes, and where in it they begin, at a whole cache line */
size_t eq_pages_room(size_t bytes);
void *eq_pages_begin(void *block, size_t bytes);

#endif
