/* Fuzz target: the plain CSV form of a world.  The input holds its files one behind the other, each begun by a line
 * "== NAME"; they are laid into a folder of memory.
 * fuzz-covers: src/world/csv.c src/world/names.c
 * fuzz-seeds: fuzz/seeds/world_csv */
#include <truce/world.h>

#include <string.h>
#include <sys/stat.h>

#include "scratch.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const files[] = { "flows.csv", "inputs.csv", "value_added.csv", "elasticity.csv", "final.csv", "members.csv",
	"names.csv", "marketing.csv" };
enum { FILES = sizeof files / sizeof *files };

static const char *folder(void)
{
	static char path[SCRATCH_PATH];
	if (!*path && mkdir(scratch_path(path, "world"), 0777))
		abort();
	return path;
}

static void lay(const char *text, size_t size)
{
	const char *const end = text + size;
	char path[SCRATCH_PATH + 64];
	for (int f = 0; f < FILES; f++) {
		snprintf(path, sizeof path, "%s/%s", folder(), files[f]);
		unlink(path);
	}
	while (text < end) {
		const char *line = memchr(text, '\n', (size_t)(end - text));
		const char *body = line ? line + 1 : end, *stop = body;
		while (stop < end && !(end - stop >= 3 && memcmp(stop, "== ", 3) == 0 && stop[-1] == '\n'))
			stop++;
		for (int f = 0; f < FILES; f++)
			if (line && (size_t)(line - text) == strlen(files[f]) + 3 && memcmp(text + 3, files[f], strlen(files[f])) == 0) {
				snprintf(path, sizeof path, "%s/%s", folder(), files[f]);
				FILE *file = fopen(path, "wb");
				if (file) {
					fwrite(body, 1, (size_t)(stop - body), file);
					fclose(file);
				}
			}
		text = stop;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	truce_context *ctx;
	truce_world *world = NULL;
	if (truce_context_new(&ctx, NULL))
		return 0;
	lay((const char *)data, size);
	if (truce_world_import_csv(ctx, &world, folder(), 1e6) == TRUCE_OK)
		truce_world_free(world);
	truce_context_free(ctx);
	return 0;
}
