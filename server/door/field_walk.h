// One walk over one message: holds every field to its rules and collects what is broken.
#ifndef LETHE_SERVER_DOOR_FIELD_WALK_H_
#define LETHE_SERVER_DOOR_FIELD_WALK_H_

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "google/protobuf/message.h"
#include "server/door/message_plan.h"
#include "server/telling/violations.h"

namespace lethe::server {

// For one thread and one message.
class FieldWalk {
 public:
  // Walks `message`. `needs` names the fields that this use of the type requires.
  void Enter(const google::protobuf::Message& message, const MessagePlan& plan,
             const std::set<std::string>& needs);

  const std::vector<Violation>& violations() const { return violations_; }

 private:
  using Message = google::protobuf::Message;

  void Visit(const Message& message, const FieldPlan& step, bool required);
  void VisitList(const Message& message, const FieldPlan& step);
  void VisitMessage(const Message& value, const FieldPlan& step);
  void VisitText(const std::string& value, const FieldPlan& step);
  void VisitNumber(std::int64_t value, const FieldPlan& step);
  void VisitEnum(int value, const FieldPlan& step);

  void Break(const char* rule, std::string text);
  bool full() const { return violations_.size() >= kViolationsMax; }

  std::string path_;
  std::vector<Violation> violations_;
};

}  // namespace lethe::server

#endif  // LETHE_SERVER_DOOR_FIELD_WALK_H_
