/* rates_weights.c: what averages are weighted with: values by line and partner, sectors, and where codes went (tariff room). */
#include <stdlib.h>
#include <string.h>

#include "rates_private.h"
#include "schedule_private.h"

int rates_name(struct rates_weights *weights, struct rates_names *names, const char *name, uint32_t *out)
{
	struct panel_key key = {43, 43};
	bool fresh;
	names->map.ctx = weights->ctx;
	panel_mix_text(&key, name);
	int status = panel_map_at(&names->map, key, (uint32_t)names->count, out, &fresh);
	if (status || !fresh)
		return status;
	if ((status = truce_grow(weights->ctx, &names->items, &names->capacity, names->count + 1, sizeof *names->items)))
		return status;
	names->items[names->count++] = truce_arena_text(weights->arena, name);
	return names->items[names->count - 1] ? TRUCE_OK : TRUCE_MEMORY;
}

/* The column of the code, by any of the names in use. */
static int code_column(truce_csv *csv, size_t *out)
{
	static const char *const names[] = {"hts10", "hs10", "hs6", "code"};
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (truce_csv_has_column(csv, names[i], out))
			return TRUCE_OK;
	return truce_csv_column(csv, out, "hts10");
}

static int digits_of(truce_csv *csv, size_t column, char out[13])
{
	const char *text = truce_csv_field(csv, column);
	size_t n = 0;
	for (; *text; text++) {
		if (*text >= '0' && *text <= '9' && n < 12)
			out[n++] = *text;
		else if (*text != '.')
			return truce_csv_fail(csv, column, NULL, "'%s' is no code", truce_csv_field(csv, column));
	}
	out[n] = '\0';
	return TRUCE_OK;
}

/* ---- partners ---- */

struct partners {
	struct rates_weights *weights;
	struct rates_names codes;
	const char **party;            /* [codes.count] of the table; NULL: none */
	size_t capacity;
};

static int read_partners(struct partners *p)
{
	struct rates_weights *w = p->weights;
	truce_csv *csv;
	size_t code, party;
	int got = 0, status;
	if (!w->options->partners)
		return TRUCE_OK;
	if ((status = truce_csv_open(w->ctx, &csv, w->options->partners)))
		return status;
	if (!(status = truce_csv_column(csv, &code, "code")))
		status = truce_csv_column(csv, &party, "party");
	while (!status && (got = truce_csv_next(csv)) > 0) {
		uint32_t at;
		if ((status = rates_name(w, &p->codes, truce_csv_field(csv, code), &at)) ||
			(status = truce_grow(w->ctx, &p->party, &p->capacity, p->codes.count, sizeof *p->party)))
			break;
		if (!(p->party[at] = truce_arena_text(w->arena, truce_csv_field(csv, party))))
			status = TRUCE_MEMORY;
	}
	truce_csv_close(csv);
	return !status && got < 0 ? got : status;
}

/* The party of a partner as the weights write it; NULL: none. */
static const char *party_of(struct partners *p, const char *code)
{
	const truce_record *record = p->weights->ask->record;
	struct panel_key key = {43, 43};
	truce_instant known = truce_clocks_known(p->weights->ask->clocks);
	panel_mix_text(&key, code);
	for (size_t i = 0; i < p->codes.count; i++)
		if (strcmp(p->codes.items[i], code) == 0)
			return p->party[i];
	if (truce_record_find_known(record, TRUCE_PARTY, code, known))
		return code;
	const truce_country *country = truce_country_find(code);
	return country ? country->iso2 : NULL;
}

static bool is_named(const char *asked, const char *party)
{
	const truce_country *country = truce_country_find(asked);
	return strcmp(asked, party) == 0 || (country && strcmp(country->iso2, party) == 0);
}

static bool is_inside(const struct rates_weights *w, const char *group, const char *party)
{
	return truce_record_includes_party(w->ask->record, group, party, truce_day_start(NULL, w->options->from));
}

/* Asked for by name, or as a member of a group that is. */
static bool is_wanted(const struct rates_weights *w, const char *party)
{
	bool wanted = w->options->origin_count == 0;
	for (size_t i = 0; i < w->options->origin_count && !wanted; i++)
		wanted = is_named(w->options->origins[i], party) || is_inside(w, w->options->origins[i], party);
	return wanted;
}

static bool has_origin(const struct rates_weights *w, const char *asked)
{
	bool found = false;
	for (size_t i = 0; i < w->origins.count && !found; i++)
		found = is_named(asked, w->origins.items[i]);
	return found;
}

/* A group that the weights have themselves needs no members: those not asked for by name go. */
static bool is_spare(const struct rates_weights *w, const char *party)
{
	bool spare = false;
	for (size_t i = 0; i < w->options->origin_count; i++) {
		const char *asked = w->options->origins[i];
		if (is_named(asked, party) || (is_inside(w, asked, party) && !has_origin(w, asked)))
			return false;
		spare |= is_inside(w, asked, party);
	}
	return spare;
}

static int drop_spare(struct rates_weights *w)
{
	struct rates_names kept = {0};
	uint32_t *place = truce_arena_array(w->arena, w->origins.count + 1, sizeof *place);
	int status = place ? TRUCE_OK : TRUCE_MEMORY;
	size_t count = 0;
	for (size_t i = 0; i < w->origins.count && !status; i++) {
		place[i] = PANEL_NONE;
		if (!is_spare(w, w->origins.items[i]))
			status = rates_name(w, &kept, w->origins.items[i], &place[i]);
	}
	for (size_t i = 0; i < w->cell_count && !status; i++) {
		struct rates_cell cell = w->cells[i];
		cell.origin = place[cell.origin];
		if (cell.origin != PANEL_NONE)
			w->cells[count++] = cell;
	}
	w->cell_count = status ? w->cell_count : count;
	panel_map_close(&w->origins.map);
	truce_release(w->ctx, w->origins.items);
	w->origins = kept;
	return status;
}

/* Who was asked for and has no rows, in words; with nobody left there is nothing to average. */
static int say_absent(struct rates_weights *w)
{
	truce_text text, groups;
	truce_text_init(&text, w->ctx);
	truce_text_init(&groups, w->ctx);
	for (size_t i = 0; i < w->options->origin_count; i++) {
		const char *asked = w->options->origins[i];
		bool found = has_origin(w, asked);
		for (size_t k = 0; k < w->origins.count && !found; k++)
			found = is_inside(w, asked, w->origins.items[k]);
		if (found)
			continue;
		truce_text_addf(&text, "%s%s", text.length ? ", " : "", asked);
		for (size_t k = 0; k < w->seen.count; k++)
			if (is_inside(w, w->seen.items[k], asked))
				truce_text_addf(&groups, "%s%s", groups.length ? ", " : "", w->seen.items[k]);
	}
	int status = truce_text_done(&text) || truce_text_done(&groups) ? TRUCE_MEMORY : TRUCE_OK;
	if (!status && !(w->absent = truce_arena_text(w->arena, text.data ? text.data : "")))
		status = TRUCE_MEMORY;
	if (!status && !w->cell_count && w->options->origin_count)
		status = truce_fail(w->ctx, TRUCE_NOT_FOUND, w->options->weights, 0, 0, groups.length ? "ask for the group, or give weights by member" :
			"the column country holds Census codes, ISO codes or parties; --from all takes every partner", groups.length ?
			"no row is of %s by itself: it is counted in %s" : "no row is of %s", w->absent, groups.data);
	else if (!status && !w->cell_count)
		status = truce_fail(w->ctx, TRUCE_NOT_FOUND, w->options->weights, 0, 0, "the column country holds Census codes, ISO codes or parties",
			"no row is of a partner of %s", w->ask->into);
	truce_text_free(&text);
	truce_text_free(&groups);
	return status;
}

/* ---- the cells ---- */

/* Partners stand in runs: the last one is remembered. */
struct last_partner {
	char code[32];
	const char *party;
	bool wanted;
	uint32_t origin;
};

static int find_partner(struct rates_weights *w, struct partners *partners, struct last_partner *last, const char *code)
{
	int status = TRUCE_OK;
	uint32_t seen;
	if (strcmp(last->code, code) == 0)
		return TRUCE_OK;
	snprintf(last->code, sizeof last->code, "%s", code);
	last->party = party_of(partners, code);
	last->wanted = last->party && strcmp(last->party, w->ask->into) != 0 && is_wanted(w, last->party);
	if (last->wanted)
		status = rates_name(w, &w->origins, last->party, &last->origin);
	if (!status && last->party)
		status = rates_name(w, &w->seen, last->party, &seen);
	return status;
}

static int read_cells(struct rates_weights *w, struct partners *partners)
{
	truce_csv *csv;
	size_t code, country, value, duty = 0;
	bool collected = w->options->definition == TRUCE_RATES_COLLECTED;
	struct last_partner last = {.code = ""};
	int got = 0, status = truce_csv_open(w->ctx, &csv, w->options->weights);
	if (status)
		return status;
	if (!(status = code_column(csv, &code)) && !(status = truce_csv_column(csv, &country, "country")))
		status = truce_csv_column(csv, &value, w->options->definition == TRUCE_RATES_WORLD_EXPORTS ? "exports_usd" : "imports_usd");
	if (!status && collected)
		status = truce_csv_column(csv, &duty, "duty_usd");
	while (!status && (got = truce_csv_next(csv)) > 0) {
		struct rates_cell cell = {0};
		char digits[13];
		if ((status = find_partner(w, partners, &last, truce_csv_field(csv, country))) || (last.party && !last.wanted))
			continue;
		if ((status = truce_csv_double(csv, value, &cell.usd)) || (collected && (status = truce_csv_double(csv, duty, &cell.duty_usd))) ||
			(status = digits_of(csv, code, digits)))
			break;
		if (cell.usd < 0 && (status = truce_csv_fail(csv, value, "leave the row out, or mend it", "a weight below 0")))
			break;
		if (!last.party) {
			w->unknown_usd += cell.usd;
			continue;
		}
		cell.origin = last.origin;
		if ((status = rates_name(w, &w->codes, digits, &cell.code)) ||
			(status = truce_grow(w->ctx, &w->cells, &w->cell_capacity, w->cell_count + 1, sizeof *w->cells)))
			break;
		w->cells[w->cell_count++] = cell;
	}
	truce_csv_close(csv);
	return !status && got < 0 ? got : status;
}

/* ---- where codes went ---- */

static int add_link(struct rates_weights *w, const char *from, const char *to)
{
	struct rates_link *link;
	int status = truce_grow(w->ctx, &w->links, &w->link_capacity, w->link_count + 1, sizeof *w->links);
	if (status)
		return status;
	link = &w->links[w->link_count++];
	if ((status = rates_name(w, &w->codes, from, &link->code)))
		return status;
	return rates_name(w, &w->codes, to, &link->other);
}

static int by_code(const void *left, const void *right)
{
	const struct rates_link *a = left, *b = right;
	return a->code != b->code ? (a->code > b->code) - (a->code < b->code) : (a->other > b->other) - (a->other < b->other);
}

static bool is_known_code(const struct rates_weights *w, const char *code)
{
	const struct panel_map *map = &w->codes.map;
	struct panel_key key = {43, 43};
	bool known = false;
	panel_mix_text(&key, code);
	for (size_t at = map->slots ? key.a & (map->slots - 1) : 0; map->slots && map->values[at] && !known; at = (at + 1) & (map->slots - 1))
		known = map->keys[at].a == key.a && map->keys[at].b == key.b;
	return known;
}

static int add_step(struct rates_weights *w, const struct code_pair *pair)
{
	struct rates_step *step;
	int status = truce_grow(w->ctx, &w->steps, &w->step_capacity, w->step_count + 1, sizeof *w->steps);
	if (status)
		return status;
	step = &w->steps[w->step_count++];
	*step = (struct rates_step){.on = pair->effective, .all = pair->said & CODE_PAIR_BY_OLD, .anew = pair->said & CODE_PAIR_BY_NEW};
	if ((status = rates_name(w, &w->codes, pair->was, &step->was)))
		return status;
	return rates_name(w, &w->codes, pair->became, &step->became);
}

/* Pairs of the change records, with all that they lead to or come from: of codes that the weights do not touch none. */
static int take_pairs(struct rates_weights *w, const struct code_pairs *pairs)
{
	bool *taken = truce_arena_array(w->arena, pairs->count + 1, sizeof *taken), more = true;
	int status = taken ? TRUCE_OK : TRUCE_MEMORY;
	while (more && !status) {
		more = false;
		for (size_t i = 0; i < pairs->count && !status; i++) {
			const struct code_pair *pair = &pairs->items[i];
			if (taken[i] || pair->effective == TRUCE_NO_DATE || (!is_known_code(w, pair->was) && !is_known_code(w, pair->became)))
				continue;
			taken[i] = more = true;
			status = add_step(w, pair);
		}
	}
	return status;
}

static int by_day(const void *left, const void *right)
{
	const struct rates_step *a = left, *b = right;
	if (a->on != b->on)
		return (a->on > b->on) - (a->on < b->on);
	return a->was != b->was ? (a->was > b->was) - (a->was < b->was) : (a->became > b->became) - (a->became < b->became);
}

/* Whether the weights are of before a day on which codes changed or after it: codes that are there on one side only show it. */
static int find_sides(struct rates_weights *w)
{
	double *usd = truce_arena_array(w->arena, w->codes.count + 1, sizeof *usd);
	uint8_t *sides = truce_arena_array(w->arena, w->codes.count + 1, sizeof *sides);
	if (!usd || !sides)
		return TRUCE_MEMORY;
	for (size_t i = 0; i < w->cell_count; i++)
		usd[w->cells[i].code] += w->cells[i].usd;
	for (size_t first = 0, end; first < w->step_count; first = end) {
		double before = 0, after = 0;
		for (end = first; end < w->step_count && w->steps[end].on == w->steps[first].on; end++) {
			sides[w->steps[end].was] |= w->steps[end].all ? 1 : 3;
			sides[w->steps[end].became] |= w->steps[end].anew ? 2 : 3;
		}
		for (size_t i = first; i < end; i++) {
			uint32_t codes[] = {w->steps[i].was, w->steps[i].became};
			for (size_t k = 0; k < 2; k++) {
				before += sides[codes[k]] == 1 ? usd[codes[k]] : 0;
				after += sides[codes[k]] == 2 ? usd[codes[k]] : 0;
			}
		}
		for (size_t i = first; i < end; i++) {
			w->steps[i].side = (int8_t)((after > before) - (before > after));
			sides[w->steps[i].was] = sides[w->steps[i].became] = 0;
		}
	}
	return TRUCE_OK;
}

static bool pairs_have(const struct code_pairs *pairs, const char *code, bool became)
{
	for (size_t i = 0; i < pairs->count; i++)
		if (strcmp(became ? pairs->items[i].became : pairs->items[i].was, code) == 0)
			return true;
	return false;
}

/* Pairs of a table of codes before and after a revision, for codes that no change record pairs.  Where many became many, only
 * those below the same eight digits are taken: across them a table made by likeness of words is no guide. */
static int read_concordance(struct rates_weights *w, const struct code_pairs *pairs)
{
	truce_csv *csv;
	size_t from, to, type;
	bool typed;
	int got = 0, status;
	if (!w->options->concordance)
		return TRUCE_OK;
	if ((status = truce_csv_open(w->ctx, &csv, w->options->concordance)))
		return status;
	if (!(status = truce_csv_column(csv, &from, "old_hts10")))
		status = truce_csv_column(csv, &to, "new_hts10");
	typed = truce_csv_has_column(csv, "change_type", &type);
	while (!status && (got = truce_csv_next(csv)) > 0) {
		char old_code[13], new_code[13];
		const char *a = truce_csv_field(csv, from), *b = truce_csv_field(csv, to);
		if (!*a || !*b || strcmp(a, "NA") == 0 || strcmp(b, "NA") == 0)
			continue;
		if ((status = digits_of(csv, from, old_code)) || (status = digits_of(csv, to, new_code)))
			break;
		if ((typed && strcmp(truce_csv_field(csv, type), "many_to_many") == 0 && strncmp(old_code, new_code, 8) != 0) ||
			pairs_have(pairs, old_code, false) || pairs_have(pairs, new_code, true))
			continue;
		if (!(status = add_link(w, old_code, new_code)))
			status = add_link(w, new_code, old_code);
	}
	truce_csv_close(csv);
	return !status && got < 0 ? got : status;
}

static int read_links(struct rates_weights *w)
{
	struct code_pairs pairs = {.ctx = w->ctx};
	int status = w->ask->schedule ? schedule_code_pairs(w->ask->schedule, &pairs) : TRUCE_OK;
	if (!status)
		status = take_pairs(w, &pairs);
	if (!status)
		status = read_concordance(w, &pairs);
	if (!status && w->link_count)
		qsort(w->links, w->link_count, sizeof *w->links, by_code);
	if (!status && w->step_count)
		qsort(w->steps, w->step_count, sizeof *w->steps, by_day);
	if (!status)
		status = find_sides(w);
	code_pairs_close(&pairs);
	return status;
}

/* ---- sectors ---- */

static int sector_column(struct rates_weights *w, truce_csv *csv, size_t code, size_t *out)
{
	if (w->options->sector_column)
		return truce_csv_column(csv, out, w->options->sector_column);
	if (truce_csv_has_column(csv, "sector", out) || truce_csv_has_column(csv, "gtap_code", out))
		return TRUCE_OK;
	*out = code == 0 ? 1 : 0;
	return truce_csv_width(csv) > 1 ? TRUCE_OK : truce_csv_column(csv, out, "sector");
}

static int read_sectors(struct rates_weights *w)
{
	truce_csv *csv;
	size_t code, sector, codes = w->codes.count;
	int got = 0, status;
	w->sector_of = truce_arena_array(w->arena, codes + 1, sizeof *w->sector_of);
	if (!w->sector_of)
		return TRUCE_MEMORY;
	for (size_t i = 0; i <= codes; i++)
		w->sector_of[i] = PANEL_NONE;
	if (!w->options->sectors)
		return TRUCE_OK;
	if ((status = truce_csv_open(w->ctx, &csv, w->options->sectors)))
		return status;
	if (!(status = code_column(csv, &code)))
		status = sector_column(w, csv, code, &sector);
	while (!status && (got = truce_csv_next(csv)) > 0) {
		char digits[13];
		uint32_t at, name;
		if ((status = digits_of(csv, code, digits)) || (status = rates_name(w, &w->codes, digits, &at)) || at >= codes)
			continue;
		if (!(status = rates_name(w, &w->sectors, truce_csv_field(csv, sector), &name)))
			w->sector_of[at] = name;
	}
	if (!status && got >= 0 && !w->sectors.count)
		status = truce_fail(w->ctx, TRUCE_NOT_FOUND, w->options->sectors, 0, 0, "its codes must be those of the weights, ten digits or as many as there",
			"no code of the weights has a sector in it");
	/* Codes that only the crosswalk has are forgotten. */
	w->codes.count = codes < w->codes.count ? codes : w->codes.count;
	truce_csv_close(csv);
	return !status && got < 0 ? got : status;
}

int rates_read(struct rates_weights *w)
{
	struct partners partners = {.weights = w};
	int status = read_partners(&partners);
	if (!status)
		status = read_cells(w, &partners);
	if (!status)
		status = drop_spare(w);
	if (!status)
		status = say_absent(w);
	if (!status)
		status = read_links(w);
	if (!status)
		status = read_sectors(w);
	panel_map_close(&partners.codes.map);
	truce_release(w->ctx, partners.codes.items);
	truce_release(w->ctx, partners.party);
	return status;
}

void rates_close(struct rates_weights *w)
{
	struct rates_names *names[] = {&w->codes, &w->origins, &w->sectors, &w->seen};
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		panel_map_close(&names[i]->map);
		truce_release(w->ctx, names[i]->items);
	}
	truce_release(w->ctx, w->cells);
	truce_release(w->ctx, w->links);
	truce_release(w->ctx, w->steps);
}
