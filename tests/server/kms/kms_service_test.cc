#include "server/kms/kms_service.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/reason.h"
#include "tests/server/kms/kms_fixture.h"

namespace lethe::test {
namespace {

using server::kms::KmsService;
using vault::holders::KeyService;

const std::string kShare(52, '\x5a');

class KmsServiceTest : public KmsFixture {
 protected:
  KmsService::Options Options(absl::Duration timeout = kAmple) const {
    return {.name = "house-1", .endpoint = endpoint(), .timeout = timeout};
  }
};

TEST_F(KmsServiceTest, ItSealsAndOpensUnderItsName) {
  KmsService service(Options(), random_);
  EXPECT_EQ(service.name(), "house-1");
  EXPECT_EQ(service.CurrentKeyId().value(), "root-1");
  const auto seal = service.Seal(AsBytes(kShare));
  ASSERT_TRUE(seal.ok()) << seal.status();
  std::string opened(kShare.size(), '\0');
  ASSERT_TRUE(service.Open(*seal, AsMutableBytes(opened)).ok());
  EXPECT_EQ(opened, kShare);
}

TEST_F(KmsServiceTest, AfterARotationItSealsWithTheNewKeyAndOpensBoth) {
  KmsService service(Options(), random_);
  const auto before = service.Seal(AsBytes(kShare));
  plugin().Rotate();
  EXPECT_EQ(service.CurrentKeyId().value(), "root-2");
  const auto after = service.Seal(AsBytes(kShare));
  ASSERT_TRUE(before.ok() && after.ok());
  EXPECT_EQ(after->key_id, "root-2");
  std::string opened(kShare.size(), '\0');
  EXPECT_TRUE(service.Open(*before, AsMutableBytes(opened)).ok());
  EXPECT_TRUE(service.Open(*after, AsMutableBytes(opened)).ok());
}

TEST_F(KmsServiceTest, ASealOfAnotherKeyThanTheStatusNamesIsRefused) {
  KmsService service(Options(), random_);
  plugin().SetSpoil({.encrypt = [](v2::EncryptResponse& a) { a.set_key_id("root-9"); }});
  const absl::Status status = service.Seal(AsBytes(kShare)).status();
  EXPECT_EQ(ReasonOf(status), Reason::kHolderUnreachable);
  EXPECT_EQ(FieldOf(status), "key_id");
  plugin().SetSpoil({});
  EXPECT_TRUE(service.Seal(AsBytes(kShare)).ok());
}

// As Google's plugin does: its Status says what the last Encrypt used.
TEST_F(KmsServiceTest, APluginThatLearnsItsKeyByEncryptingIsUnderstood) {
  auto known = std::make_shared<std::string>("the key without a version");
  plugin().SetSpoil({.status = [known](v2::StatusResponse& a) { a.set_key_id(*known); },
                     .encrypt = [known](v2::EncryptResponse& a) { *known = a.key_id(); }});
  KmsService service(Options(), random_);
  EXPECT_EQ(service.CurrentKeyId().value(), "root-1");
  plugin().Rotate();
  EXPECT_EQ(service.CurrentKeyId().value(), "root-2");
}

TEST_F(KmsServiceTest, AnUnwellPluginSealsNothing) {
  KmsService service(Options(), random_);
  plugin().SetSpoil({.status = [](v2::StatusResponse& a) { a.set_healthz("token is gone"); }});
  EXPECT_EQ(ReasonOf(service.Seal(AsBytes(kShare)).status()), Reason::kHolderUnreachable);
  EXPECT_EQ(ReasonOf(service.CurrentKeyId().status()), Reason::kHolderUnreachable);
}

TEST_F(KmsServiceTest, ASilentPluginEndsEveryCallInTime) {
  KmsService service(Options(kShort), random_);
  plugin().Hold();
  std::string opened(kShare.size(), '\0');
  EXPECT_EQ(ReasonOf(service.CurrentKeyId().status()), Reason::kHolderUnreachable);
  EXPECT_EQ(ReasonOf(service.Seal(AsBytes(kShare)).status()), Reason::kHolderUnreachable);
  EXPECT_EQ(ReasonOf(service.Open({"root-1", "c", {}}, AsMutableBytes(opened))),
            Reason::kHolderUnreachable);
}

TEST_F(KmsServiceTest, SeveralPluginsAreSeveralServices) {
  KmsService one(Options(), random_);
  KmsPlugin second(*keys_, dir_ / "second.sock");
  KmsService two({.name = "house-2", .endpoint = "unix://" + (dir_ / "second.sock")}, random_);
  second.Rotate();
  EXPECT_EQ(one.CurrentKeyId().value(), "root-1");
  EXPECT_EQ(two.CurrentKeyId().value(), "root-2");
}

// The widest seal the interface and a slot allow is within what the vault reckons with.
static_assert(KeyService::kPlaintextBytesMax >= 52);
static_assert(KeyService::kSealBytesMax >=
              server::kms::kKeyIdBytesMax + server::kms::kCiphertextBytesMax);

}  // namespace
}  // namespace lethe::test
