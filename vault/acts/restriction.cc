#include "vault/acts/restriction.h"

#include "base/codec.h"
#include "base/reason.h"
#include "base/status_macros.h"
#include "base/text/utf8.h"
#include "vault/model/limits.h"
#include "vault/model/request_rules.h"
#include "vault/rows/time_codec.h"

namespace lethe::vault::acts {
namespace {

// Art. 18(3): the person is told before a restriction is lifted.
absl::Status CheckInformed(const ActEnd& end, absl::Time now) {
  if (end.informed_time <= absl::UnixEpoch()) {
    return Refuse(Reason::kFieldRequired, "the person must be informed first (Art. 18(3))",
                  "subject_informed_time", "required");
  }
  if (end.informed_time > now + kOriginAheadMax) {
    return Refuse(Reason::kFieldInvalid, "the person must have been informed already",
                  "subject_informed_time", "not_in_future");
  }
  return absl::OkStatus();
}

}  // namespace

const Kind kRestriction = {ActKind::kRestriction, audit::Method::kRestrict,
                           audit::Method::kUnrestrict, CheckInformed};

absl::Status Check(const Restriction& restriction) {
  if (!IsKnown(restriction.ground)) return InvalidField("ground", "enum");
  if (restriction.reason.size() > limits::kReasonBytesMax) {
    return InvalidField("reason", "max_bytes");
  }
  return IsUtf8(restriction.reason) ? absl::OkStatus() : InvalidField("reason", "utf8");
}

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

}  // namespace lethe::vault::acts
