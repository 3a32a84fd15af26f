#include "tests/storage/engine_contract.h"

#include <utility>

#include "storage/rocks_engine.h"
#include "tests/support/memory_engine.h"

namespace lethe::storage {
namespace {

EnginePtr Opened(absl::StatusOr<EnginePtr> engine) {
  EXPECT_TRUE(engine.ok()) << engine.status();
  return engine.ok() ? *std::move(engine) : nullptr;
}

EnginePtr OpenRocks(const std::string& path) {
  return Opened(OpenRocksEngine({.path = path, .create = true}, TestTables()));
}

const EngineCase kEngines[] = {
    {"Memory", [](const std::string&) { return test::NewMemoryEngine(TestTables()); },
     // Memory leaves nothing behind but a checkpoint.
     [](EnginePtr engine, const std::string& path) {
       EXPECT_TRUE(engine->Checkpoint(path).ok());
       return Opened(test::OpenMemoryCheckpoint(path, TestTables()));
     },
     [](const std::string& path) {
       return Opened(test::OpenMemoryCheckpoint(path, TestTables()));
     }},
    {"Rocks", OpenRocks,
     [](EnginePtr engine, const std::string& path) {
       engine.reset();
       return OpenRocks(path);
     },
     OpenRocks},
};

}  // namespace

std::ostream& operator<<(std::ostream& out, const EngineCase& engine) { return out << engine.name; }

std::span<const EngineCase> AllEngines() { return kEngines; }

}  // namespace lethe::storage
