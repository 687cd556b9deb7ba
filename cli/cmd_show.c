/* truce show: everything known about a record: what it says, its state, its changes, its sources and their roots. */
#include "record.h"

#include <string.h>

static const char *const source_types[] = {"official", "on-record", "anonymous", "echo", "analysis"};
static const char *const independences[] = {"relay", "independent", "unknown"};

/* The history a kind keeps, or NULL. */
static const truce_yaml_list *history_of(const truce_head *head)
{
	const void *any = head;
	switch (head->kind) {
	case TRUCE_AUTHORITY: return &((const truce_authority *)any)->history;
	case TRUCE_MEASURE: return &((const truce_measure *)any)->history;
	case TRUCE_THREAT: return &((const truce_threat *)any)->history;
	case TRUCE_DEMAND: return &((const truce_demand *)any)->history;
	case TRUCE_OFFER: return &((const truce_offer *)any)->history;
	case TRUCE_COMMITMENT: return &((const truce_commitment *)any)->history;
	case TRUCE_TRUCE: return &((const truce_truce *)any)->history;
	case TRUCE_MEETING: return &((const truce_meeting *)any)->history;
	case TRUCE_CLAIM: return &((const truce_claim *)any)->history;
	default: return NULL;
	}
}

static const truce_yaml_list *readings_of(const truce_head *head)
{
	const void *any = head;
	switch (head->kind) {
	case TRUCE_MEASURE: return &((const truce_measure *)any)->readings;
	case TRUCE_THREAT: return &((const truce_threat *)any)->readings;
	case TRUCE_DEMAND: return &((const truce_demand *)any)->readings;
	case TRUCE_OFFER: return &((const truce_offer *)any)->readings;
	case TRUCE_COMMITMENT: return &((const truce_commitment *)any)->readings;
	case TRUCE_TRUCE: return &((const truce_truce *)any)->readings;
	case TRUCE_MEETING: return &((const truce_meeting *)any)->readings;
	case TRUCE_STATEMENT: return &((const truce_statement *)any)->readings;
	case TRUCE_CLAIM: return &((const truce_claim *)any)->readings;
	default: return NULL;
	}
}

struct answer {
	const truce_record *record;
	const truce_head *head;
	truce_clocks clocks;
	truce_instant known;
	bool begun;
	truce_record_state state;
	const truce_source **sources;
	size_t source_count;
	truce_roots roots;
};

static void write_source(truce_json *json, const truce_source *source)
{
	char day[32];
	truce_json_open(json, NULL, '{');
	truce_json_text(json, "id", source->head.id);
	truce_json_text(json, "outlet", source->outlet);
	truce_json_text(json, "date", truce_time_format(day, &source->date));
	truce_json_text(json, "kind", source_types[source->type]);
	if (source->title)
		truce_json_text(json, "title", source->title);
	if (source->url)
		truce_json_text(json, "url", source->url);
	if (source->via.count) {
		truce_json_text(json, "independence", independences[source->independence]);
		truce_json_open(json, "via", '[');
		for (size_t i = 0; i < source->via.count; i++)
			truce_json_text(json, NULL, TRUCE_LIST_TEXT(source->via, i));
		truce_json_close(json, ']');
	}
	truce_json_close(json, '}');
}

static void write_history(truce_json *json, const struct answer *a)
{
	const truce_yaml_list *history = history_of(a->head);
	const truce_zone *zone = truce_record_zone_of(a->record, a->head);
	truce_json_open(json, "history", '[');
	for (size_t i = 0; history && i < history->count; i++) {
		const truce_step *step = TRUCE_LIST_AT(*history, truce_step, i);
		char text[32];
		double rate;
		if (step->known_from > a->known)
			continue;
		truce_json_open(json, NULL, '{');
		truce_json_text(json, "from", truce_time_format(text, &step->from));
		truce_json_text(json, "known", cli_moment(text, step->known_from, NULL));
		if (step->status != TRUCE_NO_STATUS)
			truce_json_text(json, "status", truce_status_word(step->status));
		if (truce_level_rate(step->level, &rate))
			truce_json_number(json, "rate", rate);
		if (step->ends != TRUCE_NEVER)
			truce_json_text(json, "until", cli_moment(text, step->ends, zone));
		if (step->withdrawn)
			truce_json_bool(json, "withdrawn", true);
		if (step->unsure)
			truce_json_bool(json, "unsure", true);
		if (step->note)
			truce_json_text(json, "note", step->note);
		truce_json_open(json, "sources", '[');
		for (size_t k = 0; k < step->sources.count; k++) {
			const char *id = TRUCE_LIST_TEXT(step->sources, k);
			for (size_t n = 0; n < a->source_count; n++) /* those that were published */
				if (strcmp(a->sources[n]->head.id, id) == 0)
					truce_json_text(json, NULL, id);
		}
		truce_json_close(json, ']');
		truce_json_close(json, '}');
	}
	truce_json_close(json, ']');
}

/* Records that name this one; found by its id in what they refer to. */
static bool names(const truce_yaml_list *list, const char *id)
{
	for (size_t i = 0; i < list->count; i++)
		if (strcmp(TRUCE_LIST_TEXT(*list, i), id) == 0)
			return true;
	return false;
}

static bool acts_name(const truce_yaml_list *acts, const char *id)
{
	for (size_t i = 0; i < acts->count; i++) {
		const truce_act *act = TRUCE_LIST_AT(*acts, truce_act, i);
		if (names(&act->measures, id) || names(&act->goods, id))
			return true;
	}
	return false;
}

static bool refers(const truce_head *head, const char *id)
{
	const void *any = head;
	if (names(&head->contradicts, id) || names(&head->related, id) || names(&head->sources, id) ||
		(head->supersedes && strcmp(head->supersedes, id) == 0))
		return true;
	switch (head->kind) {
	case TRUCE_MEASURE: {
		const truce_measure *m = any;
		return (m->stands_on && strcmp(m->stands_on, id) == 0) || names(&m->replies_to, id) || names(&m->act.goods, id);
	}
	case TRUCE_THREAT: return acts_name(&((const truce_threat *)any)->then, id) || names(&((const truce_threat *)any)->needs, id);
	case TRUCE_DEMAND: return acts_name(&((const truce_demand *)any)->wants, id) || acts_name(&((const truce_demand *)any)->before, id) ||
		names(&((const truce_demand *)any)->before_records, id);
	case TRUCE_OFFER: return acts_name(&((const truce_offer *)any)->gives, id) || acts_name(&((const truce_offer *)any)->wants, id);
	case TRUCE_COMMITMENT: return acts_name(&((const truce_commitment *)any)->owes, id);
	case TRUCE_TRUCE: {
		const truce_truce *t = any;
		return names(&t->suspends, id) || names(&t->covers, id) || (t->extends && strcmp(t->extends, id) == 0);
	}
	case TRUCE_MEETING: return names(&((const truce_meeting *)any)->agenda, id) || names(&((const truce_meeting *)any)->outcomes, id);
	case TRUCE_STATEMENT: {
		const truce_statement *s = any;
		return names(&s->asserts, id) || names(&s->denies, id) || names(&s->dodges, id);
	}
	case TRUCE_CLAIM: return names(&((const truce_claim *)any)->about, id) ||
		(((const truce_claim *)any)->quantity && names(&((const truce_claim *)any)->quantity->measures, id));
	default: return false;
	}
}

/* Whether a source reports the record or a change of it, and not only how somebody reads it. */
static bool reports(const struct answer *a, const char *id)
{
	const truce_yaml_list *history = history_of(a->head);
	if (names(&a->head->sources, id))
		return true;
	for (size_t i = 0; history && i < history->count; i++)
		if (names(&TRUCE_LIST_AT(*history, truce_step, i)->sources, id))
			return true;
	return false;
}

static void by_json(struct cli *cli, const struct answer *a)
{
	truce_json json;
	truce_text words;
	char text[32];
	const truce_zone *zone = truce_record_zone_of(a->record, a->head);
	truce_text_init(&words, cli->ctx);
	truce_roots_words(&words, a->roots);
	truce_json_init(&json, &cli->out);
	truce_json_open(&json, NULL, '{');
	truce_json_text(&json, "id", a->head->id);
	truce_json_text(&json, "kind", truce_record_kind_word(a->head->kind));
	truce_json_text(&json, "on", truce_time_format(text, &a->clocks.on));
	truce_json_text(&json, "known", truce_time_format(text, &a->clocks.known));
	truce_json_text(&json, "status", a->begun ? truce_status_word((int)a->state.status) : NULL);
	truce_json_text(&json, "until", a->begun && a->state.until != TRUCE_NEVER ? cli_moment(text, a->state.until, zone) : NULL);
	if (a->head->kind == TRUCE_COMMITMENT && a->begun) {
		truce_json_bool(&json, "confirmed", a->state.confirmed);
		truce_json_text(&json, "claimed_by", a->state.claimed_by);
	}
	truce_record_to_json(&json, "record", a->record, a->head, a->known);
	write_history(&json, a);
	truce_json_open(&json, "sources", '[');
	for (size_t i = 0; i < a->source_count; i++)
		write_source(&json, a->sources[i]);
	truce_json_close(&json, ']');
	truce_json_open(&json, "independent_roots", '{');
	truce_json_integer(&json, "least", (int64_t)a->roots.least);
	truce_json_integer(&json, "most", (int64_t)a->roots.most);
	truce_json_text(&json, "words", words.data);
	truce_json_close(&json, '}');
	truce_json_open(&json, "named_by", '[');
	for (size_t i = 0; i < truce_record_total(a->record); i++) {
		const truce_head *other = truce_record_number(a->record, i);
		if (truce_record_visible(other, a->known) && refers(other, a->head->id))
			truce_json_text(&json, NULL, other->id);
	}
	truce_json_close(&json, ']');
	truce_json_open(&json, "place", '{');
	truce_json_text(&json, "file", a->head->place.file);
	truce_json_integer(&json, "line", a->head->place.line);
	truce_json_close(&json, '}');
	truce_json_close(&json, '}');
	truce_text_add(&cli->out, "\n");
	truce_text_free(&words);
}

static void add_source(struct cli *cli, const struct answer *a, const truce_source *source, int depth)
{
	char day[32];
	truce_text_addf(&cli->out, "%*s%s  %s, %s, %s%s%s%s\n", 2 + 2 * depth, "", source->head.id, source->outlet,
		truce_time_format(day, &source->date), source_types[source->type], source->title ? ": " : "", source->title ? source->title : "",
		depth && source->via.count == 0 ? "" : source->via.count == 0 ? "" : source->independence == TRUCE_RELAY ? " (relays)"
		: source->independence == TRUCE_INDEPENDENT ? " (relays, and has its own)" : " (relays; whether it has its own is not known)");
	for (size_t i = 0; i < source->via.count && depth < 8; i++) {
		const truce_source *next = truce_record_find_known(a->record, TRUCE_SOURCE, TRUCE_LIST_TEXT(source->via, i), a->known);
		if (next)
			add_source(cli, a, next, depth + 1);
	}
}

static void by_text(struct cli *cli, const struct answer *a)
{
	char text[32], other[32];
	const truce_head *head = a->head;
	const truce_zone *zone = truce_record_zone_of(a->record, head);
	truce_text *out = &cli->out;
	truce_text_addf(out, "%s%s%s  (%s)%s\n", cli_bold(cli), head->id, cli_plain(cli), truce_record_kind_word(head->kind),
		head->unsure ? "  unsure" : "");
	if (head->name && head->kind != TRUCE_AUTHORITY) /* the words of a law are its name */
		truce_text_addf(out, "%s\n", head->name);
	cli_record_words(out, head);
	truce_text_add(out, "\n\n");
	if (!a->begun)
		truce_text_addf(out, "not begun on %s\n", truce_time_format(text, &a->clocks.on));
	else
		truce_text_addf(out, "%s%s%s on %s", cli_status_color(cli, (int)a->state.status), truce_status_word((int)a->state.status), cli_plain(cli),
			truce_time_format(text, &a->clocks.on));
	if (a->begun && a->state.since != TRUCE_EVER)
		truce_text_addf(out, ", since %s", cli_moment(text, a->state.since, zone));
	if (a->begun && a->state.until != TRUCE_NEVER)
		truce_text_addf(out, ", until %s, then %s", cli_moment(text, a->state.until, zone), truce_status_word((int)a->state.next));
	if (a->begun && a->state.claimed_by)
		truce_text_addf(out, "; claimed by %s, not confirmed by the one who owes", a->state.claimed_by);
	truce_text_addf(out, "\nknown since %s\n", head->known_from == TRUCE_EVER ? "ever" : cli_moment(other, head->known_from, NULL));
	if (head->supersedes)
		truce_text_addf(out, "corrects %s\n", head->supersedes);
	if (head->kind == TRUCE_MEASURE) {
		const truce_measure *measure = (const void *)head;
		if (measure->stands_on)
			truce_text_addf(out, "stands on %s\n", measure->stands_on);
		for (size_t i = 0; i < measure->cites.count; i++)
			truce_text_addf(out, "%s%s%s", i ? ", " : "cites ", TRUCE_LIST_TEXT(measure->cites, i), i + 1 == measure->cites.count ? "\n" : "");
	}
	if (head->note)
		truce_text_addf(out, "note: %s\n", head->note);
	const truce_yaml_list *readings = readings_of(head), *history = history_of(head);
	bool titled = false;
	for (size_t i = 0; readings && i < readings->count; i++) {
		const truce_reading *reading = TRUCE_LIST_AT(*readings, truce_reading, i);
		if (reading->known.from.set && truce_time_start(&reading->known.from, NULL) > a->known)
			continue;
		if (!titled)
			truce_text_addf(out, "\n%sReadings%s\n", cli_bold(cli), cli_plain(cli));
		titled = true;
		truce_text_addf(out, "  \"%s\"%s%s\n", reading->says, reading->by ? ", " : "", reading->by ? reading->by : "");
	}
	titled = false;
	for (size_t i = 0; history && i < history->count; i++) {
		const truce_step *step = TRUCE_LIST_AT(*history, truce_step, i);
		if (step->known_from > a->known)
			continue;
		if (!titled)
			truce_text_addf(out, "\n%sHistory%s\n", cli_bold(cli), cli_plain(cli));
		titled = true;
		truce_text_addf(out, "  %s  %s", truce_time_format(text, &step->from), step->withdrawn ? "withdrawn" : truce_status_word(step->status));
		if (step->level) {
			const truce_yaml_number *n = step->level->add.set ? &step->level->add : step->level->to.set ? &step->level->to : &step->level->floor;
			truce_text_addf(out, " %s %s", n->text ? n->text : "", step->level->unit ? step->level->unit : "");
		}
		if (step->ends != TRUCE_NEVER)
			truce_text_addf(out, " until %s", cli_moment(other, step->ends, zone));
		truce_text_addf(out, "  (known %s)\n", cli_moment(other, step->known_from, NULL));
	}
	truce_text_addf(out, "\n%sSources%s, independent roots: ", cli_bold(cli), cli_plain(cli));
	truce_roots_words(out, a->roots);
	truce_text_add(out, "\n");
	for (size_t i = 0; i < a->source_count; i++)
		add_source(cli, a, a->sources[i], 0);
	titled = false;
	for (size_t i = 0; i < truce_record_total(a->record); i++) {
		const truce_head *by = truce_record_number(a->record, i);
		if (!truce_record_visible(by, a->known) || !refers(by, head->id))
			continue;
		if (!titled)
			truce_text_addf(out, "\n%sNamed by%s\n", cli_bold(cli), cli_plain(cli));
		titled = true;
		truce_text_addf(out, "  %s (%s)\n", by->id, truce_record_kind_word(by->kind));
	}
	truce_text_addf(out, "\n%s%s:%d%s\n", cli_dim(cli), head->place.file, head->place.line, cli_plain(cli));
}

static int run(struct cli *cli, int count, char **operands)
{
	truce_record *record = NULL;
	truce_arena *arena = NULL;
	struct answer a = {0};
	int status = cli_clocks(cli, &a.clocks);
	if (status == TRUCE_OK)
		status = cli_record_open(cli, &record);
	if (status == TRUCE_OK)
		status = truce_arena_new(cli->ctx, &arena);
	a.record = record;
	a.known = truce_clocks_known(a.clocks);
	for (int i = 0; i < count && status == TRUCE_OK; i++) {
		status = cli_record_find(cli, &a.head, record, TRUCE_ANY_KIND, operands[i], a.known);
		if (status != TRUCE_OK)
			break;
		a.begun = truce_record_state_at(record, a.head, a.clocks, &a.state);
		status = truce_record_sources(cli->ctx, arena, &a.sources, &a.source_count, record, a.head, a.known);
		if (status == TRUCE_OK) { /* of what it says itself and of its changes: who reads it in a way is no witness of the thing */
			const char **ids = truce_arena_array(arena, a.source_count + 1, sizeof *ids);
			truce_yaml_list list = {0, ids};
			for (size_t k = 0; ids && k < a.source_count; k++)
				if (reports(&a, a.sources[k]->head.id))
					ids[list.count++] = a.sources[k]->head.id;
			status = ids ? truce_record_roots(cli->ctx, &a.roots, record, &list, a.known) : TRUCE_MEMORY;
		}
		if (status == TRUCE_OK && cli->json)
			by_json(cli, &a);
		else if (status == TRUCE_OK)
			by_text(cli, &a);
	}
	truce_arena_free(arena);
	truce_record_close(record);
	return status;
}

static const char *const description[] = {
	"What the record says of it, its state on --on as known by --known, its history, all its sources with what they relay, how many "
	"independent roots report it (an echo adds none, and who only reads it in a way is none; \"one, possibly two\" where it is not "
	"known), and what names it.", NULL};
static const char *const examples[] = {"truce show MEASURE --on 2025-08-27 --known 2025-08-28", "one measure with its trail", NULL};

const struct cli_verb cli_verb_show = {
	.name = "show", .summary = "one record with its state, its history and its sources", .operands = "ID", .operands_min = 1, .operands_max = 1,
	.common = CLI_JSON | CLI_RECORD | CLI_CLOCKS | CLI_VIEW, .description = description, .examples = examples, .run = run};
