#include "server/methods/subject_calls.h"

#include "base/status_macros.h"
#include "server/convert/convert.h"

namespace lethe::server {

absl::Status CreateSubject(CallDesk& desk, const vault::Caller& caller,
                           const v1::CreateSubjectRequest& request, v1::Subject& response) {
  std::vector<vault::Identifier> identifiers;
  for (const auto& identifier : request.identifiers()) {
    identifiers.push_back(IdentifierFrom(identifier));
  }
  LETHE_ASSIGN(const vault::Subject subject, desk.vault.data().CreateSubject(caller, identifiers));
  Fill(subject, caller.tenant, &response);
  return absl::OkStatus();
}

absl::Status GetSubject(CallDesk& desk, const vault::Caller& caller,
                        const v1::GetSubjectRequest& request, v1::Subject& response) {
  LETHE_ASSIGN(const vault::SubjectRef ref, SubjectRefFrom(request.subject()));
  LETHE_ASSIGN(const vault::Subject subject, desk.vault.data().GetSubject(caller, ref));
  Fill(subject, caller.tenant, &response);
  return absl::OkStatus();
}

absl::Status ListSubjects(CallDesk& desk, const vault::Caller& caller,
                          const v1::ListSubjectsRequest& request,
                          v1::ListSubjectsResponse& response) {
  LETHE_ASSIGN(auto page,
               desk.vault.data().ListSubjects(caller, {request.page_size(), request.page_token()}));
  for (const vault::Subject& subject : page.items) {
    Fill(subject, caller.tenant, response.add_subjects());
  }
  response.set_next_page_token(std::move(page.next_page_token));
  return absl::OkStatus();
}

absl::Status LookupSubject(CallDesk& desk, const vault::Caller& caller,
                           const v1::LookupSubjectRequest& request, v1::Subject& response) {
  const vault::Identifier identifier{request.identifier().type(), request.identifier().value()};
  LETHE_ASSIGN(const vault::Subject subject, desk.vault.data().GetSubject(caller, identifier));
  Fill(subject, caller.tenant, &response);
  return absl::OkStatus();
}

absl::Status AddIdentifier(CallDesk& desk, const vault::Caller& caller,
                           const v1::AddIdentifierRequest& request, v1::Subject& response) {
  LETHE_ASSIGN(const vault::SubjectRef ref, SubjectRefFrom(request.subject()));
  LETHE_ASSIGN(const vault::Subject subject,
               desk.vault.data().AddIdentifier(caller, ref, IdentifierFrom(request.identifier())));
  Fill(subject, caller.tenant, &response);
  return absl::OkStatus();
}

absl::Status RemoveIdentifier(CallDesk& desk, const vault::Caller& caller,
                              const v1::RemoveIdentifierRequest& request, v1::Subject& response) {
  LETHE_ASSIGN(const vault::SubjectRef ref, SubjectRefFrom(request.subject()));
  LETHE_ASSIGN(
      const vault::Subject subject,
      desk.vault.data().RemoveIdentifier(caller, ref, IdentifierFrom(request.identifier())));
  Fill(subject, caller.tenant, &response);
  return absl::OkStatus();
}

}  // namespace lethe::server
