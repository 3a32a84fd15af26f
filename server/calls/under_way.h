// How many calls are under way, so that an end need not wait for connections that carry none.
#ifndef LETHE_SERVER_CALLS_UNDER_WAY_H_
#define LETHE_SERVER_CALLS_UNDER_WAY_H_

#include <atomic>

namespace lethe::server {

// Thread-safe.
class UnderWay {
 public:
  // Counts one call as long as it lives.
  class Call {
   public:
    explicit Call(UnderWay& all) : all_(all) { ++all_.count_; }
    ~Call() { --all_.count_; }
    Call(const Call&) = delete;
    Call& operator=(const Call&) = delete;

   private:
    UnderWay& all_;
  };

  bool none() const { return count_ == 0; }

 private:
  std::atomic<int> count_{0};
};

}  // namespace lethe::server

#endif  // LETHE_SERVER_CALLS_UNDER_WAY_H_
