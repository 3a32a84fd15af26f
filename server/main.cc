// lethed: opens a vault and serves it until it is told to stop.
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <optional>

#include "absl/strings/str_format.h"
#include "absl/synchronization/mutex.h"
#include "base/clock.h"
#include "base/descriptors.h"
#include "base/memory/heap.h"
#include "base/memory/process_hardening.h"
#include "base/random.h"
#include "base/reason.h"
#include "base/status_macros.h"
#include "crypto/self_test.h"
#include "crypto/tls_buffers.h"
#include "server/start/key_services.h"
#include "server/start/memory_watch.h"
#include "server/start/server.h"
#include "server/start/server_task.h"
#include "server/start/text_file.h"
#include "server/telling/alarm_log.h"
#include "server/telling/chore_log.h"
#include "server/telling/log.h"
#include "server/telling/version.h"
#include "vault/open/open.h"
#include "vault/policy/policy.h"

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

// How often the main thread looks whether the vault stopped itself, and how its chores are.
constexpr timespec kWatchEvery{.tv_sec = 1, .tv_nsec = 0};
// How often it looks, at first, whether identifiers are loaded.
constexpr timespec kReadyEvery{.tv_sec = 0, .tv_nsec = 20'000'000};
// How often a start that misses a holder is tried again.
constexpr timespec kRetryEvery{.tv_sec = 3, .tv_nsec = 0};

sigset_t Signals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGHUP);  // Ends nothing: the certificates are read again.
  return signals;
}

// What sigtimedwait gave is a signal that ends the server.
bool EndsUs(int signal) { return signal > 0 && signal != SIGHUP; }

int Fail(ExitCode code, const absl::Status& status) {
  std::fprintf(stderr, "lethed: %s\n", std::string(status.message()).c_str());
  return code;
}

absl::StatusOr<vault::OpenOptions> OpenOptionsFrom(const ServerConfig& config) {
  vault::OpenOptions options;
  options.data_dir = config.data_dir;
  options.doomed_delay = config.doomed_delay;
  options.durable_reads = config.durable_reads;
  for (const TenantFile& tenant : config.tenants) {
    LETHE_ASSIGN(std::string policy, ReadTextFile(tenant.policy));
    // The vault reads it too; here its faults get the name of their file.
    if (const auto parsed = vault::policy::Policy::Parse(policy); !parsed.ok()) {
      return absl::InvalidArgumentError(
          absl::StrFormat("%s: %s", tenant.policy, std::string(parsed.status().message())));
    }
    options.tenants.push_back({tenant.name, std::move(policy)});
  }
  return options;
}

// A vault without a holder that could decide changes nothing and waits; null: told to end
// meanwhile.
absl::StatusOr<std::unique_ptr<vault::Vault>> OpenPatiently(const vault::OpenOptions& options,
                                                            Clock& clock, Random& random,
                                                            const Log& log,
                                                            const sigset_t& signals) {
  while (true) {
    auto vault = vault::OpenVault(options, clock, random);
    if (ReasonOf(vault.status()) != Reason::kHolderUnreachable) return vault;
    const std::string what(vault.status().message());
    log.Write(Level::kWarn, "waiting_for_holder", {{"what", std::string_view(what)}});
    if (EndsUs(sigtimedwait(&signals, nullptr, &kRetryEvery))) return nullptr;
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

// A listener that has stood still for so long will not come back.
constexpr absl::Duration kDeafAfter = absl::Seconds(30);

std::optional<std::int64_t> MemoryLimit(const ServerConfig& config) {
  if (config.limits.process_mb == 0) return CgroupLimit();
  return std::int64_t{config.limits.process_mb} << 20;
}

// False: the kernel would soon kill this process. It ends in its own way and is started again.
bool MemoryIsEnough(MemoryWatch& memory, const Log& log) {
  if (memory.ShouldGiveBack(ResidentBytes())) GiveBackFreeMemory();
  const std::int64_t resident = ResidentBytes();
  if (!memory.IsFull(resident)) return true;
  log.Write(Level::kError, "memory_full",
            {{"resident_mb", resident >> 20}, {"limit_mb", memory.limit().value_or(0) >> 20}});
  return false;
}

// Until a signal ends the server (kEnded), the vault has stopped itself (kSealedItself), nobody is
// accepted any more (kDeaf), or memory runs out (kMemoryFull).
ExitCode Watch(vault::Vault& vault, Server& server, MemoryWatch memory, const Log& log,
               const sigset_t& signals) {
  ChoreLog chores(log);
  AlarmLog alarms(log);
  bool told_ready = false;
  while (true) {
    const vault::VaultStatus status = vault.operations().Status();
    chores.Look(status.chores);
    alarms.Look(status.alarms);
    log.WriteLeftOut();
    if (status.sealed) return kSealedItself;
    if (!MemoryIsEnough(memory, log)) return kMemoryFull;
    if (server.ListenersSilentFor() > kDeafAfter) return kDeaf;
    if (server.ready() && !told_ready) log.Write(Level::kInfo, "ready", {});
    told_ready = server.ready();
    const int signal =
        sigtimedwait(&signals, nullptr, server.ready() ? &kWatchEvery : &kReadyEvery);
    if (EndsUs(signal)) return kEnded;
    server.Look(signal == SIGHUP);
  }
}

// After a failed write only a restart can judge, and what is in memory is worth nothing. The vault
// is not closed: Debian's RocksDB, built with its assertions on, aborts when it closes a database
// whose information log could not be written either.
[[noreturn]] void EndSealed(const Log& log) {
  log.Write(Level::kInfo, "stopped", {});
  std::_Exit(kSealedItself);
}

int Serve(const ServerConfig& config, const sigset_t& signals,
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
  const ExitCode code = Watch(**vault, **server, MemoryWatch(MemoryLimit(config)), log, signals);
  log.Write(code == kEnded ? Level::kInfo : Level::kError, "stopping",
            {{"sealed", code == kSealedItself}, {"deaf", code == kDeaf}});
  (*server)->Stop(config.drain);
  server->reset();
  if ((*vault)->operations().Status().sealed) EndSealed(log);
  vault->reset();
  log.Write(Level::kInfo, "stopped", {});
  return code;
}

int CheckOnly(const ServerConfig& config) {
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
  // Before any thread: those that libraries start inherit the mask, and sigtimedwait alone sees
  // the signals.
  const sigset_t signals = Signals();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  std::signal(SIGPIPE, SIG_IGN);  // Whoever reads the log may go away; the server does not.
  MapLargePieces();
  auto unhardened = HardenProcess();
  RaiseDescriptorLimit();
  if (!crypto::WipeTlsBuffers()) unhardened.push_back("plaintext in TLS buffers overwritten");
  const auto task = ReadServerTask(argc, argv, ProcessEnvironment());
  if (!task.ok()) return Fail(kBadConfig, task.status());
  switch (task->kind) {
    case ServerTask::Kind::kPrint:
      std::fputs(task->text.c_str(), stdout);
      return kEnded;
    case ServerTask::Kind::kCheckConfig:
      return CheckOnly(task->config);
    case ServerTask::Kind::kServe:
      return Serve(task->config, signals, unhardened);
  }
  return kBadConfig;
}

}  // namespace
}  // namespace lethe::server

int main(int argc, char** argv) { return lethe::server::Main(argc, argv); }
