/* equilibrium: a policy made into what the sweeps read: shares times kappa^-theta, and what sellers and customs get. */
#include "bounds.h"
#include "internal.h"
#include "kernel.h"

#include <float.h>
#include <math.h>
#include <string.h>

static double at_fraction(double from, double to, double fraction)
{
	return fraction == 1 ? to : from * pow(to / from, fraction);
}

/* 1 + tariff and 1 + export tax of an edge with this much of the shock in place */
static double duty_factor(const truce_equilibrium *eq, size_t e, double fraction)
{
	const double old = 1 + eq->world->tariff[e];
	return eq->policy.tariff ? at_fraction(old, 1 + eq->policy.tariff[e], fraction) : old;
}

static double export_factor(const truce_equilibrium *eq, size_t e, double fraction)
{
	return eq->policy.export_tax ? at_fraction(1, 1 + eq->policy.export_tax[e], fraction) : 1;
}

double eq_tariff_power(const truce_equilibrium *eq, size_t sector, size_t importer)
{
	const double psi = eq->psi_theta[sector] / eq->theta[sector], here = eq->sold_here[importer];
	return 1 + (1 + psi) * here / (1 - here);
}

double eq_kappa_log(const truce_equilibrium *eq, size_t sector, size_t importer, size_t exporter, double fraction)
{
	const size_t e = truce_world_edge(eq->world, sector, importer, exporter);
	double kappa = duty_factor(eq, e, fraction) / (1 + eq->world->tariff[e]);
	if (eq->marketing)
		kappa = pow(kappa, eq_tariff_power(eq, sector, importer));
	kappa *= export_factor(eq, e, fraction);
	if (eq->policy.iceberg)
		kappa *= at_fraction(1, eq->policy.iceberg[e], fraction);
	return log(kappa);
}

/* Takes the baseline's values out for edges under a quantity; the map puts them back with the shadow wedge of the hour. */
static void build_quantities(truce_equilibrium *eq, double fraction)
{
	for (size_t q = 0; q < eq->policy.quantity_count; q++) {
		const truce_edge_quantity *want = &eq->quantity[q];
		const size_t e = truce_world_edge(eq->world, want->sector, want->importer, want->exporter);
		double keep = 1;
		if (want->level == 0 && want->kind != TRUCE_QUANTITY_AT_LEAST) {
			/* a ban: the share goes to 0; half way there while the shock is taken in steps */
			keep = fraction >= 1 ? 0 : (1 - fraction) * (1 - fraction);
			eq->a[e] *= keep;
			eq->b[e] *= keep;
			if (eq->exporters_collect)
				eq->c[e] *= keep;
		}
		eq->edge[3 * q] = eq->a[e];
		eq->edge[3 * q + 1] = eq->b[e];
		eq->edge[3 * q + 2] = eq->exporters_collect ? eq->c[e] : eq->b[e];
		eq->edge_kappa[q] = eq_kappa_log(eq, want->sector, want->importer, want->exporter, fraction);
	}
}

static bool row_changed(const truce_equilibrium *eq, size_t row)
{
	const truce_policy *p = &eq->policy;
	return p->export_tax || p->iceberg ||
		(p->tariff && memcmp(p->tariff + row, eq->world->tariff + row, eq->regions * sizeof(double)) != 0);
}

/* The edges of one importer and sector where something changes.  Logs of the changes, by this much of the shock, and back:
 * an edge that does not change keeps its bits, since log 1 is 0 and exp 0 is 1. */
static void build_changed_row(truce_equilibrium *eq, size_t j, size_t n, double scale, double fraction)
{
	const truce_world *w = eq->world;
	const truce_policy *p = &eq->policy;
	const size_t N = eq->regions, row = truce_world_edge(w, j, n, 0);
	double *kappa = eq->scratch, *duty = eq->scratch2, *tax = eq->scratch + (N > eq->sectors ? N : eq->sectors);
	double *a = eq->a + row, *b = eq->b + row, *c = eq->c + row;
	const bool partly = fraction != 1;
	const double power = eq_tariff_power(eq, j, n);
	for (size_t i = 0; i < N; i++) {
		const size_t e = row + i;
		const bool traded = w->flow[e] > 0;
		duty[i] = traded && p->tariff ? (1 + p->tariff[e]) / (1 + w->tariff[e]) : 1;
		tax[i] = traded && p->export_tax ? 1 + p->export_tax[e] : 1;
		kappa[i] = duty[i] * tax[i] * (traded && p->iceberg ? p->iceberg[e] : 1);
	}
	for (size_t i = 0; eq->marketing && i < N; i++)
		kappa[i] *= pow(duty[i], power - 1);
	eq_kernel_log(N, kappa, kappa);
	for (size_t i = 0; i < N; i++)
		kappa[i] *= -eq->theta[j] * fraction;
	eq_kernel_exp(N, kappa, kappa);
	if (partly) {
		double *both[] = {duty, tax};
		for (int k = 0; k < 2; k++) {
			eq_kernel_log(N, both[k], both[k]);
			for (size_t i = 0; i < N; i++)
				both[k][i] *= fraction;
			eq_kernel_exp(N, both[k], both[k]);
		}
	}
	for (size_t i = 0; i < N; i++) {
		const double border = w->flow[row + i] * scale * kappa[i];
		a[i] = border * (1 + w->tariff[row + i]);
		b[i] = border / (duty[i] * tax[i]);
	}
	if (eq->exporters_collect)
		for (size_t i = 0; i < N; i++)
			c[i] = w->flow[row + i] * scale * kappa[i] / duty[i];
}

static void build_row(truce_equilibrium *eq, size_t j, size_t n, double fraction)
{
	const truce_world *w = eq->world;
	const size_t N = eq->regions, row = truce_world_edge(w, j, n, 0);
	const double spending = eq->spending0[n * eq->sectors + j], scale = 1 / spending;
	double *a = eq->a + row, *b = eq->b + row;
	if (spending <= 0) {
		memset(a, 0, N * sizeof *a);
		memset(b, 0, N * sizeof *b);
	} else if (row_changed(eq, row)) {
		build_changed_row(eq, j, n, scale, fraction);
		return;
	} else {
		for (size_t i = 0; i < N; i++) {
			b[i] = w->flow[row + i] * scale;
			a[i] = b[i] * (1 + w->tariff[row + i]);
		}
	}
	if (eq->exporters_collect)
		memcpy(eq->c + row, b, N * sizeof *b);
}

int eq_policy_build(truce_equilibrium *eq, double fraction)
{
	const truce_world *w = eq->world;
	const size_t N = eq->regions, J = eq->sectors;
	eq->fresh = false;
	for (size_t j = 0; j < J; j++)
		for (size_t n = 0; n < N; n++) {
			const double *a = eq->a + truce_world_edge(w, j, n, 0);
			double sum = 0;
			build_row(eq, j, n, fraction);
			for (size_t i = 0; eq->marketing && i < N; i++)
				eq->b[truce_world_edge(w, j, n, i)] *= 1 - eq->sold_here[n];
			for (size_t i = 0; i < N; i++)
				sum += a[i];
			if (!isfinite(sum))
				return truce_fail(eq->ctx, TRUCE_INPUT, w->name, 0, 0, "a wedge must lie above -100 %", "the wedges on %s into %s "
					"leave no finite price", w->sector[j], w->region[n]);
		}
	if (eq->policy.quantity_count)
		build_quantities(eq, fraction);
	for (size_t n = 0; n < N; n++)
		eq->deficit[n] = eq->settings.deficits == TRUCE_DEFICITS_ZERO ? (1 - fraction) * eq->deficit0[n] : eq->deficit0[n];
	eq->fraction = fraction;
	return TRUCE_OK;
}

/* A good for which every source is shut has no finite price: the answer would be a wrong number. */
static int check_sources(truce_equilibrium *eq)
{
	const truce_world *w = eq->world;
	for (size_t q = 0; q < eq->policy.quantity_count; q++) {
		const size_t j = eq->quantity[q].sector, n = eq->quantity[q].importer;
		double left = 0;
		if (eq->spending0[n * eq->sectors + j] <= 0)
			continue;
		for (size_t i = 0; i < eq->regions; i++)
			left += eq->a[truce_world_edge(w, j, n, i)];
		if (!(left > 0))
			return truce_fail(eq->ctx, TRUCE_CONVERGE, w->name, 0, 0, "use `truce shortage`: a good without any source has no price",
				"every source of %s for %s is shut", w->sector[j], w->region[n]);
	}
	return TRUCE_OK;
}

static int check_policy(truce_equilibrium *eq, const truce_policy *policy)
{
	const truce_world *w = eq->world;
	const size_t edges = w->sectors * w->regions * w->regions;
	const struct {
		const double *array;
		const char *what;
		double above;
	} arrays[] = {{policy->tariff, "tariff", -1}, {policy->export_tax, "export tax", -1}, {policy->iceberg, "iceberg factor", 0}};
	for (size_t k = 0; k < 3; k++)
		for (size_t e = 0; arrays[k].array && e < edges; e++)
			if (!(arrays[k].array[e] > arrays[k].above && arrays[k].array[e] <= DBL_MAX))
				return truce_fail(eq->ctx, TRUCE_INPUT, NULL, 0, 0, NULL, "%s on %s from %s to %s: %g", arrays[k].what,
					w->sector[e / (w->regions * w->regions)], w->region[e % w->regions],
					w->region[e / w->regions % w->regions], arrays[k].array[e]);
	for (size_t e = 0; eq->marketing && policy->export_tax && e < edges; e++)
		if (policy->export_tax[e] != 0)
			return truce_fail(eq->ctx, TRUCE_USAGE, NULL, 0, 0, "set marketing=none", "marketing=world knows no export taxes");
	if (eq->marketing && policy->quantity_count)
		return truce_fail(eq->ctx, TRUCE_USAGE, NULL, 0, 0, "set marketing=none", "marketing=world knows no bounds on what passes");
	if (policy->quantity_count > eq->quantities_max)
		return truce_fail(eq->ctx, TRUCE_LIMIT, NULL, 0, 0, "make the solver with more", "%zu quantities, room for %zu",
			policy->quantity_count, eq->quantities_max);
	for (size_t q = 0; q < policy->quantity_count; q++) {
		const truce_edge_quantity *want = &policy->quantities[q];
		if (want->sector >= w->sectors || want->importer >= w->regions || want->exporter >= w->regions ||
			!(want->level >= 0) || !isfinite(want->level))
			return truce_fail(eq->ctx, TRUCE_INPUT, NULL, 0, 0, NULL, "quantity %zu names no edge, or has the level %g", q,
				want->level);
	}
	eq_bounds_sort(w, policy, eq->order);
	for (size_t k = 1; k < policy->quantity_count; k++) {
		const truce_edge_quantity *a = &policy->quantities[eq->order[k - 1]], *b = &policy->quantities[eq->order[k]];
		if (a->sector == b->sector && a->importer == b->importer && a->exporter == b->exporter)
			return truce_fail(eq->ctx, TRUCE_INPUT, NULL, 0, 0, "keep one of them", "two bounds on %s from %s to %s",
				w->sector[a->sector], w->region[a->exporter], w->region[a->importer]);
	}
	return TRUCE_OK;
}

int truce_equilibrium_update(truce_equilibrium *eq, const truce_policy *policy)
{
	static const truce_policy none;
	const double began = eq_now_ms();
	eq->updated = false;
	eq->edges_due = false; /* a and b will be another policy's */
	eq_kept_forget(eq);
	if (!policy)
		policy = &none;
	int err = check_policy(eq, policy);
	if (err)
		return err;
	eq->policy = *policy;
	eq->policy_given = true;
	if (policy->quantity_count)
		memmove(eq->quantity, policy->quantities, policy->quantity_count * sizeof *eq->quantity);
	eq->policy.quantities = eq->quantity;
	if (eq->marketing)
		eq->policy.export_tax = NULL; /* all 0 */
	eq->exporters_collect = eq->policy.export_tax != NULL || eq->marketing;
	for (size_t q = 0; q < policy->quantity_count; q++)
		eq->exporters_collect |= policy->quantities[q].rent == TRUCE_RENT_EXPORTER;
	err = eq_policy_build(eq, 1);
	if (!err)
		err = check_sources(eq);
	/* shadow wedges of another policy's edges say nothing of this one's */
	memset(eq->state + eq->at.quantity, 0, eq->quantities_max * sizeof *eq->state);
	eq->updated = !err;
	eq->update_ms = eq_now_ms() - began;
	return err;
}
