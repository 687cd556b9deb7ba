/* shortage: fleets that stand for want of parts.
 *
 * Parts are not a flow into output: a unit flies until one of them fails.  What is short grows slowly while spares
 * last, then in a straight line. */
#include <truce/shortage.h>

#include <math.h>

static int fleet_check(truce_context *ctx, const truce_shortage_fleet *fleet)
{
	int status = TRUCE_OK;

	if (!(fleet->units > 0) || !isfinite(fleet->units))
		status = truce_fail(ctx, TRUCE_INPUT, NULL, 0, 0, NULL, "a fleet of %g units cannot be", fleet->units);
	for (size_t p = 0; p < fleet->parts; p++) {
		const truce_shortage_part *part = &fleet->part[p];
		if (!(part->per_unit > 0) || !(part->failures >= 0) || !(part->failures < 1e6) || !(part->home >= 0 && part->home <= 1) ||
			!(part->home_days >= 0 && part->home_days <= 36500) || !(part->spares >= 0) ||
			!(part->licence_rate >= 0 && part->licence_rate <= 1) || !(part->leak >= 0 && part->leak <= 1) || !(part->leak_lag >= 0))
			status = truce_fail(ctx, TRUCE_INPUT, NULL, 0, 0,
				"shares lie in [0, 1]; counts, days and rates are 0 or more; per_unit is above 0",
				"the part %s of the fleet cannot be so", part->name ? part->name : "?");
	}
	return status;
}

/* What is short of one part after another day, cannibalising or not.  `failed` remembers each day's removals. */
static double part_day(const truce_shortage_part *part, double factor, double units, double flying, size_t day,
	double *balance, double *failed)
{
	double rate = factor * part->failures, normal = rate * units;
	size_t turn = (size_t)(part->home_days + 0.5);
	double mended = part->home * (day >= turn ? (turn ? failed[day - turn] : rate * flying) : normal);
	double share = fmin(1, part->licence_rate + ((double)day >= part->leak_lag ? part->leak : 0));

	failed[day] = rate * flying;
	*balance += mended + share * (1 - part->home) * normal - failed[day];
	/* nobody ships more than was lost: stocks of spares do not grow past their start */
	if (*balance > part->spares)
		*balance = part->spares;
	return *balance < 0 ? -*balance : 0;
}

/* failed: [parts x days]; balance: [parts] */
static void fleet_days(const truce_shortage_fleet *fleet, double factor, bool cannibal, size_t days, double *out,
	double *failed, double *balance)
{
	double standing = 0;

	for (size_t p = 0; p < fleet->parts; p++)
		balance[p] = fleet->part[p].spares;
	for (size_t day = 0; day < days; day++) {
		double flying = fleet->units - standing, most = 0, sum = 0;
		for (size_t p = 0; p < fleet->parts; p++) {
			double gone = part_day(&fleet->part[p], factor, fleet->units, flying, day, &balance[p], failed + p * days);
			most = fmax(most, gone / fleet->part[p].per_unit);
			sum += gone;
		}
		standing = fmin(cannibal ? most : sum, fleet->units);
		out[day] = standing;
	}
}

int truce_shortage_fleet_run(truce_context *ctx, const truce_shortage_fleet *fleet, size_t days, double *least, double *most)
{
	double *work = NULL;
	int status = fleet_check(ctx, fleet);

	if (status || !days)
		return status;
	if (days > 100000 || fleet->parts > 1000)
		return truce_fail(ctx, TRUCE_LIMIT, NULL, 0, 0, NULL, "a fleet runs at most 100,000 days with 1,000 parts");
	work = truce_allocate_zero(ctx, fleet->parts * days + fleet->parts + 1, sizeof *work);
	if (!work)
		return TRUCE_MEMORY;
	if (least)
		fleet_days(fleet, 1, true, days, least, work, work + fleet->parts * days);
	if (most)
		fleet_days(fleet, 1, false, days, most, work, work + fleet->parts * days);
	truce_release(ctx, work);
	return TRUCE_OK;
}

int truce_shortage_fleet_factor(truce_context *ctx, const truce_shortage_fleet *fleet, size_t days, double units,
	double *without, double *cannibal)
{
	double *work = NULL, *answer[2] = {without, cannibal};
	int status = fleet_check(ctx, fleet);

	if (status)
		return status;
	if (days > 100000 || fleet->parts > 1000)
		return truce_fail(ctx, TRUCE_LIMIT, NULL, 0, 0, NULL, "a fleet runs at most 100,000 days with 1,000 parts");
	work = truce_allocate_zero(ctx, fleet->parts * days + fleet->parts + days + 1, sizeof *work);
	if (!work)
		return TRUCE_MEMORY;
	for (int c = 0; c < 2; c++) {
		double low = 0, high = 1e6, *out = work + fleet->parts * (days + 1);
		if (!answer[c])
			continue;
		*answer[c] = units > 0 ? INFINITY : 0;
		if (!(units > 0) || !days || units > fleet->units)
			continue;
		/* what stands grows with wear up to the point where nearly all stand: bisect in logarithms below it */
		for (double f = 1e-3; f <= 1e6; f *= 1.5) {
			fleet_days(fleet, f, c == 1, days, out, work, work + fleet->parts * days);
			if (out[days - 1] >= units) {
				high = f;
				*answer[c] = f;
				break;
			}
			low = f;
		}
		for (int i = 0; i < 60 && isfinite(*answer[c]); i++) {
			double middle = 0.5 * (low + high);
			fleet_days(fleet, middle, c == 1, days, out, work, work + fleet->parts * days);
			if (out[days - 1] >= units)
				high = middle;
			else
				low = middle;
			*answer[c] = high;
		}
	}
	truce_release(ctx, work);
	return TRUCE_OK;
}
