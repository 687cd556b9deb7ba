/* yaml.c, room `base`: strict YAML, from text to nodes.
 *
 * Two readers build the same nodes.  The quick one knows the plain part of the language that records are written in
 * (block mappings and sequences, flow collections, one-line scalars) and gives up at anything else, errors included;
 * libyaml's events then read the whole document again and have the last word.  tests/test_yaml.c and
 * fuzz/fuzz_yaml.c hold the two against each other.
 *
 * What a node must be is the work of yaml_schema.c. */
#include <stdarg.h>
#include <string.h>
#include <yaml.h>

#include "yaml_private.h"

#define SAY_LENGTH 900
#define SOURCE_LENGTH 400 /* of a source line shown */

/* A document's text is found from its name, which every place points to. */
struct document {
	const char *text;
	size_t length;
	char name[];
};

static struct document *document_new(truce_arena *arena, const char *name, const char *text, size_t length, bool borrow)
{
	size_t name_length = strlen(name);
	struct document *document = truce_arena_take(arena, sizeof *document + name_length + 1);
	const char *kept = !document ? NULL : borrow ? text : truce_arena_copy(arena, text, length);
	if (!kept)
		return NULL;
	document->text = kept;
	document->length = length;
	memcpy(document->name, name, name_length + 1);
	return document;
}

static const struct document *document_of(truce_place place)
{
	return place.file ? (const struct document *)(const void *)(place.file - offsetof(struct document, name)) : NULL;
}

/* The given line without its newline, cut to what a terminal bears; the text is scanned, since errors are rare. */
static bool source_line(const struct document *document, int line, char out[SOURCE_LENGTH])
{
	const char *at = document->text, *end = at + document->length;
	for (int i = 1; i < line && at; i++) {
		at = memchr(at, '\n', (size_t)(end - at));
		at = at ? at + 1 : NULL;
	}
	if (!at || line < 1)
		return false;
	const char *stop = memchr(at, '\n', (size_t)(end - at));
	size_t length = (size_t)((stop ? stop : end) - at);
	if (length > 0 && at[length - 1] == '\r')
		length--;
	if (length > SOURCE_LENGTH - 1) {
		length = SOURCE_LENGTH - 1;
		while (length > 0 && ((unsigned char)at[length] & 0xC0) == 0x80)
			length--;
	}
	memcpy(out, at, length);
	out[length] = '\0';
	return true;
}

void truce_yaml_say(truce_context *ctx, truce_severity severity, truce_place place, const char *remedy, const char *fmt, ...)
{
	char what[SAY_LENGTH], source[SOURCE_LENGTH];
	va_list args;
	va_start(args, fmt);
	vsnprintf(what, sizeof what, fmt, args);
	va_end(args);
	const struct document *document = document_of(place);
	bool has_source = document && source_line(document, place.line, source);
	truce_diagnose(ctx, severity, place.file, place.line, place.column, has_source ? source : NULL, remedy, "%s", what);
}

const truce_yaml_node *truce_yaml_get(const truce_yaml_node *mapping, const char *key)
{
	if (!mapping || mapping->type != TRUCE_NODE_MAPPING)
		return NULL;
	for (size_t i = 0; i < mapping->count; i++)
		if (mapping->items[2 * i]->text && strcmp(mapping->items[2 * i]->text, key) == 0)
			return mapping->items[2 * i + 1];
	return NULL;
}

/* ---- the builder: both readers call it in the order of the text ------------------------------------------------- */

struct anchor {
	const char *name;
	const truce_yaml_node *node;
	size_t weight; /* nodes below it, aliases walked */
};

struct frame {
	truce_yaml_node *node;
	size_t first;       /* its first item on the stack of items */
	size_t weight;      /* the builder's weight when it began */
	const char *anchor;
	uint64_t *seen;     /* hashes of keys, open addressing, for mappings that are streamed or large */
	size_t seen_count, seen_capacity;
};

struct builder {
	truce_context *ctx;
	truce_arena *keep;      /* documents, keys of the first level */
	truce_arena *nodes;     /* what may be dropped after an entry; == keep where nothing is streamed */
	const struct document *document;
	truce_yaml_limits limits;
	struct frame *frames;
	size_t depth, frame_capacity;
	const truce_yaml_node **items;
	size_t item_count, item_capacity;
	struct anchor *anchors;
	size_t anchor_count, anchor_capacity;
	size_t weight, aliases;
	const truce_yaml_node *root;
	truce_yaml_each_fn each; /* NULL: the whole document is kept */
	void *user;
	size_t entries, skip;   /* handed over; of which the first `skip` were already */
	int status;             /* of `each`: TRUCE_INPUT is remembered */
	bool quiet;             /* the quick reader: errors are not said, it gives up */
	size_t dropped;         /* nodes->used when the arena was last renewed */
};

enum { GIVE_UP = 1 }; /* of the quick reader: let libyaml see it */

static int trouble(struct builder *b, int code, truce_place place, const char *remedy, const char *fmt, ...)
{
	if (b->quiet)
		return GIVE_UP;
	char what[SAY_LENGTH];
	va_list args;
	va_start(args, fmt);
	vsnprintf(what, sizeof what, fmt, args);
	va_end(args);
	truce_yaml_say(b->ctx, TRUCE_ERROR, place, remedy, "%s", what);
	return code;
}

static bool in_mapping(const struct builder *b)
{
	return b->depth && b->frames[b->depth - 1].node->type == TRUCE_NODE_MAPPING;
}

/* The next node stands for a key. */
static bool key_is_due(const struct builder *b)
{
	return in_mapping(b) && (b->item_count - b->frames[b->depth - 1].first) % 2 == 0;
}

/* A value of the second level, where the document is streamed. */
static bool streams_here(const struct builder *b)
{
	return b->each && b->depth == 2 && in_mapping(b) && b->frames[0].node->type == TRUCE_NODE_MAPPING;
}

static int see_key(struct builder *b, struct frame *frame, uint64_t hash)
{
	if (2 * (frame->seen_count + 1) > frame->seen_capacity) {
		size_t capacity = frame->seen_capacity ? 2 * frame->seen_capacity : 64;
		uint64_t *seen = truce_allocate_zero(b->ctx, capacity, sizeof *seen);
		if (!seen)
			return TRUCE_MEMORY;
		for (size_t i = 0; i < frame->seen_capacity; i++)
			if (frame->seen[i]) {
				size_t k = frame->seen[i] & (capacity - 1);
				while (seen[k])
					k = (k + 1) & (capacity - 1);
				seen[k] = frame->seen[i];
			}
		truce_release(b->ctx, frame->seen);
		frame->seen = seen;
		frame->seen_capacity = capacity;
	}
	size_t k = hash & (frame->seen_capacity - 1);
	for (; frame->seen[k]; k = (k + 1) & (frame->seen_capacity - 1))
		if (frame->seen[k] == hash)
			return GIVE_UP; /* seen */
	frame->seen[k] = hash;
	frame->seen_count++;
	return TRUCE_OK;
}

/* Duplicate keys: by comparison in small mappings, by a 64-bit hash in large or streamed ones. */
static int check_key(struct builder *b, const truce_yaml_node *key)
{
	struct frame *frame = &b->frames[b->depth - 1];
	if (key->type != TRUCE_NODE_SCALAR)
		return trouble(b, TRUCE_INPUT, key->place, NULL, "a key must be plain text");
	bool twice = false;
	size_t count = b->item_count - frame->first;
	if (!streams_here(b) && count < 64) {
		for (size_t i = frame->first; i < b->item_count && !twice; i += 2)
			twice = b->items[i]->length == key->length && memcmp(b->items[i]->text, key->text, key->length) == 0;
	} else {
		int status = TRUCE_OK;
		if (!frame->seen)
			for (size_t i = frame->first; i < b->item_count && status == TRUCE_OK; i += 2)
				status = see_key(b, frame, truce_hash(b->items[i]->text, b->items[i]->length) | 1);
		if (status == TRUCE_OK)
			status = see_key(b, frame, truce_hash(key->text, key->length) | 1);
		if (status < 0)
			return status;
		twice = status == GIVE_UP;
	}
	if (twice)
		return trouble(b, TRUCE_INPUT, key->place, "keep one of the two", "the key '%.80s' is given twice", key->text);
	return TRUCE_OK;
}

/* After an entry was handed over nothing points to its nodes, unless an anchor does. */
static int renew_nodes(struct builder *b)
{
	if (b->nodes == b->keep || b->anchor_count || truce_arena_used(b->nodes) < 256 * 1024)
		return TRUCE_OK;
	truce_arena *fresh;
	int status = truce_arena_new(b->ctx, &fresh);
	if (status == TRUCE_OK) {
		truce_arena_free(b->nodes);
		b->nodes = fresh;
	}
	return status;
}

/* Counts before anything is taken: a node with everything below it. */
static int weigh(struct builder *b, size_t weight, truce_place place)
{
	b->weight += weight;
	if (b->weight > b->limits.nodes)
		return trouble(b, TRUCE_LIMIT, place, "split the file, or use fewer aliases", "more than %zu nodes", b->limits.nodes);
	return TRUCE_OK;
}

/* A finished node takes its place in what is open. */
static int add_node(struct builder *b, const truce_yaml_node *node)
{
	if (b->depth == 0) {
		b->root = node;
		return TRUCE_OK;
	}
	int status = TRUCE_OK;
	if (key_is_due(b) && (status = check_key(b, node)) != TRUCE_OK)
		return status;
	bool value = in_mapping(b) && !key_is_due(b);
	if (value && streams_here(b)) {
		const truce_yaml_node *top = b->items[b->frames[1].first - 1], *key = b->items[b->item_count - 1];
		b->item_count--;
		if (b->entries++ >= b->skip) {
			status = b->each(b->user, top, key, node);
			if (status == TRUCE_INPUT)
				b->status = status;
			else if (status != TRUCE_OK)
				return status < 0 ? status : TRUCE_INPUT;
		}
		return renew_nodes(b);
	}
	if (value && b->each && b->depth == 1) {
		const truce_yaml_node *top = b->items[b->item_count - 1];
		/* A streamed mapping has already been handed over, an empty one has nothing. */
		if (node->type != TRUCE_NODE_MAPPING && b->entries++ >= b->skip) {
			status = b->each(b->user, top, NULL, node);
			if (status == TRUCE_INPUT)
				b->status = status;
			else if (status != TRUCE_OK)
				return status < 0 ? status : TRUCE_INPUT;
		}
	}
	if ((status = truce_grow(b->ctx, &b->items, &b->item_capacity, b->item_count + 1, sizeof *b->items)) != TRUCE_OK)
		return status;
	b->items[b->item_count++] = node;
	return TRUCE_OK;
}

static int add_anchor(struct builder *b, const char *name, const truce_yaml_node *node, size_t weight)
{
	int status = truce_grow(b->ctx, &b->anchors, &b->anchor_capacity, b->anchor_count + 1, sizeof *b->anchors);
	if (status == TRUCE_OK)
		b->anchors[b->anchor_count++] = (struct anchor){name, node, weight};
	return status;
}

static truce_arena *arena_of_level(struct builder *b)
{
	return b->depth <= 1 ? b->keep : b->nodes;
}

static int add_scalar(struct builder *b, const char *text, size_t length, int line, int column, const char *anchor)
{
	truce_place place = {b->document->name, line, column};
	int status = weigh(b, 1, place);
	if (status != TRUCE_OK)
		return status;
	if (memchr(text, '\0', length))
		return trouble(b, TRUCE_INPUT, place, NULL, "a text with a NUL byte in it");
	truce_arena *arena = arena_of_level(b);
	truce_yaml_node *node = truce_arena_take(arena, sizeof *node);
	if (!node || !(node->text = truce_arena_copy(arena, text, length)))
		return TRUCE_MEMORY;
	node->type = TRUCE_NODE_SCALAR;
	node->place = place;
	node->length = length;
	if (anchor && (status = add_anchor(b, anchor, node, 1)) != TRUCE_OK)
		return status;
	return add_node(b, node);
}

static int begin_collection(struct builder *b, bool mapping, int line, int column, const char *anchor)
{
	truce_place place = {b->document->name, line, column};
	int status = weigh(b, 1, place);
	if (status != TRUCE_OK)
		return status;
	if (key_is_due(b))
		return trouble(b, TRUCE_INPUT, place, NULL, "a key must be plain text");
	if (b->depth >= b->limits.depth)
		return trouble(b, TRUCE_LIMIT, place, "nest less", "nested deeper than %zu", b->limits.depth);
	status = truce_grow(b->ctx, &b->frames, &b->frame_capacity, b->depth + 1, sizeof *b->frames);
	truce_yaml_node *node = status == TRUCE_OK ? truce_arena_take(arena_of_level(b), sizeof *node) : NULL;
	if (!node)
		return TRUCE_MEMORY;
	node->type = mapping ? TRUCE_NODE_MAPPING : TRUCE_NODE_SEQUENCE;
	node->place = place;
	b->frames[b->depth++] = (struct frame){.node = node, .first = b->item_count, .weight = b->weight, .anchor = anchor};
	return TRUCE_OK;
}

static int end_collection(struct builder *b)
{
	struct frame frame = b->frames[--b->depth];
	truce_release(b->ctx, frame.seen);
	size_t count = b->item_count - frame.first;
	if (count && !(frame.node->items = truce_arena_array(arena_of_level(b), count, sizeof *frame.node->items)))
		return TRUCE_MEMORY;
	if (count)
		memcpy(frame.node->items, b->items + frame.first, count * sizeof *b->items);
	frame.node->count = frame.node->type == TRUCE_NODE_MAPPING ? count / 2 : count;
	b->item_count = frame.first;
	if (frame.anchor) {
		int status = add_anchor(b, frame.anchor, frame.node, b->weight - frame.weight + 1);
		if (status != TRUCE_OK)
			return status;
	}
	return add_node(b, frame.node);
}

static void builder_reset(struct builder *b)
{
	for (size_t i = 0; i < b->depth; i++)
		truce_release(b->ctx, b->frames[i].seen);
	b->depth = b->item_count = b->anchor_count = b->weight = b->aliases = 0;
	b->skip = b->entries > b->skip ? b->entries : b->skip;
	b->entries = 0;
	b->root = NULL;
}

/* ---- the quick reader ------------------------------------------------------------------------------------------------ */

struct quick {
	struct builder *b;
	const char *at, *end;
	const char *line_start, *counted; /* column is the one of `counted` */
	int line, column;
};

static int quick_block(struct quick *q, int indent);

/* Only text that needs no thought: printable ASCII, newlines, and well-formed UTF-8 without other line ends. */
static bool quick_can(const char *text, size_t length)
{
	const unsigned char *at = (const unsigned char *)text, *end = at + length;
	while (at < end) {
		/* Eight bytes at once, where all of them are printable ASCII: none has its first bit set, nor has it after 1 was
		 * added (DEL) or 0x20 taken away. */
		const uint64_t ones = 0x0101010101010101u;
		uint64_t word;
		for (; end - at >= 8; at += 8) {
			memcpy(&word, at, 8);
			if ((word | (word + ones) | (word - 0x20 * ones)) & 0x80 * ones)
				break;
		}
		if (at == end)
			break;
		if ((*at >= 0x20 && *at < 0x7F) || *at == '\n') {
			at++;
			continue;
		}
		int more = *at >= 0xC3 && *at < 0xE0 ? 1 : *at > 0xE0 && *at < 0xEF ? 2 : 0;
		if (!more || end - at <= more || *at == 0xED || (*at == 0xE2 && at[1] == 0x80 && at[2] >= 0xA8 && at[2] <= 0xA9))
			return false;
		for (int i = 1; i <= more; i++)
			if ((at[i] & 0xC0) != 0x80)
				return false;
		at += more + 1;
	}
	return true;
}

static int quick_column(struct quick *q, const char *at)
{
	for (; q->counted < at; q->counted++)
		if (((unsigned char)*q->counted & 0xC0) != 0x80)
			q->column++;
	return q->column;
}

static void quick_newline(struct quick *q) /* at stands on '\n' */
{
	q->at++;
	q->line++;
	q->line_start = q->counted = q->at;
	q->column = 1;
}

/* Blanks, then a comment, to the end of the line; false if something else is in the way. */
static bool quick_rest_is_empty(struct quick *q)
{
	const char *at = q->at;
	while (at < q->end && *at == ' ')
		at++;
	if (at < q->end && *at == '#' && (at == q->line_start || at[-1] == ' '))
		while (at < q->end && *at != '\n')
			at++;
	if (at < q->end && *at != '\n')
		return false;
	q->at = at;
	return true;
}

/* To the first character of the next line with something on it; -1 at the end, else its indent. */
static int quick_next_line(struct quick *q)
{
	for (;;) {
		if (!quick_rest_is_empty(q)) {
			while (*q->at == ' ')
				q->at++;
			return (int)(q->at - q->line_start);
		}
		if (q->at >= q->end)
			return -1;
		quick_newline(q);
	}
}

/* What a character may not begin, or ends. */
enum { NO_START = 1, ENDS_FLOW = 2, MAY_END = 4 };
static const unsigned char classes[256] = {
	[','] = NO_START | ENDS_FLOW | MAY_END, ['['] = NO_START | ENDS_FLOW | MAY_END, [']'] = NO_START | ENDS_FLOW | MAY_END,
	['{'] = NO_START | ENDS_FLOW | MAY_END, ['}'] = NO_START | ENDS_FLOW | MAY_END, ['#'] = NO_START | MAY_END, ['&'] = NO_START,
	['*'] = NO_START, ['!'] = NO_START, ['|'] = NO_START, ['>'] = NO_START, ['\''] = NO_START, ['"'] = NO_START, ['%'] = NO_START,
	['@'] = NO_START, ['`'] = NO_START, ['?'] = NO_START, [':'] = NO_START | MAY_END, [' '] = NO_START,
	['\n'] = NO_START | MAY_END, ['\0'] = NO_START,
};

static bool is_class(char c, int class)
{
	return classes[(unsigned char)c] & class;
}

static bool quick_plain_start(const char *at, const char *end, bool flow)
{
	if (at >= end || is_class(*at, NO_START))
		return false;
	if (*at == '-')
		return at + 1 < end && at[1] != ' ' && at[1] != '\n' && !(flow && is_class(at[1], ENDS_FLOW));
	return true;
}

/* A scalar on one line.  In block context it ends before ": " or " #" or the line's end, in flow context also before ,[]{}. */
static int quick_scalar(struct quick *q, bool flow, const char **text, size_t *length)
{
	const char *at = q->at;
	if (at < q->end && (*at == '"' || *at == '\'')) {
		const char *first = at + 1;
		for (at = first; at < q->end && *at != first[-1]; at++)
			if (*at == '\n' || *at == '\\')
				return GIVE_UP;
		if (at >= q->end || (at + 1 < q->end && at[1] == first[-1])) /* '' inside */
			return GIVE_UP;
		*text = first;
		*length = (size_t)(at - first);
		q->at = at + 1;
		/* What may follow a quoted scalar. */
		if (q->at < q->end && !strchr(flow ? " \n,]}:" : " \n:", *q->at))
			return GIVE_UP;
		return TRUCE_OK;
	}
	if (!quick_plain_start(at, q->end, flow))
		return GIVE_UP;
	for (; at < q->end && *at != '\n'; at++) {
		if (!is_class(*at, MAY_END))
			continue;
		if (*at == ':' && (at + 1 == q->end || at[1] == ' ' || at[1] == '\n' || (flow && (at[1] == '?' || is_class(at[1], ENDS_FLOW)))))
			break;
		if (*at == '#' && at[-1] == ' ')
			break;
		if (flow && is_class(*at, ENDS_FLOW))
			break;
	}
	while (at[-1] == ' ')
		at--;
	*text = q->at;
	*length = (size_t)(at - q->at);
	q->at = at;
	return TRUCE_OK;
}

/* Blanks, comments and newlines inside a flow collection; a line there must be indented deeper than the block. */
static int quick_flow_space(struct quick *q, int indent)
{
	for (;;) {
		if (!quick_rest_is_empty(q)) {
			while (*q->at == ' ')
				q->at++;
			return q->at - q->line_start > indent ? TRUCE_OK : GIVE_UP;
		}
		if (q->at >= q->end)
			return GIVE_UP;
		quick_newline(q);
	}
}

static int quick_flow(struct quick *q, int indent)
{
	struct builder *b = q->b;
	const char *text;
	size_t length;
	bool mapping = *q->at == '{';
	int status = begin_collection(b, mapping, q->line, quick_column(q, q->at), NULL);
	q->at++;
	for (;;) {
		if (status != TRUCE_OK || (status = quick_flow_space(q, indent)) != TRUCE_OK)
			return status;
		if (*q->at == (mapping ? '}' : ']')) {
			q->at++;
			return end_collection(b);
		}
		int line = q->line, column;
		if (mapping) {
			column = quick_column(q, q->at);
			if ((status = quick_scalar(q, true, &text, &length)) != TRUCE_OK ||
				(status = add_scalar(b, text, length, line, column, NULL)) != TRUCE_OK)
				return status;
			if (q->at + 1 >= q->end || *q->at != ':' || (q->at[1] != ' ' && q->at[1] != '\n'))
				return GIVE_UP;
			q->at++;
			if ((status = quick_flow_space(q, indent)) != TRUCE_OK)
				return status;
		}
		if (*q->at == '[' || *q->at == '{') {
			status = quick_flow(q, indent);
		} else {
			line = q->line;
			column = quick_column(q, q->at);
			status = quick_scalar(q, true, &text, &length);
			if (status == TRUCE_OK)
				status = add_scalar(b, text, length, line, column, NULL);
		}
		if (status != TRUCE_OK || (status = quick_flow_space(q, indent)) != TRUCE_OK)
			return status;
		if (*q->at == ',')
			q->at++;
		else if (*q->at != (mapping ? '}' : ']'))
			return GIVE_UP; /* a plain scalar over two lines, a pair in a sequence, or an error */
	}
}

/* What stands after "key:" or "- " on the line, or below it; `indent` is that of the mapping or sequence it belongs to. */
static int quick_value(struct quick *q, int indent, bool of_mapping)
{
	struct builder *b = q->b;
	const char *text;
	size_t length;
	int status;
	int line = q->line, column = quick_column(q, q->at);
	if (quick_rest_is_empty(q)) {
		int next = quick_next_line(q);
		bool sequence = next == indent && of_mapping && q->at + 1 < q->end && q->at[0] == '-' && (q->at[1] == ' ' || q->at[1] == '\n');
		if (next > indent || sequence) {
			/* A plain, quoted or flow value on a line of its own. */
			return quick_block(q, next);
		}
		return add_scalar(b, "", 0, line, column, NULL);
	}
	while (*q->at == ' ')
		q->at++;
	if (*q->at == '[' || *q->at == '{') {
		status = quick_flow(q, indent);
	} else {
		column = quick_column(q, q->at);
		bool plain = *q->at != '"' && *q->at != '\'';
		if ((status = quick_scalar(q, false, &text, &length)) != TRUCE_OK ||
			(status = add_scalar(b, text, length, line, column, NULL)) != TRUCE_OK)
			return status;
		if (!quick_rest_is_empty(q))
			return GIVE_UP;
		/* A deeper line after a plain scalar goes on with it. */
		return quick_next_line(q) > indent && plain ? GIVE_UP : TRUCE_OK;
	}
	if (status != TRUCE_OK)
		return status;
	if (!quick_rest_is_empty(q))
		return GIVE_UP;
	quick_next_line(q);
	return TRUCE_OK;
}

/* One pair of a block mapping; `at` stands on the key. */
static int quick_pair(struct quick *q, int indent)
{
	const char *text;
	size_t length;
	int line = q->line, column = quick_column(q, q->at);
	bool document_mark = q->at == q->line_start && q->end - q->at >= 3 &&
		(memcmp(q->at, "---", 3) == 0 || memcmp(q->at, "...", 3) == 0);
	int status = document_mark ? GIVE_UP : quick_scalar(q, false, &text, &length);
	if (status != TRUCE_OK)
		return status;
	/* "key :" is allowed by YAML; libyaml has it. A simple key is at most 1024 long. */
	if (length > 512 || q->at >= q->end || *q->at != ':' || (q->at + 1 < q->end && q->at[1] != ' ' && q->at[1] != '\n'))
		return GIVE_UP;
	if ((status = add_scalar(q->b, text, length, line, column, NULL)) != TRUCE_OK)
		return status;
	q->at++;
	return quick_value(q, indent, true);
}

/* A block mapping or sequence whose first line stands at `indent`; ends on the first line that is less indented. */
static int quick_block(struct quick *q, int indent)
{
	struct builder *b = q->b;
	bool sequence = *q->at == '-' && (q->at + 1 >= q->end || q->at[1] == ' ' || q->at[1] == '\n');
	/* A scalar or a flow collection on a line of its own is left to libyaml. */
	if (!sequence) {
		struct quick probe = *q;
		const char *text;
		size_t length;
		if (quick_scalar(&probe, false, &text, &length) != TRUCE_OK || probe.at >= probe.end || *probe.at != ':')
			return GIVE_UP;
	}
	int status = begin_collection(b, !sequence, q->line, quick_column(q, q->at), NULL);
	while (status == TRUCE_OK) {
		bool dash = *q->at == '-' && (q->at + 1 >= q->end || q->at[1] == ' ' || q->at[1] == '\n');
		if (sequence && !dash)
			break; /* a sequence at the indent of its mapping ends with the next key */
		if (!sequence && dash)
			return GIVE_UP;
		if (sequence) {
			q->at++;
			const char *content = q->at;
			while (content < q->end && *content == ' ')
				content++;
			/* "- key: value": a mapping that begins on the line of the dash. */
			struct quick probe = *q;
			probe.at = content;
			const char *text;
			size_t length;
			if (content < q->end && *content != '\n' && *content != '#' && *content != '[' && *content != '{' &&
				quick_scalar(&probe, false, &text, &length) == TRUCE_OK && probe.at < probe.end && *probe.at == ':') {
				q->at = content;
				status = quick_block(q, (int)(content - q->line_start));
			} else if (content < q->end && *content == '-' && (content + 1 >= q->end || content[1] == ' ' || content[1] == '\n')) {
				return GIVE_UP;
			} else {
				status = quick_value(q, indent, false);
			}
		} else {
			status = quick_pair(q, indent);
		}
		if (status != TRUCE_OK || q->at >= q->end)
			break;
		int next = (int)(q->at - q->line_start);
		if (next < indent)
			break;
		if (next > indent)
			return GIVE_UP;
	}
	return status == TRUCE_OK ? end_collection(b) : status;
}

static int quick_read(struct builder *b)
{
	const char *text = b->document->text;
	size_t length = b->document->length;
	if (!quick_can(text, length))
		return GIVE_UP;
	struct quick q = {.b = b, .at = text, .end = text + length, .line_start = text, .counted = text, .line = 1, .column = 1};
	int indent = quick_next_line(&q);
	if (indent != 0 || *q.at == '%')
		return GIVE_UP; /* empty, or odd */
	int status = quick_block(&q, 0);
	return status == TRUCE_OK && q.at < q.end ? GIVE_UP : status;
}

/* ---- libyaml ------------------------------------------------------------------------------------------------------------ */

static int add_alias(struct builder *b, const char *name, truce_place place)
{
	if (++b->aliases > b->limits.aliases)
		return trouble(b, TRUCE_LIMIT, place, "write it out", "more than %zu aliases", b->limits.aliases);
	for (size_t i = b->anchor_count; i-- > 0;)
		if (strcmp(b->anchors[i].name, name) == 0) {
			int status = weigh(b, b->anchors[i].weight, place);
			return status == TRUCE_OK ? add_node(b, b->anchors[i].node) : status;
		}
	return trouble(b, TRUCE_INPUT, place, "an anchor must be complete before its alias", "no anchor '%.80s' above", name);
}

static int check_tag(struct builder *b, const yaml_char_t *tag, truce_place place)
{
	static const char *const known[] = {"!", "tag:yaml.org,2002:str", "tag:yaml.org,2002:map", "tag:yaml.org,2002:seq"};
	for (size_t i = 0; tag && i < sizeof known / sizeof *known; i++)
		if (strcmp((const char *)tag, known[i]) == 0)
			return TRUCE_OK;
	return tag ? trouble(b, TRUCE_INPUT, place, "types come from the grammar: leave the tag out", "the tag '%.80s'", (const char *)tag)
		: TRUCE_OK;
}

static int name_anchor(struct builder *b, const yaml_char_t *anchor, const char **out)
{
	*out = NULL;
	if (anchor && !(*out = truce_arena_text(b->keep, (const char *)anchor)))
		return TRUCE_MEMORY;
	return TRUCE_OK;
}

static int take_event(struct builder *b, const yaml_event_t *event, int *documents)
{
	int line = (int)event->start_mark.line + 1, column = (int)event->start_mark.column + 1;
	truce_place place = {b->document->name, line, column};
	const char *anchor;
	int status;
	switch (event->type) {
	case YAML_DOCUMENT_START_EVENT:
		return ++*documents > 1 ? trouble(b, TRUCE_INPUT, place, "one document a file", "a second document") : TRUCE_OK;
	case YAML_ALIAS_EVENT:
		return add_alias(b, (const char *)event->data.alias.anchor, place);
	case YAML_SCALAR_EVENT:
		if ((status = check_tag(b, event->data.scalar.tag, place)) != TRUCE_OK ||
			(status = name_anchor(b, event->data.scalar.anchor, &anchor)) != TRUCE_OK)
			return status;
		return add_scalar(b, (const char *)event->data.scalar.value, event->data.scalar.length, line, column, anchor);
	case YAML_SEQUENCE_START_EVENT:
		if ((status = check_tag(b, event->data.sequence_start.tag, place)) != TRUCE_OK ||
			(status = name_anchor(b, event->data.sequence_start.anchor, &anchor)) != TRUCE_OK)
			return status;
		return begin_collection(b, false, line, column, anchor);
	case YAML_MAPPING_START_EVENT:
		if ((status = check_tag(b, event->data.mapping_start.tag, place)) != TRUCE_OK ||
			(status = name_anchor(b, event->data.mapping_start.anchor, &anchor)) != TRUCE_OK)
			return status;
		return begin_collection(b, true, line, column, anchor);
	case YAML_SEQUENCE_END_EVENT:
	case YAML_MAPPING_END_EVENT:
		return end_collection(b);
	default:
		return TRUCE_OK;
	}
}

static int libyaml_read(struct builder *b)
{
	yaml_parser_t parser;
	if (!yaml_parser_initialize(&parser))
		return TRUCE_MEMORY;
	yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&parser, (const unsigned char *)b->document->text, b->document->length);
	int status = TRUCE_OK, documents = 0;
	for (bool more = true; more && status == TRUCE_OK;) {
		yaml_event_t event;
		if (!yaml_parser_parse(&parser, &event)) {
			truce_place place = {b->document->name, (int)parser.problem_mark.line + 1, (int)parser.problem_mark.column + 1};
			if (parser.error == YAML_READER_ERROR) { /* it gives an offset in bytes, not a mark */
				size_t offset = parser.problem_offset < b->document->length ? parser.problem_offset : b->document->length;
				place.line = place.column = 1;
				for (const char *at = b->document->text; at < b->document->text + offset; at++)
					place = (truce_place){place.file, place.line + (*at == '\n'), *at == '\n' ? 1 : place.column + 1};
			}
			status = parser.error == YAML_MEMORY_ERROR ? TRUCE_MEMORY
				: trouble(b, TRUCE_INPUT, place, NULL, "this is not YAML: %s%s%s", parser.problem ? parser.problem : "?",
					parser.context ? ", " : "", parser.context ? parser.context : "");
			break;
		}
		more = event.type != YAML_STREAM_END_EVENT;
		status = take_event(b, &event, &documents);
		yaml_event_delete(&event);
	}
	yaml_parser_delete(&parser);
	return status;
}

/* ---- both ------------------------------------------------------------------------------------------------------------------- */

static int read_document(struct builder *b, const char *name, const char *text, size_t length, const truce_yaml_limits *limits,
	bool quick)
{
	truce_yaml_limits none = {0}, given = limits ? *limits : none;
	b->limits.bytes = given.bytes ? given.bytes : (size_t)64 << 20;
	b->limits.depth = given.depth ? given.depth : 64;
	b->limits.nodes = given.nodes ? given.nodes : 8000000;
	b->limits.aliases = given.aliases ? given.aliases : 10000;
	if (length > b->limits.bytes)
		return truce_fail(b->ctx, TRUCE_LIMIT, name, 0, 0, "split it", "%zu bytes, more than the limit of %zu", length, b->limits.bytes);
	b->document = document_new(b->keep, name, text, length, b->each != NULL);
	if (!b->document)
		return TRUCE_MEMORY;
	int status = GIVE_UP;
	if (quick) {
		b->quiet = true;
		status = quick_read(b);
		b->quiet = false;
		if (status == GIVE_UP)
			builder_reset(b);
	}
	if (status == GIVE_UP)
		status = libyaml_read(b);
	return status == TRUCE_OK ? b->status : status;
}

static void builder_free(struct builder *b)
{
	for (size_t i = 0; i < b->depth; i++)
		truce_release(b->ctx, b->frames[i].seen);
	truce_release(b->ctx, b->frames);
	truce_release(b->ctx, b->items);
	truce_release(b->ctx, b->anchors);
	if (b->nodes != b->keep)
		truce_arena_free(b->nodes);
}

int yaml_read_with(truce_context *ctx, truce_arena *arena, const truce_yaml_node **out, const char *name, const char *text,
	size_t length, const truce_yaml_limits *limits, bool quick)
{
	struct builder b = {.ctx = ctx, .keep = arena, .nodes = arena};
	*out = NULL;
	int status = read_document(&b, name, text, length, limits, quick);
	if (status == TRUCE_OK && !b.root)
		status = truce_fail(ctx, TRUCE_INPUT, name, 1, 1, NULL, "there is nothing in it");
	if (status == TRUCE_OK)
		*out = b.root;
	builder_free(&b);
	return status;
}

int truce_yaml_read(truce_context *ctx, truce_arena *arena, const truce_yaml_node **out, const char *name, const char *text,
	size_t length, const truce_yaml_limits *limits)
{
	return yaml_read_with(ctx, arena, out, name, text, length, limits, true);
}

int truce_yaml_each(truce_context *ctx, truce_arena *arena, const char *name, const char *text, size_t length,
	const truce_yaml_limits *limits, truce_yaml_each_fn each, void *user)
{
	struct builder b = {.ctx = ctx, .keep = arena, .each = each, .user = user};
	int status = truce_arena_new(ctx, &b.nodes);
	if (status == TRUCE_OK)
		status = read_document(&b, name, text, length, limits, true);
	if (status == TRUCE_OK && b.root && b.root->type != TRUCE_NODE_MAPPING && (b.root->type != TRUCE_NODE_SCALAR || b.root->length)) {
		truce_yaml_say(ctx, TRUCE_ERROR, b.root->place, "begin with a key", "the document is no mapping");
		status = TRUCE_INPUT;
	}
	builder_free(&b);
	return status;
}
