#include "cli/doctor/key_service_check.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>

#include "absl/strings/str_format.h"
#include "base/check.h"
#include "tests/cli/support/cli_runner.h"

namespace lethe::cli {
namespace {

using testing::HasSubstr;

// A socket in the file system, with somebody behind it while it lives and nobody after.
class Listener {
 public:
  explicit Listener(const std::string& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strncpy(address.sun_path, path.c_str(), sizeof(address.sun_path) - 1);
    LETHE_CHECK(bind(socket_, reinterpret_cast<sockaddr*>(&address), sizeof(address)) == 0);
    LETHE_CHECK(listen(socket_, 1) == 0);
  }
  ~Listener() { close(socket_); }
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;

 private:
  const int socket_ = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
};

TEST(KeyServiceCheck, TellsAPluginFromWhatIsLeftOfOne) {
  test::CliRunner files;
  const std::string path = files.folder / "kms.sock";
  const auto check = [&] {
    return CheckKeyService({"aws-1", "unix://" + path}, files.folder.path());
  };
  EXPECT_EQ(check().health, Health::kBroken);
  EXPECT_THAT(check().found, HasSubstr("there is no socket"));
  {
    const Listener plugin(path);
    EXPECT_EQ(check().health, Health::kFine) << check().found;
    EXPECT_EQ(check().check, "key service aws-1");
  }
  EXPECT_EQ(check().health, Health::kBroken);
  EXPECT_THAT(check().found, HasSubstr("nobody listens"));
  EXPECT_FALSE(check().remedy.empty());
}

TEST(KeyServiceCheck, TheVaultsUserMustBeAbleToOpenTheSocket) {
  if (geteuid() != 0) GTEST_SKIP() << "giving a folder away takes root";
  test::CliRunner files;
  const std::string path = files.folder / "kms.sock";
  const std::string data = files.folder / "data";
  ASSERT_EQ(mkdir(data.c_str(), 0700), 0);
  constexpr uid_t kOther = 65532;
  ASSERT_EQ(chown(data.c_str(), kOther, kOther), 0);
  const Listener plugin(path);
  ASSERT_EQ(chmod(path.c_str(), 0755), 0);  // As plugins leave it.
  const Finding foreign = CheckKeyService({"aws-1", "unix://" + path}, data);
  EXPECT_EQ(foreign.health, Health::kBroken);
  EXPECT_THAT(foreign.remedy, HasSubstr("as the user"));
  ASSERT_EQ(chown(path.c_str(), kOther, kOther), 0);
  EXPECT_EQ(CheckKeyService({"aws-1", "unix://" + path}, data).health, Health::kFine);
}

TEST(KeyServiceCheck, WhatIsNoSocketOfThisMachineIsSaid) {
  EXPECT_EQ(CheckKeyService({"a", "https://kms"}, "/").health, Health::kBroken);
  EXPECT_EQ(CheckKeyService({"a", "unix:///@abstract"}, "/").health, Health::kFine);
}

TEST(KeyServiceCheck, ProvidersAreReadFromTheConfiguration) {
  test::CliRunner files;
  const auto places = ReadPlaces(files.File(
      "lethed.yaml",
      "root: {outer: {kmsv2: {providers: [{name: aws-1, endpoint: 'unix:///@a', timeout: 9s}, "
      "7]}}}\n"));
  ASSERT_TRUE(places.ok());
  ASSERT_EQ(places->providers.size(), 1u);
  EXPECT_EQ(places->providers[0].name, "aws-1");
  EXPECT_EQ(places->providers[0].endpoint, "unix:///@a");
  EXPECT_EQ(places->providers[0].timeout, absl::Seconds(9));
  for (const char* odd : {"{}", "{outer: []}", "{outer: {kmsv2: {providers: {}}}}", "[]", "x"}) {
    const auto none = ReadPlaces(files.File("odd.yaml", absl::StrFormat("root: %s\n", odd)));
    ASSERT_TRUE(none.ok()) << odd;
    EXPECT_TRUE(none->providers.empty()) << odd;
  }
}

}  // namespace
}  // namespace lethe::cli
