/* schedule_private.h: what the files of the schedule half of the tariff room share. */
#ifndef TRUCE_SCHEDULE_PRIVATE_H
#define TRUCE_SCHEDULE_PRIVATE_H

#include <truce/schedule.h>

#define SCHEDULE_FORMAT "truce-schedule"
#define SCHEDULE_VERSION 2 /* of the image */
#define SCHEDULE_TABLES "3" /* of the tables beside it */

/* Drops mark-up and entities of blanks, makes runs of blanks one, mends words broken over lines.  `out` holds
 * length + 1; returns the length written. */
size_t schedule_tidy(char *out, const char *text, size_t length);

void schedule_sha256(char out[65], const void *data, size_t length);

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

/* The headings ("98010010") that a footnote text names, ranges spelt out, added to `out` each followed by a blank. */
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
void change_record_free(truce_context *ctx, struct change_record *record);
/* "April 9, 2025"; TRUCE_INPUT, no diagnostic. */
int change_record_date(const char *text, size_t length, truce_date *out, size_t *used);
/* Year and number of a revision in a file's name ("hts_2025_rev_18.json.gz", "2025HTSRev18_..."); false none. */
bool schedule_revision_of_name(const char *name, int *year, int *number);

/* ---- where codes went ------------------------------------------------------------------------------------------ */

enum { CODE_PAIR_BY_OLD = 1, CODE_PAIR_BY_NEW = 2 };

struct code_pair {
	char was[13], became[13]; /* digits */
	truce_date effective;
	bool part;                /* of the old code's goods */
	uint8_t said;             /* by the item of which code, bits */
	uint32_t item;
};

struct code_pairs {
	truce_context *ctx;
	size_t count, capacity;
	struct code_pair *items;
};

/* Adds what the nature of an item about `code` says of where goods went or came from; `found` counts, 0 where it says nothing. */
int code_pairs_add(struct code_pairs *pairs, const char *code, const char *nature, truce_date effective, uint32_t item, size_t *found);
void code_pairs_settle(struct code_pairs *pairs); /* in order, each pair once */
void code_pairs_close(struct code_pairs *pairs);
/* On lists, too: what was on one under the old code is so under the new. */
struct built;
int code_pairs_follow(struct built *built);
/* Those of an opened schedule, settled. */
int schedule_code_pairs(const truce_schedule *schedule, struct code_pairs *pairs);

/* ---- lists --------------------------------------------------------------------------------------------------------- */

struct list_row {
	const char *code, *party, *heading;
	truce_date from, until;
	double value;
};

struct list {
	const char *id, *what, *authority, *heading, *value, *source, *origin;
	bool trusted;
	bool footnoted; /* to be compared with the footnotes of lines */
	bool compared;  /* was compared with what the law prints */
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
struct built;
struct meanings;
/* The table that says what list files mean, in the arena; `path` is borrowed. */
int lists_meanings(truce_context *ctx, truce_arena *arena, const struct meanings **out, const char *path);
/* Whether the table names a file of this name. */
bool lists_know(const struct meanings *meanings, const char *path);
/* Reads one list file by its meaning; one without is remarked. */
int lists_read(truce_context *ctx, truce_arena *arena, struct lists *lists, struct remarks *remarks, const char *path,
	const struct meanings *meanings, size_t *files);

/* Codes that files have for what the law says elsewhere than in a list. */
struct note_elsewhere {
	truce_yaml_list codes, except;
	const char *why, *source;
};

/* A list in the text of the notes: the words that stand before it, and the lists from files that should say the same. */
struct note_list {
	truce_place place;
	const char *id, *what, *authority, *heading, *source;
	truce_yaml_list after, pass, chapters, compare, beside, elsewhere;
	const char *until, *stands_for, *file;
	bool prose;
	truce_time since, last, began;
};

struct note_lists {
	truce_time as_of;
	truce_yaml_list furniture, lists;
};

int lists_notes_table(truce_context *ctx, truce_arena *arena, const struct note_lists **out, const char *path);
/* Reads lists out of the text of the notes of a chapter. */
int lists_notes(truce_context *ctx, truce_arena *arena, struct lists *lists, struct remarks *remarks, const char *name,
	const char *text, size_t length, const struct note_lists *table);

/* Where a file that the notes stand for was not given, their list takes its place: after all is compared. */
int lists_stand_in(truce_context *ctx, truce_arena *arena, struct lists *lists, struct remarks *remarks, const char *name,
	const struct note_lists *table);

/* One row of a list from a file that is not what the law prints, or the other way round. */
struct difference {
	const char *list, *law; /* the list of the file; the note's list, "footnotes" or "schedule" */
	const char *code, *heading;
	const char *verdict, *why, *source;
	bool in_file;           /* the file has it, the law does not; else the law has it */
};

bool lists_line_exists(const struct built *built, const char *code); /* it or one below it, in any revision */
/* Compares every list from files with the footnotes and the lists of the notes, and corrects it from the day that a note
 * speaks of; notes may be NULL. */
int lists_compare(struct built *built, const struct note_lists *notes, const char *name);

/* ---- what an import builds before it is stored ------------------------------------------------------------------------ */

/* Texts, each kept once; id 0 is "". */
struct pool {
	truce_context *ctx;
	truce_arena *arena;
	size_t count, capacity, slots; /* slots: a power of two */
	const char **texts;
	uint32_t *lengths;
	uint32_t *slot; /* [slots] id + 1; 0 free */
};

int pool_open(struct pool *pool, truce_context *ctx, truce_arena *arena);
void pool_close(struct pool *pool);
int pool_add(struct pool *pool, uint32_t *id, const char *text, size_t length);
/* A fast hash for tables in memory; not for files. */
uint64_t schedule_hash(const char *bytes, size_t length);

/* All texts are ids of the pool. */
struct built_spell {
	truce_date from, until;
	uint32_t general, special, column2, description, units, footnotes;
	uint32_t headings; /* "98010010 98010015 " */
	int32_t item;      /* of the change record that dated it; -1 none */
	uint16_t revision;
	bool leaf;
	uint32_t source;   /* of a spell from CSV: the file among the sources, and its line there */
	int32_t source_line;
};

struct built_line {
	uint32_t code;
	const char *path;    /* descriptions from the widest heading down */
	int digits;          /* 0: the published code is none */
	size_t count, capacity;
	struct built_spell *spells;
	uint32_t seen;       /* revision in which it was seen last, + 1 */
	uint8_t remarked;    /* bits: what was said of it already */
};

struct built_revision {
	uint32_t id;
	truce_date published, effective;
	size_t objects;
	const char *file;
};

struct built_item {
	struct change_item item;
	uint32_t revision;
};

struct built {
	truce_context *ctx;
	truce_arena *arena;
	struct pool pool;
	const char *country;
	truce_date from;
	size_t line_count, line_capacity;
	struct built_line *lines;
	size_t revision_count;
	struct built_revision *revisions;
	size_t item_count, item_capacity;
	struct built_item *items;
	struct lists lists;
	struct code_pairs pairs;
	size_t difference_count, difference_capacity;
	struct difference *differences;
	struct remarks remarks;
};

/* Writes what was built to `path`, whole or not at all. */
int schedule_store(struct built *built, const char *path);

/* ---- the packed image inside a compiled file ------------------------------------------------------------------------------ */

/* Everything a reader needs in memory, as arrays of these, little-endian; written by schedule_store.c, read by
 * schedule.c.  Text fields are indices of texts; NONE where there is none. */
#define IMAGE_MAGIC "TRUCESCH"
#define IMAGE_NONE UINT32_MAX

enum image_section {
	IMAGE_TEXT_OFFSETS, IMAGE_TEXT_BYTES, IMAGE_TERMS, IMAGE_DUTIES, IMAGE_PROGRAMMES, IMAGE_GROUPS, IMAGE_SPECIALS,
	IMAGE_HEADINGS, IMAGE_HEADING_SETS, IMAGE_SPELLS, IMAGE_LINES, IMAGE_REVISIONS, IMAGE_ITEMS, IMAGE_LISTS, IMAGE_MEMBERS,
	IMAGE_SECTIONS
};

struct image_header {
	char magic[8];
	uint32_t version, byte_order; /* byte_order: 0x01020304 */
	uint64_t bytes, hash;         /* of all after the header */
	uint32_t country;
	int32_t from, until;
	uint32_t reserved;
	uint64_t value_count, value_hash; /* of the second blob: the rows of lists of numbers, read when first asked for */
	struct { uint64_t offset, count; } section[IMAGE_SECTIONS]; /* offset from the header's start, count of items */
};

struct image_span { uint32_t first, count; };
struct image_term { int64_t amount, divisor, per; uint32_t unit, of, where; uint8_t kind, role, scale, reserved; };
struct image_duty { uint32_t text, unread, condition, free; struct image_span terms; };
struct image_group { uint32_t duty; struct image_span programmes; };
struct image_spell {
	int32_t from, until;
	uint32_t general, column2, special, description, units, footnotes, headings;
	int32_t item;
	uint16_t revision;
	uint8_t leaf, reserved;
};
struct image_line { uint32_t code, digits; struct image_span spells; };
struct image_revision { uint32_t id; int32_t published, effective; uint32_t objects; };
struct image_item { uint32_t item, nature, source; int32_t effective; uint32_t revision; };
struct image_list { uint32_t id, what, authority, heading, value, source, origin, trusted, numbers; struct image_span members; };
/* `numbers`: the span is in the second blob. */
struct image_member { uint32_t code, party, heading; int32_t from, until; uint32_t reserved; double value; };

size_t image_item_size(enum image_section section);
uint64_t image_hash(const unsigned char *bytes, size_t length);

/* Of an opened schedule, for the files of this room. */
typedef struct {
	const char *item, *nature, *source;
	truce_date effective;
	uint32_t revision;
} schedule_item;

/* TRUCE_UNKNOWN diagnosed (at `path`; NULL nowhere) on a day that no revision is of. */
int schedule_covers(truce_context *ctx, const truce_schedule *schedule, const char *path, truce_date on);
const schedule_item *schedule_item_of(const truce_schedule *schedule, const truce_schedule_spell *spell); /* NULL none */

#endif
