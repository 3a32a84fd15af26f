#include "vault/shredlog/holder_history.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace lethe::vault::shredlog {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

const holders::ServiceKey kOld{"vault", "key-1"};

std::string FactOf(const holders::ServiceKey& key) {
  return ByteWriter().Short(key.service).Short(key.key_id).Take();
}

LogEntry EntryOf(EntryKind kind, std::string fact) {
  LogEntry entry;
  entry.kind = kind;
  entry.facts = {std::move(fact)};
  return entry;
}

TEST(HolderHistoryTest, AHorizonThatIsAttestedNowWasOpenBeforeAndClosedBeforeItsStep) {
  const std::string sworn = FactOf(kOld) + std::string(16, 'p');
  HolderFacts facts;
  TakeBack(EntryOf(EntryKind::kHorizonAttested, sworn), facts);
  EXPECT_THAT(facts.horizons, ElementsAre(kOld));
  TakeBack(EntryOf(EntryKind::kHorizonStepped, FactOf(kOld)), facts);
  EXPECT_THAT(facts.horizons, IsEmpty());
}

TEST(HolderHistoryTest, AHolderThatIsRetiredNowWasNotBefore) {
  HolderFacts facts;
  facts.retired = {"file-1", "file-2"};
  const std::string fact = ByteWriter().Short("file-2").Raw(std::string(32, 'p')).Take();
  TakeBack(EntryOf(EntryKind::kHolderRetired, fact), facts);
  EXPECT_THAT(facts.retired, ElementsAre("file-1"));
}

TEST(HolderHistoryTest, AFormerFileIsGivenUpFromTheRejoinThatLeftItOn) {
  const auto rejoined = [](const std::string& given_up) {
    return EntryOf(
        EntryKind::kHolderRejoined,
        ByteWriter().Short("file-1").U8(1).Short(given_up).Raw(std::string(16, 'p')).Take());
  };
  HolderFacts facts;
  facts.retired = {"file-2", FormerFileOf("file-1")};
  TakeBack(rejoined(""), facts);
  EXPECT_THAT(facts.retired, ElementsAre("file-2", FormerFileOf("file-1"))) << "it was before";
  TakeBack(rejoined(FormerFileOf("file-1")), facts);
  EXPECT_THAT(facts.retired, ElementsAre("file-2"));
}

TEST(HolderHistoryTest, AShredsOwnFactsSayNothingOfHolders) {
  HolderFacts facts;
  facts.retired = {"file-1"};
  facts.horizons = {kOld};
  TakeBack(EntryOf(EntryKind::kPrepared, FactOf(kOld)), facts);
  EXPECT_THAT(facts.retired, ElementsAre("file-1"));
  EXPECT_THAT(facts.horizons, ElementsAre(kOld));
}

}  // namespace
}  // namespace lethe::vault::shredlog
