/* duty_levy.c: what one measure levies on the good: its rate, less what is excused and exempt (tariff room). */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "duty_private.h"

bool duty_is_levy(const truce_measure *measure, const char *into)
{
	return measure->act.instrument == TRUCE_INSTRUMENT_TARIFF && measure->act.by && strcmp(measure->act.by, into) == 0 &&
		(measure->act.action == TRUCE_DO_IMPOSE || measure->act.action == TRUCE_DO_RAISE);
}

/* ---- the rate ---- */

/* What the numbers of a level are multiplied by to be fractions: they are per cent unless they say "share". */
static double unit_of_level(const truce_level *level)
{
	return level->unit && strcmp(level->unit, "share") == 0 ? 1 : 0.01;
}

/* The rate of a level for this layer; a range where the level is one. */
static void set_rate(struct duty_work *w, truce_tariff_layer *layer, const truce_level *level)
{
	double rate;
	if (level && level->expression) {
		truce_duty_expression duty;
		if (!w->status)
			w->status = truce_duty_parse(w->arena, &duty, level->expression, strlen(level->expression));
		if (!w->status)
			duty_evaluate(w, layer, &duty);
		return;
	}
	bool ranged = level && level->low.set && level->high.set && level->low.value < level->high.value;
	if (!level || (!truce_level_rate(level, &rate) && !ranged)) {
		duty_need(w, duty_words(w, "the rate of %s on this good", layer->id));
		return;
	}
	layer->ad_valorem = layer->low = layer->high = rate;
	layer->usd = NAN;
	if (ranged) {
		double unit = unit_of_level(level);
		layer->low = level->low.value * unit;
		layer->high = level->high.value * unit;
		layer->ad_valorem = NAN;
		duty_need(w, duty_words(w, "the rate of %s on this line", layer->id));
	}
}

/* Applies the exclusions that hold; true: nothing is left of it. */
static bool excuse(struct duty_work *w, const truce_measure *measure, const struct duty_facts *facts, truce_tariff_layer *layer)
{
	for (size_t i = 0; i < measure->exclusions.count; i++) {
		const truce_exclusion *one = TRUCE_LIST_AT(measure->exclusions, const truce_exclusion, i);
		if (!(facts->excused >> i & 1))
			continue;
		const char *name = one->name ? one->name : "an exclusion";
		if (one->share.set) {
			duty_scale(layer, 1 - one->share.value);
			layer->note = one->share.value == 0 ? duty_words(w, "nothing is taken off for: %s", name) :
				duty_words(w, "%.0f %% of the value is excused: %s", 100 * one->share.value, name);
		} else if (one->level) {
			set_rate(w, layer, one->level);
			layer->note = duty_words(w, "another rate: %s", name);
		} else {
			duty_set_aside(w, *layer, duty_words(w, "excused: %s", name));
			return true;
		}
	}
	return false;
}

/* An act that exempts a share of the value, by its level; one that does not say how much leaves a range. */
static void exempt_part(struct duty_work *w, const truce_measure *exempter, truce_tariff_layer *layer, struct duty_mark *mark)
{
	const truce_level *level = exempter->act.level;
	double unit = unit_of_level(level), rate;
	const char *name = exempter->head.name ? exempter->head.name : exempter->head.id;
	if (truce_level_rate(level, &rate)) {
		duty_scale(layer, 1 - rate);
		mark->applied_low *= 1 - rate;
	} else if (level->low.set && level->high.set) {
		layer->low *= 1 - level->high.value * unit;
		layer->high *= 1 - level->low.value * unit;
		mark->applied_low *= 1 - level->high.value * unit;
		layer->ad_valorem = layer->usd = NAN;
		duty_need(w, duty_words(w, "the share of the value that %s exempts", exempter->head.id));
	}
	layer->note = duty_words(w, "less a share of the value: %s", name);
}

/* Other measures that exempt this good from the layer's; true: nothing is left of it.  One that covers only a part of its
 * lines (it has shares by line) leaves a range, or in averages what the shares say. */
static bool exempt(struct duty_work *w, const struct duty_facts *facts, truce_tariff_layer *layer, struct duty_mark *mark)
{
	for (size_t i = 0; i < w->exempter_count; i++) {
		const truce_measure *one = w->exempters[i];
		if (!(facts->exempted >> i & 1))
			continue;
		const char *name = one->head.name ? one->head.name : one->head.id;
		if (one->act.note)
			duty_condition(w, duty_words(w, "%s: %s", one->head.id, one->act.note));
		double claimed = duty_exemption_claimed(w, i);
		if (claimed >= 1) {
			duty_set_aside(w, *layer, duty_words(w, "exempt, as claimed: %s", name));
			return true;
		}
		if (!isnan(claimed)) {
			duty_scale(layer, 1 - claimed);
			mark->applied_low *= 1 - claimed;
			layer->note = claimed > 0 ? duty_words(w, "less the share claimed: %s", name) : layer->note;
			continue;
		}
		if (one->act.level) {
			exempt_part(w, one, layer, mark);
			continue;
		}
		if (!duty_has_shares(w, one->head.id)) {
			duty_set_aside(w, *layer, duty_words(w, "exempt: %s", name));
			return true;
		}
		if (w->ask->estimate && duty_shares_known(w, one->head.id)) {
			if (!isnan(facts->exempter_share[i]))
				duty_scale(layer, 1 - facts->exempter_share[i]);
			continue;
		}
		if (!mark->maybe)
			mark->applied_low = layer->low;
		mark->maybe = true;
		mark->maybe_by |= (uint64_t)1 << i;
		duty_unsettle(layer, duty_words(w, "less where claimed: %s", name));
		duty_need(w, duty_words(w, "whether the good is one that %s describes%s%s%s", one->head.id, one->head.name ? " (" : "",
			one->head.name ? one->head.name : "", one->head.name ? ")" : ""));
	}
	return false;
}

/* A list says that not all imports of the line are what the measure is on: whether this good is, it does not say. */
static void may_reach(struct duty_work *w, truce_tariff_layer *layer, struct duty_mark *mark)
{
	mark->applied_low = layer->low;
	mark->maybe = true;
	duty_unsettle(layer, "where it reaches the good");
	duty_need(w, duty_words(w, "whether the good is one that %s is on", layer->id));
}

static void note_transit(struct duty_work *w, const truce_measure *measure)
{
	char before[32], entered[32], pays[64];
	double rate;
	if (w->quiet)
		return;
	for (size_t i = 0; i < measure->in_transit.count; i++) {
		const truce_in_transit *one = TRUCE_LIST_AT(measure->in_transit, const truce_in_transit, i);
		/* What is under way at a moment is not yet so before it. */
		if (truce_time_start(&one->loaded_before, NULL) > w->at ||
			(one->entered_before.set && truce_time_start(&one->entered_before, NULL) <= w->at))
			continue;
		snprintf(pays, sizeof(pays), "not");
		if (one->level && truce_level_rate(one->level, &rate))
			snprintf(pays, sizeof(pays), "%g %%", 100 * rate);
		duty_condition(w, duty_words(w, "%s: %s on goods loaded before %s%s%s", measure->head.id, pays,
			truce_time_format(before, &one->loaded_before), one->entered_before.set ? " and entered before " : "",
			truce_time_format(entered, &one->entered_before)));
	}
}

void duty_levy(struct duty_work *w, const truce_measure *measure, const struct duty_facts *facts)
{
	truce_tariff_layer layer = {.id = measure->head.id, .name = measure->head.name ? measure->head.name : measure->head.id,
		.authority = measure->stands_on ? measure->stands_on : "other", .class_ = measure->klass ? measure->klass :
		measure->stands_on ? measure->stands_on : "", .citation = facts->citation, .ad_valorem = NAN, .low = 0,
		.high = INFINITY, .usd = NAN, .refundable = facts->refundable};
	set_rate(w, &layer, facts->level);
	if (facts->by && facts->by->share.set) {
		duty_scale(&layer, facts->by->share.value);
	} else if (!isnan(facts->applies) && (w->averaging || w->ask->estimate)) {
		duty_scale(&layer, facts->applies);
		layer.note = duty_words(w, "applies to %.3g %% of the line's imports", 100 * facts->applies);
		if (facts->applies == 0) {
			duty_set_aside(w, layer, layer.note);
			return;
		}
	}
	if (measure->head.unsure || (facts->by && facts->by->unsure))
		layer.note = "unsure";
	struct duty_mark mark = {.act = &measure->act, .level = facts->level, .by = facts->by, .content = facts->content, .left = 1};
	double claimed = duty_claimed(w, measure->head.id);
	if (!isnan(claimed) && duty_on_content(&mark))
		mark.content = claimed;
	else if (claimed == 0) {
		duty_set_aside(w, layer, "not on this good, as claimed");
		return;
	}
	if (excuse(w, measure, facts, &layer) || exempt(w, facts, &layer, &mark))
		return;
	if (isnan(claimed) && facts->applies < 1 && !w->averaging && !w->ask->estimate && !mark.maybe)
		may_reach(w, &layer, &mark);
	note_transit(w, measure);
	duty_add_layer(w, layer, mark);
}

bool duty_extra_holds(struct duty_work *w, const truce_act *act)
{
	return (duty_is_all(act->goods) || duty_goods_hold(w, &act->goods)) && !duty_goods_hold(w, &act->except_goods);
}

void duty_levy_extra(struct duty_work *w, const struct duty_extra *extra)
{
	const truce_act *act = extra->act;
	truce_tariff_layer layer = {.id = extra->id, .name = "what-if", .authority = act->authority ? act->authority : "other",
		.class_ = act->klass ? act->klass : "", .citation = "", .ad_valorem = NAN, .low = 0, .high = INFINITY, .usd = NAN, .note = "what-if"};
	set_rate(w, &layer, act->level);
	duty_add_layer(w, layer, (struct duty_mark){.act = act, .level = act->level, .content = NAN, .left = 1});
}

/* ---- the facts, asked one by one ---- */

static const struct duty_override *override_of(const struct duty_work *w, const truce_measure *measure)
{
	for (size_t i = w->override_count; i-- > 0;)
		if (w->overrides[i].measure == measure)
			return &w->overrides[i];
	return NULL;
}

bool duty_exempts(const truce_measure *exempter, const truce_measure *measure)
{
	return duty_names(exempter->act.measures, measure->head.id) || (measure->stands_on && duty_names(exempter->act.measures, measure->stands_on));
}

int duty_find_exempters(struct duty_work *w)
{
	w->exempter_count = 0;
	for (size_t i = 0; i < truce_record_count(w->ask->record, TRUCE_MEASURE); i++) {
		const truce_measure *one = truce_record_at(w->ask->record, TRUCE_MEASURE, i);
		if (one->act.action != TRUCE_DO_EXEMPT || !one->act.measures.count || !one->act.by || strcmp(one->act.by, w->into) != 0 ||
			!truce_record_visible(one, w->known))
			continue;
		if (w->exempter_count == MOST_MASK)
			return truce_fail(w->ctx, TRUCE_LIMIT, one->head.place.file, one->head.place.line, one->head.place.column, NULL,
				"more than %d measures of %s exempt goods from others", MOST_MASK, w->into);
		w->exempters[w->exempter_count++] = one;
	}
	return TRUCE_OK;
}

uint64_t duty_exempting(const struct duty_work *w)
{
	uint64_t mask = 0;
	truce_measure_state state;
	truce_clocks clocks = w->ask->clocks;
	for (size_t i = 0; i < w->exempter_count; i++)
		if (truce_act_reaches(w->ask->record, &w->exempters[i]->act, w->from, w->at) &&
			truce_measure_at(w->ask->record, w->exempters[i], clocks, &state) && state.status == TRUCE_IN_FORCE)
			mask |= (uint64_t)1 << i;
	return mask;
}

/* The citation that names the origin, or a group that it is in: "HTS 9903.02.69 (VN)"; NULL: none does. */
static const char *citation_for_origin(const struct duty_work *w, const truce_measure *measure)
{
	for (size_t i = 0; i < measure->cites.count; i++) {
		const char *text = TRUCE_LIST_TEXT(measure->cites, i), *open = strrchr(text, '(');
		char party[16];
		size_t length = open ? strcspn(open + 1, ")") : 0;
		if (!length || length >= sizeof party || open[1 + length] != ')' || open[2 + length])
			continue;
		memcpy(party, open + 1, length);
		party[length] = '\0';
		if (truce_record_includes_party(w->ask->record, party, w->from, w->at))
			return text;
	}
	return NULL;
}

bool duty_stands(const struct duty_work *w, const truce_measure *measure, struct duty_facts *facts)
{
	truce_measure_state state = {0};
	const struct duty_override *over = override_of(w, measure);
	bool there = truce_measure_at(w->ask->record, measure, w->ask->clocks, &state);
	bool stands = there && state.status == TRUCE_IN_FORCE;
	if (over && over->in != FORCED_NOT)
		stands = over->in == FORCED_IN;
	if (!stands)
		return false;
	*facts = (struct duty_facts){.level = over && over->level ? over->level : there ? state.level : NULL, .applies = NAN, .content = NAN,
		.refundable = there && state.refundable, .exempter_share = w->exempter_share};
	/* What the act on top says holds for every good; else a good's own level, the state's, the act's, in this order. */
	facts->overridden = over && over->level;
	if (!facts->level)
		facts->level = measure->act.level;
	facts->citation = there && state.step && state.step->cites.count ? TRUCE_LIST_TEXT(state.step->cites, 0) : NULL;
	return true;
}

bool duty_levied(const struct duty_work *w, const truce_measure *measure, struct duty_facts *facts)
{
	if (!duty_stands(w, measure, facts) || !truce_act_reaches(w->ask->record, &measure->act, w->from, w->at))
		return false;
	if (!facts->citation)
		facts->citation = citation_for_origin(w, measure);
	return true;
}

static uint64_t excused(struct duty_work *w, const truce_measure *measure)
{
	uint64_t mask = 0;
	for (size_t i = 0; i < measure->exclusions.count && i < MOST_MASK; i++) {
		const truce_exclusion *one = TRUCE_LIST_AT(measure->exclusions, const truce_exclusion, i);
		if ((one->against.count == 0 || duty_holds_origin(w, one->against)) &&
			duty_running(w, one->begins, one->ends, one->known_from) && duty_goods_hold(w, &one->goods))
			mask |= (uint64_t)1 << i;
	}
	return mask;
}

static uint64_t exempted(struct duty_work *w, const truce_measure *measure)
{
	uint64_t mask = 0;
	for (size_t i = 0; i < w->exempter_count; i++) {
		const truce_measure *one = w->exempters[i];
		if (!(w->exempting >> i & 1) || !duty_exempts(one, measure) || !duty_goods_hold(w, &one->act.goods))
			continue;
		mask |= (uint64_t)1 << i;
		w->exempter_share[i] = w->ask->estimate ? duty_share(w, one->head.id, true) : NAN;
	}
	return mask;
}

void duty_settle(struct duty_facts *facts, const truce_measure *measure, const truce_membership *by)
{
	facts->by = by;
	if (by && by->level && !facts->overridden)
		facts->level = by->level;
	if (!facts->citation)
		facts->citation = by && by->citation ? by->citation : measure->cites.count ? TRUCE_LIST_TEXT(measure->cites, 0) : "";
}

void duty_collect(struct duty_work *w, const truce_measure *measure)
{
	struct duty_facts facts;
	const truce_membership *by;
	if (!duty_levied(w, measure, &facts) || !duty_in_scope(w, measure, &by))
		return;
	duty_settle(&facts, measure, by);
	facts.applies = duty_share(w, measure->head.id, false);
	facts.content = w->ask->estimate ? duty_share(w, measure->head.id, true) : NAN;
	facts.excused = excused(w, measure);
	facts.exempted = exempted(w, measure);
	duty_levy(w, measure, &facts);
}

/* ---- parcels of low value ---- */

/* For a value that duty-free entry of low-value parcels reaches: whether it was open to the origin, in words.  The limit
 * and who is out of it stand in the measures that ended it. */
void duty_note_parcels(struct duty_work *w)
{
	const truce_measure *open = NULL, *fallen = NULL;
	char limit[32];
	if (w->quiet || !w->ask->has_value)
		return;
	for (size_t i = 0; i < truce_record_count(w->ask->record, TRUCE_MEASURE); i++) {
		const truce_measure *one = truce_record_at(w->ask->record, TRUCE_MEASURE, i);
		const truce_act *act = &one->act;
		struct duty_facts facts;
		truce_measure_state state;
		if (act->instrument != TRUCE_INSTRUMENT_DE_MINIMIS || act->action != TRUCE_DO_REMOVE || !act->by || strcmp(act->by, w->into) != 0 ||
			!act->quantity || !act->quantity->unit || strcmp(act->quantity->unit, "usd") != 0 || !act->quantity->value.set ||
			truce_decimal_double(w->ask->value) > act->quantity->value.value || !truce_record_visible(one, w->known))
			continue;
		snprintf(limit, sizeof limit, "%.10g", act->quantity->value.value);
		if (duty_levied(w, one, &facts)) {
			duty_condition(w, duty_words(w, "a parcel worth at most $%s from %s pays too: duty-free entry is closed by %s", limit, w->from,
				one->head.id));
			return;
		}
		open = one;
		if (truce_act_reaches(w->ask->record, act, w->from, w->at) && truce_measure_at(w->ask->record, one, w->ask->clocks, &state) &&
			state.status != TRUCE_ANNOUNCED)
			fallen = one;
	}
	if (fallen)
		duty_condition(w, duty_words(w, "whether a parcel worth at most $%s from %s may enter free of duty is not known: %s no longer stands", limit,
			w->from, fallen->head.id));
	else if (open)
		duty_condition(w, duty_words(w, "a parcel worth at most $%s from %s may enter free of duty: %s does not close that on the day", limit,
			w->from, open->head.id));
}
