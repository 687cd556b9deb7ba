/* code_pairs.c: which code's goods went to which, as the items of change records say it (tariff room).
 *
 * "Discontinued (transferred to 0201.30.5091 and 0201.30.5097)" stands at the old code, "Established (transferred from
 * 0201.30.5085 (pt.))" at the new one.  Both say the same pair; one of them is enough.  How much of the old code's trade went
 * to each no record says. */
#include "schedule_private.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* The code that a text begins with, words broken after a point mended; how long it is, 0 none. */
static size_t read_code(char code[13], const char *text)
{
	size_t at = 0, digits = 0;

	for (;; at++) {
		if (isdigit((unsigned char)text[at]) && digits < 12)
			code[digits++] = text[at];
		else if (text[at] == ' ' && at && text[at - 1] == '.' && isdigit((unsigned char)text[at + 1]) && digits < 10)
			continue;
		else if (text[at] != '.')
			break;
	}
	code[digits] = '\0';
	return digits == 8 || digits == 10 ? at : 0;
}

static int add_pair(struct code_pairs *pairs, const char *was, const char *became, struct code_pair pair)
{
	void *items = pairs->items;

	if (truce_grow(pairs->ctx, &items, &pairs->capacity, pairs->count + 1, sizeof *pairs->items)) return TRUCE_MEMORY;
	pairs->items = items;
	memcpy(pair.was, was, strlen(was) + 1);
	memcpy(pair.became, became, strlen(became) + 1);
	pairs->items[pairs->count++] = pair;
	return TRUCE_OK;
}

int code_pairs_add(struct code_pairs *pairs, const char *code, const char *nature, truce_date effective, uint32_t item, size_t *found)
{
	static const char *const words[] = {"transferred to", "transferred from"};
	size_t first = pairs->count;
	const char *at = nature;
	int way = 0, error = TRUCE_OK;

	*found = 0;
	if (!*code) return TRUCE_OK;
	for (; *at; at++) {
		for (way = 0; way < 2 && strncasecmp(at, words[way], strlen(words[way])) != 0; way++) {}
		if (way < 2) break;
	}
	if (!*at) return TRUCE_OK;
	for (at += strlen(words[way]); *at && !error;) {
		char other[13];
		size_t length = isdigit((unsigned char)*at) ? read_code(other, at) : 0;

		if (length) {
			struct code_pair pair = {.effective = effective, .item = item, .said = way ? CODE_PAIR_BY_NEW : CODE_PAIR_BY_OLD};

			at += length;
			pair.part = !strncmp(at + strspn(at, " "), "(pt", 3);
			error = way ? add_pair(pairs, other, code, pair) : add_pair(pairs, code, other, pair);
		} else
			at += isdigit((unsigned char)*at) ? strspn(at, "0123456789.") : 1;
	}
	*found = pairs->count - first;
	for (size_t i = first; !way && *found > 1 && i < pairs->count; i++) pairs->items[i].part = true;
	return error;
}

static int pair_order(const void *left, const void *right)
{
	const struct code_pair *a = left, *b = right;
	int order = strcmp(a->was, b->was);

	if (!order) order = strcmp(a->became, b->became);
	if (!order) order = (a->effective > b->effective) - (a->effective < b->effective);
	return order ? order : (a->item > b->item) - (a->item < b->item);
}

void code_pairs_settle(struct code_pairs *pairs)
{
	size_t kept = 0;

	if (pairs->count) qsort(pairs->items, pairs->count, sizeof *pairs->items, pair_order);
	for (size_t i = 0; i < pairs->count; i++) {
		struct code_pair *last = kept ? &pairs->items[kept - 1] : NULL;

		if (last && !strcmp(last->was, pairs->items[i].was) && !strcmp(last->became, pairs->items[i].became)) {
			last->said |= pairs->items[i].said;
			last->part |= pairs->items[i].part;
		} else
			pairs->items[kept++] = pairs->items[i];
	}
	pairs->count = kept;
}

void code_pairs_close(struct code_pairs *pairs)
{
	truce_release(pairs->ctx, pairs->items);
	pairs->items = NULL;
	pairs->count = pairs->capacity = 0;
}

/* ---- lists ------------------------------------------------------------------------------------------------------------- */

static int row_order(const void *left, const void *right)
{
	const struct list_row *a = left, *b = right;
	int order = strcmp(a->code, b->code);

	return order ? order : strcmp(a->party, b->party);
}

/* The pairs of one old code on one day: [*first, *end) of those of the day. */
static bool pairs_of(const struct code_pair *pairs, size_t count, const char *code, size_t *first, size_t *end)
{
	size_t low = 0, high = count;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (strcmp(pairs[middle].was, code) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	for (*first = *end = low; *end < count && !strcmp(pairs[*end].was, code); ++*end) {}
	return *end > *first;
}

static bool begins_again(const struct code_pair *pairs, size_t count, const char *code)
{
	for (size_t i = 0; i < count; i++)
		if (!strcmp(pairs[i].became, code)) return true;
	return false;
}

static bool spans(const struct list_row *row, truce_date day)
{
	return row->from < day && row->until > day;
}

/* Whether the first `count` rows of a list hold a code, or one that it stands below, on a day, as the row at hand does. */
static bool is_covered(const struct list *list, size_t count, const char *code, const struct list_row *like, truce_date day)
{
	for (size_t digits = 10; digits >= 4; digits -= 2) {
		size_t low = 0, high = count;

		while (low < high) {
			size_t middle = (low + high) / 2;
			int order = strncmp(list->rows[middle].code, code, digits);

			if (order < 0 || (!order && strlen(list->rows[middle].code) < digits))
				low = middle + 1;
			else
				high = middle;
		}
		for (; low < count && !strncmp(list->rows[low].code, code, digits) && strlen(list->rows[low].code) == digits; low++) {
			const struct list_row *row = &list->rows[low];

			if (!strcmp(row->party, like->party) && row->from <= day && row->until > day) return true;
		}
	}
	return false;
}

/* A list that has no code which the day brought speaks of the codes before it; one that has some was written after, or is mixed. */
static bool is_of_before(const struct list *list, const struct code_pair *pairs, size_t count, truce_date day)
{
	bool old = false;

	for (size_t i = 0; i < list->count; i++) {
		const struct list_row *row = &list->rows[i];
		size_t first, end;

		if (!spans(row, day) || strlen(row->code) != 10) continue;
		if (pairs_of(pairs, count, row->code, &first, &end))
			old = true;
		else if (begins_again(pairs, count, row->code))
			return false;
	}
	return old;
}

/* A row for an old code and each of its heirs that lacks one: all of them are as the others are known to be. */
static int fill_family(struct built *built, struct list *list, size_t rows, const struct code_pair *pairs, size_t count, double value)
{
	const struct list_row all = {.party = ""};

	for (size_t k = 0; k <= count; k++) {
		const char *code = k < count ? pairs[k].became : pairs[0].was;
		struct list_row row = {truce_arena_text(built->arena, code), "", "", TRUCE_NO_DATE, TRUCE_FOREVER, value};

		if (!row.code) return TRUCE_MEMORY;
		if (!is_covered(list, rows, code, &all, pairs[0].effective) && list_add_row(built->ctx, list, &row)) return TRUCE_MEMORY;
	}
	return TRUCE_OK;
}

/* Estimates written with later codes speak of the earlier ones too: an old code without a row takes the mean of those of its heirs
 * that have one, and so do the heirs that have none.  Rows of a party are not mixed. */
static int look_back(struct built *built, struct list *list, const struct code_pair *pairs, size_t count)
{
	const struct list_row all = {.party = ""};
	size_t rows = list->count;

	qsort(list->rows, rows, sizeof *list->rows, row_order);
	for (size_t first = 0, end; first < count; first = end) {
		size_t heirs = 0;
		double sum = 0;

		pairs_of(pairs, count, pairs[first].was, &first, &end);
		if (is_covered(list, rows, pairs[first].was, &all, pairs[first].effective - 1)) continue;
		for (size_t i = 0; i < rows; i++)
			for (size_t k = first; k < end; k++)
				if (!list->rows[i].party[0] && !strcmp(list->rows[i].code, pairs[k].became) && spans(&list->rows[i], pairs[k].effective)) {
					sum += list->rows[i].value;
					heirs++;
				}
		if (heirs && fill_family(built, list, rows, pairs + first, end - first, sum / (double)heirs))
			return TRUCE_MEMORY;
	}
	return TRUCE_OK;
}

/* Carries one list over one day on which codes changed. */
static int follow_list(struct built *built, struct list *list, const struct code_pair *pairs, size_t count)
{
	truce_date day = pairs[0].effective;
	bool before = is_of_before(list, pairs, count, day), sorted = false;
	size_t had = list->count, rows, first, end;

	if (list->value[0] && list->rows && !before && look_back(built, list, pairs, count)) return TRUCE_MEMORY;
	rows = list->count;

	for (size_t i = 0; i < rows; i++) {
		if (!spans(&list->rows[i], day) || strlen(list->rows[i].code) != 10 || !pairs_of(pairs, count, list->rows[i].code, &first, &end))
			continue;
		if (!sorted) {
			qsort(list->rows, rows, sizeof *list->rows, row_order);
			sorted = true;
			i = (size_t)-1;
			continue;
		}
		struct list_row row = list->rows[i];
		bool again = begins_again(pairs, count, row.code);

		if (again && !before && !list->value[0]) continue; /* which goods its number means is not known; estimates serve for either */
		for (size_t k = first; k < end; k++) {
			struct list_row heir = row;

			heir.code = truce_arena_text(built->arena, pairs[k].became);
			if (!list->value[0]) heir.from = day; /* estimates know no days */
			if (!heir.code) return TRUCE_MEMORY;
			if (!is_covered(list, rows, heir.code, &row, day) && list_add_row(built->ctx, list, &heir)) return TRUCE_MEMORY;
		}
		if (again && !list->value[0] && pairs[first].said & CODE_PAIR_BY_OLD) list->rows[i].until = day;
	}
	if (list->count > had)
		remark(&built->remarks, TRUCE_NOTE, list->origin, 0, "", "%s: %zu rows more, of what its codes became or were", list->id, list->count - had);
	return TRUCE_OK;
}

static int day_order(const void *left, const void *right)
{
	const struct code_pair *a = left, *b = right;

	return a->effective != b->effective ? (a->effective > b->effective) - (a->effective < b->effective) : pair_order(left, right);
}

int code_pairs_follow(struct built *built)
{
	struct code_pairs *pairs = &built->pairs;
	int error = TRUCE_OK;

	if (pairs->count) qsort(pairs->items, pairs->count, sizeof *pairs->items, day_order);
	for (size_t first = 0, end; first < pairs->count && !error; first = end) {
		for (end = first; end < pairs->count && pairs->items[end].effective == pairs->items[first].effective; end++) {}
		for (size_t i = 0; i < built->lists.count && !error && pairs->items[first].effective != TRUCE_NO_DATE; i++)
			if (strcmp(built->lists.items[i].id, "footnotes") != 0)
				error = follow_list(built, &built->lists.items[i], pairs->items + first, end - first);
	}
	code_pairs_settle(pairs);
	return error;
}
