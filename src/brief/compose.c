/* Room brief: composing the note from a case.  Which parties it is about, which measures stand between them, and the
 * headline; what is threatened and said is in standing.c, the money in costs.c, the figures in pictures.c. */
#include "private.h"

#include <ctype.h>

#include <stdlib.h>

enum { MEASURES_SHOWN = 8, SUSPENDED_SHOWN = 6, HEADLINES = 6 };

/* ---- shared by the parts ---------------------------------------------------------------------------------------- */

truce_brief_sentence *brief_add(struct brief_writer *w, truce_brief_list *list, size_t most, const char *lead,
	const char *text)
{
	if (w->status)
		return NULL;
	if (list->count >= most) {
		list->left_out++;
		return NULL;
	}
	if (!list->items && !(list->items = truce_arena_array(w->arena, most, sizeof *list->items))) {
		w->status = TRUCE_MEMORY;
		return NULL;
	}
	truce_brief_sentence *item = &list->items[list->count++];
	*item = (truce_brief_sentence){.lead = lead, .text = text};
	return item;
}

truce_trail *brief_trail(struct brief_writer *w, const char *id, double value, const char *unit, const char *operation,
	const char *what, const char *record)
{
	truce_trail *trail = NULL;
	truce_brief *brief = w->brief;

	if (w->status || (w->status = truce_trail_new(w->arena, &trail, id, value, unit, operation, what)))
		return NULL;
	trail->record = record;
	if (brief->trail_count == w->trail_capacity) {
		size_t capacity = w->trail_capacity ? 2 * w->trail_capacity : 32;
		const truce_trail **trails = truce_arena_array(w->arena, capacity, sizeof *trails);
		if (!trails) {
			w->status = TRUCE_MEMORY;
			return NULL;
		}
		if (brief->trail_count)
			memcpy(trails, brief->trails, brief->trail_count * sizeof *trails);
		brief->trails = trails;
		w->trail_capacity = capacity;
	}
	brief->trails[brief->trail_count++] = trail;
	return trail;
}

bool brief_state(struct brief_writer *w, const void *any_record, truce_record_state *out)
{
	return truce_record_visible(any_record, w->known) && truce_record_state_at(w->record, any_record, w->clocks, out);
}

bool brief_names(const truce_yaml_list *list, const char *id)
{
	for (size_t i = 0; i < list->count; i++)
		if (strcmp(TRUCE_LIST_TEXT(*list, i), id) == 0)
			return true;
	return false;
}

bool brief_between(struct brief_writer *w, const truce_act *act, int from)
{
	const char *by = w->brief->party[from], *to = w->brief->party[1 - from];
	return act->by && by && to && strcmp(act->by, by) == 0 && truce_act_reaches(w->record, act, to, w->on);
}

/* ---- which two parties ------------------------------------------------------------------------------------------------ */

struct pair {
	const truce_head *a, *b;
	size_t weight;
};

static size_t weigh(struct brief_writer *w, const char *a, const char *b)
{
	size_t weight = 0;
	truce_record_state state;

	for (size_t i = 0; i < truce_record_count(w->record, TRUCE_MEASURE); i++) {
		const truce_measure *m = truce_record_at(w->record, TRUCE_MEASURE, i);
		if (m->act.by && strcmp(m->act.by, a) == 0 && brief_names(&m->act.against, b) && brief_state(w, m, &state))
			weight += state.status == TRUCE_IN_FORCE || state.status == TRUCE_SUSPENDED ? 2 : 1;
	}
	for (size_t i = 0; i < truce_record_count(w->record, TRUCE_THREAT); i++) {
		const truce_threat *t = truce_record_at(w->record, TRUCE_THREAT, i);
		if (t->by && t->to && strcmp(t->by, a) == 0 && strcmp(t->to, b) == 0 && brief_state(w, t, &state))
			weight += 2;
	}
	return weight;
}

void brief_parties(struct brief_writer *w)
{
	const size_t count = truce_record_count(w->record, TRUCE_PARTY);
	struct pair best = {NULL, NULL, 0};

	/* Only those who act at all can be of the pair: a long list of countries costs nothing. */
	for (size_t i = 0; i < count; i++) {
		const truce_head *a = truce_record_at(w->record, TRUCE_PARTY, i);
		size_t acts = 0;
		for (size_t m = 0; m < truce_record_count(w->record, TRUCE_MEASURE); m++) {
			const truce_measure *measure = truce_record_at(w->record, TRUCE_MEASURE, m);
			acts += measure->act.by && strcmp(measure->act.by, a->id) == 0;
		}
		for (size_t j = 0; acts && j < count; j++) {
			const truce_head *b = truce_record_at(w->record, TRUCE_PARTY, j);
			if (i == j || !truce_record_visible(a, w->known) || !truce_record_visible(b, w->known))
				continue;
			size_t weight = weigh(w, a->id, b->id);
			/* The answer counts as much as the act; of the two, the one read first stands first. */
			weight = weight ? weight + weigh(w, b->id, a->id) : 0;
			if (weight > best.weight)
				best = i < j ? (struct pair){a, b, weight} : (struct pair){b, a, weight};
		}
	}
	const truce_head *two[2] = {best.a, best.b};
	for (int i = 0; i < 2 && two[i]; i++) {
		w->brief->party[i] = two[i]->id;
		w->brief->party_name[i] = brief_name(two[i]);
	}
}

/* ---- measures ----------------------------------------------------------------------------------------------------------- */

struct ranked {
	const truce_measure *measure;
	truce_record_state state;
	double rank;
};

static int by_rank(const void *a, const void *b)
{
	const struct ranked *p = a, *q = b;
	if (p->rank != q->rank)
		return p->rank > q->rank ? -1 : 1;
	return p->measure->head.number < q->measure->head.number ? -1 : 1;
}

static bool acts_name(const truce_yaml_list *acts, const char *id)
{
	for (size_t i = 0; i < acts->count; i++)
		if (brief_names(&TRUCE_LIST_AT(*acts, truce_act, i)->measures, id))
			return true;
	return false;
}

/* How much of what is on the table turns on this measure: standing threats, demands and offers that name it. */
static size_t named(struct brief_writer *w, const char *id)
{
	size_t count = 0;
	truce_record_state state;

	for (size_t i = 0; i < truce_record_count(w->record, TRUCE_THREAT); i++) {
		const truce_threat *t = truce_record_at(w->record, TRUCE_THREAT, i);
		count += acts_name(&t->then, id) && brief_state(w, t, &state) && state.status == TRUCE_STANDING;
	}
	for (size_t i = 0; i < truce_record_count(w->record, TRUCE_DEMAND); i++) {
		const truce_demand *d = truce_record_at(w->record, TRUCE_DEMAND, i);
		count += (acts_name(&d->wants, id) || acts_name(&d->before, id)) && brief_state(w, d, &state)
			&& state.status == TRUCE_STANDING;
	}
	for (size_t i = 0; i < truce_record_count(w->record, TRUCE_OFFER); i++) {
		const truce_offer *o = truce_record_at(w->record, TRUCE_OFFER, i);
		count += (acts_name(&o->gives, id) || acts_name(&o->wants, id)) && brief_state(w, o, &state)
			&& state.status == TRUCE_STANDING;
	}
	return count;
}

static double rank_of(struct brief_writer *w, const struct ranked *r)
{
	const truce_measure *m = r->measure;
	double days = r->state.since > TRUCE_EVER ? (double)(w->on - r->state.since) / 86400 : 1e5;
	double rank = 100 * (double)named(w, m->head.id) + 60 * exp(-days / 365);

	if (brief_names(&m->act.goods, "all"))
		rank += 40; /* what reaches everything weighs more than a list */
	if (m->act.instrument == TRUCE_INSTRUMENT_TARIFF)
		rank += 10;
	if (m->act.action == TRUCE_DO_EXEMPT || m->act.instrument == TRUCE_INSTRUMENT_EXCLUSION)
		rank -= 80; /* relief from a measure that is listed itself */
	return rank;
}

static bool contested(struct brief_writer *w, const truce_measure *m, truce_record_state *law)
{
	return m->authority && truce_authority_at(w->record, m->authority, w->clocks, law)
		&& (law->status == TRUCE_CHALLENGED || law->status == TRUCE_HELD_UNLAWFUL);
}

/* Since when it stands as it stands: the status may be older than the level. */
static truce_instant level_since(struct brief_writer *w, const truce_measure *m, const truce_measure_state *now)
{
	truce_instant *changes = NULL, since = now->since;
	size_t count = 0;
	truce_instant on = truce_clocks_on(w->clocks, m->act.by ? truce_record_zone(w->record, m->act.by) : NULL);

	if (!w->status)
		w->status = truce_measure_changes(w->ctx, w->arena, &changes, &count, w->record, m, w->clocks);
	if (w->status)
		return since;
	for (size_t i = 0; i < count && changes[i] <= on; i++) {
		truce_clocks then = w->clocks;
		truce_measure_state state;
		then.on = (truce_time){.at = changes[i] - 1, .day = truce_instant_day(NULL, changes[i] - 1), .has_time = true, .set = true};
		bool was = truce_measure_at(w->record, m, then, &state) && state.status == now->status;
		if (changes[i] > since && (!was || strcmp(brief_level(w, state.level, &m->act), brief_level(w, now->level, &m->act)) != 0))
			since = changes[i];
	}
	return since;
}

static void fill_row(struct brief_writer *w, truce_brief_measure *row, const struct ranked *r)
{
	const truce_measure *m = r->measure;
	const truce_zone *zone = m->act.by ? truce_record_zone(w->record, m->act.by) : NULL;
	truce_record_state law;
	double rate;

	*row = (truce_brief_measure){.id = m->head.id, .by = m->act.by, .name = brief_name(&m->head), .unsure = m->head.unsure};
	row->level = brief_level(w, r->state.level, &m->act);
	truce_instant since = level_since(w, m, &r->state);
	row->since = since > TRUCE_EVER ? brief_day(w, truce_instant_day(zone, since), false) : "";
	row->until = brief_until(w, r->state.until, m->act.by, false);
	row->next = r->state.next == TRUCE_NO_STATUS ? "" : brief_status(r->state.next);
	row->contested = contested(w, m, &law);
	brief_ref(w, &row->refs, m);
	if (row->contested)
		brief_ref(w, &row->refs, m->authority);
	if (truce_level_rate(r->state.level, &rate) && r->state.level) {
		truce_trail *trail = brief_trail(w, brief_words(w, "state/%s/level", m->head.id), rate, "share", "record",
			brief_name(&m->head), m->head.id);
		if (trail && m->cites.count)
			trail->source = TRUCE_LIST_TEXT(m->cites, m->cites.count - 1);
	}
}

static void fill_table(struct brief_writer *w, truce_brief_table *table, struct ranked *all, size_t count, size_t most)
{
	qsort(all, count, sizeof *all, by_rank);
	table->left_out = count > most ? count - most : 0;
	table->count = count > most ? most : count;
	table->items = truce_arena_array(w->arena, table->count + 1, sizeof *table->items);
	if (!table->items) {
		table->count = 0;
		w->status = TRUCE_MEMORY;
	}
	for (size_t i = 0; i < table->count; i++)
		fill_row(w, &table->items[i], &all[i]);
}

void brief_measures(struct brief_writer *w)
{
	const size_t total = truce_record_count(w->record, TRUCE_MEASURE);
	struct ranked *force[2] = {NULL, NULL}, *suspended;
	size_t forces[2] = {0, 0}, suspendeds = 0;

	force[0] = truce_arena_array(w->arena, total + 1, sizeof **force);
	force[1] = truce_arena_array(w->arena, total + 1, sizeof **force);
	suspended = truce_arena_array(w->arena, total + 1, sizeof *suspended);
	if (!force[0] || !force[1] || !suspended) {
		w->status = TRUCE_MEMORY;
		return;
	}
	for (size_t i = 0; i < total; i++) {
		struct ranked r = {.measure = truce_record_at(w->record, TRUCE_MEASURE, i)};
		if (!brief_state(w, r.measure, &r.state))
			continue;
		int from = brief_between(w, &r.measure->act, 0) ? 0 : brief_between(w, &r.measure->act, 1) ? 1 : -1;
		if (from < 0)
			continue;
		r.rank = rank_of(w, &r);
		if (r.state.status == TRUCE_IN_FORCE)
			force[from][forces[from]++] = r;
		else if (r.state.status == TRUCE_SUSPENDED)
			suspended[suspendeds++] = r;
	}
	for (int from = 0; from < 2; from++) {
		fill_table(w, &w->brief->in_force[from], force[from], forces[from], MEASURES_SHOWN);
		if (w->brief->party[from])
			brief_trail(w, brief_words(w, "count/in_force/%s", w->brief->party[from]), (double)forces[from], "measures", "count",
				brief_words(w, "measures in force by %s on %s", w->brief->party[from], w->brief->party[1 - from]), NULL);
	}
	fill_table(w, &w->brief->suspended, suspended, suspendeds, SUSPENDED_SHOWN);
	brief_trail(w, "count/suspended", (double)suspendeds, "measures", "count", "measures suspended between the two", NULL);
}

static const char *capital(struct brief_writer *w, const char *text)
{
	return brief_words(w, "%c%s", *text >= 'a' && *text <= 'z' ? *text - 'a' + 'A' : *text, *text ? text + 1 : "");
}

/* ---- headline -------------------------------------------------------------------------------------------------------------- */

/* Whether a truce, or one that it extends, suspends a measure. */
static bool suspends(struct brief_writer *w, const truce_truce *truce, const truce_measure *measure, const truce_measure_state *state)
{
	for (int depth = 0; truce && depth < 64; depth++) {
		if (state->truce == truce || brief_names(&truce->suspends, measure->head.id))
			return true;
		truce = truce->extends ? truce_record_find_known(w->record, TRUCE_TRUCE, truce->extends, w->known) : NULL;
	}
	return false;
}

static void say_truces(struct brief_writer *w)
{
	truce_brief *brief = w->brief;
	truce_record_state state;

	for (size_t i = 0; i < truce_record_count(w->record, TRUCE_TRUCE); i++) {
		const truce_truce *t = truce_record_at(w->record, TRUCE_TRUCE, i);
		if (!brief_state(w, t, &state) || state.status != TRUCE_IN_FORCE)
			continue;
		const char *party = t->between.count ? TRUCE_LIST_TEXT(t->between, 0) : NULL;
		const truce_zone *zone = party ? truce_record_zone(w->record, party) : NULL;
		const char *back = "";
		size_t returns = 0;
		truce_brief_refs refs = {0, NULL};
		brief_ref(w, &refs, t);
		for (size_t m = 0; m < truce_record_count(w->record, TRUCE_MEASURE); m++) {
			const truce_measure *measure = truce_record_at(w->record, TRUCE_MEASURE, m);
			truce_measure_state own;
			if (!brief_state(w, measure, &own) || own.status != TRUCE_SUSPENDED || own.next != TRUCE_IN_FORCE
				|| own.until == TRUCE_NEVER || own.until > state.until + 86400)
				continue;
			if (!suspends(w, t, measure, &own))
				continue;
			if (returns++ < 3) {
				back = brief_words(w, "%s%s%s (%s)", back, *back ? "; " : "", brief_name(&measure->head),
					brief_level(w, own.level, &measure->act));
				brief_ref(w, &refs, measure);
			}
		}
		if (returns > 3)
			back = brief_words(w, "%s; and %s", back, brief_plural(w, returns - 3, "other", "others"));
		const char *text;
		if (state.until == TRUCE_NEVER) {
			text = brief_words(w, "%s holds; no end is set.", brief_name(&t->head));
		} else {
			long days = (long)truce_instant_day(zone, state.until - 1) - (long)truce_instant_day(zone, w->on);
			text = brief_words(w, "%s runs until %s (%ld day%s from this note).%s%s%s", brief_name(&t->head),
				brief_until(w, state.until, party, true), days, days == 1 ? "" : "s",
				*back ? " Unless it is extended, these come back into force: " : "", back, *back ? "." : "");
			brief_trail(w, brief_words(w, "truce/%s/days_left", t->head.id), (double)days, "days", "difference",
				"days from the date of this note to the end of the truce", t->head.id);
		}
		truce_brief_sentence *s = brief_add(w, &brief->headline, HEADLINES, "The truce.", text);
		if (s)
			s->refs = refs;
	}
}

static void say_counts(struct brief_writer *w)
{
	const truce_brief *b = w->brief;
	size_t n[2] = {b->in_force[0].count + b->in_force[0].left_out, b->in_force[1].count + b->in_force[1].left_out};
	size_t suspended = b->suspended.count + b->suspended.left_out, disputed = 0;
	truce_brief_refs refs = {0, NULL};
	truce_record_state law, state;

	if (!b->party[1])
		return;
	for (size_t i = 0; i < truce_record_count(w->record, TRUCE_MEASURE); i++) {
		const truce_measure *m = truce_record_at(w->record, TRUCE_MEASURE, i);
		if (!brief_state(w, m, &state) || state.status != TRUCE_IN_FORCE || !contested(w, m, &law))
			continue;
		if (!brief_between(w, &m->act, 0) && !brief_between(w, &m->act, 1))
			continue;
		disputed++;
		brief_ref(w, &refs, m->authority);
	}
	const char *a = brief_party(w, b->party[0]), *z = brief_party(w, b->party[1]);
	const char *text = brief_words(w, "%s holds %s in force against %s, %s holds %s against %s; %s suspended.", a,
		brief_plural(w, n[0], "measure", "measures"), z, z, brief_plural(w, n[1], "measure", "measures"), a, suspended == 1 ? "one is" : brief_plural(w, suspended, "is", "are"));
	if (disputed)
		text = brief_words(w, "%s %s on a law that a court holds unlawful or that is challenged, and %s levied meanwhile.", text,
			capital(w, brief_plural(w, disputed, "stands", "stand")), disputed == 1 ? "is" : "are");
	truce_brief_sentence *s = brief_add(w, &w->brief->headline, HEADLINES, "In force.", brief_sentence_case(w, text));
	if (s)
		s->refs = refs;
}

static void say_standing(struct brief_writer *w)
{
	if (!w->threat.text)
		return;
	truce_brief_sentence *s = brief_add(w, &w->brief->headline, HEADLINES, w->threat.lead, w->threat.text);
	if (s)
		s->refs = w->threat.refs;
}

static void say_costs(struct brief_writer *w)
{
	const truce_brief *b = w->brief;
	const truce_brief_cost *worst = NULL;

	for (size_t i = 0; i < b->cost_count; i++) {
		const truce_brief_cost *c = &b->costs[i];
		double low = fmin(c->party[0].percent.value, c->party[1].percent.value);
		if (c->cost && !isnan(low) && (!worst || low < fmin(worst->party[0].percent.value, worst->party[1].percent.value)))
			worst = c;
	}
	if (!worst || !b->party[1])
		return;
	/* It may be that none costs anything: then there is no dearest. */
	if (fmin(worst->party[0].percent.value, worst->party[1].percent.value) >= 0)
		return;
	/* "If it is carried out: NAME" ends the sentence: if it is carried out, "NAME". */
	const char *colon = strstr(worst->text, ": "), *which = worst->text;
	if (colon)
		which = brief_words(w, "%c%.*s, \u201c%s\u201d", tolower((unsigned char)*which), (int)(colon - which - 1), which + 1, colon + 2);
	const char *text = brief_words(w, "Of what is on the table, the dearest is priced at %s of real income for %s (%s to %s) and "
		"%s for %s (%s to %s), in the long run: %s.", worst->party[0].percent.printed, brief_party(w, b->party[0]), worst->party[0].low.printed,
		worst->party[0].high.printed, worst->party[1].percent.printed, brief_party(w, b->party[1]), worst->party[1].low.printed,
		worst->party[1].high.printed, which);
	truce_brief_sentence *s = brief_add(w, &w->brief->headline, HEADLINES, "The cost.", text);
	if (s)
		s->refs = worst->refs;
}

static void say_next(struct brief_writer *w)
{
	const truce_brief_list *due = &w->brief->due;
	if (!due->count)
		return;
	truce_brief_sentence *s = brief_add(w, &w->brief->headline, HEADLINES, "Next.",
		brief_words(w, "%s: %s", due->items[0].lead, due->items[0].text));
	if (s)
		s->refs = due->items[0].refs;
}

void brief_headline(struct brief_writer *w)
{
	say_truces(w);
	say_counts(w);
	say_standing(w);
	say_costs(w);
	say_next(w);
}

/* ---- notes in the order of reading ------------------------------------------------------------------------------------------ */

struct renumber {
	struct brief_writer *w;
	size_t *to;    /* [notes] 1 + new number, 0 not met yet */
	size_t count;
};

static void renumber(struct renumber *r, truce_brief_refs *refs)
{
	size_t *at = truce_arena_array(r->w->arena, refs->count + 1, sizeof *at);
	if (!at) {
		r->w->status = TRUCE_MEMORY;
		return;
	}
	for (size_t i = 0; i < refs->count; i++) {
		if (!r->to[refs->at[i]])
			r->to[refs->at[i]] = ++r->count;
		at[i] = r->to[refs->at[i]] - 1;
	}
	for (size_t i = 1; i < refs->count; i++) /* few: in order */
		for (size_t k = i; k > 0 && at[k] < at[k - 1]; k--) {
			size_t swap = at[k];
			at[k] = at[k - 1];
			at[k - 1] = swap;
		}
	refs->at = at;
}

static void renumber_list(struct renumber *r, truce_brief_list *list)
{
	for (size_t i = 0; i < list->count && !r->w->status; i++)
		renumber(r, &list->items[i].refs);
}

static void renumber_table(struct renumber *r, truce_brief_table *table)
{
	for (size_t i = 0; i < table->count && !r->w->status; i++)
		renumber(r, &table->items[i].refs);
}

/* Notes that nothing points to any more (what no list had room for) are left out. */
void brief_number_notes(struct brief_writer *w)
{
	truce_brief *b = w->brief;
	struct renumber r = {.w = w, .to = truce_arena_array(w->arena, b->note_count + 1, sizeof *r.to)};
	truce_brief_note *notes = truce_arena_array(w->arena, b->note_count + 1, sizeof *notes);

	if (!r.to || !notes) {
		w->status = TRUCE_MEMORY;
		return;
	}
	renumber_list(&r, &b->headline);
	for (int from = 0; from < 2; from++)
		renumber_table(&r, &b->in_force[from]);
	renumber_table(&r, &b->suspended);
	renumber_list(&r, &b->standing);
	for (size_t i = 0; i < b->cost_count && !w->status; i++)
		renumber(&r, &b->costs[i].refs);
	renumber_list(&r, &b->due);
	renumber_list(&r, &b->changed);
	renumber_list(&r, &b->said);
	renumber_list(&r, &b->cannot);
	for (size_t i = 0; i < b->note_count; i++)
		if (r.to[i])
			notes[r.to[i] - 1] = b->notes[i];
	b->notes = notes;
	b->note_count = r.count;
}

/* ---- all of it --------------------------------------------------------------------------------------------------------------- */

static void name_it(struct brief_writer *w)
{
	truce_brief *brief = w->brief;
	char text[32];
	size_t acts = 0, sources = 0;

	brief->on = truce_arena_text(w->arena, truce_time_format(text, &w->clocks.on));
	brief->known = truce_arena_text(w->arena, truce_time_format(text, &w->clocks.known));
	if (!brief->on || !brief->known)
		w->status = TRUCE_MEMORY;
	for (size_t i = 0; i < truce_record_total(w->record); i++) {
		const truce_head *head = truce_record_number(w->record, i);
		if (!truce_record_visible(head, w->known))
			continue;
		*(head->kind == TRUCE_SOURCE ? &sources : &acts) += 1;
	}
	const char *day = brief_day(w, w->clocks.on.day, true);
	brief->title = brief->party[1] ? brief_words(w, "%s and %s, %s", capital(w, brief_party(w, brief->party[0])), brief_party(w, brief->party[1]), day)
		: brief_words(w, "The state of %s", day);
	bool same = w->clocks.on.day == w->clocks.known.day;
	brief->subtitle = brief_words(w, "What is in force, threatened, demanded and claimed on %s, as known %s%s; and what it would "
		"cost. From %zu records and %zu sources. Small numbers point to the notes.", day, same ? "that day" : "on ",
		same ? "" : brief_day(w, w->clocks.known.day, true), acts, sources);
}

int truce_brief_compose(truce_context *ctx, truce_brief **out, truce_case *opened)
{
	struct brief_writer w = {.ctx = ctx, .opened = opened, .record = truce_case_record(opened), .clocks = truce_case_clocks(opened)};

	*out = NULL;
	int status = truce_arena_new(ctx, &w.arena);
	if (status)
		return status;
	w.on = truce_clocks_on(w.clocks, NULL);
	w.known = truce_clocks_known(w.clocks);
	w.brief = truce_arena_take(w.arena, sizeof *w.brief);
	w.note_of = truce_arena_array(w.arena, truce_record_total(w.record) + 1, sizeof *w.note_of);
	if (!w.brief || !w.note_of) {
		truce_arena_free(w.arena);
		return TRUCE_MEMORY;
	}
	w.brief->arena = w.arena;
	/* The headline is made from the rest; at the end the notes are numbered in the order of reading. */
	void (*const parts[])(struct brief_writer *) = {brief_parties, name_it, brief_measures, brief_standing, brief_events,
		brief_said, brief_costs, brief_headline, brief_cannot, brief_pictures,
		brief_fit};
	for (size_t i = 0; i < sizeof parts / sizeof parts[0] && !w.status; i++) {
		if (truce_cancelled(ctx))
			w.status = TRUCE_CANCELLED;
		else
			parts[i](&w);
	}
	if (w.status) {
		truce_arena_free(w.arena);
		return w.status;
	}
	*out = w.brief;
	return TRUCE_OK;
}

void truce_brief_free(truce_brief *brief)
{
	if (brief)
		truce_arena_free(brief->arena);
}

const truce_brief_number *truce_brief_find(const truce_brief *brief, const char *id)
{
	for (size_t i = 0; i < brief->cost_count; i++) {
		const truce_brief_cost *cost = &brief->costs[i];
		const truce_brief_number *all[] = {&cost->party[0].percent, &cost->party[0].usd, &cost->party[0].low, &cost->party[0].high,
			&cost->party[1].percent, &cost->party[1].usd, &cost->party[1].low, &cost->party[1].high, &cost->others};
		for (size_t k = 0; k < sizeof all / sizeof all[0]; k++)
			if (all[k]->id && strcmp(all[k]->id, id) == 0)
				return all[k];
	}
	return NULL;
}

const truce_trail *truce_brief_trail(const truce_brief *brief, const char *id)
{
	for (size_t i = 0; i < brief->trail_count; i++) {
		const truce_trail *found = truce_trail_find(brief->trails[i], id);
		if (found)
			return found;
	}
	for (size_t i = 0; i < brief->cost_count; i++)
		for (size_t h = 0; brief->costs[i].cost && h < brief->costs[i].cost->horizon_count; h++)
			for (size_t p = 0; p < brief->costs[i].cost->horizons[h].count; p++) {
				const truce_trail *found = truce_trail_find(brief->costs[i].cost->horizons[h].parties[p].trail, id);
				if (found)
					return found;
			}
	return NULL;
}
