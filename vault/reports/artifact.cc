#include "vault/reports/artifact.h"

#include <algorithm>
#include <utility>

#include "absl/strings/escaping.h"
#include "base/bytes.h"
#include "base/status_macros.h"
#include "base/text/utf8.h"
#include "nlohmann/json.hpp"

namespace lethe::vault::reports {
namespace {

using Json = nlohmann::ordered_json;

class StreamedArtifact final : public Artifact {
 public:
  StreamedArtifact(std::unique_ptr<ArtifactFormat> format, ArtifactHead head, ArtifactSource source)
      : format_(std::move(format)),
        head_(std::move(head)),
        source_(std::move(source)),
        waiting_(format_->Head(head_)) {}
  ~StreamedArtifact() override { Wipe(waiting_); }

  absl::StatusOr<std::string> Next() override {
    while (!complete_ && waiting_.size() < kPieceBytesMax) LETHE_TRY(Fetch());
    std::string piece = waiting_.substr(0, kPieceBytesMax);
    waiting_.erase(0, piece.size());
    // A large record's memory is not kept for the small rest of it, for which a reader may wait
    // long.
    if (waiting_.size() < kPieceBytesMax) waiting_ = std::string(waiting_);
    return piece;
  }
  std::int64_t record_count() const override { return record_count_; }
  const std::vector<Withheld>& withheld() const override { return head_.withheld; }

 private:
  absl::Status Fetch() {
    LETHE_ASSIGN(const ArtifactStep step, source_(after_));
    for (const Record& record : step.records) {
      std::string line = format_->Line(record);
      if (line.empty()) continue;
      if (record_count_++ > 0) waiting_.push_back(',');
      waiting_.append(line);
      Wipe(line);
    }
    after_ = step.after;
    complete_ = step.last;
    if (complete_) waiting_.append(format_->Tail(head_));
    return absl::OkStatus();
  }

  const std::unique_ptr<ArtifactFormat> format_;
  const ArtifactHead head_;
  const ArtifactSource source_;
  std::string waiting_;
  std::string after_;
  std::int64_t record_count_ = 0;
  bool complete_ = false;
};

bool IsJson(const std::string& media_type) {
  return media_type.substr(0, media_type.find(';')) == "application/json";
}

}  // namespace

std::unique_ptr<Artifact> NewArtifact(std::unique_ptr<ArtifactFormat> format, ArtifactHead head,
                                      ArtifactSource source) {
  return std::make_unique<StreamedArtifact>(std::move(format), std::move(head), std::move(source));
}

std::string TimeAsText(absl::Time time) {
  return absl::FormatTime("%Y-%m-%dT%H:%M:%E6SZ", time, absl::UTCTimeZone());
}

std::string RecordAsJson(const Record& record) {
  Json json;
  json["record"] = record.tag.ToString();
  json["category"] = record.category;
  json["source"] = NameOf(record.source);
  if (!record.source_detail.empty()) json["source_detail"] = record.source_detail;
  json["origin_time"] = TimeAsText(record.origin_time);
  json["create_time"] = TimeAsText(record.create_time);
  json["update_time"] = TimeAsText(record.update_time);
  if (record.expire_time.has_value()) json["expire_time"] = TimeAsText(*record.expire_time);
  json["media_type"] = record.media_type;
  // Stored JSON is one object already, checked when it came; everything else goes in as text where
  // it is text.
  if (!IsJson(record.media_type)) {
    if (IsUtf8(record.data)) {
      json["text"] = record.data;
    } else {
      json["base64"] = absl::Base64Escape(record.data);
    }
    return json.dump();
  }
  std::string text = json.dump();
  text.pop_back();
  text.append(R"(,"data":)").append(record.data).push_back('}');
  return text;
}

std::string WithheldAsJson(const std::vector<Withheld>& withheld) {
  Json list = Json::array();
  for (const Withheld& entry : withheld) {
    Json json;
    json["category"] = entry.category;
    json["ground"] = "Art. 17(3)(b) GDPR";
    json["reference"] = entry.reference;
    json["record_count"] = entry.record_count;
    if (entry.until.has_value()) json["until_time"] = TimeAsText(*entry.until);
    list.push_back(std::move(json));
  }
  return list.dump();
}

}  // namespace lethe::vault::reports
