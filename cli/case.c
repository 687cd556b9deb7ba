/* Opening a case from the options that the verbs share. */
#include "cli.h"

#include <truce/case.h>

#include <stdlib.h>
#include <string.h>

int cli_case_open(struct cli *cli, truce_case **out, bool with_world);

/* Names of the shipped record and world, below the data folder; data says which (default.csv: kind,path). */
static int shipped(struct cli *cli, char **out, const char *kind)
{
	char *list = NULL, path[512] = "";
	truce_csv *csv = NULL;
	size_t kinds, paths;
	int got = 0, status = cli_data_path(cli, &list, "default.csv");
	*out = NULL;
	if (!status)
		status = truce_csv_open(cli->ctx, &csv, list);
	if (!status && !(status = truce_csv_column(csv, &kinds, "kind")))
		status = truce_csv_column(csv, &paths, "path");
	while (!status && (got = truce_csv_next(csv)) > 0)
		if (strcmp(truce_csv_field(csv, kinds), kind) == 0)
			snprintf(path, sizeof path, "%s", truce_csv_field(csv, paths));
	if (!status && got < 0)
		status = got;
	truce_csv_close(csv);
	truce_release(cli->ctx, list);
	return status ? status : cli_data_path(cli, out, path);
}

int cli_record_folders(struct cli *cli, const char ***out, size_t *count, char **owned)
{
	static const char *folders[128];
	size_t n = 0;
	*owned = NULL;
	for (const char *folder; n < 128 && (folder = cli_value_at(cli, "record", (int)n)); n++)
		folders[n] = folder;
	if (n == 0) {
		int status = shipped(cli, owned, "record");
		if (status)
			return status;
		folders[n++] = *owned;
	}
	*out = folders;
	*count = n;
	return TRUCE_OK;
}

int cli_clocks(struct cli *cli, truce_clocks *out)
{
	truce_time on, known;
	int status = cli_date(cli, &on, "on");
	if (!status)
		status = cli_date(cli, &known, "known");
	if (status)
		return status;
	*out = truce_clocks_at(on, known);
	const char *view = cli_value(cli, "view");
	if (view && strcmp(view, "lawful") == 0)
		out->view = TRUCE_VIEW_LAWFUL;
	else if (view && strcmp(view, "applied") != 0)
		return cli_usage(cli, "--view is applied or lawful, not \"%s\"", view);
	return TRUCE_OK;
}

static int model_settings(struct cli *cli, truce_equilibrium_settings *model)
{
	const char *given;
	int status = TRUCE_OK;
	for (int i = 0; !status && (given = cli_value_at(cli, "set", i)); i++) {
		const char *equals = strchr(given, '=');
		char key[64];
		if (!equals || equals - given >= (int)sizeof key)
			return cli_usage(cli, "--set wants KEY=VALUE, not \"%s\"", given);
		snprintf(key, sizeof key, "%.*s", (int)(equals - given), given);
		status = truce_equilibrium_settings_set(cli->ctx, model, key, equals + 1);
	}
	return status;
}

int cli_case_open(struct cli *cli, truce_case **out, bool with_world)
{
	truce_case_options options;
	char *record = NULL, *world = NULL;
	const char **folders;
	double draws, seed;
	truce_case_options_init(&options);
	*out = NULL;
	int status = cli_clocks(cli, &options.clocks);
	if (!status)
		status = cli_record_folders(cli, &folders, &options.record_count, &record);
	if (!status && with_world && !(options.world = cli_value(cli, "world"))) {
		status = shipped(cli, &world, "world");
		options.world = world;
	}
	if (!status && !(status = cli_double(cli, &draws, "draws", options.draws)))
		status = cli_double(cli, &seed, "seed", (double)options.seed);
	if (!status && (draws < 0 || draws > 1e6 || seed < 0 || seed > 9e15))
		status = cli_usage(cli, "--draws lies from 0 to 1000000, --seed from 0 on");
	if (!status && !(status = model_settings(cli, &options.model))) {
		options.records = folders;
		options.bridge = cli_value(cli, "bridge");
		options.draws = (int)draws;
		options.seed = (uint64_t)seed;
		status = truce_case_open(cli->ctx, out, &options);
	}
	truce_release(cli->ctx, record);
	truce_release(cli->ctx, world);
	return status;
}
