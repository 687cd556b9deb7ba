/* duty_stack.c: how the layers stand on one another (tariff room), by the record's rules for the day. */
#include <math.h>
#include <string.h>

#include "duty_private.h"

/* Rules stand until others are known: of those that have begun, the ones that became known last. */
const truce_stacking *duty_stacking(const struct duty_work *w)
{
	const truce_stacking *last = NULL;
	for (size_t i = 0; i < truce_record_count(w->ask->record, TRUCE_STACKING); i++) {
		const truce_stacking *one = truce_record_at(w->ask->record, TRUCE_STACKING, i);
		if (strcmp(one->into, w->into) != 0 || !truce_record_visible(one, w->known) || one->head.begins > w->at || w->at >= one->head.ends)
			continue;
		if (!last || one->head.known_from > last->head.known_from ||
			(one->head.known_from == last->head.known_from && one->head.begins > last->head.begins))
			last = one;
	}
	return last;
}

/* Whether an authority is one of a list, or a use of one that is. */
static bool is_use_of(const struct duty_work *w, truce_yaml_list authorities, const char *authority)
{
	for (int depth = 0; authority && depth < 8; depth++) {
		if (duty_names(authorities, authority))
			return true;
		const truce_authority *law = truce_record_find_known(w->ask->record, TRUCE_AUTHORITY, authority, w->known);
		authority = law ? law->under : NULL;
	}
	return false;
}

bool duty_row_holds(const struct duty_work *w, const truce_stacking_class *row)
{
	return (!row->against.count || duty_holds_origin(w, row->against)) && !duty_holds_origin(w, row->except);
}

const truce_stacking_class *duty_row_of(const struct duty_work *w, const truce_stacking *stacking, const char *klass, const char *authority)
{
	const truce_stacking_class *by_authority = NULL;
	for (size_t i = 0; stacking && i < stacking->classes.count; i++) {
		const truce_stacking_class *row = TRUCE_LIST_AT(stacking->classes, const truce_stacking_class, i);
		if (!duty_row_holds(w, row))
			continue;
		if (strcmp(row->id, klass) == 0)
			return row;
		if (!by_authority && is_use_of(w, row->authorities, authority))
			by_authority = row;
	}
	return by_authority;
}

void duty_rows(struct duty_work *w, const truce_stacking *stacking)
{
	for (size_t i = 1; i < w->layer_count; i++)
		w->marks[i].row = duty_row_of(w, stacking, w->layers[i].class_, w->layers[i].authority);
}

static void drop(struct duty_work *w, size_t i, const char *why)
{
	duty_set_aside(w, w->layers[i], why);
	memmove(&w->layers[i], &w->layers[i + 1], (w->layer_count - i - 1) * sizeof *w->layers);
	memmove(&w->marks[i], &w->marks[i + 1], (w->layer_count - i - 1) * sizeof *w->marks);
	w->layer_count--;
}

static void swap(struct duty_work *w, size_t i, size_t k)
{
	truce_tariff_layer layer = w->layers[i];
	struct duty_mark mark = w->marks[i];
	w->layers[i] = w->layers[k];
	w->marks[i] = w->marks[k];
	w->layers[k] = layer;
	w->marks[k] = mark;
}

/* What is left of a class by the one that counts is bounded by the other too: a highest that may be excused leaves the
 * other's; a lowest is no more than it. */
static void bound_by(struct duty_work *w, size_t i, size_t other, truce_combine combine)
{
	truce_tariff_layer *kept = &w->layers[i], *left = &w->layers[other];
	if (!isnan(kept->ad_valorem))
		return;
	if (combine == TRUCE_COMBINE_MAX && left->low > kept->low) {
		kept->low = left->low;
		w->marks[i].maybe &= w->marks[other].maybe;
	}
	if (combine == TRUCE_COMBINE_MIN)
		kept->high = fmin(kept->high, left->high);
	if (kept->low == kept->high)
		kept->ad_valorem = kept->low;
}

/* Of a class whose highest (lowest) counts, the others stand aside. */
static void combine(struct duty_work *w)
{
	for (size_t i = 1; i < w->layer_count; i++) {
		const truce_stacking_class *row = w->marks[i].row;
		if (!row || row->combine == TRUCE_COMBINE_SUM)
			continue;
		for (size_t k = i + 1; k < w->layer_count;) {
			if (w->marks[k].row != row) {
				k++;
				continue;
			}
			bool later = row->combine == TRUCE_COMBINE_MAX ? w->layers[k].high > w->layers[i].high : w->layers[k].low < w->layers[i].low;
			if (later)
				swap(w, i, k);
			bound_by(w, i, k, row->combine);
			drop(w, k, duty_words(w, "only the %s of its class counts: %s", row->combine == TRUCE_COMBINE_MAX ? "highest" : "lowest",
				w->layers[i].id));
		}
	}
}

/* A level that does not say what it is levied on is levied on what the act says. */
static bool on_content(const struct duty_mark *mark)
{
	const truce_level *level = mark->level && mark->level->basis != TRUCE_BASIS_NONE ? mark->level : mark->act ? mark->act->level : NULL;
	return level && level->basis == TRUCE_BASIS_CONTENT;
}

/* A layer that is on the content only, where it is not said how much that is: a range, or what the shares estimate. */
static void contents(struct duty_work *w)
{
	for (size_t i = 1; i < w->layer_count; i++) {
		const struct duty_mark *mark = &w->marks[i];
		if (!on_content(mark) || (mark->by && mark->by->share.set))
			continue;
		if (!isnan(mark->content)) {
			duty_scale(&w->layers[i], mark->content);
			w->marks[i].applied_low *= mark->content;
			continue;
		}
		duty_unsettle(&w->layers[i], "on the content");
		w->marks[i].applied_low = 0;
		duty_need(w, duty_words(w, "the share of the value that is content under %s", w->layers[i].id));
	}
}

/* Whether nothing of the first is left where the second is levied. */
static bool gives_way_wholly(const struct duty_work *w, size_t i, size_t over)
{
	return (w->marks[i].row->on != TRUCE_BASIS_CONTENT || !on_content(&w->marks[over])) && !w->marks[over].maybe;
}

/* The layer that this one gives way to: of a class that its row names, and not itself gone before a third; 0: none.  So it
 * does not matter in which order layers stand. */
static size_t layer_over(const struct duty_work *w, size_t i, int depth)
{
	const truce_stacking_class *row = w->marks[i].row;
	for (size_t k = 1; row && depth < 16 && k < w->layer_count; k++) {
		const truce_stacking_class *other = k == i ? NULL : w->marks[k].row;
		if (!other || !duty_names(row->gives_way_to, other->id))
			continue;
		size_t third = layer_over(w, k, depth + 1);
		if (!third || !gives_way_wholly(w, k, third))
			return k;
	}
	return 0;
}

/* A layer that gives way to one that may be excused is levied where that is not. */
static void instead(struct duty_work *w, size_t i, const char *id)
{
	w->marks[i].unless = id;
	w->marks[i].applied_low = w->layers[i].low;
	duty_unsettle(&w->layers[i], duty_words(w, "where %s is not levied", id));
}

/* Where only the content is given way to, the rest is levied. */
static void leave_rest(struct duty_work *w, size_t i, size_t over)
{
	const struct duty_mark *mark = &w->marks[over];
	const char *id = w->layers[over].id;
	if (mark->by && mark->by->share.set) {
		duty_scale(&w->layers[i], 1 - mark->by->share.value);
		w->marks[i].applied_low *= 1 - mark->by->share.value;
		w->layers[i].note = duty_words(w, "on the value that %s leaves", id);
	} else if (!isnan(mark->content)) {
		duty_scale(&w->layers[i], 1 - mark->content);
		w->marks[i].applied_low *= 1 - mark->content;
	} else {
		w->marks[i].applied_low = 0;
		duty_unsettle(&w->layers[i], duty_words(w, "on the value that %s leaves", id));
		duty_need(w, duty_words(w, "the share of the value that is content under %s", id));
	}
}

/* A layer gives way where a layer of one of these classes is levied: all are found before any is dropped. */
static void give_way(struct duty_work *w)
{
	size_t over[MOST_LAYERS], count = w->layer_count;
	const char *gone[MOST_LAYERS]; /* before which it goes wholly; NULL: it stays */
	for (size_t i = 1; i < count; i++) {
		over[i] = layer_over(w, i, 0);
		gone[i] = over[i] && gives_way_wholly(w, i, over[i]) ? w->layers[over[i]].id : NULL;
	}
	for (size_t i = 1; i < count; i++) {
		if (!over[i] || gone[i])
			continue;
		if (w->marks[i].row->on == TRUCE_BASIS_CONTENT && on_content(&w->marks[over[i]]))
			leave_rest(w, i, over[i]);
		else
			instead(w, i, w->layers[over[i]].id);
	}
	for (size_t i = 1, k = 1; k < count; k++)
		if (gone[k])
			drop(w, i, duty_words(w, "gives way to %s", gone[k]));
		else
			i++;
}

void duty_stack(struct duty_work *w)
{
	combine(w);
	contents(w);
	give_way(w);
}

/* A claim that a programme and exemptions rest on: not asked for, made, not made. */
enum claim { CLAIM_NONE, CLAIMED, UNCLAIMED };

/* The ends of a layer, the claim made or not: with it what rests on it is excused, without it only what else may excuse it. */
static void ends(const struct duty_work *w, size_t i, enum claim claim, double *low, double *high)
{
	uint64_t by = w->marks[i].maybe_by;
	const truce_tariff_layer *layer = i == 0 && claim == UNCLAIMED ? &w->general : &w->layers[i];
	*low = layer->low;
	*high = layer->high;
	if (claim == CLAIMED && (by & w->claims))
		*low = *high = 0;
	if (claim == UNCLAIMED && by && !(by & ~w->claims))
		*low = isnan(duty_floor(&w->marks[i])) ? w->marks[i].applied_low : *low;
}

/* The sums of the layers' ends, where of two that cannot both be levied only one counts. */
static void bounds(const struct duty_work *w, enum claim claim, double *low, double *high)
{
	*low = *high = 0;
	for (size_t i = 0; i < w->layer_count; i++) {
		double with_low, with_high, without_low = 0, without_high = 0;
		bool alternatives = false, excused = claim == CLAIMED && (w->marks[i].maybe_by & w->claims);
		ends(w, i, claim, &with_low, &with_high);
		if (w->marks[i].unless)
			continue;
		for (size_t k = 0; w->marks[i].maybe && k < w->layer_count; k++)
			if (w->marks[k].unless && strcmp(w->marks[k].unless, w->layers[i].id) == 0) {
				bool gone = claim == CLAIMED && (w->marks[k].maybe_by & w->claims);
				alternatives = true;
				without_low += gone ? 0 : w->marks[k].applied_low;
				without_high += gone ? 0 : w->layers[k].high;
			}
		if (alternatives && excused) {
			with_low = without_low;
			with_high = without_high;
		} else if (alternatives && !(claim == UNCLAIMED && !(w->marks[i].maybe_by & ~w->claims))) {
			with_low = isnan(duty_floor(&w->marks[i])) ? w->marks[i].applied_low : with_high;
			with_low = fmin(with_low, without_low);
			with_high = fmax(with_high, without_high);
		}
		*low += with_low;
		*high += with_high;
	}
}

/* ---- floors ---- */

double duty_floor(const struct duty_mark *mark)
{
	return mark->level && mark->level->floor.set ? mark->level->floor.value / 100 : NAN;
}

void duty_floor_layer(truce_tariff_layer *layer, double floor_rate, const truce_tariff_layer *normal)
{
	double base = normal->ad_valorem;
	bool ranged = isnan(layer->ad_valorem); /* where it may be excused, it still may */
	layer->high = isnan(base) ? fmax(0, floor_rate - normal->low) : fmax(0, floor_rate - base);
	layer->low = isnan(base) ? fmax(0, floor_rate - normal->high) : layer->high;
	if (ranged)
		layer->low = 0;
	layer->ad_valorem = ranged || isnan(base) ? NAN : layer->high;
	layer->usd = NAN;
	layer->note = "tops the normal duty up";
}

void duty_floors(struct duty_work *w)
{
	for (size_t i = 1; i < w->layer_count; i++) {
		double floor_rate = duty_floor(&w->marks[i]);
		if (!isnan(floor_rate))
			duty_floor_layer(&w->layers[i], floor_rate, &w->layers[0]);
	}
}

double duty_tidy(double rate)
{
	return isfinite(rate) ? round(rate * 1e12) / 1e12 : rate;
}

/* Whether a layer is excused by the claim that the normal duty takes to be made. */
static bool shares_claim(const struct duty_work *w)
{
	for (size_t i = 1; i < w->layer_count; i++)
		if (w->marks[i].maybe_by & w->claims)
			return true;
	return false;
}

truce_tariff_rate duty_total(const struct duty_work *w)
{
	truce_tariff_rate total = {0};
	for (size_t i = 0; i < w->layer_count; i++)
		total.ad_valorem += w->layers[i].ad_valorem;
	if (shares_claim(w)) {
		truce_tariff_rate other = {0};
		bounds(w, CLAIMED, &total.low, &total.high);
		bounds(w, UNCLAIMED, &other.low, &other.high);
		total = (truce_tariff_rate){NAN, fmin(total.low, other.low), fmax(total.high, other.high)};
	} else {
		bounds(w, CLAIM_NONE, &total.low, &total.high);
	}
	total = (truce_tariff_rate){duty_tidy(total.ad_valorem), duty_tidy(total.low), duty_tidy(total.high)};
	/* Whichever of two is levied, it comes to the same. */
	if (isnan(total.ad_valorem) && total.low == total.high)
		total.ad_valorem = total.low;
	return total;
}
