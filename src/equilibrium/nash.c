/* equilibrium: wedges from which nobody gains by moving alone, and the replies to a given move.
 *
 * Rounds of best replies, all players from the same wedges, so that a round is one job a player and the answer does not
 * depend on threads.  A round that would not bring the players nearer is taken half. */
#include "game.h"
#include "internal.h"

#include <math.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

enum { MOST_THREADS = 64 };

/* ---- replies on threads -------------------------------------------------------------------------------------------------- */

struct pool {
	struct eq_reply *replies;
	size_t count;
	atomic_size_t next;
	atomic_bool stop;
};

static bool stopped(void *user)
{
	struct pool *pool = user;
	return atomic_load(&pool->stop);
}

static void work_on(struct pool *pool, truce_context *ctx, truce_context *caller)
{
	size_t k;
	while (!atomic_load(&pool->stop) && (k = atomic_fetch_add(&pool->next, 1)) < pool->count) {
		eq_reply_find(ctx, &pool->replies[k]);
		if (caller && truce_cancelled(caller))
			atomic_store(&pool->stop, true);
		if (pool->replies[k].status)
			atomic_store(&pool->stop, true);
	}
}

static void *work(void *user)
{
	struct pool *pool = user;
	truce_context *ctx;
	const truce_context_options options = {.cancelled = stopped, .user = pool};
	if (truce_context_new(&ctx, &options))
		return NULL; /* the caller's thread does all */
	work_on(pool, ctx, NULL);
	truce_context_free(ctx);
	return NULL;
}

int eq_replies_find(truce_context *ctx, struct eq_reply *replies, size_t count, int threads)
{
	struct pool pool = {.replies = replies, .count = count};
	pthread_t thread[MOST_THREADS];
	int started = 0;
	for (size_t k = 0; k < count; k++)
		replies[k].status = TRUCE_CANCELLED; /* until it is found */
	threads = threads > MOST_THREADS ? MOST_THREADS : threads;
	while (started + 1 < threads && (size_t)started + 1 < count && !pthread_create(&thread[started], NULL, work, &pool))
		started++;
	work_on(&pool, ctx, ctx);
	for (int i = 0; i < started; i++)
		pthread_join(thread[i], NULL);
	for (size_t k = 0; k < count; k++) {
		/* what failed elsewhere is done again here, where it is said why */
		if (replies[k].status && truce_cancelled(ctx))
			return TRUCE_CANCELLED;
		if (replies[k].status && eq_reply_find(ctx, &replies[k]))
			return replies[k].status;
	}
	return TRUCE_OK;
}

/* ---- the game ------------------------------------------------------------------------------------------------------------- */

struct game {
	truce_context *ctx;
	truce_arena *arena;
	const truce_world *world;
	const truce_equilibrium_settings *settings;
	truce_policy_options options;
	const size_t *players;
	size_t count;
	struct eq_levers *levers; /* [count] */
	struct eq_reply *reply;   /* [count] */
	double **at;              /* [count][levers] where the players stand */
	double *tariff, *export_tax;
	double gain;              /* the largest of the last round */
	int rounds, evaluations;
};

static int game_new(struct game *g, truce_outcome *o)
{
	int status = eq_game_check(g->ctx, g->world, &g->options, g->players, g->count);
	if (status)
		return status;
	g->levers = truce_arena_array(g->arena, g->count, sizeof *g->levers);
	g->reply = truce_arena_array(g->arena, g->count, sizeof *g->reply);
	g->at = truce_arena_array(g->arena, g->count, sizeof *g->at);
	if (!g->levers || !g->reply || !g->at)
		return TRUCE_MEMORY;
	g->tariff = o->tariff;
	g->export_tax = o->export_tax;
	for (size_t p = 0; p < g->count; p++) {
		if ((status = eq_levers_list(g->ctx, g->arena, &g->levers[p], g->world, &g->options, &g->players[p], 1)))
			return status;
		g->at[p] = truce_arena_array(g->arena, g->levers[p].count, sizeof(double));
		g->reply[p] = (struct eq_reply){.world = g->world, .settings = g->settings, .options = &g->options, .levers = &g->levers[p],
			.tariff = g->tariff, .export_tax = g->export_tax, .player = g->players[p],
			.x = truce_arena_array(g->arena, g->levers[p].count, sizeof(double))};
		if (!g->at[p] || !g->reply[p].x)
			return TRUCE_MEMORY;
	}
	return TRUCE_OK;
}

static int find_replies(struct game *g)
{
	int status = eq_replies_find(g->ctx, g->reply, g->count, g->options.threads);
	g->gain = 0;
	for (size_t p = 0; p < g->count; p++) {
		g->gain = fmax(g->gain, g->reply[p].found.gain);
		g->evaluations += g->reply[p].found.evaluations;
	}
	return status;
}

/* Moves the players `part` of the way to their replies. */
static void move(struct game *g, double part)
{
	for (size_t p = 0; p < g->count; p++) {
		const struct eq_levers *l = &g->levers[p];
		for (size_t v = 0; v < l->count; v++)
			g->at[p][v] += part * (g->reply[p].x[v] - g->at[p][v]);
		eq_levers_write(l, g->at[p], g->tariff, g->export_tax);
	}
}

static void stand(struct game *g)
{
	for (size_t p = 0; p < g->count; p++)
		eq_levers_read(&g->levers[p], g->at[p], g->tariff, g->export_tax);
}

/* Rounds of replies until nobody gains; the first from `starts` of each player's own. */
static int settle(struct game *g, int starts)
{
	double part = 1, last = INFINITY;
	for (int round = 0; round < g->options.rounds; round++) {
		for (size_t p = 0; p < g->count; p++)
			g->reply[p].starts = round == 0 ? starts : 0;
		int status = find_replies(g);
		if (status)
			return status;
		g->rounds++;
		truce_progress(g->ctx, "rounds of replies", fmin(1, (round + 1) / 10.0));
		if (g->gain <= g->options.gain && round > 0) {
			move(g, part); /* as near as can be had for nothing; the proof looks again */
			return TRUCE_OK;
		}
		if (g->gain > 0.5 * last && part > 0.1)
			part *= 0.5;
		last = g->gain;
		move(g, round == 0 ? 1 : part);
	}
	return truce_fail(g->ctx, TRUCE_CONVERGE, NULL, 0, 0, "give more rounds, or bear a larger gain", "after %d rounds somebody still gains %.2g by "
		"a better reply", g->rounds, g->gain);
}

/* Every player's reply anew, from where all stand, and the proof of where it stands. */
static int prove(struct game *g, truce_outcome *o)
{
	for (size_t p = 0; p < g->count; p++) {
		struct eq_reply *r = &g->reply[p];
		r->starts = 0;
		r->prove = r->prove_given = true;
		r->gradient = truce_arena_array(g->arena, g->world->sectors * g->world->regions * g->world->regions, sizeof(double));
		if (!r->gradient)
			return TRUCE_MEMORY;
	}
	int status = find_replies(g);
	if (status)
		return status;
	for (size_t p = 0; p < g->count; p++) {
		struct eq_reply *r = &g->reply[p];
		o->optimum[p] = r->found;
		for (size_t j = 0; j < g->world->sectors; j++) {
			const size_t row = truce_world_edge(g->world, j, r->player, 0);
			memcpy(o->gradient + row, r->gradient + row, g->world->regions * sizeof(double));
		}
		r->gradient = NULL;
		r->prove = r->prove_given = false;
	}
	o->largest_gain = g->gain;
	if (!(g->gain <= g->options.gain + 1e-12))
		return truce_fail(g->ctx, TRUCE_CONVERGE, NULL, 0, 0, "bear a larger gain", "replies computed anew still gain %.2g", g->gain);
	for (size_t p = 0; p < g->count; p++)
		if (eq_bends_up(&o->optimum[p]))
			return truce_fail(g->ctx, TRUCE_CONVERGE, NULL, 0, 0, "begin elsewhere", "%s stands where its value bends up along some direction "
				"(%.2g): it would move", g->world->region[g->players[p]], o->optimum[p].curvature);
	return eq_incomes_at(g->ctx, g->world, g->settings, o->tariff, o->export_tax, o->real_income, &o->certificate);
}

/* The same game from other starting points: how far apart they end. */
static int start_again(struct game *g, truce_outcome *o, const double *begin)
{
	const size_t edges = g->world->sectors * g->world->regions * g->world->regions, bytes = edges * sizeof(double);
	double *tariff = truce_arena_array(g->arena, edges, sizeof(double)), *tax = truce_arena_array(g->arena, edges, sizeof(double));
	struct game other = *g;
	if (!tariff || !tax)
		return TRUCE_MEMORY;
	other.tariff = tariff;
	other.export_tax = g->export_tax ? tax : NULL;
	for (int k = 1; k < g->options.starts; k++) {
		memcpy(tariff, begin, bytes);
		memset(tax, 0, bytes);
		for (size_t p = 0; p < g->count; p++) {
			other.reply[p].tariff = tariff;
			other.reply[p].export_tax = other.export_tax;
			eq_levers_read(&g->levers[p], other.reply[p].x, tariff, other.export_tax);
			eq_levers_begin(&g->levers[p], other.reply[p].x, k, g->options.seed + (uint64_t)p);
			eq_levers_write(&g->levers[p], other.reply[p].x, tariff, other.export_tax);
			eq_levers_read(&g->levers[p], g->at[p], tariff, other.export_tax);
		}
		int status = settle(&other, 0);
		if (status)
			return status;
		for (size_t p = 0; p < g->count; p++)
			for (size_t v = 0; v < g->levers[p].count; v++) {
				const size_t e = g->levers[p].edge[g->levers[p].first[v]];
				const double here = g->levers[p].exports[v] ? o->export_tax[e] : o->tariff[e];
				o->start_spread = fmax(o->start_spread, g->levers[p].scale[v] * fabs(g->at[p][v] - log1p(here)));
			}
		o->starts++;
	}
	g->evaluations = other.evaluations;
	return TRUCE_OK;
}

int truce_policy_nash(truce_context *ctx, truce_arena *arena, truce_outcome **out, const truce_world *w,
	const truce_equilibrium_settings *settings, const truce_policy_options *options, const size_t *players, size_t count,
	const double *begin)
{
	const double began = eq_now_ms();
	*out = NULL;
	if (!begin)
		begin = w->tariff;
	truce_outcome *o = eq_outcome_new(arena, w, options, count, begin);
	struct game g = {.ctx = ctx, .arena = arena, .world = w, .settings = settings, .options = *options, .players = players, .count = count};
	if (!o)
		return TRUCE_MEMORY;
	int status = game_new(&g, o);
	if (status || (status = eq_incomes_at(ctx, w, settings, o->tariff, o->export_tax, o->real_income_start, NULL)))
		return status;
	stand(&g);
	if ((status = settle(&g, 1)) || (status = prove(&g, o)))
		return status;
	o->rounds = g.rounds;
	if (options->starts > 1 && (status = start_again(&g, o, begin)))
		return status;
	for (size_t p = 0; p < count; p++)
		o->optimum[p].start = o->real_income_start[players[p]];
	o->evaluations = g.evaluations;
	o->milliseconds = eq_now_ms() - began;
	*out = o;
	return TRUCE_OK;
}

int truce_policy_retaliate(truce_context *ctx, truce_arena *arena, truce_outcome **out, const truce_world *w,
	const truce_equilibrium_settings *settings, const truce_policy_options *options, const size_t *players, size_t count,
	const double *begin, const double *moved)
{
	const double began = eq_now_ms();
	*out = NULL;
	truce_outcome *o = eq_outcome_new(arena, w, options, count, moved);
	struct game g = {.ctx = ctx, .arena = arena, .world = w, .settings = settings, .options = *options, .players = players, .count = count};
	if (!o || !(o->real_income_moved = truce_arena_array(arena, w->regions, sizeof(double))) ||
		!(o->real_income_round = truce_arena_array(arena, w->regions, sizeof(double))))
		return TRUCE_MEMORY;
	int status = game_new(&g, o);
	if (status || (status = eq_incomes_at(ctx, w, settings, begin ? begin : w->tariff, o->export_tax, o->real_income_start, NULL)) ||
		(status = eq_incomes_at(ctx, w, settings, o->tariff, o->export_tax, o->real_income_moved, NULL)))
		return status;
	stand(&g);
	for (size_t p = 0; p < count; p++)
		g.reply[p].starts = 1;
	if ((status = find_replies(&g)))
		return status;
	move(&g, 1);
	g.rounds = 1;
	if ((status = eq_incomes_at(ctx, w, settings, o->tariff, o->export_tax, o->real_income_round, NULL)) || (status = settle(&g, 0)) ||
		(status = prove(&g, o)))
		return status;
	for (size_t p = 0; p < count; p++)
		o->optimum[p].start = o->real_income_start[players[p]];
	o->rounds = g.rounds;
	o->evaluations = g.evaluations;
	o->milliseconds = eq_now_ms() - began;
	*out = o;
	return TRUCE_OK;
}
