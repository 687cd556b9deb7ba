/* shortage: acts and records as flows that stop.
 *
 * Only acts that hold goods back are answered here; a duty is a price, and what lifts a control stops nothing.  What
 * is not answered is said. */
#include "satellite.h"

#include <math.h>
#include <string.h>

struct reader {
	truce_context *ctx;
	truce_arena *arena;
	struct acts *out;
	const struct plan *plan;
	void (*say)(void *user, const char *text);
	void *user;
};

static int gap(struct reader *r, const char *words, const char *why)
{
	char *text = truce_arena_printf(r->arena, "%s: %s", words, why);

	if (!text)
		return TRUCE_MEMORY;
	if (r->say)
		r->say(r->user, text);
	return TRUCE_OK;
}

static truce_instant moment(const struct reader *r)
{
	return truce_clocks_on(r->plan->input->clocks, NULL);
}

/* Whether a list of goods reaches this one: by name, or by its codes. */
static int reaches_good(struct reader *r, bool *out, const truce_yaml_list *goods, const truce_yaml_list *except, const char *good)
{
	const char *names[] = {good};
	truce_yaml_list one = {1, names};
	truce_scope wide, narrow;
	int status;

	*out = false;
	for (size_t i = 0; i < goods->count; i++)
		if (!strcmp(TRUCE_LIST_TEXT(*goods, i), good) || !strcmp(TRUCE_LIST_TEXT(*goods, i), "all"))
			*out = true;
	for (size_t i = 0; except && i < except->count; i++)
		if (!strcmp(TRUCE_LIST_TEXT(*except, i), good)) {
			*out = false;
			return TRUCE_OK;
		}
	if (*out)
		return TRUCE_OK;
	if ((status = truce_record_scope(r->ctx, r->arena, &wide, r->plan->input->record, goods, except)) ||
		(status = truce_record_scope(r->ctx, r->arena, &narrow, r->plan->input->record, &one, NULL)))
		return status;
	for (size_t i = 0; i < narrow.count && !*out; i++)
		*out = !narrow.ranges[i].except &&
			truce_scope_contains(&wide, narrow.ranges[i].system, narrow.ranges[i].first, moment(r));
	return TRUCE_OK;
}

static int add_strike(struct reader *r, size_t dependency, bool licence, double rate)
{
	struct acts *out = r->out;
	const struct dependency *d = &r->plan->dependency[dependency];

	if (d->record->fleet) {
		out->fleet_rate[dependency] = out->fleet[dependency] ? fmin(out->fleet_rate[dependency], rate) : rate;
		out->fleet[dependency] = true;
		return TRUCE_OK;
	}
	if (d->group == SIZE_MAX)
		return gap(r, d->record->head.id, "struck, but it has no place in this world");
	for (size_t i = 0; i < out->strikes; i++)
		if (out->strike[i].dependency == dependency) { /* struck twice: the harder holds */
			out->strike[i].rate = fmin(out->strike[i].rate, rate);
			out->strike[i].licence &= licence;
			return TRUCE_OK;
		}
	/* the array has room for every dependency once */
	out->strike[out->strikes++] = (struct strike){dependency, licence, rate};
	return TRUCE_OK;
}

/* All dependencies on goods that flow from one party to others. */
static int strike_flow(struct reader *r, const char *words, const char *from, const truce_act *act, const char *to,
	const truce_yaml_list *goods, const truce_yaml_list *except, bool licence, double rate)
{
	const truce_record *record = r->plan->input->record;
	bool any = false;
	int status;

	for (size_t i = 0; i < r->plan->dependencies; i++) {
		const truce_dependency *d = r->plan->dependency[i].record;
		bool good;
		if (!d->from || (from && !truce_record_includes_party(record, from, d->from, moment(r))) || !strcmp(d->from, d->by))
			continue;
		if (act ? !truce_act_reaches(record, act, d->by, moment(r)) : to && !truce_record_includes_party(record, to, d->by, moment(r)))
			continue;
		if ((status = reaches_good(r, &good, goods, except, d->input)))
			return status;
		if (!good)
			continue;
		any = true;
		if ((status = add_strike(r, i, licence, rate)))
			return status;
	}
	return any ? TRUCE_OK : gap(r, words, "no dependency known by then is on these goods between these parties");
}

static bool stops(int action)
{
	switch (action) {
	case TRUCE_DO_IMPOSE: case TRUCE_DO_RAISE: case TRUCE_DO_BAN: case TRUCE_DO_RESTRICT: case TRUCE_DO_LICENSE:
	case TRUCE_DO_WITHHOLD: case TRUCE_DO_SUSPEND: case TRUCE_DO_EXTEND: case TRUCE_DO_RESTORE: return true;
	default: return false;
	}
}

static int read_act(struct reader *r, const truce_act *act, int depth);

static int read_measures(struct reader *r, const truce_act *act, const char *words, int depth)
{
	const truce_record *record = r->plan->input->record;
	truce_instant known = truce_clocks_known(r->plan->input->clocks);
	int status = TRUCE_OK;

	if (act->action != TRUCE_DO_RESTORE && act->action != TRUCE_DO_EXTEND && act->action != TRUCE_DO_IMPOSE)
		return gap(r, words, "it changes measures in a way that stops no flow");
	for (size_t i = 0; i < act->measures.count && !status; i++) {
		const truce_measure *m = truce_record_find_known(record, TRUCE_MEASURE, TRUCE_LIST_TEXT(act->measures, i), known);
		if (m && depth < 4)
			status = read_act(r, &m->act, depth + 1);
	}
	return status;
}

static int read_act(struct reader *r, const truce_act *act, int depth)
{
	truce_text text;
	char *words;
	double rate = 0, level;
	bool licence = act->instrument == TRUCE_INSTRUMENT_EXPORT_LICENCE || act->action == TRUCE_DO_LICENSE;

	truce_text_init(&text, r->ctx);
	truce_act_words(&text, act);
	words = truce_text_done(&text) ? NULL : truce_arena_text(r->arena, text.data ? text.data : "");
	truce_text_free(&text);
	if (!words)
		return TRUCE_MEMORY;
	if (r->out->count < r->out->capacity)
		r->out->words[r->out->count++] = words;
	if (act->measures.count && !act->goods.count)
		return read_measures(r, act, words, depth);
	if (!stops(act->action))
		return gap(r, words, "it stops no flow");
	switch (act->instrument) {
	case TRUCE_INSTRUMENT_EXPORT_BAN: case TRUCE_INSTRUMENT_EXPORT_LICENCE: case TRUCE_INSTRUMENT_QUOTA:
	case TRUCE_INSTRUMENT_DELIVERY: case TRUCE_INSTRUMENT_SANCTION: break;
	case TRUCE_INSTRUMENT_ENTITY_LIST:
		if (!act->level)
			return gap(r, words, "which share of the flow the listed firms are is not known: give a level in shares of normal");
		break;
	case TRUCE_INSTRUMENT_NONE: case TRUCE_INSTRUMENT_OTHER:
		if (act->action == TRUCE_DO_BAN || act->action == TRUCE_DO_WITHHOLD || act->action == TRUCE_DO_RESTRICT)
			break;
		return gap(r, words, "it holds no goods back: truce cost prices it");
	default: return gap(r, words, "it changes a price or a purchase, not a supply: truce cost prices it");
	}
	if (act->level && truce_level_rate(act->level, &level) && level >= 0 && level <= 1)
		rate = level;
	if (isfinite(r->plan->input->licence_rate))
		rate = r->plan->input->licence_rate;
	else if (licence && !act->level) {
		int status = gap(r, words, "how much flows under licence is not said: taken as nothing, an upper bound (--licence-rate)");
		if (status)
			return status;
	}
	return strike_flow(r, words, act->by, act, NULL, &act->goods, &act->except_goods, licence, rate);
}

/* The flows that a condition says stop. */
static int read_condition(struct reader *r, const char *id, const truce_condition *c, int depth)
{
	int status = TRUCE_OK;

	if (!c || depth > 8)
		return TRUCE_OK;
	if (c->flow && c->below.set) {
		double rate = isfinite(r->plan->input->licence_rate) ? r->plan->input->licence_rate : 0;
		char *words = truce_arena_printf(r->arena, "%s: the flow that its condition names, from %s to %s, stops", id,
			c->flow->from ? c->flow->from : "anyone", c->flow->to ? c->flow->to : "anyone");
		if (!words)
			return TRUCE_MEMORY;
		if (r->out->count < r->out->capacity)
			r->out->words[r->out->count++] = words;
		return strike_flow(r, words, c->flow->from, NULL, c->flow->to, &c->flow->goods, NULL, false, rate);
	}
	if (c->act)
		return read_act(r, c->act, 0);
	for (size_t i = 0; i < c->all.count && !status; i++)
		status = read_condition(r, id, TRUCE_LIST_AT(c->all, truce_condition, i), depth + 1);
	for (size_t i = 0; i < c->any.count && !status; i++)
		status = read_condition(r, id, TRUCE_LIST_AT(c->any, truce_condition, i), depth + 1);
	return status;
}

static int read_acts(struct reader *r, const truce_yaml_list *acts)
{
	int status = TRUCE_OK;

	for (size_t i = 0; i < acts->count && !status; i++)
		status = read_act(r, TRUCE_LIST_AT(*acts, truce_act, i), 0);
	return status;
}

static int read_record(struct reader *r, const char *id, const truce_head *head)
{
	int status;

	switch (head->kind) {
	case TRUCE_MEASURE: return read_act(r, &((const truce_measure *)(const void *)head)->act, 0);
	case TRUCE_THREAT: {
		const truce_threat *t = (const truce_threat *)(const void *)head;
		status = read_condition(r, id, t->when, 0);
		return status ? status : read_acts(r, &t->then);
	}
	case TRUCE_DEMAND: return read_acts(r, &((const truce_demand *)(const void *)head)->wants);
	case TRUCE_COMMITMENT: return read_acts(r, &((const truce_commitment *)(const void *)head)->owes);
	case TRUCE_CLAIM: {
		const truce_claim *c = (const truce_claim *)(const void *)head;
		if (c->quantity && c->quantity->value.set)
			r->out->claim = c;
		return c->act ? read_act(r, c->act, 0) : gap(r, id, "the claim asserts no act");
	}
	case TRUCE_DEPENDENCY:
		for (size_t i = 0; i < r->plan->dependencies; i++)
			if (!strcmp(r->plan->dependency[i].record->head.id, id)) {
				if (r->out->count < r->out->capacity)
					r->out->words[r->out->count++] = truce_arena_printf(r->arena, "the flow of %s stops", id);
				return add_strike(r, i, false, isfinite(r->plan->input->licence_rate) ? r->plan->input->licence_rate : 0);
			}
		return gap(r, id, "not known by then");
	default: return gap(r, id, "a record of this kind stops nothing");
	}
}

int truce_shortage_acts_read(truce_context *ctx, truce_arena *arena, struct acts *out, const struct plan *plan,
	const char *const *texts, size_t count, void (*say)(void *user, const char *text), void *user)
{
	struct reader r = {ctx, arena, out, plan, say, user};
	int status = TRUCE_OK;

	*out = (struct acts){.capacity = 16 * (count + 1)};
	out->words = truce_arena_array(arena, out->capacity, sizeof *out->words);
	out->strike = truce_arena_array(arena, plan->dependencies, sizeof *out->strike);
	out->fleet = truce_arena_array(arena, plan->dependencies, sizeof *out->fleet);
	out->fleet_rate = truce_arena_array(arena, plan->dependencies, sizeof *out->fleet_rate);
	if (!out->words || !out->strike || !out->fleet || !out->fleet_rate)
		return TRUCE_MEMORY;
	for (size_t i = 0; i < count && !status; i++) {
		const truce_act *act;
		const truce_head *head = truce_record_find_known(plan->input->record, TRUCE_ANY_KIND, texts[i],
			truce_clocks_known(plan->input->clocks));
		if (head)
			status = read_record(&r, texts[i], head);
		else if (strchr(texts[i], '{'))
			status = (status = truce_record_act(ctx, arena, &act, plan->input->record, texts[i])) ? status : read_act(&r, act, 0);
		else
			status = truce_fail(ctx, TRUCE_NOT_FOUND, NULL, 0, 0,
				"give the id of a measure, threat, claim or dependency, or an act as {by: .., do: .., ..}",
				"no record known by then is named \"%s\"", texts[i]);
	}
	for (size_t i = 0; i < out->count; i++)
		if (!out->words[i])
			return TRUCE_MEMORY;
	return status;
}
