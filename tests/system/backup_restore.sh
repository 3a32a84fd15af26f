#!/usr/bin/env bash
# Backups, an erasure, damage in the folder of backups, and a restore, by the real command line
# against the real server.
#
#   backup_restore.sh LETHED LETHE
#
# Exit: 0 all as it should be, 1 not so, 2 wrong use.
set -euo pipefail
(($# == 2)) || { echo "usage: backup_restore.sh LETHED LETHE" >&2; exit 2; }
LETHED=$1 LETHE=$2 RAW_CALL=none
source "$(dirname "${BASH_SOURCE[0]}")/server_lib.sh"
readonly STORE=$WORK/backups

set_up() {
  export LETHE_CONTEXTS=$WORK/contexts.yaml LETHE_CA=$WORK/ca/ca.crt LETHE_PURPOSE=service
  mkdir "$WORK/keys"
  "$LETHE" init --dev --data-dir "$WORK/vault" --holder "$WORK/keys/holder.slots" \
    --archive "$WORK/keys/archive" --tenant acme --dev-ca "$WORK/ca" --config "$WORK/lethed.yaml" \
    >"$WORK/init.log" 2>&1 || { cat "$WORK/init.log"; exit 1; }
  start_server --log-level info
  as acme
}

# person NAME: one with a record; sets SUBJECT and RECORD.
person() {
  SUBJECT=$(printf '%s' "$1.$PERSON@example.org" | "$LETHE" subject create --type email --value-file - -o name)
  RECORD=$(printf '{"of":"%s"}' "$1" | "$LETHE" record create "$SUBJECT" --category account --value-file - -o name)
}

# The words of a backup.
BACK_UP=("$LETHE" backup create --to "$STORE" --cert "$WORK/ca/operator.crt" --key "$WORK/ca/operator.key")

# position FILE: of the backup that `create` told there.
position() { sed -n 's/^ *"position": \([0-9]*\).*/\1/p' "$1" | head -n 1; }

# files_of POSITION: the contents that this backup lists, a path each.
files_of() {
  head -n 1 "$STORE/$(printf '%020d' "$1").backup" | grep -o '"sha256":"[0-9a-f]*"' | cut -d '"' -f 4 |
    sort | sed "s|^|$STORE/files/|"
}

# shared A B: the largest file of both backups; alone A B: the largest of A that B has not.
largest() { xargs ls -S | head -n 1; }
shared() { comm -12 <(files_of "$1") <(files_of "$2") | largest; }
alone() { comm -23 <(files_of "$1") <(files_of "$2") | largest; }

# flip FILE: one bit in its middle, under its old time, as a disk does it.
flip() {
  local at byte
  at=$(($(stat -c %s "$1") / 2))
  touch -r "$1" "$WORK/time"
  byte=$(dd if="$1" bs=1 skip="$at" count=1 status=none | od -An -v -tu1 | tr -d ' ')
  printf '%b' "\\x$(printf %x $((byte ^ 1)))" | dd of="$1" bs=1 seek="$at" conv=notrunc status=none
  touch -r "$WORK/time" "$1"
}

# The words of a restore, but for where to.
RESTORE=("$LETHE" backup restore --from "$STORE" --holder "$WORK/keys/holder.slots"
  --archive "$WORK/keys/archive" --dev)

set_up
person gone && gone=$RECORD anna=$SUBJECT
person kept && kept=$RECORD
expect "a backup by a tenant's client" 4 ROLE_MISSING "$LETHE" backup create --to "$STORE"
first=$("${BACK_UP[@]}" -o json | sed -n 's/^ *"position": \([0-9]*\).*/\1/p')
"$LETHE" subject erase "$anna" --ground not-necessary --confirm="$anna" -o name >/dev/null
person later && later=$RECORD
"${BACK_UP[@]}" -o json >"$WORK/second.json"
grep -q '"bytesReceived"' "$WORK/second.json" || fault "the second backup says nothing of itself"
key=$("$LETHE" status -o json | sed -n 's/^ *"publicKey": "\(.*\)",*$/\1/p')
expect "both backups are listed" 0 "\"position\": $first" "$LETHE" backup list --from "$STORE" -o json
expect "the newest is whole and the vault's own" 0 "every file is whole" \
  "$LETHE" backup verify --from "$STORE" --public-key "$key"
expect "under another key" 1 "another key" \
  "$LETHE" backup verify --from "$STORE" --public-key "$(head -c 32 /dev/zero | base64)"

# Damage in what the next backup rests on: it is told, fetched anew, and the older ones are whole again.
second=$(position "$WORK/second.json")
cp "$(shared "$first" "$second")" "$WORK/as-it-was"
flip "$(shared "$first" "$second")"
expect "a backup after a bit has rotted" 0 'holds other bytes .* fetched anew && "fault": "OTHER_BYTES"' \
  "${BACK_UP[@]}" -o json
cmp -s "$WORK/as-it-was" "$(shared "$first" "$second")" || fault "the file that rotted is not as it was"
expect "all backups are whole again" 0 "GOOD && every file is whole" "$LETHE" backup verify --from "$STORE" --all
: >"$(shared "$first" "$second")"
expect "a file of it is empty" 0 DAMAGED "$LETHE" backup list --from "$STORE"
expect "a backup after a file was emptied" 0 'another size .* fetched anew' "${BACK_UP[@]}" -o json
rm "$(shared "$first" "$second")"
expect "a backup after a file was removed" 0 '"state": "VERIFIED"' "${BACK_UP[@]}" -o json
expect "all backups are whole once more" 0 "every file is whole" "$LETHE" backup verify --from "$STORE" --all
expect "the folder is well" 0 '"good": true' "$LETHE" backup status --from "$STORE" -o json
stop_server

# Damage in what only the newest has: it cannot be restored, and the one before it can.
back=("$LETHE" backup list --from "$STORE" -o json)
newest=$("${back[@]}" | sed -n 's/^ *"position": \([0-9]*\).*/\1/p' | sort -n | tail -n 1)
before=$("${back[@]}" | sed -n 's/^ *"position": \([0-9]*\).*/\1/p' | sort -n | tail -n 2 | head -n 1)
flip "$(alone "$newest" "$before")"
expect "reading finds it" 1 "position $newest cannot be restored" "$LETHE" backup verify --from "$STORE"
expect "the status tells" 1 "position $newest is damaged" "$LETHE" backup status --from "$STORE"
expect "a restore of it" 1 "nothing was changed && whole: --position $before" "${RESTORE[@]}" --data-dir "$WORK/new"
[[ ! -e $WORK/new ]] || fault "a folder was made for a backup that cannot be restored"
: >"$STORE/$(printf '%020d' "$newest").backup"
expect "without its manifest" 1 "nothing was changed && whole: --position $before" "${RESTORE[@]}" --data-dir "$WORK/new"
mv "$STORE" "$STORE.lost"
expect "the folder is lost" 1 NOT_FOUND "$LETHE" backup status --from "$STORE"
mv "$STORE.lost" "$STORE"

expect "onto a vault" 1 ALREADY_EXISTS "${RESTORE[@]}" --data-dir "$WORK/vault" --position "$before"
expect "from a position without a backup" 1 NOT_FOUND "${RESTORE[@]}" --data-dir "$WORK/new" --position 1
expect "from before the erasure" 0 "stays erased" "${RESTORE[@]}" --data-dir "$WORK/new" --position "$first"
sed -i "s|^data_dir: .*|data_dir: $WORK/new|" "$WORK/lethed.yaml"
start_server --log-level info
expect "the erased stays erased" 5 SUBJECT_ERASED "$LETHE" record get "$gone"
expect "the living is there" 0 '"kept"' "$LETHE" record get "$kept"
expect "so is who came after the backup" 0 '"later"' "$LETHE" record get "$later"
stop_server
printf '\n%d answers, %d faults\n' "$ANSWERS" "$FAULTS"
((FAULTS == 0))
