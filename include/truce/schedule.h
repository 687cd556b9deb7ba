/* truce/schedule.h: tariff schedules and duty expressions; the half of the tariff room that reads the law.
 *
 * What a duty text says and what it costs; what a line of a schedule said on any day; who stands on which list.
 * It does not know measures, stacking or origins: those are truce/tariff.h, which stands on this header.
 *
 * A compiled schedule is one SQLite file (docs/formats/schedule.md).  An opened one is wholly in memory,
 * immutable, and may be shared between threads. */
#ifndef TRUCE_SCHEDULE_H
#define TRUCE_SCHEDULE_H

#include <truce/base.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- duty expressions --------------------------------------------------------------------------------- */

typedef enum {
	TRUCE_DUTY_AD_VALOREM, /* a share of the value, or of the value of a part */
	TRUCE_DUTY_SPECIFIC,   /* money for a quantity, or for the quantity of a content */
	TRUCE_DUTY_APPLICABLE, /* the duty of the line that the good would stand in otherwise ("No change" too) */
	TRUCE_DUTY_REFERENCE   /* a rate that stands elsewhere: in a note, in the other articles of a set, ... */
} truce_duty_kind;

/* How a term joins those before it.  The duty is the sum of ADD less the sum of SUBTRACT, then not less than any
 * NOT_LESS and not more than any NOT_MORE. */
typedef enum { TRUCE_DUTY_ADD, TRUCE_DUTY_SUBTRACT, TRUCE_DUTY_NOT_LESS, TRUCE_DUTY_NOT_MORE } truce_duty_role;

typedef struct {
	truce_duty_kind kind;
	truce_duty_role role;
	truce_decimal amount; /* AD_VALOREM: per cent (37.5 is 37.5 %); SPECIFIC: US dollars (0.044 is 4.4 cents) */
	int64_t divisor;      /* of the amount: 33 1/3 % is 100 / 3; 1 otherwise */
	int64_t per;          /* SPECIFIC: for so many units; 1000 in "$2/1,000" */
	const char *unit;     /* SPECIFIC: "kg", "No.", "pr.", "liter", "degree", ... as in the table of units; else NULL */
	const char *of;       /* the part or content it is on: "case", "lead content", "drained weight"; NULL: the whole good */
	const char *where;    /* REFERENCE: the words that say where the rate stands; else NULL */
} truce_duty_term;

typedef struct {
	const char *text;      /* as published, without mark-up, blanks tidied; "" for none */
	const char *unread;    /* why it could not be read; NULL: it was.  An unread duty is unknown, never 0 */
	const char *condition; /* "under bond", ...; NULL none */
	bool free;             /* no duty: it has no terms */
	size_t count;
	const truce_duty_term *terms;
} truce_duty_expression;

/* One group of the special column: a duty and the programmes that have it. */
typedef struct {
	truce_duty_expression duty;
	size_t count;
	const char *const *programmes; /* "A", "A*", "KR", "S+", ... as published */
} truce_duty_special;

/* Reads a duty text.  Always fills *out when memory allows: a text that is not in the grammar gives `unread`.
 * HTML tags are dropped, blanks are free.  An empty text gives count 0, free false, unread NULL and text "". */
TRUCE_API int truce_duty_parse(truce_arena *arena, truce_duty_expression *out, const char *text, size_t length);
/* Reads the text of the special column; *count 0 for an empty one.  A group that cannot be read is kept with `unread`. */
TRUCE_API int truce_duty_parse_special(truce_arena *arena, truce_duty_special **out, size_t *count, const char *text,
	size_t length);
/* The expression again in the layout of the schedule ("90¢/pr. + 37.5%"); reading that gives an equal one. */
TRUCE_API void truce_duty_format(truce_text *out, const truce_duty_expression *duty);
/* In words: "4.4 cents per kilogram, plus 10 percent of the value". */
TRUCE_API void truce_duty_words(truce_text *out, const truce_duty_expression *duty);
TRUCE_API bool truce_duty_equal(const truce_duty_expression *a, const truce_duty_expression *b); /* by meaning, not by text */
/* Whether it is only ad valorem on the whole value (or free); the fraction then in *out. */
TRUCE_API bool truce_duty_is_simple(const truce_duty_expression *duty, double *out);

typedef struct {
	truce_decimal amount;
	const char *unit; /* any unit of the table, "kg", "No.", "doz.", "g", ...; "USD" for the value of a part */
	const char *of;   /* the part or content this is the quantity of; NULL: the whole good */
} truce_duty_quantity;

/* What is being entered.  Nothing has to be known. */
typedef struct {
	bool has_value;
	truce_decimal value;      /* US dollars, customs value */
	size_t count;
	const truce_duty_quantity *quantities;
	bool exact;               /* without the rounding of value and quantity of 19 CFR 159.3 */
} truce_duty_entry;

typedef struct {
	bool known;               /* usd is the duty to the cent */
	truce_decimal usd;
	double usd_low, usd_high; /* bounds where it is not known; the upper may be INFINITY */
	bool ad_valorem_known;    /* the duty as a fraction of value */
	double ad_valorem, ad_valorem_low, ad_valorem_high;
	double part_ad_valorem;   /* the part of ad_valorem that its percentages of the whole value make */
	double part_specific;     /* the rest; NaN where not known */
	size_t need_count;
	const char **needs;       /* [need_count] what is missing, in words: "quantity in kg", "kg of lead content" */
} truce_duty_answer;

/* The duty that an expression makes of an entry: money where value and quantities are known (19 CFR 159.3: value to the
 * whole dollar; a quantity to the whole unit where its unit pays at most one dollar, else to two places; the duty to
 * the cent), the ad valorem equivalent, and bounds with what is missing where they are not.
 * `applicable` is the answer of the duty that APPLICABLE terms stand for; NULL: not known. */
TRUCE_API int truce_duty_evaluate(truce_arena *arena, truce_duty_answer *out, const truce_duty_expression *duty,
	const truce_duty_entry *entry, const truce_duty_answer *applicable /* may be NULL */);
/* How many `to` make one `from` ("doz." to "No." is 12); TRUCE_NOT_FOUND where neither is a multiple of the other's kind. */
TRUCE_API int truce_unit_ratio(truce_decimal *out, const char *from, const char *to);
/* The table's name of a unit ("Number" is "No.", "kilograms" is "kg"); NULL for one that is not in the table. */
TRUCE_API const char *truce_unit_name(const char *unit);

/* ---- an opened schedule ---------------------------------------------------------------------------------- */

#define TRUCE_FOREVER INT32_MAX /* a truce_date later than all: nothing has ended it */

typedef struct truce_schedule truce_schedule;

/* What a line said from one day until another. */
typedef struct {
	truce_date from, until;                /* [from, until); until may be TRUCE_FOREVER */
	const truce_duty_expression *general;  /* never NULL; its own, or its nearest ancestor's; text "" where no rate stands anywhere */
	const truce_duty_expression *column2;  /* the same; for countries without normal relations */
	const truce_duty_special *special;     /* [special_count] */
	size_t special_count;
	const char *description;               /* its own, without mark-up */
	const char *units;                     /* "No., kg"; "" none */
	const char *footnotes;                 /* "general: See 9903.88.03.", one a line; "" none */
	const char *const *headings;           /* [heading_count] digits of the headings its footnotes on the duty name, own or */
	size_t heading_count;                  /*   nearest ancestor's: "99038803", sorted, ranges spelt out */
	bool leaf;                             /* nothing is subdivided from it: what is reported to statistics */
	uint16_t revision;                     /* index of the revision that brought it in */
} truce_schedule_spell;

typedef struct {
	const char *code;  /* digits only, as published: 4, 6, 8 or 10 */
	int digits;
	size_t count;
	const truce_schedule_spell *spells; /* [count] in order of time, not overlapping; gaps where the line did not exist */
} truce_schedule_line;

typedef struct {
	const char *id;        /* "2025-rev-18" */
	truce_date published;
	truce_date effective;  /* its changes apply from here where no item says otherwise */
	size_t objects;        /* rows in the published file */
} truce_schedule_revision;

typedef struct {
	const char *country;   /* ISO-2 of the levying party: "US" */
	truce_date from, until;/* what is covered: no earlier than the first revision; until TRUCE_FOREVER: the last one stands */
	size_t lines, spells, revisions, lists;
	size_t bytes;          /* of memory */
} truce_schedule_about;

/* Opens a compiled schedule; INPUT for a file that is not one, of another version, or damaged. */
TRUCE_API int truce_schedule_open(truce_context *ctx, truce_schedule **out, const char *path);
TRUCE_API void truce_schedule_close(truce_schedule *schedule); /* NULL is allowed */
TRUCE_API truce_schedule_about truce_schedule_tell(const truce_schedule *schedule);
TRUCE_API const truce_schedule_revision *truce_schedule_revision_at(const truce_schedule *schedule, size_t i); /* NULL past the end */
TRUCE_API const truce_schedule_line *truce_schedule_line_at(const truce_schedule *schedule, size_t i); /* sorted by code; NULL past the end */

/* The line of a code of 4 to 10 digits, dots and blanks allowed.  Ten digits fall to their eight, eight rise to their ten
 * with 00.  NOT_FOUND (diagnosed with the nearest codes) where the schedule never had it; INPUT where it is no code. */
TRUCE_API int truce_schedule_find(truce_context *ctx, const truce_schedule *schedule, const truce_schedule_line **out,
	const char *code);
/* What the line of a code said on a day: as above, and where ten digits did not exist on that day their eight answer.
 * UNKNOWN where the day is outside what the schedule covers, NOT_FOUND where the line did not exist. */
TRUCE_API int truce_schedule_on(truce_context *ctx, const truce_schedule *schedule, const truce_schedule_line **line,
	const truce_schedule_spell **out, const char *code, truce_date on);
/* The spell that covers a day; NULL none. */
TRUCE_API const truce_schedule_spell *truce_schedule_spell_on(const truce_schedule_line *line, truce_date on);
/* The group of the special column for a programme ("KR", "S+"); NULL none. */
TRUCE_API const truce_duty_special *truce_schedule_special(const truce_schedule_spell *spell, const char *programme);

/* ---- lists ------------------------------------------------------------------------------------------------ */

typedef struct {
	const char *id;        /* "us-301-list-3" */
	const char *what;      /* one sentence */
	const char *authority; /* id of an authority of the record: "301"; "" none */
	const char *heading;   /* digits of the chapter 99 heading; "" none or by row */
	const char *value;     /* what a row's value is: "steel share of value"; "" rows have none */
	const char *source;    /* citation in words */
	const char *origin;    /* the file, or "footnotes", or "notes" */
	bool trusted;          /* from the schedule or its notes; false: compiled by others */
	size_t count;
} truce_schedule_list;

typedef struct {
	const char *code;      /* 2 to 10 digits: the line and all below it */
	truce_date from, until;/* [from, until) */
	const char *party;     /* ISO-2, a group, or "" for all */
	const char *heading;   /* of this row; "" the list's */
	double value;          /* NaN: none */
} truce_schedule_member;

TRUCE_API const truce_schedule_list *truce_schedule_list_at(const truce_schedule *schedule, size_t i); /* NULL past the end */
/* Index of a list by id; TRUCE_NOT_FOUND (negative, not diagnosed). */
TRUCE_API int truce_schedule_list_find(const truce_schedule *schedule, const char *id);
/* Rows of a list, sorted by code, then party, then from.  Lists of numbers are read from the file when first asked for;
 * where that fails they have no rows, and a number that no row gives is unknown, not 0. */
TRUCE_API const truce_schedule_member *truce_schedule_members(const truce_schedule *schedule, size_t list, size_t *count);
/* Whether a list may have a row whose code is `code` (digits) or above it, whatever the day and the party; without unpacking
 * the list.  Lists of numbers always may. */
TRUCE_API bool truce_schedule_list_holds(const truce_schedule *schedule, size_t list, const char *code);
/* The row with the longest code that is `code` (digits) or above it, covers the day, and is for the party or for all;
 * NULL: not on the list.  Takes the time of ten binary searches. */
TRUCE_API const truce_schedule_member *truce_schedule_member_on(const truce_schedule *schedule, size_t list,
	const char *code, truce_date on, const char *party /* NULL: rows for all only */);

/* A row of a list from a file that is not what the law prints, or the other way round. */
typedef struct {
	const char *list;      /* the list of the file */
	const char *law;       /* what it was compared with: a list of the notes, "footnotes", "schedule" */
	const char *code, *heading;
	bool in_file;          /* the file has it, the law does not; false: the other way */
	const char *verdict;   /* "file wrong", "file wider", "file narrower", "file lacks it", "law elsewhere", "no such line" */
	const char *why, *source;
} truce_list_difference;

/* Every difference between lists from files and the law that an import found, in the order of lists and codes. */
TRUCE_API int truce_schedule_list_differences(truce_context *ctx, truce_arena *arena, truce_list_difference **out, size_t *count,
	const char *path, const char *list /* NULL: of all lists */);

/* ---- import, search, differences ----------------------------------------------------------------------------- */

typedef enum {
	TRUCE_SCHEDULE_AUTO, /* told by the content of each file */
	TRUCE_SCHEDULE_CSV   /* code,description,unit,rate[,special...] of any country */
} truce_schedule_format;

typedef struct {
	const char *into;               /* ISO-2 of the levying party */
	truce_schedule_format format;
	size_t input_count;
	const char *const *inputs;      /* files, or folders of them */
	size_t list_count;
	const char *const *lists;       /* folders of list files; may be NULL */
	const char *revisions;          /* CSV revision,published,... ; NULL: dates from change records and file names only */
	const char *lists_meaning;      /* YAML: what each list file means; NULL only where there are no lists */
	const char *notes_meaning;      /* YAML: which subdivisions of the notes are lists; NULL: notes are not read */
	truce_date from;                /* CSV without dates: in force from here; TRUCE_NO_DATE: refused */
	const char *output;
} truce_schedule_import_options;

/* One thing that was not read, or does not fit. */
typedef struct {
	truce_severity severity;
	const char *file;
	int line;          /* row of the file's array (1-based) or line of text; 0 none */
	const char *code;  /* "" none */
	const char *what;
} truce_schedule_remark;

typedef struct {
	size_t files, revisions, objects, lines, spells, texts, texts_unread, change_items, list_files, list_rows;
	size_t remark_count;
	truce_schedule_remark *remarks;
	double seconds;
	truce_arena *arena; /* owns it all */
} truce_schedule_report;

/* Reads what is published and writes one compiled file, whole or not at all.  The report is filled also where it fails
 * after reading began (then *out may be NULL only on MEMORY). */
TRUCE_API int truce_schedule_import(truce_context *ctx, truce_schedule_report **out, const truce_schedule_import_options *options);
TRUCE_API void truce_schedule_report_free(truce_context *ctx, truce_schedule_report *report); /* NULL is allowed */

typedef struct {
	const char *code;
	const char *description; /* with those of its headings, from the widest: "Electric motors: ...: Permanent magnets" */
	const char *general;     /* the text of its general duty */
	double score;            /* lower is nearer */
} truce_schedule_hit;

/* Lines whose descriptions have all the words (stems; "a phrase" in quotes), as they stood on a day. */
TRUCE_API int truce_schedule_search(truce_context *ctx, truce_arena *arena, truce_schedule_hit **out, size_t *count,
	const char *path, const char *words, truce_date on, size_t limit);

typedef struct {
	const char *code;
	const char *field;        /* "line", "general", "special", "column2", "units", "description", "footnotes" */
	const char *before, *after; /* "" where the line was or is not */
	truce_date effective;
	const char *revision;     /* id of the revision that brought it */
	const char *item, *nature, *source; /* of the change record; "" where no item was found */
} truce_schedule_change;

/* What changed between the ends of two days, by line, with the item of the change record that says so. */
TRUCE_API int truce_schedule_diff(truce_context *ctx, truce_arena *arena, truce_schedule_change **out, size_t *count,
	const char *path, truce_date before, truce_date after);

/* ---- fetching what is published --------------------------------------------------------------------------------- */

typedef struct {
	const char *table;  /* CSV file,url[,size,sha256]: what to bring, from where */
	const char *folder; /* where to; made where it is not there */
	const char *match;  /* only files whose names hold this; NULL: all */
} truce_schedule_fetch_options;

typedef struct {
	size_t fetched, there, resumed, failed; /* files: brought, there already and whole, taken up again, not brought */
	uint64_t bytes;
} truce_schedule_fetch_report;

/* Brings the files of a table of addresses by HTTP.  What was begun is resumed; a file whose size and hash are what the
 * table (or the note of its fetching, fetched.csv in the folder) says is not brought again; one that comes otherwise is
 * refused (INPUT).  A file that fails does not keep the others from coming; the first failure is returned. */
TRUCE_API int truce_schedule_fetch(truce_context *ctx, truce_schedule_fetch_report *out, const truce_schedule_fetch_options *options);

#ifdef __cplusplus
}
#endif
#endif
