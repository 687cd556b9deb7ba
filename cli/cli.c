/* What the verbs share: options by table, help and man pages from the same table, dates, shipped data, colour, tables. */
#include "cli.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

static const struct {
	unsigned bit;
	struct cli_option option;
} common[] = {
	{CLI_CLOCKS, {"on", 0, "DATE", false, "the day (its end) or instant in the world; today where not given"}},
	{CLI_CLOCKS, {"known", 0, "DATE", false, "use only what was known by then (its end, UTC); today where not given"}},
	{CLI_RECORD, {"record", 0, "DIR", true, "a folder of records; later ones add to or correct earlier ones; the shipped record where not given"}},
	{CLI_SCHEDULE, {"schedule", 0, "FILE", false, "a compiled tariff schedule; TRUCE_SCHEDULE where not given"}},
	{CLI_WORLD, {"world", 0, "FILE", false, "the economy to compute with; the shipped one where not given"}},
	{CLI_VIEW, {"view", 0, "VIEW", false, "applied: the law as applied on the day (default); lawful: rulings carried back"}},
	{CLI_JSON, {"json", 0, NULL, false, "JSON on standard output: rates are fractions, money US dollars, dates ISO 8601"}},
	{CLI_CSV, {"csv", 0, NULL, false, "rows as CSV on standard output"}},
	{0, {"help", 'h', NULL, false, "this help"}},
};

/* The i-th option of a verb, its own first; NULL past the end. */
static const struct cli_option *option_at(const struct cli_verb *verb, int i)
{
	int own = 0;
	for (; verb->options && verb->options[own].name; own++)
		if (own == i)
			return &verb->options[own];
	for (size_t row = 0; row < sizeof common / sizeof *common; row++) {
		if (common[row].bit && !(verb->common & common[row].bit))
			continue;
		if (own++ == i)
			return &common[row].option;
	}
	return NULL;
}

static int unknown_option(struct cli *cli, const char *given)
{
	const char *names[64];
	size_t known = 0;
	const struct cli_option *option;
	for (int i = 0; (option = option_at(cli->verb, i)) && known < 64; i++)
		names[known++] = option->name;
	const char *near = truce_nearest(given, names, known);
	if (near)
		return cli_usage(cli, "there is no option --%s; is --%s meant?", given, near);
	return cli_usage(cli, "there is no option --%s", given);
}

static int give(struct cli *cli, const struct cli_option *option, const char *value)
{
	if (!option->repeats && option->argument && cli_value(cli, option->name))
		return cli_usage(cli, "--%s is given twice", option->name);
	if (cli->given_count >= (int)(sizeof cli->given / sizeof *cli->given))
		return cli_usage(cli, "more than %zu options are given", sizeof cli->given / sizeof *cli->given);
	cli->given[cli->given_count].name = option->name;
	cli->given[cli->given_count++].value = value;
	return TRUCE_OK;
}

/* The option of the verb that a day stands behind; NULL: it takes none. */
static const char *first_clock(const struct cli_verb *verb)
{
	if (verb->common & CLI_CLOCKS)
		return "on";
	for (const struct cli_option *option = verb->options; option && option->name; option++)
		if (option->argument && strcmp(option->argument, "DATE") == 0)
			return option->name;
	return NULL;
}

int cli_parse(struct cli *cli, int argc, char **argv, char **operands, int *count);
int cli_parse(struct cli *cli, int argc, char **argv, char **operands, int *count)
{
	bool only_operands = false;
	*count = 0;
	for (int i = 0; i < argc; i++) {
		char *word = argv[i];
		if (only_operands || word[0] != '-' || word[1] == '\0') {
			operands[(*count)++] = word;
			continue;
		}
		if (strcmp(word, "--") == 0) {
			only_operands = true;
			continue;
		}
		const struct cli_option *option = NULL;
		const char *value = NULL;
		if (word[1] == '-') {
			char name[64];
			size_t length = strcspn(word + 2, "=");
			snprintf(name, sizeof name, "%.*s", (int)(length < 63 ? length : 63), word + 2);
			for (int k = 0; (option = option_at(cli->verb, k)); k++)
				if (strcmp(option->name, name) == 0)
					break;
			if (!option)
				return unknown_option(cli, name);
			if (word[2 + length] == '=')
				value = word + 3 + length;
		} else {
			for (int k = 0; (option = option_at(cli->verb, k)); k++)
				if (option->letter && option->letter == word[1])
					break;
			if (!option || (word[2] && !option->argument))
				return cli_usage(cli, "there is no option %s", word);
			if (word[2])
				value = word + 2;
		}
		if (option->argument && !value) {
			if (i + 1 >= argc)
				return cli_usage(cli, "--%s wants %s", option->name, option->argument);
			value = argv[++i];
		} else if (!option->argument && value) {
			return cli_usage(cli, "--%s takes no value", option->name);
		}
		int status = give(cli, option, value ? value : "");
		if (status)
			return status;
	}
	if (cli_flag(cli, "help"))
		return TRUCE_OK;
	if (*count < cli->verb->operands_min)
		return cli_usage(cli, "%s is missing", cli->verb->operands);
	if (cli->verb->operands_max >= 0 && *count > cli->verb->operands_max) {
		const char *extra = operands[cli->verb->operands_max];
		const char *clock = first_clock(cli->verb);
		truce_time day;
		if (clock && truce_time_parse(extra, &day) == TRUCE_OK)
			return cli_usage(cli, "\"%s\" is one argument too many; a day stands behind an option: --%s %s", extra, clock, extra);
		return cli_usage(cli, "\"%s\" is one argument too many", extra);
	}
	return TRUCE_OK;
}

int cli_no_verb(struct cli *cli, const char *name)
{
	const char *names[64];
	size_t known = 0;
	while (cli_verbs[known] && known < 64) {
		names[known] = cli_verbs[known]->name;
		known++;
	}
	const char *near = truce_nearest(name, names, known);
	return truce_fail(cli->ctx, TRUCE_USAGE, NULL, 0, 0, "`truce help` lists the verbs",
		near ? "there is no verb \"%s\"; is \"%s\" meant?" : "there is no verb \"%s\"", name, near);
}

/* ---- help and man pages ---- */

/* Words of `text` filled to 79 columns behind `indent` blanks; the first line begins at column `at`. */
static void fill(truce_text *out, const char *text, int indent, int at)
{
	int column = at;
	bool first = true;
	while (*text) {
		size_t length = strcspn(text, " ");
		int width = 0;
		for (size_t i = 0; i < length; i++)
			width += ((unsigned char)text[i] & 0xc0) != 0x80;
		if (!first && column + 1 + width > 79) {
			truce_text_addf(out, "\n%*s", indent, "");
			column = indent;
		} else if (!first) {
			truce_text_add(out, " ");
			column++;
		}
		truce_text_add_bytes(out, text, length);
		column += width;
		first = false;
		text += length + (text[length] == ' ');
	}
	truce_text_add(out, "\n");
}

void cli_help(struct cli *cli, const struct cli_verb *verb);
void cli_help(struct cli *cli, const struct cli_verb *verb)
{
	truce_text *out = &cli->out;
	const struct cli_option *option;
	truce_text_addf(out, "truce %s: %s\n\nusage: truce %s [options]%s%s\n", verb->name, verb->summary, verb->name,
		*verb->operands ? " " : "", verb->operands);
	for (int i = 0; verb->description && verb->description[i]; i++) {
		truce_text_add(out, "\n");
		fill(out, verb->description[i], 0, 0);
	}
	truce_text_add(out, "\noptions:\n");
	for (int i = 0; (option = option_at(verb, i)); i++) {
		char left[64];
		if (option->letter)
			snprintf(left, sizeof left, "-%c, --%s%s%s", option->letter, option->name, option->argument ? " " : "",
				option->argument ? option->argument : "");
		else
			snprintf(left, sizeof left, "--%s%s%s", option->name, option->argument ? " " : "",
				option->argument ? option->argument : "");
		truce_text_addf(out, "  %-22s ", left);
		fill(out, option->help, 25, strlen(left) > 22 ? (int)strlen(left) + 3 : 25);
	}
	if (verb->examples)
		truce_text_add(out, "\nexamples:\n");
	for (int i = 0; verb->examples && verb->examples[i] && verb->examples[i + 1]; i += 2)
		truce_text_addf(out, "  %s\n      %s\n", verb->examples[i], verb->examples[i + 1]);
}

/* ---- options given ---- */

bool cli_flag(const struct cli *cli, const char *name)
{
	return cli_value(cli, name) != NULL;
}

const char *cli_value(const struct cli *cli, const char *name)
{
	for (int i = cli->given_count - 1; i >= 0; i--)
		if (strcmp(cli->given[i].name, name) == 0)
			return cli->given[i].value;
	return NULL;
}

const char *cli_value_at(const struct cli *cli, const char *name, int i)
{
	for (int k = 0; k < cli->given_count; k++)
		if (strcmp(cli->given[k].name, name) == 0 && i-- == 0)
			return cli->given[k].value;
	return NULL;
}

int cli_date(struct cli *cli, truce_time *out, const char *name)
{
	const char *text = cli_value(cli, name);
	if (!text) {
		*out = (truce_time){.day = truce_today(), .set = true};
		out->at = (truce_instant)out->day * 86400;
		return TRUCE_OK;
	}
	if (truce_time_parse(text, out))
		return cli_usage(cli, "--%s \"%s\" is no date: 2025-08-28, or 2025-08-28T12:01-04:00", name, text);
	return TRUCE_OK;
}

int cli_double(struct cli *cli, double *out, const char *name, double otherwise)
{
	const char *text = cli_value(cli, name);
	*out = otherwise;
	if (text && truce_parse_double(text, strlen(text), out))
		return cli_usage(cli, "--%s \"%s\" is no number", name, text);
	return TRUCE_OK;
}

int cli_usage(struct cli *cli, const char *fmt, ...)
{
	char what[512], remedy[128];
	va_list args;
	va_start(args, fmt);
	vsnprintf(what, sizeof what, fmt, args);
	va_end(args);
	snprintf(remedy, sizeof remedy, "`truce %s --help` lists what it takes", cli->verb ? cli->verb->name : "help");
	return truce_fail(cli->ctx, TRUCE_USAGE, NULL, 0, 0, remedy, "%s", what);
}

int cli_data_path(struct cli *cli, char **out, const char *below)
{
	const char *roots[] = {getenv("TRUCE_DATA"), TRUCE_DATA_SOURCE, TRUCE_DATA_INSTALLED};
	*out = NULL;
	for (size_t i = 0; i < sizeof roots / sizeof *roots; i++) {
		if (!roots[i] || !*roots[i])
			continue;
		truce_text path;
		truce_text_init(&path, cli->ctx);
		truce_text_addf(&path, "%s/%s", roots[i], below);
		if (truce_text_done(&path)) {
			truce_text_free(&path);
			return TRUCE_MEMORY;
		}
		if (truce_file_exists(path.data) || truce_directory_exists(path.data)) {
			*out = path.data;
			return TRUCE_OK;
		}
		truce_text_free(&path);
	}
	return truce_fail(cli->ctx, TRUCE_NOT_FOUND, NULL, 0, 0, "set TRUCE_DATA to the folder that holds it",
		"the shipped %s is not where it was installed", below);
}

/* What is shipped is data too: data/default.csv names the record and the world, as kind,path. */
int cli_shipped(struct cli *cli, char **out, const char *kind)
{
	char *list = NULL, path[512] = "";
	truce_csv *csv = NULL;
	size_t kinds, paths;
	int got = 0, status = cli_data_path(cli, &list, "default.csv");
	*out = NULL;
	if (!status)
		status = truce_csv_open(cli->ctx, &csv, list);
	if (!status && !(status = truce_csv_column(csv, &kinds, "kind")))
		status = truce_csv_column(csv, &paths, "path");
	while (!status && (got = truce_csv_next(csv)) > 0)
		if (strcmp(truce_csv_field(csv, kinds), kind) == 0)
			snprintf(path, sizeof path, "%s", truce_csv_field(csv, paths));
	if (!status && got < 0)
		status = got;
	truce_csv_close(csv);
	truce_release(cli->ctx, list);
	return status ? status : cli_data_path(cli, out, path);
}

/* ---- for people ---- */

#define STYLE(name, code) \
	const char *cli_##name(const struct cli *cli) \
	{ \
		return cli->color ? code : ""; \
	}
STYLE(bold, "\033[1m")
STYLE(dim, "\033[2m")
STYLE(red, "\033[31m")
STYLE(green, "\033[32m")
STYLE(yellow, "\033[33m")
STYLE(plain, "\033[0m")
#undef STYLE

int cli_columns(const char *text)
{
	int columns = 0;
	for (const unsigned char *at = (const unsigned char *)text; *at;) {
		if (*at == 0x1b) { /* a colour takes no room */
			while (*at && *at != 'm')
				at++;
			at += *at != 0;
			continue;
		}
		int length = *at < 0x80 ? 1 : *at < 0xe0 ? 2 : *at < 0xf0 ? 3 : 4;
		unsigned point = length == 3 ? (unsigned)(*at & 15) << 12 | (unsigned)(at[1] & 63) << 6 : 0;
		columns += point >= 0x2e80 && point < 0xfe00 && !(point >= 0xd800 && point < 0xf900) ? 2 : 1;
		for (; length && *at; length--)
			at++;
	}
	return columns;
}

static bool across(const char *const *row, int columns)
{
	return columns > 1 && !row[1];
}

int cli_width(void)
{
	enum { LEAST = 40, MOST = 1000 };
	struct winsize size;
	const char *said = getenv("COLUMNS");
	if (isatty(STDOUT_FILENO) && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col >= LEAST)
		return size.ws_col;
	int width = said ? atoi(said) : 0;
	return width >= LEAST && width <= MOST ? width : 0;
}

/* How many bytes of a text are its first line of at most `width` columns, broken at a blank where there is one. */
static size_t first_line(const char *text, int width)
{
	size_t lead = strspn(text, " "), best = lead + strcspn(text + lead, " "), at = best;
	char line[512];
	while (text[at]) {
		at += 1 + strcspn(text + at + 1, " ");
		snprintf(line, sizeof line, "%.*s", (int)at, text);
		if (at >= sizeof line || cli_columns(line) > width)
			break;
		best = at;
	}
	return best;
}

static void wrap_line(truce_text *out, const char *line, int width, int indent)
{
	for (int before = 0; *line; before = indent) {
		size_t length = first_line(line, width - before);
		truce_text_addf(out, "%*s%.*s\n", before, "", (int)length, line);
		line += length + (line[length] == ' ');
	}
}

void cli_wrap(struct cli *cli, size_t start, int indent)
{
	int width = cli_width();
	truce_text text;
	if (!width || cli->out.failed || start >= cli->out.length)
		return;
	truce_text_init(&text, cli->ctx);
	truce_text_add(&text, cli->out.data + start);
	cli->out.length = start;
	cli->out.data[start] = '\0';
	for (char *at = text.data, *end; at && *at; at = end) {
		end = at + strcspn(at, "\n");
		bool more = *end != '\0';
		*end = '\0';
		if (*at)
			wrap_line(&cli->out, at, width, indent);
		else
			truce_text_add(&cli->out, "\n");
		end += more;
	}
	cli->out.failed |= text.failed;
	truce_text_free(&text);
}

static int table_width(void)
{
	return cli_width() ? cli_width() : 100;
}

static void add_cell(struct cli *cli, const char *cell, int width, char align, bool last)
{
	int pad = width - cli_columns(cell);
	if (align == 'r')
		truce_text_addf(&cli->out, "%*s%s%s", pad, "", cell, last ? "" : "  ");
	else
		truce_text_addf(&cli->out, "%s%*s", cell, last ? 0 : pad + 2, "");
}

/* The k-th of the lines that a head's words take at a width; "" past the last.  Returns how many there are. */
static int head_line(const char *head, int width, int k, char out[static 128])
{
	int count = 0;
	out[0] = '\0';
	while (*head) {
		size_t length = first_line(head, width);
		if (count++ == k)
			snprintf(out, 128, "%.*s", (int)length, head);
		head += length + (head[length] == ' ');
	}
	return count;
}

/* The head of a table, its last lines on one level. */
static void add_head(struct cli *cli, int columns, const char *align, const char *const *cells, const int *width)
{
	char text[128];
	int lines = 1;
	for (int column = 0; column < columns; column++) {
		int count = head_line(cells[column], width[column], 0, text);
		lines = count > lines ? count : lines;
	}
	for (int line = 0; line < lines; line++) {
		truce_text_add(&cli->out, cli_bold(cli));
		for (int column = 0; column < columns; column++) {
			int count = head_line(cells[column], width[column], 0, text);
			head_line(cells[column], width[column], line - (lines - count), text);
			add_cell(cli, text, width[column], align[column], column == columns - 1);
		}
		truce_text_addf(&cli->out, "%s\n", cli_plain(cli));
	}
}

static int longest_word(const char *text)
{
	int longest = 0;
	for (; *text; text += strspn(text, " ")) {
		size_t length = strcspn(text, " ");
		longest = (int)length > longest ? (int)length : longest;
		text += length;
	}
	return longest;
}

/* The width of each column; where all are too wide, the head's words are broken. */
static void column_widths(int columns, const char *const *cells, int rows, bool head, int *width)
{
	int most = table_width(), body[32] = {0}, total = 2 * (columns - 1);
	for (int row = 0; row < rows; row++)
		for (int column = 0; column < columns && !across(cells + row * columns, columns); column++) {
			int wide = cli_columns(cells[row * columns + column]);
			width[column] = wide > width[column] ? wide : width[column];
			body[column] = wide > body[column] && (row > 0 || !head) ? wide : body[column];
		}
	for (int column = 0; column < columns; column++)
		total += width[column];
	/* The heads that save most first, until it fits. */
	while (head && rows && total > most && !across(cells, columns)) {
		enum { WORTH = 4 };
		int best = 0, saved = 0;
		for (int column = 0; column < columns; column++) {
			int word = longest_word(cells[column]), less = width[column] - (body[column] > word ? body[column] : word);
			if (less > saved) {
				best = column;
				saved = less;
			}
		}
		if (saved < WORTH)
			break;
		width[best] -= saved;
		total -= saved;
	}
}

void cli_table(struct cli *cli, int columns, const char *align, const char *const *cells, int rows, bool head)
{
	int width[32] = {0};
	if (columns > 32)
		columns = 32;
	column_widths(columns, cells, rows, head, width);
	for (int row = 0; row < rows; row++) {
		const char *const *cell = cells + row * columns;
		if (across(cell, columns)) {
			wrap_line(&cli->out, cell[0], table_width(), 3);
		} else if (head && row == 0) {
			add_head(cli, columns, align, cell, width);
		} else {
			for (int column = 0; column < columns; column++)
				add_cell(cli, cell[column], width[column], align[column], column == columns - 1);
			truce_text_add(&cli->out, "\n");
		}
	}
}

void cli_print_diagnostics(struct cli *cli)
{
	const char *no_color = getenv("NO_COLOR");
	bool color = isatty(STDERR_FILENO) && !(no_color && *no_color);
	static const char *const names[] = {"note", "warning", "error"}, *const colors[] = {"\033[36m", "\033[33m", "\033[31m"};
	for (size_t i = 0; i < truce_diagnostic_count(cli->ctx); i++) {
		const truce_diagnostic *d = truce_diagnostic_at(cli->ctx, i);
		if (d->file && d->line > 0 && d->column > 0)
			fprintf(stderr, "%s:%d:%d: ", d->file, d->line, d->column);
		else if (d->file && d->line > 0)
			fprintf(stderr, "%s:%d: ", d->file, d->line);
		else
			fprintf(stderr, "%s: ", d->file ? d->file : "truce");
		fprintf(stderr, "%s%s:%s %s", color ? colors[d->severity] : "", names[d->severity], color ? "\033[0m" : "", d->what);
		fprintf(stderr, d->remedy ? "; %s\n" : "\n", d->remedy);
		if (d->source) {
			fprintf(stderr, "    %s\n    ", d->source);
			for (int c = 1; c < d->column && d->source[c - 1]; c++)
				if (((unsigned char)d->source[c - 1] & 0xc0) != 0x80)
					fputc(d->source[c - 1] == '\t' ? '\t' : ' ', stderr);
			fputs("^\n", stderr);
		}
	}
	size_t kept = truce_diagnostic_count(cli->ctx), total = 0;
	for (int s = TRUCE_NOTE; s <= TRUCE_ERROR; s++)
		total += truce_diagnostic_total(cli->ctx, (truce_severity)s);
	if (total > kept && kept > 0)
		fprintf(stderr, "truce: note: %zu more were found and are not listed\n", total - kept);
}

/* A line of roff: backslashes and leading points are text. */
static void add_roff(truce_text *out, const char *text)
{
	if (*text == '.' || *text == '\'')
		truce_text_add(out, "\\&");
	for (; *text; text++)
		if (*text == '\\')
			truce_text_add(out, "\\e");
		else if (*text == '-')
			truce_text_add(out, "\\-");
		else
			truce_text_add_bytes(out, text, 1);
}

static void man_head(truce_text *out, const char *name, const char *summary)
{
	truce_text_addf(out, ".TH \"%s\" 1 \"\" \"truce %s\" \"Truce\"\n.SH NAME\n%s \\- %s\n.SH SYNOPSIS\n", name, TRUCE_VERSION, name,
		summary);
}

void cli_man(struct cli *cli, const struct cli_verb *verb);
void cli_man(struct cli *cli, const struct cli_verb *verb)
{
	truce_text *out = &cli->out;
	char name[64];
	if (!verb) {
		man_head(out, "truce", "an engine for trade conflicts");
		truce_text_add(out, ".B truce\n.I VERB\n[options]\n.SH DESCRIPTION\nTruce keeps a sourced record of what states do, threaten, "
			"demand, offer and say in trade, states what is in force on a day as known on a day, prices any act for every side, "
			"and finds leverage and deals.\n.SH VERBS\n");
		for (int i = 0; cli_verbs[i]; i++) {
			truce_text_addf(out, ".TP\n.B %s\n", cli_verbs[i]->name);
			add_roff(out, cli_verbs[i]->summary);
			truce_text_addf(out, "; see\n.BR truce\\-%s (1)\n", cli_verbs[i]->name);
		}
		truce_text_add(out, ".SH EXIT STATUS\n0 done; 1 done, and the answer is no; 2 wrong usage; 3 bad input; 4 did not converge; "
			"5 the system failed.\n.SH ENVIRONMENT\n.TP\n.B TRUCE_DATA\nthe folder of the shipped record and world\n.TP\n"
			".B TRUCE_SCHEDULE\nthe compiled tariff schedule\n.TP\n.B NO_COLOR\nno colour, even on a terminal\n.SH SEE ALSO\n"
			".BR truce\\-record (5)\n");
		return;
	}
	snprintf(name, sizeof name, "truce-%s", verb->name);
	man_head(out, name, verb->summary);
	truce_text_addf(out, ".B truce %s\n[options]\n.I ", verb->name);
	add_roff(out, verb->operands);
	truce_text_add(out, "\n");
	if (verb->description)
		truce_text_add(out, ".SH DESCRIPTION\n");
	for (int i = 0; verb->description && verb->description[i]; i++) {
		truce_text_add(out, i ? ".PP\n" : "");
		add_roff(out, verb->description[i]);
		truce_text_add(out, "\n");
	}
	truce_text_add(out, ".SH OPTIONS\n");
	const struct cli_option *option;
	for (int i = 0; (option = option_at(verb, i)); i++) {
		truce_text_add(out, ".TP\n.B ");
		if (option->letter)
			truce_text_addf(out, "\\-%c, ", option->letter);
		add_roff(out, "--");
		add_roff(out, option->name);
		if (option->argument)
			truce_text_addf(out, " %s", option->argument);
		truce_text_add(out, "\n");
		add_roff(out, option->help);
		truce_text_add(out, "\n");
	}
	if (verb->examples)
		truce_text_add(out, ".SH EXAMPLES\n");
	for (int i = 0; verb->examples && verb->examples[i] && verb->examples[i + 1]; i += 2) {
		truce_text_add(out, ".TP\n.B ");
		add_roff(out, verb->examples[i]);
		truce_text_add(out, "\n");
		add_roff(out, verb->examples[i + 1]);
		truce_text_add(out, "\n");
	}
	truce_text_add(out, ".SH SEE ALSO\n.BR truce (1)\n");
}
