// One unary call: checked on gRPC's thread, done on a worker's, answered from there.
#ifndef LETHE_SERVER_CALLS_UNARY_CALL_H_
#define LETHE_SERVER_CALLS_UNARY_CALL_H_

#include "absl/status/status.h"
#include "base/reason.h"
#include "grpcpp/server_context.h"
#include "grpcpp/support/server_callback.h"
#include "server/calls/call_desk.h"
#include "server/calls/call_record.h"

namespace lethe::server {

// What a method does once its caller and its request are admitted. One that takes a request that is
// not const may take strings out of it.
template <typename Request, typename Response>
using UnaryWork = absl::Status (*)(CallDesk& desk, const vault::Caller& caller, Request& request,
                                   Response& response);

// Owns itself; gRPC calls OnDone when nothing refers to request and response any more. A cancelled
// call is finished by its worker like any other, so that no reactor is ever left without Finish,
// and what it had committed by then stays committed and audited.
template <typename Request, typename Response>
class UnaryCall final : public grpc::ServerUnaryReactor {
 public:
  UnaryCall(CallDesk& desk, const Method& method, grpc::CallbackServerContext* context,
            const Request* request, Response* response, UnaryWork<Request, Response> work)
      : desk_(desk),
        method_(method),
        record_(desk, method.name),
        context_(context),
        // gRPC made the message for this call alone and only destroys it: a value that is taken out
        // of it is a value that is not copied.
        request_(const_cast<Request*>(request)),
        response_(response),
        work_(work) {}

  // Returns at once; the answer follows.
  void Start(WorkerPool& pool) {
    admission_ = desk_.access.AdmitCaller(*context_, method_, desk_.clock.Now(), kUnaryDeadline);
    if (admission_.status.ok()) {
      admission_.status = desk_.access.AdmitRequest(*request_, admission_.caller);
    }
    const absl::Status queued = pool.Submit(
        admission_.caller.deadline, [this](const absl::Status& turn) { Answer(Run(turn)); });
    if (!queued.ok()) Answer(queued);
  }

  void OnDone() override { delete this; }

 private:
  absl::Status Run(const absl::Status& turn) {
    if (!turn.ok()) return turn;
    if (!admission_.status.ok()) {
      // Here and not before: the event of a refusal goes to disk, as a read's does.
      desk_.vault.audit().RecordRefusal(admission_.caller, method_.name, admission_.status);
      return admission_.status;
    }
    if (context_->IsCancelled()) return Refuse(Reason::kCancelled, "the caller cancelled");
    return work_(desk_, admission_.caller, *request_, *response_);
  }

  // The last that happens here: gRPC may call OnDone before Finish returns.
  void Answer(const absl::Status& status) { Finish(record_.End(status)); }

  CallDesk& desk_;
  const Method& method_;
  const CallRecord record_;
  grpc::CallbackServerContext* const context_;
  Request* const request_;
  Response* const response_;
  const UnaryWork<Request, Response> work_;
  Admission admission_;
};

}  // namespace lethe::server

#endif  // LETHE_SERVER_CALLS_UNARY_CALL_H_
