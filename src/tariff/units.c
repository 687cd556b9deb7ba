/* units.c: the units that duties are laid on and entries are reported in (tariff room).
 *
 * A table of names with what they measure and how many base units they make.  Units of different dimensions are
 * never converted into each other: a pair is not two items, a proof litre not a litre. */
#include "units.h"

#include <ctype.h>
#include <string.h>

__extension__ typedef __int128 wide;

/* name, dimension, base units in one (as numerator and denominator), word for one, other names (| between) */
static const struct unit table[] = {
	{"kg", "mass", 1, 1, "kilogram", "kilogram|kilograms|kgs|kilo|kilos"},
	{"g", "mass", 1, 1000, "gram", "gram|grams|gm|grms"},
	{"mg", "mass", 1, 1000000, "milligram", "milligram|milligrams"},
	{"t", "mass", 1000, 1, "tonne", "tonne|tonnes|metric ton|metric tons|mt|ton|tons"},
	{"lb", "mass", 45359237, 100000000, "pound", "lbs|pound|pounds"},
	{"oz", "mass", 45359237, 1600000000, "ounce", "ounce|ounces"},
	{"carat", "mass", 1, 5000, "carat", "c|carats|ct"},
	{"clean kg", "clean mass", 1, 1, "kilogram of clean content", "kg cy|clean kilogram"},
	{"No.", "number", 1, 1, "item",
		"no|number|each|item|items|pcs|pieces|piece|head|article|articles|u|unit|units|x|pin|pins|cylinder"},
	{"doz.", "number", 12, 1, "dozen", "doz|dozen|dozens|dz pcs|doz. pcs|doz. pieces"},
	{"hundreds", "number", 100, 1, "hundred", "hundred"},
	{"gross", "number", 144, 1, "gross", "gr."},
	{"thousands", "number", 1000, 1, "thousand", "thousand|1000"},
	{"pr.", "pair", 1, 1, "pair", "pr|prs|prs.|pair|pairs"},
	{"doz. pr.", "pair", 12, 1, "dozen pairs", "doz. prs.|doz. prs|doz prs|dozen pairs|dpr"},
	{"pack", "pack", 1, 1, "pack", "packs"},
	{"jewel", "jewel", 1, 1, "jewel", "jewels"},
	{"line gross", "line gross", 1, 1, "line per gross", "line/gross|line/ gross"},
	{"liter", "volume", 1, 1, "liter", "liters|litre|litres|l|lit"},
	{"ml", "volume", 1, 1000, "milliliter", "milliliter|milliliters"},
	{"m3", "volume", 1000, 1, "cubic meter", "m\xc2\xb3|cubic meter|cubic meters|cu. m"},
	{"thousand m3", "volume", 1000000, 1, "thousand cubic meters", "1000 m3|thousand m\xc2\xb3"},
	{"gallon", "volume", 3785411784, 1000000000, "gallon", "gal|gallons"},
	{"bbl", "volume", 158987294928, 1000000000, "barrel", "barrel|barrels|bbls"},
	{"pf.liter", "proof volume", 1, 1, "proof liter", "pf. liter|pf.liters|pf. liters|pf liter|proof liter|proof liters"},
	{"m", "length", 1, 1, "meter", "meter|meters|lin. m|linear m|linear meter|m."},
	{"cm", "length", 1, 100, "centimeter", "centimeters"},
	{"km", "length", 1000, 1, "kilometer", "kilometers"},
	{"m2", "area", 1, 1, "square meter", "m\xc2\xb2|square meter|square meters|sq. m"},
	{"cm2", "area", 1, 10000, "square centimeter", "cm\xc2\xb2"},
	{"square", "roofing square", 1, 1, "square", "squares"},
	{"fiber m", "fiber length", 1, 1, "meter of fiber", "fiber meter"},
	{"kWh", "energy", 1, 1, "kilowatt-hour", "kilowatt-hour|kilowatt-hours|kilowatt hours"},
	{"MWh", "energy", 1000, 1, "megawatt-hour", "megawatt hours|megawatt-hours"},
	{"W", "power", 1, 1, "watt", "watt|watts"},
	{"Ci", "activity", 1, 1, "curie", "curie|curies"},
	{"degree", "degree", 1, 1, "degree", "degrees"},
	{"USD", "money", 1, 1, "dollar", "$|dollar|dollars"},
};

static bool same(const char *a, const char *b, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if (!b[i] || tolower((unsigned char)a[i]) != tolower((unsigned char)b[i])) return false;
	return b[length] == '\0' || b[length] == '|';
}

const struct unit *unit_find(const char *name, size_t length)
{
	size_t i, count = sizeof table / sizeof *table;

	while (length && name[0] == ' ') name++, length--;
	while (length && name[length - 1] == ' ') length--;
	if (!length) return NULL;
	/* Names come first, with their case: "m" and "M" differ in the law. */
	for (i = 0; i < count; i++)
		if (strlen(table[i].name) == length && !memcmp(table[i].name, name, length)) return &table[i];
	for (i = 0; i < count; i++) {
		if (same(name, table[i].name, length)) return &table[i];
		for (const char *other = table[i].others; other; other = strchr(other, '|')) {
			if (*other == '|') other++;
			if (same(name, other, length)) return &table[i];
		}
	}
	return NULL;
}

const char *truce_unit_name(const char *unit)
{
	const struct unit *found = unit ? unit_find(unit, strlen(unit)) : NULL;

	return found ? found->name : NULL;
}

int truce_unit_ratio(truce_decimal *out, const char *from, const char *to)
{
	const struct unit *a = from ? unit_find(from, strlen(from)) : NULL, *b = to ? unit_find(to, strlen(to)) : NULL;
	wide top, bottom, whole;
	int scale = 0;

	if (!a || !b || strcmp(a->dimension, b->dimension) != 0) return TRUCE_NOT_FOUND;
	top = (wide)a->top * b->bottom;
	bottom = (wide)a->bottom * b->top;
	/* As many places as it has, at most twelve: 1 kg is 2.204622621849 lb. */
	while (top % bottom && scale < 12 && top / bottom < INT64_MAX / 100) top *= 10, scale++;
	whole = (2 * top + bottom) / (2 * bottom);
	if (whole > INT64_MAX) return TRUCE_LIMIT;
	out->units = (int64_t)whole;
	out->scale = scale;
	return TRUCE_OK;
}
