/* The sums over trading partners, where the time goes.  Lanes are explicit, so that the order of every sum, and with
 * it every bit, is the same whichever instructions the processor has. */
#ifndef TRUCE_EQUILIBRIUM_KERNEL_H
#define TRUCE_EQUILIBRIUM_KERNEL_H

#include <stddef.h>

/* One sector, all importers.  For importer n with spending[n]:
 *   sum[n]  = a[n][.] . u                      price index to the power -theta
 *   border[n] = c[n][.] . u / sum[n]           share of spending that is border value
 *   receipts[i] += b[n][i] u[i] spending[n]/sum[n]
 * Where c == b only one of them is read.  Rows with sum 0 add nothing. */
void eq_kernel_sweep(size_t regions, const double *a, const double *b, const double *c, const double *u,
	const double *spending, double *sum, double *border, double *receipts);
/* The same without the demand side. */
void eq_kernel_prices(size_t regions, const double *a, const double *u, double *sum);
double eq_kernel_dot(size_t n, const double *x, const double *y);
void eq_kernel_axpy(size_t n, double alpha, const double *x, double *y);
/* y[rows] = M[rows][columns] x; z[columns] += sum of M[rows][columns] r[rows] */
void eq_kernel_matrix(size_t rows, size_t columns, const double *m, const double *x, double *y);
void eq_kernel_transposed(size_t rows, size_t columns, const double *m, const double *r, double *z);

#endif
