/* truce diff: what changed between two days, in the world and in what was known. */
#include "record.h"

#include <string.h>

struct change {
	const truce_head *head;
	bool had, has;
	truce_record_state before, after;
};

static bool same_level(const truce_level *a, const truce_level *b)
{
	double left, right;
	bool is_left = truce_level_rate(a, &left), is_right = truce_level_rate(b, &right);
	return is_left == is_right && (!is_left || left == right);
}

static bool differs(const struct change *c, bool also_until)
{
	if (c->had != c->has)
		return true;
	return c->had && (c->before.status != c->after.status || !same_level(c->before.level, c->after.level) ||
		(also_until && c->before.until != c->after.until));
}

static void write_state(truce_json *json, const char *key, bool there, const truce_record_state *state, const truce_zone *zone)
{
	char text[32];
	double rate;
	if (!there) {
		truce_json_null(json, key);
		return;
	}
	truce_json_open(json, key, '{');
	truce_json_text(json, "status", truce_status_word((int)state->status));
	if (truce_level_rate(state->level, &rate))
		truce_json_number(json, "rate", rate);
	truce_json_text(json, "until", state->until == TRUCE_NEVER ? NULL : cli_moment(text, state->until, zone));
	truce_json_close(json, '}');
}

static void words_of(truce_text *out, bool there, const truce_record_state *state, const truce_zone *zone)
{
	char text[32];
	double rate;
	truce_text_add(out, there ? truce_status_word((int)state->status) : "nothing");
	if (there && truce_level_rate(state->level, &rate))
		truce_text_addf(out, " %g %%", rate * 100);
	if (there && state->until != TRUCE_NEVER)
		truce_text_addf(out, " until %s", cli_moment(text, state->until, zone));
}

/* In the world: as known at the end, from one day to the other.  In what was known: of the first day, as known then and as
 * known at the end; what became known of later days is in the first part. */
static void compare(struct cli *cli, const truce_record *record, truce_clocks from, truce_clocks to, bool world, truce_json *json)
{
	truce_clocks before = from, after = to;
	if (world)
		before.known = to.known;
	else
		after.on = from.on;
	for (size_t i = 0; i < truce_record_total(record); i++) {
		struct change c = {.head = truce_record_number(record, i)};
		c.had = truce_record_state_at(record, c.head, before, &c.before);
		c.has = truce_record_state_at(record, c.head, after, &c.after);
		if (!differs(&c, !world))
			continue;
		const truce_zone *zone = truce_record_zone_of(record, c.head);
		if (json) {
			truce_json_open(json, NULL, '{');
			truce_json_text(json, "id", c.head->id);
			truce_json_text(json, "kind", truce_record_kind_word(c.head->kind));
			write_state(json, "before", c.had, &c.before, zone);
			write_state(json, "after", c.has, &c.after, zone);
			truce_json_close(json, '}');
			continue;
		}
		if (c.head->kind == TRUCE_SOURCE)
			continue;
		truce_text_addf(&cli->out, "  %-11s %s%s%s: ", truce_record_kind_word(c.head->kind), cli_bold(cli), c.head->id, cli_plain(cli));
		words_of(&cli->out, c.had, &c.before, zone);
		truce_text_add(&cli->out, " -> ");
		words_of(&cli->out, c.has, &c.after, zone);
		truce_text_add(&cli->out, "\n");
	}
}

static int run(struct cli *cli, int count, char **operands)
{
	truce_record *record = NULL;
	truce_time from, to, known;
	(void)count;
	(void)operands;
	if (!cli_value(cli, "from"))
		return cli_usage(cli, "--from DATE is missing");
	int status = cli_date(cli, &from, "from");
	if (status == TRUCE_OK)
		status = cli_date(cli, &to, "to");
	if (status == TRUCE_OK)
		status = cli_date(cli, &known, "known");
	if (status == TRUCE_OK)
		status = cli_record_open(cli, &record);
	if (status != TRUCE_OK)
		return status;
	truce_clocks first = truce_clocks_at(from, from), last = truce_clocks_at(to, cli_value(cli, "known") ? known : to);
	char a[32], b[32];
	truce_time_format(a, &from);
	truce_time_format(b, &to);
	if (cli->json) {
		truce_json json;
		truce_json_init(&json, &cli->out);
		truce_json_open(&json, NULL, '{');
		truce_json_text(&json, "from", a);
		truce_json_text(&json, "to", b);
		truce_json_open(&json, "world", '[');
		compare(cli, record, first, last, true, &json);
		truce_json_close(&json, ']');
		truce_json_open(&json, "known", '[');
		compare(cli, record, first, last, false, &json);
		truce_json_close(&json, ']');
		truce_json_close(&json, '}');
		truce_text_add(&cli->out, "\n");
	} else {
		truce_text_addf(&cli->out, "%sIn the world%s, from %s to %s\n", cli_bold(cli), cli_plain(cli), a, b);
		compare(cli, record, first, last, true, NULL);
		truce_text_addf(&cli->out, "\n%sIn what is known%s of %s\n", cli_bold(cli), cli_plain(cli), a);
		compare(cli, record, first, last, false, NULL);
	}
	truce_record_close(record);
	return TRUCE_OK;
}

static const struct cli_option options[] = {
	{"from", 0, "DATE", false, "the earlier day, as known by its end"},
	{"to", 0, "DATE", false, "the later day; today where not given"},
	{"known", 0, "DATE", false, "what is known of the later day; by its end where not given"},
	{NULL, 0, NULL, false, NULL}};
static const char *const description[] = {
	"Two answers. In the world: which records have another status or level on the later day, as known then. In what is known: which records "
	"of the earlier day are now seen otherwise than they were then.", NULL};
static const char *const examples[] = {"truce diff --from 2025-08-12 --to 2025-08-28", "what is new since the truce was extended", NULL};

const struct cli_verb cli_verb_diff = {
	.name = "diff", .summary = "what changed between two days, in the world and in what was known", .operands = "",
	.common = CLI_JSON | CLI_RECORD, .options = options, .description = description, .examples = examples, .run = run};
