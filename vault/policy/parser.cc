#include "vault/policy/parser.h"

#include <algorithm>
#include <charconv>
#include <limits>
#include <utility>

#include "base/status_macros.h"
#include "base/text/label.h"
#include "base/text/yaml.h"

namespace lethe::vault::policy {
namespace {

constexpr std::size_t kPolicyNameBytesMax = 63;
constexpr std::size_t kReferenceBytesMax = 128;  // Stands in receipts and in every shred-log entry.

std::optional<Anchor> AnchorOf(std::string_view word) {
  static constexpr std::pair<std::string_view, Anchor> kAnchors[] = {
      {"created", Anchor::kCreated},
      {"contract_end", Anchor::kContractEnd},
      {"licence_end", Anchor::kLicenceEnd},
      {"last_interaction", Anchor::kLastInteraction},
      {"consent_withdrawal", Anchor::kConsentWithdrawal},
  };
  const auto* found =
      std::ranges::find(kAnchors, word, &std::pair<std::string_view, Anchor>::first);
  if (found == std::end(kAnchors)) return std::nullopt;
  return found->second;
}

absl::StatusOr<std::uint32_t> ReadId(const YamlMap& map) {
  LETHE_ASSIGN(const std::string text, map.Text("id"));
  std::uint32_t id = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id);
  if (error != std::errc() || end != text.data() + text.size() || id == 0) {
    return map.At("id").Error("id", "category.id must be a number from 1 on");
  }
  return id;
}

}  // namespace

absl::StatusOr<Policy> Policy::Parse(std::string_view yaml) {
  return PolicyParser().Parse(std::string(yaml));
}

absl::StatusOr<Policy> PolicyParser::Parse(const std::string& document) {
  LETHE_ASSIGN(const YamlNode node,
               ParseYaml(document, {.place = "policy line ", .field = "policy"}));
  LETHE_ASSIGN(
      const YamlMap root,
      YamlMap::Of(node, "policy", {"policy", "time_zone", "purposes", "erasure", "categories"}));
  LETHE_ASSIGN(policy_.name_, root.Text("policy"));
  if (policy_.name_.size() > kPolicyNameBytesMax) {
    return root.At("policy").Error("size", "policy.policy is longer than 63 bytes");
  }
  LETHE_TRY(ReadZone(root));
  LETHE_TRY(ReadPurposes(root));
  LETHE_TRY(ReadErasure(root));
  LETHE_TRY(ReadCategories(root));
  return std::move(policy_);
}

absl::Status PolicyParser::ReadZone(const YamlMap& root) {
  LETHE_ASSIGN(const std::string zone, root.Text("time_zone"));
  if (!absl::LoadTimeZone(zone, &policy_.time_zone_)) {
    return root.At("time_zone").Error("time_zone", "policy.time_zone is no IANA time zone");
  }
  return absl::OkStatus();
}

absl::Status PolicyParser::ReadPurposes(const YamlMap& root) {
  if (!root.Has("purposes")) {
    return root.node().Error("required", "policy.purposes is missing");
  }
  const YamlNode& purposes = root.At("purposes");
  if (purposes.text == "allow-all") {
    policy_.all_purposes_ = true;
    return absl::OkStatus();
  }
  LETHE_ASSIGN(policy_.purposes_, root.Texts("purposes"));
  return CheckPurposes(purposes, policy_.purposes_);
}

absl::Status PolicyParser::ReadErasure(const YamlMap& root) {
  if (!root.Has("erasure")) return absl::OkStatus();
  LETHE_ASSIGN(const YamlMap map, YamlMap::Of(root.At("erasure"), "erasure", {"undo_window"}));
  LETHE_ASSIGN(const std::string window, map.Text("undo_window"));
  const auto parsed = CalendarSpan::Parse(window);
  if (!parsed.ok()) {
    return map.At("undo_window")
        .Error("period", "erasure.undo_window must be years, months and days such as P7D");
  }
  policy_.undo_window_ = *parsed;
  return absl::OkStatus();
}

absl::Status PolicyParser::ReadCategories(const YamlMap& root) {
  const YamlNode& list = root.At("categories");
  if (list.items.empty()) {
    return list.Error("required", "policy.categories must be a list, not empty");
  }
  if (list.items.size() > Policy::kCategoriesMax) {
    return list.Error("size", "policy.categories has more than 256 categories");
  }
  for (const YamlNode& node : list.items) {
    LETHE_ASSIGN(Category category, ReadCategory(node));
    LETHE_TRY(CheckUnique(node, category));
    policy_.categories_.push_back(std::move(category));
  }
  return absl::OkStatus();
}

absl::StatusOr<Category> PolicyParser::ReadCategory(const YamlNode& node) const {
  LETHE_ASSIGN(const YamlMap map, YamlMap::Of(node, "category",
                                              {"name", "id", "purposes", "anchor", "period",
                                               "legal_obligation", "origin_portable"}));
  Category category;
  LETHE_ASSIGN(category.name, map.Text("name"));
  if (!IsLabel(category.name)) {
    return map.At("name").Error("label", std::string("category.name must be ") + kLabelShape);
  }
  LETHE_ASSIGN(category.id, ReadId(map));
  LETHE_ASSIGN(category.purposes, map.Texts("purposes"));
  LETHE_TRY(CheckPurposes(map.At("purposes"), category.purposes));
  LETHE_ASSIGN(const std::string anchor_word, map.Text("anchor"));
  const std::optional<Anchor> anchor = AnchorOf(anchor_word);
  if (!anchor.has_value()) {
    return map.At("anchor").Error("anchor", "category.anchor is not a known anchor");
  }
  category.anchor = *anchor;
  LETHE_ASSIGN(const std::optional<std::string> period, map.OptionalText("period"));
  if (period.has_value()) {
    const auto parsed = CalendarSpan::Parse(*period);
    if (!parsed.ok()) {
      return map.At("period").Error("period",
                                    "category.period must be years, months and days such as P10Y");
    }
    category.period = *parsed;
  }
  LETHE_ASSIGN(category.legal_obligation, ReadObligation(map));
  LETHE_ASSIGN(category.portable, map.Flag("origin_portable", true));
  LETHE_TRY(CheckRetention(node, category));
  return category;
}

absl::StatusOr<std::optional<LegalObligation>> PolicyParser::ReadObligation(
    const YamlMap& category) const {
  if (!category.Has("legal_obligation")) return std::optional<LegalObligation>();
  LETHE_ASSIGN(const YamlMap map, YamlMap::Of(category.At("legal_obligation"), "legal_obligation",
                                              {"reference", "purposes", "keep_identifiers"}));
  LegalObligation obligation;
  LETHE_ASSIGN(obligation.reference, map.Text("reference"));
  if (obligation.reference.size() > kReferenceBytesMax) {
    return map.At("reference").Error("size", "legal_obligation.reference is longer than 128 bytes");
  }
  LETHE_ASSIGN(obligation.purposes, map.Texts("purposes"));
  LETHE_TRY(CheckPurposes(map.At("purposes"), obligation.purposes));
  LETHE_ASSIGN(obligation.keep_identifiers, map.Texts("keep_identifiers"));
  if (!std::ranges::all_of(obligation.keep_identifiers, IsIdentifierType)) {
    return map.At("keep_identifiers")
        .Error("identifier_type", "legal_obligation.keep_identifiers must be identifier types");
  }
  return std::optional<LegalObligation>(std::move(obligation));
}

absl::Status PolicyParser::CheckPurposes(const YamlNode& list,
                                         const std::vector<std::string>& purposes) const {
  for (std::size_t i = 0; i < purposes.size(); ++i) {
    if (!IsLabel(purposes[i])) {
      return list.items[i].Error("label", std::string("a purpose must be ") + kLabelShape);
    }
    if (!policy_.KnowsPurpose(purposes[i])) {
      return list.items[i].Error("unknown_purpose", "the policy does not declare this purpose");
    }
  }
  return absl::OkStatus();
}

absl::Status PolicyParser::CheckRetention(const YamlNode& node, const Category& category) const {
  if (category.anchor != Anchor::kCreated && !category.period.has_value()) {
    return node.Error("period", "an anchor other than created needs category.period");
  }
  // A duty without an end would keep data for ever (Art. 5(1)(e)).
  if (category.legal_obligation.has_value() && !category.period.has_value()) {
    return node.Error("period", "category.legal_obligation needs category.period");
  }
  return absl::OkStatus();
}

absl::Status PolicyParser::CheckUnique(const YamlNode& node, const Category& category) const {
  if (policy_.Find(category.name) != nullptr) {
    return node.Error("duplicate", "category.name is used twice");
  }
  if (policy_.FindById(category.id) != nullptr) {
    return node.Error("duplicate", "category.id is used twice");
  }
  return absl::OkStatus();
}

}  // namespace lethe::vault::policy
