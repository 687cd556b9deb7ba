/* Unit tests of the schedule half of room tariff: duty expressions, change records, imports, look-ups, lists. */
#include "frame.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <sqlite3.h>
#include <zlib.h>

#include <truce/schedule.h>

#include "tariff/schedule_private.h"

#define TOY TRUCE_TEST_ROOT "/tests/fixtures/schedule/"

static truce_context *ctx;
static truce_arena *arena;

static void begin(void)
{
	ck_assert_int_eq(truce_context_new(&ctx, NULL), TRUCE_OK);
	ck_assert_int_eq(truce_arena_new(ctx, &arena), TRUCE_OK);
}

static void end(void)
{
	truce_arena_free(arena);
	truce_context_free(ctx);
}

static truce_duty_expression parse(const char *text)
{
	truce_duty_expression duty;

	ck_assert_int_eq(truce_duty_parse(arena, &duty, text, strlen(text)), TRUCE_OK);
	return duty;
}

/* ---- duty expressions ---- */

START_TEST(duties_are_read_and_printed_in_words)
{
	/* source: the grammar of the published schedule, one text of each form */
	static const char *const cases[][2] = {
		{"Free", "free of duty"},
		{"Free, under bond", "free of duty, under bond"},
		{"2.6%", "2.6 percent of the value"},
		{"3.7% <u></u>", "3.7 percent of the value"},
		{"33 1/3%", "33 1/3 percent of the value"},
		{"4.4\xc2\xa2/kg", "4.4 cents per kilogram"},
		{"$1.035/kg + 17.5%", "1.035 dollars per kilogram, plus 17.5 percent of the value"},
		{"90\xc2\xa2/pr.+37.5%", "90 cents per pair, plus 37.5 percent of the value"},
		{"$2/1,000", "2 dollars per 1,000 items"},
		{"10\xc2\xa2/1,000 pins + 3.5%", "10 cents per 1,000 items, plus 3.5 percent of the value"},
		{"3.4\xc2\xa2 each", "3.4 cents per item"},
		{"1\xc2\xa2/kg on lead content", "1 cent per kilogram (lead content)"},
		{"6.4% on the case", "6.4 percent of the value of the case"},
		{"50% on case and strap, band or bracelet", "50 percent of the value of the case and strap, band or bracelet"},
		{"3.66\xc2\xa2/kg less 0.02\xc2\xa2/kg for each degree under 100 degrees (and fractions of a degree in proportion) but not "
			"less than 3.14\xc2\xa2/kg", "3.66 cents per kilogram, less 0.02 cents per kilogram for each degree under 100 degrees, but not "
			"less than 3.14 cents per kilogram"},
		{"No change", "the duty of the line that otherwise applies"},
		{"The duty provided inthe applicable subheading+ 25%",
			"the duty of the line that otherwise applies, plus 25 percent of the value"},
		{"The duty provided in the applicable subheading + a duty of 10% upon the value of the non-U.S. content",
			"the duty of the line that otherwise applies, plus 10 percent of the value of the non-U.S. content"},
		{"See additional U.S. note 3", "a rate that stands elsewhere (See additional U.S. note 3)"},
		{"The rate of duty appli- cable to that article", "a rate that stands elsewhere (The rate of duty applicable to that article)"},
		{"37% /", "37 percent of the value"},
		/* What begins like an article is a name, and stays one when it is printed. */
		{"8% on thethe;10", "8 percent of the value of the the;10"},
		{"1\xc2\xa2/kg of the the;x", "1 cent per kilogram (the;x)"},
		{"3 3/3%", "4 percent of the value"},
		{"$2/1,000 jewels over 17", "2 dollars per 1,000 jewels (jewels over 17)"},
		{"$2/100 kg for each degree under 100 degrees", "2 dollars per 100 kilograms for each degree under 100 degrees"},
		{"$2.50/thou- sand + 40%", "2.5 dollars per 1,000 items, plus 40 percent of the value"},
		{"", "no duty text"},
	};

	begin();
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		truce_duty_expression duty = parse(cases[i][0]), again;
		truce_text words, text;

		truce_text_init(&words, ctx);
		truce_text_init(&text, ctx);
		truce_duty_words(&words, &duty);
		ck_assert_msg(!duty.unread, "%s: %s", cases[i][0], duty.unread);
		ck_assert_str_eq(words.data, cases[i][1]);
		truce_duty_format(&text, &duty);
		again = parse(text.data ? text.data : "");
		ck_assert_msg(truce_duty_equal(&duty, &again), "%s printed as %s reads otherwise", cases[i][0], text.data);
		truce_text_free(&words);
		truce_text_free(&text);
	}
	end();
}
END_TEST

START_TEST(what_is_no_duty_is_unread_with_its_reason)
{
	static const char *const cases[] = {":", "12", "5 euro/kg", "4\xc2\xa2/furlong", "5% and a half", "$", "5% + ", "Freedom",
		"1234567890123456789%", "3\xc2\xa2", "10% 5%", "$1/99999999999999999 thousand", "5% of the cost of value of ;",
		"10\xc2\xa2 each + 6.4% on the cas, but if+ 14% on the strap"}; /* found by fuzzing */

	begin();
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		truce_duty_expression duty = parse(cases[i]);

		ck_assert_msg(duty.unread != NULL, "'%s' was read", cases[i]);
		ck_assert(!duty.free);
		ck_assert_uint_eq(duty.count, 0);
	}
	end();
}
END_TEST

/* Each of these once took the square of its length: the test would not end. */
START_TEST(reading_takes_time_in_proportion)
{
	enum { LENGTH = 4 << 20 };
	static const char *const pieces[] = {"<a", "<1<", "(", "(A", "&", "-a "};
	char *text;

	begin();
	ck_assert_ptr_nonnull(text = truce_allocate(ctx, LENGTH));
	for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++)
		for (int last = 0; last < 2; last++) {
			truce_duty_special *groups;
			size_t n = strlen(pieces[i]), count;

			for (size_t k = 0; k < LENGTH; k++) text[k] = pieces[i][k % n];
			if (last) text[LENGTH - 1] = pieces[i][0] == '<' ? '>' : ')';
			ck_assert_int_eq(truce_duty_parse_special(arena, &groups, &count, text, LENGTH), TRUCE_OK);
		}
	truce_release(ctx, text);
	end();
}
END_TEST

START_TEST(the_special_column_in_groups)
{
	static const char text[] = "Free (A*,AU,BH,\nKR,S+)5.3% (JP) See 9822.04.15 (PA) Free";
	truce_duty_special *groups;
	size_t count;

	begin();
	ck_assert_int_eq(truce_duty_parse_special(arena, &groups, &count, text, strlen(text)), TRUCE_OK);
	ck_assert_uint_eq(count, 4);
	ck_assert(groups[0].duty.free);
	ck_assert_uint_eq(groups[0].count, 5);
	ck_assert_str_eq(groups[0].programmes[0], "A*");
	ck_assert_str_eq(groups[0].programmes[4], "S+");
	ck_assert_str_eq(groups[1].programmes[0], "JP");
	ck_assert(!groups[1].duty.unread);
	ck_assert_int_eq(groups[2].duty.terms[0].kind, TRUCE_DUTY_REFERENCE);
	ck_assert_uint_eq(groups[3].count, 0);
	/* Words in brackets are no programmes. */
	ck_assert_int_eq(truce_duty_parse_special(arena, &groups, &count, "Free (See U.S. note 2)", 22), TRUCE_OK);
	ck_assert_uint_eq(count, 1);
	ck_assert_str_eq(groups[0].duty.condition, "See U.S. note 2");
	ck_assert_int_eq(truce_duty_parse_special(arena, &groups, &count, " \n", 2), TRUCE_OK);
	ck_assert_uint_eq(count, 0);
	end();
}
END_TEST

static truce_duty_answer evaluate(const char *text, const char *value, const char *quantity, const char *unit, const char *of)
{
	truce_duty_expression duty = parse(text);
	truce_duty_quantity q = {.unit = unit, .of = of};
	truce_duty_entry entry = {.has_value = value != NULL, .count = quantity ? 1 : 0, .quantities = &q};
	truce_duty_answer answer;

	if (value) ck_assert_int_eq(truce_decimal_parse(value, strlen(value), &entry.value), TRUCE_OK);
	if (quantity) ck_assert_int_eq(truce_decimal_parse(quantity, strlen(quantity), &q.amount), TRUCE_OK);
	ck_assert_int_eq(truce_duty_evaluate(arena, &answer, &duty, &entry, NULL), TRUCE_OK);
	return answer;
}

static void assert_money(truce_duty_answer answer, const char *want)
{
	char text[32];

	ck_assert_msg(answer.known, "not known; wanted %s", want);
	ck_assert_str_eq(truce_decimal_format(text, answer.usd), want);
}

START_TEST(money_to_the_cent)
{
	truce_duty_answer a;

	begin();
	assert_money(evaluate("2.6%", "1000", NULL, NULL, NULL), "26.00");
	/* 19 CFR 159.3: the value to the whole dollar, half up. */
	assert_money(evaluate("10%", "99.50", NULL, NULL, NULL), "10.00");
	assert_money(evaluate("10%", "99.49", NULL, NULL, NULL), "9.90");
	/* A unit that pays at most a dollar: whole units; more: two places. */
	assert_money(evaluate("50\xc2\xa2/kg", NULL, "10.5", "kg", NULL), "5.50");
	assert_money(evaluate("$2/kg", NULL, "10.555", "kg", NULL), "21.12");
	/* Units are converted: 2 dozen are 24, 1.5 t are 1,500 kg. */
	assert_money(evaluate("3\xc2\xa2 each", NULL, "2", "doz.", NULL), "0.72");
	assert_money(evaluate("4.4\xc2\xa2/kg", NULL, "1.5", "t", NULL), "66.00");
	assert_money(evaluate("$2/1,000", NULL, "1500", "No.", NULL), "3.00");
	assert_money(evaluate("33 1/3%", "100", NULL, NULL, NULL), "33.33");
	assert_money(evaluate("90\xc2\xa2/pr. + 37.5%", "1000", "100", "prs.", NULL), "465.00");
	assert_money(evaluate("1.1\xc2\xa2/kg on lead content", NULL, "1000", "kg", "lead content"), "11.00");
	assert_money(evaluate("Free", NULL, NULL, NULL, NULL), "0.00");
	/* As a share of value. */
	a = evaluate("90\xc2\xa2/pr. + 37.5%", "1000", "100", "pr.", NULL);
	ck_assert(a.ad_valorem_known);
	ck_assert_double_eq_tol(a.ad_valorem, 0.465, 1e-12);
	ck_assert_double_eq_tol(a.part_ad_valorem, 0.375, 1e-12);
	ck_assert_double_eq_tol(a.part_specific, 0.09, 1e-12);
	end();
}
END_TEST

START_TEST(what_is_not_known_is_a_bound_and_a_need)
{
	truce_duty_answer a;

	begin();
	a = evaluate("90\xc2\xa2/pr. + 37.5%", "1000", NULL, NULL, NULL);
	ck_assert(!a.known && !a.ad_valorem_known);
	ck_assert_double_eq_tol(a.ad_valorem_low, 0.375, 1e-12);
	ck_assert(isinf(a.ad_valorem_high));
	ck_assert_uint_eq(a.need_count, 1);
	ck_assert_str_eq(a.needs[0], "quantity in pr. (pair)");
	/* Percentages on parts: none can be on more than the whole. */
	a = evaluate("6% on the case + 14% on the strap", "100", NULL, NULL, NULL);
	ck_assert_double_eq(a.ad_valorem_low, 0);
	ck_assert_double_eq_tol(a.ad_valorem_high, 0.14, 1e-12);
	/* A content is at most the whole. */
	a = evaluate("10\xc2\xa2/kg on lead content", "100", "50", "kg", NULL);
	ck_assert(!a.known);
	ck_assert_double_eq_tol(a.usd_high, 5, 1e-12);
	/* Sugar: the floor is the lower bound while degrees are not known. */
	a = evaluate("4\xc2\xa2/kg less 0.06\xc2\xa2/kg for each degree under 100 degrees but not less than 3\xc2\xa2/kg", "100", "100", "kg", NULL);
	ck_assert_double_eq_tol(a.usd_low, 3, 1e-12);
	ck_assert_double_eq_tol(a.usd_high, 4, 1e-12);
	/* A unit of another kind is no quantity. */
	a = evaluate("4\xc2\xa2/kg", "100", "5", "No.", NULL);
	ck_assert(!a.known);
	/* What could not be read, or is not printed, is unknown, not free. */
	a = evaluate(":", "100", NULL, NULL, NULL);
	ck_assert(!a.known && isinf(a.ad_valorem_high) && a.need_count == 1);
	a = evaluate("", "100", NULL, NULL, NULL);
	ck_assert(!a.known && isinf(a.ad_valorem_high) && a.need_count == 1);
	a = evaluate("See additional U.S. note 3", "100", NULL, NULL, NULL);
	ck_assert(!a.known && a.need_count == 1);
	end();
}
END_TEST

START_TEST(the_duty_that_otherwise_applies)
{
	truce_duty_expression base, more;
	truce_duty_entry entry = {.has_value = true, .value = {100000, 2}};
	truce_duty_answer a, b;

	begin();
	base = parse("2.6%");
	more = parse("The duty provided in the applicable subheading + 25%");
	ck_assert_int_eq(truce_duty_evaluate(arena, &a, &base, &entry, NULL), TRUCE_OK);
	ck_assert_int_eq(truce_duty_evaluate(arena, &b, &more, &entry, &a), TRUCE_OK);
	ck_assert(b.known);
	ck_assert_double_eq_tol(b.ad_valorem, 0.276, 1e-12);
	assert_money(b, "276.00");
	ck_assert_int_eq(truce_duty_evaluate(arena, &b, &more, &entry, NULL), TRUCE_OK);
	ck_assert(!b.known);
	ck_assert_double_eq_tol(b.ad_valorem_low, 0.25, 1e-12);
	end();
}
END_TEST

START_TEST(units_convert_within_their_kind)
{
	truce_decimal ratio;
	char text[32];

	ck_assert_int_eq(truce_unit_ratio(&ratio, "doz.", "No."), TRUCE_OK);
	ck_assert_str_eq(truce_decimal_format(text, ratio), "12");
	ck_assert_int_eq(truce_unit_ratio(&ratio, "g", "kg"), TRUCE_OK);
	ck_assert_str_eq(truce_decimal_format(text, ratio), "0.001");
	ck_assert_int_eq(truce_unit_ratio(&ratio, "lb", "kg"), TRUCE_OK);
	ck_assert_str_eq(truce_decimal_format(text, ratio), "0.45359237");
	ck_assert_int_eq(truce_unit_ratio(&ratio, "pr.", "No."), TRUCE_NOT_FOUND);
	ck_assert_str_eq(truce_unit_name("Liters"), "liter");
	ck_assert_str_eq(truce_unit_name("m\xc2\xb2"), "m2");
	ck_assert_ptr_null(truce_unit_name("furlong"));
}
END_TEST

/* ---- change records ---- */

START_TEST(change_records_by_their_columns)
{
	struct change_record record;
	char *text;
	size_t length;

	begin();
	ck_assert_int_eq(truce_file_read(ctx, &text, &length, TOY "records/2025HTSRev1_change_record.txt", 0), TRUCE_OK);
	ck_assert_int_eq(change_record_read(ctx, arena, &record, "toy", text, length), TRUCE_OK);
	ck_assert_int_eq(record.year, 2025);
	ck_assert_int_eq(record.number, 1);
	ck_assert_int_eq(record.published, truce_date_of(2025, 2, 5));
	ck_assert_uint_eq(record.count, 4);
	ck_assert_str_eq(record.items[0].item, "U.S. note 2(a), subch III, ch 99");
	ck_assert_str_eq(record.items[0].code, "");
	ck_assert_str_eq(record.items[1].code, "91011010");
	ck_assert_str_eq(record.items[1].nature, "Modified (From 3.7% to 3.2%)");
	ck_assert_int_eq(record.items[1].effective, truce_date_of(2025, 1, 20));
	ck_assert_str_eq(record.items[3].source, "Notice");
	change_record_free(ctx, &record);
	truce_release(ctx, text);
	end();
}
END_TEST

START_TEST(revisions_by_the_names_of_files)
{
	static const struct {
		const char *name;
		int year, number;
	} cases[] = {{"a/hts_2025_rev_18.json.gz", 2025, 18}, {"hts_2026_basic_edition_json.json", 2026, 0},
		{"2025HTSRev7_change_record.txt", 2025, 7}, {"2025HTSBasic_change_record.txt", 2025, 0}, {"hts_2025_revision_3_json.json", 2025, 3},
		{"2025/notes.json", -1, 0}, {"hts.json", -1, 0}, {"hts_20251_rev_1.json", -1, 0}};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		int year = -1, number = -1;
		bool found = schedule_revision_of_name(cases[i].name, &year, &number);

		ck_assert_msg(found == (cases[i].year >= 0), "%s", cases[i].name);
		if (found) ck_assert_msg(year == cases[i].year && number == cases[i].number, "%s: %d %d", cases[i].name, year, number);
	}
}
END_TEST

/* ---- imports ---- */

static char folder[64];

static const char *below(const char *name)
{
	static char path[8][400];
	static int turn;

	turn = (turn + 1) % 8;
	snprintf(path[turn], sizeof path[turn], "%s/%s", folder, name);
	return path[turn];
}

static void make_folder(void)
{
	strcpy(folder, "/tmp/truce-schedule-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(folder));
}

static void drop_folder(void)
{
	DIR *dir = opendir(folder);
	struct dirent *entry;

	while (dir && (entry = readdir(dir)))
		if (entry->d_name[0] != '.') unlink(below(entry->d_name));
	if (dir) closedir(dir);
	ck_assert_int_eq(rmdir(folder), 0);
}

static void write_file(const char *path, const char *text, size_t length)
{
	FILE *f = fopen(path, "wb");

	ck_assert_ptr_nonnull(f);
	ck_assert_uint_eq(fwrite(text, 1, length, f), length);
	fclose(f);
}

static const char *const toy_inputs[] = {TOY "hts", TOY "records"}, *const toy_lists[] = {TOY "lists"};

static truce_schedule_import_options toy_options(void)
{
	return (truce_schedule_import_options){.into = "US", .input_count = 2, .inputs = toy_inputs, .list_count = 1, .lists = toy_lists,
		.revisions = TOY "toy-revisions.csv", .lists_meaning = TOY "toy-lists.yaml", .from = TRUCE_NO_DATE, .output = below("toy.truce")};
}

static truce_schedule *open_toy(void)
{
	truce_schedule_import_options options = toy_options();
	truce_schedule_report *report;
	truce_schedule *schedule;
	int status = truce_schedule_import(ctx, &report, &options);

	ck_assert_msg(status == TRUCE_OK, "%s", truce_diagnostic_count(ctx) ? truce_diagnostic_at(ctx, 0)->what : "?");
	ck_assert_uint_eq(report->revisions, 3);
	ck_assert_uint_eq(report->objects, 15 + 16 + 17);
	truce_schedule_report_free(ctx, report);
	ck_assert_int_eq(truce_schedule_open(ctx, &schedule, options.output), TRUCE_OK);
	return schedule;
}

static const truce_schedule_spell *on(const truce_schedule *schedule, const char *code, truce_date day)
{
	const truce_schedule_line *line;
	const truce_schedule_spell *spell;
	int status = truce_schedule_on(ctx, schedule, &line, &spell, code, day);

	ck_assert_msg(status == TRUCE_OK, "%s: %d", code, status);
	return spell;
}

START_TEST(a_rows_duty_is_its_own_or_its_ancestors)
{
	truce_schedule *s;
	const truce_schedule_spell *spell;
	truce_date day = truce_date_of(2025, 1, 1);

	begin();
	make_folder();
	s = open_toy();
	/* Mark-up, missing blanks, compound duties, an indent written "03". */
	ck_assert_str_eq(on(s, "9101.10.10.10", day)->general->text, "3.7%");
	ck_assert_str_eq(on(s, "9101102000", day)->general->text, "4.4\xc2\xa2/kg");
	ck_assert_str_eq(on(s, "9101203040", day)->general->text, "9.35\xc2\xa2/kg but not less than 2%");
	ck_assert_str_eq(on(s, "9101207900", day)->column2->text, "$1.58/pr. + 66%");
	spell = on(s, "9101101090", day);
	ck_assert_uint_eq(spell->special_count, 2);
	ck_assert_ptr_nonnull(truce_schedule_special(spell, "KR"));
	ck_assert_ptr_null(truce_schedule_special(spell, "CL"));
	ck_assert(spell->leaf && !on(s, "91011010", day)->leaf);
	ck_assert_str_eq(on(s, "9101101010", day)->units, "No., kg");
	ck_assert_str_eq(on(s, "9101101010", day)->description, "Of large size");
	/* Headings of the footnotes on duty, inherited; a heading of "certain goods" only where it is marked. */
	ck_assert_uint_eq(spell->heading_count, 2);
	ck_assert_str_eq(spell->headings[0], "99038803");
	ck_assert_uint_eq(on(s, "9101209010", day)->heading_count, 1);
	ck_assert_str_eq(on(s, "9101209010", day)->headings[0], "99038804");
	ck_assert_uint_eq(on(s, "9101209020", day)->heading_count, 0);
	truce_schedule_close(s);
	drop_folder();
	end();
}
END_TEST

START_TEST(effective_dates_win_over_publication)
{
	const truce_schedule_line *line;
	const truce_schedule_spell *spell;
	truce_schedule *s;

	begin();
	make_folder();
	s = open_toy();
	/* Retroactive: published on 5 February, in force from 20 January. */
	ck_assert_str_eq(on(s, "91011010", truce_date_of(2025, 1, 19))->general->text, "3.7%");
	ck_assert_str_eq(on(s, "91011010", truce_date_of(2025, 1, 20))->general->text, "3.2%");
	ck_assert_str_eq(on(s, "9101101090", truce_date_of(2025, 1, 20))->general->text, "3.2%");
	/* To come: published on 5 February, in force from the 10th. */
	ck_assert_str_eq(on(s, "9903.88.03", truce_date_of(2025, 2, 9))->general->text, "The duty provided in the applicable subheading + 25%");
	ck_assert_str_eq(on(s, "9903.88.03", truce_date_of(2025, 2, 10))->general->text, "The duty provided in the applicable subheading + 10%");
	/* A line that is added retroactively. */
	ck_assert_int_eq(truce_schedule_find(ctx, s, &line, "9903.88.69"), TRUCE_OK);
	ck_assert_int_eq(line->spells[0].from, truce_date_of(2025, 1, 10));
	/* Eight digits are annotated: the ten with 00 end, their eight stand; ten fall to eight. */
	ck_assert_int_eq(truce_schedule_on(ctx, s, &line, &spell, "9101.10.20.00", truce_date_of(2025, 3, 2)), TRUCE_OK);
	ck_assert_int_eq(line->digits, 10);
	ck_assert_int_eq(truce_schedule_on(ctx, s, &line, &spell, "9101.10.20.00", truce_date_of(2025, 3, 3)), TRUCE_OK);
	ck_assert_int_eq(line->digits, 8);
	ck_assert_str_eq(on(s, "9101102010", truce_date_of(2025, 3, 3))->general->text, "4.4\xc2\xa2/kg");
	truce_schedule_close(s);
	drop_folder();
	end();
}
END_TEST

START_TEST(codes_and_days_that_are_not_there)
{
	const truce_schedule_line *line;
	const truce_schedule_spell *spell;
	truce_schedule *s;

	begin();
	make_folder();
	s = open_toy();
	ck_assert_int_eq(truce_schedule_find(ctx, s, &line, "1234.56.78"), TRUCE_NOT_FOUND);
	ck_assert_int_eq(truce_schedule_find(ctx, s, &line, "lamp"), TRUCE_INPUT);
	ck_assert_int_eq(truce_schedule_find(ctx, s, &line, "910"), TRUCE_INPUT);
	ck_assert_int_eq(truce_schedule_on(ctx, s, &line, &spell, "91011010", truce_date_of(2024, 12, 31)), TRUCE_UNKNOWN);
	ck_assert_int_eq(truce_schedule_on(ctx, s, &line, &spell, "9903.88.69", truce_date_of(2025, 1, 9)), TRUCE_NOT_FOUND);
	ck_assert_int_eq(truce_schedule_on(ctx, s, &line, &spell, "9101102010", truce_date_of(2025, 3, 2)), TRUCE_OK);
	ck_assert_str_eq(line->code, "9101102000"); /* before the split, what it was split from answers */
	truce_schedule_close(s);
	drop_folder();
	end();
}
END_TEST

START_TEST(lists_with_windows_and_parties)
{
	truce_schedule *s;
	const truce_schedule_member *m;
	int a, b, f;

	begin();
	make_folder();
	s = open_toy();
	a = truce_schedule_list_find(s, "toy-a");
	b = truce_schedule_list_find(s, "toy-b");
	f = truce_schedule_list_find(s, "footnotes");
	ck_assert_int_ge(a, 0);
	ck_assert_int_ge(b, 0);
	ck_assert_int_ge(f, 0);
	ck_assert_int_lt(truce_schedule_list_find(s, "toy-c"), 0);
	ck_assert_ptr_null(truce_schedule_member_on(s, (size_t)a, "9101101010", truce_date_of(2025, 1, 14), NULL));
	m = truce_schedule_member_on(s, (size_t)a, "9101101010", truce_date_of(2025, 1, 15), NULL);
	ck_assert_ptr_nonnull(m);
	ck_assert_str_eq(m->code, "91011010");
	ck_assert_str_eq(m->heading, "99038803");
	/* "through": the last day counts. */
	ck_assert_ptr_nonnull(truce_schedule_member_on(s, (size_t)a, "9101101010", truce_date_of(2025, 3, 31), NULL));
	ck_assert_ptr_null(truce_schedule_member_on(s, (size_t)a, "9101101010", truce_date_of(2025, 4, 1), NULL));
	ck_assert_ptr_null(truce_schedule_member_on(s, (size_t)a, "9101102000", truce_date_of(2025, 3, 1), NULL));
	/* A row for one party, by the Census Bureau's code. */
	ck_assert_ptr_nonnull(truce_schedule_member_on(s, (size_t)b, "9101207900", truce_date_of(2025, 3, 1), "CN"));
	ck_assert_ptr_null(truce_schedule_member_on(s, (size_t)b, "9101207900", truce_date_of(2025, 3, 1), "KR"));
	ck_assert_ptr_null(truce_schedule_member_on(s, (size_t)b, "9101207900", truce_date_of(2025, 3, 1), NULL));
	ck_assert_ptr_nonnull(truce_schedule_member_on(s, (size_t)f, "9101101090", truce_date_of(2025, 3, 1), NULL));
	truce_schedule_close(s);
	/* A list holds a code where a row is the code or stands above it; told before the list is unpacked, and after. */
	s = open_toy();
	for (size_t list = 0; truce_schedule_list_at(s, list); list++)
		for (uint64_t draw = 0; draw < 1000; draw++) {
			char code[] = "9101101010";
			size_t count, digits = 2 + (size_t)(truce_draw_uniform(1, draw, 0) * 9);
			bool holds, found = false;

			for (size_t i = 2; i < 10; i++)
				if (truce_draw_uniform(1, draw, i) < 0.4) code[i] = (char)('0' + (int)(truce_draw_uniform(2, draw, i) * 10));
			code[digits] = '\0';
			holds = truce_schedule_list_holds(s, list, code);
			m = truce_schedule_members(s, list, &count);
			for (size_t i = 0; i < count; i++) found = found || !strncmp(m[i].code, code, strlen(m[i].code));
			if (strcmp(truce_schedule_list_at(s, list)->value, "") == 0)
				ck_assert_int_eq(holds, found);
			else
				ck_assert(holds); /* of numbers: they may */
			ck_assert_int_eq(truce_schedule_list_holds(s, list, code), holds);
		}
	truce_schedule_close(s);
	drop_folder();
	end();
}
END_TEST

static bool remarked(const truce_schedule_report *report, const char *code, const char *words)
{
	for (size_t i = 0; i < report->remark_count; i++)
		if (!strcmp(report->remarks[i].code, code) && strstr(report->remarks[i].what, words)) return true;
	return false;
}

/* Whether an import found a difference between a list and the law, with this verdict. */
static bool differs(const char *path, const char *code, const char *verdict)
{
	truce_list_difference *all;
	size_t count;
	bool found = false;

	if (truce_schedule_list_differences(ctx, arena, &all, &count, path, NULL)) return false;
	for (size_t i = 0; i < count; i++) found = found || (!strcmp(all[i].code, code) && !strcmp(all[i].verdict, verdict));
	return found;
}

START_TEST(the_report_says_what_was_not_read)
{
	truce_schedule_import_options options;
	truce_schedule_report *report;

	begin();
	make_folder();
	options = toy_options();
	ck_assert_int_eq(truce_schedule_import(ctx, &report, &options), TRUCE_OK);
	ck_assert(remarked(report, "", "it is not known what this list means"));
	ck_assert(remarked(report, "910110101012", "no code of 2, 4, 6, 8 or 10 digits"));
	ck_assert(differs(options.output, "88888888", "no such line"));
	ck_assert(remarked(report, "91012030", "years after it was published"));
	ck_assert(remarked(report, "99999999", "no revision has it"));
	truce_schedule_report_free(ctx, report);
	drop_folder();
	end();
}
END_TEST

START_TEST(search_and_differences)
{
	truce_schedule_hit *hits;
	truce_schedule_change *changes;
	size_t count;
	bool found = false;
	truce_schedule *s;

	begin();
	make_folder();
	s = open_toy();
	truce_schedule_close(s);
	ck_assert_int_eq(truce_schedule_search(ctx, arena, &hits, &count, below("toy.truce"), "red lamp", truce_date_of(2025, 1, 1), 10), TRUCE_OK);
	ck_assert_uint_eq(count, 2);
	ck_assert_str_eq(hits[0].general, "3.7%");
	ck_assert(strstr(hits[0].description, "Of glass: Blown: Red lamps") != NULL);
	ck_assert_int_eq(truce_schedule_search(ctx, arena, &hits, &count, below("toy.truce"), "\"lamps red\" OR NEAR(", truce_date_of(2025, 1, 1), 10), TRUCE_OK);
	ck_assert_uint_eq(count, 0);
	ck_assert_int_eq(truce_schedule_search(ctx, arena, &hits, &count, below("toy.truce"), " \"\" ", truce_date_of(2025, 1, 1), 10), TRUCE_USAGE);
	ck_assert_int_eq(truce_schedule_diff(ctx, arena, &changes, &count, below("toy.truce"), truce_date_of(2025, 1, 1), truce_date_of(2025, 1, 31)), TRUCE_OK);
	for (size_t i = 0; i < count; i++)
		if (!strcmp(changes[i].code, "91011010") && !strcmp(changes[i].field, "general")) {
			found = true;
			ck_assert_str_eq(changes[i].before, "3.7%");
			ck_assert_str_eq(changes[i].after, "3.2%");
			ck_assert_int_eq(changes[i].effective, truce_date_of(2025, 1, 20));
			ck_assert_str_eq(changes[i].item, "9101.10.10");
			ck_assert_str_eq(changes[i].source, "PP 1");
		} else /* said once, at the line of eight digits */
			ck_assert(strcmp(changes[i].code, "9101101010") != 0 || strcmp(changes[i].field, "general") != 0);
	ck_assert(found);
	/* Nothing changes between a day and itself. */
	ck_assert_int_eq(truce_schedule_diff(ctx, arena, &changes, &count, below("toy.truce"), truce_date_of(2025, 2, 1), truce_date_of(2025, 2, 1)), TRUCE_OK);
	ck_assert_uint_eq(count, 0);
	drop_folder();
	end();
}
END_TEST

START_TEST(the_export_as_csv_and_gzip)
{
	static const char text[] = "\xef\xbb\xbfHTS Number,Indent,Description,Unit of Quantity,General Rate of Duty,Special Rate of Duty,"
		"Column 2 Rate of Duty,Quota Quantity,Additional Duties\r\n0101,0,Live horses:,,,,,,\r\n0101.21.00,1,Purebred,,Free,,Free,,\r\n"
		"0101.21.00.10,2,\"Males, live\",\"[\"\"No.\"\",\"\"kg\"\"]\",,,20%,,\r\n";
	const char *inputs[1];
	truce_schedule_import_options options;
	truce_schedule_report *report;
	truce_schedule *s;
	gzFile gz;

	begin();
	make_folder();
	inputs[0] = below("hts_2025_rev_1.csv.gz");
	gz = gzopen(inputs[0], "wb");
	ck_assert_int_eq(gzwrite(gz, text, sizeof text - 1), (int)sizeof text - 1);
	gzclose(gz);
	options = toy_options();
	options.inputs = inputs;
	options.input_count = 1;
	options.list_count = 0;
	options.revisions = TRUCE_TEST_ROOT "/data/schedule/us-revisions.csv";
	ck_assert_int_eq(truce_schedule_import(ctx, &report, &options), TRUCE_OK);
	truce_schedule_report_free(ctx, report);
	ck_assert_int_eq(truce_schedule_open(ctx, &s, options.output), TRUCE_OK);
	/* Column by column: its own column 2, the general duty of the row above. */
	ck_assert(on(s, "0101210010", truce_date_of(2025, 3, 1))->general->free);
	ck_assert_str_eq(on(s, "0101210010", truce_date_of(2025, 3, 1))->column2->text, "20%");
	ck_assert_str_eq(on(s, "0101210010", truce_date_of(2025, 3, 1))->units, "No., kg");
	truce_schedule_close(s);
	drop_folder();
	end();
}
END_TEST

START_TEST(any_country_by_csv)
{
	static const char *const inputs[] = {TOY "toy.csv"};
	truce_schedule_import_options options;
	truce_schedule_report *report;
	truce_schedule *s;
	const truce_schedule_spell *spell;

	begin();
	make_folder();
	options = (truce_schedule_import_options){.into = "CN", .format = TRUCE_SCHEDULE_CSV, .input_count = 1, .inputs = inputs,
		.from = TRUCE_NO_DATE, .output = below("cn.truce")};
	ck_assert_int_eq(truce_schedule_import(ctx, &report, &options), TRUCE_INPUT); /* from when? */
	truce_schedule_report_free(ctx, report);
	options.from = truce_date_of(2025, 1, 1);
	ck_assert_int_eq(truce_schedule_import(ctx, &report, &options), TRUCE_OK);
	ck_assert_uint_eq(report->lines, 3);
	/* A number without a per cent sign is not guessed at. */
	ck_assert(remarked(report, "0102", "a number without a per cent sign or money"));
	truce_schedule_report_free(ctx, report);
	ck_assert_int_eq(truce_schedule_open(ctx, &s, options.output), TRUCE_OK);
	ck_assert_str_eq(truce_schedule_tell(s).country, "CN");
	spell = on(s, "0101.21", truce_date_of(2025, 6, 1));
	ck_assert(truce_schedule_special(spell, "KR")->duty.free);
	spell = on(s, "0101.29.00", truce_date_of(2025, 6, 1));
	ck_assert_ptr_nonnull(truce_schedule_special(spell, "AU"));
	ck_assert_uint_eq(spell->general->count, 2);
	truce_schedule_close(s);
	drop_folder();
	end();
}
END_TEST

/* ---- bad input ---- */

#define ROW(code, indent) "{\"htsno\":\"" code "\",\"indent\":\"" indent "\",\"description\":\"x\",\"general\":\"Free\"}"

START_TEST(bad_input_leaves_the_compiled_file_whole)
{
	static const struct {
		const char *name, *text;
		size_t length; /* 0: of the text */
		const char *words;
	} cases[] = {
		{"hts_2025_rev_1.json", "[" ROW("0101", "0") ",{\"htsno\":\"01", 0, "truncated"},
		{"hts_2025_rev_1.json", "[" ROW("0101", "0"), 0, "truncated"},
		{"hts_2025_rev_1.json", "[" ROW("0101", "0") "] x", 0, "after the end"},
		{"hts_2025_rev_1.json", "[]", 0, "empty"},
		{"hts_2025_rev_1.json", "[{\"a\":1}]", 0, "no row of a schedule"},
		{"hts_2025_rev_1.json", "[" ROW("0101", "x") "]", 0, "indent"},
		{"hts_2025_rev_1.json", "[" ROW("0101", "-1") "]", 0, "indent"},
		{"hts_2025_rev_1.json", "[" ROW("0101.21.00.10", "0") "," ROW("0101.21.00", "1") "]", 0, "above itself"},
		{"hts_2025_rev_1.json", "[" ROW("0101.21", "0") "," ROW("0101.21", "1") "]", 0, "above itself"},
		{"cn.csv", "code,description,unit,rate,from,until\n0101,x,kg,5%,2025-03-01,\n0102,x,kg,5%,2025-01-01,\n"
			"0101,x,kg,4%,2025-01-01,2025-03-02\n", 0, "0101 stands twice for the same days, also in line 4"},
		{"hts_2025_rev_1.json", "[[[[[[[[[[[[[[[[[[[[", 0, "not an object"},
		{"hts_2025_rev_1.json", "\x00\x01\x02PK", 5, "no schedule that can be read"},
		{"hts_2025_rev_1.json.gz", "\x1f\x8b\x08\x00garbage", 11, "gzip"},
		{"hts.json", "[" ROW("0101", "0") "]", 0, "which revision"},
		{"hts_2031_rev_1.json", "[" ROW("0101", "0") "]", 0, "when"},
	};
	char before[64];
	struct stat was, is;

	begin();
	make_folder();
	truce_schedule_close(open_toy());
	ck_assert_int_eq(stat(below("toy.truce"), &was), 0);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const char *inputs[1] = {below(cases[i].name)};
		truce_schedule_import_options options = toy_options();
		truce_schedule_report *report;
		bool said = false;
		int status;

		write_file(inputs[0], cases[i].text, cases[i].length ? cases[i].length : strlen(cases[i].text));
		options.inputs = inputs;
		options.input_count = 1;
		options.revisions = TRUCE_TEST_ROOT "/data/schedule/us-revisions.csv";
		truce_diagnostics_clear(ctx);
		status = truce_schedule_import(ctx, &report, &options);
		truce_schedule_report_free(ctx, report);
		snprintf(before, sizeof before, "case %zu (%s)", i, cases[i].words);
		ck_assert_msg(truce_error_exit_status(status) == 3, "%s: status %d", before, status);
		for (size_t k = 0; k < truce_diagnostic_count(ctx); k++) said = said || strstr(truce_diagnostic_at(ctx, k)->what, cases[i].words);
		ck_assert_msg(said, "%s: said '%s'", before, truce_diagnostic_count(ctx) ? truce_diagnostic_at(ctx, 0)->what : "");
		unlink(inputs[0]);
		ck_assert_int_eq(stat(below("toy.truce"), &is), 0);
		ck_assert(was.st_ino == is.st_ino && was.st_size == is.st_size && was.st_mtime == is.st_mtime);
		ck_assert_int_ne(access(below("toy.truce.part"), F_OK), 0);
	}
	drop_folder();
	end();
}
END_TEST

/* An item about a range dates lines of every heading in it; a narrower one, and the same line printed as ten digits, win. */
START_TEST(items_about_ranges_date_lines_of_other_headings)
{
	static const char table[] = "revision,published\n2025-rev-1,2025-01-01\n2025-rev-2,2025-03-01\n";
	static const char before[] = "[" ROW("0101.21.00", "0") "," ROW("0102.21.00", "0") "," ROW("0103.10.00", "0") "]";
	static const char after[] = "[{\"htsno\":\"0101.21.00\",\"indent\":\"0\",\"description\":\"y\"},{\"htsno\":\"0102.21.00\",\"indent\":\"0\","
		"\"description\":\"y\"},{\"htsno\":\"0103.10.00\",\"indent\":\"0\",\"description\":\"y\"}]";
	static const char record[] = "Change Record (2025 Revision 2)\nMarch 1, 2025\n\n"
		"Item changed              Nature             Effective date       Source\n"
		"0101.21.00-0103.99.00     Modified           February 3, 2025     x\n"
		"0103.10.0000              Modified           February 5, 2025     x\n"
		"0103.10.00                Modified           February 7, 2025     x\n";
	const char *inputs[3];
	truce_schedule_import_options options;
	truce_schedule_report *report;
	truce_schedule *s;

	begin();
	make_folder();
	options = toy_options();
	write_file(options.revisions = below("table.csv"), table, sizeof table - 1);
	write_file(inputs[0] = below("hts_2025_rev_1.json"), before, sizeof before - 1);
	write_file(inputs[1] = below("hts_2025_rev_2.json"), after, sizeof after - 1);
	write_file(inputs[2] = below("2025HTSRev2_change_record.txt"), record, sizeof record - 1);
	options.inputs = inputs;
	options.input_count = 3;
	options.list_count = 0;
	ck_assert_int_eq(truce_schedule_import(ctx, &report, &options), TRUCE_OK);
	truce_schedule_report_free(ctx, report);
	ck_assert_int_eq(truce_schedule_open(ctx, &s, options.output), TRUCE_OK);
	ck_assert_int_eq(on(s, "0101.21.00", truce_date_of(2025, 3, 1))->from, truce_date_of(2025, 2, 3));
	ck_assert_int_eq(on(s, "0102.21.00", truce_date_of(2025, 3, 1))->from, truce_date_of(2025, 2, 3));
	ck_assert_int_eq(on(s, "0103.10.00", truce_date_of(2025, 3, 1))->from, truce_date_of(2025, 2, 5));
	truce_schedule_close(s);
	drop_folder();
	end();
}
END_TEST

START_TEST(a_list_given_twice_is_said_and_a_pipe_is_no_file)
{
	const char *inputs[] = {TOY "hts", TOY "records", TOY "lists"}, *lists[] = {folder};
	truce_schedule_import_options options;
	truce_schedule_report *report;

	begin();
	make_folder();
	options = toy_options();
	options.inputs = inputs;
	options.input_count = 3;
	ck_assert_int_eq(truce_schedule_import(ctx, &report, &options), TRUCE_INPUT);
	truce_schedule_report_free(ctx, report);
	ck_assert_ptr_nonnull(strstr(truce_diagnostic_at(ctx, 0)->what, "the list toy-a is given twice, by toy_list.csv and by toy_list.csv"));
	/* A pipe in a folder would be waited on for ever. */
	ck_assert_int_eq(mkfifo(below("toy_list.csv"), 0600), 0);
	options.lists = lists;
	ck_assert_int_eq(truce_schedule_import(ctx, &report, &options), TRUCE_OK);
	truce_schedule_report_free(ctx, report);
	drop_folder();
	end();
}
END_TEST

/* A footnote with ranges names hundreds of headings in a few bytes: what is left out is said. */
START_TEST(more_headings_than_are_kept_are_said)
{
	static const char row[] = "[{\"htsno\":\"0101.21.00\",\"indent\":\"0\",\"description\":\"x\",\"general\":\"Free\",\"footnotes\":[{\"columns\":"
		"[\"general\"],\"value\":\"See 9902.06.00-9902.06.99, 9902.05.00-9902.05.99, 9902.04.00-9902.04.99, 9902.03.00-9902.03.99, "
		"9902.02.00-9902.02.99, 9902.01.00-9902.01.99 and 9902.01.07.\"}]}]";
	const char *inputs[1];
	truce_schedule_import_options options;
	truce_schedule_report *report;
	truce_schedule *s;

	begin();
	make_folder();
	inputs[0] = below("hts_2025_rev_1.json");
	write_file(inputs[0], row, sizeof row - 1);
	options = toy_options();
	options.inputs = inputs;
	options.input_count = 1;
	options.list_count = 0;
	options.revisions = TRUCE_TEST_ROOT "/data/schedule/us-revisions.csv";
	ck_assert_int_eq(truce_schedule_import(ctx, &report, &options), TRUCE_OK);
	ck_assert(remarked(report, "01012100", "more than 512 headings"));
	truce_schedule_report_free(ctx, report);
	ck_assert_int_eq(truce_schedule_open(ctx, &s, options.output), TRUCE_OK);
	ck_assert_uint_eq(on(s, "0101.21.00", truce_date_of(2025, 6, 1))->heading_count, 512);
	ck_assert_str_eq(on(s, "0101.21.00", truce_date_of(2025, 6, 1))->headings[8], "99020108");
	truce_schedule_close(s);
	drop_folder();
	end();
}
END_TEST

/* Imports of the same file at once: one writes, the others are told so, and there is a whole file at every moment. */
START_TEST(imports_at_once_leave_a_whole_file)
{
	truce_schedule *s;
	pid_t child[3];
	int running = 3;

	begin();
	make_folder();
	truce_schedule_close(open_toy());
	for (int i = 0; i < 3; i++)
		if (!(child[i] = fork())) {
			for (int k = 0; k < 40; k++) {
				truce_schedule_import_options options = toy_options();
				truce_schedule_report *report;
				truce_context *mine;

				if (truce_context_new(&mine, NULL)) _exit(1);
				truce_schedule_import(mine, &report, &options);
				truce_schedule_report_free(mine, report);
				truce_context_free(mine);
			}
			_exit(0);
		}
	while (running) {
		for (int i = 0; i < 3; i++)
			if (child[i] && waitpid(child[i], NULL, WNOHANG) == child[i]) child[i] = 0, running--;
		ck_assert_int_eq(truce_schedule_open(ctx, &s, below("toy.truce")), TRUCE_OK);
		truce_schedule_close(s);
	}
	ck_assert_int_ne(access(below("toy.truce.part"), F_OK), 0);
	drop_folder();
	end();
}
END_TEST

START_TEST(an_import_killed_at_any_moment_leaves_the_old_file)
{
	truce_schedule *s;

	begin();
	make_folder();
	truce_schedule_close(open_toy());
	for (int i = 0; i < 60; i++) {
		pid_t child = fork();
		struct timespec nap = {0, i * 400000L};
		int status;

		if (!child) {
			truce_schedule_import_options options = toy_options();
			truce_schedule_report *report;
			truce_context *mine;

			if (!truce_context_new(&mine, NULL)) truce_schedule_import(mine, &report, &options);
			_exit(0);
		}
		nanosleep(&nap, NULL);
		kill(child, SIGKILL);
		waitpid(child, &status, 0);
		ck_assert_int_eq(truce_schedule_open(ctx, &s, below("toy.truce")), TRUCE_OK);
		truce_schedule_close(s);
	}
	/* What a killed one left is in nobody's way. */
	truce_schedule_close(open_toy());
	drop_folder();
	end();
}
END_TEST

/* The database's own memory: its n-th allocation fails, and only that one. */
static sqlite3_mem_methods real_memory;
static long database_calls, database_fail_at;

static void *failing_malloc(int size)
{
	return ++database_calls == database_fail_at ? NULL : real_memory.xMalloc(size);
}

static void *failing_realloc(void *block, int size)
{
	return ++database_calls == database_fail_at ? NULL : real_memory.xRealloc(block, size);
}

/* Everything that a compiled file's tables say, as one number. */
static uint64_t tables_of(const char *path)
{
	static const char *const tables[] = {"spell", "line", "text", "item", "list", "member", "remark", "difference", "revision", "transfer", "image"};
	uint64_t hash = 0;
	sqlite3 *db;

	ck_assert_int_eq(sqlite3_open(path, &db), SQLITE_OK);
	for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
		sqlite3_stmt *rows;
		char sql[64];

		snprintf(sql, sizeof sql, "SELECT * FROM %s", tables[i]);
		ck_assert_int_eq(sqlite3_prepare_v2(db, sql, -1, &rows, NULL), SQLITE_OK);
		while (sqlite3_step(rows) == SQLITE_ROW)
			for (int k = 0; k < sqlite3_column_count(rows); k++) {
				const void *cell = sqlite3_column_blob(rows, k);

				hash = hash * 31 + 7 * (uint64_t)sqlite3_column_type(rows, k);
				if (cell) hash = hash * 31 + truce_hash(cell, (size_t)sqlite3_column_bytes(rows, k));
			}
		sqlite3_finalize(rows);
	}
	sqlite3_close(db);
	return hash;
}

START_TEST(a_database_without_memory_leaves_the_old_file)
{
	sqlite3_mem_methods failing;
	uint64_t whole;
	long calls;

	begin();
	make_folder();
	truce_schedule_close(open_toy());
	whole = tables_of(below("toy.truce"));
	ck_assert_int_eq(sqlite3_shutdown(), SQLITE_OK);
	ck_assert_int_eq(sqlite3_config(SQLITE_CONFIG_GETMALLOC, &real_memory), SQLITE_OK);
	failing = real_memory;
	failing.xMalloc = failing_malloc;
	failing.xRealloc = failing_realloc;
	ck_assert_int_eq(sqlite3_config(SQLITE_CONFIG_MALLOC, &failing), SQLITE_OK);
	database_fail_at = 0;
	truce_schedule_close(open_toy());
	calls = database_calls;
	for (long n = 1; n <= calls; n += 1 + calls / 150) {
		truce_schedule_import_options options = toy_options();
		truce_schedule_report *report;
		int status;

		truce_diagnostics_clear(ctx);
		database_calls = 0;
		database_fail_at = n;
		status = truce_schedule_import(ctx, &report, &options);
		database_fail_at = 0;
		truce_schedule_report_free(ctx, report);
		ck_assert_msg(status == TRUCE_OK || (truce_error_exit_status(status) == 5 && truce_diagnostic_total(ctx, TRUCE_ERROR)), "allocation %ld: %d", n, status);
		ck_assert_msg(tables_of(below("toy.truce")) == whole, "allocation %ld failed, and the tables say something else (status %d)", n, status);
	}
	sqlite3_shutdown();
	sqlite3_config(SQLITE_CONFIG_MALLOC, &real_memory);
	drop_folder();
	end();
}
END_TEST

START_TEST(a_disk_that_is_full_leaves_the_old_file)
{
	truce_schedule *s;

	begin();
	make_folder();
	truce_schedule_close(open_toy());
	/* The child may write files of so many bytes: the import is cut short at ever later places. */
	for (rlim_t limit = 0; limit < 200000; limit += 9973) {
		pid_t child = fork();
		int status;

		if (!child) {
			truce_schedule_import_options options = toy_options();
			struct rlimit most = {limit, limit};
			truce_schedule_report *report;
			truce_context *mine;
			int error;

			signal(SIGXFSZ, SIG_IGN);
			if (truce_context_new(&mine, NULL) || setrlimit(RLIMIT_FSIZE, &most)) _exit(9);
			error = truce_schedule_import(mine, &report, &options);
			_exit(!error ? 0 : error == TRUCE_SYSTEM && truce_diagnostic_total(mine, TRUCE_ERROR) ? 1 : 2);
		}
		waitpid(child, &status, 0);
		ck_assert_msg(WIFEXITED(status) && WEXITSTATUS(status) <= 1, "with %lu bytes: %d", (unsigned long)limit, status);
		if (limit < 20000) ck_assert_int_eq(WEXITSTATUS(status), 1);
		ck_assert_int_eq(truce_schedule_open(ctx, &s, below("toy.truce")), TRUCE_OK);
		truce_schedule_close(s);
	}
	drop_folder();
	end();
}
END_TEST

START_TEST(a_damaged_compiled_file_is_refused)
{
	struct image_header header;
	sqlite3_blob *blob;
	sqlite3 *db;
	char *text;
	size_t length;
	truce_schedule *s;
	int whole = 0, refused = 0;

	begin();
	make_folder();
	truce_schedule_close(open_toy());
	ck_assert_int_eq(truce_file_read(ctx, &text, &length, below("toy.truce"), 0), TRUCE_OK);
	for (size_t at = 0; at < length; at += 4099) {
		text[at] ^= 0x5a;
		write_file(below("bad.truce"), text, length);
		text[at] ^= 0x5a;
		if (truce_schedule_open(ctx, &s, below("bad.truce")) == TRUCE_OK)
			whole++;
		else
			refused++;
		truce_schedule_close(s);
		truce_diagnostics_clear(ctx);
	}
	ck_assert_int_gt(refused, 0);
	/* A count of rows whose size in bytes wraps round to the right one. */
	write_file(below("bad.truce"), text, length);
	ck_assert_int_eq(sqlite3_open(below("bad.truce"), &db), SQLITE_OK);
	ck_assert_int_eq(sqlite3_blob_open(db, "main", "image", "bytes", 1, 1, &blob), SQLITE_OK);
	ck_assert_int_eq(sqlite3_blob_read(blob, &header, sizeof header, 0), SQLITE_OK);
	header.value_count += UINT64_C(1) << 61;
	ck_assert_int_eq(sqlite3_blob_write(blob, &header, sizeof header, 0), SQLITE_OK);
	sqlite3_blob_close(blob);
	sqlite3_close(db);
	ck_assert_int_eq(truce_schedule_open(ctx, &s, below("bad.truce")), TRUCE_INPUT);
	write_file(below("bad.truce"), text, length / 2);
	ck_assert_int_eq(truce_error_exit_status(truce_schedule_open(ctx, &s, below("bad.truce"))), 3);
	write_file(below("bad.truce"), "not a database", 14);
	ck_assert_int_eq(truce_schedule_open(ctx, &s, below("bad.truce")), TRUCE_INPUT);
	ck_assert_int_eq(truce_schedule_open(ctx, &s, below("none.truce")), TRUCE_INPUT);
	truce_release(ctx, text);
	drop_folder();
	end();
}
END_TEST

/* ---- fetching, from a server on loopback ---- */

static char content[1000];

/* Answers one request: /whole, /cut (drops the line in the middle, resumes), /deaf (knows no ranges), else 404. */
static void answer(int line)
{
	char request[2048], head[256];
	ssize_t n = read(line, request, sizeof request - 1);
	const char *range;
	size_t from = 0, send_until = sizeof content;

	if (n <= 0) return;
	request[n] = '\0';
	if ((range = strstr(request, "Range: bytes=")) && !strstr(request, "/deaf")) from = (size_t)atoi(range + 13);
	if (strstr(request, "/cut") && !from) send_until = 400;
	if (!strstr(request, "/whole") && !strstr(request, "/cut") && !strstr(request, "/deaf")) {
		static const char missing[] = "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";

		n = write(line, missing, sizeof missing - 1);
		return;
	}
	if (from)
		snprintf(head, sizeof head, "HTTP/1.1 206 Partial Content\r\nContent-Range: bytes %zu-999/1000\r\nContent-Length: %zu\r\n"
			"Connection: close\r\n\r\n", from, sizeof content - from);
	else
		snprintf(head, sizeof head, "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\nConnection: close\r\n\r\n");
	n = write(line, head, strlen(head));
	n = write(line, content + from, send_until - from);
}

static pid_t serve(int *port)
{
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t length = sizeof address;
	int listener = socket(AF_INET, SOCK_STREAM, 0);
	pid_t child;

	ck_assert_int_eq(bind(listener, (struct sockaddr *)&address, sizeof address), 0);
	ck_assert_int_eq(listen(listener, 8), 0);
	ck_assert_int_eq(getsockname(listener, (struct sockaddr *)&address, &length), 0);
	*port = ntohs(address.sin_port);
	for (size_t i = 0; i < sizeof content; i++) content[i] = (char)('a' + i % 23);
	if (!(child = fork())) {
		int line;

		signal(SIGPIPE, SIG_IGN);
		alarm(60);
		while ((line = accept(listener, NULL, NULL)) >= 0) {
			answer(line);
			close(line);
		}
		_exit(0);
	}
	close(listener);
	return child;
}

START_TEST(the_image_says_what_the_tables_say)
{
	static const char sql[] = "SELECT line.code, spell.from_day, IFNULL(spell.until_day,''), g.text, c.text, d.text, spell.leaf, h.text "
		"FROM spell JOIN line ON line.id = spell.line JOIN text g ON g.id = general JOIN text c ON c.id = column2 "
		"JOIN text d ON d.id = description JOIN text h ON h.id = headings";
	truce_schedule *s;
	sqlite3 *db;
	sqlite3_stmt *rows;
	size_t count = 0;

	begin();
	make_folder();
	s = open_toy();
	ck_assert_int_eq(sqlite3_open(below("toy.truce"), &db), SQLITE_OK);
	ck_assert_int_eq(sqlite3_prepare_v2(db, sql, -1, &rows, NULL), SQLITE_OK);
	for (; sqlite3_step(rows) == SQLITE_ROW; count++) {
		const char *cell[8];
		const truce_schedule_line *line;
		const truce_schedule_spell *spell;
		truce_date from;
		char until[11];
		size_t headings;

		for (int i = 0; i < 8; i++) cell[i] = (const char *)sqlite3_column_text(rows, i);
		ck_assert_int_eq(truce_date_parse(cell[1], &from), TRUCE_OK);
		ck_assert_int_eq(truce_schedule_find(ctx, s, &line, cell[0]), TRUCE_OK);
		spell = truce_schedule_spell_on(line, from);
		ck_assert_ptr_nonnull(spell);
		ck_assert_int_eq(spell->from, from);
		ck_assert_str_eq(spell->until == TRUCE_FOREVER ? "" : truce_date_format(until, spell->until), cell[2]);
		ck_assert_str_eq(spell->general->text, cell[3]);
		ck_assert_str_eq(spell->column2->text, cell[4]);
		ck_assert_str_eq(spell->description, cell[5]);
		ck_assert_int_eq(spell->leaf, atoi(cell[6]));
		headings = strlen(cell[7]) / 9;
		ck_assert_uint_eq(spell->heading_count, headings);
		for (size_t i = 0; i < headings; i++) ck_assert(!strncmp(spell->headings[i], cell[7] + 9 * i, 8));
	}
	ck_assert_uint_eq(count, truce_schedule_tell(s).spells);
	sqlite3_finalize(rows);
	sqlite3_close(db);
	truce_schedule_close(s);
	drop_folder();
	end();
}
END_TEST

static size_t count_rows(const char *sql)
{
	sqlite3 *db;
	sqlite3_stmt *rows;
	size_t count = 0;

	ck_assert_int_eq(sqlite3_open(below("toy.truce"), &db), SQLITE_OK);
	ck_assert_int_eq(sqlite3_prepare_v2(db, sql, -1, &rows, NULL), SQLITE_OK);
	while (sqlite3_step(rows) == SQLITE_ROW) count++;
	sqlite3_finalize(rows);
	sqlite3_close(db);
	return count;
}

static void pairs_of_toy(struct code_pairs *pairs)
{
	truce_schedule *s;

	*pairs = (struct code_pairs){.ctx = ctx};
	ck_assert_int_eq(truce_schedule_open(ctx, &s, below("toy.truce")), TRUCE_OK);
	ck_assert_int_eq(schedule_code_pairs(s, pairs), TRUCE_OK);
	truce_schedule_close(s);
}

START_TEST(where_codes_went)
{
	static const char *const inputs[] = {TRUCE_TEST_ROOT "/tests/fixtures/splits/hts"};
	truce_schedule_import_options options;
	truce_schedule_report *report;
	struct code_pairs pairs = {.ctx = NULL};
	size_t found;

	begin();
	make_folder();
	/* The words that the records print. */
	pairs.ctx = ctx;
	ck_assert_int_eq(code_pairs_add(&pairs, "2008991000", "Annotated (transferred to 2008.99.1010 and 2008.99.1090).", 1, 0, &found), TRUCE_OK);
	ck_assert_uint_eq(found, 2);
	ck_assert(pairs.items[0].part && pairs.items[1].part);
	ck_assert_int_eq(code_pairs_add(&pairs, "8460240080", "Established (transferred from 8460.24. 0010, 8460.24.0030 and 8460.24.0050 (pt.))", 1, 1, &found), TRUCE_OK);
	ck_assert_uint_eq(found, 3);
	ck_assert_str_eq(pairs.items[2].was, "8460240010");
	ck_assert_str_eq(pairs.items[2].became, "8460240080");
	ck_assert(!pairs.items[2].part && pairs.items[4].part);
	ck_assert_int_eq(code_pairs_add(&pairs, "8460240080", "Established", 1, 2, &found), TRUCE_OK);
	ck_assert_uint_eq(found, 0);
	ck_assert_int_eq(code_pairs_add(&pairs, "2008991090", "Established (transferred from 2008.99.1000)", 1, 3, &found), TRUCE_OK);
	code_pairs_settle(&pairs);
	ck_assert_uint_eq(pairs.count, 5);
	ck_assert_uint_eq(pairs.items[1].said, CODE_PAIR_BY_OLD | CODE_PAIR_BY_NEW);
	code_pairs_close(&pairs);
	/* What is stored, and read again. */
	options = toy_options();
	options.input_count = 1;
	options.inputs = inputs;
	options.list_count = 0;
	ck_assert_int_eq(truce_schedule_import(ctx, &report, &options), TRUCE_OK);
	truce_schedule_report_free(ctx, report);
	ck_assert_uint_eq(count_rows("SELECT * FROM transfer"), 5);
	ck_assert_uint_eq(count_rows("SELECT * FROM transfer WHERE was = '9101101020' AND became = '9103000000' AND said = 'both'"
		" AND effective = '2025-03-01' AND NOT part"), 1);
	pairs_of_toy(&pairs);
	ck_assert_uint_eq(pairs.count, 6); /* with the slip of the pen, which no line answers */
	code_pairs_close(&pairs);
	/* A file of the version before says the same. */
	ck_assert_uint_eq(count_rows("DROP TABLE transfer"), 0);
	ck_assert_uint_eq(count_rows("PRAGMA user_version = 2"), 0);
	pairs_of_toy(&pairs);
	ck_assert_uint_eq(pairs.count, 6);
	code_pairs_close(&pairs);
	drop_folder();
	end();
}
END_TEST

START_TEST(fetching_resumes_and_checks)
{
	truce_schedule_fetch_options options;
	truce_schedule_fetch_report report;
	char table[1024], hash[65], *text;
	size_t length;
	int port, n;
	pid_t server;

	begin();
	make_folder();
	setenv("no_proxy", "127.0.0.1", 1);
	server = serve(&port);
	schedule_sha256(hash, "abc", 3);
	ck_assert_str_eq(hash, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	schedule_sha256(hash, content, sizeof content);
	n = snprintf(table, sizeof table, "file,url,size,sha256\na,http://127.0.0.1:%d/whole,1000,%s\nb,http://127.0.0.1:%d/cut,1000,%s\n"
		"c,http://127.0.0.1:%d/deaf,,\n", port, hash, port, hash, port);
	write_file(below("table.csv"), table, (size_t)n);
	write_file(below("c.part"), "xyz", 3);
	options = (truce_schedule_fetch_options){.table = below("table.csv"), .folder = folder};
	/* b is cut in the middle: said, and the others come; c begins anew, as its server knows no ranges. */
	ck_assert_int_eq(truce_schedule_fetch(ctx, &report, &options), TRUCE_SYSTEM);
	ck_assert_uint_eq(report.fetched, 2);
	ck_assert_uint_eq(report.failed, 1);
	ck_assert_int_ne(access(below("b"), F_OK), 0);
	ck_assert_int_eq(truce_file_read(ctx, &text, &length, below("b.part"), 0), TRUCE_OK);
	ck_assert_uint_eq(length, 400);
	truce_release(ctx, text);
	/* Again: b goes on from 400, a and c are there. */
	ck_assert_int_eq(truce_schedule_fetch(ctx, &report, &options), TRUCE_OK);
	ck_assert_uint_eq(report.fetched, 1);
	ck_assert_uint_eq(report.resumed, 1);
	ck_assert_uint_eq(report.there, 2);
	for (const char *name = "abc"; *name; name++) {
		char one[2] = {*name, '\0'};

		ck_assert_int_eq(truce_file_read(ctx, &text, &length, below(one), 0), TRUCE_OK);
		ck_assert(length == sizeof content && !memcmp(text, content, length));
		truce_release(ctx, text);
	}
	/* What is not what the table says is refused; what is not there is said. */
	n = snprintf(table, sizeof table, "file,url,size,sha256\nd,http://127.0.0.1:%d/whole,1000,%064d\n", port, 0);
	write_file(below("table.csv"), table, (size_t)n);
	ck_assert_int_eq(truce_schedule_fetch(ctx, &report, &options), TRUCE_INPUT);
	ck_assert_int_ne(access(below("d"), F_OK), 0);
	n = snprintf(table, sizeof table, "file,url\nd,http://127.0.0.1:%d/missing\n../e,http://127.0.0.1:%d/whole\n", port, port);
	write_file(below("table.csv"), table, (size_t)n);
	ck_assert_int_eq(truce_schedule_fetch(ctx, &report, &options), TRUCE_INPUT);
	n = snprintf(table, sizeof table, "file,url\nd,http://127.0.0.1:%d/missing\n", port);
	write_file(below("table.csv"), table, (size_t)n);
	ck_assert_int_eq(truce_schedule_fetch(ctx, &report, &options), TRUCE_SYSTEM);
	ck_assert_int_ne(access(below("d.part"), F_OK), 0);
	/* Only what is published is fetched: running it again would not help. */
	n = snprintf(table, sizeof table, "file,url\nd,file://%s\n", below("table.csv"));
	write_file(below("table.csv"), table, (size_t)n);
	ck_assert_int_eq(truce_schedule_fetch(ctx, &report, &options), TRUCE_INPUT);
	ck_assert_int_ne(access(below("d"), F_OK), 0);
	kill(server, SIGKILL);
	waitpid(server, NULL, 0);
	drop_folder();
	end();
}
END_TEST

START_TEST(a_list_of_the_notes_does_not_stand_in_for_itself)
{
	static const char table[] = "as_of: 2025-06-01\nlists:\n  - {id: one, source: note 1, after: \"(a)\", stands_for: one, file: one.csv}\n";
	const struct note_lists *notes;

	begin();
	make_folder();
	write_file(below("notes.yaml"), table, sizeof table - 1);
	ck_assert_int_eq(lists_notes_table(ctx, arena, &notes, below("notes.yaml")), TRUCE_INPUT);
	ck_assert_ptr_nonnull(strstr(truce_diagnostic_at(ctx, 0)->what, "one cannot stand in for itself"));
	drop_folder();
	end();
}
END_TEST

/* ---- memory ---- */

static int parse_work(truce_context *c, void *user)
{
	static const char text[] = "4\xc2\xa2/kg on lead content + 6% on the case but not less than 3\xc2\xa2/kg";
	truce_duty_expression duty;
	truce_duty_special *groups;
	truce_duty_entry entry = {0};
	truce_duty_answer answer;
	truce_arena *a;
	size_t count;
	int error = truce_arena_new(c, &a);

	(void)user;
	if (error) return error;
	error = truce_duty_parse(a, &duty, text, strlen(text));
	if (!error) error = truce_duty_parse_special(a, &groups, &count, "Free (A,B) 5% (KR)", 18);
	if (!error) error = truce_duty_evaluate(a, &answer, &duty, &entry, NULL);
	truce_arena_free(a);
	return error;
}

/* Imports, opens, and asks every list for its rows. */
static int import_with(truce_context *c, const truce_schedule_import_options *options)
{
	truce_schedule_report *report;
	truce_schedule *s;
	size_t count;
	int error = truce_schedule_import(c, &report, options);

	truce_schedule_report_free(c, report);
	if (!error) error = truce_schedule_open(c, &s, options->output);
	if (error) return error;
	for (size_t i = 0; truce_schedule_list_at(s, i); i++) truce_schedule_members(s, i, &count);
	truce_schedule_close(s);
	return error;
}

static int import_work(truce_context *c, void *user)
{
	truce_schedule_import_options options = toy_options();

	(void)user;
	return import_with(c, &options);
}

/* The text of the notes, and lists out of it against those of files. */
static int notes_work(truce_context *c, void *user)
{
	const char *inputs[] = {TOY "hts", TOY "records", TOY "notes"};
	truce_schedule_import_options options = toy_options();

	(void)user;
	options.inputs = inputs;
	options.input_count = 3;
	options.notes_meaning = TOY "toy-notes.yaml";
	return import_with(c, &options);
}

static int csv_work(truce_context *c, void *user)
{
	static const char *const inputs[] = {TOY "toy.csv"};
	truce_schedule_import_options options = {.into = "CN", .format = TRUCE_SCHEDULE_CSV, .input_count = 1, .inputs = inputs,
		.from = truce_date_of(2025, 1, 1), .output = user};

	return import_with(c, &options);
}

static int export_work(truce_context *c, void *user)
{
	const char *inputs[] = {user};
	truce_schedule_import_options options = toy_options();

	options.inputs = inputs;
	options.input_count = 1;
	options.revisions = TRUCE_TEST_ROOT "/data/schedule/us-revisions.csv";
	return import_with(c, &options);
}

static int query_work(truce_context *c, void *user)
{
	truce_schedule_hit *hits;
	truce_schedule_change *changes;
	truce_arena *a;
	size_t count;
	int error = truce_arena_new(c, &a);

	if (error) return error;
	error = truce_schedule_search(c, a, &hits, &count, user, "lamps", truce_date_of(2025, 1, 1), 5);
	if (!error) error = truce_schedule_diff(c, a, &changes, &count, user, truce_date_of(2025, 1, 1), truce_date_of(2025, 6, 1));
	truce_arena_free(a);
	return error;
}

START_TEST(every_allocation_may_fail)
{
	char path[400];
	static const char export[] = "HTS Number,Indent,Description,Unit of Quantity,General Rate of Duty,Special Rate of Duty,Column 2 Rate of Duty\n"
		"0101.21.00,0,Purebred,\"[\"\"No.\"\",\"\"kg\"\"]\",5%,\"Free (AU, KR)\",20%\n";

	begin();
	make_folder();
	truce_fail_every_allocation(parse_work, NULL);
	truce_fail_every_allocation(import_work, NULL);
	truce_fail_every_allocation(query_work, (void *)below("toy.truce"));
	truce_fail_every_allocation(notes_work, NULL);
	truce_fail_every_allocation(csv_work, (void *)below("cn.truce"));
	snprintf(path, sizeof path, "%s", below("hts_2025_rev_1.csv")); /* below() forgets */
	write_file(path, export, sizeof export - 1);
	truce_fail_every_allocation(export_work, path);
	drop_folder();
	end();
}
END_TEST

/* ---- the real schedule, where it is there ---- */

START_TEST(the_published_schedule)
{
	static const char *const inputs[] = {TRUCE_TEST_ROOT "/../shared/data/hts", TRUCE_TEST_ROOT "/../shared/data/hts_change_record"};
	truce_schedule_import_options options = {.into = "US", .input_count = 2, .inputs = inputs, .from = TRUCE_NO_DATE,
		.revisions = TRUCE_TEST_ROOT "/data/schedule/us-revisions.csv"};
	truce_schedule_report *report;
	truce_schedule *s;

	if (!truce_directory_exists(inputs[0])) {
		printf("skipped: the published schedule is not here\n");
		return;
	}
	begin();
	make_folder();
	options.output = below("us.truce");
	ck_assert_int_eq(truce_schedule_import(ctx, &report, &options), TRUCE_OK);
	ck_assert_uint_eq(report->revisions, 44);
	ck_assert_uint_le(report->texts_unread, 1); /* ':' of 9913.95.01 */
	truce_schedule_report_free(ctx, report);
	ck_assert_int_eq(truce_schedule_open(ctx, &s, options.output), TRUCE_OK);
	/* D6, D7 of the regressions: a line's own duty, mark-up in a text. */
	ck_assert_str_eq(on(s, "1202.41.05.40", truce_date_of(2025, 8, 1))->general->text, "9.35\xc2\xa2/kg");
	ck_assert_str_eq(on(s, "0202.30.50", truce_date_of(2025, 8, 1))->general->text, "4.4\xc2\xa2/kg");
	ck_assert_str_eq(on(s, "6404.19.79", truce_date_of(2025, 8, 1))->general->text, "90\xc2\xa2/pr. + 37.5%");
	ck_assert_str_eq(on(s, "8712.00.50", truce_date_of(2025, 8, 1))->general->text, "3.7%");
	/* D1: 84 % from 9 April, 125 % from the 10th; the 34 % never stood. */
	ck_assert_str_eq(on(s, "9903.01.63", truce_date_of(2025, 4, 9))->general->text, "The duty provided in the applicable subheading + 84%");
	ck_assert_str_eq(on(s, "9903.01.63", truce_date_of(2025, 4, 10))->general->text, "The duty provided in the applicable subheading + 125%");
	truce_schedule_close(s);
	drop_folder();
	end();
}
END_TEST

int main(void)
{
	return truce_test_main("schedule", (const truce_test[]){T(duties_are_read_and_printed_in_words),
		T(what_is_no_duty_is_unread_with_its_reason), T(reading_takes_time_in_proportion), T(the_special_column_in_groups), T(money_to_the_cent),
		T(what_is_not_known_is_a_bound_and_a_need), T(the_duty_that_otherwise_applies), T(units_convert_within_their_kind),
		T(change_records_by_their_columns), T(revisions_by_the_names_of_files), T(a_rows_duty_is_its_own_or_its_ancestors),
		T(effective_dates_win_over_publication), T(codes_and_days_that_are_not_there), T(lists_with_windows_and_parties),
		T(the_report_says_what_was_not_read), T(search_and_differences), T(the_export_as_csv_and_gzip), T(any_country_by_csv), T(bad_input_leaves_the_compiled_file_whole),
		T(items_about_ranges_date_lines_of_other_headings), T(a_list_given_twice_is_said_and_a_pipe_is_no_file), T(more_headings_than_are_kept_are_said), T(imports_at_once_leave_a_whole_file),
		T(a_list_of_the_notes_does_not_stand_in_for_itself),
		T(an_import_killed_at_any_moment_leaves_the_old_file), T(a_database_without_memory_leaves_the_old_file), T(a_disk_that_is_full_leaves_the_old_file), T(a_damaged_compiled_file_is_refused), T(the_image_says_what_the_tables_say),
		T(where_codes_went), T(fetching_resumes_and_checks),
		T(every_allocation_may_fail),
		T(the_published_schedule), {0}});
}
