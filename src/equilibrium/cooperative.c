/* equilibrium: the wedges that several players choose together.
 *
 * Equal gains are found by the method of multipliers (Hestenes 1969, Powell 1969): the mean log gain is climbed with
 * the differences between the players' gains priced and penalised, until there are none.  What each player's gain then
 * counts are its weights: the point maximises their weighted sum to first order, which is the proof. */
#include "game.h"
#include "internal.h"

#include <math.h>
#include <string.h>

enum { PRICINGS = 40, MOST_LEFT = 3 }; /* rounds of prices; points that are no tops, left to climb on */
static const double EVEN = 1e-9;

struct together {
	const truce_world *world;
	truce_together objective;
	const size_t *players;
	size_t count;
	double *base;   /* [count] log value of the start */
	double *gain;   /* [count] log gain now */
	double *price;  /* [count] of being above the mean */
	double *weight; /* [count] what a log gain counts at the last point */
	double *income; /* [count] share of the players' baseline income */
	double penalty;
};

static double equal(struct together *t)
{
	double mean = 0, charge = 0, all = 0;
	for (size_t p = 0; p < t->count; p++)
		mean += t->gain[p] / (double)t->count;
	for (size_t p = 0; p < t->count; p++) {
		const double apart = t->gain[p] - mean;
		t->weight[p] = t->price[p] + t->penalty * apart;
		all += t->weight[p] / (double)t->count;
		charge += t->price[p] * apart + t->penalty / 2 * apart * apart;
	}
	for (size_t p = 0; p < t->count; p++)
		t->weight[p] = 1 / (double)t->count - t->weight[p] + all;
	return mean - charge;
}

static double count_gains(void *user, const double *value, double *slope)
{
	struct together *t = user;
	double f = 0;
	for (size_t p = 0; p < t->count; p++)
		t->gain[p] = log(value[t->players[p]]) - t->base[p];
	if (t->objective == TRUCE_TOGETHER_EQUAL)
		f = equal(t);
	for (size_t p = 0; p < t->count && t->objective == TRUCE_TOGETHER_NASH; p++) {
		const double more = expm1(t->gain[p]);
		if (!(more > 0))
			return -INFINITY;
		t->weight[p] = (1 + more) / more;
		f += log(more) / (double)t->count;
	}
	if (t->objective == TRUCE_TOGETHER_NASH) {
		f = exp(f); /* the geometric mean, whose last digits are those of the gains */
		for (size_t p = 0; p < t->count; p++)
			t->weight[p] *= f / (double)t->count;
	}
	for (size_t p = 0; p < t->count && t->objective == TRUCE_TOGETHER_SUM; p++) {
		t->weight[p] = t->income[p] * exp(t->gain[p]);
		f += t->weight[p];
	}
	for (size_t p = 0; p < t->count; p++)
		slope[t->players[p]] = t->weight[p] / value[t->players[p]];
	return f;
}

static double spread_of(const struct together *t)
{
	double low = INFINITY, high = -INFINITY;
	for (size_t p = 0; p < t->count; p++) {
		low = fmin(low, t->gain[p]);
		high = fmax(high, t->gain[p]);
	}
	return high - low;
}

static int climb_equal(struct eq_search *s, struct together *t, struct eq_ascent *a, const truce_policy_options *o)
{
	double last = INFINITY, f;
	t->penalty = 10;
	for (int k = 0; k < PRICINGS; k++) {
		const double tolerance = fmax(o->tolerance, 1e-4 * pow(0.2, k));
		int status = eq_search_climb(s, a, tolerance, o->iterations, &f);
		if (status || (status = eq_search_evaluate(s, a->y, &f, NULL)))
			return status;
		const double apart = spread_of(t);
		truce_progress(s->ctx, "equal gains", (k + 1.0) / PRICINGS);
		if (apart <= EVEN && tolerance <= o->tolerance)
			return TRUCE_OK;
		double mean = 0;
		for (size_t p = 0; p < t->count; p++)
			mean += t->gain[p] / (double)t->count;
		for (size_t p = 0; p < t->count; p++)
			t->price[p] += t->penalty * (t->gain[p] - mean);
		if (apart > 0.3 * last && t->penalty < 1e4)
			t->penalty *= 3;
		last = apart;
	}
	return truce_fail(s->ctx, TRUCE_CONVERGE, NULL, 0, 0, "give more iterations", "the players' gains stay %.2g apart", spread_of(t));
}

/* What was reached, told of every player: weights, gains, wedges. */
static int tell(truce_arena *arena, struct eq_search *s, const struct eq_ascent *a, const struct together *t, truce_outcome *o)
{
	const size_t bytes = s->world->sectors * s->world->regions * s->world->regions * sizeof(double);
	double all = 0;
	memcpy(o->tariff, s->tariff, bytes);
	memcpy(o->gradient, s->tariff_gradient, bytes);
	if (o->export_tax)
		memcpy(o->export_tax, s->export_tax, bytes);
	for (size_t p = 0; p < t->count; p++)
		all += t->weight[p];
	o->common_gain = INFINITY;
	o->gain_spread = spread_of(t);
	for (size_t p = 0; p < t->count; p++) {
		truce_optimum *one = &o->optimum[p];
		o->weight[p] = t->weight[p] / all;
		o->common_gain = fmin(o->common_gain, t->gain[p]);
		one->player = t->players[p];
		one->start = o->real_income_start[one->player];
		one->value_start = exp(t->base[p]);
		one->value = exp(t->base[p] + t->gain[p]);
		one->gain = one->value - one->value_start;
		one->starts = one->agreed = 1;
		one->curvature = one->curvature_error = NAN;
		eq_judge(one, s, one->player, a->y, a->next_gradient, a->held);
		int status = eq_describe(arena, one, &s->levers, one->player, s->x);
		if (status)
			return status;
	}
	return TRUCE_OK;
}

/* The curvature of what was climbed, priced differences included, is one for all; so is the scan, which moves everybody's
 * wedges together. */
static int prove(truce_arena *arena, struct eq_search *s, struct eq_ascent *a, const struct together *t, truce_outcome *o,
	struct eq_curvature *curvature)
{
	double f;
	eq_search_rescale(s, a->y);
	int status = eq_curvature_find(s->ctx, arena, curvature, &s->hill, a->y, a->held);
	if (status)
		return status;
	for (size_t p = 0; p < t->count; p++) {
		o->optimum[p].curvature = curvature->largest;
		o->optimum[p].curvature_error = curvature->error;
		o->optimum[p].curvature_variables = curvature->variables;
	}
	for (int k = 0; k < TRUCE_SCAN; k++) {
		for (size_t v = 0; v < s->hill.count; v++)
			a->next[v] = a->y[v] * (0.6 + 0.1 * k);
		const size_t said = truce_diagnostic_count(s->ctx);
		status = eq_search_evaluate(s, a->next, &f, NULL);
		if (status && status != TRUCE_CONVERGE)
			return status;
		truce_diagnostics_forget(s->ctx, said);
		for (size_t p = 0; p < t->count; p++) {
			o->optimum[p].scan_factor[k] = 0.6 + 0.1 * k;
			o->optimum[p].scan_income[k] = status ? NAN : truce_equilibrium_get_regions(s->eq)[t->players[p]].real_income;
		}
	}
	return TRUCE_OK;
}

static int climb(struct eq_search *s, struct together *t, struct eq_ascent *a, const truce_policy_options *o)
{
	const truce_together wanted = t->objective;
	double f;
	int status = TRUCE_OK;
	if (wanted != TRUCE_TOGETHER_SUM) { /* the product of gains begins where all gain */
		t->objective = TRUCE_TOGETHER_EQUAL;
		status = climb_equal(s, t, a, o);
		t->objective = wanted;
	}
	for (size_t p = 0; !status && wanted == TRUCE_TOGETHER_NASH && p < t->count; p++)
		if (!(t->gain[p] > 0))
			return truce_fail(s->ctx, TRUCE_NO, NULL, 0, 0, NULL, "no wedges were found from which every player gains");
	if (status || wanted == TRUCE_TOGETHER_EQUAL)
		return status;
	return eq_search_climb(s, a, o->tolerance, 4 * o->iterations, &f);
}

static int play(truce_arena *arena, struct eq_search *s, struct together *t, truce_outcome *o, const truce_equilibrium_settings *settings)
{
	const struct eq_levers *l = &s->levers;
	struct eq_ascent a;
	double f, income = 0;
	int status = eq_ascent_new(arena, &a, l->count);
	if (status || (status = eq_search_values(s, o->tariff, o->export_tax)))
		return status;
	eq_levers_read(l, s->x, o->tariff, o->export_tax);
	for (size_t v = 0; v < l->count; v++)
		a.y[v] = s->x[v] * l->scale[v];
	for (size_t p = 0; p < t->count; p++) {
		t->base[p] = log(s->value[t->players[p]]);
		t->income[p] = truce_equilibrium_get_regions(s->eq)[t->players[p]].income_old;
		income += t->income[p];
	}
	for (size_t p = 0; p < t->count; p++)
		t->income[p] *= exp(t->base[p]) / income;
	for (int again = 0;; again++) {
		struct eq_curvature curvature = {.largest = NAN, .error = NAN};
		if ((status = climb(s, t, &a, s->options)))
			return status;
		truce_equilibrium_cold(s->eq);
		if ((status = eq_search_evaluate(s, a.y, &f, a.next_gradient)) || (status = tell(arena, s, &a, t, o)) ||
			(status = eq_incomes_at(s->ctx, s->world, settings, o->tariff, o->export_tax, o->real_income, &o->certificate)))
			return status;
		for (size_t p = 0; p < t->count; p++) {
			o->optimum[p].real_income = o->real_income[t->players[p]];
			o->optimum[p].certificate = o->certificate;
		}
		if (!s->options->prove || (status = prove(arena, s, &a, t, o, &curvature)) || again == MOST_LEFT ||
			!eq_curvature_leave(&curvature, &s->hill, a.y))
			return status;
	}
}

int truce_policy_cooperative(truce_context *ctx, truce_arena *arena, truce_outcome **out, const truce_world *w,
	const truce_equilibrium_settings *settings, const truce_policy_options *options, truce_together objective, const size_t *players,
	size_t count, const double *begin)
{
	const double began = eq_now_ms();
	struct eq_levers levers;
	struct eq_search search;
	struct together t = {.world = w, .objective = objective, .players = players, .count = count};
	*out = NULL;
	int status = eq_game_check(ctx, w, options, players, count);
	if (status || (status = eq_levers_list(ctx, arena, &levers, w, options, players, count)))
		return status;
	truce_outcome *o = eq_outcome_new(arena, w, options, count, begin);
	double **arrays[] = {&t.base, &t.gain, &t.price, &t.weight, &t.income};
	for (size_t k = 0; k < sizeof arrays / sizeof *arrays; k++)
		if (!(*arrays[k] = truce_arena_array(arena, count, sizeof(double))))
			return TRUCE_MEMORY;
	if (!o || !(o->weight = truce_arena_array(arena, count, sizeof(double))))
		return TRUCE_MEMORY;
	if ((status = eq_incomes_at(ctx, w, settings, o->tariff, o->export_tax, o->real_income_start, NULL)) ||
		(status = eq_search_new(ctx, arena, &search, w, settings, options, &levers, o->tariff, o->export_tax)))
		return status;
	search.objective = count_gains;
	search.objective_user = &t;
	status = play(arena, &search, &t, o, settings);
	for (size_t p = 0; !status && p < count; p++)
		status = eq_accept(ctx, w, &o->optimum[p]);
	o->evaluations = search.evaluations + 2;
	o->rounds = 1;
	eq_search_free(&search);
	o->milliseconds = eq_now_ms() - began;
	if (!status)
		*out = o;
	return status;
}
