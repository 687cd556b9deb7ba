/* settings.h: settings of the trade model from text: "market=restricted deficits=zero". */
#ifndef TRUCE_TEST_SETTINGS_H
#define TRUCE_TEST_SETTINGS_H

#include "frame.h"

#include <truce/equilibrium.h>

static truce_equilibrium_settings settings_of(truce_context *ctx, const char *text)
{
	truce_equilibrium_settings settings;
	char copy[256];
	truce_equilibrium_settings_init(&settings);
	snprintf(copy, sizeof copy, "%s", text);
	for (char *one = strtok(copy, " "); one; one = strtok(NULL, " ")) {
		char *value = strchr(one, '=');
		*value++ = 0;
		ck_assert_int_eq(truce_equilibrium_settings_set(ctx, &settings, one, value), TRUCE_OK);
	}
	return settings;
}

#endif
