/* truce schema: the grammar of a record, as JSON Schema, as a man page, as Markdown, all from the tables that read it. */
#include "record.h"

#include <string.h>

enum { SCHEMA_LIMIT = 128 };

struct list {
	const truce_yaml_schema *items[SCHEMA_LIMIT];
	size_t count;
};

/* Every part that is reached, once, in the order met. */
static void reach(struct list *list, const truce_yaml_schema *schema)
{
	for (size_t i = 0; i < list->count; i++)
		if (list->items[i] == schema)
			return;
	if (list->count == SCHEMA_LIMIT)
		return;
	list->items[list->count++] = schema;
	for (const truce_yaml_field *field = schema->fields; field->key; field++)
		if (field->of)
			reach(list, field->of);
}

/* What stands after the key, in words. */
static void add_type(truce_text *out, const truce_yaml_field *field)
{
	bool single = field->flags & TRUCE_YAML_SINGLE;
	switch (field->type) {
	case TRUCE_YAML_TEXT: truce_text_add(out, "text"); break;
	case TRUCE_YAML_ID: truce_text_add(out, field->refers_to ? "id of: " : "id"); break;
	case TRUCE_YAML_BOOL: truce_text_add(out, "true or false"); break;
	case TRUCE_YAML_NUMBER:
		truce_text_add(out, field->flags & TRUCE_YAML_SHARE ? "number from 0 to 1" : field->flags & TRUCE_YAML_POSITIVE ? "number above 0" : "number");
		break;
	case TRUCE_YAML_TIME: truce_text_add(out, "day, or instant with a zone"); break;
	case TRUCE_YAML_DAYS: truce_text_add(out, "30d, 12w, 3m or 2y"); break;
	case TRUCE_YAML_ENUM: {
		bool first = true;
		for (int i = 0; field->words[i]; i++)
			if (field->words[i][0]) {
				truce_text_addf(out, "%s%s", first ? "one of: " : ", ", field->words[i]);
				first = false;
			}
		break;
	}
	case TRUCE_YAML_STRUCT:
	case TRUCE_YAML_MAYBE: truce_text_addf(out, "%s", field->of->name); break;
	case TRUCE_YAML_LIST: truce_text_addf(out, single ? "one or more: %s" : "list of: %s", field->of->name); break;
	case TRUCE_YAML_TEXTS: truce_text_add(out, field->refers_to ? "one or more ids of: " : "one or more texts"); break;
	case TRUCE_YAML_MAP: truce_text_addf(out, "map from id to: %s", field->of->name); break;
	case TRUCE_YAML_NODE: truce_text_add(out, "anything"); break;
	}
	if (field->refers_to)
		truce_text_add(out, field->refers_to);
	if (field->flags & TRUCE_YAML_REQUIRED)
		truce_text_add(out, "; must be given");
}

static void add_roff(truce_text *out, const char *text)
{
	for (const char *at = text; *at; at++) {
		if ((*at == '.' || *at == '\'') && (at == text || at[-1] == '\n'))
			truce_text_add(out, "\\&");
		truce_text_add(out, *at == '\\' ? "\\e" : *at == '-' ? "\\-" : (const char[]){*at, '\0'});
	}
}

static void add_entry(truce_text *out, const truce_yaml_schema *schema, bool man, truce_text *type)
{
	if (man) {
		truce_text_add(out, ".SS ");
		add_roff(out, schema->name);
		truce_text_add(out, "\n");
		add_roff(out, schema->doc ? schema->doc : "");
		truce_text_add(out, "\n");
	} else {
		truce_text_addf(out, "\n### %s\n\n%s\n", schema->name, schema->doc ? schema->doc : "");
	}
	if (schema->shorthand)
		truce_text_addf(out, man ? "A value that is no mapping stands for its key %s.\n" : "\nA value that is no mapping stands for its key `%s`.\n",
			schema->shorthand);
	if (!man)
		truce_text_add(out, "\n| key | what stands there | meaning |\n|---|---|---|\n");
	for (const truce_yaml_field *field = schema->fields; field->key; field++) {
		if (strcmp(field->key, "id") == 0)
			continue;
		truce_text_clear(type);
		add_type(type, field);
		if (man) {
			truce_text_addf(out, ".TP\n.B %s\n(", field->key);
			add_roff(out, type->data);
			truce_text_add(out, ") ");
			add_roff(out, field->doc ? field->doc : "");
			truce_text_add(out, "\n");
		} else {
			truce_text_addf(out, "| `%s` | %s | %s |\n", field->key, type->data, field->doc ? field->doc : "");
		}
	}
}

static const char *const rules[] = {
	"A record is a folder of YAML files (.yaml, .yml; folders below it too). Any file may hold any kinds: the keys of a file are the kinds in "
	"the plural, and below each stands a map from id to entry. Ids are unique across kinds.",
	"Every scalar is text until the grammar types it: NO is Norway, 0101.21 a code. Tags, merge keys and second documents are refused; "
	"anchors and aliases are taken within limits (64 levels, 8 million nodes, 10,000 aliases, 64 MiB a file). Inside { } a text with a comma or "
	"a colon stands in quotes.",
	"A time is a day, 2025-08-27, or an instant with its zone, 2025-11-10T00:01-05:00. A day without a zone is a day in the zone of the party that "
	"levies, threatens, demands, offers, owes or speaks, of the first party of a truce or meeting, and in UTC where it says since when "
	"something is known. until is the first moment after, through the last day.",
	"Nothing known is rewritten. What changed later is a step of a history with its own known date (where not said: its from, or the date of its "
	"sources if that is later); of two steps from one moment the one known later holds; withdrawn takes one back. A correction is an entry of "
	"its own with supersedes, or the same id in a later folder, and holds from its own known date on.",
	"A status ends at until or after through and then becomes on_expiry by itself: expired where it is not said, in_force after suspended, lapsed "
	"for promises. A truce suspends the measures that it names while it runs; a measure suspended without an end of its own is so until the "
	"last known of its truces ends.",
	"A source that relays others (via) adds no independent root, unless it is independent, or possibly one where that is unknown. An entry's "
	"sources may not be more than a day older than what they report; older ones go to background.",
	"A number has a unit, and a source, unsure: true, or assumption: true.",
	"Errors: an unknown or doubled key, a reference to nothing, an id used twice, a date that does not exist, a period that ends before it begins, "
	"a level without a unit, a ring of via, supersedes, extends, under, includes, members, a source older than what it reports. All are "
	"reported at once, as FILE:LINE:COL: error: what, and what to do.",
	NULL};

static int describe(struct cli *cli, bool man)
{
	truce_text *out = &cli->out;
	struct list list = {0};
	truce_text type;
	const truce_yaml_schema *file = truce_record_grammar();
	truce_text_init(&type, cli->ctx);
	if (man)
		truce_text_addf(out, ".TH TRUCE-RECORD 5 \"\" \"truce %s\"\n.SH NAME\ntruce\\-record \\- the record: what states do, threaten, demand, offer, promise "
			"and say\n.SH DESCRIPTION\n", TRUCE_VERSION);
	else
		truce_text_add(out, "# truce-record(5): the grammar of a record\n\nWritten by `truce schema --markdown`, from the tables that read a record. "
			"`docs/record.md` shows an example of each kind.\n\n## Rules\n");
	for (int i = 0; rules[i]; i++) {
		truce_text_add(out, man ? (i ? ".PP\n" : "") : "\n");
		if (man)
			add_roff(out, rules[i]);
		else
			truce_text_add(out, rules[i]);
		truce_text_add(out, "\n");
	}
	truce_text_add(out, man ? ".SH KINDS\n" : "\n## Kinds\n");
	if (!man)
		truce_text_add(out, "\n| key of a file | kind | what it is |\n|---|---|---|\n");
	for (const truce_yaml_field *field = file->fields; field->key; field++) {
		truce_text_addf(out, man ? ".TP\n.B %s\n%s: " : "| `%s` | %s | ", field->key, field->of->name);
		if (man)
			add_roff(out, field->of->doc);
		else
			truce_text_addf(out, "%s |", field->of->doc);
		truce_text_add(out, "\n");
	}
	for (const truce_yaml_field *field = file->fields; field->key; field++)
		add_entry(out, field->of, man, &type);
	truce_text_add(out, man ? ".SH PARTS\n" : "\n## Parts\n");
	reach(&list, file);
	for (size_t i = 1; i < list.count; i++) {
		bool kind = false;
		for (const truce_yaml_field *field = file->fields; field->key; field++)
			kind = kind || field->of == list.items[i];
		if (!kind)
			add_entry(out, list.items[i], man, &type);
	}
	if (man)
		truce_text_add(out, ".SH SEE ALSO\n.BR truce (1),\n.BR truce\\-check (1),\n.BR truce\\-schema (1)\n");
	int status = truce_text_done(&type);
	truce_text_free(&type);
	return status;
}

static int run(struct cli *cli, int count, char **operands)
{
	(void)count;
	(void)operands;
	if (cli_flag(cli, "man") || cli_flag(cli, "markdown"))
		return describe(cli, cli_flag(cli, "man"));
	int status = truce_record_json_schema(cli->ctx, &cli->out);
	truce_text_add(&cli->out, "\n");
	return status;
}

static const struct cli_option options[] = {
	{"man", 0, NULL, false, "the grammar as a man page's source, truce-record(5)"},
	{"markdown", 0, NULL, false, "the same as Markdown"},
	{NULL, 0, NULL, false, NULL}};
static const char *const description[] = {
	"The JSON Schema (draft 2020-12) of a file of a record, for editors and other checkers. It is written for YAML read with its "
	"failsafe schema, where every scalar is text; references, cycles and contradictions are the work of `truce check`.", NULL};
static const char *const examples[] = {"truce schema > record.schema.json", "then name it in your editor's YAML settings", NULL};

const struct cli_verb cli_verb_schema = {
	.name = "schema", .summary = "the grammar of a record as JSON Schema", .operands = "", .common = CLI_JSON, .options = options,
	.description = description, .examples = examples, .run = run};
