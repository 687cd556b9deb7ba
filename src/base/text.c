/* Room base: text that grows, numbers read and written with a point whatever the locale, near words. */
#include <truce/base.h>

#include <locale.h>
#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

void truce_text_init(truce_text *text, truce_context *ctx)
{
	*text = (truce_text){.ctx = ctx};
}

void truce_text_clear(truce_text *text)
{
	text->length = 0;
	text->failed = false;
	if (text->data)
		text->data[0] = '\0';
}

void truce_text_free(truce_text *text)
{
	truce_release(text->ctx, text->data);
	*text = (truce_text){.ctx = text->ctx};
}

static bool make_room(truce_text *text, size_t more)
{
	size_t need;
	if (text->failed)
		return false;
	if (__builtin_add_overflow(text->length, more, &need) || __builtin_add_overflow(need, (size_t)1, &need) ||
		truce_grow(text->ctx, &text->data, &text->capacity, need, 1))
		text->failed = true;
	return !text->failed;
}

void truce_text_add_bytes(truce_text *text, const char *more, size_t length)
{
	if (!make_room(text, length))
		return;
	if (length)
		memcpy(text->data + text->length, more, length);
	text->length += length;
	text->data[text->length] = '\0';
}

void truce_text_add(truce_text *text, const char *more)
{
	truce_text_add_bytes(text, more, strlen(more));
}

/* The thread's locale is set to "C" for the time of one call, and back.  Where no locale object can be had (out of
 * memory) the text is formatted in the caller's locale rather than lost. */
static int format_in_c(char *buffer, size_t size, const char *fmt, va_list args)
{
	locale_t c = newlocale(LC_NUMERIC_MASK, "C", (locale_t)0);
	locale_t before = c ? uselocale(c) : (locale_t)0;
	int length = vsnprintf(buffer, size, fmt, args);
	if (c) {
		uselocale(before);
		freelocale(c);
	}
	return length;
}

void truce_text_addf(truce_text *text, const char *fmt, ...)
{
	char small[512];
	va_list args;
	va_start(args, fmt);
	int length = format_in_c(small, sizeof small, fmt, args);
	va_end(args);
	if (length < 0) {
		text->failed = true;
		return;
	}
	if ((size_t)length < sizeof small) {
		truce_text_add_bytes(text, small, (size_t)length);
		return;
	}
	if (!make_room(text, (size_t)length))
		return;
	va_start(args, fmt);
	format_in_c(text->data + text->length, (size_t)length + 1, fmt, args);
	va_end(args);
	text->length += (size_t)length;
}

void truce_text_add_xml(truce_text *text, const char *more)
{
	for (const char *at = more;; at++) {
		const char *name = *at == '&' ? "&amp;" : *at == '<' ? "&lt;" : *at == '>' ? "&gt;" : *at == '"' ? "&quot;" :
			*at == '\'' ? "&#39;" : NULL;
		if (*at && !name)
			continue;
		truce_text_add_bytes(text, more, (size_t)(at - more));
		if (!*at)
			return;
		truce_text_add(text, name);
		more = at + 1;
	}
}

int truce_text_done(truce_text *text)
{
	return text->failed ? TRUCE_MEMORY : TRUCE_OK;
}

/* ---- numbers ---- */

static bool digit(char c)
{
	return c >= '0' && c <= '9';
}

/* [-+] digits [. digits] [e [-+] digits], at least one digit in the mantissa; nothing else, so that strtod never sees
 * hexadecimal, "inf", "nan" or blanks. */
static bool is_number(const char *text, size_t length)
{
	size_t i = 0, digits = 0;
	if (i < length && (text[i] == '-' || text[i] == '+'))
		i++;
	for (; i < length && digit(text[i]); i++)
		digits++;
	if (i < length && text[i] == '.')
		for (i++; i < length && digit(text[i]); i++)
			digits++;
	if (digits == 0)
		return false;
	if (i < length && (text[i] == 'e' || text[i] == 'E')) {
		i++;
		if (i < length && (text[i] == '-' || text[i] == '+'))
			i++;
		size_t first = i;
		while (i < length && digit(text[i]))
			i++;
		if (i == first)
			return false;
	}
	return i == length;
}

/* Exact for up to 15 digits and small powers of ten (Clinger's fast path): most numbers of a table. */
static bool parse_fast(const char *text, size_t length, double *out)
{
	static const double power[] = {1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
		1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
	uint64_t mantissa = 0;
	size_t i = 0, digits = 0, after = 0;
	bool negative = false, point = false;
	if (i < length && (text[i] == '-' || text[i] == '+'))
		negative = text[i++] == '-';
	for (; i < length; i++) {
		if (text[i] == '.' && !point) {
			point = true;
			continue;
		}
		if (!digit(text[i]) || ++digits > 15)
			return false;
		mantissa = mantissa * 10 + (uint64_t)(text[i] - '0');
		after += point;
	}
	if (digits == 0)
		return false;
	double value = (double)mantissa / power[after];
	*out = negative ? -value : value;
	return true;
}

int truce_parse_double(const char *text, size_t length, double *out)
{
	if (parse_fast(text, length, out))
		return TRUCE_OK;
	char copy[512];
	if (length >= sizeof copy || !is_number(text, length))
		return TRUCE_INPUT;
	memcpy(copy, text, length);
	copy[length] = '\0';
	locale_t c = newlocale(LC_NUMERIC_MASK, "C", (locale_t)0);
	if (!c)
		return TRUCE_MEMORY;
	double value = strtod_l(copy, NULL, c);
	freelocale(c);
	if (!isfinite(value))
		return TRUCE_INPUT;
	*out = value;
	return TRUCE_OK;
}

int truce_parse_int(const char *text, size_t length, int64_t *out)
{
	size_t i = 0;
	int64_t value = 0;
	bool negative = false;
	if (i < length && (text[i] == '-' || text[i] == '+'))
		negative = text[i++] == '-';
	if (i == length)
		return TRUCE_INPUT;
	for (; i < length; i++)
		if (!digit(text[i]) || __builtin_mul_overflow(value, (int64_t)10, &value) ||
			__builtin_sub_overflow(value, (int64_t)(text[i] - '0'), &value))
			return TRUCE_INPUT;
	if (!negative && value == INT64_MIN)
		return TRUCE_INPUT;
	*out = negative ? value : -value;
	return TRUCE_OK;
}

static int print_double(char *buffer, size_t size, const char *fmt, ...)
{
	va_list args;
	va_start(args, fmt);
	int length = format_in_c(buffer, size, fmt, args);
	va_end(args);
	return length;
}

char *truce_format_double(char *buffer, double value)
{
	if (value == 0)
		return strcpy(buffer, "0");
	if (!isfinite(value))
		return strcpy(buffer, isnan(value) ? "nan" : value > 0 ? "inf" : "-inf");
	for (int digits = 15; digits <= 17; digits++) {
		double back;
		int length = print_double(buffer, 32, "%.*g", digits, value);
		if (length > 0 && truce_parse_double(buffer, (size_t)length, &back) == TRUCE_OK && back == value)
			break;
	}
	return buffer;
}

/* ---- near words ---- */

/* Edits between two words, a swap of neighbours counted once; `worst` where it is more or a word is long. */
static int distance(const char *a, const char *b, int worst)
{
	enum { LONGEST = 64 };
	int rows[3][LONGEST + 1];
	int m = (int)strnlen(a, LONGEST + 1), n = (int)strnlen(b, LONGEST + 1);
	if (m > LONGEST || n > LONGEST || abs(m - n) >= worst)
		return worst;
	for (int j = 0; j <= n; j++)
		rows[0][j] = j;
	for (int i = 1; i <= m; i++) {
		int *row = rows[i % 3], *last = rows[(i + 2) % 3], *before = rows[(i + 1) % 3];
		row[0] = i;
		for (int j = 1; j <= n; j++) {
			int best = last[j - 1] + (a[i - 1] != b[j - 1]);
			if (last[j] + 1 < best)
				best = last[j] + 1;
			if (row[j - 1] + 1 < best)
				best = row[j - 1] + 1;
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] && before[j - 2] + 1 < best)
				best = before[j - 2] + 1;
			row[j] = best;
		}
	}
	return rows[m % 3][n] < worst ? rows[m % 3][n] : worst;
}

const char *truce_nearest(const char *word, const char *const *candidates, size_t count)
{
	const char *nearest = NULL;
	int length = (int)strnlen(word, 64);
	int worst = length / 3 + (length > 3 ? 2 : 1); /* a third of the word may be wrong, and one letter more of a long one */
	for (size_t i = 0; i < count; i++) {
		int d = distance(word, candidates[i], worst);
		if (d < worst) {
			worst = d;
			nearest = candidates[i];
		}
	}
	return nearest;
}

uint64_t truce_hash(const void *bytes, size_t length)
{
	const unsigned char *at = bytes;
	uint64_t hash = 14695981039346656037u;
	for (size_t i = 0; i < length; i++)
		hash = (hash ^ at[i]) * 1099511628211u;
	return hash;
}
