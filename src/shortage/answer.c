/* shortage: runs acts on the satellites of a world, once and in draws, and adds up who loses what. */
#include "satellite.h"

#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#define YEAR 365.0
#define MOST_DRAWS 100000
#define MOST_THREADS 64

void truce_shortage_input_default(truce_shortage_input *input)
{
	*input = (truce_shortage_input){.weeks = 26, .licence_rate = NAN, .stock_days = NAN, .draws = 200, .seed = 1, .threads = 2};
	truce_shortage_settings_default(&input->settings);
	truce_shortage_world_options_default(&input->economy);
}

/* ---- one run ------------------------------------------------------------------------------------------------------ */

/* What is added up on the way.  Groups [g], regions [r], dependencies [d]. */
struct outcome {
	size_t weeks; /* that the acts last; followed for twice as long */
	double *first, *lowest, *lost, *last_week; /* [g] */
	double *week;                              /* [r][2 weeks] */
	double *added, *added_acts, *output_acts, *labour_worst, *exports; /* [r] */
	double *sales, *idle;                      /* [d] */
	double total, clipped;
	int recovery;
};

static int outcome_new(truce_arena *arena, struct outcome *o, const struct plan *plan, int weeks)
{
	size_t r = plan->input->world->regions, g = plan->groups, d = plan->dependencies;
	double *block = truce_arena_array(arena, 4 * g + r * 2 * (size_t)weeks + 5 * r + 2 * d + 1, sizeof *block);

	if (!block)
		return TRUCE_MEMORY;
	*o = (struct outcome){.weeks = (size_t)weeks};
	double **parts[] = {&o->first, &o->lowest, &o->lost, &o->last_week};
	for (size_t i = 0; i < 4; i++, block += g)
		*parts[i] = block;
	o->week = block;
	block += r * 2 * (size_t)weeks;
	double **regions[] = {&o->added, &o->added_acts, &o->output_acts, &o->labour_worst, &o->exports};
	for (size_t i = 0; i < 5; i++, block += r)
		*regions[i] = block;
	o->sales = block;
	o->idle = block + d;
	return TRUCE_OK;
}

static void outcome_clear(struct outcome *o, const struct plan *plan)
{
	size_t r = plan->input->world->regions;

	for (size_t g = 0; g < plan->groups; g++) {
		o->first[g] = INFINITY;
		o->lowest[g] = 1;
		o->lost[g] = o->last_week[g] = 0;
	}
	memset(o->week, 0, r * 2 * o->weeks * sizeof *o->week);
	for (size_t i = 0; i < r; i++)
		o->added[i] = o->added_acts[i] = o->output_acts[i] = o->labour_worst[i] = o->exports[i] = 0;
	for (size_t i = 0; i < plan->dependencies; i++)
		o->sales[i] = o->idle[i] = 0;
	o->total = o->clipped = 0;
	o->recovery = -1;
}

/* A need is short where its stock does not carry a step of normal output. */
static bool is_short(const struct plan *plan, const truce_shortage_sim *sim, const struct group *group)
{
	double normal = truce_shortage_use(sim)[group->need] * plan->net.cell[group->cell].output * plan->input->settings.step;

	return truce_shortage_stock(sim)[group->need] < 0.999 * normal;
}

static void run(const struct plan *plan, truce_shortage_sim *sim, struct outcome *o, double *idle_labour)
{
	size_t regions = plan->input->world->regions;
	double h = plan->input->settings.step, acts = 7.0 * (double)o->weeks, worst = 0;
	const truce_shortage_network *net = &plan->net;

	outcome_clear(o, plan);
	for (size_t t = 0; (double)t * h < 2 * acts - 1e-9; t++) {
		double day = (double)t * h, lost_day = 0;
		size_t week = (size_t)(day / 7);
		bool during = day < acts - 1e-9;
		for (size_t g = 0; g < plan->groups && during; g++)
			if (isinf(o->first[g]) && is_short(plan, sim, &plan->group[g]))
				o->first[g] = day;
		truce_shortage_step(sim);
		const double *x = truce_shortage_output(sim), *labour = truce_shortage_labour(sim);
		memset(idle_labour, 0, 2 * regions * sizeof *idle_labour);
		for (size_t i = 0; i < plan->world_cells; i++) {
			const truce_shortage_cell *cell = &net->cell[i];
			double lost = h * (cell->output - x[i]);
			uint32_t r = plan->region_of[i];
			lost_day += lost;
			o->week[r * 2 * o->weeks + week] += lost;
			o->added[r] += lost * cell->value_added;
			o->exports[r] += lost * plan->export_share[i];
			if (during) {
				o->added_acts[r] += lost * cell->value_added;
				o->output_acts[r] += lost;
			}
			idle_labour[r] += cell->labour - labour[i];
			idle_labour[regions + r] += cell->labour;
		}
		for (size_t r = 0; r < regions; r++)
			if (idle_labour[regions + r] > 0)
				o->labour_worst[r] = fmax(o->labour_worst[r], idle_labour[r] / idle_labour[regions + r]);
		for (size_t g = 0; g < plan->groups; g++) {
			const truce_shortage_cell *cell = &net->cell[plan->group[g].cell];
			double lost = h * (cell->output - x[plan->group[g].cell]);
			o->lost[g] += lost;
			if (during)
				o->lowest[g] = fmin(o->lowest[g], x[plan->group[g].cell] / cell->output);
			if (during && day >= acts - 7 - 1e-9)
				o->last_week[g] += lost;
		}
		for (size_t d = 0; d < plan->dependencies && during; d++) {
			if (plan->dependency[d].group == SIZE_MAX)
				continue;
			const truce_shortage_cell *cell = &net->cell[plan->seller[plan->dependency[d].seller].cell];
			double made = x[plan->seller[plan->dependency[d].seller].cell];
			o->sales[d] += h * (cell->output - made);
			o->idle[d] = fmax(o->idle[d], 1 - made / cell->output);
		}
		o->total += lost_day;
		o->clipped += h * truce_shortage_clipped(sim);
		worst = fmax(worst, lost_day);
		if (!during && o->recovery < 0 && lost_day < 0.1 * worst)
			o->recovery = (int)(day + h - acts);
	}
}

/* ---- draws ----------------------------------------------------------------------------------------------------------- */

/* What is kept of each draw: [draws][...]. */
struct draws {
	double *first, *lost;   /* [draws][g] */
	double *week;           /* [draws][r][2 weeks] */
	double *added, *added_acts; /* [draws][r] */
};

struct worker {
	const truce_shortage_input *input;
	const struct strike *strike;
	size_t strikes, groups;
	int first, step;
	struct draws *kept;
	int status;
};

static void *work(void *user)
{
	struct worker *w = user;
	truce_context *ctx = NULL;
	truce_arena *arena = NULL;
	truce_shortage_sim *sim = NULL;
	struct plan plan;
	struct blow blow;
	struct outcome o;
	double *idle;
	size_t r = w->input->world->regions, weeks = (size_t)w->input->weeks;

	if ((w->status = truce_context_new(&ctx, NULL)) || (w->status = truce_arena_new(ctx, &arena)) ||
		(w->status = truce_shortage_plan_build(ctx, arena, &plan, w->input, false, NULL, NULL)) ||
		(w->status = truce_shortage_blow_new(&plan, &blow, w->strikes)) ||
		(w->status = outcome_new(arena, &o, &plan, w->input->weeks)))
		goto done;
	w->status = TRUCE_MEMORY;
	if (!(idle = truce_arena_array(arena, 2 * r, sizeof *idle)))
		goto done;
	truce_shortage_blow_set(&plan, &blow, w->strike, w->strikes, 7.0 * (double)weeks);
	if ((w->status = truce_shortage_new(ctx, &sim, &plan.net, &w->input->settings, &blow.scenario)))
		goto done;
	for (int draw = w->first; draw < w->input->draws; draw += w->step) {
		size_t at = (size_t)draw;
		truce_shortage_plan_draw(&plan, draw);
		truce_shortage_plan_set(&plan);
		truce_shortage_blow_set(&plan, &blow, w->strike, w->strikes, 7.0 * (double)weeks);
		if ((w->status = truce_shortage_update(sim, &blow.scenario)))
			goto done;
		run(&plan, sim, &o, idle);
		memcpy(w->kept->first + at * w->groups, o.first, w->groups * sizeof(double));
		memcpy(w->kept->lost + at * w->groups, o.lost, w->groups * sizeof(double));
		memcpy(w->kept->week + at * r * 2 * weeks, o.week, r * 2 * weeks * sizeof(double));
		memcpy(w->kept->added + at * r, o.added, r * sizeof(double));
		memcpy(w->kept->added_acts + at * r, o.added_acts, r * sizeof(double));
	}
done:
	truce_shortage_free(sim);
	truce_arena_free(arena);
	truce_context_free(ctx);
	return NULL;
}

static int run_draws(truce_context *ctx, const truce_shortage_input *input, const struct acts *acts, size_t groups,
	struct draws *kept)
{
	pthread_t thread[MOST_THREADS];
	struct worker worker[MOST_THREADS];
	bool started[MOST_THREADS] = {false};
	int threads = input->threads < 1 ? 1 : input->threads > MOST_THREADS ? MOST_THREADS : input->threads, status = TRUCE_OK;

	for (int i = 0; i < threads; i++) {
		worker[i] = (struct worker){input, acts->strike, acts->strikes, groups, i, threads, kept, TRUCE_OK};
		started[i] = i + 1 < threads && pthread_create(&thread[i], NULL, work, &worker[i]) == 0;
	}
	for (int i = 0; i < threads; i++) /* the last, and any that could not be started, here */
		if (!started[i])
			work(&worker[i]);
	for (int i = 0; i < threads; i++) {
		if (started[i])
			pthread_join(thread[i], NULL);
		if (worker[i].status)
			status = worker[i].status;
	}
	return status ? truce_fail(ctx, status, NULL, 0, 0, NULL, "a draw of the dependencies could not be run") : TRUCE_OK;
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

/* Nine in ten of column `at` of [draws][width] lie between low and high; scratch is [draws]. */
static void spread(truce_shortage_range *range, const double *kept, int draws, size_t width, size_t at, double *scratch)
{
	range->low = range->high = NAN;
	if (draws < 1)
		return;
	for (int i = 0; i < draws; i++)
		scratch[i] = kept[(size_t)i * width + at];
	qsort(scratch, (size_t)draws, sizeof *scratch, by_value);
	range->low = scratch[(size_t)(0.05 * (draws - 1) + 0.5)];
	range->high = scratch[(size_t)(0.95 * (draws - 1) + 0.5)];
}

/* ---- what the runs mean ------------------------------------------------------------------------------------------------ */

struct asking {
	truce_context *ctx;
	truce_arena *arena;
	const truce_shortage_input *input;
	truce_shortage_answer *answer;
	size_t gap_room;
	struct plan plan;
	struct acts acts;
	struct blow blow;
	struct outcome central;
	struct draws kept;
	double *scratch, *idle;
	int status;
};

/* Keeps a gap once. */
static void say(void *user, const char *text)
{
	struct asking *a = user;

	for (size_t i = 0; text && i < a->answer->gap_count; i++)
		if (!strcmp(a->answer->gaps[i], text))
			return;
	if (text && a->answer->gap_count < a->gap_room)
		a->answer->gaps[a->answer->gap_count++] = text;
}

static const struct strike *strike_on(const struct asking *a, size_t dependency)
{
	for (size_t i = 0; i < a->acts.strikes; i++)
		if (a->acts.strike[i].dependency == dependency)
			return &a->acts.strike[i];
	return NULL;
}

/* What of its normal supply reaches a group on a day, if stocks and re-routing did nothing; through stages too. */
static double supply(const struct asking *a, size_t g, double day, int depth)
{
	double left = 1;

	for (size_t i = 0; i < a->plan.dependencies && depth < 8; i++) {
		const struct dependency *d = &a->plan.dependency[i];
		const struct strike *s = strike_on(a, i);
		if (d->group != g)
			continue;
		size_t stage = a->plan.seller[d->seller].stage;
		if (s) {
			double lag = d->p[P_LICENCE_LAG].value, rate = s->rate;
			if (s->licence && lag > 0)
				rate *= fmin(fmax((day - lag) / lag, 0), 1);
			if (day >= d->p[P_LEAK_LAG].value)
				rate += d->p[P_LEAK].value;
			left -= d->p[P_SHARE].value * (1 - fmin(rate, 1));
		} else if (stage != SIZE_MAX) {
			double least = 1;
			for (size_t u = 0; u < a->plan.groups; u++)
				if (a->plan.group[u].stage == stage)
					least = fmin(least, supply(a, u, day, depth + 1));
			left -= d->p[P_SHARE].value * (1 - least);
		}
	}
	return fmax(left, 0);
}

/* Whether the acts reach a group: 0 no, 1 through a stage, 2 themselves. */
static int reached(const struct asking *a, size_t g, int depth)
{
	int most = 0;

	for (size_t i = 0; i < a->plan.dependencies; i++) {
		const struct dependency *d = &a->plan.dependency[i];
		if (d->group != g)
			continue;
		if (strike_on(a, i))
			return 2;
		size_t stage = a->plan.seller[d->seller].stage;
		for (size_t u = 0; stage != SIZE_MAX && u < a->plan.groups && depth < 8; u++)
			if (a->plan.group[u].stage == stage && reached(a, u, depth + 1))
				most = 1;
	}
	return most;
}

/* Days until the group binds by stock over missing supply, after the stages before it. */
static double closed_days(const struct asking *a, size_t g, int depth)
{
	const struct dependency *d = &a->plan.dependency[a->plan.group[g].first];
	double before = 0, residual = supply(a, g, 1e6, 0);

	for (size_t i = 0; i < a->plan.dependencies && depth < 8; i++)
		if (a->plan.dependency[i].group == g && !strike_on(a, i) && a->plan.seller[a->plan.dependency[i].seller].stage != SIZE_MAX)
			for (size_t u = 0; u < a->plan.groups; u++)
				if (a->plan.group[u].stage == a->plan.seller[a->plan.dependency[i].seller].stage && reached(a, u, 0))
					before = fmax(before, closed_days(a, u, depth + 1));
	if (reached(a, g, 0) == 2)
		residual = supply(a, g, 0, 0);
	return before + truce_shortage_days_to_bind(d->p[P_STOCK].value, residual);
}

/* The total loss of another central run. */
static int again(struct asking *a, struct plan *plan, const truce_shortage_settings *settings, double *total)
{
	struct outcome o;
	struct blow blow;
	truce_shortage_sim *sim = NULL;
	int status;

	if ((status = truce_shortage_blow_new(plan, &blow, a->acts.strikes)) ||
		(status = outcome_new(a->arena, &o, plan, a->input->weeks)))
		return status;
	truce_shortage_plan_set(plan);
	truce_shortage_blow_set(plan, &blow, a->acts.strike, a->acts.strikes, 7.0 * a->input->weeks);
	if ((status = truce_shortage_new(a->ctx, &sim, &plan->net, settings, &blow.scenario)))
		return status;
	run(plan, sim, &o, a->idle);
	*total = o.total;
	truce_shortage_free(sim);
	return TRUCE_OK;
}

/* A published price of the input, dollars a tonne; NaN where the record holds none. */
static double price_of(const struct asking *a, const char *input)
{
	const truce_record *record = a->input->record;
	double price = NAN;

	for (size_t kind = 0; kind < 2; kind++) {
		truce_record_kind k = kind ? TRUCE_PARAMETER : TRUCE_FIGURE;
		for (size_t i = 0; i < truce_record_count(record, k); i++) {
			const truce_figure *f = truce_record_at(record, k, i);
			if (truce_record_visible(f, truce_clocks_known(a->input->clocks)) && f->of && !strcmp(f->of, input) && f->unit &&
				!strcmp(f->unit, "usd/t") && f->value.set)
				price = f->value.value;
		}
	}
	return price;
}

/* The marginal values of stock and of flow for a group that the acts strike themselves. */
static int margins(struct asking *a, size_t g, truce_shortage_user *u)
{
	struct plan *plan = &a->plan;
	const struct group *group = &plan->group[g];
	struct parameter *stock = &plan->dependency[group->first].p[P_STOCK];
	double total, flow = 0, use = group->coefficient * plan->net.cell[group->cell].output;
	int status;

	stock->now += 1;
	if ((status = again(a, plan, &a->input->settings, &total)))
		return status;
	stock->now -= 1;
	u->stock_day_usd = a->central.total - total;
	u->flow_usd = u->tonne_usd = NAN;
	for (size_t i = 0; i < plan->dependencies; i++)
		if (plan->dependency[i].group == g && strike_on(a, i)) {
			plan->dependency[i].p[P_LEAK].now += 0.01;
			flow += 0.01 * plan->dependency[i].p[P_SHARE].now * use *
				fmax(7.0 * a->input->weeks - plan->dependency[i].p[P_LEAK_LAG].now, 0);
		}
	status = again(a, plan, &a->input->settings, &total);
	for (size_t i = 0; i < plan->dependencies; i++)
		if (plan->dependency[i].group == g && strike_on(a, i))
			plan->dependency[i].p[P_LEAK].now -= 0.01;
	truce_shortage_plan_set(plan);
	if (!status && flow > 0 && group->coefficient > 1e-6) {
		u->flow_usd = (a->central.total - total) / flow;
		u->tonne_usd = u->flow_usd * price_of(a, group->input);
	}
	return status;
}

/* The stage that an input comes out of, else the buyer's own country. */
static const char *stage_of(const struct asking *a, const struct dependency *d)
{
	size_t stage = a->plan.seller[d->seller].stage;

	return stage == SIZE_MAX ? d->record->by : a->plan.stage[stage].user;
}

static const char *user_name(const struct asking *a, const struct group *group)
{
	const truce_world *world = a->input->world;
	size_t sector = group->stage == SIZE_MAX ? truce_world_sector(world, group->user) : TRUCE_WORLD_NONE;

	return sector != TRUCE_WORLD_NONE && world->sector_name && world->sector_name[sector] ? world->sector_name[sector] : group->user;
}

static int users(struct asking *a)
{
	const struct plan *plan = &a->plan;
	truce_shortage_answer *answer = a->answer;
	int draws = a->input->draws, status = TRUCE_OK;

	if (!(answer->users = truce_arena_array(a->arena, plan->groups, sizeof *answer->users)))
		return TRUCE_MEMORY;
	for (size_t g = 0; g < plan->groups; g++) {
		const struct group *group = &plan->group[g];
		int how = reached(a, g, 0);
		if (!how)
			continue;
		const struct dependency *d = &plan->dependency[group->first];
		for (size_t i = 0; i < plan->dependencies; i++) /* the one that is struck speaks for the group */
			if (plan->dependency[i].group == g && (strike_on(a, i) || (how == 1 && plan->dependency[i].record->via)))
				d = &plan->dependency[i];
		truce_shortage_user *u = &answer->users[answer->user_count++];
		*u = (truce_shortage_user){.dependency = d->record->head.id, .party = group->party, .user = group->user,
			.input = group->input, .from = d->record->from ? d->record->from : stage_of(a, d), .evidence = d->record->evidence,
			.user_name = user_name(a, group),
			.critical = d->record->criticality < 0 || d->record->criticality == TRUCE_CRITICAL, .indirect = how == 1,
			.share = d->p[P_SHARE].value, .stock_days = plan->dependency[group->first].p[P_STOCK].now,
			.exposed = d->p[P_EXPOSED].value, .residual = supply(a, g, 0, 0), .lowest = a->central.lowest[g],
			.lost_week_usd = a->central.last_week[g], .stops = NAN};
		u->unsure = d->record->head.unsure || (d->record->stock && d->record->stock->unsure) ||
			(d->record->share && d->record->share->unsure);
		u->closed_days = closed_days(a, g, 0);
		u->use_usd = group->coefficient > 1e-6 ? group->coefficient * plan->net.cell[group->cell].output * YEAR : NAN;
		u->first_day.value = a->central.first[g];
		u->lost_usd.value = a->central.lost[g];
		spread(&u->first_day, a->kept.first, draws, plan->groups, g, a->scratch);
		spread(&u->lost_usd, a->kept.lost, draws, plan->groups, g, a->scratch);
		if (draws > 0) {
			int stops = 0;
			for (int i = 0; i < draws; i++)
				stops += isfinite(a->kept.first[(size_t)i * plan->groups + g]);
			u->stops = (double)stops / draws;
		}
		u->stock_day_usd = u->flow_usd = u->tonne_usd = NAN;
		if (how == 2 && (status = margins(a, g, u)))
			return status;
	}
	return status;
}

/* The party of the record that a region is. */
static const char *party_of(const struct asking *a, size_t region, const char **name)
{
	const truce_record *record = a->input->record;
	const truce_world *world = a->input->world;

	for (size_t i = 0; i < truce_record_count(record, TRUCE_PARTY); i++) {
		const truce_party *p = truce_record_at(record, TRUCE_PARTY, i);
		bool whole;
		if (truce_world_region_of(world, p->head.id, &whole) == region && whole &&
			(p->type == TRUCE_PARTY_STATE || p->type == TRUCE_PARTY_GROUP)) {
			*name = p->head.name ? p->head.name : p->head.id;
			return p->head.id;
		}
	}
	*name = world->region_name && world->region_name[region] ? world->region_name[region] : world->region[region];
	return world->region[region];
}

static int parties(struct asking *a)
{
	const truce_world *world = a->input->world;
	size_t regions = world->regions, weeks = 2 * (size_t)a->input->weeks;
	truce_shortage_answer *answer = a->answer;
	int draws = a->input->draws;

	answer->party_count = regions;
	answer->parties = truce_arena_array(a->arena, regions, sizeof *answer->parties);
	if (!answer->parties)
		return TRUCE_MEMORY;
	for (size_t r = 0; r < regions; r++) {
		truce_shortage_party *p = &answer->parties[r];
		double *week = truce_arena_array(a->arena, 3 * weeks, sizeof *week), output = 0, part = 7.0 * a->input->weeks / YEAR;
		double gdp = truce_world_gdp(world, r);
		truce_shortage_range range;
		if (!week)
			return TRUCE_MEMORY;
		p->id = party_of(a, r, &p->name);
		p->week = week;
		p->week_low = week + weeks;
		p->week_high = week + 2 * weeks;
		p->lost_usd.value = 0;
		for (size_t w = 0; w < weeks; w++) {
			week[w] = a->central.week[r * weeks + w];
			p->lost_usd.value += week[w];
			spread(&range, a->kept.week, draws, regions * weeks, r * weeks + w, a->scratch);
			week[weeks + w] = range.low;
			week[2 * weeks + w] = range.high;
		}
		/* totals of draws, weeks added up draw by draw: kept behind the week columns' use */
		for (int i = 0; i < draws; i++) {
			a->scratch[draws + i] = 0;
			for (size_t w = 0; w < weeks; w++)
				a->scratch[draws + i] += a->kept.week[(size_t)i * regions * weeks + r * weeks + w];
		}
		spread(&p->lost_usd, a->scratch + draws, draws, 1, 0, a->scratch);
		p->added_usd.value = a->central.added[r];
		spread(&p->added_usd, a->kept.added, draws, regions, r, a->scratch);
		p->gdp_share.value = a->central.added_acts[r] / (gdp * part);
		spread(&p->gdp_share, a->kept.added_acts, draws, regions, r, a->scratch);
		p->gdp_share.low /= gdp * part;
		p->gdp_share.high /= gdp * part;
		for (size_t s = 0; s < world->sectors; s++)
			output += truce_world_output(world, r, s);
		p->output_share = a->central.output_acts[r] / (output * part);
		p->labour_share = a->central.labour_worst[r];
		p->exports_usd = a->central.exports[r];
	}
	return TRUCE_OK;
}

static int sellers(struct asking *a)
{
	const struct plan *plan = &a->plan;
	truce_shortage_answer *answer = a->answer;

	if (!(answer->sellers = truce_arena_array(a->arena, a->acts.strikes, sizeof *answer->sellers)))
		return TRUCE_MEMORY;
	for (size_t i = 0; i < a->acts.strikes; i++) {
		const struct dependency *d = &plan->dependency[a->acts.strike[i].dependency];
		const struct group *group = &plan->group[d->group];
		truce_shortage_seller *s = NULL;
		for (size_t j = 0; j < answer->seller_count; j++)
			if (!strcmp(answer->sellers[j].party, d->record->from) && !strcmp(answer->sellers[j].input, d->record->input))
				s = &answer->sellers[j];
		double use = group->coefficient * plan->net.cell[group->cell].output * YEAR, share = d->p[P_SHARE].value;
		double stays = fmax((1 - d->p[P_THRIFT].value) - (1 - share) * (1 + d->p[P_SURGE].value), 0);
		bool known = group->coefficient > 1e-6;
		if (!s) {
			s = &answer->sellers[answer->seller_count++];
			*s = (truce_shortage_seller){.party = d->record->from, .input = d->record->input,
				.sales_usd = known ? a->central.sales[a->acts.strike[i].dependency] : NAN,
				.idle = a->central.idle[a->acts.strike[i].dependency]};
		}
		s->sales_year_usd += known ? share * use : NAN;
		s->market_usd += known ? fmax(share - stays, 0) * use : NAN;
	}
	return TRUCE_OK;
}

static int views(struct asking *a)
{
	static const double sigma[3] = {.05, .1, .2};
	const struct plan *plan = &a->plan;
	const truce_world *world = a->input->world;
	double days = 7.0 * a->input->weeks;

	if (!(a->answer->views = truce_arena_array(a->arena, world->regions, sizeof *a->answer->views)))
		return TRUCE_MEMORY;
	for (size_t r = 0; r < world->regions; r++) {
		truce_shortage_views *v = &a->answer->views[r];
		double gdp = truce_world_gdp(world, r) / YEAR;
		bool any = false;
		*v = (truce_shortage_views){.party = a->answer->parties[r].id, .shortage = a->answer->parties[r].gdp_share.value,
			.theta = NAN};
		for (size_t g = 0; g < plan->groups; g++) {
			const struct group *group = &plan->group[g];
			if (group->region != r || group->stage != SIZE_MAX || !reached(a, g, 0))
				continue;
			const truce_shortage_cell *cell = &plan->net.cell[group->cell];
			size_t sector = truce_world_sector(world, group->user);
			double came = plan->dependency[group->first].p[P_STOCK].value;
			for (int day = 0; day < (int)days; day++)
				came += supply(a, g, day, 0);
			double theta = sector == TRUCE_WORLD_NONE ? NAN : world->theta[sector], missing = 1 - supply(a, g, 1e6, 0);
			const truce_good *good = truce_record_find(a->input->record, TRUCE_GOOD, group->input);
			if (good && good->sector && truce_world_sector(world, good->sector) != TRUCE_WORLD_NONE)
				theta = world->theta[truce_world_sector(world, good->sector)];
			any = true;
			v->theta = isnan(v->theta) ? theta : v->theta;
			for (int s = 0; s < 3; s++)
				v->ces[s] += group->coefficient > 1e-6 ? cell->output * cell->value_added / gdp *
					(1 - truce_shortage_ces(group->coefficient, fmin(came / days, 1), sigma[s])) : NAN;
			v->long_run += group->coefficient > 1e-6 ?
				cell->output / gdp * group->coefficient * (pow(1 - missing, -1 / theta) - 1) : NAN;
		}
		for (int s = 0; s < 3 && !any; s++)
			v->ces[s] = NAN;
		if (!any)
			v->long_run = NAN;
	}
	return TRUCE_OK;
}

static double amount(const truce_amount *a, double otherwise)
{
	return !a ? otherwise : a->value.set ? a->value.value : 0.5 * (a->low.value + a->high.value);
}

/* One type of part of a fleet, under the acts or not. */
static void part_of(const struct asking *a, size_t i, double units, truce_shortage_part *part)
{
	const struct dependency *d = &a->plan.dependency[i];
	const truce_dependency *r = d->record;
	double share = d->p[P_SHARE].value;

	*part = (truce_shortage_part){.name = r->input, .per_unit = amount(r->each, 1), .failures = amount(r->failures, 0) / YEAR,
		.home = amount(r->repair, 0), .home_days = amount(r->repair_time, 0), .licence_rate = 1};
	part->spares = d->p[P_STOCK].now * part->failures * units;
	if (!a->acts.fleet[i])
		return;
	/* what comes from elsewhere goes on */
	part->licence_rate = 1 - share * (1 - a->acts.fleet_rate[i]);
	part->leak = d->p[P_LEAK].value * share;
	part->leak_lag = d->p[P_LEAK_LAG].value;
}

/* How long an act may have lasted when units were claimed to stand; else as long as was asked for. */
static double claimed_days(const struct asking *a)
{
	const truce_act *act = a->acts.claim->act;
	double most = 7.0 * a->input->weeks, lasted = most;

	if (act && act->during.from.set && (act->during.until.set || act->during.through.set))
		lasted = (double)(truce_time_end(act->during.until.set ? &act->during.until : &act->during.through, NULL) -
			truce_time_start(&act->during.from, NULL)) / 86400;
	return fmin(fmax(floor(lasted), 1), most);
}

/* One fleet: all dependencies of a party's user that count units. */
static int one_fleet(struct asking *a, size_t first)
{
	const struct plan *plan = &a->plan;
	const truce_dependency *of = plan->dependency[first].record;
	size_t weeks = (size_t)a->input->weeks, parts = 0;
	truce_shortage_part *part = truce_arena_array(a->arena, plan->dependencies, sizeof *part);
	double *day = truce_arena_array(a->arena, 14 * weeks, sizeof *day), *week = truce_arena_array(a->arena, 2 * weeks, sizeof *week);
	truce_shortage_fleet fleet = {.units = amount(of->fleet, 0), .part = part};
	truce_shortage_grounded *f = &a->answer->fleets[a->answer->fleet_count];
	int status;

	if (!part || !day || !week)
		return TRUCE_MEMORY;
	*f = (truce_shortage_grounded){.dependency = of->head.id, .party = of->by, .input = of->input, .from = of->from,
		.units = fleet.units, .least = week, .most = week + weeks, .claimed = NAN, .claimed_days = NAN, .factor_without = NAN,
		.factor_cannibal = NAN};
	for (size_t i = 0; i < plan->dependencies; i++) {
		const truce_dependency *r = plan->dependency[i].record;
		if (!r->fleet || strcmp(r->by, of->by) || strcmp(r->user, of->user))
			continue;
		if (!r->failures) {
			say(a, truce_arena_printf(a->arena, "%s: how often its parts fail is not known", r->head.id));
			continue;
		}
		part_of(a, i, fleet.units, &part[parts]);
		f->failures += part[parts++].failures * YEAR;
		f->unsure |= r->head.unsure || r->fleet->unsure || r->failures->unsure;
		if (a->acts.fleet[i])
			f->sales_year_usd += plan->dependency[i].use_usd * plan->dependency[i].p[P_SHARE].value * (1 - a->acts.fleet_rate[i]);
	}
	if (!parts)
		return TRUCE_OK;
	fleet.parts = parts;
	if ((status = truce_shortage_fleet_run(a->ctx, &fleet, 7 * weeks, day, day + 7 * weeks)))
		return status;
	for (size_t w = 0; w < weeks; w++) {
		week[w] = day[7 * w + 6];
		week[weeks + w] = day[7 * weeks + 7 * w + 6];
	}
	a->answer->fleet_count++;
	if (!a->acts.claim)
		return TRUCE_OK;
	f->claimed = a->acts.claim->quantity->value.value;
	f->claimed_days = claimed_days(a);
	return truce_shortage_fleet_factor(a->ctx, &fleet, (size_t)f->claimed_days, f->claimed, &f->factor_without, &f->factor_cannibal);
}

static int fleets(struct asking *a)
{
	const struct plan *plan = &a->plan;
	int status = TRUCE_OK;

	if (!(a->answer->fleets = truce_arena_array(a->arena, plan->dependencies, sizeof *a->answer->fleets)))
		return TRUCE_MEMORY;
	for (size_t i = 0; i < plan->dependencies && !status; i++) {
		const truce_dependency *r = plan->dependency[i].record;
		bool done = !a->acts.fleet[i];
		for (size_t j = 0; j < i; j++) { /* its fleet has been answered with an earlier part */
			const truce_dependency *e = plan->dependency[j].record;
			done |= a->acts.fleet[j] && !strcmp(e->by, r->by) && !strcmp(e->user, r->user);
		}
		if (!done)
			status = one_fleet(a, i);
	}
	return status;
}

/* The same acts with one pool a party and input, rationed pro rata and by what each unit carries. */
static int bracket(struct asking *a)
{
	struct plan pooled;
	int status = truce_shortage_plan_build(a->ctx, a->arena, &pooled, a->input, true, NULL, NULL);

	if (!status)
		status = again(a, &pooled, &a->input->settings, &a->answer->pro_rata_usd);
	for (size_t p = 0; p < pooled.pools && !status; p++)
		pooled.net.market[pooled.pool[p].market].by_priority = true;
	return status ? status : again(a, &pooled, &a->input->settings, &a->answer->efficient_usd);
}

static int check_input(truce_context *ctx, const truce_shortage_input *input)
{
	if (!input->record || !input->world)
		return truce_fail(ctx, TRUCE_USAGE, NULL, 0, 0, NULL, "a record and a world are needed");
	if (input->weeks < 1 || input->weeks > 520)
		return truce_fail(ctx, TRUCE_INPUT, NULL, 0, 0, "from 1 to 520", "%d weeks", input->weeks);
	if (input->draws < 0 || input->draws > MOST_DRAWS)
		return truce_fail(ctx, TRUCE_INPUT, NULL, 0, 0, "from 0 to 100,000", "%d draws", input->draws);
	if (!isnan(input->licence_rate) && !(input->licence_rate >= 0 && input->licence_rate <= 1))
		return truce_fail(ctx, TRUCE_INPUT, NULL, 0, 0, "a share of normal flow, in [0, 1]", "a licence rate of %g", input->licence_rate);
	if (!isnan(input->stock_days) && !(input->stock_days >= 0 && input->stock_days <= 1e5))
		return truce_fail(ctx, TRUCE_INPUT, NULL, 0, 0, "days of 0 or more", "%g days of stock", input->stock_days);
	return TRUCE_OK;
}

static int keep(struct asking *a)
{
	size_t n = (size_t)a->input->draws, g = a->plan.groups, r = a->input->world->regions;

	a->kept.first = truce_arena_array(a->arena, n * g + 1, sizeof(double));
	a->kept.lost = truce_arena_array(a->arena, n * g + 1, sizeof(double));
	a->kept.week = truce_arena_array(a->arena, n * r * 2 * (size_t)a->input->weeks + 1, sizeof(double));
	a->kept.added = truce_arena_array(a->arena, n * r + 1, sizeof(double));
	a->kept.added_acts = truce_arena_array(a->arena, n * r + 1, sizeof(double));
	a->scratch = truce_arena_array(a->arena, 2 * n + 1, sizeof(double));
	return a->kept.first && a->kept.lost && a->kept.week && a->kept.added && a->kept.added_acts && a->scratch ? TRUCE_OK : TRUCE_MEMORY;
}

static int begin(struct asking *a, truce_context *ctx, truce_arena *arena, const truce_shortage_input *input)
{
	int status = check_input(ctx, input);

	*a = (struct asking){.ctx = ctx, .arena = arena, .input = input,
		.gap_room = 2 * truce_record_count(input->record, TRUCE_DEPENDENCY) + 64};
	if (status)
		return status;
	a->answer = truce_arena_array(arena, 1, sizeof *a->answer);
	a->idle = truce_arena_array(arena, 2 * input->world->regions, sizeof *a->idle);
	if (!a->answer || !a->idle || !(a->answer->gaps = truce_arena_array(arena, a->gap_room, sizeof *a->answer->gaps)))
		return TRUCE_MEMORY;
	return truce_shortage_plan_build(ctx, arena, &a->plan, input, false, say, a);
}

/* One central run of the strikes. */
static int central(struct asking *a)
{
	truce_shortage_sim *sim = NULL;
	int status;

	if ((status = truce_shortage_blow_new(&a->plan, &a->blow, a->acts.strikes)) ||
		(status = outcome_new(a->arena, &a->central, &a->plan, a->input->weeks)))
		return status;
	truce_shortage_blow_set(&a->plan, &a->blow, a->acts.strike, a->acts.strikes, 7.0 * a->input->weeks);
	if ((status = truce_shortage_new(a->ctx, &sim, &a->plan.net, &a->input->settings, &a->blow.scenario)))
		return status;
	run(&a->plan, sim, &a->central, a->idle);
	truce_shortage_free(sim);
	return TRUCE_OK;
}

/* What all parties make on a day without acts. */
static double normal_output(const struct plan *plan)
{
	double sum = 0;

	for (size_t i = 0; i < plan->world_cells; i++)
		sum += plan->net.cell[i].output;
	return sum;
}

int truce_shortage_ask(truce_context *ctx, truce_arena *arena, truce_shortage_answer **out, const truce_shortage_input *input,
	const char *const *acts, size_t count)
{
	struct asking a;
	int status;

	*out = NULL;
	if ((status = begin(&a, ctx, arena, input)) ||
		(status = truce_shortage_acts_read(ctx, arena, &a.acts, &a.plan, acts, count, say, &a)))
		return status;
	a.answer->weeks = input->weeks;
	a.answer->draws = input->draws;
	a.answer->acts = a.acts.words;
	a.answer->act_count = a.acts.count;
	a.answer->baseline = truce_arena_printf(arena, "normal flows of %s (%s), stocks at their targets, nothing held back",
		input->world->name ? input->world->name : "the world", input->world->year ? input->world->year : "its year");
	if (!a.answer->baseline)
		return TRUCE_MEMORY;
	bool any = a.acts.strikes > 0;
	for (size_t i = 0; i < a.plan.dependencies; i++)
		any |= a.acts.fleet[i];
	if (!any) {
		for (size_t i = 0; i < a.answer->gap_count; i++)
			truce_diagnose(ctx, TRUCE_NOTE, NULL, 0, 0, NULL, NULL, "%s", a.answer->gaps[i]);
		return truce_fail(ctx, TRUCE_UNKNOWN, NULL, 0, 0, "`truce chokepoints` lists the inputs that are recorded",
			"nothing of this stops a flow that a dependency is on");
	}
	if ((status = keep(&a)) || (status = central(&a)) ||
		(status = input->draws && a.acts.strikes ? run_draws(ctx, input, &a.acts, a.plan.groups, &a.kept) : TRUCE_OK) ||
		(status = parties(&a)) || (status = users(&a)) || (status = sellers(&a)) || (status = views(&a)) ||
		(status = fleets(&a)) || (status = bracket(&a)))
		return status;
	a.answer->lost_usd = a.central.total;
	a.answer->normal_usd = normal_output(&a.plan) * 2 * 7 * input->weeks;
	a.answer->clipped_usd = a.central.clipped;
	a.answer->recovery_days = a.acts.strikes ? a.central.recovery : -1;
	*out = a.answer;
	return TRUCE_OK;
}

/* ---- chokepoints --------------------------------------------------------------------------------------------------------- */

static int dearer(const void *a, const void *b)
{
	double x = ((const truce_shortage_chokepoint *)a)->lost_usd.value, y = ((const truce_shortage_chokepoint *)b)->lost_usd.value;
	return (x < y) - (x > y);
}

/* The strikes on everything that one party sells another of an input. */
static size_t strikes_of(struct asking *a, size_t like)
{
	const truce_dependency *of = a->plan.dependency[like].record;

	a->acts.strikes = 0;
	for (size_t i = 0; i < a->plan.dependencies; i++) {
		const struct dependency *d = &a->plan.dependency[i];
		if (d->group != SIZE_MAX && d->record->from && !strcmp(d->record->from, of->from) && !strcmp(d->record->by, of->by) &&
			!strcmp(d->record->input, of->input))
			a->acts.strike[a->acts.strikes++] = (struct strike){i, false, isfinite(a->input->licence_rate) ? a->input->licence_rate : 0};
	}
	return a->acts.strikes;
}

static int choke(struct asking *a, size_t like, truce_shortage_chokepoint *c)
{
	const truce_dependency *of = a->plan.dependency[like].record;
	struct plan *plan = &a->plan;
	double use = 0, less;
	int status, draws = a->input->draws;

	*c = (truce_shortage_chokepoint){.party = of->by, .input = of->input, .from = of->from, .replace_days = NAN};
	for (size_t i = 0; i < a->acts.strikes; i++) {
		const struct dependency *d = &plan->dependency[a->acts.strike[i].dependency];
		double u = plan->group[d->group].coefficient * plan->net.cell[plan->group[d->group].cell].output;
		use += u;
		c->share += u * d->p[P_SHARE].value;
		c->stock_days += u * d->p[P_STOCK].now;
		c->users++;
		c->unsure |= d->record->head.unsure || (d->record->stock && d->record->stock->unsure);
		if (d->record->surge && d->p[P_SURGE].value > 0)
			c->replace_days = fmin(isnan(c->replace_days) ? INFINITY : c->replace_days, d->p[P_SURGE_TIME].value);
		if (d->record->thrift && d->p[P_THRIFT].value > 0)
			c->replace_days = fmin(isnan(c->replace_days) ? INFINITY : c->replace_days, d->p[P_THRIFT_TIME].value);
	}
	c->share /= use;
	c->stock_days /= use;
	if ((status = central(a)))
		return status;
	c->lost_usd.value = a->central.total;
	size_t region = truce_world_region_of(a->input->world, of->by, NULL);
	c->gdp_share = a->central.added_acts[region] / (truce_world_gdp(a->input->world, region) * 7 * a->input->weeks / YEAR);
	if (draws && (status = run_draws(a->ctx, a->input, &a->acts, plan->groups, &a->kept)))
		return status;
	size_t width = a->input->world->regions * 2 * (size_t)a->input->weeks;
	for (int i = 0; i < draws; i++) {
		a->scratch[draws + i] = 0;
		for (size_t w = 0; w < width; w++)
			a->scratch[draws + i] += a->kept.week[(size_t)i * width + w];
	}
	spread(&c->lost_usd, a->scratch + draws, draws, 1, 0, a->scratch);
	for (size_t i = 0; i < a->acts.strikes; i++) {
		struct parameter *p = &plan->dependency[a->acts.strike[i].dependency].p[P_SHARE];
		p->now = fmax(p->value - 0.1, 0);
	}
	status = again(a, plan, &a->input->settings, &less);
	for (size_t i = 0; i < a->acts.strikes; i++) {
		struct parameter *p = &plan->dependency[a->acts.strike[i].dependency].p[P_SHARE];
		p->now = p->value;
	}
	truce_shortage_plan_set(plan);
	c->ten_points_usd = c->lost_usd.value - less;
	return status;
}

int truce_shortage_chokepoints(truce_context *ctx, truce_arena *arena, truce_shortage_chokepoint **out, size_t *count,
	const truce_shortage_input *input)
{
	struct asking a;
	truce_shortage_chokepoint *points;
	size_t n = 0;
	int status;

	*out = NULL;
	*count = 0;
	if ((status = begin(&a, ctx, arena, input)) ||
		(status = truce_shortage_acts_read(ctx, arena, &a.acts, &a.plan, NULL, 0, say, &a)) || (status = keep(&a)))
		return status;
	if (!(points = truce_arena_array(arena, a.plan.dependencies, sizeof *points)))
		return TRUCE_MEMORY;
	for (size_t i = 0; i < a.plan.dependencies; i++) {
		const truce_dependency *d = a.plan.dependency[i].record;
		bool done = a.plan.dependency[i].group == SIZE_MAX || !d->from || !strcmp(d->from, d->by);
		for (size_t j = 0; j < n; j++)
			done |= !done && !strcmp(points[j].party, d->by) && !strcmp(points[j].input, d->input) && !strcmp(points[j].from, d->from);
		if (done || !strikes_of(&a, i))
			continue;
		if (truce_cancelled(ctx))
			return TRUCE_CANCELLED;
		truce_progress(ctx, "chokepoints", (double)i / (double)a.plan.dependencies);
		if ((status = choke(&a, i, &points[n])))
			return status;
		n++;
	}
	if (n)
		qsort(points, n, sizeof *points, dearer);
	*out = points;
	*count = n;
	return TRUCE_OK;
}
