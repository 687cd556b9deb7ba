/* cp2015.c: room world.  The replication files of Caliendo and Parro (2015, "Estimates of the Trade and Welfare
 * Effects of NAFTA"): tables of numbers without names, in an order that their program fixes.
 *
 * xbilat1993.txt  620 x 31   rows importer within sector, columns exporter; 1000 US$, the 20 traded sectors
 * tariffs*.txt    620 x 31   the same shape, per cent
 * IO.txt          1240 x 40  rows source sector within country, columns using sector; shares of inputs, sum to 1
 * B.txt           40 x 31    value-added shares of gross output
 * GO.txt          40 x 31    gross output, US$
 * T.txt           20         trade elasticities of the traded sectors; theirs for the rest is 8.22
 *
 * Home sales are what gross output leaves after exports, output being at least exports. */
#include "world_private.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { COUNTRIES = 31, SECTORS = 40, TRADED = 20 };

static const char *const countries[COUNTRIES] = {
	"ARG", "AUS", "AUT", "BRA", "CAN", "CHL", "CHN", "DNK", "FIN", "FRA", "DEU", "GRC", "HUN", "IND", "IDN", "IRL",
	"ITA", "JPN", "KOR", "MEX", "NLD", "NZL", "NOR", "PRT", "ZAF", "ESP", "SWE", "TUR", "GBR", "USA", "ROW"
};

/* Their ISIC revision 3 sectors, in the order of their Table A1. */
static const char *const sectors[SECTORS][2] = {
	{ "agriculture", "Agriculture" }, { "mining", "Mining" }, { "food", "Food" }, { "textile", "Textile" },
	{ "wood", "Wood" }, { "paper", "Paper" }, { "petroleum", "Petroleum" }, { "chemicals", "Chemicals" },
	{ "plastic", "Plastic" }, { "minerals", "Minerals" }, { "basic-metals", "Basic metals" },
	{ "metal-products", "Metal products" }, { "machinery", "Machinery n.e.c." }, { "office", "Office" },
	{ "electrical", "Electrical" }, { "communication", "Communication" }, { "medical", "Medical" }, { "auto", "Auto" },
	{ "other-transport", "Other transport" }, { "other", "Other" }, { "electricity", "Electricity" },
	{ "construction", "Construction" }, { "retail", "Retail" }, { "hotels", "Hotels" },
	{ "land-transport", "Land transport" }, { "water-transport", "Water transport" },
	{ "air-transport", "Air transport" }, { "aux-transport", "Auxiliary transport" }, { "post", "Post" },
	{ "finance", "Finance" }, { "real-estate", "Real estate" }, { "renting", "Renting machinery" },
	{ "computer", "Computer" }, { "rnd", "R&D" }, { "other-business", "Other business" }, { "public", "Public" },
	{ "education", "Education" }, { "health", "Health" }, { "other-services", "Other services" },
	{ "private", "Private households" }
};

/* Reads exactly rows x columns numbers between blanks, a row a line. */
static int read_matrix(truce_context *ctx, double *to, const char *folder, const char *file, size_t rows, size_t columns)
{
	truce_text path;
	char *text = NULL;
	size_t length = 0, row = 0;
	int error;

	truce_text_init(&path, ctx);
	truce_text_addf(&path, "%s/%s", folder, file);
	if ((error = truce_text_done(&path)) || (error = truce_file_read(ctx, &text, &length, path.data, 64u << 20)))
		goto done;
	for (char *line = text, *end = text + length; line < end;) {
		char *stop = memchr(line, '\n', (size_t)(end - line));
		stop = stop ? stop : end;
		size_t column = 0;
		for (char *at = line; at < stop;) {
			while (at < stop && (*at == ' ' || *at == '\t' || *at == '\r'))
				at++;
			char *word = at;
			while (at < stop && *at != ' ' && *at != '\t' && *at != '\r')
				at++;
			if (word == at)
				break;
			double value;
			if (row >= rows || column >= columns || truce_parse_double(word, (size_t)(at - word), &value)) {
				error = truce_fail(ctx, TRUCE_INPUT, path.data, (int)row + 1, (int)(word - line) + 1, NULL,
					row >= rows || column >= columns ? "more numbers than the %zu x %zu that belong here"
						: "this is not a number; %zu x %zu of them belong here", rows, columns);
				goto done;
			}
			to[row * columns + column++] = value;
		}
		if (column && column != columns) {
			error = truce_fail(ctx, TRUCE_INPUT, path.data, (int)row + 1, 0, NULL, "%zu numbers in this row, not %zu", column,
				columns);
			goto done;
		}
		row += column > 0;
		line = stop + 1;
	}
	if (row != rows)
		error = truce_fail(ctx, TRUCE_INPUT, path.data, (int)row + 1, 0, NULL, "%zu rows, not %zu", row, rows);
done:
	truce_release(ctx, text);
	truce_text_free(&path);
	return error;
}

struct tables {
	double flow[TRADED * COUNTRIES * COUNTRIES];
	double tariff[TRADED * COUNTRIES * COUNTRIES];
	double input[COUNTRIES * SECTORS * SECTORS];
	double added[SECTORS * COUNTRIES];
	double output[SECTORS * COUNTRIES];
	double theta[TRADED];
};

static void fill(truce_world *world, const struct tables *tables)
{
	for (size_t j = 0; j < SECTORS; j++) {
		world->theta[j] = j < TRADED ? tables->theta[j] : 8.22;
		for (size_t i = 0; i < COUNTRIES; i++) {
			double exports = 0;
			for (size_t n = 0; j < TRADED && n < COUNTRIES; n++) {
				size_t e = truce_world_edge(world, j, n, i);
				if (n == i)
					continue;
				world->flow[e] = tables->flow[e] * 1000;
				world->tariff[e] = tables->tariff[e] / 100;
				exports += world->flow[e];
			}
			double output = tables->output[j * COUNTRIES + i];
			world->flow[truce_world_edge(world, j, i, i)] = fmax(output, exports) - exports;
		}
	}
	for (size_t n = 0; n < COUNTRIES; n++)
		for (size_t k = 0; k < SECTORS; k++) {
			double added = tables->added[k * COUNTRIES + n], sum = 0;
			for (size_t j = 0; j < SECTORS; j++)
				sum += tables->input[(n * SECTORS + j) * SECTORS + k];
			world->value_added[n * SECTORS + k] = added;
			for (size_t j = 0; j < SECTORS && sum > 0; j++)
				world->input_share[world_input(world, n, k, j)] =
					tables->input[(n * SECTORS + j) * SECTORS + k] / sum * (1 - added);
		}
}

int truce_world_import_cp2015(truce_context *ctx, truce_world **out, const char *folder, const char *tariffs)
{
	/* Their tables hold input shares a little below zero, and their results come from them. */
	static const truce_world_rules rules = { .negative_input = 1e-3 };
	truce_world *world = NULL;
	int error;

	*out = NULL;
	struct tables *tables = truce_allocate(ctx, sizeof *tables);
	if (!tables)
		return TRUCE_MEMORY;
	if ((error = read_matrix(ctx, tables->flow, folder, "xbilat1993.txt", TRADED * COUNTRIES, COUNTRIES)) ||
		(error = read_matrix(ctx, tables->tariff, folder, tariffs ? tariffs : "tariffs1993.txt", TRADED * COUNTRIES,
			COUNTRIES)) ||
		(error = read_matrix(ctx, tables->input, folder, "IO.txt", COUNTRIES * SECTORS, SECTORS)) ||
		(error = read_matrix(ctx, tables->added, folder, "B.txt", SECTORS, COUNTRIES)) ||
		(error = read_matrix(ctx, tables->output, folder, "GO.txt", SECTORS, COUNTRIES)) ||
		(error = read_matrix(ctx, tables->theta, folder, "T.txt", TRADED, 1)) ||
		(error = truce_world_new(ctx, &world, COUNTRIES, SECTORS)))
		goto done;
	for (size_t n = 0; n < COUNTRIES; n++)
		world->region[n] = countries[n];
	for (size_t j = 0; j < SECTORS; j++) {
		world->sector[j] = sectors[j][0];
		world->sector_name[j] = sectors[j][1];
	}
	world->name = "caliendo-parro-1993";
	world->year = "1993";
	world->note = "Caliendo and Parro (2015), replication files: 31 regions, 40 sectors, flows of 1993";
	fill(world, tables);
	if ((error = truce_world_members_by_iso3(ctx, world)) ||
		(error = truce_world_add_member(ctx, world, "*", COUNTRIES - 1, false)) ||
		(error = truce_world_finish(ctx, world, folder, &rules)))
		goto done;
	*out = world;
	world = NULL;
done:
	truce_world_free(world);
	truce_release(ctx, tables);
	return error;
}
