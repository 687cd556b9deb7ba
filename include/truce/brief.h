/* truce/brief.h: the note that a case gives: what is in force, suspended, threatened, demanded, offered, claimed, what
 * comes due, what the acts on the table cost, and what cannot be said yet.
 *
 * A brief is first a structure (below), composed from a case at its two clocks, then printed as HTML, as Markdown or as
 * JSON.  It computes nothing but counts and days.  Every sentence carries the numbers of the notes that hold its
 * records with their sources; every printed number carries the id of its trail.  Sentences are composed from the words
 * of the record: no party, good or date stands in the code. */
#ifndef TRUCE_BRIEF_H
#define TRUCE_BRIEF_H

#include <truce/case.h>
#include <truce/figure.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Indices into the notes of the brief. */
typedef struct {
	size_t count;
	const size_t *at;
} truce_brief_refs;

typedef struct {
	const char *lead;   /* a few words in front, set bold; NULL none */
	const char *text;
	truce_brief_refs refs;
} truce_brief_sentence;

typedef struct {
	size_t count;
	truce_brief_sentence *items;
	size_t left_out;    /* more that the record holds, and the page has no room for */
} truce_brief_list;

/* A measure in a table. */
typedef struct {
	const char *id, *by, *name;
	const char *level;  /* as printed: "+20 pp", "export licence" */
	const char *since;  /* "4 Mar 2025" */
	const char *until;  /* suspended ones: "10 Nov 2025, 00:01" */
	const char *next;   /* and then: "in force again" */
	bool contested;     /* stands on a law that is challenged, or held unlawful under a stay */
	bool unsure;
	truce_brief_refs refs;
} truce_brief_measure;

typedef struct {
	size_t count;
	truce_brief_measure *items;
	size_t left_out;
} truce_brief_table;

/* A number as printed, and where it comes from. */
typedef struct {
	const char *id;      /* of its trail, for `truce why` */
	const char *printed; /* "−0.49 %"; "?" where not known */
	double value;        /* NaN: not known */
	double scale;        /* printed is value × scale ... */
	int decimals;        /* ... with so many decimals, a sign, a true minus, and then `unit` */
	const char *unit;
} truce_brief_number;

typedef struct {
	truce_brief_number percent, usd, low, high; /* real income: %, billion USD a year, 90 % range in % */
} truce_brief_effect;

/* One act or package and what it costs the parties. */
typedef struct {
	const char *id;
	const char *text;      /* the question, in words */
	const char *why_not;   /* not priced: why; NULL where priced */
	truce_brief_effect party[2];
	truce_brief_number others; /* all other regions of the world together, billion USD a year */
	truce_brief_refs refs;
	const truce_cost *cost; /* NULL where not priced */
} truce_brief_cost;

typedef struct {
	const char *id;        /* of the record */
	const char *text;      /* name, citation, sources with what they relay */
	size_t roots_least, roots_most;
} truce_brief_note;

typedef struct {
	truce_arena *arena;    /* owns all of it */
	const char *on, *known;     /* ISO, as the clocks were given */
	const char *title, *subtitle;
	const char *party[2];       /* ids of the two parties that the record is mostly about; [1] may be NULL */
	const char *party_name[2];
	truce_brief_list headline;
	truce_brief_table in_force[2]; /* by party[0] on party[1], and the other way */
	truce_brief_table suspended;
	truce_brief_list standing;  /* threats, demands, offers, commitments */
	truce_brief_list said;      /* meetings reported, claims, statements, each with its independent roots */
	truce_brief_list due;       /* what comes due: lead is the day */
	truce_brief_list changed;   /* what changed in the last weeks: lead is the day */
	const char *changed_since;  /* "14 August 2025" */
	const char *baseline;       /* of the costs; NULL where nothing is priced */
	size_t cost_count;
	truce_brief_cost *costs;
	truce_brief_list cannot;    /* what the brief cannot yet say */
	const char *timeline;       /* SVG, theme Page */
	const char *timeline_paper; /* the same as a file of its own */
	const char *costs_figure;   /* SVG, theme Page; NULL where nothing is priced */
	size_t note_count;
	truce_brief_note *notes;
	size_t trail_count;
	const truce_trail **trails; /* of the numbers that are not costs; those hang on their costs */
} truce_brief;

/* Composes the brief of a case at its clocks; prices its questions where it was opened with a world. */
TRUCE_API int truce_brief_compose(truce_context *ctx, truce_brief **out, truce_case *opened);
TRUCE_API void truce_brief_free(truce_brief *brief); /* NULL is allowed */

/* Each appends to `out`. */
TRUCE_API int truce_brief_html(truce_text *out, const truce_brief *brief);     /* self-contained, prints on two A4 pages */
TRUCE_API int truce_brief_markdown(truce_text *out, const truce_brief *brief);
TRUCE_API void truce_brief_json(truce_json *json, const char *key, const truce_brief *brief);

/* The number with this id, and its trail; NULL where the brief prints no such number. */
TRUCE_API const truce_brief_number *truce_brief_find(const truce_brief *brief, const char *id);
TRUCE_API const truce_trail *truce_brief_trail(const truce_brief *brief, const char *id);

/* A number as the brief prints it: signed, grouped, with a true minus and its unit.  In the arena; NULL: no memory. */
TRUCE_API const char *truce_brief_print(truce_arena *arena, double value, double scale, int decimals, const char *unit);

#ifdef __cplusplus
}
#endif
#endif
