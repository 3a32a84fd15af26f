#include "vault/erasure/erasure.h"

#include <utility>

#include "base/status_macros.h"
#include "crypto/kdf.h"
#include "vault/erasure/hygiene.h"
#include "vault/rows/row_schema.h"

namespace lethe::vault::erasure {
namespace {

using records::OpenSubject;

// The acts that end with the erase. Only the person's own request comes this far while a
// restriction is in force, and ends it.
std::vector<records::Act> ActsEnded(const OpenSubject& subject, const ErasePlan& plan) {
  std::vector<records::Act> ended = subject.acts;
  if (plan.complete()) return ended;
  std::erase_if(ended, [](const records::Act& act) { return act.kind != ActKind::kRestriction; });
  return ended;
}

std::vector<keytree::Place> LeavesOf(const OpenSubject& subject, const ErasePlan& plan,
                                     const std::vector<records::Act>& ended) {
  std::vector<keytree::Place> leaves;
  for (const records::Scope& scope : plan.shredded) leaves.push_back(scope.leaf);
  if (plan.complete()) {
    leaves.push_back(subject.leaf);
    return leaves;
  }
  for (const records::OpenIdentifier& gone : plan.identifiers_gone) leaves.push_back(gone.leaf);
  for (const records::Act& act : ended) leaves.push_back(act.leaf);
  return leaves;
}

}  // namespace

Erasure Eraser::Describe(const OpenSubject& subject, const ErasePlan& plan,
                         const EraseRequest& request, absl::Time now) {
  Erasure erasure;
  erasure.subject = subject.tag;
  erasure.ground = request.ground;
  erasure.erase_time = now;
  erasure.records_shredded = plan.records_shredded();
  erasure.identifiers_shredded = static_cast<std::int64_t>(plan.identifiers_gone.size());
  for (const records::Scope& scope : plan.shredded) {
    const policy::Category* category = subject.tenant->policy.FindById(scope.category_id);
    if (category != nullptr) erasure.categories_shredded.push_back(category->name);
  }
  erasure.withheld = plan.withheld;
  return erasure;
}

std::string Eraser::NonceOf(const OpenSubject& subject, const ReceiptTag& receipt) {
  const Secret nonce =
      crypto::Derivation(subject.key, "lethe.nonce.v1  ").Fixed(receipt.bytes()).Finish();
  return std::string(AsText(nonce.Reveal()));
}

absl::StatusOr<PreparedErase> Eraser::Prepare(OpenSubject& subject, const ErasePlan& plan,
                                              const EraseRequest& request, absl::Time now,
                                              const ReceiptTag& receipt) const {
  const std::vector<records::Act> ended = ActsEnded(subject, plan);
  PreparedErase prepared;
  prepared.erasure = Describe(subject, plan, request, now);
  const bool announced = !receipt.is_none();
  prepared.erasure.receipt = announced ? receipt : ReceiptTag::Draw(random_);
  if (announced) {
    prepared.erasure.nonce = NonceOf(subject, receipt);
  } else {
    prepared.erasure.nonce.resize(kNonceBytes);
    random_.Fill(AsMutableBytes(prepared.erasure.nonce));
  }
  prepared.erasure.whose = WhoseOf(prepared.erasure.nonce, subject.tenant->name, subject.tag);
  prepared.request.leaves = LeavesOf(subject, plan, ended);
  LETHE_TRY(AddCommitments(prepared));
  ReplaceRows(subject, plan, ended, prepared);
  receipts_.PutFacts(*subject.tenant, prepared.erasure, prepared.request.on_commit);
  prepared.request.facts = ShredFacts(prepared.erasure);
  prepared.request.statement = receipts_.StatementMaker(*subject.tenant, prepared.erasure);
  return prepared;
}

// In the receipt from the start, so that it is whole even if a restart finishes the shred.
absl::Status Eraser::AddCommitments(PreparedErase& prepared) const {
  for (const keytree::Place& leaf : prepared.request.leaves) {
    LETHE_ASSIGN(const Secret secret, tree_.Unwrap(leaf));
    prepared.erasure.key_commitments.emplace_back(AsText(crypto::Commit(secret)));
  }
  return absl::OkStatus();
}

void Eraser::ReplaceRows(OpenSubject& subject, const ErasePlan& plan,
                         const std::vector<records::Act>& ended, PreparedErase& prepared) const {
  storage::Batch& change = prepared.request.on_commit;
  const TenantTag& tenant = subject.tenant->tag;
  for (const records::Scope& scope : plan.shredded) {
    change.Delete(table::kScope, row_key::Scope(tenant, subject.tag, scope.selector));
  }
  for (const records::OpenIdentifier& gone : plan.identifiers_gone) {
    identifiers_.Remove(subject, gone.row, change);
  }
  for (const records::Act& act : ended) acts_.Remove(subject, act.tag, change);
  if (plan.complete()) {
    change.Put(table::kSubject, subject.row_key,
               records::EncodeErasedSubject(prepared.erasure.receipt));
  } else {
    subject.header.state = SubjectState::kPartiallyErased;
    subject.header.scheduled = false;
    subject.header.records = 0;
    for (const records::Scope& scope : plan.kept) subject.header.records += scope.records;
    subject.header.identifiers = static_cast<std::uint8_t>(plan.identifiers_kept.size());
    subjects_.PutUnconditionally(subject, change);
  }
  Hygiene::RequestClearing(tenant, subject.tag, prepared.erasure.receipt, change);
}

}  // namespace lethe::vault::erasure
