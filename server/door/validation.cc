#include "server/door/validation.h"

#include "base/check.h"
#include "base/status_macros.h"
#include "server/door/field_walk.h"
#include "server/door/formats.h"
#include "server/door/message_plan.h"
#include "server/telling/violations.h"

namespace lethe::server {

using google::protobuf::Descriptor;
using google::protobuf::Message;

Validator::Validator() = default;
Validator::~Validator() = default;

absl::StatusOr<std::unique_ptr<Validator>> Validator::Plan(
    const std::vector<const Descriptor*>& roots) {
  std::unique_ptr<Validator> validator(new Validator);
  for (const Descriptor* root : roots) {
    LETHE_TRY(validator->Add(root).status());
  }
  return validator;
}

absl::StatusOr<const MessagePlan*> Validator::Add(const Descriptor* type) {
  const auto [entry, is_new] = plans_.try_emplace(type, nullptr);
  if (!is_new) return entry->second.get();
  // In the table before its fields are planned, so that a type may contain itself.
  entry->second = std::make_unique<MessagePlan>();
  MessagePlan* plan = entry->second.get();
  for (int i = 0; i < type->field_count(); ++i) {
    LETHE_ASSIGN(FieldPlan field, PlanField(type->field(i)));
    const Descriptor* below = field.field->message_type();
    if (below != nullptr && IsOurs(below)) {
      LETHE_ASSIGN(field.below, Add(below));
    }
    plan->fields.push_back(std::move(field));
  }
  for (int i = 0; i < type->oneof_decl_count(); ++i) {
    const auto* choice = type->oneof_decl(i);
    if (choice->options().GetExtension(v1::choice_required)) {
      plan->required_choices.push_back(choice);
    }
  }
  return plan;
}

const MessagePlan& Validator::PlanOf(const Message& message) const {
  const auto entry = plans_.find(message.GetDescriptor());
  LETHE_CHECK(entry != plans_.end());
  return *entry->second;
}

absl::Status Validator::Check(const Message& message) const {
  FieldWalk walk;
  walk.Enter(message, PlanOf(message), {});
  return StatusOf(walk.violations());
}

namespace {

using NameVisitor = std::function<void(const std::string&)>;

void VisitNames(const Message& message, const MessagePlan& plan, const std::set<std::string>& needs,
                const NameVisitor& visit) {
  const auto* reflection = message.GetReflection();
  for (const FieldPlan& step : plan.fields) {
    const bool ignored = step.rules.output_only() && !needs.contains(step.field->name());
    if (ignored || step.field->is_repeated()) continue;
    if (step.below != nullptr) {
      if (!reflection->HasField(message, step.field)) continue;
      VisitNames(reflection->GetMessage(message, step.field), *step.below, step.needs, visit);
    } else if (IsNameFormat(step.rules.format())) {
      std::string scratch;
      const auto& name = reflection->GetStringReference(message, step.field, &scratch);
      if (!name.empty()) visit(name);
    }
  }
}

}  // namespace

void Validator::ForEachName(const Message& message, const NameVisitor& visit) const {
  VisitNames(message, PlanOf(message), {}, visit);
}

}  // namespace lethe::server
