# For the scripts of this folder: a vault with a server, and a judge of answers. Sourced, never run.
# shellcheck shell=bash

# In every personal value of this run; no answer may repeat it.
readonly PERSON=Zq7vCanaryXk29
# What no answer may hold: traces, places in the source, addresses in memory, keys, values.
readonly FORBIDDEN="terminate called|what\(\):|Segmentation|core dumped|^ *#[0-9]+ |[a-z_]+\.(cc|h):[0-9]|0x[0-9a-f]{8}|PRIVATE KEY|$PERSON"
readonly START_SECONDS=30

# Kept for the search at the end of the run where that wants it (evidence_main.cc), but for what we
# put in ourselves.
EVIDENCE=${LETHE_EVIDENCE_DIR:-}
[[ -z $EVIDENCE ]] || mkdir -p "$EVIDENCE"
WORK=$(mktemp -d "${EVIDENCE:-${TMPDIR:-/tmp}}/lethe_wrong_XXXXXX")
INPUTS=$WORK/inputs
mkdir "$INPUTS"
SERVER=''
STARTS=0
ANSWERS=0
FAULTS=0
SECRETS=''

finish() {
  if [[ -n $SERVER ]]; then
    kill -KILL "$SERVER" 2>/dev/null || true
    wait "$SERVER" 2>/dev/null || true
  fi
  rm -rf "$INPUTS"
  [[ -n $EVIDENCE ]] || rm -rf "$WORK"
}
trap finish EXIT

fault() {
  printf 'FAULT %s\n' "$*"
  FAULTS=$((FAULTS + 1))
}

# The roots of the vault as they are now, which no answer may hold: 32 bytes at the place where
# docs/formats.md puts them in a slot, of either slot, in hex and in base64.
know_roots() {
  local at hex base64
  for at in 0 1048576; do
    hex=$(root_at "$at" | od -An -v -tx1 | tr -d ' \n')
    base64=$(root_at "$at" | base64 -w 0 | tr -d = | sed 's/[+]/[+]/g')
    [[ $hex =~ ^0*$ ]] || SECRETS+="|$hex|$base64"
  done
}
root_at() { dd if="$WORK/vault/holder.slots" bs=1 skip=$(($1 + 78)) count=32 status=none; }

# holds_all PATTERNS FILE: every one of "A && B" stands in a line of it.
holds_all() {
  local rest=$1 file=$2
  while [[ $rest == *' && '* ]]; do
    grep -qE -- "${rest%% && *}" "$file" || return 1
    rest=${rest#* && }
  done
  grep -qE -- "$rest" "$file"
}

# The control: what is wrong with an answer is seen, whatever it is.
judge_is_awake() {
  local bad before number=0 secret=${SECRETS##*|}
  secret=${secret//'[+]'/+}  # As it is, not as a pattern.
  for bad in "0 said $PERSON" "0 said what(): x" "0 said server.cc:12" "0 said $secret" "1 said" \
    "0 nothing"; do
    number=$((number + 1)) before=$FAULTS
    # shellcheck disable=SC2016  # That shell's own words.
    (expect control 0 said sh -c 'printf "%s\n" "$2"; exit "$1"' sh "${bad%% *}" "${bad#* }"
      ((FAULTS > before))) >/dev/null || fault "the judge overlooks the wrong answer $number"
  done
  before=$FAULTS
  (expect control 0 "said && so" printf 'said\nso\n'; ((FAULTS == before))) >/dev/null ||
    fault "the judge finds fault with a right answer"
  : >"$WORK/answers"
}

# expect TITLE CODE PATTERNS COMMAND…: the command, with standard input from the variable INPUT, ends
# with CODE and says PATTERNS. Prints what it answered.
expect() {
  local title=$1 code=$2 pattern=$3 got=0
  shift 3
  ANSWERS=$((ANSWERS + 1))
  printf '%s' "${INPUT:-}" >"$INPUTS/input"
  timeout 60 "$@" <"$INPUTS/input" >"$WORK/answer" 2>&1 || got=$?
  cat "$WORK/answer" >>"$WORK/answers"
  printf '\n%2d. %s\n    exit %d\n' "$ANSWERS" "$title" "$got"
  # Places on this machine say nothing and would differ in every run.
  sed "s|$WORK|DIR|g; s/^/    /" "$WORK/answer" | cut -c1-200 | head -n 8
  [[ $got == "$code" ]] || fault "$title: exit $got, not $code"
  holds_all "$pattern" "$WORK/answer" || fault "$title: the answer does not say '$pattern'"
  if grep -naE -- "$FORBIDDEN$SECRETS" "$WORK/answer"; then fault "$title: the answer says too much"; fi
  INPUT=''
}

# launch_server FLAG…: it writes its log into a pipe that is read.
launch_server() {
  local pipe=$WORK/said.$((++STARTS))
  mkfifo "$pipe"
  "$LETHED" --config "$WORK/lethed.yaml" --listen 127.0.0.1:0 --port-file "$WORK/port" "$@" \
    2>"$pipe" >/dev/null &
  SERVER=$!
  exec {SAID}<"$pipe"
}

# await_event EVENT: until the server that was launched says so.
await_event() {
  local line=''
  while IFS= read -r -t "$START_SECONDS" line <&"$SAID"; do
    printf '%s\n' "$line" >>"$WORK/lethed.log"
    [[ $line != *"\"event\":\"$1\""* ]] || return 0
  done
  cat "$WORK/lethed.log"
  echo "the server did not start: it never said '$1'"
  exit 1
}

# start_server FLAG…: until it says that it serves.
start_server() {
  launch_server "$@"
  reach_server
}

# Until the server that was launched serves; the rest of its log is kept.
reach_server() {
  await_event serving
  cat <&"$SAID" >>"$WORK/lethed.log" &
  LETHE_ADDR=127.0.0.1:$(head -n 1 "$WORK/port")
  export LETHE_ADDR
}

stop_server() {
  local code=0
  kill -TERM "$SERVER"
  wait "$SERVER" || code=$?
  SERVER=''
  exec {SAID}<&-
  [[ $code == 0 ]] || fault "SIGTERM ended the server with $code"
}

# as TENANT: who calls from now on.
as() {
  export LETHE_TENANT=$1 LETHE_CERT=$WORK/ca/$1.crt LETHE_KEY=$WORK/ca/$1.key
}

# $RAW METHOD: one call past the checks of the command line, as whoever calls; the request comes from
# INPUT. A program and no function, so that its time can be limited.
RAW=$WORK/raw
cat >"$RAW" <<END
#!/bin/sh
exec "$RAW_CALL" "\$LETHE_ADDR" "\$LETHE_CA" "\$LETHE_CERT" "\$LETHE_KEY" "\$@"
END
chmod +x "$RAW"

uuid() { cat /proc/sys/kernel/random/uuid; }

# An authority of our own beside the development one, whose key is never written: it signs what no
# honest authority would.
make_certificates() {
  local dir=$WORK/own
  mkdir "$dir"
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=own-ca \
    -keyout "$dir/ca.key" -out "$dir/ca.crt" 2>/dev/null
  cat "$WORK/ca/ca.crt" "$dir/ca.crt" >"$WORK/both-ca.crt"
  local san=URI:spiffe://lethe.dev/tenants/acme/clients/dev
  sign "$dir" expired "$san" -startdate 20200101000000Z -enddate 20200201000000Z
  sign "$dir" nobody DNS:example.org
  sign "$dir" twofold "$san,URI:spiffe://lethe.dev/tenants/umbra/clients/dev"
  # Good in itself, but of an authority that the server does not know.
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=foreign \
    -addext "subjectAltName=$san" -keyout "$dir/foreign.key" -out "$dir/foreign.crt" 2>/dev/null
}

# sign DIR NAME SAN FLAG…
sign() {
  local dir=$1 name=$2 san=$3
  shift 3
  openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "/CN=$name" \
    -keyout "$dir/$name.key" -out "$dir/$name.csr" 2>/dev/null
  mkdir -p "$dir/issued"
  : >"$dir/index"
  printf 'subjectAltName=%s\nextendedKeyUsage=clientAuth\n' "$san" >"$dir/$name.ext"
  cat >"$dir/ca.conf" <<END
[ca]
default_ca = own
[own]
dir = $dir
database = $dir/index
new_certs_dir = $dir/issued
certificate = $dir/ca.crt
private_key = $dir/ca.key
default_md = sha256
default_days = 2
rand_serial = yes
policy = any
[any]
commonName = supplied
END
  openssl ca -batch -notext -config "$dir/ca.conf" -extfile "$dir/$name.ext" "$@" \
    -in "$dir/$name.csr" -out "$dir/$name.crt" 2>/dev/null
}

# as_own NAME: with a certificate of make_certificates.
as_own() {
  export LETHE_TENANT=acme LETHE_CERT=$WORK/own/$1.crt LETHE_KEY=$WORK/own/$1.key
}
