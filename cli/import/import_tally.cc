#include "cli/import/import_tally.h"

#include <limits>

#include "base/status_macros.h"

namespace lethe::cli {
namespace {

// Lines sent again are harmless, so a crash may cost a second's worth of them.
constexpr absl::Duration kSaveInterval = absl::Seconds(1);

}  // namespace

ImportTally::ImportTally(ResumePoint start, Progress& progress, const ResumeFile* resume,
                         const Clock& clock)
    : point_(start),
      progress_(progress),
      resume_(resume),
      clock_(clock),
      next_save_(clock.SinceBoot() + kSaveInterval) {}

void ImportTally::Show(const LineFailure& failure) {
  failed_lines_.push_back(failure.line);
  if (failed_lines_.size() <= kFailuresShownMax) {
    progress_.Note(failure.ToString());
  } else if (failed_lines_.size() == kFailuresShownMax + 1) {
    progress_.Note("further failures are counted and not shown; --rejects keeps their lines");
  }
}

void ImportTally::OnFault(const LineFailure& failure) {
  const absl::MutexLock lock(&mutex_);
  faults_ahead_.push_back(failure.line);
  Show(failure);
}

void ImportTally::CountFaultsThrough(std::int64_t line) {
  while (!faults_ahead_.empty() && faults_ahead_.front() <= line) {
    ++point_.counts.failed;
    faults_ahead_.pop_front();
  }
}

void ImportTally::OnAcknowledged(const v1::ImportRecordsResponse& response) {
  const absl::MutexLock lock(&mutex_);
  point_.last_line = response.last_line();
  point_.counts.imported += response.imported_count();
  point_.counts.already_there += response.already_there_count();
  point_.counts.failed += response.failures_size();
  CountFaultsThrough(point_.last_line);
  for (const v1::ImportFailure& failure : response.failures()) {
    Show({failure.line(), failure.reason(), failure.field(), failure.rule()});
  }
  progress_.Update(point_.last_line, point_.counts.failed);
  if (resume_ != nullptr && clock_.SinceBoot() >= next_save_) {
    next_save_ = clock_.SinceBoot() + kSaveInterval;
    // A full disk shows at Finish; the import itself needs none.
    resume_->Save(point_).IgnoreError();
  }
}

absl::Status ImportTally::Finish(bool complete) {
  const absl::MutexLock lock(&mutex_);
  if (complete) CountFaultsThrough(std::numeric_limits<std::int64_t>::max());
  progress_.Finish();
  if (resume_ == nullptr) return absl::OkStatus();
  if (!complete) return resume_->Save(point_);
  resume_->Remove();
  return absl::OkStatus();
}

ResumePoint ImportTally::point() const {
  const absl::MutexLock lock(&mutex_);
  return point_;
}

std::vector<std::int64_t> ImportTally::failed_lines() const {
  const absl::MutexLock lock(&mutex_);
  return failed_lines_;
}

}  // namespace lethe::cli
