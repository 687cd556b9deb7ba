/* Room cost: the bridge, which says how much of a sector's trade on an edge a measure or a good of a record covers.
 *
 * It is data beside a world, with a source on every row; the program knows neither the measures nor the sectors. */
#include "private.h"

#include <string.h>

typedef struct {
	truce_place place;
	const char *of, *importer, *exporter, *source, *method;
	bool unsure;
	truce_time from, until;
	const truce_yaml_node *shares;
} row_text;

typedef struct {
	const char *world, *note;
	truce_time as_of;
	truce_yaml_list untaxed; /* const char * */
	truce_yaml_list rows;    /* row_text */
} bridge_text;

static const truce_yaml_field row_fields[] = {
	{.key = "of", .type = TRUCE_YAML_TEXT, .offset = offsetof(row_text, of), .flags = TRUCE_YAML_REQUIRED,
		.doc = "Id of a measure or of a good."},
	{.key = "importer", .type = TRUCE_YAML_TEXT, .offset = offsetof(row_text, importer), .flags = TRUCE_YAML_REQUIRED,
		.doc = "Region of the world, or \"*\"."},
	{.key = "exporter", .type = TRUCE_YAML_TEXT, .offset = offsetof(row_text, exporter), .flags = TRUCE_YAML_REQUIRED,
		.doc = "Region of the world, or \"*\"."},
	{.key = "shares", .type = TRUCE_YAML_NODE, .offset = offsetof(row_text, shares), .flags = TRUCE_YAML_REQUIRED,
		.doc = "Share of the sector's trade that it covers, by sector; \"*\" every taxed sector; sectors not named 0."},
	{.key = "from", .type = TRUCE_YAML_TIME, .offset = offsetof(row_text, from), .doc = "The first day on which it holds."},
	{.key = "until", .type = TRUCE_YAML_TIME, .offset = offsetof(row_text, until), .doc = "The first day on which it no longer holds."},
	{.key = "source", .type = TRUCE_YAML_TEXT, .offset = offsetof(row_text, source), .flags = TRUCE_YAML_REQUIRED,
		.doc = "Where the shares come from."},
	{.key = "method", .type = TRUCE_YAML_TEXT, .offset = offsetof(row_text, method), .doc = "How they were computed."},
	{.key = "unsure", .type = TRUCE_YAML_BOOL, .offset = offsetof(row_text, unsure), .doc = "A stated assumption."},
	{.key = NULL}};
static const truce_yaml_schema row_schema = {.name = "row", .size = sizeof(row_text), .place_offset = offsetof(row_text, place),
	.fields = row_fields, .doc = "What one measure or good covers on one edge."};
static const truce_yaml_field bridge_fields[] = {
	{.key = "world", .type = TRUCE_YAML_TEXT, .offset = offsetof(bridge_text, world), .flags = TRUCE_YAML_REQUIRED,
		.doc = "Name of the world it is for."},
	{.key = "tariffs_as_of", .type = TRUCE_YAML_TIME, .offset = offsetof(bridge_text, as_of), .flags = TRUCE_YAML_REQUIRED,
		.doc = "The day whose tariffs the world holds."},
	{.key = "untaxed", .type = TRUCE_YAML_TEXTS, .offset = offsetof(bridge_text, untaxed),
		.doc = "Sectors that pay no duty: services."},
	{.key = "rows", .type = TRUCE_YAML_LIST, .offset = offsetof(bridge_text, rows), .of = &row_schema, .doc = "What covers what."},
	{.key = "note", .type = TRUCE_YAML_TEXT, .offset = offsetof(bridge_text, note), .doc = "For people."},
	{.key = NULL}};
static const truce_yaml_schema bridge_schema = {.name = "bridge", .size = sizeof(bridge_text), .place_offset = (size_t)-1,
	.fields = bridge_fields, .doc = "How the measures of a record lie on the sectors of a world."};

#define ANY SIZE_MAX

typedef struct {
	const char *of, *source;
	size_t importer, exporter; /* ANY */
	truce_instant from, until; /* EVER, NEVER */
	double *share;             /* [J] */
} bridge_row;

struct truce_bridge {
	truce_context *ctx;
	truce_arena *arena;
	truce_time as_of;
	size_t sectors, count;
	bool *untaxed; /* [J] */
	bool empty;    /* there is no file */
	bridge_row *rows;
};

static int region_of(truce_context *ctx, const truce_world *world, truce_place place, const char *name, size_t *out)
{
	*out = strcmp(name, "*") == 0 ? ANY : truce_world_region(world, name);
	if (*out != ANY || strcmp(name, "*") == 0)
		return TRUCE_OK;
	const char *near = truce_nearest(name, world->region, world->regions);
	truce_yaml_say(ctx, TRUCE_ERROR, place, NULL, "the world \"%s\" has no region \"%s\"%s%s", world->name, name,
		near ? "; the nearest is " : "", near ? near : "");
	return TRUCE_INPUT;
}

static int read_shares(truce_context *ctx, const truce_world *world, const truce_bridge *bridge, const row_text *text,
	bridge_row *row)
{
	int status = TRUCE_OK;
	if (text->shares->type != TRUCE_NODE_MAPPING) {
		truce_yaml_say(ctx, TRUCE_ERROR, text->shares->place, "write {SECTOR: 0.5, ...}", "shares is no mapping");
		return TRUCE_INPUT;
	}
	for (size_t p = 0; p < text->shares->count; p++) {
		const truce_yaml_node *key = text->shares->items[2 * p], *value = text->shares->items[2 * p + 1];
		double share = 0;
		if (value->type != TRUCE_NODE_SCALAR || truce_parse_double(value->text, value->length, &share) || !(share >= 0 && share <= 1)) {
			truce_yaml_say(ctx, TRUCE_ERROR, value->place, "shares lie from 0 to 1", "this is no share");
			status = TRUCE_INPUT;
			continue;
		}
		if (key->type == TRUCE_NODE_SCALAR && strcmp(key->text, "*") == 0) {
			for (size_t j = 0; j < bridge->sectors; j++)
				if (!bridge->untaxed[j])
					row->share[j] = share;
			continue;
		}
		size_t j = key->type == TRUCE_NODE_SCALAR ? truce_world_sector(world, key->text) : TRUCE_WORLD_NONE;
		if (j == TRUCE_WORLD_NONE) {
			const char *near = key->type == TRUCE_NODE_SCALAR ? truce_nearest(key->text, world->sector, world->sectors) : NULL;
			truce_yaml_say(ctx, TRUCE_ERROR, key->place, NULL, "the world \"%s\" has no such sector%s%s", world->name,
				near ? "; the nearest is " : "", near ? near : "");
			status = TRUCE_INPUT;
			continue;
		}
		row->share[j] = share;
	}
	return status;
}

static int fill(truce_context *ctx, truce_bridge *bridge, const bridge_text *text, const truce_world *world)
{
	int status = TRUCE_OK;
	bridge->as_of = text->as_of;
	bridge->untaxed = truce_arena_array(bridge->arena, bridge->sectors, sizeof *bridge->untaxed);
	bridge->rows = truce_arena_array(bridge->arena, text->rows.count ? text->rows.count : 1, sizeof *bridge->rows);
	if (!bridge->untaxed || !bridge->rows)
		return TRUCE_MEMORY;
	for (size_t i = 0; i < text->untaxed.count; i++) {
		const char *name = TRUCE_LIST_TEXT(text->untaxed, i);
		size_t j = truce_world_sector(world, name);
		if (j == TRUCE_WORLD_NONE)
			status = truce_fail(ctx, TRUCE_INPUT, NULL, 0, 0, "`truce world show` lists them",
				"untaxed names \"%s\", which is no sector of the world \"%s\"", name, world->name);
		else
			bridge->untaxed[j] = true;
	}
	for (size_t i = 0; i < text->rows.count; i++) {
		const row_text *from = TRUCE_LIST_AT(text->rows, const row_text, i);
		bridge_row *row = &bridge->rows[bridge->count++];
		row->of = from->of;
		row->source = from->source;
		row->from = from->from.set ? truce_time_start(&from->from, NULL) : TRUCE_EVER;
		row->until = from->until.set ? truce_time_start(&from->until, NULL) : TRUCE_NEVER;
		row->share = truce_arena_array(bridge->arena, bridge->sectors, sizeof *row->share);
		if (!row->share)
			return TRUCE_MEMORY;
		int bad = region_of(ctx, world, from->place, from->importer, &row->importer);
		bad = region_of(ctx, world, from->place, from->exporter, &row->exporter) ? TRUCE_INPUT : bad;
		bad = read_shares(ctx, world, bridge, from, row) ? TRUCE_INPUT : bad;
		status = bad ? bad : status;
	}
	return status;
}

int truce_bridge_read(truce_context *ctx, truce_bridge **out, const char *path, const truce_world *world)
{
	truce_bridge *bridge = NULL;
	truce_arena *arena = NULL;
	bridge_text text = {0};
	const truce_yaml_node *node;
	char *data = NULL;
	size_t length;
	*out = NULL;
	int status = truce_file_read(ctx, &data, &length, path, (size_t)64 << 20);
	if (status || (status = truce_arena_new(ctx, &arena)))
		goto done;
	if ((status = truce_yaml_read(ctx, arena, &node, path, data, length, NULL)) ||
		(status = truce_yaml_fill(ctx, arena, &text, &bridge_schema, node)))
		goto done;
	if (!(bridge = truce_arena_take(arena, sizeof *bridge))) {
		status = TRUCE_MEMORY;
		goto done;
	}
	bridge->ctx = ctx;
	bridge->arena = arena;
	bridge->sectors = world->sectors;
	if (!world->name || strcmp(text.world, world->name) != 0)
		status = truce_fail(ctx, TRUCE_INPUT, path, 1, 1, "name the bridge of this world with --bridge",
			"is the bridge of the world \"%s\", not of \"%s\"", text.world, world->name ? world->name : "(no name)");
	else
		status = fill(ctx, bridge, &text, world);
	if (!status) {
		*out = bridge;
		arena = NULL;
	}
done:
	truce_release(ctx, data);
	truce_arena_free(arena);
	return status;
}

int truce_bridge_none(truce_context *ctx, truce_bridge **out, const truce_world *world, truce_time as_of)
{
	truce_arena *arena;
	*out = NULL;
	int status = truce_arena_new(ctx, &arena);
	if (status)
		return status;
	truce_bridge *bridge = truce_arena_take(arena, sizeof *bridge);
	bool *untaxed = truce_arena_array(arena, world->sectors, sizeof *untaxed);
	if (!bridge || !untaxed) {
		truce_arena_free(arena);
		return TRUCE_MEMORY;
	}
	*bridge = (truce_bridge){.ctx = ctx, .arena = arena, .as_of = as_of, .sectors = world->sectors, .untaxed = untaxed, .empty = true};
	*out = bridge;
	return TRUCE_OK;
}

bool truce_bridge_is_empty(const truce_bridge *bridge)
{
	return bridge->empty;
}

void truce_bridge_free(truce_bridge *bridge)
{
	if (bridge)
		truce_arena_free(bridge->arena);
}

bool truce_bridge_has(const truce_bridge *bridge, const char *of)
{
	for (size_t i = 0; i < bridge->count; i++)
		if (strcmp(bridge->rows[i].of, of) == 0)
			return true;
	return false;
}

/* Of the rows that hold on the day, the one that names the edge most exactly. */
bool truce_bridge_share(const truce_bridge *bridge, const char *of, size_t importer, size_t exporter, size_t sector,
	truce_time on, double *share, const char **source)
{
	const bridge_row *best = NULL;
	truce_instant day = truce_time_start(&on, NULL);
	int best_rank = -1;
	for (size_t i = 0; i < bridge->count; i++) {
		const bridge_row *row = &bridge->rows[i];
		if ((row->importer != ANY && row->importer != importer) || (row->exporter != ANY && row->exporter != exporter) ||
			day < row->from || day >= row->until || strcmp(row->of, of) != 0)
			continue;
		int rank = (row->importer != ANY) + (row->exporter != ANY);
		if (rank > best_rank) {
			best = row;
			best_rank = rank;
		}
	}
	if (!best)
		return false;
	*share = best->share[sector];
	*source = best->source;
	return true;
}

bool truce_bridge_taxed(const truce_bridge *bridge, size_t sector)
{
	return !bridge->untaxed[sector];
}

truce_time truce_bridge_as_of(const truce_bridge *bridge)
{
	return bridge->as_of;
}
