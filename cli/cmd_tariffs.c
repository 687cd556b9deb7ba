/* truce tariffs: the tariffs that serve a region best, those from which nobody gains by moving alone, the replies to a
 * move, and those that several choose together. */
#include "model.h"

#include <truce/policy.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
	struct cli *cli;
	truce_arena *arena;
	truce_world *world;
	truce_equilibrium_settings settings;
	truce_policy_options options;
	size_t *players;
	size_t player_count;
	double *begin; /* [J][N][N] the tariffs begun with */
	truce_together together;
	truce_json json;
} game;

/* ---- what is asked ------------------------------------------------------------------------------------------------------ */

static int unknown(game *g, const char *what, const char *id, const char *const *names, size_t count)
{
	const char *near = truce_nearest(id, names, count);
	return truce_fail(g->cli->ctx, TRUCE_NOT_FOUND, NULL, 0, 0, "`truce world show` lists them", "the world has no %s \"%s\"%s%s", what, id,
		near ? "; the nearest is " : "", near ? near : "");
}

/* Every id of an option that may be given again and may hold several, with commas. */
static int each_id(game *g, const char *option, int (*take)(game *g, const char *id, void *user), void *user)
{
	const char *given;
	int status = TRUCE_OK;
	for (int i = 0; !status && (given = cli_value_at(g->cli, option, i)); i++)
		while (!status && *given) {
			const size_t length = strcspn(given, ",");
			const char *id = truce_arena_copy(g->arena, given, length);
			if (!id)
				return TRUCE_MEMORY;
			if (length)
				status = take(g, id, user);
			given += length + (given[length] == ',');
		}
	return status;
}

static int take_player(game *g, const char *id, void *user)
{
	const size_t region = truce_world_region(g->world, id);
	(void)user;
	if (region == TRUCE_WORLD_NONE)
		return unknown(g, "region", id, g->world->region, g->world->regions);
	for (size_t p = 0; p < g->player_count; p++)
		if (g->players[p] == region)
			return TRUCE_OK;
	g->players[g->player_count++] = region;
	return TRUCE_OK;
}

static int take_sector(game *g, const char *id, void *user)
{
	const size_t sector = truce_world_sector(g->world, id);
	if (sector == TRUCE_WORLD_NONE)
		return unknown(g, "sector", id, g->world->sector, g->world->sectors);
	((bool *)user)[sector] = true;
	return TRUCE_OK;
}

static int take_partner(game *g, const char *id, void *user)
{
	const size_t region = truce_world_region(g->world, id);
	if (region == TRUCE_WORLD_NONE)
		return unknown(g, "region", id, g->world->region, g->world->regions);
	((bool *)user)[region] = true;
	return TRUCE_OK;
}

static int list_players(game *g)
{
	g->players = truce_arena_array(g->arena, g->world->regions, sizeof *g->players);
	if (!g->players)
		return TRUCE_MEMORY;
	int status = each_id(g, "player", take_player, NULL);
	if (!status)
		status = each_id(g, "players", take_player, NULL);
	for (size_t n = 0; g->player_count == 0 && !status && n < g->world->regions; n++)
		g->players[n] = n;
	if (g->player_count == 0)
		g->player_count = g->world->regions;
	return status;
}

static int list_subset(game *g, const char *option, size_t count, int (*take)(game *g, const char *id, void *user), const bool **out)
{
	bool *chosen;
	if (!cli_value(g->cli, option))
		return TRUCE_OK;
	if (!(chosen = truce_arena_array(g->arena, count, sizeof *chosen)))
		return TRUCE_MEMORY;
	*out = chosen;
	return each_id(g, option, take, chosen);
}

/* `sector,weight`, with a column `region` where it holds for one alone: what a dollar earned there counts. */
static int read_weights(game *g, const char *path)
{
	const truce_world *w = g->world;
	const char *what = cli_value(g->cli, "weigh");
	truce_csv *csv = NULL;
	size_t sector_at, weight_at, region_at = 0;
	double *weight = truce_arena_array(g->arena, w->regions * w->sectors, sizeof *weight), given;
	int got, status;
	if (!weight)
		return TRUCE_MEMORY;
	if (what && strcmp(what, "income") != 0 && strcmp(what, "profits") != 0)
		return cli_usage(g->cli, "--weigh is income or profits, not \"%s\"", what);
	for (size_t nj = 0; nj < w->regions * w->sectors; nj++)
		weight[nj] = 1;
	if ((status = truce_csv_open(g->cli->ctx, &csv, path)))
		return status;
	const bool by_region = truce_csv_has_column(csv, "region", &region_at);
	if (!(status = truce_csv_column(csv, &sector_at, "sector")))
		status = truce_csv_column(csv, &weight_at, "weight");
	while (!status && (got = truce_csv_next(csv)) != 0) {
		if (got < 0 || (status = truce_csv_double(csv, weight_at, &given))) {
			status = got < 0 ? got : status;
			break;
		}
		const size_t j = truce_world_sector(w, truce_csv_field(csv, sector_at));
		const size_t n = by_region ? truce_world_region(w, truce_csv_field(csv, region_at)) : 0;
		if (j == TRUCE_WORLD_NONE || n == TRUCE_WORLD_NONE)
			status = truce_csv_fail(csv, j == TRUCE_WORLD_NONE ? sector_at : region_at, "`truce world show` lists them",
				"the world has no such %s", j == TRUCE_WORLD_NONE ? "sector" : "region");
		else if (!(given >= 0))
			status = truce_csv_fail(csv, weight_at, "1 is what a dollar of revenue counts", "a weight is 0 or more");
		for (size_t m = by_region ? n : 0; !status && m < (by_region ? n + 1 : w->regions); m++)
			weight[m * w->sectors + j] = given;
	}
	truce_csv_close(csv);
	g->options.weights.profits = weight;
	if (!what || strcmp(what, "income") == 0)
		g->options.weights.wages = weight;
	return status;
}

static int read_word(game *g, const char *option, const char *const *words, int *out)
{
	const char *given = cli_value(g->cli, option);
	for (*out = 0; given && words[*out] && strcmp(words[*out], given) != 0;)
		++*out;
	if (given && !words[*out])
		return cli_usage(g->cli, "--%s is %s, %s or %s, not \"%s\"", option, words[0], words[1], words[2], given);
	return TRUCE_OK;
}

static int read_count(game *g, const char *option, int least, int most, int *out)
{
	double given;
	int status = cli_double(g->cli, &given, option, *out);
	if (!status && !(given >= least && given <= most && given == floor(given)))
		status = cli_usage(g->cli, "--%s is a whole number from %d to %d", option, least, most);
	if (!status)
		*out = (int)given;
	return status;
}

static int read_options(game *g)
{
	static const char *const instruments[] = {"partner", "sector", "uniform", NULL}, *const sides[] = {"imports", "exports", "both", NULL},
		*const objectives[] = {"equal", "nash", "sum", NULL};
	struct cli *cli = g->cli;
	int instrument, side, objective, status;
	if ((status = read_word(g, "instrument", instruments, &instrument)) || (status = read_word(g, "move", sides, &side)) ||
		(status = read_word(g, "objective", objectives, &objective)) ||
		(status = cli_double(cli, &g->options.low, "low", g->options.low)) ||
		(status = cli_double(cli, &g->options.high, "high", g->options.high)) ||
		(status = cli_double(cli, &g->options.gain, "tolerance", g->options.gain)) ||
		(status = read_count(g, "rounds", 1, 10000, &g->options.rounds)) || (status = read_count(g, "starts", 1, 1000, &g->options.starts)) ||
		(status = read_count(g, "threads", 1, 64, &g->options.threads)))
		return status;
	g->options.instrument = (truce_lever)instrument;
	g->options.imports = side != 1;
	g->options.exports = side != 0;
	g->together = (truce_together)objective;
	return TRUCE_OK;
}

/* What hangs on the world. */
static int read_lists(game *g)
{
	const truce_world *w = g->world;
	const char *weights = cli_value(g->cli, "weights"), *wedges = cli_value(g->cli, "wedges");
	int status = list_players(g);
	if (status || (status = list_subset(g, "sector", w->sectors, take_sector, &g->options.sectors)) ||
		(status = list_subset(g, "partner", w->regions, take_partner, &g->options.partners)) ||
		(weights && (status = read_weights(g, weights))))
		return status;
	cli_policy begin;
	if ((status = cli_policy_start(&begin, w, g->arena)) || (wedges && (status = cli_policy_wedges(g->cli, &begin, w, wedges))))
		return status;
	if (begin.taxed || begin.shipped)
		return truce_fail(g->cli->ctx, TRUCE_INPUT, wedges, 0, 0, "leave these columns out, or at nothing", "a game begins from tariffs alone, "
			"not from export taxes or icebergs");
	g->begin = begin.tariff;
	return TRUCE_OK;
}

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

static void optimum_to_json(game *g, const truce_outcome *outcome, const truce_optimum *o)
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

static void outcome_to_json(game *g, const truce_outcome *o, const char *name)
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
		optimum_to_json(g, o, &o->optimum[p]);
	truce_json_close(json, ']');
	regions_to_json(g, o);
	truce_json_close(json, '}');
}

/* ---- what is told: CSV -------------------------------------------------------------------------------------------------------- */

static void csv_head(game *g)
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
static void outcome_to_csv(game *g, const truce_outcome *o)
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

static int print_optimum(game *g, const truce_outcome *outcome, const truce_optimum *o, bool wedges)
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

static int print_outcome(game *g, const truce_outcome *o)
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
		status = print_optimum(g, o, &o->optimum[p], false);
	if (!status)
		status = print_regions(g, o);
	truce_text_addf(out, "\n%d solves, %.1f s; the tariffs: --csv\n", o->evaluations, o->milliseconds / 1e3);
	return status;
}

/* ---- playing ------------------------------------------------------------------------------------------------------------------------ */

static int save(game *g, const truce_outcome *o)
{
	const char *path = cli_value(g->cli, "save");
	truce_equilibrium *eq;
	truce_world *saved = NULL;
	const truce_policy policy = {.tariff = o->tariff, .export_tax = o->export_tax};
	if (!path)
		return TRUCE_OK;
	int status = truce_equilibrium_new(g->cli->ctx, &eq, g->world, &g->settings, 0);
	if (status)
		return status;
	if (!(status = truce_equilibrium_update(eq, &policy)) && !(status = truce_equilibrium_solve(eq)) &&
		!(status = truce_equilibrium_save(eq, &saved, NULL)))
		status = truce_world_write(g->cli->ctx, saved, path);
	truce_world_free(saved);
	truce_equilibrium_free(eq);
	return status;
}

static int tell(game *g, const truce_outcome *o, const char *name)
{
	int status = save(g, o);
	if (status)
		return status;
	if (g->cli->csv) {
		csv_head(g);
		outcome_to_csv(g, o);
	} else if (g->cli->json) {
		outcome_to_json(g, o, name);
	} else {
		status = print_outcome(g, o);
	}
	return status;
}

static int play_optimal(game *g)
{
	int status = TRUCE_OK;
	if (cli_value(g->cli, "save") && g->player_count > 1)
		return cli_usage(g->cli, "--save keeps one world: name one --player");
	if (g->cli->csv)
		csv_head(g);
	else if (g->cli->json) {
		truce_json_open(&g->json, NULL, '{');
		truce_json_open(&g->json, "optimal", '[');
	}
	for (size_t p = 0; !status && p < g->player_count; p++) {
		truce_outcome *o;
		status = truce_policy_optimal(g->cli->ctx, g->arena, &o, g->world, &g->settings, &g->options, g->players[p], g->begin);
		if (status || (status = save(g, o)))
			break;
		if (g->cli->csv)
			outcome_to_csv(g, o);
		else if (g->cli->json)
			optimum_to_json(g, o, &o->optimum[0]);
		else
			status = print_optimum(g, o, &o->optimum[0], true);
		truce_progress(g->cli->ctx, "players", (double)(p + 1) / (double)g->player_count);
	}
	if (g->cli->json && !g->cli->csv) {
		truce_json_close(&g->json, ']');
		truce_json_close(&g->json, '}');
	}
	return status;
}

static int play_nash(game *g)
{
	truce_outcome *o;
	int status = truce_policy_nash(g->cli->ctx, g->arena, &o, g->world, &g->settings, &g->options, g->players, g->player_count, g->begin);
	return status ? status : tell(g, o, "nash");
}

static int play_cooperative(game *g)
{
	truce_outcome *o;
	int status = truce_policy_cooperative(g->cli->ctx, g->arena, &o, g->world, &g->settings, &g->options, g->together, g->players,
		g->player_count, g->begin);
	return status ? status : tell(g, o, "cooperative");
}

/* The move is the file's, or the best tariffs of --mover; the players are those who reply. */
static int play_retaliate(game *g)
{
	const char *mover = cli_value(g->cli, "mover");
	const size_t edges = g->world->sectors * g->world->regions * g->world->regions;
	const bool asked = cli_value(g->cli, "player") || cli_value(g->cli, "players");
	double *moved = g->begin;
	truce_outcome *o;
	int status;
	if (!mover)
		return cli_usage(g->cli, "retaliate wants --mover REGION: whose tariffs the others reply to (--wedges FILE gives them; else its best ones)");
	const size_t first = truce_world_region(g->world, mover);
	if (first == TRUCE_WORLD_NONE)
		return unknown(g, "region", mover, g->world->region, g->world->regions);
	size_t kept = 0;
	for (size_t p = 0; p < g->player_count; p++) {
		if (g->players[p] == first && asked)
			return cli_usage(g->cli, "%s makes the move, so it is no player that replies", mover);
		if (g->players[p] != first)
			g->players[kept++] = g->players[p];
	}
	g->player_count = kept;
	if (!(g->begin = truce_arena_array(g->arena, edges, sizeof *g->begin)))
		return TRUCE_MEMORY;
	memcpy(g->begin, g->world->tariff, edges * sizeof *g->begin);
	if (!cli_value(g->cli, "wedges")) {
		truce_policy_options alone = g->options;
		alone.prove = alone.exports = false;
		alone.imports = true;
		if ((status = truce_policy_optimal(g->cli->ctx, g->arena, &o, g->world, &g->settings, &alone, first, g->begin)))
			return status;
		moved = o->tariff;
	}
	status = truce_policy_retaliate(g->cli->ctx, g->arena, &o, g->world, &g->settings, &g->options, g->players, g->player_count, g->begin,
		moved);
	return status ? status : tell(g, o, "retaliate");
}

static int run(struct cli *cli, int count, char **operands)
{
	static const struct {
		const char *name;
		int (*play)(game *g);
	} games[] = {{"optimal", play_optimal}, {"nash", play_nash}, {"retaliate", play_retaliate}, {"cooperative", play_cooperative}};
	game g = {.cli = cli};
	size_t which = 0;
	(void)count;
	while (which < 4 && strcmp(operands[0], games[which].name) != 0)
		which++;
	if (which == 4)
		return cli_usage(cli, "\"%s\" is none of optimal, nash, retaliate, cooperative", operands[0]);
	truce_policy_options_init(&g.options);
	truce_equilibrium_settings_init(&g.settings);
	truce_json_init(&g.json, &cli->out);
	int status = cli_model_settings(cli, &g.settings);
	if (status || (status = read_options(&g)) || (status = truce_arena_new(cli->ctx, &g.arena)))
		return status;
	if (!(status = cli_model_world(cli, &g.world, operands[1])) && !(status = read_lists(&g)))
		status = games[which].play(&g);
	if (status)
		truce_text_clear(&cli->out); /* JSON or nothing */
	truce_world_free(g.world);
	truce_arena_free(g.arena);
	return status;
}

static const struct cli_option options[] = {
	{"player", 'p', "REGION", true, "who plays; every region where not given"},
	{"players", 0, "A,B,...", true, "the same, several at once"},
	{"sector", 0, "A,B,...", true, "whose wedges may change; every sector where not given"},
	{"partner", 0, "A,B,...", true, "towards whom they may change; every other region where not given"},
	{"instrument", 0, "WHAT", false, "partner (a wedge for each sector and partner; where not given), sector (the same for all "
		"partners) or uniform (one)"},
	{"move", 0, "SIDE", false, "imports (tariffs; where not given), exports (export taxes, negative: subsidies) or both"},
	{"low", 0, "TARIFF", false, "lower bound of every wedge, a fraction; -0.5 where not given"},
	{"high", 0, "TARIFF", false, "upper bound; 10 where not given"},
	{"wedges", 0, "FILE", false, "begin from these tariffs (sector,exporter,importer,tariff); retaliate: the move"},
	{"mover", 0, "REGION", false, "retaliate: whose move it is; without --wedges it moves to its best tariffs"},
	{"objective", 0, "WHAT", false, "cooperative: equal (the largest gain that all get alike; where not given), nash (product "
		"of gains) or sum (dollars)"},
	{"weights", 0, "FILE", false, "what a dollar earned in a sector counts: sector,weight (and region, where it holds for one); 1 where not named"},
	{"weigh", 0, "WHAT", false, "of the weights: income (wages and profits of the sector; where not given) or profits alone"},
	{"starts", 0, "N", false, "starting points; 1"},
	{"threads", 0, "N", false, "for the players of a round; the answer is the same; 1"},
	{"rounds", 0, "N", false, "most rounds of best replies; 60"},
	{"tolerance", 0, "SHARE", false, "nash, retaliate: a gain of real income that nobody bothers about; 1e-11"},
	{"save", 0, "FILE", false, "keep the world at these tariffs"},
	{"set", 0, "KEY=VALUE", true, "a setting of the trade model, as for truce solve"},
	{NULL, 0, NULL, false, NULL}};

static const char *const description[] = {
	"optimal finds the wedges, by sector and partner, that raise a region's own exact real income most while the others keep theirs. "
	"nash repeats best replies until no player gains by another. retaliate takes one region's move and finds the others' replies, after one "
	"round and when they have settled. cooperative finds the wedges that the players choose together.",
	"An optimum is printed only with its proof: the largest gradient that no bound holds back (d log real income / d log(1 + tariff), by the "
	"adjoint of the equilibrium), the bounds that are active, the largest eigenvalue of the Hessian over the free wedges (below 0: a maximum "
	"along every direction), a scan of all its wedges around it, and the certificate of a solve from cold.",
	"A world is a file, or the name of a shipped one.  nash prints the largest gain that a best reply, computed anew, leaves to any player. cooperative prints what each player's gain counts at "
	"the point found: there the sum so weighted has no gradient left. Tariffs are fractions in JSON and CSV, per cent in text.", NULL};

static const char *const examples[] = {"truce tariffs optimal W.world --player A --json", "the best tariffs of one region",
	"truce tariffs optimal W.world -p A --instrument uniform --high 1", "its best single tariff on everything, at most 100 %",
	"truce tariffs nash W.world --players A,B --threads 2", "a tariff war between two",
	"truce tariffs retaliate W.world --mover A --wedges new.csv --players B,C", "how two reply to the tariffs of a third",
	"truce tariffs cooperative W.world --players A,B --objective equal --csv", "the tariffs of the deal that raises both alike", NULL};

const struct cli_verb cli_verb_tariffs = {.name = "tariffs", .summary = "optimal, Nash and cooperative tariffs, and replies",
	.operands = "optimal|nash|retaliate|cooperative W.world", .operands_min = 2, .operands_max = 2, .common = CLI_JSON | CLI_CSV,
	.options = options, .description = description, .examples = examples, .run = run};
