// Reading backups back on the command line: held to a rate, with the progress shown; and how what
// was found is printed.
#ifndef LETHE_CLI_BACKUP_BACKUP_READING_H_
#define LETHE_CLI_BACKUP_BACKUP_READING_H_

#include <cstdint>
#include <iosfwd>
#include <optional>
#include <ostream>
#include <span>
#include <string>
#include <vector>

#include "CLI/CLI.hpp"
#include "absl/status/status.h"
#include "base/clock.h"
#include "cli/backup/pace.h"
#include "cli/output/console.h"
#include "cli/output/output_format.h"
#include "cli/output/progress.h"
#include "nlohmann/json.hpp"
#include "vault/backup/standing.h"
#include "vault/backup/store.h"
#include "vault/backup/verification.h"

namespace lethe::cli {

struct ReadingRate {
  std::uint64_t mib_per_second = 200;
};

void BindRate(CLI::App& verb, ReadingRate& rate);

class BackupReading {
 public:
  BackupReading(Console& console, const Clock& clock, const vault::backup::BackupStore& store,
                ReadingRate rate);

  // Shows how far the reading of these is, until End.
  void Begin(std::span<const vault::backup::Manifest* const> manifests);
  void End();
  vault::backup::Verification& verification() { return verification_; }

  // Begin, ReadAgain of each, End. Where no note can be left, that is said.
  void ReadAll(std::vector<vault::backup::Standing>& standings);

 private:
  void Count(std::uint64_t bytes_read);

  Console& console_;
  const Clock& clock_;
  const vault::backup::BackupStore& store_;
  Pace pace_;
  std::optional<Progress> progress_;
  std::uint64_t begin_ = 0;    // Bytes that were read before progress_ began.
  std::uint64_t counted_ = 0;  // Of them all, those that pace_ knows of.
  vault::backup::Verification verification_;
};

nlohmann::ordered_json ToJson(const vault::backup::Manifest& manifest);
nlohmann::ordered_json ToJson(const vault::backup::Standing& standing);
nlohmann::ordered_json ToJson(const std::vector<vault::backup::BadFile>& files);

// A table, or one document {"backups": […]}.
void PrintStandings(OutputFormat format, std::ostream& out,
                    const std::vector<vault::backup::Standing>& standings);

// DATA_LOSS that names every damaged one, with its first bad file.
absl::Status DamageIn(const std::vector<vault::backup::Standing>& standings);

}  // namespace lethe::cli

#endif  // LETHE_CLI_BACKUP_BACKUP_READING_H_
