#!/usr/bin/env bash
# The holder's file is replaced, deleted, moved, cut or overwritten while the server runs and while it
# is stopped: nothing is acknowledged that the next start does not find, and the named command gets
# everything back. The real lethed and lethe. docs/disaster.md, "A key holder".
#
#   holder_moved_test.sh LETHED LETHE
#
# Exit: 0 all as it should be, 1 not so, 2 wrong use.
set -euo pipefail
(($# == 2)) || { echo "usage: holder_moved_test.sh LETHED LETHE" >&2; exit 2; }
LETHED=$1 LETHE=$2 RAW_CALL=none
# shellcheck source=disaster_lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/disaster_lib.sh"
readonly TRIES=400  # Of a call each: far above what a second takes.
# A program and no function, so that its time can be limited.
REJOIN=$WORK/rejoin
# shellcheck disable=SC2016  # That shell's own words.
printf '#!/bin/sh\nexec "%s" key holder rejoin "$1" --cert "%s/operator.crt" --key "%s/operator.key" -o json\n' \
  "$LETHE" "$WORK/ca" "$WORK/ca" >"$REJOIN"
chmod +x "$REJOIN"

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
  expect "$1: an erase is refused" 2 "HOLDER_UNREACHABLE|not where it was|was overwritten" "$ERASE" "$DOOMED"
  until_refused
  expect "$1: reads go on" 0 '"of"' "$LETHE" record get "${KEPT[0]}"
  expect "$1: the doomed is whole" 0 '"of"' "$LETHE" record get "$DOOMED_RECORD"
  expect "$1: the status says what to do" 0 "alarms && lethe key holder rejoin file-1" "$LETHE" status -o json
  expect "$1: so does the keys' status" 0 '"current": false && rejoin file-1' "$LETHE" key status "${OPERATOR[@]}"
}

# After the way back: an erase counts, and a killed server comes back with all of it.
expect_back() {
  expect "$1: an erase" 0 erasures/ "$ERASE" "$DOOMED"
  GONE+=("$DOOMED_RECORD")
  put "$KEEPER" || fault "$1: a write after the way back is refused"
  KEPT+=("$RECORD")
  kill_server
  start_server --log-level info
  expect_all "$1"
}
one_holder_while_running() {
  local slots=$WORK/vault/holder.slots
  make_vault "$slots"

  doom
  cp "$slots" "$WORK/copy" && mv "$WORK/copy" "$slots"
  expect_lost "renamed over"
  alarms_are 1
  expect "a tenant's client may not rejoin" 4 ROLE_MISSING "$LETHE" key holder rejoin file-1
  expect "renamed over: the way back" 0 '"reachable": true && "current": true && No erase' "$REJOIN" file-1
  expect_back "renamed over"

  # The copy opens: nothing was erased since.
  doom
  cp "$slots" "$WORK/copy" && mv "$WORK/copy" "$slots"
  expect_lost "renamed over and killed"
  kill_server
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

# Overwritten where it lies: its place is right, its bytes are not.
one_holder_overwritten() {
  local slots=$WORK/vault/holder.slots
  doom
  cp "$slots" "$WORK/before"
  "$ERASE" "$DOOMED" >/dev/null
  GONE+=("$DOOMED_RECORD")
  doom
  cp "$WORK/before" "$slots"
  expect_lost "an old copy over it"
  # A development vault does not know whether the blocks are the same.
  expect "an old copy over it: the way back" 0 '"current": true && a former file of file-1' "$REJOIN" file-1
  expect_back "an old copy over it"

  doom
  truncate -s 0 "$slots" && truncate -s "$(stat -c %s "$WORK/before")" "$slots"
  expect_lost "emptied"
  expect "emptied: the way back" 0 '"current": true' "$REJOIN" file-1
  expect_back "emptied"

  doom
  head -c "$(stat -c %s "$WORK/before")" /dev/zero | tr '\0' x >"$slots"
  expect_lost "rubbish over it"
  expect "rubbish is not taken" 2 "HOLDER_NEEDED && move it away" "$REJOIN" file-1
  mv "$slots" "$WORK/rubbish"
  expect "rubbish: the way back" 0 '"current": true' "$REJOIN" file-1
  expect_back "rubbish"
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
one_holder_overwritten
one_holder_while_stopped
two_holders
printf '\n%d answers, %d faults\n' "$ANSWERS" "$FAULTS"
((FAULTS == 0))
