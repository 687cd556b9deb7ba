/* truce solve W.world: one counterfactual of the trade model. */
#include "model.h"

#include <math.h>
#include <string.h>

/* What stands around one solve. */
struct run {
	truce_world *world;
	truce_equilibrium *eq;
	truce_arena *arena;
	truce_split *split; /* [N]; NULL: not asked for, or not to be had */
	int split_solves;
	truce_starts starts;
	bool started; /* `starts` holds something */
};

static void certificate_to_json(truce_json *json, const truce_certificate *c)
{
	truce_json_open(json, "certificate", '{');
	truce_json_number(json, "price", c->price);
	truce_json_number(json, "spending", c->spending);
	truce_json_number(json, "income", c->income);
	truce_json_number(json, "balance", c->balance);
	truce_json_number(json, "walras", c->walras);
	truce_json_number(json, "quantity", c->quantity);
	truce_json_number(json, "largest", c->largest);
	truce_json_number(json, "drift", c->drift);
	truce_json_text(json, "where", c->cell);
	truce_json_close(json, '}');
}

static void split_to_json(truce_json *json, const truce_split *s, int solves)
{
	truce_json_open(json, "split", '{');
	truce_json_number(json, "terms_of_trade", s->terms_of_trade);
	truce_json_number(json, "volume", s->volume);
	truce_json_number(json, "rent", s->rent);
	truce_json_number(json, "transfer", s->transfer);
	truce_json_number(json, "trade_costs", s->trade_costs);
	truce_json_number(json, "scale", s->scale);
	truce_json_number(json, "labour", s->labour);
	truce_json_number(json, "baseline", s->baseline);
	truce_json_number(json, "sum", s->sum);
	truce_json_integer(json, "nodes", solves);
	truce_json_close(json, '}');
}

static void cells_to_json(truce_json *json, const struct run *run, size_t n)
{
	truce_json_open(json, "sectors", '[');
	for (size_t j = 0; j < run->world->sectors; j++) {
		const truce_cell_change c = truce_equilibrium_get_cell(run->eq, n, j);
		truce_json_open(json, NULL, '{');
		truce_json_text(json, "id", run->world->sector[j]);
		truce_json_number(json, "wage", c.wage);
		truce_json_number(json, "cost", c.cost);
		truce_json_number(json, "price", c.price);
		truce_json_number(json, "output_usd", c.output);
		truce_json_number(json, "output_old_usd", c.output_old);
		truce_json_number(json, "spending_usd", c.spending);
		truce_json_number(json, "spending_old_usd", c.spending_old);
		truce_json_number(json, "imports_usd", c.imports);
		truce_json_number(json, "imports_old_usd", c.imports_old);
		truce_json_number(json, "exports_usd", c.exports);
		truce_json_number(json, "exports_old_usd", c.exports_old);
		truce_json_number(json, "revenue_usd", c.revenue);
		truce_json_number(json, "revenue_old_usd", c.revenue_old);
		truce_json_number(json, "export_revenue_usd", c.export_revenue);
		truce_json_close(json, '}');
	}
	truce_json_close(json, ']');
}

static void region_to_json(truce_json *json, const struct run *run, size_t n, bool detail)
{
	const truce_region_change *r = &truce_equilibrium_get_result(run->eq)->region[n];
	truce_json_open(json, NULL, '{');
	truce_json_text(json, "id", run->world->region[n]);
	truce_json_number(json, "wage", r->wage);
	truce_json_number(json, "real_wage", r->real_wage);
	truce_json_number(json, "real_income", r->real_income);
	truce_json_open(json, "first_order", '{');
	truce_json_number(json, "welfare", r->first_order.welfare);
	truce_json_number(json, "terms_of_trade", r->first_order.terms_of_trade);
	truce_json_number(json, "volume_of_trade", r->first_order.volume_of_trade);
	truce_json_close(json, '}');
	if (run->split)
		split_to_json(json, &run->split[n], run->split_solves);
	truce_json_number(json, "real_income_usd", r->real_income_usd);
	truce_json_number(json, "prices", r->price_index - 1);
	truce_json_number(json, "exports", r->exports / r->exports_old - 1); /* null where there were none */
	truce_json_number(json, "imports", r->imports / r->imports_old - 1);
	truce_json_number(json, "revenue_usd", r->tariff_revenue - r->tariff_revenue_old);
	truce_json_number(json, "export_revenue_usd", r->export_revenue - r->export_revenue_old);
	truce_json_number(json, "profit_usd", r->profit - r->profit_old);
	truce_json_number(json, "deficit_usd", r->deficit);
	truce_json_number(json, "deficit_old_usd", r->deficit_old);
	truce_json_number(json, "labour", r->labour);
	truce_json_number(json, "income_usd", r->income);
	truce_json_number(json, "income_old_usd", r->income_old);
	truce_json_number(json, "wage_bill_usd", r->wage_bill);
	truce_json_number(json, "wage_bill_old_usd", r->wage_bill_old);
	if (detail)
		cells_to_json(json, run, n);
	truce_json_close(json, '}');
}

static void bounds_to_json(truce_json *json, const struct run *run, const truce_policy *policy)
{
	const truce_equilibrium_result *result = truce_equilibrium_get_result(run->eq);
	truce_json_open(json, "bounds", '[');
	for (size_t q = 0; q < policy->quantity_count; q++) {
		const truce_edge_quantity *bound = &policy->quantities[q];
		truce_json_open(json, NULL, '{');
		truce_json_text(json, "sector", run->world->sector[bound->sector]);
		truce_json_text(json, "exporter", run->world->region[bound->exporter]);
		truce_json_text(json, "importer", run->world->region[bound->importer]);
		truce_json_number(json, "level", bound->level);
		truce_json_number(json, "quantity", result->quantity[q]);
		if (bound->level == 0 && bound->kind != TRUCE_QUANTITY_AT_LEAST)
			truce_json_null(json, "shadow"); /* no finite wedge shuts an edge */
		else
			truce_json_number(json, "shadow", result->shadow[q]);
		truce_json_close(json, '}');
	}
	truce_json_close(json, ']');
}

static void starts_to_json(truce_json *json, const struct run *run)
{
	const truce_starts *s = &run->starts;
	truce_json_open(json, "starts", '{');
	truce_json_integer(json, "tried", (int64_t)s->starts);
	truce_json_integer(json, "failed", (int64_t)s->failed);
	truce_json_integer(json, "distinct", (int64_t)s->distinct);
	truce_json_open(json, "equilibria", '[');
	for (size_t k = 0; k < s->distinct; k++) {
		truce_json_open(json, NULL, '{');
		truce_json_integer(json, "found", (int64_t)s->found[k]);
		truce_json_open(json, "real_income", '{');
		for (size_t n = 0; n < run->world->regions; n++)
			truce_json_number(json, run->world->region[n], s->real_income[k * run->world->regions + n]);
		truce_json_close(json, '}');
		truce_json_close(json, '}');
	}
	truce_json_close(json, ']');
	truce_json_close(json, '}');
}

static void to_json(struct cli *cli, const struct run *run, const truce_policy *policy)
{
	const truce_equilibrium_info *info = truce_equilibrium_get_info(run->eq);
	truce_json json;
	truce_json_init(&json, &cli->out);
	truce_json_open(&json, NULL, '{');
	truce_json_bool(&json, "converged", info->converged);
	truce_json_number(&json, "residual", info->residual);
	truce_json_integer(&json, "iterations", info->evaluations);
	truce_json_integer(&json, "steps", info->steps);
	truce_json_number(&json, "milliseconds", info->milliseconds);
	if (run->world->name && *run->world->name)
		truce_json_text(&json, "baseline", run->world->name);
	certificate_to_json(&json, &info->certificate);
	truce_json_open(&json, "regions", '[');
	for (size_t n = 0; n < run->world->regions; n++)
		region_to_json(&json, run, n, cli_flag(cli, "detail"));
	truce_json_close(&json, ']');
	if (policy->quantity_count)
		bounds_to_json(&json, run, policy);
	if (run->started)
		starts_to_json(&json, run);
	truce_json_close(&json, '}');
}

static void csv_row(struct cli *cli, const char *first, const char *second, const double *values, size_t count)
{
	char buffer[32];
	truce_csv_write_field(&cli->out, first);
	if (second) {
		truce_text_add(&cli->out, ",");
		truce_csv_write_field(&cli->out, second);
	}
	for (size_t k = 0; k < count; k++)
		truce_text_addf(&cli->out, ",%s", isnan(values[k]) ? "" : truce_format_double(buffer, values[k]));
	truce_text_add(&cli->out, "\n");
}

static void to_csv(struct cli *cli, const struct run *run)
{
	const truce_world *w = run->world;
	bool detail = cli_flag(cli, "detail");
	truce_text_add(&cli->out, detail ? "region,sector,wage,cost,price,output_old_usd,output_usd,spending_old_usd,spending_usd,"
		"imports_old_usd,imports_usd,exports_old_usd,exports_usd,revenue_old_usd,revenue_usd,export_revenue_usd\n" :
		"region,wage,real_wage,real_income,real_income_usd,first_order,prices,imports_old_usd,imports_usd,exports_old_usd,exports_usd,"
		"revenue_old_usd,revenue_usd,deficit_old_usd,deficit_usd,terms_of_trade,volume,rent,transfer,other,labour,income_old_usd,income_usd,"
		"wage_bill_old_usd,wage_bill_usd\n");
	for (size_t n = 0; n < w->regions; n++) {
		const truce_region_change *r = &truce_equilibrium_get_result(run->eq)->region[n];
		for (size_t j = 0; detail && j < w->sectors; j++) {
			const truce_cell_change c = truce_equilibrium_get_cell(run->eq, n, j);
			csv_row(cli, w->region[n], w->sector[j], (const double[]){c.wage, c.cost, c.price, c.output_old, c.output, c.spending_old,
				c.spending, c.imports_old, c.imports, c.exports_old, c.exports, c.revenue_old, c.revenue, c.export_revenue}, 14);
		}
		if (detail)
			continue;
		const truce_split none = {NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN}, *s = run->split ? &run->split[n] : &none; /* empty, not 0 */
		csv_row(cli, w->region[n], NULL, (const double[]){r->wage, r->real_wage, r->real_income, r->real_income_usd,
			r->first_order.welfare, r->price_index - 1, r->imports_old, r->imports, r->exports_old, r->exports, r->tariff_revenue_old,
			r->tariff_revenue, r->deficit_old, r->deficit, s->terms_of_trade, s->volume, s->rent, s->transfer,
			s->trade_costs + s->scale + s->labour + s->baseline, r->labour, r->income_old, r->income, r->wage_bill_old, r->wage_bill}, 24);
	}
}

/* Every edge, old and new. */
static int write_trade(struct cli *cli, const struct run *run, const truce_policy *policy, const char *path)
{
	const truce_world *w = run->world;
	const truce_equilibrium_result *result = truce_equilibrium_get_result(run->eq);
	char buffer[4][32];
	truce_text text;
	truce_text_init(&text, cli->ctx);
	truce_text_add(&text, "sector,exporter,importer,value_old,value,tariff_old,tariff\n");
	for (size_t e = 0; e < w->sectors * w->regions * w->regions; e++) {
		if (w->flow[e] == 0)
			continue;
		truce_csv_write_field(&text, w->sector[e / w->regions / w->regions]);
		truce_text_add(&text, ",");
		truce_csv_write_field(&text, w->region[e % w->regions]);
		truce_text_add(&text, ",");
		truce_csv_write_field(&text, w->region[e / w->regions % w->regions]);
		truce_text_addf(&text, ",%s,%s,%s,%s\n", truce_format_double(buffer[0], w->flow[e]), truce_format_double(buffer[1], result->flow[e]),
			truce_format_double(buffer[2], w->tariff[e]), truce_format_double(buffer[3], policy->tariff ? policy->tariff[e] : w->tariff[e]));
	}
	int status = text.failed ? TRUCE_MEMORY : truce_file_write(cli->ctx, path, text.data, text.length);
	truce_text_free(&text);
	return status;
}

static int print(struct cli *cli, const struct run *run)
{
	enum { COLUMNS = 10, BEFORE = 5, AFTER = BEFORE + 4 };
	static const char *const head[COLUMNS] = {"region", "wage", "real wage %", "real income %", "bn US$ a year", "= terms %", "+ volume %",
		"+ rent, transfer %", "+ other %", "first order %"};
	const truce_world *world = run->world;
	const truce_equilibrium_info *info = truce_equilibrium_get_info(run->eq);
	const truce_equilibrium_result *result = truce_equilibrium_get_result(run->eq);
	const char **cells = truce_arena_array(run->arena, (world->regions + 1) * COLUMNS, sizeof *cells);
	if (!cells)
		return TRUCE_MEMORY;
	memcpy(cells, head, sizeof head);
	for (size_t n = 0; n < world->regions; n++) {
		const truce_region_change *r = &result->region[n];
		const truce_split *s = run->split ? &run->split[n] : NULL;
		const char **row = cells + (n + 1) * COLUMNS;
		row[0] = world->region[n];
		row[1] = truce_arena_printf(run->arena, "%.6f", r->wage);
		row[2] = truce_arena_printf(run->arena, "%+.4f", 100 * r->real_wage);
		row[3] = truce_arena_printf(run->arena, "%+.4f", 100 * r->real_income);
		row[4] = truce_arena_printf(run->arena, "%+.3f", r->real_income_usd / 1e9);
		if (s) {
			row[5] = truce_arena_printf(run->arena, "%+.4f", 100 * s->terms_of_trade);
			row[6] = truce_arena_printf(run->arena, "%+.4f", 100 * s->volume);
			row[7] = truce_arena_printf(run->arena, "%+.4f", 100 * (s->rent + s->transfer));
			row[8] = truce_arena_printf(run->arena, "%+.4f", 100 * (s->trade_costs + s->scale + s->labour + s->baseline));
		}
		if (!isnan(r->first_order.welfare))
			row[9] = truce_arena_printf(run->arena, "%+.4f", 100 * r->first_order.welfare);
		for (int c = 1; c < COLUMNS; c++)
			if (!row[c])
				row[c] = "?";
	}
	int columns = COLUMNS;
	if (!run->split) { /* no columns of what was not asked for */
		columns = COLUMNS - (AFTER - BEFORE);
		for (size_t n = 0; n <= world->regions; n++) {
			memmove(cells + n * (size_t)columns, cells + n * COLUMNS, BEFORE * sizeof *cells);
			cells[n * (size_t)columns + BEFORE] = cells[n * COLUMNS + AFTER];
		}
	}
	cli_table(cli, columns, "lrrrrrrrrr", cells, (int)world->regions + 1, true);
	truce_text_addf(&cli->out, "\nconverged in %d evaluations, %.1f ms; largest residual of the equations, computed apart: %.2g\n",
		info->evaluations, info->milliseconds, info->certificate.largest);
	if (run->started)
		truce_text_addf(&cli->out, "%zu other starting points: %zu gave no answer; equilibria found in all: %zu%s\n", run->starts.starts,
			run->starts.failed, run->starts.distinct, run->starts.distinct > 1 ? " (--json lists them)" : "");
	return TRUCE_OK;
}

static int save(struct cli *cli, truce_equilibrium *eq, const char *path)
{
	truce_world *saved = NULL;
	int status = truce_equilibrium_save(eq, &saved, cli_value(cli, "name"));
	if (!status)
		status = truce_world_write(cli->ctx, saved, path);
	truce_world_free(saved);
	return status;
}

/* The world, the settings and the policy: from a dumped problem, or from files. */
static int read_problem(struct cli *cli, struct run *run, truce_equilibrium_settings *settings, truce_policy *policy, int count,
	char **operands)
{
	const char *replay = cli_value(cli, "replay"), *wedges = cli_value(cli, "wedges"), *bounds = cli_value(cli, "bounds");
	cli_policy files;
	int status;
	if (replay) {
		truce_equilibrium_problem problem;
		if (count || wedges || bounds)
			return cli_usage(cli, "--replay holds its own world, wedges and bounds");
		if ((status = truce_equilibrium_load(cli->ctx, &problem, replay)))
			return status;
		run->world = problem.world;
		*settings = problem.settings;
		*policy = problem.policy;
		return cli_model_settings(cli, settings);
	}
	if (count != 1)
		return cli_usage(cli, "name a world, or --replay FILE");
	truce_equilibrium_settings_init(settings);
	if ((status = cli_model_settings(cli, settings)) || (status = cli_model_world(cli, &run->world, operands[0])) ||
		(status = cli_policy_start(&files, run->world, run->arena)) ||
		(wedges && (status = cli_policy_wedges(cli, &files, run->world, wedges))) ||
		(bounds && (status = cli_policy_bounds(cli, &files, run->world, run->arena, bounds))))
		return status;
	*policy = cli_policy_of(&files);
	return TRUCE_OK;
}

/* What is asked about an answer: its split, other starting points. */
static int look_closer(struct cli *cli, struct run *run)
{
	double starts = 0;
	int status = cli_double(cli, &starts, "starts", 0);
	if (status)
		return status;
	if (!(starts >= 0 && starts <= 10000 && starts == floor(starts)))
		return cli_usage(cli, "--starts wants a whole number up to 10000");
	if (!cli_flag(cli, "no-split")) {
		truce_split *split = truce_arena_array(run->arena, run->world->regions, sizeof *split);
		size_t said = truce_diagnostic_count(cli->ctx);
		if (!split)
			return TRUCE_MEMORY;
		status = truce_equilibrium_split(run->eq, split, 0, &run->split_solves);
		if (status && status != TRUCE_CONVERGE)
			return status;
		if (!status)
			run->split = split;
		truce_diagnostics_forget(cli->ctx, said); /* the answer stands without it, and shows that it has none */
		if (status)
			truce_diagnose(cli->ctx, TRUCE_NOTE, NULL, 0, 0, NULL, "look with --starts N whether there are other equilibria",
				"real income is not split: on the way from the baseline to this answer the equilibrium jumps, or there is none");
	}
	run->started = starts > 0;
	return run->started ? truce_equilibrium_starts(run->eq, run->arena, &run->starts, (size_t)starts, 1) : TRUCE_OK;
}

static int run(struct cli *cli, int count, char **operands)
{
	struct run all = {0};
	truce_equilibrium_settings settings;
	truce_policy policy;
	const char *path = cli_value(cli, "save"), *dump = cli_value(cli, "dump"), *trade = cli_value(cli, "trade");
	int status = truce_arena_new(cli->ctx, &all.arena);
	if (status || (status = read_problem(cli, &all, &settings, &policy, count, operands)) ||
		(status = truce_equilibrium_new(cli->ctx, &all.eq, all.world, &settings, policy.quantity_count)) ||
		(status = truce_equilibrium_update(all.eq, &policy)) || (dump && (status = truce_equilibrium_dump(all.eq, dump))))
		goto done;
	status = truce_equilibrium_solve(all.eq);
	if (status == TRUCE_CONVERGE && cli->json)
		to_json(cli, &all, &policy); /* the best iterate, marked as such */
	if (status || (status = look_closer(cli, &all)) || (path && (status = save(cli, all.eq, path))) ||
		(trade && (status = write_trade(cli, &all, &policy, trade))))
		goto done;
	if (cli->json)
		to_json(cli, &all, &policy);
	else if (cli->csv)
		to_csv(cli, &all);
	else
		status = print(cli, &all);
done:
	truce_equilibrium_free(all.eq);
	truce_world_free(all.world);
	truce_arena_free(all.arena);
	return status;
}

static const struct cli_option options[] = {
	{"wedges", 0, "FILE", false, "new levels as sector,exporter,importer,tariff[,export_tax][,iceberg] (fractions; iceberg is a factor); "
		"edges not named keep theirs"},
	{"bounds", 0, "FILE", false, "what may pass, as sector,exporter,importer,kind[,level][,rent]: ban, export_quota, licence, import_quota, "
		"red_tape, purchase, exactly; a level is a share of the baseline's quantity"},
	{"set", 0, "KEY=VALUE", true, "a setting of the model: deficits=fixed (default), zero, endogenous; market=perfect, monopolistic, "
		"restricted; labour=mobile, immobile; revenue=rebate, income_tax, tax_relief; marketing=none, world; theta_scale=1; docs/model.md lists all"},
	{"save", 0, "FILE", false, "keep the new equilibrium as a world, a baseline for the next shock"},
	{"name", 0, "NAME", false, "the name of what is saved"},
	{"detail", 0, NULL, false, "by sector too (--json, --csv): wages, prices, output, trade, revenue"},
	{"trade", 0, "FILE", false, "write all flows, old and new, as CSV"},
	{"no-split", 0, NULL, false, "leave out the split of real income, which takes ten solves or more"},
	{"starts", 0, "N", false, "try N other starting points and report the equilibria that differ"},
	{"dump", 0, "FILE", false, "write the problem, world and settings and policy, as one file"},
	{"replay", 0, "FILE", false, "solve a problem that was dumped; --set changes its settings"},
	{NULL, 0, NULL, false, NULL}};

static const char *const description[] = {
	"Solves the trade model of Caliendo and Parro (2015) in changes from a world, for new tariffs, export taxes, iceberg costs and "
	"bounds on what passes, and prints what moves: wages, real wages, exact real income, what it is made of, and their first-order "
	"formula beside it.  Changes are fractions, wages ratios of new to old.",
	"A world is a file, or the name of a shipped one (below world/ in the shipped data).  Without wedges it solves the world as it is: null drift where it is balanced, and a balanced world with --save where it is not.",
	"The split walks from the baseline to the answer along straight lines in the logs of the wedges: terms of trade, volume (what "
	"duties bring as quantities move), rent, transfer, and under other (--json names them) trade costs, scale, labour, and what "
	"balancing the baseline alone does.  They add up to the exact change.",
	"Every answer carries a certificate, the largest residual of the equations computed apart from the solver.  Where none is found "
	"the exit status is 4, --json shows the best iterate and its residuals, and no number is to be used.", NULL};

static const char *const examples[] = {"truce solve us.world --wedges new.csv --json", "one counterfactual",
	"truce solve raw.world --set deficits=zero --save base.world --name base", "remove the deficits and keep the result as a baseline",
	"truce solve us.world --wedges new.csv --csv --detail", "by region and sector",
	"truce solve us.world --bounds bans.csv --dump problem.world", "keep the problem, to be solved again with --replay", NULL};

const struct cli_verb cli_verb_solve = {.name = "solve", .summary = "one counterfactual of the trade model", .operands = "[W.world]",
	.operands_min = 0, .operands_max = 1, .common = CLI_JSON | CLI_CSV, .options = options, .description = description, .examples = examples,
	.run = run};
