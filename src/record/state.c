/* state.c, room `record`: what a record is at a moment, as known at another.
 *
 * The steps of a history say what changed and since when that is known.  Upon them lie the truces that suspend a
 * measure and the rulings on the law that it stands on. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "private.h"

/* ---- clocks ------------------------------------------------------------------------------------------------------ */

truce_clocks truce_clocks_at(truce_time on, truce_time known)
{
	truce_time today = {.day = truce_today(), .set = true};
	today.at = (truce_instant)today.day * 86400;
	return (truce_clocks){on.set ? on : today, known.set ? known : today, TRUCE_VIEW_APPLIED};
}

truce_instant truce_clocks_known(truce_clocks clocks)
{
	return truce_time_end(&clocks.known, NULL);
}

truce_instant truce_clocks_on(truce_clocks clocks, const truce_zone *zone)
{
	return truce_time_end(&clocks.on, zone);
}

/* ---- histories ------------------------------------------------------------------------------------------------------ */

/* The next step that holds as known, or NULL: of those from one moment the one known last; `i` moves past them. */
static const truce_step *next_step(const truce_yaml_list *history, size_t *i, truce_instant known)
{
	while (*i < history->count) {
		const truce_step *last = NULL;
		truce_instant begins = TRUCE_LIST_AT(*history, truce_step, *i)->begins;
		for (; *i < history->count && TRUCE_LIST_AT(*history, truce_step, *i)->begins == begins; (*i)++)
			if (TRUCE_LIST_AT(*history, truce_step, *i)->known_from <= known)
				last = TRUCE_LIST_AT(*history, truce_step, *i);
		if (last && !last->withdrawn)
			return last;
	}
	return NULL;
}

struct course {
	int status;
	int on_expiry; /* TRUCE_NO_STATUS: not said */
	truce_instant since, until;
	const truce_level *level;
	const truce_step *step;
};

static int expiry_of(int status, int on_expiry, int lapse)
{
	return on_expiry != TRUCE_NO_STATUS ? on_expiry : status == TRUCE_SUSPENDED ? TRUCE_IN_FORCE : lapse;
}

/* The course of a record's own history at `at`. */
static struct course course_at(const struct record_life *life, truce_instant begins, const truce_level *level, truce_instant at,
	truce_instant known)
{
	struct course c = {life->initial, life->on_expiry, begins, life->ends, level, NULL};
	size_t i = 0;
	for (const truce_step *step; (step = next_step(life->history, &i, known)) && step->begins <= at;) {
		if (step->begins >= c.until) { /* what had ended has become what follows */
			c.status = expiry_of(c.status, c.on_expiry, life->lapse);
			c.since = c.until;
			c.on_expiry = TRUCE_NO_STATUS;
			c.until = TRUCE_NEVER;
		}
		if (step->status != TRUCE_NO_STATUS) {
			c.status = step->status;
			c.since = step->begins;
			c.until = step->ends;
			c.on_expiry = step->on_expiry;
		} else if (step->ends != TRUCE_NEVER) {
			c.until = step->ends;
			c.on_expiry = step->on_expiry != TRUCE_NO_STATUS ? step->on_expiry : c.on_expiry;
		}
		if (step->level)
			c.level = step->level;
		c.step = step;
	}
	if (at >= c.until) {
		c.status = expiry_of(c.status, c.on_expiry, life->lapse);
		c.since = c.until;
		c.until = TRUCE_NEVER;
		c.on_expiry = TRUCE_NO_STATUS;
	}
	return c;
}

/* ---- laws -------------------------------------------------------------------------------------------------------------- */

static const truce_authority *authority_known(const truce_record *record, const truce_authority *authority, truce_instant known)
{
	if (!authority || truce_record_visible(authority, known))
		return authority;
	return truce_record_find_known(record, TRUCE_AUTHORITY, authority->head.id, known);
}

static const truce_authority *next_authority(const truce_record *record, const truce_authority *authority, truce_instant known)
{
	return authority->under ? truce_record_find_known(record, TRUCE_AUTHORITY, authority->under, known) : NULL;
}

struct fall {
	const truce_authority *fallen; /* struck down as applied */
	const truce_authority *voided; /* void in law */
};

/* Whether a law, or one it is a use of, has fallen: at the border, and in law. */
static struct fall fall_at(const truce_record *record, const truce_authority *authority, truce_instant at, truce_instant known)
{
	struct fall fall = {0};
	authority = authority_known(record, authority, known);
	for (int hops = 0; authority && hops < 16; hops++, authority = next_authority(record, authority, known)) {
		const truce_step *now = NULL, *last = NULL;
		size_t i = 0;
		for (const truce_step *step; (step = next_step(&authority->history, &i, known));) {
			if (step->status == TRUCE_NO_STATUS)
				continue;
			last = step;
			if (step->begins <= at)
				now = step;
		}
		if (now && now->status == TRUCE_STRUCK_DOWN && !fall.fallen && (!now->collected_until.set || at >= now->collected_ends))
			fall.fallen = authority;
		if (last && last->status == TRUCE_STRUCK_DOWN && !fall.voided && (last->voids != TRUCE_VOID_FROM_RULING || at >= last->begins))
			fall.voided = authority;
	}
	return fall;
}

static int rank(int status)
{
	return status == TRUCE_STRUCK_DOWN ? 3 : status == TRUCE_HELD_UNLAWFUL ? 2 : status == TRUCE_CHALLENGED ? 1 : 0;
}

/* The worst of a law and those it is a use of. */
static void authority_state(const truce_record *record, const truce_authority *authority, truce_instant at, truce_instant known,
	truce_view view, truce_record_state *out)
{
	const truce_authority *own = authority;
	out->status = TRUCE_VALID;
	for (int hops = 0; authority && hops < 16; hops++, authority = next_authority(record, authority, known)) {
		int status = authority->status;
		const truce_step *by = NULL;
		size_t i = 0;
		for (const truce_step *step; (step = next_step(&authority->history, &i, known));)
			if (step->status != TRUCE_NO_STATUS && step->begins <= at) {
				status = step->status;
				by = step;
			}
		if (rank(status) > rank((int)out->status)) {
			out->status = (truce_status)status;
			out->step = by;
			out->authority = authority;
		}
	}
	struct fall fall = fall_at(record, own, at, known);
	if (view == TRUCE_VIEW_LAWFUL && fall.voided) {
		out->status = TRUCE_STRUCK_DOWN;
		out->authority = fall.voided;
	}
}

/* ---- truces ---------------------------------------------------------------------------------------------------------------- */

static struct course truce_course(const truce_truce *truce, truce_instant at, truce_instant known)
{
	struct record_life life;
	record_life_of(&truce->head, &life);
	struct course c = course_at(&life, truce->head.begins, NULL, at > truce->head.begins ? at : truce->head.begins, known);
	if (truce->head.ends < c.until)
		c.until = truce->head.ends;
	return c;
}

/* The truce that runs at `at` and suspends the measure, and when the last known one that follows on it ends. */
static const truce_truce *truce_over(const truce_record *record, const truce_measure *measure, truce_instant at, truce_instant known,
	truce_instant *ends, bool *any)
{
	const truce_truce *found = NULL;
	*ends = TRUCE_EVER;
	*any = false;
	for (size_t i = 0; i < measure->truce_count; i++) {
		const truce_truce *truce = (const void *)record->all[measure->truces[i]];
		if (!truce_record_visible(truce, known))
			continue;
		struct course c = truce_course(truce, at, known);
		/* One that is over says, by its last day, until when. */
		if (c.status != TRUCE_IN_FORCE && c.status != TRUCE_EXPIRED && c.status != TRUCE_REMOVED)
			continue;
		*any = true;
		truce_instant end = c.status == TRUCE_IN_FORCE ? c.until : c.since;
		if (truce->head.begins <= at && c.status == TRUCE_IN_FORCE && at < end && (!found || truce->head.begins > found->head.begins))
			found = truce;
		if (end > *ends)
			*ends = end;
	}
	return found;
}

/* ---- all together -------------------------------------------------------------------------------------------------------------- */

static bool has_ended(int status)
{
	return status == TRUCE_EXPIRED || status == TRUCE_REMOVED || status == TRUCE_STRUCK_DOWN || status == TRUCE_LAPSED ||
		status == TRUCE_FULFILLED || status == TRUCE_CALLED_OFF;
}

static void measure_state(const truce_record *record, const truce_measure *measure, truce_instant at, truce_instant known,
	truce_view view, truce_record_state *out, int on_expiry)
{
	truce_instant truce_ends;
	bool any_truce;
	if (measure->truce_count && (out->status == TRUCE_IN_FORCE || (out->status == TRUCE_SUSPENDED && out->until == TRUCE_NEVER))) {
		const truce_truce *truce = truce_over(record, measure, at, known, &truce_ends, &any_truce);
		if (out->status == TRUCE_IN_FORCE && truce) {
			out->status = TRUCE_SUSPENDED;
			out->truce = truce;
			out->step = NULL;
		} else if (out->status == TRUCE_SUSPENDED && any_truce && truce_ends > out->since && at >= truce_ends) {
			out->status = (truce_status)expiry_of(TRUCE_SUSPENDED, on_expiry, TRUCE_EXPIRED);
			out->step = NULL;
		} else if (out->status == TRUCE_SUSPENDED) {
			out->truce = truce;
		}
	}
	if (measure->authority && (out->status == TRUCE_IN_FORCE || out->status == TRUCE_SUSPENDED)) {
		struct fall fall = fall_at(record, measure->authority, at, known);
		const truce_authority *gone = view == TRUCE_VIEW_LAWFUL ? fall.voided : fall.fallen;
		if (gone) {
			out->status = TRUCE_STRUCK_DOWN;
			out->authority = gone;
			out->truce = NULL;
			out->step = NULL;
		} else {
			out->refundable = fall.voided && out->status == TRUCE_IN_FORCE;
		}
	}
}

static bool commitment_met(const truce_commitment *commitment, truce_instant at, truce_instant known)
{
	for (size_t i = 0; i < commitment->due.count; i++) {
		const truce_due *due = TRUCE_LIST_AT(commitment->due, truce_due, i);
		double met = 0;
		for (size_t k = 0; k < due->fulfilled.count; k++) {
			const truce_due_change *f = TRUCE_LIST_AT(due->fulfilled, truce_due_change, k);
			if (f->known_from > known || truce_time_start(&f->on, NULL) > at)
				continue;
			if (f->share.set)
				met += f->share.value;
			else if (f->amount && due->amount && f->amount->value.set && due->amount->value.set && due->amount->value.value > 0 &&
				f->amount->unit && due->amount->unit && strcmp(f->amount->unit, due->amount->unit) == 0)
				met += f->amount->value.value / due->amount->value.value;
			else if (!f->amount)
				met += 1;
		}
		if (met < 1 - 1e-9)
			return false;
	}
	return commitment->due.count > 0;
}

static void commitment_state(const truce_commitment *commitment, truce_instant at, truce_instant known, truce_record_state *out)
{
	if (out->status == TRUCE_STANDING && commitment_met(commitment, at, known))
		out->status = TRUCE_FULFILLED;
	for (size_t i = 0; i < commitment->confirmed_by.count; i++) {
		const truce_confirmation *c = TRUCE_LIST_AT(commitment->confirmed_by, truce_confirmation, i);
		if (c->known_from <= known && c->stance == TRUCE_CONFIRMED && strcmp(c->party, commitment->by) == 0)
			out->confirmed = true;
	}
	for (size_t i = 0; i < commitment->claimed_by.count; i++)
		if (strcmp(TRUCE_LIST_TEXT(commitment->claimed_by, i), commitment->by) == 0)
			out->confirmed = true;
	if (!out->confirmed)
		out->claimed_by = commitment->claimed_by.count ? TRUCE_LIST_TEXT(commitment->claimed_by, 0) : commitment->to;
}

/* At one moment, without a look at what comes before and after. */
static void state_now(const truce_record *record, const truce_head *head, truce_instant at, truce_instant known, truce_view view,
	truce_record_state *out)
{
	struct record_life life;
	const void *any = head;
	*out = (truce_record_state){.status = TRUCE_VALID, .since = head->begins, .until = TRUCE_NEVER, .next = TRUCE_NO_STATUS};
	int on_expiry = TRUCE_NO_STATUS, lapse = TRUCE_EXPIRED;
	if (record_life_of(head, &life)) {
		const truce_level *level = head->kind == TRUCE_MEASURE ? ((const truce_measure *)any)->act.level : NULL;
		struct course c = course_at(&life, head->begins, level, at, known);
		out->status = (truce_status)c.status;
		out->since = c.since;
		out->until = c.until;
		out->level = c.level;
		out->step = c.step;
		on_expiry = c.on_expiry;
		lapse = life.lapse;
	}
	switch (head->kind) {
	case TRUCE_MEASURE: measure_state(record, any, at, known, view, out, on_expiry); break;
	case TRUCE_COMMITMENT: commitment_state(any, at, known, out); break;
	case TRUCE_AUTHORITY: authority_state(record, any, at, known, view, out); break;
	case TRUCE_STATEMENT: {
		const truce_statement *s = any;
		out->status = s->asserts.count ? TRUCE_ASSERTED : s->denies.count ? TRUCE_DENIED : s->dodges.count ? TRUCE_DODGED : TRUCE_ASSERTED;
		return;
	}
	default: break;
	}
	if (at >= head->ends && head->kind != TRUCE_MEETING && head->kind != TRUCE_CLAIM && !has_ended((int)out->status))
		out->status = (truce_status)lapse;
}

/* ---- moments --------------------------------------------------------------------------------------------------------------------- */

struct emitter {
	record_moment_fn emit;
	void *user;
	truce_instant known;
	bool stopped;
};

static void emit_one(struct emitter *e, truce_instant at)
{
	if (!e->stopped && at != TRUCE_EVER && at != TRUCE_NEVER && !e->emit(e->user, at))
		e->stopped = true;
}

static void emit_life(struct emitter *e, const truce_head *head)
{
	struct record_life life;
	emit_one(e, head->begins);
	emit_one(e, head->ends);
	if (!record_life_of(head, &life))
		return;
	emit_one(e, life.ends);
	size_t i = 0;
	for (const truce_step *step; !e->stopped && (step = next_step(life.history, &i, e->known));) {
		emit_one(e, step->begins);
		emit_one(e, step->ends);
	}
}

static void moments(const truce_record *record, const truce_head *head, truce_instant known, record_moment_fn emit, void *user)
{
	struct emitter e = {emit, user, known, false};
	const void *any = head;
	emit_life(&e, head);
	const truce_authority *authority = NULL;
	if (head->kind == TRUCE_AUTHORITY)
		authority = any;
	if (head->kind == TRUCE_MEASURE) {
		const truce_measure *measure = any;
		for (size_t i = 0; i < measure->truce_count; i++)
			if (truce_record_visible(record->all[measure->truces[i]], known))
				emit_life(&e, record->all[measure->truces[i]]);
		authority = authority_known(record, measure->authority, known);
	}
	for (int hops = 0; authority && hops < 16; hops++, authority = next_authority(record, authority, known)) {
		size_t i = 0;
		for (const truce_step *step; (step = next_step(&authority->history, &i, known));) {
			emit_one(&e, step->begins);
			emit_one(&e, step->collected_ends);
		}
	}
	if (head->kind == TRUCE_COMMITMENT) {
		const truce_commitment *commitment = any;
		for (size_t i = 0; i < commitment->due.count; i++) {
			const truce_due *due = TRUCE_LIST_AT(commitment->due, truce_due, i);
			for (size_t k = 0; k < due->fulfilled.count; k++)
				if (TRUCE_LIST_AT(due->fulfilled, truce_due_change, k)->known_from <= known)
					emit_one(&e, truce_time_start(&TRUCE_LIST_AT(due->fulfilled, truce_due_change, k)->on, NULL));
		}
	}
}

void record_moments(const truce_record *record, const truce_head *head, truce_clocks clocks, record_moment_fn emit, void *user)
{
	moments(record, head, truce_clocks_known(clocks), emit, user);
}

struct nearest {
	truce_instant at, after, before; /* the nearest moments on both sides */
};

static bool near_moment(void *user, truce_instant at)
{
	struct nearest *n = user;
	if (at > n->at && at < n->after)
		n->after = at;
	if (at < n->at && at > n->before)
		n->before = at;
	return true;
}

static struct nearest nearest_moments(const truce_record *record, const truce_head *head, truce_instant at, truce_instant known)
{
	struct nearest n = {at, TRUCE_NEVER, TRUCE_EVER};
	moments(record, head, known, near_moment, &n);
	return n;
}

bool record_state_at_instant(const truce_record *record, const truce_head *head, truce_instant at, truce_instant known, truce_view view,
	truce_record_state *out)
{
	truce_record_state other;
	if (!truce_record_visible(head, known) || head->begins > at)
		return false;
	state_now(record, head, at, known, view, out);
	out->until = TRUCE_NEVER;
	out->next = TRUCE_NO_STATUS;
	/* Until when: past all moments that leave the status as it is. */
	struct nearest n = nearest_moments(record, head, at, known);
	truce_instant before = n.before;
	while (n.after != TRUCE_NEVER) {
		state_now(record, head, n.after, known, view, &other);
		if (other.status != out->status) {
			out->until = n.after;
			out->next = other.status;
			break;
		}
		n = nearest_moments(record, head, n.after, known);
	}
	/* Since when: `at` itself may be a moment. */
	truce_instant since = at;
	if (before == TRUCE_EVER || before < head->begins) {
		since = head->begins;
	} else {
		n = nearest_moments(record, head, at + 1, known);
		truce_instant moment = n.before; /* the last one that is not after `at` */
		for (;;) {
			since = moment;
			n = nearest_moments(record, head, moment, known);
			if (n.before == TRUCE_EVER || n.before < head->begins)
				break;
			state_now(record, head, n.before, known, view, &other);
			if (other.status != out->status)
				break;
			moment = n.before;
		}
	}
	out->since = since;
	return true;
}

bool truce_record_state_at(const truce_record *record, const void *any_record, truce_clocks clocks, truce_record_state *out)
{
	const truce_head *head = any_record;
	return record_state_at_instant(record, head, truce_clocks_on(clocks, truce_record_zone_of(record, head)), truce_clocks_known(clocks),
		clocks.view, out);
}

bool truce_measure_at(const truce_record *record, const truce_measure *measure, truce_clocks clocks, truce_measure_state *out)
{
	return truce_record_state_at(record, measure, clocks, out);
}

bool truce_authority_at(const truce_record *record, const truce_authority *authority, truce_clocks clocks, truce_record_state *out)
{
	return truce_record_state_at(record, authority, clocks, out);
}

/* ---- all changes of a measure -------------------------------------------------------------------------------------------------------- */

struct collection {
	truce_context *ctx;
	truce_instant *items;
	size_t count, capacity;
	int status;
};

static bool collect(void *user, truce_instant at)
{
	struct collection *c = user;
	c->status = truce_grow(c->ctx, &c->items, &c->capacity, c->count + 1, sizeof *c->items);
	if (c->status == TRUCE_OK)
		c->items[c->count++] = at;
	return c->status == TRUCE_OK;
}

static int by_value(const void *left, const void *right)
{
	const truce_instant *a = left, *b = right;
	return (*a > *b) - (*a < *b);
}

int truce_measure_changes(truce_context *ctx, truce_arena *arena, truce_instant **out, size_t *count, const truce_record *record,
	const truce_measure *measure, truce_clocks clocks)
{
	struct collection c = {.ctx = ctx};
	*out = NULL;
	*count = 0;
	record_moments(record, &measure->head, clocks, collect, &c);
	if (c.status == TRUCE_OK && c.count) {
		qsort(c.items, c.count, sizeof *c.items, by_value);
		size_t kept = 0;
		for (size_t i = 0; i < c.count; i++)
			if (i == 0 || c.items[i] != c.items[kept - 1])
				c.items[kept++] = c.items[i];
		truce_instant *copy = truce_arena_array(arena, kept, sizeof *copy);
		if (copy) {
			memcpy(copy, c.items, kept * sizeof *copy);
			*out = copy;
			*count = kept;
		} else {
			c.status = TRUCE_MEMORY;
		}
	}
	truce_release(ctx, c.items);
	return c.status;
}

bool truce_level_rate(const truce_level *level, double *out)
{
	*out = NAN;
	if (!level || !level->unit || !(level->add.set || level->to.set || level->floor.set))
		return false;
	double value = level->add.set ? level->add.value : level->to.set ? level->to.value : level->floor.value;
	if (strcmp(level->unit, "pct") == 0 || strcmp(level->unit, "pp") == 0)
		*out = value / 100;
	else if (strcmp(level->unit, "share") == 0)
		*out = value;
	return !isnan(*out);
}

/* ---- parties -------------------------------------------------------------------------------------------------------------------------- */

bool truce_record_includes_party(const truce_record *record, const char *party, const char *member, truce_instant at)
{
	if (strcmp(party, member) == 0 || strcmp(party, "all") == 0)
		return true;
	const truce_party *group = truce_record_find(record, TRUCE_PARTY, party);
	for (size_t i = 0; group && i < group->members.count; i++) {
		const truce_member *m = TRUCE_LIST_AT(group->members, truce_member, i);
		if (m->begins <= at && at < m->ends && truce_record_includes_party(record, m->party, member, at))
			return true;
	}
	return false;
}

bool truce_act_reaches(const truce_record *record, const truce_act *act, const char *party, truce_instant at)
{
	bool reached = false;
	if (act->by && truce_record_includes_party(record, act->by, party, at))
		return false;
	for (size_t i = 0; i < act->against.count && !reached; i++)
		reached = truce_record_includes_party(record, TRUCE_LIST_TEXT(act->against, i), party, at);
	for (size_t i = 0; i < act->except.count && reached; i++)
		reached = !truce_record_includes_party(record, TRUCE_LIST_TEXT(act->except, i), party, at);
	return reached;
}
