// A TempDir is a folder of one test's own, removed with everything in it at the end.
#ifndef LETHE_TESTS_SUPPORT_TEMP_DIR_H_
#define LETHE_TESTS_SUPPORT_TEMP_DIR_H_

#include <cstdlib>
#include <filesystem>
#include <string>
#include <system_error>

#include "base/check.h"

namespace lethe::test {

class TempDir {
 public:
  enum class On {
    kDisk,
    kMemory,  // Where the machine has it, for tests that make and drop hundreds of databases.
  };

  explicit TempDir(On on = On::kDisk) {
    std::error_code ignored;
    const bool in_memory = on == On::kMemory && std::filesystem::is_directory("/dev/shm", ignored);
    path_ = in_memory ? "/dev/shm" : std::filesystem::temp_directory_path().string();
    path_ += "/lethe_test_XXXXXX";
    LETHE_CHECK(mkdtemp(path_.data()) != nullptr);
  }
  ~TempDir() {
    std::error_code ignored;  // A folder that stays behind is no reason to fail a test.
    std::filesystem::remove_all(path_, ignored);
  }
  TempDir(const TempDir&) = delete;
  TempDir& operator=(const TempDir&) = delete;

  const std::string& path() const { return path_; }
  std::string operator/(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

}  // namespace lethe::test

#endif  // LETHE_TESTS_SUPPORT_TEMP_DIR_H_
