/* Fuzz target: a whole record from text: grammar, references, cycles, then its state, events, warnings and JSON.
 * fuzz-covers: src/record/load.c src/record/resolve.c src/record/state.c src/record/review.c src/record/events.c src/record/words.c src/record/sources.c src/base/yaml_schema.c
 * fuzz-seeds: tests/data/record */
#include <truce/record.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void use(truce_context *ctx, const truce_record *record)
{
	truce_arena *arena;
	truce_text out;
	truce_json json;
	truce_event *events;
	const truce_source **sources;
	const truce_act *act;
	size_t count;
	if (truce_arena_new(ctx, &arena))
		return;
	truce_text_init(&out, ctx);
	truce_json_init(&json, &out);
	truce_json_open(&json, NULL, '[');
	for (int view = 0; view < 2; view++) {
		truce_clocks clocks = truce_clocks_at((truce_time){.day = 20328 + 200 * view, .set = true}, (truce_time){.day = 20329 + 200 * view, .set = true});
		clocks.view = (truce_view)view;
		(void)truce_record_events(ctx, arena, &events, &count, record, TRUCE_EVER, TRUCE_NEVER - 1, clocks);
		(void)truce_record_review(ctx, record, clocks, &count);
		for (size_t i = 0; i < truce_record_total(record); i++) {
			const truce_head *head = truce_record_number(record, i);
			truce_record_state state;
			truce_roots roots;
			(void)truce_record_state_at(record, head, clocks, &state);
			(void)truce_record_to_json(&json, NULL, record, head, truce_clocks_known(clocks));
			if (truce_record_sources(ctx, arena, &sources, &count, record, head, TRUCE_NEVER) == TRUCE_OK &&
				truce_record_roots(ctx, &roots, record, &head->sources, TRUCE_NEVER) == TRUCE_OK)
				truce_roots_words(&out, roots);
			if (head->kind == TRUCE_MEASURE) {
				const truce_measure *measure = (const void *)head;
				truce_scope scope;
				truce_instant *changes;
				truce_act_words(&out, &measure->act);
				(void)truce_act_reaches(record, &measure->act, "YY", 0);
				if (truce_record_scope(ctx, arena, &scope, record, &measure->act.goods, &measure->act.except_goods) == TRUCE_OK)
					(void)truce_scope_contains(&scope, "xts", "8505.11.00", 0);
				(void)truce_measure_changes(ctx, arena, &changes, &count, record, measure, clocks);
			}
			if (head->kind == TRUCE_THREAT && ((const truce_threat *)(const void *)head)->when)
				truce_condition_words(&out, ((const truce_threat *)(const void *)head)->when);
		}
	}
	truce_record_good_of(record, "xts", "8505.11", TRUCE_NEVER);
	(void)truce_record_act(ctx, arena, &act, record, "{by: XX, do: raise, instrument: tariff, against: YY, goods: all}");
	truce_text_free(&out);
	truce_arena_free(arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	truce_context *ctx;
	truce_record *record;
	truce_context_options options = {.diagnostics_limit = 20};
	if (truce_context_new(&ctx, &options))
		return 0;
	if (size < 20000 && truce_record_open_text(ctx, &record, "fuzz.yaml", (const char *)data, size) == TRUCE_OK) {
		use(ctx, record);
		truce_record_close(record);
	}
	truce_context_free(ctx);
	return 0;
}
