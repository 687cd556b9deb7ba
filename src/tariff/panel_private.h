/* panel_private.h: what the files of the panel share (tariff room).
 *
 *   panel_days.c     the days on which anything changes, and what each measure is from each of them on
 *   panel_origins.c  origins that every measure reaches alike: groups
 *   panel_lines.c    lines that every list treats alike: classes
 *   panel_sets.c     which layers a class and a group have at a time, stacked: sets, each worked out once
 *   panel.c          series of change-points from all this, and the questions that it answers */
#ifndef TRUCE_PANEL_PRIVATE_H
#define TRUCE_PANEL_PRIVATE_H

#include "duty_private.h"

#define PANEL_NONE UINT32_MAX

/* A fingerprint of 128 bits: what has the same is the same. */
struct panel_key {
	uint64_t a, b;
};

/* One to one in x for every key, and in the key for every x: nothing mixed in is lost. */
static inline void panel_mix(struct panel_key *key, uint64_t x)
{
	uint64_t z = key->a + x + 0x9e3779b97f4a7c15u;
	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	key->a = z ^ z >> 31;
	key->b = ((key->b << 23 | key->b >> 41) ^ x) * 0xd6e8feb86659fd93u + 1;
}

static inline void panel_mix_double(struct panel_key *key, double x)
{
	union {
		double real;
		uint64_t bits;
	} u = {x};
	panel_mix(key, x != x ? 0x7ff8000000000000u : u.bits);
}

void panel_mix_text(struct panel_key *key, const char *text);

struct panel_map {
	truce_context *ctx;
	struct panel_key *keys; /* [slots] */
	uint32_t *values;       /* [slots] + 1; 0 free */
	size_t count, slots;
};

void panel_map_close(struct panel_map *map);
/* The value of a key; where it is new, `fresh` is its value and *added true. */
int panel_map_at(struct panel_map *map, struct panel_key key, uint32_t fresh, uint32_t *value, bool *added);

/* Shares that lists give, with the last answer: lines that begin with the same digits, as far as codes of the lists go, have
 * the same share from the same origin. */
struct panel_share {
	struct duty_shares lists;
	size_t digits;                 /* of the longest code of the lists */
	bool known;
	char code[16];                 /* what it was last asked for */
	const char *from;
	uint32_t epoch;
	double value;
};

/* A measure that levies, or an act on top. */
struct panel_levy {
	const truce_measure *measure;  /* NULL: an act on top */
	const struct duty_extra *extra;
	uint64_t exempters;            /* that name the measure */
	bool excludes;                 /* has exclusions */
	bool applies, content;         /* lists give the share it applies to, or that is content */
	struct panel_share content_shares;
};

/* What a levy is from a day on. */
struct panel_state {
	const truce_level *level;
	bool overridden, refundable;
	uint64_t running;              /* exclusions */
};

struct panel_group {
	size_t origin;                 /* one of it, for all */
	uint64_t *rules;               /* [epoch] which rows of the stackings hold for it */
	uint64_t *reach;               /* [epoch][levy words] */
	uint64_t *open;                /* [epoch][levy] exclusions for it */
	uint64_t *exempt;              /* [epoch] exempters that reach it */
};

/* What a class of lines is from a day on. */
struct panel_claim {
	const truce_membership *by;
	double applies;
	uint64_t excused;              /* exclusions whose goods hold it */
};
struct panel_view {
	uint32_t segment;
	uint64_t *scope;               /* [levy words] */
	struct panel_claim *claims;    /* [levies], of those in scope; NULL: nothing but the scope */
	uint64_t exempt;               /* exempters whose goods hold it */
};

struct panel_class {
	size_t line;                   /* one of it, for all */
	bool parties;                  /* rows of lists for single parties touch it: its views depend on the group */
	size_t view_count;
	struct panel_view *views;      /* [view_count]; not for `parties` */
};

struct panel_layer {
	truce_tariff_rate rate;
	const truce_level *level;      /* its floor is filled by the normal duty */
	uint32_t authority;            /* into panel.authorities */
	bool maybe;                    /* these as in duty_mark */
	uint64_t maybe_by, leaves, yields;
	double applied_low, whole_low, taken, left;
	uint8_t part;
};

/* The measures' layers of a cell, stacked. */
struct panel_set {
	size_t first;
	uint32_t count;
	bool floors;
};

/* The normal duty of a class of lines for a group of origins. */
struct panel_normal {
	truce_tariff_rate rate;        /* what the duty says */
	truce_tariff_rate general;     /* without a programme */
	uint32_t programme;            /* of the question; PANEL_NONE */
};

struct panel_line {
	const char *code;              /* digits */
	const truce_good *good;
	const truce_schedule_line *exact, *eight, *zero; /* where its spells are looked for, in this order */
	uint32_t measure_class, normal_class, pair;
};

struct panel_run {
	uint32_t segment, value;
};

struct panel_span {
	size_t first;
	uint32_t count;
};

struct truce_tariff_panel {
	truce_context *ctx;
	truce_arena *arena, *scratch;
	truce_tariff_question ask;
	struct duty_work *work;
	truce_date from, until;        /* [from, until) */
	truce_date known_day;          /* the schedule is asked as it stood then for later days */

	size_t segment_count;
	truce_date *days;              /* [segment_count + 1] first days, and the end */
	uint32_t *segment_of;          /* [until - from] */
	size_t epoch_count;
	truce_instant *ends;           /* [segment] of its first day, where duties are levied */
	truce_date *asked;             /* [segment] the day on which the schedule is asked */
	uint32_t *epoch_of;            /* [segment] membership of parties changes between epochs */
	const truce_stacking **stackings; /* [segment] */

	size_t levy_count, words;      /* words: of a bit per levy */
	struct panel_levy *levies;
	uint64_t *standing;            /* [segment][words] */
	struct panel_state *states;    /* [segment][levy] */
	uint64_t *exempting;           /* [segment] exempters in force */
	struct panel_share exempter_shares[MOST_MASK], normal_shares;
	uint64_t sharing;              /* exempters with shares by line: they leave a part */
	double *content;               /* [levies] of the cell at hand: estimates */
	bool content_known, shares_known; /* of the cell at hand */
	bool share_windows;            /* rows of the lists of shares have windows */

	size_t origin_count;
	const char **origins;
	uint32_t *measure_group, *normal_group, *group_of; /* [origin]; group_of: pairs of the two */
	size_t measure_group_count, normal_group_count, group_count;
	struct panel_group *groups;    /* [measure_group_count] */
	size_t *normal_origin;         /* [normal_group_count] one of it */
	struct panel_span *programmes; /* [normal_group][epoch] of programme_list: those of its origins */
	size_t *programme_list;
	size_t programme_count, programme_capacity;
	uint32_t (*group_pair)[2];     /* [group_count] measure group, normal group */
	struct panel_map row_map;      /* (rules, stacking, levy) to rows */
	const truce_stacking_class **rows;
	size_t row_count, row_capacity;

	size_t line_count;
	struct panel_line *lines;
	size_t class_count, normal_class_count, pair_count;
	struct panel_class *classes;
	size_t *normal_line;           /* [normal_class_count] one of it */
	uint32_t (*pairs)[2];          /* [pair_count] measure class, normal class */
	struct panel_key *signatures;  /* [line] */
	uint64_t *goods_touched, *laws_touched, *changes; /* [line][goods words], [line][law words], [line][segment words] */
	size_t goods_words, law_words, change_words;

	struct panel_map set_map, set_ids, choice_map, normal_ids, value_map, value_ids, series_map;
	size_t set_count, set_capacity, layer_count, layer_capacity, normal_count, normal_capacity, value_count, value_capacity,
		point_count, point_capacity, series_count, series_capacity;
	struct panel_set *sets;
	struct panel_layer *layers;
	struct panel_normal *normals;  /* 0: the line is not there */
	truce_tariff_rate *values;     /* 0: the line is not there */
	truce_tariff_point *points;
	struct panel_span *spans;      /* [series] of points */
	uint32_t *series_of;           /* [pair][group] */
	struct panel_span *set_runs;   /* [class][measure group] of runs: sets */
	struct panel_span *normal_runs;/* [normal class][normal group] of runs: normals */
	struct panel_run *runs;
	uint64_t *boundaries;          /* [change words] of the line at hand */
	size_t run_count, run_capacity;
	size_t authority_count, authority_capacity;
	const char **authorities;
};

/* panel.c */
/* Without series nothing is laid out: runs are made when they are asked for. */
int panel_new(truce_context *ctx, truce_tariff_panel **out, const truce_tariff_question *question, const truce_tariff_panel_options *options,
	bool series);
int panel_set_run(truce_tariff_panel *p, size_t class_, size_t group, const bool *changes);
int panel_normal_run(truce_tariff_panel *p, size_t class_, size_t group);

/* panel_days.c */
int panel_levies(truce_tariff_panel *p);  /* who levies, and every list that is asked for, resolved */
int panel_days(truce_tariff_panel *p);
int panel_states(truce_tariff_panel *p);
void panel_at(truce_tariff_panel *p, size_t segment); /* sets the work's clocks */
truce_clocks panel_clocks(const truce_tariff_panel *p, size_t segment);
/* The first segment on which the schedule is asked of that day or a later one; segment_count: never. */
size_t panel_segment_from(const truce_tariff_panel *p, truce_date day);

/* panel_origins.c */
int panel_origins(truce_tariff_panel *p, const truce_tariff_panel_options *options);

/* panel_lines.c */
int panel_find_lines(truce_tariff_panel *p, const truce_tariff_panel_options *options);
int panel_classes(truce_tariff_panel *p);
const truce_schedule_spell *panel_spell(const struct panel_line *line, truce_date day);
void panel_take_line(truce_tariff_panel *p, size_t line, size_t segment); /* sets the work's good, spell and digits */
int panel_view_at(truce_tariff_panel *p, const struct panel_class *c, size_t group, size_t segment, struct panel_view *out);
/* The segments at which the spell of a line may be another one, 0 always: bits [change_words]. */
void panel_boundaries(const truce_tariff_panel *p, const struct panel_line *line, uint64_t *bits);

/* Adds those at which programmes begin and end. */
void panel_programme_boundaries(const truce_tariff_panel *p, uint64_t *bits);

/* panel_sets.c */
/* The set of a view for a group at a segment. */
int panel_set_of(truce_tariff_panel *p, uint32_t *out, const struct panel_view *view, size_t group, size_t segment);
/* Segments at which what measures are to a group changes, the first always. */
void panel_group_changes(const truce_tariff_panel *p, size_t group, bool *changes);
/* The same with the shares of estimates that the lists give a line from an origin; PANEL_NONE in *out: not different. */
double panel_share(truce_tariff_panel *p, struct panel_share *shares, size_t segment); /* of the work's line and origin */
void panel_next_cell(truce_tariff_panel *p); /* before the first question about another cell */
int panel_set_of_cell(truce_tariff_panel *p, uint32_t *out, const struct panel_view *view, size_t group, size_t segment, size_t line,
	size_t origin);
int panel_normal_of(truce_tariff_panel *p, uint32_t *out, size_t line, size_t normal_group, size_t segment);
/* Puts a normal duty and the layers of a set into the work, floors filled. */
void panel_lay(truce_tariff_panel *p, const truce_tariff_rate *normal, uint32_t set);
int panel_value_of(truce_tariff_panel *p, uint32_t *out, uint32_t normal, uint32_t set);

#endif
