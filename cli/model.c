/* The settings of the trade model from --set. */
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
