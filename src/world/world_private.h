/* world_private.h: what the files of the world room share. */
#ifndef TRUCE_WORLD_PRIVATE_H
#define TRUCE_WORLD_PRIVATE_H

#include <truce/world.h>

/* ---- names: ids to positions, in the order of first appearance ---- */

struct world_names {
	truce_context *ctx;
	truce_arena *arena; /* owns the texts */
	const char **name;  /* [count] */
	size_t count, capacity;
	uint32_t *slot;     /* [slots] position + 1; 0 empty */
	size_t slots;
};

void world_names_init(struct world_names *names, truce_context *ctx, truce_arena *arena);
void world_names_free(struct world_names *names);
size_t world_names_find(const struct world_names *names, const char *name); /* TRUCE_WORLD_NONE */
int world_names_add(struct world_names *names, const char *name, size_t *out); /* there already: its position */

/* ---- derived values, one pass over the flows ---- */

struct world_sums {
	double *output;   /* [N][J] */
	double *spending; /* [N][J] */
	double *use;      /* [N][J] as input */
	double *income;   /* [N] */
	double *deficit;  /* [N] */
	double *duties;   /* [N] */
	double world_output;
};

int world_sums_make(truce_context *ctx, struct world_sums *sums, const truce_world *world);
void world_sums_free(truce_context *ctx, struct world_sums *sums);

/* [N][J using][J input] */
static inline size_t world_input(const truce_world *world, size_t region, size_t using_sector, size_t input_sector)
{
	return (region * world->sectors + using_sector) * world->sectors + input_sector;
}

/* Copies the names of regions and sectors, members and texts. */
int world_copy_texts(truce_context *ctx, truce_world *to, const truce_world *from, bool regions, bool sectors);

/* Elasticities of a table that has none: from the CSV `path`, or 4 with a warning where that is NULL. */
int world_elasticities(truce_context *ctx, truce_world *world, const char *path, const char *name);

/* The same world in a new arena, without final shares. */
int world_copy(truce_context *ctx, truce_world **out, const truce_world *world);

#endif
