#!/usr/bin/env bash
# Shows the main job of the vault, from a fresh clone: a thousand made-up customers are imported,
# read, corrected, restricted, reported on; one is erased, and every file is searched for him.
#
#   scripts/demo.sh [--keep] [--customers N] [--seed N] [--port N]
#                   [--no-install] [--jobs N] [--build-dir DIR]
#
#   --keep          leave the server running and say how to go on; without it nothing stays behind
#   --customers N   how many (default 1000, at least 50)
#   --seed N        which ones (default 2026)
#   --port N        where the server listens (default 7443; a free one if it is taken)
#   --no-install    list missing Debian packages and stop instead of installing them
#   --jobs N        compile jobs (default: this machine's cores)
#   --build-dir DIR use the lethed and lethe built there (a path from the root of the repository,
#                   or a whole one); install and build nothing
#
# It builds only the two programs. Exit: 0 all shown, 1 a step or the build failed, 2 wrong use,
# 3 packages missing, 4 they cannot be installed.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# Tests and benchmarks are configured only where a developer has asked for them before.
configure_programs() {
  if grep -qs 'LETHE_BUILD_TESTS:BOOL=ON' build/release/CMakeCache.txt; then
    configure release
  else
    configure release -DLETHE_BUILD_TESTS=OFF -DLETHE_BUILD_BENCH=OFF
  fi
}

main() {
  local jobs install=() rest=() built=''
  jobs=$(nproc)
  while (($#)); do
    case $1 in
      --no-install) install=(--no-install) ;;
      --jobs) need_value "$1" $#; need_number "$1" "$2"; jobs=$2; shift ;;
      --build-dir) need_value "$1" $#; built=$2; shift ;;
      --keep) rest+=("$1") ;;
      --customers | --seed | --port)
        need_value "$1" $#
        [[ $2 =~ ^[0-9]{1,6}$ ]] || die 2 "$1 needs a number, not '$2'"
        rest+=("$1" "$2")
        shift ;;
      -h | --help) print_help; exit 0 ;;
      *) die 2 "unknown word '$1' (--help)" ;;
    esac
    shift
  done
  if [[ -z $built ]]; then
    step "packages"
    scripts/install-deps.sh "${install[@]}" --only build
    step "configure"
    configure_programs
    step "build lethed and lethe ($jobs jobs)"
    build release "$jobs" lethed lethe || die 1 "the build failed"
    say "ready after $(minutes $SECONDS)"
    built=$ROOT/build/release
  fi
  [[ -d $built ]] || die 2 "no such folder: $built"
  BUILD_DIR=$(cd "$built" && pwd)
  export BUILD_DIR
  exec scripts/demo/main_job.sh "${rest[@]}"
}

main "$@"
