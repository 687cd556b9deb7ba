/* Policies from CSV files: wedges and bounds on edges. */
#include "model.h"

#include <math.h>
#include <string.h>

int cli_policy_start(cli_policy *policy, const truce_world *world, truce_arena *arena)
{
	size_t edges = world->sectors * world->regions * world->regions;
	*policy = (cli_policy){.tariff = truce_arena_array(arena, edges, sizeof(double)),
		.export_tax = truce_arena_array(arena, edges, sizeof(double)), .iceberg = truce_arena_array(arena, edges, sizeof(double))};
	if (!policy->tariff || !policy->export_tax || !policy->iceberg)
		return TRUCE_MEMORY;
	memcpy(policy->tariff, world->tariff, edges * sizeof *policy->tariff);
	for (size_t e = 0; e < edges; e++)
		policy->iceberg[e] = 1;
	return TRUCE_OK;
}

/* The columns that name an edge. */
struct edge_columns {
	size_t sector, exporter, importer;
};

static int find_columns(truce_csv *csv, struct edge_columns *at)
{
	int status = truce_csv_column(csv, &at->sector, "sector");
	if (!status)
		status = truce_csv_column(csv, &at->exporter, "exporter");
	return status ? status : truce_csv_column(csv, &at->importer, "importer");
}

static int find_name(truce_csv *csv, size_t column, const char *what, const char *const *names, size_t count, size_t *out)
{
	const char *given = truce_csv_field(csv, column);
	for (*out = 0; *out < count; ++*out)
		if (strcmp(names[*out], given) == 0)
			return TRUCE_OK;
	const char *near = truce_nearest(given, names, count);
	return truce_csv_fail(csv, column, "`truce world show` lists them", "the world has no %s \"%s\"%s%s", what, given,
		near ? "; the nearest is " : "", near ? near : "");
}

static int read_edge(truce_csv *csv, const struct edge_columns *at, const truce_world *w, size_t *j, size_t *i, size_t *n)
{
	int status = find_name(csv, at->sector, "sector", (const char *const *)w->sector, w->sectors, j);
	if (!status)
		status = find_name(csv, at->exporter, "region", (const char *const *)w->region, w->regions, i);
	return status ? status : find_name(csv, at->importer, "region", (const char *const *)w->region, w->regions, n);
}

/* A wedge above -1 (a factor above 0 when `factor`); none on sales at home. */
static int read_level(truce_csv *csv, size_t column, bool home, bool factor, double *out)
{
	double level;
	const char *given = truce_csv_field(csv, column);
	if (!*given)
		return TRUCE_OK; /* keeps its own */
	int status = truce_csv_double(csv, column, &level);
	if (status)
		return status;
	if (factor ? level <= 0 : level <= -1)
		return truce_csv_fail(csv, column, factor ? "a factor is above 0; 1 changes nothing" : "a fraction above -1: 0.2 is 20 %",
			"%s is no %s", given, truce_csv_header(csv, column));
	if (home && level != (factor ? 1 : 0))
		return truce_csv_fail(csv, column, NULL, "sales at home pay no %s", truce_csv_header(csv, column));
	*out = level;
	return TRUCE_OK;
}

int cli_policy_wedges(struct cli *cli, cli_policy *policy, const truce_world *world, const char *path)
{
	truce_csv *csv = NULL;
	struct edge_columns at;
	enum { PER_CENT = 5 }; /* from here on a level may be meant in per cent */
	double highest = 0;
	size_t tariff = 0, tax = 0, iceberg = 0;
	bool *named = truce_allocate_zero(cli->ctx, world->sectors * world->regions * world->regions, sizeof *named);
	int got, status = named ? truce_csv_open(cli->ctx, &csv, path) : TRUCE_MEMORY;
	if (!status)
		status = find_columns(csv, &at);
	bool taxes = !status && truce_csv_has_column(csv, "export_tax", &tax);
	bool icebergs = !status && truce_csv_has_column(csv, "iceberg", &iceberg);
	bool tariffs = !status && truce_csv_has_column(csv, "tariff", &tariff);
	if (!status && !tariffs && !taxes && !icebergs)
		status = truce_csv_column(csv, &tariff, "tariff");
	while (!status && (got = truce_csv_next(csv)) != 0) {
		size_t j, i, n;
		if ((status = got < 0 ? got : read_edge(csv, &at, world, &j, &i, &n)))
			break;
		size_t e = truce_world_edge(world, j, n, i);
		if (named[e])
			status = truce_csv_fail(csv, at.sector, "one row an edge", "the wedges on %s from %s to %s stand here twice", world->sector[j],
				world->region[i], world->region[n]);
		named[e] = true;
		if (!status && tariffs)
			status = read_level(csv, tariff, n == i, false, &policy->tariff[e]);
		if (!status && taxes)
			status = read_level(csv, tax, n == i, false, &policy->export_tax[e]);
		if (!status && icebergs)
			status = read_level(csv, iceberg, n == i, true, &policy->iceberg[e]);
		policy->taxed |= policy->export_tax[e] != 0;
		policy->shipped |= policy->iceberg[e] != 1;
		if (!status && tariffs)
			highest = fmax(highest, policy->tariff[e]);
	}
	if (!status && highest >= PER_CENT)
		truce_diagnose(cli->ctx, TRUCE_NOTE, path, 0, 0, NULL, "levels are fractions: 0.5 is 50 %", "its highest tariff, %g, is %g %%", highest,
			100 * highest);
	truce_csv_close(csv);
	truce_release(cli->ctx, named);
	return status;
}

/* What a kind of bound is, and who earns its rent where the file does not say. */
static const struct bound_kind {
	const char *name;
	truce_quantity_kind kind;
	truce_rent rent;
	double level; /* NaN in effect: the file must say (below 0) */
} bound_kinds[] = {
	{"ban", TRUCE_QUANTITY_AT_MOST, TRUCE_RENT_EXPORTER, 0},
	{"export_quota", TRUCE_QUANTITY_AT_MOST, TRUCE_RENT_EXPORTER, -1},
	{"licence", TRUCE_QUANTITY_AT_MOST, TRUCE_RENT_EXPORTER, -1},
	{"import_quota", TRUCE_QUANTITY_AT_MOST, TRUCE_RENT_IMPORTER, -1},
	{"red_tape", TRUCE_QUANTITY_AT_MOST, TRUCE_RENT_LOST, -1},
	{"purchase", TRUCE_QUANTITY_AT_LEAST, TRUCE_RENT_IMPORTER, -1},
	{"exactly", TRUCE_QUANTITY_EXACTLY, TRUCE_RENT_IMPORTER, -1},
};
enum { KINDS = sizeof bound_kinds / sizeof *bound_kinds };

static int read_bound(truce_csv *csv, const size_t column[3], const bool given[3], truce_edge_quantity *bound)
{
	static const char *const rents[] = {"importer", "exporter", "lost"};
	const char *names[KINDS], *kind = truce_csv_field(csv, column[0]);
	size_t k = 0, r = 0;
	for (size_t i = 0; i < KINDS; i++)
		names[i] = bound_kinds[i].name;
	while (k < KINDS && strcmp(names[k], kind) != 0)
		k++;
	if (k == KINDS)
		return truce_csv_fail(csv, column[0], "ban, export_quota, licence, import_quota, red_tape, purchase or exactly",
			"there is no kind of bound \"%s\"", kind);
	bound->kind = bound_kinds[k].kind;
	bound->rent = bound_kinds[k].rent;
	bound->level = bound_kinds[k].level;
	if (given[1] && *truce_csv_field(csv, column[1])) {
		int status = truce_csv_double(csv, column[1], &bound->level);
		if (status)
			return status;
	}
	if (bound->level < 0)
		return truce_csv_fail(csv, column[0], "give a share of the baseline's quantity: 0.5 is half of it", "a %s needs a level", kind);
	if (!given[2] || !*truce_csv_field(csv, column[2]))
		return TRUCE_OK;
	while (r < 3 && strcmp(rents[r], truce_csv_field(csv, column[2])) != 0)
		r++;
	if (r == 3)
		return truce_csv_fail(csv, column[2], "importer, exporter or lost", "nobody is called \"%s\"", truce_csv_field(csv, column[2]));
	bound->rent = (truce_rent)r;
	return TRUCE_OK;
}

int cli_policy_bounds(struct cli *cli, cli_policy *policy, const truce_world *world, truce_arena *arena, const char *path)
{
	truce_csv *csv = NULL;
	truce_edge_quantity *bounds = NULL;
	struct edge_columns at;
	size_t column[3] = {0}, capacity = 0, count = 0;
	bool given[3] = {true, false, false};
	int got, status = truce_csv_open(cli->ctx, &csv, path);
	if (!status)
		status = find_columns(csv, &at);
	if (!status)
		status = truce_csv_column(csv, &column[0], "kind");
	if (!status) {
		given[1] = truce_csv_has_column(csv, "level", &column[1]);
		given[2] = truce_csv_has_column(csv, "rent", &column[2]);
	}
	while (!status && (got = truce_csv_next(csv)) != 0) {
		status = got < 0 ? got : truce_grow(cli->ctx, &bounds, &capacity, count + 1, sizeof *bounds);
		if (status)
			break;
		truce_edge_quantity *bound = &bounds[count++];
		status = read_edge(csv, &at, world, &bound->sector, &bound->exporter, &bound->importer);
		for (size_t q = 0; !status && q + 1 < count; q++)
			if (bounds[q].sector == bound->sector && bounds[q].exporter == bound->exporter && bounds[q].importer == bound->importer)
				status = truce_csv_fail(csv, at.sector, "keep one of them", "this edge has a bound already");
		if (!status)
			status = read_bound(csv, column, given, bound);
	}
	truce_csv_close(csv);
	if (!status && count) {
		policy->bound = truce_arena_array(arena, count, sizeof *policy->bound);
		status = policy->bound ? TRUCE_OK : TRUCE_MEMORY;
		if (!status)
			memcpy(policy->bound, bounds, count * sizeof *bounds);
		policy->bounds = count;
	}
	truce_release(cli->ctx, bounds);
	return status;
}

truce_policy cli_policy_of(const cli_policy *policy)
{
	return (truce_policy){.tariff = policy->tariff, .export_tax = policy->taxed ? policy->export_tax : NULL,
		.iceberg = policy->shipped ? policy->iceberg : NULL, .quantities = policy->bound, .quantity_count = policy->bounds};
}
