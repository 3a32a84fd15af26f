#!/usr/bin/env bash
# A receipt can be checked by a program that has no network and no engine in it.
#
#   receipt_links.sh VERIFIER CONTROL
#
# VERIFIER is a program that checks receipts, CONTROL one that has it all: the same look finds the
# libraries there.
set -euo pipefail

verifier=$1 control=$2
foreign='grpc|protobuf|rocksdb'

libraries() { ldd "$1" | awk '{print $1}'; }

# Read to their end: a pipe closed early would fail the command that writes into it.
libraries "$control" | grep -E "$foreign" >/dev/null || { echo "the control has none of $foreign"; exit 1; }
if libraries "$verifier" | grep -E "$foreign"; then
  echo "a program that checks receipts needs more than it says"
  exit 1
fi
# Linked in rather than shared: names of their code.
nm -C "$control" | grep 'lethe::storage::' >/dev/null || { echo "the control has no engine"; exit 1; }
if nm -C "$verifier" | grep -E 'lethe::(storage|server)::|KeyTree|Journal'; then
  echo "a program that checks receipts has the vault in it"
  exit 1
fi
