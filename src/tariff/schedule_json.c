/* schedule_json.c: the rows of a schedule published as one JSON array of objects (tariff room).
 *
 * A scanner of its own, because forty revisions of fourteen megabytes hold nearly the same objects: the bytes of an
 * object are found first, cheaply, and only those not seen before are parsed.  Strict JSON (RFC 8259) in what it
 * parses; what it skips is checked for brackets and strings. */
#include "schedule_private.h"

#include <ctype.h>
#include <string.h>

void schedule_json_open(struct schedule_json *json, truce_context *ctx, const char *name, const char *text, size_t length)
{
	memset(json, 0, sizeof *json);
	json->ctx = ctx;
	json->name = name;
	json->text = json->at = text;
	json->end = text + length;
	if (length >= 3 && !memcmp(text, "\xef\xbb\xbf", 3)) json->at += 3;
	truce_text_init(&json->value, ctx);
}

void schedule_json_close(struct schedule_json *json)
{
	truce_text_free(&json->value);
}

static int fail_at(struct schedule_json *json, const char *at, const char *remedy, const char *what)
{
	int line = 1, column = 1;

	for (const char *p = json->text; p < at && p < json->end; p++) {
		column++;
		if (*p == '\n') line++, column = 1;
	}
	return truce_fail(json->ctx, TRUCE_INPUT, json->name, line, column, remedy, "%s (object %zu of the schedule)", what,
		json->row + 1);
}

static const char *blanks(const char *at, const char *end)
{
	while (at < end && (*at == ' ' || *at == '\n' || *at == '\r' || *at == '\t')) at++;
	return at;
}

/* Past the string that begins at `at` (its quote); NULL where it does not end. */
static const char *string_end(const char *at, const char *end)
{
	for (at++; at < end; at++) {
		at = memchr(at, '"', (size_t)(end - at));
		if (!at) return NULL;
		/* A quote counts where an even number of backslashes stands before it. */
		const char *back = at;

		while (back[-1] == '\\') back--;
		if ((at - back) % 2 == 0) return at + 1;
	}
	return NULL;
}

int schedule_json_next(struct schedule_json *json)
{
	const char *at = blanks(json->at, json->end);
	int depth = 0;

	if (json->ended) return 0;
	if (!json->began) {
		if (at == json->end || *at != '[')
			return fail_at(json, at, "give the JSON as published: one array of objects", "this is not a JSON array");
		json->began = true;
		at = blanks(at + 1, json->end);
	} else if (at < json->end && *at == ',') {
		at = blanks(at + 1, json->end);
		if (at < json->end && *at == ']') return fail_at(json, at, NULL, "a comma stands before the end of the array");
	} else if (at < json->end && *at != ']')
		return fail_at(json, at, NULL, "a comma or the end of the array is missing");
	if (at == json->end)
		return fail_at(json, at, "fetch the file again", "the file ends inside the array: it is truncated");
	if (*at == ']') {
		at = blanks(at + 1, json->end);
		if (at != json->end) return fail_at(json, at, NULL, "there is something after the end of the array");
		json->ended = true;
		return 0;
	}
	if (*at != '{') return fail_at(json, at, "give the JSON as published: one array of objects", "this is not an object");
	json->raw = at;
	while (at < json->end) {
		if (*at == '"') {
			at = string_end(at, json->end);
			if (!at) break;
			continue;
		}
		if (*at == '{' || *at == '[') {
			if (++depth > 16) return fail_at(json, at, NULL, "brackets are nested deeper than any schedule needs");
		} else if (*at == '}' || *at == ']') {
			if (--depth == 0) {
				json->raw_length = (size_t)(at + 1 - json->raw);
				json->at = at + 1;
				json->row++;
				return 1;
			}
		}
		at++;
	}
	return fail_at(json, json->raw, "fetch the file again", "the file ends inside this object: it is truncated");
}

/* ---- parsing one object ------------------------------------------------------------------------------------ */

struct cursor {
	struct schedule_json *json;
	const char *at, *end;
};

static int bad(struct cursor *c, const char *what)
{
	c->json->row--;
	int error = fail_at(c->json, c->at, NULL, what);

	c->json->row++;
	return error;
}

static void add_utf8(truce_text *out, unsigned code)
{
	char bytes[4];
	size_t n = 0;

	if (code < 0x80)
		bytes[n++] = (char)code;
	else if (code < 0x800) {
		bytes[n++] = (char)(0xc0 | code >> 6);
		bytes[n++] = (char)(0x80 | (code & 63));
	} else if (code < 0x10000) {
		bytes[n++] = (char)(0xe0 | code >> 12);
		bytes[n++] = (char)(0x80 | (code >> 6 & 63));
		bytes[n++] = (char)(0x80 | (code & 63));
	} else {
		bytes[n++] = (char)(0xf0 | code >> 18);
		bytes[n++] = (char)(0x80 | (code >> 12 & 63));
		bytes[n++] = (char)(0x80 | (code >> 6 & 63));
		bytes[n++] = (char)(0x80 | (code & 63));
	}
	truce_text_add_bytes(out, bytes, n);
}

static bool hex4(const char *at, const char *end, unsigned *out)
{
	*out = 0;
	if (end - at < 4) return false;
	for (int i = 0; i < 4; i++) {
		if (!isxdigit((unsigned char)at[i])) return false;
		*out = *out * 16 + (unsigned)(at[i] <= '9' ? at[i] - '0' : (at[i] | 32) - 'a' + 10);
	}
	return true;
}

/* Unescapes the string at the cursor into `out` (NULL: only checked). */
static int take_string(struct cursor *c, truce_text *out)
{
	if (c->at >= c->end || *c->at != '"') return bad(c, "a text in quotes should stand here");
	for (c->at++; c->at < c->end && *c->at != '"';) {
		const char *plain = c->at;
		unsigned code, low;

		while (c->at < c->end && *c->at != '"' && *c->at != '\\') {
			if ((unsigned char)*c->at < 0x20) return bad(c, "a control character stands in a text");
			c->at++;
		}
		if (out) truce_text_add_bytes(out, plain, (size_t)(c->at - plain));
		if (c->at >= c->end || *c->at != '\\') continue;
		if (++c->at >= c->end) break;
		switch (*c->at++) {
		case 'n': code = '\n'; break;
		case 't': code = '\t'; break;
		case 'r': code = '\r'; break;
		case 'b': code = '\b'; break;
		case 'f': code = '\f'; break;
		case '"': code = '"'; break;
		case '\\': code = '\\'; break;
		case '/': code = '/'; break;
		case 'u':
			if (!hex4(c->at, c->end, &code)) return bad(c, "four hexadecimal digits should follow \\u");
			c->at += 4;
			if (code >= 0xd800 && code < 0xdc00 && c->end - c->at >= 6 && c->at[0] == '\\' && c->at[1] == 'u' &&
			    hex4(c->at + 2, c->end, &low) && low >= 0xdc00 && low < 0xe000) {
				code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
				c->at += 6;
			} else if (code >= 0xd800 && code < 0xe000)
				return bad(c, "half of a surrogate pair stands alone");
			if (!code) code = ' '; /* a NUL would end the text */
			break;
		default: return bad(c, "an escape that JSON does not have");
		}
		if (out) add_utf8(out, code);
	}
	if (c->at >= c->end) return bad(c, "a text does not end");
	c->at++;
	return TRUCE_OK;
}

static int skip_value(struct cursor *c, int depth);

static int take_literal(struct cursor *c)
{
	const char *start = c->at;

	while (c->at < c->end && (isalnum((unsigned char)*c->at) || *c->at == '-' || *c->at == '+' || *c->at == '.')) c->at++;
	size_t n = (size_t)(c->at - start);

	if ((n == 4 && (!memcmp(start, "null", 4) || !memcmp(start, "true", 4))) || (n == 5 && !memcmp(start, "false", 5)) ||
	    (n && (isdigit((unsigned char)*start) || *start == '-')))
		return TRUCE_OK;
	c->at = start;
	return bad(c, "this is no JSON value");
}

static int skip_items(struct cursor *c, char close, bool keys, int depth)
{
	int error;

	c->at = blanks(c->at + 1, c->end);
	if (c->at < c->end && *c->at == close) return c->at++, TRUCE_OK;
	for (;;) {
		c->at = blanks(c->at, c->end);
		if (keys) {
			if ((error = take_string(c, NULL))) return error;
			c->at = blanks(c->at, c->end);
			if (c->at >= c->end || *c->at++ != ':') return bad(c, "a colon is missing");
		}
		if ((error = skip_value(c, depth + 1))) return error;
		c->at = blanks(c->at, c->end);
		if (c->at >= c->end) return bad(c, "brackets do not close");
		if (*c->at == close) return c->at++, TRUCE_OK;
		if (*c->at++ != ',') return bad(c, "a comma is missing");
	}
}

static int skip_value(struct cursor *c, int depth)
{
	c->at = blanks(c->at, c->end);
	if (depth > 16) return bad(c, "nested too deep");
	if (c->at >= c->end) return bad(c, "a value is missing");
	if (*c->at == '"') return take_string(c, NULL);
	if (*c->at == '{') return skip_items(c, '}', true, depth);
	if (*c->at == '[') return skip_items(c, ']', false, depth);
	return take_literal(c);
}

/* A text, a number, null, or an array of texts (joined by ", "). */
static int take_text(struct cursor *c, truce_text *out)
{
	int error;
	bool first = true;

	c->at = blanks(c->at, c->end);
	if (c->at >= c->end) return bad(c, "a value is missing");
	if (*c->at == '"') return take_string(c, out);
	if (*c->at != '[') {
		const char *start = c->at;

		if ((error = take_literal(c))) return error;
		if (*start != 'n' && *start != 't' && *start != 'f') truce_text_add_bytes(out, start, (size_t)(c->at - start));
		return TRUCE_OK;
	}
	c->at = blanks(c->at + 1, c->end);
	if (c->at < c->end && *c->at == ']') return c->at++, TRUCE_OK;
	for (;; first = false) {
		if (!first) truce_text_add(out, ", ");
		c->at = blanks(c->at, c->end);
		if (c->at < c->end && *c->at == '"')
			error = take_string(c, out);
		else
			error = take_literal(c);
		if (error) return error;
		c->at = blanks(c->at, c->end);
		if (c->at >= c->end) return bad(c, "an array does not end");
		if (*c->at == ']') return c->at++, TRUCE_OK;
		if (*c->at++ != ',') return bad(c, "a comma is missing");
	}
}

/* One footnote as a line "columns: value". */
static int take_footnote(struct cursor *c, truce_text *out, truce_text *columns, truce_text *value)
{
	truce_text key;
	int error = TRUCE_OK;

	truce_text_clear(columns);
	truce_text_clear(value);
	truce_text_init(&key, c->json->ctx);
	if (c->at >= c->end || *c->at != '{') {
		error = bad(c, "a footnote should be an object");
		goto done;
	}
	c->at = blanks(c->at + 1, c->end);
	while (c->at < c->end && *c->at != '}') {
		truce_text_clear(&key);
		if ((error = take_string(c, &key))) goto done;
		c->at = blanks(c->at, c->end);
		if (c->at >= c->end || *c->at++ != ':') {
			error = bad(c, "a colon is missing");
			goto done;
		}
		if (key.length == 7 && !memcmp(key.data, "columns", 7))
			error = take_text(c, columns);
		else if (key.length == 5 && !memcmp(key.data, "value", 5))
			error = take_text(c, value);
		else
			error = skip_value(c, 0);
		if (error) goto done;
		c->at = blanks(c->at, c->end);
		if (c->at < c->end && *c->at == ',') {
			c->at = blanks(c->at + 1, c->end);
			if (c->at < c->end && *c->at == '}') {
				error = bad(c, "a comma stands before a closing bracket");
				goto done;
			}
		} else if (c->at < c->end && *c->at != '}') {
			error = bad(c, "a comma is missing");
			goto done;
		}
	}
	if (c->at >= c->end) {
		error = bad(c, "a footnote does not end");
		goto done;
	}
	c->at++;
	/* Line ends inside a footnote are blanks: a line is a footnote. */
	for (size_t i = 0; i < value->length; i++)
		if (value->data[i] == '\n' || value->data[i] == '\r') value->data[i] = ' ';
	truce_text_addf(out, "%s: %s\n", columns->length ? columns->data : "", value->length ? value->data : "");
done:
	truce_text_free(&key);
	return error;
}

static int take_footnotes(struct cursor *c, truce_text *out)
{
	truce_text columns, value;
	int error = TRUCE_OK;

	c->at = blanks(c->at, c->end);
	if (c->at < c->end && *c->at != '[') return skip_value(c, 0); /* null, or something that is none */
	truce_text_init(&columns, c->json->ctx);
	truce_text_init(&value, c->json->ctx);
	c->at = blanks(c->at + 1, c->end);
	while (c->at < c->end && *c->at != ']') {
		if ((error = take_footnote(c, out, &columns, &value))) break;
		c->at = blanks(c->at, c->end);
		if (c->at < c->end && *c->at == ',')
			c->at = blanks(c->at + 1, c->end);
		else if (c->at < c->end && *c->at != ']') {
			error = bad(c, "a comma is missing");
			break;
		}
	}
	if (!error && c->at < c->end) c->at++;
	if (truce_text_done(&columns) || truce_text_done(&value)) error = TRUCE_MEMORY;
	truce_text_free(&columns);
	truce_text_free(&value);
	return error;
}

int schedule_json_parse(struct schedule_json *json, struct schedule_row *row)
{
	static const char *const names[ROW_FIELDS] = {"htsno", "indent", "description", "general", "special", "other", "units",
		"footnotes"};
	struct cursor c = {json, json->raw + 1, json->raw + json->raw_length};
	bool given[ROW_FIELDS] = {false};
	truce_text *value = &json->value;
	int error;

	truce_text_clear(value);
	memset(json->length, 0, sizeof json->length);
	truce_text_add_bytes(value, "", 1); /* fields that are not there point here */
	memset(json->start, 0, sizeof json->start);
	c.at = blanks(c.at, c.end);
	while (c.at < c.end && *c.at != '}') {
		size_t key = value->length, which;

		if ((error = take_string(&c, value))) return error;
		if (value->failed) return TRUCE_MEMORY;
		for (which = 0; which < ROW_FIELDS; which++)
			if (value->length - key == strlen(names[which]) && !memcmp(value->data + key, names[which], value->length - key)) break;
		c.at = blanks(c.at, c.end);
		if (c.at >= c.end || *c.at++ != ':') return bad(&c, "a colon is missing");
		if (which == ROW_FIELDS) {
			if ((error = skip_value(&c, 0))) return error;
		} else {
			if (given[which]) return bad(&c, "a key stands twice");
			given[which] = true;
			truce_text_add_bytes(value, "", 1);
			json->start[which] = value->length;
			error = which == ROW_FOOTNOTES ? take_footnotes(&c, value) : take_text(&c, value);
			if (error) return error;
			json->length[which] = value->length - json->start[which];
			truce_text_add_bytes(value, "", 1);
		}
		c.at = blanks(c.at, c.end);
		if (c.at < c.end && *c.at == ',') {
			c.at = blanks(c.at + 1, c.end);
			if (c.at < c.end && *c.at == '}') return bad(&c, "a comma stands before a closing bracket");
		} else if (c.at < c.end && *c.at != '}')
			return bad(&c, "a comma is missing");
	}
	if (c.at + 1 != c.end) return bad(&c, "brackets do not match");
	if (truce_text_done(value)) return TRUCE_MEMORY;
	if (!given[ROW_CODE] || !given[ROW_INDENT] || !given[ROW_DESCRIPTION]) {
		c.at = json->raw;
		return bad(&c, "htsno, indent or description is missing: this is no row of a schedule");
	}
	for (size_t i = 0; i < ROW_FIELDS; i++) {
		row->field[i] = value->data + json->start[i];
		row->length[i] = json->length[i];
	}
	return TRUCE_OK;
}

/* ---- small things that rows need ------------------------------------------------------------------------------- */

int schedule_code_digits(char out[13], const char *text, size_t length)
{
	int n = 0;

	out[0] = '\0';
	for (size_t i = 0; i < length; i++) {
		if (text[i] == '.' || text[i] == ' ') continue;
		if (!isdigit((unsigned char)text[i]) || n == 12) return out[0] = '\0', 0;
		out[n++] = text[i];
	}
	out[n] = '\0';
	return n;
}

/* "9801.00.10" at `at`; the number of bytes it takes, 0 none. */
static size_t dotted(const char *at, const char *end, char out[9])
{
	static const char form[] = "dddd.dd.dd";
	size_t n = 0;

	for (size_t i = 0; i < sizeof form - 1; i++) {
		if (at + i >= end || (form[i] == 'd' ? !isdigit((unsigned char)at[i]) : at[i] != '.')) return 0;
		if (form[i] == 'd') out[n++] = at[i];
	}
	out[n] = '\0';
	return sizeof form - 1;
}

void schedule_headings(truce_text *out, const char *text, size_t length)
{
	static const char *const ranges[] = {"-", "\xe2\x80\x93", "\xe2\x80\x94", "\xe2\x80\x90", "through", "to"};
	const char *at = text, *end = text + length;
	char first[9], last[9];

	while (at < end) {
		size_t width = at > text && (isdigit((unsigned char)at[-1]) || at[-1] == '.') ? 0 : dotted(at, end, first);
		const char *next;

		if (!width || (first[0] != '9' || (first[1] != '8' && first[1] != '9'))) {
			at++;
			continue;
		}
		at += width;
		truce_text_addf(out, "%s ", first);
		next = at;
		while (next < end && *next == ' ') next++;
		for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++) {
			size_t n = strlen(ranges[i]);
			long from, to;

			if ((size_t)(end - next) < n || memcmp(next, ranges[i], n) != 0) continue;
			next += n;
			while (next < end && *next == ' ') next++;
			if (!(width = dotted(next, end, last))) break;
			/* A range within one heading of six digits, spelt out. */
			from = (first[6] - '0') * 10 + first[7] - '0';
			to = (last[6] - '0') * 10 + last[7] - '0';
			if (!memcmp(first, last, 6))
				for (from++; from < to; from++) truce_text_addf(out, "%.6s%02ld ", first, from);
			break;
		}
	}
}
