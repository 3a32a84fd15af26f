#!/usr/bin/env bash
# The whole house compiled by clang with -Wthread-safety -Werror and without precompiled headers:
# lock annotations hold, and every file includes what it uses. It is a debug build, so the way of a
# put is compared here with what docs/architecture.md tells of it.
# Exit: 0 clean, 1 a warning, an error or another way, 2 wrong use.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"
lane_flags "$@"

scripts/install-deps.sh --only build --only test --only bench --only dev
configure clang
build clang "$(nproc)"

step "the path of a put"
code=0
tests/house/put_path_test.py --build-dir build/clang || code=$?
((code == 77)) || exit $code
