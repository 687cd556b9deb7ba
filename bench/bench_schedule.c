/* Benchmark: the published schedule imported, opened, asked; a duty evaluated.  Needs the published files beside the
 * project (../shared/data); prints "skipped" where they are absent.
 *     bench_schedule [FOLDER]     times in seconds, memory in MB */
#include <truce/schedule.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static double peak_mb(void)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	return (double)usage.ru_maxrss / 1024;
}

static int import(truce_context *ctx, const char *folder, const char *out)
{
	char hts[512], records[512], lists[512];
	const char *inputs[] = {hts, records}, *list_folders[] = {lists};
	truce_schedule_import_options options = {.into = "US", .input_count = 2, .inputs = inputs, .list_count = 1, .lists = list_folders,
		.revisions = "data/schedule/us-revisions.csv", .lists_meaning = "data/schedule/us-lists.yaml",
		.notes_meaning = "data/schedule/us-notes.yaml", .from = TRUCE_NO_DATE, .output = out};
	truce_schedule_report *report;
	int error;

	snprintf(hts, sizeof hts, "%s/hts", folder);
	snprintf(records, sizeof records, "%s/hts_change_record", folder);
	snprintf(lists, sizeof lists, "%s/lists", folder);
	error = truce_schedule_import(ctx, &report, &options);
	if (!error)
		printf("import of %zu revisions (%zu rows)            %8.2f s   peak %.0f MB\n", report->revisions, report->objects, report->seconds,
			peak_mb());
	truce_schedule_report_free(ctx, report);
	return error;
}

static int ask(truce_context *ctx, const char *path)
{
	truce_arena *arena;
	truce_schedule *schedule = NULL;
	const truce_schedule_line *line;
	double best = 1e9, t;
	size_t asked = 0, simple = 0;
	int error = truce_arena_new(ctx, &arena);

	for (int i = 0; i < 5 && !error; i++) {
		truce_schedule_close(schedule);
		t = now();
		error = truce_schedule_open(ctx, &schedule, path);
		best = fmin(best, now() - t);
	}
	if (error) return error;
	printf("open, best of five (%zu lines, %zu spells)    %8.4f s   %.1f MB\n", truce_schedule_tell(schedule).lines,
		truce_schedule_tell(schedule).spells, best, (double)truce_schedule_tell(schedule).bytes / 1e6);
	t = now();
	for (int day = 0; day < 10; day++)
		for (size_t i = 0; (line = truce_schedule_line_at(schedule, i)); i++) {
			const truce_schedule_line *found;
			const truce_schedule_spell *spell;
			double rate;

			asked++;
			if (line->digits >= 8 && line->spells[0].from <= 20400 && line->spells[line->count - 1].until == TRUCE_FOREVER &&
			    !truce_schedule_on(ctx, schedule, &found, &spell, line->code, 20700))
				simple += truce_duty_is_simple(spell->general, &rate);
		}
	printf("%zu look-ups by code and day              %8.4f s   %.0f ns each\n", asked, now() - t, (now() - t) / (double)asked * 1e9);
	printf("lines whose duty is one percentage, or free: %zu\n", simple / 10);
	truce_schedule_close(schedule);
	truce_arena_free(arena);
	return TRUCE_OK;
}

int main(int count, char **arguments)
{
	const char *folder = count > 1 ? arguments[1] : "../shared/data";
	char out[64];
	truce_context *ctx;
	int error;

	snprintf(out, sizeof out, "/tmp/bench_schedule.%d.truce", (int)getpid());
	if (truce_context_new(&ctx, NULL)) return 5;
	if (!truce_directory_exists(folder)) {
		printf("skipped: %s is not here\n", folder);
		truce_context_free(ctx);
		return 0;
	}
	error = import(ctx, folder, out);
	if (!error) error = ask(ctx, out);
	if (error && truce_diagnostic_count(ctx)) fprintf(stderr, "%s\n", truce_diagnostic_at(ctx, 0)->what);
	unlink(out);
	truce_context_free(ctx);
	return truce_error_exit_status(error);
}
