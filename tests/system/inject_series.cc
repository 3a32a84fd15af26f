#include "tests/system/inject_series.h"

#include <csignal>
#include <numeric>

#include "absl/strings/str_format.h"
#include "base/status_macros.h"
#include "tests/system/exit_codes.h"

namespace lethe::test {
namespace {

absl::Status ServesOn(const absl::Status& status) {
  return absl::Status(status.code(), "a write failed, and the server serves on");
}

// The kernel's doing, or the server's own decision.
absl::Status JudgeEnd(const Trap& trap, const ProcessEnd& end, bool was_starting) {
  const bool refused_to_start =
      was_starting && (end.code == kExitNoVault || end.code == kExitCannotListen);
  const bool fits = trap.effect == Effect::kKill
                        ? end.signal == SIGKILL
                        : end.signal == 0 && (end.code == kExitSealed || refused_to_start);
  return fits ? absl::OkStatus() : absl::AbortedError("it ended with " + ToText(end));
}

}  // namespace

absl::Status InjectSeries::Sweep(const Victim& victim) {
  for (const Effect effect : Effects()) {
    for (const Calls calls : KindsFor(victim, effect)) {
      LETHE_TRY(SweepCalls(victim, calls, effect));
    }
  }
  return absl::OkStatus();
}

// A slice takes one effect, one kind of call and, near the beginning, where most changes have their
// calls, two positions: or one, where the server takes its time to end by itself.
std::vector<Effect> InjectSeries::Effects() {
  if (!options_.slice) return options_.effects;
  return {options_.effects[rng_.Below(options_.effects.size())]};
}

std::vector<Calls> InjectSeries::KindsFor(const Victim& victim, Effect effect) {
  if (options_.slice) return {rng_.Chance(60) ? Calls::kSync : Calls::kWrite};
  // A start's files are not known before it, and gRPC's own writes, which wake its threads, are not
  // storage's to fail.
  const bool only_its_files = effect != Effect::kKill && !victim.operation.has_value();
  if (only_its_files) return {Calls::kSync, Calls::kRename};
  return {Calls::kSync, Calls::kWrite, Calls::kRename};
}

std::vector<int> InjectSeries::Positions(Effect effect) {
  if (options_.slice) {
    const int first = 1 + static_cast<int>(rng_.Below(2));
    if (effect != Effect::kKill) return {first};
    return {first, first + 1 + static_cast<int>(rng_.Below(2))};
  }
  std::vector<int> all(kPositionsMax);
  std::iota(all.begin(), all.end(), 1);
  return all;
}

absl::Status InjectSeries::SweepCalls(const Victim& victim, Calls calls, Effect effect) {
  for (const int nth : Positions(effect)) {
    if (Over()) break;
    const Trap trap = {calls, nth, effect};
    const auto through = victim.operation.has_value() ? TrapChange(victim, trap) : TrapStart(trap);
    const std::string what = absl::StrFormat("%s at %s", victim.name, trap.ToText());
    LETHE_TRY(Named(what, through.status()));
    if (*through) return absl::OkStatus();
    if (!vault_->server().running()) {
      LETHE_TRY(Named(what, RestartAndCheck(what)));
      CountCycle();
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<bool> InjectSeries::TrapChange(const Victim& victim, const Trap& trap) {
  if (!worker_.Prepare(vault_->client(), *victim.operation)) {
    return absl::InternalError("the server died untouched");
  }
  ServerProcess& server = vault_->server();
  // A failure must come from storage; a kill may come anywhere.
  const auto files = trap.effect == Effect::kKill
                         ? std::vector<std::string>()
                         : OpenFilesOf(server.pid(), vault_->folder().data());
  LETHE_ASSIGN(Strace strace, Strace::Attach(server.pid(), trap, NewOutput(), {.files = files}));
  if (worker_.Do(vault_->client(), *victim.operation)) {
    // What comes after its answer (step 6, hygiene) is not this change's.
    strace.Detach();
    if (!strace.Caught().empty()) {  // A failure that the change got over, or that comes out later.
      LETHE_TRY(EndOfServed(trap));
      return false;
    }
    const auto end = server.WaitForEnd(absl::ZeroDuration());
    if (!end.ok()) return true;
    LETHE_TRY(JudgeEnd(trap, *end, false));
    return false;
  }
  vault_->HangUp();
  const auto end = server.WaitForEnd(kDeathLimit);
  if (!end.ok()) return ServesOn(end.status());
  LETHE_TRY(JudgeEnd(trap, *end, false));
  return false;
}

absl::StatusOr<bool> InjectSeries::TrapStart(const Trap& trap) {
  LETHE_TRY(LeaveAnErasureOpen());
  ServerProcess& server = vault_->server();
  const std::string output = NewOutput();
  LETHE_TRY(server.Launch({.prefix = Strace::Prefix(trap, output)}));
  const pid_t pid = server.pid();
  const absl::Status up = server.WaitUntilUp();
  if (up.ok()) {
    LETHE_TRY(EndOfServed(trap));
    LETHE_ASSIGN(const std::string said, Strace::OutputUntilEndOf(pid, trap, output));
    const bool sprung = !CaughtIn(said).empty();
    if (!sprung) {
      LETHE_TRY(RestartAndCheck("a start got through"));
      CountCycle();
    }
    return !sprung;
  }
  if (!absl::IsAborted(up)) return up;
  LETHE_ASSIGN(const ProcessEnd end, server.WaitForEnd(kDeathLimit));
  LETHE_TRY(JudgeEnd(trap, end, true));
  return false;
}

absl::Status InjectSeries::EndOfServed(const Trap& trap) {
  vault_->server().process().Signal(SIGKILL);
  LETHE_ASSIGN(const ProcessEnd end, vault_->server().WaitForEnd(kDeathLimit));
  return end.signal == SIGKILL ? absl::OkStatus() : JudgeEnd(trap, end, false);
}

}  // namespace lethe::test
