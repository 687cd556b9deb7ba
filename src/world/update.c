/* update.c: room world.  A table carried to given totals by iterated proportional fitting. */
#include "world_private.h"

#include <math.h>
#include <string.h>

struct fit {
	truce_context *ctx;
	const truce_world_update_plan *plan;
	truce_world *world;
	uint8_t *known;     /* [J][N][N] 1: kept exactly */
	double *gdp;        /* [N] wanted */
	double *deficit;    /* [N] wanted; NaN: free */
	double *final;      /* [N][J] shares wanted */
};

static bool single(const struct fit *fit, const truce_world_target *target, size_t *sector)
{
	size_t count = 0;
	for (size_t j = 0; target->sectors && j < fit->world->sectors; j++)
		if (target->sectors[j]) {
			*sector = j;
			count++;
		}
	return target->kind == TRUCE_TARGET_FLOW && count == 1 && target->exporter != TRUCE_WORLD_NONE &&
		target->importer != TRUCE_WORLD_NONE;
}

/* Walks the edges between regions that a target matches; *e is the edge, false at the end. */
struct walk {
	size_t j, n, i;
	bool begun;
};

static bool next_edge(const truce_world *world, const truce_world_target *target, struct walk *walk, size_t *e)
{
	for (;;) {
		if (!walk->begun)
			walk->begun = true;
		else if (++walk->i == world->regions) {
			walk->i = 0;
			if (++walk->n == world->regions) {
				walk->n = 0;
				walk->j++;
			}
		}
		if (walk->j >= world->sectors)
			return false;
		if ((target->sectors && !target->sectors[walk->j]) || walk->i == walk->n ||
			(target->exporter != TRUCE_WORLD_NONE && walk->i != target->exporter) ||
			(target->importer != TRUCE_WORLD_NONE && walk->n != target->importer))
			continue;
		*e = truce_world_edge(world, walk->j, walk->n, walk->i);
		return true;
	}
}

static int refuse(const struct fit *fit, const truce_world_target *target, const char *what)
{
	return truce_fail(fit->ctx, TRUCE_INPUT, NULL, target->line, 0, NULL, "target %zu (line %d): %s",
		(size_t)(target - fit->plan->targets) + 1, target->line, what);
}

/* Takes the targets apart: single cells and tariffs are set at once. */
static int take_targets(struct fit *fit)
{
	truce_world *world = fit->world;
	size_t sector = 0, e;

	for (size_t t = 0; t < fit->plan->count; t++) {
		const truce_world_target *target = &fit->plan->targets[t];
		struct walk walk = { 0 };
		if (!isfinite(target->value) || (target->kind == TRUCE_TARGET_FLOW && target->value < 0) ||
			(target->kind == TRUCE_TARGET_GDP && !(target->value > 0)) ||
			(target->kind == TRUCE_TARGET_TARIFF && !(target->value > -1)))
			return refuse(fit, target, "its value cannot be");
		switch (target->kind) {
		case TRUCE_TARGET_GDP:
		case TRUCE_TARGET_DEFICIT:
			if (target->importer >= world->regions)
				return refuse(fit, target, "it names no region: whose it is stands in the column importer");
			(target->kind == TRUCE_TARGET_GDP ? fit->gdp : fit->deficit)[target->importer] = target->value;
			break;
		case TRUCE_TARGET_TARIFF:
			while (next_edge(world, target, &walk, &e))
				world->tariff[e] = target->value;
			break;
		case TRUCE_TARGET_FLOW:
			if (target->exporter != TRUCE_WORLD_NONE && target->exporter == target->importer)
				return refuse(fit, target, "sales at home follow from the rest");
			if (single(fit, target, &sector)) {
				e = truce_world_edge(world, sector, target->importer, target->exporter);
				world->flow[e] = target->value;
				fit->known[e] = 1;
			}
			break;
		}
	}
	return TRUCE_OK;
}

/* Spending towards use plus final demand: what is free of a row is scaled.  Returns the largest step. */
static int fit_rows(struct fit *fit, double *step)
{
	truce_world *world = fit->world;
	size_t N = world->regions, J = world->sectors;
	struct world_sums sums;
	int error = world_sums_make(fit->ctx, &sums, world);

	if (error)
		return error;
	*step = 0;
	for (size_t n = 0; n < N; n++) {
		double deficit = isnan(fit->deficit[n]) ? sums.deficit[n] : fit->deficit[n];
		double income = fit->gdp[n] + sums.duties[n] + deficit;
		for (size_t j = 0; j < J; j++) {
			double wanted = sums.use[n * J + j] + fit->final[n * J + j] * income, kept = 0, free;
			for (size_t i = 0; i < N; i++) {
				size_t e = truce_world_edge(world, j, n, i);
				if (fit->known[e])
					kept += world->flow[e] * (1 + world->tariff[e]);
			}
			free = sums.spending[n * J + j] - kept;
			if (!(free > 0))
				continue;
			/* A row whose known cells are more than all that is wanted keeps a little of the rest. */
			double ratio = fmax((wanted - kept) / free, 0.5);
			*step = fmax(*step, fabs(ratio - 1) * free / sums.world_output);
			for (size_t i = 0; i < N; i++) {
				size_t e = truce_world_edge(world, j, n, i);
				if (!fit->known[e])
					world->flow[e] *= ratio;
			}
		}
	}
	world_sums_free(fit->ctx, &sums);
	return TRUCE_OK;
}

static int fit_flow(struct fit *fit, const truce_world_target *target, double *gap)
{
	truce_world *world = fit->world;
	struct walk walk = { 0 };
	double kept = 0, free = 0;
	size_t e;

	while (next_edge(world, target, &walk, &e))
		*(fit->known[e] ? &kept : &free) += world->flow[e];
	double wanted = target->value - kept;
	if (wanted < -1e-9 * fmax(target->value, kept))
		return refuse(fit, target, "the cells that are known exactly are more than this total");
	*gap = fabs(wanted - free) / fmax(target->value, 1);
	if (!(free > 0))
		return wanted > 1e-9 * target->value ? refuse(fit, target, "no flow is there to scale to this total") : TRUCE_OK;
	double ratio = fmax(wanted, 0) / free;
	walk = (struct walk){ 0 };
	while (next_edge(world, target, &walk, &e))
		if (!fit->known[e])
			world->flow[e] *= ratio;
	return TRUCE_OK;
}

/* Free imports times r and free exports over r so that the balance is right: r^2 M - r (D - kept) - X = 0. */
static void fit_deficit(struct fit *fit, size_t n, double *gap)
{
	truce_world *world = fit->world;
	double imports = 0, exports = 0, kept = 0;

	for (size_t j = 0; j < world->sectors; j++)
		for (size_t i = 0; i < world->regions; i++) {
			size_t in = truce_world_edge(world, j, n, i), out = truce_world_edge(world, j, i, n);
			if (i == n)
				continue;
			*(fit->known[in] ? &kept : &imports) += world->flow[in];
			if (fit->known[out])
				kept -= world->flow[out];
			else
				exports += world->flow[out];
		}
	double wanted = fit->deficit[n] - kept;
	*gap = fabs(wanted - imports + exports) / fmax(imports + exports, 1);
	if (!(imports > 0) || !(exports > 0))
		return;
	double ratio = (wanted + sqrt(wanted * wanted + 4 * imports * exports)) / (2 * imports);
	for (size_t j = 0; j < world->sectors; j++)
		for (size_t i = 0; i < world->regions; i++) {
			size_t in = truce_world_edge(world, j, n, i), out = truce_world_edge(world, j, i, n);
			if (i == n)
				continue;
			if (!fit->known[in])
				world->flow[in] *= ratio;
			if (!fit->known[out])
				world->flow[out] /= ratio;
		}
}

static int sweep(struct fit *fit, truce_world_update_info *info)
{
	double step = 0, gap = 0;
	size_t sector;
	int error = fit_rows(fit, &step);

	if (error)
		return error;
	info->gap = step;
	info->worst = TRUCE_WORLD_NONE;
	for (size_t t = 0; t < fit->plan->count; t++) {
		const truce_world_target *target = &fit->plan->targets[t];
		gap = 0;
		if (target->kind == TRUCE_TARGET_FLOW && !single(fit, target, &sector)) {
			if ((error = fit_flow(fit, target, &gap)))
				return error;
		} else if (target->kind == TRUCE_TARGET_DEFICIT) {
			fit_deficit(fit, target->importer, &gap);
		}
		if (gap > info->gap) {
			info->gap = gap;
			info->worst = t;
		}
	}
	return TRUCE_OK;
}

static int same_shape(truce_context *ctx, const truce_world *world, const truce_world *other)
{
	bool same = world->regions == other->regions && world->sectors == other->sectors && other->final_share;
	for (size_t n = 0; same && n < world->regions; n++)
		same = strcmp(world->region[n], other->region[n]) == 0;
	for (size_t j = 0; same && j < world->sectors; j++)
		same = strcmp(world->sector[j], other->sector[j]) == 0;
	return same ? TRUCE_OK : truce_fail(ctx, TRUCE_INPUT, NULL, 0, 0, "aggregate it to the same regions and sectors, in order",
		"the technology is of a world of another shape");
}

static int prepare(struct fit *fit, const truce_world *from)
{
	const truce_world_update_plan *plan = fit->plan;
	const truce_world *technology = plan->technology ? plan->technology : from;
	truce_world *world = fit->world;
	size_t N = world->regions, J = world->sectors;
	int error;

	if ((error = same_shape(fit->ctx, world, technology)))
		return error;
	memcpy(world->input_share, technology->input_share, N * J * J * sizeof(double));
	memcpy(world->value_added, technology->value_added, N * J * sizeof(double));
	fit->known = truce_allocate_zero(fit->ctx, N * N * J, 1);
	fit->gdp = truce_allocate(fit->ctx, N * sizeof(double));
	fit->deficit = truce_allocate(fit->ctx, N * sizeof(double));
	fit->final = truce_allocate(fit->ctx, N * J * sizeof(double));
	if (!fit->known || !fit->gdp || !fit->deficit || !fit->final)
		return TRUCE_MEMORY;
	memcpy(fit->final, technology->final_share, N * J * sizeof(double));
	for (size_t n = 0; n < N; n++) {
		fit->gdp[n] = truce_world_gdp(from, n);
		fit->deficit[n] = NAN;
	}
	return take_targets(fit);
}

int truce_world_update(truce_context *ctx, truce_world **out, const truce_world *world,
	const truce_world_update_plan *plan, truce_world_update_info *info)
{
	size_t most = plan->sweeps ? plan->sweeps : 2000;
	double tolerance = plan->tolerance > 0 ? plan->tolerance : 1e-9;
	truce_world_update_info own = { 0 }, *report = info ? info : &own;
	struct fit fit = { .ctx = ctx, .plan = plan };
	int error;

	*out = NULL;
	*report = (truce_world_update_info){ .worst = TRUCE_WORLD_NONE };
	if ((error = world_copy(ctx, &fit.world, world)) || (error = truce_world_keep_estimated(fit.world)) ||
		(error = prepare(&fit, world)))
		goto done;
	do {
		if ((error = sweep(&fit, report)))
			goto done;
		if (truce_cancelled(ctx)) {
			error = truce_fail(ctx, TRUCE_CANCELLED, NULL, 0, 0, NULL, "cancelled");
			goto done;
		}
	} while (++report->sweeps < most && !(report->gap <= tolerance));
	if (!(report->gap <= tolerance)) {
		int line = report->worst == TRUCE_WORLD_NONE ? 0 : plan->targets[report->worst].line;
		error = truce_fail(ctx, TRUCE_CONVERGE, NULL, 0, 0, "totals that contradict each other cannot all be met",
			line ? "after %zu sweeps a total is still missed by %.2e of it (line %d of the targets)"
				: "after %zu sweeps spending still moves by %.2e of world output", report->sweeps, report->gap, line);
		goto done;
	}
	for (size_t e = 0; e < fit.world->regions * fit.world->regions * fit.world->sectors; e++)
		fit.world->estimated[e] = !fit.known[e];
	if ((error = truce_world_finish(ctx, fit.world, NULL, NULL)))
		goto done;
	for (size_t c = 0; c < fit.world->regions * fit.world->sectors; c++)
		report->final_moved = fmax(report->final_moved, fabs(fit.world->final_share[c] - fit.final[c]));
	*out = fit.world;
	fit.world = NULL;
done:
	truce_release(ctx, fit.known);
	truce_release(ctx, fit.gdp);
	truce_release(ctx, fit.deficit);
	truce_release(ctx, fit.final);
	truce_world_free(fit.world);
	return error;
}
