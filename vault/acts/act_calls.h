// What all kinds of acts share: one is set in force as a row of its own, and its end shreds what
// was said about it. A kind is a pair of files beside this one: its words and its calls.
#ifndef LETHE_VAULT_ACTS_ACT_CALLS_H_
#define LETHE_VAULT_ACTS_ACT_CALLS_H_

#include <optional>
#include <string_view>

#include "vault/calls/once_only.h"

namespace lethe::vault::acts {

// Both functions take a call that is admitted, its fields checked. Thread-safe.
class ActCalls {
 public:
  explicit ActCalls(calls::Desk& desk) : desk_(desk), stores_(desk.stores) {}

  // How a kind of act begins or ends: what Decide is asked for, and of which kind it is.
  struct Step {
    policy::Action action;
    ActKind kind;
  };

  // Sets an act in force that says `text`. No MAC of that is kept, since it may be personal: a
  // repetition is compared with the act that the first call made, while it is in force.
  absl::StatusOr<Subject> Begin(calls::Call& call, const SubjectRef& subject, const Step& step,
                                const Plaintext& text);
  // Ends the first act of the kind. What it said, and what it held beyond a period, is dead when
  // this returns. `fields` are those of the request, none of them personal.
  absl::StatusOr<Subject> End(calls::Call& call, const SubjectRef& subject, const Step& step,
                              std::string_view fields);

 private:
  absl::StatusOr<Subject> AnswerAgain(calls::Call& call, const records::OpenSubject& subject,
                                      const records::RequestRow& before, const Plaintext& text);
  // The leaf that is left to be shredded; none for a repetition.
  absl::StatusOr<std::optional<keytree::Place>> EndOnce(calls::Call& call,
                                                        const calls::Target& target,
                                                        const Step& step, std::string_view fields,
                                                        Subject& after);

  calls::Desk& desk_;
  calls::Stores& stores_;
};

}  // namespace lethe::vault::acts

#endif  // LETHE_VAULT_ACTS_ACT_CALLS_H_
