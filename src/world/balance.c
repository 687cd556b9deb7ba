/* balance.c: room world.  A table in balance with the technology of one that is not; rounded tables. */
#include "world_private.h"

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

/* to -= a[0] x[0] + a[1] x[1] + ..., one after the other, over rows from `first`. */
static void take_columns(double *restrict to, const double *const *column, const double *factor, size_t first, size_t size)
{
	const double *restrict a = column[0], *restrict b = column[1], *restrict c = column[2], *restrict d = column[3];
	double x = factor[0], y = factor[1], z = factor[2], w = factor[3];
	for (size_t r = first; r < size; r++)
		to[r] = (((to[r] - x * a[r]) - y * b[r]) - z * c[r]) - w * d[r];
}

/* Takes finished columns [from, until) of the factors out of column c; the factors stand in column c itself. */
static void reduce_column(double *matrix, size_t size, size_t c, size_t from, size_t until)
{
	double *to = matrix + c * size;
	size_t k = from;
	for (; k + 4 <= until; k += 4) {
		const double *column[4];
		for (size_t a = 0; a < 4; a++) {
			column[a] = matrix + (k + a) * size;
			/* The four rows whose factors depend on one another. */
			for (size_t r = k + a + 1; r < k + 4; r++)
				to[r] -= to[k + a] * column[a][r];
		}
		take_columns(to, column, to + k, k + 4, size);
	}
	for (; k < until; k++)
		for (size_t r = k + 1; r < size; r++)
			to[r] -= to[k] * matrix[k * size + r];
}

/* Elimination without pivoting: what leaves a cell of the system arrives in others, so that each column's diagonal is
 * as large as all else in it, and no element grows beyond twice what was there.  Written out, in a fixed order of plain
 * operations, because the library's depends on the processor in its last bits and worlds are compared by their bytes.
 * Column major; columns in panels, so that a panel stays in the cache.  False where a pivot vanishes. */
static bool eliminate(double *matrix, double *right, size_t size)
{
	enum { PANEL = 64, BLOCK = 64 };
	for (size_t p = 0; p < size; p += PANEL) {
		size_t end = p + PANEL < size ? p + PANEL : size;
		for (size_t k = 0; k < p; k += BLOCK)
			for (size_t c = p; c < end; c++)
				reduce_column(matrix, size, c, k, k + BLOCK < p ? k + BLOCK : p);
		for (size_t c = p; c < end; c++) {
			double *column = matrix + c * size;
			reduce_column(matrix, size, c, p, c);
			if (!(fabs(column[c]) > 1e-300))
				return false;
			for (size_t r = c + 1; r < size; r++)
				column[r] /= column[c];
		}
	}
	for (size_t c = 0; c < size; c++)
		for (size_t r = c + 1; r < size; r++)
			right[r] -= right[c] * matrix[c * size + r];
	for (size_t c = size; c-- > 0;) {
		right[c] /= matrix[c * size + c];
		for (size_t r = 0; r < c; r++)
			right[r] -= right[c] * matrix[c * size + r];
	}
	return true;
}

int truce_world_balance(truce_context *ctx, truce_world **out, const truce_world *world, double *moved)
{
	size_t N = world->regions, J = world->sectors, size = N * J;
	struct world_sums sums = { 0 };
	double *matrix = NULL, *right = NULL, largest = 0;
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
	if (!matrix || !right) {
		error = TRUCE_MEMORY;
		goto done;
	}
	if ((error = world_sums_make(ctx, &sums, world)) || (error = world_copy(ctx, &to, world)) ||
		(error = truce_world_keep_final(to)))
		goto done;
	memcpy(to->final_share, world->final_share, size * sizeof(double));
	make_system(world, &sums, matrix, right);
	bool solved = eliminate(matrix, right, size);
	for (size_t c = 0; c < size && solved; c++) {
		if (!isfinite(right[c]) || right[c] < -1e-9 * sums.world_output)
			solved = false;
		/* Rounding of a cell that nobody buys from. */
		if (right[c] < 0)
			right[c] = 0;
		largest = fmax(largest, fabs(right[c] - sums.spending[c]) / sums.world_output);
	}
	if (!solved) {
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
	/* Elasticities that were means: their last digits say nothing. */
	for (size_t j = 0; j < J; j++) {
		to->theta[j] = to_step(to->theta[j], step) > 0 ? to_step(to->theta[j], step) : to->theta[j];
		to->theta_se[j] = to_step(to->theta_se[j], step);
		to->psi[j] = to_step(to->psi[j], step);
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
