/* truce world: an economy as a file: made, looked at, checked, and made anew. */
#include "model.h"

#include <truce/world.h>

#include <math.h>
#include <string.h>

/* ---- common ---- */

static int read_world(struct cli *cli, truce_world **out, const char *given)
{
	return cli_model_world(cli, out, given);
}

static int write_world(struct cli *cli, const truce_world *world)
{
	const char *path = cli_value(cli, "output");
	if (!path)
		return cli_usage(cli, "give the file to write with -o W.world");
	int error = truce_world_write(cli->ctx, world, path);
	if (error)
		return error;
	if (cli->json) {
		truce_json json;
		truce_json_init(&json, &cli->out);
		truce_json_open(&json, NULL, '{');
		truce_json_text(&json, "file", path);
		truce_json_integer(&json, "regions", (int64_t)world->regions);
		truce_json_integer(&json, "sectors", (int64_t)world->sectors);
		truce_json_bool(&json, "balanced", world->balanced);
		truce_json_close(&json, '}');
		truce_text_add(&cli->out, "\n");
	} else {
		truce_text_addf(&cli->out, "%s: %zu regions x %zu sectors, %s\n", path, world->regions, world->sectors,
			world->balanced ? "balanced" : "not balanced (truce solve without wedges, or truce world balance)");
	}
	return TRUCE_OK;
}

/* Names given on the command line, and members from a file `region,member,whole` in place of those the world has.  The
 * texts outlive the world: they are the command line's own. */
static int dress(struct cli *cli, truce_world *world, bool elasticity)
{
	static const char *const names[] = { "region", "member", "whole" };
	const char *file = cli_value(cli, "members"), *value;
	truce_csv *csv = NULL;
	size_t at[3];
	int row = 0, error = TRUCE_OK;

	if ((value = cli_value(cli, "name")))
		world->name = value;
	if ((value = cli_value(cli, "year")))
		world->year = value;
	if ((value = cli_value(cli, "note")))
		world->note = value;
	if (elasticity && (value = cli_value(cli, "elasticity")) && (error = truce_world_read_elasticities(cli->ctx, world, value)))
		return error;
	if (!file)
		return TRUCE_OK;
	world->members = 0;
	error = truce_csv_open(cli->ctx, &csv, file);
	for (int c = 0; c < 3 && !error; c++)
		error = truce_csv_column(csv, &at[c], names[c]);
	while (!error && (row = truce_csv_next(csv)) == 1) {
		size_t n = truce_world_region(world, truce_csv_field(csv, at[0]));
		if (n == TRUCE_WORLD_NONE)
			error = truce_csv_fail(csv, at[0], NULL, "there is no region \"%s\"", truce_csv_field(csv, at[0]));
		else
			error = truce_world_add_member(cli->ctx, world, truce_csv_field(csv, at[1]), n,
				strcmp(truce_csv_field(csv, at[2]), "1") == 0);
	}
	truce_csv_close(csv);
	return error ? error : row < 0 ? row : TRUCE_OK;
}

/* ---- import ---- */

static int import(struct cli *cli, int count, char **operands)
{
	const char *format = cli_value(cli, "format");
	truce_world *world = NULL;
	double unit = 1;
	int error;

	if (count != 1)
		return cli_usage(cli, "truce world import --format FORMAT PATH -o W.world");
	if (!cli_value(cli, "output"))
		return cli_usage(cli, "give the file to write with -o W.world");
	if ((error = cli_double(cli, &unit, "unit", 1)))
		return error;
	if (!format || strcmp(format, "csv") == 0)
		error = truce_world_import_csv(cli->ctx, &world, operands[0], unit);
	else if (strcmp(format, "cp2015") == 0)
		error = truce_world_import_cp2015(cli->ctx, &world, operands[0], cli_value(cli, "tariffs"));
	else if (strcmp(format, "wiod") == 0 || strcmp(format, "icio") == 0)
		error = truce_world_import_table(cli->ctx, &world, operands[0], cli_value(cli, "unit") ? unit : 1e6,
			cli_value(cli, "elasticity"));
	else if (strcmp(format, "har") == 0)
		error = truce_world_import_har(cli->ctx, &world, operands[0], cli_value(cli, "unit") ? unit : 1e6,
			cli_value(cli, "elasticity"));
	else
		return cli_usage(cli, "there is no format \"%s\"; there are csv, wiod, icio, har and cp2015", format);
	if (!error)
		error = dress(cli, world, !format || strcmp(format, "csv") == 0 || strcmp(format, "cp2015") == 0);
	if (!error)
		error = write_world(cli, world);
	truce_world_free(world);
	return error;
}

/* ---- show ---- */

struct totals {
	double output, gdp, spending, deficit, duties, imports, exports;
};

static struct totals totals_of(const truce_world *world, size_t n)
{
	struct totals t = { 0 };
	for (size_t j = 0; j < world->sectors; j++) {
		t.output += truce_world_output(world, n, j);
		t.spending += truce_world_spending(world, n, j);
		for (size_t i = 0; i < world->regions; i++)
			if (i != n) {
				t.imports += world->flow[truce_world_edge(world, j, n, i)];
				t.exports += world->flow[truce_world_edge(world, j, i, n)];
			}
	}
	t.gdp = truce_world_gdp(world, n);
	t.deficit = truce_world_deficit(world, n);
	t.duties = truce_world_duties(world, n);
	return t;
}

static size_t estimated_edges(const truce_world *world, size_t *trade)
{
	size_t estimated = 0;
	*trade = 0;
	for (size_t j = 0; j < world->sectors; j++)
		for (size_t n = 0; n < world->regions; n++)
			for (size_t i = 0; i < world->regions; i++) {
				size_t e = truce_world_edge(world, j, n, i);
				if (i == n || !(world->flow[e] > 0))
					continue;
				++*trade;
				estimated += world->estimated && world->estimated[e];
			}
	return estimated;
}

static void show_json(struct cli *cli, const truce_world *world)
{
	truce_json json;
	size_t trade, estimated = estimated_edges(world, &trade);

	truce_json_init(&json, &cli->out);
	truce_json_open(&json, NULL, '{');
	truce_json_text(&json, "name", world->name);
	truce_json_text(&json, "year", world->year);
	truce_json_text(&json, "note", world->note);
	truce_json_bool(&json, "balanced", world->balanced);
	truce_json_integer(&json, "edges_with_trade", (int64_t)trade);
	truce_json_integer(&json, "edges_estimated", (int64_t)estimated);
	truce_json_open(&json, "regions", '[');
	for (size_t n = 0; n < world->regions; n++) {
		struct totals t = totals_of(world, n);
		truce_json_open(&json, NULL, '{');
		truce_json_text(&json, "id", world->region[n]);
		truce_json_text(&json, "name", world->region_name[n]);
		truce_json_number(&json, "gdp", t.gdp);
		truce_json_number(&json, "output", t.output);
		truce_json_number(&json, "spending", t.spending);
		truce_json_number(&json, "imports", t.imports);
		truce_json_number(&json, "exports", t.exports);
		truce_json_number(&json, "deficit", t.deficit);
		truce_json_number(&json, "duties", t.duties);
		if (world->marketing)
			truce_json_number(&json, "marketing", world->marketing[n]);
		truce_json_open(&json, "members", '[');
		for (size_t m = 0; m < world->members; m++)
			if (world->member_region[m] == n)
				truce_json_text(&json, NULL, world->member[m]);
		truce_json_close(&json, ']');
		truce_json_close(&json, '}');
	}
	truce_json_close(&json, ']');
	truce_json_open(&json, "sectors", '[');
	for (size_t j = 0; j < world->sectors; j++) {
		double output = 0, crossing = 0;
		for (size_t n = 0; n < world->regions; n++) {
			output += truce_world_output(world, n, j);
			crossing += truce_world_output(world, n, j) - world->flow[truce_world_edge(world, j, n, n)];
		}
		truce_json_open(&json, NULL, '{');
		truce_json_text(&json, "id", world->sector[j]);
		truce_json_text(&json, "name", world->sector_name[j]);
		truce_json_number(&json, "output", output);
		truce_json_number(&json, "trade", crossing);
		truce_json_number(&json, "theta", world->theta[j]);
		truce_json_number(&json, "theta_se", world->theta_se[j]);
		truce_json_number(&json, "psi", world->psi[j]);
		truce_json_close(&json, '}');
	}
	truce_json_close(&json, ']');
	truce_json_close(&json, '}');
	truce_text_add(&cli->out, "\n");
}

/* Rows of text cells for cli_table, kept in one arena. */
struct rows {
	truce_arena *arena;
	const char **cell;
	size_t count, room;
	truce_context *ctx;
	bool failed;
};

static void add_cell(struct rows *rows, const char *text)
{
	if (rows->failed || !text ||
		truce_grow(rows->ctx, &rows->cell, &rows->room, rows->count + 1, sizeof *rows->cell)) {
		rows->failed = true;
		return;
	}
	rows->cell[rows->count++] = text;
}

static void add_billions(struct rows *rows, double value)
{
	add_cell(rows, truce_arena_printf(rows->arena, "%.1f", value / 1e9));
}

static int show_text(struct cli *cli, const truce_world *world)
{
	struct rows rows = { .ctx = cli->ctx };
	static const char *const heads[] = { "region", "GDP", "imports", "exports", "deficit", "duties", "members" };
	size_t trade, estimated = estimated_edges(world, &trade);
	int error = truce_arena_new(cli->ctx, &rows.arena);

	if (error)
		return error;
	truce_text_addf(&cli->out, "%s%s%s, flows of %s: %zu regions x %zu sectors, %s\n", cli_bold(cli),
		world->name ? world->name : "a world without a name", cli_plain(cli), world->year ? world->year : "no stated year",
		world->regions, world->sectors, world->balanced ? "balanced" : "not balanced");
	if (world->note)
		truce_text_addf(&cli->out, "%s\n", world->note);
	if (world->estimated)
		truce_text_addf(&cli->out, "%zu of %zu trade flows between regions are estimates\n", estimated, trade);
	truce_text_add(&cli->out, "\nbillion US$\n");
	for (size_t c = 0; c < sizeof heads / sizeof *heads; c++)
		add_cell(&rows, heads[c]);
	for (size_t n = 0; n < world->regions; n++) {
		struct totals t = totals_of(world, n);
		truce_text members;
		truce_text_init(&members, cli->ctx);
		for (size_t m = 0; m < world->members; m++)
			if (world->member_region[m] == n)
				truce_text_addf(&members, "%s%s", members.length ? " " : "", world->member[m]);
		add_cell(&rows, world->region[n]);
		add_billions(&rows, t.gdp);
		add_billions(&rows, t.imports);
		add_billions(&rows, t.exports);
		add_billions(&rows, t.deficit);
		add_billions(&rows, t.duties);
		add_cell(&rows, members.length ? truce_arena_text(rows.arena, members.data) : "");
		truce_text_free(&members);
	}
	if (!rows.failed)
		cli_table(cli, 7, "lrrrrrl", rows.cell, (int)(rows.count / 7), true);
	truce_text_add(&cli->out, "\n");
	rows.count = 0;
	add_cell(&rows, "sector");
	add_cell(&rows, "name");
	add_cell(&rows, "output");
	add_cell(&rows, "trade");
	add_cell(&rows, "theta");
	for (size_t j = 0; j < world->sectors; j++) {
		double output = 0, crossing = 0;
		for (size_t n = 0; n < world->regions; n++) {
			output += truce_world_output(world, n, j);
			crossing += truce_world_output(world, n, j) - world->flow[truce_world_edge(world, j, n, n)];
		}
		add_cell(&rows, world->sector[j]);
		add_cell(&rows, world->sector_name[j] ? world->sector_name[j] : "");
		add_billions(&rows, output);
		add_billions(&rows, crossing);
		add_cell(&rows, truce_arena_printf(rows.arena, "%.2f", world->theta[j]));
	}
	if (!rows.failed)
		cli_table(cli, 5, "llrrr", rows.cell, (int)(rows.count / 5), true);
	error = rows.failed ? TRUCE_MEMORY : TRUCE_OK;
	truce_release(cli->ctx, rows.cell);
	truce_arena_free(rows.arena);
	return error;
}

/* All edges with trade, in the form that `import --format csv` reads. */
static void show_csv(struct cli *cli, const truce_world *world)
{
	char number[32];
	truce_text_add(&cli->out, "sector,exporter,importer,value,tariff,estimated\n");
	for (size_t j = 0; j < world->sectors; j++)
		for (size_t n = 0; n < world->regions; n++)
			for (size_t i = 0; i < world->regions; i++) {
				size_t e = truce_world_edge(world, j, n, i);
				if (world->flow[e] == 0 && world->tariff[e] == 0)
					continue;
				const char *ids[] = { world->sector[j], world->region[i], world->region[n] };
				for (int c = 0; c < 3; c++) {
					truce_csv_write_field(&cli->out, ids[c]);
					truce_text_add(&cli->out, ",");
				}
				truce_text_add(&cli->out, truce_format_double(number, world->flow[e]));
				truce_text_add(&cli->out, ",");
				truce_text_add(&cli->out, truce_format_double(number, world->tariff[e]));
				truce_text_add(&cli->out, world->estimated && world->estimated[e] ? ",1\n" : ",0\n");
			}
}

static int show(struct cli *cli, int count, char **operands)
{
	truce_world *world = NULL;
	if (count != 1)
		return cli_usage(cli, "truce world show W.world");
	int error = read_world(cli, &world, operands[0]);
	if (!error && cli->json)
		show_json(cli, world);
	else if (!error && cli->csv)
		show_csv(cli, world);
	else if (!error)
		error = show_text(cli, world);
	truce_world_free(world);
	return error;
}

/* ---- check ---- */

static int check(struct cli *cli, int count, char **operands)
{
	truce_world_identity identity[TRUCE_WORLD_IDENTITIES];
	truce_world *world = NULL;
	bool all_hold = true;

	if (count != 1)
		return cli_usage(cli, "truce world check W.world");
	int error = read_world(cli, &world, operands[0]);
	if (!error)
		error = truce_world_check(cli->ctx, world, identity);
	if (error) {
		truce_world_free(world);
		return error;
	}
	truce_json json;
	truce_json_init(&json, &cli->out);
	if (cli->json) {
		truce_json_open(&json, NULL, '{');
		truce_json_bool(&json, "balanced", world->balanced);
		truce_json_open(&json, "identities", '[');
	}
	for (int i = 0; i < TRUCE_WORLD_IDENTITIES; i++) {
		const truce_world_identity *one = &identity[i];
		bool holds = one->residual <= one->limit;
		const char *region = one->region == TRUCE_WORLD_NONE ? NULL : world->region[one->region];
		const char *sector = one->sector == TRUCE_WORLD_NONE ? NULL : world->sector[one->sector];
		all_hold = all_hold && holds;
		if (cli->json) {
			truce_json_open(&json, NULL, '{');
			truce_json_text(&json, "id", one->name);
			truce_json_text(&json, "what", one->what);
			truce_json_number(&json, "residual", one->residual);
			truce_json_number(&json, "limit", one->limit);
			truce_json_text(&json, "of", one->scale);
			truce_json_bool(&json, "holds", holds);
			truce_json_text(&json, "region", region);
			truce_json_text(&json, "sector", sector);
			truce_json_close(&json, '}');
		} else {
			truce_text_addf(&cli->out, "%s%-6s%s %-9s %-46s %9.2e %s", holds ? cli_green(cli) : cli_red(cli),
				holds ? "holds" : "FAILS", cli_plain(cli), one->name, one->what, one->residual, one->scale);
			if (one->residual > 0 && region)
				truce_text_addf(&cli->out, "; largest in %s%s%s", region, sector ? ", " : "", sector ? sector : "");
			truce_text_add(&cli->out, "\n");
		}
	}
	if (cli->json) {
		truce_json_close(&json, ']');
		truce_json_close(&json, '}');
		truce_text_add(&cli->out, "\n");
	}
	truce_world_free(world);
	return all_hold ? TRUCE_OK : TRUCE_NO;
}

/* ---- wedges ---- */

/* Whether a comma-separated list names an id; every id where there is no list. */
static bool listed(const char *list, const char *id)
{
	size_t length = strlen(id);
	if (!list)
		return true;
	for (const char *at = list; *at;) {
		size_t word = strcspn(at, ",");
		if (word == length && strncmp(at, id, length) == 0)
			return true;
		at += word + (at[word] == ',');
	}
	return false;
}

static int check_list(struct cli *cli, const truce_world *world, const char *list)
{
	char id[256];
	for (const char *at = list; at && *at;) {
		size_t word = strcspn(at, ",");
		snprintf(id, sizeof id, "%.*s", (int)(word < sizeof id ? word : sizeof id - 1), at);
		if (truce_world_region(world, id) == TRUCE_WORLD_NONE) {
			const char *near = truce_nearest(id, world->region, world->regions);
			return truce_fail(cli->ctx, TRUCE_INPUT, NULL, 0, 0, NULL, near ? "there is no region \"%s\"; did you mean %s?"
				: "there is no region \"%s\"", id, near);
		}
		at += word + (at[word] == ',');
	}
	return TRUCE_OK;
}

/* What the second world levies that the first does not, as wedges for `truce solve`. */
static int wedges(struct cli *cli, int count, char **operands)
{
	truce_world *from = NULL, *to = NULL;
	const char *among = cli_value(cli, "among"), *path = cli_value(cli, "output");
	truce_text csv;
	char number[32];
	size_t rows = 0;
	int error;

	if (count != 2)
		return cli_usage(cli, "truce world wedges OLD.world NEW.world [--among A,B] [-o W.csv]");
	truce_text_init(&csv, cli->ctx);
	if ((error = read_world(cli, &from, operands[0])) || (error = read_world(cli, &to, operands[1])) ||
		(error = check_list(cli, from, among)))
		goto done;
	truce_text_add(&csv, "sector,exporter,importer,tariff\n");
	for (size_t j = 0; j < from->sectors; j++)
		for (size_t n = 0; n < from->regions; n++)
			for (size_t i = 0; i < from->regions; i++) {
				size_t other_j = truce_world_sector(to, from->sector[j]);
				size_t other_n = truce_world_region(to, from->region[n]), other_i = truce_world_region(to, from->region[i]);
				if (other_j == TRUCE_WORLD_NONE || other_n == TRUCE_WORLD_NONE || other_i == TRUCE_WORLD_NONE) {
					error = truce_fail(cli->ctx, TRUCE_INPUT, operands[1], 0, 0, "compare two worlds of one shape",
						"%s lacks the sector or region of %s, %s", operands[1], from->sector[j], from->region[n]);
					goto done;
				}
				double tariff = to->tariff[truce_world_edge(to, other_j, other_n, other_i)];
				if (i == n || tariff == from->tariff[truce_world_edge(from, j, n, i)] ||
					!listed(among, from->region[n]) || !listed(among, from->region[i]))
					continue;
				truce_csv_write_field(&csv, from->sector[j]);
				truce_text_add(&csv, ",");
				truce_csv_write_field(&csv, from->region[i]);
				truce_text_add(&csv, ",");
				truce_csv_write_field(&csv, from->region[n]);
				truce_text_addf(&csv, ",%s\n", truce_format_double(number, tariff));
				rows++;
			}
	if ((error = truce_text_done(&csv)))
		goto done;
	if (path) {
		error = truce_file_write(cli->ctx, path, csv.data, csv.length);
		if (!error && cli->json)
			truce_text_addf(&cli->out, "{\"wedges\":%zu}\n", rows);
		else if (!error)
			truce_text_addf(&cli->out, "%s: %zu wedges\n", path, rows);
	} else {
		truce_text_add_bytes(&cli->out, csv.data, csv.length);
	}
done:
	truce_text_free(&csv);
	truce_world_free(from);
	truce_world_free(to);
	return error;
}

/* ---- aggregate ---- */

struct map {
	truce_world_map map;
	truce_arena *arena;
};

/* `from,to[,name]`: where each of the old ids goes; the new ones in the order in which they first appear. */
static int read_map(struct cli *cli, struct map *map, const char *file, const char *const *ids, size_t count,
	const char *what)
{
	truce_csv *csv = NULL;
	size_t from, to, name = 0, *place = NULL, i, k;
	int row = 0, error = truce_arena_new(cli->ctx, &map->arena);

	if (error)
		return error;
	place = truce_arena_array(map->arena, count, sizeof *place);
	map->map.id = truce_arena_array(map->arena, count, sizeof *map->map.id);
	map->map.name = truce_arena_array(map->arena, count, sizeof *map->map.name);
	if (!place || !map->map.id || !map->map.name)
		return TRUCE_MEMORY;
	for (i = 0; i < count; i++)
		place[i] = TRUCE_WORLD_NONE;
	map->map.to = place;
	if ((error = truce_csv_open(cli->ctx, &csv, file)) || (error = truce_csv_column(csv, &from, "from")) ||
		(error = truce_csv_column(csv, &to, "to")))
		goto done;
	bool named = truce_csv_has_column(csv, "name", &name);
	while (!error && (row = truce_csv_next(csv)) == 1) {
		const char *old = truce_csv_field(csv, from), *fresh = truce_csv_field(csv, to);
		for (i = 0; i < count && strcmp(ids[i], old) != 0; i++)
			;
		for (k = 0; k < map->map.count && strcmp(map->map.id[k], fresh) != 0; k++)
			;
		if (i == count)
			error = truce_csv_fail(csv, from, NULL, "there is no %s \"%s\"", what, old);
		else if (place[i] != TRUCE_WORLD_NONE)
			error = truce_csv_fail(csv, from, NULL, "%s %s stands here twice", what, old);
		else if (!*fresh)
			error = truce_csv_fail(csv, to, NULL, "%s %s goes nowhere", what, old);
		if (error)
			break;
		if (k == map->map.count) {
			map->map.id[k] = truce_arena_text(map->arena, fresh);
			if (!map->map.id[k])
				error = TRUCE_MEMORY;
			map->map.count++;
		}
		if (named && *truce_csv_field(csv, name) &&
			!(map->map.name[k] = truce_arena_text(map->arena, truce_csv_field(csv, name))))
			error = TRUCE_MEMORY;
		place[i] = k;
	}
	if (!error && row < 0)
		error = row;
	for (i = 0; i < count && !error; i++)
		if (place[i] == TRUCE_WORLD_NONE)
			error = truce_fail(cli->ctx, TRUCE_INPUT, file, 0, 0, "every one must go somewhere", "%s %s is missing", what,
				ids[i]);
done:
	truce_csv_close(csv);
	return error;
}

static int aggregate(struct cli *cli, int count, char **operands)
{
	const char *regions = cli_value(cli, "regions"), *sectors = cli_value(cli, "sectors");
	struct map region = { 0 }, sector = { 0 };
	truce_world *from = NULL, *to = NULL;
	int error;

	if (count != 1 || (!regions && !sectors))
		return cli_usage(cli, "truce world aggregate W.world [--regions MAP.csv] [--sectors MAP.csv] -o NEW.world");
	if ((error = read_world(cli, &from, operands[0])) ||
		(regions && (error = read_map(cli, &region, regions, from->region, from->regions, "region"))) ||
		(sectors && (error = read_map(cli, &sector, sectors, from->sector, from->sectors, "sector"))) ||
		(error = truce_world_aggregate(cli->ctx, &to, from, regions ? &region.map : NULL, sectors ? &sector.map : NULL)) ||
		(error = dress(cli, to, true)))
		goto done;
	error = write_world(cli, to);
done:
	truce_world_free(to);
	truce_world_free(from);
	if (region.arena)
		truce_arena_free(region.arena);
	if (sector.arena)
		truce_arena_free(sector.arena);
	return error;
}

/* ---- split ---- */

/* A region or a sector that a field names. */
static int field_id(truce_csv *csv, size_t column, const char *const *ids, size_t count, const char *what, size_t *out)
{
	const char *id = truce_csv_field(csv, column);
	for (size_t i = 0; i < count; i++)
		if (strcmp(ids[i], id) == 0) {
			*out = i;
			return TRUCE_OK;
		}
	const char *near = truce_nearest(id, ids, count);
	return near ? truce_csv_fail(csv, column, NULL, "there is no %s \"%s\"; did you mean %s?", what, id, near)
		: truce_csv_fail(csv, column, NULL, "there is no %s \"%s\"", what, id);
}

/* `exporter,importer,value[,tariff]`; an empty importer is the exporter's total, an empty value leaves only a tariff. */
static int read_product(struct cli *cli, const truce_world *world, const char *file, truce_world_product_flow **out,
	size_t *count)
{
	truce_csv *csv = NULL;
	size_t exporter, importer, value, tariff = 0, estimated = 0, room = 0;
	int row = 0, error;

	if ((error = truce_csv_open(cli->ctx, &csv, file)) || (error = truce_csv_column(csv, &exporter, "exporter")) ||
		(error = truce_csv_column(csv, &importer, "importer")) || (error = truce_csv_column(csv, &value, "value")))
		goto done;
	bool has_tariff = truce_csv_has_column(csv, "tariff", &tariff);
	bool has_estimated = truce_csv_has_column(csv, "estimated", &estimated);
	while (!error && (row = truce_csv_next(csv)) == 1) {
		truce_world_product_flow flow = { .exporter = TRUCE_WORLD_NONE, .importer = TRUCE_WORLD_NONE, .value = NAN,
			.tariff = NAN, .line = truce_csv_line(csv) };
		if (*truce_csv_field(csv, exporter))
			error = field_id(csv, exporter, world->region, world->regions, "region", &flow.exporter);
		if (!error && *truce_csv_field(csv, importer))
			error = field_id(csv, importer, world->region, world->regions, "region", &flow.importer);
		if (!error && *truce_csv_field(csv, value))
			error = truce_csv_double(csv, value, &flow.value);
		if (!error && has_tariff && *truce_csv_field(csv, tariff))
			error = truce_csv_double(csv, tariff, &flow.tariff);
		flow.estimated = has_estimated && strcmp(truce_csv_field(csv, estimated), "1") == 0;
		if (!error)
			error = truce_grow(cli->ctx, out, &room, *count + 1, sizeof **out);
		if (!error)
			(*out)[(*count)++] = flow;
	}
	if (!error && row < 0)
		error = row;
done:
	truce_csv_close(csv);
	return error;
}

/* `sector,weight`: users that are not named weigh nothing. */
static int read_users(struct cli *cli, const truce_world *world, const char *file, double *users)
{
	truce_csv *csv = NULL;
	size_t sector, weight, k;
	int row = 0, error;

	if ((error = truce_csv_open(cli->ctx, &csv, file)) || (error = truce_csv_column(csv, &sector, "sector")) ||
		(error = truce_csv_column(csv, &weight, "weight")))
		goto done;
	while (!error && (row = truce_csv_next(csv)) == 1) {
		error = field_id(csv, sector, world->sector, world->sectors, "sector", &k);
		if (!error)
			error = truce_csv_double(csv, weight, &users[k]);
	}
	if (!error && row < 0)
		error = row;
done:
	truce_csv_close(csv);
	return error;
}

static int split_sector(struct cli *cli, const truce_world *from, truce_world **to)
{
	const char *sector = cli_value(cli, "sector"), *file = cli_value(cli, "flows"), *users = cli_value(cli, "users");
	truce_world_split_plan plan = { .id = cli_value(cli, "into"), .name = cli_value(cli, "title") };
	truce_world_product_flow *flows = NULL;
	double *weights = NULL;
	int error;

	if (!sector || !plan.id || !file)
		return cli_usage(cli, "truce world split W.world --sector OLD --into NEW --flows F.csv -o NEW.world");
	plan.sector = truce_world_sector(from, sector);
	if (plan.sector == TRUCE_WORLD_NONE)
		return truce_fail(cli->ctx, TRUCE_INPUT, NULL, 0, 0, NULL, "there is no sector \"%s\"", sector);
	if ((error = cli_double(cli, &plan.intermediate, "intermediate", NAN)) ||
		(error = cli_double(cli, &plan.theta, "theta", NAN)) || (error = cli_double(cli, &plan.theta_se, "theta-se", NAN)) ||
		(error = read_product(cli, from, file, &flows, &plan.count)))
		goto done;
	plan.flows = flows;
	if (users) {
		weights = truce_allocate_zero(cli->ctx, from->sectors, sizeof *weights);
		if (!weights) {
			error = TRUCE_MEMORY;
			goto done;
		}
		if ((error = read_users(cli, from, users, weights)))
			goto done;
		plan.users = weights;
	}
	error = truce_world_split(cli->ctx, to, from, &plan);
done:
	truce_release(cli->ctx, flows);
	truce_release(cli->ctx, weights);
	return error;
}

/* Positions in `ids` of where a map leads. */
static int resolve(struct cli *cli, const struct map *map, size_t count, const char *const *ids, size_t ids_count,
	const char *file, size_t **out)
{
	size_t *place = truce_arena_array(map->arena, count, sizeof *place);
	if (!place)
		return TRUCE_MEMORY;
	for (size_t i = 0; i < count; i++) {
		const char *id = map->map.id[map->map.to[i]];
		size_t at = 0;
		while (at < ids_count && strcmp(ids[at], id) != 0)
			at++;
		if (at == ids_count)
			return truce_fail(cli->ctx, TRUCE_INPUT, file, 0, 0, NULL, "\"%s\" is neither a region nor a sector there", id);
		place[i] = at;
	}
	*out = place;
	return TRUCE_OK;
}

static int split_regions(struct cli *cli, const truce_world *from, truce_world **to)
{
	const char *regions = cli_value(cli, "regions"), *sectors = cli_value(cli, "sectors");
	size_t *region_place = NULL, *sector_place = NULL;
	struct map region = { 0 }, sector = { 0 };
	truce_world *pattern = NULL;
	int error;

	if (!regions || !sectors)
		return cli_usage(cli, "truce world split W.world --pattern P.world --regions MAP.csv --sectors MAP.csv -o NEW.world");
	if ((error = read_world(cli, &pattern, cli_value(cli, "pattern"))) ||
		(error = read_map(cli, &region, regions, pattern->region, pattern->regions, "region")) ||
		(error = read_map(cli, &sector, sectors, from->sector, from->sectors, "sector")) ||
		(error = resolve(cli, &region, pattern->regions, from->region, from->regions, regions, &region_place)) ||
		(error = resolve(cli, &sector, from->sectors, pattern->sector, pattern->sectors, sectors, &sector_place)))
		goto done;
	error = truce_world_spread(cli->ctx, to, from, pattern, region_place, sector_place);
done:
	truce_world_free(pattern);
	if (region.arena)
		truce_arena_free(region.arena);
	if (sector.arena)
		truce_arena_free(sector.arena);
	return error;
}

static int split(struct cli *cli, int count, char **operands)
{
	truce_world *from = NULL, *to = NULL;
	if (count != 1)
		return cli_usage(cli, "truce world split W.world (--sector OLD --into NEW --flows F.csv | --pattern P.world …) -o NEW.world");
	int error = read_world(cli, &from, operands[0]);
	if (!error)
		error = cli_value(cli, "pattern") ? split_regions(cli, from, &to) : split_sector(cli, from, &to);
	if (!error)
		error = dress(cli, to, true);
	if (!error)
		error = write_world(cli, to);
	truce_world_free(to);
	truce_world_free(from);
	return error;
}

/* ---- update ---- */

/* A, or A+B+C: 1 where a sector is meant. */
static int read_sectors(struct cli *cli, truce_csv *csv, size_t column, const truce_world *world, truce_arena *arena,
	const uint8_t **out)
{
	uint8_t *set = truce_arena_array(arena, world->sectors, 1);
	char id[256];
	if (!set)
		return TRUCE_MEMORY;
	for (const char *at = truce_csv_field(csv, column); *at;) {
		size_t word = strcspn(at, "+");
		snprintf(id, sizeof id, "%.*s", (int)(word < sizeof id ? word : sizeof id - 1), at);
		size_t j = truce_world_sector(world, id);
		if (j == TRUCE_WORLD_NONE)
			return truce_csv_fail(csv, column, "A, or A+B+C", "there is no sector \"%s\"", id);
		set[j] = 1;
		at += word + (at[word] == '+');
	}
	*out = set;
	(void)cli;
	return TRUCE_OK;
}

/* `kind,sector,exporter,importer,value`, kind flow, gdp, deficit or tariff; an empty field is every one. */
static int read_targets(struct cli *cli, const truce_world *world, truce_arena *arena, const char *file,
	truce_world_target **out, size_t *count)
{
	static const char *const names[] = { "kind", "sector", "exporter", "importer", "value" };
	static const char *const kinds[] = { "flow", "gdp", "deficit", "tariff" };
	truce_csv *csv = NULL;
	size_t at[5], room = 0, kind;
	int row = 0, error = truce_csv_open(cli->ctx, &csv, file);

	for (int c = 0; c < 5 && !error; c++)
		error = truce_csv_column(csv, &at[c], names[c]);
	while (!error && (row = truce_csv_next(csv)) == 1) {
		truce_world_target target = { .exporter = TRUCE_WORLD_NONE, .importer = TRUCE_WORLD_NONE,
			.line = truce_csv_line(csv) };
		error = field_id(csv, at[0], kinds, 4, "kind", &kind);
		target.kind = (truce_world_target_kind)kind;
		if (!error && *truce_csv_field(csv, at[1]))
			error = read_sectors(cli, csv, at[1], world, arena, &target.sectors);
		if (!error && *truce_csv_field(csv, at[2]))
			error = field_id(csv, at[2], world->region, world->regions, "region", &target.exporter);
		if (!error && *truce_csv_field(csv, at[3]))
			error = field_id(csv, at[3], world->region, world->regions, "region", &target.importer);
		if (!error)
			error = truce_csv_double(csv, at[4], &target.value);
		if (!error)
			error = truce_grow(cli->ctx, out, &room, *count + 1, sizeof **out);
		if (!error)
			(*out)[(*count)++] = target;
	}
	if (!error && row < 0)
		error = row;
	truce_csv_close(csv);
	return error;
}

static int update(struct cli *cli, int count, char **operands)
{
	const char *targets = cli_value(cli, "targets"), *technology = cli_value(cli, "technology");
	truce_world *from = NULL, *to = NULL, *model = NULL;
	truce_world_target *target = NULL;
	truce_world_update_plan plan = { 0 };
	truce_world_update_info info = { 0 };
	truce_arena *arena = NULL;
	double sweeps = 0;
	int error;

	if (count != 1 || !targets)
		return cli_usage(cli, "truce world update W.world --targets T.csv [--technology T.world] -o NEW.world");
	if ((error = cli_double(cli, &sweeps, "sweeps", 2000)) || (error = cli_double(cli, &plan.tolerance, "tolerance", 1e-9)))
		return error;
	if (!(sweeps >= 1 && sweeps <= 1e6))
		return cli_usage(cli, "--sweeps is a whole number from 1 to 1,000,000");
	if (!(plan.tolerance > 0))
		return cli_usage(cli, "--tolerance lies above 0");
	plan.sweeps = (size_t)sweeps;
	if ((error = truce_arena_new(cli->ctx, &arena)) || (error = read_world(cli, &from, operands[0])) ||
		(technology && (error = read_world(cli, &model, technology))) ||
		(error = read_targets(cli, from, arena, targets, &target, &plan.count)))
		goto done;
	plan.technology = model;
	plan.targets = target;
	if ((error = truce_world_update(cli->ctx, &to, from, &plan, &info)) || (error = dress(cli, to, true)) ||
		(error = write_world(cli, to)))
		goto done;
	if (!cli->json)
		truce_text_addf(&cli->out, "%zu targets met within %.1e after %zu sweeps; final shares moved by at most %.4f\n",
			plan.count, info.gap, info.sweeps, info.final_moved);
done:
	truce_world_free(to);
	truce_world_free(model);
	truce_world_free(from);
	truce_release(cli->ctx, target);
	if (arena)
		truce_arena_free(arena);
	return error;
}

/* ---- balance ---- */

static int balance(struct cli *cli, int count, char **operands)
{
	truce_world *from = NULL, *to = NULL, *rounded = NULL;
	double unit = 0, step = 0, moved = 0;
	int error;

	if (count != 1)
		return cli_usage(cli, "truce world balance W.world [--round USD] [--step SHARE] -o NEW.world");
	if ((error = cli_double(cli, &unit, "round", 0)) || (error = cli_double(cli, &step, "step", 0)))
		return error;
	if (unit < 0 || step < 0)
		return cli_usage(cli, "--round and --step are 0 or more");
	if ((error = read_world(cli, &from, operands[0])) ||
		(!from->balanced && (error = truce_world_balance(cli->ctx, &to, from, &moved))))
		goto done;
	if (unit > 0 || step > 0)
		error = truce_world_round(cli->ctx, &rounded, to ? to : from, unit, step);
	truce_world *last = rounded ? rounded : to ? to : from;
	if (!error)
		error = dress(cli, last, true);
	if (!error)
		error = write_world(cli, last);
	if (!error && to && !cli->json)
		truce_text_addf(&cli->out, "the largest change of a cell's spending is %.2e of world output\n", moved);
done:
	truce_world_free(rounded);
	truce_world_free(to);
	truce_world_free(from);
	return error;
}

/* ---- the verb ---- */

static const struct {
	const char *name;
	int (*run)(struct cli *cli, int count, char **operands);
} tasks[] = {
	{ "import", import }, { "show", show }, { "check", check }, { "aggregate", aggregate }, { "split", split },
	{ "update", update }, { "balance", balance },
	{ "wedges", wedges }
};

static int run(struct cli *cli, int count, char **operands)
{
	const char *names[sizeof tasks / sizeof *tasks];
	for (size_t i = 0; i < sizeof tasks / sizeof *tasks; i++) {
		names[i] = tasks[i].name;
		if (strcmp(tasks[i].name, operands[0]) == 0)
			return tasks[i].run(cli, count - 1, operands + 1);
	}
	const char *near = truce_nearest(operands[0], names, sizeof tasks / sizeof *tasks);
	return near ? cli_usage(cli, "truce world does not \"%s\"; is %s meant?", operands[0], near)
		: cli_usage(cli, "truce world does not \"%s\"", operands[0]);
}

static const struct cli_option options[] = {
	{ "format", 'f', "FORMAT", false, "import: csv (the default), wiod, icio, har, cp2015" },
	{ "unit", 0, "FACTOR", false, "import: values are US dollars times this, 1e6 for millions (the default of wiod, icio and har)" },
	{ "elasticity", 0, "FILE", false, "trade elasticities to take, sector,theta[,se][,psi]; import har: a file of parameters with ESBM too" },
	{ "tariffs", 0, "FILE", false, "import cp2015: the file of tariffs, tariffs1993.txt where not said" },
	{ "output", 'o', "FILE", false, "the file to write" },
	{ "regions", 0, "MAP.csv", false, "aggregate: where each region goes, from,to[,name]; split --pattern: where those of the pattern lie" },
	{ "sectors", 0, "MAP.csv", false, "aggregate: where each sector goes; split --pattern: whose pattern each follows" },
	{ "sector", 0, "OLD", false, "split: the sector that a product is taken out of" },
	{ "into", 0, "NEW", false, "split: the id of the new sector" },
	{ "title", 0, "TEXT", false, "split: its name" },
	{ "flows", 0, "F.csv", false, "split: what is known of its trade, exporter,importer,value[,tariff][,estimated]" },
	{ "users", 0, "U.csv", false, "split: who uses it, sector,weight" },
	{ "intermediate", 0, "SHARE", false, "split: the share of it that goes to users; the sector's where not said" },
	{ "theta", 0, "NUMBER", false, "split: its trade elasticity; the sector's where not said" },
	{ "theta-se", 0, "NUMBER", false, "split: the standard error of that" },
	{ "pattern", 0, "P.world", false, "split: split regions as this finer world is, with --regions and --sectors" },
	{ "targets", 0, "T.csv", false, "update: the totals to meet, kind,sector,exporter,importer,value" },
	{ "technology", 0, "T.world", false, "update: take input, value-added and final shares from this world" },
	{ "sweeps", 0, "N", false, "update: at most so many, 2000" },
	{ "tolerance", 0, "SHARE", false, "update: how near the totals are met, 1e-9" },
	{ "round", 0, "USD", false, "balance: then round flows to multiples of this many dollars" },
	{ "step", 0, "SHARE", false, "balance: then round tariffs and input shares to multiples of this" },
	{ "name", 0, "NAME", false, "the name of the world that is written" },
	{ "year", 0, "YEAR", false, "its year" },
	{ "note", 0, "TEXT", false, "its limits and sources" },
	{ "members", 0, "FILE", false, "which countries and groups lie in its regions, region,member,whole" },
	{ "among", 0, "REGIONS", false, "wedges: only where both sides are in this list, A,B,C" },
	{ NULL, 0, NULL, false, NULL }
};

static const char *const description[] = {
	"A world is a balanced table of an economy: regions, sectors, the trade between them with its tariffs, what each "
	"sector uses, and the trade elasticities. It is kept as one SQLite file (truce-world(5)).",
	"import FORMAT PATH makes one; show prints its regions and sectors (--csv: all its flows); check prints each "
	"identity that an economy must meet and by how much it fails, and exits 1 if one does; aggregate adds up regions and sectors; split takes a product out of its "
	"sector, or parts out of a region; update carries a table to given totals; balance keeps the technology and moves the sizes until all "
	"identities hold; wedges prints the tariffs "
	"in which a second world differs from a first, in the form that truce solve reads.",
	NULL
};

static const char *const examples[] = {
	"truce world import --format csv DIR --unit 1e6 -o W.world", "make a world of plain tables in millions of dollars",
	"truce world import --format icio 2020_SML.csv --elasticity theta.csv -o W.world", "make one of a table of OECD's",
	"truce world import --format har basedata.har --elasticity default.prm -o W.world", "make one of the data base of GTAP",
	"truce world check W.world", "print every identity and its residual",
	"truce world wedges 1993.world 2005.world --among CAN,MEX,USA -o nafta.csv", "the tariffs that three countries changed",
	NULL
};

const struct cli_verb cli_verb_world = {
	.name = "world", .summary = "import, show, check and change the tables of an economy",
	.operands = "import|show|check|aggregate|split|update|balance|wedges …", .operands_min = 1, .operands_max = -1, .common = CLI_JSON | CLI_CSV,
	.options = options, .description = description, .examples = examples, .run = run
};
