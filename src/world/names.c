/* names.c: room world.  Ids of regions and sectors to their positions, by open addressing. */
#include "world_private.h"

#include <string.h>

void world_names_init(struct world_names *names, truce_context *ctx, truce_arena *arena)
{
	*names = (struct world_names){ .ctx = ctx, .arena = arena };
}

void world_names_free(struct world_names *names)
{
	if (!names->ctx)
		return;
	truce_release(names->ctx, names->name);
	truce_release(names->ctx, names->slot);
	names->name = NULL;
	names->slot = NULL;
	names->count = names->capacity = names->slots = 0;
}

static size_t probe(const struct world_names *names, const char *name)
{
	size_t at = (size_t)truce_hash(name, strlen(name)) & (names->slots - 1);
	while (names->slot[at] && strcmp(names->name[names->slot[at] - 1], name) != 0)
		at = (at + 1) & (names->slots - 1);
	return at;
}

size_t world_names_find(const struct world_names *names, const char *name)
{
	if (!names->slots)
		return TRUCE_WORLD_NONE;
	uint32_t found = names->slot[probe(names, name)];
	return found ? found - 1 : TRUCE_WORLD_NONE;
}

static int rehash(struct world_names *names)
{
	size_t slots = names->slots ? names->slots * 2 : 64;
	uint32_t *fresh = truce_allocate_zero(names->ctx, slots, sizeof *fresh);
	if (!fresh)
		return TRUCE_MEMORY;
	truce_release(names->ctx, names->slot);
	names->slot = fresh;
	names->slots = slots;
	for (size_t i = 0; i < names->count; i++)
		names->slot[probe(names, names->name[i])] = (uint32_t)(i + 1);
	return TRUCE_OK;
}

int world_names_add(struct world_names *names, const char *name, size_t *out)
{
	size_t at = world_names_find(names, name);
	if (at != TRUCE_WORLD_NONE) {
		*out = at;
		return TRUCE_OK;
	}
	if (names->count * 2 >= names->slots && rehash(names))
		return TRUCE_MEMORY;
	if (truce_grow(names->ctx, &names->name, &names->capacity, names->count + 1, sizeof *names->name))
		return TRUCE_MEMORY;
	const char *copy = truce_arena_text(names->arena, name);
	if (!copy)
		return TRUCE_MEMORY;
	names->name[names->count++] = copy;
	names->slot[probe(names, copy)] = (uint32_t)names->count;
	*out = names->count - 1;
	return TRUCE_OK;
}
