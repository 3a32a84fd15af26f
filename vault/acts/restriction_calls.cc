#include "vault/acts/restriction_calls.h"

#include <utility>

#include "base/codec.h"
#include "base/status_macros.h"
#include "vault/calls/body_mac.h"
#include "vault/expiry/expired_rows.h"
#include "vault/model/request_rules.h"
#include "vault/rows/derived_keys.h"

namespace lethe::vault::acts {
namespace {

using policy::Action;
using records::OpenSubject;
using records::SubjectLocks;

bool Same(const Restriction& a, const Restriction& b) {
  return a.ground == b.ground && a.reason == b.reason && a.review_time == b.review_time;
}

}  // namespace

absl::StatusOr<Subject> RestrictionCalls::RestrictSubject(const Caller& caller,
                                                          const SubjectRef& subject,
                                                          const Restriction& restriction) {
  return desk_.Answer(desk_.Open(caller, audit::Method::kRestrict),
                      [&](calls::Call& call) -> absl::StatusOr<Subject> {
                        LETHE_TRY(desk_.Admit(call, true));
                        LETHE_TRY(CheckRestriction(restriction));
                        LETHE_ASSIGN(const calls::Target target, desk_.Resolve(call, subject));
                        SubjectLocks::Exclusive hold(stores_.locks, target.tag);
                        return RestrictOnce(call, target, restriction);
                      });
}

absl::StatusOr<Subject> RestrictionCalls::RestrictOnce(calls::Call& call,
                                                       const calls::Target& target,
                                                       const Restriction& restriction) {
  LETHE_ASSIGN(OpenSubject subject, desk_.Load(call, target));
  LETHE_ASSIGN(const auto once, calls::OnceOnly::Of(desk_, call, subject));
  if (const auto* before = once.Before(); before != nullptr) {
    LETHE_TRY(desk_.Decide(call, Action::kReadSubject, FactsOf(subject.header)));
    // The body is personal; it is compared with the act it made, if that is still in force.
    LETHE_ASSIGN(const auto act, stores_.acts.Find(subject, ActTag::FromBytes(before->tag)));
    if (act.has_value() && !Same(act->restriction, restriction)) return calls::OtherBody();
    LETHE_TRY(desk_.CommitRead(call));
    return ToSubject(subject);
  }
  LETHE_TRY(desk_.Decide(call, Action::kRestrict, FactsOf(subject.header)));
  records::Change change;
  LETHE_TRY(stores_.acts.Restrict(subject, restriction, desk_.now(), change));
  stores_.subjects.Put(subject, change.batch);
  once.Remember({.tag = records::TagBytesOf(subject.header.act.bytes())}, change.batch);
  LETHE_TRY(desk_.Commit(call, change, storage::Durability::kSynced, storage::Room::kReserve));
  return ToSubject(subject);
}

absl::StatusOr<Subject> RestrictionCalls::UnrestrictSubject(const Caller& caller,
                                                            const SubjectRef& subject,
                                                            absl::Time informed_time) {
  return desk_.Answer(desk_.Open(caller, audit::Method::kUnrestrict),
                      [&](calls::Call& call) -> absl::StatusOr<Subject> {
                        LETHE_TRY(desk_.Admit(call, true));
                        LETHE_TRY(CheckInformed(informed_time));
                        LETHE_ASSIGN(const calls::Target target, desk_.Resolve(call, subject));
                        Subject after;
                        absl::StatusOr<std::optional<keytree::Place>> leaf = [&] {
                          SubjectLocks::Exclusive hold(stores_.locks, target.tag);
                          return LiftOnce(call, target, informed_time, after);
                        }();
                        LETHE_TRY(leaf.status());
                        if (leaf->has_value()) LETHE_TRY(stores_.doomed.Shred({{**leaf}}).status());
                        return after;
                      });
}

absl::Status RestrictionCalls::CheckInformed(absl::Time informed_time) const {
  if (informed_time <= absl::UnixEpoch()) {
    return Refuse(Reason::kFieldRequired, "the person must be informed first (Art. 18(3))",
                  "subject_informed_time", "required");
  }
  if (informed_time > desk_.now() + kOriginAheadMax) {
    return Refuse(Reason::kFieldInvalid, "the person must have been informed already",
                  "subject_informed_time", "not_in_future");
  }
  return absl::OkStatus();
}

absl::StatusOr<std::optional<keytree::Place>> RestrictionCalls::LiftOnce(
    calls::Call& call, const calls::Target& target, absl::Time informed_time, Subject& after) {
  LETHE_ASSIGN(OpenSubject subject, desk_.Load(call, target));
  LETHE_ASSIGN(const auto once, calls::OnceOnly::Of(desk_, call, subject));
  const records::BodyMac body = calls::BodyMacOf(
      SubjectRequestKey(subject.key), ByteWriter().I64(absl::ToUnixMicros(informed_time)).str());
  LETHE_ASSIGN(const auto* before, once.Before(body));
  if (before != nullptr) {
    LETHE_TRY(desk_.Decide(call, Action::kReadSubject, FactsOf(subject.header)));
    LETHE_TRY(desk_.CommitRead(call));
    after = ToSubject(subject);
    return std::optional<keytree::Place>();
  }
  LETHE_TRY(desk_.Decide(call, Action::kUnrestrict, FactsOf(subject.header)));
  records::Change change;
  const keytree::Place leaf = stores_.acts.Lift(subject, change.batch);
  // What it held beyond its period dies with it.
  LETHE_ASSIGN(const bool held, records::HoldStore(stores_.engine()).AnyBelow(subject.row_key));
  if (held) expiry::ExpiredRows::Order(call.tenant->tag, stores_.random, change.batch);
  stores_.doomed.Mark(leaf, desk_.now(), change.batch);
  stores_.subjects.Put(subject, change.batch);
  once.Remember({.body = body}, change.batch);
  LETHE_TRY(desk_.Commit(call, change, storage::Durability::kSynced, storage::Room::kReserve));
  after = ToSubject(subject);
  return std::optional<keytree::Place>(leaf);
}

}  // namespace lethe::vault::acts
