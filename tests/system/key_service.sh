#!/usr/bin/env bash
# A vault whose holder a key service seals: an outage, a rotation, a horizon, a thief, a restore, a
# lost archive. The real lethed and lethe, and a KMS v2 plugin over SoftHSM2.
#
#   key_service.sh LETHED LETHE PLUGIN
#
# Exit: 0 all as it should be, 1 not so, 2 wrong use, 77 not run (no SoftHSM2).
set -euo pipefail
(($# == 3)) || { echo "usage: key_service.sh LETHED LETHE PLUGIN" >&2; exit 2; }
LETHED=$1 LETHE=$2 PLUGIN=$3 RAW_CALL=none
source "$(dirname "${BASH_SOURCE[0]}")/server_lib.sh"
# Short, since the name of a socket has few bytes.
SOCKETS=$(mktemp -d "${TMPDIR:-/tmp}/lethe_kms_XXXXXX")
PLUGIN_PROCESS=''

end_plugin() {
  [[ -n $PLUGIN_PROCESS ]] || return 0
  kill -KILL "$PLUGIN_PROCESS" 2>/dev/null || true
  wait "$PLUGIN_PROCESS" 2>/dev/null || true
  PLUGIN_PROCESS=''
}
trap 'end_plugin; rm -rf "$SOCKETS"; finish' EXIT

# Orders go in and answers come out through two pipes that stay open over its deaths.
mkfifo "$SOCKETS/orders" "$SOCKETS/answers"
exec {ORDERS}<>"$SOCKETS/orders" {REPLIES}<>"$SOCKETS/answers"
start_plugin() {
  "$PLUGIN" "$SOCKETS/kms.sock" "$SOCKETS" <"$SOCKETS/orders" >"$SOCKETS/answers" &
  PLUGIN_PROCESS=$!
  hear "ready*"
}
# hear PATTERN: its next line.
hear() {
  local line=''
  IFS= read -r -t "$START_SECONDS" line <&"$REPLIES" || true
  # shellcheck disable=SC2053  # A pattern on purpose.
  [[ $line == $1 ]] || { echo "the plugin said '$line', not '$1'"; exit 1; }
}
# order PATTERN WORD…
order() {
  local pattern=$1
  shift
  printf '%s\n' "$*" >&"$ORDERS"
  hear "$pattern"
}

set_up() {
  local skipped=0
  "$PLUGIN" "$SOCKETS/try.sock" "$SOCKETS" </dev/null >/dev/null || skipped=$?
  [[ $skipped == 0 ]] || { echo "the plugin ended with $skipped"; exit "$skipped"; }
  export LETHE_CONTEXTS=$WORK/contexts.yaml LETHE_CA=$WORK/ca/ca.crt LETHE_PURPOSE=service
  "$LETHE" init --dev --data-dir "$WORK/vault" --tenant acme --dev-ca "$WORK/ca" \
    --config "$WORK/lethed.yaml" >"$WORK/init.log" 2>&1 || { cat "$WORK/init.log"; exit 1; }
  cat >>"$WORK/lethed.yaml" <<END
root:
  outer: {kmsv2: {providers: [{name: house, endpoint: "unix://$SOCKETS/kms.sock", timeout: 1s}]}}
END
  OPERATOR=(--cert "$WORK/ca/operator.crt" --key "$WORK/ca/operator.key" -o json)
}

# person NAME: one with a record; sets SUBJECT and RECORD.
person() {
  SUBJECT=$(printf '%s' "$1.$PERSON@example.org" | "$LETHE" subject create --type email --value-file - -o name)
  RECORD=$(printf '{"of":"%s"}' "$1" | "$LETHE" record create "$SUBJECT" --category account --value-file - -o name)
}

erase() { "$LETHE" subject erase "$1" --ground not-necessary --confirm="$1" -o json >"$WORK/receipt"; }

# What holders and archive hold.
root_and_journal() { find "$WORK/vault/holder.slots" "$WORK/vault/archive" -type f -exec sha256sum {} + | sort; }

# serve_copy OF: on a copy of that folder, so that it can be tried again.
serve_copy() {
  rm -rf "$WORK/copy"
  cp -r "$1" "$WORK/copy"
  sed "s|^data_dir: .*|data_dir: $WORK/copy|" "$WORK/lethed.yaml" >"$WORK/copy.yaml"
}

set_up
start_plugin
start_server --log-level info
as acme
expect "the first start seals the holder" 0 '"kmsv2" && "service": "house" && "serviceKey": "root-1"' \
  "$LETHE" key status "${OPERATOR[@]}"
expect "a tenant's client may not even look" 4 ROLE_MISSING "$LETHE" key status
person kept && kept=$RECORD
person gone && gone=$SUBJECT gone_record=$RECORD

printf '\n-- the plugin dies while the vault runs\n'
end_plugin
expect "reads go on" 0 '"kept"' "$LETHE" record get "$kept"
person late && late=$RECORD
erase "$gone" || fault "an erase failed for want of the plugin"
expect "erases go on" 5 SUBJECT_ERASED "$LETHE" record get "$gone_record"
expect "the root is replaced without it" 0 '"serviceKey": "root-1"' "$LETHE" key rotate "${OPERATOR[@]}"
expect "a step of the horizon needs it" 2 HOLDER_UNREACHABLE "$LETHE" key horizon "${OPERATOR[@]}" --timeout 30
stop_server

printf '\n-- the plugin is dead at the start\n'
before=$(root_and_journal)
launch_server --log-level info
await_event waiting_for_holder
[[ ! -e $WORK/port || ! $WORK/port -nt $WORK/receipt ]] || fault "a vault that cannot be opened has a port"
[[ $(root_and_journal) == "$before" ]] || fault "a start that could not open the holder wrote"
start_plugin
reach_server
expect "it opens by itself when the plugin is back" 0 '"late"' "$LETHE" record get "$late"
stop_server
cp -r "$WORK/vault" "$WORK/stolen"
start_server --log-level info

printf '\n-- the horizon\n'
expect "a step without a new key gains nothing" 2 KEY_NOT_ROTATED "$LETHE" key horizon "${OPERATOR[@]}"
order root-2 rotate
expect "a step" 0 '"serviceKey": "root-2" && "house/root-1"' "$LETHE" key horizon "${OPERATOR[@]}"
stop_server
serve_copy "$WORK/stolen"
mv "$WORK/lethed.yaml" "$WORK/own.yaml" && cp "$WORK/copy.yaml" "$WORK/lethed.yaml"
start_server --log-level info
expect "control: the thief of files and holder reads while the old key lives" 0 '"kept"' \
  "$LETHE" record get "$kept"
stop_server
mv "$WORK/own.yaml" "$WORK/lethed.yaml"
start_server --log-level info
order destroyed destroy root-1
expect "attested without a word" 1 "for good" "$LETHE" key horizon attest house/root-1 "${OPERATOR[@]}"
expect "attested" 0 '"openHorizons": \[\]' \
  "$LETHE" key horizon attest house/root-1 --confirm house/root-1 "${OPERATOR[@]}"
stop_server
serve_copy "$WORK/stolen"
expect "the thief reads nothing any more" 2 "no key holder opens this vault" \
  "$LETHED" --config "$WORK/copy.yaml" --listen 127.0.0.1:0
start_server --log-level info
expect "the vault itself reads on" 0 '"kept"' "$LETHE" record get "$kept"
expect "and stays attested" 0 '"openHorizons": \[\]' "$LETHE" key status "${OPERATOR[@]}"
expect "a backup" 0 '"position"' "$LETHE" backup create --to "$WORK/backups" "${OPERATOR[@]}"
stop_server

printf '\n-- opened without lethed: a restore, and a lost archive\n'
RESTORE=("$LETHE" backup restore --from "$WORK/backups" --holder "$WORK/vault/holder.slots"
  --archive "$WORK/vault/archive" -o json)
REBUILD=("$LETHE" archive rebuild --data-dir "$WORK/restored" --archive "$WORK/archive"
  --approved-by ada --approved-by ben -o json)
expect "no restore without the key service" 1 'HOLDER_UNREACHABLE && --config lethed.yaml' \
  "${RESTORE[@]}" --data-dir "$WORK/refused"
[[ ! -e $WORK/refused/vault.json ]] || fault "a restore that opened nothing left a vault"
expect "a restore with it" 0 '"backupPosition"' \
  "${RESTORE[@]}" --data-dir "$WORK/restored" --config "$WORK/lethed.yaml"
sed -i "s|^data_dir: .*|data_dir: $WORK/restored|" "$WORK/lethed.yaml"
rm -rf "$WORK/vault/archive"
expect "no new archive without the key service" 1 'HOLDER_UNREACHABLE && --config lethed.yaml' \
  "${REBUILD[@]}"
expect "a new archive with it" 0 '"beginsAfter"' "${REBUILD[@]}" --config "$WORK/lethed.yaml"
start_server --log-level info
expect "what lives is read" 0 '"kept"' "$LETHE" record get "$kept"
expect "what was erased is not" 5 SUBJECT_ERASED "$LETHE" record get "$gone_record"
stop_server
printf '\n%d answers, %d faults\n' "$ANSWERS" "$FAULTS"
((FAULTS == 0))
