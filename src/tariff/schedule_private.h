/* schedule_private.h: what the files of the schedule half of the tariff room share. */
#ifndef TRUCE_SCHEDULE_PRIVATE_H
#define TRUCE_SCHEDULE_PRIVATE_H

#include <truce/schedule.h>

#define SCHEDULE_FORMAT "truce-schedule"
#define SCHEDULE_VERSION 1

/* Drops mark-up and entities of blanks, makes runs of blanks one, mends words broken over lines.  `out` holds
 * length + 1; returns the length written. */
size_t schedule_tidy(char *out, const char *text, size_t length);

/* ---- rows of a published schedule -------------------------------------------------------------------------- */

enum { ROW_CODE, ROW_INDENT, ROW_DESCRIPTION, ROW_GENERAL, ROW_SPECIAL, ROW_COLUMN2, ROW_UNITS, ROW_FOOTNOTES, ROW_FIELDS };

/* One row; texts as written, not tidied.  Valid until the next row. */
struct schedule_row {
	const char *field[ROW_FIELDS]; /* never NULL */
	size_t length[ROW_FIELDS];
};

/* Streams the objects of one array out of a text in memory. */
struct schedule_json {
	truce_context *ctx;
	const char *name, *text, *end, *at;
	size_t row;              /* 1-based number of the object that was found last */
	const char *raw;         /* that object, from '{' to '}' */
	size_t raw_length;
	truce_text value;        /* texts of the parsed row, NULs between */
	size_t start[ROW_FIELDS], length[ROW_FIELDS];
	bool began, ended;
};

void schedule_json_open(struct schedule_json *json, truce_context *ctx, const char *name, const char *text, size_t length);
void schedule_json_close(struct schedule_json *json);
int schedule_json_next(struct schedule_json *json);                           /* 1 an object, 0 the end, negative an error */
int schedule_json_parse(struct schedule_json *json, struct schedule_row *row); /* the object that was found */

/* The headings ("99038803") that a footnote text names, ranges spelt out, added to `out` each followed by a blank. */
void schedule_headings(truce_text *out, const char *text, size_t length);
/* Digits of a code with dots and blanks; returns how many, 0 where there is anything else. */
int schedule_code_digits(char out[13], const char *text, size_t length);

/* ---- change records -------------------------------------------------------------------------------------------- */

struct change_item {
	const char *item, *nature, *source, *edition; /* as printed, on one line */
	char code[13], until[13];  /* digits of the line, and of the last of a range; "" for a note */
	truce_date effective;
	int line;
};

struct change_record {
	int year, number;          /* of the revision: 0 is the basic edition */
	truce_date published;      /* TRUCE_NO_DATE where not printed */
	size_t count;
	struct change_item *items;
	size_t unread_count;       /* lines that look like items and are not */
	struct { int line; const char *text; } *unread;
};

/* Reads the text of a change record. */
int change_record_read(truce_context *ctx, truce_arena *arena, struct change_record *out, const char *name,
	const char *text, size_t length);
/* "April 9, 2025"; TRUCE_INPUT, no diagnostic. */
int change_record_date(const char *text, size_t length, truce_date *out, size_t *used);
/* Year and number of a revision in a file's name ("hts_2025_rev_18.json.gz", "2025HTSRev18_..."); false none. */
bool schedule_revision_of_name(const char *name, int *year, int *number);

/* ---- lists --------------------------------------------------------------------------------------------------------- */

struct list_row {
	const char *code, *party, *heading;
	truce_date from, until;
	double value;
};

struct list {
	const char *id, *what, *authority, *heading, *value, *source, *origin;
	bool trusted;
	size_t count, capacity;
	struct list_row *rows;
};

struct lists {
	size_t count, capacity;
	struct list *items;
};

/* Where readers put what they could not read. */
struct remarks {
	truce_context *ctx;
	truce_arena *arena;
	size_t count, capacity;
	truce_schedule_remark *items;
	bool failed;
};

void remark(struct remarks *remarks, truce_severity severity, const char *file, int line, const char *code,
	const char *fmt, ...) TRUCE_PRINTF(6, 7);

struct list *lists_add(truce_context *ctx, struct lists *lists, const struct list *head); /* NULL: memory */
int list_add_row(truce_context *ctx, struct list *list, const struct list_row *row);
/* Reads every file of a folder by its meaning; files without one are remarked. */
int lists_read(truce_context *ctx, truce_arena *arena, struct lists *lists, struct remarks *remarks, const char *folder,
	const char *meaning, size_t *files, const truce_date *revision_dates, const char *const *revision_ids, size_t revisions);
/* Reads lists out of the text of the notes of a chapter. */
int lists_notes(truce_context *ctx, truce_arena *arena, struct lists *lists, struct remarks *remarks, const char *name,
	const char *text, size_t length, const char *meaning);

#endif
