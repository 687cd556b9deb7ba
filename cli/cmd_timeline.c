/* truce timeline: what happened, in order; truce agenda: what comes due, also as a calendar. */
#include "record.h"

#include <string.h>

static void write_event(truce_json *json, const truce_event *event)
{
	char text[32];
	double rate;
	truce_json_open(json, NULL, '{');
	truce_json_text(json, "at", truce_time_format(text, &event->time));
	truce_json_text(json, "id", event->head->id);
	truce_json_text(json, "kind", truce_record_kind_word(event->head->kind));
	truce_json_text(json, "what", event->what);
	if (event->status != TRUCE_NO_STATUS)
		truce_json_text(json, "status", truce_status_word((int)event->status));
	if (truce_level_rate(event->level, &rate))
		truce_json_number(json, "rate", rate);
	truce_json_text(json, "text", event->text);
	if (event->unsure)
		truce_json_bool(json, "unsure", true);
	truce_json_close(json, '}');
}

static void events_json(struct cli *cli, const truce_event *events, size_t count, truce_clocks clocks)
{
	truce_json json;
	char text[32];
	truce_json_init(&json, &cli->out);
	truce_json_open(&json, NULL, '{');
	truce_json_text(&json, "on", truce_time_format(text, &clocks.on));
	truce_json_text(&json, "known", truce_time_format(text, &clocks.known));
	truce_json_open(&json, "events", '[');
	for (size_t i = 0; i < count; i++)
		write_event(&json, &events[i]);
	truce_json_close(&json, ']');
	truce_json_close(&json, '}');
	truce_text_add(&cli->out, "\n");
}

static void events_csv(struct cli *cli, const truce_event *events, size_t count)
{
	char text[32];
	truce_text_add(&cli->out, "at,id,kind,what,status,text,unsure\n");
	for (size_t i = 0; i < count; i++) {
		truce_text_addf(&cli->out, "%s,%s,%s,%s,%s,", truce_time_format(text, &events[i].time), events[i].head->id,
			truce_record_kind_word(events[i].head->kind), events[i].what, truce_status_word((int)events[i].status));
		truce_csv_write_field(&cli->out, events[i].text);
		truce_text_add(&cli->out, events[i].unsure ? ",true\n" : ",\n");
	}
}

static void events_text(struct cli *cli, const truce_event *events, size_t count)
{
	char text[32];
	for (size_t i = 0; i < count; i++)
		truce_text_addf(&cli->out, "%-25s  %-10s %s%s%s%s\n", truce_time_format(text, &events[i].time),
			truce_record_kind_word(events[i].head->kind), cli_status_color(cli, (int)events[i].status), events[i].text, cli_plain(cli),
			events[i].unsure ? "  (unsure)" : "");
}

/* RFC 5545: lines of at most 75 bytes, folded between characters, ended by CRLF. */
static void ics_line(truce_text *out, const char *name, const char *value)
{
	int used = (int)strlen(name) + 1;
	truce_text_addf(out, "%s:", name);
	for (const char *at = value; *at;) {
		int length = 1;
		char escaped[3] = {'\\', *at, '\0'};
		while (((unsigned char)at[length] & 0xC0) == 0x80)
			length++;
		bool escape = *at == ',' || *at == ';' || *at == '\\' || *at == '\n';
		if (*at == '\n')
			escaped[1] = 'n';
		int width = escape ? 2 : length;
		if (used + width > 74) {
			truce_text_add(out, "\r\n ");
			used = 1;
		}
		if (escape)
			truce_text_add(out, escaped);
		else
			truce_text_add_bytes(out, at, (size_t)length);
		used += width;
		at += length;
	}
	truce_text_add(out, "\r\n");
}

static void ics_moment(char out[20], truce_instant at)
{
	char text[32];
	truce_instant_format(text, at, 0); /* 2025-11-10T05:01Z */
	snprintf(out, 20, "%.4s%.2s%.2sT%.2s%.2s00Z", text, text + 5, text + 8, text + 11, text + 14);
}

static void events_ics(struct cli *cli, const truce_event *events, size_t count)
{
	char line[200], day[32], moment[20];
	ics_line(&cli->out, "BEGIN", "VCALENDAR");
	ics_line(&cli->out, "VERSION", "2.0");
	ics_line(&cli->out, "PRODID", "-//truce//agenda//EN");
	for (size_t i = 0; i < count; i++) {
		const truce_event *event = &events[i];
		ics_line(&cli->out, "BEGIN", "VEVENT");
		ics_moment(moment, event->at);
		snprintf(line, sizeof line, "%.100s-%.20s-%s@truce", event->head->id, event->what, moment);
		ics_line(&cli->out, "UID", line);
		ics_moment(moment, event->head->known_from == TRUCE_EVER ? 0 : event->head->known_from);
		ics_line(&cli->out, "DTSTAMP", moment);
		if (event->whole_day) {
			truce_date_format(day, event->time.day);
			snprintf(line, sizeof line, "%.4s%.2s%.2s", day, day + 5, day + 8);
			ics_line(&cli->out, "DTSTART;VALUE=DATE", line);
		} else {
			ics_moment(moment, event->at);
			ics_line(&cli->out, "DTSTART", moment);
		}
		ics_line(&cli->out, "SUMMARY", event->text);
		if (event->head->note)
			ics_line(&cli->out, "DESCRIPTION", event->head->note);
		ics_line(&cli->out, "END", "VEVENT");
	}
	ics_line(&cli->out, "END", "VCALENDAR");
}

static int show_events(struct cli *cli, bool agenda)
{
	truce_record *record = NULL;
	truce_arena *arena = NULL;
	truce_event *events = NULL;
	size_t count = 0;
	truce_clocks clocks;
	truce_time from, to;
	int status = cli_clocks(cli, &clocks);
	if (status == TRUCE_OK)
		status = cli_date(cli, &from, "from");
	if (status == TRUCE_OK)
		status = cli_date(cli, &to, "to");
	truce_instant first = TRUCE_EVER, last = truce_clocks_on(clocks, NULL);
	if (status == TRUCE_OK && cli_value(cli, "from"))
		first = truce_time_start(&from, NULL) - 1;
	if (agenda) { /* from the day of --on, as far as anything is known */
		first = truce_time_start(&clocks.on, NULL) - 1;
		last = TRUCE_NEVER - 1;
	}
	if (status == TRUCE_OK && cli_value(cli, "to"))
		last = truce_time_end(&to, NULL);
	if (status == TRUCE_OK)
		status = cli_record_open(cli, &record);
	if (status == TRUCE_OK)
		status = truce_arena_new(cli->ctx, &arena);
	if (status == TRUCE_OK)
		status = truce_record_events(cli->ctx, arena, &events, &count, record, first, last, clocks);
	if (status == TRUCE_OK) {
		if (cli->json)
			events_json(cli, events, count, clocks);
		else if (cli->csv)
			events_csv(cli, events, count);
		else if (agenda && cli_flag(cli, "ics"))
			events_ics(cli, events, count);
		else
			events_text(cli, events, count);
	}
	truce_arena_free(arena);
	truce_record_close(record);
	return status;
}

static int run_timeline(struct cli *cli, int count, char **operands)
{
	(void)count;
	(void)operands;
	return show_events(cli, false);
}

int cli_agenda(struct cli *cli, int count, char **operands);
int cli_agenda(struct cli *cli, int count, char **operands)
{
	(void)count;
	(void)operands;
	return show_events(cli, true);
}

static const struct cli_option timeline_options[] = {
	{"from", 0, "DATE", false, "the first day; the beginning where not given"},
	{"to", 0, "DATE", false, "the last day; --on where not given"},
	{NULL, 0, NULL, false, NULL}};
static const char *const timeline_description[] = {
	"Every beginning, change, end, meeting, statement and claim until --on, as known by --known, in order of time.", NULL};
static const char *const timeline_examples[] = {"truce timeline --from 2025-05-01 --to 2025-08-28 --known 2025-08-28", "the summer of 2025", NULL};

const struct cli_verb cli_verb_timeline = {
	.name = "timeline", .summary = "what happened, in order of time", .operands = "", .common = CLI_JSON | CLI_CSV | CLI_RECORD | CLI_CLOCKS |
	CLI_VIEW, .options = timeline_options, .description = timeline_description, .examples = timeline_examples, .run = run_timeline};
