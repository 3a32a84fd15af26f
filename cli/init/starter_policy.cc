#include "cli/init/starter_policy.h"

namespace lethe::cli {

std::string StarterPolicy(const std::string& tenant) {
  return "# What the vault may keep of this tenant's customers, for how long, and for what.\n"
         "# A starting point: have it checked by whoever answers for data protection.\n"
         "policy: " +
         tenant +
         "-1\n"
         "time_zone: UTC               # days end at midnight here\n"
         "purposes: allow-all          # or a list of purpose names\n"
         "categories:\n"
         "  - name: account            # until 30 days after the contract's end\n"
         "    id: 1                    # on disk: never change it, never use it again\n"
         "    anchor: contract_end\n"
         "    period: P30D\n"
         "  - name: billing            # kept by law, even through an erasure\n"
         "    id: 2\n"
         "    anchor: created\n"
         "    period: P10Y\n"
         "    legal_obligation:\n"
         "      reference: name the law here\n"
         "      purposes: [tax]\n"
         "      keep_identifiers: [customer_number]\n"
         "  - name: support\n"
         "    id: 3\n"
         "    anchor: created\n"
         "    period: P1Y\n"
         "  - name: telemetry\n"
         "    id: 4\n"
         "    anchor: created\n"
         "    period: P1M\n";
}

}  // namespace lethe::cli
