/* Room brief: the table of what is on the table, priced. */
#include "private.h"

static const truce_cost_party *party_of(const truce_cost_horizon *horizon, const char *id)
{
	for (size_t i = 0; id && i < horizon->count; i++)
		if (strcmp(horizon->parties[i].id, id) == 0)
			return &horizon->parties[i];
	return NULL;
}

static truce_brief_number number(struct brief_writer *w, const char *id, double value, double scale, int decimals,
	const char *unit)
{
	truce_brief_number n = {id, NULL, value, scale, decimals, unit};
	n.printed = truce_brief_print(w->arena, value, scale, decimals, unit);
	if (!n.printed) {
		n.printed = "?";
		w->status = TRUCE_MEMORY;
	}
	return n;
}

/* Two decimals; a third where the value would otherwise print as nothing. */
static int decimals_of(double share)
{
	return fabs(share) * 100 < 0.005 ? 3 : 2;
}

static const char *package(struct brief_writer *w, const truce_cost *cost)
{
	const char *id = "";
	for (size_t i = 0; i < cost->act_count; i++)
		id = brief_words(w, "%s%s%s", id, i ? "+" : "", cost->act_ids[i]);
	return id;
}

static void price(struct brief_writer *w, truce_brief_cost *row)
{
	const truce_cost *cost = row->cost;
	const truce_cost_horizon *horizon = &cost->horizons[cost->horizon_count - 1]; /* the longest */
	const char *acts = package(w, cost);
	double others = 0;

	for (int p = 0; p < 2; p++) {
		const truce_cost_party *party = party_of(horizon, w->brief->party[p]);
		const char *id = brief_words(w, "cost/%s/%s/%s", acts, w->brief->party[p] ? w->brief->party[p] : "?", horizon->horizon);
		int decimals = decimals_of(party ? party->real_income : 0);
		row->party[p] = (truce_brief_effect){
			number(w, brief_words(w, "%s/real_income", id), party ? party->real_income : NAN, 100, decimals, "\u00a0%"),
			number(w, brief_words(w, "%s/real_income_usd", id), party ? party->real_income_usd : NAN, 1e-9, 1, ""),
			number(w, brief_words(w, "%s/low", id), party ? party->low : NAN, 100, decimals, ""),
			number(w, brief_words(w, "%s/high", id), party ? party->high : NAN, 100, decimals, "")};
	}
	/* The ends of the range are no part of the cost's own trails: they come of many solves, not of one. */
	for (int p = 0; p < 2; p++)
		for (int end = 0; end < 2; end++) {
			const truce_brief_number *n = end ? &row->party[p].high : &row->party[p].low;
			const truce_cost_party *party = party_of(horizon, w->brief->party[p]);
			truce_trail *trail = isnan(n->value) ? NULL : brief_trail(w, n->id, n->value, "share", "model:draws",
				brief_words(w, "the %s in a hundred of %d draws of the elasticities", end ? "95th" : "5th", horizon->converged), NULL);
			if (trail && party && party->trail && (trail->inputs = truce_arena_take(w->arena, sizeof *trail->inputs)))
				trail->inputs[trail->count++] = (truce_trail *)(uintptr_t)party->trail;
		}
	const char *id = brief_words(w, "cost/%s/others/%s/real_income_usd", acts, horizon->horizon);
	truce_trail *sum = brief_trail(w, id, NAN, "usd", "sum", "real income of all other regions of the world, equivalent variation", NULL);
	for (size_t i = 0; i < horizon->count; i++) {
		const truce_cost_party *party = &horizon->parties[i];
		if (party == party_of(horizon, w->brief->party[0]) || party == party_of(horizon, w->brief->party[1]))
			continue;
		others += party->real_income_usd;
		const char *own = brief_words(w, "cost/%s/%s/%s/real_income_usd", acts, party->id, horizon->horizon);
		const truce_trail *input = party->trail ? truce_trail_find(party->trail, own) : NULL;
		truce_trail *copy = NULL;
		if (!sum || w->status)
			return;
		if (!input && (w->status = truce_trail_new(w->arena, &copy, own, party->real_income_usd, "usd", "model:equilibrium", party->name)))
			return;
		if (input && (copy = truce_arena_take(w->arena, sizeof *copy)))
			*copy = *input;
		if (!copy) {
			w->status = TRUCE_MEMORY;
			return;
		}
		w->status = truce_trail_add(w->arena, sum, copy);
	}
	if (sum)
		sum->value = others;
	row->others = number(w, id, others, 1e-9, 1, "");
	if (!w->brief->baseline)
		w->brief->baseline = cost->baseline;
}

void brief_costs(struct brief_writer *w)
{
	truce_case_question *questions = NULL;
	size_t count = 0;

	if (!truce_case_world(w->opened))
		return;
	if ((w->status = truce_case_questions(w->opened, w->arena, &questions, &count)))
		return;
	w->brief->costs = truce_arena_array(w->arena, count + 1, sizeof *w->brief->costs);
	if (!w->brief->costs) {
		w->status = TRUCE_MEMORY;
		return;
	}
	for (size_t i = 0; i < count && !w->status; i++) {
		truce_brief_cost *row = &w->brief->costs[w->brief->cost_count++];
		row->id = questions[i].head->id;
		const char *text = questions[i].question ? questions[i].question : brief_name(questions[i].head);
		row->text = brief_words(w, "%c%s", *text >= 'a' && *text <= 'z' ? *text - 'a' + 'A' : *text, *text ? text + 1 : "");
		row->cost = questions[i].cost;
		row->why_not = questions[i].cost ? NULL : questions[i].why ? questions[i].why : "not known why";
		/* The reason need not name again what the row names. */
		size_t own = strlen(row->id);
		if (row->why_not && strncmp(row->why_not, row->id, own) == 0 && strncmp(row->why_not + own, ": ", 2) == 0)
			row->why_not += own + 2;
		if (row->why_not) {
			truce_text words;
			truce_text_init(&words, w->ctx);
			truce_text_add(&words, row->why_not);
			row->why_not = brief_tidy(w, &words);
		}
		brief_ref(w, &row->refs, questions[i].head);
		if (row->cost && row->cost->horizon_count)
			price(w, row);
	}
}
