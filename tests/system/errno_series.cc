#include "tests/system/errno_series.h"

#include <csignal>

#include "absl/strings/str_format.h"
#include "base/status_macros.h"

namespace lethe::test {
namespace {

// With the seconds in which the server and gRPC each look at their files again.
constexpr absl::Duration kReloadLimit = absl::Seconds(20);

// Wakes a thread of gRPC and stands for nothing on disk: what comes of it is nobody's fault.
bool IsWakeUp(const std::string& caught) { return caught.find("[eventfd]") != caught.npos; }

}  // namespace

absl::Status ErrnoSeries::Open(Act act) {
  act_ = act;
  LETHE_TRY(TrapSeries::Open());
  backups_ = std::make_unique<BackupTool>(*vault_);
  if (act != Act::kReload) return absl::OkStatus();
  LETHE_ASSIGN(renewal_, Renewal::Begin(vault_->folder()));
  server_options_.flags = renewal_->flags();
  LETHE_TRY(vault_->server().Kill());
  return vault_->Up(server_options_);
}

absl::Status ErrnoSeries::Sweep(const ErrnoRow& row) {
  LETHE_ASSIGN(const std::vector<Trap> traps, TrapsFor(row));
  for (const Trap& trap : traps) {
    if (Over()) break;
    const auto caught = Spring(trap);
    LETHE_TRY(Named(absl::StrFormat("%s at %s", row.ToText(), trap.ToText()), caught.status()));
    if (*caught) CountCycle();
    // Then the act has no such place, nor any further one; a rehearsal's places move a little.
    if (!*caught && !IsStarted(act_)) break;
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<Trap>> ErrnoSeries::TrapsFor(const ErrnoRow& row) {
  Trap trap = {row.calls, 1, Effect::kFail, row.error};
  std::vector<Trap> traps;
  if (IsStarted(act_)) {
    trap.first_thread = true;
    LETHE_ASSIGN(traps, Rehearse(trap));
    if (slice_ && !traps.empty()) traps = {traps[rng_.Below(traps.size())]};
    return traps;
  }
  const int first = slice_ ? 1 + static_cast<int>(rng_.Below(2)) : 1;
  for (trap.nth = first; trap.nth <= (slice_ ? first : kPositionsMax); ++trap.nth) {
    traps.push_back(trap);
  }
  return traps;
}

absl::StatusOr<std::vector<Trap>> ErrnoSeries::Rehearse(const Trap& like) {
  Trap never = like;
  never.nth = Trap::kNeverReached;
  const std::string output = NewOutput();
  const std::vector<std::string> prefix = Strace::Prefix(never, output);
  pid_t pid = 0;
  if (act_ == Act::kBackupTool) {
    // The first one fetches everything, those in the traps what is new since then.
    LETHE_TRY(backups_->CreateAndVerify());
    LETHE_TRY(Prepare());
    LETHE_ASSIGN(const ProcessEnd end, backups_->Create(prefix));
    if (end.code != 0) return absl::InternalError("the rehearsal ended with " + ToText(end));
  } else {
    LETHE_TRY(LeaveAnErasureOpen());
    LETHE_TRY(vault_->Up({.flags = server_options_.flags, .prefix = prefix}));
    pid = vault_->server().pid();
    LETHE_TRY(vault_->server().Kill());
  }
  LETHE_ASSIGN(const std::string said, Strace::OutputUntilEndOf(pid, never, output));
  if (!vault_->server().running()) LETHE_TRY(RestartAndCheck("the rehearsal"));
  return TrapsAfterLoading(said, like);
}

absl::StatusOr<bool> ErrnoSeries::Spring(const Trap& trap) {
  switch (act_) {
    case Act::kStart:
      return SpringStart(trap);
    case Act::kBackupTool:
      return SpringTool(trap);
    default:
      return SpringServing(trap);
  }
}

absl::Status ErrnoSeries::Prepare() {
  const Operation operation = act_ == Act::kErase ? Operation::kErase : Operation::kPut;
  return worker_.Prepare(vault_->client(), operation)
             ? absl::OkStatus()
             : absl::InternalError("the server died untouched");
}

absl::StatusOr<bool> ErrnoSeries::SpringServing(const Trap& trap) {
  LETHE_TRY(Prepare());
  const pid_t pid = vault_->server().pid();
  Strace::Scope scope;
  const bool may_wake = trap.calls == Calls::kRead || trap.calls == Calls::kWrite;
  if (may_wake) scope.threads = ThreadsBesideRpcOf(pid);
  LETHE_ASSIGN(Strace strace, Strace::Attach(pid, trap, NewOutput(), scope));
  const absl::Status done = DoAct(trap);
  strace.Detach();
  LETHE_TRY(done);
  const std::string caught = strace.Caught();
  if (caught.empty()) return false;
  LETHE_ASSIGN(const auto end, LiveOrEnd());
  LETHE_TRY(Judge(trap, caught, end, false));
  LETHE_TRY(RestartAndCheck("the next start"));
  if (act_ == Act::kBackup) LETHE_TRY(backups_->CreateAndVerify());
  return true;
}

absl::Status ErrnoSeries::DoAct(const Trap& trap) {
  // Where nobody is accepted, somebody must come: and is let in by and by.
  if (trap.calls == Calls::kAccept) LETHE_TRY(vault_->Greet());
  switch (act_) {
    case Act::kBackup:
      return backups_->Create().status();
    case Act::kReload: {
      LETHE_TRY(renewal_->Renew());
      vault_->server().process().Signal(SIGHUP);
      const absl::Status met = renewal_->WaitUntilMet(vault_->server(), kReloadLimit);
      return absl::IsAborted(met) ? absl::OkStatus() : met;
    }
    default:
      Change(act_ == Act::kErase ? Operation::kErase : Operation::kPut);
      return absl::OkStatus();
  }
}

void ErrnoSeries::Change(Operation operation) {
  const std::size_t before = faults();
  (void)worker_.Do(vault_->client(), operation);
  for (std::size_t i = before; i < faults(); ++i) {
    if (IsExplainedRefusal(worker_.totals().faults[i])) Excuse(i);
  }
}

absl::StatusOr<bool> ErrnoSeries::SpringStart(const Trap& trap) {
  LETHE_TRY(LeaveAnErasureOpen());
  ServerProcess& server = vault_->server();
  const std::string output = NewOutput();
  LETHE_TRY(
      server.Launch({.flags = server_options_.flags, .prefix = Strace::Prefix(trap, output)}));
  const pid_t pid = server.pid();
  const absl::Status up = server.WaitUntilUp();
  if (!up.ok() && !absl::IsAborted(up)) return up;
  std::optional<ProcessEnd> end;
  if (up.ok()) {
    (void)vault_->Greet();  // A client to ask with; whether it serves is seen there.
    LETHE_ASSIGN(end, LiveOrEnd());
  } else {
    LETHE_ASSIGN(end, server.WaitForEnd(kDeathLimit));
  }
  LETHE_ASSIGN(const std::string said, Strace::OutputUntilEndOf(pid, trap, output));
  LETHE_TRY(Judge(trap, CaughtIn(said), end, !up.ok()));
  LETHE_TRY(RestartAndCheck("the next start"));
  return !CaughtIn(said).empty();
}

absl::StatusOr<bool> ErrnoSeries::SpringTool(const Trap& trap) {
  LETHE_TRY(Prepare());
  const std::string output = NewOutput();
  LETHE_ASSIGN(const ProcessEnd end, backups_->Create(Strace::Prefix(trap, output)));
  LETHE_ASSIGN(const std::string said, Strace::OutputUntilEndOf(0, trap, output));
  const std::string caught = CaughtIn(said);
  if (!IsWakeUp(caught)) LETHE_TRY(JudgeErrnoToolEnd(trap, caught, end));
  LETHE_TRY(backups_->CreateAndVerify());
  return !caught.empty();
}

bool ErrnoSeries::Serves() {
  const auto status = vault_->client().Status();
  if (!status.ok() || status->find("\"sealed\":true") != status->npos) return false;
  // Whoever comes anew is let in as well.
  if (!vault_->Greet().ok()) return false;
  const std::size_t before = faults();
  worker_.Check(vault_->client());
  return faults() == before;
}

absl::StatusOr<std::optional<ProcessEnd>> ErrnoSeries::LiveOrEnd() {
  ServerProcess& server = vault_->server();
  const std::size_t before = faults();
  const bool serves = Serves();
  vault_->HangUp();
  if (serves) server.process().Signal(SIGKILL);
  const auto end = server.WaitForEnd(kDeathLimit);
  if (!end.ok()) {
    return absl::DataLossError("it neither ends nor serves with everything it had acknowledged");
  }
  // It was on its way to its end; whether anything is lost, the next start tells.
  for (std::size_t i = before; i < faults(); ++i) Excuse(i);
  if (serves && end->signal == SIGKILL) return std::nullopt;
  return *end;
}

absl::Status ErrnoSeries::Judge(const Trap& trap, const std::string& caught,
                                const std::optional<ProcessEnd>& end, bool was_starting) {
  if (!end.has_value() || IsWakeUp(caught)) return absl::OkStatus();
  return JudgeErrnoEnd(trap, caught, *end, was_starting);
}

}  // namespace lethe::test
