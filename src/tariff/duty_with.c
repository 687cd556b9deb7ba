/* duty_with.c: what acts on top ("what if") change (tariff room). */
#include <string.h>

#include "duty_private.h"

static void put(struct duty_work *w, const truce_measure *measure, enum duty_forced in, const truce_level *level)
{
	if (w->override_count == MOST_LAYERS) {
		w->status = truce_fail(w->ctx, TRUCE_LIMIT, NULL, 0, 0, NULL, "the acts on top change more than %d measures", MOST_LAYERS);
		return;
	}
	w->overrides[w->override_count++] = (struct duty_override){measure, in, level};
}

static void with_record(struct duty_work *w, const char *id, int depth);

static void with_measure(struct duty_work *w, const truce_act *act, const truce_measure *measure)
{
	switch (act->action) {
	case TRUCE_DO_REMOVE:
	case TRUCE_DO_SUSPEND:
		put(w, measure, FORCED_OUT, NULL);
		break;
	case TRUCE_DO_RESTORE:
		put(w, measure, FORCED_IN, NULL);
		break;
	case TRUCE_DO_IMPOSE:
	case TRUCE_DO_RAISE:
	case TRUCE_DO_LOWER:
		put(w, measure, FORCED_IN, act->level);
		break;
	default:
		duty_assume(w, duty_words(w, "the act on top, \"%s\" on %s, is not counted: it changes no duty", truce_do_word(act->action), measure->head.id));
	}
}

static void with_act(struct duty_work *w, const truce_act *act, const char *id, int depth)
{
	for (size_t i = 0; i < act->measures.count; i++) {
		const char *name = TRUCE_LIST_TEXT(act->measures, i);
		const truce_measure *measure = truce_record_find_known(w->ask->record, TRUCE_MEASURE, name, w->known);
		if (measure)
			with_measure(w, act, measure);
		else
			with_record(w, name, depth + 1);
	}
	if (act->measures.count || act->instrument != TRUCE_INSTRUMENT_TARIFF || !act->by || strcmp(act->by, w->into) != 0 ||
		(act->action != TRUCE_DO_IMPOSE && act->action != TRUCE_DO_RAISE))
		return;
	if (w->extra_count == MOST_LAYERS) {
		w->status = truce_fail(w->ctx, TRUCE_LIMIT, NULL, 0, 0, NULL, "more than %d acts on top", MOST_LAYERS);
		return;
	}
	w->extras[w->extra_count++] = (struct duty_extra){act, id};
}

static void with_acts(struct duty_work *w, truce_yaml_list acts, const char *id, int depth)
{
	for (size_t i = 0; i < acts.count && !w->status; i++)
		with_act(w, TRUCE_LIST_AT(acts, const truce_act, i), id, depth);
}

static void with_lapse(struct duty_work *w, const truce_truce *truce)
{
	for (size_t m = 0; m < truce_record_count(w->ask->record, TRUCE_MEASURE); m++) {
		const truce_measure *measure = truce_record_at(w->ask->record, TRUCE_MEASURE, m);
		truce_measure_state state;
		if (!truce_record_visible(measure, w->known) || !truce_measure_at(w->ask->record, measure, w->ask->clocks, &state) ||
			state.status != TRUCE_SUSPENDED || state.next != TRUCE_IN_FORCE)
			continue;
		const truce_truce *by = state.truce;
		for (int i = 0; by && by != truce && i < 16; i++)
			by = by->extends ? truce_record_find_known(w->ask->record, TRUCE_TRUCE, by->extends, w->known) : NULL;
		if (by == truce || state.until == truce->ends)
			put(w, measure, FORCED_IN, NULL);
	}
}

static void with_record(struct duty_work *w, const char *id, int depth)
{
	const truce_head *head = truce_record_find_known(w->ask->record, TRUCE_ANY_KIND, id, w->known);
	if (!head || depth > 8) {
		const char *near = truce_record_nearest(w->ask->record, TRUCE_ANY_KIND, id, w->known);
		w->status = truce_fail(w->ctx, TRUCE_NOT_FOUND, NULL, 0, 0, "`truce state` lists the records",
			near ? "no record \"%s\" was known then; is \"%s\" meant?" : "no record \"%s\" was known then", id, near);
		return;
	}
	switch (head->kind) {
	case TRUCE_MEASURE:
		if (((const truce_measure *)head)->act.action == TRUCE_DO_EXEMPT)
			duty_assume(w, duty_words(w, "%s on top is not counted: it exempts, and whether it is claimed is not settled by that", id));
		else
			put(w, (const truce_measure *)head, FORCED_IN, NULL);
		break;
	case TRUCE_THREAT:
		with_acts(w, ((const truce_threat *)head)->then, id, depth);
		break;
	case TRUCE_DEMAND:
		with_acts(w, ((const truce_demand *)head)->wants, id, depth);
		break;
	case TRUCE_OFFER:
		with_acts(w, ((const truce_offer *)head)->gives, id, depth);
		with_acts(w, ((const truce_offer *)head)->wants, id, depth);
		break;
	case TRUCE_TRUCE:
		with_lapse(w, (const truce_truce *)head);
		break;
	default:
		w->status = truce_fail(w->ctx, TRUCE_INPUT, NULL, 0, 0, "give a measure, threat, demand, offer or truce, or an act in YAML's flow form",
			"%s is a %s: it changes no duty", id, truce_record_kind_word(head->kind));
	}
}

void duty_apply_with(struct duty_work *w)
{
	for (size_t i = 0; i < w->ask->with_count && !w->status; i++) {
		if (!strchr(w->ask->with[i], '{')) {
			with_record(w, w->ask->with[i], 0);
			continue;
		}
		const truce_act *act;
		w->status = truce_record_act(w->ctx, w->arena, &act, w->ask->record, w->ask->with[i]);
		if (!w->status)
			with_act(w, act, "what-if", 0);
	}
}
