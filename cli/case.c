/* Opening a case from the options that the verbs share. */
#include "case.h"
#include "model.h"

#include <stdlib.h>
#include <string.h>

int cli_case_open(struct cli *cli, truce_case **out, bool with_world)
{
	truce_case_options options;
	const char *folders[CLI_RECORD_FOLDERS];
	char *record = NULL, *world = NULL;
	double draws, seed;
	truce_case_options_init(&options);
	*out = NULL;
	int status = cli_clocks(cli, &options.clocks);
	if (!status)
		status = cli_record_folders(cli, folders, &options.record_count, &record);
	if (!status && with_world && !(options.world = cli_value(cli, "world"))) {
		status = cli_shipped(cli, &world, "world");
		options.world = world;
	}
	if (!status && !(status = cli_double(cli, &draws, "draws", options.draws)))
		status = cli_double(cli, &seed, "seed", (double)options.seed);
	if (!status && (draws < 0 || draws > 1e6 || seed < 0 || seed > 9e15))
		status = cli_usage(cli, "--draws lies from 0 to 1000000, --seed from 0 on");
	if (!status && !(status = cli_model_settings(cli, &options.model))) {
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
