# For the scripts of this folder: a vault with a server, people in it, and what must hold of them
# whatever is lost. Sourced behind LETHED, LETHE and RAW_CALL, never run.
# shellcheck shell=bash
# shellcheck source=../system/server_lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/../system/server_lib.sh"

KEPT=()             # Records whose put was acknowledged.
GONE=()             # Records of people whose erase was.

# make_vault HOLDER…: a new one in $WORK, served, with KEEPER, who is never erased.
make_vault() {
  local holder holders=()
  for holder in "$@"; do holders+=(--holder "$holder"); done
  rm -rf "$WORK/vault" "$WORK/ca" "$WORK/lethed.yaml"
  INIT=("$LETHE" init --dev --data-dir "$WORK/vault" "${holders[@]}" --tenant acme --dev-ca "$WORK/ca"
    --config "$WORK/lethed.yaml")
  export LETHE_CONTEXTS=$WORK/contexts.yaml LETHE_CA=$WORK/ca/ca.crt LETHE_PURPOSE=service
  "${INIT[@]}" >"$WORK/init.log" 2>&1 || { cat "$WORK/init.log"; exit 1; }
  # shellcheck disable=SC2034  # For who sources this.
  OPERATOR=(--cert "$WORK/ca/operator.crt" --key "$WORK/ca/operator.key" -o json)
  as acme
  start_server --log-level info
  KEPT=() GONE=()
  person && KEEPER=$SUBJECT && KEPT+=("$RECORD")
}

# Somebody with a record; sets SUBJECT and RECORD.
person() {
  SUBJECT=$(printf '%s' "$(uuid).$PERSON@example.org" | "$LETHE" subject create --type email --value-file - -o name)
  put "$SUBJECT"
}
# put SUBJECT: sets RECORD; what is said goes to a file where it fails.
put() {
  RECORD=$(printf '{"of":"nobody"}' | "$LETHE" record create "$1" --category account --value-file - -o name 2>"$WORK/put.err")
}
# keep TITLE: a write that must be taken, and counts.
keep() {
  put "$KEEPER" || fault "$1: a write is refused: $(cat "$WORK/put.err")"
  KEPT+=("$RECORD")
}
# A doomed person from before the loss: sets DOOMED and DOOMED_RECORD.
doom() { person && DOOMED=$SUBJECT DOOMED_RECORD=$RECORD; }
# A program and no function, so that its time can be limited.
ERASE=$WORK/erase
# shellcheck disable=SC2016  # That shell's own words.
printf '#!/bin/sh\nexec "%s" subject erase "$1" --ground not-necessary --confirm="$1" -o name\n' "$LETHE" >"$ERASE"
chmod +x "$ERASE"
# erase TITLE: of the doomed, which must be done, and counts.
erase() {
  expect "$1: an erase" 0 erasures/ "$ERASE" "$DOOMED"
  GONE+=("$DOOMED_RECORD")
}

# await_log PATTERN [COUNT]: until the server's log has so many lines with it.
await_log() {
  local try
  for ((try = 0; try < 150; ++try)); do
    (($(grep -cE -- "$1" "$WORK/lethed.log") < ${2:-1})) || return 0
    "$LETHE" status -o json >/dev/null 2>&1 || true
  done
  fault "the log never says '$1'"
}

# Without a chance to tidy up.
kill_server() {
  kill -KILL "$SERVER"
  wait "$SERVER" 2>/dev/null || true
  SERVER=''
  exec {SAID}<&-
}

# No acknowledged write is lost, and nobody whose erase was acknowledged is back.
expect_all() {
  local record
  for record in "${KEPT[@]}"; do
    "$LETHE" record get "$record" -o json >"$WORK/got" 2>&1 || fault "$1: lost an acknowledged write: $(cat "$WORK/got")"
  done
  for record in "${GONE[@]}"; do
    "$LETHE" record get "$record" -o json >"$WORK/got" 2>&1 && fault "$1: the erased is back"
    grep -q SUBJECT_ERASED "$WORK/got" || fault "$1: the erased answers $(cat "$WORK/got")"
  done
}

# The commands of a start, for expect.
START=("$LETHED" --config "$WORK/lethed.yaml" --listen 127.0.0.1:0 --port-file "$WORK/port")
# expect_no_start TITLE SAYS [CODE]: and the archive stays as it is.
expect_no_start() {
  local before
  before=$(cat "$WORK"/vault/archive/* | sha256sum)
  expect "$1" "${3:-2}" "$2" "${START[@]}"
  [[ $(cat "$WORK"/vault/archive/* | sha256sum) == "$before" ]] || fault "$1: something was written"
}
# expect_start TITLE: with everything, and an erase after it.
expect_start() {
  start_server --log-level info
  expect_all "$1"
  doom
  erase "$1"
  keep "$1"
  expect_all "$1, after an erase"
}
