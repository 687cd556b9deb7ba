/* duty_scope.c: which good is meant, and which lists of goods hold it (tariff room). */
#include <ctype.h>
#include <math.h>
#include <string.h>

#include "duty_private.h"

/* ---- the good ---- */

static int digits_of(struct duty_work *w, const char *text)
{
	char digits[16];
	size_t n = 0;
	for (; *text; text++) {
		if (isdigit((unsigned char)*text) && n < 10)
			digits[n++] = *text;
		else if (*text != '.' && *text != ' ')
			return TRUCE_INPUT;
	}
	if (n < 4 || n % 2)
		return TRUCE_INPUT;
	w->digits = truce_arena_copy(w->arena, digits, n);
	return w->digits ? TRUCE_OK : TRUCE_MEMORY;
}

/* The digits of a good's first code, for scopes written as codes. */
static void digits_of_good(struct duty_work *w)
{
	if (w->good->codes.count == 0)
		return;
	const char *code = TRUCE_LIST_TEXT(w->good->codes, 0), *colon = strchr(code, ':');
	char digits[16];
	size_t n = 0;
	for (code = colon ? colon + 1 : code; *code && *code != '-' && n < 10; code++)
		if (isdigit((unsigned char)*code))
			digits[n++] = *code;
	w->digits = truce_arena_copy(w->arena, digits, n);
	if (!w->digits)
		w->status = TRUCE_MEMORY;
}

/* What the schedule's words do not settle.  A code that is subdivided may have lines that differ.  A change that reaches
 * back is not told from what stood before it: who asks as of a day in between is told so. */
static void say_of_spell(struct duty_work *w)
{
	char day[11];
	if (!w->spell->leaf)
		duty_assume(w, duty_words(w, "no measure that reaches only some of the lines below %s: ask for one of these lines", w->digits));
	const truce_schedule_revision *revision = truce_schedule_revision_at(w->ask->schedule, w->spell->revision);
	if (revision && revision->published > truce_instant_day(NULL, w->known))
		duty_assume(w, duty_words(w, "what the schedule says of the line was printed on %s only, with effect back to the day",
			truce_date_format(day, revision->published)));
}

int duty_find_good(struct duty_work *w, const char *text)
{
	w->digits = "";
	w->good = truce_record_find_known(w->ask->record, TRUCE_GOOD, text, w->known);
	if (w->good) {
		digits_of_good(w);
	} else {
		int status = digits_of(w, text);
		if (status == TRUCE_MEMORY)
			return status;
		if (status) {
			const char *near = truce_record_nearest(w->ask->record, TRUCE_GOOD, text, w->known);
			return truce_fail(w->ctx, TRUCE_NOT_FOUND, NULL, 0, 0, "name a good of the record, or a code of 4, 6, 8 or 10 digits",
				near ? "there is no good \"%s\"; is \"%s\" meant?" : "there is no good \"%s\"", text, near);
		}
		w->good = truce_record_good_of(w->ask->record, w->system, w->digits, w->known);
	}
	w->complete = w->good && duty_names(w->good->complete_into, w->into);
	if (!w->good && strncmp(w->digits, "99", 2) == 0)
		return truce_fail(w->ctx, TRUCE_NOT_FOUND, NULL, 0, 0, "ask for the line of the good; truce schedule show CODE prints the heading",
			"%s is of chapter 99, which names additional duties and no goods", text);
	if (w->ask->schedule && w->digits[0]) {
		const truce_schedule_line *line;
		size_t said = truce_diagnostic_count(w->ctx);
		int status = truce_schedule_on(w->ctx, w->ask->schedule, &line, &w->spell, w->digits, w->day);
		if (status && !w->complete)
			return status;
		if (status) {
			w->spell = NULL;
			truce_diagnostics_forget(w->ctx, said);
		} else if (strlen(w->digits) == 10 && strcmp(w->digits + 8, "00") != 0 && strcmp(line->code, w->digits) != 0) {
			duty_assume(w, duty_words(w, "%s was no line on that day: the duty is that of %.4s.%.2s.%.2s", text, line->code,
				line->code + 4, line->code + 6));
		}
	}
	if (w->spell)
		say_of_spell(w);
	if (!w->complete && !w->spell)
		return truce_fail(w->ctx, TRUCE_NOT_FOUND, NULL, 0, 0, "give a compiled schedule with --schedule FILE (truce schedule import)",
			"the duty on %s into %s is not complete in the record", text, w->into);
	return w->status;
}

const truce_membership *duty_membership(const struct duty_work *w, const char *measure)
{
	const truce_membership *found = NULL;
	for (size_t i = 0; w->good && i < w->good->on.count; i++) {
		const truce_membership *one = TRUCE_LIST_AT(w->good->on, const truce_membership, i);
		if (strcmp(one->measure, measure) == 0 && duty_running(w, one->begins, one->ends, one->known_from))
			found = one;
	}
	return found;
}

bool duty_has_membership(const struct duty_work *w, const char *measure)
{
	for (size_t i = 0; w->good && i < w->good->on.count; i++)
		if (strcmp(TRUCE_LIST_AT(w->good->on, const truce_membership, i)->measure, measure) == 0)
			return true;
	return false;
}

/* ---- lists of the schedule ---- */

static bool for_origin(const struct duty_work *w, const char *party)
{
	return strcmp(party, w->from) == 0 || truce_record_includes_party(w->ask->record, party, w->from, w->at);
}

/* Which lengths the codes of a list have: of the others nothing need be looked for. */
static uint32_t lengths_of(const struct duty_work *w, size_t list, const truce_schedule_member *rows, size_t count)
{
	uint32_t lengths = 1; /* looked at */
	if (!w->list_lengths)
		return UINT32_MAX;
	if (w->list_lengths[list])
		return w->list_lengths[list];
	for (size_t i = 0; i < count; i++)
		lengths |= (uint32_t)1 << (strlen(rows[i].code) & 31);
	return w->list_lengths[list] = lengths;
}

const truce_schedule_member *duty_listed(const struct duty_work *w, size_t list, const char *heading)
{
	size_t count;
	if (!w->list_lengths && !truce_schedule_list_holds(w->ask->schedule, list, w->digits))
		return NULL; /* most are not: a single question need not unpack the list */
	const truce_schedule_member *rows = truce_schedule_members(w->ask->schedule, list, &count);
	uint32_t lengths = lengths_of(w, list, rows, count);
	for (size_t digits = strlen(w->digits); digits >= 2; digits--) {
		const truce_schedule_member *for_all = NULL;
		size_t low = 0, high = count;
		if (!(lengths >> digits & 1))
			continue;
		while (low < high) {
			size_t middle = (low + high) / 2;
			if (strncmp(rows[middle].code, w->digits, digits) < 0)
				low = middle + 1;
			else
				high = middle;
		}
		/* A longer code that begins so comes after. */
		for (; low < count && strncmp(rows[low].code, w->digits, digits) == 0 && !rows[low].code[digits]; low++) {
			const truce_schedule_member *row = &rows[low];
			if (w->day < row->from || w->day >= row->until || (heading[0] && strcmp(row->heading, heading) != 0))
				continue;
			if (row->party[0] && for_origin(w, row->party))
				return row;
			if (!row->party[0] && !for_all)
				for_all = row;
		}
		if (for_all)
			return for_all;
	}
	return NULL;
}

struct duty_shares duty_shares_of(const struct duty_work *w, const char *measure, bool content)
{
	struct duty_shares shares = {0};
	for (size_t i = 0; w->ask->schedule && i < w->ask->share_count && shares.count < MOST_SHARE_LISTS; i++)
		if (w->ask->shares[i].content == content && w->share_lists[i] >= 0 && strcmp(w->ask->shares[i].measure, measure) == 0)
			shares.lists[shares.count++] = (size_t)w->share_lists[i];
	return shares;
}

double duty_share_in(const struct duty_work *w, const struct duty_shares *shares)
{
	for (size_t i = 0; i < shares->count; i++) {
		const truce_schedule_member *member = duty_listed(w, shares->lists[i], "");
		if (member && !isnan(member->value))
			return fmin(1, fmax(0, member->value));
	}
	return NAN;
}

double duty_share(const struct duty_work *w, const char *measure, bool content)
{
	struct duty_shares shares = duty_shares_of(w, measure, content);
	return duty_share_in(w, &shares);
}

/* Whether one of the lists of a measure's shares is in the schedule: a line that is not on it claims nothing. */
bool duty_shares_known(const struct duty_work *w, const char *measure)
{
	for (size_t i = 0; w->ask->schedule && i < w->ask->share_count; i++)
		if (strcmp(w->ask->shares[i].measure, measure) == 0 && w->share_lists[i] >= 0)
			return true;
	return false;
}

bool duty_has_shares(const struct duty_work *w, const char *measure)
{
	for (size_t i = 0; i < w->ask->share_count; i++)
		if (strcmp(w->ask->shares[i].measure, measure) == 0)
			return true;
	return false;
}

/* Digits of the heading that a citation names, "HTS 9903.88.03": the last word's, or what stands behind a blank or an
 * equals sign; "" where that is none. */
void duty_heading_of(char digits[static 16], const char *citation)
{
	size_t n = 0;
	const char *space = citation[0] == '=' ? citation : strrchr(citation, ' ');
	for (const char *at = space ? space : ""; *at && n + 1 < 16; at++)
		if (isdigit((unsigned char)*at))
			digits[n++] = *at;
	digits[n == 8 ? n : 0] = '\0';
}

/* "biden_25" as lists' ids spell it: "biden-25". */
static void spell_as_id(char *out, size_t size, const char *value)
{
	size_t n = 0;
	for (; *value && n + 1 < size; value++)
		out[n++] = *value == '_' ? '-' : (char)tolower((unsigned char)*value);
	out[n] = '\0';
}

/* Whether a list of the schedule is the one that a file of a good means: made of that file, and of those of its rows.
 * A heading that the rows must have goes to `heading`. */
static bool is_list_of(const truce_schedule_list *list, const truce_code_file *file, char heading[16])
{
	char value[64];
	heading[0] = '\0';
	if (strcmp(list->origin, file->file) != 0)
		return false;
	for (size_t i = 0; i < file->where.count; i++) {
		const char *equals = strchr(TRUCE_LIST_TEXT(file->where, i), '=');
		if (!equals)
			continue;
		duty_heading_of(value, equals); /* "=9903.88.69" */
		if (value[0]) {
			memcpy(heading, value, 16);
			continue;
		}
		spell_as_id(value, sizeof value, equals + 1);
		size_t length = strlen(value);
		const char *at = strstr(list->id, value);
		for (; at; at = strstr(at + 1, value))
			if (at > list->id && at[-1] == '-' && (at[length] == '\0' || at[length] == '-'))
				break;
		if (!at)
			return false;
	}
	return true;
}

/* Whether a list holds what may have been on a file's before the text was printed that stands in for it. */
static bool is_unprinted(const truce_schedule_list *list, const truce_code_file *file)
{
	size_t length = strlen(file->file);
	return strncmp(list->origin, file->file, length) == 0 && list->origin[length] == ',';
}

/* What a good leaves out of its lists; NULL: nothing. */
static const truce_scope *left_out_of(struct duty_work *w, const truce_good *good)
{
	truce_scope *out = good->except.count && good->files.count ? truce_arena_take(w->arena, sizeof *out) : NULL;
	if (good->except.count && good->files.count)
		w->status = out ? truce_record_scope(w->ctx, w->arena, out, w->ask->record, &good->except, NULL) : TRUCE_MEMORY;
	return out;
}

static void resolve_lists(struct duty_work *w, struct duty_goods *goods, const truce_yaml_list *ids, int depth)
{
	for (size_t i = 0; i < ids->count && depth < 8 && !w->status; i++) {
		const truce_good *good = truce_record_find_known(w->ask->record, TRUCE_GOOD, TRUCE_LIST_TEXT(*ids, i), w->known);
		if (!good)
			continue;
		resolve_lists(w, goods, &good->includes, depth + 1);
		const truce_scope *out = left_out_of(w, good);
		for (size_t f = 0; f < good->files.count; f++) {
			const truce_code_file *file = TRUCE_LIST_AT(good->files, const truce_code_file, f);
			const truce_schedule_list *list;
			char heading[16];
			bool there = false;
			for (size_t k = 0; (list = truce_schedule_list_at(w->ask->schedule, k)); k++) {
				there |= strcmp(list->origin, file->file) == 0;
				if (is_unprinted(list, file))
					goods->unprinted = (int)k;
				if (!is_list_of(list, file, heading))
					continue;
				if (goods->list_count == MOST_LISTS) {
					w->status = truce_fail(w->ctx, TRUCE_LIMIT, file->place.file, file->place.line, file->place.column, "split the good",
						"the good %s is made of more than %d lists", good->head.id, MOST_LISTS);
					return;
				}
				memcpy(goods->heading[goods->list_count], heading, sizeof heading);
				goods->out[goods->list_count] = out;
				goods->lists[goods->list_count++] = k;
			}
			if (!there)
				goods->absent = file->file;
		}
	}
}

static bool same_texts(const truce_yaml_list *a, const truce_yaml_list *b)
{
	bool same = a->count == b->count;
	for (size_t i = 0; same && i < a->count; i++)
		same = strcmp(TRUCE_LIST_TEXT(*a, i), TRUCE_LIST_TEXT(*b, i)) == 0;
	return same;
}

static struct duty_goods *resolve_new(struct duty_work *w, const truce_yaml_list *goods)
{
	struct duty_goods *one = truce_arena_take(w->arena, sizeof *one);
	if (!one || truce_grow(w->ctx, &w->goods, &w->goods_capacity, w->goods_count + 1, sizeof *w->goods)) {
		w->status = TRUCE_MEMORY;
		return NULL;
	}
	*one = (struct duty_goods){.list = goods, .index = w->goods_count, .unprinted = -1};
	if ((w->status = truce_record_scope(w->ctx, w->arena, &one->scope, w->ask->record, goods, NULL)))
		return NULL;
	if (w->ask->schedule)
		resolve_lists(w, one, goods, 0);
	if (w->status)
		return NULL;
	w->goods[w->goods_count++] = one;
	return one;
}

const struct duty_goods *duty_resolve(struct duty_work *w, const truce_yaml_list *goods)
{
	struct duty_goods *one = NULL;
	struct duty_alias *recent = &w->recent[((uintptr_t)goods->items >> 4) * 2654435761u >> 16 & 255];
	if (recent->goods && recent->items == goods->items)
		return recent->goods;
	for (size_t i = 0; i < w->alias_count; i++)
		if (w->aliases[i].items == goods->items) {
			*recent = w->aliases[i];
			return w->aliases[i].goods;
		}
	for (size_t i = 0; i < w->goods_count && !one; i++)
		if (same_texts(w->goods[i]->list, goods))
			one = w->goods[i];
	if (!one && !(one = resolve_new(w, goods)))
		return NULL;
	if (truce_grow(w->ctx, &w->aliases, &w->alias_capacity, w->alias_count + 1, sizeof *w->aliases)) {
		w->status = TRUCE_MEMORY;
		return NULL;
	}
	w->aliases[w->alias_count++] = (struct duty_alias){goods->items, one};
	return one;
}

/* Whether footnotes of the schedule name a heading that the measure cites: then they say all about its lines. */
static bool law_speaks(const struct duty_work *w, const truce_measure *measure)
{
	int list = truce_schedule_list_find(w->ask->schedule, "footnotes");
	size_t count = 0;
	const truce_schedule_member *members = list < 0 ? NULL : truce_schedule_members(w->ask->schedule, (size_t)list, &count);
	for (size_t i = 0; measure && i < measure->cites.count; i++) {
		char digits[16];
		duty_heading_of(digits, TRUCE_LIST_TEXT(measure->cites, i));
		for (size_t k = 0; digits[0] && k < count; k++)
			if (strcmp(members[k].heading, digits) == 0)
				return true;
	}
	return false;
}

/* What is taken not to be on a list, though it may be: the list was not given, or not printed for the day. */
static void say_unknown(struct duty_work *w, const struct duty_goods *goods)
{
	const truce_schedule_list *list = goods->unprinted < 0 || !duty_listed(w, (size_t)goods->unprinted, "") ? NULL :
		truce_schedule_list_at(w->ask->schedule, (size_t)goods->unprinted);
	if (w->ask->estimate || law_speaks(w, w->asking))
		return;
	if (list)
		duty_assume(w, duty_words(w, "taken as not on the list of %s on the day: its text names it, but is printed for later days only",
			list->source));
	if (goods->absent)
		duty_assume(w, duty_words(w, "taken as not on %s: the schedule was compiled without that list", goods->absent));
}

bool duty_goods_hold(struct duty_work *w, const truce_yaml_list *goods)
{
	if (goods->count == 0)
		return false;
	if (w->good && duty_names(*goods, w->good->head.id))
		return true;
	const struct duty_goods *one = w->status || !w->digits[0] ? NULL : duty_resolve(w, goods);
	if (!one)
		return false;
	if (w->goods_touched && !(w->goods_touched[one->index / 64] >> one->index % 64 & 1))
		return one->scope.all;
	for (size_t i = 0; i < one->list_count; i++)
		if (duty_listed(w, one->lists[i], one->heading[i]) &&
			!(one->out[i] && truce_scope_contains(one->out[i], w->system, w->digits, w->at)))
			return true;
	if (truce_scope_contains(&one->scope, w->system, w->digits, w->at))
		return true;
	if (!w->quiet && (one->absent || one->unprinted >= 0))
		say_unknown(w, one);
	return false;
}

/* ---- the scope of a measure ---- */

/* A list printed for a heading: it speaks of the days that its rows cover. */
static void add_printed(const struct duty_work *w, struct duty_heading *heading, size_t list)
{
	size_t count;
	const truce_schedule_member *rows = truce_schedule_members(w->ask->schedule, list, &count);
	for (size_t i = 0; i < count; i++) {
		bool first = heading->from >= heading->until;
		if (first || rows[i].from < heading->from)
			heading->from = rows[i].from;
		if (first || rows[i].until > heading->until)
			heading->until = rows[i].until;
	}
	heading->lists[heading->list_count++] = list;
}

bool duty_heading_printed(const struct duty_heading *heading, truce_date day)
{
	return heading->list_count && day >= heading->from && day < heading->until;
}

const struct duty_law *duty_law_of(struct duty_work *w, const truce_measure *measure)
{
	for (size_t i = 0; i < w->law_count; i++)
		if (w->laws[i]->measure == measure)
			return w->laws[i];
	struct duty_law *law = truce_arena_take(w->arena, sizeof *law);
	struct duty_heading *headings = truce_arena_array(w->arena, measure->cites.count + 1, sizeof *headings);
	if (!law || !headings || truce_grow(w->ctx, &w->laws, &w->law_capacity, w->law_count + 1, sizeof *w->laws)) {
		w->status = TRUCE_MEMORY;
		return NULL;
	}
	*law = (struct duty_law){.measure = measure, .index = w->law_count, .headings = headings};
	for (size_t i = 0; i < measure->cites.count; i++) {
		struct duty_heading *heading = &headings[law->count];
		const truce_schedule_list *list;
		duty_heading_of(heading->digits, TRUCE_LIST_TEXT(measure->cites, i));
		if (!heading->digits[0])
			continue;
		for (size_t k = 0; (list = truce_schedule_list_at(w->ask->schedule, k)); k++) {
			if (strcmp(list->origin, "notes") != 0 || strcmp(list->heading, heading->digits) != 0)
				continue;
			if (heading->list_count == MOST_LISTS) {
				w->status = truce_fail(w->ctx, TRUCE_LIMIT, NULL, 0, 0, NULL, "more than %d lists of the notes are of heading %s", MOST_LISTS,
					heading->digits);
				return NULL;
			}
			add_printed(w, heading, k);
		}
		law->count++;
	}
	w->laws[w->law_count++] = law;
	return law;
}

/* Whether the law names the line under a heading that the measure cites: the list printed in its notes decides on the
 * days that it speaks of; on others, and where there is none, the footnotes on the line. */
static bool law_names(struct duty_work *w, const truce_measure *measure)
{
	const struct duty_law *law = w->spell ? duty_law_of(w, measure) : NULL;
	if (!law || (w->laws_touched && !(w->laws_touched[law->index / 64] >> law->index % 64 & 1)))
		return false;
	for (size_t i = 0; i < law->count; i++) {
		const struct duty_heading *heading = &law->headings[i];
		bool printed = duty_heading_printed(heading, w->day);
		for (size_t k = 0; printed && k < heading->list_count; k++)
			if (duty_listed(w, heading->lists[k], ""))
				return true;
		for (size_t h = 0; !printed && h < w->spell->heading_count; h++)
			if (strcmp(w->spell->headings[h], heading->digits) == 0)
				return true;
	}
	return false;
}

bool duty_is_all(truce_yaml_list goods)
{
	return duty_names(goods, "all");
}

/* Whether the measure leaves the good out.  Lists do not say since when a row is known; an exclusion of the measure does:
 * what it names was not out before. */
static bool left_out(struct duty_work *w, const truce_measure *measure)
{
	if (!duty_goods_hold(w, &measure->act.except_goods))
		return false;
	for (size_t i = 0; i < measure->exclusions.count; i++) {
		const truce_exclusion *one = TRUCE_LIST_AT(measure->exclusions, const truce_exclusion, i);
		if (one->known_from > w->known && duty_goods_hold(w, &one->goods))
			return false;
	}
	return true;
}

/* In scope, with the membership that says so where there is one. */
bool duty_in_scope(struct duty_work *w, const truce_measure *measure, const truce_membership **by)
{
	*by = duty_membership(w, measure->head.id);
	if (*by)
		return (*by)->in != 0;
	if (duty_has_membership(w, measure->head.id) && !duty_is_all(measure->act.goods))
		return false; /* it was on the list at another time */
	if (!duty_is_all(measure->act.goods) && law_names(w, measure))
		return true;
	w->asking = measure;
	bool in = duty_is_all(measure->act.goods) || duty_goods_hold(w, &measure->act.goods);
	w->asking = NULL;
	return in && !left_out(w, measure);
}
