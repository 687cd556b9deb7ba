/* truce cost ACT...: what acts cost each party. */
#include "case.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static char *percent(truce_arena *arena, double share)
{
	return isnan(share) ? truce_arena_text(arena, "?") : truce_arena_printf(arena, "%+.3f %%", 100 * share);
}

static char *billions(truce_arena *arena, double usd)
{
	return isnan(usd) ? truce_arena_text(arena, "?") : truce_arena_printf(arena, "%+.2f bn", usd / 1e9);
}

static int print_horizon(struct cli *cli, truce_arena *arena, const truce_cost_horizon *horizon)
{
	enum { COLUMNS = 8 };
	static const char *const head[COLUMNS] = {"party", "real income", "90 % range", "in dollars", "exports", "imports",
		"revenue", "prices"};
	const char **cells = truce_arena_array(arena, (horizon->count + 1) * COLUMNS, sizeof *cells);
	if (!cells)
		return TRUCE_MEMORY;
	memcpy(cells, head, sizeof head);
	for (size_t n = 0; n < horizon->count; n++) {
		const truce_cost_party *party = &horizon->parties[n];
		const char **row = cells + (n + 1) * COLUMNS;
		row[0] = party->id;
		row[1] = percent(arena, party->real_income);
		row[2] = isnan(party->low) ? "-" : truce_arena_printf(arena, "%+.3f to %+.3f", 100 * party->low, 100 * party->high);
		row[3] = billions(arena, party->real_income_usd);
		row[4] = percent(arena, party->exports);
		row[5] = percent(arena, party->imports);
		row[6] = billions(arena, party->revenue_usd);
		row[7] = percent(arena, party->prices);
	}
	for (size_t i = 0; i < (horizon->count + 1) * COLUMNS; i++)
		if (!cells[i])
			return TRUCE_MEMORY;
	truce_text_addf(&cli->out, "\n%slong run%s; a year, against the baseline; ", cli_bold(cli), cli_plain(cli));
	if (horizon->draws)
		truce_text_addf(&cli->out, "range over %d of %d draws of the elasticities\n\n", horizon->converged, horizon->draws);
	else
		truce_text_add(&cli->out, "no range: no draws of the elasticities\n\n");
	cli_table(cli, COLUMNS, "lrrrrrrr", cells, (int)horizon->count + 1, true);
	return TRUCE_OK;
}

/* What is in force and not in the baseline: reasons of one measure that differ in their last word alone, a partner, are one line. */
static void print_unseen(struct cli *cli, const truce_cost *cost)
{
	truce_text *out = &cli->out;
	size_t measures = 0, at = out->length;
	const truce_cost_gap *before = NULL;
	for (size_t i = 0; i < cost->unseen_count; i++)
		measures += i == 0 || strcmp(cost->unseen[i].act, cost->unseen[i - 1].act) != 0;
	if (measures)
		truce_text_addf(out, "\nin force, but not in the baseline, or in part (%zu measure%s):", measures, measures == 1 ? "" : "s");
	for (size_t i = 0; i < cost->unseen_count; i++) {
		const truce_cost_gap *gap = &cost->unseen[i];
		const char *last = strrchr(gap->why, ' ');
		size_t stem = last ? (size_t)(last - gap->why) : 0;
		if (before && stem && strcmp(before->act, gap->act) == 0 && strncmp(before->why, gap->why, stem + 1) == 0 && !strchr(before->why + stem + 1, ' '))
			truce_text_addf(out, ",%s", last);
		else
			truce_text_addf(out, "\n  %s: %s", gap->act, gap->why);
		before = gap;
	}
	if (measures)
		truce_text_add(out, "\n");
	cli_wrap(cli, at, 4);
}

static int print(struct cli *cli, truce_arena *arena, const truce_cost *cost)
{
	int status = TRUCE_OK;
	for (size_t i = 0; i < cost->act_count; i++)
		truce_text_addf(&cli->out, "%s%s%s  (%s)\n", cli_bold(cli), cost->acts[i], cli_plain(cli), cost->act_ids[i]);
	truce_text_addf(&cli->out, "against: %s\n", cost->baseline);
	for (size_t i = 0; !status && i < cost->horizon_count; i++)
		status = print_horizon(cli, arena, &cost->horizons[i]);
	for (size_t i = 0; i < cost->static_count; i++)
		truce_text_addf(&cli->out, "\nstatic bill: buyers in %s pay %+.2f bn USD a year at unchanged imports and full pass-through;\n"
			"the triangle beside it is %.2f bn\n", cost->statics[i].payer, cost->statics[i].duty_usd / 1e9, cost->statics[i].triangle_usd / 1e9);
	for (size_t i = 0; i < cost->bound_count; i++) {
		const truce_cost_bound *bound = &cost->bounds[i];
		truce_text_addf(&cli->out, "\n%s from %s into %s: %s %.3g of normal, %.3g passes; ", bound->good, bound->exporter, bound->importer,
			bound->at_least ? "at least" : "at most", bound->level, bound->passes);
		if (isinf(bound->shadow))
			truce_text_add(&cli->out, "the edge is shut\n");
		else
			truce_text_addf(&cli->out, "as if its price had moved by %+.1f %%\n", 100 * bound->shadow);
	}
	for (size_t i = 0; i < cost->gap_count; i++)
		truce_text_addf(&cli->out, "\nnot priced: %s: %s\n", cost->gaps[i].act, cost->gaps[i].why);
	print_unseen(cli, cost);
	truce_text_add(&cli->out, "\nleft out: the short run, exchange rates, money, unemployment, front-loading before deadlines,\n"
		"and what a threat costs that merely stands\n");
	return status;
}

static int run(struct cli *cli, int count, char **operands)
{
	truce_case *opened = NULL;
	truce_arena *arena = NULL;
	truce_cost *cost;
	int status = cli_case_open(cli, &opened, true);
	if (!status)
		status = truce_arena_new(cli->ctx, &arena);
	if (!status)
		status = truce_case_cost(opened, arena, &cost, (const char *const *)operands, (size_t)count);
	if (!status && cli->json) {
		truce_json json;
		truce_json_init(&json, &cli->out);
		truce_cost_to_json(&json, NULL, cost);
	} else if (!status) {
		status = print(cli, arena, cost);
	}
	truce_arena_free(arena);
	truce_case_close(opened);
	return status;
}

static const struct cli_option options[] = {
	{"bridge", 0, "FILE", false, "how measures lie on the world's sectors; the world's name with .yaml where not given"},
	{"draws", 0, "N", false, "draws of the elasticities for the range; 200 where not given, 0 for none"},
	{"seed", 0, "N", false, "seed of the draws; 1 where not given"},
	{"set", 0, "KEY=VALUE", true, "a setting of the trade model: deficits=fixed (default), zero, endogenous; ..."},
	{NULL, 0, NULL, false, NULL}};

static const char *const description[] = {
	"Prices acts together, as one package, for every party: real income in percent and in dollars a year with a 90 % range, "
	"trade, revenue and prices, against the state of the day; long run.  Beside it stands the static bill: the duty at unchanged "
	"imports.",
	"An ACT is the id of a record (a threat: its acts; a demand: what it wants; an offer: both sides; a commitment: what it owes; "
	"a truce: its lapse; a measure: its coming into force or, where it is in force, its standing against its absence), or an act "
	"in words of the record: '{by: X, do: impose, instrument: tariff, against: Y, goods: [all], level: {add: 10, unit: pp}}'.",
	"What cannot be priced is named with the reason, and is never taken as 0.  Exit status 3 where nothing of it can.", NULL};

static const char *const examples[] = {
	"truce cost THREAT --on 2025-08-28 --known 2025-08-28", "what carrying out a threat of the record costs",
	"truce cost '{by: X, do: impose, instrument: tariff, against: Y, goods: [all], level: {add: 24, unit: pp}}'",
	"an act of one's own", NULL};

const struct cli_verb cli_verb_cost = {.name = "cost", .summary = "what acts cost each party", .operands = "ACT...",
	.operands_min = 1, .operands_max = -1, .common = CLI_JSON | CLI_RECORD | CLI_CLOCKS | CLI_WORLD | CLI_VIEW,
	.options = options, .description = description, .examples = examples, .run = run};
