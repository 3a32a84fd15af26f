#!/usr/bin/env bash
# The floors under the address and undefined-behaviour sanitizers: base, crypto, storage, vault.
# Exit: 0 silent, 1 a report or a failed test, 2 wrong use, 77 not run.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"
lane_flags "$@"
exec scripts/test.sh --preset asan
