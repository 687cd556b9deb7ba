/* equilibrium: what is told of an answer, and the answer as a world. */
#include "internal.h"
#include "kernel.h"

#include <math.h>
#include <string.h>

static void fill_cells(truce_equilibrium *eq)
{
	const size_t N = eq->regions, J = eq->sectors, NJ = N * J;
	eq_kernel_exp(NJ, eq->log_cost, eq->cost_ratio);
	eq_kernel_exp(NJ, eq->state + eq->at.price, eq->price_ratio);
	for (size_t n = 0; n < N; n++) {
		const double wage = exp(eq->state[eq->at.wage + n]);
		for (size_t j = 0; j < J; j++)
			eq->wage_ratio[n * J + j] = wage;
	}
	if (eq->immobile)
		eq_kernel_exp(NJ, eq->state + eq->at.sector, eq->wage_ratio);
	for (size_t nj = 0; nj < NJ; nj++)
		eq->spending_new[nj] = eq->state[eq->at.spending + nj] * eq->unit[nj];
	memcpy(eq->output_new, eq->output, NJ * sizeof *eq->output_new);
	for (size_t q = 0; q < eq->policy.quantity_count; q++)
		eq->shadow[q] = expm1(eq->state[eq->at.quantity + q]);
}

static double dollars_per_share(const truce_equilibrium *eq, size_t j, size_t n)
{
	const double sum = eq->sum[j * eq->regions + n];
	return sum > 0 ? eq->spending_new[n * eq->sectors + j] / sum : 0;
}

void eq_result_share_row(const void *of, size_t j, size_t n, double *share)
{
	const truce_equilibrium *eq = of;
	const double *a = eq->a + truce_world_edge(eq->world, j, n, 0), *u = eq->u + j * eq->regions, sum = eq->sum[j * eq->regions + n];
	const double part = sum > 0 ? 1 / sum : 0;
	for (size_t i = 0; i < eq->regions; i++)
		share[i] = a[i] * u[i] * part;
}

void eq_result_edges(truce_equilibrium *eq)
{
	const size_t N = eq->regions, J = eq->sectors;
	if (!eq->edges_due)
		return;
	for (size_t j = 0; j < J; j++)
		for (size_t n = 0; n < N; n++) {
			const size_t row = truce_world_edge(eq->world, j, n, 0);
			const double *border = (eq->exporters_collect ? eq->c : eq->b) + row, *u = eq->u + j * N, spent = dollars_per_share(eq, j, n);
			eq_result_share_row(eq, j, n, eq->share + row);
			for (size_t i = 0; i < N; i++)
				eq->flow[row + i] = border[i] * u[i] * spent;
		}
	eq->edges_due = false;
}

/* What wedges that theirs does not know of add to the first order: with export taxes, icebergs and rents, border prices
 * c (1 + e) tau stand where c did.  No price speaks of a ban. */
static void add_first_order(truce_equilibrium *eq, size_t e, double sold_dearer, double bought_dearer)
{
	const size_t N = eq->regions, i = e % N, n = e / N % N, j = e / (N * N);
	const double value = i == n ? 0 : eq->world->flow[e] * eq->cost_ratio[i * eq->sectors + j];
	if (!(value > 0))
		return;
	eq->region[i].first_order.terms_of_trade += value * sold_dearer;
	eq->region[n].first_order.terms_of_trade -= value * bought_dearer;
	eq->region[n].first_order.volume_of_trade -= eq->world->tariff[e] * value * bought_dearer;
}

static void fill_other_wedges(truce_equilibrium *eq)
{
	const truce_policy *p = &eq->policy;
	const size_t edges = eq->regions * eq->regions * eq->sectors;
	for (size_t e = 0; (p->export_tax || p->iceberg) && e < edges; e++) {
		const double tax = p->export_tax ? p->export_tax[e] : 0, tau = p->iceberg ? p->iceberg[e] : 1;
		add_first_order(eq, e, tax, (1 + tax) * tau - 1);
	}
	for (size_t q = 0; q < p->quantity_count; q++) {
		const truce_edge_quantity *bound = &eq->quantity[q];
		const size_t e = truce_world_edge(eq->world, bound->sector, bound->importer, bound->exporter);
		const double tax = p->export_tax ? 1 + p->export_tax[e] : 1, tau = p->iceberg ? p->iceberg[e] : 1, rent = eq->shadow[q];
		if (bound->level == 0 && bound->kind != TRUCE_QUANTITY_AT_LEAST)
			add_first_order(eq, e, 0, NAN);
		else if (bound->rent != TRUCE_RENT_IMPORTER)
			add_first_order(eq, e, bound->rent == TRUCE_RENT_EXPORTER ? tax * rent : 0, tax * tau * rent);
	}
}

/* Trade of all regions, and the first order of Caliendo and Parro (2015), equations 22 to 24, at the baseline's flows and
 * tariffs: sums over the edges in one passage. */
static void fill_trade(truce_equilibrium *eq)
{
	const truce_world *w = eq->world;
	const size_t N = eq->regions, J = eq->sectors;
	double *cost = eq->scratch, *old_sold = eq->sold, *sold = old_sold + N, *dearer = sold + N;
	memset(eq->sold, 0, 3 * N * sizeof *eq->sold);
	for (size_t j = 0; j < J; j++) {
		const double *u = eq->u + j * N;
		for (size_t i = 0; i < N; i++)
			cost[i] = eq->cost_ratio[i * J + j];
		for (size_t n = 0; n < N; n++) {
			const size_t row = truce_world_edge(w, j, n, 0);
			const double *border = (eq->exporters_collect ? eq->c : eq->b) + row, spent = dollars_per_share(eq, j, n);
			double sums[4];
			eq_kernel_trade(N, n, w->flow + row, w->tariff + row, border, u, cost, spent, old_sold, sold, dearer, sums);
			truce_region_change *r = &eq->region[n];
			r->imports_old += sums[0];
			r->imports += sums[1];
			r->first_order.terms_of_trade -= sums[2];
			r->first_order.volume_of_trade += sums[3];
		}
	}
	for (size_t n = 0; n < N; n++) {
		truce_region_change *r = &eq->region[n];
		r->exports_old = old_sold[n];
		r->exports = sold[n];
		r->first_order.terms_of_trade += dearer[n];
	}
	fill_other_wedges(eq);
	for (size_t n = 0; n < N; n++) {
		truce_region_change *r = &eq->region[n];
		if (eq->marketing) /* theirs knows nothing of it */
			r->first_order.terms_of_trade = r->first_order.volume_of_trade = NAN;
		r->first_order.terms_of_trade /= eq->income0[n];
		r->first_order.volume_of_trade /= eq->income0[n];
		r->first_order.welfare = r->first_order.terms_of_trade + r->first_order.volume_of_trade;
	}
}

double eq_kept_of_wages(const truce_equilibrium *eq, size_t n)
{
	const truce_region_change *r = &eq->region[n];
	if (eq->settings.revenue == TRUCE_REVENUE_TAX_RELIEF)
		return 1 - (r->revenue - r->revenue_old * r->price_index) / r->wage_bill;
	return 1 - (eq->settings.revenue == TRUCE_REVENUE_INCOME_TAX ? eq->settings.income_tax : 0);
}

static void fill_region(truce_equilibrium *eq, size_t n)
{
	const size_t J = eq->sectors;
	double bill = 0, base = 0, index = 0;
	truce_region_change *r = &eq->region[n];
	const double labour = eq->at.size > eq->at.labour ? exp(eq->state[eq->at.labour + n]) : 1;
	for (size_t j = 0; j < J; j++) {
		const size_t nj = n * J + j;
		const double old = eq->labour[nj] * eq->output0[nj];
		base += old;
		bill += old * eq->wage_ratio[nj];
		index += eq->final[nj] * eq->state[eq->at.price + nj];
	}
	eq->labour_ratio[n] = labour;
	*r = (truce_region_change){.wage = eq->immobile ? bill / base : exp(eq->state[eq->at.wage + n]), .price_index = exp(index),
		.labour = labour, .income_old = eq->income0[n], .income = eq->income[n], .wage_bill_old = eq->wage_bill0[n],
		.wage_bill = bill * labour, .deficit_old = eq->deficit0[n], .deficit = eq->imposed[n], .revenue_old = eq->revenue0[n],
		.tariff_revenue_old = eq->revenue0[n], .tariff_revenue = eq->tariffs[n], .export_revenue = eq->export_taxes[n],
		.revenue = eq->tariffs[n] + eq->export_taxes[n], .profit_old = eq->profit0[n], .profit = eq->profit[n]};
	r->real_wage = r->wage / r->price_index - 1;
	/* labour that answers costs effort: real income is less the area under the supply curve (no income effect) */
	double effort = 0;
	if (eq->at.size > eq->at.labour) {
		const double power = 1 + 1 / eq->settings.labour_supply;
		effort = eq_kept_of_wages(eq, n) * eq->wage_bill0[n] * (pow(labour, power) - 1) / power / eq->income0[n];
	}
	r->real_income = r->income / r->income_old / r->price_index - 1 - effort;
	r->real_income_usd = r->income_old * r->real_income;
}

void eq_result_fill(truce_equilibrium *eq)
{
	const int evaluations = eq->info.evaluations;
	if (!eq->fresh)
		eq_map(eq, eq->state, eq->image);
	eq->fresh = false;
	eq->info.evaluations = evaluations;
	fill_cells(eq);
	for (size_t n = 0; n < eq->regions; n++)
		fill_region(eq, n);
	fill_trade(eq);
	eq->edges_due = true;
}

truce_cell_change truce_equilibrium_get_cell(const truce_equilibrium *eq, size_t region, size_t sector)
{
	const truce_world *w = eq->world;
	const size_t N = eq->regions, n = region, j = sector, nj = n * eq->sectors + j;
	truce_cell_change cell = {.wage = eq->wage_ratio[nj], .cost = eq->cost_ratio[nj], .price = eq->price_ratio[nj],
		.output_old = eq->output0[nj], .output = eq->output_new[nj], .spending_old = eq->spending0[nj],
		.spending = eq->spending_new[nj]};
	eq_result_edges((truce_equilibrium *)eq);
	double border = 0, sold = 0;
	for (size_t i = 0; i < N; i++) {
		const size_t in = truce_world_edge(w, j, n, i), back = truce_world_edge(w, j, i, n);
		border += eq->flow[in];
		sold += eq->flow[back];
		cell.revenue_old += w->flow[in] * w->tariff[in];
		if (i == n)
			continue;
		cell.imports_old += w->flow[in];
		cell.imports += eq->flow[in];
		cell.exports_old += w->flow[back];
		cell.exports += eq->flow[back];
	}
	cell.revenue = cell.spending - border;
	cell.export_revenue = eq->exporters_collect && !eq->marketing ? sold - cell.output : 0;
	return cell;
}

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
	if (from->marketing && truce_world_keep_marketing(to))
		return TRUCE_MEMORY;
	for (size_t n = 0; from->marketing && n < from->regions; n++)
		to->marketing[n] = from->marketing[n];
	return (from->name || name) && !to->name ? TRUCE_MEMORY : TRUCE_OK;
}

/* Cost shares at the new prices; under Cobb-Douglas they are the old ones. */
static void copy_technology(const truce_equilibrium *eq, truce_world *to)
{
	const truce_world *from = eq->world;
	const size_t N = eq->regions, J = eq->sectors;
	const double eta = eq->settings.inputs, nu = eq->settings.value_added;
	memcpy(to->input_share, from->input_share, N * J * J * sizeof *to->input_share);
	memcpy(to->value_added, from->value_added, N * J * sizeof *to->value_added);
	if (eq->cobb_douglas)
		return;
	for (size_t n = 0; n < N; n++)
		for (size_t j = 0; j < J; j++) {
			const size_t nj = n * J + j;
			double inputs = 0;
			for (size_t k = 0; k < J; k++) {
				const double log_price = eq->state[eq->at.price + n * J + k];
				inputs += to->input_share[nj * J + k] *= exp((1 - nu) * (eq->mix[nj] - eq->log_cost[nj]) +
					(1 - eta) * (log_price - eq->mix[nj]));
			}
			to->value_added[nj] = 1 - inputs;
		}
}

static void copy_policy(const truce_equilibrium *eq, truce_world *to)
{
	const truce_world *from = eq->world;
	const size_t N = eq->regions, J = eq->sectors, E = N * N * J;
	memcpy(to->flow, eq->flow, E * sizeof *to->flow);
	memcpy(to->tariff, eq->policy.tariff ? eq->policy.tariff : from->tariff, E * sizeof *to->tariff);
	for (size_t q = 0; q < eq->policy.quantity_count; q++) {
		const truce_edge_quantity *want = &eq->quantity[q];
		double *tariff = &to->tariff[truce_world_edge(from, want->sector, want->importer, want->exporter)];
		if (want->rent == TRUCE_RENT_IMPORTER)
			*tariff = (1 + *tariff) * (1 + eq->shadow[q]) - 1;
	}
}

static bool exporters_earn(const truce_equilibrium *eq)
{
	for (size_t e = 0; eq->policy.export_tax && e < eq->sectors * eq->regions * eq->regions; e++)
		if (eq->policy.export_tax[e] != 0 && eq->world->flow[e] > 0)
			return true;
	for (size_t q = 0; q < eq->policy.quantity_count; q++)
		if (eq->quantity[q].rent == TRUCE_RENT_EXPORTER && fabs(eq->shadow[q]) > 1e-12)
			return true;
	return false;
}

int truce_equilibrium_save(truce_equilibrium *eq, truce_world **out, const char *name)
{
	const truce_world *from = eq->world;
	const size_t N = eq->regions, J = eq->sectors;
	truce_world *to = NULL;
	*out = NULL;
	if (!eq->info.converged)
		return truce_fail(eq->ctx, TRUCE_CONVERGE, NULL, 0, 0, "solve it first", "there is no answer to save");
	if (exporters_earn(eq))
		return truce_fail(eq->ctx, TRUCE_INPUT, NULL, 0, 0, "shock the old baseline with both policies together",
			"a world cannot hold a wedge that exporters collect");
	eq_result_edges(eq);
	int err = truce_world_new(eq->ctx, &to, N, J);
	if (err)
		return err;
	if ((err = copy_names(to, from, name)) || (err = truce_world_keep_final(to)) ||
		(from->estimated && (err = truce_world_keep_estimated(to))))
		goto done;
	for (size_t m = 0; m < from->members; m++)
		if ((err = truce_world_add_member(eq->ctx, to, from->member[m], from->member_region[m], from->member_whole[m])))
			goto done;
	copy_policy(eq, to);
	copy_technology(eq, to);
	memcpy(to->final_share, eq->final, N * J * sizeof *to->final_share);
	memcpy(to->theta, from->theta, J * sizeof *to->theta);
	memcpy(to->theta_se, from->theta_se, J * sizeof *to->theta_se);
	memcpy(to->psi, from->psi, J * sizeof *to->psi);
	if (from->estimated)
		memcpy(to->estimated, from->estimated, N * N * J * sizeof *to->estimated);
	err = truce_world_finish(eq->ctx, to, to->name, &(truce_world_rules){.negative_input = 1e-3, .quiet = true});
done:
	if (err)
		truce_world_free(to);
	else
		*out = to;
	return err;
}
