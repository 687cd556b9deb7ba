/* rates_private.h: what the files of the averages share (tariff room).
 *
 *   rates_weights.c  reads what to weight with: cells, partners, sectors, where codes went
 *   rates.c          averages over a panel */
#ifndef TRUCE_RATES_PRIVATE_H
#define TRUCE_RATES_PRIVATE_H

#include "panel_private.h"

/* A list of different texts; those of one map are numbered as they come. */
struct rates_names {
	struct panel_map map;
	const char **items;
	size_t count, capacity;
};

struct rates_cell {
	uint32_t code, origin;
	double usd, duty_usd;
};

/* A code that a code became, or was before, by a table of likeness: on no day. */
struct rates_link {
	uint32_t code, other;
};

/* What a change record says of a day: goods of one code are goods of another since.  Numbers are used again: a code may be both. */
struct rates_step {
	truce_date on;
	uint32_t was, became;
	bool all;                      /* the old code's item says it: nothing stays */
	bool anew;                     /* the new code's item says it: nothing of it was there before */
	int8_t side;                   /* weights are of before the day (-1), from it on (1); 0 they do not show it */
};

struct rates_weights {
	truce_context *ctx;
	truce_arena *arena;
	const truce_tariff_question *ask;
	const truce_tariff_averages_options *options;
	struct rates_names codes, origins, sectors;
	struct rates_names seen;       /* every party of the rows, asked for or not */
	const char *absent;            /* asked for, and of no row */
	struct rates_cell *cells;
	size_t cell_count, cell_capacity;
	uint32_t *sector_of;           /* [codes]; PANEL_NONE */
	struct rates_link *links;      /* sorted by code */
	size_t link_count, link_capacity;
	struct rates_step *steps;      /* in order of days */
	size_t step_count, step_capacity;
	double unknown_usd;
};

int rates_read(struct rates_weights *weights);
void rates_close(struct rates_weights *weights);
int rates_name(struct rates_weights *weights, struct rates_names *names, const char *name, uint32_t *out);

#endif
