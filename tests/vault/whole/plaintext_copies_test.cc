// How often a value stands in memory while its record is put: once, where the caller's request has
// it, from the first check until the sealed row is written. Counted at the moment of the write.
#include <malloc.h>

#include <optional>
#include <string>
#include <utility>

#include "gtest/gtest.h"
#include "tests/base/memory/memory_scan.h"
#include "tests/vault/whole/hooked_parts.h"
#include "tests/vault/whole/recorded_vault.h"

namespace lethe::test {
namespace {

// The size of a page of text, and one that the other cipher library would seal.
constexpr std::size_t kSmallBytes = 700;
constexpr std::size_t kLargeBytes = 64u << 10;

class PlaintextCopiesTest : public ::testing::TestWithParam<std::size_t> {
 protected:
  void SetUp() override {
    if (!kMemoryCanBeScanned) GTEST_SKIP() << "a sanitizer keeps copies of its own";
    // As lethed does (HardenProcess): the JSON parser has read the value token by token, in a
    // buffer that is freed by now.
    ASSERT_EQ(mallopt(M_PERTURB, 0xa5), 1);
  }

  RecordedVaultOptions CountingAtWrites() {
    RecordedVaultOptions options;
    options.interposed.engine = WithHooks(EngineHooks{.durability =
                                                          [this](storage::Durability durability) {
                                                            if (needle_.has_value())
                                                              copies_ =
                                                                  CopiesInProcessMemory(*needle_);
                                                            return durability;
                                                          },
                                                      .after_get = nullptr});
    return options;
  }

  vault::Caller As(RecordedVault& world, const std::string& purpose) {
    return {.principal = {"spiffe://test/tenants/acme/clients/one", "acme"},
            .tenant = "acme",
            .purpose = purpose,
            .request_id = RowTag::Draw(world.random).ToString()};
  }

  // JSON of the wanted size whose value begins with 32 bytes seen nowhere else.
  vault::NewRecord NewRecordOf(RecordedVault& world, std::size_t bytes) {
    const Secret mark = Secret::Draw(world.random);
    std::string text = "{\"note\":\"";
    const std::size_t at = text.size();
    for (const std::uint8_t byte : mark.Reveal()) text += static_cast<char>('a' + byte % 26);
    needle_ = NeedleFor(AsBytes(text).subspan(at, Secret::kBytes));
    text.append(bytes - text.size() - 2, 'x').append("\"}");
    return {.category = "account", .data = std::move(text)};
  }

  // The most copies that a write of the put sees.
  int CopiesDuringPut(vault::NewRecord* kept = nullptr) {
    RecordedVault world(CountingAtWrites());
    const auto subject = world->data().CreateSubject(As(world, "service"), {});
    EXPECT_TRUE(subject.ok()) << subject.status();
    vault::NewRecord record = NewRecordOf(world, GetParam());
    if (kept != nullptr) *kept = record;
    const auto put =
        world->data().CreateRecord(As(world, "service"), subject->tag, std::move(record));
    EXPECT_TRUE(put.ok()) << put.status();
    EXPECT_EQ(put->data.size(), GetParam()) << "the answer has the value, without another copy";
    needle_.reset();
    return copies_;
  }

  std::optional<Needle> needle_;
  int copies_ = 0;
};

TEST_P(PlaintextCopiesTest, AValueStandsInMemoryOnceWhileItsRowIsWritten) {
  EXPECT_EQ(CopiesDuringPut(), 1);
}

// The control: one more copy, and it is counted.
TEST_P(PlaintextCopiesTest, ACopyThatSomebodyKeepsIsCounted) {
  vault::NewRecord kept;
  EXPECT_EQ(CopiesDuringPut(&kept), 2);
}

INSTANTIATE_TEST_SUITE_P(Sizes, PlaintextCopiesTest, ::testing::Values(kSmallBytes, kLargeBytes));

}  // namespace
}  // namespace lethe::test
