/* Fuzz target: the schedule of any country as CSV, imported, stored, opened and asked; and a list of the notes.
 * fuzz-covers: src/tariff/schedule_import.c src/tariff/schedule_store.c src/tariff/schedule.c
 * fuzz-seeds: fuzz/seeds/schedule_csv */
#include <truce/schedule.h>

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void ask(truce_context *ctx, const truce_schedule *schedule)
{
	const truce_schedule_line *line, *found;

	for (size_t i = 0; (line = truce_schedule_line_at(schedule, i)); i++) {
		if (line->digits >= 4 && truce_schedule_find(ctx, schedule, &found, line->code)) abort();
		for (size_t k = 0; k < line->count; k++)
			if (truce_schedule_spell_on(line, line->spells[k].from) != &line->spells[k]) abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char path[64], out[64];
	const char *inputs[] = {path};
	truce_schedule_import_options options = {.into = "CN", .format = TRUCE_SCHEDULE_CSV, .input_count = 1, .inputs = inputs, .from = 20000,
		.output = out};
	truce_schedule_report *report;
	truce_schedule *schedule;
	truce_context *ctx;
	FILE *f;

	if (truce_context_new(&ctx, NULL)) return 0;
	snprintf(path, sizeof path, "/tmp/fuzz_csv.%d.csv", (int)getpid());
	snprintf(out, sizeof out, "/tmp/fuzz_csv.%d.truce", (int)getpid());
	if ((f = fopen(path, "wb"))) {
		fwrite("code,description,unit,rate,special,from,until\n", 1, 46, f);
		fwrite(data, 1, size, f);
		fclose(f);
		if (!truce_schedule_import(ctx, &report, &options)) {
			if (truce_schedule_open(ctx, &schedule, out)) abort();
			ask(ctx, schedule);
			truce_schedule_close(schedule);
		}
		truce_schedule_report_free(ctx, report);
	}
	unlink(path);
	unlink(out);
	truce_context_free(ctx);
	return 0;
}
