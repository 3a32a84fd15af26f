#include "cli/output/list_printer.h"

#include <google/protobuf/message.h>

#include <ostream>
#include <utility>

namespace lethe::cli {
namespace {

std::string Indented(const std::string& text, const std::string& indent) {
  std::string result;
  std::size_t start = 0;
  while (start < text.size()) {
    const std::size_t end = std::min(text.find('\n', start), text.size());
    result += (start == 0 ? "" : "\n" + indent) + text.substr(start, end - start);
    start = end + 1;
  }
  return result;
}

}  // namespace

ListPrinter::ListPrinter(OutputFormat format, std::ostream& out, std::string items_key,
                         TableRow head, std::function<TableRow(const Json&)> row)
    : format_(format),
      out_(out),
      items_key_(std::move(items_key)),
      row_(std::move(row)),
      table_(std::move(head)) {}

void ListPrinter::Item(const google::protobuf::Message& message) {
  const Json json = ToJson(message);
  switch (format_) {
    case OutputFormat::kTable:
      table_.Add(row_(json));
      break;
    case OutputFormat::kJson:
      out_ << (any_ ? ",\n    " : "{\n  \"" + items_key_ + "\": [\n    ")
           << Indented(json.dump(2), "    ");
      break;
    case OutputFormat::kYaml:
      out_ << (any_ ? "  - " : items_key_ + ":\n  - ") << Indented(ToYaml(json), "    ") << "\n";
      break;
    case OutputFormat::kJsonl:
      out_ << json.dump() << "\n";
      break;
    case OutputFormat::kName:
      out_ << json.value("name", "") << "\n";
      break;
  }
  any_ = true;
}

void ListPrinter::EndPage() {
  if (format_ == OutputFormat::kTable) out_ << table_.Render();
  out_.flush();
}

void ListPrinter::EndList(const std::string& next_page_token) {
  if (format_ == OutputFormat::kJson) {
    out_ << (any_ ? "\n  ]" : "{\n  \"" + items_key_ + "\": []")
         << ",\n  \"nextPageToken\": " << Json(next_page_token).dump() << "\n}\n";
  } else if (format_ == OutputFormat::kYaml) {
    if (!any_) out_ << items_key_ << ": []\n";
    out_ << "nextPageToken: " << Json(next_page_token).dump() << "\n";
  }
}

}  // namespace lethe::cli
