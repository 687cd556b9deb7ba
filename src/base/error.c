/* Room base: the one list of errors, as names, messages and exit statuses. */
#include <truce/base.h>

static const struct {
	const char *name, *message;
	int code, status;
} errors[] = {
#define ROW(name, value, message, status) {#name, message, value, status},
	TRUCE_ERROR_LIST(ROW)
#undef ROW
};

/* The list is numbered 0, -1, -2, ... without gaps; an unknown code is treated as a failure of the system. */
static int row_of(int code)
{
	int count = (int)(sizeof errors / sizeof *errors);
	return code <= 0 && -code < count ? -code : -1;
}

const char *truce_error_name(int code)
{
	int row = row_of(code);
	return row < 0 ? "?" : errors[row].name;
}

const char *truce_error_message(int code)
{
	int row = row_of(code);
	return row < 0 ? "an error that is not in the list" : errors[row].message;
}

int truce_error_exit_status(int code)
{
	int row = row_of(code);
	return row < 0 ? 5 : errors[row].status;
}
