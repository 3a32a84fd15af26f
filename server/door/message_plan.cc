#include "server/door/message_plan.h"

#include "absl/strings/str_format.h"
#include "base/reason.h"

namespace lethe::server {
namespace {

using google::protobuf::FieldDescriptor;

absl::Status BadRules(const FieldDescriptor* field, const char* what) {
  return Refuse(Reason::kInternal, absl::StrFormat("%s: %s", field->full_name(), what));
}

}  // namespace

bool IsOurs(const google::protobuf::Descriptor* type) {
  return type->file()->package() == "lethe.v1";
}

absl::StatusOr<FieldPlan> PlanField(const FieldDescriptor* field) {
  FieldPlan plan;
  plan.field = field;
  plan.rules = field->options().GetExtension(v1::rules);
  // Rules that say nothing are as good as none: `any` is how one says so on purpose.
  if (plan.rules.ByteSizeLong() == 0) return BadRules(field, "has no rules");
  plan.needs.insert(plan.rules.needs().begin(), plan.rules.needs().end());
  for (const std::string& name : plan.needs) {
    const auto* type = field->message_type();
    if (type == nullptr || type->FindFieldByName(name) == nullptr) {
      return BadRules(field, "needs a field that does not exist");
    }
  }
  if (!plan.rules.pattern().empty()) {
    plan.pattern = std::make_unique<re2::RE2>(plan.rules.pattern(), re2::RE2::Quiet);
    if (!plan.pattern->ok()) return BadRules(field, "has a pattern that does not compile");
  }
  return plan;
}

}  // namespace lethe::server
