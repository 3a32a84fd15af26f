#include "cli/commands/record_input.h"

#include "base/status_macros.h"
#include "cli/input/choice_option.h"
#include "cli/input/input.h"
#include "cli/input/record_document.h"
#include "cli/input/time_text.h"

namespace lethe::cli {

void BindRecord(CLI::App& verb, RecordOption& option) {
  auto* file = verb.add_option("-f,--file", option.file,
                               R"(FILE or - with {"category": "...", "data": {...}, ...})");
  verb.add_option("--value-file", option.value_file, "FILE or - with the content alone")
      ->excludes(file);
  verb.add_option("--media-type", option.media_type, "Of the content (default application/json)");
  AddChoice(verb, "--source", option.source, kSources, "Where it came from");
}

absl::Status ReadRecordInput(Console& console, const RecordOption& option, v1::Record& record) {
  if (!option.file.empty()) {
    LETHE_ASSIGN(const std::string json, ReadInput(console, option.file));
    const auto members = MembersOf(json);
    if (!members.ok()) return Usage("the record " + std::string(members.status().message()));
    if (const auto fault = ReadRecord(*members, record); fault.has_value()) {
      return Usage("the record, " + fault->ToString());
    }
  }
  if (!option.value_file.empty()) {
    LETHE_ASSIGN(*record.mutable_data(), ReadInput(console, option.value_file));
  }
  if (!option.category.empty()) record.set_category(option.category);
  if (!option.media_type.empty()) record.set_media_type(option.media_type);
  if (option.source != v1::SOURCE_UNSPECIFIED) record.set_source(option.source);
  if (!option.origin_time.empty()) {
    LETHE_ASSIGN(*record.mutable_origin_time(), TimestampFrom(option.origin_time));
  }
  return absl::OkStatus();
}

void PrintRecord(const Invocation& invocation, const v1::Record& record) {
  Printer printer = invocation.printer();
  const bool is_text = record.media_type().empty() || record.media_type().ends_with("json") ||
                       record.media_type().starts_with("text/");
  if (invocation.format() != OutputFormat::kTable || !is_text) {
    printer.Print(record);
    return;
  }
  v1::Record frame = record;
  frame.clear_data();
  printer.Print(frame);
  invocation.console().out << "\n";
  printer.PrintText(record.data());
}

}  // namespace lethe::cli
