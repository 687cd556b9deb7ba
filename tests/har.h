/* har.h: writes header array files for tests, in the layout of docs/formats/har.md.  Not the reader turned round: it is
 * written from the layout, piece by piece, so that a slip in one does not hide in the other. */
#ifndef TRUCE_TEST_HAR_H
#define TRUCE_TEST_HAR_H

#include <stdint.h>
#include <stdio.h>
#include <string.h>

struct har_writer {
	unsigned char data[1 << 17];
	size_t length, open; /* where the record that is being written began */
};

static inline void har_put_int(struct har_writer *w, int32_t value)
{
	for (int b = 0; b < 4; b++)
		w->data[w->length++] = (unsigned char)((uint32_t)value >> (8 * b));
}

static inline void har_put_real(struct har_writer *w, double value)
{
	float single = (float)value;
	int32_t bits;
	memcpy(&bits, &single, 4);
	har_put_int(w, bits);
}

static inline void har_put_text(struct har_writer *w, const char *text, size_t width)
{
	size_t length = strlen(text);
	for (size_t i = 0; i < width; i++)
		w->data[w->length++] = i < length ? (unsigned char)text[i] : ' ';
}

static inline void har_begin(struct har_writer *w)
{
	w->open = w->length;
	har_put_int(w, 0);
}

static inline void har_end(struct har_writer *w)
{
	size_t end = w->length, length = end - w->open - 4;
	w->length = w->open;
	har_put_int(w, (int32_t)length);
	w->length = end;
	har_put_int(w, (int32_t)length);
}

static inline void har_header(struct har_writer *w, const char *name, const char *type, const char *long_name, int dimensions,
	const int *size)
{
	har_begin(w);
	har_put_text(w, name, 4);
	har_end(w);
	har_begin(w);
	har_put_text(w, "", 4);
	har_put_text(w, type, 6);
	har_put_text(w, long_name, 70);
	har_put_int(w, dimensions);
	for (int d = 0; d < dimensions; d++)
		har_put_int(w, size[d]);
	har_end(w);
}

/* One record of texts, or two where `split` is above 0: that many in the first. */
static inline void har_texts(struct har_writer *w, int count, const char *const *text, int width, int split)
{
	for (int from = 0, left = split > 0 ? 2 : 1; left > 0; left--) {
		int here = left == 2 ? split : count - from;
		har_begin(w);
		har_put_text(w, "", 4);
		har_put_int(w, left);
		har_put_int(w, count);
		har_put_int(w, here);
		for (int i = 0; i < here; i++)
			har_put_text(w, text[from + i], (size_t)width);
		har_end(w);
		from += here;
	}
}

struct har_set {
	const char *name;
	int size;
	const char *const *element;
};

/* A real array over sets, the first subscript fastest; in pieces of at most `piece` numbers, or sparse. */
static inline void har_real(struct har_writer *w, const char *name, int sets, const struct har_set *const *set,
	const double *value, int piece, int sparse)
{
	int size[7] = { 1, 1, 1, 1, 1, 1, 1 }, count = 1, unique = 0;
	for (int d = 0; d < sets; d++) {
		int seen = 0;
		size[d] = set[d]->size;
		count *= size[d];
		for (int b = 0; b < d; b++)
			seen = seen || set[b] == set[d];
		unique += !seen;
	}
	har_header(w, name, sparse ? "RESPSE" : "REFULL", "made by a test", 7, size);
	har_begin(w);
	har_put_text(w, "", 4);
	har_put_int(w, unique);
	har_put_int(w, 1);
	har_put_int(w, sets);
	har_put_text(w, name, 12);
	har_put_int(w, 1);
	for (int d = 0; d < sets; d++)
		har_put_text(w, set[d]->name, 12);
	for (int d = 0; d < sets; d++)
		har_put_text(w, "k", 1);
	for (int d = 0; d < sets; d++)
		har_put_int(w, 0);
	har_put_int(w, 0);
	har_end(w);
	for (int d = 0; d < sets; d++) {
		int seen = 0;
		for (int b = 0; b < d; b++)
			seen = seen || set[b] == set[d];
		if (!seen)
			har_texts(w, set[d]->size, set[d]->element, 12, 0);
	}
	if (sparse) {
		int nonzero = 0;
		for (int i = 0; i < count; i++)
			nonzero += value[i] != 0;
		har_begin(w);
		har_put_text(w, "", 4);
		har_put_int(w, nonzero);
		har_put_int(w, 4);
		har_put_int(w, 4);
		har_put_text(w, "", 80);
		har_end(w);
		har_begin(w);
		har_put_text(w, "", 4);
		har_put_int(w, 1);
		har_put_int(w, nonzero);
		har_put_int(w, nonzero);
		for (int i = 0; i < count; i++)
			if (value[i] != 0)
				har_put_int(w, i + 1);
		for (int i = 0; i < count; i++)
			if (value[i] != 0)
				har_put_real(w, value[i]);
		har_end(w);
		return;
	}
	int pieces = piece > 0 ? (count + piece - 1) / piece : 1, left = 2 * pieces + 1;
	har_begin(w);
	har_put_text(w, "", 4);
	har_put_int(w, left);
	har_put_int(w, 7);
	for (int d = 0; d < 7; d++)
		har_put_int(w, size[d]);
	har_end(w);
	for (int from = 0; from < count; from += piece > 0 ? piece : count) {
		int here = piece > 0 && count - from > piece ? piece : count - from;
		har_begin(w);
		har_put_text(w, "", 4);
		har_put_int(w, --left);
		for (int d = 0; d < 14; d++)
			har_put_int(w, 1);
		har_end(w);
		har_begin(w);
		har_put_text(w, "", 4);
		har_put_int(w, --left);
		for (int i = 0; i < here; i++)
			har_put_real(w, value[from + i]);
		har_end(w);
	}
}

/* A whole matrix of integers or reals in one record. */
static inline void har_matrix(struct har_writer *w, const char *name, int rows, int columns, const double *value, int integers)
{
	har_header(w, name, integers ? "2IFULL" : "2RFULL", "made by a test", 2, (int[]){ rows, columns });
	har_begin(w);
	har_put_text(w, "", 4);
	const int32_t head[] = { 1, rows, columns, 1, rows, 1, columns };
	for (int i = 0; i < 7; i++)
		har_put_int(w, head[i]);
	for (int i = 0; i < rows * columns; i++)
		if (integers)
			har_put_int(w, (int32_t)value[i]);
		else
			har_put_real(w, value[i]);
	har_end(w);
}

#endif
