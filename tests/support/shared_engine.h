// An engine that several vaults opened one after another may share, as processes share a disk.
#ifndef LETHE_TESTS_SUPPORT_SHARED_ENGINE_H_
#define LETHE_TESTS_SUPPORT_SHARED_ENGINE_H_

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "storage/engine.h"

namespace lethe::test {

class SharedEngine : public storage::Engine {
 public:
  explicit SharedEngine(std::shared_ptr<storage::Engine> engine) : engine_(std::move(engine)) {}

  absl::StatusOr<std::string> Get(storage::TableId table, std::string_view key) const override {
    return engine_->Get(table, key);
  }
  absl::StatusOr<std::vector<std::optional<std::string>>> MultiGet(
      storage::TableId table, std::span<const std::string> keys) const override {
    return engine_->MultiGet(table, keys);
  }
  absl::StatusOr<std::vector<storage::Row>> Scan(storage::TableId table,
                                                 const storage::Range& range,
                                                 std::size_t limit) const override {
    return engine_->Scan(table, range, limit);
  }
  absl::Status Write(const storage::Batch& batch, std::uint64_t position,
                     storage::Durability durability) override {
    return engine_->Write(batch, position, durability);
  }
  absl::Status CheckRoom(std::uint64_t bytes, storage::Room room) const override {
    return engine_->CheckRoom(bytes, room);
  }
  std::uint64_t Position() const override { return engine_->Position(); }
  std::unique_ptr<storage::Reader> Snapshot() const override { return engine_->Snapshot(); }
  absl::StatusOr<std::unique_ptr<storage::EngineCopy>> Copy() override { return engine_->Copy(); }
  absl::Status Compact() override { return engine_->Compact(); }

 private:
  std::shared_ptr<storage::Engine> engine_;
};

}  // namespace lethe::test

#endif  // LETHE_TESTS_SUPPORT_SHARED_ENGINE_H_
