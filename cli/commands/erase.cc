// lethe subject erase|undo-erasure.
#include <algorithm>
#include <map>
#include <ostream>

#include "base/status_macros.h"
#include "cli/commands/change_options.h"
#include "cli/commands/command.h"
#include "cli/connect/request_id.h"
#include "cli/input/choice_option.h"
#include "cli/input/confirm.h"
#include "cli/input/subject_option.h"

namespace lethe::cli {
namespace {

using Rights = v1::RightsService::StubInterface;

const std::map<std::string, v1::ErasureGround> kErasureGrounds = {
    {"not-necessary", v1::ERASURE_GROUND_NOT_NECESSARY},
    {"consent-withdrawn", v1::ERASURE_GROUND_CONSENT_WITHDRAWN},
    {"objection", v1::ERASURE_GROUND_OBJECTION},
    {"unlawful", v1::ERASURE_GROUND_UNLAWFUL},
    {"legal-obligation", v1::ERASURE_GROUND_LEGAL_OBLIGATION},
    {"child-service", v1::ERASURE_GROUND_CHILD_SERVICE},
};
const std::map<std::string, v1::Initiator> kInitiators = {
    {"controller", v1::INITIATOR_CONTROLLER},
    {"data-subject", v1::INITIATOR_DATA_SUBJECT},
};

struct EraseOptions {
  SubjectOption subject;
  v1::ErasureGround ground = v1::ERASURE_GROUND_UNSPECIFIED;
  v1::Initiator initiator = v1::INITIATOR_DATA_SUBJECT;
  bool dry_run = false;
  std::string confirm;
  std::string etag;
  std::string request_id;
};

void BindErase(CLI::App& verb, EraseOptions& options) {
  BindSubject(verb, options.subject);
  AddChoice(verb, "--ground", options.ground, kErasureGrounds, "Ground of Art. 17(1) GDPR")
      ->required();
  AddChoice(verb, "--by", options.initiator, kInitiators, "Who wants it (default data-subject)");
  verb.add_flag("--dry-run", options.dry_run, "Count what would die and what would stay");
  verb.add_option("--confirm", options.confirm, "The subject's whole name: erase without asking");
  verb.add_option("--etag", options.etag, "Erase only if the subject is still as it was read");
  BindRequestId(verb, options.request_id);
}

absl::StatusOr<v1::Erasure> CallErase(const Connection& connection, v1::EraseSubjectRequest request,
                                      bool validate_only) {
  request.set_validate_only(validate_only);
  if (validate_only) request.set_request_id(NewRequestId());
  return connection.client.Call(connection.client.rights(), &Rights::EraseSubject, request);
}

absl::StatusOr<v1::EraseSubjectRequest> EraseRequestFrom(const Invocation& invocation,
                                                         const Connection& connection,
                                                         const EraseOptions& options) {
  v1::EraseSubjectRequest request;
  LETHE_ASSIGN(*request.mutable_subject(),
               ReadSubject(invocation.console(), options.subject, connection.tenant_name));
  request.set_ground(options.ground);
  request.set_initiator(options.initiator);
  request.set_purpose(connection.purpose);
  request.set_etag(options.etag);
  request.set_request_id(IdOrNew(options.request_id));
  return request;
}

ExitCode CodeOf(const v1::Erasure& erasure) {
  return erasure.withheld_size() > 0 ? ExitCode::kPartial : ExitCode::kOk;
}

// At a terminal the person sees what would happen before being asked; a script has said whom.
absl::StatusOr<std::string> ConfirmedName(const Invocation& invocation,
                                          const Connection& connection,
                                          const v1::EraseSubjectRequest& request,
                                          const EraseOptions& options) {
  Console& console = invocation.console();
  std::string name = request.subject().name();
  const bool asks = options.confirm.empty() && console.in_is_terminal;
  if (asks || name.empty()) {
    LETHE_ASSIGN(const v1::Erasure preview, CallErase(connection, request, true));
    name = preview.subject();
    if (asks) console.err << "This would be erased:\n" << ToCard(ToJson(preview));
  }
  LETHE_TRY(ConfirmDestruction(console, name, options.confirm));
  return name;
}

absl::StatusOr<ExitCode> Erase(const Invocation& invocation, const EraseOptions& options) {
  LETHE_ASSIGN(const Connection connection, Connection::Open(invocation));
  LETHE_ASSIGN(v1::EraseSubjectRequest request, EraseRequestFrom(invocation, connection, options));
  if (options.dry_run) {
    LETHE_ASSIGN(const v1::Erasure preview, CallErase(connection, request, true));
    invocation.printer().Print(preview);
    return CodeOf(preview);
  }
  LETHE_ASSIGN(const std::string name, ConfirmedName(invocation, connection, request, options));
  // By the name that was confirmed: an identifier may mean somebody else by now.
  request.mutable_subject()->set_name(name);
  LETHE_ASSIGN(const v1::Erasure erasure, CallErase(connection, request, false));
  invocation.printer().Print(erasure);
  return CodeOf(erasure);
}

struct UndoOptions {
  std::string subject;
  std::string request_id;
};

void BindUndo(CLI::App& verb, UndoOptions& options) {
  verb.add_option("SUBJECT", options.subject, "UUID or name: its identifiers find nobody any more")
      ->required();
  BindRequestId(verb, options.request_id);
}

absl::StatusOr<ExitCode> Undo(const Invocation& invocation, const UndoOptions& options) {
  LETHE_ASSIGN(const Connection connection, Connection::Open(invocation));
  v1::UndoErasureRequest request;
  LETHE_ASSIGN(*request.mutable_name(), SubjectNameFrom(options.subject, connection.tenant_name));
  SetPurposeAndId(connection, options.request_id, request);
  LETHE_ASSIGN(const v1::Subject subject,
               connection.client.Call(connection.client.rights(), &Rights::UndoErasure, request));
  invocation.printer().Print(subject);
  return ExitCode::kOk;
}

}  // namespace

void AddEraseVerbs(CLI::App& subject, CommandLine& line) {
  AddVerb<EraseOptions>(subject, line, "erase",
                        "Destroy the keys of all that no law keeps (Art. 17)", BindErase, Erase);
  AddVerb<UndoOptions>(subject, line, "undo-erasure",
                       "Take an erasure back that the policy's undo window has put off", BindUndo,
                       Undo);
}

}  // namespace lethe::cli
