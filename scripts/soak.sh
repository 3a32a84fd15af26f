#!/usr/bin/env bash
# The long versions of the crash and race tests; every failure prints the seed that replays it.
#
#   scripts/soak.sh LABEL… [--minutes N] [--seed S] [--sanitize NAME] [--jobs N] [--build-dir DIR]
#
#   kill          kill -9 of the server under mixed load, everything checked after each restart
#   inject        the server killed at the n-th write, sync, rename of every change and of the start
#   faults        the n-th write, sync, rename of the same answers EIO or ENOSPC: the server ends by
#                 itself, and nothing is lost
#   errnos        every error of open, read, write, fsync, rename, fstat, accept, mmap and getrandom
#                 once at each of their places in a put, an erase, a backup, a reload of
#                 certificates and a start, in an order that the seed draws, once: refused, retried,
#                 or an orderly end, and the next start has everything (all of it takes hours)
#   race          writers, erasures and readers of one subject at one time, then a cold start
#   erase-reads   10,000 erasures by several callers while others read: nobody is answered after the
#                 acknowledgement, and reads of others take at most max(3 x calm, calm + 10 ms)
#   crash-points  in one process: every prefix of all writes and syncs, torn and dropped
#   all           all of them, one after the other
#
#   --minutes N     for each label (default 5); whole minutes
#   --seed S        a whole number (default: drawn, and printed)
#   --sanitize NAME address or thread: the server and its tools under that sanitizer; a report ends
#                   the process, which is a fault like any other
#   --jobs N        compile jobs (default: this machine's cores)
#   --build-dir DIR use the programs built there instead of building them (build/release)
#
# Ends with a table of the totals. Exit: 0 no promise was broken, 1 one was or the build failed,
# 2 wrong use, 77 nothing of what was asked for can run on this machine.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

LABELS=(kill inject faults errnos race erase-reads crash-points)
COLUMNS=(cycles acknowledged open erases checked lost undone recoverable faults)

# The program behind a label; crash points have one of their own, which takes the same words.
program_of() {
  case $1 in
    crash-points) find "$BUILT/tests" -type f -name lethe_crash_points -perm -u+x -print -quit ;;
    *) find "$BUILT/tests/system" -type f -name lethe_soak -perm -u+x -print -quit ;;
  esac
}

# run_label LABEL MINUTES SEED LOG: appends its line "totals …" to LOG.
run_label() {
  local label=$1 minutes=$2 seed=$3 log=$4 program code=0
  step "$label, $minutes minutes, seed $seed"
  program=$(program_of "$label")
  if [[ -z $program ]]; then
    say "not run: its program is not built"
    return 77
  fi
  "$program" "$label" --minutes "$minutes" --seed "$seed" | tee -a "$log" || code=$?
  return "$code"
}

# What a sanitizer is told: the first report ends the process. Leaks are looked for by the floors'
# own tests: here a process is killed, and one that cannot be traced cannot be searched.
export_sanitizer_options() {
  export ASAN_OPTIONS=detect_stack_use_after_return=1:strict_string_checks=1:detect_leaks=0
  export UBSAN_OPTIONS=print_stacktrace=1:halt_on_error=1
  export TSAN_OPTIONS=ignore_noninstrumented_modules=1:halt_on_error=1
}

# preset_of SANITIZER
preset_of() {
  case $1 in
    '') echo release ;;
    address) echo asan-server ;;
    thread) echo tsan-server ;;
    *) die 2 "--sanitize takes address or thread, not '$1'" ;;
  esac
}

# The word after KEY= in a line of totals.
word_of() { sed -n "s/.* $1=\([^ ]*\).*/\1/p" <<<" $2"; }

print_table() {
  local line column
  step "totals"
  printf '%-13s' label
  printf '%13s' "${COLUMNS[@]}"
  printf '  %s\n' seed
  grep '^totals ' "$1" | while read -r line; do
    printf '%-13s' "$(word_of label "$line")"
    for column in "${COLUMNS[@]}"; do printf '%13s' "$(word_of "$column" "$line")"; done
    printf '  %s\n' "$(word_of seed "$line")"
  done
}

main() {
  local minutes=5 seed='' sanitize='' preset targets=() jobs labels=() label log verdict=0 ran=0 code
  BUILT=''
  jobs=$(nproc)
  while (($#)); do
    case $1 in
      --minutes) need_value "$1" $#; need_number "$1" "$2"; minutes=$2; shift ;;
      --seed) need_value "$1" $#; seed=$2; shift ;;
      --sanitize) need_value "$1" $#; sanitize=$2; shift ;;
      --jobs) need_value "$1" $#; need_number "$1" "$2"; jobs=$2; shift ;;
      --build-dir) need_value "$1" $#; BUILT=$2; shift ;;
      all) labels=("${LABELS[@]}") ;;
      kill | inject | faults | errnos | race | erase-reads | crash-points) labels+=("$1") ;;
      -h | --help) print_help; exit 0 ;;
      *) die 2 "unknown word '$1' (--help)" ;;
    esac
    shift
  done
  ((${#labels[@]})) || die 2 "name a label: ${LABELS[*]} or all (--help)"
  [[ -n $seed ]] || seed=$((RANDOM * 32768 + RANDOM))
  [[ $seed =~ ^[0-9]{1,18}$ ]] || die 2 "--seed needs a whole number, not '$seed'"
  preset=$(preset_of "$sanitize") || exit 2
  export_sanitizer_options
  if [[ -z $BUILT ]]; then
    configure "$preset"
    [[ -z $sanitize ]] || targets=(lethed lethe lethe_soak)
    build "$preset" "$jobs" "${targets[@]}" || die 1 "the build failed"
    BUILT=build/$preset
  fi
  [[ -d $BUILT/tests ]] || die 2 "no tests are built in $BUILT"

  log=$(mktemp)
  # shellcheck disable=SC2064  # The name of now.
  trap "rm -f '$log'" EXIT
  for label in "${labels[@]}"; do
    code=0
    run_label "$label" "$minutes" "$seed" "$log" || code=$?
    ((code == 77)) || ran=1
    ((code == 0 || code == 77)) || verdict=1
  done
  ((ran)) || exit 77
  print_table "$log"
  return $verdict
}

main "$@"
