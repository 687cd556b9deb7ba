/* truce help: the verbs; truce help VERB: one of them; --man: the same as a man page. */
#include "cli.h"

#include <string.h>

void cli_help(struct cli *cli, const struct cli_verb *verb);
void cli_man(struct cli *cli, const struct cli_verb *verb);

static void list(struct cli *cli)
{
	truce_text_addf(&cli->out, "truce %s: an engine for trade conflicts\n\nusage: truce VERB [options]\n\n", TRUCE_VERSION);
	for (int i = 0; cli_verbs[i]; i++)
		truce_text_addf(&cli->out, "  %s%-11s%s %s\n", cli_bold(cli), cli_verbs[i]->name, cli_plain(cli), cli_verbs[i]->summary);
	truce_text_add(&cli->out, "\n`truce VERB --help` says more of each.  Exit status: 0 done; 1 done, and the answer is no;\n"
		"2 wrong usage; 3 bad input; 4 did not converge; 5 the system failed.\n");
}

static int run(struct cli *cli, int count, char **operands)
{
	bool man = cli_flag(cli, "man");
	if (count == 0 && man) {
		cli_man(cli, NULL);
		return TRUCE_OK;
	}
	if (count == 0) {
		list(cli);
		return TRUCE_OK;
	}
	for (int i = 0; cli_verbs[i]; i++)
		if (strcmp(cli_verbs[i]->name, operands[0]) == 0) {
			if (man)
				cli_man(cli, cli_verbs[i]);
			else
				cli_help(cli, cli_verbs[i]);
			return TRUCE_OK;
		}
	return cli_no_verb(cli, operands[0]);
}

static const struct cli_option options[] = {
	{"man", 0, NULL, false, "print the man page's source, for man(1) or mandoc(1)"},
	{NULL, 0, NULL, false, NULL}};

const struct cli_verb cli_verb_help = {
	.name = "help", .summary = "what the program answers, and how to ask", .operands = "[VERB]", .operands_max = 1,
	.options = options, .run = run};
