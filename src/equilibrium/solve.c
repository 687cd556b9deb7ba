/* equilibrium: finding the fixed point.
 *
 * Anderson's method on the damped map, judged by the residual at every step: a step that makes no sense or loses too
 * much is taken back and followed by plain damped steps.  A shock that will not be taken at once is taken in parts, each
 * from the answer of the last.  What is found is accepted only with its certificate. */
#include "certificate.h"
#include "internal.h"

#include <math.h>
#include <string.h>

enum { TROUBLES = 14, PATIENCE = 120 };

/* Keeps an extrapolated state where the model is defined and near where the map would have gone. */
static void keep_sensible(truce_equilibrium *eq)
{
	const struct eq_layout *at = &eq->at;
	for (size_t z = 0; z < at->size; z++) {
		double *s = &eq->state[z];
		const double plain = eq->image[z];
		if (z >= at->spending && z < at->spending + eq->regions * eq->sectors) {
			if (!(*s >= 0.1 * plain && *s <= 10 * plain))
				*s = plain;
		} else if (!(fabs(*s - plain) <= 2)) {
			*s = plain;
		}
	}
	/* the sign of a shadow wedge is what its bound says */
	for (size_t q = 0; q < eq->policy.quantity_count; q++) {
		double *s = &eq->state[at->quantity + q];
		if ((eq->quantity[q].kind == TRUCE_QUANTITY_AT_MOST && *s < 0) ||
			(eq->quantity[q].kind == TRUCE_QUANTITY_AT_LEAST && *s > 0))
			*s = 0;
	}
}

static void mix(truce_equilibrium *eq, double part)
{
	for (size_t z = 0; z < eq->at.size; z++)
		eq->state[z] += part * (eq->image[z] - eq->state[z]);
}

/* From eq->state to the fixed point of the policy as built.  Leaves the best state, and its residual in info. */
static int solve_built(truce_equilibrium *eq, double tolerance)
{
	const size_t bytes = eq->at.size * sizeof(double);
	double part = 1, last = INFINITY;
	int plain = 0, troubles = 0, since = 0;
	eq->best_residual = INFINITY;
	eq_anderson_reset(eq);
	eq->fresh = false;
	memcpy(eq->best, eq->state, bytes);
	for (int iteration = 0; eq->info.evaluations < eq->settings.iterations; iteration++) {
		const double residual = eq_map(eq, eq->state, eq->image);
		if (eq->settings.monitor && !eq->settings.monitor(eq->settings.monitor_user, iteration, residual))
			return TRUCE_CANCELLED;
		if (truce_cancelled(eq->ctx))
			return TRUCE_CANCELLED;
		if (residual < eq->best_residual) {
			since = residual < 0.95 * eq->best_residual ? 0 : since + 1;
			eq->best_residual = residual;
			memcpy(eq->best, eq->state, bytes);
			if (residual <= tolerance) {
				eq->fresh = true;
				break;
			}
		} else {
			since++;
		}
		if (since > PATIENCE)
			break;
		const bool bad = !isfinite(residual) || residual > 1e3 * eq->best_residual + 1e-13 || (plain == 0 && residual > 30 * last);
		last = residual;
		if (bad && iteration > 0) {
			if (++troubles > TROUBLES)
				break;
			eq->pushing = false;
			part = troubles < 2 ? 1 : part * 0.6;
			memcpy(eq->state, eq->best, bytes);
			if (!isfinite(eq_map(eq, eq->state, eq->image)))
				break;
			eq_anderson_reset(eq);
			mix(eq, part);
			plain = 3;
			last = INFINITY;
			continue;
		}
		if (!isfinite(residual))
			break;
		if (eq->pushing)
			eq_kept_push(eq);
		if (plain > 0) {
			mix(eq, part);
			plain--;
		} else {
			eq_anderson_step(eq);
			keep_sensible(eq);
		}
	}
	memcpy(eq->state, eq->best, bytes);
	eq->info.residual = eq->best_residual;
	/* rounding may keep the last digit away; the certificate decides */
	return eq->best_residual <= tolerance || eq->best_residual <= 1e-11 ? TRUCE_OK : TRUCE_CONVERGE;
}

int eq_solve_at(truce_equilibrium *eq, double fraction)
{
	const int err = eq_policy_build(eq, fraction);
	eq->info.evaluations = 0;
	return err ? err : solve_built(eq, eq->settings.tolerance);
}

/* This much of the wedges.  Deficits that go are gone before the wedges come: half way in both, a region might owe what no
 * trade is left to carry. */
static int build_part(truce_equilibrium *eq, double fraction)
{
	const int err = eq_policy_build(eq, fraction);
	if (eq->settings.deficits == TRUCE_DEFICITS_ZERO)
		memset(eq->deficit, 0, eq->regions * sizeof *eq->deficit);
	return err;
}

/* In parts, each half as large as the last that failed. */
static int continue_from_baseline(truce_equilibrium *eq)
{
	double done = 0, step = 0.5;
	int err = TRUCE_OK;
	truce_equilibrium_cold(eq);
	eq->info.steps = 0;
	if (eq->settings.deficits == TRUCE_DEFICITS_ZERO && ((err = build_part(eq, 0)) || (err = solve_built(eq, 1e-6))))
		return err;
	while (done < 1) {
		if (++eq->info.steps > eq->settings.continuation)
			return TRUCE_CONVERGE;
		const double to = done + step < 1 - 1e-9 ? done + step : 1;
		memcpy(eq->reached, eq->state, eq->at.size * sizeof(double));
		err = build_part(eq, to);
		if (err)
			return err;
		err = solve_built(eq, to < 1 ? 1e-6 : eq->settings.tolerance);
		if (err == TRUCE_CANCELLED)
			return err;
		if (!err) {
			done = to;
			step *= 1.5;
			continue;
		}
		memcpy(eq->state, eq->reached, eq->at.size * sizeof(double));
		step *= 0.5;
		if (step < 1e-3)
			return TRUCE_CONVERGE;
	}
	return err;
}

static truce_equilibrium_point point_of(const truce_equilibrium *eq)
{
	return (truce_equilibrium_point){.wage = eq->wage_ratio, .price = eq->price_ratio, .share = eq->share,
		.spending = eq->spending_new, .income = eq->income, .labour = eq->labour_ratio, .shadow = eq->shadow};
}

static void certify(truce_equilibrium *eq)
{
	truce_world world = *eq->world; /* its elasticities may be those of a draw */
	truce_equilibrium_settings settings = eq->settings;
	const truce_equilibrium_point point = point_of(eq);
	const truce_share_source shares = {eq_result_share_row, eq};
	world.theta = eq->theta;
	settings.theta_scale = 1;
	truce_equilibrium_certify_in(eq->certificate_work, &eq->info.certificate, &world, &settings, &eq->policy, &point, &shares);
}

int eq_solve_certified(truce_equilibrium *eq)
{
	eq->info = (truce_equilibrium_info){.steps = 1};
	int err = solve_built(eq, eq->settings.tolerance);
	eq_result_fill(eq);
	if (err)
		return err;
	certify(eq);
	return eq->info.certificate.largest <= eq->settings.accept ? TRUCE_OK : TRUCE_CONVERGE;
}

/* What is told of the answer, and whether its certificate lets it pass. */
static int accept(truce_equilibrium *eq, int err, double ms)
{
	const double began = eq_now_ms();
	eq_result_fill(eq);
	eq->info.milliseconds = ms + eq_now_ms() - began;
	if (!err && eq->settings.certify) {
		certify(eq);
		if (!(eq->info.certificate.largest <= eq->settings.accept))
			err = TRUCE_CONVERGE;
	}
	eq->solved = eq->info.converged = err == TRUCE_OK;
	eq->updated = eq->fraction == 1; /* else only a part of the shock is in place: built anew for the next solve */
	return err;
}

int eq_solve_pushed(truce_equilibrium *eq, double began)
{
	eq->info = (truce_equilibrium_info){.steps = 1};
	eq->pushing = true;
	const int err = solve_built(eq, eq->settings.tolerance);
	eq->pushing = false;
	return err ? err : accept(eq, err, eq_now_ms() - began);
}

int truce_equilibrium_solve(truce_equilibrium *eq)
{
	const double began = eq_now_ms();
	int err = TRUCE_OK;
	if (!eq->updated)
		err = truce_equilibrium_update(eq, eq->policy_given ? &eq->policy : NULL);
	if (err)
		return err;
	eq->info = (truce_equilibrium_info){.steps = 1};
	const bool warm = eq->solved;
	err = solve_built(eq, eq->settings.tolerance);
	if (err == TRUCE_CONVERGE && warm) {
		truce_equilibrium_cold(eq);
		err = solve_built(eq, eq->settings.tolerance);
	}
	if (err == TRUCE_CONVERGE && eq->settings.continuation > 0)
		err = continue_from_baseline(eq);
	err = accept(eq, err, eq->setup_ms + eq->update_ms + eq_now_ms() - began);
	if (err == TRUCE_CONVERGE) {
		const double residual = eq->info.residual;
		certify(eq);
		truce_fail(eq->ctx, err, NULL, 0, 0, "take a smaller shock, or look at the worst cell", "no equilibrium was found: residual "
			"%.3g after %d evaluations in %d steps; by the certificate %.3g at %s", residual, eq->info.evaluations, eq->info.steps,
			eq->info.certificate.largest, eq->info.certificate.cell);
		truce_equilibrium_cold(eq);
	}
	return err;
}

const truce_equilibrium_info *truce_equilibrium_get_info(const truce_equilibrium *eq)
{
	return &eq->info;
}

/* The arrays by edge are a cache: who asks for the answer gets them filled. */
const truce_equilibrium_result *truce_equilibrium_get_result(const truce_equilibrium *eq)
{
	eq_result_edges((truce_equilibrium *)eq);
	return &eq->result;
}

const truce_region_change *truce_equilibrium_get_regions(const truce_equilibrium *eq)
{
	return eq->region;
}

truce_equilibrium_point truce_equilibrium_get_point(const truce_equilibrium *eq)
{
	eq_result_edges((truce_equilibrium *)eq);
	return point_of(eq);
}
