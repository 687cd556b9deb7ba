/* equilibrium: what is asked of the operating system for the large arrays.  A hint: nothing depends on it but time. */
#include "internal.h"

#if defined(__linux__)
#include <sys/mman.h>

enum { LARGE_PAGE = 2 << 20, LARGE_FROM = 4 * LARGE_PAGE };

/* Small blocks gain little from large pages, and rounding up to them would double what they take. */
size_t eq_pages_room(size_t bytes)
{
	return bytes < LARGE_FROM ? bytes + 64 : (bytes + LARGE_PAGE - 1) / LARGE_PAGE * LARGE_PAGE + LARGE_PAGE;
}

/* Large pages for memory that is filled at once: the first touch of many small ones takes longer than the solve. */
void *eq_pages_begin(void *block, size_t bytes)
{
	const uintptr_t page = bytes < LARGE_FROM ? 64 : LARGE_PAGE, first = ((uintptr_t)block + page - 1) / page * page;
	if (page == LARGE_PAGE)
		(void)madvise((void *)first, (bytes + page - 1) / page * page, MADV_HUGEPAGE);
	return (void *)first;
}
#else
size_t eq_pages_room(size_t bytes)
{
	return bytes + 64;
}

void *eq_pages_begin(void *block, size_t bytes)
{
	(void)bytes;
	return (void *)(((uintptr_t)block + 63) / 64 * 64);
}
#endif
