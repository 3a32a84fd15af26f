// The crashes of keytree/tree_crash_test.cc for holders of other kinds, alone and in pairs: the log
// then holds the operations of their tokens too, and each holder is attacked by itself.

#include "tests/vault/holders/service_model.h"
#include "tests/vault/keytree/tree_crash.h"

namespace lethe::test {
namespace {

constexpr int kCrashPointsOfAKind = kSlowBuild ? 20 : 60;

struct Kinds {
  std::string name;
  std::vector<bool> token;
  bool outer;
};

class HolderCrashTest : public TreeCrash, public ::testing::WithParamInterface<Kinds> {
 protected:
  HolderCrashTest()
      : TreeCrash({.token = GetParam().token, .service = GetParam().outer ? Service() : nullptr}) {}
  // Lives as long as the process: it is no part of what crashes.
  static ServiceModel* Service() {
    static ServiceModel service;
    return &service;
  }
};

TEST_P(HolderCrashTest, NothingAcknowledgedIsLostOrUndoneByACrashAtAnyPoint) {
  CrashAtEachOf(NumberFromEnvironment("LETHE_CRASH_POINTS", kCrashPointsOfAKind), 15);
}

INSTANTIATE_TEST_SUITE_P(All, HolderCrashTest,
                         ::testing::Values(Kinds{"Token", {true}, false},
                                           Kinds{"FileOuter", {false}, true},
                                           Kinds{"FileFile", {false, false}, false},
                                           Kinds{"FileToken", {false, true}, false}),
                         [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace lethe::test
