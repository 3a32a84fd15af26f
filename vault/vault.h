// A Vault keeps personal records, each sealed under keys that can be destroyed. It is the whole
// product without the network: server/ only translates.
//
// Every method decides before it unwraps a category's secret, and commits its event with its
// change. Errors carry a Reason (base/reason.h); each method names only those of its own. Common to
// all: kTenantMismatch (the tenant is not the caller's), kPurposeNotAllowed, kFieldInvalid,
// kResourceNotFound, kSubjectErased, kIndexLoading (identifiers not loaded yet), kDecryptFailed.
#ifndef LETHE_VAULT_VAULT_H_
#define LETHE_VAULT_VAULT_H_

#include <functional>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "crypto/hash.h"
#include "vault/model/act.h"
#include "vault/model/artifact.h"
#include "vault/model/backup.h"
#include "vault/model/caller.h"
#include "vault/model/erasure.h"
#include "vault/model/import.h"
#include "vault/model/keys.h"
#include "vault/model/page.h"
#include "vault/model/record.h"
#include "vault/model/subject.h"
#include "vault/model/vault_status.h"

namespace lethe::vault {

// Subjects, their identifiers and their records (lethe.v1.VaultService). Thread-safe, as all facets
// are. Writers of one subject take turns; readers share.
class Data {
 public:
  virtual ~Data() = default;

  // kIdentifierTaken: another subject of the tenant has one of them. kTooMany.
  virtual absl::StatusOr<Subject> CreateSubject(const Caller& caller,
                                                std::span<const Identifier> identifiers) = 0;
  virtual absl::StatusOr<Subject> GetSubject(const Caller& caller, const SubjectRef& subject) = 0;
  virtual absl::StatusOr<Page<Subject>> ListSubjects(const Caller& caller,
                                                     const PageRequest& page) = 0;
  virtual absl::StatusOr<Subject> AddIdentifier(const Caller& caller, const SubjectRef& subject,
                                                const Identifier& identifier) = 0;
  // Shreds the identifier's leaf before it answers.
  virtual absl::StatusOr<Subject> RemoveIdentifier(const Caller& caller, const SubjectRef& subject,
                                                   const Identifier& identifier) = 0;

  // kCategoryUnknown, kRetentionOver (its end is already past), kProcessingRestricted,
  // kErasureInProgress, kRequestIdReused.
  virtual absl::StatusOr<Record> CreateRecord(const Caller& caller, const SubjectRef& subject,
                                              NewRecord record) = 0;
  virtual absl::StatusOr<Record> GetRecord(const Caller& caller, const SubjectTag& subject,
                                           const RecordTag& record) = 0;
  // `category` empty: all that the purpose may read.
  virtual absl::StatusOr<Page<Record>> ListRecords(const Caller& caller, const SubjectRef& subject,
                                                   const std::string& category,
                                                   const PageRequest& page) = 0;
  // kEtagMismatch. The old version's own secret is shredded no later than the answer says.
  virtual absl::StatusOr<std::pair<Record, KeyDeath>> UpdateRecord(const Caller& caller,
                                                                   const SubjectTag& subject,
                                                                   const RecordTag& record,
                                                                   const std::string& etag,
                                                                   RecordPatch patch) = 0;
  virtual absl::StatusOr<KeyDeath> DeleteRecord(const Caller& caller, const SubjectTag& subject,
                                                const RecordTag& record,
                                                const std::string& etag) = 0;
  // At most kStepRecordsMax items, one group of commits; an item's failure does not stop the
  // others.
  virtual std::vector<absl::StatusOr<ImportedRecord>> Import(const Caller& caller,
                                                             std::span<const ImportItem> items) = 0;
};

// What a person may demand, and how processing ends (lethe.v1.RightsService).
class Rights {
 public:
  virtual ~Rights() = default;

  // Returns when everything ever written together with the root that is left opens none of the
  // erased data. kProcessingRestricted, kErasureInProgress, kEtagMismatch.
  virtual absl::StatusOr<Erasure> EraseSubject(const Caller& caller,
                                               const EraseRequest& request) = 0;
  // Takes back an erase that is still ahead. Identifiers that somebody else has by now are
  // shredded. kResourceNotFound: none is scheduled.
  virtual absl::StatusOr<Subject> UndoErasure(const Caller& caller, const SubjectTag& subject) = 0;
  // The receipt again, by its name.
  virtual absl::StatusOr<Erasure> GetErasure(const Caller& caller, const ReceiptTag& receipt) = 0;
  // Ends a tenant, for its controller (Art. 28(3)(g)): in one shred what no duty of law keeps, and
  // where none keeps anything, the tenant itself. Otherwise what is kept opens for its duty alone,
  // and the rest follows by itself when the last duty ends. The receipt names no subject, and
  // counts no records. kProcessingRestricted: a restriction is in force; kErasureInProgress: begun
  // already.
  virtual absl::StatusOr<Erasure> OffboardTenant(const Caller& caller, bool validate_only) = 0;
  // Puts an act in force, from the answer on: what it refuses is Decide's to say.
  virtual absl::StatusOr<Subject> BeginAct(const Caller& caller, const SubjectRef& subject,
                                           const Declaration& act) = 0;
  // Ends it; what it said, and what it held beyond a period, is destroyed. kNotRestricted. Of a
  // restriction (Art. 18(3)): `informed_time` is required and not in the future.
  virtual absl::StatusOr<Subject> EndAct(const Caller& caller, const SubjectRef& subject,
                                         const ActEnd& end) = 0;
  // Art. 15: everything held, with its categories, periods and what is withheld. JSON.
  virtual absl::StatusOr<std::unique_ptr<Artifact>> AccessReport(const Caller& caller,
                                                                 const SubjectRef& subject) = 0;
  // Art. 20: what the person provided or what was observed, where the basis allows. JSON.
  virtual absl::StatusOr<std::unique_ptr<Artifact>> ExportSubject(const Caller& caller,
                                                                  const SubjectRef& subject) = 0;
};

// For operators: no person and no tenant is in it (lethe.v1.AdminService).
class Operations {
 public:
  virtual ~Operations() = default;

  // A copy of the database as of now, ciphertext, as a stream of the format in
  // vault/backup/receiver.h. FAILED_PRECONDITION (kNoArchive): there is none, and the request does
  // not put up with it.
  virtual absl::StatusOr<std::unique_ptr<Artifact>> CreateBackup(const Caller& caller,
                                                                 const BackupRequest& request) = 0;

  // Keys. Each answers with the state after it.
  virtual absl::StatusOr<KeyStatus> GetKeyStatus(const Caller& caller) = 0;
  // A fresh root; the old one is destroyed in every holder. kHolderUnreachable: nothing changed, or
  // it is finished when the silent holder answers.
  virtual absl::StatusOr<KeyStatus> RotateRoot(const Caller& caller) = 0;
  // The same with an outer part under the key service's key of now; the version before is an open
  // horizon until it is attested as destroyed. kKeyNotRotated.
  virtual absl::StatusOr<KeyStatus> StepHorizon(const Caller& caller) = 0;
  // `key_id` as KeyStatus::open_horizons has it, or its part behind the service where that is
  // clear. kResourceNotFound; kHolderNeeded: a holder is still sealed with it.
  virtual absl::StatusOr<KeyStatus> AttestHorizon(const Caller& caller,
                                                  const std::string& key_id) = 0;
  // Asks to give a holder up, or, as the second principal within a day, does. kResourceNotFound;
  // kHolderNeeded: it is the last one.
  virtual absl::StatusOr<KeyStatus> RetireHolder(const Caller& caller, const std::string& name) = 0;

  // The holder's file was moved, deleted, replaced or overwritten while the vault runs: it moves to
  // what stands at its path, or to a new file there, with the root of now. kResourceNotFound;
  // kHolderNeeded: what stands there cannot be a holder of this vault. kArchiveMissing,
  // kDatabaseMissing: nothing was moved, since it could not be written down.
  virtual absl::StatusOr<KeyStatus> RejoinHolder(const Caller& caller, const std::string& name) = 0;

  virtual VaultStatus Status() const = 0;
};

// Who did what.
class Audit {
 public:
  virtual ~Audit() = default;

  // A refusal made before the vault was asked (identity, validation), for the journal.
  virtual void RecordRefusal(const Caller& caller, std::string_view method,
                             const absl::Status& status) = 0;
};

// The four facets. Each room of the vault implements its calls of a facet (as a virtual base), and
// vault/open/ puts them together.
class Vault {
 public:
  virtual ~Vault() = default;

  virtual Data& data() = 0;
  virtual Rights& rights() = 0;
  virtual Operations& operations() = 0;
  virtual Audit& audit() = 0;
};

}  // namespace lethe::vault

#endif  // LETHE_VAULT_VAULT_H_
