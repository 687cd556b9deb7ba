/* equilibrium: the inner loops.  See kernel.h. */
#include "kernel.h"

#include <float.h>
#include <math.h>
#include <stdint.h>
#include <string.h>

/* Not by clang 14, which gives the dispatching symbol a name of its own, so that nothing links. */
#if defined(__x86_64__) && defined(__linux__) && !defined(__clang__)
#define CLONES __attribute__((target_clones("avx512f", "avx2", "default")))
#else
#define CLONES
#endif
#define INLINE static inline __attribute__((always_inline))

/* Eight lanes, loaded from anywhere. */
typedef double lanes __attribute__((vector_size(64), aligned(8), may_alias));
typedef float floats __attribute__((vector_size(32), aligned(4), may_alias));
typedef int64_t whole __attribute__((vector_size(64), aligned(8), may_alias));
typedef uint64_t bits64 __attribute__((vector_size(64), aligned(8), may_alias)); /* arithmetic on these may wrap */
enum { WIDTH = 8, ROWS = 4, BLOCK = 4 };

/* The last n % 8 elements are read as the last of eight; those that were summed already are taken times 0. */
static const double tail_masks[2 * WIDTH] = {0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1};

INLINE double lanes_sum(const lanes *v)
{
	return (((*v)[0] + (*v)[4]) + ((*v)[1] + (*v)[5])) + (((*v)[2] + (*v)[6]) + ((*v)[3] + (*v)[7]));
}

INLINE double dot(size_t n, const double *x, const double *y)
{
	lanes sum = {0};
	double rest = 0;
	size_t i = 0;
	for (; i + WIDTH <= n; i += WIDTH)
		sum += *(const lanes *)(x + i) * *(const lanes *)(y + i);
	if (n < WIDTH)
		for (; i < n; i++)
			rest += x[i] * y[i];
	else if (i < n)
		sum += *(const lanes *)(x + n - WIDTH) * (*(const lanes *)(y + n - WIDTH) * *(const lanes *)(tail_masks + (n - i)));
	return lanes_sum(&sum) + rest;
}

/* Four rows at once, each summed as `dot` does. */
INLINE void dot_rows(size_t n, const double *m, const double *y, double *out)
{
	lanes sum[ROWS] = {{0}};
	size_t i = 0;
	for (; i + WIDTH <= n; i += WIDTH) {
		const lanes v = *(const lanes *)(y + i);
		for (int r = 0; r < ROWS; r++)
			sum[r] += *(const lanes *)(m + (size_t)r * n + i) * v;
	}
	if (i < n) {
		const lanes v = *(const lanes *)(y + n - WIDTH) * *(const lanes *)(tail_masks + (n - i));
		for (int r = 0; r < ROWS; r++)
			sum[r] += *(const lanes *)(m + (size_t)r * n + n - WIDTH) * v;
	}
	for (int r = 0; r < ROWS; r++)
		out[r] = lanes_sum(&sum[r]) + 0.0;
}

INLINE void matrix(size_t rows, size_t columns, const double *m, const double *x, double *y)
{
	size_t r = 0;
	if (columns >= WIDTH)
		for (; r + ROWS <= rows; r += ROWS)
			dot_rows(columns, m + r * columns, x, y + r);
	for (; r < rows; r++)
		y[r] = dot(columns, m + r * columns, x);
}

/* Columns in registers, rows in order: every sum runs over the rows from the first to the last.  The last block
 * overlaps the one before; what it computes there is the same. */
INLINE void transposed(size_t rows, size_t columns, const double *m, const double *weight, double *z)
{
	size_t c = 0;
	for (; c + BLOCK * WIDTH <= columns; c += BLOCK * WIDTH) {
		lanes sum[BLOCK];
		for (int k = 0; k < BLOCK; k++)
			sum[k] = *(const lanes *)(z + c + k * WIDTH);
		for (size_t r = 0; r < rows; r++)
			for (int k = 0; k < BLOCK; k++)
				sum[k] += weight[r] * *(const lanes *)(m + r * columns + c + k * WIDTH);
		for (int k = 0; k < BLOCK; k++)
			*(lanes *)(z + c + k * WIDTH) = sum[k];
	}
	for (; c + WIDTH <= columns; c += WIDTH) {
		lanes sum = *(const lanes *)(z + c);
		for (size_t r = 0; r < rows; r++)
			sum += weight[r] * *(const lanes *)(m + r * columns + c);
		*(lanes *)(z + c) = sum;
	}
	if (c == columns)
		return;
	if (columns >= WIDTH) {
		lanes sum = {0};
		const size_t at = columns - WIDTH, fresh = columns - c;
		memcpy((double *)&sum + WIDTH - fresh, z + c, fresh * sizeof *z);
		for (size_t r = 0; r < rows; r++)
			sum += weight[r] * *(const lanes *)(m + r * columns + at);
		memcpy(z + c, (double *)&sum + WIDTH - fresh, fresh * sizeof *z);
		return;
	}
	for (size_t r = 0; r < rows; r++)
		for (size_t k = c; k < columns; k++)
			z[k] += weight[r] * m[r * columns + k];
}

CLONES void eq_kernel_sweep(size_t regions, const double *a, const double *b, const double *c, const double *u,
	const double *spending, double *sum, double *border, double *receipts, double *weight)
{
	matrix(regions, regions, a, u, sum);
	matrix(regions, regions, c, u, border);
	for (size_t n = 0; n < regions; n++) {
		weight[n] = sum[n] > 0 ? spending[n] / sum[n] : 0;
		border[n] = sum[n] > 0 ? border[n] / sum[n] : 0;
	}
	memset(receipts, 0, regions * sizeof *receipts);
	transposed(regions, regions, b, weight, receipts);
	for (size_t i = 0; i < regions; i++)
		receipts[i] *= u[i];
}

CLONES double eq_kernel_dot(size_t n, const double *x, const double *y)
{
	return dot(n, x, y);
}

CLONES void eq_kernel_axpy(size_t n, double alpha, const double *x, double *y)
{
	size_t i = 0;
	for (; i + WIDTH <= n; i += WIDTH)
		*(lanes *)(y + i) += alpha * *(const lanes *)(x + i);
	for (; i < n; i++)
		y[i] += alpha * x[i];
}

CLONES void eq_kernel_matrix(size_t rows, size_t columns, const double *m, const double *x, double *y)
{
	matrix(rows, columns, m, x, y);
}

CLONES void eq_kernel_transposed(size_t rows, size_t columns, const double *m, const double *r, double *z)
{
	transposed(rows, columns, m, r, z);
}

CLONES void eq_kernel_matrix_two(size_t rows, size_t columns, const float *m, const float *x1, const double *x2, double *y1,
	double *y2)
{
	for (size_t r = 0; r < rows; r++) {
		const float *row = m + r * columns;
		lanes one[2] = {{0}}, two[2] = {{0}};
		double rest1 = 0, rest2 = 0;
		size_t i = 0;
		for (; i + 2 * WIDTH <= columns; i += 2 * WIDTH)
			for (int k = 0; k < 2; k++) {
				const lanes v = __builtin_convertvector(*(const floats *)(row + i + k * WIDTH), lanes);
				one[k] += v * __builtin_convertvector(*(const floats *)(x1 + i + k * WIDTH), lanes);
				two[k] += v * *(const lanes *)(x2 + i + k * WIDTH);
			}
		for (; i < columns; i++) {
			rest1 += (double)row[i] * (double)x1[i];
			rest2 += (double)row[i] * x2[i];
		}
		one[0] += one[1];
		two[0] += two[1];
		y1[r] = lanes_sum(&one[0]) + rest1;
		y2[r] = lanes_sum(&two[0]) + rest2;
	}
}

/* ---- exponentials and logarithms -------------------------------------------------------------------------------------- */

#define EACH(x) {x, x, x, x, x, x, x, x}
static const lanes magic = EACH(0x1.8p52), one_each = EACH(1.0);
/* ln 2 in two parts, the first with 21 zero bits at its end, so that a whole number times it is exact (fdlibm) */
static const lanes ln2_high = EACH(6.93147180369123816490e-01), ln2_low = EACH(1.90821492927058770002e-10);

INLINE void choose(const whole *where, const lanes *yes, lanes *into)
{
	*into = (lanes)((*where & (whole)*yes) | (~*where & (whole)*into));
}

/* exp(x) = 2^k exp(r), |r| <= ln 2 / 2, by its Taylor polynomial: the term left out is below 5e-18. */
INLINE void exp_lanes(const lanes *in, lanes *out)
{
	const lanes top = EACH(709.0), bottom = EACH(-708.0), log2e = EACH(1.44269504088896338700);
	const lanes none = {0}, endless = EACH(INFINITY);
	lanes x = *in;
	const whole high = x > top, low = x < bottom;
	choose(&high, &top, &x);
	choose(&low, &bottom, &x);
	const lanes shifted = x * log2e + magic, k = shifted - magic;
	const lanes r = (x - k * ln2_high) - k * ln2_low, r2 = r * r, r4 = r2 * r2;
	/* sums of neighbouring terms, then of those (Estrin), to keep the processor busy */
	const lanes p2 = 0.5 + r * (1 / 6.0), p4 = 1 / 24.0 + r * (1 / 120.0), p6 = 1 / 720.0 + r * (1 / 5040.0);
	const lanes p8 = 1 / 40320.0 + r * (1 / 362880.0), p10 = 1 / 3628800.0 + r * (1 / 39916800.0);
	const lanes p12 = 1 / 479001600.0 + r * (1 / 6227020800.0);
	const lanes tail = (p2 + r2 * p4) + r4 * ((p6 + r2 * p8) + r4 * (p10 + r2 * p12));
	const lanes value = one_each + (r + r2 * tail);
	*out = value * (lanes)(((bits64)shifted + 1023) << 52);
	choose(&low, &none, out);
	choose(&high, &endless, out);
}

/* log(2^k m) with m in [sqrt(1/2), sqrt(2)), by the polynomial of fdlibm (e_log.c).  Only for normal numbers above 0. */
INLINE void log_lanes(const lanes *in, lanes *out)
{
	const bits64 bits = (bits64)*in, offset = bits - 0x3fe6a09e667f3bcdu;
	const lanes m = (lanes)(bits - (offset & 0xfff0000000000000u));
	const lanes k = (lanes)((bits64)((whole)offset >> 52) + (bits64)magic) - magic;
	const lanes f = m - one_each, s = f / (2.0 + f), z = s * s, w = z * z, half = 0.5 * f * f;
	const lanes even = w * (3.999999999940941908e-01 + w * (2.222219843214978396e-01 + w * 1.531383769920937332e-01));
	const lanes odd = z * (6.666666666666735130e-01 + w * (2.857142874366239149e-01 + w * (1.818357216161805012e-01 +
		w * 1.479819860511658591e-01)));
	*out = k * ln2_high - ((half - (s * (half + (even + odd)) + k * ln2_low)) - f);
}

INLINE void log_block(const double *x, double *y)
{
	const lanes v = *(const lanes *)x, least = EACH(DBL_MIN), most = EACH(DBL_MAX);
	const whole good = (v >= least) & (v <= most);
	int64_t all = -1;
	lanes result;
	for (int k = 0; k < WIDTH; k++)
		all &= good[k];
	log_lanes(&v, &result);
	if (!all)
		for (int k = 0; k < WIDTH; k++)
			result[k] = log(v[k]);
	*(lanes *)y = result;
}

CLONES void eq_kernel_exp(size_t n, const double *x, double *y)
{
	size_t i = 0;
	for (; i + WIDTH <= n; i += WIDTH) {
		lanes v = *(const lanes *)(x + i), result;
		exp_lanes(&v, &result);
		*(lanes *)(y + i) = result;
	}
	if (i < n) {
		lanes v = {0}, result;
		memcpy(&v, x + i, (n - i) * sizeof *x);
		exp_lanes(&v, &result);
		memcpy(y + i, &result, (n - i) * sizeof *y);
	}
}

CLONES void eq_kernel_log(size_t n, const double *x, double *y)
{
	size_t i = 0;
	for (; i + WIDTH <= n; i += WIDTH)
		log_block(x + i, y + i);
	if (i < n) {
		double part[WIDTH] = EACH(1.0);
		memcpy(part, x + i, (n - i) * sizeof *x);
		log_block(part, part);
		memcpy(y + i, part, (n - i) * sizeof *y);
	}
}

CLONES void eq_kernel_scale_exp(size_t n, double more, const double *x, const double *a0, const double *b0, const double *c0,
	double *a, double *b, double *c)
{
	size_t i = 0;
	for (; i + WIDTH <= n; i += WIDTH) {
		lanes v = more * *(const lanes *)(x + i), factor;
		exp_lanes(&v, &factor);
		*(lanes *)(a + i) = factor * *(const lanes *)(a0 + i);
		*(lanes *)(b + i) = factor * *(const lanes *)(b0 + i);
		if (c0)
			*(lanes *)(c + i) = factor * *(const lanes *)(c0 + i);
	}
	if (i < n) {
		lanes v = {0}, factor;
		memcpy(&v, x + i, (n - i) * sizeof *x);
		v *= more;
		exp_lanes(&v, &factor);
		for (size_t k = i; k < n; k++) {
			a[k] = factor[k - i] * a0[k];
			b[k] = factor[k - i] * b0[k];
			if (c0)
				c[k] = factor[k - i] * c0[k];
		}
	}
}

INLINE void add_times(lanes *sum, double r, const float *x)
{
	*sum += r * __builtin_convertvector(*(const floats *)x, lanes);
}

/* Rows are read in streams, four at a time: the matrix is larger than the caches, z is not.  Written out, since in a loop over
 * the four the sum would go through memory at each. */
CLONES void eq_kernel_transposed_float(size_t rows, size_t columns, const float *m, const double *r, double *z)
{
	size_t row = 0;
	for (; row + 4 <= rows; row += 4) {
		const float *at0 = m + row * columns, *at1 = at0 + columns, *at2 = at1 + columns, *at3 = at2 + columns;
		const double r0 = r[row], r1 = r[row + 1], r2 = r[row + 2], r3 = r[row + 3];
		size_t c = 0;
		for (; c + WIDTH <= columns; c += WIDTH) {
			lanes sum = *(const lanes *)(z + c);
			add_times(&sum, r0, at0 + c);
			add_times(&sum, r1, at1 + c);
			add_times(&sum, r2, at2 + c);
			add_times(&sum, r3, at3 + c);
			*(lanes *)(z + c) = sum;
		}
		for (; c < columns; c++)
			z[c] = z[c] + r0 * (double)at0[c] + r1 * (double)at1[c] + r2 * (double)at2[c] + r3 * (double)at3[c];
	}
	for (; row < rows; row++)
		for (size_t c = 0; c < columns; c++)
			z[c] += r[row] * (double)m[row * columns + c];
}

CLONES void eq_kernel_trade(size_t sellers, size_t itself, const double *old, const double *tariff, const double *border,
	const double *u, const double *cost, double spent, double *old_sold, double *sold, double *dearer, double sums[4])
{
	const whole at = {0, 1, 2, 3, 4, 5, 6, 7};
	const lanes none = {0};
	lanes sum[4] = {{0}};
	size_t i = 0;
	for (; i + WIDTH <= sellers; i += WIDTH) {
		const lanes price = *(const lanes *)(cost + i);
		lanes was = *(const lanes *)(old + i), now = *(const lanes *)(border + i) * *(const lanes *)(u + i) * spent;
		const whole home = at == (int64_t)(itself - i);
		choose(&home, &none, &was);
		choose(&home, &none, &now);
		const lanes more = was * (price - 1.0);
		sum[0] += was;
		sum[1] += now;
		sum[2] += more;
		sum[3] += *(const lanes *)(tariff + i) * (now - was * price);
		*(lanes *)(old_sold + i) += was;
		*(lanes *)(sold + i) += now;
		*(lanes *)(dearer + i) += more;
	}
	for (int k = 0; k < 4; k++)
		sums[k] = lanes_sum(&sum[k]);
	for (; i < sellers; i++) {
		const double was = i == itself ? 0 : old[i], now = i == itself ? 0 : border[i] * u[i] * spent, more = was * (cost[i] - 1);
		sums[0] += was;
		sums[1] += now;
		sums[2] += more;
		sums[3] += tariff[i] * (now - was * cost[i]);
		old_sold[i] += was;
		sold[i] += now;
		dearer[i] += more;
	}
}

CLONES void eq_kernel_turn(size_t rows, size_t columns, const double *from, double *to)
{
	for (size_t r0 = 0; r0 < rows; r0 += WIDTH)
		for (size_t c = 0; c < columns; c++)
			for (size_t r = r0; r < rows && r < r0 + WIDTH; r++)
				to[c * rows + r] = from[r * columns + c];
}
