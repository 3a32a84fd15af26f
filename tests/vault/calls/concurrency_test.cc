// Many callers at once. The figures are small; the thread sanitizer is what makes them matter.
#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "gtest/gtest.h"
#include "tests/support/test_vault.h"

namespace lethe::vault {
namespace {

using test::CustomerNumber;
using test::IsOk;
using test::TestVault;

template <typename Body>
void InThreads(int threads, const Body& body) {
  std::vector<std::thread> running;
  for (int i = 0; i < threads; ++i) running.emplace_back([&body, i] { body(i); });
  for (std::thread& thread : running) thread.join();
}

class ConcurrencyTest : public ::testing::Test {
 protected:
  TestVault vault_{{.doomed_delay = absl::ZeroDuration(), .background = true}};
  void SetUp() override {
    while (!vault_->operations().Status().identifiers_loaded) std::this_thread::yield();
  }
};

TEST_F(ConcurrencyTest, OfManyWhoWantOneIdentifierOneGetsIt) {
  std::atomic<int> got = 0;
  InThreads(8, [&](int) {
    const std::vector<Identifier> identifiers = {CustomerNumber("C-1")};
    if (vault_->data().CreateSubject(vault_.As("service"), identifiers).ok()) ++got;
  });
  EXPECT_EQ(got, 1);
}

TEST_F(ConcurrencyTest, TwinsOfOneRequestMakeOneRecord) {
  const Subject ann = vault_.Create("C-1");
  const Caller caller = vault_.As("service");
  InThreads(8, [&](int) {
    EXPECT_THAT(vault_->data().CreateRecord(caller, ann.tag,
                                            {.category = "telemetry", .data = R"({"a":1})"}),
                IsOk());
  });
  const Caller creator = vault_.As("service");
  InThreads(8, [&](int) { EXPECT_THAT(vault_->data().CreateSubject(creator, {}), IsOk()); });
  EXPECT_EQ(vault_->data().ListRecords(vault_.As("service"), ann.tag, "", {})->items.size(), 1u);
  EXPECT_EQ(vault_->data().ListSubjects(vault_.As("service"), {})->items.size(), 2u);
}

TEST_F(ConcurrencyTest, FirstPutsOfOneCategoryAndDayLoseNothing) {
  std::vector<Subject> subjects;
  for (int i = 0; i < 4; ++i) subjects.push_back(vault_.Create(std::to_string(i)));
  InThreads(8, [&](int thread) {
    for (int i = 0; i < 10; ++i) {
      vault_.Put(subjects[thread % 4].tag, i % 2 == 0 ? "telemetry" : "account", "{}");
    }
  });
  for (const Subject& subject : subjects) {
    EXPECT_EQ(vault_->data().ListRecords(vault_.As("service"), subject.tag, "", {})->items.size(),
              20u);
  }
}

// Once an erase is acknowledged no read gives plaintext, and neighbours never notice.
TEST_F(ConcurrencyTest, ReadersSeeEverythingBeforeAnEraseAndNothingAfterIt) {
  std::vector<Subject> subjects;
  std::vector<Record> records;
  for (int i = 0; i < 12; ++i) {
    subjects.push_back(vault_.Create(std::to_string(i)));
    records.push_back(vault_.Put(subjects.back().tag, "account", "{}"));
  }
  std::vector<std::atomic<bool>> erased(subjects.size());
  std::atomic<bool> done = false;
  std::atomic<int> after_erase = 0, lost = 0;
  std::thread eraser([&] {
    for (std::size_t i = 0; i < subjects.size(); i += 2) {
      EXPECT_THAT(vault_.Erase(subjects[i].tag), IsOk());
      erased[i] = true;
    }
    done = true;
  });
  InThreads(4, [&](int) {
    while (!done) {
      for (std::size_t i = 0; i < records.size(); ++i) {
        const bool was_erased = erased[i];
        const auto got = vault_.Get(records[i], "service");
        if (was_erased && got.ok()) ++after_erase;
        if (i % 2 == 1 && !got.ok()) ++lost;
      }
    }
  });
  eraser.join();
  EXPECT_EQ(after_erase, 0);
  EXPECT_EQ(lost, 0);
}

TEST_F(ConcurrencyTest, PutsUpdatesAndErasesTogetherEndWell) {
  std::vector<Subject> subjects;
  for (int i = 0; i < 6; ++i) subjects.push_back(vault_.Create(std::to_string(i)));
  InThreads(6, [&](int thread) {
    for (int round = 0; round < 6; ++round) {
      const Subject& subject = subjects[(thread + round) % subjects.size()];
      if (thread == 0 && round % 2 == 1) {
        (void)vault_.Erase(subject.tag);
        continue;
      }
      const auto put = vault_->data().CreateRecord(vault_.As("service"), subject.tag,
                                                   {.category = "account", .data = "{}"});
      if (!put.ok()) continue;
      (void)vault_->data().UpdateRecord(vault_.As("service"), subject.tag, put->tag, "",
                                        {.data = R"({"v":2})"});
    }
  });
  for (const Subject& subject : subjects) {
    const auto page = vault_->data().ListRecords(vault_.As("service"), subject.tag, "", {});
    EXPECT_TRUE(page.ok() || ReasonOf(page.status()) == Reason::kSubjectErased) << page.status();
  }
  vault_.Close();
  EXPECT_THAT(vault_.Open(), IsOk());
}

}  // namespace
}  // namespace lethe::vault
