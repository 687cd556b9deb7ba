/* transfer.c: libcurl, loaded when something is to be fetched (tariff room). */
#include "transfer.h"

int transfer_load(truce_context *ctx, struct transfer *out)
{
	static const char *const names[] = {"curl_easy_init", "curl_easy_setopt", "curl_easy_perform", "curl_easy_getinfo", "curl_easy_reset",
		"curl_easy_cleanup", "curl_easy_strerror"};
	_Static_assert(sizeof names == sizeof *out, "one function a name");

	return truce_library_load(ctx, "libcurl.so.4", names, sizeof names / sizeof *names, out, "install libcurl4, or bring the files by hand");
}
