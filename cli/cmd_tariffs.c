/* truce tariffs: the tariffs that serve a region best, those from which nobody gains by moving alone, the replies to a
 * move, and those that several choose together. */
#include "tariffs.h"

#include <string.h>

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
		tariffs_csv_head(g);
		tariffs_outcome_to_csv(g, o);
	} else if (g->cli->json) {
		tariffs_outcome_to_json(g, o, name);
	} else {
		status = tariffs_print_outcome(g, o);
	}
	return status;
}

static int play_optimal(game *g)
{
	int status = TRUCE_OK;
	if (cli_value(g->cli, "save") && g->player_count > 1)
		return cli_usage(g->cli, "--save keeps one world: name one --player");
	if (g->cli->csv)
		tariffs_csv_head(g);
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
			tariffs_outcome_to_csv(g, o);
		else if (g->cli->json)
			tariffs_optimum_to_json(g, o, &o->optimum[0]);
		else
			status = tariffs_print_optimum(g, o, &o->optimum[0], true);
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
		return tariffs_unknown_region(g, mover);
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
	if (status || (status = tariffs_read_options(&g, games[which].name)) || (status = truce_arena_new(cli->ctx, &g.arena)))
		return status;
	if (!(status = cli_model_world(cli, &g.world, operands[1])) && !(status = tariffs_read_lists(&g)))
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
	{"starts", 0, "N", false, "optimal, nash: starting points; 1"},
	{"threads", 0, "N", false, "for the players of a round; the answer is the same; 1"},
	{"rounds", 0, "N", false, "nash, retaliate: most rounds of best replies; 60"},
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
