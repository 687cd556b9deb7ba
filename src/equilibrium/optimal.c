/* equilibrium: the wedges of one region that serve it best, the others' as they are, with their proof.
 *
 * A reply is a function of the world, the wedges of all and where to begin, so that replies may be found on several
 * threads.  What is claimed is checked apart from what found it: solved once more from cold with its certificate, the
 * gradient there, the bounds that are active, the curvature along the worst direction, a scan of all wedges together. */
#include "game.h"
#include "internal.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static double log_value(void *user, const double *value, double *slope)
{
	const size_t player = *(const size_t *)user;
	slope[player] = 1 / value[player];
	return log(value[player]);
}

int eq_incomes_at(truce_context *ctx, const truce_world *w, const truce_equilibrium_settings *settings, const double *tariff,
	const double *export_tax, double *real_income, truce_certificate *certificate)
{
	truce_equilibrium *eq;
	const truce_policy policy = {.tariff = tariff, .export_tax = export_tax};
	int status = truce_equilibrium_new(ctx, &eq, w, settings, 0);
	if (status)
		return status;
	if (!(status = truce_equilibrium_update(eq, &policy)))
		status = truce_equilibrium_solve(eq);
	for (size_t n = 0; n < w->regions && !status; n++)
		real_income[n] = truce_equilibrium_get_regions(eq)[n].real_income;
	if (!status && certificate)
		*certificate = truce_equilibrium_get_info(eq)->certificate;
	truce_equilibrium_free(eq);
	return status;
}

/* ---- the proof ---------------------------------------------------------------------------------------------------------- */

static int by_size(const void *a, const void *b)
{
	const double left = *(const double *)a, right = *(const double *)b;
	return (left > right) - (left < right);
}

int eq_describe(truce_arena *arena, truce_optimum *o, const struct eq_levers *l, size_t owner, const double *x)
{
	size_t count = 0;
	double sum = 0, *wedge = truce_arena_array(arena, l->count, sizeof *wedge);
	if (!wedge)
		return TRUCE_MEMORY;
	for (size_t v = 0; v < l->count; v++)
		if (l->owner[v] == owner)
			sum += wedge[count++] = expm1(x[v]);
	qsort(wedge, count, sizeof *wedge, by_size);
	o->mean = sum / (double)count;
	o->median = count % 2 ? wedge[count / 2] : (wedge[count / 2 - 1] + wedge[count / 2]) / 2;
	return TRUCE_OK;
}

void eq_judge(truce_optimum *o, const struct eq_search *s, size_t owner, const double *y, const double *gradient, bool *held)
{
	const struct eq_levers *l = &s->levers;
	o->variables = o->at_low = o->at_high = 0;
	o->kkt = o->kkt_scaled = o->distance = 0;
	for (size_t v = 0; v < l->count; v++) {
		const double x = y[v] / l->scale[v], slope = gradient[v] * l->scale[v];
		const bool at_low = x <= l->low + 1e-9, at_high = x >= l->high - 1e-9;
		const bool bound = (at_low && slope < 0) || (at_high && slope > 0);
		held[v] = bound || !(s->bend[v] > 1e-14);
		if (l->owner[v] != owner)
			continue;
		o->variables++;
		o->at_low += at_low;
		o->at_high += at_high;
		if (bound || !(s->bend[v] > 0))
			continue;
		o->kkt = fmax(o->kkt, fabs(slope));
		o->kkt_scaled = fmax(o->kkt_scaled, fabs(slope) / sqrt(s->bend[v]));
		o->distance = fmax(o->distance, fabs(slope) / s->bend[v]);
	}
}

static const double STEEP = 1e-5, UPWARD = 1e-6; /* scaled: half its square is about what is left to gain; of an eigenvalue */

bool eq_bends_up(const truce_optimum *o)
{
	return o->curvature - o->curvature_error > UPWARD;
}

int eq_accept(truce_context *ctx, const truce_world *w, const truce_optimum *o)
{
	const char *who = w->region[o->player];
	if (!(o->kkt_scaled <= STEEP))
		return truce_fail(ctx, TRUCE_CONVERGE, w->name, 0, 0, "try other starting points, or closer bounds", "no best wedges of %s were found: "
			"a scaled gradient of %.2g is left", who, o->kkt_scaled);
	if (eq_bends_up(o))
		return truce_fail(ctx, TRUCE_CONVERGE, w->name, 0, 0, "try other starting points", "no best wedges of %s were found: where the "
			"gradient ends the value bends up along some direction (%.2g)", who, o->curvature);
	return TRUCE_OK;
}

/* Along the direction in which the value bends down least, or up. */
static int try_worst(truce_optimum *o, struct eq_search *s, const struct eq_curvature *c, const double *y, double top, double *moved)
{
	const struct eq_hill *h = &s->hill;
	double step = INFINITY, f[2];
	for (size_t v = 0; v < h->count; v++)
		if (c->direction[v] != 0)
			step = fmin(step, 0.1 * h->longest[v] / fabs(c->direction[v]));
	o->worst_step = 0;
	for (size_t v = 0; v < h->count; v++)
		o->worst_step = fmax(o->worst_step, step * fabs(c->direction[v]) / s->levers.scale[v]);
	for (int side = 0; side < 2; side++) {
		for (size_t v = 0; v < h->count; v++)
			moved[v] = y[v] + (side ? step : -step) * c->direction[v];
		int status = eq_search_evaluate(s, moved, &f[side], NULL);
		if (status)
			return status;
	}
	o->worst_minus = f[0] - top;
	o->worst_plus = f[1] - top;
	return TRUCE_OK;
}

static int scan(truce_optimum *o, struct eq_search *s, const double *y, double *moved)
{
	for (int k = 0; k < TRUCE_SCAN; k++) {
		double f;
		o->scan_factor[k] = 0.6 + 0.1 * k;
		for (size_t v = 0; v < s->levers.count; v++)
			moved[v] = y[v] * o->scan_factor[k];
		const size_t said = truce_diagnostic_count(s->ctx);
		int status = eq_search_evaluate(s, moved, &f, NULL);
		if (status && status != TRUCE_CONVERGE)
			return status;
		truce_diagnostics_forget(s->ctx, said);
		o->scan_income[k] = status ? NAN : truce_equilibrium_get_regions(s->eq)[o->player].real_income;
	}
	return TRUCE_OK;
}

/* Of the point y, which is rescaled; the ascent is overwritten. */
static int prove(truce_arena *arena, struct eq_reply *r, struct eq_search *s, struct eq_ascent *a, double *y, struct eq_curvature *curvature)
{
	const struct eq_levers *l = &s->levers;
	truce_optimum *o = &r->found;
	double top, *incomes = truce_arena_array(arena, r->world->regions, sizeof *incomes);
	if (!incomes)
		return TRUCE_MEMORY;
	truce_equilibrium_cold(s->eq);
	int status = eq_search_evaluate(s, y, &top, a->next_gradient);
	if (status)
		return status;
	if (r->gradient)
		for (size_t v = 0; v < l->count; v++)
			for (size_t k = l->first[v]; k < l->first[v + 1] && !l->exports[v]; k++)
				r->gradient[l->edge[k]] = s->tariff_gradient[l->edge[k]];
	eq_judge(o, s, r->player, y, a->next_gradient, a->held);
	status = eq_incomes_at(s->ctx, r->world, r->settings, s->tariff, s->export_tax, incomes, &o->certificate);
	if (status || (status = eq_describe(arena, o, l, r->player, s->x)))
		return status;
	o->real_income = incomes[r->player];
	o->value = exp(top);
	o->curvature = o->curvature_error = NAN;
	if (!r->options->prove)
		return TRUCE_OK;
	eq_search_rescale(s, y);
	if ((status = eq_curvature_find(s->ctx, arena, curvature, &s->hill, y, a->held)))
		return status;
	o->curvature = curvature->largest;
	o->curvature_error = curvature->error;
	o->curvature_variables = curvature->variables;
	if (curvature->variables > 0 && (status = try_worst(o, s, curvature, y, top, a->next)))
		return status;
	return scan(o, s, y, a->next);
}

/* ---- one reply ------------------------------------------------------------------------------------------------------------ */

/* Climbs from each starting point; the best stays in `best` [count] log(1 + wedge). */
static int climb(struct eq_reply *r, struct eq_search *s, struct eq_ascent *a, const double *given, double *best, double *ends, double *top)
{
	const struct eq_levers *l = &s->levers;
	const int starts = r->starts > 1 ? r->starts : 1;
	*top = -INFINITY;
	for (int k = 0; k < starts; k++) {
		memcpy(s->x, given, l->count * sizeof *s->x);
		eq_levers_begin(l, s->x, r->starts == 0 ? 1 : k, r->options->seed);
		for (size_t v = 0; v < l->count; v++)
			a->y[v] = s->x[v] * l->scale[v];
		const size_t said = truce_diagnostic_count(s->ctx);
		int status = eq_search_climb(s, a, r->options->tolerance, r->options->iterations, &ends[k]);
		if (status == TRUCE_CONVERGE && (k + 1 < starts || isfinite(*top))) {
			truce_diagnostics_forget(s->ctx, said);
			ends[k] = -INFINITY;
			continue;
		}
		if (status)
			return status;
		if (ends[k] > *top) {
			*top = ends[k];
			for (size_t v = 0; v < l->count; v++)
				best[v] = a->y[v] / l->scale[v];
		}
	}
	r->found.starts = starts;
	for (int k = 0; k < starts; k++)
		r->found.agreed += ends[k] > *top - 1e-7;
	return TRUCE_OK;
}

enum { MOST_LEFT = 3 }; /* points that are no tops, left to climb on */

static int find(truce_context *ctx, truce_arena *arena, struct eq_reply *r, struct eq_search *s)
{
	const struct eq_levers *l = &s->levers;
	struct eq_ascent ascent;
	truce_optimum *o = &r->found;
	double top, *given = truce_arena_array(arena, r->levers->count, sizeof *given);
	double *ends = truce_arena_array(arena, r->starts > 1 ? (size_t)r->starts : 1, sizeof *ends);
	if (!given || !ends)
		return TRUCE_MEMORY;
	int status = eq_search_new(ctx, arena, s, r->world, r->settings, r->options, r->levers, r->tariff, r->export_tax);
	if (status || (status = eq_ascent_new(arena, &ascent, l->count)))
		return status;
	s->objective = log_value;
	s->objective_user = &r->player;
	eq_levers_read(l, given, r->tariff, r->export_tax);
	if ((status = eq_search_values(s, r->tariff, r->export_tax)))
		return status;
	o->start = truce_equilibrium_get_regions(s->eq)[r->player].real_income;
	o->value_start = s->value[r->player];
	if ((status = climb(r, s, &ascent, given, r->x, ends, &top)))
		return status;
	o->value = exp(top);
	o->gain = o->value - o->value_start;
	for (size_t v = 0; v < l->count; v++)
		ascent.y[v] = (r->prove_given ? given[v] : r->x[v]) * l->scale[v];
	for (int again = 0; r->prove && again <= MOST_LEFT; again++) {
		struct eq_curvature curvature = {.largest = NAN, .error = NAN};
		if ((status = prove(arena, r, s, &ascent, ascent.y, &curvature)) || r->prove_given || again == MOST_LEFT ||
			!eq_curvature_leave(&curvature, &s->hill, ascent.y))
			break;
		if ((status = eq_search_climb(s, &ascent, r->options->tolerance, r->options->iterations, &top)))
			break;
		for (size_t v = 0; v < l->count; v++)
			r->x[v] = ascent.y[v] / l->scale[v];
		o->value = exp(top);
		o->gain = o->value - o->value_start;
	}
	return status;
}

int eq_reply_find(truce_context *ctx, struct eq_reply *r)
{
	const double began = eq_now_ms();
	struct eq_search search = {0};
	truce_arena *arena;
	r->found = (truce_optimum){.player = r->player, .curvature = NAN, .curvature_error = NAN};
	r->status = truce_arena_new(ctx, &arena);
	if (r->status)
		return r->status;
	r->status = find(ctx, arena, r, &search);
	r->found.evaluations = search.evaluations;
	eq_search_free(&search);
	truce_arena_free(arena);
	r->found.milliseconds = eq_now_ms() - began;
	return r->status;
}

/* ---- the answer ------------------------------------------------------------------------------------------------------------- */

int eq_game_check(truce_context *ctx, const truce_world *w, const truce_policy_options *o, const size_t *players, size_t count)
{
	const double *weights[2] = {o->weights.wages, o->weights.profits};
	if (!(o->low > -1) || !(o->high > o->low) || !isfinite(o->high))
		return truce_fail(ctx, TRUCE_INPUT, NULL, 0, 0, "bounds lie above -1, the lower below the upper", "between %g and %g there is no tariff",
			o->low, o->high);
	if (!o->imports && !o->exports)
		return truce_fail(ctx, TRUCE_USAGE, NULL, 0, 0, "allow imports or exports", "nothing may be moved");
	if (count == 0)
		return truce_fail(ctx, TRUCE_USAGE, NULL, 0, 0, NULL, "a game needs a player");
	for (size_t p = 0; p < count; p++) {
		if (players[p] >= w->regions)
			return truce_fail(ctx, TRUCE_INPUT, NULL, 0, 0, NULL, "player %zu is no region", players[p]);
		for (size_t q = 0; q < p; q++)
			if (players[q] == players[p])
				return truce_fail(ctx, TRUCE_INPUT, NULL, 0, 0, "name each once", "%s plays twice", w->region[players[p]]);
	}
	for (size_t k = 0; k < 2; k++)
		for (size_t nj = 0; weights[k] && nj < w->regions * w->sectors; nj++)
			if (!(weights[k][nj] >= 0) || !isfinite(weights[k][nj]))
				return truce_fail(ctx, TRUCE_INPUT, NULL, 0, 0, "a weight is 0 or more", "the weight of %s in %s is %g", w->sector[nj % w->sectors],
					w->region[nj / w->sectors], weights[k][nj]);
	return TRUCE_OK;
}

truce_outcome *eq_outcome_new(truce_arena *arena, const truce_world *w, const truce_policy_options *options, size_t players,
	const double *begin)
{
	const size_t edges = w->sectors * w->regions * w->regions;
	truce_outcome *o = truce_arena_take(arena, sizeof *o);
	if (!o || !(o->tariff = truce_arena_array(arena, edges, sizeof(double))) || !(o->gradient = truce_arena_array(arena, edges, sizeof(double))) ||
		!(o->optimum = truce_arena_array(arena, players, sizeof *o->optimum)) ||
		!(o->real_income = truce_arena_array(arena, w->regions, sizeof(double))) ||
		!(o->real_income_start = truce_arena_array(arena, w->regions, sizeof(double))) ||
		(options->exports && !(o->export_tax = truce_arena_array(arena, edges, sizeof(double)))))
		return NULL;
	memcpy(o->tariff, begin ? begin : w->tariff, edges * sizeof(double));
	o->players = players;
	o->starts = 1;
	o->common_gain = o->gain_spread = NAN;
	return o;
}

int truce_policy_optimal(truce_context *ctx, truce_arena *arena, truce_outcome **out, const truce_world *w,
	const truce_equilibrium_settings *settings, const truce_policy_options *options, size_t player, const double *begin)
{
	const double began = eq_now_ms();
	struct eq_levers levers;
	*out = NULL;
	int status = eq_game_check(ctx, w, options, &player, 1);
	if (status || (status = eq_levers_list(ctx, arena, &levers, w, options, &player, 1)))
		return status;
	truce_outcome *o = eq_outcome_new(arena, w, options, 1, begin);
	double *x = truce_arena_array(arena, levers.count, sizeof *x);
	if (!o || !x)
		return TRUCE_MEMORY;
	struct eq_reply reply = {.world = w, .settings = settings, .options = options, .levers = &levers, .tariff = o->tariff,
		.export_tax = o->export_tax, .player = player, .starts = options->starts < 1 ? 1 : options->starts, .prove = true, .x = x,
		.gradient = o->gradient};
	if ((status = eq_reply_find(ctx, &reply)) || (status = eq_accept(ctx, w, &reply.found)) ||
		(status = eq_incomes_at(ctx, w, settings, o->tariff, o->export_tax, o->real_income_start, NULL)))
		return status;
	eq_levers_write(&levers, x, o->tariff, o->export_tax);
	if ((status = eq_incomes_at(ctx, w, settings, o->tariff, o->export_tax, o->real_income, &o->certificate)))
		return status;
	o->optimum[0] = reply.found;
	o->rounds = 1;
	o->evaluations = reply.found.evaluations + 2;
	o->milliseconds = eq_now_ms() - began;
	*out = o;
	return TRUCE_OK;
}
