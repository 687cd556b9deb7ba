/* Room base: the context, which owns memory, diagnostics, settings and callbacks.
 *
 * Every block goes through the context's allocator, so that tests can make each allocation fail in turn. */
#include <truce/base.h>

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

struct setting {
	char *key, *value;
};

struct truce_context {
	truce_context_options options;
	truce_arena *diagnostic_arena;
	truce_diagnostic *diagnostics;
	size_t diagnostic_count, diagnostic_capacity;
	size_t total[3]; /* by severity, kept or not */
	struct setting *settings;
	size_t setting_count, setting_capacity;
};

static void *system_allocate(void *user, void *block, size_t size)
{
	(void)user;
	if (size == 0) {
		free(block);
		return NULL;
	}
	return realloc(block, size);
}

int truce_context_new(truce_context **out, const truce_context_options *options)
{
	truce_context_options chosen = {0};
	*out = NULL;
	if (options)
		chosen = *options;
	if (!chosen.allocate)
		chosen.allocate = system_allocate;
	if (chosen.diagnostics_limit <= 0)
		chosen.diagnostics_limit = 1000;
	truce_context *ctx = chosen.allocate(chosen.allocate_user, NULL, sizeof *ctx);
	if (!ctx)
		return TRUCE_MEMORY;
	memset(ctx, 0, sizeof *ctx);
	ctx->options = chosen;
	*out = ctx;
	return TRUCE_OK;
}

void truce_context_free(truce_context *ctx)
{
	if (!ctx)
		return;
	for (size_t i = 0; i < ctx->setting_count; i++) {
		truce_release(ctx, ctx->settings[i].key);
		truce_release(ctx, ctx->settings[i].value);
	}
	truce_release(ctx, ctx->settings);
	truce_release(ctx, ctx->diagnostics);
	truce_arena_free(ctx->diagnostic_arena);
	ctx->options.allocate(ctx->options.allocate_user, ctx, 0);
}

/* Counts the failure without needing memory for it. */
static void *out_of_memory(truce_context *ctx)
{
	ctx->total[TRUCE_ERROR]++;
	return NULL;
}

void *truce_allocate(truce_context *ctx, size_t size)
{
	void *block = ctx->options.allocate(ctx->options.allocate_user, NULL, size ? size : 1);
	return block ? block : out_of_memory(ctx);
}

void *truce_allocate_zero(truce_context *ctx, size_t count, size_t size)
{
	size_t bytes;
	if (__builtin_mul_overflow(count, size, &bytes))
		return out_of_memory(ctx);
	void *block = truce_allocate(ctx, bytes);
	if (block)
		memset(block, 0, bytes);
	return block;
}

void *truce_reallocate(truce_context *ctx, void *block, size_t size)
{
	void *moved = ctx->options.allocate(ctx->options.allocate_user, block, size ? size : 1);
	return moved ? moved : out_of_memory(ctx);
}

void truce_release(truce_context *ctx, void *block)
{
	if (block)
		ctx->options.allocate(ctx->options.allocate_user, block, 0);
}

int truce_grow(truce_context *ctx, void *items, size_t *capacity, size_t need, size_t item_size)
{
	if (need <= *capacity)
		return TRUCE_OK;
	size_t wanted = *capacity ? *capacity : 8, bytes;
	while (wanted < need)
		if (__builtin_mul_overflow(wanted, (size_t)2, &wanted))
			return TRUCE_MEMORY;
	if (__builtin_mul_overflow(wanted, item_size, &bytes))
		return TRUCE_MEMORY;
	void *block;
	memcpy(&block, items, sizeof block);
	block = truce_reallocate(ctx, block, bytes);
	if (!block)
		return TRUCE_MEMORY;
	memcpy(items, &block, sizeof block);
	*capacity = wanted;
	return TRUCE_OK;
}

void truce_log(truce_context *ctx, const char *fmt, ...)
{
	if (!ctx->options.log)
		return;
	char message[1024];
	va_list args;
	va_start(args, fmt);
	vsnprintf(message, sizeof message, fmt, args);
	va_end(args);
	ctx->options.log(ctx->options.user, message);
}

void truce_progress(truce_context *ctx, const char *task, double fraction)
{
	if (ctx->options.progress)
		ctx->options.progress(ctx->options.user, task, fraction);
}

bool truce_cancelled(truce_context *ctx)
{
	return ctx->options.cancelled && ctx->options.cancelled(ctx->options.user);
}

/* ---- settings ---- */

static char *duplicate(truce_context *ctx, const char *text)
{
	size_t size = strlen(text) + 1;
	char *copy = truce_allocate(ctx, size);
	if (copy)
		memcpy(copy, text, size);
	return copy;
}

int truce_setting_set(truce_context *ctx, const char *key, const char *value)
{
	char *copy = duplicate(ctx, value);
	if (!copy)
		return TRUCE_MEMORY;
	for (size_t i = 0; i < ctx->setting_count; i++)
		if (strcmp(ctx->settings[i].key, key) == 0) {
			truce_release(ctx, ctx->settings[i].value);
			ctx->settings[i].value = copy;
			return TRUCE_OK;
		}
	char *name = duplicate(ctx, key);
	if (!name || truce_grow(ctx, &ctx->settings, &ctx->setting_capacity, ctx->setting_count + 1, sizeof *ctx->settings)) {
		truce_release(ctx, name);
		truce_release(ctx, copy);
		return TRUCE_MEMORY;
	}
	ctx->settings[ctx->setting_count++] = (struct setting){name, copy};
	return TRUCE_OK;
}

const char *truce_setting_get(const truce_context *ctx, const char *key, const char *otherwise)
{
	for (size_t i = 0; i < ctx->setting_count; i++)
		if (strcmp(ctx->settings[i].key, key) == 0)
			return ctx->settings[i].value;
	return otherwise;
}

/* ---- diagnostics ---- */

static void keep(truce_context *ctx, truce_severity severity, const char *file, int line, int column, const char *source,
	const char *remedy, const char *fmt, va_list args)
{
	ctx->total[severity]++;
	if (ctx->diagnostic_count >= (size_t)ctx->options.diagnostics_limit)
		return;
	if (!ctx->diagnostic_arena && truce_arena_new(ctx, &ctx->diagnostic_arena))
		return;
	if (truce_grow(ctx, &ctx->diagnostics, &ctx->diagnostic_capacity, ctx->diagnostic_count + 1, sizeof *ctx->diagnostics))
		return;
	char what[2048];
	vsnprintf(what, sizeof what, fmt, args);
	char *copy = truce_arena_text(ctx->diagnostic_arena, what);
	if (!copy)
		return;
	ctx->diagnostics[ctx->diagnostic_count++] = (truce_diagnostic){.severity = severity,
		.file = truce_arena_text(ctx->diagnostic_arena, file), .line = line, .column = column, .what = copy,
		.remedy = truce_arena_text(ctx->diagnostic_arena, remedy), .source = truce_arena_text(ctx->diagnostic_arena, source)};
}

int truce_fail(truce_context *ctx, int code, const char *file, int line, int column, const char *remedy, const char *fmt, ...)
{
	va_list args;
	va_start(args, fmt);
	keep(ctx, TRUCE_ERROR, file, line, column, NULL, remedy, fmt, args);
	va_end(args);
	return code;
}

void truce_diagnose(truce_context *ctx, truce_severity severity, const char *file, int line, int column, const char *source,
	const char *remedy, const char *fmt, ...)
{
	va_list args;
	va_start(args, fmt);
	keep(ctx, severity, file, line, column, source, remedy, fmt, args);
	va_end(args);
}

size_t truce_diagnostic_count(const truce_context *ctx)
{
	return ctx->diagnostic_count;
}

const truce_diagnostic *truce_diagnostic_at(const truce_context *ctx, size_t i)
{
	return i < ctx->diagnostic_count ? &ctx->diagnostics[i] : NULL;
}

size_t truce_diagnostic_total(const truce_context *ctx, truce_severity severity)
{
	return ctx->total[severity];
}

void truce_diagnostics_clear(truce_context *ctx)
{
	ctx->diagnostic_count = 0;
	memset(ctx->total, 0, sizeof ctx->total);
	truce_arena_free(ctx->diagnostic_arena);
	ctx->diagnostic_arena = NULL;
}

void truce_diagnostics_forget(truce_context *ctx, size_t i)
{
	while (ctx->diagnostic_count > i)
		ctx->total[ctx->diagnostics[--ctx->diagnostic_count].severity]--;
}
