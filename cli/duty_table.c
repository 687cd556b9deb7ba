/* truce duty --table FILE: the duty on each row of a CSV. */
#include "duty.h"

#include <math.h>
#include <string.h>

enum { CODE, FROM, INTO, ON, KNOWN, VALUE, QUANTITY, UNIT, COLUMNS };
static const char *const column_names[COLUMNS] = {"code", "from", "into", "on", "known", "value", "quantity", "unit"};

struct table {
	struct cli *cli;
	truce_csv *csv;
	size_t column[COLUMNS];
	bool has[COLUMNS];
	truce_json json;
	const truce_schedule *schedule;
	const char *schedule_into;   /* the party that the shares and programmes of the question are of */
	size_t failed;
};

/* What a row says, or NULL where it does not: then the options count. */
static const char *field(const struct table *t, int which)
{
	const char *text = t->has[which] ? truce_csv_field(t->csv, t->column[which]) : "";
	return *text ? text : NULL;
}

static int find_columns(struct table *t)
{
	for (size_t i = 0; i < truce_csv_width(t->csv); i++) {
		bool known = false;
		for (int k = 0; k < COLUMNS; k++)
			known = known || strcmp(truce_csv_header(t->csv, i), column_names[k]) == 0;
		if (!known)
			return truce_fail(t->cli->ctx, TRUCE_INPUT, truce_csv_name(t->csv), 1, 0, "there are code,from,into,on,known,value,quantity,unit",
				"the column \"%s\" is not known", truce_csv_header(t->csv, i));
	}
	for (size_t i = 0; i < truce_csv_width(t->csv); i++)
		for (size_t k = 0; k < i; k++)
			if (strcmp(truce_csv_header(t->csv, i), truce_csv_header(t->csv, k)) == 0)
				return truce_fail(t->cli->ctx, TRUCE_INPUT, truce_csv_name(t->csv), 1, 0, "take one of them out",
					"the column \"%s\" stands twice", truce_csv_header(t->csv, i));
	for (int k = 0; k < COLUMNS; k++)
		t->has[k] = truce_csv_has_column(t->csv, column_names[k], &t->column[k]);
	return t->has[CODE] ? TRUCE_OK : truce_csv_column(t->csv, &t->column[CODE], "code");
}

static int amount(struct table *t, int which, bool *has, truce_decimal *out)
{
	const char *text = field(t, which);
	*has = text != NULL;
	if (text && (truce_decimal_parse(text, strlen(text), out) || out->units < 0))
		return truce_csv_fail(t->csv, t->column[which], "12500.50", "\"%s\" is no amount", text);
	return TRUCE_OK;
}

static int instant(struct table *t, int which, truce_time *out)
{
	const char *text = field(t, which);
	if (text && truce_time_parse(text, out))
		return truce_csv_fail(t->csv, t->column[which], "2026-01-31", "\"%s\" is no date", text);
	return TRUCE_OK;
}

/* The question of a row, on that of the options. */
static int ask_row(struct table *t, truce_tariff_question *ask, const truce_record *record)
{
	int status;
	if (field(t, FROM))
		ask->from = field(t, FROM);
	if (field(t, INTO))
		ask->into = field(t, INTO);
	ask->unit = field(t, UNIT);
	if ((status = amount(t, VALUE, &ask->has_value, &ask->value)) || (status = amount(t, QUANTITY, &ask->has_quantity, &ask->quantity)) ||
		(status = instant(t, ON, &ask->clocks.on)) || (status = instant(t, KNOWN, &ask->clocks.known)) ||
		(status = cli_party(t->cli, record, &ask->from, "from")) || (status = cli_party(t->cli, record, &ask->into, "into")))
		return status;
	/* A schedule, its shares and its programmes are of one party: into another they say nothing. */
	if (!t->schedule_into || strcmp(ask->into, t->schedule_into) != 0) {
		ask->schedule = NULL;
		ask->share_count = ask->programme_count = 0;
	}
	if (!field(t, CODE))
		return truce_csv_fail(t->csv, t->column[CODE], "give a good of the record or a tariff code", "the row has no code");
	if (ask->unit && !ask->has_quantity)
		return truce_csv_fail(t->csv, t->column[UNIT], "give its quantity", "the row has a unit and no quantity");
	return TRUCE_OK;
}

static void number(truce_text *out, double value)
{
	if (isfinite(value))
		truce_text_addf(out, ",%.10g", value);
	else
		truce_text_add(out, ",");
}

static void money(truce_text *out, double usd)
{
	if (isfinite(usd))
		truce_text_addf(out, ",%.2f", usd);
	else
		truce_text_add(out, ",");
}

static void list(truce_text *out, const char **words, size_t count, truce_context *ctx)
{
	truce_text joined;
	truce_text_init(&joined, ctx);
	for (size_t i = 0; i < count; i++)
		truce_text_addf(&joined, "%s%s", i ? "; " : "", words[i]);
	truce_text_add(out, ",");
	if (joined.length && !truce_text_done(&joined))
		truce_csv_write_field(out, joined.data);
	truce_text_free(&joined);
}

static void print_csv(struct table *t, const truce_tariff_question *ask, const truce_tariff_duty *duty, const char *error)
{
	truce_text *out = &t->cli->out;
	char on[32], known[32];
	truce_text_addf(out, "%d,", truce_csv_line(t->csv));
	truce_csv_write_field(out, field(t, CODE) ? field(t, CODE) : "");
	/* Of a row that could not be read, what it says itself. */
	const char *cells[] = {duty || !field(t, FROM) ? ask->from : field(t, FROM), duty || !field(t, INTO) ? ask->into : field(t, INTO),
		duty || !field(t, ON) ? truce_time_format(on, &ask->clocks.on) : field(t, ON),
		duty || !field(t, KNOWN) ? truce_time_format(known, &ask->clocks.known) : field(t, KNOWN)};
	for (size_t i = 0; i < sizeof cells / sizeof *cells; i++) {
		truce_text_add(out, ",");
		truce_csv_write_field(out, cells[i]);
	}
	if (duty) {
		number(out, duty->ad_valorem);
		number(out, isnan(duty->ad_valorem) ? duty->low : duty->ad_valorem);
		number(out, isnan(duty->ad_valorem) ? duty->high : duty->ad_valorem);
		money(out, duty->usd);
		number(out, duty->refundable);
		money(out, truce_tariff_refundable_usd(duty));
		list(out, duty->needs, duty->need_count, t->cli->ctx);
		list(out, duty->assumptions, duty->assumption_count, t->cli->ctx);
		truce_text_add(out, ",");
	} else {
		truce_text_add(out, ",,,,,,,,,");
		truce_csv_write_field(out, error);
	}
	truce_text_add(out, "\n");
}

static void print_json(struct table *t, const truce_tariff_duty *duty, const char *error)
{
	truce_json_open(&t->json, NULL, '{');
	truce_json_integer(&t->json, "line", truce_csv_line(t->csv));
	if (duty)
		truce_tariff_duty_fields_to_json(&t->json, duty);
	else {
		truce_json_text(&t->json, "good", field(t, CODE));
		truce_json_text(&t->json, "error", error);
	}
	truce_json_close(&t->json, '}');
}

/* Answers one row.  What is wrong with a row is said in its place, and on standard error with its line; the rest goes on. */
static int answer_row(struct table *t, truce_arena *arena, truce_tariff_question ask, const truce_record *record)
{
	truce_context *ctx = t->cli->ctx;
	size_t first = truce_diagnostic_count(ctx);
	truce_tariff_duty *duty = NULL;
	const char *error = "";
	int status = ask_row(t, &ask, record);
	if (!status)
		status = truce_tariff_duty_of(ctx, arena, &duty, &ask, field(t, CODE));
	if (status == TRUCE_MEMORY || status == TRUCE_SYSTEM || status == TRUCE_CANCELLED)
		return status;
	if (status) {
		const truce_diagnostic *said = truce_diagnostic_at(ctx, first);
		error = truce_arena_text(arena, said ? said->what : truce_error_message(status));
		if (!error)
			return TRUCE_MEMORY;
		truce_diagnostics_forget(ctx, first);
		truce_fail(ctx, TRUCE_INPUT, truce_csv_name(t->csv), truce_csv_line(t->csv), 0, NULL, "%s", error);
		t->failed++;
	}
	if (t->cli->json)
		print_json(t, duty, error);
	else
		print_csv(t, &ask, duty, error);
	return TRUCE_OK;
}

int duty_table(struct cli *cli, truce_tariff_question *ask, const char *path)
{
	struct cli_tariff tariff = {0};
	struct table t = {.cli = cli};
	const char *into = NULL;
	int got = 0, status = truce_csv_open(cli->ctx, &t.csv, path);
	if (status)
		return status;
	if ((status = find_columns(&t)))
		goto done;
	/* Where no option says it, the first row says whose shares and programmes are read. */
	got = truce_csv_next(t.csv);
	ask->from = cli_value(cli, "from") ? cli_value(cli, "from") : got > 0 ? field(&t, FROM) : NULL;
	into = cli_value(cli, "into") ? cli_value(cli, "into") : got > 0 ? field(&t, INTO) : NULL;
	if (got < 0 || !ask->from || !into) {
		status = got < 0 ? got : cli_usage(cli, got ? "say from where and into where: --from X --into Y, or columns of the table" : "the table has no rows");
		goto done;
	}
	char first_from[128], first_into[128];
	snprintf(first_from, sizeof first_from, "%s", ask->from);
	snprintf(first_into, sizeof first_into, "%s", into);
	ask->from = first_from;
	ask->into = first_into;
	if ((status = cli_tariff_open(cli, &tariff, ask)))
		goto done;
	t.schedule_into = ask->schedule ? ask->into : NULL;
	truce_json_init(&t.json, &cli->out);
	if (cli->json) {
		truce_json_open(&t.json, NULL, '{');
		truce_json_open(&t.json, "rows", '[');
	} else
		truce_text_add(&cli->out, "line,code,from,into,on,known,ad_valorem,low,high,duty_usd,refundable,refundable_usd,needs,assumed,error\n");
	for (; got > 0 && !status; got = truce_csv_next(t.csv)) {
		truce_arena *arena;
		if (!(status = truce_arena_new(cli->ctx, &arena))) {
			status = answer_row(&t, arena, *ask, tariff.record);
			truce_arena_free(arena);
		}
	}
	if (!status && got < 0)
		status = got;
	if (cli->json) {
		truce_json_close(&t.json, ']');
		truce_json_integer(&t.json, "failed", (int64_t)t.failed);
		truce_json_close(&t.json, '}');
	}
	if (!status && t.failed)
		status = TRUCE_NO;
done:
	truce_csv_close(t.csv);
	cli_tariff_close(&tariff);
	return status;
}
