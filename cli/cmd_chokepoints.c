/* truce chokepoints: inputs that one party could deny another, the dearest first. */
#include "record.h"

#include <truce/shortage.h>

#include <math.h>

int cli_shortage_input(struct cli *cli, truce_shortage_input *input, truce_record **record, truce_world **world); /* cmd_shortage.c */

static void to_json(struct cli *cli, const truce_shortage_chokepoint *point, size_t count, int weeks)
{
	truce_json json;

	truce_json_init(&json, &cli->out);
	truce_json_open(&json, NULL, '{');
	truce_json_integer(&json, "weeks", weeks);
	truce_json_open(&json, "chokepoints", '[');
	for (size_t i = 0; i < count; i++) {
		const truce_shortage_chokepoint *p = &point[i];
		truce_json_open(&json, NULL, '{');
		truce_json_text(&json, "party", p->party);
		truce_json_text(&json, "input", p->input);
		truce_json_text(&json, "from", p->from);
		truce_json_number(&json, "share", p->share);
		truce_json_number(&json, "substitutes", 1 - p->share);
		truce_json_number(&json, "stock_days", p->stock_days);
		truce_json_number(&json, "replace_days", p->replace_days);
		truce_json_number(&json, "lost_usd", p->lost_usd.value);
		truce_json_number(&json, "low", p->lost_usd.low);
		truce_json_number(&json, "high", p->lost_usd.high);
		truce_json_number(&json, "gdp_share", p->gdp_share);
		truce_json_number(&json, "ten_points_usd", p->ten_points_usd);
		truce_json_integer(&json, "users", (int64_t)p->users);
		truce_json_bool(&json, "unsure", p->unsure);
		truce_json_close(&json, '}');
	}
	truce_json_close(&json, ']');
	truce_json_close(&json, '}');
	truce_text_add(&cli->out, "\n");
}

static int run(struct cli *cli, int count, char **operands)
{
	truce_shortage_input input;
	truce_shortage_chokepoint *point;
	truce_record *record = NULL;
	truce_world *world = NULL;
	truce_arena *arena = NULL;
	size_t points;
	int status;

	(void)count;
	(void)operands;
	if ((status = cli_shortage_input(cli, &input, &record, &world)) || (status = truce_arena_new(cli->ctx, &arena)) ||
		(status = truce_shortage_chokepoints(cli->ctx, arena, &point, &points, &input)))
		goto done;
	if (cli->json) {
		to_json(cli, point, points, input.weeks);
		goto done;
	}
	truce_text_addf(&cli->out, "If it stops for %d weeks: output lost until twice that time, billion US$\n\n", input.weeks);
	truce_text_addf(&cli->out, "%-6s %-28s %-6s %6s %6s %8s %8s %8s %8s %9s %10s\n", "buyer", "input", "from", "share", "stock", "replace",
		"lost", "low", "high", "of GDP", "10 points");
	for (size_t i = 0; i < points; i++) {
		const truce_shortage_chokepoint *p = &point[i];
		char replace[16] = "n.k.";
		if (isfinite(p->replace_days))
			snprintf(replace, sizeof replace, "%.0f d", p->replace_days);
		truce_text_addf(&cli->out, "%-6s %-28s %-6s %4.0f %% %4.0f d %8s %8.2f %8.2f %8.2f %7.3f %% %10.2f%s\n", p->party, p->input, p->from,
			100 * p->share, p->stock_days, replace, p->lost_usd.value / 1e9, p->lost_usd.low / 1e9, p->lost_usd.high / 1e9,
			100 * p->gdp_share, p->ten_points_usd / 1e9, p->unsure ? "  ?" : "");
	}
	truce_text_add(&cli->out, "\nshare: of supply.  replace: days in which others grow or users redesign, whichever is shorter, by 63 %.\n"
		"10 points: loss avoided if ten points of the share came from elsewhere.  ?: rests on an assumption.\n");
done:
	truce_arena_free(arena);
	truce_world_free(world);
	truce_record_close(record);
	return status;
}

static const struct cli_option options[] = {
	{"weeks", 0, "N", false, "how long the flow stops (26)"},
	{"licence-rate", 0, "SHARE", false, "flow that goes on, against normal (0)"},
	{"stock-days", 0, "DAYS", false, "stocks of every user, instead of what the dependencies say"},
	{"draws", 0, "N", false, "draws of the dependencies' ranges (200)"},
	{"step", 0, "DAYS", false, "of the model (1); 7 steps in weeks"},
	{"seed", 0, "N", false, "of the draws (1)"},
	{"threads", 0, "N", false, "for the draws (2)"},
	{"critical-above", 0, "SHARE", false, "inputs of the world that cost at least this share of output are critical (none)"},
	{"important-above", 0, "SHARE", false, "... are important (none)"},
	{NULL, 0, NULL, false, NULL}};

static const char *const description[] = {
	"Stops each flow that a dependency of the record is on, from each seller to each buyer, and ranks what is lost: by the "
	"share, what could replace it and when, the days of stock, and what ten points of diversification would have saved.",
	NULL};

static const char *const examples[] = {"truce chokepoints --known 2025-08-28", "where each side could be hurt", NULL};

const struct cli_verb cli_verb_chokepoints = {
	.name = "chokepoints", .summary = "inputs that one party could deny another, the dearest first", .operands = "",
	.common = CLI_JSON | CLI_RECORD | CLI_CLOCKS | CLI_WORLD, .options = options, .description = description, .examples = examples,
	.run = run};
