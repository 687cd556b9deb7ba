#!/bin/sh
# The main job on the shipped record and world: the brief of the last week of August 2025.
#   tests/demo.sh TRUCE
set -eu
"$1" brief --on 2025-08-28 --known 2025-08-28 -o out
