/* record.h: what the verbs that open a record share: which folders, which clocks. */
#ifndef TRUCE_CLI_RECORD_H
#define TRUCE_CLI_RECORD_H

#include <truce/record.h>

#include "cli.h"

#define CLI_RECORD_FOLDERS 64

/* The folders of --record, or the shipped record, whose name is then *shipped, for truce_release. */
int cli_record_folders(struct cli *cli, const char *folders[CLI_RECORD_FOLDERS], size_t *count, char **shipped);
/* The record in them.  An unsound one is TRUCE_UNSOUND (exit status 3), its faults diagnosed. */
int cli_record_open(struct cli *cli, truce_record **out);
/* --on, --known and --view. */
int cli_clocks(struct cli *cli, truce_clocks *out);
/* A record of the command line by its id, as known; TRUCE_NOT_FOUND with the nearest id. */
int cli_record_find(struct cli *cli, const truce_head **out, const truce_record *record, truce_record_kind kind, const char *id,
	truce_instant known);
/* A moment as people and programs read it: a day where it is one, else the instant with its zone.  buffer holds 32. */
const char *cli_moment(char buffer[32], truce_instant at, const truce_zone *zone);
const char *cli_status_color(const struct cli *cli, int status);
/* What a record says, in a line, for people. */
void cli_record_words(truce_text *out, const truce_head *head);
bool cli_status_is_over(int status);

#endif
