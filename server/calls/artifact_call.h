// One artifact on its way out: header, pieces, trailer.
//
// One write is in flight at a time and the next piece is made when it is done, so a slow client
// costs one piece of memory and no thread. Between steps nothing is held: an erase of the subject
// ends the stream without its trailer.
#ifndef LETHE_SERVER_CALLS_ARTIFACT_CALL_H_
#define LETHE_SERVER_CALLS_ARTIFACT_CALL_H_

#include <cstdint>
#include <functional>
#include <memory>

#include "absl/status/statusor.h"
#include "base/status_macros.h"
#include "crypto/hash.h"
#include "grpcpp/support/server_callback.h"
#include "lethe/v1/rights_service.pb.h"
#include "server/calls/call_desk.h"
#include "server/calls/call_record.h"
#include "server/calls/call_timer.h"
#include "server/calls/incoming.h"

namespace lethe::server {

// How a method opens its artifact once its caller and its request are admitted.
template <typename Request>
using ArtifactWork = absl::StatusOr<std::unique_ptr<vault::Artifact>> (*)(
    CallDesk& desk, const vault::Caller& caller, const Request& request);

// What is fixed about one kind of artifact.
struct ArtifactKind {
  const char* media_type;
  const char* file_name;
  std::int64_t request_bytes_max = kParsedAtOnceMax;
};

// Owns itself. Every step runs on a worker of the stream pool or on gRPC's thread, never two at a
// time.
class ArtifactCall final : public grpc::ServerWriteReactor<v1::ArtifactChunk> {
 public:
  ArtifactCall(CallDesk& desk, const Method& method, const ArtifactKind& kind,
               grpc::CallbackServerContext* context);

  // Returns at once. gRPC keeps `request` until OnDone.
  template <typename Request>
  void Start(const Incoming<Request>* request, ArtifactWork<Request> work) {
    admission_ = desk_.access.AdmitCaller(*context_, method_, desk_.clock.Now(), kStreamDeadline);
    // gRPC made it for this call alone.
    auto* own = const_cast<Incoming<Request>*>(request);
    admit_request_ = [this, own]() -> absl::Status {
      LETHE_TRY(own->Parse(kind_.request_bytes_max));
      return desk_.access.AdmitRequest(own->message(), admission_.caller);
    };
    open_ = [this, own, work] { return work(desk_, admission_.caller, own->message()); };
    TakeSlot(own->bytes());
  }

  void OnWriteDone(bool ok) override;
  void OnDone() override { delete this; }

 private:
  using Step = absl::Status (ArtifactCall::*)();

  void TakeSlot(std::int64_t request_bytes);
  // Runs `step` on a worker; what it returns ends the call unless it is OK.
  void Queue(Step step);
  absl::Status Open();
  absl::Status SendNext();
  void SendTrailer();
  void SendChunk();
  absl::Status StillWanted() const;
  absl::Status Gone() const;
  void End(const absl::Status& status);

  CallDesk& desk_;
  const Method& method_;
  const ArtifactKind kind_;
  const CallRecord record_;
  grpc::CallbackServerContext* const context_;
  StreamSlots::Slot slot_;
  ByteBudget::Share share_;
  CallTimer timer_;  // Of the write in flight.
  Admission admission_;
  std::function<absl::Status()> admit_request_;
  std::function<absl::StatusOr<std::unique_ptr<vault::Artifact>>()> open_;
  std::unique_ptr<vault::Artifact> artifact_;
  v1::ArtifactChunk chunk_;  // The write in flight.
  crypto::Sha256Stream hash_;
  std::int64_t size_bytes_ = 0;
  bool trailer_sent_ = false;
};

}  // namespace lethe::server

#endif  // LETHE_SERVER_CALLS_ARTIFACT_CALL_H_
