/* Unit tests of the YAML of room base: the two readers, limits, faults with their places, schemas. */
#include "frame.h"

#include <time.h>

#include "base/yaml_private.h"

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

static const truce_yaml_node *read_text(const char *text)
{
	const truce_yaml_node *node;
	int status = truce_yaml_read(ctx, arena, &node, "t.yaml", text, strlen(text), NULL);
	ck_assert_msg(status == TRUCE_OK, "%s", truce_diagnostic_count(ctx) ? truce_diagnostic_at(ctx, 0)->what : "no diagnostic");
	return node;
}

static const char *fault_of(const char *text, const truce_yaml_limits *limits)
{
	const truce_yaml_node *node;
	truce_diagnostics_clear(ctx);
	int status = truce_yaml_read(ctx, arena, &node, "t.yaml", text, strlen(text), limits);
	ck_assert_msg(status != TRUCE_OK, "read without a fault: %s", text);
	ck_assert_ptr_null(node);
	ck_assert_uint_ge(truce_diagnostic_count(ctx), 1);
	return truce_diagnostic_at(ctx, 0)->what;
}

static void dump(truce_text *out, const truce_yaml_node *node)
{
	truce_text_addf(out, "%d:%d", node->place.line, node->place.column);
	if (node->type == TRUCE_NODE_SCALAR) {
		truce_text_addf(out, "'%s'/%zu", node->text, node->length);
		return;
	}
	size_t count = node->type == TRUCE_NODE_MAPPING ? 2 * node->count : node->count;
	truce_text_add(out, node->type == TRUCE_NODE_MAPPING ? "{" : "[");
	for (size_t i = 0; i < count; i++) {
		dump(out, node->items[i]);
		truce_text_add(out, ",");
	}
	truce_text_add(out, "}");
}

/* Both readers on the same text: the same nodes, or the same refusal. */
static void compare(const char *text, size_t length)
{
	truce_arena *scratch;
	const truce_yaml_node *quick, *slow;
	truce_text a, b;
	ck_assert_int_eq(truce_arena_new(ctx, &scratch), TRUCE_OK);
	truce_text_init(&a, ctx);
	truce_text_init(&b, ctx);
	int with = yaml_read_with(ctx, scratch, &quick, "t.yaml", text, length, NULL, true);
	int without = yaml_read_with(ctx, scratch, &slow, "t.yaml", text, length, NULL, false);
	ck_assert_msg(with == without, "%d and %d on <<%.*s>>", with, without, (int)length, text);
	if (with == TRUCE_OK) {
		dump(&a, quick);
		dump(&b, slow);
		ck_assert_msg(strcmp(a.data, b.data) == 0, "on <<%.*s>>:\n%s\n%s", (int)length, text, a.data, b.data);
	}
	truce_text_free(&a);
	truce_text_free(&b);
	truce_arena_free(scratch);
	truce_diagnostics_clear(ctx);
}

static const char *const samples[] = {
	"a: b\n", "a: b", "a:\n  b: c\n  d: [e, f, {g: h}]\ni: \"j k\" # l\n", "a:\n- b\n- c: d\n  e: f\n-\n  g: h\ni: j\n",
	"a:\nb:\n", "# only\n", "", "a: b: c\n", "a: b\n  c\n", "a: 'it''s'\n", "a: \"x\\ny\"\n", "a: |\n  text\n  more\nb: c\n",
	"a: {b: c,\n  d: e}\nf: g\n", "a: {b: c,\nd: e}\n", "a: [b, c: d]\n", "a: {b, c}\n", "a: {b: , c: d}\n", "a: [b,]\n", "a: [,b]\n",
	"a: &x b\nc: *x\n", "- a\n- b\n", "a: b\n- c\n", "a:\n  - b\n  c: d\n", "a:\n    b: c\n  d: e\n", "---\na: b\n", "a: b\n---\nc: d\n",
	"a: b\n...\n", "a: b#c\n", "a: b #c\n", "a: http://x.y/z\n", "a: {b: http://x.y/z}\n", "a: -1\nb: - 1\n", "a: 2025-01-01T00:01-05:00\n",
	"\"a\": b\n", "\"a\" : b\n", "a : b\n", "a:b\n", "a: \n  b\n", "a: \"b\" c\n", "a: \"b\"#c\n", "a: {b: c}#d\n", "a: {b: c} d\n",
	"a: [b, [c, [d]]]\n", "a:\n  b:\n    c:\n  d:\n", "a: \303\251\nb: c\n", "a: [\303\251, b]\n", "a:\tb\n", "a: ?\n", "? a\n: b\n",
	"a: %b\n", "%a: b\n", "a: @b\n", "a: b\na: c\n", "a: {b: c, b: d}\n", "  a: b\n  c: d\n", "a:\n  - - b\n    - c\n",
	"a:\n  -\n  - b\n", "a: [\"b\":c]\n", "a: {\"b\":c}\n", "a: [b #c\n  , d]\n", "a: [b c\n  d]\n", "a:\n\n\n  b: c\n\n# d\n  e: f\n",
	"a: b\r\nc: d\r\n", "a: [b\n  ]\n", "a: 'b'\n  c\n", "a: {b: c\n}\n", "a: -\n", "a: --\n", "a: ---\n", "--- a\n", "- - a\n", "-a: b\n",
	"a: {b: [}\n", "a: [b}\n", "a: {b: {c: {d: [e, f], g: h}}}\n", "a: ' b '\n", "a: \"\"\n", "a: ''\n", "a: b   \nc: d # e\n", "!x a: b\n",
	"a: {? b : c}\n", "a: {b: c}: d\n", "[a, b]: c\n", "{a: b}\n", "[a]\n", "a\n", "'a'\n", "a: *x\n", "a: [x: y, z]\n", "a:\n  b: c\n d: e\n",
	"a: ,b\n", "a: {b: ,c}\n", "a: b,c\n", "a: b]c\n", "a: {b: c d}\n", "a: {b:c}\n", "a: {b: 'c' }\n", "a: [ ]\nb: { }\n", "a: [b , c ]\n",
};

START_TEST(the_two_readers_agree)
{
	begin();
	for (size_t i = 0; i < sizeof samples / sizeof *samples; i++)
		compare(samples[i], strlen(samples[i]));
	end();
}
END_TEST

/* Random texts from the letters that matter, and mutations of the samples. */
START_TEST(the_two_readers_agree_on_noise)
{
	static const char letters[] = "ab:- \n\n  ,[]{}#'\"&*|>?!%@.x1";
	char text[256];
	begin();
	uint64_t draw = 0;
	for (int run = 0; run < 100000; run++) {
		size_t length;
		if (run % 2) {
			length = (size_t)(truce_draw_uniform(7, 1, draw++) * 24);
			for (size_t i = 0; i < length; i++)
				text[i] = letters[(size_t)(truce_draw_uniform(7, 2, draw++) * (sizeof letters - 1))];
		} else {
			const char *sample = samples[(size_t)(truce_draw_uniform(7, 3, draw++) * (sizeof samples / sizeof *samples))];
			length = strlen(sample);
			memcpy(text, sample, length);
			for (int k = 0; k < 3 && length; k++) {
				size_t at = (size_t)(truce_draw_uniform(7, 4, draw++) * (double)length);
				text[at] = letters[(size_t)(truce_draw_uniform(7, 5, draw++) * (sizeof letters - 1))];
			}
		}
		text[length] = '\0';
		compare(text, length);
	}
	end();
}
END_TEST

START_TEST(everything_is_text)
{
	begin();
	const truce_yaml_node *node = read_text("party: NO\ncode: 0101.21\nyes: on\nn: null\n");
	ck_assert_str_eq(truce_yaml_get(node, "party")->text, "NO");
	ck_assert_str_eq(truce_yaml_get(node, "code")->text, "0101.21");
	ck_assert_str_eq(truce_yaml_get(node, "n")->text, "null");
	ck_assert_int_eq(truce_yaml_get(node, "code")->place.line, 2);
	ck_assert_int_eq(truce_yaml_get(node, "code")->place.column, 7);
	ck_assert_ptr_null(truce_yaml_get(node, "absent"));
	end();
}
END_TEST

START_TEST(faults_have_places)
{
	begin();
	ck_assert_str_eq(fault_of("a: b\nc: d\na: e\n", NULL), "the key 'a' is given twice");
	const truce_diagnostic *d = truce_diagnostic_at(ctx, 0);
	ck_assert_str_eq(d->file, "t.yaml");
	ck_assert_int_eq(d->line, 3);
	ck_assert_int_eq(d->column, 1);
	ck_assert_str_eq(d->source, "a: e");
	ck_assert_ptr_nonnull(strstr(fault_of("a: !!int 3\n", NULL), "tag"));
	ck_assert_ptr_nonnull(strstr(fault_of("a: *b\n", NULL), "no anchor 'b'"));
	ck_assert_ptr_nonnull(strstr(fault_of("a: &b [*b]\n", NULL), "no anchor 'b'"));
	ck_assert_ptr_nonnull(strstr(fault_of("a: b\n---\nc: d\n", NULL), "second document"));
	ck_assert_ptr_nonnull(strstr(fault_of("a: \xff\n", NULL), "not YAML"));
	ck_assert_ptr_nonnull(strstr(fault_of("a: \"x\\0y\"\n", NULL), "NUL"));
	ck_assert_ptr_nonnull(strstr(fault_of("", NULL), "nothing"));
	end();
}
END_TEST

START_TEST(hostile_files_end_soon)
{
	begin();
	clock_t start = clock();
	truce_text text;
	truce_text_init(&text, ctx);
	/* A billion laughs. */
	truce_text_add(&text, "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
	for (int i = 1; i < 30; i++) {
		truce_text_addf(&text, "a%d: &a%d [", i, i);
		for (int k = 0; k < 10; k++)
			truce_text_addf(&text, "*a%d, ", i - 1);
		truce_text_add(&text, "]\n");
	}
	ck_assert_ptr_nonnull(strstr(fault_of(text.data, NULL), "more than 8000000 nodes"));
	/* Depth, in flow and in block. */
	truce_text_clear(&text);
	truce_text_add(&text, "a: ");
	for (int i = 0; i < 200000; i++)
		truce_text_add(&text, "[");
	ck_assert_ptr_nonnull(strstr(fault_of(text.data, NULL), "deeper than 64"));
	truce_text_clear(&text);
	for (int i = 0; i < 2000; i++)
		truce_text_addf(&text, "%*sa:\n", i, "");
	ck_assert_ptr_nonnull(strstr(fault_of(text.data, NULL), "deeper than 64"));
	/* Many keys, many aliases, a long line, many bytes. */
	truce_text_clear(&text);
	for (int i = 0; i < 200000; i++)
		truce_text_addf(&text, "k%d: v\n", i);
	truce_text_add(&text, "k77: v\n");
	ck_assert_ptr_nonnull(strstr(fault_of(text.data, NULL), "'k77' is given twice"));
	truce_text_clear(&text);
	truce_text_add(&text, "a: &x y\nb: [");
	for (int i = 0; i < 20000; i++)
		truce_text_add(&text, "*x,");
	truce_text_add(&text, "]\n");
	ck_assert_ptr_nonnull(strstr(fault_of(text.data, NULL), "more than 10000 aliases"));
	truce_yaml_limits small = {.bytes = 100};
	ck_assert_ptr_nonnull(strstr(fault_of(text.data, &small), "more than the limit of 100"));
	truce_text_clear(&text);
	truce_text_add(&text, "a: [");
	for (int i = 0; i < 200000; i++)
		truce_text_add(&text, "{b: c}, ");
	truce_text_add(&text, "]\n");
	read_text(text.data);
	truce_text_free(&text);
	ck_assert_double_lt((double)(clock() - start) / CLOCKS_PER_SEC, 10);
	end();
}
END_TEST

/* ---- schemas ---- */

struct part {
	truce_yaml_number share;
	const char *name;
};
struct thing {
	truce_place place;
	const char *id, *title;
	bool big;
	truce_yaml_number count, days;
	truce_time when;
	int color;
	struct part inside, *maybe;
	truce_yaml_list parts, tags;
};
struct all {
	truce_yaml_list things;
};
static const char *const colors[] = {"red", "", "blue", NULL};
#define AT(m) offsetof(struct part, m)
static const truce_yaml_field part_fields[] = {
	{.key = "share", .type = TRUCE_YAML_NUMBER, .offset = AT(share), .flags = TRUCE_YAML_SHARE},
	{.key = "name", .type = TRUCE_YAML_TEXT, .offset = AT(name)}, {0}};
#undef AT
static const truce_yaml_schema part_schema = {"part", sizeof(struct part), (size_t)-1, part_fields, NULL, NULL, "share"};
#define AT(m) offsetof(struct thing, m)
static const truce_yaml_field thing_fields[] = {
	{.key = "id", .type = TRUCE_YAML_ID, .offset = AT(id)},
	{.key = "title", .type = TRUCE_YAML_TEXT, .offset = AT(title), .flags = TRUCE_YAML_REQUIRED, .doc = "What it is called."},
	{.key = "big", .type = TRUCE_YAML_BOOL, .offset = AT(big)},
	{.key = "count", .type = TRUCE_YAML_NUMBER, .offset = AT(count), .flags = TRUCE_YAML_POSITIVE},
	{.key = "days", .type = TRUCE_YAML_DAYS, .offset = AT(days)},
	{.key = "when", .type = TRUCE_YAML_TIME, .offset = AT(when)},
	{.key = "color", .type = TRUCE_YAML_ENUM, .offset = AT(color), .words = colors},
	{.key = "inside", .type = TRUCE_YAML_STRUCT, .offset = AT(inside), .of = &part_schema},
	{.key = "maybe", .type = TRUCE_YAML_MAYBE, .offset = AT(maybe), .of = &part_schema},
	{.key = "parts", .type = TRUCE_YAML_LIST, .offset = AT(parts), .flags = TRUCE_YAML_SINGLE, .of = &part_schema},
	{.key = "tags", .type = TRUCE_YAML_TEXTS, .offset = AT(tags), .flags = TRUCE_YAML_SINGLE, .refers_to = "tag"}, {0}};
static const truce_yaml_schema thing_schema = {"thing", sizeof(struct thing), AT(place), thing_fields, "A thing.", NULL, NULL};
static const truce_yaml_field all_fields[] = {
	{.key = "things", .type = TRUCE_YAML_MAP, .offset = 0, .of = &thing_schema}, {0}};
static const truce_yaml_schema all_schema = {"all", sizeof(struct all), (size_t)-1, all_fields, NULL, NULL, NULL};
#undef AT

START_TEST(a_schema_types_the_text)
{
	begin();
	struct all all = {0};
	const truce_yaml_node *node = read_text("things:\n  one:\n    title: First\n    big: true\n    count: 2.50\n    days: 6w\n"
		"    when: 2025-11-10T00:01-05:00\n    color: blue\n    inside: 0.25\n    maybe: {share: 1, name: NO}\n    parts: {name: x}\n"
		"    tags: solo\n  two: {title: 2, parts: [0.5, {name: y}], tags: [a, b]}\n");
	ck_assert_int_eq(truce_yaml_fill(ctx, arena, &all, &all_schema, node), TRUCE_OK);
	ck_assert_uint_eq(all.things.count, 2);
	const struct thing *one = all.things.items, *two = one + 1;
	ck_assert_str_eq(one->id, "one");
	ck_assert(one->big);
	ck_assert_double_eq(one->count.value, 2.5);
	ck_assert_str_eq(one->count.text, "2.50");
	ck_assert_double_eq(one->days.value, 42);
	ck_assert_int_eq(one->color, 2);
	ck_assert_double_eq(one->inside.share.value, 0.25);
	ck_assert_str_eq(one->maybe->name, "NO");
	ck_assert_uint_eq(one->parts.count, 1);
	ck_assert_uint_eq(one->tags.count, 1);
	ck_assert_str_eq(two->title, "2");
	ck_assert_int_eq(two->color, -1);
	ck_assert_ptr_null(two->maybe);
	ck_assert_uint_eq(two->parts.count, 2);
	ck_assert_str_eq(((const char **)two->tags.items)[1], "b");
	end();
}
END_TEST

START_TEST(every_fault_is_said)
{
	begin();
	struct all all = {0};
	const truce_yaml_node *node = read_text("things:\n  one:\n    titel: x\n    big: yes\n    count: -2\n    days: 6\n    when: 2025-02-30\n"
		"    color: gren\n    inside: [1]\n    maybe: {share: 2}\n    tags: [[a]]\n    id: one\n  'b d': {title: }\n  three: text\n");
	ck_assert_int_eq(truce_yaml_fill(ctx, arena, &all, &all_schema, node), TRUCE_INPUT);
	static const char *const expected[] = {"unknown key 'titel' in thing; did you mean 'title'?", "'yes' is neither true nor false (big)",
		"count is -2", "'6' is no length of time (days)", "'2025-02-30' is no date (when)", "'gren' is no color; did you mean 'red'?",
		"share must be a single value, not a list", "share is 2", "tags must be a single value, not a list",
		"the id is the key above: it is not written inside", "thing one without title", "title has no value", "'b d' is no id",
		"thing must be a mapping, {key: value, ...}"};
	for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
		ck_assert_uint_gt(truce_diagnostic_count(ctx), i);
		ck_assert_str_eq(truce_diagnostic_at(ctx, i)->what, expected[i]);
	}
	ck_assert_uint_eq(truce_diagnostic_count(ctx), sizeof expected / sizeof *expected);
	ck_assert_int_eq(truce_diagnostic_at(ctx, 4)->line, 7);
	ck_assert_int_eq(truce_diagnostic_at(ctx, 4)->column, 11);
	end();
}
END_TEST

static int count_entry(void *user, const truce_yaml_node *top, const truce_yaml_node *key, const truce_yaml_node *value)
{
	truce_text *out = user;
	truce_text_addf(out, "%s/%s=%s;", top->text, key ? key->text : "-", value->text ? value->text : "...");
	return TRUCE_OK;
}

START_TEST(a_document_entry_by_entry)
{
	/* The second form makes the quick reader give up at the last entry; nothing is handed over twice. */
	static const char *const texts[] = {"a:\n  x: 1\n  y: {z: 2}\nb: {u: 3}\nc: 4\nd:\n", "a:\n  x: 1\n  y: {z: 2}\nb: {u: 3}\nc: !!str 4\nd:\n"};
	begin();
	for (int i = 0; i < 2; i++) {
		truce_text out;
		truce_text_init(&out, ctx);
		ck_assert_int_eq(truce_yaml_each(ctx, arena, "t.yaml", texts[i], strlen(texts[i]), NULL, count_entry, &out), TRUCE_OK);
		ck_assert_str_eq(out.data, "a/x=1;a/y=...;b/u=3;c/-=4;d/-=;");
		truce_text_free(&out);
	}
	end();
}
END_TEST

START_TEST(the_schema_as_json)
{
	begin();
	truce_text out;
	truce_json json;
	truce_text_init(&out, ctx);
	truce_json_init(&json, &out);
	ck_assert_int_eq(truce_yaml_json_schema(&json, &all_schema), TRUCE_OK);
	ck_assert_ptr_nonnull(strstr(out.data, "\"$ref\":\"#/$defs/thing\""));
	ck_assert_ptr_nonnull(strstr(out.data, "\"enum\":[\"red\",\"blue\"]"));
	truce_text_free(&out);
	end();
}
END_TEST

static int read_and_fill(truce_context *c, void *user)
{
	const char *text = user;
	truce_arena *a = NULL;
	const truce_yaml_node *node;
	struct all all = {0};
	int status = truce_arena_new(c, &a);
	if (status == TRUCE_OK)
		status = truce_yaml_read(c, a, &node, "t.yaml", text, strlen(text), NULL);
	if (status == TRUCE_OK)
		status = truce_yaml_fill(c, a, &all, &all_schema, node);
	truce_arena_free(a);
	return status;
}

START_TEST(any_allocation_may_fail)
{
	truce_fail_every_allocation(read_and_fill, (char[]){"things:\n  one: {title: a, tags: [b], maybe: 0.5}\n"});
	truce_fail_every_allocation(read_and_fill, (char[]){"things:\n  one: {title: &t a, tags: [*t], maybe: 0.5}\n"});
}
END_TEST

int main(void)
{
	return truce_test_main("yaml", (const truce_test[]){T(the_two_readers_agree), T(the_two_readers_agree_on_noise), T(everything_is_text),
		T(faults_have_places), T(hostile_files_end_soon), T(a_schema_types_the_text), T(every_fault_is_said),
		T(a_document_entry_by_entry), T(the_schema_as_json), T(any_allocation_may_fail), {0}});
}
