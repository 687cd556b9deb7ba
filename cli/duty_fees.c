/* The user fees on an entry, printed beside a duty. */
#include "duty.h"

#include <ctype.h>
#include <math.h>
#include <string.h>

/* A share of the value between two amounts, to the cent. */
static double fee_of(double value, double rate_pct, double least, double most)
{
	double fee = value * rate_pct / 100;
	if (!isnan(least) && fee < least)
		fee = least;
	if (!isnan(most) && fee > most)
		fee = most;
	return round(fee * 100) / 100;
}

static int optional(truce_csv *csv, size_t column, double *out)
{
	*out = NAN;
	return *truce_csv_field(csv, column) ? truce_csv_double(csv, column, out) : TRUCE_OK;
}

/* A day of the table; `otherwise` where it is empty. */
static int day_of(truce_csv *csv, size_t column, truce_date otherwise, truce_date *out)
{
	const char *text = truce_csv_field(csv, column);
	*out = otherwise;
	return !*text || truce_date_parse(text, out) == TRUCE_OK ? TRUCE_OK : truce_csv_fail(csv, column, "2026-01-31", "\"%s\" is no date", text);
}

/* The days that a table speaks of. */
struct span {
	truce_date from, until;
};

static int read_fees(truce_csv *csv, truce_arena *arena, struct duty_fees *out, struct span *span, double value, truce_date on)
{
	enum { NAME, RATE, LEAST, MOST, FROM, UNTIL, SOURCE, COLUMNS };
	static const char *const names[COLUMNS] = {"fee", "rate_pct", "least_usd", "most_usd", "from", "until", "source"};
	size_t column[COLUMNS];
	int status = TRUCE_OK, got;
	struct duty_fee **last = &out->first;
	bool any = false;
	for (int i = 0; i < COLUMNS; i++)
		if ((status = truce_csv_column(csv, &column[i], names[i])))
			return status;
	while ((got = truce_csv_next(csv)) > 0) {
		double rate, least, most;
		truce_date from, until;
		if ((status = truce_csv_double(csv, column[RATE], &rate)) || (status = optional(csv, column[LEAST], &least)) ||
			(status = optional(csv, column[MOST], &most)) || (status = day_of(csv, column[FROM], TRUCE_NO_DATE, &from)) ||
			(status = day_of(csv, column[UNTIL], TRUCE_FOREVER, &until)))
			return status;
		span->from = from < span->from || !any ? from : span->from;
		span->until = until > span->until || !any ? until : span->until;
		any = true;
		if ((from != TRUCE_NO_DATE && on < from) || on >= until)
			continue;
		struct duty_fee *fee = truce_arena_take(arena, sizeof *fee);
		if (!fee)
			return TRUCE_MEMORY;
		fee->name = truce_arena_text(arena, truce_csv_field(csv, column[NAME]));
		fee->citation = truce_arena_text(arena, truce_csv_field(csv, column[SOURCE]));
		fee->usd = fee_of(value, rate, least, most);
		if (!fee->name || !fee->citation)
			return TRUCE_MEMORY;
		*last = fee;
		last = &fee->next;
		out->count++;
	}
	return got < 0 ? got : TRUCE_OK;
}

int duty_fees(struct cli *cli, truce_arena *arena, struct duty_fees *out, const truce_tariff_question *ask)
{
	char below[64], *path;
	truce_csv *csv;
	if (!ask->has_value)
		return cli_usage(cli, "--fees needs --value USD: fees are a share of the value");
	snprintf(below, sizeof below, "schedule/%.8s-fees.csv", ask->into);
	for (char *at = below; *at; at++)
		*at = (char)tolower((unsigned char)*at);
	size_t first = truce_diagnostic_count(cli->ctx);
	int status = cli_data_path(cli, &path, below);
	if (status == TRUCE_NOT_FOUND) {
		truce_diagnostics_forget(cli->ctx, first);
		out->unknown = truce_arena_printf(arena, "no table of the fees of %s is shipped", ask->into);
		return out->unknown ? TRUCE_OK : TRUCE_MEMORY;
	}
	if (!status)
		status = truce_csv_open(cli->ctx, &csv, path);
	truce_release(cli->ctx, path);
	if (status)
		return status;
	struct span span = {0};
	status = read_fees(csv, arena, out, &span, truce_decimal_double(ask->value), ask->clocks.on.day);
	truce_csv_close(csv);
	if (!status && !out->count) {
		char begin[11], end[11];
		out->unknown = truce_arena_printf(arena, "the table of the fees of %s holds %s to before %s", ask->into, truce_date_format(begin, span.from),
			truce_date_format(end, span.until));
		status = out->unknown ? TRUCE_OK : TRUCE_MEMORY;
	}
	return status;
}

void duty_fees_to_json(truce_json *json, const struct duty_fees *fees)
{
	if (fees->unknown) {
		truce_json_text(json, "fees", NULL);
		truce_json_text(json, "fees_unknown", fees->unknown);
		return;
	}
	truce_json_open(json, "fees", '[');
	for (const struct duty_fee *fee = fees->first; fee; fee = fee->next) {
		truce_json_open(json, NULL, '{');
		truce_json_text(json, "name", fee->name);
		truce_json_number(json, "usd", fee->usd);
		truce_json_text(json, "citation", fee->citation);
		truce_json_close(json, '}');
	}
	truce_json_close(json, ']');
}

void duty_fees_print(struct cli *cli, const struct duty_fees *fees)
{
	if (fees->unknown) {
		truce_text_addf(&cli->out, "\nfees on the entry are not known: %s\n", fees->unknown);
		return;
	}
	truce_text_add(&cli->out, "\nfees on the entry, no duties and not counted above:\n");
	for (const struct duty_fee *fee = fees->first; fee; fee = fee->next)
		truce_text_addf(&cli->out, "%s  %.2f US$  %s\n", fee->name, fee->usd, fee->citation);
}
