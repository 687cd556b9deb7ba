/* What the verbs that ask for duties share. */
#include "tariff.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

int cli_tariff_table(struct cli *cli, char **out, const char *into, const char *name)
{
	char below[64];
	snprintf(below, sizeof below, "schedule/%.8s-%.32s.csv", into, name);
	for (char *at = below; *at; at++)
		*at = (char)tolower((unsigned char)*at);
	return cli_data_path(cli, out, below);
}

/* A table of the shipped data about the party that levies, schedule/xx-NAME.csv; where there is none, none. */
static int read_table(struct cli *cli, struct cli_tariff *tariff, truce_tariff_question *ask, const char *name,
	int (*read)(truce_context *, truce_arena *, truce_tariff_question *, const char *))
{
	char *path;
	size_t first = truce_diagnostic_count(cli->ctx);
	int status = cli_tariff_table(cli, &path, ask->into, name);
	if (status == TRUCE_NOT_FOUND) {
		truce_diagnostics_forget(cli->ctx, first);
		return TRUCE_OK;
	}
	if (!status)
		status = read(cli->ctx, tariff->arena, ask, path);
	truce_release(cli->ctx, path);
	return status;
}

int cli_party(struct cli *cli, const truce_record *record, const char **party, const char *option)
{
	if (truce_record_find(record, TRUCE_PARTY, *party))
		return TRUCE_OK;
	const truce_country *country = truce_country_named(*party);
	if (country) {
		*party = country->iso2;
		return TRUCE_OK;
	}
	/* A word out of a name ("Korea") says more than how the letters lie; several names may hold it. */
	char several[160] = "";
	size_t used = 0;
	for (size_t i = 0; (country = truce_country_at(i)) && strlen(*party) > 3; i++)
		if (used < 100 && strcasestr(country->name, *party))
			used += (size_t)snprintf(several + used, sizeof several - used, "%s%.40s", used ? " or " : "", country->name);
	const char *near = used ? several : truce_country_nearest(*party);
	return truce_fail(cli->ctx, TRUCE_NOT_FOUND, NULL, 0, 0, "give a party of the record, or a country by name, by its ISO or by its US Census code",
		near ? "there is no party \"%s\" (%s); did you mean %s?" : "there is no party \"%s\" (%s)", *party, option, near);
}

int cli_parties(struct cli *cli, struct cli_tariff *tariff, const char **items, size_t most, size_t *count)
{
	const char *text;
	for (int i = 0; (text = cli_value_at(cli, "from", i)); i++)
		do {
			size_t length = strcspn(text, ","), lead = strspn(text, " ");
			size_t trimmed = length;
			while (trimmed > lead && text[trimmed - 1] == ' ')
				trimmed--;
			if (trimmed <= lead)
				return cli_usage(cli, "--from \"%s\" holds no name where one should stand: CN, or CN,HK, or all", cli_value_at(cli, "from", i));
			const char *one = truce_arena_copy(tariff->arena, text + lead, trimmed - lead);
			if (!one)
				return TRUCE_MEMORY;
			if (strcmp(one, "all") != 0) {
				int status = cli_party(cli, tariff->record, &one, "--from");
				if (status)
					return status;
				if (*count == most)
					return cli_usage(cli, "at most %zu parties", most);
				items[(*count)++] = one;
			}
			text += length + (text[length] == ',');
		} while (*text);
	return TRUCE_OK;
}

int cli_tariff_open(struct cli *cli, struct cli_tariff *tariff, truce_tariff_question *ask)
{
	const char *path = cli_value(cli, "schedule");
	if (!ask->from)
		ask->from = cli_value(cli, "from");
	if (!ask->into)
		ask->into = cli_value(cli, "into");
	if (!ask->from || !ask->into)
		return cli_usage(cli, "say from where and into where: --from X --into Y");
	if (!path)
		path = getenv("TRUCE_SCHEDULE");
	int status = cli_clocks(cli, &ask->clocks);
	if (status || (status = truce_arena_new(cli->ctx, &tariff->arena)) || (status = cli_record_open(cli, &tariff->record)) ||
		(status = cli_party(cli, tariff->record, &ask->into, "--into")))
		return status;
	if (path && *path) {
		if ((status = truce_schedule_open(cli->ctx, &tariff->schedule, path)))
			return status;
		/* A schedule is of one party: into another it says nothing. */
		if (strcmp(truce_schedule_tell(tariff->schedule).country, ask->into) == 0) {
			ask->schedule = tariff->schedule;
			if ((status = read_table(cli, tariff, ask, "shares", truce_tariff_read_shares)) ||
				(status = read_table(cli, tariff, ask, "programmes", truce_tariff_read_programmes)))
				return status;
		}
	}
	ask->record = tariff->record;
	return TRUCE_OK;
}

void cli_tariff_close(struct cli_tariff *tariff)
{
	truce_schedule_close(tariff->schedule);
	truce_record_close(tariff->record);
	truce_arena_free(tariff->arena);
}

int cli_days(struct cli *cli, truce_date *from, truce_date *through)
{
	truce_time first, last;
	bool since = cli_value(cli, "since") != NULL;
	int status = cli_date(cli, &first, since ? "since" : "on");
	if (!status)
		status = cli_date(cli, &last, cli_value(cli, "until") ? "until" : "on");
	if (status)
		return status;
	if (since && cli_value(cli, "on") && cli_value(cli, "until"))
		return cli_usage(cli, "give --on, or --since and --until");
	if (!since && cli_value(cli, "until"))
		return cli_usage(cli, "give --since with --until");
	*from = first.day;
	*through = last.day;
	return *through < *from ? cli_usage(cli, "the last day is before the first") : TRUCE_OK;
}
