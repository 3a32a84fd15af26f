#include "server/telling/operator_files.h"

#include "absl/strings/str_format.h"
#include "base/text/text_file.h"

namespace lethe::server {
namespace {

std::string CannotBeRead(const OperatorFile& file) {
  return absl::StrFormat("%s cannot be read any more: put it back, the next start needs it",
                         file.name);
}

std::string SaysOtherwise(const OperatorFile& file) {
  return absl::StrFormat(
      "%s is not what this server was started with: it takes effect at the next start (lethed "
      "--check-config says whether it will do)",
      file.name);
}

}  // namespace

OperatorFiles::OperatorFiles(const std::vector<OperatorFile>& files, const Clock& clock)
    : clock_(clock) {
  for (const OperatorFile& file : files) files_.push_back({file, {}, {}});
}

std::vector<std::string> OperatorFiles::Alarms() const {
  const absl::MutexLock lock(&mutex_);
  std::vector<std::string> alarms;
  for (Watched& watched : files_) {
    // Looked at first: a change behind that is seen.
    const FileStamp stamp = FileStamp::Of(watched.file.path);
    if (!stamp.there() || stamp != watched.stamp) {
      const auto text = ReadTextFile(watched.file.path);
      // What could not be read may be read at the next look without having changed.
      watched.stamp = text.ok() && stamp.IsSettled(clock_.Now()) ? stamp : FileStamp();
      watched.alarm.clear();
      if (!text.ok()) {
        watched.alarm = CannotBeRead(watched.file);
      } else if (*text != watched.file.text) {
        watched.alarm = SaysOtherwise(watched.file);
      }
    }
    if (!watched.alarm.empty()) alarms.push_back(watched.alarm);
  }
  return alarms;
}

}  // namespace lethe::server
