/* The certificate on memory of the caller's, for solves that may not allocate. */
#ifndef TRUCE_EQUILIBRIUM_CERTIFICATE_H
#define TRUCE_EQUILIBRIUM_CERTIFICATE_H

#include <truce/equilibrium.h>

/* Where trade shares come from, a row at a time, while nobody has asked for all of them. */
typedef struct {
	void (*row)(const void *of, size_t sector, size_t importer, double *share /* [N] */);
	const void *of;
} truce_share_source;

/* doubles, for so many bounds at most */
size_t truce_equilibrium_certify_room(const truce_world *world, size_t bounds);
void truce_equilibrium_certify_in(double *room, truce_certificate *out, const truce_world *world,
	const truce_equilibrium_settings *settings, const truce_policy *policy, const truce_equilibrium_point *point,
	const truce_share_source *shares /* NULL: the point's */);

#endif
