#!/usr/bin/env bash
# Runs one fuzz target for a while and says in one line what came of it.
#
#   tests/fuzz/run_target.sh PROGRAM SECONDS FOUND     PROGRAM: …/fuzz_<name>
#
# It starts from tests/fuzz/corpus/<name>; what it learns stays beside the program, so that the next
# run goes on from there. FOUND/<name>.log has the seed and all that was said, and an input that
# breaks the target is left beside it. Exit: 0 nothing found, 1 a find, 2 wrong use.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/../../scripts/lib.sh"
(($# == 3)) || die 2 "needs PROGRAM SECONDS FOUND"
program=$1 seconds=$2 found=$3
name=${program##*/fuzz_}

grown=${program%/*}/learned/$name
log=$found/$name.log
mkdir -p "$grown" "$found"
corpus=("$grown")
[[ ! -d tests/fuzz/corpus/$name ]] || corpus+=("tests/fuzz/corpus/$name")
# detect_leaks: LeakSanitizer traces threads, which a container may forbid. Leaks of the floors are
# the asan lane's.
code=0
ASAN_OPTIONS=detect_leaks=0 UBSAN_OPTIONS=print_stacktrace=1 \
  "$program" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -print_final_stats=1 \
  -artifact_prefix="$found/$name-" "${corpus[@]}" >"$log" 2>&1 || code=1

runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
if ((code)); then
  say "fuzz_$name: FOUND after ${runs:-?} runs, in $log"
else
  say "fuzz_$name: $runs runs in $seconds s, nothing found"
fi
exit $code
