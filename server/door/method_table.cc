#include "server/door/method_table.h"

#include "absl/strings/str_format.h"
#include "base/check.h"
#include "base/reason.h"
#include "base/status_macros.h"
#include "lethe/v1/admin_service.pb.h"
#include "lethe/v1/options.pb.h"
#include "lethe/v1/rights_service.pb.h"
#include "lethe/v1/vault_service.pb.h"

namespace lethe::server {
namespace {

using google::protobuf::MethodDescriptor;
using google::protobuf::ServiceDescriptor;

// Every permission there is.
const std::map<std::string, Audience, std::less<>>& Permissions() {
  static const auto* const permissions = new std::map<std::string, Audience, std::less<>>{
      {"subjects.create", Audience::kTenant},   {"subjects.get", Audience::kTenant},
      {"subjects.list", Audience::kTenant},     {"subjects.lookup", Audience::kTenant},
      {"identifiers.add", Audience::kTenant},   {"identifiers.remove", Audience::kTenant},
      {"records.create", Audience::kTenant},    {"records.get", Audience::kTenant},
      {"records.list", Audience::kTenant},      {"records.update", Audience::kTenant},
      {"records.delete", Audience::kTenant},    {"records.import", Audience::kTenant},
      {"subjects.erase", Audience::kTenant},    {"erasures.get", Audience::kTenant},
      {"subjects.restrict", Audience::kTenant}, {"subjects.unrestrict", Audience::kTenant},
      {"subjects.report", Audience::kTenant},   {"subjects.export", Audience::kTenant},
      {"erasures.undo", Audience::kTenant},     {"tenants.offboard", Audience::kTenant},
      {"status.get", Audience::kAnybody},       {"backups.create", Audience::kOperator},
      {"keys.get", Audience::kOperator},        {"keys.rotate", Audience::kOperator},
      {"keys.step", Audience::kOperator},       {"keys.attest", Audience::kOperator},
      {"holders.retire", Audience::kOperator},
  };
  return *permissions;
}

absl::StatusOr<Method> MethodFrom(const MethodDescriptor* descriptor) {
  Method method;
  method.name = absl::StrFormat("%s/%s", descriptor->service()->full_name(), descriptor->name());
  method.permission = descriptor->options().GetExtension(v1::permission);
  method.request = descriptor->input_type();
  const auto entry = Permissions().find(method.permission);
  if (entry == Permissions().end()) {
    return Refuse(Reason::kInternal,
                  absl::StrFormat("%s has no permission that anybody can hold", method.name));
  }
  method.audience = entry->second;
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
  for (const ServiceDescriptor* service : services) {
    LETHE_CHECK(service != nullptr);
    for (int i = 0; i < service->method_count(); ++i) {
      LETHE_ASSIGN(Method method, MethodFrom(service->method(i)));
      table.methods_.emplace(method.name, method);
    }
  }
  return table;
}

const Method& MethodTable::Get(std::string_view name) const {
  const auto entry = methods_.find(name);
  LETHE_CHECK(entry != methods_.end());
  return entry->second;
}

std::vector<const google::protobuf::Descriptor*> MethodTable::RequestTypes() const {
  std::vector<const google::protobuf::Descriptor*> types;
  for (const auto& [name, method] : methods_) types.push_back(method.request);
  return types;
}

}  // namespace lethe::server
