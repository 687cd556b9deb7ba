/* Fuzz target: lists out of the text of notes, and compared with the rows of a list file.
 * fuzz-covers: src/tariff/lists_notes.c
 * fuzz-seeds: fuzz/seeds/notes */
#include "../src/tariff/schedule_private.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static truce_context *ours;
	static truce_arena *kept;
	static const struct note_lists *table;
	struct built built = {0};
	truce_context *ctx;

	/* The table does not change: it is read once. */
	if (!table && (truce_context_new(&ours, NULL) || truce_arena_new(ours, &kept) || lists_notes_table(ours, kept, &table, "fuzz/seeds/notes.yaml")))
		abort();
	if (truce_context_new(&ctx, NULL)) return 0;
	built.ctx = built.remarks.ctx = ctx;
	if (!truce_arena_new(ctx, &built.arena)) {
		struct list file = {.id = "file", .what = "", .authority = "", .heading = "", .value = "", .source = "", .origin = "file.csv", .footnoted = true};
		struct list notes = {.id = "footnotes", .what = "", .authority = "", .heading = "", .value = "", .source = "", .origin = "footnotes"};
		struct list_row rows[] = {{"8505", "", "", TRUCE_NO_DATE, TRUCE_FOREVER, 0}, {"01012100", "", "99030102", 19000, 21000, 0},
			{"9403896020", "", "99038803", TRUCE_NO_DATE, 20400, 0}};

		built.remarks.arena = built.arena;
		for (int i = 0; i < 2; i++) {
			struct list *list = lists_add(ctx, &built.lists, i ? &notes : &file);

			for (size_t k = 0; list && k < 3; k++) (void)list_add_row(ctx, list, &rows[k]);
		}
		if (!pool_open(&built.pool, ctx, built.arena) &&
		    !lists_notes(ctx, built.arena, &built.lists, &built.remarks, "notes", (const char *)data, size, table) &&
		    !lists_compare(&built, table, "notes"))
			(void)lists_stand_in(ctx, built.arena, &built.lists, &built.remarks, "notes", table);
		for (size_t i = 0; i < built.lists.count; i++)
			for (size_t k = 0; k < built.lists.items[i].count; k++)
				if (strlen(built.lists.items[i].rows[k].code) < 2 || built.lists.items[i].rows[k].from >= built.lists.items[i].rows[k].until) abort();
		for (size_t i = 0; i < built.lists.count; i++) truce_release(ctx, built.lists.items[i].rows);
		truce_release(ctx, built.lists.items);
		truce_release(ctx, built.differences);
		truce_release(ctx, built.remarks.items);
		pool_close(&built.pool);
		truce_arena_free(built.arena);
	}
	truce_context_free(ctx);
	return 0;
}
