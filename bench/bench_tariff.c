/* Benchmark: the whole tariff panel, all lines, all origins, two years.  Needs the published files beside the project
 * (../shared/data); prints "skipped" where they are absent.
 *     bench_tariff [FOLDER [SCHEDULE]]     times in seconds, memory in MB
 * The program that is started lies beside this one's folder. */
#include <truce/tariff.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
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
	snprintf(hts, sizeof hts, "%s/hts", folder);
	snprintf(records, sizeof records, "%s/hts_change_record", folder);
	snprintf(lists, sizeof lists, "%s/lists", folder);
	int error = truce_schedule_import(ctx, &report, &options);
	truce_schedule_report_free(ctx, report);
	return error;
}

/* Random cells, each asked twice: of the panel, and of the duty for it alone. */
static int compare(truce_context *ctx, const truce_tariff_panel *panel, truce_tariff_question ask, size_t cells)
{
	truce_tariff_panel_about about = truce_tariff_panel_tell(panel);
	size_t wrong = 0, there = 0;
	double slow = 0;
	for (size_t i = 0; i < cells; i++) {
		size_t line = (size_t)(truce_draw_uniform(1, i, 0) * (double)about.lines), origin = (size_t)(truce_draw_uniform(1, i, 1) * (double)about.origins);
		truce_date day = about.from + (truce_date)(truce_draw_uniform(1, i, 2) * (about.through - about.from + 1));
		truce_tariff_rate rate;
		truce_tariff_duty *duty;
		truce_arena *arena;
		int error = truce_arena_new(ctx, &arena);
		if (error)
			return error;
		int cell = truce_tariff_panel_cell(panel, &rate, (int)line, (int)origin, day);
		ask.from = truce_tariff_panel_party(panel, origin);
		ask.clocks.on = (truce_time){.day = day, .set = true};
		double t = now();
		error = truce_tariff_duty_of(ctx, arena, &duty, &ask, truce_tariff_panel_code(panel, line));
		slow += now() - t;
		truce_diagnostics_clear(ctx);
		there += !error;
		bool same = error ? cell != TRUCE_OK : cell == TRUCE_OK && duty->low == rate.low && duty->high == rate.high &&
			(isnan(duty->ad_valorem) ? isnan(rate.ad_valorem) : duty->ad_valorem == rate.ad_valorem);
		if (!same && ++wrong <= 10) {
			char text[11];
			printf("  not the same: %s from %s on %s: panel %g [%g, %g] (%d), duty %g [%g, %g] (%d)\n", truce_tariff_panel_code(panel, line), ask.from,
				truce_date_format(text, day), rate.ad_valorem, rate.low, rate.high, cell, error ? NAN : duty->ad_valorem, error ? NAN : duty->low,
				error ? NAN : duty->high, error);
		}
		truce_arena_free(arena);
	}
	printf("%zu random cells (%zu there) against one duty each: %zu differ; a duty takes %.0f us\n", cells, there, wrong, slow / (double)cells * 1e6);
	return wrong ? TRUCE_INPUT : TRUCE_OK;
}

/* The daily averages of all, by party, over the same days, weighted by every import cell. */
static int averages(truce_context *ctx, const truce_tariff_question *ask, truce_date from, truce_date through, const char *folder)
{
	char weights[512];
	double best = 1e9;
	size_t cells = 0;
	int error = TRUCE_OK;
	snprintf(weights, sizeof weights, "%s/imports/us_imports_2024_hs10.csv.gz", folder);
	truce_tariff_averages_options options = {.from = from, .through = through, .weights = weights, .partners = "data/schedule/us-partners.csv"};
	for (int i = 0; i < 3 && !error; i++) {
		truce_tariff_averages *out;
		truce_arena *arena;
		if ((error = truce_arena_new(ctx, &arena)))
			break;
		double t = now();
		if (!(error = truce_tariff_averages_of(ctx, arena, &out, ask, &options)))
			cells = out->items[0].cells;
		best = fmin(best, now() - t);
		truce_arena_free(arena);
	}
	if (!error)
		printf("daily averages of two years over %zu import cells, reading and panel included, best of three %8.3f s\n", cells, best);
	return error;
}

static double least_of(const char *const *command, int times)
{
	double best = 1e9;
	for (int i = 0; i < times; i++) {
		struct timespec from, until;
		clock_gettime(CLOCK_MONOTONIC, &from);
		int status;
		pid_t child = fork();
		if (child == 0) {
			if (freopen("/dev/null", "w", stdout))
				execv(command[0], (char *const *)command);
			_exit(127);
		}
		if (child < 0 || waitpid(child, &status, 0) < 0 || status)
			return NAN;
		clock_gettime(CLOCK_MONOTONIC, &until);
		best = fmin(best, (double)(until.tv_sec - from.tv_sec) + (double)(until.tv_nsec - from.tv_nsec) * 1e-9);
	}
	return best;
}

/* The program asked for one duty, start-up and all, by the clock; beside it what starting any process takes. */
static void one_call(const char *self, const char *schedule)
{
	char program[512], compiled[512];
	const char *slash = strrchr(self, '/');
	snprintf(program, sizeof program, "%.*s/../truce", slash ? (int)(slash - self) : 1, slash ? self : ".");
	snprintf(compiled, sizeof compiled, "%s", schedule);
	const char *const duty[] = {program, "duty", "8505.11.00.70", "--from", "CN", "--into", "US", "--on", "2026-02-15", "--known", "2026-11-01",
		"--schedule", compiled, NULL};
	const char *const nothing[] = {"/bin/true", NULL};
	printf("one `truce duty` with start-up, least of 30             %8.4f s   (a process that does nothing: %.4f)\n", least_of(duty, 30),
		least_of(nothing, 30));
}

static int bench(truce_context *ctx, const char *path, const char *folder)
{
	const char *records[] = {"data/record/us-china"};
	truce_arena *arena;
	truce_record *record = NULL;
	truce_schedule *schedule = NULL;
	truce_tariff_panel *panel = NULL;
	truce_time known;
	double best = 1e9, t;
	truce_time_parse("2026-11-01", &known);
	int error = truce_arena_new(ctx, &arena);
	if (!error)
		error = truce_record_open(ctx, &record, records, 1);
	if (!error)
		error = truce_schedule_open(ctx, &schedule, path);
	truce_tariff_question ask = {.record = record, .schedule = schedule, .clocks = truce_clocks_at(known, known), .into = "US", .from = "CN"};
	if (!error)
		error = truce_tariff_read_shares(ctx, arena, &ask, "data/schedule/us-shares.csv");
	if (!error)
		error = truce_tariff_read_programmes(ctx, arena, &ask, "data/schedule/us-programmes.csv");
	truce_tariff_panel_options options = {.from = truce_date_of(2025, 1, 1), .through = truce_date_of(2026, 12, 31)};
	double before = peak_mb();
	for (int i = 0; i < 3 && !error; i++) {
		truce_tariff_panel_free(panel);
		t = now();
		error = truce_tariff_panel_new(ctx, &panel, &ask, &options);
		best = fmin(best, now() - t);
	}
	if (error)
		return error;
	truce_tariff_panel_about about = truce_tariff_panel_tell(panel);
	printf("panel, %zu lines x %zu origins x %d days, best of three %8.3f s   %.0f MB of it, peak %.0f MB (%.0f before)\n", about.lines, about.origins,
		about.through - about.from + 1, best, (double)about.bytes / 1e6, peak_mb(), before);
	printf("  %zu classes of lines, %zu groups of origins, %zu days of change, %zu series, %zu points, %zu different duties\n", about.line_classes,
		about.origin_groups, about.days, about.series, about.points, about.values);
	printf("  published (R): 58.5 min, 32 GB; %.0f times the time, %.0f times the memory\n", 58.5 * 60 / best, 32e3 / peak_mb());
	double *rates = malloc(about.lines * about.origins * sizeof *rates);
	best = 1e9;
	for (int i = 0; rates && i < 5; i++) {
		t = now();
		truce_tariff_panel_day(panel, truce_date_of(2025, 8, 27), rates, NULL, NULL);
		best = fmin(best, now() - t);
	}
	printf("one day, %zu cells, best of five                        %8.4f s\n", about.lines * about.origins, best);
	free(rates);
	error = averages(ctx, &ask, options.from, options.through, folder);
	if (!error)
		error = compare(ctx, panel, ask, 10000);
	truce_tariff_panel_free(panel);
	truce_schedule_close(schedule);
	truce_record_close(record);
	truce_arena_free(arena);
	return error;
}

int main(int count, char **arguments)
{
	const char *folder = count > 1 ? arguments[1] : "../shared/data";
	char out[64];
	truce_context *ctx;
	int error = TRUCE_OK;
	snprintf(out, sizeof out, "/tmp/bench_tariff.%d.truce", (int)getpid());
	if (truce_context_new(&ctx, NULL))
		return 5;
	if (!truce_directory_exists(folder)) {
		printf("skipped: %s is not here\n", folder);
		truce_context_free(ctx);
		return 0;
	}
	if (count < 3)
		error = import(ctx, folder, out);
	truce_diagnostics_clear(ctx);
	if (!error)
		one_call(arguments[0], count > 2 ? arguments[2] : out);
	if (!error)
		error = bench(ctx, count > 2 ? arguments[2] : out, folder);
	if (error && truce_diagnostic_count(ctx))
		fprintf(stderr, "%s\n", truce_diagnostic_at(ctx, 0)->what);
	unlink(out);
	truce_context_free(ctx);
	return truce_error_exit_status(error);
}
