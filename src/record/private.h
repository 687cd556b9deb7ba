/* private.h: what the files of the room `record` share. */
#ifndef TRUCE_RECORD_PRIVATE_H
#define TRUCE_RECORD_PRIVATE_H

#include <truce/record.h>

extern const truce_yaml_schema *const record_schemas[TRUCE_RECORD_KINDS]; /* by kind */
extern const truce_yaml_schema record_act_schema;
extern const truce_yaml_schema record_condition_schema;
extern const truce_yaml_schema record_file_schema; /* a file: a map a kind */

#endif
