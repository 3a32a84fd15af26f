// What one erase costs beside the least it could: the same bytes written and synced in the same
// order to files in the same folder, and nothing else. Timed in turns; the syncs are counted first,
// on a vault whose every file is watched. Exits with 1 if a bar is missed.
//
//   bench_erase_syncs [--rounds N]
#include <cstdio>
#include <cstdlib>
#include <string>

#include <fcntl.h>
#include <unistd.h>

#include "bench/erase/bench_vault.h"
#include "bench/support/arguments.h"
#include "bench/support/paired.h"
#include "tests/support/test_vault.h"
#include "tests/vault/whole/erase_cost.h"

namespace lethe::bench {
namespace {

constexpr double kRatioMax = 2.0;
constexpr Shape kShape = {.categories = 3, .identifiers = 1};
constexpr std::size_t kSlotBytes = 4096;
constexpr int kTurns = 3;
// One for each turn of each round, and some for the warm-up.
constexpr std::int64_t kSpare = 8;

// A file that is appended to, or overwritten at its start.
class BareFile {
 public:
  explicit BareFile(const std::string& path) : fd_(open(path.c_str(), O_RDWR | O_CREAT, 0600)) {
    if (fd_ < 0) std::abort();
  }
  ~BareFile() { close(fd_); }
  BareFile(const BareFile&) = delete;
  BareFile& operator=(const BareFile&) = delete;

  void Append(std::size_t bytes) {
    const std::string text(bytes, 'x');
    if (write(fd_, text.data(), text.size()) != static_cast<ssize_t>(bytes)) std::abort();
  }
  void Overwrite(std::size_t bytes) {
    const std::string text(bytes, 'y');
    if (pwrite(fd_, text.data(), text.size(), 0) != static_cast<ssize_t>(bytes)) std::abort();
  }
  void Sync() {
    if (fdatasync(fd_) != 0) std::abort();
  }

 private:
  const int fd_;
};

// The bytes and syncs of an erase, without the erase.
class BareErase {
 public:
  BareErase(const std::string& folder, const test::DiskCost& cost)
      : archive_(folder + "/bare.archive"),
        engine_(folder + "/bare.wal"),
        slots_{BareFile(folder + "/bare.slot-1"), BareFile(folder + "/bare.slot-2")},
        cost_(cost) {
    // Overwritten, as a slot is, and never longer.
    for (BareFile* slot : {&slots_[0], &slots_[1]}) slot->Append(kSlotBytes);
  }

  void Run() {
    archive_.Append(cost_.archive.writes.front());
    archive_.Sync();
    engine_.Append(cost_.engine.writes.front());
    engine_.Sync();
    for (BareFile* slot : {&slots_[0], &slots_[1]}) {
      slot->Overwrite(kSlotBytes);
      slot->Sync();
    }
    // What rides along, unsynced.
    archive_.Append(cost_.archive.bytes() - cost_.archive.writes.front());
    engine_.Append(cost_.engine.bytes() - cost_.engine.writes.front());
  }

 private:
  BareFile archive_;
  BareFile engine_;
  BareFile slots_[2];
  const test::DiskCost cost_;
};

// A subject of the same shape on a vault that is watched.
SubjectTag MakeSubject(test::RecordedVault& vault, const vault::Caller& caller) {
  const std::vector<vault::Identifier> identifiers = {test::CustomerNumber("C-1")};
  vault::Caller making = caller;
  making.request_id = RowTag::Draw(vault.random).ToString();
  const auto subject = vault->data().CreateSubject(making, identifiers);
  if (!subject.ok()) std::abort();
  for (const char* category : {"account", "support", "telemetry"}) {
    making.request_id = RowTag::Draw(vault.random).ToString();
    making.purpose = std::string(category) == "support" ? "support" : "service";
    if (!vault->data()
             .CreateRecord(making, subject->tag, {.category = category, .data = "{}"})
             .ok()) {
      std::abort();
    }
  }
  return subject->tag;
}

test::DiskCost CountOne(bool archive, int holders) {
  test::RecordedVault vault({.archive = archive, .holders = holders});
  vault::Caller caller{.principal = {"spiffe://bench/tenants/acme/clients/one", "acme"},
                       .tenant = "acme",
                       .purpose = "service"};
  const SubjectTag subject = MakeSubject(vault, caller);
  caller.request_id = RowTag::Draw(vault.random).ToString();
  return test::CostOf(vault, [&] {
    if (!vault->rights().EraseSubject(caller, {.subject = subject}).ok()) std::abort();
  });
}

// Prints what was counted; false if it is not what was promised.
bool CountSyncs() {
  bool all_met = true;
  std::printf(
      "syncs of one erase, counted\n\n  holders  archive   engine  archive  holders    sum\n");
  for (const bool archive : {true, false}) {
    for (const int holders : {1, 2, 3}) {
      const test::DiskCost cost = CountOne(archive, holders);
      const std::size_t promised = 3 + (archive ? 1 : 0) + 2 * (holders - 1);
      const bool met = cost.syncs() == promised;
      all_met = all_met && met;
      std::printf("  %7d  %-7s  %7zu  %7zu  %7zu  %5zu  %s %zu\n", holders, archive ? "yes" : "no",
                  cost.engine.syncs, cost.archive.syncs, cost.holders.syncs, cost.syncs(),
                  met ? "as promised," : "MISSED, not", promised);
    }
  }
  return all_met;
}

bool CompareTime(int rounds) {
  const test::DiskCost cost = CountOne(true, 1);
  BenchVault vault;
  std::vector<SubjectTag> people = vault.Import(rounds * kTurns + kSpare, kShape);
  BareErase bare(vault.folder(), cost);
  const Work ours = [&](std::int64_t repetitions) {
    for (; repetitions > 0; --repetitions) {
      if (people.empty()) std::abort();
      vault.Erase(people.back());
      people.pop_back();
    }
  };
  const Work loop = [&](std::int64_t repetitions) {
    for (; repetitions > 0; --repetitions) bare.Run();
  };
  // One erase a turn: it takes longer than any turn asked for.
  const Rounds timed = TimeInTurns(
      {ours, loop}, {.rounds = rounds, .turns = kTurns, .turn = std::chrono::microseconds(1)});
  const Estimate ratio = RatioOf(timed[0], timed[1]);
  const bool met = ratio.low <= kRatioMax;
  std::printf(
      "\none erase over the same writes and syncs alone, %d rounds in turns\n\n"
      "  %.2f ms over %.2f ms: %.2f [%.2f, %.2f]  (at most %.1f: %s)\n",
      rounds, Median(timed[0]) * 1e-6, Median(timed[1]) * 1e-6, ratio.median, ratio.low, ratio.high,
      kRatioMax, met ? "met" : "MISSED");
  return met;
}

int Main(int argc, char** argv) {
  const auto rounds = static_cast<int>(NumberArgument(argc, argv, "--rounds", 31));
  WarnIfBusy();
  const bool counted = CountSyncs();
  return Verdict(argc, argv, CompareTime(rounds) && counted);
}

}  // namespace
}  // namespace lethe::bench

int main(int argc, char** argv) { return lethe::bench::Main(argc, argv); }
