#!/usr/bin/env bash
# Attacks the promise: when an erase is acknowledged, everything ever written together with the root
# that is left opens none of the erased data.
#
#   scripts/attack.sh [--subjects N] [--minutes M] [--seed S] [--jobs N] [--build-dir DIR]
#
#   --subjects N    how many people live, and mostly die, in the vaults attacked (default 10000);
#                   with fewer than some 300 a path to death may be missed, which is a fault too
#   --minutes M     end after that time with what has been done by then (default 14)
#   --seed S        a whole number (default: drawn, and printed); the same lives, cuts and copies
#   --jobs N        compile jobs (default: this machine's cores)
#   --build-dir DIR use the program built there instead of building it (build/release)
#
# Vaults on real RocksDB files, archives and holders live random lives: people come, are changed,
# restricted, erased in every way there is. Every write is recorded. Between the steps the power is
# cut and the vault goes on from what is left; files, checkpoints and backups are copied. The
# attacker has every byte ever written, every copy, and the root that is left in each holder:
#
#   at each acknowledgement by which something died, before any later commit: nothing that died
#   opens, all that lives does; the same code with the root of just before opens all that died
#   (control, for every path to death)
#   at the end: the same, and every copy alone, with the root of now and (control) of its own moment
#   vaults cut off in the midst of their writes, opened again and attacked
#   names guessed: by opening, by their hashes, and by everything that can be seen without opening,
#   addresses, sizes and times of re-keying, which are the same whoever it was (controls: the living
#   are found, planted hashes and a planted index are seen)
#   a vault that only deletes wrapped keys: recovered whole, or the attack is blind
#
# Exit: 0 nothing was recovered and every control succeeded, 1 not so or the build failed, 2 wrong
# use, 77 the program cannot run here.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

main() {
  local subjects=10000 minutes=14 seed='' jobs built='' program
  jobs=$(nproc)
  while (($#)); do
    case $1 in
      --subjects) need_value "$1" $#; subjects=$2; shift ;;
      --minutes) need_value "$1" $#; need_number "$1" "$2"; minutes=$2; shift ;;
      --seed) need_value "$1" $#; seed=$2; shift ;;
      --jobs) need_value "$1" $#; need_number "$1" "$2"; jobs=$2; shift ;;
      --build-dir) need_value "$1" $#; built=$2; shift ;;
      -h | --help) print_help; exit 0 ;;
      *) die 2 "unknown word '$1' (--help)" ;;
    esac
    shift
  done
  [[ $subjects =~ ^[1-9][0-9]{0,6}$ ]] || die 2 "--subjects needs a number, not '$subjects'"
  [[ -n $seed ]] || seed=$((RANDOM * 32768 + RANDOM))
  [[ $seed =~ ^[0-9]{1,18}$ ]] || die 2 "--seed needs a whole number, not '$seed'"
  if [[ -z $built ]]; then
    configure release
    build release "$jobs" lethe_attack || die 1 "the build failed"
    built=build/release
  fi
  program=$built/tests/vault/whole/lethe_attack
  [[ -d $built ]] || die 2 "no such folder: $built"
  if [[ ! -x $program ]]; then
    warn "not run: lethe_attack is not built in $built"
    exit 77
  fi
  step "attack on $subjects subjects, at most $minutes minutes, seed $seed"
  "$program" --subjects "$subjects" --minutes "$minutes" --seed "$seed"
}

main "$@"
