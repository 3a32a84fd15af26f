// A vault whose vault.json is lost: written anew from what its parts say of themselves, byte for
// byte as it was, or refused with what disagrees, and then nothing is changed.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <string>
#include <vector>

#include "base/reason.h"
#include "tests/support/test_vault.h"
#include "tests/vault/backup/backup_world.h"
#include "vault/holders/slot_holder.h"
#include "vault/open/describe.h"
#include "vault/open/descriptor.h"

namespace lethe::test {
namespace {

namespace fs = std::filesystem;
using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using vault::Described;
using vault::HolderSpec;

std::string TextOf(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

class DescribeTest : public testing::Test {
 protected:
  DescribeTest() {
    ann_ = world_.Create("ann");
    kept_ = world_.Put(ann_.tag, "support", R"({"text":"kept"})");
    const vault::Subject bob = world_.Create("bob");
    gone_ = world_.Put(bob.tag, "support", R"({"text":"gone"})");
    EXPECT_THAT(Erase(bob), IsOk());
    world_.Close();
    before_ = TextOf(Json());
  }

  absl::Status Erase(const vault::Subject& subject) {
    return world_->rights().EraseSubject(world_.As("service"), {.subject = subject.tag}).status();
  }
  absl::Status Read(const vault::Record& record) {
    return world_->data().GetRecord(world_.As("support"), record.subject, record.tag).status();
  }
  absl::Status Start() {
    return vault::OpenVault({.data_dir = world_.PathOf("vault")}, world_.clock, world_.random)
        .status();
  }
  vault::DescribeOptions Options() const {
    return {.data_dir = world_.PathOf("vault"),
            .holders = {HolderSpec(world_.PathOf("keys/holder.slots"))},
            .archive_dir = world_.PathOf("keys/archive")};
  }
  absl::StatusOr<Described> Describe(const vault::DescribeOptions& options) {
    return vault::DescribeVault(options, world_.clock, world_.random);
  }
  // Refused with these words, and once everything is named rightly nothing turns out changed.
  void ExpectRefused(const vault::DescribeOptions& options, const std::string& says) {
    fs::remove(Json());
    const absl::Status refused = Describe(options).status();
    EXPECT_THAT(std::string(refused.message()), HasSubstr(says)) << refused;
    EXPECT_FALSE(fs::exists(Json()));
  }
  std::string Json() const { return world_.PathOf("vault/vault.json"); }

  BackupWorld world_;
  vault::Subject ann_;
  vault::Record kept_, gone_;
  std::string before_;  // vault.json as init wrote it.
};

TEST_F(DescribeTest, AfterEveryLossItIsAsItWasAndTheErasedStayErased) {
  const std::vector<std::function<void()>> losses = {
      [this] { fs::remove(Json()); }, [this] { fs::resize_file(Json(), 0); },
      [this] { fs::resize_file(Json(), before_.size() / 2); },
      [this] { std::ofstream(Json()) << "{\"format\": 1}"; }};
  for (const auto& lose : losses) {
    lose();
    EXPECT_THAT(std::string(Start().message()), HasSubstr("lethe vault describe"));
    // Without --dev: what the last shred was is known.
    const auto described = Describe(Options());
    ASSERT_THAT(described, IsOk());
    EXPECT_EQ(TextOf(Json()), before_);
    EXPECT_GT(described->position, 0u);
    world_.Serve(world_.PathOf("vault"));
    EXPECT_THAT(Read(kept_), IsOk());
    EXPECT_THAT(Read(gone_), IsRefused(Reason::kSubjectErased));
    const vault::Subject cyd = world_.Create("cyd");
    EXPECT_THAT(Erase(cyd), IsOk());
    world_.Close();
  }
}

TEST_F(DescribeTest, OneThatCanBeReadIsLeftAlone) {
  EXPECT_TRUE(absl::IsAlreadyExists(Describe(Options()).status()));
  std::string later = before_;
  later.replace(later.find("\"format\": 1"), 11, "\"format\": 9");
  std::ofstream(Json()) << later;
  EXPECT_THAT(Describe(Options()), IsRefused(Reason::kUnsupportedFormat));
  EXPECT_EQ(TextOf(Json()), later);
}

TEST_F(DescribeTest, WhileItIsServedTheLossIsAnAlarmAndTheServerIsLeftAlone) {
  world_.Serve(world_.PathOf("vault"));
  const auto alarms = [this] { return world_->operations().Status().alarms; };
  EXPECT_THAT(alarms(), IsEmpty());
  fs::rename(Json(), world_.PathOf("away"));
  EXPECT_THAT(alarms(), Contains(HasSubstr("vault.json is gone")));
  EXPECT_TRUE(absl::IsAlreadyExists(Describe(Options()).status()));
  EXPECT_THAT(Read(kept_), IsOk());
  std::ofstream(Json()) << before_.substr(0, 20);
  EXPECT_THAT(alarms(), Contains(HasSubstr("vault.json is gone")));
  fs::copy_file(world_.PathOf("away"), Json(), fs::copy_options::overwrite_existing);
  EXPECT_THAT(alarms(), IsEmpty()) << "a copy will do";

  fs::rename(world_.PathOf("vault/db"), world_.PathOf("db"));
  EXPECT_THAT(alarms(), Contains(HasSubstr("the database's folder")));
  fs::create_directory(world_.PathOf("vault/db"));
  EXPECT_THAT(alarms(), Contains(HasSubstr("something else stands at its path")));
  fs::remove(world_.PathOf("vault/db"));
  fs::rename(world_.PathOf("db"), world_.PathOf("vault/db"));
  EXPECT_THAT(alarms(), IsEmpty());
}

TEST_F(DescribeTest, WhatIsNotThereIsNamed) {
  vault::DescribeOptions options = Options();
  options.archive_dir = world_.PathOf("keys");
  ExpectRefused(options, "no archive in the folder given");
  options = Options();
  options.holders = {HolderSpec(world_.PathOf("keys/none"))};
  ExpectRefused(options, "no file is there of the key holders");
  options.holders.clear();
  ExpectRefused(options, "one to three holders");
  fs::rename(world_.PathOf("vault/db"), world_.PathOf("db"));
  ExpectRefused(Options(), "lethe backup restore");
  EXPECT_FALSE(fs::exists(world_.PathOf("vault/db")));
  fs::rename(world_.PathOf("db"), world_.PathOf("vault/db"));
  EXPECT_THAT(Describe(Options()), IsOk());
}

// A file that is taken for a holder is overwritten.
TEST_F(DescribeTest, AFileThatIsNoHoldersIsNotTouched) {
  vault::DescribeOptions options = Options();
  options.holders.emplace_back(world_.PathOf("other"));
  std::ofstream(world_.PathOf("other")) << "somebody's";
  ExpectRefused(options, "file-2 is too short");
  EXPECT_EQ(TextOf(world_.PathOf("other")), "somebody's");
  const std::string zeros(vault::holders::kHolderFileBytes, '\0');
  std::ofstream(world_.PathOf("other")) << zeros;
  ExpectRefused(options, "file-2 holds no root");
  EXPECT_EQ(TextOf(world_.PathOf("other")), zeros);
  options = Options();
  options.holders[0].token = vault::TokenSpec{"/m", "label", "/pin"};
  ExpectRefused(options, "not sealed by a token");
  options = Options();
  options.holders.push_back(options.holders[0]);
  ExpectRefused(options, "given twice");
}

TEST_F(DescribeTest, PartsOfTwoVaultsAreNotPutTogether) {
  BackupWorld other;
  for (int i = 0; i < 40; ++i)
    other.Put(other.Create("c" + std::to_string(i)).tag, "support", "{}");
  other.Close();
  vault::DescribeOptions options = Options();
  options.archive_dir = other.PathOf("keys/archive");
  ExpectRefused(options, "the archive is of another vault than the key holders");
  options = Options();
  options.holders.emplace_back(other.PathOf("keys/holder.slots"));
  ExpectRefused(options, "file-2 is of another vault than that of file-1");
  // Holder and archive agree; the database is ours, and behind their archive.
  options.holders.erase(options.holders.begin());
  options.archive_dir = other.PathOf("keys/archive");
  ExpectRefused(options, "different histories");
  options.archive_dir.clear();
  ExpectRefused(options, "no key holder opens this vault");

  EXPECT_THAT(Describe(Options()), IsOk());
  world_.Serve(world_.PathOf("vault"));
  EXPECT_THAT(Read(kept_), IsOk());
  other.Serve(other.PathOf("vault"));
}

// An older state of the holder, whose root would open the erased.
TEST_F(DescribeTest, AnOldCopyOfAHolderOpensNothing) {
  fs::copy_file(world_.PathOf("keys/holder.slots"), world_.PathOf("old"));
  world_.Serve(world_.PathOf("vault"));
  ASSERT_THAT(Erase(ann_), IsOk());
  world_.Close();
  vault::DescribeOptions options = Options();
  options.holders = {HolderSpec(world_.PathOf("old"))};
  ExpectRefused(options, "no key holder opens this vault");
  EXPECT_THAT(Describe(Options()), IsOk());
}

TEST(DescribeWithoutArchiveTest, AVaultThatHasNoneIsDescribedWithoutOne) {
  BackupWorld world(false);
  world.Close();
  const std::string json = world.PathOf("vault/vault.json");
  const std::string before = TextOf(json);
  fs::remove(json);
  vault::DescribeOptions options{.data_dir = world.PathOf("vault"),
                                 .holders = {HolderSpec(world.PathOf("keys/holder.slots"))},
                                 .dev = true};
  ASSERT_THAT(vault::DescribeVault(options, world.clock, world.random), IsOk());
  EXPECT_EQ(TextOf(json), before);
}

class DescribeTwoTest : public testing::Test {
 protected:
  DescribeTwoTest() {
    const vault::InitOptions options{
        .data_dir = dir_ / "vault", .holders = {HolderSpec(A()), HolderSpec(B())}, .dev = true};
    EXPECT_THAT(vault::InitVault(options, clock_, random_), IsOk());
    before_ = TextOf(Json());
    fs::remove(Json());
  }
  absl::StatusOr<Described> Describe(const std::vector<std::string>& holders) {
    vault::DescribeOptions options{
        .data_dir = dir_ / "vault", .archive_dir = dir_ / "vault/archive", .dev = true};
    for (const std::string& holder : holders) options.holders.emplace_back(holder);
    return vault::DescribeVault(options, clock_, random_);
  }
  // file-1 is given up by two people, and its file is lost.
  void RetireTheFirst() {
    ASSERT_THAT(Describe({A(), B()}), IsOk());
    fs::remove(A());
    const auto vault = vault::OpenVault(
        {.data_dir = dir_ / "vault", .engine = storage::RocksSpec{.free_space_reserve_bytes = 0}},
        clock_, random_);
    ASSERT_THAT(vault, IsOk());
    for (const char* who : {"ada", "ben"}) {
      const vault::Caller caller{
          .principal = {std::string("spiffe://example.org/operators/") + who, ""}};
      ASSERT_THAT((*vault)->operations().RetireHolder(caller, "file-1"), IsOk());
    }
    fs::remove(Json());
  }
  std::string A() const { return dir_ / "a"; }
  std::string B() const { return dir_ / "b"; }
  std::string Json() const { return dir_ / "vault/vault.json"; }

  TempDir dir_{TempDir::On::kMemory};
  SystemClock clock_;
  SystemRandom random_;
  std::string before_;
};

TEST_F(DescribeTwoTest, NoHolderInForceIsLeftOut) {
  const auto refused = Describe({A()});
  EXPECT_THAT(refused, IsRefused(Reason::kHolderNeeded));
  EXPECT_THAT(std::string(refused.status().message()), HasSubstr("file-2"));
  ASSERT_THAT(Describe({A(), B()}), IsOk());
  EXPECT_EQ(TextOf(Json()), before_);
}

TEST_F(DescribeTwoTest, OneWhoseFileIsAwayIsNamedAllTheSame) {
  fs::rename(B(), dir_ / "away");
  ASSERT_THAT(Describe({A(), B()}), IsOk());
  EXPECT_EQ(TextOf(Json()), before_);
  EXPECT_FALSE(fs::exists(B()));
}

TEST_F(DescribeTwoTest, ARetiredOneKeepsItsPlace) {
  RetireTheFirst();
  EXPECT_THAT(Describe({B()}), IsRefused(Reason::kHolderNeeded));
  const auto turned = Describe({B(), A()});
  EXPECT_THAT(std::string(turned.status().message()), HasSubstr("what the vault has retired"));
  ASSERT_THAT(Describe({A(), B()}), IsOk());
  EXPECT_EQ(TextOf(Json()), before_);
}

}  // namespace
}  // namespace lethe::test
