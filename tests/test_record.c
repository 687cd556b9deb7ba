/* Unit tests of room record: two clocks, statuses, truces, laws, faults, roots, scopes, warnings. */
#include "frame.h"

#include <time.h>

#include <truce/record.h>

static truce_context *ctx;
static truce_record *record;

/* Two invented countries; what every test may need. */
#define BASE \
	"parties:\n" \
	"  XX: {name: Xland, zone: America/New_York, codes: xts}\n" \
	"  YY: {name: Yland, zone: Asia/Shanghai, codes: yts}\n" \
	"sources:\n" \
	"  gazette: {outlet: Gazette, date: 2025-05-12, kind: official}\n" \
	"  paper: {outlet: Paper, date: 2025-08-26, kind: anonymous}\n" \
	"  wire: {outlet: Wire, date: 2025-08-26, kind: anonymous, via: [paper], independence: unknown}\n" \
	"  blog: {outlet: Blog, date: 2025-08-27, kind: echo, via: [paper, wire]}\n" \
	"goods:\n" \
	"  magnets: [hs:850511]\n" \
	"  metals: {codes: [hs:7206-7229, xts:7601.10], except: [hs:7208]}\n" \
	"  things: {includes: [magnets, metals], except: [xts:7601.10.30]}\n" \
	"authorities:\n" \
	"  emergency: {name: Emergency Act, of: XX}\n" \
	"  emergency_general: {name: its general use, of: XX, under: emergency}\n"

static void open_text(const char *text)
{
	ck_assert_int_eq(truce_context_new(&ctx, NULL), TRUCE_OK);
	int status = truce_record_open_text(ctx, &record, "r.yaml", text, strlen(text));
	ck_assert_msg(status == TRUCE_OK, "%s: %s", truce_error_name(status),
		truce_diagnostic_count(ctx) ? truce_diagnostic_at(ctx, 0)->what : "no diagnostic");
}

static void end(void)
{
	truce_record_close(record);
	truce_context_free(ctx);
	record = NULL;
}

static truce_clocks clocks(const char *on, const char *known)
{
	truce_time a, b;
	ck_assert_int_eq(truce_time_parse(on, &a), TRUCE_OK);
	ck_assert_int_eq(truce_time_parse(known, &b), TRUCE_OK);
	return truce_clocks_at(a, b);
}

/* The status of a record, or "-" where it is not there; with its level in percent where it has one. */
static const char *status_of(const char *id, const char *on, const char *known, truce_view view)
{
	static char text[80];
	truce_clocks c = clocks(on, known);
	truce_record_state state;
	double rate;
	c.view = view;
	const truce_head *head = truce_record_find_known(record, TRUCE_ANY_KIND, id, truce_clocks_known(c));
	if (!head || !truce_record_state_at(record, head, c, &state))
		return "-";
	if (truce_level_rate(state.level, &rate))
		snprintf(text, sizeof text, "%s %g", truce_status_word((int)state.status), rate * 100);
	else
		snprintf(text, sizeof text, "%s", truce_status_word((int)state.status));
	return text;
}
#define IS(id, on, known, expected) ck_assert_str_eq(status_of(id, on, known, TRUCE_VIEW_APPLIED), expected)
#define IS_LAWFUL(id, on, known, expected) ck_assert_str_eq(status_of(id, on, known, TRUCE_VIEW_LAWFUL), expected)

START_TEST(two_clocks)
{
	open_text(BASE "measures:\n"
		"  duty:\n"
		"    act: {by: XX, do: impose, instrument: tariff, against: YY, goods: all, level: {add: 10, unit: pp}}\n"
		"    valid: 2025-02-04T00:01-05:00\n    known: 2025-02-01\n"
		"    history:\n"
		"      - {from: 2025-03-04T00:01-05:00, known: 2025-03-03, level: {add: 20, unit: pp}}\n"
		"      - {from: 2025-11-10T00:01-05:00, known: 2025-11-04, level: {add: 10, unit: pp}}\n"
		"      - {from: 2026-01-01, status: removed}\n");
	IS("duty", "2025-02-03", "2026-12-31", "-");           /* not begun */
	IS("duty", "2025-02-04", "2025-01-31", "-");           /* not known */
	IS("duty", "2025-02-04", "2025-02-01", "in_force 10"); /* a date is the end of that day */
	IS("duty", "2025-02-04T00:00-05:00", "2025-02-01", "-");
	IS("duty", "2025-02-04T13:01+08:00", "2025-02-01", "in_force 10"); /* 00:01 in New York */
	IS("duty", "2025-03-04", "2025-03-02", "in_force 10");
	IS("duty", "2025-03-04", "2025-03-03", "in_force 20");
	IS("duty", "2025-12-01", "2025-08-28", "in_force 20"); /* the cut was not known */
	IS("duty", "2025-12-01", "2025-11-04", "in_force 10");
	IS("duty", "2026-06-01", "2025-12-31", "in_force 10"); /* a step without `known` is known when it takes effect */
	IS("duty", "2026-06-01", "2026-01-02", "removed 10");
	end();
}
END_TEST

#define SUSPENDED BASE "measures:\n" \
	"  points:\n" \
	"    act: {by: XX, do: impose, instrument: tariff, against: YY, goods: all, level: {add: 24, unit: pp}}\n" \
	"    valid: 2025-05-14T00:01-04:00\n    known: 2025-05-12\n    status: suspended\n" \
	"    until: 2025-08-12T00:01-04:00\n    on_expiry: in_force\n    sources: gazette\n" \
	"    history:\n" \
	"      - {from: 2025-08-12T00:01-04:00, known: 2025-08-11, status: suspended, until: 2025-11-10T00:01-05:00}\n" \
	"      - {from: 2025-11-10T00:01-05:00, known: 2025-11-04, status: suspended, until: 2026-11-10T00:01-05:00, on_expiry: expired}\n"

START_TEST(suspensions_lapse_by_themselves)
{
	truce_record_state state;
	char text[32];
	open_text(SUSPENDED);
	IS("points", "2025-08-11", "2025-08-10", "suspended 24");
	IS("points", "2025-08-12", "2025-08-10", "in_force 24");
	IS("points", "2025-08-12", "2025-08-11", "suspended 24");
	IS("points", "2025-11-09", "2025-08-28", "suspended 24");
	IS("points", "2025-11-10", "2025-08-28", "in_force 24");
	IS("points", "2025-11-10T13:00+08:00", "2025-08-28", "suspended 24"); /* Beijing 13:01 is 00:01 in New York */
	IS("points", "2025-11-10T13:01+08:00", "2025-08-28", "in_force 24");
	IS("points", "2026-11-09", "2025-11-04", "suspended 24");
	IS("points", "2026-11-10", "2025-11-04", "expired 24");
	/* Until when: through the steps that keep it suspended, as known. */
	const truce_measure *points = truce_record_find(record, TRUCE_MEASURE, "points");
	ck_assert(truce_measure_at(record, points, clocks("2025-08-27", "2025-08-28"), &state));
	ck_assert_str_eq(truce_instant_format(text, state.until, -300), "2025-11-10T00:01-05:00");
	ck_assert_int_eq(state.next, TRUCE_IN_FORCE);
	ck_assert_str_eq(truce_instant_format(text, state.since, -240), "2025-05-14T00:01-04:00");
	ck_assert(truce_measure_at(record, points, clocks("2025-08-27", "2025-11-05"), &state));
	ck_assert_str_eq(truce_instant_format(text, state.until, -300), "2026-11-10T00:01-05:00");
	end();
}
END_TEST

START_TEST(truces_suspend)
{
	open_text(BASE "measures:\n"
		"  rise: {act: {by: XX, do: impose, instrument: tariff, against: YY, goods: all, level: {add: 34, unit: pp}}, valid: 2025-04-10, known: 2025-04-10}\n"
		"  held: {act: {by: YY, do: impose, instrument: tariff, against: XX, goods: all, level: {add: 24, unit: pp}}, valid: 2025-05-14, known: 2025-05-12,\n"
		"    status: suspended}\n"
		"truces:\n"
		"  first: {between: [XX, YY], suspends: [rise, held], valid: 2025-05-14, until: 2025-08-12, known: 2025-05-12}\n"
		"  second: {between: [XX, YY], extends: first, valid: 2025-08-12, until: 2025-11-10, known: 2025-08-11}\n");
	IS("rise", "2025-05-13", "2025-05-12", "in_force 34");
	IS("rise", "2025-05-14", "2025-05-12", "suspended 34");
	IS("rise", "2025-09-01", "2025-05-12", "in_force 34");
	IS("rise", "2025-09-01", "2025-08-11", "suspended 34");
	IS("rise", "2025-11-10", "2025-08-11", "in_force 34");
	IS("held", "2025-08-01", "2025-08-10", "suspended 24");
	IS("held", "2025-08-13", "2025-08-10", "in_force 24");
	IS("held", "2025-08-13", "2025-08-11", "suspended 24");
	IS("held", "2025-11-11", "2025-08-11", "in_force 24");
	IS("first", "2025-08-12", "2025-08-11", "expired");
	IS("second", "2025-08-12", "2025-08-11", "in_force");
	end();
}
END_TEST

START_TEST(corrections_append)
{
	static const char text[] = BASE "measures:\n"
		"  one: {act: {by: XX, do: impose, instrument: tariff, goods: all, level: {add: 10, unit: pp}}, valid: 2025-01-01, known: 2025-01-01}\n"
		"  two: {act: {by: XX, do: impose, instrument: tariff, goods: all, level: {add: 12, unit: pp}}, valid: 2025-01-01, known: 2025-03-01, supersedes: one}\n"
		"claims:\n  c: {text: words, about: one, known: 2025-01-02}\n";
	open_text(text);
	IS("one", "2025-02-01", "2025-02-01", "in_force 10");
	IS("one", "2025-02-01", "2025-03-01", "in_force 12"); /* the old id leads to its correction */
	ck_assert_ptr_null(truce_record_find_known(record, TRUCE_MEASURE, "one", 0));
	const truce_measure *one = truce_record_at(record, TRUCE_MEASURE, 0), *two = truce_record_at(record, TRUCE_MEASURE, 1);
	ck_assert(truce_record_visible(one, truce_clocks_known(clocks("2025-02-28", "2025-02-28"))));
	ck_assert(!truce_record_visible(one, truce_clocks_known(clocks("2025-03-01", "2025-03-01"))));
	ck_assert(truce_record_visible(two, truce_clocks_known(clocks("2025-03-01", "2025-03-01"))));
	end();
}
END_TEST

START_TEST(later_folders_correct)
{
	char a[] = "/tmp/truce-record-a-XXXXXX", b[] = "/tmp/truce-record-b-XXXXXX", path[64];
	ck_assert_ptr_nonnull(mkdtemp(a));
	ck_assert_ptr_nonnull(mkdtemp(b));
	const char *texts[] = {BASE "claims:\n  c: {text: first, known: 2025-08-01}\n", "claims:\n  c: {text: second, known: 2025-08-20}\n"};
	const char *dirs[] = {a, b};
	ck_assert_int_eq(truce_context_new(&ctx, NULL), TRUCE_OK);
	for (int i = 0; i < 2; i++) {
		snprintf(path, sizeof path, "%s/r.yaml", dirs[i]);
		ck_assert_int_eq(truce_file_write(ctx, path, texts[i], strlen(texts[i])), TRUCE_OK);
	}
	ck_assert_int_eq(truce_record_open(ctx, &record, dirs, 2), TRUCE_OK);
	const truce_claim *c = truce_record_find_known(record, TRUCE_CLAIM, "c", truce_clocks_known(clocks("2025-08-19", "2025-08-19")));
	ck_assert_str_eq(c->text, "first");
	c = truce_record_find_known(record, TRUCE_CLAIM, "c", truce_clocks_known(clocks("2025-08-20", "2025-08-20")));
	ck_assert_str_eq(c->text, "second");
	for (int i = 0; i < 2; i++) {
		snprintf(path, sizeof path, "%s/r.yaml", dirs[i]);
		unlink(path);
		rmdir(dirs[i]);
	}
	end();
}
END_TEST

START_TEST(a_law_that_falls)
{
	truce_record_state state;
	open_text(BASE
		"  struck:\n    name: Struck Act\n    of: XX\n    history:\n"
		"      - {from: 2025-05-28, status: held_unlawful, stayed: true}\n"
		"      - {from: 2026-02-20, status: struck_down, collected_until: 2026-02-24T00:00-05:00}\n"
		"  use: {name: a use of it, of: XX, under: struck}\n"
		"measures:\n"
		"  duty: {act: {by: XX, do: impose, instrument: tariff, against: YY, goods: all, level: {add: 20, unit: pp}}, stands_on: use,\n"
		"    valid: 2025-03-04, known: 2025-03-04}\n");
	IS("duty", "2026-02-19", "2026-03-01", "in_force 20");
	IS("duty", "2026-02-23", "2026-03-01", "in_force 20");
	IS("duty", "2026-02-24", "2026-03-01", "struck_down 20");
	IS("duty", "2026-02-24", "2026-02-19", "in_force 20");
	IS_LAWFUL("duty", "2025-05-14", "2026-03-01", "struck_down 20"); /* void from the start */
	IS_LAWFUL("duty", "2025-05-14", "2025-08-28", "in_force 20");    /* nobody could know */
	IS("struck", "2025-08-28", "2025-08-28", "held_unlawful");
	IS("use", "2025-08-28", "2025-08-28", "held_unlawful");
	IS("use", "2026-02-21", "2026-02-21", "struck_down");
	const truce_measure *duty = truce_record_find(record, TRUCE_MEASURE, "duty");
	ck_assert(truce_measure_at(record, duty, clocks("2026-02-22", "2026-02-22"), &state));
	ck_assert(state.refundable);
	ck_assert(truce_measure_at(record, duty, clocks("2025-08-28", "2025-08-28"), &state));
	ck_assert(!state.refundable);
	end();
}
END_TEST

START_TEST(promises)
{
	truce_record_state state;
	open_text(BASE "commitments:\n"
		"  buys:\n    by: YY\n    to: XX\n    owes: {by: YY, do: buy, instrument: purchase, goods: magnets}\n    claimed_by: XX\n"
		"    valid: 2025-11-01\n    known: 2025-11-01\n"
		"    confirmed_by: [{party: YY, known: 2025-11-20}]\n"
		"    due:\n      - by: 2025-12-31\n        amount: {value: 12, unit: Mt}\n        amended: [{by: 2026-02-28, known: 2025-12-03}]\n"
		"        fulfilled: [{on: 2026-01-10, amount: {value: 8, unit: Mt}, known: 2026-01-10}, {on: 2026-01-20, amount: {value: 4, unit: Mt}, known: 2026-01-20}]\n"
		"offers:\n  gives: {by: YY, to: XX, gives: {by: YY, do: buy, instrument: purchase, goods: all}, valid: 2025-08-26, known: 2025-08-26, until: 2025-11-10}\n");
	const truce_commitment *buys = truce_record_find(record, TRUCE_COMMITMENT, "buys");
	ck_assert(truce_record_state_at(record, buys, clocks("2025-11-10", "2025-11-10"), &state));
	ck_assert(!state.confirmed);
	ck_assert_str_eq(state.claimed_by, "XX");
	ck_assert(truce_record_state_at(record, buys, clocks("2025-11-20", "2025-11-20"), &state));
	ck_assert(state.confirmed);
	IS("buys", "2026-01-15", "2026-01-15", "standing");
	IS("buys", "2026-01-20", "2026-01-20", "fulfilled");
	IS("buys", "2026-01-20", "2026-01-19", "standing");
	IS("gives", "2025-11-09", "2025-08-28", "standing");
	IS("gives", "2025-11-10", "2025-08-28", "lapsed");
	/* What comes due follows the amended date, as known. */
	truce_arena *arena;
	truce_event *events;
	size_t count, dues = 0;
	char text[32];
	ck_assert_int_eq(truce_arena_new(ctx, &arena), TRUCE_OK);
	const char *known[] = {"2025-12-02", "2025-12-03"}, *expected[] = {"2025-12-31", "2026-02-28"};
	for (int i = 0; i < 2; i++) {
		truce_clocks c = clocks("2025-12-02", known[i]);
		ck_assert_int_eq(truce_record_events(ctx, arena, &events, &count, record, truce_clocks_on(c, NULL), TRUCE_NEVER - 1, c), TRUCE_OK);
		for (size_t k = 0; k < count; k++)
			if (strcmp(events[k].what, "due") == 0) {
				ck_assert_str_eq(truce_time_format(text, &events[k].time), expected[i]);
				dues++;
			}
	}
	ck_assert_uint_eq(dues, 2);
	truce_arena_free(arena);
	end();
}
END_TEST

static void roots_are(const char *const *ids, size_t count, const char *expected)
{
	truce_yaml_list list = {count, (void *)ids};
	truce_roots roots;
	truce_text words;
	truce_text_init(&words, ctx);
	ck_assert_int_eq(truce_record_roots(ctx, &roots, record, &list, TRUCE_NEVER), TRUCE_OK);
	truce_roots_words(&words, roots);
	ck_assert_str_eq(words.data, expected);
	truce_text_free(&words);
}

START_TEST(an_echo_is_no_evidence)
{
	open_text(BASE);
	roots_are((const char *[]){"paper"}, 1, "one");
	roots_are((const char *[]){"paper", "wire"}, 2, "one, possibly two");
	roots_are((const char *[]){"blog"}, 1, "one, possibly two");
	roots_are((const char *[]){"paper", "wire", "blog"}, 3, "one, possibly two");
	roots_are((const char *[]){"paper", "gazette"}, 2, "two");
	roots_are(NULL, 0, "none");
	end();
}
END_TEST

START_TEST(goods_stand_for_codes)
{
	open_text(BASE);
	truce_arena *arena;
	truce_scope scope;
	const char *names[] = {"things"}, *except[] = {"hs:72199"}, *all[] = {"all"};
	truce_yaml_list goods = {1, names}, but = {1, except}, everything = {1, all};
	ck_assert_int_eq(truce_arena_new(ctx, &arena), TRUCE_OK);
	ck_assert_int_eq(truce_record_scope(ctx, arena, &scope, record, &goods, &but), TRUCE_OK);
	const struct { const char *system, *code; bool in; } cases[] = {{"xts", "8505.11.00.70", true}, {"yts", "85051190", true},
		{"xts", "8505.19", false}, {"xts", "7206.10", true}, {"xts", "7229.99.99", true}, {"xts", "7230.00", false},
		{"xts", "7208.10", false}, {"xts", "7219.90.00", false}, {"xts", "7219.11", true}, {"xts", "7601.10.60", true},
		{"xts", "7601.10.30.00", false}, {"yts", "7601.10.60", false}, {"xts", "8505", false}};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		ck_assert_msg(truce_scope_contains(&scope, cases[i].system, cases[i].code, 0) == cases[i].in, "%s", cases[i].code);
	ck_assert_int_eq(truce_record_scope(ctx, arena, &scope, record, &everything, &goods), TRUCE_OK);
	ck_assert(truce_scope_contains(&scope, "xts", "0101.21", 0));
	ck_assert(!truce_scope_contains(&scope, "xts", "8505.11", 0));
	ck_assert_str_eq(truce_record_good_of(record, "xts", "8505.11.00", TRUCE_NEVER)->head.id, "magnets");
	ck_assert_ptr_null(truce_record_good_of(record, "xts", "0101.21", TRUCE_NEVER));
	truce_arena_free(arena);
	end();
}
END_TEST

START_TEST(groups_have_members_over_time)
{
	open_text(BASE "claims:\n  c: {text: Norway is no truth value, by: NO, known: 2025-01-01}\n");
	end();
	static const char text[] = "parties:\n  XX: {name: x}\n  UN: {type: group, members: [DE, {party: HR, from: 2013-07-01}, {party: GB, until: 2020-02-01}]}\n"
		"measures:\n  m: {act: {by: XX, do: impose, instrument: tariff, against: [UN, CA], except: DE, goods: all}, known: 2025-01-01}\n"
		"  n: {act: {by: UN, do: impose, instrument: tariff, against: all, goods: all}, known: 2025-01-01}\n";
	open_text(text);
	const truce_measure *m = truce_record_find(record, TRUCE_MEASURE, "m"), *n = truce_record_find(record, TRUCE_MEASURE, "n");
	truce_instant old = truce_clocks_on(clocks("2010-01-01", "2025-01-01"), NULL), now = truce_clocks_on(clocks("2025-01-01", "2025-01-01"), NULL);
	ck_assert(truce_act_reaches(record, &m->act, "HR", now));
	ck_assert(!truce_act_reaches(record, &m->act, "HR", old));
	ck_assert(truce_act_reaches(record, &m->act, "GB", old));
	ck_assert(!truce_act_reaches(record, &m->act, "GB", now));
	ck_assert(!truce_act_reaches(record, &m->act, "DE", now));
	ck_assert(truce_act_reaches(record, &m->act, "CA", now));
	ck_assert(truce_act_reaches(record, &n->act, "NO", now));
	ck_assert(!truce_act_reaches(record, &n->act, "DE", now)); /* one of its own */
	end();
}
END_TEST

/* Every fault of a text, in the order said. */
static void faults(const char *text, const char *const *expected)
{
	size_t i = 0;
	ck_assert_int_eq(truce_context_new(&ctx, NULL), TRUCE_OK);
	ck_assert_int_eq(truce_record_open_text(ctx, &record, "r.yaml", text, strlen(text)), TRUCE_UNSOUND);
	ck_assert_ptr_null(record);
	for (; expected[i]; i++) {
		ck_assert_msg(i < truce_diagnostic_count(ctx), "not said: %s", expected[i]);
		ck_assert_msg(strstr(truce_diagnostic_at(ctx, i)->what, expected[i]), "said \"%s\", not \"%s\"", truce_diagnostic_at(ctx, i)->what, expected[i]);
		ck_assert_int_gt(truce_diagnostic_at(ctx, i)->line, 0);
		ck_assert_int_gt(truce_diagnostic_at(ctx, i)->column, 0);
	}
	ck_assert_msg(truce_diagnostic_count(ctx) == i, "also said: %s", truce_diagnostic_count(ctx) > i ? truce_diagnostic_at(ctx, i)->what : "");
	truce_context_free(ctx);
}
#define FAULTS(text, ...) faults(text, (const char *const[]){__VA_ARGS__, NULL})

START_TEST(faults_are_said)
{
	FAULTS(BASE "mesures:\n  m: {}\n", "unknown kind 'mesures'; did you mean 'measures'?");
	FAULTS(BASE "claims:\n  gazette: {text: words, known: 2025-01-01}\n", "the id 'gazette' is in use");
	FAULTS(BASE "claims:\n  c: {text: words, known: 2025-01-01, about: [magnet, paper], valid: {from: 2025-02-01, until: 2025-01-01}}\n"
		"  d: {text: words, known: 2025-02-30}\n  d: {text: again, known: 2025-01-01}\n",
		"it ends before it begins", "'2025-02-30' is no date", "the key 'd' is given twice", "there is no record 'magnet' (about); did you mean 'magnets'?");
	FAULTS(BASE "claims:\n  c: {text: words, known: 2025-01-01, by: paper}\n", "'paper' is a source, not a party");
	FAULTS(BASE "claims:\n  c: {text: words, known: 2025-01-01, by: QQ}\n", "there is no party 'QQ'");
	FAULTS(BASE "goods:\n  g: [hs:85x, 8505]\n", "the key 'goods' is given twice");
	FAULTS("goods:\n  g: {codes: [all], except: [hs:85x]}\n", "'hs:85x' is no tariff code");
	FAULTS(BASE "measures:\n  m: {act: {by: XX, do: impose, instrument: tariff, goods: all, level: {add: 10}}, known: 2025-01-01}\n",
		"a level without a unit");
	FAULTS(BASE "measures:\n  m: {act: {by: XX, do: impose, instrument: tarif, goods: all}, known: 2025-01-01, status: standing}\n",
		"'tarif' is no instrument; did you mean 'tariff'?", "an act that does not say by what means", "'standing' is no status");
	FAULTS(BASE "measures:\n  m: {known: 2025-01-01, until: 2025-01-02, through: 2025-01-02}\n", "measure m without act", "both until and through");
	FAULTS(BASE "  a: {name: a, of: XX, under: b}\n  b: {name: b, of: XX, under: a}\n", "leads back to itself by 'under'");
	FAULTS("sources:\n  a: {outlet: A, date: 2025-01-01, kind: echo, via: b}\n  b: {outlet: B, date: 2025-01-01, kind: echo, via: [c]}\n"
		"  c: {outlet: C, date: 2025-01-01, kind: echo, via: [a]}\n", "a leads back to itself by 'via': c names a");
	FAULTS(BASE "claims:\n  c: {text: w, known: 2025-01-01, supersedes: d}\n  d: {text: w, known: 2025-01-01, supersedes: c}\n", "supersede each other");
	FAULTS(BASE "truces:\n  s: {between: [XX, YY], known: 2025-01-01, extends: t}\n  t: {between: [XX, YY], known: 2025-01-01, extends: s}\n",
		"leads back to itself by 'extends'");
	FAULTS(BASE "statements:\n  s: {by: XX, words: w, asserts: paper, valid: 2025-08-28, known: 2025-08-28, sources: [paper, gazette]}\n",
		"the source paper (2025-08-26) is more than a day older than what it reports, s",
		"the source gazette (2025-05-12) is more than a day older than what it reports, s");
	FAULTS("parties:\n  XX: {zone: Mars/Olympus}\n", "unknown time zone 'Mars/Olympus'");
	FAULTS("figures:\n  f: {value: 3, unit: parsecs, known: 2025-01-01}\n", "unknown unit 'parsecs'", "a number without a source");
	FAULTS("claims: [a]\n", "claims must be a mapping from ids");
	FAULTS("dependencies:\n  d: {by: US, user: cars, input: x, share: 1.2, stock: -3, known: 2025-01-01}\n", "share is 1.2", "stock is -3", "there is no good 'x'");
}
END_TEST

START_TEST(a_day_of_grace_between_zones)
{
	/* Tuesday in one zone may be Monday in another: no fault. */
	open_text(BASE "statements:\n  s: {by: YY, words: w, asserts: paper, valid: 2025-08-27, known: 2025-08-27, sources: [paper]}\n");
	end();
}
END_TEST

static bool warned(const char *text, const char *on, const char *known, const char *expected)
{
	size_t warnings;
	bool found = false;
	open_text(text);
	ck_assert_int_eq(truce_record_review(ctx, record, clocks(on, known), &warnings), TRUCE_OK);
	ck_assert_uint_eq(warnings, truce_diagnostic_total(ctx, TRUCE_WARNING));
	for (size_t i = 0; i < truce_diagnostic_count(ctx); i++)
		found = found || strstr(truce_diagnostic_at(ctx, i)->what, expected);
	end();
	return found;
}

START_TEST(warnings_of_every_kind)
{
	static const char *const texts[][2] = {
		{BASE "meetings:\n  m: {parties: [YY, XX], known: 2025-08-26, valid: {from: 2025-08-27, through: 2025-08-29}, readings: [{says: first round, round: 1},\n"
			"    {says: not a formal session, formal: false}]}\n", "m: \"not a formal session\" against \"first round\""},
		{SUSPENDED "  more: {act: {by: XX, do: impose, instrument: tariff, against: YY, goods: all, level: {add: 30, unit: pp}}, valid: 2025-04-10, known: 2025-04-10}\n"
			"claims:\n  c: {text: back to 145, known: 2025-08-11, quantity: {value: 145, unit: pct, measures: [points, more], on: 2025-11-11}}\n",
			"c claims 145 pct, the measures in law make 54 points on 2025-11-11"},
		{BASE "claims:\n  c: {text: w, known: 2025-08-26, sources: [paper, blog]}\n", "c cites paper and blog, which only relays it: independent roots: one, possibly two"},
		{BASE "claims:\n  c: {text: w, valid: 2025-08-26, known: 2025-08-26}\nstatements:\n  s: {by: XX, asserts: c, valid: 2025-08-01, known: 2025-08-01}\n",
			"the statement s is older than what it reports, c"},
		{BASE "commitments:\n  p: {by: YY, to: XX, owes: {by: YY, do: buy, instrument: purchase, goods: all}, due: 2025-06-30, known: 2025-01-01}\n",
			"p is past due: 2025-06-30"},
		{BASE "commitments:\n  p: {by: YY, to: XX, owes: {by: YY, do: buy, instrument: purchase, goods: all}, known: 2025-01-01}\n",
			"p is claimed by XX; YY has not confirmed it"},
		{BASE "  fell: {name: f, of: XX, history: [{from: 2025-08-01, status: struck_down}]}\nmeasures:\n"
			"  m: {act: {by: XX, do: impose, instrument: tariff, goods: all, level: {add: 1, unit: pp}}, stands_on: fell, known: 2025-01-01}\n",
			"m stands on fell, which was struck down"},
		{BASE "  small: {name: s, of: XX, limits: {rate: {to: 15, unit: pct}, days: 150d}}\nthreats:\n  t: {by: XX, to: YY, known: 2025-08-25, needs: small,\n"
			"    then: {by: XX, do: raise, instrument: tariff, against: YY, goods: all, level: {to: 200, unit: pct, at_most: true}}}\n",
			"t threatens 200 %, small allows 15 %"},
		{BASE "measures:\n  licences: {act: {by: YY, do: restrict, instrument: export_licence, against: all, goods: magnets}, valid: 2025-04-04, known: 2025-04-04}\n"
			"threats:\n  t: {by: XX, to: YY, known: 2025-08-25, then: {by: XX, do: raise, instrument: tariff, goods: all},\n"
			"    readings: [{says: any restriction, if: {act: {by: YY, do: restrict, instrument: export_licence, against: XX, goods: [hs:8505]}}}]}\n",
			"the condition of t, read as any restriction is already met: licences"},
		{BASE "claims:\n  c: {text: w, known: 2025-08-25}\nstatements:\n  s: {by: XX, asserts: c, known: 2025-08-25}\n  u: {by: YY, denies: c, known: 2025-08-25}\n",
			"u denies c, which s asserts"},
		{BASE "claims:\n  c: {text: w, known: 2025-08-25, stronger: XX}\n  d: {text: w, known: 2025-08-25, stronger: YY}\n", "c holds XX the stronger, d holds YY"},
		{BASE "claims:\n  c: {text: w, known: 2025-08-25, contradicts: d}\n  d: {text: w, known: 2025-08-25}\n", "c contradicts d"},
		{SUSPENDED "truces:\n  t: {between: [XX, YY], suspends: points, valid: 2025-08-12, until: 2025-12-10, known: 2025-08-12}\n", "but t runs until"},
		{BASE "threats:\n  t: {by: XX, to: YY, known: 2025-08-01, deadline: 2025-08-20, then: {by: XX, do: raise, instrument: tariff, goods: all}}\n",
			"the deadline of t passed on 2025-08-20"},
	};
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		ck_assert_msg(warned(texts[i][0], "2025-08-27", "2025-08-28", texts[i][1]), "not warned: %s", texts[i][1]);
	/* Nothing of it before it was known. */
	ck_assert(!warned(texts[0][0], "2025-08-20", "2025-08-20", "against"));
	ck_assert(!warned(texts[6][0], "2025-07-20", "2025-07-20", "struck down"));
}
END_TEST

START_TEST(acts_from_outside)
{
	truce_arena *arena;
	const truce_act *act;
	truce_text words;
	open_text(BASE);
	truce_text_init(&words, ctx);
	ck_assert_int_eq(truce_arena_new(ctx, &arena), TRUCE_OK);
	ck_assert_int_eq(truce_record_act(ctx, arena, &act, record,
		"{by: XX, do: raise, instrument: tariff, against: YY, goods: all, level: {to: 200, unit: pct, at_most: true}}"), TRUCE_OK);
	truce_act_words(&words, act);
	ck_assert_str_eq(words.data, "XX: raise tariff on all goods against YY to at most 200 %");
	ck_assert_int_eq(truce_record_act(ctx, arena, &act, record, "{by: QQ, do: raise, instrument: tariff}"), TRUCE_INPUT);
	ck_assert_int_eq(truce_record_act(ctx, arena, &act, record, "{by: XX, do: raise"), TRUCE_INPUT);
	ck_assert_int_eq(truce_record_act(ctx, arena, &act, record, ""), TRUCE_INPUT);
	truce_text_free(&words);
	truce_arena_free(arena);
	end();
}
END_TEST

/* The answer as known on a day does not change when more is known: 200 random histories. */
START_TEST(what_was_known_stays)
{
	for (uint64_t run = 0; run < 200; run++) {
		char text[2][6000];
		static const char *const statuses[] = {"in_force", "suspended", "removed"};
		uint64_t draw = 0;
		for (int more = 0; more < 2; more++) {
			draw = 0;
			size_t used = (size_t)snprintf(text[more], sizeof *text, "%smeasures:\n  m:\n    act: {by: XX, do: impose, instrument: tariff, goods: all, "
				"level: {add: 1, unit: pp}}\n    valid: 2025-01-01\n    known: 2025-01-01\n    history:\n", BASE);
			for (int step = 0; step < (more ? 8 : 5); step++) {
				int from = 2 + (int)(truce_draw_uniform(run, 1, draw++) * 10), known = step < 5 ? 1 + (int)(truce_draw_uniform(run, 1, draw++) * 6) : 7;
				int status = (int)(truce_draw_uniform(run, 1, draw++) * 3), until = from + 1 + (int)(truce_draw_uniform(run, 1, draw++) * 3);
				used += (size_t)snprintf(text[more] + used, sizeof *text - used, "      - {from: 2025-%02d-01, known: 2025-%02d-15, status: %s%s%s}\n",
					from, known, statuses[status], until <= 12 ? ", until: 2025-" : "", until <= 12 ? (const char *[]){"03-01", "04-01", "05-01", "06-01",
					"07-01", "08-01", "09-01", "10-01", "11-01", "12-01"}[until - 3] : "");
			}
		}
		char answers[2][12][80];
		for (int more = 0; more < 2; more++) {
			open_text(text[more]);
			for (int month = 1; month <= 12; month++) {
				char on[16];
				snprintf(on, sizeof on, "2025-%02d-10", month);
				strcpy(answers[more][month - 1], status_of("m", on, "2025-06-30", TRUCE_VIEW_APPLIED));
			}
			end();
		}
		for (int month = 0; month < 12; month++)
			ck_assert_str_eq(answers[0][month], answers[1][month]);
	}
}
END_TEST

/* 60,000 measures: load below 0.5 s of processor time, state below 50 ms (both with room for a slow machine). */
START_TEST(sixty_thousand_measures)
{
	truce_text text;
	ck_assert_int_eq(truce_context_new(&ctx, NULL), TRUCE_OK);
	truce_text_init(&text, ctx);
	truce_text_add(&text, BASE "measures:\n");
	for (int i = 0; i < 60000; i++)
		truce_text_addf(&text, "  measure-%d:\n    act: {by: XX, do: impose, instrument: tariff, against: [YY], goods: [magnets], level: {add: %d, unit: pp}}\n"
			"    stands_on: emergency_general\n    valid: {from: 2025-0%d-01}\n    known: {from: 2025-01-01}\n    cites: [\"EO %d\"]\n"
			"    sources: [gazette]\n    history:\n      - {from: 2025-11-10T00:01-05:00, known: 2025-11-04, level: {add: 10, unit: pp}}\n",
			i, i % 50, 1 + i % 9, i);
	ck_assert_int_eq(truce_text_done(&text), TRUCE_OK);
	clock_t start = clock();
	int status = truce_record_open_text(ctx, &record, "r.yaml", text.data, text.length);
	double load = (double)(clock() - start) / CLOCKS_PER_SEC;
	ck_assert_msg(status == TRUCE_UNSOUND || status == TRUCE_OK, "%s", truce_error_name(status));
	truce_text_free(&text);
	if (record) {
		truce_clocks c = clocks("2025-08-27", "2025-08-28");
		size_t in_force = 0;
		start = clock();
		for (size_t i = 0; i < truce_record_count(record, TRUCE_MEASURE); i++) {
			truce_measure_state state;
			in_force += truce_measure_at(record, truce_record_at(record, TRUCE_MEASURE, i), c, &state) && state.status == TRUCE_IN_FORCE;
		}
		double state = (double)(clock() - start) / CLOCKS_PER_SEC;
		printf("60000 measures: load %.3f s, state %.1f ms, %zu in force\n", load, state * 1000, in_force);
		ck_assert_uint_gt(in_force, 50000);
		ck_assert_double_lt(state, 0.5);
	}
	ck_assert_double_lt(load, 5);
	end();
}
END_TEST

static int open_and_use(truce_context *c, void *user)
{
	const char *text = user;
	truce_record *r = NULL;
	truce_arena *arena = NULL;
	truce_event *events;
	size_t count;
	int status = truce_record_open_text(c, &r, "r.yaml", text, strlen(text));
	truce_clocks at = truce_clocks_at((truce_time){.day = 20327, .set = true}, (truce_time){.day = 20327, .set = true});
	if (status == TRUCE_OK)
		status = truce_arena_new(c, &arena);
	if (status == TRUCE_OK)
		status = truce_record_events(c, arena, &events, &count, r, TRUCE_EVER, TRUCE_NEVER - 1, at);
	if (status == TRUCE_OK)
		status = truce_record_review(c, r, at, &count);
	truce_arena_free(arena);
	truce_record_close(r);
	return status;
}

START_TEST(any_allocation_may_fail)
{
	static char text[] = SUSPENDED "claims:\n  c: {text: w, known: 2025-05-12, sources: [paper, blog]}\n";
	truce_fail_every_allocation(open_and_use, text);
}
END_TEST

int main(void)
{
	return truce_test_main("record", (const truce_test[]){T(two_clocks), T(suspensions_lapse_by_themselves), T(truces_suspend),
		T(corrections_append), T(later_folders_correct), T(a_law_that_falls), T(promises), T(an_echo_is_no_evidence), T(goods_stand_for_codes),
		T(groups_have_members_over_time),
		T(faults_are_said), T(a_day_of_grace_between_zones), T(warnings_of_every_kind), T(acts_from_outside), T(what_was_known_stays),
		T(sixty_thousand_measures), T(any_allocation_may_fail), {0}});
}
