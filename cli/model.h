/* model.h: the settings of the trade model, for the verbs that solve it. */
#ifndef TRUCE_CLI_MODEL_H
#define TRUCE_CLI_MODEL_H

#include <truce/equilibrium.h>

#include "cli.h"

/* Those given by --set KEY=VALUE, on top of what *settings holds. */
int cli_model_settings(struct cli *cli, truce_equilibrium_settings *settings);

#endif
