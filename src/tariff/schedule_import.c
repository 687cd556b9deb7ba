/* schedule_import.c: from what a government publishes to one compiled schedule (tariff room).
 *
 * Revisions are read in the order of their dates.  In each, a row's duty is its own, or its nearest ancestor's by
 * indent; a line whose row says something else than before gets a new spell, from the day that the change record
 * gives, else from the day of publication.  What cannot be read is remarked, row by row; no row is dropped. */
#include "schedule_private.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <time.h>
#include <zlib.h>

enum kind { KIND_NONE, KIND_JSON, KIND_EXPORT, KIND_RECORD, KIND_NOTES, KIND_LIST, KIND_CSV };

struct source {
	const char *path;
	enum kind kind;
	int year, number; /* revision; year -1: none in the name */
};

/* One published object, its texts in the pool. */
struct object {
	uint32_t code, description, general, special, column2, units, footnotes, headings;
	int16_t indent;
	int8_t digits; /* 0: none, or no code */
};

/* Objects seen before, by their bytes. */
struct seen {
	uint64_t hash;
	const char *raw;
	uint32_t length, object; /* object + 1; 0: free */
};

/* A row of the revision that is being read. */
struct row {
	uint32_t object, line;     /* line + 1; 0 none */
	int32_t parent;            /* row it stands under; -1 none */
	uint32_t general, special, column2, headings; /* effective */
	bool leaf;
};

struct import {
	truce_context *ctx;
	const truce_schedule_import_options *options;
	const struct meanings *meanings; /* of list files; NULL: no table */
	struct built built;
	truce_schedule_report *report;
	size_t source_count, source_capacity;
	struct source *sources;
	size_t object_count, object_capacity;
	struct object *objects;
	size_t seen_count, seen_slots;
	struct seen *seen;
	size_t row_count, row_capacity;
	struct row *rows;
	const struct note_lists *notes; /* NULL: none were read */
	const char *notes_path;
	size_t record_count;
	struct change_record *records; /* [record_count] */
	const char **record_paths;
	uint32_t *line_slot;           /* [line_slots] line + 1, by code */
	size_t line_slots;
	truce_text scratch, scratch2;
	/* Dated items of the revision being read: the best of each code, sorted by code, and after them those about ranges. */
	size_t *item_order;
	size_t item_count, range_count;
};

/* ---- what the inputs are ------------------------------------------------------------------------------------ */

static bool contains(const char *text, size_t length, const char *word)
{
	return memmem(text, length, word, strlen(word)) != NULL;
}

static enum kind kind_of(const char *text, size_t length)
{
	size_t at = length >= 3 && !memcmp(text, "\xef\xbb\xbf", 3) ? 3 : 0;

	while (at < length && isspace((unsigned char)text[at])) at++;
	if (at == length || memchr(text, '\0', length)) return KIND_NONE;
	if (text[at] == '[') return KIND_JSON;
	if (length - at > 10 && (!strncasecmp(text + at, "HTS Number", 10) || !strncasecmp(text + at, "\"HTS Number\"", 12)))
		return KIND_EXPORT;
	if (length - at > 5 && (!strncasecmp(text + at, "code,", 5) || !strncasecmp(text + at, "\"code\",", 7))) return KIND_CSV;
	if (contains(text, length, "Item changed") || contains(text, length, "Change Record") || contains(text, length, "CHANGE RECORD"))
		return KIND_RECORD;
	if (contains(text, length, "CHAPTER 99")) return KIND_NOTES;
	return KIND_NONE;
}

/* The first bytes of a file, unpacked. */
static int peek(truce_context *ctx, const char *path, char *out, size_t *length, size_t most)
{
	gzFile file = gzopen(path, "rb");
	int n, state;

	if (!file) return truce_fail(ctx, TRUCE_INPUT, path, 0, 0, "give a file that can be read", "the file cannot be opened");
	n = gzread(file, out, (unsigned)most);
	gzerror(file, &state);
	gzclose(file);
	if (n < 0 || state != Z_OK)
		return truce_fail(ctx, TRUCE_INPUT, path, 0, 0, "fetch the file again", "the gzip data is damaged");
	*length = (size_t)n;
	return TRUCE_OK;
}

static bool ends_with(const char *text, const char *end)
{
	size_t n = strlen(text), k = strlen(end);

	return n >= k && !strcmp(text + n - k, end);
}

static int add_source(struct import *im, const char *path, bool named)
{
	char head[4096];
	size_t length = 0;
	struct source s = {path, KIND_NONE, -1, 0};
	bool list = im->options->format != TRUCE_SCHEDULE_CSV && im->meanings && lists_know(im->meanings, path);
	int error = list ? TRUCE_OK : peek(im->ctx, path, head, &length, sizeof head);

	if (error) return error;
	s.kind = list ? KIND_LIST : kind_of(head, length);
	if (!schedule_revision_of_name(path, &s.year, &s.number)) s.year = -1;
	if (im->options->format == TRUCE_SCHEDULE_CSV && s.kind != KIND_NONE) s.kind = KIND_CSV;
	if (s.kind == KIND_NONE) {
		if (named || ends_with(path, ".json") || ends_with(path, ".json.gz"))
			return truce_fail(im->ctx, TRUCE_INPUT, path, 0, 0,
				"give the schedule as published (JSON or CSV), a change record as text, or the text of the notes",
				"this is no schedule that can be read");
		remark(&im->built.remarks, TRUCE_WARNING, path, 0, "", "not a schedule, a change record, notes or a list that is known: not read");
		return TRUCE_OK;
	}
	if ((s.kind == KIND_JSON || s.kind == KIND_EXPORT) && s.year < 0)
		return truce_fail(im->ctx, TRUCE_INPUT, path, 0, 0, "name the file as published: hts_2025_rev_18.json",
			"the file's name does not say which revision it is");
	if (truce_grow(im->ctx, &im->sources, &im->source_capacity, im->source_count + 1, sizeof *im->sources)) return TRUCE_MEMORY;
	if (!(s.path = truce_arena_text(im->built.arena, path))) return TRUCE_MEMORY;
	im->sources[im->source_count++] = s;
	im->report->files++;
	return TRUCE_OK;
}

static int source_order(const void *a, const void *b)
{
	const struct source *x = a, *y = b;

	if (x->year != y->year) return x->year < y->year ? -1 : 1;
	if (x->number != y->number) return x->number < y->number ? -1 : 1;
	if (x->kind != y->kind) return x->kind < y->kind ? -1 : 1;
	return strcmp(x->path, y->path);
}

/* The files of a folder, each by `take`. */
static int each_file(struct import *im, const char *folder, int (*take)(struct import *im, const char *path, bool named))
{
	char **names;
	size_t count;
	int error = truce_directory_list(im->ctx, im->built.arena, &names, &count, folder);

	for (size_t k = 0; !error && k < count; k++) {
		char *path = truce_arena_printf(im->built.arena, "%s/%s", folder, names[k]);

		struct stat info;

		if (!path) return TRUCE_MEMORY;
		/* A pipe that lies there would be waited on for ever. */
		if (names[k][0] == '.' || (stat(path, &info) == 0 && !S_ISREG(info.st_mode))) continue;
		error = take(im, path, false);
	}
	return error;
}

static int find_sources(struct import *im)
{
	int error = im->options->lists_meaning ? lists_meanings(im->ctx, im->built.arena, &im->meanings, im->options->lists_meaning) :
		TRUCE_OK;

	for (size_t i = 0; i < im->options->input_count && !error; i++) {
		const char *input = im->options->inputs[i];

		if (!truce_directory_exists(input)) {
			if (!truce_file_exists(input))
				return truce_fail(im->ctx, TRUCE_INPUT, input, 0, 0, "give a folder or a file that exists", "there is no such file or folder");
			error = add_source(im, input, true);
			continue;
		}
		error = each_file(im, input, add_source);
	}
	if (!error && im->source_count) qsort(im->sources, im->source_count, sizeof *im->sources, source_order);
	return error;
}

/* ---- change records and dates --------------------------------------------------------------------------------- */

static int read_records(struct import *im)
{
	truce_context *ctx = im->ctx;

	im->records = truce_allocate_zero(ctx, im->source_count + 1, sizeof *im->records);
	im->record_paths = truce_allocate_zero(ctx, im->source_count + 1, sizeof *im->record_paths);
	if (!im->records || !im->record_paths) return TRUCE_MEMORY;
	for (size_t i = 0; i < im->source_count; i++) {
		struct source *s = &im->sources[i];
		struct change_record *record = &im->records[im->record_count];
		char *text;
		size_t length;
		int error;

		if (s->kind != KIND_RECORD) continue;
		if ((error = truce_file_read(ctx, &text, &length, s->path, 64u << 20))) return error;
		im->record_count++; /* also where it fails: it is freed with the others */
		im->record_paths[im->record_count - 1] = s->path;
		error = change_record_read(ctx, im->built.arena, record, s->path, text, length);
		truce_release(ctx, text);
		if (error) return error;
		/* The title wins over the name; some titles do not say. */
		if (record->year < 0) record->year = s->year, record->number = s->number;
		if (record->year < 0)
			return truce_fail(ctx, TRUCE_INPUT, s->path, 0, 0, "name the file as published: 2025HTSRev18_change_record.txt",
				"neither the title nor the name says which revision this change record is of");
		if (!record->count) remark(&im->built.remarks, TRUCE_WARNING, s->path, 0, "", "no item could be read in this change record");
		for (size_t k = 0; k < record->unread_count; k++)
			remark(&im->built.remarks, TRUCE_WARNING, s->path, record->unread[k].line, "", "not read as an item: '%s'",
				record->unread[k].text);
	}
	return TRUCE_OK;
}

static const struct change_record *record_of(const struct import *im, int year, int number, const char **path)
{
	for (size_t i = 0; i < im->record_count; i++)
		if (im->records[i].year == year && im->records[i].number == number) {
			if (path) *path = im->record_paths[i];
			return &im->records[i];
		}
	return NULL;
}

/* "2025-rev-18", "2026-basic". */
static int revision_name(struct import *im, uint32_t *id, int year, int number)
{
	char name[40];

	if (number)
		snprintf(name, sizeof name, "%d-rev-%d", year, number);
	else
		snprintf(name, sizeof name, "%d-basic", year);
	return pool_add(&im->built.pool, id, name, strlen(name));
}

/* Days of publication that the project's table of revisions gives; the change records' own win. */
static int published_in_table(struct import *im, const char *name, truce_date *out)
{
	truce_csv *csv;
	size_t revision, published;
	int error, more = 0;

	*out = TRUCE_NO_DATE;
	if (!im->options->revisions) return TRUCE_OK;
	if ((error = truce_csv_open(im->ctx, &csv, im->options->revisions))) return error;
	if (!(error = truce_csv_column(csv, &revision, "revision")) && !(error = truce_csv_column(csv, &published, "published")))
		while ((more = truce_csv_next(csv)) == 1) {
			if (strcmp(truce_csv_field(csv, revision), name) != 0) continue;
			if (truce_date_parse(truce_csv_field(csv, published), out))
				error = truce_csv_fail(csv, published, "write it as 2026-01-31", "not a date");
			break;
		}
	if (!error && more < 0) error = more;
	truce_csv_close(csv);
	return error;
}

static int date_revision(struct import *im, const struct source *s, struct built_revision *r)
{
	const struct change_record *record = record_of(im, s->year, s->number, NULL);
	const char *name;
	truce_date table;
	int error;

	if ((error = revision_name(im, &r->id, s->year, s->number))) return error;
	name = im->built.pool.texts[r->id];
	if ((error = published_in_table(im, name, &table))) return error;
	r->published = record && record->published != TRUCE_NO_DATE ? record->published : table;
	if (r->published == TRUCE_NO_DATE)
		return truce_fail(im->ctx, TRUCE_INPUT, s->path, 0, 0,
			"give its change record, or add it to the table of revisions (data/schedule/us-revisions.csv)",
			"it is not known when %s was published", name);
	if (table != TRUCE_NO_DATE && table != r->published) {
		char a[11], b[11];

		remark(&im->built.remarks, TRUCE_WARNING, s->path, 0, "",
			"the change record of %s is dated %s, the table of revisions says %s: the record's is taken", name,
			truce_date_format(a, r->published), truce_date_format(b, table));
	}
	r->effective = r->published;
	r->file = s->path;
	return TRUCE_OK;
}

/* "Rev 18", "2026": whether an item of a yearly record belongs to the edition it stands in. */
static bool item_is_own(const struct change_item *item, int year, int number)
{
	const char *edition = item->edition;
	int y, n;

	if (!*edition) return true;
	if (!strncasecmp(edition, "rev", 3)) {
		n = atoi(edition + strcspn(edition, "0123456789"));
		return number == n && number > 0;
	}
	y = atoi(edition);
	return y == year && number == 0;
}

static int item_compare(const void *a, const void *b, void *user)
{
	const struct built_item *items = user;
	const size_t x = *(const size_t *)a, y = *(const size_t *)b;
	int order = strcmp(items[x].item.code, items[y].item.code);

	return order ? order : x < y ? -1 : x > y;
}

/* A slip of the pen ("June 30, 3025") must not put a change off for ever: the day and month are kept where the year of
 * publication makes them near it. */
static void check_item_day(struct import *im, struct change_item *item, const char *path, truce_date published)
{
	char day[11], taken[11];
	int year, month, of_month, this_year, unused;
	truce_date mended;

	if (item->effective == TRUCE_NO_DATE || item->effective <= published + 730) return;
	truce_date_split(item->effective, &year, &month, &of_month);
	truce_date_split(published, &this_year, &unused, &unused);
	mended = truce_date_of(this_year, month, of_month);
	if (mended > published + 31 || mended < published - 183) mended = published;
	remark(&im->built.remarks, TRUCE_WARNING, path, item->line, item->code,
		"the change record dates '%.80s' %s, years after it was published: taken as %s", item->item,
		truce_date_format(day, item->effective), truce_date_format(taken, mended));
	item->effective = mended;
}

/* Whether an item is about a line: the same code, one above it, or the ten digits that end in 00 of its eight. */
static bool item_covers(const struct change_item *item, const char *code, size_t digits)
{
	size_t n = strlen(item->code);

	if (item->until[0]) {
		size_t m = strlen(item->until);

		return digits >= n && strncmp(code, item->code, n) >= 0 && strncmp(code, item->until, m) <= 0;
	}
	if (n <= digits) return !strncmp(code, item->code, n);
	return digits == 8 && n == 10 && !strncmp(code, item->code, 8) && !strcmp(item->code + 8, "00");
}

/* Whether an item is as narrow as another and dates a change better: among the dates the latest that had come by
 * publication, else the first to come; or is narrower.  Ties go to what stands first. */
static bool item_is_better(const struct import *im, size_t at, size_t other, truce_date published)
{
	const struct change_item *a = &im->built.items[im->item_order[at]].item, *b = &im->built.items[im->item_order[other]].item;
	size_t width = strlen(a->code), best = strlen(b->code);

	if (width != best) return width > best;
	if (a->effective == b->effective) return at < other;
	if (a->effective <= published) return b->effective > published || a->effective > b->effective;
	return b->effective > published && a->effective < b->effective;
}

/* Leaves of the dated items about one code that which dates best, and moves ranges behind: a line then asks for its own code and
 * those above it, not every item of its heading. */
static void settle_items(struct import *im, truce_date published)
{
	const struct built_item *items = im->built.items;
	size_t kept = 0, ranges = 0, *range = im->item_order + im->item_count; /* room for as many */

	for (size_t i = 0; i < im->item_count; i++) {
		const struct change_item *item = &items[im->item_order[i]].item;

		if (item->effective == TRUCE_NO_DATE) continue;
		if (item->until[0]) {
			range[ranges++] = im->item_order[i];
			continue;
		}
		im->item_order[kept] = im->item_order[i];
		if (!kept || strcmp(items[im->item_order[kept - 1]].item.code, item->code) != 0)
			kept++;
		else if (item_is_better(im, kept, kept - 1, published))
			im->item_order[kept - 1] = im->item_order[kept];
	}
	memmove(im->item_order + kept, range, ranges * sizeof *range);
	im->item_count = kept;
	im->range_count = ranges;
}

/* Where an item about exactly a code stands; the count of items where none does. */
static size_t item_exactly(const struct import *im, const char *code)
{
	const struct built_item *items = im->built.items;
	size_t low = 0, high = im->item_count;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (strcmp(items[im->item_order[middle]].item.code, code) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low < im->item_count && !strcmp(items[im->item_order[low]].item.code, code) ? low : im->item_count;
}

/* The item that dates a change of a line: the narrowest code, and of those the best date. */
static int32_t item_for(const struct import *im, const char *code, truce_date published)
{
	const struct built_item *items = im->built.items;
	size_t digits = strlen(code), best = SIZE_MAX, at = im->item_count;
	char above[13];

	for (size_t n = digits < 12 ? digits : 12; n >= 4 && best == SIZE_MAX; n--) {
		memcpy(above, code, n);
		above[n] = '\0';
		if (n == 8 && digits == 8) { /* printed as ten */
			memcpy(above + 8, "00", 3);
			if ((at = item_exactly(im, above)) < im->item_count) best = at;
			above[8] = '\0';
		}
		if (best == SIZE_MAX && (at = item_exactly(im, above)) < im->item_count) best = at;
	}
	for (size_t i = im->item_count; i < im->item_count + im->range_count; i++)
		if (item_covers(&items[im->item_order[i]].item, code, digits) && (best == SIZE_MAX || item_is_better(im, i, best, published))) best = i;
	return best == SIZE_MAX ? -1 : (int32_t)im->item_order[best];
}

static int take_items(struct import *im, const struct source *s, uint32_t revision)
{
	const char *path = s->path;
	const struct change_record *record = record_of(im, s->year, s->number, &path);
	struct built *b = &im->built;
	size_t first = b->item_count, others = 0;

	truce_release(im->ctx, im->item_order);
	im->item_order = NULL;
	im->item_count = im->range_count = 0;
	if (!record) {
		if (revision) remark(&b->remarks, TRUCE_WARNING, s->path, 0, "", "no change record for this revision: its changes count from its publication");
		return TRUCE_OK;
	}
	for (size_t i = 0; i < record->count; i++) {
		if (!item_is_own(&record->items[i], s->year, s->number)) {
			others++;
			continue;
		}
		if (truce_grow(im->ctx, &b->items, &b->item_capacity, b->item_count + 1, sizeof *b->items)) return TRUCE_MEMORY;
		b->items[b->item_count] = (struct built_item){record->items[i], revision};
		check_item_day(im, &b->items[b->item_count++].item, path, b->revisions[revision].published);
	}
	if (others)
		remark(&b->remarks, TRUCE_NOTE, path, 0, "", "%zu items of the change record belong to earlier revisions: taken there", others);
	im->report->change_items = b->item_count;
	im->item_order = truce_allocate(im->ctx, 2 * (b->item_count - first + 1) * sizeof *im->item_order);
	if (!im->item_order) return TRUCE_MEMORY;
	for (size_t i = first; i < b->item_count; i++)
		if (b->items[i].item.code[0]) im->item_order[im->item_count++] = i;
	if (im->item_count) qsort_r(im->item_order, im->item_count, sizeof *im->item_order, item_compare, b->items);
	settle_items(im, b->revisions[revision].published);
	return TRUCE_OK;
}

/* ---- objects ------------------------------------------------------------------------------------------------------ */

static int pool_tidied(struct import *im, uint32_t *id, const char *text, size_t length)
{
	char *room;

	truce_text_clear(&im->scratch);
	truce_text_add_bytes(&im->scratch, text, length);
	truce_text_add_bytes(&im->scratch, "", 1);
	if (truce_text_done(&im->scratch)) return TRUCE_MEMORY;
	room = im->scratch.data; /* tidying never makes a text longer, and writes behind where it reads */
	return pool_add(&im->built.pool, id, room, schedule_tidy(room, text, length));
}

/* Whether the headings that a footnote names count for the row that it stands at: it is on a column of duty; or it marks
 * by its description one of the "certain goods" of a wider line that alone are covered. */
static bool names_duty(const char *line, const char *colon)
{
	size_t columns = (size_t)(colon - line);

	if (contains(colon, strlen(colon), "certain goods of this rate line")) return contains(line, columns, "desc");
	return contains(line, columns, "general") || contains(line, columns, "special") || contains(line, columns, "other");
}

/* Footnotes one a line, each tidied; and the headings that those on the duty name. */
static int take_footnotes(struct import *im, struct object *o, const char *text, size_t length)
{
	truce_text out;
	int error = TRUCE_OK;

	truce_text_init(&out, im->ctx);
	truce_text_clear(&im->scratch2);
	while (length) {
		const char *end = memchr(text, '\n', length), *colon;
		size_t n = end ? (size_t)(end - text) : length;
		uint32_t id;

		if (n > 2 && (error = pool_tidied(im, &id, text, n))) break;
		if (n > 2) {
			const char *line = im->built.pool.texts[id];

			colon = strchr(line, ':');
			if (out.length) truce_text_add(&out, "\n");
			truce_text_add(&out, line);
			if (colon && names_duty(line, colon))
				schedule_headings(&im->scratch2, colon, strlen(colon));
		}
		length -= n + (end ? 1 : 0);
		text += n + (end ? 1 : 0);
	}
	if (!error && (truce_text_done(&out) || truce_text_done(&im->scratch2))) error = TRUCE_MEMORY;
	if (!error) error = pool_add(&im->built.pool, &o->footnotes, out.length ? out.data : "", out.length);
	if (!error) error = pool_add(&im->built.pool, &o->headings, im->scratch2.length ? im->scratch2.data : "", im->scratch2.length);
	truce_text_free(&out);
	return error;
}

static int take_object(struct import *im, struct object *o, const struct schedule_row *row, const char *file, size_t number)
{
	struct pool *pool = &im->built.pool;
	char digits[13];
	int64_t indent;
	int error, n;

	memset(o, 0, sizeof *o);
	if (truce_parse_int(row->field[ROW_INDENT], row->length[ROW_INDENT], &indent) || indent < 0 || indent > 40)
		return truce_fail(im->ctx, TRUCE_INPUT, file, 0, 0, "indents are whole numbers from 0 on",
			"object %zu of the schedule has the indent '%.40s'", number, row->field[ROW_INDENT]);
	o->indent = (int16_t)indent;
	n = schedule_code_digits(digits, row->field[ROW_CODE], row->length[ROW_CODE]);
	if (n == 4 || n == 6 || n == 8 || n == 10) {
		o->digits = (int8_t)n;
		error = pool_add(pool, &o->code, digits, (size_t)n);
	} else {
		error = pool_tidied(im, &o->code, row->field[ROW_CODE], row->length[ROW_CODE]);
		if (!error && o->code)
			remark(&im->built.remarks, TRUCE_WARNING, file, (int)number, pool->texts[o->code],
				"not a code of 4, 6, 8 or 10 digits: kept as it stands");
	}
	if (error || (error = pool_tidied(im, &o->description, row->field[ROW_DESCRIPTION], row->length[ROW_DESCRIPTION])) ||
	    (error = pool_tidied(im, &o->general, row->field[ROW_GENERAL], row->length[ROW_GENERAL])) ||
	    (error = pool_tidied(im, &o->special, row->field[ROW_SPECIAL], row->length[ROW_SPECIAL])) ||
	    (error = pool_tidied(im, &o->column2, row->field[ROW_COLUMN2], row->length[ROW_COLUMN2])) ||
	    (error = pool_tidied(im, &o->units, row->field[ROW_UNITS], row->length[ROW_UNITS])))
		return error;
	return take_footnotes(im, o, row->field[ROW_FOOTNOTES], row->length[ROW_FOOTNOTES]);
}

static int new_object(struct import *im, uint32_t *out, const struct schedule_row *row, const char *file, size_t number)
{
	struct object o;
	int error = take_object(im, &o, row, file, number);

	if (error) return error;
	if (truce_grow(im->ctx, &im->objects, &im->object_capacity, im->object_count + 1, sizeof *im->objects)) return TRUCE_MEMORY;
	im->objects[im->object_count] = o;
	*out = (uint32_t)im->object_count++;
	return TRUCE_OK;
}

static int grow_seen(struct import *im)
{
	size_t slots = im->seen_slots ? im->seen_slots * 2 : 1 << 16;
	struct seen *fresh = truce_allocate_zero(im->ctx, slots, sizeof *fresh);

	if (!fresh) return TRUCE_MEMORY;
	for (size_t i = 0; i < im->seen_slots; i++) {
		size_t at = im->seen[i].hash & (slots - 1);

		if (!im->seen[i].object) continue;
		while (fresh[at].object) at = (at + 1) & (slots - 1);
		fresh[at] = im->seen[i];
	}
	truce_release(im->ctx, im->seen);
	im->seen = fresh;
	im->seen_slots = slots;
	return TRUCE_OK;
}

/* The object of the bytes just found: known, or parsed now. */
static int object_of(struct import *im, uint32_t *out, struct schedule_json *json)
{
	uint64_t hash = schedule_hash(json->raw, json->raw_length);
	struct schedule_row row;
	size_t at;
	int error;

	if (im->seen_count * 2 >= im->seen_slots && (error = grow_seen(im))) return error;
	for (at = hash & (im->seen_slots - 1); im->seen[at].object; at = (at + 1) & (im->seen_slots - 1))
		if (im->seen[at].hash == hash && im->seen[at].length == json->raw_length &&
		    !memcmp(im->seen[at].raw, json->raw, json->raw_length))
			return *out = im->seen[at].object - 1, TRUCE_OK;
	if ((error = schedule_json_parse(json, &row)) || (error = new_object(im, out, &row, json->name, json->row))) return error;
	im->seen[at] = (struct seen){hash, truce_arena_copy(im->built.arena, json->raw, json->raw_length), (uint32_t)json->raw_length, *out + 1};
	if (!im->seen[at].raw) {
		im->seen[at].object = 0;
		return TRUCE_MEMORY;
	}
	im->seen_count++;
	return TRUCE_OK;
}

static int add_row(struct import *im, uint32_t object)
{
	if (truce_grow(im->ctx, &im->rows, &im->row_capacity, im->row_count + 1, sizeof *im->rows)) return TRUCE_MEMORY;
	im->rows[im->row_count] = (struct row){.object = object, .parent = -1};
	im->row_count++;
	return TRUCE_OK;
}

static int read_json(struct import *im, const char *path, const char *text, size_t length)
{
	struct schedule_json json;
	int more, error = TRUCE_OK;

	schedule_json_open(&json, im->ctx, path, text, length);
	while ((more = schedule_json_next(&json)) == 1) {
		uint32_t object;

		if ((error = object_of(im, &object, &json)) || (error = add_row(im, object))) break;
	}
	if (!error && more < 0) error = more;
	schedule_json_close(&json);
	return error;
}

/* The CSV that the same government exports; it has no footnotes. */
static int read_export(struct import *im, const char *path, const char *text, size_t length)
{
	static const char *const names[ROW_FOOTNOTES] = {"HTS Number", "Indent", "Description", "General Rate of Duty",
		"Special Rate of Duty", "Column 2 Rate of Duty", "Unit of Quantity"};
	size_t columns[ROW_FOOTNOTES];
	truce_csv *csv;
	int error, more = 0;

	if ((error = truce_csv_open_text(im->ctx, &csv, path, text, length))) return error;
	for (size_t i = 0; i < ROW_FOOTNOTES && !error; i++) error = truce_csv_column(csv, &columns[i], names[i]);
	for (size_t n = 1; !error && (more = truce_csv_next(csv)) == 1; n++) {
		struct schedule_row row = {.field[ROW_FOOTNOTES] = ""};
		char units[256];
		uint32_t object;
		size_t k = 0;

		for (size_t i = 0; i < ROW_FOOTNOTES; i++) {
			row.field[i] = truce_csv_field(csv, columns[i]);
			row.length[i] = strlen(row.field[i]);
		}
		/* ["No.","kg"] */
		for (const char *p = row.field[ROW_UNITS]; *p && k + 2 < sizeof units; p++) {
			if (*p == ',') units[k++] = ',', units[k++] = ' ';
			if (!strchr("[]\",", *p)) units[k++] = *p;
		}
		units[k] = '\0';
		row.field[ROW_UNITS] = units;
		row.length[ROW_UNITS] = k;
		if (!(error = new_object(im, &object, &row, path, n))) error = add_row(im, object);
	}
	if (!error && more < 0) error = more;
	truce_csv_close(csv);
	return error;
}

/* ---- lines and their spells --------------------------------------------------------------------------------------- */

static int line_of(struct import *im, uint32_t *line, uint32_t code, int digits)
{
	struct built *b = &im->built;
	size_t at;

	if (b->line_count * 2 >= im->line_slots) {
		size_t slots = im->line_slots ? im->line_slots * 2 : 1 << 16;
		uint32_t *fresh = truce_allocate_zero(im->ctx, slots, sizeof *fresh);

		if (!fresh) return TRUCE_MEMORY;
		for (size_t i = 0; i < b->line_count; i++) {
			at = b->lines[i].code * 2654435761u & (slots - 1);
			while (fresh[at]) at = (at + 1) & (slots - 1);
			fresh[at] = (uint32_t)i + 1;
		}
		truce_release(im->ctx, im->line_slot);
		im->line_slot = fresh;
		im->line_slots = slots;
	}
	for (at = code * 2654435761u & (im->line_slots - 1); im->line_slot[at]; at = (at + 1) & (im->line_slots - 1))
		if (b->lines[im->line_slot[at] - 1].code == code) return *line = im->line_slot[at] - 1, TRUCE_OK;
	if (truce_grow(im->ctx, &b->lines, &b->line_capacity, b->line_count + 1, sizeof *b->lines)) return TRUCE_MEMORY;
	b->lines[b->line_count] = (struct built_line){.code = code, .digits = digits};
	im->line_slot[at] = (uint32_t)++b->line_count;
	*line = (uint32_t)b->line_count - 1;
	return TRUCE_OK;
}

enum { SAID_JUMP = 1, SAID_ORPHAN = 2, SAID_TWICE = 4, SAID_REACH = 8 };

static void say_once(struct import *im, uint32_t line, uint8_t what, truce_severity severity, const char *file, size_t row,
	const char *words)
{
	struct built_line *l = &im->built.lines[line];

	if (l->remarked & what) return;
	l->remarked |= what;
	remark(&im->built.remarks, severity, file, (int)row, im->built.pool.texts[l->code], "%s", words);
}

enum { HEADING = 9, MOST_HEADINGS = 512 }; /* bytes of one, with its blank; a line names a dozen at most */

static int heading_order(const void *a, const void *b)
{
	return memcmp(a, b, HEADING);
}

/* Headings of a row and of those above it, sorted, each once. */
static int join_headings(struct import *im, uint32_t *out, uint32_t own, uint32_t above, bool *many)
{
	truce_text *all = &im->scratch2;
	const struct pool *pool = &im->built.pool;
	size_t kept = 0;

	if (!own || own == above) return *out = above, TRUCE_OK;
	truce_text_clear(all);
	truce_text_add(all, pool->texts[above]);
	truce_text_add(all, pool->texts[own]);
	if (truce_text_done(all)) return TRUCE_MEMORY;
	qsort(all->data, all->length / HEADING, HEADING, heading_order);
	for (size_t at = 0; at < all->length; at += HEADING) {
		if (kept && !memcmp(all->data + kept - HEADING, all->data + at, HEADING)) continue;
		memmove(all->data + kept, all->data + at, HEADING);
		kept += HEADING;
	}
	/* Ranges make hundreds of a few bytes, and every row below takes them on. */
	*many = kept > MOST_HEADINGS * HEADING;
	return pool_add(&im->built.pool, out, all->data, *many ? MOST_HEADINGS * HEADING : kept);
}

/* Parents by indent, effective duties, leaves. */
static int resolve(struct import *im, const char *file)
{
	struct pool *pool = &im->built.pool;
	int32_t stack[64];
	int indents[64], depth = 0, error;

	for (size_t i = 0; i < im->row_count; i++) {
		struct row *row = &im->rows[i];
		const struct object *o = &im->objects[row->object];
		int before = i ? im->objects[im->rows[i - 1].object].indent : -1;
		const struct row *above = NULL;
		bool many = false;

		while (depth && indents[depth - 1] >= o->indent) depth--;
		row->parent = depth ? stack[depth - 1] : -1;
		if (o->code) {
			if ((error = line_of(im, &row->line, o->code, o->digits))) return error;
			row->line++;
			if (o->indent > before + 1)
				say_once(im, row->line - 1, SAID_JUMP, TRUCE_NOTE, file, i + 1, "its indent leaves out a level: read as one below the row above");
		}
		/* Up to the nearest row with a code; its code must begin this one. */
		for (int32_t p = row->parent; p >= 0 && o->digits; p = im->rows[p].parent) {
			const struct object *up = &im->objects[im->rows[p].object];

			if (!up->digits) continue;
			if (up->code == o->code || (up->digits > o->digits && !strncmp(pool->texts[up->code], pool->texts[o->code], (size_t)o->digits)))
				return truce_fail(im->ctx, TRUCE_INPUT, file, 0, 0, "the indents of the published file must be repaired",
					"object %zu of the schedule: %s stands below %s, so that it would be above itself", i + 1,
					pool->texts[o->code], pool->texts[up->code]);
			if (strncmp(pool->texts[up->code], pool->texts[o->code], (size_t)up->digits) != 0) {
				say_once(im, row->line - 1, SAID_ORPHAN, TRUCE_NOTE, file, i + 1, "its indent puts it below another code: it takes nothing from there");
				row->parent = -1;
			}
			break;
		}
		if (row->parent >= 0) above = &im->rows[row->parent];
		/* Column by column; programmes go with the general duty that they lower. */
		row->general = o->general || !above ? o->general : above->general;
		row->column2 = o->column2 || !above ? o->column2 : above->column2;
		row->special = o->special || o->general || !above ? o->special : above->special;
		if ((error = join_headings(im, &row->headings, o->headings, above ? above->headings : 0, &many))) return error;
		if (many)
			remark(&im->built.remarks, TRUCE_WARNING, file, (int)i + 1, pool->texts[o->code],
				"its footnotes and those above it name more than %d headings: the rest is not read", MOST_HEADINGS);
		row->leaf = o->digits == 10 || o->digits == 8;
		if (o->digits == 10)
			for (int32_t p = row->parent; p >= 0; p = im->rows[p].parent)
				if (im->objects[im->rows[p].object].digits == 8) im->rows[p].leaf = false;
		if (depth == 64) return truce_fail(im->ctx, TRUCE_INPUT, file, 0, 0, NULL, "indents are nested deeper than any schedule needs");
		stack[depth] = (int32_t)i;
		indents[depth++] = o->indent;
	}
	return TRUCE_OK;
}

static bool same_spell(const struct built_spell *a, const struct built_spell *b)
{
	return a->general == b->general && a->special == b->special && a->column2 == b->column2 && a->description == b->description &&
		a->units == b->units && a->footnotes == b->footnotes && a->headings == b->headings && a->leaf == b->leaf;
}

/* From when a change counts that this revision brought, and the item that says so. */
static truce_date change_day(const struct import *im, const char *code, const struct built_revision *r, int32_t *item)
{
	*item = item_for(im, code, r->published);
	return *item < 0 ? r->effective : im->built.items[*item].item.effective;
}

/* A retroactive change reaches back to the beginning of what it replaces, not behind an earlier change. */
static truce_date clamp_day(struct import *im, uint32_t line, truce_date day, truce_date earliest, const char *file)
{
	if (day >= earliest) return day;
	if (earliest > im->built.from)
		say_once(im, line, SAID_REACH, TRUCE_NOTE, file, 0,
			"a retroactive change would reach behind an earlier change: it counts from that one");
	return earliest;
}

static int begin_spell(struct import *im, uint32_t index, struct built_spell spell, const char *file)
{
	struct built_line *line = &im->built.lines[index];
	struct built_spell *last = line->count ? &line->spells[line->count - 1] : NULL;

	spell.until = TRUCE_FOREVER;
	if (!last)
		spell.from = spell.from < im->built.from ? im->built.from : spell.from;
	else if (last->until != TRUCE_FOREVER)
		spell.from = clamp_day(im, index, spell.from, last->until, file);
	else {
		spell.from = clamp_day(im, index, spell.from, last->from, file);
		if (spell.from == last->from) {
			/* What was printed was never so. */
			*last = spell;
			return TRUCE_OK;
		}
		last->until = spell.from;
	}
	if (truce_grow(im->ctx, &line->spells, &line->capacity, line->count + 1, sizeof *line->spells)) return TRUCE_MEMORY;
	line->spells[line->count++] = spell;
	return TRUCE_OK;
}

static int update_line(struct import *im, const struct row *row, uint32_t revision, const char *file)
{
	const struct object *o = &im->objects[row->object];
	struct built_line *line = &im->built.lines[row->line - 1];
	struct built_spell spell = {.general = row->general, .special = row->special, .column2 = row->column2,
		.description = o->description, .units = o->units, .footnotes = o->footnotes, .headings = row->headings, .leaf = row->leaf,
		.revision = (uint16_t)revision, .item = -1};
	const struct built_spell *last = line->count ? &line->spells[line->count - 1] : NULL;

	if (line->seen == revision + 1) {
		say_once(im, row->line - 1, SAID_TWICE, TRUCE_WARNING, file, (size_t)(row - im->rows) + 1, "the code stands twice in this revision: the first is taken");
		return TRUCE_OK;
	}
	line->seen = revision + 1;
	if (last && last->until == TRUCE_FOREVER && same_spell(last, &spell)) return TRUCE_OK;
	spell.from = im->built.from;
	if (revision) spell.from = change_day(im, im->built.pool.texts[line->code], &im->built.revisions[revision], &spell.item);
	return begin_spell(im, row->line - 1, spell, file);
}

/* Lines that the revision no longer has end. */
static void end_lines(struct import *im, uint32_t revision, const char *file)
{
	for (size_t i = 0; i < im->built.line_count; i++) {
		struct built_line *line = &im->built.lines[i];
		struct built_spell *last = line->count ? &line->spells[line->count - 1] : NULL;
		int32_t item;
		truce_date day;

		if (!last || line->seen == revision + 1 || last->until != TRUCE_FOREVER) continue;
		day = change_day(im, im->built.pool.texts[line->code], &im->built.revisions[revision], &item);
		last->until = clamp_day(im, (uint32_t)i, day, last->from, file);
		if (last->until == last->from) line->count--; /* it never was */
	}
}

/* Descriptions from the widest heading down, for the search. */
static int path_of(struct import *im, const char **path, const struct row *row)
{
	const char *parts[64];
	size_t count = 0;

	for (; count < 64; row = &im->rows[row->parent]) {
		parts[count++] = im->built.pool.texts[im->objects[row->object].description];
		if (row->parent < 0) break;
	}
	truce_text_clear(&im->scratch2);
	while (count) {
		const char *part = parts[--count];
		size_t n = strlen(part);

		while (n && (part[n - 1] == ':' || part[n - 1] == ' ')) n--;
		if (im->scratch2.length && n) truce_text_add(&im->scratch2, ": ");
		truce_text_add_bytes(&im->scratch2, part, n);
	}
	if (truce_text_done(&im->scratch2)) return TRUCE_MEMORY;
	*path = truce_arena_copy(im->built.arena, im->scratch2.length ? im->scratch2.data : "", im->scratch2.length);
	return *path ? TRUCE_OK : TRUCE_MEMORY;
}

static int apply_revision(struct import *im, uint32_t revision, bool last, const char *file)
{
	int error = resolve(im, file);

	for (size_t i = 0; i < im->row_count && !error; i++) {
		const struct row *row = &im->rows[i];
		bool fresh;

		if (!row->line) continue;
		fresh = !im->built.lines[row->line - 1].count;
		error = update_line(im, row, revision, file);
		if (!error && (fresh || last)) error = path_of(im, &im->built.lines[row->line - 1].path, row);
	}
	if (!error) end_lines(im, revision, file);
	return error;
}

static int read_revisions(struct import *im)
{
	struct built *b = &im->built;
	size_t count = 0, done = 0;
	int error;

	for (size_t i = 0; i < im->source_count; i++) count += im->sources[i].kind == KIND_JSON || im->sources[i].kind == KIND_EXPORT;
	if (!count)
		return truce_fail(im->ctx, TRUCE_INPUT, im->options->input_count ? im->options->inputs[0] : NULL, 0, 0,
			"give the folder with the published JSON or CSV files", "no schedule was found to import");
	if (count >= UINT16_MAX) return truce_fail(im->ctx, TRUCE_LIMIT, NULL, 0, 0, NULL, "more than 65,534 revisions");
	b->revisions = truce_arena_array(b->arena, count, sizeof *b->revisions);
	if (!b->revisions) return TRUCE_MEMORY;
	for (size_t i = 0; i < im->source_count; i++) {
		const struct source *s = &im->sources[i];
		struct built_revision *r = &b->revisions[done];
		char *text;
		size_t length;

		if (s->kind != KIND_JSON && s->kind != KIND_EXPORT) continue;
		if (truce_cancelled(im->ctx)) return TRUCE_CANCELLED;
		truce_progress(im->ctx, "reading revisions", (double)done / (double)count);
		if ((error = date_revision(im, s, r))) return error;
		if (done && r->id == r[-1].id)
			return truce_fail(im->ctx, TRUCE_INPUT, s->path, 0, 0, "give each revision once", "%s was given already, in %s",
				b->pool.texts[r->id], r[-1].file);
		if (done && r->published < r[-1].published)
			return truce_fail(im->ctx, TRUCE_INPUT, s->path, 0, 0, "mend the table of revisions",
				"%s is said to be published before the revision before it", b->pool.texts[r->id]);
		if (!done) b->from = r->published;
		b->revision_count = done + 1;
		if ((error = take_items(im, s, (uint32_t)done))) return error;
		if ((error = truce_file_read(im->ctx, &text, &length, s->path, 256u << 20))) return error;
		im->row_count = 0;
		error = s->kind == KIND_JSON ? read_json(im, s->path, text, length) : read_export(im, s->path, text, length);
		truce_release(im->ctx, text);
		if (error) return error;
		if (!im->row_count) return truce_fail(im->ctx, TRUCE_INPUT, s->path, 0, 0, "fetch the file again", "the schedule is empty");
		r->objects = im->row_count;
		im->report->objects += im->row_count;
		if ((error = apply_revision(im, (uint32_t)done, done + 1 == count, s->path))) return error;
		done++;
	}
	im->report->revisions = done;
	return TRUCE_OK;
}

/* ---- CSV of any country ------------------------------------------------------------------------------------------- */

struct csv_columns {
	size_t code, description, unit, rate, from, until;
	bool has_from, has_until, per_cent;
};

static bool is_programme(const char *name)
{
	size_t n = 0;

	while (isupper((unsigned char)name[n])) n++;
	if (n < 1 || n > 2) return false;
	while (name[n] == '*' || name[n] == '+') n++;
	return !name[n];
}

static int csv_row_dates(truce_csv *csv, const struct csv_columns *c, const truce_schedule_import_options *options, struct built_spell *s)
{
	const char *text = c->has_from ? truce_csv_field(csv, c->from) : "";

	s->from = options->from;
	if (*text && truce_date_parse(text, &s->from)) return truce_csv_fail(csv, c->from, "write it as 2026-01-31", "not a date");
	if (s->from == TRUCE_NO_DATE)
		return truce_csv_fail(csv, c->code, "give a column from, or say from when with --from", "it is not said from when this line is in force");
	s->until = TRUCE_FOREVER;
	text = c->has_until ? truce_csv_field(csv, c->until) : "";
	if (*text && truce_date_parse(text, &s->until)) return truce_csv_fail(csv, c->until, "write it as 2026-01-31", "not a date");
	if (s->until <= s->from) return truce_csv_fail(csv, c->code, NULL, "the line ends before it begins");
	return TRUCE_OK;
}

/* The special columns joined into one text: "5% (KR) Free (AU)". */
static int csv_special(struct import *im, truce_csv *csv, uint32_t *id)
{
	truce_text text;
	int error;

	truce_text_init(&text, im->ctx);
	for (size_t i = 0; i < truce_csv_width(csv); i++) {
		const char *head = truce_csv_header(csv, i), *field = truce_csv_field(csv, i);

		if (!*field) continue;
		if (!strcmp(head, "special"))
			truce_text_addf(&text, "%s%s", text.length ? " " : "", field);
		else if (is_programme(head))
			truce_text_addf(&text, "%s%s (%s)", text.length ? " " : "", field, head);
	}
	if (!(error = truce_text_done(&text))) error = pool_tidied(im, id, text.length ? text.data : "", text.length);
	truce_text_free(&text);
	return error;
}

static int csv_row(struct import *im, truce_csv *csv, const struct csv_columns *c, size_t column2, bool has_column2, uint32_t source)
{
	struct built_spell spell = {.item = -1, .leaf = true, .source = source, .source_line = truce_csv_line(csv)};
	const char *code = truce_csv_field(csv, c->code), *rate = truce_csv_field(csv, c->rate), *field;
	struct built_line *line;
	char digits[13];
	uint32_t id, index;
	int n = schedule_code_digits(digits, code, strlen(code)), error;

	if (n < 2 || n > 12) return truce_csv_fail(csv, c->code, "codes are digits, with dots or not", "'%s' is no tariff code", code);
	if ((error = csv_row_dates(csv, c, im->options, &spell))) return error;
	if (c->per_cent && *rate) {
		truce_decimal value;

		if (truce_decimal_parse(rate, strlen(rate), &value)) return truce_csv_fail(csv, c->rate, NULL, "'%s' is no number", rate);
		if (!(rate = truce_arena_printf(im->built.arena, "%s%%", rate))) return TRUCE_MEMORY;
	}
	field = truce_csv_field(csv, c->description);
	if ((error = pool_add(&im->built.pool, &id, digits, (size_t)n)) || (error = line_of(im, &index, id, n)) ||
	    (error = pool_tidied(im, &spell.description, field, strlen(field))) ||
	    (error = pool_tidied(im, &spell.general, rate, strlen(rate))))
		return error;
	field = truce_csv_field(csv, c->unit);
	if ((error = pool_tidied(im, &spell.units, field, strlen(field))) || (error = csv_special(im, csv, &spell.special))) return error;
	field = has_column2 ? truce_csv_field(csv, column2) : "";
	if ((error = pool_tidied(im, &spell.column2, field, strlen(field)))) return error;
	line = &im->built.lines[index];
	line->path = im->built.pool.texts[spell.description];
	if (truce_grow(im->ctx, &line->spells, &line->capacity, line->count + 1, sizeof *line->spells)) return TRUCE_MEMORY;
	line->spells[line->count++] = spell;
	im->report->objects++;
	if (spell.from < im->built.from) im->built.from = spell.from;
	return TRUCE_OK;
}

static int read_csv(struct import *im, uint32_t source)
{
	const char *path = im->sources[source].path;
	struct csv_columns c = {0};
	size_t column2 = 0;
	truce_csv *csv;
	bool has_column2;
	int error, more = 0;

	if ((error = truce_csv_open(im->ctx, &csv, path))) return error;
	c.has_from = truce_csv_has_column(csv, "from", &c.from);
	c.has_until = truce_csv_has_column(csv, "until", &c.until);
	has_column2 = truce_csv_has_column(csv, "column2", &column2);
	c.per_cent = truce_csv_has_column(csv, "rate_pct", &c.rate);
	if ((error = truce_csv_column(csv, &c.code, "code")) || (error = truce_csv_column(csv, &c.description, "description")) ||
	    (error = truce_csv_column(csv, &c.unit, "unit")) || (!c.per_cent && (error = truce_csv_column(csv, &c.rate, "rate"))))
		goto done;
	for (size_t i = 0; i < truce_csv_width(csv); i++) {
		const char *head = truce_csv_header(csv, i);

		if (i != c.code && i != c.description && i != c.unit && i != c.rate && !(c.has_from && i == c.from) &&
		    !(c.has_until && i == c.until) && !(has_column2 && i == column2) && strcmp(head, "special") != 0 && !is_programme(head))
			remark(&im->built.remarks, TRUCE_WARNING, path, 1, "", "the column '%s' is neither known nor a programme of one or two capitals: not read", head);
	}
	while (!error && (more = truce_csv_next(csv)) == 1) error = csv_row(im, csv, &c, column2, has_column2, source);
	if (!error && more < 0) error = more;
done:
	truce_csv_close(csv);
	return error;
}

static int spell_order(const void *a, const void *b)
{
	const struct built_spell *x = a, *y = b;

	if (x->from != y->from) return x->from < y->from ? -1 : 1;
	if (x->source != y->source) return x->source < y->source ? -1 : 1;
	return x->source_line < y->source_line ? -1 : x->source_line > y->source_line;
}

/* Spells in the order of time; none may begin before the one before it ends. */
static int order_spells(struct import *im, struct built_line *line)
{
	if (line->count > 1) qsort(line->spells, line->count, sizeof *line->spells, spell_order);
	for (size_t i = 1; i < line->count; i++) {
		const struct built_spell *a = &line->spells[i - 1], *b = &line->spells[i];

		if (b->from >= a->until) continue;
		return truce_fail(im->ctx, TRUCE_INPUT, im->sources[b->source].path, b->source_line, 0, "give each line once for each day",
			"%s stands twice for the same days, also in line %d of %s", im->built.pool.texts[line->code], a->source_line,
			im->sources[a->source].path);
	}
	return TRUCE_OK;
}

static int read_csvs(struct import *im)
{
	struct built *b = &im->built;
	size_t files = 0;
	int error = TRUCE_OK;

	b->from = INT32_MAX;
	for (size_t i = 0; i < im->source_count && !error; i++)
		if (im->sources[i].kind == KIND_CSV) {
			error = read_csv(im, (uint32_t)i);
			files++;
		}
	if (error) return error;
	if (!files || !b->line_count)
		return truce_fail(im->ctx, TRUCE_INPUT, im->options->input_count ? im->options->inputs[0] : NULL, 0, 0,
			"give a CSV file with the columns code,description,unit,rate", "no line was found to import");
	/* The whole is one revision, of the day it begins. */
	b->revisions = truce_arena_array(b->arena, 1, sizeof *b->revisions);
	if (!b->revisions) return TRUCE_MEMORY;
	b->revision_count = im->report->revisions = 1;
	b->revisions[0] = (struct built_revision){0, b->from, b->from, im->report->objects, im->sources[0].path};
	for (size_t i = 0; i < b->line_count; i++)
		if ((error = order_spells(im, &b->lines[i]))) return error;
	return pool_add(&b->pool, &b->revisions[0].id, "csv", 3);
}

/* ---- the whole ------------------------------------------------------------------------------------------------------- */

/* Lines that a later revision undid from their first day never were. */
static void drop_empty_lines(struct import *im)
{
	struct built *b = &im->built;
	size_t kept = 0;

	for (size_t i = 0; i < b->line_count; i++)
		if (b->lines[i].count)
			b->lines[kept++] = b->lines[i];
		else
			truce_release(im->ctx, b->lines[i].spells);
	b->line_count = kept;
}

static int line_order(const void *a, const void *b, void *user)
{
	const struct pool *pool = user;

	return strcmp(pool->texts[((const struct built_line *)a)->code], pool->texts[((const struct built_line *)b)->code]);
}

/* Which duty texts could not be read, each once, with the first line that has it. */
static int check_texts(struct import *im)
{
	struct built *b = &im->built;
	size_t count = b->pool.count;
	uint8_t *done = truce_allocate_zero(im->ctx, count, 1);
	int error = TRUCE_OK;

	if (!done) return TRUCE_MEMORY;
	for (size_t i = 0; i < b->line_count && !error; i++)
		for (size_t k = 0; k < b->lines[i].count && !error; k++) {
			const struct built_spell *s = &b->lines[i].spells[k];
			const uint32_t texts[] = {s->general, s->column2, s->special};

			if (s->leaf && !s->general && b->lines[i].digits >= 8 && strcmp(b->pool.texts[b->lines[i].code], "98") < 0)
				remark(&b->remarks, TRUCE_WARNING, b->revisions[s->revision].file, 0, b->pool.texts[b->lines[i].code],
					"no general duty stands at the line or above it: unknown");
			for (int t = 0; t < 3 && !error; t++) {
				truce_duty_special one = {0}, *groups = &one;
				size_t groups_count = 1;

				if (!texts[t] || done[texts[t]] & (t == 2 ? 2 : 1)) continue;
				done[texts[t]] |= t == 2 ? 2 : 1;
				im->report->texts++;
				if (t == 2)
					error = truce_duty_parse_special(b->arena, &groups, &groups_count, b->pool.texts[texts[t]], b->pool.lengths[texts[t]]);
				else
					error = truce_duty_parse(b->arena, &one.duty, b->pool.texts[texts[t]], b->pool.lengths[texts[t]]);
				for (size_t g = 0; g < groups_count && !error; g++)
					if (groups[g].duty.unread) {
						im->report->texts_unread++;
						remark(&b->remarks, TRUCE_WARNING, b->revisions[s->revision].file, 0, b->pool.texts[b->lines[i].code],
							"the duty '%.200s' could not be read: %.400s", b->pool.texts[texts[t]], groups[g].duty.unread);
						break;
					}
			}
		}
	truce_release(im->ctx, done);
	return error;
}

/* Items of change records about lines that no revision has. */
static int check_items(struct import *im)
{
	struct built *b = &im->built;

	for (size_t i = 0; i < b->item_count; i++) {
		const struct change_item *item = &b->items[i].item;

		/* Of the first revision they are about what came before. */
		if (!item->code[0] || item->until[0] || !b->items[i].revision || lists_line_exists(b, item->code)) continue;
		remark(&b->remarks, TRUCE_NOTE, b->revisions[b->items[i].revision].file, item->line, item->code,
			"the change record names it (%.80s), no revision has it", item->nature);
	}
	return TRUCE_OK;
}

static bool says_where(const char *nature)
{
	return strstr(nature, "ransferred") != NULL;
}

/* Where codes went.  A pair one side of which no revision has is a slip of the pen, and said; of the first revision it may be
 * about codes before it. */
static int pair_codes(struct import *im)
{
	struct built *b = &im->built;
	size_t kept = 0, found;

	b->pairs.ctx = im->ctx;
	for (size_t i = 0; i < b->item_count; i++) {
		const struct change_item *item = &b->items[i].item;
		size_t digits = strlen(item->code);
		int error;

		if (item->until[0] || (digits != 8 && digits != 10)) continue;
		if ((error = code_pairs_add(&b->pairs, item->code, item->nature, item->effective, (uint32_t)i, &found))) return error;
		if (!found && says_where(item->nature))
			remark(&b->remarks, TRUCE_WARNING, b->revisions[b->items[i].revision].file, item->line, item->code,
				"its goods were transferred, and no code could be read: %.80s", item->nature);
	}
	code_pairs_settle(&b->pairs);
	for (size_t i = 0; i < b->pairs.count; i++) {
		const struct code_pair *pair = &b->pairs.items[i];
		const struct built_item *item = &b->items[pair->item];
		const char *stranger = !lists_line_exists(b, pair->became) ? pair->became : !lists_line_exists(b, pair->was) ? pair->was : NULL;

		if (!stranger || !item->revision)
			b->pairs.items[kept++] = *pair;
		else
			remark(&b->remarks, TRUCE_NOTE, b->revisions[item->revision].file, item->item.line, item->item.code,
				"the change record says that its goods went to or came from %s, which no revision has: not taken", stranger);
	}
	b->pairs.count = kept;
	return TRUCE_OK;
}

/* Membership by the schedule's own footnotes: one list, a row for each line, heading and time. */
static int list_footnotes(struct import *im)
{
	struct built *b = &im->built;
	struct list head = {.id = "footnotes", .what = "Headings of chapter 99 that the footnotes of a line's duty name, with those above it",
		.authority = "", .heading = "", .value = "", .source = "the schedule's own footnotes", .origin = "footnotes", .trusted = true}, *list;
	uint32_t last;

	list = lists_add(im->ctx, &b->lists, &head);
	if (!list) return TRUCE_MEMORY;
	for (size_t i = 0; i < b->line_count; i++) {
		const struct built_line *line = &b->lines[i];

		if (line->digits != 8 && line->digits != 10) continue;
		for (size_t k = 0; k < line->count; k++) {
			const struct built_spell *s = &line->spells[k];
			truce_date until = s->until;

			last = s->headings;
			/* Spells that follow with the same headings are one row. */
			while (k + 1 < line->count && line->spells[k + 1].headings == last && line->spells[k + 1].from == until)
				until = line->spells[++k].until;
			for (const char *p = b->pool.texts[last]; *p; p += 9) {
				const char *heading = truce_arena_copy(b->arena, p, 8);
				struct list_row row = {b->pool.texts[line->code], "", heading, s->from, until, NAN};

				if (!heading || list_add_row(im->ctx, list, &row)) return TRUCE_MEMORY;
			}
		}
	}
	return TRUCE_OK;
}

static int read_notes(struct import *im)
{
	for (size_t i = 0; i < im->source_count; i++) {
		const struct source *s = &im->sources[i];
		char *text;
		size_t length;
		int error;

		if (s->kind != KIND_NOTES) continue;
		if (!im->options->notes_meaning) {
			remark(&im->built.remarks, TRUCE_NOTE, s->path, 0, "", "the notes were not read: no table says what their subdivisions mean");
			continue;
		}
		if (!im->notes && (error = lists_notes_table(im->ctx, im->built.arena, &im->notes, im->options->notes_meaning))) return error;
		if ((error = truce_file_read(im->ctx, &text, &length, s->path, 256u << 20))) return error;
		error = lists_notes(im->ctx, im->built.arena, &im->built.lists, &im->built.remarks, s->path, text, length, im->notes);
		im->notes_path = s->path;
		truce_release(im->ctx, text);
		if (error) return error;
	}
	return TRUCE_OK;
}

static int read_list(struct import *im, const char *path, bool named)
{
	struct built *b = &im->built;

	(void)named;
	return lists_read(im->ctx, b->arena, &b->lists, &b->remarks, path, im->meanings, &im->report->list_files);
}

/* List files among the inputs, then those of the folders of lists. */
static int read_lists(struct import *im)
{
	int error = TRUCE_OK;

	if (im->options->list_count && !im->meanings)
		return truce_fail(im->ctx, TRUCE_USAGE, NULL, 0, 0, NULL, "lists were given, and no table that says what they mean");
	for (size_t i = 0; i < im->source_count && !error; i++)
		if (im->sources[i].kind == KIND_LIST) error = read_list(im, im->sources[i].path, true);
	for (size_t i = 0; i < im->options->list_count && !error; i++)
		error = each_file(im, im->options->lists[i], read_list);
	return error;
}

static int list_order(const void *a, const void *b)
{
	return strcmp((*(const struct list *const *)a)->id, (*(const struct list *const *)b)->id);
}

/* Lists are asked for by their ids: a file given twice, or an id of two tables, would leave open which is meant. */
static int check_lists(struct import *im)
{
	const struct lists *lists = &im->built.lists;
	const struct list **sorted = truce_allocate(im->ctx, (lists->count + 1) * sizeof *sorted);
	int error = TRUCE_OK;

	if (!sorted) return TRUCE_MEMORY;
	for (size_t i = 0; i < lists->count; i++) sorted[i] = &lists->items[i];
	if (lists->count) qsort(sorted, lists->count, sizeof *sorted, list_order);
	for (size_t i = 1; i < lists->count && !error; i++)
		if (!strcmp(sorted[i - 1]->id, sorted[i]->id))
			error = truce_fail(im->ctx, TRUCE_INPUT, sorted[i]->origin, 0, 0, "give each list once", "the list %s is given twice, by %s and by %s",
				sorted[i]->id, sorted[i - 1]->origin, sorted[i]->origin);
	truce_release(im->ctx, sorted);
	return error;
}

static int build(struct import *im)
{
	struct built *b = &im->built;
	int error;

	if ((error = find_sources(im))) return error;
	if (im->options->format == TRUCE_SCHEDULE_CSV)
		error = read_csvs(im);
	else {
		bool csv = im->source_count > 0;

		for (size_t i = 0; i < im->source_count; i++) csv = csv && (im->sources[i].kind == KIND_CSV || im->sources[i].kind == KIND_LIST);
		if (csv)
			error = read_csvs(im);
		else if (!(error = read_records(im)))
			error = read_revisions(im);
	}
	if (error) return error;
	drop_empty_lines(im);
	if (b->line_count) qsort_r(b->lines, b->line_count, sizeof *b->lines, line_order, &b->pool);
	if ((error = check_texts(im)) || (error = check_items(im)) || (error = pair_codes(im)) || (error = list_footnotes(im)) || (error = read_lists(im)) ||
	    (error = read_notes(im)) || (error = lists_compare(b, im->notes, im->notes_path)) ||
	    (im->notes && (error = lists_stand_in(im->ctx, b->arena, &b->lists, &b->remarks, im->notes_path, im->notes))) ||
	    (error = code_pairs_follow(b)))
		return error;
	if ((error = check_lists(im))) return error;
	for (size_t i = 0; i < b->line_count; i++) im->report->spells += b->lines[i].count;
	for (size_t i = 0; i < b->lists.count; i++) im->report->list_rows += b->lists.items[i].count;
	im->report->lines = b->line_count;
	return b->remarks.failed ? TRUCE_MEMORY : TRUCE_OK;
}

static void close_import(struct import *im)
{
	truce_context *ctx = im->ctx;
	struct built *b = &im->built;

	for (size_t i = 0; i < b->line_count; i++) truce_release(ctx, b->lines[i].spells);
	for (size_t i = 0; i < b->lists.count; i++) truce_release(ctx, b->lists.items[i].rows);
	for (size_t i = 0; i < im->record_count; i++) change_record_free(ctx, &im->records[i]);
	truce_release(ctx, b->lines);
	truce_release(ctx, b->lists.items);
	truce_release(ctx, b->differences);
	code_pairs_close(&b->pairs);
	truce_release(ctx, b->items);
	truce_release(ctx, b->remarks.items);
	pool_close(&b->pool);
	truce_release(ctx, im->sources);
	truce_release(ctx, im->objects);
	truce_release(ctx, im->seen);
	truce_release(ctx, im->rows);
	truce_release(ctx, im->records);
	truce_release(ctx, im->record_paths);
	truce_release(ctx, im->line_slot);
	truce_release(ctx, im->item_order);
	truce_text_free(&im->scratch);
	truce_text_free(&im->scratch2);
	truce_arena_free(b->arena);
}

/* The remarks outlive the import: they are copied into the report's own arena. */
static int keep_remarks(truce_schedule_report *report, const struct remarks *remarks)
{
	report->remarks = truce_arena_array(report->arena, remarks->count ? remarks->count : 1, sizeof *report->remarks);
	if (!report->remarks) return TRUCE_MEMORY;
	for (size_t i = 0; i < remarks->count; i++) {
		truce_schedule_remark *r = &report->remarks[i];

		*r = remarks->items[i];
		r->file = truce_arena_text(report->arena, r->file);
		r->code = truce_arena_text(report->arena, r->code);
		r->what = truce_arena_text(report->arena, r->what);
		if (!r->file || !r->code || !r->what) return TRUCE_MEMORY;
		report->remark_count++;
	}
	return TRUCE_OK;
}

int truce_schedule_import(truce_context *ctx, truce_schedule_report **out, const truce_schedule_import_options *options)
{
	struct import im = {.ctx = ctx, .options = options};
	truce_schedule_report *report = NULL;
	struct timespec begin, end;
	int error;

	*out = NULL;
	clock_gettime(CLOCK_MONOTONIC, &begin);
	truce_text_init(&im.scratch, ctx);
	truce_text_init(&im.scratch2, ctx);
	im.built.ctx = im.built.remarks.ctx = ctx;
	im.built.country = options->into;
	if (!(report = truce_allocate_zero(ctx, 1, sizeof *report))) return TRUCE_MEMORY;
	if ((error = truce_arena_new(ctx, &report->arena)) || (error = truce_arena_new(ctx, &im.built.arena))) goto done;
	im.built.remarks.arena = im.built.arena;
	im.report = report;
	if ((error = pool_open(&im.built.pool, ctx, im.built.arena))) goto done;
	error = build(&im);
	if (!error) error = schedule_store(&im.built, options->output);
	if (keep_remarks(report, &im.built.remarks) && !error) error = TRUCE_MEMORY;
done:
	close_import(&im);
	clock_gettime(CLOCK_MONOTONIC, &end);
	report->seconds = (double)(end.tv_sec - begin.tv_sec) + (double)(end.tv_nsec - begin.tv_nsec) * 1e-9;
	if (error == TRUCE_MEMORY) {
		truce_schedule_report_free(ctx, report);
		report = NULL;
	}
	*out = report;
	return error;
}

void truce_schedule_report_free(truce_context *ctx, truce_schedule_report *report)
{
	if (!report) return;
	truce_arena_free(report->arena);
	truce_release(ctx, report);
}
