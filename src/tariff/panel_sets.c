/* panel_sets.c: the layers of a class of lines and a group of origins at a time, stacked (tariff room).
 *
 * The same measures at the same levels with the same facts make the same layers: they are worked out once, by the same
 * steps as one duty, and known again by their fingerprint. */
#include <math.h>
#include <string.h>

#include "panel_private.h"

/* ---- fingerprints ---- */

void panel_mix_text(struct panel_key *key, const char *text)
{
	panel_mix(key, truce_hash(text, strlen(text)));
}

void panel_map_close(struct panel_map *map)
{
	truce_release(map->ctx, map->keys);
	truce_release(map->ctx, map->values);
	map->keys = NULL;
	map->values = NULL;
	map->slots = map->count = 0;
}

static size_t slot_of(const struct panel_map *map, struct panel_key key)
{
	size_t at = key.a & (map->slots - 1);
	while (map->values[at] && (map->keys[at].a != key.a || map->keys[at].b != key.b))
		at = (at + 1) & (map->slots - 1);
	return at;
}

static int widen(struct panel_map *map)
{
	struct panel_map wider = {.ctx = map->ctx, .count = map->count, .slots = map->slots ? map->slots * 2 : 1024};
	wider.keys = truce_allocate(map->ctx, wider.slots * sizeof *wider.keys);
	wider.values = truce_allocate_zero(map->ctx, wider.slots, sizeof *wider.values);
	if (!wider.keys || !wider.values) {
		panel_map_close(&wider);
		return TRUCE_MEMORY;
	}
	for (size_t i = 0; i < map->slots; i++)
		if (map->values[i]) {
			size_t at = slot_of(&wider, map->keys[i]);
			wider.keys[at] = map->keys[i];
			wider.values[at] = map->values[i];
		}
	truce_release(map->ctx, map->keys);
	truce_release(map->ctx, map->values);
	*map = wider;
	return TRUCE_OK;
}

int panel_map_at(struct panel_map *map, struct panel_key key, uint32_t fresh, uint32_t *value, bool *added)
{
	if (map->count * 2 >= map->slots && widen(map))
		return TRUCE_MEMORY;
	size_t at = slot_of(map, key);
	*added = !map->values[at];
	if (*added) {
		map->keys[at] = key;
		map->values[at] = fresh + 1;
		map->count++;
	}
	*value = map->values[at] - 1;
	return TRUCE_OK;
}

/* ---- which layers ---- */

struct active {
	const struct panel_view *view;
	const struct panel_group *group;
	size_t segment, epoch;
	uint64_t exempt;               /* exempters in force that reach the origin and hold the good */
};

static struct active active_of(const truce_tariff_panel *p, const struct panel_view *view, size_t group, size_t segment)
{
	struct active a = {.view = view, .group = &p->groups[group], .segment = segment, .epoch = p->epoch_of[segment]};
	a.exempt = view->exempt & p->exempting[segment] & a.group->exempt[a.epoch];
	return a;
}

static uint64_t levied_word(const truce_tariff_panel *p, const struct active *a, size_t word)
{
	return a->view->scope[word] & p->standing[a->segment * p->words + word] & a->group->reach[a->epoch * p->words + word];
}

static void facts_of(const truce_tariff_panel *p, const struct active *a, size_t i, struct duty_facts *facts)
{
	const struct panel_state *state = &p->states[a->segment * p->levy_count + i];
	const struct panel_claim *claim = a->view->claims ? &a->view->claims[i] : NULL;
	*facts = (struct duty_facts){.level = state->level, .overridden = state->overridden, .refundable = state->refundable, .citation = "",
		.applies = claim ? claim->applies : NAN, .content = NAN, .exempter_share = p->work->exempter_share,
		.excused = claim ? claim->excused & state->running & a->group->open[a->epoch * p->levy_count + i] : 0,
		.exempted = a->exempt & p->levies[i].exempters};
	duty_settle(facts, p->levies[i].measure, claim ? claim->by : NULL);
}

static struct panel_key fingerprint(const truce_tariff_panel *p, const struct active *a)
{
	struct panel_key key = {7, 7};
	panel_mix(&key, (uint64_t)(uintptr_t)p->stackings[a->segment]);
	panel_mix(&key, a->group->rules[a->epoch]);
	for (size_t word = 0; word < p->words; word++)
		for (uint64_t bits = levied_word(p, a, word); bits; bits &= bits - 1) {
			size_t i = word * 64 + (size_t)__builtin_ctzll(bits);
			const struct panel_state *state = &p->states[a->segment * p->levy_count + i];
			const struct panel_claim *claim = a->view->claims ? &a->view->claims[i] : NULL;
			panel_mix(&key, i << 1 | state->overridden);
			panel_mix(&key, (uint64_t)(uintptr_t)state->level);
			panel_mix(&key, a->exempt & p->levies[i].exempters);
			if (!claim)
				continue;
			panel_mix(&key, (uint64_t)(uintptr_t)claim->by);
			panel_mix(&key, claim->excused & state->running & a->group->open[a->epoch * p->levy_count + i]);
			panel_mix_double(&key, claim->applies);
		}
	return key;
}

/* The row of the stacking that a levy stands in for a group. */
static const truce_stacking_class *row_of(truce_tariff_panel *p, const struct active *a, size_t i, const truce_tariff_layer *layer)
{
	struct panel_key key = {11, 11};
	uint32_t at;
	bool fresh;
	panel_mix(&key, a->group->rules[a->epoch]);
	panel_mix(&key, (uint64_t)(uintptr_t)p->stackings[a->segment]);
	panel_mix(&key, i);
	if (panel_map_at(&p->row_map, key, (uint32_t)p->row_count, &at, &fresh) ||
		truce_grow(p->ctx, &p->rows, &p->row_capacity, p->row_count + 1, sizeof *p->rows)) {
		p->work->status = TRUCE_MEMORY;
		return NULL;
	}
	if (fresh) {
		panel_at(p, a->segment);
		p->work->from = p->origins[a->group->origin];
		p->rows[p->row_count++] = duty_row_of(p->work, p->stackings[a->segment], layer->class_, layer->authority);
	}
	return p->rows[at];
}

static int authority_of(truce_tariff_panel *p, const char *authority, uint32_t *out)
{
	for (size_t i = 0; i < p->authority_count; i++)
		if (strcmp(p->authorities[i], authority) == 0) {
			*out = (uint32_t)i;
			return TRUCE_OK;
		}
	int status = truce_grow(p->ctx, &p->authorities, &p->authority_capacity, p->authority_count + 1, sizeof *p->authorities);
	if (status)
		return status;
	*out = (uint32_t)p->authority_count;
	p->authorities[p->authority_count++] = authority;
	return TRUCE_OK;
}

/* The layers of the work as a set; one that says the same as another is that one. */
static int intern_set(truce_tariff_panel *p, uint32_t *out)
{
	struct duty_work *w = p->work;
	struct panel_key key = {13, 13};
	struct panel_layer layers[MOST_LAYERS];
	struct panel_set set = {p->layer_count, 0, false};
	bool fresh;
	for (size_t i = 1; i < w->layer_count; i++) {
		struct panel_layer *layer = &layers[set.count++];
		const struct duty_mark *mark = &w->marks[i];
		*layer = (struct panel_layer){{w->layers[i].ad_valorem, w->layers[i].low, w->layers[i].high}, mark->level, 0, mark->maybe,
			mark->maybe_by, mark->leaves, mark->yields, mark->applied_low, mark->whole_low, mark->taken, mark->left, mark->part};
		int status = authority_of(p, w->layers[i].authority, &layer->authority);
		if (status)
			return status;
		set.floors |= !isnan(duty_floor(mark));
		panel_mix_double(&key, layer->rate.ad_valorem);
		panel_mix_double(&key, layer->rate.low);
		panel_mix_double(&key, layer->rate.high);
		panel_mix_double(&key, duty_floor(mark));
		panel_mix(&key, layer->authority);
		if (mark->maybe || mark->yields) {
			panel_mix(&key, mark->maybe);
			panel_mix(&key, mark->yields);
			panel_mix(&key, mark->maybe_by);
			panel_mix_double(&key, mark->applied_low);
		}
		if (mark->part || mark->leaves || mark->taken > 0 || mark->left < 1) {
			panel_mix(&key, mark->part);
			panel_mix(&key, mark->leaves);
			panel_mix_double(&key, mark->whole_low);
			panel_mix_double(&key, mark->taken);
			panel_mix_double(&key, mark->left);
		}
	}
	int status = panel_map_at(&p->set_ids, key, (uint32_t)p->set_count, out, &fresh);
	if (status || !fresh)
		return status;
	if ((status = truce_grow(p->ctx, &p->layers, &p->layer_capacity, p->layer_count + set.count, sizeof *p->layers)) ||
		(status = truce_grow(p->ctx, &p->sets, &p->set_capacity, p->set_count + 1, sizeof *p->sets)))
		return status;
	if (set.count)
		memcpy(p->layers + p->layer_count, layers, set.count * sizeof *layers);
	p->layer_count += set.count;
	p->sets[p->set_count++] = set;
	return TRUCE_OK;
}

/* Levies and stacks, with shares of content by levy (NULL: not known) and those of the work's exempters. */
static int make_set(truce_tariff_panel *p, const struct active *a, const double *content, uint32_t *out)
{
	struct duty_work *w = p->work;
	w->layer_count = w->aside_count = w->need_count = w->condition_count = 0;
	duty_add_layer(w, (truce_tariff_layer){.id = "normal", .authority = "mfn", .class_ = ""}, (struct duty_mark){.content = NAN, .left = 1});
	for (size_t word = 0; word < p->words; word++)
		for (uint64_t bits = levied_word(p, a, word); bits; bits &= bits - 1) {
			size_t i = word * 64 + (size_t)__builtin_ctzll(bits), count = w->layer_count;
			struct duty_facts facts;
			if (p->levies[i].measure) {
				facts_of(p, a, i, &facts);
				if (content)
					facts.content = content[i];
				duty_levy(w, p->levies[i].measure, &facts);
			} else {
				duty_levy_extra(w, p->levies[i].extra);
			}
			if (w->layer_count > count)
				w->marks[count].row = row_of(p, a, i, &w->layers[count]);
		}
	duty_stack(w);
	return w->status ? w->status : intern_set(p, out);
}

/* The set of a fingerprint: known, or made now. */
static int set_at(truce_tariff_panel *p, struct panel_key key, const struct active *a, const double *content, uint32_t *out)
{
	bool fresh;
	int status = panel_map_at(&p->set_map, key, 0, out, &fresh);
	if (status || !fresh)
		return status;
	size_t slot = slot_of(&p->set_map, key); /* making a set touches other maps only */
	if (!(status = make_set(p, a, content, out)))
		p->set_map.values[slot] = *out + 1;
	return status;
}

int panel_set_of(truce_tariff_panel *p, uint32_t *out, const struct panel_view *view, size_t group, size_t segment)
{
	struct active a = active_of(p, view, group, segment);
	return set_at(p, fingerprint(p, &a), &a, NULL, out);
}

void panel_next_cell(truce_tariff_panel *p)
{
	p->content_known = p->shares_known = false;
}

double panel_share(truce_tariff_panel *p, struct panel_share *shares, size_t segment)
{
	const struct duty_work *w = p->work;
	size_t digits = strlen(w->digits);
	if (!shares->lists.count)
		return NAN;
	if (p->share_windows || digits >= sizeof shares->code)
		return duty_share_in(w, &shares->lists);
	digits = digits < shares->digits ? digits : shares->digits;
	if (shares->known && shares->from == w->from && shares->epoch == p->epoch_of[segment] && !shares->code[digits] &&
		strncmp(shares->code, w->digits, digits) == 0)
		return shares->value;
	shares->known = true;
	shares->from = w->from;
	shares->epoch = p->epoch_of[segment];
	memcpy(shares->code, w->digits, digits);
	shares->code[digits] = '\0';
	return shares->value = duty_share_in(w, &shares->lists);
}

/* Shares of a line from an origin do not change with the day, unless a row of their lists has a window. */
static void find_shares(truce_tariff_panel *p, size_t segment, uint64_t exempted, bool content)
{
	struct duty_work *w = p->work;
	if (!p->shares_known || p->share_windows)
		for (uint64_t bits = p->sharing; bits; bits &= bits - 1) {
			size_t k = (size_t)__builtin_ctzll(bits);
			if (exempted || p->share_windows)
				w->exempter_share[k] = panel_share(p, &p->exempter_shares[k], segment);
		}
	p->shares_known |= exempted != 0;
	if (content && (!p->content_known || p->share_windows))
		for (size_t i = 0; i < p->levy_count; i++)
			p->content[i] = p->levies[i].content ? panel_share(p, &p->levies[i].content_shares, segment) : NAN;
	p->content_known |= content;
}

int panel_set_of_cell(truce_tariff_panel *p, uint32_t *out, const struct panel_view *view, size_t group, size_t segment, size_t line,
	size_t origin)
{
	struct active a = active_of(p, view, group, segment);
	struct duty_work *w = p->work;
	uint64_t exempted = 0;
	bool own = false;
	for (size_t word = 0; word < p->words; word++)
		for (uint64_t bits = levied_word(p, &a, word); bits; bits &= bits - 1) {
			size_t i = word * 64 + (size_t)__builtin_ctzll(bits);
			own |= p->levies[i].content;
			exempted |= a.exempt & p->levies[i].exempters;
		}
	exempted &= p->sharing;
	*out = PANEL_NONE;
	if (!own && !exempted)
		return TRUCE_OK;
	struct panel_key key = fingerprint(p, &a);
	if (p->share_windows || (own && !p->content_known) || (exempted && !p->shares_known)) {
		panel_at(p, segment);
		panel_take_line(p, line, segment);
		w->from = p->origins[origin];
		find_shares(p, segment, exempted, own);
	}
	for (uint64_t bits = exempted; bits; bits &= bits - 1)
		panel_mix_double(&key, w->exempter_share[__builtin_ctzll(bits)]);
	for (size_t word = 0; own && word < p->words; word++)
		for (uint64_t bits = levied_word(p, &a, word); bits; bits &= bits - 1) {
			size_t i = word * 64 + (size_t)__builtin_ctzll(bits);
			if (p->levies[i].content)
				panel_mix_double(&key, p->content[i]);
		}
	panel_mix(&key, 41);
	p->ask.estimate = true;
	int status = set_at(p, key, &a, own ? p->content : NULL, out);
	p->ask.estimate = false;
	return status;
}

/* ---- the normal duty ---- */

static truce_tariff_rate rate_of(const truce_tariff_layer *layer)
{
	return (truce_tariff_rate){layer->ad_valorem, layer->low, layer->high};
}

/* The normal duty in the work's first layer, as one of the panel's; one that says the same as another is that one. */
static int intern_normal(truce_tariff_panel *p, uint32_t *out)
{
	const struct duty_work *w = p->work;
	struct panel_key key = {17, 17};
	bool fresh;
	struct panel_normal normal = {rate_of(&w->layers[0]), rate_of(w->programme == SIZE_MAX ? &w->layers[0] : &w->general),
		w->programme == SIZE_MAX ? PANEL_NONE : (uint32_t)w->programme};
	const double numbers[] = {normal.rate.ad_valorem, normal.rate.low, normal.rate.high, normal.general.ad_valorem, normal.general.low,
		normal.general.high};
	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
		panel_mix_double(&key, numbers[i]);
	panel_mix(&key, normal.programme);
	int status = panel_map_at(&p->normal_ids, key, (uint32_t)p->normal_count, out, &fresh);
	if (status || !fresh)
		return status;
	if ((status = truce_grow(p->ctx, &p->normals, &p->normal_capacity, p->normal_count + 1, sizeof *p->normals)))
		return status;
	p->normals[p->normal_count++] = normal;
	return TRUCE_OK;
}

/* What the schedule says: the same columns chosen alike are read once. */
static int normal_of_spell(truce_tariff_panel *p, uint32_t *out)
{
	struct duty_work *w = p->work;
	struct duty_choice choice = duty_choose_normal(w, w->spell);
	struct panel_key key = {47, 47};
	bool fresh;
	panel_mix(&key, choice.column2);
	panel_mix(&key, (uint64_t)(uintptr_t)(choice.column2 ? w->spell->column2 : w->spell->general));
	panel_mix(&key, (uint64_t)(uintptr_t)choice.group);
	panel_mix(&key, (uint64_t)(uintptr_t)choice.by);
	int status = panel_map_at(&p->choice_map, key, 0, out, &fresh);
	if (status || !fresh)
		return status;
	size_t slot = slot_of(&p->choice_map, key);
	w->programme = SIZE_MAX;
	w->layer_count = 0;
	duty_normal_of_spell(w, w->spell, choice);
	if (w->status || (status = intern_normal(p, out)))
		return w->status ? w->status : status;
	p->choice_map.values[slot] = *out + 1;
	return TRUCE_OK;
}

int panel_normal_of(truce_tariff_panel *p, uint32_t *out, size_t line, size_t normal_group, size_t segment)
{
	struct duty_work *w = p->work;
	const struct panel_span *programmes = &p->programmes[normal_group * p->epoch_count + p->epoch_of[segment]];
	panel_at(p, segment);
	panel_take_line(p, line, segment);
	w->from = p->origins[p->normal_origin[normal_group]];
	*out = 0;
	if (w->spell) {
		static const size_t none[1];
		w->origin_programmes = programmes->count ? p->programme_list + programmes->first : none;
		w->origin_programme_count = programmes->count;
		int status = normal_of_spell(p, out);
		w->origin_programmes = NULL;
		return status;
	}
	if (!w->complete)
		return TRUCE_OK;
	size_t first = truce_diagnostic_count(p->ctx);
	int status = duty_normal(w);
	if (status == TRUCE_UNKNOWN) { /* the record does not say for that day */
		truce_diagnostics_forget(p->ctx, first);
		w->status = TRUCE_OK;
		return TRUCE_OK;
	}
	return status ? status : intern_normal(p, out);
}

/* ---- the sum ---- */

void panel_lay(truce_tariff_panel *p, const truce_tariff_rate *normal, uint32_t set)
{
	struct duty_work *w = p->work;
	const struct panel_layer *layers = p->layers + p->sets[set].first;
	w->layers[0] = (truce_tariff_layer){.id = "normal", .authority = "mfn", .ad_valorem = normal->ad_valorem, .low = normal->low,
		.high = normal->high};
	w->marks[0] = (struct duty_mark){.content = NAN, .left = 1};
	w->claims = 0;
	w->layer_count = p->sets[set].count + 1;
	for (size_t i = 1; i < w->layer_count; i++) {
		const struct panel_layer *one = &layers[i - 1];
		w->layers[i] = (truce_tariff_layer){.authority = p->authorities[one->authority], .ad_valorem = one->rate.ad_valorem,
			.low = one->rate.low, .high = one->rate.high};
		w->marks[i] = (struct duty_mark){.level = one->level, .maybe = one->maybe, .yields = one->yields, .maybe_by = one->maybe_by,
			.applied_low = one->applied_low, .part = one->part, .leaves = one->leaves, .whole_low = one->whole_low, .taken = one->taken,
			.left = one->left};
	}
	duty_floors(w);
}

int panel_value_of(truce_tariff_panel *p, uint32_t *out, uint32_t normal, uint32_t set)
{
	struct panel_key key = {(uint64_t)normal << 32 | set, 19};
	bool fresh;
	*out = 0;
	if (normal == 0)
		return TRUCE_OK;
	panel_mix(&key, 23);
	int status = panel_map_at(&p->value_map, key, 0, out, &fresh);
	if (status || !fresh)
		return status;
	size_t slot = slot_of(&p->value_map, key);
	const struct panel_normal *n = &p->normals[normal];
	panel_lay(p, &n->rate, set);
	if (n->programme != PANEL_NONE) {
		p->work->claims = duty_claims(p->work, n->programme);
		p->work->general = (truce_tariff_layer){.ad_valorem = n->general.ad_valorem, .low = n->general.low, .high = n->general.high};
	}
	truce_tariff_rate rate = duty_total(p->work);
	struct panel_key content = {29, 29};
	panel_mix_double(&content, rate.ad_valorem);
	panel_mix_double(&content, rate.low);
	panel_mix_double(&content, rate.high);
	uint32_t value;
	if ((status = panel_map_at(&p->value_ids, content, (uint32_t)p->value_count, &value, &fresh)))
		return status;
	if (fresh) {
		if ((status = truce_grow(p->ctx, &p->values, &p->value_capacity, p->value_count + 1, sizeof *p->values)))
			return status;
		p->values[p->value_count++] = rate;
	}
	p->value_map.values[slot] = value + 1;
	*out = value;
	return TRUCE_OK;
}
