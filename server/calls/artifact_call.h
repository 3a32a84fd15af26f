// One artifact on its way out: header, pieces, trailer.
//
// One write is in flight at a time and the next piece is made when it is done, so a slow client
// costs one piece of memory and no thread. Between steps nothing is held: an erase of the subject
// ends the stream without its trailer.
#ifndef LETHE_SERVER_CALLS_ARTIFACT_CALL_H_
#define LETHE_SERVER_CALLS_ARTIFACT_CALL_H_

#include <functional>
#include <memory>
#include <string_view>

#include "absl/status/statusor.h"
#include "crypto/hash.h"
#include "grpcpp/support/server_callback.h"
#include "lethe/v1/rights_service.pb.h"
#include "server/calls/call_desk.h"
#include "server/calls/call_record.h"
#include "server/calls/call_timer.h"

namespace lethe::server {

using ArtifactSource = std::function<absl::StatusOr<std::unique_ptr<vault::Artifact>>()>;

// What is fixed about one kind of artifact.
struct ArtifactKind {
  const char* method;
  const char* media_type;
  const char* file_name;
};

// Owns itself. Every step runs on a worker of the stream pool or on gRPC's thread, never two at a
// time.
class ArtifactCall final : public grpc::ServerWriteReactor<v1::ArtifactChunk> {
 public:
  ArtifactCall(CallDesk& desk, const ArtifactKind& kind, grpc::CallbackServerContext* context);

  // `admission` comes from Admit; `open` is called on a worker if it went well.
  void Start(Admission admission, ArtifactSource open);

  template <typename Request>
  Admission Admit(const Request& request) const {
    Admission admission =
        desk_.access.AdmitCaller(*context_, method_, desk_.clock.Now(), kStreamDeadline);
    if (admission.status.ok()) {
      admission.status = desk_.access.AdmitRequest(request, admission.caller);
    }
    return admission;
  }

  void OnWriteDone(bool ok) override;
  void OnDone() override { delete this; }

 private:
  using Step = absl::Status (ArtifactCall::*)();

  // Runs `step` on a worker; what it returns ends the call unless it is OK.
  void Queue(Step step);
  absl::Status Open();
  absl::Status SendNext();
  void SendTrailer();
  absl::Status StillWanted() const;
  void End(const absl::Status& status);

  CallDesk& desk_;
  const ArtifactKind kind_;
  const Method& method_;
  const CallRecord record_;
  grpc::CallbackServerContext* const context_;
  StreamSlots::Slot slot_;
  CallTimer timer_;
  Admission admission_;
  ArtifactSource open_;
  std::unique_ptr<vault::Artifact> artifact_;
  v1::ArtifactChunk chunk_;  // The write in flight.
  crypto::Sha256Stream hash_;
  std::int64_t size_bytes_ = 0;
  bool trailer_sent_ = false;
};

}  // namespace lethe::server

#endif  // LETHE_SERVER_CALLS_ARTIFACT_CALL_H_
