#include "vault/acts/act_calls.h"

#include "base/status_macros.h"
#include "vault/calls/body_mac.h"
#include "vault/expiry/expired_rows.h"
#include "vault/rows/derived_keys.h"

namespace lethe::vault::acts {
namespace {

using policy::Action;
using records::OpenSubject;
using records::SubjectLocks;

}  // namespace

absl::StatusOr<Subject> ActCalls::Begin(calls::Call& call, const SubjectRef& subject_ref,
                                        const Step& step, const Plaintext& text) {
  LETHE_ASSIGN(const calls::Target target, desk_.Resolve(call, subject_ref));
  SubjectLocks::Exclusive hold(stores_.locks, target.tag);
  LETHE_ASSIGN(OpenSubject subject, desk_.Load(call, target));
  LETHE_ASSIGN(const auto once, calls::OnceOnly::Of(desk_, call, subject));
  const auto* before = once.Before();
  if (before != nullptr) return AnswerAgain(call, subject, *before, text);
  LETHE_TRY(desk_.Decide(call, step.action, FactsOf(subject)));
  records::Change change;
  LETHE_ASSIGN(const ActTag act, stores_.acts.Add(subject, step.kind, text, desk_.now(), change));
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

absl::StatusOr<Subject> ActCalls::End(calls::Call& call, const SubjectRef& subject,
                                      const Step& step, std::string_view fields) {
  LETHE_ASSIGN(const calls::Target target, desk_.Resolve(call, subject));
  Subject after;
  absl::StatusOr<std::optional<keytree::Place>> leaf;
  {
    SubjectLocks::Exclusive hold(stores_.locks, target.tag);
    leaf = EndOnce(call, target, step, fields, after);
  }
  LETHE_TRY(leaf.status());
  // The row is gone; its leaf goes before the answer. A crash in between finds it doomed.
  if (leaf->has_value()) LETHE_TRY(stores_.doomed.Shred({{**leaf}}).status());
  return after;
}

absl::StatusOr<std::optional<keytree::Place>> ActCalls::EndOnce(calls::Call& call,
                                                                const calls::Target& target,
                                                                const Step& step,
                                                                std::string_view fields,
                                                                Subject& after) {
  LETHE_ASSIGN(OpenSubject subject, desk_.Load(call, target));
  LETHE_ASSIGN(const auto once, calls::OnceOnly::Of(desk_, call, subject));
  const records::BodyMac body = calls::BodyMacOf(SubjectRequestKey(subject.key), fields);
  if (once.Before() != nullptr) {
    LETHE_TRY(desk_.Decide(call, Action::kReadSubject, FactsOf(subject)));
    LETHE_TRY(once.Before(body).status());
    LETHE_TRY(desk_.CommitRead(call));
    after = ToSubject(subject);
    return std::optional<keytree::Place>();
  }
  LETHE_TRY(desk_.Decide(call, step.action, FactsOf(subject)));
  const records::Act* act = subject.Find(step.kind);
  if (act == nullptr) return Refuse(Reason::kResourceNotFound, "no such act is in force");
  records::Change change;
  const keytree::Place leaf = stores_.acts.Remove(subject, ActTag(act->tag), change.batch);
  // What it held beyond its period dies with it.
  LETHE_ASSIGN(const bool held, records::HoldStore(stores_.engine()).AnyBelow(subject.row_key));
  if (held) expiry::ExpiredRows::RequestClearing(call.tenant->tag, stores_.random, change.batch);
  stores_.doomed.Mark(leaf, desk_.now(), change.batch);
  stores_.subjects.Put(subject, change.batch);
  once.Remember({.body = body}, change.batch);
  LETHE_TRY(desk_.Commit(call, change, storage::Durability::kSynced, storage::Room::kReserve));
  after = ToSubject(subject);
  return std::optional<keytree::Place>(leaf);
}

}  // namespace lethe::vault::acts
