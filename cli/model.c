/* The settings of the trade model from --set, and its world. */
#include "model.h"

#include <string.h>

int cli_model_settings(struct cli *cli, truce_equilibrium_settings *settings)
{
	const char *given;
	int status = TRUCE_OK;
	for (int i = 0; !status && (given = cli_value_at(cli, "set", i)); i++) {
		char key[64];
		size_t length = strcspn(given, "=");
		if (!given[length] || length >= sizeof key)
			return cli_usage(cli, "--set wants KEY=VALUE, not \"%s\"", given);
		snprintf(key, sizeof key, "%.*s", (int)length, given);
		status = truce_equilibrium_settings_set(cli->ctx, settings, key, given + length + 1);
	}
	return status;
}

int cli_model_world(struct cli *cli, truce_world **out, const char *given)
{
	char below[256], *path = NULL;
	snprintf(below, sizeof below, "world/%s.world", given);
	if (!truce_file_exists(given) && strlen(given) < 200 && !strpbrk(given, "/.")) {
		size_t said = truce_diagnostic_count(cli->ctx);
		if (cli_data_path(cli, &path, below) != TRUCE_OK)
			truce_diagnostics_forget(cli->ctx, said); /* what is said is of the path that was given */
	}
	int status = truce_world_read(cli->ctx, out, path ? path : given);
	truce_release(cli->ctx, path);
	return status;
}
