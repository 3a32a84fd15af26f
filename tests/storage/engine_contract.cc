#include "tests/storage/engine_contract.h"

#include <utility>

#include "storage/engine_spec.h"
#include "tests/support/memory_engine.h"

namespace lethe::storage {
namespace {

EnginePtr Opened(absl::StatusOr<EnginePtr> engine) {
  EXPECT_TRUE(engine.ok()) << engine.status();
  return engine.ok() ? *std::move(engine) : nullptr;
}

EnginePtr OpenRocks(const std::string& path) {
  return Opened(CreateEngine(RocksSpec{.path = path}, TestTables()));
}

EnginePtr RestoreRocks(const EngineCopy& copy, const std::string& path) {
  EXPECT_TRUE(RestoreEngine(RocksSpec{.path = path}, copy).ok());
  return Opened(OpenEngine(RocksSpec{.path = path}, TestTables()));
}

EnginePtr RestoreMemory(const EngineCopy& copy, const std::string&) {
  return Opened(test::RestoreMemoryEngine(copy, TestTables()));
}

const EngineCase kEngines[] = {
    {"Memory", [](const std::string&) { return test::NewMemoryEngine(TestTables()); },
     // Memory leaves nothing behind but what somebody has copied.
     [](EnginePtr engine, const std::string& path) {
       const auto copy = engine->Copy();
       EXPECT_TRUE(copy.ok());
       return RestoreMemory(**copy, path);
     },
     RestoreMemory},
    {"Rocks", OpenRocks,
     [](EnginePtr engine, const std::string& path) {
       engine.reset();
       return OpenRocks(path);
     },
     RestoreRocks},
};

}  // namespace

std::ostream& operator<<(std::ostream& out, const EngineCase& engine) { return out << engine.name; }

std::span<const EngineCase> AllEngines() { return kEngines; }

}  // namespace lethe::storage
