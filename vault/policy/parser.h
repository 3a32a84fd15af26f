// Turns a policy document into a Policy, or says which line breaks which rule.
#ifndef LETHE_VAULT_POLICY_PARSER_H_
#define LETHE_VAULT_POLICY_PARSER_H_

#include <string>

#include "absl/status/statusor.h"
#include "base/text/yaml_map.h"
#include "vault/policy/policy.h"

namespace lethe::vault::policy {

class PolicyParser {
 public:
  absl::StatusOr<Policy> Parse(const std::string& document);

 private:
  absl::Status ReadZone(const YamlMap& root);
  absl::Status ReadPurposes(const YamlMap& root);
  absl::Status ReadErasure(const YamlMap& root);
  absl::Status ReadCategories(const YamlMap& root);
  absl::StatusOr<Category> ReadCategory(const YamlNode& node) const;
  absl::StatusOr<std::optional<LegalObligation>> ReadObligation(const YamlMap& category) const;
  // Each is a label, and declared unless the policy allows all.
  absl::Status CheckPurposes(const YamlNode& list, const std::vector<std::string>& purposes) const;
  absl::Status CheckRetention(const YamlNode& node, const Category& category) const;
  // Names and ids are used once.
  absl::Status CheckUnique(const YamlNode& node, const Category& category) const;

  Policy policy_;
};

}  // namespace lethe::vault::policy

#endif  // LETHE_VAULT_POLICY_PARSER_H_
