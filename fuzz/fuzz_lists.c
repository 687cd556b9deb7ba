/* Fuzz target: a list file, by what a table says that it means.
 * fuzz-covers: src/tariff/lists.c
 * fuzz-seeds: fuzz/seeds/lists */
#include "../src/tariff/schedule_private.h"

#include <string.h>
#include <sys/stat.h>

#include "scratch.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static truce_context *ours;
	static truce_arena *kept;
	static const struct meanings *meanings;
	static char folder[SCRATCH_PATH];
	static const char *const names[] = {"fuzz-windows.csv", "fuzz-values.csv", "fuzz-bare.txt", "fuzz-unknown.csv"};
	char path[SCRATCH_PATH + 64];
	truce_context *ctx;
	struct lists lists = {0};
	struct remarks remarks = {0};
	truce_arena *arena;
	size_t files = 0;

	if (!meanings && (mkdir(scratch_path(folder, "lists"), 0777) || truce_context_new(&ours, NULL) || truce_arena_new(ours, &kept) ||
	    lists_meanings(ours, kept, &meanings, "fuzz/seeds/lists.yaml")))
		abort();
	if (size < 1 || truce_context_new(&ctx, NULL)) return 0;
	snprintf(path, sizeof path, "%s/%s", folder, names[data[0] & 3]);
	scratch_write(path, data + 1, size - 1);
	remarks.ctx = ctx;
	if (!truce_arena_new(ctx, &arena)) {
		remarks.arena = arena;
		(void)lists_read(ctx, arena, &lists, &remarks, path, meanings, &files);
		for (size_t i = 0; i < lists.count; i++) {
			for (size_t k = 0; k < lists.items[i].count; k++)
				if (strlen(lists.items[i].rows[k].code) < 2 || lists.items[i].rows[k].from >= lists.items[i].rows[k].until) abort();
			truce_release(ctx, lists.items[i].rows);
		}
		truce_release(ctx, lists.items);
		truce_release(ctx, remarks.items);
		truce_arena_free(arena);
	}
	unlink(path);
	truce_context_free(ctx);
	return 0;
}
