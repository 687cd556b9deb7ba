/* Room brief: what stands unanswered, what is said, what comes due, what changed, and what cannot be said yet. */
#include "private.h"

#include <stdlib.h>

enum { STANDING_SHOWN = 9, SAID_SHOWN = 8, DUE_SHOWN = 7, CHANGED_SHOWN = 6, CANNOT_SHOWN = 8, LOOK_BACK = 16, LOOK_AHEAD = 400 };

/* Records of a kind that are visible and stand, newest first. */
struct found {
	const truce_head *head;
	truce_record_state state;
};

static int newest_first(const void *a, const void *b)
{
	const struct found *p = a, *q = b;
	if (p->head->begins != q->head->begins)
		return p->head->begins > q->head->begins ? -1 : 1;
	return p->head->number < q->head->number ? -1 : 1;
}

static struct found *find_kind(struct brief_writer *w, truce_record_kind kind, size_t *count)
{
	size_t total = truce_record_count(w->record, kind);
	struct found *found = truce_arena_array(w->arena, total + 1, sizeof *found);
	*count = 0;
	if (!found) {
		w->status = TRUCE_MEMORY;
		return NULL;
	}
	for (size_t i = 0; i < total; i++) {
		found[*count].head = truce_record_at(w->record, kind, i);
		if (brief_state(w, found[*count].head, &found[*count].state))
			++*count;
	}
	qsort(found, *count, sizeof *found, newest_first);
	return found;
}

static const char *arrow(struct brief_writer *w, const char *what, const char *by, const char *to)
{
	return to ? brief_words(w, "%s, %s to %s.", what, by ? by : "?", to) : by ? brief_words(w, "%s, %s.", what, by) : what;
}

/* ---- threats, demands, offers, commitments ---------------------------------------------------------------------------- */

static void readings(struct brief_writer *w, const char **text, const truce_yaml_list *list)
{
	for (size_t i = 0; i < list->count; i++) {
		const truce_reading *r = TRUCE_LIST_AT(*list, truce_reading, i);
		if (r->known.from.set && truce_time_start(&r->known.from, NULL) > w->known)
			continue;
		if (r->says)
			*text = brief_words(w, "%s %s: %s", *text, i ? "Or" : "Read as", brief_sentence_case(w, r->says));
	}
}

static void threats(struct brief_writer *w)
{
	size_t count;
	struct found *found = find_kind(w, TRUCE_THREAT, &count);
	for (size_t i = 0; i < count && !w->status; i++) {
		const truce_threat *t = (const void *)found[i].head;
		if (found[i].state.status != TRUCE_STANDING)
			continue;
		truce_brief_refs refs = {0, NULL};
		brief_ref(w, &refs, t);
		const char *text = brief_acts(w, &t->then);
		if (t->when)
			text = brief_words(w, "%s if %s", text, brief_condition(w, t->when));
		text = brief_sentence_case(w, text);
		if (!w->threat.text)
			w->threat = (truce_brief_sentence){arrow(w, "Threat", t->by, t->to), text, refs};
		for (size_t n = 0; n < t->needs.count; n++) {
			const truce_authority *law = truce_record_find_known(w->record, TRUCE_AUTHORITY, TRUCE_LIST_TEXT(t->needs, n), w->known);
			truce_record_state standing;
			if (!law)
				continue;
			bool so = truce_authority_at(w->record, law, w->clocks, &standing);
			text = brief_words(w, "%s %s: %s%s%s.", text, n ? "Or" : "It would stand on", brief_name(&law->head),
				so && standing.status != TRUCE_VALID ? ", which is " : "",
				so && standing.status != TRUCE_VALID ? brief_status(standing.status) : "");
			brief_ref(w, &refs, law);
		}
		if (t->readings.count > 1)
			text = brief_words(w, "%s The words allow %s.", text, brief_plural(w, t->readings.count, "reading", "readings"));
		truce_brief_sentence *s = brief_add(w, &w->brief->standing, STANDING_SHOWN, arrow(w, "Threat", t->by, t->to), text);
		if (s)
			s->refs = refs;
	}
}

static void demands(struct brief_writer *w)
{
	size_t count;
	struct found *found = find_kind(w, TRUCE_DEMAND, &count);
	for (size_t i = 0; i < count && !w->status; i++) {
		const truce_demand *d = (const void *)found[i].head;
		if (found[i].state.status != TRUCE_STANDING)
			continue;
		truce_brief_refs refs = {0, NULL};
		brief_ref(w, &refs, d);
		const char *text = brief_acts(w, &d->wants);
		if (d->before.count)
			text = brief_words(w, "%s; only then %s", text, brief_acts(w, &d->before));
		text = brief_sentence_case(w, text);
		if (d->older)
			text = brief_words(w, "%s It is older than the report of it.", text);
		truce_brief_sentence *s = brief_add(w, &w->brief->standing, STANDING_SHOWN, arrow(w, "Demand", d->by, d->to), text);
		if (s)
			s->refs = refs;
	}
}

static void offers(struct brief_writer *w)
{
	static const char *const modes[] = {"Offer", "Private offer", "Floated"};
	size_t count;
	struct found *found = find_kind(w, TRUCE_OFFER, &count);
	for (size_t i = 0; i < count && !w->status; i++) {
		const truce_offer *o = (const void *)found[i].head;
		if (found[i].state.status != TRUCE_STANDING)
			continue;
		truce_brief_refs refs = {0, NULL};
		brief_ref(w, &refs, o);
		const char *text = brief_acts(w, &o->gives);
		if (o->wants.count)
			text = brief_words(w, "%s, for this: %s", text, brief_acts(w, &o->wants));
		const char *what = modes[o->mode >= 0 && o->mode < 3 ? o->mode : 0];
		truce_brief_sentence *s = brief_add(w, &w->brief->standing, STANDING_SHOWN, arrow(w, what, o->by, o->to),
			brief_sentence_case(w, text));
		if (s)
			s->refs = refs;
	}
}

static void commitments(struct brief_writer *w)
{
	size_t count;
	struct found *found = find_kind(w, TRUCE_COMMITMENT, &count);
	for (size_t i = 0; i < count && !w->status; i++) {
		const truce_commitment *c = (const void *)found[i].head;
		const truce_record_state *state = &found[i].state;
		if (state->status != TRUCE_STANDING)
			continue;
		truce_brief_refs refs = {0, NULL};
		brief_ref(w, &refs, c);
		const char *text = brief_sentence_case(w, brief_acts(w, &c->owes));
		if (!state->confirmed)
			text = brief_words(w, "%s Claimed by %s; not confirmed by %s.", text, state->claimed_by ? state->claimed_by : "others",
				c->by ? c->by : "the one who owes");
		truce_brief_sentence *s = brief_add(w, &w->brief->standing, STANDING_SHOWN, arrow(w, "Promise", c->by, c->to), text);
		if (s)
			s->refs = refs;
	}
}

void brief_standing(struct brief_writer *w)
{
	threats(w);
	demands(w);
	offers(w);
	commitments(w);
}

/* ---- what is said -------------------------------------------------------------------------------------------------------- */

static bool recent(const struct brief_writer *w, const truce_head *head, int days)
{
	return head->begins == TRUCE_EVER || head->begins > w->on - (truce_instant)days * 86400;
}

static void meetings(struct brief_writer *w)
{
	size_t count;
	struct found *found = find_kind(w, TRUCE_MEETING, &count);
	for (size_t i = 0; i < count && !w->status; i++) {
		const truce_meeting *m = (const void *)found[i].head;
		int status = found[i].state.status;
		if (!recent(w, &m->head, LOOK_BACK) || (status != TRUCE_REPORTED && status != TRUCE_CONFIRMED && status != TRUCE_HELD))
			continue;
		truce_brief_refs refs = {0, NULL};
		brief_ref(w, &refs, m);
		bool place = m->location && !strstr(brief_name(&m->head), m->location); /* not twice */
		const char *text = brief_words(w, "%s%s%s", brief_name(&m->head), place ? ", " : "", place ? m->location : "");
		if (m->aim)
			text = brief_words(w, "%s; aim: %s", text, m->aim);
		text = brief_words(w, "%s (%s)", text, brief_roots(w, &m->head));
		text = brief_sentence_case(w, text);
		readings(w, &text, &m->readings);
		const char *lead = brief_words(w, "Meeting, %s.", brief_status(status));
		truce_brief_sentence *s = brief_add(w, &w->brief->said, SAID_SHOWN, lead, text);
		if (s)
			s->refs = refs;
	}
}

static void claims(struct brief_writer *w, bool of_parties)
{
	size_t count;
	struct found *found = find_kind(w, TRUCE_CLAIM, &count);
	for (size_t i = 0; i < count && !w->status; i++) {
		const truce_claim *c = (const void *)found[i].head;
		if (!recent(w, &c->head, 3 * LOOK_BACK) || (c->by != NULL) != of_parties)
			continue;
		truce_brief_refs refs = {0, NULL};
		brief_ref(w, &refs, c);
		const char *who = c->who ? c->who : c->by;
		const char *text = brief_words(w, "%s (%s%s%s)", c->text ? c->text : brief_name(&c->head), brief_status(found[i].state.status),
			found[i].state.status == TRUCE_NO_STATUS ? "" : "; ", brief_roots(w, &c->head));
		truce_brief_sentence *s = brief_add(w, &w->brief->said, SAID_SHOWN, who ? brief_words(w, "Claim, %s.", who) : "Claim.",
			brief_sentence_case(w, text));
		if (s)
			s->refs = refs;
	}
}

static void statements(struct brief_writer *w)
{
	size_t count;
	struct found *found = find_kind(w, TRUCE_STATEMENT, &count);
	for (size_t i = 0; i < count && !w->status; i++) {
		const truce_statement *st = (const void *)found[i].head;
		/* What a statement asserts is listed as itself: here stand the denials and the answers that were none. */
		if (!recent(w, &st->head, LOOK_BACK) || (!st->denies.count && !st->dodges.count))
			continue;
		truce_brief_refs refs = {0, NULL};
		brief_ref(w, &refs, st);
		const char *who = st->speaker && st->speaker->name ? st->speaker->name : st->by ? st->by : "";
		const char *about = "";
		const truce_yaml_list *list = st->denies.count ? &st->denies : &st->dodges;
		for (size_t k = 0; k < list->count && k < 2; k++) {
			const truce_head *head = truce_record_find_known(w->record, TRUCE_ANY_KIND, TRUCE_LIST_TEXT(*list, k), w->known);
			if (head)
				about = brief_words(w, "%s%s%s", about, *about ? ", and " : "", brief_name(head));
		}
		const char *text = st->words ? st->words : brief_words(w, "%s", about);
		truce_brief_sentence *s = brief_add(w, &w->brief->said, SAID_SHOWN,
			brief_words(w, "%s, %s.", st->denies.count ? "Denied" : "Not answered", who), brief_sentence_case(w, text));
		if (s)
			s->refs = refs;
	}
}

void brief_said(struct brief_writer *w)
{
	meetings(w);
	claims(w, true);
	statements(w);
	claims(w, false); /* what outlets and analysts judge comes last */
}

/* ---- what comes due, what changed ------------------------------------------------------------------------------------------- */

/* What happened, by the kind of its record, where its words are better than a status. */
static const char *event_words(struct brief_writer *w, const truce_event *e)
{
	truce_text text;
	const char *name = brief_name(e->head);

	switch (e->head->kind) {
	case TRUCE_STATEMENT: {
		const truce_statement *s = (const void *)e->head;
		const char *who = s->speaker && s->speaker->name ? s->speaker->name : s->by ? brief_party(w, s->by) : name;
		if (s->words)
			return brief_words(w, "%s: %s", who, s->words);
		break;
	}
	case TRUCE_CLAIM: {
		const truce_claim *c = (const void *)e->head;
		if (c->text && e->status != TRUCE_CONFIRMED && e->status != TRUCE_DENIED)
			return brief_words(w, "%s: %s", c->who ? c->who : c->by ? brief_party(w, c->by) : "claimed", c->text);
		break;
	}
	case TRUCE_THREAT:
	case TRUCE_DEMAND:
	case TRUCE_OFFER:
		if (e->status == TRUCE_STANDING)
			return brief_words(w, "%s: %s", truce_record_kind_word(e->head->kind), name);
		break;
	case TRUCE_MEASURE:
		if (e->status != TRUCE_NO_STATUS)
			return brief_words(w, "%s: %s%s%s", name, brief_status(e->status), e->level ? ", " : "", e->level ? brief_level(w, e->level, NULL) : "");
		break;
	case TRUCE_MEETING:
		return brief_words(w, "%s (%s%s)", name, brief_status(e->status), e->at > w->on && e->head->begins <= w->on ? "; under way" : "");
	case TRUCE_TRUCE:
		if (e->status == TRUCE_EXPIRED)
			return brief_words(w, "%s runs out", name);
		break;
	default:
		break;
	}
	truce_text_init(&text, w->ctx);
	truce_text_add(&text, e->text ? e->text : name);
	return brief_tidy(w, &text);
}

static bool is_news(const truce_event *e, bool backwards)
{
	switch (e->head->kind) {
	case TRUCE_SOURCE:
	case TRUCE_FIGURE:
	case TRUCE_PARAMETER:
	case TRUCE_PARTY:
	case TRUCE_GOOD:
	case TRUCE_STACKING:
		return false;
	case TRUCE_STATEMENT:
	case TRUCE_CLAIM:
		return !backwards; /* what was said has its own place */
	default:
		return true;
	}
}

/* Of one day's events, what most turns on comes first. */
static int weight_of(const truce_event *e)
{
	switch (e->head->kind) {
	case TRUCE_TRUCE: return 0;
	case TRUCE_THREAT: return 1;
	case TRUCE_MEASURE: return e->status == TRUCE_IN_FORCE ? 2 : 4;
	case TRUCE_MEETING: return 3;
	case TRUCE_COMMITMENT: return 3;
	default: return 5;
	}
}

struct ordered {
	const truce_event *event;
	truce_date date;
	size_t order;
};

static int by_day_and_weight(const void *a, const void *b)
{
	const struct ordered *p = a, *q = b;
	if (p->date != q->date)
		return p->date < q->date ? -1 : 1;
	if (weight_of(p->event) != weight_of(q->event))
		return weight_of(p->event) - weight_of(q->event);
	return p->order < q->order ? -1 : p->order > q->order;
}

static int later_first(const void *a, const void *b)
{
	const struct ordered *p = a, *q = b;
	if (p->date != q->date)
		return p->date > q->date ? -1 : 1;
	return by_day_and_weight(a, b);
}

/* One line a day: up to three things, and how many more; several events of one record are one. */
static void list_events(struct brief_writer *w, truce_brief_list *list, size_t most, const truce_event *events, size_t count,
	bool backwards)
{
	enum { A_DAY = 3 };
	size_t n = 0;
	struct ordered *all = truce_arena_array(w->arena, count + 1, sizeof *all);
	if (!all) {
		w->status = TRUCE_MEMORY;
		return;
	}
	for (size_t i = 0; i < count; i++)
		if (is_news(&events[i], backwards))
			all[n++] = (struct ordered){&events[i], truce_instant_day(NULL, events[i].at + (truce_instant)events[i].offset * 60), i};
	qsort(all, n, sizeof *all, backwards ? later_first : by_day_and_weight);
	for (size_t i = 0, j; i < n && !w->status; i = j) {
		const char *text = "";
		const truce_head *shown[A_DAY];
		size_t things = 0, more = 0;
		truce_brief_refs refs = {0, NULL};
		for (j = i; j < n && all[j].date == all[i].date; j++) {
			const truce_event *e = all[j].event;
			bool again = false;
			for (size_t k = i; k < j; k++)
				again = again || all[k].event->head == e->head;
			if (again)
				continue;
			if (things == A_DAY) {
				more++;
				continue;
			}
			shown[things++] = e->head;
			text = brief_words(w, "%s%s%s", text, *text ? "; " : "", event_words(w, e));
		}
		if (more)
			text = brief_words(w, "%s; and %s", text, brief_plural(w, more, "other", "others"));
		truce_brief_sentence *s = brief_add(w, list, most, brief_day(w, all[i].date, false), brief_sentence_case(w, text));
		for (size_t k = 0; s && k < things; k++)
			brief_ref(w, &refs, shown[k]);
		if (s)
			s->refs = refs;
	}
}

void brief_events(struct brief_writer *w)
{
	truce_event *events = NULL;
	size_t count = 0;
	truce_instant ahead = (truce_instant)LOOK_AHEAD * 86400, back = (truce_instant)LOOK_BACK * 86400;

	if (!w->status && (w->status = truce_record_events(w->ctx, w->arena, &events, &count, w->record, w->on, w->on + ahead, w->clocks)))
		return;
	list_events(w, &w->brief->due, DUE_SHOWN, events, count, false);
	if ((w->status = truce_record_events(w->ctx, w->arena, &events, &count, w->record, w->on - back, w->on, w->clocks)))
		return;
	list_events(w, &w->brief->changed, CHANGED_SHOWN, events, count, true);
	w->brief->changed_since = brief_day(w, w->clocks.on.day - LOOK_BACK, true);
}

/* ---- what cannot be said ------------------------------------------------------------------------------------------------------- */

static void unpriced(struct brief_writer *w)
{
	const truce_brief *b = w->brief;
	const truce_cost *first = NULL;

	/* The same reason may hold for several packages: it is said once. */
	const char *whys[4], *reasons = "";
	size_t why_count = 0, more = 0;
	truce_brief_refs refs = {0, NULL};
	for (size_t i = 0; i < b->cost_count; i++) {
		const truce_brief_cost *c = &b->costs[i];
		if (c->cost && !first)
			first = c->cost;
		for (size_t g = 0; c->cost && g < c->cost->gap_count; g++) {
			const char *why = c->cost->gaps[g].why;
			size_t k = 0;
			while (k < why_count && strcmp(whys[k], why) != 0)
				k++;
			brief_ref_id(w, &refs, c->id);
			if (k < why_count)
				continue;
			if (why_count < sizeof whys / sizeof whys[0])
				whys[why_count++] = why;
			else
				more++;
		}
	}
	for (size_t k = 0; k < why_count; k++)
		reasons = brief_words(w, "%s%s%s", reasons, k ? "; " : "", whys[k]);
	if (why_count) {
		truce_text text;
		truce_text_init(&text, w->ctx);
		truce_text_add(&text, reasons);
		if (more)
			truce_text_addf(&text, "; and %zu more reasons", more);
		truce_brief_sentence *s = brief_add(w, &w->brief->cannot, CANNOT_SHOWN, "Priced in part.",
			brief_sentence_case(w, brief_tidy(w, &text)));
		if (s)
			s->refs = refs;
	}
	if (!first) {
		brief_add(w, &w->brief->cannot, CANNOT_SHOWN, "Costs.", truce_case_world(w->opened)
			? "Nothing on the table could be priced; the reasons stand above." : "No world was given, so nothing is priced.");
		return;
	}
	bool other = false;
	for (size_t h = 0; h < first->horizon_count; h++)
		other = other || strcmp(first->horizons[h].horizon, "long") != 0;
	if (!other)
		brief_add(w, &w->brief->cannot, CANNOT_SHOWN, "This quarter and in two years.",
			"Costs are of the long run only, when prices, wages and suppliers have settled.");
	size_t lacking = 0; /* a measure has a reason for each partner that it lacks */
	for (size_t i = 0; i < first->unseen_count; i++)
		lacking += i == 0 || strcmp(first->unseen[i].act, first->unseen[i - 1].act) != 0;
	if (lacking)
		brief_add(w, &w->brief->cannot, CANNOT_SHOWN, "The baseline.", brief_words(w,
			"It lacks %s in force, or a part of them, for want of the trade that they cover (the verb cost names them).",
			brief_plural(w, lacking, "measure", "measures")));
}

static void unsure(struct brief_writer *w)
{
	truce_brief_refs refs = {0, NULL};
	size_t count = 0;
	for (size_t i = 0; i < w->brief->note_count; i++) {
		const truce_head *head = truce_record_find_known(w->record, TRUCE_ANY_KIND, w->brief->notes[i].id, w->known);
		if (head && head->unsure) {
			count++;
			brief_ref(w, &refs, head);
		}
	}
	if (!count)
		return;
	truce_brief_sentence *s = brief_add(w, &w->brief->cannot, CANNOT_SHOWN, "Unsure.",
		brief_words(w, "%s above %s on one secondary source or on memory, and %s marked so.", count == 1 ? "One record" :
			brief_words(w, "%zu records", count), count == 1 ? "rests" : "rest", count == 1 ? "is" : "are"));
	if (s)
		s->refs = refs;
}

static void contradictions(struct brief_writer *w)
{
	truce_record_state state;
	for (size_t i = 0; i < truce_record_total(w->record); i++) {
		const truce_head *head = truce_record_number(w->record, i);
		if (!head->contradicts.count || !brief_state(w, head, &state))
			continue;
		const truce_head *other = truce_record_find_known(w->record, TRUCE_ANY_KIND, TRUCE_LIST_TEXT(head->contradicts, 0), w->known);
		/* Of a pair that names each other, one line. */
		if (!other || (other->number < head->number && brief_names(&other->contradicts, head->id)))
			continue;
		truce_brief_sentence *s = brief_add(w, &w->brief->cannot, CANNOT_SHOWN, "Which is so.",
			brief_words(w, "%s, or %s: both cannot hold, both are kept.", brief_name(head), brief_name(other)));
		if (s) {
			brief_ref(w, &s->refs, head);
			brief_ref(w, &s->refs, other);
		}
	}
}

void brief_cannot(struct brief_writer *w)
{
	unpriced(w);
	contradictions(w);
	unsure(w);
	brief_add(w, &w->brief->cannot, CANNOT_SHOWN, "Leverage and deals.", "Who could hurt whom at what cost, which threats would be carried "
		"out, and which packages both would prefer is not computed yet.");
}
