/* What fuzz targets share that need files: where to put them, and writing them.  Below TMPDIR, which fuzz/run.sh sets to
 * a folder in memory where there is one: syncing to a disk would be most of the time. */
#ifndef TRUCE_FUZZ_SCRATCH_H
#define TRUCE_FUZZ_SCRATCH_H

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { SCRATCH_PATH = 256 };

/* "FOLDER/fuzz-PID-NAME" */
static inline const char *scratch_path(char out[SCRATCH_PATH], const char *name)
{
	const char *folder = getenv("TMPDIR");

	snprintf(out, SCRATCH_PATH, "%s/fuzz-%d-%s", folder ? folder : "/tmp", (int)getpid(), name);
	return out;
}

static inline void scratch_write(const char *path, const void *data, size_t size)
{
	FILE *f = fopen(path, "wb");

	if (!f || fwrite(data, 1, size, f) != size || fclose(f)) abort(); /* without its file a target would test nothing */
}

#endif
