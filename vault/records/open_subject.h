// A subject with its header opened and its acts read: what every call on one starts from.
#ifndef LETHE_VAULT_RECORDS_OPEN_SUBJECT_H_
#define LETHE_VAULT_RECORDS_OPEN_SUBJECT_H_

#include <string>
#include <vector>

#include "absl/time/time.h"
#include "base/ids.h"
#include "base/memory/secret.h"
#include "crypto/hash.h"
#include "vault/model/act.h"
#include "vault/policy/decision.h"
#include "vault/records/subject_header.h"
#include "vault/tenants/tenants.h"

namespace lethe::vault::records {

// An act in force, without what it says: that may be personal, and few need it.
struct Act {
  ActTag tag;
  ActKind kind = ActKind::kRestriction;
  ActTarget target = ActTarget::kPerson;
  absl::Time time;  // Since when.
  Place leaf;
  crypto::Digest row{};  // SHA-256 of the row.
};

// Valid while the caller holds the subject's lock.
struct OpenSubject {
  const tenants::Tenant* tenant = nullptr;
  SubjectTag tag;
  std::string row_key;
  std::string row;  // As read; empty for one not written yet.
  Place leaf;
  Secret key;  // SubjectKey.
  SubjectHeader header;
  std::vector<Act> acts;  // In the order of their tags; the header knows them all.

  // The first of this kind; null: none is in force.
  const Act* Find(ActKind kind) const;
  const Act* Find(const ActTag& act) const;
  bool restricted() const { return Find(ActKind::kRestriction) != nullptr; }
};

policy::SubjectFacts FactsOf(const OpenSubject& subject);
std::string EtagOf(const SubjectHeader& header);
Subject ToSubject(const OpenSubject& subject);

}  // namespace lethe::vault::records

#endif  // LETHE_VAULT_RECORDS_OPEN_SUBJECT_H_
