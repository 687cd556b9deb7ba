/* panel_days.c: the days on which anything changes, and what each measure is from each of them on (tariff room). */
#include <stdlib.h>
#include <string.h>

#include "panel_private.h"

/* ---- who levies ---- */

static bool is_levy(const truce_tariff_panel *p, const truce_measure *measure)
{
	return duty_is_levy(measure, p->work->into) && truce_record_visible(measure, p->work->known);
}

static struct panel_share shares_of(const struct duty_work *w, const char *measure)
{
	struct panel_share shares = {.lists = duty_shares_of(w, measure, true)};
	for (size_t i = 0; i < shares.lists.count; i++) {
		size_t count;
		const truce_schedule_member *rows = truce_schedule_members(w->ask->schedule, shares.lists.lists[i], &count);
		for (size_t k = 0; k < count; k++) {
			size_t digits = strlen(rows[k].code);
			shares.digits = digits > shares.digits ? digits : shares.digits;
		}
	}
	return shares;
}

static int add_levies(truce_tariff_panel *p)
{
	struct duty_work *w = p->work;
	size_t measures = truce_record_count(p->ask.record, TRUCE_MEASURE);
	duty_next(w);
	duty_apply_with(w);
	p->levies = truce_arena_array(p->arena, w->extra_count + measures + 1, sizeof *p->levies);
	struct duty_extra *extras = truce_arena_array(p->arena, w->extra_count + 1, sizeof *extras);
	if (w->status || !p->levies || !extras)
		return w->status ? w->status : TRUCE_MEMORY;
	/* Acts on top come first, as in a duty. */
	for (size_t i = 0; i < w->extra_count; i++) {
		extras[i] = w->extras[i];
		p->levies[p->levy_count++] = (struct panel_levy){.extra = &extras[i]};
	}
	for (size_t i = 0; i < measures; i++) {
		const truce_measure *measure = truce_record_at(p->ask.record, TRUCE_MEASURE, i);
		if (!is_levy(p, measure))
			continue;
		struct panel_levy *levy = &p->levies[p->levy_count++];
		*levy = (struct panel_levy){.measure = measure, .excludes = measure->exclusions.count > 0};
		for (size_t k = 0; k < p->ask.share_count; k++)
			if (strcmp(p->ask.shares[k].measure, measure->head.id) == 0)
				*(p->ask.shares[k].content ? &levy->content : &levy->applies) = true;
		for (size_t k = 0; k < w->exempter_count; k++)
			if (duty_exempts(w->exempters[k], measure))
				levy->exempters |= (uint64_t)1 << k;
	}
	p->words = p->levy_count / 64 + 1;
	for (size_t i = 0; i < p->levy_count; i++)
		if (p->levies[i].content)
			p->levies[i].content_shares = shares_of(w, p->levies[i].measure->head.id);
	p->normal_shares = shares_of(w, "normal");
	for (size_t k = 0; k < w->exempter_count; k++)
		p->exempter_shares[k] = shares_of(w, w->exempters[k]->head.id);
	for (size_t k = 0; k < w->exempter_count; k++)
		p->sharing |= (uint64_t)duty_has_shares(w, w->exempters[k]->head.id) << k;
	p->content = truce_arena_array(p->arena, p->levy_count + 1, sizeof *p->content);
	return p->content ? TRUCE_OK : TRUCE_MEMORY;
}

/* Every list of goods and every law is resolved before lines are looked at. */
static void resolve_all(truce_tariff_panel *p)
{
	struct duty_work *w = p->work;
	for (size_t i = 0; i < p->levy_count; i++) {
		const truce_measure *measure = p->levies[i].measure;
		const truce_act *act = measure ? &measure->act : p->levies[i].extra->act;
		if (act->goods.count && !duty_is_all(act->goods))
			duty_resolve(w, &act->goods);
		if (act->except_goods.count)
			duty_resolve(w, &act->except_goods);
		if (measure && !duty_is_all(act->goods))
			duty_law_of(w, measure);
		for (size_t k = 0; measure && k < measure->exclusions.count; k++)
			if (TRUCE_LIST_AT(measure->exclusions, const truce_exclusion, k)->goods.count)
				duty_resolve(w, &TRUCE_LIST_AT(measure->exclusions, const truce_exclusion, k)->goods);
	}
	for (size_t i = 0; i < w->exempter_count; i++)
		if (w->exempters[i]->act.goods.count)
			duty_resolve(w, &w->exempters[i]->act.goods);
}

int panel_levies(truce_tariff_panel *p)
{
	int status = add_levies(p);
	if (!status)
		resolve_all(p);
	return status ? status : p->work->status;
}

/* ---- the days ---- */

struct day_list {
	truce_tariff_panel *p;
	truce_date *items;
	size_t count, capacity;
	int status;
};

static void add_day(struct day_list *list, truce_date day)
{
	if (day <= list->p->from || day >= list->p->until || list->status)
		return;
	list->status = truce_grow(list->p->ctx, &list->items, &list->capacity, list->count + 1, sizeof *list->items);
	if (!list->status)
		list->items[list->count++] = day;
}

/* The day whose end is the first that sees this instant. */
static void add_instant(struct day_list *list, truce_instant at)
{
	if (at != TRUCE_EVER && at != TRUCE_NEVER)
		add_day(list, truce_instant_day(list->p->work->zone, at));
}

/* A day of the schedule: what was known by then of later ones stays as it was. */
static void add_schedule_day(struct day_list *list, truce_date day)
{
	if (day <= list->p->known_day)
		add_day(list, day);
}

static void add_measure(struct day_list *list, const truce_measure *measure)
{
	truce_instant *changes;
	size_t count;
	if (!list->status)
		list->status = truce_measure_changes(list->p->ctx, list->p->scratch, &changes, &count, list->p->ask.record, measure, list->p->ask.clocks);
	for (size_t i = 0; !list->status && i < count; i++)
		add_instant(list, changes[i]);
	for (size_t i = 0; i < measure->exclusions.count; i++) {
		const truce_exclusion *one = TRUCE_LIST_AT(measure->exclusions, const truce_exclusion, i);
		add_instant(list, one->begins);
		add_instant(list, one->ends);
	}
}

static void add_goods(struct day_list *list)
{
	for (size_t i = 0; i < truce_record_count(list->p->ask.record, TRUCE_GOOD); i++) {
		const truce_good *good = truce_record_at(list->p->ask.record, TRUCE_GOOD, i);
		for (size_t k = 0; k < good->on.count; k++) {
			add_instant(list, TRUCE_LIST_AT(good->on, const truce_membership, k)->begins);
			add_instant(list, TRUCE_LIST_AT(good->on, const truce_membership, k)->ends);
		}
		for (size_t k = 0; k < good->normal_duty.count; k++) {
			const truce_normal_duty *one = TRUCE_LIST_AT(good->normal_duty, const truce_normal_duty, k);
			add_instant(list, duty_normal_begins(list->p->work, one));
			add_instant(list, duty_normal_ends(list->p->work, one));
		}
	}
}

static void add_list(struct day_list *list, size_t which)
{
	size_t count;
	const truce_schedule_member *rows = truce_schedule_members(list->p->ask.schedule, which, &count);
	truce_date last_from = TRUCE_NO_DATE, last_until = TRUCE_NO_DATE;
	for (size_t i = 0; i < count; i++) {
		if (rows[i].from != last_from)
			add_schedule_day(list, last_from = rows[i].from);
		if (rows[i].until != last_until)
			add_schedule_day(list, last_until = rows[i].until);
	}
}

static void add_lists(struct day_list *list)
{
	struct duty_work *w = list->p->work;
	for (size_t i = 0; i < w->goods_count; i++) {
		const struct duty_goods *goods = w->goods[i];
		for (size_t k = 0; k < goods->list_count; k++)
			add_list(list, goods->lists[k]);
		for (size_t k = 0; k < goods->scope.count; k++) {
			add_instant(list, goods->scope.ranges[k].begins);
			add_instant(list, goods->scope.ranges[k].ends);
		}
	}
	for (size_t i = 0; i < w->law_count; i++)
		for (size_t h = 0; h < w->laws[i]->count; h++)
			for (size_t k = 0; k < w->laws[i]->headings[h].list_count; k++)
				add_list(list, w->laws[i]->headings[h].lists[k]);
	for (size_t i = 0; i < list->p->ask.share_count; i++) {
		int which = truce_schedule_list_find(list->p->ask.schedule, list->p->ask.shares[i].list);
		size_t count = list->count;
		if (which >= 0)
			add_list(list, (size_t)which);
		list->p->share_windows |= list->count > count;
	}
}

static void add_schedule(struct day_list *list)
{
	const truce_schedule_line *line;
	truce_schedule_about about = truce_schedule_tell(list->p->ask.schedule);
	truce_date last = TRUCE_NO_DATE;
	add_schedule_day(list, about.from);
	add_schedule_day(list, about.until);
	for (size_t i = 0; (line = truce_schedule_line_at(list->p->ask.schedule, i)); i++)
		for (size_t k = 0; k < line->count; k++) {
			if (line->spells[k].from != last)
				add_schedule_day(list, last = line->spells[k].from);
			if (line->spells[k].until != last)
				add_schedule_day(list, last = line->spells[k].until);
		}
	for (size_t i = 0; i < list->p->ask.programme_count; i++) {
		add_schedule_day(list, list->p->ask.programmes[i].from);
		add_schedule_day(list, list->p->ask.programmes[i].until);
	}
}

static int by_day(const void *left, const void *right)
{
	const truce_date *a = left, *b = right;
	return (*a > *b) - (*a < *b);
}

static size_t sort_days(truce_date *days, size_t count)
{
	size_t kept = 0;
	if (count)
		qsort(days, count, sizeof *days, by_day);
	for (size_t i = 0; i < count; i++)
		if (i == 0 || days[i] != days[kept - 1])
			days[kept++] = days[i];
	return kept;
}

/* Days on which a group of parties gains or loses a member. */
static void add_parties(struct day_list *list)
{
	for (size_t i = 0; i < truce_record_count(list->p->ask.record, TRUCE_PARTY); i++) {
		const truce_party *party = truce_record_at(list->p->ask.record, TRUCE_PARTY, i);
		for (size_t k = 0; k < party->members.count; k++) {
			add_instant(list, TRUCE_LIST_AT(party->members, truce_member, k)->begins);
			add_instant(list, TRUCE_LIST_AT(party->members, truce_member, k)->ends);
		}
	}
}

static int lay_out(truce_tariff_panel *p, struct day_list *list, const truce_date *epochs, size_t epoch_count)
{
	size_t segments = sort_days(list->items, list->count) + 1, epoch = 0;
	p->segment_count = segments;
	p->days = truce_arena_array(p->arena, segments + 1, sizeof *p->days);
	p->segment_of = truce_arena_array(p->arena, (size_t)(p->until - p->from), sizeof *p->segment_of);
	p->epoch_of = truce_arena_array(p->arena, segments, sizeof *p->epoch_of);
	p->stackings = truce_arena_array(p->arena, segments, sizeof *p->stackings);
	p->ends = truce_arena_array(p->arena, segments, sizeof *p->ends);
	p->asked = truce_arena_array(p->arena, segments, sizeof *p->asked);
	if (!p->ends || !p->asked || !p->days || !p->segment_of || !p->epoch_of || !p->stackings)
		return TRUCE_MEMORY;
	p->days[0] = p->from;
	if (segments > 1)
		memcpy(p->days + 1, list->items, (segments - 1) * sizeof *p->days);
	p->days[segments] = p->until;
	for (size_t s = 0; s < segments; s++) {
		while (epoch < epoch_count && epochs[epoch] <= p->days[s])
			epoch++;
		p->epoch_of[s] = (uint32_t)epoch;
		duty_on(p->work, panel_clocks(p, s));
		p->ends[s] = p->work->at;
		p->asked[s] = p->work->day;
		for (truce_date day = p->days[s]; day < p->days[s + 1]; day++)
			p->segment_of[day - p->from] = (uint32_t)s;
	}
	p->epoch_count = epoch_count + 1;
	return TRUCE_OK;
}

int panel_days(truce_tariff_panel *p)
{
	struct day_list list = {.p = p};
	truce_date *epochs = NULL;
	add_parties(&list);
	size_t epoch_count = sort_days(list.items, list.count);
	if (epoch_count && !(epochs = truce_arena_array(p->scratch, epoch_count, sizeof *epochs)))
		list.status = TRUCE_MEMORY;
	else if (epoch_count)
		memcpy(epochs, list.items, epoch_count * sizeof *epochs);
	for (size_t i = 0; i < p->levy_count; i++)
		if (p->levies[i].measure)
			add_measure(&list, p->levies[i].measure);
	for (size_t i = 0; i < p->work->exempter_count; i++)
		add_measure(&list, p->work->exempters[i]);
	for (size_t i = 0; i < truce_record_count(p->ask.record, TRUCE_STACKING); i++) {
		const truce_stacking *one = truce_record_at(p->ask.record, TRUCE_STACKING, i);
		add_instant(&list, one->head.begins);
		add_instant(&list, one->head.ends);
	}
	add_goods(&list);
	add_lists(&list);
	add_schedule(&list);
	if (!list.status)
		list.status = lay_out(p, &list, epochs, epoch_count);
	truce_release(p->ctx, list.items);
	return list.status;
}

truce_clocks panel_clocks(const truce_tariff_panel *p, size_t segment)
{
	truce_clocks clocks = p->ask.clocks;
	clocks.on = (truce_time){.day = p->days[segment], .at = (truce_instant)p->days[segment] * 86400, .set = true};
	return clocks;
}

void panel_at(truce_tariff_panel *p, size_t segment)
{
	p->ask.clocks.on.day = p->days[segment];
	p->work->at = p->ends[segment];
	p->work->day = p->asked[segment];
}

size_t panel_segment_from(const truce_tariff_panel *p, truce_date day)
{
	if (day > p->known_day || day >= p->until)
		return p->segment_count;
	return day <= p->from ? 0 : p->segment_of[day - p->from];
}

/* ---- what each measure is ---- */

static uint64_t running(const truce_tariff_panel *p, const truce_measure *measure)
{
	uint64_t mask = 0;
	for (size_t i = 0; i < measure->exclusions.count && i < MOST_MASK; i++) {
		const truce_exclusion *one = TRUCE_LIST_AT(measure->exclusions, const truce_exclusion, i);
		if (duty_running(p->work, one->begins, one->ends, one->known_from))
			mask |= (uint64_t)1 << i;
	}
	return mask;
}

/* Marks the segments at which a measure may change: states between them are those before. */
static int mark_changes(truce_tariff_panel *p, const truce_measure *measure, bool *changes)
{
	truce_instant *moments;
	size_t count;
	memset(changes, 0, p->segment_count * sizeof *changes);
	int status = truce_measure_changes(p->ctx, p->scratch, &moments, &count, p->ask.record, measure, p->ask.clocks);
	changes[0] = true;
	for (size_t i = 0; !status && i < count; i++) {
		truce_date day = truce_instant_day(p->work->zone, moments[i]);
		if (day > p->from && day < p->until)
			changes[p->segment_of[day - p->from]] = true;
	}
	return status;
}

static void state_of(truce_tariff_panel *p, size_t s, size_t i)
{
	struct duty_facts facts;
	const struct panel_levy *levy = &p->levies[i];
	struct panel_state *state = &p->states[s * p->levy_count + i];
	*state = (struct panel_state){0};
	if (levy->measure && !duty_stands(p->work, levy->measure, &facts))
		return;
	p->standing[s * p->words + i / 64] |= (uint64_t)1 << i % 64;
	if (levy->measure)
		*state = (struct panel_state){facts.level, facts.overridden, facts.refundable, 0};
}

static int exempter_states(truce_tariff_panel *p, bool *changes)
{
	for (size_t i = 0; i < p->work->exempter_count; i++) {
		const truce_measure *one = p->work->exempters[i];
		truce_measure_state state;
		bool stands = false;
		int status = mark_changes(p, one, changes);
		if (status)
			return status;
		for (size_t s = 0; s < p->segment_count; s++) {
			if (changes[s])
				stands = truce_measure_at(p->ask.record, one, panel_clocks(p, s), &state) && state.status == TRUCE_IN_FORCE;
			p->exempting[s] |= (uint64_t)stands << i;
		}
	}
	return TRUCE_OK;
}

int panel_states(truce_tariff_panel *p)
{
	size_t n = p->levy_count;
	bool with = p->ask.with_count > 0;
	p->standing = truce_arena_array(p->arena, p->segment_count * p->words, sizeof *p->standing);
	p->states = truce_arena_array(p->arena, p->segment_count * n + 1, sizeof *p->states);
	p->exempting = truce_arena_array(p->arena, p->segment_count, sizeof *p->exempting);
	bool *changes = truce_arena_array(p->scratch, (n + 1) * p->segment_count, sizeof *changes);
	if (!p->standing || !p->states || !p->exempting || !changes)
		return TRUCE_MEMORY;
	int status = TRUCE_OK;
	for (size_t i = 0; i < n && !status; i++)
		if (p->levies[i].measure)
			status = mark_changes(p, p->levies[i].measure, changes + i * p->segment_count);
	for (size_t s = 0; s < p->segment_count && !status; s++) {
		panel_at(p, s);
		p->stackings[s] = duty_stacking(p->work);
		duty_next(p->work);
		if (with)
			duty_apply_with(p->work);
		for (size_t i = 0; i < n; i++) {
			if (s == 0 || with || changes[i * p->segment_count + s]) {
				state_of(p, s, i);
			} else {
				p->states[s * n + i] = p->states[(s - 1) * n + i];
				p->standing[s * p->words + i / 64] |= p->standing[(s - 1) * p->words + i / 64] & (uint64_t)1 << i % 64;
			}
			if (p->levies[i].excludes)
				p->states[s * n + i].running = running(p, p->levies[i].measure);
		}
		status = p->work->status;
	}
	return status ? status : exempter_states(p, changes + n * p->segment_count);
}
