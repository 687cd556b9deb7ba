/* private.h: what the files of the room `record` share. */
#ifndef TRUCE_RECORD_PRIVATE_H
#define TRUCE_RECORD_PRIVATE_H

#include <truce/record.h>

extern const truce_yaml_schema *const record_schemas[TRUCE_RECORD_KINDS]; /* by kind */
extern const truce_yaml_schema record_act_schema;
extern const truce_yaml_schema record_condition_schema;
extern const truce_yaml_schema record_file_schema; /* a file: a map a kind */

enum { RECORD_HISTORY_LIMIT = 1000 }; /* steps of one record: what follows a moment is searched step by step */

struct record_slot {
	uint64_t hash;
	size_t number; /* of the first version, plus one; 0: free */
};

struct truce_record {
	truce_context *ctx;
	truce_arena *arena;
	const truce_head **all;   /* [total], in the order read */
	size_t total, capacity;
	const void **of_kind[TRUCE_RECORD_KINDS];
	size_t count[TRUCE_RECORD_KINDS], kind_capacity[TRUCE_RECORD_KINDS];
	char **texts;             /* [text_count] of the files: places point into them */
	size_t text_count, text_capacity;
	struct record_slot *slots; /* open addressing by id */
	size_t slot_count, slot_capacity;
};

/* Of the records that live through statuses: where they keep them. */
struct record_life {
	int initial;               /* status at the beginning */
	int on_expiry;             /* of the initial status; TRUCE_NO_STATUS: the kind's */
	int lapse;                 /* what an ended status becomes where nothing is said */
	truce_instant ends;        /* of the initial status */
	const truce_yaml_list *history; /* truce_step */
};
bool record_life_of(const truce_head *head, struct record_life *out); /* false: the kind has none */

const char *record_levier(const truce_head *head); /* the party whose zone its dates are in; NULL none */
const truce_head *record_first_version(const truce_record *record, const char *id);
bool record_goods_overlap(truce_context *ctx, const truce_record *record, const truce_yaml_list *a, const truce_yaml_list *b);
int record_resolve(truce_record *record); /* after all is read: times, corrections, cycles, dates of sources */

/* Every moment at which something of the record may change (a few may be no change); emit returns false to stop. */
typedef bool (*record_moment_fn)(void *user, truce_instant at);
void record_moments(const truce_record *record, const truce_head *head, truce_clocks clocks, record_moment_fn emit, void *user);
/* The state at an instant rather than at the end of a day. */
bool record_state_at_instant(const truce_record *record, const truce_head *head, truce_instant at, truce_instant known, truce_view view,
	truce_record_state *out);

#endif
