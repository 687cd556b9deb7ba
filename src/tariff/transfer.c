/* transfer.c: libcurl, loaded when something is to be fetched (tariff room).
 *
 * It brings thirty libraries with it, whose loading is half the time that any call of the program takes to start; only
 * fetching needs them.  Once loaded it stays: libraries that it set up cannot be taken out of a process. */
#include "transfer.h"

#include <dlfcn.h>
#include <string.h>

int transfer_load(truce_context *ctx, struct transfer *out)
{
	static const char *const names[] = {"curl_easy_init", "curl_easy_setopt", "curl_easy_perform", "curl_easy_getinfo", "curl_easy_reset",
		"curl_easy_cleanup", "curl_easy_strerror"};
	void *library = dlopen("libcurl.so.4", RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
	void *found[sizeof names / sizeof *names];
	_Static_assert(sizeof found == sizeof *out, "one function a name");

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (!library || !(found[i] = dlsym(library, names[i])))
			return truce_fail(ctx, TRUCE_SYSTEM, NULL, 0, 0, "install libcurl4, or bring the files by hand",
				"the transfer library could not be loaded: %s", dlerror());
	memcpy(out, found, sizeof *out); /* as POSIX has it, a function's address fits a pointer to void */
	return TRUCE_OK;
}
