/* shortage: answers as figures.  The one file of the room that knows of them. */
#include <truce/figure.h>
#include <truce/shortage.h>

#include <math.h>
#include <string.h>

int truce_shortage_gantt(truce_context *ctx, truce_text *out, const truce_shortage_answer *a)
{
	truce_arena *arena;
	int status = truce_arena_new(ctx, &arena);
	truce_figure_task *task;
	size_t tasks = 0;
	double end = 7.0 * a->weeks;

	if (status)
		return status;
	status = TRUCE_MEMORY;
	if (!(task = truce_arena_array(arena, a->user_count, sizeof *task)))
		goto done;
	for (size_t first = 0; first < a->user_count; first++) { /* users of the same input stand together */
		bool done = false;
		for (size_t i = 0; i < first; i++)
			done |= !strcmp(a->users[i].input, a->users[first].input);
		for (size_t i = first; i < a->user_count && !done; i++) {
			const truce_shortage_user *u = &a->users[i];
			if (strcmp(u->input, a->users[first].input))
				continue;
			char *label = truce_arena_printf(arena, "%s %s", u->party, u->user_name);
			char *group = truce_arena_printf(arena, "for want of %s%s", u->input, u->indirect ? ", struck through a stage before" : "");
			char *note = isfinite(u->first_day.value) ? truce_arena_printf(arena, "day %.0f, down to %.0f %%", u->first_day.value,
				100 * u->lowest) : truce_arena_printf(arena, "not in %d weeks", a->weeks);
			if (!label || !group || !note)
				goto done;
			double low = isfinite(u->first_day.low) ? u->first_day.low : NAN;
			double high = isfinite(u->first_day.high) ? u->first_day.high : isfinite(low) ? end : NAN;
			task[tasks++] = (truce_figure_task){.label = label, .group = group, .start = 0,
				.end = isfinite(u->first_day.value) ? u->first_day.value : NAN, .low = low, .high = high, .note = note,
				.colour = u->indirect ? 4 : 0};
		}
	}
	truce_figure_frame frame = {.id = "shortage-gantt", .title = "Who works on for how long",
		.subtitle = "Days of normal output after the acts begin; the range is where nine in ten draws lie",
		.source = a->baseline};
	truce_figure_gantt data = {.from = 0, .to = end, .axis = "days after the acts begin", .tasks = tasks, .task = task};
	status = truce_figure_draw_gantt(ctx, out, &frame, &data);
done:
	truce_arena_free(arena);
	return status;
}

int truce_shortage_fan(truce_context *ctx, truce_text *out, const truce_shortage_answer *a)
{
	truce_arena *arena;
	int status = truce_arena_new(ctx, &arena);
	size_t weeks = 2 * (size_t)a->weeks, worst = 0, shown = 0;
	double *block;

	if (status)
		return status;
	status = TRUCE_MEMORY;
	if (!(block = truce_arena_array(arena, weeks * (1 + 3 * a->party_count), sizeof *block)))
		goto done;
	truce_figure_series *series = truce_arena_array(arena, a->party_count, sizeof *series);
	truce_figure_band *band = truce_arena_array(arena, a->party_count, sizeof *band);
	if (!series || !band)
		goto done;
	for (size_t w = 0; w < weeks; w++)
		block[w] = (double)w + 1;
	for (size_t p = 0; p < a->party_count; p++)
		worst = fabs(a->parties[p].lost_usd.value) > fabs(a->parties[worst].lost_usd.value) ? p : worst;
	for (size_t p = 0; p < a->party_count; p++) { /* those that lose a tenth of what the worst off loses */
		const truce_shortage_party *party = &a->parties[p];
		double *y = block + weeks * (1 + 3 * p);
		if (fabs(party->lost_usd.value) < 0.1 * fabs(a->parties[worst].lost_usd.value) && p != worst)
			continue;
		for (size_t w = 0; w < weeks; w++) {
			y[w] = party->week[w] / 1e9;
			y[weeks + w] = party->week_low[w] / 1e9;
			y[2 * weeks + w] = party->week_high[w] / 1e9;
		}
		band[shown] = (truce_figure_band){0.9, y + weeks, y + 2 * weeks};
		series[shown] = (truce_figure_series){.name = party->name, .colour = (int)(shown % TRUCE_FIGURE_COLOURS), .count = weeks,
			.x = block, .y = y, .bands = a->draws ? 1 : 0, .band = &band[shown]};
		shown++;
	}
	truce_figure_rule rule = {.at = a->weeks + 0.5, .upright = true, .label = "the acts end"};
	truce_figure_frame frame = {.id = "shortage-fan", .title = "Output lost by week",
		.subtitle = "Billion US$ a week; bands hold nine in ten draws", .source = a->baseline};
	truce_figure_lines data = {.x_axis = "week after the acts begin", .y_axis = "billion US$ a week", .from_zero = true,
		.series = shown, .line = series, .rules = 1, .rule = &rule};
	status = truce_figure_draw_lines(ctx, out, &frame, &data);
done:
	truce_arena_free(arena);
	return status;
}
