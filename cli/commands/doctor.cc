// lethe doctor: looks at everything that lethed and lethe need of this machine.
#include <algorithm>
#include <filesystem>
#include <ostream>

#include "base/status_macros.h"
#include "cli/commands/command.h"
#include "cli/doctor/certificate_checks.h"
#include "cli/doctor/config_check.h"
#include "cli/doctor/key_service_check.h"
#include "cli/doctor/machine_checks.h"
#include "cli/doctor/storage_checks.h"
#include "cli/output/table.h"
#include "vault/open/descriptor.h"

namespace lethe::cli {
namespace {

struct DoctorOptions {
  std::string config;
  std::string lethed;
};

void BindDoctor(CLI::App& verb, DoctorOptions& options) {
  verb.add_option("--config", options.config, "lethed.yaml: also check it and what it names");
  verb.add_option("--lethed", options.lethed, "FILE: the server (default: beside lethe, or PATH)");
}

void CheckHolders(const std::string& data_dir, Findings& findings) {
  const auto vault = vault::ReadDescriptor(data_dir);
  if (!vault.ok()) {
    findings.push_back({.check = "holder",
                        .health = Health::kBroken,
                        .found = "the data folder holds no vault that could name one",
                        .remedy = "lethe init, or the right data_dir"});
    return;
  }
  for (const vault::HolderSpec& holder : vault->holders) {
    // Those inside the folder are named relative to it.
    const auto place = std::filesystem::path(data_dir) / holder.slots;
    // What a token seals need not be overwritten: its key is destroyed in the token.
    const bool sealed = holder.token.has_value();
    findings.push_back(CheckHolder(place.string(), vault->dev || sealed));
    if (sealed) findings.push_back(CheckToken(*holder.token));
  }
}

void CheckServerSide(const DoctorOptions& options, absl::Time now, Findings& findings) {
  findings.push_back(CheckConfig(options.config, options.lethed));
  const auto places = ReadPlaces(options.config);
  if (!places.ok()) {
    // lethed, if it could be asked, has said why.
    if (findings.back().health == Health::kBroken) return;
    findings.push_back({.check = "configuration",
                        .health = Health::kBroken,
                        .found = std::string(places.status().message()),
                        .remedy = kCorrectConfig});
    return;
  }
  findings.push_back(CheckDataFolder(places->data_dir));
  findings.push_back(CheckFreeSpace(places->data_dir));
  CheckHolders(places->data_dir, findings);
  for (const ConfiguredProvider& provider : places->providers) {
    findings.push_back(CheckKeyService(provider, places->data_dir));
  }
  findings.push_back(CheckServerCertificate(places->tls, now));
}

// Only where a connection is set up at all.
void CheckClientSide(const Invocation& invocation, Findings& findings) {
  const auto settings = invocation.ResolveConnection();
  if (!settings.ok() || settings->insecure) return;
  findings.push_back(
      CheckClientCertificate({.ca = settings->ca, .cert = settings->cert, .key = settings->key},
                             invocation.clock().Now()));
}

const char* NameOf(Health health) {
  switch (health) {
    case Health::kFine:
      return "fine";
    case Health::kWarning:
      return "warning";
    case Health::kBroken:
      return "broken";
  }
  return "";
}

void Print(const Invocation& invocation, const Findings& findings) {
  Table table({"CHECK", "", "FOUND"});
  Json list = Json::array();
  for (const Finding& finding : findings) {
    table.Add({finding.check, NameOf(finding.health), finding.found});
    if (!finding.remedy.empty()) table.Add({"", "", "-> " + finding.remedy});
    list.push_back({{"check", finding.check},
                    {"health", NameOf(finding.health)},
                    {"found", finding.found},
                    {"remedy", finding.remedy}});
  }
  if (invocation.format() == OutputFormat::kTable) {
    invocation.console().out << table.Render();
  } else if (invocation.format() == OutputFormat::kJsonl) {
    for (const Json& finding : list) invocation.printer().Print(finding);
  } else {
    invocation.printer().Print(Json{{"findings", list}});
  }
}

absl::StatusOr<ExitCode> Doctor(const Invocation& invocation, const DoctorOptions& options) {
  Findings findings = {CheckMemlock(), CheckMemfdSecret(), CheckClock()};
  if (!options.config.empty()) CheckServerSide(options, invocation.clock().Now(), findings);
  CheckClientSide(invocation, findings);
  Print(invocation, findings);
  const bool broken = std::any_of(findings.begin(), findings.end(), [](const Finding& finding) {
    return finding.health == Health::kBroken;
  });
  return broken ? ExitCode::kLocal : ExitCode::kOk;
}

}  // namespace

void AddDoctorCommand(CLI::App& app, CommandLine& line) {
  AddVerb<DoctorOptions>(app, line, "doctor", "Is this machine fit, and what to do if not",
                         BindDoctor, Doctor);
}

}  // namespace lethe::cli
