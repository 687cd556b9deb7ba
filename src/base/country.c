/* Room base: the concordance of country codes. */
#include <truce/base.h>

#include <string.h>

static const truce_country countries[] = {
#define COUNTRY(iso2, iso3, census, name) {iso2, iso3, census, name},
#include "country_rows.h"
#undef COUNTRY
};

enum { COUNT = sizeof countries / sizeof *countries };

const truce_country *truce_country_find(const char *code)
{
	if (!code || !*code)
		return NULL;
	for (size_t i = 0; i < COUNT; i++)
		if (strcmp(countries[i].iso2, code) == 0 || strcmp(countries[i].iso3, code) == 0 ||
			strcmp(countries[i].census, code) == 0)
			return &countries[i];
	return NULL;
}

const truce_country *truce_country_at(size_t i)
{
	return i < COUNT ? &countries[i] : NULL;
}
