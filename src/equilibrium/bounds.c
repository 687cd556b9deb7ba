/* equilibrium: which bound stands on an edge.  See bounds.h. */
#include "bounds.h"

static size_t edge_of(const truce_world *world, const truce_edge_quantity *bound)
{
	return truce_world_edge(world, bound->sector, bound->importer, bound->exporter);
}

/* By Shell's method: in place, since the library's own may ask for memory. */
void eq_bounds_sort(const truce_world *world, const truce_policy *policy, size_t *order)
{
	const size_t count = policy->quantity_count;
	size_t gap = 1;
	for (size_t q = 0; q < count; q++)
		order[q] = q;
	while (gap < count / 3)
		gap = 3 * gap + 1;
	for (; gap > 0; gap /= 3)
		for (size_t k = gap; k < count; k++) {
			const size_t q = order[k], e = edge_of(world, &policy->quantities[q]);
			size_t to = k;
			for (; to >= gap && edge_of(world, &policy->quantities[order[to - gap]]) > e; to -= gap)
				order[to] = order[to - gap];
			order[to] = q;
		}
}

size_t eq_bounds_find(const truce_world *world, const truce_policy *policy, const size_t *order, size_t e)
{
	size_t low = 0, high = policy->quantity_count;
	while (low < high) {
		const size_t middle = low + (high - low) / 2;
		if (edge_of(world, &policy->quantities[order[middle]]) < e)
			low = middle + 1;
		else
			high = middle;
	}
	return low < policy->quantity_count && edge_of(world, &policy->quantities[order[low]]) == e ? order[low] : policy->quantity_count;
}
