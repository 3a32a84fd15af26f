#include "tests/server/wire/reflection_client.h"

#include "base/check.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "grpcpp/support/byte_buffer.h"
#include "grpcpp/support/slice.h"
#include "grpcpp/support/sync_stream.h"
#include "tests/server/wire/test_server.h"

namespace lethe::test {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

constexpr char kMethod[] = "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo";

// gRPC's library carries these types without a header for them, and a second copy of their proto
// would stop the process at start: they are used by name.
std::unique_ptr<Message> Make(const std::string& name) {
  const Descriptor* type =
      google::protobuf::DescriptorPool::generated_pool()->FindMessageTypeByName(
          "grpc.reflection.v1alpha." + name);
  LETHE_CHECK(type != nullptr);
  return std::unique_ptr<Message>(
      google::protobuf::MessageFactory::generated_factory()->GetPrototype(type)->New());
}

const FieldDescriptor* Field(const Message& message, const char* name) {
  const FieldDescriptor* field = message.GetDescriptor()->FindFieldByName(name);
  LETHE_CHECK(field != nullptr);
  return field;
}

// One question, one answer; null if there is none.
std::unique_ptr<Message> Ask(const std::shared_ptr<grpc::Channel>& channel, const char* question,
                             const std::string& value) {
  const auto request = Make("ServerReflectionRequest");
  request->GetReflection()->SetString(request.get(), Field(*request, question), value);
  const grpc::Slice slice(request->SerializeAsString());
  const grpc::ByteBuffer bytes(&slice, 1);
  CallContext context;
  const std::unique_ptr<grpc::ClientReaderWriter<grpc::ByteBuffer, grpc::ByteBuffer>> stream(
      grpc::internal::ClientReaderWriterFactory<grpc::ByteBuffer, grpc::ByteBuffer>::Create(
          channel.get(),
          grpc::internal::RpcMethod(kMethod, grpc::internal::RpcMethod::BIDI_STREAMING), &context));
  stream->Write(bytes);
  stream->WritesDone();
  grpc::ByteBuffer answer;
  const bool answered = stream->Read(&answer);
  (void)stream->Finish();
  if (!answered) return nullptr;
  auto response = Make("ServerReflectionResponse");
  grpc::Slice whole;
  LETHE_CHECK(answer.DumpToSingleSlice(&whole).ok());
  LETHE_CHECK(response->ParseFromArray(whole.begin(), static_cast<int>(whole.size())));
  return response;
}

}  // namespace

std::vector<std::string> ListServices(const std::shared_ptr<grpc::Channel>& channel) {
  std::vector<std::string> names;
  const auto response = Ask(channel, "list_services", "*");
  if (response == nullptr) return names;
  const Message& list =
      response->GetReflection()->GetMessage(*response, Field(*response, "list_services_response"));
  const FieldDescriptor* services = Field(list, "service");
  for (int i = 0; i < list.GetReflection()->FieldSize(list, services); ++i) {
    const Message& service = list.GetReflection()->GetRepeatedMessage(list, services, i);
    names.push_back(service.GetReflection()->GetString(service, Field(service, "name")));
  }
  return names;
}

bool CanDescribe(const std::shared_ptr<grpc::Channel>& channel, const std::string& symbol) {
  const auto response = Ask(channel, "file_containing_symbol", symbol);
  if (response == nullptr) return false;
  return response->GetReflection()->HasField(*response,
                                             Field(*response, "file_descriptor_response"));
}

}  // namespace lethe::test
