/* shortage: dependencies of a record as satellites beside a world's table.
 *
 * Reads what is known of dependencies, finds their users among the world's cells or makes a stage of them, and adds a
 * need, a market and sellers for each.  Then sets the numbers: once, or draw after draw, without building again. */
#include "satellite.h"

#include <math.h>
#include <string.h>

#define YEAR 365.0

/* ---- reading ---------------------------------------------------------------------------------------------------- */

static struct parameter parameter(const truce_amount *amount, double otherwise)
{
	struct parameter p = {otherwise, otherwise, otherwise, otherwise};

	if (!amount)
		return p;
	p.low = amount->low.set ? amount->low.value : amount->value.set ? amount->value.value : amount->high.value;
	p.high = amount->high.set ? amount->high.value : amount->value.set ? amount->value.value : p.low;
	p.value = amount->value.set ? amount->value.value : 0.5 * (p.low + p.high);
	p.now = p.value;
	return p;
}

/* Money a year in US dollars; NaN where the amount is of something else. */
static double usd_a_year(const truce_amount *amount)
{
	static const struct { const char *unit; double usd; } units[] = {
		{"usd", 1}, {"kusd", 1e3}, {"musd", 1e6}, {"busd", 1e9}, {"tusd", 1e12}};

	for (size_t i = 0; amount && amount->unit && i < sizeof units / sizeof *units; i++)
		if (!strcmp(amount->unit, units[i].unit))
			return parameter(amount, 0).value * units[i].usd * (amount->per && !strcmp(amount->per, "month") ? 12 : 1);
	return NAN;
}

static void read_one(struct dependency *d, const truce_dependency *record)
{
	d->record = record;
	d->group = d->seller = d->link = SIZE_MAX;
	d->p[P_SHARE] = parameter(record->share, 1);
	d->p[P_STOCK] = parameter(record->stock, 0);
	d->p[P_EXPOSED] = parameter(record->user_share, 1);
	d->p[P_LEAK] = parameter(record->leak, 0);
	d->p[P_LEAK_LAG] = parameter(record->leak_lag, 0);
	d->p[P_SURGE] = parameter(record->surge, 0);
	d->p[P_SURGE_TIME] = parameter(record->surge_time, 180);
	d->p[P_THRIFT] = parameter(record->thrift, 0);
	d->p[P_THRIFT_TIME] = parameter(record->thrift_time, 365);
	d->p[P_LICENCE_LAG] = parameter(record->licence_lag, 45);
	d->use_usd = usd_a_year(record->annual);
}

static bool same(const char *a, const char *b)
{
	return a == b || (a && b && !strcmp(a, b));
}

/* ---- building ---------------------------------------------------------------------------------------------------- */

struct builder {
	struct plan *plan;
	void (*say)(void *user, const char *text);
	void *user;
	uint32_t *cell_of;
	bool pooled;
};

static int gap(struct builder *b, const char *fmt, const char *id, const char *what)
{
	char *text;

	if (!b->say)
		return TRUCE_OK;
	text = truce_arena_printf(b->plan->arena, fmt, id, what);
	if (!text)
		return TRUCE_MEMORY;
	b->say(b->user, text);
	return TRUCE_OK;
}

static size_t find_stage(const struct plan *plan, const char *party, const char *user)
{
	for (size_t s = 0; s < plan->stages; s++)
		if (same(plan->stage[s].party, party) && same(plan->stage[s].user, user))
			return s;
	return SIZE_MAX;
}

static size_t find_group(const struct plan *plan, const char *party, const char *user, const char *input)
{
	for (size_t g = 0; g < plan->groups; g++)
		if (same(plan->group[g].party, party) && same(plan->group[g].user, user) && same(plan->group[g].input, input))
			return g;
	return SIZE_MAX;
}

/* Gives the dependency a group (and its user a cell or a stage), or a gap. */
static int place(struct builder *b, size_t number)
{
	struct plan *plan = b->plan;
	struct dependency *d = &plan->dependency[number];
	const truce_dependency *r = d->record;
	const truce_world *world = plan->input->world;
	bool whole;
	size_t region = truce_world_region_of(world, r->by, &whole), sector = truce_world_sector(world, r->user);
	size_t g = find_group(plan, r->by, r->user, r->input);

	if (r->fleet)
		return TRUCE_OK;
	if (region == TRUCE_WORLD_NONE || !whole)
		return gap(b, "%s: %s has no region of its own in this world", r->head.id, r->by);
	uint32_t cell = sector == TRUCE_WORLD_NONE ? UINT32_MAX : b->cell_of[region * world->sectors + sector];
	if (sector != TRUCE_WORLD_NONE && cell == UINT32_MAX)
		return gap(b, "%s: %s makes nothing in this world", r->head.id, r->user);
	if (g == SIZE_MAX) {
		struct group *new = &plan->group[g = plan->groups++];
		*new = (struct group){.party = r->by, .user = r->user, .input = r->input, .region = region, .cell = cell,
			.stage = SIZE_MAX, .first = number, .others = SIZE_MAX};
		if (cell == UINT32_MAX) {
			size_t s = find_stage(plan, r->by, r->user);
			if (s == SIZE_MAX)
				plan->stage[s = plan->stages++] = (struct stage){.party = r->by, .user = r->user, .region = region};
			new->stage = s;
		}
	}
	d->group = g;
	return TRUCE_OK;
}

static size_t seller_of(struct plan *plan, const char *party, const char *to, const char *input, size_t stage)
{
	for (size_t s = 0; s < plan->sellers; s++)
		if (plan->seller[s].stage == stage &&
			(stage != SIZE_MAX || (same(plan->seller[s].party, party) && same(plan->seller[s].to, to) &&
			same(plan->seller[s].input, input))))
			return s;
	plan->seller[plan->sellers] = (struct seller){.party = party, .to = to, .input = input, .stage = stage};
	return plan->sellers++;
}

/* What the input costs its user: told per unit of output, or as money a year. */
static int cost_share(struct builder *b, struct group *group)
{
	struct plan *plan = b->plan;
	const struct dependency *d = &plan->dependency[group->first];
	const truce_amount *intensity = d->record->intensity;
	double a = NAN, made = group->stage == SIZE_MAX ? plan->net.cell[group->cell].output : 0;

	if (intensity && (!intensity->unit || !strcmp(intensity->unit, "share") || !strcmp(intensity->unit, "usd/usd") ||
		!strcmp(intensity->unit, "ratio")))
		a = parameter(intensity, 0).value;
	else if (d->use_usd > 0 && made > 0)
		a = d->use_usd / YEAR / made;
	if (group->stage != SIZE_MAX && d->use_usd > 0 && a > 0)
		plan->stage[group->stage].fixed = fmax(plan->stage[group->stage].fixed, d->use_usd / YEAR / a);
	if (!(a > 0) || a > 0.9) {
		a = 1e-6; /* what it costs does not decide who stops; only totals in dollars of the input need it */
		if (gap(b, "%s: its cost to %s is not known; sales and values of the input are then not either", d->record->head.id,
			group->user))
			return TRUCE_MEMORY;
	}
	group->coefficient = a;
	return TRUCE_OK;
}

static int collect(struct builder *b)
{
	struct plan *plan = b->plan;
	const truce_record *record = plan->input->record;
	truce_instant known = truce_clocks_known(plan->input->clocks);
	size_t total = truce_record_count(record, TRUCE_DEPENDENCY);
	int status = TRUCE_OK;

	plan->dependency = truce_arena_array(plan->arena, total, sizeof *plan->dependency);
	plan->group = truce_arena_array(plan->arena, total, sizeof *plan->group);
	plan->stage = truce_arena_array(plan->arena, total, sizeof *plan->stage);
	plan->seller = truce_arena_array(plan->arena, 2 * total, sizeof *plan->seller);
	plan->pool = truce_arena_array(plan->arena, total, sizeof *plan->pool);
	if (!plan->dependency || !plan->group || !plan->stage || !plan->seller || !plan->pool)
		return TRUCE_MEMORY;
	for (size_t i = 0; i < total; i++) {
		const truce_dependency *d = truce_record_at(record, TRUCE_DEPENDENCY, i);
		if (truce_record_visible(d, known))
			read_one(&plan->dependency[plan->dependencies++], d);
	}
	for (size_t i = 0; i < plan->dependencies && !status; i++)
		status = place(b, i);
	return status;
}

/* Which stage a dependency's input comes out of. */
static size_t via_stage(const struct plan *plan, const struct dependency *d)
{
	const truce_dependency *via = !d->record->via ? NULL : truce_record_find_known(plan->input->record, TRUCE_DEPENDENCY,
		d->record->via, truce_clocks_known(plan->input->clocks));

	for (size_t i = 0; via && i < plan->dependencies; i++)
		if (plan->dependency[i].record == via && plan->dependency[i].group != SIZE_MAX)
			return plan->group[plan->dependency[i].group].stage;
	return SIZE_MAX;
}

static void name_sellers(struct builder *b)
{
	struct plan *plan = b->plan;

	for (size_t i = 0; i < plan->dependencies; i++) {
		struct dependency *d = &plan->dependency[i];
		if (d->group == SIZE_MAX)
			continue;
		size_t stage = via_stage(plan, d);
		d->seller = stage != SIZE_MAX ? seller_of(plan, NULL, NULL, NULL, stage) :
			seller_of(plan, d->record->from, d->record->from ? NULL : d->record->by, d->record->input, SIZE_MAX);
	}
	for (size_t g = 0; g < plan->groups; g++) {
		struct group *group = &plan->group[g];
		size_t p = 0;
		for (; p < plan->pools; p++)
			if (same(plan->pool[p].party, group->party) && same(plan->pool[p].input, group->input) &&
				(b->pooled || same(plan->pool[p].user, group->user)))
				break;
		if (p == plan->pools)
			plan->pool[plan->pools++] = (struct pool){group->party, b->pooled ? NULL : group->user, group->input, 0,
				group->region};
		group->pool = p;
	}
}

/* The network with the satellites behind the world's cells, markets and links. */
static int extend(struct builder *b)
{
	struct plan *plan = b->plan;
	truce_shortage_network base = plan->net, *net = &plan->net;
	size_t most_links = base.links + plan->dependencies + plan->groups, link = base.links, need = 0;

	/* cells: stages, then sellers that are no stage */
	net->cells = base.cells + plan->stages;
	for (size_t s = 0; s < plan->stages; s++)
		plan->stage[s].cell = (uint32_t)(base.cells + s);
	for (size_t s = 0; s < plan->sellers; s++)
		plan->seller[s].cell = plan->seller[s].stage != SIZE_MAX ? plan->stage[plan->seller[s].stage].cell
			: (uint32_t)net->cells++;
	/* a stage that nobody takes from still sells what `annual` says: to a market of its own */
	net->needs = base.needs + plan->groups;
	net->markets = base.markets + plan->pools + plan->stages;
	net->cell = truce_arena_array(plan->arena, net->cells, sizeof *net->cell);
	net->need = truce_arena_array(plan->arena, net->needs, sizeof *net->need);
	net->need_begin = truce_arena_array(plan->arena, net->cells + 1, sizeof *net->need_begin);
	net->market = truce_arena_array(plan->arena, net->markets + 1, sizeof *net->market);
	net->link = truce_arena_array(plan->arena, most_links + plan->stages, sizeof *net->link);
	if (!net->cell || !net->need || !net->need_begin || !net->market || !net->link)
		return TRUCE_MEMORY;
	memcpy(net->cell, base.cell, base.cells * sizeof *net->cell);
	memcpy(net->market, base.market, base.markets * sizeof *net->market);
	if (base.links)
		memcpy(net->link, base.link, base.links * sizeof *net->link);
	for (size_t s = 0; s < plan->stages; s++)
		net->cell[plan->stage[s].cell] = (truce_shortage_cell){
			.name = truce_arena_printf(plan->arena, "%s/%s", plan->stage[s].party, plan->stage[s].user), .output = 1,
			.household = (uint32_t)plan->stage[s].region};
	for (size_t s = 0; s < plan->sellers; s++)
		if (plan->seller[s].stage == SIZE_MAX)
			net->cell[plan->seller[s].cell] = (truce_shortage_cell){.name = truce_arena_printf(plan->arena, "%s/%s",
				plan->seller[s].party ? plan->seller[s].party : "others", plan->seller[s].input), .output = 1};
	for (size_t i = base.cells; i < net->cells; i++)
		if (!net->cell[i].name)
			return TRUCE_MEMORY;

	/* markets and links of the pools: each seller once, then those not named */
	for (size_t p = 0; p < plan->pools; p++) {
		struct pool *pool = &plan->pool[p];
		pool->market = (uint32_t)(base.markets + p);
		truce_shortage_market *market = &net->market[pool->market];
		*market = (truce_shortage_market){.name = truce_arena_printf(plan->arena, "%s for %s in %s", pool->input,
			pool->user ? pool->user : "all", pool->party), .link_begin = link, .household = (uint32_t)pool->region};
		if (!market->name)
			return TRUCE_MEMORY;
		for (size_t i = 0; i < plan->dependencies; i++) {
			struct dependency *d = &plan->dependency[i];
			if (d->group == SIZE_MAX || plan->group[d->group].pool != p)
				continue;
			for (size_t l = market->link_begin; l < link; l++)
				if (net->link[l].seller == plan->seller[d->seller].cell)
					d->link = l;
			if (d->link == SIZE_MAX) {
				d->link = link;
				net->link[link++] = (truce_shortage_link){plan->seller[d->seller].cell, 0};
			}
		}
		size_t others = link;
		net->link[link++] = (truce_shortage_link){UINT32_MAX, 0}; /* named below */
		for (size_t g = 0; g < plan->groups; g++)
			if (plan->group[g].pool == p)
				plan->group[g].others = others;
	}
	for (size_t s = 0; s < plan->stages; s++) {
		net->market[base.markets + plan->pools + s] = (truce_shortage_market){
			.name = net->cell[plan->stage[s].cell].name, .link_begin = link, .household = (uint32_t)plan->stage[s].region};
		net->link[link++] = (truce_shortage_link){plan->stage[s].cell, 1};
	}
	net->market[net->markets].link_begin = net->links = link;

	/* needs, sorted by user */
	for (size_t i = 0; i < net->cells; i++) {
		net->need_begin[i] = need;
		if (i < base.cells) {
			memcpy(net->need + need, base.need + base.need_begin[i],
				(base.need_begin[i + 1] - base.need_begin[i]) * sizeof *net->need);
			need += base.need_begin[i + 1] - base.need_begin[i];
		}
		for (size_t g = 0; g < plan->groups; g++) {
			struct group *group = &plan->group[g];
			if ((group->stage == SIZE_MAX ? group->cell : plan->stage[group->stage].cell) != i)
				continue;
			group->cell = (uint32_t)i;
			group->need = need;
			int criticality = plan->dependency[group->first].record->criticality;
			net->need[need++] = (truce_shortage_need){.user = (uint32_t)i, .market = plan->pool[group->pool].market,
				.coefficient = group->coefficient, .critical = criticality < 0 ? TRUCE_SHORTAGE_CRITICAL :
				(truce_shortage_class)criticality, .exposed = 1};
		}
	}
	net->need_begin[net->cells] = need;
	return TRUCE_OK;
}

/* Sellers that stand for everyone not named, one a buying party and input. */
static void name_others(struct plan *plan)
{
	for (size_t g = 0; g < plan->groups; g++)
		plan->group[g].others = seller_of(plan, NULL, plan->group[g].party, plan->group[g].input, SIZE_MAX);
}

int truce_shortage_plan_build(truce_context *ctx, truce_arena *arena, struct plan *plan, const truce_shortage_input *input,
	bool pooled, void (*say)(void *user, const char *text), void *user)
{
	struct builder b = {plan, say, user, NULL, pooled};
	size_t *others = NULL;
	const truce_world *world = input->world;
	int status;

	*plan = (struct plan){.ctx = ctx, .arena = arena, .input = input};
	if ((status = truce_shortage_network_from_world(ctx, arena, &plan->net, world, &input->economy, &b.cell_of)))
		return status;
	plan->world_cells = plan->net.cells;
	plan->region_of = truce_arena_array(arena, plan->world_cells, sizeof *plan->region_of);
	plan->export_share = truce_arena_array(arena, plan->world_cells, sizeof *plan->export_share);
	if (!plan->region_of || !plan->export_share)
		return TRUCE_MEMORY;
	for (size_t u = 0; u < world->regions * world->sectors; u++) {
		size_t r = u / world->sectors, s = u % world->sectors;
		if (b.cell_of[u] == UINT32_MAX)
			continue;
		plan->region_of[b.cell_of[u]] = (uint32_t)r;
		plan->export_share[b.cell_of[u]] = 1 - world->flow[truce_world_edge(world, s, r, r)] / truce_world_output(world, r, s);
	}
	if ((status = collect(&b)))
		return status;
	for (size_t g = 0; g < plan->groups; g++)
		if ((status = cost_share(&b, &plan->group[g])))
			return status;
	name_sellers(&b);
	name_others(plan);
	/* `others` held the seller until there are links */
	others = truce_arena_array(arena, plan->groups, sizeof *others);
	if (!others)
		return TRUCE_MEMORY;
	for (size_t g = 0; g < plan->groups; g++)
		others[g] = plan->group[g].others;
	if ((status = extend(&b)))
		return status;
	for (size_t g = 0; g < plan->groups; g++)
		plan->net.link[plan->group[g].others].seller = plan->seller[others[g]].cell;
	truce_shortage_plan_draw(plan, -1);
	truce_shortage_plan_set(plan);
	for (size_t g = 0; g < plan->groups; g++) {
		double sum = 0;
		for (size_t i = 0; i < plan->dependencies; i++)
			if (plan->dependency[i].group == g)
				sum += plan->dependency[i].p[P_SHARE].value;
		if (sum > 1 + 1e-9) {
			const truce_dependency *r = plan->dependency[plan->group[g].first].record;
			truce_yaml_say(ctx, TRUCE_ERROR, r->head.place, "shares of one user's suppliers sum to at most 1",
				"the suppliers of %s to %s of %s have shares that sum to %g", r->input, r->user, r->by, sum);
			status = TRUCE_INPUT;
		}
	}
	return status;
}

/* ---- numbers --------------------------------------------------------------------------------------------------------- */

/* Triangular between low and high with its peak at the value. */
static double triangular(const struct parameter *p, double u)
{
	double width = p->high - p->low, cut;

	if (!(width > 0))
		return p->value;
	cut = fmin(fmax((p->value - p->low) / width, 0), 1);
	return u < cut ? p->low + sqrt(u * width * (p->value - p->low)) : p->high - sqrt((1 - u) * width * (p->high - p->value));
}

void truce_shortage_plan_draw(struct plan *plan, int draw)
{
	for (size_t i = 0; i < plan->dependencies; i++) {
		struct dependency *d = &plan->dependency[i];
		uint64_t key = truce_hash(d->record->head.id, strlen(d->record->head.id));
		for (size_t p = 0; p < PARAMETERS; p++)
			d->p[p].now = draw < 0 ? d->p[p].value
				: triangular(&d->p[p], truce_draw_uniform(plan->input->seed, (uint64_t)draw, key + p));
		if (isfinite(plan->input->stock_days))
			d->p[P_STOCK].now = plan->input->stock_days;
	}
}

/* The flow over each link of the pools, from what users take at their present outputs.  A link that carries nothing keeps
 * a trace, so that its seller exists. */
static void flows(struct plan *plan)
{
	truce_shortage_network *net = &plan->net;

	for (size_t p = 0; p < plan->pools; p++)
		for (size_t l = net->market[plan->pool[p].market].link_begin; l < net->market[plan->pool[p].market + 1].link_begin; l++)
			net->link[l].share = 0;
	for (size_t g = 0; g < plan->groups; g++) {
		const struct group *group = &plan->group[g];
		double use = group->coefficient * net->cell[group->cell].output, left = 1;
		for (size_t i = 0; i < plan->dependencies; i++) {
			const struct dependency *d = &plan->dependency[i];
			if (d->group != g)
				continue;
			double share = fmin(fmax(d->p[P_SHARE].now, 1e-9), left);
			left -= share;
			net->link[d->link].share += share * use;
		}
		net->link[group->others].share += fmax(left, 1e-9) * use;
	}
}

/* What output a dollar of each input carries, through stages to the last: served first where it is most.  Output and not
 * the user's own value added, since what its suppliers add is lost with it. */
static void priorities(struct plan *plan)
{
	truce_shortage_network *net = &plan->net;

	for (size_t pass = 0; pass <= plan->stages; pass++)
		for (size_t g = 0; g < plan->groups; g++) {
			const struct group *group = &plan->group[g];
			truce_shortage_need *need = &net->need[group->need];
			double carries = group->stage != SIZE_MAX && pass ? 0 : 1;
			for (size_t i = 0; pass && i < plan->dependencies; i++) {
				const struct dependency *d = &plan->dependency[i];
				if (d->group != SIZE_MAX && group->stage != SIZE_MAX && plan->seller[d->seller].stage == group->stage)
					carries = fmax(carries, net->need[plan->group[d->group].need].priority);
			}
			if (group->stage != SIZE_MAX && carries == 0)
				carries = 1;
			need->priority = plan->input->first && !strcmp(plan->input->first, group->user) ? 1e300
				: need->exposed * carries / group->coefficient;
		}
}

void truce_shortage_plan_set(struct plan *plan)
{
	truce_shortage_network *net = &plan->net;
	size_t first = plan->world_cells, named = first + plan->stages;
	uint32_t stage_market = plan->pools ? plan->pool[0].market + (uint32_t)plan->pools : 0;

	if (!plan->groups)
		return;
	for (size_t g = 0; g < plan->groups; g++) {
		const struct dependency *d = &plan->dependency[plan->group[g].first];
		net->need[plan->group[g].need].stock_days = d->p[P_STOCK].now;
		net->need[plan->group[g].need].exposed = fmin(fmax(d->p[P_EXPOSED].now, 1e-6), 1);
	}
	for (size_t s = 0; s < plan->stages; s++)
		net->cell[plan->stage[s].cell].output = fmax(plan->stage[s].fixed, 1e-9);
	/* a stage makes what is taken of it, from the last stage back: as many passes as there are stages */
	for (size_t pass = 0; pass <= plan->stages; pass++) {
		flows(plan);
		for (size_t s = 0; s < plan->stages; s++) {
			double sold = 0;
			for (size_t p = 0; p < plan->pools; p++)
				for (size_t l = net->market[plan->pool[p].market].link_begin;
					l < net->market[plan->pool[p].market + 1].link_begin; l++)
					sold += net->link[l].seller == plan->stage[s].cell ? net->link[l].share : 0;
			if (pass < plan->stages)
				net->cell[plan->stage[s].cell].output = fmax(fmax(plan->stage[s].fixed, sold), 1e-9);
			net->market[stage_market + s].other_demand = fmax(net->cell[plan->stage[s].cell].output - sold, 0);
		}
	}
	for (size_t i = named; i < net->cells; i++)
		net->cell[i].output = 0;
	for (size_t p = 0; p < plan->pools; p++) {
		uint32_t m = plan->pool[p].market;
		double sum = 0, use = 0;
		for (size_t l = net->market[m].link_begin; l < net->market[m + 1].link_begin; l++)
			sum += net->link[l].share;
		for (size_t g = 0; g < plan->groups; g++)
			use += plan->group[g].pool == p ? plan->group[g].coefficient * net->cell[plan->group[g].cell].output : 0;
		for (size_t l = net->market[m].link_begin; l < net->market[m + 1].link_begin; l++) {
			net->link[l].share /= sum;
			if (net->link[l].seller >= named)
				net->cell[net->link[l].seller].output += net->link[l].share * use;
		}
	}
	priorities(plan);
}

/* ---- strikes --------------------------------------------------------------------------------------------------------------- */

int truce_shortage_blow_new(struct plan *plan, struct blow *blow, size_t strikes)
{
	blow->ban = truce_arena_array(plan->arena, strikes, sizeof *blow->ban);
	blow->rate = truce_arena_array(plan->arena, strikes, sizeof *blow->rate);
	blow->surge = truce_arena_array(plan->arena, strikes * plan->sellers, sizeof *blow->surge);
	blow->thrift = truce_arena_array(plan->arena, strikes, sizeof *blow->thrift);
	return blow->ban && blow->rate && blow->surge && blow->thrift ? TRUCE_OK : TRUCE_MEMORY;
}

/* One ban for all strikes on the same market and seller, each counted by what it carries (a pool serves several users). */
static void add_ban(const struct plan *plan, struct blow *blow, const struct strike *strike, size_t strikes, size_t first, double days)
{
	const struct dependency *of = &plan->dependency[strike[first].dependency];
	uint32_t market = plan->net.need[plan->group[of->group].need].market, seller = plan->seller[of->seller].cell;
	double weight = 0, rate = 0, leak = 0, leak_lag = 0, lag = 0;
	truce_shortage_scenario *s = &blow->scenario;

	for (size_t i = 0; i < strikes; i++) {
		const struct dependency *d = &plan->dependency[strike[i].dependency];
		const struct group *group = &plan->group[d->group];
		if (plan->net.need[group->need].market != market || plan->seller[d->seller].cell != seller)
			continue;
		if (i < first)
			return; /* done with that one */
		double w = fmax(d->p[P_SHARE].now, 1e-9) * group->coefficient * plan->net.cell[group->cell].output;
		weight += w;
		rate += w * strike[i].rate;
		leak += w * d->p[P_LEAK].now;
		leak_lag += w * d->p[P_LEAK_LAG].now;
		lag += strike[i].licence ? w * d->p[P_LICENCE_LAG].now : 0;
	}
	truce_shortage_rate *points = blow->rate[s->bans];
	truce_shortage_ban *ban = &blow->ban[s->bans++];
	*ban = (truce_shortage_ban){.market = market, .seller = seller, .from = 0, .to = days - 1, .licence_rate = fmin(rate / weight, 1),
		.leak = fmin(leak / weight, 1), .leak_lag = leak_lag / weight};
	if (lag > 0) {
		points[0] = (truce_shortage_rate){0, 0};
		points[1] = (truce_shortage_rate){lag / weight, 0};
		points[2] = (truce_shortage_rate){2 * lag / weight, ban->licence_rate};
		ban->points = 3;
		ban->rate = points;
	}
}

void truce_shortage_blow_set(struct plan *plan, struct blow *blow, const struct strike *strike, size_t strikes, double days)
{
	truce_shortage_scenario *s = &blow->scenario;

	*s = (truce_shortage_scenario){.ban = blow->ban, .surge = blow->surge, .thrift = blow->thrift};
	for (size_t i = 0; i < strikes; i++) {
		const struct dependency *d = &plan->dependency[strike[i].dependency];
		const struct group *group = &plan->group[d->group];
		const truce_shortage_market *market = &plan->net.market[plan->net.need[group->need].market];
		add_ban(plan, blow, strike, strikes, i, days);
		/* every other seller of that market grows, once */
		for (size_t l = market->link_begin; l < market[1].link_begin && d->p[P_SURGE].high > 0; l++) {
			uint32_t cell = plan->net.link[l].seller;
			bool held = false;
			for (size_t j = 0; j < strikes; j++)
				held |= plan->seller[plan->dependency[strike[j].dependency].seller].cell == cell;
			for (size_t j = 0; j < s->surges; j++)
				held |= blow->surge[j].cell == cell;
			if (!held && cell >= plan->world_cells + plan->stages)
				blow->surge[s->surges++] = (truce_shortage_surge){cell, d->p[P_SURGE].now, fmax(d->p[P_SURGE_TIME].now, 1), 0};
		}
		bool again = false;
		for (size_t j = 0; j < s->thrifts; j++)
			again |= blow->thrift[j].need == group->need;
		if (!again && d->p[P_THRIFT].high > 0)
			blow->thrift[s->thrifts++] = (truce_shortage_thrift){group->need, fmin(d->p[P_THRIFT].now, 0.99),
				fmax(d->p[P_THRIFT_TIME].now, 1), 0};
	}
}
