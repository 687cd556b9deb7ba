/* Fuzz target: a list file, by what a table says that it means.
 * fuzz-covers: src/tariff/lists.c
 * fuzz-seeds: fuzz/seeds/lists */
#include "../src/tariff/schedule_private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static truce_context *ours;
	static truce_arena *kept;
	static const struct meanings *meanings;
	static char folder[] = "/tmp/fuzz_lists.XXXXXX";
	static const char *const names[] = {"fuzz-windows.csv", "fuzz-values.csv", "fuzz-bare.txt", "fuzz-unknown.csv"};
	char path[96];
	truce_context *ctx;
	FILE *f;

	if (!meanings && (!mkdtemp(folder) || truce_context_new(&ours, NULL) || truce_arena_new(ours, &kept) ||
	    lists_meanings(ours, kept, &meanings, "fuzz/seeds/lists.yaml")))
		abort();
	if (size < 1 || truce_context_new(&ctx, NULL)) return 0;
	snprintf(path, sizeof path, "%s/%s", folder, names[data[0] & 3]);
	if ((f = fopen(path, "wb"))) {
		struct lists lists = {0};
		struct remarks remarks = {.ctx = ctx};
		truce_arena *arena;
		size_t files = 0;

		fwrite(data + 1, 1, size - 1, f);
		fclose(f);
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
	}
	truce_context_free(ctx);
	return 0;
}
