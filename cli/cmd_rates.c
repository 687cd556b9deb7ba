/* truce rates: average duties by day, party, authority and sector. */
#include "tariff.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MOST = 300 };

/* ---- one day, one origin ---- */

static void add_shared(truce_text *out, double usd, double average, double low, double high)
{
	if (usd > 0 && high - low >= 1e-4)
		truce_text_addf(out, "%.2f bn are of codes that several lines share in equal parts; were each of them all its lowest line or all its\n"
			"highest, the average would lie between %.2f and %.2f %%\n", usd / 1e9, 100 * low, 100 * high);
	else if (usd > 0 && !isnan(average))
		truce_text_addf(out, "%.2f bn are of codes that several lines share; which of them it was makes less than 0.01 point\n", usd / 1e9);
}

static void print_day(struct cli *cli, const truce_tariff_rates *rates)
{
	char on[32], known[32];
	truce_text *out = &cli->out;
	truce_text_addf(out, "%s%s from %s on %s%s, as known on %s: ", cli_bold(cli), rates->into, rates->from,
		truce_time_format(on, &rates->clocks.on), cli_plain(cli), truce_time_format(known, &rates->clocks.known));
	if (isnan(rates->average))
		truce_text_add(out, "nothing was matched\n");
	else
		truce_text_addf(out, "%.2f %%, weighted by imports line by line\n\n", 100 * rates->average);
	for (size_t i = 0; i < rates->part_count; i++)
		truce_text_addf(out, "  %-20s %7.2f\n", rates->parts[i].authority, 100 * rates->parts[i].rate);
	truce_text_addf(out, "\n%zu lines; %.2f bn US$ matched, %.2f bn not; %.2f bn of the matched pay by quantity, and count with their\n"
		"percentages only\n", rates->lines, rates->matched_usd / 1e9, rates->unmatched_usd / 1e9, rates->by_quantity_usd / 1e9);
	add_shared(out, rates->shared_usd, rates->average, rates->low, rates->high);
	if (rates->party_count > 1)
		truce_text_addf(out, "the weights know only members of %s: %zu of them are counted\n", rates->from, rates->party_count);
	for (size_t i = 0; i < rates->unmatched_count && i < 5; i++)
		truce_text_addf(out, "  not matched: %s, %.1f m: %s\n", rates->unmatched[i].code, rates->unmatched[i].usd / 1e6,
			rates->unmatched[i].why);
}

static int one_day(struct cli *cli, struct cli_tariff *tariff, const truce_tariff_question *ask, const truce_tariff_averages_options *options)
{
	truce_tariff_rates *rates;
	int status = truce_tariff_rates_of(cli->ctx, tariff->arena, &rates, ask, options->weights, options->partners);
	if (!status && cli->json) {
		truce_json json;
		truce_json_init(&json, &cli->out);
		truce_tariff_rates_to_json(&json, NULL, rates);
	} else if (!status) {
		print_day(cli, rates);
	}
	return status;
}

/* ---- series ---- */

static const char *name_of(const truce_tariff_average *item)
{
	return item->party[0] ? item->party : item->sector[0] ? item->sector : "all";
}

/* The numbers of a stretch: the same on each of its days. */
static void csv_numbers(truce_text *out, const truce_tariff_averages *a, const truce_tariff_average *item, size_t s)
{
	char number[32];
	truce_text_add(out, isfinite(item->average[s]) ? truce_format_double(number, item->average[s]) : "");
	truce_text_addf(out, ",%.0f,%.0f,%.0f", item->matched_usd[s], item->unmatched_usd[s], item->by_quantity_usd[s]);
	for (size_t i = 0; i < a->authority_count; i++)
		truce_text_addf(out, ",%s", truce_format_double(number, item->parts[s * a->authority_count + i]));
}

static void csv_row(truce_text *out, const truce_tariff_average *item, const char *numbers, truce_date from, truce_date through)
{
	char first[11], last[11];
	truce_csv_write_field(out, item->party);
	truce_text_add(out, ",");
	truce_csv_write_field(out, item->sector);
	const char *const parts[] = {",", truce_date_format(first, from), ",", truce_date_format(last, through), ",", numbers, "\n"};
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
		truce_text_add(out, parts[i]);
}

static bool same(double x, double y)
{
	return x == y || (isnan(x) && isnan(y));
}

/* The first stretch after s in which a number of the item is another: a stretch may begin for the sake of another item. */
static size_t same_until(const truce_tariff_averages *a, const truce_tariff_average *item, size_t s)
{
	size_t end = s + 1, n = a->authority_count;
	for (; end < a->stretches; end++) {
		bool all = same(item->average[s], item->average[end]) && same(item->matched_usd[s], item->matched_usd[end]) &&
			same(item->unmatched_usd[s], item->unmatched_usd[end]) && same(item->by_quantity_usd[s], item->by_quantity_usd[end]);
		for (size_t i = 0; all && i < n; i++)
			all = same(item->parts[s * n + i], item->parts[end * n + i]);
		if (!all)
			break;
	}
	return end;
}

static int as_csv(struct cli *cli, const truce_tariff_averages *a, bool daily)
{
	truce_text *out = &cli->out, numbers;
	truce_text_init(&numbers, cli->ctx);
	truce_text_add(out, "party,sector,since,through,average,matched_usd,unmatched_usd,by_quantity_usd");
	for (size_t i = 0; i < a->authority_count; i++) {
		truce_text_add(out, ",");
		truce_csv_write_field(out, a->authorities[i]);
	}
	truce_text_add(out, "\n");
	for (size_t k = 0; k < a->count; k++)
		for (size_t s = 0, end; s < a->stretches; s = end) {
			truce_text_clear(&numbers);
			csv_numbers(&numbers, a, &a->items[k], s);
			end = daily ? s + 1 : same_until(a, &a->items[k], s);
			if (!daily && numbers.data)
				csv_row(out, &a->items[k], numbers.data, a->days[s], a->days[end] - 1);
			for (truce_date day = a->days[s]; daily && day < a->days[s + 1] && numbers.data; day++)
				csv_row(out, &a->items[k], numbers.data, day, day);
		}
	int status = truce_text_done(&numbers);
	truce_text_free(&numbers);
	return status;
}

static bool moved(const truce_tariff_averages *a, const truce_tariff_average *item, size_t s)
{
	bool moved = s == 0 || fabs(item->average[s] - item->average[s - 1]) >= 5e-7 || isnan(item->average[s]) != isnan(item->average[s - 1]);
	for (size_t i = 0; !moved && i < a->authority_count; i++)
		moved = fabs(item->parts[s * a->authority_count + i] - item->parts[(s - 1) * a->authority_count + i]) >= 5e-7;
	return moved;
}

/* Of what nothing was matched there is no average. */
static void add_average(truce_text *out, double average, int width)
{
	if (isnan(average))
		truce_text_addf(out, " %*s", width, "-");
	else
		truce_text_addf(out, " %*.2f", width, 100 * average);
}

static void print_all(struct cli *cli, const truce_tariff_averages *a, const char *into, bool daily)
{
	truce_text *out = &cli->out;
	const truce_tariff_average *all = &a->items[0];
	char day[11];
	truce_text_addf(out, "%sAverage duty of %s, per cent%s, by definition: %s\n\n", cli_bold(cli), into, cli_plain(cli),
		truce_rates_definition_word(a->definition));
	for (size_t s = 0; s < a->stretches; s++)
		for (truce_date at = a->days[s]; at < a->days[s + 1]; at++) {
			if (!daily && (at != a->days[s] || !moved(a, all, s)))
				continue;
			truce_text_addf(out, "%s ", truce_date_format(day, at));
			add_average(out, all->average[s], 7);
			truce_text_add(out, " ");
			for (size_t i = 0; i < a->authority_count; i++)
				if (fabs(all->parts[s * a->authority_count + i]) >= 5e-5)
					truce_text_addf(out, "  %s %.2f", a->authorities[i], 100 * all->parts[s * a->authority_count + i]);
			truce_text_add(out, "\n");
		}
	size_t end = a->stretches - 1;
	bool one = a->days[a->stretches] - a->days[0] == 1; /* then its first day is its last */
	if (a->count > 2 && one)
		truce_text_addf(out, "\n%-24s %12s %14s\n", "", "average", "US$ bn");
	else if (a->count > 2)
		truce_text_addf(out, "\n%-24s %12s %12s %14s\n", "", "first day", "last day", "US$ bn");
	for (size_t k = 1; k < a->count && a->count > 2; k++) {
		const truce_tariff_average *item = &a->items[k];
		truce_text_addf(out, "%-24s", name_of(item));
		add_average(out, item->average[0], 12);
		if (!one)
			add_average(out, item->average[end], 12);
		truce_text_addf(out, " %14.2f\n", (item->matched_usd[0] + item->unmatched_usd[0]) / 1e9);
	}
	truce_text_addf(out, "\n%zu cells; %s%.2f bn US$ matched, %.2f bn not; %.2f bn pay by quantity\n", all->cells, one ? "" : "on the first day ",
		all->matched_usd[0] / 1e9,
		all->unmatched_usd[0] / 1e9, all->by_quantity_usd[0] / 1e9);
	add_shared(out, all->shared_usd[0], all->average[0], all->low[0], all->high[0]);
	if (a->inside_usd > 0)
		truce_text_addf(out, "left out of the total, for another partner contains it: %s, %.2f bn\n", a->inside, a->inside_usd / 1e9);
	if (a->absent[0])
		truce_text_addf(out, "in no row of the weights: %s\n", a->absent);
	if (a->unknown_usd > 0)
		truce_text_addf(out, "of partners that are no party: %.2f bn, in no average\n", a->unknown_usd / 1e9);
	for (size_t i = 0; i < a->unmatched_count && i < 5; i++)
		truce_text_addf(out, "  not matched: %s, %.1f m, %s\n", a->unmatched[i].code, a->unmatched[i].usd / 1e6, a->unmatched[i].why);
}

static int read_options(struct cli *cli, struct cli_tariff *tariff, truce_tariff_averages_options *options, const char **origins)
{
	const char *word = cli_value(cli, "definition");
	int status = cli_parties(cli, tariff, origins, MOST, &options->origin_count);
	if (status)
		return status;
	options->origins = origins;
	options->sectors = cli_value(cli, "sectors");
	if (cli_value(cli, "sector-column") && !options->sectors)
		return cli_usage(cli, "--sector-column names a column of --sectors FILE");
	options->sector_column = cli_value(cli, "sector-column");
	options->concordance = cli_value(cli, "concordance");
	for (options->definition = TRUCE_RATES_IMPORTS; word && strcmp(word, truce_rates_definition_word(options->definition)) != 0;
		options->definition++)
		if (options->definition == TRUCE_RATES_COLLECTED)
			return cli_usage(cli, "--definition \"%s\" is none of imports, world-exports, collected", word);
	return cli_days(cli, &options->from, &options->through);
}

/* The table of partners of the weights that are no country; *out NULL: there is none. */
static int partners_of(struct cli *cli, const char *into, char **out)
{
	size_t first = truce_diagnostic_count(cli->ctx);
	int status = cli_tariff_table(cli, out, into, "partners");
	if (status != TRUCE_NOT_FOUND)
		return status;
	truce_diagnostics_forget(cli->ctx, first);
	*out = NULL;
	return TRUCE_OK;
}

static int series(struct cli *cli, struct cli_tariff *tariff, const truce_tariff_question *ask, const truce_tariff_averages_options *options)
{
	truce_tariff_averages *averages;
	int status = truce_tariff_averages_of(cli->ctx, tariff->arena, &averages, ask, options);
	if (status)
		return status;
	if (cli->json) {
		truce_json json;
		truce_json_init(&json, &cli->out);
		truce_tariff_averages_to_json(&json, NULL, averages);
	} else if (cli->csv) {
		return as_csv(cli, averages, cli_flag(cli, "daily"));
	} else {
		print_all(cli, averages, ask->into, cli_flag(cli, "daily"));
	}
	return TRUCE_OK;
}

static int run(struct cli *cli, int count, char **operands)
{
	struct cli_tariff tariff = {0};
	truce_tariff_question ask = {0};
	truce_tariff_averages_options options = {0};
	const char *origins[MOST];
	char *partners = NULL;
	(void)count;
	(void)operands;
	options.weights = cli_value(cli, "weights");
	if (!options.weights)
		return cli_usage(cli, "say what to weight with: --weights imports.csv.gz");
	int status = cli_tariff_open(cli, &tariff, &ask);
	if (!status)
		status = read_options(cli, &tariff, &options, origins);
	if (!status && !ask.schedule && options.definition != TRUCE_RATES_COLLECTED)
		status = truce_fail(cli->ctx, TRUCE_NOT_FOUND, NULL, 0, 0, "truce schedule import makes one",
			"averages need a compiled schedule of %s: --schedule FILE", ask.into);
	bool simple = options.origin_count == 1 && !cli_value(cli, "since") && !options.sectors && !options.concordance && !cli->csv &&
		options.definition == TRUCE_RATES_IMPORTS;
	if (!status && simple)
		ask.from = options.origins[0];
	if (!status && !(status = partners_of(cli, ask.into, &partners))) {
		options.partners = partners;
		status = simple ? one_day(cli, &tariff, &ask, &options) : series(cli, &tariff, &ask, &options);
	}
	truce_release(cli->ctx, partners);
	cli_tariff_close(&tariff);
	return status;
}

static const struct cli_option options[] = {
	{"from", 0, "PARTIES", true, "where the goods are from: CN, or CN,HK, or all"},
	{"into", 0, "PARTY", false, "where they are entered"},
	{"weights", 0, "FILE", false, "values by line and partner: hts10,country,imports_usd (or exports_usd, duty_usd); gzip or plain"},
	{"since", 0, "DATE", false, "the first day of a series; without it the day of --on alone"},
	{"until", 0, "DATE", false, "its last day"},
	{"daily", 0, NULL, false, "a row a day, not a row a change"},
	{"definition", 0, "WORD", false, "imports (default), world-exports, or collected"},
	{"sectors", 0, "FILE", false, "by sector too: a table of hs10 and sector"},
	{"sector-column", 0, "NAME", false, "the column of the sector; \"sector\" or \"gtap_code\" unless said"},
	{"concordance", 0, "FILE", false, "where codes of the weights went: old_hts10,new_hts10,change_type"},
	{NULL, 0, NULL, false, NULL}};

static const char *const description[] = {
	"The average of the duties on the goods of a partner, of several or of all, weighted line by line, split by the authority that each "
	"point stands on, with the value that was matched and that was not; for one day, or as a series over days, by party and by sector.",
	"Three definitions: `imports` weights each line by imports_usd from the partner; `world-exports` by exports_usd, what the partner "
	"exports to the world, codes of fewer than ten digits taking the plain mean of their lines; `collected` is duty_usd over imports_usd, "
	"what was paid in the time of the weights, whatever the day.  They differ by many points.",
	"Content shares, exclusions and claims of programmes are those of the schedule's lists, estimates.  A partner that another partner "
	"contains as a member is left out of the total, and said.  A code that has ended is followed to what it became, with --concordance; "
	"else its eight digits answer.", NULL};

static const char *const examples[] = {
	"truce rates --from X --into Y --on 2025-03-04 --weights imports.csv.gz --schedule y.truce", "one day",
	"truce rates --from all --into Y --since 2025-01-01 --until 2025-12-31 --weights imports.csv.gz --csv --schedule y.truce", "a series",
	"truce rates --from X --into Y --on 2025-03-04 --definition collected --weights imports.csv.gz", "what was paid", NULL};

const struct cli_verb cli_verb_rates = {.name = "rates", .summary = "average tariff rates by day, party, authority and sector", .operands = "",
	.operands_max = 0, .common = CLI_JSON | CLI_CSV | CLI_RECORD | CLI_CLOCKS | CLI_SCHEDULE | CLI_VIEW, .options = options,
	.description = description, .examples = examples, .run = run};
