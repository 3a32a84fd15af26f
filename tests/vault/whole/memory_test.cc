// What an erase leaves in memory: no key of the person, in no cache, no freed block, no stack.
// Looked for in all memory of the process, with keys of the living as the control.
#include <cstdio>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "gtest/gtest.h"
#include "tests/base/memory/memory_scan.h"
#include "tests/vault/whole/recorded_vault.h"

namespace lethe::test {
namespace {

using vault::keytree::Place;

// The vault's own chunk and the few that a handful of people fill.
constexpr std::uint64_t kGroupsUsed = 16 * 8;

class MemoryTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!kMemoryCanBeScanned) GTEST_SKIP() << "a sanitizer keeps copies of its own";
  }

  vault::Caller As(const std::string& purpose) {
    return {.principal = {"spiffe://test/tenants/acme/clients/one", "acme"},
            .tenant = "acme",
            .purpose = purpose,
            .request_id = RowTag::Draw(world_.random).ToString()};
  }

  // Somebody with two records, both read, so that every key of theirs is in the cache.
  SubjectTag AddPerson(const std::string& number) {
    const std::vector<vault::Identifier> identifiers = {{"customer_number", number}};
    const auto subject = world_->data().CreateSubject(As("service"), identifiers);
    EXPECT_TRUE(subject.ok()) << subject.status();
    for (const auto& [category, purpose] :
         {std::pair("account", "service"), std::pair("support", "support")}) {
      vault::NewRecord record;
      record.category = category;
      record.data = "{}";
      const auto put = world_->data().CreateRecord(As(purpose), subject->tag, record);
      EXPECT_TRUE(put.ok()) << put.status();
      EXPECT_TRUE(world_->data().GetRecord(As(purpose), subject->tag, put->tag).ok());
    }
    return subject->tag;
  }

  std::map<Place, Needle> CachedKeys() {
    std::map<Place, Needle> keys;
    for (std::uint64_t group = 0; group < kGroupsUsed; ++group) {
      for (std::uint8_t slot = 0; slot < vault::keytree::kSlotsPerGroup; ++slot) {
        const Place place{group, slot};
        const Secret key = world_->stores().cache.Find(place);
        if (!key.empty()) keys[place] = NeedleFor(key.Reveal());
      }
    }
    return keys;
  }

  // How many of the keys stand anywhere in memory.
  static int Held(const std::map<Place, Needle>& keys) {
    int held = 0;
    for (const auto& [place, needle] : keys) held += HeldByProcess(needle) ? 1 : 0;
    return held;
  }

  void Erase(const SubjectTag& subject) {
    vault::EraseRequest request;
    request.subject = subject;
    const auto erased = world_->rights().EraseSubject(As("service"), request);
    ASSERT_TRUE(erased.ok()) << erased.status();
  }

  RecordedVault world_;
};

TEST_F(MemoryTest, AnEraseLeavesNoKeyOfThePersonInMemory) {
  const SubjectTag ann = AddPerson("ann");
  const std::map<Place, Needle> keys_of_ann = CachedKeys();
  ASSERT_GE(keys_of_ann.size(), 3u) << "the subject's and one a category";
  ASSERT_EQ(Held(keys_of_ann), static_cast<int>(keys_of_ann.size()));
  AddPerson("bob");
  std::map<Place, Needle> keys_of_bob = CachedKeys();
  for (const auto& [place, needle] : keys_of_ann) keys_of_bob.erase(place);

  Erase(ann);

  EXPECT_EQ(Held(keys_of_ann), 0);
  EXPECT_EQ(Held(keys_of_bob), static_cast<int>(keys_of_bob.size()))
      << "the living are the control";
}

// The mutant that this must catch: a cache that is not wiped.
TEST_F(MemoryTest, AKeyLeftInACacheIsSeen) {
  const SubjectTag ann = AddPerson("ann");
  const std::map<Place, Needle> keys_of_ann = CachedKeys();
  ASSERT_FALSE(keys_of_ann.empty());
  const Place place = keys_of_ann.begin()->first;
  Secret forgotten = world_->stores().cache.Find(place);

  Erase(ann);
  world_->stores().cache.Remember(place, forgotten);
  forgotten = Secret();

  EXPECT_EQ(Held(keys_of_ann), 1);
  std::printf("%-36s %s\n", "a cache not wiped", "a key of the erased stands in memory");
}

}  // namespace
}  // namespace lethe::test
