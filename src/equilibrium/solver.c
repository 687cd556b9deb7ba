/* equilibrium: the solver as an object: set up, update, solve, ask. */
#include "nested.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { MEMORY = 6 }; /* how many steps Anderson's acceleration looks back */

struct truce_equilibrium {
	truce_context *ctx;
	truce_arena *arena;
	truce_equilibrium_settings settings;
	eq_nested e;
	truce_equilibrium_info info;
	truce_equilibrium_result result;
	truce_region_change *region;
	bool own_theta;      /* theta was set for a draw: no longer the world's */
	double *wage, *cost, *price, *flow; /* of the result */
	double *dx, *df, *last_x, *last_f;  /* [MEMORY][N], [N] */
	double setup_milliseconds;
};

static double now_milliseconds(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static int refuse(truce_context *ctx, const truce_world *w, const char *what, const char *region, const char *sector)
{
	return truce_fail(ctx, TRUCE_INPUT, NULL, 0, 0, "`truce world check` shows what fails", "the world \"%s\" is no economy: %s (%s%s%s)",
		w->name ? w->name : "", what, region, *sector ? ", " : "", sector);
}

/* What no economy can have.  Cells are named. */
static int check_world(truce_context *ctx, const truce_world *w)
{
	for (size_t j = 0; j < w->sectors; j++) {
		if (!(w->theta[j] > 0) || !isfinite(w->theta[j]))
			return refuse(ctx, w, "theta is not above 0", "every region", w->sector[j]);
		for (size_t n = 0; n < w->regions; n++)
			for (size_t i = 0; i < w->regions; i++) {
				size_t e = truce_world_edge(w, j, n, i);
				if (!(w->flow[e] >= 0) || !isfinite(w->flow[e]))
					return refuse(ctx, w, "a flow is negative or not finite", w->region[n], w->sector[j]);
				if (!(w->tariff[e] > -1) || !isfinite(w->tariff[e]))
					return refuse(ctx, w, "a tariff is -100 % or less", w->region[n], w->sector[j]);
			}
	}
	for (size_t n = 0; n < w->regions; n++)
		for (size_t j = 0; j < w->sectors; j++) {
			double sum = w->value_added[n * w->sectors + j];
			for (size_t k = 0; k < w->sectors; k++)
				sum += w->input_share[(n * w->sectors + j) * w->sectors + k];
			if (!(fabs(sum - 1) < 1e-4))
				return refuse(ctx, w, "value added and inputs do not sum to 1", w->region[n], w->sector[j]);
		}
	return TRUCE_OK;
}

static int take_arrays(truce_equilibrium *eq)
{
	eq_nested *e = &eq->e;
	size_t N = e->N, J = e->J, E = N * N * J;
	struct {
		double **array;
		size_t count;
	} wanted[] = {{&e->final_share, N * J}, {&e->share_old, E}, {&e->spending_old, N * J}, {&e->output_old, N * J},
		{&e->wage_bill, N}, {&e->income_old, N}, {&e->deficit, N}, {&e->theta, J}, {&e->tariff, E}, {&e->a, E}, {&e->log_wage, N},
		{&e->income, N}, {&e->income_hat, N}, {&e->imposed, N}, {&e->excess, N}, {&e->log_price, N * J}, {&e->log_cost, N * J},
		{&e->spending, N * J}, {&e->receipts, N * J}, {&e->next, N * J}, {&e->share, E}, {&e->border, E}, {&e->u, N},
		{&eq->wage, N * J}, {&eq->cost, N * J}, {&eq->price, N * J}, {&eq->flow, E}, {&eq->dx, MEMORY * N}, {&eq->df, MEMORY * N},
		{&eq->last_x, N}, {&eq->last_f, N}};
	for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++)
		if (!(*wanted[i].array = truce_arena_array(eq->arena, wanted[i].count, sizeof(double))))
			return TRUCE_MEMORY;
	eq->region = truce_arena_array(eq->arena, N, sizeof *eq->region);
	return eq->region ? TRUCE_OK : TRUCE_MEMORY;
}

static int set_baseline(truce_equilibrium *eq)
{
	eq_nested *e = &eq->e;
	const truce_world *w = e->world;
	size_t N = e->N, J = e->J;
	for (size_t j = 0; j < J; j++)
		for (size_t n = 0; n < N; n++)
			for (size_t i = 0; i < N; i++) {
				size_t edge = truce_world_edge(w, j, n, i);
				e->spending_old[n * J + j] += w->flow[edge] * (1 + w->tariff[edge]);
				e->output_old[i * J + j] += w->flow[edge];
				e->income_old[n] += w->flow[edge] * w->tariff[edge];
				e->deficit[n] += w->flow[edge];
				e->deficit[i] -= w->flow[edge];
			}
	for (size_t n = 0; n < N; n++) {
		for (size_t j = 0; j < J; j++)
			e->wage_bill[n] += e->value_added[n * J + j] * e->output_old[n * J + j];
		if (!(e->wage_bill[n] > 0))
			return refuse(eq->ctx, w, "nothing is made there", w->region[n], "");
		e->income_old[n] += e->wage_bill[n] + e->deficit[n];
		if (!(e->income_old[n] > 0))
			return refuse(eq->ctx, w, "its income is not above 0", w->region[n], "");
		e->world_bill += e->wage_bill[n];
	}
	for (size_t j = 0; j < J; j++)
		for (size_t n = 0; n < N; n++) {
			double spent = e->spending_old[n * J + j], use = 0;
			for (size_t i = 0; i < N; i++) {
				size_t edge = truce_world_edge(w, j, n, i);
				e->share_old[edge] = spent > 0 ? w->flow[edge] * (1 + w->tariff[edge]) / spent : 0;
			}
			for (size_t k = 0; k < J; k++)
				use += w->input_share[(n * J + k) * J + j] * e->output_old[n * J + k];
			e->final_share[n * J + j] = w->final_share ? w->final_share[n * J + j] : (spent - use) / e->income_old[n];
		}
	return TRUCE_OK;
}

int truce_equilibrium_new(truce_context *ctx, truce_equilibrium **out, const truce_world *world,
	const truce_equilibrium_settings *settings, size_t quantities)
{
	double started = now_milliseconds();
	truce_arena *arena = NULL;
	*out = NULL;
	(void)quantities;
	int status = check_world(ctx, world);
	if (status || (status = truce_arena_new(ctx, &arena)))
		return status;
	truce_equilibrium *eq = truce_arena_take(arena, sizeof *eq);
	if (!eq) {
		truce_arena_free(arena);
		return TRUCE_MEMORY;
	}
	eq->ctx = ctx;
	eq->arena = arena;
	if (settings)
		eq->settings = *settings;
	else
		truce_equilibrium_settings_init(&eq->settings);
	eq->e = (eq_nested){.world = world, .N = world->regions, .J = world->sectors, .deficits = eq->settings.deficits,
		.value_added = world->value_added};
	if ((status = take_arrays(eq)) || (status = set_baseline(eq)))
		goto failed;
	for (size_t j = 0; j < eq->e.J; j++)
		eq->e.theta[j] = world->theta[j] * eq->settings.theta_scale;
	truce_equilibrium_cold(eq);
	eq->setup_milliseconds = now_milliseconds() - started;
	if ((status = truce_equilibrium_update(eq, NULL)))
		goto failed;
	*out = eq;
	return TRUCE_OK;
failed:
	truce_arena_free(arena);
	return status;
}

void truce_equilibrium_free(truce_equilibrium *eq)
{
	if (eq)
		truce_arena_free(eq->arena);
}

void truce_equilibrium_cold(truce_equilibrium *eq)
{
	eq_nested *e = &eq->e;
	memset(e->log_wage, 0, e->N * sizeof *e->log_wage);
	memset(e->log_price, 0, e->N * e->J * sizeof *e->log_price);
	memcpy(e->spending, e->spending_old, e->N * e->J * sizeof *e->spending);
	for (size_t n = 0; n < e->N; n++)
		e->income_hat[n] = 1;
}

int truce_equilibrium_set_theta(truce_equilibrium *eq, const double *theta)
{
	for (size_t j = 0; j < eq->e.J; j++) {
		if (!(theta[j] > 0) || !isfinite(theta[j]))
			return truce_fail(eq->ctx, TRUCE_INPUT, NULL, 0, 0, NULL, "theta of %s is not above 0", eq->e.world->sector[j]);
		eq->e.theta[j] = theta[j];
	}
	eq->own_theta = true;
	return TRUCE_OK;
}

int truce_equilibrium_update(truce_equilibrium *eq, const truce_policy *policy)
{
	double started = now_milliseconds();
	eq_nested *e = &eq->e;
	const truce_world *w = e->world;
	if (policy && (policy->export_tax || policy->iceberg || policy->quantity_count))
		return truce_fail(eq->ctx, TRUCE_INPUT, NULL, 0, 0, NULL, "only tariffs can be changed");
	const double *tariff = policy && policy->tariff ? policy->tariff : w->tariff;
	for (size_t j = 0; j < e->J; j++)
		for (size_t n = 0; n < e->N; n++)
			for (size_t i = 0; i < e->N; i++) {
				size_t edge = truce_world_edge(w, j, n, i);
				if (!(tariff[edge] > -1) || !isfinite(tariff[edge]))
					return truce_fail(eq->ctx, TRUCE_INPUT, NULL, 0, 0, "tariffs lie above -1", "the tariff of %s on %s from %s is no tariff",
						w->region[n], w->sector[j], w->region[i]);
				e->tariff[edge] = tariff[edge];
				e->a[edge] = e->share_old[edge] == 0 ? 0 : tariff[edge] == w->tariff[edge] ? e->share_old[edge] :
					e->share_old[edge] * pow((1 + tariff[edge]) / (1 + w->tariff[edge]), -e->theta[j]);
			}
	eq->info = (truce_equilibrium_info){.milliseconds = eq->setup_milliseconds + now_milliseconds() - started, .steps = 1};
	return TRUCE_OK;
}

/* Keeps the world's wage bill: the numeraire. */
static void normalise(eq_nested *e)
{
	double bill = 0;
	for (size_t n = 0; n < e->N; n++)
		bill += exp(e->log_wage[n]) * e->wage_bill[n];
	double shift = log(e->world_bill / bill);
	for (size_t n = 0; n < e->N; n++)
		e->log_wage[n] += shift;
}

/* Minimises |f - DF g| over g by normal equations with a little ridge; at most MEMORY unknowns. */
static void least_squares(const double *df, const double *f, size_t N, int m, double *gamma)
{
	double a[MEMORY][MEMORY + 1], largest = 0;
	for (int r = 0; r < m; r++) {
		for (int c = 0; c <= m; c++) {
			const double *other = c < m ? df + (size_t)c * N : f;
			a[r][c] = 0;
			for (size_t n = 0; n < N; n++)
				a[r][c] += df[(size_t)r * N + n] * other[n];
		}
		if (a[r][r] > largest)
			largest = a[r][r];
	}
	for (int r = 0; r < m; r++)
		a[r][r] += 1e-12 * largest;
	for (int p = 0; p < m; p++)
		for (int r = p + 1; r < m; r++) {
			double factor = a[p][p] != 0 ? a[r][p] / a[p][p] : 0;
			for (int c = p; c <= m; c++)
				a[r][c] -= factor * a[p][c];
		}
	for (int p = m - 1; p >= 0; p--) {
		gamma[p] = a[p][m];
		for (int c = p + 1; c < m; c++)
			gamma[p] -= a[p][c] * gamma[c];
		gamma[p] = a[p][p] != 0 ? gamma[p] / a[p][p] : 0;
	}
}

/* One damped step, accelerated by the steps before (Anderson 1965; Walker and Ni 2011). */
static void step(truce_equilibrium *eq, int iteration, double damping)
{
	eq_nested *e = &eq->e;
	size_t N = e->N;
	double gamma[MEMORY] = {0};
	int m = iteration < MEMORY ? iteration : MEMORY;
	for (size_t n = 0; n < N; n++)
		e->u[n] = damping * e->excess[n];
	if (iteration > 0) {
		size_t slot = (size_t)((iteration - 1) % MEMORY) * N;
		for (size_t n = 0; n < N; n++) {
			eq->dx[slot + n] = e->log_wage[n] - eq->last_x[n];
			eq->df[slot + n] = e->u[n] - eq->last_f[n];
		}
		least_squares(eq->df, e->u, N, m, gamma);
	}
	memcpy(eq->last_x, e->log_wage, N * sizeof *e->log_wage);
	memcpy(eq->last_f, e->u, N * sizeof *e->u);
	for (size_t n = 0; n < N; n++) {
		double move = e->u[n];
		for (int k = 0; k < m; k++)
			move -= gamma[k] * (eq->dx[(size_t)k * N + n] + eq->df[(size_t)k * N + n]);
		if (!isfinite(move))
			move = e->u[n];
		e->log_wage[n] += move > 0.3 ? 0.3 : move < -0.3 ? -0.3 : move;
	}
	normalise(e);
}

static int find(truce_equilibrium *eq)
{
	double damping = 0.3, best = INFINITY, tolerance = eq->settings.tolerance;
	int budget = eq->settings.iterations, since = 0;
	for (int iteration = 0, restart = 0; budget > 0; iteration++) {
		double inner = eq->info.residual > 0 && eq->info.residual < 1 && iteration > restart ? eq->info.residual * 1e-2 : 1e-6;
		if (inner < tolerance * 0.05 || inner > 1e-4)
			inner = inner > 1e-4 ? 1e-4 : tolerance * 0.05;
		eq->info.residual = eq_nested_evaluate(&eq->e, inner, &budget);
		eq->info.evaluations++;
		if (eq->settings.monitor && !eq->settings.monitor(eq->settings.monitor_user, iteration, eq->info.residual))
			return TRUCE_CANCELLED;
		if (eq->info.residual <= tolerance) {
			eq->info.residual = eq_nested_evaluate(&eq->e, tolerance * 0.02, &budget);
			if (eq->info.residual <= tolerance * 4)
				return TRUCE_OK;
		}
		if (eq->info.residual < best * 0.9)
			best = eq->info.residual, since = 0;
		else if (++since > 25 || !isfinite(eq->info.residual)) {
			if (!isfinite(eq->info.residual) || best == INFINITY)
				truce_equilibrium_cold(eq);
			damping *= 0.5; /* forget the steps before, and go slower */
			restart = iteration + 1;
			since = 0;
			if (damping < 1e-4)
				return TRUCE_CONVERGE;
		}
		step(eq, iteration - restart < 0 ? 0 : iteration - restart, damping);
	}
	return TRUCE_CONVERGE;
}

static void first_order(const truce_equilibrium *eq, size_t n, truce_region_change *out)
{
	const eq_nested *e = &eq->e;
	const truce_world *w = e->world;
	double terms = 0, volume = 0;
	for (size_t j = 0; j < e->J; j++)
		for (size_t i = 0; i < e->N; i++) {
			size_t in = truce_world_edge(w, j, n, i), back = truce_world_edge(w, j, i, n);
			if (i == n)
				continue;
			terms += w->flow[back] * (eq->cost[n * e->J + j] - 1) - w->flow[in] * (eq->cost[i * e->J + j] - 1);
			if (w->flow[in] > 0)
				volume += w->tariff[in] * w->flow[in] * (eq->flow[in] / w->flow[in] - eq->cost[i * e->J + j]);
		}
	out->first_order.terms_of_trade = terms / e->income_old[n];
	out->first_order.volume_of_trade = volume / e->income_old[n];
	out->first_order.welfare = out->first_order.terms_of_trade + out->first_order.volume_of_trade;
}

static void fill_result(truce_equilibrium *eq)
{
	eq_nested *e = &eq->e;
	const truce_world *w = e->world;
	size_t N = e->N, J = e->J;
	for (size_t n = 0; n < N; n++)
		for (size_t j = 0; j < J; j++) {
			eq->wage[n * J + j] = exp(e->log_wage[n]);
			eq->cost[n * J + j] = exp(e->log_cost[n * J + j]);
			eq->price[n * J + j] = exp(e->log_price[n * J + j]);
			for (size_t i = 0; i < N; i++)
				eq->flow[truce_world_edge(w, j, n, i)] = e->border[truce_world_edge(w, j, n, i)] * e->spending[n * J + j];
		}
	for (size_t n = 0; n < N; n++) {
		truce_region_change *r = &eq->region[n];
		double log_index = 0;
		*r = (truce_region_change){.wage = exp(e->log_wage[n]), .income_old = e->income_old[n], .income = e->income[n],
			.wage_bill_old = e->wage_bill[n], .wage_bill = exp(e->log_wage[n]) * e->wage_bill[n], .deficit_old = e->deficit[n],
			.deficit = e->imposed[n], .labour = 1};
		for (size_t j = 0; j < J; j++) {
			log_index += e->final_share[n * J + j] * e->log_price[n * J + j];
			for (size_t i = 0; i < N; i++) {
				size_t in = truce_world_edge(w, j, n, i), back = truce_world_edge(w, j, i, n);
				if (i == n)
					continue;
				r->imports_old += w->flow[in];
				r->exports_old += w->flow[back];
				r->imports += eq->flow[in];
				r->exports += eq->flow[back];
				r->tariff_revenue_old += w->tariff[in] * w->flow[in];
				r->tariff_revenue += e->tariff[in] * eq->flow[in];
			}
		}
		r->revenue_old = r->tariff_revenue_old;
		r->revenue = r->tariff_revenue;
		r->price_index = exp(log_index);
		r->real_wage = r->wage / r->price_index - 1;
		r->real_income = r->income / r->income_old / r->price_index - 1;
		r->real_income_usd = r->income_old * r->real_income;
		first_order(eq, n, r);
	}
	eq->result = (truce_equilibrium_result){N, J, eq->region, eq->wage, eq->cost, eq->price, e->spending, e->receipts, e->output_old,
		eq->flow, NULL, NULL};
}

int truce_equilibrium_solve(truce_equilibrium *eq)
{
	double started = now_milliseconds();
	int status = find(eq);
	fill_result(eq);
	eq->info.milliseconds += now_milliseconds() - started;
	if (status == TRUCE_OK && !eq->own_theta) {
		truce_policy policy = {.tariff = eq->e.tariff};
		truce_equilibrium_point point = truce_equilibrium_get_point(eq);
		status = truce_equilibrium_certify(eq->ctx, &eq->info.certificate, eq->e.world, &eq->settings, &policy, &point);
		if (!status && !(eq->info.certificate.largest <= eq->settings.accept))
			status = TRUCE_CONVERGE;
	}
	eq->info.converged = status == TRUCE_OK;
	return status == TRUCE_CONVERGE ? truce_fail(eq->ctx, TRUCE_CONVERGE, NULL, 0, 0, "raise iterations, or take the shock in steps",
		"no equilibrium was found: residual %.3g after %d evaluations; the largest certified residual is %.3g (%s)",
		eq->info.residual, eq->info.evaluations, eq->info.certificate.largest, eq->info.certificate.cell) : status;
}

const truce_equilibrium_info *truce_equilibrium_get_info(const truce_equilibrium *eq)
{
	return &eq->info;
}

const truce_equilibrium_result *truce_equilibrium_get_result(const truce_equilibrium *eq)
{
	return &eq->result;
}

truce_equilibrium_point truce_equilibrium_get_point(const truce_equilibrium *eq)
{
	return (truce_equilibrium_point){eq->wage, eq->price, eq->e.share, eq->e.spending, eq->e.income, NULL, NULL};
}

/* ---- the answer as a world ---- */

static int copy_names(truce_world *to, const truce_world *from, const char *name)
{
	truce_arena *arena = to->arena;
	to->name = truce_arena_text(arena, name ? name : from->name);
	to->year = truce_arena_text(arena, from->year);
	to->note = truce_arena_text(arena, from->note);
	for (size_t n = 0; n < from->regions; n++)
		if (!(to->region[n] = truce_arena_text(arena, from->region[n])) ||
			(from->region_name[n] && !(to->region_name[n] = truce_arena_text(arena, from->region_name[n]))))
			return TRUCE_MEMORY;
	for (size_t j = 0; j < from->sectors; j++)
		if (!(to->sector[j] = truce_arena_text(arena, from->sector[j])) ||
			(from->sector_name[j] && !(to->sector_name[j] = truce_arena_text(arena, from->sector_name[j]))))
			return TRUCE_MEMORY;
	return to->name ? TRUCE_OK : TRUCE_MEMORY;
}

int truce_equilibrium_save(truce_equilibrium *eq, truce_world **out, const char *name)
{
	const truce_world *from = eq->e.world;
	size_t N = from->regions, J = from->sectors, edges = N * N * J;
	truce_world *to;
	*out = NULL;
	if (!eq->info.converged)
		return truce_fail(eq->ctx, TRUCE_CONVERGE, NULL, 0, 0, "solve it first", "there is no answer to save");
	int status = truce_world_new(eq->ctx, &to, N, J);
	if (status)
		return status;
	if ((status = copy_names(to, from, name)) || (status = truce_world_keep_final(to)) ||
		(from->estimated && (status = truce_world_keep_estimated(to))))
		goto failed;
	for (size_t m = 0; m < from->members; m++)
		if ((status = truce_world_add_member(eq->ctx, to, from->member[m], from->member_region[m], from->member_whole[m])))
			goto failed;
	memcpy(to->flow, eq->flow, edges * sizeof *to->flow);
	memcpy(to->tariff, eq->e.tariff, edges * sizeof *to->tariff);
	memcpy(to->input_share, from->input_share, N * J * J * sizeof *to->input_share);
	memcpy(to->value_added, from->value_added, N * J * sizeof *to->value_added);
	memcpy(to->final_share, eq->e.final_share, N * J * sizeof *to->final_share);
	memcpy(to->theta, from->theta, J * sizeof *to->theta);
	memcpy(to->theta_se, from->theta_se, J * sizeof *to->theta_se);
	memcpy(to->psi, from->psi, J * sizeof *to->psi);
	if (from->estimated)
		memcpy(to->estimated, from->estimated, edges * sizeof *to->estimated);
	if (!(status = truce_world_finish(eq->ctx, to, to->name, &(truce_world_rules){.negative_input = 1e-3, .quiet = true}))) {
		*out = to;
		return TRUCE_OK;
	}
failed:
	truce_world_free(to);
	return status;
}
