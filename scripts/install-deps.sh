#!/usr/bin/env bash
# Lists the Debian 12 packages that are missing, with their download size, and installs them.
#
#   scripts/install-deps.sh [--no-install] [--only SET]…
#
#   --no-install   list what is missing and stop
#   --only SET     build | test | bench | bench-crypto | dev   (may be repeated;
#                  without it: build, test and bench)
#
# Works as root or through sudo and asks nothing (without a terminal sudo must not need a
# password). Exit: 0 all there, 2 wrong use, 3 packages missing and --no-install was given,
# 4 they cannot be installed (no apt-get, no root, or apt-get failed).
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

packages_of() {
  case $1 in
    build) echo cmake ninja-build g++ ccache mold pkg-config ca-certificates openssl python3 \
      libabsl-dev libsodium-dev libssl-dev librocksdb-dev nlohmann-json3-dev \
      libgrpc++-dev protobuf-compiler-grpc protobuf-compiler libprotobuf-dev grpc-proto \
      libcli11-dev libyaml-cpp-dev libspdlog-dev libp11-kit-dev tzdata ;;
    test) echo libgtest-dev libgmock-dev python3 python3-grpcio python3-protobuf python3-cryptography \
      e2fsprogs xfsprogs strace softhsm2 unzip ;;
    bench) echo libbenchmark-dev ;;
    bench-crypto) echo cmake ninja-build g++ ccache mold pkg-config ca-certificates \
      libabsl-dev libsodium-dev libssl-dev libbenchmark-dev ;;
    dev) echo clang clang-tidy clang-format libclang-rt-14-dev lld universal-ctags shellcheck git gdb ;;
    *) die 2 "no package set '$1' (--help)" ;;
  esac
}

installed() { [[ $(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null) == installed ]]; }

# What apt-get would fetch for these, dependencies included: "name bytes" lines.
downloads_of() {
  apt-get install --no-install-recommends --print-uris -qq "$@" 2>/dev/null |
    awk '{ split($2, part, "_"); print part[1], $3 }'
}

# Sets AS_ROOT to what must stand before a command to run it as root.
find_root() {
  AS_ROOT=()
  ((EUID == 0)) && return
  command -v sudo >/dev/null || die 4 "installing needs root, and there is no sudo"
  AS_ROOT=(sudo)
  [[ -t 0 ]] || AS_ROOT=(sudo -n)
  "${AS_ROOT[@]}" true || die 4 "sudo lets nobody through here"
}

update_lists() { "${AS_ROOT[@]}" apt-get update -qq; }

list_missing() {
  local fetched
  fetched=$(downloads_of "${missing[@]}" || true)
  if [[ -z $fetched ]]; then
    printf '  %s\n' "${missing[@]}"
    say "  (sizes unknown: apt's package lists are absent or older than these names)"
    return
  fi
  # shellcheck disable=SC2086 # one word a package, on purpose
  awk -v wanted=" ${missing[*]} " '
    { bytes[$1] = $2; total += $2; count++ }
    END {
      n = split(wanted, names, " ")
      for (i = 1; i <= n; i++) printf "  %-28s %8.1f MB\n", names[i], bytes[names[i]] / 1e6
      printf "  %-28s %8.1f MB to download, %d packages with their dependencies\n", "in all", total / 1e6, count
    }' <<<"$fetched"
}

install_missing() {
  "${AS_ROOT[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
    -o Dpkg::Use-Pty=0 "${missing[@]}" >"$apt_log" 2>&1
}

main() {
  local install=1 sets=() wanted=() missing=() apt_log
  apt_log=$(mktemp)
  # shellcheck disable=SC2064 # the name as it is now
  trap "rm -f '$apt_log'" EXIT
  while (($#)); do
    case $1 in
      --no-install) install=0 ;;
      --only) need_value "$1" $#; sets+=("$2"); shift ;;
      -h | --help) print_help; exit 0 ;;
      *) die 2 "unknown word '$1' (--help)" ;;
    esac
    shift
  done
  ((${#sets[@]})) || sets=(build test bench)
  local set
  for set in "${sets[@]}"; do
    # shellcheck disable=SC2207 # package names hold no blanks
    wanted+=($(packages_of "$set")) || exit 2
  done
  if ! command -v apt-get >/dev/null; then
    die 4 "no apt-get here: this is for Debian 12; the libraries are named in cmake/Dependencies.cmake"
  fi

  local package
  for package in $(printf '%s\n' "${wanted[@]}" | sort -u); do
    installed "$package" || missing+=("$package")
  done
  if ((${#missing[@]} == 0)); then
    say "Debian packages (${sets[*]}): all there"
    return
  fi

  ((install == 0)) || find_root
  # The lists are fetched anew only if they do not know what is wanted.
  if ((install)) && ! apt-get install --no-install-recommends --print-uris -qq "${missing[@]}" >/dev/null 2>&1; then
    say "Fetching apt's package lists"
    update_lists || die 4 "apt-get update failed"
  fi
  say "Debian packages missing (${sets[*]}):"
  list_missing
  ((install)) || die 3 "not installed, as asked; to install: apt-get install --no-install-recommends ${missing[*]}"
  # Lists that are old name files that are gone: then once more with new ones.
  install_missing || { update_lists && install_missing; } ||
    { cat "$apt_log" && die 4 "apt-get install failed"; }
  say "installed in $(minutes $SECONDS)"
}

main "$@"
