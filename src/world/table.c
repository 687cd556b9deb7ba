/* table.c: room world.  Inter-country input-output tables as CSV: the labelled World Input-Output Table (2013 release)
 * and OECD's ICIO.
 *
 * Both are one wide table: a row sells, a column buys, labels are REGION_SECTOR; behind the columns of industries stand
 * those of final demand.  The file is read once, row by row, and only sums are kept: what each region buys of each
 * seller, and what each industry uses.  Output is the sum of a row (cells are rounded, stated outputs differ by up to
 * some per cent); value added is what the inputs leave, so that taxes and duties on inputs count as cost.
 *
 *     WIOD   row,AUS_c1,...,AUS_f1..AUS_f5,...,OUT
 *     ICIO   V1,ARG_A01_02,...,ARG_HFCE,ARG_NPISH,ARG_GGFC,ARG_GFCF,ARG_INVNT,ARG_DPABR,...,OUT; rows TLS, VA and OUT close
 *            it (2023 and 2025; before, DIRPA for DPABR, a row COUNTRY_TAXSUB each, VALU, OUTPUT, a column TOTAL).  In the
 *            extended files China and Mexico are split (CN1, CN2; MX1, MX2; in 2016 up to CN4, MX3) and are put together.
 *
 * A stated output is held against the row's sum, and a difference is said. */
#include "world_private.h"

#include <zlib.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { LINE_MOST = 64 << 20, CHUNK = 1 << 18 };

/* A row may miss its stated output by this part, and by one unit of its table, before it is said: cells are rounded. */
#define OUTPUT_SLACK 0.01

/* ---- lines of a file that may be packed ---- */

struct lines {
	truce_context *ctx;
	gzFile file;
	char *data;
	size_t start, end, room; /* what is read and not yet given out */
	int line;
	bool finished;
	const char *path;
};

static int lines_open(truce_context *ctx, struct lines *lines, const char *path)
{
	*lines = (struct lines){ .ctx = ctx, .path = path };
	lines->file = gzopen(path, "rb");
	if (!lines->file)
		return truce_fail(ctx, TRUCE_INPUT, path, 0, 0, "check the path and its permissions", "cannot be read");
	gzbuffer(lines->file, CHUNK);
	return TRUCE_OK;
}

static void lines_close(struct lines *lines)
{
	if (lines->file)
		gzclose(lines->file);
	if (lines->ctx)
		truce_release(lines->ctx, lines->data);
}

/* 1 there is a line (without its end, NUL-terminated), 0 the end, negative an error. */
static int lines_next(struct lines *lines, char **out, size_t *length)
{
	size_t scanned = lines->start;
	for (;;) {
		char *stop = lines->end > scanned ? memchr(lines->data + scanned, '\n', lines->end - scanned) : NULL;
		if (stop || (lines->finished && lines->end > lines->start)) {
			char *line = lines->data + lines->start;
			size_t size = (size_t)((stop ? stop : lines->data + lines->end) - line);
			lines->start += size + (stop != NULL);
			line[size] = '\0';
			if (size && line[size - 1] == '\r')
				line[--size] = '\0';
			lines->line++;
			*out = line;
			*length = size;
			return 1;
		}
		if (lines->finished)
			return 0;
		scanned = lines->end;
		if (lines->start > 0) {
			memmove(lines->data, lines->data + lines->start, lines->end - lines->start);
			scanned -= lines->start;
			lines->end -= lines->start;
			lines->start = 0;
		}
		if (lines->end + CHUNK > LINE_MOST)
			return truce_fail(lines->ctx, TRUCE_LIMIT, lines->path, lines->line + 1, 0, NULL, "this line is too long");
		if (truce_grow(lines->ctx, &lines->data, &lines->room, lines->end + CHUNK + 1, 1))
			return TRUCE_MEMORY;
		int got = gzread(lines->file, lines->data + lines->end, CHUNK);
		if (got < 0)
			return truce_fail(lines->ctx, TRUCE_INPUT, lines->path, lines->line + 1, 0, "get the file again",
				"it cannot be unpacked");
		lines->end += (size_t)got;
		lines->finished = got == 0;
		if (lines->finished && gzeof(lines->file)) {
			int status = Z_OK;
			gzerror(lines->file, &status);
			if (status != Z_OK && status != Z_STREAM_END)
				return truce_fail(lines->ctx, TRUCE_INPUT, lines->path, lines->line + 1, 0, "get the file again",
					"it is cut off");
		}
	}
}

/* The next field of a line, cut off in place; quotes around it are taken away (labels hold none inside). */
static char *next_field(char **at)
{
	char *field = *at, *stop;
	if (!field)
		return NULL;
	if (*field == '"') {
		field++;
		stop = strchr(field, '"');
		if (stop)
			*stop++ = '\0';
		stop = stop ? strchr(stop, ',') : NULL;
	} else {
		stop = strchr(field, ',');
	}
	if (stop)
		*stop++ = '\0';
	*at = stop;
	return field;
}

/* A number; most are short enough that mantissa and power of ten are exact doubles. */
static bool fast_number(const char *text, double *out)
{
	static const double power[] = { 1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
		1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22 };
	const char *at = text;
	uint64_t mantissa = 0;
	int digits = 0, decimals = 0;
	bool negative = *at == '-', point = false;

	at += negative;
	for (; (*at >= '0' && *at <= '9') || (*at == '.' && !point); at++) {
		if (*at == '.') {
			point = true;
			continue;
		}
		mantissa = mantissa * 10 + (uint64_t)(*at - '0');
		digits += digits > 0 || *at != '0';
		decimals += point;
		if (digits > 15 || decimals > 22)
			break;
	}
	if (*at || at == text + negative || (at == text + negative + 1 && point))
		return truce_parse_double(text, strlen(text), out) == TRUCE_OK;
	*out = (negative ? -1.0 : 1.0) * ((double)mantissa / power[decimals]);
	return true;
}

/* ---- labels ---- */

/* Rows and columns that OECD splits by kind of firm. */
static const char *const folded[][2] = { { "CN1", "CHN" }, { "CN2", "CHN" }, { "CN3", "CHN" }, { "CN4", "CHN" },
	{ "MX1", "MEX" }, { "MX2", "MEX" }, { "MX3", "MEX" } };

/* Codes of final demand of OECD; WIOD's are f1 to f5. */
static const char *const final_codes[] = { "HFCE", "NPISH", "GGFC", "GGCF", "GFCF", "INVNT", "DPABR", "DIRPA", "P33", "FD",
	"NONRES" };

/* Rows and columns that carry totals, not sales. */
static const char *const totals[] = { "TLS", "VA", "VALU", "OUT", "OUTPUT", "TOTAL", "TAXSUB", "r60", "r61", "r62", "r63",
	"r64", "r65", "r66", "r69" };

static bool in(const char *const *list, size_t count, const char *word)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(list[i], word) == 0)
			return true;
	return false;
}

/* The total of a row that is the seller's output. */
static const char *const outputs[] = { "OUT", "OUTPUT", "TOTAL" };

struct label {
	const char *region, *sector;
	enum { LABEL_INDUSTRY, LABEL_FINAL, LABEL_TOTAL, LABEL_BAD } kind;
};

/* Splits REGION_SECTOR in place. */
static struct label split_label(char *text)
{
	struct label label = { NULL, NULL, LABEL_BAD };
	char *bar = strchr(text, '_');
	if (in(totals, sizeof totals / sizeof *totals, text)) {
		label.kind = LABEL_TOTAL;
		return label;
	}
	if (!bar || bar == text || !bar[1])
		return label;
	*bar = '\0';
	label.region = text;
	label.sector = bar + 1;
	for (size_t i = 0; i < sizeof folded / sizeof *folded; i++)
		if (strcmp(text, folded[i][0]) == 0)
			label.region = folded[i][1];
	if (in(totals, sizeof totals / sizeof *totals, label.sector))
		label.kind = LABEL_TOTAL;
	else if (in(final_codes, sizeof final_codes / sizeof *final_codes, label.sector) ||
		(label.sector[0] == 'f' && label.sector[1] >= '0' && label.sector[1] <= '9'))
		label.kind = LABEL_FINAL;
	else
		label.kind = LABEL_INDUSTRY;
	return label;
}

/* ---- the table ---- */

struct column {
	uint32_t region;
	int32_t sector; /* -1: final demand; -2: not read; -3: the stated total of the row */
};

struct table {
	truce_context *ctx;
	truce_arena *arena;
	struct lines lines;
	struct world_names regions, sectors, rows;
	struct column *column;
	size_t columns, column_room;
	truce_world *world;
	uint8_t *seen; /* [N][J] rows that came */
	size_t off;    /* rows whose sum is not their stated output */
	double off_most;
	char off_row[64];
	double unit;
};

static int read_header(struct table *table)
{
	char *line, *field;
	size_t length, n, k;
	int row = lines_next(&table->lines, &line, &length), error;

	if (row <= 0)
		return row < 0 ? row : truce_fail(table->ctx, TRUCE_INPUT, table->lines.path, 0, 0, NULL, "the file is empty");
	if (length >= 3 && memcmp(line, "\xef\xbb\xbf", 3) == 0)
		line += 3;
	next_field(&line); /* the name of the column of labels */
	while ((field = next_field(&line))) {
		if (truce_grow(table->ctx, &table->column, &table->column_room, table->columns + 1, sizeof *table->column))
			return TRUCE_MEMORY;
		struct column *column = &table->column[table->columns++];
		struct label label = split_label(field);
		column->sector = -2;
		if (label.kind == LABEL_TOTAL) {
			column->sector = in(outputs, sizeof outputs / sizeof *outputs, field) ? -3 : -2;
			continue;
		}
		if (label.kind == LABEL_BAD)
			return truce_fail(table->ctx, TRUCE_INPUT, table->lines.path, 1, 0, "labels are REGION_SECTOR",
				"column %zu is called \"%s\"", table->columns + 1, field);
		if ((error = world_names_add(&table->regions, label.region, &n)))
			return error;
		column->region = (uint32_t)n;
		column->sector = -1;
		if (label.kind == LABEL_INDUSTRY) {
			if ((error = world_names_add(&table->sectors, label.sector, &k)))
				return error;
			column->sector = (int32_t)k;
		}
	}
	if (!table->sectors.count)
		return truce_fail(table->ctx, TRUCE_INPUT, table->lines.path, 1, 0, "labels are REGION_SECTOR",
			"the header names no industry");
	return TRUCE_OK;
}

/* Adds what (i, j) sells to the sums: spending of its buyers, use of their industries (kept in input_share for now). */
static int read_cells(struct table *table, char *at, size_t i, size_t j)
{
	truce_world *world = table->world;
	size_t J = world->sectors, c = 0;
	double sum = 0, stated = NAN;
	char *field;

	for (; (field = next_field(&at)); c++) {
		double value;
		if (c >= table->columns)
			break;
		if (table->column[c].sector == -2)
			continue;
		if (!fast_number(field, &value))
			return truce_fail(table->ctx, TRUCE_INPUT, table->lines.path, table->lines.line, 0, NULL,
				"column %zu holds \"%.40s\", not a number", c + 2, field);
		if (table->column[c].sector == -3) {
			stated = value;
			continue;
		}
		sum += value;
		size_t n = table->column[c].region;
		world->flow[truce_world_edge(world, j, n, i)] += value;
		if (table->column[c].sector >= 0)
			world->input_share[world_input(world, n, (size_t)table->column[c].sector, j)] += value;
	}
	if (field || c != table->columns)
		return truce_fail(table->ctx, TRUCE_INPUT, table->lines.path, table->lines.line, 0, "the file is cut off or damaged",
			"this row has %s cells than the header's %zu", field ? "more" : "fewer", table->columns + 1);
	table->seen[i * J + j] = 1;
	if (fabs(sum - stated) > OUTPUT_SLACK * fabs(stated) && fabs(sum - stated) > 1) {
		table->off++;
		if (fabs(sum - stated) / fabs(stated) > table->off_most) {
			table->off_most = fabs(sum - stated) / fabs(stated);
			snprintf(table->off_row, sizeof table->off_row, "%s in %s", world->sector[j], world->region[i]);
		}
	}
	return TRUCE_OK;
}

static int read_rows(struct table *table)
{
	char *line, *field;
	size_t length, before, at;
	int row, error;

	while ((row = lines_next(&table->lines, &line, &length)) == 1) {
		if (!length)
			continue;
		if (truce_cancelled(table->ctx))
			return truce_fail(table->ctx, TRUCE_CANCELLED, NULL, 0, 0, NULL, "cancelled");
		field = next_field(&line);
		before = table->rows.count;
		if ((error = world_names_add(&table->rows, field, &at)))
			return error;
		if (at < before)
			return truce_fail(table->ctx, TRUCE_INPUT, table->lines.path, table->lines.line, 1, NULL,
				"row \"%s\" stands here twice", field);
		struct label label = split_label(field);
		if (label.kind == LABEL_TOTAL)
			continue;
		size_t i = label.region ? world_names_find(&table->regions, label.region) : TRUCE_WORLD_NONE;
		size_t j = label.sector ? world_names_find(&table->sectors, label.sector) : TRUCE_WORLD_NONE;
		if (i == TRUCE_WORLD_NONE || j == TRUCE_WORLD_NONE)
			return truce_fail(table->ctx, TRUCE_INPUT, table->lines.path, table->lines.line, 1, "rows are named as columns are",
				"row \"%s\" has no column", table->rows.name[at]);
		if ((error = read_cells(table, line, i, j)))
			return error;
	}
	if (row < 0)
		return row;
	for (size_t i = 0; i < table->world->regions; i++)
		for (size_t j = 0; j < table->world->sectors; j++)
			if (!table->seen[i * table->world->sectors + j])
				return truce_fail(table->ctx, TRUCE_INPUT, table->lines.path, 0, 0, "the file is cut off",
					"the row of %s in %s is missing", table->world->sector[j], table->world->region[i]);
	return TRUCE_OK;
}

/* Sums to flows and shares.  Negative cells (inventories run down) are set to 0 and counted; so are industries whose
 * inputs are all of their output and more: their inputs are scaled to leave a hundredth of it. */
static void settle(struct table *table)
{
	truce_world *world = table->world;
	size_t N = world->regions, J = world->sectors, negative = 0, short_of = 0, empty = 0;

	for (size_t e = 0; e < N * N * J; e++) {
		if (world->flow[e] < 0) {
			world->flow[e] = 0;
			negative++;
		}
		world->flow[e] *= table->unit;
	}
	for (size_t n = 0; n < N; n++)
		for (size_t k = 0; k < J; k++) {
			double output = truce_world_output(world, n, k), sum = 0;
			double *share = world->input_share + world_input(world, n, k, 0);
			for (size_t j = 0; j < J; j++) {
				share[j] = output > 0 && share[j] > 0 ? share[j] * table->unit / output : 0;
				sum += share[j];
			}
			if (!(output > 0))
				empty++;
			double most = 0.99;
			for (size_t j = 0; j < J && sum > most; j++)
				share[j] *= most / sum;
			short_of += sum > most;
			world->value_added[n * J + k] = 1 - fmin(sum, most);
		}
	if (table->off)
		truce_diagnose(table->ctx, TRUCE_WARNING, table->lines.path, 0, 0, NULL, "output is taken as the sum of the row",
			"%zu rows miss their stated output by more than 1 %% (the most: %s, %.1f %%)", table->off, table->off_row,
			100 * table->off_most);
	if (negative)
		truce_diagnose(table->ctx, TRUCE_WARNING, table->lines.path, 0, 0, NULL, NULL,
			"%zu flows between regions were negative (inventories) and are set to 0", negative);
	if (short_of)
		truce_diagnose(table->ctx, TRUCE_WARNING, table->lines.path, 0, 0, NULL, NULL,
			"%zu industries use more than 99 %% of their output as inputs; their inputs are scaled to that", short_of);
	if (empty)
		truce_diagnose(table->ctx, TRUCE_WARNING, table->lines.path, 0, 0, NULL, NULL,
			"%zu of %zu industries have no output", empty, N * J);
}

static int build(struct table *table, const char *elasticity)
{
	int error = read_header(table);
	if (error || (error = truce_world_new(table->ctx, &table->world, table->regions.count, table->sectors.count)))
		return error;
	truce_world *world = table->world;
	for (size_t n = 0; n < world->regions; n++)
		if (!(world->region[n] = truce_arena_text(world->arena, table->regions.name[n])))
			return TRUCE_MEMORY;
	for (size_t j = 0; j < world->sectors; j++)
		if (!(world->sector[j] = truce_arena_text(world->arena, table->sectors.name[j])))
			return TRUCE_MEMORY;
	table->seen = truce_allocate_zero(table->ctx, world->regions * world->sectors, 1);
	if (!table->seen)
		return TRUCE_MEMORY;
	if ((error = read_rows(table)) || (error = world_elasticities(table->ctx, world, elasticity, table->lines.path)))
		return error;
	settle(table);
	if ((error = truce_world_members_by_iso3(table->ctx, world)))
		return error;
	/* Value added that is not there, and inventories, make some gaps; how large, `check` says. */
	return truce_world_finish(table->ctx, world, table->lines.path, &(truce_world_rules){ .imbalance_limit = 0.5 });
}

int truce_world_import_table(truce_context *ctx, truce_world **out, const char *path, double unit, const char *elasticity)
{
	struct table table = { .ctx = ctx, .unit = unit };
	int error;

	*out = NULL;
	if (!(unit > 0) || !isfinite(unit))
		return truce_fail(ctx, TRUCE_USAGE, NULL, 0, 0, "1e6 where values are in millions", "the unit is not above 0");
	if ((error = truce_arena_new(ctx, &table.arena)))
		return error;
	world_names_init(&table.regions, ctx, table.arena);
	world_names_init(&table.sectors, ctx, table.arena);
	world_names_init(&table.rows, ctx, table.arena);
	error = lines_open(ctx, &table.lines, path);
	if (!error)
		error = build(&table, elasticity);
	if (!error) {
		*out = table.world;
		table.world = NULL;
	}
	truce_world_free(table.world);
	truce_release(ctx, table.seen);
	truce_release(ctx, table.column);
	world_names_free(&table.regions);
	world_names_free(&table.sectors);
	world_names_free(&table.rows);
	lines_close(&table.lines);
	truce_arena_free(table.arena);
	return error;
}
