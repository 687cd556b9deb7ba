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

/* A word that is no file and no shipped world: the worlds that are shipped, by name. */
static int no_world(struct cli *cli, const char *given)
{
	char *folder = NULL, **files = NULL, names[300] = "";
	size_t count = 0, used = 0;
	truce_arena *arena = NULL;
	int status = truce_arena_new(cli->ctx, &arena);
	if (!status)
		status = cli_data_path(cli, &folder, "world");
	if (!status)
		status = truce_directory_list(cli->ctx, arena, &files, &count, folder);
	for (size_t i = 0; i < count; i++) {
		const char *end = strrchr(files[i], '.');
		if (end && strcmp(end, ".world") == 0 && used < 200)
			used += (size_t)snprintf(names + used, sizeof names - used, "%s%.*s", used ? ", " : "", (int)(end - files[i] < 80 ? end - files[i] : 80), files[i]);
	}
	if (!status)
		status = truce_fail(cli->ctx, TRUCE_NOT_FOUND, NULL, 0, 0, "give the path of a world file, or one of these names",
			"\"%s\" is no file and no shipped world; shipped are %s", given, names);
	truce_release(cli->ctx, folder);
	truce_arena_free(arena);
	return status;
}

int cli_model_world(struct cli *cli, truce_world **out, const char *given)
{
	char below[256], *path = NULL;
	snprintf(below, sizeof below, "world/%s.world", given);
	if (!truce_file_exists(given) && strlen(given) < 200 && !strpbrk(given, "/.")) {
		size_t said = truce_diagnostic_count(cli->ctx);
		if (cli_data_path(cli, &path, below) != TRUCE_OK) {
			truce_diagnostics_forget(cli->ctx, said);
			return no_world(cli, given);
		}
	}
	int status = truce_world_read(cli->ctx, out, path ? path : given);
	truce_release(cli->ctx, path);
	return status;
}
