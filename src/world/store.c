/* store.c: room world.  A world as one SQLite file (docs/formats/world.md).
 *
 * The database is made in memory and written whole, so that the file on disk is the old one or the new one, and
 * the same world gives the same bytes.  A file that is read is not trusted: only plain tables are looked at, and
 * the work that SQLite may do is bounded by the size of the file. */
#include "world_private.h"

#include <sqlite3.h>

#include <math.h>
#include <string.h>

#define WORLD_VERSION "1"
#define APPLICATION_ID "1416785518" /* "Tr" "Wn" */
#define FILE_MOST ((size_t)4 << 30)

static const char schema[] =
	"PRAGMA page_size=4096;"
	"PRAGMA encoding='UTF-8';"
	"PRAGMA application_id=" APPLICATION_ID ";"
	"PRAGMA user_version=" WORLD_VERSION ";"
	"BEGIN;"
	"CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;"
	"CREATE TABLE region(id INTEGER PRIMARY KEY, code TEXT NOT NULL, name TEXT);"
	"CREATE TABLE sector(id INTEGER PRIMARY KEY, code TEXT NOT NULL, name TEXT, theta REAL NOT NULL, theta_se REAL, "
	"psi REAL);"
	"CREATE TABLE member(code TEXT PRIMARY KEY, region INTEGER NOT NULL, whole INTEGER NOT NULL) WITHOUT ROWID;"
	"CREATE TABLE cell(region INTEGER NOT NULL, sector INTEGER NOT NULL, value_added REAL NOT NULL, final_share REAL, "
	"PRIMARY KEY(region, sector)) WITHOUT ROWID;"
	"CREATE TABLE edge(sector INTEGER NOT NULL, importer INTEGER NOT NULL, exporter INTEGER NOT NULL, "
	"flow REAL NOT NULL, tariff REAL NOT NULL, estimated INTEGER NOT NULL, "
	"PRIMARY KEY(sector, importer, exporter)) WITHOUT ROWID;"
	"CREATE TABLE input(region INTEGER NOT NULL, using_sector INTEGER NOT NULL, input_sector INTEGER NOT NULL, "
	"share REAL NOT NULL, PRIMARY KEY(region, using_sector, input_sector)) WITHOUT ROWID;"
	/* With names in place of positions, for people and for other programs. */
	"CREATE VIEW trade AS SELECT s.code AS sector, x.code AS exporter, m.code AS importer, e.flow AS value, e.tariff, "
	"e.estimated FROM edge e JOIN sector s ON s.id=e.sector JOIN region x ON x.id=e.exporter "
	"JOIN region m ON m.id=e.importer;"
	"CREATE VIEW technology AS SELECT r.code AS region, i.code AS input_sector, u.code AS using_sector, t.share "
	"FROM input t JOIN region r ON r.id=t.region JOIN sector i ON i.id=t.input_sector "
	"JOIN sector u ON u.id=t.using_sector;";

static int sqlite_failed(truce_context *ctx, sqlite3 *db, int code, const char *path, const char *doing)
{
	if (code == SQLITE_NOMEM)
		return truce_fail(ctx, TRUCE_MEMORY, path, 0, 0, NULL, "out of memory %s the world", doing);
	if (code == SQLITE_INTERRUPT)
		return truce_fail(ctx, truce_cancelled(ctx) ? TRUCE_CANCELLED : TRUCE_LIMIT, path, 0, 0, NULL,
			"stopped while %s the world", doing);
	return truce_fail(ctx, TRUCE_INPUT, path, 0, 0, "make the world again with truce world import",
		"SQLite failed %s the world: %s", doing, db ? sqlite3_errmsg(db) : sqlite3_errstr(code));
}

/* ---- writing ---- */

static void bind_number(sqlite3_stmt *stmt, int at, double value)
{
	if (isnan(value))
		sqlite3_bind_null(stmt, at);
	else
		sqlite3_bind_double(stmt, at, value);
}

static int step_over(sqlite3_stmt *stmt)
{
	int code = sqlite3_step(stmt);
	if (code != SQLITE_DONE)
		return code;
	return sqlite3_reset(stmt);
}

static int put_meta(sqlite3 *db, const truce_world *world)
{
	const char *pairs[][2] = {
		{ "format", "truce-world" }, { "version", WORLD_VERSION }, { "name", world->name }, { "year", world->year },
		{ "note", world->note }, { "balanced", world->balanced ? "1" : "0" },
		{ "estimated", world->estimated ? "1" : "0" }, { "final", world->final_share ? "1" : "0" }
	};
	sqlite3_stmt *stmt = NULL;
	int code = sqlite3_prepare_v2(db, "INSERT INTO meta VALUES(?1, ?2)", -1, &stmt, NULL);
	for (size_t i = 0; i < sizeof pairs / sizeof *pairs && code == SQLITE_OK; i++) {
		sqlite3_bind_text(stmt, 1, pairs[i][0], -1, SQLITE_STATIC);
		sqlite3_bind_text(stmt, 2, pairs[i][1] ? pairs[i][1] : "", -1, SQLITE_STATIC);
		code = step_over(stmt);
	}
	sqlite3_finalize(stmt);
	return code;
}

/* The member that follows `last` by bytes; codes differ, so that each turn finds one. */
static size_t next_member(const truce_world *world, const char *last)
{
	size_t best = 0;
	bool found = false;
	for (size_t m = 0; m < world->members; m++)
		if (strcmp(world->member[m], last) > 0 && (!found || strcmp(world->member[m], world->member[best]) < 0)) {
			best = m;
			found = true;
		}
	return best;
}

static int put_names(sqlite3 *db, const truce_world *world)
{
	sqlite3_stmt *region = NULL, *sector = NULL, *member = NULL;
	int code = sqlite3_prepare_v2(db, "INSERT INTO region VALUES(?1, ?2, ?3)", -1, &region, NULL);
	if (code == SQLITE_OK)
		code = sqlite3_prepare_v2(db, "INSERT INTO sector VALUES(?1, ?2, ?3, ?4, ?5, ?6)", -1, &sector, NULL);
	if (code == SQLITE_OK)
		code = sqlite3_prepare_v2(db, "INSERT INTO member VALUES(?1, ?2, ?3)", -1, &member, NULL);
	for (size_t n = 0; n < world->regions && code == SQLITE_OK; n++) {
		sqlite3_bind_int64(region, 1, (sqlite3_int64)n);
		sqlite3_bind_text(region, 2, world->region[n], -1, SQLITE_STATIC);
		sqlite3_bind_text(region, 3, world->region_name[n], -1, SQLITE_STATIC);
		code = step_over(region);
	}
	for (size_t j = 0; j < world->sectors && code == SQLITE_OK; j++) {
		sqlite3_bind_int64(sector, 1, (sqlite3_int64)j);
		sqlite3_bind_text(sector, 2, world->sector[j], -1, SQLITE_STATIC);
		sqlite3_bind_text(sector, 3, world->sector_name[j], -1, SQLITE_STATIC);
		bind_number(sector, 4, world->theta[j]);
		bind_number(sector, 5, world->theta_se[j]);
		bind_number(sector, 6, world->psi[j]);
		code = step_over(sector);
	}
	/* In the order of the key: the layout of a page, and so the bytes, depend on the order of insertion. */
	const char *last = "";
	for (size_t turn = 0; turn < world->members && code == SQLITE_OK; turn++) {
		size_t m = next_member(world, last);
		last = world->member[m];
		sqlite3_bind_text(member, 1, world->member[m], -1, SQLITE_STATIC);
		sqlite3_bind_int64(member, 2, (sqlite3_int64)world->member_region[m]);
		sqlite3_bind_int(member, 3, world->member_whole[m]);
		code = step_over(member);
	}
	sqlite3_finalize(region);
	sqlite3_finalize(sector);
	sqlite3_finalize(member);
	return code;
}

static int put_cells(sqlite3 *db, const truce_world *world)
{
	sqlite3_stmt *cell = NULL, *input = NULL;
	int code = sqlite3_prepare_v2(db, "INSERT INTO cell VALUES(?1, ?2, ?3, ?4)", -1, &cell, NULL);
	if (code == SQLITE_OK)
		code = sqlite3_prepare_v2(db, "INSERT INTO input VALUES(?1, ?2, ?3, ?4)", -1, &input, NULL);
	for (size_t n = 0; n < world->regions; n++)
		for (size_t k = 0; k < world->sectors && code == SQLITE_OK; k++) {
			size_t at = n * world->sectors + k;
			sqlite3_bind_int64(cell, 1, (sqlite3_int64)n);
			sqlite3_bind_int64(cell, 2, (sqlite3_int64)k);
			bind_number(cell, 3, world->value_added[at]);
			bind_number(cell, 4, world->final_share ? world->final_share[at] : NAN);
			code = step_over(cell);
		}
	for (size_t n = 0; n < world->regions; n++)
		for (size_t k = 0; k < world->sectors; k++)
			for (size_t j = 0; j < world->sectors && code == SQLITE_OK; j++) {
				double share = world->input_share[world_input(world, n, k, j)];
				if (share == 0)
					continue;
				sqlite3_bind_int64(input, 1, (sqlite3_int64)n);
				sqlite3_bind_int64(input, 2, (sqlite3_int64)k);
				sqlite3_bind_int64(input, 3, (sqlite3_int64)j);
				bind_number(input, 4, share);
				code = step_over(input);
			}
	sqlite3_finalize(cell);
	sqlite3_finalize(input);
	return code;
}

static int put_edges(sqlite3 *db, const truce_world *world)
{
	sqlite3_stmt *stmt = NULL;
	int code = sqlite3_prepare_v2(db, "INSERT INTO edge VALUES(?1, ?2, ?3, ?4, ?5, ?6)", -1, &stmt, NULL);
	for (size_t j = 0; j < world->sectors; j++)
		for (size_t n = 0; n < world->regions; n++)
			for (size_t i = 0; i < world->regions && code == SQLITE_OK; i++) {
				size_t e = truce_world_edge(world, j, n, i);
				uint8_t estimated = world->estimated ? world->estimated[e] : 0;
				if (world->flow[e] == 0 && world->tariff[e] == 0 && !estimated)
					continue;
				sqlite3_bind_int64(stmt, 1, (sqlite3_int64)j);
				sqlite3_bind_int64(stmt, 2, (sqlite3_int64)n);
				sqlite3_bind_int64(stmt, 3, (sqlite3_int64)i);
				bind_number(stmt, 4, world->flow[e]);
				bind_number(stmt, 5, world->tariff[e]);
				sqlite3_bind_int(stmt, 6, estimated);
				code = step_over(stmt);
			}
	sqlite3_finalize(stmt);
	return code;
}

/* A table that only those files have whose world holds it: all others keep their bytes. */
static int put_marketing(sqlite3 *db, const truce_world *world)
{
	sqlite3_stmt *stmt = NULL;
	if (!world->marketing)
		return SQLITE_OK;
	int code = sqlite3_exec(db, "CREATE TABLE marketing(region INTEGER PRIMARY KEY, share REAL NOT NULL);"
		"INSERT INTO meta VALUES('marketing', '1');", NULL, NULL, NULL);
	if (code == SQLITE_OK)
		code = sqlite3_prepare_v2(db, "INSERT INTO marketing VALUES(?1, ?2)", -1, &stmt, NULL);
	for (size_t n = 0; n < world->regions && code == SQLITE_OK; n++) {
		sqlite3_bind_int64(stmt, 1, (sqlite3_int64)n);
		bind_number(stmt, 2, world->marketing[n]);
		code = step_over(stmt);
	}
	sqlite3_finalize(stmt);
	return code;
}

/* The whole file in memory of SQLite's; `path` is for what is said. */
static int serialize(truce_context *ctx, const truce_world *world, const char *path, unsigned char **bytes, sqlite3_int64 *length)
{
	sqlite3 *db = NULL;
	int error = TRUCE_OK;
	int code = sqlite3_open_v2(":memory:", &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL);

	if (code == SQLITE_OK)
		code = sqlite3_exec(db, schema, NULL, NULL, NULL);
	if (code == SQLITE_OK)
		code = put_meta(db, world);
	if (code == SQLITE_OK)
		code = put_names(db, world);
	if (code == SQLITE_OK)
		code = put_cells(db, world);
	if (code == SQLITE_OK)
		code = put_edges(db, world);
	if (code == SQLITE_OK)
		code = put_marketing(db, world);
	if (code == SQLITE_OK)
		code = sqlite3_exec(db, "COMMIT", NULL, NULL, NULL);
	if (code == SQLITE_OK) {
		*bytes = sqlite3_serialize(db, "main", length, 0);
		if (!*bytes)
			code = SQLITE_NOMEM;
	}
	if (code != SQLITE_OK)
		error = sqlite_failed(ctx, db, code, path, "writing");
	/* The library's own version, which no reader needs: without it the bytes do not depend on it. */
	else if (*length >= 100)
		memset(*bytes + 96, 0, 4);
	sqlite3_close(db);
	return error;
}

int truce_world_write(truce_context *ctx, const truce_world *world, const char *path)
{
	unsigned char *bytes = NULL;
	sqlite3_int64 length = 0;
	int error = serialize(ctx, world, path, &bytes, &length);
	if (!error)
		error = truce_file_write(ctx, path, (const char *)bytes, (size_t)length);
	sqlite3_free(bytes);
	return error;
}

int truce_world_to_bytes(truce_context *ctx, const truce_world *world, char **out, size_t *length)
{
	unsigned char *bytes = NULL;
	sqlite3_int64 size = 0;
	int error = serialize(ctx, world, world->name, &bytes, &size);
	*out = NULL;
	*length = (size_t)size;
	if (!error && !(*out = truce_allocate(ctx, *length)))
		error = TRUCE_MEMORY;
	if (!error)
		memcpy(*out, bytes, *length);
	sqlite3_free(bytes);
	return error;
}

/* ---- reading ---- */

struct reader {
	truce_context *ctx;
	sqlite3 *db;
	const char *path;
	int64_t patience; /* calls of the progress handler that are left */
};

static int on_progress(void *user)
{
	struct reader *reader = user;
	return --reader->patience < 0 || truce_cancelled(reader->ctx);
}

static int spoiled(const struct reader *reader, const char *fmt_what)
{
	return truce_fail(reader->ctx, TRUCE_INPUT, reader->path, 0, 0, "make it with truce world import",
		"this is not a whole world file: %s", fmt_what);
}

static int prepare(const struct reader *reader, sqlite3_stmt **out, const char *sql)
{
	int code = sqlite3_prepare_v2(reader->db, sql, -1, out, NULL);
	return code == SQLITE_OK ? TRUCE_OK : sqlite_failed(reader->ctx, reader->db, code, reader->path, "reading");
}

/* 1 there is a row, 0 the end, negative an error. */
static int next_row(const struct reader *reader, sqlite3_stmt *stmt)
{
	int code = sqlite3_step(stmt);
	if (code == SQLITE_ROW)
		return 1;
	return code == SQLITE_DONE ? 0 : sqlite_failed(reader->ctx, reader->db, code, reader->path, "reading");
}

/* Only plain tables are read: a view, a virtual table or a computed column in their place could ask for any work. */
static int check_tables(const struct reader *reader, const char *const *tables, size_t count)
{
	sqlite3_stmt *stmt = NULL;
	int row, error = prepare(reader, &stmt,
		"SELECT type, rootpage, (SELECT count(*) FROM pragma_table_xinfo(?1) WHERE hidden<>0) FROM sqlite_schema WHERE lower(name)=?1");
	for (size_t i = 0; !error && i < count; i++) {
		sqlite3_bind_text(stmt, 1, tables[i], -1, SQLITE_STATIC);
		row = next_row(reader, stmt);
		if (row < 0) {
			error = row;
		} else if (row == 0) {
			error = truce_fail(reader->ctx, TRUCE_INPUT, reader->path, 0, 0, "make it with truce world import",
				"this is not a world file: it has no table %s", tables[i]);
		} else {
			const char *type = (const char *)sqlite3_column_text(stmt, 0);
			if (!type || strcmp(type, "table") != 0 || sqlite3_column_int(stmt, 1) <= 0 || sqlite3_column_int(stmt, 2) != 0)
				error = spoiled(reader, "a table of it is not a plain table");
		}
		sqlite3_reset(stmt);
	}
	sqlite3_finalize(stmt);
	return error;
}

static int64_t count_rows(const struct reader *reader, const char *sql, int *error)
{
	sqlite3_stmt *stmt = NULL;
	int64_t count = -1;
	*error = prepare(reader, &stmt, sql);
	if (!*error) {
		int row = next_row(reader, stmt);
		if (row == 1)
			count = sqlite3_column_int64(stmt, 0);
		else
			*error = row < 0 ? row : TRUCE_INPUT;
	}
	sqlite3_finalize(stmt);
	return count;
}

static const char *column_text(truce_world *world, sqlite3_stmt *stmt, int at, bool *failed)
{
	const char *text = (const char *)sqlite3_column_text(stmt, at);
	if (!text)
		return NULL;
	const char *copy = truce_arena_text(world->arena, text);
	if (!copy)
		*failed = true;
	return copy;
}

/* A number, or NaN for NULL where that is allowed. */
static bool column_number(sqlite3_stmt *stmt, int at, bool may_lack, double *out)
{
	int type = sqlite3_column_type(stmt, at);
	if (type == SQLITE_NULL && may_lack) {
		*out = NAN;
		return true;
	}
	if (type != SQLITE_FLOAT && type != SQLITE_INTEGER)
		return false;
	*out = sqlite3_column_double(stmt, at);
	return true;
}

static bool column_index(sqlite3_stmt *stmt, int at, size_t limit, size_t *out)
{
	if (sqlite3_column_type(stmt, at) != SQLITE_INTEGER)
		return false;
	int64_t value = sqlite3_column_int64(stmt, at);
	*out = (size_t)value;
	return value >= 0 && (uint64_t)value < limit;
}

struct meta {
	bool estimated, final_kept, marketing, format;
};

static int get_meta(const struct reader *reader, truce_world *world, struct meta *meta)
{
	sqlite3_stmt *stmt = NULL;
	bool failed = false;
	int row = 0, error = prepare(reader, &stmt, "SELECT key, value FROM meta");
	while (!error && (row = next_row(reader, stmt)) == 1) {
		const char *key = (const char *)sqlite3_column_text(stmt, 0);
		const char *value = (const char *)sqlite3_column_text(stmt, 1);
		if (!key || !value)
			continue;
		if (strcmp(key, "format") == 0)
			meta->format = strcmp(value, "truce-world") == 0;
		else if (strcmp(key, "version") == 0 && strcmp(value, WORLD_VERSION) != 0)
			error = truce_fail(reader->ctx, TRUCE_INPUT, reader->path, 0, 0, "use a newer truce, or import it again",
				"this world file is of version %s; this program reads version " WORLD_VERSION, value);
		else if (strcmp(key, "estimated") == 0)
			meta->estimated = strcmp(value, "1") == 0;
		else if (strcmp(key, "final") == 0)
			meta->final_kept = strcmp(value, "1") == 0;
		else if (strcmp(key, "marketing") == 0)
			meta->marketing = strcmp(value, "1") == 0;
		else if (world && *value && strcmp(key, "name") == 0)
			world->name = column_text(world, stmt, 1, &failed);
		else if (world && *value && strcmp(key, "year") == 0)
			world->year = column_text(world, stmt, 1, &failed);
		else if (world && *value && strcmp(key, "note") == 0)
			world->note = column_text(world, stmt, 1, &failed);
	}
	sqlite3_finalize(stmt);
	if (!error && row < 0)
		error = row;
	if (!error && failed)
		error = TRUCE_MEMORY;
	if (!error && !meta->format)
		error = spoiled(reader, "its table meta does not say format truce-world");
	return error;
}

static int get_names(const struct reader *reader, truce_world *world)
{
	sqlite3_stmt *stmt = NULL;
	bool failed = false;
	size_t at, seen = 0;
	int row = 0, error = prepare(reader, &stmt, "SELECT id, code, name FROM region");
	while (!error && (row = next_row(reader, stmt)) == 1) {
		if (!column_index(stmt, 0, world->regions, &at) || world->region[at])
			error = spoiled(reader, "regions are not numbered from 0");
		else {
			world->region[at] = column_text(world, stmt, 1, &failed);
			world->region_name[at] = column_text(world, stmt, 2, &failed);
			seen++;
		}
	}
	sqlite3_finalize(stmt);
	stmt = NULL;
	if (error || row < 0)
		return error ? error : row;
	if (seen != world->regions)
		return spoiled(reader, "regions are missing");
	seen = 0;
	error = prepare(reader, &stmt, "SELECT id, code, name, theta, theta_se, psi FROM sector");
	while (!error && (row = next_row(reader, stmt)) == 1) {
		if (!column_index(stmt, 0, world->sectors, &at) || world->sector[at] ||
			!column_number(stmt, 3, false, &world->theta[at]) ||
			!column_number(stmt, 4, true, &world->theta_se[at]) || !column_number(stmt, 5, true, &world->psi[at]))
			error = spoiled(reader, "sectors are not numbered from 0, or lack numbers");
		else {
			world->sector[at] = column_text(world, stmt, 1, &failed);
			world->sector_name[at] = column_text(world, stmt, 2, &failed);
			seen++;
		}
	}
	sqlite3_finalize(stmt);
	stmt = NULL;
	if (error || row < 0)
		return error ? error : row;
	if (seen != world->sectors)
		return spoiled(reader, "sectors are missing");
	error = prepare(reader, &stmt, "SELECT code, region, whole FROM member");
	while (!error && (row = next_row(reader, stmt)) == 1) {
		const char *code = (const char *)sqlite3_column_text(stmt, 0);
		if (!code || !column_index(stmt, 1, world->regions, &at) || world->members >= 10000)
			error = spoiled(reader, "a member lies in no region");
		else
			error = truce_world_add_member(reader->ctx, world, code, at, sqlite3_column_int(stmt, 2) != 0);
	}
	sqlite3_finalize(stmt);
	if (error || row < 0)
		return error ? error : row;
	return failed ? TRUCE_MEMORY : TRUCE_OK;
}

static int get_cells(const struct reader *reader, truce_world *world)
{
	sqlite3_stmt *stmt = NULL;
	size_t n, k, j;
	int row = 0, error = prepare(reader, &stmt, "SELECT region, sector, value_added, final_share FROM cell");
	while (!error && (row = next_row(reader, stmt)) == 1) {
		double ignored, *final = &ignored;
		if (!column_index(stmt, 0, world->regions, &n) || !column_index(stmt, 1, world->sectors, &k)) {
			error = spoiled(reader, "a cell lies in no region or sector");
			break;
		}
		if (world->final_share)
			final = &world->final_share[n * world->sectors + k];
		if (!column_number(stmt, 2, false, &world->value_added[n * world->sectors + k]) ||
			!column_number(stmt, 3, !world->final_share, final))
			error = spoiled(reader, "a cell lacks its shares");
	}
	sqlite3_finalize(stmt);
	stmt = NULL;
	if (error || row < 0)
		return error ? error : row;
	error = prepare(reader, &stmt, "SELECT region, using_sector, input_sector, share FROM input");
	while (!error && (row = next_row(reader, stmt)) == 1)
		if (!column_index(stmt, 0, world->regions, &n) || !column_index(stmt, 1, world->sectors, &k) ||
			!column_index(stmt, 2, world->sectors, &j) ||
			!column_number(stmt, 3, false, &world->input_share[world_input(world, n, k, j)]))
			error = spoiled(reader, "an input share lies in no cell or is not a number");
	sqlite3_finalize(stmt);
	return error ? error : row < 0 ? row : TRUCE_OK;
}

static int get_edges(const struct reader *reader, truce_world *world)
{
	sqlite3_stmt *stmt = NULL;
	size_t j, n, i;
	int row = 0, error = prepare(reader, &stmt, "SELECT sector, importer, exporter, flow, tariff, estimated FROM edge");
	while (!error && (row = next_row(reader, stmt)) == 1) {
		if (!column_index(stmt, 0, world->sectors, &j) || !column_index(stmt, 1, world->regions, &n) ||
			!column_index(stmt, 2, world->regions, &i)) {
			error = spoiled(reader, "an edge lies in no region or sector");
			break;
		}
		size_t e = truce_world_edge(world, j, n, i);
		if (!column_number(stmt, 3, false, &world->flow[e]) || !column_number(stmt, 4, false, &world->tariff[e]))
			error = spoiled(reader, "an edge lacks its flow or its tariff");
		else if (world->estimated)
			world->estimated[e] = sqlite3_column_int(stmt, 5) != 0;
	}
	sqlite3_finalize(stmt);
	return error ? error : row < 0 ? row : TRUCE_OK;
}

static int get_marketing(const struct reader *reader, truce_world *world)
{
	static const char *const tables[] = { "marketing" };
	sqlite3_stmt *stmt = NULL;
	size_t n;
	int row = 0, error = truce_world_keep_marketing(world);
	for (n = 0; !error && n < world->regions; n++)
		world->marketing[n] = NAN; /* a region that is not named is an error */
	if (!error && !(error = check_tables(reader, tables, 1)))
		error = prepare(reader, &stmt, "SELECT region, share FROM marketing");
	while (!error && (row = next_row(reader, stmt)) == 1)
		if (!column_index(stmt, 0, world->regions, &n) || !column_number(stmt, 1, false, &world->marketing[n]))
			error = spoiled(reader, "a marketing share lies in no region or is not a number");
	sqlite3_finalize(stmt);
	return error ? error : row < 0 ? row : TRUCE_OK;
}

static int read_tables(const struct reader *reader, truce_world **out)
{
	static const char *const tables[] = { "meta", "region", "sector", "member", "cell", "edge", "input" };
	struct meta meta = { 0 };
	truce_world *world = NULL;
	int error = check_tables(reader, tables, sizeof tables / sizeof *tables);
	int64_t regions = 0, sectors = 0;

	if (!error)
		error = get_meta(reader, NULL, &meta);
	if (!error)
		regions = count_rows(reader, "SELECT count(*) FROM region", &error);
	if (!error)
		sectors = count_rows(reader, "SELECT count(*) FROM sector", &error);
	if (!error && (regions < 1 || sectors < 1))
		error = spoiled(reader, "it has no regions or no sectors");
	/* Every cell is a row: a small file cannot ask for a large world. */
	if (!error && count_rows(reader, "SELECT count(*) FROM cell", &error) != regions * sectors && !error)
		error = spoiled(reader, "cells are missing");
	if (!error)
		error = truce_world_new(reader->ctx, &world, (size_t)regions, (size_t)sectors);
	if (!error && meta.estimated)
		error = truce_world_keep_estimated(world);
	if (!error && meta.final_kept)
		error = truce_world_keep_final(world);
	if (!error)
		error = get_meta(reader, world, &meta);
	if (!error)
		error = get_names(reader, world);
	if (!error)
		error = get_cells(reader, world);
	if (!error)
		error = get_edges(reader, world);
	if (!error && meta.marketing)
		error = get_marketing(reader, world);
	if (!error) {
		/* A saved table was within the limit when it was made; how far from balance it is, `check` says. */
		truce_world_rules rules = { .share_slack = 1e-9, .imbalance_limit = 1, .negative_input = 1e-3, .quiet = true };
		error = truce_world_finish(reader->ctx, world, reader->path, &rules);
	}
	if (error) {
		truce_world_free(world);
		return error;
	}
	*out = world;
	return TRUCE_OK;
}

int truce_world_read_bytes(truce_context *ctx, truce_world **out, const char *name, const void *bytes, size_t length)
{
	struct reader reader = { ctx, NULL, name, 1000 + (int64_t)(length / 2000) };
	int code, error;

	*out = NULL;
	if (length < 512 || memcmp(bytes, "SQLite format 3", 16) != 0)
		return truce_fail(ctx, TRUCE_INPUT, name, 0, 0, "make one with truce world import", "this is not a world file");
	code = sqlite3_open_v2(":memory:", &reader.db, SQLITE_OPEN_READWRITE, NULL);
	if (code == SQLITE_OK)
		code = sqlite3_deserialize(reader.db, "main", (unsigned char *)(uintptr_t)bytes, (sqlite3_int64)length,
			(sqlite3_int64)length, SQLITE_DESERIALIZE_READONLY);
	if (code != SQLITE_OK) {
		error = sqlite_failed(ctx, reader.db, code, name, "opening");
		goto done;
	}
	sqlite3_db_config(reader.db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	sqlite3_db_config(reader.db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
	sqlite3_limit(reader.db, SQLITE_LIMIT_LENGTH, 16 << 20);
	sqlite3_progress_handler(reader.db, 10000, on_progress, &reader);
	sqlite3_exec(reader.db, "PRAGMA cell_size_check=ON", NULL, NULL, NULL);
	error = read_tables(&reader, out);
done:
	sqlite3_close(reader.db);
	return error;
}

int truce_world_read(truce_context *ctx, truce_world **out, const char *path)
{
	char *bytes = NULL;
	size_t length = 0;
	*out = NULL;
	int error = truce_file_read(ctx, &bytes, &length, path, FILE_MOST);
	if (!error)
		error = truce_world_read_bytes(ctx, out, path, bytes, length);
	truce_release(ctx, bytes);
	return error;
}
