#include "storage/range.h"

#include "base/reason.h"

namespace lethe::storage {

std::string FirstKey(const Range& range) {
  if (range.after.empty() || range.after < range.prefix) return range.prefix;
  return range.after + '\0';  // Nothing lies between a key and itself with a zero byte added.
}

std::optional<std::string> EndOfPrefix(std::string_view prefix) {
  std::string end(prefix);
  while (!end.empty() && end.back() == '\xff') end.pop_back();
  if (end.empty()) return std::nullopt;
  end.back() = static_cast<char>(static_cast<unsigned char>(end.back()) + 1);
  return end;
}

absl::Status CheckLimit(std::size_t limit) {
  if (limit >= 1 && limit <= Reader::kScanRowsMax) return absl::OkStatus();
  return absl::InvalidArgumentError("a scan's limit must be between 1 and 10,000 rows");
}

absl::Status UnknownTable() {
  return Refuse(Reason::kUnsupportedFormat, "the engine does not know this table");
}

}  // namespace lethe::storage
