#include "tests/floods/flood_world.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>

#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "base/status_macros.h"
#include "tests/system/file_wait.h"
#include "tests/system/made_up.h"

namespace lethe::test {
namespace {

constexpr std::uint64_t kSeed = 20260111;
constexpr int kCallsOfARound = 200;
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

std::shared_ptr<grpc::Channel> FloodWorld::Connect(const std::string& who) const {
  const Credentials credentials = vault_->folder().CredentialsOf(who);
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
  arguments.SetInt(GRPC_ARG_ENABLE_RETRIES, 0);
  arguments.SetMaxReceiveMessageSize(16 << 20);
  const grpc::SslCredentialsOptions options = {.pem_root_certs = ReadFile(credentials.ca),
                                               .pem_private_key = ReadFile(credentials.key),
                                               .pem_cert_chain = ReadFile(credentials.cert)};
  return grpc::CreateCustomChannel(vault_->server().address(), grpc::SslCredentials(options),
                                   arguments);
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

absl::Duration FloodWorld::BystandersP99() const {
  std::vector<absl::Duration> times;
  for (int i = 0; i < kCallsOfARound; ++i) {
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

FloodFigures Measure(const FloodWorld& world, const std::function<std::function<void()>()>& flood) {
  FloodFigures figures;
  figures.idle_mib = world.ResidentMiB();
  const std::int64_t lines = world.LogLines();
  std::vector<absl::Duration> calm;
  std::vector<absl::Duration> flooded;
  for (int round = 0; round < kRounds; ++round) {
    calm.push_back(world.BystandersP99());
    PeakWatch peak(world);
    const std::function<void()> end = flood();
    flooded.push_back(world.BystandersP99());
    end();
    figures.peak_mib = std::max(figures.peak_mib, peak.PeakMiB());
  }
  figures.calm_p99 = Median(calm);
  figures.flood_p99 = Median(flooded);
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
  std::printf("%s: idle %d MiB, peak %d MiB, left %d MiB, p99 calm %s, flooded %s, %d log lines\n",
              name.c_str(), static_cast<int>(figures.idle_mib), static_cast<int>(figures.peak_mib),
              static_cast<int>(figures.left_mib), absl::FormatDuration(figures.calm_p99).c_str(),
              absl::FormatDuration(figures.flood_p99).c_str(), static_cast<int>(figures.log_lines));
  EXPECT_LE(figures.peak_mib, 2 * figures.idle_mib + kPeakExtraMiB);
  EXPECT_LE(figures.left_mib, figures.idle_mib + kLeftExtraMiB);
  EXPECT_LE(figures.flood_p99, kSlowerMax * std::max(figures.calm_p99, kCalmP99Min));
  EXPECT_LE(figures.log_lines, kLogLinesMax);
}

}  // namespace lethe::test
