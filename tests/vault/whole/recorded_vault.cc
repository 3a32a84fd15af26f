#include "tests/vault/whole/recorded_vault.h"

#include <filesystem>
#include <utility>

#include "base/check.h"
#include "base/status_macros.h"
#include "storage/rocks_engine.h"
#include "tests/support/recording_file_system.h"
#include "tests/support/test_vault.h"
#include "tests/support/unsynced_file_system.h"
#include "tests/vault/archive/recording_folder.h"
#include "tests/vault/holders/recording_slots.h"
#include "vault/archive/archive.h"
#include "vault/rows/row_schema.h"

namespace lethe::test {
namespace {

using vault::archive::AppendFolder;

// One shard of blocks is plenty for a vault of some dozen people.
constexpr std::size_t kBlockCacheBytes = 1u << 20;

template <typename Part>
std::unique_ptr<Part> Wrapped(const Interposed::Around<Part>& around, std::unique_ptr<Part> part) {
  return around == nullptr ? std::move(part) : around(std::move(part));
}

}  // namespace

// Where a vault lies, and who looks on.
struct RecordedVault::From {
  std::string at;
  std::shared_ptr<DiskLog> log;  // Null: unrecorded.
  Interposed interposed;
  bool create = false;
  bool load_identifiers = true;
};

RecordedVault::RecordedVault(RecordedVaultOptions the_options)
    : options(std::move(the_options)), id_(VaultId::Draw(random)) {
  std::filesystem::create_directories(live() + "/archive");
  log_->MakeFolder(live() + "/archive");
  auto below = vault::archive::OpenPosixFolder(live() + "/archive");
  LETHE_CHECK(below.ok());
  RecordingFolder folder(*std::move(below), log_, live() + "/archive");
  LETHE_CHECK(vault::archive::Archive::Create(folder, id_).ok());
  auto parts = Parts({.at = live(), .log = log_, .interposed = {}, .create = true});
  LETHE_CHECK(parts.ok());
  LETHE_CHECK(vault::CreateVaultOn(*std::move(parts), clock, random).ok());
  LETHE_CHECK(Open().ok());
}

absl::Status RecordedVault::Open() {
  LETHE_ASSIGN(vault_,
               OpenFrom({.at = live(), .log = log_, .interposed = options.interposed}, random));
  return absl::OkStatus();
}

absl::Status RecordedVault::CutPower(Unsynced unsynced, std::uint64_t seed) {
  const std::string left = Beside("left-by-the-cut");
  CopyTo(left, unsynced, seed);
  Close();
  std::filesystem::remove_all(live());
  std::filesystem::rename(left, live());
  first_event_ = log_->size();
  log_->Adopt(live());
  return Open();
}

void RecordedVault::CopyTo(const std::string& to, Unsynced unsynced, std::uint64_t seed) const {
  const std::vector<DiskEvent> events = log_->EventsFrom(first_event_);
  LeaveCrash(events, {.events = events.size(), .unsynced = unsynced, .seed = seed}, to);
}

absl::StatusOr<std::unique_ptr<vault::OpenedVault>> RecordedVault::OpenIn(const std::string& at,
                                                                          bool load_identifiers) {
  return OpenFrom({.at = at,
                   .log = nullptr,
                   .interposed = options.after_crash,
                   .load_identifiers = load_identifiers},
                  unremembered_);
}

absl::StatusOr<std::unique_ptr<vault::OpenedVault>> RecordedVault::OpenFrom(const From& from,
                                                                            Random& with) {
  LETHE_ASSIGN(vault::VaultParts parts, Parts(from));
  vault::RunOptions run;
  run.tenants = {{"acme", kTestPolicy}};
  run.doomed_delay = options.doomed_delay;
  run.durable_reads = false;  // The event of a read is no promise that is tested here.
  run.background = false;
  LETHE_ASSIGN(auto opened, vault::OpenVaultOn(std::move(parts), run, clock, with));
  if (from.load_identifiers) opened->LoadIdentifiers();
  return opened;
}

absl::StatusOr<vault::VaultParts> RecordedVault::Parts(const From& from) {
  const Interposed& interposed = from.interposed;
  auto files = interposed.file_system;
  if (files == nullptr) {
    files = NewUnsyncedFileSystem(from.log == nullptr ? Extras::kLeftOut : Extras::kWritten);
  }
  if (from.log != nullptr) files = NewRecordingFileSystem(from.log, std::move(files));
  vault::VaultParts parts{.id = id_};
  LETHE_ASSIGN(parts.engine, storage::OpenRocksEngine({.path = from.at + "/db",
                                                       .create = from.create,
                                                       .block_cache_bytes = kBlockCacheBytes,
                                                       .free_space_reserve_bytes = 0,
                                                       .file_system = std::move(files)},
                                                      vault::AllTables()));
  parts.engine = Wrapped(interposed.engine, std::move(parts.engine));
  for (int i = 0; i < options.holders; ++i) {
    std::unique_ptr<vault::holders::SlotFile> slots =
        std::make_unique<RecordingSlotFile>(HolderFolder(from.at, i), from.log);
    parts.holders.push_back(vault::holders::NewHolderOn(Wrapped(interposed.slots, std::move(slots)),
                                                        "file-" + std::to_string(i + 1),
                                                        vault::Assurance::kTest));
  }
  if (!options.archive) return parts;
  LETHE_ASSIGN(std::unique_ptr<AppendFolder> folder,
               vault::archive::OpenPosixFolder(from.at + "/archive"));
  if (from.log != nullptr) {
    folder = std::make_unique<RecordingFolder>(std::move(folder), from.log, from.at + "/archive");
  }
  folder = Wrapped(interposed.archive, std::move(folder));
  LETHE_ASSIGN(parts.archive, vault::archive::Archive::Open(std::move(folder), id_));
  return parts;
}

void RecordedVault::LeaveCrash(std::span<const DiskEvent> events, const Crash& crash,
                               const std::string& to) const {
  std::filesystem::remove_all(to);
  DiskState(events, crash).WriteTo(live(), to);
}

std::string RecordedVault::HolderFolder(const std::string& at, int holder) {
  return at + "/holder-" + std::to_string(holder + 1);
}

Secret RecordedVault::RootIn(const std::string& at, int holder) const {
  const auto slots = RecordingHolder(HolderFolder(at, holder), nullptr)->ReadSlots();
  LETHE_CHECK(slots.ok());
  Secret root;
  for (const vault::holders::Slot& slot : *slots) {
    if (slot.state != vault::holders::Slot::State::kWhole) continue;
    if (!root.empty() && !root.Equals(slot.content->root)) return Secret();
    root = slot.content->root.Clone();
  }
  return root;
}

}  // namespace lethe::test
