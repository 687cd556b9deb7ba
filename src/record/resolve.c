/* resolve.c, room `record`: what needs all records at once.
 *
 * Times in their zones, corrections, which truce suspends which measure, cycles, sources older than what they report. */
#include <stdlib.h>
#include <string.h>

#include "private.h"

struct resolver {
	truce_record *record;
	truce_context *ctx;
	bool faulty;
};

#define FAULT(r, place, remedy, ...) ((r)->faulty = true, truce_yaml_say((r)->ctx, TRUCE_ERROR, place, remedy, __VA_ARGS__))

/* ---- zones ---------------------------------------------------------------------------------------------------- */

const char *record_levier(const truce_head *head)
{
	switch (head->kind) {
	case TRUCE_AUTHORITY: return ((const truce_authority *)(const void *)head)->of;
	case TRUCE_MEASURE: return ((const truce_measure *)(const void *)head)->act.by;
	case TRUCE_THREAT: return ((const truce_threat *)(const void *)head)->by;
	case TRUCE_DEMAND: return ((const truce_demand *)(const void *)head)->by;
	case TRUCE_OFFER: return ((const truce_offer *)(const void *)head)->by;
	case TRUCE_COMMITMENT: return ((const truce_commitment *)(const void *)head)->by;
	case TRUCE_TRUCE: {
		const truce_truce *truce = (const void *)head;
		return truce->between.count ? TRUCE_LIST_TEXT(truce->between, 0) : NULL;
	}
	case TRUCE_MEETING: {
		const truce_meeting *meeting = (const void *)head;
		return meeting->parties.count ? TRUCE_LIST_TEXT(meeting->parties, 0) : NULL;
	}
	case TRUCE_STATEMENT: return ((const truce_statement *)(const void *)head)->by;
	case TRUCE_CLAIM: return ((const truce_claim *)(const void *)head)->by;
	case TRUCE_STACKING: return ((const truce_stacking *)(const void *)head)->into;
	default: return NULL;
	}
}

const truce_zone *truce_record_zone(const truce_record *record, const char *party)
{
	for (int hops = 0; party && hops < 8; hops++) {
		const truce_party *found = truce_record_find(record, TRUCE_PARTY, party);
		if (!found || found->clock)
			return found ? found->clock : NULL;
		party = found->part_of;
	}
	return NULL;
}

const truce_zone *truce_record_zone_of(const truce_record *record, const void *any_record)
{
	const truce_head *head = any_record;
	if (head->kind == TRUCE_MEETING && ((const truce_meeting *)(const void *)head)->zone)
		return truce_zone_find(((const truce_meeting *)(const void *)head)->zone);
	return truce_record_zone(record, record_levier(head));
}

/* ---- times -------------------------------------------------------------------------------------------------------- */

static truce_instant first_moment(const truce_time *from, const truce_zone *zone)
{
	return from->set ? truce_time_start(from, zone) : TRUCE_EVER;
}

/* The first moment after. */
static truce_instant last_moment(const truce_time *until, const truce_time *through, const truce_zone *zone)
{
	if (until->set)
		return truce_time_start(until, zone);
	return through->set ? truce_time_end(through, zone) + 1 : TRUCE_NEVER;
}

static truce_instant latest_source(const truce_record *record, const truce_yaml_list *sources)
{
	truce_instant latest = TRUCE_EVER;
	for (size_t i = 0; i < sources->count; i++) {
		const truce_source *source = truce_record_find(record, TRUCE_SOURCE, TRUCE_LIST_TEXT(*sources, i));
		if (source && source->published > latest)
			latest = source->published;
	}
	return latest;
}

static truce_instant known_instant(const truce_record *record, const truce_time *known, truce_instant otherwise,
	const truce_yaml_list *sources)
{
	if (known->set)
		return truce_time_start(known, NULL);
	truce_instant latest = sources ? latest_source(record, sources) : TRUCE_EVER;
	return latest > otherwise ? latest : otherwise;
}

static int by_time(const void *left, const void *right)
{
	const truce_step *a = left, *b = right;
	if (a->begins != b->begins)
		return a->begins < b->begins ? -1 : 1;
	if (a->known_from != b->known_from)
		return a->known_from < b->known_from ? -1 : 1;
	return a->place.line != b->place.line ? a->place.line - b->place.line : a->place.column - b->place.column;
}

static void resolve_history(struct resolver *r, const truce_head *head, const truce_yaml_list *history, const truce_zone *zone)
{
	if (history->count > RECORD_HISTORY_LIMIT)
		FAULT(r, head->place, "split it into several records", "a history of %zu steps, more than %d", history->count, RECORD_HISTORY_LIMIT);
	for (size_t i = 0; i < history->count; i++) {
		truce_step *step = TRUCE_LIST_AT(*history, truce_step, i);
		step->begins = first_moment(&step->from, zone);
		step->ends = last_moment(&step->until, &step->through, zone);
		step->collected_ends = step->collected_until.set ? truce_time_start(&step->collected_until, zone) : TRUCE_NEVER;
		step->known_from = known_instant(r->record, &step->known, step->begins, &step->sources);
		if (step->begins < head->begins && head->kind != TRUCE_AUTHORITY && head->begins != TRUCE_EVER && step->from.set)
			FAULT(r, step->place, "a step comes after valid.from", "a step from before %s began", head->id);
	}
	if (history->count && !r->faulty)
		qsort(history->items, history->count, sizeof(truce_step), by_time);
}

static void resolve_changes(struct resolver *r, const truce_yaml_list *changes)
{
	for (size_t i = 0; i < changes->count; i++) {
		truce_due_change *change = TRUCE_LIST_AT(*changes, truce_due_change, i);
		truce_instant otherwise = change->on.set ? truce_time_start(&change->on, NULL) : TRUCE_EVER;
		change->known_from = known_instant(r->record, &change->known, otherwise, &change->sources);
	}
}

static void resolve_good(struct resolver *r, truce_good *good)
{
	for (size_t i = 0; i < good->on.count; i++) {
		truce_membership *on = TRUCE_LIST_AT(good->on, truce_membership, i);
		const truce_measure *measure = truce_record_find(r->record, TRUCE_MEASURE, on->measure);
		const truce_zone *zone = measure ? truce_record_zone_of(r->record, &measure->head) : NULL;
		on->begins = first_moment(&on->valid.from, zone);
		on->ends = last_moment(&on->valid.until, &on->valid.through, zone);
		on->known_from = on->known.from.set ? truce_time_start(&on->known.from, NULL) : TRUCE_EVER;
	}
}

static void resolve_party(struct resolver *r, truce_party *party)
{
	if (party->type < 0)
		party->type = TRUCE_PARTY_STATE;
	if (party->zone && !(party->clock = truce_zone_find(party->zone)))
		FAULT(r, party->head.place, "use an IANA name such as Asia/Tokyo", "unknown time zone '%.60s' of %s", party->zone, party->head.id);
	for (size_t i = 0; i < party->members.count; i++) {
		truce_member *member = TRUCE_LIST_AT(party->members, truce_member, i);
		member->begins = first_moment(&member->from, party->clock);
		member->ends = last_moment(&member->until, &member->through, party->clock);
	}
}

static void resolve_measure(struct resolver *r, truce_measure *measure, const truce_zone *zone)
{
	if (measure->status < 0)
		measure->status = TRUCE_IN_FORCE;
	measure->ends = last_moment(&measure->until, &measure->through, zone);
	measure->authority = measure->stands_on ? truce_record_find(r->record, TRUCE_AUTHORITY, measure->stands_on) : NULL;
	for (size_t i = 0; i < measure->exclusions.count; i++) {
		truce_exclusion *exclusion = TRUCE_LIST_AT(measure->exclusions, truce_exclusion, i);
		exclusion->begins = first_moment(&exclusion->valid.from, zone);
		exclusion->ends = last_moment(&exclusion->valid.until, &exclusion->valid.through, zone);
		exclusion->known_from = known_instant(r->record, &exclusion->known.from, TRUCE_EVER, &exclusion->sources);
	}
	resolve_history(r, &measure->head, &measure->history, zone);
}

#define RESOLVE_PROMISE(r, type, any, initial) do { \
		type *promise = (any); \
		if (promise->status < 0) \
			promise->status = (initial); \
		promise->ends = last_moment(&promise->until, &promise->through, zone); \
		resolve_history(r, &promise->head, &promise->history, zone); \
	} while (0)

static void resolve_one(struct resolver *r, truce_head *head)
{
	const truce_zone *zone = truce_record_zone_of(r->record, head);
	void *any = head;
	head->known_from = head->known.from.set ? truce_time_start(&head->known.from, NULL) : TRUCE_EVER;
	if (head->kind == TRUCE_SOURCE && !head->known.from.set)
		head->known_from = ((truce_source *)any)->published;
	head->begins = head->valid.from.set ? truce_time_start(&head->valid.from, zone) : head->known_from;
	head->ends = last_moment(&head->valid.until, &head->valid.through, zone);
	switch (head->kind) {
	case TRUCE_GOOD: resolve_good(r, any); break;
	case TRUCE_AUTHORITY:
		if (((truce_authority *)any)->status < 0)
			((truce_authority *)any)->status = TRUCE_VALID;
		resolve_history(r, head, &((truce_authority *)any)->history, zone);
		break;
	case TRUCE_MEASURE: resolve_measure(r, any, zone); break;
	case TRUCE_THREAT: RESOLVE_PROMISE(r, truce_threat, any, TRUCE_STANDING); break;
	case TRUCE_DEMAND: RESOLVE_PROMISE(r, truce_demand, any, TRUCE_STANDING); break;
	case TRUCE_OFFER: RESOLVE_PROMISE(r, truce_offer, any, TRUCE_STANDING); break;
	case TRUCE_COMMITMENT: {
		truce_commitment *commitment = any;
		RESOLVE_PROMISE(r, truce_commitment, any, TRUCE_STANDING);
		for (size_t i = 0; i < commitment->due.count; i++) {
			resolve_changes(r, &TRUCE_LIST_AT(commitment->due, truce_due, i)->amended);
			resolve_changes(r, &TRUCE_LIST_AT(commitment->due, truce_due, i)->fulfilled);
		}
		for (size_t i = 0; i < commitment->confirmed_by.count; i++) {
			truce_confirmation *c = TRUCE_LIST_AT(commitment->confirmed_by, truce_confirmation, i);
			if (c->stance < 0)
				c->stance = TRUCE_CONFIRMED;
			c->known_from = known_instant(r->record, &c->known, head->known_from, &c->sources);
		}
		break;
	}
	case TRUCE_TRUCE: RESOLVE_PROMISE(r, truce_truce, any, TRUCE_IN_FORCE); break;
	case TRUCE_MEETING:
		if (((truce_meeting *)any)->zone && !truce_zone_find(((truce_meeting *)any)->zone))
			FAULT(r, head->place, "use an IANA name such as Asia/Tokyo", "unknown time zone '%.60s' of %s", ((truce_meeting *)any)->zone,
				head->id);
		RESOLVE_PROMISE(r, truce_meeting, any, TRUCE_REPORTED);
		break;
	case TRUCE_CLAIM: RESOLVE_PROMISE(r, truce_claim, any, TRUCE_OPEN); break;
	case TRUCE_FIGURE:
	case TRUCE_PARAMETER: {
		truce_figure *figure = any;
		for (size_t i = 0; i < figure->series.count; i++) {
			truce_point *point = TRUCE_LIST_AT(figure->series, truce_point, i);
			point->known_from = known_instant(r->record, &point->known, head->known_from, &point->sources);
		}
		break;
	}
	default: break;
	}
}

bool record_life_of(const truce_head *head, struct record_life *out)
{
	const void *any = head;
#define LIFE(type, lapse_) do { \
		const type *it = any; \
		*out = (struct record_life){it->status, TRUCE_NO_STATUS, lapse_, it->ends, &it->history}; \
		return true; \
	} while (0)
	switch (head->kind) {
	case TRUCE_MEASURE: {
		const truce_measure *measure = any;
		*out = (struct record_life){measure->status, measure->on_expiry, TRUCE_EXPIRED, measure->ends, &measure->history};
		return true;
	}
	case TRUCE_THREAT: LIFE(truce_threat, TRUCE_LAPSED);
	case TRUCE_DEMAND: LIFE(truce_demand, TRUCE_LAPSED);
	case TRUCE_OFFER: LIFE(truce_offer, TRUCE_LAPSED);
	case TRUCE_COMMITMENT: LIFE(truce_commitment, TRUCE_LAPSED);
	case TRUCE_TRUCE: LIFE(truce_truce, TRUCE_EXPIRED);
	case TRUCE_MEETING: LIFE(truce_meeting, TRUCE_CALLED_OFF);
	case TRUCE_CLAIM: LIFE(truce_claim, TRUCE_OPEN);
	default: return false;
	}
#undef LIFE
}

/* ---- corrections ---------------------------------------------------------------------------------------------------------- */

static void resolve_supersedes(struct resolver *r, truce_head *head)
{
	if (!head->supersedes)
		return;
	truce_head *old = (truce_head *)truce_record_find(r->record, TRUCE_ANY_KIND, head->supersedes);
	if (!old)
		return; /* dangling: said already */
	if (old == head || strcmp(old->id, head->id) == 0) {
		FAULT(r, head->place, "name the record that it corrects", "%s supersedes itself, perhaps by way of others", head->id);
	} else if (old->kind != head->kind) {
		FAULT(r, head->place, "a correction is of the same kind", "%s supersedes %s, which is a %s", head->id, old->id,
			truce_record_kind_word(old->kind));
	} else if (strcmp(old->id, head->supersedes) != 0) {
		FAULT(r, head->place, "supersede the last correction", "%s supersedes %s, which %s has corrected already", head->id, head->supersedes,
			old->id);
	} else {
		/* A ring of corrections would close here. */
		for (const truce_head *at = head; at; at = at->corrected_by)
			if (at == old) {
				FAULT(r, head->place, "break the ring", "%s and %s supersede each other", head->id, old->id);
				return;
			}
		old->corrected_by = head;
	}
}

/* ---- cycles ------------------------------------------------------------------------------------------------------------------ */

/* What a record leads to, by one relation. */
struct relation {
	truce_record_kind kind;
	const char *key;
	bool one;      /* a single id, not a list */
	size_t offset;
	size_t stride; /* of a list of structs whose first member is the id; 0: a list of texts */
};

static const struct relation relations[] = {
	{TRUCE_SOURCE, "via", false, offsetof(truce_source, via), 0},
	{TRUCE_TRUCE, "extends", true, offsetof(truce_truce, extends), 0},
	{TRUCE_AUTHORITY, "under", true, offsetof(truce_authority, under), 0},
	{TRUCE_GOOD, "includes", false, offsetof(truce_good, includes), 0},
	{TRUCE_GOOD, "except", false, offsetof(truce_good, except), 0},
	{TRUCE_DEPENDENCY, "via", true, offsetof(truce_dependency, via), 0},
	{TRUCE_PARTY, "part_of", true, offsetof(truce_party, part_of), 0},
	{TRUCE_PARTY, "members", false, offsetof(truce_party, members), sizeof(truce_member)},
};

static const truce_head *lead(const truce_record *record, const struct relation *relation, const truce_head *head, size_t i)
{
	const char *at = (const char *)head + relation->offset, *id = NULL;
	if (relation->one) {
		id = i == 0 ? *(const char *const *)(const void *)at : NULL;
	} else {
		const truce_yaml_list *list = (const void *)at;
		if (i < list->count)
			id = relation->stride ? *(const char *const *)(const void *)((const char *)list->items + i * relation->stride)
				: TRUCE_LIST_TEXT(*list, i);
	}
	return id ? truce_record_find(record, relation->kind, id) : NULL;
}

static size_t leads(const struct relation *relation, const truce_head *head)
{
	const char *at = (const char *)head + relation->offset;
	return relation->one ? *(const char *const *)(const void *)at != NULL : ((const truce_yaml_list *)(const void *)at)->count;
}

struct walk {
	const truce_head *head;
	size_t next;
};

/* Depth first with its own stack; a record met again while it is open closes a ring. */
static int find_cycles(struct resolver *r, const struct relation *relation)
{
	truce_record *record = r->record;
	size_t count = record->count[relation->kind];
	bool any = false;
	for (size_t i = 0; i < count && !any; i++)
		any = leads(relation, record->of_kind[relation->kind][i]) > 0;
	if (!any)
		return TRUCE_OK;
	unsigned char *state = truce_allocate_zero(r->ctx, record->total, 1); /* 0 new, 1 open, 2 done */
	struct walk *stack = truce_allocate_zero(r->ctx, count + 1, sizeof *stack);
	int status = state && stack ? TRUCE_OK : TRUCE_MEMORY;
	for (size_t i = 0; i < count && status == TRUCE_OK; i++) {
		const truce_head *root = record->of_kind[relation->kind][i];
		if (state[root->number])
			continue;
		size_t depth = 0;
		stack[depth++] = (struct walk){root, 0};
		state[root->number] = 1;
		while (depth) {
			struct walk *top = &stack[depth - 1];
			if (top->next >= leads(relation, top->head)) {
				state[top->head->number] = 2;
				depth--;
				continue;
			}
			const truce_head *next = lead(record, relation, top->head, top->next++);
			if (!next || state[next->number] == 2)
				continue;
			if (state[next->number] == 1) {
				FAULT(r, top->head->place, "break the ring", "%s leads back to itself by '%s': %s names %s", next->id, relation->key,
					top->head->id, next->id);
				continue;
			}
			state[next->number] = 1;
			stack[depth++] = (struct walk){next, 0};
		}
	}
	truce_release(r->ctx, state);
	truce_release(r->ctx, stack);
	return status;
}

/* ---- truces ------------------------------------------------------------------------------------------------------------------------ */

/* The measures a truce suspends: its own list, or that of the truce it extends. */
static const truce_yaml_list *suspended_by(const truce_record *record, const truce_truce *truce)
{
	for (int hops = 0; truce && hops < 64; hops++) {
		if (truce->suspends.count || !truce->extends)
			return &truce->suspends;
		truce = truce_record_find(record, TRUCE_TRUCE, truce->extends);
	}
	return NULL;
}

static int link_truces(struct resolver *r)
{
	truce_record *record = r->record;
	for (int pass = 0; pass < 2; pass++) { /* count, then fill */
		for (size_t i = 0; i < record->count[TRUCE_TRUCE]; i++) {
			const truce_truce *truce = record->of_kind[TRUCE_TRUCE][i];
			const truce_yaml_list *list = suspended_by(record, truce);
			for (size_t k = 0; list && k < list->count; k++) {
				/* Every version of the measure. */
				const truce_head *head = record_first_version(record, TRUCE_LIST_TEXT(*list, k));
				for (; head && head->kind == TRUCE_MEASURE; head = head->corrected_by) {
					truce_measure *measure = (truce_measure *)(const void *)head;
					if (pass == 1)
						measure->truces[measure->truce_count] = truce->head.number;
					measure->truce_count++;
				}
			}
		}
		for (size_t i = 0; pass == 0 && i < record->count[TRUCE_MEASURE]; i++) {
			truce_measure *measure = (truce_measure *)record->of_kind[TRUCE_MEASURE][i];
			if (!measure->truce_count)
				continue;
			measure->truces = truce_arena_array(record->arena, measure->truce_count, sizeof *measure->truces);
			if (!measure->truces)
				return TRUCE_MEMORY;
			measure->truce_count = 0;
		}
	}
	return TRUCE_OK;
}

/* ---- sources older than what they report ---------------------------------------------------------------------------------------------- */

static void check_sources(struct resolver *r, const truce_head *head)
{
	switch (head->kind) {
	case TRUCE_PARTY: case TRUCE_GOOD: case TRUCE_SOURCE: case TRUCE_AUTHORITY: case TRUCE_STACKING: case TRUCE_DEPENDENCY:
	case TRUCE_FIGURE: case TRUCE_PARAMETER:
		return; /* standing things: sources of any age */
	default:
		break;
	}
	truce_instant earliest = head->begins < head->known_from ? head->begins : head->known_from;
	if (earliest == TRUCE_EVER)
		return;
	for (size_t i = 0; i < head->sources.count; i++) {
		const truce_source *source = truce_record_find(r->record, TRUCE_SOURCE, TRUCE_LIST_TEXT(head->sources, i));
		/* A source's day may be that of another zone: a day of grace on either side of the day's length. */
		truce_instant last = source ? source->published + (source->date.has_time ? 0 : 86399) : 0;
		if (source && last < earliest - 86400) {
			char day[32];
			FAULT(r, head->place, "what is older goes to `background`", "the source %s (%s) is more than a day older than what it reports, %s",
				source->head.id, truce_time_format(day, &source->date), head->id);
		}
	}
}

int record_resolve(truce_record *record)
{
	struct resolver r = {record, record->ctx, false};
	int status = TRUCE_OK;
	for (size_t i = 0; i < record->count[TRUCE_PARTY]; i++)
		resolve_party(&r, (truce_party *)record->of_kind[TRUCE_PARTY][i]);
	for (size_t i = 0; i < record->count[TRUCE_SOURCE]; i++) {
		truce_source *source = (truce_source *)record->of_kind[TRUCE_SOURCE][i];
		source->published = first_moment(&source->date, NULL);
		if (source->independence < 0)
			source->independence = TRUCE_RELAY;
	}
	for (size_t i = 0; i < sizeof relations / sizeof *relations && status == TRUCE_OK; i++)
		status = find_cycles(&r, &relations[i]);
	if (status != TRUCE_OK)
		return status;
	for (size_t i = 0; i < record->total; i++)
		resolve_supersedes(&r, (truce_head *)record->all[i]);
	for (size_t i = 0; i < record->total; i++)
		resolve_one(&r, (truce_head *)record->all[i]);
	for (size_t i = 0; i < record->total; i++)
		check_sources(&r, record->all[i]);
	if (!r.faulty)
		status = link_truces(&r);
	return status == TRUCE_OK && r.faulty ? TRUCE_INPUT : status;
}
