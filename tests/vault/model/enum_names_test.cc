// Every enum that is read from disk or from a request, over all 256 values of its byte: only those
// that exist have a name, and only those are read.
#include "base/enum_names.h"

#include <iterator>
#include <set>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/codec.h"
#include "base/memory/secret.h"
#include "base/random.h"
#include "crypto/signing.h"
#include "gtest/gtest.h"
#include "vault/acts/restriction.h"
#include "vault/audit/event.h"
#include "vault/erasure/receipt.h"
#include "vault/holders/slot.h"
#include "vault/model/act.h"
#include "vault/model/erasure.h"
#include "vault/model/keys.h"
#include "vault/model/record.h"
#include "vault/model/request_rules.h"
#include "vault/model/restriction.h"
#include "vault/model/subject.h"
#include "vault/records/envelope.h"
#include "vault/records/subject_header.h"
#include "vault/shredlog/shred_log.h"

namespace lethe::vault {
namespace {

// The bytes for which `holds`.
template <typename Holds>
std::vector<int> BytesFor(Holds holds) {
  std::vector<int> bytes;
  for (int byte = 0; byte < 256; ++byte) {
    if (holds(static_cast<std::uint8_t>(byte))) bytes.push_back(byte);
  }
  return bytes;
}

std::vector<int> From(int first, int last) {
  std::vector<int> bytes;
  for (int byte = first; byte <= last; ++byte) bytes.push_back(byte);
  return bytes;
}

template <typename Enum>
std::vector<int> Known() {
  return BytesFor([](std::uint8_t byte) { return IsKnown(static_cast<Enum>(byte)); });
}

// What a ByteReader takes for an Enum, and what its names are.
template <typename Enum>
void ExpectExactly(const std::vector<int>& bytes) {
  EXPECT_EQ(Known<Enum>(), bytes);
  EXPECT_EQ(BytesFor([](std::uint8_t byte) {
              const std::string row(1, static_cast<char>(byte));
              ByteReader in(row);
              const bool same = in.Named<Enum>() == static_cast<Enum>(byte);
              return same && in.ok() && in.Finish().ok();
            }),
            bytes);
  std::set<std::string_view> names;
  for (const int byte : bytes) names.insert(NameOf(static_cast<Enum>(byte)));
  EXPECT_EQ(names.size(), bytes.size()) << "two values have one name";
}

TEST(EnumNamesTest, NothingIsKnownButWhatExists) {
  ExpectExactly<audit::Method>(From(1, std::size(audit::kMethodNames)));
  ExpectExactly<shredlog::EntryKind>(From(1, std::size(shredlog::kEntryKindNames)));
  ExpectExactly<holders::PartType>(From(1, 3));
  ExpectExactly<ActKind>(From(1, std::size(kActKindNames)));
  ExpectExactly<ActTarget>(From(1, 1));
  ExpectExactly<Assurance>(From(0, 4));
  ExpectExactly<ErasureGround>(From(1, 7));
  ExpectExactly<Initiator>(From(1, 2));
  ExpectExactly<RestrictionGround>(From(1, 4));
  ExpectExactly<Source>(From(0, 4));
  ExpectExactly<SubjectState>(From(1, 4));
  EXPECT_EQ(BytesFor(audit::IsKnownCode), From(0, 16));
}

TEST(EnumNamesTest, AReaderThatMetAnUnknownValueStaysFailed) {
  const std::string row("\x09\x01", 2);
  ByteReader in(row);
  (void)in.Named<Initiator>();
  EXPECT_FALSE(in.ok());
  EXPECT_EQ(in.U8(), 0) << "every later read gives zeros";
  EXPECT_TRUE(absl::IsDataLoss(in.Finish()));
  // The control: as a plain byte it is none of the reader's business.
  ByteReader plain(row);
  EXPECT_EQ(plain.U8(), 9);
  EXPECT_EQ(plain.U8(), 1);
  EXPECT_TRUE(plain.Finish().ok());
}

TEST(EnumNamesTest, AnEventIsReadForEveryMethodAndCodeThatExists) {
  constexpr std::size_t kMethodAt = 1 + 8 + 8;
  constexpr std::size_t kCodeAt = kMethodAt + 1 + 16 + 16;
  const std::string event = audit::EncodeEvent({}, 1, absl::UnixEpoch(), {});
  const auto reads_with = [&](std::size_t at) {
    return BytesFor([&, at](std::uint8_t byte) {
      std::string changed = event;
      changed[at] = static_cast<char>(byte);
      return audit::DecodeEvent(AsBytes(changed)).ok();
    });
  };
  EXPECT_EQ(reads_with(kMethodAt), Known<audit::Method>());
  EXPECT_EQ(reads_with(kCodeAt), BytesFor(audit::IsKnownCode));
}

TEST(EnumNamesTest, ALogEntryIsReadForEveryKindAndAssuranceThatExists) {
  SystemRandom random;
  const crypto::SigningKey key(Secret::Draw(random));
  const auto reads = [&](const shredlog::LogEntry& entry) {
    return shredlog::DecodeLogEntry(AsBytes(shredlog::EncodeLogEntry({}, entry, key))).ok();
  };
  EXPECT_EQ(BytesFor([&](std::uint8_t byte) {
              return reads({.kind = static_cast<shredlog::EntryKind>(byte)});
            }),
            Known<shredlog::EntryKind>());
  EXPECT_EQ(BytesFor([&](std::uint8_t byte) {
              return reads({.assurance = static_cast<Assurance>(byte)});
            }),
            Known<Assurance>());
}

TEST(EnumNamesTest, AReceiptIsReadForEveryGroundAndAssuranceThatExists) {
  const auto reads = [](const Erasure& erasure) {
    return erasure::ReadStatement(erasure::StatementOf({}, "acme", erasure)).ok();
  };
  EXPECT_EQ(BytesFor([&](std::uint8_t byte) {
              Erasure erasure;
              erasure.ground = static_cast<ErasureGround>(byte);
              return reads(erasure);
            }),
            Known<ErasureGround>());
  EXPECT_EQ(BytesFor([&](std::uint8_t byte) {
              Erasure erasure;
              erasure.assurance = static_cast<Assurance>(byte);
              return reads(erasure);
            }),
            Known<Assurance>());
}

TEST(EnumNamesTest, ARowOpensForEveryStateAndSourceThatExists) {
  SystemRandom random;
  const Secret key = Secret::Draw(random);
  // Restricted is what the acts make of a subject, and an erased one has no header.
  const std::vector<int> living = {static_cast<int>(SubjectState::kActive),
                                   static_cast<int>(SubjectState::kPartiallyErased)};
  EXPECT_EQ(BytesFor([&](std::uint8_t byte) {
              const std::string row =
                  records::SealHeader(key, "row", {}, {.state = static_cast<SubjectState>(byte)});
              const auto read = records::ReadSubjectRow(AsBytes(row));
              return records::OpenHeader(key, "row", std::get<records::LivingSubject>(*read)).ok();
            }),
            living);
  EXPECT_EQ(BytesFor([&](std::uint8_t byte) {
              const std::string row = records::SealRecord(key, "row", {}, "data",
                                                          {.source = static_cast<Source>(byte)});
              const auto read = records::ReadRecordRow(AsBytes(row));
              return records::OpenRecord(key, "row", *read).ok();
            }),
            Known<Source>());
}

TEST(EnumNamesTest, ASlotIsReadForEveryPartThatExists) {
  const std::string share(Secret::kBytes, 's');
  EXPECT_EQ(BytesFor([&](std::uint8_t byte) {
              std::vector<holders::SlotPart> parts;
              parts.emplace_back(static_cast<holders::PartType>(byte), AsBytes(share));
              std::vector<std::uint8_t> slot(holders::kSlotBytes);
              holders::EncodeSlot({}, parts, slot);
              return holders::DecodeSealedSlot(slot).ok();
            }),
            Known<holders::PartType>());
}

TEST(EnumNamesTest, ARequestIsTakenForEveryGroundAndSourceThatExists) {
  EXPECT_EQ(BytesFor([](std::uint8_t byte) {
              return acts::Check(Restriction{static_cast<RestrictionGround>(byte), {}, {}}).ok();
            }),
            Known<RestrictionGround>());
  EXPECT_EQ(BytesFor([](std::uint8_t byte) {
              return CheckPatch({.source = static_cast<Source>(byte)}).ok();
            }),
            Known<Source>());
}

}  // namespace
}  // namespace lethe::vault
