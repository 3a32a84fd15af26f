#include "vault/memory/identifier_table.h"

#include <algorithm>
#include <utility>

#include "base/codec.h"
#include "base/reason.h"
#include "crypto/kdf.h"

namespace lethe::vault::memory {

IdentifierTable::Reservation::Reservation(Reservation&& other) noexcept
    : table_(std::exchange(other.table_, nullptr)), held_(std::move(other.held_)) {}

IdentifierTable::Reservation::~Reservation() {
  if (table_ == nullptr) return;
  absl::MutexLock lock(&table_->mutex_);
  for (const Fingerprint& fingerprint : held_) table_->reserved_.erase(fingerprint);
}

void IdentifierTable::Reservation::Publish(const SubjectTag& subject) && {
  if (table_ == nullptr) return;
  IdentifierTable& table = *std::exchange(table_, nullptr);
  absl::MutexLock lock(&table.mutex_);
  for (const Fingerprint& fingerprint : held_) {
    table.reserved_.erase(fingerprint);
    table.living_[fingerprint] = subject;
  }
}

IdentifierTable::Fingerprint IdentifierTable::Of(const TenantTag& tenant,
                                                 const Identifier& identifier) const {
  std::string message =
      ByteWriter().Raw(tenant.bytes()).Short(identifier.type).Short(identifier.value).Take();
  const Fingerprint fingerprint = crypto::Mac16(key_, "lethe.identtab.1", message);
  Wipe(message);
  return fingerprint;
}

absl::Status IdentifierTable::CheckComplete() const {
  if (complete()) return absl::OkStatus();
  return Refuse(Reason::kIndexLoading, "identifiers are still being loaded");
}

void IdentifierTable::MarkComplete() {
  absl::MutexLock lock(&mutex_);
  complete_ = true;
}

bool IdentifierTable::complete() const {
  absl::ReaderMutexLock lock(&mutex_);
  return complete_;
}

void IdentifierTable::MarkGap(const TenantTag& tenant) {
  absl::MutexLock lock(&mutex_);
  gaps_.insert(tenant);
}

absl::Status IdentifierTable::CheckWhole(const TenantTag& tenant) const {
  absl::ReaderMutexLock lock(&mutex_);
  if (!gaps_.contains(tenant)) return absl::OkStatus();
  return Refuse(Reason::kDecryptFailed, "the identifiers of a subject cannot be read");
}

std::optional<SubjectTag> IdentifierTable::Find(const Fingerprint& fingerprint,
                                                bool withheld_too) const {
  absl::ReaderMutexLock lock(&mutex_);
  if (const auto found = living_.find(fingerprint); found != living_.end()) return found->second;
  if (!withheld_too) return std::nullopt;
  const auto found = withheld_.find(fingerprint);
  if (found == withheld_.end()) return std::nullopt;
  return found->second.back();  // The latest of several lives.
}

absl::StatusOr<IdentifierTable::Reservation> IdentifierTable::Reserve(
    std::vector<Fingerprint> fingerprints) {
  absl::MutexLock lock(&mutex_);
  for (const Fingerprint& fingerprint : fingerprints) {
    if (living_.contains(fingerprint)) {
      return Refuse(Reason::kIdentifierTaken, "another subject has this identifier", "identifiers",
                    "unique");
    }
    if (reserved_.contains(fingerprint)) {
      return Refuse(Reason::kConcurrentChange, "the identifier is being given to another subject");
    }
  }
  reserved_.insert(fingerprints.begin(), fingerprints.end());
  return Reservation(*this, std::move(fingerprints));
}

void IdentifierTable::Load(const Fingerprint& fingerprint, const SubjectTag& subject,
                           bool withheld) {
  absl::MutexLock lock(&mutex_);
  if (!withheld) {
    living_.try_emplace(fingerprint, subject);
    return;
  }
  // An erase may have been quicker than the scan.
  std::vector<SubjectTag>& subjects = withheld_[fingerprint];
  if (std::ranges::find(subjects, subject) == subjects.end()) subjects.push_back(subject);
}

void IdentifierTable::Erase(const SubjectTag& subject, std::span<const Fingerprint> gone,
                            std::span<const Fingerprint> withheld) {
  absl::MutexLock lock(&mutex_);
  const auto drop = [&](const Fingerprint& fingerprint) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    const auto living = living_.find(fingerprint);
    if (living != living_.end() && living->second == subject) living_.erase(living);
    const auto kept = withheld_.find(fingerprint);
    if (kept == withheld_.end()) return;
    std::erase(kept->second, subject);
    if (kept->second.empty()) withheld_.erase(kept);
  };
  for (const Fingerprint& fingerprint : gone) drop(fingerprint);
  for (const Fingerprint& fingerprint : withheld) {
    drop(fingerprint);
    withheld_[fingerprint].push_back(subject);
  }
}

void IdentifierTable::EraseAll(const absl::flat_hash_set<SubjectTag>& subjects) {
  absl::MutexLock lock(&mutex_);
  absl::erase_if(living_, [&](const auto& entry) { return subjects.contains(entry.second); });
  absl::erase_if(withheld_, [&](auto& entry) {
    std::erase_if(entry.second, [&](const SubjectTag& tag) { return subjects.contains(tag); });
    return entry.second.empty();
  });
}

std::size_t IdentifierTable::size() const {
  absl::ReaderMutexLock lock(&mutex_);
  return living_.size() + withheld_.size();
}

}  // namespace lethe::vault::memory
