/* truce solve W.world: one counterfactual of the trade model. */
#include "model.h"

#include <stdlib.h>
#include <string.h>

/* New levels from `sector,exporter,importer,tariff`; edges not named keep theirs. */
static int read_wedges(struct cli *cli, const truce_world *world, double *tariff, const char *path)
{
	static const char *const names[] = {"sector", "exporter", "importer", "tariff"};
	truce_csv *csv = NULL;
	size_t at[4];
	int got, status = truce_csv_open(cli->ctx, &csv, path);
	for (size_t i = 0; !status && i < 4; i++)
		status = truce_csv_column(csv, &at[i], names[i]);
	while (!status && (got = truce_csv_next(csv)) != 0) {
		if (got < 0) {
			status = got;
			break;
		}
		size_t j = truce_world_sector(world, truce_csv_field(csv, at[0])), i = truce_world_region(world, truce_csv_field(csv, at[1])),
			n = truce_world_region(world, truce_csv_field(csv, at[2]));
		double level;
		size_t bad = j == TRUCE_WORLD_NONE ? 0 : i == TRUCE_WORLD_NONE ? 1 : n == TRUCE_WORLD_NONE ? 2 : 4;
		if (bad < 4) {
			const char *near = bad ? truce_nearest(truce_csv_field(csv, at[bad]), world->region, world->regions) :
				truce_nearest(truce_csv_field(csv, at[bad]), world->sector, world->sectors);
			status = truce_csv_fail(csv, at[bad], "`truce world show` lists them", "the world has no %s \"%s\"%s%s", bad ? "region" : "sector",
				truce_csv_field(csv, at[bad]), near ? "; the nearest is " : "", near ? near : "");
		} else if (!(status = truce_csv_double(csv, at[3], &level))) {
			if (level <= -1)
				status = truce_csv_fail(csv, at[3], "a tariff is a fraction above -1", "%s is no tariff", truce_csv_field(csv, at[3]));
			else if (n == i && level != 0)
				status = truce_csv_fail(csv, at[2], NULL, "sales at home pay no tariff");
			else
				tariff[truce_world_edge(world, j, n, i)] = level;
		}
	}
	truce_csv_close(csv);
	return status;
}

static void to_json(struct cli *cli, const truce_world *world, const truce_equilibrium *eq)
{
	const truce_equilibrium_info *info = truce_equilibrium_get_info(eq);
	const truce_equilibrium_result *result = truce_equilibrium_get_result(eq);
	truce_json json;
	truce_json_init(&json, &cli->out);
	truce_json_open(&json, NULL, '{');
	truce_json_bool(&json, "converged", info->converged);
	truce_json_number(&json, "residual", info->residual);
	truce_json_integer(&json, "iterations", info->evaluations);
	truce_json_number(&json, "milliseconds", info->milliseconds);
	truce_json_open(&json, "certificate", '{');
	truce_json_number(&json, "price", info->certificate.price);
	truce_json_number(&json, "spending", info->certificate.spending);
	truce_json_number(&json, "income", info->certificate.income);
	truce_json_number(&json, "balance", info->certificate.balance);
	truce_json_number(&json, "walras", info->certificate.walras);
	truce_json_number(&json, "largest", info->certificate.largest);
	truce_json_close(&json, '}');
	truce_json_open(&json, "regions", '[');
	for (size_t n = 0; n < world->regions; n++) {
		const truce_region_change *r = &result->region[n];
		truce_json_open(&json, NULL, '{');
		truce_json_text(&json, "id", world->region[n]);
		truce_json_number(&json, "wage", r->wage);
		truce_json_number(&json, "real_wage", r->real_wage);
		truce_json_number(&json, "real_income", r->real_income);
		truce_json_open(&json, "first_order", '{');
		truce_json_number(&json, "welfare", r->first_order.welfare);
		truce_json_number(&json, "terms_of_trade", r->first_order.terms_of_trade);
		truce_json_number(&json, "volume_of_trade", r->first_order.volume_of_trade);
		truce_json_close(&json, '}');
		truce_json_number(&json, "real_income_usd", r->real_income_usd);
		truce_json_number(&json, "prices", r->price_index - 1);
		truce_json_number(&json, "exports", r->exports_old > 0 ? r->exports / r->exports_old - 1 : 0);
		truce_json_number(&json, "imports", r->imports_old > 0 ? r->imports / r->imports_old - 1 : 0);
		truce_json_number(&json, "revenue_usd", r->tariff_revenue - r->tariff_revenue_old);
		truce_json_close(&json, '}');
	}
	truce_json_close(&json, ']');
	truce_json_close(&json, '}');
}

static int print(struct cli *cli, const truce_world *world, const truce_equilibrium *eq)
{
	enum { COLUMNS = 6 };
	static const char *const head[COLUMNS] = {"region", "wage", "real wage %", "real income %", "bn US$ a year", "first order %"};
	const truce_equilibrium_info *info = truce_equilibrium_get_info(eq);
	const truce_equilibrium_result *result = truce_equilibrium_get_result(eq);
	truce_arena *arena;
	int status = truce_arena_new(cli->ctx, &arena);
	if (status)
		return status;
	const char **cells = truce_arena_array(arena, (world->regions + 1) * COLUMNS, sizeof *cells);
	if (!cells) {
		truce_arena_free(arena);
		return TRUCE_MEMORY;
	}
	memcpy(cells, head, sizeof head);
	for (size_t n = 0; n < world->regions; n++) {
		const truce_region_change *r = &result->region[n];
		const char **row = cells + (n + 1) * COLUMNS;
		row[0] = world->region[n];
		row[1] = truce_arena_printf(arena, "%.6f", r->wage);
		row[2] = truce_arena_printf(arena, "%+.4f", 100 * r->real_wage);
		row[3] = truce_arena_printf(arena, "%+.4f", 100 * r->real_income);
		row[4] = truce_arena_printf(arena, "%+.3f", r->real_income_usd / 1e9);
		row[5] = truce_arena_printf(arena, "%+.4f", 100 * r->first_order.welfare);
		for (int c = 1; c < COLUMNS; c++)
			if (!row[c])
				row[c] = "?";
	}
	cli_table(cli, COLUMNS, "lrrrrr", cells, (int)world->regions + 1, true);
	truce_text_addf(&cli->out, "\nconverged in %d evaluations, %.1f ms; largest residual of the equations, computed apart: %.2g\n",
		info->evaluations, info->milliseconds, info->certificate.largest);
	truce_arena_free(arena);
	return TRUCE_OK;
}

static int save(struct cli *cli, truce_equilibrium *eq, const char *path)
{
	truce_world *saved;
	int status = truce_equilibrium_save(eq, &saved, NULL);
	if (!status)
		status = truce_world_write(cli->ctx, saved, path);
	if (!status)
		truce_world_free(saved);
	return status;
}

static int run(struct cli *cli, int count, char **operands)
{
	truce_world *world = NULL;
	truce_equilibrium *eq = NULL;
	truce_equilibrium_settings settings;
	double *tariff = NULL;
	const char *wedges = cli_value(cli, "wedges"), *path = cli_value(cli, "save");
	(void)count;
	truce_equilibrium_settings_init(&settings);
	int status = cli_model_settings(cli, &settings);
	if (status || (status = truce_world_read(cli->ctx, &world, operands[0])))
		return status;
	size_t edges = world->sectors * world->regions * world->regions;
	tariff = truce_allocate(cli->ctx, edges * sizeof *tariff);
	if (!tariff) {
		status = TRUCE_MEMORY;
		goto done;
	}
	memcpy(tariff, world->tariff, edges * sizeof *tariff);
	truce_policy policy = {.tariff = tariff};
	if ((wedges && (status = read_wedges(cli, world, tariff, wedges))) ||
		(status = truce_equilibrium_new(cli->ctx, &eq, world, &settings, 0)) || (status = truce_equilibrium_update(eq, &policy)))
		goto done;
	status = truce_equilibrium_solve(eq);
	if (status == TRUCE_CONVERGE && cli->json)
		to_json(cli, world, eq); /* the best iterate, marked as such */
	if (status || (path && (status = save(cli, eq, path))))
		goto done;
	if (cli->json)
		to_json(cli, world, eq);
	else
		status = print(cli, world, eq);
done:
	truce_equilibrium_free(eq);
	truce_release(cli->ctx, tariff);
	truce_world_free(world);
	return status;
}

static const struct cli_option options[] = {
	{"wedges", 0, "FILE", false, "new tariffs as sector,exporter,importer,tariff (fractions); edges not named keep theirs"},
	{"set", 0, "KEY=VALUE", true, "a setting of the model: deficits=fixed (default), zero, endogenous; theta_scale=1"},
	{"save", 0, "FILE", false, "keep the new equilibrium as a world"},
	{NULL, 0, NULL, false, NULL}};

static const char *const description[] = {
	"Solves the trade model of Caliendo and Parro (2015) in changes from a world, for new tariffs, and prints what moves: wages, real "
	"wages, exact real income, and their first-order formula beside it.  Changes are fractions, wages ratios of new to old.",
	"Without wedges it solves the world as it is: null drift where it is balanced, and a balanced world with --save where it is not.",
	"Every answer carries a certificate, the largest residual of the equations computed apart from the solver.  Where none is found "
	"the exit status is 4, and no number is to be used.", NULL};

static const char *const examples[] = {"truce solve us.world --wedges new.csv --json", "one counterfactual",
	"truce solve raw.world --set deficits=zero --save base.world", "remove the deficits and keep the result as a baseline", NULL};

const struct cli_verb cli_verb_solve = {.name = "solve", .summary = "one counterfactual of the trade model", .operands = "W.world",
	.operands_min = 1, .operands_max = 1, .common = CLI_JSON, .options = options, .description = description, .examples = examples,
	.run = run};
