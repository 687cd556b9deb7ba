/* shortage: a world as a network of daily flows. */
#include <truce/shortage.h>

#include <math.h>
#include <string.h>

void truce_shortage_world_options_default(truce_shortage_world_options *options)
{
	*options = (truce_shortage_world_options){
		.stock_days = 30, .critical_share = 2, .important_share = 2, .household_share = 0.6, .smallest_share = 0};
}

#define DAYS 365.0

/* Flow into a market and spending on it, a year. */
static void market_totals(const truce_world *world, size_t region, size_t sector, double *flow, double *spending)
{
	*flow = *spending = 0;
	for (size_t i = 0; i < world->regions; i++) {
		size_t e = truce_world_edge(world, sector, region, i);
		*flow += world->flow[e];
		*spending += world->flow[e] * (1 + world->tariff[e]);
	}
}

/* Cells that make something and markets that get something, numbered; the count of links. */
static void number(const truce_world *world, uint32_t *cell_of, uint32_t *market_of, truce_shortage_network *net)
{
	size_t n = world->regions, j = world->sectors;

	for (size_t r = 0; r < n; r++)
		for (size_t s = 0; s < j; s++) {
			double made = 0, got = 0;
			for (size_t i = 0; i < n; i++) {
				made += world->flow[truce_world_edge(world, s, i, r)];
				got += world->flow[truce_world_edge(world, s, r, i)];
				net->links += world->flow[truce_world_edge(world, s, r, i)] > 0;
			}
			cell_of[r * j + s] = made > 0 ? (uint32_t)net->cells++ : UINT32_MAX;
			market_of[r * j + s] = got > 0 ? (uint32_t)net->markets++ : UINT32_MAX;
		}
}

int truce_shortage_network_from_world(truce_context *ctx, truce_arena *arena, truce_shortage_network *out,
	const truce_world *world, const truce_shortage_world_options *options, uint32_t **cell_out)
{
	truce_shortage_world_options set;
	truce_shortage_network net = {0};
	size_t n = world->regions, j = world->sectors, link = 0, need = 0, clipped = 0;
	uint32_t *cell_of, *market_of;
	double *used = NULL;
	int status = TRUCE_MEMORY;

	truce_shortage_world_options_default(&set);
	if (options)
		set = *options;
	if (!(set.stock_days >= 0) || !(set.household_share >= 0 && set.household_share <= 1))
		return truce_fail(ctx, TRUCE_INPUT, NULL, 0, 0, "days of 0 or more, a share in [0, 1]",
			"%g days of stock and a household share of %g cannot be", set.stock_days, set.household_share);
	cell_of = truce_arena_array(arena, n * j, sizeof *cell_of);
	market_of = truce_arena_array(arena, n * j, sizeof *market_of);
	used = truce_allocate_zero(ctx, n * j + 1, sizeof *used);
	if (!cell_of || !market_of || !used)
		goto done;
	number(world, cell_of, market_of, &net);
	net.households = n;
	for (size_t u = 0; u < n * j; u++) /* a user's inputs, without those that are nothing or have no market */
		for (size_t k = 0; k < j && cell_of[u] != UINT32_MAX; k++) {
			double share = world->input_share[u * j + k];
			net.needs += share > 0 && share >= set.smallest_share && market_of[u / j * j + k] != UINT32_MAX;
		}
	net.cell = truce_arena_array(arena, net.cells, sizeof *net.cell);
	net.need = truce_arena_array(arena, net.needs, sizeof *net.need);
	net.need_begin = truce_arena_array(arena, net.cells + 1, sizeof *net.need_begin);
	net.market = truce_arena_array(arena, net.markets + 1, sizeof *net.market);
	net.link = truce_arena_array(arena, net.links, sizeof *net.link);
	if (!net.cell || !net.need || !net.need_begin || !net.market || !net.link)
		goto done;

	for (size_t u = 0; u < n * j; u++) {
		size_t r = u / j, s = u % j;
		double made = 0, flow, spending;
		market_totals(world, r, s, &flow, &spending);
		if (market_of[u] != UINT32_MAX) {
			truce_shortage_market *market = &net.market[market_of[u]];
			market->name = truce_arena_printf(arena, "%s in %s", world->sector[s], world->region[r]);
			market->household = (uint32_t)r;
			market->link_begin = link;
			if (!market->name)
				goto done;
			for (size_t i = 0; i < n; i++)
				if (world->flow[truce_world_edge(world, s, r, i)] > 0)
					net.link[link++] = (truce_shortage_link){cell_of[i * j + s],
						world->flow[truce_world_edge(world, s, r, i)] / flow};
		}
		if (cell_of[u] == UINT32_MAX)
			continue;
		for (size_t i = 0; i < n; i++)
			made += world->flow[truce_world_edge(world, s, i, r)];
		truce_shortage_cell *cell = &net.cell[cell_of[u]];
		cell->name = truce_arena_printf(arena, "%s/%s", world->region[r], world->sector[s]);
		if (!cell->name)
			goto done;
		cell->output = made / DAYS;
		cell->value_added = world->value_added[u];
		cell->labour = world->value_added[u] * cell->output;
		cell->household = (uint32_t)r;
		net.need_begin[cell_of[u]] = need;
		for (size_t k = 0; k < j; k++) {
			double share = world->input_share[u * j + k];
			uint32_t m = market_of[r * j + k];
			if (!(share > 0) || share < set.smallest_share || m == UINT32_MAX)
				continue;
			/* shares are of what the user pays, duty inside; a market counts before duty */
			market_totals(world, r, k, &flow, &spending);
			double before = share * flow / spending;
			net.need[need++] = (truce_shortage_need){.user = cell_of[u], .market = m, .coefficient = before,
				.stock_days = set.stock_days, .exposed = 1,
				.critical = share >= set.critical_share ? TRUCE_SHORTAGE_CRITICAL :
					share >= set.important_share ? TRUCE_SHORTAGE_IMPORTANT : TRUCE_SHORTAGE_OTHER,
				.priority = cell->value_added / before};
			used[m] += before * cell->output;
		}
	}
	net.need_begin[net.cells] = need;
	net.market[net.markets].link_begin = link;
	/* final demand is the rest; where users need more than came, they get what came */
	for (size_t u = 0; u < n * j; u++) {
		uint32_t m = market_of[u];
		double flow, spending;
		if (m == UINT32_MAX)
			continue;
		market_totals(world, u / j, u % j, &flow, &spending);
		double rest = flow / DAYS - used[m];
		if (rest < 0 && used[m] > 0) {
			clipped += rest < -1e-9 * used[m];
			used[m] = flow / DAYS / used[m]; /* now the factor */
			rest = 0;
		} else {
			used[m] = 1;
		}
		net.market[m].consumption = set.household_share * rest;
		net.market[m].other_demand = rest - set.household_share * rest;
	}
	for (size_t k = 0; k < net.needs; k++)
		net.need[k].coefficient *= used[net.need[k].market];
	if (clipped)
		truce_diagnose(ctx, TRUCE_WARNING, world->name, 0, 0, NULL, NULL,
			"in %zu markets users need more than there is: their coefficients were scaled down", clipped);
	*out = net;
	if (cell_out)
		*cell_out = cell_of;
	status = TRUCE_OK;
done:
	truce_release(ctx, used);
	return status;
}
