// lethe subject report|export: documents about one person.
#include <ostream>

#include "base/private_file.h"
#include "base/status_macros.h"
#include "cli/commands/command.h"
#include "cli/connect/artifact.h"
#include "cli/connect/interrupt.h"
#include "cli/input/subject_option.h"

namespace lethe::cli {
namespace {

struct ArtifactOptions {
  SubjectOption subject;
  std::string out = "-";
};

void BindArtifact(CLI::App& verb, ArtifactOptions& options) {
  BindSubject(verb, options.subject);
  verb.add_option("--out", options.out, "FILE, made with mode 0600 (default: standard output)");
}

absl::StatusOr<v1::ArtifactTrailer> ReceiveToFile(ArtifactReader& reader, const std::string& path) {
  LETHE_ASSIGN(PrivateFile file, PrivateFile::Create(path));
  LETHE_ASSIGN(auto trailer,
               ReceiveArtifact(reader, [&](std::string_view data) { return file.Append(data); }));
  // Only now does it get its name: a document under it is whole.
  LETHE_TRY(file.Finish());
  return trailer;
}

// What the document leaves out goes to stderr where the document itself is on stdout.
absl::StatusOr<ExitCode> Conclude(const Invocation& invocation, const ArtifactOptions& options,
                                  const v1::ArtifactTrailer& trailer) {
  if (options.out == "-") {
    invocation.console().out.flush();
    if (trailer.withheld_size() > 0) invocation.console().err << ToCard(ToJson(trailer));
  } else {
    invocation.printer().Print(trailer);
  }
  return trailer.withheld_size() > 0 ? ExitCode::kPartial : ExitCode::kOk;
}

template <typename Request, typename Start>
absl::StatusOr<ExitCode> Fetch(const Invocation& invocation, const ArtifactOptions& options,
                               const Start& start) {
  LETHE_ASSIGN(const Connection connection, Connection::Open(invocation));
  Request request;
  LETHE_ASSIGN(*request.mutable_subject(),
               ReadSubject(invocation.console(), options.subject, connection.tenant_name));
  request.set_purpose(connection.purpose);

  grpc::ClientContext context;
  connection.client.Prepare(context);
  const Interrupt::Scope on_interrupt([&context] { context.TryCancel(); });
  const auto reader = start(connection.client.rights(), context, request);
  const auto trailer = options.out == "-" ? ReceiveArtifact(*reader,
                                                            [&](std::string_view data) {
                                                              invocation.console().out << data;
                                                              return absl::OkStatus();
                                                            })
                                          : ReceiveToFile(*reader, options.out);
  if (Interrupt::Raised()) return Interrupted("interrupted; the document is not whole");
  if (!trailer.ok()) return trailer.status();
  return Conclude(invocation, options, *trailer);
}

absl::StatusOr<ExitCode> Report(const Invocation& invocation, const ArtifactOptions& options) {
  return Fetch<v1::GenerateAccessReportRequest>(
      invocation, options, [](auto& rights, grpc::ClientContext& context, const auto& request) {
        return rights.GenerateAccessReport(&context, request);
      });
}

absl::StatusOr<ExitCode> Export(const Invocation& invocation, const ArtifactOptions& options) {
  return Fetch<v1::ExportSubjectRequest>(
      invocation, options, [](auto& rights, grpc::ClientContext& context, const auto& request) {
        return rights.ExportSubject(&context, request);
      });
}

}  // namespace

void AddArtifactVerbs(CLI::App& subject, CommandLine& line) {
  AddVerb<ArtifactOptions>(subject, line, "report",
                           "Everything held, as the person may ask (Art. 15)", BindArtifact,
                           Report);
  AddVerb<ArtifactOptions>(subject, line, "export", "What the person may take along (Art. 20)",
                           BindArtifact, Export);
}

}  // namespace lethe::cli
