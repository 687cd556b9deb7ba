/* lists.c: who is on which list, from files that others compiled (tariff room). */
#include "schedule_private.h"

struct list *lists_add(truce_context *ctx, struct lists *lists, const struct list *head)
{
	if (truce_grow(ctx, &lists->items, &lists->capacity, lists->count + 1, sizeof *lists->items)) return NULL;
	lists->items[lists->count] = *head;
	return &lists->items[lists->count++];
}

int list_add_row(truce_context *ctx, struct list *list, const struct list_row *row)
{
	if (truce_grow(ctx, &list->rows, &list->capacity, list->count + 1, sizeof *list->rows)) return TRUCE_MEMORY;
	list->rows[list->count++] = *row;
	return TRUCE_OK;
}
int lists_read(truce_context *ctx, truce_arena *arena, struct lists *lists, struct remarks *remarks, const char *folder,
	const char *meaning, size_t *files, const truce_date *revision_dates, const char *const *revision_ids, size_t revisions)
{ (void)ctx;(void)arena;(void)lists;(void)remarks;(void)folder;(void)meaning;(void)files;(void)revision_dates;(void)revision_ids;(void)revisions; return TRUCE_OK; }
int lists_notes(truce_context *ctx, truce_arena *arena, struct lists *lists, struct remarks *remarks, const char *name,
	const char *text, size_t length, const char *meaning)
{ (void)ctx;(void)arena;(void)lists;(void)remarks;(void)name;(void)text;(void)length;(void)meaning; return TRUCE_OK; }
