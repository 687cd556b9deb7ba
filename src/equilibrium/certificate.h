/* The certificate on memory of the caller's, for solves that may not allocate. */
#ifndef TRUCE_EQUILIBRIUM_CERTIFICATE_H
#define TRUCE_EQUILIBRIUM_CERTIFICATE_H

#include <truce/equilibrium.h>

/* doubles, for so many bounds at most */
size_t truce_equilibrium_certify_room(const truce_world *world, size_t bounds);
void truce_equilibrium_certify_in(double *room, truce_certificate *out, const truce_world *world,
	const truce_equilibrium_settings *settings, const truce_policy *policy, const truce_equilibrium_point *point);

#endif
