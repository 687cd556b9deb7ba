/* schedule.c: an opened schedule: what a line said on a day, who is on a list (tariff room).
 *
 * The packed image of the compiled file is read in one piece and checked by its hash and then index by index.  What is
 * small is turned into the structs of the header; a line and its spells, and the members of a list, when they are first
 * asked for.  All texts point into the image. */
#include "schedule_private.h"
#include "large_pages.h"

#include <ctype.h>
#include <limits.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdatomic.h>
#include <string.h>

struct truce_schedule {
	truce_context *ctx; /* whose memory it is */
	void *block;          /* that the image lies in, and after it the lines and spells */
	unsigned char *image;
	size_t length;
	const char *country;
	truce_date from, until;
	size_t line_count, spell_count, revision_count, item_count, list_count, member_count;
	truce_duty_term *terms;
	truce_duty_expression *duties;
	const char **programmes, **headings;
	truce_duty_special *groups;
	truce_schedule_line *lines;   /* [line_count], each with its spells unpacked when first asked for */
	truce_schedule_spell *spells; /* [spell_count] */
	truce_schedule_revision *revisions;
	schedule_item *items;
	truce_schedule_list *lists;
	/* Lines, spells and members are many and mostly not asked for.  Once `ready`, they never change; the lock orders the
	 * unpacking. */
	pthread_mutex_t lock;
	atomic_bool *line_ready; /* [line_count] */
	const struct image_line *packed_lines;
	const struct image_spell *packed_spells;
	const struct image_span *specials, *heading_sets;
	bool locks;
	sqlite3 *db;          /* kept open for the lists of numbers, until they are read */
	sqlite3_blob *values;
	struct image_member *packed_values; /* [value_count]; NULL: not read yet */
	size_t value_count;
	uint64_t value_hash;
	bool values_tried;
	atomic_bool *ready; /* [lists] */
	truce_schedule_member *members;
	const struct image_list *packed_lists;
	const struct image_member *packed_members;
	const uint32_t *offsets;
	const char *texts;
	size_t text_count;
	size_t bytes;
};

/* ---- reading the image ----------------------------------------------------------------------------------------- */

struct loading {
	truce_schedule *s;
	const struct image_header *header;
	const uint32_t *offsets;
	const char *texts;
	size_t text_count, text_bytes;
	bool damaged;
};

static const void *section(const struct loading *l, enum image_section which)
{
	return l->s->image + l->header->section[which].offset;
}

static size_t count_of(const struct loading *l, enum image_section which)
{
	return l->header->section[which].count;
}

static const char *text_at(struct loading *l, uint32_t id)
{
	if (id == IMAGE_NONE) return NULL;
	if (id >= l->text_count) {
		l->damaged = true;
		return "";
	}
	return l->texts + l->offsets[id];
}

/* The same where there must be one. */
static const char *must_text(struct loading *l, uint32_t id)
{
	const char *text = text_at(l, id);

	if (!text) l->damaged = true;
	return text ? text : "";
}

static bool span_fits(struct loading *l, struct image_span span, enum image_section which)
{
	if (span.first <= count_of(l, which) && span.count <= count_of(l, which) - span.first) return true;
	l->damaged = true;
	return false;
}

static bool header_fits(const struct image_header *h, size_t length)
{
	if (memcmp(h->magic, IMAGE_MAGIC, 8) != 0 || h->version != SCHEDULE_VERSION || h->byte_order != 0x01020304 || h->bytes != length)
		return false;
	for (size_t i = 0; i < IMAGE_SECTIONS; i++) {
		size_t size = image_item_size((enum image_section)i);

		if (h->section[i].offset % 8 || h->section[i].offset > length || h->section[i].count > (length - h->section[i].offset) / size)
			return false;
	}
	return true;
}

static bool texts_fit(struct loading *l)
{
	l->offsets = section(l, IMAGE_TEXT_OFFSETS);
	l->texts = section(l, IMAGE_TEXT_BYTES);
	l->text_count = count_of(l, IMAGE_TEXT_OFFSETS);
	l->text_bytes = count_of(l, IMAGE_TEXT_BYTES);
	if (!l->text_bytes || l->texts[l->text_bytes - 1]) return false; /* the last ends */
	for (size_t i = 0; i < l->text_count; i++)
		if (l->offsets[i] >= l->text_bytes) return false;
	return true;
}

/* What reading a duty text can give: what is larger would not fit where duties are printed and added. */
#define LARGEST_AMOUNT INT64_C(100000000000000000)
#define LARGEST_DIVISOR INT64_C(1000)
#define LARGEST_PER INT64_C(1000000000000)

static void load_duties(struct loading *l)
{
	truce_schedule *s = l->s;
	const struct image_term *terms = section(l, IMAGE_TERMS);
	const struct image_duty *duties = section(l, IMAGE_DUTIES);

	for (size_t i = 0; i < count_of(l, IMAGE_TERMS); i++) {
		const struct image_term *t = &terms[i];

		if (t->kind > TRUCE_DUTY_REFERENCE || t->role > TRUCE_DUTY_NOT_MORE || t->scale > 18 || t->divisor < 1 || t->per < 1 ||
		    t->amount < 0 || t->amount > LARGEST_AMOUNT || t->divisor > LARGEST_DIVISOR || t->per > LARGEST_PER ||
		    (t->kind == TRUCE_DUTY_SPECIFIC && t->unit == IMAGE_NONE) || (t->kind == TRUCE_DUTY_REFERENCE && t->where == IMAGE_NONE))
			l->damaged = true;
		s->terms[i] = (truce_duty_term){(truce_duty_kind)t->kind, (truce_duty_role)t->role, {t->amount, t->scale}, t->divisor, t->per,
			text_at(l, t->unit), text_at(l, t->of), text_at(l, t->where)};
	}
	for (size_t i = 0; i < count_of(l, IMAGE_DUTIES); i++) {
		const struct image_duty *d = &duties[i];

		if (!span_fits(l, d->terms, IMAGE_TERMS)) return;
		s->duties[i] = (truce_duty_expression){must_text(l, d->text), text_at(l, d->unread), text_at(l, d->condition), d->free != 0,
			d->terms.count, s->terms + d->terms.first};
	}
}

static void load_specials(struct loading *l)
{
	truce_schedule *s = l->s;
	const uint32_t *programmes = section(l, IMAGE_PROGRAMMES), *headings = section(l, IMAGE_HEADINGS);
	const struct image_group *groups = section(l, IMAGE_GROUPS);
	const struct image_span *specials = section(l, IMAGE_SPECIALS), *sets = section(l, IMAGE_HEADING_SETS);

	for (size_t i = 0; i < count_of(l, IMAGE_PROGRAMMES); i++) s->programmes[i] = must_text(l, programmes[i]);
	for (size_t i = 0; i < count_of(l, IMAGE_HEADINGS); i++) s->headings[i] = must_text(l, headings[i]);
	for (size_t i = 0; i < count_of(l, IMAGE_GROUPS); i++) {
		if (!span_fits(l, groups[i].programmes, IMAGE_PROGRAMMES) || groups[i].duty >= count_of(l, IMAGE_DUTIES)) {
			l->damaged = true;
			return;
		}
		s->groups[i] = (truce_duty_special){s->duties[groups[i].duty], groups[i].programmes.count, s->programmes + groups[i].programmes.first};
	}
	for (size_t i = 0; i < count_of(l, IMAGE_SPECIALS); i++) span_fits(l, specials[i], IMAGE_GROUPS);
	for (size_t i = 0; i < count_of(l, IMAGE_HEADING_SETS); i++) span_fits(l, sets[i], IMAGE_HEADINGS);
}

/* Only looked at: so a question about one line does not pay for thirty thousand. */
static void check_lines(struct loading *l)
{
	truce_schedule *s = l->s;
	const size_t duties = count_of(l, IMAGE_DUTIES), specials = count_of(l, IMAGE_SPECIALS), sets = count_of(l, IMAGE_HEADING_SETS);
	const char *before = "";
	size_t spells = 0;
	bool good = true;

	s->packed_spells = section(l, IMAGE_SPELLS);
	s->packed_lines = section(l, IMAGE_LINES);
	s->specials = section(l, IMAGE_SPECIALS);
	s->heading_sets = section(l, IMAGE_HEADING_SETS);
	for (size_t i = 0; i < s->spell_count; i++) {
		const struct image_spell *p = &s->packed_spells[i];

		good = good && p->general < duties && p->column2 < duties && p->special < specials && p->headings < sets && p->from < p->until &&
		       p->revision < s->revision_count && p->item < (int64_t)s->item_count && p->description < l->text_count &&
		       p->units < l->text_count && p->footnotes < l->text_count;
	}
	for (size_t i = 0; i < s->line_count && good; i++) {
		const struct image_line *p = &s->packed_lines[i];
		const char *code = must_text(l, p->code);

		good = span_fits(l, p->spells, IMAGE_SPELLS) && p->spells.first == spells && p->spells.count && strcmp(before, code) < 0;
		before = code;
		spells += p->spells.count;
	}
	if (!good) l->damaged = true;
}

static void load_rest(struct loading *l)
{
	truce_schedule *s = l->s;
	const struct image_revision *revisions = section(l, IMAGE_REVISIONS);
	const struct image_item *items = section(l, IMAGE_ITEMS);
	const struct image_list *lists = section(l, IMAGE_LISTS);

	for (size_t i = 0; i < s->revision_count; i++)
		s->revisions[i] = (truce_schedule_revision){must_text(l, revisions[i].id), revisions[i].published, revisions[i].effective, revisions[i].objects};
	for (size_t i = 0; i < s->item_count; i++) {
		s->items[i] = (schedule_item){must_text(l, items[i].item), must_text(l, items[i].nature), must_text(l, items[i].source),
			items[i].effective, items[i].revision};
		if (items[i].revision >= s->revision_count) l->damaged = true;
	}
	s->packed_lists = lists;
	for (size_t i = 0; i < s->list_count; i++) {
		const struct image_list *p = &lists[i];

		if (p->numbers) {
			if (p->members.first > s->value_count || p->members.count > s->value_count - p->members.first) l->damaged = true;
		} else
			span_fits(l, p->members, IMAGE_MEMBERS);
		s->lists[i] = (truce_schedule_list){must_text(l, p->id), must_text(l, p->what), must_text(l, p->authority), must_text(l, p->heading),
			must_text(l, p->value), must_text(l, p->source), must_text(l, p->origin), p->trusted != 0, p->members.count};
	}
	s->packed_members = section(l, IMAGE_MEMBERS);
}

/* `count` items of a kind, counted in the schedule's bytes; not zeroed, as loading writes them all or fails. */
static void *room(truce_schedule *s, size_t count, size_t size, bool *failed)
{
	void *items = truce_allocate(s->ctx, (count ? count : 1) * size);

	if (!items)
		*failed = true;
	else
		large_pages_ask(items, count * size);
	s->bytes += count * size;
	return items;
}

static int load(truce_schedule *s, const char *path)
{
	struct loading l = {.s = s, .header = (const struct image_header *)(const void *)s->image};
	bool failed = false;
	static const char remedy[] = "import it again with truce schedule import";

	if (image_hash(s->image + sizeof *l.header, s->length - sizeof *l.header) != l.header->hash || !texts_fit(&l))
		return truce_fail(s->ctx, TRUCE_INPUT, path, 0, 0, remedy, "the compiled schedule is damaged: its hash is wrong");
	s->line_count = count_of(&l, IMAGE_LINES);
	s->spell_count = count_of(&l, IMAGE_SPELLS);
	s->revision_count = count_of(&l, IMAGE_REVISIONS);
	s->item_count = count_of(&l, IMAGE_ITEMS);
	s->list_count = count_of(&l, IMAGE_LISTS);
	/* Members of both kinds, those with numbers after the others. */
	s->member_count = count_of(&l, IMAGE_MEMBERS);
	s->value_count = l.header->value_count;
	s->value_hash = l.header->value_hash;
	s->offsets = l.offsets;
	s->texts = l.texts;
	s->text_count = l.text_count;
	/* Divided, not multiplied: a product could wrap round to the right size. */
	if (s->value_count > INT_MAX / sizeof *s->packed_values ||
	    (size_t)sqlite3_blob_bytes(s->values) != s->value_count * sizeof *s->packed_values)
		return truce_fail(s->ctx, TRUCE_INPUT, path, 0, 0, remedy, "the compiled schedule is damaged: its lists are cut");
	s->terms = room(s, count_of(&l, IMAGE_TERMS), sizeof *s->terms, &failed);
	s->duties = room(s, count_of(&l, IMAGE_DUTIES), sizeof *s->duties, &failed);
	s->programmes = room(s, count_of(&l, IMAGE_PROGRAMMES), sizeof *s->programmes, &failed);
	s->headings = room(s, count_of(&l, IMAGE_HEADINGS), sizeof *s->headings, &failed);
	s->groups = room(s, count_of(&l, IMAGE_GROUPS), sizeof *s->groups, &failed);
	s->revisions = room(s, s->revision_count, sizeof *s->revisions, &failed);
	s->items = room(s, s->item_count, sizeof *s->items, &failed);
	s->lists = room(s, s->list_count, sizeof *s->lists, &failed);
	if (!(s->ready = truce_allocate_zero(s->ctx, s->list_count + 1, sizeof *s->ready))) failed = true;
	if (!(s->line_ready = truce_allocate_zero(s->ctx, s->line_count + 1, sizeof *s->line_ready))) failed = true;
	/* Not zeroed: memory that no list is unpacked into is never touched. */
	s->members = truce_allocate(s->ctx, (s->member_count + s->value_count + 1) * sizeof *s->members);
	s->bytes += (s->member_count + s->value_count) * sizeof *s->members;
	failed = failed || !s->members;
	if (failed) return TRUCE_MEMORY;
	s->country = must_text(&l, l.header->country);
	s->from = l.header->from;
	s->until = l.header->until;
	load_duties(&l);
	if (!l.damaged) load_specials(&l);
	if (!l.damaged) check_lines(&l);
	if (!l.damaged) load_rest(&l);
	if (l.damaged) return truce_fail(s->ctx, TRUCE_INPUT, path, 0, 0, remedy, "the compiled schedule is damaged: it points outside itself");
	return TRUCE_OK;
}

/* The largest things in one block, from the beginning of a large page to the end of one: opening takes half the time. */
static int make_block(truce_schedule *s, const struct image_header *header)
{
	size_t lines = header->section[IMAGE_LINES].count, spells = header->section[IMAGE_SPELLS].count;
	size_t image = (s->length + 15) / 16 * 16, extra = lines * sizeof *s->lines + spells * sizeof *s->spells;

	if (!(s->block = truce_allocate(s->ctx, image + extra + 2 * LARGE_PAGE))) return TRUCE_MEMORY;
	large_pages_ask(s->block, image + extra + 2 * LARGE_PAGE);
	s->image = large_pages_in(s->block);
	s->lines = (void *)(s->image + image);
	s->spells = (void *)(s->lines + lines);
	s->bytes += extra;
	return TRUCE_OK;
}

static int read_image(truce_schedule *s, const char *path)
{
	static const char remedy[] = "make one with truce schedule import";
	struct image_header header;
	sqlite3 *db = NULL;
	sqlite3_blob *blob = NULL;
	int error = TRUCE_OK;

	if (!truce_file_exists(path)) return truce_fail(s->ctx, TRUCE_INPUT, path, 0, 0, remedy, "there is no such compiled schedule");
	/* Few pages are kept: the image goes by once, and a mapped file would cost a fault for every sixteen pages of it. */
	if (sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL) != SQLITE_OK ||
	    sqlite3_exec(db, "PRAGMA cache_size=8", NULL, NULL, NULL) != SQLITE_OK ||
	    sqlite3_blob_open(db, "main", "image", "bytes", 1, 0, &blob) != SQLITE_OK ||
	    sqlite3_blob_open(db, "main", "image", "bytes", 2, 0, &s->values) != SQLITE_OK) {
		error = truce_fail(s->ctx, TRUCE_INPUT, path, 0, 0, remedy, "this is no compiled schedule (%s)", db ? sqlite3_errmsg(db) : "out of memory");
		goto done;
	}
	s->length = (size_t)sqlite3_blob_bytes(blob);
	s->bytes = s->length;
	if (s->length < sizeof header || sqlite3_blob_read(blob, &header, sizeof header, 0) != SQLITE_OK || !header_fits(&header, s->length)) {
		error = truce_fail(s->ctx, TRUCE_INPUT, path, 0, 0, remedy, "the compiled schedule is of another version, or damaged");
		goto done;
	}
	if ((error = make_block(s, &header))) goto done;
	if (sqlite3_blob_read(blob, s->image, (int)s->length, 0) != SQLITE_OK)
		error = truce_fail(s->ctx, TRUCE_INPUT, path, 0, 0, remedy, "the compiled schedule cannot be read: %s", sqlite3_errmsg(db));
done:
	sqlite3_blob_close(blob);
	s->db = db;
	return error;
}

int truce_schedule_open(truce_context *ctx, truce_schedule **out, const char *path)
{
	truce_schedule *s = truce_allocate_zero(ctx, 1, sizeof *s);
	int error;

	*out = NULL;
	if (!s) return TRUCE_MEMORY;
	s->ctx = ctx;
	s->locks = pthread_mutex_init(&s->lock, NULL) == 0;
	error = s->locks ? read_image(s, path) : TRUCE_SYSTEM;
	if (!error) error = load(s, path);
	if (error)
		truce_schedule_close(s);
	else
		*out = s;
	return error;
}

void truce_schedule_close(truce_schedule *s)
{
	if (!s) return;
	if (s->locks) pthread_mutex_destroy(&s->lock);
	sqlite3_blob_close(s->values);
	sqlite3_close(s->db);
	truce_release(s->ctx, s->packed_values);
	truce_release(s->ctx, s->ready);
	truce_release(s->ctx, s->line_ready);
	truce_release(s->ctx, s->block);
	truce_release(s->ctx, s->terms);
	truce_release(s->ctx, s->duties);
	truce_release(s->ctx, s->programmes);
	truce_release(s->ctx, s->headings);
	truce_release(s->ctx, s->groups);
	truce_release(s->ctx, s->revisions);
	truce_release(s->ctx, s->items);
	truce_release(s->ctx, s->lists);
	truce_release(s->ctx, s->members);
	truce_release(s->ctx, s);
}

/* ---- asking ---------------------------------------------------------------------------------------------------------- */

truce_schedule_about truce_schedule_tell(const truce_schedule *s)
{
	return (truce_schedule_about){s->country, s->from, s->until, s->line_count, s->spell_count, s->revision_count, s->list_count, s->bytes};
}

const truce_schedule_revision *truce_schedule_revision_at(const truce_schedule *s, size_t i)
{
	return i < s->revision_count ? &s->revisions[i] : NULL;
}

/* An id that was checked when the schedule was opened. */
static const char *known_text(const truce_schedule *s, uint32_t id)
{
	return s->texts + s->offsets[id];
}

static void unpack_line(truce_schedule *s, size_t line)
{
	const struct image_line *from = &s->packed_lines[line];
	truce_schedule_spell *spells = s->spells + from->spells.first;

	for (size_t i = 0; i < from->spells.count; i++) {
		const struct image_spell *p = &s->packed_spells[from->spells.first + i];

		spells[i] = (truce_schedule_spell){.from = p->from, .until = p->until, .general = &s->duties[p->general],
			.column2 = &s->duties[p->column2], .special = s->groups + s->specials[p->special].first,
			.special_count = s->specials[p->special].count, .description = known_text(s, p->description),
			.units = known_text(s, p->units), .footnotes = known_text(s, p->footnotes),
			.headings = s->headings + s->heading_sets[p->headings].first, .heading_count = s->heading_sets[p->headings].count,
			.leaf = p->leaf != 0, .revision = p->revision};
	}
	s->lines[line] = (truce_schedule_line){known_text(s, from->code), (int)from->digits, from->spells.count, spells};
}

const truce_schedule_line *truce_schedule_line_at(const truce_schedule *shared, size_t i)
{
	truce_schedule *s = (truce_schedule *)shared; /* as with lists: see unpack_list */

	if (i >= s->line_count) return NULL;
	if (!atomic_load_explicit(&s->line_ready[i], memory_order_acquire)) {
		pthread_mutex_lock(&s->lock);
		if (!atomic_load_explicit(&s->line_ready[i], memory_order_relaxed)) unpack_line(s, i);
		atomic_store_explicit(&s->line_ready[i], true, memory_order_release);
		pthread_mutex_unlock(&s->lock);
	}
	return &s->lines[i];
}

static const char *code_at(const truce_schedule *s, size_t line)
{
	return known_text(s, s->packed_lines[line].code);
}

const schedule_item *schedule_item_of(const truce_schedule *s, const truce_schedule_spell *spell)
{
	int32_t item = s->packed_spells[spell - s->spells].item;

	return item < 0 ? NULL : &s->items[item];
}

int schedule_code_pairs(const truce_schedule *s, struct code_pairs *pairs)
{
	int error = TRUCE_OK;
	size_t found;

	for (size_t i = 0; i < s->item_count && !error; i++) {
		char code[13];
		const char *item = s->items[i].item;
		int digits = schedule_code_digits(code, item, strlen(item));

		if (digits == 8 || digits == 10)
			error = code_pairs_add(pairs, code, s->items[i].nature, s->items[i].effective, (uint32_t)i, &found);
	}
	code_pairs_settle(pairs);
	return error;
}

/* The first line whose code is not before `code`. */
static size_t lower_line(const truce_schedule *s, const char *code)
{
	size_t low = 0, high = s->line_count;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (strcmp(code_at(s, middle), code) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static const truce_schedule_line *exact_line(const truce_schedule *s, const char *code)
{
	size_t at = lower_line(s, code);

	return at < s->line_count && !strcmp(code_at(s, at), code) ? truce_schedule_line_at(s, at) : NULL;
}

/* Digits of a code that a person wrote; TRUCE_INPUT diagnosed. */
static int read_code(truce_context *ctx, const char *code, char digits[13])
{
	int n = schedule_code_digits(digits, code, strlen(code));

	if (n < 4 || n > 12)
		return truce_fail(ctx, TRUCE_INPUT, NULL, 0, 0, "give 4 to 10 digits, with dots or without: 0101.21.00", "'%s' is no tariff code", code);
	return TRUCE_OK;
}

const truce_schedule_spell *truce_schedule_spell_on(const truce_schedule_line *line, truce_date on)
{
	for (size_t i = line->count; i-- > 0;)
		if (line->spells[i].from <= on) return on < line->spells[i].until ? &line->spells[i] : NULL;
	return NULL;
}

/* The other forms of a code: ten digits fall to their eight, and these, where nothing was subdivided (on the day), rise to
 * their ten with 00. */
static const truce_schedule_line *other_line(const truce_schedule *s, const char *digits, truce_date on)
{
	char other[13];
	size_t n = strlen(digits);

	memcpy(other, digits, n + 1);
	if (n == 10) {
		const truce_schedule_line *line;

		other[8] = '\0';
		if ((line = exact_line(s, other)) && (on == TRUCE_NO_DATE || truce_schedule_spell_on(line, on))) return line;
		memcpy(other + 8, "00", 3);
	} else if (n == 8)
		memcpy(other + 8, "00", 3);
	else
		return NULL;
	return exact_line(s, other);
}

static int not_found(truce_context *ctx, const truce_schedule *s, const char *code, const char *digits)
{
	size_t at = lower_line(s, digits);
	const char *before = at ? code_at(s, at - 1) : NULL, *after = at < s->line_count ? code_at(s, at) : NULL;

	return truce_fail(ctx, TRUCE_NOT_FOUND, NULL, 0, 0, "look for it with truce schedule find",
		"%s is not in the schedule of %s; beside it stand%s %s%s%s", code, s->country, before && after ? "" : "s", before ? before : "",
		before && after ? " and " : "", after ? after : "");
}

int schedule_covers(truce_context *ctx, const truce_schedule *s, const char *path, truce_date on)
{
	char day[11], from[11];

	if (on >= s->from && on < s->until) return TRUCE_OK;
	return truce_fail(ctx, TRUCE_UNKNOWN, path, 0, 0, "import earlier revisions", "%s is before %s, from when the schedule is known",
		truce_date_format(day, on), truce_date_format(from, s->from));
}

int truce_schedule_find(truce_context *ctx, const truce_schedule *s, const truce_schedule_line **out, const char *code)
{
	char digits[13];
	int error = read_code(ctx, code, digits);

	*out = NULL;
	if (error) return error;
	*out = exact_line(s, digits);
	if (!*out) *out = other_line(s, digits, TRUCE_NO_DATE);
	return *out ? TRUCE_OK : not_found(ctx, s, code, digits);
}

int truce_schedule_on(truce_context *ctx, const truce_schedule *s, const truce_schedule_line **line,
	const truce_schedule_spell **out, const char *code, truce_date on)
{
	char digits[13], day[11];
	const truce_schedule_line *first;
	int error = read_code(ctx, code, digits);

	*out = NULL;
	*line = NULL;
	if (error) return error;
	if ((error = schedule_covers(ctx, s, NULL, on))) return error;
	first = exact_line(s, digits);
	if (first) *out = truce_schedule_spell_on(*line = first, on);
	if (!*out && (*line = other_line(s, digits, on))) *out = truce_schedule_spell_on(*line, on);
	if (*out) return TRUCE_OK;
	if (!first && !*line) return not_found(ctx, s, code, digits);
	*line = NULL;
	return truce_fail(ctx, TRUCE_NOT_FOUND, NULL, 0, 0, "truce schedule show says when the line existed",
		"%s was not in the schedule of %s on %s", code, s->country, truce_date_format(day, on));
}

const truce_duty_special *truce_schedule_special(const truce_schedule_spell *spell, const char *programme)
{
	for (size_t i = 0; i < spell->special_count; i++)
		for (size_t k = 0; k < spell->special[i].count; k++)
			if (!strcmp(spell->special[i].programmes[k], programme)) return &spell->special[i];
	return NULL;
}

const truce_schedule_list *truce_schedule_list_at(const truce_schedule *s, size_t i)
{
	return i < s->list_count ? &s->lists[i] : NULL;
}

int truce_schedule_list_find(const truce_schedule *s, const char *id)
{
	for (size_t i = 0; i < s->list_count; i++)
		if (!strcmp(s->lists[i].id, id)) return (int)i;
	return TRUCE_NOT_FOUND;
}

/* Members are not checked when the schedule is opened. */
static const char *member_text(const truce_schedule *s, uint32_t id)
{
	return id < s->text_count ? known_text(s, id) : "";
}

/* Reads the rows of the lists of numbers, once.  What cannot be read, or is damaged, leaves them without rows: a number
 * that no row gives is unknown. */
static void read_values(truce_schedule *s)
{
	size_t bytes = s->value_count * sizeof *s->packed_values;

	s->values_tried = true;
	s->packed_values = truce_allocate(s->ctx, bytes + 1);
	if (s->packed_values && sqlite3_blob_read(s->values, s->packed_values, (int)bytes, 0) == SQLITE_OK &&
	    image_hash((const unsigned char *)s->packed_values, bytes) == s->value_hash)
		return;
	truce_release(s->ctx, s->packed_values);
	s->packed_values = NULL;
}

/* Filling in what stands in the file already is no change that anyone could see.  The schedule is shared as const; the
 * lock is what makes this one write sound. */
static void unpack_list(truce_schedule *s, size_t list)
{
	struct image_span span = s->packed_lists[list].members;
	bool numbers = s->packed_lists[list].numbers != 0;
	const struct image_member *from = s->packed_members;
	truce_schedule_member *to = s->members;

	pthread_mutex_lock(&s->lock);
	if (numbers && !s->values_tried) read_values(s);
	if (numbers) {
		from = s->packed_values;
		to += s->member_count;
	}
	for (size_t i = span.first; from && i < (size_t)span.first + span.count && !atomic_load(&s->ready[list]); i++)
		to[i] = (truce_schedule_member){member_text(s, from[i].code), from[i].from, from[i].until, member_text(s, from[i].party),
			member_text(s, from[i].heading), from[i].value};
	atomic_store(&s->ready[list], true);
	pthread_mutex_unlock(&s->lock);
}

const truce_schedule_member *truce_schedule_members(const truce_schedule *s, size_t list, size_t *count)
{
	*count = list < s->list_count ? s->lists[list].count : 0;
	if (list >= s->list_count) return NULL;
	if (!atomic_load(&s->ready[list])) unpack_list((truce_schedule *)s, list);
	if (!s->packed_lists[list].numbers) return s->members + s->packed_lists[list].members.first;
	if (!s->packed_values) *count = 0;
	return s->members + s->member_count + s->packed_lists[list].members.first;
}

/* The last row whose code is not after the first `digits` of `code`, counted from 1; 0 none. */
static size_t row_before(const truce_schedule *s, struct image_span rows, const char *code, size_t digits)
{
	size_t low = 0, high = rows.count;

	while (low < high) {
		size_t middle = (low + high) / 2;
		const char *other = member_text(s, s->packed_members[rows.first + middle].code);
		int order = strncmp(other, code, digits);

		if (order < 0 || (order == 0 && !other[digits]))
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

bool truce_schedule_list_holds(const truce_schedule *s, size_t list, const char *code)
{
	const struct image_list *p = list < s->list_count ? &s->packed_lists[list] : NULL;
	size_t digits = strlen(code), at, common;

	if (!p) return false;
	if (p->numbers) return true;
	/* A row before the code either is above it, or shares so many digits with it that no longer ones are. */
	while (digits && (at = row_before(s, p->members, code, digits))) {
		const char *other = member_text(s, s->packed_members[p->members.first + at - 1].code);

		for (common = 0; common < digits && other[common] == code[common];) common++;
		if (!other[common]) return true;
		digits = common;
	}
	return false;
}

const truce_schedule_member *truce_schedule_member_on(const truce_schedule *s, size_t list, const char *code, truce_date on,
	const char *party)
{
	size_t count, digits = strlen(code);
	const truce_schedule_member *rows = truce_schedule_members(s, list, &count), *for_all;

	for (; digits >= 2; digits--) {
		size_t low = 0, high = count;

		while (low < high) {
			size_t middle = (low + high) / 2;
			int order = strncmp(rows[middle].code, code, digits);

			/* A longer code that begins so comes after. */
			if (order < 0)
				low = middle + 1;
			else
				high = middle;
		}
		for (for_all = NULL; low < count && !strncmp(rows[low].code, code, digits) && !rows[low].code[digits]; low++) {
			if (on < rows[low].from || on >= rows[low].until) continue;
			if (party && !strcmp(rows[low].party, party)) return &rows[low];
			if (!rows[low].party[0] && !for_all) for_all = &rows[low];
		}
		if (for_all) return for_all;
	}
	return NULL;
}
