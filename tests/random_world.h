/* Random worlds for the tests and the bench of the trade model: balanced because final demand is what use leaves. */
#ifndef TRUCE_RANDOM_WORLD_H
#define TRUCE_RANDOM_WORLD_H

#include <truce/world.h>

typedef struct {
	size_t regions, sectors;
	uint64_t seed;
	double inputs;  /* share of materials in output, about; below 0.7; 0: none */
	double tariffs; /* the highest */
	double theta_low, theta_high;
} random_world_plan;

/* NULL where memory fails. */
static inline truce_world *random_world_of(truce_context *ctx, const random_world_plan *plan)
{
	const size_t N = plan->regions, J = plan->sectors;
	truce_world *w;
	uint64_t draw = 0;
#define RANDOM_U truce_draw_uniform(plan->seed, 0, draw++)
	if (truce_world_new(ctx, &w, N, J))
		return NULL;
	w->name = "random";
	w->year = "0";
	for (size_t n = 0; n < N; n++)
		w->region[n] = truce_arena_printf(w->arena, "R%zu", n);
	for (size_t j = 0; j < J; j++) {
		w->sector[j] = truce_arena_printf(w->arena, "S%zu", j);
		w->theta[j] = plan->theta_low + (plan->theta_high - plan->theta_low) * RANDOM_U;
		for (size_t n = 0; n < N; n++) {
			double *share = w->input_share + (n * J + j) * J, sum = 0;
			const double materials = plan->inputs * (0.6 + 0.4 * RANDOM_U);
			w->value_added[n * J + j] = 1 - materials;
			for (size_t k = 0; k < J; k++)
				sum += share[k] = RANDOM_U;
			for (size_t k = 0; k < J; k++)
				share[k] *= materials / sum;
			for (size_t i = 0; i < N; i++) {
				const size_t e = truce_world_edge(w, j, n, i);
				w->flow[e] = (n == i ? 60 : 60 * RANDOM_U / (double)N) * 1e9;
				w->tariff[e] = n == i ? 0 : plan->tariffs * RANDOM_U;
			}
		}
	}
#undef RANDOM_U
	const truce_world_rules rules = {.imbalance_limit = 10, .quiet = true};
	if (!truce_world_finish(ctx, w, "random", &rules))
		return w;
	truce_world_free(w);
	return NULL;
}

#endif
