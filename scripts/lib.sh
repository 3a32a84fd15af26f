# Shared by the scripts of this folder; sourced, never run.
# shellcheck shell=bash
ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$ROOT" || exit 1

say() { printf '%s\n' "$*"; }
step() { printf '\n== %s\n' "$*"; }
warn() { printf '%s: %s\n' "${0##*/}" "$*" >&2; }

# die CODE TEXT: every script says in its --help what its codes mean.
die() {
  local code=$1
  shift
  warn "$*"
  exit "$code"
}

# The head comment of a script is its help text.
print_help() { awk 'NR > 1 && !/^#/ { exit } NR > 1 { sub(/^# ?/, ""); print }' "$0"; }

# need_value FLAG COUNT: a flag that takes a value was given one.
need_value() { (($2 >= 2)) || die 2 "$1 needs a value (--help)"; }

# need_number FLAG VALUE
need_number() { [[ $2 =~ ^[1-9][0-9]{0,3}$ ]] || die 2 "$1 needs a number from 1 to 9999, not '$2'"; }

minutes() { printf '%d:%02d' $(($1 / 60)) $(($1 % 60)); }

# configure PRESET [OPTION…]: quiet unless it fails.
configure() {
  local preset=$1 log="build/$1/configure.log"
  shift
  mkdir -p "build/$preset"
  cmake --preset "$preset" "$@" >"$log" 2>&1 || { cat "$log" && die 1 "configuring failed"; }
}

# build PRESET JOBS [TARGET…]: ninja counts, and says how long it has been at it.
build() {
  local preset=$1 jobs=$2
  shift 2
  NINJA_STATUS='[%f/%t %es] ' cmake --build --preset "$preset" -j "$jobs" ${1:+--target "$@"}
}

# A lane of .ci/run takes no flag but --help.
lane_flags() {
  case ${1:-} in
    '') ;;
    -h | --help) print_help; exit 0 ;;
    *) die 2 "unknown word '$1' (--help)" ;;
  esac
}
