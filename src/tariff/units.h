/* units.h: private to the tariff room: one unit of the table of units.c. */
#ifndef TRUCE_TARIFF_UNITS_H
#define TRUCE_TARIFF_UNITS_H

#include <truce/schedule.h>

struct unit {
	const char *name;      /* as Truce prints it */
	const char *dimension; /* units convert within one */
	int64_t top, bottom;   /* base units in one of this: top / bottom */
	const char *word;      /* "kilogram" */
	const char *others;    /* other names, '|' between */
};

/* The unit of a name, whatever its case where no name differs by case alone; NULL none. */
const struct unit *unit_find(const char *name, size_t length);

#endif
