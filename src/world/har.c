/* har.c: room world.  Header array files, the binary tables of GEMPACK (docs/formats/har.md).
 *
 * A file is a row of Fortran records (length, bytes, length again).  A record of four letters begins a header; the next
 * says its type and size; then come its data, in pieces that count down to 1.  Nothing in a file is trusted: every
 * length is held against the record, every count against the size, the size against the file. */
#include "har.h"

#include <math.h>
#include <string.h>

enum { NAME = 4, LABEL = 12, LONG_NAME = 70, INFORMATION = 84, PIECES_MOST = 1 << 24 };
#define CELLS_MOST ((size_t)1 << 26)

struct record {
	const unsigned char *data;
	size_t length;
};

struct place {
	char name[NAME + 1];
	size_t at; /* of the record behind the name */
};

struct har {
	truce_context *ctx;
	truce_arena *arena;
	const char *name;
	const unsigned char *bytes;
	size_t length;
	struct place *place;
	size_t count, room;
};

static int32_t integer_at(const unsigned char *at)
{
	return (int32_t)((uint32_t)at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24);
}

static float real_at(const unsigned char *at)
{
	int32_t bits = integer_at(at);
	float value;
	memcpy(&value, &bits, sizeof value);
	return value;
}

static bool blank(const unsigned char *at, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if (at[i] != ' ')
			return false;
	return true;
}

static int damaged(const struct har *har, size_t at, const char *header, const char *what)
{
	return truce_fail(har->ctx, TRUCE_INPUT, har->name, 0, 0, "get the file again; docs/formats/har.md says what is read",
		"%s%s is damaged at byte %zu: %s", header ? "header " : "the file", header ? header : "", at, what);
}

/* The record that begins at *at, which moves behind it.  1 there is one, 0 the end, negative an error. */
static int next_record(const struct har *har, size_t *at, struct record *record, const char *header)
{
	if (*at == har->length)
		return 0;
	if (har->length - *at < 8)
		return damaged(har, *at, header, "it is cut off");
	int32_t length = integer_at(har->bytes + *at);
	if (length < 0 || (size_t)length > har->length - *at - 8)
		return damaged(har, *at, header, "a record is longer than what is left of the file");
	record->data = har->bytes + *at + 4;
	record->length = (size_t)length;
	if (integer_at(record->data + length) != length)
		return damaged(har, *at, header, "a record's two lengths differ");
	*at += (size_t)length + 8;
	return 1;
}

static int must_record(const struct har *har, size_t *at, struct record *record, const char *header, size_t least)
{
	size_t start = *at;
	int got = next_record(har, at, record, header);
	if (got < 0)
		return got;
	if (got == 0 || record->length < least || !blank(record->data, NAME))
		return damaged(har, start, header, got ? "a record is too short or does not begin with blanks" : "it is cut off");
	return TRUCE_OK;
}

bool har_looks_like(const void *bytes, size_t length)
{
	const unsigned char *at = bytes;
	return length >= 12 && integer_at(at) == NAME && integer_at(at + 8) == NAME && !blank(at + 4, NAME);
}

static int scan(struct har *har)
{
	struct record record;
	size_t at = 0;
	int got;

	while ((got = next_record(har, &at, &record, NULL)) == 1) {
		if (record.length != NAME || blank(record.data, NAME))
			continue;
		if (truce_grow(har->ctx, &har->place, &har->room, har->count + 1, sizeof *har->place))
			return TRUCE_MEMORY;
		struct place *place = &har->place[har->count++];
		size_t size = NAME;
		while (size && (record.data[size - 1] == ' ' || record.data[size - 1] == 0))
			size--;
		memcpy(place->name, record.data, size);
		memset(place->name + size, 0, sizeof place->name - size);
		place->at = at;
	}
	return got;
}

int har_open(truce_context *ctx, struct har **out, const char *name, const void *bytes, size_t length)
{
	truce_arena *arena = NULL;
	int error;

	*out = NULL;
	if (!har_looks_like(bytes, length))
		return truce_fail(ctx, TRUCE_INPUT, name, 0, 0, "it is a binary file of GEMPACK, little-endian",
			"this is not a header array file: it does not begin with a header's name");
	if ((error = truce_arena_new(ctx, &arena)))
		return error;
	struct har *har = truce_arena_take(arena, sizeof *har);
	if (!har) {
		truce_arena_free(arena);
		return TRUCE_MEMORY;
	}
	*har = (struct har){ .ctx = ctx, .arena = arena, .name = name, .bytes = bytes, .length = length };
	if ((error = scan(har))) {
		har_close(har);
		return error;
	}
	*out = har;
	return TRUCE_OK;
}

void har_close(struct har *har)
{
	if (!har)
		return;
	truce_release(har->ctx, har->place);
	truce_arena_free(har->arena);
}

size_t har_count(const struct har *har)
{
	return har->count;
}

const char *har_name(const struct har *har, size_t i)
{
	return har->place[i].name;
}

static const struct place *find(const struct har *har, const char *header)
{
	for (size_t i = 0; i < har->count; i++)
		if (strcmp(har->place[i].name, header) == 0)
			return &har->place[i];
	return NULL;
}

bool har_has(const struct har *har, const char *header)
{
	return find(har, header) != NULL;
}

/* Letters without the blanks (and zero bytes) at their end; bytes that are not ASCII become '?'. */
static const char *take_text(struct har *har, const unsigned char *at, size_t length)
{
	while (length && (at[length - 1] == ' ' || at[length - 1] == 0))
		length--;
	char *text = truce_arena_copy(har->arena, (const char *)at, length);
	for (size_t i = 0; text && i < length; i++)
		if (at[i] < ' ' || at[i] > '~')
			text[i] = '?';
	return text;
}

/* `count` texts of `width` letters, in records that count down to 1. */
static int read_texts(struct har *har, size_t *at, const char *header, size_t count, size_t width, const char ***out)
{
	struct record record;
	size_t seen = 0;
	int32_t left = PIECES_MOST;

	if (width == 0 || width > 4096 || count > har->length)
		return damaged(har, *at, header, "its texts are longer than the file");
	*out = truce_arena_array(har->arena, count ? count : 1, sizeof **out);
	if (!*out)
		return TRUCE_MEMORY;
	while (left > 1) {
		size_t start = *at;
		int error = must_record(har, at, &record, header, 16);
		if (error)
			return error;
		int32_t next = integer_at(record.data + 4), here = integer_at(record.data + 12);
		if (next < 1 || next >= left || here < 0 || (size_t)here > count - seen ||
			(size_t)here * width != record.length - 16 || (size_t)integer_at(record.data + 8) != count)
			return damaged(har, start, header, "a piece of its texts does not fit");
		left = next;
		for (int32_t i = 0; i < here; i++)
			if (!((*out)[seen++] = take_text(har, record.data + 16 + (size_t)i * width, width)))
				return TRUCE_MEMORY;
	}
	return seen == count ? TRUCE_OK : damaged(har, *at, header, "some of its texts are missing");
}

/* The sets of a header of type RE: names, and the elements of those that it knows. */
static int read_sets(struct har *har, size_t *at, struct har_array *array)
{
	struct record record;
	size_t start = *at;
	int error = must_record(har, at, &record, array->name, 36);
	if (error)
		return error;

	int32_t sets = integer_at(record.data + 12);
	if (sets < 0 || sets > HAR_DIMENSIONS || record.length < 36 + (size_t)sets * (LABEL + 1 + 4))
		return damaged(har, start, array->name, "its sets do not fit");
	array->coefficient = take_text(har, record.data + 16, LABEL);
	if (!array->coefficient)
		return TRUCE_MEMORY;
	for (size_t d = (size_t)sets; d < array->dimensions; d++)
		if (array->size[d] != 1)
			return damaged(har, start, array->name, "it has more subscripts than sets");
	array->dimensions = (size_t)sets;
	for (size_t d = 0; d < array->dimensions; d++) {
		array->set[d] = take_text(har, record.data + 32 + d * LABEL, LABEL);
		if (!array->set[d])
			return TRUCE_MEMORY;
		if (record.data[32 + (size_t)sets * LABEL + d] != 'k' || integer_at(record.data + 4) == 0)
			continue;
		/* Elements stand once a set. */
		for (size_t b = 0; b < d && !array->element[d]; b++)
			if (array->element[b] && strcmp(array->set[b], array->set[d]) == 0 && array->size[b] == array->size[d])
				array->element[d] = array->element[b];
		if (!array->element[d] &&
			(error = read_texts(har, at, array->name, array->size[d], LABEL, &array->element[d])))
			return error;
	}
	return TRUCE_OK;
}

static int read_full(struct har *har, size_t *at, struct har_array *array)
{
	struct record record;
	size_t start = *at, seen = 0;
	int error = must_record(har, at, &record, array->name, 12);
	if (error)
		return error;

	int32_t left = integer_at(record.data + 4);
	if (left < 1 || left > PIECES_MOST)
		return damaged(har, start, array->name, "the count of its pieces cannot be");
	while (left > 1) {
		/* A record of subscripts, which only repeats the order, and one of numbers. */
		if ((error = must_record(har, at, &record, array->name, 8)))
			return error;
		start = *at;
		if ((error = must_record(har, at, &record, array->name, 8)))
			return error;
		int32_t next = integer_at(record.data + 4);
		size_t here = (record.length - 8) / 4;
		if (next < 1 || next >= left || here > array->count - seen || record.length != 8 + 4 * here)
			return damaged(har, start, array->name, "a piece of its numbers does not fit");
		left = next;
		for (size_t i = 0; i < here; i++)
			array->number[seen++] = real_at(record.data + 8 + 4 * i);
	}
	return seen == array->count ? TRUCE_OK : damaged(har, *at, array->name, "some of its numbers are missing");
}

static int read_sparse(struct har *har, size_t *at, struct har_array *array)
{
	struct record record;
	size_t start = *at, seen = 0;
	int32_t left = PIECES_MOST;
	int error = must_record(har, at, &record, array->name, 16);
	if (error)
		return error;

	int32_t nonzero = integer_at(record.data + 4);
	if (nonzero < 0 || (size_t)nonzero > array->count || integer_at(record.data + 8) != 4 ||
		integer_at(record.data + 12) != 4)
		return damaged(har, start, array->name, "its sparse numbers do not fit");
	while (left > 1) {
		start = *at;
		if ((error = must_record(har, at, &record, array->name, 16)))
			return error;
		int32_t next = integer_at(record.data + 4), here = integer_at(record.data + 12);
		if (next < 1 || next >= left || here < 0 || (size_t)here > (size_t)nonzero - seen ||
			record.length != 16 + 8 * (size_t)here)
			return damaged(har, start, array->name, "a piece of its sparse numbers does not fit");
		left = next;
		for (size_t i = 0; i < (size_t)here; i++) {
			int32_t place = integer_at(record.data + 16 + 4 * i);
			if (place < 1 || (size_t)place > array->count)
				return damaged(har, start, array->name, "a sparse number stands outside the array");
			array->number[place - 1] = real_at(record.data + 16 + 4 * (size_t)here + 4 * i);
		}
		seen += (size_t)here;
	}
	return seen == (size_t)nonzero ? TRUCE_OK : damaged(har, *at, array->name, "some of its numbers are missing");
}

/* Types 2R and 2I: rectangles of a matrix. */
static int read_matrix(struct har *har, size_t *at, struct har_array *array)
{
	struct record record;
	size_t seen = 0, rows = array->size[0], columns = array->size[1];
	int error;

	while (seen < array->count) {
		size_t start = *at, in = 0;
		int32_t bound[6];
		if ((error = must_record(har, at, &record, array->name, 32)))
			return error;
		for (size_t b = 0; b < 6; b++)
			bound[b] = integer_at(record.data + 8 + 4 * b);
		if ((size_t)bound[0] != rows || (size_t)bound[1] != columns || bound[2] < 1 || bound[2] > bound[3] ||
			(size_t)bound[3] > rows || bound[4] < 1 || bound[4] > bound[5] || (size_t)bound[5] > columns ||
			record.length != 32 + 4 * (size_t)(bound[3] - bound[2] + 1) * (size_t)(bound[5] - bound[4] + 1))
			return damaged(har, start, array->name, "a piece of its matrix does not fit");
		for (size_t c = (size_t)bound[4] - 1; c < (size_t)bound[5]; c++)
			for (size_t r = (size_t)bound[2] - 1; r < (size_t)bound[3]; r++, in++) {
				const unsigned char *cell = record.data + 32 + 4 * in;
				array->number[c * rows + r] = array->type[1] == 'I' ? (float)integer_at(cell) : real_at(cell);
			}
		seen += in;
	}
	return seen == array->count ? TRUCE_OK : damaged(har, *at, array->name, "pieces of its matrix overlap");
}

/* The second record: type, way of storing, long name, size. */
static int read_information(struct har *har, size_t *at, struct har_array *array, bool *sparse)
{
	static const char *const types[] = { "1C", "2I", "2R", "RE", "RL" };
	struct record record;
	size_t start = *at;
	int error = must_record(har, at, &record, array->name, INFORMATION);
	if (error)
		return error;

	memcpy(array->type, record.data + 4, 2);
	bool known = false;
	for (size_t t = 0; t < sizeof types / sizeof *types; t++)
		known = known || strcmp(types[t], array->type) == 0;
	*sparse = memcmp(record.data + 6, "SPSE", 4) == 0;
	if (!known || (!*sparse && memcmp(record.data + 6, "FULL", 4) != 0) || (*sparse && array->type[0] != 'R'))
		return truce_fail(har->ctx, TRUCE_INPUT, har->name, 0, 0, "types 1C, 2I, 2R, RE and RL are read",
			"header %s is of a type that is not read", array->name);
	array->long_name = take_text(har, record.data + 10, LONG_NAME);
	if (!array->long_name)
		return TRUCE_MEMORY;
	int32_t dimensions = integer_at(record.data + 80);
	if (dimensions < (array->type[0] == 'R' ? 0 : 2) || dimensions > (array->type[0] == 'R' ? HAR_DIMENSIONS : 2) ||
		record.length != INFORMATION + 4 * (size_t)dimensions)
		return damaged(har, start, array->name, "the count of its subscripts cannot be");
	array->dimensions = (size_t)dimensions;
	array->count = 1;
	for (size_t d = 0; d < array->dimensions; d++) {
		int32_t size = integer_at(record.data + INFORMATION + 4 * d);
		if (size < 0 || (size > 0 && array->count > CELLS_MOST / (size_t)size))
			return damaged(har, start, array->name, "its size cannot be");
		array->size[d] = (size_t)size;
		array->count *= (size_t)size;
	}
	/* What is sparse may be larger than its file, within reason. */
	if (array->count / 256 > har->length)
		return damaged(har, start, array->name, "it is far larger than the file");
	return TRUCE_OK;
}

int har_read(struct har *har, const char *header, struct har_array *out)
{
	const struct place *place = find(har, header);
	bool sparse = false;
	int error;

	*out = (struct har_array){ .coefficient = "" };
	if (!place)
		return truce_fail(har->ctx, TRUCE_INPUT, har->name, 0, 0, "docs/formats/har.md says which headers are needed",
			"there is no header %s", header);
	memcpy(out->name, place->name, sizeof out->name);
	size_t at = place->at;
	if ((error = read_information(har, &at, out, &sparse)))
		return error;
	if (strcmp(out->type, "1C") == 0) {
		out->count = out->size[0];
		return read_texts(har, &at, out->name, out->size[0], out->size[1], &out->text);
	}
	if (strcmp(out->type, "RE") == 0 && (error = read_sets(har, &at, out)))
		return error;
	out->number = truce_arena_array(har->arena, out->count ? out->count : 1, sizeof *out->number);
	if (!out->number)
		return TRUCE_MEMORY;
	if (out->type[0] == '2')
		return read_matrix(har, &at, out);
	return sparse ? read_sparse(har, &at, out) : read_full(har, &at, out);
}
