#include "vault/keytree/groups.h"

#include <optional>

#include "base/check.h"
#include "base/reason.h"
#include "base/status_macros.h"
#include "vault/rows/row_schema.h"

namespace lethe::vault::keytree {
namespace {

constexpr char kFirstFreeRow[] = "keytree.first_free_group";

// How many pages of level 1 a tree of `levels` has room for.
std::uint64_t PageCapacity(int levels) {
  std::uint64_t pages = 1;
  for (int level = 1; level < levels; ++level) pages *= kFanOut;
  return pages;
}

// The node at `level` above the page of level 1 with index `page`.
std::uint64_t AncestorOf(std::uint64_t page, int level) {
  for (int i = 1; i < level; ++i) page /= kFanOut;
  return page;
}

}  // namespace

GroupHold::~GroupHold() { groups_.Release(group_); }

Groups::Groups(const VaultId& vault, Journal& journal, const NodeKeys& keys, Random& random,
               std::uint64_t first_free, std::function<void()> want_growth)
    : vault_(vault),
      journal_(journal),
      keys_(keys),
      random_(random),
      want_growth_(std::move(want_growth)),
      first_free_(first_free) {}

absl::StatusOr<std::uint64_t> Groups::LoadFirstFree(const storage::Engine& engine) {
  const auto row = engine.Get(table::kMeta, kFirstFreeRow);
  if (absl::IsNotFound(row.status())) {
    return Refuse(Reason::kLeafLost, "how far the key tree is given out stands nowhere");
  }
  LETHE_TRY(row.status());
  ByteReader in(*row);
  const std::uint64_t group = in.U64();
  LETHE_TRY(in.Finish());
  return group;
}

void Groups::StoreFirstFree(std::uint64_t group, storage::Batch& change) {
  change.Put(table::kMeta, kFirstFreeRow, ByteWriter().U64(group).Take());
}

absl::StatusOr<FreeSlot> Groups::NextSlot() {
  absl::MutexLock chunk_lock(&chunk_mutex_);
  while (true) {
    LETHE_TRY(Advance(arrivals_, 1));
    const Place place{arrivals_.group, arrivals_.slot++};
    // Closed between Advance and here: its remaining slots stay for later, this one is given up.
    if (auto hold = TryHold(place.group)) return FreeSlot{place, std::move(hold)};
  }
}

absl::StatusOr<PersonSpot> Groups::NextSpot() {
  absl::MutexLock chunk_lock(&chunk_mutex_);
  LETHE_TRY(Advance(persons_, kSlotsPerPerson));
  const PersonSpot spot{persons_.group, persons_.slot, 0};
  persons_.slot = static_cast<std::uint8_t>(persons_.slot + kSlotsPerPerson);
  return spot;
}

absl::Status Groups::Advance(Cursor& cursor, std::uint8_t run) {
  while (true) {
    if (cursor.group == cursor.end) {
      LETHE_TRY(OpenChunk(cursor));
    } else if (cursor.slot + run > kSlotsPerGroup || IsClosed(cursor.group)) {
      ++cursor.group;
      cursor.slot = 0;
    } else {
      return absl::OkStatus();
    }
  }
}

absl::Status Groups::OpenChunk(Cursor& cursor) {
  const int levels = keys_.levels();
  const std::uint64_t page = first_free_ / kFanOut;
  const std::uint64_t capacity = PageCapacity(levels);
  if (page >= capacity - capacity / 4 && growth_wanted_at_levels_.exchange(levels) != levels) {
    want_growth_();
  }
  if (page >= capacity) {
    return Refuse(Reason::kConcurrentChange, "the key tree is growing a level; try again");
  }
  storage::Batch change;
  LETHE_TRY(AppendBirths(page, change));
  StoreFirstFree(first_free_ + kChunkGroups, change);
  LETHE_TRY(journal_
                .Commit({audit::Event{.method = audit::Method::kSystem}}, std::move(change),
                        storage::Durability::kWritten)
                .status());
  cursor = Cursor{first_free_, first_free_ + kChunkGroups, 0};
  first_free_ += kChunkGroups;
  return absl::OkStatus();
}

// Writes the rows of `page` and of every page above it that is not born yet, under the keys their
// parents were born with. An unborn page lies on no leaf's path, so no shred can be re-keying it.
absl::Status Groups::AppendBirths(std::uint64_t page, storage::Batch& change) const {
  std::optional<KeyPage> parent;  // Once one page is unborn, so are all below it.
  for (int level = keys_.levels() - 1; level >= 1; --level) {
    const NodeSpot spot(static_cast<std::uint8_t>(level), AncestorOf(page, level));
    NodeKey key;
    if (parent.has_value()) {
      key = parent->children[spot.second % kFanOut].Clone();
    } else {
      LETHE_ASSIGN(key, keys_.KeyOf(spot));
    }
    const NodeId id{spot.first, spot.second, key.generation};
    if (!parent.has_value()) {
      const auto row = journal_.engine().Get(table::kNode, id.Key());
      if (row.ok()) continue;
      if (!absl::IsNotFound(row.status())) return row.status();
    }
    parent = NewKeyPage(id.generation, random_);
    change.Put(table::kNode, id.Key(), SealKeyPage(vault_, id, key.key, *parent));
  }
  return absl::OkStatus();
}

std::shared_ptr<GroupHold> Groups::TryHold(std::uint64_t group) {
  absl::MutexLock lock(&mutex_);
  if (closed_.contains(group)) return nullptr;
  ++in_flight_[group];
  return std::make_shared<GroupHold>(*this, group);
}

void Groups::Release(std::uint64_t group) {
  absl::MutexLock lock(&mutex_);
  const auto found = in_flight_.find(group);
  LETHE_CHECK(found != in_flight_.end());
  if (--found->second == 0) in_flight_.erase(found);
}

void Groups::Close(const std::vector<std::uint64_t>& groups) {
  absl::MutexLock lock(&mutex_);
  closed_.insert(groups.begin(), groups.end());
  const auto drained = [this, &groups]()
                           ABSL_SHARED_LOCKS_REQUIRED(mutex_) { return CloseDrained(groups); };
  mutex_.Await(absl::Condition(&drained));
}

bool Groups::CloseDrained(const std::vector<std::uint64_t>& groups) const {
  for (const std::uint64_t group : groups) {
    if (in_flight_.contains(group)) return false;
  }
  return true;
}

void Groups::Reopen(const std::vector<std::uint64_t>& groups) {
  absl::MutexLock lock(&mutex_);
  for (const std::uint64_t group : groups) closed_.erase(group);
}

bool Groups::IsClosed(std::uint64_t group) const {
  absl::MutexLock lock(&mutex_);
  return closed_.contains(group);
}

}  // namespace lethe::vault::keytree
