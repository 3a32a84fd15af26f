// Measures what a value and an identifier leave behind in the server's memory after every kind of
// call, while the caller's connection stays open and quiet. The aim is nothing; no document may
// claim more than passes here.
#include <gtest/gtest.h>

#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "tests/system/made_up.h"
#include "tests/system/memory_search.h"
#include "tests/system/running_vault.h"

namespace lethe::test {
namespace {

constexpr std::uint64_t kSeed = 20260110;
// How long a call may take to be gone from memory after its answer came.
constexpr absl::Duration kIdle = absl::Seconds(1);
constexpr std::size_t kIdentifierLetters = 32;

class PlaintextMemoryTest : public ::testing::TestWithParam<std::size_t> {
 protected:
  void SetUp() override {
    auto vault = RunningVault::Make();
    ASSERT_TRUE(vault.ok()) << vault.status();
    vault_ = std::move(*vault);
    const absl::Status up = vault_->Up();
    ASSERT_TRUE(up.ok()) << up;
  }

  std::string Secret(const std::string& name, std::size_t size) {
    std::string letters;
    while (letters.size() < size) letters += static_cast<char>('a' + rng_.Below(26));
    texts_.Add(name, letters);
    return letters;
  }
  std::string Value(const std::string& name) {
    return absl::StrFormat(R"({"mark":"%s","note":"%s"})", kCanary, Secret(name, GetParam()));
  }
  Identifier Email(const std::string& name) {
    return {kEmail, absl::StrFormat("%s@%s.example", Secret(name, kIdentifierLetters), kCanary)};
  }

  std::vector<MemoryFind> Finds() const {
    const auto finds = SearchMemory(vault_->server().pid(), texts_);
    EXPECT_TRUE(finds.ok()) << finds.status();
    return finds.value_or(std::vector<MemoryFind>());
  }
  void ExpectNothingLeft(const std::string& after) const {
    const absl::Time deadline = absl::Now() + kIdle;
    std::vector<MemoryFind> finds = Finds();
    while (!finds.empty() && absl::Now() < deadline) finds = Finds();
    // One search may take longer than that; the one that judges begins when the time is over.
    if (!finds.empty()) finds = Finds();
    EXPECT_TRUE(finds.empty()) << "after " << after << ": " << ToText(finds);
  }

  const Client& client() const { return vault_->client(); }
  std::string Id() { return rng_.RequestId(); }

  Rng rng_{kSeed, 0};
  SecretTexts texts_;
  std::unique_ptr<RunningVault> vault_;
};

TEST_P(PlaintextMemoryTest, NoCallLeavesAnythingWhileItsConnectionIsOpen) {
  const Identifier email = Email("email");
  const auto subject = client().CreateSubject({email}, Id());
  ASSERT_TRUE(subject.ok()) << subject.error().ToText();
  ExpectNothingLeft("CreateSubject");
  const Identifier other = Email("other email");
  ASSERT_TRUE(client().AddIdentifier(*subject, other, Id()).ok());
  ExpectNothingLeft("AddIdentifier");
  ASSERT_TRUE(client().Lookup(other, kService).ok());
  ExpectNothingLeft("LookupSubject");
  const auto record = client().CreateRecord(*subject, kAccount, Value("value"), Id());
  ASSERT_TRUE(record.ok()) << record.error().ToText();
  ExpectNothingLeft("CreateRecord");
  ASSERT_TRUE(client().GetRecord(*record, kService).ok());
  ExpectNothingLeft("GetRecord");
  for (int i = 0; i < 20; ++i) ASSERT_TRUE(client().GetRecord(*record, kService).ok());
  ExpectNothingLeft("20 times GetRecord");
  ASSERT_TRUE(client().ListRecords(*subject, kService).ok());
  ExpectNothingLeft("ListRecords");
  ASSERT_TRUE(client().UpdateRecord(*record, Value("new value"), Id()).ok());
  ExpectNothingLeft("UpdateRecord");
  ASSERT_TRUE(client().Document(DocumentKind::kReport, *subject).ok());
  ExpectNothingLeft("GenerateAccessReport");
  ASSERT_TRUE(client().Document(DocumentKind::kExport, *subject).ok());
  ExpectNothingLeft("ExportSubject");
  const auto failures = client().Import({{.subject = {},
                                          .identifiers = {Email("imported email")},
                                          .category = kAccount,
                                          .data = Value("imported value"),
                                          .request_id = Id()}});
  ASSERT_TRUE(failures.ok() && failures->empty());
  ExpectNothingLeft("ImportRecords");
  ASSERT_TRUE(client().RemoveIdentifier(*subject, other, Id()).ok());
  ExpectNothingLeft("RemoveIdentifier");
  ASSERT_TRUE(client().DeleteRecord(*record, Id()).ok());
  ASSERT_TRUE(client().Erase(*subject, Id()).ok());
  ExpectNothingLeft("EraseSubject");
}

TEST_P(PlaintextMemoryTest, NorDoesOneThatIsRefused) {
  const auto subject = client().CreateSubject({Email("email")}, Id());
  ASSERT_TRUE(subject.ok()) << subject.error().ToText();
  const std::string value = Value("value");
  EXPECT_FALSE(client().CreateRecord(*subject, kAccount, value + "}", Id()).ok());
  ExpectNothingLeft("a body that is no JSON");
  EXPECT_FALSE(client().CreateRecord(*subject, "no-such-category", value, Id()).ok());
  ExpectNothingLeft("a category that the policy does not have");
  EXPECT_FALSE(client().Lookup(Email("unknown email"), kService).ok());
  ExpectNothingLeft("an identifier that nobody has");
}

// The control: a value that the server does hold, in a document that is half read, is found.
TEST_P(PlaintextMemoryTest, WhatIsStillThereIsFound) {
  const auto subject = client().CreateSubject({Email("email")}, Id());
  ASSERT_TRUE(subject.ok()) << subject.error().ToText();
  for (int i = 0; i < 2; ++i) {
    const std::string large = absl::StrFormat(R"({"note":"%s"})", Secret("large", 900'000));
    ASSERT_TRUE(client().CreateRecord(*subject, kAccount, large, Id()).ok());
  }
  ExpectNothingLeft("CreateRecord");
  const auto document = client().OpenDocument(DocumentKind::kExport, *subject);
  ASSERT_TRUE(document->Next().has_value());
  EXPECT_FALSE(Finds().empty());
}

INSTANTIATE_TEST_SUITE_P(Sizes, PlaintextMemoryTest, ::testing::Values(40, 700, 20'000, 1'000'000));

}  // namespace
}  // namespace lethe::test
