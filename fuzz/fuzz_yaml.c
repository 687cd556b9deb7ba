/* Fuzz target: the two readers of YAML, which must agree, and a streamed reading.
 * fuzz-covers: src/base/yaml.c
 * fuzz-seeds: tests/data/record tests/data/yaml */
#include <stdlib.h>
#include <string.h>

#include "base/yaml_private.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool same(const truce_yaml_node *a, const truce_yaml_node *b)
{
	if (a->type != b->type || a->place.line != b->place.line || a->place.column != b->place.column)
		return false;
	if (a->type == TRUCE_NODE_SCALAR)
		return a->length == b->length && memcmp(a->text, b->text, a->length) == 0;
	if (a->count != b->count)
		return false;
	for (size_t i = 0; i < (a->type == TRUCE_NODE_MAPPING ? 2 * a->count : a->count); i++)
		if (!same(a->items[i], b->items[i]))
			return false;
	return true;
}

static int each(void *user, const truce_yaml_node *top, const truce_yaml_node *key, const truce_yaml_node *value)
{
	(void)value;
	(void)top;
	*(size_t *)user += key != NULL;
	return TRUCE_OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	truce_context *ctx;
	truce_arena *arena;
	const truce_yaml_node *quick, *slow;
	const truce_yaml_limits limits = {.nodes = 20000, .aliases = 100};
	const char *text = (const char *)data;
	size_t entries = 0;
	if (truce_context_new(&ctx, NULL))
		return 0;
	if (truce_arena_new(ctx, &arena) == TRUCE_OK) {
		int with = yaml_read_with(ctx, arena, &quick, "fuzz.yaml", text, size, &limits, true);
		int without = yaml_read_with(ctx, arena, &slow, "fuzz.yaml", text, size, &limits, false);
		if (with != without || (with == TRUCE_OK && !same(quick, slow)))
			abort();
		const char *copy = truce_arena_copy(arena, text, size);
		if (copy)
			(void)truce_yaml_each(ctx, arena, "fuzz.yaml", copy, size, &limits, each, &entries);
		if (with == TRUCE_OK)
			truce_yaml_get(quick, "measures");
	}
	truce_arena_free(arena);
	truce_context_free(ctx);
	return 0;
}
