// The engine: an ordered map of bytes in tables, with atomic batches. It knows nothing of people,
// keys or policies, and its users know nothing of RocksDB, so that another engine (PostgreSQL's
// wire protocol) can stand here; tests/storage/engine_contract.h is what every engine must pass.
#ifndef LETHE_STORAGE_ENGINE_H_
#define LETHE_STORAGE_ENGINE_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "storage/batch.h"
#include "storage/engine_copy.h"

namespace lethe::storage {

struct TableSpec {
  TableId id;
  std::string_view name;  // Of the column family; says nothing about content.
};

struct Row {
  std::string key;
  std::string value;
};

// Which rows a Scan gives, in key order: those that begin with `prefix`, from the first key that is
// greater than `after` (empty: from the start).
struct Range {
  std::string prefix;
  std::string after;
};

// A Reader sees one state of the map. Thread-safe.
class Reader {
 public:
  virtual ~Reader() = default;
  // NOT_FOUND; DATA_LOSS where the stored bytes fail their checksum.
  virtual absl::StatusOr<std::string> Get(TableId table, std::string_view key) const = 0;
  // One result a key, in order; nullopt where absent.
  virtual absl::StatusOr<std::vector<std::optional<std::string>>> MultiGet(
      TableId table, std::span<const std::string> keys) const = 0;
  // At most `limit` rows (1 ... kScanRowsMax).
  virtual absl::StatusOr<std::vector<Row>> Scan(TableId table, const Range& range,
                                                std::size_t limit) const = 0;

  static constexpr std::size_t kScanRowsMax = 10'000;
};

// How much a write has done when it returns.
enum class Durability {
  kSynced,   // It and every write before it survive a power cut.
  kWritten,  // It survives the end of the process, and a power cut once a later write is synced.
};

// What a write may take of the free-space reserve.
enum class Room {
  kSpare,    // Nothing: new data waits until somebody has made room.
  kReserve,  // Half of it: what must go on, and what makes room.
  kLast,     // A quarter more: the end of what cannot be taken back.
};

// An Engine holds the map. Reads see the newest state. Thread-safe; writes are serialised by the
// engine. A failed write leaves the engine unusable (fail-stop): what it left on disk is unknown
// until the next open, so every later call answers INTERNAL and the process must restart.
class Engine : public Reader {
 public:
  // Applies `batch` as one unit and records `position` in it.
  //
  // `position` makes replay harmless: positions only grow, and a batch whose position is not
  // greater than Position() is already there, so it is answered OK and changes nothing.
  // ABORTED: a precondition does not hold; nothing changed and the position is as before.
  // RESOURCE_EXHAUSTED: not even Room::kLast is left; nothing changed.
  virtual absl::Status Write(const Batch& batch, std::uint64_t position, Durability durability) = 0;

  // RESOURCE_EXHAUSTED (kDiskReserve) where a Write of `bytes` would take more of the free-space
  // reserve than `room` allows: asked before the archive is written, which must not hold what the
  // engine refuses. Cheap; changes nothing.
  virtual absl::Status CheckRoom(std::uint64_t /*bytes*/, Room /*room*/) const {
    return absl::OkStatus();
  }

  // The next start finds what this one reads and writes. FAILED_PRECONDITION, UNAVAILABLE: not so,
  // and how (a literal). Cheap.
  virtual absl::Status CheckThere() const { return absl::OkStatus(); }

  // The position of the last batch applied; 0 for a new engine.
  virtual std::uint64_t Position() const = 0;

  // A view that later writes do not change. Short-lived: it delays the removal of deleted rows.
  virtual std::unique_ptr<Reader> Snapshot() const = 0;

  // Everything as it is now, in a form that can be carried away, while writes go on.
  virtual absl::StatusOr<std::unique_ptr<EngineCopy>> Copy() = 0;

  // Rewrites tables so that deleted rows leave the files: hygiene, never erasure.
  virtual absl::Status Compact() = 0;
};

// Rows of `batches` laid over a reader, in order: what the map would hold after them.
class Overlay {
 public:
  explicit Overlay(const Reader& base);
  ~Overlay();
  void Apply(const Batch& batch);
  // OK, or ABORTED where a precondition of `batch` does not hold over base plus applied batches.
  absl::Status Check(const Batch& batch) const;

 private:
  struct Rep;
  std::unique_ptr<Rep> rep_;
};

}  // namespace lethe::storage

#endif  // LETHE_STORAGE_ENGINE_H_
