#include "tests/floods/flood_world.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <fstream>

#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "base/status_macros.h"
#include "tests/system/child_process.h"
#include "tests/system/file_wait.h"
#include "tests/system/made_up.h"

namespace lethe::test {
namespace {

constexpr std::uint64_t kSeed = 20260111;
// A flood begins and ends on what is left of the machine.
constexpr absl::Duration kFloodLimit = absl::Seconds(60);
constexpr absl::Duration kLookEvery = absl::Milliseconds(20);

absl::Duration Median(std::vector<absl::Duration> times) {
  std::ranges::sort(times);
  return times[times.size() / 2];
}

}  // namespace

absl::StatusOr<std::unique_ptr<FloodWorld>> FloodWorld::Make(std::vector<std::string> flags) {
  std::unique_ptr<FloodWorld> world(new FloodWorld);
  LETHE_ASSIGN(world->vault_, RunningVault::Make());
  LETHE_TRY(world->vault_->Up({.flags = std::move(flags), .prefix = {}}));
  world->bystander_ = std::make_unique<Client>(
      world->vault_->server().address(), world->vault_->folder().CredentialsOf(kForeignTenant),
      kForeignTenant, world->vault_->transcript());
  Rng rng(kSeed, 0);
  const auto subject = world->bystander().CreateSubject({}, rng.RequestId());
  if (!subject.ok()) return absl::InternalError(subject.error().ToText());
  world->subject_ = *subject;
  const auto record = world->bystander().CreateRecord(
      *subject, kAccount, MakeData(rng, "account-0", 1), rng.RequestId());
  if (!record.ok()) return absl::InternalError(record.error().ToText());
  world->record_ = *record;
  return world;
}

std::function<void()> FloodWorld::Flood(const std::string& flood, const std::string& who,
                                        const std::string& subject) {
  const Credentials credentials = vault_->folder().CredentialsOf(who);
  const std::string output = absl::StrFormat("%s/flood-%d", vault_->folder().logs(), ++floods_);
  auto started =
      ChildProcess::Start({"nice", "-n", "19", LETHE_FLOODER, flood, vault_->server().address(),
                           credentials.ca, credentials.cert, credentials.key, kTenant, subject},
                          output);
  EXPECT_TRUE(started.ok()) << started.status();
  if (!started.ok()) return [] {};
  auto process = std::make_shared<ChildProcess>(*std::move(started));
  const auto said = WaitForFile(output, process->pidfd(), kFloodLimit,
                                [](const std::string& text) { return text == "open\n"; });
  EXPECT_TRUE(said.ok()) << said.status() << ReadFile(output);
  return [process, output] {
    process->Signal(SIGTERM);
    const auto end = process->Wait(kFloodLimit);
    EXPECT_TRUE(end.ok() && end->signal == 0 && end->code == 0) << end.status();
    EXPECT_EQ(ReadFile(output), "open\n");
  };
}

std::int64_t FloodWorld::ResidentMiB() const {
  std::ifstream in(absl::StrFormat("/proc/%d/statm", vault_->server().pid()));
  std::int64_t all = 0;
  std::int64_t resident = 0;
  in >> all >> resident;
  return resident * sysconf(_SC_PAGESIZE) >> 20;
}

std::int64_t FloodWorld::LogLines() const {
  const std::string text = ReadFile(vault_->server().log());
  return std::ranges::count(text, '\n');
}

absl::Duration FloodWorld::BystandersP99(int calls) const {
  std::vector<absl::Duration> times;
  for (int i = 0; i < calls; ++i) {
    const absl::Time start = absl::Now();
    const auto answer = bystander_->GetRecord(record_, kService);
    EXPECT_TRUE(answer.ok()) << answer.error().ToText();
    times.push_back(absl::Now() - start);
  }
  std::ranges::sort(times);
  return times[times.size() * 99 / 100];
}

PeakWatch::PeakWatch(const FloodWorld& world)
    : thread_([this, &world] {
        while (!ended_) {
          peak_ = std::max<std::int64_t>(peak_, world.ResidentMiB());
          absl::SleepFor(kLookEvery);
        }
      }) {}

PeakWatch::~PeakWatch() {
  ended_ = true;
  if (thread_.joinable()) thread_.join();
}

std::int64_t PeakWatch::PeakMiB() { return peak_; }

Thoroughness Thoroughness::OfEnvironment() {
  if (std::getenv("LETHE_FLOOD_BARS") == nullptr) return {};
  return {.judged = true, .rounds = 3, .calls = 1'000};
}

FloodFigures Measure(const FloodWorld& world, const std::function<std::function<void()>()>& flood,
                     absl::Duration always_allowed) {
  FloodFigures figures;
  figures.idle_mib = world.ResidentMiB();
  const std::int64_t lines = world.LogLines();
  const Thoroughness thorough = Thoroughness::OfEnvironment();
  for (int attempt = 0; attempt < 2; ++attempt) {
    std::vector<absl::Duration> calm;
    std::vector<absl::Duration> flooded;
    for (int round = 0; round < thorough.rounds; ++round) {
      calm.push_back(world.BystandersP99(thorough.calls));
      PeakWatch peak(world);
      const std::function<void()> end = flood();
      flooded.push_back(world.BystandersP99(thorough.calls));
      end();
      figures.peak_mib = std::max(figures.peak_mib, peak.PeakMiB());
    }
    figures.calm_p99 = Median(calm);
    figures.flood_p99 = Median(flooded);
    figures.allowed_p99 =
        std::max(kSlowerMax * std::max(figures.calm_p99, kCalmP99Min), always_allowed);
    if (!thorough.judged || figures.flood_p99 <= figures.allowed_p99) break;
  }
  const absl::Time deadline = absl::Now() + kBackWithin;
  figures.left_mib = world.ResidentMiB();
  while (figures.left_mib > figures.idle_mib + kLeftExtraMiB && absl::Now() < deadline) {
    absl::SleepFor(kLookEvery);
    figures.left_mib = std::min(figures.left_mib, world.ResidentMiB());
  }
  figures.log_lines = world.LogLines() - lines;
  return figures;
}

void ExpectBounded(const std::string& name, const FloodFigures& figures) {
  std::printf(
      "%s: idle %d MiB, peak %d MiB, left %d MiB, p99 calm %s, flooded %s of %s, %d log lines\n",
      name.c_str(), static_cast<int>(figures.idle_mib), static_cast<int>(figures.peak_mib),
      static_cast<int>(figures.left_mib), absl::FormatDuration(figures.calm_p99).c_str(),
      absl::FormatDuration(figures.flood_p99).c_str(),
      absl::FormatDuration(figures.allowed_p99).c_str(), static_cast<int>(figures.log_lines));
  EXPECT_LE(figures.peak_mib, 2 * figures.idle_mib + kPeakExtraMiB);
  EXPECT_LE(figures.left_mib, figures.idle_mib + kLeftExtraMiB);
  if (Thoroughness::OfEnvironment().judged) {
    EXPECT_LE(figures.flood_p99, figures.allowed_p99);
  }
  EXPECT_LE(figures.log_lines, kLogLinesMax);
}

}  // namespace lethe::test
