/* Room base: arenas, for what is read once and then only looked at.  Freed whole. */
#include <truce/base.h>

#include <stdarg.h>
#include <stdalign.h>
#include <string.h>

struct block {
	struct block *next;
	size_t used, size;
	alignas(max_align_t) char data[];
};

struct truce_arena {
	truce_context *ctx;
	struct block *first; /* the one that is filled */
	size_t used, next_size;
};

enum { FIRST_BLOCK = 4096, LARGEST_BLOCK = 1 << 20 };

int truce_arena_new(truce_context *ctx, truce_arena **out)
{
	*out = truce_allocate_zero(ctx, 1, sizeof **out);
	if (!*out)
		return TRUCE_MEMORY;
	(*out)->ctx = ctx;
	(*out)->next_size = FIRST_BLOCK;
	return TRUCE_OK;
}

void truce_arena_free(truce_arena *arena)
{
	if (!arena)
		return;
	for (struct block *block = arena->first, *next; block; block = next) {
		next = block->next;
		truce_release(arena->ctx, block);
	}
	truce_release(arena->ctx, arena);
}

/* Not zeroed. */
static void *take(truce_arena *arena, size_t size)
{
	size_t unit = alignof(max_align_t);
	if (size > SIZE_MAX / 2)
		return NULL;
	size = (size + unit - 1) / unit * unit;
	if (size == 0)
		size = unit;
	if (!arena->first || arena->first->size - arena->first->used < size) {
		size_t room = size > arena->next_size ? size : arena->next_size;
		struct block *block = truce_allocate(arena->ctx, sizeof *block + room);
		if (!block)
			return NULL;
		block->used = 0;
		block->size = room;
		block->next = arena->first;
		arena->first = block;
		if (arena->next_size < LARGEST_BLOCK)
			arena->next_size *= 2;
	}
	void *taken = arena->first->data + arena->first->used;
	arena->first->used += size;
	arena->used += size;
	return taken;
}

void *truce_arena_take(truce_arena *arena, size_t size)
{
	void *taken = take(arena, size);
	return taken ? memset(taken, 0, size ? size : 1) : NULL;
}

void *truce_arena_array(truce_arena *arena, size_t count, size_t size)
{
	size_t bytes;
	return __builtin_mul_overflow(count, size, &bytes) ? NULL : truce_arena_take(arena, bytes);
}

char *truce_arena_copy(truce_arena *arena, const char *text, size_t length)
{
	char *copy = length < SIZE_MAX ? take(arena, length + 1) : NULL;
	if (!copy)
		return NULL;
	if (length)
		memcpy(copy, text, length);
	copy[length] = '\0';
	return copy;
}

char *truce_arena_text(truce_arena *arena, const char *text)
{
	return text ? truce_arena_copy(arena, text, strlen(text)) : NULL;
}

char *truce_arena_printf(truce_arena *arena, const char *fmt, ...)
{
	char small[256];
	va_list args;
	va_start(args, fmt);
	int length = vsnprintf(small, sizeof small, fmt, args);
	va_end(args);
	if (length < 0)
		return NULL;
	if ((size_t)length < sizeof small)
		return truce_arena_copy(arena, small, (size_t)length);
	char *large = truce_arena_take(arena, (size_t)length + 1);
	if (!large)
		return NULL;
	va_start(args, fmt);
	vsnprintf(large, (size_t)length + 1, fmt, args);
	va_end(args);
	return large;
}

size_t truce_arena_used(const truce_arena *arena)
{
	return arena->used;
}
