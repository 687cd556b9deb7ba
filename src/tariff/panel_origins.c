/* panel_origins.c: origins that every measure and every list treats alike are one group (tariff room). */
#include <string.h>

#include "panel_private.h"

static int find_origins(truce_tariff_panel *p, const truce_tariff_panel_options *options)
{
	size_t most = options->origin_count;
	while (!options->origin_count && truce_country_at(most))
		most++;
	p->origins = truce_arena_array(p->arena, most + 1, sizeof *p->origins);
	if (!p->origins)
		return TRUCE_MEMORY;
	for (size_t i = 0; i < most; i++) {
		const char *id = options->origin_count ? options->origins[i] : truce_country_at(i)->iso2;
		if (options->origin_count && !truce_record_find_known(p->ask.record, TRUCE_PARTY, id, p->work->known)) {
			const truce_country *country = truce_country_find(id);
			if (!country)
				return truce_fail(p->ctx, TRUCE_NOT_FOUND, NULL, 0, 0, "parties are ids of the record, or ISO codes of two letters",
					"there is no party \"%s\"", id);
			id = country->iso2;
		}
		if (options->origin_count && duty_is_domestic(p->work, id))
			return truce_fail(p->ctx, TRUCE_INPUT, NULL, 0, 0, "name the parties that goods are from", "goods of %s pay no duty into %s: they are not imported",
				id, p->work->into);
		if (strcmp(id, p->work->into) == 0)
			continue;
		if (!(p->origins[p->origin_count++] = truce_arena_text(p->arena, id)))
			return TRUCE_MEMORY;
	}
	return TRUCE_OK;
}

static uint64_t open_exclusions(const truce_tariff_panel *p, const truce_measure *measure)
{
	uint64_t mask = 0;
	for (size_t i = 0; i < measure->exclusions.count && i < MOST_MASK; i++) {
		const truce_exclusion *one = TRUCE_LIST_AT(measure->exclusions, const truce_exclusion, i);
		if (one->against.count == 0 || duty_holds_origin(p->work, one->against))
			mask |= (uint64_t)1 << i;
	}
	return mask;
}

/* What measures make of an origin in an epoch; room for [words], [levies] and one. */
static void reach_of(const truce_tariff_panel *p, uint64_t *reach, uint64_t *open, uint64_t *exempt)
{
	const struct duty_work *w = p->work;
	for (size_t i = 0; i < p->levy_count; i++) {
		const truce_measure *measure = p->levies[i].measure;
		const truce_act *act = measure ? &measure->act : p->levies[i].extra->act;
		if (!truce_act_reaches(p->ask.record, act, w->from, w->at))
			continue;
		reach[i / 64] |= (uint64_t)1 << i % 64;
		open[i] = p->levies[i].excludes ? open_exclusions(p, measure) : 0;
	}
	for (size_t i = 0; i < w->exempter_count; i++)
		if (truce_act_reaches(p->ask.record, &w->exempters[i]->act, w->from, w->at))
			*exempt |= (uint64_t)1 << i;
}

/* Rows of the stackings that hold for it, and parties named in rows of lists that it is. */
static void mix_rules(const truce_tariff_panel *p, struct panel_key *key, uint64_t *rules, size_t epoch, const char *const *parties,
	size_t party_count)
{
	struct panel_key rows = {0, 0};
	const struct duty_work *w = p->work;
	const truce_stacking *last = NULL;
	for (size_t s = 0; s < p->segment_count; s++) {
		const truce_stacking *one = p->stackings[s];
		if (p->epoch_of[s] != epoch || one == last || !one)
			continue;
		last = one;
		for (size_t i = 0; i < one->classes.count; i++) {
			const truce_stacking_class *row = TRUCE_LIST_AT(one->classes, const truce_stacking_class, i);
			if (row->against.count || row->except.count)
				panel_mix(&rows, duty_row_holds(w, row));
		}
	}
	*rules = rows.a;
	panel_mix(key, rows.a);
	for (size_t i = 0; i < party_count; i++)
		panel_mix(key, strcmp(parties[i], w->from) == 0 || truce_record_includes_party(p->ask.record, parties[i], w->from, w->at));
}

struct names {
	const char **items;
	size_t count, capacity;
};

static int add_name(truce_tariff_panel *p, struct names *names, const char *name)
{
	for (size_t i = names->count; i-- > 0;)
		if (strcmp(names->items[i], name) == 0)
			return TRUCE_OK;
	int status = truce_grow(p->ctx, &names->items, &names->capacity, names->count + 1, sizeof *names->items);
	if (!status)
		names->items[names->count++] = name;
	return status;
}

static int add_list_names(truce_tariff_panel *p, struct names *names, size_t list)
{
	size_t count;
	int status = TRUCE_OK;
	const char *last = "";
	const truce_schedule_member *rows = truce_schedule_members(p->ask.schedule, list, &count);
	for (size_t i = 0; i < count && !status; i++)
		if (rows[i].party[0] && rows[i].party != last)
			status = add_name(p, names, last = rows[i].party);
	return status;
}

/* Parties that rows of the lists are for; shares of estimates are asked cell by cell and do not count. */
static int list_parties(truce_tariff_panel *p, struct names *names)
{
	struct duty_work *w = p->work;
	int status = TRUCE_OK;
	for (size_t i = 0; i < w->goods_count && !status; i++)
		for (size_t k = 0; k < w->goods[i]->list_count && !status; k++)
			status = add_list_names(p, names, w->goods[i]->lists[k]);
	for (size_t i = 0; i < w->law_count && !status; i++)
		for (size_t h = 0; h < w->laws[i]->count && !status; h++)
			for (size_t k = 0; k < w->laws[i]->headings[h].list_count && !status; k++)
				status = add_list_names(p, names, w->laws[i]->headings[h].lists[k]);
	for (size_t i = 0; i < p->ask.share_count && !status; i++) {
		int list = p->ask.shares[i].content ? -1 : truce_schedule_list_find(p->ask.schedule, p->ask.shares[i].list);
		if (list >= 0)
			status = add_list_names(p, names, (size_t)list);
	}
	return status;
}

static size_t segment_of_epoch(const truce_tariff_panel *p, size_t epoch)
{
	for (size_t s = 0; s < p->segment_count; s++)
		if (p->epoch_of[s] == epoch)
			return s;
	return 0;
}

/* Fills a group from its origin in every epoch, and its fingerprint. */
static int describe(truce_tariff_panel *p, struct panel_group *group, struct panel_key *measures, struct panel_key *normal, const struct names *parties)
{
	memset(group->reach, 0, p->epoch_count * p->words * sizeof *group->reach);
	memset(group->open, 0, p->epoch_count * (p->levy_count + 1) * sizeof *group->open);
	memset(group->exempt, 0, p->epoch_count * sizeof *group->exempt);
	for (size_t e = 0; e < p->epoch_count; e++) {
		uint64_t *reach = group->reach + e * p->words, *open = group->open + e * p->levy_count;
		panel_at(p, segment_of_epoch(p, e));
		reach_of(p, reach, open, &group->exempt[e]);
		for (size_t i = 0; i < p->words; i++)
			panel_mix(measures, reach[i]);
		for (size_t i = 0; i < p->levy_count; i++)
			panel_mix(measures, open[i]);
		panel_mix(measures, group->exempt[e]);
		mix_rules(p, measures, &group->rules[e], e, parties->items, parties->count);
		for (size_t i = 0; i < p->ask.programme_count; i++)
			panel_mix(normal, truce_record_includes_party(p->ask.record, p->ask.programmes[i].party, p->work->from, p->work->at));
	}
	/* A good's own normal duty may name an origin. */
	for (size_t i = 0; i < truce_record_count(p->ask.record, TRUCE_GOOD); i++) {
		const truce_good *good = truce_record_at(p->ask.record, TRUCE_GOOD, i);
		for (size_t k = 0; k < good->normal_duty.count; k++) {
			const char *from = TRUCE_LIST_AT(good->normal_duty, const truce_normal_duty, k)->from;
			if (from)
				panel_mix(normal, strcmp(from, p->work->from) == 0);
		}
	}
	return TRUCE_OK;
}

static int make_group(truce_tariff_panel *p, struct panel_group *group, size_t origin)
{
	group->origin = origin;
	group->reach = truce_arena_array(p->arena, p->epoch_count * p->words, sizeof *group->reach);
	group->open = truce_arena_array(p->arena, p->epoch_count * (p->levy_count + 1), sizeof *group->open);
	group->exempt = truce_arena_array(p->arena, p->epoch_count, sizeof *group->exempt);
	group->rules = truce_arena_array(p->arena, p->epoch_count, sizeof *group->rules);
	return group->rules && group->reach && group->open && group->exempt ? TRUCE_OK : TRUCE_MEMORY;
}

/* The programmes of a new group, epoch by epoch. */
static int find_programmes(truce_tariff_panel *p, size_t origin)
{
	struct panel_span *spans = p->programmes + p->normal_group_count * p->epoch_count;
	for (size_t e = 0; e < p->epoch_count; e++) {
		panel_at(p, segment_of_epoch(p, e));
		spans[e].first = p->programme_count;
		for (size_t i = 0; i < p->ask.programme_count; i++) {
			if (!duty_programme_of_origin(p->work, &p->ask.programmes[i]))
				continue;
			int status = truce_grow(p->ctx, &p->programme_list, &p->programme_capacity, p->programme_count + 1, sizeof *p->programme_list);
			if (status)
				return status;
			p->programme_list[p->programme_count++] = i;
			spans[e].count++;
		}
	}
	p->normal_origin[p->normal_group_count++] = origin;
	return TRUCE_OK;
}

int panel_origins(truce_tariff_panel *p, const truce_tariff_panel_options *options)
{
	struct panel_map measures = {.ctx = p->ctx}, normals = {.ctx = p->ctx}, pairs = {.ctx = p->ctx};
	struct names parties = {0};
	int status = find_origins(p, options);
	if (!status)
		status = list_parties(p, &parties);
	size_t n = p->origin_count;
	p->measure_group = truce_arena_array(p->arena, n + 1, sizeof *p->measure_group);
	p->normal_group = truce_arena_array(p->arena, n + 1, sizeof *p->normal_group);
	p->group_of = truce_arena_array(p->arena, n + 1, sizeof *p->group_of);
	p->groups = truce_arena_array(p->arena, n + 1, sizeof *p->groups);
	p->normal_origin = truce_arena_array(p->arena, n + 1, sizeof *p->normal_origin);
	p->programmes = truce_arena_array(p->arena, n * p->epoch_count + 1, sizeof *p->programmes);
	p->group_pair = truce_arena_array(p->arena, n + 1, sizeof *p->group_pair);
	if (!status && (!p->measure_group || !p->normal_group || !p->group_of || !p->groups || !p->normal_origin || !p->programmes || !p->group_pair))
		status = TRUCE_MEMORY;
	bool fresh = true;
	for (size_t o = 0; o < n && !status; o++) {
		struct panel_group *group = &p->groups[p->measure_group_count];
		struct panel_key measure_key = {1, 1}, normal_key = {2, 2}, pair = {3, 3};
		if (fresh && (status = make_group(p, group, o)))
			break;
		group->origin = o;
		p->work->from = p->origins[o];
		describe(p, group, &measure_key, &normal_key, &parties);
		if ((status = panel_map_at(&measures, measure_key, (uint32_t)p->measure_group_count, &p->measure_group[o], &fresh)))
			break;
		p->measure_group_count += fresh;
		bool new_normal, new_pair;
		if ((status = panel_map_at(&normals, normal_key, (uint32_t)p->normal_group_count, &p->normal_group[o], &new_normal)))
			break;
		if (new_normal && (status = find_programmes(p, o)))
			break;
		panel_mix(&pair, p->measure_group[o]);
		panel_mix(&pair, p->normal_group[o]);
		if ((status = panel_map_at(&pairs, pair, (uint32_t)p->group_count, &p->group_of[o], &new_pair)))
			break;
		if (new_pair) {
			p->group_pair[p->group_count][0] = p->measure_group[o];
			p->group_pair[p->group_count++][1] = p->normal_group[o];
		}
	}
	truce_release(p->ctx, parties.items);
	panel_map_close(&measures);
	panel_map_close(&normals);
	panel_map_close(&pairs);
	return status;
}
