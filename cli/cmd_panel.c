/* truce panel: the duties of all lines from all origins on all days, as change-points. */
#include "tariff.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MOST = 512, SHOWN = 100 };

struct asked {
	struct cli *cli;
	truce_arena *arena;
	truce_tariff_panel_options options;
	const char *origins[MOST], *prefixes[MOST];
	const char *with[64];
	size_t with_count;
	size_t rows;
	truce_json json;
	const char *code, *party; /* of the last row */
};

/* A number that is known, or nothing. */
static void add_number(truce_text *out, double value)
{
	char text[32];
	truce_text_add(out, isfinite(value) ? truce_format_double(text, value) : "");
}

static void add_rate(truce_text *out, const truce_tariff_rate *rate)
{
	const double numbers[] = {rate->ad_valorem, rate->low, rate->high};
	for (int i = 0; i < 3; i++) {
		truce_text_add(out, ",");
		add_number(out, numbers[i]);
	}
}

/* What is long goes out as it comes. */
static int flush(struct cli *cli)
{
	enum { FULL = 1 << 18 };
	if (truce_text_done(&cli->out))
		return TRUCE_MEMORY;
	if (cli->out.length < FULL)
		return TRUCE_OK;
	if (fwrite(cli->out.data, 1, cli->out.length, stdout) != cli->out.length)
		return truce_fail(cli->ctx, TRUCE_SYSTEM, NULL, 0, 0, NULL, "standard output cannot be written");
	truce_text_clear(&cli->out);
	return TRUCE_OK;
}

static int as_csv(void *user, const truce_tariff_panel_row *row)
{
	struct asked *a = user;
	truce_text *out = &a->cli->out;
	char first[11], last[11];
	truce_text_addf(out, "%s,", row->code);
	truce_csv_write_field(out, row->party);
	truce_text_addf(out, ",%s,%s", truce_date_format(first, row->from), truce_date_format(last, row->until - 1));
	add_rate(out, &row->rate);
	if (a->with_count)
		add_rate(out, &row->with);
	truce_text_add(out, "\n");
	return flush(a->cli);
}

static void json_rate(truce_json *json, const char *prefix, const truce_tariff_rate *rate)
{
	static const char *const names[] = {"ad_valorem", "low", "high"};
	const double numbers[] = {rate->ad_valorem, rate->low, rate->high};
	char key[32];
	for (int i = 0; i < 3; i++) {
		snprintf(key, sizeof key, "%s%s", prefix, names[i]);
		truce_json_number(json, key, numbers[i]);
	}
}

static int as_json(void *user, const truce_tariff_panel_row *row)
{
	struct asked *a = user;
	char day[11];
	if (!a->code || strcmp(a->code, row->code) != 0 || strcmp(a->party, row->party) != 0) {
		if (a->code) {
			truce_json_close(&a->json, ']');
			truce_json_close(&a->json, '}');
		}
		truce_json_open(&a->json, NULL, '{');
		truce_json_text(&a->json, "code", row->code);
		truce_json_text(&a->json, "from", row->party);
		truce_json_open(&a->json, "points", '[');
		a->code = row->code;
		a->party = row->party;
	}
	truce_json_open(&a->json, NULL, '{');
	truce_json_text(&a->json, "since", truce_date_format(day, row->from));
	truce_json_text(&a->json, "through", truce_date_format(day, row->until - 1));
	json_rate(&a->json, "", &row->rate);
	if (a->with_count)
		json_rate(&a->json, "with_", &row->with);
	truce_json_close(&a->json, '}');
	return flush(a->cli);
}

static void add_words(truce_text *out, const truce_tariff_rate *rate)
{
	char words[64];
	if (!isnan(rate->ad_valorem))
		snprintf(words, sizeof words, "%.4g", 100 * rate->ad_valorem);
	else if (isinf(rate->high))
		snprintf(words, sizeof words, "%.4g or more", 100 * rate->low);
	else
		snprintf(words, sizeof words, "%.4g to %.4g", 100 * rate->low, 100 * rate->high);
	truce_text_addf(out, "  %18s", words);
}

static int as_text(void *user, const truce_tariff_panel_row *row)
{
	struct asked *a = user;
	truce_text *out = &a->cli->out;
	char first[11], last[11];
	if (a->rows++ >= SHOWN)
		return TRUCE_OK;
	if (a->rows == 1)
		truce_text_addf(out, "%s%-10s  %-4s  %-10s  %-10s  %18s%s%s\n", cli_bold(a->cli), "line", "from", "first day", "last day", "duty, %",
			a->with_count ? "    with the acts, %" : "", cli_plain(a->cli));
	truce_text_addf(out, "%-10s  %-4s  %s  %s", row->code, row->party, truce_date_format(first, row->from), truce_date_format(last, row->until - 1));
	add_words(out, &row->rate);
	if (a->with_count)
		add_words(out, &row->with);
	truce_text_add(out, "\n");
	return TRUCE_OK;
}

/* ---- what is asked ---- */

/* Adds the codes of a list "8505.11,8541" to an array, as digits. */
static int add_codes(struct asked *a, const char *text, const char **items, size_t *count)
{
	if (!text[strspn(text, ", ")])
		return cli_usage(a->cli, "--codes names no code: 8505.11,8541");
	for (const char *at = text; *at;) {
		size_t length = strcspn(at, ",");
		char word[64];
		size_t n = 0;
		for (size_t i = 0; i < length && n + 1 < sizeof word; i++)
			if (at[i] >= '0' && at[i] <= '9')
				word[n++] = at[i];
			else if (at[i] != '.' && at[i] != ' ')
				return cli_usage(a->cli, "\"%s\" is no code", text);
		word[n] = '\0';
		if (!n && length)
			return cli_usage(a->cli, "\"%s\" is no code", text);
		if (n && *count == MOST)
			return cli_usage(a->cli, "at most %d of them", MOST);
		if (n && !(items[(*count)++] = truce_arena_text(a->arena, word)))
			return TRUCE_MEMORY;
		at += length + (at[length] == ',');
	}
	return TRUCE_OK;
}

static int read_lists(struct asked *a, struct cli_tariff *tariff)
{
	const char *text;
	int status = cli_parties(a->cli, tariff, a->origins, MOST, &a->options.origin_count);
	for (int i = 0; !status && (text = cli_value_at(a->cli, "codes", i)); i++)
		status = add_codes(a, text, a->prefixes, &a->options.prefix_count);
	for (int i = 0; !status && (text = cli_value_at(a->cli, "chapter", i)); i++)
		status = strlen(text) != 2 ? cli_usage(a->cli, "--chapter \"%s\" is no chapter: two digits, 85; --codes takes any number", text) :
			add_codes(a, text, a->prefixes, &a->options.prefix_count);
	while (a->with_count < 64 && (text = cli_value_at(a->cli, "with", (int)a->with_count)))
		a->with[a->with_count++] = text;
	if (!status && cli_value_at(a->cli, "with", (int)a->with_count))
		return cli_usage(a->cli, "at most %zu --with", a->with_count);
	a->options.origins = a->origins;
	a->options.prefixes = a->prefixes;
	return status;
}

static int show(struct asked *a, const truce_tariff_panel *panel, const truce_tariff_panel *with, const char *into)
{
	truce_text *out = &a->cli->out;
	truce_tariff_panel_about about = truce_tariff_panel_tell(panel);
	char first[11], last[11];
	const char *file = cli_value(a->cli, "sqlite");
	int status = file ? truce_tariff_panel_save(a->cli->ctx, panel, with, file) : TRUCE_OK;
	if (status)
		return status;
	truce_date_format(first, about.from);
	truce_date_format(last, about.through);
	if (a->cli->csv) {
		truce_text_addf(out, "code,from,since,through,ad_valorem,low,high%s\n", with ? ",with_ad_valorem,with_low,with_high" : "");
		return truce_tariff_panel_rows(panel, with, as_csv, a);
	}
	if (a->cli->json) {
		truce_json_init(&a->json, out);
		truce_json_open(&a->json, NULL, '{');
		truce_json_text(&a->json, "into", into);
		truce_json_text(&a->json, "since", first);
		truce_json_text(&a->json, "through", last);
		truce_json_integer(&a->json, "lines", (int64_t)about.lines);
		truce_json_integer(&a->json, "origins", (int64_t)about.origins);
		truce_json_integer(&a->json, "series", (int64_t)about.series);
		truce_json_open(&a->json, "cells", '[');
		if (!file)
			status = truce_tariff_panel_rows(panel, with, as_json, a);
		if (a->code) {
			truce_json_close(&a->json, ']');
			truce_json_close(&a->json, '}');
		}
		truce_json_close(&a->json, ']');
		truce_json_close(&a->json, '}');
		return status;
	}
	if (!file)
		status = truce_tariff_panel_rows(panel, with, as_text, a);
	if (a->rows > SHOWN)
		truce_text_addf(out, "... and %zu more: --csv prints them all, --sqlite FILE keeps them\n", a->rows - SHOWN);
	truce_text_addf(out, "%s%s, %s to %s: %zu lines from %zu origins; %zu classes of lines, %zu groups of origins, %zu different series\n",
		a->rows ? "\n" : "", into, first, last, about.lines, about.origins, about.line_classes, about.origin_groups, about.series);
	return status;
}

static int run(struct cli *cli, int count, char **operands)
{
	struct cli_tariff tariff = {0};
	struct asked *a = calloc(1, sizeof *a);
	truce_tariff_question ask = {0};
	truce_tariff_panel *panel = NULL, *with = NULL;
	(void)count;
	(void)operands;
	if (!a)
		return TRUCE_MEMORY;
	a->cli = cli;
	int status = cli_tariff_open(cli, &tariff, &ask);
	if (!status)
		status = cli_days(cli, &a->options.from, &a->options.through);
	a->arena = tariff.arena;
	if (!status)
		status = read_lists(a, &tariff);
	if (!status)
		status = truce_tariff_panel_new(cli->ctx, &panel, &ask, &a->options);
	ask.with = a->with;
	ask.with_count = a->with_count;
	if (!status && a->with_count)
		status = truce_tariff_panel_new(cli->ctx, &with, &ask, &a->options);
	if (!status)
		status = show(a, panel, with, ask.into);
	truce_tariff_panel_free(panel);
	truce_tariff_panel_free(with);
	cli_tariff_close(&tariff);
	free(a);
	return status;
}

static const struct cli_option options[] = {
	{"from", 0, "PARTIES", true, "where the goods are from: CN, or CN,HK, or all"},
	{"into", 0, "PARTY", false, "where they are entered"},
	{"since", 0, "DATE", false, "the first day; without it the day of --on alone"},
	{"until", 0, "DATE", false, "the last day; without it that of --on"},
	{"codes", 0, "CODES", true, "only lines that begin with these digits: 8505.11,8541"},
	{"chapter", 0, "NN", true, "only lines of this chapter"},
	{"with", 0, "ID", true, "what if: a threat, a truce that lapses, a measure, or an act in YAML's flow form, beside the law"},
	{"sqlite", 0, "FILE", false, "write them to this SQLite file, whole or not at all"},
	{NULL, 0, NULL, false, NULL}};

static const char *const description[] = {
	"States the duties of every line of a schedule from every origin on every day, as change-points: from when to when a duty stood.  A "
	"duty that is not known is empty, with its bounds in low and high; a high that is empty has no bound.  With --with each stretch has "
	"the duty in law and the duty if the acts were added.",
	"Lines are those to statistics, of ten digits; a line is listed for the days on which it stands in the schedule.  Chapter 99, which "
	"names additional duties and no goods, is left out.  --sqlite writes series once for all cells that share them (truce-panel(5)).",
	NULL};

static const char *const examples[] = {
	"truce panel --from all --into Y --since 2025-01-01 --until 2026-12-31 --sqlite panel.sqlite --schedule y.truce", "everything",
	"truce panel --from X --into Y --since 2025-01-01 --until 2025-12-31 --codes 8505.11 --schedule y.truce", "one heading",
	"truce panel --from X --into Y --on 2025-11-11 --with TRUCE --csv --schedule y.truce", "a day, and the day if a truce lapses", NULL};

const struct cli_verb cli_verb_panel = {.name = "panel", .summary = "duties of all lines, origins and days, as change-points", .operands = "",
	.operands_max = 0, .common = CLI_JSON | CLI_CSV | CLI_RECORD | CLI_CLOCKS | CLI_SCHEDULE | CLI_VIEW, .options = options,
	.description = description, .examples = examples, .run = run};
