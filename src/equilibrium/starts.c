/* equilibrium: does it matter where one begins?  The same policy from other starting points, each answer certified, and
 * those that differ kept apart.  That none was found is no proof that there is one only. */
#include "internal.h"

#include <math.h>
#include <string.h>

/* Wages, prices, sector wages or outputs within a factor of e^(3/2) of their old ones, spending within e^(1/2). */
static void begin_elsewhere(truce_equilibrium *eq, uint64_t seed, uint64_t run)
{
	const size_t NJ = eq->regions * eq->sectors;
	uint64_t draw = 0;
	truce_equilibrium_cold(eq);
	for (size_t z = 0; z < eq->at.quantity; z++) {
		const double u = 2 * truce_draw_uniform(seed, run, draw++) - 1;
		if (z < eq->at.spending)
			eq->state[z] += 1.5 * u;
		else if (z < eq->at.spending + NJ)
			eq->state[z] *= exp(0.5 * u);
		else if (eq->output0[z - eq->at.sector] > 0)
			eq->state[z] += 1.5 * u;
	}
}

static size_t find(const truce_equilibrium *eq, const double *kept, size_t count)
{
	size_t k = 0;
	for (; k < count; k++) {
		double gap = 0;
		for (size_t n = 0; n < eq->regions; n++)
			gap = fmax(gap, fabs(kept[k * eq->regions + n] - eq->region[n].real_income));
		if (gap <= 1e-7)
			break;
	}
	return k;
}

int truce_equilibrium_starts(truce_equilibrium *eq, truce_arena *arena, truce_starts *out, size_t starts, uint64_t seed)
{
	const size_t N = eq->regions;
	*out = (truce_starts){.starts = starts};
	out->real_income = truce_arena_array(arena, (starts + 1) * N, sizeof *out->real_income);
	out->found = truce_arena_array(arena, starts + 1, sizeof *out->found);
	double *answer = truce_arena_array(arena, eq->at.size, sizeof *answer);
	if (!out->real_income || !out->found || !answer)
		return TRUCE_MEMORY;
	if (!eq->info.converged || !eq->updated)
		return truce_fail(eq->ctx, TRUCE_CONVERGE, NULL, 0, 0, "solve it first", "there is no answer to begin with");
	const truce_equilibrium_info info = eq->info;
	memcpy(answer, eq->state, eq->at.size * sizeof *answer);
	for (size_t n = 0; n < N; n++)
		out->real_income[n] = eq->region[n].real_income;
	out->found[out->distinct++] = 1;
	int status = TRUCE_OK;
	for (size_t k = 0; k < starts && status == TRUCE_OK; k++) {
		begin_elsewhere(eq, seed, k);
		status = eq_solve_certified(eq);
		if (status == TRUCE_CONVERGE) {
			out->failed++;
			status = TRUCE_OK;
			continue;
		}
		if (status)
			break;
		const size_t at = find(eq, out->real_income, out->distinct);
		if (at == out->distinct) {
			out->distinct++;
			for (size_t n = 0; n < N; n++)
				out->real_income[at * N + n] = eq->region[n].real_income;
		}
		out->found[at]++;
	}
	memcpy(eq->state, answer, eq->at.size * sizeof *answer);
	eq_result_fill(eq);
	eq->info = info;
	eq->solved = true;
	return status;
}
