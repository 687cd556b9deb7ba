/* lists_notes.c: lists that stand in the text of the notes to a chapter (tariff room).
 *
 * A table says for each list which words stand before it, one phrase after another; the list is the run of lines with
 * nothing but codes that comes next.  The heads and feet of pages are dropped before, remarks in square brackets are
 * passed over.  What is found is compared with lists from files, each difference remarked. */
#include "schedule_private.h"

#include <ctype.h>
#include <math.h>
#include <string.h>

static const truce_yaml_field elsewhere_fields[] = {
	{"codes", TRUCE_YAML_TEXTS, offsetof(struct note_elsewhere, codes), TRUCE_YAML_REQUIRED | TRUCE_YAML_SINGLE, NULL, NULL, NULL,
		"Codes that begin so."},
	{"except", TRUCE_YAML_TEXTS, offsetof(struct note_elsewhere, except), TRUCE_YAML_SINGLE, NULL, NULL, NULL, "But not so."},
	{"why", TRUCE_YAML_TEXT, offsetof(struct note_elsewhere, why), TRUCE_YAML_REQUIRED, NULL, NULL, NULL, "What the law says of them."},
	{"source", TRUCE_YAML_TEXT, offsetof(struct note_elsewhere, source), TRUCE_YAML_REQUIRED, NULL, NULL, NULL, "Where."},
	{NULL, 0, 0, 0, NULL, NULL, NULL, NULL},
};
static const truce_yaml_schema elsewhere_schema = {"elsewhere", sizeof(struct note_elsewhere), (size_t)-1, elsewhere_fields,
	"Codes that a file has for what the law says elsewhere.", NULL, NULL};

static const truce_yaml_field list_fields[] = {
	{"id", TRUCE_YAML_TEXT, offsetof(struct note_list, id), TRUCE_YAML_REQUIRED, NULL, NULL, NULL, "The list's name."},
	{"what", TRUCE_YAML_TEXT, offsetof(struct note_list, what), 0, NULL, NULL, NULL, "What being on it means."},
	{"authority", TRUCE_YAML_TEXT, offsetof(struct note_list, authority), 0, NULL, NULL, NULL, "Id of the authority."},
	{"heading", TRUCE_YAML_TEXT, offsetof(struct note_list, heading), 0, NULL, NULL, NULL, "Heading of chapter 99."},
	{"source", TRUCE_YAML_TEXT, offsetof(struct note_list, source), TRUCE_YAML_REQUIRED, NULL, NULL, NULL, "The subdivision."},
	{"after", TRUCE_YAML_TEXTS, offsetof(struct note_list, after), TRUCE_YAML_REQUIRED | TRUCE_YAML_SINGLE, NULL, NULL, NULL,
		"Phrases before the list, in order; blanks and line ends are free."},
	{"pass", TRUCE_YAML_TEXTS, offsetof(struct note_list, pass), TRUCE_YAML_SINGLE, NULL, NULL, NULL,
		"Words inside the run that do not end it: its own title, set beside its lines."},
	{"until", TRUCE_YAML_TEXT, offsetof(struct note_list, until), 0, NULL, NULL, NULL, "Words at which it ends, where they are codes too."},
	{"chapters", TRUCE_YAML_TEXTS, offsetof(struct note_list, chapters), TRUCE_YAML_SINGLE, NULL, NULL, NULL,
		"Only codes that begin so, where columns of two lists stand side by side."},
	{"compare", TRUCE_YAML_TEXTS, offsetof(struct note_list, compare), TRUCE_YAML_SINGLE, NULL, NULL, NULL, "Lists from files that should say the same."},
	{"beside", TRUCE_YAML_TEXTS, offsetof(struct note_list, beside), TRUCE_YAML_SINGLE, NULL, NULL, NULL,
		"Lists of the notes above that those of files hold too."},
	{"elsewhere", TRUCE_YAML_LIST, offsetof(struct note_list, elsewhere), 0, &elsewhere_schema, NULL, NULL,
		"Codes that files have for what the law says elsewhere."},
	{"prose", TRUCE_YAML_BOOL, offsetof(struct note_list, prose), 0, NULL, NULL, NULL,
		"The codes stand inside sentences, up to `until`."},
	{"since", TRUCE_YAML_TIME, offsetof(struct note_list, since), 0, NULL, NULL, NULL, "First day."},
	{"last", TRUCE_YAML_TIME, offsetof(struct note_list, last), 0, NULL, NULL, NULL, "Last day."},
	{"stands_for", TRUCE_YAML_TEXT, offsetof(struct note_list, stands_for), 0, NULL, NULL, NULL,
		"The list from a file that it stands in for where that file is not given."},
	{"file", TRUCE_YAML_TEXT, offsetof(struct note_list, file), 0, NULL, NULL, NULL, "That file."},
	{"began", TRUCE_YAML_TIME, offsetof(struct note_list, began), 0, NULL, NULL, NULL,
		"First day of the law, where that is before `since`: what was on the list until then is not printed."},
	{NULL, 0, 0, 0, NULL, NULL, NULL, NULL},
};
static int check_list(truce_context *ctx, void *item, const truce_yaml_node *node)
{
	const struct note_list *m = item;

	if (m->stands_for && m->id && !strcmp(m->stands_for, m->id)) {
		truce_yaml_say(ctx, TRUCE_ERROR, node->place, "name the list from a file", "%s cannot stand in for itself", m->id);
		return TRUCE_INPUT;
	}
	if (!m->stands_for == !m->file && (!m->began.set || (m->file && m->since.set))) return TRUCE_OK;
	truce_yaml_say(ctx, TRUCE_ERROR, node->place, "stands_for goes with file; began goes with both, and with since",
		"it is not said what %s stands for", m->id ? m->id : "this list");
	return TRUCE_INPUT;
}

static const truce_yaml_schema list_schema = {"note list", sizeof(struct note_list), offsetof(struct note_list, place), list_fields,
	"A list in the text of the notes.", check_list, NULL};
static const truce_yaml_field lists_fields[] = {
	{"as_of", TRUCE_YAML_TIME, offsetof(struct note_lists, as_of), TRUCE_YAML_REQUIRED, NULL, NULL, NULL, "The day that the text stands for."},
	{"furniture", TRUCE_YAML_TEXTS, offsetof(struct note_lists, furniture), 0, NULL, NULL, NULL, "Words of the heads and feet of pages."},
	{"lists", TRUCE_YAML_LIST, offsetof(struct note_lists, lists), TRUCE_YAML_REQUIRED, &list_schema, NULL, NULL, "The lists."},
	{NULL, 0, 0, 0, NULL, NULL, NULL, NULL},
};
static const truce_yaml_schema lists_schema = {"notes", sizeof(struct note_lists), (size_t)-1, lists_fields, "Lists in notes.", NULL, NULL};

/* ---- the text without its pages ------------------------------------------------------------------------------ */

/* A line that is nothing but the number of a page: "99 - III - 339", "XXII". */
static bool is_page_number(const char *at, size_t length)
{
	bool digits_or_roman = length > 0;

	for (size_t i = 0; i < length; i++)
		if (!strchr("0123456789IVXLC- ", at[i])) digits_or_roman = false;
	return digits_or_roman && (memchr(at, '-', length) || strspn(at, "IVXLC") >= length);
}

/* Blanks out the furniture in place: positions and line ends stay. */
static void clear_pages(char *text, size_t length, const truce_yaml_list *furniture)
{
	const char *const *words = furniture->items;

	for (size_t i = 0; i < length; i++)
		if (text[i] == '\f' || text[i] == '\r' || text[i] == '\0' || text[i] == '\t') text[i] = ' ';
	for (char *at = text, *end = text + length; at < end;) {
		char *line_end = memchr(at, '\n', (size_t)(end - at)), *start = at;
		size_t n;

		if (!line_end) line_end = end;
		for (size_t k = 0; k < furniture->count; k++) {
			char *found = memmem(at, (size_t)(line_end - at), words[k], strlen(words[k]));

			/* Words that end in "*" take the rest of the line with them: the number of a revision. */
			if (!found && words[k][strlen(words[k]) - 1] == '*') {
				found = memmem(at, (size_t)(line_end - at), words[k], strlen(words[k]) - 1);
				if (found) memset(found, ' ', (size_t)(line_end - found));
			} else if (found)
				memset(found, ' ', strlen(words[k]));
		}
		while (start < line_end && *start == ' ') start++;
		n = (size_t)(line_end - start);
		while (n && start[n - 1] == ' ') n--;
		if (is_page_number(start, n)) memset(start, ' ', n);
		at = line_end + 1;
	}
}

/* Where a phrase ends, blanks and line ends free; NULL not found. */
static const char *after_phrase(const char *at, const char *end, const char *phrase)
{
	while (*phrase == ' ') phrase++;
	for (; at < end; at++) {
		const char *p = phrase, *q = at;

		if (*q != *p) continue;
		while (*p && q < end) {
			if (*p == ' ') {
				if (*q != ' ' && *q != '\n') break;
				while (*p == ' ') p++;
				while (q < end && (*q == ' ' || *q == '\n')) q++;
			} else if (*p == *q)
				p++, q++;
			else
				break;
		}
		if (!*p) return q;
	}
	return NULL;
}

/* ---- the run of codes -------------------------------------------------------------------------------------------- */

/* A code at `at`: 4 digits, or dotted groups; the number of bytes, 0 none. */
static size_t code_at(const char *at, const char *end, char digits[13])
{
	const char *p = at;
	int n = 0;

	while (p < end && (isdigit((unsigned char)*p) || (*p == '.' && n >= 4 && p + 1 < end && isdigit((unsigned char)p[1])))) {
		if (*p != '.') {
			if (n == 12) return 0;
			digits[n++] = *p;
		} else if (n % 2)
			return 0;
		p++;
	}
	/* Headings of the chapter itself are no goods: they stand in the sentence before. */
	if (n >= 2 && digits[0] == '9' && digits[1] == '9') return 0;
	if ((n != 4 && n != 6 && n != 8 && n != 10) || (n > 4 && at[4] != '.') || (p < end && isalnum((unsigned char)*p))) return 0;
	digits[n] = '\0';
	return (size_t)(p - at);
}

struct run {
	truce_context *ctx;
	truce_arena *arena;
	struct list *list;
	const struct note_list *meaning;
	size_t depth; /* open square brackets */
};

static bool wanted(const struct note_list *meaning, const char *code)
{
	const char *const *chapters = meaning->chapters.items;

	for (size_t i = 0; i < meaning->chapters.count; i++)
		if (!strncmp(code, chapters[i], strlen(chapters[i]))) return true;
	return !meaning->chapters.count;
}

static int keep_code(struct run *run, const char *digits)
{
	struct list_row row = {truce_arena_text(run->arena, digits), "", "", TRUCE_NO_DATE, TRUCE_FOREVER, NAN};

	if (run->meaning->since.set) row.from = run->meaning->since.day;
	if (run->meaning->last.set) row.until = run->meaning->last.day + 1;
	return row.code ? list_add_row(run->ctx, run->list, &row) : TRUCE_MEMORY;
}

/* The words at `at` that do not end a run; the number of bytes, 0 none. */
static size_t passed(const struct note_list *meaning, const char *at, const char *end)
{
	const char *const *words = meaning->pass.items;

	for (size_t i = 0; i < meaning->pass.count; i++)
		if ((size_t)(end - at) >= strlen(words[i]) && !memcmp(at, words[i], strlen(words[i]))) return strlen(words[i]);
	return 0;
}

/* A line of codes, numbers "(5)", commas and "and"; how many codes it has, -1 where it has other words. */
static int codes_in(struct run *run, const char *at, const char *end, bool keep, int *error)
{
	int count = 0;
	size_t depth = run->depth;

	while (at < end) {
		char digits[13];
		size_t width;

		if (depth) {
			depth += *at == '[';
			depth -= *at == ']';
			at++;
		} else if (*at == '[') {
			depth++;
			at++;
		} else if (strchr(" ,;.", *at)) {
			at++;
		} else if (end - at >= 3 && (!memcmp(at, "and", 3) || !memcmp(at, "or ", 3))) {
			at += 3;
		} else if ((width = passed(run->meaning, at, end))) {
			at += width;
		} else if (*at == '(') {
			const char *close = at + 1;

			while (close < end && isdigit((unsigned char)*close)) close++;
			if (close == end || *close != ')' || close == at + 1) return -1;
			at = close + 1;
		} else if ((width = code_at(at, end, digits))) {
			count++;
			at += width;
			if (keep && wanted(run->meaning, digits) && keep_code(run, digits)) return *error = TRUCE_MEMORY, -1;
		} else
			return -1;
	}
	run->depth = depth;
	return count;
}

/* The first run of code lines from `at` on. */
static int read_run(struct run *run, const char *at, const char *end)
{
	bool began = false;
	int error = TRUCE_OK;

	while (at < end && !error) {
		const char *line_end = memchr(at, '\n', (size_t)(end - at));
		size_t depth = run->depth;
		int codes;

		if (!line_end) line_end = end;
		codes = codes_in(run, at, line_end, false, &error);
		if (codes < 0 && began) break;
		if (codes > 0) {
			run->depth = depth;
			codes_in(run, at, line_end, true, &error);
			began = true;
		}
		/* Words before the run are the rest of a sentence, brackets in them too. */
		if (codes < 0)
			for (const char *p = at; p < line_end; p++) {
				if (*p == '[') run->depth++;
				if (*p == ']' && run->depth) run->depth--;
			}
		at = line_end + 1;
	}
	return error;
}

/* Every dotted code of sentences. */
static int read_prose(struct run *run, const char *at, const char *end)
{
	for (size_t width = 0; at < end; at += width ? width : 1) {
		char digits[13];

		width = at[-1] != '.' && !isalnum((unsigned char)at[-1]) ? code_at(at, end, digits) : 0;
		/* A full stop may end the sentence; four digits may be anything. */
		if (!width || strlen(digits) < 6 || !wanted(run->meaning, digits)) continue;
		if (keep_code(run, digits)) return TRUCE_MEMORY;
	}
	return TRUCE_OK;
}

/* ---- the whole ----------------------------------------------------------------------------------------------------------- */

static int read_list(truce_context *ctx, truce_arena *arena, struct lists *lists, struct remarks *remarks, const char *name,
	const char *text, const char *end, const struct note_list *m)
{
	const char *const *phrases = m->after.items, *at = text;
	struct list head = {.id = m->id, .what = m->what ? m->what : "", .authority = m->authority ? m->authority : "", .heading = "",
		.value = "", .source = m->source, .origin = "notes", .trusted = true};
	struct run run = {ctx, arena, NULL, m, 0};
	char digits[13];
	int error;

	for (size_t i = 0; i < m->after.count; i++)
		if (!(at = after_phrase(at, end, phrases[i]))) {
			remark(remarks, TRUCE_WARNING, name, 0, "", "%s is not read: the notes do not say '%.120s'", m->id, phrases[i]);
			return TRUCE_OK;
		}
	if (m->until) {
		const char *stop = after_phrase(at, end, m->until);

		if (stop) end = stop - strlen(m->until);
	}
	if (m->heading && schedule_code_digits(digits, m->heading, strlen(m->heading)) && !(head.heading = truce_arena_text(arena, digits)))
		return TRUCE_MEMORY;
	if (!(run.list = lists_add(ctx, lists, &head))) return TRUCE_MEMORY;
	if ((error = m->prose ? read_prose(&run, at, end) : read_run(&run, at, end))) return error;
	if (!run.list->count) {
		remark(remarks, TRUCE_WARNING, name, 0, "", "%s is empty: no codes stand after its words in the notes", m->id);
		return TRUCE_OK;
	}
	return TRUCE_OK;
}

int lists_notes_table(truce_context *ctx, truce_arena *arena, const struct note_lists **out, const char *path)
{
	struct note_lists *table = truce_arena_take(arena, sizeof *table);
	const truce_yaml_node *node;
	char *text;
	size_t length;
	int error = table ? truce_file_read(ctx, &text, &length, path, 16u << 20) : TRUCE_MEMORY;

	if (error) return error;
	*table = (struct note_lists){0};
	error = truce_yaml_read(ctx, arena, &node, path, text, length, NULL);
	if (!error) error = truce_yaml_fill(ctx, arena, table, &lists_schema, node);
	truce_release(ctx, text);
	*out = table;
	return error;
}

int lists_notes(truce_context *ctx, truce_arena *arena, struct lists *lists, struct remarks *remarks, const char *name,
	const char *text, size_t length, const struct note_lists *table)
{
	const struct note_list *all = table->lists.items;
	char *clean = truce_allocate(ctx, length + 2);
	int error = TRUCE_OK;

	if (!clean) return TRUCE_MEMORY;
	*clean++ = '\n'; /* so that what stands before a code can be asked */
	memcpy(clean, text, length);
	clean[length] = '\0';
	clear_pages(clean, length, &table->furniture);
	for (size_t i = 0; i < table->lists.count && !error; i++)
		error = read_list(ctx, arena, lists, remarks, name, clean, clean + length, &all[i]);
	truce_release(ctx, clean - 1);
	return error;
}

/* ---- in place of lists from files --------------------------------------------------------------------------------- */

/* The list of an id, added where there is none. */
static struct list *list_of_id(truce_context *ctx, struct lists *lists, const struct list *head)
{
	for (size_t i = 0; i < lists->count; i++)
		if (!strcmp(lists->items[i].id, head->id)) return &lists->items[i];
	return lists_add(ctx, lists, head);
}

/* The rows of `from` once more under another id and window. */
static int stand_in(truce_context *ctx, struct lists *lists, size_t from, struct list head, truce_date since, truce_date until)
{
	struct list *list;
	size_t count = lists->items[from].count; /* before: an id of the table could be that of the list itself */
	int error = TRUCE_OK;

	head.what = lists->items[from].what;
	head.authority = lists->items[from].authority;
	head.heading = head.value = "";
	head.source = lists->items[from].source;
	if (!head.id || !head.origin || !(list = list_of_id(ctx, lists, &head))) return TRUCE_MEMORY;
	for (size_t i = 0; i < count && !error; i++) {
		struct list_row row = lists->items[from].rows[i];

		row.from = since;
		row.until = until;
		error = list_add_row(ctx, list, &row);
	}
	return error;
}

/* A list of the notes takes the place of the list from a file that was not given, so that who names that file finds it.
 * What the file would say of the days before the note's text began is not known; its lines then stand on a list of their
 * own, which nobody can take for the file's. */
int lists_stand_in(truce_context *ctx, truce_arena *arena, struct lists *lists, struct remarks *remarks, const char *name,
	const struct note_lists *table)
{
	const struct note_list *all = table->lists.items;
	size_t given = lists->count;
	int error = TRUCE_OK;

	for (size_t i = 0; i < table->lists.count && !error; i++) {
		const struct note_list *m = &all[i];
		size_t own = 0;
		bool there = !m->file;

		for (size_t k = 0; k < given && !there; k++) there = !strcmp(lists->items[k].origin, m->file);
		while (own < lists->count && strcmp(lists->items[own].id, m->id)) own++;
		if (there || own == lists->count) continue;
		error = stand_in(ctx, lists, own, (struct list){.id = m->stands_for, .origin = m->file, .trusted = true},
			m->since.set ? m->since.day : TRUCE_NO_DATE, m->last.set ? m->last.day + 1 : TRUCE_FOREVER);
		if (!error && m->began.set)
			error = stand_in(ctx, lists, own, (struct list){.id = truce_arena_printf(arena, "%s-not-printed", m->stands_for),
				.origin = truce_arena_printf(arena, "%s, not printed", m->file)}, m->began.day, m->since.day);
		remark(remarks, TRUCE_NOTE, name, 0, "", "%s stands in for %s: %s was not given", m->source, m->stands_for, m->file);
	}
	return error;
}
