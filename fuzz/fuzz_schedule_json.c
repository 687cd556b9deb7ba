/* Fuzz target: the JSON of a schedule: rows found and parsed; and a whole import of it.
 * fuzz-covers: src/tariff/schedule_json.c src/tariff/schedule_import.c
 * fuzz-seeds: tests/fixtures/schedule/hts */
#include "../src/tariff/schedule_private.h"

#include "scratch.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void rows(truce_context *ctx, const uint8_t *data, size_t size)
{
	struct schedule_json json;
	struct schedule_row row;

	schedule_json_open(&json, ctx, "fuzz.json", (const char *)data, size);
	while (schedule_json_next(&json) == 1)
		if (!schedule_json_parse(&json, &row)) {
			truce_text headings;

			truce_text_init(&headings, ctx);
			schedule_headings(&headings, row.field[ROW_FOOTNOTES], row.length[ROW_FOOTNOTES]);
			truce_text_free(&headings);
		}
	schedule_json_close(&json);
}

/* Two revisions, the same rows whole and cut short, so that lines change and end.  The folder to store in does not
 * exist: everything but the storing is done. */
static void import(truce_context *ctx, const uint8_t *data, size_t size)
{
	static const char table[] = "revision,published\n2025-rev-1,2025-01-01\n2025-rev-2,2025-02-01\n";
	static const char base[] = "[{\"htsno\":\"0101\",\"indent\":\"0\",\"description\":\"x\",\"general\":\"Free\"}]";
	char first[SCRATCH_PATH], second[SCRATCH_PATH], dates[SCRATCH_PATH];
	const char *inputs[] = {first, second};
	truce_schedule_import_options options = {.into = "US", .input_count = 2, .inputs = inputs, .from = TRUCE_NO_DATE,
		.revisions = dates, .output = "/nowhere/at/all.truce"};
	truce_schedule_report *report;

	scratch_write(scratch_path(first, "hts_2025_rev_1.json"), base, sizeof base - 1);
	scratch_write(scratch_path(second, "hts_2025_rev_2.json"), data, size);
	scratch_write(scratch_path(dates, "dates.csv"), table, sizeof table - 1);
	if (!truce_schedule_import(ctx, &report, &options)) abort();
	truce_schedule_report_free(ctx, report);
	unlink(first);
	unlink(second);
	unlink(dates);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	truce_context *ctx;

	if (truce_context_new(&ctx, NULL)) return 0;
	rows(ctx, data, size);
	if (size < 8192) import(ctx, data, size);
	truce_context_free(ctx);
	return 0;
}
