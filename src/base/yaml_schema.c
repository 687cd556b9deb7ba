/* yaml_schema.c, room `base`: from YAML's nodes to structs by a declared schema, and the schema as JSON Schema.
 *
 * Every fault is said, with the place of its node; the first one does not end the work. */
#include <string.h>

#include "yaml_private.h"

struct fill {
	truce_context *ctx;
	truce_arena *arena;
	truce_yaml_refer_fn refer;
	void *user;
	bool faulty;
};

static int fill_struct(struct fill *f, char *item, const truce_yaml_schema *schema, const truce_yaml_node *key,
	const truce_yaml_node *node);

/* ---- scalars -------------------------------------------------------------------------------------------- */

#define FAULT(f, place, remedy, ...) ((f)->faulty = true, truce_yaml_say((f)->ctx, TRUCE_ERROR, place, remedy, __VA_ARGS__))

static const char *keep_text(struct fill *f, const truce_yaml_node *node)
{
	return truce_arena_copy(f->arena, node->text, node->length);
}

static bool id_is_good(const char *id)
{
	if (!*id || strlen(id) > 200)
		return false;
	for (const char *at = id; *at; at++)
		if (!((*at >= 'a' && *at <= 'z') || (*at >= 'A' && *at <= 'Z') || (*at >= '0' && *at <= '9') ||
				(at > id && (*at == '-' || *at == '_' || *at == '.'))))
			return false;
	return true;
}

static int fill_number(struct fill *f, truce_yaml_number *out, const truce_yaml_field *field, const truce_yaml_node *node)
{
	size_t length = node->length;
	double scale = 1;
	bool days = field->type == TRUCE_YAML_DAYS;
	if (days) {
		static const struct { char letter; double days; } units[] = {{'d', 1}, {'w', 7}, {'m', 30}, {'y', 365}};
		scale = 0;
		for (size_t i = 0; length && i < sizeof units / sizeof *units; i++)
			if (node->text[length - 1] == units[i].letter)
				scale = units[i].days;
		length -= length > 0;
	}
	if (scale == 0 || truce_parse_double(node->text, length, &out->value) != TRUCE_OK) {
		FAULT(f, node->place, days ? "write 30d, 12w, 3m or 2y" : "write it with a point and without a unit: 12.5",
			days ? "'%.80s' is no length of time (%s)" : "'%.80s' is no number (%s)", node->text, field->key);
		return TRUCE_OK;
	}
	out->value *= scale;
	if ((field->flags & TRUCE_YAML_POSITIVE) && !(out->value > 0))
		FAULT(f, node->place, "it must be above 0", "%s is %.80s", field->key, node->text);
	if ((field->flags & TRUCE_YAML_SHARE) && !(out->value >= 0 && out->value <= 1))
		FAULT(f, node->place, "a share lies between 0 and 1: write 0.9 for 90 %", "%s is %.80s", field->key, node->text);
	out->set = true;
	out->text = keep_text(f, node);
	return out->text ? TRUCE_OK : TRUCE_MEMORY;
}

static void fill_word(struct fill *f, int *out, const truce_yaml_field *field, const truce_yaml_node *node)
{
	const char *words[64];
	size_t count = 0;
	for (int i = 0; field->words[i]; i++) {
		if (field->words[i][0] == '\0')
			continue;
		if (strcmp(field->words[i], node->text) == 0) {
			*out = i;
			return;
		}
		if (count < 64)
			words[count++] = field->words[i];
	}
	char remedy[600];
	size_t used = (size_t)snprintf(remedy, sizeof remedy, "one of");
	for (size_t i = 0; i < count && used < sizeof remedy; i++)
		used += (size_t)snprintf(remedy + used, sizeof remedy - used, "%s %s", i ? "," : "", words[i]);
	const char *near = truce_nearest(node->text, words, count);
	if (near)
		FAULT(f, node->place, remedy, "'%.80s' is no %s; did you mean '%s'?", node->text, field->key, near);
	else
		FAULT(f, node->place, remedy, "'%.80s' is no %s", node->text, field->key);
}

static int fill_scalar(struct fill *f, char *at, const truce_yaml_field *field, const truce_yaml_node *node)
{
	if (node->type != TRUCE_NODE_SCALAR) {
		FAULT(f, node->place, NULL, "%s must be a single value, not a %s", field->key,
			node->type == TRUCE_NODE_MAPPING ? "mapping" : "list");
		return TRUCE_OK;
	}
	if (node->length == 0) {
		FAULT(f, node->place, "leave the key out, or give a value", "%s has no value", field->key);
		return TRUCE_OK;
	}
	switch (field->type) {
	case TRUCE_YAML_ID:
		if (!id_is_good(node->text))
			FAULT(f, node->place, "letters, digits, '-', '_' and '.', beginning with a letter or digit", "'%.80s' is no id", node->text);
		/* fallthrough */
	case TRUCE_YAML_TEXT: {
		const char *text = keep_text(f, node);
		if (!text)
			return TRUCE_MEMORY;
		*(const char **)(void *)at = text;
		if (field->refers_to && f->refer)
			f->refer(f->user, field, text, node->place);
		return TRUCE_OK;
	}
	case TRUCE_YAML_BOOL:
		if (strcmp(node->text, "true") == 0)
			*(bool *)(void *)at = true;
		else if (strcmp(node->text, "false") != 0)
			FAULT(f, node->place, "write true or false", "'%.80s' is neither true nor false (%s)", node->text, field->key);
		return TRUCE_OK;
	case TRUCE_YAML_NUMBER:
	case TRUCE_YAML_DAYS:
		return fill_number(f, (truce_yaml_number *)(void *)at, field, node);
	case TRUCE_YAML_TIME:
		if (truce_time_parse(node->text, (truce_time *)(void *)at) != TRUCE_OK)
			FAULT(f, node->place, "write a day that exists, 2025-08-27, or an instant with its zone, 2025-11-10T00:01-05:00",
				"'%.80s' is no date (%s)", node->text, field->key);
		return TRUCE_OK;
	case TRUCE_YAML_ENUM:
		fill_word(f, (int *)(void *)at, field, node);
		return TRUCE_OK;
	default:
		return TRUCE_OK;
	}
}

/* ---- lists ------------------------------------------------------------------------------------------------ */

static int fill_texts(struct fill *f, truce_yaml_list *list, const truce_yaml_field *field, const truce_yaml_node *node)
{
	const truce_yaml_node *const *items = node->items;
	size_t count = node->count;
	if (node->type == TRUCE_NODE_SCALAR && (field->flags & TRUCE_YAML_SINGLE)) {
		items = &node;
		count = 1;
	} else if (node->type != TRUCE_NODE_SEQUENCE) {
		FAULT(f, node->place, "write [one, two]", "%s must be a list", field->key);
		return TRUCE_OK;
	}
	if (count == 0)
		return TRUCE_OK;
	const char **texts = truce_arena_array(f->arena, count, sizeof *texts);
	if (!texts)
		return TRUCE_MEMORY;
	truce_yaml_field one = *field;
	one.type = TRUCE_YAML_TEXT;
	one.refers_to = NULL; /* told below, with the field of the table, which lives on */
	for (size_t i = 0; i < count; i++) {
		texts[i] = "";
		int status = fill_scalar(f, (char *)&texts[i], &one, items[i]);
		if (status != TRUCE_OK)
			return status;
		if (field->refers_to && f->refer && texts[i][0])
			f->refer(f->user, field, texts[i], items[i]->place);
	}
	*list = (truce_yaml_list){count, texts};
	return TRUCE_OK;
}

static int fill_list(struct fill *f, truce_yaml_list *list, const truce_yaml_field *field, const truce_yaml_node *node)
{
	const truce_yaml_node *const *items = node->items;
	size_t count = node->count;
	bool single = node->type == TRUCE_NODE_MAPPING || (node->type == TRUCE_NODE_SCALAR && field->of->shorthand && node->length);
	if (single && (field->flags & TRUCE_YAML_SINGLE)) {
		items = &node;
		count = 1;
	} else if (node->type != TRUCE_NODE_SEQUENCE) {
		FAULT(f, node->place, "write a list: lines that begin with \"- \"", "%s must be a list", field->key);
		return TRUCE_OK;
	}
	if (count == 0)
		return TRUCE_OK;
	char *structs = truce_arena_array(f->arena, count, field->of->size);
	if (!structs)
		return TRUCE_MEMORY;
	for (size_t i = 0; i < count; i++) {
		int status = fill_struct(f, structs + i * field->of->size, field->of, NULL, items[i]);
		if (status != TRUCE_OK)
			return status;
	}
	*list = (truce_yaml_list){count, structs};
	return TRUCE_OK;
}

static int fill_map(struct fill *f, truce_yaml_list *list, const truce_yaml_field *field, const truce_yaml_node *node)
{
	if (node->type != TRUCE_NODE_MAPPING) {
		FAULT(f, node->place, "write id: {...} below it", "%s must be a mapping", field->key);
		return TRUCE_OK;
	}
	char *structs = node->count ? truce_arena_array(f->arena, node->count, field->of->size) : NULL;
	if (node->count && !structs)
		return TRUCE_MEMORY;
	for (size_t i = 0; i < node->count; i++) {
		int status = fill_struct(f, structs + i * field->of->size, field->of, node->items[2 * i], node->items[2 * i + 1]);
		if (status != TRUCE_OK)
			return status;
	}
	*list = (truce_yaml_list){node->count, structs};
	return TRUCE_OK;
}

/* ---- structs -------------------------------------------------------------------------------------------------- */

static int fill_field(struct fill *f, char *item, const truce_yaml_field *field, const truce_yaml_node *node)
{
	char *at = item + field->offset;
	switch (field->type) {
	case TRUCE_YAML_STRUCT:
		return fill_struct(f, at, field->of, NULL, node);
	case TRUCE_YAML_MAYBE: {
		char *part = truce_arena_take(f->arena, field->of->size);
		if (!part)
			return TRUCE_MEMORY;
		*(void **)(void *)at = part;
		return fill_struct(f, part, field->of, NULL, node);
	}
	case TRUCE_YAML_LIST:
		return fill_list(f, (truce_yaml_list *)(void *)at, field, node);
	case TRUCE_YAML_TEXTS:
		return fill_texts(f, (truce_yaml_list *)(void *)at, field, node);
	case TRUCE_YAML_MAP:
		return fill_map(f, (truce_yaml_list *)(void *)at, field, node);
	case TRUCE_YAML_NODE:
		*(const truce_yaml_node **)(void *)at = node;
		return TRUCE_OK;
	default:
		return fill_scalar(f, at, field, node);
	}
}

/* What is not given: words are -1, all else is zero as it was taken. */
static void set_defaults(char *item, const truce_yaml_schema *schema)
{
	for (const truce_yaml_field *field = schema->fields; field->key; field++)
		if (field->type == TRUCE_YAML_ENUM)
			*(int *)(void *)(item + field->offset) = -1;
		else if (field->type == TRUCE_YAML_STRUCT)
			set_defaults(item + field->offset, field->of);
}

static bool is_id(const truce_yaml_field *field)
{
	return strcmp(field->key, "id") == 0;
}

static void name_keys(char *out, size_t size, const truce_yaml_schema *schema, const char *const *keys, size_t count)
{
	size_t used = (size_t)snprintf(out, size, "the keys of %s are", schema->name);
	for (size_t i = 0; i < count && used < size; i++)
		used += (size_t)snprintf(out + used, size - used, "%s %s", i ? "," : "", keys[i]);
}

static void no_mapping(struct fill *f, const truce_yaml_schema *schema, const truce_yaml_node *node)
{
	const char *keys[128];
	size_t count = 0;
	char remedy[900];
	for (const truce_yaml_field *field = schema->fields; field->key && count < 128; field++)
		keys[count++] = field->key;
	name_keys(remedy, sizeof remedy, schema, keys, count);
	FAULT(f, node->place, remedy, "%s must be a mapping, {key: value, ...}", schema->name);
}

static void unknown_key(struct fill *f, const truce_yaml_schema *schema, const truce_yaml_node *key, bool of_map)
{
	const char *keys[128];
	size_t count = 0;
	for (const truce_yaml_field *field = schema->fields; field->key && count < 128; field++)
		if (!of_map || !is_id(field))
			keys[count++] = field->key;
	if (of_map && strcmp(key->text, "id") == 0) {
		FAULT(f, key->place, "take it out", "the id is the key above: it is not written inside");
		return;
	}
	if (strchr(key->text, ' ')) {
		FAULT(f, key->place, "inside { } a text with a comma or a colon stands in quotes", "unknown key '%.80s' in %s", key->text, schema->name);
		return;
	}
	char remedy[900];
	name_keys(remedy, sizeof remedy, schema, keys, count);
	const char *near = truce_nearest(key->text, keys, count);
	if (near)
		FAULT(f, key->place, remedy, "unknown key '%.80s' in %s; did you mean '%s'?", key->text, schema->name, near);
	else
		FAULT(f, key->place, remedy, "unknown key '%.80s' in %s", key->text, schema->name);
}

static int fill_struct(struct fill *f, char *item, const truce_yaml_schema *schema, const truce_yaml_node *key,
	const truce_yaml_node *node)
{
	int status = TRUCE_OK;
	uint64_t seen[2] = {0, 0}; /* bit per field; a schema has at most 128 */
	bool shorthand = false;
	set_defaults(item, schema);
	if (schema->place_offset != (size_t)-1)
		*(truce_place *)(void *)(item + schema->place_offset) = key ? key->place : node->place;
	if (node->type == TRUCE_NODE_MAPPING) {
		const truce_yaml_field *next = schema->fields;
		for (size_t i = 0; i < node->count && status == TRUCE_OK; i++) {
			const truce_yaml_node *name = node->items[2 * i];
			/* Keys mostly come in the order of the table: begin after the last one found. */
			const truce_yaml_field *field = next;
			bool found = false;
			for (int round = 0; round < 2 && !found; round++) {
				for (; field->key && !(round == 1 && field == next); field++)
					if (field->key[0] == name->text[0] && strcmp(field->key, name->text) == 0 && !(key && is_id(field))) {
						found = true;
						break;
					}
				if (!found)
					field = schema->fields;
			}
			if (!found) {
				unknown_key(f, schema, name, key != NULL);
				continue;
			}
			size_t number = (size_t)(field - schema->fields);
			seen[number / 64 % 2] |= (uint64_t)1 << number % 64;
			status = fill_field(f, item, field, node->items[2 * i + 1]);
			next = field + 1;
		}
	} else if (schema->shorthand && (node->type == TRUCE_NODE_SEQUENCE || node->length)) {
		for (const truce_yaml_field *field = schema->fields; field->key && !shorthand; field++)
			if (strcmp(field->key, schema->shorthand) == 0) {
				size_t number = (size_t)(field - schema->fields);
				seen[number / 64 % 2] |= (uint64_t)1 << number % 64;
				status = fill_field(f, item, field, node);
				shorthand = true;
			}
	} else {
		no_mapping(f, schema, node);
		return TRUCE_OK;
	}
	for (const truce_yaml_field *field = schema->fields; field->key && status == TRUCE_OK; field++) {
		size_t number = (size_t)(field - schema->fields);
		if (key && is_id(field)) {
			if (!id_is_good(key->text))
				FAULT(f, key->place, "letters, digits, '-', '_' and '.', beginning with a letter or digit", "'%.80s' is no id", key->text);
			const char *id = keep_text(f, key);
			if (!id)
				return TRUCE_MEMORY;
			*(const char **)(void *)(item + field->offset) = id;
		} else if ((field->flags & TRUCE_YAML_REQUIRED) && !(seen[number / 64 % 2] >> number % 64 & 1)) {
			FAULT(f, key ? key->place : node->place, field->doc, "%s%s%.80s without %s", schema->name, key ? " " : "",
				key ? key->text : "", field->key);
		}
	}
	if (status == TRUCE_OK && schema->check) {
		size_t before = truce_diagnostic_total(f->ctx, TRUCE_ERROR);
		status = schema->check(f->ctx, item, node);
		f->faulty = f->faulty || truce_diagnostic_total(f->ctx, TRUCE_ERROR) != before || status == TRUCE_INPUT;
		status = status == TRUCE_INPUT ? TRUCE_OK : status;
	}
	return status;
}

int truce_yaml_fill_entry(truce_context *ctx, truce_arena *arena, void *item, const truce_yaml_schema *schema,
	const truce_yaml_node *key, const truce_yaml_node *node, truce_yaml_refer_fn refer, void *user)
{
	struct fill f = {.ctx = ctx, .arena = arena, .refer = refer, .user = user};
	int status = fill_struct(&f, item, schema, key, node);
	return status == TRUCE_OK && f.faulty ? TRUCE_INPUT : status;
}

int truce_yaml_fill(truce_context *ctx, truce_arena *arena, void *item, const truce_yaml_schema *schema, const truce_yaml_node *node)
{
	return truce_yaml_fill_entry(ctx, arena, item, schema, NULL, node, NULL, NULL);
}

/* ---- JSON Schema ---------------------------------------------------------------------------------------------------- */

enum { SCHEMA_LIMIT = 256 };

struct schemas {
	const truce_yaml_schema *seen[SCHEMA_LIMIT];
	bool entry[SCHEMA_LIMIT]; /* met as the entry of a map: its id is the key */
	size_t count;
	bool full;
};

static void collect(struct schemas *s, const truce_yaml_schema *schema, bool entry)
{
	for (size_t i = 0; i < s->count; i++)
		if (s->seen[i] == schema) {
			s->entry[i] = s->entry[i] || entry;
			return;
		}
	if (s->count == SCHEMA_LIMIT) {
		s->full = true;
		return;
	}
	s->seen[s->count] = schema;
	s->entry[s->count++] = entry;
	for (const truce_yaml_field *field = schema->fields; field->key; field++)
		if (field->of)
			collect(s, field->of, field->type == TRUCE_YAML_MAP);
}

static void write_reference(truce_json *json, const char *key, const truce_yaml_schema *schema)
{
	char reference[160];
	snprintf(reference, sizeof reference, "#/$defs/%s", schema->name);
	truce_json_open(json, key, '{');
	truce_json_text(json, "$ref", reference);
	truce_json_close(json, '}');
}

static void write_pattern(truce_json *json, const char *pattern)
{
	truce_json_text(json, "type", "string");
	truce_json_text(json, "pattern", pattern);
}

static void write_type(truce_json *json, const truce_yaml_field *field)
{
	bool single = field->flags & TRUCE_YAML_SINGLE;
	switch (field->type) {
	case TRUCE_YAML_TEXT:
		write_pattern(json, "^(.|\\n)+$");
		break;
	case TRUCE_YAML_ID:
		write_pattern(json, "^[A-Za-z0-9][A-Za-z0-9._-]*$");
		break;
	case TRUCE_YAML_BOOL:
		write_pattern(json, "^(true|false)$");
		break;
	case TRUCE_YAML_NUMBER:
		write_pattern(json, "^[+-]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][+-]?[0-9]+)?$");
		break;
	case TRUCE_YAML_DAYS:
		write_pattern(json, "^[0-9]+(\\.[0-9]+)?[dwmy]$");
		break;
	case TRUCE_YAML_TIME:
		write_pattern(json, "^[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}(:[0-9]{2})?(Z|[+-][0-9]{2}:[0-9]{2}))?$");
		break;
	case TRUCE_YAML_ENUM:
		truce_json_open(json, "enum", '[');
		for (int i = 0; field->words[i]; i++)
			if (field->words[i][0])
				truce_json_text(json, NULL, field->words[i]);
		truce_json_close(json, ']');
		break;
	case TRUCE_YAML_STRUCT:
	case TRUCE_YAML_MAYBE: {
		char reference[160];
		snprintf(reference, sizeof reference, "#/$defs/%s", field->of->name);
		truce_json_text(json, "$ref", reference);
		break;
	}
	case TRUCE_YAML_LIST:
		truce_json_open(json, "anyOf", '[');
		truce_json_open(json, NULL, '{');
		truce_json_text(json, "type", "array");
		write_reference(json, "items", field->of);
		truce_json_close(json, '}');
		if (single)
			write_reference(json, NULL, field->of);
		truce_json_close(json, ']');
		break;
	case TRUCE_YAML_TEXTS:
		truce_json_open(json, "anyOf", '[');
		truce_json_open(json, NULL, '{');
		truce_json_text(json, "type", "array");
		truce_json_open(json, "items", '{');
		write_pattern(json, "^(.|\\n)+$");
		truce_json_close(json, '}');
		truce_json_close(json, '}');
		if (single) {
			truce_json_open(json, NULL, '{');
			write_pattern(json, "^(.|\\n)+$");
			truce_json_close(json, '}');
		}
		truce_json_close(json, ']');
		break;
	case TRUCE_YAML_MAP:
		truce_json_text(json, "type", "object");
		truce_json_open(json, "propertyNames", '{');
		truce_json_text(json, "pattern", "^[A-Za-z0-9][A-Za-z0-9._-]*$");
		truce_json_close(json, '}');
		write_reference(json, "additionalProperties", field->of);
		break;
	case TRUCE_YAML_NODE:
		break;
	}
}

static void write_field(truce_json *json, const char *key, const truce_yaml_field *field)
{
	char text[400];
	truce_json_open(json, key, '{');
	write_type(json, field);
	snprintf(text, sizeof text, "%s%s%s%s", field->doc ? field->doc : "", field->refers_to ? " Refers to: " : "",
		field->refers_to ? field->refers_to : "", field->refers_to ? "." : "");
	if (text[0])
		truce_json_text(json, "description", text);
	truce_json_close(json, '}');
}

static void write_object(truce_json *json, const truce_yaml_schema *schema, bool entry)
{
	truce_json_text(json, "type", "object");
	truce_json_bool(json, "additionalProperties", false);
	truce_json_open(json, "properties", '{');
	for (const truce_yaml_field *field = schema->fields; field->key; field++)
		if (!entry || !is_id(field))
			write_field(json, field->key, field);
	truce_json_close(json, '}');
	bool any = false;
	for (const truce_yaml_field *field = schema->fields; field->key; field++)
		any = any || (field->flags & TRUCE_YAML_REQUIRED);
	if (any) {
		truce_json_open(json, "required", '[');
		for (const truce_yaml_field *field = schema->fields; field->key; field++)
			if (field->flags & TRUCE_YAML_REQUIRED)
				truce_json_text(json, NULL, field->key);
		truce_json_close(json, ']');
	}
}

static void write_schema(truce_json *json, const char *key, const truce_yaml_schema *schema, bool entry)
{
	truce_json_open(json, key, '{');
	if (schema->doc)
		truce_json_text(json, "description", schema->doc);
	if (schema->shorthand) {
		truce_json_open(json, "anyOf", '[');
		truce_json_open(json, NULL, '{');
		write_object(json, schema, entry);
		truce_json_close(json, '}');
		for (const truce_yaml_field *field = schema->fields; field->key; field++)
			if (strcmp(field->key, schema->shorthand) == 0)
				write_field(json, NULL, field);
		truce_json_close(json, ']');
	} else {
		write_object(json, schema, entry);
	}
	truce_json_close(json, '}');
}

int truce_yaml_json_schema(truce_json *json, const truce_yaml_schema *root)
{
	struct schemas s = {0};
	for (const truce_yaml_field *field = root->fields; field->key; field++)
		if (field->of)
			collect(&s, field->of, field->type == TRUCE_YAML_MAP);
	if (s.full)
		return TRUCE_LIMIT;
	truce_json_open(json, NULL, '{');
	truce_json_text(json, "$schema", "https://json-schema.org/draft/2020-12/schema");
	truce_json_text(json, "title", root->name);
	if (root->doc)
		truce_json_text(json, "description", root->doc);
	write_object(json, root, false);
	truce_json_open(json, "$defs", '{');
	for (size_t i = 0; i < s.count; i++)
		write_schema(json, s.seen[i]->name, s.seen[i], s.entry[i]);
	truce_json_close(json, '}');
	truce_json_close(json, '}');
	return truce_text_done(json->out);
}
