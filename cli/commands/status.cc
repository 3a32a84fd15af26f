// lethe status and lethe version.
#include <google/protobuf/util/time_util.h>

#include <cstdint>
#include <ostream>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "base/bytes.h"
#include "base/status_macros.h"
#include "cli/commands/command.h"
#include "cli/output/message_text.h"
#include "cli/output/version.h"

namespace lethe::cli {
namespace {

struct NoOptions {};

void BindNothing(CLI::App& /*verb*/, NoOptions& /*options*/) {}

// A line for each thing that a chore of the server's has to say; nothing for one that is healthy.
std::string LinesOf(const v1::ChoreStatus& chore) {
  using google::protobuf::util::TimeUtil;
  std::string lines;
  if (chore.failures() > 0) {
    absl::StrAppendFormat(&lines, "chore %s: failing since %s, %s, next try %s\n", chore.name(),
                          TimeUtil::ToString(chore.failing_since()), chore.reason(),
                          TimeUtil::ToString(chore.next_try_time()));
  }
  for (const v1::BadRow& row : chore.bad_rows()) {
    absl::StrAppendFormat(&lines, "chore %s: stepped over row %d of table %s: %s\n", chore.name(),
                          row.number(), row.table(), row.reason());
  }
  if (chore.bad_row_count() > static_cast<std::uint64_t>(chore.bad_rows_size())) {
    absl::StrAppendFormat(&lines, "chore %s: stepped over %d rows in all\n", chore.name(),
                          chore.bad_row_count());
  }
  return lines;
}

// What an operator looks for, and a line for each alarm.
std::string LinesOf(const v1::CertificateStatus& certificates) {
  using google::protobuf::util::TimeUtil;
  std::string lines = absl::StrFormat("certificate: until %s, serial %s, sha256 %s\n",
                                      TimeUtil::ToString(certificates.expire_time()),
                                      certificates.serial(), certificates.fingerprint());
  for (const std::string& alarm : certificates.alarms()) {
    absl::StrAppendFormat(&lines, "certificate alarm: %s\n", alarm);
  }
  return lines;
}

void Print(const Invocation& invocation, v1::GetStatusResponse status) {
  if (invocation.format() != OutputFormat::kTable) {
    invocation.printer().Print(status);
    return;
  }
  std::string lines;
  for (const std::string& alarm : status.alarms()) lines += "alarm: " + alarm + "\n";
  status.clear_alarms();
  for (const v1::ChoreStatus& chore : status.chores()) lines += LinesOf(chore);
  status.clear_chores();
  if (status.has_certificates()) lines += LinesOf(status.certificates());
  status.clear_certificates();
  invocation.printer().Print(status);
  invocation.console().out << Printable(lines, /*lines=*/true);
}

absl::StatusOr<ExitCode> Status(const Invocation& invocation, const NoOptions& /*options*/) {
  LETHE_ASSIGN(const ConnectionSettings settings, invocation.ResolveConnection());
  LETHE_ASSIGN(const Client client, Client::Connect(settings));
  LETHE_ASSIGN(const v1::GetStatusResponse status,
               client.Call(client.admin(), &v1::AdminService::StubInterface::GetStatus,
                           v1::GetStatusRequest()));
  Print(invocation, status);
  // A sealed vault refuses everything: whoever asks in a script should not have to parse.
  return status.sealed() ? ExitCode::kServer : ExitCode::kOk;
}

absl::StatusOr<ExitCode> Version(const Invocation& invocation, const NoOptions& /*options*/) {
  if (invocation.format() == OutputFormat::kTable) {
    invocation.console().out << "lethe " << kVersion << "\n";
  } else {
    invocation.printer().Print(Json{{"name", "lethe"}, {"version", kVersion}});
  }
  return ExitCode::kOk;
}

}  // namespace

void AddStatusCommand(CLI::App& app, CommandLine& line) {
  AddVerb<NoOptions>(app, line, "status", "How the server is", BindNothing, Status);
}

void AddVersionCommand(CLI::App& app, CommandLine& line) {
  AddLocalVerb<NoOptions>(app, line, "version", "Of this program", BindNothing, Version);
}

}  // namespace lethe::cli
