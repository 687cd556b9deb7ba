/* tariffs.h: the parts of `truce tariffs`. */
#ifndef TRUCE_CLI_TARIFFS_H
#define TRUCE_CLI_TARIFFS_H

#include "model.h"

#include <truce/policy.h>

typedef struct {
	struct cli *cli;
	truce_arena *arena;
	truce_world *world;
	truce_equilibrium_settings settings;
	truce_policy_options options;
	size_t *players;
	size_t player_count;
	double *begin; /* [J][N][N] the tariffs begun with */
	truce_together together;
	truce_json json;
} game;

/* tariffs_ask.c: what the command line asks. */
int tariffs_unknown_region(game *g, const char *id);
/* What hangs on no world; an option that the game `which` takes no notice of is wrong usage. */
int tariffs_read_options(game *g, const char *which);
/* What hangs on the world. */
int tariffs_read_lists(game *g);

/* tariffs_tell.c: what is told of an outcome. */
void tariffs_csv_head(game *g);
void tariffs_outcome_to_csv(game *g, const truce_outcome *o);
void tariffs_optimum_to_json(game *g, const truce_outcome *outcome, const truce_optimum *o);
void tariffs_outcome_to_json(game *g, const truce_outcome *o, const char *name);
int tariffs_print_optimum(game *g, const truce_outcome *outcome, const truce_optimum *o, bool wedges);
int tariffs_print_outcome(game *g, const truce_outcome *o);

#endif
