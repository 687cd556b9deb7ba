/* Room base: the trail of a number, a tree from what is printed back to records and sources. */
#include <truce/base.h>

#include <string.h>

int truce_trail_new(truce_arena *arena, truce_trail **out, const char *id, double value, const char *unit,
	const char *operation, const char *what)
{
	truce_trail *trail = truce_arena_take(arena, sizeof *trail);
	*out = NULL;
	if (!trail)
		return TRUCE_MEMORY;
	trail->id = truce_arena_text(arena, id);
	trail->what = truce_arena_text(arena, what);
	trail->unit = truce_arena_text(arena, unit);
	trail->operation = truce_arena_text(arena, operation);
	trail->value = value;
	if ((id && !trail->id) || (what && !trail->what) || (unit && !trail->unit) || (operation && !trail->operation))
		return TRUCE_MEMORY;
	*out = trail;
	return TRUCE_OK;
}

int truce_trail_add(truce_arena *arena, truce_trail *parent, truce_trail *input)
{
	/* The array doubles at powers of two; the old one stays in the arena. */
	if ((parent->count & (parent->count - 1)) == 0) {
		size_t capacity = parent->count ? 2 * parent->count : 1;
		truce_trail **inputs = truce_arena_array(arena, capacity, sizeof *inputs);
		if (!inputs)
			return TRUCE_MEMORY;
		if (parent->count)
			memcpy(inputs, parent->inputs, parent->count * sizeof *inputs);
		parent->inputs = inputs;
	}
	parent->inputs[parent->count++] = input;
	return TRUCE_OK;
}

const truce_trail *truce_trail_find(const truce_trail *root, const char *id)
{
	if (!root || (root->id && strcmp(root->id, id) == 0))
		return root;
	for (size_t i = 0; i < root->count; i++) {
		const truce_trail *found = truce_trail_find(root->inputs[i], id);
		if (found)
			return found;
	}
	return NULL;
}

void truce_trail_to_json(truce_json *json, const char *key, const truce_trail *trail)
{
	truce_json_open(json, key, '{');
	truce_json_text(json, "id", trail->id);
	truce_json_text(json, "what", trail->what);
	truce_json_number(json, "value", trail->value);
	truce_json_text(json, "unit", trail->unit);
	truce_json_text(json, "operation", trail->operation);
	if (trail->record)
		truce_json_text(json, "record", trail->record);
	if (trail->source)
		truce_json_text(json, "source", trail->source);
	if (trail->count) {
		truce_json_open(json, "inputs", '[');
		for (size_t i = 0; i < trail->count; i++)
			truce_trail_to_json(json, NULL, trail->inputs[i]);
		truce_json_close(json, ']');
	}
	truce_json_close(json, '}');
}
