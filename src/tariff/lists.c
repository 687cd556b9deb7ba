/* lists.c: who is on which list, from files that others compiled (tariff room).
 *
 * What a file means stands in data, not here: a table names its columns, its law and its windows.  A file that the
 * table does not name is reported, not guessed at; a row that cannot be read is reported and left out. */
#include "schedule_private.h"

#include <ctype.h>
#include <math.h>
#include <string.h>

struct list *lists_add(truce_context *ctx, struct lists *lists, const struct list *head)
{
	if (truce_grow(ctx, &lists->items, &lists->capacity, lists->count + 1, sizeof *lists->items)) return NULL;
	lists->items[lists->count] = *head;
	return &lists->items[lists->count++];
}

int list_add_row(truce_context *ctx, struct list *list, const struct list_row *row)
{
	if (truce_grow(ctx, &list->rows, &list->capacity, list->count + 1, sizeof *list->rows)) return TRUCE_MEMORY;
	list->rows[list->count++] = *row;
	return TRUCE_OK;
}

/* ---- what files mean ---------------------------------------------------------------------------------------- */

struct meaning {
	truce_place place;
	const char *file, *ignore, *id, *what, *authority, *code, *heading, *from, *through, *party, *meaning, *source;
	truce_yaml_list values;
	truce_time since, last;
	int parties, compare;
	bool bare;
};

struct meanings {
	truce_yaml_list lists;
	const char *path; /* of the table */
};

static const char *const party_words[] = {"iso", "census", NULL};
static const char *const compare_words[] = {"footnotes", NULL};

static const truce_yaml_field meaning_fields[] = {
	{"file", TRUCE_YAML_TEXT, offsetof(struct meaning, file), TRUCE_YAML_REQUIRED, NULL, NULL, NULL, "Name of the file in the folder."},
	{"ignore", TRUCE_YAML_TEXT, offsetof(struct meaning, ignore), 0, NULL, NULL, NULL, "Why a known file is no list."},
	{"id", TRUCE_YAML_TEXT, offsetof(struct meaning, id), 0, NULL, NULL, NULL, "The list's name; {column} is the row's text."},
	{"what", TRUCE_YAML_TEXT, offsetof(struct meaning, what), 0, NULL, NULL, NULL, "What being on it means."},
	{"authority", TRUCE_YAML_TEXT, offsetof(struct meaning, authority), 0, NULL, NULL, NULL, "Id of the authority."},
	{"code", TRUCE_YAML_TEXT, offsetof(struct meaning, code), 0, NULL, NULL, NULL, "Column of the tariff code."},
	{"bare", TRUCE_YAML_BOOL, offsetof(struct meaning, bare), 0, NULL, NULL, NULL, "The file has one column and no head."},
	{"heading", TRUCE_YAML_TEXT, offsetof(struct meaning, heading), 0, NULL, NULL, NULL, "A heading of chapter 99, or {column}."},
	{"from", TRUCE_YAML_TEXT, offsetof(struct meaning, from), 0, NULL, NULL, NULL, "Column of a row's first day."},
	{"through", TRUCE_YAML_TEXT, offsetof(struct meaning, through), 0, NULL, NULL, NULL, "Column of a row's last day."},
	{"since", TRUCE_YAML_TIME, offsetof(struct meaning, since), 0, NULL, NULL, NULL, "First day of rows that do not say."},
	{"last", TRUCE_YAML_TIME, offsetof(struct meaning, last), 0, NULL, NULL, NULL, "Last day of rows that do not say."},
	{"party", TRUCE_YAML_TEXT, offsetof(struct meaning, party), 0, NULL, NULL, NULL, "Column of the party."},
	{"parties", TRUCE_YAML_ENUM, offsetof(struct meaning, parties), 0, NULL, party_words, NULL, "How parties are written."},
	{"values", TRUCE_YAML_TEXTS, offsetof(struct meaning, values), TRUCE_YAML_SINGLE, NULL, NULL, NULL, "Columns of the rows' numbers."},
	{"meaning", TRUCE_YAML_TEXT, offsetof(struct meaning, meaning), 0, NULL, NULL, NULL, "What the numbers are."},
	{"compare", TRUCE_YAML_ENUM, offsetof(struct meaning, compare), 0, NULL, compare_words, NULL, "What it is checked against."},
	{"source", TRUCE_YAML_TEXT, offsetof(struct meaning, source), 0, NULL, NULL, NULL, "Where it stands."},
	{NULL, 0, 0, 0, NULL, NULL, NULL, NULL},
};

static int check_meaning(truce_context *ctx, void *item, const truce_yaml_node *node)
{
	const struct meaning *m = item;

	if (m->ignore || (m->id && m->source && (m->bare || m->code))) return TRUCE_OK;
	truce_yaml_say(ctx, TRUCE_ERROR, node->place, "say ignore, or id, source and code (or bare)", "it is not said what %s means",
		m->file ? m->file : "this file");
	return TRUCE_INPUT;
}

static const truce_yaml_schema meaning_schema = {"list", sizeof(struct meaning), offsetof(struct meaning, place), meaning_fields,
	"What a list file means.", check_meaning, NULL};
static const truce_yaml_field meanings_fields[] = {
	{"lists", TRUCE_YAML_LIST, offsetof(struct meanings, lists), TRUCE_YAML_REQUIRED, &meaning_schema, NULL, NULL, "The files."},
	{NULL, 0, 0, 0, NULL, NULL, NULL, NULL},
};
static const truce_yaml_schema meanings_schema = {"lists", sizeof(struct meanings), (size_t)-1, meanings_fields,
	"What list files mean.", NULL, NULL};

int lists_meanings(truce_context *ctx, truce_arena *arena, const struct meanings **out, const char *path)
{
	struct meanings *meanings = truce_arena_take(arena, sizeof *meanings);
	const truce_yaml_node *node;
	char *text;
	size_t length;
	int error = meanings ? truce_file_read(ctx, &text, &length, path, 16u << 20) : TRUCE_MEMORY;

	if (error) return error;
	*meanings = (struct meanings){.path = path};
	error = truce_yaml_read(ctx, arena, &node, path, text, length, NULL);
	if (!error) error = truce_yaml_fill(ctx, arena, meanings, &meanings_schema, node);
	truce_release(ctx, text);
	*out = meanings;
	return error;
}

static const struct meaning *meaning_of(const struct meanings *meanings, const char *path)
{
	const struct meaning *all = meanings->lists.items;
	const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;

	for (size_t i = 0; i < meanings->lists.count; i++)
		if (!strcmp(all[i].file, name)) return &all[i];
	return NULL;
}

bool lists_know(const struct meanings *meanings, const char *path)
{
	return meaning_of(meanings, path) != NULL;
}

/* ---- one file -------------------------------------------------------------------------------------------------- */

struct reading {
	truce_context *ctx;
	truce_arena *arena;
	struct lists *lists;
	struct remarks *remarks;
	const struct meaning *m;
	const char *path;
	truce_csv *csv;
	int lines_before; /* comment lines that were cut off */
	size_t code, from, through, party;
	size_t first_list; /* lists of this file begin here */
};

static int row_line(const struct reading *r)
{
	return truce_csv_line(r->csv) + r->lines_before;
}

static bool is_none(const char *text)
{
	return !*text || !strcmp(text, "NA");
}

/* A template with {column} replaced by the row's text; `value` stands for {value}. */
static const char *fill_in(struct reading *r, const char *template, const char *value, bool is_id)
{
	truce_text out;
	const char *result = NULL;
	size_t column;

	truce_text_init(&out, r->ctx);
	for (const char *at = template; *at;) {
		const char *close = *at == '{' ? strchr(at, '}') : NULL;
		char name[64];

		if (!close || (size_t)(close - at) > sizeof name) {
			truce_text_add_bytes(&out, at++, 1);
			continue;
		}
		memcpy(name, at + 1, (size_t)(close - at) - 1);
		name[close - at - 1] = '\0';
		if (!strcmp(name, "value"))
			truce_text_add(&out, value ? value : "");
		else if (truce_csv_has_column(r->csv, name, &column))
			truce_text_add(&out, truce_csv_field(r->csv, column));
		at = close + 1;
	}
	if (is_id)
		for (size_t i = 0; i < out.length; i++) {
			char c = (char)tolower((unsigned char)out.data[i]);

			out.data[i] = isalnum((unsigned char)c) || c == '.' ? c : '-';
		}
	if (!truce_text_done(&out)) result = truce_arena_text(r->arena, out.length ? out.data : "");
	truce_text_free(&out);
	return result;
}

enum { MOST_LISTS = 1000 };

static int list_of(struct reading *r, struct list **out, const char *value)
{
	const struct meaning *m = r->m;
	const char *id = fill_in(r, m->id, value, true), *origin = strrchr(r->path, '/');
	struct list head = {.what = m->what ? m->what : "", .authority = m->authority ? m->authority : "", .heading = "",
		.value = m->meaning ? m->meaning : "", .source = m->source, .origin = origin ? origin + 1 : r->path,
		.footnoted = m->compare == 0};
	char digits[13];

	if (!id) return TRUCE_MEMORY;
	for (size_t i = r->first_list; i < r->lists->count; i++)
		if (!strcmp(r->lists->items[i].id, id)) return *out = &r->lists->items[i], TRUCE_OK;
	/* Every row looks for its list among them. */
	if (r->lists->count - r->first_list >= MOST_LISTS)
		return truce_fail(r->ctx, TRUCE_LIMIT, r->path, row_line(r), 0, "name a column with few values in the id of the list",
			"its rows make more than %d lists", MOST_LISTS);
	head.id = id;
	if (!(head.origin = truce_arena_text(r->arena, head.origin))) return TRUCE_MEMORY;
	if (m->heading && !strchr(m->heading, '{') && schedule_code_digits(digits, m->heading, strlen(m->heading)) &&
	    !(head.heading = truce_arena_text(r->arena, digits)))
		return TRUCE_MEMORY;
	*out = lists_add(r->ctx, r->lists, &head);
	return *out ? TRUCE_OK : TRUCE_MEMORY;
}

/* A day of a row; false where it is not one (remarked). */
static bool row_day(struct reading *r, const char *column_name, size_t column, const truce_time *otherwise, int add, truce_date *out)
{
	const char *text = column_name ? truce_csv_field(r->csv, column) : "";

	if (is_none(text)) {
		if (otherwise->set) *out = otherwise->day + add;
		return true;
	}
	if (truce_date_parse(text, out) != TRUCE_OK) {
		remark(r->remarks, TRUCE_WARNING, r->path, row_line(r), "", "'%.60s' is no date: the row is not read", text);
		return false;
	}
	*out += add;
	return true;
}

static int read_party(struct reading *r, const char **out)
{
	const char *text = r->m->party && !is_none(truce_csv_field(r->csv, r->party)) ? truce_csv_field(r->csv, r->party) : "";
	const truce_country *country = *text ? truce_country_find(text) : NULL;

	if (r->m->parties == 1 && country)
		*out = country->iso2;
	else
		*out = truce_arena_text(r->arena, text);
	return *out ? TRUCE_OK : TRUCE_MEMORY;
}

static int read_row(struct reading *r)
{
	const struct meaning *m = r->m;
	struct list_row row = {"", "", "", TRUCE_NO_DATE, TRUCE_FOREVER, NAN};
	const char *code = truce_csv_field(r->csv, r->code), *heading;
	const char *const *values = m->values.items;
	char digits[13];
	struct list *list = NULL;
	int error, n = schedule_code_digits(digits, code, strlen(code));

	if (is_none(code)) return TRUCE_OK;
	if (n != 2 && n != 4 && n != 6 && n != 8 && n != 10) {
		remark(r->remarks, TRUCE_WARNING, r->path, row_line(r), code, "no code of 2, 4, 6, 8 or 10 digits: the row is not read");
		return TRUCE_OK;
	}
	if (!row_day(r, m->from, r->from, &m->since, 0, &row.from) || !row_day(r, m->through, r->through, &m->last, 1, &row.until))
		return TRUCE_OK;
	if (row.until <= row.from) {
		remark(r->remarks, TRUCE_WARNING, r->path, row_line(r), digits, "the row ends before it begins: it is not read");
		return TRUCE_OK;
	}
	if (!(row.code = truce_arena_copy(r->arena, digits, (size_t)n)) || (error = read_party(r, &row.party))) return TRUCE_MEMORY;
	if (m->heading && strchr(m->heading, '{')) {
		if (!(heading = fill_in(r, m->heading, NULL, false))) return TRUCE_MEMORY;
		if (schedule_code_digits(digits, heading, strlen(heading)) && !(row.heading = truce_arena_text(r->arena, digits))) return TRUCE_MEMORY;
	}
	for (size_t i = 0; i < (m->values.count ? m->values.count : 1); i++) {
		size_t column;

		if (m->values.count) {
			const char *text;

			if ((error = truce_csv_column(r->csv, &column, values[i]))) return error;
			text = truce_csv_field(r->csv, column);
			row.value = NAN;
			if (is_none(text)) continue;
			if (truce_parse_double(text, strlen(text), &row.value)) {
				remark(r->remarks, TRUCE_WARNING, r->path, row_line(r), row.code, "'%.60s' is no number: the value is not read", text);
				continue;
			}
		}
		if ((error = list_of(r, &list, m->values.count ? values[i] : NULL)) || (error = list_add_row(r->ctx, list, &row))) return error;
	}
	return TRUCE_OK;
}

static int find_columns(struct reading *r)
{
	const struct meaning *m = r->m;
	int error = TRUCE_OK;

	if (!m->bare) error = truce_csv_column(r->csv, &r->code, m->code);
	if (!error && m->from) error = truce_csv_column(r->csv, &r->from, m->from);
	if (!error && m->through) error = truce_csv_column(r->csv, &r->through, m->through);
	if (!error && m->party) error = truce_csv_column(r->csv, &r->party, m->party);
	return error;
}

static int read_file(struct reading *r)
{
	char *text = NULL, *body;
	size_t length;
	int error = truce_file_read(r->ctx, &text, &length, r->path, 256u << 20), more = 0;

	if (error) return error;
	/* Comment lines before the head are no part of the table. */
	for (body = text; *body == '#'; r->lines_before++) {
		char *end = strchr(body, '\n');

		body = end ? end + 1 : body + strlen(body);
	}
	if (r->m->bare)
		error = truce_csv_open_bare(r->ctx, &r->csv, r->path, 1);
	else
		error = truce_csv_open_text(r->ctx, &r->csv, r->path, body, length - (size_t)(body - text));
	if (!error) error = find_columns(r);
	while (!error && (more = truce_csv_next(r->csv)) == 1) error = read_row(r);
	if (!error && more < 0) error = more;
	truce_csv_close(r->csv);
	truce_release(r->ctx, text);
	return error;
}

int lists_read(truce_context *ctx, truce_arena *arena, struct lists *lists, struct remarks *remarks, const char *path,
	const struct meanings *meanings, size_t *files)
{
	struct reading r = {.ctx = ctx, .arena = arena, .lists = lists, .remarks = remarks, .first_list = lists->count, .path = path,
		.m = meaning_of(meanings, path)};
	int error;

	if (!r.m) {
		remark(remarks, TRUCE_WARNING, path, 0, "", "it is not known what this list means: not read (the table is %s)", meanings->path);
		return TRUCE_OK;
	}
	if (r.m->ignore) return TRUCE_OK;
	error = read_file(&r);
	++*files;
	return error;
}
