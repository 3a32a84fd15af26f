// raw_call ADDRESS CA CERT KEY METHOD < request.json: one call as any foreign client could make it,
// past every check that the command line makes before it asks. CERT and KEY are files or "-".
//
//   METHOD     lethe.v1.VaultService/GetSubject
//   --garbage  sends standard input as it is instead of reading it as JSON
//
// Prints the code, the reason and the message, then what else the server said. Exit: the gRPC code
// (0 to 16), or 64 for wrong use.
#include <google/protobuf/descriptor.h>
#include <google/protobuf/dynamic_message.h>
#include <google/protobuf/util/json_util.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>

#include <cstdio>
#include <iostream>
#include <iterator>
#include <optional>
#include <string>

#include "lethe/rpc/v1/error.pb.h"
#include "lethe/v1/admin_service.pb.h"
#include "lethe/v1/rights_service.pb.h"
#include "lethe/v1/vault_service.pb.h"
#include "tests/system/file_wait.h"

namespace lethe::test {
namespace {

namespace pb = google::protobuf;

constexpr int kWrongUse = 64;
constexpr std::chrono::seconds kLimit{20};

std::string FileOrNothing(const std::string& path) { return path == "-" ? "" : ReadFile(path); }

// The bytes of the message that `method` takes; nullopt if the JSON is none.
std::optional<std::string> Serialise(const std::string& method, const std::string& json) {
  std::string dotted = method;
  if (const auto slash = dotted.find('/'); slash != std::string::npos) dotted[slash] = '.';
  const auto* pool = pb::DescriptorPool::generated_pool();
  const auto* descriptor = pool->FindMethodByName(dotted);
  if (descriptor == nullptr) return json;  // To be refused by the server.
  const std::unique_ptr<pb::Message> request(
      pb::MessageFactory::generated_factory()->GetPrototype(descriptor->input_type())->New());
  if (!pb::util::JsonStringToMessage(json, request.get()).ok()) return std::nullopt;
  return request->SerializeAsString();
}

grpc::Status Call(grpc::GenericStub& stub, const std::string& method, const std::string& bytes) {
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + kLimit);
  grpc::CompletionQueue queue;
  const grpc::Slice slice(bytes);
  const grpc::ByteBuffer request(&slice, 1);
  const auto call = stub.PrepareUnaryCall(&context, "/" + method, request, &queue);
  call->StartCall();
  grpc::ByteBuffer response;
  grpc::Status status;
  call->Finish(&response, &status, nullptr);
  void* tag = nullptr;
  bool done = false;
  queue.Next(&tag, &done);
  return status;
}

void Print(const grpc::Status& status) {
  rpc::v1::Status details;
  rpc::v1::ErrorInfo info;
  rpc::v1::BadRequest bad;
  details.ParseFromString(status.error_details());
  for (const auto& detail : details.details()) {
    if (detail.type_url().ends_with("ErrorInfo")) info.ParseFromString(detail.value());
    if (detail.type_url().ends_with("BadRequest")) bad.ParseFromString(detail.value());
  }
  std::printf("code %d %s: %s\n", status.error_code(), info.reason().c_str(),
              status.error_message().c_str());
  for (const auto& [key, value] : info.metadata()) {
    if (key != "correlation_id") std::printf("  %s: %s\n", key.c_str(), value.c_str());
  }
  for (const auto& violation : bad.field_violations()) {
    std::printf("  %s: %s\n", violation.field().c_str(), violation.description().c_str());
  }
}

int Main(int argc, char** argv) {
  const bool garbage = argc == 7 && std::string(argv[6]) == "--garbage";
  if (argc != 6 && !garbage) {
    std::fputs("usage: raw_call ADDRESS CA CERT KEY METHOD [--garbage] < request.json\n", stderr);
    return kWrongUse;
  }
  const std::string input{std::istreambuf_iterator<char>(std::cin), {}};
  const auto bytes = garbage ? input : Serialise(argv[5], input);
  if (!bytes.has_value()) {
    std::fputs("raw_call: the request is not JSON of this message\n", stderr);
    return kWrongUse;
  }
  const grpc::SslCredentialsOptions options = {.pem_root_certs = ReadFile(argv[2]),
                                               .pem_private_key = FileOrNothing(argv[4]),
                                               .pem_cert_chain = FileOrNothing(argv[3])};
  grpc::GenericStub stub(grpc::CreateChannel(argv[1], grpc::SslCredentials(options)));
  const grpc::Status status = Call(stub, argv[5], *bytes);
  Print(status);
  return status.error_code();
}

}  // namespace
}  // namespace lethe::test

int main(int argc, char** argv) {
  GOOGLE_PROTOBUF_VERIFY_VERSION;
  // The linker drops what nobody names; the pool must know all three services.
  google::protobuf::LinkMessageReflection<lethe::v1::GetStatusRequest>();
  google::protobuf::LinkMessageReflection<lethe::v1::EraseSubjectRequest>();
  google::protobuf::LinkMessageReflection<lethe::v1::GetSubjectRequest>();
  return lethe::test::Main(argc, argv);
}
