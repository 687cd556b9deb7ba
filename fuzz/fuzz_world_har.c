/* Fuzz target: a header array file, every header of it, and what is read of GTAP's.
 * fuzz-covers: src/world/har.c src/world/gtap.c
 * fuzz-seeds: tests/fixtures/har */
#include <truce/world.h>
#include <world/har.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	truce_context *ctx;
	truce_world *world = NULL;
	struct har *har = NULL;
	struct har_array array;
	if (truce_context_new(&ctx, NULL))
		return 0;
	if (har_open(ctx, &har, "fuzz.har", data, size) == TRUCE_OK) {
		for (size_t i = 0; i < har_count(har) && i < 32; i++)
			(void)har_read(har, har_name(har, i), &array);
		har_close(har);
	}
	if (truce_world_import_har_bytes(ctx, &world, "fuzz.har", data, size, 1e6, NULL) == TRUCE_OK)
		truce_world_free(world);
	truce_context_free(ctx);
	return 0;
}
