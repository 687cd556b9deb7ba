/* Which bound stands on an edge: positions of a policy's bounds in the order of their edges, to be searched by halves.  Knows
 * nothing of the solver, so that the certificate may use it. */
#ifndef TRUCE_EQUILIBRIUM_BOUNDS_H
#define TRUCE_EQUILIBRIUM_BOUNDS_H

#include <truce/equilibrium.h>

/* order[quantity_count] */
void eq_bounds_sort(const truce_world *world, const truce_policy *policy, size_t *order);
/* The bound on edge e; quantity_count where there is none. */
size_t eq_bounds_find(const truce_world *world, const truce_policy *policy, const size_t *order, size_t e);

#endif
