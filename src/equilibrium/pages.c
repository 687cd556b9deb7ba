/* equilibrium: what is asked of the operating system for the large arrays.  A hint: nothing depends on it but time. */
#include "internal.h"

#if defined(__linux__)
#include <sys/mman.h>

/* Large pages for memory that is filled at once: a world of 160 x 65 touches ten thousand small ones. */
void eq_pages_hint(void *block, size_t bytes)
{
	const uintptr_t page = (uintptr_t)2 << 20, first = ((uintptr_t)block + page - 1) / page * page, last = ((uintptr_t)block + bytes) / page * page;
	if (last > first)
		(void)madvise((void *)first, last - first, MADV_HUGEPAGE);
}
#else
void eq_pages_hint(void *block, size_t bytes)
{
	(void)block;
	(void)bytes;
}
#endif
