// Keeps count of an import: what was acknowledged, what failed, and from where to go on.
#ifndef LETHE_CLI_IMPORT_IMPORT_TALLY_H_
#define LETHE_CLI_IMPORT_IMPORT_TALLY_H_

#include <deque>
#include <optional>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "base/clock.h"
#include "cli/import/chunk_builder.h"
#include "cli/import/resume_point.h"
#include "cli/output/progress.h"

namespace lethe::cli {

// Thread-safe: one thread reads the file while another reads acknowledgements.
class ImportTally {
 public:
  // A file of the wrong form has a fault in every line; the first ones tell enough.
  static constexpr std::size_t kFailuresShownMax = 100;

  // `resume` may be null (standard input). Both outlive the tally.
  ImportTally(ResumePoint start, Progress& progress, const ResumeFile* resume, const Clock& clock);

  // A line that cannot be sent. It counts once everything before it is acknowledged.
  void OnFault(const LineFailure& failure);
  // Of a chunk. The resume point moves, in memory at once and in its file a second later at most.
  void OnAcknowledged(const v1::ImportRecordsResponse& response);
  // Writes the resume point. With `complete`, the remaining faults count and the point goes.
  absl::Status Finish(bool complete);

  ResumePoint point() const;
  std::vector<std::int64_t> failed_lines() const;

 private:
  void Show(const LineFailure& failure) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void CountFaultsThrough(std::int64_t line) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  mutable absl::Mutex mutex_;
  ResumePoint point_ ABSL_GUARDED_BY(mutex_);
  std::deque<std::int64_t> faults_ahead_ ABSL_GUARDED_BY(mutex_);
  std::vector<std::int64_t> failed_lines_ ABSL_GUARDED_BY(mutex_);
  Progress& progress_ ABSL_GUARDED_BY(mutex_);
  const ResumeFile* const resume_;
  const Clock& clock_;
  absl::Duration next_save_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace lethe::cli

#endif  // LETHE_CLI_IMPORT_IMPORT_TALLY_H_
