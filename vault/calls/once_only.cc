#include "vault/calls/once_only.h"

#include <utility>

#include "base/reason.h"
#include "base/status_macros.h"

namespace lethe::vault::calls {

absl::StatusOr<OnceOnly> OnceOnly::Of(const Desk& desk, const Call& call,
                                      const records::OpenSubject& subject) {
  return Find(desk, records::RequestId::OfSubject(subject, call.event.method, call.caller));
}

absl::StatusOr<OnceOnly> OnceOnly::Of(const Desk& desk, const Call& call) {
  return Find(desk, records::RequestId::OfTenant(*call.tenant, call.event.method, call.caller));
}

absl::StatusOr<OnceOnly> OnceOnly::Find(const Desk& desk, records::RequestId id) {
  const absl::Time now = desk.now();
  LETHE_ASSIGN(auto before, id.Find(desk.stores.engine(), now));
  return OnceOnly(std::move(id), std::move(before), now);
}

absl::StatusOr<const records::RequestRow*> OnceOnly::Before(const records::BodyMac& body) const {
  if (before_.has_value() && !ConstantTimeEquals(before_->body, body)) return OtherBody();
  return Before();
}

const records::RequestRow* OnceOnly::Before() const {
  return before_.has_value() ? &*before_ : nullptr;
}

void OnceOnly::Remember(const records::RequestRow& row, storage::Batch& change) const {
  id_.Put(row, now_, change);
}

void OnceOnly::RememberUnconditionally(const records::RequestRow& row,
                                       storage::Batch& change) const {
  id_.Put(row, now_, change, true);
}

absl::Status OtherBody() {
  return Refuse(Reason::kRequestIdReused, "this request id was used for another request",
                "request_id", "request_id");
}

}  // namespace lethe::vault::calls
