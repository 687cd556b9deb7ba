/* record.c: what the verbs that open a record share. */
#include "record.h"

#include <string.h>

int cli_record_folders(struct cli *cli, const char *folders[CLI_RECORD_FOLDERS], size_t *count, char **shipped)
{
	*count = 0;
	*shipped = NULL;
	for (const char *folder; *count < CLI_RECORD_FOLDERS && (folder = cli_value_at(cli, "record", (int)*count));)
		folders[(*count)++] = folder;
	if (*count > 0)
		return TRUCE_OK;
	int status = cli_shipped(cli, shipped, "record");
	if (status == TRUCE_OK)
		folders[(*count)++] = *shipped;
	return status;
}

int cli_record_open(struct cli *cli, truce_record **out)
{
	const char *folders[CLI_RECORD_FOLDERS];
	size_t count;
	char *shipped;
	*out = NULL;
	int status = cli_record_folders(cli, folders, &count, &shipped);
	if (status == TRUCE_OK)
		status = truce_record_open(cli->ctx, out, folders, count);
	truce_release(cli->ctx, shipped);
	return status;
}

int cli_clocks(struct cli *cli, truce_clocks *out)
{
	truce_time on, known;
	int status = cli_date(cli, &on, "on");
	if (status == TRUCE_OK)
		status = cli_date(cli, &known, "known");
	if (status != TRUCE_OK)
		return status;
	*out = truce_clocks_at(on, known);
	const char *view = cli_value(cli, "view");
	if (view && strcmp(view, "lawful") == 0)
		out->view = TRUCE_VIEW_LAWFUL;
	else if (view && strcmp(view, "applied") != 0)
		return cli_usage(cli, "--view \"%s\" is neither applied nor lawful", view);
	return TRUCE_OK;
}

int cli_record_find(struct cli *cli, const truce_head **out, const truce_record *record, truce_record_kind kind, const char *id,
	truce_instant known)
{
	*out = truce_record_find_known(record, kind, id, known);
	if (*out)
		return TRUCE_OK;
	if (truce_record_find(record, kind, id))
		return truce_fail(cli->ctx, TRUCE_NOT_FOUND, NULL, 0, 0, "give a later --known", "\"%s\" was not known then", id);
	const char *ids[8192];
	size_t count = 0;
	for (size_t i = 0; i < truce_record_total(record) && count < 8192; i++)
		if (kind == TRUCE_ANY_KIND || truce_record_number(record, i)->kind == kind)
			ids[count++] = truce_record_number(record, i)->id;
	const char *near = truce_nearest(id, ids, count);
	if (near)
		return truce_fail(cli->ctx, TRUCE_NOT_FOUND, NULL, 0, 0, "`truce state` lists the records", "there is no record \"%s\"; is \"%s\" meant?",
			id, near);
	return truce_fail(cli->ctx, TRUCE_NOT_FOUND, NULL, 0, 0, "`truce state` lists the records", "there is no record \"%s\"", id);
}

const char *cli_moment(char buffer[32], truce_instant at, const truce_zone *zone)
{
	if (at == TRUCE_NEVER || at == TRUCE_EVER)
		return strcpy(buffer, "");
	truce_date day = truce_instant_day(zone, at);
	if (truce_day_start(zone, day) == at)
		return truce_date_format(buffer, day);
	return truce_instant_format(buffer, at, truce_zone_offset(zone, at));
}

bool cli_status_is_over(int status)
{
	return status == TRUCE_EXPIRED || status == TRUCE_REMOVED || status == TRUCE_STRUCK_DOWN || status == TRUCE_LAPSED ||
		status == TRUCE_FULFILLED || status == TRUCE_CALLED_OFF;
}

const char *cli_status_color(const struct cli *cli, int status)
{
	if (cli_status_is_over(status))
		return cli_dim(cli);
	if (status == TRUCE_IN_FORCE || status == TRUCE_HELD || status == TRUCE_CONFIRMED)
		return cli_green(cli);
	if (status == TRUCE_SUSPENDED || status == TRUCE_STANDING || status == TRUCE_ANNOUNCED || status == TRUCE_CHALLENGED ||
		status == TRUCE_HELD_UNLAWFUL)
		return cli_yellow(cli);
	return "";
}

static void add_acts(truce_text *out, const truce_yaml_list *acts)
{
	for (size_t i = 0; i < acts->count; i++) {
		truce_text_add(out, i ? "; " : "");
		truce_act_words(out, TRUCE_LIST_AT(*acts, truce_act, i));
	}
}

void cli_record_words(truce_text *out, const truce_head *head)
{
	const void *any = head;
	switch (head->kind) {
	case TRUCE_MEASURE:
		truce_act_words(out, &((const truce_measure *)any)->act);
		break;
	case TRUCE_THREAT: {
		const truce_threat *threat = any;
		if (threat->when) {
			truce_text_add(out, "if ");
			truce_condition_words(out, threat->when);
			truce_text_add(out, ", then ");
		}
		add_acts(out, &threat->then);
		break;
	}
	case TRUCE_DEMAND: {
		const truce_demand *demand = any;
		truce_text_addf(out, "%s wants ", demand->by);
		add_acts(out, &demand->wants);
		if (demand->before.count) {
			truce_text_add(out, ", before ");
			add_acts(out, &demand->before);
		}
		break;
	}
	case TRUCE_OFFER: {
		const truce_offer *offer = any;
		add_acts(out, &offer->gives);
		if (offer->wants.count) {
			truce_text_add(out, ", for ");
			add_acts(out, &offer->wants);
		}
		break;
	}
	case TRUCE_COMMITMENT:
		truce_text_addf(out, "%s owes: ", ((const truce_commitment *)any)->by);
		add_acts(out, &((const truce_commitment *)any)->owes);
		break;
	case TRUCE_TRUCE: {
		const truce_truce *truce = any;
		truce_text_add(out, "between ");
		for (size_t i = 0; i < truce->between.count; i++)
			truce_text_addf(out, "%s%s", i ? ", " : "", TRUCE_LIST_TEXT(truce->between, i));
		if (truce->extends)
			truce_text_addf(out, ", extends %s", truce->extends);
		break;
	}
	case TRUCE_MEETING: {
		const truce_meeting *meeting = any;
		for (size_t i = 0; i < meeting->parties.count; i++)
			truce_text_addf(out, "%s%s", i ? " and " : "", TRUCE_LIST_TEXT(meeting->parties, i));
		if (meeting->location)
			truce_text_addf(out, ", %s", meeting->location);
		break;
	}
	case TRUCE_STATEMENT: {
		const truce_statement *s = any;
		truce_text_addf(out, "%s: %s", s->speaker ? s->speaker->name : s->by ? s->by : "?", s->words ? s->words : "");
		break;
	}
	case TRUCE_CLAIM: {
		const truce_claim *claim = any;
		truce_text_addf(out, "%s: %s", claim->who ? claim->who : claim->by ? claim->by : "?", claim->text);
		break;
	}
	case TRUCE_FIGURE:
	case TRUCE_PARAMETER: {
		const truce_figure *figure = any;
		truce_text_addf(out, "%s %s%s%s", figure->value.text ? figure->value.text : "", figure->unit, figure->of ? " of " : "",
			figure->of ? figure->of : "");
		break;
	}
	case TRUCE_DEPENDENCY: {
		const truce_dependency *d = any;
		truce_text_addf(out, "%s %s need %s%s%s", d->by, d->user, d->input, d->from ? " from " : "", d->from ? d->from : "");
		break;
	}
	case TRUCE_SOURCE: {
		const truce_source *source = any;
		char day[32];
		truce_text_addf(out, "%s, %s%s%s", source->outlet, truce_time_format(day, &source->date), source->title ? ": " : "",
			source->title ? source->title : "");
		break;
	}
	default:
		truce_text_add(out, head->name ? head->name : "");
	}
}
