#include "server/door/field_walk.h"

#include "absl/strings/str_format.h"
#include "base/text/utf8.h"
#include "google/protobuf/timestamp.pb.h"
#include "server/door/formats.h"

namespace lethe::server {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Timestamp;

constexpr char kRequired[] = "required";

// 0001-01-01 to 9999-12-31, the range that google.protobuf.Timestamp defines.
constexpr std::int64_t kSecondsMin = -62'135'596'800;
constexpr std::int64_t kSecondsMax = 253'402'300'799;

bool IsTimestamp(const FieldDescriptor* field) {
  return field->message_type() == Timestamp::descriptor();
}

bool IsInRange(const Timestamp& time) {
  return time.seconds() >= kSecondsMin && time.seconds() <= kSecondsMax && time.nanos() >= 0 &&
         time.nanos() < 1'000'000'000;
}

}  // namespace

void FieldWalk::Break(const char* rule, std::string text) {
  if (full()) return;
  const bool absent = rule == kRequired;
  violations_.push_back(
      {absent ? Reason::kFieldRequired : Reason::kFieldInvalid, path_, rule, std::move(text)});
}

void FieldWalk::Enter(const Message& message, const MessagePlan& plan,
                      const std::set<std::string>& needs) {
  const std::size_t above = path_.size();
  const std::string prefix = path_.empty() ? "" : path_ + ".";
  for (const auto* choice : plan.required_choices) {
    if (message.GetReflection()->HasOneof(message, choice)) continue;
    path_ = prefix + choice->name();
    Break(kRequired, "is required");
  }
  for (const FieldPlan& step : plan.fields) {
    const bool needed = needs.contains(step.field->name());
    if (full() || (step.rules.output_only() && !needed)) continue;
    path_ = prefix + step.field->name();
    Visit(message, step, needed || step.rules.required());
  }
  path_.resize(above);
}

void FieldWalk::Visit(const Message& message, const FieldPlan& step, bool required) {
  const auto* reflection = message.GetReflection();
  const FieldDescriptor* field = step.field;
  const bool present = field->is_repeated() ? reflection->FieldSize(message, field) > 0
                                            : reflection->HasField(message, field);
  if (!present) {
    if (required) Break(kRequired, "is required");
    return;
  }
  if (field->is_repeated()) return VisitList(message, step);
  std::string scratch;
  switch (field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return VisitMessage(reflection->GetMessage(message, field), step);
    case FieldDescriptor::CPPTYPE_STRING:
      return VisitText(reflection->GetStringReference(message, field, &scratch), step);
    case FieldDescriptor::CPPTYPE_ENUM:
      return VisitEnum(reflection->GetEnumValue(message, field), step);
    case FieldDescriptor::CPPTYPE_INT32:
      return VisitNumber(reflection->GetInt32(message, field), step);
    case FieldDescriptor::CPPTYPE_INT64:
      return VisitNumber(reflection->GetInt64(message, field), step);
    default:
      return;
  }
}

// Lists of requests hold messages only; PlanField has no rule for the elements of others.
void FieldWalk::VisitList(const Message& message, const FieldPlan& step) {
  const auto* reflection = message.GetReflection();
  const int size = reflection->FieldSize(message, step.field);
  if (step.rules.max_items() > 0 && static_cast<std::uint32_t>(size) > step.rules.max_items()) {
    return Break("max_items",
                 absl::StrFormat("must have at most %d items", step.rules.max_items()));
  }
  if (step.below == nullptr || step.rules.each_alone()) return;
  const std::string list = path_;
  for (int i = 0; i < size && !full(); ++i) {
    path_ = absl::StrFormat("%s[%d]", list, i);
    Enter(reflection->GetRepeatedMessage(message, step.field, i), *step.below, step.needs);
  }
  path_ = list;
}

void FieldWalk::VisitMessage(const Message& value, const FieldPlan& step) {
  if (step.below != nullptr) return Enter(value, *step.below, step.needs);
  if (IsTimestamp(step.field) && !IsInRange(static_cast<const Timestamp&>(value))) {
    Break("timestamp", "must lie between the years 1 and 9999");
  }
}

void FieldWalk::VisitText(const std::string& value, const FieldPlan& step) {
  const v1::FieldRules& rules = step.rules;
  if (rules.max_bytes() > 0 && value.size() > rules.max_bytes()) {
    return Break("max_bytes", absl::StrFormat("must be at most %d bytes", rules.max_bytes()));
  }
  if (step.field->type() == FieldDescriptor::TYPE_STRING && !IsUtf8(value)) {
    return Break("utf8", "must be UTF-8");
  }
  if (!HasFormat(value, rules.format())) {
    return Break("format", absl::StrFormat("must be %s", DescriptionOf(rules.format())));
  }
  if (step.pattern != nullptr && !re2::RE2::FullMatch(value, *step.pattern)) {
    Break("pattern", absl::StrFormat("must match %s", rules.pattern()));
  }
}

void FieldWalk::VisitNumber(std::int64_t value, const FieldPlan& step) {
  if (step.rules.has_min() && value < step.rules.min()) {
    Break("min", absl::StrFormat("must be at least %d", step.rules.min()));
  }
}

void FieldWalk::VisitEnum(int value, const FieldPlan& step) {
  if (step.field->enum_type()->FindValueByNumber(value) == nullptr) {
    Break("known_value", "must be one of the values that this version knows");
  }
}

}  // namespace lethe::server
