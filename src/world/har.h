/* har.h: room world.  Header array files, the binary tables of GEMPACK (docs/formats/har.md). */
#ifndef TRUCE_WORLD_HAR_H
#define TRUCE_WORLD_HAR_H

#include "world_private.h"

enum { HAR_DIMENSIONS = 7 };

/* One header: an array of texts, or of numbers, the first subscript running fastest. */
struct har_array {
	char name[5];             /* "VDFB" */
	char type[3];             /* "1C", "2I", "2R", "RE" or "RL" */
	const char *long_name;    /* up to 70 letters, without the blanks at its end */
	const char *coefficient;  /* RE: the name it had in its model; else "" */
	size_t dimensions;        /* in use; 0 a single number */
	size_t size[HAR_DIMENSIONS];
	const char *set[HAR_DIMENSIONS];      /* RE: "REG"; NULL where there is none */
	const char **element[HAR_DIMENSIONS]; /* RE: [size] names; NULL where not kept */
	size_t count;             /* numbers or texts in all */
	float *number;            /* [count]; NULL for texts */
	const char **text;        /* [count] 1C */
};

struct har; /* a file that is open: the bytes are borrowed, arrays live as long as it */

int har_open(truce_context *ctx, struct har **out, const char *name, const void *bytes, size_t length);
void har_close(struct har *har);
size_t har_count(const struct har *har);
const char *har_name(const struct har *har, size_t i);
bool har_has(const struct har *har, const char *header);
/* Reads one header; one that is not there, or of a type that is not read, is an error. */
int har_read(struct har *har, const char *header, struct har_array *out);
bool har_looks_like(const void *bytes, size_t length); /* the first record is one of four letters */

#endif
