/* truce agenda: what comes due (the work is beside truce timeline, in cmd_timeline.c). */
#include "record.h"

int cli_agenda(struct cli *cli, int count, char **operands);

static const struct cli_option options[] = {
	{"to", 0, "DATE", false, "the last day; as far as anything is known where not given"},
	{"ics", 0, NULL, false, "as an iCalendar file on standard output"},
	{NULL, 0, NULL, false, NULL}};
static const char *const description[] = {
	"What comes on the day of --on and after, as known by --known: ends of truces and suspensions, what they turn to, deadlines of threats and demands, "
	"offers that lapse, due dates as they were last moved, exclusions that end, meetings.", NULL};
static const char *const examples[] = {"truce agenda --on 2025-08-27 --known 2025-08-28 --ics > truce.ics", "a calendar of what was ahead", NULL};

const struct cli_verb cli_verb_agenda = {
	.name = "agenda", .summary = "what comes due: truce ends, deadlines, meetings", .operands = "", .common = CLI_JSON | CLI_CSV | CLI_RECORD |
	CLI_CLOCKS | CLI_VIEW, .options = options, .description = description, .examples = examples, .run = cli_agenda};
