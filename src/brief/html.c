/* Room brief: the note as one HTML file that needs nothing else and prints on two A4 pages. */
#include "private.h"

/* Serif to read, sans to look things up; black and grey, one colour for links, thin rules.  The grounds and inks are
 * those of the figures (truce/figure.h), on paper, on a light and on a dark screen. */
static const char style[] =
	"@page{size:A4;margin:11mm 14mm 10mm}"
	":root{--ground:#fff;--ink:#1b1e23;--muted:#5a616b;--rule:#d9dce1;--link:#2b62c4;--tint:#f5f6f8}"
	"@media screen and (prefers-color-scheme:dark){:root{--ground:#16181d;--ink:#eceef1;--muted:#a5acb8;--rule:#383c45;"
	"--link:#8fb4f2;--tint:#1e2128}}"
	"*{box-sizing:border-box}"
	"html{background:var(--ground);color:var(--ink)}"
	"body{margin:0 auto;max-width:182mm;padding:10mm 0 14mm;font:8.7pt/1.3 Charter,\"Bitstream Charter\",\"Source Serif 4\","
	"\"Iowan Old Style\",Georgia,\"Liberation Serif\",serif;font-variant-numeric:lining-nums}"
	"@media print{body{padding:0;max-width:none}a{color:inherit}}"
	"@media screen{body{width:92%;font-size:10.5pt}}"
	"h1,h2,h3,p,ol,ul,figure,table{margin:0;padding:0}"
	"h1{font-size:2.41em;line-height:1.1;font-weight:700;letter-spacing:-.01em;margin:1.2mm 0 1.4mm}"
	"h2,th,.kicker,.lead,.notes,caption,.key{font-family:\"Helvetica Neue\",Helvetica,\"Liberation Sans\",Arial,sans-serif}"
	"h2{font-size:.943em;font-weight:700;border-top:1.1pt solid var(--ink);padding:1mm 0 .9mm;margin:0}"
	"h2 span{font-weight:400;color:var(--muted)}"
	".kicker{font-size:.85em;color:var(--muted);border-top:2.4pt solid var(--ink);padding-top:1.4mm;display:flex;"
	"justify-content:space-between}.kicker b{color:var(--ink)}"
	".deck{font-size:1.08em;color:var(--muted);margin-bottom:2.2mm}"
	"section{margin-top:2.4mm}figure{margin:1mm 0 0}"
	"ul{list-style:none}"
	"li{padding:.55mm 0;break-inside:avoid}"
	".headline li{font-size:1.1em;line-height:1.33;padding:.8mm 0;border-top:.4pt solid var(--rule)}.headline li:first-child{border-top:0}"
	".lead{font-size:.86em;font-weight:700}"
	".two{display:grid;grid-template-columns:1fr 1fr;column-gap:6mm;align-items:start}"
	".cols{columns:2;column-gap:6mm}"
	"table{border-collapse:collapse;width:100%;font-size:.977em;line-height:1.25}"
	"th{font-size:.82em;font-weight:400;color:var(--muted);text-align:left;vertical-align:bottom;padding:.2mm 1.6mm .5mm 0}"
	"td{border-top:.4pt solid var(--rule);padding:.55mm 1.6mm .55mm 0;vertical-align:top}"
	"th:last-child,td:last-child{padding-right:0}"
	".n{text-align:right;white-space:nowrap;font-variant-numeric:lining-nums tabular-nums}"
	".d{white-space:nowrap}th.n,td.n,td.d{width:1%}td.n,th.n{padding-left:2mm}"
	".q{color:var(--muted)}"
	"sup{font:.7em/0 \"Helvetica Neue\",Helvetica,\"Liberation Sans\",Arial,sans-serif;vertical-align:baseline;position:relative;"
	"top:-.42em;margin-left:.12em}"
	"sup a,a{color:var(--link);text-decoration:none}"
	".more,.key{font-size:.85em;color:var(--muted);padding-top:.6mm}"
	"figure svg{display:block;width:100%;height:auto}"
	".notes{font-size:.724em;line-height:1.26;color:var(--muted)}.notes h2{font-size:1.3em}"
	".notes ol{columns:3;column-gap:5mm;list-style:none}"
	".notes li{padding:.12mm 0;overflow-wrap:anywhere}.notes b{color:var(--ink)}.notes code{font:inherit;color:var(--ink)}"
	"@media screen{.notes{font-size:.8em}.notes ol{columns:2}}"
	"@media screen and (max-width:640px){.two{display:block}.cols,.notes ol{columns:1}section{overflow-x:auto}section td:not(.n):not(.d){min-width:9em}}"
	"@media print{.screen{display:none}figure{break-inside:avoid}h2{break-after:avoid}}";

static void text(truce_text *out, const char *words)
{
	truce_text_add_xml(out, words);
}

static void refs(truce_text *out, truce_brief_refs refs)
{
	if (!refs.count)
		return;
	truce_text_add(out, "<sup>");
	for (size_t i = 0; i < refs.count; i++)
		truce_text_addf(out, "%s<a href=\"#n%zu\">%zu</a>", i ? ",\u200a" : "", refs.at[i] + 1, refs.at[i] + 1);
	truce_text_add(out, "</sup>");
}

static void heading(truce_text *out, const char *words, const char *more)
{
	truce_text_add(out, "<h2>");
	text(out, words);
	if (more && *more) {
		truce_text_add(out, " <span>");
		text(out, more);
		truce_text_add(out, "</span>");
	}
	truce_text_add(out, "</h2>\n");
}

static void left_out(truce_text *out, size_t count, const char *verb)
{
	if (count)
		truce_text_addf(out, "<p class=\"more\">and %zu more: <code>truce %s</code></p>\n", count, verb);
}

static void list(truce_text *out, const truce_brief_list *items, const char *class, const char *verb)
{
	truce_text_addf(out, "<ul class=\"%s\">\n", class);
	for (size_t i = 0; i < items->count; i++) {
		truce_text_add(out, "<li>");
		if (items->items[i].lead) {
			truce_text_add(out, "<span class=\"lead\">");
			text(out, items->items[i].lead);
			truce_text_add(out, "</span> ");
		}
		text(out, items->items[i].text);
		refs(out, items->items[i].refs);
		truce_text_add(out, "</li>\n");
	}
	truce_text_add(out, "</ul>\n");
	left_out(out, items->left_out, verb);
}

static void measure_name(truce_text *out, const truce_brief_measure *m)
{
	text(out, m->name);
	truce_text_add(out, m->contested ? "\u2020" : "");
	truce_text_add(out, m->unsure ? " <span class=\"q\">(unsure)</span>" : "");
	refs(out, m->refs);
}

static void in_force(truce_text *out, const truce_brief *b, int from)
{
	const truce_brief_table *table = &b->in_force[from];
	truce_text_add(out, "<div>");
	heading(out, "In force", NULL);
	truce_text_add(out, "<table><thead><tr><th>");
	text(out, b->party_name[from]);
	truce_text_add(out, " on ");
	text(out, b->party_name[1 - from]);
	truce_text_add(out, "</th><th class=\"n\">level</th><th class=\"n\">since</th></tr></thead><tbody>\n");
	for (size_t i = 0; i < table->count; i++) {
		truce_text_add(out, "<tr><td>");
		measure_name(out, &table->items[i]);
		truce_text_add(out, "</td><td class=\"n\">");
		text(out, table->items[i].level);
		truce_text_add(out, "</td><td class=\"n\">");
		text(out, table->items[i].since);
		truce_text_add(out, "</td></tr>\n");
	}
	if (!table->count)
		truce_text_add(out, "<tr><td colspan=\"3\" class=\"q\">none known</td></tr>\n");
	truce_text_add(out, "</tbody></table>\n");
	left_out(out, table->left_out, "state");
	truce_text_add(out, "</div>\n");
}

static void suspended(truce_text *out, const truce_brief *b)
{
	truce_text_add(out, "<section>");
	heading(out, "Suspended", "and until when");
	truce_text_add(out, "<table><thead><tr><th>by</th><th>measure</th><th class=\"n\">level</th><th class=\"n\">suspended since</th>"
		"<th class=\"n\">until (local time)</th><th class=\"n\">and then</th></tr></thead><tbody>\n");
	for (size_t i = 0; i < b->suspended.count; i++) {
		const truce_brief_measure *m = &b->suspended.items[i];
		truce_text_add(out, "<tr><td class=\"d\">");
		text(out, m->by ? m->by : "");
		truce_text_add(out, "</td><td>");
		measure_name(out, m);
		truce_text_add(out, "</td><td class=\"n\">");
		text(out, m->level);
		truce_text_add(out, "</td><td class=\"n\">");
		text(out, m->since);
		truce_text_add(out, "</td><td class=\"n\">");
		text(out, *m->until ? m->until : "no end known");
		truce_text_add(out, "</td><td class=\"n\">");
		text(out, *m->next ? m->next : "");
		truce_text_add(out, "</td></tr>\n");
	}
	truce_text_add(out, "</tbody></table>\n");
	left_out(out, b->suspended.left_out, "state");
	truce_text_add(out, "</section>\n");
}

static void number_cell(truce_text *out, const truce_brief_number *number)
{
	truce_text_add(out, "<td class=\"n\" data-trail=\"");
	text(out, number->id ? number->id : "");
	truce_text_add(out, "\" title=\"truce why ");
	text(out, number->id ? number->id : "");
	truce_text_add(out, "\">");
	text(out, number->printed);
	truce_text_add(out, "</td>");
}

static void range_cell(truce_text *out, const truce_brief_effect *effect)
{
	truce_text_add(out, "<td class=\"n q\" data-trail=\"");
	text(out, effect->low.id ? effect->low.id : "");
	truce_text_add(out, "\">");
	if (isnan(effect->low.value)) {
		truce_text_add(out, "range not known");
	} else {
		text(out, effect->low.printed);
		truce_text_add(out, " to ");
		text(out, effect->high.printed);
	}
	truce_text_add(out, "</td>");
}

static void costs(truce_text *out, const truce_brief *b)
{
	bool any = false;
	for (size_t i = 0; i < b->cost_count; i++)
		any = any || b->costs[i].cost;
	if (!b->cost_count)
		return;
	truce_text_add(out, "<section>");
	heading(out, "What it would cost", "real income in the long run, each alone, against the baseline; range of nine draws in ten; billions of dollars a year");
	if (any) {
		truce_text_add(out, "<table><thead><tr><th>if</th>");
		for (int p = 0; p < 2; p++) {
			truce_text_add(out, "<th class=\"n\">");
			text(out, b->party_name[p]);
			truce_text_add(out, "</th><th class=\"n\">range</th><th class=\"n\">$ bn</th>");
		}
		truce_text_add(out, "<th class=\"n\">others, $ bn</th></tr></thead><tbody>\n");
	}
	for (size_t i = 0; i < b->cost_count; i++) {
		const truce_brief_cost *c = &b->costs[i];
		if (!c->cost)
			continue;
		truce_text_add(out, "<tr><td>");
		text(out, c->text);
		refs(out, c->refs);
		truce_text_add(out, "</td>");
		for (int p = 0; p < 2; p++) {
			number_cell(out, &c->party[p].percent);
			range_cell(out, &c->party[p]);
			number_cell(out, &c->party[p].usd);
		}
		number_cell(out, &c->others);
		truce_text_add(out, "</tr>\n");
	}
	truce_text_add(out, any ? "</tbody></table>\n" : "");
	if (b->baseline) {
		truce_text_add(out, "<p class=\"key\">Baseline: ");
		text(out, b->baseline);
		truce_text_add(out, ". <code>truce why</code> with the id under a number walks back to its records.</p>\n");
	}
	for (size_t i = 0; i < b->cost_count; i++) {
		const truce_brief_cost *c = &b->costs[i];
		if (c->cost)
			continue;
		truce_text_add(out, "<p class=\"key\">Not priced: ");
		text(out, c->text);
		refs(out, c->refs);
		truce_text_add(out, ": ");
		text(out, c->why_not);
		truce_text_add(out, ".</p>\n");
	}
	truce_text_add(out, "</section>\n");
	/* The same numbers as points: on the screen only, so that the print stays within two pages. */
	if (b->costs_figure)
		truce_text_addf(out, "<figure class=\"screen\">%s</figure>\n", b->costs_figure);
}

static void notes(truce_text *out, const truce_brief *b)
{
	truce_text_add(out, "<section class=\"notes\">");
	heading(out, "Notes", "each names its record, the last act of law it cites, and who reports it; the verb show says all");
	truce_text_add(out, "<ol>\n");
	for (size_t i = 0; i < b->note_count; i++) {
		truce_text_addf(out, "<li id=\"n%zu\"><b>%zu</b>\u2002<code>", i + 1, i + 1);
		text(out, b->notes[i].id);
		truce_text_add(out, "</code> ");
		text(out, b->notes[i].text);
		truce_text_add(out, "</li>\n");
	}
	truce_text_add(out, "</ol></section>\n");
}

static bool any_contested(const truce_brief *b)
{
	for (int from = 0; from < 2; from++)
		for (size_t i = 0; i < b->in_force[from].count; i++)
			if (b->in_force[from].items[i].contested)
				return true;
	for (size_t i = 0; i < b->suspended.count; i++)
		if (b->suspended.items[i].contested)
			return true;
	return false;
}

int truce_brief_html(truce_text *out, const truce_brief *b)
{
	truce_text_add(out, "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
		"<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\"><title>");
	text(out, b->title);
	truce_text_addf(out, "</title>\n<style>%s</style></head>\n<body>\n<article>\n", style);
	truce_text_addf(out, "<p class=\"kicker\"><b>Brief</b><span>in force on %s, as known on %s</span></p>\n<h1>", b->on, b->known);
	text(out, b->title);
	truce_text_add(out, "</h1>\n<p class=\"deck\">");
	text(out, b->subtitle);
	truce_text_add(out, "</p>\n");
	list(out, &b->headline, "headline", "state");
	if (b->party[1]) {
		truce_text_add(out, "<section class=\"two\">\n");
		in_force(out, b, 0);
		in_force(out, b, 1);
		truce_text_add(out, "</section>\n");
	}
	if (b->suspended.count)
		suspended(out, b);
	if (any_contested(b))
		truce_text_add(out, "<p class=\"key\">\u2020 stands on a law that is challenged or held unlawful; levied meanwhile.</p>\n");
	if (b->timeline) {
		truce_text_add(out, "<section>");
		heading(out, "The course of it", "solid: in force, held; outlined: suspended, reported, standing");
		truce_text_addf(out, "<figure>%s</figure></section>\n", b->timeline);
	}
	if (b->standing.count) {
		truce_text_add(out, "<section>");
		heading(out, "Threatened, demanded, offered, promised", NULL);
		list(out, &b->standing, "cols", "state");
		truce_text_add(out, "</section>\n");
	}
	costs(out, b);
	truce_text_add(out, "<section class=\"two\">\n<div>");
	heading(out, "What comes due", NULL);
	list(out, &b->due, "", "agenda");
	truce_text_add(out, "</div>\n<div>");
	heading(out, "What changed", b->changed_since ? "in the sixteen days before" : NULL);
	list(out, &b->changed, "", "diff");
	truce_text_add(out, "</div>\n</section>\n");
	if (b->said.count) {
		truce_text_add(out, "<section>");
		heading(out, "Said and claimed", "not facts until they are confirmed");
		list(out, &b->said, "cols", "timeline");
		truce_text_add(out, "</section>\n");
	}
	truce_text_add(out, "<section>");
	heading(out, "What this brief cannot yet say", NULL);
	list(out, &b->cannot, "cols", "check");
	truce_text_add(out, "</section>\n");
	notes(out, b);
	truce_text_add(out, "</article>\n</body></html>\n");
	return truce_text_done(out);
}
