#include "server/telling/operator_files.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "tests/support/temp_dir.h"

namespace lethe::server {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

class OperatorFilesTest : public ::testing::Test {
 protected:
  OperatorFilesTest() {
    Write("one", "a: 1");
    Write("two", "b: 2");
  }
  std::string At(const std::string& name) const { return folder_ / name; }
  void Write(const std::string& name, const std::string& text) const {
    std::ofstream(At(name), std::ios::binary) << text;
  }

  const SystemClock clock_;
  const test::TempDir folder_;
};

TEST_F(OperatorFilesTest, OnlyWhatTheNextStartReadsOtherwiseIsAnAlarm) {
  const OperatorFiles files(
      {{"the configuration file", At("one"), "a: 1"}, {"the policy", At("two"), "b: 2"}}, clock_);
  EXPECT_THAT(files.Alarms(), IsEmpty());

  Write("one", "a: 2");
  const auto changed =
      AllOf(HasSubstr("the configuration file is not what"), Not(HasSubstr(folder_.path())));
  EXPECT_THAT(files.Alarms(), ElementsAre(changed));
  EXPECT_THAT(files.Alarms(), ElementsAre(changed)) << "as long as it is so";

  fs::remove(At("two"));
  EXPECT_THAT(files.Alarms(), ElementsAre(changed, HasSubstr("the policy cannot be read")));

  // Another file that says the same.
  Write("copy", "a: 1");
  fs::rename(At("copy"), At("one"));
  Write("two", "b: 2");
  EXPECT_THAT(files.Alarms(), IsEmpty());
}

TEST_F(OperatorFilesTest, AChangeBetweenTheReadingAndTheFirstLookIsSeen) {
  const OperatorFiles files({{"the policy", At("two"), "b: 1"}}, clock_);
  EXPECT_THAT(files.Alarms(), ElementsAre(HasSubstr("the policy is not what")));
}

}  // namespace
}  // namespace lethe::server
