// The two calls of every kind of act: one is put in force as a row of its own, and its end shreds
// what was said about it.
#ifndef LETHE_VAULT_ACTS_ACT_CALLS_H_
#define LETHE_VAULT_ACTS_ACT_CALLS_H_

#include <optional>
#include <string_view>

#include "vault/acts/kind.h"
#include "vault/calls/once_only.h"
#include "vault/vault.h"

namespace lethe::vault::acts {

// Thread-safe.
class ActCalls : public virtual Rights {
 public:
  explicit ActCalls(calls::Desk& desk) : desk_(desk), stores_(desk.stores) {}

  absl::StatusOr<Subject> BeginAct(const Caller& caller, const SubjectRef& subject,
                                   const Declaration& act) override;
  absl::StatusOr<Subject> EndAct(const Caller& caller, const SubjectRef& subject,
                                 const ActEnd& end) override;

 private:
  // No MAC of what an act says is kept, since it may be personal: a repetition is compared with the
  // act that the first call made, while it is in force.
  absl::StatusOr<Subject> Begin(calls::Call& call, const SubjectRef& subject, ActKind kind,
                                const Plaintext& text);
  absl::StatusOr<Subject> AnswerAgain(calls::Call& call, const records::OpenSubject& subject,
                                      const records::RequestRow& before, const Plaintext& text);
  // Ends the first act of the kind. `fields` are those of the request, none of them personal.
  absl::StatusOr<Subject> End(calls::Call& call, const SubjectRef& subject, ActKind kind,
                              std::string_view fields);
  // The leaf that is left to be shredded; none where an earlier call with this request id did it.
  absl::StatusOr<std::optional<Place>> EndOnce(calls::Call& call, const calls::Target& target,
                                               ActKind kind, std::string_view fields,
                                               Subject& after);

  calls::Desk& desk_;
  calls::Stores& stores_;
};

}  // namespace lethe::vault::acts

#endif  // LETHE_VAULT_ACTS_ACT_CALLS_H_
