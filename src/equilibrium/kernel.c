/* equilibrium: the inner sums.  See kernel.h. */
#include "kernel.h"

#include <string.h>

#if defined(__x86_64__) && defined(__linux__)
#define CLONES __attribute__((target_clones("avx512f", "avx2", "default")))
#else
#define CLONES
#endif

/* Eight lanes, loaded from anywhere. */
typedef double lanes __attribute__((vector_size(64), aligned(8), may_alias));
enum { WIDTH = 8 };

static inline __attribute__((always_inline)) double lanes_sum(const lanes *v)
{
	return (((*v)[0] + (*v)[4]) + ((*v)[1] + (*v)[5])) + (((*v)[2] + (*v)[6]) + ((*v)[3] + (*v)[7]));
}

static inline __attribute__((always_inline)) double dot(size_t n, const double *x, const double *y)
{
	lanes sum = {0};
	size_t i = 0;
	for (; i + WIDTH <= n; i += WIDTH)
		sum += *(const lanes *)(x + i) * *(const lanes *)(y + i);
	double rest = 0;
	for (; i < n; i++)
		rest += x[i] * y[i];
	return lanes_sum(&sum) + rest;
}

static inline __attribute__((always_inline)) void axpy(size_t n, double alpha, const double *x, double *y)
{
	size_t i = 0;
	for (; i + WIDTH <= n; i += WIDTH)
		*(lanes *)(y + i) += alpha * *(const lanes *)(x + i);
	for (; i < n; i++)
		y[i] += alpha * x[i];
}

CLONES void eq_kernel_sweep(size_t regions, const double *a, const double *b, const double *c, const double *u,
	const double *spending, double *sum, double *border, double *receipts)
{
	memset(receipts, 0, regions * sizeof *receipts);
	for (size_t n = 0; n < regions; n++) {
		const size_t row = n * regions;
		sum[n] = dot(regions, a + row, u);
		border[n] = sum[n] > 0 ? dot(regions, c + row, u) / sum[n] : 0;
		if (sum[n] > 0)
			axpy(regions, spending[n] / sum[n], b + row, receipts);
	}
	for (size_t i = 0; i < regions; i++)
		receipts[i] *= u[i];
}

CLONES void eq_kernel_prices(size_t regions, const double *a, const double *u, double *sum)
{
	for (size_t n = 0; n < regions; n++)
		sum[n] = dot(regions, a + n * regions, u);
}

CLONES double eq_kernel_dot(size_t n, const double *x, const double *y)
{
	return dot(n, x, y);
}

CLONES void eq_kernel_axpy(size_t n, double alpha, const double *x, double *y)
{
	axpy(n, alpha, x, y);
}

CLONES void eq_kernel_matrix(size_t rows, size_t columns, const double *m, const double *x, double *y)
{
	for (size_t r = 0; r < rows; r++)
		y[r] = dot(columns, m + r * columns, x);
}

CLONES void eq_kernel_transposed(size_t rows, size_t columns, const double *m, const double *r, double *z)
{
	for (size_t i = 0; i < rows; i++)
		if (r[i] != 0)
			axpy(columns, r[i], m + i * columns, z);
}
