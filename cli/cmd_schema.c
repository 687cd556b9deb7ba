/* truce schema: the grammar of a record as JSON Schema. */
#include "record.h"

static int run(struct cli *cli, int count, char **operands)
{
	(void)count;
	(void)operands;
	int status = truce_record_json_schema(cli->ctx, &cli->out);
	truce_text_add(&cli->out, "\n");
	return status;
}

static const char *const description[] = {
	"The JSON Schema (draft 2020-12) of a file of a record, for editors and other checkers. It is written for YAML read with its "
	"failsafe schema, where every scalar is text; references, cycles and contradictions are the work of `truce check`.", NULL};
static const char *const examples[] = {"truce schema > record.schema.json", "then name it in your editor's YAML settings", NULL};

const struct cli_verb cli_verb_schema = {
	.name = "schema", .summary = "the grammar of a record as JSON Schema", .operands = "", .common = CLI_JSON, .description = description,
	.examples = examples, .run = run};
