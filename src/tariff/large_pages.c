/* large_pages.c: big blocks of memory in few pages, where the system has large ones (tariff room).
 *
 * Opening a schedule touches ten megabytes for the first time, and most of that time is the system's, page by page. */
#include "large_pages.h"

#include <stdint.h>
#include <sys/mman.h>

enum { LARGE = 2 << 20 };

void *large_pages_in(void *block)
{
	return (void *)(((uintptr_t)block + LARGE - 1) / LARGE * LARGE);
}

void large_pages_ask(void *block, size_t length)
{
#ifdef MADV_HUGEPAGE
	uintptr_t first = (uintptr_t)large_pages_in(block), end = (uintptr_t)block + length;

	if (end > first + LARGE) madvise((void *)first, (end - first) / LARGE * LARGE, MADV_HUGEPAGE); /* advice: it may fail */
#else
	(void)block;
	(void)length;
#endif
}
