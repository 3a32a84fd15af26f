#include "tests/vault/keytree/recorded_world.h"

#include <unistd.h>

#include <filesystem>

#include "base/check.h"
#include "base/status_macros.h"
#include "storage/rocks_engine.h"
#include "tests/support/recording_file_system.h"
#include "tests/vault/archive/recording_folder.h"
#include "tests/vault/holders/recording_slots.h"
#include "tests/vault/holders/recording_token.h"
#include "vault/archive/archive.h"
#include "vault/archive/frame.h"
#include "vault/holders/slot.h"
#include "vault/holders/slot_holder.h"
#include "vault/rows/row_schema.h"

namespace lethe::test {
namespace {

std::string SlotsIn(const std::string& at, std::size_t index) {
  return at + "/holder-" + std::to_string(index);
}

}  // namespace

std::string FastTempFolder() {
  const std::string shared_memory = "/dev/shm";
  std::string path =
      (access(shared_memory.c_str(), W_OK) == 0 ? shared_memory
                                                : std::filesystem::temp_directory_path().string()) +
      "/lethe_test_XXXXXX";
  LETHE_CHECK(mkdtemp(path.data()) != nullptr);
  return path;
}

RecordedWorld::RecordedWorld(std::string folder, WorldHolders holders)
    : folder_(std::move(folder)), kinds_(std::move(holders)) {}

std::unique_ptr<vault::holders::Holder> RecordedWorld::HolderIn(
    const std::string& at, std::size_t index, std::shared_ptr<DiskLog> log) const {
  const std::string slots = SlotsIn(at, index);
  std::vector<vault::holders::KeyService*> services;
  if (kinds_.service != nullptr) services.push_back(kinds_.service);
  return vault::holders::NewSlotHolder(
      std::make_unique<RecordingSlotFile>(slots, log), "holder-" + std::to_string(index + 1),
      [](std::string*) { return vault::Assurance::kTest; },
      kinds_.token[index] ? vault::holders::NewTokenFactor(
                                RecordingToken(at + "/token-" + std::to_string(index), log))
                          : vault::holders::NewFileFactor(),
      services);
}

void RecordedWorld::Create() {
  vault_ = VaultId::Draw(random_);
  std::filesystem::create_directories(folder_ + "/archive");
  log_->MakeFolder(folder_ + "/archive");
  auto below = vault::archive::OpenPosixFolder(folder_ + "/archive");
  LETHE_CHECK(below.ok());
  RecordingFolder archive(*std::move(below), log_, folder_ + "/archive");
  LETHE_CHECK(vault::archive::Archive::Create(archive, vault_).ok());
  auto opened = Open(true, folder_, true);
  LETHE_CHECK(opened.ok());
  open_ = *std::move(opened);
}

absl::StatusOr<std::unique_ptr<OpenTree>> RecordedWorld::Open(bool recorded, const std::string& at,
                                                              bool create) {
  auto open = std::make_unique<OpenTree>();
  LETHE_ASSIGN(auto engine, storage::OpenRocksEngine(
                                {.path = at + "/db",
                                 .create = create,
                                 .block_cache_bytes = 1u << 20,
                                 .free_space_reserve_bytes = 0,
                                 .file_system = recorded ? NewRecordingFileSystem(log_) : nullptr},
                                vault::AllTables()));
  LETHE_ASSIGN(std::unique_ptr<vault::archive::AppendFolder> folder,
               vault::archive::OpenPosixFolder(at + "/archive"));
  if (recorded) {
    folder = std::make_unique<RecordingFolder>(std::move(folder), log_, at + "/archive");
  }
  LETHE_ASSIGN(auto archive, vault::archive::Archive::Open(std::move(folder), vault_));
  LETHE_ASSIGN(open->journal,
               vault::Journal::Open(std::move(engine), std::move(archive), clock_, random_));
  std::vector<std::unique_ptr<vault::holders::Holder>> holders;
  for (std::size_t i = 0; i < kinds_.token.size(); ++i) {
    holders.push_back(HolderIn(at, i, recorded ? log_ : nullptr));
  }
  if (create) {
    LETHE_TRY(vault::keytree::KeyTree::Create(vault_, *open->journal, holders, clock_, random_));
  }
  LETHE_ASSIGN(open->tree, vault::keytree::KeyTree::Open(vault_, *open->journal, std::move(holders),
                                                         clock_, random_));
  return open;
}

absl::StatusOr<std::unique_ptr<OpenTree>> RecordedWorld::OpenAfter(
    std::span<const DiskEvent> events, const Crash& crash, const std::string& to) {
  std::filesystem::remove_all(to);
  DiskState(events, crash).WriteTo(folder_, to);
  return Open(false, to, false);
}

std::vector<Secret> RecordedWorld::RootsIn(const std::string& at) const {
  std::vector<Secret> roots;
  for (std::size_t i = 0; i < kinds_.token.size(); ++i) {
    Secret& root = roots.emplace_back();
    const auto slots = HolderIn(at, i, nullptr)->ReadSlots();
    if (!slots.ok()) continue;
    int whole = 0;
    for (const vault::holders::Slot& slot : *slots) {
      if (slot.state != vault::holders::Slot::State::kWhole) continue;
      root = ++whole == 1 ? slot.content->root.Clone() : Secret();
    }
  }
  return roots;
}

void RecordedWorld::TellAll(TreeAttacker& attacker) const {
  std::map<std::string, std::string> segments;
  for (const DiskRun& run : log_->Runs()) {
    if (run.path.starts_with(folder_ + "/archive/")) segments[run.path] += run.bytes;
  }
  for (const auto& [path, bytes] : segments) {
    std::size_t at = bytes.find(vault::archive::kFrameMagic);
    while (at != std::string::npos && at < bytes.size()) {
      crypto::Digest chain;
      const auto frame = vault::archive::DecodeFrame(AsBytes(bytes).subspan(at), &chain);
      LETHE_CHECK(frame.ok());
      const auto batch = storage::Batch::Decode(AsBytes(frame->batch));
      LETHE_CHECK(batch.ok());
      for (const storage::Operation& operation : batch->operations()) {
        if (operation.kind != storage::Operation::Kind::kPut) continue;
        if (operation.table == vault::table::kNode) {
          attacker.AddNodeRow(operation.key, operation.value);
        } else if (operation.table == vault::table::kLeaf) {
          attacker.AddLeafRow(operation.key, operation.value);
        }
      }
      at += vault::archive::kFrameOverheadBytes + frame->batch.size();
    }
  }
}

std::size_t RecordedWorld::CountOutsideSlots(std::string_view needle) const {
  std::size_t count = 0;
  for (const DiskRun& run : log_->Runs()) {
    // What a holder is made of is where roots and their keys belong.
    if (RecordingSlotFile::IsSlot(run.path)) continue;
    if (run.bytes.find(needle) != std::string::npos) ++count;
  }
  return count;
}

}  // namespace lethe::test
