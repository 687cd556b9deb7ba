/* events.c, room `record`: what happened and what comes due, one line an event. */
#include <stdlib.h>
#include <string.h>

#include "private.h"

struct events {
	truce_context *ctx;
	truce_arena *arena;
	const truce_record *record;
	truce_event *items;
	size_t count, capacity;
	truce_instant from, until, known;
	truce_clocks clocks;
	const truce_zone *zone; /* of the record at work */
	int status;
};

static const char *title_of(const truce_head *head)
{
	return head->name ? head->name : head->id;
}

static truce_event *add_event(struct events *e, const truce_head *head, truce_instant at, const truce_time *time, const char *what,
	const char *fmt, const char *detail)
{
	if (e->status != TRUCE_OK || at <= e->from || at > e->until)
		return NULL;
	e->status = truce_grow(e->ctx, &e->items, &e->capacity, e->count + 1, sizeof *e->items);
	char *text = e->status == TRUCE_OK ? truce_arena_printf(e->arena, fmt, title_of(head), detail) : NULL;
	if (!text) {
		e->status = TRUCE_MEMORY;
		return NULL;
	}
	truce_event *event = &e->items[e->count++];
	*event = (truce_event){.at = at, .head = head, .what = what, .status = TRUCE_NO_STATUS, .text = text, .unsure = head->unsure};
	event->offset = time && time->has_time ? time->offset : truce_zone_offset(e->zone, at);
	/* A day without a time begins at midnight of its zone. */
	truce_date day = truce_instant_day(e->zone, at);
	event->whole_day = time && time->set ? !time->has_time : at == truce_day_start(e->zone, day);
	if (time && time->set)
		event->time = *time;
	else if (event->whole_day)
		event->time = (truce_time){.day = day, .at = (truce_instant)day * 86400, .set = true};
	else
		event->time = (truce_time){.day = day, .at = at, .offset = event->offset, .has_time = true, .set = true};
	return event;
}

/* A day as the end of which something is due: its event stands on that day, late. */
static void add_due(struct events *e, const truce_head *head, const truce_time *by, const char *what, const char *fmt, const char *detail)
{
	if (by->set)
		add_event(e, head, truce_time_end(by, e->zone), by, what, fmt, detail);
}

struct moments {
	truce_context *ctx;
	truce_instant *items;
	size_t count, capacity;
	truce_instant from, until;
	int status;
};

static bool keep_moment(void *user, truce_instant at)
{
	struct moments *m = user;
	if (at <= m->from || at > m->until)
		return true;
	m->status = truce_grow(m->ctx, &m->items, &m->capacity, m->count + 1, sizeof *m->items);
	if (m->status == TRUCE_OK)
		m->items[m->count++] = at;
	return m->status == TRUCE_OK;
}

static int by_value(const void *left, const void *right)
{
	const truce_instant *a = left, *b = right;
	return (*a > *b) - (*a < *b);
}

static const char *level_words(struct events *e, const truce_level *level)
{
	if (!level)
		return "";
	const truce_yaml_number *number = level->add.set ? &level->add : level->to.set ? &level->to : &level->floor;
	const char *sign = level->add.set && level->add.value >= 0 ? "+" : "";
	const char *text = truce_arena_printf(e->arena, " (%s%s%s%s)", sign, number->text ? number->text : level->expression ? level->expression : "?",
		level->unit ? " " : "", level->unit ? level->unit : "");
	if (!text)
		e->status = TRUCE_MEMORY;
	return text ? text : "";
}

static bool same_level(const truce_level *a, const truce_level *b)
{
	if (a == b || !a || !b)
		return a == b;
	return a->add.set == b->add.set && a->to.set == b->to.set && a->add.value == b->add.value && a->to.value == b->to.value &&
		a->floor.value == b->floor.value && ((!a->unit && !b->unit) || (a->unit && b->unit && strcmp(a->unit, b->unit) == 0)) &&
		((!a->expression && !b->expression) || (a->expression && b->expression && strcmp(a->expression, b->expression) == 0));
}

/* The turns of a record that lives through statuses. */
static void add_turns(struct events *e, const truce_head *head)
{
	struct moments m = {.ctx = e->ctx, .from = e->from, .until = e->until};
	record_moments(e->record, head, e->clocks, keep_moment, &m);
	if (m.count)
		qsort(m.items, m.count, sizeof *m.items, by_value);
	for (size_t i = 0; i < m.count && m.status == TRUCE_OK; i++) {
		if (i && m.items[i] == m.items[i - 1])
			continue;
		truce_record_state after, before;
		if (!record_state_at_instant(e->record, head, m.items[i], e->known, e->clocks.view, &after))
			continue;
		bool was = m.items[i] > head->begins && record_state_at_instant(e->record, head, m.items[i] - 1, e->known, e->clocks.view, &before);
		bool level = was && !same_level(before.level, after.level);
		if (was && before.status == after.status && !level)
			continue;
		const char *word = truce_status_word((int)after.status), *words = level_words(e, after.level);
		const char *detail = truce_arena_printf(e->arena, "%s%s", word, words);
		if (!detail) {
			e->status = TRUCE_MEMORY;
			break;
		}
		truce_event *event = add_event(e, head, m.items[i], m.items[i] == head->begins ? &head->valid.from : NULL,
			!was ? "begins" : before.status == after.status ? "level" : word, "%s: %s", detail);
		if (event) {
			event->status = after.status;
			event->level = after.level;
			event->unsure = head->unsure || (after.step && after.step->unsure);
		}
	}
	if (m.status != TRUCE_OK)
		e->status = m.status;
	truce_release(e->ctx, m.items);
}

/* The date that stands as known: the last amendment of it. */
static const truce_time *due_date(const truce_due *due, truce_instant known, bool *moved)
{
	const truce_time *by = &due->by;
	truce_instant latest = TRUCE_EVER;
	*moved = false;
	for (size_t i = 0; i < due->amended.count; i++) {
		const truce_due_change *change = TRUCE_LIST_AT(due->amended, truce_due_change, i);
		if (change->known_from <= known && change->known_from >= latest) {
			latest = change->known_from;
			by = &change->by;
			*moved = true;
		}
	}
	return by;
}

static void add_commitment(struct events *e, const truce_commitment *commitment)
{
	for (size_t i = 0; i < commitment->due.count; i++) {
		const truce_due *due = TRUCE_LIST_AT(commitment->due, truce_due, i);
		bool moved;
		const truce_time *by = due_date(due, e->known, &moved);
		const char *what = due->what ? due->what : "what is owed";
		if (due->amount && due->amount->value.text)
			what = truce_arena_printf(e->arena, "%s %s", due->amount->value.text, due->amount->unit ? due->amount->unit : "");
		if (!what) {
			e->status = TRUCE_MEMORY;
			return;
		}
		add_due(e, &commitment->head, by, "due", moved ? "%s: due, a date moved: %s" : "%s: due: %s", what);
		for (size_t k = 0; k < due->fulfilled.count; k++) {
			const truce_due_change *f = TRUCE_LIST_AT(due->fulfilled, truce_due_change, k);
			if (f->known_from <= e->known)
				add_event(e, &commitment->head, truce_time_start(&f->on, NULL), &f->on, "fulfilled", f->who ? "%s: done, says %s" : "%s: done",
					f->who ? f->who : "");
		}
	}
}

static const char *short_words(const char *text)
{
	return text ? text : "";
}

static void add_record(struct events *e, const truce_head *head)
{
	const void *any = head;
	e->zone = truce_record_zone_of(e->record, head);
	switch (head->kind) {
	case TRUCE_MEASURE: {
		const truce_measure *measure = any;
		add_turns(e, head);
		for (size_t i = 0; i < measure->exclusions.count; i++) {
			const truce_exclusion *x = TRUCE_LIST_AT(measure->exclusions, truce_exclusion, i);
			if (x->known_from <= e->known && x->ends != TRUCE_NEVER)
				add_event(e, head, x->ends, NULL, "exclusion_ends", "%s: an exclusion ends: %s", x->name ? x->name : TRUCE_LIST_TEXT(x->goods, 0));
		}
		break;
	}
	case TRUCE_THREAT:
		add_turns(e, head);
		add_due(e, head, &((const truce_threat *)any)->deadline, "deadline", "%s: the deadline of a threat%s", "");
		break;
	case TRUCE_DEMAND:
		add_turns(e, head);
		add_due(e, head, &((const truce_demand *)any)->deadline, "deadline", "%s: the deadline of a demand%s", "");
		break;
	case TRUCE_OFFER: case TRUCE_TRUCE: case TRUCE_AUTHORITY:
		add_turns(e, head);
		break;
	case TRUCE_COMMITMENT:
		add_turns(e, head);
		add_commitment(e, any);
		break;
	case TRUCE_MEETING: {
		const truce_meeting *meeting = any;
		truce_record_state state;
		if (head->begins != TRUCE_EVER && record_state_at_instant(e->record, head, head->begins, e->known, e->clocks.view, &state)) {
			truce_record_state latest;
			truce_instant now = truce_clocks_on(e->clocks, e->zone);
			const char *word = truce_status_word((int)(record_state_at_instant(e->record, head, now > head->begins ? now : head->begins,
				e->known, e->clocks.view, &latest) ? latest.status : state.status));
			const char *detail = meeting->location ? truce_arena_printf(e->arena, "%s, %s", word, meeting->location) : word;
			/* One that goes on at the beginning of the stretch is in it. */
			truce_instant at = head->begins <= e->from && head->ends != TRUCE_NEVER && head->ends > e->from ? e->from + 1 : head->begins;
			truce_event *event = detail ? add_event(e, head, at, &head->valid.from, "meets", "%s (%s)", detail) : NULL;
			if (event)
				event->status = state.status;
		}
		break;
	}
	case TRUCE_STATEMENT: {
		const truce_statement *s = any;
		add_event(e, head, head->begins, &head->valid.from, "said", s->words ? "%s: %s" : "%s", short_words(s->words));
		break;
	}
	case TRUCE_CLAIM:
		add_event(e, head, head->begins, &head->valid.from, "claimed", "%s: %s", short_words(((const truce_claim *)any)->text));
		break;
	default:
		break;
	}
}

static int by_time(const void *left, const void *right)
{
	const truce_event *a = left, *b = right;
	if (a->at != b->at)
		return a->at < b->at ? -1 : 1;
	if (a->head->number != b->head->number)
		return a->head->number < b->head->number ? -1 : 1;
	return strcmp(a->what, b->what);
}

int truce_record_events(truce_context *ctx, truce_arena *arena, truce_event **out, size_t *count, const truce_record *record,
	truce_instant from, truce_instant until, truce_clocks clocks)
{
	struct events e = {.ctx = ctx, .arena = arena, .record = record, .from = from, .until = until, .clocks = clocks,
		.known = truce_clocks_known(clocks)};
	*out = NULL;
	*count = 0;
	for (size_t i = 0; i < record->total && e.status == TRUCE_OK; i++)
		if (truce_record_visible(record->all[i], e.known))
			add_record(&e, record->all[i]);
	if (e.status == TRUCE_OK && e.count) {
		qsort(e.items, e.count, sizeof *e.items, by_time);
		truce_event *copy = truce_arena_array(arena, e.count, sizeof *copy);
		if (copy) {
			memcpy(copy, e.items, e.count * sizeof *copy);
			*out = copy;
			*count = e.count;
		} else {
			e.status = TRUCE_MEMORY;
		}
	}
	truce_release(ctx, e.items);
	return e.status;
}
