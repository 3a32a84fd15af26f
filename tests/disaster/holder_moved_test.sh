#!/usr/bin/env bash
# The holder's file is replaced, deleted, moved or cut while the server runs and while it is stopped:
# nothing is acknowledged that the next start does not find, and the named command gets everything
# back. The real lethed and lethe. docs/disaster.md, "A key holder".
#
#   holder_moved_test.sh LETHED LETHE
#
# Exit: 0 all as it should be, 1 not so, 2 wrong use.
set -euo pipefail
(($# == 2)) || { echo "usage: holder_moved_test.sh LETHED LETHE" >&2; exit 2; }
LETHED=$1 LETHE=$2 RAW_CALL=none
source "$(dirname "${BASH_SOURCE[0]}")/../system/server_lib.sh"
readonly TRIES=400  # Of a call each: far above what a second takes.
KEPT=()             # Records whose put was acknowledged.
GONE=()             # Records of people whose erase was.

# make_vault HOLDER…: a new one in $WORK, served.
make_vault() {
  local holder holders=()
  for holder in "$@"; do holders+=(--holder "$holder"); done
  rm -rf "$WORK/vault" "$WORK/ca" "$WORK/lethed.yaml"
  "$LETHE" init --dev --data-dir "$WORK/vault" "${holders[@]}" --tenant acme --dev-ca "$WORK/ca" \
    --config "$WORK/lethed.yaml" >"$WORK/init.log" 2>&1 || { cat "$WORK/init.log"; exit 1; }
  export LETHE_CONTEXTS=$WORK/contexts.yaml LETHE_CA=$WORK/ca/ca.crt LETHE_PURPOSE=service
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
# Programs and no functions, so that their time can be limited.
ERASE=$WORK/erase REJOIN=$WORK/rejoin
printf '#!/bin/sh\nexec "%s" subject erase "$1" --ground not-necessary --confirm="$1" -o name\n' "$LETHE" >"$ERASE"
printf '#!/bin/sh\nexec "%s" key holder rejoin "$1" --cert "%s/operator.crt" --key "%s/operator.key" -o json\n' \
  "$LETHE" "$WORK/ca" "$WORK/ca" >"$REJOIN"
chmod +x "$ERASE" "$REJOIN"

# A doomed person from before the loss: sets DOOMED and DOOMED_RECORD.
doom() { person && DOOMED=$SUBJECT DOOMED_RECORD=$RECORD; }

# Puts, until one is refused: each that is not counts.
until_refused() {
  local try
  for ((try = 0; try < TRIES; ++try)); do
    put "$KEEPER" || { grep -q HOLDER_UNREACHABLE "$WORK/put.err" || fault "refused otherwise: $(cat "$WORK/put.err")"; return; }
    KEPT+=("$RECORD")
  done
  fault "writes are never refused"
}
# alarms_are COUNT: until the log has told so many.
alarms_are() {
  local try
  for ((try = 0; try < TRIES; ++try)); do
    (($(grep -c '"event":"alarm"' "$WORK/lethed.log") < $1)) || break
    "$LETHE" status -o json >/dev/null
  done
  [[ $(grep -c '"event":"alarm"' "$WORK/lethed.log") == "$1" ]] || fault "the alarm is not told once"
}
# What is served while the holder is lost, and what is not.
expect_lost() {
  expect "$1: an erase is refused" 2 "HOLDER_UNREACHABLE|not where it was" "$ERASE" "$DOOMED"
  until_refused
  expect "$1: reads go on" 0 '"of"' "$LETHE" record get "${KEPT[0]}"
  expect "$1: the doomed is whole" 0 '"of"' "$LETHE" record get "$DOOMED_RECORD"
  expect "$1: the status says what to do" 0 "alarms && lethe key holder rejoin file-1" "$LETHE" status -o json
  expect "$1: so does the keys' status" 0 '"reachable": false && rejoin file-1' "$LETHE" key status "${OPERATOR[@]}"
}

# After the way back: an erase counts, and a killed server comes back with all of it.
expect_back() {
  expect "$1: an erase" 0 receipts "$ERASE" "$DOOMED"
  GONE+=("$DOOMED_RECORD")
  put "$KEEPER" || fault "$1: a write after the way back is refused"
  KEPT+=("$RECORD")
  kill -KILL "$SERVER"
  wait "$SERVER" 2>/dev/null || true
  exec {SAID}<&-
  start_server --log-level info
  expect_all "$1"
}
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
# expect_no_start TITLE SAYS: and the archive stays as it is.
expect_no_start() {
  local before
  before=$(cat "$WORK"/vault/archive/* | sha256sum)
  expect "$1" 2 "$2" "$LETHED" --config "$WORK/lethed.yaml" --listen 127.0.0.1:0 --port-file "$WORK/port"
  [[ $(cat "$WORK"/vault/archive/* | sha256sum) == "$before" ]] || fault "$1: something was written"
}

one_holder_while_running() {
  local slots=$WORK/vault/holder.slots
  make_vault "$slots"

  doom
  cp "$slots" "$WORK/copy" && mv "$WORK/copy" "$slots"
  expect_lost "renamed over"
  alarms_are 1
  expect "a tenant's client may not rejoin" 4 ROLE_MISSING "$LETHE" key holder rejoin file-1
  expect "renamed over: the way back" 0 '"reachable": true && "current": true && lethe key rotate' "$REJOIN" file-1
  expect_back "renamed over"

  # The copy opens: nothing was erased since.
  doom
  cp "$slots" "$WORK/copy" && mv "$WORK/copy" "$slots"
  expect_lost "renamed over and killed"
  kill -KILL "$SERVER"
  wait "$SERVER" 2>/dev/null || true
  exec {SAID}<&-
  start_server --log-level info
  expect_back "renamed over and killed"

  doom
  rm "$slots"
  expect_lost "deleted"
  expect "deleted: the way back" 0 '"current": true' "$REJOIN" file-1
  expect_back "deleted"

  doom
  mv "$slots" "$WORK/away"
  expect_lost "moved"
  printf 'a note' >"$slots"
  expect "what is no holder is not taken" 2 "HOLDER_NEEDED && size" "$REJOIN" file-1
  rm "$slots"
  mv "$WORK/away" "$slots"
  expect_back "put back"

  doom
  truncate -s 4096 "$slots"
  expect_lost "cut"
  expect "cut: it is no holder any more" 2 "HOLDER_NEEDED && move it away" "$REJOIN" file-1
  mv "$slots" "$WORK/cut"
  expect "cut: the way back" 0 '"current": true' "$REJOIN" file-1
  expect_back "cut"
}

one_holder_while_stopped() {
  local slots=$WORK/vault/holder.slots
  cp "$slots" "$WORK/old"
  doom
  "$ERASE" "$DOOMED" >/dev/null
  GONE+=("$DOOMED_RECORD")
  stop_server
  mv "$slots" "$WORK/away"
  expect_no_start "a start without the file" "key holder file-1 is not there && put that very file back"
  cp "$WORK/old" "$slots"
  expect_no_start "a start with a copy from before an erase" "no key holder opens this vault"
  head -c 4096 "$WORK/away" >"$slots"
  expect_no_start "a start with a cut file" "too short"
  mv "$WORK/away" "$slots"
  start_server --log-level info
  expect_all "with the very file back"
  stop_server
}

two_holders() {
  make_vault "$WORK/vault/one.slots" "$WORK/vault/two.slots"
  doom
  cp "$WORK/vault/two.slots" "$WORK/copy" && mv "$WORK/copy" "$WORK/vault/two.slots"
  expect "one of two renamed over: an erase is refused" 2 "HOLDER_UNREACHABLE|not where it was" "$ERASE" "$DOOMED"
  expect "the status names it" 0 '"reachable": false && rejoin file-2' "$LETHE" key status "${OPERATOR[@]}"
  put "$KEEPER" || fault "one of two renamed over: a write is refused"
  KEPT+=("$RECORD")
  expect "one of two: the way back" 0 '"current": true' "$REJOIN" file-2
  expect_back "one of two"

  stop_server
  doomed_while_stopped
}
# One of two files is away at the start: everything but an erase goes on.
doomed_while_stopped() {
  mv "$WORK/vault/two.slots" "$WORK/away"
  start_server --log-level info
  doom
  expect "one of two away: an erase is refused" 2 HOLDER_UNREACHABLE "$ERASE" "$DOOMED"
  expect "what was never open is not made anew" 2 "put its file back" "$REJOIN" file-2
  mv "$WORK/away" "$WORK/vault/two.slots"
  expect_back "one of two away"
  stop_server
}

one_holder_while_running
one_holder_while_stopped
two_holders
printf '\n%d answers, %d faults\n' "$ANSWERS" "$FAULTS"
((FAULTS == 0))
