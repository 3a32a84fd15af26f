#!/usr/bin/env bash
# The main job, told step by step: a thousand made-up customers are imported, read, listed and
# corrected; one is restricted, one reported on and exported, one erased; every file is searched for
# him; and a restart changes nothing. Every step asserts what it shows.
#
#   scripts/demo.sh [--keep] [--customers N] [--seed N] [--port N]
#
#   --keep         leave the server running and say how to go on; without it nothing stays behind
#   --customers N  how many (default 1000, at least 50)
#   --seed N       which ones (default 2026)
#   --port N       where the server listens (default 7443; a free one if it is taken)
set -euo pipefail
HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
ROOT=$(cd "$HERE/../.." && pwd)
source "$HERE/story.sh"
source "$HERE/server.sh"
source "$HERE/customers.sh"

print_help() { awk 'NR > 1 && !/^#/ { exit } NR > 1 { sub(/^# ?/, ""); print }' "$0"; }

read_arguments() {
  KEEP=0 CUSTOMERS=1000 SEED=2026 PORT=7443
  while (($#)); do
    case $1 in
      --keep) KEEP=1 ;;
      --customers | --seed | --port)
        [[ ${2:-} =~ ^[0-9]{1,6}$ ]] || { say "$1 needs a number" >&2 && exit 2; }
        case $1 in
          --customers) CUSTOMERS=$2 ;;
          --seed) SEED=$2 ;;
          --port) PORT=$2 ;;
        esac
        shift ;;
      -h | --help) print_help; exit 0 ;;
      *) say "unknown word '$1' (--help)" >&2; exit 2 ;;
    esac
    shift
  done
  ((CUSTOMERS >= 50)) || { say "--customers needs at least 50" >&2 && exit 2; }
}

find_programs() {
  local folder
  for folder in "${BUILD_DIR:?is set by scripts/demo.sh}" "$BUILD_DIR/cli" "$BUILD_DIR/bin"; do
    [[ ! -x $folder/lethe ]] || LETHE=$folder/lethe
  done
  for folder in "$BUILD_DIR" "$BUILD_DIR/server" "$BUILD_DIR/bin"; do
    [[ ! -x $folder/lethed ]] || LETHED=$folder/lethed
  done
  [[ -n ${LETHE:-} && -n ${LETHED:-} ]] || { say "no lethe or lethed in $BUILD_DIR" >&2 && exit 1; }
}

# A folder and an environment of its own: neither contexts nor settings of the person who runs it.
set_the_stage() {
  WORK=$(mktemp -d "${TMPDIR:-/tmp}/lethe-demo.XXXXXX")
  mkdir "$WORK/logs"
  SERVER=''
  trap clean_up EXIT
  unset "${!LETHE_@}" "${!LETHED_@}"
  export LETHE_CONTEXTS=$WORK/contexts.yaml
}

clean_up() {
  local code=$?
  if ((KEEP && code == 0)); then return; fi
  [[ -z $SERVER ]] || kill "$SERVER" 2>/dev/null || true
  [[ -z $SERVER ]] || wait "$SERVER" 2>/dev/null || true
  rm -rf "$WORK"
}

say_how_to_go_on() {
  cat <<TEXT

The server goes on (process $SERVER, folder $WORK). To try:

  export LETHE_CONTEXTS=$WORK/contexts.yaml PATH=$(dirname "$LETHE"):\$PATH
  lethe status
  lethe subject list
  lethe record list $SUBJECT_NEIGHBOUR
  lethe record get $(record_of "$SUBJECT_NEIGHBOUR" account)
  lethe subject report $SUBJECT_NEIGHBOUR
  lethe subject erase $SUBJECT_NEIGHBOUR --ground objection --dry-run
  lethe record get $RECORD_KEPT --purpose tax

To end it: kill $SERVER && rm -r $WORK
TEXT
}

main() {
  read_arguments "$@"
  find_programs
  set_the_stage
  run_step init make_vault
  run_step start start_server
  run_step import import_customers
  run_step read read_and_list
  run_step rectify rectify_one
  run_step restrict restrict_one
  run_step report report_and_export
  run_step erase erase_one
  run_step verify verify_receipt
  run_step search search_files
  run_step restart restart
  run_step "search 2" search_files
  print_table
  if ((KEEP)); then say_how_to_go_on; fi
}

main "$@"
