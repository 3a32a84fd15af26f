#!/usr/bin/env bash
# A vault whose root is in a PKCS#11 token (SoftHSM2): erased, killed, opened again. The real lethed
# and lethe.
#
#   token_holder.sh LETHED LETHE
#
# Exit: 0 all as it should be, 1 not so, 2 wrong use, 77 not run (no SoftHSM2).
set -euo pipefail
(($# == 2)) || { echo "usage: token_holder.sh LETHED LETHE" >&2; exit 2; }
LETHED=$1 LETHE=$2 RAW_CALL=none
source "$(dirname "${BASH_SOURCE[0]}")/server_lib.sh"
readonly MODULE=/usr/lib/softhsm/libsofthsm2.so

set_up() {
  if ! command -v softhsm2-util >/dev/null || [[ ! -e $MODULE ]]; then
    echo "not run: no SoftHSM2"
    exit 77
  fi
  mkdir "$WORK/token"
  printf 'directories.tokendir = %s\nlog.level = ERROR\n' "$WORK/token" >"$WORK/softhsm2.conf"
  export SOFTHSM2_CONF=$WORK/softhsm2.conf
  (umask 077 && printf '471147\n' >"$WORK/pin")
  softhsm2-util --init-token --free --label lethe --pin 471147 --so-pin 471147 >/dev/null
  export LETHE_CONTEXTS=$WORK/contexts.yaml LETHE_CA=$WORK/ca/ca.crt LETHE_PURPOSE=service
}

# holder TOKEN: as --holder takes it.
holder() { printf 'pkcs11:module=%s;token=%s;pin-file=%s;slots=%s' "$MODULE" "$1" "$WORK/pin" "$WORK/vault/root.slots"; }

INIT=("$LETHE" init --dev --data-dir "$WORK/vault" --tenant acme --dev-ca "$WORK/ca"
  --config "$WORK/lethed.yaml")

# How many keys the token holds: SoftHSM keeps each object in a file.
keys_in_token() { find "$WORK/token" -name '*.object' ! -name token.object | wc -l; }

# person NAME: one with a record; sets SUBJECT and RECORD.
person() {
  SUBJECT=$(printf '%s' "$1.$PERSON@example.org" | "$LETHE" subject create --type email --value-file - -o name)
  RECORD=$(printf '{"of":"%s"}' "$1" | "$LETHE" record create "$SUBJECT" --category account --value-file - -o name)
}

set_up
expect "a token that is not there" 1 HOLDER_UNREACHABLE "${INIT[@]}" --holder "$(holder absent)"
rm -rf "$WORK/vault"
expect "a holder without a token's name" 1 "token=" "${INIT[@]}" --holder "pkcs11:module=$MODULE;slots=x"
expect "a vault in a token" 0 '"assurance": "test"' "${INIT[@]}" --holder "$(holder lethe)" -o json
start_server --log-level info
as acme
OPERATOR=(--cert "$WORK/ca/operator.crt" --key "$WORK/ca/operator.key" -o json)
expect "the status names the token" 0 '"pkcs11" && ASSURANCE_TEST' "$LETHE" key status "${OPERATOR[@]}"
person kept && kept=$RECORD
person gone && gone=$SUBJECT gone_record=$RECORD
keys=$(keys_in_token)
expect "an erase" 0 ASSURANCE_TEST \
  "$LETHE" subject erase "$gone" --ground not-necessary --confirm="$gone" -o json
cp "$WORK/answer" "$WORK/receipt.json"
[[ $(keys_in_token) == "$keys" ]] || fault "the token has $(keys_in_token) keys, and had $keys before"
expect "the receipt is whole" 0 ASSURANCE_TEST "$LETHE" receipt verify "$WORK/receipt.json" -o json
kill -KILL "$SERVER"
wait "$SERVER" 2>/dev/null || true
start_server --log-level info
expect "after a kill the living are there" 0 '"kept"' "$LETHE" record get "$kept"
expect "and the erased stays erased" 5 SUBJECT_ERASED "$LETHE" record get "$gone_record"
[[ $(keys_in_token) == "$keys" ]] || fault "the start left $(keys_in_token) keys in the token, not $keys"
stop_server

mv "$WORK/token" "$WORK/away" && mkdir "$WORK/token"
launch_server --log-level info
await_event waiting_for_holder
kill -TERM "$SERVER"
wait "$SERVER" || fault "a waiting server does not end when it is told to"
SERVER=''
rmdir "$WORK/token" && mv "$WORK/away" "$WORK/token"
start_server --log-level info
expect "with the token back all is there" 0 '"kept"' "$LETHE" record get "$kept"
stop_server
printf '\n%d answers, %d faults\n' "$ANSWERS" "$FAULTS"
((FAULTS == 0))
