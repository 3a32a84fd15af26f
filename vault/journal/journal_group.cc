#include "vault/journal/journal_group.h"

#include <array>
#include <utility>

#include "vault/rows/row_schema.h"

namespace lethe::vault {
namespace {

// Kind, table and the two lengths of an operation in an encoded batch.
constexpr std::size_t kOperationBytes = 1 + 1 + 2 + 4;
// An event's row without its lists and names: operation, key and fixed fields, rounded up.
constexpr std::size_t kEventRowBytes = 160;

// What the group's commits so far would leave, read by the preconditions of the next. Most commits
// have none, so earlier ones are laid over the engine only when somebody asks.
class Preconditions {
 public:
  explicit Preconditions(const storage::Engine& engine) : overlay_(engine) {}

  absl::Status Check(std::span<PendingCommit* const> accepted, const storage::Batch& change) {
    if (change.preconditions().empty()) return absl::OkStatus();
    for (; applied_ < accepted.size(); ++applied_) overlay_.Apply(accepted[applied_]->change);
    return overlay_.Check(change);
  }

 private:
  storage::Overlay overlay_;
  std::size_t applied_ = 0;
};

void AppendEvents(const PendingCommit& commit, std::uint64_t first_sequence, absl::Time now,
                  Random& random, storage::Batch& batch) {
  std::uint64_t sequence = first_sequence;
  for (const audit::Event& event : commit.events) {
    std::array<std::uint8_t, 16> salt;
    random.Fill(salt);
    batch.Put(table::kEvent, row_key::Sequence(sequence),
              audit::EncodeEvent(event, sequence, now, salt));
    ++sequence;
  }
}

}  // namespace

std::size_t FrameBytesOf(std::span<const audit::Event> events, const storage::Batch& change) {
  std::size_t bytes = change.size_bytes() + kOperationBytes * change.operations().size();
  for (const audit::Event& event : events) {
    bytes += kEventRowBytes + SubjectTag::kBytes * event.subjects.size() + event.purpose.size() +
             event.rule.size();
    for (const std::string& category : event.categories) bytes += 2 + category.size();
  }
  return bytes;
}

JournalGroup BuildJournalGroup(std::span<PendingCommit* const> commits,
                               const storage::Engine& engine, std::uint64_t first_sequence,
                               absl::Time now, Random& random) {
  JournalGroup group;
  group.first_sequence = first_sequence;
  group.last_sequence = first_sequence - 1;
  Preconditions preconditions(engine);
  for (PendingCommit* const commit : commits) {
    absl::Status holds = preconditions.Check(group.members, commit->change);
    if (!holds.ok()) {
      commit->Finish(std::move(holds));
      continue;
    }
    AppendEvents(*commit, group.last_sequence + 1, now, random, group.batch);
    group.last_sequence += commit->events.size();
    commit->result = Journal::Committed{group.last_sequence, {}};
    group.synced |= commit->durability == storage::Durability::kSynced;
    group.members.push_back(commit);
  }
  // Only now: until here the overlay may have had to read them.
  for (PendingCommit* const member : group.members) group.batch.Append(std::move(member->change));
  group.batch.DropPreconditions();
  return group;
}

}  // namespace lethe::vault
