#include "cli/import/chunk_builder.h"

#include <utility>

#include "cli/connect/request_id.h"

namespace lethe::cli {

std::string LineFailure::ToString() const {
  std::string text = "line " + std::to_string(line) + ": " + reason;
  if (!field.empty()) text += ", " + field;
  if (!rule.empty()) text += ": " + rule;
  return text;
}

ChunkBuilder::ChunkBuilder(LineReader& lines, Options options,
                           std::function<void(const LineFailure&)> on_failure)
    : lines_(lines), options_(std::move(options)), on_failure_(std::move(on_failure)) {}

bool ChunkBuilder::Read(const Line& line, v1::ImportItem& item) {
  if (line.number <= options_.skip_through) return false;
  if (line.text.find_first_not_of(" \t") == std::string::npos) return false;
  item.Clear();
  if (const auto fault = ReadImportLine(line, options_.tenant_name, item); fault.has_value()) {
    on_failure_({line.number, "FIELD_INVALID", fault->field, fault->rule});
    return false;
  }
  item.set_request_id(RequestIdOfLine(options_.file, line.number));
  return true;
}

std::optional<v1::ImportRecordsRequest> ChunkBuilder::Next() {
  v1::ImportRecordsRequest chunk;
  std::size_t bytes = 0;
  const auto add = [&](v1::ImportItem item) {
    bytes += item.ByteSizeLong();
    *chunk.add_items() = std::move(item);
  };
  if (held_back_.has_value()) add(*std::exchange(held_back_, std::nullopt));
  Line line;
  v1::ImportItem item;
  while (chunk.items_size() < kLinesMax && bytes < kBytesMax && lines_.Next(line)) {
    if (!Read(line, item)) continue;
    if (!chunk.items().empty() && bytes + item.ByteSizeLong() > kBytesMax) {
      held_back_ = std::move(item);
      break;
    }
    add(std::move(item));
  }
  if (chunk.items().empty()) return std::nullopt;
  chunk.set_parent(options_.tenant_name);
  chunk.set_purpose(options_.purpose);
  return chunk;
}

}  // namespace lethe::cli
