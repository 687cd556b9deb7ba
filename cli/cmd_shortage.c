/* truce shortage: who stops when, under which acts; networks written by hand; episodes fitted. */
#include "record.h"

#include <truce/shortage.h>

#include <math.h>
#include <string.h>

/* ---- a network written by hand ---------------------------------------------------------------------------------- */

static int run_network(struct cli *cli, const char *path)
{
	truce_shortage_case *item = NULL;
	char *text = NULL;
	size_t length;
	int status = truce_file_read(cli->ctx, &text, &length, path, 0);

	if (!status)
		status = truce_shortage_case_read(cli->ctx, &item, path, text, length);
	if (!status && cli->json) {
		truce_json json;
		truce_json_init(&json, &cli->out);
		status = truce_shortage_case_to_json(cli->ctx, &json, item);
		truce_text_add(&cli->out, "\n");
	} else if (!status) {
		status = truce_shortage_case_to_text(cli->ctx, &cli->out, item, cli->csv);
	}
	truce_shortage_case_free(item);
	truce_release(cli->ctx, text);
	return status;
}

/* ---- an episode fitted ------------------------------------------------------------------------------------------- */

static int run_fit(struct cli *cli)
{
	truce_shortage_fit_options set;
	truce_shortage_fitted f;
	truce_arena *arena = NULL;
	const char *episode = cli_value(cli, "episode");
	char *shipped = NULL;
	int status;

	truce_shortage_fit_options_default(&set);
	if ((status = cli_double(cli, &set.transit, "transit", set.transit)) || (status = cli_double(cli, &set.share, "share", set.share)) ||
		(status = cli_double(cli, &set.exposed, "exposed", set.exposed)) ||
		(status = cli_double(cli, &set.stock_most, "stock-days", set.stock_most)))
		return status;
	if (!episode && (status = cli_data_path(cli, &shipped, "shortage/episode.csv")))
		return status;
	if (!(status = truce_arena_new(cli->ctx, &arena)))
		status = truce_shortage_fit(cli->ctx, arena, &f, episode ? episode : shipped, &set);
	if (status)
		goto done;
	if (cli->json) {
		truce_json json;
		truce_json_init(&json, &cli->out);
		truce_json_open(&json, NULL, '{');
		truce_json_integer(&json, "tried", (int64_t)f.tried);
		truce_json_integer(&json, "fitting", (int64_t)f.fitting);
		truce_json_number(&json, "stock_low", f.stock_low);
		truce_json_number(&json, "stock_high", f.high_open ? NAN : f.stock_high);
		truce_json_number(&json, "leak_low", f.leak_low);
		truce_json_number(&json, "leak_high", f.leak_high);
		truce_json_number(&json, "stock_without_leak_low", f.stock_alone_low);
		truce_json_number(&json, "stock_without_leak_high", f.high_open ? NAN : f.stock_alone_high);
		truce_json_number(&json, "best_stock", f.best_stock);
		truce_json_number(&json, "best_leak", f.best_leak);
		truce_json_number(&json, "miss", f.miss);
		truce_json_open(&json, "output", '[');
		for (size_t t = 0; t < f.days; t++)
			truce_json_number(&json, NULL, f.output[t]);
		truce_json_close(&json, ']');
		truce_json_close(&json, '}');
		truce_text_add(&cli->out, "\n");
	} else if (!f.fitting) {
		truce_text_addf(&cli->out, "None of %zu pairs of stock and leak fits.  The nearest: %.4g days and a leak of %.2g, off by %.3g.\n",
			f.tried, f.best_stock, f.best_leak, f.miss);
	} else {
		truce_text_addf(&cli->out, "%zu of %zu pairs of stock and leak fit the %zu bands of output.\n\n", f.fitting, f.tried, f.bands);
		if (isnan(f.stock_alone_low))
			truce_text_add(&cli->out, "without a leak   none fits\n");
		else
			truce_text_addf(&cli->out, "without a leak   stock, with what is on its way, of %.4g days%s\n", f.stock_alone_low,
				f.high_open ? " or more: the data do not bound it above" : "");
		if (!isnan(f.stock_alone_low) && !f.high_open)
			truce_text_addf(&cli->out, "                 to %.4g days\n", f.stock_alone_high);
		truce_text_addf(&cli->out, "with a leak      stock of %.4g days", f.stock_low);
		if (f.high_open)
			truce_text_add(&cli->out, " or more");
		else
			truce_text_addf(&cli->out, " to %.4g", f.stock_high);
		truce_text_addf(&cli->out, ", a leak of %.2g to %.2g of normal flow\n", f.leak_low, f.leak_high);
	}
	status = f.fitting ? TRUCE_OK : TRUCE_NO;
done:
	truce_arena_free(arena);
	truce_release(cli->ctx, shipped);
	return status;
}

/* ---- acts ------------------------------------------------------------------------------------------------------------ */

static int figure(struct cli *cli, const char *option, const truce_shortage_answer *answer,
	int (*draw)(truce_context *ctx, truce_text *out, const truce_shortage_answer *answer))
{
	const char *path = cli_value(cli, option);
	truce_text svg;
	int status;

	if (!path)
		return TRUCE_OK;
	truce_text_init(&svg, cli->ctx);
	if (!(status = draw(cli->ctx, &svg, answer)) && !(status = truce_text_done(&svg)))
		status = truce_file_write(cli->ctx, path, svg.data, svg.length);
	truce_text_free(&svg);
	return status;
}

/* "12", "-", "12 (8 to 30)" */
static const char *day(char *buffer, size_t size, truce_shortage_range r)
{
	char low[16], high[16];

	if (isinf(r.value) && !(r.low < 1e9))
		return "-";
	snprintf(low, sizeof low, isfinite(r.low) ? "%.0f" : "-", r.low);
	snprintf(high, sizeof high, isfinite(r.high) ? "%.0f" : "never", r.high);
	if (isnan(r.low))
		snprintf(buffer, size, "%.0f", r.value);
	else if (isinf(r.value))
		snprintf(buffer, size, "- (%s to %s)", low, high);
	else
		snprintf(buffer, size, "%.0f (%s to %s)", r.value, low, high);
	return buffer;
}

static const char *money(char *buffer, size_t size, double usd)
{
	double a = fabs(usd);
	const char *sign = usd <= -0.5 ? "-" : "";

	if (isnan(usd))
		return "n.k.";
	if (a >= 1e9)
		snprintf(buffer, size, "%s$%.3g bn", sign, a / 1e9);
	else if (a >= 1e4)
		snprintf(buffer, size, "%s$%.3g m", sign, a / 1e6);
	else
		snprintf(buffer, size, "%s$%.0f", sign, a);
	return buffer;
}

static const char *money_range(char *buffer, size_t size, truce_shortage_range r)
{
	char a[32], b[32], c[32];

	if (isnan(r.low))
		return money(buffer, size, r.value);
	snprintf(buffer, size, "%s (%s to %s)", money(a, sizeof a, r.value), money(b, sizeof b, r.low), money(c, sizeof c, r.high));
	return buffer;
}

static void print_users(struct cli *cli, const truce_shortage_answer *a)
{
	enum { COLUMNS = 9 };
	const char *cells[COLUMNS * 64];
	char text[64][7][96];
	int rows = 1;
	static const char *const head[COLUMNS] = {"user", "for want of", "from", "share", "stock", "short on day", "down to", "lost", "a day of stock"};

	memcpy(cells, head, sizeof head);
	for (size_t i = 0; i < a->user_count && rows < 63; i++, rows++) {
		const truce_shortage_user *u = &a->users[i];
		char (*t)[96] = text[rows];
		snprintf(t[0], 96, "%s %.24s%s%s", u->party, u->user_name, strlen(u->user_name) > 24 ? ".." : "", u->indirect ? " *" : "");
		snprintf(t[1], 96, "%.0f %%", 100 * u->share);
		snprintf(t[2], 96, "%.0f d%s", u->stock_days, u->unsure ? " ?" : "");
		snprintf(t[4], 96, "%.0f %%", 100 * u->lowest);
		const char **c = &cells[COLUMNS * rows];
		c[0] = t[0];
		c[1] = u->input;
		c[2] = u->from;
		c[3] = t[1];
		c[4] = t[2];
		c[5] = day(t[3], 96, u->first_day);
		c[6] = t[4];
		c[7] = money_range(t[5], 96, u->lost_usd);
		c[8] = u->indirect ? "" : money(t[6], 96, u->stock_day_usd);
	}
	cli_table(cli, COLUMNS, "lllrrlrlr", cells, rows, true);
	if (a->user_count)
		truce_text_add(&cli->out, "* struck through a stage before.  ?: an assumption, see its evidence.\n");
	for (size_t i = 0; i < a->user_count; i++) {
		char lost[64];
		if (isfinite(a->users[i].tonne_usd) && a->users[i].tonne_usd > 0)
			truce_text_addf(&cli->out, "one more tonne of %s through to %s %s avoids %s\n", a->users[i].input, a->users[i].party,
				a->users[i].user_name, money(lost, sizeof lost, a->users[i].tonne_usd));
	}
	if (a->user_count)
		truce_text_add(&cli->out, "\n");
}

static void print_parties(struct cli *cli, const truce_shortage_answer *a)
{
	enum { COLUMNS = 8 };
	const char *cells[COLUMNS * 64];
	char text[64][7][96];
	int rows = 1;
	static const char *const head[COLUMNS] = {"party", "output lost", "of GDP, while it lasts", "worst week", "CES .05", "CES .1", "CES .2",
		"long run"};

	memcpy(cells, head, sizeof head);
	for (size_t i = 0; i < a->party_count && rows < 63; i++) {
		const truce_shortage_party *p = &a->parties[i];
		const truce_shortage_views *v = &a->views[i];
		double worst = 0;
		if (fabs(p->lost_usd.value) < 1e6)
			continue;
		for (int w = 0; w < 2 * a->weeks; w++)
			worst = fmax(worst, p->week[w]);
		char (*t)[96] = text[rows];
		const char **c = &cells[COLUMNS * rows++];
		c[0] = p->name;
		c[1] = money_range(t[0], 96, p->lost_usd);
		if (isnan(p->gdp_share.low))
			snprintf(t[1], 96, "%.3f %%", 100 * p->gdp_share.value);
		else
			snprintf(t[1], 96, "%.3f %% (%.3f to %.3f)", 100 * p->gdp_share.value, 100 * p->gdp_share.low, 100 * p->gdp_share.high);
		c[2] = t[1];
		c[3] = money(t[2], 96, worst);
		for (int s = 0; s < 3; s++) {
			if (isnan(v->ces[s]))
				snprintf(t[3 + s], 96, "-");
			else
				snprintf(t[3 + s], 96, "%.4f %%", 100 * v->ces[s]);
			c[4 + s] = t[3 + s];
		}
		if (isfinite(v->long_run))
			snprintf(t[6], 96, "%.4f %%", 100 * v->long_run);
		else
			snprintf(t[6], 96, "-");
		c[7] = t[6];
	}
	if (rows > 1) {
		cli_table(cli, COLUMNS, "lllrrrrr", cells, rows, true);
		truce_text_add(&cli->out, "Value added lost in % of GDP, three ways: this model; one nested CES at the mean supply; the price of the "
			"input alone once trade has turned.\n\n");
	}
}

static void print_fleet(struct cli *cli, const truce_shortage_answer *a, const truce_shortage_grounded *f)
{
	truce_text_addf(&cli->out, "%s%s's fleet of %.0f%s (%s, %g removals a unit and year%s): standing by week, at least to at most\n  ",
		cli_bold(cli), f->party, f->units, cli_plain(cli), f->dependency, f->failures, f->unsure ? ", an assumption" : "");
	for (int w = 0; w < a->weeks; w++)
		if (w < 4 || w % 4 == 3 || w + 1 == a->weeks)
			truce_text_addf(&cli->out, "%d: %.0f to %.0f   ", w + 1, f->least[w], f->most[w]);
	truce_text_add(&cli->out, "\n");
	if (isfinite(f->claimed)) {
		truce_text_addf(&cli->out, "  for the claimed %.0f to stand after %.0f days, ", f->claimed, f->claimed_days);
		if (isfinite(f->factor_without))
			truce_text_addf(&cli->out, "parts would have to be removed %.3g times as often if none gives its parts to others",
				f->factor_without);
		else
			truce_text_add(&cli->out, "no rate of removal is enough even if none gives its parts to others");
		if (isfinite(f->factor_cannibal))
			truce_text_addf(&cli->out, ", %.3g times if all do", f->factor_cannibal);
		truce_text_add(&cli->out, "\n");
	}
	truce_text_add(&cli->out, "\n");
}

static void print_answer(struct cli *cli, const truce_shortage_answer *a)
{
	char text[128];

	for (size_t i = 0; i < a->act_count; i++)
		truce_text_addf(&cli->out, "%s%s%s\n", cli_bold(cli), a->acts[i], cli_plain(cli));
	truce_text_addf(&cli->out, "for %d weeks, against %s; %d draws\n\n", a->weeks, a->baseline, a->draws);
	if (a->user_count)
		print_users(cli, a);
	print_parties(cli, a);
	for (size_t i = 0; i < a->seller_count; i++) {
		const truce_shortage_seller *s = &a->sellers[i];
		truce_text_addf(&cli->out, "%s sells less %s: ", s->party, s->input);
		truce_text_addf(&cli->out, "%s while it lasts", money(text, sizeof text, s->sales_usd));
		truce_text_addf(&cli->out, ", of %s a year", money(text, sizeof text, s->sales_year_usd));
		truce_text_addf(&cli->out, "; %s a year for good, once users have redesigned and others grown\n",
			money(text, sizeof text, s->market_usd));
	}
	for (size_t i = 0; i < a->fleet_count; i++)
		print_fleet(cli, a, &a->fleets[i]);
	if (a->user_count) {
		truce_text_addf(&cli->out, "\nin all %s of output lost", money(text, sizeof text, a->lost_usd));
		truce_text_addf(&cli->out, "; with one pool a party and input %s pro rata", money(text, sizeof text, a->pro_rata_usd));
		truce_text_addf(&cli->out, ", %s where each unit carries most\n", money(text, sizeof text, a->efficient_usd));
		if (a->recovery_days >= 0)
			truce_text_addf(&cli->out, "%d days after the end of the acts less than a tenth of the worst day's loss is left\n", a->recovery_days);
		else
			truce_text_addf(&cli->out, "no recovery within %d weeks after the end of the acts\n", a->weeks);
	}
	for (size_t i = 0; i < a->gap_count; i++)
		truce_text_addf(&cli->out, "%snot answered: %s%s\n", cli_dim(cli), a->gaps[i], cli_plain(cli));
}

/* Users, one a row; an empty cell is never, or not known. */
static void csv_users(struct cli *cli, const truce_shortage_answer *a)
{
	truce_text_add(&cli->out, "dependency,party,user,input,from,indirect,share,stock_days,first_day,first_day_low,first_day_high,"
		"stops,lowest,lost_usd,lost_usd_low,lost_usd_high,lost_week_usd,stock_day_usd\n");
	for (size_t i = 0; i < a->user_count; i++) {
		const truce_shortage_user *u = &a->users[i];
		const char *const words[] = {u->dependency, u->party, u->user, u->input, u->from, u->indirect ? "true" : "false"};
		const double numbers[] = {u->share, u->stock_days, u->first_day.value, u->first_day.low, u->first_day.high, u->stops,
			u->lowest, u->lost_usd.value, u->lost_usd.low, u->lost_usd.high, u->lost_week_usd, u->stock_day_usd};
		char number[32];
		for (size_t w = 0; w < sizeof words / sizeof *words; w++) {
			if (w)
				truce_text_add(&cli->out, ",");
			truce_csv_write_field(&cli->out, words[w]);
		}
		for (size_t n = 0; n < sizeof numbers / sizeof *numbers; n++)
			truce_text_addf(&cli->out, ",%s", isfinite(numbers[n]) ? truce_format_double(number, numbers[n]) : "");
		truce_text_add(&cli->out, "\n");
	}
}

int cli_shortage_input(struct cli *cli, truce_shortage_input *input, truce_record **record, truce_world **world);

/* Record, world, clocks and options that `shortage` and `chokepoints` share. */
int cli_shortage_input(struct cli *cli, truce_shortage_input *input, truce_record **record, truce_world **world)
{
	const char *path = cli_value(cli, "world");
	char *shipped = NULL;
	double weeks, draws, seed, threads;
	int status;

	truce_shortage_input_default(input);
	if ((status = cli_double(cli, &weeks, "weeks", input->weeks)) || (status = cli_double(cli, &draws, "draws", input->draws)) ||
		(status = cli_double(cli, &seed, "seed", 1)) || (status = cli_double(cli, &threads, "threads", input->threads)) ||
		(status = cli_double(cli, &input->licence_rate, "licence-rate", NAN)) ||
		(status = cli_double(cli, &input->stock_days, "stock-days", NAN)) ||
		(status = cli_double(cli, &input->settings.step, "step", input->settings.step)) ||
		(status = cli_double(cli, &input->economy.critical_share, "critical-above", input->economy.critical_share)) ||
		(status = cli_double(cli, &input->economy.important_share, "important-above", input->economy.important_share)))
		return status;
	if (!(weeks >= 1 && weeks <= 520 && weeks == floor(weeks)))
		return cli_usage(cli, "--weeks takes a whole number from 1 to 520");
	if (!(draws >= 0 && draws <= 100000 && draws == floor(draws)) || !(seed >= 0 && seed < 9e15) || !(threads >= 1 && threads <= 64))
		return cli_usage(cli, "--draws takes 0 to 100,000, --seed a whole number, --threads 1 to 64");
	input->weeks = (int)weeks;
	input->draws = (int)draws;
	input->seed = (uint64_t)seed;
	input->threads = (int)threads;
	input->first = cli_value(cli, "first");
	if ((status = cli_clocks(cli, &input->clocks)) || (status = cli_record_open(cli, record)))
		return status;
	if (!path && (status = cli_shipped(cli, &shipped, "world")))
		return status;
	status = truce_world_read(cli->ctx, world, path ? path : shipped);
	truce_release(cli->ctx, shipped);
	input->record = *record;
	input->world = *world;
	return status;
}

static int run(struct cli *cli, int count, char **operands)
{
	const char *network = cli_value(cli, "network");
	truce_shortage_input input;
	truce_shortage_answer *answer;
	truce_record *record = NULL;
	truce_world *world = NULL;
	truce_arena *arena = NULL;
	int status;

	if (network && count)
		return cli_usage(cli, "--network takes no acts: its bans stand in the file");
	if (network)
		return run_network(cli, network);
	if (count == 1 && strcmp(operands[0], "fit") == 0)
		return run_fit(cli);
	if (!count)
		return cli_usage(cli, "give an act, the id of a record, fit, or --network FILE.yaml");
	if ((status = cli_shortage_input(cli, &input, &record, &world)) || (status = truce_arena_new(cli->ctx, &arena)) ||
		(status = truce_shortage_ask(cli->ctx, arena, &answer, &input, (const char *const *)operands, (size_t)count)))
		goto done;
	if (cli->json) {
		truce_json json;
		truce_json_init(&json, &cli->out);
		truce_shortage_answer_to_json(&json, NULL, answer);
		truce_text_add(&cli->out, "\n");
	} else if (cli->csv) {
		csv_users(cli, answer);
	} else {
		print_answer(cli, answer);
	}
	if (!(status = answer->user_count ? figure(cli, "gantt", answer, truce_shortage_gantt) : TRUCE_OK))
		status = answer->user_count ? figure(cli, "fan", answer, truce_shortage_fan) : TRUCE_OK;
done:
	truce_arena_free(arena);
	truce_world_free(world);
	truce_record_close(record);
	return status;
}

static const struct cli_option options[] = {
	{"network", 0, "FILE", false, "run a network written by hand instead of the record and the world"},
	{"weeks", 0, "N", false, "how long the acts last (26); the recovery is followed for as long again"},
	{"licence-rate", 0, "SHARE", false, "flow allowed in the end against normal flow; not the share of applications approved"},
	{"stock-days", 0, "DAYS", false, "stocks of every user, instead of what the dependencies say; with fit: the most that is tried"},
	{"draws", 0, "N", false, "draws of the dependencies' ranges (200)"},
	{"seed", 0, "N", false, "of the draws (1)"},
	{"threads", 0, "N", false, "for the draws (2); the answer does not depend on it"},
	{"first", 0, "USER", false, "the user that efficient rationing serves before all others"},
	{"critical-above", 0, "SHARE", false, "inputs of the world that cost at least this share of output are critical (none)"},
	{"important-above", 0, "SHARE", false, "... are important (none)"},
	{"step", 0, "DAYS", false, "of the model (1); 7 steps in weeks"},
	{"gantt", 0, "FILE", false, "write who works on for how long, as SVG"},
	{"fan", 0, "FILE", false, "write output lost by week, as SVG"},
	{"episode", 0, "FILE", false, "fit: the CSV of the episode (the shipped one where not given)"},
	{"transit", 0, "DAYS", false, "fit: days from leaving the seller to landing (35)"},
	{"share", 0, "SHARE", false, "fit: of the user's supply that comes from the seller (1)"},
	{"exposed", 0, "SHARE", false, "fit: of the user's output that needs the input (1)"},
	{NULL, 0, NULL, false, NULL}};

static const char *const description[] = {
	"Steps a dynamic input-output model day by day: users hold stocks of what they need, refill them by orders, and stop "
	"when a critical input has run out.  An act strikes edges: this good, from this seller, to this buyer.  Who needs what, "
	"from where, and how much of it lies in stock is said by the dependencies of the record, each with a range.",
	"ACT is the id of a measure, threat, claim or dependency, or an act in YAML's flow form; acts that hold no goods back are "
	"said to be not answered.  `truce shortage fit` finds the stocks and the leak that reproduce an episode.",
	NULL};

static const char *const examples[] = {
	"truce shortage '{by: Y, do: ban, instrument: export_ban, against: X, goods: salt}' --weeks 26",
	"which industries stop, after how many days, and what is lost",
	"truce shortage --network chain.yaml --json", "the output of each sector of a network, day by day",
	"truce shortage fit --episode salt.csv", "the stocks that an episode allows", NULL};

const struct cli_verb cli_verb_shortage = {
	.name = "shortage", .summary = "who stops when, under which bans", .operands = "[ACT...]", .operands_max = -1,
	.common = CLI_JSON | CLI_CSV | CLI_RECORD | CLI_CLOCKS | CLI_WORLD, .options = options, .description = description,
	.examples = examples, .run = run};
