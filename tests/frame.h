/* frame.h: the frame of the unit tests (libcheck), one program a room: test_ROOM.c.
 *
 *     #include "frame.h"
 *     START_TEST(an_honest_name) { ck_assert_int_eq(...); } END_TEST
 *     int main(void) { return truce_test_main("record", (const truce_test[]){T(an_honest_name), {0}}); }
 */
#ifndef TRUCE_TEST_FRAME_H
#define TRUCE_TEST_FRAME_H

#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <truce/base.h>

typedef struct {
	const char *name;
	const TTest *test;
} truce_test;
#define T(name) {#name, name}

/* Prints one line a failure and the plain closing line that tests/check.sh adds up. */
static inline int truce_test_main(const char *room, const truce_test *tests)
{
	Suite *suite = suite_create(room);
	for (; tests->name; tests++) {
		TCase *one = tcase_create(tests->name);
		tcase_set_timeout(one, 120);
		tcase_add_test(one, tests->test);
		suite_add_tcase(suite, one);
	}
	SRunner *runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	int failed = srunner_ntests_failed(runner), run = srunner_ntests_run(runner);
	srunner_free(runner);
	printf("%d passed, %d failed\n", run - failed, failed);
	return failed ? 1 : 0;
}

/* An allocator whose n-th call fails (n counted from 1; 0: none), and all after it. */
typedef struct {
	long calls, fail_at;
	long live; /* blocks not yet given back */
} truce_failing;

static inline void *truce_failing_allocate(void *user, void *block, size_t size)
{
	truce_failing *f = user;
	if (size == 0) {
		if (block)
			f->live--;
		free(block);
		return NULL;
	}
	f->calls++;
	if (f->fail_at && f->calls >= f->fail_at)
		return NULL;
	bool fresh = block == NULL;
	void *moved = realloc(block, size);
	if (fresh && moved)
		f->live++;
	return moved;
}

/* Runs `work` with every allocation failing in turn, until it succeeds without one having failed: each run must end
 * with an error code and leave no block behind. */
static inline void truce_fail_every_allocation(int (*work)(truce_context *ctx, void *user), void *user)
{
	for (long n = 1; n < 1000000; n++) {
		truce_failing f = {.fail_at = n};
		truce_context_options options = {.allocate = truce_failing_allocate, .allocate_user = &f};
		truce_context *ctx;
		int status = truce_context_new(&ctx, &options);
		if (status == TRUCE_OK) {
			status = work(ctx, user);
			truce_context_free(ctx);
		}
		ck_assert_msg(f.live == 0, "%ld blocks left behind when allocation %ld failed", f.live, n);
		if (f.calls < n) {
			ck_assert_int_eq(status, TRUCE_OK);
			return;
		}
		ck_assert_msg(status != TRUCE_OK, "allocation %ld failed and nobody said so", n);
	}
}

#endif
