/* rates.c: averages of the duties, weighted by imports (tariff room). */
#include <math.h>
#include <string.h>

#include "duty_private.h"

static void add_part(truce_tariff_rates *rates, const char *authority, double usd)
{
	size_t i = 0;
	while (i < rates->part_count && strcmp(rates->parts[i].authority, authority) != 0)
		i++;
	if (i == MOST_LAYERS)
		return;
	if (i == rates->part_count)
		rates->parts[rates->part_count++] = (truce_tariff_part){authority, 0};
	rates->parts[i].rate += usd;
}

static void note_unmatched(struct duty_work *w, truce_tariff_rates *rates, const char *code, double usd, const char *why)
{
	enum { SHOWN = 20 };
	rates->unmatched_usd += usd;
	size_t at = rates->unmatched_count;
	while (at > 0 && rates->unmatched[at - 1].usd < usd)
		at--;
	if (at == SHOWN)
		return;
	if (rates->unmatched_count < SHOWN)
		rates->unmatched_count++;
	memmove(&rates->unmatched[at + 1], &rates->unmatched[at], (rates->unmatched_count - 1 - at) * sizeof *rates->unmatched);
	rates->unmatched[at] = (truce_tariff_unmatched){duty_words(w, "%s", code), duty_words(w, "%s", why), usd};
}

/* One line of the weights.  Duties by quantity count with their percentages; other unknown layers make it unmatched. */
static int add_line(struct duty_work *w, truce_tariff_rates *rates, const char *code, double usd)
{
	truce_tariff_duty duty = {0};
	size_t first = truce_diagnostic_count(w->ctx);
	duty_next(w);
	int status = duty_answer(w, &duty, code);
	rates->lines++;
	if (status == TRUCE_NOT_FOUND || status == TRUCE_UNKNOWN) {
		const truce_diagnostic *d = truce_diagnostic_at(w->ctx, first);
		note_unmatched(w, rates, code, usd, d ? d->what : "no duty is known");
		truce_diagnostics_forget(w->ctx, first);
		w->status = TRUCE_OK;
		return TRUCE_OK;
	}
	if (status)
		return status;
	for (size_t i = 1; i < w->layer_count; i++)
		if (isnan(w->layers[i].ad_valorem)) {
			note_unmatched(w, rates, code, usd, w->need_count ? w->needs[0] : "a rate is not known");
			return TRUCE_OK;
		}
	rates->matched_usd += usd;
	if (isnan(w->layers[0].ad_valorem))
		rates->by_quantity_usd += usd;
	double unpaid = duty_share(w, "normal", true); /* entered under a programme, or in a chapter that pays none */
	if (!isnan(unpaid))
		duty_scale(&w->layers[0], 1 - unpaid);
	for (size_t i = 0; i < w->layer_count; i++) {
		const truce_tariff_layer *layer = &w->layers[i];
		add_part(rates, layer->authority, usd * (isnan(layer->ad_valorem) ? layer->low : layer->ad_valorem));
	}
	return TRUCE_OK;
}

static int add_weights(struct duty_work *w, truce_tariff_rates *rates, const char *path)
{
	const truce_country *country = truce_country_find(w->from);
	truce_csv *csv;
	size_t code, partner, value;
	int got = 0, status = truce_csv_open(w->ctx, &csv, path);
	if (status)
		return status;
	if (!truce_csv_has_column(csv, "hts10", &code) && !truce_csv_has_column(csv, "hs10", &code))
		status = truce_csv_column(csv, &code, "code");
	if (!status && !(status = truce_csv_column(csv, &partner, "country")))
		status = truce_csv_column(csv, &value, "imports_usd");
	if (!status && (!country || !country->census[0]))
		status = truce_fail(w->ctx, TRUCE_NOT_FOUND, NULL, 0, 0, "partners of weights are countries", "%s has no Census code", w->ask->from);
	while (!status && (got = truce_csv_next(csv)) > 0) {
		double usd;
		if (strcmp(truce_csv_field(csv, partner), country->census) == 0 && !(status = truce_csv_double(csv, value, &usd)))
			status = add_line(w, rates, truce_csv_field(csv, code), usd);
	}
	if (!status && got < 0)
		status = got;
	truce_csv_close(csv);
	return status;
}

int truce_tariff_rates_of(truce_context *ctx, truce_arena *arena, truce_tariff_rates **out, const truce_tariff_question *question,
	const char *weights)
{
	*out = NULL;
	truce_tariff_question ask = *question;
	ask.has_value = ask.has_quantity = false;
	ask.estimate = true;
	ask.programme_count = 0; /* the shares say how much of a chapter pays no normal duty */
	struct duty_work *w = NULL;
	truce_tariff_rates *rates = truce_arena_take(arena, sizeof *rates);
	int status = rates ? duty_open(ctx, arena, &w, &ask) : TRUCE_MEMORY;
	if (status)
		return status;
	*rates = (truce_tariff_rates){.from = ask.from, .into = ask.into, .clocks = ask.clocks};
	rates->parts = truce_arena_array(arena, MOST_LAYERS, sizeof *rates->parts);
	rates->unmatched = truce_arena_array(arena, 32, sizeof *rates->unmatched);
	status = rates->parts && rates->unmatched ? add_weights(w, rates, weights) : TRUCE_MEMORY;
	if (!status && w->status)
		status = w->status;
	for (size_t i = 0; !status && i < rates->part_count; i++) {
		rates->parts[i].rate /= rates->matched_usd > 0 ? rates->matched_usd : 1;
		rates->average += rates->parts[i].rate;
	}
	if (!status && rates->matched_usd == 0)
		rates->average = NAN;
	duty_close(w);
	if (!status)
		*out = rates;
	return status;
}

void truce_tariff_rates_to_json(truce_json *json, const char *key, const truce_tariff_rates *rates)
{
	char time[32];
	truce_json_open(json, key, '{');
	truce_json_text(json, "from", rates->from);
	truce_json_text(json, "into", rates->into);
	truce_json_text(json, "on", truce_time_format(time, &rates->clocks.on));
	truce_json_text(json, "known", truce_time_format(time, &rates->clocks.known));
	truce_json_text(json, "definition", "weighted by imports, line by line; content, exclusions and unpaid normal duty by the shares of the schedule's lists");
	truce_json_number(json, "average", rates->average);
	truce_json_open(json, "by_authority", '{');
	for (size_t i = 0; i < rates->part_count; i++)
		truce_json_number(json, rates->parts[i].authority, rates->parts[i].rate);
	truce_json_close(json, '}');
	truce_json_number(json, "matched_usd", rates->matched_usd);
	truce_json_number(json, "unmatched_usd", rates->unmatched_usd);
	truce_json_number(json, "by_quantity_usd", rates->by_quantity_usd);
	truce_json_integer(json, "lines", (int64_t)rates->lines);
	truce_json_open(json, "unmatched", '[');
	for (size_t i = 0; i < rates->unmatched_count; i++) {
		truce_json_open(json, NULL, '{');
		truce_json_text(json, "code", rates->unmatched[i].code);
		truce_json_number(json, "usd", rates->unmatched[i].usd);
		truce_json_text(json, "why", rates->unmatched[i].why);
		truce_json_close(json, '}');
	}
	truce_json_close(json, ']');
	truce_json_close(json, '}');
}
