#include "server/calls/unknown_method.h"

#include "base/reason.h"
#include "server/calls/call_record.h"

namespace lethe::server {
namespace {

class Refusal final : public grpc::ServerGenericBidiReactor {
 public:
  explicit Refusal(const grpc::Status& status) { Finish(status); }
  void OnDone() override { delete this; }
};

}  // namespace

grpc::ServerGenericBidiReactor* UnknownMethod::CreateReactor(
    grpc::GenericCallbackServerContext* /*context*/) {
  // Not the method's name: whoever calls what does not exist may call it anything.
  const CallRecord record(desk_, "unknown");
  return new Refusal(record.End(Refuse(Reason::kMethodUnknown, "the API has no such method"), {}));
}

}  // namespace lethe::server
