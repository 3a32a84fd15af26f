// One line of an import file (docs/cli.md):
//
//   {"subject": {"identifiers": [{"type": "customer_number", "value": "…"}, …]},
//    "category": "account", "data": {…}, "origin_time": "2026-01-31T10:00:00Z", "source":
//    "provided"}
//
// "subject" is {"identifiers": […]}, the first of which finds the subject or makes a new one, or
// {"name": "tenants/…/subjects/…"}. The rest is a record (record_document.h).
#ifndef LETHE_CLI_IMPORT_IMPORT_LINE_H_
#define LETHE_CLI_IMPORT_IMPORT_LINE_H_

#include <optional>
#include <string>

#include "cli/import/line_reader.h"
#include "cli/input/record_document.h"
#include "lethe/v1/vault_service.pb.h"

namespace lethe::cli {

// Fills `item` from `line`, all but its request id. The fault of a last line that is cut short says
// so.
std::optional<Fault> ReadImportLine(const Line& line, const std::string& tenant_name,
                                    v1::ImportItem& item);

}  // namespace lethe::cli

#endif  // LETHE_CLI_IMPORT_IMPORT_LINE_H_
