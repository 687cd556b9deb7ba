/* schedule_fetch.c: brings what a government publishes, from a table of addresses (tariff room).
 *
 * What was begun is taken up where it stopped; a file comes to its name only when it is whole: its length is what the
 * server said, its size and hash what the table says, or what was noted when it was fetched before. */
#include "schedule_private.h"
#include "transfer.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define NOTES "fetched.csv"

/* One row of the table of addresses, or of the notes of an earlier fetch. */
struct wanted {
	const char *file, *url, *sha256;
	int64_t size; /* -1: not said */
};

struct fetch {
	truce_context *ctx;
	truce_arena *arena;
	const truce_schedule_fetch_options *options;
	truce_schedule_fetch_report *report;
	struct wanted *wanted, *noted;
	size_t wanted_count, noted_count;
	const struct transfer *transfer; /* libcurl, loaded */
	CURL *curl;
};

static int read_table(struct fetch *f, const char *path, bool addresses, struct wanted **out, size_t *count)
{
	size_t file, url = 0, size = 0, hash = 0, capacity = 0;
	bool has_size, has_hash;
	struct wanted *items = NULL;
	truce_csv *csv;
	int error, more = 0;

	if ((error = truce_csv_open(f->ctx, &csv, path))) return error;
	has_size = truce_csv_has_column(csv, "size", &size);
	has_hash = truce_csv_has_column(csv, "sha256", &hash);
	error = truce_csv_column(csv, &file, "file");
	if (!error && addresses) error = truce_csv_column(csv, &url, "url");
	while (!error && (more = truce_csv_next(csv)) == 1) {
		struct wanted w = {truce_arena_text(f->arena, truce_csv_field(csv, file)), "", "", -1};
		const char *name = truce_csv_field(csv, file), *text = has_size ? truce_csv_field(csv, size) : "";

		if (!*name || strchr(name, '/') || name[0] == '.') {
			error = truce_csv_fail(csv, file, "give the name of a file, without a folder", "'%s' is no name of a file", name);
			break;
		}
		if (*text && (truce_parse_int(text, strlen(text), &w.size) || w.size < 0)) {
			error = truce_csv_fail(csv, size, NULL, "'%s' is no size in bytes", text);
			break;
		}
		if (addresses) w.url = truce_arena_text(f->arena, truce_csv_field(csv, url));
		if (has_hash) w.sha256 = truce_arena_text(f->arena, truce_csv_field(csv, hash));
		if (!w.file || !w.url || !w.sha256 || truce_grow(f->ctx, &items, &capacity, *count + 1, sizeof *items)) {
			error = TRUCE_MEMORY;
			break;
		}
		items[(*count)++] = w;
	}
	if (!error && more < 0) error = more;
	truce_csv_close(csv);
	*out = items;
	return error;
}

static int64_t size_of(const char *path)
{
	struct stat status;

	return stat(path, &status) == 0 && S_ISREG(status.st_mode) ? (int64_t)status.st_size : -1;
}

/* The hash of a file as it lies there, not unpacked. */
static int hash_of(struct fetch *f, const char *path, char out[65])
{
	int64_t size = size_of(path);
	char *bytes;
	FILE *file;
	int error = TRUCE_OK;

	if (size < 0 || size > (int64_t)1 << 30) return truce_fail(f->ctx, TRUCE_SYSTEM, path, 0, 0, NULL, "the file cannot be read");
	if (!(bytes = truce_allocate(f->ctx, (size_t)size + 1))) return TRUCE_MEMORY;
	file = fopen(path, "rb");
	if (!file || fread(bytes, 1, (size_t)size, file) != (size_t)size)
		error = truce_fail(f->ctx, TRUCE_SYSTEM, path, 0, 0, NULL, "the file cannot be read: %s", strerror(errno));
	else
		schedule_sha256(out, bytes, (size_t)size);
	if (file) fclose(file);
	truce_release(f->ctx, bytes);
	return error;
}

static const struct wanted *noted_of(const struct fetch *f, const char *file)
{
	for (size_t i = f->noted_count; i-- > 0;)
		if (!strcmp(f->noted[i].file, file)) return &f->noted[i];
	return NULL;
}

/* Whether the file is there already and is what the table, or the note of its fetching, says. */
static int is_there(struct fetch *f, const struct wanted *w, const char *path, bool *there)
{
	const struct wanted *noted = noted_of(f, w->file);
	int64_t size = size_of(path), want = w->size >= 0 ? w->size : noted ? noted->size : -1;
	const char *hash = *w->sha256 ? w->sha256 : noted ? noted->sha256 : "";
	char found[65];
	int error;

	*there = false;
	if (size < 0 || (want >= 0 && size != want)) return TRUCE_OK;
	if (!*hash) return TRUCE_OK; /* nothing says that it is whole */
	if ((error = hash_of(f, path, found))) return error;
	*there = !strcmp(found, hash);
	return TRUCE_OK;
}

static size_t write_bytes(char *bytes, size_t size, size_t count, void *user)
{
	return fwrite(bytes, size, count, user) * size;
}

static int show_progress(void *user, curl_off_t total, curl_off_t now, curl_off_t up_total, curl_off_t up)
{
	struct fetch *f = user;

	(void)up_total;
	(void)up;
	if (total > 0) truce_progress(f->ctx, "fetching", (double)now / (double)total);
	return truce_cancelled(f->ctx);
}

/* One attempt: appends to the part that is there, or begins anew where the server does not resume. */
static int attempt(struct fetch *f, const struct wanted *w, const char *part, bool resume)
{
	int64_t have = resume ? size_of(part) : -1;
	FILE *file = fopen(part, have > 0 ? "ab" : "wb");
	curl_off_t length = -1;
	long status = 0;
	CURLcode code;

	if (!file) return truce_fail(f->ctx, TRUCE_SYSTEM, part, 0, 0, "see that the folder can be written to", "%s", strerror(errno));
	f->transfer->reset(f->curl);
	f->transfer->setopt(f->curl, CURLOPT_URL, w->url);
	f->transfer->setopt(f->curl, CURLOPT_FOLLOWLOCATION, 1L);
	f->transfer->setopt(f->curl, CURLOPT_MAXREDIRS, 5L);
	f->transfer->setopt(f->curl, CURLOPT_FAILONERROR, 1L);
	f->transfer->setopt(f->curl, CURLOPT_NOSIGNAL, 1L);
	f->transfer->setopt(f->curl, CURLOPT_CONNECTTIMEOUT, 30L);
	f->transfer->setopt(f->curl, CURLOPT_LOW_SPEED_LIMIT, 100L);
	f->transfer->setopt(f->curl, CURLOPT_LOW_SPEED_TIME, 60L);
	f->transfer->setopt(f->curl, CURLOPT_USERAGENT, "truce/" TRUCE_VERSION);
	f->transfer->setopt(f->curl, CURLOPT_MAXFILESIZE_LARGE, (curl_off_t)1 << 30);
	f->transfer->setopt(f->curl, CURLOPT_PROTOCOLS_STR, "http,https");
	f->transfer->setopt(f->curl, CURLOPT_WRITEFUNCTION, write_bytes);
	f->transfer->setopt(f->curl, CURLOPT_WRITEDATA, file);
	f->transfer->setopt(f->curl, CURLOPT_NOPROGRESS, 0L);
	f->transfer->setopt(f->curl, CURLOPT_XFERINFOFUNCTION, show_progress);
	f->transfer->setopt(f->curl, CURLOPT_XFERINFODATA, f);
	if (have > 0) f->transfer->setopt(f->curl, CURLOPT_RESUME_FROM_LARGE, (curl_off_t)have);
	code = f->transfer->perform(f->curl);
	f->transfer->getinfo(f->curl, CURLINFO_RESPONSE_CODE, &status);
	f->transfer->getinfo(f->curl, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &length);
	if (fclose(file) != 0 && code == CURLE_OK) code = CURLE_WRITE_ERROR;
	if (code == CURLE_OK) {
		if (have > 0) f->report->resumed++;
		return TRUCE_OK;
	}
	if (code == CURLE_ABORTED_BY_CALLBACK) return TRUCE_CANCELLED;
	/* A server that cannot resume, or a part that is longer than the file now is: once more from the beginning. */
	if (have > 0 && (code == CURLE_RANGE_ERROR || status == 416)) return attempt(f, w, part, false);
	if (have <= 0 && size_of(part) == 0) unlink(part); /* nothing to go on from */
	if (code == CURLE_UNSUPPORTED_PROTOCOL || code == CURLE_URL_MALFORMAT)
		return truce_fail(f->ctx, TRUCE_INPUT, w->url, 0, 0, "mend the address in the table: http or https", "%s", f->transfer->strerror(code));
	if (status >= 400)
		return truce_fail(f->ctx, TRUCE_SYSTEM, w->url, 0, 0, "mend the address in the table", "the server answers %ld", status);
	return truce_fail(f->ctx, TRUCE_SYSTEM, w->url, 0, 0, "run it again: it goes on from where it stopped", "%s", f->transfer->strerror(code));
}

/* Size and hash against the table; the sound part comes to its name. */
static int accept_part(struct fetch *f, const struct wanted *w, const char *part, const char *path)
{
	char hash[65];
	int64_t size = size_of(part);
	int error = hash_of(f, part, hash);
	truce_text line;

	if (error) return error;
	if ((w->size >= 0 && size != w->size) || (*w->sha256 && strcmp(hash, w->sha256) != 0)) {
		unlink(part);
		return truce_fail(f->ctx, TRUCE_INPUT, w->url, 0, 0, "run it again, or mend the table where the publisher changed the file",
			"what came is not what the table says: %lld bytes, sha256 %s", (long long)size, hash);
	}
	if (rename(part, path) != 0) return truce_fail(f->ctx, TRUCE_SYSTEM, path, 0, 0, NULL, "%s", strerror(errno));
	truce_text_init(&line, f->ctx);
	truce_text_addf(&line, "%s/" NOTES, f->options->folder);
	if (!(error = truce_text_done(&line))) {
		bool fresh = size_of(line.data) < 0;
		FILE *notes = fopen(line.data, "a");

		if (notes && fresh) fputs("file,size,sha256\n", notes);
		if (!notes || fprintf(notes, "%s,%lld,%s\n", w->file, (long long)size, hash) < 0 || fclose(notes) != 0)
			error = truce_fail(f->ctx, TRUCE_SYSTEM, line.data, 0, 0, NULL, "%s", strerror(errno));
	}
	truce_text_free(&line);
	f->report->bytes += (uint64_t)size;
	return error;
}

static int fetch_file(struct fetch *f, const struct wanted *w)
{
	char *path = truce_arena_printf(f->arena, "%s/%s", f->options->folder, w->file);
	char *part = truce_arena_printf(f->arena, "%s/%s.part", f->options->folder, w->file);
	bool there;
	int error;

	if (!path || !part) return TRUCE_MEMORY;
	if ((error = is_there(f, w, path, &there))) return error;
	if (there) {
		f->report->there++;
		return TRUCE_OK;
	}
	if ((error = attempt(f, w, part, true)) || (error = accept_part(f, w, part, path))) return error;
	f->report->fetched++;
	return TRUCE_OK;
}

int truce_schedule_fetch(truce_context *ctx, truce_schedule_fetch_report *out, const truce_schedule_fetch_options *options)
{
	struct fetch f = {.ctx = ctx, .options = options, .report = out};
	struct transfer loaded = {0};
	char *notes;
	int error, first = TRUCE_OK;

	memset(out, 0, sizeof *out);
	if ((error = truce_arena_new(ctx, &f.arena)) || (error = truce_directory_make(ctx, options->folder)) ||
	    (error = read_table(&f, options->table, true, &f.wanted, &f.wanted_count)))
		goto done;
	if (!(notes = truce_arena_printf(f.arena, "%s/" NOTES, options->folder))) {
		error = TRUCE_MEMORY;
		goto done;
	}
	if (truce_file_exists(notes) && (error = read_table(&f, notes, false, &f.noted, &f.noted_count))) goto done;
	if ((error = transfer_load(ctx, &loaded))) goto done;
	f.transfer = &loaded;
	if (!(f.curl = loaded.init())) {
		error = truce_fail(ctx, TRUCE_SYSTEM, NULL, 0, 0, NULL, "the transfer library could not be set up");
		goto done;
	}
	/* One file that fails does not keep the others from coming; the first failure is the answer. */
	for (size_t i = 0; i < f.wanted_count; i++) {
		if (options->match && !strstr(f.wanted[i].file, options->match)) continue;
		error = fetch_file(&f, &f.wanted[i]);
		if (error) out->failed++;
		if (error && !first) first = error;
		if (error == TRUCE_CANCELLED || error == TRUCE_MEMORY) break;
	}
	error = first;
done:
	if (f.curl) f.transfer->cleanup(f.curl);
	truce_release(ctx, f.wanted);
	truce_release(ctx, f.noted);
	truce_arena_free(f.arena);
	return error;
}
