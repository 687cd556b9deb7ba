/* truce state: what is in force, suspended, threatened, demanded, promised on a day, as known on a day. */
#include "record.h"

#include <math.h>
#include <string.h>

static void write_list(truce_json *json, const char *key, const truce_yaml_list *list)
{
	if (!list->count)
		return;
	truce_json_open(json, key, '[');
	for (size_t i = 0; i < list->count; i++)
		truce_json_text(json, NULL, TRUCE_LIST_TEXT(*list, i));
	truce_json_close(json, ']');
}

static void write_acts(truce_json *json, const char *key, const truce_yaml_list *acts)
{
	if (!acts->count)
		return;
	truce_json_open(json, key, '[');
	for (size_t i = 0; i < acts->count; i++)
		truce_act_to_json(json, NULL, TRUCE_LIST_AT(*acts, truce_act, i));
	truce_json_close(json, ']');
}

static void write_moment(truce_json *json, const char *key, truce_instant at, const truce_zone *zone)
{
	char text[32];
	if (at == TRUCE_NEVER || at == TRUCE_EVER)
		truce_json_null(json, key);
	else
		truce_json_text(json, key, cli_moment(text, at, zone));
}

static void write_record(truce_json *json, const truce_record *record, const truce_head *head, const truce_record_state *state)
{
	const void *any = head;
	const truce_zone *zone = truce_record_zone_of(record, head);
	truce_json_open(json, NULL, '{');
	truce_json_text(json, "id", head->id);
	truce_json_text(json, "kind", truce_record_kind_word(head->kind));
	truce_json_text(json, "status", truce_status_word((int)state->status));
	write_moment(json, "until", state->until, zone);
	if (state->until != TRUCE_NEVER)
		truce_json_text(json, "next", truce_status_word((int)state->next));
	write_moment(json, "since", state->since, zone);
	if (head->name)
		truce_json_text(json, "name", head->name);
	switch (head->kind) {
	case TRUCE_MEASURE: {
		const truce_measure *measure = any;
		double rate;
		truce_act_to_json(json, "act", &measure->act);
		if (state->level && truce_level_rate(state->level, &rate))
			truce_json_number(json, "rate", rate);
		if (measure->stands_on)
			truce_json_text(json, "stands_on", measure->stands_on);
		write_list(json, "cites", &measure->cites);
		if (state->truce)
			truce_json_text(json, "truce", state->truce->head.id);
		if (state->authority)
			truce_json_text(json, "fell_with", state->authority->head.id);
		if (state->refundable)
			truce_json_bool(json, "refundable", true);
		break;
	}
	case TRUCE_THREAT: {
		const truce_threat *threat = any;
		truce_json_text(json, "by", threat->by);
		truce_json_text(json, "to", threat->to);
		write_acts(json, "then", &threat->then);
		write_list(json, "needs", &threat->needs);
		break;
	}
	case TRUCE_DEMAND: {
		const truce_demand *demand = any;
		truce_json_text(json, "by", demand->by);
		truce_json_text(json, "to", demand->to);
		write_acts(json, "wants", &demand->wants);
		write_acts(json, "before", &demand->before);
		break;
	}
	case TRUCE_OFFER: {
		const truce_offer *offer = any;
		truce_json_text(json, "by", offer->by);
		truce_json_text(json, "to", offer->to);
		write_acts(json, "gives", &offer->gives);
		write_acts(json, "for", &offer->wants);
		break;
	}
	case TRUCE_COMMITMENT: {
		const truce_commitment *commitment = any;
		truce_json_text(json, "by", commitment->by);
		truce_json_text(json, "to", commitment->to);
		write_acts(json, "owes", &commitment->owes);
		truce_json_bool(json, "confirmed", state->confirmed);
		if (state->claimed_by)
			truce_json_text(json, "claimed_by", state->claimed_by);
		break;
	}
	case TRUCE_TRUCE:
		write_list(json, "between", &((const truce_truce *)any)->between);
		break;
	case TRUCE_MEETING:
		write_list(json, "parties", &((const truce_meeting *)any)->parties);
		break;
	case TRUCE_STATEMENT:
	case TRUCE_CLAIM: {
		const char *by = head->kind == TRUCE_CLAIM ? ((const truce_claim *)any)->by : ((const truce_statement *)any)->by;
		if (by)
			truce_json_text(json, "by", by);
		break;
	}
	default:
		break;
	}
	if (head->unsure || (state->step && state->step->unsure))
		truce_json_bool(json, "unsure", true);
	write_list(json, "sources", &head->sources);
	truce_json_close(json, '}');
}

static int by_json(struct cli *cli, const truce_record *record, truce_clocks clocks)
{
	truce_json json;
	char text[32];
	truce_json_init(&json, &cli->out);
	truce_json_open(&json, NULL, '{');
	truce_json_text(&json, "on", truce_time_format(text, &clocks.on));
	truce_json_text(&json, "known", truce_time_format(text, &clocks.known));
	truce_json_text(&json, "view", clocks.view == TRUCE_VIEW_LAWFUL ? "lawful" : "applied");
	truce_json_open(&json, "records", '[');
	for (size_t i = 0; i < truce_record_total(record); i++) {
		truce_record_state state;
		const truce_head *head = truce_record_number(record, i);
		if (truce_record_state_at(record, head, clocks, &state))
			write_record(&json, record, head, &state);
	}
	truce_json_close(&json, ']');
	truce_json_close(&json, '}');
	truce_text_add(&cli->out, "\n");
	return TRUCE_OK;
}

static int by_csv(struct cli *cli, const truce_record *record, truce_clocks clocks)
{
	truce_text words;
	truce_text_init(&words, cli->ctx);
	truce_text_add(&cli->out, "id,kind,status,since,until,next,rate,unsure,what\n");
	for (size_t i = 0; i < truce_record_total(record); i++) {
		truce_record_state state;
		const truce_head *head = truce_record_number(record, i);
		if (!truce_record_state_at(record, head, clocks, &state))
			continue;
		char since[32], until[32], rate_text[32] = "";
		double rate;
		const truce_zone *zone = truce_record_zone_of(record, head);
		if (truce_level_rate(state.level, &rate))
			truce_format_double(rate_text, rate);
		truce_text_clear(&words);
		cli_record_words(&words, head);
		truce_text_addf(&cli->out, "%s,%s,%s,%s,%s,%s,%s,%s,", head->id, truce_record_kind_word(head->kind),
			truce_status_word((int)state.status), cli_moment(since, state.since, zone), cli_moment(until, state.until, zone),
			truce_status_word((int)state.next), rate_text, head->unsure ? "true" : "");
		truce_csv_write_field(&cli->out, words.data ? words.data : "");
		truce_text_add(&cli->out, "\n");
	}
	int status = truce_text_done(&words);
	truce_text_free(&words);
	return status;
}

static const struct {
	truce_record_kind kind;
	const char *title;
} sections[] = {
	{TRUCE_MEASURE, "Measures"}, {TRUCE_TRUCE, "Truces"}, {TRUCE_THREAT, "Threats"}, {TRUCE_DEMAND, "Demands"}, {TRUCE_OFFER, "Offers"},
	{TRUCE_COMMITMENT, "Commitments"}, {TRUCE_MEETING, "Meetings"}, {TRUCE_CLAIM, "Claims"}, {TRUCE_STATEMENT, "Statements"},
	{TRUCE_AUTHORITY, "Laws in dispute"},
};

static void add_line(struct cli *cli, const truce_record *record, const truce_head *head, const truce_record_state *state)
{
	char until[32];
	const truce_zone *zone = truce_record_zone_of(record, head);
	const char *status = truce_status_word((int)state->status);
	truce_text_addf(&cli->out, "  %s%-11s%s %s%s%s", cli_status_color(cli, (int)state->status), status, cli_plain(cli), cli_bold(cli), head->id,
		cli_plain(cli));
	if (state->until != TRUCE_NEVER)
		truce_text_addf(&cli->out, "  until %s, then %s", cli_moment(until, state->until, zone), truce_status_word((int)state->next));
	if (state->claimed_by)
		truce_text_addf(&cli->out, "  claimed by %s, not confirmed", state->claimed_by);
	if (state->refundable)
		truce_text_add(&cli->out, "  void in law, refundable");
	if (state->status == TRUCE_STRUCK_DOWN && state->authority)
		truce_text_addf(&cli->out, "  fell with %s", state->authority->head.id);
	if (head->unsure)
		truce_text_add(&cli->out, "  (unsure)");
	truce_text_add(&cli->out, "\n              ");
	if (head->name && head->kind != TRUCE_AUTHORITY) /* the words of a law are its name */
		truce_text_addf(&cli->out, "%s: ", head->name);
	cli_record_words(&cli->out, head);
	if (state->level && head->kind == TRUCE_MEASURE && state->level != ((const truce_measure *)(const void *)head)->act.level) {
		const truce_yaml_number *number = state->level->add.set ? &state->level->add : &state->level->to;
		truce_text_addf(&cli->out, "; now %s %s", number->text ? number->text : "", state->level->unit ? state->level->unit : "");
	}
	truce_text_add(&cli->out, "\n");
}

static int by_text(struct cli *cli, const truce_record *record, truce_clocks clocks)
{
	char on[32], known[32];
	bool all = cli_flag(cli, "all");
	truce_text_addf(&cli->out, "On %s, as known on %s%s\n", truce_time_format(on, &clocks.on), truce_time_format(known, &clocks.known),
		clocks.view == TRUCE_VIEW_LAWFUL ? ", in law" : "");
	for (size_t s = 0; s < sizeof sections / sizeof *sections; s++) {
		bool titled = false;
		size_t hidden = 0;
		for (size_t i = 0; i < truce_record_count(record, sections[s].kind); i++) {
			const truce_head *head = truce_record_at(record, sections[s].kind, i);
			truce_record_state state;
			if (!truce_record_state_at(record, head, clocks, &state))
				continue;
			if ((cli_status_is_over((int)state.status) && head->kind != TRUCE_AUTHORITY && !all) ||
				(head->kind == TRUCE_AUTHORITY && state.status == TRUCE_VALID)) {
				hidden++;
				continue;
			}
			if (!titled)
				truce_text_addf(&cli->out, "\n%s%s%s\n", cli_bold(cli), sections[s].title, cli_plain(cli));
			titled = true;
			add_line(cli, record, head, &state);
		}
		if (hidden && titled && sections[s].kind != TRUCE_AUTHORITY)
			truce_text_addf(&cli->out, "  %s(%zu that have ended: --all)%s\n", cli_dim(cli), hidden, cli_plain(cli));
	}
	return TRUCE_OK;
}

static int run(struct cli *cli, int count, char **operands)
{
	truce_record *record = NULL;
	truce_clocks clocks;
	(void)count;
	(void)operands;
	int status = cli_clocks(cli, &clocks);
	if (status == TRUCE_OK)
		status = cli_record_open(cli, &record);
	if (status == TRUCE_OK)
		status = cli->json ? by_json(cli, record, clocks) : cli->csv ? by_csv(cli, record, clocks) : by_text(cli, record, clocks);
	truce_record_close(record);
	return status;
}

static const struct cli_option options[] = {
	{"all", 0, NULL, false, "with what has ended (JSON and CSV always hold it)"},
	{NULL, 0, NULL, false, NULL}};
static const char *const description[] = {
	"Every record known by --known and begun by --on, with its status then: a measure is proposed, announced, in force, suspended, "
	"expired, removed or struck down; a threat, demand, offer or commitment is standing, lapsed or fulfilled.",
	"A suspended measure whose truce lapses takes what it turns to by itself. A date is the end of that day, for --on in the zone of the "
	"party that levies, for --known in UTC.",
	NULL};
static const char *const examples[] = {
	"truce state --on 2025-08-27 --known 2025-08-28", "what stood then, as it was known then",
	"truce state --on 2025-11-11 --known 2025-08-28", "what would stand if nothing else had been said",
	NULL};

const struct cli_verb cli_verb_state = {
	.name = "state", .summary = "what is in force on a day, as known on a day", .operands = "", .common = CLI_JSON | CLI_CSV | CLI_RECORD |
	CLI_CLOCKS | CLI_VIEW, .options = options, .description = description, .examples = examples, .run = run};
