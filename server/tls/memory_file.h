// A file that is nowhere but in memory, for libraries that read paths and nothing else.
#ifndef LETHE_SERVER_TLS_MEMORY_FILE_H_
#define LETHE_SERVER_TLS_MEMORY_FILE_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace lethe::server {

// A memfd, reached by /proc/self/fd: no other process of any user but root opens it
// (base/memory/process_hardening.h), nothing is left of it when the process ends, however it ends,
// and no disk ever has it, unless the machine swaps.
//
// Whoever opens the path has the old contents or the new ones, whole; and the file's time differs
// from that of any contents before, to the second, whatever the clock says.
class MemoryFile {
 public:
  // UNAVAILABLE: the kernel gives none, or /proc is not there.
  static absl::StatusOr<MemoryFile> Create(std::string_view contents);
  MemoryFile(MemoryFile&& other) noexcept;
  MemoryFile& operator=(MemoryFile&&) = delete;
  ~MemoryFile();

  // Contents that are ready to take the place of those that a file has.
  class Next {
   public:
    Next(Next&& other) noexcept;
    Next& operator=(Next&&) = delete;
    ~Next();

   private:
    friend class MemoryFile;
    explicit Next(int fd) : fd_(fd) {}
    int fd_;
  };
  // UNAVAILABLE, for instance since there is no descriptor left.
  absl::StatusOr<Next> Prepare(std::string_view contents) const;
  // Cannot fail, so that several files can be replaced or none.
  void Take(Next next);
  const std::string& path() const { return path_; }

 private:
  explicit MemoryFile(int fd);

  int fd_;
  std::int64_t number_ = 1;  // Of the contents; the file's time.
  std::string path_;
};

}  // namespace lethe::server

#endif  // LETHE_SERVER_TLS_MEMORY_FILE_H_
