#!/usr/bin/env bash
# Runs the benchmarks of docs/benchmarks.md and says which bars were met.
#
#   scripts/bench.sh [NAME …] [--no-install] [--build-dir DIR]
#
#   NAME            crypto, syncs, batch, bytes, expiry or death (default: all of them)
#   --no-install    list missing Debian packages and stop instead of installing them
#   --build-dir DIR use the benchmarks built there; install and build nothing
#
# Exit: 0 every bar was met, 1 one was missed or the build failed, 2 wrong use, 3 packages missing,
# 4 they cannot be installed.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

declare -A PROGRAMS=(
  [crypto]=bench/crypto/bench_crypto_ratios
  [syncs]=bench/erase/bench_erase_syncs
  [batch]=bench/erase/bench_erase_batch
  [bytes]=bench/erase/bench_erase_bytes
  [expiry]=bench/erase/bench_erase_expiry
  [death]=bench/erase/bench_erase_death
)
NAMES=(crypto syncs batch bytes expiry death)

main() {
  local install=() built='' asked=() name verdict=0 targets=()
  while (($#)); do
    case $1 in
      --no-install) install=(--no-install) ;;
      --build-dir) need_value "$1" $#; built=$2; shift ;;
      -h | --help) print_help; exit 0 ;;
      *) [[ -n ${PROGRAMS[$1]:-} ]] || die 2 "unknown word '$1' (--help)"; asked+=("$1") ;;
    esac
    shift
  done
  ((${#asked[@]})) || asked=("${NAMES[@]}")
  if [[ -z $built ]]; then
    scripts/install-deps.sh "${install[@]}"
    configure release
    for name in "${asked[@]}"; do targets+=("${PROGRAMS[$name]##*/}"); done
    build release "$(nproc)" "${targets[@]}" || die 1 "the build failed"
    built=build/release
  fi
  for name in "${asked[@]}"; do
    step "$name"
    "$built/${PROGRAMS[$name]}" || verdict=1
  done
  return $verdict
}

main "$@"
