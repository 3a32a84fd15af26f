// Every method of the API with what it asks of its caller, read from the proto at start.
#ifndef LETHE_SERVER_DOOR_METHOD_TABLE_H_
#define LETHE_SERVER_DOOR_METHOD_TABLE_H_

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "google/protobuf/descriptor.h"

namespace lethe::server {

// Who holds a permission. Roles within a tenant will refine this; an operator holds none over data.
enum class Audience {
  kTenant,    // Clients of the tenant that the request names.
  kOperator,  // Those who run the server, and belong to no tenant.
  kAnybody,   // Every caller with an identity.
};

struct Method {
  std::string name;  // "lethe.v1.VaultService/GetRecord", as gRPC writes it.
  std::string permission;
  Audience audience = Audience::kTenant;
  const google::protobuf::Descriptor* request = nullptr;
};

class MethodTable {
 public:
  // Of this server's services.
  static absl::StatusOr<MethodTable> Build();
  // INTERNAL names the method that has no permission, or one nobody can hold: denied by default,
  // and found at start instead of by a caller.
  static absl::StatusOr<MethodTable> Build(
      const std::vector<const google::protobuf::ServiceDescriptor*>& services);

  // `name` must be in the table (checked).
  const Method& Get(std::string_view name) const;

  const std::map<std::string, Method, std::less<>>& methods() const { return methods_; }
  std::vector<const google::protobuf::Descriptor*> RequestTypes() const;

 private:
  std::map<std::string, Method, std::less<>> methods_;
};

}  // namespace lethe::server

#endif  // LETHE_SERVER_DOOR_METHOD_TABLE_H_
