/* shortage: answers as JSON.  What is never, or not known, is null. */
#include <truce/shortage.h>

static void range(truce_json *json, const char *key, truce_shortage_range r)
{
	truce_json_open(json, key, '{');
	truce_json_number(json, "value", r.value);
	truce_json_number(json, "low", r.low);
	truce_json_number(json, "high", r.high);
	truce_json_close(json, '}');
}

static void user_to_json(truce_json *json, const truce_shortage_user *u)
{
	truce_json_open(json, NULL, '{');
	truce_json_text(json, "dependency", u->dependency);
	truce_json_text(json, "party", u->party);
	truce_json_text(json, "user", u->user);
	truce_json_text(json, "user_name", u->user_name);
	truce_json_text(json, "input", u->input);
	truce_json_text(json, "from", u->from);
	truce_json_bool(json, "indirect", u->indirect);
	truce_json_bool(json, "critical", u->critical);
	truce_json_bool(json, "unsure", u->unsure);
	truce_json_number(json, "share", u->share);
	truce_json_number(json, "exposed", u->exposed);
	truce_json_number(json, "stock_days", u->stock_days);
	truce_json_number(json, "residual", u->residual);
	truce_json_number(json, "closed_days", u->closed_days);
	range(json, "first_day", u->first_day);
	truce_json_number(json, "stops", u->stops);
	truce_json_number(json, "lowest", u->lowest);
	range(json, "lost_usd", u->lost_usd);
	truce_json_number(json, "lost_week_usd", u->lost_week_usd);
	truce_json_number(json, "use_usd", u->use_usd);
	truce_json_number(json, "stock_day_usd", u->stock_day_usd);
	truce_json_number(json, "flow_usd", u->flow_usd);
	truce_json_number(json, "tonne_usd", u->tonne_usd);
	truce_json_text(json, "evidence", u->evidence);
	truce_json_close(json, '}');
}

static void party_to_json(truce_json *json, const truce_shortage_party *p, int weeks)
{
	truce_json_open(json, NULL, '{');
	truce_json_text(json, "id", p->id);
	truce_json_text(json, "name", p->name);
	range(json, "lost_usd", p->lost_usd);
	range(json, "added_usd", p->added_usd);
	truce_json_number(json, "output_share", p->output_share);
	range(json, "gdp_share", p->gdp_share);
	truce_json_number(json, "labour_share", p->labour_share);
	truce_json_number(json, "exports_usd", p->exports_usd);
	truce_json_open(json, "weekly", '[');
	for (int w = 0; w < 2 * weeks; w++) {
		truce_json_open(json, NULL, '{');
		truce_json_integer(json, "week", w + 1);
		truce_json_number(json, "lost_usd", p->week[w]);
		truce_json_number(json, "low", p->week_low[w]);
		truce_json_number(json, "high", p->week_high[w]);
		truce_json_close(json, '}');
	}
	truce_json_close(json, ']');
	truce_json_close(json, '}');
}

static void fleet_to_json(truce_json *json, const truce_shortage_grounded *f, int weeks)
{
	truce_json_open(json, NULL, '{');
	truce_json_text(json, "dependency", f->dependency);
	truce_json_text(json, "party", f->party);
	truce_json_text(json, "input", f->input);
	truce_json_text(json, "from", f->from);
	truce_json_bool(json, "unsure", f->unsure);
	truce_json_number(json, "units", f->units);
	truce_json_number(json, "failures", f->failures);
	truce_json_number(json, "sales_year_usd", f->sales_year_usd);
	truce_json_open(json, "weekly", '[');
	for (int w = 0; w < weeks; w++) {
		truce_json_open(json, NULL, '{');
		truce_json_integer(json, "week", w + 1);
		truce_json_number(json, "least", f->least[w]);
		truce_json_number(json, "most", f->most[w]);
		truce_json_close(json, '}');
	}
	truce_json_close(json, ']');
	truce_json_number(json, "claimed", f->claimed);
	truce_json_number(json, "claimed_days", f->claimed_days);
	truce_json_number(json, "factor_without", f->factor_without);
	truce_json_number(json, "factor_cannibal", f->factor_cannibal);
	truce_json_close(json, '}');
}

static void texts(truce_json *json, const char *key, const char *const *text, size_t count)
{
	truce_json_open(json, key, '[');
	for (size_t i = 0; i < count; i++)
		truce_json_text(json, NULL, text[i]);
	truce_json_close(json, ']');
}

void truce_shortage_answer_to_json(truce_json *json, const char *key, const truce_shortage_answer *a)
{
	truce_json_open(json, key, '{');
	truce_json_text(json, "baseline", a->baseline);
	texts(json, "acts", a->acts, a->act_count);
	texts(json, "gaps", a->gaps, a->gap_count);
	truce_json_integer(json, "weeks", a->weeks);
	truce_json_integer(json, "draws", a->draws);
	truce_json_open(json, "users", '[');
	for (size_t i = 0; i < a->user_count; i++)
		user_to_json(json, &a->users[i]);
	truce_json_close(json, ']');
	truce_json_open(json, "parties", '[');
	for (size_t i = 0; i < a->party_count; i++)
		party_to_json(json, &a->parties[i], a->weeks);
	truce_json_close(json, ']');
	truce_json_open(json, "sellers", '[');
	for (size_t i = 0; i < a->seller_count; i++) {
		const truce_shortage_seller *s = &a->sellers[i];
		truce_json_open(json, NULL, '{');
		truce_json_text(json, "party", s->party);
		truce_json_text(json, "input", s->input);
		truce_json_number(json, "sales_usd", s->sales_usd);
		truce_json_number(json, "sales_year_usd", s->sales_year_usd);
		truce_json_number(json, "idle", s->idle);
		truce_json_number(json, "market_usd", s->market_usd);
		truce_json_close(json, '}');
	}
	truce_json_close(json, ']');
	truce_json_open(json, "views", '[');
	for (size_t i = 0; i < a->party_count; i++) {
		const truce_shortage_views *v = &a->views[i];
		truce_json_open(json, NULL, '{');
		truce_json_text(json, "party", v->party);
		truce_json_number(json, "shortage", v->shortage);
		truce_json_number(json, "ces_05", v->ces[0]);
		truce_json_number(json, "ces_10", v->ces[1]);
		truce_json_number(json, "ces_20", v->ces[2]);
		truce_json_number(json, "long_run", v->long_run);
		truce_json_number(json, "theta", v->theta);
		truce_json_close(json, '}');
	}
	truce_json_close(json, ']');
	truce_json_open(json, "fleets", '[');
	for (size_t i = 0; i < a->fleet_count; i++)
		fleet_to_json(json, &a->fleets[i], a->weeks);
	truce_json_close(json, ']');
	truce_json_open(json, "totals", '{');
	truce_json_number(json, "lost_usd", a->lost_usd);
	truce_json_number(json, "lost_share", a->lost_usd / a->normal_usd);
	truce_json_number(json, "pro_rata_usd", a->pro_rata_usd);
	truce_json_number(json, "efficient_usd", a->efficient_usd);
	if (a->recovery_days >= 0)
		truce_json_integer(json, "recovery_days", a->recovery_days);
	else
		truce_json_null(json, "recovery_days");
	truce_json_number(json, "clipped_usd", a->clipped_usd);
	truce_json_close(json, '}');
	truce_json_close(json, '}');
}
