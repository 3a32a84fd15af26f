// The calls about subjects and their identifiers.
#ifndef LETHE_VAULT_DATA_SUBJECT_CALLS_H_
#define LETHE_VAULT_DATA_SUBJECT_CALLS_H_

#include <span>
#include <string>
#include <vector>

#include "vault/calls/once_only.h"
#include "vault/vault.h"

namespace lethe::vault::data {

class SubjectCalls : public virtual Data {
 public:
  explicit SubjectCalls(calls::Desk& desk) : desk_(desk), stores_(desk.stores) {}

  absl::StatusOr<Subject> CreateSubject(const Caller& caller,
                                        std::span<const Identifier> identifiers) override;
  absl::StatusOr<Subject> GetSubject(const Caller& caller, const SubjectRef& subject) override;
  absl::StatusOr<Page<Subject>> ListSubjects(const Caller& caller,
                                             const PageRequest& page) override;
  absl::StatusOr<Subject> AddIdentifier(const Caller& caller, const SubjectRef& subject,
                                        const Identifier& identifier) override;
  absl::StatusOr<Subject> RemoveIdentifier(const Caller& caller, const SubjectRef& subject,
                                           const Identifier& identifier) override;

  // Without a request row, for an import, whose lines have rows of their own.
  absl::StatusOr<Subject> CreateFor(calls::Call& call, std::span<const Identifier> identifiers);

 private:
  absl::StatusOr<Subject> Write(calls::Call& call, std::span<const Identifier> identifiers,
                                const calls::OnceOnly* once, storage::Durability durability);
  absl::StatusOr<Subject> ReplayCreate(calls::Call& call, const records::RequestRow& before,
                                       std::span<const Identifier> identifiers);
  absl::StatusOr<Subject> AddOnce(calls::Call& call, const calls::Target& target,
                                  const Identifier& identifier);
  absl::StatusOr<std::optional<keytree::Place>> RemoveOnce(calls::Call& call,
                                                           const calls::Target& target,
                                                           const Identifier& identifier,
                                                           Subject& after);
  absl::StatusOr<Page<Subject>> PageFrom(calls::Call& call, const records::PageScope& scope,
                                         std::string after, std::size_t size);
  std::vector<records::IdentifierTable::Fingerprint> FingerprintsOf(
      const calls::Call& call, std::span<const Identifier> identifiers) const;

  calls::Desk& desk_;
  calls::Stores& stores_;
};

}  // namespace lethe::vault::data

#endif  // LETHE_VAULT_DATA_SUBJECT_CALLS_H_
