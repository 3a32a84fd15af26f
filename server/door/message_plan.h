// What the validator knows of one message type: its fields with their rules, compiled.
#ifndef LETHE_SERVER_DOOR_MESSAGE_PLAN_H_
#define LETHE_SERVER_DOOR_MESSAGE_PLAN_H_

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "google/protobuf/descriptor.h"
#include "lethe/v1/options.pb.h"
#include "re2/re2.h"

namespace lethe::server {

struct MessagePlan;

struct FieldPlan {
  const google::protobuf::FieldDescriptor* field = nullptr;
  v1::FieldRules rules;
  std::set<std::string> needs;         // rules.needs
  std::unique_ptr<re2::RE2> pattern;   // Null without one.
  const MessagePlan* below = nullptr;  // Null for what the walk does not enter.
};

struct MessagePlan {
  std::vector<FieldPlan> fields;
  std::vector<const google::protobuf::OneofDescriptor*> required_choices;
};

// Whether the walk enters messages of this type: ours, but not google.protobuf's own.
bool IsOurs(const google::protobuf::Descriptor* type);

// The plan of one field, without `below`. INTERNAL: it has no rules, or rules that mean nothing.
absl::StatusOr<FieldPlan> PlanField(const google::protobuf::FieldDescriptor* field);

}  // namespace lethe::server

#endif  // LETHE_SERVER_DOOR_MESSAGE_PLAN_H_
