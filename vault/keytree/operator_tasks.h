// What an operator asks about the root's holders, done on the committer's thread.
#ifndef LETHE_VAULT_KEYTREE_OPERATOR_TASKS_H_
#define LETHE_VAULT_KEYTREE_OPERATOR_TASKS_H_

#include <array>
#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "vault/keytree/committer.h"

namespace lethe::vault::keytree {

// Thread-safe. The contracts are KeyTree's.
class OperatorTasks {
 public:
  OperatorTasks(const CommitterParts& parts, Committer& committer)
      : parts_(parts), committer_(committer) {}

  absl::StatusOr<KeyStatus> Keys();
  absl::Status AttestHorizon(const std::string& key_id, audit::Event event);
  absl::Status RetireHolder(const std::string& name, audit::Event event);
  absl::Status RejoinHolder(const std::string& name, audit::Event event);
  absl::Status RecordGap(shredlog::EntryKind kind, std::uint64_t position,
                         const std::array<shredlog::PrincipalMac, 2>& approvers,
                         audit::Event event);

 private:
  absl::Status Attest(const std::string& key_id, const audit::Event& event,
                      RecordedState& recorded);
  absl::Status Retire(const std::string& name, const audit::Event& event, RecordedState& recorded);
  absl::Status Rejoin(const std::string& name, const audit::Event& event, RecordedState& recorded);
  // Writes `facts`, with `entry` in the log unless it is null. Nothing changed on an error that
  // says so; any other seals the journal.
  absl::Status Write(shredlog::HolderFacts facts, const shredlog::LogEntry* entry,
                     const audit::Event& event, RecordedState& recorded,
                     storage::Room room = storage::Room::kReserve);

  const CommitterParts& parts_;
  Committer& committer_;
};

}  // namespace lethe::vault::keytree

#endif  // LETHE_VAULT_KEYTREE_OPERATOR_TASKS_H_
