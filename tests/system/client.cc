#include "tests/system/client.h"

#include "google/protobuf/util/json_util.h"
#include "lethe/rpc/v1/error.pb.h"
#include "tests/system/client_stubs.h"
#include "tests/system/file_wait.h"

namespace lethe::test {
namespace {

std::shared_ptr<grpc::Channel> NewChannel(const std::string& address,
                                          const Credentials& credentials) {
  grpc::ChannelArguments arguments;
  // Every server has a port and connections of its own: none may be left over from the one before.
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
  // A call is sent once: what became of it is for the model to work out.
  arguments.SetInt(GRPC_ARG_ENABLE_RETRIES, 0);
  arguments.SetMaxReceiveMessageSize(16 << 20);
  // Windows stay as small as they begin: how much can be on its way to a caller is then known.
  arguments.SetInt(GRPC_ARG_HTTP2_BDP_PROBE, 0);
  const grpc::SslCredentialsOptions options = {.pem_root_certs = ReadFile(credentials.ca),
                                               .pem_private_key = ReadFile(credentials.key),
                                               .pem_cert_chain = ReadFile(credentials.cert)};
  return grpc::CreateCustomChannel(address, grpc::SslCredentials(options), arguments);
}

std::string ReasonIn(const grpc::Status& status) {
  rpc::v1::Status details;
  if (!details.ParseFromString(status.error_details())) return {};
  for (const auto& detail : details.details()) {
    rpc::v1::ErrorInfo info;
    if (detail.type_url() == "type.googleapis.com/google.rpc.ErrorInfo" &&
        info.ParseFromString(detail.value())) {
      return info.reason();
    }
  }
  return {};
}

void Fill(const Identifier& identifier, v1::Identifier* out) {
  out->set_type(identifier.type);
  out->set_value(identifier.value);
}

}  // namespace

CallError Client::Stubs::Keep(const grpc::Status& status) const {
  if (status.ok()) return {};
  const CallError error = {static_cast<absl::StatusCode>(status.error_code()), ReasonIn(status),
                           status.error_message()};
  transcript->Add(error.ToText() + " " + status.error_details());
  return error;
}

Client::Client(const std::string& address, const Credentials& credentials, std::string tenant,
               Transcript& transcript)
    : stubs_(std::make_unique<Stubs>()), tenant_(std::move(tenant)) {
  const auto channel = NewChannel(address, credentials);
  stubs_->vault = v1::VaultService::NewStub(channel);
  stubs_->rights = v1::RightsService::NewStub(channel);
  stubs_->admin = v1::AdminService::NewStub(channel);
  stubs_->health = grpc::health::v1::Health::NewStub(channel);
  stubs_->transcript = &transcript;
}
Client::~Client() = default;

absl::Status Client::WaitUntilServing(absl::Duration limit) const {
  grpc::ClientContext context;
  SetDeadline(context, limit);
  context.set_wait_for_ready(true);
  const auto watch = stubs_->health->Watch(&context, grpc::health::v1::HealthCheckRequest());
  grpc::health::v1::HealthCheckResponse response;
  while (watch->Read(&response)) {
    if (response.status() == grpc::health::v1::HealthCheckResponse::SERVING) {
      context.TryCancel();
      return absl::OkStatus();
    }
  }
  return absl::UnavailableError("not serving: " + watch->Finish().error_message());
}

absl::Status Client::WaitUntilIdentifiersLoaded(absl::Duration limit) const {
  const absl::Time deadline = absl::Now() + limit;
  v1::GetStatusResponse response;
  while (absl::Now() < deadline) {
    const auto error = stubs_->Call(*stubs_->admin, &v1::AdminService::Stub::GetStatus,
                                    v1::GetStatusRequest(), response);
    if (error.outcome() == Outcome::kUnknown) return absl::UnavailableError(error.ToText());
    if (response.identifiers_loaded()) return absl::OkStatus();
  }
  return absl::DeadlineExceededError("the identifiers did not load");
}

Answer<std::string> Client::CreateSubject(const std::vector<Identifier>& identifiers,
                                          const std::string& request_id) const {
  v1::CreateSubjectRequest request;
  request.set_parent(Parent());
  for (const Identifier& identifier : identifiers) Fill(identifier, request.add_identifiers());
  request.set_purpose(kService);
  request.set_request_id(request_id);
  v1::Subject subject;
  const auto error =
      stubs_->Call(*stubs_->vault, &v1::VaultService::Stub::CreateSubject, request, subject);
  if (error.outcome() != Outcome::kDone) return error;
  return subject.name();
}

Answer<SubjectView> Client::GetSubject(const std::string& name, const std::string& purpose) const {
  v1::GetSubjectRequest request;
  request.mutable_subject()->set_name(name);
  request.set_purpose(purpose);
  v1::Subject subject;
  const auto error =
      stubs_->Call(*stubs_->vault, &v1::VaultService::Stub::GetSubject, request, subject);
  if (error.outcome() != Outcome::kDone) return error;
  return SubjectView{subject.name(), subject.state() == v1::Subject::STATE_PARTIALLY_ERASED,
                     subject.state() == v1::Subject::STATE_ERASED, subject.restricted()};
}

Answer<std::string> Client::Lookup(const Identifier& identifier, const std::string& purpose) const {
  v1::LookupSubjectRequest request;
  request.mutable_identifier()->set_parent(Parent());
  request.mutable_identifier()->set_type(identifier.type);
  request.mutable_identifier()->set_value(identifier.value);
  request.set_purpose(purpose);
  v1::Subject subject;
  const auto error =
      stubs_->Call(*stubs_->vault, &v1::VaultService::Stub::LookupSubject, request, subject);
  if (error.outcome() != Outcome::kDone) return error;
  return subject.name();
}

Answer<Nothing> Client::AddIdentifier(const std::string& subject, const Identifier& identifier,
                                      const std::string& request_id) const {
  v1::AddIdentifierRequest request;
  request.mutable_subject()->set_name(subject);
  Fill(identifier, request.mutable_identifier());
  request.set_purpose(kService);
  request.set_request_id(request_id);
  v1::Subject response;
  return stubs_->Call(*stubs_->vault, &v1::VaultService::Stub::AddIdentifier, request, response);
}

Answer<Nothing> Client::RemoveIdentifier(const std::string& subject, const Identifier& identifier,
                                         const std::string& request_id) const {
  v1::RemoveIdentifierRequest request;
  request.mutable_subject()->set_name(subject);
  Fill(identifier, request.mutable_identifier());
  request.set_purpose(kService);
  request.set_request_id(request_id);
  v1::Subject response;
  return stubs_->Call(*stubs_->vault, &v1::VaultService::Stub::RemoveIdentifier, request, response);
}

Answer<std::string> Client::Status() const {
  v1::GetStatusResponse response;
  const auto error = stubs_->Call(*stubs_->admin, &v1::AdminService::Stub::GetStatus,
                                  v1::GetStatusRequest(), response);
  if (error.outcome() != Outcome::kDone) return error;
  std::string json;
  (void)google::protobuf::util::MessageToJsonString(response, &json);
  return json;
}

}  // namespace lethe::test
