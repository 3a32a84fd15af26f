// One import: chunks in, acknowledgements out, strictly by turns.
//
// A chunk is read, imported, acknowledged, and only then the next one is read: what a client has
// an acknowledgement for is durable, and a fast client cannot fill the server's memory.
#ifndef LETHE_SERVER_METHODS_IMPORT_CALL_H_
#define LETHE_SERVER_METHODS_IMPORT_CALL_H_

#include <cstdint>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "grpcpp/server_context.h"
#include "grpcpp/support/server_callback.h"
#include "lethe/v1/vault_service.pb.h"
#include "server/calls/call_desk.h"
#include "server/calls/call_record.h"
#include "server/calls/call_timer.h"
#include "server/calls/incoming.h"

namespace lethe::server {

// Owns itself.
class ImportCall final : public grpc::ServerBidiReactor<Incoming<v1::ImportRecordsRequest>,
                                                        v1::ImportRecordsResponse> {
 public:
  using Request = v1::ImportRecordsRequest;
  using Response = v1::ImportRecordsResponse;

  ImportCall(CallDesk& desk, const Method& method, grpc::CallbackServerContext* context);

  void Start();

  void OnReadDone(bool ok) override;
  void OnWriteDone(bool ok) override;
  void OnDone() override { delete this; }

 private:
  using Step = absl::Status (ImportCall::*)();

  void Queue(Step step);
  void ReadNext();
  void DropNext();
  void Wait(absl::Duration patience);
  absl::Status Gone() const;
  absl::Status RefuseCaller();
  absl::Status ImportChunk();
  absl::Status CheckLines() const;
  absl::Status StillWanted() const;
  void End(const absl::Status& status);

  CallDesk& desk_;
  const Method& method_;
  const CallRecord record_;
  grpc::CallbackServerContext* const context_;
  StreamSlots::Slot slot_;
  ByteBudget::Share share_;
  CallTimer timer_;  // Of the read or write in flight.
  Admission admission_;
  Incoming<v1::ImportRecordsRequest> chunk_;
  v1::ImportRecordsResponse answer_;
  std::int64_t last_line_ = 0;
  bool all_read_ = false;  // The client has no more, or nobody wants it.
};

}  // namespace lethe::server

#endif  // LETHE_SERVER_METHODS_IMPORT_CALL_H_
