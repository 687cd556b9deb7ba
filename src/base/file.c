/* Room base: files read whole (gzip or plain) and written whole or not at all; folders. */
#include <truce/base.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

static int fail_system(truce_context *ctx, const char *path, const char *what)
{
	int reason = errno;
	bool input = reason == ENOENT || reason == EACCES || reason == EISDIR || reason == ENOTDIR || reason == ENAMETOOLONG;
	return truce_fail(ctx, input ? TRUCE_NOT_FOUND : TRUCE_SYSTEM, path, 0, 0,
		input ? "check the path and its permissions" : NULL, "%s: %s", what, strerror(reason));
}

int truce_file_read(truce_context *ctx, char **out, size_t *length, const char *path, size_t limit)
{
	char *data = NULL;
	size_t capacity = 0, used = 0;
	struct stat info;
	int status = TRUCE_OK;
	*out = NULL;
	*length = 0;
	if (limit == 0)
		limit = (size_t)1 << 30;
	if (stat(path, &info))
		return fail_system(ctx, path, "cannot be read");
	if (S_ISDIR(info.st_mode))
		return truce_fail(ctx, TRUCE_INPUT, path, 0, 0, "name a file in it", "is a folder");
	gzFile file = gzopen(path, "rb");
	if (!file)
		return fail_system(ctx, path, "cannot be read");
	gzbuffer(file, 1 << 17);
	size_t first = S_ISREG(info.st_mode) && info.st_size > 0 ? (size_t)info.st_size + 2 : 1 << 16;
	if (first > limit + 2)
		first = limit + 2;
	if ((status = truce_grow(ctx, &data, &capacity, first, 1)))
		goto done;
	for (;;) {
		if (used + 1 >= capacity && (status = truce_grow(ctx, &data, &capacity, capacity * 2, 1)))
			goto done;
		size_t room = capacity - used - 1;
		int got = gzread(file, data + used, room > 1 << 28 ? 1 << 28 : (unsigned)room);
		if (got < 0) {
			int code;
			const char *why = gzerror(file, &code);
			status = code == Z_ERRNO ? fail_system(ctx, path, "cannot be read") :
				truce_fail(ctx, TRUCE_INPUT, path, 0, 0, "fetch the file again", "is damaged gzip: %s", why);
			goto done;
		}
		used += (size_t)got;
		if (used > limit) {
			status = truce_fail(ctx, TRUCE_LIMIT, path, 0, 0, NULL, "is larger than %zu bytes", limit);
			goto done;
		}
		if (got == 0)
			break;
	}
	/* zlib reads a gzip file that ends early as if it were whole; its last word is here. */
	int code = gzclose_r(file);
	file = NULL;
	if (code != Z_OK) {
		status = truce_fail(ctx, TRUCE_INPUT, path, 0, 0, "fetch the file again", "is gzip that ends before its end");
		goto done;
	}
	data[used] = '\0';
	*out = data;
	*length = used;
	data = NULL;
done:
	if (file)
		gzclose_r(file);
	truce_release(ctx, data);
	return status;
}

/* What is renamed to a path must not take the place of a device. */
static int check_place(truce_context *ctx, const char *path)
{
	struct stat info;
	if (stat(path, &info) == 0 && !S_ISREG(info.st_mode))
		return truce_fail(ctx, TRUCE_INPUT, path, 0, 0, "name a file", "is a folder, a device or a pipe: it is not replaced");
	return TRUCE_OK;
}

/* One step of truce_file_target: what the link in `text` says, from the folder that it stands in. */
static int follow(truce_text *text, bool *is_link)
{
	char there[4096];
	ssize_t length = readlink(text->data, there, sizeof there - 1);
	*is_link = length > 0;
	if (length <= 0)
		return TRUCE_OK;
	there[length] = '\0';
	char *slash = strrchr(text->data, '/');
	text->length = there[0] == '/' || !slash ? 0 : (size_t)(slash + 1 - text->data);
	text->data[text->length] = '\0';
	truce_text_add(text, there);
	return truce_text_done(text);
}

int truce_file_target(truce_context *ctx, char **out, const char *path)
{
	enum { MOST_LINKS = 40 };
	truce_text text;
	bool is_link = true;
	int status;
	*out = NULL;
	truce_text_init(&text, ctx);
	truce_text_add(&text, path);
	status = truce_text_done(&text);
	for (int i = 0; is_link && !status; i++)
		status = i < MOST_LINKS ? follow(&text, &is_link) : truce_fail(ctx, TRUCE_INPUT, path, 0, 0, "name a file", "is a link that leads nowhere");
	if (!status) {
		*out = text.data;
		return TRUCE_OK;
	}
	truce_text_free(&text);
	return status;
}

int truce_file_write(truce_context *ctx, const char *path, const char *data, size_t length)
{
	truce_text temporary;
	char *target;
	int fd = -1, status = check_place(ctx, path);
	if (status || (status = truce_file_target(ctx, &target, path)))
		return status;
	truce_text_init(&temporary, ctx);
	truce_text_addf(&temporary, "%s.XXXXXX", target);
	if ((status = truce_text_done(&temporary)))
		goto done;
	fd = mkstemp(temporary.data);
	if (fd < 0) {
		status = fail_system(ctx, path, "cannot be written");
		goto done;
	}
	mode_t mask = umask(0);
	umask(mask);
	fchmod(fd, 0666 & ~mask);
	for (size_t at = 0; at < length;) {
		ssize_t wrote = write(fd, data + at, length - at);
		if (wrote < 0 && errno == EINTR)
			continue;
		if (wrote < 0) {
			status = fail_system(ctx, path, "cannot be written");
			goto undo;
		}
		at += (size_t)wrote;
	}
	if (fsync(fd) && errno != EINVAL && errno != EROFS) {
		status = fail_system(ctx, path, "cannot be written");
		goto undo;
	}
	if (rename(temporary.data, target)) {
		status = fail_system(ctx, path, "cannot be written");
		goto undo;
	}
	goto done;
undo:
	unlink(temporary.data);
done:
	if (fd >= 0)
		close(fd);
	truce_text_free(&temporary);
	truce_release(ctx, target);
	return status;
}

bool truce_file_exists(const char *path)
{
	struct stat info;
	return stat(path, &info) == 0 && !S_ISDIR(info.st_mode);
}

bool truce_directory_exists(const char *path)
{
	struct stat info;
	return stat(path, &info) == 0 && S_ISDIR(info.st_mode);
}

int truce_directory_make(truce_context *ctx, const char *path)
{
	truce_text part;
	int status = TRUCE_OK;
	truce_text_init(&part, ctx);
	truce_text_add(&part, path);
	if ((status = truce_text_done(&part)))
		goto done;
	for (char *at = part.data; *at; at++)
		if (*at == '/' && at != part.data) {
			*at = '\0';
			if (mkdir(part.data, 0777) && errno != EEXIST) {
				status = fail_system(ctx, path, "cannot be made");
				goto done;
			}
			*at = '/';
		}
	if (mkdir(path, 0777) && (errno != EEXIST || !truce_directory_exists(path)))
		status = fail_system(ctx, path, "cannot be made");
done:
	truce_text_free(&part);
	return status;
}

static int by_bytes(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

int truce_directory_list(truce_context *ctx, truce_arena *arena, char ***out, size_t *count, const char *path)
{
	char **names = NULL;
	size_t capacity = 0, used = 0;
	int status = TRUCE_OK;
	*out = NULL;
	*count = 0;
	DIR *directory = opendir(path);
	if (!directory)
		return fail_system(ctx, path, "cannot be read");
	for (struct dirent *entry; (entry = readdir(directory));) {
		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		if ((status = truce_grow(ctx, &names, &capacity, used + 1, sizeof *names)))
			goto done;
		if (!(names[used] = truce_arena_text(arena, entry->d_name))) {
			status = TRUCE_MEMORY;
			goto done;
		}
		used++;
	}
	char **kept = truce_arena_array(arena, used ? used : 1, sizeof *kept);
	if (!kept) {
		status = TRUCE_MEMORY;
		goto done;
	}
	if (used) {
		memcpy(kept, names, used * sizeof *kept);
		qsort(kept, used, sizeof *kept, by_bytes);
	}
	*out = kept;
	*count = used;
done:
	closedir(directory);
	truce_release(ctx, names);
	return status;
}
