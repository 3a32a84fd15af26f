// How results are printed: -o table|json|yaml|jsonl|name. Tables are for people and may change;
// the others are proto3 JSON, or made from it, and are stable.
#ifndef LETHE_CLI_OUTPUT_OUTPUT_FORMAT_H_
#define LETHE_CLI_OUTPUT_OUTPUT_FORMAT_H_

#include <map>
#include <string>

namespace lethe::cli {

enum class OutputFormat {
  kTable,
  kJson,  // Indented; a list is one document.
  kYaml,
  kJsonl,  // One line of JSON an item.
  kName,   // Resource names only, one a line.
};

inline const std::map<std::string, OutputFormat> kOutputFormats = {
    {"table", OutputFormat::kTable}, {"json", OutputFormat::kJson}, {"yaml", OutputFormat::kYaml},
    {"jsonl", OutputFormat::kJsonl}, {"name", OutputFormat::kName},
};

}  // namespace lethe::cli

#endif  // LETHE_CLI_OUTPUT_OUTPUT_FORMAT_H_
