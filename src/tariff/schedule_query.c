/* schedule_query.c: lines found by their words, and what changed between two days (tariff room). */
#include "schedule_private.h"

#include <ctype.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

/* ---- search -------------------------------------------------------------------------------------------------- */

/* The words in the full-text index's language: each in quotes, so that nothing in them is an operator. */
static int query_of(truce_context *ctx, truce_text *out, const char *words)
{
	bool quoted = false;

	for (const char *at = words; *at;) {
		const char *start = at;
		bool letter = false;

		if (*at == '"') {
			quoted = !quoted;
			at++;
			continue;
		}
		if (isspace((unsigned char)*at)) {
			at++;
			continue;
		}
		/* A phrase runs to its closing quote, a word to the next blank. */
		while (*at && *at != '"' && (quoted || !isspace((unsigned char)*at))) {
			if (isalnum((unsigned char)*at) || (unsigned char)*at >= 0x80) letter = true;
			at++;
		}
		if (!letter) continue;
		truce_text_add(out, out->length ? " \"" : "\"");
		truce_text_add_bytes(out, start, (size_t)(at - start));
		truce_text_add(out, "\"");
	}
	if (truce_text_done(out)) return TRUCE_MEMORY;
	if (!out->length) return truce_fail(ctx, TRUCE_USAGE, NULL, 0, 0, "give words of a description", "there is no word to look for");
	return TRUCE_OK;
}

static int take_hits(truce_context *ctx, truce_arena *arena, const truce_schedule *schedule, sqlite3_stmt *statement,
	truce_date on, size_t limit, truce_schedule_hit **out, size_t *count)
{
	truce_schedule_hit *hits = truce_arena_array(arena, limit ? limit : 1, sizeof *hits);
	int code = SQLITE_DONE;

	if (!hits) return TRUCE_MEMORY;
	while (*count < limit && (code = sqlite3_step(statement)) == SQLITE_ROW) {
		sqlite3_int64 line = sqlite3_column_int64(statement, 0);
		const truce_schedule_line *l = line >= 0 ? truce_schedule_line_at(schedule, (size_t)line) : NULL;
		const truce_schedule_spell *spell = l ? truce_schedule_spell_on(l, on) : NULL;
		truce_schedule_hit *hit = &hits[*count];

		if (!spell || !spell->leaf) continue;
		hit->code = truce_arena_text(arena, l->code);
		hit->description = truce_arena_text(arena, (const char *)sqlite3_column_text(statement, 1));
		hit->general = truce_arena_text(arena, spell->general->text);
		hit->score = sqlite3_column_double(statement, 2);
		if (!hit->code || !hit->description || !hit->general) return TRUCE_MEMORY;
		++*count;
	}
	if (code != SQLITE_ROW && code != SQLITE_DONE)
		return truce_fail(ctx, code == SQLITE_NOMEM ? TRUCE_MEMORY : TRUCE_INPUT, NULL, 0, 0, "import the schedule again",
			"the index of words cannot be read");
	*out = hits;
	return TRUCE_OK;
}

int truce_schedule_search(truce_context *ctx, truce_arena *arena, truce_schedule_hit **out, size_t *count,
	const char *path, const char *words, truce_date on, size_t limit)
{
	static const char sql[] = "SELECT line.id, line.path, search.rank FROM search JOIN line ON line.id = search.rowid - 1 "
		"WHERE search MATCH ? ORDER BY search.rank, line.code";
	truce_schedule *schedule = NULL;
	sqlite3 *db = NULL;
	sqlite3_stmt *statement = NULL;
	truce_text query;
	int error;

	*out = NULL;
	*count = 0;
	truce_text_init(&query, ctx);
	if ((error = query_of(ctx, &query, words)) || (error = truce_schedule_open(ctx, &schedule, path)) ||
	    (error = schedule_covers(ctx, schedule, path, on)))
		goto done;
	if (sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL) != SQLITE_OK ||
	    sqlite3_prepare_v2(db, sql, -1, &statement, NULL) != SQLITE_OK ||
	    sqlite3_bind_text(statement, 1, query.data, -1, SQLITE_STATIC) != SQLITE_OK) {
		error = truce_fail(ctx, TRUCE_INPUT, path, 0, 0, "import the schedule again", "the index of words cannot be read (%s)",
			db ? sqlite3_errmsg(db) : "out of memory");
		goto done;
	}
	error = take_hits(ctx, arena, schedule, statement, on, limit, out, count);
done:
	sqlite3_finalize(statement);
	sqlite3_close(db);
	truce_schedule_close(schedule);
	truce_text_free(&query);
	return error;
}

/* ---- differences ------------------------------------------------------------------------------------------------ */

struct diff {
	truce_context *ctx;
	truce_arena *arena;
	const truce_schedule *schedule;
	truce_schedule_change *changes;
	size_t count, capacity;
};

/* The special column as one text again. */
static const char *special_text(struct diff *d, const truce_schedule_spell *spell)
{
	truce_text text;
	const char *result = NULL;

	truce_text_init(&text, d->ctx);
	for (size_t i = 0; i < spell->special_count; i++) {
		const truce_duty_special *group = &spell->special[i];

		truce_text_addf(&text, "%s%s", i ? " " : "", group->duty.text);
		for (size_t k = 0; k < group->count; k++) truce_text_addf(&text, "%s%s", k ? "," : " (", group->programmes[k]);
		if (group->count) truce_text_add(&text, ")");
	}
	if (!truce_text_done(&text)) result = truce_arena_text(d->arena, text.length ? text.data : "");
	truce_text_free(&text);
	return result;
}

static int add_change(struct diff *d, const truce_schedule_line *line, const truce_schedule_spell *by, const char *field,
	const char *before, const char *after, truce_date effective)
{
	const schedule_item *item = by ? schedule_item_of(d->schedule, by) : NULL;
	truce_schedule_change *c;

	if (!before || !after) return TRUCE_MEMORY;
	if (truce_grow(d->ctx, &d->changes, &d->capacity, d->count + 1, sizeof *d->changes)) return TRUCE_MEMORY;
	c = &d->changes[d->count];
	*c = (truce_schedule_change){truce_arena_text(d->arena, line->code), field, truce_arena_text(d->arena, before),
		truce_arena_text(d->arena, after), effective,
		by ? truce_arena_text(d->arena, truce_schedule_revision_at(d->schedule, by->revision)->id) : "",
		truce_arena_text(d->arena, item ? item->item : ""), truce_arena_text(d->arena, item ? item->nature : ""),
		truce_arena_text(d->arena, item ? item->source : "")};
	if (!c->code || !c->before || !c->after || !c->revision || !c->item || !c->nature || !c->source) return TRUCE_MEMORY;
	d->count++;
	return TRUCE_OK;
}

/* The eight digits that a line of ten stands under; NULL none. */
static const truce_schedule_line *line_above(const truce_schedule *schedule, const truce_schedule_line *line)
{
	size_t low = 0, high = truce_schedule_tell(schedule).lines;

	if (line->digits != 10) return NULL;
	while (low < high) {
		size_t middle = (low + high) / 2;
		const truce_schedule_line *l = truce_schedule_line_at(schedule, middle);
		int order = strncmp(l->code, line->code, 8);

		if (!order && l->code[8]) order = 1;
		if (!order) return l;
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

/* Whether the line above changed its duty on the same day in the same way: then it is said once, there. */
static bool said_above(const truce_schedule_line *above, const truce_schedule_spell *a, const truce_schedule_spell *b)
{
	const truce_schedule_spell *x, *y;

	if (!above) return false;
	x = truce_schedule_spell_on(above, b->from - 1);
	y = truce_schedule_spell_on(above, b->from);
	return x && y && x != y && x->general == a->general && y->general == b->general && x->special == a->special &&
		y->special == b->special && x->column2 == a->column2 && y->column2 == b->column2;
}

static int compare_spells(struct diff *d, const truce_schedule_line *line, const truce_schedule_spell *a, const truce_schedule_spell *b)
{
	bool above = said_above(line_above(d->schedule, line), a, b);
	const struct {
		const char *field, *before, *after;
	} texts[] = {{"general", a->general->text, b->general->text}, {"column2", a->column2->text, b->column2->text},
		{"units", a->units, b->units}, {"description", a->description, b->description}, {"footnotes", a->footnotes, b->footnotes}};
	int error = TRUCE_OK;

	for (size_t i = 0; i < sizeof texts / sizeof *texts && !error; i++)
		if (strcmp(texts[i].before, texts[i].after) != 0 && !(above && i < 2))
			error = add_change(d, line, b, texts[i].field, texts[i].before, texts[i].after, b->from);
	if (!error && a->special != b->special && !above) {
		const char *before = special_text(d, a), *after = special_text(d, b);

		if (!before || !after) return TRUCE_MEMORY;
		if (strcmp(before, after) != 0) error = add_change(d, line, b, "special", before, after, b->from);
	}
	return error;
}

static int diff_line(struct diff *d, const truce_schedule_line *line, truce_date before, truce_date after)
{
	int error = TRUCE_OK;

	for (size_t i = 0; i < line->count && !error; i++) {
		const truce_schedule_spell *s = &line->spells[i], *last = i ? s - 1 : NULL;

		if (s->from > before && s->from <= after) {
			if (last && last->until == s->from)
				error = compare_spells(d, line, last, s);
			else
				error = add_change(d, line, s, "line", "", s->description, s->from);
		}
		if (!error && s->until > before && s->until <= after && (i + 1 == line->count || line->spells[i + 1].from != s->until))
			error = add_change(d, line, NULL, "line", s->description, "", s->until);
	}
	return error;
}

static int change_order(const void *a, const void *b)
{
	const truce_schedule_change *x = a, *y = b;

	if (x->effective != y->effective) return x->effective < y->effective ? -1 : 1;
	return strcmp(x->code, y->code) ? strcmp(x->code, y->code) : strcmp(x->field, y->field);
}

int truce_schedule_diff(truce_context *ctx, truce_arena *arena, truce_schedule_change **out, size_t *count,
	const char *path, truce_date before, truce_date after)
{
	struct diff d = {.ctx = ctx, .arena = arena};
	truce_schedule *schedule = NULL;
	truce_schedule_about about;
	int error;

	*out = NULL;
	*count = 0;
	if (after < before) return truce_fail(ctx, TRUCE_USAGE, NULL, 0, 0, "give the earlier day first", "the second day is before the first");
	if ((error = truce_schedule_open(ctx, &schedule, path))) return error;
	about = truce_schedule_tell(schedule);
	d.schedule = schedule;
	error = schedule_covers(ctx, schedule, path, before);
	for (size_t i = 0; i < about.lines && !error; i++) error = diff_line(&d, truce_schedule_line_at(schedule, i), before, after);
	if (!error && d.count) {
		qsort(d.changes, d.count, sizeof *d.changes, change_order);
		*out = truce_arena_array(arena, d.count, sizeof **out);
		if (*out)
			memcpy(*out, d.changes, d.count * sizeof **out), *count = d.count;
		else
			error = TRUCE_MEMORY;
	}
	truce_release(ctx, d.changes);
	truce_schedule_close(schedule);
	return error;
}

/* ---- lists from files and the law ------------------------------------------------------------------------------------ */

static int take_list_differences(truce_arena *arena, sqlite3_stmt *statement, truce_list_difference *out, size_t *count)
{
	int code;

	while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
		const char *texts[7];

		for (int i = 0; i < 7; i++) {
			const char *text = (const char *)sqlite3_column_text(statement, i);

			if (!(texts[i] = truce_arena_text(arena, text ? text : ""))) return TRUCE_MEMORY;
		}
		out[(*count)++] = (truce_list_difference){texts[0], texts[1], texts[2], texts[3], sqlite3_column_int(statement, 7) != 0, texts[4], texts[5],
			texts[6]};
	}
	return code == SQLITE_DONE ? TRUCE_OK : code == SQLITE_NOMEM ? TRUCE_MEMORY : TRUCE_INPUT;
}

int truce_schedule_list_differences(truce_context *ctx, truce_arena *arena, truce_list_difference **out, size_t *count,
	const char *path, const char *list)
{
	static const char rows[] = "SELECT list, law, code, heading, verdict, why, source, in_file FROM difference WHERE ?1 IS NULL OR list = ?1 "
		"ORDER BY list, law, code, in_file DESC, rowid";
	static const char total[] = "SELECT count(*) FROM difference WHERE ?1 IS NULL OR list = ?1";
	truce_schedule *schedule = NULL;
	sqlite3 *db = NULL;
	sqlite3_stmt *statement = NULL;
	int error;

	*out = NULL;
	*count = 0;
	/* Opening it checks that it is one, and whole. */
	if ((error = truce_schedule_open(ctx, &schedule, path))) return error;
	truce_schedule_close(schedule);
	error = TRUCE_INPUT;
	if (sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL) == SQLITE_OK &&
	    sqlite3_prepare_v2(db, total, -1, &statement, NULL) == SQLITE_OK && sqlite3_bind_text(statement, 1, list, -1, SQLITE_STATIC) == SQLITE_OK &&
	    sqlite3_step(statement) == SQLITE_ROW) {
		*out = truce_arena_array(arena, (size_t)sqlite3_column_int64(statement, 0) + 1, sizeof **out);
		error = *out ? TRUCE_OK : TRUCE_MEMORY;
	}
	sqlite3_finalize(statement);
	statement = NULL;
	if (!error && (sqlite3_prepare_v2(db, rows, -1, &statement, NULL) != SQLITE_OK || sqlite3_bind_text(statement, 1, list, -1, SQLITE_STATIC) != SQLITE_OK))
		error = TRUCE_INPUT;
	if (!error) error = take_list_differences(arena, statement, *out, count);
	if (error == TRUCE_INPUT)
		error = truce_fail(ctx, TRUCE_INPUT, path, 0, 0, "import the schedule again", "it does not hold what its lists were compared with (%s)",
			db ? sqlite3_errmsg(db) : "out of memory");
	sqlite3_finalize(statement);
	sqlite3_close(db);
	return error;
}
