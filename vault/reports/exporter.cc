// The export (Art. 20): what the person provided and what was observed of them, in a form another
// controller can read. Which categories rest on consent or contract is the policy's decision; what
// was derived or came from third parties is not portable.
#include "nlohmann/json.hpp"
#include "vault/reports/artifact.h"

namespace lethe::vault::reports {
namespace {

using Json = nlohmann::ordered_json;

class ExportFormat final : public ArtifactFormat {
 public:
  std::string Head(const ArtifactHead& head) const override {
    Json json;
    json["schema"] = "lethe.export.v1";
    json["controller"] = head.tenant;
    json["subject"] = head.subject.tag.ToString();
    json["identifiers"] = Json::array();
    for (const Identifier& identifier : head.identifiers) {
      json["identifiers"].push_back({{"type", identifier.type}, {"value", identifier.value}});
    }
    std::string text = json.dump();
    text.pop_back();
    return text.append(R"(,"records":[)");
  }
  std::string Line(const Record& record) const override {
    const bool portable = record.source == Source::kProvided || record.source == Source::kObserved;
    return portable ? RecordAsJson(record) : std::string();
  }
  std::string Tail(const ArtifactHead& head) const override {
    Json not_covered = Json::array();
    for (const policy::Category* category : head.categories) {
      if (!category->portable) not_covered.push_back(category->name);
    }
    return R"(],"categories_not_covered":)" + not_covered.dump() +
           R"(,"sources_not_covered":["derived","third_party"]})" + "\n";
  }
};

}  // namespace

std::unique_ptr<ArtifactFormat> NewExportFormat() { return std::make_unique<ExportFormat>(); }

}  // namespace lethe::vault::reports
