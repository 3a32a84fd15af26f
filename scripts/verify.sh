#!/usr/bin/env bash
# Runs the tests behind each promise of docs/claims.md, and says what held.
#
#   scripts/verify.sh [P1 … P8] [--jobs N] [--no-install] [--build-dir DIR]
#
#   P1 … P8         which promises (default: all)
#   --jobs N        compile jobs and tests side by side (default: this machine's cores)
#   --no-install    list missing Debian packages and stop instead of installing them
#   --build-dir DIR use the tests built there (a path from the root of the repository, or a whole
#                   one); install and build nothing
#
# The long version of P1 is scripts/attack.sh, that of P2 scripts/soak.sh.
#
# Ends with a table. Exit: 0 every promise asked for held, 1 one did not or the build failed, 2 wrong
# use, 3 packages missing, 4 they cannot be installed, 5 one of those asked for has no test yet.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

PROMISES=(P1 P2 P3 P4 P5 P6 P7 P8)
# The tests behind a promise, as ctest selects them; a promise that is not here has none yet.
declare -A TESTS=(
  [P1]='-L ^(erasure|tree|identifiers)$'
  [P2]='-L ^crash$'
  [P3]='-L ^restore$'
  [P4]='-R ARefusedCallHoldsNoCategorysKey'
  [P5]='-L ^(canary|identifiers)$'
  [P7]='-R ^vault_erase_cost_test'
  [P8]='-L ^bench$'
)

verify() {
  local promise=$1 built=$2 jobs=$3 log started=$SECONDS found selection
  if [[ -z ${TESTS[$promise]:-} ]]; then
    printf '%-4s not yet\n' "$promise"
    return 5
  fi
  log=$built/verify-$promise.log
  read -ra selection <<<"${TESTS[$promise]}"
  ctest --test-dir "$built" -j "$jobs" --no-tests=error --output-on-failure "${selection[@]}" \
    >"$log" 2>&1 && found=held || found='DID NOT HOLD'
  printf '%-4s %-12s %4s s  %s\n' "$promise" "$found" $((SECONDS - started)) \
    "$(grep -o '[0-9]*% tests passed.*' "$log" || echo "see $log")"
  [[ $found == held ]]
}

main() {
  local jobs install=() built='' asked=() promise code verdict=0
  jobs=$(nproc)
  while (($#)); do
    case $1 in
      P[1-8]) asked+=("$1") ;;
      --jobs) need_value "$1" $#; need_number "$1" "$2"; jobs=$2; shift ;;
      --no-install) install=(--no-install) ;;
      --build-dir) need_value "$1" $#; built=$2; shift ;;
      -h | --help) print_help; exit 0 ;;
      *) die 2 "unknown word '$1' (--help)" ;;
    esac
    shift
  done
  ((${#asked[@]})) || asked=("${PROMISES[@]}")
  if [[ -z $built ]]; then
    scripts/install-deps.sh "${install[@]}"
    configure release
    build release "$jobs" || die 1 "the build failed"
    built=build/release
  fi
  [[ -f $built/CTestTestfile.cmake ]] || die 2 "no tests are built in $built"
  step "promises"
  for promise in "${asked[@]}"; do
    code=0
    verify "$promise" "$built" "$jobs" || code=$?
    ((code == 0 || verdict == 1)) || verdict=$code
  done
  return $verdict
}

main "$@"
