#include "vault/open/describe.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "absl/strings/str_format.h"
#include "base/reason.h"
#include "base/status_macros.h"
#include "storage/batch.h"
#include "vault/archive/archive.h"
#include "vault/holders/holder_set.h"
#include "vault/open/holder_heads.h"
#include "vault/open/open_database.h"
#include "vault/open/open_holders.h"
#include "vault/open/open_parts.h"
#include "vault/open/opened_vault.h"
#include "vault/rows/row_schema.h"
#include "vault/shredlog/holder_facts.h"
#include "vault/shredlog/shred_log.h"

namespace lethe::vault {
namespace {

// A file that says something is the operator's to judge, not ours to overwrite.
absl::Status CheckLost(const std::string& data_dir) {
  const auto found = ReadDescriptor(data_dir);
  if (found.ok()) {
    return absl::AlreadyExistsError(
        "vault.json is there and can be read; nothing was changed. If it is not this vault's, move "
        "it away first");
  }
  const bool lost = absl::IsNotFound(found.status()) || absl::IsDataLoss(found.status());
  return lost ? absl::OkStatus() : found.status();
}

// The newest event of the database as the archive has it, if it has: no other history has its salt.
// Asked before what the archive has beyond it is brought in, which goes by numbers alone.
absl::Status CheckSameHistory(const storage::Engine& engine, const archive::Archive& archive) {
  const std::uint64_t position = engine.Position();
  if (position <= archive.begins_after() || position > archive.last_sequence()) {
    return absl::OkStatus();
  }
  const std::string key = row_key::Sequence(position);
  const auto stored = engine.Get(table::kEvent, key);
  bool same = false;
  const absl::Status read =
      archive.Replay(position - 1, [&](const archive::Frame& frame) -> absl::Status {
        LETHE_ASSIGN(const storage::Batch batch, storage::Batch::Decode(AsBytes(frame.batch)));
        same = std::ranges::any_of(batch.operations(), [&](const storage::Operation& operation) {
          return operation.table == table::kEvent && operation.key == key && stored.ok() &&
                 operation.value == *stored;
        });
        return absl::CancelledError("one frame is enough");
      });
  if (!absl::IsCancelled(read)) LETHE_TRY(read);
  if (same) return absl::OkStatus();
  return Refuse(Reason::kChainBroken,
                "the archive and the database tell different histories: one of them is another "
                "vault's, or was replaced by a rebuilt one");
}

// The newest entry that names holders: an attempt's, or that of init.
absl::StatusOr<shredlog::LogEntry> NewestAttempt(const storage::Engine& engine) {
  const auto log = shredlog::LoadLogState(engine);
  if (absl::IsNotFound(log.status())) {
    return absl::FailedPreconditionError("the database holds no vault: lethe init did not end");
  }
  LETHE_TRY(log.status());
  for (std::uint64_t sequence = log->last_sequence;; --sequence) {
    LETHE_ASSIGN(shredlog::LogEntry entry, shredlog::LoadLogEntry(engine, sequence));
    if (!entry.holders.empty()) return entry;
  }
}

// One in force that vault.json does not name would keep its root for good. One that is retired is
// not read, so the others must be there.
absl::Status CheckNamed(const storage::Engine& engine, const shredlog::LogEntry& attempt,
                        const std::vector<HolderHead>& heads) {
  LETHE_ASSIGN(const shredlog::HolderFacts facts, shredlog::LoadHolderFacts(engine));
  for (const std::string& name : attempt.holders) {
    if (facts.IsRetired(name) || std::ranges::count(heads, name, &HolderHead::name) > 0) continue;
    return Refuse(Reason::kHolderNeeded,
                  absl::StrFormat("the database knows key holder %s, which is not given: give all, "
                                  "in the order of lethe init, also one whose file is gone or "
                                  "that is retired, since its place is its name",
                                  name),
                  "holder");
  }
  const auto opens = [&](const HolderHead& head) {
    return head.there && !facts.IsRetired(head.name);
  };
  if (std::ranges::any_of(heads, opens)) return absl::OkStatus();
  return Refuse(Reason::kHolderNeeded,
                "of the key holders given none is there but what the vault has retired: give them "
                "in the order of lethe init, since a holder's place is its name",
                "holder");
}

}  // namespace

absl::StatusOr<Descriptor> PlanDescriptor(const DescribeOptions& options,
                                          const std::string& data_dir) {
  Descriptor descriptor{.dev = options.dev};
  for (HolderSpec holder : options.holders) {
    holder.slots = Inside(data_dir, AbsolutePath(holder.slots));
    const auto is_same = [&](const HolderSpec& other) { return other.slots == holder.slots; };
    if (std::ranges::any_of(descriptor.holders, is_same)) {
      return Refuse(Reason::kFieldInvalid, "a key holder is given twice", "holders", "unique");
    }
    descriptor.holders.push_back(std::move(holder));
  }
  if (descriptor.holders.empty() || descriptor.holders.size() > holders::kHoldersMax) {
    return Refuse(Reason::kFieldInvalid, "the vault's one to three holders are needed", "holders",
                  "holders");
  }
  if (!options.archive_dir.empty()) {
    descriptor.archive_dir = Inside(data_dir, AbsolutePath(options.archive_dir));
  }
  return descriptor;
}

absl::StatusOr<std::unique_ptr<archive::Archive>> OpenGivenArchive(const std::string& folder,
                                                                   const VaultId& vault) {
  auto archive = archive::Archive::Open(folder, vault);
  if (absl::IsNotFound(archive.status())) {
    return absl::NotFoundError("there is no archive in the folder given: name the archive's own");
  }
  if (absl::IsFailedPrecondition(archive.status()) && !ReasonOf(archive.status()).has_value()) {
    return absl::FailedPreconditionError("the archive is of another vault than the key holders");
  }
  return archive;
}

absl::StatusOr<Described> DescribeVault(const DescribeOptions& options, Clock& clock,
                                        Random& random) {
  const std::string data_dir = AbsolutePath(options.data_dir);
  LETHE_TRY(CheckLost(data_dir));
  LETHE_ASSIGN(Descriptor descriptor, PlanDescriptor(options, data_dir));
  LETHE_ASSIGN(const std::vector<HolderHead> heads, ReadHolderHeads(data_dir, descriptor));
  descriptor.id = VaultOf(heads);
  VaultParts parts{.id = descriptor.id};
  LETHE_ASSIGN(parts.engine, OpenDatabase(data_dir));
  LETHE_ASSIGN(const shredlog::LogEntry attempt, NewestAttempt(*parts.engine));
  LETHE_TRY(CheckNamed(*parts.engine, attempt, heads));
  if (descriptor.archive_dir.has_value()) {
    LETHE_ASSIGN(parts.archive,
                 OpenGivenArchive(ResolvePath(data_dir, *descriptor.archive_dir), descriptor.id));
    LETHE_TRY(CheckSameHistory(*parts.engine, *parts.archive));
  }
  // Only a development vault's shreds are unverified.
  descriptor.dev = descriptor.dev || attempt.assurance == Assurance::kUnverified;
  parts.dev = descriptor.dev;
  LETHE_ASSIGN(parts.holders, OpenHolders(data_dir, descriptor, options.key_services, random));
  LETHE_ASSIGN(const auto vault,
               OpenVaultOn(std::move(parts), RunOptions{.background = false}, clock, random));
  const VaultStatus status = vault->operations().Status();
  LETHE_TRY(WriteDescriptor(data_dir, descriptor));
  return Described{std::move(descriptor), status.journal_sequence, status.generation};
}

}  // namespace lethe::vault
