#include "vault/audit/event.h"

#include <string>

#include "absl/status/status.h"
#include "base/reason.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace lethe::vault::audit {
namespace {

constexpr std::array<std::uint8_t, 16> kSalt = {1, 2,  3,  4,  5,  6,  7,  8,
                                                9, 10, 11, 12, 13, 14, 15, 16};

template <typename AnyTag>
AnyTag TagOf(std::uint8_t byte) {
  return AnyTag::FromBytes(std::array<std::uint8_t, 16>{byte, byte});
}

Event FullEvent() {
  Event event;
  event.method = Method::kErase;
  event.tenant = TagOf<TenantTag>(1);
  event.principal.fill(2);
  event.subjects = {TagOf<SubjectTag>(3), TagOf<SubjectTag>(4)};
  event.categories = {"billing", "telemetry"};
  event.purpose = "support";
  event.code = 9;
  event.rule = "billing.retention";
  event.request_mac.fill(5);
  event.count = 70'000;
  return event;
}

std::string Encoded() {
  return EncodeEvent(FullEvent(), 42, absl::FromUnixMicros(1'700'000'000'123'456), kSalt);
}

TEST(AuditEventTest, EveryFieldComesBackAsItWas) {
  const absl::StatusOr<NumberedEvent> found = DecodeEvent(AsBytes(Encoded()));

  ASSERT_TRUE(found.ok()) << found.status();
  const Event wanted = FullEvent();
  EXPECT_EQ(found->sequence, 42u);
  EXPECT_EQ(found->time, absl::FromUnixMicros(1'700'000'000'123'456));
  EXPECT_EQ(found->event.method, wanted.method);
  EXPECT_EQ(found->event.tenant, wanted.tenant);
  EXPECT_EQ(found->event.principal, wanted.principal);
  EXPECT_EQ(found->event.subjects, wanted.subjects);
  EXPECT_EQ(found->event.categories, wanted.categories);
  EXPECT_EQ(found->event.purpose, wanted.purpose);
  EXPECT_EQ(found->event.code, wanted.code);
  EXPECT_EQ(found->event.rule, wanted.rule);
  EXPECT_EQ(found->event.request_mac, wanted.request_mac);
  EXPECT_EQ(found->event.count, wanted.count);
}

TEST(AuditEventTest, EveryTruncationIsRefused) {
  const std::string bytes = Encoded();

  for (std::size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_TRUE(absl::IsDataLoss(DecodeEvent(AsBytes(bytes).first(size)).status())) << size;
  }
}

TEST(AuditEventTest, ATrailingByteIsRefused) {
  EXPECT_TRUE(absl::IsDataLoss(DecodeEvent(AsBytes(Encoded() + '\0')).status()));
}

// Two byte strings for one event would be two leaves for one act.
TEST(AuditEventTest, NoOtherBytesDecodeToTheSameEvent) {
  const std::string bytes = Encoded();
  int decoded = 0;
  const std::size_t salt_at = bytes.size() - kSalt.size();
  for (std::size_t at = 0; at < salt_at; ++at) {
    for (int bit = 0; bit < 8; ++bit) {
      std::string altered = bytes;
      altered[at] = static_cast<char>(altered[at] ^ (1 << bit));
      const absl::StatusOr<NumberedEvent> found = DecodeEvent(AsBytes(altered));
      if (!found.ok()) continue;
      ++decoded;
      EXPECT_EQ(EncodeEvent(found->event, found->sequence, found->time, kSalt), altered) << at;
    }
  }
  EXPECT_GT(decoded, 0);  // Else the loop has shown nothing.
}

TEST(AuditEventTest, ALaterFormatIsRefusedByName) {
  std::string bytes = Encoded();
  bytes[0] = 2;
  EXPECT_EQ(ReasonOf(DecodeEvent(AsBytes(bytes)).status()), Reason::kUnsupportedFormat);
}

TEST(AuditEventTest, AnUnknownMethodOrCodeIsRefused) {
  constexpr std::size_t kMethodAt = 1 + 8 + 8;
  constexpr std::size_t kCodeAt = kMethodAt + 1 + 16 + 16;
  for (const char method : {0, 32, 127}) {
    std::string bytes = Encoded();
    bytes[kMethodAt] = method;
    EXPECT_TRUE(absl::IsDataLoss(DecodeEvent(AsBytes(bytes)).status())) << int{method};
  }
  std::string bytes = Encoded();
  bytes[kCodeAt] = 17;
  EXPECT_TRUE(absl::IsDataLoss(DecodeEvent(AsBytes(bytes)).status()));
}

TEST(AuditEventTest, AThousandSubjectsFitAndOneMoreDoesNot) {
  Event event = FullEvent();
  event.subjects.assign(1'000, TagOf<SubjectTag>(7));
  const std::string bytes = EncodeEvent(event, 1, absl::UnixEpoch(), kSalt);

  EXPECT_LE(bytes.size(), kEventBytesMax);
  EXPECT_EQ(DecodeEvent(AsBytes(bytes))->event.subjects.size(), 1'000u);
  event.subjects.push_back(TagOf<SubjectTag>(8));
  EXPECT_DEATH(EncodeEvent(event, 1, absl::UnixEpoch(), kSalt), "kSubjectsMax");
}

TEST(AuditEventTest, EqualEventsHashDifferently) {
  std::array<std::uint8_t, 16> other = kSalt;
  other[15] ^= 1;
  const std::string twin =
      EncodeEvent(FullEvent(), 42, absl::FromUnixMicros(1'700'000'000'123'456), other);
  EXPECT_NE(LeafHash(AsBytes(Encoded())), LeafHash(AsBytes(twin)));
}

// RFC 6962's test vectors begin with the tree of one empty leaf.
TEST(AuditEventTest, TheLeafHashIsRfc6962s) {
  EXPECT_EQ(ToHex(LeafHash({})),
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d");
}

// Frozen: bytes of format 1 must decode for ever.
TEST(AuditEventTest, TheBytesOfFormatOneStayAsTheyAre) {
  EXPECT_EQ(ToHex(crypto::Sha256(AsBytes(Encoded()))),
            "fcfbc65d358cd13dae8e2172ff6fd8fb08caeb2f8291d2b838f3e55e5799d8e3");
}

}  // namespace
}  // namespace lethe::vault::audit
