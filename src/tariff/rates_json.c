/* rates_json.c: averages as JSON (tariff room). */
#include <truce/tariff.h>

#include <math.h>

static void unmatched_to_json(truce_json *json, const truce_tariff_unmatched *unmatched, size_t count)
{
	truce_json_open(json, "unmatched", '[');
	for (size_t i = 0; i < count; i++) {
		truce_json_open(json, NULL, '{');
		truce_json_text(json, "code", unmatched[i].code);
		truce_json_number(json, "usd", unmatched[i].usd);
		truce_json_text(json, "why", unmatched[i].why);
		truce_json_close(json, '}');
	}
	truce_json_close(json, ']');
}

static void shared_to_json(truce_json *json, double usd, double low, double high)
{
	truce_json_number(json, "shared_usd", usd);
	truce_json_open(json, "shared_range", '[');
	truce_json_number(json, NULL, low);
	truce_json_number(json, NULL, high);
	truce_json_close(json, ']');
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
	shared_to_json(json, rates->shared_usd, rates->low, rates->high);
	truce_json_integer(json, "lines", (int64_t)rates->lines);
	truce_json_open(json, "parties", '[');
	for (size_t i = 0; i < rates->party_count; i++)
		truce_json_text(json, NULL, rates->parties[i]);
	truce_json_close(json, ']');
	unmatched_to_json(json, rates->unmatched, rates->unmatched_count);
	truce_json_close(json, '}');
}

static bool same(double a, double b)
{
	return a == b || (isnan(a) && isnan(b));
}

/* Whether a stretch says what the one before it says, authority by authority. */
static bool goes_on(const truce_tariff_averages *averages, const truce_tariff_average *item, size_t s)
{
	const double *now = item->parts + s * averages->authority_count, *before = now - averages->authority_count;
	bool on = same(item->average[s], item->average[s - 1]) && item->matched_usd[s] == item->matched_usd[s - 1] &&
		item->unmatched_usd[s] == item->unmatched_usd[s - 1] && item->by_quantity_usd[s] == item->by_quantity_usd[s - 1] && item->shared_usd[s] == item->shared_usd[s - 1] &&
		same(item->low[s], item->low[s - 1]) && same(item->high[s], item->high[s - 1]);
	for (size_t i = 0; on && i < averages->authority_count; i++)
		on = same(now[i], before[i]);
	return on;
}

static void item_to_json(truce_json *json, const truce_tariff_averages *averages, const truce_tariff_average *item)
{
	char day[11];
	truce_json_open(json, NULL, '{');
	truce_json_text(json, "party", item->party[0] ? item->party : NULL);
	truce_json_text(json, "sector", item->sector[0] ? item->sector : NULL);
	truce_json_integer(json, "cells", (int64_t)item->cells);
	truce_json_open(json, "points", '[');
	for (size_t s = 0; s < averages->stretches; s++) {
		size_t end = s + 1;
		if (s && goes_on(averages, item, s))
			continue;
		while (end < averages->stretches && goes_on(averages, item, end))
			end++;
		truce_json_open(json, NULL, '{');
		truce_json_text(json, "since", truce_date_format(day, averages->days[s]));
		truce_json_text(json, "through", truce_date_format(day, averages->days[end] - 1));
		truce_json_number(json, "average", item->average[s]);
		truce_json_open(json, "by_authority", '{');
		for (size_t i = 0; i < averages->authority_count; i++)
			if (i == 0 || item->parts[s * averages->authority_count + i] != 0)
				truce_json_number(json, averages->authorities[i], item->parts[s * averages->authority_count + i]);
		truce_json_close(json, '}');
		truce_json_number(json, "matched_usd", item->matched_usd[s]);
		truce_json_number(json, "unmatched_usd", item->unmatched_usd[s]);
		truce_json_number(json, "by_quantity_usd", item->by_quantity_usd[s]);
		shared_to_json(json, item->shared_usd[s], item->low[s], item->high[s]);
		truce_json_close(json, '}');
	}
	truce_json_close(json, ']');
	truce_json_close(json, '}');
}

void truce_tariff_averages_to_json(truce_json *json, const char *key, const truce_tariff_averages *averages)
{
	char day[11];
	truce_json_open(json, key, '{');
	truce_json_text(json, "definition", truce_rates_definition_word(averages->definition));
	truce_json_text(json, "since", truce_date_format(day, averages->days[0]));
	truce_json_text(json, "through", truce_date_format(day, averages->days[averages->stretches] - 1));
	truce_json_number(json, "contained_usd", averages->inside_usd);
	truce_json_text(json, "contained", averages->inside);
	truce_json_number(json, "unknown_partners_usd", averages->unknown_usd);
	truce_json_text(json, "absent", averages->absent);
	truce_json_open(json, "series", '[');
	for (size_t i = 0; i < averages->count; i++)
		item_to_json(json, averages, &averages->items[i]);
	truce_json_close(json, ']');
	unmatched_to_json(json, averages->unmatched, averages->unmatched_count);
	truce_json_close(json, '}');
}
