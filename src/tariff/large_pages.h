/* large_pages.h: big blocks of memory in few pages (tariff room). */
#ifndef TRUCE_LARGE_PAGES_H
#define TRUCE_LARGE_PAGES_H

#include <stddef.h>

#define LARGE_PAGE ((size_t)2 << 20)

/* The first place in a block where a large page may begin; at most LARGE_PAGE further. */
void *large_pages_in(void *block);
/* Asks for large pages inside a block that was not touched yet. */
void large_pages_ask(void *block, size_t length);

#endif
