/* truce shortage: who stops when, under which bans. */
#include "cli.h"

#include <truce/shortage.h>

#include <string.h>

/* A network written by hand. */
static int run_network(struct cli *cli, const char *path)
{
	truce_shortage_case *item = NULL;
	char *text = NULL;
	size_t length;
	int status = truce_file_read(cli->ctx, &text, &length, path, 0);

	if (!status)
		status = truce_shortage_case_read(cli->ctx, &item, path, text, length);
	if (!status && cli->json) {
		truce_json json;
		truce_json_init(&json, &cli->out);
		status = truce_shortage_case_to_json(cli->ctx, &json, item);
		truce_text_add(&cli->out, "\n");
	} else if (!status) {
		status = truce_shortage_case_to_text(cli->ctx, &cli->out, item, cli->csv);
	}
	truce_shortage_case_free(item);
	truce_release(cli->ctx, text);
	return status;
}

static int run(struct cli *cli, int count, char **operands)
{
	const char *network = cli_value(cli, "network");

	(void)operands;
	if (network && count)
		return cli_usage(cli, "--network takes no acts: its bans stand in the file");
	if (network)
		return run_network(cli, network);
	return cli_usage(cli, "give --network FILE.yaml");
}

static const struct cli_option options[] = {
	{"network", 0, "FILE", false, "run a network written by hand (truce-network(5)) instead of the record and the world"},
	{NULL, 0, NULL, false, NULL}};

static const char *const description[] = {
	"Steps a dynamic input-output model day by day: users hold stocks of what they need, refill them by orders, and stop "
	"when a critical input has run out.  A ban strikes one edge: this good, from this seller, to this buyer.",
	NULL};

static const char *const examples[] = {
	"truce shortage --network chain.yaml --json", "the output of each sector, day by day", NULL};

const struct cli_verb cli_verb_shortage = {
	.name = "shortage", .summary = "who stops when, under which bans", .operands = "[ACT...]", .operands_max = -1,
	.common = CLI_JSON | CLI_CSV, .options = options, .description = description, .examples = examples, .run = run};
