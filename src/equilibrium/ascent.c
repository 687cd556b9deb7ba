/* equilibrium: climbing within bounds, by the limited-memory BFGS method (Nocedal 1980) on the variables that no bound holds,
 * with a projected line search.  Near the top, where differences of the value drown in its last digits, a step is
 * judged by its gradient (Hager and Zhang 2005, the approximate Wolfe condition). */
#include "game.h"

#include <math.h>
#include <string.h>

#include "kernel.h"

enum { CLIMB = 40 };
static const double VALUE_DIGITS = 1e-12;

int eq_ascent_new(truce_arena *arena, struct eq_ascent *a, size_t count)
{
	double **arrays[] = {&a->y, &a->next, &a->gradient, &a->next_gradient, &a->direction};
	for (size_t k = 0; k < sizeof arrays / sizeof *arrays; k++)
		if (!(*arrays[k] = truce_arena_array(arena, count, sizeof(double))))
			return TRUCE_MEMORY;
	a->moves = truce_arena_array(arena, CLIMB * count, sizeof(double));
	a->bends = truce_arena_array(arena, CLIMB * count, sizeof(double));
	a->held = truce_arena_array(arena, count, sizeof *a->held);
	return a->moves && a->bends && a->held ? TRUCE_OK : TRUCE_MEMORY;
}

/* Which variables a bound holds back; the largest part of the gradient that none does. */
static double hold(struct eq_ascent *a, const struct eq_hill *h)
{
	double largest = 0;
	for (size_t v = 0; v < h->count; v++) {
		a->held[v] = (a->y[v] <= h->low[v] && a->gradient[v] < 0) || (a->y[v] >= h->high[v] && a->gradient[v] > 0);
		if (!a->held[v])
			largest = fmax(largest, fabs(a->gradient[v]));
	}
	return largest;
}

static double dot_free(const struct eq_ascent *a, size_t count, const double *x, const double *y)
{
	double sum = 0;
	for (size_t v = 0; v < count; v++)
		sum += a->held[v] ? 0 : x[v] * y[v];
	return sum;
}

/* The two-loop recursion over the free variables; false where it points nowhere. */
static bool point(struct eq_ascent *a, const struct eq_hill *h, int kept, int newest)
{
	const size_t count = h->count;
	double alpha[CLIMB], *d = a->direction, scale = NAN;
	for (size_t v = 0; v < count; v++)
		d[v] = a->held[v] ? 0 : a->gradient[v];
	for (int k = 0; k < kept; k++) {
		const int slot = (newest - k + CLIMB) % CLIMB;
		const double *s = a->moves + (size_t)slot * count, *y = a->bends + (size_t)slot * count;
		const double curve = dot_free(a, count, s, y), size = dot_free(a, count, y, y);
		alpha[k] = NAN;
		if (!(curve > 1e-12 * size))
			continue; /* says nothing about these variables */
		if (isnan(scale))
			scale = curve / size;
		alpha[k] = dot_free(a, count, s, d) / curve;
		eq_kernel_axpy(count, -alpha[k], y, d);
	}
	for (size_t v = 0; v < count; v++)
		d[v] *= isnan(scale) ? 1 : scale;
	for (int k = kept - 1; k >= 0; k--) {
		const int slot = (newest - k + CLIMB) % CLIMB;
		const double *s = a->moves + (size_t)slot * count, *y = a->bends + (size_t)slot * count;
		if (isnan(alpha[k]))
			continue;
		eq_kernel_axpy(count, alpha[k] - dot_free(a, count, y, d) / dot_free(a, count, s, y), s, d);
	}
	double along = 0;
	for (size_t v = 0; v < count; v++) {
		d[v] = a->held[v] ? 0 : fmin(fmax(d[v], -h->longest[v]), h->longest[v]);
		along += d[v] * a->gradient[v];
	}
	return along > 0 && isfinite(along);
}

static double go(const struct eq_ascent *a, const struct eq_hill *h, double step)
{
	double along = 0;
	for (size_t v = 0; v < h->count; v++) {
		a->next[v] = fmin(fmax(a->y[v] + step * a->direction[v], h->low[v]), h->high[v]);
		along += a->gradient[v] * (a->next[v] - a->y[v]);
	}
	return along;
}

/* A step that is good enough; TRUCE_NO where none is found. */
static int search_line(truce_context *ctx, struct eq_ascent *a, const struct eq_hill *h, double *f, int *left)
{
	const size_t said = truce_diagnostic_count(ctx);
	double step = 1, low = 0, high = INFINITY;
	for (int tries = 0; tries < 25 && *left > 0; tries++) {
		double value = -INFINITY, after = 0;
		const double along = go(a, h, step);
		int status = h->evaluate(h->user, a->next, &value, a->next_gradient);
		--*left;
		if (status && status != TRUCE_CONVERGE)
			return status;
		if (status || !isfinite(value)) {
			truce_diagnostics_forget(ctx, said); /* no equilibrium so far away: a shorter step */
			value = -INFINITY;
		}
		for (size_t v = 0; v < h->count && isfinite(value); v++)
			after += a->next_gradient[v] * (a->next[v] - a->y[v]);
		const bool risen = value >= *f + 1e-4 * along, level = value >= *f - VALUE_DIGITS && fabs(after) <= 0.8 * along;
		if (isfinite(value) && (risen || level)) {
			if (after <= 0.9 * along || step >= 16 || high < INFINITY) {
				*f = value;
				return TRUCE_OK;
			}
			low = step; /* still as steep: farther */
			step *= 3;
			continue;
		}
		high = step;
		const double secant = isfinite(value) && after < along ? step * along / (along - after) : 0;
		step = low > 0 ? (low + high) / 2 : fmin(fmax(secant, 0.1 * step), 0.6 * step);
	}
	return TRUCE_NO;
}

int eq_ascend(truce_context *ctx, struct eq_ascent *a, const struct eq_hill *h, double tolerance, int evaluations, double *f)
{
	const size_t bytes = h->count * sizeof(double);
	int kept = 0, newest = -1, left = evaluations - 1;
	int status = h->evaluate(h->user, a->y, f, a->gradient);
	if (status)
		return status;
	while (hold(a, h) > tolerance && left > 0) {
		if (truce_cancelled(ctx))
			return TRUCE_CANCELLED;
		if (!point(a, h, kept, newest)) {
			kept = 0;
			if (!point(a, h, 0, newest))
				return TRUCE_OK;
		}
		status = search_line(ctx, a, h, f, &left);
		if (status == TRUCE_NO && kept > 0) {
			kept = 0; /* what is remembered misleads */
			continue;
		}
		if (status)
			return status == TRUCE_NO ? TRUCE_OK : status;
		newest = (newest + 1) % CLIMB;
		kept = kept < CLIMB ? kept + 1 : CLIMB;
		double *s = a->moves + (size_t)newest * h->count, *y = a->bends + (size_t)newest * h->count;
		for (size_t v = 0; v < h->count; v++) {
			s[v] = a->next[v] - a->y[v];
			y[v] = a->gradient[v] - a->next_gradient[v];
		}
		memcpy(a->y, a->next, bytes);
		memcpy(a->gradient, a->next_gradient, bytes);
	}
	hold(a, h);
	return TRUCE_OK;
}
