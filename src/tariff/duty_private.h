/* duty_private.h: what the files of the duty half of the tariff room share.
 *
 * A duty is made in four steps, a file each: the normal duty (duty_normal.c); which measures reach the good, and with
 * what facts (duty_scope.c, duty_levy.c); what acts on top change (duty_with.c); how the layers stand on one another
 * (duty_stack.c).  `truce_tariff_duty_of` (duty.c) finds the facts by asking the record and the schedule for one good;
 * the panel (panel_*.c) finds them for all lines at once.  From the facts on both take the same way. */
#ifndef TRUCE_DUTY_PRIVATE_H
#define TRUCE_DUTY_PRIVATE_H

#include <truce/tariff.h>

enum { CONTENT_APART = 255 };
enum { MOST_LAYERS = 64, MOST_WORDS = 64, MOST_LISTS = 16, MOST_MASK = 64, MOST_SHARE_LISTS = 4 };

/* A list of goods of the record, found in codes and in the schedule's lists; resolved once and asked for every code. */
struct duty_goods {
	const truce_yaml_list *list;
	truce_scope scope;
	size_t lists[MOST_LISTS];
	char heading[MOST_LISTS][16];  /* only rows of this heading; "" all */
	const truce_scope *out[MOST_LISTS]; /* what the good of the list leaves out; NULL nothing */
	size_t list_count;
	const char *absent;            /* a file that the schedule was compiled without: who is on it is not known; NULL none */
	int unprinted;                 /* the list of what was perhaps on it before its text was printed; -1 none */
	size_t index;                  /* in duty_work.goods */
};

struct duty_alias {
	const void *items;             /* of a list of goods: what it is known by */
	struct duty_goods *goods;
};

/* The headings that a measure cites, with the lists that the schedule's notes print for them, and the days that those
 * lists speak of: from the first row's beginning to before the last row's end. */
struct duty_heading {
	char digits[16];
	size_t list_count, lists[MOST_LISTS];
	truce_date from, until;
};
struct duty_law {
	const truce_measure *measure;
	size_t index;                  /* in duty_work.laws */
	size_t count;
	struct duty_heading *headings; /* [count] */
};

enum duty_forced { FORCED_NOT, FORCED_IN, FORCED_OUT };

/* What an act on top does to a measure. */
struct duty_override {
	const truce_measure *measure;
	enum duty_forced in;
	const truce_level *level;
};

/* An act on top that is no measure's: a layer of its own. */
struct duty_extra {
	const truce_act *act;
	const char *id;
};

/* What of a layer the stacking asks for. */
struct duty_mark {
	const truce_act *act;
	const truce_level *level;      /* in use: of the act, of a step, of the good or of an act on top */
	const truce_membership *by;    /* NULL: no good says it is on the measure */
	const truce_stacking_class *row; /* of the stacking, once it is found; NULL none */
	double content;                /* estimates: the share of the value that is content; NaN not known */
	bool maybe;                    /* wholly excused where something is claimed that is not known */
	uint64_t yields;               /* levied only where none of these layers is, each of which is `maybe`: bits */
	uint64_t maybe_by;             /* the work's exempters that make it `maybe` */
	double applied_low;            /* `maybe`, `yields`: the low end where it is levied */
	/* Contents of which it is not known how much of the value they are, one a class.  Together they are no more than the
	 * value: at an end of a range one of them is all that known contents leave, or none is anything. */
	uint8_t part;                  /* it is levied on the content of the class whose first layer this is; CONTENT_APART: of no
	                                * class, so that it may be any other's too; 0: on none */
	uint64_t leaves;               /* it is not levied on the contents of these first layers: bits */
	double whole_low;              /* `part`, `leaves`: the low end on all of what it may be levied on */
	double taken;                  /* the share of the value that is its class's content, where that is known; 0 */
	double left;                   /* the share of the value that known contents leave to it; 1 */
};

/* All that a levy depends on: the measure's state, and what the good, the origin and the day make of it. */
struct duty_facts {
	const truce_level *level;      /* NULL: none is known */
	const truce_membership *by;
	const char *citation;
	bool overridden;               /* the level is that of an act on top */
	bool refundable;
	double applies;                /* the share of the line's imports it applies to, by a list; NaN: no list says so */
	double content;                /* as in duty_mark */
	uint64_t excused;              /* exclusions of the measure that hold */
	uint64_t exempted;             /* of duty_work.exempters, those that hold and name the measure */
	const double *exempter_share;  /* [exempter_count] estimates: the share that claims it; NaN: no list says so */
};

/* The schedule's lists of the share of the value that a measure reaches, in order. */
struct duty_shares {
	size_t count, lists[MOST_SHARE_LISTS];
};

struct duty_work {
	truce_context *ctx;
	truce_arena *arena;
	const truce_tariff_question *ask;
	const char *from, *into;           /* ids of parties */
	const truce_good *good;            /* NULL: only a code */
	const truce_schedule_spell *spell; /* NULL: no schedule */
	const char *system, *digits;
	const truce_zone *zone;            /* of the party that levies */
	truce_instant at, known;
	truce_date day;                    /* on which the schedule and its lists are asked */
	truce_tariff_layer general;        /* the normal duty without a programme, where the first layer is a programme's */
	uint64_t claims;                   /* exempters that hold where that programme is claimed, and not where it is not */
	uint64_t claims_used;              /* of the question's claims, those that settled something */
	size_t programme;                  /* whose first layer it is; SIZE_MAX: no programme's */
	const size_t *origin_programmes;   /* [origin_programme_count] of the question, those of the origin; NULL: not found yet */
	size_t origin_programme_count;
	bool complete;                     /* the record says all about this good */
	truce_tariff_layer layers[MOST_LAYERS];
	struct duty_mark marks[MOST_LAYERS];
	size_t layer_count;
	truce_tariff_layer aside[MOST_LAYERS];
	size_t aside_count;
	const char *needs[MOST_WORDS];
	size_t need_count;
	const char *conditions[MOST_WORDS];
	size_t condition_count;
	const char *assumptions[MOST_WORDS];
	size_t assumption_count;
	const truce_measure *asking;       /* whose goods are asked for; NULL: goods of no measure, or those it leaves out */
	struct duty_override overrides[MOST_LAYERS];
	size_t override_count;
	struct duty_extra extras[MOST_LAYERS];
	size_t extra_count;
	const truce_measure *exempters[MOST_MASK]; /* acts that exempt goods from other measures, in force or not */
	size_t exempter_count;
	double exempter_share[MOST_MASK];
	uint64_t exempting;                /* of them, those in force and reaching the origin */
	struct duty_goods **goods;         /* [goods_count] different ones */
	size_t goods_count, goods_capacity;
	struct duty_alias *aliases;        /* [alias_count] lists that say the same are one */
	size_t alias_count, alias_capacity;
	struct duty_alias recent[256];     /* of them, by where the list is: asked again and again */
	uint32_t *list_lengths;            /* [lists of the schedule] bits of the lengths of codes there are; 0 not looked at; NULL: look nowhere */
	struct duty_law **laws;            /* [law_count] */
	size_t law_count, law_capacity;
	/* What a panel knows of its lines beforehand: of lists of goods and of laws, those that anything of this line stands in.
	 * Bits by index; NULL: nothing is known, ask. */
	const uint64_t *goods_touched, *laws_touched;
	int *share_lists;                  /* [share_count] of the question: the schedule's lists; negative: it has none */
	bool quiet;                        /* numbers only: no words are made */
	bool averaging;                    /* the shares that a measure applies to are taken, also where content is not estimated */
	int status;
};

int duty_open(truce_context *ctx, truce_arena *arena, struct duty_work **out, const truce_tariff_question *question);
void duty_close(struct duty_work *w); /* NULL is allowed */
/* Goods of the party that levies, or of a member of it, are not imported. */
bool duty_is_domestic(const struct duty_work *w, const char *from);
void duty_on(struct duty_work *w, truce_clocks clocks); /* sets at, known and day */
void duty_next(struct duty_work *w); /* forgets what was found of the last good; what was resolved stays */
/* The duty on a good at the work's clocks: layers in the work, sums in *duty. */
int duty_answer(struct duty_work *w, truce_tariff_duty *duty, const char *good);

const char *duty_words(struct duty_work *w, const char *fmt, ...) TRUCE_PRINTF(2, 3);
void duty_need(struct duty_work *w, const char *word);
void duty_condition(struct duty_work *w, const char *word);
void duty_assume(struct duty_work *w, const char *word);
void duty_add_layer(struct duty_work *w, truce_tariff_layer layer, struct duty_mark mark);
void duty_set_aside(struct duty_work *w, truce_tariff_layer layer, const char *why);
void duty_evaluate(struct duty_work *w, truce_tariff_layer *layer, const truce_duty_expression *duty);
void duty_scale(truce_tariff_layer *layer, double share);
void duty_unsettle(truce_tariff_layer *layer, const char *why); /* anything from nothing to its high end */
bool duty_running(const struct duty_work *w, truce_instant begins, truce_instant ends, truce_instant known_from);
bool duty_names(truce_yaml_list list, const char *id);
/* Whether a list of parties holds the origin: by its id, or by a group that it is in. */
bool duty_holds_origin(const struct duty_work *w, truce_yaml_list parties);

/* duty_normal.c */
int duty_normal(struct duty_work *w);
/* When what the record says of a normal duty begins and ends: where it does not say, with the oldest of its sources, and never. */
truce_instant duty_normal_begins(const struct duty_work *w, const truce_normal_duty *one);
truce_instant duty_normal_ends(const struct duty_work *w, const truce_normal_duty *one);
/* The column that the schedule has for the origin. */
struct duty_choice {
	bool column2;
	const truce_duty_special *group;   /* NULL: no special duty */
	const truce_tariff_programme *by;
};
/* Of the work's exempters, those that rest on the claim of a programme of the question; SIZE_MAX: none. */
uint64_t duty_claims(const struct duty_work *w, size_t programme);
/* Whether every claim of the question names something and is a share; diagnosed. */
int duty_check_claims(const struct duty_work *w);
/* The share that the question claims of a programme or a measure; NaN: it says nothing. */
double duty_claimed(struct duty_work *w, const char *id);
/* The same of an exempter, by itself or by the programme that it rests on. */
double duty_exemption_claimed(struct duty_work *w, size_t exempter);
void duty_say_unused_claims(struct duty_work *w);
/* Whether the layer is levied on a content of the good only. */
bool duty_on_content(const struct duty_mark *mark);
struct duty_choice duty_choose_normal(struct duty_work *w, const truce_schedule_spell *spell);
void duty_normal_of_spell(struct duty_work *w, const truce_schedule_spell *spell, struct duty_choice choice); /* the first layer */
bool duty_programme_of_origin(const struct duty_work *w, const truce_tariff_programme *one);

/* duty_scope.c */
int duty_find_good(struct duty_work *w, const char *text);
const truce_membership *duty_membership(const struct duty_work *w, const char *measure);
bool duty_has_membership(const struct duty_work *w, const char *measure);
const struct duty_goods *duty_resolve(struct duty_work *w, const truce_yaml_list *goods);
bool duty_goods_hold(struct duty_work *w, const truce_yaml_list *goods);
bool duty_is_all(truce_yaml_list goods);
const struct duty_law *duty_law_of(struct duty_work *w, const truce_measure *measure);
bool duty_heading_printed(const struct duty_heading *heading, truce_date day);
bool duty_in_scope(struct duty_work *w, const truce_measure *measure, const truce_membership **by);
void duty_heading_of(char digits[static 16], const char *citation);
/* The row of a list that says most of the line: the longest code, a row of the origin before one for all; of `heading`
 * where that is not "".  NULL: the line is not on it. */
const truce_schedule_member *duty_listed(const struct duty_work *w, size_t list, const char *heading);
/* The share of the value that a measure reaches by the schedule's numbers; NaN: no list says so. */
double duty_share(const struct duty_work *w, const char *measure, bool content);
/* The same in two steps. */
struct duty_shares duty_shares_of(const struct duty_work *w, const char *measure, bool content);
double duty_share_in(const struct duty_work *w, const struct duty_shares *shares);
bool duty_has_shares(const struct duty_work *w, const char *measure);
bool duty_shares_known(const struct duty_work *w, const char *measure);

/* duty_levy.c */
void duty_note_parcels(struct duty_work *w);
bool duty_is_levy(const truce_measure *measure, const char *into);
int duty_find_exempters(struct duty_work *w);
/* Whether an act exempts from a measure: it names it, or the authority that it stands on. */
bool duty_exempts(const truce_measure *exempter, const truce_measure *measure);
uint64_t duty_exempting(const struct duty_work *w);
/* Whether the measure is levied at the clocks on goods of the origin, whatever the good; then its level, citation and
 * refundable in *facts. */
/* The first half of it: in force, whatever the origin. */
bool duty_stands(const struct duty_work *w, const truce_measure *measure, struct duty_facts *facts);
bool duty_levied(const struct duty_work *w, const truce_measure *measure, struct duty_facts *facts);
/* What a good's membership (NULL: none) adds to the facts. */
void duty_settle(struct duty_facts *facts, const truce_measure *measure, const truce_membership *by);
void duty_levy(struct duty_work *w, const truce_measure *measure, const struct duty_facts *facts);
bool duty_extra_holds(struct duty_work *w, const truce_act *act); /* whether it is on the good */
void duty_levy_extra(struct duty_work *w, const struct duty_extra *extra);
void duty_collect(struct duty_work *w, const truce_measure *measure);

/* duty_with.c: overrides and extras of the question's acts at the work's clocks. */
void duty_apply_with(struct duty_work *w);

/* duty_stack.c */
const truce_stacking *duty_stacking(const struct duty_work *w);
bool duty_row_holds(const struct duty_work *w, const truce_stacking_class *row);
void duty_rows(struct duty_work *w, const truce_stacking *stacking); /* finds the row of each layer */
const truce_stacking_class *duty_row_of(const struct duty_work *w, const truce_stacking *stacking, const char *klass, const char *authority);
void duty_stack(struct duty_work *w); /* rows found; all but the floors */
/* The sum of the layers, floors filled: NaN and bounds where it is not known.  Of two that cannot both be levied one counts. */
truce_tariff_rate duty_total(const struct duty_work *w);
double duty_floor(const struct duty_mark *mark); /* what the whole duty is topped up to; NaN: no floor */
void duty_floors(struct duty_work *w);
double duty_tidy(double rate); /* without what sums of doubles add to rates of few decimals */

#endif
