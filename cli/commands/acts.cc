// lethe subject restrict|unrestrict: what is declared about a person, a kind of act beside another.
#include <map>

#include "base/status_macros.h"
#include "cli/commands/change_options.h"
#include "cli/commands/command.h"
#include "cli/connect/request_id.h"
#include "cli/input/choice_option.h"
#include "cli/input/input.h"
#include "cli/input/subject_option.h"
#include "cli/input/time_text.h"

namespace lethe::cli {
namespace {

using Rights = v1::RightsService::StubInterface;

// Longer reasons are refused by the server; this only bounds what is read.
constexpr std::size_t kReasonFileBytesMax = 4096;

const std::map<std::string, v1::RestrictionGround> kRestrictionGrounds = {
    {"accuracy-contested", v1::RESTRICTION_GROUND_ACCURACY_CONTESTED},
    {"unlawful", v1::RESTRICTION_GROUND_UNLAWFUL},
    {"needed-for-claims", v1::RESTRICTION_GROUND_NEEDED_FOR_CLAIMS},
    {"objection-pending", v1::RESTRICTION_GROUND_OBJECTION_PENDING},
};

struct RestrictOptions {
  SubjectOption subject;
  v1::RestrictionGround ground = v1::RESTRICTION_GROUND_UNSPECIFIED;
  std::string reason_file;
  std::string review_time;
  std::string request_id;
};

void BindRestrict(CLI::App& verb, RestrictOptions& options) {
  BindSubject(verb, options.subject);
  AddChoice(verb, "--ground", options.ground, kRestrictionGrounds, "Ground of Art. 18(1) GDPR")
      ->required();
  verb.add_option("--reason-file", options.reason_file, "FILE or - with a text for the file");
  verb.add_option("--review-time", options.review_time, "RFC 3339: when to look at it again");
  BindRequestId(verb, options.request_id);
}

absl::StatusOr<ExitCode> Restrict(const Invocation& invocation, const RestrictOptions& options) {
  LETHE_ASSIGN(const Connection connection, Connection::Open(invocation));
  v1::RestrictSubjectRequest request;
  LETHE_ASSIGN(*request.mutable_subject(),
               ReadSubject(invocation.console(), options.subject, connection.tenant_name));
  request.set_ground(options.ground);
  if (!options.reason_file.empty()) {
    LETHE_ASSIGN(*request.mutable_reason(),
                 ReadInput(invocation.console(), options.reason_file, kReasonFileBytesMax));
  }
  if (!options.review_time.empty()) {
    LETHE_ASSIGN(*request.mutable_review_time(), TimestampFrom(options.review_time));
  }
  SetPurposeAndId(connection, options.request_id, request);
  LETHE_ASSIGN(
      const v1::Subject subject,
      connection.client.Call(connection.client.rights(), &Rights::RestrictSubject, request));
  invocation.printer().Print(subject);
  return ExitCode::kOk;
}

struct UnrestrictOptions {
  SubjectOption subject;
  std::string informed_time;
  std::string request_id;
};

void BindUnrestrict(CLI::App& verb, UnrestrictOptions& options) {
  BindSubject(verb, options.subject);
  verb.add_option("--informed-time", options.informed_time,
                  "RFC 3339: when the person was told, as Art. 18(3) demands")
      ->required();
  BindRequestId(verb, options.request_id);
}

absl::StatusOr<ExitCode> Unrestrict(const Invocation& invocation,
                                    const UnrestrictOptions& options) {
  LETHE_ASSIGN(const Connection connection, Connection::Open(invocation));
  v1::UnrestrictSubjectRequest request;
  LETHE_ASSIGN(*request.mutable_subject(),
               ReadSubject(invocation.console(), options.subject, connection.tenant_name));
  LETHE_ASSIGN(*request.mutable_subject_informed_time(), TimestampFrom(options.informed_time));
  SetPurposeAndId(connection, options.request_id, request);
  LETHE_ASSIGN(
      const v1::Subject subject,
      connection.client.Call(connection.client.rights(), &Rights::UnrestrictSubject, request));
  invocation.printer().Print(subject);
  return ExitCode::kOk;
}

}  // namespace

void AddActVerbs(CLI::App& subject, CommandLine& line) {
  AddVerb<RestrictOptions>(subject, line, "restrict", "Restrict processing (Art. 18)", BindRestrict,
                           Restrict);
  AddVerb<UnrestrictOptions>(subject, line, "unrestrict", "Lift a restriction (Art. 18(3))",
                             BindUnrestrict, Unrestrict);
}

}  // namespace lethe::cli
