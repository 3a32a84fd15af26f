// "Was Alice here?" The attacker has every byte ever written and the root of now, and guesses: by
// opening, by hashing the guess in every usual way and looking for the hash, by the size of what is
// left of her. Each way has its control: about somebody who lives, or who was planted.
#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "crypto/hash.h"
#include "gtest/gtest.h"
#include "tests/vault/whole/omniscient_disk.h"
#include "tests/vault/whole/story.h"
#include "vault/row_schema.h"

namespace lethe::test {
namespace {

constexpr char kAlice[] = "alice.liddell@example.org";  // Erased.
constexpr char kBob[] = "bob.dodgson@example.org";      // Lives.
constexpr char kZed[] = "zed.nobody@example.org";       // Was never here.
// A hash cut shorter than this would be no proof of anything.
constexpr std::size_t kShortestHash = 8;

// What a careless vault might have written of an identifier: itself and its unkeyed hashes, whole
// or cut.
std::vector<std::string> TracesOf(const std::string& value) {
  std::vector<std::string> traces;
  for (const std::string& text : {value, "email" + value, "email:" + value}) {
    traces.push_back(text);
    const std::string hash(AsText(crypto::Sha256(AsBytes(text))));
    for (const std::size_t size : {kShortestHash, std::size_t{16}, hash.size()}) {
      traces.push_back(hash.substr(0, size));
    }
  }
  return traces;
}

class GuessTest : public ::testing::Test {
 protected:
  GuessTest() : disk_(world_) {
    alice_ = Add(kAlice);
    Add(kBob);
    disk_.Look();
    rows_ = IdentifierRows();
    vault::EraseRequest request;
    request.subject = alice_;
    EXPECT_TRUE(world_->EraseSubject(Caller(), request).ok());
    EXPECT_TRUE(world_->RunHousekeeping().ok());
    disk_.Look();
  }

  vault::Caller Caller() {
    return {.principal = {"spiffe://test/tenants/acme/clients/one", "acme"},
            .tenant = "acme",
            .purpose = "service",
            .request_id = RowTag::Draw(world_.random).ToString()};
  }
  SubjectTag Add(const std::string& email) {
    const std::vector<vault::Identifier> identifiers = {{"email", email}};
    const auto subject = world_->CreateSubject(Caller(), identifiers);
    EXPECT_TRUE(subject.ok()) << subject.status();
    return subject->tag;
  }
  std::vector<storage::Row> IdentifierRows() {
    return *world_->stores().engine().Scan(vault::table::kIdentifier, {}, 100);
  }
  bool LeavesATrace(const std::string& value) {
    return !disk_.FindInAllBytes(TracesOf(value)).empty();
  }

  RecordedVault world_;
  OmniscientDisk disk_;
  SubjectTag alice_;
  std::vector<storage::Row> rows_;  // While Alice was here.
};

TEST_F(GuessTest, TheRootOfNowOpensNoRowOfHers) {
  const Texts opened = disk_.Open(world_.CurrentRoot()).plaintexts;
  EXPECT_FALSE(opened.contains(kAlice));
  EXPECT_FALSE(opened.contains(kZed));
  EXPECT_TRUE(opened.contains(kBob)) << "the control: who lives is found";
}

TEST_F(GuessTest, NoByteEverWrittenHoldsHerNameOrAHashOfIt) {
  EXPECT_FALSE(LeavesATrace(kAlice));
  EXPECT_FALSE(LeavesATrace(kBob)) << "not of the living either";

  // The control: one hash in one row would be seen.
  storage::Batch planted;
  planted.Put(vault::table::kMeta, "planted", TracesOf(kZed)[1]);
  ASSERT_TRUE(world_->stores()
                  .journal->Commit({{}}, std::move(planted), storage::Durability::kSynced)
                  .ok());
  EXPECT_TRUE(LeavesATrace(kZed));
}

// What is left of her has the size of anybody's, and keys that are random.
TEST_F(GuessTest, WhatIsLeftOfHerFitsEveryGuess) {
  ASSERT_EQ(rows_.size(), 2u);
  EXPECT_EQ(rows_[0].value.size(), rows_[1].value.size());
  EXPECT_EQ(rows_[0].key.size(), rows_[1].key.size());
  EXPECT_NE(std::string(kAlice).size(), std::string(kBob).size());

  // Two vaults that were told the same write different keys: nothing in a key follows from a name.
  RecordedVault other;
  OmniscientDisk other_disk(other);
  const std::vector<vault::Identifier> identifiers = {{"email", kAlice}};
  ASSERT_TRUE(other->CreateSubject(Caller(), identifiers).ok());
  const auto others = other->stores().engine().Scan(vault::table::kIdentifier, {}, 100);
  for (const storage::Row& row : *others) {
    for (const storage::Row& hers : rows_) {
      for (std::size_t at = 0; at + 16 <= row.key.size(); at += 16) {
        EXPECT_EQ(hers.key.find(row.key.substr(at, 16)), std::string::npos);
      }
    }
  }
}

// The erased answers as one who was never here, also to somebody who asks the vault itself.
TEST_F(GuessTest, TheVaultItselfAnswersAsOfSomebodyNeverSeen) {
  const auto answer = [&](const char* value) {
    return world_->GetSubject(Caller(), vault::Identifier{"email", value}).status().ToString();
  };
  EXPECT_EQ(answer(kAlice), answer(kZed));
  EXPECT_NE(answer(kBob), answer(kZed));
}

}  // namespace
}  // namespace lethe::test
