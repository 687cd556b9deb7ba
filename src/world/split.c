/* split.c: room world.  A product taken out of its sector. */
#include "world_private.h"

#include <math.h>
#include <string.h>

#define MOST_OF_FLOW 0.99
#define MOST_OF_USE 0.95

struct split {
	truce_context *ctx;
	const truce_world *from;
	const truce_world_split_plan *plan;
	truce_world *to;
	double *value;    /* [N][N] the product's flows */
	double *tariff;   /* [N][N] NaN: the parent's */
	uint8_t *known;   /* [N][N] 1: the value is */
	uint8_t *paid;    /* [N][N] 1: the tariff came with the value */
	uint8_t *guessed; /* [N][N] 1: the value that is given is an estimate */
	double *use;      /* [J] of one region, of the parent, US$ */
	double *taken;    /* [J] the part that is the product */
	size_t capped, retariffed;
};

static double parent_flow(const struct split *split, size_t n, size_t i)
{
	return split->from->flow[truce_world_edge(split->from, split->plan->sector, n, i)];
}

static int take_known(struct split *split)
{
	size_t N = split->from->regions;
	for (size_t e = 0; e < N * N; e++)
		split->tariff[e] = NAN;
	for (size_t f = 0; f < split->plan->count; f++) {
		const truce_world_product_flow *flow = &split->plan->flows[f];
		bool no_value = isnan(flow->value), anyone = flow->exporter == TRUCE_WORLD_NONE;
		if ((flow->exporter >= N && !(anyone && no_value)) ||
			(flow->importer >= N && (flow->importer != TRUCE_WORLD_NONE || no_value)) || flow->value < 0 ||
			isinf(flow->value) || flow->tariff <= -1 || isinf(flow->tariff))
			return truce_fail(split->ctx, TRUCE_INPUT, NULL, flow->line, 0, NULL,
				"line %d of the flows: there is no such region, or its numbers cannot be", flow->line);
		if (flow->importer == TRUCE_WORLD_NONE)
			continue;
		for (size_t i = anyone ? 0 : flow->exporter; i < (anyone ? N : flow->exporter + 1); i++) {
			size_t e = flow->importer * N + i;
			if (!no_value && split->known[e])
				return truce_fail(split->ctx, TRUCE_INPUT, NULL, flow->line, 0, NULL,
					"line %d of the flows: this flow stands there twice", flow->line);
			if (!no_value) {
				split->known[e] = 1;
				split->value[e] = flow->value;
				split->guessed[e] = flow->estimated;
			}
			if (!isnan(flow->tariff)) {
				split->tariff[e] = flow->tariff;
				split->paid[e] = !no_value;
			}
		}
	}
	return TRUCE_OK;
}

/* The product's part of what exporters are known to sell: of one, or of all where i is NONE. */
static double known_share(const struct split *split, size_t only)
{
	double product = 0, parent = 0;
	for (size_t n = 0; n < split->from->regions; n++)
		for (size_t i = 0; i < split->from->regions; i++)
			if (split->known[n * split->from->regions + i] && i != n && (only == TRUCE_WORLD_NONE || only == i)) {
				product += split->value[n * split->from->regions + i];
				parent += parent_flow(split, n, i);
			}
	return parent > 0 ? fmin(product / parent, MOST_OF_FLOW) : NAN;
}

static void guess_rest(struct split *split)
{
	size_t N = split->from->regions;
	double overall = known_share(split, TRUCE_WORLD_NONE);

	for (size_t i = 0; i < N; i++) {
		double share = known_share(split, i), total = NAN, kept = 0, open = 0, shipped = 0, shipped_parent = 0;
		share = isnan(share) ? isnan(overall) ? 0 : overall : share;
		for (size_t f = 0; f < split->plan->count; f++)
			if (split->plan->flows[f].exporter == i && split->plan->flows[f].importer == TRUCE_WORLD_NONE)
				total = split->plan->flows[f].value;
		for (size_t n = 0; n < N; n++)
			if (n != i)
				*(split->known[n * N + i] ? &kept : &open) +=
					split->known[n * N + i] ? split->value[n * N + i] : parent_flow(split, n, i);
		if (!isnan(total) && open > 0)
			share = fmax(0, total - kept) / open;
		for (size_t n = 0; n < N; n++)
			if (n != i) {
				if (!split->known[n * N + i])
					split->value[n * N + i] = parent_flow(split, n, i) * share;
				shipped += split->value[n * N + i];
				shipped_parent += parent_flow(split, n, i);
			}
		if (!split->known[i * N + i])
			split->value[i * N + i] = shipped_parent > 0 ? parent_flow(split, i, i) * shipped / shipped_parent : 0;
	}
	for (size_t n = 0; n < N; n++)
		for (size_t i = 0; i < N; i++) {
			double most = MOST_OF_FLOW * parent_flow(split, n, i);
			if (split->value[n * N + i] > most) {
				split->capped += split->known[n * N + i];
				split->value[n * N + i] = most;
			}
		}
}

/* The new sector's edges, and what is left of the parent: together they bear the same duty as before. */
static void split_edges(struct split *split)
{
	truce_world *to = split->to;
	size_t N = to->regions, s = to->sectors - 1, p = split->plan->sector;

	for (size_t n = 0; n < N; n++)
		for (size_t i = 0; i < N; i++) {
			size_t a = truce_world_edge(to, p, n, i), b = truce_world_edge(to, s, n, i);
			double value = split->value[n * N + i], all = to->flow[a], tariff = split->tariff[n * N + i];
			to->flow[b] = value;
			to->flow[a] = all - value;
			to->tariff[b] = to->tariff[a];
			to->estimated[b] = !split->known[n * N + i] || split->guessed[n * N + i];
			/* What is left of a known flow after an estimate is one too. */
			if (to->estimated[b] && value > 0)
				to->estimated[a] = 1;
			if (n == i || isnan(tariff) || !(value > 0))
				continue;
			if (!split->paid[n * N + i]) {
				to->tariff[b] = tariff;
				continue;
			}
			double duty = all * to->tariff[a], rest = (duty - value * tariff) / to->flow[a];
			if (rest < 0) {
				rest = fmin(to->tariff[a], 0);
				tariff = (duty - to->flow[a] * rest) / value;
				split->retariffed++;
			}
			to->tariff[b] = tariff;
			to->tariff[a] = rest;
		}
}

/* taken[k] <= 0.95 use[k], in proportion to the weights, sums to `wanted` where the caps allow. */
static double fill_users(struct split *split, double wanted)
{
	const double *users = split->plan->users;
	size_t J = split->from->sectors;
	double sum = 0;

	for (size_t k = 0; k < J; k++)
		split->taken[k] = 0;
	for (int round = 0; round < 100 && wanted - sum > 1e-12 * wanted; round++) {
		double weight = 0, added = 0;
		for (size_t k = 0; k < J; k++)
			if (split->taken[k] < MOST_OF_USE * split->use[k])
				weight += split->use[k] * (users ? users[k] : 1);
		if (!(weight > 0))
			break;
		for (size_t k = 0; k < J; k++) {
			double room = MOST_OF_USE * split->use[k] - split->taken[k];
			double more = fmin(room, (wanted - sum) * split->use[k] * (users ? users[k] : 1) / weight);
			if (more > 0) {
				split->taken[k] += more;
				added += more;
			}
		}
		sum += added;
		if (!(added > 0))
			break;
	}
	return sum;
}

static void split_users(struct split *split, const struct world_sums *sums)
{
	truce_world *to = split->to;
	size_t N = to->regions, J = split->from->sectors, s = J, p = split->plan->sector;

	for (size_t n = 0; n < N; n++) {
		double bought = 0, used = 0, spent = 0;
		for (size_t k = 0; k < J; k++) {
			split->use[k] = split->from->input_share[world_input(split->from, n, k, p)] * sums->output[n * J + k];
			used += split->use[k];
		}
		for (size_t i = 0; i < N; i++) {
			size_t e = truce_world_edge(to, s, n, i), rest = truce_world_edge(to, p, n, i);
			bought += to->flow[e] * (1 + to->tariff[e]);
			spent += to->flow[rest] * (1 + to->tariff[rest]);
		}
		spent += bought;
		double part = isnan(split->plan->intermediate) ? spent > 0 ? used / spent : 0 : split->plan->intermediate;
		double sum = fill_users(split, fmin(part, 1) * bought), final = fmax(spent - used, 0);
		/* No more of it can be consumed than is consumed of the parent: users take the rest. */
		double excess = bought - sum - final * MOST_OF_FLOW, room = used - sum;
		for (size_t k = 0; k < J && excess > 0 && room > 0; k++)
			split->taken[k] += (split->use[k] - split->taken[k]) * fmin(excess / room, 1);
		for (size_t k = 0; k < J; k++) {
			double output = sums->output[n * J + k];
			double share = output > 0 ? split->taken[k] / output : 0;
			to->input_share[world_input(to, n, k, s)] = share;
			double *rest = &to->input_share[world_input(to, n, k, p)];
			*rest = fmax(*rest - share, 0);
		}
		/* It is made as the parent is. */
		memcpy(to->input_share + world_input(to, n, s, 0), to->input_share + world_input(to, n, p, 0),
			to->sectors * sizeof(double));
		to->value_added[n * to->sectors + s] = to->value_added[n * to->sectors + p];
	}
}

static int make_room(struct split *split)
{
	const truce_world *from = split->from;
	size_t N = from->regions, J = from->sectors, K = J + 1;
	truce_world *to;
	int error = truce_world_new(split->ctx, &split->to, N, K);

	if (error)
		return error;
	to = split->to;
	if ((error = world_copy_texts(split->ctx, to, from, true, false)) || (error = truce_world_keep_estimated(to)))
		return error;
	for (size_t j = 0; j <= J; j++) {
		size_t of = j < J ? j : split->plan->sector;
		to->sector[j] = truce_arena_text(to->arena, j < J ? from->sector[j] : split->plan->id);
		to->sector_name[j] = truce_arena_text(to->arena, j < J ? from->sector_name[j] : split->plan->name);
		if (!to->sector[j])
			return TRUCE_MEMORY;
		to->theta[j] = from->theta[of];
		to->theta_se[j] = from->theta_se[of];
		to->psi[j] = from->psi[of];
	}
	if (!isnan(split->plan->theta)) {
		to->theta[J] = split->plan->theta;
		to->theta_se[J] = split->plan->theta_se;
	}
	memcpy(to->flow, from->flow, N * N * J * sizeof(double));
	memcpy(to->tariff, from->tariff, N * N * J * sizeof(double));
	if (from->estimated)
		memcpy(to->estimated, from->estimated, N * N * J);
	for (size_t n = 0; n < N; n++)
		for (size_t k = 0; k < J; k++) {
			to->value_added[n * K + k] = from->value_added[n * J + k];
			memcpy(to->input_share + world_input(to, n, k, 0), from->input_share + world_input(from, n, k, 0),
				J * sizeof(double));
		}
	return TRUCE_OK;
}

int truce_world_split(truce_context *ctx, truce_world **out, const truce_world *world, const truce_world_split_plan *plan)
{
	struct split split = { .ctx = ctx, .from = world, .plan = plan };
	struct world_sums sums = { 0 };
	size_t N = world->regions, J = world->sectors;
	int error;

	*out = NULL;
	if (plan->sector >= J || !plan->id || !*plan->id)
		return truce_fail(ctx, TRUCE_INPUT, NULL, 0, 0, NULL, "the sector to split, or the new one, has no name");
	if (!isnan(plan->intermediate) && !(plan->intermediate >= 0 && plan->intermediate <= 1))
		return truce_fail(ctx, TRUCE_INPUT, NULL, 0, 0, NULL, "the share that goes to users lies between 0 and 1");
	for (size_t k = 0; plan->users && k < J; k++)
		if (!(plan->users[k] >= 0) || !isfinite(plan->users[k]))
			return truce_fail(ctx, TRUCE_INPUT, NULL, 0, 0, NULL, "the weight of user %s is negative", world->sector[k]);
	split.value = truce_allocate_zero(ctx, 2 * N * N + 2 * J, sizeof(double));
	split.known = truce_allocate_zero(ctx, 3 * N * N, 1);
	if (!split.value || !split.known) {
		error = TRUCE_MEMORY;
		goto done;
	}
	split.paid = split.known + N * N;
	split.guessed = split.paid + N * N;
	split.tariff = split.value + N * N;
	split.use = split.tariff + N * N;
	split.taken = split.use + J;
	if ((error = world_sums_make(ctx, &sums, world)) || (error = take_known(&split)) || (error = make_room(&split)))
		goto done;
	guess_rest(&split);
	split_edges(&split);
	split_users(&split, &sums);
	if (!world->balanced && world->final_share)
		truce_diagnose(ctx, TRUCE_WARNING, NULL, 0, 0, NULL, "balance it first",
			"the world is not balanced: final demand is taken anew as the residual");
	if (split.capped)
		truce_diagnose(ctx, TRUCE_WARNING, NULL, 0, 0, NULL, NULL,
			"%zu given flows of %s are more than 99 %% of the flow of %s and are cut to that", split.capped, plan->id,
			world->sector[plan->sector]);
	if (split.retariffed)
		truce_diagnose(ctx, TRUCE_WARNING, NULL, 0, 0, NULL, NULL,
			"%zu given tariffs of %s bear more duty than all of %s there and are lowered to it", split.retariffed, plan->id,
			world->sector[plan->sector]);
	if ((error = truce_world_finish(ctx, split.to, NULL, &(truce_world_rules){ .negative_input = 1e-3 })))
		goto done;
	*out = split.to;
	split.to = NULL;
done:
	world_sums_free(ctx, &sums);
	truce_release(ctx, split.value);
	truce_release(ctx, split.known);
	truce_world_free(split.to);
	return error;
}
