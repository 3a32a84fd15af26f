#include "server/telling/violations.h"

#include "absl/strings/cord.h"
#include "absl/strings/str_format.h"
#include "lethe/rpc/v1/error.pb.h"

namespace lethe::server {
namespace {

constexpr char kPayloadUrl[] = "lethe.server/violations";

// "field: text", which is also what a person reads first.
std::string Sentence(const Violation& violation) {
  return absl::StrFormat("%s %s", violation.field, violation.text);
}

}  // namespace

absl::Status StatusOf(const std::vector<Violation>& violations) {
  if (violations.empty()) return absl::OkStatus();
  const Violation& first = violations.front();
  std::string message = Sentence(first);
  if (violations.size() > 1) {
    message += absl::StrFormat(" (and %d more)", violations.size() - 1);
  }
  absl::Status status = Refuse(first.reason, message, first.field, first.rule);
  rpc::v1::BadRequest list;
  for (const Violation& violation : violations) {
    auto* row = list.add_field_violations();
    row->set_field(violation.field);
    row->set_description(violation.text);
  }
  status.SetPayload(kPayloadUrl, absl::Cord(list.SerializeAsString()));
  return status;
}

std::vector<Violation> ViolationsOf(const absl::Status& status) {
  std::vector<Violation> violations;
  const auto payload = status.GetPayload(kPayloadUrl);
  rpc::v1::BadRequest list;
  if (payload.has_value() && list.ParseFromString(std::string(*payload))) {
    for (const auto& row : list.field_violations()) {
      violations.push_back({.field = row.field(), .text = row.description()});
    }
    return violations;
  }
  if (const std::string field = FieldOf(status); !field.empty()) {
    violations.push_back({.field = field, .rule = RuleOf(status), .text = RuleOf(status)});
  }
  return violations;
}

}  // namespace lethe::server
