/* Room brief: the notes, one a record, each with its citation and the chain of its sources. */
#include "private.h"

enum { SOURCES_SHOWN = 2 };

static const char *source_words(struct brief_writer *w, const truce_source *source)
{
	const char *outlet = source->outlet ? source->outlet : brief_name(&source->head);
	const char *day = source->date.set ? brief_day(w, source->date.day, false) : "undated";
	const char *words = brief_words(w, "%s, %s", outlet, day);
	for (size_t i = 0; i < source->via.count && i < 2; i++) {
		const truce_source *via = truce_record_find_known(w->record, TRUCE_SOURCE, TRUCE_LIST_TEXT(source->via, i), w->known);
		const char *name = via ? via->outlet ? via->outlet : brief_name(&via->head) : TRUCE_LIST_TEXT(source->via, i);
		words = brief_words(w, "%s%s%s", words, i ? " and " : ", after ", name);
	}
	if (source->type == TRUCE_SOURCE_ANONYMOUS)
		words = brief_words(w, "%s (unnamed)", words);
	return words;
}

static const truce_yaml_list *cites_of(const truce_head *head)
{
	switch (head->kind) {
	case TRUCE_MEASURE: return &((const truce_measure *)(const void *)head)->cites;
	case TRUCE_TRUCE: return &((const truce_truce *)(const void *)head)->cites;
	case TRUCE_AUTHORITY: return &((const truce_authority *)(const void *)head)->cites;
	default: return NULL;
	}
}

static void write_note(struct brief_writer *w, truce_brief_note *note, const truce_head *head)
{
	const truce_source **sources = NULL;
	size_t count = 0;
	truce_roots roots = {0, 0};
	const char *text = "";
	const truce_yaml_list *cites = cites_of(head);

	note->id = head->id;
	if (head->kind == TRUCE_SOURCE) {
		const truce_source *source = (const void *)head;
		note->text = brief_words(w, "%s%s%s.", source_words(w, source), source->title ? ": " : "", source->title ? source->title : "");
		return;
	}
	if (cites && cites->count)
		text = brief_words(w, " %s.", TRUCE_LIST_TEXT(*cites, cites->count - 1));
	int status = truce_record_sources(w->ctx, w->arena, &sources, &count, w->record, head, w->known);
	if (!status)
		status = truce_record_roots(w->ctx, &roots, w->record, &head->sources, w->known);
	if (status) {
		w->status = status;
		return;
	}
	note->roots_least = roots.least;
	note->roots_most = roots.most;
	for (size_t i = 0; i < count && i < SOURCES_SHOWN; i++) {
		/* The latest say most: a long history ends with what is so now. */
		const truce_source *source = sources[count <= SOURCES_SHOWN ? i : count - SOURCES_SHOWN + i];
		text = brief_words(w, "%s%s%s", text, i ? "; " : " ", source_words(w, source));
	}
	if (count > SOURCES_SHOWN)
		text = brief_words(w, "%s; %zu earlier", text, count - SOURCES_SHOWN);
	if (count)
		text = brief_words(w, "%s.", text);
	else
		text = brief_words(w, cites && cites->count ? "%s Cited by its record alone." : "%s No source known.", text);
	if (head->unsure)
		text = brief_words(w, "%s Unsure.", text);
	note->text = *text == ' ' ? text + 1 : text;
}

static void add_to(struct brief_writer *w, truce_brief_refs *refs, size_t note)
{
	for (size_t i = 0; i < refs->count; i++)
		if (refs->at[i] == note)
			return;
	size_t *at = truce_arena_array(w->arena, refs->count + 1, sizeof *at);
	if (!at) {
		w->status = TRUCE_MEMORY;
		return;
	}
	if (refs->count)
		memcpy(at, refs->at, refs->count * sizeof *at);
	at[refs->count] = note;
	refs->at = at;
	refs->count++;
}

void brief_ref(struct brief_writer *w, truce_brief_refs *refs, const void *any_record)
{
	const truce_head *head = any_record;
	truce_brief *brief = w->brief;

	if (!head || w->status)
		return;
	if (w->note_of[head->number] == 0) {
		if (brief->note_count == w->note_capacity) {
			size_t capacity = w->note_capacity ? 2 * w->note_capacity : 64;
			truce_brief_note *notes = truce_arena_array(w->arena, capacity, sizeof *notes);
			if (!notes) {
				w->status = TRUCE_MEMORY;
				return;
			}
			if (brief->note_count)
				memcpy(notes, brief->notes, brief->note_count * sizeof *notes);
			brief->notes = notes;
			w->note_capacity = capacity;
		}
		write_note(w, &brief->notes[brief->note_count], head);
		w->note_of[head->number] = ++brief->note_count;
	}
	add_to(w, refs, w->note_of[head->number] - 1);
}

void brief_ref_id(struct brief_writer *w, truce_brief_refs *refs, const char *id)
{
	if (id)
		brief_ref(w, refs, truce_record_find_known(w->record, TRUCE_ANY_KIND, id, w->known));
}

const char *brief_roots(struct brief_writer *w, const truce_head *head)
{
	truce_roots roots;
	truce_text text;
	int status = truce_record_roots(w->ctx, &roots, w->record, &head->sources, w->known);

	if (status) {
		w->status = status;
		return "";
	}
	truce_text_init(&text, w->ctx);
	truce_roots_words(&text, roots);
	const char *words = brief_words(w, "%s independent root%s", text.data ? text.data : "?", roots.most == 1 ? "" : "s");
	if (truce_text_done(&text))
		w->status = TRUCE_MEMORY;
	truce_text_free(&text);
	return words;
}
