#include "server/door/method_table.h"

#include <algorithm>
#include <set>

#include "absl/strings/str_format.h"
#include "base/check.h"
#include "base/reason.h"
#include "base/status_macros.h"
#include "lethe/v1/admin_service.pb.h"
#include "lethe/v1/rights_service.pb.h"
#include "lethe/v1/vault_service.pb.h"
#include "server/door/permission.h"

namespace lethe::server {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::MethodDescriptor;
using google::protobuf::ServiceDescriptor;

// An import has one in every line.
bool HasRequestId(const Descriptor* request) {
  if (request->FindFieldByName("request_id") != nullptr) return true;
  for (int i = 0; i < request->field_count(); ++i) {
    const auto* field = request->field(i);
    const auto* item = field->is_repeated() ? field->message_type() : nullptr;
    if (item != nullptr && item->FindFieldByName("request_id") != nullptr) return true;
  }
  return false;
}

absl::Status BadRules(const Method& method, const char* what) {
  return Refuse(Reason::kInternal, absl::StrFormat("%s %s", method.name, what));
}

absl::StatusOr<Method> MethodFrom(const MethodDescriptor* descriptor) {
  const v1::MethodRules& rules = descriptor->options().GetExtension(v1::method);
  Method method;
  method.name = absl::StrFormat("%s/%s", descriptor->service()->full_name(), descriptor->name());
  method.permission = rules.permission();
  method.descriptor = descriptor;
  if (AudienceOf(method.permission) == v1::AUDIENCE_UNSPECIFIED) {
    return BadRules(method, "has no permission that anybody can hold");
  }
  if (rules.changes() != HasRequestId(descriptor->input_type())) {
    return BadRules(method, "must have a request_id if it changes something, and only then");
  }
  return method;
}

}  // namespace

absl::StatusOr<MethodTable> MethodTable::Build() {
  return Build({v1::GetRecordRequest::descriptor()->file()->FindServiceByName("VaultService"),
                v1::EraseSubjectRequest::descriptor()->file()->FindServiceByName("RightsService"),
                v1::GetStatusRequest::descriptor()->file()->FindServiceByName("AdminService")});
}

absl::StatusOr<MethodTable> MethodTable::Build(
    const std::vector<const ServiceDescriptor*>& services) {
  MethodTable table;
  std::set<const Descriptor*> requests;
  for (const ServiceDescriptor* service : services) {
    LETHE_CHECK(service != nullptr);
    for (int i = 0; i < service->method_count(); ++i) {
      LETHE_ASSIGN(Method method, MethodFrom(service->method(i)));
      if (!requests.insert(method.descriptor->input_type()).second) {
        return BadRules(method, "must not share its request with another method");
      }
      table.methods_.emplace(method.name, method);
    }
  }
  return table;
}

const Method& MethodTable::Of(const Descriptor* request) const {
  const auto entry = std::find_if(methods_.begin(), methods_.end(), [request](const auto& row) {
    return row.second.descriptor->input_type() == request;
  });
  LETHE_CHECK(entry != methods_.end());
  return entry->second;
}

std::vector<const Descriptor*> MethodTable::RequestTypes() const {
  std::vector<const Descriptor*> types;
  for (const auto& [name, method] : methods_) types.push_back(method.descriptor->input_type());
  return types;
}

}  // namespace lethe::server
