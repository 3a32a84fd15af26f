#!/usr/bin/env bash
# From a fresh clone to ctest's verdict: installs what is missing, configures, builds, tests.
#
#   scripts/test.sh [--preset NAME] [--label LABEL] [--jobs N] [--no-install]
#
#   --preset NAME   a preset of CMakePresets.json: release (default), debug, asan, tsan, clang
#   --label LABEL   only tests with this label, e.g. tree
#   --jobs N        compile jobs and tests side by side (default: this machine's cores)
#   --no-install    list missing Debian packages and stop instead of installing them
#
# The last lines are ctest's own closing lines and the tests that were skipped, by name.
# Exit: 0 all passed, 1 a test or the build failed, 2 wrong use, 3 packages missing, 4 they
# cannot be installed.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# ctest's words from "100% tests passed" on, without the list of tests that did not run.
print_closing() {
  sed -n '/% tests passed/,$p' "$1" | sed '/^The following tests did not run:/,/^$/d' | sed '/^$/d'
}

print_skipped() {
  local names
  names=$(sed -n 's/^[[:space:]]*[0-9]* - \(.*\) (Skipped)$/  \1/p' "$1")
  say "skipped tests: $(grep -c . <<<"$names" || true)"
  [[ -z $names ]] || say "$names"
}

# ctest's own logs are complete only now: searched like all else that the servers' tests left.
search_logs() {
  local search="build/$1/tests/system/lethe_evidence"
  [[ ! -x $search ]] || "$search" "build/$1/Testing/Temporary"
}

main() {
  local preset=release label='' jobs install=()
  jobs=$(nproc)
  while (($#)); do
    case $1 in
      --preset) need_value "$1" $#; preset=$2; shift ;;
      --label) need_value "$1" $#; label=$2; shift ;;
      --jobs) need_value "$1" $#; need_number "$1" "$2"; jobs=$2; shift ;;
      --no-install) install=(--no-install) ;;
      -h | --help) print_help; exit 0 ;;
      *) die 2 "unknown word '$1' (--help)" ;;
    esac
    shift
  done
  case $preset in
    release | debug | asan | tsan) ;;
    clang) install+=(--only build --only test --only bench --only dev) ;;
    *) die 2 "no preset '$preset' (--help)" ;;
  esac

  step "packages"
  scripts/install-deps.sh "${install[@]}"
  step "configure ($preset)"
  configure "$preset"
  step "build ($preset, $jobs jobs)"
  build "$preset" "$jobs" || die 1 "the build failed"
  say "built in $(minutes $SECONDS)"

  step "test ($preset)"
  local log="build/$preset/ctest.log" verdict=0
  ctest --preset "$preset" -j "$jobs" ${label:+-L "$label"} 2>&1 | tee "$log" || verdict=1
  search_logs "$preset" || verdict=1
  step "ctest's closing lines"
  print_closing "$log"
  print_skipped "$log"
  return $verdict
}

main "$@"
