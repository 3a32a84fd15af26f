#include "server/methods/admin_calls.h"

#include "base/bytes.h"
#include "server/convert/chores.h"
#include "server/convert/convert.h"
#include "server/convert/enums.h"
#include "server/telling/version.h"

namespace lethe::server {
namespace {

// A text of another length names no content, so its file is sent.
vault::BackupRequest BackupRequestFrom(const v1::CreateBackupRequest& request) {
  vault::BackupRequest backup{.dies_with_next_shred = request.dies_with_next_shred()};
  for (const std::string& text : request.present_sha256()) {
    const auto digest = ArrayFrom<sizeof(crypto::Digest)>(AsBytes(text));
    if (digest.has_value()) backup.there.insert(*digest);
  }
  return backup;
}

void FillCertificates(const CertificateReport& report, v1::CertificateStatus& status) {
  Fill(report.not_after, status.mutable_expire_time());
  status.set_serial(report.serial);
  status.set_fingerprint(report.fingerprint);
  Fill(report.authority_not_after, status.mutable_authority_expire_time());
  if (report.lists_due.has_value()) {
    Fill(*report.lists_due, status.mutable_revocation_due_time());
  }
  Fill(report.loaded, status.mutable_load_time());
  status.set_loads(report.loads);
  for (const std::string& alarm : report.alarms) status.add_alarms(alarm);
}

}  // namespace

absl::Status GetStatus(CallDesk& desk, const vault::Caller& /*caller*/,
                       const v1::GetStatusRequest& /*request*/, v1::GetStatusResponse& response) {
  const vault::VaultStatus status = desk.vault.operations().Status();
  response.set_version(kVersion);
  Fill(desk.start_time, response.mutable_start_time());
  response.set_identifiers_loaded(status.identifiers_loaded);
  response.set_sealed(status.sealed);
  response.set_generation(status.generation);
  response.set_journal_sequence(status.journal_sequence);
  response.set_category_unwraps(status.category_unwraps);
  response.set_assurance(ToApi(status.assurance));
  response.set_has_archive(status.has_archive);
  response.set_public_key(status.public_key);
  for (const std::string& alarm : status.alarms) response.add_alarms(alarm);
  for (const std::string& alarm : desk.files.Alarms()) response.add_alarms(alarm);
  for (const vault::ChoreStatus& chore : status.chores) Fill(chore, response.add_chores());
  if (const auto report = desk.certificates.Get(); report.has_value()) {
    FillCertificates(*report, *response.mutable_certificates());
  }
  return absl::OkStatus();
}

absl::StatusOr<std::unique_ptr<vault::Artifact>> CreateBackup(
    CallDesk& desk, const vault::Caller& caller, const v1::CreateBackupRequest& request) {
  return desk.vault.operations().CreateBackup(caller, BackupRequestFrom(request));
}

}  // namespace lethe::server
