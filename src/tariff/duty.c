/* Room tariff: the duty on one good, layer by layer, from the measures of a record and the duty it pays without them.
 *
 * In three steps: which measures reach the good (collect), what an act on top would change (with), and how they stand
 * on one another (stack).  No law is named here: classes, what gives way to what, and when, are data. */
#include <truce/tariff.h>

#include <ctype.h>
#include <math.h>
#include <stdarg.h>
#include <string.h>

enum { MOST_LAYERS = 64, MOST_WORDS = 64, MOST_LISTS = 16, MOST_GOODS = 512 };

/* A list of goods of the record, found in codes and in the schedule's lists; resolved once and asked for every code. */
typedef struct {
	const void *items; /* of the list of goods: what it is known by */
	truce_scope scope;
	size_t lists[MOST_LISTS];
	char heading[MOST_LISTS][16]; /* only rows of this heading; "" all */
	size_t list_count;
} resolved_goods;

typedef enum { FORCED_NOT, FORCED_IN, FORCED_OUT } forced;

/* What an act on top does to a measure. */
typedef struct {
	const truce_measure *measure;
	forced in;
	const truce_level *level;
} override;

typedef struct {
	truce_context *ctx;
	truce_arena *arena;
	const truce_tariff_question *ask;
	const truce_good *good;            /* NULL: only a code */
	const truce_schedule_spell *spell; /* NULL: no schedule */
	const char *system, *digits;
	truce_instant at, known;
	truce_date day;
	bool complete;                     /* the record says all about this good */
	truce_tariff_layer layers[MOST_LAYERS];
	size_t layer_count;
	truce_tariff_layer aside[MOST_LAYERS];
	size_t aside_count;
	const char *needs[MOST_WORDS];
	size_t need_count;
	const char *conditions[MOST_WORDS];
	size_t condition_count;
	override overrides[MOST_LAYERS];
	size_t override_count;
	const truce_measure *exempting[MOST_LAYERS]; /* in force: acts that exempt goods from other measures */
	size_t exempting_count;
	bool exempting_known;
	resolved_goods *goods; /* [MOST_GOODS] */
	size_t goods_count;
	int status;
} work;

static const char *words(work *w, const char *fmt, ...) TRUCE_PRINTF(2, 3);
static const char *words(work *w, const char *fmt, ...)
{
	char text[600];
	va_list args;
	va_start(args, fmt);
	vsnprintf(text, sizeof text, fmt, args);
	va_end(args);
	const char *kept = truce_arena_text(w->arena, text);
	if (!kept)
		w->status = TRUCE_MEMORY;
	return kept ? kept : "";
}

static void add_word(const char **list, size_t *count, const char *word)
{
	for (size_t i = 0; i < *count; i++)
		if (strcmp(list[i], word) == 0)
			return;
	if (*count < MOST_WORDS)
		list[(*count)++] = word;
}

static void add_layer(work *w, truce_tariff_layer layer)
{
	if (w->layer_count < MOST_LAYERS)
		w->layers[w->layer_count++] = layer;
}

static void set_aside(work *w, truce_tariff_layer layer, const char *why)
{
	layer.note = why;
	if (w->aside_count < MOST_LAYERS)
		w->aside[w->aside_count++] = layer;
}

static bool running(const work *w, truce_instant begins, truce_instant ends, truce_instant known_from)
{
	return begins <= w->at && w->at < ends && known_from <= w->known;
}

static bool names(truce_yaml_list list, const char *id)
{
	for (size_t i = 0; i < list.count; i++)
		if (strcmp(TRUCE_LIST_TEXT(list, i), id) == 0)
			return true;
	return false;
}

/* ---- the good ---- */

static int digits_of(work *w, const char *text)
{
	char digits[16];
	size_t n = 0;
	for (; *text; text++) {
		if (isdigit((unsigned char)*text) && n < 10)
			digits[n++] = *text;
		else if (*text != '.' && *text != ' ')
			return TRUCE_INPUT;
	}
	if (n < 4)
		return TRUCE_INPUT;
	w->digits = truce_arena_copy(w->arena, digits, n);
	return w->digits ? TRUCE_OK : TRUCE_MEMORY;
}

/* The digits of a good's first code, for scopes written as codes. */
static void digits_of_good(work *w)
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

static int find_good(work *w, const char *text)
{
	const truce_party *into = truce_record_find_known(w->ask->record, TRUCE_PARTY, w->ask->into, w->known);
	w->system = into && into->codes ? into->codes : "hs";
	w->digits = "";
	w->good = truce_record_find_known(w->ask->record, TRUCE_GOOD, text, w->known);
	if (w->good) {
		digits_of_good(w);
	} else {
		int status = digits_of(w, text);
		if (status == TRUCE_MEMORY)
			return status;
		if (status)
			return truce_fail(w->ctx, TRUCE_NOT_FOUND, NULL, 0, 0, "name a good of the record, or a code of 4 to 10 digits",
				"there is no good \"%s\"", text);
		w->good = truce_record_good_of(w->ask->record, w->system, w->digits, w->known);
	}
	w->complete = w->good && names(w->good->complete_into, w->ask->into);
	if (w->ask->schedule && w->digits[0]) {
		const truce_schedule_line *line;
		int status = truce_schedule_on(w->ctx, w->ask->schedule, &line, &w->spell, w->digits, w->day);
		if (status && !w->complete)
			return status;
		if (status) {
			w->spell = NULL;
			truce_diagnostics_clear(w->ctx);
		}
	}
	if (!w->complete && !w->spell)
		return truce_fail(w->ctx, TRUCE_NOT_FOUND, NULL, 0, 0, "give a compiled schedule with --schedule FILE (truce schedule import)",
			"the duty on %s into %s is not complete in the record", text, w->ask->into);
	return w->status;
}

/* ---- the normal duty ---- */

static void evaluate(work *w, truce_tariff_layer *layer, const truce_duty_expression *duty)
{
	truce_duty_quantity quantity = {w->ask->quantity, w->ask->unit, NULL};
	truce_duty_entry entry = {.has_value = w->ask->has_value, .value = w->ask->value,
		.count = w->ask->has_quantity && w->ask->unit ? 1 : 0, .quantities = &quantity};
	truce_duty_answer answer;
	if (!w->status)
		w->status = truce_duty_evaluate(w->arena, &answer, duty, &entry, NULL);
	if (w->status)
		return;
	layer->ad_valorem = answer.ad_valorem_known ? answer.ad_valorem : NAN;
	layer->low = answer.ad_valorem_known ? answer.ad_valorem : answer.ad_valorem_low;
	layer->high = answer.ad_valorem_known ? answer.ad_valorem : answer.ad_valorem_high;
	layer->usd = answer.known && w->ask->has_value ? truce_decimal_double(answer.usd) : NAN;
	double simple;
	if (!truce_duty_is_simple(duty, &simple))
		layer->specific = truce_arena_text(w->arena, duty->text);
	for (size_t i = 0; !answer.ad_valorem_known && i < answer.need_count; i++)
		add_word(w->needs, &w->need_count, answer.needs[i]);
	if (!answer.ad_valorem_known && answer.need_count == 0)
		add_word(w->needs, &w->need_count, words(w, "what \"%s\" comes to", duty->text));
}

static void normal_layer(work *w, const char *citation, const char *text, bool unsure)
{
	truce_tariff_layer layer = {.id = "normal", .name = "normal duty", .authority = "mfn", .class_ = "", .citation = citation,
		.ad_valorem = NAN, .low = 0, .high = INFINITY, .usd = NAN, .note = unsure ? "unsure" : NULL};
	truce_duty_expression duty;
	if (!w->status)
		w->status = truce_duty_parse(w->arena, &duty, text, strlen(text));
	if (!w->status)
		evaluate(w, &layer, &duty);
	add_layer(w, layer);
}

static int collect_normal(work *w)
{
	const truce_normal_duty *best = NULL;
	if (w->spell && w->spell->general) {
		normal_layer(w, "general column of the schedule", w->spell->general->text, false);
		return w->status;
	}
	for (size_t i = 0; i < w->good->normal_duty.count; i++) {
		const truce_normal_duty *one = TRUCE_LIST_AT(w->good->normal_duty, const truce_normal_duty, i);
		if (strcmp(one->into, w->ask->into) != 0 || (one->from && strcmp(one->from, w->ask->from) != 0))
			continue;
		const truce_zone *zone = truce_record_zone(w->ask->record, w->ask->into);
		if ((one->valid.from.set && truce_time_start(&one->valid.from, zone) > w->at) ||
			(one->valid.until.set && truce_time_start(&one->valid.until, zone) <= w->at) ||
			(one->valid.through.set && truce_time_end(&one->valid.through, zone) < w->at) ||
			(one->known.from.set && truce_time_start(&one->known.from, NULL) > w->known))
			continue;
		if (!best || (one->from && !best->from))
			best = one;
	}
	if (!best)
		return truce_fail(w->ctx, TRUCE_UNKNOWN, w->good->head.place.file, w->good->head.place.line, w->good->head.place.column,
			"add its normal_duty", "the good %s has no normal duty into %s on that day", w->good->head.id, w->ask->into);
	normal_layer(w, best->code ? best->code : "", best->rate, best->unsure);
	return w->status;
}

/* ---- which measures reach it ---- */

static const truce_membership *membership_of(const work *w, const char *measure)
{
	const truce_membership *found = NULL;
	for (size_t i = 0; w->good && i < w->good->on.count; i++) {
		const truce_membership *one = TRUCE_LIST_AT(w->good->on, const truce_membership, i);
		if (strcmp(one->measure, measure) == 0 && running(w, one->begins, one->ends, one->known_from))
			found = one;
	}
	return found;
}

/* Whether the record says about a measure at all, at any time, that the good is or was on it. */
static bool has_membership(const work *w, const char *measure)
{
	for (size_t i = 0; w->good && i < w->good->on.count; i++)
		if (strcmp(TRUCE_LIST_AT(w->good->on, const truce_membership, i)->measure, measure) == 0)
			return true;
	return false;
}

/* Digits of the heading that a citation names, "HTS 9903.88.03": the last word's, or what stands behind a blank or an
 * equals sign; "" where that is none. */
static void heading_of(char digits[static 16], const char *citation)
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
		heading_of(value, equals); /* "=9903.88.69" */
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

static void resolve_lists(work *w, resolved_goods *goods, const truce_yaml_list *ids, int depth)
{
	for (size_t i = 0; i < ids->count && depth < 8; i++) {
		const truce_good *good = truce_record_find_known(w->ask->record, TRUCE_GOOD, TRUCE_LIST_TEXT(*ids, i), w->known);
		if (!good)
			continue;
		resolve_lists(w, goods, &good->includes, depth + 1);
		for (size_t f = 0; f < good->files.count; f++) {
			const truce_code_file *file = TRUCE_LIST_AT(good->files, const truce_code_file, f);
			const truce_schedule_list *list;
			for (size_t k = 0; (list = truce_schedule_list_at(w->ask->schedule, k)); k++)
				if (goods->list_count < MOST_LISTS && is_list_of(list, file, goods->heading[goods->list_count]))
					goods->lists[goods->list_count++] = k;
		}
	}
}

static const resolved_goods *resolve(work *w, const truce_yaml_list *goods)
{
	for (size_t i = 0; i < w->goods_count; i++)
		if (w->goods[i].items == goods->items)
			return &w->goods[i];
	if (w->goods_count == MOST_GOODS)
		return NULL;
	resolved_goods *one = &w->goods[w->goods_count];
	*one = (resolved_goods){.items = goods->items};
	if ((w->status = truce_record_scope(w->ctx, w->arena, &one->scope, w->ask->record, goods, NULL)))
		return NULL;
	if (w->ask->schedule)
		resolve_lists(w, one, goods, 0);
	w->goods_count++;
	return one;
}

/* Whether a list of goods names this one, by id, by codes or by the schedule's lists. */
static bool goods_hold(work *w, const truce_yaml_list *goods)
{
	if (goods->count == 0)
		return false;
	if (w->good && names(*goods, w->good->head.id))
		return true;
	const resolved_goods *one = w->status || !w->digits[0] ? NULL : resolve(w, goods);
	if (!one)
		return false;
	for (size_t i = 0; i < one->list_count; i++) {
		const truce_schedule_member *member = truce_schedule_member_on(w->ask->schedule, one->lists[i], w->digits, w->day,
			w->ask->from);
		if (member && (!one->heading[i][0] || strcmp(member->heading, one->heading[i]) == 0))
			return true;
	}
	return truce_scope_contains(&one->scope, w->system, w->digits, w->at);
}

/* Whether the list that the notes themselves print for a heading holds the line.  False in *printed: no such list. */
static bool notes_name(const work *w, const char *heading, bool *printed)
{
	const truce_schedule_list *list;
	*printed = false;
	for (size_t k = 0; (list = truce_schedule_list_at(w->ask->schedule, k)); k++)
		if (strcmp(list->origin, "notes") == 0 && strcmp(list->heading, heading) == 0) {
			*printed = true;
			if (truce_schedule_member_on(w->ask->schedule, k, w->digits, w->day, w->ask->from))
				return true;
		}
	return false;
}

/* Whether the law names the line under a heading that the measure cites: the list printed in its notes decides where
 * there is one; else the footnotes on the line. */
static bool law_names(const work *w, const truce_measure *measure)
{
	for (size_t i = 0; w->spell && i < measure->cites.count; i++) {
		char digits[16];
		bool printed;
		heading_of(digits, TRUCE_LIST_TEXT(measure->cites, i));
		if (!digits[0])
			continue;
		if (notes_name(w, digits, &printed))
			return true;
		for (size_t h = 0; !printed && h < w->spell->heading_count; h++)
			if (strcmp(w->spell->headings[h], digits) == 0)
				return true;
	}
	return false;
}

static bool is_all(truce_yaml_list goods)
{
	return names(goods, "all");
}

/* In scope, with the membership that says so where there is one. */
static bool in_scope(work *w, const truce_measure *measure, const truce_membership **by)
{
	*by = membership_of(w, measure->head.id);
	if (*by)
		return (*by)->in != 0;
	if (has_membership(w, measure->head.id) && !is_all(measure->act.goods))
		return false; /* it was on the list at another time */
	if (!is_all(measure->act.goods) && law_names(w, measure))
		return true;
	if (!is_all(measure->act.goods) && !goods_hold(w, &measure->act.goods))
		return false;
	return !goods_hold(w, &measure->act.except_goods);
}

static const override *override_of(const work *w, const truce_measure *measure)
{
	for (size_t i = w->override_count; i-- > 0;)
		if (w->overrides[i].measure == measure)
			return &w->overrides[i];
	return NULL;
}

static const char *citation_of(const truce_measure *measure, const truce_measure_state *state, const truce_membership *by)
{
	if (state->step && state->step->cites.count)
		return TRUCE_LIST_TEXT(state->step->cites, 0);
	if (by && by->citation)
		return by->citation;
	return measure->cites.count ? TRUCE_LIST_TEXT(measure->cites, 0) : "";
}

/* The rate of a level for this layer; a range where the level is one. */
static void set_rate(work *w, truce_tariff_layer *layer, const truce_level *level)
{
	double rate;
	if (level && level->expression) {
		truce_duty_expression duty;
		if (!w->status)
			w->status = truce_duty_parse(w->arena, &duty, level->expression, strlen(level->expression));
		if (!w->status)
			evaluate(w, layer, &duty);
		return;
	}
	if (!level || !truce_level_rate(level, &rate)) {
		add_word(w->needs, &w->need_count, words(w, "the rate of %s on this good", layer->id));
		return;
	}
	layer->ad_valorem = layer->low = layer->high = rate;
	if (level->low.set && level->high.set && level->low.value < level->high.value) {
		double unit = level->add.set && level->add.value != 0 ? rate / level->add.value : 0.01;
		layer->low = level->low.value * unit;
		layer->high = level->high.value * unit;
		layer->ad_valorem = NAN;
		add_word(w->needs, &w->need_count, words(w, "the rate of %s on this line", layer->id));
	}
}

static void scale(truce_tariff_layer *layer, double share)
{
	layer->ad_valorem *= share;
	layer->low *= share;
	layer->high *= share;
}

/* The share of the value that a measure reaches by the schedule's numbers.  False: no list says so. */
static bool share_by_list(const work *w, const char *measure, bool content, double *share)
{
	for (size_t i = 0; w->ask->schedule && i < w->ask->share_count; i++) {
		const truce_tariff_share *row = &w->ask->shares[i];
		int list = row->content == content && strcmp(row->measure, measure) == 0 ?
			truce_schedule_list_find(w->ask->schedule, row->list) : -1;
		const truce_schedule_member *member = list < 0 ? NULL :
			truce_schedule_member_on(w->ask->schedule, (size_t)list, w->digits, w->day, w->ask->from);
		if (member && !isnan(member->value)) {
			*share = fmin(1, fmax(0, member->value));
			return true;
		}
	}
	return false;
}

/* Applies the exclusions that hold; true: nothing is left of it. */
static bool excuse(work *w, const truce_measure *measure, truce_tariff_layer *layer)
{
	for (size_t i = 0; i < measure->exclusions.count; i++) {
		const truce_exclusion *one = TRUCE_LIST_AT(measure->exclusions, const truce_exclusion, i);
		bool origin = one->against.count == 0 || names(one->against, w->ask->from);
		if (!origin || !running(w, one->begins, one->ends, one->known_from) || !goods_hold(w, &one->goods))
			continue;
		const char *name = one->name ? one->name : "an exclusion";
		if (one->share.set) {
			scale(layer, 1 - one->share.value);
			layer->note = words(w, "%.0f %% of the value is excused: %s", 100 * one->share.value, name);
		} else if (one->level) {
			set_rate(w, layer, one->level);
			layer->note = words(w, "another rate: %s", name);
		} else {
			set_aside(w, *layer, words(w, "excused: %s", name));
			return true;
		}
	}
	return false;
}

static void find_exempting(work *w)
{
	truce_measure_state state;
	w->exempting_known = true;
	for (size_t i = 0; i < truce_record_count(w->ask->record, TRUCE_MEASURE); i++) {
		const truce_measure *one = truce_record_at(w->ask->record, TRUCE_MEASURE, i);
		if (one->act.action == TRUCE_DO_EXEMPT && one->act.measures.count && one->act.by && strcmp(one->act.by, w->ask->into) == 0 &&
			truce_record_visible(one, w->known) && truce_measure_at(w->ask->record, one, w->ask->clocks, &state) &&
			state.status == TRUCE_IN_FORCE && truce_act_reaches(w->ask->record, &one->act, w->ask->from, w->at) &&
			w->exempting_count < MOST_LAYERS)
			w->exempting[w->exempting_count++] = one;
	}
}

static bool has_shares(const work *w, const char *measure)
{
	for (size_t i = 0; i < w->ask->share_count; i++)
		if (strcmp(w->ask->shares[i].measure, measure) == 0)
			return true;
	return false;
}

/* Other measures that exempt this good from the layer's; true: nothing is left of it.  One that covers only a part of its
 * lines (it has shares by line) leaves a range, or in averages what the shares say. */
static bool exempt(work *w, const truce_measure *measure, truce_tariff_layer *layer)
{
	if (!w->exempting_known)
		find_exempting(w);
	for (size_t i = 0; i < w->exempting_count; i++) {
		const truce_measure *one = w->exempting[i];
		double share;
		if (!names(one->act.measures, measure->head.id) || !goods_hold(w, &one->act.goods))
			continue;
		const char *name = one->head.name ? one->head.name : one->head.id;
		if (!has_shares(w, one->head.id)) {
			set_aside(w, *layer, words(w, "exempt: %s", name));
			return true;
		}
		if (w->ask->estimate) {
			if (share_by_list(w, one->head.id, true, &share))
				scale(layer, 1 - share);
			continue;
		}
		layer->low = 0;
		layer->ad_valorem = NAN;
		layer->note = words(w, "less where claimed: %s", name);
		add_word(w->needs, &w->need_count, words(w, "whether the good is one that %s describes", one->head.id));
	}
	return false;
}

static void note_transit(work *w, const truce_measure *measure)
{
	char before[32], entered[32];
	for (size_t i = 0; i < measure->in_transit.count; i++) {
		const truce_in_transit *one = TRUCE_LIST_AT(measure->in_transit, const truce_in_transit, i);
		if (one->entered_before.set && truce_time_start(&one->entered_before, NULL) <= w->at)
			continue;
		add_word(w->conditions, &w->condition_count, words(w, "%s: not on goods loaded before %s%s%s", measure->head.id,
			truce_time_format(before, &one->loaded_before), one->entered_before.set ? " and entered before " : "",
			truce_time_format(entered, &one->entered_before)));
	}
}

static bool is_levy(const truce_measure *measure, const char *into)
{
	return measure->act.instrument == TRUCE_INSTRUMENT_TARIFF && measure->act.by && strcmp(measure->act.by, into) == 0 &&
		(measure->act.action == TRUCE_DO_IMPOSE || measure->act.action == TRUCE_DO_RAISE);
}

static void collect_measure(work *w, const truce_measure *measure)
{
	truce_measure_state state = {0};
	const truce_membership *by;
	const override *over = override_of(w, measure);
	bool there = truce_measure_at(w->ask->record, measure, w->ask->clocks, &state);
	bool stands = there && state.status == TRUCE_IN_FORCE;
	if (over && over->in != FORCED_NOT)
		stands = over->in == FORCED_IN;
	if (!stands || !truce_act_reaches(w->ask->record, &measure->act, w->ask->from, w->at) || !in_scope(w, measure, &by))
		return;
	truce_tariff_layer layer = {.id = measure->head.id, .name = measure->head.name ? measure->head.name : measure->head.id,
		.authority = measure->stands_on ? measure->stands_on : "other", .class_ = measure->klass ? measure->klass :
		measure->stands_on ? measure->stands_on : "", .citation = citation_of(measure, &state, by), .ad_valorem = NAN, .low = 0,
		.high = INFINITY, .usd = NAN, .refundable = there && state.refundable};
	const truce_level *level = over && over->level ? over->level : by && by->level ? by->level : there && state.level ? state.level :
		measure->act.level;
	set_rate(w, &layer, level);
	double share;
	if (by && by->share.set) {
		scale(&layer, by->share.value);
	} else if (share_by_list(w, measure->head.id, false, &share)) {
		scale(&layer, share);
		layer.note = words(w, "applies to %.3g %% of the line's imports", 100 * share);
		if (share == 0) {
			set_aside(w, layer, layer.note);
			return;
		}
	}
	if (measure->head.unsure || (by && by->unsure))
		layer.note = "unsure";
	if (excuse(w, measure, &layer) || exempt(w, measure, &layer))
		return;
	note_transit(w, measure);
	add_layer(w, layer);
}

/* ---- acts on top ---- */

static void put(work *w, const truce_measure *measure, forced in, const truce_level *level)
{
	if (w->override_count < MOST_LAYERS)
		w->overrides[w->override_count++] = (override){measure, in, level};
}

static void with_record(work *w, const char *id, int depth);

static void with_measure(work *w, const truce_act *act, const truce_measure *measure)
{
	switch (act->action) {
	case TRUCE_DO_REMOVE:
	case TRUCE_DO_SUSPEND:
		put(w, measure, FORCED_OUT, NULL);
		break;
	case TRUCE_DO_RESTORE:
		put(w, measure, FORCED_IN, NULL);
		break;
	case TRUCE_DO_IMPOSE:
	case TRUCE_DO_RAISE:
	case TRUCE_DO_LOWER:
		put(w, measure, FORCED_IN, act->level);
		break;
	default:
		add_word(w->conditions, &w->condition_count, words(w, "what-if: \"%s\" on %s changes no duty", truce_do_word(act->action),
			measure->head.id));
	}
}

static void with_act(work *w, const truce_act *act, const char *id, int depth)
{
	for (size_t i = 0; i < act->measures.count; i++) {
		const char *name = TRUCE_LIST_TEXT(act->measures, i);
		const truce_measure *measure = truce_record_find_known(w->ask->record, TRUCE_MEASURE, name, w->known);
		if (measure)
			with_measure(w, act, measure);
		else
			with_record(w, name, depth + 1);
	}
	if (act->measures.count || act->instrument != TRUCE_INSTRUMENT_TARIFF || !act->by || strcmp(act->by, w->ask->into) != 0 ||
		(act->action != TRUCE_DO_IMPOSE && act->action != TRUCE_DO_RAISE) ||
		!truce_act_reaches(w->ask->record, act, w->ask->from, w->at) || (!is_all(act->goods) && !goods_hold(w, &act->goods)) ||
		goods_hold(w, &act->except_goods))
		return;
	truce_tariff_layer layer = {.id = id, .name = "what-if", .authority = act->authority ? act->authority : "other",
		.class_ = act->klass ? act->klass : "", .citation = "", .ad_valorem = NAN, .low = 0, .high = INFINITY, .usd = NAN, .note = "what-if"};
	set_rate(w, &layer, act->level);
	add_layer(w, layer);
}

static void with_acts(work *w, truce_yaml_list acts, const char *id, int depth)
{
	for (size_t i = 0; i < acts.count && !w->status; i++)
		with_act(w, TRUCE_LIST_AT(acts, const truce_act, i), id, depth);
}

static void with_lapse(work *w, const truce_truce *truce)
{
	for (size_t m = 0; m < truce_record_count(w->ask->record, TRUCE_MEASURE); m++) {
		const truce_measure *measure = truce_record_at(w->ask->record, TRUCE_MEASURE, m);
		truce_measure_state state;
		if (!truce_record_visible(measure, w->known) || !truce_measure_at(w->ask->record, measure, w->ask->clocks, &state) ||
			state.status != TRUCE_SUSPENDED || state.next != TRUCE_IN_FORCE)
			continue;
		const truce_truce *by = state.truce;
		for (int i = 0; by && by != truce && i < 16; i++)
			by = by->extends ? truce_record_find_known(w->ask->record, TRUCE_TRUCE, by->extends, w->known) : NULL;
		if (by == truce || state.until == truce->ends)
			put(w, measure, FORCED_IN, NULL);
	}
}

static void with_record(work *w, const char *id, int depth)
{
	const truce_head *head = truce_record_find_known(w->ask->record, TRUCE_ANY_KIND, id, w->known);
	if (!head || depth > 8) {
		w->status = truce_fail(w->ctx, TRUCE_NOT_FOUND, NULL, 0, 0, "`truce state` lists the records", "no record \"%s\" was known then", id);
		return;
	}
	switch (head->kind) {
	case TRUCE_MEASURE:
		put(w, (const truce_measure *)head, FORCED_IN, NULL);
		break;
	case TRUCE_THREAT:
		with_acts(w, ((const truce_threat *)head)->then, id, depth);
		break;
	case TRUCE_DEMAND:
		with_acts(w, ((const truce_demand *)head)->wants, id, depth);
		break;
	case TRUCE_OFFER:
		with_acts(w, ((const truce_offer *)head)->gives, id, depth);
		with_acts(w, ((const truce_offer *)head)->wants, id, depth);
		break;
	case TRUCE_TRUCE:
		with_lapse(w, (const truce_truce *)head);
		break;
	default:
		add_word(w->conditions, &w->condition_count, words(w, "what-if: a %s changes no duty", truce_record_kind_word(head->kind)));
	}
}

static void apply_with(work *w)
{
	for (size_t i = 0; i < w->ask->with_count && !w->status; i++) {
		if (!strchr(w->ask->with[i], '{')) {
			with_record(w, w->ask->with[i], 0);
			continue;
		}
		const truce_act *act;
		w->status = truce_record_act(w->ctx, w->arena, &act, w->ask->record, w->ask->with[i]);
		if (!w->status)
			with_act(w, act, "what-if", 0);
	}
}

/* ---- how they stand on one another ---- */

static const truce_stacking *stacking_of(const work *w)
{
	for (size_t i = 0; i < truce_record_count(w->ask->record, TRUCE_STACKING); i++) {
		const truce_stacking *one = truce_record_at(w->ask->record, TRUCE_STACKING, i);
		if (strcmp(one->into, w->ask->into) == 0 && truce_record_visible(one, w->known) && one->head.begins <= w->at &&
			w->at < one->head.ends)
			return one;
	}
	return NULL;
}

/* Whether an authority is one of a list, or a use of one that is. */
static bool is_use_of(const work *w, truce_yaml_list authorities, const char *authority)
{
	for (int depth = 0; authority && depth < 8; depth++) {
		if (names(authorities, authority))
			return true;
		const truce_authority *law = truce_record_find_known(w->ask->record, TRUCE_AUTHORITY, authority, w->known);
		authority = law ? law->under : NULL;
	}
	return false;
}

static const truce_stacking_class *class_of(const work *w, const truce_stacking *stacking, const truce_tariff_layer *layer)
{
	const truce_stacking_class *by_authority = NULL;
	for (size_t i = 0; stacking && i < stacking->classes.count; i++) {
		const truce_stacking_class *row = TRUCE_LIST_AT(stacking->classes, const truce_stacking_class, i);
		if ((row->against.count && !names(row->against, w->ask->from)) || names(row->except, w->ask->from))
			continue;
		if (strcmp(row->id, layer->class_) == 0)
			return row;
		if (!by_authority && is_use_of(w, row->authorities, layer->authority))
			by_authority = row;
	}
	return by_authority;
}

static void drop(work *w, size_t i, const char *why)
{
	set_aside(w, w->layers[i], why);
	memmove(&w->layers[i], &w->layers[i + 1], (w->layer_count - i - 1) * sizeof *w->layers);
	w->layer_count--;
}

/* Of a class whose highest (lowest) counts, the others stand aside. */
static void combine(work *w, const truce_stacking *stacking)
{
	for (size_t i = 1; i < w->layer_count; i++) {
		const truce_stacking_class *row = class_of(w, stacking, &w->layers[i]);
		if (!row || row->combine == TRUCE_COMBINE_SUM)
			continue;
		for (size_t k = i + 1; k < w->layer_count;) {
			if (class_of(w, stacking, &w->layers[k]) != row) {
				k++;
				continue;
			}
			bool later = row->combine == TRUCE_COMBINE_MAX ? w->layers[k].high > w->layers[i].high : w->layers[k].low < w->layers[i].low;
			if (later) {
				truce_tariff_layer swap = w->layers[i];
				w->layers[i] = w->layers[k];
				w->layers[k] = swap;
			}
			drop(w, k, words(w, "only the %s of its class counts: %s", row->combine == TRUCE_COMBINE_MAX ? "highest" : "lowest",
				w->layers[i].id));
		}
	}
}

/* A layer gives way where a layer of one of these classes is levied. */
static void give_way(work *w, const truce_stacking *stacking)
{
	for (size_t i = 1; i < w->layer_count;) {
		const truce_stacking_class *row = class_of(w, stacking, &w->layers[i]);
		const truce_tariff_layer *over = NULL;
		const truce_measure *measure = NULL;
		for (size_t k = 1; row && !over && k < w->layer_count; k++) {
			const truce_stacking_class *other = k == i ? NULL : class_of(w, stacking, &w->layers[k]);
			if (other && names(row->gives_way_to, other->id))
				over = &w->layers[k];
		}
		if (!over) {
			i++;
			continue;
		}
		measure = truce_record_find_known(w->ask->record, TRUCE_MEASURE, over->id, w->known);
		const truce_membership *by = membership_of(w, over->id);
		double share;
		bool content = row->on == TRUCE_BASIS_CONTENT && measure && measure->act.level && measure->act.level->basis == TRUCE_BASIS_CONTENT;
		if (!content) {
			drop(w, i, words(w, "gives way to %s", over->id));
			continue;
		}
		if (by && by->share.set) {
			scale(&w->layers[i], 1 - by->share.value);
			w->layers[i].note = words(w, "on the value that %s leaves", over->id);
		} else if (w->ask->estimate && share_by_list(w, over->id, true, &share)) {
			scale(&w->layers[i], 1 - share);
		} else {
			w->layers[i].low = 0;
			w->layers[i].ad_valorem = NAN;
			w->layers[i].note = words(w, "on the value that %s leaves", over->id);
			add_word(w->needs, &w->need_count, words(w, "the share of the value that is content under %s", over->id));
		}
		i++;
	}
}

/* A measure on content levies on a share that is not known, unless the good's entry says it. */
static void contents(work *w)
{
	for (size_t i = 1; i < w->layer_count; i++) {
		const truce_measure *measure = truce_record_find_known(w->ask->record, TRUCE_MEASURE, w->layers[i].id, w->known);
		const truce_membership *by = membership_of(w, w->layers[i].id);
		if (!measure || !measure->act.level || measure->act.level->basis != TRUCE_BASIS_CONTENT || (by && by->share.set))
			continue;
		double share;
		if (w->ask->estimate && share_by_list(w, w->layers[i].id, true, &share)) {
			scale(&w->layers[i], share);
			continue;
		}
		w->layers[i].low = 0;
		w->layers[i].ad_valorem = NAN;
		w->layers[i].note = "on the content";
		add_word(w->needs, &w->need_count, words(w, "the share of the value that is content under %s", w->layers[i].id));
	}
}

/* ---- the sum ---- */

static void floors(work *w)
{
	for (size_t i = 1; i < w->layer_count; i++) {
		const truce_measure *measure = truce_record_find_known(w->ask->record, TRUCE_MEASURE, w->layers[i].id, w->known);
		if (!measure || !measure->act.level || !measure->act.level->floor.set)
			continue;
		double floor_rate = measure->act.level->floor.value / 100, base = w->layers[0].ad_valorem;
		w->layers[i].ad_valorem = w->layers[i].low = w->layers[i].high = isnan(base) ? NAN : fmax(0, floor_rate - base);
		w->layers[i].note = "tops the normal duty up";
		if (isnan(base)) {
			w->layers[i].low = 0;
			w->layers[i].high = floor_rate;
		}
	}
}

static int sum_up(work *w, truce_tariff_duty *duty)
{
	truce_decimal value = {0, 0};
	if (w->ask->has_value && truce_decimal_round(w->ask->value, 0, &value))
		return TRUCE_LIMIT;
	double dollars = truce_decimal_double(value);
	duty->usd = w->ask->has_value ? 0 : NAN;
	for (size_t i = 0; i < w->layer_count; i++) {
		truce_tariff_layer *layer = &w->layers[i];
		if (w->ask->has_value && isnan(layer->usd) && !isnan(layer->ad_valorem))
			layer->usd = round(layer->ad_valorem * dollars * 100 + 1e-7) / 100;
		duty->ad_valorem += layer->ad_valorem;
		duty->low += layer->low;
		duty->high += layer->high;
		duty->usd += layer->usd;
		if (layer->refundable && !isnan(layer->ad_valorem))
			duty->refundable += layer->ad_valorem;
	}
	/* Rates of law have few decimals: what the sum of doubles adds to them is dropped. */
	duty->ad_valorem = round(duty->ad_valorem * 1e12) / 1e12;
	duty->usd = round(duty->usd * 100) / 100;
	return TRUCE_OK;
}

static int copy_out(work *w, truce_tariff_duty *duty)
{
	duty->layers = truce_arena_array(w->arena, w->layer_count + 1, sizeof *duty->layers);
	duty->aside = truce_arena_array(w->arena, w->aside_count + 1, sizeof *duty->aside);
	duty->needs = truce_arena_array(w->arena, w->need_count + 1, sizeof *duty->needs);
	duty->conditions = truce_arena_array(w->arena, w->condition_count + 1, sizeof *duty->conditions);
	if (!duty->layers || !duty->aside || !duty->needs || !duty->conditions)
		return TRUCE_MEMORY;
	memcpy(duty->layers, w->layers, w->layer_count * sizeof *duty->layers);
	memcpy(duty->aside, w->aside, w->aside_count * sizeof *duty->aside);
	memcpy(duty->needs, w->needs, w->need_count * sizeof *duty->needs);
	memcpy(duty->conditions, w->conditions, w->condition_count * sizeof *duty->conditions);
	duty->layer_count = w->layer_count;
	duty->aside_count = w->aside_count;
	duty->need_count = isnan(duty->ad_valorem) ? w->need_count : 0;
	duty->condition_count = w->condition_count;
	return TRUCE_OK;
}

static int answer(work *w, truce_tariff_duty *duty, const char *good)
{
	const truce_zone *zone = truce_record_zone(w->ask->record, w->ask->into);
	w->at = truce_clocks_on(w->ask->clocks, zone);
	w->known = truce_clocks_known(w->ask->clocks);
	w->day = truce_instant_day(zone, w->at);
	/* What a schedule says of days after the day of knowledge was not known: it is asked as it stood then. */
	if (w->known < w->at)
		w->day = truce_instant_day(NULL, w->known);
	int status = find_good(w, good);
	if (status || (status = collect_normal(w)))
		return status;
	apply_with(w);
	for (size_t i = 0; !w->status && i < truce_record_count(w->ask->record, TRUCE_MEASURE); i++) {
		const truce_measure *measure = truce_record_at(w->ask->record, TRUCE_MEASURE, i);
		if (is_levy(measure, w->ask->into) && truce_record_visible(measure, w->known))
			collect_measure(w, measure);
	}
	if (w->status)
		return w->status;
	const truce_stacking *stacking = stacking_of(w);
	if (!stacking && w->layer_count > 2)
		add_word(w->conditions, &w->condition_count, words(w, "no stacking rules of %s for the day: all layers add", w->ask->into));
	combine(w, stacking);
	contents(w);
	give_way(w, stacking);
	floors(w);
	if (w->status || (status = sum_up(w, duty)))
		return w->status ? w->status : status;
	duty->code = w->digits;
	return copy_out(w, duty);
}

static bool is_party(const truce_record *record, const char *party, truce_instant known)
{
	return truce_record_find_known(record, TRUCE_PARTY, party, known) || truce_country_find(party);
}

int truce_tariff_duty_of(truce_context *ctx, truce_arena *arena, truce_tariff_duty **out, const truce_tariff_question *question,
	const char *good)
{
	*out = NULL;
	const char *parties[] = {question->from, question->into};
	for (int i = 0; i < 2; i++)
		if (!is_party(question->record, parties[i], truce_clocks_known(question->clocks)))
			return truce_fail(ctx, TRUCE_NOT_FOUND, NULL, 0, 0, "parties are ids of the record, or ISO codes of two letters",
				"there is no party \"%s\"", parties[i]);
	truce_tariff_duty *duty = truce_arena_take(arena, sizeof *duty);
	work *w = truce_allocate_zero(ctx, 1, sizeof *w);
	if (!duty || !w) {
		truce_release(ctx, w);
		return TRUCE_MEMORY;
	}
	*w = (work){.ctx = ctx, .arena = arena, .ask = question};
	w->goods = truce_arena_array(arena, MOST_GOODS, sizeof *w->goods);
	*duty = (truce_tariff_duty){.good = good, .from = question->from, .into = question->into, .clocks = question->clocks};
	int status = w->goods ? answer(w, duty, good) : TRUCE_MEMORY;
	truce_release(ctx, w);
	if (!status)
		*out = duty;
	return status;
}

/* ---- averages ---- */

/* What is forgotten between two codes; resolved goods and overrides stay. */
static void next_code(work *w)
{
	w->layer_count = w->aside_count = w->need_count = w->condition_count = w->override_count = 0;
	w->good = NULL;
	w->spell = NULL;
	w->complete = false;
}

static void add_part(truce_tariff_rates *rates, const char *authority, double usd)
{
	size_t i = 0;
	while (i < rates->part_count && strcmp(rates->parts[i].authority, authority) != 0)
		i++;
	if (i == MOST_LAYERS)
		return;
	if (i == rates->part_count)
		rates->parts[rates->part_count++] = (truce_tariff_part){authority, 0};
	rates->parts[i].rate += usd;
}

static void note_unmatched(work *w, truce_tariff_rates *rates, const char *code, double usd, const char *why)
{
	enum { SHOWN = 20 };
	rates->unmatched_usd += usd;
	size_t at = rates->unmatched_count;
	while (at > 0 && rates->unmatched[at - 1].usd < usd)
		at--;
	if (at == SHOWN)
		return;
	if (rates->unmatched_count < SHOWN)
		rates->unmatched_count++;
	memmove(&rates->unmatched[at + 1], &rates->unmatched[at], (rates->unmatched_count - 1 - at) * sizeof *rates->unmatched);
	rates->unmatched[at] = (truce_tariff_unmatched){words(w, "%s", code), words(w, "%s", why), usd};
}

/* One line of the weights.  Duties by quantity count with their percentages; other unknown layers make it unmatched. */
static int add_line(work *w, truce_tariff_rates *rates, const char *code, double usd)
{
	truce_tariff_duty duty = {0};
	size_t first = truce_diagnostic_count(w->ctx);
	next_code(w);
	int status = answer(w, &duty, code);
	rates->lines++;
	if (status == TRUCE_NOT_FOUND || status == TRUCE_UNKNOWN) {
		const truce_diagnostic *d = truce_diagnostic_at(w->ctx, first);
		note_unmatched(w, rates, code, usd, d ? d->what : "no duty is known");
		truce_diagnostics_forget(w->ctx, first);
		w->status = TRUCE_OK;
		return TRUCE_OK;
	}
	if (status)
		return status;
	for (size_t i = 1; i < w->layer_count; i++)
		if (isnan(w->layers[i].ad_valorem)) {
			note_unmatched(w, rates, code, usd, w->need_count ? w->needs[0] : "a rate is not known");
			return TRUCE_OK;
		}
	rates->matched_usd += usd;
	if (isnan(w->layers[0].ad_valorem))
		rates->by_quantity_usd += usd;
	double unpaid;
	if (share_by_list(w, "normal", true, &unpaid)) /* entered under a programme, or in a chapter that pays none */
		scale(&w->layers[0], 1 - unpaid);
	for (size_t i = 0; i < w->layer_count; i++) {
		const truce_tariff_layer *layer = &w->layers[i];
		add_part(rates, layer->authority, usd * (isnan(layer->ad_valorem) ? layer->low : layer->ad_valorem));
	}
	return TRUCE_OK;
}

static int add_weights(work *w, truce_tariff_rates *rates, const char *path)
{
	const truce_country *country = truce_country_find(w->ask->from);
	truce_csv *csv;
	size_t code, partner, value;
	int got = 0, status = truce_csv_open(w->ctx, &csv, path);
	if (status)
		return status;
	if (!truce_csv_has_column(csv, "hts10", &code) && !truce_csv_has_column(csv, "hs10", &code))
		status = truce_csv_column(csv, &code, "code");
	if (!status && !(status = truce_csv_column(csv, &partner, "country")))
		status = truce_csv_column(csv, &value, "imports_usd");
	if (!status && (!country || !country->census[0]))
		status = truce_fail(w->ctx, TRUCE_NOT_FOUND, NULL, 0, 0, "partners of weights are countries", "%s has no Census code", w->ask->from);
	while (!status && (got = truce_csv_next(csv)) > 0) {
		double usd;
		if (strcmp(truce_csv_field(csv, partner), country->census) == 0 && !(status = truce_csv_double(csv, value, &usd)))
			status = add_line(w, rates, truce_csv_field(csv, code), usd);
	}
	if (!status && got < 0)
		status = got;
	truce_csv_close(csv);
	return status;
}

int truce_tariff_rates_of(truce_context *ctx, truce_arena *arena, truce_tariff_rates **out, const truce_tariff_question *question,
	const char *weights)
{
	*out = NULL;
	truce_tariff_question ask = *question;
	ask.has_value = ask.has_quantity = false;
	ask.estimate = true;
	truce_tariff_rates *rates = truce_arena_take(arena, sizeof *rates);
	work *w = truce_allocate_zero(ctx, 1, sizeof *w);
	if (!rates || !w) {
		truce_release(ctx, w);
		return TRUCE_MEMORY;
	}
	*w = (work){.ctx = ctx, .arena = arena, .ask = &ask};
	*rates = (truce_tariff_rates){.from = ask.from, .into = ask.into, .clocks = ask.clocks};
	w->goods = truce_arena_array(arena, MOST_GOODS, sizeof *w->goods);
	rates->parts = truce_arena_array(arena, MOST_LAYERS, sizeof *rates->parts);
	rates->unmatched = truce_arena_array(arena, 32, sizeof *rates->unmatched);
	int status = w->goods && rates->parts && rates->unmatched ? add_weights(w, rates, weights) : TRUCE_MEMORY;
	if (!status && w->status)
		status = w->status;
	for (size_t i = 0; !status && i < rates->part_count; i++) {
		rates->parts[i].rate /= rates->matched_usd > 0 ? rates->matched_usd : 1;
		rates->average += rates->parts[i].rate;
	}
	if (!status && rates->matched_usd == 0)
		rates->average = NAN;
	truce_release(ctx, w);
	if (!status)
		*out = rates;
	return status;
}

void truce_tariff_rates_to_json(truce_json *json, const char *key, const truce_tariff_rates *rates)
{
	char time[32];
	truce_json_open(json, key, '{');
	truce_json_text(json, "from", rates->from);
	truce_json_text(json, "into", rates->into);
	truce_json_text(json, "on", truce_time_format(time, &rates->clocks.on));
	truce_json_text(json, "known", truce_time_format(time, &rates->clocks.known));
	truce_json_text(json, "definition", "weighted by imports, line by line; content, exclusions and unpaid normal duty by the shares of the schedule's lists");
	truce_json_number(json, "average", rates->average);
	truce_json_open(json, "by_authority", '{');
	for (size_t i = 0; i < rates->part_count; i++)
		truce_json_number(json, rates->parts[i].authority, rates->parts[i].rate);
	truce_json_close(json, '}');
	truce_json_number(json, "matched_usd", rates->matched_usd);
	truce_json_number(json, "unmatched_usd", rates->unmatched_usd);
	truce_json_number(json, "by_quantity_usd", rates->by_quantity_usd);
	truce_json_integer(json, "lines", (int64_t)rates->lines);
	truce_json_open(json, "unmatched", '[');
	for (size_t i = 0; i < rates->unmatched_count; i++) {
		truce_json_open(json, NULL, '{');
		truce_json_text(json, "code", rates->unmatched[i].code);
		truce_json_number(json, "usd", rates->unmatched[i].usd);
		truce_json_text(json, "why", rates->unmatched[i].why);
		truce_json_close(json, '}');
	}
	truce_json_close(json, ']');
	truce_json_close(json, '}');
}

/* ---- as JSON ---- */

static void number_or_null(truce_json *json, const char *key, double value)
{
	truce_json_number(json, key, value); /* not finite: null */
}

static void layers_to_json(truce_json *json, const char *key, const truce_tariff_layer *layers, size_t count)
{
	truce_json_open(json, key, '[');
	for (size_t i = 0; i < count; i++) {
		const truce_tariff_layer *layer = &layers[i];
		truce_json_open(json, NULL, '{');
		truce_json_text(json, "id", layer->id);
		truce_json_text(json, "name", layer->name);
		truce_json_text(json, "authority", layer->authority);
		number_or_null(json, "ad_valorem", layer->ad_valorem);
		if (isnan(layer->ad_valorem)) {
			truce_json_open(json, "ad_valorem_range", '[');
			number_or_null(json, NULL, layer->low);
			number_or_null(json, NULL, layer->high);
			truce_json_close(json, ']');
		}
		truce_json_text(json, "specific", layer->specific);
		truce_json_text(json, "citation", layer->citation);
		number_or_null(json, "usd", layer->usd);
		if (layer->refundable)
			truce_json_bool(json, "refundable", true);
		if (layer->note)
			truce_json_text(json, "note", layer->note);
		truce_json_close(json, '}');
	}
	truce_json_close(json, ']');
}

static void words_to_json(truce_json *json, const char *key, const char **list, size_t count)
{
	truce_json_open(json, key, '[');
	for (size_t i = 0; i < count; i++)
		truce_json_text(json, NULL, list[i]);
	truce_json_close(json, ']');
}

void truce_tariff_duty_to_json(truce_json *json, const char *key, const truce_tariff_duty *duty)
{
	char time[32];
	truce_json_open(json, key, '{');
	truce_json_text(json, "good", duty->good);
	truce_json_text(json, "from", duty->from);
	truce_json_text(json, "into", duty->into);
	truce_json_text(json, "on", truce_time_format(time, &duty->clocks.on));
	truce_json_text(json, "known", truce_time_format(time, &duty->clocks.known));
	truce_json_text(json, "view", duty->clocks.view == TRUCE_VIEW_LAWFUL ? "lawful" : "applied");
	number_or_null(json, "ad_valorem", duty->ad_valorem);
	if (isnan(duty->ad_valorem)) {
		truce_json_open(json, "ad_valorem_range", '[');
		number_or_null(json, NULL, duty->low);
		number_or_null(json, NULL, duty->high);
		truce_json_close(json, ']');
		words_to_json(json, "needs", duty->needs, duty->need_count);
	}
	number_or_null(json, "duty_usd", duty->usd);
	truce_json_number(json, "refundable", duty->refundable);
	layers_to_json(json, "layers", duty->layers, duty->layer_count);
	layers_to_json(json, "aside", duty->aside, duty->aside_count);
	words_to_json(json, "conditions", duty->conditions, duty->condition_count);
	truce_json_close(json, '}');
}
