// One unary call: its caller checked on gRPC's thread, the request and what it asks for on a
// worker's, answered from there.
#ifndef LETHE_SERVER_CALLS_UNARY_CALL_H_
#define LETHE_SERVER_CALLS_UNARY_CALL_H_

#include <cstdint>
#include <type_traits>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "base/reason.h"
#include "base/status_macros.h"
#include "grpcpp/server_context.h"
#include "grpcpp/support/server_callback.h"
#include "server/calls/call_desk.h"
#include "server/calls/call_record.h"
#include "server/calls/call_timer.h"
#include "server/calls/incoming.h"

namespace lethe::server {

// What a method does once its caller and its request are admitted. One that takes a request that is
// not const may take strings out of it.
template <typename Request, typename Response>
using UnaryWork = absl::Status (*)(CallDesk& desk, const vault::Caller& caller, Request& request,
                                   Response& response);

// A record of 1 MiB, and what stands beside it.
inline constexpr std::int64_t kUnaryBytesMax = (1 << 20) + (128 << 10);
// A smaller answer fits what a connection takes before its peer reads; it needs no timer.
inline constexpr std::int64_t kSmallAnswerBytesMax = 128 << 10;
// A caller that takes less of an answer does not read it.
inline constexpr std::int64_t kSlowestBytesPerSecond = 64 << 10;

// Owns itself; gRPC calls OnDone when nothing refers to request and response any more. A cancelled
// call is finished by its worker like any other, so that no reactor is ever left without Finish,
// and what it had committed by then stays committed and audited.
template <typename Request, typename Response>
class UnaryCall final : public grpc::ServerUnaryReactor {
 public:
  using Message = std::remove_const_t<Request>;

  UnaryCall(CallDesk& desk, const Method& method, grpc::CallbackServerContext* context,
            const Incoming<Message>* request, Response* response, UnaryWork<Request, Response> work)
      : desk_(desk),
        method_(method),
        record_(desk, method.name),
        context_(context),
        // gRPC made the message for this call alone and only destroys it: a value that is taken out
        // of it is a value that is not copied.
        request_(const_cast<Incoming<Message>*>(request)),
        response_(response),
        work_(work),
        share_(desk.in_flight) {}

  // Returns at once; the answer follows.
  void Start(WorkerPool& pool) {
    admission_ = desk_.access.AdmitCaller(*context_, method_, desk_.clock.Now(), kUnaryDeadline);
    absl::Status queued = TakeShare(pool);
    if (queued.ok()) {
      WorkerPool& its = request_->bytes() > kParsedAtOnceMax ? desk_.large : pool;
      queued = its.Submit(admission_.caller.principal.id, admission_.caller.deadline,
                          [this](const absl::Status& turn) { Answer(Run(turn)); });
    }
    if (!queued.ok()) Answer(queued);
  }

  void OnDone() override { delete this; }

 private:
  absl::Status TakeShare(const WorkerPool& pool) {
    share_.Of(admission_.caller.principal.id);
    const std::int64_t bytes = request_->bytes();
    // A right is not refused for what its caller, or others, have in flight.
    const bool is_right = &pool == &desk_.rights && bytes <= ByteBudget::kSmall;
    if (!is_right) return share_.Grow(bytes);
    share_.Set(bytes);
    return absl::OkStatus();
  }

  absl::Status AdmitRequest() {
    LETHE_TRY(request_->Parse(kUnaryBytesMax));
    return desk_.access.AdmitRequest(request_->message(), admission_.caller);
  }

  absl::Status Run(const absl::Status& turn) {
    if (!turn.ok()) return turn;
    if (admission_.status.ok()) admission_.status = AdmitRequest();
    if (!admission_.status.ok()) {
      // Here and not before: the event of a refusal goes to disk, as a read's does.
      desk_.vault.audit().RecordRefusal(admission_.caller, method_.name, admission_.status);
      return admission_.status;
    }
    if (context_->IsCancelled()) return Refuse(Reason::kCancelled, "the caller cancelled");
    LETHE_TRY(work_(desk_, admission_.caller, request_->message(), *response_));
    // Once more as gRPC writes it out. What is done is not refused for the size of its answer: who
    // has too much unread is refused at the next call.
    const auto bytes = static_cast<std::int64_t>(response_->ByteSizeLong());
    share_.Set(2 * bytes);
    if (2 * bytes > kSmallAnswerBytesMax) {
      // The answer is one write, however long it takes: unlike a stream's piece it may be large.
      const absl::Duration sending = absl::Seconds(bytes / kSlowestBytesPerSecond);
      timer_.Start(context_, desk_.clock.Now(), desk_.stalled + sending);
    }
    return absl::OkStatus();
  }

  // The last that happens here: gRPC may call OnDone before Finish returns.
  void Answer(const absl::Status& status) {
    Finish(record_.End(status, admission_.caller.principal.id));
  }

  CallDesk& desk_;
  const Method& method_;
  const CallRecord record_;
  grpc::CallbackServerContext* const context_;
  Incoming<Message>* const request_;
  Response* const response_;
  const UnaryWork<Request, Response> work_;
  Admission admission_;
  ByteBudget::Share share_;  // Until gRPC has sent the answer.
  CallTimer timer_;
};

}  // namespace lethe::server

#endif  // LETHE_SERVER_CALLS_UNARY_CALL_H_
