// The access report (Art. 15): everything held, in which categories and for how long, what is
// restricted, what the law keeps, and which rights the person has.
#include <utility>

#include "nlohmann/json.hpp"
#include "vault/reports/artifact.h"

namespace lethe::vault::reports {
namespace {

using Json = nlohmann::ordered_json;

Json CategoryAsJson(const policy::Category& category) {
  Json json;
  json["category"] = category.name;
  if (category.purposes.empty()) {
    json["purposes"] = "every purpose of the policy";
  } else {
    json["purposes"] = category.purposes;
  }
  // Art. 15(1)(d): the period, or the criteria that determine it.
  static constexpr std::string_view kFrom[] = {"",
                                               "its origin",
                                               "the end of the contract",
                                               "the end of the licence",
                                               "the last interaction",
                                               "the withdrawal of consent"};
  json["kept"] = category.period.has_value()
                     ? category.period->ToString() + " from " +
                           std::string(kFrom[static_cast<std::size_t>(category.anchor)])
                     : std::string("until erased");
  if (category.legal_obligation.has_value()) {
    json["legal_obligation"] = category.legal_obligation->reference;
  }
  return json;
}

Json RestrictionAsJson(const RestrictionInForce& act) {
  static constexpr std::string_view kGrounds[] = {"", "18(1)(a)", "18(1)(b)", "18(1)(c)",
                                                  "18(1)(d)"};
  Json json;
  json["ground"] = kGrounds[static_cast<std::size_t>(act.restriction.ground) % 5];
  json["reason"] = act.restriction.reason;
  json["since_time"] = TimeAsText(act.since);
  if (act.restriction.review_time.has_value()) {
    json["review_time"] = TimeAsText(*act.restriction.review_time);
  }
  return json;
}

class AccessReportFormat final : public ArtifactFormat {
 public:
  std::string Head(const ArtifactHead& head) const override {
    Json json;
    json["schema"] = "lethe.access-report.v1";
    json["generated_time"] = TimeAsText(head.generated_time);
    json["controller"] = head.tenant;
    json["subject"] = head.subject.tag.ToString();
    json["partially_erased"] = head.subject.state == SubjectState::kPartiallyErased;
    json["create_time"] = TimeAsText(head.subject.create_time);
    json["identifiers"] = Json::array();
    for (const Identifier& identifier : head.identifiers) {
      json["identifiers"].push_back({{"type", identifier.type}, {"value", identifier.value}});
    }
    if (head.restriction.has_value()) json["restriction"] = RestrictionAsJson(*head.restriction);
    json["categories"] = Json::array();
    for (const policy::Category* category : head.categories) {
      json["categories"].push_back(CategoryAsJson(*category));
    }
    json["rights"] = {"Art. 16 rectification", "Art. 17 erasure",   "Art. 18 restriction",
                      "Art. 20 portability",   "Art. 21 objection", "Art. 77 complaint"};
    std::string text = json.dump();
    text.pop_back();
    return text.append(R"(,"records":[)");
  }
  std::string Line(const Record& record) const override { return RecordAsJson(record); }
  std::string Tail(const ArtifactHead& head) const override {
    return R"(],"withheld":)" + WithheldAsJson(head.withheld) + "}\n";
  }
};

}  // namespace

std::unique_ptr<ArtifactFormat> NewAccessReportFormat() {
  return std::make_unique<AccessReportFormat>();
}

}  // namespace lethe::vault::reports
