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

/* A code that a code became, or was. */
struct rates_link {
	uint32_t code, other;
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
	double unknown_usd;
};

int rates_read(struct rates_weights *weights);
void rates_close(struct rates_weights *weights);
int rates_name(struct rates_weights *weights, struct rates_names *names, const char *name, uint32_t *out);

#endif
