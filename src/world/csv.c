/* csv.c: room world.  The plain CSV form of a world (design, section 5; docs/formats/world.md). */
#include "world_private.h"

#include <math.h>
#include <string.h>

struct import {
	truce_context *ctx;
	truce_arena *arena; /* ids, until the world is made */
	const char *folder;
	struct world_names regions, sectors;
	size_t theta_room, added_room;
	double *theta;      /* [sectors][3] theta, theta_se, psi */
	truce_world *world;
	double unit;
};

static int open_table(struct import *import, truce_csv **csv, const char *file)
{
	char *path = truce_arena_printf(import->arena, "%s/%s", import->folder, file);
	return path ? truce_csv_open(import->ctx, csv, path) : TRUCE_MEMORY;
}

/* The columns that a table must have, in the order asked for. */
static int columns_of(truce_csv *csv, const char *const *names, size_t count, size_t *at)
{
	int error = TRUCE_OK;
	for (size_t i = 0; i < count && !error; i++)
		error = truce_csv_column(csv, &at[i], names[i]);
	return error;
}

/* The position of an id that must be known. */
static int known(truce_csv *csv, size_t column, const struct world_names *names, const char *what, const char *where,
	size_t *out)
{
	const char *id = truce_csv_field(csv, column);
	*out = world_names_find(names, id);
	if (*out != TRUCE_WORLD_NONE)
		return TRUCE_OK;
	const char *near = truce_nearest(id, names->name, names->count);
	if (near)
		return truce_csv_fail(csv, column, where, "there is no %s \"%s\"; did you mean %s?", what, id, near);
	return truce_csv_fail(csv, column, where, "there is no %s \"%s\"", what, id);
}

/* elasticity.csv names the sectors. */
static int read_elasticity(struct import *import)
{
	static const char *const names[] = { "sector", "theta" };
	truce_csv *csv = NULL;
	size_t at[2], se = 0, psi = 0, j;
	int row = 0, error = open_table(import, &csv, "elasticity.csv");

	if (!error)
		error = columns_of(csv, names, 2, at);
	bool has_se = !error && truce_csv_has_column(csv, "se", &se);
	bool has_psi = !error && truce_csv_has_column(csv, "psi", &psi);
	while (!error && (row = truce_csv_next(csv)) == 1) {
		size_t before = import->sectors.count;
		if (!*truce_csv_field(csv, at[0])) {
			error = truce_csv_fail(csv, at[0], NULL, "a sector needs an id");
			break;
		}
		if ((error = world_names_add(&import->sectors, truce_csv_field(csv, at[0]), &j)))
			break;
		if (j < before) {
			error = truce_csv_fail(csv, at[0], "one row a sector", "sector %s stands here twice", import->sectors.name[j]);
			break;
		}
		if ((error = truce_grow(import->ctx, &import->theta, &import->theta_room, 3 * (j + 1), sizeof(double))))
			break;
		double *values = import->theta + 3 * j;
		values[1] = values[2] = NAN;
		error = truce_csv_double(csv, at[1], &values[0]);
		if (!error && has_se && *truce_csv_field(csv, se))
			error = truce_csv_double(csv, se, &values[1]);
		if (!error && has_psi && *truce_csv_field(csv, psi))
			error = truce_csv_double(csv, psi, &values[2]);
		if (!error && !(values[0] > 0))
			error = truce_csv_fail(csv, at[1], "give the trade elasticity, 4 for instance",
				"theta of sector %s is not above 0", import->sectors.name[j]);
	}
	truce_csv_close(csv);
	if (error || row < 0)
		return error ? error : row;
	if (!import->sectors.count)
		return truce_fail(import->ctx, TRUCE_INPUT, import->folder, 0, 0, NULL, "elasticity.csv names no sector");
	return TRUCE_OK;
}

/* value_added.csv names the regions: once for the names, once for the numbers. */
static int read_regions(struct import *import)
{
	truce_csv *csv = NULL;
	size_t at, n;
	int row = 0, error = open_table(import, &csv, "value_added.csv");

	if (!error)
		error = truce_csv_column(csv, &at, "region");
	while (!error && (row = truce_csv_next(csv)) == 1) {
		if (!*truce_csv_field(csv, at))
			error = truce_csv_fail(csv, at, NULL, "a region needs an id");
		else
			error = world_names_add(&import->regions, truce_csv_field(csv, at), &n);
	}
	truce_csv_close(csv);
	if (error || row < 0)
		return error ? error : row;
	if (!import->regions.count)
		return truce_fail(import->ctx, TRUCE_INPUT, import->folder, 0, 0, NULL, "value_added.csv names no region");
	return TRUCE_OK;
}

/* `region,sector,share` into to[N][J]; a cell that is not named stays 0. */
static int read_cells(struct import *import, const char *file, double *to)
{
	static const char *const names[] = { "region", "sector", "share" };
	size_t J = import->world->sectors, cells = import->world->regions * J, at[3], n, j;
	truce_csv *csv = NULL;
	int row = 0, error = open_table(import, &csv, file);

	for (size_t c = 0; c < cells; c++)
		to[c] = NAN;
	if (!error)
		error = columns_of(csv, names, 3, at);
	while (!error && (row = truce_csv_next(csv)) == 1) {
		double value;
		if ((error = known(csv, at[0], &import->regions, "region", "value_added.csv names the regions", &n)) ||
			(error = known(csv, at[1], &import->sectors, "sector", "elasticity.csv names the sectors", &j)) ||
			(error = truce_csv_double(csv, at[2], &value)))
			break;
		if (!(value >= 0 && value <= 1 + 1e-5))
			error = truce_csv_fail(csv, at[2], "shares are fractions", "a share lies between 0 and 1");
		else if (!isnan(to[n * J + j]))
			error = truce_csv_fail(csv, at[1], "one row a cell", "%s in %s stands here twice", import->sectors.name[j],
				import->regions.name[n]);
		else
			to[n * J + j] = value;
	}
	truce_csv_close(csv);
	for (size_t c = 0; c < cells; c++)
		if (isnan(to[c]))
			to[c] = 0;
	return error ? error : row < 0 ? row : TRUCE_OK;
}

static int read_inputs(struct import *import)
{
	static const char *const names[] = { "region", "input_sector", "using_sector", "share" };
	truce_world *world = import->world;
	size_t cells = world->regions * world->sectors * world->sectors, at[4], n, j, k;
	truce_csv *csv = NULL;
	int row = 0, error = open_table(import, &csv, "inputs.csv");

	for (size_t c = 0; c < cells; c++)
		world->input_share[c] = NAN;
	if (!error)
		error = columns_of(csv, names, 4, at);
	while (!error && (row = truce_csv_next(csv)) == 1) {
		double value;
		if ((error = known(csv, at[0], &import->regions, "region", "value_added.csv names the regions", &n)) ||
			(error = known(csv, at[1], &import->sectors, "sector", "elasticity.csv names the sectors", &j)) ||
			(error = known(csv, at[2], &import->sectors, "sector", "elasticity.csv names the sectors", &k)) ||
			(error = truce_csv_double(csv, at[3], &value)))
			break;
		double *share = &world->input_share[world_input(world, n, k, j)];
		if (!(value >= 0 && value <= 1 + 1e-5))
			error = truce_csv_fail(csv, at[3], "shares are fractions of the using sector's gross output",
				"a share lies between 0 and 1");
		else if (!isnan(*share))
			error = truce_csv_fail(csv, at[1], "one row a cell", "input %s of %s in %s stands here twice",
				world->sector[j], world->sector[k], world->region[n]);
		else
			*share = value;
	}
	truce_csv_close(csv);
	for (size_t c = 0; c < cells; c++)
		if (isnan(world->input_share[c]))
			world->input_share[c] = 0;
	return error ? error : row < 0 ? row : TRUCE_OK;
}

static int read_flow_row(struct import *import, truce_csv *csv, const size_t *at)
{
	truce_world *world = import->world;
	double value, tariff = 0;
	size_t j, i, n;
	int error;

	if ((error = known(csv, at[0], &import->sectors, "sector", "elasticity.csv names the sectors", &j)) ||
		(error = known(csv, at[1], &import->regions, "region", "value_added.csv names the regions", &i)) ||
		(error = known(csv, at[2], &import->regions, "region", "value_added.csv names the regions", &n)) ||
		(error = truce_csv_double(csv, at[3], &value)) || (error = truce_csv_double(csv, at[4], &tariff)))
		return error;
	size_t e = truce_world_edge(world, j, n, i);
	if (value < 0)
		return truce_csv_fail(csv, at[3], "set it to 0, or book it the other way",
			"the flow of %s from %s to %s is negative", world->sector[j], world->region[i], world->region[n]);
	if (!(tariff > -1))
		return truce_csv_fail(csv, at[4], "tariffs are fractions: 0.2 is 20 %",
			"the tariff on %s from %s to %s is not above -1", world->sector[j], world->region[i], world->region[n]);
	if (i == n && tariff != 0)
		return truce_csv_fail(csv, at[4], "set it to 0", "%s sold at home in %s bears a tariff", world->sector[j],
			world->region[n]);
	if (!isnan(world->flow[e]))
		return truce_csv_fail(csv, at[0], "one row an edge", "the flow of %s from %s to %s stands here twice",
			world->sector[j], world->region[i], world->region[n]);
	world->flow[e] = value * import->unit;
	world->tariff[e] = tariff;
	if (!isfinite(world->flow[e]))
		return truce_csv_fail(csv, at[3], NULL, "the flow is too large");
	return TRUCE_OK;
}

static int read_flows(struct import *import)
{
	static const char *const names[] = { "sector", "exporter", "importer", "value", "tariff" };
	truce_world *world = import->world;
	size_t cells = world->regions * world->regions * world->sectors, at[5];
	truce_csv *csv = NULL;
	int row = 0, error = open_table(import, &csv, "flows.csv");

	for (size_t e = 0; e < cells; e++)
		world->flow[e] = NAN;
	if (!error)
		error = columns_of(csv, names, 5, at);
	while (!error && (row = truce_csv_next(csv)) == 1)
		error = read_flow_row(import, csv, at);
	truce_csv_close(csv);
	for (size_t e = 0; e < cells; e++)
		if (isnan(world->flow[e]))
			world->flow[e] = 0;
	return error ? error : row < 0 ? row : TRUCE_OK;
}

/* The optional members.csv: `region,member,whole`, and names.csv: `kind,id,name` with kind region, sector or world. */
static int read_members(struct import *import)
{
	static const char *const names[] = { "region", "member", "whole" };
	truce_csv *csv = NULL;
	size_t at[3], n;
	int row = 0, error = open_table(import, &csv, "members.csv");

	if (!error)
		error = columns_of(csv, names, 3, at);
	while (!error && (row = truce_csv_next(csv)) == 1) {
		const char *whole = truce_csv_field(csv, at[2]);
		if ((error = known(csv, at[0], &import->regions, "region", "value_added.csv names the regions", &n)))
			break;
		if (strcmp(whole, "0") != 0 && strcmp(whole, "1") != 0)
			error = truce_csv_fail(csv, at[2], "1 where the region is this party and nobody else, 0 where it is a part of it",
				"whole is 0 or 1");
		else
			error = truce_world_add_member(import->ctx, import->world, truce_csv_field(csv, at[1]), n, *whole == '1');
	}
	truce_csv_close(csv);
	return error ? error : row < 0 ? row : TRUCE_OK;
}

static int read_names(struct import *import)
{
	static const char *const names[] = { "kind", "id", "name" };
	truce_world *world = import->world;
	truce_csv *csv = NULL;
	size_t at[3], n;
	int row = 0, error = open_table(import, &csv, "names.csv");

	if (!error)
		error = columns_of(csv, names, 3, at);
	while (!error && (row = truce_csv_next(csv)) == 1) {
		const char *kind = truce_csv_field(csv, at[0]), *id = truce_csv_field(csv, at[1]);
		char *text = truce_arena_text(world->arena, truce_csv_field(csv, at[2]));
		if (!text) {
			error = TRUCE_MEMORY;
		} else if (strcmp(kind, "region") == 0) {
			error = known(csv, at[1], &import->regions, "region", "value_added.csv names the regions", &n);
			if (!error)
				world->region_name[n] = text;
		} else if (strcmp(kind, "sector") == 0) {
			error = known(csv, at[1], &import->sectors, "sector", "elasticity.csv names the sectors", &n);
			if (!error)
				world->sector_name[n] = text;
		} else if (strcmp(kind, "world") == 0 && strcmp(id, "name") == 0) {
			world->name = text;
		} else if (strcmp(kind, "world") == 0 && strcmp(id, "year") == 0) {
			world->year = text;
		} else if (strcmp(kind, "world") == 0 && strcmp(id, "note") == 0) {
			world->note = text;
		} else {
			error = truce_csv_fail(csv, at[0], "region, sector, or world with the id name, year or note",
				"names of the kind \"%s\" with the id \"%s\" are not known", kind, id);
		}
	}
	truce_csv_close(csv);
	return error ? error : row < 0 ? row : TRUCE_OK;
}

/* The optional marketing.csv: `region,share`. */
static int read_marketing(struct import *import)
{
	static const char *const names[] = { "region", "share" };
	truce_csv *csv = NULL;
	size_t at[2], n;
	int row = 0, error = truce_world_keep_marketing(import->world);

	for (n = 0; !error && n < import->world->regions; n++)
		import->world->marketing[n] = NAN;
	if (!error)
		error = open_table(import, &csv, "marketing.csv");
	if (!error)
		error = columns_of(csv, names, 2, at);
	while (!error && (row = truce_csv_next(csv)) == 1) {
		double value;
		if ((error = known(csv, at[0], &import->regions, "region", "value_added.csv names the regions", &n)) ||
			(error = truce_csv_double(csv, at[1], &value)))
			break;
		if (!(value >= 0 && value < 1))
			error = truce_csv_fail(csv, at[1], "shares are fractions", "a marketing share lies in [0, 1)");
		else if (!isnan(import->world->marketing[n]))
			error = truce_csv_fail(csv, at[0], "one row a region", "%s stands here twice", import->regions.name[n]);
		else
			import->world->marketing[n] = value;
	}
	truce_csv_close(csv);
	for (n = 0; !error && row >= 0 && n < import->world->regions; n++)
		if (isnan(import->world->marketing[n]))
			error = truce_fail(import->ctx, TRUCE_INPUT, import->folder, 0, 0, "0 where selling pays nothing there",
				"marketing.csv does not name %s", import->regions.name[n]);
	return error ? error : row < 0 ? row : TRUCE_OK;
}

static bool there(struct import *import, const char *file)
{
	char *path = truce_arena_printf(import->arena, "%s/%s", import->folder, file);
	return path && truce_file_exists(path);
}

static int fill(struct import *import)
{
	truce_world *world = import->world;
	int error = TRUCE_OK;

	for (size_t n = 0; n < world->regions; n++)
		if (!(world->region[n] = truce_arena_text(world->arena, import->regions.name[n])))
			return TRUCE_MEMORY;
	for (size_t j = 0; j < world->sectors; j++) {
		if (!(world->sector[j] = truce_arena_text(world->arena, import->sectors.name[j])))
			return TRUCE_MEMORY;
		world->theta[j] = import->theta[3 * j];
		world->theta_se[j] = import->theta[3 * j + 1];
		world->psi[j] = import->theta[3 * j + 2];
	}
	if ((error = read_cells(import, "value_added.csv", world->value_added)) || (error = read_inputs(import)) ||
		(error = read_flows(import)))
		return error;
	if (there(import, "final.csv") && ((error = truce_world_keep_final(world)) ||
			(error = read_cells(import, "final.csv", world->final_share))))
		return error;
	if (there(import, "marketing.csv") && (error = read_marketing(import)))
		return error;
	if (there(import, "members.csv") && (error = read_members(import)))
		return error;
	if (there(import, "names.csv") && (error = read_names(import)))
		return error;
	return truce_world_members_by_iso3(import->ctx, world);
}

int truce_world_import_csv(truce_context *ctx, truce_world **out, const char *folder, double unit)
{
	struct import import = { .ctx = ctx, .folder = folder, .unit = unit };
	int error;

	*out = NULL;
	if (!(unit > 0) || !isfinite(unit))
		return truce_fail(ctx, TRUCE_USAGE, NULL, 0, 0, "1e6 where values are in millions", "the unit is not above 0");
	if (!truce_directory_exists(folder))
		return truce_fail(ctx, TRUCE_INPUT, folder, 0, 0,
			"give the folder with flows.csv, inputs.csv, value_added.csv and elasticity.csv", "this is not a folder");
	if ((error = truce_arena_new(ctx, &import.arena)))
		return error;
	world_names_init(&import.regions, ctx, import.arena);
	world_names_init(&import.sectors, ctx, import.arena);
	if ((error = read_elasticity(&import)) || (error = read_regions(&import)) ||
		(error = truce_world_new(ctx, &import.world, import.regions.count, import.sectors.count)) ||
		(error = fill(&import)) || (error = truce_world_finish(ctx, import.world, folder, NULL)))
		goto done;
	*out = import.world;
	import.world = NULL;
done:
	truce_world_free(import.world);
	world_names_free(&import.regions);
	world_names_free(&import.sectors);
	truce_release(ctx, import.theta);
	truce_arena_free(import.arena);
	return error;
}
