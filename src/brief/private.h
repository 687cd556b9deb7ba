/* brief, private: the writer that all parts of the composition share. */
#ifndef BRIEF_PRIVATE_H
#define BRIEF_PRIVATE_H

#include <truce/brief.h>

#include <math.h>
#include <string.h>

/* Collects notes and texts; a failure sets `status` and every later call does nothing of harm. */
struct brief_writer {
	truce_context *ctx;
	truce_arena *arena;
	truce_case *opened;
	const truce_record *record;
	truce_clocks clocks;
	truce_instant on, known; /* on: in UTC, for what no party levies */
	truce_brief *brief;
	size_t note_capacity, trail_capacity;
	size_t *note_of;         /* [total records] 1 + note, 0 none */
	truce_brief_sentence threat; /* the newest, in short, for the headline; text NULL: none */
	int status;
};

/* words.c */
const char *brief_words(struct brief_writer *w, const char *fmt, ...) TRUCE_PRINTF(2, 3); /* never NULL */
const char *brief_day(struct brief_writer *w, truce_date day, bool whole); /* "4 Mar 2025", whole: "4 March 2025" */
/* An end, exclusive, in the zone of a party: "10 November 2025, 00:01", or "the end of 9 November 2025". */
const char *brief_until(struct brief_writer *w, truce_instant until, const char *party, bool whole);
const char *brief_level(struct brief_writer *w, const truce_level *level, const truce_act *act);
const char *brief_act(struct brief_writer *w, const truce_act *act, bool bare); /* "X raises ..."; bare: "raise ..." */
const char *brief_party(struct brief_writer *w, const char *id); /* its name, with "the" where English wants it */
const char *brief_tidy(struct brief_writer *w, truce_text *text); /* frees the text */
const char *brief_acts(struct brief_writer *w, const truce_yaml_list *acts);
const char *brief_condition(struct brief_writer *w, const truce_condition *condition);
const char *brief_name(const truce_head *head);
const char *brief_status(int status); /* "in force", "struck down" */
const char *brief_plural(struct brief_writer *w, size_t count, const char *one, const char *many); /* "3 measures" */
const char *brief_sentence_case(struct brief_writer *w, const char *text); /* a capital, and a full stop */

/* notes.c */
void brief_ref(struct brief_writer *w, truce_brief_refs *refs, const void *any_record); /* adds its note once */
void brief_ref_id(struct brief_writer *w, truce_brief_refs *refs, const char *id);
const char *brief_roots(struct brief_writer *w, const truce_head *head); /* "one, possibly two independent roots" */

/* compose.c, state.c, costs.c, pictures.c */
truce_brief_sentence *brief_add(struct brief_writer *w, truce_brief_list *list, size_t most, const char *lead,
	const char *text);
truce_trail *brief_trail(struct brief_writer *w, const char *id, double value, const char *unit, const char *operation,
	const char *what, const char *record);
bool brief_state(struct brief_writer *w, const void *any_record, truce_record_state *out);
void brief_parties(struct brief_writer *w);
void brief_measures(struct brief_writer *w);
void brief_standing(struct brief_writer *w);
void brief_said(struct brief_writer *w);
void brief_events(struct brief_writer *w);
void brief_costs(struct brief_writer *w);
void brief_headline(struct brief_writer *w);
void brief_cannot(struct brief_writer *w);
void brief_pictures(struct brief_writer *w);
void brief_fit(struct brief_writer *w);          /* shortens to two pages, and numbers the notes */
void brief_number_notes(struct brief_writer *w); /* in the order of reading; those no longer pointed to go */
bool brief_names(const truce_yaml_list *list, const char *id); /* a list of texts holds it */
bool brief_between(struct brief_writer *w, const truce_act *act, int from); /* by party[from], reaching the other */

#endif
