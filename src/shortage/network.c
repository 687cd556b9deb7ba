/* shortage: whether a network can be, and a market for one need alone. */
#include <truce/shortage.h>

#include <math.h>
#include <string.h>

static const char *cell_name(const truce_shortage_network *net, size_t i)
{
	return net->cell[i].name ? net->cell[i].name : "?";
}

static const char *market_name(const truce_shortage_network *net, size_t m)
{
	return net->market[m].name ? net->market[m].name : "?";
}

static bool within(double value, double low, double high)
{
	return value >= low && value <= high; /* false for NaN */
}

static int check_cells(truce_context *ctx, const truce_shortage_network *net)
{
	int status = TRUCE_OK;

	for (size_t i = 0; i < net->cells; i++) {
		const truce_shortage_cell *cell = &net->cell[i];
		double inputs = 0;
		if (!(cell->output > 0) || !isfinite(cell->output))
			status = truce_fail(ctx, TRUCE_INPUT, NULL, 0, 0, "leave out a cell that makes nothing",
				"%s has no output (%g)", cell_name(net, i), cell->output);
		if (!within(cell->labour, 0, 1e300))
			status = truce_fail(ctx, TRUCE_INPUT, NULL, 0, 0, NULL, "%s has %g of labour", cell_name(net, i), cell->labour);
		if (cell->household >= net->households)
			status = truce_fail(ctx, TRUCE_INPUT, NULL, 0, 0, NULL, "%s belongs to no household", cell_name(net, i));
		if (net->need_begin[i] > net->need_begin[i + 1] || net->need_begin[i + 1] > net->needs)
			return truce_fail(ctx, TRUCE_INPUT, NULL, 0, 0, NULL, "the needs of %s are out of order", cell_name(net, i));
		for (size_t k = net->need_begin[i]; k < net->need_begin[i + 1]; k++) {
			const truce_shortage_need *need = &net->need[k];
			if (need->user != i || need->market >= net->markets)
				return truce_fail(ctx, TRUCE_INPUT, NULL, 0, 0, NULL, "need %zu of %s is out of order", k, cell_name(net, i));
			const char *good = market_name(net, need->market);
			if (!within(need->coefficient, 0, 1))
				status = truce_fail(ctx, TRUCE_INPUT, NULL, 0, 0, "a coefficient is a share of output, in [0, 1]",
					"%s uses %s with a share of %g", cell_name(net, i), good, need->coefficient);
			if (!within(need->stock_days, 0, 1e6))
				status = truce_fail(ctx, TRUCE_INPUT, NULL, 0, 0, "days of stock are 0 or more",
					"%s holds %g days of stock of %s", cell_name(net, i), need->stock_days, good);
			if (!(need->exposed > 0 && need->exposed <= 1))
				status = truce_fail(ctx, TRUCE_INPUT, NULL, 0, 0, "the exposed share lies in (0, 1]",
					"a share of %g of %s is said to need %s", need->exposed, cell_name(net, i), good);
			inputs += need->coefficient;
		}
		if (inputs > 1 + 1e-9)
			status = truce_fail(ctx, TRUCE_INPUT, NULL, 0, 0, "what a user buys cannot cost more than it sells",
				"the inputs of %s sum to %g of its output", cell_name(net, i), inputs);
	}
	return status;
}

static int check_markets(truce_context *ctx, const truce_shortage_network *net)
{
	int status = TRUCE_OK;

	for (size_t m = 0; m < net->markets; m++) {
		const truce_shortage_market *market = &net->market[m];
		double sum = 0;
		if (market->link_begin > net->market[m + 1].link_begin || net->market[m + 1].link_begin > net->links)
			return truce_fail(ctx, TRUCE_INPUT, NULL, 0, 0, NULL, "the sellers of %s are out of order", market_name(net, m));
		if (market->link_begin == net->market[m + 1].link_begin) {
			status = truce_fail(ctx, TRUCE_INPUT, NULL, 0, 0, "name at least one seller", "nobody sells %s", market_name(net, m));
			continue;
		}
		if (market->household >= net->households)
			status = truce_fail(ctx, TRUCE_INPUT, NULL, 0, 0, NULL, "%s belongs to no household", market_name(net, m));
		if (!within(market->consumption, 0, 1e300) || !within(market->other_demand, 0, 1e300))
			status = truce_fail(ctx, TRUCE_INPUT, NULL, 0, 0, "demand is 0 or more", "%s: consumption %g, other demand %g",
				market_name(net, m), market->consumption, market->other_demand);
		for (size_t l = market->link_begin; l < net->market[m + 1].link_begin; l++) {
			if (net->link[l].seller >= net->cells)
				return truce_fail(ctx, TRUCE_INPUT, NULL, 0, 0, NULL, "a seller of %s does not exist", market_name(net, m));
			if (!within(net->link[l].share, 0, 1 + 1e-9))
				status = truce_fail(ctx, TRUCE_INPUT, NULL, 0, 0, "shares lie in [0, 1]", "%s sells a share of %g of %s",
					cell_name(net, net->link[l].seller), net->link[l].share, market_name(net, m));
			sum += net->link[l].share;
		}
		if (!(fabs(sum - 1) <= 1e-9))
			status = truce_fail(ctx, TRUCE_INPUT, NULL, 0, 0, "shares over sellers sum to 1",
				"the sellers of %s have shares that sum to %g", market_name(net, m), sum);
	}
	return status;
}

/* Normal deliveries are normal output, seller by seller: else the first step would already move. */
static int check_balance(truce_context *ctx, const truce_shortage_network *net)
{
	double *order = truce_allocate_zero(ctx, net->markets + 1, sizeof *order);
	double *sold = truce_allocate_zero(ctx, net->cells + 1, sizeof *sold);
	int status = TRUCE_OK;

	if (!order || !sold) {
		status = TRUCE_MEMORY;
		goto done;
	}
	for (size_t k = 0; k < net->needs; k++)
		order[net->need[k].market] += net->need[k].coefficient * net->cell[net->need[k].user].output;
	for (size_t m = 0; m < net->markets; m++)
		for (size_t l = net->market[m].link_begin; l < net->market[m + 1].link_begin; l++)
			sold[net->link[l].seller] +=
				net->link[l].share * (order[m] + net->market[m].consumption + net->market[m].other_demand);
	for (size_t i = 0; i < net->cells; i++)
		if (!(fabs(sold[i] - net->cell[i].output) <= 1e-6 * net->cell[i].output))
			status = truce_fail(ctx, TRUCE_INPUT, NULL, 0, 0, "set other_demand to the rest",
				"%s makes %.10g and sells %.10g: users, consumption and other demand must add up to its output",
				cell_name(net, i), net->cell[i].output, sold[i]);
done:
	truce_release(ctx, order);
	truce_release(ctx, sold);
	return status;
}

int truce_shortage_network_check(truce_context *ctx, const truce_shortage_network *net)
{
	int status;

	if (!net->cells || net->cells >= UINT32_MAX || net->needs >= UINT32_MAX || net->markets >= UINT32_MAX)
		return truce_fail(ctx, TRUCE_INPUT, NULL, 0, 0, NULL, "a network has between one and 4 billion cells, needs and markets");
	if (net->need_begin[0] != 0 || net->need_begin[net->cells] != net->needs || net->market[0].link_begin != 0 ||
		net->market[net->markets].link_begin != net->links)
		return truce_fail(ctx, TRUCE_INPUT, NULL, 0, 0, NULL, "the lists of the network do not end where they should");
	status = check_cells(ctx, net);
	int markets = check_markets(ctx, net);
	if (!status)
		status = markets;
	return status ? status : check_balance(ctx, net);
}

int truce_shortage_network_isolate(truce_context *ctx, truce_arena *arena, truce_shortage_network *net, size_t need,
	uint32_t *out)
{
	uint32_t from = net->need[need].market;
	size_t others = 0, first = net->market[from].link_begin, count = net->market[from + 1].link_begin - first;

	(void)ctx;
	for (size_t k = 0; k < net->needs; k++)
		others += k != need && net->need[k].market == from;
	*out = from;
	if (!others && net->market[from].consumption == 0 && net->market[from].other_demand == 0)
		return TRUCE_OK;

	truce_shortage_market *market = truce_arena_array(arena, net->markets + 2, sizeof *market);
	truce_shortage_link *link = truce_arena_array(arena, net->links + count, sizeof *link);
	if (!market || !link)
		return TRUCE_MEMORY;
	memcpy(market, net->market, (net->markets + 1) * sizeof *market);
	if (net->links)
		memcpy(link, net->link, net->links * sizeof *link);
	memcpy(link + net->links, net->link + first, count * sizeof *link);
	market[net->markets].name = truce_arena_printf(arena, "%s for %s", market_name(net, from),
		cell_name(net, net->need[need].user));
	if (!market[net->markets].name)
		return TRUCE_MEMORY;
	market[net->markets].household = net->market[from].household;
	market[net->markets].link_begin = net->links;
	market[net->markets + 1].link_begin = net->links + count;
	*out = (uint32_t)net->markets;
	net->need[need].market = *out;
	net->market = market;
	net->link = link;
	net->markets++;
	net->links += count;
	return TRUCE_OK;
}
