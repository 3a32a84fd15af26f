// The contract of every engine: one parameterised fixture, and tests in engine_*_test.cc that speak
// of `engine_` alone. A new engine adds one EngineCase and passes all of them.
#ifndef LETHE_TESTS_STORAGE_ENGINE_CONTRACT_H_
#define LETHE_TESTS_STORAGE_ENGINE_CONTRACT_H_

#include <memory>
#include <ostream>
#include <span>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "storage/engine.h"
#include "tests/storage/test_tables.h"
#include "tests/support/temp_dir.h"

namespace lethe::storage {

using EnginePtr = std::unique_ptr<Engine>;

struct EngineCase {
  const char* name;
  EnginePtr (*create)(const std::string& path);
  // Ends `engine` and opens what it has left behind.
  EnginePtr (*reopen)(EnginePtr engine, const std::string& path);
  // Opens an engine made of the copy; `path` is not there yet.
  EnginePtr (*restore)(const EngineCopy& copy, const std::string& path);
};

std::ostream& operator<<(std::ostream& out, const EngineCase& engine);

std::span<const EngineCase> AllEngines();

class EngineContract : public testing::TestWithParam<EngineCase> {
 protected:
  void SetUp() override { ASSERT_NE(engine_, nullptr); }

  absl::Status Write(const Batch& batch) {
    return engine_->Write(batch, engine_->Position() + 1, Durability::kWritten);
  }
  void Put(TableId table, const std::string& key, const std::string& value) {
    ASSERT_TRUE(Write(PutOne(table, key, value)).ok());
  }
  void PutAll(const std::vector<std::string>& keys) {
    for (const std::string& key : keys) Put(kRows, key, "v");
  }
  std::vector<std::string> Scan(const Range& range, std::size_t limit = Reader::kScanRowsMax) {
    return Keys(*engine_, kRows, range, limit);
  }

  test::TempDir dir_;
  EnginePtr engine_ = GetParam().create(dir_ / "engine");
};

// Runs a suite derived from EngineContract on every engine.
#define LETHE_FOR_ALL_ENGINES(suite)                                 \
  INSTANTIATE_TEST_SUITE_P(, suite, testing::ValuesIn(AllEngines()), \
                           [](const auto& info) { return info.param.name; })

}  // namespace lethe::storage

#endif  // LETHE_TESTS_STORAGE_ENGINE_CONTRACT_H_
