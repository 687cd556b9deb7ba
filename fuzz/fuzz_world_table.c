/* Fuzz target: a wide inter-country table (WIOD, ICIO), plain or packed, with or without elasticities.
 * fuzz-covers: src/world/table.c src/world/elasticity.c
 * fuzz-seeds: tests/fixtures/icio fuzz/seeds/world_table */
#include <truce/world.h>

#include <string.h>
#include <sys/stat.h>

#include "scratch.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *put(const char *name, const uint8_t *data, size_t size)
{
	static char folder[SCRATCH_PATH], path[2][SCRATCH_PATH + 64];
	static int turn;
	if (!*folder && mkdir(scratch_path(folder, "table"), 0777))
		abort();
	char *at = path[turn++ & 1];
	snprintf(at, sizeof *path, "%s/%s", folder, name);
	FILE *file = fopen(at, "wb");
	if (file) {
		fwrite(data, 1, size, file);
		fclose(file);
	}
	return at;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	truce_context *ctx;
	truce_world *world = NULL;
	if (truce_context_new(&ctx, NULL))
		return 0;
	/* A line "==" parts the table from the elasticities. */
	const uint8_t *part = size ? memmem(data, size, "\n==\n", 4) : NULL;
	const char *elasticity = part ? put("elasticity.csv", part + 4, size - (size_t)(part - data) - 4) : NULL;
	if (truce_world_import_table(ctx, &world, put("table.csv", data, part ? (size_t)(part - data) + 1 : size), 1e6,
			elasticity) == TRUCE_OK)
		truce_world_free(world);
	truce_context_free(ctx);
	return 0;
}
