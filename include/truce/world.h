/* truce/world.h: an economy of regions and sectors, balanced and calibrated, and where it is kept.
 *
 * Knows nothing of policy beyond the tariffs that stood in its year.  All values are US dollars a year, all
 * tariffs and shares fractions.  A world is immutable once read and may be shared between threads. */
#ifndef TRUCE_WORLD_H
#define TRUCE_WORLD_H

#include <truce/base.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
	const char *name;   /* "us-china-2017" */
	const char *year;   /* "2017": what its flows are of */
	const char *note;   /* limits, sources; text */
	size_t regions;     /* N */
	size_t sectors;     /* J */
	const char **region;      /* [N] ids, as in the source: "USA" */
	const char **region_name; /* [N] */
	const char **sector;      /* [J] ids */
	const char **sector_name; /* [J] */
	/* Edges are indexed [sector][importer][exporter]: (j*N + n)*N + i. */
	double *flow;        /* [J][N][N] border value before duty; the diagonal is sales at home */
	double *tariff;      /* [J][N][N] import tariff; 0 on the diagonal */
	double *input_share; /* [N][J using][J input] share of the using sector's gross output; sums with value_added to 1 */
	double *value_added; /* [N][J] share of gross output, in (0, 1] */
	double *final_share; /* [N][J] share of final spending; NULL: to be had as the residual of spending less use as input */
	double *theta;       /* [J] trade elasticity: -theta on spending with tariffs inside */
	double *theta_se;    /* [J] its standard error; NaN where not known */
	double *psi;         /* [J] scale elasticity; NaN where not known */
	uint8_t *estimated;  /* [J][N][N] 1: the cell is an estimate, 0: from a source; NULL: not kept */
	bool balanced;       /* spending, output and income agree to 1e-12 of world output */
	truce_arena *arena;  /* owns all of it */
} truce_world;

static inline size_t truce_world_edge(const truce_world *world, size_t sector, size_t importer, size_t exporter)
{
	return (sector * world->regions + importer) * world->regions + exporter;
}

#ifdef __cplusplus
}
#endif
#endif
