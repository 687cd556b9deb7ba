/* equilibrium: the settings, by name. */
#include <truce/equilibrium.h>

#include <math.h>
#include <string.h>

void truce_equilibrium_settings_init(truce_equilibrium_settings *settings)
{
	*settings = (truce_equilibrium_settings){.theta_scale = 1, .psi = NAN, .inputs = 1, .value_added = 1, .tolerance = 1e-12,
		.accept = 1e-9, .imbalance_limit = 0.5, .iterations = 200000, .continuation = 64};
}

int truce_equilibrium_settings_set(truce_context *ctx, truce_equilibrium_settings *settings, const char *key,
	const char *value)
{
	static const char *const keys[] = {"deficits", "theta_scale", "tolerance", "iterations"};
	double number = NAN;
	if (strcmp(key, "deficits") == 0) {
		static const char *const words[] = {"fixed", "zero", "endogenous"};
		for (int i = 0; i < 3; i++)
			if (strcmp(value, words[i]) == 0) {
				settings->deficits = (truce_deficits)i;
				return TRUCE_OK;
			}
		return truce_fail(ctx, TRUCE_INPUT, NULL, 0, 0, "deficits is fixed, zero or endogenous", "deficits cannot be \"%s\"", value);
	}
	bool numeric = truce_parse_double(value, strlen(value), &number) == TRUCE_OK && number > 0;
	double *target = strcmp(key, "theta_scale") == 0 ? &settings->theta_scale : strcmp(key, "tolerance") == 0 ? &settings->tolerance :
		NULL;
	if (target || strcmp(key, "iterations") == 0) {
		if (!numeric)
			return truce_fail(ctx, TRUCE_INPUT, NULL, 0, 0, "give a number above 0", "%s cannot be \"%s\"", key, value);
		if (target)
			*target = number;
		else
			settings->iterations = number < 1e9 ? (int)number : 1000000000;
		return TRUCE_OK;
	}
	const char *near = truce_nearest(key, keys, sizeof keys / sizeof *keys);
	return truce_fail(ctx, TRUCE_INPUT, NULL, 0, 0, "the settings are deficits, theta_scale, tolerance, iterations",
		near ? "there is no setting \"%s\"; is \"%s\" meant?" : "there is no setting \"%s\"", key, near);
}
