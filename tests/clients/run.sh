#!/usr/bin/env bash
# Runs a client that is not ours against a lethed of its own, over mutual TLS.
#
#   run.sh node|python|by_hand      LETHE and LETHED name the two programs, PROTOS the folder of the protos.
#
# Exit: 0 done, 77 skipped because a tool is missing (it says which), else failed.
set -euo pipefail
HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
: "${LETHE:?}" "${LETHED:?}" "${PROTOS:?}"

skip() {
  echo "SKIPPED: $*"
  exit 77
}

clean_up() {
  [[ -z $SERVER ]] || kill "$SERVER" 2>/dev/null || true
  [[ -z $SERVER ]] || wait "$SERVER" 2>/dev/null || true
  rm -rf "$WORK"
}

prepare_node() {
  command -v node >/dev/null || skip "no node"
  command -v npm >/dev/null || skip "no npm"
  cp "$HERE"/node/{package.json,package-lock.json,client.mjs} "$WORK"
  (cd "$WORK" && npm ci --ignore-scripts --no-audit --no-fund >npm.log 2>&1) ||
    skip "npm cannot install the client's packages: $(grep -m 1 -i error "$WORK/npm.log" || true)"
}

run_node() { node "$WORK/client.mjs"; }

# Debian's own Python: its gRPC is not seen by another one in PATH.
prepare_python() {
  /usr/bin/python3 -c 'import grpc, google.protobuf' 2>/dev/null || skip "no python3-grpcio for /usr/bin/python3"
  local plugin
  plugin=$(command -v grpc_python_plugin) || skip "no grpc_python_plugin (protobuf-compiler-grpc)"
  command -v protoc >/dev/null || skip "no protoc (protobuf-compiler)"
  cp "$HERE/python/client.py" "$WORK"
  (cd "$PROTOS" && find lethe -name '*.proto' -print0 | xargs -0 protoc -I . \
    --python_out="$WORK" --grpc_python_out="$WORK" --plugin=protoc-gen-grpc_python="$plugin")
}

run_python() { (cd "$WORK" && /usr/bin/python3 client.py); }

# docs/open_a_row.py has no line of ours but the formats: what it opens and what it does not is the
# promise as a stranger checks it.
prepare_by_hand() {
  /usr/bin/python3 -c 'import cryptography' 2>/dev/null || skip "no python3-cryptography for /usr/bin/python3"
}

opens_by_hand() { /usr/bin/python3 "$HERE/../../docs/open_a_row.py" "$WORK/data/archive" "$1" "$2" 2>/dev/null; }

check() {
  local what=$1
  shift
  if "$@"; then echo "ok: $what"; else echo "FAILED: $what" && return 1; fi
}

run_by_hand() {
  local slots=$WORK/data/holder.slots old=$WORK/holder.old anna bert gone kept
  export LETHE_ADDR=$ADDRESS LETHE_CA=$CA LETHE_CERT=$CERT LETHE_KEY=$KEY LETHE_TENANT=acme LETHE_PURPOSE=service
  lethe_new() { echo "{\"identifiers\":[{\"type\":\"customer_number\",\"value\":\"$1\"}]}" | "$LETHE" subject create -f - -o name; }
  lethe_put() { echo '{"category":"account","data":{"city":"Torino"}}' | "$LETHE" record create "$1" -f - -o name; }
  anna=$(lethe_new 1) && bert=$(lethe_new 2) && gone=$(lethe_put "$anna") && kept=$(lethe_put "$bert")
  check "a living record opens" grep -q Torino <<<"$(opens_by_hand "$slots" "$gone")"
  cp "$slots" "$old"
  "$LETHE" subject erase "$anna" --ground not-necessary --confirm="$anna" -o name
  check "the erased one does not" test -z "$(opens_by_hand "$slots" "$gone")"
  check "its neighbour does" grep -q Torino <<<"$(opens_by_hand "$slots" "$kept")"
  check "control: with a copy of the old holder the same code opens the erased one" \
    grep -q Torino <<<"$(opens_by_hand "$old" "$gone")"
}

start_server() {
  export LETHE_CONTEXTS=$WORK/contexts.yaml
  "$LETHE" init --dev --data-dir "$WORK/data" --tenant acme -o name 2>/dev/null
  "$LETHED" --config "$WORK/lethed.yaml" --listen 127.0.0.1:0 --port-file "$WORK/port" \
    >"$WORK/lethed.log" 2>&1 &
  SERVER=$!
  for ((i = 0; i < 600; i++)); do
    [[ ! -s $WORK/port ]] || break
    kill -0 "$SERVER" 2>/dev/null || { cat "$WORK/lethed.log" && exit 1; }
    sleep 0.05
  done
  local port
  port=$(head -n 1 "$WORK/port")
  # localhost and not 127.0.0.1: Node checks names of a certificate against host names only.
  export ADDRESS=localhost:$port CA=$WORK/dev-ca/ca.crt CERT=$WORK/dev-ca/acme.crt KEY=$WORK/dev-ca/acme.key
}

main() {
  local client=${1:?node, python or by_hand}
  WORK=$(mktemp -d "${TMPDIR:-/tmp}/lethe-client.XXXXXX")
  SERVER=''
  trap clean_up EXIT
  "prepare_$client"
  start_server
  "run_$client" || { tail -n 20 "$WORK/lethed.log" && exit 1; }
}

main "$@"
