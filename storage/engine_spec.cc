#include "storage/engine_spec.h"

namespace lethe::storage {

EngineSpec PlacedAt(EngineSpec spec, const std::string& path) {
  std::visit(
      [&path](RocksSpec& rocks) {
        if (rocks.path.empty()) rocks.path = path;
      },
      spec);
  return spec;
}

absl::StatusOr<std::unique_ptr<Engine>> OpenEngine(const EngineSpec& spec,
                                                   std::span<const TableSpec> tables) {
  return std::visit([tables](const RocksSpec& rocks) { return OpenRocksEngine(rocks, tables); },
                    spec);
}

absl::StatusOr<std::unique_ptr<Engine>> CreateEngine(EngineSpec spec,
                                                     std::span<const TableSpec> tables) {
  std::visit([](RocksSpec& rocks) { rocks.create = true; }, spec);
  return OpenEngine(spec, tables);
}

absl::Status RestoreEngine(const EngineSpec& spec, const EngineCopy& copy) {
  return std::visit([&copy](const RocksSpec& rocks) { return RestoreRocksEngine(rocks, copy); },
                    spec);
}

}  // namespace lethe::storage
