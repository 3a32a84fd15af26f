#include "cli/output/progress.h"

#include <algorithm>
#include <ostream>
#include <utility>

#include "absl/strings/str_format.h"

namespace lethe::cli {
namespace {

constexpr int kBarWidth = 24;

std::string WithThousands(std::int64_t number) {
  const std::string digits = std::to_string(number);
  std::string text;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    if (i > 0 && (digits.size() - i) % 3 == 0) text += ',';
    text += digits[i];
  }
  return text;
}

std::string Clockwise(double seconds) {
  const auto whole = static_cast<std::int64_t>(seconds + 0.5);
  if (whole >= 3600)
    return absl::StrFormat("%d:%02d:%02d", whole / 3600, whole / 60 % 60, whole % 60);
  return absl::StrFormat("%d:%02d", whole / 60, whole % 60);
}

}  // namespace

Progress::Progress(ProgressOptions options, const Clock& clock, std::ostream& err)
    : options_(std::move(options)),
      clock_(clock),
      err_(err),
      begin_(clock.SinceBoot()),
      next_(begin_ + (options_.terminal ? absl::ZeroDuration() : kLogInterval)),
      done_(options_.start) {}

void Progress::Update(std::int64_t done, std::int64_t failed) {
  done_ = done;
  failed_ = failed;
  const absl::Duration now = clock_.SinceBoot();
  if (now < next_) return;
  next_ = now + (options_.terminal ? kTerminalInterval : kLogInterval);
  Show();
}

void Progress::Note(const std::string& text) {
  const std::size_t blanks = std::max(shown_width_, text.size()) - text.size();
  err_ << (options_.terminal ? "\r" : "") << text << std::string(blanks, ' ') << "\n" << std::flush;
  shown_width_ = 0;
}

void Progress::Finish() {
  Show();
  if (options_.terminal) err_ << "\n" << std::flush;
}

void Progress::Show() {
  const std::string text = Text();
  if (!options_.terminal) {
    err_ << text << "\n" << std::flush;
    return;
  }
  // Blanks over what a longer text left.
  const std::size_t blanks = std::max(shown_width_, text.size()) - text.size();
  err_ << "\r" << text << std::string(blanks, ' ') << std::flush;
  shown_width_ = text.size();
}

std::string Progress::Text() const {
  const double seconds = absl::ToDoubleSeconds(clock_.SinceBoot() - begin_);
  const double rate = seconds > 0 ? static_cast<double>(done_ - options_.start) / seconds : 0;
  std::string text;
  std::string total;
  if (options_.total > 0) {
    const double part = std::min(1.0, static_cast<double>(done_) / options_.total);
    const int filled = static_cast<int>(part * kBarWidth);
    if (options_.terminal) {
      text = absl::StrFormat("[%s%s] ", std::string(filled, '#'),
                             std::string(kBarWidth - filled, '.'));
    }
    absl::StrAppendFormat(&text, "%d%% ", static_cast<int>(part * 100));
    total = absl::StrFormat("/%s", WithThousands(options_.total));
  }
  absl::StrAppendFormat(&text, "%s%s %s", WithThousands(done_), total, options_.noun);
  if (failed_ > 0) absl::StrAppendFormat(&text, ", %s failed", WithThousands(failed_));
  absl::StrAppendFormat(&text, ", %s/s", WithThousands(static_cast<std::int64_t>(rate)));
  if (options_.total > done_ && rate > 0) {
    absl::StrAppendFormat(&text, ", ETA %s", Clockwise((options_.total - done_) / rate));
  }
  return text;
}

}  // namespace lethe::cli
