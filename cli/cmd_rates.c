/* truce rates: the average duty on a day, by authority. */
#include "tariff.h"

#include <math.h>
#include <string.h>

static void print(struct cli *cli, const truce_tariff_rates *rates)
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
	for (size_t i = 0; i < rates->unmatched_count && i < 5; i++)
		truce_text_addf(out, "  not matched: %s, %.1f m: %s\n", rates->unmatched[i].code, rates->unmatched[i].usd / 1e6,
			rates->unmatched[i].why);
}

static int run(struct cli *cli, int count, char **operands)
{
	struct cli_tariff tariff = {0};
	truce_tariff_question ask = {0};
	truce_tariff_rates *rates;
	const char *weights = cli_value(cli, "weights");
	(void)count;
	(void)operands;
	if (!weights)
		return cli_usage(cli, "say what to weight with: --weights imports.csv.gz");
	int status = cli_tariff_open(cli, &tariff, &ask);
	if (!status && !ask.schedule)
		status = truce_fail(cli->ctx, TRUCE_NOT_FOUND, NULL, 0, 0, "truce schedule import makes one",
			"averages need a compiled schedule of %s: --schedule FILE", ask.into);
	if (!status)
		status = truce_tariff_rates_of(cli->ctx, tariff.arena, &rates, &ask, weights);
	if (!status && cli->json) {
		truce_json json;
		truce_json_init(&json, &cli->out);
		truce_tariff_rates_to_json(&json, NULL, rates);
	} else if (!status) {
		print(cli, rates);
	}
	cli_tariff_close(&tariff);
	return status;
}

static const struct cli_option options[] = {
	{"from", 0, "PARTY", false, "where the goods are from"},
	{"into", 0, "PARTY", false, "where they are entered"},
	{"weights", 0, "FILE", false, "imports by line and partner: hts10,country,imports_usd; gzip or plain"},
	{NULL, 0, NULL, false, NULL}};

static const char *const description[] = {
	"The average of the duties of a day on the goods of a partner, weighted by imports line by line, split by the authority that each "
	"point stands on, with the value that was matched and that was not.  Content shares are those of the schedule's lists, estimates.",
	NULL};

static const char *const examples[] = {
	"truce rates --from X --into Y --on 2025-03-04 --weights imports.csv.gz --schedule y.truce", "one day", NULL};

const struct cli_verb cli_verb_rates = {.name = "rates", .summary = "average tariff rates by day, party and authority", .operands = "",
	.operands_max = 0, .common = CLI_JSON | CLI_RECORD | CLI_CLOCKS | CLI_SCHEDULE | CLI_VIEW, .options = options,
	.description = description, .examples = examples, .run = run};
