/* truce duty CODE: the duty on a good, layer by layer. */
#include "duty.h"

#include <math.h>
#include <string.h>

static void add_rate(truce_text *out, double rate, double low, double high)
{
	if (!isnan(rate))
		truce_text_addf(out, "%.4g %%", 100 * rate);
	else if (isinf(high))
		truce_text_add(out, "not known");
	else
		truce_text_addf(out, "%.4g to %.4g %%", 100 * low, 100 * high);
}

static const char *rate_words(struct cli *cli, truce_arena *arena, const truce_tariff_layer *layer)
{
	truce_text text;
	truce_text_init(&text, cli->ctx);
	if (layer->specific)
		truce_text_addf(&text, "%s", layer->specific);
	else
		add_rate(&text, layer->ad_valorem, layer->low, layer->high);
	const char *kept = truce_text_done(&text) ? NULL : truce_arena_text(arena, text.data ? text.data : "");
	truce_text_free(&text);
	return kept ? kept : "?";
}

static int table(struct cli *cli, truce_arena *arena, const truce_tariff_layer *layers, size_t count, const char *title)
{
	enum { COLUMNS = 5, LONG_NOTE = 24, LONG_RATE = 32 };
	const char **cells = truce_arena_array(arena, (3 * count + 1) * COLUMNS, sizeof *cells);
	int rows = 1;
	if (!cells)
		return TRUCE_MEMORY;
	const char *head[COLUMNS] = {title, "rate", "US$", "authority", "citation"};
	memcpy(cells, head, sizeof head);
	for (size_t i = 0; i < count; i++) {
		const truce_tariff_layer *layer = &layers[i];
		const char **row = cells + rows++ * COLUMNS;
		bool below = layer->note && cli_columns(layer->note) > LONG_NOTE; /* a line of its own keeps the table narrow */
		row[0] = layer->note && !below ? truce_arena_printf(arena, "%s (%s)", layer->name, layer->note) : layer->name;
		row[1] = rate_words(cli, arena, layer);
		const char *text = cli_columns(row[1]) > LONG_RATE ? row[1] : NULL;
		if (text)
			row[1] = "see below";
		row[2] = isnan(layer->usd) ? "" : truce_arena_printf(arena, "%.2f", layer->usd);
		row[3] = layer->authority;
		row[4] = layer->citation;
		for (int c = 0; c < COLUMNS; c++)
			if (!row[c])
				return TRUCE_MEMORY;
		if (text && !(cells[rows++ * COLUMNS] = truce_arena_printf(arena, "  %s", text)))
			return TRUCE_MEMORY;
		if (below && !(cells[rows++ * COLUMNS] = truce_arena_printf(arena, "  (%s)", layer->note)))
			return TRUCE_MEMORY;
	}
	cli_table(cli, COLUMNS, "lrrll", cells, rows, true);
	return TRUCE_OK;
}

/* One sentence a layer: what it is, what law it stands on, why it counts or not. */
static void explain_layer(struct cli *cli, truce_arena *arena, const truce_tariff_duty *duty, const truce_tariff_layer *layer, size_t number, bool counts)
{
	truce_text *out = &cli->out;
	char on[32];
	truce_text_addf(out, "%zu. %s", number, layer->name);
	if (strcmp(layer->authority, "mfn") != 0)
		truce_text_addf(out, " (%s)", layer->authority);
	truce_text_addf(out, ": %s", rate_words(cli, arena, layer));
	if (*layer->citation)
		truce_text_addf(out, " by %s", layer->citation);
	truce_text_addf(out, "; in force on %s, and it reaches this good from %s. ", truce_time_format(on, &duty->clocks.on), duty->from);
	if (counts)
		truce_text_addf(out, "It counts%s%s.", layer->note ? ", " : "", layer->note ? layer->note : "");
	else
		truce_text_addf(out, "It does not count: %s.", layer->note ? layer->note : "it is set aside");
	if (layer->refundable && counts)
		truce_text_add(out, " It is levied on that day and void in law as known: refundable.");
	truce_text_add(out, "\n");
}

static void explain_in_words(struct cli *cli, truce_arena *arena, const truce_tariff_duty *duty)
{
	truce_text *out = &cli->out;
	size_t number = 0;
	truce_text_add(out, "\nstep by step\n");
	for (size_t i = 0; i < duty->layer_count; i++)
		explain_layer(cli, arena, duty, &duty->layers[i], ++number, true);
	for (size_t i = 0; i < duty->aside_count; i++)
		explain_layer(cli, arena, duty, &duty->aside[i], ++number, false);
	truce_text_add(out, "together: ");
	for (size_t i = 0; i < duty->layer_count; i++)
		truce_text_addf(out, "%s%s", i ? " + " : "", rate_words(cli, arena, &duty->layers[i]));
	truce_text_add(out, " = ");
	add_rate(out, duty->ad_valorem, duty->low, duty->high);
	truce_text_add(out, "\n");
}

static int print(struct cli *cli, truce_arena *arena, const truce_tariff_duty *duty, bool explain)
{
	char on[32], known[32];
	truce_text *out = &cli->out;
	truce_text_addf(out, "%s%s from %s into %s on %s%s, as known on %s%s: ", cli_bold(cli), duty->good, duty->from, duty->into,
		truce_time_format(on, &duty->clocks.on), cli_plain(cli), truce_time_format(known, &duty->clocks.known),
		duty->clocks.view == TRUCE_VIEW_LAWFUL ? ", as lawful" : "");
	add_rate(out, duty->ad_valorem, duty->low, duty->high);
	if (!isnan(duty->usd))
		truce_text_addf(out, ", %.2f US$", duty->usd);
	else if (!isnan(duty->usd_low))
		truce_text_addf(out, ", %.2f to %.2f US$", duty->usd_low, duty->usd_high);
	truce_text_add(out, "\n\n");
	int status = table(cli, arena, duty->layers, duty->layer_count, "layer");
	size_t texts = out->length;
	if (!status && duty->aside_count && explain) {
		truce_text_add(out, "\n");
		status = table(cli, arena, duty->aside, duty->aside_count, "in force, but not counted");
		texts = out->length;
	} else if (duty->aside_count) {
		truce_text_addf(out, "\n%zu more in force give way or are excused: --explain\n", duty->aside_count);
	}
	if (!status && explain)
		explain_in_words(cli, arena, duty);
	for (size_t i = 0; i < duty->need_count; i++)
		truce_text_addf(out, "%sneeded: %s\n", i ? "" : "\n", duty->needs[i]);
	for (size_t i = 0; i < duty->assumption_count; i++)
		truce_text_addf(out, "%sassumed: %s\n", i ? "" : "\n", duty->assumptions[i]);
	for (size_t i = 0; explain && i < duty->condition_count; i++)
		truce_text_addf(out, "%scondition: %s\n", i ? "" : "\n", duty->conditions[i]);
	if (isnan(duty->refundable))
		truce_text_add(out, "\nwhat of it is levied without law as known, and refundable, is not known\n");
	if (duty->refundable > 0) {
		double usd = truce_tariff_refundable_usd(duty);
		truce_text_addf(out, "\n%.4g points of it", 100 * duty->refundable);
		if (!isnan(usd))
			truce_text_addf(out, ", %.2f US$,", usd);
		truce_text_add(out, " are levied without law as known, and refundable\n");
	}
	cli_wrap(cli, texts, 3);
	return status;
}

static int decimal_option(struct cli *cli, const char *name, bool *has, truce_decimal *out)
{
	const char *text = cli_value(cli, name);
	*has = text != NULL;
	if (text && (truce_decimal_parse(text, strlen(text), out) || out->units < 0))
		return cli_usage(cli, "--%s \"%s\" is no amount: 12500.50", name, text);
	return TRUCE_OK;
}

/* --claim ID or --claim ID=SHARE, a fraction or "30%". */
static int read_claims(struct cli *cli, truce_arena *arena, truce_tariff_question *ask)
{
	size_t count = 0;
	while (cli_value_at(cli, "claim", (int)count))
		count++;
	truce_tariff_claim *claims = truce_arena_array(arena, count + 1, sizeof *claims);
	if (!claims)
		return TRUCE_MEMORY;
	for (size_t i = 0; i < count; i++) {
		const char *text = cli_value_at(cli, "claim", (int)i);
		size_t length = strcspn(text, "=");
		claims[i] = (truce_tariff_claim){truce_arena_copy(arena, text, length), 1};
		if (!claims[i].id)
			return TRUCE_MEMORY;
		const char *number = text + length + (text[length] == '=');
		size_t digits = strcspn(number, "%");
		if (text[length] && truce_parse_double(number, digits, &claims[i].share))
			return cli_usage(cli, "--claim \"%s\": give ID, ID=0 where it is not claimed, or ID=SHARE", text);
		if (text[length] && number[digits])
			claims[i].share /= 100;
	}
	ask->claims = claims;
	ask->claim_count = count;
	return TRUCE_OK;
}

static int run(struct cli *cli, int count, char **operands)
{
	struct cli_tariff tariff = {0};
	struct duty_fees fees = {0};
	truce_arena *arena = NULL;
	truce_tariff_duty *duty;
	const char *with[64];
	truce_tariff_question ask = {.with = with, .unit = cli_value(cli, "unit")};
	const char *rows = cli_value(cli, "table");
	if (rows && (count || cli_value(cli, "value") || cli_value(cli, "quantity") || cli_value(cli, "unit") || cli_flag(cli, "explain") || cli_flag(cli, "fees")))
		return cli_usage(cli, "--table FILE says the codes, values and quantities; give no CODE, --value, --quantity, --unit, --explain or --fees with it");
	if (!rows && !count)
		return cli_usage(cli, "say which good: truce duty CODE --from X --into Y, or --table FILE for many");
	if (cli_value(cli, "unit") && !cli_value(cli, "quantity"))
		return cli_usage(cli, "--unit is that of a quantity: give --quantity N");
	if (!rows && cli_value(cli, "from") && (strchr(cli_value(cli, "from"), ',') || strcmp(cli_value(cli, "from"), "all") == 0))
		return cli_usage(cli, "a duty is of one origin: --from \"%s\"; truce panel takes several", cli_value(cli, "from"));
	if (!rows && cli->csv)
		return cli_usage(cli, "--csv goes with --table FILE; one good has --json");
	while (ask.with_count < 64 && (with[ask.with_count] = cli_value_at(cli, "with", (int)ask.with_count)))
		ask.with_count++;
	if (cli_value_at(cli, "with", (int)ask.with_count))
		return cli_usage(cli, "at most %zu --with", ask.with_count);
	int status = decimal_option(cli, "value", &ask.has_value, &ask.value);
	if (!status)
		status = decimal_option(cli, "quantity", &ask.has_quantity, &ask.quantity);
	if (status || (status = truce_arena_new(cli->ctx, &arena)) || (status = read_claims(cli, arena, &ask)))
		goto done;
	if (rows) {
		status = duty_table(cli, &ask, rows);
		goto done;
	}
	if ((status = cli_tariff_open(cli, &tariff, &ask)) || (status = cli_party(cli, tariff.record, &ask.from, "--from")))
		goto done;
	if ((status = truce_tariff_duty_of(cli->ctx, arena, &duty, &ask, operands[0])))
		goto done;
	if (cli_flag(cli, "fees") && (status = duty_fees(cli, arena, &fees, &ask)))
		goto done;
	if (cli->json) {
		truce_json json;
		truce_json_init(&json, &cli->out);
		truce_json_open(&json, NULL, '{');
		truce_tariff_duty_fields_to_json(&json, duty);
		if (cli_flag(cli, "fees"))
			duty_fees_to_json(&json, &fees);
		truce_json_close(&json, '}');
	} else {
		status = print(cli, arena, duty, cli_flag(cli, "explain"));
		if (!status && cli_flag(cli, "fees"))
			duty_fees_print(cli, &fees);
	}
done:
	truce_arena_free(arena);
	cli_tariff_close(&tariff);
	return status;
}

static const struct cli_option options[] = {
	{"from", 0, "PARTY", false, "where the good is from"},
	{"into", 0, "PARTY", false, "where it is entered"},
	{"value", 0, "USD", false, "its customs value; the duty is then in money, to the cent"},
	{"quantity", 0, "N", false, "its quantity, for duties by quantity"},
	{"unit", 0, "U", false, "the unit of the quantity: kg, No., ..."},
	{"with", 0, "ID", true, "what if: a threat, a truce that lapses, a measure, or an act in YAML's flow form, on top"},
	{"claim", 0, "ID[=SHARE]", true, "settle what is a range: a programme (S) or an exemption is claimed, or not (=0); a measure's content is "
		"that share of the value (MEASURE=30%)"},
	{"explain", 0, NULL, false, "step by step: every layer, why it counts or gives way, and the conditions"},
	{"table", 0, "FILE", false, "many goods, from a CSV: code[,from][,into][,on][,known][,value][,quantity][,unit]; prints CSV, or --json"},
	{"fees", 0, NULL, false, "the user fees on an entry of that value too, beside the duty"},
	{NULL, 0, NULL, false, NULL}};

static const char *const description[] = {
	"States the duty on a good on a day, as known on a day: the normal duty and every measure that reaches it, each with its authority "
	"and citation, and how they stand on one another.",
	"CODE is the id of a good of the record, or a tariff code of 4 to 10 digits, with or without dots.  Goods that the record calls "
	"complete need nothing else; any other code needs a compiled schedule (truce schedule import).",
	"--table FILE answers one row for each row of a CSV; what a row does not say is taken from the options.  A row that cannot be answered "
	"has its error in the last column and on standard error, with its line; the exit status is then 1.",
	"What is not known is a range, with what is missing.  --view lawful carries rulings back to where they take effect.", NULL};

static const char *const examples[] = {
	"truce duty GOOD --from X --into Y --on 2025-08-27 --known 2025-08-28", "a good of the record",
	"truce duty 8505.11.00.70 --from X --into Y --on 2025-08-27 --value 12500 --schedule us.truce", "a line, in money",
	"truce duty GOOD --from X --into Y --on 2025-11-11 --with TRUCE", "if the truce lapses",
	"truce duty --table goods.csv --into Y --on 2025-08-27 --schedule us.truce", "a duty for each row of goods.csv", NULL};

const struct cli_verb cli_verb_duty = {.name = "duty", .summary = "the duty on a good, layer by layer", .operands = "[CODE]",
	.operands_min = 0, .operands_max = 1, .common = CLI_JSON | CLI_CSV | CLI_RECORD | CLI_CLOCKS | CLI_SCHEDULE | CLI_VIEW, .options = options,
	.description = description, .examples = examples, .run = run};
