#include "cli/output/printer.h"

#include <google/protobuf/message.h>

#include <ostream>

namespace lethe::cli {

void Printer::Print(const google::protobuf::Message& message) { Print(ToJson(message)); }

void Printer::Print(const Json& json) {
  switch (format_) {
    case OutputFormat::kTable:
      out_ << ToCard(json);
      break;
    case OutputFormat::kJson:
      out_ << json.dump(2) << "\n";
      break;
    case OutputFormat::kYaml:
      out_ << ToYaml(json);
      break;
    case OutputFormat::kJsonl:
      out_ << json.dump() << "\n";
      break;
    case OutputFormat::kName: {
      std::string name = json.value("name", "");
      if (name.empty()) name = json.value("subject", "");
      if (!name.empty()) out_ << name << "\n";
      break;
    }
  }
}

void Printer::PrintText(const std::string& text) {
  if (format_ == OutputFormat::kTable) out_ << Printable(text, /*lines=*/true) << "\n";
}

}  // namespace lethe::cli
