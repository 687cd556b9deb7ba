/* Unit tests of room brief, on an invented record of two countries (tests/data/xy). */
#include "frame.h"

#include <truce/brief.h>

static truce_context *ctx;

static int open_case(truce_context *context, truce_case **out, const char *on)
{
	static const char *const folders[] = {TRUCE_TEST_ROOT "/tests/data/xy/record"};
	truce_case_options options;
	truce_time day;
	truce_case_options_init(&options);
	if (truce_time_parse(on, &day))
		return TRUCE_USAGE;
	options.records = folders;
	options.record_count = 1;
	options.clocks = truce_clocks_at(day, day);
	return truce_case_open(context, out, &options);
}

static void compose(truce_case **opened, truce_brief **brief, const char *on)
{
	ck_assert_int_eq(truce_context_new(&ctx, NULL), TRUCE_OK);
	ck_assert_int_eq(open_case(ctx, opened, on), TRUCE_OK);
	ck_assert_int_eq(truce_brief_compose(ctx, brief, *opened), TRUCE_OK);
}

static void done(truce_case *opened, truce_brief *brief)
{
	truce_brief_free(brief);
	truce_case_close(opened);
	truce_context_free(ctx);
}

START_TEST(numbers_as_printed)
{
	truce_arena *arena;
	ck_assert_int_eq(truce_context_new(&ctx, NULL), TRUCE_OK);
	ck_assert_int_eq(truce_arena_new(ctx, &arena), TRUCE_OK);
	ck_assert_str_eq(truce_brief_print(arena, -0.00494, 100, 2, "\u00a0%"), "\u22120.49\u00a0%");
	ck_assert_str_eq(truce_brief_print(arena, 0.00496, 100, 2, ""), "+0.50");
	ck_assert_str_eq(truce_brief_print(arena, -1e-9, 100, 2, ""), "0.00");
	ck_assert_str_eq(truce_brief_print(arena, 1234567e9, 1e-9, 1, ""), "+1,234,567.0");
	ck_assert_str_eq(truce_brief_print(arena, 99.96, 1, 1, ""), "+100.0");
	ck_assert_str_eq(truce_brief_print(arena, NAN, 1, 1, ""), "?");
	ck_assert_str_eq(truce_brief_print(arena, INFINITY, 1, 1, ""), "?");
	truce_arena_free(arena);
	truce_context_free(ctx);
}
END_TEST

static void refs_are_notes(const truce_brief *brief, truce_brief_refs refs)
{
	for (size_t i = 0; i < refs.count; i++) {
		ck_assert_uint_lt(refs.at[i], brief->note_count);
		ck_assert(i == 0 || refs.at[i] > refs.at[i - 1]);
	}
}

START_TEST(every_statement_has_its_note)
{
	truce_case *opened;
	truce_brief *brief;
	compose(&opened, &brief, "2031-04-20");
	const truce_brief_list *lists[] = {&brief->headline, &brief->standing, &brief->said, &brief->due, &brief->changed};
	for (size_t l = 0; l < sizeof lists / sizeof *lists; l++) {
		ck_assert_uint_gt(lists[l]->count, 0);
		for (size_t i = 0; i < lists[l]->count; i++) {
			ck_assert_msg(lists[l]->items[i].refs.count > 0, "%s", lists[l]->items[i].text);
			refs_are_notes(brief, lists[l]->items[i].refs);
		}
	}
	for (int from = 0; from < 2; from++)
		for (size_t i = 0; i < brief->in_force[from].count; i++) {
			ck_assert_uint_gt(brief->in_force[from].items[i].refs.count, 0);
			refs_are_notes(brief, brief->in_force[from].items[i].refs);
		}
	for (size_t i = 0; i < brief->note_count; i++) {
		ck_assert_ptr_nonnull(truce_record_find(truce_case_record(opened), TRUCE_ANY_KIND, brief->notes[i].id));
		ck_assert_uint_gt(strlen(brief->notes[i].text), 3);
		for (size_t k = 0; k < i; k++)
			ck_assert_str_ne(brief->notes[i].id, brief->notes[k].id);
	}
	/* The first thing read is note 1. */
	ck_assert_uint_eq(brief->headline.items[0].refs.at[0], 0);
	done(opened, brief);
}
END_TEST

START_TEST(the_words_are_those_of_the_record)
{
	truce_case *opened;
	truce_brief *brief;
	compose(&opened, &brief, "2031-04-20");
	ck_assert_str_eq(brief->title, "Xland and Yland, 20 April 2031");
	ck_assert_str_eq(brief->headline.items[0].text, "The truce of Bridgetown runs until the end of 29 June 2031 (70 days from this "
		"note). Unless it is extended, these come back into force: Further 15 points (+15\u00a0pp).");
	ck_assert_str_eq(brief->standing.items[0].text, "Xland raises \u201cLamp tariff\u201d to at most 40\u00a0% if the flow of lamps "
		"from Yland to Xland stays below 50\u00a0% of normal for 30 days. It would stand on: Emergency Act of Xland, which is held "
		"unlawful. The words allow two readings.");
	ck_assert_str_eq(brief->standing.items[1].text, "Xland removes \u201cLamp tariff\u201d; only then Yland buys wool from Xland. "
		"It is older than the report of it.");
	const truce_trail *days = truce_brief_trail(brief, "truce/bridgetown/days_left");
	ck_assert_ptr_nonnull(days);
	ck_assert_double_eq(days->value, 70);
	ck_assert_ptr_null(truce_brief_trail(brief, "truce/nobody/days_left"));
	ck_assert_ptr_null(truce_brief_find(brief, "cost/x-40/X/long/real_income"));
	done(opened, brief);
}
END_TEST

START_TEST(what_is_known_later_is_not_said)
{
	truce_case *opened;
	truce_brief *brief;
	compose(&opened, &brief, "2031-03-15");
	ck_assert_uint_eq(brief->standing.count, 0);
	ck_assert_uint_eq(brief->said.count, 0);
	for (size_t i = 0; i < brief->note_count; i++)
		ck_assert_str_ne(brief->notes[i].id, "x-40");
	done(opened, brief);
	/* Before all of it there is nothing to say, and that is a brief too. */
	compose(&opened, &brief, "2020-01-01");
	truce_text text;
	truce_text_init(&text, ctx);
	ck_assert_ptr_null(brief->party[1]);
	ck_assert_int_eq(truce_brief_html(&text, brief), TRUCE_OK);
	ck_assert_int_eq(truce_brief_markdown(&text, brief), TRUCE_OK);
	truce_text_free(&text);
	done(opened, brief);
}
END_TEST

static int whole(truce_context *context, void *user)
{
	truce_case *opened = NULL;
	truce_brief *brief = NULL;
	truce_text text;
	(void)user;
	truce_text_init(&text, context);
	int status = open_case(context, &opened, "2031-04-20");
	if (!status)
		status = truce_brief_compose(context, &brief, opened);
	if (!status)
		status = truce_brief_html(&text, brief);
	if (!status)
		status = truce_brief_markdown(&text, brief);
	truce_brief_free(brief);
	truce_case_close(opened);
	truce_text_free(&text);
	return status;
}

START_TEST(the_same_bytes_twice)
{
	truce_case *opened;
	truce_brief *brief, *again;
	truce_text one, two;
	compose(&opened, &brief, "2031-04-20");
	ck_assert_int_eq(truce_brief_compose(ctx, &again, opened), TRUCE_OK);
	truce_text_init(&one, ctx);
	truce_text_init(&two, ctx);
	ck_assert_int_eq(truce_brief_html(&one, brief), TRUCE_OK);
	ck_assert_int_eq(truce_brief_html(&two, again), TRUCE_OK);
	ck_assert_str_eq(one.data, two.data);
	ck_assert_ptr_null(strstr(one.data, "<script"));
	ck_assert_ptr_null(strstr(one.data, "http-equiv"));
	truce_text_free(&one);
	truce_text_free(&two);
	truce_brief_free(again);
	done(opened, brief);
}
END_TEST

START_TEST(every_allocation_may_fail)
{
	truce_fail_every_allocation(whole, NULL);
}
END_TEST

int main(void)
{
	return truce_test_main("brief", (const truce_test[]){T(numbers_as_printed), T(every_statement_has_its_note),
		T(the_words_are_those_of_the_record), T(what_is_known_later_is_not_said), T(the_same_bytes_twice),
		T(every_allocation_may_fail), {0}});
}
