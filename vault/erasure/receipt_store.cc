#include "vault/erasure/receipt_store.h"

#include <algorithm>
#include <map>
#include <utility>

#include "base/reason.h"
#include "base/status_macros.h"
#include "vault/erasure/hygiene.h"
#include "vault/keytree/receipt_batch.h"
#include "vault/rows/derived_keys.h"
#include "vault/rows/row_schema.h"
#include "vault/rows/sealed_row.h"
#include "vault/shredlog/holder_history.h"
#include "vault/shredlog/shred_log.h"

namespace lethe::vault::erasure {
namespace {

constexpr std::uint8_t kFormat = 2;
constexpr std::uint8_t kFacts = 1;
constexpr std::uint8_t kSettled = 2;

}  // namespace

void ReceiptStore::PutRow(const tenants::Tenant& tenant, const ReceiptTag& receipt,
                          std::uint8_t stage, const std::string& body,
                          storage::Batch& change) const {
  const std::string key = row_key::Receipt(tenant.tag, receipt);
  change.Put(table::kReceipt, key,
             SealRow(ReceiptRowKey(tenant.secret), table::kReceipt, key,
                     ByteWriter().U8(kFormat).U8(stage).Take(), AsBytes(body)));
}

void ReceiptStore::PutFacts(const tenants::Tenant& tenant, const Erasure& erasure,
                            storage::Batch& change) const {
  PutRow(tenant, erasure.receipt, kFacts, EncodeFacts(erasure), change);
}

// The erase is done and cannot fail any more. Where this row does not make it to the disk, the
// facts beside it and the shred log say the same.
void ReceiptStore::KeepSettled(const tenants::Tenant& tenant, const Erasure& erasure) const {
  storage::Batch change;
  PutRow(tenant, erasure.receipt, kSettled,
         EncodeFacts(erasure) + EncodeOutcome(OutcomeOf(erasure)), change);
  (void)journal_.Commit({audit::Event{.method = audit::Method::kSystem, .tenant = tenant.tag}},
                        std::move(change), storage::Durability::kWritten, storage::Room::kLast);
}

Erasure ReceiptStore::Settle(const tenants::Tenant& tenant, Erasure erasure,
                             const Outcome& outcome) const {
  SetOutcome(outcome, erasure);
  SignAlone(tenant, erasure);
  KeepSettled(tenant, erasure);
  return erasure;
}

Erasure ReceiptStore::Settle(const tenants::Tenant& tenant, Erasure erasure,
                             keytree::ShredOutcome shred) const {
  if (shred.statement.empty()) return Settle(tenant, std::move(erasure), OutcomeFrom(shred));
  SetOutcome(OutcomeFrom(shred), erasure);
  erasure.signed_statement = std::move(shred.statement);
  erasure.proof = std::move(shred.proof);
  erasure.public_key = AsText(tree_.signing_key().public_key());
  KeepSettled(tenant, erasure);
  return erasure;
}

absl::StatusOr<Erasure> ReceiptStore::Find(const tenants::Tenant& tenant,
                                           const ReceiptTag& receipt) const {
  const std::string key = row_key::Receipt(tenant.tag, receipt);
  const auto row = engine_.Get(table::kReceipt, key);
  if (absl::IsNotFound(row.status())) return Refuse(Reason::kResourceNotFound, "no such receipt");
  LETHE_TRY(row.status());
  ByteReader in(*row);
  LETHE_TRY(CheckFormat(in.U8(), kFormat));
  const std::uint8_t stage = in.U8();
  if (stage != kFacts) LETHE_TRY(CheckFormat(stage, kSettled));
  LETHE_ASSIGN(const Plaintext body, OpenRow(ReceiptRowKey(tenant.secret), table::kReceipt, key,
                                             PartsOf(AsBytes(*row), in)));
  LETHE_ASSIGN(Erasure erasure,
               stage == kSettled ? DecodeSettled(body.bytes()) : DecodeFacts(body.bytes()));
  if (stage == kFacts) {
    LETHE_ASSIGN(const std::optional<Outcome> outcome, OutcomeFromLog(receipt));
    if (!outcome.has_value()) {
      return Refuse(Reason::kHolderUnreachable, "the shred of this receipt is not resolved yet");
    }
    SetOutcome(*outcome, erasure);
  }
  LETHE_ASSIGN(erasure.hygiene_complete_time, Hygiene::CompleteTime(engine_, tenant.tag, receipt));
  SignAlone(tenant, erasure);
  return erasure;
}

void ReceiptStore::SignAlone(const tenants::Tenant& tenant, Erasure& erasure) const {
  erasure.signed_statement = StatementOf(vault_, tenant.name, erasure);
  const std::string_view statements[] = {erasure.signed_statement};
  erasure.proof = keytree::SignBatch(vault_, tree_.signing_key(), statements).front();
  erasure.public_key = AsText(tree_.signing_key().public_key());
}

Outcome ReceiptStore::OutcomeFrom(const keytree::ShredOutcome& shred) {
  return {shred.generation, shred.assurance, shred.key_death_time, shred.horizon_open,
          shred.retired_holders};
}

std::function<std::string(const keytree::ShredOutcome&)> ReceiptStore::StatementMaker(
    const tenants::Tenant& tenant, const Erasure& erasure) const {
  return [vault = vault_, name = tenant.name, erasure](const keytree::ShredOutcome& shred) {
    Erasure stated = erasure;
    SetOutcome(OutcomeFrom(shred), stated);
    return StatementOf(vault, name, stated);
  };
}

// From the newest entry back: a receipt without its outcome is a young one.
absl::StatusOr<std::optional<Outcome>> ReceiptStore::OutcomeFromLog(
    const ReceiptTag& receipt) const {
  LETHE_ASSIGN(const shredlog::LogState log, shredlog::LoadLogState(engine_));
  LETHE_ASSIGN(shredlog::HolderFacts holders, shredlog::LoadHolderFacts(engine_));
  std::map<std::uint64_t, Outcome> committed;  // By attempt.
  for (std::uint64_t sequence = log.last_sequence; sequence > 0; --sequence) {
    LETHE_ASSIGN(const shredlog::LogEntry entry, shredlog::LoadLogEntry(engine_, sequence));
    if (entry.kind == shredlog::EntryKind::kCommitted) {
      committed[entry.attempt] = Outcome{.generation = entry.attempt,
                                         .assurance = entry.assurance,
                                         .key_death_time = entry.time,
                                         .horizon_open = !holders.horizons.empty(),
                                         .retired_holders = holders.retired};
    }
    shredlog::TakeBack(entry, holders);
    const bool this_one = std::ranges::any_of(entry.facts, [&](const std::string& facts) {
      return ReceiptOfShredFacts(facts) == receipt;
    });
    if (!this_one || entry.kind != shredlog::EntryKind::kPrepared) continue;
    const auto found = committed.find(entry.attempt);
    if (found != committed.end()) return std::optional<Outcome>(found->second);
  }
  return std::optional<Outcome>();
}

}  // namespace lethe::vault::erasure
