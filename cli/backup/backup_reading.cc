#include "cli/backup/backup_reading.h"

#include <ostream>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "base/bytes.h"
#include "cli/output/printer.h"
#include "cli/output/table.h"

namespace lethe::cli {
namespace {

using vault::backup::BadFile;
using vault::backup::Manifest;
using vault::backup::Standing;
using vault::backup::State;

constexpr std::uint64_t kMib = 1u << 20;

std::string Rfc3339(absl::Time time) {
  return absl::FormatTime(absl::RFC3339_sec, time, absl::UTCTimeZone());
}

// What is wrong, for a table's cell and a sentence.
std::string DamageOf(const Standing& standing) {
  if (!standing.manifest.has_value()) return "its manifest";
  if (standing.bad.empty()) return "";
  const BadFile& first = standing.bad.front();
  std::string text =
      absl::StrCat(first.file.name, " ", std::string(vault::backup::NameOf(first.fault)));
  if (standing.bad.size() > 1) absl::StrAppend(&text, " and ", standing.bad.size() - 1, " more");
  return text;
}

TableRow RowOf(const Standing& standing) {
  TableRow row = {absl::StrCat(standing.position),
                  "",
                  "",
                  "",
                  std::string(vault::backup::NameOf(standing.state)),
                  "",
                  DamageOf(standing)};
  if (standing.manifest.has_value()) {
    const Manifest& manifest = standing.manifest->manifest;
    row[1] = Rfc3339(manifest.create_time);
    row[2] = absl::StrCat(manifest.files.size());
    row[3] = absl::StrCat(manifest.size_bytes());
  }
  if (standing.verify_time.has_value()) row[5] = Rfc3339(*standing.verify_time);
  return row;
}

}  // namespace

void BindRate(CLI::App& verb, ReadingRate& rate) {
  verb.add_option("--verify-rate", rate.mib_per_second,
                  "MiB a second that are read back at most (200); 0: as many as there are")
      ->check(CLI::Range(0, 1'000'000));
}

BackupReading::BackupReading(Console& console, const Clock& clock,
                             const vault::backup::BackupStore& store, ReadingRate rate)
    : console_(console),
      clock_(clock),
      store_(store),
      pace_(rate.mib_per_second * kMib, clock),
      verification_(store, [this](std::uint64_t bytes_read) { Count(bytes_read); }) {}

void BackupReading::Begin(std::span<const Manifest* const> manifests) {
  begin_ = verification_.bytes_read();
  progress_.emplace(
      ProgressOptions{.noun = "bytes read back",
                      .total = static_cast<std::int64_t>(verification_.BytesToRead(manifests)),
                      .terminal = console_.err_is_terminal},
      clock_, console_.err);
}

void BackupReading::End() {
  if (progress_.has_value()) progress_->Finish();
  progress_.reset();
}

void BackupReading::Count(std::uint64_t bytes_read) {
  if (progress_.has_value()) progress_->Update(static_cast<std::int64_t>(bytes_read - begin_), 0);
  const absl::Duration wait = pace_.After(bytes_read - counted_);
  counted_ = bytes_read;
  if (wait > absl::ZeroDuration()) absl::SleepFor(wait);
}

void BackupReading::ReadAll(std::vector<Standing>& standings) {
  std::vector<const Manifest*> manifests;
  for (const Standing& each : standings) {
    if (each.manifest.has_value()) manifests.push_back(&each.manifest->manifest);
  }
  Begin(manifests);
  absl::Status unnoted;
  for (Standing& each : standings) {
    absl::Status noted;
    each = ReadAgain(store_, each, verification_, clock_.Now(), &noted);
    unnoted.Update(noted);
  }
  End();
  if (!unnoted.ok()) {
    console_.err << "what was found is not noted in the folder: " << std::string(unnoted.message())
                 << "\n";
  }
}

nlohmann::ordered_json ToJson(const Manifest& manifest) {
  return {{"position", manifest.position},
          {"vaultId", manifest.vault.ToString()},
          {"createTime", Rfc3339(manifest.create_time)},
          {"files", manifest.files.size()},
          {"sizeBytes", manifest.size_bytes()},
          {"archived", manifest.archived}};
}

nlohmann::ordered_json ToJson(const std::vector<BadFile>& files) {
  Json json = Json::array();
  for (const BadFile& each : files) {
    json.push_back(Json{{"name", each.file.name},
                        {"sha256", ToHex(each.file.sha256)},
                        {"fault", std::string(vault::backup::NameOf(each.fault))}});
  }
  return json;
}

nlohmann::ordered_json ToJson(const Standing& standing) {
  Json json = standing.manifest.has_value() ? ToJson(standing.manifest->manifest)
                                            : Json{{"position", standing.position}};
  json["state"] = std::string(vault::backup::NameOf(standing.state));
  if (standing.verify_time.has_value()) json["verifyTime"] = Rfc3339(*standing.verify_time);
  json["manifestDamaged"] = !standing.manifest.has_value();
  json["damaged"] = ToJson(standing.bad);
  return json;
}

void PrintStandings(OutputFormat format, std::ostream& out,
                    const std::vector<Standing>& standings) {
  Printer printer(format, out);
  if (format == OutputFormat::kTable) {
    Table table({"POSITION", "CREATED", "FILES", "BYTES", "STATE", "VERIFIED", "DAMAGED"});
    for (const Standing& each : standings) table.Add(RowOf(each));
    out << table.Render();
    return;
  }
  Json backups = Json::array();
  for (const Standing& each : standings) {
    backups.push_back(ToJson(each));
    if (format == OutputFormat::kJsonl) printer.Print(backups.back());
  }
  if (format == OutputFormat::kJsonl) return;
  printer.Print(Json{{"backups", std::move(backups)}});
}

absl::Status DamageIn(const std::vector<Standing>& standings) {
  std::string text;
  for (const Standing& each : standings) {
    if (each.state != State::kDamaged) continue;
    absl::StrAppend(&text, text.empty() ? "" : "; ", "the backup of position ", each.position,
                    " cannot be restored: ", DamageOf(each));
  }
  return text.empty() ? absl::OkStatus() : absl::DataLossError(text);
}

}  // namespace lethe::cli
