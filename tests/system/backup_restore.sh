#!/usr/bin/env bash
# A backup, an erasure, and a restore, by the real command line against the real server.
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

back_up() { "$LETHE" backup create --to "$STORE" --cert "$WORK/ca/operator.crt" --key "$WORK/ca/operator.key" "$@"; }

# The words of a restore, but for where to.
RESTORE=("$LETHE" backup restore --from "$STORE" --holder "$WORK/keys/holder.slots"
  --archive "$WORK/keys/archive" --dev)

set_up
person gone && gone=$RECORD anna=$SUBJECT
person kept && kept=$RECORD
expect "a backup by a tenant's client" 4 ROLE_MISSING "$LETHE" backup create --to "$STORE"
first=$(back_up -o json | sed -n 's/^ *"position": \([0-9]*\).*/\1/p')
"$LETHE" subject erase "$anna" --ground not-necessary --confirm="$anna" -o name >/dev/null
person later && later=$RECORD
back_up -o json >"$WORK/second.json"
grep -q '"bytesReceived"' "$WORK/second.json" || fault "the second backup says nothing of itself"
key=$("$LETHE" status -o json | sed -n 's/^ *"publicKey": "\(.*\)",*$/\1/p')
expect "both backups are listed" 0 "\"position\": $first" "$LETHE" backup list --from "$STORE" -o json
expect "the newest is whole and the vault's own" 0 "every file is whole" \
  "$LETHE" backup verify --from "$STORE" --public-key "$key"
expect "under another key" 1 "another key" \
  "$LETHE" backup verify --from "$STORE" --public-key "$(head -c 32 /dev/zero | base64)"
stop_server

expect "onto a vault" 1 ALREADY_EXISTS "${RESTORE[@]}" --data-dir "$WORK/vault"
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
