// What a call to the server came to, in the three ways a test must tell apart: done, refused, or
// unknown, since the server may have done it before it died.
#ifndef LETHE_TESTS_SYSTEM_ANSWER_H_
#define LETHE_TESTS_SYSTEM_ANSWER_H_

#include <string>
#include <utility>

#include "absl/status/status.h"

namespace lethe::test {

enum class Outcome { kDone, kRefused, kUnknown };

struct CallError {
  absl::StatusCode code = absl::StatusCode::kOk;  // gRPC's, number for number.
  std::string reason;  // google.rpc.ErrorInfo.reason; empty if the server did not say.
  std::string message;

  // Refused only if the server itself says so: a broken connection, a passed deadline, a sealed
  // vault leave open what happened.
  Outcome outcome() const;
  // A refusal that a correct client may meet at any time and that changes nothing.
  bool IsPassing() const;
  // What a server says when storage failed under it.
  bool SaysWriteFailed() const;
  std::string ToText() const;
};

template <typename T>
class Answer {
 public:
  Answer(T value) : value_(std::move(value)) {}          // NOLINT(google-explicit-constructor)
  Answer(CallError error) : error_(std::move(error)) {}  // NOLINT(google-explicit-constructor)

  bool ok() const { return error_.code == absl::StatusCode::kOk; }
  Outcome outcome() const { return error_.outcome(); }
  const CallError& error() const { return error_; }
  bool Is(const std::string& reason) const { return !ok() && error_.reason == reason; }
  const T& operator*() const { return value_; }
  T& operator*() { return value_; }
  const T* operator->() const { return &value_; }

 private:
  T value_{};
  CallError error_;
};

struct Nothing {};

}  // namespace lethe::test

#endif  // LETHE_TESTS_SYSTEM_ANSWER_H_
