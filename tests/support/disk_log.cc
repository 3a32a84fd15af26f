#include "tests/support/disk_log.h"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <utility>

#include "base/check.h"

namespace lethe::test {
namespace {

// RocksDB writes "folder//file" in places.
std::string Normal(const std::string& path) {
  std::string normal = std::filesystem::path(path).lexically_normal().string();
  while (normal.size() > 1 && normal.back() == '/') normal.pop_back();
  return normal;
}

std::string ReadWhole(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  LETHE_CHECK(file.good());
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

void DiskLog::Adopt(const std::string& folder) {
  absl::MutexLock lock(&mutex_);
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    const std::string path = Normal(entry.path().string());
    if (entry.is_directory()) Add({.op = DiskEvent::Op::kMakeFolder, .path = path});
    if (!entry.is_regular_file()) continue;
    names_[path] = ++last_id_;
    Add({.op = DiskEvent::Op::kAdopt, .file = last_id_, .path = path, .bytes = ReadWhole(path)});
  }
}

FileId DiskLog::Create(const std::string& path) {
  absl::MutexLock lock(&mutex_);
  const std::string name = Normal(path);
  names_[name] = ++last_id_;
  Add({.op = DiskEvent::Op::kCreate, .file = last_id_, .path = name});
  return last_id_;
}

FileId DiskLog::Open(const std::string& path) const {
  absl::MutexLock lock(&mutex_);
  return IdOf(Normal(path));
}

void DiskLog::Write(FileId file, std::uint64_t offset, std::string_view bytes) {
  absl::MutexLock lock(&mutex_);
  Add({.op = DiskEvent::Op::kWrite, .file = file, .offset = offset, .bytes = std::string(bytes)});
}

void DiskLog::Truncate(FileId file, std::uint64_t size_bytes) {
  absl::MutexLock lock(&mutex_);
  Add({.op = DiskEvent::Op::kTruncate, .file = file, .offset = size_bytes});
}

void DiskLog::Sync(FileId file) {
  absl::MutexLock lock(&mutex_);
  Add({.op = DiskEvent::Op::kSync, .file = file});
}

void DiskLog::SyncFolder(const std::string& path) {
  absl::MutexLock lock(&mutex_);
  Add({.op = DiskEvent::Op::kSyncFolder, .path = Normal(path)});
}

void DiskLog::MakeFolder(const std::string& path) {
  absl::MutexLock lock(&mutex_);
  Add({.op = DiskEvent::Op::kMakeFolder, .path = Normal(path)});
}

void DiskLog::DeleteFolder(const std::string& path) {
  absl::MutexLock lock(&mutex_);
  Add({.op = DiskEvent::Op::kDeleteFolder, .path = Normal(path)});
}

void DiskLog::Rename(const std::string& path, const std::string& target) {
  absl::MutexLock lock(&mutex_);
  const std::string from = Normal(path);
  const std::string to = Normal(target);
  if (std::filesystem::is_directory(to)) return RenameFolder(from, to);
  const FileId file = IdOf(from);
  names_.erase(from);
  names_[to] = file;
  Add({.op = DiskEvent::Op::kRename, .file = file, .path = from, .target = to});
}

void DiskLog::RenameFolder(const std::string& from, const std::string& to) {
  std::map<std::string, FileId> moved;
  for (auto name = names_.lower_bound(from + "/"); name != names_.end(); ++name) {
    if (!name->first.starts_with(from + "/")) break;
    moved.insert(*name);
  }
  Add({.op = DiskEvent::Op::kMakeFolder, .path = to});
  for (const auto& [path, file] : moved) {
    const std::string target = to + path.substr(from.size());
    names_.erase(path);
    names_[target] = file;
    Add({.op = DiskEvent::Op::kRename, .file = file, .path = path, .target = target});
  }
  Add({.op = DiskEvent::Op::kDeleteFolder, .path = from});
}

void DiskLog::Link(const std::string& path, const std::string& target) {
  absl::MutexLock lock(&mutex_);
  const std::string from = Normal(path);
  const std::string to = Normal(target);
  const FileId file = IdOf(from);
  names_[to] = file;
  Add({.op = DiskEvent::Op::kLink, .file = file, .path = from, .target = to});
}

void DiskLog::Delete(const std::string& path) {
  absl::MutexLock lock(&mutex_);
  const std::string name = Normal(path);
  const FileId file = IdOf(name);
  names_.erase(name);
  Add({.op = DiskEvent::Op::kDelete, .file = file, .path = name});
}

std::size_t DiskLog::size() const {
  absl::MutexLock lock(&mutex_);
  return events_.size();
}

std::vector<DiskEvent> DiskLog::EventsFrom(std::size_t first) const {
  absl::MutexLock lock(&mutex_);
  LETHE_CHECK(first <= events_.size());
  return {events_.begin() + static_cast<std::ptrdiff_t>(first), events_.end()};
}

std::vector<DiskRun> DiskLog::Runs() const {
  absl::MutexLock lock(&mutex_);
  std::vector<DiskRun> runs;
  std::map<FileId, std::string> first_names;
  std::map<FileId, std::size_t> last_run;
  for (const DiskEvent& event : events_) {
    if (!event.path.empty()) first_names.emplace(event.file, event.path);
    if (event.bytes.empty()) continue;
    const auto last = last_run.find(event.file);
    if (last != last_run.end()) {
      DiskRun& run = runs[last->second];
      if (run.offset + run.bytes.size() == event.offset) {
        run.bytes += event.bytes;
        continue;
      }
    }
    last_run[event.file] = runs.size();
    runs.push_back({event.file, first_names[event.file], event.offset, event.bytes});
  }
  return runs;
}

std::size_t DiskLog::CountRunsWith(std::string_view needle) const {
  std::size_t count = 0;
  for (const DiskRun& run : Runs()) count += run.bytes.find(needle) != std::string::npos;
  return count;
}

FileId DiskLog::IdOf(const std::string& path) const {
  const auto name = names_.find(path);
  LETHE_CHECK(name != names_.end());
  return name->second;
}

void DiskLog::Add(DiskEvent event) { events_.push_back(std::move(event)); }

}  // namespace lethe::test
