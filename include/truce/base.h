/* truce/base.h: what every room stands on.
 *
 * The context (memory, diagnostics, settings, callbacks), the one list of errors, arenas, text, dates and
 * times with zones, exact decimals, strict YAML by a declared schema, CSV and JSON, the concordance of
 * country codes, keyed random draws, files written whole or not at all, and the trail of a number.
 *
 * Rules that hold for every function of Truce:
 *   - Results come through out-parameters, which stand first after the context; the return value is
 *     TRUCE_OK (0) or a negative code of TRUCE_ERROR_LIST. On an error the out-parameters are left unset
 *     (pointers NULL) unless the comment says otherwise.
 *   - What went wrong for a person stands in the context's diagnostics: file, line, column, what, what to do.
 *   - The library never prints, never exits, keeps no globals and does not read the locale.
 *   - One context serves one thread. What is loaded (records, schedules, worlds) is immutable and may be
 *     shared between threads once its loader has returned.
 */
#ifndef TRUCE_BASE_H
#define TRUCE_BASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#if defined(__GNUC__)
#define TRUCE_API __attribute__((visibility("default")))
#define TRUCE_PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))
#define TRUCE_RESULT_USED __attribute__((warn_unused_result))
#else
#define TRUCE_API
#define TRUCE_PRINTF(fmt, args)
#define TRUCE_RESULT_USED
#endif

#define TRUCE_VERSION "0.1.0"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- errors ------------------------------------------------------------------------------------------ */

/* name, value, message, exit status of the program (design, section 5). */
#define TRUCE_ERROR_LIST(X) \
	X(OK, 0, "done", 0) \
	X(NO, -1, "done, and the answer is no", 1) \
	X(USAGE, -2, "wrong usage", 2) \
	X(INPUT, -3, "bad input", 3) \
	X(NOT_FOUND, -4, "not found", 3) \
	X(LIMIT, -5, "a limit of the reader was passed", 3) \
	X(UNSOUND, -6, "the record is not sound", 3) \
	X(UNKNOWN, -7, "not known from what was given", 3) \
	X(CONVERGE, -8, "did not converge", 4) \
	X(SYSTEM, -9, "the system failed", 5) \
	X(MEMORY, -10, "out of memory", 5) \
	X(CANCELLED, -11, "cancelled", 5)

enum {
#define TRUCE_ERROR_ENUM(name, value, message, status) TRUCE_##name = (value),
	TRUCE_ERROR_LIST(TRUCE_ERROR_ENUM)
#undef TRUCE_ERROR_ENUM
};

TRUCE_API const char *truce_error_name(int code);    /* "INPUT"; "?" for a code that is not in the list */
TRUCE_API const char *truce_error_message(int code); /* "bad input" */
TRUCE_API int truce_error_exit_status(int code);     /* 3 */

/* ---- context ----------------------------------------------------------------------------------------- */

typedef struct truce_context truce_context;

/* Called for every block the library takes or gives back (size 0 frees, as realloc would).  Tests use it to
 * make the n-th allocation fail. */
typedef void *(*truce_realloc_fn)(void *user, void *block, size_t size);

typedef enum { TRUCE_NOTE, TRUCE_WARNING, TRUCE_ERROR } truce_severity;

typedef struct {
	truce_severity severity;
	const char *file;   /* NULL where there is none */
	int line, column;   /* 1-based; 0 where there is none */
	const char *what;   /* one sentence without a full stop */
	const char *remedy; /* what to do; NULL where what says it */
	const char *source; /* the source line, without its newline; NULL where not kept */
} truce_diagnostic;

typedef struct {
	truce_realloc_fn allocate; /* NULL: the C library's */
	void *allocate_user;
	void (*log)(void *user, const char *message);                     /* NULL: silent */
	void (*progress)(void *user, const char *task, double fraction);  /* NULL: none; fraction in [0, 1] */
	bool (*cancelled)(void *user);                                    /* NULL: never */
	void *user;
	int diagnostics_limit; /* how many are kept; 0: 1000. One more is counted, not kept. */
} truce_context_options;

TRUCE_API int truce_context_new(truce_context **out, const truce_context_options *options /* may be NULL */);
TRUCE_API void truce_context_free(truce_context *ctx); /* NULL is allowed */

TRUCE_API void *truce_allocate(truce_context *ctx, size_t size);               /* NULL: diagnosed as MEMORY */
TRUCE_API void *truce_allocate_zero(truce_context *ctx, size_t count, size_t size);
TRUCE_API void *truce_reallocate(truce_context *ctx, void *block, size_t size); /* block stays valid on NULL */
TRUCE_API void truce_release(truce_context *ctx, void *block);                 /* NULL is allowed */

/* Grows *items (of item_size bytes each) so that it holds at least `need`; doubles. */
TRUCE_API int truce_grow(truce_context *ctx, void *items /* T ** */, size_t *capacity, size_t need, size_t item_size);

TRUCE_API void truce_log(truce_context *ctx, const char *fmt, ...) TRUCE_PRINTF(2, 3);
TRUCE_API void truce_progress(truce_context *ctx, const char *task, double fraction);
TRUCE_API bool truce_cancelled(truce_context *ctx);

/* Settings: named texts with a default where they are read.  "deficits" = "zero". */
TRUCE_API int truce_setting_set(truce_context *ctx, const char *key, const char *value);
TRUCE_API const char *truce_setting_get(const truce_context *ctx, const char *key, const char *otherwise);

/* Diagnostics.  truce_fail records an error and returns `code`, so that a reader can say
 *     return truce_fail(ctx, TRUCE_INPUT, file, line, column, "give the code as text", "codes are ...");  */
TRUCE_API int truce_fail(truce_context *ctx, int code, const char *file, int line, int column,
	const char *remedy /* may be NULL */, const char *fmt, ...) TRUCE_PRINTF(7, 8);
TRUCE_API void truce_diagnose(truce_context *ctx, truce_severity severity, const char *file, int line, int column,
	const char *source /* may be NULL; copied */, const char *remedy, const char *fmt, ...) TRUCE_PRINTF(8, 9);
TRUCE_API size_t truce_diagnostic_count(const truce_context *ctx); /* kept */
TRUCE_API const truce_diagnostic *truce_diagnostic_at(const truce_context *ctx, size_t i);
TRUCE_API size_t truce_diagnostic_total(const truce_context *ctx, truce_severity severity); /* kept or not */
TRUCE_API void truce_diagnostics_clear(truce_context *ctx);
/* Drops those kept from the i-th on: for a caller to whom they are an answer. */
TRUCE_API void truce_diagnostics_forget(truce_context *ctx, size_t i);

/* ---- arena: for what is read once and then only looked at ---------------------------------------------- */

typedef struct truce_arena truce_arena;

TRUCE_API int truce_arena_new(truce_context *ctx, truce_arena **out);
TRUCE_API void truce_arena_free(truce_arena *arena);
TRUCE_API void *truce_arena_take(truce_arena *arena, size_t size);             /* zeroed, aligned for any type; NULL: MEMORY */
TRUCE_API void *truce_arena_array(truce_arena *arena, size_t count, size_t size); /* the same, overflow checked */
TRUCE_API char *truce_arena_copy(truce_arena *arena, const char *text, size_t length); /* adds the NUL */
TRUCE_API char *truce_arena_text(truce_arena *arena, const char *text);        /* NULL gives NULL */
TRUCE_API char *truce_arena_printf(truce_arena *arena, const char *fmt, ...) TRUCE_PRINTF(2, 3);
TRUCE_API size_t truce_arena_used(const truce_arena *arena);                   /* bytes */

/* ---- text: a string that grows ------------------------------------------------------------------------- */

/* A failed addition sets `failed` and every later one does nothing, so that only the end need be checked. */
typedef struct {
	truce_context *ctx;
	char *data; /* always NUL-terminated once something was added; NULL before */
	size_t length, capacity;
	bool failed;
} truce_text;

TRUCE_API void truce_text_init(truce_text *text, truce_context *ctx);
TRUCE_API void truce_text_clear(truce_text *text); /* keeps the memory */
TRUCE_API void truce_text_free(truce_text *text);
TRUCE_API void truce_text_add(truce_text *text, const char *more);
TRUCE_API void truce_text_add_bytes(truce_text *text, const char *more, size_t length);
TRUCE_API void truce_text_addf(truce_text *text, const char *fmt, ...) TRUCE_PRINTF(2, 3); /* numbers with a point whatever the locale */
TRUCE_API void truce_text_add_xml(truce_text *text, const char *more);  /* &, <, >, ", ' escaped */
TRUCE_API int truce_text_done(truce_text *text); /* TRUCE_OK or TRUCE_MEMORY */

TRUCE_API int truce_parse_double(const char *text, size_t length, double *out); /* whole text, point only, finite; TRUCE_INPUT, no diagnostic */
TRUCE_API int truce_parse_int(const char *text, size_t length, int64_t *out);
/* Shortest text that reads back to the same double; 0 is "0".  buffer holds at least 32. */
TRUCE_API char *truce_format_double(char *buffer, double value);

/* The candidate nearest to `word` by edits, or NULL where none is near enough to suggest. */
TRUCE_API const char *truce_nearest(const char *word, const char *const *candidates, size_t count);

TRUCE_API uint64_t truce_hash(const void *bytes, size_t length); /* FNV-1a, 64 bits */

/* ---- dates and times ------------------------------------------------------------------------------------ */

typedef int32_t truce_date; /* days since 1970-01-01, Gregorian */
#define TRUCE_NO_DATE INT32_MIN

TRUCE_API int truce_date_parse(const char *text, truce_date *out); /* exactly YYYY-MM-DD that exists; TRUCE_INPUT, no diagnostic */
TRUCE_API char *truce_date_format(char buffer[11], truce_date date);
TRUCE_API truce_date truce_date_of(int year, int month, int day);
TRUCE_API void truce_date_split(truce_date date, int *year, int *month, int *day);
TRUCE_API int truce_date_weekday(truce_date date); /* 0 Monday .. 6 Sunday */

typedef int64_t truce_instant; /* seconds since 1970-01-01T00:00Z */
#define TRUCE_NEVER INT64_MAX  /* later than all instants: no end */
#define TRUCE_EVER INT64_MIN   /* before all instants: no beginning */

/* A point of time as it was written: a day without a zone (precision of a day), or an instant with its zone. */
typedef struct {
	truce_date day;       /* the calendar day as written */
	truce_instant at;     /* the instant, where has_time */
	int offset;           /* minutes east of UTC as written, where has_time */
	bool has_time, set;
} truce_time;

/* YYYY-MM-DD, or YYYY-MM-DDTHH:MM[:SS] followed by Z or +HH:MM or -HH:MM (a time without a zone is refused). */
TRUCE_API int truce_time_parse(const char *text, truce_time *out); /* TRUCE_INPUT, no diagnostic */
TRUCE_API char *truce_time_format(char buffer[32], const truce_time *time); /* as written */

/* Zones: an IANA name of the built-in table ("America/New_York", rules of today, right from 2007 on for the
 * United States) or "UTC".  NULL on an unknown name. */
typedef struct truce_zone truce_zone;
TRUCE_API const truce_zone *truce_zone_find(const char *name); /* static */
TRUCE_API int truce_zone_offset(const truce_zone *zone, truce_instant at);        /* minutes east of UTC; NULL zone is UTC */
TRUCE_API truce_instant truce_day_start(const truce_zone *zone, truce_date day);  /* local 00:00 */
TRUCE_API truce_instant truce_day_end(const truce_zone *zone, truce_date day);    /* local 00:00 of the next day, less a second */
TRUCE_API truce_date truce_instant_day(const truce_zone *zone, truce_instant at); /* NEVER: INT32_MAX; EVER: TRUCE_NO_DATE */
TRUCE_API truce_instant truce_time_start(const truce_time *time, const truce_zone *zone); /* the instant, or the day's start */
TRUCE_API truce_instant truce_time_end(const truce_time *time, const truce_zone *zone);   /* the instant, or the day's end */
TRUCE_API char *truce_instant_format(char buffer[32], truce_instant at, int offset_minutes); /* 2025-11-10T00:01-05:00 */
TRUCE_API truce_date truce_today(void); /* in UTC */

/* ---- decimals: exact, for money and rates in law ---------------------------------------------------------- */

/* units × 10^-scale, scale in [0, 18].  Operations that would overflow return TRUCE_LIMIT. */
typedef struct {
	int64_t units;
	int scale;
} truce_decimal;

TRUCE_API int truce_decimal_parse(const char *text, size_t length, truce_decimal *out); /* "37.5", "-0.02"; TRUCE_INPUT */
TRUCE_API char *truce_decimal_format(char buffer[32], truce_decimal value);
TRUCE_API int truce_decimal_add(truce_decimal a, truce_decimal b, truce_decimal *out);
TRUCE_API int truce_decimal_multiply(truce_decimal a, truce_decimal b, truce_decimal *out);
TRUCE_API int truce_decimal_round(truce_decimal value, int scale, truce_decimal *out); /* half away from zero */
TRUCE_API int truce_decimal_compare(truce_decimal a, truce_decimal b); /* -1, 0, 1 */
TRUCE_API double truce_decimal_double(truce_decimal value);

/* ---- files ------------------------------------------------------------------------------------------------ */

/* Reads a whole file (gzip or plain, told by its first bytes), at most `limit` bytes unpacked (0: 1 GiB).
 * *out is NUL-terminated, freed with truce_release. */
TRUCE_API int truce_file_read(truce_context *ctx, char **out, size_t *length, const char *path, size_t limit);
/* Writes to a temporary file beside `path`, syncs it and renames it: the old file or the new, never half. */
/* Where a path leads through symbolic links: what is to be written whole takes the place of that file, not of the link.
 * To be released. */
TRUCE_API int truce_file_target(truce_context *ctx, char **out, const char *path);
TRUCE_API int truce_file_write(truce_context *ctx, const char *path, const char *data, size_t length);
TRUCE_API bool truce_file_exists(const char *path);
TRUCE_API int truce_directory_make(truce_context *ctx, const char *path); /* with parents; there already is fine */
/* Names in a folder (not "." and ".."), sorted by byte; array and names in the arena. */
TRUCE_API int truce_directory_list(truce_context *ctx, truce_arena *arena, char ***out, size_t *count, const char *path);
TRUCE_API bool truce_directory_exists(const char *path);

/* ---- libraries loaded when needed ------------------------------------------------------------------------------ */

/* Loads the shared library `file` and puts the addresses of its functions `names` one after the other at `functions`
 * (a struct of `count` pointers).  The library stays loaded.  SYSTEM, diagnosed with `hint`, where it is not installed. */
TRUCE_API int truce_library_load(truce_context *ctx, const char *file, const char *const *names, size_t count, void *functions,
	const char *hint);

/* ---- CSV ---------------------------------------------------------------------------------------------------- */

/* RFC 4180 with a header row: quoted fields, "" inside, CRLF or LF, a leading BOM dropped, `,` only.
 * A row of another width than the header is an error that names its line. */
typedef struct truce_csv truce_csv;

TRUCE_API int truce_csv_open(truce_context *ctx, truce_csv **out, const char *path); /* gzip or plain */
TRUCE_API int truce_csv_open_text(truce_context *ctx, truce_csv **out, const char *name, const char *text, size_t length); /* text is borrowed */
TRUCE_API int truce_csv_open_bare(truce_context *ctx, truce_csv **out, const char *path, size_t columns); /* no header row */
TRUCE_API void truce_csv_close(truce_csv *csv);
/* Index of a named column; a missing one is diagnosed with the names that are there (TRUCE_INPUT). */
TRUCE_API int truce_csv_column(truce_csv *csv, size_t *out, const char *name);
TRUCE_API bool truce_csv_has_column(const truce_csv *csv, const char *name, size_t *out /* may be NULL */);
TRUCE_API size_t truce_csv_width(const truce_csv *csv);
TRUCE_API const char *truce_csv_header(const truce_csv *csv, size_t column);
/* The next row: 1 there is one, 0 the end, negative an error.  Fields are valid until the next call. */
TRUCE_API int truce_csv_next(truce_csv *csv);
TRUCE_API const char *truce_csv_field(const truce_csv *csv, size_t column); /* never NULL */
TRUCE_API int truce_csv_double(truce_csv *csv, size_t column, double *out); /* diagnosed with line and column name */
TRUCE_API int truce_csv_line(const truce_csv *csv);
TRUCE_API const char *truce_csv_name(const truce_csv *csv); /* the file's name as given */
TRUCE_API int truce_csv_fail(truce_csv *csv, size_t column, const char *remedy, const char *fmt, ...) TRUCE_PRINTF(4, 5); /* TRUCE_INPUT at this field */
TRUCE_API void truce_csv_write_field(truce_text *out, const char *field); /* quoted where needed, no separator */

/* ---- JSON --------------------------------------------------------------------------------------------------- */

/* Writing, in the order called; commas and escaping are its own.  Non-finite numbers are written as null.
 * Reading is jansson's: rooms that read JSON include <jansson.h> themselves. */
typedef struct {
	truce_text *out;
	int depth;
	uint64_t has_item; /* bit per depth */
} truce_json;

TRUCE_API void truce_json_init(truce_json *json, truce_text *out);
TRUCE_API void truce_json_open(truce_json *json, const char *key /* NULL in arrays and at the top */, char bracket /* '{' or '[' */);
TRUCE_API void truce_json_close(truce_json *json, char bracket /* '}' or ']' */);
TRUCE_API void truce_json_text(truce_json *json, const char *key, const char *value /* NULL: null */);
TRUCE_API void truce_json_number(truce_json *json, const char *key, double value);
TRUCE_API void truce_json_integer(truce_json *json, const char *key, int64_t value);
TRUCE_API void truce_json_bool(truce_json *json, const char *key, bool value);
TRUCE_API void truce_json_null(truce_json *json, const char *key);
TRUCE_API void truce_json_raw(truce_json *json, const char *key, const char *valid_json);

/* ---- YAML, strict, by a declared schema ------------------------------------------------------------------------ */

/* What a scalar or a node must be.  Everything is text in the file: `NO` is Norway, `0101.21` a code. */
typedef enum {
	TRUCE_YAML_TEXT,     /* const char *              any scalar */
	TRUCE_YAML_ID,       /* const char *              lower-case letters, digits, '-', '.', '_'; also party codes in capitals */
	TRUCE_YAML_BOOL,     /* bool                      true or false, nothing else */
	TRUCE_YAML_NUMBER,   /* truce_yaml_number         finite */
	TRUCE_YAML_TIME,     /* truce_time */
	TRUCE_YAML_DAYS,     /* truce_yaml_number         30d, 12w, 3m, 2y: in days (m 30, y 365) */
	TRUCE_YAML_ENUM,     /* int                       index into words; -1 absent */
	TRUCE_YAML_STRUCT,   /* the struct in place       fields of `of` */
	TRUCE_YAML_MAYBE,    /* T *                       a pointer to a struct, NULL where absent */
	TRUCE_YAML_LIST,     /* truce_yaml_list           of structs of `of`; a single mapping is a list of one where SINGLE */
	TRUCE_YAML_TEXTS,    /* truce_yaml_list           of const char * ; a single scalar is a list of one where SINGLE */
	TRUCE_YAML_MAP,      /* truce_yaml_list           key: struct; the key goes to the field named "id" */
	TRUCE_YAML_NODE      /* const truce_yaml_node *   anything; the room reads it itself */
} truce_yaml_type;

typedef struct {
	const char *file; /* in the arena of the document */
	int line, column;
} truce_place;

typedef struct truce_yaml_node truce_yaml_node;
struct truce_yaml_node {
	enum { TRUCE_NODE_SCALAR, TRUCE_NODE_SEQUENCE, TRUCE_NODE_MAPPING } type;
	truce_place place;
	const char *text;               /* scalar */
	size_t length;
	size_t count;                   /* items, or pairs */
	const truce_yaml_node **items;  /* sequence: [count]; mapping: [2*count], key, value, ... */
};

typedef struct {
	double value;
	const char *text; /* as written */
	bool set;
} truce_yaml_number;

typedef struct {
	size_t count;
	void *items; /* struct[count] or const char *[count] */
} truce_yaml_list;

enum { /* flags of a field */
	TRUCE_YAML_REQUIRED = 1,
	TRUCE_YAML_SINGLE = 2,   /* lists: one item may stand without brackets */
	TRUCE_YAML_POSITIVE = 4, /* numbers: > 0 */
	TRUCE_YAML_SHARE = 8     /* numbers: within [0, 1] */
};

typedef struct truce_yaml_schema truce_yaml_schema;
typedef struct {
	const char *key;
	truce_yaml_type type;
	size_t offset;                   /* offsetof the member in the struct */
	unsigned flags;
	const truce_yaml_schema *of;     /* STRUCT, MAYBE, LIST, MAP */
	const char *const *words;        /* ENUM: NULL-terminated; "" is a gap that nothing matches */
	const char *refers_to;           /* ID, TEXTS: the kind that it names, for the JSON Schema and for the room's check; NULL none */
	const char *doc;                 /* one sentence for the manual and the JSON Schema */
} truce_yaml_field;

struct truce_yaml_schema {
	const char *name;                /* "measure" */
	size_t size;                     /* sizeof the struct */
	size_t place_offset;             /* offsetof its truce_place; (size_t)-1 none */
	const truce_yaml_field *fields;  /* ends with key NULL */
	const char *doc;
	/* After its fields were read: what the table cannot say.  Reports through truce_diagnose; may be NULL. */
	int (*check)(truce_context *ctx, void *item, const truce_yaml_node *node);
	const char *shorthand;           /* a scalar or a sequence where the mapping is expected stands for this field; NULL none */
};

typedef struct {
	size_t bytes;   /* of a file;            0: 64 MiB */
	size_t depth;   /* of nesting;           0: 64 */
	size_t nodes;   /* with aliases walked;  0: 8 million */
	size_t aliases; /* 0: 10,000 */
} truce_yaml_limits;

/* Reads one document into nodes of the arena.  Duplicate keys, unknown tags, more than one document, bad UTF-8
 * and passed limits are errors with line and column. */
TRUCE_API int truce_yaml_read(truce_context *ctx, truce_arena *arena, const truce_yaml_node **out, const char *name,
	const char *text, size_t length, const truce_yaml_limits *limits /* may be NULL */);
/* Fills *item (zeroed by the caller, `schema->size` bytes) from a mapping node.  Every error is reported, not only
 * the first; a misspelt key is answered with the nearest that exists.  Returns TRUCE_INPUT if any was. */
TRUCE_API int truce_yaml_fill(truce_context *ctx, truce_arena *arena, void *item, const truce_yaml_schema *schema,
	const truce_yaml_node *node);
/* The same for an entry of a map: the key goes to the field "id", which cannot be written inside (key may be NULL: then
 * it can).  `refer`, where given, is told of every text of a field with `refers_to`: the text lives in the arena. */
typedef void (*truce_yaml_refer_fn)(void *user, const truce_yaml_field *field, const char *text, truce_place place);
TRUCE_API int truce_yaml_fill_entry(truce_context *ctx, truce_arena *arena, void *item, const truce_yaml_schema *schema,
	const truce_yaml_node *key, const truce_yaml_node *node, truce_yaml_refer_fn refer, void *user);
/* Reads one document and hands over its second level entry by entry (`measures: {a: ..., b: ...}` gives "measures", "a",
 * and its value), in the order of the text: key is NULL where the value of `top` is no mapping.  Nodes live until `each`
 * returns; their places for as long as the arena and the text, which is borrowed and NUL-terminated.  An error that `each` returns ends the reading, except TRUCE_INPUT, which
 * is returned at the end.  An empty document has no entries. */
typedef int (*truce_yaml_each_fn)(void *user, const truce_yaml_node *top, const truce_yaml_node *key, const truce_yaml_node *value);
TRUCE_API int truce_yaml_each(truce_context *ctx, truce_arena *arena, const char *name, const char *text, size_t length,
	const truce_yaml_limits *limits, truce_yaml_each_fn each, void *user);
TRUCE_API const truce_yaml_node *truce_yaml_get(const truce_yaml_node *mapping, const char *key); /* NULL if not there */
/* Diagnoses at a place, with its source line.  The place must be one that the reader gave (of a node or of a filled struct),
 * its document's arena still alive; or all zero, for none. */
TRUCE_API void truce_yaml_say(truce_context *ctx, truce_severity severity, truce_place place, const char *remedy,
	const char *fmt, ...) TRUCE_PRINTF(5, 6);
/* The schema as JSON Schema (draft 2020-12), written for YAML's failsafe schema, where every scalar is a string. */
TRUCE_API int truce_yaml_json_schema(truce_json *json, const truce_yaml_schema *root);

/* ---- countries ---------------------------------------------------------------------------------------------------- */

typedef struct {
	const char *iso2, *iso3;
	const char *census; /* the US Census Bureau's four digits; "" where it has none */
	const char *name;
} truce_country;

/* By ISO-2, ISO-3 or Census code; NULL if there is none.  Static. */
TRUCE_API const truce_country *truce_country_find(const char *code);
/* The same, and by name ("Germany"), whatever the case; NULL if there is none. */
TRUCE_API const truce_country *truce_country_named(const char *text);
/* The name or code nearest to a misspelt one, or NULL where none is near enough to suggest. */
TRUCE_API const char *truce_country_nearest(const char *text);
TRUCE_API const truce_country *truce_country_at(size_t i); /* sorted by ISO-2; NULL past the end */

/* ---- random draws keyed by what they are for ------------------------------------------------------------------------ */

/* The same (seed, run, draw) gives the same number on any thread or shard. */
TRUCE_API double truce_draw_uniform(uint64_t seed, uint64_t run, uint64_t draw); /* in (0, 1) */
TRUCE_API double truce_draw_normal(uint64_t seed, uint64_t run, uint64_t draw);  /* mean 0, deviation 1 */

/* ---- the trail of a number -------------------------------------------------------------------------------------------- */

/* A tree under a printed number: what it is, from what, by which operation, from which record and source. */
typedef struct truce_trail truce_trail;
struct truce_trail {
	const char *id;        /* "cost/us-200-magnets/US/long/real_income" */
	const char *what;      /* in words */
	double value;          /* NaN: not known */
	const char *unit;      /* "share", "usd", "pp", "days" */
	const char *operation; /* "sum", "product", "model:equilibrium", "record", "parameter", "assumption" */
	const char *record;    /* id of a record, or NULL */
	const char *source;    /* citation in words, or NULL */
	size_t count;
	truce_trail **inputs;
};

TRUCE_API int truce_trail_new(truce_arena *arena, truce_trail **out, const char *id, double value, const char *unit,
	const char *operation, const char *what);
TRUCE_API int truce_trail_add(truce_arena *arena, truce_trail *parent, truce_trail *input);
TRUCE_API const truce_trail *truce_trail_find(const truce_trail *root, const char *id);
TRUCE_API void truce_trail_to_json(truce_json *json, const char *key, const truce_trail *trail);

#ifdef __cplusplus
}
#endif
#endif
