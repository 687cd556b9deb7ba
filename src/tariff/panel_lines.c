/* panel_lines.c: lines that every list, range and law treats alike are one class (tariff room).
 *
 * Not each line is asked for each list, but each row of a list marks the lines below its code: the lines stand sorted. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "panel_private.h"

/* ---- which lines ---- */

static const truce_schedule_line *exact_line(const truce_schedule *schedule, const char *code)
{
	size_t low = 0, high = truce_schedule_tell(schedule).lines;
	while (low < high) {
		size_t middle = (low + high) / 2;
		const truce_schedule_line *line = truce_schedule_line_at(schedule, middle);
		int order = strcmp(line->code, code);
		if (order == 0)
			return line;
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

/* Where its spells are looked for is what truce_schedule_on does: the line itself, its eight digits, its eight with 00. */
static struct panel_line line_of(const truce_tariff_panel *p, const char *code)
{
	struct panel_line line = {.code = code, .exact = exact_line(p->ask.schedule, code)};
	size_t n = strlen(code);
	char other[13];
	if (n == 10) {
		memcpy(other, code, 8);
		other[8] = '\0';
		line.eight = exact_line(p->ask.schedule, other);
	}
	if (n == 8 || n == 10) {
		memcpy(other, code, 8);
		memcpy(other + 8, "00", 3);
		line.zero = exact_line(p->ask.schedule, other);
	}
	return line;
}

static bool leaf_between(const truce_schedule_line *line, truce_date from, truce_date through)
{
	for (size_t i = 0; i < line->count; i++)
		if (line->spells[i].leaf && line->spells[i].from <= through && line->spells[i].until > from)
			return true;
	return false;
}

static bool wanted(const truce_tariff_panel_options *options, const char *code)
{
	bool found = options->prefix_count == 0;
	for (size_t i = 0; i < options->prefix_count && !found; i++)
		found = strncmp(options->prefixes[i], code, strlen(options->prefixes[i])) == 0;
	return found;
}

static int by_text(const void *left, const void *right)
{
	return strcmp(*(const char *const *)left, *(const char *const *)right);
}

static int codes_of_schedule(truce_tariff_panel *p, const truce_tariff_panel_options *options, const char **codes, size_t *count)
{
	truce_date from = p->from < p->known_day ? p->from : p->known_day, through = p->until - 1 < p->known_day ? p->until - 1 : p->known_day;
	const truce_schedule_line *line;
	for (size_t i = 0; (line = truce_schedule_line_at(p->ask.schedule, i)); i++) {
		if (!leaf_between(line, from, through) || strncmp(line->code, "99", 2) == 0)
			continue;
		const char *code = line->digits == 8 ? truce_arena_printf(p->arena, "%s00", line->code) : line->code;
		if (!code)
			return TRUCE_MEMORY;
		if (wanted(options, code))
			codes[(*count)++] = code;
	}
	return TRUCE_OK;
}

/* What was asked for and is no line of the schedule on any of the days. */
static int check_found(const truce_tariff_panel *p, const truce_tariff_panel_options *options)
{
	truce_schedule_about about = truce_schedule_tell(p->ask.schedule);
	char from[11], until[11], days[40];
	truce_date_format(from, about.from);
	snprintf(days, sizeof days, about.until == TRUCE_FOREVER ? "%s on" : "%s to before %s", from, truce_date_format(until, about.until));
	if (!options->prefix_count && !p->line_count)
		return truce_fail(p->ctx, TRUCE_NOT_FOUND, NULL, 0, 0, "ask for other days, or import the schedule of these",
			"the schedule of %s has no lines on these days: it covers %s", p->work->into, days);
	for (size_t i = 0; i < options->prefix_count; i++) {
		bool found = false;
		for (size_t k = 0; k < p->line_count && !found; k++)
			found = strncmp(options->prefixes[i], p->lines[k].code, strlen(options->prefixes[i])) == 0;
		if (!found)
			return truce_fail(p->ctx, TRUCE_NOT_FOUND, NULL, 0, 0, strncmp(options->prefixes[i], "99", 2) == 0 ?
				"chapter 99 names additional duties and no goods" : "truce schedule find looks for words in descriptions",
				"no line of the schedule of %s begins with %s on these days; it covers %s", p->work->into, options->prefixes[i], days);
	}
	return TRUCE_OK;
}

int panel_find_lines(truce_tariff_panel *p, const truce_tariff_panel_options *options)
{
	size_t count = 0, most = options->code_count ? options->code_count : truce_schedule_tell(p->ask.schedule).lines;
	const char **codes = truce_arena_array(p->scratch, most + 1, sizeof *codes);
	int status = codes ? TRUCE_OK : TRUCE_MEMORY;
	if (!status && !options->code_count)
		status = codes_of_schedule(p, options, codes, &count);
	for (size_t i = 0; i < options->code_count && !status; i++)
		if (!(codes[count++] = truce_arena_text(p->arena, options->codes[i])))
			status = TRUCE_MEMORY;
	p->lines = status ? NULL : truce_arena_array(p->arena, count + 1, sizeof *p->lines);
	if (status || !p->lines)
		return status ? status : TRUCE_MEMORY;
	if (count)
		qsort(codes, count, sizeof *codes, by_text);
	for (size_t i = 0; i < count; i++)
		if (i == 0 || strcmp(codes[i], codes[i - 1]) != 0)
			p->lines[p->line_count++] = line_of(p, codes[i]);
	return options->code_count ? TRUCE_OK : check_found(p, options);
}

const truce_schedule_spell *panel_spell(const struct panel_line *line, truce_date day)
{
	const truce_schedule_spell *spell = line->exact ? truce_schedule_spell_on(line->exact, day) : NULL;
	if (!spell && line->eight)
		spell = truce_schedule_spell_on(line->eight, day);
	if (!spell && line->zero)
		spell = truce_schedule_spell_on(line->zero, day);
	return spell;
}

static truce_date schedule_day(const truce_tariff_panel *p, size_t segment)
{
	return p->days[segment] < p->known_day ? p->days[segment] : p->known_day;
}

static const truce_schedule_spell *spell_at(const truce_tariff_panel *p, const struct panel_line *line, size_t segment)
{
	truce_schedule_about about = truce_schedule_tell(p->ask.schedule);
	truce_date day = schedule_day(p, segment);
	return day < about.from || day >= about.until ? NULL : panel_spell(line, day);
}

static bool complete(const truce_tariff_panel *p, const struct panel_line *line)
{
	return line->good && duty_names(line->good->complete_into, p->work->into);
}

static void set_bit(uint64_t *bits, size_t i)
{
	bits[i / 64] |= (uint64_t)1 << i % 64;
}

static void mark_segment(const truce_tariff_panel *p, uint64_t *bits, truce_date day)
{
	size_t s = panel_segment_from(p, day);
	if (s < p->segment_count)
		set_bit(bits, s);
}

void panel_boundaries(const truce_tariff_panel *p, const struct panel_line *line, uint64_t *bits)
{
	const truce_schedule_line *sources[] = {line->exact, line->eight, line->zero};
	memset(bits, 0, p->change_words * sizeof *bits);
	set_bit(bits, 0);
	mark_segment(p, bits, truce_schedule_tell(p->ask.schedule).from);
	for (size_t i = 0; i < 3; i++)
		for (size_t k = 0; sources[i] && k < sources[i]->count; k++) {
			mark_segment(p, bits, sources[i]->spells[k].from);
			mark_segment(p, bits, sources[i]->spells[k].until);
		}
	/* The record's own word on a complete good has windows of its own. */
	for (size_t s = 1; s < p->segment_count && complete(p, line); s++)
		set_bit(bits, s);
}

void panel_programme_boundaries(const truce_tariff_panel *p, uint64_t *bits)
{
	for (size_t i = 0; i < p->ask.programme_count; i++) {
		mark_segment(p, bits, p->ask.programmes[i].from);
		mark_segment(p, bits, p->ask.programmes[i].until);
	}
	for (size_t s = 1; s < p->segment_count; s++)
		if (p->epoch_of[s] != p->epoch_of[s - 1])
			set_bit(bits, s);
}

/* ---- what touches them ---- */

/* Lines whose codes begin between two digits texts (each cut to its length): [*first, *last). */
static void lines_between(const truce_tariff_panel *p, const char *low_code, const char *high_code, size_t *first, size_t *last)
{
	size_t low_length = strlen(low_code), high_length = strlen(high_code), low = 0, high = p->line_count;
	while (low < high) {
		size_t middle = (low + high) / 2;
		if (strncmp(p->lines[middle].code, low_code, low_length) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	*first = low;
	for (high = p->line_count; low < high;) {
		size_t middle = (low + high) / 2;
		if (strncmp(p->lines[middle].code, high_code, high_length) <= 0)
			low = middle + 1;
		else
			high = middle;
	}
	*last = low;
}

static void mark_day(const truce_tariff_panel *p, size_t line, truce_date day)
{
	size_t s = panel_segment_from(p, day);
	if (s > 0 && s < p->segment_count)
		set_bit(p->changes + line * p->change_words, s);
}

static void mark_instant(const truce_tariff_panel *p, size_t line, truce_instant at)
{
	if (at == TRUCE_EVER || at == TRUCE_NEVER)
		return;
	truce_date day = truce_instant_day(p->work->zone, at);
	if (day > p->from && day < p->until)
		set_bit(p->changes + line * p->change_words, p->segment_of[day - p->from]);
}

/* Rows of a list mark their lines; what of a row decides is in the lines' fingerprints. */
static void touch_list(truce_tariff_panel *p, size_t list, const char *heading, uint64_t what, uint64_t *bits, size_t words, size_t bit, bool *parties)
{
	size_t count;
	const truce_schedule_member *rows = truce_schedule_members(p->ask.schedule, list, &count);
	for (size_t i = 0; i < count; i++) {
		size_t first, last;
		if (heading[0] && strcmp(rows[i].heading, heading) != 0)
			continue;
		struct panel_key row = {0};
		panel_mix(&row, what);
		panel_mix(&row, list);
		panel_mix(&row, strlen(rows[i].code));
		panel_mix(&row, (uint64_t)(uint32_t)rows[i].from << 32 | (uint32_t)rows[i].until);
		panel_mix_text(&row, rows[i].party);
		panel_mix_double(&row, rows[i].value);
		lines_between(p, rows[i].code, rows[i].code, &first, &last);
		for (size_t line = first; line < last; line++) {
			if (bits)
				set_bit(bits + line * words, bit);
			panel_mix(&p->signatures[line], row.a);
			mark_day(p, line, rows[i].from);
			mark_day(p, line, rows[i].until);
			parties[line] |= rows[i].party[0] != '\0';
		}
	}
}

static void touch_range(truce_tariff_panel *p, const struct duty_goods *goods, const truce_code_range *range)
{
	size_t first, last, shortest = strlen(range->first), last_length = range->last ? strlen(range->last) : 0;
	if (strcmp(range->system, "hs") != 0 && strcmp(range->system, p->work->system) != 0)
		return;
	struct panel_key key = {0};
	panel_mix(&key, goods->index * 2 + range->except);
	panel_mix(&key, (uint64_t)range->begins);
	panel_mix(&key, (uint64_t)range->ends);
	panel_mix(&key, range->group);
	panel_mix(&key, range->group_last);
	lines_between(p, range->first, range->last ? range->last : range->first, &first, &last);
	for (size_t line = first; line < last; line++) {
		size_t length = strlen(p->lines[line].code);
		if (length < shortest || length < last_length)
			continue;
		set_bit(p->goods_touched + line * p->goods_words, goods->index);
		panel_mix(&p->signatures[line], key.a);
		mark_instant(p, line, range->begins);
		mark_instant(p, line, range->ends);
	}
}

struct cited {
	const struct duty_heading *heading;
	const char *digits;
	size_t law;
};

static int by_digits(const void *left, const void *right)
{
	const struct cited *a = left, *b = right;
	int order = strcmp(a->digits, b->digits);
	return order ? order : (a->law > b->law) - (a->law < b->law);
}

static bool printed_throughout(const truce_tariff_panel *p, const struct duty_heading *heading)
{
	return duty_heading_printed(heading, p->from) && duty_heading_printed(heading, p->until - 1);
}

/* Headings that laws cite and no notes print for every day of the panel: the footnotes of lines name them. */
static int cited_headings(const truce_tariff_panel *p, struct cited **out, size_t *count)
{
	const struct duty_work *w = p->work;
	size_t most = 0;
	for (size_t i = 0; i < w->law_count; i++)
		most += w->laws[i]->count;
	*count = 0;
	*out = truce_arena_array(p->scratch, most + 1, sizeof **out);
	if (!*out)
		return TRUCE_MEMORY;
	for (size_t i = 0; i < w->law_count; i++)
		for (size_t h = 0; h < w->laws[i]->count; h++)
			if (!printed_throughout(p, &w->laws[i]->headings[h]))
				(*out)[(*count)++] = (struct cited){&w->laws[i]->headings[h], w->laws[i]->headings[h].digits, i};
	qsort(*out, *count, sizeof **out, by_digits);
	return TRUCE_OK;
}

static uint64_t mix_headings(truce_tariff_panel *p, size_t line, const truce_schedule_spell *spell, const struct cited *cited, size_t count)
{
	struct panel_key key = {0};
	panel_mix(&key, spell != NULL);
	for (size_t h = 0; spell && h < spell->heading_count; h++) {
		size_t low = 0, high = count;
		while (low < high) {
			size_t middle = (low + high) / 2;
			if (strcmp(cited[middle].digits, spell->headings[h]) < 0)
				low = middle + 1;
			else
				high = middle;
		}
		for (; low < count && strcmp(cited[low].digits, spell->headings[h]) == 0; low++) {
			set_bit(p->laws_touched + line * p->law_words, cited[low].law);
			panel_mix(&key, cited[low].law + 1);
			if (cited[low].heading->list_count) { /* the footnote speaks until the list does */
				mark_day(p, line, cited[low].heading->from);
				mark_day(p, line, cited[low].heading->until);
			}
		}
	}
	return key.a;
}

/* Spells: which headings their footnotes name goes to the fingerprint of measures, their duties to that of the normal duty. */
static void touch_spells(truce_tariff_panel *p, size_t line, struct panel_key *normal, const struct cited *cited, size_t count,
	uint64_t *boundaries)
{
	panel_boundaries(p, &p->lines[line], boundaries);
	const truce_schedule_spell *before = NULL;
	uint64_t last = 0; /* the first is taken whatever it is */
	for (size_t s = 0; s < p->segment_count; s++) {
		if (!(boundaries[s / 64] >> s % 64 & 1))
			continue;
		const truce_schedule_spell *spell = spell_at(p, &p->lines[line], s);
		uint64_t headings = mix_headings(p, line, spell, cited, count);
		if (s == 0 || headings != last) {
			panel_mix(&p->signatures[line], s);
			panel_mix(&p->signatures[line], headings);
			if (s)
				set_bit(p->changes + line * p->change_words, s);
		}
		last = headings;
		if (s && spell && before && spell->general == before->general && spell->column2 == before->column2 &&
			spell->special == before->special && spell->special_count == before->special_count)
			continue;
		before = spell;
		panel_mix(normal, s);
		panel_mix(normal, spell ? (uint64_t)(uintptr_t)spell->general : 0);
		panel_mix(normal, spell ? (uint64_t)(uintptr_t)spell->column2 : 0);
		panel_mix(normal, spell ? (uint64_t)(uintptr_t)spell->special : 0);
		panel_mix(normal, spell ? spell->special_count : 0);
	}
	if (complete(p, &p->lines[line]))
		panel_mix(normal, (uint64_t)(uintptr_t)p->lines[line].good);
}

/* Goods of the record that hold lines by their codes: only lines below any code of a good are asked, and of lines between
 * which no code of a good begins or ends, the first. */
static int find_goods(truce_tariff_panel *p)
{
	bool *asked = truce_arena_array(p->scratch, p->line_count + 1, sizeof *asked);
	bool *edge = truce_arena_array(p->scratch, p->line_count + 1, sizeof *edge);
	if (!asked || !edge)
		return TRUCE_MEMORY;
	for (size_t i = 0; i < truce_record_count(p->ask.record, TRUCE_GOOD); i++) {
		const truce_good *good = truce_record_at(p->ask.record, TRUCE_GOOD, i);
		for (size_t k = 0; k < good->codes.count; k++) {
			const char *text = TRUCE_LIST_TEXT(good->codes, k), *colon = strchr(text, ':');
			char digits[2][16] = {"", ""};
			size_t which = 0, n = 0, first, last;
			for (const char *c = colon ? colon + 1 : ""; *c; c++) {
				if (*c == '-' && which == 0)
					which = 1, n = 0;
				else if (*c >= '0' && *c <= '9' && n < 15)
					digits[which][n++] = *c, digits[which][n] = '\0';
			}
			if (!digits[0][0])
				continue;
			lines_between(p, digits[0], which ? digits[1] : digits[0], &first, &last);
			edge[first] = edge[last] = true;
			for (size_t line = first; line < last; line++)
				asked[line] = true;
		}
	}
	for (size_t line = 0; line < p->line_count; line++) {
		struct panel_line *l = &p->lines[line];
		if (line && !edge[line])
			l->good = p->lines[line - 1].good;
		else
			l->good = asked[line] ? truce_record_good_of(p->ask.record, p->work->system, l->code, p->work->known) : NULL;
		panel_mix(&p->signatures[line], (uint64_t)(uintptr_t)l->good);
		for (size_t k = 0; l->good && k < l->good->on.count; k++) {
			mark_instant(p, line, TRUCE_LIST_AT(l->good->on, const truce_membership, k)->begins);
			mark_instant(p, line, TRUCE_LIST_AT(l->good->on, const truce_membership, k)->ends);
		}
	}
	return TRUCE_OK;
}

static int touch_all(truce_tariff_panel *p, bool *parties, struct panel_key *normals)
{
	const struct duty_work *w = p->work;
	struct cited *cited;
	size_t cited_count;
	uint64_t *boundaries = truce_arena_array(p->scratch, p->change_words, sizeof *boundaries);
	int status = boundaries ? cited_headings(p, &cited, &cited_count) : TRUCE_MEMORY;
	if (!status)
		status = find_goods(p);
	if (status)
		return status;
	for (size_t i = 0; i < w->goods_count; i++) {
		for (size_t k = 0; k < w->goods[i]->list_count; k++)
			touch_list(p, w->goods[i]->lists[k], w->goods[i]->heading[k], 1 + i * 4, p->goods_touched, p->goods_words, i, parties);
		for (size_t k = 0; k < w->goods[i]->scope.count; k++)
			touch_range(p, w->goods[i], &w->goods[i]->scope.ranges[k]);
	}
	for (size_t i = 0; i < w->law_count; i++)
		for (size_t h = 0; h < w->laws[i]->count; h++)
			for (size_t k = 0; k < w->laws[i]->headings[h].list_count; k++)
				touch_list(p, w->laws[i]->headings[h].lists[k], "", 2 + i * 4, p->laws_touched, p->law_words, i, parties);
	for (size_t i = 0; i < p->ask.share_count; i++) {
		int list = p->ask.shares[i].content ? -1 : truce_schedule_list_find(p->ask.schedule, p->ask.shares[i].list);
		if (list >= 0)
			touch_list(p, (size_t)list, "", 3 + i * 4, NULL, 0, 0, parties);
	}
	for (size_t line = 0; line < p->line_count; line++)
		touch_spells(p, line, &normals[line], cited, cited_count, boundaries);
	return TRUCE_OK;
}

/* ---- classes ---- */

static int sort_into_classes(truce_tariff_panel *p, const bool *parties, const struct panel_key *normals)
{
	struct panel_map measure_map = {.ctx = p->ctx}, normal_map = {.ctx = p->ctx}, pair_map = {.ctx = p->ctx};
	int status = TRUCE_OK;
	for (size_t i = 0; i < p->line_count && !status; i++) {
		struct panel_line *line = &p->lines[i];
		struct panel_key pair = {5, 5};
		bool fresh;
		if ((status = panel_map_at(&measure_map, p->signatures[i], (uint32_t)p->class_count, &line->measure_class, &fresh)))
			break;
		if (fresh)
			p->classes[p->class_count++] = (struct panel_class){.line = i, .parties = parties[i]};
		if ((status = panel_map_at(&normal_map, normals[i], (uint32_t)p->normal_class_count, &line->normal_class, &fresh)))
			break;
		if (fresh)
			p->normal_line[p->normal_class_count++] = i;
		panel_mix(&pair, line->measure_class);
		panel_mix(&pair, line->normal_class);
		if ((status = panel_map_at(&pair_map, pair, (uint32_t)p->pair_count, &line->pair, &fresh)))
			break;
		if (fresh) {
			p->pairs[p->pair_count][0] = line->measure_class;
			p->pairs[p->pair_count++][1] = line->normal_class;
		}
	}
	panel_map_close(&measure_map);
	panel_map_close(&normal_map);
	panel_map_close(&pair_map);
	return status;
}

void panel_take_line(truce_tariff_panel *p, size_t line, size_t segment)
{
	struct duty_work *w = p->work;
	const struct panel_line *l = &p->lines[line];
	duty_next(w);
	w->digits = l->code;
	w->good = l->good;
	w->spell = spell_at(p, l, segment);
	w->complete = complete(p, l);
	w->goods_touched = p->goods_touched + line * p->goods_words;
	w->laws_touched = p->laws_touched + line * p->law_words;
}

int panel_view_at(truce_tariff_panel *p, const struct panel_class *c, size_t group, size_t segment, struct panel_view *out)
{
	struct duty_work *w = p->work;
	bool claimed = false;
	panel_at(p, segment);
	panel_take_line(p, c->line, segment);
	w->from = p->origins[p->groups[group].origin];
	*out = (struct panel_view){.segment = (uint32_t)segment, .scope = truce_arena_array(p->arena, p->words, sizeof *out->scope)};
	struct panel_claim *claims = truce_arena_array(p->scratch, p->levy_count + 1, sizeof *claims);
	if (!out->scope || !claims)
		return TRUCE_MEMORY;
	for (size_t i = 0; i < p->levy_count; i++) {
		const truce_measure *measure = p->levies[i].measure;
		claims[i].applies = NAN;
		if (measure ? !duty_in_scope(w, measure, &claims[i].by) : !duty_extra_holds(w, p->levies[i].extra->act))
			continue;
		set_bit(out->scope, i);
		if (p->levies[i].applies)
			claims[i].applies = duty_share(w, measure->head.id, false);
		for (size_t k = 0; p->levies[i].excludes && k < measure->exclusions.count && k < MOST_MASK; k++)
			if (duty_goods_hold(w, &TRUCE_LIST_AT(measure->exclusions, const truce_exclusion, k)->goods))
				claims[i].excused |= (uint64_t)1 << k;
		claimed |= claims[i].by || !isnan(claims[i].applies) || claims[i].excused;
	}
	for (size_t i = 0; i < w->exempter_count; i++)
		if (duty_goods_hold(w, &w->exempters[i]->act.goods))
			out->exempt |= (uint64_t)1 << i;
	if (claimed) {
		out->claims = truce_arena_array(p->arena, p->levy_count, sizeof *claims);
		if (!out->claims)
			return TRUCE_MEMORY;
		memcpy(out->claims, claims, p->levy_count * sizeof *claims);
	}
	return w->status;
}

static int views_of(truce_tariff_panel *p, struct panel_class *c)
{
	const uint64_t *changes = p->changes + c->line * p->change_words;
	size_t count = 1;
	for (size_t s = 1; s < p->segment_count; s++)
		count += changes[s / 64] >> s % 64 & 1;
	c->views = truce_arena_array(p->arena, count, sizeof *c->views);
	if (!c->views)
		return TRUCE_MEMORY;
	for (size_t s = 0; s < p->segment_count; s++)
		if (s == 0 || (changes[s / 64] >> s % 64 & 1)) {
			int status = panel_view_at(p, c, 0, s, &c->views[c->view_count++]);
			if (status)
				return status;
		}
	return TRUCE_OK;
}

int panel_classes(truce_tariff_panel *p)
{
	size_t n = p->line_count;
	p->goods_words = p->work->goods_count / 64 + 1;
	p->law_words = p->work->law_count / 64 + 1;
	p->change_words = p->segment_count / 64 + 1;
	p->goods_touched = truce_arena_array(p->arena, (n + 1) * p->goods_words, sizeof *p->goods_touched);
	p->laws_touched = truce_arena_array(p->arena, (n + 1) * p->law_words, sizeof *p->laws_touched);
	p->changes = truce_arena_array(p->arena, (n + 1) * p->change_words, sizeof *p->changes);
	p->signatures = truce_arena_array(p->scratch, n + 1, sizeof *p->signatures);
	p->classes = truce_arena_array(p->arena, n + 1, sizeof *p->classes);
	p->normal_line = truce_arena_array(p->arena, n + 1, sizeof *p->normal_line);
	p->pairs = truce_arena_array(p->arena, n + 1, sizeof *p->pairs);
	bool *parties = truce_arena_array(p->scratch, n + 1, sizeof *parties);
	struct panel_key *normals = truce_arena_array(p->scratch, n + 1, sizeof *normals);
	if (!p->goods_touched || !p->laws_touched || !p->changes || !p->signatures || !p->classes || !p->normal_line || !p->pairs || !parties ||
		!normals)
		return TRUCE_MEMORY;
	int status = touch_all(p, parties, normals);
	if (!status)
		status = sort_into_classes(p, parties, normals);
	for (size_t i = 0; i < p->class_count && p->origin_count && !status; i++)
		if (!p->classes[i].parties)
			status = views_of(p, &p->classes[i]);
	return status;
}
