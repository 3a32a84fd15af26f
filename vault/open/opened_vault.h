// OpenedVault is the Vault as it runs. It owns everything and does nothing itself: each method is
// in vault/calls/, one file a family.
#ifndef LETHE_VAULT_OPEN_OPENED_VAULT_H_
#define LETHE_VAULT_OPEN_OPENED_VAULT_H_

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "vault/acts/restriction_calls.h"
#include "vault/backup/backup_calls.h"
#include "vault/calls/desk.h"
#include "vault/calls/stores.h"
#include "vault/data/change_calls.h"
#include "vault/data/identifier_loader.h"
#include "vault/data/import_calls.h"
#include "vault/data/record_calls.h"
#include "vault/data/subject_calls.h"
#include "vault/erasure/erase_calls.h"
#include "vault/erasure/erasure_stores.h"
#include "vault/erasure/hygiene.h"
#include "vault/expiry/expired_rows.h"
#include "vault/expiry/expiry.h"
#include "vault/keys/key_calls.h"
#include "vault/offboarding/gone_tenants.h"
#include "vault/offboarding/offboarding.h"
#include "vault/open/housekeeper.h"
#include "vault/open/open_parts.h"
#include "vault/reports/artifact_calls.h"
#include "vault/vault.h"

namespace lethe::vault {

class OpenedVault final : public Vault {
 public:
  OpenedVault(const VaultId& id, std::unique_ptr<Journal> journal,
              std::unique_ptr<keytree::KeyTree> tree, std::unique_ptr<records::Tenants> tenants,
              const RunOptions& options, Clock& clock, Random& random);

  absl::StatusOr<Subject> CreateSubject(const Caller& caller,
                                        std::span<const Identifier> identifiers) override {
    return subjects_.Create(caller, identifiers);
  }
  absl::StatusOr<Subject> GetSubject(const Caller& caller, const SubjectRef& subject) override {
    return subjects_.Get(caller, subject);
  }
  absl::StatusOr<Page<Subject>> ListSubjects(const Caller& caller,
                                             const PageRequest& page) override {
    return subjects_.List(caller, page);
  }
  absl::StatusOr<Subject> AddIdentifier(const Caller& caller, const SubjectRef& subject,
                                        const Identifier& identifier) override {
    return subjects_.AddIdentifier(caller, subject, identifier);
  }
  absl::StatusOr<Subject> RemoveIdentifier(const Caller& caller, const SubjectRef& subject,
                                           const Identifier& identifier) override {
    return subjects_.RemoveIdentifier(caller, subject, identifier);
  }
  absl::StatusOr<Record> CreateRecord(const Caller& caller, const SubjectRef& subject,
                                      const NewRecord& record) override {
    return records_.Create(caller, subject, record);
  }
  absl::StatusOr<Record> GetRecord(const Caller& caller, const SubjectTag& subject,
                                   const RecordTag& record) override {
    return records_.Get(caller, subject, record);
  }
  absl::StatusOr<Page<Record>> ListRecords(const Caller& caller, const SubjectRef& subject,
                                           const std::string& category,
                                           const PageRequest& page) override {
    return records_.List(caller, subject, category, page);
  }
  absl::StatusOr<std::pair<Record, KeyDeath>> UpdateRecord(const Caller& caller,
                                                           const SubjectTag& subject,
                                                           const RecordTag& record,
                                                           const std::string& etag,
                                                           const RecordPatch& patch) override {
    return changes_.Update(caller, subject, record, etag, patch);
  }
  absl::StatusOr<KeyDeath> DeleteRecord(const Caller& caller, const SubjectTag& subject,
                                        const RecordTag& record, const std::string& etag) override {
    return changes_.Delete(caller, subject, record, etag);
  }
  std::vector<absl::StatusOr<ImportedRecord>> Import(const Caller& caller,
                                                     std::span<const ImportItem> items) override {
    return imports_.Import(caller, items);
  }
  absl::StatusOr<Erasure> EraseSubject(const Caller& caller, const EraseRequest& request) override {
    return erases_.Erase(caller, request);
  }
  absl::StatusOr<Erasure> GetErasure(const Caller& caller, const ReceiptTag& receipt) override {
    return erases_.GetErasure(caller, receipt);
  }
  absl::StatusOr<Subject> RestrictSubject(const Caller& caller, const SubjectRef& subject,
                                          const Restriction& restriction) override {
    return restrictions_.Restrict(caller, subject, restriction);
  }
  absl::StatusOr<Subject> UnrestrictSubject(const Caller& caller, const SubjectRef& subject,
                                            absl::Time informed_time) override {
    return restrictions_.Unrestrict(caller, subject, informed_time);
  }
  absl::StatusOr<std::unique_ptr<Artifact>> AccessReport(const Caller& caller,
                                                         const SubjectRef& subject) override {
    return artifacts_.AccessReport(caller, subject);
  }
  absl::StatusOr<std::unique_ptr<Artifact>> ExportSubject(const Caller& caller,
                                                          const SubjectRef& subject) override {
    return artifacts_.Export(caller, subject);
  }
  absl::StatusOr<std::unique_ptr<Artifact>> CreateBackup(const Caller& caller,
                                                         const BackupRequest& request) override {
    return backups_.Create(caller, request);
  }
  absl::StatusOr<KeyStatus> GetKeyStatus(const Caller& caller) override {
    return keys_.GetStatus(caller);
  }
  absl::StatusOr<KeyStatus> RotateRoot(const Caller& caller) override {
    return keys_.Rotate(caller);
  }
  absl::StatusOr<KeyStatus> StepHorizon(const Caller& caller) override {
    return keys_.StepHorizon(caller);
  }
  absl::StatusOr<KeyStatus> AttestHorizon(const Caller& caller,
                                          const std::string& key_id) override {
    return keys_.AttestHorizon(caller, key_id);
  }
  absl::StatusOr<KeyStatus> RetireHolder(const Caller& caller, const std::string& name) override {
    return keys_.RetireHolder(caller, name);
  }
  absl::StatusOr<Subject> UndoErasure(const Caller& caller, const SubjectTag& subject) override {
    return erases_.Undo(caller, subject);
  }
  absl::StatusOr<Erasure> OffboardTenant(const Caller& caller, bool validate_only) override {
    return offboarding_.Offboard(caller, validate_only);
  }
  void RecordRefusal(const Caller& caller, std::string_view method,
                     const absl::Status& status) override;
  VaultStatus Status() const override;

  // What the background threads do, in the caller's thread: for vaults opened without them.
  void LoadIdentifiers() { loader_.Run(); }
  absl::Status RunHousekeeping() { return housekeeper_.RunAll(); }

  absl::Status RecordGap(const Gap& gap);

  calls::Stores& stores() { return stores_; }
  const erasure::ErasureStores& erasures() const { return erasures_; }

 private:
  calls::Stores stores_;
  const erasure::ErasureStores erasures_;
  calls::Desk desk_;
  data::SubjectCalls subjects_;
  data::RecordCalls records_;
  data::ChangeCalls changes_;
  data::ImportCalls imports_;
  erasure::EraseCalls erases_;
  acts::RestrictionCalls restrictions_;
  reports::ArtifactCalls artifacts_;
  backup::BackupCalls backups_;
  expiry::Expiry expiry_;
  keys::KeyCalls keys_;
  offboarding::Offboarding offboarding_;
  erasure::Hygiene hygiene_;
  expiry::ExpiredRows expired_rows_;
  offboarding::GoneTenants gone_tenants_;
  // Last: their threads use all of the above.
  Housekeeper housekeeper_;
  data::IdentifierLoader loader_;
};

}  // namespace lethe::vault

#endif  // LETHE_VAULT_OPEN_OPENED_VAULT_H_
