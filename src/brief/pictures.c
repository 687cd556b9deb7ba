/* Room brief: the timeline of the conflict, and the costs as points with their ranges. */
#include "private.h"

#include <stdlib.h>

enum { LOOK_BACK = 300, LOOK_AHEAD = 80, PER_LANE = 4, STANDING_SHOWN = 4, EVENTS = 160 };

struct picture {
	truce_figure_event event[EVENTS];
	size_t count;
	truce_date from, to;
};

/* What lies outside the window is left out, so that it takes no room from what lies within. */
static void put(struct picture *picture, truce_figure_event event)
{
	truce_date end = event.open ? picture->to : event.to == TRUCE_NO_DATE ? event.from : event.to;
	if (end >= picture->from && event.from <= picture->to && picture->count < EVENTS)
		picture->event[picture->count++] = event;
}

static truce_date day_of(struct brief_writer *w, truce_instant at, const char *party)
{
	return truce_instant_day(party ? truce_record_zone(w->record, party) : NULL, at);
}

struct stretch {
	truce_status status;
	truce_instant from, until;
	const char *level;
};

static void put_stretch(struct brief_writer *w, struct picture *picture, const struct stretch *s, const char *party,
	const char *label, size_t lane, size_t chain, bool open)
{
	truce_date from = s->from > TRUCE_EVER ? day_of(w, s->from, party) : picture->from;
	if (s->status != TRUCE_IN_FORCE && s->status != TRUCE_SUSPENDED)
		return;
	put(picture, (truce_figure_event){.lane = lane, .from = from > picture->from ? from : picture->from,
		.to = open ? TRUCE_NO_DATE : day_of(w, s->until - 1, party), .open = open, .hollow = s->status == TRUCE_SUSPENDED,
		.label = label, .colour = -1, .chain = chain});
}

/* What a measure was, moment by moment, up to the day of the note, and how long that lasts: in force solid, suspended
 * outlined. */
static void put_measure(struct brief_writer *w, struct picture *picture, const truce_brief_measure *row, size_t lane)
{
	const truce_measure *m = truce_record_find_known(w->record, TRUCE_MEASURE, row->id, w->known);
	truce_instant *changes = NULL;
	size_t count = 0;
	struct stretch now = {TRUCE_NO_STATUS, TRUCE_EVER, TRUCE_NEVER, ""};

	if (!m || (w->status = truce_measure_changes(w->ctx, w->arena, &changes, &count, w->record, m, w->clocks)))
		return;
	truce_instant on = truce_clocks_on(w->clocks, m->act.by ? truce_record_zone(w->record, m->act.by) : NULL);
	for (size_t i = 0; i < count && changes[i] <= on; i++) {
		truce_clocks then = w->clocks;
		truce_measure_state state;
		then.on = (truce_time){.at = changes[i], .day = truce_instant_day(NULL, changes[i]), .has_time = true, .set = true};
		if (!truce_measure_at(w->record, m, then, &state))
			state = (truce_measure_state){.status = TRUCE_NO_STATUS, .until = TRUCE_NEVER};
		const char *level = state.status == TRUCE_NO_STATUS ? "" : brief_level(w, state.level, &m->act);
		if (state.status == now.status && strcmp(level, now.level) == 0)
			continue;
		now.until = changes[i];
		if (now.status != TRUCE_NO_STATUS)
			put_stretch(w, picture, &now, m->act.by, now.level, lane, m->head.number + 1, false);
		now = (struct stretch){state.status, changes[i], TRUCE_NEVER, level};
	}
	truce_measure_state state;
	if (!truce_measure_at(w->record, m, w->clocks, &state))
		return;
	now.until = state.until;
	put_stretch(w, picture, &now, m->act.by, brief_words(w, "%s, %s", row->name, row->level), lane, m->head.number + 1,
		state.until == TRUCE_NEVER);
}

static size_t put_measures(struct brief_writer *w, struct picture *picture, int from, size_t lane)
{
	const truce_brief *b = w->brief;
	size_t before = picture->count;

	for (size_t i = 0; i < b->in_force[from].count && i < PER_LANE; i++)
		put_measure(w, picture, &b->in_force[from].items[i], lane);
	for (size_t i = 0, shown = 0; i < b->suspended.count && shown < 2; i++)
		if (b->suspended.items[i].by && strcmp(b->suspended.items[i].by, b->party[from]) == 0 && *b->suspended.items[i].until) {
			put_measure(w, picture, &b->suspended.items[i], lane);
			shown++;
		}
	return picture->count - before;
}

static void put_talks(struct brief_writer *w, struct picture *picture, size_t lane)
{
	truce_record_state state;

	for (size_t i = 0; i < truce_record_count(w->record, TRUCE_TRUCE); i++) {
		const truce_truce *t = truce_record_at(w->record, TRUCE_TRUCE, i);
		if (!brief_state(w, t, &state) || t->head.begins == TRUCE_EVER)
			continue;
		const char *party = t->between.count ? TRUCE_LIST_TEXT(t->between, 0) : NULL;
		truce_instant end = t->ends < state.until || state.status != TRUCE_IN_FORCE ? t->ends : state.until;
		bool open = end == TRUCE_NEVER;
		put(picture, (truce_figure_event){.lane = lane, .from = day_of(w, t->head.begins, party),
			.to = open ? TRUCE_NO_DATE : day_of(w, end - 1, party), .open = open, .label = brief_name(&t->head), .colour = -1});
	}
	for (size_t i = 0; i < truce_record_count(w->record, TRUCE_MEETING); i++) {
		const truce_meeting *m = truce_record_at(w->record, TRUCE_MEETING, i);
		if (!truce_record_visible(m, w->known) || m->head.begins == TRUCE_EVER)
			continue;
		truce_date day = day_of(w, m->head.begins, m->parties.count ? TRUCE_LIST_TEXT(m->parties, 0) : NULL);
		bool held = brief_state(w, m, &state) && state.status == TRUCE_HELD;
		put(picture, (truce_figure_event){.lane = lane, .from = day, .to = TRUCE_NO_DATE, .hollow = !held,
			.label = m->location ? m->location : brief_name(&m->head), .colour = -1});
	}
}

static void put_standing(struct brief_writer *w, struct picture *picture, size_t lane)
{
	static const truce_record_kind kinds[] = {TRUCE_THREAT, TRUCE_DEMAND, TRUCE_OFFER};
	const truce_head *newest[STANDING_SHOWN];
	size_t count = 0;
	truce_record_state state;

	/* Only what stands now: what was answered or lapsed is history that the record tells better. */
	for (size_t k = 0; k < sizeof kinds / sizeof kinds[0]; k++)
		for (size_t i = 0; i < truce_record_count(w->record, kinds[k]) && count < STANDING_SHOWN; i++) {
			const truce_head *head = truce_record_at(w->record, kinds[k], i);
			if (brief_state(w, head, &state) && state.status == TRUCE_STANDING && head->begins > TRUCE_EVER)
				newest[count++] = head;
		}
	for (size_t i = 0; i < count; i++)
		put(picture, (truce_figure_event){.lane = lane, .from = truce_instant_day(NULL, newest[i]->begins), .to = TRUCE_NO_DATE,
			.hollow = true, .label = brief_words(w, "%s: %s", truce_record_kind_word(newest[i]->kind), brief_name(newest[i])),
			.colour = -1});
}

static char *keep(struct brief_writer *w, truce_text *text)
{
	char *copy = NULL;
	if (!truce_text_done(text))
		copy = truce_arena_text(w->arena, text->data);
	if (!copy)
		w->status = TRUCE_MEMORY;
	truce_text_clear(text);
	return copy;
}

static void draw_timeline(struct brief_writer *w)
{
	truce_brief *b = w->brief;
	const char *lanes[4];
	static const int colours[] = {0, 1, 2, 3};
	size_t lane = 0;
	int used[4];
	struct picture *picture = truce_arena_take(w->arena, sizeof *picture);
	truce_text text;

	if (!picture) {
		w->status = TRUCE_MEMORY;
		return;
	}
	picture->from = w->clocks.on.day - LOOK_BACK;
	picture->to = w->clocks.on.day + LOOK_AHEAD;
	for (int from = 0; from < 2 && b->party[1]; from++)
		if (put_measures(w, picture, from, lane)) {
			used[lane] = colours[from];
			lanes[lane++] = brief_words(w, "%s on %s", b->party_name[from], b->party_name[1 - from]);
		}
	size_t before = picture->count;
	put_talks(w, picture, lane);
	if (picture->count > before) {
		used[lane] = 2;
		lanes[lane++] = "Truces and talks";
	}
	before = picture->count;
	put_standing(w, picture, lane);
	if (picture->count > before) {
		used[lane] = 3;
		lanes[lane++] = "Threats, demands, offers";
	}
	if (lane == 0)
		return;
	/* A young quarrel needs no empty year before it. */
	truce_date first = w->clocks.on.day - 60;
	for (size_t i = 0; i < picture->count; i++)
		if (picture->event[i].from < first)
			first = picture->event[i].from;
	if (first - 14 > picture->from)
		picture->from = first - 14;
	truce_figure_timeline data = {picture->from, picture->to, lane, lanes, used, picture->count, picture->event, w->clocks.on.day,
		brief_day(w, w->clocks.on.day, false)};
	truce_figure_frame frame = {.id = "timeline", .title = brief_words(w, "The course of it, to %s", brief_day(w, picture->to, true)),
		.subtitle = "Solid: in force, held. Outlined: suspended, reported, standing. Each as known on the day of this note.",
		.theme = TRUCE_FIGURE_PAGE, .width = 860, .bare = true};
	truce_text_init(&text, w->ctx);
	if (!w->status && !(w->status = truce_figure_draw_timeline(w->ctx, &text, &frame, &data)))
		b->timeline = keep(w, &text);
	frame.theme = TRUCE_FIGURE_PAPER;
	frame.bare = false;
	frame.source = brief_words(w, "Truce: %s, as known on %s.", b->title, b->known);
	truce_text_clear(&text);
	if (!w->status && !(w->status = truce_figure_draw_timeline(w->ctx, &text, &frame, &data)))
		b->timeline_paper = keep(w, &text);
	truce_text_free(&text);
}

static void draw_costs(struct brief_writer *w)
{
	truce_brief *b = w->brief;
	const char **rows = truce_arena_array(w->arena, b->cost_count + 1, sizeof *rows);
	double *value = truce_arena_array(w->arena, 2 * b->cost_count + 1, sizeof *value);
	double *low = truce_arena_array(w->arena, 2 * b->cost_count + 1, sizeof *low);
	double *high = truce_arena_array(w->arena, 2 * b->cost_count + 1, sizeof *high);
	size_t count = 0;
	truce_text text;

	if (!rows || !value || !low || !high) {
		w->status = TRUCE_MEMORY;
		return;
	}
	for (size_t i = 0; i < b->cost_count; i++) {
		if (!b->costs[i].cost)
			continue;
		const truce_head *head = truce_record_find_known(w->record, TRUCE_ANY_KIND, b->costs[i].id, w->known);
		rows[count] = head ? brief_name(head) : b->costs[i].id;
		for (int p = 0; p < 2; p++) {
			value[2 * count + (size_t)p] = b->costs[i].party[p].percent.value * 100;
			low[2 * count + (size_t)p] = b->costs[i].party[p].low.value * 100;
			high[2 * count + (size_t)p] = b->costs[i].party[p].high.value * 100;
		}
		count++;
	}
	bool any = false;
	for (size_t i = 0; i < 2 * count; i++)
		any = any || isfinite(value[i]);
	if (!any || !b->party[1])
		return;
	static const int colours[] = {0, 1};
	truce_figure_ranges data = {.panels = 1, .rows = count, .row = rows, .series = 2, .series_name = b->party_name,
		.series_colour = colours, .value = value, .low = low, .high = high, .axis = "change in real income, %; the bar is the range of nine "
		"draws in ten"};
	truce_figure_frame frame = {.id = "costs", .title = "What it would cost, in the long run",
		.subtitle = "Each alone, against what is in force", .theme = TRUCE_FIGURE_PAGE, .width = 860, .bare = true};
	truce_text_init(&text, w->ctx);
	if (!(w->status = truce_figure_draw_ranges(w->ctx, &text, &frame, &data)))
		b->costs_figure = keep(w, &text);
	truce_text_free(&text);
}

void brief_pictures(struct brief_writer *w)
{
	draw_timeline(w);
	if (!w->status && w->brief->cost_count)
		draw_costs(w);
}
