#include "vault/acts/restriction_calls.h"

#include "base/codec.h"
#include "base/status_macros.h"
#include "vault/model/request_rules.h"
#include "vault/rows/time_codec.h"

namespace lethe::vault::acts {

using policy::Action;

Plaintext TextOf(const Restriction& restriction) {
  ByteWriter out;
  out.U8(static_cast<std::uint8_t>(restriction.ground));
  AppendTime(out, restriction.review_time);
  return Plaintext(out.Short(restriction.reason).Take());
}

absl::StatusOr<Restriction> ReadRestriction(Bytes text) {
  ByteReader in(text);
  Restriction restriction;
  restriction.ground = in.Named<RestrictionGround>();
  restriction.review_time = ReadTime(in);
  restriction.reason = in.Short();
  LETHE_TRY(in.Finish());
  return restriction;
}

absl::StatusOr<Subject> RestrictionCalls::RestrictSubject(const Caller& caller,
                                                          const SubjectRef& subject,
                                                          const Restriction& restriction) {
  return desk_.Answer(desk_.Open(caller, audit::Method::kRestrict),
                      [&](calls::Call& call) -> absl::StatusOr<Subject> {
                        LETHE_TRY(desk_.Admit(call, true));
                        LETHE_TRY(CheckRestriction(restriction));
                        return acts_.Begin(call, subject,
                                           {Action::kRestrict, ActKind::kRestriction},
                                           TextOf(restriction));
                      });
}

absl::StatusOr<Subject> RestrictionCalls::UnrestrictSubject(const Caller& caller,
                                                            const SubjectRef& subject,
                                                            absl::Time informed_time) {
  return desk_.Answer(desk_.Open(caller, audit::Method::kUnrestrict),
                      [&](calls::Call& call) -> absl::StatusOr<Subject> {
                        LETHE_TRY(desk_.Admit(call, true));
                        LETHE_TRY(CheckInformed(informed_time));
                        return acts_.End(call, subject,
                                         {Action::kUnrestrict, ActKind::kRestriction},
                                         ByteWriter().I64(absl::ToUnixMicros(informed_time)).str());
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

}  // namespace lethe::vault::acts
