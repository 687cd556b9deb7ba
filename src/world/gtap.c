/* gtap.c: room world.  The data base of the Global Trade Analysis Project, in the headers of its model of version 7
 * (Corong, Hertel, McDougall, Tsigas and van der Mensbrugghe 2017, "The Standard GTAP Model, Version 7"; the data base
 * from version 10 on): basedata.har, default.prm.  docs/formats/har.md says what becomes of each header.
 *
 * A commodity is one sector: every activity makes the commodity of its name.  A flow is what the exporter's border
 * value (f.o.b.) is; international transport is bought from those who sell it, by whom the goods are bought; duty is
 * what the basic price of an import holds beyond its value at the importer's border.  Taxes on output, factors, inputs
 * and exports are in value added, taxes on consumption are left out. */
#include "har.h"

#include <math.h>
#include <string.h>

struct gtap {
	truce_context *ctx;
	struct har *har;
	const char *name;
	size_t J, N;
	const char **commodity, **region;
	truce_world *world;
	double *margin;   /* [m][c][d] transport that d buys with its imports of c; NULL: no margins */
	double *imported; /* [c][d] imports at basic prices, duty and transport inside */
	size_t M;         /* margin commodities */
	size_t *margin_sector; /* [M] */
	double *supply;   /* [M][N] share of region r in the world's supply of transport service m */
};

/* GTAP's names do not tell small letters from large ones. */
static char large(char letter)
{
	return letter >= 'a' && letter <= 'z' ? (char)(letter - 'a' + 'A') : letter;
}

static bool same_name(const char *a, const char *b)
{
	while (*a && large(*a) == large(*b))
		a++, b++;
	return *a == *b;
}

static bool same_names(const char *const *a, const char *const *b, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (!same_name(a[i], b[i]))
			return false;
	return true;
}

/* Reads a header whose subscripts must be `want`: 'c' commodity or activity, 'r' region, '*' anything. */
static int read_shaped(struct gtap *gtap, const char *header, const char *want, struct har_array *out)
{
	int error = har_read(gtap->har, header, out);
	if (error)
		return error;
	if (!out->number || out->dimensions != strlen(want))
		return truce_fail(gtap->ctx, TRUCE_INPUT, gtap->name, 0, 0, NULL, "header %s has %zu subscripts, not %zu", header,
			out->dimensions, strlen(want));
	for (size_t d = 0; want[d]; d++) {
		if (want[d] == '*')
			continue;
		bool region = want[d] == 'r';
		size_t size = region ? gtap->N : gtap->J;
		const char **names = region ? gtap->region : gtap->commodity;
		if (out->size[d] != size || (out->element[d] && !same_names(out->element[d], names, size)))
			return truce_fail(gtap->ctx, TRUCE_INPUT, gtap->name, 0, 0,
				"each activity must make the one commodity of its name, in the same order",
				"subscript %zu of header %s is not the %s of VCIF", d + 1, header, region ? "regions" : "commodities");
	}
	for (size_t i = 0; i < out->count; i++)
		if (!isfinite(out->number[i]))
			return truce_fail(gtap->ctx, TRUCE_INPUT, gtap->name, 0, 0, NULL, "number %zu of header %s is not finite", i + 1,
				header);
	return TRUCE_OK;
}

/* VCIF names commodities and regions. */
static int read_names(struct gtap *gtap)
{
	struct har_array array;
	if (!har_has(gtap->har, "VCIF") && har_has(gtap->har, "VIWS"))
		return truce_fail(gtap->ctx, TRUCE_INPUT, gtap->name, 0, 0,
			"versions from 10 on are read, in the headers of model version 7 (VCIF, VDFB, ...)",
			"these are the headers of an older data base (VIWS)");
	int error = har_read(gtap->har, "VCIF", &array);
	if (error)
		return error;
	if (array.dimensions != 3 || !array.element[0] || !array.element[1] || !array.element[2] ||
		array.size[1] != array.size[2])
		return truce_fail(gtap->ctx, TRUCE_INPUT, gtap->name, 0, 0, NULL,
			"header VCIF is not commodity x region x region with their names");
	gtap->J = array.size[0];
	gtap->N = array.size[1];
	gtap->commodity = array.element[0];
	gtap->region = array.element[1];
	return TRUCE_OK;
}

/* Everything but the transport margins: flows at the exporter's border (or the importer's, where `margins` is false). */
static int read_trade(struct gtap *gtap, bool margins)
{
	struct har_array vcif, vmsb, vfob = { 0 };
	truce_world *world = gtap->world;
	size_t N = gtap->N, J = gtap->J, odd = 0;
	int error;

	if ((error = read_shaped(gtap, "VCIF", "crr", &vcif)) || (error = read_shaped(gtap, "VMSB", "crr", &vmsb)) ||
		(margins && (error = read_shaped(gtap, "VFOB", "crr", &vfob))))
		return error;
	for (size_t d = 0; d < N; d++)
		for (size_t s = 0; s < N; s++)
			for (size_t c = 0; c < J; c++) {
				size_t at = c + J * (s + N * d), e = truce_world_edge(world, c, d, s);
				double value = margins ? vfob.number[at] : vcif.number[at];
				double duty = (double)vmsb.number[at] - vcif.number[at];
				gtap->imported[c * N + d] += vmsb.number[at];
				if (s == d) {
					world->flow[e] += value + duty; /* duty at home is income of who sells there */
				} else {
					world->flow[e] += value;
					/* Single precision: less than a ten-millionth of a value is no duty. */
					if (value > 0 && fabs(duty) > 1e-7 * value)
						world->tariff[e] = duty / value;
					odd += !(value > 0) && fabs(duty) > 1e-6;
				}
			}
	if (odd)
		truce_diagnose(gtap->ctx, TRUCE_WARNING, gtap->name, 0, 0, NULL, NULL,
			"%zu edges bear duty without a value; it is left out", odd);
	return TRUCE_OK;
}

/* Who sells transport (VST), and what of it is bought with each good (VTWR). */
static int read_margins(struct gtap *gtap)
{
	struct har_array vst, vtwr;
	truce_world *world = gtap->world;
	size_t N = gtap->N, J = gtap->J;
	int error;

	if ((error = read_shaped(gtap, "VST", "*r", &vst)) || (error = read_shaped(gtap, "VTWR", "*crr", &vtwr)))
		return error;
	size_t M = gtap->M = vst.size[0];
	if (vtwr.size[0] != M || !vst.element[0] || (vtwr.element[0] && !same_names(vst.element[0], vtwr.element[0], M)))
		return truce_fail(gtap->ctx, TRUCE_INPUT, gtap->name, 0, 0, NULL, "headers VST and VTWR name other margin services");
	gtap->margin_sector = truce_allocate_zero(gtap->ctx, M ? M : 1, sizeof *gtap->margin_sector);
	gtap->supply = truce_allocate_zero(gtap->ctx, M * N + 1, sizeof *gtap->supply);
	gtap->margin = truce_allocate_zero(gtap->ctx, M * J * N + 1, sizeof *gtap->margin);
	if (!gtap->margin_sector || !gtap->supply || !gtap->margin)
		return TRUCE_MEMORY;
	for (size_t m = 0; m < M; m++) {
		double all = 0;
		while (gtap->margin_sector[m] < J && !same_name(gtap->commodity[gtap->margin_sector[m]], vst.element[0][m]))
			gtap->margin_sector[m]++;
		if (gtap->margin_sector[m] == J)
			return truce_fail(gtap->ctx, TRUCE_INPUT, gtap->name, 0, 0, NULL, "margin service %s is no commodity",
				vst.element[0][m]);
		for (size_t r = 0; r < N; r++)
			all += vst.number[m + M * r];
		for (size_t r = 0; r < N; r++)
			gtap->supply[m * N + r] = all > 0 ? vst.number[m + M * r] / all : 1.0 / (double)N;
	}
	for (size_t d = 0; d < N; d++)
		for (size_t s = 0; s < N; s++)
			for (size_t c = 0; c < J; c++)
				for (size_t m = 0; m < M; m++) {
					double value = vtwr.number[m + M * (c + J * (s + N * d))];
					gtap->margin[(m * J + c) * N + d] += value;
					for (size_t r = 0; r < N; r++)
						world->flow[truce_world_edge(world, gtap->margin_sector[m], d, r)] += value * gtap->supply[m * N + r];
				}
	return TRUCE_OK;
}

/* What activities use (kept as dollars in input_share for now), and what is sold at home. */
static int read_use(struct gtap *gtap)
{
	static const char *const final[] = { "VDPB", "VDGB", "VDIB" };
	struct har_array home, abroad, array;
	truce_world *world = gtap->world;
	size_t N = gtap->N, J = gtap->J;
	int error;

	if ((error = read_shaped(gtap, "VDFB", "ccr", &home)) || (error = read_shaped(gtap, "VMFB", "ccr", &abroad)))
		return error;
	for (size_t n = 0; n < N; n++)
		for (size_t k = 0; k < J; k++)
			for (size_t c = 0; c < J; c++) {
				size_t at = c + J * (k + J * n);
				double imports = gtap->imported[c * N + n], use = abroad.number[at], transport = 0;
				world->flow[truce_world_edge(world, c, n, n)] += home.number[at];
				for (size_t m = 0; m < gtap->M && imports > 0; m++) {
					double part = use * gtap->margin[(m * J + c) * N + n] / imports;
					world->input_share[world_input(world, n, k, gtap->margin_sector[m])] += part;
					transport += part;
				}
				world->input_share[world_input(world, n, k, c)] += home.number[at] + use - transport;
			}
	for (size_t f = 0; f < 3; f++) {
		if ((error = read_shaped(gtap, final[f], "cr", &array)))
			return error;
		for (size_t n = 0; n < N; n++)
			for (size_t c = 0; c < J; c++)
				world->flow[truce_world_edge(world, c, n, n)] += array.number[c + J * n];
	}
	return TRUCE_OK;
}

/* Dollars to shares; value added is what the inputs leave. */
static void settle(struct gtap *gtap, double unit)
{
	truce_world *world = gtap->world;
	size_t N = gtap->N, J = gtap->J, short_of = 0;

	for (size_t n = 0; n < N; n++)
		for (size_t k = 0; k < J; k++) {
			double output = truce_world_output(world, n, k), sum = 0, most = 0.99;
			double *share = world->input_share + world_input(world, n, k, 0);
			for (size_t c = 0; c < J; c++) {
				share[c] = output > 0 && share[c] > 0 ? share[c] / output : 0;
				sum += share[c];
			}
			for (size_t c = 0; c < J && sum > most; c++)
				share[c] *= most / sum;
			short_of += sum > most;
			world->value_added[n * J + k] = 1 - fmin(sum, most);
		}
	for (size_t e = 0; e < N * N * J; e++)
		world->flow[e] *= unit;
	if (short_of)
		truce_diagnose(gtap->ctx, TRUCE_WARNING, gtap->name, 0, 0, NULL, NULL,
			"%zu activities use more than 99 %% of their output as inputs; their inputs are scaled to that", short_of);
}

/* theta is the elasticity of substitution between sources (ESBM) less 1; the mean over regions where it has regions. */
static int take_elasticities(struct gtap *gtap, struct har *parameters)
{
	truce_world *world = gtap->world;
	struct har *own = gtap->har;
	struct har_array array;

	gtap->har = parameters;
	int error = har_read(parameters, "ESBM", &array);
	if (!error)
		error = read_shaped(gtap, "ESBM", array.dimensions == 2 ? "cr" : "c", &array);
	gtap->har = own;
	if (error)
		return error;
	size_t regions = array.dimensions == 2 ? gtap->N : 1;
	for (size_t c = 0; c < gtap->J; c++) {
		double sum = 0;
		for (size_t r = 0; r < regions; r++)
			sum += array.number[c + gtap->J * r];
		world->theta[c] = sum / (double)regions - 1;
	}
	return TRUCE_OK;
}

static int read_parameters(struct gtap *gtap, const char *elasticity)
{
	truce_context *ctx = gtap->ctx;
	struct har *har = NULL;
	char *bytes = NULL;
	size_t length = 0;
	int error;

	if (!elasticity)
		return har_has(gtap->har, "ESBM") ? take_elasticities(gtap, gtap->har)
			: world_elasticities(ctx, gtap->world, NULL, gtap->name);
	if ((error = truce_file_read(ctx, &bytes, &length, elasticity, 0)))
		return error;
	if (!har_looks_like(bytes, length))
		error = world_elasticities(ctx, gtap->world, elasticity, gtap->name);
	else if (!(error = har_open(ctx, &har, elasticity, bytes, length)))
		error = take_elasticities(gtap, har);
	har_close(har);
	truce_release(ctx, bytes);
	return error;
}

/* Regions that are countries are named by their ISO-3 codes, in small letters. */
static int name_members(truce_context *ctx, truce_world *world)
{
	for (size_t n = 0; n < world->regions; n++) {
		char code[4] = "";
		if (strlen(world->region[n]) != 3)
			continue;
		for (size_t i = 0; i < 3; i++)
			code[i] = large(world->region[n][i]);
		const truce_country *country = truce_country_find(code);
		if (!country || strcmp(country->iso3, code) != 0)
			continue;
		int error = truce_world_add_member(ctx, world, country->iso2, n, true);
		if (error)
			return error;
	}
	return TRUCE_OK;
}

static int build(struct gtap *gtap, double unit, const char *elasticity)
{
	bool margins = har_has(gtap->har, "VTWR") || har_has(gtap->har, "VST");
	int error = read_names(gtap);

	if (error || (error = truce_world_new(gtap->ctx, &gtap->world, gtap->N, gtap->J)))
		return error;
	truce_world *world = gtap->world;
	for (size_t n = 0; n < gtap->N; n++)
		if (!(world->region[n] = truce_arena_text(world->arena, gtap->region[n])))
			return TRUCE_MEMORY;
	for (size_t c = 0; c < gtap->J; c++)
		if (!(world->sector[c] = truce_arena_text(world->arena, gtap->commodity[c])))
			return TRUCE_MEMORY;
	gtap->imported = truce_allocate_zero(gtap->ctx, gtap->J * gtap->N, sizeof *gtap->imported);
	if (!gtap->imported)
		return TRUCE_MEMORY;
	if ((error = read_trade(gtap, margins)) || (margins && (error = read_margins(gtap))) || (error = read_use(gtap)) ||
		(error = read_parameters(gtap, elasticity)))
		return error;
	settle(gtap, unit);
	if ((error = name_members(gtap->ctx, world)))
		return error;
	return truce_world_finish(gtap->ctx, world, gtap->name, NULL);
}

int truce_world_import_har_bytes(truce_context *ctx, truce_world **out, const char *name, const void *bytes, size_t length,
	double unit, const char *elasticity)
{
	struct gtap gtap = { .ctx = ctx, .name = name };
	int error;

	*out = NULL;
	if (!(unit > 0) || !isfinite(unit))
		return truce_fail(ctx, TRUCE_USAGE, NULL, 0, 0, "1e6 where values are in millions", "the unit is not above 0");
	if ((error = har_open(ctx, &gtap.har, name, bytes, length)) || (error = build(&gtap, unit, elasticity)))
		goto done;
	*out = gtap.world;
	gtap.world = NULL;
done:
	truce_world_free(gtap.world);
	truce_release(ctx, gtap.imported);
	truce_release(ctx, gtap.margin);
	truce_release(ctx, gtap.margin_sector);
	truce_release(ctx, gtap.supply);
	har_close(gtap.har);
	return error;
}

int truce_world_import_har(truce_context *ctx, truce_world **out, const char *path, double unit, const char *elasticity)
{
	char *bytes = NULL;
	size_t length = 0;
	int error = truce_file_read(ctx, &bytes, &length, path, 0);

	*out = NULL;
	if (!error)
		error = truce_world_import_har_bytes(ctx, out, path, bytes, length, unit, elasticity);
	truce_release(ctx, bytes);
	return error;
}
