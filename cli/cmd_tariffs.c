/* truce tariffs: the tariffs that serve a region best, and those from which nobody gains by moving alone. */
#include "model.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
	struct cli *cli;
	truce_arena *arena;
	truce_world *world;
	truce_equilibrium_settings settings;
	truce_optimal_options options;
	size_t *players;
	size_t player_count;
} game;

/* The players of --player (again for each), or every region. */
static int list_players(game *g)
{
	const char *id;
	g->players = truce_arena_array(g->arena, g->world->regions, sizeof *g->players);
	if (!g->players)
		return TRUCE_MEMORY;
	for (int i = 0; (id = cli_value_at(g->cli, "player", i)) && g->player_count < g->world->regions; i++) {
		size_t region = truce_world_region(g->world, id);
		if (region == TRUCE_WORLD_NONE) {
			const char *near = truce_nearest(id, g->world->region, g->world->regions);
			return truce_fail(g->cli->ctx, TRUCE_NOT_FOUND, NULL, 0, 0, "`truce world show` lists them", "the world has no region \"%s\"%s%s",
				id, near ? "; the nearest is " : "", near ? near : "");
		}
		g->players[g->player_count++] = region;
	}
	for (size_t n = 0; g->player_count == 0 && !cli_value(g->cli, "player") && n < g->world->regions; n++)
		g->players[n] = n;
	if (!cli_value(g->cli, "player"))
		g->player_count = g->world->regions;
	return TRUCE_OK;
}

static void optimum_to_json(truce_json *json, const game *g, size_t player, const truce_optimal *o)
{
	truce_json_open(json, NULL, '{');
	truce_json_text(json, "id", g->world->region[player]);
	truce_json_number(json, "real_income", o->real_income);
	truce_json_number(json, "at_start", o->start);
	truce_json_number(json, "median_tariff", o->median);
	truce_json_number(json, "mean_tariff", o->mean);
	truce_json_integer(json, "variables", (int64_t)o->variables);
	truce_json_integer(json, "at_lower_bound", (int64_t)o->at_low);
	truce_json_integer(json, "at_upper_bound", (int64_t)o->at_high);
	truce_json_number(json, "kkt", o->kkt);
	truce_json_number(json, "certificate", o->certificate.largest);
	truce_json_integer(json, "solves", o->evaluations);
	truce_json_number(json, "milliseconds", o->milliseconds);
	truce_json_open(json, "scan", '[');
	for (int k = 0; k < 9; k++) {
		truce_json_open(json, NULL, '{');
		truce_json_number(json, "factor", o->scan_factor[k]);
		truce_json_number(json, "real_income", o->scan_income[k]);
		truce_json_close(json, '}');
	}
	truce_json_close(json, ']');
	truce_json_close(json, '}');
}

static void print_optimum(const game *g, size_t player, const truce_optimal *o)
{
	truce_text *out = &g->cli->out;
	truce_text_addf(out, "%s%s%s: real income %+.5f %% at its best tariffs (median %.1f %%, mean %.1f %%; it began at %+.5f %%)\n",
		cli_bold(g->cli), g->world->region[player], cli_plain(g->cli), 100 * o->real_income, 100 * o->median, 100 * o->mean, 100 * o->start);
	truce_text_addf(out, "  proof: largest free gradient %.1e; %zu tariffs, %zu at the lower and %zu at the upper bound; certificate %.1e\n  scan:  ",
		o->kkt, o->variables, o->at_low, o->at_high, o->certificate.largest);
	for (int k = 0; k < 9; k += 2)
		truce_text_addf(out, " x%.1f %+.4f", o->scan_factor[k], 100 * o->scan_income[k]);
	truce_text_addf(out, " %%\n  %d solves, %.1f s\n", o->evaluations, o->milliseconds / 1e3);
}

static int play_optimal(game *g)
{
	truce_json json;
	int status = TRUCE_OK;
	truce_json_init(&json, &g->cli->out);
	if (g->cli->json) {
		truce_json_open(&json, NULL, '{');
		truce_json_open(&json, "optimal", '[');
	}
	for (size_t p = 0; !status && p < g->player_count; p++) {
		truce_optimal *o;
		g->options.player = g->players[p];
		status = truce_equilibrium_optimal(g->cli->ctx, g->arena, &o, g->world, &g->settings, &g->options, NULL);
		if (!status && g->cli->json)
			optimum_to_json(&json, g, g->players[p], o);
		else if (!status)
			print_optimum(g, g->players[p], o);
	}
	if (g->cli->json) {
		truce_json_close(&json, ']');
		truce_json_close(&json, '}');
	}
	return status;
}

/* Best replies in turn, until nobody gains more than the tolerance by one. */
static int play_nash(game *g)
{
	size_t edges = g->world->sectors * g->world->regions * g->world->regions;
	double *tariff = truce_arena_array(g->arena, edges, sizeof *tariff), rounds, tolerance, gain = INFINITY;
	truce_optimal **best = truce_arena_array(g->arena, g->player_count, sizeof *best);
	int round = 0, status = cli_double(g->cli, &rounds, "rounds", 20);
	if (!tariff || !best)
		return TRUCE_MEMORY;
	if (status || (status = cli_double(g->cli, &tolerance, "tolerance", 1e-6)))
		return status;
	memcpy(tariff, g->world->tariff, edges * sizeof *tariff);
	for (; !status && round < (int)rounds && gain > tolerance; round++) {
		gain = 0;
		for (size_t p = 0; !status && p < g->player_count; p++) {
			g->options.player = g->players[p];
			status = truce_equilibrium_optimal(g->cli->ctx, g->arena, &best[p], g->world, &g->settings, &g->options, tariff);
			if (status)
				break;
			gain = fmax(gain, best[p]->real_income - best[p]->start);
			memcpy(tariff, best[p]->tariff, edges * sizeof *tariff);
		}
		truce_progress(g->cli->ctx, "rounds", (round + 1) / rounds);
	}
	if (status)
		return status;
	if (gain > tolerance)
		return truce_fail(g->cli->ctx, TRUCE_CONVERGE, NULL, 0, 0, "give more --rounds", "after %d rounds somebody still gains %.2e by a better reply",
			round, gain);
	truce_json json;
	truce_json_init(&json, &g->cli->out);
	if (g->cli->json) {
		truce_json_open(&json, NULL, '{');
		truce_json_integer(&json, "rounds", round);
		truce_json_number(&json, "largest_gain", gain);
		truce_json_open(&json, "nash", '[');
	} else {
		truce_text_addf(&g->cli->out, "nobody gains more than %.1e by moving alone (%d rounds of best replies)\n", gain, round);
	}
	for (size_t p = 0; p < g->player_count; p++)
		if (g->cli->json)
			optimum_to_json(&json, g, g->players[p], best[p]);
		else
			print_optimum(g, g->players[p], best[p]);
	if (g->cli->json) {
		truce_json_close(&json, ']');
		truce_json_close(&json, '}');
	}
	return TRUCE_OK;
}

static int run(struct cli *cli, int count, char **operands)
{
	game g = {.cli = cli};
	(void)count;
	bool nash = strcmp(operands[0], "nash") == 0;
	if (!nash && strcmp(operands[0], "optimal") != 0)
		return cli_usage(cli, "\"%s\" is neither optimal nor nash", operands[0]);
	truce_optimal_options_init(&g.options);
	truce_equilibrium_settings_init(&g.settings);
	int status = cli_model_settings(cli, &g.settings);
	if (status || (status = cli_double(cli, &g.options.low, "low", g.options.low)) ||
		(status = cli_double(cli, &g.options.high, "high", g.options.high)) || (status = truce_arena_new(cli->ctx, &g.arena)))
		return status;
	if (!(status = truce_world_read(cli->ctx, &g.world, operands[1])) && !(status = list_players(&g)))
		status = nash ? play_nash(&g) : play_optimal(&g);
	if (status)
		truce_text_clear(&cli->out); /* JSON or nothing */
	truce_world_free(g.world);
	truce_arena_free(g.arena);
	return status;
}

static const struct cli_option options[] = {
	{"player", 'p', "REGION", true, "who plays; every region where not given"},
	{"low", 0, "TARIFF", false, "lower bound of every tariff, a fraction; -0.5 where not given"},
	{"high", 0, "TARIFF", false, "upper bound; 10 where not given"},
	{"rounds", 0, "N", false, "nash: most rounds of best replies; 20"},
	{"tolerance", 0, "SHARE", false, "nash: a gain of real income that nobody bothers about; 1e-6"},
	{"set", 0, "KEY=VALUE", true, "a setting of the trade model, as for truce solve"},
	{NULL, 0, NULL, false, NULL}};

static const char *const description[] = {
	"optimal finds the import tariffs, by sector and partner, that raise a region's own exact real income most while the others keep theirs. "
	"nash repeats best replies until nobody gains by another.",
	"An optimum is printed only with its proof: the largest gradient that no bound holds back (by central differences, apart from the search), "
	"the bounds that are active, a scan of all its tariffs around it, and the certificate of the solve.", NULL};

static const char *const examples[] = {"truce tariffs optimal W.world --player A --json", "the best tariffs of one region",
	"truce tariffs nash W.world --player A --player B", "a tariff war between two", NULL};

const struct cli_verb cli_verb_tariffs = {.name = "tariffs", .summary = "optimal and Nash tariffs", .operands = "optimal|nash W.world",
	.operands_min = 2, .operands_max = 2, .common = CLI_JSON, .options = options, .description = description, .examples = examples,
	.run = run};
