/* Room brief: the note keeps to two printed pages.
 *
 * Heights are estimated from the number of characters, in points, with the sizes of html.c; where they would pass two
 * pages, the longest lists lose their last items, which are counted under "and n more".  An estimate: a browser has
 * the last word, so it leans to the safe side. */
#include "private.h"

#include <stdlib.h>

static const double PAGE = 782, LINE = 11.4, NOTE = 8.0, SAFETY = 10;
enum { COLUMN = 64 }; /* characters of a line in half the page's width */

static double lines_of(size_t characters, double width)
{
	return fmax(1, ceil((double)characters / width));
}

/* Columns of text, not bytes. */
static size_t length_of(const char *text)
{
	size_t length = 0;
	for (; text && *text; text++)
		length += ((unsigned char)*text & 0xc0) != 0x80;
	return length;
}

static size_t item_length(const truce_brief_sentence *item)
{
	return length_of(item->lead) + length_of(item->text) + 2 * item->refs.count + 1;
}

static double list_height(const truce_brief_list *list, double width, double line)
{
	double sum = list->left_out ? 10 : 0;
	for (size_t i = 0; i < list->count; i++)
		sum += lines_of(item_length(&list->items[i]), width) * line + 3.2;
	return sum;
}

static double in_two_columns(const truce_brief_list *list)
{
	/* Columns break between items, so one is longer. */
	return list->count ? 22 + list_height(list, COLUMN, LINE) / 2 + LINE : 0;
}

static double table_height(const truce_brief_table *table, double width)
{
	double sum = table->left_out ? 38 : 28;
	for (size_t i = 0; i < table->count; i++)
		sum += lines_of(length_of(table->items[i].name) + 4, width - (double)length_of(table->items[i].level)) * 10.7 + 3.4;
	return sum;
}

/* The drawing is as wide as the page's text, 516 pt. */
static double figure_height(const char *svg)
{
	const char *box = svg ? strstr(svg, "viewBox=\"0 0 ") : NULL;
	if (!box)
		return 0;
	char *end;
	double width = strtod(box + 13, &end), height = strtod(end, NULL);
	return width > 0 ? 17 + height * 516 / width : 0;
}

static double before_figure(const truce_brief *b)
{
	double sum = 44 + lines_of(length_of(b->subtitle), 120) * 12.6 + list_height(&b->headline, 118, 12.6) + 8;
	if (b->party[1])
		sum += fmax(table_height(&b->in_force[0], 52), table_height(&b->in_force[1], 52)) + 7;
	if (b->suspended.count)
		sum += table_height(&b->suspended, 90) + 17;
	return sum;
}

static double costs_height(const truce_brief *b)
{
	double sum = b->cost_count ? 27 : 0;
	for (size_t i = 0; i < b->cost_count; i++)
		sum += b->costs[i].cost ? lines_of(length_of(b->costs[i].text) + 3, 48) * 10.7 + 3.4
			: lines_of(length_of(b->costs[i].text) + length_of(b->costs[i].why_not) + 16, 128) * 10.5;
	return sum + (b->baseline ? lines_of(length_of(b->baseline) + 70, 128) * 10 : 0);
}

static double notes_height(const truce_brief *b)
{
	double sum = 0;
	for (size_t i = 0; i < b->note_count; i++)
		sum += lines_of(length_of(b->notes[i].id) + length_of(b->notes[i].text) + 4, 54) * NOTE + .7;
	return 20 + sum / 3 + NOTE;
}

static double total_height(const truce_brief *b)
{
	double before = before_figure(b), figure = figure_height(b->timeline), sum = before + figure;
	if (before < PAGE && sum > PAGE)
		sum += PAGE - before; /* the figure goes to the next page and leaves a hole */
	return sum + in_two_columns(&b->standing) + costs_height(b) + 22
		+ fmax(list_height(&b->due, COLUMN, LINE), list_height(&b->changed, COLUMN, LINE)) + in_two_columns(&b->said)
		+ in_two_columns(&b->cannot) + notes_height(b);
}

static bool shorten_table(truce_brief_table *table, size_t least)
{
	if (table->count <= least)
		return false;
	table->count--;
	table->left_out++;
	return true;
}

/* `hard`: below what each list should keep, down to two. */
static bool shorten_longest(truce_brief *b, bool hard)
{
	struct { truce_brief_list *list; size_t least; } lists[] = {{&b->changed, 3}, {&b->due, 4}, {&b->said, 6}, {&b->standing, 6}};
	truce_brief_list *longest = NULL;
	double most = 0;
	for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++) {
		double height = list_height(lists[i].list, COLUMN, LINE);
		if (lists[i].list->count > (hard ? 2 : lists[i].least) && height > most) {
			most = height;
			longest = lists[i].list;
		}
	}
	if (!longest)
		return false;
	longest->count--;
	longest->left_out++;
	return true;
}

void brief_fit(struct brief_writer *w)
{
	truce_brief *b = w->brief;
	for (int i = 0; i < 200 && !w->status; i++) {
		double before = before_figure(b), figure = figure_height(b->timeline);
		bool shorter = false;
		if (before + figure > PAGE) {
			int longer = table_height(&b->in_force[0], 52) >= table_height(&b->in_force[1], 52) ? 0 : 1;
			shorter = shorten_table(&b->in_force[longer], 4) || shorten_table(&b->in_force[1 - longer], 4)
				|| shorten_table(&b->suspended, 3);
		}
		brief_number_notes(w);
		if (!shorter && total_height(b) <= 2 * PAGE - SAFETY)
			break;
		if (!shorter && !shorten_longest(b, false) && !shorten_table(&b->in_force[0], 5) && !shorten_table(&b->in_force[1], 5)
			&& !shorten_longest(b, true))
			break;
	}
	brief_number_notes(w);
}
