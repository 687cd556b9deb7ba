/* lists_compare.c: lists that others compiled, row by row against the law as the schedule and its notes print it
 * (tariff room).
 *
 * Both ways: what only the file has, and what only the law has; each with a verdict on
 * the file and where that rests.  From the day that a note speaks of, what it prints is what the list holds. */
#include "schedule_private.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Rows of one or more lists in the order of their codes. */
struct sorted {
	size_t count, capacity;
	const struct list_row **rows;
};

static int order_rows(const void *a, const void *b)
{
	const struct list_row *x = *(const struct list_row *const *)a, *y = *(const struct list_row *const *)b;
	int order = strcmp(x->code, y->code);

	return order ? order : (x < y ? -1 : x > y);
}

static int sorted_add(truce_context *ctx, struct sorted *sorted, const struct list *list)
{
	if (truce_grow(ctx, &sorted->rows, &sorted->capacity, sorted->count + list->count + 1, sizeof *sorted->rows)) return TRUCE_MEMORY;
	for (size_t i = 0; i < list->count; i++) sorted->rows[sorted->count++] = &list->rows[i];
	return TRUCE_OK;
}

static void sorted_ready(struct sorted *sorted)
{
	if (sorted->count > 1) qsort(sorted->rows, sorted->count, sizeof *sorted->rows, order_rows);
}

static int order_texts(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static const char *heading_of(const struct list *list, const struct list_row *row)
{
	return *row->heading ? row->heading : list->heading;
}

/* The headings of a list's rows, each once and in order, so that asking for one does not walk through the rows. */
struct headings {
	size_t count;
	const char **items;
};

static int headings_of(truce_context *ctx, struct headings *out, const struct list *list)
{
	size_t kept = 0;

	out->count = 0;
	if (!(out->items = truce_allocate(ctx, (list->count + 1) * sizeof *out->items))) return TRUCE_MEMORY;
	for (size_t i = 0; i < list->count; i++) out->items[i] = heading_of(list, &list->rows[i]);
	if (list->count) qsort(out->items, list->count, sizeof *out->items, order_texts);
	for (size_t i = 0; i < list->count; i++)
		if (!kept || strcmp(out->items[kept - 1], out->items[i]) != 0) out->items[kept++] = out->items[i];
	out->count = kept;
	return TRUCE_OK;
}

static bool has_heading(const struct headings *headings, const char *heading)
{
	return headings->count && bsearch(&heading, headings->items, headings->count, sizeof *headings->items, order_texts);
}

#define EVER TRUCE_NO_DATE

/* What is asked of a list: who is on it on a day (EVER: on any), under a heading ("" any). */
struct asked {
	const struct sorted *sorted;
	truce_date on;
	const char *heading;
};

static bool counts(const struct asked *ask, const struct list_row *row)
{
	return (ask->on == EVER || (ask->on >= row->from && ask->on < row->until)) && (!*ask->heading || !strcmp(row->heading, ask->heading));
}

/* Whether a row of exactly the first `n` digits counts. */
static bool has_exactly(const struct asked *ask, const char *code, size_t n)
{
	size_t low = 0, high = ask->sorted->count;

	while (low < high) {
		size_t middle = (low + high) / 2;
		const char *at = ask->sorted->rows[middle]->code;
		int order = strncmp(at, code, n);

		if (order < 0) /* what is longer comes after */
			low = middle + 1;
		else
			high = middle;
	}
	for (; low < ask->sorted->count && !strncmp(ask->sorted->rows[low]->code, code, n) && strlen(ask->sorted->rows[low]->code) == n; low++)
		if (counts(ask, ask->sorted->rows[low])) return true;
	return false;
}

/* Whether the code or one above it is on the list. */
static bool is_on(const struct asked *ask, const char *code)
{
	size_t length = strlen(code);

	for (size_t n = 2; n <= length; n += 2)
		if (has_exactly(ask, code, n)) return true;
	/* Eight digits that are not subdivided are reported as ten. */
	return length == 8 ? has_exactly(ask, (const char[]){code[0], code[1], code[2], code[3], code[4], code[5], code[6], code[7], '0', '0', 0}, 10) : false;
}

static size_t first_line(const struct built *built, const char *code, size_t n)
{
	size_t low = 0, high = built->line_count;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (strncmp(built->pool.texts[built->lines[middle].code], code, n) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

enum relation { RELATION_WHOLE, RELATION_PARTLY, RELATION_NONE, RELATION_GONE, RELATION_ABSENT };

/* How a code stands to a list: with all the lines below it, some or none; or the schedule has no such line that day, or
 * never had. */
static enum relation relate(const struct built *built, const struct asked *ask, const char *code, truce_date day)
{
	size_t n = strlen(code), covered = 0, lines = 0, at;
	bool ever = false;

	if (is_on(ask, code)) return RELATION_WHOLE;
	if (n == 10 && !strcmp(code + 8, "00")) n = 8; /* may be published as eight */
	for (at = first_line(built, code, n); at < built->line_count; at++) {
		const struct built_line *line = &built->lines[at];

		if (strncmp(built->pool.texts[line->code], code, n) != 0) break;
		ever = true;
		for (size_t k = 0; k < line->count; k++)
			if (line->spells[k].leaf && (day == EVER || (day >= line->spells[k].from && day < line->spells[k].until))) {
				lines++;
				covered += is_on(ask, built->pool.texts[line->code]);
				break;
			}
	}
	if (!lines) return ever ? RELATION_GONE : RELATION_ABSENT;
	return covered == lines ? RELATION_WHOLE : covered ? RELATION_PARTLY : RELATION_NONE;
}

bool lists_line_exists(const struct built *built, const char *code)
{
	size_t n = strlen(code), at;

	if (n == 10 && !strcmp(code + 8, "00")) n = 8;
	at = first_line(built, code, n);
	return at < built->line_count && !strncmp(built->pool.texts[built->lines[at].code], code, n);
}

/* ---- differences ----------------------------------------------------------------------------------------------------- */

/* A row that the law has and a file does not: it joins the file's list when all is compared. */
struct joining {
	size_t list;
	struct list_row row;
};

/* A row of a file that the law ends; ended when all is compared. */
struct ending {
	struct list_row *row;
	truce_date until;
};

struct comparing {
	struct built *built;
	const struct list *footnotes;
	const struct note_lists *notes; /* NULL: none were read */
	struct sorted noted;            /* rows of the footnotes */
	struct headings noted_headings;
	const struct list *note;        /* that was asked last, and its rows: rows that follow mostly ask the same */
	struct sorted note_rows;
	size_t joining_count, joining_capacity;
	struct joining *joining;
	size_t ending_count, ending_capacity;
	struct ending *ending;
	int status;
};

static void add(struct comparing *c, struct difference d)
{
	struct built *b = c->built;

	if (c->status) return;
	if (truce_grow(b->ctx, &b->differences, &b->difference_capacity, b->difference_count + 1, sizeof *b->differences))
		c->status = TRUCE_MEMORY;
	else
		b->differences[b->difference_count++] = d;
}

static const char *say(struct comparing *c, const char *fmt, ...) TRUCE_PRINTF(2, 3);
static const char *say(struct comparing *c, const char *fmt, ...)
{
	char text[700];
	const char *kept;
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof text, fmt, args);
	va_end(args);
	if (!(kept = truce_arena_text(c->built->arena, text))) c->status = TRUCE_MEMORY;
	return kept ? kept : "";
}

static struct list *list_named(const struct built *built, const char *id)
{
	for (size_t i = 0; i < built->lists.count; i++)
		if (!strcmp(built->lists.items[i].id, id)) return &built->lists.items[i];
	return NULL;
}

static bool begins_with_any(const truce_yaml_list *codes, const char *code)
{
	const char *const *items = codes->items;

	for (size_t i = 0; i < codes->count; i++)
		if (!strncmp(code, items[i], strlen(items[i]))) return true;
	return false;
}

static const struct note_elsewhere *elsewhere_of(const struct note_list *meaning, const char *code)
{
	const struct note_elsewhere *all = meaning->elsewhere.items;

	for (size_t i = 0; i < meaning->elsewhere.count; i++)
		if (begins_with_any(&all[i].codes, code) && !begins_with_any(&all[i].except, code)) return &all[i];
	return NULL;
}

/* Another list of the notes under the same heading that has the code; NULL none. */
static const struct list *other_note(const struct comparing *c, const struct list *note, const char *code, truce_date day)
{
	const struct built *b = c->built;

	for (size_t i = 0; *note->heading && i < b->lists.count; i++) {
		const struct list *list = &b->lists.items[i];

		if (list == note || strcmp(list->origin, "notes") != 0 || strcmp(list->heading, note->heading) != 0) continue;
		for (size_t k = 0; k < list->count; k++)
			if (day >= list->rows[k].from && day < list->rows[k].until && !strncmp(code, list->rows[k].code, strlen(list->rows[k].code))) return list;
	}
	return NULL;
}

static void join(struct comparing *c, const struct list *file, struct list_row row)
{
	if (row.until <= row.from || c->status) return;
	if (truce_grow(c->built->ctx, &c->joining, &c->joining_capacity, c->joining_count + 1, sizeof *c->joining))
		c->status = TRUCE_MEMORY;
	else
		c->joining[c->joining_count++] = (struct joining){(size_t)(file - c->built->lists.items), row};
}

/* From the day that the note speaks, what it does not print is not on the file's list; what it prints below stays. */
static void correct(struct comparing *c, const struct note_list *m, const struct list *note, const struct list *file, struct list_row *row)
{
	if (!m->since.set) return;
	for (size_t i = 0; i < note->count; i++)
		if (!strncmp(note->rows[i].code, row->code, strlen(row->code))) {
			struct list_row below = *row;

			below.code = note->rows[i].code;
			if (below.from < m->since.day) below.from = m->since.day;
			join(c, file, below);
		}
	if (!c->status && truce_grow(c->built->ctx, &c->ending, &c->ending_capacity, c->ending_count + 1, sizeof *c->ending)) c->status = TRUCE_MEMORY;
	if (!c->status) c->ending[c->ending_count++] = (struct ending){row, row->from > m->since.day ? row->from : m->since.day};
}

/* A row of a file that the note does not print. */
static void judge_file_row(struct comparing *c, const struct note_list *m, const struct list *note, const struct list *file,
	struct list_row *row, enum relation relation, truce_date day)
{
	const struct note_elsewhere *elsewhere = elsewhere_of(m, row->code);
	const struct list *other = other_note(c, note, row->code, day);
	struct asked noted = {&c->noted, day, note->heading};
	struct difference d = {.list = file->id, .law = note->id, .code = row->code, .heading = note->heading, .source = note->source, .in_file = true};

	if (relation == RELATION_ABSENT)
		d.verdict = "no such line", d.why = "no revision of the schedule has it: it reaches nothing";
	else if (relation == RELATION_GONE)
		d.verdict = "no such line", d.why = "the schedule had it at other times only";
	else if (elsewhere)
		d.verdict = "law elsewhere", d.why = elsewhere->why, d.source = elsewhere->source;
	else if (*note->heading && is_on(&noted, row->code))
		d.verdict = "law elsewhere", d.why = "the footnotes of the line name the heading", d.source = c->footnotes->source;
	else if (other)
		d.verdict = "law elsewhere", d.why = say(c, "%s prints it, under the same heading", other->source), d.source = other->source;
	else if (relation == RELATION_PARTLY)
		d.verdict = "file wider", d.why = say(c, "%s prints only some of the lines below it", note->source);
	else
		d.verdict = "file wrong", d.why = say(c, "neither %s nor a footnote has it", note->source);
	add(c, d);
	if (!strcmp(d.verdict, "file wider") || !strcmp(d.verdict, "file wrong")) correct(c, m, note, file, row);
}

static void judge_note_row(struct comparing *c, const struct note_list *m, const struct list *note, const struct list *file,
	const struct list_row *row, enum relation relation)
{
	struct difference d = {.list = file->id, .law = note->id, .code = row->code, .heading = note->heading, .source = note->source};

	if (relation == RELATION_ABSENT || relation == RELATION_GONE)
		d.verdict = "no such line", d.why = say(c, "%s prints it, the schedule has no such line that day", note->source);
	else if (relation == RELATION_PARTLY)
		d.verdict = "file narrower", d.why = say(c, "%s has the whole, the file a part", note->source);
	else
		d.verdict = "file lacks it", d.why = say(c, "%s prints it", note->source);
	add(c, d);
	if (m->since.set && relation != RELATION_ABSENT && relation != RELATION_GONE) join(c, file, *row);
}

static int sort_named(struct comparing *c, struct sorted *out, const truce_yaml_list *names)
{
	const char *const *ids = names->items;

	for (size_t i = 0; i < names->count; i++) {
		const struct list *list = list_named(c->built, ids[i]);

		if (list && sorted_add(c->built->ctx, out, list)) return TRUCE_MEMORY;
	}
	sorted_ready(out);
	return TRUCE_OK;
}

static void compare_note(struct comparing *c, const struct note_list *m, truce_date as_of, const char *name)
{
	struct built *b = c->built;
	const struct list *note = list_named(b, m->id);
	const char *const *ids = m->compare.items;
	struct sorted rows = {0}, beside = {0}, files = {0};
	truce_date day = m->last.set && m->last.day < as_of ? m->last.day : as_of;
	size_t before = b->difference_count, agreed = 0;
	bool any = false;

	if (!note || !note->count) return;
	if (sorted_add(b->ctx, &rows, note) || sort_named(c, &beside, &m->beside) || sort_named(c, &files, &m->compare)) c->status = TRUCE_MEMORY;
	/* What stands beside may hold the rest of a row. */
	if (sorted_add(b->ctx, &beside, note)) c->status = TRUCE_MEMORY;
	sorted_ready(&rows);
	sorted_ready(&beside);
	for (size_t k = 0; k < m->compare.count && !c->status; k++) {
		struct list *file = list_named(b, ids[k]);

		if (!file) continue;
		any = file->compared = true;
		for (size_t i = 0; i < file->count; i++) {
			struct list_row *row = &file->rows[i];
			struct asked law = {&rows, day, ""}, both = {&beside, day, ""};
			enum relation relation;

			if (day < row->from || day >= row->until) continue;
			if (relate(b, &law, row->code, day) == RELATION_WHOLE)
				agreed++;
			else if ((relation = relate(b, &both, row->code, day)) != RELATION_WHOLE)
				judge_file_row(c, m, note, file, row, relation, day);
		}
	}
	for (size_t i = 0; any && i < note->count && !c->status; i++) {
		struct asked in_files = {&files, day, ""};
		enum relation relation = relate(b, &in_files, note->rows[i].code, day);

		if (relation != RELATION_WHOLE) judge_note_row(c, m, note, list_named(b, ids[0]), &note->rows[i], relation);
	}
	if (any) {
		char text[11];

		remark(&b->remarks, TRUCE_NOTE, name, 0, "", "%s (%zu codes) against %s on %s: %zu rows agree, %zu differ", m->id, note->count, ids[0],
			truce_date_format(text, day), agreed, b->difference_count - before);
	}
	truce_release(b->ctx, rows.rows);
	truce_release(b->ctx, beside.rows);
	truce_release(b->ctx, files.rows);
}

/* The note that defines a heading; NULL where none was read. */
static const struct list *note_of(const struct built *built, const char *heading)
{
	for (size_t i = 0; i < built->lists.count; i++)
		if (!strcmp(built->lists.items[i].origin, "notes") && !strcmp(built->lists.items[i].heading, heading)) return &built->lists.items[i];
	return NULL;
}

/* What the table of notes says of codes under a heading; NULL nothing. */
static const struct note_elsewhere *elsewhere_under(const struct comparing *c, const char *heading, const char *code)
{
	const struct note_list *all = c->notes ? c->notes->lists.items : NULL;
	const struct note_elsewhere *found = NULL;
	char digits[13];

	for (size_t i = 0; c->notes && i < c->notes->lists.count && !found; i++)
		if (all[i].heading && schedule_code_digits(digits, all[i].heading, strlen(all[i].heading)) && !strcmp(digits, heading))
			found = elsewhere_of(&all[i], code);
	return found;
}

/* A row of a file whose heading no footnote of the line names. */
static void judge_unnoted(struct comparing *c, const struct list *file, const struct list_row *row, enum relation relation)
{
	const char *heading = heading_of(file, row);
	const struct list *note = note_of(c->built, heading);
	const struct note_elsewhere *elsewhere = elsewhere_under(c, heading, row->code);
	struct difference d = {.list = file->id, .law = "footnotes", .code = row->code, .heading = heading, .source = c->footnotes->source, .in_file = true};

	if (note && note != c->note) {
		c->note = note;
		c->note_rows.count = 0;
		if (sorted_add(c->built->ctx, &c->note_rows, note)) c->status = TRUCE_MEMORY;
		sorted_ready(&c->note_rows);
	}
	if (relation == RELATION_ABSENT)
		d.verdict = "no such line", d.why = "no revision of the schedule has it: it reaches nothing";
	else if (elsewhere)
		d.verdict = "law elsewhere", d.why = elsewhere->why, d.source = elsewhere->source;
	else if (note && relate(c->built, &(struct asked){&c->note_rows, EVER, ""}, row->code, EVER) == RELATION_WHOLE)
		d.verdict = "law elsewhere", d.why = say(c, "%s prints it, though no footnote names the heading", note->source), d.source = note->source;
	else if (relation == RELATION_PARTLY)
		d.verdict = "file wider", d.why = "footnotes of some lines below it only name the heading";
	else if (note)
		d.verdict = "file wrong", d.why = say(c, "neither a footnote nor %s has it", note->source), d.source = say(c, "footnotes; %s", note->source);
	else
		d.verdict = "file wrong", d.why = "no footnote of the line, or above it, names the heading, and no note with a list for it was read";
	add(c, d);
}

/* Lines whose footnotes name a heading of the file, and that the file does not have. */
static void find_missing(struct comparing *c, const struct list *file, const struct headings *headings)
{
	struct sorted rows = {0};

	if (sorted_add(c->built->ctx, &rows, file)) c->status = TRUCE_MEMORY;
	sorted_ready(&rows);
	for (size_t i = 0; i < c->footnotes->count && !c->status; i++) {
		const struct list_row *row = &c->footnotes->rows[i];
		/* A heading of the chapter itself is no good. */
		if (!has_heading(headings, row->heading) || !strncmp(row->code, "99", 2) || is_on(&(struct asked){&rows, EVER, ""}, row->code)) continue;
		/* What stands above it was said already. */
		if (strlen(row->code) == 10 && has_exactly(&(struct asked){&c->noted, EVER, row->heading}, row->code, 8)) continue;
		if (relate(c->built, &(struct asked){&rows, EVER, ""}, row->code, EVER) == RELATION_WHOLE) continue;
		/* A row for every time that the footnote stood. */
		if (i && !strcmp(c->footnotes->rows[i - 1].code, row->code) && !strcmp(c->footnotes->rows[i - 1].heading, row->heading)) continue;
		add(c, (struct difference){.list = file->id, .law = "footnotes", .code = row->code, .heading = row->heading, .source = c->footnotes->source,
			.verdict = "file lacks it", .why = "the footnotes of the line, or above it, name the heading"});
	}
	truce_release(c->built->ctx, rows.rows);
}

static void compare_footnotes(struct comparing *c, struct list *file)
{
	struct built *b = c->built;
	struct headings headings = {0};
	size_t agreed = 0, before = b->difference_count, named = 0;

	if ((c->status = headings_of(b->ctx, &headings, file))) return;
	for (size_t i = 0; i < headings.count && !named; i++) named += has_heading(&c->noted_headings, headings.items[i]);
	file->compared = true;
	if (!named) {
		const struct list *note = file->count ? note_of(b, heading_of(file, &file->rows[0])) : NULL;

		file->compared = note != NULL;
		remark(&b->remarks, TRUCE_NOTE, file->origin, 0, "", "%s: no footnote names its heading%s", file->id,
			note ? "; it is compared with the note" : ": it is suspended, or defined by words of a note; no line has it from here");
		goto done;
	}
	for (size_t i = 0; i < file->count && !c->status; i++) {
		const struct list_row *row = &file->rows[i];
		enum relation relation = relate(b, &(struct asked){&c->noted, EVER, heading_of(file, row)}, row->code, EVER);

		if (relation == RELATION_WHOLE)
			agreed++;
		else
			judge_unnoted(c, file, row, relation);
	}
	find_missing(c, file, &headings);
	remark(&b->remarks, TRUCE_NOTE, file->origin, 0, "", "%s (%zu rows) against the footnotes: %zu agree, %zu differ", file->id, file->count, agreed,
		b->difference_count - before);
done:
	truce_release(b->ctx, headings.items);
}

/* Rows of other files whose codes no revision has; of lists of numbers only how many. */
static void find_absent(struct comparing *c, const struct list *file)
{
	size_t absent = 0;

	for (size_t k = 0; k < file->count; k++) {
		const struct list_row *row = &file->rows[k];

		if (lists_line_exists(c->built, row->code)) continue;
		absent++;
		if (!file->value[0] && !file->compared)
			add(c, (struct difference){.list = file->id, .law = "schedule", .code = row->code, .heading = heading_of(file, row), .source = "the schedule",
				.verdict = "no such line", .why = "no revision of the schedule has it: it reaches nothing", .in_file = true});
	}
	if (absent)
		remark(&c->built->remarks, TRUCE_NOTE, file->origin, 0, "", "%s: %zu of %zu rows have codes that no revision of the schedule has", file->id,
			absent, file->count);
	if (!file->compared && !file->value[0])
		remark(&c->built->remarks, TRUCE_NOTE, file->origin, 0, "", "%s (%zu rows) is compared with nothing: no footnote and no note that was read lists "
			"its codes", file->id, file->count);
}

/* Rows that the law adds, and without those that it ends before they begin. */
static void take_corrections(struct comparing *c)
{
	struct built *b = c->built;

	for (size_t i = 0; i < c->ending_count; i++)
		if (c->ending[i].until < c->ending[i].row->until) c->ending[i].row->until = c->ending[i].until;
	for (size_t i = 0; i < b->lists.count; i++) {
		struct list *list = &b->lists.items[i];
		size_t kept = 0;

		for (size_t k = 0; k < list->count; k++)
			if (list->rows[k].until > list->rows[k].from) list->rows[kept++] = list->rows[k];
		list->count = kept;
	}
	for (size_t k = 0; k < c->joining_count && !c->status; k++)
		c->status = list_add_row(b->ctx, &b->lists.items[c->joining[k].list], &c->joining[k].row);
}

int lists_compare(struct built *built, const struct note_lists *notes, const char *name)
{
	struct comparing c = {.built = built, .footnotes = list_named(built, "footnotes"), .notes = notes};
	const struct note_list *all = notes ? notes->lists.items : NULL;

	if (!c.footnotes) return TRUCE_OK;
	if (sorted_add(built->ctx, &c.noted, c.footnotes) || headings_of(built->ctx, &c.noted_headings, c.footnotes)) c.status = TRUCE_MEMORY;
	sorted_ready(&c.noted);
	for (size_t i = 0; i < built->lists.count && !c.status; i++)
		if (built->lists.items[i].footnoted) compare_footnotes(&c, &built->lists.items[i]);
	for (size_t i = 0; notes && i < notes->lists.count && !c.status; i++)
		if (all[i].compare.count) compare_note(&c, &all[i], notes->as_of.day, name);
	for (size_t i = 0; i < built->lists.count && !c.status; i++) {
		const struct list *list = &built->lists.items[i];

		if (strcmp(list->origin, "footnotes") != 0 && strcmp(list->origin, "notes") != 0) find_absent(&c, list);
	}
	if (!c.status) take_corrections(&c);
	truce_release(built->ctx, c.noted.rows);
	truce_release(built->ctx, c.noted_headings.items);
	truce_release(built->ctx, c.note_rows.rows);
	truce_release(built->ctx, c.joining);
	truce_release(built->ctx, c.ending);
	return c.status;
}
