/* Room base: writing JSON, in the order called. */
#include <truce/base.h>

#include <math.h>
#include <string.h>

void truce_json_init(truce_json *json, truce_text *out)
{
	*json = (truce_json){.out = out};
}

/* Bytes of the UTF-8 character (RFC 3629) that begins at `at`; 0 where none does. */
static size_t utf8_width(const unsigned char *at)
{
	size_t width = *at < 0x80 ? 1 : *at >= 0xc2 && *at < 0xe0 ? 2 : *at >= 0xe0 && *at < 0xf0 ? 3 : *at >= 0xf0 && *at < 0xf5 ? 4 : 0;
	for (size_t i = 1; i < width; i++)
		if ((at[i] & 0xc0) != 0x80)
			return 0;
	/* Longer than needed, halves of surrogate pairs, and what is behind the last plane. */
	if ((*at == 0xe0 && at[1] < 0xa0) || (*at == 0xed && at[1] > 0x9f) || (*at == 0xf0 && at[1] < 0x90) || (*at == 0xf4 && at[1] > 0x8f))
		return 0;
	return width;
}

/* What is no UTF-8 (a table in an older encoding, a message cut in the middle of a character) is written as U+FFFD. */
static void add_string(truce_text *out, const char *value)
{
	static const char hex[] = "0123456789abcdef";
	truce_text_add(out, "\"");
	for (const unsigned char *at = (const unsigned char *)value; *at; at++) {
		size_t width = utf8_width(at);
		char escape[7] = {'\\', 0};
		if (*at == '"' || *at == '\\')
			escape[1] = (char)*at;
		else if (*at == '\n')
			escape[1] = 'n';
		else if (*at == '\t')
			escape[1] = 't';
		else if (*at < 0x20) {
			memcpy(escape, "\\u00", 4);
			escape[4] = hex[*at >> 4];
			escape[5] = hex[*at & 15];
		} else if (width) {
			truce_text_add_bytes(out, (const char *)at, width);
			at += width - 1;
			continue;
		} else
			memcpy(escape, "\\ufffd", 6);
		truce_text_add(out, escape);
	}
	truce_text_add(out, "\"");
}

static void before_item(truce_json *json, const char *key)
{
	uint64_t bit = (uint64_t)1 << (json->depth & 63);
	if (json->has_item & bit)
		truce_text_add(json->out, ",");
	json->has_item |= bit;
	/* Two levels stand on lines of their own, so that a person or a diff can read them. */
	if (json->depth && json->depth <= 2) {
		truce_text_add(json->out, "\n");
		for (int i = 0; i < json->depth; i++)
			truce_text_add(json->out, " ");
	}
	if (key) {
		add_string(json->out, key);
		truce_text_add(json->out, ":");
	}
}

void truce_json_open(truce_json *json, const char *key, char bracket)
{
	before_item(json, key);
	truce_text_add_bytes(json->out, &bracket, 1);
	json->depth++;
	json->has_item &= ~((uint64_t)1 << (json->depth & 63));
}

void truce_json_close(truce_json *json, char bracket)
{
	bool had = json->has_item & ((uint64_t)1 << (json->depth & 63));
	json->depth--;
	if (had && json->depth < 2) {
		truce_text_add(json->out, "\n");
		for (int i = 0; i < json->depth; i++)
			truce_text_add(json->out, " ");
	}
	truce_text_add_bytes(json->out, &bracket, 1);
	if (json->depth == 0)
		truce_text_add(json->out, "\n");
}

void truce_json_text(truce_json *json, const char *key, const char *value)
{
	before_item(json, key);
	if (value)
		add_string(json->out, value);
	else
		truce_text_add(json->out, "null");
}

void truce_json_number(truce_json *json, const char *key, double value)
{
	char buffer[32];
	before_item(json, key);
	truce_text_add(json->out, isfinite(value) ? truce_format_double(buffer, value) : "null");
}

void truce_json_integer(truce_json *json, const char *key, int64_t value)
{
	before_item(json, key);
	truce_text_addf(json->out, "%lld", (long long)value);
}

void truce_json_bool(truce_json *json, const char *key, bool value)
{
	before_item(json, key);
	truce_text_add(json->out, value ? "true" : "false");
}

void truce_json_null(truce_json *json, const char *key)
{
	before_item(json, key);
	truce_text_add(json->out, "null");
}

void truce_json_raw(truce_json *json, const char *key, const char *valid_json)
{
	before_item(json, key);
	truce_text_add(json->out, valid_json);
}
