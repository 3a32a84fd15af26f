#!/usr/bin/env bash
# Every script parses, answers --help with 0 and a wrong flag with 2, and pleases shellcheck where
# there is one.
set -euo pipefail
cd "$(dirname "$0")/../.."

faults=0
fault() {
  echo "FAULT $*"
  faults=$((faults + 1))
}

# The exit code of a command that must end at once.
code_of() {
  local code=0
  timeout 20 "$@" >/dev/null 2>&1 </dev/null || code=$?
  echo "$code"
}

mapfile -t scripts < <(find scripts .ci tests -name node_modules -prune -o -type f -name '*.sh' -print && echo .ci/run)
for script in "${scripts[@]}"; do
  bash -n "$script" || fault "$script does not parse"
done
for script in scripts/*.sh scripts/lanes/*.sh .ci/run; do
  [[ $script != scripts/lib.sh ]] || continue
  [[ -x $script ]] || fault "$script is not executable"
  [[ $(code_of "$script" --help) == 0 ]] || fault "$script --help does not end with 0"
  [[ $(code_of "$script" --no-such-flag) == 2 ]] || fault "$script takes a flag it does not know"
done
if command -v shellcheck >/dev/null; then
  shellcheck "${scripts[@]}" || fault "shellcheck"
else
  echo "shellcheck: not here, not run"
fi
echo "${#scripts[@]} scripts, $faults faults"
((faults == 0))
