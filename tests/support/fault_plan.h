// A FaultPlan decides which of the coming file operations fail. It knows no file system, so that
// whoever writes files in a test can ask it. Thread-safe.
#ifndef LETHE_TESTS_SUPPORT_FAULT_PLAN_H_
#define LETHE_TESTS_SUPPORT_FAULT_PLAN_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

namespace lethe::test {

class FaultPlan {
 public:
  enum class Kind { kCreate, kWrite, kSync, kRename };
  enum class Mode { kOnce, kSticky };  // kSticky: that one and every later one of its kind.

  // Fails the `nth` operation of `kind` from now on (1: the next one) on files whose path ends in
  // `suffix`.
  void FailNth(Kind kind, int nth, Mode mode, std::string suffix = "");
  // Nothing planned fails any more.
  void Clear();

  // Counts the operation; true: it must fail, and must have changed nothing.
  bool Fails(Kind kind, std::string_view path);
  // How many operations of `kind` there were.
  int Count(Kind kind) const;

  // What the file system says is free; nullopt: the truth.
  void SetFreeBytes(std::optional<std::uint64_t> bytes);
  std::optional<std::uint64_t> FreeBytes() const;

 private:
  struct Fault {
    Kind kind;
    int operations_left;  // Until it strikes.
    Mode mode;
    std::string suffix;
  };

  mutable absl::Mutex mutex_;
  std::vector<Fault> faults_ ABSL_GUARDED_BY(mutex_);
  std::map<Kind, int> counts_ ABSL_GUARDED_BY(mutex_);
  std::optional<std::uint64_t> free_bytes_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace lethe::test

#endif  // LETHE_TESTS_SUPPORT_FAULT_PLAN_H_
