/* Room case: opens a record and a world once, and turns records into priced questions. */
#include <truce/case.h>

#include <string.h>

struct truce_case {
	truce_context *ctx;
	truce_record *record;
	truce_world *world;
	truce_bridge *bridge;
	truce_clocks clocks;
	truce_equilibrium_settings model;
	int draws;
	uint64_t seed;
};

void truce_case_options_init(truce_case_options *options)
{
	truce_cost_input defaults;
	truce_cost_input_init(&defaults);
	*options = (truce_case_options){.model = defaults.model, .draws = defaults.draws, .seed = defaults.seed};
}

/* "x/us.world" to "x/us.yaml". */
static int bridge_beside(truce_context *ctx, truce_text *out, const char *world)
{
	const char *slash = strrchr(world, '/'), *dot = strrchr(world, '.');
	size_t stem = dot && (!slash || dot > slash) ? (size_t)(dot - world) : strlen(world);
	truce_text_init(out, ctx);
	truce_text_add_bytes(out, world, stem);
	truce_text_add(out, ".yaml");
	return truce_text_done(out);
}

static int open_world(truce_case *opened, const truce_case_options *options)
{
	truce_text beside = {.ctx = opened->ctx};
	int status = truce_world_read(opened->ctx, &opened->world, options->world);
	if (!status && !options->bridge)
		status = bridge_beside(opened->ctx, &beside, options->world);
	if (!status && !options->bridge && !truce_file_exists(beside.data))
		status = truce_bridge_none(opened->ctx, &opened->bridge, opened->world, options->clocks.on);
	else if (!status)
		status = truce_bridge_read(opened->ctx, &opened->bridge, options->bridge ? options->bridge : beside.data, opened->world);
	truce_text_free(&beside);
	return status;
}

int truce_case_open(truce_context *ctx, truce_case **out, const truce_case_options *options)
{
	truce_case *opened = truce_allocate_zero(ctx, 1, sizeof *opened);
	*out = NULL;
	if (!opened)
		return TRUCE_MEMORY;
	opened->ctx = ctx;
	opened->clocks = options->clocks;
	opened->model = options->model;
	opened->draws = options->draws;
	opened->seed = options->seed;
	int status = truce_record_open(ctx, &opened->record, options->records, options->record_count);
	if (!status && options->world)
		status = open_world(opened, options);
	if (status) {
		truce_case_close(opened);
		return status;
	}
	*out = opened;
	return TRUCE_OK;
}

void truce_case_close(truce_case *opened)
{
	if (!opened)
		return;
	truce_bridge_free(opened->bridge);
	truce_world_free(opened->world);
	truce_record_close(opened->record);
	truce_release(opened->ctx, opened);
}

const truce_record *truce_case_record(const truce_case *opened)
{
	return opened->record;
}

const truce_world *truce_case_world(const truce_case *opened)
{
	return opened->world;
}

const truce_bridge *truce_case_bridge(const truce_case *opened)
{
	return opened->bridge;
}

truce_clocks truce_case_clocks(const truce_case *opened)
{
	return opened->clocks;
}

int truce_case_cost(truce_case *opened, truce_arena *arena, truce_cost **out, const char *const *acts, size_t count)
{
	truce_cost_input input = {.record = opened->record, .world = opened->world, .bridge = opened->bridge,
		.clocks = opened->clocks, .model = opened->model, .draws = opened->draws, .seed = opened->seed};
	*out = NULL;
	if (!opened->world)
		return truce_fail(opened->ctx, TRUCE_UNKNOWN, NULL, 0, 0, "name one with --world", "nothing is priced without a world");
	return truce_cost_price(opened->ctx, arena, out, &input, acts, count);
}

/* ---- the questions that the record raises ---- */

static const truce_record_kind asked[] = {TRUCE_THREAT, TRUCE_TRUCE, TRUCE_DEMAND, TRUCE_OFFER};

static bool raises(const truce_case *opened, const truce_head *head)
{
	truce_record_state state;
	if (!truce_record_state_at(opened->record, head, opened->clocks, &state))
		return false;
	return state.status == TRUCE_STANDING || state.status == TRUCE_IN_FORCE;
}

static const char *question_of(truce_arena *arena, const truce_head *head)
{
	const char *name = head->name ? head->name : head->id;
	return head->kind == TRUCE_THREAT ? truce_arena_printf(arena, "if it is carried out: %s", name) :
		head->kind == TRUCE_TRUCE ? truce_arena_printf(arena, "if it lapses: %s", name) :
		head->kind == TRUCE_DEMAND ? truce_arena_printf(arena, "if it is granted: %s", name) :
		truce_arena_printf(arena, "if it is taken: %s", name);
}

/* What was noted since `first`, as one text: why something is not priced. */
static const char *notes_since(truce_context *ctx, truce_arena *arena, size_t first)
{
	const char *why = NULL;
	for (size_t i = first; i < truce_diagnostic_count(ctx); i++) {
		const truce_diagnostic *d = truce_diagnostic_at(ctx, i);
		if (d->severity == TRUCE_NOTE)
			why = why ? truce_arena_printf(arena, "%s; %s", why, d->what) : truce_arena_text(arena, d->what);
	}
	return why ? why : "nothing of it can be priced";
}

static int ask(truce_case *opened, truce_arena *arena, truce_case_question *question, const truce_head *head)
{
	size_t first = truce_diagnostic_count(opened->ctx);
	question->head = head;
	question->question = question_of(arena, head);
	if (!question->question)
		return TRUCE_MEMORY;
	int status = opened->world ? truce_case_cost(opened, arena, &question->cost, &head->id, 1) : TRUCE_UNKNOWN;
	if (status != TRUCE_UNKNOWN)
		return status;
	question->why = opened->world ? notes_since(opened->ctx, arena, first) : "no world was given";
	truce_diagnostics_forget(opened->ctx, first); /* it is an answer here, not an error */
	return TRUCE_OK;
}

int truce_case_questions(truce_case *opened, truce_arena *arena, truce_case_question **out, size_t *count)
{
	size_t most = 0;
	*out = NULL;
	*count = 0;
	for (size_t k = 0; k < sizeof asked / sizeof *asked; k++)
		most += truce_record_count(opened->record, asked[k]);
	truce_case_question *questions = truce_arena_array(arena, most ? most : 1, sizeof *questions);
	if (!questions)
		return TRUCE_MEMORY;
	for (size_t k = 0; k < sizeof asked / sizeof *asked; k++)
		for (size_t i = 0; i < truce_record_count(opened->record, asked[k]); i++) {
			const truce_head *head = truce_record_at(opened->record, asked[k], i);
			if (!raises(opened, head))
				continue;
			int status = ask(opened, arena, &questions[*count], head);
			if (status)
				return status;
			(*count)++;
		}
	*out = questions;
	return TRUCE_OK;
}

/* Cuts "cost/A+B/PARTY/..." into its acts, in place in a copy. */
static int acts_of(truce_case *opened, truce_arena *arena, const char **act, size_t most, size_t *count, const char *id)
{
	const char *first = strchr(id, '/'), *second = first ? strchr(first + 1, '/') : NULL;
	*count = 0;
	if (!second || strncmp(id, "cost/", 5) != 0)
		return truce_fail(opened->ctx, TRUCE_NOT_FOUND, NULL, 0, 0, "numbers are named cost/ACT/PARTY/HORIZON/real_income",
			"there is no number \"%s\"", id);
	char *at = truce_arena_copy(arena, first + 1, (size_t)(second - first - 1));
	if (!at)
		return TRUCE_MEMORY;
	for (char *next; at && *count < most; at = next) {
		next = strchr(at, '+');
		if (next)
			*next++ = '\0';
		act[(*count)++] = at;
	}
	return TRUCE_OK;
}

int truce_case_trail(truce_case *opened, truce_arena *arena, const truce_trail **out, const char *id)
{
	const char *act[64];
	size_t count;
	truce_cost *cost = NULL;
	int draws = opened->draws, status = acts_of(opened, arena, act, 64, &count, id);
	*out = NULL;
	opened->draws = 0; /* the trail is of the central number */
	if (!status)
		status = truce_case_cost(opened, arena, &cost, act, count);
	opened->draws = draws;
	for (size_t h = 0; !status && h < cost->horizon_count; h++)
		for (size_t p = 0; p < cost->horizons[h].count && !*out; p++)
			*out = truce_trail_find(cost->horizons[h].parties[p].trail, id);
	if (!status && !*out)
		status = truce_fail(opened->ctx, TRUCE_NOT_FOUND, NULL, 0, 0, "`truce cost --json` names the trail of each number",
			"there is no number \"%s\"", id);
	return status;
}
