/* equilibrium: Anderson acceleration of the damped map (Anderson 1965, type II), by normal equations on a window of
 * remembered differences, which are kept as floats: they only say where to go.  Nothing is allocated; the caller judges
 * each step by its residual and resets where it fails. */
#include "internal.h"
#include "kernel.h"

#include <math.h>
#include <string.h>

void eq_anderson_reset(truce_equilibrium *eq)
{
	eq->remembered = 0;
	eq->newest = EQ_MEMORY - 1; /* the next slot is 0 */
	eq->follows = false;
}

/* Solves the small symmetric system in place by Cholesky with a floor on the pivots; false where it is singular. */
static bool solve_small(int m, double g[EQ_MEMORY][EQ_MEMORY], double *x)
{
	for (int i = 0; i < m; i++) {
		for (int j = 0; j <= i; j++) {
			double sum = g[i][j];
			for (int k = 0; k < j; k++)
				sum -= g[i][k] * g[j][k];
			if (i == j) {
				if (!(sum > 0))
					return false;
				g[i][i] = sqrt(sum);
			} else {
				g[i][j] = sum / g[j][j];
			}
		}
	}
	for (int i = 0; i < m; i++) {
		for (int k = 0; k < i; k++)
			x[i] -= g[i][k] * x[k];
		x[i] /= g[i][i];
	}
	for (int i = m - 1; i >= 0; i--) {
		for (int k = i + 1; k < m; k++)
			x[i] -= g[k][i] * x[k];
		x[i] /= g[i][i];
	}
	return true;
}

/* Puts the newest difference of gaps and of images into the window. */
static void remember(truce_equilibrium *eq)
{
	const size_t size = eq->at.size;
	const int slot = (eq->newest + 1) % EQ_MEMORY;
	float *gap = eq->delta_gap + (size_t)slot * size, *image = eq->delta_image + (size_t)slot * size;
	for (size_t z = 0; z < size; z++) {
		gap[z] = (float)(eq->gap[z] - eq->last_gap[z]);
		image[z] = (float)(eq->image[z] - (eq->last_state[z] + eq->last_gap[z]));
	}
	eq->newest = slot;
	if (eq->remembered < EQ_MEMORY)
		eq->remembered++;
}

void eq_anderson_step(truce_equilibrium *eq)
{
	const size_t size = eq->at.size;
	double g[EQ_MEMORY][EQ_MEMORY], weight[EQ_MEMORY], row[EQ_MEMORY];
	bool fit = false;
	for (size_t z = 0; z < size; z++)
		eq->gap[z] = eq->image[z] - eq->state[z];
	if (eq->follows) {
		remember(eq);
		const size_t slot = (size_t)eq->newest;
		eq_kernel_matrix_two((size_t)eq->remembered, size, eq->delta_gap, eq->delta_gap + slot * size, eq->gap, row, weight);
		for (int i = 0; i < eq->remembered; i++)
			eq->gram[slot][i] = eq->gram[i][slot] = row[i];
	} /* else nothing is remembered */
	const int m = eq->remembered;
	for (int i = 0; i < m; i++) {
		for (int k = 0; k < m; k++)
			g[i][k] = eq->gram[i][k];
		g[i][i] *= 1 + 1e-13;
	}
	fit = m > 0 && solve_small(m, g, weight);
	for (int i = 0; i < m; i++)
		weight[i] = -weight[i];
	/* the old state's memory takes the image and becomes the new state */
	double *spare = eq->last_state;
	eq->last_state = eq->state;
	eq->state = spare;
	spare = eq->last_gap;
	eq->last_gap = eq->gap;
	eq->gap = spare;
	memcpy(eq->state, eq->image, size * sizeof(double));
	if (fit)
		eq_kernel_transposed_float((size_t)m, size, eq->delta_image, weight, eq->state);
	else if (m > 0)
		eq_anderson_reset(eq);
	eq->follows = true;
}
