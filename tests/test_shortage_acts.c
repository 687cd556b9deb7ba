/* Acts on satellites, chokepoints and episodes, on an invented record of two countries. */
#include "frame.h"

#include <truce/shortage.h>

static truce_context *ctx;

static const char record_text[] =
	"parties:\n"
	"  X: {name: Ix, type: state, zone: UTC}\n"
	"  Y: {name: Yps, type: state, zone: UTC}\n"
	"goods:\n"
	"  salt: {codes: [hs:2501], unit: t}\n"
	"  cells: {codes: [hs:8507], unit: count}\n"
	"  rotors: {codes: [hs:8807.10], unit: count}\n"
	"measures:\n"
	"  y-salt-licences:\n"
	"    act: {by: Y, do: license, instrument: export_licence, against: X, goods: salt}\n"
	"    valid: 2030-01-01\n"
	"    known: 2030-01-01\n"
	"    unsure: true\n"
	"threats:\n"
	"  x-tariff-if-salt:\n"
	"    by: X\n"
	"    to: Y\n"
	"    if: {flow: {goods: [salt], from: Y, to: X}, below: 0.5, of: normal, over: 30d}\n"
	"    then: [{by: X, do: raise, instrument: tariff, against: Y, goods: [all], level: {to: 50, unit: pct}}]\n"
	"    valid: 2030-01-01\n"
	"    known: 2030-01-01\n"
	"    unsure: true\n"
	"claims:\n"
	"  y-planes-stand:\n"
	"    text: fifty stand\n"
	"    by: X\n"
	"    quantity: {value: 50, unit: count, of: planes}\n"
	"    act: {by: X, do: withhold, instrument: delivery, against: Y, goods: rotors}\n"
	"    valid: 2030-01-01\n"
	"    known: 2030-01-01\n"
	"    unsure: true\n"
	"figures:\n"
	"  price-salt: {of: salt, unit: usd/t, value: 100, known: 2030-01-01, assumption: true}\n"
	"dependencies:\n"
	"  x-cells-salt:\n"
	"    {by: X, user: cell-making, input: salt, from: Y, share: {value: 0.8, low: 0.6, high: 0.9}, stock: {value: 20, low: 10, high: 40},\n"
	"     criticality: critical, annual: {value: 5, unit: usd}, intensity: {value: 0.5, unit: usd/usd}, leak: 0.05, leak_lag: 10,\n"
	"     surge: 0.2, surge_time: 60, thrift: 0.1, thrift_time: 200, licence_lag: 30, known: 2030-01-01, unsure: true}\n"
	"  x-p-cells:\n"
	"    {by: X, user: P, input: cells, via: x-cells-salt, share: 1, user_share: 0.5, stock: 10, criticality: critical,\n"
	"     intensity: {value: 0.01, unit: usd/usd}, known: 2030-01-01, unsure: true}\n"
	"  x-q-salt:\n"
	"    {by: X, user: Q, input: salt, from: Y, share: 0.5, stock: 15, criticality: critical,\n"
	"     intensity: {value: 0.005, unit: usd/usd}, known: 2030-01-01, unsure: true}\n"
	"  y-q-salt-later:\n"
	"    {by: Y, user: Q, input: salt, from: X, share: 0.5, stock: 15, criticality: critical,\n"
	"     intensity: {value: 0.005, unit: usd/usd}, known: 2031-01-01, unsure: true}\n"
	"  y-planes-rotors:\n"
	"    {by: Y, user: planes, input: rotors, from: X, share: 1, stock: {value: 30, low: 10, high: 60}, fleet: {value: 500, unit: count},\n"
	"     each: {value: 1, unit: count}, failures: {value: 2, unit: count, per: year}, repair: 0.5, repair_time: 30, known: 2030-01-01, unsure: true}\n";

static double flow[8] = {600, 100, 50, 400, 300, 60, 80, 500}, tariff[8], input[8] = {.1, .3, .2, .2, .15, .25, .1, .3},
	value_added[4] = {.6, .6, .6, .6}, theta[2] = {4, 5};
static const char *regions[] = {"X", "Y"}, *sectors[] = {"P", "Q"}, *sector_names[] = {"Pumps", "Quilts"};

static void small(truce_world *world)
{
	*world = (truce_world){.name = "small", .year = "2030", .regions = 2, .sectors = 2, .region = regions, .region_name = regions,
		.sector = sectors, .sector_name = sector_names, .flow = flow, .tariff = tariff, .input_share = input,
		.value_added = value_added, .theta = theta};
}

static truce_time at(const char *text)
{
	truce_time time;
	ck_assert_int_eq(truce_time_parse(text, &time), TRUCE_OK);
	return time;
}

static truce_record *record;
static truce_world world;
static truce_arena *arena;

static void begin(truce_shortage_input *in)
{
	small(&world);
	if (truce_record_open_text(ctx, &record, "xy.yaml", record_text, strlen(record_text))) {
		for (size_t i = 0; i < truce_diagnostic_count(ctx); i++)
			fprintf(stderr, "%d: %s\n", truce_diagnostic_at(ctx, i)->line, truce_diagnostic_at(ctx, i)->what);
		ck_abort_msg("the record is not sound");
	}
	ck_assert_int_eq(truce_arena_new(ctx, &arena), TRUCE_OK);
	truce_shortage_input_default(in);
	in->record = record;
	in->world = &world;
	in->weeks = 20;
	in->draws = 40;
	in->clocks = truce_clocks_at(at("2030-06-01"), at("2030-06-01"));
}

static void end(void)
{
	truce_arena_free(arena);
	truce_record_close(record);
}

static truce_shortage_answer *ask(const truce_shortage_input *in, const char *text)
{
	truce_shortage_answer *answer;
	truce_diagnostics_clear(ctx);
	int status = truce_shortage_ask(ctx, arena, &answer, in, &text, 1);
	if (status)
		for (size_t i = 0; i < truce_diagnostic_count(ctx); i++)
			fprintf(stderr, "%s\n", truce_diagnostic_at(ctx, i)->what);
	ck_assert_int_eq(status, TRUCE_OK);
	return answer;
}

static const truce_shortage_user *user_of(const truce_shortage_answer *a, const char *user)
{
	for (size_t i = 0; i < a->user_count; i++)
		if (!strcmp(a->users[i].user, user))
			return &a->users[i];
	ck_abort_msg("no user %s", user);
	return NULL;
}

static const char ban[] = "{by: Y, do: ban, instrument: export_ban, against: X, goods: salt}";

START_TEST(a_ban_runs_through_its_stages)
{
	truce_shortage_input in;
	begin(&in);
	truce_shortage_answer *a = ask(&in, ban);
	ck_assert_uint_eq(a->user_count, 3); /* cell-making and Q directly, P through cells; what is known later is not there */
	const truce_shortage_user *cells = user_of(a, "cell-making"), *p = user_of(a, "P"), *q = user_of(a, "Q");
	ck_assert(!cells->indirect && p->indirect && !q->indirect);
	ck_assert_str_eq(p->from, "cell-making");
	ck_assert_str_eq(p->user_name, "Pumps");
	/* half of the supply gone and fifteen days of stock: thirty days, to a day, less what others can add */
	ck_assert_double_eq_tol(q->residual, 0.5, 1e-9);
	ck_assert_double_eq_tol(q->closed_days, 30, 1e-9);
	ck_assert_double_ge(q->first_day.value, 26); /* rivals take a little of what others sell */
	ck_assert_double_gt(p->first_day.value, cells->first_day.value);
	ck_assert_double_lt(p->lowest, 1);
	ck_assert_double_ge(p->lowest, 0.5 - 1e-9); /* half of its output needs no cells */
	ck_assert_double_le(cells->first_day.low, cells->first_day.value);
	ck_assert_double_ge(cells->first_day.high, cells->first_day.value);
	ck_assert_double_gt(cells->stock_day_usd, 0);
	ck_assert_double_gt(cells->flow_usd, 0);
	ck_assert_double_eq_tol(cells->tonne_usd, 100 * cells->flow_usd, 1e-9 * fabs(cells->tonne_usd));
	ck_assert_double_gt(a->parties[0].lost_usd.value, 0);
	ck_assert_double_le(a->parties[0].lost_usd.low, a->parties[0].lost_usd.high);
	ck_assert_str_eq(a->parties[0].id, "X");
	ck_assert_uint_eq(a->seller_count, 1);
	ck_assert_double_gt(a->sellers[0].sales_usd, 0);
	ck_assert_double_le(a->sellers[0].sales_usd, a->sellers[0].sales_year_usd * 140 / 365 + 1e-6);
	ck_assert_int_gt(a->recovery_days, 0);
	double weeks = 0;
	for (int w = 0; w < 40; w++)
		weeks += a->parties[0].week[w];
	ck_assert_double_eq_tol(weeks, a->parties[0].lost_usd.value, 1e-9);
	ck_assert(isfinite(a->views[0].ces[0]) && a->views[0].ces[0] >= a->views[0].ces[2]);
	ck_assert(isfinite(a->views[0].long_run) && a->views[0].long_run > 0);
	truce_text out;
	truce_json json;
	truce_text_init(&out, ctx);
	truce_json_init(&json, &out);
	truce_shortage_answer_to_json(&json, NULL, a);
	ck_assert_int_eq(truce_text_done(&out), TRUCE_OK);
	ck_assert_ptr_nonnull(strstr(out.data, "\"first_day\""));
	truce_text_clear(&out);
	ck_assert_int_eq(truce_shortage_gantt(ctx, &out, a), TRUCE_OK);
	ck_assert_ptr_nonnull(strstr(out.data, "Pumps"));
	truce_text_clear(&out);
	ck_assert_int_eq(truce_shortage_fan(ctx, &out, a), TRUCE_OK);
	truce_text_free(&out);
	end();
}
END_TEST

START_TEST(threads_do_not_matter)
{
	truce_shortage_input in;
	begin(&in);
	in.threads = 1;
	truce_shortage_answer *one = ask(&in, ban);
	in.threads = 3;
	truce_shortage_answer *three = ask(&in, ban);
	ck_assert_double_eq(one->parties[0].lost_usd.low, three->parties[0].lost_usd.low);
	ck_assert_double_eq(one->parties[0].lost_usd.high, three->parties[0].lost_usd.high);
	for (int w = 0; w < 40; w++)
		ck_assert_double_eq(one->parties[0].week_high[w], three->parties[0].week_high[w]);
	in.seed = 2;
	truce_shortage_answer *other = ask(&in, ban);
	ck_assert_double_ne(one->parties[0].lost_usd.high, other->parties[0].lost_usd.high);
	ck_assert_double_eq(one->parties[0].lost_usd.value, other->parties[0].lost_usd.value);
	end();
}
END_TEST

START_TEST(licences_stocks_and_records)
{
	truce_shortage_input in;
	begin(&in);
	in.draws = 0;
	double stop = ask(&in, ban)->lost_usd;
	in.licence_rate = 0.5;
	double half = ask(&in, ban)->lost_usd, licence = ask(&in, "y-salt-licences")->lost_usd;
	ck_assert_double_lt(half, stop);
	ck_assert_double_gt(licence, half); /* nothing in the review, then a ramp */
	ck_assert_double_lt(licence, stop);
	in.licence_rate = NAN;
	in.stock_days = 1000;
	truce_shortage_answer *stocked = ask(&in, ban);
	ck_assert_double_eq_tol(stocked->lost_usd, 0, 1e-6);
	ck_assert(isinf(user_of(stocked, "Q")->first_day.value));
	in.stock_days = NAN;
	truce_shortage_answer *threat = ask(&in, "x-tariff-if-salt");
	ck_assert_double_eq_tol(threat->lost_usd, stop, 1e-9);
	ck_assert_uint_ge(threat->gap_count, 1); /* its tariff is a price */
	/* efficient rationing in a pool loses no more */
	ck_assert_double_le(threat->efficient_usd, threat->pro_rata_usd + 1e-6);
	/* later, another dependency is known */
	in.clocks = truce_clocks_at(at("2031-06-01"), at("2031-06-01"));
	truce_shortage_answer *reply = ask(&in, "{by: X, do: ban, instrument: export_ban, against: Y, goods: salt}");
	ck_assert_uint_eq(reply->user_count, 1);
	ck_assert_str_eq(reply->users[0].dependency, "y-q-salt-later");
	end();
}
END_TEST

START_TEST(what_stops_nothing_is_said)
{
	static const char *const texts[] = {"{by: X, do: raise, instrument: tariff, against: Y, goods: all, level: {to: 10, unit: pct}}",
		"{by: X, do: ban, instrument: export_ban, against: Y, goods: salt}", "{by: Y, do: lower, instrument: export_licence, against: X, goods: salt}"};
	truce_shortage_input in;
	begin(&in);
	for (size_t i = 0; i < 3; i++) {
		truce_shortage_answer *a;
		truce_diagnostics_clear(ctx);
		ck_assert_int_eq(truce_shortage_ask(ctx, arena, &a, &in, &texts[i], 1), TRUCE_UNKNOWN);
		ck_assert_ptr_null(a);
		ck_assert_uint_ge(truce_diagnostic_count(ctx), 2); /* why, and that nothing is left */
	}
	const char *none = "no-such-record";
	truce_shortage_answer *a;
	ck_assert_int_eq(truce_shortage_ask(ctx, arena, &a, &in, &none, 1), TRUCE_NOT_FOUND);
	in.licence_rate = 2;
	const char *text = ban;
	ck_assert_int_eq(truce_shortage_ask(ctx, arena, &a, &in, &text, 1), TRUCE_INPUT);
	end();
}
END_TEST

START_TEST(a_claim_about_a_fleet)
{
	truce_shortage_input in;
	begin(&in);
	truce_shortage_answer *a = ask(&in, "y-planes-stand");
	ck_assert_uint_eq(a->fleet_count, 1);
	const truce_shortage_grounded *f = &a->fleets[0];
	ck_assert_double_eq(f->units, 500);
	ck_assert_double_eq(f->claimed, 50);
	ck_assert_double_eq(f->claimed_days, 140);
	ck_assert(isfinite(f->factor_without) && f->factor_without > 0);
	ck_assert_double_eq_tol(f->least[0], 0, 1e-9);
	/* 1.37 come off a day for good, 82 spares: none left after 60 days, then a straight line */
	ck_assert_double_eq_tol(f->least[7], 0, 1e-9);
	ck_assert_double_gt(f->least[19], 50);
	end();
}
END_TEST

START_TEST(chokepoints_the_dearest_first)
{
	truce_shortage_input in;
	truce_shortage_chokepoint *point;
	size_t count;
	begin(&in);
	in.clocks = truce_clocks_at(at("2031-06-01"), at("2031-06-01"));
	ck_assert_int_eq(truce_shortage_chokepoints(ctx, arena, &point, &count, &in), TRUCE_OK);
	ck_assert_uint_eq(count, 2);
	ck_assert_double_ge(point[0].lost_usd.value, point[1].lost_usd.value);
	ck_assert_str_eq(point[0].from, "Y");
	ck_assert_uint_eq(point[0].users, 2);
	ck_assert_double_gt(point[0].ten_points_usd, 0);
	ck_assert_double_eq_tol(point[0].lost_usd.value, ask(&in, ban)->lost_usd, 1e-9 * point[0].lost_usd.value);
	end();
}
END_TEST

START_TEST(bad_dependencies_are_refused_by_name)
{
	static const struct { const char *text, *words; } bad[] = {
		{"share: 0.7", "have shares that sum to 1.2"}, {"share: 1.5", "share is 1.5"}, {"share: 0.1, stock: -3", "stock is -3"}};
	for (size_t i = 0; i < 3; i++) {
		char text[sizeof record_text + 400];
		truce_shortage_input in;
		truce_shortage_answer *a = NULL;
		const char *act = "{by: Y, do: ban, instrument: export_ban, against: X, goods: salt}";
		snprintf(text, sizeof text, "%s  x-q-salt-z:\n    {by: X, user: Q, input: salt, from: X, %s, known: 2030-01-01, unsure: true}\n", record_text,
			bad[i].text);
		truce_diagnostics_clear(ctx);
		small(&world);
		int status = truce_record_open_text(ctx, &record, "xy.yaml", text, strlen(text));
		ck_assert_int_eq(truce_arena_new(ctx, &arena), TRUCE_OK);
		if (!status) {
			truce_shortage_input_default(&in);
			in.record = record;
			in.world = &world;
			in.clocks = truce_clocks_at(at("2030-06-01"), at("2030-06-01"));
			status = truce_shortage_ask(ctx, arena, &a, &in, &act, 1);
		}
		ck_assert_int_ne(status, TRUCE_OK);
		bool found = false;
		for (size_t d = 0; d < truce_diagnostic_count(ctx); d++)
			found |= strstr(truce_diagnostic_at(ctx, d)->what, bad[i].words) != NULL;
		ck_assert_msg(found, "nothing said \"%s\"", bad[i].words);
		truce_arena_free(arena);
		truce_record_close(record);
		record = NULL;
	}
}
END_TEST

static const char episode[] = "kind,from,through,low,high\nflow,2030-01-01,2030-03-01,0,0\noutput,2030-01-01,2030-02-04,1,1\n"
	"output,2030-02-10,2030-03-01,0,0.1\n";

START_TEST(an_episode_bounds_the_stock)
{
	truce_shortage_fit_options set;
	truce_shortage_fitted f;
	char path[] = "/tmp/truce-fit-XXXXXX";
	int fd = mkstemp(path);
	ck_assert_int_eq(write(fd, episode, strlen(episode)), (int)strlen(episode));
	close(fd);
	ck_assert_int_eq(truce_arena_new(ctx, &arena), TRUCE_OK);
	truce_shortage_fit_options_default(&set);
	set.transit = 0;
	ck_assert_int_eq(truce_shortage_fit(ctx, arena, &f, path, &set), TRUCE_OK);
	/* thirty-five days of full output, none from the forty-first on: a stock of 35 to 42 days and no leak above a tenth */
	ck_assert_double_eq_tol(f.stock_alone_low, 35, 1e-9);
	ck_assert_double_eq_tol(f.stock_alone_high, 42, 1e-9);
	ck_assert_double_le(f.leak_high, 0.1 + 1e-9);
	ck_assert(!f.high_open && f.fitting > 0 && f.miss <= 1e-12);
	set.transit = 60; /* nothing is felt in that time: nothing fits */
	ck_assert_int_eq(truce_shortage_fit(ctx, arena, &f, path, &set), TRUCE_OK);
	ck_assert_uint_eq(f.fitting, 0);
	ck_assert(isnan(f.stock_low));
	ck_assert_int_eq(truce_shortage_fit(ctx, arena, &f, "/nowhere", &set), TRUCE_NOT_FOUND);
	truce_arena_free(arena);
	remove(path);
}
END_TEST

static int work(truce_context *failing, void *user)
{
	truce_shortage_input *in = user, mine = *in;
	truce_record *own = NULL;
	truce_arena *memory = NULL;
	truce_shortage_answer *answer;
	truce_shortage_chokepoint *points;
	size_t count;
	const char *acts[] = {ban, "y-planes-stand"};
	truce_text out;
	truce_text_init(&out, failing);
	int status = truce_record_open_text(failing, &own, "xy.yaml", record_text, strlen(record_text));
	mine.record = own;
	if (!status)
		status = truce_arena_new(failing, &memory);
	if (!status)
		status = truce_shortage_ask(failing, memory, &answer, &mine, acts, 2);
	if (!status)
		status = truce_shortage_gantt(failing, &out, answer);
	if (!status)
		status = truce_shortage_fan(failing, &out, answer);
	if (!status)
		status = truce_shortage_chokepoints(failing, memory, &points, &count, &mine);
	truce_text_free(&out);
	truce_arena_free(memory);
	truce_record_close(own);
	return status;
}

START_TEST(every_allocation_may_fail)
{
	truce_shortage_input in;
	small(&world);
	truce_shortage_input_default(&in);
	in.world = &world;
	in.weeks = 2;
	in.draws = 0;
	in.clocks = truce_clocks_at(at("2030-06-01"), at("2030-06-01"));
	truce_fail_every_allocation(work, &in);
}
END_TEST

int main(void)
{
	if (truce_context_new(&ctx, NULL))
		return 1;
	int status = truce_test_main("shortage_acts", (const truce_test[]){T(a_ban_runs_through_its_stages), T(threads_do_not_matter),
		T(licences_stocks_and_records), T(what_stops_nothing_is_said), T(a_claim_about_a_fleet), T(chokepoints_the_dearest_first),
		T(bad_dependencies_are_refused_by_name), T(an_episode_bounds_the_stock), T(every_allocation_may_fail), {0}});
	truce_context_free(ctx);
	return status;
}
