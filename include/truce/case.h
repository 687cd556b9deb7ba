/* truce/case.h: a record and a world, opened once at (on, known), and the questions that need both.
 *
 * The program, the server and the bindings open a case and print its results; none of them computes. */
#ifndef TRUCE_CASE_H
#define TRUCE_CASE_H

#include <truce/cost.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
	const char *const *records; /* folders */
	size_t record_count;
	const char *world;          /* file; NULL: nothing is priced */
	const char *bridge;         /* file; NULL: the world's name with .yaml for .world, and none where
	                               that is not there */
	truce_clocks clocks;
	truce_equilibrium_settings model; /* truce_case_options_init sets the defaults */
	int draws;
	uint64_t seed;
} truce_case_options;

TRUCE_API void truce_case_options_init(truce_case_options *options);

typedef struct truce_case truce_case;

TRUCE_API int truce_case_open(truce_context *ctx, truce_case **out, const truce_case_options *options);
TRUCE_API void truce_case_close(truce_case *opened); /* NULL is allowed */
TRUCE_API const truce_record *truce_case_record(const truce_case *opened);
TRUCE_API const truce_world *truce_case_world(const truce_case *opened);   /* NULL where opened without one */
TRUCE_API const truce_bridge *truce_case_bridge(const truce_case *opened); /* the same */
TRUCE_API truce_clocks truce_case_clocks(const truce_case *opened);

/* The acts together, as one package (truce_cost_price). */
TRUCE_API int truce_case_cost(truce_case *opened, truce_arena *arena, truce_cost **out, const char *const *acts, size_t count);

/* One question that the record itself raises: what if this comes true? */
typedef struct {
	const truce_head *head; /* a standing threat, demand or offer, or a truce that suspends measures */
	const char *question;   /* in words: "if ... lapses" */
	truce_cost *cost;       /* NULL: not priced */
	const char *why;        /* then: why not */
} truce_case_question;

/* Prices every standing threat, truce, demand and offer, in that order, each alone.  In the arena. */
TRUCE_API int truce_case_questions(truce_case *opened, truce_arena *arena, truce_case_question **out, size_t *count);

/* Computes the number under a trail's id ("cost/ACT/PARTY/HORIZON/real_income") anew; *out is its trail.
 * TRUCE_NOT_FOUND where there is no such number. */
TRUCE_API int truce_case_trail(truce_case *opened, truce_arena *arena, const truce_trail **out, const char *id);

#ifdef __cplusplus
}
#endif
#endif
