/* equilibrium: is the top a top?  The largest eigenvalue of the Hessian at a point, over the variables that no bound holds,
 * by Lanczos's method with full orthogonalisation; a product is the difference of two gradients. */
#include "game.h"

#include <lapacke.h>
#include <math.h>
#include <string.h>

#include "kernel.h"

enum { LANCZOS = 160, EVERY = 8 }; /* steps at most; how often the eigenvalue is looked at */
static const double CLOSE = 0.02; /* of the eigenvalue */
static const double STEP = 2e-3;  /* of the longest step */

struct lanczos {
	const struct eq_hill *hill;
	const double *y;
	const bool *left_out;
	double *basis, *moved, *above, *below; /* [LANCZOS + 1][count], [count] */
	double diagonal[LANCZOS + 1], beside[LANCZOS + 1];
	double *vectors; /* [LANCZOS][LANCZOS] of work */
	struct {
		lapack_int (*dstev)(int, char, lapack_int, double *, double *, double *, lapack_int, double *);
	} lapack; /* loaded here: only a proof needs it */
};

static double norm(const double *x, size_t count)
{
	return sqrt(eq_kernel_dot(count, x, x));
}

/* out = Hessian times direction */
static int product(struct lanczos *l, const double *direction, double *out)
{
	const size_t count = l->hill->count;
	double step = INFINITY, f;
	for (size_t v = 0; v < count; v++)
		if (direction[v] != 0)
			step = fmin(step, STEP * l->hill->longest[v] / fabs(direction[v]));
	for (int side = 0; side < 2; side++) {
		for (size_t v = 0; v < count; v++)
			l->moved[v] = l->y[v] + (side ? -step : step) * direction[v];
		int status = l->hill->evaluate(l->hill->user, l->moved, &f, side ? l->below : l->above);
		if (status)
			return status;
	}
	for (size_t v = 0; v < count; v++)
		out[v] = l->left_out[v] ? 0 : (l->above[v] - l->below[v]) / (2 * step);
	return TRUCE_OK;
}

/* The largest eigenvalue of the tridiagonal matrix so far, its vector, and by how much it may be off. */
static double largest(const struct lanczos *l, int steps, double *vector, double *error)
{
	double d[LANCZOS], e[LANCZOS], work[2 * LANCZOS];
	memcpy(d, l->diagonal, (size_t)steps * sizeof *d);
	memcpy(e, l->beside, (size_t)steps * sizeof *e);
	if (l->lapack.dstev(LAPACK_COL_MAJOR, 'V', steps, d, e, l->vectors, steps, work))
		return NAN;
	memcpy(vector, l->vectors + (size_t)(steps - 1) * (size_t)steps, (size_t)steps * sizeof *vector);
	*error = fabs(l->beside[steps - 1] * vector[steps - 1]);
	return d[steps - 1];
}

int eq_curvature_find(truce_context *ctx, truce_arena *arena, struct eq_curvature *out, const struct eq_hill *h, const double *y,
	const bool *held)
{
	static const char *const names[] = {"LAPACKE_dstev_work"};
	const size_t count = h->count;
	struct lanczos l = {.hill = h, .y = y, .left_out = held};
	double vector[LANCZOS];
	int steps = 0, status = TRUCE_OK;
	out->largest = out->error = NAN;
	out->variables = 0;
	if (!(out->direction = truce_arena_array(arena, count, sizeof(double))) || !(l.moved = truce_arena_array(arena, count, sizeof(double))) ||
		!(l.above = truce_arena_array(arena, count, sizeof(double))) || !(l.below = truce_arena_array(arena, count, sizeof(double))) ||
		!(l.vectors = truce_arena_array(arena, LANCZOS * LANCZOS, sizeof(double))))
		return TRUCE_MEMORY;
	for (size_t v = 0; v < count; v++)
		out->variables += !held[v];
	if (out->variables == 0)
		return TRUCE_OK;
	if ((status = truce_library_load(ctx, "liblapacke.so.3", names, 1, &l.lapack, "install liblapacke, or ask for no proof")))
		return status;
	const int most = out->variables < LANCZOS ? (int)out->variables : LANCZOS;
	if (!(l.basis = truce_arena_array(arena, (size_t)(most + 1) * count, sizeof(double))))
		return TRUCE_MEMORY;
	for (size_t v = 0; v < count; v++)
		l.basis[v] = held[v] ? 0 : truce_draw_uniform(7, 0, v) - 0.5;
	double length = norm(l.basis, count);
	for (size_t v = 0; v < count; v++)
		l.basis[v] /= length;
	while (steps < most) {
		const double *at = l.basis + (size_t)steps * count;
		double *next = l.basis + (size_t)(steps + 1) * count;
		if ((status = product(&l, at, next)))
			return status;
		l.diagonal[steps] = eq_kernel_dot(count, at, next);
		for (int twice = 0; twice < 2; twice++)
			for (int k = 0; k <= steps; k++) {
				const double *b = l.basis + (size_t)k * count;
				eq_kernel_axpy(count, -eq_kernel_dot(count, b, next), b, next);
			}
		length = l.beside[steps++] = norm(next, count);
		if (steps % EVERY == 0 || steps == most || !(length > 0)) {
			out->largest = largest(&l, steps, vector, &out->error);
			if (!(out->error > CLOSE * fabs(out->largest)))
				break;
		}
		for (size_t v = 0; v < count; v++)
			next[v] /= length;
	}
	if (steps == (int)out->variables)
		out->error = 0; /* the whole space was seen */
	memset(out->direction, 0, count * sizeof *out->direction);
	for (int k = 0; k < steps; k++)
		eq_kernel_axpy(count, vector[k], l.basis + (size_t)k * count, out->direction);
	return TRUCE_OK;
}

bool eq_curvature_leave(const struct eq_curvature *c, const struct eq_hill *h, double *y)
{
	double step = INFINITY;
	if (!(c->largest - c->error > 1e-6))
		return false;
	for (size_t v = 0; v < h->count; v++)
		if (c->direction[v] != 0)
			step = fmin(step, 0.5 * h->longest[v] / fabs(c->direction[v]));
	for (size_t v = 0; v < h->count; v++)
		y[v] = fmin(fmax(y[v] + step * c->direction[v], h->low[v]), h->high[v]);
	return true;
}
