#include "tests/support/disk_state.h"

#include <filesystem>
#include <fstream>
#include <random>
#include <utility>
#include <vector>

#include "base/check.h"

namespace lethe::test {
namespace {

using Op = DiskEvent::Op;

struct FileBytes {
  std::string durable;
  std::vector<const DiskEvent*> pending;  // Writes and truncations since the last sync.
};

struct NameChange {
  const DiskEvent* event;
  bool durable = false;
};

// The log's paths are normal, and there are tens of thousands of them: no std::filesystem::path.
std::string FolderOf(const std::string& path) { return path.substr(0, path.rfind('/')); }

// The folder whose sync makes the change durable.
std::string FolderOf(const DiskEvent& event) {
  return FolderOf(event.target.empty() ? event.path : event.target);
}

void Apply(const DiskEvent& event, std::size_t bytes_kept, std::string& content) {
  if (event.op == Op::kTruncate) {
    content.resize(event.offset);
    return;
  }
  const std::size_t end = event.offset + bytes_kept;
  if (content.size() < end) content.resize(end);
  content.replace(event.offset, bytes_kept, event.bytes, 0, bytes_kept);
}

// Replays a log and then decides what of the unsynced rest survives.
class Replay {
 public:
  explicit Replay(const Crash& crash) : crash_(crash), random_(crash.seed) {}

  void Take(const DiskEvent& event) {
    switch (event.op) {
      case Op::kAdopt:
        bytes_[event.file].durable = event.bytes;
        names_.push_back({&event, true});
        break;
      case Op::kWrite:
      case Op::kTruncate:
        bytes_[event.file].pending.push_back(&event);
        break;
      case Op::kSync:
        Settle(bytes_[event.file], bytes_[event.file].pending.size());
        break;
      case Op::kSyncFolder:
        for (NameChange& change : names_) {
          if (FolderOf(*change.event) == event.path) change.durable = true;
        }
        break;
      case Op::kMakeFolder:
        folders_.insert(event.path);
        break;
      case Op::kDeleteFolder:
        folders_.erase(event.path);
        break;
      default:
        names_.push_back({&event, false});
    }
  }

  std::set<std::string> folders() const { return folders_; }

  std::map<std::string, std::string> Survivors() {
    for (auto& [id, file] : bytes_) SettleAtCrash(file);
    std::map<std::string, FileId> names;
    std::map<std::string, std::size_t> left = NamesLeft();
    for (const NameChange& change : names_) {
      if (!change.durable) {
        std::size_t& of_folder = left[FolderOf(*change.event)];
        if (of_folder == 0) continue;
        --of_folder;
      }
      ApplyName(*change.event, names);
    }
    std::map<std::string, std::string> files;
    for (const auto& [path, id] : names) files[path] = bytes_[id].durable;
    return files;
  }

 private:
  // Makes the first `count` pending changes durable and forgets the rest.
  static void Settle(FileBytes& file, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
      Apply(*file.pending[i], file.pending[i]->bytes.size(), file.durable);
    }
    file.pending.clear();
  }

  void SettleAtCrash(FileBytes& file) {
    const std::size_t count = file.pending.size();
    if (count == 0) return;
    if (crash_.unsynced == Unsynced::kKeep) return Settle(file, count);
    if (crash_.unsynced == Unsynced::kDrop) return Settle(file, 0);
    const std::size_t whole =
        crash_.unsynced == Unsynced::kTear ? count - 1 : random_() % (count + 1);
    const DiskEvent* torn = whole < count ? file.pending[whole] : nullptr;
    Settle(file, whole);
    if (torn == nullptr || torn->op != Op::kWrite) return;
    const std::size_t size = torn->bytes.size();
    Apply(*torn, crash_.unsynced == Unsynced::kTear ? size / 2 : random_() % (size + 1),
          file.durable);
  }

  // How many of each folder's unsynced name changes survive.
  std::map<std::string, std::size_t> NamesLeft() {
    std::map<std::string, std::size_t> left;
    for (const NameChange& change : names_) left[FolderOf(*change.event)] += !change.durable;
    for (auto& [folder, count] : left) {
      if (crash_.unsynced == Unsynced::kDrop) count = 0;
      if (crash_.unsynced == Unsynced::kMix) count = random_() % (count + 1);
    }
    return left;
  }

  // By the file's id, so that a change holds although an earlier one, elsewhere, was lost.
  static void ApplyName(const DiskEvent& event, std::map<std::string, FileId>& names) {
    const auto here = names.find(event.path);
    const bool is_here = here != names.end() && here->second == event.file;
    if ((event.op == Op::kRename || event.op == Op::kDelete) && is_here) names.erase(here);
    if (event.op == Op::kRename || event.op == Op::kLink) names[event.target] = event.file;
    if (event.op == Op::kCreate || event.op == Op::kAdopt) names[event.path] = event.file;
  }

  const Crash crash_;
  std::mt19937_64 random_;
  std::map<FileId, FileBytes> bytes_;
  std::vector<NameChange> names_;
  std::set<std::string> folders_;
};

}  // namespace

DiskState::DiskState(std::span<const DiskEvent> events, const Crash& crash) {
  LETHE_CHECK(crash.events <= events.size());
  Replay replay(crash);
  for (const DiskEvent& event : events.first(crash.events)) replay.Take(event);
  files_ = replay.Survivors();
  folders_ = replay.folders();
}

void DiskState::WriteTo(const std::string& from, const std::string& to) const {
  std::filesystem::create_directories(to);
  for (const std::string& folder : folders_) {
    if (!folder.starts_with(from + "/")) continue;
    std::filesystem::create_directories(to + folder.substr(from.size()));
  }
  for (const auto& [path, bytes] : files_) {
    if (!path.starts_with(from + "/")) continue;
    const std::string copy = to + path.substr(from.size());
    std::filesystem::create_directories(FolderOf(copy));
    std::ofstream file(copy, std::ios::binary);
    file << bytes;
    file.close();
    LETHE_CHECK(file.good());
  }
}

}  // namespace lethe::test
