/* Bench: one counterfactual of the trade model from cold, by size: random balanced worlds, every tariff doubled. */
#include <truce/equilibrium.h>

#include <stdio.h>
#include <stdlib.h>

static truce_world *random_world(truce_context *ctx, size_t N, size_t J)
{
	truce_world *raw;
	uint64_t draw = 0;
	if (truce_world_new(ctx, &raw, N, J))
		return NULL;
	raw->name = "random";
	raw->year = "0";
	for (size_t n = 0; n < N; n++)
		raw->region[n] = truce_arena_printf(raw->arena, "R%zu", n);
	for (size_t j = 0; j < J; j++) {
		raw->sector[j] = truce_arena_printf(raw->arena, "S%zu", j);
		raw->theta[j] = 2 + 8 * truce_draw_uniform(1, 0, draw++);
		for (size_t n = 0; n < N; n++) {
			double *share = raw->input_share + (n * J + j) * J, inputs = 0;
			raw->value_added[n * J + j] = 0.3 + 0.4 * truce_draw_uniform(1, 0, draw++);
			for (size_t k = 0; k < J; k++)
				inputs += share[k] = truce_draw_uniform(1, 0, draw++);
			for (size_t k = 0; k < J; k++)
				share[k] *= (1 - raw->value_added[n * J + j]) / inputs;
			for (size_t i = 0; i < N; i++) {
				raw->flow[truce_world_edge(raw, j, n, i)] = (n == i ? 60 : 60 * truce_draw_uniform(1, 0, draw++) / (double)N) * 1e9;
				raw->tariff[truce_world_edge(raw, j, n, i)] = n == i ? 0 : 0.2 * truce_draw_uniform(1, 0, draw++);
			}
		}
	}
	truce_world_rules rules = {.imbalance_limit = 10, .quiet = true};
	/* final demand is what use leaves, so that the world is balanced */
	if (!truce_world_finish(ctx, raw, "random", &rules))
		return raw;
	truce_world_free(raw);
	return NULL;
}

int main(void)
{
	static const size_t sizes[][2] = {{5, 5}, {10, 10}, {14, 31}, {31, 40}, {77, 45}};
	truce_context *ctx;
	if (truce_context_new(&ctx, NULL))
		return 5;
	printf("%-12s %12s %12s %12s %14s\n", "size", "cold ms", "warm ms", "evaluations", "certificate");
	for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
		truce_world *world = random_world(ctx, sizes[s][0], sizes[s][1]);
		truce_equilibrium *eq = NULL;
		if (!world || truce_equilibrium_new(ctx, &eq, world, NULL, 0)) {
			printf("%zu x %zu: no world\n", sizes[s][0], sizes[s][1]);
			continue;
		}
		size_t edges = world->regions * world->regions * world->sectors;
		double *tariff = malloc(edges * sizeof *tariff);
		truce_policy policy = {.tariff = tariff};
		for (size_t e = 0; e < edges; e++)
			tariff[e] = 2 * world->tariff[e];
		int status = truce_equilibrium_update(eq, &policy);
		if (!status)
			status = truce_equilibrium_solve(eq);
		truce_equilibrium_info cold = *truce_equilibrium_get_info(eq);
		for (size_t e = 0; e < edges; e++)
			tariff[e] *= 1.02;
		if (!status)
			status = truce_equilibrium_update(eq, &policy);
		if (!status)
			status = truce_equilibrium_solve(eq);
		printf("%3zu x %-6zu %12.2f %12.2f %12d %14.2g%s\n", sizes[s][0], sizes[s][1], cold.milliseconds,
			truce_equilibrium_get_info(eq)->milliseconds, cold.evaluations, cold.certificate.largest, status ? " FAILED" : "");
		free(tariff);
		truce_equilibrium_free(eq);
		truce_world_free(world);
	}
	truce_context_free(ctx);
	return 0;
}
