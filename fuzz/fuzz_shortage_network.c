/* Fuzz target: a network written by hand, read, refused or run for a few steps.
 *
 * fuzz-covers: src/shortage/network_yaml.c src/shortage/network.c
 * fuzz-seeds: tests/data/shortage */
#include <truce/shortage.h>

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	truce_context *ctx;
	truce_shortage_case *item;

	if (truce_context_new(&ctx, NULL))
		return 0;
	if (truce_shortage_case_read(ctx, &item, "fuzz.yaml", (const char *)data, size) == TRUCE_OK) {
		truce_text out;
		truce_json json;
		truce_text_init(&out, ctx);
		truce_json_init(&json, &out);
		if (item->steps > 50)
			item->steps = 50;
		if (truce_shortage_case_to_json(ctx, &json, item) == TRUCE_OK && truce_text_done(&out) == TRUCE_OK)
			for (size_t i = 0; i + 2 < out.length; i++)
				if (out.data[i] == 'n' && out.data[i + 1] == 'a' && out.data[i + 2] == 'n')
					abort(); /* no step makes what is not a number */
		truce_text_free(&out);
		truce_shortage_case_free(item);
	}
	truce_context_free(ctx);
	return 0;
}
