#!/usr/bin/env bash
# Every fuzz target of tests/fuzz, each for a few seconds over its corpus, under ASan and UBSan.
#
#   FUZZ_SECONDS=N scripts/lanes/fuzz.sh     (default 8 a target, as many at a time as there are cores)
#
# A target fuzz_<name> of tests/fuzz/CMakeLists.txt starts from tests/fuzz/corpus/<name>. One target
# has a planted fault, and a lane that does not find it fails. What is found is left in
# build/fuzz/found/. Exit: 0 nothing found, 1 a find, a control that failed or a failed build, 2 wrong
# use.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"
lane_flags "$@"

readonly PROGRAMS=build/fuzz/tests/fuzz FOUND=build/fuzz/found
# From nothing it takes a second or two; a machine under load gets ten times that.
readonly CONTROL_SECONDS=30

# The way into the planted fault is found by itself, and it is the sanitizer that sees it.
check_control() {
  local log=$FOUND/control/planted.log
  rm -rf "$PROGRAMS/learned/planted" "$FOUND/control"
  if tests/fuzz/run_target.sh "$PROGRAMS/fuzz_planted" $CONTROL_SECONDS "$FOUND/control" >/dev/null; then
    die 1 "the planted fault was not found in $CONTROL_SECONDS s: this lane finds nothing"
  fi
  grep -q 'AddressSanitizer: heap-buffer-overflow' "$log" ||
    die 1 "the planted fault ended in another way than by the sanitizer ($log)"
  say "the planted fault was found after $(sed -n 's/^stat::number_of_executed_units: *//p' "$log") runs"
}

run_all() {
  find "$PROGRAMS" -maxdepth 1 -type f -name 'fuzz_*' ! -name fuzz_planted -executable -print0 | sort -z |
    xargs -0 -P "$(nproc)" -I{} tests/fuzz/run_target.sh {} "$1" "$FOUND"
}

seconds=${FUZZ_SECONDS:-8}
need_number FUZZ_SECONDS "$seconds"
scripts/install-deps.sh --only build --only test --only dev
configure fuzz
build fuzz "$(nproc)" lethe_fuzz_targets
mkdir -p "$FOUND"

step "control"
check_control
step "targets, $seconds s each"
if ! run_all "$seconds"; then
  grep -lZE 'ERROR: |runtime error|check failed' "$FOUND"/*.log | xargs -0 -r tail -n 30
  die 1 "found something: build/fuzz/found/"
fi
