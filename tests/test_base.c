/* Unit tests of room base (its YAML reader has test_yaml.c). */
#include "frame.h"

#include <locale.h>
#include <sys/stat.h>

static truce_context *ctx;
static void begin(void)
{
	ck_assert_int_eq(truce_context_new(&ctx, NULL), TRUCE_OK);
}
static void end(void)
{
	truce_context_free(ctx);
}

START_TEST(errors_have_names_and_statuses)
{
	ck_assert_str_eq(truce_error_name(TRUCE_INPUT), "INPUT");
	ck_assert_int_eq(truce_error_exit_status(TRUCE_CONVERGE), 4);
	ck_assert_int_eq(truce_error_exit_status(TRUCE_OK), 0);
	ck_assert_int_eq(truce_error_exit_status(TRUCE_NO), 1);
	ck_assert_int_eq(truce_error_exit_status(-999), 5);
	ck_assert_int_eq(truce_error_exit_status(7), 5);
}
END_TEST

START_TEST(dates_that_exist_and_no_others)
{
	truce_date date;
	char text[11];
	for (truce_date d = -200000; d < 200000; d += 37) {
		int y, m, day;
		truce_date_split(d, &y, &m, &day);
		ck_assert_int_eq(truce_date_of(y, m, day), d);
	}
	ck_assert_int_eq(truce_date_parse("2024-02-29", &date), TRUCE_OK);
	ck_assert_str_eq(truce_date_format(text, date), "2024-02-29");
	ck_assert_int_eq(truce_date_weekday(date), 3);
	static const char *const bad[] = {"2025-02-29", "2025-13-01", "2025-00-01", "2025-1-01", "25-01-01", "2025-01-01 ",
		"2025-01-32", "", "2025/01/01", "0000-01-01"};
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		ck_assert_int_eq(truce_date_parse(bad[i], &date), TRUCE_INPUT);
}
END_TEST

START_TEST(one_moment_in_two_zones)
{
	truce_time beijing, new_york, none;
	char text[32];
	ck_assert_int_eq(truce_time_parse("2025-11-10T13:01+08:00", &beijing), TRUCE_OK);
	ck_assert_int_eq(truce_time_parse("2025-11-10T00:01-05:00", &new_york), TRUCE_OK);
	ck_assert_int_eq(beijing.at, new_york.at);
	ck_assert_str_eq(truce_time_format(text, &beijing), "2025-11-10T13:01+08:00");
	const truce_zone *ny = truce_zone_find("America/New_York");
	ck_assert_int_eq(truce_zone_offset(ny, new_york.at), -300);
	ck_assert_int_eq(truce_instant_day(ny, new_york.at - 120), truce_date_of(2025, 11, 9));
	/* Summer time of 2025: from 9 March 02:00 to 2 November 02:00. */
	ck_assert_int_eq(truce_zone_offset(ny, truce_day_end(ny, truce_date_of(2025, 3, 8))), -300);
	ck_assert_int_eq(truce_zone_offset(ny, truce_day_end(ny, truce_date_of(2025, 3, 9))), -240);
	ck_assert_int_eq(truce_day_end(ny, truce_date_of(2025, 3, 9)) - truce_day_start(ny, truce_date_of(2025, 3, 9)), 23 * 3600 - 1);
	ck_assert_int_eq(truce_day_end(ny, truce_date_of(2025, 11, 2)) - truce_day_start(ny, truce_date_of(2025, 11, 2)), 25 * 3600 - 1);
	ck_assert_int_eq(truce_instant_day(ny, TRUCE_NEVER), INT32_MAX); /* found by the sanitizer: it overflowed */
	ck_assert_int_eq(truce_instant_day(NULL, TRUCE_EVER), TRUCE_NO_DATE);
	ck_assert(truce_day_start(ny, INT32_MAX) == TRUCE_NEVER && truce_day_end(ny, INT32_MAX) == TRUCE_NEVER);
	ck_assert(truce_day_start(ny, TRUCE_NO_DATE) == TRUCE_EVER && truce_day_end(ny, INT32_MAX - 1) == TRUCE_NEVER);
	ck_assert_int_eq(truce_zone_offset(ny, TRUCE_NEVER - 1), -300);
	ck_assert_ptr_null(truce_zone_find("Mars/Olympus"));
	ck_assert_int_eq(truce_time_parse("2025-11-10T13:01", &none), TRUCE_INPUT);
	ck_assert_int_eq(truce_time_parse("2025-11-10T25:01Z", &none), TRUCE_INPUT);
	ck_assert_int_eq(truce_time_parse("2025-11-10T13:01+8:00", &none), TRUCE_INPUT);
}
END_TEST

START_TEST(decimals_are_exact)
{
	truce_decimal a, b, c;
	char text[32];
	ck_assert_int_eq(truce_decimal_parse("0.1", 3, &a), TRUCE_OK);
	ck_assert_int_eq(truce_decimal_parse("0.2", 3, &b), TRUCE_OK);
	ck_assert_int_eq(truce_decimal_add(a, b, &c), TRUCE_OK);
	ck_assert_str_eq(truce_decimal_format(text, c), "0.3");
	ck_assert_int_eq(truce_decimal_parse("-12345.675", 10, &a), TRUCE_OK);
	ck_assert_int_eq(truce_decimal_round(a, 2, &b), TRUCE_OK);
	ck_assert_str_eq(truce_decimal_format(text, b), "-12345.68");
	ck_assert_int_eq(truce_decimal_multiply(a, b, &c), TRUCE_OK);
	ck_assert_str_eq(truce_decimal_format(text, c), "152415752.934");
	ck_assert_int_eq(truce_decimal_parse("1.2.3", 5, &a), TRUCE_INPUT);
	ck_assert_int_eq(truce_decimal_parse("99999999999999999999", 20, &a), TRUCE_LIMIT);
}
END_TEST

START_TEST(numbers_do_not_depend_on_the_locale)
{
	double value;
	char text[32];
	truce_text out;
	setlocale(LC_NUMERIC, "de_DE.UTF-8"); /* where it is not installed, only the plain case is tested */
	ck_assert_int_eq(truce_parse_double("1234.5e-1", 9, &value), TRUCE_OK);
	ck_assert(value == 123.45);
	ck_assert_int_eq(truce_parse_double("0.1234567890123456789", 21, &value), TRUCE_OK);
	ck_assert_int_eq(truce_parse_double("1,5", 3, &value), TRUCE_INPUT);
	ck_assert_int_eq(truce_parse_double("nan", 3, &value), TRUCE_INPUT);
	ck_assert_int_eq(truce_parse_double("0x10", 4, &value), TRUCE_INPUT);
	ck_assert_int_eq(truce_parse_double("1e999", 5, &value), TRUCE_INPUT);
	ck_assert_int_eq(truce_parse_double("", 0, &value), TRUCE_INPUT);
	ck_assert_str_eq(truce_format_double(text, 0.1), "0.1");
	ck_assert_str_eq(truce_format_double(text, 1.0 / 3), "0.3333333333333333");
	begin();
	truce_text_init(&out, ctx);
	truce_text_addf(&out, "%.2f", 1.5);
	ck_assert_str_eq(out.data, "1.50");
	truce_text_free(&out);
	end();
	setlocale(LC_NUMERIC, "C");
}
END_TEST

START_TEST(csv_reads_what_it_should_and_names_what_it_cannot)
{
	static const char text[] = "\xef\xbb\xbf" "a,b\r\n1,\"x, \"\"y\"\"\nz\"\r\n\n2,\n";
	truce_csv *csv;
	size_t b;
	double value;
	begin();
	ck_assert_int_eq(truce_csv_open_text(ctx, &csv, "t.csv", text, sizeof text - 1), TRUCE_OK);
	ck_assert_int_eq(truce_csv_column(csv, &b, "b"), TRUCE_OK);
	ck_assert_int_eq(truce_csv_next(csv), 1);
	ck_assert_str_eq(truce_csv_field(csv, 0), "1");
	ck_assert_str_eq(truce_csv_field(csv, b), "x, \"y\"\nz");
	ck_assert_int_eq(truce_csv_next(csv), 1);
	ck_assert_int_eq(truce_csv_line(csv), 5);
	ck_assert_str_eq(truce_csv_field(csv, b), "");
	ck_assert_int_eq(truce_csv_double(csv, b, &value), TRUCE_INPUT);
	ck_assert_int_eq(truce_csv_next(csv), 0);
	ck_assert_int_eq(truce_csv_column(csv, &b, "c"), TRUCE_INPUT);
	truce_csv_close(csv);
	static const char *const bad[] = {"a,b\n1\n", "a\n\"x\n", "a\n\"x\"y\n", ""};
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		int status = truce_csv_open_text(ctx, &csv, "bad.csv", bad[i], strlen(bad[i]));
		if (status == TRUCE_OK) {
			status = truce_csv_next(csv);
			truce_csv_close(csv);
		}
		ck_assert_int_eq(status, TRUCE_INPUT);
	}
	end();
}
END_TEST

START_TEST(json_is_escaped_and_whole)
{
	truce_text out;
	truce_json json;
	begin();
	truce_text_init(&out, ctx);
	truce_json_init(&json, &out);
	truce_json_open(&json, NULL, '{');
	truce_json_text(&json, "a", "x\"\\\n\x01");
	truce_json_open(&json, "b", '[');
	truce_json_number(&json, NULL, 0.1);
	truce_json_number(&json, NULL, NAN);
	truce_json_close(&json, ']');
	/* UTF-8 as it is; what is none (Latin-1, too long a form, half a pair, cut off) as U+FFFD. */
	truce_json_text(&json, "c", "\xc3\xa9\xf0\x9f\xa6\x84 caf\xe9 \xc0\x80 \xed\xa0\x80 \xf4\x90\x80\x80 \xe2\x80");
	truce_json_close(&json, '}');
	ck_assert_str_eq(out.data, "{\n \"a\":\"x\\\"\\\\\\n\\u0001\",\n \"b\":[\n  0.1,\n  null\n ],\n \"c\":\"\xc3\xa9\xf0\x9f\xa6\x84 caf\\ufffd "
		"\\ufffd\\ufffd \\ufffd\\ufffd\\ufffd \\ufffd\\ufffd\\ufffd\\ufffd \\ufffd\\ufffd\"\n}\n");
	truce_text_free(&out);
	end();
}
END_TEST

START_TEST(files_are_written_whole)
{
	char path[] = "/tmp/truce-base-XXXXXX", *data;
	size_t length;
	int fd = mkstemp(path);
	begin();
	ck_assert_int_ge(fd, 0);
	close(fd);
	ck_assert_int_eq(truce_file_write(ctx, path, "abc", 3), TRUCE_OK);
	ck_assert_int_eq(truce_file_read(ctx, &data, &length, path, 0), TRUCE_OK);
	ck_assert_str_eq(data, "abc");
	truce_release(ctx, data);
	ck_assert_int_eq(truce_file_read(ctx, &data, &length, path, 2), TRUCE_LIMIT);
	ck_assert_int_eq(truce_file_read(ctx, &data, &length, "/nonexistent", 0), TRUCE_NOT_FOUND);
	ck_assert_int_eq(truce_file_read(ctx, &data, &length, "/tmp", 0), TRUCE_INPUT);
	ck_assert_int_eq(truce_file_write(ctx, "/nonexistent/x", "a", 1), TRUCE_NOT_FOUND);
	/* Through links, also one to a file that is not there yet, and no link is replaced. */
	char link[64], next[64], *target;
	struct stat info;
	snprintf(link, sizeof link, "%s.link", path);
	snprintf(next, sizeof next, "%s.next", path);
	ck_assert_int_eq(symlink(strrchr(path, '/') + 1, link), 0);
	ck_assert_int_eq(symlink(link, next), 0);
	ck_assert_int_eq(truce_file_write(ctx, next, "abcd", 4), TRUCE_OK);
	ck_assert(lstat(next, &info) == 0 && S_ISLNK(info.st_mode));
	ck_assert(lstat(path, &info) == 0 && S_ISREG(info.st_mode) && info.st_size == 4);
	unlink(path);
	ck_assert_int_eq(truce_file_write(ctx, next, "ab", 2), TRUCE_OK);
	ck_assert(lstat(path, &info) == 0 && info.st_size == 2);
	ck_assert_int_eq(truce_file_target(ctx, &target, next), TRUCE_OK);
	ck_assert_str_eq(target, path);
	truce_release(ctx, target);
	unlink(link);
	ck_assert_int_eq(symlink(next, link), 0);
	ck_assert_int_eq(truce_file_write(ctx, next, "ab", 2), TRUCE_INPUT);
	unlink(link);
	unlink(next);
	unlink(path);
	end();
}
END_TEST

START_TEST(countries_by_any_code)
{
	ck_assert_str_eq(truce_country_find("CN")->census, "5700");
	ck_assert_str_eq(truce_country_find("USA")->iso2, "US");
	ck_assert_str_eq(truce_country_find("5880")->iso3, "JPN");
	ck_assert_ptr_null(truce_country_find("ZZ"));
	ck_assert_ptr_null(truce_country_find(""));
	for (size_t i = 1; truce_country_at(i); i++)
		ck_assert_int_lt(strcmp(truce_country_at(i - 1)->iso2, truce_country_at(i)->iso2), 0);
}
END_TEST

START_TEST(draws_have_the_moments_they_should)
{
	double sum = 0, squares = 0, uniform = 0;
	int n = 200000;
	for (int i = 0; i < n; i++) {
		double x = truce_draw_normal(7, (uint64_t)i, 3);
		sum += x;
		squares += x * x;
		uniform += truce_draw_uniform(7, 1, (uint64_t)i);
	}
	ck_assert_double_eq_tol(sum / n, 0, 0.01);
	ck_assert_double_eq_tol(squares / n, 1, 0.02);
	ck_assert_double_eq_tol(uniform / n, 0.5, 0.005);
	ck_assert(truce_draw_normal(7, 5, 3) == truce_draw_normal(7, 5, 3));
}
END_TEST

START_TEST(near_words)
{
	static const char *const words[] = {"sources", "status", "supersedes"};
	ck_assert_str_eq(truce_nearest("source", words, 3), "sources");
	ck_assert_str_eq(truce_nearest("statsu", words, 3), "status");
	ck_assert_ptr_null(truce_nearest("xyzzy", words, 3));
}
END_TEST

static int read_and_write(truce_context *c, void *user)
{
	truce_csv *csv;
	truce_arena *arena = NULL;
	truce_trail *trail, *input;
	truce_text out;
	(void)user;
	int status = truce_csv_open_text(c, &csv, "t.csv", "a,b\n1,2\n", 8);
	if (status)
		return status;
	truce_text_init(&out, c);
	if ((status = truce_csv_next(csv)) < 0 || (status = truce_arena_new(c, &arena)))
		goto done;
	if (!truce_arena_printf(arena, "%0600d", 7)) {
		status = TRUCE_MEMORY;
		goto done;
	}
	if ((status = truce_trail_new(arena, &trail, "x", 1, "usd", "sum", "words")) ||
		(status = truce_trail_new(arena, &input, "y", 1, "usd", "sum", "words")) ||
		(status = truce_trail_add(arena, trail, input)) || (status = truce_setting_set(c, "deficits", "zero")))
		goto done;
	truce_text_addf(&out, "%0900d", 1);
	status = truce_text_done(&out);
done:
	truce_text_free(&out);
	truce_arena_free(arena);
	truce_csv_close(csv);
	return status;
}

START_TEST(libraries_are_loaded_or_missed)
{
	static const char *const names[] = {"cos", "sin"}, *const absent[] = {"cos", "no_such_function"};
	struct {
		double (*cosine)(double), (*sine)(double);
	} library = {0};
	begin();
	ck_assert_int_eq(truce_library_load(ctx, "libm.so.6", names, 2, &library, NULL), TRUCE_OK);
	ck_assert_double_eq(library.cosine(0), 1);
	ck_assert_double_eq(library.sine(0), 0);
	ck_assert_int_eq(truce_library_load(ctx, "libm.so.6", absent, 2, &library, NULL), TRUCE_SYSTEM);
	ck_assert_int_eq(truce_library_load(ctx, "libnosuch.so.0", names, 2, &library, "install it"), TRUCE_SYSTEM);
	ck_assert_uint_eq(truce_diagnostic_total(ctx, TRUCE_ERROR), 2);
	end();
}
END_TEST

START_TEST(every_allocation_may_fail)
{
	truce_fail_every_allocation(read_and_write, NULL);
}
END_TEST

int main(void)
{
	return truce_test_main("base", (const truce_test[]){T(errors_have_names_and_statuses), T(dates_that_exist_and_no_others),
		T(one_moment_in_two_zones), T(decimals_are_exact), T(numbers_do_not_depend_on_the_locale),
		T(csv_reads_what_it_should_and_names_what_it_cannot), T(json_is_escaped_and_whole), T(files_are_written_whole),
		T(countries_by_any_code), T(draws_have_the_moments_they_should), T(near_words), T(libraries_are_loaded_or_missed),
		T(every_allocation_may_fail), {0}});
}
