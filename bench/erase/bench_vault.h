// A whole vault on real files, for benchmarks: RocksDB, archive and holders as they ship, without
// the network and without background threads.
#ifndef LETHE_BENCH_ERASE_BENCH_VAULT_H_
#define LETHE_BENCH_ERASE_BENCH_VAULT_H_

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/random.h"
#include "tests/support/temp_dir.h"
#include "vault/open/opened_vault.h"

namespace lethe::bench {

struct BenchVaultOptions {
  bool archive = true;
  int holders = 1;
};

// What every subject of a benchmark has.
struct Shape {
  int categories = 3;  // At most five.
  int identifiers = 1;
  int records_per_category = 1;
  bool expiring = false;  // All of it in one more category, which is kept for a month.
};

// The machine's clock, some way ahead.
class ShiftedClock final : public Clock {
 public:
  absl::Time Now() const override { return clock_.Now() + ahead_; }
  absl::Duration SinceBoot() const override { return clock_.SinceBoot() + ahead_; }
  // While nobody else asks.
  void Advance(absl::Duration step) { ahead_ += step; }

 private:
  SystemClock clock_;
  absl::Duration ahead_;
};

// What was handed to the engine so far.
struct EngineTotals {
  std::uint64_t syncs = 0;
  std::array<std::uint64_t, 32> table_bytes{};  // Of all batches, by table: keys, values, framing.

  std::uint64_t bytes() const;
};
EngineTotals operator-(const EngineTotals& later, const EngineTotals& earlier);

class BenchVault {
 public:
  explicit BenchVault(BenchVaultOptions options = {});

  vault::OpenedVault* operator->() { return vault_.get(); }
  vault::OpenedVault& operator*() { return *vault_; }
  vault::keytree::KeyTree& tree() { return *vault_->stores().tree; }

  vault::Caller Caller();
  // Imports so many subjects of one shape, with as many callers as the machine has processors.
  std::vector<SubjectTag> Import(std::int64_t subjects, const Shape& shape);
  // The process ends if it is refused.
  vault::Erasure Erase(const SubjectTag& subject);
  // The leaves of one person, without the person.
  std::vector<vault::Place> DraftPerson(std::size_t leaves);
  // Leaves that belong to nobody, so that the tree has `leaves` in all.
  void GrowTo(std::int64_t leaves);

  // What the engine's write-ahead log has been given. Nothing may be written meanwhile.
  const EngineTotals& engine_totals() const { return engine_totals_; }
  const std::string& folder() const { return dir_.path(); }

  ShiftedClock clock;
  SystemRandom random;

 private:
  vault::VaultParts Parts(bool create);
  void Commit(storage::Batch change);
  void ImportSome(std::int64_t first, std::int64_t last, const Shape& shape,
                  std::vector<SubjectTag>& tags);

  const BenchVaultOptions options_;
  test::TempDir dir_;
  const VaultId id_;
  EngineTotals engine_totals_;
  std::atomic<std::int64_t> imported_ = 0;
  std::int64_t drafted_ = 0;
  std::unique_ptr<vault::OpenedVault> vault_;
};

}  // namespace lethe::bench

#endif  // LETHE_BENCH_ERASE_BENCH_VAULT_H_
