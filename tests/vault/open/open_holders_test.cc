// Holders of a vault on disk, as its descriptor names them: one may be absent, one may be a token.

#include <filesystem>

#include "base/clock.h"
#include "base/random.h"
#include "base/reason.h"
#include "gtest/gtest.h"
#include "tests/support/temp_dir.h"
#include "tests/vault/holders/soft_token.h"
#include "vault/open/open.h"

namespace lethe::test {
namespace {

using vault::Caller;
using vault::HolderSpec;

class OpenHoldersTest : public ::testing::Test {
 protected:
  void Init(std::vector<HolderSpec> holders) {
    vault::InitOptions options{.data_dir = dir_ / "vault", .holders = std::move(holders)};
    options.dev = true;
    const auto made = vault::InitVault(options, clock_, random_);
    ASSERT_TRUE(made.ok()) << made.status();
  }
  absl::Status Open() {
    vault::OpenOptions options{.data_dir = dir_ / "vault"};
    options.free_space_reserve_bytes = 0;
    auto opened = vault::OpenVault(options, clock_, random_);
    if (!opened.ok()) return opened.status();
    vault_ = *std::move(opened);
    return absl::OkStatus();
  }
  static Caller Operator() {
    Caller caller;
    caller.principal.id = "spiffe://example.org/operators/ops";
    return caller;
  }

  TempDir dir_{TempDir::On::kMemory};
  SystemClock clock_;
  SystemRandom random_;
  std::unique_ptr<vault::Vault> vault_;
};

TEST_F(OpenHoldersTest, OneOfTwoHolderFilesMayBeMissingAndComesBack) {
  Init({HolderSpec(dir_ / "a"), HolderSpec(dir_ / "b")});
  std::filesystem::rename(dir_ / "b", dir_ / "b.away");

  const absl::Status opened = Open();

  ASSERT_TRUE(opened.ok()) << opened;
  const auto status = vault_->operations().GetKeyStatus(Operator());
  ASSERT_EQ(status->holders.size(), 2u);
  EXPECT_TRUE(status->holders[0].current);
  EXPECT_FALSE(status->holders[1].reachable);
  EXPECT_EQ(ReasonOf(vault_->operations().RotateRoot(Operator()).status()),
            Reason::kHolderUnreachable);
  std::filesystem::rename(dir_ / "b.away", dir_ / "b");
  const auto rotated = vault_->operations().RotateRoot(Operator());
  ASSERT_TRUE(rotated.ok()) << rotated.status();
  EXPECT_TRUE(rotated->holders[1].current);
}

TEST_F(OpenHoldersTest, TheOnlyHolderFileMayNotBeMissing) {
  Init({HolderSpec(dir_ / "a")});
  std::filesystem::rename(dir_ / "a", dir_ / "a.away");
  EXPECT_FALSE(Open().ok());
  std::filesystem::rename(dir_ / "a.away", dir_ / "a");
  EXPECT_TRUE(Open().ok());
}

TEST_F(OpenHoldersTest, ARealTokenHoldsAVaultOverRestarts) {
  if (SoftToken::Get() == nullptr) GTEST_SKIP() << "SoftHSM2 is not installed";
  Init({HolderSpec(dir_ / "slots", SoftToken::Get()->spec())});
  for (int start = 0; start < 3; ++start) {
    const absl::Status opened = Open();
    ASSERT_TRUE(opened.ok()) << opened;
    const auto status = vault_->operations().RotateRoot(Operator());
    ASSERT_TRUE(status.ok()) << status.status();
    EXPECT_EQ(status->holders[0].name, "pkcs11-1");
    EXPECT_EQ(status->holders[0].factors, std::vector<std::string>{"pkcs11"});
    EXPECT_EQ(status->assurance, vault::Assurance::kTest);
    vault_.reset();
  }
}

}  // namespace
}  // namespace lethe::test
