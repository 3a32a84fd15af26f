#include "cli/output/table.h"

#include <algorithm>
#include <utility>

#include "cli/output/message_text.h"

namespace lethe::cli {
namespace {

// In characters, not bytes: every byte of UTF-8 but those that continue a character.
std::size_t Width(const std::string& text) {
  return static_cast<std::size_t>(std::count_if(
      text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) >> 6) != 2; }));
}

}  // namespace

Table::Table(TableRow head) : head_(std::move(head)), widths_(head_.size()) {
  for (std::size_t i = 0; i < head_.size(); ++i) widths_[i] = Width(head_[i]);
}

void Table::Add(TableRow row) {
  row.resize(head_.size());
  for (std::size_t i = 0; i < row.size(); ++i) {
    row[i] = Printable(row[i]);
    widths_[i] = std::max(widths_[i], Width(row[i]));
  }
  rows_.push_back(std::move(row));
}

std::string Table::Render() {
  std::string text;
  const auto append = [&](const TableRow& row) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) {
      line += row[i] + std::string(widths_[i] - Width(row[i]) + 2, ' ');
    }
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + "\n";
  };
  if (!std::exchange(head_shown_, true)) append(head_);
  for (const TableRow& row : rows_) append(row);
  rows_.clear();
  return text;
}

}  // namespace lethe::cli
