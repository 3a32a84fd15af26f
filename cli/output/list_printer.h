// Prints a list page by page, so that a long one needs no memory and its first lines come at once.
#ifndef LETHE_CLI_OUTPUT_LIST_PRINTER_H_
#define LETHE_CLI_OUTPUT_LIST_PRINTER_H_

#include <functional>
#include <iosfwd>
#include <string>

#include "cli/output/message_text.h"
#include "cli/output/output_format.h"
#include "cli/output/table.h"

namespace lethe::cli {

// json and yaml: one document {items_key: […], nextPageToken: "…"}, as the server's response is.
class ListPrinter {
 public:
  // `row` makes a table's row of an item; `head` names its columns.
  ListPrinter(OutputFormat format, std::ostream& out, std::string items_key, TableRow head,
              std::function<TableRow(const Json&)> row);

  void Item(const google::protobuf::Message& message);
  // Ends a page: tables come out by the page.
  void EndPage();
  // `next_page_token`: of the first page not printed; empty if that was all.
  void EndList(const std::string& next_page_token);

 private:
  OutputFormat format_;
  std::ostream& out_;
  std::string items_key_;
  std::function<TableRow(const Json&)> row_;
  Table table_;
  bool any_ = false;
};

}  // namespace lethe::cli

#endif  // LETHE_CLI_OUTPUT_LIST_PRINTER_H_
