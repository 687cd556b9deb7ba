/* rates.c: averages of the duties over days, by party and by sector (tariff room).
 *
 * A cell of the weights walks the stretches of its line and origin in a panel; where content or claims count, its layers
 * are worked out with the shares that the schedule's lists give this line from this origin. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "rates_private.h"

enum { MOST_AUTHORITIES = 96, MOST_UNMATCHED = 20 };

/* Sums by stretch.  While cells are added they are differences: what is added at the first stretch of a run, and taken away at
 * the first after it.  All are multiples of one power of two, so that they add exactly, in any order. */
struct sums {
	double *parts;                 /* [stretches + 1][MOST_AUTHORITIES] */
	double *matched, *unmatched, *by_quantity; /* [stretches + 1] */
	double *shared, *down, *up;    /* [stretches] no differences: value shared equally among lines, and what duties could be lower or higher */
	size_t cells;
};

/* What a cell pays on a stretch. */
struct paid {
	size_t count;
	uint32_t authority[MOST_LAYERS];
	double rate[MOST_LAYERS];
	bool known, by_quantity;
};

/* The lines that a code of the weights means: those below a short one; else its own, and what it became or was, and so on. */
struct targets {
	uint32_t *lines;
	uint32_t *codes;               /* [count] of the weights; NULL for a short code */
	size_t count, capacity, code_capacity;
	bool found, short_code;        /* fewer digits than a line */
	double *scale;                 /* [count][segments] of the code's value; NULL: one line that takes all of it */
};

struct averaging {
	struct rates_weights *weights;
	const truce_tariff_averages_options *options;
	truce_tariff_panel *p;
	struct sums *sums;             /* [1 + origins + sectors] */
	size_t sum_count;
	uint32_t *line_of;             /* [codes] in the panel; PANEL_NONE */
	uint32_t *origin_of;           /* [weights' origins] in the panel */
	bool *inside;                  /* [weights' origins] another partner contains it */
	bool *changes;                 /* [measure group][segment] */
	uint8_t *own;                  /* [class][measure group] 0 not looked at, 1 no shares matter, 2 they may */
	int *claim_list;               /* [programmes of the question] lists of shares; negative: none */
	double *one;                   /* [segments] all of the cell's value */
	double *least, *mean, *most;   /* [segments] duties of the lines that share the cell at hand; NaN least: one is not known */
	bool sharing;
	double round;                  /* added and taken away, rounds to the power of two */
	struct targets *targets;       /* [codes] */
	truce_arena *arena;
	truce_tariff_unmatched *worst;
	size_t worst_count;
	double inside_usd;
};

const char *truce_rates_definition_word(truce_rates_definition definition)
{
	static const char *const words[] = {"imports", "world-exports", "collected"};
	return (size_t)definition < sizeof words / sizeof *words ? words[definition] : "?";
}

/* ---- what a cell pays ---- */

static bool add_paid(struct paid *paid, uint32_t authority, double rate)
{
	for (size_t i = 0; i < paid->count; i++)
		if (paid->authority[i] == authority) {
			paid->rate[i] += rate;
			return true;
		}
	if (paid->count == MOST_LAYERS)
		return false;
	paid->authority[paid->count] = authority;
	paid->rate[paid->count++] = rate;
	return true;
}

static void add_layers(struct averaging *a, struct paid *paid, uint32_t set, double weight)
{
	const struct panel_set *s = &a->p->sets[set];
	for (size_t i = 0; i < s->count; i++) {
		const struct panel_layer *layer = &a->p->layers[s->first + i];
		if (isnan(layer->rate.ad_valorem))
			paid->known = false;
		add_paid(paid, layer->authority + 1, weight * layer->rate.ad_valorem);
	}
}

/* The part of a cell that pays this normal duty.  Duties by quantity count with their percentages. */
static void add_variant(struct averaging *a, struct paid *paid, const truce_tariff_rate *normal, uint32_t set, double weight)
{
	struct duty_work *w = a->p->work;
	bool ranged = false;
	if (weight <= 0)
		return;
	paid->by_quantity |= isnan(normal->ad_valorem);
	add_paid(paid, 0, weight * (isnan(normal->ad_valorem) ? normal->low : normal->ad_valorem));
	if (!a->p->sets[set].floors) {
		bool known = paid->known;
		paid->known = true;
		add_layers(a, paid, set, weight);
		ranged = !paid->known;
		paid->known = known;
		if (!ranged)
			return;
	}
	/* Again with floors filled, or to see whether layers that are not known come to something that is. */
	truce_tariff_rate known = {isnan(normal->ad_valorem) ? normal->low : normal->ad_valorem, 0, 0};
	known.low = known.high = known.ad_valorem;
	panel_lay(a->p, &known, set);
	double total = duty_total(w).ad_valorem - known.ad_valorem, rest = total;
	size_t open = 0;
	for (size_t i = 1; i < w->layer_count; i++) {
		if (isnan(w->layers[i].ad_valorem))
			open = open ? open : i;
		else
			rest -= w->layers[i].ad_valorem;
	}
	if (open && isnan(total)) {
		paid->known = false;
		return;
	}
	for (size_t i = 1; i < w->layer_count && !ranged; i++) {
		double rate = i == open ? rest : isnan(w->layers[i].ad_valorem) ? 0 : w->layers[i].ad_valorem;
		add_paid(paid, a->p->layers[a->p->sets[set].first + i - 1].authority + 1, weight * rate);
	}
	if (ranged) { /* the unknown ones were added as NaN: put right */
		const struct panel_set *s = &a->p->sets[set];
		for (size_t i = 0; i < paid->count; i++)
			if (isnan(paid->rate[i]))
				paid->rate[i] = 0;
		for (size_t i = 0; i < s->count; i++)
			if (i + 1 == open)
				add_paid(paid, a->p->layers[s->first + i].authority + 1, weight * rest);
	}
}

/* The share that enters under a programme, or free, and the normal duty that it pays. */
static double claimed(struct averaging *a, const struct panel_normal *normal, size_t segment, truce_tariff_rate *rate)
{
	struct duty_work *w = a->p->work;
	*rate = (truce_tariff_rate){0, 0, 0};
	if (normal->programme != PANEL_NONE) {
		int list = a->claim_list[normal->programme];
		const truce_schedule_member *row = list < 0 ? NULL : duty_listed(w, (size_t)list, "");
		*rate = normal->rate;
		if (list >= 0)
			return row && !isnan(row->value) ? fmin(1, fmax(0, row->value)) : 0;
	}
	double unpaid = panel_share(a->p, &a->p->normal_shares, segment);
	if (!isnan(unpaid)) {
		*rate = (truce_tariff_rate){0, 0, 0};
		return unpaid;
	}
	return normal->programme != PANEL_NONE ? 1 : 0; /* no list says otherwise: who may claim it does */
}

/* ---- walking the stretches ---- */

static void add_run(double *sum, size_t stride, size_t from, size_t until, double value)
{
	sum[from * stride] += value;
	sum[until * stride] -= value;
}

/* Rounds to the power of two that all sums are multiples of. */
static double rounded(const struct averaging *a, double usd)
{
	return usd + a->round - a->round;
}

/* Of a code that several lines share: the least and the most that a line of it pays. */
static void compare(struct averaging *a, const struct paid *paid, const double *scale, size_t from, size_t until)
{
	double rate = paid->known ? 0 : NAN;
	for (size_t i = 0; i < paid->count && paid->known; i++)
		rate += paid->rate[i];
	for (size_t s = from; s < until; s++) {
		a->least[s] = rate < a->least[s] || isnan(rate) ? rate : a->least[s];
		a->most[s] = rate > a->most[s] ? rate : a->most[s];
		a->mean[s] += scale[s] * rate;
	}
}

static void put(struct averaging *a, const struct paid *paid, const size_t *series, size_t series_count, double usd, size_t from, size_t until)
{
	double value = rounded(a, usd), parts[MOST_LAYERS];
	for (size_t i = 0; i < paid->count && paid->known; i++)
		parts[i] = rounded(a, usd * paid->rate[i]);
	for (size_t k = 0; k < series_count; k++) {
		struct sums *sum = &a->sums[series[k]];
		if (!paid->known) {
			add_run(sum->unmatched, 1, from, until, value);
			continue;
		}
		add_run(sum->matched, 1, from, until, value);
		if (paid->by_quantity)
			add_run(sum->by_quantity, 1, from, until, value);
		for (size_t i = 0; i < paid->count; i++)
			add_run(sum->parts + paid->authority[i], MOST_AUTHORITIES, from, until, parts[i]);
	}
}

/* Whether shares by line can matter to a class of lines from a group at all. */
static int may_own(struct averaging *a, const struct panel_class *c, size_t group, bool *out)
{
	const truce_tariff_panel *p = a->p;
	uint8_t *known = &a->own[(size_t)(c - p->classes) * p->measure_group_count + group];
	const struct panel_group *g = &p->groups[group];
	if (!*known) {
		*known = c->parties ? 2 : 1;
		for (size_t v = 0; v < c->view_count && *known == 1; v++)
			for (size_t i = 0; i < p->levy_count; i++) {
				bool in = c->views[v].scope[i / 64] >> i % 64 & 1, reaches = false;
				uint64_t exempt = 0;
				for (size_t e = 0; e < p->epoch_count; e++) {
					reaches |= g->reach[e * p->words + i / 64] >> i % 64 & 1;
					exempt |= g->exempt[e];
				}
				if (in && reaches && (p->levies[i].content || (c->views[v].exempt & exempt & p->levies[i].exempters & p->sharing)))
					*known = 2;
			}
	}
	*out = *known == 2;
	return TRUCE_OK;
}

/* The cell's own sets, [segments]; those the class has where shares do not matter. */
static int own_sets(struct averaging *a, size_t line, size_t origin, uint32_t *sets)
{
	truce_tariff_panel *p = a->p;
	size_t group = p->measure_group[origin], next = 0;
	struct panel_class *c = &p->classes[p->lines[line].measure_class];
	const uint64_t *changes = p->changes + c->line * p->change_words;
	struct panel_view there, *view = NULL;
	int status = TRUCE_OK;
	for (size_t s = 0; s < p->segment_count && !status; s++) {
		bool line_changes = s == 0 || (changes[s / 64] >> s % 64 & 1);
		if (line_changes && c->parties) {
			status = panel_view_at(p, c, group, s, &there);
			view = &there;
		} else if (line_changes) {
			view = &c->views[next++];
		}
		if (!line_changes && !a->changes[group * p->segment_count + s]) {
			sets[s] = sets[s - 1];
			continue;
		}
		if (!status)
			status = panel_set_of_cell(p, &sets[s], view, group, s, line, origin);
		if (!status && sets[s] == PANEL_NONE)
			status = panel_set_of(p, &sets[s], view, group, s);
	}
	return status;
}

/* The runs of a line and an origin, made when they are first asked for. */
static int runs_of(struct averaging *a, const struct panel_line *line, size_t origin, const struct panel_span **sets, const struct panel_span **normals)
{
	truce_tariff_panel *p = a->p;
	size_t group = p->measure_group[origin], normal_group = p->normal_group[origin];
	int status = TRUCE_OK;
	*normals = &p->normal_runs[line->normal_class * p->normal_group_count + normal_group];
	if (sets) {
		*sets = &p->set_runs[line->measure_class * p->measure_group_count + group];
		if (!(*sets)->count)
			status = panel_set_run(p, line->measure_class, group, a->changes + group * p->segment_count);
	}
	return status || (*normals)->count ? status : panel_normal_run(p, line->normal_class, normal_group);
}

static void spread_runs(const truce_tariff_panel *p, const struct panel_span *span, uint32_t *out)
{
	for (size_t i = 0; i < span->count; i++) {
		size_t until = i + 1 < span->count ? p->runs[span->first + i + 1].segment : p->segment_count;
		for (size_t s = p->runs[span->first + i].segment; s < until; s++)
			out[s] = p->runs[span->first + i].value;
	}
}

struct walk {
	uint32_t *sets, *normals;      /* [segments] */
};

static int walk_cell(struct averaging *a, struct walk *walk, size_t line, size_t origin, double usd, const double *scale, const size_t *series,
	size_t series_count)
{
	truce_tariff_panel *p = a->p;
	const struct panel_line *l = &p->lines[line];
	struct paid paid;
	truce_tariff_rate claim = {0};
	double share = 0;
	bool own;
	panel_next_cell(p);
	int status = may_own(a, &p->classes[l->measure_class], p->measure_group[origin], &own);
	const struct panel_span *sets = NULL, *normals;
	if (!status && own)
		status = own_sets(a, line, origin, walk->sets);
	if (!status)
		status = runs_of(a, l, origin, own ? NULL : &sets, &normals);
	if (status)
		return status;
	if (sets)
		spread_runs(p, sets, walk->sets);
	spread_runs(p, normals, walk->normals);
	size_t begun = 0;
	for (size_t s = 0; s < p->segment_count; s++) {
		bool changes = s == 0 || walk->sets[s] != walk->sets[s - 1] || walk->normals[s] != walk->normals[s - 1];
		if (s && (changes || scale[s] != scale[begun])) {
			if (scale[begun] > 0)
				put(a, &paid, series, series_count, usd * scale[begun], begun, s);
			if (scale[begun] > 0 && a->sharing)
				compare(a, &paid, scale, begun, s);
			begun = s;
		}
		if (!changes)
			continue;
		const struct panel_normal *normal = &p->normals[walk->normals[s]];
		paid.count = 0;
		paid.known = walk->normals[s] != 0;
		paid.by_quantity = false;
		if (!paid.known)
			continue;
		if (p->share_windows || s == 0 || walk->normals[s] != walk->normals[s - 1]) {
			panel_at(p, s);
			panel_take_line(p, line, s);
			p->work->from = p->origins[origin];
			share = claimed(a, normal, s, &claim);
		}
		add_variant(a, &paid, &normal->general, walk->sets[s], 1 - share);
		add_variant(a, &paid, &claim, walk->sets[s], share);
	}
	if (scale[begun] > 0)
		put(a, &paid, series, series_count, usd * scale[begun], begun, p->segment_count);
	if (scale[begun] > 0 && a->sharing)
		compare(a, &paid, scale, begun, p->segment_count);
	return p->work->status;
}

/* ---- which lines a code of the weights means ---- */

static bool lives_on(const truce_tariff_panel *p, uint32_t line, truce_date on)
{
	if (line == PANEL_NONE)
		return false;
	const struct panel_line *l = &p->lines[line];
	truce_date day = on < p->known_day ? on : p->known_day;
	const truce_schedule_spell *spell = l->exact ? truce_schedule_spell_on(l->exact, day) : NULL;
	if (!spell && l->eight && strcmp(l->code + 8, "00") == 0)
		spell = truce_schedule_spell_on(l->eight, day);
	return spell && spell->leaf;
}

static int add_target(struct averaging *a, struct targets *targets, uint32_t line, uint32_t code)
{
	int status = truce_grow(a->p->ctx, &targets->lines, &targets->capacity, targets->count + 1, sizeof *targets->lines);
	if (!status && code != PANEL_NONE)
		status = truce_grow(a->p->ctx, &targets->codes, &targets->code_capacity, targets->count + 1, sizeof *targets->codes);
	if (status)
		return status;
	if (code != PANEL_NONE)
		targets->codes[targets->count] = code;
	targets->lines[targets->count++] = line;
	return TRUCE_OK;
}

static size_t first_link(const struct rates_weights *w, uint32_t code)
{
	size_t low = 0, high = w->link_count;
	while (low < high) {
		size_t middle = (low + high) / 2;
		if (w->links[middle].code < code)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static size_t target_at(const struct targets *targets, uint32_t code)
{
	size_t i = 0;
	while (i < targets->count && targets->codes[i] != code)
		i++;
	return i;
}

static int add_relative(struct averaging *a, struct targets *targets, uint32_t code)
{
	return target_at(targets, code) < targets->count ? TRUCE_OK : add_target(a, targets, a->line_of[code], code);
}

/* A code and all that its goods may have been or become. */
static int add_family(struct averaging *a, struct targets *targets, uint32_t code)
{
	const struct rates_weights *w = a->weights;
	int status = add_target(a, targets, a->line_of[code], code);
	for (int back = 0; back < 2; back++)
		for (size_t i = 0, first = targets->count; i < targets->count && !status; i = i == 0 && first > 1 && back ? first : i + 1) {
			uint32_t from = targets->codes[i];
			for (size_t k = 0; k < w->step_count && !status; k++)
				if ((back ? w->steps[k].became : w->steps[k].was) == from)
					status = add_relative(a, targets, back ? w->steps[k].was : w->steps[k].became);
		}
	for (size_t k = first_link(w, code); k < w->link_count && w->links[k].code == code && !status; k++)
		status = add_relative(a, targets, w->links[k].other);
	return status;
}

/* Goods of a code on the one side of a day are on the other side goods of its heirs, in equal parts, as no record says in which.
 * A number used again is the new goods' on the later side; where the weights do not show of which side they are, what lives stays. */
static void take_steps(const struct averaging *a, const struct targets *targets, size_t first, size_t end, bool back, double *share, double *next)
{
	const struct rates_step *steps = a->weights->steps;
	truce_date side = back ? steps[first].on - 1 : steps[first].on;
	for (size_t i = 0; i < targets->count; i++)
		next[i] = 0;
	for (size_t i = 0; i < targets->count; i++) {
		size_t heirs = 0;
		bool lives = lives_on(a->p, targets->lines[i], side);
		for (int pass = 0; pass < 2 && share[i] > 0; pass++)
			for (size_t k = first; k < end; k++) {
				if ((back ? steps[k].became : steps[k].was) != targets->codes[i])
					continue;
				size_t other = target_at(targets, back ? steps[k].was : steps[k].became);
				bool goes = !lives || (steps[k].side && (back ? steps[k].anew : steps[k].all));
				/* What is no relative was never of these goods: they came to this code on another day. */
				if (!goes || other == targets->count || !lives_on(a->p, targets->lines[other], side))
					continue;
				heirs += pass == 0;
				if (pass)
					next[other] += share[i] / (double)heirs;
			}
		if (!heirs)
			next[i] += share[i];
	}
	memcpy(share, next, targets->count * sizeof *share);
}

/* From where the weights stand to a day, change by change. */
static void follow(const struct averaging *a, const struct targets *targets, truce_date day, double *share, double *next)
{
	const struct rates_weights *w = a->weights;
	size_t first = 0, end;
	for (; first < w->step_count && w->steps[first].on <= day; first = end) {
		for (end = first; end < w->step_count && w->steps[end].on == w->steps[first].on; end++) {}
		if (w->steps[first].side <= 0)
			take_steps(a, targets, first, end, false, share, next);
	}
	for (end = w->step_count; end > 0 && w->steps[end - 1].on > day; end = first) {
		for (first = end; first > 0 && w->steps[first - 1].on == w->steps[end - 1].on; first--) {}
		if (w->steps[first].side >= 0)
			take_steps(a, targets, first, end, true, share, next);
	}
}

/* What no change record leads to a line of the day, a table of likeness may; else the eight digits answer. */
static void spread_links(const struct averaging *a, const struct targets *targets, truce_date day, double *share)
{
	const struct rates_weights *w = a->weights;
	size_t heirs = 0, start = first_link(w, targets->codes[0]);
	for (int pass = 0; pass < 2 && share[0] > 0 && !lives_on(a->p, targets->lines[0], day); pass++) {
		double part = share[0] / (double)heirs;
		for (size_t k = start; k < w->link_count && w->links[k].code == targets->codes[0]; k++) {
			size_t other = target_at(targets, w->links[k].other);
			if (other == 0 || !lives_on(a->p, targets->lines[other], day))
				continue;
			heirs += pass == 0;
			if (pass)
				share[other] += part;
		}
		if (!heirs)
			return;
		if (pass)
			share[0] = 0;
	}
}

/* What each line takes of the code's value on each stretch. */
static int share_out(struct averaging *a, struct targets *targets)
{
	size_t segments = a->p->segment_count, count = targets->count;
	double *share = truce_arena_array(a->arena, 2 * count, sizeof *share);
	targets->scale = truce_arena_array(a->arena, count * segments, sizeof *targets->scale);
	if (!targets->scale || !share)
		return TRUCE_MEMORY;
	for (size_t s = 0; s < segments; s++) {
		truce_date day = a->p->days[s];
		size_t living = 0;
		for (size_t i = 0; targets->short_code && i < count; i++)
			living += lives_on(a->p, targets->lines[i], day);
		for (size_t i = 0; i < count; i++)
			share[i] = targets->short_code ? (lives_on(a->p, targets->lines[i], day) ? 1 / (double)living : 0) : i == 0;
		if (!targets->short_code) {
			follow(a, targets, day, share, share + count);
			spread_links(a, targets, day, share);
		}
		for (size_t i = 0; i < count; i++)
			targets->scale[i * segments + s] = targets->lines[i] == PANEL_NONE ? 0 : share[i];
	}
	return TRUCE_OK;
}

/* Ten digits are their line and what it became or was; fewer are all lines below. */
static int targets_of(struct averaging *a, uint32_t code, struct targets *targets)
{
	const char *digits = a->weights->codes.items[code];
	size_t length = strlen(digits);
	int status = TRUCE_OK;
	targets->found = true;
	targets->short_code = length < 10 && a->line_of[code] == PANEL_NONE;
	for (size_t i = 0; targets->short_code && i < a->p->line_count && !status; i++)
		if (strncmp(a->p->lines[i].code, digits, length) == 0)
			status = add_target(a, targets, (uint32_t)i, PANEL_NONE);
	if (!targets->short_code)
		status = add_family(a, targets, code);
	if (!status && !targets->short_code && targets->count == 1 && targets->lines[0] == PANEL_NONE)
		targets->count = 0;
	return status || targets->count == 0 || (targets->count == 1 && !targets->short_code) ? status : share_out(a, targets);
}

static size_t series_of(const struct averaging *a, const struct rates_cell *cell, size_t series[3])
{
	size_t count = 0;
	uint32_t sector = a->weights->sector_of[cell->code];
	if (!a->inside[cell->origin])
		series[count++] = 0;
	series[count++] = 1 + cell->origin;
	if (sector != PANEL_NONE && !a->inside[cell->origin])
		series[count++] = 1 + a->weights->origins.count + sector;
	return count;
}

static void note_unmatched(struct averaging *a, const struct rates_cell *cell, double usd)
{
	size_t at = a->worst_count;
	const char *code = a->weights->codes.items[cell->code];
	while (at > 0 && a->worst[at - 1].usd < usd)
		at--;
	if (at == MOST_UNMATCHED)
		return;
	if (a->worst_count < MOST_UNMATCHED)
		a->worst_count++;
	memmove(&a->worst[at + 1], &a->worst[at], (a->worst_count - 1 - at) * sizeof *a->worst);
	a->worst[at] = (truce_tariff_unmatched){code, a->weights->origins.items[cell->origin], usd};
}

/* What the lines of a code that several share could add or take, were it all one of them; on days when there is none of them
 * the value is not matched. */
static void note_shared(struct averaging *a, const struct rates_cell *cell, const struct targets *targets, const size_t *series, size_t count)
{
	for (size_t s = 0; s < a->p->segment_count; s++) {
		size_t sharing = 0;
		for (size_t i = 0; i < targets->count && sharing < 2; i++)
			sharing += targets->scale[i * a->p->segment_count + s] > 0;
		for (size_t k = 0; k < count && !sharing; k++)
			add_run(a->sums[series[k]].unmatched, 1, s, s + 1, rounded(a, cell->usd));
		for (size_t k = 0; k < count && sharing > 1 && !isnan(a->least[s]); k++) {
			struct sums *sum = &a->sums[series[k]];
			sum->shared[s] += rounded(a, cell->usd);
			sum->down[s] += rounded(a, cell->usd * fmax(0, a->mean[s] - a->least[s]));
			sum->up[s] += rounded(a, cell->usd * fmax(0, a->most[s] - a->mean[s]));
		}
	}
}

static int average_cell(struct averaging *a, struct walk *walk, const struct rates_cell *cell, const struct targets *targets)
{
	size_t series[3], count = series_of(a, cell, series), segments = a->p->segment_count;
	double before = a->sums[1 + cell->origin].unmatched[0];
	int status = TRUCE_OK;
	a->sharing = targets->scale != NULL;
	for (size_t k = 0; k < count; k++)
		a->sums[series[k]].cells++;
	for (size_t s = 0; s < segments && a->sharing; s++) {
		a->least[s] = INFINITY;
		a->most[s] = -INFINITY;
		a->mean[s] = 0;
	}
	for (size_t i = 0; i < targets->count && !status; i++)
		if (targets->lines[i] != PANEL_NONE)
			status = walk_cell(a, walk, targets->lines[i], a->origin_of[cell->origin], cell->usd,
				a->sharing ? targets->scale + i * segments : a->one, series, count);
	if (!status && a->sharing)
		note_shared(a, cell, targets, series, count);
	for (size_t k = 0; k < count && targets->count == 0; k++)
		add_run(a->sums[series[k]].unmatched, 1, 0, segments, rounded(a, cell->usd));
	double unmatched = a->sums[1 + cell->origin].unmatched[0] - before;
	if (unmatched > 0 && !a->inside[cell->origin])
		note_unmatched(a, cell, unmatched);
	if (a->inside[cell->origin])
		a->inside_usd += cell->usd;
	return status;
}

/* By origin first: what lists say of a chapter and an origin is then asked once. */
static int by_origin(const void *left, const void *right)
{
	const struct rates_cell *a = left, *b = right;
	return a->origin != b->origin ? (a->origin > b->origin) - (a->origin < b->origin) : (a->code > b->code) - (a->code < b->code);
}

/* What is rounded to: no sum of duties up to eight times the value needs more than the bits of a double. */
static double rounding(const struct rates_weights *w)
{
	double total = 0;
	int exponent;
	for (size_t i = 0; i < w->cell_count; i++)
		total += fabs(w->cells[i].usd);
	frexp(total, &exponent);
	return ldexp(1.5, exponent + 3 - 1);
}

/* From differences to sums. */
static void add_up(const struct averaging *a)
{
	for (size_t i = 0; i < a->sum_count; i++)
		for (size_t s = 1; s < a->p->segment_count; s++) {
			struct sums *sum = &a->sums[i];
			sum->matched[s] += sum->matched[s - 1];
			sum->unmatched[s] += sum->unmatched[s - 1];
			sum->by_quantity[s] += sum->by_quantity[s - 1];
			for (size_t k = 0; k < MOST_AUTHORITIES && k <= a->p->authority_count; k++)
				sum->parts[s * MOST_AUTHORITIES + k] += sum->parts[(s - 1) * MOST_AUTHORITIES + k];
		}
}

static int average_all(struct averaging *a)
{
	struct rates_weights *w = a->weights;
	struct walk walk = {truce_arena_array(a->arena, a->p->segment_count, sizeof(uint32_t)),
		truce_arena_array(a->arena, a->p->segment_count, sizeof(uint32_t))};
	a->targets = truce_arena_array(a->arena, w->codes.count + 1, sizeof *a->targets);
	int status = walk.sets && walk.normals && a->targets ? TRUCE_OK : TRUCE_MEMORY;
	if (w->cell_count)
		qsort(w->cells, w->cell_count, sizeof *w->cells, by_origin);
	a->round = rounding(w);
	for (size_t i = 0; i < w->cell_count && !status; i++) {
		struct targets *targets = &a->targets[w->cells[i].code];
		if (!targets->found)
			status = targets_of(a, w->cells[i].code, targets);
		if (!status)
			status = average_cell(a, &walk, &w->cells[i], targets);
		if (i % 16384 == 0 && truce_cancelled(a->p->ctx))
			status = TRUCE_CANCELLED;
	}
	for (size_t i = 0; a->targets && i < w->codes.count; i++) {
		truce_release(a->p->ctx, a->targets[i].lines);
		truce_release(a->p->ctx, a->targets[i].codes);
	}
	add_up(a);
	return status;
}

/* ---- the panel of the weights ---- */

/* Short codes mean every line below them that is or was one to statistics. */
static int add_below(struct rates_weights *w, const char **codes, size_t *count)
{
	const truce_schedule_line *line;
	for (size_t i = 0; (line = truce_schedule_line_at(w->ask->schedule, i)); i++) {
		bool leaf = false, below = false;
		for (size_t k = 0; k < line->count && !leaf; k++)
			leaf = line->spells[k].leaf;
		for (int length = 2; leaf && length < line->digits + 1 && length < 10 && !below; length += 2) {
			struct panel_key key = {43, 43};
			panel_mix(&key, truce_hash(line->code, (size_t)length));
			for (size_t at = key.a & (w->codes.map.slots - 1); w->codes.map.values[at] && !below; at = (at + 1) & (w->codes.map.slots - 1))
				below = w->codes.map.keys[at].a == key.a && w->codes.map.keys[at].b == key.b;
		}
		if (!below)
			continue;
		const char *code = line->digits == 8 ? truce_arena_printf(w->arena, "%s00", line->code) : line->code;
		if (!code)
			return TRUCE_MEMORY;
		codes[(*count)++] = code;
	}
	return TRUCE_OK;
}

static int make_panel(struct averaging *a, const truce_tariff_question *ask)
{
	struct rates_weights *w = a->weights;
	const char **codes = truce_arena_array(a->arena, w->codes.count + truce_schedule_tell(ask->schedule).lines + 1, sizeof *codes);
	const char **origins = truce_arena_array(a->arena, w->origins.count + 1, sizeof *origins);
	size_t count = 0;
	int status = codes && origins ? TRUCE_OK : TRUCE_MEMORY;
	bool any_short = false;
	for (size_t i = 0; i < w->codes.count && !status; i++) {
		if (strlen(w->codes.items[i]) >= 10)
			codes[count++] = w->codes.items[i];
		else
			any_short = true;
	}
	if (!status && any_short)
		status = add_below(w, codes, &count);
	for (size_t i = 0; i < w->origins.count && !status; i++)
		origins[i] = w->origins.items[i];
	truce_tariff_panel_options options = {.from = a->options->from, .through = a->options->through, .origin_count = w->origins.count,
		.origins = origins, .code_count = count, .codes = codes};
	return status ? status : panel_new(w->ctx, &a->p, ask, &options, false);
}

/* Partners that another partner of the weights holds as a member: their trade stands in both. */
static void find_inside(struct averaging *a, const truce_tariff_question *ask)
{
	const struct rates_names *origins = &a->weights->origins;
	truce_instant at = truce_day_start(NULL, a->options->from);
	for (size_t i = 0; i < origins->count; i++)
		for (size_t k = 0; k < origins->count && !a->inside[i]; k++)
			a->inside[i] = i != k && truce_record_includes_party(ask->record, origins->items[k], origins->items[i], at);
}

static int prepare(struct averaging *a)
{
	const truce_tariff_panel *p = a->p;
	const struct rates_weights *w = a->weights;
	a->sum_count = 1 + w->origins.count + w->sectors.count;
	a->sums = truce_arena_array(a->arena, a->sum_count, sizeof *a->sums);
	a->line_of = truce_arena_array(a->arena, w->codes.count + 1, sizeof *a->line_of);
	a->origin_of = truce_arena_array(a->arena, w->origins.count + 1, sizeof *a->origin_of);
	a->changes = truce_arena_array(a->arena, p->measure_group_count * p->segment_count + 1, sizeof *a->changes);
	a->own = truce_arena_array(a->arena, p->class_count * p->measure_group_count + 1, sizeof *a->own);
	a->claim_list = truce_arena_array(a->arena, p->ask.programme_count + 1, sizeof *a->claim_list);
	for (size_t i = 0; a->claim_list && i < p->ask.programme_count; i++)
		a->claim_list[i] = p->ask.programmes[i].claim[0] ? truce_schedule_list_find(p->ask.schedule, p->ask.programmes[i].claim) : -1;
	a->least = truce_arena_array(a->arena, p->segment_count, sizeof *a->least);
	a->mean = truce_arena_array(a->arena, p->segment_count, sizeof *a->mean);
	a->most = truce_arena_array(a->arena, p->segment_count, sizeof *a->most);
	a->one = truce_arena_array(a->arena, p->segment_count, sizeof *a->one);
	a->worst = truce_arena_array(a->arena, MOST_UNMATCHED + 2, sizeof *a->worst);
	if (!a->sums || !a->line_of || !a->origin_of || !a->changes || !a->own || !a->claim_list || !a->least || !a->mean || !a->most || !a->one || !a->worst)
		return TRUCE_MEMORY;
	for (size_t i = 0; i < a->sum_count; i++) {
		struct sums *sum = &a->sums[i];
		sum->parts = truce_arena_array(a->arena, (p->segment_count + 1) * MOST_AUTHORITIES, sizeof *sum->parts);
		sum->matched = truce_arena_array(a->arena, p->segment_count + 1, sizeof *sum->matched);
		sum->unmatched = truce_arena_array(a->arena, p->segment_count + 1, sizeof *sum->unmatched);
		sum->by_quantity = truce_arena_array(a->arena, p->segment_count + 1, sizeof *sum->by_quantity);
		sum->shared = truce_arena_array(a->arena, p->segment_count, sizeof *sum->shared);
		sum->down = truce_arena_array(a->arena, p->segment_count, sizeof *sum->down);
		sum->up = truce_arena_array(a->arena, p->segment_count, sizeof *sum->up);
		if (!sum->parts || !sum->matched || !sum->unmatched || !sum->by_quantity || !sum->shared || !sum->down || !sum->up)
			return TRUCE_MEMORY;
	}
	for (size_t i = 0; i < w->codes.count; i++) {
		int line = truce_tariff_panel_line(p, w->codes.items[i]);
		a->line_of[i] = line < 0 ? PANEL_NONE : (uint32_t)line;
	}
	for (size_t i = 0; i < w->origins.count; i++)
		a->origin_of[i] = (uint32_t)truce_tariff_panel_origin(p, w->origins.items[i]);
	for (size_t s = 0; s < p->segment_count; s++)
		a->one[s] = 1;
	for (size_t g = 0; g < p->measure_group_count; g++)
		panel_group_changes(p, g, a->changes + g * p->segment_count);
	return TRUCE_OK;
}

/* ---- the answer ---- */

static int finish_item(struct averaging *a, truce_arena *arena, truce_tariff_average *item, const struct sums *sum, size_t stretches, size_t authorities)
{
	double *average = truce_arena_array(arena, stretches, sizeof *average), *parts = truce_arena_array(arena, stretches * authorities, sizeof *parts);
	double *values = truce_arena_array(arena, stretches * 6, sizeof *values);
	(void)a;
	if (!average || !parts || !values)
		return TRUCE_MEMORY;
	for (size_t s = 0; s < stretches; s++) {
		average[s] = sum->matched[s] > 0 ? 0 : NAN;
		for (size_t i = 0; i < authorities && sum->matched[s] > 0; i++) {
			parts[s * authorities + i] = sum->parts[s * MOST_AUTHORITIES + i] / sum->matched[s];
			average[s] += parts[s * authorities + i];
		}
		values[s] = sum->matched[s];
		values[stretches + s] = sum->unmatched[s];
		values[2 * stretches + s] = sum->by_quantity[s];
		values[3 * stretches + s] = sum->shared[s];
		values[4 * stretches + s] = average[s] - (sum->down[s] > 0 ? sum->down[s] / sum->matched[s] : 0);
		values[5 * stretches + s] = average[s] + (sum->up[s] > 0 ? sum->up[s] / sum->matched[s] : 0);
	}
	item->cells = sum->cells;
	item->average = average;
	item->parts = parts;
	item->matched_usd = values;
	item->unmatched_usd = values + stretches;
	item->by_quantity_usd = values + 2 * stretches;
	item->shared_usd = values + 3 * stretches;
	item->low = values + 4 * stretches;
	item->high = values + 5 * stretches;
	return TRUCE_OK;
}

/* In words why the worst are unmatched: each is asked alone. */
static int explain(struct averaging *a, truce_arena *arena, const truce_tariff_question *question)
{
	truce_tariff_question ask = *question;
	ask.estimate = true;
	ask.has_value = ask.has_quantity = false;
	ask.clocks.on = (truce_time){.day = a->options->from, .set = true};
	for (size_t i = 0; i < a->worst_count; i++) {
		size_t first = truce_diagnostic_count(a->p->ctx);
		truce_tariff_duty *duty;
		ask.from = a->worst[i].why;
		int status = truce_tariff_duty_of(a->p->ctx, arena, &duty, &ask, a->worst[i].code);
		if (status == TRUCE_MEMORY)
			return status;
		const truce_diagnostic *d = truce_diagnostic_at(a->p->ctx, first);
		const char *why = status ? d ? d->what : "no duty is known" : duty->need_count ? duty->needs[0] : "a rate is not known";
		a->worst[i].why = truce_arena_printf(arena, "from %s: %s", ask.from, why);
		if (!a->worst[i].why)
			return TRUCE_MEMORY;
		truce_diagnostics_forget(a->p->ctx, first);
	}
	return TRUCE_OK;
}

static int words_of_inside(struct averaging *a, truce_arena *arena, const char **out)
{
	truce_text text;
	truce_text_init(&text, a->weights->ctx);
	for (size_t i = 0; i < a->weights->origins.count; i++)
		if (a->inside[i])
			truce_text_addf(&text, "%s%s", text.length ? ", " : "", a->weights->origins.items[i]);
	*out = truce_text_done(&text) ? NULL : truce_arena_text(arena, text.data ? text.data : "");
	truce_text_free(&text);
	return *out ? TRUCE_OK : TRUCE_MEMORY;
}

static int finish(struct averaging *a, truce_arena *arena, truce_tariff_averages *out, const truce_date *days, size_t stretches,
	size_t authority_count, const char *const *authorities)
{
	const struct rates_weights *w = a->weights;
	truce_tariff_average *items = truce_arena_array(arena, a->sum_count, sizeof *items);
	const char **names = truce_arena_array(arena, authority_count + 2, sizeof *names);
	truce_date *kept = truce_arena_array(arena, stretches + 1, sizeof *kept);
	int status = items && names && kept ? words_of_inside(a, arena, &out->inside) : TRUCE_MEMORY;
	if (status)
		return status;
	memcpy(kept, days, (stretches + 1) * sizeof *kept);
	names[0] = a->options->definition == TRUCE_RATES_COLLECTED ? "collected" : "mfn";
	for (size_t i = 0; i < authority_count; i++)
		names[i + 1] = authorities[i];
	for (size_t i = 0; i < a->sum_count && !status; i++) {
		bool party = i > 0 && i <= w->origins.count, sector = i > w->origins.count;
		items[i].party = party ? truce_arena_text(arena, w->origins.items[i - 1]) : "";
		items[i].sector = sector ? truce_arena_text(arena, w->sectors.items[i - 1 - w->origins.count]) : "";
		status = items[i].party && items[i].sector ? finish_item(a, arena, &items[i], &a->sums[i], stretches, authority_count + 1) : TRUCE_MEMORY;
	}
	out->stretches = stretches;
	out->days = kept;
	out->authority_count = authority_count + 1;
	out->authorities = names;
	out->count = a->sum_count;
	out->items = items;
	out->inside_usd = a->inside_usd;
	out->absent = truce_arena_text(arena, w->absent);
	out->unknown_usd = w->unknown_usd;
	return status || out->absent ? status : TRUCE_MEMORY;
}

/* Duties paid over imports: nothing of the law is asked. */
static int collect(struct averaging *a, truce_arena *arena, truce_tariff_averages *out)
{
	const truce_date days[2] = {a->options->from, a->options->through + 1};
	struct rates_weights *w = a->weights;
	a->sum_count = 1 + w->origins.count + w->sectors.count;
	a->sums = truce_arena_array(a->arena, a->sum_count, sizeof *a->sums);
	for (size_t i = 0; a->sums && i < a->sum_count; i++) {
		double *numbers = truce_arena_array(a->arena, MOST_AUTHORITIES + 6, sizeof *numbers), *rest = numbers + MOST_AUTHORITIES;
		if (!numbers)
			return TRUCE_MEMORY;
		a->sums[i] = (struct sums){numbers, rest, rest + 1, rest + 2, rest + 3, rest + 4, rest + 5, 0};
	}
	if (!a->sums)
		return TRUCE_MEMORY;
	for (size_t i = 0; i < w->cell_count; i++) {
		size_t series[3], count = series_of(a, &w->cells[i], series);
		if (a->inside[w->cells[i].origin])
			a->inside_usd += w->cells[i].usd;
		for (size_t k = 0; k < count; k++) {
			a->sums[series[k]].cells++;
			a->sums[series[k]].matched[0] += w->cells[i].usd;
			a->sums[series[k]].parts[0] += w->cells[i].duty_usd;
		}
	}
	return finish(a, arena, out, days, 1, 0, NULL);
}

static int weigh(struct averaging *a, truce_arena *arena, truce_tariff_averages *out, const truce_tariff_question *question)
{
	int status = make_panel(a, question);
	if (!status)
		status = prepare(a);
	if (!status)
		status = average_all(a);
	if (!status && a->p->authority_count + 1 > MOST_AUTHORITIES)
		status = truce_fail(a->p->ctx, TRUCE_LIMIT, NULL, 0, 0, NULL, "duties stand on more than %d authorities", MOST_AUTHORITIES - 1);
	if (!status)
		status = finish(a, arena, out, a->p->days, a->p->segment_count, a->p->authority_count, a->p->authorities);
	if (status || (status = explain(a, arena, question)))
		return status;
	double matched = 0;
	for (size_t s = 0; s < a->p->segment_count; s++)
		matched += a->sums[0].matched[s];
	if (!(matched > 0))
		return truce_fail(a->p->ctx, TRUCE_UNKNOWN, a->options->weights, 0, 0, "mend the codes or the values, or ask for another day",
			a->worst_count ? "nothing of it is matched: %s %s" : "it has no values above 0: nothing is matched%s%s",
			a->worst_count ? a->worst[0].code : "", a->worst_count ? a->worst[0].why : "");
	truce_tariff_unmatched *worst = truce_arena_array(arena, a->worst_count + 1, sizeof *worst);
	for (size_t i = 0; worst && i < a->worst_count; i++) {
		worst[i] = a->worst[i];
		worst[i].code = truce_arena_text(arena, worst[i].code);
	}
	out->unmatched = worst;
	out->unmatched_count = worst ? a->worst_count : 0;
	return worst ? TRUCE_OK : TRUCE_MEMORY;
}

int truce_tariff_averages_of(truce_context *ctx, truce_arena *arena, truce_tariff_averages **out, const truce_tariff_question *question,
	const truce_tariff_averages_options *options)
{
	struct rates_weights weights = {.ctx = ctx, .ask = question, .options = options};
	struct averaging a = {.weights = &weights, .options = options};
	truce_tariff_averages *averages = truce_arena_take(arena, sizeof *averages);
	*out = NULL;
	int status = averages ? truce_arena_new(ctx, &a.arena) : TRUCE_MEMORY;
	if (status)
		return status;
	weights.arena = a.arena;
	averages->definition = options->definition;
	status = rates_read(&weights);
	a.inside = status ? NULL : truce_arena_array(a.arena, weights.origins.count + 1, sizeof *a.inside);
	if (!status && !a.inside)
		status = TRUCE_MEMORY;
	if (!status)
		find_inside(&a, question);
	if (!status)
		status = options->definition == TRUCE_RATES_COLLECTED ? collect(&a, arena, averages) : weigh(&a, arena, averages, question);
	truce_tariff_panel_free(a.p);
	rates_close(&weights);
	truce_arena_free(a.arena);
	if (!status)
		*out = averages;
	return status;
}

/* ---- one day, one origin ---- */

int truce_tariff_rates_of(truce_context *ctx, truce_arena *arena, truce_tariff_rates **out, const truce_tariff_question *question,
	const char *weights, const char *partners)
{
	const truce_country *country = truce_country_find(question->from);
	const char *from = truce_record_find_known(question->record, TRUCE_PARTY, question->from, truce_clocks_known(question->clocks)) ?
		question->from : country ? country->iso2 : NULL;
	truce_tariff_averages *averages;
	truce_tariff_rates *rates = truce_arena_take(arena, sizeof *rates);
	truce_date day = question->clocks.on.has_time ? truce_instant_day(truce_record_zone(question->record, question->into), question->clocks.on.at) :
		question->clocks.on.day;
	*out = NULL;
	if (!from)
		return truce_fail(ctx, TRUCE_NOT_FOUND, NULL, 0, 0, "parties are ids of the record, or ISO codes of two letters",
			"there is no party \"%s\"", question->from);
	truce_tariff_averages_options options = {.from = day, .through = day, .origin_count = 1, .origins = &from, .weights = weights,
		.partners = partners};
	int status = rates ? truce_tariff_averages_of(ctx, arena, &averages, question, &options) : TRUCE_MEMORY;
	if (status)
		return status;
	const truce_tariff_average *all = &averages->items[0];
	*rates = (truce_tariff_rates){.from = question->from, .into = question->into, .clocks = question->clocks, .average = all->average[0],
		.matched_usd = all->matched_usd[0], .unmatched_usd = all->unmatched_usd[0], .by_quantity_usd = all->by_quantity_usd[0],
		.shared_usd = all->shared_usd[0], .low = all->low[0], .high = all->high[0], .lines = all->cells, .unmatched_count = averages->unmatched_count, .unmatched = (truce_tariff_unmatched *)averages->unmatched};
	rates->parts = truce_arena_array(arena, averages->authority_count, sizeof *rates->parts);
	if (!rates->parts)
		return TRUCE_MEMORY;
	rates->parties = truce_arena_array(arena, averages->count, sizeof *rates->parties);
	if (!rates->parties)
		return TRUCE_MEMORY;
	for (size_t i = 0; i < averages->count; i++)
		if (averages->items[i].party[0])
			rates->parties[rates->party_count++] = averages->items[i].party;
	for (size_t i = 0; i < averages->authority_count && all->matched_usd[0] > 0; i++)
		if (i == 0 || all->parts[i] != 0)
			rates->parts[rates->part_count++] = (truce_tariff_part){averages->authorities[i], all->parts[i]};
	*out = rates;
	return TRUCE_OK;
}
