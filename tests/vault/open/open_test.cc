#include "vault/open/open.h"

#include <filesystem>
#include <fstream>
#include <string>

#include "base/clock.h"
#include "base/random.h"
#include "gtest/gtest.h"
#include "tests/support/temp_dir.h"
#include "tests/support/test_vault.h"
#include "vault/open/descriptor.h"

namespace lethe::vault {
namespace {

namespace fs = std::filesystem;
using test::IsOk;

class OpenTest : public ::testing::Test {
 protected:
  InitOptions Init(const std::string& name = "v") { return {.data_dir = dir_ / name, .dev = true}; }
  OpenOptions Options(const std::string& name = "v") {
    return {.data_dir = dir_ / name,
            .tenants = {{"acme", test::kTestPolicy}},
            .engine = storage::RocksSpec{.free_space_reserve_bytes = 0}};
  }
  Caller As(const std::string& purpose) {
    return {.principal = {"p", "acme"},
            .tenant = "acme",
            .purpose = purpose,
            .request_id = RowTag::Draw(random_).ToString()};
  }

  test::TempDir dir_;
  SystemClock clock_;
  SystemRandom random_;
};

TEST_F(OpenTest, WhatInitMakesOpensAndServesAcrossRestarts) {
  const auto init = InitVault(Init(), clock_, random_);
  ASSERT_THAT(init, IsOk());
  EXPECT_EQ(init->assurance, Assurance::kUnverified);
  EXPECT_EQ(init->public_key.size(), 32u);
  SubjectTag subject;
  RecordTag record;
  {
    auto vault = OpenVault(Options(), clock_, random_);
    ASSERT_THAT(vault, IsOk());
    EXPECT_EQ((*vault)->operations().Status().public_key, init->public_key);
    EXPECT_TRUE((*vault)->operations().Status().has_archive);
    subject = (*vault)->data().CreateSubject(As("service"), {})->tag;
    record =
        (*vault)->data().CreateRecord(As("service"), subject, {.category = "account", .data = "{}"})->tag;
  }
  auto vault = OpenVault(Options(), clock_, random_);
  ASSERT_THAT(vault, IsOk());
  EXPECT_THAT((*vault)->data().GetRecord(As("service"), subject, record), IsOk());
}

TEST_F(OpenTest, ASecondOpenOfTheFolderIsRefused) {
  ASSERT_THAT(InitVault(Init(), clock_, random_), IsOk());
  const auto first = OpenVault(Options(), clock_, random_);
  ASSERT_THAT(first, IsOk());
  const auto second = OpenVault(Options(), clock_, random_);
  EXPECT_TRUE(absl::IsAlreadyExists(second.status())) << second.status();
}

TEST_F(OpenTest, InitTouchesNoFolderThatIsNotEmpty) {
  ASSERT_THAT(InitVault(Init(), clock_, random_), IsOk());
  EXPECT_TRUE(absl::IsAlreadyExists(InitVault(Init(), clock_, random_).status()));
  fs::create_directory(dir_ / "foreign");
  std::ofstream(dir_ / "foreign/letter.txt") << "dear";
  const auto foreign = InitVault(Init("foreign"), clock_, random_);
  EXPECT_TRUE(absl::IsFailedPrecondition(foreign.status())) << foreign.status();
  EXPECT_EQ(std::distance(fs::directory_iterator(dir_ / "foreign"), {}), 1);
  std::ofstream(dir_ / "file") << "x";
  EXPECT_TRUE(absl::IsFailedPrecondition(InitVault(Init("file"), clock_, random_).status()));
}

TEST_F(OpenTest, ANewVolumesRootIsEmptyEnough) {
  fs::create_directories(dir_ / "v/lost+found");
  EXPECT_THAT(InitVault(Init(), clock_, random_), IsOk());
}

TEST_F(OpenTest, WithoutDevEveryPlaceMustBeNamed) {
  InitOptions options = Init();
  options.dev = false;
  EXPECT_TRUE(absl::IsInvalidArgument(InitVault(options, clock_, random_).status()));
  options.holders = {HolderSpec(dir_ / "holder")};
  EXPECT_TRUE(absl::IsInvalidArgument(InitVault(options, clock_, random_).status()));
  options.holders.assign(4, HolderSpec(dir_ / "holder"));
  options.no_archive = true;
  EXPECT_TRUE(absl::IsInvalidArgument(InitVault(options, clock_, random_).status()));
  EXPECT_FALSE(fs::exists(dir_ / "v")) << "refused before anything was made";
}

TEST_F(OpenTest, AFolderWithoutAVaultIsNotFound) {
  EXPECT_TRUE(absl::IsNotFound(OpenVault(Options(), clock_, random_).status()));
}

TEST_F(OpenTest, WithoutAnArchiveAVaultOpensToo) {
  InitOptions options = Init();
  options.no_archive = true;
  ASSERT_THAT(InitVault(options, clock_, random_), IsOk());
  const auto vault = OpenVault(Options(), clock_, random_);
  ASSERT_THAT(vault, IsOk());
  EXPECT_FALSE((*vault)->operations().Status().has_archive);
}

TEST_F(OpenTest, ADevelopmentVaultsFolderCanBeMoved) {
  ASSERT_THAT(InitVault(Init(), clock_, random_), IsOk());
  fs::rename(dir_ / "v", dir_ / "moved");
  EXPECT_THAT(OpenVault(Options("moved"), clock_, random_), IsOk());
}

TEST_F(OpenTest, AnotherVaultsHolderOpensNothing) {
  ASSERT_THAT(InitVault(Init("a"), clock_, random_), IsOk());
  ASSERT_THAT(InitVault(Init("b"), clock_, random_), IsOk());
  fs::copy_file(dir_ / "b/holder.slots", dir_ / "a/holder.slots",
                fs::copy_options::overwrite_existing);
  EXPECT_TRUE(absl::IsDataLoss(OpenVault(Options("a"), clock_, random_).status()));
  EXPECT_THAT(OpenVault(Options("b"), clock_, random_), IsOk()) << "the control";
}

TEST(DescriptorTest, RoundTripsAndRefusesWhatItDidNotWrite) {
  SystemRandom random;
  const Descriptor descriptor{
      VaultId::Draw(random),
      {HolderSpec("/a"), HolderSpec("/b", {"/lib/token.so", "vault-1", "/run/pin"})},
      "/c",
      true};
  const auto read = DecodeDescriptor(EncodeDescriptor(descriptor));
  ASSERT_THAT(read, IsOk());
  EXPECT_EQ(read->id, descriptor.id);
  EXPECT_EQ(read->holders, descriptor.holders);
  EXPECT_EQ(read->archive_dir, descriptor.archive_dir);
  EXPECT_TRUE(read->dev);
  EXPECT_FALSE(DecodeDescriptor("").ok());
  EXPECT_FALSE(DecodeDescriptor("{}").ok());
  EXPECT_FALSE(DecodeDescriptor(R"({"format":1})").ok());
  std::string without_pin = EncodeDescriptor(descriptor);
  without_pin.replace(without_pin.find("pin_file"), 8, "pen_file");
  EXPECT_FALSE(DecodeDescriptor(without_pin).ok());
  EXPECT_THAT(DecodeDescriptor(R"({"format":2})"), test::IsRefused(Reason::kUnsupportedFormat));
}

}  // namespace
}  // namespace lethe::vault
