/* Fuzz target: a whole import: a schedule of any country as CSV, or of revisions, change records, list files and notes;
 * stored, opened and asked.
 * The first byte chooses options; the rest is cut at lines "%%K" into files of kind K.
 * fuzz-covers: src/tariff/schedule_import.c src/tariff/schedule_store.c src/tariff/schedule.c src/tariff/code_pairs.c
 * fuzz-seeds: fuzz/seeds/schedule_csv */
#include <truce/schedule.h>

#include <string.h>
#include <sys/stat.h>

#include "scratch.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { WITH_FROM = 1, AUTO = 2, FOLDER = 4, LISTS = 8, NOTES = 16, ONTO_A_FOLDER = 32, NO_TABLES = 64 };

/* By the letter of a kind. */
static const struct {
	char kind;
	const char *name, *head; /* what stands before it in the file, so that it is told by its content */
} kinds[] = {
	{'c', "cn.csv", "code,description,unit,rate,special,from,until\n"}, {'d', "more.csv", ""}, {'j', "hts_2025_rev_1.json", ""},
	{'k', "hts_2025_rev_2.json", ""}, {'x', "hts_2025_rev_3.csv", "HTS Number,Indent,Description,Unit of Quantity,General Rate of Duty,"
	"Special Rate of Duty,Column 2 Rate of Duty\n"}, {'r', "2025HTSRev2_change_record.txt", "Change Record\n"},
	{'l', "fuzz-windows.csv", ""}, {'v', "fuzz-values.csv", ""}, {'n', "notes.txt", "CHAPTER 99\n"}, {'o', "other.txt", ""},
};
enum { KINDS = sizeof kinds / sizeof *kinds };

static char folder[SCRATCH_PATH], files[KINDS][SCRATCH_PATH + 64], out[SCRATCH_PATH], dates[SCRATCH_PATH];

static void prepare(void)
{
	static const char table[] = "revision,published\n2025-rev-1,2025-01-01\n2025-rev-2,2025-02-01\n2025-rev-3,2025-03-01\n";

	scratch_path(folder, "folder");
	if (mkdir(folder, 0777)) abort();
	for (size_t i = 0; i < KINDS; i++) snprintf(files[i], sizeof files[i], "%s/%s", folder, kinds[i].name);
	scratch_write(scratch_path(dates, "dates.csv"), table, sizeof table - 1);
	scratch_path(out, "schedule.truce");
}

/* Writes the files that the input holds; returns which, as bits. */
static unsigned write_files(const char *at, size_t size)
{
	const char *end = at + size;
	unsigned there = 0;
	char kind = 'c';

	while (at < end) {
		const char *next = memmem(at, (size_t)(end - at), "\n%%", 3);
		size_t length = (size_t)((next ? next + 1 : end) - at);

		for (size_t i = 0; i < KINDS; i++) {
			FILE *f;

			if (kinds[i].kind != kind || there >> i & 1) continue;
			if (!(f = fopen(files[i], "wb"))) abort();
			fputs(kinds[i].head, f);
			fwrite(at, 1, length, f);
			fclose(f);
			there |= 1u << i;
		}
		if (!next || end - next < 4) break;
		kind = next[3];
		at = next + 4;
		if (at < end && *at == '\n') at++;
	}
	return there;
}

static void ask_line(truce_context *ctx, const truce_schedule *schedule, const truce_schedule_line *line)
{
	const truce_schedule_line *found;
	const truce_schedule_spell *spell;
	char digits[13];
	size_t n = strspn(line->code, "0123456789");

	if (line->digits >= 4 && (truce_schedule_find(ctx, schedule, &found, line->code) || found != line)) abort();
	for (size_t k = 0; k < line->count; k++) {
		spell = &line->spells[k];
		if (spell->from >= spell->until || (k && spell->from < line->spells[k - 1].until)) abort();
		if (truce_schedule_spell_on(line, spell->from) != spell) abort();
		if (line->digits >= 4 && (truce_schedule_on(ctx, schedule, &found, &spell, line->code, spell->from) || spell != &line->spells[k])) abort();
		(void)truce_schedule_special(spell, "KR");
	}
	/* A code beside it, a day before and after. */
	if (n < 4 || n > 12) return;
	memcpy(digits, line->code, n + 1);
	digits[n] = '\0';
	digits[n - 1] = (char)('0' + (digits[n - 1] - '0' + 1) % 10);
	(void)truce_schedule_on(ctx, schedule, &found, &spell, digits, line->spells[0].from);
	(void)truce_schedule_on(ctx, schedule, &found, &spell, line->code, line->spells[0].from - 1);
}

static void ask(truce_context *ctx, const truce_schedule *schedule)
{
	const truce_schedule_line *line;
	truce_schedule_about about = truce_schedule_tell(schedule);

	for (size_t i = 0; (line = truce_schedule_line_at(schedule, i)); i++) ask_line(ctx, schedule, line);
	for (size_t i = 0; i < about.lists; i++) {
		const truce_schedule_list *list = truce_schedule_list_at(schedule, i);
		size_t count;
		const truce_schedule_member *rows = truce_schedule_members(schedule, i, &count);

		if (truce_schedule_list_find(schedule, list->id) != (int)i || count != list->count) abort();
		for (size_t k = 0; k < count; k++)
			if (rows[k].from < rows[k].until && rows[k].from != TRUCE_NO_DATE && !rows[k].party[0] &&
			    !truce_schedule_member_on(schedule, i, rows[k].code, rows[k].from, "CN"))
				abort();
	}
	for (size_t i = 0; i < about.revisions; i++)
		if (!truce_schedule_revision_at(schedule, i)) abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *inputs[KINDS], *const lists[] = {folder};
	truce_schedule_import_options options = {.into = "CN", .inputs = inputs, .output = out, .lists = lists};
	truce_schedule_report *report;
	truce_schedule *schedule;
	truce_context *ctx;
	unsigned there;

	if (!folder[0]) prepare();
	if (size < 1 || truce_context_new(&ctx, NULL)) return 0;
	there = write_files((const char *)data + 1, size - 1);
	options.format = data[0] & AUTO ? TRUCE_SCHEDULE_AUTO : TRUCE_SCHEDULE_CSV;
	options.from = data[0] & WITH_FROM ? 20000 : TRUCE_NO_DATE;
	if (data[0] & ONTO_A_FOLDER) options.output = folder;
	if (data[0] & LISTS) options.list_count = 1;
	if (!(data[0] & NO_TABLES)) {
		options.lists_meaning = "fuzz/seeds/lists.yaml";
		options.revisions = dates;
	}
	if (data[0] & NOTES) options.notes_meaning = "fuzz/seeds/notes.yaml";
	if (data[0] & FOLDER)
		inputs[options.input_count++] = folder;
	else
		for (size_t i = 0; i < KINDS; i++)
			if (there >> i & 1) inputs[options.input_count++] = files[i];
	if (!truce_schedule_import(ctx, &report, &options)) {
		if (truce_schedule_open(ctx, &schedule, out)) abort();
		ask(ctx, schedule);
		truce_schedule_close(schedule);
	} else if (!truce_diagnostic_total(ctx, TRUCE_ERROR) || !access(out, F_OK))
		abort();
	truce_schedule_report_free(ctx, report);
	for (size_t i = 0; i < KINDS; i++)
		if (there >> i & 1) unlink(files[i]);
	unlink(out);
	truce_context_free(ctx);
	return 0;
}
