/* Room cost: a bill as JSON. */
#include <truce/cost.h>

static void gaps_to_json(truce_json *json, const char *key, const truce_cost_gap *gaps, size_t count)
{
	truce_json_open(json, key, '[');
	for (size_t i = 0; i < count; i++) {
		truce_json_open(json, NULL, '{');
		truce_json_text(json, "id", gaps[i].act);
		truce_json_text(json, "why", gaps[i].why);
		truce_json_close(json, '}');
	}
	truce_json_close(json, ']');
}

static void party_to_json(truce_json *json, const truce_cost_party *party)
{
	truce_json_open(json, NULL, '{');
	truce_json_text(json, "id", party->id);
	truce_json_text(json, "name", party->name);
	truce_json_number(json, "real_income", party->real_income);
	truce_json_number(json, "real_income_usd", party->real_income_usd);
	truce_json_number(json, "low", party->low);
	truce_json_number(json, "high", party->high);
	truce_json_number(json, "low_usd", party->low_usd);
	truce_json_number(json, "high_usd", party->high_usd);
	truce_json_number(json, "exports", party->exports);
	truce_json_number(json, "imports", party->imports);
	truce_json_number(json, "revenue_usd", party->revenue_usd);
	truce_json_number(json, "prices", party->prices);
	truce_json_number(json, "real_wage", party->real_wage);
	truce_json_text(json, "trail", party->trail ? party->trail->id : NULL);
	truce_json_close(json, '}');
}

static void horizon_to_json(truce_json *json, const truce_cost_horizon *horizon)
{
	truce_json_open(json, NULL, '{');
	truce_json_text(json, "horizon", horizon->horizon);
	truce_json_integer(json, "draws", horizon->draws);
	truce_json_integer(json, "draws_converged", horizon->converged);
	truce_json_open(json, "parties", '[');
	for (size_t i = 0; i < horizon->count; i++)
		party_to_json(json, &horizon->parties[i]);
	truce_json_close(json, ']');
	truce_json_close(json, '}');
}

void truce_cost_to_json(truce_json *json, const char *key, const truce_cost *cost)
{
	char time[32];
	truce_json_open(json, key, '{');
	truce_json_text(json, "on", truce_time_format(time, &cost->clocks.on));
	truce_json_text(json, "known", truce_time_format(time, &cost->clocks.known));
	truce_json_text(json, "baseline", cost->baseline);
	truce_json_text(json, "world", cost->world);
	truce_json_open(json, "acts", '[');
	for (size_t i = 0; i < cost->act_count; i++) {
		truce_json_open(json, NULL, '{');
		truce_json_text(json, "id", cost->act_ids[i]);
		truce_json_text(json, "words", cost->acts[i]);
		truce_json_close(json, '}');
	}
	truce_json_close(json, ']');
	truce_json_open(json, "horizons", '[');
	for (size_t i = 0; i < cost->horizon_count; i++)
		horizon_to_json(json, &cost->horizons[i]);
	truce_json_close(json, ']');
	truce_json_open(json, "static", '[');
	for (size_t i = 0; i < cost->static_count; i++) {
		truce_json_open(json, NULL, '{');
		truce_json_text(json, "payer", cost->statics[i].payer);
		truce_json_number(json, "duty_usd", cost->statics[i].duty_usd);
		truce_json_number(json, "triangle_usd", cost->statics[i].triangle_usd);
		truce_json_close(json, '}');
	}
	truce_json_close(json, ']');
	truce_json_open(json, "wedges", '[');
	for (size_t i = 0; i < cost->wedge_count; i++) {
		const truce_cost_wedge *wedge = &cost->wedges[i];
		truce_json_open(json, NULL, '{');
		truce_json_text(json, "act", wedge->act);
		truce_json_text(json, "measure", wedge->measure);
		truce_json_text(json, "sector", wedge->sector);
		truce_json_text(json, "importer", wedge->importer);
		truce_json_text(json, "exporter", wedge->exporter);
		truce_json_number(json, "points", wedge->points);
		truce_json_number(json, "share", wedge->share);
		truce_json_number(json, "imports", wedge->imports);
		truce_json_text(json, "source", wedge->source);
		truce_json_close(json, '}');
	}
	truce_json_close(json, ']');
	truce_json_open(json, "bounds", '[');
	for (size_t i = 0; i < cost->bound_count; i++) {
		const truce_cost_bound *bound = &cost->bounds[i];
		truce_json_open(json, NULL, '{');
		truce_json_text(json, "act", bound->act);
		truce_json_text(json, "good", bound->good);
		truce_json_text(json, "sector", bound->sector);
		truce_json_text(json, "importer", bound->importer);
		truce_json_text(json, "exporter", bound->exporter);
		truce_json_text(json, "kind", bound->at_least ? "at_least" : "at_most");
		truce_json_number(json, "level", bound->level);
		truce_json_number(json, "passes", bound->passes);
		truce_json_number(json, "shadow", bound->shadow);
		truce_json_close(json, '}');
	}
	truce_json_close(json, ']');
	gaps_to_json(json, "not_priced", cost->gaps, cost->gap_count);
	gaps_to_json(json, "not_in_baseline", cost->unseen, cost->unseen_count);
	truce_json_number(json, "certificate", cost->certificate.largest);
	truce_json_close(json, '}');
}
