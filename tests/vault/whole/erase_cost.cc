#include "tests/vault/whole/erase_cost.h"

#include <filesystem>
#include <map>
#include <numeric>

#include "tests/vault/holders/recording_slots.h"

namespace lethe::test {
namespace {

// Each file's first name: events after the first know a file by its number only.
std::map<FileId, std::string> FirstNames(const std::vector<DiskEvent>& events) {
  std::map<FileId, std::string> names;
  for (const DiskEvent& event : events) {
    const bool makes = event.op == DiskEvent::Op::kAdopt || event.op == DiskEvent::Op::kCreate;
    if (makes) names.emplace(event.file, event.path);
  }
  return names;
}

// A recorded holder keeps each slot in a file of its own, and one sync of the holder syncs both.
bool IsSecondSlot(const std::string& path) {
  const std::filesystem::path file(path);
  return path == RecordingSlotFile::PathIn(file.parent_path().string(), 1);
}

}  // namespace

std::size_t PartCost::bytes() const {
  return std::accumulate(writes.begin(), writes.end(), std::size_t{0});
}

DiskCost CostOf(RecordedVault& vault, const std::function<void()>& operation) {
  const std::size_t before = vault.log().size();
  operation();
  const std::vector<DiskEvent> events = vault.log().Events();
  const std::map<FileId, std::string> names = FirstNames(events);
  DiskCost cost;
  for (std::size_t i = before; i < events.size(); ++i) {
    const DiskEvent& event = events[i];
    const bool folder = event.op == DiskEvent::Op::kSyncFolder;
    const std::string& path = folder ? event.path : names.at(event.file);
    PartCost* part = &cost.holders;
    if (path.starts_with(vault.live() + "/db")) part = &cost.engine;
    if (path.starts_with(vault.live() + "/archive")) part = &cost.archive;
    // RocksDB's info log is no part of a commit.
    if (path.ends_with("/LOG")) continue;
    const bool syncs = folder || event.op == DiskEvent::Op::kSync;
    if (syncs && !IsSecondSlot(path)) ++part->syncs;
    if (event.op == DiskEvent::Op::kWrite) part->writes.push_back(event.bytes.size());
  }
  return cost;
}

}  // namespace lethe::test
