/* sources.c, room `record`: who reports a thing, and how many independent roots that makes.
 *
 * A source that relays others has no root of its own; where its independence is not known it has one possibly. */
#include <stdlib.h>
#include <string.h>

#include "private.h"

enum { ROOT_SURE = 1, ROOT_POSSIBLE = 2, SEEN = 4 };

/* Marks the roots behind a source; chains are rings-free (checked at loading), `marks` keeps the walk linear. */
static void mark_roots(const truce_record *record, const truce_source *source, unsigned char *marks, int depth)
{
	if (marks[source->head.number] & SEEN || depth > 1000)
		return;
	marks[source->head.number] |= SEEN;
	if (source->via.count == 0 || source->independence == TRUCE_INDEPENDENT)
		marks[source->head.number] |= ROOT_SURE;
	else if (source->independence == TRUCE_INDEPENDENCE_UNKNOWN)
		marks[source->head.number] |= ROOT_POSSIBLE;
	for (size_t i = 0; i < source->via.count; i++) {
		const truce_source *next = truce_record_find(record, TRUCE_SOURCE, TRUCE_LIST_TEXT(source->via, i));
		if (next)
			mark_roots(record, next, marks, depth + 1);
	}
}

int truce_record_roots(truce_context *ctx, truce_roots *out, const truce_record *record, const truce_yaml_list *sources, truce_instant known)
{
	*out = (truce_roots){0};
	if (sources->count == 0)
		return TRUCE_OK;
	unsigned char *marks = truce_allocate_zero(ctx, record->total, 1);
	if (!marks)
		return TRUCE_MEMORY;
	for (size_t i = 0; i < sources->count; i++) {
		const truce_source *source = truce_record_find_known(record, TRUCE_SOURCE, TRUCE_LIST_TEXT(*sources, i), known);
		if (source && source->published <= known)
			mark_roots(record, source, marks, 0);
	}
	for (size_t i = 0; i < record->count[TRUCE_SOURCE]; i++) {
		unsigned char mark = marks[((const truce_head *)record->of_kind[TRUCE_SOURCE][i])->number];
		out->least += (mark & ROOT_SURE) != 0;
		out->most += (mark & (ROOT_SURE | ROOT_POSSIBLE)) != 0;
	}
	if (out->least == 0 && out->most) /* all possible: somebody is the root */
		out->least = 1;
	truce_release(ctx, marks);
	return TRUCE_OK;
}

static void count_words(truce_text *out, size_t count)
{
	static const char *const words[] = {"none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
		"twelve"};
	if (count < sizeof words / sizeof *words)
		truce_text_add(out, words[count]);
	else
		truce_text_addf(out, "%zu", count);
}

void truce_roots_words(truce_text *out, truce_roots roots)
{
	count_words(out, roots.least);
	if (roots.most > roots.least) {
		truce_text_add(out, ", possibly ");
		count_words(out, roots.most);
	}
}

/* ---- all sources of a record ---------------------------------------------------------------------------------------- */

struct gathering {
	const truce_record *record;
	truce_context *ctx;
	const truce_source **items;
	size_t count, capacity;
	truce_instant known;
	int status;
};

static void gather(struct gathering *g, const truce_yaml_list *sources)
{
	for (size_t i = 0; i < sources->count && g->status == TRUCE_OK; i++) {
		const truce_source *source = truce_record_find_known(g->record, TRUCE_SOURCE, TRUCE_LIST_TEXT(*sources, i), g->known);
		bool there = !source || source->published > g->known;
		for (size_t k = 0; k < g->count && !there; k++)
			there = g->items[k] == source;
		if (there)
			continue;
		g->status = truce_grow(g->ctx, &g->items, &g->capacity, g->count + 1, sizeof *g->items);
		if (g->status == TRUCE_OK)
			g->items[g->count++] = source;
	}
}

static void gather_readings(struct gathering *g, const truce_yaml_list *readings)
{
	for (size_t i = 0; i < readings->count; i++)
		gather(g, &TRUCE_LIST_AT(*readings, truce_reading, i)->sources);
}

static int by_date(const void *left, const void *right)
{
	const truce_source *const *a = left, *const *b = right;
	if ((*a)->published != (*b)->published)
		return (*a)->published < (*b)->published ? -1 : 1;
	return strcmp((*a)->head.id, (*b)->head.id);
}

int truce_record_sources(truce_context *ctx, truce_arena *arena, const truce_source ***out, size_t *count, const truce_record *record,
	const void *any_record, truce_instant known)
{
	const truce_head *head = any_record;
	struct gathering g = {.record = record, .ctx = ctx, .known = known};
	struct record_life life;
	*out = NULL;
	*count = 0;
	gather(&g, &head->sources);
	if (record_life_of(head, &life))
		for (size_t i = 0; i < life.history->count; i++)
			if (TRUCE_LIST_AT(*life.history, truce_step, i)->known_from <= known)
				gather(&g, &TRUCE_LIST_AT(*life.history, truce_step, i)->sources);
	switch (head->kind) {
	case TRUCE_MEASURE: gather_readings(&g, &((const truce_measure *)any_record)->readings); break;
	case TRUCE_THREAT: gather_readings(&g, &((const truce_threat *)any_record)->readings); break;
	case TRUCE_DEMAND: gather_readings(&g, &((const truce_demand *)any_record)->readings); break;
	case TRUCE_OFFER: gather_readings(&g, &((const truce_offer *)any_record)->readings); break;
	case TRUCE_TRUCE: gather_readings(&g, &((const truce_truce *)any_record)->readings); break;
	case TRUCE_MEETING: gather_readings(&g, &((const truce_meeting *)any_record)->readings); break;
	case TRUCE_CLAIM: gather_readings(&g, &((const truce_claim *)any_record)->readings); break;
	case TRUCE_AUTHORITY: {
		const truce_authority *authority = any_record;
		for (size_t i = 0; i < authority->history.count; i++)
			if (TRUCE_LIST_AT(authority->history, truce_step, i)->known_from <= known)
				gather(&g, &TRUCE_LIST_AT(authority->history, truce_step, i)->sources);
		break;
	}
	case TRUCE_COMMITMENT: {
		const truce_commitment *c = any_record;
		for (size_t i = 0; i < c->confirmed_by.count; i++)
			gather(&g, &TRUCE_LIST_AT(c->confirmed_by, truce_confirmation, i)->sources);
		for (size_t i = 0; i < c->due.count; i++) {
			const truce_due *due = TRUCE_LIST_AT(c->due, truce_due, i);
			for (size_t k = 0; k < due->amended.count; k++)
				gather(&g, &TRUCE_LIST_AT(due->amended, truce_due_change, k)->sources);
			for (size_t k = 0; k < due->fulfilled.count; k++)
				gather(&g, &TRUCE_LIST_AT(due->fulfilled, truce_due_change, k)->sources);
		}
		break;
	}
	default: break;
	}
	if (g.status == TRUCE_OK && g.count) {
		qsort(g.items, g.count, sizeof *g.items, by_date);
		const truce_source **copy = truce_arena_array(arena, g.count, sizeof *copy);
		if (copy) {
			memcpy(copy, g.items, g.count * sizeof *copy);
			*out = copy;
			*count = g.count;
		} else {
			g.status = TRUCE_MEMORY;
		}
	}
	truce_release(ctx, g.items);
	return g.status;
}
