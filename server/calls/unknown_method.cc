#include "server/calls/unknown_method.h"

#include "base/reason.h"
#include "grpcpp/support/byte_buffer.h"
#include "grpcpp/support/server_callback.h"
#include "server/calls/call_record.h"
#include "server/calls/incoming.h"

namespace lethe::server {
namespace {

class Refusal final : public grpc::ServerGenericBidiReactor {
 public:
  // What came with the call is read only to be overwritten; the end does not wait for it.
  explicit Refusal(const grpc::Status& status) {
    StartRead(&request_);
    Finish(status);
  }
  void OnReadDone(bool ok) override {
    if (ok) WipeSlices(SlicesOf(request_));
  }
  void OnDone() override { delete this; }

 private:
  grpc::ByteBuffer request_;
};

}  // namespace

grpc::ServerGenericBidiReactor* UnknownMethod::CreateReactor(
    grpc::GenericCallbackServerContext* /*context*/) {
  // Not the method's name: whoever calls what does not exist may call it anything.
  const CallRecord record(desk_, "unknown");
  return new Refusal(record.End(Refuse(Reason::kMethodUnknown, "the API has no such method"), {}));
}

}  // namespace lethe::server
