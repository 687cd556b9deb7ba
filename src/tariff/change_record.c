/* change_record.c: what each revision of a schedule says it changed, and from when (tariff room).
 *
 * A change record is a table laid out with blanks: item, nature, effective date, source, and in yearly records the
 * edition.  A line with a date (or N/A) in its own column begins an item; lines without one continue its cells, each
 * piece belonging to the column that it stands under. */
#include "schedule_private.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

int change_record_date(const char *text, size_t length, truce_date *out, size_t *used)
{
	static const char *const months[] = {"January", "February", "March", "April", "May", "June", "July", "August",
		"September", "October", "November", "December"};
	int day = 0, year = 0, month, back_y, back_m, back_d;
	size_t at = 0, digits;

	for (month = 0; month < 12; month++) {
		at = strlen(months[month]);
		if (length > at && !strncasecmp(text, months[month], at)) break;
	}
	if (month == 12) return TRUCE_INPUT;
	while (at < length && text[at] == ' ') at++;
	for (digits = 0; at < length && isdigit((unsigned char)text[at]) && digits < 2; at++, digits++) day = day * 10 + text[at] - '0';
	if (!digits) return TRUCE_INPUT;
	while (at < length && (text[at] == ' ' || text[at] == ',')) at++;
	for (digits = 0; at < length && isdigit((unsigned char)text[at]) && digits < 4; at++, digits++) year = year * 10 + text[at] - '0';
	if (digits != 4 || day < 1 || day > 31 || year < 1900) return TRUCE_INPUT;
	*out = truce_date_of(year, month + 1, day);
	truce_date_split(*out, &back_y, &back_m, &back_d);
	if (back_y != year || back_m != month + 1 || back_d != day) return TRUCE_INPUT;
	if (used) *used = at;
	return TRUCE_OK;
}

bool schedule_revision_of_name(const char *name, int *year, int *number)
{
	const char *base = strrchr(name, '/'), *at;

	base = base ? base + 1 : name;
	for (at = base; *at; at++) {
		if (at[0] != '2' || at[1] != '0' || !isdigit((unsigned char)at[2]) || !isdigit((unsigned char)at[3]) ||
		    isdigit((unsigned char)at[4]) || (at > base && isdigit((unsigned char)at[-1])))
			continue;
		*year = 2000 + (at[2] - '0') * 10 + at[3] - '0';
		for (at += 4; *at; at++) {
			if (!strncasecmp(at, "basic", 5)) return *number = 0, true;
			if (strncasecmp(at, "rev", 3) != 0) continue;
			at += !strncasecmp(at, "revision", 8) ? 8 : 3;
			while (*at == '_' || *at == ' ' || *at == '-' || *at == '%') at++;
			if (!isdigit((unsigned char)*at)) return false;
			for (*number = 0; isdigit((unsigned char)*at) && *number < 1000; at++) *number = *number * 10 + *at - '0';
			return true;
		}
		return false;
	}
	return false;
}

/* A line cut where two or more blanks stand. */
struct chunk {
	const char *at;
	size_t length;
	int column; /* in characters */
};

static size_t chunks_of(const char *line, size_t length, struct chunk *out, size_t most)
{
	size_t count = 0, i = 0;
	int column = 0;

	while (i < length && count < most) {
		size_t start;
		int begin;

		while (i < length && line[i] == ' ') i++, column++;
		if (i == length) break;
		start = i;
		begin = column;
		while (i < length && !(line[i] == ' ' && (i + 1 == length || line[i + 1] == ' '))) {
			if (((unsigned char)line[i] & 0xc0) != 0x80) column++;
			i++;
		}
		out[count++] = (struct chunk){line + start, i - start, begin};
	}
	return count;
}

struct cells {
	truce_text item, nature, source, edition;
	int nature_column, date_column, source_column, edition_column;
	truce_date effective;
	int line;
	bool open;
};

static void add_cell(truce_text *cell, struct chunk chunk)
{
	if (cell->length) truce_text_add(cell, " ");
	truce_text_add_bytes(cell, chunk.at, chunk.length);
}

struct reading {
	truce_context *ctx;
	truce_arena *arena;
	struct change_record *out;
	size_t capacity, unread_capacity;
	struct cells cells;
	bool editions; /* the table has a column for them */
};

static int close_item(struct reading *r)
{
	struct cells *cells = &r->cells;
	struct change_item *item, *items;
	const char *at, *dash;

	if (!cells->open) return TRUCE_OK;
	cells->open = false;
	if (truce_text_done(&cells->item) || truce_text_done(&cells->nature) || truce_text_done(&cells->source) ||
	    truce_text_done(&cells->edition))
		return TRUCE_MEMORY;
	items = r->out->items;
	if (truce_grow(r->ctx, &items, &r->capacity, r->out->count + 1, sizeof *items)) return TRUCE_MEMORY;
	r->out->items = items;
	item = &items[r->out->count];
	memset(item, 0, sizeof *item);
	item->item = truce_arena_text(r->arena, cells->item.length ? cells->item.data : "");
	item->nature = truce_arena_text(r->arena, cells->nature.length ? cells->nature.data : "");
	item->source = truce_arena_text(r->arena, cells->source.length ? cells->source.data : "");
	item->edition = truce_arena_text(r->arena, cells->edition.length ? cells->edition.data : "");
	if (!item->item || !item->nature || !item->source || !item->edition) return TRUCE_MEMORY;
	item->effective = cells->effective;
	item->line = cells->line;
	r->out->count++;
	/* "9801.00.10–9801.00.19", "0202.30.8000", or a note. */
	at = item->item;
	if (!isdigit((unsigned char)*at)) return TRUCE_OK;
	dash = at + strspn(at, "0123456789. ");
	if (schedule_code_digits(item->code, at, (size_t)(dash - at)) < 4) item->code[0] = '\0';
	while (*dash && !isdigit((unsigned char)*dash)) dash++;
	if (*dash && item->code[0] && schedule_code_digits(item->until, dash, strspn(dash, "0123456789. ")) < 4) item->until[0] = '\0';
	return TRUCE_OK;
}

static int add_unread(struct reading *r, int line, const char *text, size_t length)
{
	void *grown = r->out->unread;

	if (truce_grow(r->ctx, &grown, &r->unread_capacity, r->out->unread_count + 1, sizeof *r->out->unread)) return TRUCE_MEMORY;
	r->out->unread = grown;
	r->out->unread[r->out->unread_count].line = line;
	r->out->unread[r->out->unread_count].text = truce_arena_copy(r->arena, text, length > 200 ? 200 : length);
	if (!r->out->unread[r->out->unread_count].text) return TRUCE_MEMORY;
	r->out->unread_count++;
	return TRUCE_OK;
}

static bool nature_begins(struct chunk chunk)
{
	static const char *const words[] = {"Added", "Deleted", "Modified", "Established", "Discontinued", "Annotated",
		"Restored", "Technical"};

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (chunk.length >= strlen(words[i]) && !strncasecmp(chunk.at, words[i], strlen(words[i]))) return true;
	return false;
}

/* A date that only one blank parts from the nature before it: cuts the chunk in two. */
static bool cut_date(struct chunk *chunks, size_t *count, size_t i)
{
	size_t used, most = 16;
	truce_date date;

	if (*count == most || i + 1 >= *count || !nature_begins(chunks[i])) return false;
	for (size_t k = 1; k < chunks[i].length; k++) {
		if (chunks[i].at[k - 1] != ' ' || change_record_date(chunks[i].at + k, chunks[i].length - k, &date, &used) != TRUCE_OK ||
		    used != chunks[i].length - k)
			continue;
		memmove(&chunks[i + 2], &chunks[i + 1], (*count - i - 1) * sizeof *chunks);
		chunks[i + 1] = (struct chunk){chunks[i].at + k, used, chunks[i].column + (int)k};
		chunks[i].length = k - 1;
		(*count)++;
		return true;
	}
	return false;
}

/* Which chunk is the date of an item; -1 none. */
static int date_chunk(struct chunk *chunks, size_t *count, truce_date *out)
{
	for (size_t i = 1; i < *count; i++) {
		size_t used;

		cut_date(chunks, count, i);
		if (change_record_date(chunks[i].at, chunks[i].length, out, &used) == TRUCE_OK && used == chunks[i].length)
			return (int)i;
		if (chunks[i].length == 3 && !memcmp(chunks[i].at, "N/A", 3) && i >= 2) {
			*out = TRUCE_NO_DATE;
			return (int)i;
		}
	}
	return -1;
}

static int read_line(struct reading *r, const char *line, size_t length, int number)
{
	struct cells *cells = &r->cells;
	struct chunk chunks[16];
	size_t count = chunks_of(line, length, chunks, 16);
	truce_date effective;
	int date, error;

	if (!count) return TRUCE_OK;
	/* A page's number, and the head of the table on a new page. */
	if (count == 1 && chunks[0].column > 30 && chunks[0].length <= 3 && isdigit((unsigned char)*chunks[0].at)) return TRUCE_OK;
	if (count >= 3 && chunks[0].length >= 12 && !strncasecmp(chunks[0].at, "Item changed", 12)) {
		r->editions = count >= 5;
		return TRUCE_OK;
	}
	date = date_chunk(chunks, &count, &effective);
	/* An item whose row has lost its date still begins an item. */
	if (date < 0 && cells->open && count >= 2 && chunks[0].column < cells->nature_column - 2 && nature_begins(chunks[1]) &&
	    (isupper((unsigned char)*chunks[0].at) || isdigit((unsigned char)*chunks[0].at))) {
		effective = TRUCE_NO_DATE;
		date = (int)count;
	}
	if (date >= 1) {
		bool itemless = date == 1 && nature_begins(chunks[0]); /* its item stands on the next line */

		if ((error = close_item(r))) return error;
		truce_text_clear(&cells->item);
		truce_text_clear(&cells->nature);
		truce_text_clear(&cells->source);
		truce_text_clear(&cells->edition);
		cells->open = true;
		cells->line = number;
		cells->effective = effective;
		if ((size_t)date < count) cells->date_column = chunks[date].column;
		cells->nature_column = itemless ? chunks[0].column : date >= 2 ? chunks[1].column : cells->date_column;
		cells->source_column = cells->edition_column = 1000;
		if (!itemless) add_cell(&cells->item, chunks[0]);
		for (int i = itemless ? 0 : 1; i < date && (size_t)i < count; i++) add_cell(&cells->nature, chunks[i]);
		for (size_t i = (size_t)date + 1; i < count; i++) {
			bool edition = r->editions && i + 1 == count && i > (size_t)date + 1;

			if (i == (size_t)date + 1) cells->source_column = chunks[i].column;
			if (edition) cells->edition_column = chunks[i].column;
			add_cell(edition ? &cells->edition : &cells->source, chunks[i]);
		}
		if (date < 2 && !itemless) return add_unread(r, number, line, length);
		return TRUCE_OK;
	}
	if (!cells->open) return TRUCE_OK; /* the words before the table */
	for (size_t i = 0; i < count; i++) {
		int column = chunks[i].column;

		if (column < cells->nature_column - 2)
			add_cell(&cells->item, chunks[i]);
		else if (column < cells->date_column - 2)
			add_cell(&cells->nature, chunks[i]);
		else if (column < cells->edition_column - 2)
			add_cell(&cells->source, chunks[i]);
		else
			add_cell(&cells->edition, chunks[i]);
	}
	return TRUCE_OK;
}

/* The revision from the title, "(2025 Revision 18)" or "(2026)", and the date that stands alone under it. */
static void read_title(struct change_record *out, const char *text, size_t length)
{
	const char *at = text, *end = text + (length > 1500 ? 1500 : length);

	for (; at < end; at++) {
		const char *line_end = memchr(at, '\n', (size_t)(end - at));
		struct chunk chunk;
		size_t used;

		if (!line_end) line_end = end;
		if (out->year < 0) {
			for (const char *p = at; p + 5 < line_end; p++)
				if (p[0] == '(' && isdigit((unsigned char)p[1]) && isdigit((unsigned char)p[2]) && isdigit((unsigned char)p[3]) &&
				    isdigit((unsigned char)p[4])) {
					const char *rev = p + 5;

					out->year = (p[1] - '0') * 1000 + (p[2] - '0') * 100 + (p[3] - '0') * 10 + p[4] - '0';
					out->number = 0;
					while (rev < line_end && *rev == ' ') rev++;
					if (line_end - rev > 9 && !strncasecmp(rev, "Revision ", 9))
						for (rev += 9; rev < line_end && isdigit((unsigned char)*rev) && out->number < 1000; rev++)
							out->number = out->number * 10 + *rev - '0';
					break;
				}
		}
		if (out->published == TRUCE_NO_DATE && chunks_of(at, (size_t)(line_end - at), &chunk, 1) == 1) {
			truce_date date;

			if (change_record_date(chunk.at, chunk.length, &date, &used) == TRUCE_OK && used == chunk.length)
				out->published = date;
		}
		at = line_end;
	}
}

int change_record_read(truce_context *ctx, truce_arena *arena, struct change_record *out, const char *name,
	const char *text, size_t length)
{
	struct reading r = {.ctx = ctx, .arena = arena, .out = out};
	int number = 1, error = TRUCE_OK;

	(void)name;
	memset(out, 0, sizeof *out);
	out->year = -1;
	out->published = TRUCE_NO_DATE;
	truce_text_init(&r.cells.item, ctx);
	truce_text_init(&r.cells.nature, ctx);
	truce_text_init(&r.cells.source, ctx);
	truce_text_init(&r.cells.edition, ctx);
	read_title(out, text, length);
	for (const char *at = text, *end = text + length; at < end && !error; number++) {
		const char *line_end = memchr(at, '\n', (size_t)(end - at));
		size_t n;

		if (!line_end) line_end = end;
		n = (size_t)(line_end - at);
		while (n && (at[n - 1] == '\r' || at[n - 1] == ' ')) n--;
		while (n && *at == '\f') at++, n--;
		error = read_line(&r, at, n, number);
		at = line_end + 1;
	}
	if (!error) error = close_item(&r);
	truce_text_free(&r.cells.item);
	truce_text_free(&r.cells.nature);
	truce_text_free(&r.cells.source);
	truce_text_free(&r.cells.edition);
	return error;
}

void change_record_free(truce_context *ctx, struct change_record *record)
{
	truce_release(ctx, record->items);
	truce_release(ctx, record->unread);
	memset(record, 0, sizeof *record);
}
