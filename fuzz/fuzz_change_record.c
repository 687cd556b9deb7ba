/* Fuzz target: the text of a change record, and a file's name.
 * fuzz-covers: src/tariff/change_record.c
 * fuzz-seeds: tests/fixtures/schedule/records */
#include "../src/tariff/schedule_private.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct change_record record = {0};
	truce_context *ctx;
	truce_arena *arena = NULL;
	char name[65] = "";
	int year, number;

	if (truce_context_new(&ctx, NULL)) return 0;
	memcpy(name, data, size < 64 ? size : 64);
	schedule_revision_of_name(name, &year, &number);
	if (!truce_arena_new(ctx, &arena)) {
		if (!change_record_read(ctx, arena, &record, "fuzz", (const char *)data, size))
			for (size_t i = 0; i < record.count; i++)
				if (strlen(record.items[i].code) > 12) abort();
		change_record_free(ctx, &record);
	}
	truce_arena_free(arena);
	truce_context_free(ctx);
	return 0;
}
