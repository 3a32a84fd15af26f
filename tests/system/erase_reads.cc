#include "tests/system/erase_reads.h"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <optional>
#include <utility>

#include "absl/strings/str_format.h"
#include "base/status_macros.h"
#include "tests/system/read_person.h"
#include "tests/system/running_vault.h"
#include "tests/system/starting_line.h"

namespace lethe::test {
namespace {

constexpr int kRounds = 5;
constexpr int kMakers = 16;
constexpr int kErasers = 8;
constexpr int kReadersOfOthers = 3;
constexpr int kReadersOfVictims = 3;
constexpr int kReaders = kReadersOfOthers + kReadersOfVictims;
// Each reader of others reads so often in a round at least, for a median that means something.
constexpr int kReadsPerRound = 200;
// Readers of victims look that far ahead of the erasures, and that far back.
constexpr std::int64_t kAhead = 12;
constexpr std::int64_t kBack = 24;

// What one reader saw in one round.
struct Seen {
  std::vector<std::pair<std::size_t, PastRead>> of_victims;
  std::vector<PastRead> of_others;
};

class EraseReads {
 public:
  EraseReads(RunningVault& vault, const EraseReadsOptions& options)
      : vault_(vault),
        seed_(options.seed),
        victims_(static_cast<std::size_t>(options.erases)),
        others_(static_cast<std::size_t>(options.others)),
        histories_(victims_.size()) {}

  void MakePeople() {
    ForAll(victims_, [&](ReadPerson& person, Rng& rng) { MakeOne(person, rng); });
    ForAll(others_, [&](ReadPerson& person, Rng& rng) { MakeOne(person, rng); });
  }

  // Calm and erasing rounds in turns.
  void Run() {
    for (int round = 1; round <= kRounds && stopped_by_.empty(); ++round) {
      result_.calm.push_back(Round(next_));
      const Instant begun = std::chrono::steady_clock::now();
      const auto all = static_cast<std::int64_t>(victims_.size());
      result_.erasing.push_back(Round(all * round / kRounds));
      result_.time_erasing += absl::FromChrono(std::chrono::steady_clock::now() - begun);
      ++result_.totals.cycles;
    }
    JudgeHistories();
    JudgeTimes();
  }

  // The erased are gone and the others as they were.
  absl::Status CheckAfterColdStart() {
    LETHE_TRY(vault_.server().Kill());
    LETHE_TRY(vault_.Up());
    const auto expect = [&](PastRead::Result result, Fault::Kind kind) {
      return [this, result, kind](ReadPerson& person, Rng&) {
        const PastRead read = ReadByName(vault_.client(), person);
        if (read.result != result) Blame({kind, "after a cold start: " + read.what});
      };
    };
    ForAll(victims_, expect(PastRead::Result::kGone, Fault::Kind::kUndone));
    ForAll(others_, expect(PastRead::Result::kAnswered, Fault::Kind::kLost));
    return absl::OkStatus();
  }

  EraseReadsResult TakeResult() {
    if (!stopped_by_.empty()) result_.totals.faults.push_back("STOPPED " + stopped_by_);
    return std::move(result_);
  }

 private:
  template <typename Act>
  void ForAll(std::vector<ReadPerson>& people, const Act& act) {
    const std::uint64_t stream = NewStream();
    RunTogether(kMakers, [&](int i) {
      Rng rng(seed_, stream + static_cast<std::uint64_t>(i));
      for (std::size_t at = static_cast<std::size_t>(i); at < people.size(); at += kMakers) {
        act(people[at], rng);
      }
    });
  }

  void MakeOne(ReadPerson& person, Rng& rng) {
    auto made = MakeReadPerson(vault_.client(), rng);
    if (!made.ok()) return StopFor(made.status());
    person = *std::move(made);
  }

  // Reads by everybody until everyone before `end` is erased.
  RoundTimes Round(std::int64_t end) {
    const int erasers = next_ < end ? kErasers : 0;
    std::atomic<int> erasers_left = erasers;
    std::atomic<int> others_left = kReadersOfOthers;
    std::vector<Seen> seen(kReaders);
    const std::uint64_t stream = NewStream();
    RunTogether(kReaders + erasers, [&](int i) {
      if (i >= kReaders) {
        EraseUpTo(end);
        --erasers_left;
        return;
      }
      Rng rng(seed_, stream + static_cast<std::uint64_t>(i));
      Seen& mine = seen[static_cast<std::size_t>(i)];
      if (i < kReadersOfOthers) {
        for (int n = 0; n < kReadsPerRound || erasers_left > 0; ++n) {
          const ReadPerson& person = others_[rng.Below(others_.size())];
          mine.of_others.push_back(ReadByName(vault_.client(), person));
        }
        --others_left;
      } else {
        while (others_left > 0 || erasers_left > 0) ReadVictim(rng, mine);
      }
    });
    return TakeIn(seen);
  }

  void EraseUpTo(std::int64_t end) {
    while (true) {
      std::int64_t at = next_;
      do {
        if (at >= end) return;
      } while (!next_.compare_exchange_weak(at, at + 1));
      const auto index = static_cast<std::size_t>(at);
      histories_[index].erase_asked = std::chrono::steady_clock::now();
      const absl::Status erased = EraseAtLast(vault_.client(), victims_[index]);
      if (!erased.ok()) return StopFor(erased);
      histories_[index].erase_acknowledged = std::chrono::steady_clock::now();
    }
  }

  void ReadVictim(Rng& rng, Seen& seen) const {
    const std::int64_t near =
        next_ - kBack + static_cast<std::int64_t>(rng.Below(kBack + kAhead + 1));
    const auto last = static_cast<std::int64_t>(victims_.size()) - 1;
    const auto index = static_cast<std::size_t>(std::clamp<std::int64_t>(near, 0, last));
    seen.of_victims.emplace_back(index, ReadInSomeWay(vault_.client(), victims_[index], rng));
  }

  RoundTimes TakeIn(std::vector<Seen>& seen) {
    std::vector<absl::Duration> times;
    for (Seen& one : seen) {
      for (const PastRead& read : one.of_others) {
        times.push_back(absl::FromChrono(read.ended - read.begun));
      }
      const ReadHistory of_others{.reads = std::move(one.of_others)};
      for (const Fault& fault : Judge(of_others)) Blame(fault);
      for (auto& [index, read] : one.of_victims) histories_[index].reads.push_back(read);
    }
    std::ranges::sort(times);
    result_.totals.checked += static_cast<std::int64_t>(times.size());
    return {.median = times[times.size() / 2], .p99 = times[times.size() * 99 / 100]};
  }

  void JudgeHistories() {
    for (const ReadHistory& history : histories_) {
      for (const Fault& fault : Judge(history)) Blame(fault);
      result_.tried_after += CountBegunAfter(history);
      result_.totals.checked += static_cast<std::int64_t>(history.reads.size());
      result_.totals.erases += history.erase_acknowledged.has_value() ? 1 : 0;
    }
    result_.totals.acknowledged = result_.totals.erases;
    if (result_.tried_after == 0) StopFor(absl::InternalError("no read came after an erasure"));
  }

  void JudgeTimes() {
    if (result_.erasing.empty()) return;
    if (MedianOver(result_.erasing) <= AllowedFor(MedianOver(result_.calm))) return;
    result_.totals.faults.push_back("SLOW reads of others: " + result_.Text());
  }

  void Blame(const Fault& fault) {
    const std::lock_guard lock(mutex_);
    Count(fault, result_.totals);
  }
  void StopFor(const absl::Status& status) {
    const std::lock_guard lock(mutex_);
    if (stopped_by_.empty()) stopped_by_ = std::string(status.message());
  }
  // Threads of one step have neighbouring numbers, steps are far apart.
  std::uint64_t NewStream() { return 1'000 * ++streams_; }

  RunningVault& vault_;
  const std::uint64_t seed_;
  std::vector<ReadPerson> victims_;
  std::vector<ReadPerson> others_;
  std::vector<ReadHistory> histories_;  // Of the victims. Reads are entered after each round.
  std::atomic<std::int64_t> next_ = 0;  // The victim who is erased next.
  std::uint64_t streams_ = 0;
  std::mutex mutex_;  // Of the two below, while threads run.
  EraseReadsResult result_;
  std::string stopped_by_;  // What ended the run early.
};

}  // namespace

absl::Duration AllowedFor(absl::Duration calm) {
  return std::max(3 * calm, calm + absl::Milliseconds(10));
}

absl::Duration MedianOver(const std::vector<RoundTimes>& rounds) {
  std::vector<absl::Duration> medians;
  for (const RoundTimes& round : rounds) medians.push_back(round.median);
  std::ranges::sort(medians);
  return medians.empty() ? absl::ZeroDuration() : medians[medians.size() / 2];
}

std::string EraseReadsResult::Text() const {
  const absl::Duration before = MedianOver(calm);
  std::string text = absl::StrFormat(
      "%d erases in %.1f s of erasing; %d reads of the erased began after the acknowledgement\n",
      totals.erases, absl::ToDoubleSeconds(time_erasing), tried_after);
  const auto row = [&](const char* name, const std::vector<RoundTimes>& rounds) {
    text += absl::StrFormat("reads of others, %-8s median %.2f ms; rounds (median/p99 ms):", name,
                            absl::ToDoubleMilliseconds(MedianOver(rounds)));
    for (const RoundTimes& round : rounds) {
      text += absl::StrFormat(" %.2f/%.2f", absl::ToDoubleMilliseconds(round.median),
                              absl::ToDoubleMilliseconds(round.p99));
    }
    text += "\n";
  };
  row("calm:", calm);
  row("erasing:", erasing);
  return text + absl::StrFormat("allowed while erasing: %.2f ms\n",
                                absl::ToDoubleMilliseconds(AllowedFor(before)));
}

EraseReadsResult RunEraseReads(const EraseReadsOptions& options) {
  EraseReadsResult failed;
  const auto fail = [&](const absl::Status& status) {
    failed.totals.faults.push_back("STOPPED " + std::string(status.message()));
    return failed;
  };
  auto vault = RunningVault::Make();
  if (!vault.ok()) return fail(vault.status());
  const absl::Status up = (*vault)->Up();
  if (!up.ok()) return fail(up);
  EraseReads run(**vault, options);
  run.MakePeople();
  run.Run();
  const absl::Status checked = run.CheckAfterColdStart();
  EraseReadsResult result = run.TakeResult();
  if (!checked.ok()) {
    result.totals.faults.push_back("STOPPED " + std::string(checked.message()));
  }
  (*vault)->EndAndSearch(result.totals);
  return result;
}

}  // namespace lethe::test
