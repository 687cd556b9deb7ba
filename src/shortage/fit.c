/* shortage: the stock and the leak that reproduce an episode.
 *
 * One user and one critical input: what left the seller is given, what the user made is known within bands.  All pairs
 * on a grid are tried; the range of those that fit is what the data allow, and it may be open. */
#include <truce/shortage.h>

#include <math.h>
#include <string.h>

#define MOST_DAYS 5000
#define MOST_ROWS 1000
#define MOST_PAIRS 1000000

struct band {
	size_t from, through;
	double low, high;
};

struct episode {
	size_t days, bands;
	double *flow;        /* [days] share of normal that left the seller */
	struct band *band;
};

void truce_shortage_fit_options_default(truce_shortage_fit_options *options)
{
	*options = (truce_shortage_fit_options){.transit = 35, .share = 1, .exposed = 1, .stock_most = 180, .leak_most = 0.5,
		.stock_step = 1, .leak_step = 0.02};
}

/* ---- reading ------------------------------------------------------------------------------------------------------ */

struct row {
	bool flow;
	truce_date from, through;
	double low, high;
};

static int read_row(truce_csv *csv, const size_t column[5], struct row *row)
{
	const char *kind = truce_csv_field(csv, column[0]);
	int status;

	if (strcmp(kind, "flow") && strcmp(kind, "output"))
		return truce_csv_fail(csv, column[0], "flow or output", "a row of the kind \"%s\"", kind);
	row->flow = !strcmp(kind, "flow");
	if (truce_date_parse(truce_csv_field(csv, column[1]), &row->from))
		return truce_csv_fail(csv, column[1], "YYYY-MM-DD", "\"%s\" is no date", truce_csv_field(csv, column[1]));
	if (truce_date_parse(truce_csv_field(csv, column[2]), &row->through))
		return truce_csv_fail(csv, column[2], "YYYY-MM-DD", "\"%s\" is no date", truce_csv_field(csv, column[2]));
	if ((status = truce_csv_double(csv, column[3], &row->low)) || (status = truce_csv_double(csv, column[4], &row->high)))
		return status;
	if (row->through < row->from)
		return truce_csv_fail(csv, column[2], "the last day is not before the first", "the stretch ends before it begins");
	if (!(row->low >= 0 && row->low <= row->high && row->high <= 100))
		return truce_csv_fail(csv, column[3], "shares of normal, low not above high", "a band from %g to %g", row->low, row->high);
	return TRUCE_OK;
}

static int read_episode(truce_context *ctx, truce_arena *arena, struct episode *out, const char *path)
{
	static const char *const names[] = {"kind", "from", "through", "low", "high"};
	truce_csv *csv = NULL;
	struct row *row = truce_arena_array(arena, MOST_ROWS, sizeof *row);
	size_t column[5], rows = 0, flows = 0;
	truce_date first = 0, last = 0;
	int status = row ? truce_csv_open(ctx, &csv, path) : TRUCE_MEMORY, more = 0;

	for (size_t i = 0; i < 5 && !status; i++)
		status = truce_csv_column(csv, &column[i], names[i]);
	while (!status && (more = truce_csv_next(csv)) == 1) {
		if (rows == MOST_ROWS)
			status = truce_csv_fail(csv, column[0], "at most 1,000", "too many rows");
		else if (!(status = read_row(csv, column, &row[rows]))) {
			first = rows && first < row[rows].from ? first : row[rows].from;
			last = rows && last > row[rows].through ? last : row[rows].through;
			flows += row[rows++].flow;
		}
	}
	if (!status && more < 0)
		status = more;
	if (!status && (!flows || flows == rows))
		status = truce_fail(ctx, TRUCE_INPUT, path, 0, 0, NULL, "an episode needs at least one flow and one output");
	if (!status && last - first >= MOST_DAYS)
		status = truce_fail(ctx, TRUCE_INPUT, path, 0, 0, NULL, "an episode of more than 5,000 days");
	if (status)
		goto done;
	status = TRUCE_MEMORY;
	out->days = (size_t)(last - first) + 1;
	out->bands = rows - flows;
	out->flow = truce_arena_array(arena, out->days, sizeof *out->flow);
	out->band = truce_arena_array(arena, out->bands, sizeof *out->band);
	if (!out->flow || !out->band)
		goto done;
	for (size_t t = 0; t < out->days; t++)
		out->flow[t] = 1;
	for (size_t i = 0, b = 0; i < rows; i++) {
		size_t from = (size_t)(row[i].from - first), through = (size_t)(row[i].through - first);
		for (size_t t = from; t <= through && row[i].flow; t++)
			out->flow[t] = 0.5 * (row[i].low + row[i].high);
		if (!row[i].flow)
			out->band[b++] = (struct band){from, through, row[i].low, row[i].high};
	}
	status = TRUCE_OK;
done:
	truce_csv_close(csv);
	return status;
}

/* ---- trying --------------------------------------------------------------------------------------------------------- */

/* The user's output, day by day, with a stock in days of use and a leak; its miss. */
static double try_pair(const struct episode *e, const truce_shortage_fit_options *set, double stock, double leak, double *output)
{
	double have = stock, miss = 0;

	for (size_t t = 0; t < e->days; t++) {
		double left = (double)t < set->transit ? 1 : e->flow[t - (size_t)set->transit];
		double came = 1 - set->share * (1 - left);
		if (left < 1)
			came = fmin(came + leak * set->share, 1);
		double may = fmin(have, 1);
		output[t] = 1 - set->exposed + set->exposed * may;
		/* what is not there is not used: only the part of output that needs the input draws on it */
		have = fmin(have - may + came, fmax(stock, 1)); /* nobody hoards beyond the target in an episode */
	}
	for (size_t b = 0; b < e->bands; b++) {
		double sum = 0;
		for (size_t t = e->band[b].from; t <= e->band[b].through; t++)
			sum += output[t];
		sum /= (double)(e->band[b].through - e->band[b].from + 1);
		miss += fmax(e->band[b].low - sum, 0) + fmax(sum - e->band[b].high, 0);
	}
	return miss;
}

static int options_check(truce_context *ctx, const truce_shortage_fit_options *set)
{
	if (!(set->transit >= 0 && set->transit <= 365) || !(set->share > 0 && set->share <= 1) || !(set->exposed > 0 && set->exposed <= 1) ||
		!(set->stock_most >= 0 && set->stock_most <= 3650) || !(set->leak_most >= 0 && set->leak_most <= 1) ||
		!(set->stock_step > 0) || !(set->leak_step > 0) ||
		(set->stock_most / set->stock_step + 1) * (set->leak_most / set->leak_step + 1) > MOST_PAIRS)
		return truce_fail(ctx, TRUCE_INPUT, NULL, 0, 0, "days of 0 or more, shares in (0, 1], at most a million pairs",
			"the episode cannot be scanned so");
	return TRUCE_OK;
}

int truce_shortage_fit(truce_context *ctx, truce_arena *arena, truce_shortage_fitted *out, const char *path,
	const truce_shortage_fit_options *options)
{
	truce_shortage_fit_options set;
	struct episode e;
	int status;

	truce_shortage_fit_options_default(&set);
	if (options)
		set = *options;
	*out = (truce_shortage_fitted){.stock_low = NAN, .stock_high = NAN, .leak_low = NAN, .leak_high = NAN,
		.stock_alone_low = NAN, .stock_alone_high = NAN, .best_stock = NAN, .best_leak = NAN, .miss = INFINITY};
	if ((status = options_check(ctx, &set)) || (status = read_episode(ctx, arena, &e, path)))
		return status;
	if (!(out->output = truce_arena_array(arena, e.days, sizeof *out->output)))
		return TRUCE_MEMORY;
	out->days = e.days;
	out->bands = e.bands;
	size_t stocks = (size_t)(set.stock_most / set.stock_step + 1.5), leaks = (size_t)(set.leak_most / set.leak_step + 1.5);
	for (size_t s = 0; s < stocks; s++)
		for (size_t l = 0; l < leaks; l++) {
			double stock = fmin((double)s * set.stock_step, set.stock_most), leak = fmin((double)l * set.leak_step, set.leak_most);
			double miss = try_pair(&e, &set, stock, leak, out->output);
			out->tried++;
			if (miss < out->miss) {
				out->miss = miss;
				out->best_stock = stock;
				out->best_leak = leak;
			}
			if (miss > 1e-12)
				continue;
			out->fitting++;
			out->stock_low = fmin(isnan(out->stock_low) ? INFINITY : out->stock_low, stock);
			out->stock_high = fmax(isnan(out->stock_high) ? -INFINITY : out->stock_high, stock);
			out->leak_low = fmin(isnan(out->leak_low) ? INFINITY : out->leak_low, leak);
			out->leak_high = fmax(isnan(out->leak_high) ? -INFINITY : out->leak_high, leak);
			if (l == 0) {
				out->stock_alone_low = fmin(isnan(out->stock_alone_low) ? INFINITY : out->stock_alone_low, stock);
				out->stock_alone_high = fmax(isnan(out->stock_alone_high) ? -INFINITY : out->stock_alone_high, stock);
			}
		}
	out->low_open = out->stock_low <= 0;
	out->high_open = out->stock_high >= set.stock_most;
	if (!isnan(out->stock_alone_low)) { /* among those that fit, the plainest: no leak, the middle of the stocks */
		out->best_leak = 0;
		out->best_stock = 0.5 * (out->stock_alone_low + (out->high_open ? out->stock_alone_low : out->stock_alone_high));
	}
	out->miss = try_pair(&e, &set, out->best_stock, out->best_leak, out->output);
	return TRUCE_OK;
}
