// Once only: a changing call whose request id was seen within the last day is answered from what
// the first one left, and nothing is done again.
//
//   LETHE_ASSIGN(const OnceOnly once, OnceOnly::Of(desk, call, subject));
//   LETHE_ASSIGN(const records::RequestRow* before, once.Before(body));
//   if (before != nullptr) ...                  // answer from it
//   once.Remember({...}, change.batch);         // in the batch that does the work
#ifndef LETHE_VAULT_CALLS_ONCE_ONLY_H_
#define LETHE_VAULT_CALLS_ONCE_ONLY_H_

#include <optional>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "vault/calls/desk.h"
#include "vault/records/request_rows.h"

namespace lethe::vault::calls {

class OnceOnly {
 public:
  static absl::StatusOr<OnceOnly> Of(const Desk& desk, const Call& call,
                                     const records::OpenSubject& subject);
  // Of a call that makes or erases a subject, whose row must not hang on that subject.
  static absl::StatusOr<OnceOnly> Of(const Desk& desk, const Call& call);

  // What the first call with this id left; null: this is the first. INVALID_ARGUMENT
  // (kRequestIdReused): the first had another body.
  absl::StatusOr<const records::RequestRow*> Before(const records::BodyMac& body) const;
  // The same where no MAC of the body may be kept. Whoever asks compares the body with what the
  // first call made, and answers OtherBody where they differ.
  const records::RequestRow* Before() const;

  // Leaves `row` to those who come again. Of two equal requests at once, one does the work.
  void Remember(const records::RequestRow& row, storage::Batch& change) const;
  // The same in a batch that cannot fail: something else keeps the two apart.
  void RememberUnconditionally(const records::RequestRow& row, storage::Batch& change) const;

 private:
  OnceOnly(records::RequestId id, std::optional<records::RequestRow> before, absl::Time now)
      : id_(std::move(id)), before_(std::move(before)), now_(now) {}
  static absl::StatusOr<OnceOnly> Find(const Desk& desk, records::RequestId id);

  records::RequestId id_;
  std::optional<records::RequestRow> before_;
  absl::Time now_;
};

// INVALID_ARGUMENT (kRequestIdReused).
absl::Status OtherBody();

}  // namespace lethe::vault::calls

#endif  // LETHE_VAULT_CALLS_ONCE_ONLY_H_
