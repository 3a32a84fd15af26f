// A DiskLog is the one ordered list of everything that was done to files: RocksDB's (through
// recording_file_system.h) and any others', told by plain calls. From it a test gets every byte
// ever written, also of renamed and deleted files, and what a power cut after any of its events
// leaves on the disk (disk_state.h). Thread-safe.
//
// Whoever tells it does so after the real operation has succeeded. A write that races with a sync
// is then listed after it and counts as unsynced, which is the cautious side.
#ifndef LETHE_TESTS_SUPPORT_DISK_LOG_H_
#define LETHE_TESTS_SUPPORT_DISK_LOG_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

namespace lethe::test {

// One file for life, whatever its names; a path that is created anew is a new file.
using FileId = std::uint64_t;

struct DiskEvent {
  enum class Op {
    kAdopt,       // `file` was at `path` with `bytes` before the log began; durable.
    kCreate,      // `file`, empty, at `path`, in place of what was there.
    kWrite,       // `bytes` at `offset` of `file`.
    kTruncate,    // `file` to `offset` bytes.
    kSync,        // Every write to `file` so far is durable.
    kSyncFolder,  // Every name in the folder `path` is durable.
    kMakeFolder,  // `path`
    kDeleteFolder,
    kRename,  // `file` from `path` to `target`.
    kLink,    // `file`, at `path`, also at `target`.
    kDelete,  // The name `path` of `file`.
  };
  Op op;
  FileId file = 0;
  std::string path;
  std::string target;
  std::uint64_t offset = 0;
  std::string bytes;
};

// Bytes that were appended to a file one after the other.
struct DiskRun {
  FileId file;
  std::string path;  // The file's first name.
  std::uint64_t offset;
  std::string bytes;
};

class DiskLog {
 public:
  // Takes every file below `folder` as it is now.
  void Adopt(const std::string& folder);

  FileId Create(const std::string& path);
  // The file that is at `path`; the test fails if the log knows of none.
  FileId Open(const std::string& path) const;
  void Write(FileId file, std::uint64_t offset, std::string_view bytes);
  void Truncate(FileId file, std::uint64_t size_bytes);
  void Sync(FileId file);
  void SyncFolder(const std::string& path);
  void MakeFolder(const std::string& path);
  void DeleteFolder(const std::string& path);
  // Of a file, or of a folder with all that is in it.
  void Rename(const std::string& path, const std::string& target);
  void Link(const std::string& path, const std::string& target);
  void Delete(const std::string& path);

  // How many events there are: taken at an acknowledgement, it names the crash point after it.
  std::size_t size() const;
  std::vector<DiskEvent> Events() const { return EventsFrom(0); }
  // Without the first so many.
  std::vector<DiskEvent> EventsFrom(std::size_t first) const;

  // Every byte ever written. A write that goes on where the file's last one ended joins its run,
  // so that a needle is found across two writes.
  std::vector<DiskRun> Runs() const;
  // How many runs hold `needle`.
  std::size_t CountRunsWith(std::string_view needle) const;

 private:
  FileId IdOf(const std::string& path) const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void RenameFolder(const std::string& from, const std::string& to)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Add(DiskEvent event) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  mutable absl::Mutex mutex_;
  std::vector<DiskEvent> events_ ABSL_GUARDED_BY(mutex_);
  std::map<std::string, FileId> names_ ABSL_GUARDED_BY(mutex_);  // As of the last event.
  FileId last_id_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace lethe::test

#endif  // LETHE_TESTS_SUPPORT_DISK_LOG_H_
