/* Room base: exact decimals, units × 10^-scale, for money and for rates as the law prints them. */
#include <truce/base.h>

#include <string.h>

enum { LARGEST_SCALE = 18 };
__extension__ typedef __int128 wide;

static wide power_of_ten(int n)
{
	wide power = 1;
	while (n-- > 0)
		power *= 10;
	return power;
}

/* Drops zeros behind the point, then refuses what still does not fit. */
static int narrow(wide units, int scale, truce_decimal *out)
{
	while (scale > 0 && units % 10 == 0) {
		units /= 10;
		scale--;
	}
	if (units > INT64_MAX || units < INT64_MIN || scale > LARGEST_SCALE)
		return TRUCE_LIMIT;
	*out = (truce_decimal){(int64_t)units, scale};
	return TRUCE_OK;
}

int truce_decimal_parse(const char *text, size_t length, truce_decimal *out)
{
	wide units = 0;
	int scale = 0, digits = 0;
	bool negative = false, point = false;
	size_t i = 0;
	if (length && (text[0] == '-' || text[0] == '+'))
		negative = text[i++] == '-';
	for (; i < length; i++) {
		if (text[i] == '.' && !point) {
			point = true;
			continue;
		}
		if (text[i] < '0' || text[i] > '9')
			return TRUCE_INPUT;
		if (++digits > 36)
			return TRUCE_LIMIT;
		units = units * 10 + (text[i] - '0');
		scale += point;
	}
	if (digits == 0)
		return TRUCE_INPUT;
	return narrow(negative ? -units : units, scale, out);
}

char *truce_decimal_format(char buffer[32], truce_decimal value)
{
	char digits[24];
	uint64_t magnitude = value.units < 0 ? 0 - (uint64_t)value.units : (uint64_t)value.units;
	int length = snprintf(digits, sizeof digits, "%0*llu", value.scale + 1, (unsigned long long)magnitude);
	int whole = length - value.scale;
	char *at = buffer;
	if (value.units < 0)
		*at++ = '-';
	memcpy(at, digits, (size_t)whole);
	at += whole;
	if (value.scale) {
		*at++ = '.';
		memcpy(at, digits + whole, (size_t)value.scale);
		at += value.scale;
	}
	*at = '\0';
	return buffer;
}

int truce_decimal_add(truce_decimal a, truce_decimal b, truce_decimal *out)
{
	int scale = a.scale > b.scale ? a.scale : b.scale;
	return narrow(a.units * power_of_ten(scale - a.scale) + b.units * power_of_ten(scale - b.scale), scale, out);
}

int truce_decimal_multiply(truce_decimal a, truce_decimal b, truce_decimal *out)
{
	return narrow((wide)a.units * b.units, a.scale + b.scale, out);
}

int truce_decimal_round(truce_decimal value, int scale, truce_decimal *out)
{
	if (value.scale <= scale) {
		*out = value;
		return TRUCE_OK;
	}
	wide unit = power_of_ten(value.scale - scale), units = value.units, half = unit / 2;
	units = units >= 0 ? (units + half) / unit : -((-units + half) / unit);
	return narrow(units, scale, out);
}

int truce_decimal_compare(truce_decimal a, truce_decimal b)
{
	int scale = a.scale > b.scale ? a.scale : b.scale;
	wide left = a.units * power_of_ten(scale - a.scale), right = b.units * power_of_ten(scale - b.scale);
	return left < right ? -1 : left > right;
}

double truce_decimal_double(truce_decimal value)
{
	char buffer[32];
	double number = 0;
	truce_decimal_format(buffer, value);
	truce_parse_double(buffer, strlen(buffer), &number);
	return number;
}
