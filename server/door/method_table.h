// Every method of the API with what it asks of its caller, read from the proto at start.
#ifndef LETHE_SERVER_DOOR_METHOD_TABLE_H_
#define LETHE_SERVER_DOOR_METHOD_TABLE_H_

#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "google/protobuf/descriptor.h"
#include "lethe/v1/options.pb.h"

namespace lethe::server {

struct Method {
  std::string name;  // "lethe.v1.VaultService/GetRecord", as gRPC writes it.
  v1::Permission permission = v1::PERMISSION_UNSPECIFIED;
  const google::protobuf::MethodDescriptor* descriptor = nullptr;
};

class MethodTable {
 public:
  // Of this server's services.
  static absl::StatusOr<MethodTable> Build();
  // INTERNAL names the method that has no permission, or one nobody can hold: denied by default,
  // and found at start instead of by a caller. Also one whose request has a `request_id` though it
  // changes nothing, or none though it does; and one that shares its request with another.
  static absl::StatusOr<MethodTable> Build(
      const std::vector<const google::protobuf::ServiceDescriptor*>& services);

  // The method with this request, which no other has. It must be in the table (checked).
  const Method& Of(const google::protobuf::Descriptor* request) const;

  const std::map<std::string, Method, std::less<>>& methods() const { return methods_; }
  std::vector<const google::protobuf::Descriptor*> RequestTypes() const;

 private:
  std::map<std::string, Method, std::less<>> methods_;
};

}  // namespace lethe::server

#endif  // LETHE_SERVER_DOOR_METHOD_TABLE_H_
