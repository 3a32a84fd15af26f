#include "tests/vault/whole/story.h"

#include <algorithm>

namespace lethe::test {

using vault::SubjectState;

std::string Story::NewText(const std::string& kind) {
  return kind + "-" + std::to_string(++texts_) + "-of-a-person";
}

std::string Story::NewBody() { return R"({"text":")" + NewText("record") + R"("})"; }

vault::Caller Story::As(const std::string& purpose) {
  return {.principal = {"spiffe://test/tenants/acme/clients/writer", "acme"},
          .tenant = "acme",
          .purpose = purpose,
          .request_id = RowTag::Draw(world_.random).ToString()};
}

Story::Record* Story::AnyRecord(Person& person, bool deletable) {
  std::vector<Record*> candidates;
  for (Record& record : person.records) {
    if (!record.gone && !(deletable && record.category == "billing")) candidates.push_back(&record);
  }
  return candidates.empty() ? nullptr : candidates[Random(candidates.size())];
}

// What an erase takes along, the versions that waited for their shred included.
void Story::Leave(Person& person, bool duty, Texts& doomed_died) {
  person.state = duty ? SubjectState::kPartiallyErased : SubjectState::kErased;
  person.restricted = false;
  person.reason.clear();
  const auto stays = [duty](const std::string& category) { return duty && category == "billing"; };
  for (Record& record : person.records) record.gone = record.gone || !stays(record.category);
  std::erase_if(person.identifiers, [&](const auto& identifier) {
    if (duty && identifier.second == "customer_number") return false;
    person.past.insert(identifier);
    return true;
  });
  const auto index = static_cast<std::size_t>(&person - people_.data());
  std::erase_if(doomed_, [&](const DoomedText& doomed) {
    if (doomed.person != index || stays(doomed.category)) return false;
    doomed_died.insert(doomed.text);
    dead_.insert(doomed.text);
    return true;
  });
}

bool Story::HasInvoice(const Person& person) {
  return std::ranges::any_of(person.records, [](const Record& record) {
    return !record.gone && record.category == "billing";
  });
}

Facts Story::TheFacts() const {
  Facts facts;
  for (const Person& person : people_) {
    const bool erased = person.state == SubjectState::kErased;
    facts[{.about = Question::About::kState, .subject = person.tag}] =
        erased ? kGone : StateText(person.state, person.restricted);
    const auto tell = [&](const auto& identifiers, const std::string& answer) {
      for (const auto& [value, type] : identifiers) {
        facts[{.about = Question::About::kIdentifier, .type = type, .value = value}] = answer;
      }
    };
    tell(person.past, kGone);
    tell(person.identifiers, person.tag.ToString());
    for (const Record& record : person.records) {
      facts[{.about = Question::About::kRecord,
             .subject = person.tag,
             .record = record.tag,
             .category = record.category}] =
          person.restricted ? kRestricted : (record.gone ? kGone : record.data);
    }
  }
  return facts;
}

Texts Story::Living() const {
  Texts living;
  for (const Person& person : people_) {
    for (const auto& [value, type] : person.identifiers) living.insert(value);
    for (const Record& record : person.records) {
      if (!record.gone) living.insert(record.data);
    }
    if (!person.reason.empty()) living.insert(person.reason);
  }
  return living;
}

Texts Story::Doomed() const {
  Texts doomed;
  for (const DoomedText& waiting : doomed_) doomed.insert(waiting.text);
  return doomed;
}

}  // namespace lethe::test
