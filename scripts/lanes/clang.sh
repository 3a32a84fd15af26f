#!/usr/bin/env bash
# The whole house compiled by clang with -Wthread-safety -Werror and without precompiled headers:
# lock annotations hold, and every file includes what it uses.
# Exit: 0 clean, 1 a warning or an error, 2 wrong use.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"
lane_flags "$@"

scripts/install-deps.sh --only build --only test --only bench --only dev
configure clang
build clang "$(nproc)"
