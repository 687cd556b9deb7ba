/* Room brief: the note as JSON: what it says with the ids behind it, its numbers as printed, and their trails. */
#include "private.h"

static void refs(truce_json *json, const truce_brief *b, truce_brief_refs refs)
{
	truce_json_open(json, "records", '[');
	for (size_t i = 0; i < refs.count; i++)
		truce_json_text(json, NULL, b->notes[refs.at[i]].id);
	truce_json_close(json, ']');
}

static void list(truce_json *json, const char *key, const truce_brief *b, const truce_brief_list *items)
{
	truce_json_open(json, key, '[');
	for (size_t i = 0; i < items->count; i++) {
		truce_json_open(json, NULL, '{');
		truce_json_text(json, "lead", items->items[i].lead);
		truce_json_text(json, "text", items->items[i].text);
		refs(json, b, items->items[i].refs);
		truce_json_close(json, '}');
	}
	truce_json_close(json, ']');
}

static void table(truce_json *json, const char *key, const truce_brief *b, const truce_brief_table *rows)
{
	truce_json_open(json, key, '[');
	for (size_t i = 0; i < rows->count; i++) {
		const truce_brief_measure *m = &rows->items[i];
		truce_json_open(json, NULL, '{');
		truce_json_text(json, "id", m->id);
		truce_json_text(json, "by", m->by);
		truce_json_text(json, "name", m->name);
		truce_json_text(json, "level", m->level);
		truce_json_text(json, "since", m->since);
		truce_json_text(json, "until", *m->until ? m->until : NULL);
		truce_json_text(json, "next", *m->next ? m->next : NULL);
		truce_json_bool(json, "contested", m->contested);
		truce_json_bool(json, "unsure", m->unsure);
		refs(json, b, m->refs);
		truce_json_close(json, '}');
	}
	truce_json_close(json, ']');
}

static void number(truce_json *json, const char *key, const truce_brief_number *n)
{
	truce_json_open(json, key, '{');
	truce_json_text(json, "id", n->id);
	truce_json_text(json, "printed", n->printed);
	truce_json_number(json, "value", n->value);
	truce_json_number(json, "scale", n->scale);
	truce_json_integer(json, "decimals", n->decimals);
	truce_json_text(json, "unit", n->unit);
	truce_json_close(json, '}');
}

static void costs(truce_json *json, const truce_brief *b)
{
	truce_json_open(json, "costs", '[');
	for (size_t i = 0; i < b->cost_count; i++) {
		const truce_brief_cost *c = &b->costs[i];
		truce_json_open(json, NULL, '{');
		truce_json_text(json, "id", c->id);
		truce_json_text(json, "text", c->text);
		refs(json, b, c->refs);
		truce_json_text(json, "not_priced", c->why_not);
		truce_json_open(json, "numbers", '[');
		for (int p = 0; p < 2 && c->cost; p++) {
			number(json, NULL, &c->party[p].percent);
			number(json, NULL, &c->party[p].usd);
			number(json, NULL, &c->party[p].low);
			number(json, NULL, &c->party[p].high);
		}
		if (c->cost)
			number(json, NULL, &c->others);
		truce_json_close(json, ']');
		truce_json_close(json, '}');
	}
	truce_json_close(json, ']');
}

static void trails(truce_json *json, const truce_brief *b)
{
	truce_json_open(json, "trails", '[');
	for (size_t i = 0; i < b->trail_count; i++)
		truce_trail_to_json(json, NULL, b->trails[i]);
	for (size_t i = 0; i < b->cost_count; i++)
		for (size_t h = 0; b->costs[i].cost && h < b->costs[i].cost->horizon_count; h++)
			for (size_t p = 0; p < b->costs[i].cost->horizons[h].count; p++)
				if (b->costs[i].cost->horizons[h].parties[p].trail)
					truce_trail_to_json(json, NULL, b->costs[i].cost->horizons[h].parties[p].trail);
	truce_json_close(json, ']');
}

void truce_brief_json(truce_json *json, const char *key, const truce_brief *b)
{
	truce_json_open(json, key, '{');
	truce_json_text(json, "on", b->on);
	truce_json_text(json, "known", b->known);
	truce_json_text(json, "title", b->title);
	truce_json_open(json, "parties", '[');
	for (int p = 0; p < 2 && b->party[p]; p++)
		truce_json_text(json, NULL, b->party[p]);
	truce_json_close(json, ']');
	list(json, "headline", b, &b->headline);
	truce_json_open(json, "in_force", '[');
	for (int from = 0; from < 2 && b->party[1]; from++) {
		truce_json_open(json, NULL, '{');
		truce_json_text(json, "by", b->party[from]);
		truce_json_integer(json, "count", (int64_t)(b->in_force[from].count + b->in_force[from].left_out));
		table(json, "shown", b, &b->in_force[from]);
		truce_json_close(json, '}');
	}
	truce_json_close(json, ']');
	table(json, "suspended", b, &b->suspended);
	list(json, "standing", b, &b->standing);
	list(json, "said", b, &b->said);
	list(json, "due", b, &b->due);
	list(json, "changed", b, &b->changed);
	truce_json_text(json, "baseline", b->baseline);
	costs(json, b);
	list(json, "cannot_say", b, &b->cannot);
	truce_json_open(json, "notes", '[');
	for (size_t i = 0; i < b->note_count; i++) {
		truce_json_open(json, NULL, '{');
		truce_json_integer(json, "number", (int64_t)i + 1);
		truce_json_text(json, "id", b->notes[i].id);
		truce_json_text(json, "text", b->notes[i].text);
		truce_json_integer(json, "roots_least", (int64_t)b->notes[i].roots_least);
		truce_json_integer(json, "roots_most", (int64_t)b->notes[i].roots_most);
		truce_json_close(json, '}');
	}
	truce_json_close(json, ']');
	trails(json, b);
	truce_json_close(json, '}');
}
