#include "server/methods/import_call.h"

#include "base/reason.h"
#include "base/status_macros.h"
#include "server/methods/import_chunk.h"

namespace lethe::server {
namespace {

// A client that makes its lines as it goes may take a while for a chunk of them.
constexpr absl::Duration kPatienceForAChunk = absl::Minutes(2);

}  // namespace

ImportCall::ImportCall(CallDesk& desk, const Method& method, grpc::CallbackServerContext* context)
    : desk_(desk),
      method_(method),
      record_(desk, method.name),
      context_(context),
      slot_(desk.stream_slots),
      share_(desk.in_flight) {}

void ImportCall::Start() {
  if (!slot_.taken()) {
    return End(Refuse(Reason::kQueueFull, "as many streams are open as the server allows"));
  }
  admission_ = desk_.access.AdmitCaller(*context_, method_, desk_.clock.Now(), kStreamDeadline);
  share_.Of(admission_.caller.principal.id);
  if (!admission_.status.ok()) return Queue(&ImportCall::RefuseCaller);
  ReadNext();
}

void ImportCall::ReadNext() {
  Wait(kPatienceForAChunk);
  StartRead(&chunk_);
}

void ImportCall::Wait(absl::Duration patience) {
  timer_.Start(context_, desk_.clock.Now(), patience, admission_.caller.deadline);
}

// Why there is nothing to read or nobody to write to.
absl::Status ImportCall::Gone() const {
  LETHE_TRY(timer_.Cut());
  return StillWanted();
}

void ImportCall::Queue(Step step) {
  const absl::Status queued = desk_.streams.Continue(
      admission_.caller.principal.id, [this, step](const absl::Status& turn) {
        const absl::Status status = turn.ok() ? (this->*step)() : turn;
        if (!status.ok()) End(status);
      });
  if (!queued.ok()) End(queued);
}

absl::Status ImportCall::RefuseCaller() {
  desk_.vault.audit().RecordRefusal(admission_.caller, method_.name, admission_.status);
  return admission_.status;
}

void ImportCall::OnReadDone(bool ok) {
  if (all_read_) return;
  timer_.Stop();
  if (!ok) {
    // The client has sent all it had, unless it broke off.
    all_read_ = true;
    return End(Gone());
  }
  if (const absl::Status room = share_.Grow(chunk_.bytes()); !room.ok()) return End(room);
  Queue(&ImportCall::ImportChunk);
}

absl::Status ImportCall::StillWanted() const {
  if (desk_.clock.Now() >= admission_.caller.deadline) {
    return Refuse(Reason::kDeadlinePassed, "the deadline passed before the end");
  }
  if (context_->IsCancelled()) return Refuse(Reason::kCancelled, "the caller cancelled");
  return absl::OkStatus();
}

// Lines must grow, or a resume point would mean nothing.
absl::Status ImportCall::CheckLines() const {
  std::int64_t last = last_line_;
  for (const v1::ImportItem& item : chunk_.message().items()) {
    if (item.line() <= last) {
      return Refuse(Reason::kFieldInvalid, "the lines of a stream must start at 1 and grow",
                    "items.line", "order");
    }
    last = item.line();
  }
  return absl::OkStatus();
}

absl::Status ImportCall::ImportChunk() {
  LETHE_TRY(StillWanted());
  absl::Status admitted = chunk_.Parse();
  if (admitted.ok()) {
    admitted = desk_.access.AdmitRequest(chunk_.message(), admission_.caller);
  }
  if (admitted.ok()) admitted = CheckLines();
  if (!admitted.ok()) {
    desk_.vault.audit().RecordRefusal(admission_.caller, method_.name, admitted);
    return admitted;
  }
  answer_ = ImportOne(desk_, admission_.caller, chunk_.message());
  last_line_ = answer_.last_line();
  chunk_.Drop();
  share_.Set(0);
  Wait(desk_.stalled);
  StartWrite(&answer_);
  return absl::OkStatus();
}

void ImportCall::OnWriteDone(bool ok) {
  timer_.Stop();
  if (!ok) {
    const absl::Status gone = Gone();
    return End(gone.ok() ? Refuse(Reason::kCancelled, "the caller went away") : gone);
  }
  // Between two chunks is where an import can be taken up again: it makes way for the shutdown.
  if (desk_.draining) {
    return End(Refuse(Reason::kShuttingDown,
                      "the server is shutting down; resume after the last "
                      "acknowledged line"));
  }
  ReadNext();
}

// What came unasked is taken, and with that overwritten (incoming.h), not only let go. The end
// waits for nothing: a read that finds nothing ends with the call.
void ImportCall::DropNext() {
  if (all_read_) return;
  all_read_ = true;
  StartRead(&chunk_);
}

void ImportCall::End(const absl::Status& status) {
  timer_.Stop();
  slot_.Release();
  DropNext();
  Finish(record_.End(status, admission_.caller.principal.id));
}

}  // namespace lethe::server
