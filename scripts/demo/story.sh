# What the demonstration is told with: steps that are timed, expectations that end it, and small
# tools around lethe. Sourced by main_job.sh, never run.
# shellcheck shell=bash

STEPS=()       # "name|what was shown|seconds", for the closing table.
STEP='set-up'  # The step under way, for messages.

say() { printf '%s\n' "$*"; }

fail() {
  printf '\nDEMONSTRATION FAILED in step "%s": %s\n' "$STEP" "$*" >&2
  [[ ! -s $WORK/err ]] || sed 's/^/  lethe: /' "$WORK/err" >&2
  exit 1
}

# run_step NAME FUNCTION: the function sets SHOWN to what it has shown.
run_step() {
  STEP=$1
  SHOWN=''
  local begin=$EPOCHREALTIME
  "$2"
  local seconds
  seconds=$(seconds_since "$begin")
  STEPS+=("$1|$SHOWN|$seconds")
  printf '%-10s %s  (%s s)\n' "$1" "$SHOWN" "$seconds"
}

# EPOCHREALTIME has six digits behind a point or a comma, as the locale says.
seconds_since() {
  local now=${EPOCHREALTIME/[.,]/} begin=${1/[.,]/}
  printf '%d.%02d' $(((now - begin) / 1000000)) $(((now - begin) / 10000 % 100))
}

print_table() {
  local step name shown seconds
  say ""
  printf '%-10s  %-7s  %s\n' STEP SECONDS "WHAT WAS SHOWN"
  for step in "${STEPS[@]}"; do
    IFS='|' read -r name shown seconds <<<"$step"
    printf '%-10s  %7s  %s\n' "$name" "$seconds" "$shown"
  done
}

# ask CODE WORD…: runs lethe and demands this exit code. Its output is in $WORK/out.
ask() {
  local want=$1 got=0
  shift
  "$LETHE" "$@" >"$WORK/out" 2>"$WORK/err" || got=$?
  ((got == want)) || fail "lethe ${*:1:2} ended with $got instead of $want"
}

# refused REASON CODE WORD…: the same, and it is refused for this reason.
refused() {
  local reason=$1 want=$2
  shift 2
  ask "$want" "$@"
  grep -q "($reason)" "$WORK/err" || fail "lethe ${*:1:2} was refused for another reason than $reason"
}

# out PATH: one value of the JSON in $WORK/out, for instance "subjects.0.name".
out() { value_of "$WORK/out" "$1"; }

value_of() {
  python3 -c '
import json, sys
value = json.load(open(sys.argv[1], encoding="utf-8"))
for key in sys.argv[2].split("."):
    value = value[int(key)] if key.isdigit() else value[key]
print(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))' "$1" "$2"
}

# person NUMBER KEY: a made-up customer's value.
person() { value_of "$WORK/people.json" "$(($1 - 1)).$2"; }

# subject_of NUMBER: the vault's name of that customer.
subject_of() {
  "$LETHE" subject lookup --type email --value-file - -o name <<<"$(person "$1" email)"
}

# record_of SUBJECT CATEGORY: the name of the first such record.
record_of() { "$LETHE" record list "$1" --category "$2" -o name | head -n 1; }
