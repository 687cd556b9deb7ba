/* cases: published numbers and expected answers as readable text.
 *
 *     cases PROGRAM FILE.case
 *
 * A case file holds cases, each a few lines `key: value`; `#` begins a comment line.
 *
 *     source: Caliendo and Parro (2015), Table 2         shown with a failure; stands for the lines below it
 *     needs: {shared}/data/models/cp2015-31x40-1993      the lines below are skipped where this file or folder is absent
 *     do: truce world import ... -o {tmp}/nafta.world    a command that must exit 0
 *     run: truce solve {tmp}/nafta.world --json          the command that the expectations below are of
 *     status: 0                                          its exit status (0 where not said)
 *     expect: regions[id=MEX].wage = 1.008231 ± 5e-7     a number in its JSON, within a tolerance (1e-9 of 1 unless said)
 *     expect: regions[0].id is MEX                       a text; also true, false, null, there, missing
 *     expect: layers has 4                               how many items a list has, or members an object
 *     expect: average between 0.39 and 0.42
 *     expect: residual < 1e-10                           also >, <=, >=
 *     stdout: some text                                  stands in standard output; `stdout!:` does not
 *     stderr: some text                                  the same of standard error
 *
 * {tmp} is a folder of its own for the file, {shared} the folder of real inputs beside the project, {root} the
 * project; `truce` is PROGRAM.  A path step is `.name`, `[3]`, `[name=text]`, and `"a.b"` quotes a name with points.
 * `needs: -` ends the skipping.  Each expectation, status, stdout and stderr line counts as one test. */
#include <truce/base.h>

#include <ctype.h>
#include <jansson.h>
#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static struct {
	const char *program, *file;
	char root[4096], shared[4200], tmp[64], source[1024];
	int line, passed, failed, skipped;
	bool skip, ran, status_said;
	int status;
	char *out, *err;
	size_t out_length, err_length;
	json_t *json;
	char command[8192];
} state;

static void fail(const char *fmt, ...) TRUCE_PRINTF(1, 2);
static void fail(const char *fmt, ...)
{
	va_list args;
	state.failed++;
	printf("%s:%d: ", state.file, state.line);
	va_start(args, fmt);
	vprintf(fmt, args);
	va_end(args);
	printf("\n    command: %s\n", state.command);
	if (state.source[0])
		printf("    source: %s\n", state.source);
	if (state.err_length)
		printf("    standard error: %.600s\n", state.err);
}

/* The text with {tmp}, {shared} and {root} put in. */
static void expand(char *out, size_t size, const char *in)
{
	const struct {
		const char *name, *value;
	} words[] = {{"{tmp}", state.tmp}, {"{shared}", state.shared}, {"{root}", state.root}};
	size_t used = 0;
	while (*in && used + 1 < size) {
		size_t i = 0;
		for (; i < 3; i++)
			if (strncmp(in, words[i].name, strlen(words[i].name)) == 0)
				break;
		if (i < 3) {
			used += (size_t)snprintf(out + used, size - used, "%s", words[i].value);
			if (used >= size)
				used = size - 1;
			in += strlen(words[i].name);
		} else {
			out[used++] = *in++;
		}
	}
	out[used] = '\0';
}

static char *slurp(const char *path, size_t *length)
{
	FILE *file = fopen(path, "rb");
	size_t capacity = 1 << 16, used = 0, got;
	char *data = malloc(capacity + 1);
	while (file && (got = fread(data + used, 1, capacity - used, file)) > 0)
		if ((used += got) == capacity)
			data = realloc(data, (capacity *= 2) + 1);
	if (file)
		fclose(file);
	data[used] = '\0';
	*length = used;
	return data;
}

static int run(const char *command)
{
	char full[20000], path[128];
	expand(state.command, sizeof state.command, command);
	snprintf(full, sizeof full, "PATH=\"%s/bin:$PATH\"; cd '%s'; { %s\n} >%s/stdout 2>%s/stderr </dev/null", state.tmp, state.root,
		state.command, state.tmp, state.tmp);
	int raw = system(full);
	free(state.out);
	free(state.err);
	json_decref(state.json);
	snprintf(path, sizeof path, "%s/stdout", state.tmp);
	state.out = slurp(path, &state.out_length);
	snprintf(path, sizeof path, "%s/stderr", state.tmp);
	state.err = slurp(path, &state.err_length);
	state.json = json_loadb(state.out, state.out_length, JSON_DECODE_ANY, NULL);
	return WIFEXITED(raw) ? WEXITSTATUS(raw) : 128 + WTERMSIG(raw);
}

/* One step of a path; NULL where it leads nowhere. */
static json_t *step(json_t *at, const char **path)
{
	const char *p = *path;
	char name[256];
	if (*p == '.')
		p++;
	if (*p == '[') {
		const char *close = strchr(p, ']'), *equals = memchr(p, '=', close ? (size_t)(close - p) : 0);
		if (!close)
			return NULL;
		*path = close + 1;
		if (!equals)
			return json_array_get(at, (size_t)strtoul(p + 1, NULL, 10));
		snprintf(name, sizeof name, "%.*s", (int)(equals - p - 1), p + 1);
		size_t length = (size_t)(close - equals - 1), i;
		json_t *item;
		json_array_foreach(at, i, item) {
			const char *value = json_string_value(json_object_get(item, name));
			if (value && strlen(value) == length && memcmp(value, equals + 1, length) == 0)
				return item;
		}
		return NULL;
	}
	size_t length = *p == '"' ? strcspn(p + 1, "\"") : strcspn(p, ".[");
	if (*p == '"') {
		snprintf(name, sizeof name, "%.*s", (int)length, p + 1);
		p += length + 2;
	} else {
		snprintf(name, sizeof name, "%.*s", (int)length, p);
		p += length;
	}
	*path = p;
	return json_object_get(at, name);
}

static json_t *find(const char *path)
{
	json_t *at = state.json;
	if (strcmp(path, ".") == 0)
		return at;
	while (at && *path)
		at = step(at, &path);
	return at;
}

static void trim(char *text)
{
	size_t length = strlen(text);
	while (length && isspace((unsigned char)text[length - 1]))
		text[--length] = '\0';
	size_t lead = strspn(text, " \t");
	memmove(text, text + lead, length - lead + 1);
}

static void expect_number(const char *path, const char *sign, char *value, const json_t *found)
{
	double wanted, tolerance = -1, got = json_number_value(found);
	char *plus = strstr(value, "±");
	if (plus) {
		*plus = '\0';
		plus += strlen("±");
		trim(plus);
		trim(value);
		tolerance = strtod(plus, NULL);
	}
	char *end;
	wanted = strtod(value, &end);
	if (*end || end == value) {
		fail("\"%s\" is no number to compare with", value);
		return;
	}
	if (tolerance < 0)
		tolerance = 1e-9 * fmax(1, fabs(wanted));
	if (!json_is_number(found)) {
		char *text = found ? json_dumps(found, JSON_ENCODE_ANY) : NULL;
		fail("%s is %.200s, expected %s %s", path, text ? text : "missing", sign, value);
		free(text);
		return;
	}
	bool good = strcmp(sign, "=") == 0 ? fabs(got - wanted) <= tolerance : strcmp(sign, "<") == 0 ? got < wanted :
		strcmp(sign, ">") == 0 ? got > wanted : strcmp(sign, "<=") == 0 ? got <= wanted : got >= wanted;
	if (good)
		state.passed++;
	else
		fail("%s is %.12g, expected %s %s (off by %.3g)", path, got, sign, value, got - wanted);
}

static void expect_is(const char *path, const char *value, const json_t *found)
{
	char *text = !found ? NULL : json_is_string(found) ? strdup(json_string_value(found)) :
		json_dumps(found, JSON_ENCODE_ANY | JSON_COMPACT);
	bool good = strcmp(value, "missing") == 0 ? !found : strcmp(value, "there") == 0 ? found != NULL : text && strcmp(text, value) == 0;
	if (good)
		state.passed++;
	else
		fail("%s is \"%.200s\", expected \"%s\"", path, text ? text : "missing", value);
	free(text);
}

static void expect(char *text)
{
	static const char *const signs[] = {" = ", " <= ", " >= ", " < ", " > ", " is ", " has ", " between "};
	if (!state.json) {
		fail("standard output is no JSON: %.200s", state.out ? state.out : "");
		return;
	}
	for (size_t i = 0; i < sizeof signs / sizeof *signs; i++) {
		char *at = strstr(text, signs[i]);
		if (!at)
			continue;
		char *value = at + strlen(signs[i]), sign[16];
		*at = '\0';
		snprintf(sign, sizeof sign, "%s", signs[i]);
		trim(sign);
		trim(text);
		trim(value);
		json_t *found = find(text);
		if (strcmp(sign, "is") == 0) {
			expect_is(text, value, found);
		} else if (strcmp(sign, "has") == 0) {
			size_t count = json_is_array(found) ? json_array_size(found) : json_object_size(found);
			if (found && count == strtoul(value, NULL, 10))
				state.passed++;
			else
				fail("%s has %zu items, expected %s", text, count, value);
		} else if (strcmp(sign, "between") == 0) {
			char *middle = strstr(value, " and "), *end;
			double low = strtod(value, &end), high = middle ? strtod(middle + 5, NULL) : low;
			double got = json_number_value(found);
			if (json_is_number(found) && middle && got >= low && got <= high)
				state.passed++;
			else
				fail("%s is %.12g%s, expected between %s", text, got, json_is_number(found) ? "" : " (no number)", value);
		} else {
			expect_number(text, sign, value, found);
		}
		return;
	}
	fail("this expectation is not understood: %s", text);
}

static void contains(const char *where, const char *text, const char *wanted, bool negate)
{
	if ((strstr(text, wanted) != NULL) != negate)
		state.passed++;
	else
		fail("%s %s \"%s\":\n%.1500s", where, negate ? "has" : "lacks", wanted, text);
}

/* The last `run` must have exited with 0 where its case does not say another status. */
static void settle(void)
{
	if (state.ran && !state.status_said && state.status != 0)
		fail("exit status %d, expected 0", state.status);
	state.ran = false;
	state.status_said = false;
}

static void line(const char *key, char *value)
{
	struct stat info;
	char path[4400];
	if (strcmp(key, "source") == 0) {
		snprintf(state.source, sizeof state.source, "%s", value);
	} else if (strcmp(key, "needs") == 0) {
		settle();
		expand(path, sizeof path, value);
		state.skip = strcmp(value, "-") != 0 && stat(path, &info) != 0;
	} else if (strcmp(key, "do") == 0) {
		settle();
		if (!state.skip && run(value) != 0)
			fail("this command failed");
	} else if (strcmp(key, "run") == 0) {
		settle();
		if (state.skip)
			return;
		state.status = run(value);
		state.ran = true;
	} else if (state.skip) {
		state.skipped++;
	} else if (strcmp(key, "status") == 0) {
		state.status_said = true;
		if (state.status == atoi(value))
			state.passed++;
		else
			fail("exit status %d, expected %s", state.status, value);
	} else if (strcmp(key, "expect") == 0) {
		expect(value);
	} else if (strcmp(key, "stdout") == 0 || strcmp(key, "stdout!") == 0) {
		contains("standard output", state.out ? state.out : "", value, key[6] == '!');
	} else if (strcmp(key, "stderr") == 0 || strcmp(key, "stderr!") == 0) {
		contains("standard error", state.err ? state.err : "", value, key[6] == '!');
	} else {
		fail("there is no key \"%s\" in cases", key);
	}
}

int main(int argc, char **argv)
{
	char text[8192], command[4400];
	if (argc != 3) {
		fputs("usage: cases PROGRAM FILE.case\n", stderr);
		return 2;
	}
	state.program = realpath(argv[1], NULL);
	state.file = argv[2];
	FILE *file = fopen(argv[2], "r");
	if (!file || !state.program || !getcwd(state.root, sizeof state.root)) {
		fprintf(stderr, "cases: %s or %s cannot be read\n", argv[1], argv[2]);
		return 5;
	}
	snprintf(state.shared, sizeof state.shared, "%s/../shared", state.root);
	snprintf(state.tmp, sizeof state.tmp, "%s", "/tmp/truce-cases-XXXXXX");
	if (!mkdtemp(state.tmp))
		return 5;
	snprintf(command, sizeof command, "mkdir %s/bin && ln -s '%s' %s/bin/truce", state.tmp, state.program, state.tmp);
	if (system(command) != 0)
		return 5;
	while (fgets(text, sizeof text, file)) {
		state.line++;
		trim(text);
		char *colon = strchr(text, ':');
		if (!text[0] || text[0] == '#')
			continue;
		if (!colon) {
			fail("a line is `key: value`");
			continue;
		}
		*colon = '\0';
		trim(colon + 1);
		line(text, colon + 1);
	}
	settle();
	fclose(file);
	snprintf(command, sizeof command, "rm -rf %s", state.tmp);
	if (system(command) != 0)
		return 5;
	printf("%d passed, %d failed, %d skipped\n", state.passed, state.failed, state.skipped);
	return state.failed != 0;
}
