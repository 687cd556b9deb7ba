/* The parts of `truce tariffs`: what is asked, read from options and files. */
#include "tariffs.h"

#include <math.h>
#include <string.h>

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

int tariffs_unknown_region(game *g, const char *id)
{
	return unknown(g, "region", id, g->world->region, g->world->regions);
}

static int take_player(game *g, const char *id, void *user)
{
	const size_t region = truce_world_region(g->world, id);
	(void)user;
	if (region == TRUCE_WORLD_NONE)
		return tariffs_unknown_region(g, id);
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
		return tariffs_unknown_region(g, id);
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

/* An option without effect would be taken for one that had it. */
static int check_use(game *g, const char *which)
{
	static const struct {
		const char *option, *games, *words;
	} uses[] = {{"mover", "retaliate", "is retaliate's: whose move the others reply to"},
		{"objective", "cooperative", "is cooperative's: what the players choose together"},
		{"starts", "optimal nash retaliate", "is for optimal and nash, and for the best tariffs of retaliate's mover"},
		{"rounds", "nash retaliate", "is for nash and retaliate, which go in rounds of replies"},
		{"tolerance", "nash retaliate", "is for nash and retaliate: the gain that nobody bothers about"}};
	for (size_t k = 0; k < sizeof uses / sizeof *uses; k++)
		if (cli_value(g->cli, uses[k].option) && !strstr(uses[k].games, which))
			return cli_usage(g->cli, "--%s %s; %s takes no notice of it", uses[k].option, uses[k].words, which);
	if (strcmp(which, "retaliate") == 0 && cli_value(g->cli, "starts") && cli_value(g->cli, "wedges"))
		return cli_usage(g->cli, "--starts is for the best tariffs of retaliate's mover; --wedges gives them");
	return TRUCE_OK;
}

int tariffs_read_options(game *g, const char *which)
{
	static const char *const instruments[] = {"partner", "sector", "uniform", NULL}, *const sides[] = {"imports", "exports", "both", NULL},
		*const objectives[] = {"equal", "nash", "sum", NULL};
	struct cli *cli = g->cli;
	int instrument, side, objective, status;
	if ((status = check_use(g, which)) || (status = read_word(g, "instrument", instruments, &instrument)) || (status = read_word(g, "move", sides, &side)) ||
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

int tariffs_read_lists(game *g)
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
