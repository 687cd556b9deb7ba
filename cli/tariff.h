/* tariff.h: what the verbs that ask for duties share. */
#ifndef TRUCE_CLI_TARIFF_H
#define TRUCE_CLI_TARIFF_H

#include <truce/tariff.h>

#include "record.h"

struct cli_tariff {
	truce_record *record;
	truce_schedule *schedule;
	truce_arena *arena;
};

/* Opens the record and the schedule (--schedule, TRUCE_SCHEDULE; none is fine) and fills the question: --from as it is
 * written (it may name several, or all), --into (where it does not say already), clocks, and the shares of the shipped
 * table of the party into which the good goes. */
int cli_tariff_open(struct cli *cli, struct cli_tariff *tariff, truce_tariff_question *ask);
/* The path of a table of the shipped data about the party that levies, schedule/xx-NAME.csv; truce_release. */
int cli_tariff_table(struct cli *cli, char **out, const char *into, const char *name);
/* The party that a person named: an id of the record, or a country by name, ISO or Census code.  NOT_FOUND, diagnosed. */
int cli_party(struct cli *cli, const truce_record *record, const char **party, const char *option);
/* The parties of every --from, "CN,HK", one by one as cli_party names them; none where "all" is said. */
int cli_parties(struct cli *cli, struct cli_tariff *tariff, const char **items, size_t most, size_t *count);
/* The days of --since and --until, both included; without them that of --on. */
int cli_days(struct cli *cli, truce_date *from, truce_date *through);
void cli_tariff_close(struct cli_tariff *tariff);

#endif
