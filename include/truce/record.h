/* truce/record.h: what states do, threaten, demand, offer, promise and say in trade, with two clocks.
 *
 * A record is read from folders of YAML files (docs/formats/record.md, `truce schema`).  Everything in it is
 * one of the kinds below, has an id that is unique across kinds, and answers two questions: when was it so in
 * the world (`valid`), and since when is it known (`known`).  Nothing known is rewritten: a correction is a new
 * entry (`supersedes`, or the same id in a later folder), a change is a step of a history, each with its own
 * `known`.  So the state as known on a day is the same for ever.
 *
 * The record knows nothing of prices, duties' arithmetic or models.
 *
 * How to use it:
 *     const char *dirs[] = {"data/record/us-china"};
 *     truce_record *record;
 *     if (truce_record_open(ctx, &record, dirs, 1)) ...              // every fault is in the diagnostics
 *     truce_clocks clocks = truce_clocks_at(on, known);              // two truce_time, a date is the end of that day
 *     for (size_t i = 0; i < truce_record_count(record, TRUCE_MEASURE); i++) {
 *         const truce_measure *measure = truce_record_at(record, TRUCE_MEASURE, i);
 *         truce_measure_state state;
 *         if (truce_measure_at(record, measure, clocks, &state) && state.status == TRUCE_IN_FORCE)
 *             use(measure->act, state.level);
 *     }
 *
 * Lists.  A `truce_yaml_list` holds `count` items of the type its comment names; TRUCE_LIST_AT reads one.
 * Ownership.  All structs and texts belong to the record, live until truce_record_close, and are not changed:
 * a record may be read from several threads at once. */
#ifndef TRUCE_RECORD_H
#define TRUCE_RECORD_H

#include <truce/base.h>

#ifdef __cplusplus
extern "C" {
#endif

#define TRUCE_LIST_AT(list, type, i) (&((type *)(list).items)[i])
#define TRUCE_LIST_TEXT(list, i) (((const char **)(list).items)[i])

/* ---- kinds --------------------------------------------------------------------------------------------- */

/* enum, word, key in a file, struct */
#define TRUCE_RECORD_KIND_LIST(X) \
	X(PARTY, "party", "parties", truce_party) \
	X(GOOD, "good", "goods", truce_good) \
	X(SOURCE, "source", "sources", truce_source) \
	X(AUTHORITY, "authority", "authorities", truce_authority) \
	X(MEASURE, "measure", "measures", truce_measure) \
	X(THREAT, "threat", "threats", truce_threat) \
	X(DEMAND, "demand", "demands", truce_demand) \
	X(OFFER, "offer", "offers", truce_offer) \
	X(COMMITMENT, "commitment", "commitments", truce_commitment) \
	X(TRUCE, "truce", "truces", truce_truce) \
	X(MEETING, "meeting", "meetings", truce_meeting) \
	X(STATEMENT, "statement", "statements", truce_statement) \
	X(CLAIM, "claim", "claims", truce_claim) \
	X(DEPENDENCY, "dependency", "dependencies", truce_dependency) \
	X(FIGURE, "figure", "figures", truce_figure) \
	X(PARAMETER, "parameter", "parameters", truce_figure) \
	X(STACKING, "stacking", "stackings", truce_stacking)

typedef enum {
#define TRUCE_RECORD_KIND_ENUM(name, word, key, type) TRUCE_##name,
	TRUCE_RECORD_KIND_LIST(TRUCE_RECORD_KIND_ENUM)
#undef TRUCE_RECORD_KIND_ENUM
	TRUCE_RECORD_KINDS,
	TRUCE_ANY_KIND = -1
} truce_record_kind;

TRUCE_API const char *truce_record_kind_word(truce_record_kind kind); /* "measure"; "?" outside the list */
TRUCE_API const char *truce_record_kind_key(truce_record_kind kind);  /* "measures" */

/* ---- parts that several kinds share ---------------------------------------------------------------------- */

/* A stretch of time.  `until` is the first moment after it (exclusive), `through` its last day (inclusive);
 * at most one of the two is given, none: no end is known.  Times without a zone are in the zone of the party
 * that levies (acts), speaks or makes the promise; UTC where there is no such party. */
typedef struct {
	truce_time from, until, through;
} truce_period;

/* When we knew.  Dates without a zone are days in UTC. */
typedef struct {
	truce_time from;
} truce_known;

/* What every record begins with. */
typedef struct {
	const char *id;
	truce_record_kind kind;
	truce_place place;        /* where it stands */
	const char *name;         /* for people; NULL: the id serves */
	truce_period valid;
	truce_known known;
	truce_yaml_list sources;    /* const char *: ids of sources that report it */
	truce_yaml_list background; /* const char *: ids of sources behind it that are older than it, and are not evidence of it */
	truce_yaml_list contradicts;/* const char *: ids of records that cannot hold beside it */
	truce_yaml_list related;    /* const char *: ids of records, for people */
	const char *supersedes;   /* id of the record that this one corrects; NULL none */
	bool unsure;              /* from memory, or from one secondary source */
	const char *note;
	/* Filled by the loader. */
	size_t number;            /* 0 .. truce_record_total - 1, in the order read */
	size_t folder;            /* index into the folders opened */
	truce_instant begins, ends;  /* `valid` as instants, [begins, ends); TRUCE_EVER and TRUCE_NEVER where open */
	truce_instant known_from;    /* TRUCE_EVER where not given */
	const void *corrected_by;    /* the record of the same kind that corrects this one, or NULL */
} truce_head;

/* A number with its unit and its range.  `value: 5` or just `5` where the field's unit is fixed. */
typedef struct {
	truce_place place;
	truce_yaml_number value, low, high;
	const char *unit;  /* checked against the list of units (truce_unit_known) */
	const char *per;   /* "year", "month": a rate in time; NULL none */
	bool unsure;
	const char *note;
} truce_amount;

/* How high an act stands.  For tariffs `add` is on top of what stands, `to` what the measure's own layer becomes
 * (a share of value: pct; points: pp), `floor` tops the whole duty up to it.  For quantities `to` is the amount,
 * or its share of normal (unit share: 0 a ban, 1 free). */
typedef struct {
	truce_place place;
	truce_yaml_number add, to, floor, low, high;
	const char *unit;    /* "pp", "pct", "share", "t", "usd/kg", ... */
	const char *per;     /* "year" */
	bool at_most;        /* "up to": the level is an upper guess */
	bool at_least;
	bool unsure;
	const char *expression; /* a duty that is no single number ("5% + 2.1 usd/kg"), for the tariff room */
	int basis;           /* truce_basis: what the rate is levied on */
	const char *note;
} truce_level;

typedef enum { TRUCE_BASIS_NONE = -1, TRUCE_BASIS_VALUE, TRUCE_BASIS_CONTENT, TRUCE_BASIS_NON_CONTENT, TRUCE_BASIS_QUANTITY } truce_basis;

#define TRUCE_DOES(X) \
	X(IMPOSE, "impose") X(RAISE, "raise") X(LOWER, "lower") X(REMOVE, "remove") X(SUSPEND, "suspend") \
	X(RESTORE, "restore") X(EXTEND, "extend") X(EXEMPT, "exempt") X(BAN, "ban") X(RESTRICT, "restrict") \
	X(LICENSE, "license") X(ALLOW, "allow") X(BUY, "buy") X(STOP_BUYING, "stop_buying") X(LIST, "list") \
	X(DELIST, "delist") X(INVESTIGATE, "investigate") X(CHARGE, "charge") X(WITHHOLD, "withhold") \
	X(DELIVER, "deliver") X(COOPERATE, "cooperate") X(VISIT, "visit") X(MEET, "meet") X(REFRAIN, "refrain") X(OTHER, "other")
#define TRUCE_INSTRUMENTS(X) \
	X(TARIFF, "tariff") X(EXPORT_TAX, "export_tax") X(IMPORT_BAN, "import_ban") X(EXPORT_BAN, "export_ban") \
	X(EXPORT_LICENCE, "export_licence") X(IMPORT_LICENCE, "import_licence") X(QUOTA, "quota") \
	X(ENTITY_LIST, "entity_list") X(PURCHASE, "purchase") X(SUBSIDY, "subsidy") X(PORT_FEE, "port_fee") \
	X(REVENUE_SHARE, "revenue_share") X(DE_MINIMIS, "de_minimis") X(EXCLUSION, "exclusion") \
	X(INVESTIGATION, "investigation") X(SANCTION, "sanction") X(INVESTMENT, "investment") X(DELIVERY, "delivery") \
	X(COOPERATION, "cooperation") X(DIPLOMACY, "diplomacy") X(OTHER, "other")

typedef enum {
	TRUCE_DO_NONE = -1,
#define TRUCE_DO_ENUM(name, word) TRUCE_DO_##name,
	TRUCE_DOES(TRUCE_DO_ENUM)
#undef TRUCE_DO_ENUM
} truce_do;

typedef enum {
	TRUCE_INSTRUMENT_NONE = -1,
#define TRUCE_INSTRUMENT_ENUM(name, word) TRUCE_INSTRUMENT_##name,
	TRUCE_INSTRUMENTS(TRUCE_INSTRUMENT_ENUM)
#undef TRUCE_INSTRUMENT_ENUM
} truce_instrument;

TRUCE_API const char *truce_do_word(int action);            /* "raise"; "" for none */
TRUCE_API const char *truce_instrument_word(int instrument); /* "tariff"; "" for none */

/* Who does what, against whom, on what, how much.  `measures` names measures of the record that it acts on
 * (`{by: US, do: remove, measures: [us-x]}`); goods and instrument are then theirs unless said. */
typedef struct {
	truce_place place;
	const char *by;              /* a party; NULL: open */
	int action;                  /* truce_do, key `do` */
	int instrument;              /* truce_instrument */
	truce_yaml_list against;     /* const char *: parties; "all" every other party */
	truce_yaml_list except;      /* const char *: parties left out */
	truce_yaml_list goods;       /* const char *: ids of goods, codes ("hs:850511"), or "all" */
	truce_yaml_list except_goods;/* const char *: the same */
	truce_yaml_list measures;    /* const char *: ids of measures, threats, commitments or truces */
	truce_level *level;          /* NULL: none */
	truce_amount *quantity;      /* of goods or firms: 12 Mt, 200 count; NULL none */
	truce_period during;         /* when it would hold */
	const char *authority;       /* the law it would stand on; NULL not said */
	const char *klass;           /* its stacking class, key `class`; NULL that of the measures */
	bool unsure;
	const char *note;
} truce_act;

/* Something that may come true.  Exactly one of flow, act, measure, date, all, any, not, text is its matter. */
typedef struct truce_condition truce_condition;
typedef struct {
	truce_yaml_list goods;       /* const char * */
	const char *from, *to;       /* parties; NULL any */
} truce_flow;
struct truce_condition {
	truce_place place;
	truce_flow *flow;            /* with below or above, of, over */
	truce_yaml_number below, above; /* a share where `of` is "normal", else in `unit` */
	const char *of;              /* "normal", or the id of a figure */
	const char *unit;
	truce_yaml_number over;      /* days over which the flow is taken */
	truce_act *act;              /* this act happens */
	const char *measure;         /* this measure has `status` */
	int status;                  /* truce_status; TRUCE_NO_STATUS: in force */
	truce_time date;             /* this moment has come */
	truce_time by;               /* a deadline on the others */
	truce_yaml_list all, any;    /* truce_condition */
	truce_condition *not_;       /* key `not` */
	const char *text;            /* in words only: nobody but a person can tell */
	bool unsure;
	const char *note;
};

/* One way to read the same words or the same event; several may stand side by side. */
typedef struct {
	truce_place place;
	const char *says;            /* in words */
	const char *by;              /* the party whose reading it is; NULL the outlet's or not said */
	const char *who;             /* a person or an office */
	int formal;                  /* meetings: 0 false, 1 true, -1 not said */
	truce_yaml_number round;     /* meetings: the round it is counted as */
	truce_condition *when;       /* threats: the condition as read, key `if` */
	truce_yaml_list then;        /* truce_act: what follows as read */
	truce_act *act;              /* claims, measures: the act as read (who did it) */
	truce_known known;
	truce_yaml_list sources;     /* const char * */
	bool unsure;
	const char *note;
} truce_reading;

/* ---- statuses and histories -------------------------------------------------------------------------------- */

#define TRUCE_STATUS_LIST(X) \
	X(PROPOSED, "proposed") X(ANNOUNCED, "announced") X(IN_FORCE, "in_force") X(SUSPENDED, "suspended") \
	X(EXPIRED, "expired") X(REMOVED, "removed") X(STRUCK_DOWN, "struck_down") \
	X(STANDING, "standing") X(LAPSED, "lapsed") X(FULFILLED, "fulfilled") \
	X(REPORTED, "reported") X(CONFIRMED, "confirmed") X(HELD, "held") X(CALLED_OFF, "called_off") \
	X(CHALLENGED, "challenged") X(HELD_UNLAWFUL, "held_unlawful") X(VALID, "valid") \
	X(ASSERTED, "asserted") X(DENIED, "denied") X(DODGED, "dodged") X(OPEN, "open")

typedef enum {
	TRUCE_NO_STATUS = -1,
#define TRUCE_STATUS_ENUM(name, word) TRUCE_##name,
	TRUCE_STATUS_LIST(TRUCE_STATUS_ENUM)
#undef TRUCE_STATUS_ENUM
	TRUCE_STATUSES
} truce_status;

TRUCE_API const char *truce_status_word(int status); /* "in_force"; "" for none */

/* One change of a record after it began.  What it does not say stays as it was.  Of two steps from the same
 * moment the one known later holds; `withdrawn` takes back the steps from that moment known before. */
typedef struct {
	truce_place place;
	truce_time from;             /* when it takes effect */
	truce_time known;            /* since when it is known; not given: its `from`, or the latest of its sources if that is later */
	int status;                  /* truce_status; TRUCE_NO_STATUS: as before */
	truce_level *level;          /* the level from then on */
	truce_time until, through;   /* the end of the status it brings */
	int on_expiry;               /* truce_status at that end */
	bool withdrawn;
	bool stayed;                 /* authorities: held unlawful, but goes on under a stay */
	int voids;                   /* authorities struck down: truce_void */
	truce_time collected_until;  /* authorities struck down: levied at the border until then (exclusive) */
	const char *court;           /* authorities: which */
	truce_yaml_list cites;       /* const char * */
	truce_yaml_list sources;     /* const char * */
	bool unsure;
	const char *note;
	truce_instant begins, ends, known_from, collected_ends; /* filled by the loader */
} truce_step;

typedef enum { TRUCE_VOID_NONE = -1, TRUCE_VOID_FROM_START, TRUCE_VOID_FROM_RULING } truce_void;

/* ---- kinds, one by one ---------------------------------------------------------------------------------------- */

typedef struct {
	const char *party;
	truce_time from, until, through;
	truce_instant begins, ends;
} truce_member;

typedef struct {
	truce_head head;
	int type;                    /* truce_party_type */
	const char *iso2, *iso3;     /* NULL where it has none */
	const char *currency;        /* ISO 4217 */
	const char *zone;            /* IANA name; groups and states that levy need one */
	const char *codes;           /* its own system of tariff codes: "hts" */
	truce_yaml_list members;     /* truce_member */
	const char *part_of;         /* customs territories: of which state */
	const truce_zone *clock;     /* the zone, found; NULL UTC */
} truce_party;
typedef enum { TRUCE_PARTY_STATE, TRUCE_PARTY_GROUP, TRUCE_PARTY_TERRITORY, TRUCE_PARTY_FIRM, TRUCE_PARTY_OTHER } truce_party_type;

/* Codes from a CSV file beside the record (or in a folder of lists given to the program). */
typedef struct {
	truce_place place;
	const char *file;            /* relative to the YAML file, then to the folders of lists */
	const char *system;          /* "hts", "hs" */
	const char *column;          /* the column that holds the code */
	truce_yaml_list where;       /* const char *: "column=value", all must hold */
	const char *from_column, *until_column, *through_column; /* the window of a row; NULL: that of the good */
	const char *source_column;   /* NULL: `sources` */
	truce_yaml_list sources;     /* const char * */
	bool optional;               /* the list is not shipped: without it the good has no codes from it, and says so */
} truce_code_file;

/* The duty that a good pays without any measure. */
typedef struct {
	truce_place place;
	const char *into;            /* the party that levies */
	const char *from;            /* of goods from there; NULL: the most-favoured-nation rate */
	const char *code;            /* the tariff line it is read from: "hts:8505.11.00.70" */
	const char *rate;            /* "2.1%", "Free", "4.4 usd/t + 2%": text, for the tariff room */
	truce_period valid;
	truce_known known;
	truce_yaml_list sources;     /* const char * */
	bool unsure;
	const char *note;
} truce_normal_duty;

/* That a good is, or is not, in the scope of a measure. */
typedef struct {
	truce_place place;
	const char *measure;
	int in;                      /* 0 is not, 1 is; -1 not said: is */
	truce_level *level;          /* where its rate is not the measure's */
	truce_yaml_number share;     /* of the good's value that it covers; not set: all */
	truce_period valid;
	truce_known known;
	const char *citation;
	truce_yaml_list sources;
	bool unsure;
	const char *note;
	truce_instant begins, ends, known_from;
} truce_membership;

typedef struct {
	truce_head head;
	truce_yaml_list codes;       /* const char *: "SYSTEM:CODE" or "SYSTEM:FIRST-LAST"; `hs` holds for every party */
	truce_yaml_list includes;    /* const char *: other goods */
	truce_yaml_list except;      /* const char *: codes or goods */
	truce_yaml_list files;       /* truce_code_file */
	const char *unit;            /* its natural unit: "t", "count" */
	truce_yaml_list normal_duty; /* truce_normal_duty */
	truce_yaml_list on;          /* truce_membership */
	truce_yaml_list complete_into; /* const char *: parties into which normal_duty and on are complete */
	const char *sector;          /* a hint for worlds; NULL none */
} truce_good;

typedef enum { TRUCE_SOURCE_OFFICIAL, TRUCE_SOURCE_ON_RECORD, TRUCE_SOURCE_ANONYMOUS, TRUCE_SOURCE_ECHO,
	TRUCE_SOURCE_ANALYSIS } truce_source_type;
typedef enum { TRUCE_RELAY, TRUCE_INDEPENDENT, TRUCE_INDEPENDENCE_UNKNOWN } truce_independence;

typedef struct {
	truce_head head;
	const char *outlet, *title, *url, *author;
	truce_time date;             /* when it was published */
	int type;                    /* truce_source_type, key `kind` */
	truce_yaml_list via;         /* const char *: sources that it relays */
	int independence;            /* truce_independence beside `via`: relay (default), independent, unknown */
	truce_instant published;
} truce_source;

typedef struct {
	truce_place place;
	truce_level *rate;           /* the highest it may set */
	truce_yaml_number days;      /* for how long */
	truce_yaml_number lead;      /* days it takes before it can act */
	const char *needs;           /* "an investigation" */
	bool no_cap;                 /* no stated cap */
	bool unsure;
	const char *note;
} truce_limits;

typedef struct {
	truce_head head;
	const char *of;              /* whose law */
	const char *law;             /* "50 USC 1701" */
	const char *under;           /* the authority that it is a use of; it falls with it */
	truce_limits *limits;        /* NULL: those of `under` */
	int status;                  /* TRUCE_VALID unless said */
	truce_yaml_list history;     /* truce_step */
	truce_yaml_list cites;
} truce_authority;

/* Goods that a measure does not reach for a time, or of which a share is excused. */
typedef struct {
	truce_place place;
	const char *name;
	truce_yaml_list goods;       /* const char * */
	truce_yaml_list against;     /* const char *: parties; none: all */
	truce_yaml_number share;     /* of the value excused; not set: all */
	truce_level *level;          /* the rate that holds instead; NULL: none is levied */
	truce_period valid;
	truce_known known;
	truce_yaml_list cites, sources;
	bool unsure;
	const char *note;
	truce_instant begins, ends, known_from;
} truce_exclusion;

/* Goods already under way keep the old duty. */
typedef struct {
	truce_place place;
	truce_time loaded_before, entered_before;
	truce_level *level;          /* what they pay instead; NULL: nothing of this measure */
	truce_yaml_list cites;
	bool unsure;
	const char *note;
} truce_in_transit;

typedef struct {
	truce_head head;
	truce_act act;
	int status;                  /* truce_status from valid.from on; in force unless said */
	truce_time until, through;   /* the end of that status */
	int on_expiry;               /* what it becomes then; not said: expired, or in force where it was suspended */
	truce_yaml_list history;     /* truce_step */
	const char *stands_on;       /* the authority; NULL not said */
	const char *klass;           /* the class of the stacking rules, key `class`; NULL: the authority's id */
	truce_yaml_list cites;       /* const char * */
	truce_yaml_list exclusions;  /* truce_exclusion */
	truce_yaml_list in_transit;  /* truce_in_transit */
	truce_yaml_list readings;    /* truce_reading */
	truce_yaml_list replies_to;  /* const char *: measures or threats that it answers */
	truce_instant ends;          /* until or through */
	const truce_authority *authority; /* stands_on, found */
	size_t *truces;              /* [truce_count] numbers of the truces that suspend it */
	size_t truce_count;
} truce_measure;

typedef struct {
	truce_head head;
	const char *by, *to;
	const char *speaker;         /* a person */
	truce_condition *when;       /* key `if`: the condition that can be worked with */
	truce_yaml_list then;        /* truce_act */
	truce_time deadline;
	truce_yaml_list needs;       /* const char *: authorities it could stand on */
	const char *words;           /* as said, in short or in our words */
	truce_yaml_list readings;    /* truce_reading */
	int status;                  /* standing unless said */
	truce_yaml_list history;     /* truce_step */
	truce_time until, through;   /* when it lapses by itself */
	truce_instant ends;
} truce_threat;

typedef struct {
	truce_head head;
	const char *by, *to;
	truce_yaml_list wants;       /* truce_act */
	truce_yaml_list before;      /* truce_act: what it must come before (only then ...) */
	truce_yaml_list before_records; /* const char *: commitments, offers, truces it must come before */
	truce_time deadline;
	const char *words;
	bool older;                  /* stood already before valid.from */
	truce_yaml_list readings;
	int status;
	truce_yaml_list history;
	truce_time until, through;
	truce_instant ends;
} truce_demand;

typedef struct {
	truce_head head;
	const char *by, *to;
	truce_yaml_list gives, wants; /* truce_act; keys `gives` and `for` */
	int mode;                    /* truce_offer_mode */
	const char *words;
	truce_yaml_list readings;
	int status;
	truce_yaml_list history;
	truce_time until, through;   /* when it lapses */
	truce_instant ends;
} truce_offer;
typedef enum { TRUCE_OFFER_PUBLIC, TRUCE_OFFER_PRIVATE, TRUCE_OFFER_FLOATED } truce_offer_mode;

/* A due date, moved or met. */
typedef struct {
	truce_place place;
	truce_time by;               /* the new date */
	truce_time known;
	const char *who;             /* who moved it, or says it was met: a party or a person */
	truce_amount *amount;        /* fulfilments: how much */
	truce_yaml_number share;     /* fulfilments: of what was due; not set and no amount: all */
	truce_time on;               /* fulfilments: when */
	truce_yaml_list sources;
	bool unsure;
	const char *note;
	truce_instant known_from;
} truce_due_change;

typedef struct {
	truce_place place;
	truce_time from;             /* of the stretch it is owed for; not set: from the start */
	truce_time by;               /* due by the end of this day */
	truce_amount *amount;        /* NULL: all that is owed */
	const char *what;
	truce_yaml_list amended;     /* truce_due_change with `by` */
	truce_yaml_list fulfilled;   /* truce_due_change with `on` */
	bool unsure;
	const char *note;
} truce_due;

typedef struct {
	truce_place place;
	const char *party;
	int stance;                  /* truce_status: confirmed, denied or dodged; confirmed unless said */
	truce_time known;
	truce_yaml_list sources;
	const char *note;
	truce_instant known_from;
} truce_confirmation;

typedef struct {
	truce_head head;
	const char *by, *to;         /* who owes, to whom */
	truce_yaml_list owes;        /* truce_act */
	truce_yaml_list due;         /* truce_due */
	truce_yaml_list claimed_by;  /* const char *: parties that say so */
	truce_yaml_list confirmed_by;/* truce_confirmation */
	const char *truce;           /* part of this truce */
	truce_yaml_list readings;
	int status;
	truce_yaml_list history;
	truce_time until, through;
	truce_instant ends;
} truce_commitment;

typedef struct {
	truce_head head;
	truce_yaml_list between;     /* const char *: parties */
	truce_yaml_list suspends;    /* const char *: measures; none and `extends`: those of the extended */
	truce_yaml_list covers;      /* const char *: measures, commitments kept in force by it */
	truce_time until, through;
	const char *extends;         /* the truce it carries on */
	truce_yaml_list breaks;      /* truce_condition: what ends it early */
	int status;
	truce_yaml_list history;
	truce_yaml_list cites;
	truce_yaml_list readings;
	truce_instant ends;
} truce_truce;

typedef struct {
	truce_place place;
	const char *name, *role;
	const char *of;              /* party */
} truce_person;

typedef enum { TRUCE_LEVEL_LEADERS, TRUCE_LEVEL_MINISTERS, TRUCE_LEVEL_DEPUTIES, TRUCE_LEVEL_OFFICIALS, TRUCE_LEVEL_BUSINESS,
	TRUCE_LEVEL_CALL } truce_meeting_level;

typedef struct {
	truce_head head;             /* valid: its days */
	truce_yaml_list parties;     /* const char * */
	truce_yaml_list people;      /* truce_person */
	const char *location;        /* key `place` */
	const char *zone;            /* of its days; NULL: that of the first party */
	int level;                   /* truce_meeting_level; -1 not said */
	int formal;                  /* 0, 1; -1 not said */
	truce_yaml_number round;
	int status;                  /* reported, confirmed, held, called_off */
	truce_yaml_list history;
	truce_yaml_list readings;
	truce_yaml_list agenda;      /* const char *: ids of records on the table */
	const char *aim;
	const char *outcome;
	truce_yaml_list outcomes;    /* const char *: records that came of it */
	truce_time until, through;
	truce_instant ends;
} truce_meeting;

typedef struct {
	truce_head head;
	const char *by;              /* the party spoken for; NULL: an outlet or a person alone */
	truce_person *speaker;
	const char *asked;
	const char *words;           /* in our words, or a short quotation */
	truce_yaml_list asserts, denies, dodges; /* const char *: any records */
	const char *location;        /* key `place` */
	truce_yaml_list readings;
} truce_statement;

/* A number that is claimed.  With `measures` it is compared with the sum of their levels on `on`, with `figure`
 * with that figure: `truce check` warns where it cannot be so. */
typedef struct {
	truce_place place;
	truce_yaml_number value, low, high;
	const char *unit;
	const char *per;
	const char *of;              /* what is counted: "aircraft", "tariff" */
	truce_yaml_list measures;    /* const char * */
	const char *figure;
	truce_time on;               /* for when */
	bool at_most;
	bool unsure;
} truce_quantity;

typedef struct {
	truce_head head;
	const char *text;            /* the assertion, in our words */
	const char *by;              /* party; NULL an outlet or analyst */
	const char *who;             /* person or outlet */
	truce_yaml_list about;       /* const char *: any records */
	truce_quantity *quantity;
	truce_act *act;              /* the act that it asserts; its `by` may be open */
	const char *stronger;        /* claims of leverage: the party said to hold the stronger hand */
	truce_yaml_list readings;
	int status;                  /* open unless said; confirmed, denied */
	truce_yaml_list history;
	truce_time until, through;
	truce_instant ends;
} truce_claim;

typedef enum { TRUCE_OTHER_INPUT, TRUCE_IMPORTANT, TRUCE_CRITICAL } truce_criticality;

typedef struct {
	truce_head head;
	truce_amount *user_share;    /* of the user's output that needs it; NULL all */
	const char *by;              /* the party where the user stands */
	const char *user;            /* a sector or stage, in the words of the worlds: "vehicles" */
	const char *input;           /* a good */
	const char *from;            /* the party it comes from; NULL: any */
	const char *via;             /* the dependency whose user is this one's input (motor -> vehicle) */
	truce_amount *share;         /* of the user's supply of the input that comes from there, [0, 1] */
	truce_amount *stock;         /* days of use in stock */
	truce_amount *intensity;     /* input per unit of the user's output: usd/usd, kg/count */
	truce_amount *leak;          /* share of normal that still comes under a ban */
	truce_amount *leak_lag;      /* days */
	truce_amount *surge;         /* growth of other suppliers' capacity, share */
	truce_amount *surge_time;    /* days, e-folding */
	truce_amount *thrift;        /* share of the need that can be designed away in the long run */
	truce_amount *thrift_time;   /* days */
	truce_amount *licence_lag;   /* days a licence takes */
	truce_amount *annual;        /* use a year */
	truce_amount *fleet;         /* units in service that need it */
	truce_amount *each;          /* fleets: how many of it a unit carries */
	truce_amount *failures;      /* fleets: removals a unit in service and year */
	truce_amount *repair;        /* fleets: share of removals mended by the party itself */
	truce_amount *repair_time;   /* fleets: days that takes */
	int criticality;             /* truce_criticality; -1 not said */
	const char *evidence;
} truce_dependency;

typedef struct {
	truce_place place;
	truce_time from, through;    /* the stretch the point is for; one day where only `from` */
	const char *label;           /* "2025-05" */
	truce_yaml_number value, low, high;
	truce_time known;
	truce_yaml_list sources;
	bool unsure;
	const char *note;
	truce_instant known_from;
} truce_point;

typedef struct {
	truce_head head;
	truce_yaml_number value, low, high;
	const char *unit;            /* required */
	const char *per;
	const char *of;              /* what it counts */
	truce_flow *flow;            /* where it measures a flow */
	truce_yaml_number normal;    /* of a series: the normal level */
	truce_yaml_list series;      /* truce_point */
	const char *method;
	bool assumption;             /* chosen by us, not published */
} truce_figure;

/* How the duties of one party stand on one another, for a time. */
typedef struct {
	truce_place place;
	const char *id;              /* the class, key `class` */
	const char *name;
	int combine;                 /* within the class: truce_combine */
	truce_yaml_list gives_way_to;/* const char *: classes; where one of them is levied, this is not */
	int on;                      /* truce_basis: gives way on the whole value, or only on the content share */
	truce_yaml_list authorities; /* const char *: measures that stand on these are of the class */
	truce_yaml_list against;     /* const char *: origins for which the row holds; none: all */
	truce_yaml_list except;      /* const char * */
	const char *citation;
	const char *note;
} truce_stacking_class;
typedef enum { TRUCE_COMBINE_SUM, TRUCE_COMBINE_MAX, TRUCE_COMBINE_MIN } truce_combine;

typedef struct {
	truce_head head;             /* valid: the era */
	const char *into;            /* the party that levies */
	truce_yaml_list classes;     /* truce_stacking_class */
	truce_yaml_list cites;
} truce_stacking;

/* ---- opening ---------------------------------------------------------------------------------------------------- */

typedef struct truce_record truce_record;

/* Reads every *.yaml and *.yml file of the folders (and of folders below them; a path of a file is taken too), checks all
 * of it and reports all faults.  Later folders add to or correct earlier ones: an id used again is a correction.
 * TRUCE_UNSOUND: something is wrong, in the diagnostics; *out is then NULL.  TRUCE_NOT_FOUND: no such folder, or no YAML in it. */
TRUCE_API int truce_record_open(truce_context *ctx, truce_record **out, const char *const *dirs, size_t count);
/* The same from a text in memory: for tests, fuzzing, and programs that hold a record elsewhere. */
TRUCE_API int truce_record_open_text(truce_context *ctx, truce_record **out, const char *name, const char *text, size_t length);
TRUCE_API void truce_record_close(truce_record *record);

/* One act in YAML's flow form, `{by: US, do: remove, measures: [x]}`, checked against the record.  In the arena. */
TRUCE_API int truce_record_act(truce_context *ctx, truce_arena *arena, const truce_act **out, const truce_record *record,
	const char *text);

/* ---- looking up --------------------------------------------------------------------------------------------------- */

TRUCE_API size_t truce_record_total(const truce_record *record);
TRUCE_API const truce_head *truce_record_number(const truce_record *record, size_t number); /* NULL past the end */
TRUCE_API size_t truce_record_count(const truce_record *record, truce_record_kind kind);
/* The i-th of a kind, in the order read: cast to its struct.  All versions, corrected ones too: ask truce_record_visible. */
TRUCE_API const void *truce_record_at(const truce_record *record, truce_record_kind kind, size_t i);
/* By id, latest version; NULL if there is none, or it is of another kind than asked. */
TRUCE_API const void *truce_record_find(const truce_record *record, truce_record_kind kind, const char *id);
/* The same as known at an instant: the version that was then the latest, corrections followed.  NULL if none was known. */
TRUCE_API const void *truce_record_find_known(const truce_record *record, truce_record_kind kind, const char *id, truce_instant known);
/* Of the records of a kind known at an instant, the id most like a misspelt one; NULL: none is like it. */
TRUCE_API const char *truce_record_nearest(const truce_record *record, truce_record_kind kind, const char *id, truce_instant known);
/* Whether it was known, and not yet corrected. */
TRUCE_API bool truce_record_visible(const void *any_record, truce_instant known);
TRUCE_API const truce_zone *truce_record_zone(const truce_record *record, const char *party); /* NULL: UTC */
/* The zone of a record's dates: of the party that levies, speaks or owes; meetings and truces that of their first. */
TRUCE_API const truce_zone *truce_record_zone_of(const truce_record *record, const void *any_record);
TRUCE_API truce_context *truce_record_context(const truce_record *record);

/* Whether `member` is `party`, or was in it at that moment (groups are followed); "all" holds everyone. */
TRUCE_API bool truce_record_includes_party(const truce_record *record, const char *party, const char *member, truce_instant at);
/* Whether an act reaches this origin or partner: against, less except, never the one who acts. */
TRUCE_API bool truce_act_reaches(const truce_record *record, const truce_act *act, const char *party, truce_instant at);

/* ---- goods --------------------------------------------------------------------------------------------------------- */

/* A stretch of codes: every code that, cut to the length of `first` (`last`), is not below (above) it. */
typedef struct {
	const char *system;          /* "hs", "hts" */
	const char *first, *last;    /* digits only; last NULL: those that begin with first */
	bool except;                 /* taken out again; exceptions win */
	truce_instant begins, ends;  /* window of a row of a list; EVER, NEVER without */
	const char *source;          /* of the row, or NULL */
	const truce_good *good;      /* where it comes from; NULL: written in the act */
	size_t group, group_last;    /* goods are numbered as they are met; an exception reaches the groups from `group` to
	                              * `group_last`, one of group 0 reaches all */
} truce_code_range;

typedef struct {
	bool all;                    /* "all": everything but the exceptions */
	size_t count;
	const truce_code_range *ranges;
	size_t missing_count;        /* list files that were not there (optional ones) */
	const char *const *missing;
} truce_scope;

/* What a list of goods and codes, less another, stands for.  List files are read when asked. */
TRUCE_API int truce_record_scope(truce_context *ctx, truce_arena *arena, truce_scope *out, const truce_record *record,
	const truce_yaml_list *goods, const truce_yaml_list *except_goods /* may be NULL */);
/* Whether a code (digits, dots ignored) of a system is in it at that moment.  `hs` ranges hold for every system. */
TRUCE_API bool truce_scope_contains(const truce_scope *scope, const char *system, const char *code, truce_instant at);
/* The good whose codes hold this code best (longest), as known; NULL none. */
TRUCE_API const truce_good *truce_record_good_of(const truce_record *record, const char *system, const char *code, truce_instant known);

/* ---- the state ------------------------------------------------------------------------------------------------------ */

typedef enum { TRUCE_VIEW_APPLIED, TRUCE_VIEW_LAWFUL } truce_view;

/* The two clocks and the view.  A date is the end of that day: of `on` in the zone of the party that levies, of `known` in UTC. */
typedef struct {
	truce_time on, known;
	truce_view view;
} truce_clocks;

TRUCE_API truce_clocks truce_clocks_at(truce_time on, truce_time known); /* applied view; a time not set is today in UTC */
TRUCE_API truce_instant truce_clocks_known(truce_clocks clocks);
TRUCE_API truce_instant truce_clocks_on(truce_clocks clocks, const truce_zone *zone);

typedef struct {
	truce_status status;
	truce_instant since;         /* since when it has this status */
	truce_instant until;         /* when the status ends as known; TRUCE_NEVER not known */
	truce_status next;           /* what follows; TRUCE_NO_STATUS where until is TRUCE_NEVER */
	const truce_level *level;    /* measures: at that moment; NULL none */
	const truce_step *step;      /* the step that brought it; NULL: the record itself, a truce or a ruling */
	const truce_truce *truce;    /* the truce that suspends it, or NULL */
	const truce_authority *authority; /* measures struck down: the authority that fell */
	bool refundable;             /* applied view: in force, but void in law as known */
	bool confirmed;              /* commitments: by the one who owes */
	const char *claimed_by;      /* commitments that are not: the other who says so; NULL */
} truce_record_state;
typedef truce_record_state truce_measure_state;

/* What a record is at (on, known).  False: not known then, not begun by then, or corrected by then; *out is then undefined.
 * Parties, goods, sources and such have TRUCE_VALID. */
TRUCE_API bool truce_record_state_at(const truce_record *record, const void *any_record, truce_clocks clocks, truce_record_state *out);
TRUCE_API bool truce_measure_at(const truce_record *record, const truce_measure *measure, truce_clocks clocks, truce_measure_state *out);
/* The standing of a law: valid, challenged, held unlawful or struck down. */
TRUCE_API bool truce_authority_at(const truce_record *record, const truce_authority *authority, truce_clocks clocks, truce_record_state *out);
/* Every moment at which a measure may change its status or level, as known: sorted, without doubles.  In the arena. */
TRUCE_API int truce_measure_changes(truce_context *ctx, truce_arena *arena, truce_instant **out, size_t *count,
	const truce_record *record, const truce_measure *measure, truce_clocks clocks);

/* A level as a fraction of value: pct and pp over 100, share as it is.  False: it is no such rate (NaN in *out). */
TRUCE_API bool truce_level_rate(const truce_level *level, double *out);
TRUCE_API bool truce_unit_known(const char *unit);
/* An act in words, the way people read it: "US raises the tariff on all goods from CN to at most 200 pct". */
TRUCE_API void truce_act_words(truce_text *out, const truce_act *act);
TRUCE_API void truce_condition_words(truce_text *out, const truce_condition *condition);
TRUCE_API void truce_act_to_json(truce_json *json, const char *key, const truce_act *act);

/* ---- sources ----------------------------------------------------------------------------------------------------------- */

/* How many independent roots stand behind a set of sources, as known: at least, and possibly. */
typedef struct {
	size_t least, most;
} truce_roots;

TRUCE_API int truce_record_roots(truce_context *ctx, truce_roots *out, const truce_record *record,
	const truce_yaml_list *sources, truce_instant known);
TRUCE_API void truce_roots_words(truce_text *out, truce_roots roots); /* "one, possibly two" */
/* The sources of a record, of its steps too, that were known: numbers of records, sorted by date.  In the arena. */
TRUCE_API int truce_record_sources(truce_context *ctx, truce_arena *arena, const truce_source ***out, size_t *count,
	const truce_record *record, const void *any_record, truce_instant known);

/* ---- what happened, what comes due, what changed -------------------------------------------------------------------------- */

typedef struct {
	truce_instant at;
	truce_time time;             /* as written, where it was */
	const truce_head *head;
	const char *what;            /* "begins", "in_force", "expires", "due", "deadline", "said", ... */
	truce_status status;         /* after it; TRUCE_NO_STATUS */
	const truce_level *level;    /* after it, or NULL */
	const char *text;            /* one line for people */
	int offset;                  /* minutes east of UTC in which to print it */
	bool whole_day;              /* precision of a day */
	bool unsure;
} truce_event;

/* Events of (from, until], as known: steps, beginnings, ends, due dates, meetings, statements.  Sorted by time.  In the arena. */
TRUCE_API int truce_record_events(truce_context *ctx, truce_arena *arena, truce_event **out, size_t *count,
	const truce_record *record, truce_instant from, truce_instant until, truce_clocks clocks);

/* Warnings of `truce check` as of the clocks: contradictions, echoes counted twice, statements older than what they report,
 * promises past due, measures on a law that fell, threats beyond their law, conditions already met.  Into the diagnostics. */
TRUCE_API int truce_record_review(truce_context *ctx, const truce_record *record, truce_clocks clocks, size_t *warnings);

/* ---- for editors ------------------------------------------------------------------------------------------------------------- */

/* The JSON Schema of a file of the record, for YAML's failsafe schema. */
TRUCE_API int truce_record_json_schema(truce_context *ctx, truce_text *out);
/* The grammar itself: a file's schema, from which every other is reached (`of`).  Static. */
TRUCE_API const truce_yaml_schema *truce_record_grammar(void);
/* Everything that was known of a record, as JSON: the fields of the file, by their keys, without the items of its lists (steps,
 * readings, exclusions, dues moved, sources) that were known or published later. */
TRUCE_API int truce_record_to_json(truce_json *json, const char *key, const truce_record *record, const void *any_record,
	truce_instant known);

#ifdef __cplusplus
}
#endif
#endif
