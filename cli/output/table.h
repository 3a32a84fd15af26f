// Aligned columns for people.
#ifndef LETHE_CLI_OUTPUT_TABLE_H_
#define LETHE_CLI_OUTPUT_TABLE_H_

#include <string>
#include <vector>

namespace lethe::cli {

using TableRow = std::vector<std::string>;

// A Table lays out rows under one head. It may be rendered piece by piece: widths are kept, so that
// a later page stands under the former one, and the head comes once.
class Table {
 public:
  explicit Table(TableRow head);

  void Add(TableRow row);
  // What was added since the last call. No trailing blanks. Cells are made printable.
  std::string Render();

 private:
  TableRow head_;
  std::vector<TableRow> rows_;
  std::vector<std::size_t> widths_;
  bool head_shown_ = false;
};

}  // namespace lethe::cli

#endif  // LETHE_CLI_OUTPUT_TABLE_H_
