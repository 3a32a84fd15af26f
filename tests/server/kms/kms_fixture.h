// A plugin on a socket of a test's own, and what its clients need.
#ifndef LETHE_TESTS_SERVER_KMS_KMS_FIXTURE_H_
#define LETHE_TESTS_SERVER_KMS_KMS_FIXTURE_H_

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "base/random.h"
#include "tests/server/kms/kms_plugin.h"
#include "tests/support/temp_dir.h"

namespace lethe::test {

// No sound call comes near it on the slowest machine.
inline constexpr absl::Duration kAmple = absl::Seconds(20);
// For calls that are to run into it.
inline constexpr absl::Duration kShort = absl::Milliseconds(100);

class KmsFixture : public ::testing::Test {
 protected:
  void SetUp() override {
    if (const std::string why_not = TokenKeys::WhyNot(); !why_not.empty()) GTEST_SKIP() << why_not;
    keys_ = std::make_unique<TokenKeys>(dir_.path());
    StartPlugin();
  }

  void StartPlugin() { plugin_ = std::make_unique<KmsPlugin>(*keys_, socket()); }
  void KillPlugin() { plugin_.reset(); }
  KmsPlugin& plugin() { return *plugin_; }

  std::string socket() const { return dir_ / "kms.sock"; }
  std::string endpoint() const { return "unix://" + socket(); }

  TempDir dir_;
  SystemRandom random_;
  std::unique_ptr<TokenKeys> keys_;
  std::unique_ptr<KmsPlugin> plugin_;
};

}  // namespace lethe::test

#endif  // LETHE_TESTS_SERVER_KMS_KMS_FIXTURE_H_
