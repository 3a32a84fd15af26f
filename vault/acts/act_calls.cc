#include "vault/acts/act_calls.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <variant>

#include "base/codec.h"
#include "base/reason.h"
#include "base/status_macros.h"
#include "vault/acts/restriction.h"
#include "vault/calls/body_mac.h"
#include "vault/expiry/expired_rows.h"
#include "vault/rows/derived_keys.h"

namespace lethe::vault::acts {
namespace {

using memory::SubjectLocks;
using policy::Action;
using records::OpenSubject;

// All kinds there are.
constexpr std::array kKinds = {&kRestriction};
static_assert(kKinds.size() == std::size(kActKindNames));

const Kind* Find(ActKind kind) {
  const auto* const found = std::ranges::find(kKinds, kind, [](const Kind* k) { return k->kind; });
  return found == kKinds.end() ? nullptr : *found;
}

policy::SubjectFacts FactsFor(ActKind kind, const OpenSubject& subject) {
  policy::SubjectFacts facts = FactsOf(subject);
  facts.act = kind;
  return facts;
}

}  // namespace

absl::StatusOr<Subject> ActCalls::BeginAct(const Caller& caller, const SubjectRef& subject,
                                           const Declaration& declaration) {
  const auto begin = [&](const auto& act) {
    const Kind& kind = KindOf(act);
    return desk_.Answer(desk_.Open(caller, kind.begin),
                        [&](calls::Call& call) -> absl::StatusOr<Subject> {
                          LETHE_TRY(desk_.Admit(call, true));
                          LETHE_TRY(Check(act));
                          return Begin(call, subject, kind.kind, TextOf(act));
                        });
  };
  return std::visit(begin, declaration);
}

absl::StatusOr<Subject> ActCalls::EndAct(const Caller& caller, const SubjectRef& subject,
                                         const ActEnd& end) {
  const Kind* const kind = Find(end.kind);
  if (kind == nullptr) return Refuse(Reason::kFieldInvalid, "no such kind of act", "kind", "enum");
  const std::string fields = ByteWriter()
                                 .U8(static_cast<std::uint8_t>(end.kind))
                                 .I64(absl::ToUnixMicros(end.informed_time))
                                 .Take();
  return desk_.Answer(desk_.Open(caller, kind->end),
                      [&](calls::Call& call) -> absl::StatusOr<Subject> {
                        LETHE_TRY(desk_.Admit(call, true));
                        LETHE_TRY(kind->check_end(end, desk_.now()));
                        return End(call, subject, kind->kind, fields);
                      });
}

absl::StatusOr<Subject> ActCalls::Begin(calls::Call& call, const SubjectRef& subject_ref,
                                        ActKind kind, const Plaintext& text) {
  LETHE_ASSIGN(const calls::Target target, desk_.Resolve(call, subject_ref));
  SubjectLocks::Exclusive hold(stores_.locks, target.tag);
  LETHE_ASSIGN(OpenSubject subject, desk_.Load(call, target));
  LETHE_ASSIGN(const auto once, calls::OnceOnly::Of(desk_, call, subject));
  const auto* before = once.Before();
  if (before != nullptr) return AnswerAgain(call, subject, *before, text);
  LETHE_TRY(desk_.Decide(call, Action::kBeginAct, FactsFor(kind, subject)));
  records::Change change;
  LETHE_ASSIGN(const ActTag act, stores_.acts.Add(subject, kind, text, desk_.now(), change));
  stores_.subjects.Put(subject, change.batch);
  once.Remember({.tag = records::TagBytesOf(act.bytes())}, change.batch);
  LETHE_TRY(desk_.Commit(call, change, storage::Durability::kSynced, storage::Room::kReserve));
  return ToSubject(subject);
}

absl::StatusOr<Subject> ActCalls::AnswerAgain(calls::Call& call, const OpenSubject& subject,
                                              const records::RequestRow& before,
                                              const Plaintext& text) {
  LETHE_TRY(desk_.Decide(call, Action::kReadSubject, FactsOf(subject)));
  const records::Act* act = subject.Find(ActTag::FromBytes(before.tag));
  if (act != nullptr) {
    LETHE_ASSIGN(const Plaintext said, stores_.acts.TextOf(subject, *act));
    if (!ConstantTimeEquals(said.bytes(), text.bytes())) return calls::OtherBody();
  }
  LETHE_TRY(desk_.CommitRead(call));
  return ToSubject(subject);
}

absl::StatusOr<Subject> ActCalls::End(calls::Call& call, const SubjectRef& subject, ActKind kind,
                                      std::string_view fields) {
  LETHE_ASSIGN(const calls::Target target, desk_.Resolve(call, subject));
  Subject after;
  absl::StatusOr<std::optional<Place>> leaf;
  {
    SubjectLocks::Exclusive hold(stores_.locks, target.tag);
    leaf = EndOnce(call, target, kind, fields, after);
  }
  LETHE_TRY(leaf.status());
  // The row is gone; its leaf goes before the answer. A crash in between finds it doomed.
  if (leaf->has_value()) LETHE_TRY(stores_.doomed.Shred({{**leaf}}).status());
  return after;
}

absl::StatusOr<std::optional<Place>> ActCalls::EndOnce(calls::Call& call,
                                                       const calls::Target& target, ActKind kind,
                                                       std::string_view fields, Subject& after) {
  LETHE_ASSIGN(OpenSubject subject, desk_.Load(call, target));
  LETHE_ASSIGN(const auto once, calls::OnceOnly::Of(desk_, call, subject));
  const records::BodyMac body = calls::BodyMacOf(SubjectRequestKey(subject.key), fields);
  if (once.Before() != nullptr) {
    LETHE_TRY(desk_.Decide(call, Action::kReadSubject, FactsOf(subject)));
    LETHE_ASSIGN(const auto* before, once.Before(body));
    LETHE_TRY(desk_.CommitRead(call));
    after = ToSubject(subject);
    return stores_.doomed.StillDoomed(before->memo);
  }
  LETHE_TRY(desk_.Decide(call, Action::kEndAct, FactsFor(kind, subject)));
  const records::Act* act = subject.Find(kind);
  if (act == nullptr) return Refuse(Reason::kResourceNotFound, "no such act is in force");
  records::Change change;
  const Place leaf = stores_.acts.Remove(subject, ActTag(act->tag), change.batch);
  // What it held beyond its period dies with it.
  LETHE_ASSIGN(const bool held, records::HoldStore(stores_.engine()).AnyBelow(subject.row_key));
  if (held) expiry::ExpiredRows::RequestClearing(call.tenant->tag, stores_.random, change.batch);
  stores_.doomed.Mark(leaf, desk_.now(), change.batch);
  stores_.subjects.Put(subject, change.batch);
  once.Remember({.body = body, .memo = leaf.Key()}, change.batch);
  LETHE_TRY(desk_.Commit(call, change, storage::Durability::kSynced, storage::Room::kReserve));
  after = ToSubject(subject);
  return std::optional<Place>(leaf);
}

}  // namespace lethe::vault::acts
