// The files that lethed was told by and reads once: changed or lost afterwards, nobody would miss
// them before the next start.
#ifndef LETHE_SERVER_TELLING_OPERATOR_FILES_H_
#define LETHE_SERVER_TELLING_OPERATOR_FILES_H_

#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "base/clock.h"
#include "base/file_stamp.h"

namespace lethe::server {

struct OperatorFile {
  std::string name;  // "the policy of tenant acme"; stands in messages, the path does not.
  std::string path;
  std::string text;  // As it was read.
};

// Thread-safe.
class OperatorFiles {
 public:
  OperatorFiles(const std::vector<OperatorFile>& files, const Clock& clock);

  // One a file that the next start cannot read, or reads otherwise. By what it says: whoever puts a
  // copy of it back has done all that is needed. Reads only what has changed.
  std::vector<std::string> Alarms() const;

 private:
  const Clock& clock_;
  struct Watched {
    OperatorFile file;
    FileStamp stamp;    // When it was last read here; at first never.
    std::string alarm;  // What was found then; empty: it says the same.
  };
  mutable absl::Mutex mutex_;
  mutable std::vector<Watched> files_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace lethe::server

#endif  // LETHE_SERVER_TELLING_OPERATOR_FILES_H_
