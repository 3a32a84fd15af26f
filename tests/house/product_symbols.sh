#!/usr/bin/env bash
# What stands in for the world in tests, a clock that is moved and an engine without a disk, is in no
# library and no program that is shipped. All of it lives in lethe::test.
#
#   product_symbols.sh CONTROL PRODUCT...
#
# CONTROL is a test program that has them: the same look finds them there.
set -euo pipefail

control=$1
shift

# Read to its end: a pipe closed early would fail nm. Of a library nm reads each object.
has() { nm -C "$1" 2>/dev/null | grep -E "$2" >/dev/null; }

for double in FakeClock MemoryEngine; do
  has "$control" "lethe::test::.*$double" || { echo "the control has no $double"; exit 1; }
done
for product in "$@"; do
  # A file without names would pass whatever is in it.
  has "$product" 'lethe::' || { echo "$product shows none of its names"; exit 1; }
  if nm -C "$product" 2>/dev/null | grep -E 'lethe::test::|FakeClock|MemoryEngine'; then
    echo "$product has parts of the tests in it"
    exit 1
  fi
done
