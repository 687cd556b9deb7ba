/* panel.c: all lines, all origins, all days as change-points (tariff room).
 *
 * The measures' sets of a class of lines and a group of origins are a run over time; so are the normal duties of a class
 * for a group.  A series is both laid on one another, and series that say the same are one. */
#include <math.h>
#include <string.h>

#include "panel_private.h"

/* ---- runs ---- */

static int add_run(truce_tariff_panel *p, struct panel_span *span, size_t segment, uint32_t value)
{
	if (span->count && p->runs[span->first + span->count - 1].value == value)
		return TRUCE_OK;
	int status = truce_grow(p->ctx, &p->runs, &p->run_capacity, p->run_count + 1, sizeof *p->runs);
	if (status)
		return status;
	p->runs[p->run_count++] = (struct panel_run){(uint32_t)segment, value};
	span->count++;
	return TRUCE_OK;
}

void panel_group_changes(const truce_tariff_panel *p, size_t group, bool *changes)
{
	const struct panel_group *g = &p->groups[group];
	for (size_t s = 0; s < p->segment_count; s++) {
		size_t e = p->epoch_of[s];
		changes[s] = s == 0 || p->epoch_of[s - 1] != e || p->stackings[s] != p->stackings[s - 1] ||
			((p->exempting[s] ^ p->exempting[s - 1]) & g->exempt[e]);
		for (size_t word = 0; word < p->words && !changes[s]; word++) {
			uint64_t reach = g->reach[e * p->words + word];
			changes[s] = (p->standing[s * p->words + word] ^ p->standing[(s - 1) * p->words + word]) & reach;
			for (uint64_t bits = reach & p->standing[s * p->words + word]; bits && !changes[s]; bits &= bits - 1) {
				size_t i = word * 64 + (size_t)__builtin_ctzll(bits);
				const struct panel_state *now = &p->states[s * p->levy_count + i], *last = &p->states[(s - 1) * p->levy_count + i];
				changes[s] = now->level != last->level || now->overridden != last->overridden || now->running != last->running;
			}
		}
	}
}

int panel_set_run(truce_tariff_panel *p, size_t class_, size_t group, const bool *changes)
{
	const struct panel_class *c = &p->classes[class_];
	const uint64_t *own = p->changes + c->line * p->change_words;
	struct panel_span *span = &p->set_runs[class_ * p->measure_group_count + group];
	struct panel_view there, *view = NULL;
	size_t next = 0;
	int status = TRUCE_OK;
	span->first = p->run_count;
	for (size_t s = 0; s < p->segment_count && !status; s++) {
		bool line_changes = s == 0 || (own[s / 64] >> s % 64 & 1);
		uint32_t set;
		if (!line_changes && !changes[s])
			continue;
		if (line_changes && c->parties) {
			status = panel_view_at(p, c, group, s, &there);
			view = &there;
		} else if (line_changes) {
			view = &c->views[next++];
		}
		if (!status)
			status = panel_set_of(p, &set, view, group, s);
		if (!status)
			status = add_run(p, span, s, set);
	}
	return status;
}

static int set_runs(truce_tariff_panel *p)
{
	bool *changes = truce_arena_array(p->scratch, p->segment_count, sizeof *changes);
	int status = changes ? TRUCE_OK : TRUCE_MEMORY;
	for (size_t g = 0; g < p->measure_group_count && !status; g++) {
		panel_group_changes(p, g, changes);
		for (size_t c = 0; c < p->class_count && !status; c++)
			status = panel_set_run(p, c, g, changes);
		if (!status && truce_cancelled(p->ctx))
			status = TRUCE_CANCELLED;
	}
	return status;
}

static int normal_run(truce_tariff_panel *p, size_t class_, size_t group, const uint64_t *at)
{
	struct panel_span *span = &p->normal_runs[class_ * p->normal_group_count + group];
	uint32_t normal;
	int status = TRUCE_OK;
	span->first = p->run_count;
	for (size_t s = 0; s < p->segment_count && !status; s++)
		if ((at[s / 64] >> s % 64 & 1) && !(status = panel_normal_of(p, &normal, p->normal_line[class_], group, s)))
			status = add_run(p, span, s, normal);
	return status;
}

static void normal_boundaries(const truce_tariff_panel *p, size_t class_, uint64_t *at)
{
	panel_boundaries(p, &p->lines[p->normal_line[class_]], at);
	panel_programme_boundaries(p, at);
}

int panel_normal_run(truce_tariff_panel *p, size_t class_, size_t group)
{
	normal_boundaries(p, class_, p->boundaries);
	return normal_run(p, class_, group, p->boundaries);
}

static int normal_runs(truce_tariff_panel *p)
{
	int status = TRUCE_OK;
	for (size_t c = 0; c < p->normal_class_count && !status; c++) {
		normal_boundaries(p, c, p->boundaries);
		for (size_t g = 0; g < p->normal_group_count && !status; g++)
			status = normal_run(p, c, g, p->boundaries);
	}
	return status;
}

static int make_room(truce_tariff_panel *p)
{
	p->set_runs = truce_arena_array(p->arena, p->class_count * p->measure_group_count + 1, sizeof *p->set_runs);
	p->normal_runs = truce_arena_array(p->arena, p->normal_class_count * p->normal_group_count + 1, sizeof *p->normal_runs);
	p->boundaries = truce_arena_array(p->scratch, p->change_words, sizeof *p->boundaries);
	return p->set_runs && p->normal_runs && p->boundaries ? TRUCE_OK : TRUCE_MEMORY;
}

/* ---- series ---- */

static int add_point(truce_tariff_panel *p, struct panel_span *span, struct panel_key *key, size_t segment, uint32_t value)
{
	if (span->count && p->points[span->first + span->count - 1].value == value)
		return TRUCE_OK;
	int status = truce_grow(p->ctx, &p->points, &p->point_capacity, p->point_count + 1, sizeof *p->points);
	if (status)
		return status;
	p->points[p->point_count++] = (truce_tariff_point){p->days[segment], value};
	span->count++;
	panel_mix(key, (uint64_t)segment << 32 | value);
	return TRUCE_OK;
}

static int lay_series(truce_tariff_panel *p, const struct panel_span *sets, const struct panel_span *normals, uint32_t *out)
{
	struct panel_span span = {p->point_count, 0};
	struct panel_key key = {31, 31};
	size_t i = 0, k = 0;
	bool fresh;
	int status = TRUCE_OK;
	while (!status) {
		size_t set_at = p->runs[sets->first + i].segment, normal_at = p->runs[normals->first + k].segment;
		uint32_t value;
		if ((status = panel_value_of(p, &value, p->runs[normals->first + k].value, p->runs[sets->first + i].value)) ||
			(status = add_point(p, &span, &key, set_at > normal_at ? set_at : normal_at, value)))
			break;
		size_t next_set = i + 1 < sets->count ? p->runs[sets->first + i + 1].segment : SIZE_MAX;
		size_t next_normal = k + 1 < normals->count ? p->runs[normals->first + k + 1].segment : SIZE_MAX;
		if (next_set == SIZE_MAX && next_normal == SIZE_MAX)
			break;
		i += next_set <= next_normal;
		k += next_normal <= next_set;
	}
	if (status || (status = panel_map_at(&p->series_map, key, (uint32_t)p->series_count, out, &fresh)))
		return status;
	if (!fresh) {
		p->point_count = span.first; /* another said the same */
		return TRUCE_OK;
	}
	if ((status = truce_grow(p->ctx, &p->spans, &p->series_capacity, p->series_count + 1, sizeof *p->spans)))
		return status;
	p->spans[p->series_count++] = span;
	return TRUCE_OK;
}

static int lay_all(truce_tariff_panel *p)
{
	p->series_of = truce_arena_array(p->arena, p->pair_count * p->group_count + 1, sizeof *p->series_of);
	int status = p->series_of ? TRUCE_OK : TRUCE_MEMORY;
	for (size_t k = 0; k < p->pair_count && !status; k++)
		for (size_t g = 0; g < p->group_count && !status; g++)
			status = lay_series(p, &p->set_runs[p->pairs[k][0] * p->measure_group_count + p->group_pair[g][0]],
				&p->normal_runs[p->pairs[k][1] * p->normal_group_count + p->group_pair[g][1]], &p->series_of[k * p->group_count + g]);
	return status;
}

/* ---- making it ---- */

static int copy_question(truce_tariff_panel *p, const truce_tariff_question *question, const truce_tariff_panel_options *options)
{
	p->ask = *question;
	p->ask.has_value = p->ask.has_quantity = p->ask.estimate = false;
	p->ask.from = p->ask.into; /* each origin in its turn */
	p->ask.into = truce_arena_text(p->arena, question->into);
	const char **with = truce_arena_array(p->arena, question->with_count + 1, sizeof *with);
	truce_tariff_share *shares = truce_arena_array(p->arena, question->share_count + 1, sizeof *shares);
	truce_tariff_programme *programmes = truce_arena_array(p->arena, question->programme_count + 1, sizeof *programmes);
	if (!p->ask.into || !with || !shares || !programmes)
		return TRUCE_MEMORY;
	for (size_t i = 0; i < question->with_count; i++)
		if (!(with[i] = truce_arena_text(p->arena, question->with[i])))
			return TRUCE_MEMORY;
	for (size_t i = 0; i < question->share_count; i++) {
		shares[i] = question->shares[i];
		shares[i].measure = truce_arena_text(p->arena, shares[i].measure);
		shares[i].list = truce_arena_text(p->arena, shares[i].list);
		if (!shares[i].measure || !shares[i].list)
			return TRUCE_MEMORY;
	}
	for (size_t i = 0; i < question->programme_count; i++) {
		truce_tariff_programme *one = &programmes[i];
		*one = question->programmes[i];
		one->programme = truce_arena_text(p->arena, one->programme);
		one->party = truce_arena_text(p->arena, one->party);
		one->claim = truce_arena_text(p->arena, one->claim);
		one->source = truce_arena_text(p->arena, one->source);
		one->exempts = truce_arena_text(p->arena, one->exempts ? one->exempts : "");
		if (!one->exempts || !one->programme || !one->party || !one->claim || !one->source)
			return TRUCE_MEMORY;
	}
	p->ask.from = p->ask.into;
	p->ask.with = with;
	p->ask.shares = shares;
	p->ask.programmes = programmes;
	p->from = options->from;
	p->until = options->through + 1;
	return TRUCE_OK;
}

static int check(truce_context *ctx, const truce_tariff_question *question, const truce_tariff_panel_options *options)
{
	enum { MOST_DAYS = 366 * 100 };
	if (!question->schedule)
		return truce_fail(ctx, TRUCE_NOT_FOUND, NULL, 0, 0, "truce schedule import makes one", "panels need a compiled schedule of %s: --schedule FILE",
			question->into);
	if (options->through < options->from)
		return truce_fail(ctx, TRUCE_USAGE, NULL, 0, 0, "give the earlier day first", "the last day is before the first");
	if ((int64_t)options->through - options->from >= MOST_DAYS)
		return truce_fail(ctx, TRUCE_LIMIT, NULL, 0, 0, NULL, "a panel is of at most a hundred years");
	return TRUCE_OK;
}

static int build(truce_tariff_panel *p, const truce_tariff_panel_options *options, bool series)
{
	int status = duty_open(p->ctx, p->scratch, &p->work, &p->ask);
	if (status)
		return status;
	size_t lists = 0;
	while (truce_schedule_list_at(p->ask.schedule, lists))
		lists++;
	p->work->list_lengths = truce_arena_array(p->scratch, lists + 1, sizeof *p->work->list_lengths);
	if (!p->work->list_lengths)
		return TRUCE_MEMORY;
	p->work->quiet = true;
	p->work->averaging = !series;
	p->known_day = truce_instant_day(NULL, p->work->known);
	struct panel_normal absent = {.programme = PANEL_NONE};
	truce_tariff_rate nothing = {NAN, NAN, NAN};
	if ((status = truce_grow(p->ctx, &p->normals, &p->normal_capacity, 1, sizeof *p->normals)) ||
		(status = truce_grow(p->ctx, &p->values, &p->value_capacity, 1, sizeof *p->values)))
		return status;
	p->normals[p->normal_count++] = absent;
	p->values[p->value_count++] = nothing;
	p->ask.clocks.on = (truce_time){.day = p->from, .at = (truce_instant)p->from * 86400, .set = true};
	duty_on(p->work, p->ask.clocks);
	if ((status = panel_levies(p)) || (status = panel_days(p)) || (status = panel_states(p)) || (status = panel_find_lines(p, options)) ||
		(status = panel_origins(p, options)) || (status = panel_classes(p)) || (status = make_room(p)))
		return status;
	if (series && ((status = set_runs(p)) || (status = normal_runs(p)) || (status = lay_all(p))))
		return status;
	return TRUCE_OK;
}

int panel_new(truce_context *ctx, truce_tariff_panel **out, const truce_tariff_question *question, const truce_tariff_panel_options *options,
	bool series)
{
	*out = NULL;
	int status = check(ctx, question, options);
	if (status)
		return status;
	truce_tariff_panel *p = truce_allocate_zero(ctx, 1, sizeof *p);
	if (!p)
		return TRUCE_MEMORY;
	p->ctx = p->set_map.ctx = p->set_ids.ctx = p->choice_map.ctx = p->normal_ids.ctx = p->value_map.ctx = p->value_ids.ctx = p->series_map.ctx = p->row_map.ctx = ctx;
	if ((status = truce_arena_new(ctx, &p->arena)) || (status = truce_arena_new(ctx, &p->scratch)) ||
		(status = copy_question(p, question, options)) || (status = build(p, options, series)))
		truce_tariff_panel_free(p);
	else
		*out = p;
	return status;
}

int truce_tariff_panel_new(truce_context *ctx, truce_tariff_panel **out, const truce_tariff_question *question,
	const truce_tariff_panel_options *options)
{
	return panel_new(ctx, out, question, options, true);
}

void truce_tariff_panel_free(truce_tariff_panel *p)
{
	if (!p)
		return;
	panel_map_close(&p->set_map);
	panel_map_close(&p->set_ids);
	panel_map_close(&p->choice_map);
	panel_map_close(&p->normal_ids);
	panel_map_close(&p->value_map);
	panel_map_close(&p->value_ids);
	panel_map_close(&p->series_map);
	panel_map_close(&p->row_map);
	truce_release(p->ctx, p->rows);
	truce_release(p->ctx, p->programme_list);
	truce_release(p->ctx, p->sets);
	truce_release(p->ctx, p->layers);
	truce_release(p->ctx, p->normals);
	truce_release(p->ctx, p->values);
	truce_release(p->ctx, p->points);
	truce_release(p->ctx, p->spans);
	truce_release(p->ctx, p->runs);
	truce_release(p->ctx, p->authorities);
	duty_close(p->work);
	truce_arena_free(p->scratch);
	truce_arena_free(p->arena);
	truce_release(p->ctx, p);
}

/* ---- asking it ---- */

truce_tariff_panel_about truce_tariff_panel_tell(const truce_tariff_panel *p)
{
	size_t maps = (p->set_map.slots + p->set_ids.slots + p->normal_ids.slots + p->value_map.slots + p->value_ids.slots + p->series_map.slots +
		p->row_map.slots) * (sizeof(struct panel_key) + sizeof(uint32_t));
	return (truce_tariff_panel_about){p->from, p->until - 1, p->line_count, p->origin_count, p->pair_count, p->group_count, p->series_count,
		p->point_count, p->value_count - 1, p->segment_count, truce_arena_used(p->arena) + truce_arena_used(p->scratch) + maps +
		p->point_capacity * sizeof *p->points + p->run_capacity * sizeof *p->runs + p->series_capacity * sizeof *p->spans +
		p->value_capacity * sizeof *p->values};
}

const char *truce_tariff_panel_code(const truce_tariff_panel *p, size_t line)
{
	return line < p->line_count ? p->lines[line].code : NULL;
}

const char *truce_tariff_panel_party(const truce_tariff_panel *p, size_t origin)
{
	return origin < p->origin_count ? p->origins[origin] : NULL;
}

int truce_tariff_panel_line(const truce_tariff_panel *p, const char *code)
{
	size_t low = 0, high = p->line_count;
	while (low < high) {
		size_t middle = (low + high) / 2;
		int order = strcmp(p->lines[middle].code, code);
		if (order == 0)
			return (int)middle;
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return TRUCE_NOT_FOUND;
}

int truce_tariff_panel_origin(const truce_tariff_panel *p, const char *party)
{
	for (size_t i = 0; i < p->origin_count; i++)
		if (strcmp(p->origins[i], party) == 0)
			return (int)i;
	const truce_country *country = truce_country_find(party);
	return country && strcmp(country->iso2, party) != 0 ? truce_tariff_panel_origin(p, country->iso2) : TRUCE_NOT_FOUND;
}

size_t truce_tariff_panel_life(const truce_tariff_panel *p, size_t line, truce_date (*out)[2], size_t most)
{
	const struct panel_line *l = &p->lines[line];
	const truce_schedule_line *sources[] = {l->eight, l->exact}; /* eight digits stand before they are subdivided */
	size_t count = 0;
	for (int i = 0; i < 2; i++)
		for (size_t k = 0; sources[i] && k < sources[i]->count; k++) {
			const truce_schedule_spell *spell = &sources[i]->spells[k];
			truce_date from = spell->from, until = spell->until > p->known_day ? p->until : spell->until;
			if (!spell->leaf || from > p->known_day || (i == 0 && strcmp(l->code + 8, "00") != 0))
				continue;
			from = from < p->from ? p->from : from;
			until = until > p->until ? p->until : until;
			if (from >= until)
				continue;
			if (count && out[count - 1][1] == from)
				out[count - 1][1] = until;
			else if (count < most)
				out[count][0] = from, out[count++][1] = until;
		}
	return count;
}

size_t truce_tariff_panel_series(const truce_tariff_panel *p, size_t line, size_t origin)
{
	return p->series_of[p->lines[line].pair * p->group_count + p->group_of[origin]];
}

const truce_tariff_point *truce_tariff_panel_points(const truce_tariff_panel *p, size_t series, size_t *count)
{
	*count = series < p->series_count ? p->spans[series].count : 0;
	return *count ? p->points + p->spans[series].first : NULL;
}

truce_tariff_rate truce_tariff_panel_value(const truce_tariff_panel *p, uint32_t value)
{
	return p->values[value < p->value_count ? value : 0];
}

static uint32_t value_on(const truce_tariff_panel *p, size_t series, truce_date day)
{
	const truce_tariff_point *points = p->points + p->spans[series].first;
	size_t low = 0, high = p->spans[series].count;
	while (high - low > 1) {
		size_t middle = (low + high) / 2;
		if (points[middle].from <= day)
			low = middle;
		else
			high = middle;
	}
	return points[low].value;
}

int truce_tariff_panel_cell(const truce_tariff_panel *p, truce_tariff_rate *out, int line, int origin, truce_date day)
{
	*out = p->values[0];
	if (line < 0 || (size_t)line >= p->line_count || origin < 0 || (size_t)origin >= p->origin_count || day < p->from || day >= p->until)
		return TRUCE_NOT_FOUND;
	uint32_t value = value_on(p, truce_tariff_panel_series(p, (size_t)line, (size_t)origin), day);
	*out = p->values[value];
	return value ? TRUCE_OK : TRUCE_NOT_FOUND;
}

int truce_tariff_panel_day(const truce_tariff_panel *p, truce_date day, double *ad_valorem, double *low, double *high)
{
	if (day < p->from || day >= p->until)
		return truce_fail(p->ctx, TRUCE_NOT_FOUND, NULL, 0, 0, NULL, "the panel does not cover that day");
	uint32_t *today = truce_allocate(p->ctx, (p->series_count + 1) * sizeof *today);
	if (!today)
		return TRUCE_MEMORY;
	for (size_t s = 0; s < p->series_count; s++)
		today[s] = value_on(p, s, day);
	for (size_t line = 0, cell = 0; line < p->line_count; line++) {
		const uint32_t *series = p->series_of + p->lines[line].pair * p->group_count;
		for (size_t o = 0; o < p->origin_count; o++, cell++) {
			const truce_tariff_rate *rate = &p->values[today[series[p->group_of[o]]]];
			if (ad_valorem)
				ad_valorem[cell] = rate->ad_valorem;
			if (low)
				low[cell] = rate->low;
			if (high)
				high[cell] = rate->high;
		}
	}
	truce_release(p->ctx, today);
	return TRUCE_OK;
}
