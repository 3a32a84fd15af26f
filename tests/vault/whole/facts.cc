#include "tests/vault/whole/facts.h"

#include <algorithm>
#include <vector>

#include "base/reason.h"

namespace lethe::test {
namespace {

using vault::Caller;
using vault::Vault;

Caller Reader(const std::string& purpose) {
  return {.principal = {"spiffe://test/tenants/acme/clients/reader", "acme"},
          .tenant = "acme",
          .purpose = purpose,
          .request_id = ""};
}

// Who may read a category, and who may once only its duty is left.
std::vector<std::string> PurposesFor(const Question& question) {
  if (question.about != Question::About::kRecord) return {"service", "tax"};
  if (question.category == "billing") return {"billing", "tax"};
  if (question.category == "support") return {"support"};
  return {"service"};
}

absl::StatusOr<std::string> AskFor(Vault& vault, const Question& question,
                                   const std::string& purpose) {
  if (question.about == Question::About::kRecord) {
    const auto record = vault.data().GetRecord(Reader(purpose), question.subject, question.record);
    if (!record.ok()) return record.status();
    return record->data;
  }
  if (question.about == Question::About::kIdentifier) {
    const auto subject =
        vault.data().GetSubject(Reader(purpose), vault::Identifier{question.type, question.value});
    if (!subject.ok()) return subject.status();
    return subject->tag.ToString();
  }
  const auto subject = vault.data().GetSubject(Reader(purpose), question.subject);
  if (!subject.ok()) return subject.status();
  return StateText(subject->state, subject->restricted);
}

std::string TextOf(const absl::Status& refusal) {
  const auto reason = ReasonOf(refusal);
  if (reason == Reason::kResourceNotFound || reason == Reason::kSubjectErased) return kGone;
  if (reason == Reason::kProcessingRestricted) return kRestricted;
  return "error: " + refusal.ToString();
}

std::string Describe(const Question& question) {
  const char* const names[] = {"the state of ", "an identifier of ", "a record of "};
  return names[static_cast<int>(question.about)] + question.subject.ToString();
}

std::string AnswerIn(const Facts& facts, const Question& question) {
  const auto found = facts.find(question);
  return found == facts.end() ? kGone : found->second;
}

}  // namespace

std::string StateText(vault::SubjectState state, bool restricted) {
  if (state == vault::SubjectState::kPartiallyErased) return "partly erased";
  return restricted ? kRestricted : "active";
}

std::string Ask(Vault& vault, const Question& question) {
  std::string answer = kGone;
  for (const std::string& purpose : PurposesFor(question)) {
    const auto asked = AskFor(vault, question, purpose);
    if (asked.ok()) return *asked;
    if (answer == kGone) answer = TextOf(asked.status());
  }
  return answer;
}

Facts WithoutIdentifiers(const Facts& facts) {
  Facts rest = facts;
  std::erase_if(rest,
                [](const auto& fact) { return fact.first.about == Question::About::kIdentifier; });
  return rest;
}

Differences Compare(Vault& vault, const Facts& before, const Facts& after) {
  Facts all = before;
  all.insert(after.begin(), after.end());
  Differences found;
  std::size_t as_before = 0;
  std::size_t as_after = 0;
  for (const auto& [question, unused] : all) {
    const std::string was = AnswerIn(before, question);
    const std::string may_be = AnswerIn(after, question);
    const std::string is = Ask(vault, question);
    ++found.asked;
    if (is != was && is != may_be) {
      const bool was_data = was != kGone && was != kRestricted;
      (was_data ? found.lost : found.undone) +=
          Describe(question) + ": told \"" + was + "\", answered \"" + is + "\"\n";
    } else if (was != may_be) {
      ++(is == was ? as_before : as_after);
    }
  }
  if (as_before > 0 && as_after > 0) found.lost += "a change is half done\n";
  found.is_after = as_after > 0;
  return found;
}

}  // namespace lethe::test
