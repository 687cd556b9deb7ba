/* equilibrium: the same policy under other elasticities, for less than a solve from cold.
 *
 * Near a solved answer three things are learnt once and kept: how the map moves when a region's wage, the level of its
 * prices or of its spending (and one more direction of each) move, as the inverse of a small matrix, so that each step
 * of a draw is nearly Newton's in those directions; how the answer moves with each elasticity, to the second order, as
 * where a draw begins; and the logs of the wedges, so that a draw's shares cost an exponential.  All of it only says
 * where to look: a draw ends where the map itself stands still, with its certificate, as any solve does. */
#include <math.h>
#include <string.h>

#include "internal.h"
#include "kernel.h"

/* The step in log theta that is looked at; how far what was learnt is trusted; evaluations a direction of theta is given. */
static const double THETA_STEP = 0.15, THETA_FAR = 0.75, STATE_STEP = 1e-5;
enum { TANGENT_STEPS = 2 };

/* Cells of the state that belong together: one region's prices, say, and up to two directions in which they move. */
struct patch {
	size_t at, cells;
	int modes;
};

struct eq_kept {
	bool valid;
	void *block;
	size_t patches, modes;
	struct patch *patch;
	double *right[2], *left[2]; /* [size] directions; left . right is 1 for the same direction, 0 for the other */
	float *inverse;             /* [modes][modes] turned, of (identity less the map's slope) in these directions, less identity */
	double *part, *moved;       /* [modes] */
	float *home;                /* [2][N][J][J] (identity less home share times inputs)^-1, less identity; and turned */
	double *money;              /* [2][J] of work */
	float *tangent;             /* [2][J][size] first and second order in log theta; NULL: not learnt */
	double *power;              /* [2][J] of this draw */
	double *answer;             /* [size] */
	double *theta, *psi_theta;  /* [J] */
	double *step, *pull;        /* [N] of the map that was learnt */
	double *wedge;              /* [J][N][N] log kappa */
	double *a, *b, *c;          /* [J][N][N] */
	double *edge;               /* [quantities][3] */
	bool *changed;              /* [J][N] rows that hang on theta */
};

void eq_kept_free(truce_equilibrium *eq)
{
	if (!eq->kept)
		return;
	truce_release(eq->ctx, eq->kept->block);
	truce_release(eq->ctx, eq->kept->tangent);
	truce_release(eq->ctx, eq->kept->inverse);
	truce_release(eq->ctx, eq->kept->home);
	truce_release(eq->ctx, eq->kept->patch);
	truce_release(eq->ctx, eq->kept->changed);
	truce_release(eq->ctx, eq->kept);
	eq->kept = NULL;
}

void eq_kept_forget(truce_equilibrium *eq)
{
	if (eq->kept)
		eq->kept->valid = false;
}

/* ---- patches ------------------------------------------------------------------------------------------------------------ */

static void add_patches(const truce_equilibrium *eq, struct eq_kept *k, size_t at, size_t cells, int modes)
{
	for (size_t n = 0; n < eq->regions; n++) {
		k->patch[k->patches++] = (struct patch){at + n * cells, cells, modes};
		k->modes += (size_t)modes;
	}
}

static void list_patches(const truce_equilibrium *eq, struct eq_kept *k, int modes)
{
	const size_t J = eq->sectors;
	modes = J > 1 ? modes : 1;
	if (!eq->immobile)
		add_patches(eq, k, eq->at.wage, 1, 1);
	add_patches(eq, k, eq->at.price, J, modes);
	add_patches(eq, k, eq->at.spending, J, modes);
	if (eq->scale || eq->immobile)
		add_patches(eq, k, eq->at.sector, J, modes);
	if (eq->at.size > eq->at.labour)
		add_patches(eq, k, eq->at.labour, 1, 1);
}

/* A block's two directions for one region: its level, and how its own wages and households move it. */
static void set_directions(const truce_equilibrium *eq, struct eq_kept *k)
{
	const size_t N = eq->regions, J = eq->sectors;
	const double *share = truce_equilibrium_get_point(eq).share;
	for (size_t n = 0; n < N; n++) {
		k->right[0][eq->at.wage + n] = 1;
		if (eq->at.size > eq->at.labour)
			k->right[0][eq->at.labour + n] = 1;
		for (size_t j = 0; j < J; j++) {
			const size_t nj = n * J + j, price = eq->at.price + nj, spending = eq->at.spending + nj;
			k->right[0][price] = eq->spending0[nj] > 0;
			k->right[1][price] = share[truce_world_edge(eq->world, j, n, n)] * eq->labour[nj];
			k->right[0][spending] = k->answer[spending];
			k->right[1][spending] = eq->spending0[nj] > 0 ? eq->final[nj] * eq->income0[n] / eq->unit[nj] : 0;
			if (eq->scale || eq->immobile) {
				const bool there = eq->output0[nj] > 0 && (eq->scale || eq->labour[nj] > 0);
				k->right[0][eq->at.sector + nj] = there;
				k->right[1][eq->at.sector + nj] = there ? share[truce_world_edge(eq->world, j, n, n)] : 0;
			}
		}
	}
}

/* What a cell counts in its patch: money for prices and spending. */
static double weight_of(const truce_equilibrium *eq, const struct eq_kept *k, const struct patch *p, size_t cell)
{
	const size_t z = p->at + cell, cells = eq->regions * eq->sectors;
	if (z >= eq->at.price && z < eq->at.price + cells)
		return k->answer[z + cells] * eq->unit[z - eq->at.price];
	if (z >= eq->at.spending && z < eq->at.spending + cells)
		return k->answer[z] > 0 ? eq->unit[z - eq->at.spending] / k->answer[z] : 0;
	return 1;
}

/* Makes the left directions, and the second right one at right angles to the first.  A direction that there is not
 * stays 0, and the small matrix has the identity there. */
static void set_left(const truce_equilibrium *eq, struct eq_kept *k, const struct patch *p)
{
	for (int m = 0; m < p->modes; m++) {
		double *v = k->right[m] + p->at, norm = 0, before = 0, along = 0;
		for (size_t c = 0; c < p->cells; c++) {
			before += weight_of(eq, k, p, c) * v[c] * v[c];
			along += m ? k->left[0][p->at + c] * v[c] : 0;
		}
		for (size_t c = 0; c < p->cells; c++) {
			v[c] -= m ? along * k->right[0][p->at + c] : 0;
			norm += weight_of(eq, k, p, c) * v[c] * v[c];
		}
		const bool there = norm > 1e-8 * before && isfinite(norm);
		for (size_t c = 0; c < p->cells; c++) {
			k->left[m][p->at + c] = there ? weight_of(eq, k, p, c) * v[c] / norm : 0;
			v[c] = there ? v[c] : 0;
		}
	}
}

static void onto_patches(const struct eq_kept *k, const double *state, double *part)
{
	for (size_t q = 0; q < k->patches; q++)
		for (int m = 0; m < k->patch[q].modes; m++)
			*part++ = eq_kernel_dot(k->patch[q].cells, k->left[m] + k->patch[q].at, state + k->patch[q].at);
}

/* What is left beside the directions: a region's prices and spending go round through what it sells to itself. */
static void push_home(truce_equilibrium *eq, double *gap)
{
	struct eq_kept *k = eq->kept;
	const size_t J = eq->sectors, block = eq->regions * J * J;
	const double *part = k->part;
	for (size_t q = 0; q < k->patches; q++)
		for (int m = 0; m < k->patch[q].modes; m++)
			eq_kernel_axpy(k->patch[q].cells, -*part++, k->right[m] + k->patch[q].at, gap + k->patch[q].at);
	for (size_t n = 0; n < eq->regions; n++) {
		const double *spending = gap + eq->at.spending + n * J, *unit = eq->unit + n * J;
		double *image = eq->image + eq->at.spending + n * J;
		eq_kernel_transposed_float(J, J, k->home + block + n * J * J, gap + eq->at.price + n * J, eq->image + eq->at.price + n * J);
		for (size_t j = 0; j < J; j++)
			k->money[j] = spending[j] * unit[j];
		memset(k->money + J, 0, J * sizeof(double));
		eq_kernel_transposed_float(J, J, k->home + n * J * J, k->money, k->money + J);
		for (size_t j = 0; j < J; j++)
			image[j] += k->money[J + j] / unit[j];
	}
}

/* ---- a step that knows ---------------------------------------------------------------------------------------------------- */

void eq_kept_push(truce_equilibrium *eq)
{
	struct eq_kept *k = eq->kept;
	double *gap = eq->gap; /* is written anew by whatever comes next */
	for (size_t z = 0; z < eq->at.size; z++)
		gap[z] = eq->image[z] - eq->state[z];
	onto_patches(k, gap, k->part);
	memset(k->moved, 0, k->modes * sizeof(double));
	eq_kernel_transposed_float(k->modes, k->modes, k->inverse, k->part, k->moved);
	const double *moved = k->moved;
	push_home(eq, gap);
	for (size_t q = 0; q < k->patches; q++)
		for (int m = 0; m < k->patch[q].modes; m++)
			eq_kernel_axpy(k->patch[q].cells, *moved++, k->right[m] + k->patch[q].at, eq->image + k->patch[q].at);
}

/* ---- shares under other elasticities ----------------------------------------------------------------------------------------- */

static void set_theta_of(truce_equilibrium *eq, size_t j, double theta)
{
	const struct eq_kept *k = eq->kept;
	eq->psi_theta[j] = k->psi_theta[j] * (theta / k->theta[j]);
	eq->theta[j] = theta;
}

/* Shares times kappa^-theta of a sector, from those kept. */
static void build_sector(truce_equilibrium *eq, size_t j)
{
	const struct eq_kept *k = eq->kept;
	const size_t N = eq->regions;
	const double more = k->theta[j] - eq->theta[j];
	for (size_t n = 0; n < N; n++) {
		const size_t row = truce_world_edge(eq->world, j, n, 0);
		if (k->changed[j * N + n])
			eq_kernel_scale_exp(N, more, k->wedge + row, k->a + row, k->b + row, eq->exporters_collect ? k->c + row : NULL,
				eq->a + row, eq->b + row, eq->c + row);
	}
}

static void build_bounds(truce_equilibrium *eq)
{
	const struct eq_kept *k = eq->kept;
	for (size_t q = 0; q < eq->policy.quantity_count; q++) {
		const truce_edge_quantity *bound = &eq->quantity[q];
		const size_t e = truce_world_edge(eq->world, bound->sector, bound->importer, bound->exporter);
		const double factor = exp((k->theta[bound->sector] - eq->theta[bound->sector]) * k->wedge[e]);
		for (int part = 0; part < 3; part++)
			eq->edge[3 * q + (size_t)part] = k->edge[3 * q + (size_t)part] * factor;
	}
}

/* Where a draw begins: the kept answer, moved by what was learnt of the elasticities. */
static void begin(truce_equilibrium *eq)
{
	struct eq_kept *k = eq->kept;
	const size_t J = eq->sectors;
	memcpy(eq->state, k->answer, eq->at.size * sizeof(double));
	if (!k->tangent)
		return;
	for (size_t j = 0; j < J; j++) {
		const double step = fmax(fmin(log(eq->theta[j] / k->theta[j]), THETA_FAR), -THETA_FAR);
		k->power[j] = step;
		k->power[J + j] = step * step;
	}
	eq_kernel_transposed_float(2 * J, eq->at.size, k->tangent, k->power, eq->state);
}

/* ---- learning ------------------------------------------------------------------------------------------------------------------ */

static int take_memory(truce_equilibrium *eq, int modes, bool tangents)
{
	const size_t N = eq->regions, J = eq->sectors, E = N * N * J, Z = eq->at.size, Q = eq->policy.quantity_count;
	struct eq_kept *k = truce_allocate_zero(eq->ctx, 1, sizeof *k);
	if (!(eq->kept = k))
		return TRUCE_MEMORY;
	if (!(k->patch = truce_allocate_zero(eq->ctx, 5 * N, sizeof *k->patch)) ||
		!(k->changed = truce_allocate_zero(eq->ctx, J * N, sizeof *k->changed)))
		return TRUCE_MEMORY;
	list_patches(eq, k, modes);
	const struct {
		double **where;
		size_t count;
	} arrays[] = {{&k->right[0], Z}, {&k->right[1], Z}, {&k->left[0], Z}, {&k->left[1], Z}, {&k->part, k->modes},
		{&k->moved, k->modes}, {&k->power, 2 * J}, {&k->money, 2 * J}, {&k->answer, Z}, {&k->theta, J}, {&k->psi_theta, J},
		{&k->step, N}, {&k->pull, N}, {&k->edge, 3 * Q}, {&k->wedge, E}, {&k->a, E}, {&k->b, E},
		{&k->c, eq->exporters_collect ? E : 0}};
	size_t total = 0;
	for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++)
		total += arrays[i].count;
	double *next = k->block = truce_allocate_zero(eq->ctx, total, sizeof(double));
	if (!next || !(k->home = truce_allocate_zero(eq->ctx, 2 * N * J * J, sizeof *k->home)) ||
		!(k->inverse = truce_allocate_zero(eq->ctx, k->modes * k->modes, sizeof *k->inverse)) ||
		(tangents && !(k->tangent = truce_allocate_zero(eq->ctx, 2 * J * Z, sizeof *k->tangent))))
		return TRUCE_MEMORY;
	for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++) {
		*arrays[i].where = next;
		next += arrays[i].count;
	}
	return TRUCE_OK;
}

static void keep_policy(truce_equilibrium *eq)
{
	struct eq_kept *k = eq->kept;
	const size_t N = eq->regions, J = eq->sectors, E = N * N * J;
	memcpy(k->theta, eq->theta, J * sizeof(double));
	memcpy(k->psi_theta, eq->psi_theta, J * sizeof(double));
	memcpy(k->step, eq->step, N * sizeof(double));
	memcpy(k->pull, eq->pull, N * sizeof(double));
	memcpy(k->a, eq->a, E * sizeof(double));
	memcpy(k->b, eq->b, E * sizeof(double));
	if (eq->exporters_collect)
		memcpy(k->c, eq->c, E * sizeof(double));
	memcpy(k->edge, eq->edge, 3 * eq->policy.quantity_count * sizeof(double));
	for (size_t e = 0; e < E; e++) {
		k->wedge[e] = eq->world->flow[e] > 0 ? eq_kappa_log(eq, e / (N * N), e / N % N, e % N, 1) : 0;
		k->changed[e / N] |= k->wedge[e] != 0;
	}
}

/* The map's slope in each direction, by differences: one evaluation each. */
static int learn_map(truce_equilibrium *eq, double *matrix)
{
	struct eq_kept *k = eq->kept;
	const size_t Z = eq->at.size, K = k->modes;
	double *at_answer = eq->last_state;
	size_t column = 0;
	eq_map(eq, k->answer, at_answer);
	for (size_t q = 0; q < k->patches; q++)
		for (int m = 0; m < k->patch[q].modes; m++, column++) {
			const struct patch *p = &k->patch[q];
			double largest = 0;
			memcpy(eq->state, k->answer, Z * sizeof(double));
			for (size_t c = 0; c < p->cells; c++)
				largest = fmax(largest, fabs(k->right[m][p->at + c]));
			const double step = largest > 0 ? STATE_STEP / largest : 0;
			eq_kernel_axpy(p->cells, step, k->right[m] + p->at, eq->state + p->at);
			if (step > 0)
				eq_map(eq, eq->state, eq->image);
			for (size_t z = 0; z < Z; z++)
				eq->gap[z] = step > 0 ? (eq->image[z] - at_answer[z]) / step : 0;
			onto_patches(k, eq->gap, k->part);
			for (size_t row = 0; row < K; row++)
				matrix[row * K + column] = (row == column) - k->part[row];
		}
	for (size_t i = 0; i < K * K; i++)
		if (!isfinite(matrix[i]))
			return TRUCE_CONVERGE;
	return TRUCE_OK;
}

/* Gauss and Jordan with pivots from the column, in place; then less the identity.  CONVERGE: singular. */
static int invert(size_t K, double *matrix, double *order)
{
	for (size_t c = 0; c < K; c++) {
		size_t best = c;
		for (size_t r = c + 1; r < K; r++)
			best = fabs(matrix[r * K + c]) > fabs(matrix[best * K + c]) ? r : best;
		order[c] = (double)best;
		if (!(fabs(matrix[best * K + c]) > 1e-12))
			return TRUCE_CONVERGE;
		for (size_t i = 0; best != c && i < K; i++) {
			const double swap = matrix[c * K + i];
			matrix[c * K + i] = matrix[best * K + i];
			matrix[best * K + i] = swap;
		}
		const double pivot = 1 / matrix[c * K + c];
		matrix[c * K + c] = 1;
		for (size_t i = 0; i < K; i++)
			matrix[c * K + i] *= pivot;
		for (size_t r = 0; r < K; r++) {
			const double factor = matrix[r * K + c];
			if (r == c || factor == 0)
				continue;
			matrix[r * K + c] = 0;
			eq_kernel_axpy(K, -factor, matrix + c * K, matrix + r * K);
		}
	}
	for (size_t c = K; c-- > 0;) {
		const size_t other = (size_t)order[c];
		for (size_t r = 0; other != c && r < K; r++) {
			const double swap = matrix[r * K + c];
			matrix[r * K + c] = matrix[r * K + other];
			matrix[r * K + other] = swap;
		}
	}
	for (size_t c = 0; c < K; c++)
		matrix[c * K + c] -= 1;
	return TRUCE_OK;
}

/* matrix [J][J] and order [J] of work */
static void learn_home(truce_equilibrium *eq, double *matrix, double *order)
{
	struct eq_kept *k = eq->kept;
	const size_t N = eq->regions, J = eq->sectors;
	const double *share = truce_equilibrium_get_point(eq).share;
	for (size_t n = 0; n < N; n++) {
		float *own = k->home + n * J * J, *turned = own + N * J * J;
		for (size_t j = 0; j < J; j++)
			for (size_t i = 0; i < J; i++)
				matrix[j * J + i] = (j == i) - share[truce_world_edge(eq->world, j, n, n)] * eq->world->input_share[(n * J + j) * J + i];
		if (invert(J, matrix, order))
			continue;
		for (size_t j = 0; j < J; j++)
			for (size_t i = 0; i < J; i++)
				own[j * J + i] = turned[i * J + j] = (float)matrix[j * J + i];
		/* the second directions go round, too */
		double *price = k->right[1] + eq->at.price + n * J, *spending = k->right[1] + eq->at.spending + n * J;
		memcpy(order, price, J * sizeof(double));
		eq_kernel_transposed_float(J, J, turned, order, price);
		for (size_t j = 0; j < J; j++) {
			order[j] = spending[j] * eq->unit[n * J + j];
			order[J + j] = 0;
		}
		eq_kernel_transposed_float(J, J, own, order, order + J);
		for (size_t j = 0; j < J; j++)
			spending[j] += order[J + j] / eq->unit[n * J + j];
	}
}

/* A few steps from the kept answer with one elasticity up, then down. */
static void learn_theta(truce_equilibrium *eq, size_t j)
{
	struct eq_kept *k = eq->kept;
	const size_t Z = eq->at.size;
	float *first = k->tangent + j * Z, *second = k->tangent + (eq->sectors + j) * Z;
	bool good = true;
	for (int side = 0; side < 2; side++) {
		set_theta_of(eq, j, k->theta[j] * exp(side ? -THETA_STEP : THETA_STEP));
		build_sector(eq, j);
		build_bounds(eq);
		memcpy(eq->state, k->answer, Z * sizeof(double));
		eq_anderson_reset(eq);
		for (int step = 0; step < TANGENT_STEPS; step++) {
			good &= isfinite(eq_map(eq, eq->state, eq->image));
			eq_kept_push(eq);
			eq_anderson_step(eq);
		}
		for (size_t z = 0; z < Z; z++) {
			const double moved = eq->state[z] - k->answer[z];
			first[z] += (float)((side ? -moved : moved) / (2 * THETA_STEP));
			second[z] += (float)(moved / (2 * THETA_STEP * THETA_STEP));
			good &= isfinite(first[z]) && isfinite(second[z]);
		}
	}
	if (!good) {
		memset(first, 0, Z * sizeof *first);
		memset(second, 0, Z * sizeof *second);
	}
	set_theta_of(eq, j, k->theta[j]);
	build_sector(eq, j);
	build_bounds(eq);
}

static int learn(truce_equilibrium *eq)
{
	struct eq_kept *k = eq->kept;
	const size_t J = eq->sectors, K = k->modes;
	double *matrix = truce_allocate_zero(eq->ctx, K * K > J * J ? K * K : J * J, sizeof *matrix);
	if (!matrix)
		return TRUCE_MEMORY;
	set_directions(eq, k);
	learn_home(eq, matrix, k->money);
	for (size_t q = 0; q < k->patches; q++)
		set_left(eq, k, &k->patch[q]);
	int status = learn_map(eq, matrix);
	if (!status)
		status = invert(K, matrix, k->moved);
	for (size_t i = 0; !status && i < K * K; i++)
		k->inverse[i % K * K + i / K] = (float)matrix[i];
	truce_release(eq->ctx, matrix);
	for (size_t j = 0; !status && k->tangent && j < J; j++)
		learn_theta(eq, j);
	return status;
}

int truce_equilibrium_keep(truce_equilibrium *eq, size_t draws, int *evaluations)
{
	const truce_equilibrium_info info = eq->info;
	eq_kept_free(eq);
	if (evaluations)
		*evaluations = 0;
	if (!eq->info.converged || !eq->updated || eq->fraction != 1)
		return truce_fail(eq->ctx, TRUCE_CONVERGE, NULL, 0, 0, "solve it first", "there is no answer to keep");
	/* Learning a direction takes one evaluation; the first of each patch save some seven a draw, the second one.  An
	 * elasticity takes four, and all of them save two. */
	const size_t N = eq->regions, J = eq->sectors;
	if (draws <= N || eq->settings.market == TRUCE_MARKET_RESTRICTED)
		return TRUCE_OK;
	int status = take_memory(eq, draws > 3 * N ? 2 : 1, draws > 2 * J);
	if (!status) {
		memcpy(eq->kept->answer, eq->state, eq->at.size * sizeof(double));
		keep_policy(eq);
		status = learn(eq);
		/* the answer, as it was */
		memcpy(eq->state, eq->kept->answer, eq->at.size * sizeof(double));
		if (evaluations)
			*evaluations = eq->info.evaluations - info.evaluations;
		eq_result_fill(eq);
	}
	eq->info = info;
	eq->solved = true;
	if (status)
		eq_kept_free(eq);
	else
		eq->kept->valid = true;
	return status == TRUCE_CONVERGE ? TRUCE_OK : status; /* draws are solved as any other problem then */
}

/* ---- a draw ---------------------------------------------------------------------------------------------------------------------- */

/* The kept map under these elasticities; false where they are none. */
static bool set_draw(truce_equilibrium *eq, const double *theta)
{
	const struct eq_kept *k = eq->kept;
	for (size_t j = 0; j < eq->sectors; j++) {
		const double now = theta[j] * eq->settings.theta_scale;
		if (!(now > 0) || !isfinite(now) || !(k->psi_theta[j] / k->theta[j] * now < 1))
			return false;
	}
	if (eq->fraction != 1 && eq_policy_build(eq, 1))
		return false;
	for (size_t j = 0; j < eq->sectors; j++) {
		set_theta_of(eq, j, theta[j] * eq->settings.theta_scale);
		build_sector(eq, j);
	}
	build_bounds(eq);
	memcpy(eq->step, k->step, eq->regions * sizeof(double));
	memcpy(eq->pull, k->pull, eq->regions * sizeof(double));
	return true;
}

int truce_equilibrium_draw(truce_equilibrium *eq, const double *theta)
{
	const double started = eq_now_ms();
	const bool kept = eq->kept && eq->kept->valid;
	int status = TRUCE_CONVERGE;
	if (kept && set_draw(eq, theta)) {
		begin(eq);
		status = eq_solve_pushed(eq, started);
	}
	if (status != TRUCE_CONVERGE)
		return status;
	/* as any other problem, from cold, so that no answer hangs on the draws before it */
	truce_equilibrium_cold(eq);
	if ((status = truce_equilibrium_set_theta(eq, theta)))
		return status;
	status = truce_equilibrium_update(eq, eq->policy_given ? &eq->policy : NULL);
	if (kept)
		eq->kept->valid = true; /* it is the same policy */
	return status ? status : truce_equilibrium_solve(eq);
}
