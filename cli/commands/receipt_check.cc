#include "cli/commands/receipt_check.h"

#include <google/protobuf/util/json_util.h>
#include <google/protobuf/util/message_differencer.h>
#include <google/protobuf/util/time_util.h>

#include "base/bytes.h"
#include "base/ids.h"
#include "base/status_macros.h"
#include "cli/input/subject_option.h"
#include "crypto/signing.h"
#include "vault/erasure/receipt_verify.h"

namespace lethe::cli {
namespace {

google::protobuf::Timestamp TimestampOf(absl::Time time) {
  return google::protobuf::util::TimeUtil::MicrosecondsToTimestamp(absl::ToUnixMicros(time));
}

// What a statement says, and the word for it in a message.
template <typename Stated, typename Shown>
struct Word {
  Stated stated;
  Shown shown;
};

constexpr Word<vault::ErasureGround, v1::ErasureGround> kGrounds[] = {
    {vault::ErasureGround::kNotNecessary, v1::ERASURE_GROUND_NOT_NECESSARY},
    {vault::ErasureGround::kConsentWithdrawn, v1::ERASURE_GROUND_CONSENT_WITHDRAWN},
    {vault::ErasureGround::kObjection, v1::ERASURE_GROUND_OBJECTION},
    {vault::ErasureGround::kUnlawful, v1::ERASURE_GROUND_UNLAWFUL},
    {vault::ErasureGround::kLegalObligation, v1::ERASURE_GROUND_LEGAL_OBLIGATION},
    {vault::ErasureGround::kChildService, v1::ERASURE_GROUND_CHILD_SERVICE},
    {vault::ErasureGround::kRetentionExpired, v1::ERASURE_GROUND_RETENTION_EXPIRED},
};

constexpr Word<vault::Assurance, v1::Assurance> kAssurances[] = {
    {vault::Assurance::kNone, v1::ASSURANCE_NONE},
    {vault::Assurance::kUnverified, v1::ASSURANCE_UNVERIFIED},
    {vault::Assurance::kTest, v1::ASSURANCE_TEST},
    {vault::Assurance::kHost, v1::ASSURANCE_HOST},
    {vault::Assurance::kHardware, v1::ASSURANCE_HARDWARE},
};

// UNSPECIFIED for what has no word: no receipt of ours shows that, so the comparison fails.
template <typename Stated, typename Shown, std::size_t kSize>
Shown InTheMessage(const Word<Stated, Shown> (&words)[kSize], Stated stated) {
  for (const auto& word : words) {
    if (word.stated == stated) return word.shown;
  }
  return Shown{};
}

v1::Erasure MessageOf(const std::string& tenant, const vault::Erasure& erasure) {
  v1::Erasure message;
  const std::string parent = "tenants/" + tenant;
  message.set_name(parent + "/erasures/" + erasure.receipt.ToString());
  message.set_subject_hash(erasure.whose);
  message.set_ground(InTheMessage(kGrounds, erasure.ground));
  message.set_assurance(InTheMessage(kAssurances, erasure.assurance));
  *message.mutable_erase_time() = TimestampOf(erasure.erase_time);
  *message.mutable_key_death_time() = TimestampOf(erasure.key_death_time);
  message.set_records_shredded(erasure.records_shredded);
  message.set_identifiers_shredded(erasure.identifiers_shredded);
  message.set_generation(erasure.generation);
  for (const auto& category : erasure.categories_shredded)
    message.add_categories_shredded(category);
  for (const auto& commitment : erasure.key_commitments) message.add_key_commitments(commitment);
  for (const vault::Withheld& withheld : erasure.withheld) {
    v1::WithheldData& data = *message.add_withheld();
    data.set_category(withheld.category);
    data.set_reference(withheld.reference);
    data.set_record_count(withheld.record_count);
    if (withheld.until.has_value()) *data.mutable_until_time() = TimestampOf(*withheld.until);
  }
  message.set_horizon_open(erasure.horizon_open);
  for (const auto& holder : erasure.retired_holders) message.add_retired_holders(holder);
  return message;
}

vault::BatchProof ProofOf(const v1::Erasure& receipt) {
  return {.index = receipt.leaf_index(),
          .size = receipt.leaf_count(),
          .path = {receipt.merkle_path().begin(), receipt.merkle_path().end()},
          .signature = receipt.signature()};
}

// What no statement says: the proof itself, what came after it, and whose it is, which
// CheckWhose looks at.
void ClearWhatIsNotStated(v1::Erasure& receipt) {
  receipt.clear_subject();
  receipt.clear_nonce();
  receipt.clear_hygiene_complete_time();
  receipt.clear_signed_statement();
  receipt.clear_leaf_index();
  receipt.clear_leaf_count();
  receipt.clear_merkle_path();
  receipt.clear_signature();
  receipt.clear_public_key();
}

}  // namespace

absl::StatusOr<v1::Erasure> ParseReceipt(const std::string& json) {
  v1::Erasure receipt;
  if (!google::protobuf::util::JsonStringToMessage(json, &receipt).ok() ||
      receipt.signed_statement().empty()) {
    return absl::InvalidArgumentError("not a receipt as lethe prints it with -o json");
  }
  return receipt;
}

absl::StatusOr<v1::Erasure> CheckReceipt(const v1::Erasure& receipt, std::string_view public_key) {
  const auto key = ArrayFrom<sizeof(crypto::PublicKey)>(AsBytes(public_key));
  if (!key.has_value()) return absl::InvalidArgumentError("a public key has 32 bytes");
  LETHE_ASSIGN(const vault::erasure::Stated stated,
               vault::erasure::VerifyReceipt(receipt.signed_statement(), ProofOf(receipt), *key));
  v1::Erasure said = MessageOf(stated.tenant, stated.erasure);
  v1::Erasure shown = receipt;
  ClearWhatIsNotStated(shown);
  if (!google::protobuf::util::MessageDifferencer::Equals(shown, said)) {
    return absl::DataLossError("the receipt says something else than its signed statement");
  }
  // As the answer of an erase gives it: with the name and the nonce that proves it.
  if (!receipt.subject().empty() || !receipt.nonce().empty()) {
    LETHE_TRY(CheckWhose(receipt, receipt.nonce(), receipt.subject()));
  }
  return said;
}

absl::Status CheckWhose(const v1::Erasure& receipt, std::string_view nonce,
                        const std::string& subject) {
  LETHE_ASSIGN(const vault::erasure::Stated stated,
               vault::erasure::ReadStatement(receipt.signed_statement()));
  const std::string tenant = "tenants/" + stated.tenant;
  LETHE_ASSIGN(const std::string name, SubjectNameFrom(subject, tenant));
  const std::string prefix = tenant + "/subjects/";
  if (!name.starts_with(prefix)) return absl::DataLossError("the receipt is another tenant's");
  LETHE_ASSIGN(const SubjectTag tag,
               SubjectTag::Parse(std::string_view(name).substr(prefix.size())));
  return vault::erasure::VerifyWhose(stated, nonce, tag);
}

}  // namespace lethe::cli
