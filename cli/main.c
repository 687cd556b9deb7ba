/* The program `truce`: finds the verb, reads its options by its table, runs it, prints, and says how it went. */
#include "cli.h"

#include <errno.h>
#include <malloc.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define VERB(name) extern const struct cli_verb cli_verb_##name;
#include "verbs.def"
#undef VERB

const struct cli_verb *const cli_verbs[] = {
#define VERB(name) &cli_verb_##name,
#include "verbs.def"
#undef VERB
	NULL};

int cli_parse(struct cli *cli, int argc, char **argv, char **operands, int *count); /* cli.c */
void cli_help(struct cli *cli, const struct cli_verb *verb);

static const struct cli_verb *find_verb(const char *name)
{
	for (int i = 0; cli_verbs[i]; i++)
		if (strcmp(cli_verbs[i]->name, name) == 0)
			return cli_verbs[i];
	return NULL;
}

static void progress(void *user, const char *task, double fraction)
{
	(void)user;
	if (isatty(STDERR_FILENO))
		fprintf(stderr, "\r%s %3d %%%s", task, (int)(fraction * 100), fraction >= 1 ? "\n" : "");
}

static int finish(struct cli *cli, int status)
{
	cli_print_diagnostics(cli);
	if (truce_text_done(&cli->out) && status == TRUCE_OK)
		status = TRUCE_MEMORY;
	if (cli->out.length && (fwrite(cli->out.data, 1, cli->out.length, stdout) != cli->out.length || fflush(stdout))) {
		fprintf(stderr, "truce: standard output: %s\n", strerror(errno));
		status = TRUCE_SYSTEM;
	}
	if (status < TRUCE_NO && truce_diagnostic_total(cli->ctx, TRUCE_ERROR) == 0)
		fprintf(stderr, "truce: error: %s\n", truce_error_message(status));
	else if (status == TRUCE_MEMORY)
		fprintf(stderr, "truce: error: %s\n", truce_error_message(status));
	return truce_error_exit_status(status);
}

/* The heap's first megabytes in large pages, where the system gives them on request: a short call spends more of its time in
 * the first touch of small pages than in anything else.  All of it is advice; where it is not taken nothing is lost. */
static void use_large_pages(void)
{
#if defined(__GLIBC__) && defined(MADV_HUGEPAGE)
	enum { LARGE = 2 << 20, FIRST = 24 << 20, BESIDE = 64 << 10, OWN = 32 << 20 };
	const uintptr_t now = (uintptr_t)sbrk(0), begin = (now + BESIDE + LARGE - 1) / LARGE * LARGE;
	mallopt(M_MMAP_THRESHOLD, OWN); /* from here on a block is a mapping of its own; as much as glibc would come to by itself */
	mallopt(M_TRIM_THRESHOLD, 2 * OWN);
	/* What malloc writes about the block lies beside the large pages, so that they are still untouched. */
	if (sbrk((intptr_t)(begin - BESIDE - now)) == (void *)-1)
		return;
	void *first = malloc(FIRST + 2 * BESIDE);
	if ((uintptr_t)first > begin - BESIDE && (uintptr_t)first < begin)
		madvise((void *)begin, FIRST, MADV_HUGEPAGE);
	free(first);
#endif
}

int main(int argc, char **argv)
{
	use_large_pages();
	struct cli cli = {0};
	char **operands = NULL;
	int count = 0, status;
	const char *name = argc > 1 ? argv[1] : "help";
	setenv("OPENBLAS_NUM_THREADS", "1", 0); /* read when it is loaded: scenarios run in parallel, not one solve */
	truce_context_options options = {.progress = progress};
	if (truce_context_new(&cli.ctx, &options)) {
		fputs("truce: error: out of memory\n", stderr);
		return 5;
	}
	truce_text_init(&cli.out, cli.ctx);
	const char *no_color = getenv("NO_COLOR");
	cli.color = isatty(STDOUT_FILENO) && !(no_color && *no_color);
	if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0)
		name = "help";
	if (strcmp(name, "--version") == 0) {
		truce_text_addf(&cli.out, "truce %s\n", TRUCE_VERSION);
		status = TRUCE_OK;
		goto done;
	}
	cli.verb = find_verb(name);
	if (!cli.verb) {
		status = cli_no_verb(&cli, name);
		goto done;
	}
	operands = calloc((size_t)argc + 1, sizeof *operands);
	if (!operands) {
		status = TRUCE_MEMORY;
		goto done;
	}
	status = cli_parse(&cli, argc - 2, argv + 2, operands, &count);
	if (status == TRUCE_OK && cli_flag(&cli, "help")) {
		cli_help(&cli, cli.verb);
	} else if (status == TRUCE_OK) {
		cli.json = cli_flag(&cli, "json");
		cli.csv = cli_flag(&cli, "csv");
		if (cli.json || cli.csv)
			cli.color = false;
		status = cli.verb->run(&cli, count, operands);
	}
done:
	status = finish(&cli, status);
	free(operands);
	truce_text_free(&cli.out);
	truce_context_free(cli.ctx);
	return status;
}
