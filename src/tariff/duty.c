/* Room tariff: the duty on one good, layer by layer, from the measures of a record and the duty it pays without them.
 *
 * No law is named here: classes, what gives way to what, and when, are data. */
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "duty_private.h"

const char *duty_words(struct duty_work *w, const char *fmt, ...)
{
	char text[600];
	va_list args;
	if (w->quiet)
		return "";
	va_start(args, fmt);
	vsnprintf(text, sizeof text, fmt, args);
	va_end(args);
	const char *kept = truce_arena_text(w->arena, text);
	if (!kept)
		w->status = TRUCE_MEMORY;
	return kept ? kept : "";
}

static void add_word(const char **list, size_t *count, const char *word)
{
	for (size_t i = 0; i < *count; i++)
		if (strcmp(list[i], word) == 0)
			return;
	if (*count < MOST_WORDS)
		list[(*count)++] = word;
}

void duty_need(struct duty_work *w, const char *word)
{
	add_word(w->needs, &w->need_count, word);
}

void duty_condition(struct duty_work *w, const char *word)
{
	add_word(w->conditions, &w->condition_count, word);
}

void duty_assume(struct duty_work *w, const char *word)
{
	add_word(w->assumptions, &w->assumption_count, word);
}

void duty_add_layer(struct duty_work *w, truce_tariff_layer layer, struct duty_mark mark)
{
	if (w->layer_count == MOST_LAYERS) {
		w->status = truce_fail(w->ctx, TRUCE_LIMIT, NULL, 0, 0, NULL, "more than %d measures reach one good", MOST_LAYERS);
		return;
	}
	w->marks[w->layer_count] = mark;
	w->layers[w->layer_count++] = layer;
}

void duty_set_aside(struct duty_work *w, truce_tariff_layer layer, const char *why)
{
	layer.note = why;
	if (w->aside_count == MOST_LAYERS) {
		w->status = truce_fail(w->ctx, TRUCE_LIMIT, NULL, 0, 0, NULL, "more than %d measures give way on one good", MOST_LAYERS);
		return;
	}
	w->aside[w->aside_count++] = layer;
}

bool duty_running(const struct duty_work *w, truce_instant begins, truce_instant ends, truce_instant known_from)
{
	return begins <= w->at && w->at < ends && known_from <= w->known;
}

bool duty_names(truce_yaml_list list, const char *id)
{
	for (size_t i = 0; i < list.count; i++)
		if (strcmp(TRUCE_LIST_TEXT(list, i), id) == 0)
			return true;
	return false;
}

bool duty_holds_origin(const struct duty_work *w, truce_yaml_list parties)
{
	for (size_t i = 0; i < parties.count; i++)
		if (truce_record_includes_party(w->ask->record, TRUCE_LIST_TEXT(parties, i), w->from, w->at))
			return true;
	return false;
}

/* The unit of the first duty by quantity of the whole good; NULL: it has none. */
static const char *unit_of(const truce_duty_expression *duty)
{
	for (size_t i = 0; i < duty->count; i++)
		if (duty->terms[i].kind == TRUCE_DUTY_SPECIFIC && !duty->terms[i].of)
			return duty->terms[i].unit;
	return NULL;
}

void duty_evaluate(struct duty_work *w, truce_tariff_layer *layer, const truce_duty_expression *duty)
{
	truce_duty_quantity quantity = {w->ask->quantity, w->ask->unit ? w->ask->unit : unit_of(duty), NULL};
	truce_duty_entry entry = {.has_value = w->ask->has_value, .value = w->ask->value,
		.count = w->ask->has_quantity && quantity.unit ? 1 : 0, .quantities = &quantity};
	truce_duty_answer answer;
	if (!w->status)
		w->status = truce_duty_evaluate(w->arena, &answer, duty, &entry, NULL);
	if (w->status)
		return;
	layer->ad_valorem = answer.ad_valorem_known ? answer.ad_valorem : NAN;
	layer->low = answer.ad_valorem_known ? answer.ad_valorem : answer.ad_valorem_low;
	layer->high = answer.ad_valorem_known ? answer.ad_valorem : answer.ad_valorem_high;
	layer->usd = answer.known && w->ask->has_value ? truce_decimal_double(answer.usd) : NAN;
	double simple;
	if (!truce_duty_is_simple(duty, &simple))
		layer->specific = w->quiet ? "" : truce_arena_text(w->arena, duty->text);
	for (size_t i = 0; !answer.ad_valorem_known && i < answer.need_count; i++)
		duty_need(w, answer.needs[i]);
	if (!answer.ad_valorem_known && w->ask->has_quantity && w->ask->unit && !w->quiet && unit_of(duty))
		duty_assume(w, duty_words(w, "the quantity in %s says nothing of a duty by %s", w->ask->unit, unit_of(duty)));
	if (!answer.ad_valorem_known && answer.need_count == 0)
		duty_need(w, duty_words(w, "what \"%s\" comes to", duty->text));
}

void duty_scale(truce_tariff_layer *layer, double share)
{
	layer->ad_valorem *= share;
	layer->low *= share;
	layer->high *= share;
	layer->usd = NAN;
}

void duty_unsettle(truce_tariff_layer *layer, const char *why)
{
	layer->low = 0;
	layer->ad_valorem = layer->usd = NAN;
	layer->note = why;
}

/* ---- the answer ---- */

static int sum_up(struct duty_work *w, truce_tariff_duty *duty)
{
	truce_decimal value = {0, 0};
	if (w->ask->has_value && truce_decimal_round(w->ask->value, 0, &value))
		return TRUCE_LIMIT;
	double dollars = truce_decimal_double(value);
	duty->usd = w->ask->has_value ? 0 : NAN;
	for (size_t i = 0; i < w->layer_count; i++) {
		truce_tariff_layer *layer = &w->layers[i];
		if (w->ask->has_value && isnan(layer->usd) && !isnan(layer->ad_valorem))
			layer->usd = round(layer->ad_valorem * dollars * 100 + 1e-7) / 100;
		duty->usd += layer->usd;
		if (layer->refundable)
			duty->refundable += layer->ad_valorem;
	}
	duty->refundable = duty_tidy(duty->refundable);
	w->claims = duty_claims(w, w->programme);
	truce_tariff_rate total = duty_total(w);
	duty->ad_valorem = total.ad_valorem;
	duty->low = total.low;
	duty->high = total.high;
	if (w->ask->has_value && isnan(duty->usd))
		duty->usd = total.ad_valorem * dollars;
	duty->usd = round(duty->usd * 100) / 100;
	duty->usd_low = duty->usd_high = NAN;
	if (w->ask->has_value && isnan(duty->usd) && isfinite(duty->high)) {
		duty->usd_low = round(duty->low * dollars * 100) / 100;
		duty->usd_high = round(duty->high * dollars * 100) / 100;
	}
	return TRUCE_OK;
}

static int copy_out(struct duty_work *w, truce_tariff_duty *duty)
{
	duty->layers = truce_arena_array(w->arena, w->layer_count + 1, sizeof *duty->layers);
	duty->aside = truce_arena_array(w->arena, w->aside_count + 1, sizeof *duty->aside);
	duty->needs = truce_arena_array(w->arena, w->need_count + 1, sizeof *duty->needs);
	duty->conditions = truce_arena_array(w->arena, w->condition_count + 1, sizeof *duty->conditions);
	duty->assumptions = truce_arena_array(w->arena, w->assumption_count + 1, sizeof *duty->assumptions);
	if (!duty->layers || !duty->aside || !duty->needs || !duty->conditions || !duty->assumptions)
		return TRUCE_MEMORY;
	memcpy(duty->layers, w->layers, w->layer_count * sizeof *duty->layers);
	memcpy(duty->aside, w->aside, w->aside_count * sizeof *duty->aside);
	memcpy(duty->needs, w->needs, w->need_count * sizeof *duty->needs);
	memcpy(duty->conditions, w->conditions, w->condition_count * sizeof *duty->conditions);
	duty->layer_count = w->layer_count;
	duty->aside_count = w->aside_count;
	duty->need_count = isnan(duty->ad_valorem) ? w->need_count : 0;
	duty->condition_count = w->condition_count;
	memcpy(duty->assumptions, w->assumptions, w->assumption_count * sizeof *duty->assumptions);
	duty->assumption_count = w->assumption_count;
	return TRUCE_OK;
}

int duty_answer(struct duty_work *w, truce_tariff_duty *duty, const char *good)
{
	int status = duty_find_good(w, good);
	if (status || (status = duty_normal(w)))
		return status;
	duty_apply_with(w);
	w->exempting = duty_exempting(w);
	for (size_t i = 0; !w->status && i < w->extra_count; i++)
		if (truce_act_reaches(w->ask->record, w->extras[i].act, w->from, w->at) && duty_extra_holds(w, w->extras[i].act))
			duty_levy_extra(w, &w->extras[i]);
	for (size_t i = 0; !w->status && i < truce_record_count(w->ask->record, TRUCE_MEASURE); i++) {
		const truce_measure *measure = truce_record_at(w->ask->record, TRUCE_MEASURE, i);
		if (duty_is_levy(measure, w->into) && truce_record_visible(measure, w->known))
			duty_collect(w, measure);
	}
	if (w->status)
		return w->status;
	duty_note_parcels(w);
	duty_say_unused_claims(w);
	const truce_stacking *stacking = duty_stacking(w);
	if (!stacking && w->layer_count > 2)
		duty_condition(w, duty_words(w, "no stacking rules of %s for the day: all layers add", w->into));
	duty_rows(w, stacking);
	duty_stack(w);
	duty_floors(w);
	double contents = 0;
	for (size_t i = 0; i < w->layer_count; i++)
		contents += w->marks[i].taken;
	if (w->ask->claim_count && contents > 1 + 1e-9)
		return truce_fail(w->ctx, TRUCE_INPUT, NULL, 0, 0, "give shares that are together at most 1",
			"the contents claimed are together %g times the value", contents);
	if (w->status || (status = sum_up(w, duty)))
		return w->status ? w->status : status;
	duty->code = w->digits;
	return copy_out(w, duty);
}

/* ---- the work ---- */

/* The id under which a party is known: of the record, else the two letters of a country; NULL: there is none. */
static const char *party_of(const truce_record *record, const char *party, truce_instant known)
{
	if (truce_record_find_known(record, TRUCE_PARTY, party, known))
		return party;
	const truce_country *country = truce_country_find(party);
	return country ? country->iso2 : NULL;
}

void duty_on(struct duty_work *w, truce_clocks clocks)
{
	w->at = truce_clocks_on(clocks, w->zone);
	w->known = truce_clocks_known(clocks);
	w->day = truce_instant_day(w->zone, w->at);
	/* What a schedule says of days after the day of knowledge was not known: it is asked as it stood then. */
	if (w->known < w->at)
		w->day = truce_instant_day(NULL, w->known);
}

/* No list of shares is passed over in silence. */
static int check_shares(const struct duty_work *w)
{
	const truce_tariff_share *shares = w->ask->shares;
	for (size_t i = 0; i < w->ask->share_count; i++) {
		size_t count = 0;
		for (size_t k = 0; k <= i; k++)
			count += shares[k].content == shares[i].content && strcmp(shares[k].measure, shares[i].measure) == 0;
		if (count > MOST_SHARE_LISTS)
			return truce_fail(w->ctx, TRUCE_LIMIT, NULL, 0, 0, NULL, "%s has more than %d lists of shares", shares[i].measure, MOST_SHARE_LISTS);
	}
	return TRUCE_OK;
}

int duty_open(truce_context *ctx, truce_arena *arena, struct duty_work **out, const truce_tariff_question *question)
{
	truce_instant known = truce_clocks_known(question->clocks);
	const char *ids[2], *parties[] = {question->from, question->into};
	*out = NULL;
	for (int i = 0; i < 2; i++)
		if (!(ids[i] = party_of(question->record, parties[i], known)))
			return truce_fail(ctx, TRUCE_NOT_FOUND, NULL, 0, 0, "parties are ids of the record, or ISO codes of two letters",
				"there is no party \"%s\"", parties[i]);
	if (question->unit && !truce_unit_name(question->unit))
		return truce_fail(ctx, TRUCE_INPUT, NULL, 0, 0, "kg, t, No., doz., pr., liter, m2, ...", "\"%s\" is no unit of quantity", question->unit);
	struct duty_work *w = truce_allocate_zero(ctx, 1, sizeof *w);
	if (!w)
		return TRUCE_MEMORY;
	w->ctx = ctx;
	w->arena = arena;
	w->ask = question;
	w->from = ids[0];
	w->into = ids[1];
	w->zone = truce_record_zone(question->record, w->into);
	const truce_party *into = truce_record_find_known(question->record, TRUCE_PARTY, w->into, known);
	w->system = into && into->codes ? into->codes : "hs";
	w->digits = "";
	duty_on(w, question->clocks);
	w->share_lists = truce_arena_array(arena, question->share_count + 1, sizeof *w->share_lists);
	for (size_t i = 0; w->share_lists && i < question->share_count; i++)
		w->share_lists[i] = question->schedule ? truce_schedule_list_find(question->schedule, question->shares[i].list) : -1;
	int status = w->share_lists ? check_shares(w) : TRUCE_MEMORY;
	if (!status)
		status = duty_check_claims(w);
	if (!status)
		status = duty_find_exempters(w);
	if (status)
		duty_close(w);
	else
		*out = w;
	return status;
}

bool duty_is_domestic(const struct duty_work *w, const char *from)
{
	return strcmp(from, w->into) == 0 || truce_record_includes_party(w->ask->record, w->into, from, w->at);
}

void duty_close(struct duty_work *w)
{
	if (!w)
		return;
	truce_release(w->ctx, w->goods);
	truce_release(w->ctx, w->aliases);
	truce_release(w->ctx, w->laws);
	truce_release(w->ctx, w);
}

void duty_next(struct duty_work *w)
{
	w->layer_count = w->aside_count = w->need_count = w->condition_count = w->assumption_count = w->override_count = w->extra_count = 0;
	w->good = NULL;
	w->spell = NULL;
	w->complete = false;
}

int truce_tariff_duty_of(truce_context *ctx, truce_arena *arena, truce_tariff_duty **out, const truce_tariff_question *question,
	const char *good)
{
	struct duty_work *w;
	truce_tariff_duty *duty = truce_arena_take(arena, sizeof *duty);
	*out = NULL;
	int status = duty ? duty_open(ctx, arena, &w, question) : TRUCE_MEMORY;
	if (status)
		return status;
	*duty = (truce_tariff_duty){.good = good, .from = question->from, .into = question->into, .clocks = question->clocks};
	status = !duty_is_domestic(w, w->from) ? duty_answer(w, duty, good) : truce_fail(ctx, TRUCE_INPUT, NULL, 0, 0,
		"name the party that the goods are from", "goods of %s pay no duty into %s: they are not imported", w->from, w->into);
	duty_close(w);
	if (!status)
		*out = duty;
	return status;
}
