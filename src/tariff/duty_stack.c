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
bool duty_on_content(const struct duty_mark *mark)
{
	const truce_level *level = mark->level && mark->level->basis != TRUCE_BASIS_NONE ? mark->level : mark->act ? mark->act->level : NULL;
	return level && level->basis == TRUCE_BASIS_CONTENT;
}

/* The first layer on the content of this one's class: they are levied on the same. */
static uint8_t content_of(const struct duty_work *w, size_t i)
{
	for (size_t k = 1; w->marks[i].row && k < i; k++)
		if (w->marks[k].row == w->marks[i].row && duty_on_content(&w->marks[k]))
			return (uint8_t)k;
	return w->marks[i].row ? (uint8_t)i : CONTENT_APART;
}

/* A layer that is on the content only, where it is not said how much that is: a range, or what the shares estimate. */
static void contents(struct duty_work *w)
{
	for (size_t i = 1; i < w->layer_count; i++) {
		struct duty_mark *mark = &w->marks[i];
		if (!duty_on_content(mark))
			continue;
		bool said = mark->by && mark->by->share.set, first = content_of(w, i) == i;
		if (said || !isnan(mark->content))
			mark->taken = !first ? 0 : said ? mark->by->share.value : mark->content;
		if (!said && !isnan(mark->content)) {
			duty_scale(&w->layers[i], mark->content);
			mark->applied_low *= mark->content;
		}
		if (said || !isnan(mark->content))
			continue;
		mark->part = content_of(w, i);
		mark->whole_low = w->layers[i].low;
		duty_unsettle(&w->layers[i], "on the content");
		duty_need(w, duty_words(w, "the share of the value that is content under %s", w->layers[i].id));
	}
}

/* Whether nothing of the first is left where the second is levied. */
static bool gives_way_wholly(const struct duty_work *w, size_t i, size_t over)
{
	return (w->marks[i].row->on != TRUCE_BASIS_CONTENT || !duty_on_content(&w->marks[over])) && !w->marks[over].maybe;
}

static bool is_gone(const struct duty_work *w, size_t i, int depth);

/* Whether a layer gives way to another: of a class that its row names, and not itself gone before a third.  So it does not
 * matter in which order layers stand. */
static bool gives_way_to(const struct duty_work *w, size_t i, size_t over, int depth)
{
	const truce_stacking_class *row = w->marks[i].row, *other = w->marks[over].row;
	return i != over && row && other && duty_names(row->gives_way_to, other->id) && !is_gone(w, over, depth + 1);
}

/* Before which layer this one goes wholly; 0: none. */
static size_t gone_before(const struct duty_work *w, size_t i, int depth)
{
	for (size_t k = 1; depth < 16 && w->marks[i].row && w->marks[i].row->gives_way_to.count && k < w->layer_count; k++)
		if (gives_way_to(w, i, k, depth) && gives_way_wholly(w, i, k))
			return k;
	return 0;
}

static bool is_gone(const struct duty_work *w, size_t i, int depth)
{
	return gone_before(w, i, depth) != 0;
}

/* A layer that gives way to ones that may be excused is levied where none of them is. */
static void instead(struct duty_work *w, size_t i, size_t over)
{
	struct duty_mark *mark = &w->marks[i];
	const char *id = w->layers[over].id;
	const char *note = mark->yields ? duty_words(w, "%s, nor %s", w->layers[i].note, id) : duty_words(w, "where %s is not levied", id);
	if (!mark->yields && !mark->maybe)
		mark->applied_low = mark->leaves || mark->part ? mark->whole_low : w->layers[i].low;
	mark->yields |= (uint64_t)1 << over;
	duty_unsettle(&w->layers[i], note);
}

/* Where only the content is given way to, the rest is levied. */
static void leave_rest(struct duty_work *w, size_t i, size_t over)
{
	const struct duty_mark *other = &w->marks[over];
	struct duty_mark *mark = &w->marks[i];
	const char *id = w->layers[over].id;
	bool first = mark->left == 1 && !mark->leaves;
	const char *note = first ? duty_words(w, "on the value that %s leaves", id) : duty_words(w, "%s, and %s", w->layers[i].note, id);
	if (!other->part) {
		double left = fmax(0, mark->left - other->taken), share = mark->left > 0 ? left / mark->left : 0;
		duty_scale(&w->layers[i], share);
		mark->applied_low *= share;
		mark->whole_low *= share;
		mark->left = left;
	} else {
		if (!mark->leaves)
			mark->whole_low = w->layers[i].low;
		mark->leaves |= (uint64_t)1 << over;
		duty_unsettle(&w->layers[i], note);
		duty_need(w, duty_words(w, "the share of the value that is content under %s", id));
	}
	if (!w->ask->estimate)
		w->layers[i].note = note;
}

/* Bits of layers, where each came to stand. */
static uint64_t bits_at(uint64_t bits, const uint64_t places[MOST_LAYERS])
{
	uint64_t moved = 0;
	for (; bits; bits &= bits - 1)
		moved |= places[__builtin_ctzll(bits)];
	return moved;
}

/* Drops the layers that are gone; what is said of layers by their place follows them. */
static void drop_gone(struct duty_work *w, const char *const *gone, size_t count)
{
	uint64_t places[MOST_LAYERS] = {0}; /* where each stands afterwards; 0: nowhere */
	for (size_t i = 1, k = 1; k < count; k++) {
		if (!gone[k])
			places[k] = (uint64_t)1 << i;
		if (gone[k])
			drop(w, i, duty_words(w, "gives way to %s", gone[k]));
		else
			i++;
	}
	for (size_t i = 1; i < w->layer_count; i++) {
		struct duty_mark *mark = &w->marks[i];
		mark->leaves = bits_at(mark->leaves, places);
		mark->yields = bits_at(mark->yields, places);
		if (mark->part && mark->part != CONTENT_APART)
			mark->part = places[mark->part] ? (uint8_t)__builtin_ctzll(places[mark->part]) : CONTENT_APART;
	}
}

/* A layer gives way where a layer of one of these classes is levied: all are found before any is dropped. */
static void give_way(struct duty_work *w)
{
	size_t count = w->layer_count;
	bool over[MOST_LAYERS]; /* the layer gives way to this one */
	const char *gone[MOST_LAYERS] = {NULL}; /* before which it goes wholly; NULL: it stays */
	for (size_t i = 1; i < count; i++) {
		size_t before = gone_before(w, i, 0);
		gone[i] = before ? w->layers[before].id : NULL;
	}
	for (size_t i = 1; i < count; i++) {
		for (size_t k = 1; k < count && !gone[i]; k++)
			over[k] = gives_way_to(w, i, k, 0);
		for (size_t k = 1; k < count && !gone[i]; k++)
			if (over[k] && w->marks[i].row->on == TRUCE_BASIS_CONTENT && duty_on_content(&w->marks[k]) && content_of(w, k) == k)
				leave_rest(w, i, k);
		for (size_t k = 1; k < count && !gone[i]; k++)
			if (over[k] && !(w->marks[i].row->on == TRUCE_BASIS_CONTENT && duty_on_content(&w->marks[k])))
				instead(w, i, k);
	}
	drop_gone(w, gone, count);
}

/* Why the range is narrower than its layers' ranges added. */
static void say_contents(struct duty_work *w)
{
	size_t ranged = 0;
	for (size_t i = 1; i < w->layer_count; i++)
		ranged += w->marks[i].part == i || w->marks[i].leaves;
	if (ranged > 1)
		duty_condition(w, "the range is of sums: contents are together no more than the value, and what gives way to them is levied on the rest");
}

void duty_stack(struct duty_work *w)
{
	combine(w);
	contents(w);
	give_way(w);
	say_contents(w);
}

/* ---- floors ---- */

double duty_floor(const struct duty_mark *mark)
{
	return mark->level && mark->level->floor.set ? mark->level->floor.value / 100 : NAN;
}

/* What tops a normal duty up, on the value that known contents leave. */
static double top_up(const struct duty_mark *mark, double normal)
{
	return fmax(0, duty_floor(mark) - normal) * mark->left;
}

void duty_floors(struct duty_work *w)
{
	const truce_tariff_layer *normal = &w->layers[0];
	for (size_t i = 1; i < w->layer_count; i++) {
		truce_tariff_layer *layer = &w->layers[i];
		bool ranged = isnan(layer->ad_valorem), open = isnan(normal->ad_valorem); /* where it may be excused, it still may */
		if (isnan(duty_floor(&w->marks[i])))
			continue;
		layer->high = top_up(&w->marks[i], open ? normal->low : normal->ad_valorem);
		layer->low = ranged ? 0 : open ? top_up(&w->marks[i], normal->high) : layer->high;
		layer->ad_valorem = ranged || open ? NAN : layer->high;
		layer->usd = NAN;
		layer->note = "tops the normal duty up";
	}
}

/* ---- the ends of the sum ---- */

/* A claim that a programme and exemptions rest on: not asked for, made, not made. */
enum claim { CLAIM_NONE, CLAIMED, UNCLAIMED };

/* A case in which the sum may be least or most. */
struct corner {
	enum claim claim;
	uint8_t content;               /* whose content is all that known contents leave; 0: no content is anything */
	double room;                   /* how much that is */
	double normal;                 /* the normal duty */
};

struct ends {
	double low, high;
	double applied;                /* the low end where it is levied */
};

static bool rests_on_claim(const struct duty_work *w, size_t i)
{
	return w->marks[i].maybe_by & w->claims;
}

static bool rests_on_claim_alone(const struct duty_work *w, size_t i)
{
	return w->marks[i].maybe_by && !(w->marks[i].maybe_by & ~w->claims);
}

/* Whether the corner's content is one that this layer is not levied on. */
static bool leaves_content(const struct duty_work *w, size_t i, const struct corner *at)
{
	return at->content && (w->marks[i].leaves >> at->content & 1);
}

/* The share of a layer that is levied in the corner. */
static double share_at(const struct duty_work *w, size_t i, const struct corner *at)
{
	const struct duty_mark *mark = &w->marks[i];
	if (mark->part && mark->part != CONTENT_APART)
		return mark->part == at->content ? at->room : 0;
	if (leaves_content(w, i, at) && !w->marks[at->content].maybe)
		return mark->left > 0 ? fmax(0, mark->left - at->room) / mark->left : 0;
	return 1;
}

/* With a claim made what rests on it is excused; without it only what else may excuse a layer does. */
static struct ends ends_of(const struct duty_work *w, size_t i, const struct corner *at)
{
	const struct duty_mark *mark = &w->marks[i];
	const truce_tariff_layer *layer = &w->layers[i];
	double share = share_at(w, i, at);
	bool apart = mark->part == CONTENT_APART; /* on how much, no corner says */
	struct ends ends = {!apart && (mark->leaves || mark->part) ? mark->whole_low : layer->low, layer->high, apart ? 0 : mark->applied_low};
	if (share == 0 || (at->claim == CLAIMED && rests_on_claim(w, i)))
		return (struct ends){0, 0, 0};
	if (!isnan(duty_floor(mark))) {
		ends.high = ends.applied = top_up(mark, at->normal);
		ends.low = mark->maybe ? 0 : ends.high;
	}
	if (at->claim == UNCLAIMED && rests_on_claim_alone(w, i))
		ends.low = ends.applied;
	return (struct ends){ends.low * share, ends.high * share, ends.applied * share};
}

/* The layers that may be excused and before which one is levied on nothing, in the corner. */
static uint64_t yields_at(const struct duty_work *w, size_t i, const struct corner *at)
{
	bool content = leaves_content(w, i, at) && w->marks[at->content].maybe;
	return w->marks[i].yields | (content ? (uint64_t)1 << at->content : 0);
}

/* Whether those of `heads` that are levied may be, and the others not. */
static bool can_be(const struct duty_work *w, uint64_t heads, uint64_t levied, const struct corner *at)
{
	for (uint64_t bits = heads; bits; bits &= bits - 1) {
		size_t i = (size_t)__builtin_ctzll(bits);
		bool is = levied >> i & 1, yields = yields_at(w, i, at) & levied;
		if (is && (yields || (at->claim == CLAIMED && rests_on_claim(w, i))))
			return false;
		if (!is && !yields && at->claim == UNCLAIMED && rests_on_claim_alone(w, i))
			return false;
	}
	return true;
}

/* The sums of the layers' ends where these of the heads are levied: what yields to them is not. */
static void add_levied(const struct duty_work *w, uint64_t heads, uint64_t levied, const struct corner *at, truce_tariff_rate *sum)
{
	double low = at->normal, high = at->normal;
	for (size_t i = 1; i < w->layer_count; i++) {
		uint64_t yields = yields_at(w, i, at);
		bool head = heads >> i & 1;
		if ((yields & levied) || (head && !(levied >> i & 1)))
			continue;
		struct ends ends = ends_of(w, i, at);
		bool sure = head || (yields && !(yields & ~heads) && !w->marks[i].maybe);
		low += yields & ~heads ? 0 : sure ? ends.applied : ends.low;
		high += ends.high;
	}
	sum->low = fmin(sum->low, low);
	sum->high = fmax(sum->high, high);
}

/* Every choice of the layers that may be excused and that others yield to. */
static void add_ends(const struct duty_work *w, const struct corner *at, truce_tariff_rate *sum)
{
	enum { MOST_HEADS = 10 }; /* what yields to further ones is taken for levied or not, as they are: a range that is too wide */
	uint64_t all = 0, heads = 0;
	for (size_t i = 1; i < w->layer_count; i++)
		all |= yields_at(w, i, at);
	for (int count = 0; all && count < MOST_HEADS; count++, all &= all - 1)
		heads |= all & -all;
	/* The subsets of the heads, from all of them to none. */
	for (uint64_t levied = heads;; levied = (levied - 1) & heads) {
		if (can_be(w, heads, levied, at))
			add_levied(w, heads, levied, at, sum);
		if (!levied)
			break;
	}
}

/* Every content in turn, and none. */
static void add_contents(const struct duty_work *w, enum claim claim, double normal, truce_tariff_rate *sum)
{
	struct corner at = {.claim = claim, .room = 1, .normal = normal};
	for (size_t i = 1; i < w->layer_count; i++)
		at.room -= w->marks[i].taken;
	at.room = fmax(0, at.room);
	add_ends(w, &at, sum);
	for (size_t i = 1; i < w->layer_count; i++)
		if (w->marks[i].part == i) {
			at.content = (uint8_t)i;
			add_ends(w, &at, sum);
		}
}

/* Floors make the sum bend where the normal duty reaches them. */
static void add_claim(const struct duty_work *w, enum claim claim, truce_tariff_rate *sum)
{
	const truce_tariff_layer *normal = claim == UNCLAIMED ? &w->general : &w->layers[0];
	add_contents(w, claim, normal->low, sum);
	if (!(normal->low < normal->high))
		return;
	add_contents(w, claim, normal->high, sum);
	for (size_t i = 1; i < w->layer_count; i++) {
		double floor_rate = duty_floor(&w->marks[i]);
		if (normal->low < floor_rate && floor_rate < normal->high)
			add_contents(w, claim, floor_rate, sum);
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
		if (rests_on_claim(w, i))
			return true;
	return false;
}

truce_tariff_rate duty_total(const struct duty_work *w)
{
	truce_tariff_rate total = {0, INFINITY, 0};
	for (size_t i = 0; i < w->layer_count; i++)
		total.ad_valorem += w->layers[i].ad_valorem;
	if (shares_claim(w)) {
		total.ad_valorem = NAN;
		add_claim(w, CLAIMED, &total);
		add_claim(w, UNCLAIMED, &total);
	} else {
		add_claim(w, CLAIM_NONE, &total);
	}
	total = (truce_tariff_rate){duty_tidy(total.ad_valorem), duty_tidy(total.low), duty_tidy(total.high)};
	/* Whichever of two is levied, it comes to the same. */
	if (isnan(total.ad_valorem) && total.low == total.high)
		total.ad_valorem = total.low;
	return total;
}
