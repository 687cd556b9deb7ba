/* Room base: writing JSON, in the order called. */
#include <truce/base.h>

#include <math.h>
#include <string.h>

void truce_json_init(truce_json *json, truce_text *out)
{
	*json = (truce_json){.out = out};
}

static void add_string(truce_text *out, const char *value)
{
	static const char hex[] = "0123456789abcdef";
	truce_text_add(out, "\"");
	for (const unsigned char *at = (const unsigned char *)value; *at; at++) {
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
		} else {
			truce_text_add_bytes(out, (const char *)at, 1);
			continue;
		}
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
