/* pool.c: texts that an import keeps once each (tariff room). */
#include "schedule_private.h"

#include <stdarg.h>
#include <string.h>

uint64_t schedule_hash(const char *bytes, size_t length)
{
	return image_hash((const unsigned char *)bytes, length);
}

int pool_open(struct pool *pool, truce_context *ctx, truce_arena *arena)
{
	uint32_t id;

	memset(pool, 0, sizeof *pool);
	pool->ctx = ctx;
	pool->arena = arena;
	pool->slots = 1 << 12;
	if (!(pool->slot = truce_allocate_zero(ctx, pool->slots, sizeof *pool->slot))) return TRUCE_MEMORY;
	return pool_add(pool, &id, "", 0);
}

void pool_close(struct pool *pool)
{
	if (!pool->ctx) return;
	truce_release(pool->ctx, pool->texts);
	truce_release(pool->ctx, pool->lengths);
	truce_release(pool->ctx, pool->slot);
	memset(pool, 0, sizeof *pool);
}

static int grow(struct pool *pool)
{
	size_t slots = pool->slots * 2;
	uint32_t *slot = truce_allocate_zero(pool->ctx, slots, sizeof *slot);

	if (!slot) return TRUCE_MEMORY;
	for (size_t i = 0; i < pool->count; i++) {
		size_t at = schedule_hash(pool->texts[i], pool->lengths[i]) & (slots - 1);

		while (slot[at]) at = (at + 1) & (slots - 1);
		slot[at] = (uint32_t)i + 1;
	}
	truce_release(pool->ctx, pool->slot);
	pool->slot = slot;
	pool->slots = slots;
	return TRUCE_OK;
}

int pool_add(struct pool *pool, uint32_t *id, const char *text, size_t length)
{
	size_t at = schedule_hash(text, length) & (pool->slots - 1), other = pool->capacity;
	char *copy;

	for (; pool->slot[at]; at = (at + 1) & (pool->slots - 1)) {
		uint32_t found = pool->slot[at] - 1;

		if (pool->lengths[found] == length && !memcmp(pool->texts[found], text, length)) return *id = found, TRUCE_OK;
	}
	if (length > UINT32_MAX / 2 || pool->count >= UINT32_MAX / 2) return TRUCE_LIMIT;
	/* Both arrays have the same capacity. */
	if (truce_grow(pool->ctx, &pool->texts, &other, pool->count + 1, sizeof *pool->texts)) return TRUCE_MEMORY;
	if (truce_grow(pool->ctx, &pool->lengths, &pool->capacity, pool->count + 1, sizeof *pool->lengths)) return TRUCE_MEMORY;
	if (!(copy = truce_arena_copy(pool->arena, text, length))) return TRUCE_MEMORY;
	pool->texts[pool->count] = copy;
	pool->lengths[pool->count] = (uint32_t)length;
	pool->slot[at] = (uint32_t)++pool->count;
	*id = (uint32_t)pool->count - 1;
	return pool->count * 2 > pool->slots ? grow(pool) : TRUCE_OK;
}

void remark(struct remarks *remarks, truce_severity severity, const char *file, int line, const char *code,
	const char *fmt, ...)
{
	va_list args;
	char small[1024];
	truce_schedule_remark *items = remarks->items;

	va_start(args, fmt);
	vsnprintf(small, sizeof small, fmt, args);
	va_end(args);
	if (truce_grow(remarks->ctx, &items, &remarks->capacity, remarks->count + 1, sizeof *items)) {
		remarks->failed = true;
		return;
	}
	remarks->items = items;
	items[remarks->count] = (truce_schedule_remark){severity, truce_arena_text(remarks->arena, file ? file : ""), line,
		truce_arena_text(remarks->arena, code ? code : ""), truce_arena_text(remarks->arena, small)};
	if (!items[remarks->count].file || !items[remarks->count].code || !items[remarks->count].what)
		remarks->failed = true;
	else
		remarks->count++;
}
