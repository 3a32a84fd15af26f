// SubjectCalls: giving a subject an identifier and taking one away.
#include <algorithm>
#include <utility>

#include "base/status_macros.h"
#include "vault/data/subject_calls.h"
#include "vault/model/limits.h"
#include "vault/model/request_rules.h"

namespace lethe::vault::data {
namespace {

using memory::SubjectLocks;
using policy::Action;
using records::OpenIdentifier;
using records::OpenSubject;

bool Same(const Identifier& a, const Identifier& b) {
  return a.type == b.type && a.value == b.value;
}

}  // namespace

absl::StatusOr<Subject> SubjectCalls::AddIdentifier(const Caller& caller, const SubjectRef& subject,
                                                    const Identifier& identifier) {
  return desk_.Answer(desk_.Open(caller, audit::Method::kAddIdentifier),
                      [&](calls::Call& call) -> absl::StatusOr<Subject> {
                        LETHE_TRY(desk_.Admit(call, true));
                        LETHE_TRY(CheckIdentifier(identifier, "identifier"));
                        LETHE_TRY(stores_.identifier_table.CheckComplete());
                        LETHE_ASSIGN(const calls::Target target, desk_.Resolve(call, subject));
                        SubjectLocks::Exclusive hold(stores_.locks, target.tag);
                        return AddOnce(call, target, identifier);
                      });
}

absl::StatusOr<Subject> SubjectCalls::AddOnce(calls::Call& call, const calls::Target& target,
                                              const Identifier& identifier) {
  LETHE_ASSIGN(OpenSubject subject, desk_.Load(call, target));
  LETHE_TRY(desk_.Decide(call, Action::kChangeIdentifier, FactsOf(subject)));
  LETHE_ASSIGN(const auto once, calls::OnceOnly::Of(desk_, call, subject));
  LETHE_ASSIGN(const std::vector<OpenIdentifier> all, stores_.identifiers.All(subject));
  if (once.Before() != nullptr) {
    // The body was the identifier; it is compared with the one the first call added, if that is
    // still there.
    for (const OpenIdentifier& opened : all) {
      const bool added_then = opened.row == RowTag::FromBytes(once.Before()->tag);
      if (added_then && !Same(opened.identifier, identifier)) return calls::OtherBody();
    }
    LETHE_TRY(desk_.CommitRead(call));
    return ToSubject(subject);
  }
  if (all.size() >= limits::kIdentifiersMax) {
    return Refuse(Reason::kTooMany, "a subject has a limit of identifiers", "identifier",
                  "max_items");
  }
  LETHE_ASSIGN(auto reservation, stores_.identifier_table.Reserve(
                                     {stores_.identifier_table.Of(call.tenant->tag, identifier)}));
  LETHE_TRY(stores_.identifier_table.CheckWhole(call.tenant->tag));
  records::Change change;
  LETHE_ASSIGN(const RowTag row, stores_.identifiers.Add(subject, identifier, change));
  stores_.subjects.Put(subject, change.batch);
  once.Remember({.tag = records::TagBytesOf(row.bytes())}, change.batch);
  LETHE_TRY(desk_.Commit(call, change));
  std::move(reservation).Publish(subject.tag);
  return ToSubject(subject);
}

absl::StatusOr<Subject> SubjectCalls::RemoveIdentifier(const Caller& caller,
                                                       const SubjectRef& subject,
                                                       const Identifier& identifier) {
  return desk_.Answer(desk_.Open(caller, audit::Method::kRemoveIdentifier),
                      [&](calls::Call& call) -> absl::StatusOr<Subject> {
                        LETHE_TRY(desk_.Admit(call, true));
                        LETHE_TRY(CheckIdentifier(identifier, "identifier"));
                        LETHE_TRY(stores_.identifier_table.CheckComplete());
                        LETHE_ASSIGN(const calls::Target target, desk_.Resolve(call, subject));
                        Subject after;
                        absl::StatusOr<std::optional<Place>> leaf;
                        {
                          SubjectLocks::Exclusive hold(stores_.locks, target.tag);
                          leaf = RemoveOnce(call, target, identifier, after);
                        }
                        LETHE_TRY(leaf.status());
                        // The row is gone; its leaf goes before the answer. A crash in between
                        // finds it doomed.
                        if (leaf->has_value()) LETHE_TRY(stores_.doomed.Shred({{**leaf}}).status());
                        return after;
                      });
}

// The leaf that is left to be shredded. nullopt: an earlier call with this request id removed it
// and shredded it too.
absl::StatusOr<std::optional<Place>> SubjectCalls::RemoveOnce(calls::Call& call,
                                                              const calls::Target& target,
                                                              const Identifier& identifier,
                                                              Subject& after) {
  LETHE_ASSIGN(OpenSubject subject, desk_.Load(call, target));
  LETHE_TRY(desk_.Decide(call, Action::kChangeIdentifier, FactsOf(subject)));
  LETHE_ASSIGN(const auto once, calls::OnceOnly::Of(desk_, call, subject));
  LETHE_ASSIGN(const std::vector<OpenIdentifier> all, stores_.identifiers.All(subject));
  const auto found = std::ranges::find_if(
      all, [&](const OpenIdentifier& opened) { return Same(opened.identifier, identifier); });
  if (const auto* before = once.Before(); before != nullptr) {
    // What the first call removed cannot be there any more; what is there was not its body.
    if (found != all.end()) return calls::OtherBody();
    LETHE_TRY(desk_.CommitRead(call));
    after = ToSubject(subject);
    return stores_.doomed.StillDoomed(before->memo);
  }
  if (found == all.end()) {
    return Refuse(Reason::kResourceNotFound, "the subject has no such identifier", "identifier");
  }
  records::Change change;
  stores_.identifiers.Remove(subject, found->row, change.batch);
  stores_.doomed.Mark(found->leaf, desk_.now(), change.batch);
  --subject.header.identifiers;
  stores_.subjects.Put(subject, change.batch);
  once.Remember({.memo = found->leaf.Key()}, change.batch);
  LETHE_TRY(desk_.Commit(call, change, storage::Durability::kSynced, storage::Room::kReserve));
  const auto fingerprint = stores_.identifier_table.Of(call.tenant->tag, identifier);
  stores_.identifier_table.Erase(subject.tag, {{fingerprint}}, {});
  after = ToSubject(subject);
  return std::optional<Place>(found->leaf);
}

}  // namespace lethe::vault::data
