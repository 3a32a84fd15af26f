// lethe tenant offboard.
#include <ostream>

#include "base/status_macros.h"
#include "cli/commands/change_options.h"
#include "cli/commands/command.h"
#include "cli/connect/request_id.h"
#include "cli/input/confirm.h"
#include "cli/output/message_text.h"

namespace lethe::cli {
namespace {

struct OffboardOptions {
  bool dry_run = false;
  std::string confirm;
  std::string request_id;
};

void BindOffboard(CLI::App& verb, OffboardOptions& options) {
  verb.add_flag("--dry-run", options.dry_run, "Say what would die and what would stay");
  verb.add_option("--confirm", options.confirm, "The tenant's whole name: offboard without asking");
  BindRequestId(verb, options.request_id);
}

absl::StatusOr<v1::Erasure> CallOffboard(const Connection& connection,
                                         const std::string& request_id, bool validate_only) {
  v1::OffboardTenantRequest request;
  request.set_name(connection.tenant_name);
  request.set_validate_only(validate_only);
  request.set_purpose(connection.purpose);
  request.set_request_id(request_id);
  return connection.client.Call(connection.client.rights(),
                                &v1::RightsService::StubInterface::OffboardTenant, request);
}

ExitCode CodeOf(const v1::Erasure& erasure) {
  return erasure.withheld_size() > 0 ? ExitCode::kPartial : ExitCode::kOk;
}

absl::StatusOr<ExitCode> Offboard(const Invocation& invocation, const OffboardOptions& options) {
  LETHE_ASSIGN(const Connection connection, Connection::Open(invocation));
  Console& console = invocation.console();
  const bool asks = options.confirm.empty() && console.in_is_terminal;
  if (options.dry_run || asks) {
    LETHE_ASSIGN(const v1::Erasure preview, CallOffboard(connection, NewRequestId(), true));
    if (options.dry_run) {
      invocation.printer().Print(preview);
      return CodeOf(preview);
    }
    console.err << "This would be destroyed, with everybody in it:\n" << ToCard(ToJson(preview));
  }
  LETHE_TRY(ConfirmDestruction(console, connection.tenant_name, options.confirm));
  LETHE_ASSIGN(const v1::Erasure erasure,
               CallOffboard(connection, IdOrNew(options.request_id), false));
  invocation.printer().Print(erasure);
  return CodeOf(erasure);
}

}  // namespace

void AddTenantCommands(CLI::App& app, CommandLine& line) {
  CLI::App* tenant = app.add_subcommand("tenant", "The tenant of this context");
  tenant->require_subcommand(1);
  AddVerb<OffboardOptions>(*tenant, line, "offboard",
                           "Destroy the keys of the whole tenant but for what the law keeps",
                           BindOffboard, Offboard);
}

}  // namespace lethe::cli
