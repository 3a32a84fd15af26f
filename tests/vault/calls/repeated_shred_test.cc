// A call that promises a leaf's death before its answer, cut off between its commit and its shred
// by a holder that fell silent: whoever repeats it is told OK only when the leaf is dead.
#include <functional>
#include <string>
#include <utility>

#include "gtest/gtest.h"
#include "tests/support/test_vault.h"
#include "vault/rows/row_schema.h"

namespace lethe::vault {
namespace {

using test::IsOk;
using test::IsRefused;
using test::TestVault;

struct World {
  World() {
    const Caller caller = vault.As("service");
    EXPECT_THAT(vault->data().AddIdentifier(caller, ann.tag, {"email", "a"}), IsOk());
  }
  std::size_t Doomed() { return vault.engine().Scan(table::kDoomed, {}, 100)->size(); }

  TestVault vault{{.doomed_delay = absl::ZeroDuration()}};
  Subject ann = vault.Create("C-1");
  Record record = vault.Put(ann.tag, "account", "{}");
};

struct ShreddingCall {
  std::string name;
  std::function<absl::Status(World&)> before;  // What must be there first.
  std::function<absl::Status(World&, const Caller&)> call;
};

absl::Status Nothing(World&) { return absl::OkStatus(); }

const ShreddingCall kCalls[] = {
    {"UpdateRecord", Nothing,
     [](World& world, const Caller& caller) {
       return world.vault->data()
           .UpdateRecord(caller, world.ann.tag, world.record.tag, "", {.data = R"({"v":2})"})
           .status();
     }},
    {"DeleteRecord", Nothing,
     [](World& world, const Caller& caller) {
       return world.vault->data()
           .DeleteRecord(caller, world.ann.tag, world.record.tag, "")
           .status();
     }},
    {"RemoveIdentifier", Nothing,
     [](World& world, const Caller& caller) {
       return world.vault->data().RemoveIdentifier(caller, world.ann.tag, {"email", "a"}).status();
     }},
    {"EndAct",
     [](World& world) {
       return world.vault->rights()
           .BeginAct(world.vault.As("service"), world.ann.tag,
                     Restriction{.ground = RestrictionGround::kAccuracyContested, .reason = "x"})
           .status();
     },
     [](World& world, const Caller& caller) {
       return world.vault->rights()
           .EndAct(caller, world.ann.tag, {ActKind::kRestriction, world.vault.clock.Now()})
           .status();
     }},
};

class RepeatedShredTest : public ::testing::TestWithParam<ShreddingCall> {};

TEST_P(RepeatedShredTest, IsAnsweredOnlyWhenTheLeafIsDead) {
  World world;
  ASSERT_THAT(GetParam().before(world), IsOk());
  const Caller caller = world.vault.As("service");
  const auto call = [&] { return GetParam().call(world, caller); };

  world.vault.slots()->before_read = [] { return absl::UnavailableError("silent"); };
  EXPECT_THAT(call(), IsRefused(Reason::kHolderUnreachable));
  EXPECT_EQ(world.Doomed(), 1u) << "the change stands; its leaf is left over";
  EXPECT_THAT(call(), IsRefused(Reason::kHolderUnreachable)) << "and it lives still";

  world.vault.slots()->before_read = [] { return absl::OkStatus(); };
  const std::uint64_t generation = world.vault->operations().Status().generation;
  EXPECT_THAT(call(), IsOk());
  EXPECT_EQ(world.Doomed(), 0u);
  EXPECT_EQ(world.vault->operations().Status().generation, generation + 1);
  EXPECT_THAT(call(), IsOk());
  EXPECT_EQ(world.vault->operations().Status().generation, generation + 1)
      << "nothing is shredded twice";
}

// What hangs on somebody else's bad row is not this call's fault.
TEST_P(RepeatedShredTest, IsNotRefusedForANeighboursDoomedRow) {
  World world;
  ASSERT_THAT(GetParam().before(world), IsOk());
  const Caller caller = world.vault.As("service");
  world.vault.slots()->before_read = [] { return absl::UnavailableError("silent"); };
  ASSERT_THAT(GetParam().call(world, caller), IsRefused(Reason::kHolderUnreachable));
  world.vault.slots()->before_read = [] { return absl::OkStatus(); };
  storage::Batch bad;
  bad.Put(table::kDoomed, std::string(Place::kBytes, '\xff'), "not a doomed row");
  ASSERT_THAT(
      world.vault->stores().journal->Commit({{}}, std::move(bad), storage::Durability::kSynced),
      IsOk());
  EXPECT_THAT(GetParam().call(world, caller), IsOk());
  EXPECT_EQ(world.Doomed(), 1u) << "the bad one";
}

INSTANTIATE_TEST_SUITE_P(Calls, RepeatedShredTest, ::testing::ValuesIn(kCalls),
                         [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace lethe::vault
