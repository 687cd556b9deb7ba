/* balance.c: room world.  A table in balance with the technology of one that is not; rounded tables. */
#include "world_private.h"

#include <lapacke.h>

#include <math.h>
#include <string.h>

/* A dense system of this many unknowns takes 130 MB and some seconds. */
enum { UNKNOWNS_MOST = 4000 };

int world_copy(truce_context *ctx, truce_world **out, const truce_world *world)
{
	size_t N = world->regions, J = world->sectors;
	truce_world *to = NULL;
	int error = truce_world_new(ctx, &to, N, J);
	if (!error)
		error = world_copy_texts(ctx, to, world, true, true);
	if (!error && world->estimated)
		error = truce_world_keep_estimated(to);
	if (error) {
		truce_world_free(to);
		return error;
	}
	memcpy(to->flow, world->flow, N * N * J * sizeof(double));
	memcpy(to->tariff, world->tariff, N * N * J * sizeof(double));
	memcpy(to->input_share, world->input_share, N * J * J * sizeof(double));
	memcpy(to->value_added, world->value_added, N * J * sizeof(double));
	memcpy(to->theta, world->theta, J * sizeof(double));
	memcpy(to->theta_se, world->theta_se, J * sizeof(double));
	memcpy(to->psi, world->psi, J * sizeof(double));
	if (world->estimated)
		memcpy(to->estimated, world->estimated, N * N * J);
	*out = to;
	return TRUCE_OK;
}

/* Dollars of border value that one dollar spent by n on j brings to i.  A good that nobody sells there is made at home. */
static double border_share(const truce_world *world, const double *spending, size_t n, size_t j, size_t i)
{
	double spent = spending[n * world->sectors + j];
	return spent > 0 ? world->flow[truce_world_edge(world, j, n, i)] / spent : (double)(i == n);
}

/* The system (1 - A) X = alpha D, column major; the last equation, which the others imply, gives way to world value added. */
static void make_system(const truce_world *world, const struct world_sums *sums, double *matrix, double *right)
{
	size_t N = world->regions, J = world->sectors, size = N * J, last = size - 1;
	double added_all = 0;

	for (size_t m = 0; m < N; m++)
		for (size_t j = 0; j < J; j++) {
			double *column = matrix + (m * J + j) * size, duty = 0, added = 0;
			for (size_t i = 0; i < N; i++)
				duty += world->tariff[truce_world_edge(world, j, m, i)] * border_share(world, sums->spending, m, j, i);
			for (size_t n = 0; n < N; n++) {
				double share = border_share(world, sums->spending, m, j, n), value = world->value_added[n * J + j];
				added += share * value;
				if (share == 0 && n != m)
					continue;
				const double *input = world->input_share + world_input(world, n, j, 0);
				const double *final = world->final_share + n * J;
				double income = value * share + (n == m ? duty : 0);
				for (size_t l = 0; l < J; l++)
					column[n * J + l] = -(input[l] * share + final[l] * income);
			}
			column[m * J + j] += 1;
			column[last] = added;
		}
	for (size_t n = 0; n < N; n++)
		for (size_t j = 0; j < J; j++) {
			added_all += world->value_added[n * J + j] * sums->output[n * J + j];
			right[n * J + j] = world->final_share[n * J + j] * sums->deficit[n];
		}
	right[last] = added_all;
}

int truce_world_balance(truce_context *ctx, truce_world **out, const truce_world *world, double *moved)
{
	size_t N = world->regions, J = world->sectors, size = N * J;
	struct world_sums sums = { 0 };
	double *matrix = NULL, *right = NULL, largest = 0;
	lapack_int *pivot = NULL;
	truce_world *to = NULL;
	int error;

	*out = NULL;
	if (size > UNKNOWNS_MOST)
		return truce_fail(ctx, TRUCE_LIMIT, NULL, 0, 0, "aggregate it first, or let truce solve balance it",
			"%zu region-sectors are more than the %d that can be balanced here", size, UNKNOWNS_MOST);
	if (!world->final_share)
		return truce_fail(ctx, TRUCE_INPUT, NULL, 0, 0, "finish it first", "the world has no final shares");
	matrix = truce_allocate_zero(ctx, size * size, sizeof *matrix);
	right = truce_allocate(ctx, size * sizeof *right);
	pivot = truce_allocate(ctx, size * sizeof *pivot);
	if (!matrix || !right || !pivot) {
		error = TRUCE_MEMORY;
		goto done;
	}
	if ((error = world_sums_make(ctx, &sums, world)) || (error = world_copy(ctx, &to, world)) ||
		(error = truce_world_keep_final(to)))
		goto done;
	memcpy(to->final_share, world->final_share, size * sizeof(double));
	make_system(world, &sums, matrix, right);
	lapack_int info = LAPACKE_dgesv_work(LAPACK_COL_MAJOR, (lapack_int)size, 1, matrix, (lapack_int)size, pivot, right,
		(lapack_int)size);
	for (size_t c = 0; c < size && info == 0; c++) {
		if (!isfinite(right[c]) || right[c] < -1e-9 * sums.world_output)
			info = (lapack_int)(c + 1);
		/* Rounding of a cell that nobody buys from. */
		if (right[c] < 0)
			right[c] = 0;
		largest = fmax(largest, fabs(right[c] - sums.spending[c]) / sums.world_output);
	}
	if (info != 0) {
		error = truce_fail(ctx, TRUCE_CONVERGE, NULL, 0, 0, "check its final shares and deficits",
			"no balanced table has this technology and these deficits");
		goto done;
	}
	for (size_t j = 0; j < J; j++)
		for (size_t n = 0; n < N; n++)
			for (size_t i = 0; i < N; i++)
				to->flow[truce_world_edge(to, j, n, i)] = border_share(world, sums.spending, n, j, i) * right[n * J + j];
	if ((error = truce_world_finish(ctx, to, NULL, &(truce_world_rules){ .negative_input = 1e-3, .quiet = true })))
		goto done;
	if (moved)
		*moved = largest;
	*out = to;
	to = NULL;
done:
	truce_world_free(to);
	world_sums_free(ctx, &sums);
	truce_release(ctx, matrix);
	truce_release(ctx, right);
	truce_release(ctx, pivot);
	return error;
}

static double to_step(double value, double step)
{
	/* Dividing by a whole number gives the double nearest to the decimal; multiplying by 1e-5 would not. */
	if (!(step > 0))
		return value;
	return step < 1 ? rint(value * rint(1 / step)) / rint(1 / step) : rint(value / step) * step;
}

/* Where a region uses more of a good than it buys, its users are said to need less of it. */
static void fit_inputs(truce_world *world, const struct world_sums *sums)
{
	size_t J = world->sectors;
	for (size_t n = 0; n < world->regions; n++)
		for (size_t j = 0; j < J; j++) {
			double bought = sums->spending[n * J + j], used = sums->use[n * J + j];
			if (!(used > bought))
				continue;
			for (size_t k = 0; k < J; k++) {
				double *share = &world->input_share[world_input(world, n, k, j)];
				/* A hair less, so that rounding of the sums leaves no negative final demand. */
				double fitted = *share * (bought / used) * (1 - 1e-12);
				world->value_added[n * J + k] += *share - fitted;
				*share = fitted;
			}
		}
}

int truce_world_round(truce_context *ctx, truce_world **out, const truce_world *world, double unit, double step)
{
	size_t N = world->regions, J = world->sectors;
	struct world_sums sums = { 0 };
	truce_world *to = NULL;
	int error;

	*out = NULL;
	if ((error = world_copy(ctx, &to, world)))
		return error;
	for (size_t e = 0; e < N * N * J; e++) {
		to->flow[e] = to_step(to->flow[e], unit);
		to->tariff[e] = to_step(to->tariff[e], step);
	}
	for (size_t n = 0; n < N; n++)
		for (size_t k = 0; k < J; k++) {
			double *share = to->input_share + world_input(to, n, k, 0), sum = 0;
			for (size_t j = 0; j < J; j++) {
				share[j] = fmax(0, to_step(share[j], step));
				sum += share[j];
			}
			to->value_added[n * J + k] = 1 - sum;
		}
	if ((error = world_sums_make(ctx, &sums, to)))
		goto done;
	fit_inputs(to, &sums);
	if ((error = truce_world_finish(ctx, to, NULL, NULL)))
		goto done;
	*out = to;
	to = NULL;
done:
	world_sums_free(ctx, &sums);
	truce_world_free(to);
	return error;
}
