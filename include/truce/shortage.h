/* truce/shortage.h: what a ban does within days, weeks and months.
 *
 * A critical input is a tiny share of cost that cannot be replaced at once.  It binds at its users after their
 * stocks have run out, and the loss then travels down the chain.  This room steps a dynamic input-output model
 * day by day (after Pichler, Pangallo, del Rio-Chanona, Lafond and Farmer, 2022, J. Econ. Dyn. Control 144,
 * 104527) whose primitive is one edge: this good, from this seller, to this buyer.
 *
 * It knows nothing of prices in the long run or of bargaining; of the record it reads dependencies and acts.
 *
 * The pieces, from the bottom up:
 *   network    cells, what each needs, the markets where it orders and who sells there
 *   scenario   what happens: lost capacity, bans with licence rates, leaks, surge, thrift
 *   simulator  set up once (the only place that allocates), stepped, reset, freed
 *   closed     the few answers that need no simulation
 *   fleet      machines in service that stand for want of parts
 *   satellite  inputs that no table shows, split out of their cell by dependencies
 */
#ifndef TRUCE_SHORTAGE_H
#define TRUCE_SHORTAGE_H

#include <truce/record.h>
#include <truce/world.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- network ------------------------------------------------------------------------------------------- */

/* How an input that runs short holds output back.  S stock, A coefficient, x0 normal output:
 *   half_critical      critical S/A; important (S/A + x0)/2; other never
 *   leontief           every input S/A
 *   strictly_critical  critical and important S/A
 *   weakly_critical    critical S/A; important and other never
 *   linear             sum of S over sum of A */
#define TRUCE_SHORTAGE_PRODUCTION_LIST(X) \
	X(HALF_CRITICAL, "half_critical") \
	X(LEONTIEF, "leontief") \
	X(STRICTLY_CRITICAL, "strictly_critical") \
	X(WEAKLY_CRITICAL, "weakly_critical") \
	X(LINEAR, "linear")

typedef enum {
#define TRUCE_SHORTAGE_PRODUCTION_ENUM(name, word) TRUCE_SHORTAGE_##name,
	TRUCE_SHORTAGE_PRODUCTION_LIST(TRUCE_SHORTAGE_PRODUCTION_ENUM)
#undef TRUCE_SHORTAGE_PRODUCTION_ENUM
} truce_shortage_production;

typedef enum { TRUCE_SHORTAGE_OTHER, TRUCE_SHORTAGE_IMPORTANT, TRUCE_SHORTAGE_CRITICAL } truce_shortage_class;

/* A cell makes one good in one place: "USA/MVH". */
typedef struct {
	const char *name;
	double output;        /* x0, value a day */
	double labour;        /* l0, any unit; its share of the household's income is what counts */
	double value_added;   /* share of output; what is lost when output is lost */
	uint32_t household;   /* whose labour it hires */
} truce_shortage_cell;

/* A need: the user holds a stock of an input and refills it on one market. */
typedef struct {
	uint32_t user;        /* cell */
	uint32_t market;
	double coefficient;   /* A, input per unit of output at normal prices */
	double stock_days;    /* n, days of normal use; the target is kept to */
	double exposed;       /* share of the user's output that needs this input at all, in (0, 1] */
	truce_shortage_class critical;
	double priority;      /* efficient rationing serves the higher first */
} truce_shortage_need;

/* A market: one good as bought in one place, by whoever buys there.  Its orders go to sellers in fixed shares.
 * Households and other final buyers order here too, and hold no stock. */
typedef struct {
	const char *name;
	size_t link_begin;    /* its links are [link_begin, next market's link_begin) */
	double consumption;   /* by households, value a day */
	double other_demand;  /* government, investment, exports out of the network: constant */
	uint32_t household;   /* who consumes */
	bool by_priority;     /* rationed by priority whatever the settings say */
} truce_shortage_market;

typedef struct {
	uint32_t seller;      /* cell */
	double share;         /* of the market's orders; sums to 1 over its links */
} truce_shortage_link;

typedef struct {
	size_t cells, needs, markets, links, households;
	truce_shortage_cell *cell;      /* [cells] */
	truce_shortage_need *need;      /* [needs], sorted by user */
	size_t *need_begin;             /* [cells + 1] */
	truce_shortage_market *market;  /* [markets + 1]; the last holds only link_begin = links */
	truce_shortage_link *link;      /* [links] */
} truce_shortage_network;

/* Refuses what cannot be: a share above one or below zero, negative days of stock, an input nobody sells, a
 * cell without output, coefficients of a user that sum above one, and a seller whose normal deliveries differ
 * from its output by more than 1e-6 of it.  Every error is diagnosed with the name of the cell and the input. */
TRUCE_API int truce_shortage_network_check(truce_context *ctx, const truce_shortage_network *network);

/* Gives one need a market of its own with the same sellers, so that a ban may strike it alone.  Returns the
 * market's number; a need that is alone on its market (no consumers, no other need) keeps it.  `arena` owns what
 * is added. */
TRUCE_API int truce_shortage_network_isolate(truce_context *ctx, truce_arena *arena, truce_shortage_network *network,
	size_t need, uint32_t *market);

/* What a world does not say and a day needs to know.  All of it assumption, and to be varied. */
typedef struct {
	double stock_days;       /* of every input of every user; 30 */
	double critical_share;   /* an input that costs at least this share of output is critical; 2: none */
	double important_share;  /* ... is important; 2: none */
	double household_share;  /* of final demand that households consume, the rest is constant; 0.6 */
	double smallest_share;   /* inputs below this share of output are left out (their use joins other demand); 0 */
} truce_shortage_world_options;

TRUCE_API void truce_shortage_world_options_default(truce_shortage_world_options *options);

/* A world as a network, a day at a time: a cell is a region's sector (region x sectors + sector), named "USA/MVH",
 * without those that make nothing; a market is a sector's good in a region; a household is a region.  Imports are
 * proportional: all users of a good in a region buy it from the same sellers in the same shares.  Values are US
 * dollars a day before duty.  *cell_of (may be NULL) is [regions x sectors], UINT32_MAX where there is no cell.
 * Where uses exceed what a market gets they are scaled down, with a warning that counts them.  In the arena. */
TRUCE_API int truce_shortage_network_from_world(truce_context *ctx, truce_arena *arena, truce_shortage_network *out,
	const truce_world *world, const truce_shortage_world_options *options /* NULL: default */, uint32_t **cell_of);

/* ---- scenario -------------------------------------------------------------------------------------------- */

#define TRUCE_SHORTAGE_ALL UINT32_MAX

/* A share of a cell's capacity is lost from the day `from` to the day `to`, both inside. */
typedef struct {
	uint32_t cell;
	double loss;
	double from, to;
} truce_shortage_loss;

typedef struct {
	double day;  /* since the ban began */
	double rate; /* flow allowed against normal flow */
} truce_shortage_rate;

/* An edge held back: the order that a seller may deliver to a market is at most rate x normal flow + leak. */
typedef struct {
	uint32_t market;
	uint32_t seller;                  /* a cell, or TRUCE_SHORTAGE_ALL of the market's */
	double from, to;                  /* days, both inside */
	double licence_rate;              /* where there are no points */
	size_t points;
	const truce_shortage_rate *rate;  /* by day, straight lines between; constant before the first, after the last */
	double leak, leak_lag;            /* share of normal flow that comes round the ban, from `leak_lag` days on */
	double reroute_lag;               /* days until other sellers of the market are asked; INFINITY: never */
} truce_shortage_ban;

/* A seller's capacity grows to (1 + share) of what its labour can make, as 1 - e^(-days/time). */
typedef struct {
	uint32_t cell;
	double share, time, from;
} truce_shortage_surge;

/* A user redesigns: its coefficient falls by `cut` in the long run, as 1 - e^(-days/time). */
typedef struct {
	size_t need;
	double cut, time, from;
} truce_shortage_thrift;

typedef struct {
	size_t losses, bans, surges, thrifts;
	const truce_shortage_loss *loss;
	const truce_shortage_ban *ban;
	const truce_shortage_surge *surge;
	const truce_shortage_thrift *thrift;
} truce_shortage_scenario;

/* ---- simulator --------------------------------------------------------------------------------------------- */

typedef enum { TRUCE_SHORTAGE_PRO_RATA, TRUCE_SHORTAGE_EFFICIENT } truce_shortage_rationing;

typedef struct {
	truce_shortage_production production; /* half_critical */
	truce_shortage_rationing rationing;   /* pro rata; efficient: within each market the higher priority first, for normal
	                                         use and then for stocks, consumers and other buyers last */
	double adjust;   /* tau, days in which a gap of stock is refilled; 5 */
	double hire;     /* share of the gap a day; 1/30 */
	double fire;     /* 2/30 */
	double smooth;   /* rho a day; 1 - 0.4/90 */
	double benefit;  /* share of lost labour income that is replaced; 0.8 */
	double step;     /* days; 1, or 7 for weeks; stocks are then refilled within a step at the soonest */
} truce_shortage_settings;

TRUCE_API void truce_shortage_settings_default(truce_shortage_settings *settings);

typedef struct truce_shortage_sim truce_shortage_sim;

/* Sets up: the only place that allocates.  The network must outlive the simulator; the scenario is copied. */
TRUCE_API int truce_shortage_new(truce_context *ctx, truce_shortage_sim **out, const truce_shortage_network *network,
	const truce_shortage_settings *settings /* NULL: default */, const truce_shortage_scenario *scenario /* NULL: none */);
TRUCE_API void truce_shortage_free(truce_shortage_sim *sim); /* NULL is allowed */
/* Back to before the first step.  Coefficients, stocks, exposed shares, links' shares and outputs are read from the network again, so that a
 * caller may draw them; structure (users, markets, sellers) must be as it was at set-up. */
TRUCE_API void truce_shortage_reset(truce_shortage_sim *sim);
/* New losses, bans, surges and thrift for the same network: at most as many of each, and on as many markets and
 * links, as at set-up, or TRUCE_LIMIT.  Also resets. */
TRUCE_API int truce_shortage_update(truce_shortage_sim *sim, const truce_shortage_scenario *scenario);

/* One step.  In order: labour and capacity; income and consumption; orders, held back by bans and re-routed within
 * the spare capacity of others; output; deliveries; stocks. */
TRUCE_API void truce_shortage_step(truce_shortage_sim *sim);
/* `steps` steps; output, where not NULL, is [steps][cells].  TRUCE_CANCELLED where the context says so. */
TRUCE_API int truce_shortage_run(truce_shortage_sim *sim, size_t steps, double *output);

/* What stands after the last step.  All rates are a day, whatever the step. */
TRUCE_API size_t truce_shortage_steps(const truce_shortage_sim *sim);          /* done so far */
TRUCE_API const double *truce_shortage_output(const truce_shortage_sim *sim);   /* [cells] */
TRUCE_API const double *truce_shortage_demand(const truce_shortage_sim *sim);   /* [cells] orders that could be delivered */
TRUCE_API const double *truce_shortage_capacity(const truce_shortage_sim *sim); /* [cells] */
TRUCE_API const double *truce_shortage_allowed(const truce_shortage_sim *sim);  /* [cells] what inputs allow; large: nothing binds */
TRUCE_API const double *truce_shortage_labour(const truce_shortage_sim *sim);   /* [cells] */
TRUCE_API const double *truce_shortage_stock(const truce_shortage_sim *sim);    /* [needs] value */
TRUCE_API const double *truce_shortage_use(const truce_shortage_sim *sim);      /* [needs] coefficients, thrift inside */
TRUCE_API const double *truce_shortage_fill(const truce_shortage_sim *sim);     /* [cells] delivered over ordered, by seller */
TRUCE_API const double *truce_shortage_market_fill(const truce_shortage_sim *sim); /* [markets] delivered over wanted */
TRUCE_API double truce_shortage_clipped(const truce_shortage_sim *sim);         /* use in the last step for which there was no stock */
TRUCE_API double truce_shortage_unmet(const truce_shortage_sim *sim);           /* orders in the last step that bans left without a seller */

/* The books of the last step, reckoned apart from the step's own loops.  Costs as much as a step. */
typedef struct {
	double delivery_gap; /* largest |deliveries to users and final buyers - output| over sellers' output */
	double stock_gap;    /* largest |change of stock - (deliveries - use + clipped)| over the need's normal use */
} truce_shortage_account;

/* Keeps what the books need from the next step on (allocates once).  Then `truce_shortage_books` after any step. */
TRUCE_API int truce_shortage_keep_books(truce_shortage_sim *sim);
TRUCE_API int truce_shortage_books(const truce_shortage_sim *sim, truce_shortage_account *out);

/* ---- a network written by hand ------------------------------------------------------------------------------- */

/* A network, its settings and its scenario as one YAML file (truce-network(5)): `sectors`, `output`,
 * `coefficients` (rows suppliers), `labour`, `consumption`, `other_demand`, `stock_days` (of the using sector),
 * `critical`, `important`, `settings`, `shocks`, `bans`, `surge`, `thrift`, `steps`. */
typedef struct {
	truce_shortage_network network; /* one household; a market a sector, and one for each need under a ban */
	truce_shortage_settings settings;
	truce_shortage_scenario scenario;
	size_t steps;
	truce_arena *arena;             /* owns all of it */
} truce_shortage_case;

/* Every error is diagnosed with its line and the names in it; then TRUCE_INPUT and *out NULL.  A sector whose sales
 * miss its output by up to one thousandth is mended in its other demand, with a warning. */
TRUCE_API int truce_shortage_case_read(truce_context *ctx, truce_shortage_case **out, const char *name, const char *text,
	size_t length);
TRUCE_API void truce_shortage_case_free(truce_shortage_case *item); /* NULL is allowed */
/* Runs it and writes {"steps":[{"t":0,"output":{"A":100,...},"clipped":...,"unmet":...}, ...]}. */
TRUCE_API int truce_shortage_case_to_json(truce_context *ctx, truce_json *json, const truce_shortage_case *item);
/* The same as a table for people, every seventh step (or every step as CSV). */
TRUCE_API int truce_shortage_case_to_text(truce_context *ctx, truce_text *out, const truce_shortage_case *item, bool csv);
/* The schema of the file, for `truce schema` and the manual. */
TRUCE_API const truce_yaml_schema *truce_shortage_case_schema(void);

/* ---- closed forms ------------------------------------------------------------------------------------------- */

/* Days until an input binds: stock / (1 - residual); INFINITY where the residual supply is whole. */
TRUCE_API double truce_shortage_days_to_bind(double stock_days, double residual);
/* Output over normal output when an input of cost share a is there at e of its normal amount and everything else is
 * unchanged: [(1-a) + a e^((s-1)/s)]^(s/(s-1)), s the elasticity of substitution, not 1 (then e^a). */
TRUCE_API double truce_shortage_ces(double cost_share, double available, double elasticity);
/* The same nested: the input within a bundle of cost share `bundle` (elasticity inner), the bundle within output
 * (elasticity outer). */
TRUCE_API double truce_shortage_ces_nested(double bundle_share, double share_in_bundle, double available,
	double inner, double outer);

/* ---- fleets --------------------------------------------------------------------------------------------------- */

/* A type of part that a fleet wears out.  Counts, not values. */
typedef struct {
	const char *name;
	double per_unit;     /* q: how many of it a unit in service carries */
	double failures;     /* removals a unit and day */
	double home;         /* share of removals that is mended at home, in [0, 1] */
	double home_days;    /* repair turn-round at home */
	double spares;       /* serviceable spares at the start, for the whole fleet */
	double licence_rate; /* of the normal flow from abroad that still comes */
	double leak, leak_lag; /* share of normal flow that comes round, after days */
} truce_shortage_part;

typedef struct {
	double units;        /* in service */
	size_t parts;
	const truce_shortage_part *part;
} truce_shortage_fleet;

/* Units that stand, by day, [days]: at least max over parts of short / per_unit (every unit that stands gives its parts
 * to the others), at most the sum of what is short (none does).  A unit that stands wears nothing out.  Either array may
 * be NULL. */
TRUCE_API int truce_shortage_fleet_run(truce_context *ctx, const truce_shortage_fleet *fleet, size_t days, double *least,
	double *most);
/* By what factor all removals would have to be higher for `units` to stand after `days`: `least` cannibalising, `most`
 * without.  INFINITY where no factor up to 1e6 does it, 0 where units is 0. */
TRUCE_API int truce_shortage_fleet_factor(truce_context *ctx, const truce_shortage_fleet *fleet, size_t days, double units,
	double *without, double *cannibal);

/* ---- acts on satellites ------------------------------------------------------------------------------------------ */

/* Satellites are inputs that no table shows, since they are a sliver of a cell.  Each `dependency` of the record says who needs
 * one, from where, how much of it lies in stock and what happens without.  They stand beside the world's table: their
 * value is too small to be taken out of a cell, and cells that are only satellites or stages between them are left out
 * of every total.  Stages (input, part, product) are dependencies `via` another. */
typedef struct {
	const truce_record *record;
	const truce_world *world;
	truce_clocks clocks;                   /* what is known of dependencies */
	truce_shortage_settings settings;
	truce_shortage_world_options economy;
	int weeks;             /* how long the acts last; the recovery is followed for as long again; 26 */
	double licence_rate;   /* flow allowed in the end against normal flow; NaN: what the acts say, else 0 */
	double stock_days;     /* NaN: what the dependencies say */
	const char *first;     /* the user that efficient rationing serves before all others; NULL: none */
	int draws;             /* of the dependencies' ranges; 200 */
	uint64_t seed;         /* 1 */
	int threads;           /* 2; the same bits whatever their number */
} truce_shortage_input;

TRUCE_API void truce_shortage_input_default(truce_shortage_input *input);

/* A number and where nine in ten draws lie; NaN where there were none. */
typedef struct {
	double value, low, high;
} truce_shortage_range;

/* One user that the acts strike. */
typedef struct {
	const char *dependency;  /* id of the record, the first of the user and input */
	const char *party, *user, *input, *from; /* from: who stops selling, or the stage before */
	const char *user_name;   /* for people: the sector's name in the world, else the stage */
	const char *evidence;    /* of the record; may be NULL */
	bool unsure, critical, indirect; /* indirect: struck through a stage, not by the act itself */
	double share;            /* of the user's supply that comes from there */
	double stock_days;
	double exposed;          /* share of the user's output that needs it */
	double residual;         /* share of normal supply that still comes when the acts begin */
	double closed_days;      /* stock / (1 - residual); INFINITY: never */
	truce_shortage_range first_day;  /* the first day short, 0 the day the acts begin; INFINITY: not while they last */
	double stops;            /* share of draws in which it falls short while the acts last */
	double lowest;           /* lowest output, share of normal */
	truce_shortage_range lost_usd;   /* output of the user while the acts last and in the recovery */
	double lost_week_usd;    /* in the last week of the acts */
	double use_usd;          /* of the input, normal, a year */
	double stock_day_usd;    /* loss avoided by one more day of stock */
	double flow_usd;         /* loss avoided by one more dollar of the input that comes through; NaN: not known */
	double tonne_usd;        /* ... by one more tonne; NaN where the record holds no price (a figure `of` the input in usd/t) */
} truce_shortage_user;

typedef struct {
	const char *id, *name;
	truce_shortage_range lost_usd;   /* output */
	truce_shortage_range added_usd;  /* value added */
	double output_share;     /* of its output while the acts last */
	truce_shortage_range gdp_share;  /* value added lost while the acts last, of GDP in that time */
	double labour_share;     /* of its labour income idle in the worst week: jobs, where all are paid alike */
	double exports_usd;      /* lost, at each cell's normal share of exports */
	const double *week, *week_low, *week_high; /* [weeks x 2] output lost a week, US$ */
} truce_shortage_party;

/* What the acts cost the one who sells. */
typedef struct {
	const char *party, *input;
	double sales_usd;        /* lost while the acts last */
	double sales_year_usd;   /* normal, a year */
	double idle;             /* share of its modelled capacity idle at the worst */
	double market_usd;       /* a year, lost for good as users redesign and others have grown */
} truce_shortage_seller;

/* Three ways to see the same acts, value added lost in % of GDP as fractions. */
typedef struct {
	const char *party;
	double shortage;         /* this model, while the acts last */
	double ces[3];           /* a nested CES, elasticity .05, .1, .2, at the mean supply while the acts last */
	double long_run;         /* the trade model's price index of the input alone: (1 - share)^(-1/theta) on its cost */
	double theta;
} truce_shortage_views;

typedef struct {
	const char *dependency, *party, *input, *from;
	double units;
	const double *least, *most; /* [weeks] standing at the end of each week */
	double claimed, claimed_days;         /* units said to stand, and after how long; NaN: no claim */
	double factor_without, factor_cannibal; /* how much higher removals would have to be */
	double failures;         /* a unit and year, assumed */
	double sales_year_usd;   /* the seller's, NaN where not known */
	bool unsure;
} truce_shortage_grounded;

typedef struct {
	int weeks, draws;
	const char *baseline;
	size_t act_count;
	const char **acts;       /* in words */
	size_t gap_count;
	const char **gaps;       /* what could not be answered, and why */
	size_t user_count, party_count, seller_count, fleet_count;
	truce_shortage_user *users;
	truce_shortage_party *parties;
	truce_shortage_seller *sellers;
	truce_shortage_views *views; /* [party_count] */
	truce_shortage_grounded *fleets;
	double lost_usd;         /* output, all parties */
	double normal_usd;       /* output of all parties in as many days without acts: what lost_usd is a share of */
	double pro_rata_usd, efficient_usd; /* the same with one pool a party and input, rationed either way */
	int recovery_days;       /* from the end of the acts until a day loses less than a tenth of the worst; -1: not in time */
	double clipped_usd;      /* use for which there was no stock, in all */
} truce_shortage_answer;

/* What acts do, within weeks.  Each text is the id of a record (a measure: its act; a threat: the flow that its
 * condition stops, and its acts; a claim: its act, with the units it says stand) or an act in YAML's flow form.  Acts
 * that stop no flow are gaps, never 0.  In the arena.  TRUCE_UNKNOWN where nothing of it meets a dependency. */
TRUCE_API int truce_shortage_ask(truce_context *ctx, truce_arena *arena, truce_shortage_answer **out,
	const truce_shortage_input *input, const char *const *acts, size_t count);
TRUCE_API void truce_shortage_answer_to_json(truce_json *json, const char *key, const truce_shortage_answer *answer);
/* Who stops when, as bars; output lost by week with its fan. */
TRUCE_API int truce_shortage_gantt(truce_context *ctx, truce_text *out, const truce_shortage_answer *answer);
TRUCE_API int truce_shortage_fan(truce_context *ctx, truce_text *out, const truce_shortage_answer *answer);

/* An input that one party could deny another. */
typedef struct {
	const char *party, *input, *from;
	double share, stock_days;      /* weighted by use */
	double replace_days;           /* the shorter of what others need to grow and users to redesign; NaN: not said */
	truce_shortage_range lost_usd; /* output, if it stops for `weeks`; range where the dependencies give one */
	double gdp_share;
	double ten_points_usd;         /* loss avoided if ten points of the share came from elsewhere */
	size_t users;
	bool unsure;
} truce_shortage_chokepoint;

/* All of them, the dearest first. */
TRUCE_API int truce_shortage_chokepoints(truce_context *ctx, truce_arena *arena, truce_shortage_chokepoint **out,
	size_t *count, const truce_shortage_input *input);

/* ---- fitting an episode ------------------------------------------------------------------------------------------- */

/* Stock and leak that reproduce an episode, by scanning all of them.  The CSV has columns kind,from,through,low,high:
 *   flow    what left the seller in that time, share of normal (low = high, or a range)
 *   output  the user's output in that time, share of normal, between low and high
 * Days are counted from the first `from`.  Goods land `transit` days after they left. */
typedef struct {
	double transit;                  /* days; 35 */
	double share;                    /* of the user's supply that comes from the seller; 1 */
	double exposed;                  /* of the user's output; 1 */
	double stock_most, leak_most;    /* scanned from 0; 180 days, 0.5 */
	double stock_step, leak_step;    /* 1 day, 0.02 */
} truce_shortage_fit_options;

typedef struct {
	size_t tried, fitting;
	double stock_low, stock_high;    /* of the pairs that fit; NaN: none does */
	double leak_low, leak_high;
	double stock_alone_low, stock_alone_high; /* without a leak */
	double best_stock, best_leak;    /* the middle of what fits; else the least miss */
	double miss;                     /* of the best, sum of how far outputs lie outside their bands */
	size_t days, bands;
	double *output;                  /* [days] of the best, share of normal */
	bool low_open, high_open;        /* the range ends where the scan does: the data do not bound it */
} truce_shortage_fitted;

TRUCE_API void truce_shortage_fit_options_default(truce_shortage_fit_options *options);
TRUCE_API int truce_shortage_fit(truce_context *ctx, truce_arena *arena, truce_shortage_fitted *out, const char *path,
	const truce_shortage_fit_options *options);

#ifdef __cplusplus
}
#endif
#endif
