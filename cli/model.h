/* model.h: the settings and the policies of the trade model, for the verbs that solve it. */
#ifndef TRUCE_CLI_MODEL_H
#define TRUCE_CLI_MODEL_H

#include <truce/equilibrium.h>

#include "cli.h"

/* Those given by --set KEY=VALUE, on top of what *settings holds. */
int cli_model_settings(struct cli *cli, truce_equilibrium_settings *settings);

/* A world by its path, or a shipped one by its name. */
int cli_model_world(struct cli *cli, truce_world **out, const char *given);

/* A policy from files, on top of a world; its arrays are in the arena. */
typedef struct {
	double *tariff, *export_tax, *iceberg; /* [J][N][N] */
	truce_edge_quantity *bound;
	size_t bounds;
	bool taxed, shipped;
} cli_policy;

int cli_policy_start(cli_policy *policy, const truce_world *world, truce_arena *arena);
/* `sector,exporter,importer,tariff[,export_tax][,iceberg]`: new levels; edges not named keep theirs. */
int cli_policy_wedges(struct cli *cli, cli_policy *policy, const truce_world *world, const char *path);
/* `sector,exporter,importer,kind[,level][,rent]`: bounds on what passes. */
int cli_policy_bounds(struct cli *cli, cli_policy *policy, const truce_world *world, truce_arena *arena, const char *path);
truce_policy cli_policy_of(const cli_policy *policy);

#endif
