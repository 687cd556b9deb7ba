/* review.c, room `record`: what a sound record says that cannot all be so, or needs a second look.
 *
 * Contradictions are kept and reported, never settled. */
#include <math.h>
#include <string.h>

#include "private.h"

struct review {
	truce_context *ctx;
	const truce_record *record;
	truce_clocks clocks;
	truce_instant known;
	size_t warnings;
	int status;
};

#define WARN(r, place, remedy, ...) ((r)->warnings++, truce_yaml_say((r)->ctx, TRUCE_WARNING, place, remedy, __VA_ARGS__))

static truce_instant now_for(const struct review *r, const truce_head *head)
{
	return truce_clocks_on(r->clocks, truce_record_zone_of(r->record, head));
}

static const void *known_record(const struct review *r, truce_record_kind kind, const char *id)
{
	return truce_record_find_known(r->record, kind, id, r->known);
}

/* ---- conditions --------------------------------------------------------------------------------------------------- */

typedef enum { MET_NO, MET_YES, MET_UNKNOWN } met;

static bool lists_share_party(const struct review *r, const truce_yaml_list *wanted, const truce_measure *measure, truce_instant at)
{
	if (wanted->count == 0)
		return true;
	for (size_t i = 0; i < wanted->count; i++)
		if (strcmp(TRUCE_LIST_TEXT(*wanted, i), "all") == 0 || truce_act_reaches(r->record, &measure->act, TRUCE_LIST_TEXT(*wanted, i), at))
			return true;
	return false;
}

/* A measure in force that is such an act, begun before `before`; NULL none. */
static const truce_measure *act_done(const struct review *r, const truce_act *act, truce_instant before)
{
	for (size_t i = 0; i < truce_record_count(r->record, TRUCE_MEASURE); i++) {
		const truce_measure *measure = truce_record_at(r->record, TRUCE_MEASURE, i);
		truce_measure_state state;
		if ((act->by && (!measure->act.by || strcmp(act->by, measure->act.by) != 0)) || measure->head.begins >= before ||
			(act->instrument >= 0 && act->instrument != measure->act.instrument) ||
			(act->measures.count == 0 && act->instrument < 0))
			continue;
		bool restricts = act->action == TRUCE_DO_IMPOSE || act->action == TRUCE_DO_RESTRICT || act->action == TRUCE_DO_BAN ||
			act->action == TRUCE_DO_LICENSE || act->action == TRUCE_DO_WITHHOLD || act->action == TRUCE_DO_LIST ||
			act->action == TRUCE_DO_INVESTIGATE || act->action == TRUCE_DO_CHARGE;
		if (!restricts || !truce_measure_at(r->record, measure, r->clocks, &state) || state.status != TRUCE_IN_FORCE)
			continue;
		if (act->goods.count && !record_goods_overlap(r->ctx, r->record, &act->goods, &measure->act.goods))
			continue;
		if (lists_share_party(r, &act->against, measure, now_for(r, &measure->head)))
			return measure;
	}
	return NULL;
}

/* The last known point of a series of this flow, as a share of normal or in the condition's unit. */
static met flow_met(const struct review *r, const truce_condition *c)
{
	const truce_point *last = NULL;
	const truce_figure *of = NULL;
	for (size_t i = 0; i < truce_record_count(r->record, TRUCE_FIGURE); i++) {
		const truce_figure *figure = truce_record_at(r->record, TRUCE_FIGURE, i);
		const truce_flow *flow = figure->flow;
		if (!flow || !truce_record_visible(figure, r->known) || !flow->from || !flow->to || !c->flow->from || !c->flow->to ||
			strcmp(flow->from, c->flow->from) != 0 || strcmp(flow->to, c->flow->to) != 0 ||
			!record_goods_overlap(r->ctx, r->record, &flow->goods, &c->flow->goods))
			continue;
		for (size_t k = 0; k < figure->series.count; k++) {
			const truce_point *point = TRUCE_LIST_AT(figure->series, truce_point, k);
			if (point->known_from <= r->known && truce_time_start(&point->from, NULL) <= truce_clocks_on(r->clocks, NULL) &&
				(!last || truce_time_start(&point->from, NULL) > truce_time_start(&last->from, NULL))) {
				last = point;
				of = figure;
			}
		}
	}
	if (!last)
		return MET_UNKNOWN;
	double value = last->value.value;
	if (c->of && strcmp(c->of, "normal") == 0) {
		if (!of->normal.set || of->normal.value <= 0)
			return MET_UNKNOWN;
		value /= of->normal.value;
	} else if (!c->unit || !of->unit || strcmp(c->unit, of->unit) != 0) {
		return MET_UNKNOWN;
	}
	bool yes = c->below.set ? value < c->below.value : value > c->above.value;
	return yes ? MET_YES : MET_NO;
}

static met condition_met(const struct review *r, const truce_condition *c, truce_instant before, const truce_measure **by)
{
	if (c->date.set)
		return truce_time_start(&c->date, NULL) <= truce_clocks_on(r->clocks, NULL) ? MET_YES : MET_NO;
	if (c->measure) {
		const truce_measure *measure = known_record(r, TRUCE_MEASURE, c->measure);
		truce_measure_state state;
		if (!measure || !truce_measure_at(r->record, measure, r->clocks, &state))
			return MET_NO;
		*by = measure;
		return (int)state.status == (c->status >= 0 ? c->status : TRUCE_IN_FORCE) ? MET_YES : MET_NO;
	}
	if (c->act) {
		*by = act_done(r, c->act, before);
		return *by ? MET_YES : MET_UNKNOWN;
	}
	if (c->flow)
		return flow_met(r, c);
	if (c->not_) {
		met inner = condition_met(r, c->not_, before, by);
		return inner == MET_UNKNOWN ? inner : inner == MET_YES ? MET_NO : MET_YES;
	}
	const truce_yaml_list *list = c->all.count ? &c->all : &c->any;
	met result = c->all.count ? MET_YES : c->any.count ? MET_NO : MET_UNKNOWN;
	for (size_t i = 0; i < list->count; i++) {
		met one = condition_met(r, TRUCE_LIST_AT(*list, truce_condition, i), before, by);
		if (c->all.count ? one == MET_NO : one == MET_YES)
			return one;
		if (one == MET_UNKNOWN)
			result = one;
	}
	return result;
}

static void check_condition(struct review *r, const truce_threat *threat, const truce_condition *condition, const char *reading)
{
	const truce_measure *by = NULL;
	if (!condition || condition_met(r, condition, threat->head.begins, &by) != MET_YES)
		return;
	WARN(r, condition->place, "record how the threat is to be read", "the condition of %s%s%s is already met%s%s", threat->head.id,
		reading ? ", read as " : "", reading ? reading : "", by ? ": " : "", by ? by->head.id : "");
}

/* ---- threats and laws ------------------------------------------------------------------------------------------------ */

static const truce_limits *limits_of(const struct review *r, const truce_authority *authority)
{
	for (int hops = 0; authority && hops < 16; hops++) {
		if (authority->limits)
			return authority->limits;
		authority = authority->under ? known_record(r, TRUCE_AUTHORITY, authority->under) : NULL;
	}
	return NULL;
}

/* The highest rate that the threat names, as a share; negative none. */
static double threatened_rate(const truce_threat *threat)
{
	double highest = -1, rate;
	for (size_t i = 0; i < threat->then.count; i++) {
		const truce_act *act = TRUCE_LIST_AT(threat->then, truce_act, i);
		if (act->instrument == TRUCE_INSTRUMENT_TARIFF && truce_level_rate(act->level, &rate) && rate > highest)
			highest = rate;
	}
	return highest;
}

static void check_threat(struct review *r, const truce_threat *threat)
{
	truce_record_state state;
	char day[32];
	if (!truce_record_state_at(r->record, threat, r->clocks, &state) || state.status != TRUCE_STANDING)
		return;
	check_condition(r, threat, threat->when, NULL);
	for (size_t i = 0; i < threat->readings.count; i++) {
		const truce_reading *reading = TRUCE_LIST_AT(threat->readings, truce_reading, i);
		check_condition(r, threat, reading->when, reading->says);
	}
	double threatened = threatened_rate(threat);
	for (size_t i = 0; i < threat->needs.count; i++) {
		const char *id = TRUCE_LIST_TEXT(threat->needs, i);
		const truce_authority *authority = known_record(r, TRUCE_AUTHORITY, id);
		truce_record_state law;
		if (!authority || !truce_authority_at(r->record, authority, r->clocks, &law))
			continue;
		const truce_limits *limits = limits_of(r, authority);
		double cap;
		if (limits && limits->rate && truce_level_rate(limits->rate, &cap) && threatened > cap + 1e-12)
			WARN(r, threat->head.place, "record the law that could carry it", "%s threatens %g %%, %s allows %g %%", threat->head.id,
				threatened * 100, id, cap * 100);
		if (law.status == TRUCE_STRUCK_DOWN)
			WARN(r, threat->head.place, "ask which law could still carry it", "%s needs %s, which was struck down", threat->head.id, id);
		else if (law.status == TRUCE_HELD_UNLAWFUL)
			WARN(r, threat->head.place, NULL, "%s needs %s, which was held unlawful%s", threat->head.id, id,
				law.step && law.step->stayed ? " and goes on under a stay" : "");
	}
	if (threat->deadline.set && truce_time_end(&threat->deadline, truce_record_zone_of(r->record, threat)) < now_for(r, &threat->head))
		WARN(r, threat->head.place, "add a step to its history: lapsed, or fulfilled", "the deadline of %s passed on %s and it still stands",
			threat->head.id, truce_time_format(day, &threat->deadline));
}

static void check_measure(struct review *r, const truce_measure *measure)
{
	truce_measure_state state;
	char day[32];
	const truce_zone *zone = truce_record_zone_of(r->record, measure);
	if (!truce_measure_at(r->record, measure, r->clocks, &state))
		return;
	if (state.status == TRUCE_STRUCK_DOWN)
		WARN(r, measure->head.place, NULL, "%s stands on %s, which was struck down: void since %s", measure->head.id,
			state.authority ? state.authority->head.id : measure->stands_on ? measure->stands_on : "?",
			truce_instant_format(day, state.since, truce_zone_offset(zone, state.since)));
	else if (state.refundable)
		WARN(r, measure->head.place, "compare --view lawful", "%s is levied, but void in law: its authority %s was struck down", measure->head.id,
			measure->stands_on);
	/* A measure that says when its suspension ends, and a truce that says otherwise. */
	const truce_truce *last = NULL;
	for (size_t i = 0; i < measure->truce_count; i++) {
		const truce_truce *truce = (const void *)truce_record_number(r->record, measure->truces[i]);
		if (truce_record_visible(truce, r->known) && truce->head.begins <= now_for(r, &measure->head) &&
			(!last || truce->head.begins > last->head.begins))
			last = truce;
	}
	truce_record_state of_truce;
	truce_instant own = measure->ends; /* what the measure itself says */
	for (size_t i = 0; i < measure->history.count; i++) {
		const truce_step *step = TRUCE_LIST_AT(measure->history, truce_step, i);
		if (step->known_from <= r->known && step->begins <= now_for(r, &measure->head) && !step->withdrawn &&
			(step->status != TRUCE_NO_STATUS || step->ends != TRUCE_NEVER))
			own = step->ends;
	}
	if (last && state.status == TRUCE_SUSPENDED && own != TRUCE_NEVER &&
		truce_record_state_at(r->record, last, r->clocks, &of_truce) && of_truce.status == TRUCE_IN_FORCE && of_truce.until != TRUCE_NEVER) {
		truce_instant apart = of_truce.until > own ? of_truce.until - own : own - of_truce.until;
		if (apart > 86400) {
			char other[32];
			WARN(r, measure->head.place, "one of the two is wrong, or was extended", "%s is suspended until %s, but %s runs until %s",
				measure->head.id, truce_instant_format(day, own, truce_zone_offset(zone, own)), last->head.id,
				truce_instant_format(other, of_truce.until, truce_zone_offset(zone, of_truce.until)));
		}
	}
}

/* ---- what is past due --------------------------------------------------------------------------------------------------- */

static void check_commitment(struct review *r, const truce_commitment *commitment)
{
	truce_record_state state;
	char day[32];
	if (!truce_record_state_at(r->record, commitment, r->clocks, &state))
		return;
	if (!state.confirmed && state.claimed_by)
		WARN(r, commitment->head.place, "add confirmed_by when it does", "%s is claimed by %s; %s has not confirmed it",
			commitment->head.id, state.claimed_by, commitment->by);
	for (size_t i = 0; i < commitment->confirmed_by.count; i++) {
		const truce_confirmation *c = TRUCE_LIST_AT(commitment->confirmed_by, truce_confirmation, i);
		if (c->stance == TRUCE_DENIED && c->known_from <= r->known)
			WARN(r, c->place, NULL, "%s is claimed, and denied by %s: both are kept", commitment->head.id, c->party);
	}
	if (state.status != TRUCE_STANDING)
		return;
	for (size_t i = 0; i < commitment->due.count; i++) {
		const truce_due *due = TRUCE_LIST_AT(commitment->due, truce_due, i);
		const truce_time *by = &due->by;
		truce_instant latest = TRUCE_EVER;
		double met_share = 0;
		for (size_t k = 0; k < due->amended.count; k++) {
			const truce_due_change *change = TRUCE_LIST_AT(due->amended, truce_due_change, k);
			if (change->known_from <= r->known && change->known_from >= latest) {
				latest = change->known_from;
				by = &change->by;
			}
		}
		for (size_t k = 0; k < due->fulfilled.count; k++) {
			const truce_due_change *f = TRUCE_LIST_AT(due->fulfilled, truce_due_change, k);
			if (f->known_from > r->known)
				continue;
			met_share += f->share.set ? f->share.value : f->amount && due->amount && f->amount->value.set && due->amount->value.set &&
				due->amount->value.value > 0 ? f->amount->value.value / due->amount->value.value : f->amount ? 0 : 1;
		}
		if (met_share < 1 - 1e-9 && truce_time_end(by, truce_record_zone_of(r->record, commitment)) < now_for(r, &commitment->head))
			WARN(r, due->place, "record what was done, or that the date was moved", "%s is past due: %s (%.0f %% recorded as done)",
				commitment->head.id, truce_time_format(day, by), met_share * 100);
	}
}

static void check_demand(struct review *r, const truce_demand *demand)
{
	truce_record_state state;
	char day[32];
	if (demand->deadline.set && truce_record_state_at(r->record, demand, r->clocks, &state) && state.status == TRUCE_STANDING &&
		truce_time_end(&demand->deadline, truce_record_zone_of(r->record, demand)) < now_for(r, &demand->head))
		WARN(r, demand->head.place, "add a step to its history", "the deadline of %s passed on %s and it still stands", demand->head.id,
			truce_time_format(day, &demand->deadline));
}

/* ---- contradictions -------------------------------------------------------------------------------------------------------- */

static int formal_of(const truce_reading *reading)
{
	return reading->formal >= 0 ? reading->formal : reading->round.set ? 1 : -1;
}

static bool reading_known(const struct review *r, const truce_reading *reading)
{
	return !reading->known.from.set || truce_time_start(&reading->known.from, NULL) <= r->known;
}

static void check_meeting(struct review *r, const truce_meeting *meeting)
{
	const truce_reading *yes = NULL, *no = NULL;
	for (size_t i = 0; i < meeting->readings.count; i++) {
		const truce_reading *reading = TRUCE_LIST_AT(meeting->readings, truce_reading, i);
		if (!reading_known(r, reading))
			continue;
		if (formal_of(reading) == 1 && !yes)
			yes = reading;
		if (formal_of(reading) == 0 && !no)
			no = reading;
	}
	int own = meeting->formal >= 0 ? meeting->formal : meeting->round.set ? 1 : -1;
	if (yes && no)
		WARN(r, no->place, "both readings are kept", "%s: \"%s\" against \"%s\"", meeting->head.id, no->says, yes->says);
	else if ((own == 1 && no) || (own == 0 && yes))
		WARN(r, (no ? no : yes)->place, "both readings are kept", "%s: \"%s\" against what the record itself says", meeting->head.id,
			(no ? no : yes)->says);
	truce_record_state state;
	if (truce_record_state_at(r->record, meeting, r->clocks, &state) && (state.status == TRUCE_REPORTED || state.status == TRUCE_CONFIRMED) &&
		meeting->head.ends != TRUCE_NEVER && meeting->head.ends + 7 * 86400 < now_for(r, &meeting->head))
		WARN(r, meeting->head.place, "add a step to its history: held, or called_off", "%s is stale: its days have passed and it is still %s",
			meeting->head.id, truce_status_word((int)state.status));
}

static bool names(const truce_yaml_list *list, const char *id)
{
	for (size_t i = 0; i < list->count; i++)
		if (strcmp(TRUCE_LIST_TEXT(*list, i), id) == 0)
			return true;
	return false;
}

static void check_statement(struct review *r, const truce_statement *statement)
{
	const truce_yaml_list *lists[] = {&statement->asserts, &statement->denies};
	for (size_t l = 0; l < 2; l++)
		for (size_t i = 0; i < lists[l]->count; i++) {
			const truce_head *about = known_record(r, TRUCE_ANY_KIND, TRUCE_LIST_TEXT(*lists[l], i));
			if (about && about->known_from != TRUCE_EVER && statement->head.begins != TRUCE_EVER &&
				statement->head.begins + 2 * 86400 < about->known_from && about->begins > statement->head.begins)
				WARN(r, statement->head.place, "check the two dates", "the statement %s is older than what it reports, %s", statement->head.id,
					about->id);
		}
	/* Denials against assertions; each pair is met once, from the denial. */
	for (size_t i = 0; i < statement->denies.count; i++) {
		const char *id = TRUCE_LIST_TEXT(statement->denies, i);
		for (size_t k = 0; k < truce_record_count(r->record, TRUCE_STATEMENT); k++) {
			const truce_statement *other = truce_record_at(r->record, TRUCE_STATEMENT, k);
			if (truce_record_visible(other, r->known) && names(&other->asserts, id))
				WARN(r, statement->head.place, "both are kept", "%s denies %s, which %s asserts", statement->head.id, id, other->head.id);
		}
	}
}

/* What a claim says of a sum of measures, against the law as known; of a figure, against the figure. */
static void check_quantity(struct review *r, const truce_claim *claim)
{
	const truce_quantity *quantity = claim->quantity;
	double low = quantity->value.set ? quantity->value.value : quantity->low.value;
	double high = quantity->value.set ? quantity->value.value : quantity->high.value;
	if (quantity->low.set && quantity->low.value < low)
		low = quantity->low.value;
	if (quantity->high.set && quantity->high.value > high)
		high = quantity->high.value;
	bool rate = strcmp(quantity->unit, "pct") == 0 || strcmp(quantity->unit, "pp") == 0;
	if (quantity->measures.count && rate) {
		truce_clocks clocks = r->clocks;
		if (quantity->on.set)
			clocks.on = quantity->on;
		double sum = 0;
		bool whole = true;
		char day[32];
		for (size_t i = 0; i < quantity->measures.count; i++) {
			const truce_measure *measure = known_record(r, TRUCE_MEASURE, TRUCE_LIST_TEXT(quantity->measures, i));
			truce_measure_state state;
			double one;
			if (!measure || !truce_measure_at(r->record, measure, clocks, &state) || state.status != TRUCE_IN_FORCE)
				continue;
			whole = whole && truce_level_rate(state.level, &one);
			if (whole)
				sum += one * 100;
		}
		if (whole && (sum < low - 0.5 || sum > high + 0.5))
			WARN(r, quantity->place, "both are kept: the claim, and the law", "%s claims %g %s, the measures in law make %g points on %s",
				claim->head.id, quantity->value.set ? quantity->value.value : low, quantity->unit, sum, truce_time_format(day, &clocks.on));
	}
	if (quantity->figure) {
		const truce_head *head = known_record(r, TRUCE_ANY_KIND, quantity->figure);
		const truce_figure *figure = head && (head->kind == TRUCE_FIGURE || head->kind == TRUCE_PARAMETER) ? (const void *)head : NULL;
		if (figure && strcmp(figure->unit, quantity->unit) == 0 && (figure->value.set || figure->low.set)) {
			double least = figure->low.set ? figure->low.value : figure->value.value;
			double most = figure->high.set ? figure->high.value : figure->value.value;
			if (high < least * 0.99 || low > most * 1.01)
				WARN(r, quantity->place, "both are kept", "%s claims %g %s, %s says %g", claim->head.id, low, quantity->unit, figure->head.id,
					figure->value.set ? figure->value.value : least);
		}
	}
}

static void check_claim(struct review *r, const truce_claim *claim, size_t number)
{
	if (claim->quantity)
		check_quantity(r, claim);
	for (size_t k = number + 1; claim->stronger && k < truce_record_count(r->record, TRUCE_CLAIM); k++) {
		const truce_claim *other = truce_record_at(r->record, TRUCE_CLAIM, k);
		if (truce_record_visible(other, r->known) && other->stronger && strcmp(other->stronger, claim->stronger) != 0)
			WARN(r, other->head.place, "both are kept", "%s holds %s the stronger, %s holds %s", claim->head.id, claim->stronger, other->head.id,
				other->stronger);
	}
	const truce_act *first = NULL;
	for (size_t i = 0; i < claim->readings.count; i++) {
		const truce_reading *reading = TRUCE_LIST_AT(claim->readings, truce_reading, i);
		if (!reading->act || !reading_known(r, reading))
			continue;
		if (first && (!first->by != !reading->act->by || (first->by && strcmp(first->by, reading->act->by) != 0))) {
			WARN(r, reading->place, "both readings are kept", "%s: whose act it was is open (%s, or %s)", claim->head.id,
				first->by ? first->by : "not a party", reading->act->by ? reading->act->by : "not a party");
			break;
		}
		first = first ? first : reading->act;
	}
}

/* ---- echoes ---------------------------------------------------------------------------------------------------------------------- */

/* Whether `source` relays, by any way, the source of that id. */
static bool relays(const struct review *r, const truce_source *source, const char *id, int depth)
{
	for (size_t i = 0; i < source->via.count && depth < 64; i++) {
		const char *via = TRUCE_LIST_TEXT(source->via, i);
		const truce_source *next = truce_record_find(r->record, TRUCE_SOURCE, via);
		if (strcmp(via, id) == 0 || (next && relays(r, next, id, depth + 1)))
			return true;
	}
	return false;
}

static void check_echoes(struct review *r, const truce_head *head)
{
	for (size_t i = 0; i < head->sources.count; i++) {
		const truce_source *echo = known_record(r, TRUCE_SOURCE, TRUCE_LIST_TEXT(head->sources, i));
		if (!echo || echo->via.count == 0 || echo->independence == TRUCE_INDEPENDENT)
			continue;
		for (size_t k = 0; k < head->sources.count; k++)
			if (k != i && relays(r, echo, TRUCE_LIST_TEXT(head->sources, k), 0)) {
				truce_roots roots;
				truce_text words;
				truce_text_init(&words, r->ctx);
				r->status = truce_record_roots(r->ctx, &roots, r->record, &head->sources, r->known);
				truce_roots_words(&words, roots);
				if (r->status == TRUCE_OK)
					r->status = truce_text_done(&words);
				if (r->status == TRUCE_OK)
					WARN(r, head->place, NULL, "%s cites %s and %s, which %s: independent roots: %s", head->id, TRUCE_LIST_TEXT(head->sources, k),
						echo->head.id, echo->independence == TRUCE_RELAY ? "only relays it" : "may only relay it", words.data);
				truce_text_free(&words);
				return;
			}
	}
}

static void check_contradicts(struct review *r, const truce_head *head)
{
	for (size_t i = 0; i < head->contradicts.count; i++) {
		const truce_head *other = known_record(r, TRUCE_ANY_KIND, TRUCE_LIST_TEXT(head->contradicts, i));
		if (other)
			WARN(r, head->place, "both are kept", "%s contradicts %s", head->id, other->id);
	}
}

int truce_record_review(truce_context *ctx, const truce_record *record, truce_clocks clocks, size_t *warnings)
{
	struct review r = {.ctx = ctx, .record = record, .clocks = clocks, .known = truce_clocks_known(clocks)};
	size_t errors = truce_diagnostic_total(ctx, TRUCE_ERROR); /* warnings say none: more of them is want of memory */
	for (int kind = 0; kind < TRUCE_RECORD_KINDS; kind++)
		for (size_t i = 0; i < record->count[kind] && r.status == TRUCE_OK; i++) {
			const void *any = record->of_kind[kind][i];
			const truce_head *head = any;
			if (!truce_record_visible(head, r.known))
				continue;
			check_contradicts(&r, head);
			check_echoes(&r, head);
			switch (kind) {
			case TRUCE_MEASURE: check_measure(&r, any); break;
			case TRUCE_THREAT: check_threat(&r, any); break;
			case TRUCE_DEMAND: check_demand(&r, any); break;
			case TRUCE_COMMITMENT: check_commitment(&r, any); break;
			case TRUCE_MEETING: check_meeting(&r, any); break;
			case TRUCE_STATEMENT: check_statement(&r, any); break;
			case TRUCE_CLAIM: check_claim(&r, any, i); break;
			default: break;
			}
		}
	if (warnings)
		*warnings = r.warnings;
	return r.status == TRUCE_OK && truce_diagnostic_total(ctx, TRUCE_ERROR) != errors ? TRUCE_MEMORY : r.status;
}
