// A DiskState is what a disk holds: files with their bytes, after a power cut at some point of a
// DiskLog. A pure function of the log and the crash, so that a failing case is run again from its
// numbers.
#ifndef LETHE_TESTS_SUPPORT_DISK_STATE_H_
#define LETHE_TESTS_SUPPORT_DISK_STATE_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <span>
#include <string>

#include "tests/support/disk_log.h"

namespace lethe::test {

// What happens to writes and names that no sync has made durable. Of each file (and, for names, of
// each folder) a prefix of what was done since its last sync survives.
enum class Unsynced {
  kKeep,  // All of it: the process was killed, the machine was not.
  kDrop,  // Nothing.
  kTear,  // All, but each file's last write is cut in half.
  kMix,   // Of each file and folder another prefix, the write at its end cut anywhere; by `seed`.
};

struct Crash {
  std::size_t events;  // The first so many events of the log happened.
  Unsynced unsynced = Unsynced::kDrop;
  std::uint64_t seed = 0;
};

class DiskState {
 public:
  DiskState(std::span<const DiskEvent> events, const Crash& crash);

  // By path. Folders themselves are taken as durable: nobody syncs the parent of a data folder.
  const std::map<std::string, std::string>& files() const { return files_; }
  const std::set<std::string>& folders() const { return folders_; }

  // Writes what lies below the folder `from` below the folder `to`, which is made.
  void WriteTo(const std::string& from, const std::string& to) const;

 private:
  std::map<std::string, std::string> files_;
  std::set<std::string> folders_;
};

}  // namespace lethe::test

#endif  // LETHE_TESTS_SUPPORT_DISK_STATE_H_
