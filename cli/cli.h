/* cli.h: what the verbs of the program share.
 *
 * A verb is one table (struct cli_verb) and one function.  Its help, its man page and its option parser come
 * from the table.  The program prints; the library never does. */
#ifndef TRUCE_CLI_H
#define TRUCE_CLI_H

#include <truce/base.h>

struct cli;

/* Options that mean the same for every verb that takes them. */
enum {
	CLI_JSON = 1,     /* --json */
	CLI_CSV = 2,      /* --csv */
	CLI_RECORD = 4,   /* --record DIR, repeatable */
	CLI_CLOCKS = 8,   /* --on DATE, --known DATE */
	CLI_SCHEDULE = 16,/* --schedule FILE, TRUCE_SCHEDULE */
	CLI_WORLD = 32,   /* --world W.world */
	CLI_VIEW = 64     /* --view applied|lawful */
};

struct cli_option {
	const char *name;     /* without "--" */
	char letter;          /* 0: none */
	const char *argument; /* NULL: a flag */
	bool repeats;
	const char *help;     /* one sentence */
};

struct cli_verb {
	const char *name;
	const char *summary;      /* one line, no full stop */
	const char *operands;     /* "CODE", "[DIR]", "ACT…"; "" none */
	int operands_min, operands_max; /* max -1: any number */
	unsigned common;          /* CLI_… */
	const struct cli_option *options; /* ends with name NULL; may be NULL */
	const char *const *description;   /* paragraphs, ends with NULL */
	const char *const *examples;      /* command, what it does, ..., NULL */
	int (*run)(struct cli *cli, int count, char **operands); /* an error code of truce/base.h, or TRUCE_OK */
};

struct cli {
	truce_context *ctx;
	const struct cli_verb *verb;
	bool json, csv, color;
	truce_text out;            /* what goes to standard output; printed whole when run returns */
	struct { const char *name, *value; } given[128];
	int given_count;
};

bool cli_flag(const struct cli *cli, const char *name);
const char *cli_value(const struct cli *cli, const char *name);          /* the last one given, or NULL */
const char *cli_value_at(const struct cli *cli, const char *name, int i); /* the i-th given, or NULL */
int cli_date(struct cli *cli, truce_time *out, const char *name);        /* an ISO date or instant; today (UTC) where not given */
int cli_double(struct cli *cli, double *out, const char *name, double otherwise);
int cli_usage(struct cli *cli, const char *fmt, ...) TRUCE_PRINTF(2, 3); /* diagnoses, returns TRUCE_USAGE */
int cli_no_verb(struct cli *cli, const char *name);                       /* the same, of a word that is no verb */

/* A file or folder of the shipped data ("record/us-china"): TRUCE_DATA, the source tree, or where installed. */
int cli_data_path(struct cli *cli, char **out /* truce_release */, const char *below);
/* The path of the shipped "record" or "world". */
int cli_shipped(struct cli *cli, char **out /* truce_release */, const char *kind);

/* Text for people: colour only on a terminal, without NO_COLOR. */
const char *cli_bold(const struct cli *cli), *cli_dim(const struct cli *cli), *cli_red(const struct cli *cli),
	*cli_green(const struct cli *cli), *cli_yellow(const struct cli *cli), *cli_plain(const struct cli *cli);
/* How many columns a UTF-8 text takes (code points, wide East Asian ones counted twice). */
int cli_columns(const char *text);

/* How many columns people see: the terminal's, or those that COLUMNS says; 0: nobody says. */
int cli_width(void);
/* Breaks the lines of the output since `start` at cli_width, further lines behind `indent` blanks. */
void cli_wrap(struct cli *cli, size_t start, int indent);

/* A table for people: cells in reading order, columns aligned, numbers to the right.  A row whose second cell is NULL is one
 * text across all columns.  A table wider than cli_width (100 where nobody says) breaks the words of its head. */
void cli_table(struct cli *cli, int columns, const char *align /* "llr" */, const char *const *cells, int rows, bool head);

extern const struct cli_verb *const cli_verbs[]; /* ends with NULL */
void cli_print_diagnostics(struct cli *cli);

#endif
