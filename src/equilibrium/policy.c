/* equilibrium: a policy made into what the sweeps read: shares times kappa^-theta, and what sellers and customs get. */
#include "internal.h"

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

static bool edge_changed(const truce_equilibrium *eq, size_t e)
{
	const truce_policy *p = &eq->policy;
	return (p->tariff && p->tariff[e] != eq->world->tariff[e]) || (p->export_tax && p->export_tax[e] != 0) ||
		(p->iceberg && p->iceberg[e] != 1);
}

double eq_kappa_log(const truce_equilibrium *eq, size_t sector, size_t importer, size_t exporter, double fraction)
{
	const size_t e = truce_world_edge(eq->world, sector, importer, exporter);
	double kappa = duty_factor(eq, e, fraction) * export_factor(eq, e, fraction) / (1 + eq->world->tariff[e]);
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

int eq_policy_build(truce_equilibrium *eq, double fraction)
{
	const truce_world *w = eq->world;
	const size_t N = eq->regions, J = eq->sectors;
	const bool any = eq->policy.tariff || eq->policy.export_tax || eq->policy.iceberg;
	for (size_t j = 0; j < J; j++)
		for (size_t n = 0; n < N; n++) {
			const double spending = eq->spending0[n * J + j];
			double sum = 0;
			if (spending <= 0)
				continue; /* the arrays hold zero there from the start */
			const double scale = 1 / spending;
			for (size_t i = 0; i < N; i++) {
				const size_t e = truce_world_edge(w, j, n, i);
				if (any && w->flow[e] > 0 && edge_changed(eq, e)) {
					const double duty = duty_factor(eq, e, fraction), tax = export_factor(eq, e, fraction);
					const double kappa = eq_kappa_log(eq, j, n, i, fraction);
					eq->a[e] = w->flow[e] * (1 + w->tariff[e]) * scale * exp(-eq->theta[j] * kappa);
					if (eq->exporters_collect)
						eq->c[e] = eq->a[e] / duty;
					eq->b[e] = eq->a[e] / (duty * tax);
				} else {
					eq->b[e] = w->flow[e] * scale;
					eq->a[e] = eq->b[e] * (1 + w->tariff[e]);
					if (eq->exporters_collect)
						eq->c[e] = eq->b[e];
				}
				sum += eq->a[e];
			}
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
			if (!(arrays[k].array[e] > arrays[k].above) || !isfinite(arrays[k].array[e]))
				return truce_fail(eq->ctx, TRUCE_INPUT, NULL, 0, 0, NULL, "%s on %s from %s to %s: %g", arrays[k].what,
					w->sector[e / (w->regions * w->regions)], w->region[e % w->regions],
					w->region[e / w->regions % w->regions], arrays[k].array[e]);
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
	return TRUCE_OK;
}

int truce_equilibrium_update(truce_equilibrium *eq, const truce_policy *policy)
{
	static const truce_policy none;
	const double began = eq_now_ms();
	eq->updated = false;
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
	eq->exporters_collect = policy->export_tax != NULL;
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
