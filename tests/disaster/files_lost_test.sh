#!/usr/bin/env bash
# What is not a key holder, the archive or a backup is lost, cut or replaced while the server runs and
# while it is stopped: vault.json, the policy, the configuration, the certificates, the database.
# Nothing that was acknowledged is lost, nobody who was erased comes back, and the command that
# docs/disaster.md names, or the file put back, gets the living back. The real lethed and lethe.
#
#   files_lost_test.sh LETHED LETHE
#
# Exit: 0 all as it should be, 1 not so, 2 wrong use.
set -euo pipefail
(($# == 2)) || { echo "usage: files_lost_test.sh LETHED LETHE" >&2; exit 2; }
# shellcheck disable=SC2034  # disaster_lib.sh's
LETHED=$1 LETHE=$2 RAW_CALL=none
source "$(dirname "${BASH_SOURCE[0]}")/disaster_lib.sh"
readonly SLOTS=$WORK/vault/holder.slots
DESCRIBE=("$LETHE" vault describe --data-dir "$WORK/vault" --holder "$SLOTS" --archive "$WORK/vault/archive" -o json)

# cut FILE: its first half is left.
cut_file() { truncate -s $(($(stat -c %s "$1") / 2)) "$1"; }
# Whatever is lost, somebody was erased before it, and somebody else is to be erased behind it.
begin() {
  make_vault "$SLOTS"
  doom
  erase "$1, before"
  doom
}

vault_json() {
  local json=$WORK/vault/vault.json
  begin vault.json
  cp "$json" "$WORK/vault.json"

  rm "$json"
  keep "vault.json deleted"
  erase "vault.json deleted"
  expect "the status says what to do" 0 "vault.json is gone && lethe vault describe" "$LETHE" status -o json
  await_log '"event":"alarm".*vault.json is gone'  # Before it is over: the log is told once a second.
  expect "nothing is done beside a server" 1 "in use" "${DESCRIBE[@]}"
  cp "$WORK/vault.json" "$json"
  await_log '"event":"alarm_over".*vault.json is gone'

  cut_file "$json"
  await_log '"event":"alarm".*vault.json is gone' 2
  kill_server
  expect_no_start "a start with a cut vault.json" "vault.json is damaged && lethe vault describe"
  expect "written anew" 0 '"position" && start lethed' "${DESCRIBE[@]}"
  cmp "$json" "$WORK/vault.json" || fault "vault.json is not as it was"
  expect_start "vault.json cut and written anew"

  stop_server
  rm "$json"
  expect_no_start "a start without vault.json" "it has no vault.json && lethe vault describe"
  expect "init makes no new one" 1 "without its vault.json" "${INIT[@]}" --if-absent
  expect "written anew once more" 0 '"position"' "${DESCRIBE[@]}"
  cmp "$json" "$WORK/vault.json" || fault "vault.json is not as it was"
  sed -i 's/"vault_id": "[0-9a-f]*/"vault_id": "00000000/' "$json"
  expect_no_start "a start with another vault's vault.json" "another vault"
  expect "one that can be read is left alone" 1 "ALREADY_EXISTS" "${DESCRIBE[@]}"
  rm "$json"
  expect "and written anew without it" 0 '"position"' "${DESCRIBE[@]}"
  expect_start "vault.json deleted and written anew"
  stop_server
}

policy() {
  local file=$WORK/policies/acme.yaml
  begin policy
  cp "$file" "$WORK/policy"

  rm "$file"
  keep "policy deleted"
  erase "policy deleted"
  await_log '"event":"alarm".*the policy of tenant acme cannot be read'
  cp "$WORK/policy" "$file"
  await_log '"event":"alarm_over".*the policy of tenant acme'
  echo "# another line" >>"$file"
  await_log '"event":"alarm".*the policy of tenant acme is not what this server was started with'
  rm "$file"
  kill_server
  expect_no_start "a start without the policy" "acme.yaml cannot be read" 1
  sed '/name: support/,$d' "$WORK/policy" >"$file"
  expect_no_start "a start with a policy that lacks a category" "categor"
  head -c $(($(stat -c %s "$WORK/policy") / 2)) "$WORK/policy" >"$file"
  expect_no_start "a start with a cut policy" "acme.yaml: policy line" 1
  cp "$WORK/policy" "$file"
  expect_start "the policy put back"
  stop_server
}

configuration() {
  begin configuration
  rm "$WORK/lethed.yaml"
  await_log '"event":"alarm".*the configuration file cannot be read'
  keep "configuration deleted"
  erase "configuration deleted"
  kill_server
  expect_no_start "a start without the configuration" "lethed.yaml cannot be read" 1
  expect "init writes it anew" 0 "already there" "${INIT[@]}" --if-absent
  expect_start "the configuration written anew"
  stop_server
}

# One file after the other: deleted, cut, another's in its place.
certificates() {
  local name refused=0
  begin certificates
  cp -r "$WORK/ca" "$WORK/ca.whole"
  for name in ca.crt server.crt server.key; do
    refused=$(grep -c '"event":"certificates_refused"' "$WORK/lethed.log" || true)
    case $name in
      ca.crt) rm "$WORK/ca/$name" ;;
      server.crt) cut_file "$WORK/ca/$name" ;;
      server.key) cp "$WORK/ca/operator.key" "$WORK/ca/$name" ;;
    esac
    # Ours, if the client needs it too.
    export LETHE_CA=$WORK/ca.whole/ca.crt
    await_log '"event":"certificates_refused"' $((refused + 1))
    keep "$name lost"
    erase "$name lost"
    kill_server
    expect_no_start "a start without a good $name" "$name|tls" 3
    cp "$WORK/ca.whole/$name" "$WORK/ca/$name"
    start_server --log-level info
    expect_all "$name put back"
    doom
  done
  rm -r "$WORK/ca"
  await_log '"event":"certificates_refused"' $((refused + 2))
  stop_server
  expect_no_start "a start without any certificate" "tls" 3
  expect "init makes new ones, and an authority" 0 "already there" "${INIT[@]}" --if-absent
  export LETHE_CA=$WORK/ca/ca.crt
  expect_start "all certificates made anew"
  stop_server
}

# restore TO: from the newest backup, and the server's configuration to it.
RESTORE=("$LETHE" backup restore --from "$WORK/backups" --holder "$SLOTS" --archive "$WORK/vault/archive")
restore() {
  expect "restored to $1" 0 "stays erased" "${RESTORE[@]}" --data-dir "$WORK/$1"
  sed -i "s|^data_dir: .*|data_dir: $WORK/$1|" "$WORK/lethed.yaml"
}

# refused_without_database TITLE TIMES: the alarm was there so often by then.
refused_without_database() {
  expect "$1: an erase" 2 DATABASE_MISSING "$ERASE" "$DOOMED"
  ! put "$KEEPER" || fault "$1: a write is acknowledged"
  grep -q DATABASE_MISSING "$WORK/put.err" || fault "$1: refused otherwise: $(cat "$WORK/put.err")"
  await_log '"event":"alarm".*database.s folder' "$2"
  expect "$1: reads go on" 0 '"of"' "$LETHE" record get "${KEPT[0]}"
}

database() {
  local file
  begin database
  "$LETHE" backup create --to "$WORK/backups" --cert "$WORK/ca/operator.crt" --key "$WORK/ca/operator.key" \
    -o name >/dev/null
  keep "database, behind the backup"

  # Its newest writes, which stand in the archive too.
  kill_server
  for file in "$WORK"/vault/db/*.log; do cut_file "$file"; done
  expect_start "the database's newest writes cut"

  doom
  kill_server
  mv "$WORK/vault/db" "$WORK/db"
  expect_no_start "a start without the database" "lethe backup restore"
  [[ ! -e $WORK/vault/db ]] || fault "a start made a database"
  mv "$WORK/db" "$WORK/vault/db"
  start_server --log-level info
  expect_all "the database put back"

  # Nothing is promised that would go into files without a name.
  mv "$WORK/vault/db" "$WORK/db"
  refused_without_database "database moved away" 1
  mv "$WORK/db" "$WORK/vault/db"
  await_log '"event":"alarm_over".*database.s folder'
  keep "database put back"
  erase "database put back"
  doom
  rm -rf "$WORK/vault/db"
  refused_without_database "database deleted" 2
  kill_server
  expect_no_start "a start behind the database's loss" "lethe backup restore"
  restore restored
  expect_start "the database deleted while it was served"

  stop_server
  for file in "$WORK"/restored/db/*.sst; do cut_file "$file"; done
  expect_no_start "a start with a damaged database" "lethe backup restore"
  restore again
  expect_start "the database damaged while stopped"
  stop_server
}

# Nobody ever took a backup.
without_backup() {
  begin "without a backup"
  local restore=("$LETHE" archive restore --data-dir "$WORK/replayed" --holder "$SLOTS" --archive "$WORK/vault/archive")
  expect "nothing is done beside a server" 1 "in use" "${restore[@]}"
  keep "beside a restore that was refused"
  stop_server
  rm -r "$WORK/vault/db"
  expect_no_start "a start without the database" "lethe archive restore"
  expect "the whole archive restored" 0 "stays erased" "${restore[@]}"
  sed -i "s|^data_dir: .*|data_dir: $WORK/replayed|" "$WORK/lethed.yaml"
  expect_start "the database deleted, and there was no backup"
  stop_server
}

vault_json
policy
configuration
certificates
database
without_backup
printf '\n%d answers, %d faults\n' "$ANSWERS" "$FAULTS"
((FAULTS == 0))
