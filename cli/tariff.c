/* What the verbs that ask for duties share. */
#include "tariff.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* schedule/xx-shares.csv of the shipped data: measure,list,kind (content or applies).  Where there is none, none. */
static int read_shares(struct cli *cli, struct cli_tariff *tariff, truce_tariff_question *ask)
{
	enum { MOST = 64 };
	char name[64], *path;
	truce_csv *csv;
	size_t measure, list, kind, first = truce_diagnostic_count(cli->ctx);
	truce_tariff_share *shares = truce_arena_array(tariff->arena, MOST, sizeof *shares);
	int got;
	if (!shares)
		return TRUCE_MEMORY;
	snprintf(name, sizeof name, "schedule/%.8s-shares.csv", ask->into);
	for (char *at = name; *at; at++)
		*at = (char)tolower((unsigned char)*at);
	int status = cli_data_path(cli, &path, name);
	if (status == TRUCE_NOT_FOUND) {
		truce_diagnostics_forget(cli->ctx, first);
		return TRUCE_OK;
	}
	if (status || (status = truce_csv_open(cli->ctx, &csv, path))) {
		truce_release(cli->ctx, path);
		return status;
	}
	truce_release(cli->ctx, path);
	if ((status = truce_csv_column(csv, &measure, "measure")) || (status = truce_csv_column(csv, &list, "list")) ||
		(status = truce_csv_column(csv, &kind, "kind")))
		goto done;
	while ((got = truce_csv_next(csv)) > 0 && ask->share_count < MOST) {
		truce_tariff_share *row = &shares[ask->share_count++];
		row->measure = truce_arena_text(tariff->arena, truce_csv_field(csv, measure));
		row->list = truce_arena_text(tariff->arena, truce_csv_field(csv, list));
		row->content = strcmp(truce_csv_field(csv, kind), "content") == 0;
		if (!row->measure || !row->list) {
			status = TRUCE_MEMORY;
			goto done;
		}
	}
	status = got < 0 ? got : TRUCE_OK;
	ask->shares = shares;
done:
	truce_csv_close(csv);
	return status;
}

int cli_tariff_open(struct cli *cli, struct cli_tariff *tariff, truce_tariff_question *ask)
{
	const char *path = cli_value(cli, "schedule");
	ask->from = cli_value(cli, "from");
	ask->into = cli_value(cli, "into");
	if (!ask->from || !ask->into)
		return cli_usage(cli, "say from where and into where: --from X --into Y");
	if (!path)
		path = getenv("TRUCE_SCHEDULE");
	int status = cli_clocks(cli, &ask->clocks);
	if (status || (status = truce_arena_new(cli->ctx, &tariff->arena)) || (status = cli_record_open(cli, &tariff->record)))
		return status;
	if (path && *path) {
		if ((status = truce_schedule_open(cli->ctx, &tariff->schedule, path)))
			return status;
		/* A schedule is of one party: into another it says nothing. */
		if (strcmp(truce_schedule_tell(tariff->schedule).country, ask->into) == 0) {
			ask->schedule = tariff->schedule;
			if ((status = read_shares(cli, tariff, ask)))
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
