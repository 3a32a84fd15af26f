#!/usr/bin/env bash
# About fifty wrong inputs, by the real command line, the real server and a raw client: each must end
# with its exit code and say its reason, and no answer may hold a stack trace, a secret or a personal
# value. Prints every answer.
#
#   twenty_wrong_inputs.sh LETHED LETHE RAW_CALL
#
# Exit: 0 all as they should be, 1 not so, 2 wrong use, 77 openssl is missing.
set -euo pipefail
(($# == 3)) || { echo "usage: twenty_wrong_inputs.sh LETHED LETHE RAW_CALL" >&2; exit 2; }
LETHED=$1 LETHE=$2 RAW_CALL=$3
command -v openssl >/dev/null || { echo "not run: openssl is missing"; exit 77; }
source "$(dirname "${BASH_SOURCE[0]}")/server_lib.sh"
readonly VAULT=lethe.v1.VaultService RIGHTS=lethe.v1.RightsService

set_up() {
  export LETHE_CONTEXTS=$WORK/contexts.yaml LETHE_CA=$WORK/ca/ca.crt LETHE_PURPOSE=service
  "$LETHE" init --dev --data-dir "$WORK/vault" --tenant acme --tenant umbra --dev-ca "$WORK/ca" \
    --config "$WORK/lethed.yaml" >"$WORK/init.log" 2>&1 || { cat "$WORK/init.log"; exit 1; }
  make_certificates
  start_server --tls-ca "$WORK/both-ca.crt"
  as acme
  SUBJECT=$(new_subject "$PERSON@example.org")
  new_subject "second.$PERSON@example.org" >/dev/null
  printf '{"name":"%s"}' "$PERSON" >"$INPUTS/good.json"
  RECORD=$("$LETHE" record create "$SUBJECT" --category account --value-file "$INPUTS/good.json" -o name)
  ETAG=$("$LETHE" record get "$RECORD" -o json | sed -n 's/^ *"etag": "\(.*\)",\{0,1\}$/\1/p')
  ETAG=${ETAG//\\/}
  "$LETHE" record update "$RECORD" --value-file "$INPUTS/good.json" >/dev/null 2>&1
}

new_subject() {
  printf '%s' "$1" | "$LETHE" subject create --type email --value-file - -o name
}

# create TITLE PATTERN DATA: a record that is refused.
refused_data() {
  INPUT=$3
  expect "$1" 2 "$2" "$LETHE" record create "$SUBJECT" --category account --value-file -
}

data_and_fields() {
  refused_data "broken JSON" "FIELD_INVALID && field: record.data && rule: json$" "{\"name\":\"$PERSON\""
  refused_data "a key that stands twice" "FIELD_INVALID && rule: json_duplicate_key" "{\"a\":1,\"a\":\"$PERSON\"}"
  refused_data "JSON that is no object" "FIELD_INVALID && rule: json_object" "[\"$PERSON\"]"
  refused_data "JSON 65 deep" "FIELD_INVALID && rule: json_depth" "$(printf '{"a":%.0s' {1..65})1$(printf '}%.0s' {1..65})"
  refused_data "bytes that are no UTF-8" "FIELD_INVALID && rule: json$" "$(printf '{"a":"%s\xff"}' "$PERSON")"
  refused_data "a record over 1 MiB" "FIELD_INVALID && field: record.data && rule: max_bytes" "{\"a\":\"$(head -c 1048577 /dev/zero | tr '\0' x)\"}"
  refused_data "a message over 4 MiB" RESOURCE_EXHAUSTED "{\"a\":\"$(head -c 5000000 /dev/zero | tr '\0' x)\"}"
  INPUT='{"a":1}'
  expect "a category that the policy does not know" 2 "CATEGORY_UNKNOWN && field: record.category" \
    "$LETHE" record create "$SUBJECT" --category shoes --value-file -
  INPUT='{"a":1}'
  expect "an origin time in the future" 2 "FIELD_INVALID && field: record.origin_time && rule: not_in_future" \
    "$LETHE" record create "$SUBJECT" --category account --origin-time 2999-01-01T00:00:00Z --value-file -
  INPUT='{"a":1}'
  expect "a purpose that is no label" 2 "FIELD_INVALID && field: purpose && rule: format" \
    "$LETHE" record create "$SUBJECT" --category account --value-file - --purpose 'For Fun!'
  INPUT=" $PERSON@example.org"
  expect "an identifier that begins with a blank" 2 "FIELD_INVALID && rule: trimmed" \
    "$LETHE" subject create --type email --value-file -
  INPUT=$(head -c 321 /dev/zero | tr '\0' x)
  expect "an identifier of 321 bytes" 2 "FIELD_INVALID && field: identifiers.0..value && rule: max_bytes" "$LETHE" subject create --type email --value-file -
  INPUT="$PERSON@example.org"
  expect "an identifier that somebody else has" 6 IDENTIFIER_TAKEN \
    "$LETHE" subject create --type email --value-file -
  expect "an identifier where a name belongs" 1 "tenants/T/subjects/UUID" \
    "$LETHE" subject get "$PERSON@example.org"
}

requests() {
  INPUT="{\"parent\":\"tenants/acme\",\"pageSize\":-1,\"purpose\":\"service\"}"
  expect "a page of -1" 3 "FIELD_INVALID && field: page_size && rule: min" "$RAW" $VAULT/ListSubjects
  INPUT="{\"subject\":{\"name\":\"$SUBJECT\"}}"
  expect "no purpose" 3 "FIELD_REQUIRED && field: purpose" "$RAW" $VAULT/GetSubject
  INPUT="{\"name\":\"tenants/acme/subjects/$PERSON\",\"purpose\":\"service\"}"
  expect "a name that is none" 3 "FIELD_INVALID && field: name && rule: format" "$RAW" $VAULT/GetRecord
  INPUT="{\"subject\":{},\"purpose\":\"service\"}"
  expect "nobody named" 3 "FIELD_REQUIRED && field: subject.ref" "$RAW" $VAULT/GetSubject
  INPUT="{\"parent\":\"tenants/acme\",\"purpose\":\"service\",\"requestId\":\"$(uuid)\",\"identifiers\":[$(
    printf '{"type":"email","value":"%s"},' {1..16})
    {\"type\":\"email\",\"value\":\"17\"}]}"
  expect "seventeen identifiers" 3 "FIELD_INVALID && field: identifiers && rule: max_items" "$RAW" $VAULT/CreateSubject
  local id data
  id=$(uuid)
  data=$(printf '{"a":1}' | base64)
  INPUT="{\"subject\":{\"name\":\"$SUBJECT\"},\"record\":{\"category\":\"account\",\"data\":\"$data\"},\"purpose\":\"service\",\"requestId\":\"$id\"}"
  printf '%s' "$INPUT" | "$RAW" $VAULT/CreateRecord >"$WORK/answer" || fault "the first of two requests is refused"
  INPUT=${INPUT/$data/$(printf '{"a":2}' | base64)}
  expect "a request id sent again with another body" 3 REQUEST_ID_REUSED "$RAW" $VAULT/CreateRecord
  INPUT=$'\xff\xff\xff\xff garbage '$PERSON
  expect "bytes that are no message" 3 "FIELD_INVALID && field: request && rule: message" "$RAW" $VAULT/GetSubject --garbage
  INPUT='{}'
  expect "a method that does not exist" 12 METHOD_UNKNOWN "$RAW" $VAULT/GetEverything
  expect "an etag of before the last change" 6 ETAG_MISMATCH \
    "$LETHE" record update "$RECORD" --value-file "$INPUTS/good.json" --etag "$ETAG"
  expect "a flag that does not exist" 1 "no-such-flag" "$LETHE" subject list --no-such-flag
}

callers() {
  local token
  token=$("$LETHE" subject list --page-size 1 -o json | sed -n 's/^ *"nextPageToken": "\(.*\)".*/\1/p')
  [[ -n $token ]] || fault "there is no second page to ask for"
  as umbra
  expect "another tenant's page token" 2 PAGE_TOKEN_INVALID "$LETHE" subject list --page-token "$token"
  expect "another tenant's subject" 4 TENANT_MISMATCH "$LETHE" subject get "$SUBJECT"
  as_own foreign
  INPUT="{\"subject\":{\"name\":\"$SUBJECT\"},\"purpose\":\"service\"}"
  expect "a certificate of a foreign authority" 14 "code 14" "$RAW" $VAULT/GetSubject
  as_own expired
  INPUT="{\"subject\":{\"name\":\"$SUBJECT\"},\"purpose\":\"service\"}"
  expect "an expired certificate" 14 "code 14" "$RAW" $VAULT/GetSubject
  LETHE_CERT=- LETHE_KEY=-
  INPUT="{\"subject\":{\"name\":\"$SUBJECT\"},\"purpose\":\"service\"}"
  expect "no certificate" 14 "code 14" "$RAW" $VAULT/GetSubject
  as_own nobody
  expect "a certificate that names no client" 4 PEER_UNKNOWN "$LETHE" subject get "$SUBJECT"
  as_own twofold
  expect "a certificate with two identities" 4 PEER_UNKNOWN "$LETHE" subject get "$SUBJECT"
  as acme
}

rights() {
  expect "an erasure without a terminal and without --confirm" 1 "confirm" \
    "$LETHE" subject erase "$SUBJECT" --ground consent-withdrawn
  "$LETHE" subject restrict "$SUBJECT" --ground accuracy-contested >/dev/null 2>&1
  expect "a read of restricted data" 2 PROCESSING_RESTRICTED "$LETHE" record get "$RECORD"
  expect "the controller's own erasure of restricted data" 2 PROCESSING_RESTRICTED \
    "$LETHE" subject erase "$SUBJECT" --ground not-necessary --by controller --confirm "$SUBJECT"
  "$LETHE" subject erase "$SUBJECT" --ground consent-withdrawn --confirm "$SUBJECT" >/dev/null 2>&1
  expect "somebody erased" 5 SUBJECT_ERASED "$LETHE" subject get "$SUBJECT"
  expect "his record" 5 "SUBJECT_ERASED|RESOURCE_NOT_FOUND" "$LETHE" record get "$RECORD"
  INPUT="$PERSON@example.org"
  expect "his identifier, which answers like one never seen" 5 RESOURCE_NOT_FOUND \
    "$LETHE" subject lookup --type email --value-file -
  INPUT="{\"subject\":{\"name\":\"$SUBJECT\"},\"purpose\":\"service\",\"requestId\":\"$(uuid)\"}"
  expect "a lifting without the person being told" 3 "FIELD_REQUIRED && field: subject_informed_time" "$RAW" $RIGHTS/UnrestrictSubject
}

files() {
  local line="{\"subject\":{\"identifiers\":[{\"type\":\"email\",\"value\":\"i1.$PERSON\"}]},\"category\":\"account\",\"data\":{\"n\":1}}"
  printf '%s\n{"subject":{"identifiers":[{"type":"email","value":"i2.%s"}]},"categ' "$line" "$PERSON" \
    >"$INPUTS/cut.jsonl"
  expect "an import file that is cut off within a line" 7 "line 2: FIELD_INVALID.*cut short" \
    "$LETHE" record import "$INPUTS/cut.jsonl"
  printf '%s\n' "${line/\"n\":1/\"n\":1,\"n\":2}" >"$INPUTS/twice.jsonl"
  expect "an import line with a key that stands twice" 7 "line 1: FIELD_INVALID" \
    "$LETHE" record import "$INPUTS/twice.jsonl"
  printf '%s\n' "${line/account/shoes}" >"$INPUTS/shoes.jsonl"
  expect "an import line of a category that is none" 7 "line 1: CATEGORY_UNKNOWN" \
    "$LETHE" record import "$INPUTS/shoes.jsonl"
  expect "a second server on the folder" 2 "in use by another process" \
    "$LETHED" --config "$WORK/lethed.yaml" --listen 127.0.0.1:0
  stop_server
  mkdir "$WORK/foreign"
  echo hello >"$WORK/foreign/file"
  expect "a server on a folder that is no vault" 2 "no vault in this folder" \
    "$LETHED" --config "$WORK/lethed.yaml" --listen 127.0.0.1:0 --data-dir "$WORK/foreign"
  expect "a new vault in somebody's folder" 1 "not empty" \
    "$LETHE" init --dev --data-dir "$WORK/foreign" --tenant acme --config "$WORK/other.yaml"
  cp "$WORK/lethed.yaml" "$WORK/unknown.yaml"
  echo 'colour: blue' >>"$WORK/unknown.yaml"
  expect "a key that the configuration does not know" 1 "unknown.yaml.*colour" \
    "$LETHED" --config "$WORK/unknown.yaml"
  expect "a flag that lethed does not know" 1 "colour" "$LETHED" --colour blue
  expect "the key of another certificate" 3 "tls.key" \
    "$LETHED" --config "$WORK/lethed.yaml" --listen 127.0.0.1:0 --tls-key "$WORK/ca/acme.key"
  printf 'policy: x\ntime_zone: UTC\npurposes: allow-all\ncategories:\n  - {name: a, id: 1, anchor: tuesday, period: P1Y}\n' \
    >"$WORK/bad-policy.yaml"
  expect "a policy with an anchor that is none" 1 "policy line 5.*anchor" \
    "$LETHED" --config "$WORK/lethed.yaml" --listen 127.0.0.1:0 --tenant "acme=$WORK/bad-policy.yaml"
}

# Of another vault of ours: each by itself is sound, together they are no vault.
foreign_parts() {
  "$LETHE" init --dev --data-dir "$WORK/other" --tenant acme --config "$WORK/other.yaml" \
    >"$WORK/init-other.log" 2>&1
  mv "$WORK/vault/archive" "$WORK/archive"
  cp -r "$WORK/other/archive" "$WORK/vault/archive"
  expect "another vault's archive" 2 "archive.*another vault" \
    "$LETHED" --config "$WORK/lethed.yaml" --listen 127.0.0.1:0
  rm -r "$WORK/vault/archive"
  mv "$WORK/archive" "$WORK/vault/archive"
  cp "$WORK/vault/holder.slots" "$WORK/slots"
  cat "$WORK/other/holder.slots" >"$WORK/vault/holder.slots"
  expect "another vault's holder" 2 "holder belongs to another vault" \
    "$LETHED" --config "$WORK/lethed.yaml" --listen 127.0.0.1:0
  cat "$WORK/slots" >"$WORK/vault/holder.slots"
}

# Both slots garbled: nothing is left that opens the vault, and nothing may be touched. As it was, it
# opens again.
torn_slots() {
  local slots=$WORK/vault/holder.slots
  cp "$slots" "$WORK/slots"
  local at
  for at in 100 1048676; do
    printf 'torn' | dd of="$slots" bs=1 seek="$at" conv=notrunc status=none
  done
  expect "two torn slots" 2 "no key holder opens this vault" "$LETHED" --config "$WORK/lethed.yaml" --listen 127.0.0.1:0
  cp "$WORK/slots" "$slots"
  start_server
  "$LETHE" subject list >/dev/null || fault "the vault does not open with its slots as they were"
  know_roots
  stop_server
}

unsuitable_file_system() {
  if [[ $(stat -f -c %T /dev/shm 2>/dev/null) != tmpfs ]]; then
    echo "    not tried: no tmpfs at /dev/shm"
    return
  fi
  local holder
  holder=$(mktemp -u /dev/shm/lethe_wrong_XXXXXX)
  expect "a holder on a file system that cannot forget" 1 "tmpfs" \
    "$LETHE" init --data-dir "$WORK/strict" --holder "$holder" --archive "$WORK/strict-archive" \
    --tenant acme --config "$WORK/strict.yaml"
  [[ ! -e $holder ]] || fault "a holder file was left behind"
  rm -f "$holder"
}

set_up
know_roots
judge_is_awake
data_and_fields
requests
callers
rights
know_roots
files
foreign_parts
torn_slots
unsuitable_file_system
if grep -naE -- "$FORBIDDEN$SECRETS" "$WORK/lethed.log" "$WORK/answers"; then fault "the server's log says too much"; fi
printf '\n%d wrong inputs, %d faults\n' "$ANSWERS" "$FAULTS"
((FAULTS == 0))
