#include "tests/server/wire/fake_shared.h"

#include <utility>

#include "base/reason.h"

namespace lethe::test {
namespace {

class FakeArtifact final : public vault::Artifact {
 public:
  FakeArtifact(std::vector<std::string> pieces, absl::Status end)
      : pieces_(std::move(pieces)), end_(std::move(end)) {}

  absl::StatusOr<std::string> Next() override {
    if (next_ < pieces_.size()) return pieces_[next_++];
    if (!end_.ok()) return end_;
    return std::string();
  }
  std::int64_t record_count() const override { return 7; }
  const std::vector<vault::Withheld>& withheld() const override { return withheld_; }

 private:
  std::vector<std::string> pieces_;
  const absl::Status end_;
  std::size_t next_ = 0;
  const std::vector<vault::Withheld> withheld_{{"billing", "AO 147", 2, kFakeNow}};
};

}  // namespace

absl::Status NoSuchThing() { return Refuse(Reason::kResourceNotFound, "there is no such thing"); }

absl::StatusOr<FakePerson*> FakeShared::Find(const vault::SubjectRef& ref) {
  if (const auto* tag = std::get_if<SubjectTag>(&ref)) {
    const auto it = people.find(*tag);
    if (it == people.end()) return NoSuchThing();
    return &it->second;
  }
  const auto& wanted = std::get<vault::Identifier>(ref);
  for (auto& [tag, person] : people) {
    for (const auto& identifier : person.identifiers) {
      if (identifier.type == wanted.type && identifier.value == wanted.value) return &person;
    }
  }
  return NoSuchThing();
}

FakePerson& FakeShared::Make(std::span<const vault::Identifier> identifiers) {
  FakePerson person;
  person.subject.tag = SubjectTag::Draw(random);
  person.subject.create_time = kFakeNow;
  person.subject.etag = "s1";
  person.identifiers.assign(identifiers.begin(), identifiers.end());
  return people[person.subject.tag] = std::move(person);
}

vault::Record& FakeShared::Put(FakePerson& person, const vault::NewRecord& record) {
  vault::Record out;
  out.subject = person.subject.tag;
  out.tag = RecordTag::Draw(random);
  out.category = record.category;
  out.data = record.data;
  out.media_type = record.media_type.empty() ? "application/json" : record.media_type;
  out.source = record.source;
  out.source_detail = record.source_detail;
  out.origin_time = record.origin_time.value_or(kFakeNow);
  out.create_time = out.update_time = kFakeNow;
  out.etag = "r1";
  return person.records[out.tag] = std::move(out);
}

std::unique_ptr<vault::Artifact> FakeShared::OpenArtifact() const {
  return std::make_unique<FakeArtifact>(pieces, artifact_end);
}

}  // namespace lethe::test
