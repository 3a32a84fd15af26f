#include "cli/receipt_check.h"

#include <google/protobuf/util/json_util.h>
#include <google/protobuf/util/message_differencer.h>
#include <google/protobuf/util/time_util.h>

#include <algorithm>

#include "base/codec.h"
#include "base/ids.h"
#include "base/status_macros.h"
#include "crypto/signing.h"
#include "vault/rights/receipt.h"

namespace lethe::cli {
namespace {

constexpr std::string_view kStatementLabel = "lethe.erasure.v1";

google::protobuf::Timestamp TimestampOf(absl::Time time) {
  return google::protobuf::util::TimeUtil::MicrosecondsToTimestamp(absl::ToUnixMicros(time));
}

v1::Erasure MessageOf(const std::string& tenant, const vault::Erasure& erasure) {
  v1::Erasure message;
  const std::string parent = "tenants/" + tenant;
  message.set_name(parent + "/erasures/" + erasure.receipt.ToString());
  if (!erasure.subject.is_none()) {
    message.set_subject(parent + "/subjects/" + erasure.subject.ToString());
  }
  // The numbers of both enums agree by contract (server/convert.cc); Assurance stands one higher.
  message.set_ground(static_cast<v1::ErasureGround>(erasure.ground));
  message.set_assurance(static_cast<v1::Assurance>(static_cast<int>(erasure.assurance) + 1));
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
  return message;
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

absl::StatusOr<v1::Erasure> ReadStatement(std::string_view statement) {
  ByteReader in(statement);
  const bool labelled = AsText(in.Raw(kStatementLabel.size())) == kStatementLabel;
  in.Raw(VaultId::kBytes);
  const std::string tenant(in.Short());
  if (!labelled || !in.ok()) return absl::DataLossError("the statement is not that of an erasure");
  LETHE_ASSIGN(const vault::Erasure erasure, vault::rights::DecodeSettled(in.Raw(in.remaining())));
  return MessageOf(tenant, erasure);
}

absl::Status CheckReceipt(const v1::Erasure& receipt, std::string_view public_key) {
  crypto::PublicKey key;
  if (public_key.size() != key.size()) {
    return absl::InvalidArgumentError("a public key has 32 bytes");
  }
  std::copy(public_key.begin(), public_key.end(), key.begin());
  if (!crypto::Verify(key, AsBytes(receipt.signed_statement()), AsBytes(receipt.signature()))) {
    return absl::DataLossError("the signature is not that of this key over this statement");
  }
  LETHE_ASSIGN(const v1::Erasure stated, ReadStatement(receipt.signed_statement()));
  v1::Erasure shown = receipt;
  shown.clear_signed_statement();
  shown.clear_signature();
  shown.clear_public_key();
  if (!google::protobuf::util::MessageDifferencer::Equals(shown, stated)) {
    return absl::DataLossError("the receipt says something else than its signed statement");
  }
  return absl::OkStatus();
}

}  // namespace lethe::cli
