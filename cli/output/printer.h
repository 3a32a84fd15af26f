// Prints one answer in the format that -o asked for.
#ifndef LETHE_CLI_OUTPUT_PRINTER_H_
#define LETHE_CLI_OUTPUT_PRINTER_H_

#include <iosfwd>
#include <string>

#include "cli/output/message_text.h"
#include "cli/output/output_format.h"
#include "google/protobuf/message.h"  // Whole, or a Json might turn into one.

namespace lethe::cli {

class Printer {
 public:
  Printer(OutputFormat format, std::ostream& out) : format_(format), out_(out) {}

  OutputFormat format() const { return format_; }
  // With -o name: its "name", or its "subject" where it has none of its own (a dry run).
  void Print(const google::protobuf::Message& message);
  // For what is no message of the server's.
  void Print(const Json& json);
  // Beside `Print`, for tables only: what a card shows better as text than as JSON.
  void PrintText(const std::string& text);

 private:
  OutputFormat format_;
  std::ostream& out_;
};

}  // namespace lethe::cli

#endif  // LETHE_CLI_OUTPUT_PRINTER_H_
