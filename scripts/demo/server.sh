# The steps that make the vault, start its server and start it again. Sourced by main_job.sh, never run.
# shellcheck shell=bash disable=SC2034 # SHOWN and what a later step needs

make_vault() {
  ask 0 init --dev --data-dir "$WORK/data" --holder "$WORK/holder/root.slots" \
    --archive "$WORK/archive" --tenant demo --policy "$ROOT/docs/examples/policy-demo.yaml" \
    --listen "127.0.0.1:$PORT" -o json
  SHOWN="vault $(out vaultId), assurance $(out assurance)"
}

# launch ADDRESS: starts lethed there and waits until it serves. Its exit code if it ends instead.
launch() {
  rm -f "$WORK/port"
  GLIBC_TUNABLES=glibc.malloc.tcache_count=0 LD_BIND_NOW=1 "$LETHED" --config "$WORK/lethed.yaml" --listen "$1" \
    --port-file "$WORK/port" </dev/null >>"$WORK/logs/lethed.log" 2>&1 &
  SERVER=$!
  local tries
  for ((tries = 0; tries < 600; tries++)); do
    [[ ! -s $WORK/port ]] || return 0
    kill -0 "$SERVER" 2>/dev/null || { local code=0; wait "$SERVER" || code=$?; SERVER=''; return "$code"; }
    sleep 0.05
  done
  fail "lethed does not serve after 30 seconds ($WORK/logs/lethed.log)"
}

# After a start the vault serves by name at once, by identifier a moment later.
wait_for_identifiers() {
  local tries
  for ((tries = 0; tries < 600; tries++)); do
    ask 0 status -o json
    [[ $(out identifiersLoaded) != true ]] || return 0
    sleep 0.05
  done
  fail "identifiers are not loaded after 30 seconds"
}

start_server() {
  local code=0
  launch "127.0.0.1:$PORT" || code=$?
  if ((code == 3)); then # Taken.
    code=0
    launch 127.0.0.1:0 || code=$?
  fi
  if ((code != 0)); then
    cp "$WORK/logs/lethed.log" "$WORK/err"
    fail "lethed ended with $code"
  fi
  local port
  port=$(head -n 1 "$WORK/port")
  SHOWN="lethed serves on 127.0.0.1:$port with mutual TLS"
  ((port == PORT)) || SHOWN+=" (port $PORT was taken)"
  PORT=$port
  ask 0 context set demo --addr "127.0.0.1:$port"
  wait_for_identifiers
  PUBLIC_KEY=$(out publicKey)
}

restart() {
  kill -TERM "$SERVER"
  local code=0
  wait "$SERVER" || code=$?
  SERVER=''
  ((code == 0)) || fail "lethed ended with $code"
  launch "127.0.0.1:$PORT" || fail "lethed does not start again"
  wait_for_identifiers
  expect_erased
  ask 0 receipt show "$(value_of "$WORK/receipt.json" name)" -o json
  [[ $(out signedStatement) == "$(value_of "$WORK/receipt.json" signedStatement)" ]] ||
    fail "the receipt states something else after the restart"
  SHOWN="still unreadable, bills still for tax only, neighbour fine, the same receipt"
}
