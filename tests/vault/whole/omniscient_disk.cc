#include "tests/vault/whole/omniscient_disk.h"

#include "base/check.h"
#include "base/codec.h"
#include "tests/support/secret_search.h"
#include "tests/vault/holders/recording_slots.h"
#include "vault/archive/frame.h"
#include "vault/archive/segment.h"
#include "vault/rows/row_schema.h"

namespace lethe::test {
namespace {

namespace table = vault::table;

// Of what kUnsynced keeps: chain before, first sequence, then the batch.
constexpr std::size_t kUnsyncedHeadBytes = 32 + 8;

std::string RowId(storage::TableId id, const std::string& key, const std::string& row) {
  return ByteWriter().U8(static_cast<std::uint8_t>(id)).Short(key).Raw(AsBytes(row)).Take();
}

}  // namespace

void OmniscientDisk::Look() {
  TakeWrites();
  Take(world_->stores().engine());
}

void OmniscientDisk::TakeWrites() {
  const std::string archive = world_.live() + "/archive/";
  std::vector<DiskEvent> events = world_.log().EventsFrom(events_taken_);
  events_taken_ += events.size();
  for (const DiskEvent& event : events) {
    if (event.op == DiskEvent::Op::kCreate && event.path.starts_with(archive)) {
      segments_[event.file].taken = vault::archive::kSegmentHeaderBytes;
    }
    if (event.op == DiskEvent::Op::kAdopt && event.path.starts_with(archive)) {
      // What a power cut left: rows seen before, and perhaps a torn frame.
      Segment& left = segments_[event.file];
      left = {.bytes = event.bytes, .taken = vault::archive::kSegmentHeaderBytes};
      TakeFrames(left.bytes, left.taken);
    }
    const auto segment = segments_.find(event.file);
    if (segment == segments_.end()) continue;
    std::string& bytes = segment->second.bytes;
    // What a segment is cut by was taken before it went.
    if (event.op == DiskEvent::Op::kTruncate) bytes.resize(event.offset);
    if (event.op != DiskEvent::Op::kWrite) continue;
    LETHE_CHECK(event.offset == bytes.size());
    bytes += event.bytes;
    TakeFrames(bytes, segment->second.taken);
  }
}

void OmniscientDisk::TakeFrames(std::string& bytes, std::size_t& taken) {
  if (taken > bytes.size()) return;  // The header is not whole yet, or a torn frame was cut off.
  while (taken < bytes.size()) {
    crypto::Digest chain;
    const auto frame = vault::archive::DecodeFrame(AsBytes(bytes).subspan(taken), &chain);
    if (!frame.ok()) return;  // The rest of it comes with the next write.
    const auto batch = storage::Batch::Decode(AsBytes(frame->batch));
    LETHE_CHECK(batch.ok());
    TakeBatch(*batch);
    taken += vault::archive::kFrameOverheadBytes + frame->batch.size();
  }
}

void OmniscientDisk::TakeBatch(const storage::Batch& batch) {
  for (const storage::Operation& operation : batch.operations()) {
    if (operation.kind != storage::Operation::Kind::kPut) continue;
    TakeRow(operation.table, operation.key, operation.value);
  }
}

void OmniscientDisk::TakeRow(storage::TableId id, const std::string& key, const std::string& row) {
  if (!rows_seen_.insert(RowId(id, key, row)).second) return;
  attacker_.AddRow(id, key, row);
  if (id == table::kShredLog) shred_log_.push_back(*vault::shredlog::DecodeLogEntry(AsBytes(row)));
  // Rows inside rows: what is due at COMMITTED.
  if (id == table::kPending) TakeBatch(*storage::Batch::Decode(AsBytes(row)));
}

void OmniscientDisk::Take(const storage::Reader& copy) {
  for (const storage::TableSpec& spec : vault::AllTables()) {
    storage::Range range;
    while (true) {
      const auto rows = copy.Scan(spec.id, range, 1'000);
      LETHE_CHECK(rows.ok());
      for (const storage::Row& row : *rows) {
        if (spec.id ==
            table::kUnsynced) {  // A frame of the archive, kept until it is synced there.
          ByteReader in(row.value);
          in.Raw(kUnsyncedHeadBytes);
          TakeBatch(*storage::Batch::Decode(AsBytes(in.Long())));
          continue;
        }
        rows_past_the_archive_ += rows_seen_.contains(RowId(spec.id, row.key, row.value)) ? 0 : 1;
        TakeRow(spec.id, row.key, row.value);
      }
      if (rows->size() < 1'000) break;
      range.after = rows->back().key;
    }
  }
}

std::set<std::string> OmniscientDisk::FindInAllBytes(std::span<const std::string> secrets) const {
  const SecretSearch search(secrets);
  std::set<std::string> found;
  for (const DiskRun& run : world_.log().Runs()) {
    if (!RecordingSlotFile::IsSlot(run.path)) found.merge(search.In(run.bytes));
  }
  return found;
}

}  // namespace lethe::test
