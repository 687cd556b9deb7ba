/* panel_store.c: a panel cell by cell, and as an SQLite file (tariff room). */
#include <math.h>
#include <sqlite3.h>
#include <string.h>

#include "panel_private.h"

#define PANEL_VERSION "1"

/* ---- cell by cell ---- */

enum { MOST_LIVES = 32 };

struct cursor {
	const truce_tariff_point *points;
	size_t count, at;
};

static struct cursor cursor_of(const truce_tariff_panel *p, size_t line, size_t origin)
{
	struct cursor c = {0};
	c.points = truce_tariff_panel_points(p, truce_tariff_panel_series(p, line, origin), &c.count);
	return c;
}

static void move(struct cursor *c, truce_date day)
{
	while (c->at + 1 < c->count && c->points[c->at + 1].from <= day)
		c->at++;
}

static truce_date ends(const struct cursor *c, truce_date until)
{
	return c->at + 1 < c->count && c->points[c->at + 1].from < until ? c->points[c->at + 1].from : until;
}

static int cell_rows(const truce_tariff_panel *p, const truce_tariff_panel *with, size_t line, size_t origin, const truce_date (*lives)[2],
	size_t life_count, int (*each)(void *, const truce_tariff_panel_row *), void *user)
{
	struct cursor own = cursor_of(p, line, origin), other = with ? cursor_of(with, line, origin) : own;
	int status = TRUCE_OK;
	for (size_t i = 0; i < life_count; i++)
		for (truce_date day = lives[i][0]; day < lives[i][1] && !status;) {
			move(&own, day);
			move(&other, day);
			truce_date until = ends(&other, ends(&own, lives[i][1]));
			truce_tariff_panel_row row = {p->lines[line].code, p->origins[origin], day, until, p->values[own.points[own.at].value],
				(with ? with : p)->values[other.points[other.at].value]};
			if (own.points[own.at].value)
				status = each(user, &row);
			day = until;
		}
	return status;
}

int truce_tariff_panel_rows(const truce_tariff_panel *p, const truce_tariff_panel *with,
	int (*each)(void *user, const truce_tariff_panel_row *row), void *user)
{
	truce_date lives[MOST_LIVES][2];
	int status = TRUCE_OK;
	if (with && (with->line_count != p->line_count || with->origin_count != p->origin_count || with->from != p->from || with->until != p->until))
		return truce_fail(p->ctx, TRUCE_USAGE, NULL, 0, 0, "make both with the same options", "the two panels are not of the same cells");
	for (size_t line = 0; line < p->line_count && !status; line++) {
		size_t count = truce_tariff_panel_life(p, line, lives, MOST_LIVES);
		for (size_t origin = 0; origin < p->origin_count && !status; origin++)
			status = cell_rows(p, with, line, origin, lives, count, each, user);
	}
	return status;
}

/* ---- as a file ---- */

static const char layout[] =
	"CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;"
	"CREATE TABLE line(id INTEGER PRIMARY KEY, code TEXT NOT NULL, class INTEGER NOT NULL);"
	"CREATE TABLE life(line INTEGER NOT NULL, from_day INTEGER NOT NULL, until_day INTEGER NOT NULL);"
	"CREATE TABLE origin(id INTEGER PRIMARY KEY, party TEXT NOT NULL, class INTEGER NOT NULL);"
	"CREATE TABLE series(line_class INTEGER NOT NULL, origin_class INTEGER NOT NULL, series INTEGER NOT NULL, with_series INTEGER,"
	" PRIMARY KEY(line_class, origin_class)) WITHOUT ROWID;"
	"CREATE TABLE point(series INTEGER NOT NULL, from_day INTEGER NOT NULL, until_day INTEGER NOT NULL, duty INTEGER NOT NULL,"
	" PRIMARY KEY(series, from_day)) WITHOUT ROWID;"
	"CREATE TABLE duty(id INTEGER PRIMARY KEY, ad_valorem REAL, low REAL NOT NULL, high REAL);"
	"CREATE VIEW cell AS SELECT l.code AS code, o.party AS party, date(max(p.from_day, f.from_day) * 86400, 'unixepoch') AS first_day,"
	" date((min(p.until_day, f.until_day) - 1) * 86400, 'unixepoch') AS last_day, d.ad_valorem AS ad_valorem, d.low AS low, d.high AS high"
	" FROM line l JOIN life f ON f.line = l.id CROSS JOIN origin o"
	" JOIN series s ON s.line_class = l.class AND s.origin_class = o.class JOIN point p ON p.series = s.series JOIN duty d ON d.id = p.duty"
	" WHERE p.from_day < f.until_day AND p.until_day > f.from_day;"
	"CREATE VIEW cell_with AS SELECT l.code AS code, o.party AS party, date(max(p.from_day, f.from_day) * 86400, 'unixepoch') AS first_day,"
	" date((min(p.until_day, f.until_day) - 1) * 86400, 'unixepoch') AS last_day, d.ad_valorem AS ad_valorem, d.low AS low, d.high AS high"
	" FROM line l JOIN life f ON f.line = l.id CROSS JOIN origin o"
	" JOIN series s ON s.line_class = l.class AND s.origin_class = o.class JOIN point p ON p.series = s.with_series"
	" JOIN duty d ON d.id = p.duty WHERE p.from_day < f.until_day AND p.until_day > f.from_day;"
	"BEGIN;";

struct saving {
	truce_context *ctx;
	sqlite3 *db;
	const char *path;
};

static int db_fail(struct saving *s)
{
	int code = sqlite3_errcode(s->db);
	return truce_fail(s->ctx, code == SQLITE_NOMEM ? TRUCE_MEMORY : TRUCE_SYSTEM, s->path, 0, 0, NULL, "the panel cannot be written: %s",
		sqlite3_errmsg(s->db));
}

static sqlite3_stmt *prepare(struct saving *s, const char *sql)
{
	sqlite3_stmt *statement = NULL;
	if (sqlite3_prepare_v2(s->db, sql, -1, &statement, NULL) != SQLITE_OK)
		db_fail(s);
	return statement;
}

static int put(struct saving *s, sqlite3_stmt *statement)
{
	if (sqlite3_step(statement) != SQLITE_DONE)
		return db_fail(s);
	sqlite3_reset(statement);
	return TRUCE_OK;
}

static void bind_known(sqlite3_stmt *statement, int at, double value)
{
	if (isfinite(value))
		sqlite3_bind_double(statement, at, value);
	else
		sqlite3_bind_null(statement, at);
}

/* Of lines, or of origins: those that are the same in both panels are one class; class_of by item, one_of by class. */
struct classes {
	uint32_t *class_of, *one_of;
	size_t count;
};

static int class_all(const truce_tariff_panel *p, const truce_tariff_panel *with, bool lines, truce_arena *arena, struct classes *out)
{
	struct panel_map map = {.ctx = p->ctx};
	size_t n = lines ? p->line_count : p->origin_count;
	int status = TRUCE_OK;
	*out = (struct classes){truce_arena_array(arena, n + 1, sizeof(uint32_t)), truce_arena_array(arena, n + 1, sizeof(uint32_t)), 0};
	if (!out->class_of || !out->one_of)
		return TRUCE_MEMORY;
	for (size_t i = 0; i < n && !status; i++) {
		struct panel_key key = {lines ? p->lines[i].pair : p->group_of[i], !with ? 0 : lines ? with->lines[i].pair : with->group_of[i]};
		bool fresh;
		panel_mix(&key, 37);
		status = panel_map_at(&map, key, (uint32_t)out->count, &out->class_of[i], &fresh);
		if (!status && fresh)
			out->one_of[out->count++] = (uint32_t)i;
	}
	panel_map_close(&map);
	return status;
}

static int put_meta(struct saving *s, const truce_tariff_panel *p, const truce_tariff_panel *with)
{
	char from[11], through[11], known[32];
	sqlite3_stmt *meta = prepare(s, "INSERT INTO meta VALUES(?, ?)");
	truce_text acts;
	truce_text_init(&acts, s->ctx);
	for (size_t i = 0; with && i < with->ask.with_count; i++)
		truce_text_addf(&acts, "%s%s", i ? "; " : "", with->ask.with[i]);
	const char *rows[][2] = {{"format", "truce-panel"}, {"version", PANEL_VERSION}, {"truce", TRUCE_VERSION}, {"into", p->work->into},
		{"from", truce_date_format(from, p->from)}, {"through", truce_date_format(through, p->until - 1)},
		{"known", truce_time_format(known, &p->ask.clocks.known)}, {"view", p->ask.clocks.view == TRUCE_VIEW_LAWFUL ? "lawful" : "applied"},
		{"with", acts.data ? acts.data : ""}};
	int status = truce_text_done(&acts) || !meta ? TRUCE_MEMORY : TRUCE_OK;
	for (size_t i = 0; i < sizeof rows / sizeof *rows && !status; i++) {
		sqlite3_bind_text(meta, 1, rows[i][0], -1, SQLITE_STATIC);
		sqlite3_bind_text(meta, 2, rows[i][1], -1, SQLITE_STATIC);
		status = put(s, meta);
	}
	sqlite3_finalize(meta);
	truce_text_free(&acts);
	return status;
}

static int put_lines(struct saving *s, const truce_tariff_panel *p, const struct classes *lines,
	const struct classes *origins)
{
	sqlite3_stmt *line = prepare(s, "INSERT INTO line VALUES(?, ?, ?)"), *life = prepare(s, "INSERT INTO life VALUES(?, ?, ?)");
	sqlite3_stmt *origin = prepare(s, "INSERT INTO origin VALUES(?, ?, ?)");
	truce_date lives[MOST_LIVES][2];
	int status = line && life && origin ? TRUCE_OK : TRUCE_MEMORY;
	for (size_t i = 0; i < p->line_count && !status; i++) {
		sqlite3_bind_int64(line, 1, (sqlite3_int64)i);
		sqlite3_bind_text(line, 2, p->lines[i].code, -1, SQLITE_STATIC);
		sqlite3_bind_int64(line, 3, lines->class_of[i]);
		status = put(s, line);
		size_t count = truce_tariff_panel_life(p, i, lives, MOST_LIVES);
		for (size_t k = 0; k < count && !status; k++) {
			sqlite3_bind_int64(life, 1, (sqlite3_int64)i);
			sqlite3_bind_int(life, 2, lives[k][0]);
			sqlite3_bind_int(life, 3, lives[k][1]);
			status = put(s, life);
		}
	}
	for (size_t i = 0; i < p->origin_count && !status; i++) {
		sqlite3_bind_int64(origin, 1, (sqlite3_int64)i);
		sqlite3_bind_text(origin, 2, p->origins[i], -1, SQLITE_STATIC);
		sqlite3_bind_int64(origin, 3, origins->class_of[i]);
		status = put(s, origin);
	}
	sqlite3_finalize(line);
	sqlite3_finalize(life);
	sqlite3_finalize(origin);
	return status;
}

/* Duties of both panels, those of the second after those of the first; 0, no line, has no points. */
static int put_points(struct saving *s, const truce_tariff_panel *p, size_t first_series, size_t first_duty)
{
	sqlite3_stmt *point = prepare(s, "INSERT INTO point VALUES(?, ?, ?, ?)"), *duty = prepare(s, "INSERT INTO duty VALUES(?, ?, ?, ?)");
	int status = point && duty ? TRUCE_OK : TRUCE_MEMORY;
	for (size_t i = 1; i < p->value_count && !status; i++) {
		sqlite3_bind_int64(duty, 1, (sqlite3_int64)(first_duty + i));
		bind_known(duty, 2, p->values[i].ad_valorem);
		sqlite3_bind_double(duty, 3, p->values[i].low);
		bind_known(duty, 4, p->values[i].high);
		status = put(s, duty);
	}
	for (size_t i = 0; i < p->series_count; i++)
		for (size_t k = 0; k < p->spans[i].count && !status; k++) {
			const truce_tariff_point *at = &p->points[p->spans[i].first + k];
			if (!at->value)
				continue;
			sqlite3_bind_int64(point, 1, (sqlite3_int64)(first_series + i));
			sqlite3_bind_int(point, 2, at->from);
			sqlite3_bind_int(point, 3, k + 1 < p->spans[i].count ? at[1].from : p->until);
			sqlite3_bind_int64(point, 4, (sqlite3_int64)(first_duty + at->value));
			status = put(s, point);
		}
	sqlite3_finalize(point);
	sqlite3_finalize(duty);
	return status;
}

static int put_series(struct saving *s, const truce_tariff_panel *p, const truce_tariff_panel *with, const struct classes *lines,
	const struct classes *origins)
{
	sqlite3_stmt *series = prepare(s, "INSERT INTO series VALUES(?, ?, ?, ?)");
	int status = series ? TRUCE_OK : TRUCE_MEMORY;
	for (size_t c = 0; c < lines->count && !status; c++)
		for (size_t o = 0; o < origins->count && !status; o++) {
			sqlite3_bind_int64(series, 1, (sqlite3_int64)c);
			sqlite3_bind_int64(series, 2, (sqlite3_int64)o);
			sqlite3_bind_int64(series, 3, (sqlite3_int64)truce_tariff_panel_series(p, lines->one_of[c], origins->one_of[o]));
			if (with)
				sqlite3_bind_int64(series, 4, (sqlite3_int64)(p->series_count + truce_tariff_panel_series(with, lines->one_of[c], origins->one_of[o])));
			else
				sqlite3_bind_null(series, 4);
			status = put(s, series);
		}
	sqlite3_finalize(series);
	return status;
}

static int fill(struct saving *s, const truce_tariff_panel *p, const truce_tariff_panel *with, truce_arena *arena)
{
	struct classes lines, origins;
	int status = class_all(p, with, true, arena, &lines);
	if (!status)
		status = class_all(p, with, false, arena, &origins);
	if (status || (status = put_meta(s, p, with)) || (status = put_lines(s, p, &lines, &origins)) ||
		(status = put_series(s, p, with, &lines, &origins)) ||
		(status = put_points(s, p, 0, 0)) || (with && (status = put_points(s, with, p->series_count, p->value_count))))
		return status;
	return sqlite3_exec(s->db, "COMMIT", NULL, NULL, NULL) == SQLITE_OK ? TRUCE_OK : db_fail(s);
}

int truce_tariff_panel_save(truce_context *ctx, const truce_tariff_panel *p, const truce_tariff_panel *with, const char *path)
{
	struct saving s = {.ctx = ctx, .path = path};
	truce_arena *arena;
	sqlite3_int64 length = 0;
	unsigned char *bytes = NULL;
	int status = truce_arena_new(ctx, &arena);
	if (status)
		return status;
	if (sqlite3_open_v2(":memory:", &s.db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL) != SQLITE_OK ||
		sqlite3_exec(s.db, layout, NULL, NULL, NULL) != SQLITE_OK)
		status = db_fail(&s);
	if (!status)
		status = fill(&s, p, with, arena);
	if (!status && !(bytes = sqlite3_serialize(s.db, "main", &length, 0)))
		status = truce_fail(ctx, TRUCE_MEMORY, path, 0, 0, NULL, "no memory to write the panel");
	if (!status)
		status = truce_file_write(ctx, path, (const char *)bytes, (size_t)length);
	sqlite3_free(bytes);
	sqlite3_close(s.db);
	truce_arena_free(arena);
	return status;
}
