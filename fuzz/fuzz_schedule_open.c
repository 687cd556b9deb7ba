/* Fuzz target: a compiled schedule, damaged: bytes of its image changed and its hash made right again, or bytes of the file
 * itself; opened, and everything in it asked.
 * fuzz-covers: src/tariff/schedule.c
 * fuzz-seeds: fuzz/seeds/schedule_open */
#include "../src/tariff/schedule_private.h"

#include <sqlite3.h>
#include <string.h>

#include "scratch.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char path[SCRATCH_PATH], *whole;
static size_t whole_length, image_at, image_length; /* the image lies in one piece on a page of the file */

static void must(bool done)
{
	if (!done) abort();
}

static void find_image(void)
{
	sqlite3 *db;
	sqlite3_stmt *s;
	const char *found;

	must(sqlite3_open(path, &db) == SQLITE_OK);
	must(sqlite3_prepare_v2(db, "SELECT bytes FROM image WHERE id = 1", -1, &s, NULL) == SQLITE_OK && sqlite3_step(s) == SQLITE_ROW);
	image_length = (size_t)sqlite3_column_bytes(s, 0);
	must((found = memmem(whole, whole_length, sqlite3_column_blob(s, 0), image_length)));
	image_at = (size_t)(found - whole);
	sqlite3_finalize(s);
	sqlite3_close(db);
}

/* One sound compiled file: the toy schedule of the tests with its lists. */
static void compile(void)
{
	static const char *const inputs[] = {"tests/fixtures/schedule/hts", "tests/fixtures/schedule/records"};
	static const char *const lists[] = {"tests/fixtures/schedule/lists"};
	truce_schedule_import_options options = {.into = "US", .input_count = 2, .inputs = inputs, .list_count = 1, .lists = lists,
		.lists_meaning = "tests/fixtures/schedule/toy-lists.yaml", .revisions = "tests/fixtures/schedule/toy-revisions.csv", .from = TRUCE_NO_DATE,
		.output = path};
	truce_schedule_report *report;
	truce_context *ctx;

	scratch_path(path, "open.truce");
	must(!truce_context_new(&ctx, NULL));
	must(!truce_schedule_import(ctx, &report, &options));
	truce_schedule_report_free(ctx, report);
	must(!truce_file_read(ctx, &whole, &whole_length, path, 64u << 20));
	truce_context_free(ctx);
	find_image();
}

/* Three bytes of input each: where (16 bits, over the whole by the length), and what. */
static void patch(unsigned char *bytes, size_t length, const uint8_t *data, size_t size)
{
	for (size_t i = 0; i + 3 <= size; i += 3) bytes[((size_t)data[i] << 8 | data[i + 1]) * length >> 16] = data[i + 2];
}

static void damage_image(const uint8_t *data, size_t size)
{
	unsigned char *copy = malloc(whole_length), *image = copy + image_at;
	struct image_header header;

	must(copy);
	memcpy(copy, whole, whole_length);
	patch(image, image_length, data, size);
	memcpy(&header, image, sizeof header);
	header.hash = image_hash(image + sizeof header, image_length - sizeof header);
	memcpy(image, &header, sizeof header);
	scratch_write(path, copy, whole_length);
	free(copy);
}

static void ask_duty(truce_arena *arena, truce_text *words, const truce_duty_expression *duty)
{
	static const truce_duty_quantity quantities[] = {{{15, 1}, "kg", NULL}, {{2, 0}, "doz.", NULL}};
	const truce_duty_entry entry = {.has_value = true, .value = {123456, 2}, .count = 2, .quantities = quantities};
	truce_duty_answer answer;

	truce_text_clear(words);
	truce_duty_words(words, duty);
	truce_duty_format(words, duty);
	(void)truce_duty_evaluate(arena, &answer, duty, &entry, NULL);
}

static void ask(truce_context *ctx, const truce_schedule *schedule)
{
	const truce_schedule_line *line;
	const truce_schedule_list *list;
	truce_text words;
	truce_arena *arena;

	if (truce_arena_new(ctx, &arena)) return;
	truce_text_init(&words, ctx);
	for (size_t i = 0; (line = truce_schedule_line_at(schedule, i)); i++)
		for (size_t k = 0; k < line->count; k++) {
			const truce_schedule_spell *spell = &line->spells[k];

			ask_duty(arena, &words, spell->general);
			ask_duty(arena, &words, spell->column2);
			for (size_t g = 0; g < spell->special_count; g++) ask_duty(arena, &words, &spell->special[g].duty);
			(void)truce_schedule_special(spell, "KR");
			for (size_t h = 0; h < spell->heading_count; h++) truce_text_add(&words, spell->headings[h]);
			truce_text_add(&words, spell->description);
			(void)schedule_item_of(schedule, spell);
		}
	for (size_t i = 0; (list = truce_schedule_list_at(schedule, i)); i++) {
		size_t count;
		const truce_schedule_member *rows = truce_schedule_members(schedule, i, &count);

		for (size_t k = 0; k < count; k++) truce_text_add(&words, rows[k].code);
		(void)truce_schedule_member_on(schedule, i, "9101101090", 20200, NULL);
	}
	truce_text_free(&words);
	truce_arena_free(arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	truce_context *ctx;
	truce_schedule *schedule;

	if (!whole) compile();
	if (size < 1 || size > 3000) return 0;
	if (data[0] & 1) {
		char *copy = malloc(whole_length);

		must(copy);
		memcpy(copy, whole, whole_length);
		patch((unsigned char *)copy, whole_length, data + 1, size - 1);
		scratch_write(path, copy, whole_length);
		free(copy);
	} else
		damage_image(data + 1, size - 1);
	must(!truce_context_new(&ctx, NULL));
	if (!truce_schedule_open(ctx, &schedule, path)) {
		ask(ctx, schedule);
		truce_schedule_close(schedule);
	}
	truce_context_free(ctx);
	unlink(path);
	return 0;
}
