/* duty.h: the parts of `truce duty`. */
#ifndef TRUCE_CLI_DUTY_H
#define TRUCE_CLI_DUTY_H

#include "tariff.h"

/* truce duty --table FILE: a row for each row of the file.  TRUCE_NO where a row could not be answered. */
int duty_table(struct cli *cli, truce_tariff_question *ask, const char *path);

/* User fees on an entry: no duties, and not counted among them. */
struct duty_fees {
	size_t count;
	struct duty_fee {
		const char *name, *citation;
		double usd;
		struct duty_fee *next;
	} *first;
	const char *unknown;    /* why they are not known; NULL: they are */
};

/* In the arena.  The fees on an entry of the question's value and day, by the table schedule/xx-fees.csv of the party it goes into. */
int duty_fees(struct cli *cli, truce_arena *arena, struct duty_fees *out, const truce_tariff_question *ask);
void duty_fees_to_json(truce_json *json, const struct duty_fees *fees);
void duty_fees_print(struct cli *cli, const struct duty_fees *fees);

#endif
