/* Room brief: the note as Markdown with footnotes. */
#include "private.h"

/* Characters that Markdown would take for its own. */
static void text(truce_text *out, const char *words)
{
	for (; *words; words++) {
		if (strchr("\\`*_[]<>|#", *words))
			truce_text_add(out, "\\");
		if (*words == '\n')
			truce_text_add(out, " ");
		else
			truce_text_add_bytes(out, words, 1);
	}
}

static void refs(truce_text *out, truce_brief_refs refs)
{
	for (size_t i = 0; i < refs.count; i++)
		truce_text_addf(out, "[^%zu]", refs.at[i] + 1);
}

static void list(truce_text *out, const char *title, const truce_brief_list *items, const char *verb)
{
	if (!items->count)
		return;
	if (title)
		truce_text_addf(out, "## %s\n\n", title);
	for (size_t i = 0; i < items->count; i++) {
		truce_text_add(out, "- ");
		if (items->items[i].lead) {
			truce_text_add(out, "**");
			text(out, items->items[i].lead);
			truce_text_add(out, "** ");
		}
		text(out, items->items[i].text);
		refs(out, items->items[i].refs);
		truce_text_add(out, "\n");
	}
	if (items->left_out)
		truce_text_addf(out, "- and %zu more: `truce %s`\n", items->left_out, verb);
	truce_text_add(out, "\n");
}

static void cell(truce_text *out, const char *words)
{
	text(out, words && *words ? words : " ");
	truce_text_add(out, " | ");
}

static void name(truce_text *out, const truce_brief_measure *m)
{
	truce_text_add(out, "| ");
	text(out, m->name);
	truce_text_add(out, m->contested ? "\u2020" : "");
	truce_text_add(out, m->unsure ? " (unsure)" : "");
	refs(out, m->refs);
	truce_text_add(out, " | ");
}

static void measures(truce_text *out, const truce_brief *b)
{
	for (int from = 0; from < 2 && b->party[1]; from++) {
		truce_text_add(out, "## In force: ");
		text(out, b->party_name[from]);
		truce_text_add(out, " on ");
		text(out, b->party_name[1 - from]);
		truce_text_add(out, "\n\n| measure | level | since |\n|---|---:|---:|\n");
		for (size_t i = 0; i < b->in_force[from].count; i++) {
			name(out, &b->in_force[from].items[i]);
			cell(out, b->in_force[from].items[i].level);
			cell(out, b->in_force[from].items[i].since);
			truce_text_add(out, "\n");
		}
		if (b->in_force[from].left_out)
			truce_text_addf(out, "\nand %zu more: `truce state`\n", b->in_force[from].left_out);
		truce_text_add(out, "\n");
	}
	if (!b->suspended.count)
		return;
	truce_text_add(out, "## Suspended, and until when\n\n| measure | by | level | since | until (local time) | and then |\n|---|---|---:|---:|---:|---|\n");
	for (size_t i = 0; i < b->suspended.count; i++) {
		const truce_brief_measure *m = &b->suspended.items[i];
		name(out, m);
		cell(out, m->by);
		cell(out, m->level);
		cell(out, m->since);
		cell(out, *m->until ? m->until : "no end known");
		cell(out, m->next);
		truce_text_add(out, "\n");
	}
	if (b->suspended.left_out)
		truce_text_addf(out, "\nand %zu more: `truce state`\n", b->suspended.left_out);
	truce_text_add(out, "\n\u2020 stands on a law that is challenged or held unlawful; levied meanwhile.\n\n");
}

static void effect(truce_text *out, const truce_brief_effect *e)
{
	text(out, e->percent.printed);
	if (!isnan(e->low.value)) {
		truce_text_add(out, " (");
		text(out, e->low.printed);
		truce_text_add(out, " to ");
		text(out, e->high.printed);
		truce_text_add(out, ")");
	}
	truce_text_add(out, " | ");
	cell(out, e->usd.printed);
}

static void costs(truce_text *out, const truce_brief *b)
{
	bool head = false;
	if (!b->cost_count)
		return;
	truce_text_add(out, "## What it would cost\n\nReal income in the long run, each alone, against the baseline; in brackets nine draws "
		"in ten; dollars are billions a year.\n\n");
	for (size_t i = 0; i < b->cost_count; i++) {
		const truce_brief_cost *c = &b->costs[i];
		if (!c->cost)
			continue;
		if (!head) {
			truce_text_add(out, "| if | ");
			for (int p = 0; p < 2; p++) {
				cell(out, b->party_name[p]);
				truce_text_add(out, "$ bn | ");
			}
			truce_text_add(out, "others, $ bn |\n|---|---:|---:|---:|---:|---:|\n");
			head = true;
		}
		truce_text_add(out, "| ");
		text(out, c->text);
		refs(out, c->refs);
		truce_text_add(out, " | ");
		effect(out, &c->party[0]);
		effect(out, &c->party[1]);
		cell(out, c->others.printed);
		truce_text_add(out, "\n");
	}
	if (b->baseline) {
		truce_text_add(out, "\nBaseline: ");
		text(out, b->baseline);
		truce_text_add(out, ".\n");
	}
	for (size_t i = 0; i < b->cost_count; i++)
		if (!b->costs[i].cost) {
			truce_text_add(out, "\nNot priced: ");
			text(out, b->costs[i].text);
			refs(out, b->costs[i].refs);
			truce_text_add(out, ": ");
			text(out, b->costs[i].why_not);
			truce_text_add(out, ".\n");
		}
	truce_text_add(out, "\n");
}

int truce_brief_markdown(truce_text *out, const truce_brief *b)
{
	truce_text_add(out, "# ");
	text(out, b->title);
	truce_text_addf(out, "\n\nIn force on %s, as known on %s. ", b->on, b->known);
	text(out, b->subtitle);
	truce_text_add(out, "\n\n");
	list(out, NULL, &b->headline, "state");
	measures(out, b);
	if (b->timeline_paper)
		truce_text_add(out, "![The course of it](timeline.svg)\n\n");
	list(out, "Threatened, demanded, offered, promised", &b->standing, "state");
	costs(out, b);
	list(out, "What comes due", &b->due, "agenda");
	list(out, "What changed in the sixteen days before", &b->changed, "diff");
	list(out, "Said and claimed", &b->said, "timeline");
	list(out, "What this brief cannot yet say", &b->cannot, "check");
	for (size_t i = 0; i < b->note_count; i++) {
		truce_text_addf(out, "[^%zu]: `%s` ", i + 1, b->notes[i].id);
		text(out, b->notes[i].text);
		truce_text_add(out, "\n");
	}
	return truce_text_done(out);
}
