// lethed: opens a vault and serves it until it is told to stop.
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "base/clock.h"
#include "base/descriptors.h"
#include "base/memory/heap.h"
#include "base/memory/process_hardening.h"
#include "base/random.h"
#include "base/reason.h"
#include "crypto/self_test.h"
#include "crypto/tls_buffers.h"
#include "server/start/config.h"
#include "server/start/key_services.h"
#include "server/start/lookout.h"
#include "server/start/server.h"
#include "server/start/server_task.h"
#include "server/start/signals.h"
#include "server/telling/log.h"
#include "server/telling/version.h"
#include "server/vault_options.h"
#include "vault/open/open.h"

namespace lethe::server {
namespace {

// Documented in --help; supervisors and scripts tell them apart.
enum ExitCode {
  kEnded = 0,
  kBadConfig = 1,
  kNoVault = 2,
  kCannotListen = 3,
  kSealedItself = 4,
  kDeaf = 5,
  kMemoryFull = 6,
};

// How often the main thread looks whether the server may go on, and how all stands.
constexpr absl::Duration kLookEvery = absl::Seconds(1);
// How often it looks, at first, whether identifiers are loaded; nothing else is looked at as often.
constexpr absl::Duration kReadyEvery = absl::Milliseconds(20);
// How often a start that misses a holder is tried again.
constexpr absl::Duration kRetryEvery = absl::Seconds(3);

int Fail(ExitCode code, const absl::Status& status) {
  std::fprintf(stderr, "lethed: %s\n", std::string(status.message()).c_str());
  return code;
}

// A vault without a holder that could decide changes nothing and waits; null: told to end
// meanwhile.
absl::StatusOr<std::unique_ptr<vault::Vault>> OpenPatiently(const vault::OpenOptions& options,
                                                            Clock& clock, Random& random,
                                                            const Log& log,
                                                            const Signals& signals) {
  while (true) {
    auto vault = vault::OpenVault(options, clock, random);
    if (ReasonOf(vault.status()) != Reason::kHolderUnreachable) return vault;
    const std::string what(vault.status().message());
    log.Write(Level::kWarn, "waiting_for_holder", {{"what", std::string_view(what)}});
    if (signals.Wait(kRetryEvery) == Signals::Came::kEnd) return nullptr;
  }
}

void WarnOfWhatIsMissing(const ServerConfig& config, const Log& log,
                         const std::vector<std::string_view>& unhardened) {
  for (const std::string_view what : unhardened) {
    log.Write(Level::kWarn, "hardening_incomplete", {{"what", what}});
  }
  if (config.insecure_loopback_dev) {
    log.Write(Level::kWarn, "INSECURE",
              {{"what", std::string_view("no TLS, no certificates: every local program may call "
                                         "as anybody. For development only.")}});
    std::fputs("lethed: *** INSECURE DEVELOPMENT MODE: no TLS, callers name themselves. ***\n",
               stderr);
  }
}

ExitCode CodeFor(Outlook outlook) {
  switch (outlook) {
    case Outlook::kFair:
      return kEnded;
    case Outlook::kDeaf:
      return kDeaf;
    case Outlook::kSealed:
      return kSealedItself;
    case Outlook::kMemoryFull:
      return kMemoryFull;
  }
  return kEnded;
}

// Until a signal ends the server (kEnded), or it may not go on.
ExitCode Watch(Server& server, Lookout& lookout, const Clock& clock, const Log& log,
               const Signals& signals) {
  absl::Duration looked = clock.SinceBoot();
  bool told_ready = false;
  bool asked = false;
  while (true) {
    const absl::Duration now = clock.SinceBoot();
    const bool due = now - looked >= kLookEvery;
    if (due) {
      looked = now;
      if (const Outlook outlook = lookout.Look(); outlook != Outlook::kFair) {
        return CodeFor(outlook);
      }
    }
    if (due || asked) server.Look(asked);
    server.LookReady();
    if (server.ready() && !told_ready) log.Write(Level::kInfo, "ready", {});
    told_ready = server.ready();
    const Signals::Came came = signals.Wait(server.ready() ? kLookEvery : kReadyEvery);
    if (came == Signals::Came::kEnd) return kEnded;
    asked = came == Signals::Came::kReadAgain;
  }
}

void WriteStopped(Level level, const Log& log) {
  log.WriteAllLeftOut();
  log.Write(level, "stopped", {});
}

// The thread that accepts stands still and an orderly end would wait for it, so nothing is waited
// for. Lines of the log are written out one by one; for the vault it is a crash like any other.
[[noreturn]] void EndDeaf(const Log& log) {
  WriteStopped(Level::kError, log);
  std::_Exit(kDeaf);
}

// After a failed write only a restart can judge, and what is in memory is worth nothing. The vault
// is not closed: Debian's RocksDB, built with its assertions on, aborts when it closes a database
// whose information log could not be written either.
[[noreturn]] void EndSealed(const Log& log) {
  WriteStopped(Level::kInfo, log);
  std::_Exit(kSealedItself);
}

int Serve(ServerConfig config, const Signals& signals,
          const std::vector<std::string_view>& unhardened) {
  const Log log(config.log_level);
  Log::TakeOverLibraries(log);
  WarnOfWhatIsMissing(config, log, unhardened);
  if (const auto status = crypto::SelfTest(); !status.ok()) return Fail(kNoVault, status);
  auto options = OpenOptionsFrom(config);
  if (!options.ok()) return Fail(kBadConfig, options.status());
  SystemClock clock;
  SystemRandom random;
  const KeyServices key_services = ConnectKeyServices(config, log, random);
  for (const auto& service : key_services) options->key_services.push_back(service.get());
  auto vault = OpenPatiently(*options, clock, random, log, signals);
  if (!vault.ok()) return Fail(kNoVault, vault.status());
  if (*vault == nullptr) return kEnded;
  auto server = Server::Start(config, **vault, log, clock, random);
  if (!server.ok()) return Fail(kCannotListen, server.status());
  log.Write(Level::kInfo, "serving",
            {{"version", std::string_view(kVersion)},
             {"port", std::int64_t{(*server)->port()}},
             {"health_port", std::int64_t{(*server)->health_port()}}});
  Lookout lookout(config, **vault, **server, log);
  const ExitCode code = Watch(**server, lookout, clock, log, signals);
  log.Write(code == kEnded ? Level::kInfo : Level::kError, "stopping",
            {{"sealed", code == kSealedItself}, {"deaf", code == kDeaf}});
  if (code == kDeaf) EndDeaf(log);
  (*server)->Stop(config.drain);
  server->reset();
  if ((*vault)->operations().Status().sealed) EndSealed(log);
  vault->reset();
  WriteStopped(Level::kInfo, log);
  return code;
}

int CheckOnly(ServerConfig config) {
  const auto options = OpenOptionsFrom(config);
  if (!options.ok()) return Fail(kBadConfig, options.status());
  std::puts("the configuration is sound");
  return kEnded;
}

int Main(int argc, char** argv) {
  RestartHardened(argv);
  // It looks at every lock ever held for a cycle: two thirds of what a lock costs (tests under
  // TSan look for the same).
  absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);
  const Signals signals;
  std::signal(SIGPIPE, SIG_IGN);  // Whoever reads the log may go away; the server does not.
  PrepareHeap();
  auto unhardened = HardenProcess();
  RaiseDescriptorLimit();
  if (!crypto::WipeTlsBuffers()) unhardened.push_back("plaintext in TLS buffers overwritten");
  auto task = ReadServerTask(argc, argv, ProcessEnvironment());
  if (!task.ok()) return Fail(kBadConfig, task.status());
  switch (task->kind) {
    case ServerTask::Kind::kPrint:
      std::fputs(task->text.c_str(), stdout);
      return kEnded;
    case ServerTask::Kind::kCheckConfig:
      return CheckOnly(std::move(task->config));
    case ServerTask::Kind::kServe:
      return Serve(std::move(task->config), signals, unhardened);
  }
  return kBadConfig;
}

}  // namespace
}  // namespace lethe::server

int main(int argc, char** argv) { return lethe::server::Main(argc, argv); }
