/* library.c: a shared library that only some answers need, loaded when one of them is asked for (base room).
 *
 * What it brings with it (tens of libraries, a pool of threads) would otherwise be most of the time that any call of the
 * program takes to start.  Once loaded it stays: what it set up cannot be taken out of a process. */
#include <truce/base.h>

#include <dlfcn.h>
#include <string.h>

int truce_library_load(truce_context *ctx, const char *file, const char *const *names, size_t count, void *functions, const char *hint)
{
	void *library = dlopen(file, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);

	for (size_t i = 0; i < count; i++) {
		void *found = library ? dlsym(library, names[i]) : NULL;

		if (!found) return truce_fail(ctx, TRUCE_SYSTEM, NULL, 0, 0, hint, "a library could not be loaded: %s", dlerror());
		/* As POSIX has it, a function's address fits a pointer to void. */
		memcpy((char *)functions + i * sizeof found, &found, sizeof found);
	}
	return TRUCE_OK;
}
