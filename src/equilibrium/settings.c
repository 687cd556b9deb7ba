/* equilibrium: the named settings, with their defaults. */
#include <truce/equilibrium.h>

#include <math.h>
#include <stdio.h>
#include <string.h>

void truce_equilibrium_settings_init(truce_equilibrium_settings *settings)
{
	*settings = (truce_equilibrium_settings){
		.theta_scale = 1, .psi = NAN, .inputs = 1, .value_added = 1,
		.tolerance = 1e-12, .accept = 1e-9, .imbalance_limit = 0.5, .iterations = 20000, .continuation = 64,
		.certify = true,
	};
}

/* Settings that are words; the position of a word is its value. */
static const struct word_setting {
	const char *key;
	size_t offset;
	const char *words[4];
} word_settings[] = {
	{"deficits", offsetof(truce_equilibrium_settings, deficits), {"fixed", "zero", "endogenous", NULL}},
	{"market", offsetof(truce_equilibrium_settings, market), {"perfect", "monopolistic", "restricted", NULL}},
	{"labour", offsetof(truce_equilibrium_settings, labour), {"mobile", "immobile", NULL}},
	{"revenue", offsetof(truce_equilibrium_settings, revenue), {"rebate", "income_tax", "tax_relief", NULL}},
	{"marketing", offsetof(truce_equilibrium_settings, marketing), {"none", "world", NULL}},
};

/* Settings that are numbers, with the range that makes sense. */
static const struct number_setting {
	const char *key;
	size_t offset;
	double least, most;
} number_settings[] = {
	{"theta_scale", offsetof(truce_equilibrium_settings, theta_scale), 1e-3, 1e3},
	{"psi", offsetof(truce_equilibrium_settings, psi), 0, 10},
	{"inputs", offsetof(truce_equilibrium_settings, inputs), 0, 100},
	{"value_added", offsetof(truce_equilibrium_settings, value_added), 0, 100},
	{"labour_supply", offsetof(truce_equilibrium_settings, labour_supply), 0, 100},
	{"income_tax", offsetof(truce_equilibrium_settings, income_tax), 0, 0.95},
	{"tolerance", offsetof(truce_equilibrium_settings, tolerance), 1e-15, 1e-2},
	{"accept", offsetof(truce_equilibrium_settings, accept), 1e-14, 1e-3},
	{"imbalance_limit", offsetof(truce_equilibrium_settings, imbalance_limit), 0, 1e3},
};

static const struct count_setting {
	const char *key;
	size_t offset;
	int least, most;
} count_settings[] = {
	{"iterations", offsetof(truce_equilibrium_settings, iterations), 1, 100000000},
	{"continuation", offsetof(truce_equilibrium_settings, continuation), 0, 100000},
};
enum {
	WORDS = sizeof word_settings / sizeof *word_settings, NUMBERS = sizeof number_settings / sizeof *number_settings,
	COUNTS = sizeof count_settings / sizeof *count_settings,
};

const char *truce_equilibrium_settings_key(size_t position)
{
	return position < WORDS ? word_settings[position].key : position < WORDS + NUMBERS ? number_settings[position - WORDS].key :
		position < WORDS + NUMBERS + COUNTS ? count_settings[position - WORDS - NUMBERS].key : NULL;
}

bool truce_equilibrium_settings_get(const truce_equilibrium_settings *settings, const char *key, char *value, size_t size)
{
	const char *base = (const char *)settings;
	char text[32];
	int whole;
	double number;
	*value = 0;
	for (size_t i = 0; i < WORDS; i++)
		if (strcmp(key, word_settings[i].key) == 0) {
			memcpy(&whole, base + word_settings[i].offset, sizeof whole);
			snprintf(value, size, "%s", word_settings[i].words[whole]);
		}
	for (size_t i = 0; i < NUMBERS; i++)
		if (strcmp(key, number_settings[i].key) == 0) {
			memcpy(&number, base + number_settings[i].offset, sizeof number);
			if (!isnan(number))
				snprintf(value, size, "%s", truce_format_double(text, number));
		}
	for (size_t i = 0; i < COUNTS; i++)
		if (strcmp(key, count_settings[i].key) == 0) {
			memcpy(&whole, base + count_settings[i].offset, sizeof whole);
			snprintf(value, size, "%d", whole);
		}
	return *value != 0;
}

int truce_equilibrium_settings_set(truce_context *ctx, truce_equilibrium_settings *settings, const char *key,
	const char *value)
{
	char *base = (char *)settings;
	for (size_t i = 0; i < WORDS; i++) {
		const struct word_setting *s = &word_settings[i];
		if (strcmp(key, s->key) != 0)
			continue;
		for (int w = 0; s->words[w]; w++)
			if (strcmp(value, s->words[w]) == 0) {
				memcpy(base + s->offset, &w, sizeof w); /* enums are ints here */
				return TRUCE_OK;
			}
		return truce_fail(ctx, TRUCE_USAGE, NULL, 0, 0, NULL, "%s cannot be '%s'; it is %s, %s%s%s", key, value, s->words[0],
			s->words[1], s->words[2] ? " or " : "", s->words[2] ? s->words[2] : "");
	}
	for (size_t i = 0; i < NUMBERS; i++) {
		const struct number_setting *s = &number_settings[i];
		if (strcmp(key, s->key) != 0)
			continue;
		double number;
		if (truce_parse_double(value, strlen(value), &number) || number < s->least || number > s->most)
			return truce_fail(ctx, TRUCE_USAGE, NULL, 0, 0, NULL, "%s is a number between %g and %g, not '%s'", key, s->least,
				s->most, value);
		memcpy(base + s->offset, &number, sizeof number);
		return TRUCE_OK;
	}
	for (size_t i = 0; i < COUNTS; i++) {
		const struct count_setting *s = &count_settings[i];
		double number;
		if (strcmp(key, s->key) != 0)
			continue;
		if (truce_parse_double(value, strlen(value), &number) || number < s->least || number > s->most || number != floor(number))
			return truce_fail(ctx, TRUCE_USAGE, NULL, 0, 0, NULL, "%s is a whole number between %d and %d, not '%s'", key, s->least,
				s->most, value);
		const int whole = (int)number;
		memcpy(base + s->offset, &whole, sizeof whole);
		return TRUCE_OK;
	}
	const char *keys[WORDS + NUMBERS + COUNTS];
	size_t count = 0;
	for (const char *one; (one = truce_equilibrium_settings_key(count)); count++)
		keys[count] = one;
	const char *near = truce_nearest(key, keys, count);
	return truce_fail(ctx, TRUCE_USAGE, NULL, 0, 0, "settings: deficits, market, labour, revenue, marketing, theta_scale, psi, inputs, "
		"value_added, labour_supply, income_tax, tolerance, accept, imbalance_limit, iterations, continuation",
		"there is no setting '%s'%s%s%s", key, near ? "; did you mean '" : "", near ? near : "", near ? "'?" : "");
}
