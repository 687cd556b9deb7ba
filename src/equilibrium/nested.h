/* equilibrium: the workspace of the nested solver, private to the room. */
#ifndef TRUCE_EQUILIBRIUM_NESTED_H
#define TRUCE_EQUILIBRIUM_NESTED_H

#include <truce/equilibrium.h>

typedef struct {
	const truce_world *world;
	size_t N, J;
	truce_deficits deficits;
	/* the baseline */
	const double *value_added;     /* [N][J] */
	double *final_share;           /* [N][J] */
	double *share_old;             /* [J][N][N] of spending with duties */
	double *spending_old;          /* [N][J] */
	double *output_old;            /* [N][J] */
	double *wage_bill, *income_old, *deficit; /* [N] */
	double world_bill;
	/* the scenario */
	double *theta;                 /* [J] */
	double *tariff;                /* [J][N][N] */
	double *a;                     /* [J][N][N] share_old kappa^-theta */
	/* the answer */
	double *log_wage, *income, *income_hat, *imposed, *excess; /* [N] */
	double *log_price, *log_cost, *spending, *receipts, *next; /* [N][J] */
	double *share, *border;        /* [J][N][N] */
	double *u;                     /* [N] */
} eq_nested;

/* Prices and spending at the wages, to a tolerance; the largest excess demand for labour, in logs.  Each sweep takes one
 * from the budget. */
double eq_nested_evaluate(eq_nested *e, double tolerance, int *budget);

#endif
