/* Fuzz target: a world file (SQLite); one that is read is checked and written into rounds of its own kind.
 * fuzz-covers: src/world/store.c
 * fuzz-seeds: fuzz/seeds/world_file */
#include <truce/world.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	truce_context *ctx;
	truce_world *world = NULL;
	truce_world_identity identity[TRUCE_WORLD_IDENTITIES];
	if (truce_context_new(&ctx, NULL))
		return 0;
	if (truce_world_read_bytes(ctx, &world, "fuzz.world", data, size) == TRUCE_OK) {
		(void)truce_world_check(ctx, world, identity);
		(void)truce_world_region_of(world, "US", NULL);
		(void)truce_world_write(ctx, world, "/dev/shm/truce-fuzz.world");
		truce_world_free(world);
	}
	truce_context_free(ctx);
	return 0;
}
