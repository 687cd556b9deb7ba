/* Room cost: from records and acts to changes of duties on edges of the world.
 *
 * The state is the sum, over measures, of (level now - level on the day whose tariffs the world holds) times the
 * share of the edge that the measure covers.  An act changes the duty on a share s of an edge by some points; the
 * rest keeps its duty.  Their mean is the one that keeps trade right (docs/acts.md):
 *     1 + t' = (1 + t) ( s ((1 + t + points)/(1 + t))^(-theta) + 1 - s )^(-1/theta). */
#include "private.h"

#include <math.h>
#include <stdarg.h>
#include <string.h>

int cost_wedges_new(cost_wedges *wedges, truce_context *ctx, truce_arena *arena, const truce_cost_input *input)
{
	const truce_world *world = input->world;
	size_t edges = world->sectors * world->regions * world->regions;
	*wedges = (cost_wedges){.ctx = ctx, .arena = arena, .input = input};
	wedges->state = truce_arena_array(arena, edges, sizeof *wedges->state);
	wedges->acted = truce_arena_array(arena, edges, sizeof *wedges->acted);
	if (!wedges->state || !wedges->acted)
		return TRUCE_MEMORY;
	memcpy(wedges->state, world->tariff, edges * sizeof *wedges->state);
	return TRUCE_OK;
}

void cost_wedges_free(cost_wedges *wedges)
{
	truce_context *ctx = wedges->ctx;
	truce_release(ctx, wedges->changes);
	truce_release(ctx, wedges->bounds);
	truce_release(ctx, wedges->gaps);
	truce_release(ctx, wedges->unseen);
	truce_release(ctx, wedges->act_ids);
	truce_release(ctx, wedges->act_words);
	truce_release(ctx, wedges->in_state);
	truce_release(ctx, wedges->in_state_points);
}

static int add_gap(cost_wedges *wedges, bool unseen, const char *act, const char *why)
{
	truce_cost_gap **list = unseen ? &wedges->unseen : &wedges->gaps;
	size_t *count = unseen ? &wedges->unseen_count : &wedges->gap_count;
	size_t *capacity = unseen ? &wedges->unseen_capacity : &wedges->gap_capacity;
	for (size_t i = 0; i < *count; i++)
		if (strcmp((*list)[i].act, act) == 0 && strcmp((*list)[i].why, why) == 0)
			return TRUCE_OK;
	if (truce_grow(wedges->ctx, list, capacity, *count + 1, sizeof **list))
		return TRUCE_MEMORY;
	truce_cost_gap gap = {truce_arena_text(wedges->arena, act), truce_arena_text(wedges->arena, why)};
	if (!gap.act || !gap.why)
		return TRUCE_MEMORY;
	(*list)[(*count)++] = gap;
	return TRUCE_OK;
}

#define SAY_GAP(wedges, unseen, act, ...) \
	add_gap(wedges, unseen, act, say(wedges->arena, __VA_ARGS__))

static const char *say(truce_arena *arena, const char *fmt, ...) TRUCE_PRINTF(2, 3);
static const char *say(truce_arena *arena, const char *fmt, ...)
{
	char text[512];
	va_list args;
	va_start(args, fmt);
	vsnprintf(text, sizeof text, fmt, args);
	va_end(args);
	const char *kept = truce_arena_text(arena, text);
	return kept ? kept : "";
}

/* ---- who and what an act reaches ---- */

/* Marks the exporters that an act of `by` reaches.  A party that is only a part of a region cannot be told from the rest of it: it is
 * left out and named, unless the bridge has a row for the measure (or NULL) from that region, whose shares are of all its parts. */
static int reach(cost_wedges *wedges, const truce_act *act, const char *measure, bool *exporter, bool unseen, const char *id)
{
	const char *source;
	double share;
	const truce_world *world = wedges->input->world;
	size_t by = truce_world_region_of(world, act->by, NULL);
	memset(exporter, 0, world->regions * sizeof *exporter);
	for (size_t i = 0; i < act->against.count; i++) {
		const char *party = TRUCE_LIST_TEXT(act->against, i);
		bool whole = false;
		if (strcmp(party, "all") == 0) {
			for (size_t n = 0; n < world->regions; n++)
				exporter[n] = true;
			continue;
		}
		size_t region = truce_world_region_of(world, party, &whole);
		bool covered = region != TRUCE_WORLD_NONE && measure && by != TRUCE_WORLD_NONE &&
			truce_bridge_share(wedges->input->bridge, measure, by, region, 0, wedges->input->clocks.on, &share, &source);
		if (region != TRUCE_WORLD_NONE && (whole || covered))
			exporter[region] = true;
		else if (SAY_GAP(wedges, unseen, id, "%s is only a part of a region of the world \"%s\"", party, cost_world_name(world)))
			return TRUCE_MEMORY;
	}
	for (size_t i = 0; i < act->except.count; i++) {
		bool whole = false;
		size_t region = truce_world_region_of(world, TRUCE_LIST_TEXT(act->except, i), &whole);
		if (region != TRUCE_WORLD_NONE && whole)
			exporter[region] = false;
	}
	if (by != TRUCE_WORLD_NONE)
		exporter[by] = false;
	return TRUCE_OK;
}

static bool all_goods(const truce_act *act)
{
	return act->goods.count == 1 && strcmp(TRUCE_LIST_TEXT(act->goods, 0), "all") == 0 && act->except_goods.count == 0;
}

/* The share of an edge's sector that a measure, or failing that the goods of an act, covers.  NaN: not known. */
static double share_of(const cost_wedges *wedges, const char *measure, const truce_act *act, size_t importer,
	size_t exporter, size_t sector, const char **source)
{
	const truce_bridge *bridge = wedges->input->bridge;
	double share = NAN, part;
	*source = "every good of the sector";
	if (measure && truce_bridge_share(bridge, measure, importer, exporter, sector, wedges->input->clocks.on, &share, source))
		return share;
	if (all_goods(act))
		return truce_bridge_taxed(bridge, sector) ? 1 : 0;
	for (size_t i = 0; i < act->goods.count && act->except_goods.count == 0; i++) {
		const char *part_source;
		if (!truce_bridge_share(bridge, TRUCE_LIST_TEXT(act->goods, i), importer, exporter, sector, wedges->input->clocks.on, &part, &part_source))
			return NAN;
		share = isnan(share) ? part : fmin(1, share + part);
		*source = part_source;
	}
	return share;
}

/* ---- the state ---- */

/* The rate that a measure levies at its state; false where it is no rate of value. */
static bool rate_of(const truce_measure *measure, const truce_measure_state *state, double *rate)
{
	const truce_level *level = state && state->level ? state->level : measure->act.level;
	return level && truce_level_rate(level, rate);
}

static bool is_levy(const truce_measure *measure)
{
	return measure->act.instrument == TRUCE_INSTRUMENT_TARIFF && measure->act.by &&
		(measure->act.action == TRUCE_DO_IMPOSE || measure->act.action == TRUCE_DO_RAISE);
}

static double rate_at(const truce_record *record, const truce_measure *measure, truce_clocks clocks)
{
	truce_measure_state state;
	double rate = 0;
	bool stands = truce_measure_at(record, measure, clocks, &state) && state.status == TRUCE_IN_FORCE;
	return stands && rate_of(measure, &state, &rate) ? rate : 0;
}

/* Adds points on what a measure covers to the state.  *known is false where no share is known on any edge. */
static int add_to_state(cost_wedges *wedges, const truce_measure *measure, double points, bool *known)
{
	const truce_world *world = wedges->input->world;
	const char *id = measure->head.id, *source;
	size_t n = truce_world_region_of(world, measure->act.by, NULL);
	bool *exporter = truce_arena_array(wedges->arena, world->regions, sizeof *exporter);
	*known = false;
	if (!exporter)
		return TRUCE_MEMORY;
	if (n == TRUCE_WORLD_NONE)
		return SAY_GAP(wedges, true, id, "%s has no region in the world \"%s\"", measure->act.by, cost_world_name(world));
	int status = reach(wedges, &measure->act, id, exporter, true, id);
	for (size_t i = 0; !status && i < world->regions; i++) {
		if (!exporter[i])
			continue;
		/* A row says all sectors of an edge or none. */
		if (isnan(share_of(wedges, id, &measure->act, n, i, 0, &source))) {
			status = SAY_GAP(wedges, true, id, "the bridge has no share for it on goods from %s", world->region[i]);
			continue;
		}
		*known = true;
		for (size_t j = 0; j < world->sectors; j++)
			wedges->state[truce_world_edge(world, j, n, i)] += share_of(wedges, id, &measure->act, n, i, j, &source) * points;
	}
	return status;
}

int cost_wedges_state(cost_wedges *wedges)
{
	const truce_cost_input *input = wedges->input;
	truce_clocks base = input->clocks;
	base.on = truce_bridge_as_of(input->bridge);
	if (truce_bridge_is_empty(input->bridge))
		return SAY_GAP(wedges, true, "the measures in force", "the world has no bridge beside it: the baseline holds its own tariffs only");
	truce_instant known = truce_clocks_known(input->clocks);
	for (size_t m = 0; m < truce_record_count(input->record, TRUCE_MEASURE); m++) {
		const truce_measure *measure = truce_record_at(input->record, TRUCE_MEASURE, m);
		if (!is_levy(measure) || !truce_record_visible(measure, known))
			continue;
		double points = rate_at(input->record, measure, input->clocks) - rate_at(input->record, measure, base);
		bool held = false;
		if (points == 0)
			continue;
		int status = add_to_state(wedges, measure, points, &held);
		if (!status && held) {
			size_t need = wedges->in_state_count + 1, capacity = wedges->in_state_capacity;
			if (truce_grow(wedges->ctx, &wedges->in_state, &capacity, need, sizeof *wedges->in_state) ||
				truce_grow(wedges->ctx, &wedges->in_state_points, &wedges->in_state_capacity, need, sizeof *wedges->in_state_points))
				return TRUCE_MEMORY;
			wedges->in_state[wedges->in_state_count] = measure->head.id;
			wedges->in_state_points[wedges->in_state_count++] = points;
		}
		if (status)
			return status;
	}
	return TRUCE_OK;
}

/* ---- acts ---- */

static int add_change(cost_wedges *wedges, cost_change change)
{
	if (change.points == 0 || change.share == 0)
		return TRUCE_OK;
	if (truce_grow(wedges->ctx, &wedges->changes, &wedges->change_capacity, wedges->change_count + 1, sizeof *wedges->changes))
		return TRUCE_MEMORY;
	wedges->changes[wedges->change_count++] = change;
	return TRUCE_OK;
}

/* The levy `points` on what `act` covers, as an act of `id`; `measure` names the measure whose shares hold, or NULL. */
static int change_duty(cost_wedges *wedges, const char *id, const char *measure, const truce_act *act, double points)
{
	const truce_world *world = wedges->input->world;
	const char *source;
	size_t n = act->by ? truce_world_region_of(world, act->by, NULL) : TRUCE_WORLD_NONE;
	bool *exporter = truce_arena_array(wedges->arena, world->regions, sizeof *exporter);
	if (!exporter)
		return TRUCE_MEMORY;
	if (n == TRUCE_WORLD_NONE)
		return SAY_GAP(wedges, false, id, "%s has no region in the world \"%s\"", act->by ? act->by : "the one who acts", cost_world_name(world));
	int status = reach(wedges, act, measure, exporter, false, id);
	/* A row says all sectors of an edge or none; what is known on some edges is priced there, and the others are named. */
	size_t known = 0;
	for (size_t i = 0; i < world->regions; i++)
		known += exporter[i] && !isnan(share_of(wedges, measure, act, n, i, 0, &source));
	for (size_t i = 0; !status && i < world->regions; i++)
		for (size_t j = 0; !status && exporter[i] && j < world->sectors; j++) {
			double share = share_of(wedges, measure, act, n, i, j, &source);
			if (isnan(share) && known) {
				status = SAY_GAP(wedges, false, id, "no share of a sector's trade is known for %s on goods from %s", measure ? measure : "its goods",
					world->region[i]);
				break;
			}
			if (isnan(share))
				return SAY_GAP(wedges, false, id, "no share of a sector's trade is known for %s%s", measure ? measure : "its goods",
					measure ? "" : "; add a row to the bridge");
			status = add_change(wedges, (cost_change){.act = id, .measure = measure, .source = source, .sector = j, .importer = n,
				.exporter = i, .points = points, .share = share});
		}
	return status;
}

/* The rate a measure would levy were it in force. */
static bool standing_rate(cost_wedges *wedges, const truce_measure *measure, double *rate, bool *in_force)
{
	truce_measure_state state;
	bool there = truce_measure_at(wedges->input->record, measure, wedges->input->clocks, &state);
	*in_force = there && state.status == TRUCE_IN_FORCE;
	return rate_of(measure, there ? &state : NULL, rate);
}

/* What an act does to one measure that it names. */
static int act_on_measure(cost_wedges *wedges, const char *id, const truce_act *act, const truce_measure *measure)
{
	double rate = 0, points = 0, wanted;
	bool in_force;
	if (!is_levy(measure))
		return SAY_GAP(wedges, false, id, "%s is no duty on value: not priced by the trade model", measure->head.id);
	if (!standing_rate(wedges, measure, &rate, &in_force))
		return SAY_GAP(wedges, false, id, "the level of %s is no rate of value", measure->head.id);
	const truce_level *level = act->level;
	switch (act->action) {
	case TRUCE_DO_REMOVE:
	case TRUCE_DO_SUSPEND:
	case TRUCE_DO_EXEMPT:
		if (!in_force)
			return SAY_GAP(wedges, false, id, "%s is not in force: nothing changes now", measure->head.id);
		points = -rate;
		break;
	case TRUCE_DO_RESTORE:
	case TRUCE_DO_IMPOSE:
		points = in_force ? 0 : rate;
		if (level && truce_level_rate(level, &wanted))
			points = level->to.set ? wanted - (in_force ? rate : 0) : wanted;
		break;
	case TRUCE_DO_RAISE:
	case TRUCE_DO_LOWER:
		if (!level || !truce_level_rate(level, &wanted))
			return SAY_GAP(wedges, false, id, "it does not say to what level");
		points = level->to.set ? wanted - (in_force ? rate : 0) : act->action == TRUCE_DO_LOWER ? -fabs(wanted) : wanted;
		break;
	case TRUCE_DO_EXTEND:
		return SAY_GAP(wedges, false, id, "an extension changes nothing on the day");
	default:
		return SAY_GAP(wedges, false, id, "\"%s\" on a measure is not priced", truce_do_word(act->action));
	}
	return change_duty(wedges, id, measure->head.id, &measure->act, points);
}

/* ---- quantities: bans, licences, purchases ---- */

/* The flow that a figure of the record measures for a good between two parties, a year in `unit`; NaN where none does. */
static double normal_flow(const cost_wedges *wedges, const char *good, const char *from, const char *to, const char *unit)
{
	const truce_record *record = wedges->input->record;
	for (size_t i = 0; i < truce_record_count(record, TRUCE_FIGURE); i++) {
		const truce_figure *figure = truce_record_at(record, TRUCE_FIGURE, i);
		if (!figure->flow || !figure->value.set || !figure->unit || strcmp(figure->unit, unit) != 0 || !figure->per ||
			strcmp(figure->per, "year") != 0 || !truce_record_visible(figure, truce_clocks_known(wedges->input->clocks)))
			continue;
		bool goods = false;
		for (size_t g = 0; g < figure->flow->goods.count; g++)
			goods |= strcmp(TRUCE_LIST_TEXT(figure->flow->goods, g), good) == 0;
		if (goods && figure->flow->from && figure->flow->to && strcmp(figure->flow->from, from) == 0 &&
			strcmp(figure->flow->to, to) == 0)
			return figure->value.value;
	}
	return NAN;
}

/* How much may pass (at most), or must (at least), as a share of normal.  NaN: the act does not say, or nobody knows normal. */
static double share_of_normal(const cost_wedges *wedges, const truce_act *act, const char *good, const char *from, const char *to,
	bool *at_least)
{
	const truce_level *level = act->level;
	*at_least = act->action == TRUCE_DO_BUY;
	if (act->action == TRUCE_DO_BAN || act->action == TRUCE_DO_STOP_BUYING)
		return 0;
	if (level && level->to.set && level->unit && strcmp(level->unit, "share") == 0)
		return level->to.value;
	if (act->action == TRUCE_DO_WITHHOLD)
		return 0;
	if (*at_least && level && level->to.set && level->unit)
		return level->to.value / normal_flow(wedges, good, from, to, level->unit);
	return NAN;
}

static bool is_quantity(const truce_act *act)
{
	switch (act->action) {
	case TRUCE_DO_BAN:
	case TRUCE_DO_STOP_BUYING:
	case TRUCE_DO_WITHHOLD:
	case TRUCE_DO_BUY:
	case TRUCE_DO_RESTRICT:
	case TRUCE_DO_LICENSE:
		return act->instrument != TRUCE_INSTRUMENT_TARIFF;
	default:
		return false;
	}
}

/* The buyer's own acts bind what it imports; the others, what it sells. */
static bool is_buyers(const truce_act *act)
{
	return act->instrument == TRUCE_INSTRUMENT_PURCHASE || act->instrument == TRUCE_INSTRUMENT_IMPORT_BAN ||
		act->instrument == TRUCE_INSTRUMENT_IMPORT_LICENCE || act->instrument == TRUCE_INSTRUMENT_QUOTA ||
		act->action == TRUCE_DO_BUY || act->action == TRUCE_DO_STOP_BUYING;
}

static int add_bound(cost_wedges *wedges, cost_bound bound)
{
	if (truce_grow(wedges->ctx, &wedges->bounds, &wedges->bound_capacity, wedges->bound_count + 1, sizeof *wedges->bounds))
		return TRUCE_MEMORY;
	wedges->bounds[wedges->bound_count++] = bound;
	return TRUCE_OK;
}

/* Binds the sectors that are this good and nothing else, on one edge. */
static int bind_good(cost_wedges *wedges, const char *id, const truce_act *act, const char *good, const char *partner, size_t importer,
	size_t exporter)
{
	const truce_world *world = wedges->input->world;
	bool any = false, at_least;
	const char *source, *from = is_buyers(act) ? partner : act->by, *to = is_buyers(act) ? act->by : partner;
	double share, level = share_of_normal(wedges, act, good, from, to, &at_least);
	if (isnan(level))
		return SAY_GAP(wedges, false, id, at_least ? "no figure says how much of %s is normal" :
			"it does not say which share of the normal flow of %s goes on: level: {to: 0.5, unit: share}", good);
	for (size_t j = 0; j < world->sectors; j++) {
		if (!truce_bridge_share(wedges->input->bridge, good, importer, exporter, j, wedges->input->clocks.on, &share, &source) || share < 0.999 ||
			world->flow[truce_world_edge(world, j, importer, exporter)] == 0)
			continue;
		any = true;
		int status = add_bound(wedges, (cost_bound){.act = id, .good = good, .quantity = {.sector = j, .importer = importer,
			.exporter = exporter, .kind = at_least ? TRUCE_QUANTITY_AT_LEAST : TRUCE_QUANTITY_AT_MOST,
			.rent = is_buyers(act) ? TRUCE_RENT_IMPORTER : TRUCE_RENT_EXPORTER, .level = level}});
		if (status)
			return status;
	}
	return any ? TRUCE_OK : SAY_GAP(wedges, false, id, "the world \"%s\" has no sector that is %s alone", cost_world_name(world), good);
}

static int price_quantity(cost_wedges *wedges, const char *id, const truce_act *act)
{
	const truce_world *world = wedges->input->world;
	bool whole = false;
	size_t by = act->by ? truce_world_region_of(world, act->by, &whole) : TRUCE_WORLD_NONE;
	int status = TRUCE_OK;
	if (by == TRUCE_WORLD_NONE || !whole)
		return SAY_GAP(wedges, false, id, "%s is no region of the world \"%s\"", act->by ? act->by : "the one who acts", cost_world_name(world));
	for (size_t a = 0; !status && a < act->against.count; a++) {
		const char *party = TRUCE_LIST_TEXT(act->against, a);
		size_t other = truce_world_region_of(world, party, &whole);
		if (strcmp(party, "all") == 0 || other == TRUCE_WORLD_NONE || !whole) {
			status = SAY_GAP(wedges, false, id, "a quantity against %s is not priced: name the partners that are regions of the world", party);
			continue;
		}
		for (size_t g = 0; !status && g < act->goods.count; g++)
			status = bind_good(wedges, id, act, TRUCE_LIST_TEXT(act->goods, g), party, is_buyers(act) ? by : other,
				is_buyers(act) ? other : by);
	}
	return status;
}

static int price_record(cost_wedges *wedges, const char *id, const char *record, int depth);

static int price_act(cost_wedges *wedges, const char *id, const truce_act *act, int depth)
{
	double rate;
	if (act->measures.count) {
		for (size_t i = 0; i < act->measures.count; i++) {
			const char *name = TRUCE_LIST_TEXT(act->measures, i);
			const truce_measure *measure = truce_record_find_known(wedges->input->record, TRUCE_MEASURE, name,
				truce_clocks_known(wedges->input->clocks));
			int status = measure ? act_on_measure(wedges, id, act, measure) : price_record(wedges, id, name, depth + 1);
			if (status)
				return status;
		}
		return TRUCE_OK;
	}
	if (is_quantity(act))
		return price_quantity(wedges, id, act);
	if (act->instrument != TRUCE_INSTRUMENT_TARIFF)
		return SAY_GAP(wedges, false, id, "%s is not priced by tariffs alone",
			act->instrument >= 0 ? truce_instrument_word(act->instrument) : truce_do_word(act->action));
	if (act->action != TRUCE_DO_IMPOSE && act->action != TRUCE_DO_RAISE)
		return SAY_GAP(wedges, false, id, "say which measures it would %s: measures: [ID]", truce_do_word(act->action));
	if (!act->level || !truce_level_rate(act->level, &rate))
		return SAY_GAP(wedges, false, id, "it does not say at what rate of value");
	return change_duty(wedges, id, NULL, act, rate);
}

static int price_acts(cost_wedges *wedges, const char *id, truce_yaml_list acts, int depth)
{
	int status = TRUCE_OK;
	for (size_t i = 0; !status && i < acts.count; i++)
		status = price_act(wedges, id, TRUCE_LIST_AT(acts, const truce_act, i), depth);
	return status;
}

/* Whether a truce, or one that it extends, suspends a measure; its suspension may also stand in the measure itself. */
static bool lapses_with(const cost_wedges *wedges, const truce_truce *truce, const truce_measure *measure,
	const truce_measure_state *state)
{
	truce_instant known = truce_clocks_known(wedges->input->clocks);
	for (int depth = 0; truce && depth < 64; depth++) {
		if (state->truce == truce)
			return true;
		for (size_t i = 0; i < truce->suspends.count; i++)
			if (strcmp(TRUCE_LIST_TEXT(truce->suspends, i), measure->head.id) == 0)
				return true;
		truce = truce->extends ? truce_record_find_known(wedges->input->record, TRUCE_TRUCE, truce->extends, known) : NULL;
	}
	return false;
}

/* A truce lapses: what it suspends becomes what it would become. */
static int price_lapse(cost_wedges *wedges, const char *id, const truce_truce *truce)
{
	const truce_record *record = wedges->input->record;
	bool any = false;
	for (size_t m = 0; m < truce_record_count(record, TRUCE_MEASURE); m++) {
		const truce_measure *measure = truce_record_at(record, TRUCE_MEASURE, m);
		truce_measure_state state;
		double rate;
		if (!truce_record_visible(measure, truce_clocks_known(wedges->input->clocks)) ||
			!truce_measure_at(record, measure, wedges->input->clocks, &state) || state.status != TRUCE_SUSPENDED ||
			!lapses_with(wedges, truce, measure, &state) || state.next != TRUCE_IN_FORCE)
			continue;
		any = true;
		int status = !is_levy(measure) ? SAY_GAP(wedges, false, id, "%s is no duty on value: not priced by the trade model", measure->head.id) :
			!rate_of(measure, &state, &rate) ? SAY_GAP(wedges, false, id, "the level of %s is no rate of value", measure->head.id) :
			change_duty(wedges, id, measure->head.id, &measure->act, rate);
		if (status)
			return status;
	}
	return any ? TRUCE_OK : SAY_GAP(wedges, false, id, "no measure is suspended by it on the day");
}

/* A measure in force is priced against its absence: it leaves the state, and the act brings it back. */
static int price_measure(cost_wedges *wedges, const char *id, const truce_measure *measure)
{
	truce_act plain = measure->act;
	double rate;
	bool in_force, known;
	if (!is_levy(measure) && is_quantity(&measure->act))
		return price_quantity(wedges, id, &measure->act);
	if (!is_levy(measure))
		return SAY_GAP(wedges, false, id, "it is no duty on value: not priced by the trade model");
	if (!standing_rate(wedges, measure, &rate, &in_force))
		return SAY_GAP(wedges, false, id, "its level is no rate of value");
	if (in_force && truce_bridge_is_empty(wedges->input->bridge)) {
		/* Nobody knows whether the world's own tariffs hold it. */
		int status = SAY_GAP(wedges, true, id, "it is in force, and priced on top: the world has no bridge that says whether it holds it");
		if (status)
			return status;
	} else if (in_force) {
		int status = add_to_state(wedges, measure, -rate, &known);
		if (status || !known)
			return status;
	}
	return change_duty(wedges, id, measure->head.id, &plain, rate);
}

static int price_record(cost_wedges *wedges, const char *id, const char *record, int depth)
{
	const truce_head *head = truce_record_find_known(wedges->input->record, TRUCE_ANY_KIND, record,
		truce_clocks_known(wedges->input->clocks));
	if (!head) {
		const char *near = truce_record_nearest(wedges->input->record, TRUCE_ANY_KIND, record, truce_clocks_known(wedges->input->clocks));
		return truce_fail(wedges->ctx, TRUCE_NOT_FOUND, NULL, 0, 0, "`truce state` lists the records",
			near ? "no record \"%s\" was known then; is \"%s\" meant?" : "no record \"%s\" was known then", record, near);
	}
	if (depth > 8)
		return SAY_GAP(wedges, false, id, "acts name one another in too long a chain");
	switch (head->kind) {
	case TRUCE_MEASURE:
		return price_measure(wedges, id, (const truce_measure *)head);
	case TRUCE_THREAT:
		return price_acts(wedges, id, ((const truce_threat *)head)->then, depth + 1);
	case TRUCE_DEMAND:
		return price_acts(wedges, id, ((const truce_demand *)head)->wants, depth + 1);
	case TRUCE_OFFER: {
		int status = price_acts(wedges, id, ((const truce_offer *)head)->gives, depth + 1);
		return status ? status : price_acts(wedges, id, ((const truce_offer *)head)->wants, depth + 1);
	}
	case TRUCE_COMMITMENT:
		return price_acts(wedges, id, ((const truce_commitment *)head)->owes, depth + 1);
	case TRUCE_TRUCE:
		return price_lapse(wedges, id, (const truce_truce *)head);
	default:
		return SAY_GAP(wedges, false, id, "a %s is not priced", truce_record_kind_word(head->kind));
	}
}

int cost_wedges_act(cost_wedges *wedges, const char *text, size_t number)
{
	const truce_act *act = NULL;
	const char *id = text;
	truce_text words;
	int status;
	if (strchr(text, '{')) {
		id = truce_arena_printf(wedges->arena, "act-%zu", number + 1);
		if (!id)
			return TRUCE_MEMORY;
		if ((status = truce_record_act(wedges->ctx, wedges->arena, &act, wedges->input->record, text)))
			return status;
	} else if (!(id = truce_arena_text(wedges->arena, text))) {
		return TRUCE_MEMORY;
	}
	truce_text_init(&words, wedges->ctx);
	if (act) {
		truce_act_words(&words, act);
	} else {
		const truce_head *head = truce_record_find_known(wedges->input->record, TRUCE_ANY_KIND, text,
			truce_clocks_known(wedges->input->clocks));
		truce_text_add(&words, head && head->name ? head->name : text);
	}
	status = truce_text_done(&words);
	const char *kept = status ? NULL : truce_arena_text(wedges->arena, words.data ? words.data : "");
	truce_text_free(&words);
	if (!kept)
		return TRUCE_MEMORY;
	size_t need = wedges->act_count + 1, capacity = wedges->act_capacity;
	if (truce_grow(wedges->ctx, &wedges->act_ids, &capacity, need, sizeof *wedges->act_ids))
		return TRUCE_MEMORY;
	capacity = wedges->act_capacity;
	if (truce_grow(wedges->ctx, &wedges->act_words, &capacity, need, sizeof *wedges->act_words))
		return TRUCE_MEMORY;
	wedges->act_capacity = capacity;
	wedges->act_ids[wedges->act_count] = id;
	wedges->act_words[wedges->act_count++] = kept;
	return act ? price_act(wedges, id, act, 0) : price_record(wedges, id, text, 0);
}

int cost_wedges_close(cost_wedges *wedges)
{
	const truce_world *world = wedges->input->world;
	wedges->quantities = truce_arena_array(wedges->arena, wedges->bound_count + 1, sizeof *wedges->quantities);
	if (!wedges->quantities)
		return TRUCE_MEMORY;
	for (size_t q = 0; q < wedges->bound_count; q++)
		wedges->quantities[q] = wedges->bounds[q].quantity;
	memcpy(wedges->acted, wedges->state, world->sectors * world->regions * world->regions * sizeof *wedges->acted);
	for (size_t c = 0; c < wedges->change_count; c++) {
		const cost_change *change = &wedges->changes[c];
		double theta = world->theta[change->sector] * wedges->input->model.theta_scale;
		double *tariff = &wedges->acted[truce_world_edge(world, change->sector, change->importer, change->exporter)];
		double old = 1 + *tariff, new = old + change->points;
		if (new <= 0)
			return truce_fail(wedges->ctx, TRUCE_INPUT, NULL, 0, 0, NULL, "%s would leave a duty below -100 %% in sector %s",
				change->act, world->sector[change->sector]);
		*tariff = old * pow(change->share * pow(new / old, -theta) + 1 - change->share, -1 / theta) - 1;
	}
	return TRUCE_OK;
}
