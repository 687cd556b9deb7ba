/* scope.c, room `record`: which codes a list of goods stands for. */
#include <string.h>

#include "private.h"

struct expander {
	truce_context *ctx;
	truce_arena *arena;
	const truce_record *record;
	truce_code_range *ranges;
	size_t count, capacity;
	const char **missing;
	size_t missing_count, missing_capacity;
	size_t group; /* the last one given */
	bool files;   /* read list files */
};

static int add_range(struct expander *e, truce_code_range range)
{
	int status = truce_grow(e->ctx, &e->ranges, &e->capacity, e->count + 1, sizeof *e->ranges);
	if (status == TRUCE_OK)
		e->ranges[e->count++] = range;
	return status;
}

/* The digits of a code, without dots; NULL without memory. */
static const char *digits_of(truce_arena *arena, const char *text, size_t length)
{
	char *digits = truce_arena_take(arena, length + 1);
	size_t count = 0;
	for (size_t i = 0; digits && i < length; i++)
		if (text[i] >= '0' && text[i] <= '9')
			digits[count++] = text[i];
	return digits;
}

/* "hts:8505.11-8505.19" */
static int add_code(struct expander *e, const char *text, truce_code_range like)
{
	const char *colon = strchr(text, ':'), *dash = colon ? strchr(colon, '-') : NULL;
	if (!colon)
		return TRUCE_OK;
	const char *code = colon + 1;
	like.system = truce_arena_copy(e->arena, text, (size_t)(colon - text));
	like.first = digits_of(e->arena, code, dash ? (size_t)(dash - code) : strlen(code));
	like.last = dash ? digits_of(e->arena, dash + 1, strlen(dash + 1)) : NULL;
	if (!like.system || !like.first || (dash && !like.last))
		return TRUCE_MEMORY;
	return add_range(e, like);
}

static int add_missing(struct expander *e, const char *file)
{
	int status = truce_grow(e->ctx, &e->missing, &e->missing_capacity, e->missing_count + 1, sizeof *e->missing);
	if (status == TRUCE_OK)
		e->missing[e->missing_count++] = file;
	return status;
}

/* Beside the YAML file, then in the folder of the setting "lists". */
static const char *list_path(struct expander *e, const truce_code_file *file)
{
	const char *slash = file->place.file ? strrchr(file->place.file, '/') : NULL;
	const char *path = file->file[0] == '/' || !slash ? truce_arena_text(e->arena, file->file)
		: truce_arena_printf(e->arena, "%.*s/%s", (int)(slash - file->place.file), file->place.file, file->file);
	if (path && truce_file_exists(path))
		return path;
	const char *lists = truce_setting_get(e->ctx, "lists", NULL);
	path = lists ? truce_arena_printf(e->arena, "%s/%s", lists, file->file) : NULL;
	return path && truce_file_exists(path) ? path : NULL;
}

/* A date of a row: empty is open; anything else must be one. */
static int row_date(truce_csv *csv, const char *column, bool through, truce_instant *out)
{
	size_t at;
	truce_time time;
	if (!column)
		return TRUCE_OK;
	int status = truce_csv_column(csv, &at, column);
	if (status != TRUCE_OK)
		return status;
	const char *text = truce_csv_field(csv, at);
	if (!*text)
		return TRUCE_OK;
	if (truce_time_parse(text, &time) != TRUCE_OK)
		return truce_csv_fail(csv, at, "write 2025-08-27", "'%s' is no date", text);
	*out = through ? truce_time_end(&time, NULL) + 1 : truce_time_start(&time, NULL);
	return TRUCE_OK;
}

static int row_holds(truce_csv *csv, const truce_yaml_list *where, bool *out)
{
	*out = true;
	for (size_t i = 0; i < where->count; i++) {
		const char *text = TRUCE_LIST_TEXT(*where, i), *equals = strchr(text, '=');
		char column[128];
		size_t at;
		if (!equals || (size_t)(equals - text) >= sizeof column)
			return TRUCE_OK;
		memcpy(column, text, (size_t)(equals - text));
		column[equals - text] = '\0';
		int status = truce_csv_column(csv, &at, column);
		if (status != TRUCE_OK)
			return status;
		if (strcmp(truce_csv_field(csv, at), equals + 1) != 0)
			*out = false;
	}
	return TRUCE_OK;
}

static int add_file(struct expander *e, const truce_good *good, const truce_code_file *file, truce_code_range like)
{
	const char *path = list_path(e, file);
	if (!path && file->optional)
		return add_missing(e, file->file);
	if (!path)
		return truce_fail(e->ctx, TRUCE_NOT_FOUND, file->place.file, file->place.line, file->place.column,
			"put it beside the record, or set `lists`", "the list %s of %s is not there", file->file, good->head.id);
	truce_csv *csv = NULL;
	size_t code = 0, source = 0;
	int status = truce_csv_open(e->ctx, &csv, path);
	if (status == TRUCE_OK)
		status = truce_csv_column(csv, &code, file->column);
	if (status == TRUCE_OK && file->source_column)
		status = truce_csv_column(csv, &source, file->source_column);
	like.system = file->system;
	while (status == TRUCE_OK) {
		bool holds;
		int next = truce_csv_next(csv);
		if (next <= 0) {
			status = next;
			break;
		}
		truce_code_range range = like;
		if ((status = row_holds(csv, &file->where, &holds)) != TRUCE_OK || !holds)
			continue;
		if ((status = row_date(csv, file->from_column, false, &range.begins)) != TRUCE_OK ||
			(status = row_date(csv, file->until_column, false, &range.ends)) != TRUCE_OK ||
			(status = row_date(csv, file->through_column, true, &range.ends)) != TRUCE_OK)
			continue;
		const char *text = truce_csv_field(csv, code);
		if (!*text)
			continue;
		range.first = digits_of(e->arena, text, strlen(text));
		const char *row_source = file->source_column ? truce_csv_field(csv, source)
			: file->sources.count ? TRUCE_LIST_TEXT(file->sources, 0) : NULL;
		range.source = truce_arena_text(e->arena, row_source);
		if (!range.first || (row_source && !range.source))
			status = TRUCE_MEMORY;
		else if (strlen(range.first) < 2)
			status = truce_csv_fail(csv, code, NULL, "'%s' is no tariff code", text);
		else
			status = add_range(e, range);
	}
	truce_csv_close(csv);
	return status;
}

/* One name: a code, a good with all it includes, or "all". */
static int expand(struct expander *e, const char *name, truce_code_range like, bool *all, int depth)
{
	if (strcmp(name, "all") == 0) {
		*all = true;
		return TRUCE_OK;
	}
	if (strchr(name, ':'))
		return add_code(e, name, like);
	const truce_good *good = truce_record_find(e->record, TRUCE_GOOD, name);
	if (!good || depth > 32)
		return TRUCE_OK;
	like.good = good;
	size_t first = like.except ? like.group : ++e->group;
	int status = TRUCE_OK;
	if (!like.except)
		like.group = like.group_last = first;
	for (size_t i = 0; i < good->codes.count && status == TRUCE_OK; i++)
		status = expand(e, TRUCE_LIST_TEXT(good->codes, i), like, all, depth + 1);
	for (size_t i = 0; e->files && i < good->files.count && status == TRUCE_OK; i++)
		status = add_file(e, good, TRUCE_LIST_AT(good->files, truce_code_file, i), like);
	for (size_t i = 0; i < good->includes.count && status == TRUCE_OK; i++)
		status = expand(e, TRUCE_LIST_TEXT(good->includes, i), like, all, depth + 1);
	/* What this good leaves out, it leaves out of itself and of all it includes; an exception of an exception is not kept. */
	truce_code_range out = like;
	out.except = true;
	out.group = first;
	out.group_last = e->group;
	for (size_t i = 0; i < good->except.count && status == TRUCE_OK && !like.except; i++)
		status = expand(e, TRUCE_LIST_TEXT(good->except, i), out, &(bool){false}, depth + 1);
	return status;
}

static int scope_of(truce_context *ctx, truce_arena *arena, truce_scope *out, const truce_record *record, const truce_yaml_list *goods,
	const truce_yaml_list *except_goods, bool files)
{
	struct expander e = {.ctx = ctx, .arena = arena, .record = record, .files = files};
	truce_code_range like = {.begins = TRUCE_EVER, .ends = TRUCE_NEVER};
	bool all = false;
	int status = TRUCE_OK;
	*out = (truce_scope){0};
	for (size_t i = 0; i < goods->count && status == TRUCE_OK; i++)
		status = expand(&e, TRUCE_LIST_TEXT(*goods, i), like, &all, 0);
	like.except = true;
	like.group = 0;
	like.group_last = SIZE_MAX;
	for (size_t i = 0; except_goods && i < except_goods->count && status == TRUCE_OK; i++)
		status = expand(&e, TRUCE_LIST_TEXT(*except_goods, i), like, &(bool){false}, 0);
	if (status == TRUCE_OK) {
		truce_code_range *ranges = truce_arena_array(arena, e.count + 1, sizeof *ranges);
		const char **missing = truce_arena_array(arena, e.missing_count + 1, sizeof *missing);
		if (ranges && missing) {
			if (e.count)
				memcpy(ranges, e.ranges, e.count * sizeof *ranges);
			if (e.missing_count)
				memcpy(missing, e.missing, e.missing_count * sizeof *missing);
			*out = (truce_scope){all, e.count, ranges, e.missing_count, missing};
		} else {
			status = TRUCE_MEMORY;
		}
	}
	truce_release(ctx, e.ranges);
	truce_release(ctx, e.missing);
	return status;
}

int truce_record_scope(truce_context *ctx, truce_arena *arena, truce_scope *out, const truce_record *record,
	const truce_yaml_list *goods, const truce_yaml_list *except_goods)
{
	return scope_of(ctx, arena, out, record, goods, except_goods, true);
}

/* ---- membership --------------------------------------------------------------------------------------------------------- */

/* Digits of a code, dots dropped, at most 15. */
static size_t pack(const char *code, char out[16])
{
	size_t length = 0;
	for (; *code && length < 15; code++)
		if (*code >= '0' && *code <= '9')
			out[length++] = *code;
	out[length] = '\0';
	return length;
}

static bool range_holds(const truce_code_range *range, const char *system, const char *digits, size_t length)
{
	if (strcmp(range->system, "hs") != 0 && strcmp(range->system, system) != 0)
		return false;
	size_t first = strlen(range->first);
	/* A code shorter than the range's is only in it if it is cut from within it: it is not known to be. */
	if (length < first)
		return false;
	if (!range->last)
		return memcmp(digits, range->first, first) == 0;
	size_t last = strlen(range->last);
	return length >= last && memcmp(digits, range->first, first) >= 0 && memcmp(digits, range->last, last) <= 0;
}

bool truce_scope_contains(const truce_scope *scope, const char *system, const char *code, truce_instant at)
{
	char digits[16];
	size_t length = pack(code, digits);
	for (size_t i = 0; i < scope->count; i++) /* exceptions for all */
		if (scope->ranges[i].except && scope->ranges[i].group == 0 && scope->ranges[i].begins <= at && at < scope->ranges[i].ends &&
			range_holds(&scope->ranges[i], system, digits, length))
			return false;
	if (scope->all)
		return true;
	for (size_t i = 0; i < scope->count; i++) {
		const truce_code_range *range = &scope->ranges[i];
		if (range->except || range->begins > at || at >= range->ends || !range_holds(range, system, digits, length))
			continue;
		bool out = false;
		for (size_t k = 0; k < scope->count && !out; k++) {
			const truce_code_range *except = &scope->ranges[k];
			out = except->except && except->group && except->group <= range->group && range->group <= except->group_last &&
				except->begins <= at && at < except->ends && range_holds(except, system, digits, length);
		}
		if (!out)
			return true;
	}
	return false;
}

/* How many digits of the code the good's own codes hold; 0: it is not in it. */
static size_t held_by(const truce_record *record, const truce_good *good, const char *system, const char *digits, size_t length, int depth)
{
	size_t best = 0;
	for (size_t i = 0; i < good->codes.count; i++) {
		const char *text = TRUCE_LIST_TEXT(good->codes, i), *colon = strchr(text, ':');
		char own[32], first[16], last[16];
		if (!colon || (size_t)(colon - text) >= sizeof own)
			continue;
		memcpy(own, text, (size_t)(colon - text));
		own[colon - text] = '\0';
		const char *dash = strchr(colon, '-');
		truce_code_range range = {.system = own, .first = first, .last = dash ? last : NULL};
		size_t cut = pack(colon + 1, first);
		if (dash) {
			char head[64];
			snprintf(head, sizeof head, "%.*s", (int)(dash - colon - 1), colon + 1);
			cut = pack(head, first);
			pack(dash + 1, last);
		}
		if (range_holds(&range, system, digits, length) && cut > best)
			best = cut;
	}
	for (size_t i = 0; i < good->includes.count && depth < 32; i++) {
		const truce_good *other = truce_record_find(record, TRUCE_GOOD, TRUCE_LIST_TEXT(good->includes, i));
		size_t held = other ? held_by(record, other, system, digits, length, depth + 1) : 0;
		if (held > best)
			best = held;
	}
	return best;
}

const truce_good *truce_record_good_of(const truce_record *record, const char *system, const char *code, truce_instant known)
{
	char digits[16];
	size_t length = pack(code, digits), best = 0;
	const truce_good *found = NULL;
	for (size_t i = 0; i < record->count[TRUCE_GOOD]; i++) {
		const truce_good *good = record->of_kind[TRUCE_GOOD][i];
		if (!truce_record_visible(good, known))
			continue;
		size_t held = held_by(record, good, system, digits, length, 0);
		/* Of two that hold it as well, the one with a duty of its own, then the first. */
		if (held > best || (held && held == best && found && !found->normal_duty.count && good->normal_duty.count)) {
			best = held;
			found = good;
		}
	}
	return found;
}

/* ---- overlap, for conditions and contradictions ---------------------------------------------------------------------------- */

static bool codes_touch(const truce_code_range *a, const truce_code_range *b)
{
	if (strcmp(a->system, b->system) != 0 && strcmp(a->system, "hs") != 0 && strcmp(b->system, "hs") != 0)
		return false;
	const char *a_last = a->last ? a->last : a->first, *b_last = b->last ? b->last : b->first;
	size_t low = strlen(a->first) < strlen(b_last) ? strlen(a->first) : strlen(b_last);
	size_t high = strlen(b->first) < strlen(a_last) ? strlen(b->first) : strlen(a_last);
	return memcmp(a->first, b_last, low) <= 0 && memcmp(b->first, a_last, high) <= 0;
}

bool record_goods_overlap(truce_context *ctx, const truce_record *record, const truce_yaml_list *a, const truce_yaml_list *b)
{
	truce_arena *arena = NULL;
	truce_scope left, right;
	bool overlap = false;
	for (size_t i = 0; i < a->count && !overlap; i++)
		for (size_t k = 0; k < b->count && !overlap; k++)
			overlap = strcmp(TRUCE_LIST_TEXT(*a, i), TRUCE_LIST_TEXT(*b, k)) == 0;
	if (overlap || truce_arena_new(ctx, &arena) != TRUCE_OK)
		return overlap;
	if (scope_of(ctx, arena, &left, record, a, NULL, false) == TRUCE_OK &&
		scope_of(ctx, arena, &right, record, b, NULL, false) == TRUCE_OK) {
		overlap = (left.all && (right.all || right.count)) || (right.all && left.count);
		for (size_t i = 0; i < left.count && !overlap; i++)
			for (size_t k = 0; k < right.count && !overlap; k++)
				overlap = !left.ranges[i].except && !right.ranges[k].except && codes_touch(&left.ranges[i], &right.ranges[k]);
	}
	truce_arena_free(arena);
	return overlap;
}
