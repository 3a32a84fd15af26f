// Parts of a vault with a hook before each operation that writes: for faults, which answer with an
// error, and for mutants, which answer OK and do nothing.
#ifndef LETHE_TESTS_VAULT_WHOLE_HOOKED_PARTS_H_
#define LETHE_TESTS_VAULT_WHOLE_HOOKED_PARTS_H_

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/status_macros.h"
#include "tests/support/shared_engine.h"
#include "tests/vault/archive/forwarding_folder.h"
#include "vault/archive/append_file.h"
#include "vault/holders/file_holder.h"

namespace lethe::test {

// What to answer instead of doing it; nullopt: do it. Empty: do it.
using Hook = std::function<std::optional<absl::Status>()>;

inline std::optional<absl::Status> Instead(const Hook& hook) {
  return hook == nullptr ? std::nullopt : hook();
}

struct FolderHooks {
  Hook append;
  Hook sync;
};

class HookedAppendFile final : public vault::archive::AppendFile {
 public:
  HookedAppendFile(std::unique_ptr<AppendFile> below, FolderHooks hooks)
      : below_(std::move(below)), hooks_(std::move(hooks)) {}

  absl::Status Append(Bytes bytes) override {
    if (const auto instead = Instead(hooks_.append)) return *instead;
    return below_->Append(bytes);
  }
  absl::Status Sync() override {
    if (const auto instead = Instead(hooks_.sync)) return *instead;
    return below_->Sync();
  }
  absl::Status CheckThere(std::uint64_t size) const override { return below_->CheckThere(size); }

 private:
  const std::unique_ptr<AppendFile> below_;
  const FolderHooks hooks_;
};

class HookedFolder final : public ForwardingFolder {
 public:
  HookedFolder(std::unique_ptr<AppendFolder> below, FolderHooks hooks)
      : ForwardingFolder(std::move(below)), hooks_(std::move(hooks)) {}

  absl::StatusOr<std::unique_ptr<File>> Create(const std::string& name) override {
    return Hooked(ForwardingFolder::Create(name));
  }
  absl::StatusOr<std::unique_ptr<File>> OpenCutTo(const std::string& name,
                                                  std::uint64_t size) override {
    return Hooked(ForwardingFolder::OpenCutTo(name, size));
  }

 private:
  absl::StatusOr<std::unique_ptr<File>> Hooked(absl::StatusOr<std::unique_ptr<File>> file) {
    LETHE_TRY(file.status());
    return std::make_unique<HookedAppendFile>(*std::move(file), hooks_);
  }

  const FolderHooks hooks_;
};

struct SlotHooks {
  // Is told the slot's offset and what shall be written there.
  std::function<std::optional<absl::Status>(std::uint64_t, Bytes)> write;
  Hook sync;
  // May change what was read from the offset.
  std::function<void(std::uint64_t, MutableBytes)> after_read;
};

class HookedSlotFile final : public vault::holders::SlotFile {
 public:
  HookedSlotFile(std::unique_ptr<SlotFile> below, SlotHooks hooks)
      : below_(std::move(below)), hooks_(std::move(hooks)) {}

  absl::Status Write(std::uint64_t offset, Bytes bytes) override {
    if (hooks_.write != nullptr) {
      if (const auto instead = hooks_.write(offset, bytes)) return *instead;
    }
    return below_->Write(offset, bytes);
  }
  absl::Status Sync() override {
    if (const auto instead = Instead(hooks_.sync)) return *instead;
    return below_->Sync();
  }
  absl::Status ReadPastCache(std::uint64_t offset, MutableBytes out) override {
    LETHE_TRY(below_->ReadPastCache(offset, out));
    if (hooks_.after_read != nullptr) hooks_.after_read(offset, out);
    return absl::OkStatus();
  }

 private:
  const std::unique_ptr<SlotFile> below_;
  const SlotHooks hooks_;
};

struct EngineHooks {
  std::function<storage::Durability(storage::Durability)> durability;
  // May change a row that was read.
  std::function<void(storage::TableId, std::string_view key, std::string& row)> after_get;
};

class HookedEngine final : public SharedEngine {
 public:
  HookedEngine(std::unique_ptr<storage::Engine> below, EngineHooks hooks)
      : SharedEngine(std::move(below)), hooks_(std::move(hooks)) {}

  absl::StatusOr<std::string> Get(storage::TableId table, std::string_view key) const override {
    LETHE_ASSIGN(std::string row, SharedEngine::Get(table, key));
    if (hooks_.after_get != nullptr) hooks_.after_get(table, key, row);
    return row;
  }
  absl::Status Write(const storage::Batch& batch, std::uint64_t position,
                     storage::Durability durability) override {
    if (hooks_.durability != nullptr) durability = hooks_.durability(durability);
    return SharedEngine::Write(batch, position, durability);
  }

 private:
  const EngineHooks hooks_;
};

// Interposed parts with such hooks.
template <typename HookedPart, typename Part, typename Hooks>
std::function<std::unique_ptr<Part>(std::unique_ptr<Part>)> With(Hooks hooks) {
  return [hooks](std::unique_ptr<Part> part) -> std::unique_ptr<Part> {
    return std::make_unique<HookedPart>(std::move(part), hooks);
  };
}
inline auto WithHooks(SlotHooks hooks) {
  return With<HookedSlotFile, vault::holders::SlotFile>(std::move(hooks));
}
inline auto WithHooks(FolderHooks hooks) {
  return With<HookedFolder, vault::archive::AppendFolder>(std::move(hooks));
}
inline auto WithHooks(EngineHooks hooks) {
  return With<HookedEngine, storage::Engine>(std::move(hooks));
}

}  // namespace lethe::test

#endif  // LETHE_TESTS_VAULT_WHOLE_HOOKED_PARTS_H_
