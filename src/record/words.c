/* words.c, room `record`: acts and conditions as sentences, records as JSON by the same tables that read them. */
#include <string.h>

#include "private.h"

static void add_list(truce_text *out, const truce_yaml_list *list, const char *all)
{
	for (size_t i = 0; i < list->count; i++) {
		const char *text = TRUCE_LIST_TEXT(*list, i);
		truce_text_add(out, i == 0 ? "" : i + 1 == list->count ? " and " : ", ");
		truce_text_add(out, strcmp(text, "all") == 0 ? all : text);
	}
}

static void add_number(truce_text *out, const truce_yaml_number *number)
{
	truce_text_add(out, number->text ? number->text : "?");
}

static void add_unit(truce_text *out, const char *unit, const char *per)
{
	if (unit && strcmp(unit, "pct") == 0)
		truce_text_add(out, " %");
	else if (unit && strcmp(unit, "pp") == 0)
		truce_text_add(out, " points");
	else if (unit && strcmp(unit, "share") == 0)
		truce_text_add(out, " of normal");
	else if (unit)
		truce_text_addf(out, " %s", unit);
	if (per)
		truce_text_addf(out, " a %s", per);
}

static void add_level(truce_text *out, const truce_level *level)
{
	const truce_yaml_number *number = level->add.set ? &level->add : level->to.set ? &level->to : &level->floor;
	truce_text_add(out, level->add.set ? (level->add.value < 0 ? " by " : " by +") : level->floor.set ? " topped up to " : " to ");
	if (level->at_most)
		truce_text_add(out, "at most ");
	if (level->at_least)
		truce_text_add(out, "at least ");
	if (number->set)
		add_number(out, number);
	else if (level->expression)
		truce_text_add(out, level->expression);
	else
		truce_text_addf(out, "%s to %s", level->low.text ? level->low.text : "?", level->high.text ? level->high.text : "?");
	add_unit(out, level->unit, level->per);
}

void truce_act_words(truce_text *out, const truce_act *act)
{
	truce_text_addf(out, "%s: %s", act->by ? act->by : "somebody (open)", truce_do_word(act->action));
	for (char *at = out->data ? out->data + out->length - strlen(truce_do_word(act->action)) : NULL; at && *at; at++)
		if (*at == '_')
			*at = ' ';
	if (act->measures.count) {
		truce_text_add(out, " ");
		add_list(out, &act->measures, "all");
	}
	if (act->instrument >= 0) {
		const char *word = truce_instrument_word(act->instrument);
		truce_text_add(out, act->measures.count ? " by " : " ");
		for (; *word; word++)
			truce_text_addf(out, "%c", *word == '_' ? ' ' : *word);
	}
	if (act->goods.count) {
		truce_text_add(out, " on ");
		add_list(out, &act->goods, "all goods");
	}
	if (act->except_goods.count) {
		truce_text_add(out, " but ");
		add_list(out, &act->except_goods, "all goods");
	}
	if (act->against.count) {
		truce_text_add(out, act->action == TRUCE_DO_BUY || act->action == TRUCE_DO_STOP_BUYING ? " from " : " against ");
		add_list(out, &act->against, "all");
	}
	if (act->except.count) {
		truce_text_add(out, " except ");
		add_list(out, &act->except, "all");
	}
	if (act->level)
		add_level(out, act->level);
	if (act->quantity) {
		truce_text_add(out, ", ");
		add_number(out, act->quantity->value.set ? &act->quantity->value : &act->quantity->low);
		add_unit(out, act->quantity->unit, act->quantity->per);
	}
}

void truce_condition_words(truce_text *out, const truce_condition *c)
{
	if (c->flow) {
		truce_text_add(out, "the flow of ");
		add_list(out, &c->flow->goods, "all goods");
		if (c->flow->from)
			truce_text_addf(out, " from %s", c->flow->from);
		if (c->flow->to)
			truce_text_addf(out, " to %s", c->flow->to);
		truce_text_addf(out, " %s ", c->below.set ? "below" : "above");
		add_number(out, c->below.set ? &c->below : &c->above);
		if (c->unit)
			truce_text_addf(out, " %s", c->unit);
		if (c->of)
			truce_text_addf(out, " of %s", c->of);
		if (c->over.set)
			truce_text_addf(out, " over %g days", c->over.value);
	} else if (c->act) {
		truce_act_words(out, c->act);
	} else if (c->measure) {
		truce_text_addf(out, "%s is %s", c->measure, truce_status_word(c->status >= 0 ? c->status : TRUCE_IN_FORCE));
	} else if (c->date.set) {
		char day[32];
		truce_text_addf(out, "%s has come", truce_time_format(day, &c->date));
	} else if (c->not_) {
		truce_text_add(out, "not (");
		truce_condition_words(out, c->not_);
		truce_text_add(out, ")");
	} else if (c->all.count || c->any.count) {
		const truce_yaml_list *list = c->all.count ? &c->all : &c->any;
		for (size_t i = 0; i < list->count; i++) {
			truce_text_add(out, i ? (c->all.count ? " and " : " or ") : "");
			truce_condition_words(out, TRUCE_LIST_AT(*list, truce_condition, i));
		}
	} else if (c->text) {
		truce_text_add(out, c->text);
	}
	if (c->by.set) {
		char day[32];
		truce_text_addf(out, " by %s", truce_time_format(day, &c->by));
	}
}

/* ---- JSON by the tables ------------------------------------------------------------------------------------------------------ */

/* What is written, and as known when: a NULL record hides nothing. */
struct writer {
	truce_json *json;
	const truce_record *record;
	truce_instant known;
};

static void write_struct(struct writer *w, const char *key, const truce_yaml_schema *schema, const char *item);

static bool published(const struct writer *w, const char *source)
{
	const truce_source *found = truce_record_find(w->record, TRUCE_SOURCE, source);
	return !found || found->published <= w->known;
}

/* Whether an item of a list was known: by its `known`; where it does not say, by the earliest of its sources; and not before
 * the record that it is of. */
static bool item_known(const struct writer *w, const truce_yaml_schema *schema, const char *item)
{
	const truce_time *known = NULL;
	const truce_yaml_list *sources = NULL;
	for (const truce_yaml_field *field = schema ? schema->fields : NULL; w->record && field && field->key; field++) {
		const char *at = item + field->offset;
		if (strcmp(field->key, "known") == 0 && field->type == TRUCE_YAML_TIME)
			known = (const void *)at;
		else if (strcmp(field->key, "known") == 0 && field->type == TRUCE_YAML_STRUCT)
			known = &((const truce_known *)(const void *)at)->from;
		else if (strcmp(field->key, "sources") == 0 && field->type == TRUCE_YAML_TEXTS)
			sources = (const void *)at;
		else if (strcmp(field->key, "measure") == 0 && field->type == TRUCE_YAML_TEXT) {
			const char *id = *(const char *const *)(const void *)at;
			if (id && truce_record_find(w->record, TRUCE_MEASURE, id) && !truce_record_find_known(w->record, TRUCE_MEASURE, id, w->known))
				return false;
		}
	}
	if (known && known->set)
		return truce_time_start(known, NULL) <= w->known;
	bool any = !sources || sources->count == 0;
	for (size_t i = 0; sources && i < sources->count && !any; i++)
		any = published(w, TRUCE_LIST_TEXT(*sources, i));
	return any;
}

static void write_list(struct writer *w, const truce_yaml_field *field, const truce_yaml_list *list)
{
	bool open = false, sources = w->record && strcmp(field->key, "sources") == 0;
	for (size_t i = 0; i < list->count; i++) {
		const char *item = field->type == TRUCE_YAML_TEXTS ? NULL : (const char *)list->items + i * field->of->size;
		if (item ? !item_known(w, field->of, item) : sources && !published(w, TRUCE_LIST_TEXT(*list, i)))
			continue;
		if (!open)
			truce_json_open(w->json, field->key, '[');
		open = true;
		if (item)
			write_struct(w, NULL, field->of, item);
		else
			truce_json_text(w->json, NULL, TRUCE_LIST_TEXT(*list, i));
	}
	if (open)
		truce_json_close(w->json, ']');
}

static void write_value(struct writer *w, const truce_yaml_field *field, const char *at)
{
	truce_json *json = w->json;
	switch (field->type) {
	case TRUCE_YAML_TEXT:
	case TRUCE_YAML_ID: {
		const char *text = *(const char *const *)(const void *)at;
		if (text)
			truce_json_text(json, field->key, text);
		return;
	}
	case TRUCE_YAML_BOOL:
		if (*(const bool *)(const void *)at)
			truce_json_bool(json, field->key, true);
		return;
	case TRUCE_YAML_NUMBER:
	case TRUCE_YAML_DAYS: {
		const truce_yaml_number *number = (const void *)at;
		if (number->set)
			truce_json_number(json, field->key, number->value);
		return;
	}
	case TRUCE_YAML_TIME: {
		char text[32];
		const truce_time *time = (const void *)at;
		if (time->set)
			truce_json_text(json, field->key, truce_time_format(text, time));
		return;
	}
	case TRUCE_YAML_ENUM: {
		int word = *(const int *)(const void *)at;
		if (word >= 0)
			truce_json_text(json, field->key, field->words[word]);
		return;
	}
	case TRUCE_YAML_STRUCT:
		write_struct(w, field->key, field->of, at);
		return;
	case TRUCE_YAML_MAYBE: {
		const char *part = *(const char *const *)(const void *)at;
		if (part)
			write_struct(w, field->key, field->of, part);
		return;
	}
	case TRUCE_YAML_LIST:
	case TRUCE_YAML_MAP:
	case TRUCE_YAML_TEXTS:
		write_list(w, field, (const void *)at);
		return;
	case TRUCE_YAML_NODE:
		return;
	}
}

static bool is_set(const truce_yaml_schema *schema, const char *item)
{
	for (const truce_yaml_field *field = schema->fields; field->key; field++) {
		const char *at = item + field->offset;
		switch (field->type) {
		case TRUCE_YAML_TIME: if (((const truce_time *)(const void *)at)->set) return true; break;
		case TRUCE_YAML_NUMBER: case TRUCE_YAML_DAYS: if (((const truce_yaml_number *)(const void *)at)->set) return true; break;
		default: return true; /* only periods and known dates stand in place and may be empty */
		}
	}
	return false;
}

static void write_struct(struct writer *w, const char *key, const truce_yaml_schema *schema, const char *item)
{
	if (key && !is_set(schema, item))
		return;
	truce_json_open(w->json, key, '{');
	for (const truce_yaml_field *field = schema->fields; field->key; field++)
		write_value(w, field, item + field->offset);
	truce_json_close(w->json, '}');
}

void truce_act_to_json(truce_json *json, const char *key, const truce_act *act)
{
	struct writer w = {json, NULL, TRUCE_NEVER};
	write_struct(&w, key, &record_act_schema, (const char *)act);
}

int truce_record_to_json(truce_json *json, const char *key, const truce_record *record, const void *any_record, truce_instant known)
{
	struct writer w = {json, record, known};
	const truce_head *head = any_record;
	const truce_yaml_schema *schema = record_schemas[head->kind];
	truce_json_open(json, key, '{');
	truce_json_text(json, "id", head->id);
	truce_json_text(json, "kind", truce_record_kind_word(head->kind));
	for (const truce_yaml_field *field = schema->fields; field->key; field++) {
		if (strcmp(field->key, "id") == 0)
			continue;
		truce_yaml_field named = *field;
		if (strcmp(field->key, "kind") == 0)
			named.key = "source_kind";
		write_value(&w, &named, (const char *)any_record + field->offset);
	}
	truce_json_close(json, '}');
	return truce_text_done(json->out);
}

const truce_yaml_schema *truce_record_grammar(void)
{
	return &record_file_schema;
}

int truce_record_json_schema(truce_context *ctx, truce_text *out)
{
	truce_json json;
	(void)ctx;
	truce_json_init(&json, out);
	return truce_yaml_json_schema(&json, &record_file_schema);
}
