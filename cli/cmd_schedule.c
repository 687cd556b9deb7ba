/* truce schedule: tariff schedules: imported, looked into, compared, fetched. */
#include "cli.h"

#include <truce/schedule.h>

#include <stdlib.h>
#include <string.h>

static const char *schedule_path(struct cli *cli)
{
	const char *path = cli_value(cli, "schedule");

	return path ? path : getenv("TRUCE_SCHEDULE");
}

static int need_path(struct cli *cli, const char **path)
{
	*path = schedule_path(cli);
	return *path ? TRUCE_OK : cli_usage(cli, "name the compiled schedule with --schedule FILE or TRUCE_SCHEDULE");
}

static int day_of(struct cli *cli, truce_date *out)
{
	truce_time time;
	int error = cli_date(cli, &time, "on");

	if (!error) *out = time.day;
	return error;
}

static void add_day(truce_json *json, const char *key, truce_date day)
{
	char buffer[11];

	if (day == TRUCE_FOREVER || day == TRUCE_NO_DATE)
		truce_json_null(json, key);
	else
		truce_json_text(json, key, truce_date_format(buffer, day));
}

/* 0101.21.00.10 */
static const char *dotted(char out[16], const char *code)
{
	size_t n = 0;

	for (size_t i = 0; code[i] && n < 14; i++) {
		if (i >= 4 && i % 2 == 0) out[n++] = '.';
		out[n++] = code[i];
	}
	out[n] = '\0';
	return out;
}

/* ---- import ---- */

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static void report_json(struct cli *cli, const truce_schedule_report *r, const char *output)
{
	static const char *const words[] = {"note", "warning", "error"};
	truce_json json;

	truce_json_init(&json, &cli->out);
	truce_json_open(&json, NULL, '{');
	truce_json_text(&json, "file", output);
	truce_json_integer(&json, "revisions", (int64_t)r->revisions);
	truce_json_integer(&json, "objects", (int64_t)r->objects);
	truce_json_integer(&json, "lines", (int64_t)r->lines);
	truce_json_integer(&json, "spells", (int64_t)r->spells);
	truce_json_integer(&json, "texts", (int64_t)r->texts);
	truce_json_integer(&json, "texts_unread", (int64_t)r->texts_unread);
	truce_json_integer(&json, "change_items", (int64_t)r->change_items);
	truce_json_integer(&json, "list_files", (int64_t)r->list_files);
	truce_json_integer(&json, "list_rows", (int64_t)r->list_rows);
	truce_json_number(&json, "seconds", r->seconds);
	truce_json_open(&json, "remarks", '[');
	for (size_t i = 0; i < r->remark_count; i++) {
		const truce_schedule_remark *m = &r->remarks[i];

		truce_json_open(&json, NULL, '{');
		truce_json_text(&json, "severity", words[m->severity]);
		truce_json_text(&json, "file", m->file);
		truce_json_integer(&json, "line", m->line);
		truce_json_text(&json, "code", m->code);
		truce_json_text(&json, "what", m->what);
		truce_json_close(&json, '}');
	}
	truce_json_close(&json, ']');
	truce_json_close(&json, '}');
	truce_text_add(&cli->out, "\n");
}

static void report_text(struct cli *cli, const truce_schedule_report *r, const char *output)
{
	bool all = cli_flag(cli, "all");
	size_t hidden = 0;

	truce_text_addf(&cli->out, "%s: %zu lines, %zu spells, from %zu revisions (%zu rows) in %.1f s\n", output, r->lines, r->spells,
		r->revisions, r->objects, r->seconds);
	truce_text_addf(&cli->out, "duty texts: %zu, of which %zu could not be read; change records: %zu items; lists: %zu files, %zu rows\n",
		r->texts, r->texts_unread, r->change_items, r->list_files, r->list_rows);
	for (size_t i = 0; i < r->remark_count; i++) {
		const truce_schedule_remark *m = &r->remarks[i];

		if (m->severity == TRUCE_NOTE && !all) {
			hidden++;
			continue;
		}
		truce_text_addf(&cli->out, "%s", base_name(m->file));
		if (m->line) truce_text_addf(&cli->out, ":%d", m->line);
		truce_text_addf(&cli->out, ": %s%s%s%s\n", m->severity == TRUCE_NOTE ? "note: " : "warning: ", m->code, *m->code ? ": " : "", m->what);
	}
	if (hidden) truce_text_addf(&cli->out, "%zu notes more: --all shows them\n", hidden);
}

/* A table of a country where the data has one, schedule/us-revisions.csv; *out NULL where not. */
static int country_table(struct cli *cli, char **out, const char *iso2, const char *name)
{
	char *folder;
	truce_text path;
	int error = cli_data_path(cli, &folder, "schedule");

	*out = NULL;
	if (error) return error;
	truce_text_init(&path, cli->ctx);
	truce_text_addf(&path, "%s/%c%c-%s", folder, iso2[0] | 32, iso2[1] | 32, name);
	truce_release(cli->ctx, folder);
	error = truce_text_done(&path);
	if (!error && truce_file_exists(path.data))
		*out = path.data;
	else
		truce_text_free(&path);
	return error;
}

static int import(struct cli *cli, int count, char **operands)
{
	truce_schedule_import_options options = {.into = cli_value(cli, "into"), .input_count = (size_t)count,
		.inputs = (const char *const *)operands, .output = cli_value(cli, "output"), .from = TRUCE_NO_DATE};
	const char *lists[64], *format = cli_value(cli, "format"), *from = cli_value(cli, "from");
	char *revisions = NULL, *meaning = NULL, *notes = NULL;
	truce_schedule_report *report = NULL;
	const truce_country *country;
	int error = TRUCE_OK;

	if (!count || !options.into || !options.output) return cli_usage(cli, "truce schedule import DIR... --into PARTY -o FILE");
	if (format && strcmp(format, "csv") != 0) return cli_usage(cli, "there is no format \"%s\"; there is csv, and what the files say", format);
	if (format) options.format = TRUCE_SCHEDULE_CSV;
	if (from && truce_date_parse(from, &options.from)) return cli_usage(cli, "--from \"%s\" is no date like 2026-01-31", from);
	if (!(country = truce_country_find(options.into))) return cli_usage(cli, "--into \"%s\" is no country", options.into);
	options.into = country->iso2;
	while (options.list_count < 64 && (lists[options.list_count] = cli_value_at(cli, "lists", (int)options.list_count))) options.list_count++;
	options.lists = lists;
	if ((error = country_table(cli, &revisions, country->iso2, "revisions.csv")) ||
	    (error = country_table(cli, &meaning, country->iso2, "lists.yaml")) ||
	    (error = country_table(cli, &notes, country->iso2, "notes.yaml")))
		goto done;
	options.revisions = revisions;
	options.lists_meaning = cli_value(cli, "lists-table") ? cli_value(cli, "lists-table") : meaning;
	options.notes_meaning = notes;
	error = truce_schedule_import(cli->ctx, &report, &options);
	if (!error && cli->json)
		report_json(cli, report, options.output);
	else if (!error)
		report_text(cli, report, options.output);
done:
	truce_schedule_report_free(cli->ctx, report);
	truce_release(cli->ctx, revisions);
	truce_release(cli->ctx, meaning);
	truce_release(cli->ctx, notes);
	return error;
}

/* ---- find ---- */

static int find(struct cli *cli, int count, char **operands)
{
	truce_arena *arena = NULL;
	truce_text words;
	truce_schedule_hit *hits;
	const char *path;
	size_t found = 0;
	double limit;
	truce_date on;
	int error;

	if (!count) return cli_usage(cli, "truce schedule find WORDS");
	truce_text_init(&words, cli->ctx);
	for (int i = 0; i < count; i++) truce_text_addf(&words, "%s%s", i ? " " : "", operands[i]);
	if ((error = truce_text_done(&words)) || (error = need_path(cli, &path)) || (error = day_of(cli, &on)) ||
	    (error = cli_double(cli, &limit, "limit", 20)) || (error = truce_arena_new(cli->ctx, &arena)))
		goto done;
	if (limit < 1 || limit > 100000) {
		error = cli_usage(cli, "--limit is from 1 to 100000");
		goto done;
	}
	if ((error = truce_schedule_search(cli->ctx, arena, &hits, &found, path, words.data, on, (size_t)limit))) goto done;
	if (cli->json) {
		truce_json json;

		truce_json_init(&json, &cli->out);
		truce_json_open(&json, NULL, '{');
		add_day(&json, "on", on);
		truce_json_open(&json, "lines", '[');
		for (size_t i = 0; i < found; i++) {
			truce_json_open(&json, NULL, '{');
			truce_json_text(&json, "code", hits[i].code);
			truce_json_text(&json, "description", hits[i].description);
			truce_json_text(&json, "general", hits[i].general);
			truce_json_close(&json, '}');
		}
		truce_json_close(&json, ']');
		truce_json_close(&json, '}');
		truce_text_add(&cli->out, "\n");
	} else
		for (size_t i = 0; i < found; i++) {
			char code[16];

			truce_text_addf(&cli->out, "%s%s%s  %s  %s%s%s\n", cli_bold(cli), dotted(code, hits[i].code), cli_plain(cli),
				hits[i].description, cli_dim(cli), hits[i].general, cli_plain(cli));
		}
	if (!found) {
		truce_diagnose(cli->ctx, TRUCE_NOTE, NULL, 0, 0, NULL, "fewer or shorter words find more", "no line has the words \"%s\"", words.data);
		error = TRUCE_NO;
	}
done:
	truce_arena_free(arena);
	truce_text_free(&words);
	return error;
}

/* ---- show ---- */

static void show_duty(truce_json *json, struct cli *cli, const char *key, const truce_duty_expression *duty)
{
	truce_text words;
	double simple;

	truce_text_init(&words, cli->ctx);
	truce_duty_words(&words, duty);
	truce_json_open(json, key, '{');
	truce_json_text(json, "text", duty->text);
	truce_json_text(json, "words", words.length ? words.data : "");
	if (truce_duty_is_simple(duty, &simple))
		truce_json_number(json, "ad_valorem", simple);
	else
		truce_json_null(json, "ad_valorem");
	truce_json_close(json, '}');
	truce_text_free(&words);
}

static void spell_json(truce_json *json, struct cli *cli, const truce_schedule *schedule, const truce_schedule_spell *s)
{
	truce_json_open(json, NULL, '{');
	add_day(json, "from", s->from);
	add_day(json, "until", s->until);
	truce_json_text(json, "description", s->description);
	truce_json_text(json, "units", s->units);
	show_duty(json, cli, "general", s->general);
	truce_json_open(json, "special", '[');
	for (size_t i = 0; i < s->special_count; i++) {
		truce_json_open(json, NULL, '{');
		show_duty(json, cli, "duty", &s->special[i].duty);
		truce_json_open(json, "programmes", '[');
		for (size_t k = 0; k < s->special[i].count; k++) truce_json_text(json, NULL, s->special[i].programmes[k]);
		truce_json_close(json, ']');
		truce_json_close(json, '}');
	}
	truce_json_close(json, ']');
	show_duty(json, cli, "column2", s->column2);
	truce_json_open(json, "headings", '[');
	for (size_t i = 0; i < s->heading_count; i++) truce_json_text(json, NULL, s->headings[i]);
	truce_json_close(json, ']');
	truce_json_bool(json, "leaf", s->leaf);
	truce_json_text(json, "revision", truce_schedule_revision_at(schedule, s->revision)->id);
	truce_json_close(json, '}');
}

static void words_line(struct cli *cli, const char *label, const truce_duty_expression *duty)
{
	if (!*duty->text) return;
	truce_text_addf(&cli->out, "  %-9s %s  %s", label, duty->text, cli_dim(cli));
	truce_duty_words(&cli->out, duty);
	truce_text_addf(&cli->out, "%s\n", cli_plain(cli));
}

static void spell_text(struct cli *cli, const truce_schedule *schedule, const truce_schedule_spell *s)
{
	char from[11], until[11];

	truce_text_addf(&cli->out, "%s until %s (%s)\n  %s\n", truce_date_format(from, s->from),
		s->until == TRUCE_FOREVER ? "changed" : truce_date_format(until, s->until),
		truce_schedule_revision_at(schedule, s->revision)->id, s->description);
	words_line(cli, "general", s->general);
	for (size_t i = 0; i < s->special_count; i++) {
		const truce_duty_special *group = &s->special[i];

		truce_text_addf(&cli->out, "  %-9s %s", "special", group->duty.text);
		for (size_t k = 0; k < group->count; k++) truce_text_addf(&cli->out, "%s%s", k ? ", " : " (", group->programmes[k]);
		truce_text_add(&cli->out, group->count ? ")\n" : "\n");
	}
	words_line(cli, "column 2", s->column2);
	if (*s->units) truce_text_addf(&cli->out, "  %-9s %s\n", "units", s->units);
	for (const char *note = s->footnotes; *note;) {
		size_t n = strcspn(note, "\n");

		truce_text_addf(&cli->out, "  %-9s %.*s\n", "note", (int)n, note);
		note += n + (note[n] == '\n');
	}
}

static int show(struct cli *cli, int count, char **operands)
{
	truce_schedule *schedule = NULL;
	const truce_schedule_line *line;
	const truce_schedule_spell *spell = NULL;
	const char *path;
	truce_date on;
	char code[16];
	int error;

	if (count != 1) return cli_usage(cli, "truce schedule show CODE [--on DATE]");
	if ((error = need_path(cli, &path)) || (error = day_of(cli, &on)) || (error = truce_schedule_open(cli->ctx, &schedule, path))) return error;
	/* Without a day, the whole history of the line. */
	if (cli_value(cli, "on"))
		error = truce_schedule_on(cli->ctx, schedule, &line, &spell, operands[0], on);
	else
		error = truce_schedule_find(cli->ctx, schedule, &line, operands[0]);
	if (error) goto done;
	if (cli->json) {
		truce_json json;

		truce_json_init(&json, &cli->out);
		truce_json_open(&json, NULL, '{');
		truce_json_text(&json, "code", line->code);
		truce_json_text(&json, "into", truce_schedule_tell(schedule).country);
		truce_json_open(&json, "spells", '[');
		for (size_t i = 0; i < line->count; i++)
			if (!spell || spell == &line->spells[i]) spell_json(&json, cli, schedule, &line->spells[i]);
		truce_json_close(&json, ']');
		truce_json_close(&json, '}');
		truce_text_add(&cli->out, "\n");
	} else {
		truce_text_addf(&cli->out, "%s%s%s\n", cli_bold(cli), dotted(code, line->code), cli_plain(cli));
		for (size_t i = 0; i < line->count; i++)
			if (!spell || spell == &line->spells[i]) spell_text(cli, schedule, &line->spells[i]);
	}
done:
	truce_schedule_close(schedule);
	return error;
}

/* ---- diff ---- */

static void change_json(truce_json *json, const truce_schedule_change *c)
{
	truce_json_open(json, NULL, '{');
	truce_json_text(json, "code", c->code);
	truce_json_text(json, "field", c->field);
	truce_json_text(json, "before", c->before);
	truce_json_text(json, "after", c->after);
	add_day(json, "effective", c->effective);
	truce_json_text(json, "revision", c->revision);
	truce_json_text(json, "item", c->item);
	truce_json_text(json, "nature", c->nature);
	truce_json_text(json, "source", c->source);
	truce_json_close(json, '}');
}

static void change_csv(struct cli *cli, const truce_schedule_change *c)
{
	char day[11];
	const char *const fields[] = {c->code, c->field, c->before, c->after, truce_date_format(day, c->effective), c->revision, c->item,
		c->nature, c->source};

	for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
		if (i) truce_text_add(&cli->out, ",");
		truce_csv_write_field(&cli->out, fields[i]);
	}
	truce_text_add(&cli->out, "\n");
}

static void change_text(struct cli *cli, const truce_schedule_change *c)
{
	char code[16], day[11];

	truce_text_addf(&cli->out, "%s  %s%s%s  %s: ", truce_date_format(day, c->effective), cli_bold(cli), dotted(code, c->code),
		cli_plain(cli), c->field);
	if (*c->before) truce_text_addf(&cli->out, "%s%.160s%s", cli_red(cli), c->before, cli_plain(cli));
	truce_text_add(&cli->out, *c->before && *c->after ? " -> " : *c->before ? " (removed)" : "(new) ");
	if (*c->after) truce_text_addf(&cli->out, "%s%.160s%s", cli_green(cli), c->after, cli_plain(cli));
	if (*c->item)
		truce_text_addf(&cli->out, "  %s[%s: %s, %s; %s]%s", cli_dim(cli), c->item, c->nature, c->source, c->revision, cli_plain(cli));
	else if (*c->revision)
		truce_text_addf(&cli->out, "  %s[%s; no item]%s", cli_dim(cli), c->revision, cli_plain(cli));
	truce_text_add(&cli->out, "\n");
}

static bool wanted(struct cli *cli, const truce_schedule_change *c)
{
	const char *field;

	if (!cli_value(cli, "field")) return true;
	for (int i = 0; (field = cli_value_at(cli, "field", i)); i++)
		if (!strcmp(field, c->field)) return true;
	return false;
}

static int check_fields(struct cli *cli)
{
	static const char *const fields[] = {"line", "general", "special", "column2", "units", "description", "footnotes"};
	const char *field;

	for (int i = 0; (field = cli_value_at(cli, "field", i)); i++) {
		bool known = false;

		for (size_t k = 0; k < sizeof fields / sizeof *fields; k++) known |= !strcmp(field, fields[k]);
		if (!known) return cli_usage(cli, "--field \"%s\" is none of line, general, special, column2, units, description, footnotes", field);
	}
	return TRUCE_OK;
}

static int diff(struct cli *cli, int count, char **operands)
{
	truce_arena *arena = NULL;
	truce_schedule_change *changes;
	truce_date before, after;
	const char *path;
	size_t n = 0, shown = 0;
	truce_json json;
	int error;

	if (count != 2) return cli_usage(cli, "truce schedule diff DATE DATE");
	for (int i = 0; i < 2; i++)
		if (truce_date_parse(operands[i], i ? &after : &before)) return cli_usage(cli, "\"%s\" is no date like 2026-01-31", operands[i]);
	if ((error = check_fields(cli)) || (error = need_path(cli, &path)) || (error = truce_arena_new(cli->ctx, &arena)) ||
	    (error = truce_schedule_diff(cli->ctx, arena, &changes, &n, path, before, after)))
		goto done;
	if (cli->json) {
		truce_json_init(&json, &cli->out);
		truce_json_open(&json, NULL, '{');
		add_day(&json, "before", before);
		add_day(&json, "after", after);
		truce_json_open(&json, "changes", '[');
	} else if (cli->csv)
		truce_text_add(&cli->out, "code,field,before,after,effective,revision,item,nature,source\n");
	for (size_t i = 0; i < n; i++) {
		if (!wanted(cli, &changes[i])) continue;
		shown++;
		if (cli->json)
			change_json(&json, &changes[i]);
		else if (cli->csv)
			change_csv(cli, &changes[i]);
		else
			change_text(cli, &changes[i]);
	}
	if (cli->json) {
		truce_json_close(&json, ']');
		truce_json_close(&json, '}');
		truce_text_add(&cli->out, "\n");
	} else if (!cli->csv)
		truce_text_addf(&cli->out, "%zu changes\n", shown);
done:
	truce_arena_free(arena);
	return error;
}

/* ---- differences of lists from the law ---- */

static void difference_row(struct cli *cli, truce_json *json, const truce_list_difference *d)
{
	const char *const fields[] = {d->list, d->law, d->code, d->heading, d->in_file ? "file" : "law", d->verdict, d->why, d->source};
	static const char *const keys[] = {"list", "law", "code", "heading", "only_in", "verdict", "why", "source"};
	char code[16];

	if (cli->json) {
		truce_json_open(json, NULL, '{');
		for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) truce_json_text(json, keys[i], fields[i]);
		truce_json_close(json, '}');
	} else if (cli->csv) {
		for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
			if (i) truce_text_add(&cli->out, ",");
			truce_csv_write_field(&cli->out, fields[i]);
		}
		truce_text_add(&cli->out, "\n");
	} else
		truce_text_addf(&cli->out, "%s%s%s  only in the %s  %s: %s %s[%s]%s\n", cli_bold(cli), dotted(code, d->code), cli_plain(cli),
			d->in_file ? "file" : "law ", d->verdict, d->why, cli_dim(cli), d->source, cli_plain(cli));
}

/* How many of each verdict from `first` on, of one list against one law; where the next begins. */
static size_t count_verdicts(struct cli *cli, truce_json *json, const truce_list_difference *all, size_t count, size_t first)
{
	static const char *const verdicts[] = {"file wrong", "file wider", "file narrower", "file lacks it", "law elsewhere", "no such line"};
	enum { KINDS = sizeof verdicts / sizeof *verdicts };
	size_t of[KINDS] = {0}, i = first;

	for (; i < count && !strcmp(all[i].list, all[first].list) && !strcmp(all[i].law, all[first].law); i++)
		for (size_t k = 0; k < KINDS; k++) of[k] += !strcmp(all[i].verdict, verdicts[k]);
	if (json) {
		truce_json_open(json, NULL, '{');
		truce_json_text(json, "list", all[first].list);
		truce_json_text(json, "law", all[first].law);
		for (size_t k = 0; k < KINDS; k++) truce_json_integer(json, verdicts[k], (int64_t)of[k]);
		truce_json_close(json, '}');
	} else {
		truce_text_addf(&cli->out, "%-32s %-20s", all[first].list, all[first].law);
		for (size_t k = 0, said = 0; k < KINDS; k++)
			if (of[k]) truce_text_addf(&cli->out, "%s %zu %s", said++ ? "," : "", of[k], verdicts[k]);
		truce_text_add(&cli->out, "\n");
	}
	return i;
}

/* A list without differences must at least be one. */
static int check_list(struct cli *cli, const char *path, const char *list)
{
	truce_schedule *schedule;
	int error = truce_schedule_open(cli->ctx, &schedule, path);

	if (error) return error;
	if (truce_schedule_list_find(schedule, list) < 0)
		error = truce_fail(cli->ctx, TRUCE_NOT_FOUND, path, 0, 0, "truce schedule lists names them", "there is no list \"%s\"", list);
	truce_schedule_close(schedule);
	return error;
}

static int differences(struct cli *cli, const char *path, const char *list)
{
	truce_arena *arena = NULL;
	truce_list_difference *all;
	truce_json json;
	size_t count;
	int error;

	if ((error = truce_arena_new(cli->ctx, &arena)) || (error = truce_schedule_list_differences(cli->ctx, arena, &all, &count, path, list))) goto done;
	truce_json_init(&json, &cli->out);
	if (cli->json) {
		truce_json_open(&json, NULL, '{');
		truce_json_open(&json, "differences", '[');
	} else if (cli->csv)
		truce_text_add(&cli->out, "list,law,code,heading,only_in,verdict,why,source\n");
	for (size_t i = 0; i < count; i++) {
		bool begins = !i || strcmp(all[i].list, all[i - 1].list) != 0 || strcmp(all[i].law, all[i - 1].law) != 0;

		if (begins && !cli->json && !cli->csv)
			truce_text_addf(&cli->out, "%s%s against %s\n", i ? "\n" : "", all[i].list, all[i].law);
		difference_row(cli, &json, &all[i]);
	}
	if (cli->json) {
		truce_json_close(&json, ']');
		truce_json_open(&json, "counts", '[');
	} else if (!cli->csv)
		truce_text_addf(&cli->out, "%s%zu differences\n", count ? "\n" : "", count);
	if (list && !count) error = check_list(cli, path, list);
	for (size_t i = 0; i < count && !cli->csv;) i = count_verdicts(cli, cli->json ? &json : NULL, all, count, i);
	if (cli->json) {
		truce_json_close(&json, ']');
		truce_json_close(&json, '}');
		truce_text_add(&cli->out, "\n");
	}
done:
	truce_arena_free(arena);
	return error;
}

/* ---- lists ---- */

/* A code that is on no list must at least be one. */
static int check_code(struct cli *cli, const truce_schedule *schedule, const char *code)
{
	const truce_schedule_line *line;

	if (code[strspn(code, "0123456789. ")])
		return truce_fail(cli->ctx, TRUCE_NOT_FOUND, NULL, 0, 0, "give a tariff code; truce schedule lists without one names the lists",
			"\"%s\" is no code", code);
	return truce_schedule_find(cli->ctx, schedule, &line, code);
}

static int lists(struct cli *cli, int count, char **operands)
{
	truce_schedule *schedule = NULL;
	size_t shown = 0;
	const truce_schedule_list *list;
	const char *path;
	truce_json json;
	truce_date on;
	int error;

	if (count > 1) return cli_usage(cli, "truce schedule lists [CODE]");
	if (cli_flag(cli, "differences")) return (error = need_path(cli, &path)) ? error : differences(cli, path, count ? operands[0] : NULL);
	if ((error = need_path(cli, &path)) || (error = day_of(cli, &on)) || (error = truce_schedule_open(cli->ctx, &schedule, path))) return error;
	if (cli->json) {
		truce_json_init(&json, &cli->out);
		truce_json_open(&json, NULL, '{');
		truce_json_open(&json, "lists", '[');
	}
	for (size_t i = 0; (list = truce_schedule_list_at(schedule, i)); i++) {
		const truce_schedule_member *m = NULL;
		char digits[16];
		size_t n = 0;

		if (count) {
			for (const char *p = operands[0]; *p && n < 12; p++)
				if (*p != '.') digits[n++] = *p;
			digits[n] = '\0';
			if (!(m = truce_schedule_member_on(schedule, i, digits, on, NULL))) continue;
		}
		shown++;
		if (cli->json) {
			truce_json_open(&json, NULL, '{');
			truce_json_text(&json, "id", list->id);
			truce_json_text(&json, "what", list->what);
			truce_json_text(&json, "authority", list->authority);
			truce_json_text(&json, "heading", m && *m->heading ? m->heading : list->heading);
			truce_json_text(&json, "source", list->source);
			truce_json_text(&json, "origin", list->origin);
			truce_json_integer(&json, "rows", (int64_t)list->count);
			if (m) truce_json_text(&json, "code", m->code);
			if (m) truce_json_number(&json, "value", m->value);
			truce_json_close(&json, '}');
		} else if (m)
			truce_text_addf(&cli->out, "%-34s %-10s %-8s %s\n", list->id, m->code, *m->heading ? m->heading : list->heading, list->what);
		else
			truce_text_addf(&cli->out, "%-34s %6zu  %s\n", list->id, list->count, list->what);
	}
	if (cli->json) {
		truce_json_close(&json, ']');
		truce_json_close(&json, '}');
		truce_text_add(&cli->out, "\n");
	}
	if (count && !shown && !(error = check_code(cli, schedule, operands[0])) && !cli->json)
		truce_text_addf(&cli->out, "%s is on no list\n", operands[0]);
	truce_schedule_close(schedule);
	return error;
}

/* ---- fetch ---- */

static int fetch(struct cli *cli, int count, char **operands)
{
	const truce_country *country = cli_value(cli, "into") ? truce_country_find(cli_value(cli, "into")) : NULL;
	truce_schedule_fetch_options options = {.table = cli_value(cli, "table"), .match = cli_value(cli, "match")};
	truce_schedule_fetch_report report;
	char *table = NULL;
	int error;

	if (count != 1 || (!country && !options.table)) return cli_usage(cli, "truce schedule fetch DIR --into PARTY");
	options.folder = operands[0];
	if (!options.table && (error = country_table(cli, &table, country->iso2, "sources.csv"))) return error;
	if (!options.table && !table) return cli_usage(cli, "no addresses are known for %s; give a table with --table FILE", country->name);
	if (table) options.table = table;
	error = truce_schedule_fetch(cli->ctx, &report, &options);
	if (cli->json && !error) {
		truce_json json;

		truce_json_init(&json, &cli->out);
		truce_json_open(&json, NULL, '{');
		truce_json_integer(&json, "fetched", (int64_t)report.fetched);
		truce_json_integer(&json, "there", (int64_t)report.there);
		truce_json_integer(&json, "resumed", (int64_t)report.resumed);
		truce_json_integer(&json, "failed", (int64_t)report.failed);
		truce_json_integer(&json, "bytes", (int64_t)report.bytes);
		truce_json_close(&json, '}');
		truce_text_add(&cli->out, "\n");
	} else if (!cli->json)
		truce_text_addf(&cli->out, "%zu fetched (%zu of them resumed), %zu there already, %zu failed\n", report.fetched, report.resumed,
			report.there, report.failed);
	truce_release(cli->ctx, table);
	return error;
}

/* ---- the verb ---- */

static int run(struct cli *cli, int count, char **operands)
{
	static const struct {
		const char *name;
		int (*run)(struct cli *cli, int count, char **operands);
	} verbs[] = {{"import", import}, {"find", find}, {"show", show}, {"diff", diff}, {"lists", lists}, {"fetch", fetch}};

	if (cli->csv && strcmp(operands[0], "diff") != 0 && !(strcmp(operands[0], "lists") == 0 && cli_flag(cli, "differences")))
		return cli_usage(cli, "--csv goes with diff and with lists --differences; truce schedule %s has --json", operands[0]);
	for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++)
		if (!strcmp(verbs[i].name, operands[0])) return verbs[i].run(cli, count - 1, operands + 1);
	return cli_usage(cli, "there is no truce schedule %s; there are import, find, show, diff, lists, fetch", operands[0]);
}

static const struct cli_option options[] = {
	{"into", 0, "PARTY", false, "import: whose schedule it is."},
	{"output", 'o', "FILE", false, "import: the compiled file to write."},
	{"format", 0, "csv", false, "import: code,description,unit,rate[,special...] of any country."},
	{"from", 0, "DATE", false, "import --format csv: from when lines are in force that do not say."},
	{"lists", 0, "DIR", true, "import: a folder of list files; list files among the inputs are read too."},
	{"lists-table", 0, "FILE", false, "import: what the list files mean, in place of the shipped table."},
	{"all", 0, NULL, false, "import: show notes too."},
	{"on", 0, "DATE", false, "find, show, lists: as of this day; show without it gives the whole history."},
	{"differences", 0, NULL, false, "lists: every row of a list file that is not what the law prints, with the verdict; lists --differences LIST for one."},
	{"limit", 0, "N", false, "find: how many lines; 20."},
	{"field", 0, "NAME", true, "diff: only changes of line, general, special, column2, units, description or footnotes."},
	{"table", 0, "FILE", false, "fetch: file,url[,size,sha256] in place of the shipped addresses."},
	{"match", 0, "WORD", false, "fetch: only files whose names hold it."},
	{NULL, 0, NULL, false, NULL}};

static const char *const description[] = {
	"Reads tariff schedules as governments publish them and answers what a line said on any day.",
	"import reads any number of revisions (JSON or CSV, gzipped or not), change records, lists and the text of notes from the folders "
	"and files given, and writes one compiled file, whole or not at all. It reports what it could not read.",
	"find looks for words in descriptions; show prints a line; diff prints what changed between two days and the item of the change "
	"record that says so; lists prints the lists, or those that a code is on, and with --differences how list files stand to the law.",
	"fetch brings what is published into a folder; what was begun goes on where it stopped, and what is there and whole is left.",
	NULL};

static const char *const examples[] = {
	"truce schedule import hts/ change_records/ --into US -o us.truce", "compile every revision in two folders",
	"truce schedule fetch hts/ --into US --match 2026", "bring the revisions of 2026",
	"truce schedule find live horses --schedule us.truce", "lines whose descriptions have both words",
	"truce schedule show 0101.21.00.10 --on 2026-01-01 --schedule us.truce", "what the line said that day",
	"truce schedule diff 2025-12-31 2026-01-01 --field special --schedule us.truce", "which duties changed overnight", NULL};

const struct cli_verb cli_verb_schedule = {
	.name = "schedule",
	.summary = "import, look into, compare and fetch tariff schedules",
	.operands = "import|find|show|diff|lists|fetch ...",
	.operands_min = 1,
	.operands_max = -1,
	.common = CLI_JSON | CLI_CSV | CLI_SCHEDULE,
	.options = options,
	.description = description,
	.examples = examples,
	.run = run,
};
