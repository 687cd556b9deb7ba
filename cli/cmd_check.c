/* truce check: is the record sound, and what in it contradicts, is stale, past due or stands on a law that fell? */
#include "record.h"

#include <string.h>

static void summary(struct cli *cli, const truce_record *record, size_t warnings)
{
	size_t kinds = 0;
	for (int kind = 0; kind < TRUCE_RECORD_KINDS; kind++)
		kinds += truce_record_count(record, (truce_record_kind)kind) > 0;
	truce_text_addf(&cli->out, "sound: %zu records of %zu kinds, %zu warnings\n", truce_record_total(record), kinds, warnings);
}

static void by_json(struct cli *cli, const truce_record *record, bool sound, size_t warnings)
{
	truce_json json;
	truce_json_init(&json, &cli->out);
	truce_json_open(&json, NULL, '{');
	truce_json_bool(&json, "sound", sound);
	truce_json_integer(&json, "records", record ? (int64_t)truce_record_total(record) : 0);
	truce_json_integer(&json, "errors", (int64_t)truce_diagnostic_total(cli->ctx, TRUCE_ERROR));
	truce_json_integer(&json, "warnings", (int64_t)warnings);
	truce_json_open(&json, "findings", '[');
	for (size_t i = 0; i < truce_diagnostic_count(cli->ctx); i++) {
		const truce_diagnostic *d = truce_diagnostic_at(cli->ctx, i);
		truce_json_open(&json, NULL, '{');
		truce_json_text(&json, "severity", d->severity == TRUCE_ERROR ? "error" : d->severity == TRUCE_WARNING ? "warning" : "note");
		truce_json_text(&json, "file", d->file);
		truce_json_integer(&json, "line", d->line);
		truce_json_integer(&json, "column", d->column);
		truce_json_text(&json, "what", d->what);
		truce_json_text(&json, "remedy", d->remedy);
		truce_json_close(&json, '}');
	}
	truce_json_close(&json, ']');
	truce_json_close(&json, '}');
	truce_text_add(&cli->out, "\n");
}

static int run(struct cli *cli, int count, char **operands)
{
	truce_record *record = NULL;
	truce_clocks clocks;
	size_t warnings = 0;
	int status = cli_clocks(cli, &clocks);
	if (status != TRUCE_OK)
		return status;
	if (count && cli_value(cli, "record"))
		return cli_usage(cli, "the record is given twice: \"%s\" and --record %s; give every folder with --record", operands[0], cli_value(cli, "record"));
	if (count) {
		const char *const *dirs = (const char *const *)operands;
		status = truce_record_open(cli->ctx, &record, dirs, (size_t)count);
	} else {
		status = cli_record_open(cli, &record);
	}
	if (status == TRUCE_OK)
		status = truce_record_review(cli->ctx, record, clocks, &warnings);
	if (cli->json && (status == TRUCE_OK || status == TRUCE_UNSOUND))
		by_json(cli, record, status == TRUCE_OK, warnings);
	else if (status == TRUCE_OK)
		summary(cli, record, warnings);
	truce_record_close(record);
	/* An unsound record is the answer to this verb, not a failure of it. */
	return status == TRUCE_UNSOUND ? TRUCE_NO : status;
}

static const char *const description[] = {
	"Reads the folders (the shipped record where none is given) and reports all errors at once, as FILE:LINE:COL: error: what, and what "
	"to do. Then it warns, as of --on and --known: of records that cannot hold beside each other, echoes counted twice, statements older "
	"than what they report, promises past due, measures that stand on a law that fell, threats beyond what their law allows, conditions "
	"already met.",
	"Exit status: 0 sound (warnings or not), 1 not sound, 3 it cannot be read.", NULL};
static const char *const examples[] = {"truce check data/record/us-china", "check a folder of records", NULL};

const struct cli_verb cli_verb_check = {
	.name = "check", .summary = "is the record sound, and what contradicts, is stale or past due in it", .operands = "[DIR...]",
	.operands_max = -1, .common = CLI_JSON | CLI_RECORD | CLI_CLOCKS, .description = description, .examples = examples, .run = run};
