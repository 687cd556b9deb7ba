/* load.c, room `record`: from folders of YAML to a record.
 *
 * Files are read entry by entry; references are noted and looked up when all is read.  Everything that is wrong is said
 * before the loader gives up. */
#include <string.h>

#include "private.h"

/* A reference as it stood in a file. */
struct reference {
	const char *text;
	truce_place place;
	const truce_yaml_field *field;
};

struct loader {
	truce_record *record;
	truce_context *ctx;
	struct reference *references;
	size_t reference_count, reference_capacity;
	size_t folder;
	size_t files;
	int status;    /* TRUCE_INPUT once something was wrong; a harder error ends the work */
	int suggestions; /* how many dangling references were answered with a near id */
	bool out_of_memory;
};

/* ---- the index ------------------------------------------------------------------------------------------------- */

static struct record_slot *slot_of(const truce_record *record, const char *id, uint64_t hash)
{
	size_t i = hash & (record->slot_capacity - 1);
	for (; record->slots[i].number; i = (i + 1) & (record->slot_capacity - 1))
		if (record->slots[i].hash == hash && strcmp(record->all[record->slots[i].number - 1]->id, id) == 0)
			break;
	return &record->slots[i];
}

const truce_head *record_first_version(const truce_record *record, const char *id)
{
	if (!record->slot_capacity)
		return NULL;
	const struct record_slot *slot = slot_of(record, id, truce_hash(id, strlen(id)));
	return slot->number ? record->all[slot->number - 1] : NULL;
}

static int grow_index(truce_record *record)
{
	if (2 * (record->slot_count + 1) <= record->slot_capacity)
		return TRUCE_OK;
	size_t capacity = record->slot_capacity ? 2 * record->slot_capacity : 256;
	struct record_slot *slots = truce_allocate_zero(record->ctx, capacity, sizeof *slots);
	if (!slots)
		return TRUCE_MEMORY;
	for (size_t i = 0; i < record->slot_capacity; i++)
		if (record->slots[i].number) {
			size_t k = record->slots[i].hash & (capacity - 1);
			while (slots[k].number)
				k = (k + 1) & (capacity - 1);
			slots[k] = record->slots[i];
		}
	truce_release(record->ctx, record->slots);
	record->slots = slots;
	record->slot_capacity = capacity;
	return TRUCE_OK;
}

/* Takes a record in: its number, its kind, its id.  The same id in a later folder corrects the earlier. */
static int take(struct loader *l, truce_head *head)
{
	truce_record *record = l->record;
	size_t kind = (size_t)head->kind;
	int status = truce_grow(l->ctx, &record->all, &record->capacity, record->total + 1, sizeof *record->all);
	if (status == TRUCE_OK)
		status = truce_grow(l->ctx, &record->of_kind[kind], &record->kind_capacity[kind], record->count[kind] + 1, sizeof(void *));
	if (status == TRUCE_OK)
		status = grow_index(record);
	if (status != TRUCE_OK)
		return status;
	uint64_t hash = truce_hash(head->id, strlen(head->id));
	struct record_slot *slot = slot_of(record, head->id, hash);
	if (slot->number) {
		truce_head *last = (truce_head *)record->all[slot->number - 1];
		while (last->corrected_by)
			last = (truce_head *)last->corrected_by;
		if (last->folder == head->folder || last->kind != head->kind) {
			truce_yaml_say(l->ctx, TRUCE_ERROR, head->place, last->folder == head->folder
				? "ids are unique across kinds; a correction is a new entry with supersedes" : "a correction is of the same kind",
				"the id '%s' is in use: %s:%d is a %s", head->id, last->place.file, last->place.line, truce_record_kind_word(last->kind));
			l->status = TRUCE_INPUT;
			return TRUCE_OK;
		}
		last->corrected_by = head;
	} else {
		*slot = (struct record_slot){hash, record->total + 1};
		record->slot_count++;
	}
	head->number = record->total;
	record->all[record->total++] = head;
	record->of_kind[kind][record->count[kind]++] = head;
	return TRUCE_OK;
}

/* ---- files ------------------------------------------------------------------------------------------------------- */

static void note_reference(void *user, const truce_yaml_field *field, const char *text, truce_place place)
{
	struct loader *l = user;
	/* The commonest need no table: a declared country. */
	if (truce_grow(l->ctx, &l->references, &l->reference_capacity, l->reference_count + 1, sizeof *l->references) != TRUCE_OK) {
		l->out_of_memory = true;
		return;
	}
	l->references[l->reference_count++] = (struct reference){text, place, field};
}

static int kind_of_key(struct loader *l, const truce_yaml_node *top)
{
	const char *keys[TRUCE_RECORD_KINDS];
	for (int kind = 0; kind < TRUCE_RECORD_KINDS; kind++) {
		keys[kind] = truce_record_kind_key((truce_record_kind)kind);
		if (strcmp(keys[kind], top->text) == 0)
			return kind;
	}
	const char *near = truce_nearest(top->text, keys, TRUCE_RECORD_KINDS);
	static const char remedy[] = "the keys of a file are the kinds: parties, goods, sources, authorities, measures, threats, demands, "
		"offers, commitments, truces, meetings, statements, claims, dependencies, figures, parameters, stackings";
	if (near)
		truce_yaml_say(l->ctx, TRUCE_ERROR, top->place, remedy, "unknown kind '%.80s'; did you mean '%s'?", top->text, near);
	else
		truce_yaml_say(l->ctx, TRUCE_ERROR, top->place, remedy, "unknown kind '%.80s'", top->text);
	return -1;
}

static int take_entry(void *user, const truce_yaml_node *top, const truce_yaml_node *key, const truce_yaml_node *value)
{
	struct loader *l = user;
	int kind = kind_of_key(l, top);
	if (kind < 0)
		return TRUCE_INPUT;
	if (!key) {
		truce_yaml_say(l->ctx, TRUCE_ERROR, value->place, "write id: {...} below it, or leave the key out", "%s must be a mapping from ids",
			top->text);
		return TRUCE_INPUT;
	}
	const truce_yaml_schema *schema = record_schemas[kind];
	truce_head *head = truce_arena_take(l->record->arena, schema->size);
	if (!head)
		return TRUCE_MEMORY;
	int status = truce_yaml_fill_entry(l->ctx, l->record->arena, head, schema, key, value, note_reference, l);
	if (l->out_of_memory)
		return TRUCE_MEMORY;
	if (status != TRUCE_OK && status != TRUCE_INPUT)
		return status;
	head->kind = (truce_record_kind)kind;
	head->folder = l->folder;
	if (!head->id)
		return TRUCE_INPUT;
	int taken = take(l, head);
	return taken == TRUCE_OK ? status : taken;
}

static int read_text(struct loader *l, const char *name, const char *text, size_t length)
{
	int status = truce_yaml_each(l->ctx, l->record->arena, name, text, length, NULL, take_entry, l);
	l->files++;
	if (status == TRUCE_INPUT || status == TRUCE_LIMIT) {
		l->status = TRUCE_INPUT;
		return TRUCE_OK;
	}
	return status;
}

static int read_file(struct loader *l, const char *path)
{
	char *text = NULL;
	size_t length = 0;
	truce_record *record = l->record;
	int status = truce_grow(l->ctx, &record->texts, &record->text_capacity, record->text_count + 1, sizeof *record->texts);
	if (status == TRUCE_OK)
		status = truce_file_read(l->ctx, &text, &length, path, (size_t)256 << 20);
	if (status != TRUCE_OK)
		return status;
	record->texts[record->text_count++] = text;
	return read_text(l, path, text, length);
}

static bool ends_with(const char *text, const char *end)
{
	size_t length = strlen(text), end_length = strlen(end);
	return length >= end_length && strcmp(text + length - end_length, end) == 0;
}

static int read_folder(struct loader *l, const char *path, int depth)
{
	char **names = NULL;
	size_t count = 0;
	truce_arena *scratch = NULL;
	int status = truce_arena_new(l->ctx, &scratch);
	if (status == TRUCE_OK)
		status = truce_directory_list(l->ctx, scratch, &names, &count, path);
	for (size_t i = 0; i < count && status == TRUCE_OK; i++) {
		size_t length = strlen(path);
		bool slash = length && path[length - 1] == '/';
		char *below = names[i][0] == '.' ? NULL : truce_arena_printf(scratch, slash ? "%s%s" : "%s/%s", path, names[i]);
		if (names[i][0] == '.')
			continue;
		if (!below)
			status = TRUCE_MEMORY;
		else if (ends_with(below, ".yaml") || ends_with(below, ".yml"))
			status = read_file(l, below);
		else if (truce_directory_exists(below) && depth < 16)
			status = read_folder(l, below, depth + 1);
	}
	truce_arena_free(scratch);
	return status;
}

/* ---- references --------------------------------------------------------------------------------------------------------- */

static bool code_is_good(const char *text)
{
	const char *colon = strchr(text, ':');
	if (!colon || colon == text)
		return false;
	for (const char *at = text; at < colon; at++)
		if (!((*at >= 'a' && *at <= 'z') || (*at >= '0' && *at <= '9') || *at == '_'))
			return false;
	size_t digits = 0, first = 0;
	bool range = false;
	for (const char *at = colon + 1; *at; at++) {
		if (*at >= '0' && *at <= '9')
			digits++;
		else if (*at == '-' && !range && digits) {
			range = true;
			first = digits;
			digits = 0;
		} else if (*at != '.' || digits == 0)
			return false;
	}
	return digits >= 2 && digits <= 14 && (!range || (first >= 2 && first <= 14));
}

static bool is_country(const char *text)
{
	const truce_country *country = strlen(text) == 2 ? truce_country_find(text) : NULL;
	return country && strcmp(country->iso2, text) == 0;
}

/* The kind that `refers_to` names first; TRUCE_ANY_KIND for "any". */
static int kind_referred(const char *refers_to, size_t length)
{
	for (int kind = 0; kind < TRUCE_RECORD_KINDS; kind++) {
		const char *word = truce_record_kind_word((truce_record_kind)kind);
		if (strlen(word) == length && memcmp(word, refers_to, length) == 0)
			return kind;
	}
	return TRUCE_ANY_KIND;
}

static const char *near_id(struct loader *l, int kind, const char *text)
{
	const char *candidates[4096];
	size_t count = 0;
	if (++l->suggestions > 50)
		return NULL;
	for (size_t i = 0; i < l->record->total && count < 4096; i++)
		if (kind == TRUCE_ANY_KIND || (int)l->record->all[i]->kind == kind)
			candidates[count++] = l->record->all[i]->id;
	return truce_nearest(text, candidates, count);
}

static void check_reference(struct loader *l, const struct reference *reference)
{
	const char *text = reference->text, *to = reference->field->refers_to;
	int kind = kind_referred(to, strcspn(to, ", "));
	bool codes = strstr(to, "code") != NULL, all = strstr(to, "all") != NULL;
	if ((all && strcmp(text, "all") == 0) || (codes && code_is_good(text)))
		return;
	const truce_head *head = record_first_version(l->record, text);
	if (head && (kind == TRUCE_ANY_KIND || (int)head->kind == kind))
		return;
	if (kind == TRUCE_PARTY && !head && is_country(text))
		return;
	l->status = TRUCE_INPUT;
	if (head) {
		truce_yaml_say(l->ctx, TRUCE_ERROR, reference->place, NULL, "%s: '%.80s' is a %s, not a %s", reference->field->key, text,
			truce_record_kind_word(head->kind), truce_record_kind_word((truce_record_kind)kind));
		return;
	}
	if (codes && strchr(text, ':')) {
		truce_yaml_say(l->ctx, TRUCE_ERROR, reference->place, "write SYSTEM:CODE or SYSTEM:FIRST-LAST: hs:850511, hts:7206-7229",
			"'%.80s' is no tariff code (%s)", text, reference->field->key);
		return;
	}
	const char *what = kind == TRUCE_ANY_KIND ? "record" : truce_record_kind_word((truce_record_kind)kind);
	const char *near = near_id(l, kind, text);
	const char *remedy = kind == TRUCE_PARTY ? "declare the party, or use an ISO 3166 two-letter code" : "declare it, or correct the id";
	if (near)
		truce_yaml_say(l->ctx, TRUCE_ERROR, reference->place, remedy, "there is no %s '%.80s' (%s); did you mean '%s'?", what, text,
			reference->field->key, near);
	else
		truce_yaml_say(l->ctx, TRUCE_ERROR, reference->place, remedy, "there is no %s '%.80s' (%s)", what, text, reference->field->key);
}

/* ---- opening ------------------------------------------------------------------------------------------------------------------ */

static int loader_begin(truce_context *ctx, struct loader *l)
{
	*l = (struct loader){.ctx = ctx};
	truce_record *record = truce_allocate_zero(ctx, 1, sizeof *record);
	if (!record)
		return TRUCE_MEMORY;
	record->ctx = ctx;
	l->record = record;
	return truce_arena_new(ctx, &record->arena);
}

static int loader_end(struct loader *l, truce_record **out, int status)
{
	if (status == TRUCE_OK) {
		for (size_t i = 0; i < l->reference_count; i++)
			check_reference(l, &l->references[i]);
		status = l->status;
		int resolved = record_resolve(l->record);
		if (resolved != TRUCE_OK)
			status = resolved == TRUCE_INPUT || status == TRUCE_OK ? resolved : status;
		if (status == TRUCE_INPUT)
			status = TRUCE_UNSOUND;
	}
	if (l->record)
		truce_release(l->ctx, l->references);
	if (status == TRUCE_OK) {
		*out = l->record;
	} else {
		truce_record_close(l->record);
	}
	return status;
}

int truce_record_open(truce_context *ctx, truce_record **out, const char *const *dirs, size_t count)
{
	struct loader l;
	*out = NULL;
	int status = loader_begin(ctx, &l);
	for (size_t i = 0; i < count && status == TRUCE_OK; i++) {
		l.folder = i;
		l.files = 0;
		if (truce_directory_exists(dirs[i]))
			status = read_folder(&l, dirs[i], 0);
		else
			status = read_file(&l, dirs[i]);
		if (status == TRUCE_OK && l.files == 0)
			status = truce_fail(ctx, TRUCE_NOT_FOUND, dirs[i], 0, 0, "a record is a folder of *.yaml files", "no YAML file in it");
	}
	return loader_end(&l, out, status);
}

int truce_record_open_text(truce_context *ctx, truce_record **out, const char *name, const char *text, size_t length)
{
	struct loader l;
	*out = NULL;
	int status = loader_begin(ctx, &l);
	const char *copy = status == TRUCE_OK ? truce_arena_copy(l.record->arena, text, length) : NULL;
	if (status == TRUCE_OK)
		status = copy ? read_text(&l, name, copy, length) : TRUCE_MEMORY;
	return loader_end(&l, out, status);
}

void truce_record_close(truce_record *record)
{
	if (!record)
		return;
	truce_context *ctx = record->ctx;
	truce_release(ctx, record->all);
	for (int kind = 0; kind < TRUCE_RECORD_KINDS; kind++)
		truce_release(ctx, record->of_kind[kind]);
	truce_release(ctx, record->slots);
	for (size_t i = 0; i < record->text_count; i++)
		truce_release(ctx, record->texts[i]);
	truce_release(ctx, record->texts);
	truce_arena_free(record->arena);
	truce_release(ctx, record);
}

/* An act from outside is checked as one from inside, against what is there. */
int truce_record_act(truce_context *ctx, truce_arena *arena, const truce_act **out, const truce_record *record, const char *text)
{
	const truce_yaml_node *node = NULL;
	struct loader l = {.ctx = ctx, .record = (truce_record *)record};
	*out = NULL;
	truce_yaml_limits limits = {.bytes = 64 * 1024, .nodes = 10000};
	int status = truce_yaml_read(ctx, arena, &node, "act", text, strlen(text), &limits);
	truce_act *act = status == TRUCE_OK ? truce_arena_take(arena, sizeof *act) : NULL;
	if (status == TRUCE_OK && !act)
		status = TRUCE_MEMORY;
	if (status == TRUCE_OK)
		status = truce_yaml_fill_entry(ctx, arena, act, &record_act_schema, NULL, node, note_reference, &l);
	if (l.out_of_memory)
		status = TRUCE_MEMORY;
	for (size_t i = 0; status == TRUCE_OK && i < l.reference_count; i++)
		check_reference(&l, &l.references[i]);
	if (status == TRUCE_OK)
		status = l.status;
	truce_release(ctx, l.references);
	if (status == TRUCE_OK)
		*out = act;
	return status;
}

/* ---- looking up ----------------------------------------------------------------------------------------------------------------- */

size_t truce_record_total(const truce_record *record)
{
	return record->total;
}

const truce_head *truce_record_number(const truce_record *record, size_t number)
{
	return number < record->total ? record->all[number] : NULL;
}

size_t truce_record_count(const truce_record *record, truce_record_kind kind)
{
	return kind >= 0 && kind < TRUCE_RECORD_KINDS ? record->count[kind] : record->total;
}

const void *truce_record_at(const truce_record *record, truce_record_kind kind, size_t i)
{
	if (kind < 0 || kind >= TRUCE_RECORD_KINDS)
		return truce_record_number(record, i);
	return i < record->count[kind] ? record->of_kind[kind][i] : NULL;
}

const void *truce_record_find(const truce_record *record, truce_record_kind kind, const char *id)
{
	const truce_head *head = id ? record_first_version(record, id) : NULL;
	while (head && head->corrected_by)
		head = head->corrected_by;
	return head && (kind == TRUCE_ANY_KIND || head->kind == kind) ? head : NULL;
}

bool truce_record_visible(const void *any_record, truce_instant known)
{
	const truce_head *head = any_record, *next = head->corrected_by;
	return head->known_from <= known && !(next && next->known_from <= known);
}

const void *truce_record_find_known(const truce_record *record, truce_record_kind kind, const char *id, truce_instant known)
{
	const truce_head *head = id ? record_first_version(record, id) : NULL;
	if (head && kind != TRUCE_ANY_KIND && head->kind != kind)
		return NULL;
	while (head && !truce_record_visible(head, known))
		head = head->corrected_by;
	return head;
}

const char *truce_record_nearest(const truce_record *record, truce_record_kind kind, const char *id, truce_instant known)
{
	const char *pair[2];
	size_t kept = 0;
	for (size_t i = 0; i < truce_record_total(record); i++) {
		const truce_head *head = truce_record_number(record, i);
		if ((kind != TRUCE_ANY_KIND && head->kind != kind) || !truce_record_visible(head, known))
			continue;
		pair[kept] = head->id;
		const char *near = truce_nearest(id, pair, kept + 1);
		if (near)
			pair[0] = near;
		kept = kept || near;
	}
	return kept ? pair[0] : NULL;
}

truce_context *truce_record_context(const truce_record *record)
{
	return record->ctx;
}
