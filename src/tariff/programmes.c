/* programmes.c: the tables of a party that levies: shares by list, and who may use which column (tariff room). */
#include <string.h>

#include <truce/tariff.h>

enum { MOST_SHARES = 64 };

int truce_tariff_read_shares(truce_context *ctx, truce_arena *arena, truce_tariff_question *question, const char *path)
{
	truce_csv *csv;
	size_t measure, list, kind;
	truce_tariff_share *shares = truce_arena_array(arena, MOST_SHARES, sizeof *shares);
	int got = 0, status = shares ? truce_csv_open(ctx, &csv, path) : TRUCE_MEMORY;
	question->share_count = 0;
	if (status)
		return status;
	if ((status = truce_csv_column(csv, &measure, "measure")) || (status = truce_csv_column(csv, &list, "list")) ||
		(status = truce_csv_column(csv, &kind, "kind")))
		goto done;
	while (!status && (got = truce_csv_next(csv)) > 0) {
		if (question->share_count == MOST_SHARES) {
			status = truce_csv_fail(csv, measure, NULL, "more than %d rows", MOST_SHARES);
			break;
		}
		truce_tariff_share *row = &shares[question->share_count++];
		row->measure = truce_arena_text(arena, truce_csv_field(csv, measure));
		row->list = truce_arena_text(arena, truce_csv_field(csv, list));
		row->content = strcmp(truce_csv_field(csv, kind), "content") == 0;
		if (!row->measure || !row->list)
			status = TRUCE_MEMORY;
		else if (!row->content && strcmp(truce_csv_field(csv, kind), "applies") != 0)
			status = truce_csv_fail(csv, kind, "content or applies", "'%s' is no kind of share", truce_csv_field(csv, kind));
	}
	if (!status && got < 0)
		status = got;
	question->shares = shares;
done:
	truce_csv_close(csv);
	return status;
}

static int day_of(truce_csv *csv, size_t column, truce_date open, truce_date *out)
{
	const char *text = truce_csv_field(csv, column);
	*out = open;
	if (*text && truce_date_parse(text, out))
		return truce_csv_fail(csv, column, "2012-03-15, or nothing where it is open", "'%s' is no date", text);
	return TRUCE_OK;
}

static int read_programme(truce_csv *csv, truce_arena *arena, truce_tariff_programme *row, const size_t column[static 6])
{
	size_t known, exempts;
	int status = day_of(csv, column[2], TRUCE_NO_DATE, &row->from);
	if (!status)
		status = day_of(csv, column[3], TRUCE_FOREVER, &row->until);
	if (status)
		return status;
	row->known = TRUCE_NO_DATE;
	if (truce_csv_has_column(csv, "known", &known) && (status = day_of(csv, known, TRUCE_NO_DATE, &row->known)))
		return status;
	row->programme = truce_arena_text(arena, truce_csv_field(csv, column[0]));
	row->party = truce_arena_text(arena, truce_csv_field(csv, column[1]));
	row->claim = truce_arena_text(arena, truce_csv_field(csv, column[4]));
	row->source = truce_arena_text(arena, truce_csv_field(csv, column[5]));
	row->exempts = truce_arena_text(arena, truce_csv_has_column(csv, "exempts", &exempts) ? truce_csv_field(csv, exempts) : "");
	if (!row->exempts || !row->programme || !row->party || !row->claim || !row->source)
		return TRUCE_MEMORY;
	if (!*row->programme || !*row->party || !*row->source)
		return truce_csv_fail(csv, column[0], "programme, party and source must be there", "the row is not whole");
	if (row->from >= row->until)
		return truce_csv_fail(csv, column[3], "until is the first day after it", "it ends before it begins");
	return TRUCE_OK;
}

int truce_tariff_read_programmes(truce_context *ctx, truce_arena *arena, truce_tariff_question *question, const char *path)
{
	static const char *const names[6] = {"programme", "party", "from", "until", "claim", "source"};
	truce_csv *csv;
	truce_tariff_programme *rows = NULL;
	size_t column[6], count = 0, capacity = 0;
	int got = 0, status = truce_csv_open(ctx, &csv, path);
	if (status)
		return status;
	for (int i = 0; i < 6 && !status; i++)
		status = truce_csv_column(csv, &column[i], names[i]);
	while (!status && (got = truce_csv_next(csv)) > 0)
		if (!(status = truce_grow(ctx, &rows, &capacity, count + 1, sizeof *rows)))
			status = read_programme(csv, arena, &rows[count++], column);
	if (!status && got < 0)
		status = got;
	truce_tariff_programme *kept = status ? NULL : truce_arena_array(arena, count + 1, sizeof *kept);
	if (!status && !kept)
		status = TRUCE_MEMORY;
	if (!status && count)
		memcpy(kept, rows, count * sizeof *kept);
	question->programmes = kept;
	question->programme_count = status ? 0 : count;
	truce_release(ctx, rows);
	truce_csv_close(csv);
	return status;
}
