/* yaml_private.h, room `base`: what the reader of YAML shows to its tests. */
#ifndef TRUCE_YAML_PRIVATE_H
#define TRUCE_YAML_PRIVATE_H

#include <truce/base.h>

/* truce_yaml_read, with or without the quick reader: the two must agree. */
int yaml_read_with(truce_context *ctx, truce_arena *arena, const truce_yaml_node **out, const char *name, const char *text,
	size_t length, const truce_yaml_limits *limits, bool quick);

#endif
