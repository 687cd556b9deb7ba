/* duty_normal.c: the duty that a good pays without any measure (tariff room): the general column, column 2 for countries
 * without normal relations, or the special column where the origin has a programme that the line names.  Which country
 * has which programme, from when until when, is a table of data (docs/formats/schedule.md). */
#include <math.h>
#include <string.h>

#include "duty_private.h"

#define COLUMN_2 "column2"

static truce_tariff_layer normal_layer(const char *citation, bool unsure)
{
	return (truce_tariff_layer){.id = "normal", .name = "normal duty", .authority = "mfn", .class_ = "", .citation = citation,
		.ad_valorem = NAN, .low = 0, .high = INFINITY, .usd = NAN, .note = unsure ? "unsure" : NULL};
}

static void add_normal(struct duty_work *w, truce_tariff_layer layer)
{
	duty_add_layer(w, layer, (struct duty_mark){.content = NAN, .left = 1});
}

bool duty_programme_of_origin(const struct duty_work *w, const truce_tariff_programme *one)
{
	return truce_record_includes_party(w->ask->record, one->party, w->from, w->at);
}

/* The programmes open to the origin on the day, as indices into the question's; returns how many. */
static size_t open_programmes(struct duty_work *w, size_t *out, size_t most)
{
	truce_date known = truce_instant_day(NULL, w->known);
	size_t count = 0, all = w->origin_programmes ? w->origin_programme_count : w->ask->programme_count;
	for (size_t k = 0; k < all && count < most; k++) {
		size_t i = w->origin_programmes ? w->origin_programmes[k] : k;
		const truce_tariff_programme *one = &w->ask->programmes[i];
		if (one->from <= w->day && w->day < one->until && one->known <= known && (w->origin_programmes || duty_programme_of_origin(w, one))) {
			double claimed = w->ask->claim_count ? duty_claimed(w, one->programme) : NAN;
			if (claimed == 0)
				continue;
			if (claimed > 0) { /* this one it is */
				out[0] = i;
				return 1;
			}
			out[count++] = i;
		}
	}
	return count;
}

/* The lowest special duty that the line gives to one of the origin's programmes; NULL: none. */
static const truce_duty_special *best_special(struct duty_work *w, const truce_schedule_spell *spell, const size_t *programmes,
	size_t count, const truce_tariff_programme **by)
{
	const truce_duty_special *best = NULL;
	double lowest = INFINITY;
	for (size_t i = 0; i < count; i++) {
		const truce_tariff_programme *one = &w->ask->programmes[programmes[i]];
		const truce_duty_special *group = truce_schedule_special(spell, one->programme);
		double rate;
		if (!group)
			continue;
		if (!truce_duty_is_simple(&group->duty, &rate))
			rate = INFINITY;
		if (!best || rate < lowest) {
			best = group;
			lowest = rate;
			*by = one;
		}
	}
	return best;
}

/* A special duty that is no percentage is never above the general one: who would claim it then? */
static void bound(truce_tariff_layer *special, const truce_tariff_layer *general)
{
	if (isnan(special->ad_valorem))
		special->high = fmin(special->high, general->high);
}

uint64_t duty_claims(const struct duty_work *w, size_t programme)
{
	uint64_t mask = 0;
	for (size_t i = 0; programme != SIZE_MAX && i < w->exempter_count; i++) {
		const char *id = w->exempters[i]->head.id, *at = w->ask->programmes[programme].exempts;
		for (size_t length = strlen(id); at && *at; at += strspn(at, " ")) {
			size_t word = strcspn(at, " ");
			if (word == length && memcmp(at, id, word) == 0)
				mask |= (uint64_t)1 << i;
			at += word;
		}
	}
	return mask;
}

static const char *claim_words(struct duty_work *w, const truce_duty_special *group, const truce_tariff_programme *by, const char *general)
{
	return duty_words(w, "normal duty: %s under programme %s if it is claimed and the good is of that origin (%s); else %s", group->duty.text,
		by->programme, by->source, general);
}

struct duty_choice duty_choose_normal(struct duty_work *w, const truce_schedule_spell *spell)
{
	enum { MOST = 32 };
	struct duty_choice choice = {0};
	size_t open[MOST], count = open_programmes(w, open, MOST);
	for (size_t i = 0; i < count; i++)
		choice.column2 |= strcmp(w->ask->programmes[open[i]].programme, COLUMN_2) == 0;
	if (!choice.column2)
		choice.group = best_special(w, spell, open, count, &choice.by);
	return choice;
}

void duty_normal_of_spell(struct duty_work *w, const truce_schedule_spell *spell, struct duty_choice choice)
{
	if (choice.column2) {
		truce_tariff_layer layer = normal_layer("column 2 of the schedule", false);
		duty_evaluate(w, &layer, spell->column2);
		add_normal(w, layer);
		return;
	}
	truce_tariff_layer general = normal_layer("general column of the schedule", false);
	if (!choice.group) {
		duty_evaluate(w, &general, spell->general);
		add_normal(w, general);
		return;
	}
	size_t needs = w->need_count;
	duty_evaluate(w, &general, spell->general);
	w->need_count = needs; /* what the general duty would need is not asked for */
	truce_tariff_layer layer = normal_layer("special column of the schedule", false);
	duty_evaluate(w, &layer, &choice.group->duty);
	bound(&layer, &general);
	layer.citation = duty_words(w, "special column of the schedule, %s", choice.by->programme);
	if (w->ask->claim_count && duty_claimed(w, choice.by->programme) > 0) {
		layer.note = "claimed";
		duty_condition(w, claim_words(w, choice.group, choice.by, spell->general->text));
		add_normal(w, layer);
		return;
	}
	layer.note = "where claimed";
	duty_condition(w, claim_words(w, choice.group, choice.by, spell->general->text));
	add_normal(w, layer);
	w->general = general;
	w->programme = (size_t)(choice.by - w->ask->programmes);
}

truce_instant duty_normal_begins(const struct duty_work *w, const truce_normal_duty *one)
{
	truce_instant oldest = TRUCE_NEVER;
	if (one->valid.from.set)
		return truce_time_start(&one->valid.from, w->zone);
	for (size_t i = 0; i < one->sources.count; i++) {
		const truce_source *source = truce_record_find(w->ask->record, TRUCE_SOURCE, TRUCE_LIST_TEXT(one->sources, i));
		truce_instant at = source && source->date.set ? truce_time_start(&source->date, w->zone) : TRUCE_NEVER;
		oldest = at < oldest ? at : oldest;
	}
	return oldest == TRUCE_NEVER ? TRUCE_EVER : oldest;
}

truce_instant duty_normal_ends(const struct duty_work *w, const truce_normal_duty *one)
{
	return one->valid.until.set ? truce_time_start(&one->valid.until, w->zone) : one->valid.through.set ?
		truce_time_end(&one->valid.through, w->zone) + 1 : TRUCE_NEVER;
}

static bool is_for(const struct duty_work *w, const truce_normal_duty *one)
{
	return strcmp(one->into, w->into) == 0 && (!one->from || strcmp(one->from, w->from) == 0) &&
		(!one->known.from.set || truce_time_start(&one->known.from, NULL) <= w->known);
}

/* No normal duty of the good stands on the day: which days are covered. */
static int fail_of_days(struct duty_work *w)
{
	truce_text days;
	char day[11];
	truce_text_init(&days, w->ctx);
	for (size_t i = 0; i < w->good->normal_duty.count; i++) {
		const truce_normal_duty *one = TRUCE_LIST_AT(w->good->normal_duty, const truce_normal_duty, i);
		truce_instant begins = duty_normal_begins(w, one), ends = duty_normal_ends(w, one);
		if (!is_for(w, one))
			continue;
		truce_text_add(&days, days.length ? ", " : "");
		if (begins != TRUCE_EVER)
			truce_text_addf(&days, "%s %s", truce_date_format(day, truce_instant_day(w->zone, begins)), ends == TRUCE_NEVER ? "on" : "to ");
		if (ends != TRUCE_NEVER)
			truce_text_addf(&days, "before %s", truce_date_format(day, truce_instant_day(w->zone, ends)));
	}
	int status = truce_text_done(&days) ? TRUCE_MEMORY : truce_fail(w->ctx, TRUCE_UNKNOWN, w->good->head.place.file, w->good->head.place.line,
		w->good->head.place.column, "ask for a day that is covered, add a normal_duty with its valid, or give a schedule of the day",
		days.length ? "the normal duty of %s into %s is not known on %s: it is for %s" : "the good %s has no normal duty into %s known on %s%s",
		w->good->head.id, w->into, truce_date_format(day, truce_instant_day(w->zone, w->at)), days.data ? days.data : "");
	truce_text_free(&days);
	return status;
}

/* What the record says of a good that it calls complete. */
static int normal_of_good(struct duty_work *w)
{
	const truce_normal_duty *best = NULL;
	for (size_t i = 0; i < w->good->normal_duty.count; i++) {
		const truce_normal_duty *one = TRUCE_LIST_AT(w->good->normal_duty, const truce_normal_duty, i);
		if (is_for(w, one) && duty_normal_begins(w, one) <= w->at && w->at < duty_normal_ends(w, one) && (!best || (one->from && !best->from)))
			best = one;
	}
	if (!best)
		return fail_of_days(w);
	truce_tariff_layer layer = normal_layer(best->code ? best->code : "", best->unsure);
	truce_duty_expression duty;
	if (!w->status)
		w->status = truce_duty_parse(w->arena, &duty, best->rate, strlen(best->rate));
	if (!w->status)
		duty_evaluate(w, &layer, &duty);
	add_normal(w, layer);
	return w->status;
}

int duty_normal(struct duty_work *w)
{
	w->programme = SIZE_MAX;
	if (!w->spell)
		return normal_of_good(w);
	duty_normal_of_spell(w, w->spell, duty_choose_normal(w, w->spell));
	return w->status;
}
