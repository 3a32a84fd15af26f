// Documents for the person: the access report (Art. 15) and the export (Art. 20), as JSON, written
// piece by piece. Nothing is spooled: every piece is made from what the vault holds at that moment.
//
// Both are one object: a head, "records": [ ... ] in the order of their random tags, and a tail. An
// export holds nothing that depends on the time of asking, so equal data gives equal bytes.
#ifndef LETHE_VAULT_REPORTS_ARTIFACT_H_
#define LETHE_VAULT_REPORTS_ARTIFACT_H_

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "vault/model/artifact.h"
#include "vault/model/erasure.h"
#include "vault/model/record.h"
#include "vault/model/restriction.h"
#include "vault/model/subject.h"
#include "vault/policy/policy.h"

namespace lethe::vault::reports {

struct RestrictionInForce {
  Restriction restriction;
  absl::Time since;
};

// What is known of a subject before its first record is opened.
struct ArtifactHead {
  std::string tenant;
  Subject subject;
  std::vector<Identifier> identifiers;
  std::optional<RestrictionInForce> restriction;
  std::vector<const policy::Category*> categories;  // In which something is held.
  std::vector<Withheld> withheld;                   // Kept by law after an erase.
  absl::Time generated_time;
};

// The next records, and where to go on.
struct ArtifactStep {
  std::vector<Record> records;
  std::string after;
  bool last = false;
};
using ArtifactSource = std::function<absl::StatusOr<ArtifactStep>(const std::string& after)>;

// A way of writing the document.
class ArtifactFormat {
 public:
  virtual ~ArtifactFormat() = default;
  // Up to and including the opening bracket of the records.
  virtual std::string Head(const ArtifactHead& head) const = 0;
  // Empty: not part of this document.
  virtual std::string Line(const Record& record) const = 0;
  // From the closing bracket of the records on.
  virtual std::string Tail(const ArtifactHead& head) const = 0;
};

std::unique_ptr<ArtifactFormat> NewAccessReportFormat();
std::unique_ptr<ArtifactFormat> NewExportFormat();

// Not thread-safe; must not outlive what `source` reads from.
std::unique_ptr<Artifact> NewArtifact(std::unique_ptr<ArtifactFormat> format, ArtifactHead head,
                                      ArtifactSource source);

// The parts both formats share, as JSON text.
std::string RecordAsJson(const Record& record);
std::string WithheldAsJson(const std::vector<Withheld>& withheld);
std::string TimeAsText(absl::Time time);  // RFC 3339, UTC.

}  // namespace lethe::vault::reports

#endif  // LETHE_VAULT_REPORTS_ARTIFACT_H_
