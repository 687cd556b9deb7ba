/* The loops where the time goes: sums over trading partners, exponentials and logarithms of whole arrays.  Lanes are
 * explicit, so that the order of every sum, and with it every bit, is the same whichever instructions the processor has. */
#ifndef TRUCE_EQUILIBRIUM_KERNEL_H
#define TRUCE_EQUILIBRIUM_KERNEL_H

#include <stddef.h>

/* One sector, all importers.  For importer n with spending[n]:
 *   sum[n]  = a[n][.] . u                      price index to the power -theta
 *   border[n] = c[n][.] . u / sum[n]           share of spending that is border value
 *   receipts[i] += b[n][i] u[i] spending[n]/sum[n]
 * Where c == b only one of them is read.  Rows with sum 0 add nothing.  weight[regions] is left as spending / sum. */
void eq_kernel_sweep(size_t regions, const double *a, const double *b, const double *c, const double *u,
	const double *spending, double *sum, double *border, double *receipts, double *weight);
double eq_kernel_dot(size_t n, const double *x, const double *y);
void eq_kernel_axpy(size_t n, double alpha, const double *x, double *y);
/* y[rows] = M[rows][columns] x; z[columns] += sum of M[rows][columns] r[rows] */
void eq_kernel_matrix(size_t rows, size_t columns, const double *m, const double *x, double *y);
void eq_kernel_transposed(size_t rows, size_t columns, const double *m, const double *r, double *z);
/* y1 = M x1 and y2 = M x2 in one passage over M, which is kept to fewer digits, as x1 is */
void eq_kernel_matrix_two(size_t rows, size_t columns, const float *m, const float *x1, const double *x2, double *y1, double *y2);

/* y = exp(x), y = log(x) to a bit or two in the last place; exp(0) is 1 and log(1) is 0; y may be x.  Below -708 exp is 0. */
void eq_kernel_exp(size_t n, const double *x, double *y);
void eq_kernel_log(size_t n, const double *x, double *y);
/* a = exp(more x) a0, and so b and c (c0 may be NULL) */
void eq_kernel_scale_exp(size_t n, double more, const double *x, const double *a0, const double *b0, const double *c0, double *a,
	double *b, double *c);
/* as eq_kernel_transposed, of a matrix that is kept to fewer digits */
void eq_kernel_transposed_float(size_t rows, size_t columns, const float *m, const double *r, double *z);
/* Trade of an importer with all sellers but itself, at prices `cost` times the old: what was and is bought, by how much it is
 * dearer, and the duty on what is bought more, in sums[4]; added up by seller in old_sold, sold and dearer. */
void eq_kernel_trade(size_t sellers, size_t itself, const double *old, const double *tariff, const double *border, const double *u,
	const double *cost, double spent, double *old_sold, double *sold, double *dearer, double sums[4]);
/* to[columns][rows] = from[rows][columns] */
void eq_kernel_turn(size_t rows, size_t columns, const double *from, double *to);

#endif
