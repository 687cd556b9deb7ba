/* Room base: the concordance of country codes. */
#include <truce/base.h>

#include <string.h>
#include <strings.h>

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

const truce_country *truce_country_named(const char *text)
{
	const truce_country *found = truce_country_find(text);
	for (size_t i = 0; i < COUNT && !found && text; i++) {
		const char *comma = strchr(countries[i].name, ',');
		size_t length = comma ? (size_t)(comma - countries[i].name) : 0;
		/* "Taiwan, Province of China" and its like are meant by what stands before the comma, where that is not two. */
		if (strcasecmp(countries[i].iso2, text) == 0 || strcasecmp(countries[i].iso3, text) == 0 || strcasecmp(countries[i].name, text) == 0 ||
			(length && strlen(text) == length && strncasecmp(countries[i].name, text, length) == 0 && strncasecmp(text, "Congo", 5) != 0 &&
				strncasecmp(text, "Korea", 5) != 0 && strncasecmp(text, "Virgin Islands", 14) != 0))
			found = &countries[i];
	}
	return found;
}

const char *truce_country_nearest(const char *text)
{
	const char *names[COUNT];
	for (size_t i = 0; i < COUNT; i++)
		names[i] = countries[i].name;
	return text ? truce_nearest(text, names, COUNT) : NULL;
}

const truce_country *truce_country_at(size_t i)
{
	return i < COUNT ? &countries[i] : NULL;
}
