// What the engine costs below the vault: rows of 1 KiB on a RocksDB in the temporary folder. A
// synced put is the disk's fdatasync and little else; compare it with BM_Disk_Sync beside it.
#include <benchmark/benchmark.h>
#include <fcntl.h>
#include <unistd.h>

#include <memory>
#include <string>
#include <vector>

#include "base/check.h"
#include "storage/rocks_engine.h"
#include "tests/support/temp_dir.h"

namespace lethe::bench {
namespace {

using storage::Batch;
using storage::Durability;
using storage::Engine;

constexpr storage::TableId kRows = 1;
constexpr std::size_t kValueBytes = 1'024;
// Fits into the block cache: what is measured is the engine, not the disk.
constexpr int kRowsStored = 20'000;

std::string KeyAt(int i) {
  std::string key(16, '\0');
  // Spread over the key space, as random tags are.
  const std::uint64_t spread = static_cast<std::uint64_t>(i) * 0x9e3779b97f4a7c15u;
  for (int byte = 0; byte < 8; ++byte) {
    key[static_cast<std::size_t>(byte)] = static_cast<char>(spread >> (56 - 8 * byte));
  }
  return key;
}

std::unique_ptr<Engine> Open(const std::string& path) {
  static constexpr storage::TableSpec kTables[] = {{kRows, "rows"}};
  auto engine = storage::OpenRocksEngine({.path = path, .create = true}, kTables);
  LETHE_CHECK(engine.ok());
  return *std::move(engine);
}

void Put(Engine& engine, int i, Durability durability) {
  Batch batch;
  batch.Put(kRows, KeyAt(i), std::string(kValueBytes, static_cast<char>(i)));
  LETHE_CHECK(engine.Write(batch, engine.Position() + 1, durability).ok());
}

// An engine with kRowsStored rows in its data files, filled once for all reads.
Engine& Filled() {
  static const test::TempDir dir;
  static const std::unique_ptr<Engine> engine = [] {
    std::unique_ptr<Engine> filled = Open(dir / "db");
    for (int i = 0; i < kRowsStored; ++i) Put(*filled, i, Durability::kWritten);
    LETHE_CHECK(filled->Compact().ok());
    return filled;
  }();
  return *engine;
}

void BM_Disk_Sync(benchmark::State& state) {
  const test::TempDir dir;
  const int file = open((dir / "file").c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
  const std::string bytes(kValueBytes, 'x');
  for (auto _ : state) {
    LETHE_CHECK(write(file, bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size()));
    LETHE_CHECK(fdatasync(file) == 0);
  }
  close(file);
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_Disk_Sync)->UseRealTime();

void BM_Engine_Put(benchmark::State& state, Durability durability) {
  const test::TempDir dir;
  const std::unique_ptr<Engine> engine = Open(dir / "db");
  int i = 0;
  for (auto _ : state) Put(*engine, ++i, durability);
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK_CAPTURE(BM_Engine_Put, Synced, Durability::kSynced)->UseRealTime();
BENCHMARK_CAPTURE(BM_Engine_Put, Written, Durability::kWritten)->UseRealTime();

void BM_Engine_Get(benchmark::State& state) {
  const Engine& engine = Filled();
  int i = 0;
  for (auto _ : state) {
    const auto value = engine.Get(kRows, KeyAt(i++ % kRowsStored));
    if (!value.ok()) return state.SkipWithError("a row is missing");
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_Engine_Get);

void BM_Engine_Get_Missing(benchmark::State& state) {
  const Engine& engine = Filled();
  int i = 0;
  for (auto _ : state) {
    const auto value = engine.Get(kRows, KeyAt(kRowsStored + i++ % kRowsStored));
    if (value.ok()) return state.SkipWithError("a row is there");
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_Engine_Get_Missing);

void BM_Engine_MultiGet(benchmark::State& state) {
  const Engine& engine = Filled();
  const int rows = static_cast<int>(state.range(0));
  int i = 0;
  for (auto _ : state) {
    std::vector<std::string> keys;
    for (int k = 0; k < rows; ++k) keys.push_back(KeyAt(i++ % kRowsStored));
    const auto values = engine.MultiGet(kRows, keys);
    if (!values.ok()) return state.SkipWithError("reading failed");
  }
  state.SetItemsProcessed(state.iterations() * rows);
}
BENCHMARK(BM_Engine_MultiGet)->Arg(20);

void BM_Engine_Scan(benchmark::State& state) {
  const Engine& engine = Filled();
  const auto rows = static_cast<std::size_t>(state.range(0));
  int i = 0;
  for (auto _ : state) {
    const auto page = engine.Scan(kRows, {.after = KeyAt(i++ % kRowsStored)}, rows);
    if (!page.ok()) return state.SkipWithError("reading failed");
    benchmark::DoNotOptimize(page->size());
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(BM_Engine_Scan)->Arg(20)->Arg(1'000);

}  // namespace
}  // namespace lethe::bench
