#include "vault/rights/receipt.h"

#include <utility>

#include "base/codec.h"
#include "base/status_macros.h"
#include "vault/records/sealed_row.h"

namespace lethe::vault::rights {
namespace {

using records::AppendTime;
using records::ReadTime;

constexpr std::size_t kCommitmentBytes = 32;

template <typename TagType>
TagType ReadTag(ByteReader& in) {
  const Bytes bytes = in.Raw(TagType::kBytes);
  return bytes.empty() ? TagType() : TagType::FromBytes(bytes);
}

Erasure ReadFacts(ByteReader& in) {
  Erasure erasure;
  erasure.receipt = ReadTag<ReceiptTag>(in);
  erasure.subject = ReadTag<SubjectTag>(in);
  erasure.ground = static_cast<ErasureGround>(in.U8());
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

Outcome OutcomeOf(const Erasure& erasure) {
  return {erasure.generation, erasure.assurance, erasure.key_death_time};
}

}  // namespace

std::string EncodeFacts(const Erasure& erasure) {
  ByteWriter out;
  out.Raw(erasure.receipt.bytes()).Raw(erasure.subject.bytes());
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
  erasure.generation = in.U64();
  erasure.assurance = static_cast<Assurance>(in.U8());
  erasure.key_death_time = ReadTime(in).value_or(absl::UnixEpoch());
  LETHE_TRY(in.Finish());
  return erasure;
}

std::string StatementOf(const VaultId& vault, std::string_view tenant, const Erasure& erasure) {
  return ByteWriter()
      .Raw("lethe.erasure.v1")
      .Raw(vault.bytes())
      .Short(tenant)
      .Raw(EncodeFacts(erasure))
      .Raw(EncodeOutcome(OutcomeOf(erasure)))
      .Take();
}

void Sign(const VaultId& vault, std::string_view tenant, const crypto::SigningKey& key,
          Erasure& erasure) {
  erasure.signed_statement = StatementOf(vault, tenant, erasure);
  erasure.signature = AsText(key.Sign(AsBytes(erasure.signed_statement)));
  erasure.public_key = AsText(key.public_key());
}

std::string ShredFacts(const Erasure& erasure) {
  ByteWriter out;
  out.Raw(erasure.receipt.bytes()).Raw(erasure.subject.bytes());
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

}  // namespace lethe::vault::rights
