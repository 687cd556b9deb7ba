/* truce/tariff.h: the duty on (good, from, into, day), layer by layer.
 *
 * A duty is the normal duty and the tariff measures of a record in force on the day, as known on a day, each with its
 * authority and citation; how they stand on one another is data (the record's stackings).  Goods that a record calls
 * complete into a party need no schedule; any other code does.  What is not known is a range with what is missing.
 * Schedules and duty texts are truce/schedule.h. */
#ifndef TRUCE_TARIFF_H
#define TRUCE_TARIFF_H

#include <truce/record.h>
#include <truce/schedule.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
	const char *id;         /* the measure, or "normal" */
	const char *name;
	const char *authority;  /* "mfn" for the normal duty, else the id of the authority it stands on */
	const char *class_;     /* of the stacking rules */
	const char *citation;   /* "" none */
	const char *specific;   /* the text of a duty that is not only ad valorem; NULL */
	double ad_valorem;      /* fraction of value; NaN not known */
	double low, high;       /* bounds; equal to ad_valorem where it is known; high may be INFINITY */
	double usd;             /* to the cent; NaN where no value was given or it is not known */
	bool refundable;        /* levied on the day, void in law as known */
	const char *note;       /* why it does not count, or what is special; NULL */
} truce_tariff_layer;

typedef struct {
	const char *good;       /* as asked */
	const char *code;       /* digits; "" where the good has no single code */
	const char *from, *into;
	truce_clocks clocks;
	double ad_valorem;      /* NaN not known */
	double low, high;
	double usd;             /* NaN not known */
	double usd_low, usd_high; /* of a value that was given, where usd is not known and the rate is bounded; else NaN */
	double refundable;      /* fraction of value levied without law; NaN not known */
	size_t layer_count;
	truce_tariff_layer *layers; /* those that count, the normal duty first */
	size_t aside_count;
	truce_tariff_layer *aside;  /* in force and about this good, but giving way or excused: note says why */
	size_t need_count;
	const char **needs;     /* what would have to be known */
	size_t condition_count;
	const char **conditions;/* in words: goods in transit, quotas */
	size_t assumption_count;
	const char **assumptions;/* in words: lists that the schedule was compiled without, or that no text prints for the day */
} truce_tariff_duty;

/* That a measure reaches only a share of the value, by a list of the schedule with numbers by line. */
typedef struct {
	const char *measure;
	const char *list;
	bool content;           /* of metal and such: an estimate, used for averages only; false: of imports it applies to */
} truce_tariff_share;

/* That goods of a party may enter under a column or a programme of the schedule. */
typedef struct {
	const char *programme;  /* as the special column writes it: "KR", "S+"; or "column2" */
	const char *party;      /* a country, or a group of the record */
	truce_date from, until; /* [from, until); TRUCE_NO_DATE and TRUCE_FOREVER where open */
	const char *claim;      /* the schedule's list of the share of imports that claims it, by line and party; "" none */
	const char *source;     /* the law, in words */
	truce_date known;       /* since when the row is known; TRUCE_NO_DATE: always */
	const char *exempts;    /* ids of exempting measures that rest on the same claim, with blanks between; NULL or "" none */
} truce_tariff_programme;

/* What is said of the very good that is asked about, where the law and the lists leave a range. */
typedef struct {
	const char *id;         /* a programme of the special column ("S"); or a measure: one that exempts, one on a content, one that
	                         * reaches a part of its lines */
	double share;           /* claimed: 1, not: 0; of a content, its share of the value */
} truce_tariff_claim;

typedef struct {
	const truce_record *record;
	const truce_schedule *schedule; /* NULL: goods that the record calls complete only */
	truce_clocks clocks;
	const char *from, *into;        /* parties */
	size_t with_count;
	const char *const *with;        /* ids of records, or acts in YAML's flow form, put on top: "what if" */
	bool has_value;
	truce_decimal value;            /* US dollars */
	bool has_quantity;
	truce_decimal quantity;
	const char *unit;               /* NULL: the unit of the duty */
	size_t share_count;
	const truce_tariff_share *shares;
	bool estimate;                  /* content by the shares, not as a range */
	size_t programme_count;
	const truce_tariff_programme *programmes;
	size_t claim_count;             /* at most 64 */
	const truce_tariff_claim *claims; /* of one good: a panel and averages take none */
} truce_tariff_question;

/* Reads the tables of a party that levies into a question: shares (measure,list,kind) and programmes
 * (programme,party,from,until,claim,source[,known]), as docs/formats/schedule.md says.  In the arena. */
TRUCE_API int truce_tariff_read_shares(truce_context *ctx, truce_arena *arena, truce_tariff_question *question, const char *path);
TRUCE_API int truce_tariff_read_programmes(truce_context *ctx, truce_arena *arena, truce_tariff_question *question, const char *path);

/* The duty on a good: an id of the record, or a code of 4 to 10 digits with or without dots.  TRUCE_NOT_FOUND: the code
 * needs a schedule, or the schedule never had it.  Everything in the arena. */
TRUCE_API int truce_tariff_duty_of(truce_context *ctx, truce_arena *arena, truce_tariff_duty **out,
	const truce_tariff_question *question, const char *good);
TRUCE_API void truce_tariff_duty_to_json(truce_json *json, const char *key, const truce_tariff_duty *duty);
/* The same inside an object that is open already. */
TRUCE_API void truce_tariff_duty_fields_to_json(truce_json *json, const truce_tariff_duty *duty);
/* What of the duty is refundable, in US dollars; 0 nothing, NaN where it is not known in money. */
TRUCE_API double truce_tariff_refundable_usd(const truce_tariff_duty *duty);

/* ---- panels: all lines, all origins, all days -------------------------------------------------------------------- */

/* The duties of many lines from many origins over a stretch of days, compiled: lines that the record and the schedule
 * treat alike are one class, origins one group, and each pair of them one series of change-points.  What a cell says is
 * what truce_tariff_duty_of says of it, to the last bit.
 *     truce_tariff_panel *panel;
 *     truce_tariff_panel_options options = {.from = first, .through = last};
 *     if (truce_tariff_panel_new(ctx, &panel, &question, &options)) ...
 *     truce_tariff_panel_cell(panel, &rate, truce_tariff_panel_line(panel, "8505110070"), truce_tariff_panel_origin(panel, "CN"), day);
 * The record and the schedule must outlive it.  It does not change once made, and may be shared between threads. */
typedef struct truce_tariff_panel truce_tariff_panel;

typedef struct {
	truce_date from, through;       /* both included */
	size_t origin_count;
	const char *const *origins;     /* parties or countries; none: every country but the one that levies */
	size_t prefix_count;
	const char *const *prefixes;    /* digits that codes begin with; none: all */
	size_t code_count;
	const char *const *codes;       /* these codes, digits only, and no others, whether or not they are lines of the schedule */
} truce_tariff_panel_options;

typedef struct {
	double ad_valorem;              /* fraction of value; NaN not known */
	double low, high;               /* as in truce_tariff_duty */
} truce_tariff_rate;

/* From that day on; `value` 0: the line does not exist (or the schedule does not know the day). */
typedef struct {
	truce_date from;
	uint32_t value;
} truce_tariff_point;

typedef struct {
	truce_date from, through;
	size_t lines, origins;
	size_t line_classes, origin_groups;
	size_t series, points, values;  /* different ones */
	size_t days;                    /* on which anything changes */
	size_t bytes;
} truce_tariff_panel_about;

/* The question's `from`, value and quantity are not used.  Without codes the lines are the schedule's leaves, of ten digits
 * (eight with 00 where nothing is subdivided), that stand on any of the days, chapter 99 left out: it names additional
 * duties, no goods. */
TRUCE_API int truce_tariff_panel_new(truce_context *ctx, truce_tariff_panel **out, const truce_tariff_question *question,
	const truce_tariff_panel_options *options);
TRUCE_API void truce_tariff_panel_free(truce_tariff_panel *panel); /* NULL is allowed */
TRUCE_API truce_tariff_panel_about truce_tariff_panel_tell(const truce_tariff_panel *panel);
TRUCE_API const char *truce_tariff_panel_code(const truce_tariff_panel *panel, size_t line);      /* NULL past the end */
TRUCE_API const char *truce_tariff_panel_party(const truce_tariff_panel *panel, size_t origin);   /* NULL past the end */
TRUCE_API int truce_tariff_panel_line(const truce_tariff_panel *panel, const char *code);         /* index; TRUCE_NOT_FOUND */
TRUCE_API int truce_tariff_panel_origin(const truce_tariff_panel *panel, const char *party);      /* index; TRUCE_NOT_FOUND */
/* The stretches of the panel's days on which a line of the schedule stands there as a leaf: [from, until), in order. */
TRUCE_API size_t truce_tariff_panel_life(const truce_tariff_panel *panel, size_t line, truce_date (*out)[2], size_t most);
/* Cells with one series have the same duty on every day. */
TRUCE_API size_t truce_tariff_panel_series(const truce_tariff_panel *panel, size_t line, size_t origin);
/* Change-points of a series, the first on the panel's first day.  Sorted; a point says something other than the last. */
TRUCE_API const truce_tariff_point *truce_tariff_panel_points(const truce_tariff_panel *panel, size_t series, size_t *count);
TRUCE_API truce_tariff_rate truce_tariff_panel_value(const truce_tariff_panel *panel, uint32_t value);
/* One cell.  TRUCE_NOT_FOUND (not diagnosed): no such line, origin or day, or the line does not exist on it. */
TRUCE_API int truce_tariff_panel_cell(const truce_tariff_panel *panel, truce_tariff_rate *out, int line, int origin, truce_date day);
/* All cells of a day: [line][origin], NaN where there is no line; arrays may be NULL. */
TRUCE_API int truce_tariff_panel_day(const truce_tariff_panel *panel, truce_date day, double *ad_valorem, double *low, double *high);

/* One stretch of days of one cell: [from, until), within the line's life. */
typedef struct {
	const char *code, *party;
	truce_date from, until;
	truce_tariff_rate rate, with;   /* with: of the other panel */
} truce_tariff_panel_row;

/* Every cell's stretches in order of lines, origins and days, one call each; an error that `each` returns ends them.
 * `with` (may be NULL) is a second panel of the same lines, origins and days: a stretch is cut where either changes. */
TRUCE_API int truce_tariff_panel_rows(const truce_tariff_panel *panel, const truce_tariff_panel *with,
	int (*each)(void *user, const truce_tariff_panel_row *row), void *user);
/* Writes a panel, with the other beside it where there is one, as an SQLite file (docs/formats/panel.md), whole or not at all. */
TRUCE_API int truce_tariff_panel_save(truce_context *ctx, const truce_tariff_panel *panel, const truce_tariff_panel *with, const char *path);

/* ---- averages ------------------------------------------------------------------------------------------------ */

typedef struct {
	const char *authority;  /* "mfn", "301", ... */
	double rate;            /* points of the average */
} truce_tariff_part;

typedef struct {
	const char *code, *why;
	double usd;
} truce_tariff_unmatched;

typedef struct {
	const char *from, *into;
	truce_clocks clocks;
	double average;         /* duty over value of what was matched; duties by quantity count with their percentages only */
	double matched_usd, unmatched_usd;
	double by_quantity_usd; /* of the matched: value of lines whose normal duty is by quantity, in whole or part */
	double shared_usd;      /* of the matched: value of codes that several lines share in equal parts, as no record says in which */
	double low, high;       /* the average were each of them all the line that pays least, or most */
	size_t lines;
	size_t part_count;
	truce_tariff_part *parts;           /* by authority, as in the record's order; they sum to the average */
	size_t unmatched_count;             /* the largest, at most 20 */
	truce_tariff_unmatched *unmatched;
	size_t party_count;
	const char **parties;               /* whose rows were taken: `from`, or its members where the weights know only them */
} truce_tariff_rates;

/* The average of the duties on a day on goods of `from`, weighted by imports: truce_tariff_averages_of for one day and
 * origin.  `partners` as there; NULL none. */
TRUCE_API int truce_tariff_rates_of(truce_context *ctx, truce_arena *arena, truce_tariff_rates **out, const truce_tariff_question *question,
	const char *weights, const char *partners);
TRUCE_API void truce_tariff_rates_to_json(truce_json *json, const char *key, const truce_tariff_rates *rates);

typedef enum {
	TRUCE_RATES_IMPORTS,       /* duty by line, weighted by imports_usd of line and partner */
	TRUCE_RATES_WORLD_EXPORTS, /* weighted by exports_usd, what each partner exports to the world; codes of fewer than ten
	                            * digits take the plain mean of their lines (as the Peterson Institute does) */
	TRUCE_RATES_COLLECTED      /* duty_usd over imports_usd: what was paid in the weights' own time, whatever the day */
} truce_rates_definition;

typedef struct {
	truce_date from, through;          /* both included */
	truce_rates_definition definition;
	size_t origin_count;
	const char *const *origins;        /* none: every partner of the weights; of a group that they do not have, its members */
	const char *weights;               /* CSV: hts10, hs10, hs6 or code; country (Census code, ISO, or a party); the values */
	const char *sectors;               /* CSV: hs10 (or hts10, code) and sector_column; NULL: none */
	const char *sector_column;         /* NULL: "sector", else the second column of the file */
	const char *concordance;           /* CSV old_hts10,new_hts10,change_type: where weights' codes went; NULL: none */
	const char *partners;              /* CSV code,party: partners of weights that are no country; NULL: none */
} truce_tariff_averages_options;

/* The averages of all, of one party, or of one sector; stretch i is that of truce_tariff_averages.days. */
typedef struct {
	const char *party, *sector;        /* "" both: all */
	size_t cells;
	const double *average;             /* [stretches]; NaN where nothing is matched */
	const double *parts;               /* [stretch][authority]; they sum to the average */
	const double *matched_usd, *unmatched_usd, *by_quantity_usd; /* [stretches] */
	const double *shared_usd, *low, *high; /* [stretches] as in truce_tariff_rates */
} truce_tariff_average;

typedef struct {
	truce_rates_definition definition;
	size_t stretches;
	const truce_date *days;            /* [stretches + 1] first days, and the day after the last */
	size_t authority_count;
	const char *const *authorities;    /* "mfn" first */
	size_t count;
	const truce_tariff_average *items; /* all, then parties, then sectors */
	size_t unmatched_count;
	const truce_tariff_unmatched *unmatched; /* on the first day, the largest, at most 20 */
	double inside_usd;                 /* of partners that another partner of the weights already contains: not in all */
	const char *inside;                /* which, in words; "" none */
	double unknown_usd;                /* of partners that are no party; in no average */
	const char *absent;                /* who was asked for and has no rows, in words; "" nobody.  Nobody left: TRUCE_NOT_FOUND */
} truce_tariff_averages;

/* Averages over days, by party and by sector.  In estimates content, exclusions and claims are those of the schedule's
 * lists; duties by quantity count with their percentages only. */
TRUCE_API int truce_tariff_averages_of(truce_context *ctx, truce_arena *arena, truce_tariff_averages **out,
	const truce_tariff_question *question, const truce_tariff_averages_options *options);
TRUCE_API const char *truce_rates_definition_word(truce_rates_definition definition); /* "imports", "world-exports", "collected" */
TRUCE_API void truce_tariff_averages_to_json(truce_json *json, const char *key, const truce_tariff_averages *averages);

#ifdef __cplusplus
}
#endif
#endif
