# The steps in a customer's life: imported, read, corrected, restricted, reported on, erased. Sourced by main_job.sh, never run.
# shellcheck shell=bash disable=SC2034 # SHOWN and what a later step needs

# Whom it is about, by number.
RESTRICTED=11 REPORTED=12 ERASED=13 NEIGHBOUR=14
RECORDS_EACH=6 # As make_customers.py makes them.

import_customers() {
  python3 "$HERE/make_customers.py" --out "$WORK/customers.jsonl" --people "$WORK/people.json" \
    --count "$CUSTOMERS" --seed "$SEED"
  local begin=$EPOCHREALTIME lines=$((CUSTOMERS * RECORDS_EACH))
  ask 0 record import "$WORK/customers.jsonl" -o json
  [[ $(out imported) == "$lines" ]] || fail "$(out imported) records imported instead of $lines"
  SHOWN="$lines records of $CUSTOMERS customers in $(seconds_since "$begin") s"
}

read_and_list() {
  ask 0 subject list --all -o name
  local listed
  listed=$(sort -u "$WORK/out" | wc -l)
  ((listed == CUSTOMERS)) || fail "$listed subjects listed instead of $CUSTOMERS"
  SUBJECT_ERASED=$(subject_of $ERASED)
  SUBJECT_NEIGHBOUR=$(subject_of $NEIGHBOUR)
  ask 0 record list "$SUBJECT_NEIGHBOUR" -o name
  listed=$(wc -l <"$WORK/out")
  ((listed == RECORDS_EACH)) || fail "$listed records listed instead of $RECORDS_EACH"
  expect_neighbour
  SHOWN="found by e-mail, $CUSTOMERS subjects listed, one account read back as it was imported"
}

# The neighbour's account says what the import file says.
expect_neighbour() {
  ask 0 record get "$(record_of "$SUBJECT_NEIGHBOUR" account)" --data
  [[ $(out name) == "$(person $NEIGHBOUR name)" ]] || fail "the neighbour's name is another"
  [[ $(out contact.phone) == "$(person $NEIGHBOUR phone)" ]] || fail "the neighbour's phone is another"
}

rectify_one() {
  local record etag
  record=$(record_of "$SUBJECT_NEIGHBOUR" account)
  ask 0 record get "$record" -o json
  etag=$(out etag)
  ask 0 record get "$record" --data
  sed 's/"country": "IT"/"country": "SM"/' "$WORK/out" >"$WORK/corrected.json"
  ask 0 record update "$record" --value-file "$WORK/corrected.json" --etag "$etag" -o json
  [[ $(out version) == 2 ]] || fail "the corrected record has version $(out version)"
  refused ETAG_MISMATCH 6 record update "$record" --value-file "$WORK/corrected.json" --etag "$etag"
  ask 0 record get "$record" --data
  [[ $(out address.country) == SM ]] || fail "the correction is not there"
  SHOWN="an address corrected; the same with a stale etag refused (ETAG_MISMATCH)"
}

restrict_one() {
  local subject record
  subject=$(subject_of $RESTRICTED)
  record=$(record_of "$subject" account)
  ask 0 record get "$record"
  ask 0 subject restrict "$subject" --ground accuracy-contested
  refused PROCESSING_RESTRICTED 2 record get "$record"
  expect_neighbour
  SHOWN="reading the restricted customer refused (PROCESSING_RESTRICTED), the neighbour read"
}

report_and_export() {
  local subject report=$WORK/report.json export=$WORK/export.json name
  subject=$(subject_of $REPORTED)
  name=$(person $REPORTED name)
  "$LETHE" subject report "$subject" --purpose customer-request --out "$report" >/dev/null 2>"$WORK/err" ||
    (($? == 7)) || fail "no report"
  "$LETHE" subject export "$subject" --purpose customer-request --out "$export" >/dev/null 2>"$WORK/err" ||
    (($? == 7)) || fail "no export"
  local file
  for file in "$report" "$export"; do
    python3 -c 'import json, sys; json.load(open(sys.argv[1], encoding="utf-8"))' "$file" ||
      fail "a document is no JSON"
    grep -qF "$name" "$file" || fail "a document misses the name"
  done
  grep -qF "$(person $REPORTED email)" "$report" || fail "the report misses an identifier"
  ! grep -qF "$(person $NEIGHBOUR name)" "$report" || fail "the report names somebody else"
  SHOWN="access report of $(wc -c <"$report") bytes, export of $(wc -c <"$export"), both complete"
}

erase_one() {
  RECORD_ERASED=$(record_of "$SUBJECT_ERASED" account)
  RECORD_KEPT=$(record_of "$SUBJECT_ERASED" billing)
  ask 7 subject erase "$SUBJECT_ERASED" --ground consent-withdrawn --dry-run -o json
  [[ $(out recordsShredded) == '"4"' || $(out recordsShredded) == 4 ]] ||
    fail "the dry run counts $(out recordsShredded) records instead of 4"
  ask 0 record get "$RECORD_ERASED"
  local begin=$EPOCHREALTIME
  ask 7 subject erase "$SUBJECT_ERASED" --ground consent-withdrawn --confirm "$SUBJECT_ERASED" -o json
  SHOWN="erased in $(seconds_since "$begin") s"
  cp "$WORK/out" "$WORK/receipt.json"
  [[ $(out withheld.0.category) == billing ]] || fail "billing is not named as withheld"
  SHOWN+="; billing kept by law ($(out withheld.0.reference)) until $(out withheld.0.untilTime)"
}

# What holds from the erasure on, also after a restart.
expect_erased() {
  ask 5 record get "$RECORD_ERASED"
  ask 5 subject lookup --type email --value-file - <<<"$(person $ERASED email)"
  ask 0 record get "$RECORD_KEPT" --purpose tax --data
  grep -qF "$(person $ERASED iban)" "$WORK/out" || fail "the withheld bill is not readable for tax"
  "$LETHE" record get "$RECORD_KEPT" >"$WORK/out" 2>"$WORK/err" && fail "a withheld bill was read for service"
  [[ ! -s $WORK/out ]] || fail "a refused read printed something"
  expect_neighbour
}

verify_receipt() {
  expect_erased
  ask 0 receipt verify "$WORK/receipt.json" --public-key "$PUBLIC_KEY"
  sed 's/"recordsShredded": "4"/"recordsShredded": "5"/' "$WORK/receipt.json" >"$WORK/forged.json"
  ask 1 receipt verify "$WORK/forged.json" --public-key "$PUBLIC_KEY"
  prove_whose
  SHOWN="unreadable, not found by e-mail, bills for tax only, neighbour fine; receipt verified, a forged one not"
}

# A receipt that is read again names nobody; with the nonce of the first answer it proves whom.
prove_whose() {
  ask 0 receipt show "$(value_of "$WORK/receipt.json" name)" -o json
  cp "$WORK/out" "$WORK/shown.json"
  grep -qF "$SUBJECT_ERASED" "$WORK/shown.json" && fail "a receipt read again names its subject"
  ask 0 receipt verify "$WORK/shown.json" --public-key "$PUBLIC_KEY" \
    --nonce "$(value_of "$WORK/receipt.json" nonce)" --subject "$SUBJECT_ERASED"
  ask 1 receipt verify "$WORK/shown.json" --public-key "$PUBLIC_KEY" \
    --nonce "$(value_of "$WORK/receipt.json" subjectHash)" --subject "$SUBJECT_ERASED"
}

# Every file that the vault and its server ever wrote, and their names.
search_files() {
  local places=("$WORK/data" "$WORK/holder" "$WORK/archive" "$WORK/logs") patterns=$WORK/patterns
  local control=$WORK/data/planted-control found lines
  python3 "$HERE/needles.py" --people "$WORK/people.json" --patterns "$patterns" --control "$control"
  lines=$(wc -l <"$control")
  found=$(LC_ALL=C grep -c -a -F -f "$patterns" "$control" || true)
  ((found == lines)) || fail "the search finds $found of $lines planted values: it proves nothing"
  found=$(LC_ALL=C grep -r -l -a -F -f "$patterns" "${places[@]}" || (($? == 1)))
  [[ $found == "$control" ]] || fail "personal values stand in: $found"
  rm "$control"
  find "${places[@]}" -print >"$WORK/names"
  ! LC_ALL=C grep -q -a -F -f "$patterns" "$WORK/names" || fail "a file's name tells a personal value"
  SHOWN="$(wc -l <"$patterns") forms of personal values (bytes, hex, base64, UTF-16) of all"
  SHOWN+=" $CUSTOMERS customers searched in $(find "${places[@]}" -type f | wc -l) files,"
  SHOWN+=" $(du -sm "${places[@]}" | awk '{ sum += $1 } END { print sum }') MB: 0 found, $lines of $lines planted ones found"
}
