/* Unit tests of room world. */
#include "frame.h"

#include <sqlite3.h>

#include <truce/world.h>

static truce_context *ctx;
static char folder[64];

static void begin(void)
{
	ck_assert_int_eq(truce_context_new(&ctx, NULL), TRUCE_OK);
	strcpy(folder, "/tmp/truce-world-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(folder));
}

static void end(void)
{
	char command[128];
	snprintf(command, sizeof command, "rm -r %s", folder);
	ck_assert_int_eq(system(command), 0);
	truce_context_free(ctx);
}

static const char *path_of(const char *file)
{
	static char path[8][160];
	static int turn;
	char *at = path[turn++ % 8];
	snprintf(at, 160, "%s/%s", folder, file);
	return at;
}

static void put(const char *file, const char *text)
{
	ck_assert_int_eq(truce_file_write(ctx, path_of(file), text, strlen(text)), TRUCE_OK);
}

/* Two regions, two sectors, by hand: A and B make goods from goods and services from services. */
static truce_world *small_world(truce_context *c)
{
	static const double flow[8] = { 80, 20, 10, 90, 100, 0, 5, 60 };
	truce_world *w = NULL;
	if (truce_world_new(c, &w, 2, 2))
		return NULL;
	w->name = "small";
	w->year = "2000";
	w->region[0] = "AAA";
	w->region[1] = "BBB";
	w->sector[0] = "goods";
	w->sector[1] = "services";
	for (int e = 0; e < 8; e++)
		w->flow[e] = flow[e] * 1e9;
	w->tariff[truce_world_edge(w, 0, 0, 1)] = 0.1;
	for (int n = 0; n < 2; n++)
		for (int k = 0; k < 2; k++) {
			w->value_added[n * 2 + k] = 0.6;
			w->input_share[(n * 2 + k) * 2 + k] = 0.3;
			w->input_share[(n * 2 + k) * 2 + 1 - k] = 0.1;
		}
	w->theta[0] = 4;
	w->theta[1] = 5;
	w->theta_se[0] = 0.5;
	return w;
}

static bool said(const char *part)
{
	for (size_t i = 0; i < truce_diagnostic_count(ctx); i++)
		if (strstr(truce_diagnostic_at(ctx, i)->what, part))
			return true;
	for (size_t i = 0; i < truce_diagnostic_count(ctx); i++)
		printf("said: %s\n", truce_diagnostic_at(ctx, i)->what);
	return false;
}

START_TEST(a_small_world_is_balanced_and_its_sums_are_right)
{
	begin();
	truce_world *w = small_world(ctx);
	ck_assert_int_eq(truce_world_finish(ctx, w, "small", NULL), TRUCE_OK);
	ck_assert(w->balanced);
	ck_assert_double_eq_tol(truce_world_output(w, 0, 0), 90e9, 1);
	ck_assert_double_eq_tol(truce_world_spending(w, 0, 0), 102e9, 1);
	ck_assert_double_eq_tol(truce_world_deficit(w, 0), 5e9, 1); /* buys 20 of goods; sells 10 and 5 */
	ck_assert_double_eq_tol(truce_world_duties(w, 0), 2e9, 1);
	ck_assert_double_eq_tol(truce_world_gdp(w, 0), 0.6 * (90e9 + 105e9), 1);
	/* Goods in A: spending 102, use 0.3 x 90 + 0.1 x 105; income 117 + 2 + 5. */
	ck_assert_double_eq_tol(w->final_share[0], (102 - 27 - 10.5) / 124, 1e-14);
	truce_world_identity identity[TRUCE_WORLD_IDENTITIES];
	ck_assert_int_eq(truce_world_check(ctx, w, identity), TRUCE_OK);
	for (int i = 0; i < TRUCE_WORLD_IDENTITIES; i++)
		ck_assert_msg(identity[i].residual <= identity[i].limit, "%s %g", identity[i].name, identity[i].residual);
	truce_world_free(w);
	end();
}
END_TEST

START_TEST(what_is_written_is_read_and_has_the_same_bytes)
{
	begin();
	truce_world *w = small_world(ctx), *r = NULL;
	ck_assert_int_eq(truce_world_keep_estimated(w), TRUCE_OK);
	w->estimated[3] = 1;
	ck_assert_int_eq(truce_world_add_member(ctx, w, "AA", 0, true), TRUCE_OK);
	ck_assert_int_eq(truce_world_add_member(ctx, w, "*", 1, false), TRUCE_OK);
	ck_assert_int_eq(truce_world_finish(ctx, w, "small", NULL), TRUCE_OK);
	ck_assert_int_eq(truce_world_write(ctx, w, path_of("1.world")), TRUCE_OK);
	ck_assert_int_eq(truce_world_read(ctx, &r, path_of("1.world")), TRUCE_OK);
	ck_assert_int_eq(truce_world_write(ctx, r, path_of("2.world")), TRUCE_OK);
	char *a, *b;
	size_t la, lb;
	ck_assert_int_eq(truce_file_read(ctx, &a, &la, path_of("1.world"), 0), TRUCE_OK);
	ck_assert_int_eq(truce_file_read(ctx, &b, &lb, path_of("2.world"), 0), TRUCE_OK);
	ck_assert_uint_eq(la, lb);
	ck_assert_int_eq(memcmp(a, b, la), 0);
	truce_release(ctx, a);
	truce_release(ctx, b);
	for (size_t e = 0; e < 8; e++) {
		ck_assert_double_eq(w->flow[e], r->flow[e]);
		ck_assert_double_eq(w->tariff[e], r->tariff[e]);
		ck_assert_uint_eq(w->estimated[e], r->estimated[e]);
		ck_assert_double_eq(w->input_share[e], r->input_share[e]);
	}
	ck_assert_double_eq(r->theta_se[0], 0.5);
	ck_assert(isnan(r->theta_se[1]) && isnan(r->psi[0]));
	ck_assert_str_eq(r->name, "small");
	bool whole = false;
	ck_assert_uint_eq(truce_world_region_of(r, "AA", &whole), 0);
	ck_assert(whole);
	ck_assert_uint_eq(truce_world_region_of(r, "FR", &whole), 1); /* a country that nobody names lies in the rest */
	ck_assert(!whole);
	ck_assert_uint_eq(truce_world_region_of(r, "nobody", NULL), TRUCE_WORLD_NONE);
	truce_world_free(w);
	truce_world_free(r);
	end();
}
END_TEST

/* Spoils one cell and expects the refusal to name it. */
static void refused(size_t kind, double value, const char *words)
{
	begin();
	truce_world *w = small_world(ctx);
	double *cell[] = { &w->flow[1], &w->tariff[1], &w->tariff[0], &w->value_added[3], &w->input_share[2], &w->theta[1],
		&w->psi[0] };
	*cell[kind] = value;
	ck_assert_int_eq(truce_world_finish(ctx, w, "bad", NULL), TRUCE_INPUT);
	ck_assert_msg(said(words), "%s", words);
	truce_world_free(w);
	end();
}

START_TEST(bad_worlds_are_refused_with_the_cell_named)
{
	refused(0, -1, "the flow of goods from BBB to AAA is negative (-1)");
	refused(0, NAN, "the flow of goods from BBB to AAA is not a number");
	refused(0, INFINITY, "the flow of goods from BBB to AAA is not a number");
	refused(1, -1, "goods from BBB to AAA bears a tariff that is not above -1");
	refused(2, 0.1, "goods from AAA to AAA is sold at home and bears a tariff");
	refused(3, 0.9, "the shares of services in BBB sum to 1.3, not 1");
	refused(3, 0, "the value-added share of services in BBB is 0");
	refused(4, -0.1, "the share of input goods in the output of services in AAA is -0.1");
	refused(5, 0, "theta of sector services is not above 0");
	refused(5, NAN, "theta of sector services is not above 0");
	refused(6, -1, "psi of sector goods is negative");
	begin();
	truce_world *w = small_world(ctx);
	for (int j = 0; j < 2; j++)
		for (int n = 0; n < 2; n++)
			w->flow[truce_world_edge(w, (size_t)j, (size_t)n, 1)] = 0;
	ck_assert_int_eq(truce_world_finish(ctx, w, "bad", NULL), TRUCE_INPUT);
	ck_assert(said("region BBB has no output"));
	truce_world_free(w);
	w = small_world(ctx);
	ck_assert_int_eq(truce_world_keep_final(w), TRUCE_OK);
	w->final_share[0] = w->final_share[2] = 0.999;
	w->final_share[1] = w->final_share[3] = 0.001;
	ck_assert_int_eq(truce_world_finish(ctx, w, "bad", NULL), TRUCE_INPUT);
	ck_assert(said("too far from balance"));
	truce_world_free(w);
	w = small_world(ctx);
	w->region[1] = "AAA";
	ck_assert_int_eq(truce_world_finish(ctx, w, "bad", NULL), TRUCE_INPUT);
	ck_assert(said("two regions are called AAA"));
	truce_world_free(w);
	end();
}
END_TEST

static void put_tables(void)
{
	put("elasticity.csv", "sector,theta,se,psi\ngoods,4,0.5,\nservices,5,,\n");
	put("value_added.csv", "region,sector,share\nUSA,goods,0.6\nUSA,services,0.6\nCHN,goods,0.6\nCHN,services,0.6\n");
	put("inputs.csv", "region,input_sector,using_sector,share\nUSA,goods,goods,0.3\nUSA,services,goods,0.1\n"
		"USA,goods,services,0.1\nUSA,services,services,0.3\nCHN,goods,goods,0.3\nCHN,services,goods,0.1\n"
		"CHN,goods,services,0.1\nCHN,services,services,0.299999\n");
	put("flows.csv", "sector,exporter,importer,value,tariff\ngoods,USA,USA,80,0\ngoods,CHN,USA,20,0.1\n"
		"goods,USA,CHN,10,0\ngoods,CHN,CHN,90,0\nservices,USA,USA,100,0\nservices,USA,CHN,5,0\nservices,CHN,CHN,60,0\n");
}

START_TEST(plain_tables_become_a_world)
{
	begin();
	put_tables();
	truce_world *w = NULL;
	ck_assert_int_eq(truce_world_import_csv(ctx, &w, folder, 1e6), TRUCE_OK);
	ck_assert(w->balanced);
	ck_assert_double_eq(w->flow[truce_world_edge(w, 0, 0, 1)], 20e6);
	ck_assert_double_eq(w->tariff[truce_world_edge(w, 0, 0, 1)], 0.1);
	ck_assert_uint_eq(truce_world_region_of(w, "CN", NULL), 1);
	ck_assert(said("rescaled: 1 of output"));
	truce_world_free(w);
	end();
}
END_TEST

static void table_refused(const char *file, const char *text, const char *words)
{
	begin();
	put_tables();
	put(file, text);
	truce_world *w = NULL;
	ck_assert_int_eq(truce_world_import_csv(ctx, &w, folder, 1), TRUCE_INPUT);
	ck_assert_ptr_null(w);
	ck_assert(said(words));
	end();
}

START_TEST(bad_tables_are_refused_with_line_and_cell)
{
	table_refused("flows.csv", "sector,exporter,importer,value,tariff\ngoods,USA,USA,-80,0\n", "is negative");
	table_refused("flows.csv", "sector,exporter,importer,value,tariff\ngoods,USA,USX,80,0\n", "did you mean USA?");
	table_refused("flows.csv", "sector,exporter,importer,value,tariff\ngoods,USA,USA,80,0\ngoods,USA,USA,80,0\n",
		"stands here twice");
	table_refused("elasticity.csv", "sector,theta\ngoods,0\n", "is not above 0");
	begin();
	put("theta.csv", "sector,theta,psi\ngoods,4,\nservices,4,-1\n");
	truce_world *raw = small_world(ctx);
	ck_assert_int_eq(truce_world_read_elasticities(ctx, raw, path_of("theta.csv")), TRUCE_INPUT);
	ck_assert(said("psi of sector services is negative"));
	truce_world_free(raw);
	end();
	table_refused("inputs.csv", "region,input_sector,using_sector,share\nUSA,goods,goods,0.3\n", "sum to");
	table_refused("final.csv", "region,sector,share\nUSA,goods,0.5\n", "the final shares of USA sum to 0.5");
	table_refused("value_added.csv", "region,sector\nUSA,goods\n", "share");
	table_refused("members.csv", "region,member,whole\nUSA,US,yes\n", "whole is 0 or 1");
}
END_TEST

/* N x J with everybody trading everything, out of balance by some per cent; no draw depends on a library. */
static truce_world *made_up_world(size_t N, size_t J)
{
	static char ids[400][8];
	uint32_t state = 1;
	truce_world *w = NULL;
	ck_assert_int_eq(truce_world_new(ctx, &w, N, J), TRUCE_OK);
	ck_assert_int_eq(truce_world_keep_final(w), TRUCE_OK);
	w->name = "made up";
	for (size_t n = 0; n < N; n++)
		w->region[n] = memcpy(ids[n], (char[8]){ 'R', (char)('A' + n / 26), (char)('A' + n % 26) }, 8);
	for (size_t j = 0; j < J; j++)
		w->sector[j] = memcpy(ids[200 + j], (char[8]){ 's', (char)('a' + j / 26), (char)('a' + j % 26) }, 8);
	for (size_t j = 0; j < J; j++) {
		w->theta[j] = 4;
		for (size_t n = 0; n < N; n++) {
			w->value_added[n * J + j] = 0.5;
			w->final_share[n * J + j] = 1.0 / (double)J;
			for (size_t k = 0; k < J; k++)
				w->input_share[(n * J + j) * J + k] = 0.5 / (double)J;
			for (size_t i = 0; i < N; i++) {
				size_t e = truce_world_edge(w, j, n, i);
				state = state * 1664525u + 1013904223u;
				w->flow[e] = ((state >> 16) % 100 + 1) * 1e6 * (i == n ? 10 * (double)N : 1);
				w->tariff[e] = i == n ? 0 : (state >> 24) / 1000.0;
			}
		}
	}
	return w;
}

/* The world's flows as one number (FNV-1a), to hold bits against bits. */
static uint64_t bits_of(const truce_world *w)
{
	const unsigned char *byte = (const unsigned char *)w->flow;
	uint64_t hash = 14695981039346656037u;
	for (size_t b = 0; b < w->regions * w->regions * w->sectors * sizeof(double); b++)
		hash = (hash ^ byte[b]) * 1099511628211u;
	return hash;
}

START_TEST(a_table_is_balanced_with_its_technology_and_the_same_bits_everywhere)
{
	begin();
	truce_world *w = made_up_world(13, 17), *b = NULL; /* 221 unknowns: several panels and a remainder */
	ck_assert_int_eq(truce_world_finish(ctx, w, "made up", NULL), TRUCE_OK);
	ck_assert(!w->balanced);
	double moved = 0, added = 0, added_before = 0;
	ck_assert_int_eq(truce_world_balance(ctx, &b, w, &moved), TRUCE_OK);
	ck_assert(b->balanced && moved > 1e-6);
	for (size_t n = 0; n < 13; n++) {
		added += truce_world_gdp(b, n);
		added_before += truce_world_gdp(w, n);
		ck_assert_double_eq_tol(truce_world_deficit(b, n), truce_world_deficit(w, n), 10);
	}
	ck_assert_double_eq_tol(added / added_before, 1, 1e-13);
	/* Trade shares stay. */
	size_t e = truce_world_edge(w, 5, 2, 11);
	ck_assert_double_eq_tol(b->flow[e] / truce_world_spending(b, 2, 5), w->flow[e] / truce_world_spending(w, 2, 5), 1e-14);
	ck_assert_msg(bits_of(b) == UINT64_C(0x220b71bad7c8ce5a), "%016llx", (unsigned long long)bits_of(b));
	truce_world_free(b);
	truce_world_free(w);
	end();
}
END_TEST

/* A balanced world with made-up trade. */
static truce_world *balanced_world(size_t N, size_t J)
{
	truce_world *w = made_up_world(N, J), *b = NULL;
	ck_assert_int_eq(truce_world_finish(ctx, w, "made up", &(truce_world_rules){ .imbalance_limit = 10 }), TRUCE_OK);
	ck_assert_int_eq(truce_world_balance(ctx, &b, w, NULL), TRUCE_OK);
	truce_world_free(w);
	return b;
}

static double all_flows(const truce_world *w)
{
	double sum = 0;
	for (size_t e = 0; e < w->regions * w->regions * w->sectors; e++)
		sum += w->flow[e];
	return sum;
}

static void holds(const truce_world *w)
{
	truce_world_identity identity[TRUCE_WORLD_IDENTITIES];
	ck_assert_int_eq(truce_world_check(ctx, w, identity), TRUCE_OK);
	for (int i = 0; i < TRUCE_WORLD_IDENTITIES; i++)
		ck_assert_msg(identity[i].residual <= identity[i].limit, "%s %g", identity[i].name, identity[i].residual);
}

START_TEST(regions_and_sectors_are_added_up)
{
	begin();
	truce_world *w = balanced_world(5, 4), *a = NULL;
	ck_assert_int_eq(truce_world_add_member(ctx, w, "AA", 0, true), TRUCE_OK);
	ck_assert_int_eq(truce_world_add_member(ctx, w, "BB", 3, true), TRUCE_OK);
	w->theta[1] = 8;
	const truce_world_map regions = { 3, (const char *[]){ "X", "Y", "Z" }, NULL, (const size_t[]){ 0, 1, 1, 1, 2 } };
	const truce_world_map sectors = { 2, (const char *[]){ "p", "q" }, NULL, (const size_t[]){ 0, 0, 1, 1 } };
	ck_assert_int_eq(truce_world_aggregate(ctx, &a, w, &regions, &sectors), TRUCE_OK);
	ck_assert(a->balanced);
	holds(a);
	ck_assert_double_eq_tol(all_flows(a) / all_flows(w), 1, 1e-14);
	ck_assert_double_eq_tol(truce_world_gdp(a, 1), truce_world_gdp(w, 1) + truce_world_gdp(w, 2) + truce_world_gdp(w, 3), 100);
	/* Duties on trade between the regions that stay apart are kept; those inside Y are gone. */
	ck_assert_double_eq_tol(truce_world_duties(a, 0) / truce_world_duties(w, 0), 1, 1e-12);
	ck_assert(truce_world_duties(a, 1) < truce_world_duties(w, 1) + truce_world_duties(w, 2) + truce_world_duties(w, 3));
	ck_assert(a->theta[0] > 5 && a->theta[0] < 7 && fabs(a->theta[1] - 4) < 1e-12);
	bool whole = false;
	ck_assert_uint_eq(truce_world_region_of(a, "AA", &whole), 0);
	ck_assert(whole);
	ck_assert_uint_eq(truce_world_region_of(a, "BB", &whole), 1);
	ck_assert(!whole);
	truce_world_free(a);
	truce_world_free(w);
	end();
}
END_TEST

START_TEST(a_product_leaves_its_sector_and_nothing_is_lost)
{
	begin();
	truce_world *w = balanced_world(4, 3), *s = NULL;
	size_t e = truce_world_edge(w, 1, 0, 2), f = truce_world_edge(w, 1, 0, 3);
	const truce_world_product_flow flows[] = {
		{ .exporter = 2, .importer = 0, .value = 0.25 * w->flow[e], .tariff = 1.5 * w->tariff[e] },
		{ .exporter = 3, .importer = 0, .value = 0.1 * w->flow[f], .tariff = NAN, .estimated = true },
		{ .exporter = 1, .importer = TRUCE_WORLD_NONE, .value = 1e6, .tariff = NAN },
	};
	const double users[] = { 1, 0, 3 };
	const truce_world_split_plan plan = { .id = "new", .name = "New", .sector = 1, .count = 3, .flows = flows, .users = users,
		.intermediate = 0.5, .theta = 9, .theta_se = 2 };
	ck_assert_int_eq(truce_world_split(ctx, &s, w, &plan), TRUCE_OK);
	ck_assert_uint_eq(s->sectors, 4);
	ck_assert(s->balanced);
	holds(s);
	for (size_t n = 0; n < 4; n++)
		for (size_t i = 0; i < 4; i++) {
			size_t a = truce_world_edge(s, 1, n, i), b = truce_world_edge(s, 3, n, i), was = truce_world_edge(w, 1, n, i);
			ck_assert_double_eq_tol((s->flow[a] + s->flow[b]) / w->flow[was], 1, 1e-14);
			ck_assert_double_eq_tol(s->flow[a] * s->tariff[a] + s->flow[b] * s->tariff[b], w->flow[was] * w->tariff[was], 1e-3);
		}
	e = truce_world_edge(s, 3, 0, 2), f = truce_world_edge(s, 3, 0, 3);
	ck_assert_double_eq(s->flow[e], flows[0].value);
	ck_assert_double_eq_tol(s->tariff[e], flows[0].tariff, 1e-15);
	ck_assert(!s->estimated[e] && s->estimated[f] && s->estimated[truce_world_edge(s, 1, 0, 3)]);
	ck_assert(s->estimated[truce_world_edge(s, 3, 1, 0)]);
	double exports = 0;
	for (size_t n = 0; n < 4; n++)
		exports += n == 1 ? 0 : s->flow[truce_world_edge(s, 3, n, 1)];
	ck_assert_double_eq_tol(exports, 1e6, 1e-3);
	ck_assert_double_eq(s->theta[3], 9);
	/* Who is said not to use it does not. */
	ck_assert_double_eq(s->input_share[(0 * 4 + 1) * 4 + 3], 0);
	ck_assert(s->input_share[(0 * 4 + 2) * 4 + 3] > 0);
	truce_world_free(s);
	const truce_world_split_plan nameless = { .sector = 1 }, far = { .id = "x", .sector = 7 };
	ck_assert_int_eq(truce_world_split(ctx, &s, w, &nameless), TRUCE_INPUT);
	ck_assert_int_eq(truce_world_split(ctx, &s, w, &far), TRUCE_INPUT);
	truce_world_free(w);
	end();
}
END_TEST

START_TEST(a_table_is_carried_to_totals_and_keeps_what_is_known)
{
	begin();
	truce_world *w = balanced_world(4, 3), *u = NULL;
	const uint8_t second[] = { 0, 1, 0 }, two[] = { 1, 1, 0 };
	double trade = 0;
	for (size_t j = 0; j < 2; j++)
		trade += w->flow[truce_world_edge(w, j, 3, 1)];
	const truce_world_target targets[] = {
		{ .kind = TRUCE_TARGET_FLOW, .sectors = second, .exporter = 2, .importer = 0, .value = 123456789 },
		{ .kind = TRUCE_TARGET_FLOW, .sectors = two, .exporter = 1, .importer = 3, .value = 1.2 * trade },
		{ .kind = TRUCE_TARGET_GDP, .exporter = TRUCE_WORLD_NONE, .importer = 0, .value = 1.1 * truce_world_gdp(w, 0) },
		{ .kind = TRUCE_TARGET_DEFICIT, .exporter = TRUCE_WORLD_NONE, .importer = 1, .value = 5e6 },
		{ .kind = TRUCE_TARGET_TARIFF, .sectors = second, .exporter = 2, .importer = 0, .value = 0.25 },
	};
	truce_world_update_info info;
	const truce_world_update_plan plan = { .count = 5, .targets = targets };
	ck_assert_int_eq(truce_world_update(ctx, &u, w, &plan, &info), TRUCE_OK);
	ck_assert(u->balanced && info.gap <= 1e-9);
	holds(u);
	size_t e = truce_world_edge(u, 1, 0, 2);
	ck_assert_double_eq(u->flow[e], 123456789);
	ck_assert_double_eq(u->tariff[e], 0.25);
	ck_assert(!u->estimated[e] && u->estimated[truce_world_edge(u, 0, 0, 2)]);
	double moved = 0;
	for (size_t j = 0; j < 2; j++)
		moved += u->flow[truce_world_edge(u, j, 3, 1)];
	ck_assert_double_eq_tol(moved / trade, 1.2, 1e-8);
	ck_assert_double_eq_tol(truce_world_gdp(u, 0) / truce_world_gdp(w, 0), 1.1, 1e-7);
	ck_assert_double_eq_tol(truce_world_deficit(u, 1), 5e6, 50);
	truce_world_free(u);
	/* Two totals that cannot both be. */
	const truce_world_target against[] = {
		{ .kind = TRUCE_TARGET_FLOW, .exporter = 1, .importer = 3, .value = 1e6, .line = 7 },
		{ .kind = TRUCE_TARGET_FLOW, .exporter = 1, .importer = 3, .value = 2e6, .line = 8 },
	};
	const truce_world_update_plan bad = { .count = 2, .targets = against, .sweeps = 50 };
	ck_assert_int_eq(truce_world_update(ctx, &u, w, &bad, &info), TRUCE_CONVERGE);
	ck_assert_ptr_null(u);
	ck_assert(said("of the targets"));
	truce_world_free(w);
	end();
}
END_TEST

START_TEST(regions_are_split_by_the_pattern_of_another_world)
{
	begin();
	truce_world *w = balanced_world(2, 2), *pattern = balanced_world(3, 1), *s = NULL;
	pattern->region[0] = "P";
	pattern->region[1] = "Q";
	const size_t regions[] = { 0, 1, 1 }, sectors[] = { 0, 0 };
	ck_assert_int_eq(truce_world_spread(ctx, &s, w, pattern, regions, sectors), TRUCE_OK);
	ck_assert_uint_eq(s->regions, 3);
	ck_assert_double_eq_tol(all_flows(s) / all_flows(w), 1, 1e-14);
	size_t a = truce_world_edge(s, 1, 0, 1), b = truce_world_edge(s, 1, 0, 2), coarse = truce_world_edge(w, 1, 0, 1);
	ck_assert_double_eq_tol((s->flow[a] + s->flow[b]) / w->flow[coarse], 1, 1e-14);
	ck_assert_double_eq_tol(s->flow[a] / s->flow[b], pattern->flow[truce_world_edge(pattern, 0, 0, 1)] /
		pattern->flow[truce_world_edge(pattern, 0, 0, 2)], 1e-12);
	ck_assert(s->estimated[a] && !s->estimated[truce_world_edge(s, 1, 0, 0)]);
	ck_assert_double_eq(s->tariff[a], w->tariff[coarse]);
	truce_world_free(s);
	truce_world_free(pattern);
	truce_world_free(w);
	end();
}
END_TEST

/* OECD's layout: China in two parts, a label with a second bar, inventories below 0, quotes, an empty line. */
static const char table[] = "V1,USA_A,USA_C17_18,CN1_A,CN1_C17_18,CN2_A,CN2_C17_18,USA_HFCE,USA_INVNT,CHN_HFCE,OUT\n"
	"USA_A,1,2,0.5,0,0,0,6,0.5,0,10\nUSA_C17_18,2,3,0,1,0,0,9,0,0,15\nCN1_A,0.25,0,2,1,0,0,1,0,4,8.25\n"
	"CN1_C17_18,0,0,1,2,0,0,0,-0.5,5,7.5\n\nCN2_A,0,0,0,0,1,0.5,0,0,1,2.5\n\"CN2_C17_18\",0,0,0,0,1,1e0,0,0,2,4\n"
	"TLS,0,0,0,0,0,0,0,0,0,0\nVA,6.75,10,4.75,3.5,0.5,2.5,0,0,0,0\nOUT,10,15,8.25,7.5,2.5,4,0,0,0,0\n";

START_TEST(an_inter_country_table_becomes_a_world)
{
	begin();
	truce_world *w = NULL;
	put("table.csv", table);
	put("theta.csv", "sector,theta,se,psi\nA,4,0.5,\nC17_18,3,,0.1\nB,9,,\n");
	ck_assert_int_eq(truce_world_import_table(ctx, &w, path_of("table.csv"), 1e6, path_of("theta.csv")), TRUCE_OK);
	ck_assert_uint_eq(w->regions, 2);
	ck_assert_uint_eq(w->sectors, 2);
	ck_assert_str_eq(w->region[1], "CHN");
	ck_assert_str_eq(w->sector[1], "C17_18");
	ck_assert_double_eq(w->flow[truce_world_edge(w, 0, 1, 1)], (2 + 1 + 4 + 1 + 0.5 + 1) * 1e6);
	ck_assert_double_eq(w->flow[truce_world_edge(w, 0, 0, 1)], 1.25e6);
	ck_assert_double_eq(w->flow[truce_world_edge(w, 1, 0, 1)], 0); /* inventories run down */
	ck_assert(said("1 flows between regions were negative"));
	ck_assert_double_eq(w->theta[1], 3);
	ck_assert_double_eq(w->psi[1], 0.1);
	/* Inputs of USA_A: 1 + 2 + 0.25 of 10. */
	ck_assert_double_eq_tol(w->value_added[0], 0.675, 1e-15);
	ck_assert_uint_eq(truce_world_region_of(w, "CN", NULL), 1);
	truce_world_free(w);
	end();
}
END_TEST

static void wide_table_refused(const char *text, const char *elasticity, const char *words)
{
	begin();
	truce_world *w = NULL;
	put("table.csv", text);
	if (elasticity)
		put("theta.csv", elasticity);
	ck_assert_int_eq(truce_world_import_table(ctx, &w, path_of("table.csv"), 1e6, elasticity ? path_of("theta.csv") : NULL),
		TRUCE_INPUT);
	ck_assert_ptr_null(w);
	ck_assert(said(words));
	end();
}

START_TEST(damaged_inter_country_tables_are_refused)
{
	wide_table_refused("", NULL, "the file is empty");
	wide_table_refused("V1,USA_HFCE\nUSA_A,1\n", NULL, "the header names no industry");
	wide_table_refused("V1,USA\nUSA,1\n", NULL, "column 2 is called \"USA\"");
	wide_table_refused("V1,USA_A,USA_HFCE\nUSA_A,1\n", NULL, "fewer cells");
	wide_table_refused("V1,USA_A,USA_HFCE\nUSA_A,1,x\n", NULL, "holds \"x\", not a number");
	wide_table_refused("V1,USA_A,USA_HFCE\nUSA_A,1,nan\n", NULL, "holds \"nan\", not a number");
	wide_table_refused("V1,USA_A,USA_HFCE\nUSA_A,1,2\nUSA_A,1,2\n", NULL, "stands here twice");
	wide_table_refused("V1,USA_A,USA_HFCE\nCAN_A,1,2\n", NULL, "row \"CAN_A\" has no column");
	wide_table_refused("V1,USA_A,USA_B,USA_HFCE\nUSA_A,1,2,3\n", NULL, "the row of B in USA is missing");
	wide_table_refused("V1,USA_A,USA_HFCE\nUSA_A,0,0\n", NULL, "region USA has no output");
	wide_table_refused(table, "sector,theta\nA,4\n", "sector C17_18 has no theta here");
	wide_table_refused(table, "sector,theta\nA,0\nC17_18,3\n", "theta of sector A is not above 0");
}
END_TEST

static int change_worlds(truce_context *c, void *user)
{
	truce_world *w = NULL, *a = NULL, *b = NULL, *s = NULL, *u = NULL, *r = NULL, *t = NULL;
	const size_t same[] = { 0, 1 }, one[] = { 0, 0 };
	const truce_world_map sectors = { 1, (const char *[]){ "all" }, NULL, one };
	const truce_world_product_flow flow = { .exporter = 0, .importer = 1, .value = 2e9, .tariff = NAN };
	const truce_world_split_plan plan = { .id = "new", .sector = 0, .count = 1, .flows = &flow, .intermediate = NAN, .theta = NAN };
	const truce_world_target target = { .kind = TRUCE_TARGET_GDP, .exporter = TRUCE_WORLD_NONE, .importer = 0, .value = 130e9 };
	const truce_world_update_plan carry = { .count = 1, .targets = &target };
	(void)user;
	w = small_world(c);
	int error = w ? truce_world_finish(c, w, "small", NULL) : TRUCE_MEMORY;
	if (!error)
		error = truce_world_aggregate(c, &a, w, NULL, &sectors);
	if (!error)
		error = truce_world_balance(c, &b, w, NULL);
	if (!error)
		error = truce_world_round(c, &r, b, 1e6, 1e-3);
	if (!error)
		error = truce_world_split(c, &s, w, &plan);
	if (!error)
		error = truce_world_update(c, &u, w, &carry, NULL);
	truce_world_free(u);
	u = NULL;
	if (!error)
		error = truce_world_spread(c, &u, w, w, same, same);
	if (!error)
		error = truce_world_import_table(c, &t, path_of("table.csv"), 1e6, path_of("theta.csv"));
	truce_world *all[] = { w, a, b, s, u, r, t };
	for (size_t i = 0; i < sizeof all / sizeof *all; i++)
		truce_world_free(all[i]);
	return error;
}

START_TEST(every_allocation_of_a_change_may_fail)
{
	begin();
	put("table.csv", table);
	put("theta.csv", "sector,theta\nA,4\nC17_18,3\n");
	truce_fail_every_allocation(change_worlds, NULL);
	end();
}
END_TEST

static int import_and_keep(truce_context *c, void *user)
{
	truce_world *w = NULL, *r = NULL;
	(void)user;
	int error = truce_world_import_csv(c, &w, folder, 1);
	if (!error)
		error = truce_world_write(c, w, path_of("f.world"));
	if (!error)
		error = truce_world_read(c, &r, path_of("f.world"));
	truce_world_free(r);
	truce_world_free(w);
	return error;
}

START_TEST(every_allocation_may_fail)
{
	begin();
	put_tables();
	truce_fail_every_allocation(import_and_keep, NULL);
	end();
}
END_TEST

/* A column that SQLite computes could ask for any work: refused however it is written. */
START_TEST(computed_columns_are_refused)
{
	static const char *const ways[] = {"AS(flow)", "AS\n(flow)", "generated always as (flow)"};
	begin();
	truce_world *w = small_world(ctx), *r;
	char *bytes, sql[200];
	size_t length;
	ck_assert_int_eq(truce_world_finish(ctx, w, "small", NULL), TRUCE_OK);
	ck_assert_int_eq(truce_world_to_bytes(ctx, w, &bytes, &length), TRUCE_OK);
	for (size_t k = 0; k < 3; k++) {
		sqlite3 *db;
		sqlite3_int64 size = 0;
		unsigned char *copy = sqlite3_malloc64(length);
		memcpy(copy, bytes, length);
		ck_assert_int_eq(sqlite3_open(":memory:", &db), SQLITE_OK);
		ck_assert_int_eq(sqlite3_deserialize(db, "main", copy, (sqlite3_int64)length, (sqlite3_int64)length,
			SQLITE_DESERIALIZE_FREEONCLOSE | SQLITE_DESERIALIZE_RESIZEABLE), SQLITE_OK);
		snprintf(sql, sizeof sql, "ALTER TABLE edge ADD COLUMN extra REAL %s", ways[k]);
		ck_assert_int_eq(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
		unsigned char *changed = sqlite3_serialize(db, "main", &size, 0);
		ck_assert_int_eq(truce_world_read_bytes(ctx, &r, "computed", changed, (size_t)size), TRUCE_INPUT);
		sqlite3_free(changed);
		sqlite3_close(db);
	}
	ck_assert_int_eq(truce_world_read_bytes(ctx, &r, "plain", bytes, length), TRUCE_OK);
	truce_world_free(r);
	truce_release(ctx, bytes);
	truce_world_free(w);
	end();
}
END_TEST

START_TEST(damaged_files_are_refused)
{
	begin();
	truce_world *w = small_world(ctx), *r;
	ck_assert_int_eq(truce_world_finish(ctx, w, "small", NULL), TRUCE_OK);
	ck_assert_int_eq(truce_world_write(ctx, w, path_of("1.world")), TRUCE_OK);
	char *bytes;
	size_t length;
	ck_assert_int_eq(truce_file_read(ctx, &bytes, &length, path_of("1.world"), 0), TRUCE_OK);
	for (size_t cut = 0; cut < length; cut += 997) {
		int error = truce_world_read_bytes(ctx, &r, "cut", bytes, cut);
		ck_assert(error != TRUCE_OK);
		truce_diagnostics_clear(ctx);
	}
	/* One byte off at a time: read as another world or refused, never more. */
	for (size_t at = 0; at < length; at += 41) {
		char keep = bytes[at];
		bytes[at] = (char)(keep ^ 0x55);
		if (truce_world_read_bytes(ctx, &r, "spoiled", bytes, length) == TRUCE_OK)
			truce_world_free(r);
		truce_diagnostics_clear(ctx);
		bytes[at] = keep;
	}
	truce_release(ctx, bytes);
	truce_world_free(w);
	end();
}
END_TEST

int main(void)
{
	return truce_test_main("world", (const truce_test[]){ T(a_small_world_is_balanced_and_its_sums_are_right),
		T(what_is_written_is_read_and_has_the_same_bytes), T(bad_worlds_are_refused_with_the_cell_named),
		T(a_table_is_balanced_with_its_technology_and_the_same_bits_everywhere),
		T(regions_and_sectors_are_added_up),
		T(a_product_leaves_its_sector_and_nothing_is_lost), T(a_table_is_carried_to_totals_and_keeps_what_is_known),
		T(regions_are_split_by_the_pattern_of_another_world), T(an_inter_country_table_becomes_a_world),
		T(damaged_inter_country_tables_are_refused), T(every_allocation_of_a_change_may_fail),
		T(plain_tables_become_a_world), T(bad_tables_are_refused_with_line_and_cell), T(every_allocation_may_fail),
		T(computed_columns_are_refused), T(damaged_files_are_refused), { 0 } });
}
