#include "vault/erasure/receipt.h"

#include <algorithm>
#include <utility>

#include "base/check.h"
#include "base/codec.h"
#include "base/reason.h"
#include "base/status_macros.h"
#include "crypto/hash.h"
#include "vault/rows/time_codec.h"

namespace lethe::vault::erasure {
namespace {

constexpr std::string_view kStatementLabel = "lethe.erasure.v2";
// What the labels of all versions begin with.
constexpr std::string_view kStatementFamily = "lethe.erasure.v";
constexpr std::size_t kCommitmentBytes = 32;

template <typename TagType>
TagType ReadTag(ByteReader& in) {
  const Bytes bytes = in.Raw(TagType::kBytes);
  return bytes.empty() ? TagType() : TagType::FromBytes(bytes);
}

void AppendWhose(ByteWriter& out, const Erasure& erasure) {
  LETHE_CHECK(erasure.whose.empty() || erasure.whose.size() == kWhoseBytes);
  out.Raw(erasure.whose.empty() ? std::string(kWhoseBytes, '\0') : erasure.whose);
}

std::string ReadWhose(ByteReader& in) {
  const std::string whose(AsText(in.Raw(kWhoseBytes)));
  return whose == std::string(kWhoseBytes, '\0') ? std::string() : whose;
}

Erasure ReadFacts(ByteReader& in) {
  Erasure erasure;
  erasure.receipt = ReadTag<ReceiptTag>(in);
  erasure.whose = ReadWhose(in);
  erasure.ground = in.Named<ErasureGround>();
  erasure.erase_time = ReadTime(in).value_or(absl::UnixEpoch());
  erasure.records_shredded = in.I64();
  erasure.identifiers_shredded = in.U32();
  for (std::uint16_t left = in.U16(); left > 0 && in.ok(); --left) {
    erasure.categories_shredded.emplace_back(in.Short());
  }
  for (std::uint16_t left = in.U16(); left > 0 && in.ok(); --left) {
    Withheld withheld;
    withheld.category = in.Short();
    withheld.reference = in.Short();
    withheld.record_count = in.I64();
    withheld.until = ReadTime(in);
    erasure.withheld.push_back(std::move(withheld));
  }
  for (std::uint32_t left = in.U32(); left > 0 && in.ok(); --left) {
    erasure.key_commitments.emplace_back(AsText(in.Raw(kCommitmentBytes)));
  }
  return erasure;
}

Outcome ReadOutcome(ByteReader& in) {
  Outcome outcome;
  outcome.generation = in.U64();
  outcome.assurance = in.Named<Assurance>();
  outcome.key_death_time = ReadTime(in).value_or(absl::UnixEpoch());
  outcome.horizon_open = in.U8() != 0;
  for (std::uint8_t left = in.U8(); left > 0 && in.ok(); --left) {
    outcome.retired_holders.emplace_back(in.Short());
  }
  return outcome;
}

}  // namespace

Outcome OutcomeOf(const Erasure& erasure) {
  return {erasure.generation, erasure.assurance, erasure.key_death_time, erasure.horizon_open,
          erasure.retired_holders};
}

void SetOutcome(const Outcome& outcome, Erasure& erasure) {
  erasure.generation = outcome.generation;
  erasure.assurance = outcome.assurance;
  erasure.key_death_time = outcome.key_death_time;
  erasure.horizon_open = outcome.horizon_open;
  erasure.retired_holders = outcome.retired_holders;
}

std::string EncodeFacts(const Erasure& erasure) {
  ByteWriter out;
  out.Raw(erasure.receipt.bytes());
  AppendWhose(out, erasure);
  out.U8(static_cast<std::uint8_t>(erasure.ground));
  AppendTime(out, erasure.erase_time);
  out.I64(erasure.records_shredded);
  out.U32(static_cast<std::uint32_t>(erasure.identifiers_shredded));
  out.U16(static_cast<std::uint16_t>(erasure.categories_shredded.size()));
  for (const std::string& category : erasure.categories_shredded) out.Short(category);
  out.U16(static_cast<std::uint16_t>(erasure.withheld.size()));
  for (const Withheld& withheld : erasure.withheld) {
    out.Short(withheld.category).Short(withheld.reference).I64(withheld.record_count);
    AppendTime(out, withheld.until);
  }
  out.U32(static_cast<std::uint32_t>(erasure.key_commitments.size()));
  for (const std::string& commitment : erasure.key_commitments) out.Raw(commitment);
  return out.Take();
}

std::string EncodeOutcome(const Outcome& outcome) {
  ByteWriter out;
  out.U64(outcome.generation).U8(static_cast<std::uint8_t>(outcome.assurance));
  AppendTime(out, outcome.key_death_time);
  out.U8(outcome.horizon_open ? 1 : 0);
  out.U8(static_cast<std::uint8_t>(outcome.retired_holders.size()));
  for (const std::string& holder : outcome.retired_holders) out.Short(holder);
  return out.Take();
}

absl::StatusOr<Erasure> DecodeFacts(Bytes facts) {
  ByteReader in(facts);
  Erasure erasure = ReadFacts(in);
  LETHE_TRY(in.Finish());
  return erasure;
}

absl::StatusOr<Erasure> DecodeSettled(Bytes settled) {
  ByteReader in(settled);
  Erasure erasure = ReadFacts(in);
  SetOutcome(ReadOutcome(in), erasure);
  LETHE_TRY(in.Finish());
  return erasure;
}

std::string WhoseOf(std::string_view nonce, std::string_view tenant, const SubjectTag& subject) {
  const std::string text =
      ByteWriter().Raw("lethe.whose.v1").Raw(nonce).Short(tenant).Raw(subject.bytes()).Take();
  return std::string(AsText(crypto::Sha256(AsBytes(text))));
}

std::string StatementOf(const VaultId& vault, std::string_view tenant, const Erasure& erasure) {
  return ByteWriter()
      .Raw(kStatementLabel)
      .Raw(vault.bytes())
      .Short(tenant)
      .Raw(EncodeFacts(erasure))
      .Raw(EncodeOutcome(OutcomeOf(erasure)))
      .Take();
}

absl::StatusOr<Stated> ReadStatement(std::string_view statement) {
  ByteReader in(statement);
  if (AsText(in.Raw(kStatementLabel.size())) != kStatementLabel) {
    if (statement.starts_with(kStatementFamily)) {
      return Refuse(Reason::kUnsupportedFormat,
                    "a receipt of a version this program does not know");
    }
    return absl::DataLossError("the statement is not that of an erasure");
  }
  Stated stated;
  stated.vault = ReadTag<VaultId>(in);
  stated.tenant = in.Short();
  LETHE_ASSIGN(stated.erasure, DecodeSettled(in.Raw(in.remaining())));
  // One statement has one spelling: what is shown is what is signed.
  if (StatementOf(stated.vault, stated.tenant, stated.erasure) != statement) {
    return absl::DataLossError("the statement is not written as this version writes it");
  }
  return stated;
}

std::string ShredFacts(const Erasure& erasure) {
  ByteWriter out;
  out.Raw(erasure.receipt.bytes());
  AppendWhose(out, erasure);
  out.U8(static_cast<std::uint8_t>(erasure.ground));
  out.U16(static_cast<std::uint16_t>(erasure.withheld.size()));
  for (const Withheld& withheld : erasure.withheld) {
    out.Short(withheld.reference);
    AppendTime(out, withheld.until);
  }
  return out.Take();
}

ReceiptTag ReceiptOfShredFacts(std::string_view facts) {
  ByteReader in(facts);
  return ReadTag<ReceiptTag>(in);
}

}  // namespace lethe::vault::erasure
