/* truce brief: the note, as HTML, Markdown and JSON. */
#include "case.h"

#include <truce/brief.h>

static int write_file(struct cli *cli, const char *folder, const char *name, const truce_text *text)
{
	truce_text path;
	truce_text_init(&path, cli->ctx);
	truce_text_addf(&path, "%s/%s", folder, name);
	int status = truce_text_done(&path);
	if (!status)
		status = truce_file_write(cli->ctx, path.data, text->data, text->length);
	if (!status && !cli->json)
		truce_text_addf(&cli->out, "%s\n", path.data);
	truce_text_free(&path);
	return status;
}

static int write_all(struct cli *cli, const truce_brief *brief, const char *folder)
{
	truce_text text;
	truce_json json;
	truce_text_init(&text, cli->ctx);
	int status = truce_directory_make(cli->ctx, folder);
	if (!status && !(status = truce_brief_html(&text, brief)))
		status = write_file(cli, folder, "brief.html", &text);
	truce_text_clear(&text);
	if (!status && !(status = truce_brief_markdown(&text, brief)))
		status = write_file(cli, folder, "brief.md", &text);
	if (brief->timeline_paper) {
		truce_text_clear(&text);
		truce_text_add(&text, brief->timeline_paper);
		if (!status && !(status = truce_text_done(&text)))
			status = write_file(cli, folder, "timeline.svg", &text);
	}
	truce_text_clear(&text);
	truce_json_init(&json, &text);
	truce_brief_json(&json, NULL, brief);
	truce_text_add(&text, "\n");
	if (!status && !(status = truce_text_done(&text)))
		status = write_file(cli, folder, "brief.json", &text);
	if (!status && cli->json)
		truce_text_add_bytes(&cli->out, text.data, text.length);
	truce_text_free(&text);
	return status;
}

static int run(struct cli *cli, int count, char **operands)
{
	truce_case *opened = NULL;
	truce_brief *brief = NULL;
	const char *folder = cli_value(cli, "out");
	(void)count;
	(void)operands;
	int status = cli_case_open(cli, &opened, !cli_flag(cli, "no-costs"));
	if (!status)
		status = truce_brief_compose(cli->ctx, &brief, opened);
	if (!status)
		status = write_all(cli, brief, folder ? folder : "out");
	truce_brief_free(brief);
	truce_case_close(opened);
	return status;
}

static const struct cli_option options[] = {
	{"out", 'o', "DIR", false, "where brief.html, brief.md, brief.json and timeline.svg go; out where not given"},
	{"no-costs", 0, NULL, false, "do not price what is on the table; needs no world"},
	{"bridge", 0, "FILE", false, "how measures lie on the world's sectors; the world's name with .yaml where not given"},
	{"draws", 0, "N", false, "draws of the elasticities for the ranges; 200 where not given, 0 for none"},
	{"seed", 0, "N", false, "seed of the draws; 1 where not given"},
	{"set", 0, "KEY=VALUE", true, "a setting of the trade model, as `truce solve` takes it"},
	{NULL, 0, NULL, false, NULL}};

static const char *const description[] = {
	"Writes the note of a day: what is in force and suspended and until when; what is threatened, demanded, offered, promised and "
	"claimed; what comes due and what changed; what the acts on the table would cost each side in the long run; and what it cannot "
	"yet say.  Every statement and number carries the number of a note that names its record and sources.",
	"brief.html needs no other file and prints on two A4 pages; brief.md is the same as Markdown; brief.json holds the numbers as "
	"printed with their trails, which `truce why` recomputes.  Each file is written whole or not at all.", NULL};

static const char *const examples[] = {"truce brief --on 2025-08-28 --known 2025-08-28", "the shipped record on a day, into out/",
	"truce brief --record my-record --no-costs -o note", "a record of one's own, without prices", NULL};

const struct cli_verb cli_verb_brief = {.name = "brief", .summary = "the note of a day: two pages, with sources", .operands = "",
	.common = CLI_JSON | CLI_RECORD | CLI_CLOCKS | CLI_WORLD | CLI_VIEW, .options = options, .description = description,
	.examples = examples, .run = run};
