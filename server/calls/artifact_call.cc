#include "server/calls/artifact_call.h"

#include "base/bytes.h"
#include "base/reason.h"
#include "base/status_macros.h"
#include "server/convert/convert.h"

namespace lethe::server {
namespace {

// A piece as the vault makes it and as gRPC writes it out, and what is made for the next ones.
constexpr std::int64_t kBytesOfOne = 512 << 10;

}  // namespace

ArtifactCall::ArtifactCall(CallDesk& desk, const Method& method, const ArtifactKind& kind,
                           grpc::CallbackServerContext* context)
    : desk_(desk),
      method_(method),
      kind_(kind),
      record_(desk, method.name),
      context_(context),
      slot_(desk.stream_slots),
      share_(desk.in_flight) {}

void ArtifactCall::TakeSlot(std::int64_t request_bytes) {
  if (!slot_.taken()) {
    return End(Refuse(Reason::kQueueFull, "as many streams are open as the server allows"));
  }
  share_.Of(admission_.caller.principal.id);
  const absl::Status room = share_.Grow(kBytesOfOne + request_bytes);
  if (!room.ok()) return End(room);
  Queue(&ArtifactCall::Open);
}

void ArtifactCall::Queue(Step step) {
  const absl::Status queued = desk_.streams.Continue(
      admission_.caller.principal.id, [this, step](const absl::Status& turn) {
        const absl::Status status = turn.ok() ? (this->*step)() : turn;
        if (!status.ok()) End(status);
      });
  if (!queued.ok()) End(queued);
}

absl::Status ArtifactCall::StillWanted() const {
  if (desk_.clock.Now() >= admission_.caller.deadline) {
    return Refuse(Reason::kDeadlinePassed, "the deadline passed before the end");
  }
  if (context_->IsCancelled()) return Refuse(Reason::kCancelled, "the caller cancelled");
  return absl::OkStatus();
}

// Why nobody takes what was written.
absl::Status ArtifactCall::Gone() const {
  LETHE_TRY(timer_.Cut());
  LETHE_TRY(StillWanted());
  return Refuse(Reason::kCancelled, "the caller went away");
}

absl::Status ArtifactCall::Open() {
  if (admission_.status.ok()) admission_.status = admit_request_();
  if (!admission_.status.ok()) {
    desk_.vault.audit().RecordRefusal(admission_.caller, method_.name, admission_.status);
    return admission_.status;
  }
  LETHE_TRY(StillWanted());
  LETHE_ASSIGN(artifact_, open_());
  chunk_.mutable_header()->set_media_type(kind_.media_type);
  chunk_.mutable_header()->set_file_name(kind_.file_name);
  SendChunk();
  return absl::OkStatus();
}

absl::Status ArtifactCall::SendNext() {
  LETHE_TRY(StillWanted());
  LETHE_ASSIGN(std::string piece, artifact_->Next());
  if (piece.empty()) {
    SendTrailer();
    return absl::OkStatus();
  }
  hash_.Add(piece);
  size_bytes_ += static_cast<std::int64_t>(piece.size());
  chunk_.set_data(std::move(piece));
  SendChunk();
  return absl::OkStatus();
}

void ArtifactCall::SendChunk() {
  timer_.Start(context_, desk_.clock.Now(), desk_.stalled, admission_.caller.deadline);
  StartWrite(&chunk_);
}

void ArtifactCall::SendTrailer() {
  auto* trailer = chunk_.mutable_trailer();
  trailer->set_record_count(artifact_->record_count());
  trailer->set_size_bytes(size_bytes_);
  const crypto::Digest digest = hash_.Finish();
  trailer->set_sha256(std::string(AsText(digest)));
  for (const vault::Withheld& withheld : artifact_->withheld()) {
    Fill(withheld, trailer->add_withheld());
  }
  trailer_sent_ = true;
  SendChunk();
}

void ArtifactCall::OnWriteDone(bool ok) {
  if (chunk_.has_data()) Wipe(*chunk_.mutable_data());
  timer_.Stop();
  if (!ok) return End(Gone());
  if (trailer_sent_) return End(absl::OkStatus());
  Queue(&ArtifactCall::SendNext);
}

void ArtifactCall::End(const absl::Status& status) {
  timer_.Stop();
  slot_.Release();
  Finish(record_.End(status, admission_.caller.principal.id));
}

}  // namespace lethe::server
