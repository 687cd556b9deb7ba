/* All public headers in one place: names must not clash between rooms.  tests/check-headers.sh compiles each alone. */
#include "frame.h"

#include <truce/truce.h>

START_TEST(headers_stand_together)
{
	ck_assert_str_eq(truce_error_name(TRUCE_OK), "OK");
}
END_TEST

int main(void)
{
	return truce_test_main("headers", (const truce_test[]){T(headers_stand_together), {0}});
}
