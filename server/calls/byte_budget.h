// How many bytes of requests, answers and stream pieces may be in flight: in all, and of one
// caller.
//
// A caller that sends much at once, or does not read what it asked for, comes to the end of its own
// part and is refused with QUOTA; everybody else's is still there. Where several have taken it all
// together, whoever has nothing in flight may still send something small.
#ifndef LETHE_SERVER_CALLS_BYTE_BUDGET_H_
#define LETHE_SERVER_CALLS_BYTE_BUDGET_H_

#include <cstdint>
#include <map>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"

namespace lethe::server {

// Thread-safe.
class ByteBudget {
 public:
  // Of a caller that has nothing else in flight, so much is never too much: most requests.
  static constexpr std::int64_t kSmall = 64 << 10;

  // One caller may use half of it.
  explicit ByteBudget(std::int64_t bytes) : max_(bytes), max_of_one_(bytes / 2) {}

  // What one call holds. It gives it back when it dies. Not thread-safe.
  class Share {
   public:
    explicit Share(ByteBudget& budget) : budget_(budget) {}
    ~Share() { Set(0); }
    Share(const Share&) = delete;
    Share& operator=(const Share&) = delete;

    // Whose bytes they are; to be told once, before the first are taken.
    void Of(const std::string& principal) { principal_ = principal; }

    // `bytes` more. RESOURCE_EXHAUSTED (kQuota): there are not as many, and nothing has changed.
    absl::Status Grow(std::int64_t bytes);
    // Exactly `bytes` from now on, even if there are not as many: for what is in memory already.
    void Set(std::int64_t bytes);

    std::int64_t bytes() const { return bytes_; }

   private:
    ByteBudget& budget_;
    std::string principal_;
    std::int64_t bytes_ = 0;
  };

  std::int64_t used() const;

 private:
  // Whether there is as much, and it is taken.
  bool Take(const std::string& principal, std::int64_t bytes);
  void Change(const std::string& principal, std::int64_t bytes);

  const std::int64_t max_;
  const std::int64_t max_of_one_;
  mutable absl::Mutex mutex_;
  std::int64_t used_ ABSL_GUARDED_BY(mutex_) = 0;
  std::map<std::string, std::int64_t> used_by_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace lethe::server

#endif  // LETHE_SERVER_CALLS_BYTE_BUDGET_H_
