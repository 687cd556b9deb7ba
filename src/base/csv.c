/* Room base: CSV in and out, RFC 4180 with a header row.
 *
 * A file is read whole and its fields are cut in place: a row costs no allocation. */
#include <truce/base.h>

#include <stdarg.h>
#include <string.h>

struct truce_csv {
	truce_context *ctx;
	char *name;
	char *data, *at, *end; /* data is ours and cut in place */
	char **header;         /* NULL for a bare file */
	char **field;
	size_t width, capacity;
	int line, next_line;
};

static int fail_at(truce_csv *csv, int line, const char *what)
{
	return truce_fail(csv->ctx, TRUCE_INPUT, csv->name, line, 0, NULL, "%s", what);
}

/* Cuts one row from csv->at into csv->field.  1, 0 at the end, or an error. */
static int cut_row(truce_csv *csv, size_t *count)
{
	char *at = csv->at, *end = csv->end;
	size_t n = 0;
	/* Blank lines between rows carry nothing. */
	while (at < end && (*at == '\n' || (*at == '\r' && at + 1 < end && at[1] == '\n'))) {
		at += *at == '\r' ? 2 : 1;
		csv->next_line++;
	}
	if (at >= end) {
		csv->at = at;
		return 0;
	}
	csv->line = csv->next_line;
	for (bool more = true; more;) {
		char *start = at, *write = at;
		if (n >= csv->capacity) {
			int status = truce_grow(csv->ctx, &csv->field, &csv->capacity, n + 1, sizeof *csv->field);
			if (status)
				return status;
		}
		if (at < end && *at == '"') {
			for (at++;; at++) {
				if (at >= end)
					return fail_at(csv, csv->line, "a quoted field has no closing quote");
				if (*at == '"') {
					if (at + 1 >= end || at[1] != '"')
						break;
					at++;
				}
				if (*at == '\n')
					csv->next_line++;
				*write++ = *at;
			}
			at++;
			if (at < end && *at != ',' && *at != '\n' && *at != '\r')
				return fail_at(csv, csv->line, "text follows the closing quote of a field");
		} else {
			char *comma = at;
			while (comma < end && *comma != ',' && *comma != '\n')
				comma++;
			write = at = comma;
			if (at < end && *at == '\n' && at > start && at[-1] == '\r')
				write = --at;
			else if (at == end && at > start && at[-1] == '\r')
				write = at - 1;
		}
		csv->field[n++] = start;
		more = at < end && *at == ',';
		if (at < end && *at == '\r' && at + 1 < end && at[1] == '\n')
			at++;
		if (at < end && *at == '\n')
			csv->next_line++;
		if (at < end)
			at++;
		if (memchr(start, '\0', (size_t)(write - start)))
			return fail_at(csv, csv->line, "a NUL byte stands in a field");
		*write = '\0';
	}
	csv->at = at;
	*count = n;
	return 1;
}

static int open_data(truce_context *ctx, truce_csv **out, const char *name, char *data, size_t length, size_t bare_columns)
{
	int status = TRUCE_MEMORY;
	truce_csv *csv = truce_allocate_zero(ctx, 1, sizeof *csv);
	*out = NULL;
	if (!csv) {
		truce_release(ctx, data);
		return TRUCE_MEMORY;
	}
	csv->ctx = ctx;
	csv->data = csv->at = data;
	csv->end = data + length;
	csv->next_line = 1;
	csv->name = truce_allocate(ctx, strlen(name) + 1);
	if (!csv->name)
		goto failed;
	strcpy(csv->name, name);
	if (length >= 3 && memcmp(data, "\xef\xbb\xbf", 3) == 0)
		csv->at += 3;
	if (bare_columns) {
		csv->width = bare_columns;
	} else {
		size_t count = 0;
		int got = cut_row(csv, &count);
		if (got == 0)
			got = truce_fail(ctx, TRUCE_INPUT, name, 1, 0, NULL, "is empty; its first row must name the columns");
		if (got < 0) {
			status = got;
			goto failed;
		}
		csv->header = truce_allocate_zero(ctx, count, sizeof *csv->header);
		if (!csv->header)
			goto failed;
		/* Header fields stay where they were cut: later rows are behind them. */
		memcpy(csv->header, csv->field, count * sizeof *csv->header);
		csv->width = count;
	}
	*out = csv;
	return TRUCE_OK;
failed:
	truce_csv_close(csv);
	return status;
}

static int open_file(truce_context *ctx, truce_csv **out, const char *path, size_t columns)
{
	char *data;
	size_t length;
	int status = truce_file_read(ctx, &data, &length, path, 0);
	*out = NULL;
	return status ? status : open_data(ctx, out, path, data, length, columns);
}

int truce_csv_open(truce_context *ctx, truce_csv **out, const char *path)
{
	return open_file(ctx, out, path, 0);
}

int truce_csv_open_bare(truce_context *ctx, truce_csv **out, const char *path, size_t columns)
{
	return open_file(ctx, out, path, columns);
}

int truce_csv_open_text(truce_context *ctx, truce_csv **out, const char *name, const char *text, size_t length)
{
	char *copy = truce_allocate(ctx, length + 1);
	*out = NULL;
	if (!copy)
		return TRUCE_MEMORY;
	if (length)
		memcpy(copy, text, length);
	copy[length] = '\0';
	return open_data(ctx, out, name, copy, length, 0);
}

void truce_csv_close(truce_csv *csv)
{
	if (!csv)
		return;
	truce_release(csv->ctx, csv->name);
	truce_release(csv->ctx, csv->data);
	truce_release(csv->ctx, csv->header);
	truce_release(csv->ctx, csv->field);
	truce_release(csv->ctx, csv);
}

bool truce_csv_has_column(const truce_csv *csv, const char *name, size_t *out)
{
	for (size_t i = 0; csv->header && i < csv->width; i++)
		if (strcmp(csv->header[i], name) == 0) {
			if (out)
				*out = i;
			return true;
		}
	return false;
}

int truce_csv_column(truce_csv *csv, size_t *out, const char *name)
{
	if (truce_csv_has_column(csv, name, out))
		return TRUCE_OK;
	truce_text there;
	truce_text_init(&there, csv->ctx);
	for (size_t i = 0; csv->header && i < csv->width; i++)
		truce_text_addf(&there, "%s%s", i ? ", " : "the columns are ", csv->header[i]);
	int status = truce_fail(csv->ctx, TRUCE_INPUT, csv->name, 1, 0, there.data, "has no column \"%s\"", name);
	truce_text_free(&there);
	return status;
}

size_t truce_csv_width(const truce_csv *csv)
{
	return csv->width;
}

const char *truce_csv_header(const truce_csv *csv, size_t column)
{
	return csv->header && column < csv->width ? csv->header[column] : "";
}

int truce_csv_next(truce_csv *csv)
{
	size_t count = 0;
	int got = cut_row(csv, &count);
	if (got == 1 && count != csv->width)
		return truce_fail(csv->ctx, TRUCE_INPUT, csv->name, csv->line, 0, NULL, "has %zu fields where %zu are wanted", count,
			csv->width);
	return got;
}

const char *truce_csv_field(const truce_csv *csv, size_t column)
{
	return column < csv->width && csv->field ? csv->field[column] : "";
}

int truce_csv_double(truce_csv *csv, size_t column, double *out)
{
	const char *text = truce_csv_field(csv, column);
	int status = truce_parse_double(text, strlen(text), out);
	return status == TRUCE_INPUT ? truce_csv_fail(csv, column, "numbers are written like 1234.5", "\"%.40s\" is no number", text) :
		status;
}

int truce_csv_line(const truce_csv *csv)
{
	return csv->line;
}

const char *truce_csv_name(const truce_csv *csv)
{
	return csv->name;
}

int truce_csv_fail(truce_csv *csv, size_t column, const char *remedy, const char *fmt, ...)
{
	char what[512];
	va_list args;
	va_start(args, fmt);
	vsnprintf(what, sizeof what, fmt, args);
	va_end(args);
	if (!csv->header)
		return truce_fail(csv->ctx, TRUCE_INPUT, csv->name, csv->line, (int)column + 1, remedy, "%s (field %zu)", what, column + 1);
	return truce_fail(csv->ctx, TRUCE_INPUT, csv->name, csv->line, (int)column + 1, remedy, "%s (column \"%.60s\")", what,
		truce_csv_header(csv, column));
}

void truce_csv_write_field(truce_text *out, const char *field)
{
	if (!field[strcspn(field, "\",\r\n")]) {
		truce_text_add(out, field);
		return;
	}
	truce_text_add(out, "\"");
	for (const char *at = field; *at; at++) {
		if (*at == '"')
			truce_text_add(out, "\"");
		truce_text_add_bytes(out, at, 1);
	}
	truce_text_add(out, "\"");
}
