#!/usr/bin/env bash
# Format, naming and known faults, floors, lengths: the rules of the house, run.
#
#   scripts/check.sh [format] [tidy] [house] [--base REV | --all] [--fix] [--jobs N]
#
# Without a word: all three. format and house look at every file; tidy, which takes seconds a
# file, at what changed since REV (default: HEAD, so what is not committed) or at everything.
#
#   --fix       let clang-format write instead of complain
#   --no-install  report missing Debian packages instead of installing them
#
# Exit: 0 nothing found, 1 something found, 2 wrong use, 3 packages missing, 4 they cannot be
# installed.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

FLOORS=(base crypto storage vault server cli tests bench)
base=HEAD
all=0
fix=0
jobs=$(nproc)
install=()

code_files() { find "${FLOORS[@]}" -name node_modules -prune -o \( -name '*.h' -o -name '*.cc' \) -print | sort; }

check_format() {
  local files how=(--dry-run -Werror)
  mapfile -t files < <(code_files)
  ((fix)) && how=(-i)
  clang-format "${how[@]}" --style=file "${files[@]}"
}

# The .cc files to tidy: those changed, and for a changed header those that include it.
changed_bodies() {
  local file
  if ((all)) || ! git rev-parse -q --verify "$base^{commit}" >/dev/null; then
    code_files | grep '\.cc$'
    return
  fi
  { git diff --name-only --diff-filter=d "$base" -- "${FLOORS[@]}"
    git ls-files --others --exclude-standard -- "${FLOORS[@]}"; } | while read -r file; do
    case $file in
      *.cc) echo "$file" ;;
      *.h) grep -rlF --include='*.cc' "#include \"$file\"" "${FLOORS[@]}" || true ;;
    esac
  done | sort -u
}

# Only files that this configuration compiles: clang-tidy guesses flags for the others.
check_tidy() {
  local files
  configure tidy
  build tidy "$jobs" lethe_proto >/dev/null 2>&1 || true # Generated headers, once there are any.
  mapfile -t files < <(changed_bodies | while read -r file; do
    if grep -qF "\"$ROOT/$file\"" build/tidy/compile_commands.json; then echo "$file"; fi
  done)
  say "${#files[@]} files to tidy"
  ((${#files[@]})) || return 0
  printf '%s\0' "${files[@]}" | xargs -0 -n 1 -P "$jobs" clang-tidy -p build/tidy --quiet 2>/dev/null
}

check_house() { scripts/check_house.py --functions; }

main() {
  local words=() word found=0
  while (($#)); do
    case $1 in
      format | tidy | house) words+=("$1") ;;
      --base) need_value "$1" $#; base=$2; shift ;;
      --jobs) need_value "$1" $#; need_number "$1" "$2"; jobs=$2; shift ;;
      --all) all=1 ;;
      --fix) fix=1 ;;
      --no-install) install=(--no-install) ;;
      -h | --help) print_help; exit 0 ;;
      *) die 2 "unknown word '$1' (--help)" ;;
    esac
    shift
  done
  ((${#words[@]})) || words=(format tidy house)
  scripts/install-deps.sh "${install[@]}" --only build --only test --only bench --only dev
  for word in "${words[@]}"; do
    step "$word"
    "check_$word" || { found=1 && say "$word: faults found"; }
  done
  return $found
}

main "$@"
