#include "tests/vault/whole/sights.h"

#include <algorithm>

#include "absl/strings/str_format.h"
#include "base/bytes.h"
#include "base/check.h"
#include "base/codec.h"
#include "vault/archive/frame.h"
#include "vault/archive/segment.h"
#include "vault/rows/derived_keys.h"
#include "vault/rows/row_schema.h"
#include "vault/rows/sealed_row.h"
#include "vault/shredlog/shred_log.h"

namespace lethe::test {
namespace {

namespace table = vault::table;

// Clear bytes at the front of a row, by its table (docs/formats.md); all of an event.
constexpr std::size_t kFormatAndPlace = 1 + 9;
constexpr std::size_t kFormatAndCommitment = 1 + 32;
constexpr std::size_t kFormatAndGeneration = 1 + 8;
constexpr std::size_t kFormatAndHour = 1 + 4;

std::size_t ClearBytesOf(storage::TableId id) {
  switch (id) {
    case table::kNode:
      return kFormatAndCommitment;
    case table::kLeaf:
      return kFormatAndGeneration;
    case table::kSubject:
    case table::kScope:
    case table::kIdentifier:
    case table::kAct:
      return kFormatAndPlace;
    case table::kRequest:
      return kFormatAndHour;
    case table::kEvent:
    case table::kDoomed:
      return std::string::npos;
    default:
      return 0;
  }
}

class Watcher {
 public:
  explicit Watcher(RecordedVault& world) : world_(world) {}

  void Watch(const storage::Batch& batch) {
    for (const storage::Operation& operation : batch.operations()) {
      const bool put = operation.kind == storage::Operation::Kind::kPut;
      sights_.push_back(
          absl::StrFormat("%s %d %s %d %s", put ? "put" : "delete", operation.table,
                          Hex(operation.key), operation.value.size(),
                          Hex(operation.value.substr(0, put ? ClearBytesOf(operation.table) : 0))));
      if (!put) continue;
      if (operation.table == table::kShredLog) WatchShred(operation.value);
      if (operation.table == table::kRequest) WatchRequest(operation);
      if (operation.table == table::kPending)
        Watch(*storage::Batch::Decode(AsBytes(operation.value)));
    }
  }

  std::vector<std::string> Take() { return std::move(sights_); }

 private:
  static std::string Hex(std::string_view bytes) { return ToHex(AsBytes(bytes)); }

  void WatchShred(const std::string& row) {
    const auto entry = vault::shredlog::DecodeLogEntry(AsBytes(row));
    LETHE_CHECK(entry.ok());
    sights_.push_back(absl::StrFormat("shred %d: attempt %d at %s, root %s",
                                      static_cast<int>(entry->kind), entry->attempt,
                                      absl::FormatTime(entry->time), Hex(AsText(entry->root))));
    for (const auto& group : entry->leaves) {
      sights_.push_back(
          absl::StrFormat("  group %d keyed anew without %x", group.group, group.slots));
    }
  }

  // The tenant lives on, so its requests can be opened: they must not tell whom they were about.
  void WatchRequest(const storage::Operation& operation) {
    constexpr std::size_t kTagBytes = SubjectTag::kBytes;
    if (operation.key.substr(kTagBytes, kTagBytes) != std::string(kTagBytes, '\0')) return;
    const auto tenant = world_->stores().tenants.Find("acme");
    ByteReader in(operation.value);
    in.Raw(kFormatAndHour);
    const auto opened = vault::OpenRow(vault::TenantRequestKey(tenant->secret), table::kRequest,
                                       operation.key, vault::PartsOf(AsBytes(operation.value), in));
    LETHE_CHECK(opened.ok());
    sights_.push_back("  opened: " + ToHex(opened->bytes()));
  }

  RecordedVault& world_;
  std::vector<std::string> sights_;
};

}  // namespace

std::vector<std::string> SightsOf(RecordedVault& world) {
  const std::string archive = world.live() + "/archive/";
  Watcher watcher(world);
  std::string segment;  // One is plenty for such a life.
  for (const DiskRun& run : world.log().Runs()) {
    if (run.path.starts_with(archive)) segment += run.bytes;
  }
  LETHE_CHECK(segment.size() > vault::archive::kSegmentHeaderBytes);
  Bytes rest = AsBytes(segment).subspan(vault::archive::kSegmentHeaderBytes);
  while (!rest.empty()) {
    crypto::Digest chain;
    const auto frame = vault::archive::DecodeFrame(rest, &chain);
    LETHE_CHECK(frame.ok());
    const auto batch = storage::Batch::Decode(AsBytes(frame->batch));
    LETHE_CHECK(batch.ok());
    watcher.Watch(*batch);
    rest = rest.subspan(vault::archive::kFrameOverheadBytes + frame->batch.size());
  }
  return watcher.Take();
}

std::size_t CountDifferences(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  std::size_t differences = std::max(a.size(), b.size()) - std::min(a.size(), b.size());
  for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i)
    differences += a[i] != b[i] ? 1 : 0;
  return differences;
}

}  // namespace lethe::test
