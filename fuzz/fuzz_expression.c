/* Fuzz target: a duty text, read, printed, read again, evaluated; and the same as a special column.
 * What is printed must read as the same; bounds must be in order.
 * fuzz-covers: src/tariff/expression.c src/tariff/units.c
 * fuzz-seeds: fuzz/seeds/expression */
#include "../src/tariff/schedule_private.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void evaluate(truce_arena *arena, const truce_duty_expression *duty, bool known)
{
	const truce_duty_quantity quantities[] = {{{15, 1}, "kg", NULL}, {{2, 0}, "doz.", NULL}, {{7, 0}, "pr.", NULL}, {{3, 0}, "USD", "case"}};
	truce_duty_entry entry = {.has_value = known, .value = {123456, 2}, .count = known ? 4 : 0, .quantities = quantities};
	truce_duty_answer answer;

	if (truce_duty_evaluate(arena, &answer, duty, &entry, NULL)) return;
	if (answer.usd_low > answer.usd_high || answer.ad_valorem_low > answer.ad_valorem_high || answer.usd_low < 0) abort();
	if (duty->unread && answer.known) abort();
}

/* Whether a text has no mark-up or doubled blanks left: a tag taken out of a tag may leave one. */
static bool is_tidy(truce_arena *arena, const truce_text *text)
{
	char *again = truce_arena_take(arena, text->length + 1);

	return again && text->length && schedule_tidy(again, text->data, text->length) == text->length && !memcmp(again, text->data, text->length);
}

static void check(truce_context *ctx, truce_arena *arena, const truce_duty_expression *duty)
{
	truce_duty_expression again;
	truce_text text, words;

	truce_text_init(&text, ctx);
	truce_text_init(&words, ctx);
	truce_duty_format(&text, duty);
	truce_duty_words(&words, duty);
	if (!duty->unread && is_tidy(arena, &text) && !truce_duty_parse(arena, &again, text.data, text.length) && !truce_duty_equal(duty, &again)) abort();
	evaluate(arena, duty, true);
	evaluate(arena, duty, false);
	truce_text_free(&text);
	truce_text_free(&words);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	truce_context *ctx;
	truce_arena *arena = NULL;
	truce_duty_expression duty;
	truce_duty_special *groups;
	size_t count;

	if (size > 4096 || truce_context_new(&ctx, NULL)) return 0;
	if (!truce_arena_new(ctx, &arena)) {
		if (!truce_duty_parse(arena, &duty, (const char *)data, size)) check(ctx, arena, &duty);
		if (!truce_duty_parse_special(arena, &groups, &count, (const char *)data, size))
			for (size_t i = 0; i < count; i++) check(ctx, arena, &groups[i].duty);
	}
	truce_arena_free(arena);
	truce_context_free(ctx);
	return 0;
}
