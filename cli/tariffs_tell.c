/* The parts of `truce tariffs`: what is told of an outcome, as JSON, as CSV and in words. */
#include "tariffs.h"

#include <math.h>
#include <string.h>

/* ---- what is told: JSON ----------------------------------------------------------------------------------------------------- */

static bool weighted(const game *g)
{
	return g->options.weights.profits != NULL;
}

/* The wedges of a player, where goods are traded. */
static void wedges_to_json(game *g, const truce_outcome *o, size_t player)
{
	const truce_world *w = g->world;
	truce_json_open(&g->json, "tariffs", '[');
	for (size_t j = 0; j < w->sectors; j++)
		for (size_t i = 0; i < w->regions; i++) {
			const size_t in = truce_world_edge(w, j, player, i), back = truce_world_edge(w, j, i, player);
			if (i == player || !(w->flow[in] > 0 || (o->export_tax && w->flow[back] > 0)))
				continue;
			truce_json_open(&g->json, NULL, '{');
			truce_json_text(&g->json, "sector", w->sector[j]);
			truce_json_text(&g->json, "partner", w->region[i]);
			truce_json_number(&g->json, "tariff", o->tariff[in]);
			truce_json_number(&g->json, "before", g->begin[in]);
			if (o->export_tax)
				truce_json_number(&g->json, "export_tax", o->export_tax[back]);
			truce_json_close(&g->json, '}');
		}
	truce_json_close(&g->json, ']');
}

void tariffs_optimum_to_json(game *g, const truce_outcome *outcome, const truce_optimum *o)
{
	truce_json *json = &g->json;
	truce_json_open(json, NULL, '{');
	truce_json_text(json, "id", g->world->region[o->player]);
	truce_json_number(json, "real_income", o->real_income);
	truce_json_number(json, "at_start", o->start);
	if (weighted(g)) {
		truce_json_number(json, "weighted", o->value);
		truce_json_number(json, "weighted_at_start", o->value_start);
	}
	truce_json_number(json, "median_tariff", o->median);
	truce_json_number(json, "mean_tariff", o->mean);
	truce_json_integer(json, "variables", (int64_t)o->variables);
	truce_json_integer(json, "at_lower_bound", (int64_t)o->at_low);
	truce_json_integer(json, "at_upper_bound", (int64_t)o->at_high);
	truce_json_number(json, "kkt", o->kkt);
	truce_json_number(json, "kkt_scaled", o->kkt_scaled);
	truce_json_number(json, "distance", o->distance);
	truce_json_open(json, "second_order", '{');
	truce_json_number(json, "largest_eigenvalue", o->curvature);
	truce_json_number(json, "error", o->curvature_error);
	truce_json_integer(json, "variables", (int64_t)o->curvature_variables);
	truce_json_number(json, "worst_step", o->worst_step);
	truce_json_number(json, "worst_change_minus", o->worst_minus);
	truce_json_number(json, "worst_change_plus", o->worst_plus);
	truce_json_close(json, '}');
	truce_json_number(json, "gain", o->gain);
	truce_json_integer(json, "starts", o->starts);
	truce_json_integer(json, "starts_agreed", o->agreed);
	truce_json_number(json, "certificate", o->certificate.largest);
	truce_json_integer(json, "solves", o->evaluations);
	truce_json_number(json, "milliseconds", o->milliseconds);
	truce_json_open(json, "scan", '[');
	for (int k = 0; k < TRUCE_SCAN; k++) {
		truce_json_open(json, NULL, '{');
		truce_json_number(json, "factor", o->scan_factor[k]);
		truce_json_number(json, "real_income", o->scan_income[k]);
		truce_json_close(json, '}');
	}
	truce_json_close(json, ']');
	wedges_to_json(g, outcome, o->player);
	truce_json_close(json, '}');
}

static void regions_to_json(game *g, const truce_outcome *o)
{
	truce_json_open(&g->json, "regions", '[');
	for (size_t n = 0; n < g->world->regions; n++) {
		truce_json_open(&g->json, NULL, '{');
		truce_json_text(&g->json, "id", g->world->region[n]);
		truce_json_number(&g->json, "at_start", o->real_income_start[n]);
		if (o->real_income_moved)
			truce_json_number(&g->json, "after_move", o->real_income_moved[n]);
		if (o->real_income_round)
			truce_json_number(&g->json, "after_one_round", o->real_income_round[n]);
		truce_json_number(&g->json, "real_income", o->real_income[n]);
		truce_json_close(&g->json, '}');
	}
	truce_json_close(&g->json, ']');
}

void tariffs_outcome_to_json(game *g, const truce_outcome *o, const char *name)
{
	truce_json *json = &g->json;
	truce_json_open(json, NULL, '{');
	truce_json_integer(json, "rounds", o->rounds);
	truce_json_number(json, "largest_gain", o->weight ? NAN : o->largest_gain);
	truce_json_integer(json, "starts", o->starts);
	truce_json_number(json, "start_spread", o->start_spread);
	truce_json_number(json, "certificate", o->certificate.largest);
	truce_json_integer(json, "solves", o->evaluations);
	truce_json_number(json, "milliseconds", o->milliseconds);
	if (o->weight) {
		truce_json_number(json, "smallest_log_gain", o->common_gain);
		truce_json_number(json, "gain_spread", o->gain_spread);
		truce_json_open(json, "weights", '[');
		for (size_t p = 0; p < o->players; p++) {
			truce_json_open(json, NULL, '{');
			truce_json_text(json, "id", g->world->region[o->optimum[p].player]);
			truce_json_number(json, "weight", o->weight[p]);
			truce_json_close(json, '}');
		}
		truce_json_close(json, ']');
	}
	truce_json_open(json, name, '[');
	for (size_t p = 0; p < o->players; p++)
		tariffs_optimum_to_json(g, o, &o->optimum[p]);
	truce_json_close(json, ']');
	regions_to_json(g, o);
	truce_json_close(json, '}');
}

/* ---- what is told: CSV -------------------------------------------------------------------------------------------------------- */

void tariffs_csv_head(game *g)
{
	truce_text_addf(&g->cli->out, "sector,exporter,importer,tariff,tariff_before%s\n", g->options.exports ? ",export_tax" : "");
}

static void csv_row(game *g, const truce_outcome *o, size_t e)
{
	const truce_world *w = g->world;
	truce_text *out = &g->cli->out;
	truce_csv_write_field(out, w->sector[e / w->regions / w->regions]);
	truce_text_addf(out, ",");
	truce_csv_write_field(out, w->region[e % w->regions]);
	truce_text_addf(out, ",");
	truce_csv_write_field(out, w->region[e / w->regions % w->regions]);
	truce_text_addf(out, ",%.10g,%.10g", o->tariff[e], g->begin[e]);
	if (o->export_tax)
		truce_text_addf(out, ",%.10g", o->export_tax[e]);
	truce_text_addf(out, "\n");
}

/* The edges into (and, where exports are moved, out of) the players. */
void tariffs_outcome_to_csv(game *g, const truce_outcome *o)
{
	const truce_world *w = g->world;
	for (size_t e = 0; e < w->sectors * w->regions * w->regions; e++) {
		const size_t importer = e / w->regions % w->regions, exporter = e % w->regions;
		bool mine = false;
		for (size_t p = 0; p < o->players; p++)
			mine |= (g->options.imports && o->optimum[p].player == importer) || (o->export_tax && o->optimum[p].player == exporter);
		if (mine && importer != exporter && w->flow[e] > 0)
			csv_row(g, o, e);
	}
}

/* ---- what is told: text --------------------------------------------------------------------------------------------------------- */

enum { PARTNERS = 9 }; /* as many columns as a terminal has room for */

static const char *percent(game *g, double value)
{
	const char *text = isnan(value) ? "" : truce_arena_printf(g->arena, "%.1f", 100 * value);
	return text ? text : "?";
}

static size_t list_partners(const game *g, size_t player, size_t *partner)
{
	const truce_world *w = g->world;
	size_t count = 0;
	for (size_t i = 0; i < w->regions; i++) {
		bool trades = false;
		for (size_t j = 0; j < w->sectors; j++)
			trades |= w->flow[truce_world_edge(w, j, player, i)] > 0 && i != player;
		if (trades && (!g->options.partners || g->options.partners[i]))
			partner[count++] = i;
	}
	return count;
}

/* By sector: each partner's tariff where they fit side by side, else the mean by trade, the lowest and the highest. */
static int print_wedges(game *g, const double *wedge, size_t player, bool exports)
{
	const truce_world *w = g->world;
	size_t *partner = truce_arena_array(g->arena, w->regions, sizeof *partner);
	if (!partner)
		return TRUCE_MEMORY;
	const size_t partners = list_partners(g, player, partner);
	const bool wide = partners <= PARTNERS && g->options.instrument == TRUCE_LEVER_PARTNER;
	const int columns = wide ? (int)partners + 1 : 4;
	const char **cells = truce_arena_array(g->arena, (w->sectors + 1) * (size_t)columns, sizeof *cells);
	int rows = 1;
	if (!cells)
		return TRUCE_MEMORY;
	cells[0] = exports ? "export tax %" : "tariff %";
	for (size_t k = 0; k < partners && wide; k++)
		cells[k + 1] = w->region[partner[k]];
	if (!wide)
		cells[1] = "mean", cells[2] = "lowest", cells[3] = "highest";
	for (size_t j = 0; j < w->sectors; j++) {
		const char **row = cells + rows * columns;
		double sum = 0, trade = 0, low = INFINITY, high = -INFINITY;
		if (g->options.sectors && !g->options.sectors[j])
			continue;
		row[0] = w->sector[j];
		for (size_t k = 0; k < partners; k++) {
			const size_t e = exports ? truce_world_edge(w, j, partner[k], player) : truce_world_edge(w, j, player, partner[k]);
			const bool traded = w->flow[e] > 0;
			if (wide)
				row[k + 1] = percent(g, traded ? wedge[e] : NAN);
			if (!traded)
				continue;
			sum += w->flow[e] * wedge[e];
			trade += w->flow[e];
			low = fmin(low, wedge[e]);
			high = fmax(high, wedge[e]);
		}
		if (!(trade > 0))
			continue;
		if (!wide)
			row[1] = percent(g, sum / trade), row[2] = percent(g, low), row[3] = percent(g, high);
		rows++;
	}
	truce_text_addf(&g->cli->out, "\n");
	cli_table(g->cli, columns, "lrrrrrrrrr", cells, rows, true);
	return TRUCE_OK;
}

static void print_proof(game *g, const truce_optimum *o)
{
	truce_text *out = &g->cli->out;
	truce_text_addf(out, "  proof: largest free gradient %.1e (%.1e scaled; no wedge further than %.0e from its best); "
		"%zu wedges, %zu at the lower and %zu at the upper bound; certificate %.1e\n", o->kkt, o->kkt_scaled, o->distance, o->variables, o->at_low, o->at_high, o->certificate.largest);
	if (!isnan(o->curvature))
		truce_text_addf(out, "  second order: largest eigenvalue of the scaled Hessian %.3g (give or take %.1g) over %zu free "
			"wedges: %s\n", o->curvature, o->curvature_error, o->curvature_variables, o->curvature + o->curvature_error < 0 ? "a maximum along every direction" :
			o->curvature - o->curvature_error > 1e-6 ? "NOT a maximum along the worst direction" : "flat along the worst direction");
	truce_text_addf(out, "  scan:  ");
	for (int k = 0; k < TRUCE_SCAN; k += 2)
		truce_text_addf(out, " x%.1f %+.4f", o->scan_factor[k], 100 * o->scan_income[k]);
	truce_text_addf(out, " %% real income with all its wedges so much higher or lower\n");
}

int tariffs_print_optimum(game *g, const truce_outcome *outcome, const truce_optimum *o, bool wedges)
{
	truce_text *out = &g->cli->out;
	int status = TRUCE_OK;
	truce_text_addf(out, "%s%s%s: real income %+.5f %% at %s tariffs (median %.1f %%, mean %.1f %%; it began at %+.5f %%)\n",
		cli_bold(g->cli), g->world->region[o->player], cli_plain(g->cli), 100 * o->real_income,
		outcome->weight ? "these" : "its best", 100 * o->median, 100 * o->mean, 100 * o->start);
	if (weighted(g))
		truce_text_addf(out, "  with the weights: %+.5f %% of baseline income on top of where it began\n", 100 * (o->value - o->value_start));
	print_proof(g, o);
	if (o->starts > 1)
		truce_text_addf(out, "  starts: %d of %d ended at the same value\n", o->agreed, o->starts);
	if (wedges && g->options.imports)
		status = print_wedges(g, outcome->tariff, o->player, false);
	if (!status && wedges && outcome->export_tax)
		status = print_wedges(g, outcome->export_tax, o->player, true);
	if (wedges)
		truce_text_addf(out, "\n");
	return status;
}

static int print_regions(game *g, const truce_outcome *o)
{
	const truce_world *w = g->world;
	const double *stage[] = {o->real_income_start, o->real_income_moved, o->real_income_round, o->real_income};
	static const char *const head[] = {"at the start", "after the move", "after one round", "at the end"};
	const char **cells = truce_arena_array(g->arena, (w->regions + 1) * 5, sizeof *cells);
	int columns = 1;
	if (!cells)
		return TRUCE_MEMORY;
	for (int s = 0; s < 4; s++)
		columns += stage[s] != NULL;
	cells[0] = "real income %";
	for (size_t n = 0; n < w->regions; n++)
		cells[(n + 1) * (size_t)columns] = w->region[n];
	int column = 1;
	for (int s = 0; s < 4; s++) {
		if (!stage[s])
			continue;
		cells[column] = head[s];
		for (size_t n = 0; n < w->regions; n++) {
			const char *text = truce_arena_printf(g->arena, "%+.4f", 100 * stage[s][n]);
			cells[(n + 1) * (size_t)columns + (size_t)column] = text ? text : "?";
		}
		column++;
	}
	truce_text_addf(&g->cli->out, "\n");
	cli_table(g->cli, columns, "lrrrr", cells, (int)w->regions + 1, true);
	return TRUCE_OK;
}

int tariffs_print_outcome(game *g, const truce_outcome *o)
{
	truce_text *out = &g->cli->out;
	int status = TRUCE_OK;
	if (o->weight) {
		truce_text_addf(out, "together: every player gains at least %.5f %% (they are %.1e apart); what a player's log gain "
			"counts there:", 100 * expm1(o->common_gain), o->gain_spread);
		for (size_t p = 0; p < o->players; p++)
			truce_text_addf(out, " %s %.4f", g->world->region[o->optimum[p].player], o->weight[p]);
		truce_text_addf(out, "\n");
	} else {
		truce_text_addf(out, "no player gains more than %.1e of its income by moving alone (%d rounds of best replies, each "
			"computed anew at the end)\n",
			o->largest_gain, o->rounds);
	}
	if (o->starts > 1)
		truce_text_addf(out, "%d starting points ended within %.1e of each other\n", o->starts, o->start_spread);
	for (size_t p = 0; p < o->players && !status; p++)
		status = tariffs_print_optimum(g, o, &o->optimum[p], false);
	if (!status)
		status = print_regions(g, o);
	truce_text_addf(out, "\n%d solves, %.1f s; the tariffs: --csv\n", o->evaluations, o->milliseconds / 1e3);
	return status;
}
