// lethe record import FILE|-.
#include <fstream>
#include <istream>
#include <optional>
#include <ostream>

#include "base/bytes.h"
#include "base/status_macros.h"
#include "cli/commands/command.h"
#include "cli/import/chunk_builder.h"
#include "cli/import/import_file.h"
#include "cli/import/import_stream.h"
#include "cli/import/import_tally.h"

namespace lethe::cli {
namespace {

struct ImportOptions {
  std::string file;
  std::int64_t resume_from = 0;
  std::string rejects;
};

void BindImport(CLI::App& verb, ImportOptions& options) {
  verb.add_option("FILE", options.file, "JSON lines (docs/cli.md), or - for standard input")
      ->required();
  verb.add_option("--resume-from", options.resume_from,
                  "First line to send (default: where FILE.lethe-progress says)")
      ->check(CLI::PositiveNumber);
  verb.add_option("--rejects", options.rejects, "Copy the lines that failed here (mode 0600)");
}

// Where to begin: what the flag says, else where an earlier run ended.
absl::StatusOr<ResumePoint> StartOf(const Invocation& invocation, const ImportOptions& options,
                                    const std::optional<ResumeFile>& resume) {
  if (options.resume_from > 0) return ResumePoint{.last_line = options.resume_from - 1};
  if (!resume.has_value()) return ResumePoint();
  LETHE_ASSIGN(const auto stored, resume->Load());
  if (!stored.has_value()) return ResumePoint();
  invocation.console().err << "going on after line " << stored->last_line << "\n";
  return *stored;
}

absl::StatusOr<ExitCode> Conclude(const Invocation& invocation, const ImportOptions& options,
                                  const ImportTally& tally) {
  const ImportCounts counts = tally.point().counts;
  if (!options.rejects.empty() && !tally.failed_lines().empty()) {
    LETHE_TRY(CopyLines(options.file, tally.failed_lines(), options.rejects));
  }
  invocation.printer().Print(Json{{"imported", counts.imported},
                                  {"alreadyThere", counts.already_there},
                                  {"failed", counts.failed}});
  return counts.failed > 0 ? ExitCode::kPartial : ExitCode::kOk;
}

absl::StatusOr<ExitCode> SendLines(const Invocation& invocation, const ImportOptions& options,
                                   std::istream& in, const FileFacts& facts,
                                   const std::optional<ResumeFile>& resume) {
  LETHE_ASSIGN(const Connection connection, Connection::Open(invocation));
  LETHE_ASSIGN(const ResumePoint start, StartOf(invocation, options, resume));
  Progress progress({.total = facts.lines,
                     .start = start.last_line,
                     .terminal = invocation.console().err_is_terminal},
                    invocation.clock(), invocation.console().err);
  ImportTally tally(start, progress, resume.has_value() ? &*resume : nullptr, invocation.clock());
  LineReader lines(in);
  ChunkBuilder chunks(lines,
                      {.tenant_name = connection.tenant_name,
                       .purpose = connection.purpose,
                       .file = facts.digest,
                       .skip_through = start.last_line},
                      [&tally](const LineFailure& failure) { tally.OnFault(failure); });
  ImportStream stream(
      connection.client, [&chunks] { return chunks.Next(); },
      [&tally](const v1::ImportRecordsResponse& response) { tally.OnAcknowledged(response); });

  const absl::Status sent = stream.Run();
  const absl::Status finished = tally.Finish(/*complete=*/sent.ok());
  if (!sent.ok()) {
    invocation.console().err << "stopped after line " << tally.point().last_line
                             << (resume.has_value()
                                     ? "; the same command again goes on from there\n"
                                     : "; go on with --resume-from\n");
    return sent;
  }
  LETHE_TRY(finished);
  return Conclude(invocation, options, tally);
}

absl::StatusOr<ExitCode> Import(const Invocation& invocation, const ImportOptions& options) {
  if (options.file == "-") {
    if (!options.rejects.empty()) return Usage("--rejects needs a file: - is read only once");
    return SendLines(invocation, options, invocation.console().in, UnknownFacts(), std::nullopt);
  }
  LETHE_ASSIGN(const FileFacts facts, Survey(options.file));
  LETHE_ASSIGN(const ConnectionSettings settings, invocation.ResolveConnection());
  LETHE_ASSIGN(const std::string tenant_name, TenantNameOf(settings));
  const std::optional<ResumeFile> resume(std::in_place, options.file, ToHex(facts.digest),
                                         tenant_name);
  std::ifstream in(options.file, std::ios::binary);
  return SendLines(invocation, options, in, facts, resume);
}

}  // namespace

void AddImportVerb(CLI::App& record, CommandLine& line) {
  AddVerb<ImportOptions>(record, line, "import", "Many records from a file of JSON lines",
                         BindImport, Import);
}

}  // namespace lethe::cli
