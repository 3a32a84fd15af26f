// A Transcript keeps what the server said when it refused, for the search for personal data in it.
#ifndef LETHE_TESTS_SYSTEM_TRANSCRIPT_H_
#define LETHE_TESTS_SYSTEM_TRANSCRIPT_H_

#include <fstream>
#include <mutex>
#include <string>

namespace lethe::test {

// Thread-safe.
class Transcript {
 public:
  explicit Transcript(const std::string& path) : out_(path, std::ios::app) {}

  void Add(const std::string& line) {
    const std::lock_guard lock(mutex_);
    out_ << line << '\n';
    out_.flush();
    ++lines_;
  }
  std::int64_t lines() const {
    const std::lock_guard lock(mutex_);
    return lines_;
  }

 private:
  mutable std::mutex mutex_;
  std::ofstream out_;
  std::int64_t lines_ = 0;
};

}  // namespace lethe::test

#endif  // LETHE_TESTS_SYSTEM_TRANSCRIPT_H_
