/* equilibrium: a problem as one file.  A world file (docs/formats/world.md) with three more tables: `setting`,
 * `policy_edge` (where an edge's wedges are not the world's) and `policy_bound`.  Whoever gets it can solve it again; as a
 * world it can be read by all that reads worlds.  A file that is read is not trusted: values are looked at, never run. */
#include "internal.h"

#include <sqlite3.h>

#include <math.h>
#include <stdio.h>
#include <string.h>

static const char tables[] =
	"BEGIN;"
	"CREATE TABLE setting(key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;"
	"CREATE TABLE policy_edge(sector INTEGER NOT NULL, importer INTEGER NOT NULL, exporter INTEGER NOT NULL, "
	"tariff REAL NOT NULL, export_tax REAL NOT NULL, iceberg REAL NOT NULL, PRIMARY KEY(sector, importer, exporter)) WITHOUT ROWID;"
	"CREATE TABLE policy_bound(id INTEGER PRIMARY KEY, sector INTEGER NOT NULL, importer INTEGER NOT NULL, exporter INTEGER NOT NULL, "
	"kind INTEGER NOT NULL, rent INTEGER NOT NULL, level REAL NOT NULL);";

static int failed(truce_context *ctx, sqlite3 *db, int code, const char *path)
{
	return code == SQLITE_NOMEM ? truce_fail(ctx, TRUCE_MEMORY, path, 0, 0, NULL, "out of memory") :
		truce_fail(ctx, TRUCE_INPUT, path, 0, 0, "make it with `truce solve --dump`", "this is no problem to solve: %s",
			db ? sqlite3_errmsg(db) : sqlite3_errstr(code));
}

/* ---- writing ------------------------------------------------------------------------------------------------------------- */

static int run_row(sqlite3_stmt *row)
{
	const int code = sqlite3_step(row);
	return code == SQLITE_DONE ? sqlite3_reset(row) : code;
}

static int put_settings(truce_context *ctx, sqlite3 *db, const truce_equilibrium_settings *settings)
{
	sqlite3_stmt *row = NULL;
	int code = sqlite3_prepare_v2(db, "INSERT INTO setting VALUES(?1, ?2)", -1, &row, NULL);
	const char *key;
	(void)ctx;
	for (size_t k = 0; code == SQLITE_OK && (key = truce_equilibrium_settings_key(k)); k++) {
		char value[64];
		if (!truce_equilibrium_settings_get(settings, key, value, sizeof value))
			continue;
		sqlite3_bind_text(row, 1, key, -1, SQLITE_STATIC);
		sqlite3_bind_text(row, 2, value, -1, SQLITE_STATIC);
		code = run_row(row);
	}
	sqlite3_finalize(row);
	return code;
}

static int put_edges(sqlite3 *db, const truce_equilibrium *eq)
{
	const truce_world *w = eq->world;
	const truce_policy *p = &eq->policy;
	sqlite3_stmt *row = NULL;
	int code = sqlite3_prepare_v2(db, "INSERT INTO policy_edge VALUES(?1, ?2, ?3, ?4, ?5, ?6)", -1, &row, NULL);
	for (size_t e = 0; code == SQLITE_OK && e < w->sectors * w->regions * w->regions; e++) {
		const double tariff = p->tariff ? p->tariff[e] : w->tariff[e], tax = p->export_tax ? p->export_tax[e] : 0;
		const double iceberg = p->iceberg ? p->iceberg[e] : 1;
		if (tariff == w->tariff[e] && tax == 0 && iceberg == 1)
			continue;
		sqlite3_bind_int64(row, 1, (sqlite3_int64)(e / w->regions / w->regions));
		sqlite3_bind_int64(row, 2, (sqlite3_int64)(e / w->regions % w->regions));
		sqlite3_bind_int64(row, 3, (sqlite3_int64)(e % w->regions));
		sqlite3_bind_double(row, 4, tariff);
		sqlite3_bind_double(row, 5, tax);
		sqlite3_bind_double(row, 6, iceberg);
		code = run_row(row);
	}
	sqlite3_finalize(row);
	return code;
}

static int put_bounds(sqlite3 *db, const truce_equilibrium *eq)
{
	sqlite3_stmt *row = NULL;
	int code = sqlite3_prepare_v2(db, "INSERT INTO policy_bound VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)", -1, &row, NULL);
	for (size_t q = 0; code == SQLITE_OK && q < eq->policy.quantity_count; q++) {
		const truce_edge_quantity *bound = &eq->quantity[q];
		sqlite3_bind_int64(row, 1, (sqlite3_int64)q);
		sqlite3_bind_int64(row, 2, (sqlite3_int64)bound->sector);
		sqlite3_bind_int64(row, 3, (sqlite3_int64)bound->importer);
		sqlite3_bind_int64(row, 4, (sqlite3_int64)bound->exporter);
		sqlite3_bind_int(row, 5, (int)bound->kind);
		sqlite3_bind_int(row, 6, (int)bound->rent);
		sqlite3_bind_double(row, 7, bound->level);
		code = run_row(row);
	}
	sqlite3_finalize(row);
	return code;
}

/* A file's bytes as a database in memory that may be added to. */
static int open_bytes(sqlite3 **db, const char *bytes, size_t length, bool grows)
{
	int code = sqlite3_open_v2(":memory:", db, SQLITE_OPEN_READWRITE, NULL);
	if (code != SQLITE_OK)
		return code;
	if (!grows)
		return sqlite3_deserialize(*db, "main", (unsigned char *)(uintptr_t)bytes, (sqlite3_int64)length, (sqlite3_int64)length,
			SQLITE_DESERIALIZE_READONLY);
	unsigned char *copy = sqlite3_malloc64(length);
	if (!copy)
		return SQLITE_NOMEM;
	memcpy(copy, bytes, length);
	return sqlite3_deserialize(*db, "main", copy, (sqlite3_int64)length, (sqlite3_int64)length,
		SQLITE_DESERIALIZE_FREEONCLOSE | SQLITE_DESERIALIZE_RESIZEABLE);
}

/* The world with the elasticities that the solver uses now. */
static int world_to_bytes(truce_equilibrium *eq, char **bytes, size_t *length)
{
	truce_world world = *eq->world;
	for (size_t j = 0; j < eq->sectors; j++)
		eq->scratch[j] = eq->theta[j] == world.theta[j] * eq->settings.theta_scale ? world.theta[j] :
			eq->theta[j] / eq->settings.theta_scale;
	world.theta = eq->scratch;
	return truce_world_to_bytes(eq->ctx, &world, bytes, length);
}

int truce_equilibrium_dump(truce_equilibrium *eq, const char *path)
{
	sqlite3 *db = NULL;
	char *bytes = NULL;
	unsigned char *whole = NULL;
	size_t length = 0;
	sqlite3_int64 size = 0;
	int status = world_to_bytes(eq, &bytes, &length);
	if (status)
		goto done;
	int code = open_bytes(&db, bytes, length, true);
	if (code == SQLITE_OK)
		code = sqlite3_exec(db, tables, NULL, NULL, NULL);
	if (code == SQLITE_OK)
		code = put_settings(eq->ctx, db, &eq->settings);
	if (code == SQLITE_OK)
		code = put_edges(db, eq);
	if (code == SQLITE_OK)
		code = put_bounds(db, eq);
	if (code == SQLITE_OK)
		code = sqlite3_exec(db, "COMMIT", NULL, NULL, NULL);
	if (code == SQLITE_OK && !(whole = sqlite3_serialize(db, "main", &size, 0)))
		code = SQLITE_NOMEM;
	if (code != SQLITE_OK) {
		status = failed(eq->ctx, db, code, path);
		goto done;
	}
	if (size >= 100)
		memset(whole + 96, 0, 4); /* the library's version */
	status = truce_file_write(eq->ctx, path, (const char *)whole, (size_t)size);
done:
	sqlite3_free(whole);
	sqlite3_close(db);
	truce_release(eq->ctx, bytes);
	return status;
}

/* ---- reading ------------------------------------------------------------------------------------------------------------- */

static bool position(sqlite3_stmt *row, int column, size_t count, size_t *out)
{
	const sqlite3_int64 value = sqlite3_column_int64(row, column);
	*out = (size_t)value;
	return sqlite3_column_type(row, column) == SQLITE_INTEGER && value >= 0 && (sqlite3_uint64)value < count;
}

static bool number(sqlite3_stmt *row, int column, double *out)
{
	const int type = sqlite3_column_type(row, column);
	*out = sqlite3_column_double(row, column);
	return type == SQLITE_FLOAT || type == SQLITE_INTEGER;
}

static int spoiled(truce_context *ctx, const char *path, const char *table)
{
	return truce_fail(ctx, TRUCE_INPUT, path, 0, 0, "make it with `truce solve --dump`", "a row of %s cannot be", table);
}

/* Only plain tables are read: a view or a computed column could ask for any amount of work. */
static int check_tables(truce_context *ctx, sqlite3 *db, const char *path)
{
	static const char count[] = "SELECT count(*) FROM sqlite_schema s WHERE type='table' AND rootpage>0 AND "
		"lower(name) IN ('setting', 'policy_edge', 'policy_bound') AND NOT EXISTS(SELECT 1 FROM pragma_table_xinfo(s.name) "
		"WHERE hidden<>0)";
	sqlite3_stmt *row = NULL;
	int code = sqlite3_prepare_v2(db, count, -1, &row, NULL), found = 0;
	if (code == SQLITE_OK && (code = sqlite3_step(row)) == SQLITE_ROW)
		found = sqlite3_column_int(row, 0);
	sqlite3_finalize(row);
	return code != SQLITE_ROW ? failed(ctx, db, code, path) : found == 3 ? TRUCE_OK : truce_fail(ctx, TRUCE_INPUT, path, 0, 0,
		"make it with `truce solve --dump`", "this is no problem to solve: it has no settings and policy in plain tables");
}

static int out_of_budget(void *left)
{
	return --*(int64_t *)left < 0;
}

static int get_settings(truce_context *ctx, sqlite3 *db, const char *path, truce_equilibrium_settings *settings)
{
	sqlite3_stmt *row = NULL;
	int status = TRUCE_OK, code = sqlite3_prepare_v2(db, "SELECT key, value FROM setting ORDER BY key", -1, &row, NULL);
	truce_equilibrium_settings_init(settings);
	while (code == SQLITE_OK && !status && (code = sqlite3_step(row)) == SQLITE_ROW) {
		const char *key = (const char *)sqlite3_column_text(row, 0), *value = (const char *)sqlite3_column_text(row, 1);
		code = SQLITE_OK;
		if (!key || !value || truce_equilibrium_settings_set(ctx, settings, key, value))
			status = spoiled(ctx, path, "setting");
	}
	if (!status && code != SQLITE_DONE)
		status = failed(ctx, db, code, path);
	sqlite3_finalize(row);
	return status;
}

static int get_edges(truce_context *ctx, sqlite3 *db, const char *path, truce_equilibrium_problem *problem)
{
	const truce_world *w = problem->world;
	const size_t edges = w->sectors * w->regions * w->regions;
	double *tariff = truce_arena_array(w->arena, edges, sizeof *tariff), *tax = truce_arena_array(w->arena, edges, sizeof *tax);
	double *iceberg = truce_arena_array(w->arena, edges, sizeof *iceberg);
	if (!tariff || !tax || !iceberg)
		return TRUCE_MEMORY;
	memcpy(tariff, w->tariff, edges * sizeof *tariff);
	for (size_t e = 0; e < edges; e++)
		iceberg[e] = 1;
	bool taxed = false, shipped = false;
	sqlite3_stmt *row = NULL;
	int status = TRUCE_OK, code = sqlite3_prepare_v2(db, "SELECT sector, importer, exporter, tariff, export_tax, iceberg "
		"FROM policy_edge", -1, &row, NULL);
	while (code == SQLITE_OK && !status && (code = sqlite3_step(row)) == SQLITE_ROW) {
		size_t j, n, i;
		code = SQLITE_OK;
		if (!position(row, 0, w->sectors, &j) || !position(row, 1, w->regions, &n) || !position(row, 2, w->regions, &i)) {
			status = spoiled(ctx, path, "policy_edge");
			continue;
		}
		const size_t e = truce_world_edge(w, j, n, i);
		if (!number(row, 3, &tariff[e]) || !number(row, 4, &tax[e]) || !number(row, 5, &iceberg[e])) {
			status = spoiled(ctx, path, "policy_edge");
			continue;
		}
		taxed |= tax[e] != 0;
		shipped |= iceberg[e] != 1;
	}
	if (!status && code != SQLITE_DONE)
		status = failed(ctx, db, code, path);
	sqlite3_finalize(row);
	problem->policy.tariff = tariff;
	problem->policy.export_tax = taxed ? tax : NULL;
	problem->policy.iceberg = shipped ? iceberg : NULL;
	return status;
}

static int get_bounds(truce_context *ctx, sqlite3 *db, const char *path, truce_equilibrium_problem *problem)
{
	const truce_world *w = problem->world;
	truce_edge_quantity *bounds = NULL;
	size_t count = 0, capacity = 0;
	sqlite3_stmt *row = NULL;
	int status = TRUCE_OK, code = sqlite3_prepare_v2(db, "SELECT sector, importer, exporter, kind, rent, level FROM policy_bound "
		"ORDER BY id", -1, &row, NULL);
	while (code == SQLITE_OK && !status && (code = sqlite3_step(row)) == SQLITE_ROW) {
		size_t kind = 0, rent = 0;
		code = SQLITE_OK;
		if ((status = truce_grow(ctx, &bounds, &capacity, count + 1, sizeof *bounds)))
			continue;
		truce_edge_quantity *bound = &bounds[count++];
		if (!position(row, 0, w->sectors, &bound->sector) || !position(row, 1, w->regions, &bound->importer) ||
			!position(row, 2, w->regions, &bound->exporter) || !position(row, 3, TRUCE_QUANTITY_EXACTLY + 1, &kind) ||
			!position(row, 4, TRUCE_RENT_LOST + 1, &rent) || !number(row, 5, &bound->level))
			status = spoiled(ctx, path, "policy_bound");
		bound->kind = (truce_quantity_kind)kind;
		bound->rent = (truce_rent)rent;
	}
	if (!status && code != SQLITE_DONE)
		status = failed(ctx, db, code, path);
	sqlite3_finalize(row);
	truce_edge_quantity *kept = status ? NULL : truce_arena_array(w->arena, count ? count : 1, sizeof *kept);
	if (kept && count)
		memcpy(kept, bounds, count * sizeof *kept);
	truce_release(ctx, bounds);
	problem->policy.quantities = kept;
	problem->policy.quantity_count = count;
	return status || kept ? status : TRUCE_MEMORY;
}

int truce_equilibrium_load(truce_context *ctx, truce_equilibrium_problem *out, const char *path)
{
	truce_equilibrium_problem problem = {0};
	sqlite3 *db = NULL;
	char *bytes = NULL;
	size_t length = 0;
	*out = problem;
	int status = truce_file_read(ctx, &bytes, &length, path, (size_t)4 << 30);
	if (!status)
		status = truce_world_read_bytes(ctx, &problem.world, path, bytes, length);
	if (status)
		goto done;
	int64_t budget = 1000 + (int64_t)(length / 2000); /* of work, by the size of the file */
	const int code = open_bytes(&db, bytes, length, false);
	if (code != SQLITE_OK) {
		status = failed(ctx, db, code, path);
		goto done;
	}
	sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	sqlite3_db_config(db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
	sqlite3_limit(db, SQLITE_LIMIT_LENGTH, 1 << 20);
	sqlite3_progress_handler(db, 10000, out_of_budget, &budget);
	status = check_tables(ctx, db, path);
	if (!status)
		status = get_settings(ctx, db, path, &problem.settings);
	if (!status)
		status = get_edges(ctx, db, path, &problem);
	if (!status)
		status = get_bounds(ctx, db, path, &problem);
	if (!status) {
		*out = problem;
		problem.world = NULL;
	}
done:
	sqlite3_close(db);
	truce_world_free(problem.world);
	truce_release(ctx, bytes);
	return status;
}
