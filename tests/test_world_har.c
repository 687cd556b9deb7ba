/* Unit tests of room world: header array files. */
#include "frame.h"
#include "har.h"

#include <truce/world.h>
#include <world/har.h>

static truce_context *ctx;

static void begin(void)
{
	ck_assert_int_eq(truce_context_new(&ctx, NULL), TRUCE_OK);
}

static void end(void)
{
	truce_context_free(ctx);
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

static const char *const goods_names[] = { "crops", "goods", "svces" }, *const region_names[] = { "usa", "xrw" };
static const struct har_set comm = { "COMM", 3, goods_names }, acts = { "ACTS", 3, goods_names }, reg = { "REG", 2, region_names },
	marg = { "MARG", 1, goods_names + 2 };
enum { CROPS, GOODS, SVCES };
enum { USA, ROW };

/* A data base of two regions and three commodities, millions of US$, made up; margins, duties, trade inside a region. */
static void write_gtap(struct har_writer *w, int piece, int sparse)
{
	double fob[12] = { 0 }, cif[12], basic[12], margin[12] = { 0 };
	double home[18] = { 0 }, abroad[18] = { 0 }, private[6] = { 0 }, government[6] = { 0 }, investment[6] = { 0 };
#define EDGE(c, s, d) [(c) + 3 * ((s) + 2 * (d))]
#define USE(c, k, r) [(c) + 3 * ((k) + 3 * (r))]
#define FINAL(c, r) [(c) + 3 * (r)]
	fob EDGE(CROPS, USA, ROW) = 20, margin EDGE(CROPS, USA, ROW) = 2;
	fob EDGE(GOODS, ROW, USA) = 40, margin EDGE(GOODS, ROW, USA) = 4;
	fob EDGE(GOODS, ROW, ROW) = 10, margin EDGE(GOODS, ROW, ROW) = 1;
	fob EDGE(SVCES, USA, ROW) = 5;
	for (int e = 0; e < 12; e++)
		cif[e] = basic[e] = fob[e] + margin[e];
	basic EDGE(CROPS, USA, ROW) *= 1.1;
	basic EDGE(GOODS, ROW, USA) *= 1.05;
	basic EDGE(GOODS, ROW, ROW) *= 1.05;
	home USE(CROPS, GOODS, USA) = 30, home USE(GOODS, GOODS, USA) = 50, home USE(GOODS, SVCES, USA) = 20;
	home USE(SVCES, CROPS, USA) = 5, home USE(SVCES, GOODS, USA) = 20, home USE(SVCES, SVCES, USA) = 40;
	home USE(CROPS, GOODS, ROW) = 80, home USE(GOODS, GOODS, ROW) = 200, home USE(GOODS, SVCES, ROW) = 50;
	home USE(GOODS, CROPS, ROW) = 20, home USE(SVCES, GOODS, ROW) = 60, home USE(SVCES, SVCES, ROW) = 100;
	home USE(SVCES, CROPS, ROW) = 10;
	abroad USE(CROPS, GOODS, ROW) = 14.2, abroad USE(GOODS, CROPS, USA) = 6.2, abroad USE(GOODS, SVCES, USA) = 10;
	abroad USE(SVCES, GOODS, ROW) = 5;
	private FINAL(CROPS, USA) = 25, private FINAL(GOODS, USA) = 120, private FINAL(SVCES, USA) = 300;
	private FINAL(CROPS, ROW) = 90, private FINAL(GOODS, ROW) = 300, private FINAL(SVCES, ROW) = 700;
	government FINAL(SVCES, USA) = 60, government FINAL(SVCES, ROW) = 200;
	investment FINAL(GOODS, USA) = 40, investment FINAL(GOODS, ROW) = 150;
	memset(w, 0, sizeof *w);
	har_header(w, "DVER", "1CFULL", "a header that is not needed", 2, (int[]){ 2, 10 });
	har_texts(w, 2, (const char *const[]){ "made up", "by a test" }, 10, 0);
	const struct har_set *edge[] = { &comm, &reg, &reg }, *use[] = { &comm, &acts, &reg }, *final[] = { &comm, &reg };
	const struct har_set *pool[] = { &marg, &reg }, *way[] = { &marg, &comm, &reg, &reg }, *one[] = { &comm };
	har_real(w, "VCIF", 3, edge, cif, piece, sparse);
	har_real(w, "VFOB", 3, edge, fob, piece, sparse);
	har_real(w, "VMSB", 3, edge, basic, piece, sparse);
	har_real(w, "VST", 2, pool, (double[]){ 3, 4 }, 0, 0);
	har_real(w, "VTWR", 4, way, margin, piece, sparse);
	har_real(w, "VDFB", 3, use, home, piece, 0);
	har_real(w, "VMFB", 3, use, abroad, piece, sparse);
	har_real(w, "VDPB", 2, final, private, piece, 0);
	har_real(w, "VDGB", 2, final, government, 0, sparse);
	har_real(w, "VDIB", 2, final, investment, 0, sparse);
	har_real(w, "ESBM", 1, one, (double[]){ 5, 6.5, 3.8 }, 0, 0);
}

static void check_world(const truce_world *w)
{
	ck_assert_uint_eq(w->regions, 2);
	ck_assert_uint_eq(w->sectors, 3);
	ck_assert(w->balanced);
	ck_assert_double_eq_tol(w->flow[truce_world_edge(w, GOODS, USA, ROW)], 40e6, 1);
	ck_assert_double_eq_tol(w->tariff[truce_world_edge(w, GOODS, USA, ROW)], 2.2 / 40, 1e-6);
	ck_assert_double_eq_tol(w->tariff[truce_world_edge(w, CROPS, ROW, USA)], 2.2 / 20, 1e-6);
	ck_assert_double_eq(w->tariff[truce_world_edge(w, SVCES, ROW, USA)], 0);
	ck_assert_double_eq_tol(truce_world_duties(w, USA), 2.2e6, 10);
	/* Home sales, then trade inside the region with its duty. */
	ck_assert_double_eq_tol(w->flow[truce_world_edge(w, GOODS, ROW, ROW)], 730.55e6, 100);
	/* Home 425, exports 5, and 3 of the world's 7 of transport. */
	ck_assert_double_eq_tol(truce_world_output(w, USA, SVCES), 433e6, 100);
	/* What the US spends on imported goods, duty and transport inside: 46.2; on all goods and transport with home sales. */
	ck_assert_double_eq_tol(truce_world_spending(w, USA, GOODS) + truce_world_spending(w, USA, SVCES), (230 + 425 + 46.2) * 1e6,
		200);
	/* Crops use 5 of services, and 6.2 of imported goods of which 4/46.2 is transport. */
	double output = truce_world_output(w, USA, CROPS), transport = 6.2 * 4 / 46.2;
	ck_assert_double_eq_tol(w->input_share[(USA * 3 + CROPS) * 3 + SVCES] * output, (5 + transport) * 1e6, 10);
	ck_assert_double_eq_tol(w->input_share[(USA * 3 + CROPS) * 3 + GOODS] * output, (6.2 - transport) * 1e6, 10);
	ck_assert_double_eq_tol(w->theta[GOODS], 5.5, 1e-6);
	bool whole = false;
	ck_assert_uint_eq(truce_world_region_of(w, "US", &whole), USA);
	ck_assert(whole);
}

START_TEST(a_gtap_data_base_becomes_a_world)
{
	static struct har_writer w;
	for (int piece = 0; piece < 8; piece += 5)
		for (int sparse = 0; sparse < 2; sparse++) {
			truce_world *world = NULL;
			begin();
			write_gtap(&w, piece, sparse);
			int error = truce_world_import_har_bytes(ctx, &world, "made.har", w.data, w.length, 1e6, NULL);
			ck_assert_msg(error == TRUCE_OK || said("-"), "%s", truce_error_name(error));
			check_world(world);
			truce_world_free(world);
			end();
		}
}
END_TEST

/* The fixture is what the writer writes; TRUCE_WRITE_FIXTURES in the environment writes it anew. */
START_TEST(the_fixture_is_what_the_writer_writes)
{
	static struct har_writer w;
	const char *path = TRUCE_TEST_ROOT "/tests/fixtures/har/three-sectors.har";
	truce_world *world = NULL;
	char *bytes;
	size_t length;
	begin();
	write_gtap(&w, 7, 1);
	if (getenv("TRUCE_WRITE_FIXTURES"))
		ck_assert_int_eq(truce_file_write(ctx, path, (const char *)w.data, w.length), TRUCE_OK);
	ck_assert_int_eq(truce_file_read(ctx, &bytes, &length, path, 0), TRUCE_OK);
	ck_assert_uint_eq(length, w.length);
	ck_assert_int_eq(memcmp(bytes, w.data, length), 0);
	truce_release(ctx, bytes);
	ck_assert_int_eq(truce_world_import_har(ctx, &world, path, 1e6, NULL), TRUCE_OK);
	check_world(world);
	truce_world_free(world);
	end();
}
END_TEST

START_TEST(every_type_of_header_is_read)
{
	static struct har_writer w;
	static const double cells[] = { 1, 2, 3, 4, 5, 6 };
	struct har *har;
	struct har_array array;
	begin();
	memset(&w, 0, sizeof w);
	har_header(&w, "TEXT", "1CFULL", "three texts", 2, (int[]){ 3, 8 });
	har_texts(&w, 3, (const char *const[]){ "one", "two", "three" }, 8, 2);
	har_matrix(&w, "INTS", 2, 3, cells, 1);
	har_matrix(&w, "REAL", 3, 2, cells, 0);
	har_real(&w, "ONE", 0, NULL, (double[]){ 42 }, 0, 0);
	har_header(&w, "LABL", "RLFULL", "without sets", 2, (int[]){ 1, 2 });
	har_begin(&w);
	har_put_text(&w, "", 4);
	har_put_int(&w, 3);
	har_put_int(&w, 2);
	har_put_int(&w, 1);
	har_put_int(&w, 2);
	har_end(&w);
	har_begin(&w);
	har_put_text(&w, "", 4);
	har_put_int(&w, 2);
	har_end(&w);
	har_begin(&w);
	har_put_text(&w, "", 4);
	har_put_int(&w, 1);
	har_put_real(&w, 7);
	har_put_real(&w, 8);
	har_end(&w);
	har_header(&w, "ODD", "3XFULL", "of another type", 2, (int[]){ 1, 1 });
	ck_assert_int_eq(har_open(ctx, &har, "types.har", w.data, w.length), TRUCE_OK);
	ck_assert_uint_eq(har_count(har), 6);
	ck_assert_str_eq(har_name(har, 3), "ONE");
	ck_assert_int_eq(har_read(har, "TEXT", &array), TRUCE_OK);
	ck_assert_str_eq(array.long_name, "three texts");
	ck_assert_uint_eq(array.count, 3);
	ck_assert_str_eq(array.text[2], "three");
	ck_assert_int_eq(har_read(har, "INTS", &array), TRUCE_OK);
	ck_assert(array.size[0] == 2 && array.size[1] == 3 && array.number[5] == 6);
	ck_assert_int_eq(har_read(har, "REAL", &array), TRUCE_OK);
	ck_assert(array.count == 6 && array.number[0] == 1);
	ck_assert_int_eq(har_read(har, "ONE", &array), TRUCE_OK);
	ck_assert(array.dimensions == 0 && array.count == 1 && array.number[0] == 42);
	ck_assert_int_eq(har_read(har, "LABL", &array), TRUCE_OK);
	ck_assert(array.count == 2 && array.number[1] == 8);
	ck_assert_int_eq(har_read(har, "ODD", &array), TRUCE_INPUT);
	ck_assert(said("header ODD is of a type that is not read"));
	ck_assert_int_eq(har_read(har, "NONE", &array), TRUCE_INPUT);
	ck_assert(said("there is no header NONE"));
	har_close(har);
	end();
}
END_TEST

START_TEST(damaged_and_foreign_files_are_refused)
{
	static struct har_writer w;
	truce_world *world = NULL;
	begin();
	write_gtap(&w, 7, 1);
	for (size_t cut = 0; cut < w.length; cut += 13) {
		ck_assert_int_eq(truce_world_import_har_bytes(ctx, &world, "cut", w.data, cut, 1e6, NULL), TRUCE_INPUT);
		ck_assert_ptr_null(world);
		truce_diagnostics_clear(ctx);
	}
	for (size_t at = 0; at < w.length; at += 3) {
		unsigned char keep = w.data[at];
		w.data[at] ^= 0x81;
		if (truce_world_import_har_bytes(ctx, &world, "spoiled", w.data, w.length, 1e6, NULL) == TRUCE_OK)
			truce_world_free(world);
		truce_diagnostics_clear(ctx);
		w.data[at] = keep;
	}
	memset(&w, 0, sizeof w);
	har_matrix(&w, "VIWS", 1, 1, (double[]){ 1 }, 0);
	ck_assert_int_eq(truce_world_import_har_bytes(ctx, &world, "old.har", w.data, w.length, 1e6, NULL), TRUCE_INPUT);
	ck_assert(said("older data base"));
	ck_assert_int_eq(truce_world_import_har_bytes(ctx, &world, "text", "a,b,c\n1,2,3\n", 12, 1e6, NULL), TRUCE_INPUT);
	ck_assert(said("not a header array file"));
	end();
}
END_TEST

static int import(truce_context *c, void *user)
{
	const struct har_writer *w = user;
	truce_world *world = NULL;
	int error = truce_world_import_har_bytes(c, &world, "made.har", w->data, w->length, 1e6, NULL);
	truce_world_free(world);
	return error;
}

START_TEST(every_allocation_may_fail)
{
	static struct har_writer w;
	begin();
	write_gtap(&w, 7, 1);
	truce_fail_every_allocation(import, &w);
	end();
}
END_TEST

int main(void)
{
	return truce_test_main("world har", (const truce_test[]){ T(a_gtap_data_base_becomes_a_world),
		T(the_fixture_is_what_the_writer_writes), T(every_type_of_header_is_read),
		T(damaged_and_foreign_files_are_refused), T(every_allocation_may_fail), { 0 } });
}
