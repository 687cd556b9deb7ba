/* shortage: the answers that need no simulation. */
#include <truce/shortage.h>

#include <math.h>

double truce_shortage_days_to_bind(double stock_days, double residual)
{
	return residual < 1 ? stock_days / (1 - residual) : INFINITY;
}

double truce_shortage_ces(double cost_share, double available, double elasticity)
{
	if (elasticity == 1)
		return pow(available, cost_share);
	double power = (elasticity - 1) / elasticity;
	if (available <= 0)
		return elasticity < 1 ? 0 : pow(1 - cost_share, 1 / power);
	/* in logarithms: at low elasticities e^power overflows long before the answer does */
	double big = fmax(0, power * log(available));
	double sum = (1 - cost_share) * exp(-big) + cost_share * exp(power * log(available) - big);
	return exp((big + log(sum)) / power);
}

double truce_shortage_ces_nested(double bundle_share, double share_in_bundle, double available, double inner, double outer)
{
	return truce_shortage_ces(bundle_share, truce_shortage_ces(share_in_bundle, available, inner), outer);
}
