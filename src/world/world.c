/* world.c: room world.  Making a world, making sure that it is one, and asking it simple things. */
#include "world_private.h"

#include <math.h>
#include <string.h>

/* A world larger than this is a mistake of the file, not an economy. */
enum { REGIONS_MOST = 1000, SECTORS_MOST = 10000 };
#define CELLS_MOST ((size_t)1 << 28)

static int take_arrays(truce_world *world)
{
	size_t n = world->regions, j = world->sectors;
	truce_arena *arena = world->arena;

	world->region = truce_arena_array(arena, n, sizeof *world->region);
	world->region_name = truce_arena_array(arena, n, sizeof *world->region_name);
	world->sector = truce_arena_array(arena, j, sizeof *world->sector);
	world->sector_name = truce_arena_array(arena, j, sizeof *world->sector_name);
	world->flow = truce_arena_array(arena, n * n * j, sizeof(double));
	world->tariff = truce_arena_array(arena, n * n * j, sizeof(double));
	world->input_share = truce_arena_array(arena, n * j * j, sizeof(double));
	world->value_added = truce_arena_array(arena, n * j, sizeof(double));
	world->theta = truce_arena_array(arena, j, sizeof(double));
	world->theta_se = truce_arena_array(arena, j, sizeof(double));
	world->psi = truce_arena_array(arena, j, sizeof(double));
	if (!world->region || !world->region_name || !world->sector || !world->sector_name || !world->flow ||
		!world->tariff || !world->input_share || !world->value_added || !world->theta || !world->theta_se ||
		!world->psi)
		return TRUCE_MEMORY;
	for (size_t s = 0; s < j; s++)
		world->theta_se[s] = world->psi[s] = NAN;
	return TRUCE_OK;
}

int truce_world_new(truce_context *ctx, truce_world **out, size_t regions, size_t sectors)
{
	*out = NULL;
	if (regions < 1 || sectors < 1)
		return truce_fail(ctx, TRUCE_INPUT, NULL, 0, 0, NULL, "a world needs at least one region and one sector");
	if (regions > REGIONS_MOST || sectors > SECTORS_MOST || regions * regions * sectors > CELLS_MOST ||
		regions * sectors * sectors > CELLS_MOST)
		return truce_fail(ctx, TRUCE_LIMIT, NULL, 0, 0, "aggregate it first",
			"a world of %zu regions and %zu sectors is larger than this program keeps", regions, sectors);

	truce_arena *arena = NULL;
	int error = truce_arena_new(ctx, &arena);
	if (error)
		return error;
	truce_world *world = truce_arena_take(arena, sizeof *world);
	if (!world) {
		truce_arena_free(arena);
		return TRUCE_MEMORY;
	}
	world->arena = arena;
	world->regions = regions;
	world->sectors = sectors;
	if (take_arrays(world)) {
		truce_arena_free(arena);
		return TRUCE_MEMORY;
	}
	*out = world;
	return TRUCE_OK;
}

void truce_world_free(truce_world *world)
{
	/* The world lies in its own arena. */
	if (world)
		truce_arena_free(world->arena);
}

int truce_world_keep_estimated(truce_world *world)
{
	if (!world->estimated)
		world->estimated = truce_arena_array(world->arena, world->regions * world->regions * world->sectors, 1);
	return world->estimated ? TRUCE_OK : TRUCE_MEMORY;
}

int truce_world_keep_final(truce_world *world)
{
	if (!world->final_share)
		world->final_share = truce_arena_array(world->arena, world->regions * world->sectors, sizeof(double));
	return world->final_share ? TRUCE_OK : TRUCE_MEMORY;
}

int truce_world_keep_marketing(truce_world *world)
{
	if (!world->marketing)
		world->marketing = truce_arena_array(world->arena, world->regions, sizeof(double));
	return world->marketing ? TRUCE_OK : TRUCE_MEMORY;
}

int truce_world_add_member(truce_context *ctx, truce_world *world, const char *code, size_t region, bool whole)
{
	for (size_t m = 0; m < world->members; m++)
		if (strcmp(world->member[m], code) == 0)
			return truce_fail(ctx, TRUCE_INPUT, NULL, 0, 0, "a country lies in one region",
				"member %s is named twice", code);
	if (region >= world->regions || !*code)
		return truce_fail(ctx, TRUCE_INPUT, NULL, 0, 0, NULL, "member \"%s\" lies in no region of this world", code);

	/* Few members, an arena that only grows: room for 64 at a time. */
	if (world->members % 64 == 0) {
		size_t room = world->members + 64;
		const char **member = truce_arena_array(world->arena, room, sizeof *member);
		size_t *place = truce_arena_array(world->arena, room, sizeof *place);
		uint8_t *one = truce_arena_array(world->arena, room, 1);
		if (!member || !place || !one)
			return TRUCE_MEMORY;
		if (world->members) {
			memcpy(member, world->member, world->members * sizeof *member);
			memcpy(place, world->member_region, world->members * sizeof *place);
			memcpy(one, world->member_whole, world->members);
		}
		world->member = member;
		world->member_region = place;
		world->member_whole = one;
	}
	const char *copy = truce_arena_text(world->arena, code);
	if (!copy)
		return TRUCE_MEMORY;
	world->member[world->members] = copy;
	world->member_region[world->members] = region;
	world->member_whole[world->members] = whole;
	world->members++;
	return TRUCE_OK;
}

static bool has_member(const truce_world *world, size_t region, const char *code)
{
	for (size_t m = 0; m < world->members; m++)
		if (world->member_region[m] == region || strcmp(world->member[m], code) == 0)
			return true;
	return false;
}

int truce_world_members_by_iso3(truce_context *ctx, truce_world *world)
{
	for (size_t n = 0; n < world->regions; n++) {
		const char *id = world->region[n];
		const truce_country *country = id && strlen(id) == 3 ? truce_country_find(id) : NULL;
		if (country && strcmp(country->iso3, id) == 0 && !has_member(world, n, country->iso2)) {
			int error = truce_world_add_member(ctx, world, country->iso2, n, true);
			if (error)
				return error;
		}
	}
	return TRUCE_OK;
}

/* ---- sums ---- */

int world_sums_make(truce_context *ctx, struct world_sums *sums, const truce_world *world)
{
	size_t N = world->regions, J = world->sectors;

	*sums = (struct world_sums){ 0 };
	double *block = truce_allocate_zero(ctx, 3 * N * J + 3 * N, sizeof *block);
	if (!block)
		return TRUCE_MEMORY;
	sums->output = block;
	sums->spending = block + N * J;
	sums->use = block + 2 * N * J;
	sums->income = block + 3 * N * J;
	sums->deficit = sums->income + N;
	sums->duties = sums->deficit + N;
	for (size_t j = 0; j < J; j++)
		for (size_t n = 0; n < N; n++) {
			const double *flow = world->flow + truce_world_edge(world, j, n, 0);
			const double *tariff = world->tariff + truce_world_edge(world, j, n, 0);
			for (size_t i = 0; i < N; i++) {
				double duty = flow[i] * tariff[i];
				sums->output[i * J + j] += flow[i];
				sums->spending[n * J + j] += flow[i] + duty;
				sums->duties[n] += duty;
				if (i != n) {
					sums->deficit[n] += flow[i];
					sums->deficit[i] -= flow[i];
				}
			}
		}
	for (size_t n = 0; n < N; n++) {
		sums->income[n] = sums->duties[n] + sums->deficit[n];
		for (size_t k = 0; k < J; k++) {
			double output = sums->output[n * J + k];
			const double *share = world->input_share + world_input(world, n, k, 0);
			sums->income[n] += world->value_added[n * J + k] * output;
			sums->world_output += output;
			for (size_t j = 0; j < J; j++)
				sums->use[n * J + j] += share[j] * output;
		}
	}
	return TRUCE_OK;
}

void world_sums_free(truce_context *ctx, struct world_sums *sums)
{
	truce_release(ctx, sums->output); /* one block */
	*sums = (struct world_sums){ 0 };
}

/* ---- soundness ---- */

struct report {
	truce_context *ctx;
	const char *name;
	int errors;
};

enum { ERRORS_TOLD = 20 };

/* Counts an error and says whether it should still be told. */
static bool tell(struct report *report)
{
	return ++report->errors <= ERRORS_TOLD;
}

static void check_edges(const truce_world *world, struct report *report)
{
	for (size_t j = 0; j < world->sectors; j++)
		for (size_t n = 0; n < world->regions; n++)
			for (size_t i = 0; i < world->regions; i++) {
				size_t e = truce_world_edge(world, j, n, i);
				double flow = world->flow[e], tariff = world->tariff[e];
				const char *fault = NULL, *remedy = NULL;
				double value = flow;
				if (!isfinite(flow))
					fault = "is not a number", remedy = "give a border value before duty, 0 where there is no trade";
				else if (flow < 0)
					fault = "is negative", remedy = "set it to 0, or book it the other way";
				else if (!(tariff > -1) || !isfinite(tariff))
					fault = "bears a tariff that is not above -1", value = tariff, remedy = "tariffs are fractions: 0.2 is 20 %";
				else if (n == i && tariff != 0)
					fault = "is sold at home and bears a tariff", value = tariff, remedy = "set it to 0";
				if (fault && tell(report))
					truce_diagnose(report->ctx, TRUCE_ERROR, report->name, 0, 0, NULL, remedy,
						"the flow of %s from %s to %s %s (%g)", world->sector[j], world->region[i], world->region[n],
						fault, value);
			}
}

static void check_elasticities(const truce_world *world, struct report *report)
{
	for (size_t j = 0; j < world->sectors; j++) {
		if (!(world->theta[j] > 0) || !isfinite(world->theta[j])) {
			if (tell(report))
				truce_diagnose(report->ctx, TRUCE_ERROR, report->name, 0, 0, NULL,
					"give the trade elasticity as a positive number, 4 for instance",
					"theta of sector %s is not above 0 (%g)", world->sector[j], world->theta[j]);
		}
		if ((world->psi[j] < 0 || isinf(world->psi[j])) && tell(report))
			truce_diagnose(report->ctx, TRUCE_ERROR, report->name, 0, 0, NULL, "leave it out where it is not known",
				"psi of sector %s is negative or infinite (%g)", world->sector[j], world->psi[j]);
		if ((world->theta_se[j] < 0 || isinf(world->theta_se[j])) && tell(report))
			truce_diagnose(report->ctx, TRUCE_ERROR, report->name, 0, 0, NULL, "leave it out where it is not known",
				"the standard error of theta of sector %s is negative or infinite (%g)", world->sector[j],
				world->theta_se[j]);
	}
}

static void check_marketing(const truce_world *world, struct report *report)
{
	for (size_t n = 0; world->marketing && n < world->regions; n++)
		if (!(world->marketing[n] >= 0 && world->marketing[n] < 1) && tell(report))
			truce_diagnose(report->ctx, TRUCE_ERROR, report->name, 0, 0, NULL, "shares are fractions",
				"the marketing share of %s does not lie in [0, 1) (%g)", world->region[n], world->marketing[n]);
}

static void check_names(const truce_world *world, struct report *report)
{
	for (int what = 0; what < 2; what++) {
		const char **ids = what ? world->sector : world->region;
		size_t count = what ? world->sectors : world->regions;
		for (size_t a = 0; a < count; a++) {
			if (!ids[a] || !*ids[a]) {
				if (tell(report))
					truce_diagnose(report->ctx, TRUCE_ERROR, report->name, 0, 0, NULL, "give it an id",
						"%s number %zu has no id", what ? "sector" : "region", a + 1);
				continue;
			}
			for (size_t b = 0; b < a; b++)
				if (ids[b] && strcmp(ids[a], ids[b]) == 0 && tell(report))
					truce_diagnose(report->ctx, TRUCE_ERROR, report->name, 0, 0, NULL, "ids must differ",
						"two %s are called %s", what ? "sectors" : "regions", ids[a]);
		}
	}
}

/* A region or a sector that makes nothing has no price: the model cannot hold it. */
static void check_output(const truce_world *world, struct report *report, const double *output)
{
	size_t N = world->regions, J = world->sectors;
	for (size_t n = 0; n < N; n++) {
		double all = 0;
		for (size_t j = 0; j < J; j++)
			all += output[n * J + j];
		if (!(all > 0) && tell(report))
			truce_diagnose(report->ctx, TRUCE_ERROR, report->name, 0, 0, NULL, "drop it or fold it into another",
				"region %s has no output", world->region[n]);
	}
	for (size_t j = 0; j < J; j++) {
		double all = 0;
		for (size_t n = 0; n < N; n++)
			all += output[n * J + j];
		if (!(all > 0) && tell(report))
			truce_diagnose(report->ctx, TRUCE_ERROR, report->name, 0, 0, NULL, "drop it or fold it into another",
				"sector %s has no output in any region", world->sector[j]);
	}
}

/* Below this a sum is 1 but for rounding and is left as it is, so that reading and writing give the same bytes. */
#define SUM_ROUNDING 1e-13

/* Value added and inputs of one cell; rescales them where the slack allows.  Counts what it rescaled. */
static void check_cell_shares(truce_world *world, struct report *report, const truce_world_rules *rules,
	size_t n, size_t k, double output, size_t *rescaled, size_t *negative)
{
	double *share = world->input_share + world_input(world, n, k, 0);
	double *added = world->value_added + n * world->sectors + k, sum = *added, slack = rules->share_slack;
	bool any = *added != 0;

	for (size_t j = 0; j < world->sectors; j++) {
		if (!(share[j] >= -rules->negative_input && share[j] <= 1 + slack)) {
			if (tell(report))
				truce_diagnose(report->ctx, TRUCE_ERROR, report->name, 0, 0, NULL,
					"shares of gross output lie between 0 and 1",
					"the share of input %s in the output of %s in %s is %g", world->sector[j], world->sector[k],
					world->region[n], share[j]);
			return;
		}
		any = any || share[j] != 0;
		*negative += share[j] < 0;
		sum += share[j];
	}
	if (!any && !(output > 0)) {
		*added = 1;
		return;
	}
	if (!(*added > 0 && *added <= 1 + slack)) {
		if (tell(report))
			truce_diagnose(report->ctx, TRUCE_ERROR, report->name, 0, 0, NULL, "it lies above 0 and up to 1",
				"the value-added share of %s in %s is %g", world->sector[k], world->region[n], *added);
		return;
	}
	double off = fabs(sum - 1);
	if (off > slack) {
		if (tell(report))
			truce_diagnose(report->ctx, TRUCE_ERROR, report->name, 0, 0, NULL,
				"inputs are shares of the using sector's gross output and sum to 1 with its value added",
				"the shares of %s in %s sum to %.9g, not 1", world->sector[k], world->region[n], sum);
		return;
	}
	if (off > SUM_ROUNDING) {
		++*rescaled;
		*added /= sum;
		for (size_t j = 0; j < world->sectors; j++)
			share[j] /= sum;
	}
}

static void check_final_shares(truce_world *world, struct report *report, double slack, size_t *rescaled)
{
	for (size_t n = 0; n < world->regions; n++) {
		double *share = world->final_share + n * world->sectors, sum = 0;
		bool sound = true;
		for (size_t j = 0; j < world->sectors; j++) {
			sum += share[j];
			if (!(share[j] >= 0 && share[j] <= 1 + slack)) {
				sound = false;
				if (tell(report))
					truce_diagnose(report->ctx, TRUCE_ERROR, report->name, 0, 0, NULL,
						"shares of final spending lie between 0 and 1",
						"the share of %s in the final spending of %s is %g", world->sector[j], world->region[n],
						share[j]);
			}
		}
		if (sound && fabs(sum - 1) > slack) {
			if (tell(report))
				truce_diagnose(report->ctx, TRUCE_ERROR, report->name, 0, 0, NULL, "they sum to 1 over sectors",
					"the final shares of %s sum to %.9g, not 1", world->region[n], sum);
		} else if (sound && fabs(sum - 1) > SUM_ROUNDING) {
			++*rescaled;
			for (size_t j = 0; j < world->sectors; j++)
				share[j] /= sum;
		}
	}
}

/* Final demand is what spending leaves after use as input. */
static int take_residual(truce_context *ctx, truce_world *world, const char *name, const struct world_sums *sums)
{
	size_t N = world->regions, J = world->sectors, clipped = 0, worst = 0;
	double worst_value = 0;

	if (truce_world_keep_final(world))
		return TRUCE_MEMORY;
	for (size_t n = 0; n < N; n++) {
		double *share = world->final_share + n * J, all = 0;
		for (size_t j = 0; j < J; j++) {
			double left = sums->spending[n * J + j] - sums->use[n * J + j];
			if (left < 0) {
				/* Rounding of sums is not a hole in the table. */
				if (left < -1e-13 * sums->world_output) {
					clipped++;
					if (left < worst_value) {
						worst_value = left;
						worst = n * J + j;
					}
				}
				left = 0;
			}
			share[j] = left;
			all += left;
		}
		if (!(all > 0))
			return truce_fail(ctx, TRUCE_INPUT, name, 0, 0, "its use as input is larger than its spending in every sector",
				"region %s has no final demand", world->region[n]);
		for (size_t j = 0; j < J; j++)
			share[j] /= all;
	}
	if (clipped)
		truce_diagnose(ctx, TRUCE_WARNING, name, 0, 0, NULL, "solve without wedges balances the table",
			"%zu of %zu cells use more of a good as input than the region buys: their final demand is set to 0 "
			"(the largest: %s in %s, %.4g US$)", clipped, N * J, world->sector[worst % J], world->region[worst / J],
			worst_value);
	return TRUCE_OK;
}

/* The largest gap of the spending identity as a part of world output, and the worst cell against its region's spending. */
static double imbalance(const truce_world *world, const struct world_sums *sums, size_t *where, double *of_region)
{
	size_t N = world->regions, J = world->sectors;
	double largest = 0;

	*where = 0;
	*of_region = 0;
	for (size_t n = 0; n < N; n++) {
		double all = 0;
		for (size_t j = 0; j < J; j++)
			all += sums->spending[n * J + j];
		for (size_t j = 0; j < J; j++) {
			double gap = fabs(sums->spending[n * J + j] - sums->use[n * J + j] -
				world->final_share[n * J + j] * sums->income[n]);
			if (gap > largest)
				largest = gap;
			if (all > 0 && gap / all > *of_region) {
				*of_region = gap / all;
				*where = n * J + j;
			}
		}
	}
	return largest / sums->world_output;
}

int truce_world_finish(truce_context *ctx, truce_world *world, const char *name, const truce_world_rules *rules)
{
	truce_world_rules r = rules ? *rules : (truce_world_rules){ 0 };
	size_t N = world->regions, J = world->sectors, rescaled = 0, rescaled_final = 0, where = 0, negative = 0;
	struct report report = { ctx, name, 0 };
	struct world_sums sums = { 0 };
	double of_region = 0, gap;
	int error = TRUCE_OK;

	r.share_slack = r.share_slack > 0 ? r.share_slack : 1e-5;
	r.imbalance_limit = r.imbalance_limit > 0 ? r.imbalance_limit : 0.25;
	check_names(world, &report);
	if (!report.errors) {
		check_edges(world, &report);
		check_elasticities(world, &report);
		check_marketing(world, &report);
	}
	if (!report.errors) {
		if ((error = world_sums_make(ctx, &sums, world)))
			goto done;
		check_output(world, &report, sums.output);
		for (size_t n = 0; n < N; n++)
			for (size_t k = 0; k < J; k++)
				check_cell_shares(world, &report, &r, n, k, sums.output[n * J + k], &rescaled, &negative);
		if (world->final_share)
			check_final_shares(world, &report, r.share_slack, &rescaled_final);
	}
	if (report.errors) {
		error = TRUCE_INPUT;
		if (report.errors > ERRORS_TOLD)
			truce_diagnose(ctx, TRUCE_ERROR, name, 0, 0, NULL, NULL, "and %d more errors of this kind",
				report.errors - ERRORS_TOLD);
		goto done;
	}
	if (negative && !r.quiet)
		truce_diagnose(ctx, TRUCE_WARNING, name, 0, 0, NULL, NULL, "%zu input shares are slightly negative and kept so",
			negative);
	if ((rescaled || rescaled_final) && !r.quiet)
		truce_diagnose(ctx, TRUCE_WARNING, name, 0, 0, NULL, NULL,
			"shares that did not quite sum to 1 were rescaled: %zu of output, %zu of final spending", rescaled,
			rescaled_final);
	world_sums_free(ctx, &sums);
	if ((error = world_sums_make(ctx, &sums, world)))
		goto done;
	for (size_t n = 0; n < N; n++)
		if (!(sums.income[n] > 0)) {
			error = truce_fail(ctx, TRUCE_INPUT, name, 0, 0, "its surplus is larger than its value added and duties",
				"region %s has no income to spend (%g US$)", world->region[n], sums.income[n]);
			goto done;
		}
	if (!world->final_share && (error = take_residual(ctx, world, name, &sums)))
		goto done;
	gap = imbalance(world, &sums, &where, &of_region);
	if (of_region > r.imbalance_limit) {
		error = truce_fail(ctx, TRUCE_INPUT, name, 0, 0, "check flows against input shares and final shares there",
			"the table is too far from balance: in %s, spending on %s differs from use and final demand by %.1f %% of "
			"the region's spending (limit %.1f %%)", world->region[where / J], world->sector[where % J],
			100 * of_region, 100 * r.imbalance_limit);
		goto done;
	}
	world->balanced = gap <= 1e-12;
done:
	world_sums_free(ctx, &sums);
	return error;
}

/* ---- asking ---- */

static size_t find(const char **ids, size_t count, const char *id)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(ids[i], id) == 0)
			return i;
	return TRUCE_WORLD_NONE;
}

size_t truce_world_region(const truce_world *world, const char *id)
{
	return find(world->region, world->regions, id);
}

size_t truce_world_sector(const truce_world *world, const char *id)
{
	return find(world->sector, world->sectors, id);
}

static size_t member_of(const truce_world *world, const char *code, bool *whole)
{
	for (size_t m = 0; m < world->members; m++)
		if (strcmp(world->member[m], code) == 0) {
			if (whole)
				*whole = world->member_whole[m];
			return world->member_region[m];
		}
	return TRUCE_WORLD_NONE;
}

size_t truce_world_region_of(const truce_world *world, const char *party, bool *whole)
{
	size_t at = member_of(world, party, whole);
	if (at != TRUCE_WORLD_NONE)
		return at;
	at = truce_world_region(world, party);
	if (at != TRUCE_WORLD_NONE) {
		if (whole)
			*whole = true;
		return at;
	}
	const truce_country *country = truce_country_find(party);
	if (!country)
		return TRUCE_WORLD_NONE;
	at = member_of(world, country->iso2, whole);
	return at != TRUCE_WORLD_NONE ? at : member_of(world, "*", whole);
}

double truce_world_output(const truce_world *world, size_t region, size_t sector)
{
	double sum = 0;
	for (size_t n = 0; n < world->regions; n++)
		sum += world->flow[truce_world_edge(world, sector, n, region)];
	return sum;
}

double truce_world_spending(const truce_world *world, size_t region, size_t sector)
{
	double sum = 0;
	for (size_t i = 0; i < world->regions; i++) {
		size_t e = truce_world_edge(world, sector, region, i);
		sum += world->flow[e] * (1 + world->tariff[e]);
	}
	return sum;
}

double truce_world_deficit(const truce_world *world, size_t region)
{
	double sum = 0;
	for (size_t j = 0; j < world->sectors; j++)
		for (size_t i = 0; i < world->regions; i++)
			if (i != region)
				sum += world->flow[truce_world_edge(world, j, region, i)] -
					world->flow[truce_world_edge(world, j, i, region)];
	return sum;
}

double truce_world_gdp(const truce_world *world, size_t region)
{
	double sum = 0;
	for (size_t j = 0; j < world->sectors; j++)
		sum += world->value_added[region * world->sectors + j] * truce_world_output(world, region, j);
	return sum;
}

double truce_world_duties(const truce_world *world, size_t region)
{
	double sum = 0;
	for (size_t j = 0; j < world->sectors; j++)
		for (size_t i = 0; i < world->regions; i++) {
			size_t e = truce_world_edge(world, j, region, i);
			sum += world->flow[e] * world->tariff[e];
		}
	return sum;
}

/* ---- identities ---- */

static void note_residual(truce_world_identity *identity, double value, size_t region, size_t sector)
{
	/* NaN must show: it compares false both ways, and nothing after it may hide it. */
	if (!(fabs(value) <= identity->residual) && !isnan(identity->residual)) {
		identity->residual = fabs(value);
		identity->region = region;
		identity->sector = sector;
	}
}

int truce_world_check(truce_context *ctx, const truce_world *world, truce_world_identity out[TRUCE_WORLD_IDENTITIES])
{
	static const truce_world_identity kinds[TRUCE_WORLD_IDENTITIES] = {
		{ "shares", "value added + inputs = output", 0, "of the cell's output", 1e-12, 0, 0 },
		{ "final", "final shares sum to 1", 0, "of final spending", 1e-12, 0, 0 },
		{ "spending", "spending = use as input + final demand", 0, "of world output", 1e-12, 0, 0 },
		{ "income", "final demand = value added + duties + deficit", 0, "of world output", 1e-12, 0, 0 },
		{ "deficits", "deficits of all regions sum to 0", 0, "of world output", 1e-12, 0, 0 },
		{ "product", "world final demand = world value added + duties", 0, "of world output", 1e-12, 0, 0 },
		{ "signs", "no negative flow, share or final demand", 0, "most negative, of world output or as a share", 0, 0, 0 }
	};
	size_t N = world->regions, J = world->sectors;
	struct world_sums sums;
	double deficits = 0, final_all = 0, income_all = 0;
	int error = world_sums_make(ctx, &sums, world);

	if (error)
		return error;
	for (int i = 0; i < TRUCE_WORLD_IDENTITIES; i++) {
		out[i] = kinds[i];
		out[i].region = out[i].sector = TRUCE_WORLD_NONE;
	}
	for (size_t n = 0; n < N; n++) {
		double final_sum = 0, left = 0;
		for (size_t j = 0; j < J; j++) {
			double sum = world->value_added[n * J + j];
			for (size_t k = 0; k < J; k++) {
				double share = world->input_share[world_input(world, n, j, k)];
				sum += share;
				if (share < 0)
					note_residual(&out[6], share, n, j);
			}
			note_residual(&out[0], sum - 1, n, j);
			double residual = sums.spending[n * J + j] - sums.use[n * J + j];
			double share = world->final_share ? world->final_share[n * J + j] : residual / sums.income[n];
			final_sum += share;
			left += residual;
			if (share < 0)
				note_residual(&out[6], share, n, j);
			note_residual(&out[2], (residual - share * sums.income[n]) / sums.world_output, n, j);
		}
		note_residual(&out[1], final_sum - 1, n, TRUCE_WORLD_NONE);
		note_residual(&out[3], (left - sums.income[n]) / sums.world_output, n, TRUCE_WORLD_NONE);
		deficits += sums.deficit[n];
		final_all += left;
		income_all += sums.income[n] - sums.deficit[n];
	}
	note_residual(&out[4], deficits / sums.world_output, TRUCE_WORLD_NONE, TRUCE_WORLD_NONE);
	note_residual(&out[5], (final_all - income_all) / sums.world_output, TRUCE_WORLD_NONE, TRUCE_WORLD_NONE);
	for (size_t j = 0; j < J; j++)
		for (size_t n = 0; n < N; n++)
			for (size_t i = 0; i < N; i++) {
				double flow = world->flow[truce_world_edge(world, j, n, i)];
				if (!(flow >= 0))
					note_residual(&out[6], flow / sums.world_output, n, j);
			}
	world_sums_free(ctx, &sums);
	return TRUCE_OK;
}

/* ---- copying ---- */

static int copy_names(truce_world *to, const char **ids, const char **names, const char **from_ids, const char **from_names,
	size_t count)
{
	for (size_t i = 0; i < count; i++) {
		ids[i] = truce_arena_text(to->arena, from_ids[i]);
		names[i] = truce_arena_text(to->arena, from_names[i]);
		if (!ids[i] || (from_names[i] && !names[i]))
			return TRUCE_MEMORY;
	}
	return TRUCE_OK;
}

int world_copy_texts(truce_context *ctx, truce_world *to, const truce_world *from, bool regions, bool sectors)
{
	int error;
	to->name = truce_arena_text(to->arena, from->name);
	to->year = truce_arena_text(to->arena, from->year);
	to->note = truce_arena_text(to->arena, from->note);
	if ((from->name && !to->name) || (from->year && !to->year) || (from->note && !to->note))
		return TRUCE_MEMORY;
	if (regions) {
		if ((error = copy_names(to, to->region, to->region_name, from->region, from->region_name, to->regions)))
			return error;
		for (size_t m = 0; m < from->members; m++)
			if ((error = truce_world_add_member(ctx, to, from->member[m], from->member_region[m],
					from->member_whole[m])))
				return error;
		if (from->marketing && (error = truce_world_keep_marketing(to)))
			return error;
		if (from->marketing)
			memcpy(to->marketing, from->marketing, to->regions * sizeof *to->marketing);
	}
	return sectors ? copy_names(to, to->sector, to->sector_name, from->sector, from->sector_name, to->sectors) : TRUCE_OK;
}
