/* transfer.h: libcurl, loaded when something is to be fetched (tariff room). */
#ifndef TRUCE_TRANSFER_H
#define TRUCE_TRANSFER_H

#include <truce/base.h>

#define CURL_DISABLE_TYPECHECK
#include <curl/curl.h>

/* The functions of libcurl that fetching needs; setopt and getinfo as in <curl/easy.h>. */
struct transfer {
	CURL *(*init)(void);
	CURLcode (*setopt)(CURL *, CURLoption, ...);
	CURLcode (*perform)(CURL *);
	CURLcode (*getinfo)(CURL *, CURLINFO, ...);
	void (*reset)(CURL *);
	void (*cleanup)(CURL *);
	const char *(*strerror)(CURLcode);
};

/* SYSTEM, diagnosed, where the library is not installed. */
int transfer_load(truce_context *ctx, struct transfer *out);

#endif
