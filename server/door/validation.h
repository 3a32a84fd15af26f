// A Validator holds requests to the rules of their fields (proto/lethe/v1/options.proto).
//
// One plan per message type is made at start: the walk over a request looks nothing up and compiles
// nothing. Immutable after construction, so every thread may use it.
#ifndef LETHE_SERVER_DOOR_VALIDATION_H_
#define LETHE_SERVER_DOOR_VALIDATION_H_

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"

namespace lethe::server {

struct MessagePlan;

class Validator {
 public:
  // Plans every type in `roots` and everything below. INTERNAL: a field has no rules, or a pattern
  // does not compile; the message names the field.
  static absl::StatusOr<std::unique_ptr<Validator>> Plan(
      const std::vector<const google::protobuf::Descriptor*>& roots);
  ~Validator();

  // INVALID_ARGUMENT (kFieldRequired or kFieldInvalid, after the first violation) with every
  // violation up to kViolationsMax (violations.h). Names fields and rules, never a value.
  // `message` must be of a planned type (checked).
  absl::Status Check(const google::protobuf::Message& message) const;

  // Calls `visit` with every resource name in the request that decides whose data it is about.
  void ForEachName(const google::protobuf::Message& message,
                   const std::function<void(const std::string&)>& visit) const;

 private:
  Validator();
  absl::StatusOr<const MessagePlan*> Add(const google::protobuf::Descriptor* type);
  const MessagePlan& PlanOf(const google::protobuf::Message& message) const;

  std::unordered_map<const google::protobuf::Descriptor*, std::unique_ptr<MessagePlan>> plans_;
};

}  // namespace lethe::server

#endif  // LETHE_SERVER_DOOR_VALIDATION_H_
