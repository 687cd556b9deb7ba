/* truce why ID: computes a number anew, walks back to its records and sources, and compares it with what was printed. */
#include "case.h"

#include <truce/brief.h>

#include <jansson.h>
#include <math.h>
#include <string.h>

/* What a brief printed, read from its JSON. */
struct printed {
	json_t *root, *number;
	const char *text, *unit;
	double scale;
	int decimals;
};

static json_t *find_number(json_t *root, const char *id)
{
	size_t i, k;
	json_t *cost, *number;
	json_array_foreach(json_object_get(root, "costs"), i, cost)
		json_array_foreach(json_object_get(cost, "numbers"), k, number) {
			const char *own = json_string_value(json_object_get(number, "id"));
			if (own && strcmp(own, id) == 0)
				return number;
		}
	return NULL;
}

/* The clocks of the brief hold, unless others are asked for. */
static void take_clock(struct cli *cli, const json_t *root, const char *name)
{
	const char *value = json_string_value(json_object_get(root, name));
	if (value && !cli_value(cli, name) && cli->given_count < (int)(sizeof cli->given / sizeof cli->given[0])) {
		cli->given[cli->given_count].name = name;
		cli->given[cli->given_count++].value = value;
	}
}

static int read_printed(struct cli *cli, struct printed *printed, const char *id)
{
	const char *path = cli_value(cli, "from");
	json_error_t error;
	if (!path && !truce_file_exists("out/brief.json"))
		return TRUCE_OK;
	path = path ? path : "out/brief.json";
	char *text = NULL;
	size_t length;
	int status = truce_file_read(cli->ctx, &text, &length, path, 256u << 20);
	if (status)
		return status;
	printed->root = json_loadb(text, length, 0, &error);
	truce_release(cli->ctx, text);
	if (!json_is_object(printed->root))
		return truce_fail(cli->ctx, TRUCE_INPUT, path, error.line, error.column, "give a brief.json that `truce brief` wrote", "%s",
			printed->root ? "this is no object" : error.text);
	take_clock(cli, printed->root, "on");
	take_clock(cli, printed->root, "known");
	printed->number = find_number(printed->root, id);
	if (printed->number) {
		printed->text = json_string_value(json_object_get(printed->number, "printed"));
		printed->unit = json_string_value(json_object_get(printed->number, "unit"));
		printed->scale = json_number_value(json_object_get(printed->number, "scale"));
		printed->decimals = (int)json_integer_value(json_object_get(printed->number, "decimals"));
	}
	return TRUCE_OK;
}

/* ---- computing anew ---- */

static int trail_of(struct cli *cli, truce_case *opened, truce_arena *arena, truce_brief **brief, const truce_trail **out,
	const char *id)
{
	int status = TRUCE_NOT_FOUND;
	if (truce_case_world(opened) && strncmp(id, "cost/", 5) == 0) {
		status = truce_case_trail(opened, arena, out, id);
		if (status != TRUCE_NOT_FOUND)
			return status;
		truce_diagnostics_clear(cli->ctx);
	}
	if ((status = truce_brief_compose(cli->ctx, brief, opened)))
		return status;
	*out = truce_brief_trail(*brief, id);
	return *out ? TRUCE_OK : truce_fail(cli->ctx, TRUCE_NOT_FOUND, NULL, 0, 0,
		"brief.json lists the ids under `costs` and `trails`", "no number has the id \"%s\"", id);
}

/* What the inputs give by the operation; NaN where the operation is no plain arithmetic (a record, a model). */
static double arithmetic(const truce_trail *trail)
{
	double value = NAN;
	const char *operation = trail->operation ? trail->operation : "";
	if (trail->count >= 1 && strcmp(operation, "sum") == 0) {
		value = 0;
		for (size_t i = 0; i < trail->count; i++)
			value += trail->inputs[i]->value;
	} else if (trail->count >= 2 && strcmp(operation, "product") == 0) {
		value = 1;
		for (size_t i = 0; i < trail->count; i++)
			value *= trail->inputs[i]->value;
	} else if (trail->count >= 2 && strcmp(operation, "difference") == 0) {
		value = trail->inputs[0]->value - trail->inputs[1]->value;
	} else if (trail->count >= 2 && strcmp(operation, "ratio") == 0) {
		value = trail->inputs[0]->value / trail->inputs[1]->value;
	} else if (trail->count >= 2 && strcmp(operation, "ratio less one") == 0) {
		value = trail->inputs[0]->value / trail->inputs[1]->value - 1;
	}
	return value;
}

static const truce_trail *first_wrong(const truce_trail *trail)
{
	double again = arithmetic(trail);
	if (!isnan(again) && !(fabs(again - trail->value) <= 1e-9 * fmax(1, fabs(trail->value))))
		return trail;
	for (size_t i = 0; i < trail->count; i++) {
		const truce_trail *wrong = first_wrong(trail->inputs[i]);
		if (wrong)
			return wrong;
	}
	return NULL;
}

/* ---- printing ---- */

static void print_sources(struct cli *cli, truce_arena *arena, truce_case *opened, const char *id, int depth)
{
	const truce_record *record = truce_case_record(opened);
	truce_instant known = truce_clocks_known(truce_case_clocks(opened));
	const void *found = truce_record_find_known(record, TRUCE_ANY_KIND, id, known);
	const truce_source **sources;
	size_t count;
	if (!found || truce_record_sources(cli->ctx, arena, &sources, &count, record, found, known))
		return;
	for (size_t i = 0; i < count; i++) {
		char day[32];
		const truce_source *s = sources[i];
		truce_text_addf(&cli->out, "%*s%s%s, %s%s%s%s\n", 2 * depth, "", cli_dim(cli), s->outlet ? s->outlet : s->head.id,
			s->date.set ? truce_time_format(day, &s->date) : "undated", s->title ? ": " : "", s->title ? s->title : "", cli_plain(cli));
		for (size_t v = 0; v < s->via.count; v++)
			truce_text_addf(&cli->out, "%*s%safter %s%s\n", 2 * depth + 2, "", cli_dim(cli), TRUCE_LIST_TEXT(s->via, v), cli_plain(cli));
	}
}

/* For people: what a model gives has ten places at most, or seven digits; JSON has all. */
static void format_value(char out[32], double value)
{
	truce_format_double(out, value);
	if (strlen(out) > 13)
		snprintf(out, 32, fabs(value) >= 10 ? "%.10g" : fabs(value) >= 1e-4 ? "%.10f" : "%.7g", value);
}

static void print_trail(struct cli *cli, truce_arena *arena, truce_case *opened, const truce_trail *trail, int depth)
{
	char value[32] = "?";
	if (depth > 40)
		return;
	if (!isnan(trail->value))
		format_value(value, trail->value);
	truce_text_addf(&cli->out, "%*s%s%s%s %s  %s", 2 * depth, "", cli_bold(cli), value, cli_plain(cli), trail->unit ? trail->unit : "",
		trail->what ? trail->what : "");
	truce_text_addf(&cli->out, "  %s[%s]%s", cli_dim(cli), trail->operation ? trail->operation : "?", cli_plain(cli));
	if (depth == 0 || trail->count)
		truce_text_addf(&cli->out, "  %s%s%s", cli_dim(cli), trail->id ? trail->id : "", cli_plain(cli));
	truce_text_add(&cli->out, "\n");
	if (trail->record)
		truce_text_addf(&cli->out, "%*srecord %s%s%s\n", 2 * depth + 2, "", trail->record, trail->source ? ", " : "",
			trail->source ? trail->source : "");
	else if (trail->source)
		truce_text_addf(&cli->out, "%*ssource: %.300s\n", 2 * depth + 2, "", trail->source);
	if (trail->record)
		print_sources(cli, arena, opened, trail->record, depth + 2);
	for (size_t i = 0; i < trail->count; i++)
		print_trail(cli, arena, opened, trail->inputs[i], depth + 1);
}

static int answer(struct cli *cli, truce_arena *arena, truce_case *opened, const struct printed *printed,
	const truce_trail *trail, const char *id)
{
	const char *was = cli_value(cli, "printed");
	const char *again = NULL;
	int status = TRUCE_OK;
	if (!was)
		was = printed->text;
	if (printed->number && printed->unit)
		again = truce_brief_print(arena, trail->value, printed->scale, printed->decimals, printed->unit);
	bool same = !was || (again && strcmp(was, again) == 0);
	const truce_trail *wrong = first_wrong(trail);
	if (cli->json) {
		truce_json json;
		truce_json_init(&json, &cli->out);
		truce_json_open(&json, NULL, '{');
		truce_json_text(&json, "id", id);
		truce_json_number(&json, "value", trail->value);
		truce_json_text(&json, "printed", was);
		truce_json_text(&json, "again", again);
		truce_json_bool(&json, "same", same && !wrong);
		truce_trail_to_json(&json, "trail", trail);
		truce_json_close(&json, '}');
		truce_text_add(&cli->out, "\n");
	} else {
		print_trail(cli, arena, opened, trail, 0);
		if (was)
			truce_text_addf(&cli->out, "\nprinted %s, computed anew %s: %s%s%s\n", was, again ? again : "?", same ? cli_green(cli) :
				cli_red(cli), same ? "the same" : "NOT the same", cli_plain(cli));
	}
	if (wrong)
		status = truce_fail(cli->ctx, TRUCE_NO, NULL, 0, 0, NULL, "\"%s\" is not what its inputs give (%s)", wrong->id, wrong->operation);
	else if (!same)
		status = truce_fail(cli->ctx, TRUCE_NO, NULL, 0, 0, NULL, "\"%s\" was printed as %s, and is %s", id, was, again ? again : "?");
	return status;
}

static int run(struct cli *cli, int count, char **operands)
{
	struct printed printed = {.scale = 1};
	truce_case *opened = NULL;
	truce_arena *arena = NULL;
	truce_brief *brief = NULL;
	const truce_trail *trail = NULL;
	const char *id = operands[0];
	(void)count;
	int status = read_printed(cli, &printed, id);
	if (!status && cli_value(cli, "printed") && !printed.number)
		status = cli_usage(cli, "--printed needs a brief.json that says how \"%s\" is printed", id);
	if (!status)
		status = cli_case_open(cli, &opened, strncmp(id, "cost/", 5) == 0);
	if (!status)
		status = truce_arena_new(cli->ctx, &arena);
	if (!status)
		status = trail_of(cli, opened, arena, &brief, &trail, id);
	if (!status)
		status = answer(cli, arena, opened, &printed, trail, id);
	truce_brief_free(brief);
	truce_arena_free(arena);
	truce_case_close(opened);
	json_decref(printed.root);
	return status;
}

static const struct cli_option options[] = {
	{"from", 0, "FILE", false, "the brief.json that printed it; out/brief.json where that is there"},
	{"printed", 0, "TEXT", false, "what was printed, where it is not what brief.json holds"},
	{"bridge", 0, "FILE", false, "how measures lie on the world's sectors; the world's name with .yaml where not given"},
	{"draws", 0, "N", false, "draws of the elasticities for the ranges; 200 where not given"},
	{"seed", 0, "N", false, "seed of the draws; 1 where not given"},
	{"set", 0, "KEY=VALUE", true, "a setting of the trade model, as `truce solve` takes it"},
	{NULL, 0, NULL, false, NULL}};

static const char *const description[] = {
	"Computes the number under an id anew, from the record and the world, and prints the tree behind it: operations, model, "
	"parameters, records, and the sources of the records.  The clocks are those of the brief, unless --on and --known are given.",
	"Where a brief printed the number, both are compared as printed.  Exit status 1 where the last digit differs, or where a step "
	"of plain arithmetic is not what its inputs give.", NULL};

static const char *const examples[] = {"truce why cost/THREAT/PARTY/long/real_income", "a cost of the brief in out/",
	"truce why state/MEASURE/level --on 2025-08-28", "the level of a measure, and who says so", NULL};

const struct cli_verb cli_verb_why = {.name = "why", .summary = "the records and the arithmetic behind a printed number",
	.operands = "ID", .operands_min = 1, .operands_max = 1, .common = CLI_JSON | CLI_RECORD | CLI_CLOCKS | CLI_WORLD | CLI_VIEW,
	.options = options, .description = description, .examples = examples, .run = run};
