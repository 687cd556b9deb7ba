/* case.h: what the verbs that open a case share. */
#ifndef TRUCE_CLI_CASE_H
#define TRUCE_CLI_CASE_H

#include <truce/case.h>

#include "record.h"

/* A case from --record, --on, --known, --view, --world, --bridge, --draws, --seed and --set. */
int cli_case_open(struct cli *cli, truce_case **out, bool with_world);

#endif
