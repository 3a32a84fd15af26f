#include "storage/rocks_options.h"

#include <cstdint>
#include <memory>

#include "rocksdb/cache.h"
#include "rocksdb/filter_policy.h"
#include "rocksdb/table.h"
#include "rocksdb/utilities/table_properties_collectors.h"

namespace lethe::storage {
namespace {

// All memtables together. Below the default free-space reserve, so that what is in memory can
// still be flushed once writes are refused.
constexpr std::size_t kMemtableBytesMax = 32u << 20;
constexpr std::size_t kMemtableBytes = 8u << 20;
// A WAL lives until every column family has flushed past it; this bounds how long an idle one pins
// deleted values, and how much is replayed at open.
constexpr std::uint64_t kWalBytesMax = 64u << 20;
// The manifest holds the smallest and largest key of every file, also of deleted ones, until it is
// rolled; RocksDB's 1 GB would keep them for years.
constexpr std::size_t kManifestBytesMax = 16u << 20;
constexpr std::size_t kInfoLogBytesMax = 1u << 20;
constexpr std::size_t kInfoLogsMax = 2;
// Upper bound for a deleted value to stay in a file that no write touches.
constexpr std::uint64_t kPeriodicCompactionSeconds = 7 * 24 * 3600;
// A file is compacted when 64 of any 128 consecutive entries, or a quarter of all, are tombstones.
constexpr std::size_t kTombstoneWindow = 128;
constexpr std::size_t kTombstoneTrigger = 64;
constexpr double kTombstoneRatio = 0.25;
// About 1 % false positives: a miss (identifier look-ups, preconditions that a row is absent)
// seldom reads a block.
constexpr double kBloomBitsPerKey = 10;

// Where deleted bytes must not outlive their time.
void SetForgetting(rocksdb::DBOptions& options) {
  // No archive of old WALs and no reuse of their files: both keep deleted values in plain sight.
  options.WAL_ttl_seconds = 0;
  options.WAL_size_limit_MB = 0;
  options.recycle_log_file_num = 0;
  options.max_total_wal_size = kWalBytesMax;
  options.max_manifest_file_size = kManifestBytesMax;
  // No sst_file_manager is set: its slow deletion renames files to .trash, where they stay.
  // Neither the machine's name nor regular statistics belong into files that are backed up.
  options.db_host_id = "";
  options.stats_dump_period_sec = 0;
  options.stats_persist_period_sec = 0;
  options.info_log_level = rocksdb::InfoLogLevel::WARN_LEVEL;
  options.max_log_file_size = kInfoLogBytesMax;
  options.keep_log_file_num = kInfoLogsMax;
}

// What an acknowledgement rests on.
void SetDurability(rocksdb::DBOptions& options) {
  // The default, kPointInTimeRecovery, opens a WAL with one damaged record and silently drops all
  // that follow. This mode accepts only a last record that was cut short, as a power cut does. A
  // damaged length can still pass for a cut tail; the position then falls behind what whoever
  // writes has acknowledged, and only a high-water mark kept elsewhere shows it.
  options.wal_recovery_mode = rocksdb::WALRecoveryMode::kTolerateCorruptedTailRecords;
  // ... but it accepts that of every WAL. The manifest's list of synced WALs with their sizes
  // refuses one in the middle that is missing or shorter than it was.
  options.track_and_verify_wals_in_manifest = true;
  options.manual_wal_flush = false;  // A write has left the process when it returns.
  // Off: all column families share one WAL that is on, and RocksDB syncs closed WALs before it
  // installs a flush, so a batch cannot survive in one table and be lost in another.
  options.atomic_flush = false;
  options.paranoid_checks = true;
  options.verify_sst_unique_id_in_manifest = true;  // A file swapped for another is noticed.
  // Fail-stop: RocksDB must not mend a failed flush behind the engine's back.
  options.max_bgerror_resume_count = 0;
}

}  // namespace

rocksdb::DBOptions MakeDatabaseOptions(const RocksSpec& spec, rocksdb::Env* env) {
  rocksdb::DBOptions result;
  result.env = env;
  result.create_if_missing = spec.create && !spec.read_only;
  // A table that a later version of ours adds appears at its first open.
  result.create_missing_column_families = !spec.read_only;
  result.db_write_buffer_size = kMemtableBytesMax;
  // Periodic compaction works only while all files are open.
  result.max_open_files = -1;
  SetForgetting(result);
  SetDurability(result);
  return result;
}

rocksdb::ColumnFamilyOptions MakeTableOptions(std::size_t block_cache_bytes) {
  rocksdb::BlockBasedTableOptions blocks;
  blocks.block_cache = rocksdb::NewLRUCache(block_cache_bytes);
  blocks.filter_policy.reset(rocksdb::NewBloomFilterPolicy(kBloomBitsPerKey));
  // Indexes and filters are charged to the cache: memory stays bounded as the data grows.
  blocks.cache_index_and_filter_blocks = true;
  blocks.cache_index_and_filter_blocks_with_high_priority = true;
  blocks.pin_l0_filter_and_index_blocks_in_cache = true;
  blocks.checksum = rocksdb::ChecksumType::kXXH3;

  rocksdb::ColumnFamilyOptions result;
  result.table_factory.reset(rocksdb::NewBlockBasedTableFactory(blocks));
  result.write_buffer_size = kMemtableBytes;
  // Values are ciphertext. Compressing them costs time and saves nothing, and it would hide bytes
  // from a search of the files.
  result.compression = rocksdb::CompressionType::kNoCompression;
  result.bottommost_compression = rocksdb::CompressionType::kDisableCompressionOption;
  // A blob file keeps a deleted value until it is collected, without its own bound.
  result.enable_blob_files = false;
  result.periodic_compaction_seconds = kPeriodicCompactionSeconds;
  result.table_properties_collector_factories.push_back(
      rocksdb::NewCompactOnDeletionCollectorFactory(kTombstoneWindow, kTombstoneTrigger,
                                                    kTombstoneRatio));
  // Most data sits in the last level, where a tombstone can be dropped.
  result.level_compaction_dynamic_level_bytes = true;
  return result;
}

}  // namespace lethe::storage
