/* Room cost: solves the state and the acts on one base, and says what differs for each party. */
#include "private.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

void truce_cost_input_init(truce_cost_input *input)
{
	*input = (truce_cost_input){.draws = 200, .seed = 1};
	truce_equilibrium_settings_init(&input->model);
}

const char *cost_world_name(const truce_world *world)
{
	return world->name ? world->name : "without a name";
}

/* ---- who is reported ---- */

/* The party of the record that the region is and nobody else; NULL where there is none. */
static const truce_party *party_of(const truce_cost_input *input, size_t region)
{
	for (size_t i = 0; i < truce_record_count(input->record, TRUCE_PARTY); i++) {
		const truce_party *party = truce_record_at(input->record, TRUCE_PARTY, i);
		bool whole = false;
		if (truce_record_visible(party, truce_clocks_known(input->clocks)) &&
			truce_world_region_of(input->world, party->head.id, &whole) == region && whole)
			return party;
	}
	return NULL;
}

static int name_parties(truce_arena *arena, const truce_cost_input *input, truce_cost_horizon *horizon)
{
	const truce_world *world = input->world;
	horizon->count = world->regions;
	horizon->parties = truce_arena_array(arena, world->regions, sizeof *horizon->parties);
	if (!horizon->parties)
		return TRUCE_MEMORY;
	for (size_t n = 0; n < world->regions; n++) {
		const truce_party *party = party_of(input, n);
		const char *id = party ? party->head.id : world->region[n];
		const char *name = party && party->head.name ? party->head.name : world->region_name[n] ? world->region_name[n] : id;
		horizon->parties[n].id = truce_arena_text(arena, id);
		horizon->parties[n].name = truce_arena_text(arena, name);
		if (!horizon->parties[n].id || !horizon->parties[n].name)
			return TRUCE_MEMORY;
	}
	return TRUCE_OK;
}

/* ---- the two solves ---- */

typedef struct {
	truce_equilibrium *state, *acted;
} pair;

static void pair_free(pair *solvers)
{
	truce_equilibrium_free(solvers->state);
	truce_equilibrium_free(solvers->acted);
}

static int pair_new(truce_context *ctx, pair *solvers, const cost_wedges *wedges)
{
	const truce_cost_input *input = wedges->input;
	*solvers = (pair){0};
	int status = truce_equilibrium_new(ctx, &solvers->state, input->world, &input->model, 0);
	return status ? status : truce_equilibrium_new(ctx, &solvers->acted, input->world, &input->model,
		wedges->bound_count);
}

static int pair_solve(pair *solvers, const cost_wedges *wedges)
{
	truce_policy state = {.tariff = wedges->state};
	truce_policy acted = {.tariff = wedges->acted, .quantities = wedges->quantities, .quantity_count = wedges->bound_count};
	int status = truce_equilibrium_update(solvers->state, &state);
	if (!status)
		status = truce_equilibrium_solve(solvers->state);
	if (!status)
		status = truce_equilibrium_update(solvers->acted, &acted);
	return status ? status : truce_equilibrium_solve(solvers->acted);
}

static double real_income_change(const truce_region_change *state, const truce_region_change *acted)
{
	return (1 + acted->real_income) / (1 + state->real_income) - 1;
}

static double ratio_less_one(double new, double old)
{
	return old > 0 ? new / old - 1 : NAN;
}

static void fill_parties(const pair *solvers, truce_cost_horizon *horizon)
{
	const truce_region_change *states = truce_equilibrium_get_regions(solvers->state);
	const truce_region_change *acteds = truce_equilibrium_get_regions(solvers->acted);
	for (size_t n = 0; n < horizon->count; n++) {
		const truce_region_change *state = &states[n], *acted = &acteds[n];
		truce_cost_party *party = &horizon->parties[n];
		party->real_income = real_income_change(state, acted);
		/* Real income at the state, at the base year's prices: the baseline's income times its real change. */
		party->real_income_usd = party->real_income * state->income_old * (1 + state->real_income);
		party->exports = ratio_less_one(acted->exports, state->exports);
		party->imports = ratio_less_one(acted->imports, state->imports);
		party->revenue_usd = acted->tariff_revenue - state->tariff_revenue;
		party->prices = acted->price_index / state->price_index - 1;
		party->real_wage = (1 + acted->real_wage) / (1 + state->real_wage) - 1;
		party->low = party->high = party->low_usd = party->high_usd = NAN;
	}
}

/* ---- the range ---- */

/* Where the world gives no standard error, a quarter of the elasticity: a stated assumption. */
static const double assumed_error = 0.25;

/* Elasticities of a draw: lognormal, with the world's mean and standard error, so that they stay above 0. */
static void draw_theta(const truce_cost_input *input, int draw, double *theta)
{
	const truce_world *world = input->world;
	for (size_t j = 0; j < world->sectors; j++) {
		double error = isnan(world->theta_se[j]) ? assumed_error : world->theta_se[j] / world->theta[j];
		double sigma = sqrt(log1p(error * error));
		theta[j] = world->theta[j] * exp(sigma * truce_draw_normal(input->seed, (uint64_t)draw, j) - 0.5 * sigma * sigma);
	}
}

static int by_size(const void *a, const void *b)
{
	double left = *(const double *)a, right = *(const double *)b;
	return (left > right) - (left < right);
}

/* The value below which a part `share` of the sorted values lies, linear between neighbours. */
static double quantile(const double *sorted, int count, double share)
{
	double at = share * (count - 1);
	int below = (int)floor(at), above = below + 1 < count ? below + 1 : below;
	return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
}

static int fill_range(truce_context *ctx, pair *solvers, const truce_cost_input *input, truce_cost_horizon *horizon)
{
	size_t regions = input->world->regions;
	double *theta = truce_allocate_zero(ctx, input->world->sectors, sizeof *theta);
	double *values = truce_allocate_zero(ctx, regions * (size_t)(input->draws > 0 ? input->draws : 1), sizeof *values);
	int status = theta && values ? TRUCE_OK : TRUCE_MEMORY;
	const size_t said = truce_diagnostic_count(ctx);
	horizon->draws = input->draws;
	if (!status && input->draws > 0 && !(status = truce_equilibrium_keep(solvers->state, (size_t)input->draws, NULL)))
		status = truce_equilibrium_keep(solvers->acted, (size_t)input->draws, NULL);
	for (int draw = 0; !status && draw < input->draws; draw++) {
		if (truce_cancelled(ctx)) {
			status = TRUCE_CANCELLED;
			break;
		}
		draw_theta(input, draw, theta);
		if (!(status = truce_equilibrium_draw(solvers->state, theta)))
			status = truce_equilibrium_draw(solvers->acted, theta);
		/* no answer, or elasticities that the model does not allow (psi theta >= 1): counted, and left out of the range */
		if (status == TRUCE_CONVERGE || status == TRUCE_INPUT) {
			truce_diagnostics_forget(ctx, said);
			status = TRUCE_OK;
			continue;
		}
		const truce_region_change *state = truce_equilibrium_get_regions(solvers->state);
		const truce_region_change *acted = truce_equilibrium_get_regions(solvers->acted);
		for (size_t n = 0; !status && n < regions; n++)
			values[n * (size_t)input->draws + (size_t)horizon->converged] = real_income_change(&state[n], &acted[n]);
		horizon->converged++;
	}
	for (size_t n = 0; !status && horizon->converged >= 20 && n < regions; n++) {
		double *own = values + n * (size_t)input->draws;
		truce_cost_party *party = &horizon->parties[n];
		qsort(own, (size_t)horizon->converged, sizeof *own, by_size);
		party->low = quantile(own, horizon->converged, 0.05);
		party->high = quantile(own, horizon->converged, 0.95);
		double usd = party->real_income != 0 ? party->real_income_usd / party->real_income : 0;
		party->low_usd = party->low * usd;
		party->high_usd = party->high * usd;
	}
	truce_release(ctx, theta);
	truce_release(ctx, values);
	return status;
}

/* ---- what is shown beside ---- */

static int fill_wedges(truce_arena *arena, truce_cost *cost, const cost_wedges *wedges, const double *flow)
{
	const truce_world *world = wedges->input->world;
	cost->wedges = truce_arena_array(arena, wedges->change_count ? wedges->change_count : 1, sizeof *cost->wedges);
	cost->statics = truce_arena_array(arena, world->regions, sizeof *cost->statics);
	double *duty = truce_arena_array(arena, world->regions, sizeof *duty);
	double *triangle = truce_arena_array(arena, world->regions, sizeof *triangle);
	if (!cost->wedges || !cost->statics || !duty || !triangle)
		return TRUCE_MEMORY;
	cost->wedge_count = wedges->change_count;
	for (size_t c = 0; c < wedges->change_count; c++) {
		const cost_change *change = &wedges->changes[c];
		size_t edge = truce_world_edge(world, change->sector, change->importer, change->exporter);
		double covered = flow[edge] * change->share;
		cost->wedges[c] = (truce_cost_wedge){change->act, change->measure, truce_arena_text(arena, world->sector[change->sector]),
			truce_arena_text(arena, world->region[change->importer]), truce_arena_text(arena, world->region[change->exporter]),
			change->points, change->share, flow[edge], truce_arena_text(arena, change->source)};
		duty[change->importer] += change->points * covered;
		triangle[change->importer] += 0.5 * world->theta[change->sector] * change->points * change->points /
			(1 + wedges->state[edge]) * covered;
	}
	for (size_t n = 0; n < world->regions; n++)
		if (duty[n] != 0)
			cost->statics[cost->static_count++] = (truce_cost_static){cost->horizons[0].parties[n].id, duty[n], triangle[n]};
	return TRUCE_OK;
}

/* Before the draws: the shadows are of the central solve. */
static int fill_bounds(truce_arena *arena, truce_cost *cost, const cost_wedges *wedges, const truce_equilibrium_result *acted)
{
	const truce_world *world = wedges->input->world;
	cost->bounds = truce_arena_array(arena, wedges->bound_count + 1, sizeof *cost->bounds);
	if (!cost->bounds)
		return TRUCE_MEMORY;
	cost->bound_count = wedges->bound_count;
	for (size_t q = 0; q < wedges->bound_count; q++) {
		const cost_bound *bound = &wedges->bounds[q];
		const truce_edge_quantity *quantity = &bound->quantity;
		bool at_least = quantity->kind == TRUCE_QUANTITY_AT_LEAST, shut = quantity->level == 0 && !at_least;
		cost->bounds[q] = (truce_cost_bound){bound->act, truce_arena_text(arena, bound->good),
			truce_arena_text(arena, world->sector[quantity->sector]), truce_arena_text(arena, world->region[quantity->importer]),
			truce_arena_text(arena, world->region[quantity->exporter]), quantity->level, at_least, shut ? 0 : acted->quantity[q],
			shut ? INFINITY : acted->shadow[q]};
		if (!cost->bounds[q].good || !cost->bounds[q].sector || !cost->bounds[q].importer || !cost->bounds[q].exporter)
			return TRUCE_MEMORY;
	}
	return TRUCE_OK;
}

static int copy_gaps(truce_arena *arena, truce_cost_gap **out, size_t *count, const truce_cost_gap *gaps, size_t gap_count)
{
	*out = truce_arena_array(arena, gap_count ? gap_count : 1, sizeof **out);
	if (!*out)
		return TRUCE_MEMORY;
	if (gap_count)
		memcpy(*out, gaps, gap_count * sizeof **out);
	*count = gap_count;
	return TRUCE_OK;
}

static const char *deficits_words(truce_deficits deficits)
{
	return deficits == TRUCE_DEFICITS_ZERO ? "deficits go to zero" : deficits == TRUCE_DEFICITS_ENDOGENOUS ?
		"deficits move with income" : "deficits a constant share of world value added";
}

static int name_baseline(truce_cost *cost, truce_context *ctx, truce_arena *arena, const cost_wedges *wedges)
{
	const truce_cost_input *input = wedges->input;
	char on[32], known[32];
	truce_text text;
	truce_text_init(&text, ctx);
	truce_text_addf(&text, "world %s (%s) with the duties in force on %s as known on %s (%zu measures of the record); %s; long run",
		cost_world_name(input->world), input->world->year ? input->world->year : "year not said", truce_time_format(on, &input->clocks.on),
		truce_time_format(known, &input->clocks.known), wedges->in_state_count, deficits_words(input->model.deficits));
	int status = truce_text_done(&text);
	if (!status && !(cost->baseline = truce_arena_text(arena, text.data)))
		status = TRUCE_MEMORY;
	truce_text_free(&text);
	return status;
}

/* ---- trails ---- */

typedef struct {
	truce_arena *arena;
	const cost_wedges *wedges;
	const truce_cost *cost;
	const char *act;
	int status;
} trails;

static truce_trail *leaf(trails *t, truce_trail *parent, const char *id, double value, const char *unit,
	const char *operation, const char *what)
{
	truce_trail *trail = NULL;
	if (t->status || (t->status = truce_trail_new(t->arena, &trail, id, value, unit, operation, what)))
		return NULL;
	if (parent)
		t->status = truce_trail_add(t->arena, parent, trail);
	return t->status ? NULL : trail;
}

static truce_trail *state_trail(trails *t)
{
	const truce_cost_input *input = t->wedges->input;
	truce_trail *state = leaf(t, NULL, "state", (double)t->wedges->in_state_count, "measures", "state", t->cost->baseline);
	for (size_t i = 0; i < t->wedges->in_state_count; i++) {
		const truce_measure *measure = truce_record_find_known(input->record, TRUCE_MEASURE, t->wedges->in_state[i],
			truce_clocks_known(input->clocks));
		truce_trail *one = leaf(t, state, t->wedges->in_state[i], t->wedges->in_state_points[i], "share", "record",
			"points of duty in force beyond those of the world");
		if (one) {
			one->record = t->wedges->in_state[i];
			one->source = measure->cites.count ? TRUCE_LIST_TEXT(measure->cites, 0) : NULL;
		}
	}
	return state;
}

static truce_trail *act_trail(trails *t)
{
	truce_trail *acts = leaf(t, NULL, "acts", (double)t->cost->wedge_count, "wedges", "acts", "what the acts change on edges");
	for (size_t c = 0; c < t->cost->wedge_count; c++) {
		const truce_cost_wedge *wedge = &t->cost->wedges[c];
		const char *id = truce_arena_printf(t->arena, "%s/%s/%s<-%s", wedge->act, wedge->sector, wedge->importer, wedge->exporter);
		truce_trail *one = leaf(t, acts, id, wedge->points * wedge->share, "share", "product", "points times the share covered");
		truce_trail *points = leaf(t, one, "points", wedge->points, "share", "record", "change of the duty on what it covers");
		truce_trail *share = leaf(t, one, "share", wedge->share, "share", "bridge", "share of the edge's trade that it covers");
		if (points)
			points->record = wedge->measure ? wedge->measure : wedge->act;
		if (share)
			share->source = wedge->source;
	}
	return acts;
}

static int fill_trails(truce_arena *arena, truce_cost *cost, const cost_wedges *wedges, const pair *solvers)
{
	trails t = {.arena = arena, .wedges = wedges, .cost = cost};
	truce_cost_horizon *horizon = &cost->horizons[0];
	const truce_region_change *states = truce_equilibrium_get_regions(solvers->state);
	const truce_region_change *acteds = truce_equilibrium_get_regions(solvers->acted);
	t.act = cost->act_ids[0];
	for (size_t i = 1; i < cost->act_count; i++)
		t.act = truce_arena_printf(arena, "%s+%s", t.act ? t.act : "", cost->act_ids[i]);
	truce_trail *state = state_trail(&t), *acts = act_trail(&t);
	for (size_t n = 0; !t.status && n < horizon->count; n++) {
		truce_cost_party *party = &horizon->parties[n];
		const char *base = truce_arena_printf(arena, "cost/%s/%s/%s", t.act, party->id, horizon->horizon);
		const char *id = base ? truce_arena_printf(arena, "%s/real_income", base) : NULL;
		if (!id)
			return TRUCE_MEMORY;
		truce_trail *root = leaf(&t, NULL, id, party->real_income, "share", "ratio less one",
			"change of exact real income: with the acts against the state");
		truce_trail *with = leaf(&t, root, truce_arena_printf(arena, "%s/acted", base), 1 + acteds[n].real_income, "ratio",
			"model:equilibrium", "real income with the acts, against the world's year");
		truce_trail *without = leaf(&t, root, truce_arena_printf(arena, "%s/state", base), 1 + states[n].real_income, "ratio",
			"model:equilibrium", "real income at the state, against the world's year");
		truce_trail *usd = leaf(&t, root, truce_arena_printf(arena, "%s_usd", id), party->real_income_usd, "usd", "product",
			"equivalent variation at the base year's prices: the change times real income at the state");
		if (t.status || !usd)
			break;
		with->source = without->source = truce_arena_text(arena, wedges->input->world->note);
		if ((t.status = truce_trail_add(arena, with, acts)) || (t.status = truce_trail_add(arena, with, state)) ||
			(t.status = truce_trail_add(arena, without, state)))
			break;
		party->trail = root;
	}
	return t.status;
}

/* ---- all of it ---- */

static int nothing_priced(truce_context *ctx, const cost_wedges *wedges)
{
	for (size_t i = 0; i < wedges->gap_count; i++)
		truce_diagnose(ctx, TRUCE_NOTE, NULL, 0, 0, NULL, NULL, "%s: %s", wedges->gaps[i].act, wedges->gaps[i].why);
	return truce_fail(ctx, TRUCE_UNKNOWN, NULL, 0, 0, "the notes above say why", "nothing of this can be priced");
}

int truce_cost_price(truce_context *ctx, truce_arena *arena, truce_cost **out, const truce_cost_input *input,
	const char *const *acts, size_t count)
{
	cost_wedges wedges;
	pair solvers = {0};
	*out = NULL;
	truce_cost *cost = truce_arena_take(arena, sizeof *cost);
	int status = cost_wedges_new(&wedges, ctx, arena, input);
	if (!cost)
		status = TRUCE_MEMORY;
	if (!status)
		status = cost_wedges_state(&wedges);
	for (size_t i = 0; !status && i < count; i++)
		status = cost_wedges_act(&wedges, acts[i], i);
	if (!status && wedges.change_count == 0 && wedges.bound_count == 0)
		status = nothing_priced(ctx, &wedges);
	if (!status)
		status = cost_wedges_close(&wedges);
	if (status || (status = pair_new(ctx, &solvers, &wedges)) || (status = pair_solve(&solvers, &wedges)))
		goto done;

	cost->clocks = input->clocks;
	cost->world = truce_arena_text(arena, cost_world_name(input->world));
	cost->horizon_count = 1;
	cost->horizons = truce_arena_array(arena, 1, sizeof *cost->horizons);
	cost->acts = truce_arena_array(arena, count, sizeof *cost->acts);
	cost->act_ids = truce_arena_array(arena, count, sizeof *cost->act_ids);
	if (!cost->world || !cost->horizons || !cost->acts || !cost->act_ids) {
		status = TRUCE_MEMORY;
		goto done;
	}
	cost->act_count = wedges.act_count;
	memcpy(cost->acts, wedges.act_words, wedges.act_count * sizeof *cost->acts);
	memcpy(cost->act_ids, wedges.act_ids, wedges.act_count * sizeof *cost->act_ids);
	cost->horizons[0].horizon = "long";
	if ((status = name_parties(arena, input, &cost->horizons[0])))
		goto done;
	fill_parties(&solvers, &cost->horizons[0]);
	cost->certificate = truce_equilibrium_get_info(solvers.acted)->certificate;
	if ((status = name_baseline(cost, ctx, arena, &wedges)) ||
		(status = fill_wedges(arena, cost, &wedges, truce_equilibrium_get_result(solvers.state)->flow)) ||
		(status = fill_bounds(arena, cost, &wedges, truce_equilibrium_get_result(solvers.acted))) ||
		(status = copy_gaps(arena, &cost->gaps, &cost->gap_count, wedges.gaps, wedges.gap_count)) ||
		(status = copy_gaps(arena, &cost->unseen, &cost->unseen_count, wedges.unseen, wedges.unseen_count)) ||
		(status = fill_trails(arena, cost, &wedges, &solvers)) ||
		(status = fill_range(ctx, &solvers, input, &cost->horizons[0])))
		goto done;
	*out = cost;
done:
	pair_free(&solvers);
	cost_wedges_free(&wedges);
	return status;
}
