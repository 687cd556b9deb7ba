/* expression.c: what a duty text says, and what it makes of an entry (tariff room).
 *
 * Reading: the text is tidied (mark-up, blanks, words broken over lines), cut at its separators ("+", "but not less
 * than", ...), and every piece must be read to its end; what is not in the grammar makes the expression unread, with
 * the reason.  Evaluation: exact fractions for money, intervals for what is not known. */
#include "schedule_private.h"
#include "units.h"

#include <ctype.h>
#include <math.h>
#include <string.h>
#include <strings.h>

/* ---- tidying ------------------------------------------------------------------------------------------- */

static bool is_blank(const char *s, size_t left, size_t *width)
{
	*width = 1;
	if (*s == ' ' || *s == '\t' || *s == '\n' || *s == '\r' || *s == '\f' || *s == '\v' || *s == '\0') return true;
	if (left > 1 && (unsigned char)s[0] == 0xc2 && (unsigned char)s[1] == 0xa0) return *width = 2, true; /* no-break */
	if (left > 2 && !memcmp(s, "\xe2\x80\x89", 3)) return *width = 3, true;                                /* thin */
	return false;
}

/* Drops mark-up, entities of blanks, doubled blanks, and mends words that a line break cut: "appli- cable". */
size_t schedule_tidy(char *out, const char *text, size_t length)
{
	size_t n = 0, width;
	bool closes = true; /* whether a ">" may still follow: the text is searched to its end for it only once */

	for (size_t i = 0; i < length;) {
		/* "<" that opens no tag is text. */
		if (text[i] == '<' && closes && i + 1 < length && (isalpha((unsigned char)text[i + 1]) || text[i + 1] == '/')) {
			const char *close = memchr(text + i, '>', length - i);

			if (close) {
				i = (size_t)(close - text) + 1;
				continue;
			}
			closes = false;
		}
		if (length - i >= 6 && !memcmp(text + i, "&nbsp;", 6)) {
			if (n && out[n - 1] != ' ') out[n++] = ' ';
			i += 6;
		} else if (length - i >= 5 && !memcmp(text + i, "&amp;", 5)) {
			out[n++] = '&';
			i += 5;
		} else if (is_blank(text + i, length - i, &width)) {
			if (n && out[n - 1] != ' ') out[n++] = ' ';
			i += width;
		} else if (n > 2 && out[n - 1] == ' ' && out[n - 2] == '-' && islower((unsigned char)out[n - 3]) &&
		           islower((unsigned char)text[i])) {
			n -= 2;
			out[n++] = text[i++];
		} else
			out[n++] = text[i++];
	}
	while (n && out[n - 1] == ' ') n--;
	out[n] = '\0';
	return n;
}

static char *tidy(truce_arena *arena, const char *text, size_t length)
{
	char *out = truce_arena_take(arena, length + 1);

	if (out) schedule_tidy(out, text, length);
	return out;
}

/* A piece of text being read. */
struct piece {
	const char *at, *end;
};

static void skip(struct piece *p)
{
	while (p->at < p->end && *p->at == ' ') p->at++;
}

static bool take(struct piece *p, const char *word)
{
	const char *at = p->at;

	/* Blanks in `word` are free in the text, also missing: "inthe". */
	for (; *word; word++) {
		if (*word == ' ') {
			while (at < p->end && *at == ' ') at++;
			continue;
		}
		if (at == p->end || tolower((unsigned char)*at) != tolower((unsigned char)*word)) return false;
		at++;
	}
	p->at = at;
	return true;
}

static bool begins_number(const char *at, const char *end)
{
	while (at < end && *at == ' ') at++;
	if (at < end && *at == '$') at++;
	return at < end && (isdigit((unsigned char)*at) || (*at == '.' && at + 1 < end && isdigit((unsigned char)at[1])));
}

/* Digits with an optional point; commas between thousands are dropped where `commas`. */
static bool take_number(struct piece *p, bool commas, truce_decimal *out)
{
	char digits[32];
	size_t n = 0;
	const char *at = p->at;
	bool point = false;

	for (; at < p->end; at++) {
		if (isdigit((unsigned char)*at) || (*at == '.' && !point && at + 1 < p->end && isdigit((unsigned char)at[1]))) {
			if (*at == '.') {
				if (!n) digits[n++] = '0';
				point = true;
			}
			if (n >= 17) return false; /* fits 64 bits; longer is no rate */
			digits[n++] = *at;
		} else if (*at == ',' && commas && n && p->end - at > 3 && isdigit((unsigned char)at[1]) &&
		           isdigit((unsigned char)at[2]) && isdigit((unsigned char)at[3])) {
			continue;
		} else
			break;
	}
	if (!n || truce_decimal_parse(digits, n, out) != TRUCE_OK) return false;
	p->at = at;
	return true;
}

static const char *copy_piece(truce_arena *arena, struct piece p)
{
	skip(&p);
	while (p.end > p.at && (p.end[-1] == ' ' || p.end[-1] == ',' || p.end[-1] == '.')) p.end--;
	return truce_arena_copy(arena, p.at, (size_t)(p.end - p.at));
}

/* ---- one term --------------------------------------------------------------------------------------------- */

static int unread(truce_arena *arena, truce_duty_expression *out, const char *what, struct piece p)
{
	out->unread = truce_arena_printf(arena, "%s: '%.*s'", what, (int)(p.end - p.at > 80 ? 80 : p.end - p.at), p.at);
	return out->unread ? TRUCE_OK : TRUCE_MEMORY;
}

static const struct {
	const char *words;
	truce_duty_role role;
	bool amount_follows; /* only a separator where an amount follows */
} separators[] = {
	{", but not less than ", TRUCE_DUTY_NOT_LESS, true}, {" but not less than ", TRUCE_DUTY_NOT_LESS, true},
	{" but not less ", TRUCE_DUTY_NOT_LESS, true},       {", but not more than ", TRUCE_DUTY_NOT_MORE, true},
	{" but not more than ", TRUCE_DUTY_NOT_MORE, true},  {", but if ", TRUCE_DUTY_NOT_MORE, false},
	{", plus ", TRUCE_DUTY_ADD, true},                   {" plus ", TRUCE_DUTY_ADD, true},
	{"+ a duty of ", TRUCE_DUTY_ADD, true},              {"+", TRUCE_DUTY_ADD, true},
	{" less ", TRUCE_DUTY_SUBTRACT, true},               {" minus ", TRUCE_DUTY_SUBTRACT, true},
};

/* Whether a name ends in the words of a separator: with a blank after it, it would be one. */
static bool ends_as_separator(const char *name)
{
	size_t n = strlen(name);

	for (size_t i = 0; i < sizeof separators / sizeof *separators; i++) {
		size_t length = strlen(separators[i].words);

		if (separators[i].words[length - 1] == ' ' && n >= length - 1 && !strncmp(name + n - (length - 1), separators[i].words, length - 1))
			return true;
	}
	return false;
}

/* Sets what a term is on; words that are none make the expression unread. */
static int set_part(truce_arena *arena, truce_duty_expression *out, truce_duty_term *term, const char *prefix, struct piece p)
{
	static const char *const reserved[] = {"each degree", "jewels over ", "weight including ", "plus ", "less ", "minus ",
		"but "};
	const char *part = copy_piece(arena, p);

	if (!part) return TRUCE_MEMORY;
	if (!isalnum((unsigned char)*part)) return unread(arena, out, "a part or content without a name", p);
	/* Names that the forms of their own make cannot be given otherwise. */
	for (size_t i = 0; !*prefix && i < sizeof reserved / sizeof *reserved; i++)
		if (!strncmp(part, reserved[i], strlen(reserved[i]))) return unread(arena, out, "a part or content in no known form", p);
	if (ends_as_separator(part)) return unread(arena, out, "a part or content whose name breaks off", p);
	term->of = *prefix ? truce_arena_printf(arena, "%s%s", prefix, part) : part;
	return term->of ? TRUCE_OK : TRUCE_MEMORY;
}

/* The part of the good that a percentage is on, after the per cent sign. */
static int read_part(truce_arena *arena, truce_duty_expression *out, truce_duty_term *term, struct piece p)
{
	static const char *const joins[] = {"upon the value of the ", "upon the value of ", "on the value of the ",
		"on the value of ", "of the value of the ", "of the cost of such ", "of the cost of ", "on the ", "of the ", "on ", "upon the "};
	static const char *const whole[] = {"full value of the imported article", "entire set", "value", "full value"};
	struct piece part;

	skip(&p);
	if (p.end > p.at && p.end[-1] == '.') p.end--;
	/* The mark of a footnote that was not printed is no part of the rate: "37% /". */
	if (p.end - p.at == 1 && *p.at == '/') return TRUCE_OK;
	if (p.at == p.end || (p.end - p.at == 10 && !strncmp(p.at, "ad valorem", 10))) return TRUCE_OK;
	for (size_t i = 0; i < sizeof joins / sizeof *joins; i++) {
		if (!take(&p, joins[i])) continue;
		skip(&p);
		for (size_t k = 0; k < sizeof whole / sizeof *whole; k++)
			if ((size_t)(p.end - p.at) == strlen(whole[k]) && !strncmp(p.at, whole[k], strlen(whole[k]))) return TRUCE_OK;
		part = p;
		/* "5% of the cost of value of ...": printed, it would be of another part. */
		if (p.at == p.end || isdigit((unsigned char)*p.at) || take(&part, "value of ")) break;
		return set_part(arena, out, term, "", p);
	}
	return unread(arena, out, "words after a percentage that are in no known form", p);
}

enum { LONGEST_UNIT = 40, MOST_UNITS = 1000000000 };

/* The unit of a specific duty, after the slash. */
static int read_unit(truce_arena *arena, truce_duty_expression *out, truce_duty_term *term, struct piece p)
{
	const struct unit *unit = NULL;
	truce_decimal count;
	struct piece rest;
	const char *cut;

	skip(&p);
	term->per = 1;
	if (p.end > p.at && p.end[-1] == '.' && p.end - p.at > 5) {
		if (!unit_find(p.at, (size_t)(p.end - p.at))) p.end--;
	}
	if (isdigit((unsigned char)*p.at)) {
		if (!take_number(&p, true, &count) || count.scale || count.units < 1 || count.units > MOST_UNITS)
			return unread(arena, out, "a count of units that is no whole number", p);
		term->per = count.units;
		skip(&p);
	}
	if (p.at == p.end && term->per > 1) {
		term->unit = "No.";
		return TRUCE_OK;
	}
	/* The longest beginning that is a unit and ends where a word ends. */
	for (cut = p.end - p.at > LONGEST_UNIT ? p.at + LONGEST_UNIT : p.end; cut > p.at; cut--) {
		bool word_ends = cut == p.end || *cut == ' ' || *cut == ',' || cut[-1] == ' ' ||
			(cut - p.at >= 2 && ((unsigned char)cut[-1] >= 0x80 || cut[-1] == '2' || cut[-1] == '3'));

		if (word_ends && (unit = unit_find(p.at, (size_t)(cut - p.at)))) break;
	}
	if (!unit) return unread(arena, out, "a unit that is not in the table", p);
	if (!strcmp(unit->name, "thousands")) {
		term->per *= 1000;
		term->unit = "No.";
	} else
		term->unit = unit->name;
	rest = (struct piece){cut, p.end};
	skip(&rest);
	if (rest.at == rest.end) return TRUCE_OK;
	if (!strcmp(unit->name, "jewel") && take(&rest, "over ")) return set_part(arena, out, term, "jewels over ", rest);
	if (take(&rest, "on the ") || take(&rest, "on ") || take(&rest, "of the ") || take(&rest, "of ")) return set_part(arena, out, term, "", rest);
	if (take(&rest, ", including ")) return set_part(arena, out, term, "weight including ", rest);
	if (take(&rest, "for each degree under 100 degrees")) {
		term->of = "each degree under 100 degrees";
		skip(&rest);
		if (rest.at < rest.end && *rest.at != '(') return unread(arena, out, "words after the degrees", rest);
		return TRUCE_OK;
	}
	return unread(arena, out, "words after a unit that are in no known form", rest);
}

static int add_scale(truce_decimal *d, int places)
{
	d->scale += places;
	while (d->scale > 0 && d->units % 10 == 0) d->units /= 10, d->scale--;
	return d->scale > 18 ? TRUCE_LIMIT : TRUCE_OK;
}

/* A percentage or money for a quantity. */
static int read_amount(truce_arena *arena, truce_duty_expression *out, truce_duty_term *term, struct piece p)
{
	truce_decimal above, below;
	struct piece number;
	bool dollars;

	skip(&p);
	take(&p, "a duty of ");
	number = p;
	dollars = take(&p, "$");
	skip(&p);
	if (!take_number(&p, true, &term->amount)) return unread(arena, out, "not an amount", number);
	term->divisor = 1;
	skip(&p);
	/* 33 1/3 % */
	if (!dollars && p.at < p.end && isdigit((unsigned char)*p.at)) {
		if (!take_number(&p, false, &above) || !take(&p, "/") || !take_number(&p, false, &below) || above.scale ||
		    below.scale || term->amount.scale || below.units < 1 || below.units > 1000 || above.units > 1000 ||
		    term->amount.units > 1000000)
			return unread(arena, out, "a fraction that is in no known form", number);
		term->amount.units = term->amount.units * below.units + above.units;
		term->divisor = below.units;
		if (term->amount.units % term->divisor == 0) term->amount.units /= term->divisor, term->divisor = 1;
		skip(&p);
	}
	if (add_scale(&term->amount, 0)) return unread(arena, out, "too many places", number);
	if (!dollars && (take(&p, "%") || take(&p, "percent") || take(&p, "per cent"))) {
		term->kind = TRUCE_DUTY_AD_VALOREM;
		return read_part(arena, out, term, p);
	}
	if (!dollars) {
		if (!take(&p, "\xc2\xa2") && !take(&p, "cents") && !take(&p, "cent"))
			return unread(arena, out, "a number without a per cent sign or money", number);
		if (add_scale(&term->amount, 2)) return unread(arena, out, "too many places", number);
	}
	term->kind = TRUCE_DUTY_SPECIFIC;
	skip(&p);
	if (take(&p, "/")) return read_unit(arena, out, term, p);
	if (take(&p, "per ")) return read_unit(arena, out, term, p);
	if (take(&p, "each")) {
		term->per = 1;
		term->unit = "No.";
		skip(&p);
		if (p.at < p.end && *p.at == '.') p.at++;
		if (p.at < p.end) return unread(arena, out, "words after 'each'", p);
		return TRUCE_OK;
	}
	if (take(&p, "for each ")) {
		term->per = 1;
		term->unit = "No.";
		return set_part(arena, out, term, "", p);
	}
	return unread(arena, out, "money without 'each' or a unit", number);
}

/* Words that point to another rate. */
static int read_reference(truce_arena *arena, truce_duty_expression *out, truce_duty_term *term, struct piece p)
{
	static const char *const applicable[] = {"The duty provided in the applicable subheadings",
		"The duty provided in the applicable subheading", "The duty rate provided in such subheading",
		"The rate applicable in the absence of this subheading", "The rate applicable in the absence of this heading",
		"No change"};
	static const char *const elsewhere[] = {"The rate", "The duty", "See ", "A duty", "Duty ", "No additional duty",
		"Rate ", "In lieu"};
	struct piece all = p;

	skip(&all);
	for (size_t i = 0; i < sizeof applicable / sizeof *applicable; i++) {
		struct piece rest = all;

		if (!take(&rest, applicable[i])) continue;
		skip(&rest);
		if (rest.at < rest.end && *rest.at == '.') rest.at++;
		skip(&rest);
		if (rest.at != rest.end) continue;
		term->kind = TRUCE_DUTY_APPLICABLE;
		return TRUCE_OK;
	}
	for (size_t i = 0; i < sizeof elsewhere / sizeof *elsewhere; i++) {
		struct piece rest = all;

		if (!take(&rest, elsewhere[i])) continue;
		term->kind = TRUCE_DUTY_REFERENCE;
		term->where = copy_piece(arena, all);
		return term->where ? TRUCE_OK : TRUCE_MEMORY;
	}
	return unread(arena, out, "neither an amount, nor a reference, nor free", p);
}

/* ---- the whole -------------------------------------------------------------------------------------------- */

/* Finds the next separator at or after `at` outside brackets; NULL none. */
static const char *separator_next(const char *at, const char *end, size_t *which, size_t *width)
{
	int depth = 0;

	for (; at < end; at++) {
		if (*at == '(') depth++;
		if (*at == ')' && depth) depth--;
		if (depth) continue;
		for (size_t i = 0; i < sizeof separators / sizeof *separators; i++) {
			size_t length = strlen(separators[i].words);

			if ((size_t)(end - at) < length || strncmp(at, separators[i].words, length) != 0) continue;
			if (separators[i].amount_follows && !begins_number(at + length, end)) continue;
			*which = i;
			*width = length;
			return at;
		}
	}
	return NULL;
}

static int read_sum(truce_arena *arena, truce_duty_expression *out, struct piece all)
{
	size_t count = 1, which = 0, width = 0;
	truce_duty_term *terms;
	truce_duty_role role = TRUCE_DUTY_ADD;
	bool closing = false;
	int error = TRUCE_OK;

	for (const char *at = all.at; (at = separator_next(at, all.end, &which, &width)); at += width) count++;
	if (count > 64) return unread(arena, out, "more than 64 terms", all);
	terms = truce_arena_array(arena, count, sizeof *terms);
	if (!terms) return TRUCE_MEMORY;
	for (size_t i = 0; i < count && !error && !out->unread; i++) {
		const char *cut = separator_next(all.at, all.end, &which, &width);
		struct piece p = {all.at, cut ? cut : all.end};

		skip(&p);
		while (p.end > p.at && p.end[-1] == ' ') p.end--;
		terms[i].role = role;
		terms[i].divisor = terms[i].per = 1;
		if (closing) {
			terms[i].kind = TRUCE_DUTY_REFERENCE;
			terms[i].where = copy_piece(arena, p);
			if (!terms[i].where)
				error = TRUCE_MEMORY;
			else if (!isalnum((unsigned char)*terms[i].where))
				error = unread(arena, out, "a condition without words", p);
		} else if (begins_number(p.at, p.end) || (p.end - p.at > 9 && !strncmp(p.at, "a duty of", 9)))
			error = read_amount(arena, out, &terms[i], p);
		else
			error = read_reference(arena, out, &terms[i], p);
		if (cut) {
			role = separators[which].role;
			closing = !separators[which].amount_follows;
			all.at = cut + width;
		}
	}
	if (error) return error;
	if (!out->unread) {
		out->terms = terms;
		out->count = count;
	}
	return TRUCE_OK;
}

int truce_duty_parse(truce_arena *arena, truce_duty_expression *out, const char *text, size_t length)
{
	struct piece all;
	char *tidied = tidy(arena, text, length);

	memset(out, 0, sizeof *out);
	if (!tidied) return TRUCE_MEMORY;
	out->text = tidied;
	all = (struct piece){tidied, tidied + strlen(tidied)};
	if (all.at == all.end) return TRUCE_OK;
	if (take(&all, "free") && (all.at == all.end || !isalpha((unsigned char)*all.at))) {
		skip(&all);
		if (all.at < all.end && (*all.at == ',' || *all.at == '(')) {
			bool bracket = *all.at++ == '(';

			if (bracket && all.end[-1] == ')') all.end--;
			out->condition = copy_piece(arena, all);
			if (!out->condition) return TRUCE_MEMORY;
			all.at = all.end;
		}
		if (all.at < all.end && *all.at == '.') all.at++;
		if (all.at < all.end) return unread(arena, out, "words after 'Free'", all);
		out->free = true;
		return TRUCE_OK;
	}
	all.at = tidied;
	return read_sum(arena, out, all);
}

/* Whether a bracket holds programmes ("A*,AU, KR") and not words; counts them. */
static bool programmes_in(const char *at, const char *end, size_t *count)
{
	*count = 0;
	while (at < end) {
		int letters = 0;

		while (at < end && (*at == ' ' || *at == ',')) at++;
		if (at == end) break;
		while (at < end && isupper((unsigned char)*at)) at++, letters++;
		if (letters < 1 || letters > 2) return false;
		while (at < end && (*at == '*' || *at == '+')) at++;
		while (at < end && *at == ' ') at++;
		if (at < end && *at != ',' && *at != '.' && !isupper((unsigned char)*at)) return false;
		if (at < end && *at == '.') at++; /* "(A.B)" and "(A,.B)" are slips of a comma */
		(*count)++;
	}
	return *count > 0;
}

static int read_programmes(truce_arena *arena, truce_duty_special *group, const char *at, const char *end, size_t count)
{
	const char **names = truce_arena_array(arena, count, sizeof *names);

	if (!names) return TRUCE_MEMORY;
	for (size_t i = 0; i < count; i++) {
		const char *start;

		while (at < end && (*at == ' ' || *at == ',' || *at == '.')) at++;
		start = at;
		while (at < end && (isupper((unsigned char)*at) || *at == '*' || *at == '+')) at++;
		if (!(names[i] = truce_arena_copy(arena, start, (size_t)(at - start)))) return TRUCE_MEMORY;
	}
	group->programmes = names;
	group->count = count;
	return TRUCE_OK;
}

int truce_duty_parse_special(truce_arena *arena, truce_duty_special **out, size_t *count, const char *text, size_t length)
{
	char *tidied = tidy(arena, text, length);
	const char *at, *end, *closing;
	size_t most = 1, n = 0;
	truce_duty_special *groups;
	int error;

	*out = NULL;
	*count = 0;
	if (!tidied) return TRUCE_MEMORY;
	end = tidied + strlen(tidied);
	for (at = tidied; *at; at++) most += *at == ')';
	if (!(groups = truce_arena_array(arena, most, sizeof *groups))) return TRUCE_MEMORY;
	closing = memchr(tidied, ')', (size_t)(end - tidied));
	for (at = tidied; at < end;) {
		const char *open = at, *close = NULL;
		size_t programmes = 0;

		while (at < end && *at == ' ') at++;
		if (at == end) break;
		/* The next bracket that holds programmes closes this group; other brackets are words. */
		for (open = at; open < end; open++) {
			if (*open != '(') continue;
			/* The next closing bracket is looked for once, not once for each that opens before it. */
			while (closing && closing < open) closing = memchr(open, ')', (size_t)(end - open));
			if (!closing) break;
			if (programmes_in(open + 1, closing, &programmes)) {
				close = closing;
				break;
			}
		}
		error = truce_duty_parse(arena, &groups[n].duty, at, (size_t)((close ? open : end) - at));
		if (error) return error;
		if (close && (error = read_programmes(arena, &groups[n], open + 1, close, programmes))) return error;
		if (close && !groups[n].duty.text[0]) {
			groups[n].duty.unread = "programmes without a duty before them";
		}
		n++;
		at = close ? close + 1 : end;
		/* A stop after the last bracket is a slip. */
		while (at < end && (*at == ' ' || *at == '.' || *at == ',' || *at == ';')) at++;
	}
	*out = n ? groups : NULL;
	*count = n;
	return TRUCE_OK;
}

/* ---- printing ------------------------------------------------------------------------------------------------ */

static void add_amount(truce_text *out, const truce_duty_term *term, bool cents)
{
	char buffer[32];
	truce_decimal amount = term->amount;

	if (cents) {
		amount.scale -= 2;
		while (amount.scale < 0) amount.units *= 10, amount.scale++;
	}
	if (term->divisor > 1 && amount.scale == 0) {
		truce_text_addf(out, "%lld", (long long)(amount.units / term->divisor));
		if (amount.units % term->divisor)
			truce_text_addf(out, " %lld/%lld", (long long)(amount.units % term->divisor), (long long)term->divisor);
		return;
	}
	truce_text_add(out, truce_decimal_format(buffer, amount));
}

static void add_count(truce_text *out, int64_t count)
{
	if (count >= 1000 && count % 1000 == 0 && count < 1000000)
		truce_text_addf(out, "%lld,000", (long long)(count / 1000));
	else
		truce_text_addf(out, "%lld", (long long)count);
}

static bool in_cents(const truce_duty_term *term)
{
	/* A third of a cent is only written in cents. */
	return term->divisor > 1 || (term->amount.units && truce_decimal_compare(term->amount, (truce_decimal){1, 0}) < 0);
}

static void format_term(truce_text *out, const truce_duty_term *term)
{
	switch (term->kind) {
	case TRUCE_DUTY_APPLICABLE:
		truce_text_add(out, "The duty provided in the applicable subheading");
		return;
	case TRUCE_DUTY_REFERENCE:
		truce_text_add(out, term->where);
		return;
	case TRUCE_DUTY_AD_VALOREM:
		add_amount(out, term, false);
		truce_text_add(out, "%");
		if (term->of) truce_text_addf(out, " on the %s", term->of);
		return;
	case TRUCE_DUTY_SPECIFIC:
		if (!in_cents(term)) truce_text_add(out, "$");
		add_amount(out, term, in_cents(term));
		if (in_cents(term)) truce_text_add(out, "\xc2\xa2");
		if (!strcmp(term->unit, "No.") && term->per == 1 && (!term->of || strncmp(term->of, "each degree", 11) != 0)) {
			truce_text_add(out, term->of ? " for each " : " each");
			if (term->of) truce_text_add(out, term->of);
			return;
		}
		truce_text_add(out, "/");
		if (term->per > 1) add_count(out, term->per);
		if (term->per == 1 || term->of || strcmp(term->unit, "No.") != 0)
			truce_text_addf(out, "%s%s", term->per > 1 ? " " : "", term->unit);
		if (term->of && !strncmp(term->of, "each degree", 11))
			truce_text_addf(out, " for %s", term->of);
		else if (term->of && !strncmp(term->of, "jewels over ", 12))
			truce_text_addf(out, " over %s", term->of + 12);
		else if (term->of && !strncmp(term->of, "weight including ", 17))
			truce_text_addf(out, ", including %s", term->of + 17);
		else if (term->of) /* an article goes before a name that begins like one */
			truce_text_addf(out, strncasecmp(term->of, "the", 3) ? " of %s" : " of the %s", term->of);
	}
}

void truce_duty_format(truce_text *out, const truce_duty_expression *duty)
{
	static const char *const joins[] = {" + ", " less ", " but not less than ", " but not more than "};

	if (duty->unread) {
		truce_text_add(out, duty->text);
		return;
	}
	if (duty->free) {
		truce_text_add(out, "Free");
		if (duty->condition) truce_text_addf(out, ", %s", duty->condition);
		return;
	}
	for (size_t i = 0; i < duty->count; i++) {
		const truce_duty_term *term = &duty->terms[i];
		bool clause = term->role == TRUCE_DUTY_NOT_MORE && term->kind == TRUCE_DUTY_REFERENCE;

		if (i) truce_text_add(out, clause ? ", but if " : joins[term->role]);
		format_term(out, term);
	}
}

static void term_words(truce_text *out, const truce_duty_term *term)
{
	const struct unit *unit;

	switch (term->kind) {
	case TRUCE_DUTY_APPLICABLE:
		truce_text_add(out, "the duty of the line that otherwise applies");
		return;
	case TRUCE_DUTY_REFERENCE:
		truce_text_addf(out, "a rate that stands elsewhere (%s)", term->where);
		return;
	case TRUCE_DUTY_AD_VALOREM:
		add_amount(out, term, false);
		truce_text_addf(out, " percent of the value%s%s", term->of ? " of the " : "", term->of ? term->of : "");
		return;
	case TRUCE_DUTY_SPECIFIC:
		add_amount(out, term, in_cents(term));
		truce_text_add(out, in_cents(term) ? (term->amount.units == 1 && term->amount.scale == 2 ? " cent per " : " cents per ") :
			term->amount.units == 1 && !term->amount.scale ? " dollar per " : " dollars per ");
		if (term->per > 1) {
			add_count(out, term->per);
			truce_text_add(out, " ");
		}
		unit = unit_find(term->unit, strlen(term->unit));
		truce_text_add(out, unit ? unit->word : term->unit);
		if (term->per > 1) truce_text_add(out, "s");
		if (term->of && !strncmp(term->of, "each degree", 11))
			truce_text_addf(out, " for %s", term->of);
		else if (term->of)
			truce_text_addf(out, " (%s)", term->of);
	}
}

void truce_duty_words(truce_text *out, const truce_duty_expression *duty)
{
	static const char *const joins[] = {", plus ", ", less ", ", but not less than ", ", but not more than "};

	if (duty->unread) {
		truce_text_addf(out, "not read (%s)", duty->unread);
		return;
	}
	if (duty->free) {
		truce_text_add(out, "free of duty");
		if (duty->condition) truce_text_addf(out, ", %s", duty->condition);
		return;
	}
	if (!duty->count) truce_text_add(out, "no duty text");
	for (size_t i = 0; i < duty->count; i++) {
		if (i) truce_text_add(out, joins[duty->terms[i].role]);
		term_words(out, &duty->terms[i]);
	}
}

static bool same_text(const char *a, const char *b)
{
	return a == b || (a && b && !strcmp(a, b));
}

bool truce_duty_equal(const truce_duty_expression *a, const truce_duty_expression *b)
{
	if (!a->unread != !b->unread || a->free != b->free || a->count != b->count || !same_text(a->condition, b->condition))
		return false;
	if (a->unread || (!a->free && !a->count)) return same_text(a->text, b->text);
	for (size_t i = 0; i < a->count; i++) {
		const truce_duty_term *x = &a->terms[i], *y = &b->terms[i];

		if (x->kind != y->kind || x->role != y->role || x->divisor != y->divisor || x->per != y->per ||
		    truce_decimal_compare(x->amount, y->amount) != 0 || !same_text(x->unit, y->unit) ||
		    !same_text(x->of, y->of) || !same_text(x->where, y->where))
			return false;
	}
	return true;
}

static double term_fraction(const truce_duty_term *term)
{
	double bottom = 100.0 * (double)term->divisor;

	/* One division, so that 2.6% is 0.026 and nothing beside it. */
	for (int i = 0; i < term->amount.scale; i++) bottom *= 10;
	return (double)term->amount.units / bottom;
}

bool truce_duty_is_simple(const truce_duty_expression *duty, double *out)
{
	if (duty->unread || (!duty->free && duty->count != 1)) return false;
	if (duty->free) return *out = 0, true;
	if (duty->terms[0].kind != TRUCE_DUTY_AD_VALOREM || duty->terms[0].of) return false;
	*out = term_fraction(&duty->terms[0]);
	return true;
}

/* ---- evaluation ------------------------------------------------------------------------------------------------ */

__extension__ typedef __int128 wide;

/* An exact fraction; `bad` once something did not fit. */
struct ratio {
	wide top, bottom;
	bool bad;
};

static struct ratio ratio_make(wide top, wide bottom)
{
	wide a = top < 0 ? -top : top, b = bottom;

	while (b) {
		wide rest = a % b;

		a = b;
		b = rest;
	}
	if (a > 1) top /= a, bottom /= a;
	return (struct ratio){top, bottom, false};
}

static struct ratio ratio_of(truce_decimal d)
{
	wide bottom = 1;

	for (int i = 0; i < d.scale; i++) bottom *= 10;
	return ratio_make(d.units, bottom);
}

static struct ratio ratio_multiply(struct ratio a, struct ratio b)
{
	/* Across first, so that the product is as small as it can be. */
	struct ratio x = ratio_make(a.top, b.bottom), y = ratio_make(b.top, a.bottom);
	wide top, bottom;

	if (a.bad || b.bad || __builtin_mul_overflow(x.top, y.top, &top) || __builtin_mul_overflow(x.bottom, y.bottom, &bottom))
		return (struct ratio){0, 1, true};
	return (struct ratio){top, bottom, false};
}

static struct ratio ratio_add(struct ratio a, struct ratio b)
{
	wide x, y, bottom, top;

	if (a.bad || b.bad || __builtin_mul_overflow(a.top, b.bottom, &x) || __builtin_mul_overflow(b.top, a.bottom, &y) ||
	    __builtin_mul_overflow(a.bottom, b.bottom, &bottom) || __builtin_add_overflow(x, y, &top))
		return (struct ratio){0, 1, true};
	return ratio_make(top, bottom);
}

static int ratio_compare(struct ratio a, struct ratio b)
{
	double x = (double)a.top / (double)a.bottom, y = (double)b.top / (double)b.bottom;
	wide l, r;

	if (__builtin_mul_overflow(a.top, b.bottom, &l) || __builtin_mul_overflow(b.top, a.bottom, &r))
		return x < y ? -1 : x > y;
	return l < r ? -1 : l > r;
}

/* To so many decimal places, half away from zero. */
static struct ratio ratio_round(struct ratio a, int places)
{
	wide scale = 1, twice, below;

	if (a.bad) return a;
	for (int i = 0; i < places; i++) scale *= 10;
	if (__builtin_mul_overflow(a.top, 2 * scale, &twice) || __builtin_add_overflow(twice, a.top < 0 ? -a.bottom : a.bottom, &twice) ||
	    __builtin_mul_overflow(a.bottom, (wide)2, &below))
		return (struct ratio){0, 1, true};
	return ratio_make(twice / below, scale);
}

static double ratio_double(struct ratio a)
{
	return (double)a.top / (double)a.bottom;
}

/* The quantity of what a term is on, in the term's unit. */
static bool entry_quantity(struct ratio *out, const truce_duty_entry *entry, const char *unit, const char *of)
{
	const struct unit *want = unit_find(unit, strlen(unit));

	for (size_t i = 0; want && i < entry->count; i++) {
		const truce_duty_quantity *q = &entry->quantities[i];
		const struct unit *have = q->unit ? unit_find(q->unit, strlen(q->unit)) : NULL;

		if (!have || strcmp(have->dimension, want->dimension) != 0 || !same_text(q->of, of)) continue;
		*out = ratio_multiply(ratio_of(q->amount), ratio_make((wide)have->top * want->bottom, (wide)have->bottom * want->top));
		return !out->bad;
	}
	return false;
}

struct evaluation {
	truce_arena *arena;
	const truce_duty_entry *entry;
	const truce_duty_answer *applicable;
	truce_duty_answer *out;
	size_t needs_capacity;
	bool failed; /* memory */
};

static void need(struct evaluation *e, const char *what)
{
	truce_duty_answer *out = e->out;

	if (!what) {
		e->failed = true;
		return;
	}
	for (size_t i = 0; i < out->need_count; i++)
		if (!strcmp(out->needs[i], what)) return;
	if (out->need_count < e->needs_capacity) out->needs[out->need_count++] = what;
}

/* What one term makes: exact money with the rounding of the rule and without, and intervals. */
struct worth {
	bool money_known;
	struct ratio money, plain;      /* with and without 19 CFR 159.3 */
	double usd_low, usd_high;
	bool share_known;
	double share, share_low, share_high; /* of value */
	bool unknown_part;              /* a percentage on a part whose value is not known */
};

static void ad_valorem_worth(struct evaluation *e, const truce_duty_term *term, struct worth *w)
{
	const truce_duty_entry *entry = e->entry;
	struct ratio rate = ratio_multiply(ratio_of(term->amount), ratio_make(1, (wide)100 * term->divisor)), base;
	double fraction = term_fraction(term);
	bool base_known = false;

	if (!term->of) {
		w->share_known = true;
		w->share = w->share_low = w->share_high = fraction;
		if ((base_known = entry->has_value)) base = ratio_of(entry->value);
	} else {
		base_known = entry_quantity(&base, entry, "USD", term->of);
		w->unknown_part = !base_known;
		w->share_low = 0;
		w->share_high = fraction;
		if (base_known && entry->has_value && entry->value.units > 0) {
			w->share = fraction * ratio_double(base) / truce_decimal_double(entry->value);
			w->share_low = w->share_high = w->share;
			w->share_known = true;
		}
		if (!base_known) need(e, truce_arena_printf(e->arena, "value of the %s in USD", term->of));
	}
	if (base_known) {
		w->plain = ratio_multiply(rate, base);
		w->money = entry->exact ? w->plain : ratio_multiply(rate, ratio_round(base, 0));
		w->money_known = !w->plain.bad && !w->money.bad;
		w->usd_low = w->usd_high = ratio_double(w->plain);
		return;
	}
	w->usd_low = 0;
	w->usd_high = entry->has_value ? fraction * truce_decimal_double(entry->value) : fraction > 0 ? INFINITY : 0;
	if (!entry->has_value) need(e, "value in USD");
}

static void specific_worth(struct evaluation *e, const truce_duty_term *term, struct worth *w)
{
	const truce_duty_entry *entry = e->entry;
	struct ratio rate = ratio_multiply(ratio_of(term->amount), ratio_make(1, (wide)term->divisor * term->per));
	struct ratio quantity, rounded, degrees;
	bool by_degree = term->of && !strncmp(term->of, "each degree", 11);
	bool known = entry_quantity(&quantity, entry, term->unit, by_degree ? NULL : term->of);
	const struct unit *unit = unit_find(term->unit, strlen(term->unit));

	if (!known && term->of && !by_degree)
		need(e, truce_arena_printf(e->arena, "%s of %s", term->unit, term->of));
	else if (!known)
		need(e, truce_arena_printf(e->arena, "quantity in %s (%s)", term->unit, unit ? unit->word : term->unit));
	rounded = quantity;
	if (known && !entry->exact)
		rounded = ratio_round(quantity, ratio_compare(rate, ratio_make(1, 1)) > 0 ? 2 : 0);
	if (by_degree) {
		bool has_degrees = entry_quantity(&degrees, entry, "degree", NULL);

		if (!has_degrees) need(e, "degrees of the polariscope under 100");
		if (known && has_degrees) quantity = ratio_multiply(quantity, degrees), rounded = ratio_multiply(rounded, degrees);
		known = known && has_degrees;
	}
	if (!known) {
		w->usd_low = w->share_low = 0;
		w->usd_high = w->share_high = term->amount.units ? INFINITY : 0;
		/* A content is at most the whole; what includes the container is not. */
		if (term->of && !by_degree && strncmp(term->of, "weight including", 16) != 0 && !strstr(term->of, "container") &&
		    entry_quantity(&quantity, entry, term->unit, NULL)) {
			w->usd_high = ratio_double(ratio_multiply(rate, quantity));
			if (entry->has_value && entry->value.units > 0)
				w->share_high = w->usd_high / truce_decimal_double(entry->value);
		}
		return;
	}
	w->plain = ratio_multiply(rate, quantity);
	w->money = ratio_multiply(rate, rounded);
	w->money_known = !w->plain.bad && !w->money.bad;
	w->usd_low = w->usd_high = ratio_double(w->plain);
	w->share_high = INFINITY;
	if (entry->has_value && entry->value.units > 0) {
		w->share = w->usd_low / truce_decimal_double(entry->value);
		w->share_low = w->share_high = w->share;
		w->share_known = true;
	} else
		need(e, "value in USD");
}

static void applicable_worth(struct evaluation *e, struct worth *w)
{
	const truce_duty_answer *a = e->applicable;

	if (!a) {
		need(e, "the duty of the line that otherwise applies");
		w->usd_high = w->share_high = INFINITY;
		return;
	}
	for (size_t i = 0; i < a->need_count; i++) need(e, a->needs[i]);
	w->money_known = a->known;
	if (a->known) w->money = w->plain = ratio_of(a->usd);
	w->usd_low = a->usd_low;
	w->usd_high = a->usd_high;
	w->share_known = a->ad_valorem_known;
	w->share = a->ad_valorem;
	w->share_low = a->ad_valorem_low;
	w->share_high = a->ad_valorem_high;
}

static struct worth term_worth(struct evaluation *e, const truce_duty_term *term)
{
	struct worth w = {.money = {0, 1, false}, .plain = {0, 1, false}};

	switch (term->kind) {
	case TRUCE_DUTY_AD_VALOREM:
		ad_valorem_worth(e, term, &w);
		break;
	case TRUCE_DUTY_SPECIFIC:
		specific_worth(e, term, &w);
		break;
	case TRUCE_DUTY_APPLICABLE:
		applicable_worth(e, &w);
		break;
	case TRUCE_DUTY_REFERENCE:
		need(e, truce_arena_printf(e->arena, "the rate that stands in: %s", term->where));
		w.usd_high = w.share_high = INFINITY;
		break;
	}
	return w;
}

/* Joins a bound or an interval to what stands. */
static void join(truce_duty_role role, double *low, double *high, double l, double h)
{
	switch (role) {
	case TRUCE_DUTY_ADD:
		*low += l;
		*high += h;
		break;
	case TRUCE_DUTY_SUBTRACT:
		*low = isinf(h) ? -INFINITY : *low - h;
		*high -= isinf(l) ? 0 : l;
		break;
	case TRUCE_DUTY_NOT_LESS:
		*low = fmax(*low, l);
		*high = fmax(*high, h);
		break;
	case TRUCE_DUTY_NOT_MORE:
		*low = fmin(*low, l);
		*high = fmin(*high, h);
		break;
	}
}

static struct ratio join_exact(truce_duty_role role, struct ratio sum, struct ratio term)
{
	if (role == TRUCE_DUTY_SUBTRACT) term.top = -term.top;
	if (role == TRUCE_DUTY_ADD || role == TRUCE_DUTY_SUBTRACT) return ratio_add(sum, term);
	if (sum.bad || term.bad) return (struct ratio){0, 1, true};
	if (role == TRUCE_DUTY_NOT_LESS) return ratio_compare(sum, term) < 0 ? term : sum;
	return ratio_compare(sum, term) > 0 ? term : sum;
}

static void answer_unknown(truce_duty_answer *out, struct evaluation *e, const char *why)
{
	out->usd_high = out->ad_valorem_high = INFINITY;
	out->ad_valorem = out->part_specific = NAN;
	need(e, why);
}

int truce_duty_evaluate(truce_arena *arena, truce_duty_answer *out, const truce_duty_expression *duty,
	const truce_duty_entry *entry, const truce_duty_answer *applicable)
{
	struct evaluation e = {arena, entry, applicable, out, 0, false};
	struct ratio money = {0, 1, false};
	double parts_high = 0, parts_usd = 0; /* percentages on parts of unknown value: the parts make up at most the whole */
	bool money_known = true, share_known = true;

	memset(out, 0, sizeof *out);
	e.needs_capacity = 3 * duty->count + 2 + (applicable ? applicable->need_count : 0);
	out->needs = truce_arena_array(arena, e.needs_capacity, sizeof *out->needs);
	if (!out->needs) return TRUCE_MEMORY;
	if (duty->unread) {
		answer_unknown(out, &e, truce_arena_printf(arena, "a reading of the duty text '%s'", duty->text));
		return e.failed ? TRUCE_MEMORY : TRUCE_OK;
	}
	if (!duty->free && !duty->count) {
		answer_unknown(out, &e, "a duty text: the schedule prints none for this line");
		return TRUCE_OK;
	}
	for (size_t i = 0; i < duty->count; i++) {
		const truce_duty_term *term = &duty->terms[i];
		struct worth w = term_worth(&e, term);

		money_known = money_known && w.money_known;
		share_known = share_known && w.share_known;
		if (money_known) money = join_exact(term->role, money, w.money);
		if (w.unknown_part && term->role == TRUCE_DUTY_ADD) {
			parts_high = fmax(parts_high, w.share_high);
			parts_usd = fmax(parts_usd, w.usd_high);
			continue;
		}
		join(term->role, &out->usd_low, &out->usd_high, w.usd_low, w.usd_high);
		join(term->role, &out->ad_valorem_low, &out->ad_valorem_high, w.share_low, w.share_high);
		if (term->kind == TRUCE_DUTY_AD_VALOREM && !term->of && term->role <= TRUCE_DUTY_SUBTRACT)
			out->part_ad_valorem += term->role == TRUCE_DUTY_ADD ? w.share : -w.share;
		else if (term->kind == TRUCE_DUTY_APPLICABLE && w.share_known && applicable && term->role == TRUCE_DUTY_ADD)
			out->part_ad_valorem += applicable->part_ad_valorem;
	}
	out->ad_valorem_high += parts_high;
	out->usd_high += parts_usd;
	if (e.failed) return TRUCE_MEMORY;
	out->usd_low = fmax(out->usd_low, 0);
	out->ad_valorem_low = fmax(out->ad_valorem_low, 0);
	out->usd_high = fmax(out->usd_high, out->usd_low);
	out->ad_valorem_high = fmax(out->ad_valorem_high, out->ad_valorem_low);
	out->ad_valorem_known = share_known;
	out->ad_valorem = share_known ? out->ad_valorem_low : NAN;
	out->part_specific = share_known ? out->ad_valorem - out->part_ad_valorem : NAN;
	if (money_known) {
		if (money.top < 0) money.top = 0;
		money = ratio_round(money, 2);
		money_known = !money.bad;
	}
	if (money_known) {
		struct ratio cents = ratio_multiply(money, ratio_make(100, 1));

		if (cents.bad || cents.top > INT64_MAX) return TRUCE_OK;
		out->known = true;
		out->usd = (truce_decimal){(int64_t)(cents.top / cents.bottom), 2};
		out->usd_low = out->usd_high = truce_decimal_double(out->usd);
	}
	return TRUCE_OK;
}
