// A service of the API as a table: a method is one line, which names the worker pool it runs on and
// the function that does its work. Which method that is follows from the function's request, a type
// that no other method has.
//
// It does what gRPC's generated CallbackService does, through the same door (MarkMethodCallback),
// without a class and a virtual function for each method.
#ifndef LETHE_SERVER_CALLS_SERVICE_TABLE_H_
#define LETHE_SERVER_CALLS_SERVICE_TABLE_H_

#include <type_traits>

#include "base/check.h"
#include "grpcpp/impl/service_type.h"
#include "grpcpp/support/server_callback.h"
#include "server/calls/artifact_call.h"
#include "server/calls/call_desk.h"
#include "server/calls/incoming.h"
#include "server/calls/unary_call.h"

namespace lethe::server {

// `Api` is what protoc made of the service: v1::VaultService. A method without a line stays
// synchronous (has_synchronous_methods), which no service of ours may be.
template <typename Api>
class ServiceTable final : public Api::Service {
 public:
  explicit ServiceTable(CallDesk& desk) : desk_(desk) {}

  template <typename Request, typename Response>
  void AddUnary(WorkerPool& pool, UnaryWork<Request, Response> work) {
    using Message = std::remove_const_t<Request>;
    const Method& method = MethodOf<Message, Response>();
    const auto start = [this, &method, &pool, work](grpc::CallbackServerContext* context,
                                                    const Incoming<Message>* request,
                                                    Response* response) {
      auto* call =
          new UnaryCall<Request, Response>(desk_, method, context, request, response, work);
      call->Start(pool);
      return call;
    };
    this->MarkMethodCallback(
        method.descriptor->index(),
        new grpc::internal::CallbackUnaryHandler<Incoming<Message>, Response>(start));
  }

  // On the pool of the streams.
  template <typename Request>
  void AddArtifact(const ArtifactKind& kind, ArtifactWork<Request> work) {
    using Chunk = v1::ArtifactChunk;
    const Method& method = MethodOf<Request, Chunk>();
    const auto start = [this, &method, kind, work](grpc::CallbackServerContext* context,
                                                   const Incoming<Request>* request) {
      auto* call = new ArtifactCall(desk_, method, kind, context);
      call->Start(request, work);
      return call;
    };
    this->MarkMethodCallback(
        method.descriptor->index(),
        new grpc::internal::CallbackServerStreamingHandler<Incoming<Request>, Chunk>(start));
  }

  // A stream both ways is a class of its own.
  template <typename Call>
  void AddStream() {
    using Request = typename Call::Request;
    using Response = typename Call::Response;
    const Method& method = MethodOf<Request, Response>();
    const auto start = [this, &method](grpc::CallbackServerContext* context) {
      auto* call = new Call(desk_, method, context);
      call->Start();
      return call;
    };
    this->MarkMethodCallback(
        method.descriptor->index(),
        new grpc::internal::CallbackBidiHandler<Incoming<Request>, Response>(start));
  }

 private:
  template <typename Request, typename Response>
  const Method& MethodOf() const {
    const Method& method = desk_.methods.Of(Request::descriptor());
    LETHE_CHECK(method.descriptor->service()->full_name() == Api::service_full_name());
    LETHE_CHECK(method.descriptor->output_type() == Response::descriptor());
    return method;
  }

  CallDesk& desk_;
};

}  // namespace lethe::server

#endif  // LETHE_SERVER_CALLS_SERVICE_TABLE_H_
