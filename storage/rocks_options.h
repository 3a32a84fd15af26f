// Every RocksDB setting that the vault ships with, each with its reason (rocks_options.cc). What is
// left at RocksDB 7.8's default is named there only where the default is needed.
#ifndef LETHE_STORAGE_ROCKS_OPTIONS_H_
#define LETHE_STORAGE_ROCKS_OPTIONS_H_

#include <cstddef>

#include "rocksdb/options.h"
#include "storage/rocks_engine.h"

namespace lethe::storage {

// `env` outlives the database.
rocksdb::DBOptions MakeDatabaseOptions(const RocksSpec& spec, rocksdb::Env* env);

// For every column family alike; they share one block cache.
rocksdb::ColumnFamilyOptions MakeTableOptions(std::size_t block_cache_bytes);

}  // namespace lethe::storage

#endif  // LETHE_STORAGE_ROCKS_OPTIONS_H_
