/* Fuzz target: a compiled schedule, damaged: bytes of its image changed and its hash made right again, or bytes of the file
 * itself; opened, and everything in it asked.
 * fuzz-covers: src/tariff/schedule.c
 * fuzz-seeds: fuzz/seeds/schedule_open */
#include "../src/tariff/schedule_private.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char path[64], *whole;
static size_t whole_length;

static void must(bool done)
{
	if (!done) abort();
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

	snprintf(path, sizeof path, "/tmp/fuzz_open.%d.truce", (int)getpid());
	must(!truce_context_new(&ctx, NULL));
	must(!truce_schedule_import(ctx, &report, &options));
	truce_schedule_report_free(ctx, report);
	must(!truce_file_read(ctx, &whole, &whole_length, path, 64u << 20));
	truce_context_free(ctx);
}

static void write_file(const char *bytes, size_t length)
{
	FILE *f = fopen(path, "wb");

	must(f && fwrite(bytes, 1, length, f) == length && !fclose(f));
}

/* Three bytes of input each: where (16 bits, over the whole by the length), and what. */
static void patch(unsigned char *bytes, size_t length, const uint8_t *data, size_t size)
{
	for (size_t i = 0; i + 3 <= size; i += 3) bytes[((size_t)data[i] << 8 | data[i + 1]) * length >> 16] = data[i + 2];
}

static void damage_image(const uint8_t *data, size_t size)
{
	sqlite3 *db;
	sqlite3_stmt *s;
	unsigned char *image;
	struct image_header header;
	int length;

	write_file(whole, whole_length);
	must(sqlite3_open(path, &db) == SQLITE_OK && sqlite3_exec(db, "PRAGMA synchronous=OFF; PRAGMA journal_mode=MEMORY", NULL, NULL, NULL) == SQLITE_OK);
	must(sqlite3_prepare_v2(db, "SELECT bytes FROM image WHERE id = 1", -1, &s, NULL) == SQLITE_OK && sqlite3_step(s) == SQLITE_ROW);
	length = sqlite3_column_bytes(s, 0);
	must((image = malloc((size_t)length)));
	memcpy(image, sqlite3_column_blob(s, 0), (size_t)length);
	sqlite3_finalize(s);
	patch(image, (size_t)length, data, size);
	memcpy(&header, image, sizeof header);
	header.hash = image_hash(image + sizeof header, (size_t)length - sizeof header);
	memcpy(image, &header, sizeof header);
	must(sqlite3_prepare_v2(db, "UPDATE image SET bytes = ? WHERE id = 1", -1, &s, NULL) == SQLITE_OK &&
		sqlite3_bind_blob(s, 1, image, length, SQLITE_STATIC) == SQLITE_OK && sqlite3_step(s) == SQLITE_DONE);
	sqlite3_finalize(s);
	sqlite3_close(db);
	free(image);
}

static void ask(truce_context *ctx, const truce_schedule *schedule)
{
	const truce_schedule_line *line;
	const truce_schedule_list *list;
	truce_text words;

	truce_text_init(&words, ctx);
	for (size_t i = 0; (line = truce_schedule_line_at(schedule, i)); i++)
		for (size_t k = 0; k < line->count; k++) {
			const truce_schedule_spell *spell = &line->spells[k];

			truce_duty_words(&words, spell->general);
			truce_duty_words(&words, spell->column2);
			for (size_t g = 0; g < spell->special_count; g++) truce_duty_format(&words, &spell->special[g].duty);
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
		write_file(copy, whole_length);
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
