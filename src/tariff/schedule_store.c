/* schedule_store.c: writes what an import built into one compiled file (tariff room).
 *
 * The file is an SQLite database.  Its tables are for people and other programs; the packed image in the table
 * `image` holds the same as arrays, so that opening takes milliseconds.  It is written beside its place, synced and
 * renamed: whoever is killed at any moment leaves the old file whole. */
#include "schedule_private.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

size_t image_item_size(enum image_section section)
{
	switch (section) {
	case IMAGE_TEXT_OFFSETS: case IMAGE_PROGRAMMES: case IMAGE_HEADINGS: return sizeof(uint32_t);
	case IMAGE_TEXT_BYTES: return 1;
	case IMAGE_TERMS: return sizeof(struct image_term);
	case IMAGE_DUTIES: return sizeof(struct image_duty);
	case IMAGE_GROUPS: return sizeof(struct image_group);
	case IMAGE_SPECIALS: case IMAGE_HEADING_SETS: return sizeof(struct image_span);
	case IMAGE_SPELLS: return sizeof(struct image_spell);
	case IMAGE_LINES: return sizeof(struct image_line);
	case IMAGE_REVISIONS: return sizeof(struct image_revision);
	case IMAGE_ITEMS: return sizeof(struct image_item);
	case IMAGE_LISTS: return sizeof(struct image_list);
	case IMAGE_MEMBERS: return sizeof(struct image_member);
	case IMAGE_SECTIONS: break;
	}
	return 0;
}

/* Four lanes of eight bytes a step: megabytes are checked at every opening. */
uint64_t image_hash(const unsigned char *bytes, size_t length)
{
	const uint64_t prime = 0xff51afd7ed558ccdu;
	uint64_t lane[4] = {length, prime, 0x9e3779b97f4a7c15u, 0xc4ceb9fe1a85ec53u}, word[4], hash;

	for (; length >= 32; bytes += 32, length -= 32) {
		memcpy(word, bytes, 32);
		for (int i = 0; i < 4; i++) {
			lane[i] = (lane[i] ^ word[i]) * prime;
			lane[i] ^= lane[i] >> 32;
		}
	}
	memset(word, 0, sizeof word);
	if (length) memcpy(word, bytes, length);
	hash = lane[0];
	for (int i = 0; i < 4; i++) {
		hash = (hash ^ word[i]) * prime;
		hash = (hash ^ hash >> 32 ^ lane[i]) * prime;
		hash ^= hash >> 29;
	}
	return hash;
}

/* ---- the image --------------------------------------------------------------------------------------------- */

struct section {
	unsigned char *items;
	size_t count, capacity;
};

struct image {
	struct built *built;
	struct section section[IMAGE_SECTIONS];
	struct section values; /* rows of lists of numbers */
	uint32_t *duty_of, *special_of, *headings_of; /* [texts of the pool] index + 1, 0 not yet */
	size_t text_capacity;
};

/* Room for n more items; NULL: memory. */
static void *grow_section(struct image *image, struct section *s, size_t size, size_t n)
{
	void *items = s->items;

	if (truce_grow(image->built->ctx, &items, &s->capacity, s->count + n, size)) return NULL;
	s->items = items;
	memset(s->items + s->count * size, 0, n * size);
	s->count += n;
	return s->items + (s->count - n) * size;
}

static void *section_add(struct image *image, enum image_section which, size_t n)
{
	return grow_section(image, &image->section[which], image_item_size(which), n);
}

static int text_id(struct image *image, uint32_t *id, const char *text)
{
	*id = IMAGE_NONE;
	return text ? pool_add(&image->built->pool, id, text, strlen(text)) : TRUCE_OK;
}

static int add_duty(struct image *image, uint32_t *index, const truce_duty_expression *duty)
{
	size_t first = image->section[IMAGE_TERMS].count;
	struct image_duty packed = {.free = duty->free, .terms = {(uint32_t)first, (uint32_t)duty->count}}, *place;
	int error;

	if ((error = text_id(image, &packed.text, duty->text)) || (error = text_id(image, &packed.unread, duty->unread)) ||
	    (error = text_id(image, &packed.condition, duty->condition)))
		return error;
	for (size_t i = 0; i < duty->count; i++) {
		const truce_duty_term *term = &duty->terms[i];
		struct image_term t = {.amount = term->amount.units, .scale = (uint8_t)term->amount.scale, .divisor = term->divisor,
			.per = term->per, .kind = (uint8_t)term->kind, .role = (uint8_t)term->role}, *at;

		if ((error = text_id(image, &t.unit, term->unit)) || (error = text_id(image, &t.of, term->of)) ||
		    (error = text_id(image, &t.where, term->where)))
			return error;
		if (!(at = section_add(image, IMAGE_TERMS, 1))) return TRUCE_MEMORY;
		*at = t;
	}
	if (!(place = section_add(image, IMAGE_DUTIES, 1))) return TRUCE_MEMORY;
	*place = packed;
	*index = (uint32_t)(image->section[IMAGE_DUTIES].count - 1);
	return TRUCE_OK;
}

/* The tables by text grow with the pool, which grows while duties are added. */
static int by_text(struct image *image, uint32_t text)
{
	size_t need = image->built->pool.count, old = image->text_capacity;
	truce_context *ctx = image->built->ctx;
	size_t fresh = need * 2;
	uint32_t **tables[] = {&image->duty_of, &image->special_of, &image->headings_of};

	if (text < old) return TRUCE_OK;
	for (size_t i = 0; i < 3; i++) {
		uint32_t *grown = truce_reallocate(ctx, *tables[i], fresh * sizeof *grown);

		if (!grown) return TRUCE_MEMORY;
		memset(grown + old, 0, (fresh - old) * sizeof *grown);
		*tables[i] = grown;
	}
	image->text_capacity = fresh;
	return TRUCE_OK;
}

static int duty_of(struct image *image, uint32_t *index, uint32_t text)
{
	truce_duty_expression duty;
	const struct pool *pool = &image->built->pool;
	int error = by_text(image, text);

	if (error) return error;
	if (!image->duty_of[text]) {
		if ((error = truce_duty_parse(image->built->arena, &duty, pool->texts[text], pool->lengths[text])) ||
		    (error = add_duty(image, index, &duty)))
			return error;
		image->duty_of[text] = *index + 1;
	}
	*index = image->duty_of[text] - 1;
	return TRUCE_OK;
}

static int special_of(struct image *image, uint32_t *index, uint32_t text)
{
	truce_duty_special *groups;
	const struct pool *pool = &image->built->pool;
	size_t count;
	struct image_span *span;
	int error = by_text(image, text);

	if (error) return error;
	if (!image->special_of[text]) {
		if ((error = truce_duty_parse_special(image->built->arena, &groups, &count, pool->texts[text], pool->lengths[text])))
			return error;
		if (!(span = section_add(image, IMAGE_SPECIALS, 1))) return TRUCE_MEMORY;
		*span = (struct image_span){(uint32_t)image->section[IMAGE_GROUPS].count, (uint32_t)count};
		image->special_of[text] = (uint32_t)image->section[IMAGE_SPECIALS].count;
		for (size_t i = 0; i < count; i++) {
			struct image_group group = {0}, *at;

			group.programmes = (struct image_span){(uint32_t)image->section[IMAGE_PROGRAMMES].count, (uint32_t)groups[i].count};
			for (size_t k = 0; k < groups[i].count; k++) {
				uint32_t id, *programme;

				if ((error = text_id(image, &id, groups[i].programmes[k]))) return error;
				if (!(programme = section_add(image, IMAGE_PROGRAMMES, 1))) return TRUCE_MEMORY;
				*programme = id;
			}
			if ((error = add_duty(image, &group.duty, &groups[i].duty))) return error;
			if (!(at = section_add(image, IMAGE_GROUPS, 1))) return TRUCE_MEMORY;
			*at = group;
		}
	}
	*index = image->special_of[text] - 1;
	return TRUCE_OK;
}

static int headings_of(struct image *image, uint32_t *index, uint32_t text)
{
	struct image_span *span;
	const char *at = image->built->pool.texts[text];
	int error = by_text(image, text);

	if (error) return error;
	if (!image->headings_of[text]) {
		uint32_t first = (uint32_t)image->section[IMAGE_HEADINGS].count;

		while (*at) {
			size_t n = strcspn(at, " ");
			uint32_t id, *heading;

			if (n) {
				if ((error = pool_add(&image->built->pool, &id, at, n))) return error;
				if (!(heading = section_add(image, IMAGE_HEADINGS, 1))) return TRUCE_MEMORY;
				*heading = id;
			}
			at += n + (at[n] == ' ');
		}
		if (!(span = section_add(image, IMAGE_HEADING_SETS, 1))) return TRUCE_MEMORY;
		*span = (struct image_span){first, (uint32_t)image->section[IMAGE_HEADINGS].count - first};
		image->headings_of[text] = (uint32_t)image->section[IMAGE_HEADING_SETS].count;
	}
	*index = image->headings_of[text] - 1;
	return TRUCE_OK;
}

static int add_line(struct image *image, const struct built_line *line)
{
	struct image_line *at = section_add(image, IMAGE_LINES, 1);
	int error;

	if (!at) return TRUCE_MEMORY;
	*at = (struct image_line){line->code, (uint32_t)line->digits,
		{(uint32_t)image->section[IMAGE_SPELLS].count, (uint32_t)line->count}};
	for (size_t i = 0; i < line->count; i++) {
		const struct built_spell *s = &line->spells[i];
		struct image_spell packed = {.from = s->from, .until = s->until, .description = s->description, .units = s->units,
			.footnotes = s->footnotes, .item = s->item, .revision = s->revision, .leaf = s->leaf}, *place;

		if ((error = duty_of(image, &packed.general, s->general)) || (error = duty_of(image, &packed.column2, s->column2)) ||
		    (error = special_of(image, &packed.special, s->special)) || (error = headings_of(image, &packed.headings, s->headings)))
			return error;
		if (!(place = section_add(image, IMAGE_SPELLS, 1))) return TRUCE_MEMORY;
		*place = packed;
	}
	return TRUCE_OK;
}

static int row_order(const void *a, const void *b)
{
	const struct list_row *x = a, *y = b;
	int order = strcmp(x->code, y->code);

	if (!order) order = strcmp(x->party, y->party);
	if (!order) order = x->from < y->from ? -1 : x->from > y->from;
	if (!order) order = x->until < y->until ? -1 : x->until > y->until;
	return order ? order : strcmp(x->heading, y->heading);
}

static int add_list(struct image *image, struct list *list)
{
	struct image_list packed = {.trusted = list->trusted, .numbers = list->value[0] != '\0'}, *at;
	struct section *members = packed.numbers ? &image->values : &image->section[IMAGE_MEMBERS];
	int error;

	if (list->count) qsort(list->rows, list->count, sizeof *list->rows, row_order);
	packed.members = (struct image_span){(uint32_t)members->count, (uint32_t)list->count};
	if ((error = text_id(image, &packed.id, list->id)) || (error = text_id(image, &packed.what, list->what)) ||
	    (error = text_id(image, &packed.authority, list->authority)) || (error = text_id(image, &packed.heading, list->heading)) ||
	    (error = text_id(image, &packed.value, list->value)) || (error = text_id(image, &packed.source, list->source)) ||
	    (error = text_id(image, &packed.origin, list->origin)))
		return error;
	for (size_t i = 0; i < list->count; i++) {
		const struct list_row *row = &list->rows[i];
		struct image_member m = {.from = row->from, .until = row->until, .value = row->value}, *member;

		if ((error = text_id(image, &m.code, row->code)) || (error = text_id(image, &m.party, row->party)) ||
		    (error = text_id(image, &m.heading, row->heading)))
			return error;
		if (!(member = grow_section(image, members, sizeof *member, 1))) return TRUCE_MEMORY;
		*member = m;
	}
	if (!(at = section_add(image, IMAGE_LISTS, 1))) return TRUCE_MEMORY;
	*at = packed;
	return TRUCE_OK;
}

static int add_revisions(struct image *image)
{
	struct built *built = image->built;
	int error;

	for (size_t i = 0; i < built->revision_count; i++) {
		const struct built_revision *r = &built->revisions[i];
		struct image_revision *at = section_add(image, IMAGE_REVISIONS, 1);

		if (!at) return TRUCE_MEMORY;
		*at = (struct image_revision){r->id, r->published, r->effective, (uint32_t)r->objects};
	}
	for (size_t i = 0; i < built->item_count; i++) {
		const struct change_item *item = &built->items[i].item;
		struct image_item packed = {.effective = item->effective, .revision = built->items[i].revision}, *at;

		if ((error = text_id(image, &packed.item, item->item)) || (error = text_id(image, &packed.nature, item->nature)) ||
		    (error = text_id(image, &packed.source, item->source)))
			return error;
		if (!(at = section_add(image, IMAGE_ITEMS, 1))) return TRUCE_MEMORY;
		*at = packed;
	}
	return TRUCE_OK;
}

static int add_texts(struct image *image)
{
	const struct pool *pool = &image->built->pool;
	size_t bytes = 0;
	uint32_t *offsets;
	unsigned char *out;

	for (size_t i = 0; i < pool->count; i++) bytes += pool->lengths[i] + 1u;
	if (bytes > UINT32_MAX) return TRUCE_LIMIT;
	if (!(offsets = section_add(image, IMAGE_TEXT_OFFSETS, pool->count)) || !(out = section_add(image, IMAGE_TEXT_BYTES, bytes)))
		return TRUCE_MEMORY;
	for (size_t i = 0, at = 0; i < pool->count; i++) {
		offsets[i] = (uint32_t)at;
		memcpy(out + at, pool->texts[i], pool->lengths[i] + 1u);
		at += pool->lengths[i] + 1u;
	}
	return TRUCE_OK;
}

static int image_pack(struct image *image, unsigned char **out, size_t *length)
{
	struct image_header *header;
	size_t at = (sizeof *header + 7) & ~(size_t)7;
	size_t begin = at;

	for (size_t i = 0; i < IMAGE_SECTIONS; i++) at += (image->section[i].count * image_item_size((enum image_section)i) + 7) & ~(size_t)7;
	*length = at;
	if (!(*out = truce_allocate_zero(image->built->ctx, 1, at))) return TRUCE_MEMORY;
	header = (struct image_header *)(void *)*out;
	memcpy(header->magic, IMAGE_MAGIC, 8);
	header->version = SCHEDULE_VERSION;
	header->byte_order = 0x01020304;
	header->bytes = at;
	header->from = image->built->from;
	header->until = TRUCE_FOREVER;
	header->value_count = image->values.count;
	header->value_hash = image_hash(image->values.items, image->values.count * sizeof(struct image_member));
	at = begin;
	for (size_t i = 0; i < IMAGE_SECTIONS; i++) {
		size_t bytes = image->section[i].count * image_item_size((enum image_section)i);

		header->section[i].offset = at;
		header->section[i].count = image->section[i].count;
		if (bytes) memcpy(*out + at, image->section[i].items, bytes);
		at += (bytes + 7) & ~(size_t)7;
	}
	return text_id(image, &header->country, image->built->country);
}

static int image_make(struct built *built, unsigned char **out, size_t *length, struct section *values)
{
	struct image image = {.built = built};
	int error = TRUCE_OK;
	uint32_t country;

	*out = NULL;
	error = text_id(&image, &country, built->country);
	for (size_t i = 0; i < built->line_count && !error; i++) error = add_line(&image, &built->lines[i]);
	for (size_t i = 0; i < built->lists.count && !error; i++) error = add_list(&image, &built->lists.items[i]);
	if (!error) error = add_revisions(&image);
	if (!error) error = add_texts(&image);
	if (!error) error = image_pack(&image, out, length);
	if (!error) {
		struct image_header *header = (struct image_header *)(void *)*out;

		header->hash = image_hash(*out + sizeof *header, *length - sizeof *header);
	}
	*values = image.values;
	for (size_t i = 0; i < IMAGE_SECTIONS; i++) truce_release(built->ctx, image.section[i].items);
	truce_release(built->ctx, image.duty_of);
	truce_release(built->ctx, image.special_of);
	truce_release(built->ctx, image.headings_of);
	if (error) {
		truce_release(built->ctx, *out);
		*out = NULL;
	}
	return error;
}

/* ---- the tables ------------------------------------------------------------------------------------------------ */

static const char layout[] =
	"PRAGMA page_size=65536; PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA locking_mode=EXCLUSIVE;"
	"PRAGMA user_version=" SCHEDULE_TABLES "; BEGIN;"
	"CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;"
	"CREATE TABLE revision(number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, published TEXT NOT NULL, effective TEXT NOT NULL,"
	" objects INTEGER NOT NULL, file TEXT NOT NULL);"
	"CREATE TABLE text(id INTEGER PRIMARY KEY, text TEXT NOT NULL);"
	"CREATE TABLE line(id INTEGER PRIMARY KEY, code TEXT NOT NULL UNIQUE, digits INTEGER NOT NULL, path TEXT NOT NULL);"
	"CREATE TABLE spell(line INTEGER NOT NULL REFERENCES line, from_day TEXT NOT NULL, until_day TEXT,"
	" general INTEGER NOT NULL REFERENCES text, special INTEGER NOT NULL REFERENCES text, column2 INTEGER NOT NULL REFERENCES text,"
	" units INTEGER NOT NULL REFERENCES text, description INTEGER NOT NULL REFERENCES text,"
	" footnotes INTEGER NOT NULL REFERENCES text, headings INTEGER NOT NULL REFERENCES text, leaf INTEGER NOT NULL,"
	" revision INTEGER NOT NULL REFERENCES revision, item INTEGER REFERENCES item, PRIMARY KEY(line, from_day)) WITHOUT ROWID;"
	"CREATE TABLE item(id INTEGER PRIMARY KEY, revision INTEGER NOT NULL REFERENCES revision, item TEXT NOT NULL, code TEXT NOT NULL,"
	" until_code TEXT NOT NULL, nature TEXT NOT NULL, effective TEXT, source TEXT NOT NULL, line INTEGER NOT NULL);"
	"CREATE TABLE transfer(was TEXT NOT NULL, became TEXT NOT NULL, effective TEXT, part INTEGER NOT NULL, said TEXT NOT NULL,"
	" item INTEGER NOT NULL REFERENCES item, PRIMARY KEY(was, became)) WITHOUT ROWID;"
	"CREATE TABLE list(number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, what TEXT NOT NULL, authority TEXT NOT NULL,"
	" heading TEXT NOT NULL, value TEXT NOT NULL, source TEXT NOT NULL, origin TEXT NOT NULL, trusted INTEGER NOT NULL);"
	"CREATE TABLE member(list INTEGER NOT NULL REFERENCES list, code TEXT NOT NULL, party TEXT NOT NULL, from_day TEXT, until_day TEXT,"
	" heading TEXT NOT NULL, value REAL);"
	"CREATE TABLE remark(severity TEXT NOT NULL, file TEXT NOT NULL, line INTEGER NOT NULL, code TEXT NOT NULL, what TEXT NOT NULL);"
	"CREATE TABLE difference(list TEXT NOT NULL, law TEXT NOT NULL, code TEXT NOT NULL, heading TEXT NOT NULL, in_file INTEGER NOT NULL,"
	" verdict TEXT NOT NULL, why TEXT NOT NULL, source TEXT NOT NULL);"
	"CREATE TABLE image(id INTEGER PRIMARY KEY, name TEXT NOT NULL, bytes BLOB NOT NULL);"
	"CREATE VIRTUAL TABLE search USING fts5(path, content='', tokenize='porter unicode61');";

struct store {
	struct built *built;
	sqlite3 *db;
	const char *path;
	bool unbound; /* a value of a row is missing */
};

static int db_fail(struct store *store)
{
	if (sqlite3_errcode(store->db) == SQLITE_NOMEM) return truce_fail(store->built->ctx, TRUCE_MEMORY, store->path, 0, 0, NULL, "out of memory");
	return truce_fail(store->built->ctx, TRUCE_SYSTEM, store->path, 0, 0, "see that the disk has room and can be written to",
		"the compiled file could not be written: %s", sqlite3_errmsg(store->db));
}

static int put(struct store *store, sqlite3_stmt *statement)
{
	int code;

	if (store->unbound) return truce_fail(store->built->ctx, TRUCE_MEMORY, store->path, 0, 0, NULL, "out of memory");
	code = sqlite3_step(statement);
	sqlite3_reset(statement);
	return code == SQLITE_DONE || code == SQLITE_ROW ? TRUCE_OK : db_fail(store);
}

static sqlite3_stmt *prepare(struct store *store, const char *sql)
{
	sqlite3_stmt *statement = NULL;

	if (sqlite3_prepare_v2(store->db, sql, -1, &statement, NULL) != SQLITE_OK) db_fail(store);
	return statement;
}

/* A value that could not be bound stays NULL, which for a day has a meaning: put() refuses the row. */
static void bind_text(struct store *store, sqlite3_stmt *s, int at, const char *text)
{
	if (sqlite3_bind_text(s, at, text ? text : "", -1, SQLITE_STATIC) != SQLITE_OK) store->unbound = true;
}

static void bind_day(struct store *store, sqlite3_stmt *s, int at, truce_date day)
{
	char buffer[11];

	if (day == TRUCE_NO_DATE || day == TRUCE_FOREVER)
		sqlite3_bind_null(s, at);
	else if (sqlite3_bind_text(s, at, truce_date_format(buffer, day), -1, SQLITE_TRANSIENT) != SQLITE_OK)
		store->unbound = true;
}

static int put_meta(struct store *store)
{
	char from[11], lines[24];
	const char *rows[][2] = {{"format", SCHEDULE_FORMAT}, {"version", SCHEDULE_TABLES}, {"writer", "truce " TRUCE_VERSION},
		{"country", store->built->country}, {"from", from}, {"lines", lines}};
	sqlite3_stmt *s = prepare(store, "INSERT INTO meta VALUES(?,?)");
	int error = s ? TRUCE_OK : TRUCE_SYSTEM;

	truce_date_format(from, store->built->from);
	snprintf(lines, sizeof lines, "%zu", store->built->line_count);
	for (size_t i = 0; i < sizeof rows / sizeof *rows && !error; i++) {
		bind_text(store, s, 1, rows[i][0]);
		bind_text(store, s, 2, rows[i][1]);
		error = put(store, s);
	}
	sqlite3_finalize(s);
	return error;
}

static int put_revisions(struct store *store)
{
	const struct built *b = store->built;
	sqlite3_stmt *s = prepare(store, "INSERT INTO revision VALUES(?,?,?,?,?,?)");
	sqlite3_stmt *t = prepare(store, "INSERT INTO item VALUES(?,?,?,?,?,?,?,?,?)");
	int error = s && t ? TRUCE_OK : TRUCE_SYSTEM;

	for (size_t i = 0; i < b->revision_count && !error; i++) {
		const struct built_revision *r = &b->revisions[i];

		sqlite3_bind_int64(s, 1, (sqlite3_int64)i);
		bind_text(store, s, 2, b->pool.texts[r->id]);
		bind_day(store, s, 3, r->published);
		bind_day(store, s, 4, r->effective);
		sqlite3_bind_int64(s, 5, (sqlite3_int64)r->objects);
		bind_text(store, s, 6, r->file);
		error = put(store, s);
	}
	for (size_t i = 0; i < b->item_count && !error; i++) {
		const struct change_item *item = &b->items[i].item;

		sqlite3_bind_int64(t, 1, (sqlite3_int64)i);
		sqlite3_bind_int64(t, 2, b->items[i].revision);
		bind_text(store, t, 3, item->item);
		bind_text(store, t, 4, item->code);
		bind_text(store, t, 5, item->until);
		bind_text(store, t, 6, item->nature);
		bind_day(store, t, 7, item->effective);
		bind_text(store, t, 8, item->source);
		sqlite3_bind_int(t, 9, item->line);
		error = put(store, t);
	}
	sqlite3_finalize(s);
	sqlite3_finalize(t);
	return error;
}

static int put_pairs(struct store *store)
{
	static const char *const words[] = {"", "old", "new", "both"};
	const struct code_pairs *pairs = &store->built->pairs;
	sqlite3_stmt *s = prepare(store, "INSERT INTO transfer VALUES(?,?,?,?,?,?)");
	int error = s ? TRUCE_OK : TRUCE_SYSTEM;

	for (size_t i = 0; i < pairs->count && !error; i++) {
		const struct code_pair *pair = &pairs->items[i];

		bind_text(store, s, 1, pair->was);
		bind_text(store, s, 2, pair->became);
		bind_day(store, s, 3, pair->effective);
		sqlite3_bind_int(s, 4, pair->part);
		bind_text(store, s, 5, words[pair->said & 3]);
		sqlite3_bind_int64(s, 6, pair->item);
		error = put(store, s);
	}
	sqlite3_finalize(s);
	return error;
}

static int put_spells(struct store *store, sqlite3_stmt *s, sqlite3_int64 line, const struct built_line *l)
{
	int error = TRUCE_OK;

	for (size_t i = 0; i < l->count && !error; i++) {
		const struct built_spell *x = &l->spells[i];
		const uint32_t texts[] = {x->general, x->special, x->column2, x->units, x->description, x->footnotes, x->headings};

		sqlite3_bind_int64(s, 1, line);
		bind_day(store, s, 2, x->from);
		bind_day(store, s, 3, x->until);
		for (int k = 0; k < 7; k++) sqlite3_bind_int64(s, 4 + k, texts[k]);
		sqlite3_bind_int(s, 11, x->leaf);
		sqlite3_bind_int(s, 12, x->revision);
		if (x->item < 0)
			sqlite3_bind_null(s, 13);
		else
			sqlite3_bind_int(s, 13, x->item);
		error = put(store, s);
	}
	return error;
}

static int put_lines(struct store *store)
{
	const struct built *b = store->built;
	sqlite3_stmt *l = prepare(store, "INSERT INTO line VALUES(?,?,?,?)");
	sqlite3_stmt *s = prepare(store, "INSERT INTO spell VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?)");
	sqlite3_stmt *f = prepare(store, "INSERT INTO search(rowid,path) VALUES(?,?)");
	sqlite3_stmt *t = prepare(store, "INSERT INTO text VALUES(?,?)");
	int error = l && s && f && t ? TRUCE_OK : TRUCE_SYSTEM;

	for (size_t i = 0; i < b->pool.count && !error; i++) {
		sqlite3_bind_int64(t, 1, (sqlite3_int64)i);
		if (sqlite3_bind_text(t, 2, b->pool.texts[i], (int)b->pool.lengths[i], SQLITE_STATIC) != SQLITE_OK) store->unbound = true;
		error = put(store, t);
	}
	for (size_t i = 0; i < b->line_count && !error; i++) {
		const struct built_line *line = &b->lines[i];

		sqlite3_bind_int64(l, 1, (sqlite3_int64)i);
		bind_text(store, l, 2, b->pool.texts[line->code]);
		sqlite3_bind_int(l, 3, line->digits);
		bind_text(store, l, 4, line->path);
		error = put(store, l);
		if (!error) error = put_spells(store, s, (sqlite3_int64)i, line);
		if (error) break;
		sqlite3_bind_int64(f, 1, (sqlite3_int64)i + 1);
		bind_text(store, f, 2, line->path);
		error = put(store, f);
		if (i % 1024 == 0) truce_progress(b->ctx, "writing lines", (double)i / (double)b->line_count);
		if (!error && truce_cancelled(b->ctx)) error = TRUCE_CANCELLED;
	}
	sqlite3_finalize(l);
	sqlite3_finalize(s);
	sqlite3_finalize(f);
	sqlite3_finalize(t);
	return error;
}

static int put_lists(struct store *store)
{
	const struct built *b = store->built;
	sqlite3_stmt *l = prepare(store, "INSERT INTO list VALUES(?,?,?,?,?,?,?,?,?)");
	sqlite3_stmt *m = prepare(store, "INSERT INTO member VALUES(?,?,?,?,?,?,?)");
	int error = l && m ? TRUCE_OK : TRUCE_SYSTEM;

	for (size_t i = 0; i < b->lists.count && !error; i++) {
		const struct list *list = &b->lists.items[i];

		sqlite3_bind_int64(l, 1, (sqlite3_int64)i);
		bind_text(store, l, 2, list->id);
		bind_text(store, l, 3, list->what);
		bind_text(store, l, 4, list->authority);
		bind_text(store, l, 5, list->heading);
		bind_text(store, l, 6, list->value);
		bind_text(store, l, 7, list->source);
		bind_text(store, l, 8, list->origin);
		sqlite3_bind_int(l, 9, list->trusted);
		error = put(store, l);
		for (size_t k = 0; k < list->count && !error; k++) {
			const struct list_row *row = &list->rows[k];

			sqlite3_bind_int64(m, 1, (sqlite3_int64)i);
			bind_text(store, m, 2, row->code);
			bind_text(store, m, 3, row->party);
			bind_day(store, m, 4, row->from);
			bind_day(store, m, 5, row->until);
			bind_text(store, m, 6, row->heading);
			if (isnan(row->value))
				sqlite3_bind_null(m, 7);
			else
				sqlite3_bind_double(m, 7, row->value);
			error = put(store, m);
		}
	}
	sqlite3_finalize(l);
	sqlite3_finalize(m);
	return error;
}

static int put_remarks(struct store *store)
{
	static const char *const words[] = {"note", "warning", "error"};
	const struct remarks *r = &store->built->remarks;
	sqlite3_stmt *s = prepare(store, "INSERT INTO remark VALUES(?,?,?,?,?)");
	int error = s ? TRUCE_OK : TRUCE_SYSTEM;

	for (size_t i = 0; i < r->count && !error; i++) {
		bind_text(store, s, 1, words[r->items[i].severity]);
		bind_text(store, s, 2, r->items[i].file);
		sqlite3_bind_int(s, 3, r->items[i].line);
		bind_text(store, s, 4, r->items[i].code);
		bind_text(store, s, 5, r->items[i].what);
		error = put(store, s);
	}
	sqlite3_finalize(s);
	return error;
}

static int put_differences(struct store *store)
{
	const struct built *b = store->built;
	sqlite3_stmt *s = prepare(store, "INSERT INTO difference VALUES(?,?,?,?,?,?,?,?)");
	int error = s ? TRUCE_OK : TRUCE_SYSTEM;

	for (size_t i = 0; i < b->difference_count && !error; i++) {
		const struct difference *d = &b->differences[i];

		bind_text(store, s, 1, d->list);
		bind_text(store, s, 2, d->law);
		bind_text(store, s, 3, d->code);
		bind_text(store, s, 4, d->heading);
		sqlite3_bind_int(s, 5, d->in_file);
		bind_text(store, s, 6, d->verdict);
		bind_text(store, s, 7, d->why);
		bind_text(store, s, 8, d->source);
		error = put(store, s);
	}
	sqlite3_finalize(s);
	return error;
}

static int put_image(struct store *store, int row, const char *name, const void *bytes, size_t length)
{
	sqlite3_stmt *s = prepare(store, "INSERT INTO image VALUES(?,?,?)");
	int error = s ? TRUCE_OK : TRUCE_SYSTEM;

	if (!error) {
		sqlite3_bind_int(s, 1, row);
		bind_text(store, s, 2, name);
		if (sqlite3_bind_blob64(s, 3, length ? bytes : "", length, SQLITE_STATIC) != SQLITE_OK) store->unbound = true;
		error = put(store, s);
	}
	sqlite3_finalize(s);
	return error;
}

static int write_database(struct store *store, const char *part)
{
	unsigned char *image = NULL;
	struct section values = {0};
	size_t length = 0;
	int error;

	/* The image first: making it adds the last texts to the pool. */
	if ((error = image_make(store->built, &image, &length, &values))) goto done;
	if (sqlite3_open_v2(part, &store->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL) != SQLITE_OK ||
	    sqlite3_exec(store->db, layout, NULL, NULL, NULL) != SQLITE_OK)
		error = db_fail(store);
	if (!error) error = put_meta(store);
	if (!error) error = put_revisions(store);
	if (!error) error = put_pairs(store);
	if (!error) error = put_lines(store);
	if (!error) error = put_lists(store);
	if (!error) error = put_remarks(store);
	if (!error) error = put_differences(store);
	if (!error) error = put_image(store, 1, "schedule", image, length);
	if (!error) error = put_image(store, 2, "values", values.items, values.count * sizeof(struct image_member));
	if (!error && sqlite3_exec(store->db, "CREATE INDEX member_code ON member(code); COMMIT", NULL, NULL, NULL) != SQLITE_OK)
		error = db_fail(store);
	sqlite3_close(store->db);
done:
	truce_release(store->built->ctx, image);
	truce_release(store->built->ctx, values.items);
	return error;
}

static int system_fail(truce_context *ctx, const char *path, const char *what)
{
	return truce_fail(ctx, TRUCE_SYSTEM, path, 0, 0, "see that the folder exists and can be written to", "%s: %s", what, strerror(errno));
}

/* Opens the part file and locks it: one writer at a time; what a killed one left is written over. */
static int lock_part(truce_context *ctx, int *lock, const char *part, const char *path)
{
	for (;;) {
		struct stat ours, there;

		*lock = open(part, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
		if (*lock < 0) return system_fail(ctx, part, "the compiled file cannot be made");
		if (flock(*lock, LOCK_EX | LOCK_NB) != 0)
			return truce_fail(ctx, TRUCE_SYSTEM, path, 0, 0, "wait for it to end", "another import is writing this file");
		/* Between opening and locking, another may have put the file in its place: what is locked is then the compiled file. */
		if (fstat(*lock, &ours) != 0) return system_fail(ctx, part, "the compiled file cannot be made");
		if (stat(part, &there) == 0 && ours.st_dev == there.st_dev && ours.st_ino == there.st_ino) break;
		close(*lock);
	}
	return ftruncate(*lock, 0) == 0 ? TRUCE_OK : system_fail(ctx, part, "the compiled file cannot be made");
}

int schedule_store(struct built *built, const char *path)
{
	truce_context *ctx = built->ctx;
	struct store store = {.built = built, .path = path};
	truce_text part;
	struct stat info;
	char *target;
	int lock = -1, file, error;

	if (stat(path, &info) == 0 && !S_ISREG(info.st_mode))
		return truce_fail(ctx, TRUCE_INPUT, path, 0, 0, "name a file", "is a folder, a device or a pipe: it is not replaced");
	if ((error = truce_file_target(ctx, &target, path))) return error;
	truce_text_init(&part, ctx);
	truce_text_addf(&part, "%s.part", target);
	if ((error = truce_text_done(&part))) goto done;
	if ((error = lock_part(ctx, &lock, part.data, path))) goto done;
	error = write_database(&store, part.data);
	if (!error) {
		file = open(part.data, O_RDONLY | O_CLOEXEC);
		if (file < 0 || fsync(file) != 0) error = system_fail(ctx, part.data, "the compiled file cannot be synced");
		if (file >= 0) close(file);
	}
	if (!error && rename(part.data, target) != 0) error = system_fail(ctx, path, "the compiled file cannot be put in its place");
	if (error) unlink(part.data);
done:
	if (lock >= 0) close(lock);
	truce_text_free(&part);
	truce_release(ctx, target);
	return error;
}
