#!/usr/bin/env bash
# Every fuzz target of tests/fuzz, each for a few seconds over its corpus, under ASan and UBSan.
#
#   FUZZ_SECONDS=N scripts/lanes/fuzz.sh     (default 20 a target)
#
# A target fuzz_<name> of tests/fuzz/CMakeLists.txt takes its corpus from tests/fuzz/corpus/<name>.
# What it finds is left in build/fuzz/found/. Exit: 0 nothing found, 1 a find or a failed build,
# 2 wrong use, 77 not run.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"
lane_flags "$@"

if [[ ! -f tests/fuzz/CMakeLists.txt ]]; then
  say "not run: there is no fuzz target (tests/fuzz)"
  exit 77
fi
seconds=${FUZZ_SECONDS:-20}
need_number FUZZ_SECONDS "$seconds"
scripts/install-deps.sh --only build --only test --only dev
configure fuzz
build fuzz "$(nproc)" lethe_fuzz_targets

mapfile -t targets < <(find build/fuzz/tests/fuzz -maxdepth 1 -type f -name 'fuzz_*' -executable | sort)
((${#targets[@]})) || die 1 "tests/fuzz builds no fuzz_* program"
mkdir -p build/fuzz/found
failed=0
for target in "${targets[@]}"; do
  name=${target##*/fuzz_}
  grown=build/fuzz/corpus/$name
  mkdir -p "$grown"
  corpus=("$grown")
  [[ ! -d tests/fuzz/corpus/$name ]] || corpus+=("tests/fuzz/corpus/$name")
  step "fuzz_$name, ${seconds} s, corpus of $(find "${corpus[@]}" -type f | wc -l)"
  "$target" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -print_final_stats=1 \
    -artifact_prefix="build/fuzz/found/$name-" "${corpus[@]}" 2>&1 | tail -n 12 || failed=1
done
exit $failed
