#include <set>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "tests/support/test_vault.h"
#include "vault/rows/row_schema.h"

namespace lethe::vault::data {
namespace {

using test::CustomerNumber;
using test::IsOk;
using test::IsRefused;
using test::TestVault;

class SubjectCallsTest : public ::testing::Test {
 protected:
  absl::StatusOr<Subject> Lookup(const std::string& number,
                                 const std::string& purpose = "service") {
    return vault_->data().GetSubject(vault_.As(purpose), CustomerNumber(number));
  }

  TestVault vault_;
};

TEST_F(SubjectCallsTest, ANewSubjectIsFoundByNameAndByIdentifier) {
  const Subject ann = vault_.Create("C-1");
  EXPECT_EQ(ann.state, SubjectState::kActive);
  EXPECT_EQ(ann.change_counter, 1u);
  const auto by_name = vault_->data().GetSubject(vault_.As("service"), ann.tag);
  ASSERT_THAT(by_name, IsOk());
  EXPECT_EQ(by_name->tag, ann.tag);
  EXPECT_EQ(by_name->etag, ann.etag);
  EXPECT_EQ(by_name->create_time, vault_.clock.Now());
  const auto by_identifier = Lookup("C-1");
  ASSERT_THAT(by_identifier, IsOk());
  EXPECT_EQ(by_identifier->tag, ann.tag);
}

TEST_F(SubjectCallsTest, NobodysIdentifierIsNotFound) {
  vault_.Create("C-1");
  EXPECT_THAT(Lookup("C-2"), IsRefused(Reason::kResourceNotFound));
  EXPECT_THAT(vault_->data().GetSubject(vault_.As("service"), SubjectTag::Draw(vault_.random)),
              IsRefused(Reason::kResourceNotFound));
}

TEST_F(SubjectCallsTest, AnIdentifierBelongsToOneSubjectOfATenant) {
  vault_.Create("C-1");
  const std::vector<Identifier> taken = {{"email", "a@b.c"}, CustomerNumber("C-1")};
  EXPECT_THAT(vault_->data().CreateSubject(vault_.As("service"), taken),
              IsRefused(Reason::kIdentifierTaken));
  const std::vector<Identifier> free = {{"email", "a@b.c"}};
  EXPECT_THAT(vault_->data().CreateSubject(vault_.As("service"), free), IsOk())
      << "the refused create must not have kept it";
  vault_.Create("C-1", "globex");
}

TEST_F(SubjectCallsTest, TooManyIdentifiersAreRefusedAtOnceAndOneByOne) {
  std::vector<Identifier> many;
  for (int i = 0; i < 16; ++i) many.push_back(CustomerNumber(std::to_string(i)));
  const auto subject = vault_->data().CreateSubject(vault_.As("service"), many);
  ASSERT_THAT(subject, IsOk());
  EXPECT_THAT(
      vault_->data().AddIdentifier(vault_.As("service"), subject->tag, CustomerNumber("16")),
      IsRefused(Reason::kTooMany));
  many.push_back(CustomerNumber("17"));
  EXPECT_THAT(vault_->data().CreateSubject(vault_.As("service"), many),
              IsRefused(Reason::kFieldInvalid));
}

TEST_F(SubjectCallsTest, AnAddedIdentifierFindsAndARemovedOneDoesNot) {
  const Subject ann = vault_.Create("C-1");
  const auto added =
      vault_->data().AddIdentifier(vault_.As("service"), CustomerNumber("C-1"), {"email", "a@b.c"});
  ASSERT_THAT(added, IsOk());
  EXPECT_NE(added->etag, ann.etag);
  const auto found = vault_->data().GetSubject(vault_.As("service"), Identifier{"email", "a@b.c"});
  ASSERT_THAT(found, IsOk());
  EXPECT_EQ(found->tag, ann.tag);

  const std::uint64_t generation = vault_->operations().Status().generation;
  ASSERT_THAT(vault_->data().RemoveIdentifier(vault_.As("service"), ann.tag, {"email", "a@b.c"}),
              IsOk());
  EXPECT_GT(vault_->operations().Status().generation, generation)
      << "its leaf is shredded before the answer";
  EXPECT_THAT(vault_->data().GetSubject(vault_.As("service"), Identifier{"email", "a@b.c"}),
              IsRefused(Reason::kResourceNotFound));
  EXPECT_THAT(vault_->data().RemoveIdentifier(vault_.As("service"), ann.tag, {"email", "a@b.c"}),
              IsRefused(Reason::kResourceNotFound));
  EXPECT_THAT(Lookup("C-1"), IsOk());
  const std::vector<Identifier> again = {{"email", "a@b.c"}};
  EXPECT_THAT(vault_->data().CreateSubject(vault_.As("service"), again), IsOk()) << "free again";
}

TEST_F(SubjectCallsTest, EveryPageOfAListingTogetherIsEverySubjectOnce) {
  std::set<SubjectTag> made;
  for (int i = 0; i < 25; ++i) made.insert(vault_.Create(std::to_string(i)).tag);
  vault_.Create("other tenant's", "globex");
  std::set<SubjectTag> seen;
  PageRequest page{.size = 7};
  int pages = 0;
  do {
    const auto answer = vault_->data().ListSubjects(vault_.As("service"), page);
    ASSERT_THAT(answer, IsOk());
    EXPECT_LE(answer->items.size(), 7u);
    for (const Subject& subject : answer->items) EXPECT_TRUE(seen.insert(subject.tag).second);
    page.token = answer->next_page_token;
    ++pages;
  } while (!page.token.empty());
  EXPECT_EQ(seen, made);
  EXPECT_EQ(pages, 4);
}

TEST_F(SubjectCallsTest, APageTokenIsGoodForItsListingOnly) {
  for (int i = 0; i < 3; ++i) vault_.Create(std::to_string(i));
  const auto page = vault_->data().ListSubjects(vault_.As("service"), {.size = 1});
  ASSERT_THAT(page, IsOk());
  const PageRequest next{.size = 1, .token = page->next_page_token};
  EXPECT_THAT(vault_->data().ListSubjects(vault_.As("service"), next), IsOk());
  EXPECT_THAT(vault_->data().ListSubjects(vault_.As("support"), next),
              IsRefused(Reason::kPageTokenInvalid));
  EXPECT_THAT(vault_->data().ListSubjects(vault_.As("service", "globex"), next),
              IsRefused(Reason::kPageTokenInvalid));
  EXPECT_THAT(vault_->data().ListSubjects(vault_.As("service"), {.size = -1}),
              IsRefused(Reason::kFieldInvalid));
}

TEST_F(SubjectCallsTest, ARepeatedRequestMakesNothingMore) {
  const Caller caller = vault_.As("service");
  const std::vector<Identifier> identifiers = {CustomerNumber("C-1")};
  const auto first = vault_->data().CreateSubject(caller, identifiers);
  const auto second = vault_->data().CreateSubject(caller, identifiers);
  ASSERT_THAT(first, IsOk());
  ASSERT_THAT(second, IsOk());
  EXPECT_EQ(first->tag, second->tag);
  const std::vector<Identifier> other = {CustomerNumber("C-2")};
  EXPECT_THAT(vault_->data().CreateSubject(caller, other), IsRefused(Reason::kRequestIdReused));
  EXPECT_THAT(vault_->data().CreateSubject(caller, {}), IsRefused(Reason::kRequestIdReused));
  EXPECT_EQ(vault_->data().ListSubjects(vault_.As("service"), {})->items.size(), 1u);

  const Caller adder = vault_.As("service");
  ASSERT_THAT(vault_->data().AddIdentifier(adder, first->tag, {"email", "a"}), IsOk());
  EXPECT_THAT(vault_->data().AddIdentifier(adder, first->tag, {"email", "a"}), IsOk());
  EXPECT_THAT(vault_->data().AddIdentifier(adder, first->tag, {"email", "b"}),
              IsRefused(Reason::kRequestIdReused));
  const Caller remover = vault_.As("service");
  ASSERT_THAT(vault_->data().RemoveIdentifier(remover, first->tag, {"email", "a"}), IsOk());
  EXPECT_THAT(vault_->data().RemoveIdentifier(remover, first->tag, {"email", "a"}), IsOk());
  EXPECT_THAT(vault_->data().RemoveIdentifier(remover, first->tag, CustomerNumber("C-1")),
              IsRefused(Reason::kRequestIdReused));
}

TEST_F(SubjectCallsTest, ARequestIdIsFreeAgainAfterADay) {
  const Caller caller = vault_.As("service");
  const auto first = vault_->data().CreateSubject(caller, {});
  vault_.clock.Advance(absl::Hours(26));
  const auto second = vault_->data().CreateSubject(caller, {});
  ASSERT_THAT(first, IsOk());
  ASSERT_THAT(second, IsOk());
  EXPECT_NE(first->tag, second->tag);
}

TEST_F(SubjectCallsTest, UntilIdentifiersAreLoadedOnlyNamesWork) {
  const Subject ann = vault_.Create("C-1");
  const Record record = vault_.Put(ann.tag, "account", "{}");
  vault_.options.load_identifiers = false;
  vault_.Restart();
  const std::vector<Identifier> identifiers = {CustomerNumber("C-9")};
  EXPECT_FALSE(vault_->operations().Status().identifiers_loaded);
  EXPECT_THAT(Lookup("C-1"), IsRefused(Reason::kIndexLoading));
  EXPECT_THAT(vault_->data().CreateSubject(vault_.As("service"), identifiers),
              IsRefused(Reason::kIndexLoading));
  EXPECT_THAT(vault_->data().AddIdentifier(vault_.As("service"), ann.tag, CustomerNumber("C-9")),
              IsRefused(Reason::kIndexLoading));
  EXPECT_THAT(vault_->data().CreateSubject(vault_.As("service"), {}), IsOk());
  EXPECT_THAT(vault_->data().GetSubject(vault_.As("service"), ann.tag), IsOk());
  EXPECT_THAT(vault_.Get(record, "service"), IsOk());

  vault_->LoadIdentifiers();
  EXPECT_TRUE(vault_->operations().Status().identifiers_loaded);
  EXPECT_THAT(Lookup("C-1"), IsOk());
}

TEST_F(SubjectCallsTest, ASubjectErasedWhileIdentifiersLoadLeavesNoneBehind) {
  const Subject ann = vault_.Create("C-1");
  vault_.options.load_identifiers = false;
  vault_.Restart();
  ASSERT_THAT(vault_.Erase(ann.tag), IsOk());
  vault_->LoadIdentifiers();
  EXPECT_THAT(Lookup("C-1"), IsRefused(Reason::kResourceNotFound));
  vault_.Create("C-1");
}

// A person whose identifier row is damaged must not be taken for somebody never seen, nor be made
// anew.
TEST_F(SubjectCallsTest, ADamagedIdentifierIsNamedAndNeverAnsweredAsUnknown) {
  const Subject ann = vault_.Create("C-1");
  vault_.Create("C-2");
  vault_.Create("C-1", "globex");
  auto rows = vault_.engine().Scan(
      table::kIdentifier,
      {.prefix = row_key::Subject(vault_->stores().tenants.Find("acme")->tag, ann.tag),
       .after = {}},
      1);
  storage::Row row = rows->front();
  row.value.back() = static_cast<char>(row.value.back() ^ 1);
  storage::Batch damage;
  damage.Put(table::kIdentifier, row.key, row.value);
  ASSERT_THAT(
      vault_->stores().journal->Commit({{}}, std::move(damage), storage::Durability::kSynced),
      IsOk());
  vault_.Restart();

  const auto named = IsRefused(Reason::kDecryptFailed);
  EXPECT_THAT(Lookup("C-1"), named);
  const std::vector<Identifier> again = {CustomerNumber("C-1")};
  EXPECT_THAT(vault_->data().CreateSubject(vault_.As("service"), again), named);
  EXPECT_THAT(vault_->data().AddIdentifier(vault_.As("service"), CustomerNumber("C-2"),
                                           CustomerNumber("C-3")),
              named);
  EXPECT_THAT(Lookup("C-3"), named) << "who is not found may be the one who cannot be read";
  EXPECT_THAT(Lookup("C-2"), IsOk()) << "who was read is found";
  EXPECT_THAT(vault_->data().GetSubject(vault_.As("service"), ann.tag), IsOk());
  EXPECT_THAT(vault_->data().GetSubject(vault_.As("service", "globex"), CustomerNumber("C-1")),
              IsOk());
  EXPECT_THAT(vault_->data().GetSubject(vault_.As("service", "globex"), CustomerNumber("C-9")),
              IsRefused(Reason::kResourceNotFound))
      << "another tenant's damage is not told";
}

}  // namespace
}  // namespace lethe::vault::data
