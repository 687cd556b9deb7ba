/* equilibrium: the value of wedges and its gradient, as something to climb: a warm solve and its adjoint. */
#include "game.h"

#include <math.h>
#include <string.h>

static void set_hill(struct eq_search *s)
{
	const struct eq_levers *l = &s->levers;
	for (size_t v = 0; v < l->count; v++) {
		s->hill.low[v] = l->low * l->scale[v];
		s->hill.high[v] = l->high * l->scale[v];
		s->hill.longest[v] = 0.7 * l->scale[v]; /* a wedge at most doubles or halves in a step */
	}
}

int eq_search_new(truce_context *ctx, truce_arena *arena, struct eq_search *s, const truce_world *w,
	const truce_equilibrium_settings *settings, const truce_policy_options *options, const struct eq_levers *levers,
	const double *tariff, const double *export_tax)
{
	const size_t edges = w->regions * w->regions * w->sectors, bytes = edges * sizeof(double);
	truce_equilibrium_settings inner = *settings;
	memset(s, 0, sizeof *s);
	s->ctx = ctx;
	s->world = w;
	s->options = options;
	s->levers = *levers;
	s->hill = (struct eq_hill){.count = levers->count, .evaluate = eq_search_evaluate, .user = s};
	double **arrays[] = {&s->hill.low, &s->hill.high, &s->hill.longest, &s->levers.scale, &s->x, &s->bend, &s->last_step, &s->damping};
	for (size_t k = 0; k < sizeof arrays / sizeof *arrays; k++)
		if (!(*arrays[k] = truce_arena_array(arena, levers->count, sizeof(double))))
			return TRUCE_MEMORY;
	memcpy(s->levers.scale, levers->scale, levers->count * sizeof(double));
	set_hill(s);
	if (!(s->tariff = truce_arena_array(arena, edges, sizeof(double))) ||
		!(s->tariff_gradient = truce_arena_array(arena, edges, sizeof(double))) ||
		!(s->value = truce_arena_array(arena, w->regions, sizeof(double))) ||
		!(s->slope = truce_arena_array(arena, w->regions, sizeof(double))))
		return TRUCE_MEMORY;
	if (export_tax && (!(s->export_tax = truce_arena_array(arena, edges, sizeof(double))) ||
		!(s->export_gradient = truce_arena_array(arena, edges, sizeof(double)))))
		return TRUCE_MEMORY;
	memcpy(s->tariff, tariff, bytes);
	if (export_tax)
		memcpy(s->export_tax, export_tax, bytes);
	inner.certify = false; /* the end is certified */
	int status = truce_equilibrium_new(ctx, &s->eq, w, &inner, 0);
	if (!status)
		status = truce_adjoint_new(ctx, &s->adjoint, s->eq);
	if (status)
		eq_search_free(s);
	return status;
}

void eq_search_free(struct eq_search *s)
{
	truce_adjoint_free(s->adjoint);
	truce_equilibrium_free(s->eq);
	s->adjoint = NULL;
	s->eq = NULL;
}

static void measure_bends(struct eq_search *s)
{
	const struct eq_levers *l = &s->levers;
	const truce_equilibrium_result *r = truce_equilibrium_get_result(s->eq);
	for (size_t v = 0; v < l->count; v++) {
		const size_t n = l->owner[v];
		double flow = 0;
		for (size_t k = l->first[v]; k < l->first[v + 1]; k++)
			flow += r->flow[l->edge[k]];
		s->bend[v] = fabs(s->slope[n]) * s->value[n] * (1 + l->elasticity[v]) * flow / r->region[n].income;
	}
}

int eq_search_values(struct eq_search *s, const double *tariff, const double *export_tax)
{
	const truce_policy policy = {.tariff = tariff, .export_tax = export_tax};
	s->evaluations++;
	int status = truce_equilibrium_update(s->eq, &policy);
	if (!status)
		status = truce_equilibrium_solve(s->eq);
	if (!status)
		truce_adjoint_values(s->adjoint, s->value, &s->options->weights);
	return status;
}

int eq_search_evaluate(void *user, const double *y, double *f, double *gradient)
{
	struct eq_search *s = user;
	const struct eq_levers *l = &s->levers;
	for (size_t v = 0; v < l->count; v++)
		s->x[v] = fmin(fmax(y[v] / l->scale[v], l->low), l->high);
	eq_levers_write(l, s->x, s->tariff, s->export_tax);
	int status = eq_search_values(s, s->tariff, s->export_tax);
	if (status)
		return status;
	memset(s->slope, 0, s->world->regions * sizeof *s->slope);
	*f = s->objective(s->objective_user, s->value, s->slope);
	measure_bends(s);
	if (!gradient || !isfinite(*f))
		return TRUCE_OK;
	status = truce_adjoint_gradient(s->adjoint, s->tariff_gradient, s->export_gradient, s->slope, &s->options->weights);
	for (size_t v = 0; v < l->count && !status; v++) {
		const double *from = l->exports[v] ? s->export_gradient : s->tariff_gradient;
		double sum = 0;
		for (size_t k = l->first[v]; k < l->first[v + 1]; k++)
			sum += from[l->edge[k]];
		gradient[v] = sum / l->scale[v];
	}
	return status;
}

void eq_search_rescale(struct eq_search *s, double *y)
{
	for (size_t v = 0; v < s->levers.count; v++) {
		const double scale = sqrt(fmax(s->bend[v], 1e-30));
		y[v] *= scale / s->levers.scale[v];
		s->levers.scale[v] = scale;
	}
	set_hill(s);
}

enum { POLISHES = 100, CLIMBS = 5 };
static const double NEAR = 1e-6;   /* of log(1 + wedge) */
static const double SMALL = 1e-7;  /* bends that matter to nobody else */

/* Wedges on flows so small that the value hardly shows them, moved to where their own gradient is nothing: it is known to as
 * many digits as any other's.  True where some moved. */
static bool polish(struct eq_search *s, struct eq_ascent *a)
{
	bool moved = false;
	for (size_t v = 0; v < s->hill.count; v++) {
		const double scale = s->levers.scale[v];
		if (!(s->bend[v] > 0 && s->bend[v] < SMALL))
			continue;
		double step = fmin(fmax(a->gradient[v] * scale / s->bend[v], -0.5), 0.5);
		if (step * s->last_step[v] < 0)
			s->damping[v] *= 0.6; /* to and fro: shorter */
		s->last_step[v] = step;
		step *= s->damping[v];
		const double to = fmin(fmax(a->y[v] + step * scale, s->hill.low[v]), s->hill.high[v]);
		if (fabs(to - a->y[v]) <= NEAR * scale)
			continue;
		a->y[v] = to;
		moved = true;
	}
	return moved;
}

/* The largest part of the gradient that no bound holds back, in the scale of the last point. */
static double steepest(const struct eq_search *s, const struct eq_ascent *a)
{
	double largest = 0;
	for (size_t v = 0; v < s->hill.count; v++) {
		const bool held = (a->y[v] <= s->hill.low[v] && a->gradient[v] < 0) || (a->y[v] >= s->hill.high[v] && a->gradient[v] > 0);
		if (!held && s->bend[v] > 0)
			largest = fmax(largest, fabs(a->gradient[v]) * s->levers.scale[v] / sqrt(s->bend[v]));
	}
	return largest;
}

int eq_search_climb(struct eq_search *s, struct eq_ascent *a, double tolerance, int evaluations, double *f)
{
	const int before = s->evaluations;
	int status = eq_search_evaluate(s, a->y, f, NULL);
	for (int climbs = 0; !status && climbs < CLIMBS; climbs++) {
		const int left = evaluations - (s->evaluations - before);
		eq_search_rescale(s, a->y);
		if (left < 2 || (status = eq_ascend(s->ctx, a, &s->hill, tolerance, left, f)))
			break;
		bool moved = true;
		for (size_t v = 0; v < s->hill.count; v++) {
			s->last_step[v] = 0;
			s->damping[v] = 1;
		}
		for (int k = 0; k < POLISHES && moved; k++) {
			if ((status = eq_search_evaluate(s, a->y, f, a->gradient)))
				return status;
			moved = polish(s, a);
		}
		if (steepest(s, a) <= tolerance)
			break;
	}
	return status;
}
