/* equilibrium: the tariffs of one region that serve it best, the others' as they are.
 *
 * The search is NLopt's; the gradient is by differences of warm solves, in log(1 + tariff).  The optimum is solved once
 * more from cold with its certificate, and its gradient is computed anew by central differences: what is claimed is
 * checked apart from what found it. */
#include <truce/equilibrium.h>

#include <math.h>
#include <nlopt.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

typedef struct {
	truce_context *ctx;
	const truce_world *world;
	const truce_optimal_options *options;
	truce_equilibrium *eq;
	double *tariff;  /* [J][N][N] */
	size_t *edge;    /* [count] the variables */
	double *step;    /* [count] a copy of x that differences move */
	double *scale;   /* [count] what a variable is multiplied with for the search, so that all bend alike */
	double *plain;   /* [count] unscaled */
	size_t count;
	int evaluations, status;
} search;

void truce_optimal_options_init(truce_optimal_options *options)
{
	*options = (truce_optimal_options){.low = -0.5, .high = 10, .tolerance = 1e-7, .iterations = 200};
}

static double solved(search *s, const double *x)
{
	truce_policy policy = {.tariff = s->tariff};
	for (size_t v = 0; v < s->count; v++)
		s->tariff[s->edge[v]] = expm1(x[v]);
	s->evaluations++;
	if (truce_cancelled(s->ctx))
		s->status = TRUCE_CANCELLED;
	if (!s->status)
		s->status = truce_equilibrium_update(s->eq, &policy);
	if (!s->status)
		s->status = truce_equilibrium_solve(s->eq);
	return s->status ? NAN : log1p(truce_equilibrium_get_result(s->eq)->region[s->options->player].real_income);
}

/* Central differences of log real income: wide in the search, where the solver's last digits would show in small
 * entries; narrow in the proof. */
static void gradient_of(search *s, const double *x, double *gradient, double h)
{
	memcpy(s->step, x, s->count * sizeof *x);
	for (size_t v = 0; v < s->count && !s->status; v++) {
		s->step[v] = x[v] + h;
		double above = solved(s, s->step);
		s->step[v] = x[v] - h;
		gradient[v] = (above - solved(s, s->step)) / (2 * h);
		s->step[v] = x[v];
	}
}

static double objective(unsigned n, const double *x, double *gradient, void *user)
{
	search *s = user;
	for (unsigned v = 0; v < n; v++)
		s->plain[v] = x[v] / s->scale[v];
	double here = s->status ? NAN : solved(s, s->plain);
	if (gradient && !s->status)
		gradient_of(s, s->plain, gradient, 1e-3);
	for (unsigned v = 0; gradient && v < n; v++)
		gradient[v] /= s->scale[v];
	return s->status ? -HUGE_VAL : here;
}

static int list_variables(search *s, truce_arena *arena)
{
	const truce_world *w = s->world;
	s->edge = truce_arena_array(arena, w->sectors * w->regions, sizeof *s->edge);
	s->step = truce_arena_array(arena, w->sectors * w->regions, sizeof *s->step);
	s->scale = truce_arena_array(arena, w->sectors * w->regions, sizeof *s->scale);
	s->plain = truce_arena_array(arena, w->sectors * w->regions, sizeof *s->plain);
	if (!s->edge || !s->step || !s->scale || !s->plain)
		return TRUCE_MEMORY;
	double income = truce_world_gdp(w, s->options->player);
	for (size_t j = 0; j < w->sectors; j++)
		for (size_t i = 0; i < w->regions; i++) {
			size_t e = truce_world_edge(w, j, s->options->player, i);
			if (i != s->options->player && w->flow[e] > 0 && (!s->options->sectors || s->options->sectors[j])) {
				/* Income bends by about theta times the flow's share of it. */
				s->scale[s->count] = sqrt(w->theta[j] * fmax(w->flow[e] / income, 1e-12));
				s->edge[s->count++] = e;
			}
		}
	return s->count ? TRUCE_OK : truce_fail(s->ctx, TRUCE_INPUT, NULL, 0, 0, NULL, "%s imports nothing of what may change",
		w->region[s->options->player]);
}

static int by_size(const void *a, const void *b)
{
	double left = *(const double *)a, right = *(const double *)b;
	return (left > right) - (left < right);
}

/* The claim, checked: certified from cold, its gradient by central differences, a scan of all its tariffs at once. */
static int verify(search *s, truce_arena *arena, truce_optimal *found, double *x, const truce_equilibrium_settings *settings)
{
	const truce_world *w = s->world;
	truce_equilibrium *cold;
	truce_policy policy = {.tariff = found->tariff};
	double *gradient = truce_arena_array(arena, s->count, sizeof *gradient), low = log1p(s->options->low), high = log1p(s->options->high);
	if (!gradient)
		return TRUCE_MEMORY;
	solved(s, x);
	memcpy(found->tariff, s->tariff, w->sectors * w->regions * w->regions * sizeof *s->tariff);
	gradient_of(s, x, gradient, 1e-4);
	for (size_t v = 0; v < s->count && !s->status; v++) {
		bool at_low = x[v] <= low + 1e-9, at_high = x[v] >= high - 1e-9;
		found->gradient[s->edge[v] / w->regions / w->regions * w->regions + s->edge[v] % w->regions] = gradient[v];
		found->at_low += at_low;
		found->at_high += at_high;
		if ((at_low && gradient[v] < 0) || (at_high && gradient[v] > 0))
			continue;
		found->kkt = fmax(found->kkt, fabs(gradient[v]));
	}
	for (int k = 0; k < 9 && !s->status; k++) {
		found->scan_factor[k] = 0.6 + 0.1 * k;
		for (size_t v = 0; v < s->count; v++)
			s->step[v] = x[v] * found->scan_factor[k];
		found->scan_income[k] = expm1(solved(s, s->step));
	}
	int status = s->status ? s->status : truce_equilibrium_new(s->ctx, &cold, w, settings, 0);
	if (status)
		return status;
	if (!(status = truce_equilibrium_update(cold, &policy)))
		status = truce_equilibrium_solve(cold);
	found->certificate = truce_equilibrium_get_info(cold)->certificate;
	found->real_income = status ? NAN : truce_equilibrium_get_result(cold)->region[s->options->player].real_income;
	truce_equilibrium_free(cold);
	for (size_t v = 0; v < s->count; v++) {
		s->step[v] = found->tariff[s->edge[v]];
		found->mean += s->step[v] / (double)s->count;
	}
	qsort(s->step, s->count, sizeof *s->step, by_size);
	found->median = s->count % 2 ? s->step[s->count / 2] : (s->step[s->count / 2 - 1] + s->step[s->count / 2]) / 2;
	return status;
}

/* A place to begin from: the same tariff everywhere, the inverse of the mean elasticity, which is the best tariff of a
 * small buyer of one good (docs/model.md). */
static void start_near(const search *s, double *x)
{
	double sum = 0;
	for (size_t v = 0; v < s->count; v++)
		sum += s->world->theta[s->edge[v] / s->world->regions / s->world->regions];
	double start = log1p((double)s->count / sum);
	for (size_t v = 0; v < s->count; v++)
		x[v] = fmin(fmax(start, log1p(s->options->low)), log1p(s->options->high));
}

static int climb(search *s, truce_arena *arena, double *x)
{
	double best, *low = truce_arena_array(arena, s->count, sizeof *low), *high = truce_arena_array(arena, s->count, sizeof *high);
	if (!low || !high)
		return TRUCE_MEMORY;
	for (size_t v = 0; v < s->count; v++) {
		low[v] = log1p(s->options->low) * s->scale[v];
		high[v] = log1p(s->options->high) * s->scale[v];
		x[v] *= s->scale[v];
	}
	nlopt_opt opt = nlopt_create(NLOPT_LD_LBFGS, (unsigned)s->count);
	if (!opt)
		return TRUCE_MEMORY;
	nlopt_set_max_objective(opt, objective, s);
	nlopt_set_lower_bounds(opt, low);
	nlopt_set_upper_bounds(opt, high);
	nlopt_set_maxeval(opt, s->options->iterations);
	nlopt_set_ftol_abs(opt, s->options->tolerance * 1e-3);
	nlopt_optimize(opt, x, &best); /* how it stopped matters less than what verify finds */
	nlopt_destroy(opt);
	for (size_t v = 0; v < s->count; v++)
		x[v] /= s->scale[v];
	return s->status;
}

int truce_equilibrium_optimal(truce_context *ctx, truce_arena *arena, truce_optimal **out, const truce_world *world,
	const truce_equilibrium_settings *settings, const truce_optimal_options *options, const double *begin)
{
	size_t edges = world->sectors * world->regions * world->regions;
	struct timespec from, to;
	search s = {.ctx = ctx, .world = world, .options = options};
	truce_equilibrium_settings inner = *settings;
	clock_gettime(CLOCK_MONOTONIC, &from);
	*out = NULL;
	if (options->player >= world->regions || !(options->low > -1) || !(options->high > options->low))
		return truce_fail(ctx, TRUCE_INPUT, NULL, 0, 0, "bounds lie above -1, the lower below the upper", "this is no game to play");
	truce_optimal *found = truce_arena_take(arena, sizeof *found);
	s.tariff = truce_arena_array(arena, edges, sizeof *s.tariff);
	if (!found || !s.tariff || !(found->tariff = truce_arena_array(arena, edges, sizeof *found->tariff)) ||
		!(found->gradient = truce_arena_array(arena, world->sectors * world->regions, sizeof *found->gradient)))
		return TRUCE_MEMORY;
	memcpy(s.tariff, begin ? begin : world->tariff, edges * sizeof *s.tariff);
	int status = list_variables(&s, arena);
	double *x = status ? NULL : truce_arena_array(arena, s.count, sizeof *x);
	if (status || !x)
		return status ? status : TRUCE_MEMORY;
	inner.certify = false; /* the end is certified */
	if ((status = truce_equilibrium_new(ctx, &s.eq, world, &inner, 0)))
		return status;
	for (size_t v = 0; v < s.count; v++)
		x[v] = fmin(fmax(log1p(s.tariff[s.edge[v]]), log1p(options->low)), log1p(options->high));
	found->variables = s.count;
	found->start = expm1(solved(&s, x));
	if (!begin)
		start_near(&s, x);
	if (!s.status && !(status = climb(&s, arena, x)))
		status = verify(&s, arena, found, x, settings);
	truce_equilibrium_free(s.eq);
	found->evaluations = s.evaluations;
	clock_gettime(CLOCK_MONOTONIC, &to);
	found->milliseconds = (double)(to.tv_sec - from.tv_sec) * 1e3 + (double)(to.tv_nsec - from.tv_nsec) / 1e6;
	status = s.status ? s.status : status;
	if (!status)
		*out = found;
	return status;
}
