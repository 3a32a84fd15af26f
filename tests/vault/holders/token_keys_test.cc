// The contract of TokenKeys, on the model that the crash tests use and on a real token: what the
// first promises in memory, the second does.

#include <algorithm>
#include <fstream>

#include "base/random.h"
#include "base/reason.h"
#include "gtest/gtest.h"
#include "tests/vault/holders/soft_token.h"
#include "tests/vault/holders/token_model.h"
#include "vault/holders/pkcs11/token.h"

namespace lethe::test {
namespace {

using vault::holders::TokenKeys;

enum class Which { kModel, kSoftHsm };

class TokenKeysTest : public ::testing::TestWithParam<Which> {
 protected:
  void SetUp() override {
    if (GetParam() == Which::kSoftHsm && SoftToken::Get() == nullptr) {
      GTEST_SKIP() << "SoftHSM2 is not installed";
    }
    keys_ = Another(vault_);
  }

  // The same token, reached anew.
  std::unique_ptr<TokenKeys> Another(const VaultId& vault) {
    if (GetParam() == Which::kSoftHsm) {
      return vault::holders::pkcs11::NewTokenKeys(SoftToken::Get()->spec(), vault, random_);
    }
    auto& store = stores_[vault.ToString()];
    if (store == nullptr) store = std::make_shared<TokenStore>();
    return TokenOn(store);
  }

  TokenKeys::Id Make() {
    const auto id = keys_->Make();
    EXPECT_TRUE(id.ok()) << id.status();
    return id.value_or(TokenKeys::Id{});
  }
  std::string Seal(const TokenKeys::Id& id) {
    std::string sealed(kPlaintext.size() + TokenKeys::kOverheadBytes, '\0');
    const absl::Status status =
        keys_->Seal(id, AsBytes(kPlaintext), AsBytes("aad"), AsMutableBytes(sealed));
    EXPECT_TRUE(status.ok()) << status;
    return sealed;
  }
  absl::StatusOr<std::string> Open(TokenKeys& keys, const TokenKeys::Id& id,
                                   const std::string& sealed, std::string_view aad = "aad") {
    std::string out(kPlaintext.size(), '\0');
    const absl::Status status = keys.Open(id, AsBytes(sealed), AsBytes(aad), AsMutableBytes(out));
    if (!status.ok()) return status;
    return out;
  }

  const std::string kPlaintext = std::string(32, 'p');
  SystemRandom random_;
  const VaultId vault_ = VaultId::Draw(random_);
  std::map<std::string, std::shared_ptr<TokenStore>> stores_;
  std::unique_ptr<TokenKeys> keys_;
};

TEST_P(TokenKeysTest, WhatAKeySealedItOpensAlsoWhenReachedAnew) {
  const TokenKeys::Id id = Make();
  const std::string sealed = Seal(id);
  EXPECT_EQ(sealed.find(kPlaintext.substr(0, 8)), std::string::npos);
  EXPECT_NE(Seal(id), sealed) << "a fresh nonce each time";
  EXPECT_EQ(Open(*keys_, id, sealed).value_or(""), kPlaintext);
  EXPECT_EQ(Open(*Another(vault_), id, sealed).value_or(""), kPlaintext);
}

TEST_P(TokenKeysTest, AlteredOrBoundToSomethingElseItDoesNotOpen) {
  const TokenKeys::Id id = Make();
  const std::string sealed = Seal(id);
  for (const std::size_t at : {std::size_t{0}, std::size_t{20}, sealed.size() - 1}) {
    std::string altered = sealed;
    altered[at] = static_cast<char>(altered[at] ^ 1);
    EXPECT_EQ(ReasonOf(Open(*keys_, id, altered).status()), Reason::kDecryptFailed) << at;
  }
  EXPECT_EQ(ReasonOf(Open(*keys_, id, sealed, "another").status()), Reason::kDecryptFailed);
  EXPECT_EQ(ReasonOf(Open(*keys_, Make(), sealed).status()), Reason::kDecryptFailed);
  EXPECT_TRUE(Open(*keys_, id, sealed).ok()) << "and the token still works";
}

TEST_P(TokenKeysTest, ADestroyedKeyIsGoneForEverybody) {
  const TokenKeys::Id id = Make();
  const TokenKeys::Id other = Make();
  const std::string sealed = Seal(id);
  ASSERT_TRUE(keys_->Destroy(id).ok());
  EXPECT_TRUE(absl::IsNotFound(Open(*keys_, id, sealed).status()));
  EXPECT_TRUE(absl::IsNotFound(Open(*Another(vault_), id, sealed).status()));
  EXPECT_TRUE(keys_->Destroy(id).ok()) << "gone is gone";
  EXPECT_EQ(*keys_->List(), std::vector<TokenKeys::Id>{other});
}

TEST_P(TokenKeysTest, EachVaultSeesItsOwnKeys) {
  const TokenKeys::Id mine = Make();
  const auto stranger = Another(VaultId::Draw(random_));
  EXPECT_TRUE(stranger->List()->empty());
  ASSERT_TRUE(stranger->Make().ok());
  EXPECT_EQ(stranger->List()->size(), 1u);
  EXPECT_EQ(*keys_->List(), std::vector<TokenKeys::Id>{mine});
}

TEST_P(TokenKeysTest, ManyKeysAreAllListed) {
  std::vector<TokenKeys::Id> made;
  for (int i = 0; i < 20; ++i) made.push_back(Make());
  auto listed = *keys_->List();
  std::ranges::sort(made);
  std::ranges::sort(listed);
  EXPECT_EQ(listed, made);
}

TEST_P(TokenKeysTest, SoftwareIsWorthATest) {
  std::string why;
  EXPECT_EQ(keys_->CheckAssurance(&why), vault::Assurance::kTest);
  EXPECT_FALSE(why.empty());
}

INSTANTIATE_TEST_SUITE_P(All, TokenKeysTest, ::testing::Values(Which::kModel, Which::kSoftHsm),
                         [](const auto& info) {
                           return info.param == Which::kModel ? "Model" : "SoftHsm";
                         });

// What cannot be reached is silent, whatever the reason, and never ends the process.
TEST(TokenReachTest, WhatIsNotThereIsSilentByName) {
  if (SoftToken::Get() == nullptr) GTEST_SKIP() << "SoftHSM2 is not installed";
  SystemRandom random;
  TempDir dir;
  std::ofstream(dir / "open-pin") << "12345678";
  std::filesystem::permissions(dir / "open-pin", std::filesystem::perms::all);
  const vault::TokenSpec good = SoftToken::Get()->spec();
  const auto reach = [&](const vault::TokenSpec& spec) {
    return vault::holders::pkcs11::NewTokenKeys(spec, VaultId::Draw(random), random)
        ->List()
        .status();
  };
  EXPECT_EQ(ReasonOf(reach({dir / "none.so", good.token, good.pin_file})),
            Reason::kHolderUnreachable);
  EXPECT_EQ(ReasonOf(reach({"libm.so.6", good.token, good.pin_file})), Reason::kHolderUnreachable);
  EXPECT_EQ(ReasonOf(reach({good.module, "another", good.pin_file})), Reason::kHolderUnreachable);
  EXPECT_EQ(ReasonOf(reach({good.module, good.token, dir / "none"})), Reason::kHolderUnreachable);
  EXPECT_EQ(ReasonOf(reach({good.module, good.token, dir / "open-pin"})),
            Reason::kHolderUnreachable);
  EXPECT_TRUE(reach(good).ok()) << "the control";
}

}  // namespace
}  // namespace lethe::test
