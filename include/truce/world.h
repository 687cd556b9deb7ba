/* truce/world.h: an economy of regions and sectors, balanced and calibrated, and where it is kept.
 *
 * Knows nothing of policy beyond the tariffs that stood in its year.  All values are US dollars a year, all
 * tariffs and shares fractions.  A world is immutable once read and may be shared between threads.
 *
 * Names.  n buys, i sells, j and k are sectors.  flow M[j][n][i] is the border value before duty, domestic sales
 * on the diagonal.  From it follow
 *     output    Y[i,j] = sum over n of M[j][n][i]
 *     spending  X[n,j] = sum over i of M[j][n][i] (1 + tariff[j][n][i])
 *     use       U[n,j] = sum over k of input_share[n][k using][j input] Y[n,k]
 *     income    I[n]   = sum over j of value_added[n][j] Y[n,j], plus duties, plus the deficit (imports - exports)
 * and a world is balanced when X[n,j] = U[n,j] + final_share[n][j] I[n] in every cell: then the null shock moves
 * nothing (Caliendo and Parro 2015, in changes). */
#ifndef TRUCE_WORLD_H
#define TRUCE_WORLD_H

#include <truce/base.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
	const char *name;   /* "us-china-2017" */
	const char *year;   /* "2017": what its flows are of */
	const char *note;   /* limits, sources; text */
	size_t regions;     /* N */
	size_t sectors;     /* J */
	const char **region;      /* [N] ids, as in the source: "USA" */
	const char **region_name; /* [N] */
	const char **sector;      /* [J] ids */
	const char **sector_name; /* [J] */
	/* Edges are indexed [sector][importer][exporter]: (j*N + n)*N + i. */
	double *flow;        /* [J][N][N] border value before duty; the diagonal is sales at home */
	double *tariff;      /* [J][N][N] import tariff; 0 on the diagonal */
	double *input_share; /* [N][J using][J input] share of the using sector's gross output; sums with value_added to 1 */
	double *value_added; /* [N][J] share of gross output, in (0, 1] */
	double *final_share; /* [N][J] share of final spending; NULL: to be had as the residual of spending less use as input */
	double *theta;       /* [J] trade elasticity: -theta on spending with tariffs inside */
	double *theta_se;    /* [J] its standard error; NaN where not known */
	double *psi;         /* [J] scale elasticity; NaN where not known */
	double *marketing;   /* [N] share of what is bought there, at border value, that selling it pays to the region itself; NULL: none */
	uint8_t *estimated;  /* [J][N][N] 1: the cell is an estimate, 0: from a source; NULL: not kept */
	size_t members;             /* codes of countries and groups that lie in a region; 0: not kept */
	const char **member;        /* [members] "US", "EU", "VN": as a record names its parties; "*" is everyone not named */
	size_t *member_region;      /* [members] */
	uint8_t *member_whole;      /* [members] 1: the region is this party and nobody else */
	bool balanced;       /* spending, output and income agree to 1e-12 of world output */
	truce_arena *arena;  /* owns all of it */
} truce_world;

static inline size_t truce_world_edge(const truce_world *world, size_t sector, size_t importer, size_t exporter)
{
	return (sector * world->regions + importer) * world->regions + exporter;
}

/* ---- building ------------------------------------------------------------------------------------------------- */

/* A world with room for `regions` x `sectors`: names NULL, arrays zero, theta 0, theta_se and psi NaN, final_share,
 * marketing and estimated NULL.  The caller fills it (names by truce_world_text) and then calls truce_world_finish.  Freed with
 * truce_world_free. */
TRUCE_API int truce_world_new(truce_context *ctx, truce_world **out, size_t regions, size_t sectors);
TRUCE_API void truce_world_free(truce_world *world); /* NULL is allowed */
TRUCE_API int truce_world_keep_estimated(truce_world *world); /* adds the array of flags, all 0 */
TRUCE_API int truce_world_keep_final(truce_world *world);     /* adds the array of final shares, all 0 */
TRUCE_API int truce_world_keep_marketing(truce_world *world); /* adds the array of marketing shares, all 0 */
/* Adds one member; the array grows.  A code that is there already is an error. */
TRUCE_API int truce_world_add_member(truce_context *ctx, truce_world *world, const char *code, size_t region, bool whole);
/* Names as members the regions whose ids are ISO-3 codes of countries and that have no member yet. */
TRUCE_API int truce_world_members_by_iso3(truce_context *ctx, truce_world *world);

typedef struct {
	double share_slack;     /* shares this far from summing to 1 are rescaled and counted in a warning; 0: 1e-5 */
	double imbalance_limit; /* a cell whose imbalance is a larger part of its region's spending is refused; 0: 0.25 */
	double negative_input;  /* input shares down to minus this are kept, with a warning; 0: none */
	bool quiet;             /* no warnings: they were said when the world was made */
} truce_world_rules;

/* Makes a filled world sound or says why it is not, each bad cell by name (file `name`, the first 20 cells):
 * negative or non-finite flows, tariffs of -1 or less or on home sales, a region or a sector without output, shares
 * outside [0, 1] or that do not sum to 1, theta not above 0, an imbalance beyond the limit.  Where final_share is NULL
 * it is taken as the residual, negative cells clipped to 0 with a warning that counts them.  A cell without output and
 * without shares gets a value-added share of 1.  Sets `balanced`. */
TRUCE_API int truce_world_finish(truce_context *ctx, truce_world *world, const char *name,
	const truce_world_rules *rules /* may be NULL */);

/* ---- asking --------------------------------------------------------------------------------------------------- */

#define TRUCE_WORLD_NONE SIZE_MAX
TRUCE_API size_t truce_world_region(const truce_world *world, const char *id); /* TRUCE_WORLD_NONE where there is none */
TRUCE_API size_t truce_world_sector(const truce_world *world, const char *id);
/* The region in which a party of a record lies: by member code, then by region id, then by the concordance of country
 * codes, then the region of "*".  *whole (may be NULL) says whether the region is that party and nobody else. */
TRUCE_API size_t truce_world_region_of(const truce_world *world, const char *party, bool *whole);

TRUCE_API double truce_world_output(const truce_world *world, size_t region, size_t sector);   /* Y, US$ */
TRUCE_API double truce_world_spending(const truce_world *world, size_t region, size_t sector); /* X, US$, duties inside */
TRUCE_API double truce_world_deficit(const truce_world *world, size_t region);                 /* imports - exports, US$ */
TRUCE_API double truce_world_gdp(const truce_world *world, size_t region); /* value added, US$, before import duties */
TRUCE_API double truce_world_duties(const truce_world *world, size_t region);                  /* US$ */

/* One identity of a world and by how much it fails. */
typedef struct {
	const char *name;  /* "spending" */
	const char *what;  /* "spending = use as input + final demand" */
	double residual;   /* largest absolute value */
	const char *scale; /* what it is a part of: "of world output" */
	double limit;      /* up to here it holds */
	size_t region, sector; /* where it is largest; TRUCE_WORLD_NONE where the identity has none */
} truce_world_identity;

enum { TRUCE_WORLD_IDENTITIES = 7 };
/* Computes all of them, from the arrays alone; TRUCE_OK whether or not they hold. */
TRUCE_API int truce_world_check(truce_context *ctx, const truce_world *world,
	truce_world_identity out[TRUCE_WORLD_IDENTITIES]);

/* ---- keeping: one SQLite file, docs/formats/world.md ------------------------------------------------------------ */

/* Written whole or not at all; the same world gives the same bytes. */
TRUCE_API int truce_world_write(truce_context *ctx, const truce_world *world, const char *path);
/* The bytes of that file; freed with truce_release. */
TRUCE_API int truce_world_to_bytes(truce_context *ctx, const truce_world *world, char **out, size_t *length);
TRUCE_API int truce_world_read(truce_context *ctx, truce_world **out, const char *path);
TRUCE_API int truce_world_read_bytes(truce_context *ctx, truce_world **out, const char *name, const void *bytes,
	size_t length); /* borrowed */

/* ---- making one of another ---------------------------------------------------------------------------------------- */

/* Where each region or sector of a world goes. */
typedef struct {
	size_t count;      /* of the new world */
	const char **id;   /* [count] */
	const char **name; /* [count]; NULL: the ids */
	const size_t *to;  /* [regions or sectors of the old world] position in the new */
} truce_world_map;

/* Regions and sectors added up; NULL maps keep them as they are.  Tariffs are means weighted by flows, theta and psi
 * by trade between the new regions.  Trade inside a new region becomes sales at home, its duties vanish. */
TRUCE_API int truce_world_aggregate(truce_context *ctx, truce_world **out, const truce_world *world,
	const truce_world_map *regions, const truce_world_map *sectors);

/* The nearest balanced table with the same technology: trade shares, tariffs, input, value-added and final shares and
 * deficits in dollars stay, sizes move, world value added stays.  A linear system in spending, solved in a fixed order:
 * the same bits on every processor.  *moved (may be NULL) is the largest change of a cell's spending, as a part of world
 * output. */
TRUCE_API int truce_world_balance(truce_context *ctx, truce_world **out, const truce_world *world, double *moved);

/* Flows to multiples of `unit` dollars; tariffs, input shares and elasticities to multiples of `step`.  Value added takes
 * what the inputs leave, final demand what use leaves, so that the result is balanced.  Where use is larger than spending
 * the inputs of that good are scaled down.  0 leaves flows, or shares, as they are. */
TRUCE_API int truce_world_round(truce_context *ctx, truce_world **out, const truce_world *world, double unit, double step);

/* Regions split by the pattern of another world: each flow of `world` between two of its regions is spread over the
 * pattern's regions that lie in them (`regions`: pattern's region to world's) as the pattern's flow of the sector
 * pattern_sector[j] is.  Technology, elasticities and tariffs are copied; between two parts of one region the tariff is
 * the mean that the region levies on others.  What was spread is marked as estimated. */
TRUCE_API int truce_world_spread(truce_context *ctx, truce_world **out, const truce_world *world,
	const truce_world *pattern, const size_t *regions, const size_t *pattern_sector);

typedef enum {
	TRUCE_TARGET_FLOW,     /* border value of the matched flows between regions, US$ */
	TRUCE_TARGET_GDP,      /* value added of the region `importer`, US$ */
	TRUCE_TARGET_DEFICIT,  /* imports less exports of the region `importer`, US$ */
	TRUCE_TARGET_TARIFF    /* the tariff on the matched edges, a fraction */
} truce_world_target_kind;

typedef struct {
	truce_world_target_kind kind;
	const uint8_t *sectors;     /* [J] 1: matched; NULL: all */
	size_t exporter, importer;  /* TRUCE_WORLD_NONE: every one (never a region with itself) */
	double value;
	int line;                   /* of the file it stands in, for messages; 0 none */
} truce_world_target;

typedef struct {
	const truce_world *technology; /* input, value-added and final shares to take; of the same shape; NULL: keep */
	size_t count;
	const truce_world_target *targets;
	size_t sweeps;     /* at most; 0: 2000 */
	double tolerance;  /* of the largest gap to a target, as a part of it; 0: 1e-9 */
} truce_world_update_plan;

typedef struct {
	size_t sweeps;
	double gap;           /* largest to a target */
	size_t worst;         /* which target */
	double final_moved;   /* largest change of a final share against the plan's technology */
} truce_world_update_info;

/* Carries a table to given totals: flows are scaled, row by row and total by total, until spending is use plus final
 * demand and all targets are met (iterated proportional fitting, the cross-entropy nearest table: Bacharach 1970).  A
 * target of one sector, one exporter and one importer is kept exactly and its cell is no estimate; every other flow
 * between regions is marked as estimated.  CONVERGE where the targets cannot be met together, *info says which. */
TRUCE_API int truce_world_update(truce_context *ctx, truce_world **out, const truce_world *world,
	const truce_world_update_plan *plan, truce_world_update_info *info /* may be NULL */);

typedef struct {
	size_t exporter, importer; /* exporter == importer: sales at home; importer NONE: all exports */
	double value;              /* border value, US$; NaN: not known, only the tariff is (exporter NONE: whoever sells) */
	double tariff;             /* NaN: the parent's.  With a value the two sectors together bear the duty they bore. */
	int line;
	bool estimated;            /* the value is an estimate, and the cell says so */
} truce_world_product_flow;

typedef struct {
	const char *id, *name;     /* of the new sector */
	size_t sector;             /* which it is taken out of */
	size_t count;
	const truce_world_product_flow *flows;
	const double *users;       /* [J] weights of the using sectors; NULL: as they use the parent */
	double intermediate;       /* share of its sales that goes to users; NaN: the parent's */
	double theta, theta_se;    /* NaN theta: the parent's */
} truce_world_split_plan;

/* Takes a product out of a sector (what the field calls SplitCom): the new sector stands last.  Flows that are given are
 * taken (at most 99 % of the parent's), total exports of an exporter are spread as the parent's, all others are the
 * parent's times the product's share in the exporter's known flows, and marked as estimated.  Its inputs are the
 * parent's; its users as `users` say, never more than 95 % of what they use of the parent.  A balanced world stays one. */
TRUCE_API int truce_world_split(truce_context *ctx, truce_world **out, const truce_world *world,
	const truce_world_split_plan *plan);

/* ---- importers -------------------------------------------------------------------------------------------------- */

/* The folder of plain CSV of docs/formats/world.md; values are US dollars times `unit`. */
TRUCE_API int truce_world_import_csv(truce_context *ctx, truce_world **out, const char *folder, double unit);
/* The replication files of Caliendo and Parro (2015); `tariffs` is the file of tariffs below the folder, NULL for
 * "tariffs1993.txt". */
TRUCE_API int truce_world_import_cp2015(truce_context *ctx, truce_world **out, const char *folder, const char *tariffs);
/* `sector,theta[,se][,psi]` for every sector; what is not given is not known.  Sectors of other worlds may stand in it. */
TRUCE_API int truce_world_read_elasticities(truce_context *ctx, truce_world *world, const char *path);
/* One wide inter-country table as CSV, packed or not, labels REGION_SECTOR: the World Input-Output Table of the 2013
 * release, OECD's ICIO.  Values are US dollars times `unit`; `elasticity` is a CSV `sector,theta[,se][,psi]`, NULL gives
 * theta 4 with a warning.  Such tables hold no tariffs: they are 0. */
TRUCE_API int truce_world_import_table(truce_context *ctx, truce_world **out, const char *path, double unit,
	const char *elasticity);
/* A header array file of GEMPACK with the data base of the Global Trade Analysis Project, version 10 or later, in the
 * headers of model version 7 (docs/formats/har.md).  Values are US dollars times `unit`, 1e6 for what GTAP ships.
 * `elasticity` is a CSV as above or a header array file with ESBM (default.prm): theta = ESBM - 1; NULL: ESBM of the file
 * itself, or theta 4 with a warning. */
TRUCE_API int truce_world_import_har(truce_context *ctx, truce_world **out, const char *path, double unit,
	const char *elasticity);
TRUCE_API int truce_world_import_har_bytes(truce_context *ctx, truce_world **out, const char *name, const void *bytes,
	size_t length, double unit, const char *elasticity); /* borrowed */

#ifdef __cplusplus
}
#endif
#endif
