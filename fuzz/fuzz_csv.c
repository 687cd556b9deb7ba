/* Fuzz target: CSV text, every field read as a number too.
 * fuzz-covers: src/base/csv.c */
#include <truce/base.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	truce_context *ctx;
	truce_csv *csv;
	if (truce_context_new(&ctx, NULL))
		return 0;
	if (truce_csv_open_text(ctx, &csv, "fuzz.csv", (const char *)data, size) == TRUCE_OK) {
		size_t column;
		double number;
		truce_text out;
		truce_text_init(&out, ctx);
		truce_csv_column(csv, &column, "a");
		truce_csv_has_column(csv, truce_csv_header(csv, 0), &column);
		while (truce_csv_next(csv) == 1)
			for (size_t i = 0; i < truce_csv_width(csv); i++) {
				truce_csv_double(csv, i, &number);
				truce_csv_write_field(&out, truce_csv_field(csv, i));
			}
		(void)truce_csv_line(csv);
		(void)truce_csv_name(csv);
		truce_text_free(&out);
		truce_csv_close(csv);
	}
	truce_context_free(ctx);
	return 0;
}
