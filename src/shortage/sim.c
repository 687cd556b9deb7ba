/* shortage: the daily step.
 *
 * Sets up a simulator from a network and a scenario, and steps it.  Nothing is allocated in a step.  The step's
 * order is that of docs/shortage.md, so that two programs agree to the last digit.  What is not here: how a network
 * is read or built, and what its numbers mean. */
#include <truce/shortage.h>

#include <math.h>
#include <string.h>

#define NONE UINT32_MAX
#define FREE 1e300 /* nothing binds */

struct truce_shortage_sim {
	truce_context *ctx;
	truce_arena *arena;
	const truce_shortage_network *net;
	truce_shortage_settings set;
	size_t done;
	double clipped, unmet;

	/* cells */
	double *x0, *x, *d, *capacity, *allowed, *worked; /* worked: labour over normal labour */
	double *labour, *fill, *loss, *surge;

	/* households */
	double *labour0, *consumption0, *log_consumption, *ratio; /* ratio: consumption over normal */

	/* markets */
	double *order, *final, *market_fill, *normal; /* order: wanted in the coming step, final buyers apart */
	size_t *link_begin;
	double *link_share;
	uint32_t *link_seller;

	/* needs, sorted by user */
	double *a, *stock, *target, *wanted; /* wanted: orders of the coming step */
	uint32_t *need_market;

	/* the needs that can hold their user back */
	size_t *bind_begin; /* [cells + 1] */
	uint32_t *bind_need;
	double *bind_floor, *bind_weight; /* allowed = floor + weight * stock */

	/* efficient rationing: needs of each market, the first served first */
	size_t *claim_begin; /* [markets + 1] */
	uint32_t *claim;
	double *served; /* [needs] */

	/* scenario, copied; room for as many as at set-up */
	truce_shortage_loss *losses;
	truce_shortage_ban *bans;
	truce_shortage_surge *surges;
	truce_shortage_thrift *thrifts;
	size_t loss_count, ban_count, surge_count, thrift_count;
	size_t loss_room, ban_room, surge_room, thrift_room, rate_room;
	truce_shortage_rate *rates;

	/* markets under a ban at some time, and their links */
	size_t held_count, held_links;
	size_t held_room, held_link_room;
	uint32_t *held;       /* [held] market */
	uint32_t *held_of;    /* [markets] index into held, or NONE */
	size_t *held_begin;   /* [held + 1] into the arrays below */
	double *held_order, *held_limit; /* [held links] */
	double *held_left;    /* [held] orders without a seller */
	bool *held_reroute;   /* [held] */
	double *asked;        /* [cells] re-routed orders that a seller is asked for */

	/* books */
	double *old_stock, *old_wanted, *old_a, *old_final;
};

void truce_shortage_settings_default(truce_shortage_settings *settings)
{
	*settings = (truce_shortage_settings){
		.production = TRUCE_SHORTAGE_HALF_CRITICAL, .rationing = TRUCE_SHORTAGE_PRO_RATA, .adjust = 5,
		.hire = 1.0 / 30, .fire = 2.0 / 30, .smooth = 1 - 0.4 / 90, .benefit = 0.8, .step = 1,
	};
}

/* ---- set-up ---------------------------------------------------------------------------------------------- */

/* How far the want of an input holds output back, before the exposed share. */
static double class_weight(truce_shortage_production production, truce_shortage_class critical)
{
	switch (production) {
	case TRUCE_SHORTAGE_LEONTIEF:
	case TRUCE_SHORTAGE_LINEAR: return 1;
	case TRUCE_SHORTAGE_STRICTLY_CRITICAL: return critical == TRUCE_SHORTAGE_OTHER ? 0 : 1;
	case TRUCE_SHORTAGE_WEAKLY_CRITICAL: return critical == TRUCE_SHORTAGE_CRITICAL ? 1 : 0;
	case TRUCE_SHORTAGE_HALF_CRITICAL: break;
	}
	return critical == TRUCE_SHORTAGE_CRITICAL ? 1 : critical == TRUCE_SHORTAGE_IMPORTANT ? 0.5 : 0;
}

/* A gap of stock is never refilled faster than within a step: stocks would swing. */
static double adjust(const truce_shortage_sim *sim)
{
	return fmax(sim->set.adjust, sim->set.step);
}

static bool active(double day, double from, double to)
{
	return day >= from - 1e-9 && day < to + 1 - 1e-9;
}

static int settings_check(truce_context *ctx, const truce_shortage_settings *set)
{
	const struct { const char *name; double value, low, high; } bounds[] = {
		{"adjust", set->adjust, 0, INFINITY}, {"hire", set->hire, 0, 1}, {"fire", set->fire, 0, 1},
		{"smooth", set->smooth, 0, 1}, {"benefit", set->benefit, 0, 1}, {"step", set->step, 0, 31},
	};
	int status = TRUCE_OK;

	for (size_t i = 0; i < sizeof bounds / sizeof *bounds; i++)
		if (!(bounds[i].value >= bounds[i].low && bounds[i].value <= bounds[i].high))
			status = truce_fail(ctx, TRUCE_INPUT, NULL, 0, 0, NULL, "the setting %s must lie between %g and %g, not %g",
				bounds[i].name, bounds[i].low, bounds[i].high, bounds[i].value);
	if (status == TRUCE_OK && (!(set->adjust > 0) || !(set->step > 0)))
		status = truce_fail(ctx, TRUCE_INPUT, NULL, 0, 0, NULL, "the settings adjust and step must be above 0");
	return status;
}

static int scenario_check(truce_context *ctx, const truce_shortage_network *net, const truce_shortage_scenario *scenario)
{
	int status = TRUCE_OK;

	for (size_t i = 0; i < scenario->losses; i++) {
		const truce_shortage_loss *l = &scenario->loss[i];
		if (l->cell >= net->cells || !(l->loss >= 0 && l->loss <= 1) || !(l->from <= l->to))
			status = truce_fail(ctx, TRUCE_INPUT, NULL, 0, 0, "a loss is a share of the capacity of a cell, from a day to a later",
				"shock %zu: loss %g from %g to %g", i + 1, l->loss, l->from, l->to);
	}
	for (size_t i = 0; i < scenario->bans; i++) {
		const truce_shortage_ban *b = &scenario->ban[i];
		bool bad = b->market >= net->markets || !(b->licence_rate >= 0 && b->licence_rate <= 1) || !(b->from <= b->to) ||
			!(b->leak >= 0 && b->leak <= 1) || !(b->leak_lag >= 0) || !(b->reroute_lag >= 0);
		for (size_t p = 0; p < b->points && !bad; p++)
			bad = !(b->rate[p].rate >= 0 && b->rate[p].rate <= 1) || !(p == 0 || b->rate[p].day >= b->rate[p - 1].day);
		if (bad)
			status = truce_fail(ctx, TRUCE_INPUT, NULL, 0, 0, "rates and leaks lie in [0, 1], days run forward",
				"ban %zu (%s) cannot be", i + 1, b->market < net->markets ? net->market[b->market].name : "no such market");
	}
	for (size_t i = 0; i < scenario->surges; i++) {
		const truce_shortage_surge *s = &scenario->surge[i];
		if (s->cell >= net->cells || !(s->share >= 0 && s->share < 1e6) || !(s->time > 0))
			status = truce_fail(ctx, TRUCE_INPUT, NULL, 0, 0, "a surge is a share above 0 with a time above 0",
				"surge %zu: share %g, time %g", i + 1, s->share, s->time);
	}
	for (size_t i = 0; i < scenario->thrifts; i++) {
		const truce_shortage_thrift *t = &scenario->thrift[i];
		if (t->need >= net->needs || !(t->cut >= 0 && t->cut < 1) || !(t->time > 0))
			status = truce_fail(ctx, TRUCE_INPUT, NULL, 0, 0, "thrift cuts a share below 1 within a time above 0",
				"thrift %zu: cut %g, time %g", i + 1, t->cut, t->time);
	}
	return status;
}

/* Copies a scenario and lists the markets that it holds.  Room was taken at set-up. */
static int scenario_set(truce_shortage_sim *sim, const truce_shortage_scenario *scenario)
{
	const truce_shortage_network *net = sim->net;
	size_t points = 0;

	if (scenario->losses > sim->loss_room || scenario->bans > sim->ban_room || scenario->surges > sim->surge_room ||
		scenario->thrifts > sim->thrift_room)
		return TRUCE_LIMIT;
	for (size_t i = 0; i < scenario->bans; i++)
		points += scenario->ban[i].points;
	if (points > sim->rate_room)
		return TRUCE_LIMIT;
	for (size_t i = 0; i < sim->held_count; i++)
		sim->held_of[sim->held[i]] = NONE;
	sim->held_count = sim->held_links = 0;
	for (size_t i = 0; i < scenario->bans; i++) {
		uint32_t m = scenario->ban[i].market;
		size_t links = net->market[m + 1].link_begin - net->market[m].link_begin;
		if (sim->held_of[m] != NONE)
			continue;
		if (sim->held_count == sim->held_room || sim->held_links + links > sim->held_link_room)
			return TRUCE_LIMIT;
		sim->held_of[m] = (uint32_t)sim->held_count;
		sim->held[sim->held_count] = m;
		sim->held_begin[sim->held_count++] = sim->held_links;
		sim->held_links += links;
		sim->held_begin[sim->held_count] = sim->held_links;
	}
	if (scenario->losses)
		memcpy(sim->losses, scenario->loss, scenario->losses * sizeof *sim->losses);
	if (scenario->surges)
		memcpy(sim->surges, scenario->surge, scenario->surges * sizeof *sim->surges);
	if (scenario->thrifts)
		memcpy(sim->thrifts, scenario->thrift, scenario->thrifts * sizeof *sim->thrifts);
	points = 0;
	for (size_t i = 0; i < scenario->bans; i++) {
		sim->bans[i] = scenario->ban[i];
		if (!scenario->ban[i].points)
			continue;
		memcpy(sim->rates + points, scenario->ban[i].rate, scenario->ban[i].points * sizeof *sim->rates);
		sim->bans[i].rate = sim->rates + points;
		points += scenario->ban[i].points;
	}
	sim->loss_count = scenario->losses;
	sim->ban_count = scenario->bans;
	sim->surge_count = scenario->surges;
	sim->thrift_count = scenario->thrifts;
	return TRUCE_OK;
}

/* How many markets and links a scenario holds, each market once.  held_of is all NONE before and after. */
static void held_size(truce_shortage_sim *sim, const truce_shortage_scenario *scenario)
{
	const truce_shortage_network *net = sim->net;

	for (size_t i = 0; i < scenario->bans; i++) {
		uint32_t m = scenario->ban[i].market;
		sim->rate_room += scenario->ban[i].points;
		if (sim->held_of[m] != NONE)
			continue;
		sim->held_of[m] = 0;
		sim->held_room++;
		sim->held_link_room += net->market[m + 1].link_begin - net->market[m].link_begin;
	}
	for (size_t i = 0; i < scenario->bans; i++)
		sim->held_of[scenario->ban[i].market] = NONE;
}

/* The needs of each market in the order in which efficient rationing serves them. */
static void claims_sort(truce_shortage_sim *sim)
{
	const truce_shortage_network *net = sim->net;

	memset(sim->claim_begin, 0, (net->markets + 1) * sizeof *sim->claim_begin);
	for (size_t k = 0; k < net->needs; k++)
		sim->claim_begin[net->need[k].market + 1]++;
	for (size_t m = 0; m < net->markets; m++)
		sim->claim_begin[m + 1] += sim->claim_begin[m];
	/* insertion from the end of what is filled: stable, and short lists are the rule */
	size_t *filled = sim->claim_begin;
	for (size_t k = 0; k < net->needs; k++) {
		uint32_t m = net->need[k].market;
		size_t at = filled[m]++;
		sim->claim[at] = (uint32_t)k;
	}
	for (size_t m = net->markets; m > 0; m--)
		filled[m] = filled[m - 1];
	filled[0] = 0;
	for (size_t m = 0; m < net->markets; m++)
		for (size_t i = filled[m] + 1; i < filled[m + 1]; i++) {
			uint32_t k = sim->claim[i];
			double p = net->need[k].priority;
			size_t at = i;
			for (; at > filled[m] && net->need[sim->claim[at - 1]].priority < p; at--)
				sim->claim[at] = sim->claim[at - 1];
			sim->claim[at] = k;
		}
}

int truce_shortage_new(truce_context *ctx, truce_shortage_sim **out, const truce_shortage_network *network,
	const truce_shortage_settings *settings, const truce_shortage_scenario *scenario)
{
	truce_shortage_sim *sim = NULL;
	truce_arena *arena = NULL;
	truce_shortage_scenario none = {0};
	truce_shortage_settings set;
	int status;

	*out = NULL;
	truce_shortage_settings_default(&set);
	if (settings)
		set = *settings;
	if (!scenario)
		scenario = &none;
	if ((status = settings_check(ctx, &set)) || (status = truce_shortage_network_check(ctx, network)) ||
		(status = scenario_check(ctx, network, scenario)))
		return status;
	if ((status = truce_arena_new(ctx, &arena)))
		return status;

	size_t n = network->cells, m = network->markets, k = network->needs, h = network->households;
	size_t binding = 0;
	for (size_t i = 0; i < k; i++)
		binding += set.production != TRUCE_SHORTAGE_LINEAR && class_weight(set.production, network->need[i].critical) > 0;

#define TAKE(field, count) \
	do { \
		if (!((field) = truce_arena_array(arena, (count) ? (count) : 1, sizeof *(field)))) { \
			status = TRUCE_MEMORY; \
			goto done; \
		} \
	} while (0)
	TAKE(sim, 1);
	sim->ctx = ctx;
	sim->arena = arena;
	sim->net = network;
	sim->set = set;
	double **cells[] = {&sim->x0, &sim->x, &sim->d, &sim->capacity, &sim->allowed, &sim->worked, &sim->labour, &sim->fill,
		&sim->loss, &sim->surge, &sim->asked};
	for (size_t i = 0; i < sizeof cells / sizeof *cells; i++)
		TAKE(*cells[i], n);
	double **households[] = {&sim->labour0, &sim->consumption0, &sim->log_consumption, &sim->ratio};
	for (size_t i = 0; i < sizeof households / sizeof *households; i++)
		TAKE(*households[i], h);
	double **markets[] = {&sim->order, &sim->final, &sim->market_fill, &sim->normal};
	for (size_t i = 0; i < sizeof markets / sizeof *markets; i++)
		TAKE(*markets[i], m);
	double **needs[] = {&sim->a, &sim->stock, &sim->target, &sim->wanted};
	for (size_t i = 0; i < sizeof needs / sizeof *needs; i++)
		TAKE(*needs[i], k);
	TAKE(sim->need_market, k);
	TAKE(sim->link_begin, m + 1);
	TAKE(sim->link_share, network->links);
	TAKE(sim->link_seller, network->links);
	TAKE(sim->bind_begin, n + 1);
	TAKE(sim->bind_need, binding);
	TAKE(sim->bind_floor, binding);
	TAKE(sim->bind_weight, binding);
	bool priority = set.rationing == TRUCE_SHORTAGE_EFFICIENT;
	for (size_t i = 0; i < m; i++)
		priority |= network->market[i].by_priority;
	if (priority) {
		TAKE(sim->claim_begin, m + 1);
		TAKE(sim->claim, k);
		TAKE(sim->served, k);
		claims_sort(sim);
	}
	TAKE(sim->held_of, m);
	for (size_t i = 0; i < m; i++)
		sim->held_of[i] = NONE;
	held_size(sim, scenario);
	sim->loss_room = scenario->losses;
	sim->ban_room = scenario->bans;
	sim->surge_room = scenario->surges;
	sim->thrift_room = scenario->thrifts;
	TAKE(sim->losses, sim->loss_room);
	TAKE(sim->bans, sim->ban_room);
	TAKE(sim->surges, sim->surge_room);
	TAKE(sim->thrifts, sim->thrift_room);
	TAKE(sim->rates, sim->rate_room);
	TAKE(sim->held, sim->held_room);
	TAKE(sim->held_begin, sim->held_room + 1);
	TAKE(sim->held_order, sim->held_link_room);
	TAKE(sim->held_limit, sim->held_link_room);
	TAKE(sim->held_left, sim->held_room);
	TAKE(sim->held_reroute, sim->held_room);

	for (size_t i = 0; i <= m; i++)
		sim->link_begin[i] = network->market[i].link_begin;
	for (size_t i = 0; i < network->links; i++)
		sim->link_seller[i] = network->link[i].seller;
	for (size_t i = 0; i < k; i++)
		sim->need_market[i] = network->need[i].market;
	size_t at = 0;
	for (size_t i = 0; i < n; i++) {
		sim->bind_begin[i] = at;
		for (size_t j = network->need_begin[i]; j < network->need_begin[i + 1]; j++)
			if (set.production != TRUCE_SHORTAGE_LINEAR && class_weight(set.production, network->need[j].critical) > 0)
				sim->bind_need[at++] = (uint32_t)j;
	}
	sim->bind_begin[n] = at;
	if ((status = scenario_set(sim, scenario)))
		goto done;
	truce_shortage_reset(sim);
	*out = sim;
	arena = NULL;
#undef TAKE
done:
	truce_arena_free(arena);
	return status;
}

void truce_shortage_free(truce_shortage_sim *sim)
{
	if (sim)
		truce_arena_free(sim->arena);
}

int truce_shortage_update(truce_shortage_sim *sim, const truce_shortage_scenario *scenario)
{
	int status = scenario_check(sim->ctx, sim->net, scenario);

	if (!status)
		status = scenario_set(sim, scenario);
	if (status == TRUCE_LIMIT)
		truce_fail(sim->ctx, TRUCE_LIMIT, NULL, 0, 0, "set up the simulator with the largest scenario",
			"the scenario is larger than the one that the simulator was set up with");
	truce_shortage_reset(sim);
	return status;
}

void truce_shortage_reset(truce_shortage_sim *sim)
{
	const truce_shortage_network *net = sim->net;

	sim->done = 0;
	sim->clipped = sim->unmet = 0;
	memset(sim->labour0, 0, net->households * sizeof(double));
	memset(sim->consumption0, 0, net->households * sizeof(double));
	for (size_t l = 0; l < net->links; l++)
		sim->link_share[l] = net->link[l].share;
	for (size_t m = 0; m < net->markets; m++) {
		const truce_shortage_market *market = &net->market[m];
		sim->consumption0[market->household] += market->consumption;
		sim->normal[m] = market->consumption + market->other_demand;
		sim->order[m] = 0;
		sim->market_fill[m] = 1;
	}
	for (size_t i = 0; i < net->cells; i++) {
		const truce_shortage_cell *cell = &net->cell[i];
		sim->labour0[cell->household] += cell->labour;
		sim->x0[i] = sim->x[i] = sim->d[i] = sim->capacity[i] = cell->output;
		sim->allowed[i] = FREE;
		sim->worked[i] = sim->fill[i] = sim->surge[i] = 1;
		sim->labour[i] = cell->labour;
		sim->loss[i] = 0;
		for (size_t k = net->need_begin[i]; k < net->need_begin[i + 1]; k++) {
			const truce_shortage_need *need = &net->need[k];
			double use = need->coefficient * cell->output;
			sim->a[k] = need->coefficient;
			sim->stock[k] = sim->target[k] = need->stock_days * use;
			sim->wanted[k] = use;
			sim->order[need->market] += use;
			sim->normal[need->market] += use;
		}
		for (size_t b = sim->bind_begin[i]; b < sim->bind_begin[i + 1]; b++) {
			const truce_shortage_need *need = &net->need[sim->bind_need[b]];
			double share = class_weight(sim->set.production, need->critical) * need->exposed;
			sim->bind_floor[b] = (1 - share) * cell->output;
			sim->bind_weight[b] = need->coefficient > 0 ? share / (need->coefficient * sim->set.step) : 0;
			if (!(need->coefficient > 0))
				sim->bind_floor[b] = FREE;
		}
	}
	for (size_t h = 0; h < net->households; h++) {
		sim->log_consumption[h] = sim->consumption0[h] > 0 ? log(sim->consumption0[h]) : 0;
		sim->ratio[h] = 1;
	}
}

/* ---- the step ------------------------------------------------------------------------------------------------ */

/* 1. Labour follows what could have been made and sold yesterday; capacity is what it can make. */
static void step_capacity(truce_shortage_sim *sim, double day)
{
	size_t n = sim->net->cells;
	double hire = sim->set.hire * sim->set.step, fire = sim->set.fire * sim->set.step;

	for (size_t i = 0; i < sim->loss_count; i++)
		sim->loss[sim->losses[i].cell] = 0;
	for (size_t i = 0; i < sim->loss_count; i++) {
		const truce_shortage_loss *l = &sim->losses[i];
		if (active(day, l->from, l->to)) /* two losses at once leave the product of what each leaves */
			sim->loss[l->cell] = 1 - (1 - sim->loss[l->cell]) * (1 - l->loss);
	}
	for (size_t i = 0; i < sim->surge_count; i++)
		sim->surge[sim->surges[i].cell] = 1;
	for (size_t i = 0; i < sim->surge_count; i++) {
		const truce_shortage_surge *s = &sim->surges[i];
		if (day >= s->from)
			sim->surge[s->cell] += s->share * (1 - exp(-(day - s->from) / s->time));
	}
	for (size_t i = 0; i < n; i++) {
		double able = sim->x0[i] * sim->worked[i]; /* what yesterday's labour could make, without surge */
		double gap = fmin(sim->allowed[i], sim->d[i]) - able;
		double worked = sim->worked[i] + (gap > 0 ? hire : fire) * gap / sim->x0[i];
		if (worked < 0)
			worked = 0; /* a step longer than the time of firing */
		if (worked > 1 - sim->loss[i])
			worked = 1 - sim->loss[i];
		sim->worked[i] = worked;
		sim->capacity[i] = sim->x0[i] * worked * sim->surge[i];
	}
}

/* 2. Households smooth their consumption towards their income. */
static void step_households(truce_shortage_sim *sim)
{
	const truce_shortage_network *net = sim->net;
	double rho = sim->set.step == 1 ? sim->set.smooth : pow(sim->set.smooth, sim->set.step);
	double b = sim->set.benefit;
	double *income = sim->ratio; /* first the sum of labour, then the ratio */

	memset(income, 0, net->households * sizeof *income);
	for (size_t i = 0; i < net->cells; i++) {
		sim->labour[i] = net->cell[i].labour * sim->worked[i];
		income[net->cell[i].household] += sim->labour[i];
	}
	for (size_t h = 0; h < net->households; h++) {
		double c0 = sim->consumption0[h], l0 = sim->labour0[h];
		if (!(c0 > 0) || !(l0 > 0)) {
			sim->ratio[h] = 1;
			continue;
		}
		/* without benefits and without work something is still eaten: the logarithm stays finite */
		double now = fmax(b * l0 + (1 - b) * income[h], 1e-9 * l0);
		double m = c0 / l0;
		sim->log_consumption[h] = rho * sim->log_consumption[h] + 0.5 * (1 - rho) * log(m * now) +
			0.5 * (1 - rho) * log(m * l0);
		sim->ratio[h] = income[h] == l0 && sim->log_consumption[h] == log(c0) ? 1 : exp(sim->log_consumption[h]) / c0;
	}
}

static double ban_rate(const truce_shortage_ban *ban, double since)
{
	if (!ban->points)
		return ban->licence_rate;
	if (since <= ban->rate[0].day)
		return ban->rate[0].rate;
	for (size_t p = 1; p < ban->points; p++) {
		const truce_shortage_rate *a = &ban->rate[p - 1], *b = &ban->rate[p];
		if (since <= b->day)
			return b->day > a->day ? a->rate + (b->rate - a->rate) * (since - a->day) / (b->day - a->day) : b->rate;
	}
	return ban->rate[ban->points - 1].rate;
}

/* The most that each held link may deliver today. */
static void held_limits(truce_shortage_sim *sim, double day)
{
	for (size_t i = 0; i < sim->held_links; i++)
		sim->held_limit[i] = INFINITY;
	for (size_t i = 0; i < sim->held_count; i++)
		sim->held_reroute[i] = false;
	for (size_t i = 0; i < sim->ban_count; i++) {
		const truce_shortage_ban *ban = &sim->bans[i];
		if (!active(day, ban->from, ban->to))
			continue;
		uint32_t at = sim->held_of[ban->market];
		double since = day - ban->from;
		double share = ban_rate(ban, since) + (since >= ban->leak_lag ? ban->leak : 0);
		if (since >= ban->reroute_lag)
			sim->held_reroute[at] = true;
		for (size_t l = sim->link_begin[ban->market]; l < sim->link_begin[ban->market + 1]; l++) {
			double *limit = &sim->held_limit[sim->held_begin[at] + l - sim->link_begin[ban->market]];
			double most = share * sim->link_share[l] * sim->normal[ban->market];
			if ((ban->seller == TRUCE_SHORTAGE_ALL || ban->seller == sim->link_seller[l]) && most < *limit)
				*limit = most;
		}
	}
}

/* Orders that a ban sent back are offered to the market's other sellers, within the capacity that their own orders
 * leave free.  What one cannot take is offered again, twice. */
static void held_reroute(truce_shortage_sim *sim)
{
	for (int round = 0; round < 3; round++) {
		bool any = false;
		for (size_t i = 0; i < sim->held_count; i++) {
			size_t first = sim->link_begin[sim->held[i]], count = sim->held_begin[i + 1] - sim->held_begin[i];
			double free_share = 0;
			if (!sim->held_reroute[i] || !(sim->held_left[i] > 0))
				continue;
			for (size_t l = 0; l < count; l++)
				if (sim->held_limit[sim->held_begin[i] + l] == INFINITY)
					sim->asked[sim->link_seller[first + l]] = 0;
			for (size_t l = 0; l < count; l++)
				if (sim->held_limit[sim->held_begin[i] + l] == INFINITY &&
					sim->capacity[sim->link_seller[first + l]] > sim->d[sim->link_seller[first + l]])
					free_share += sim->link_share[first + l];
			any |= free_share > 0;
		}
		if (!any)
			return;
		/* first what all markets ask of a seller, then what it can grant of that */
		for (int grant = 0; grant < 2; grant++)
			for (size_t i = 0; i < sim->held_count; i++) {
				size_t first = sim->link_begin[sim->held[i]], count = sim->held_begin[i + 1] - sim->held_begin[i];
				double free_share = 0, granted = 0;
				if (!sim->held_reroute[i] || !(sim->held_left[i] > 0))
					continue;
				for (size_t l = 0; l < count; l++) {
					uint32_t s = sim->link_seller[first + l];
					if (sim->held_limit[sim->held_begin[i] + l] == INFINITY && sim->capacity[s] > sim->d[s])
						free_share += sim->link_share[first + l];
				}
				if (!(free_share > 0))
					continue;
				for (size_t l = 0; l < count; l++) {
					uint32_t s = sim->link_seller[first + l];
					double ask = sim->held_left[i] * sim->link_share[first + l] / free_share;
					if (sim->held_limit[sim->held_begin[i] + l] != INFINITY || !(sim->capacity[s] > sim->d[s]))
						continue;
					if (!grant) {
						sim->asked[s] += ask;
						continue;
					}
					double spare = sim->capacity[s] - sim->d[s];
					double get = sim->asked[s] > spare ? ask * spare / sim->asked[s] : ask;
					sim->held_order[sim->held_begin[i] + l] += get;
					granted += get;
				}
				if (grant)
					sim->held_left[i] = fmax(sim->held_left[i] - granted, 0);
			}
		/* only now do the orders count: every market of this round saw the same spare capacity */
		for (size_t i = 0; i < sim->held_count; i++)
			if (sim->held_reroute[i])
				for (size_t l = sim->link_begin[sim->held[i]]; l < sim->link_begin[sim->held[i] + 1]; l++) {
					uint32_t s = sim->link_seller[l];
					double spare = sim->capacity[s] - sim->d[s];
					if (sim->asked[s] > 0 && spare > 0)
						sim->d[s] += fmin(sim->asked[s], spare);
					sim->asked[s] = 0;
				}
	}
}

/* 3. Orders of users, households and other buyers become the demand on sellers. */
static void step_demand(truce_shortage_sim *sim, double day)
{
	const truce_shortage_network *net = sim->net;
	const size_t *begin = sim->link_begin;
	double *restrict d = sim->d;

	for (size_t m = 0; m < net->markets; m++) {
		const truce_shortage_market *market = &net->market[m];
		sim->final[m] = market->consumption * sim->ratio[market->household] + market->other_demand;
		sim->order[m] += sim->final[m];
	}
	memset(d, 0, net->cells * sizeof *d);
	if (sim->held_count)
		held_limits(sim, day);
	for (size_t m = 0; m < net->markets; m++) {
		double order = sim->order[m];
		if (sim->held_count && sim->held_of[m] != NONE)
			continue;
		for (size_t l = begin[m]; l < begin[m + 1]; l++)
			d[sim->link_seller[l]] += sim->link_share[l] * order;
	}
	sim->unmet = 0;
	for (size_t i = 0; i < sim->held_count; i++) {
		uint32_t m = sim->held[i];
		double left = 0;
		for (size_t l = begin[m]; l < begin[m + 1]; l++) {
			size_t at = sim->held_begin[i] + l - begin[m];
			double order = sim->link_share[l] * sim->order[m], may = fmin(order, sim->held_limit[at]);
			sim->held_order[at] = may;
			left += order - may;
			d[sim->link_seller[l]] += may;
		}
		sim->held_left[i] = left;
	}
	if (sim->held_count) {
		held_reroute(sim);
		for (size_t i = 0; i < sim->held_count; i++)
			sim->unmet += sim->held_left[i];
	}
}

/* What all the inputs of a cell together allow, in the linear form. */
static double allowed_linear(const truce_shortage_sim *sim, size_t cell)
{
	double stock = 0, a = 0;

	for (size_t k = sim->net->need_begin[cell]; k < sim->net->need_begin[cell + 1]; k++) {
		stock += sim->stock[k];
		a += sim->a[k];
	}
	return a > 0 ? stock / (a * sim->set.step) : FREE;
}

/* 4. Output: the least of capacity, inputs and demand; then how much of its orders each market gets. */
static void step_output(truce_shortage_sim *sim)
{
	const truce_shortage_network *net = sim->net;
	const size_t *begin = sim->link_begin;

	for (size_t i = 0; i < net->cells; i++) {
		double allowed = FREE;
		for (size_t b = sim->bind_begin[i]; b < sim->bind_begin[i + 1]; b++) {
			double may = sim->bind_floor[b] + sim->bind_weight[b] * sim->stock[sim->bind_need[b]];
			if (may < allowed)
				allowed = may;
		}
		if (sim->set.production == TRUCE_SHORTAGE_LINEAR)
			allowed = allowed_linear(sim, i);
		sim->allowed[i] = allowed;
		double x = sim->d[i];
		if (sim->capacity[i] < x)
			x = sim->capacity[i];
		if (allowed < x)
			x = allowed;
		sim->x[i] = x;
		sim->fill[i] = x < sim->d[i] ? x / sim->d[i] : 1;
	}
	for (size_t m = 0; m < net->markets; m++) {
		double fill = 0;
		if (sim->held_count && sim->held_of[m] != NONE)
			continue;
		for (size_t l = begin[m]; l < begin[m + 1]; l++)
			fill += sim->link_share[l] * sim->fill[sim->link_seller[l]];
		sim->market_fill[m] = fill;
	}
	for (size_t i = 0; i < sim->held_count; i++) {
		uint32_t m = sim->held[i];
		double delivered = 0;
		for (size_t l = begin[m]; l < begin[m + 1]; l++)
			delivered += sim->held_order[sim->held_begin[i] + l - begin[m]] * sim->fill[sim->link_seller[l]];
		sim->market_fill[m] = sim->order[m] > 0 ? delivered / sim->order[m] : 1;
	}
}

/* Efficient rationing: what came to a market goes to its needs in the order of priority; first for the day's normal use,
 * then, in the same order, for filling stocks up. */
static void step_serve(truce_shortage_sim *sim)
{
	const truce_shortage_network *net = sim->net;

	for (size_t m = 0; m < net->markets; m++) {
		double left = sim->order[m] * sim->market_fill[m];
		bool all = sim->market_fill[m] >= 1;
		if (sim->set.rationing != TRUCE_SHORTAGE_EFFICIENT && !net->market[m].by_priority) {
			for (size_t c = sim->claim_begin[m]; c < sim->claim_begin[m + 1]; c++)
				sim->served[sim->claim[c]] = sim->wanted[sim->claim[c]] * sim->market_fill[m];
			continue;
		}
		for (size_t c = sim->claim_begin[m]; c < sim->claim_begin[m + 1]; c++) {
			uint32_t k = sim->claim[c];
			double use = fmin(sim->wanted[k], sim->a[k] * sim->x0[net->need[k].user]);
			double get = all ? sim->wanted[k] : fmin(use, left);
			sim->served[k] = get;
			left -= get;
		}
		for (size_t c = sim->claim_begin[m]; c < sim->claim_begin[m + 1] && !all; c++) {
			uint32_t k = sim->claim[c];
			double get = fmin(sim->wanted[k] - sim->served[k], fmax(left, 0));
			sim->served[k] += get;
			left -= get;
		}
	}
}

/* 5. Stocks, and at once the orders that they make for the next step: one pass over the needs. */
static void step_stocks(truce_shortage_sim *sim)
{
	const truce_shortage_network *net = sim->net;
	double h = sim->set.step, clipped = 0, back = 1 / adjust(sim);
	const double *restrict a = sim->a, *restrict target = sim->target, *restrict fill = sim->market_fill;
	double *restrict stock = sim->stock, *restrict wanted = sim->wanted, *restrict order = sim->order;
	const double *served = sim->served;
	const uint32_t *restrict market = sim->need_market;

	memset(order, 0, net->markets * sizeof *order);
	for (size_t i = 0; i < net->cells; i++) {
		double x = sim->x[i], d = sim->d[i];
		for (size_t k = net->need_begin[i]; k < net->need_begin[i + 1]; k++) {
			uint32_t m = market[k];
			double z = served ? served[k] : wanted[k] * fill[m];
			double s = stock[k] + h * (z - a[k] * x);
			if (s < 0) {
				clipped -= s;
				s = 0;
			}
			double o = a[k] * d + (target[k] - s) * back;
			if (o < 0)
				o = 0;
			stock[k] = s;
			wanted[k] = o;
			order[m] += o;
		}
	}
	sim->clipped = clipped / h;
}

/* Thrift sets tomorrow's coefficients, and with them the orders that were just made. */
static void step_thrift(truce_shortage_sim *sim, double day)
{
	const truce_shortage_network *net = sim->net;

	for (size_t i = 0; i < sim->thrift_count; i++) {
		const truce_shortage_thrift *t = &sim->thrifts[i];
		const truce_shortage_need *need = &net->need[t->need];
		size_t k = t->need;
		double left = day > t->from ? 1 - t->cut * (1 - exp(-(day - t->from) / t->time)) : 1;
		sim->a[k] = need->coefficient * left;
		sim->target[k] = need->stock_days * sim->a[k] * sim->x0[need->user];
		double o = sim->a[k] * sim->d[need->user] + (sim->target[k] - sim->stock[k]) / adjust(sim);
		o = o > 0 ? o : 0;
		sim->order[need->market] = fmax(sim->order[need->market] + o - sim->wanted[k], 0);
		sim->wanted[k] = o;
		for (size_t b = sim->bind_begin[need->user]; b < sim->bind_begin[need->user + 1]; b++)
			if (sim->bind_need[b] == k && sim->a[k] > 0)
				sim->bind_weight[b] = class_weight(sim->set.production, need->critical) * need->exposed /
					(sim->a[k] * sim->set.step);
	}
}

void truce_shortage_step(truce_shortage_sim *sim)
{
	double day = (double)sim->done * sim->set.step;

	step_capacity(sim, day);
	step_households(sim);
	step_demand(sim, day);
	step_output(sim);
	if (sim->served)
		step_serve(sim);
	if (sim->old_stock) {
		memcpy(sim->old_stock, sim->stock, sim->net->needs * sizeof(double));
		memcpy(sim->old_wanted, sim->wanted, sim->net->needs * sizeof(double));
		memcpy(sim->old_a, sim->a, sim->net->needs * sizeof(double));
		memcpy(sim->old_final, sim->order, sim->net->markets * sizeof(double));
	}
	step_stocks(sim);
	if (sim->thrift_count)
		step_thrift(sim, day + sim->set.step);
	sim->done++;
}

int truce_shortage_run(truce_shortage_sim *sim, size_t steps, double *output)
{
	size_t n = sim->net->cells;

	for (size_t t = 0; t < steps; t++) {
		if (t % 32 == 0 && truce_cancelled(sim->ctx))
			return TRUCE_CANCELLED;
		truce_shortage_step(sim);
		if (output)
			memcpy(output + t * n, sim->x, n * sizeof *output);
	}
	return TRUCE_OK;
}

/* ---- what stands ------------------------------------------------------------------------------------------------ */

size_t truce_shortage_steps(const truce_shortage_sim *sim) { return sim->done; }
const double *truce_shortage_output(const truce_shortage_sim *sim) { return sim->x; }
const double *truce_shortage_demand(const truce_shortage_sim *sim) { return sim->d; }
const double *truce_shortage_capacity(const truce_shortage_sim *sim) { return sim->capacity; }
const double *truce_shortage_allowed(const truce_shortage_sim *sim) { return sim->allowed; }
const double *truce_shortage_labour(const truce_shortage_sim *sim) { return sim->labour; }
const double *truce_shortage_stock(const truce_shortage_sim *sim) { return sim->stock; }
const double *truce_shortage_use(const truce_shortage_sim *sim) { return sim->a; }
const double *truce_shortage_fill(const truce_shortage_sim *sim) { return sim->fill; }
const double *truce_shortage_market_fill(const truce_shortage_sim *sim) { return sim->market_fill; }
double truce_shortage_clipped(const truce_shortage_sim *sim) { return sim->clipped; }
double truce_shortage_unmet(const truce_shortage_sim *sim) { return sim->unmet; }

/* ---- the books ---------------------------------------------------------------------------------------------------- */

int truce_shortage_keep_books(truce_shortage_sim *sim)
{
	size_t k = sim->net->needs ? sim->net->needs : 1, m = sim->net->markets ? sim->net->markets : 1;

	if (sim->old_stock)
		return TRUCE_OK;
	double *block = truce_arena_array(sim->arena, 3 * k + m, sizeof *block);
	if (!block)
		return TRUCE_MEMORY;
	sim->old_wanted = block;
	sim->old_a = block + k;
	sim->old_final = block + 2 * k;
	sim->old_stock = block + 2 * k + m;
	return TRUCE_OK;
}

int truce_shortage_books(const truce_shortage_sim *sim, truce_shortage_account *out)
{
	const truce_shortage_network *net = sim->net;
	double *sold = NULL, *bought = NULL;
	double h = sim->set.step, clipped = 0;
	int status = TRUCE_MEMORY;

	*out = (truce_shortage_account){0};
	if (!sim->old_stock)
		return truce_fail(sim->ctx, TRUCE_USAGE, NULL, 0, 0, "call truce_shortage_keep_books before the step", "no books were kept");
	sold = truce_allocate_zero(sim->ctx, net->cells + 1, sizeof *sold);
	bought = truce_allocate_zero(sim->ctx, net->markets + 1, sizeof *bought);
	if (!sold || !bought)
		goto done;
	for (size_t k = 0; k < net->needs; k++) {
		const truce_shortage_need *need = &net->need[k];
		double z = sim->served ? sim->served[k] : sim->old_wanted[k] * sim->market_fill[need->market];
		double use = sim->old_a[k] * sim->x[need->user];
		double change = (sim->stock[k] - sim->old_stock[k]) / h;
		double clip = fmax(-(sim->old_stock[k] / h + z - use), 0);
		double scale = need->coefficient * sim->x0[need->user];
		clipped += clip;
		bought[need->market] += z;
		if (scale > 0)
			out->stock_gap = fmax(out->stock_gap, fabs(change - (z - use + clip)) / scale);
	}
	for (size_t m = 0; m < net->markets; m++) {
		const truce_shortage_market *market = &net->market[m];
		double came = 0;
		for (size_t l = sim->link_begin[m]; l < sim->link_begin[m + 1]; l++) {
			uint32_t s = sim->link_seller[l];
			double order = sim->link_share[l] * sim->old_final[m];
			if (sim->held_count && sim->held_of[m] != NONE)
				order = sim->held_order[sim->held_begin[sim->held_of[m]] + l - sim->link_begin[m]];
			sold[s] += order * sim->fill[s];
			came += order * sim->fill[s];
		}
		/* final buyers: pro rata their own fill, efficient what the needs left */
		bool priority = sim->set.rationing == TRUCE_SHORTAGE_EFFICIENT || market->by_priority;
		double rest = priority ? fmax(came - bought[m], 0)
			: (market->consumption * sim->ratio[market->household] + market->other_demand) * sim->market_fill[m];
		if (sim->normal[m] > 0)
			out->delivery_gap = fmax(out->delivery_gap, fabs(bought[m] + rest - came) / sim->normal[m]);
	}
	for (size_t i = 0; i < net->cells; i++)
		out->delivery_gap = fmax(out->delivery_gap, fabs(sold[i] - sim->x[i]) / sim->x0[i]);
	if (fabs(clipped - sim->clipped) > 1e-9 * (1 + clipped))
		out->stock_gap = fmax(out->stock_gap, fabs(clipped - sim->clipped));
	status = TRUCE_OK;
done:
	truce_release(sim->ctx, sold);
	truce_release(sim->ctx, bought);
	return status;
}
