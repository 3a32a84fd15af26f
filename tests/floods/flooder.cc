// A client that floods, a process of its own: what another client notices of it is then the
// server's doing, and not that both share gRPC's threads.
//
//   lethe_flooder FLOOD ADDRESS CA CERT KEY TENANT SUBJECT
//
// FLOOD: exports, reports, backups, imports: 64 streams over 8 connections that nobody reads.
// requests: 64 senders over 8 connections, each with a request as long as gRPC lets one through,
// again and again. Says "open" on its output once all streams have begun, or every sender has its
// first answer, and ends them at SIGTERM. Exit: 0, 1 a request was answered otherwise than with
// INVALID_ARGUMENT (too long) or RESOURCE_EXHAUSTED (too much in flight), 2 wrong use.
#include <grpcpp/grpcpp.h>

#include <atomic>
#include <csignal>
#include <iostream>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_format.h"
#include "absl/synchronization/blocking_counter.h"
#include "absl/time/clock.h"
#include "lethe/v1/admin_service.grpc.pb.h"
#include "lethe/v1/rights_service.grpc.pb.h"
#include "lethe/v1/vault_service.grpc.pb.h"
#include "tests/system/file_wait.h"
#include "tests/system/made_up.h"
#include "tests/system/vault_folder.h"

namespace lethe::test {
namespace {

constexpr int kConnections = 8;
constexpr int kCalls = 64;
constexpr std::size_t kRecordBytes = 1'000'000;
// Of 4 MiB; beside it names and ids.
constexpr std::size_t kLargestDataBytes = (4 << 20) - 4096;

struct Target {
  std::string address;
  grpc::SslCredentialsOptions credentials;
  std::string tenant;
  std::string subject;
};
using Channel = std::shared_ptr<grpc::Channel>;

Channel Connect(const Target& target) {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
  arguments.SetInt(GRPC_ARG_ENABLE_RETRIES, 0);
  // Else gRPC would read on, up to megabytes of each stream, before nobody reads.
  arguments.SetInt(GRPC_ARG_HTTP2_BDP_PROBE, 0);
  return grpc::CreateCustomChannel(target.address, grpc::SslCredentials(target.credentials),
                                   arguments);
}

std::vector<Channel> ConnectAll(const Target& target) {
  std::vector<Channel> channels;
  for (int i = 0; i < kConnections; ++i) channels.push_back(Connect(target));
  return channels;
}

// A stream of any kind that nobody reads from.
struct Stalled {
  grpc::ClientContext context;
  std::unique_ptr<grpc::ClientReader<v1::ArtifactChunk>> reader;
  std::unique_ptr<grpc::ClientReaderWriter<v1::ImportRecordsRequest, v1::ImportRecordsResponse>>
      import;
};

void OpenExport(const Target& target, const Channel& channel, Stalled& stream) {
  v1::ExportSubjectRequest request;
  request.mutable_subject()->set_name(target.subject);
  request.set_purpose(kService);
  stream.reader = v1::RightsService::NewStub(channel)->ExportSubject(&stream.context, request);
}

void OpenReport(const Target& target, const Channel& channel, Stalled& stream) {
  v1::GenerateAccessReportRequest request;
  request.mutable_subject()->set_name(target.subject);
  request.set_purpose(kService);
  stream.reader =
      v1::RightsService::NewStub(channel)->GenerateAccessReport(&stream.context, request);
}

void OpenBackup(const Target& /*target*/, const Channel& channel, Stalled& stream) {
  stream.reader =
      v1::AdminService::NewStub(channel)->CreateBackup(&stream.context, v1::CreateBackupRequest());
}

// One chunk of large lines, whose acknowledgement nobody reads.
void OpenImport(const Target& target, const Channel& channel, Stalled& stream) {
  Rng rng(static_cast<std::uint64_t>(absl::GetCurrentTimeNanos()), 0);
  v1::ImportRecordsRequest request;
  request.set_parent(absl::StrFormat("tenants/%s", target.tenant));
  request.set_purpose(kService);
  for (int line = 1; line <= 3; ++line) {
    v1::ImportItem* item = request.add_items();
    item->set_line(line);
    item->set_request_id(rng.RequestId());
    item->mutable_subject()->set_name(target.subject);
    item->mutable_record()->set_category(kAccount);
    item->mutable_record()->set_data("{\"text\":\"" + std::string(kRecordBytes, 'x') + "\"}");
  }
  stream.import = v1::VaultService::NewStub(channel)->ImportRecords(&stream.context);
  (void)stream.import->Write(request);
}

using Open = void (*)(const Target& target, const Channel& channel, Stalled& stream);

void Say(const char* what) { std::cout << what << std::endl; }

// SIGTERM is blocked in every thread.
void AwaitEnd(const sigset_t& signals) {
  int signal = 0;
  sigwait(&signals, &signal);
}

void Stall(const Target& target, Open open, const sigset_t& signals) {
  const std::vector<Channel> channels = ConnectAll(target);
  std::vector<std::unique_ptr<Stalled>> streams;
  for (std::size_t i = 0; i < kCalls; ++i) {
    auto stream = std::make_unique<Stalled>();
    stream->context.set_wait_for_ready(true);
    open(target, channels[i % kConnections], *stream);
    streams.push_back(std::move(stream));
  }
  Say("open");
  AwaitEnd(signals);
  for (const auto& stream : streams) stream->context.TryCancel();
  for (const auto& stream : streams) {
    if (stream->reader != nullptr) (void)stream->reader->Finish();
    if (stream->import != nullptr) (void)stream->import->Finish();
  }
}

struct Sending {
  std::atomic<bool> ended{false};
  std::atomic<bool> failed{false};
  absl::BlockingCounter unanswered{kCalls};
};

void SendLarge(const Target& target, const Channel& channel, int number, Sending& sending) {
  Rng rng(static_cast<std::uint64_t>(absl::GetCurrentTimeNanos()),
          static_cast<std::uint64_t>(number));
  v1::CreateRecordRequest request;
  request.mutable_subject()->set_name(target.subject);
  request.set_purpose(kService);
  request.set_request_id(rng.RequestId());
  request.mutable_record()->set_category(kAccount);
  request.mutable_record()->set_data(std::string(kLargestDataBytes, ' '));
  const auto stub = v1::VaultService::NewStub(channel);
  for (bool first = true; first || !sending.ended; first = false) {
    grpc::ClientContext context;
    context.set_wait_for_ready(true);
    v1::Record response;
    const grpc::StatusCode code = stub->CreateRecord(&context, request, &response).error_code();
    if (code != grpc::StatusCode::INVALID_ARGUMENT &&
        code != grpc::StatusCode::RESOURCE_EXHAUSTED) {
      sending.failed = true;
    }
    if (first) sending.unanswered.DecrementCount();
  }
}

// Whether every request was answered as it ought to be.
bool SendAll(const Target& target, const sigset_t& signals) {
  const std::vector<Channel> channels = ConnectAll(target);
  Sending sending;
  std::vector<std::thread> senders;
  for (int i = 0; i < kCalls; ++i) {
    senders.emplace_back([&, i] { SendLarge(target, channels[i % kConnections], i, sending); });
  }
  sending.unanswered.Wait();
  Say("open");
  AwaitEnd(signals);
  sending.ended = true;
  for (std::thread& sender : senders) sender.join();
  return !sending.failed;
}

int Main(int argc, char** argv) {
  const std::map<std::string, Open> stalled = {{"exports", OpenExport},
                                               {"reports", OpenReport},
                                               {"backups", OpenBackup},
                                               {"imports", OpenImport}};
  const std::string flood = argc == 8 ? argv[1] : "";
  const bool sends = flood == "requests";
  if (!sends && !stalled.contains(flood)) {
    std::cerr
        << "usage: lethe_flooder exports|reports|backups|imports|requests ADDRESS CA CERT KEY "
           "TENANT SUBJECT\n";
    return 2;
  }
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  const Target target = {.address = argv[2],
                         .credentials = {.pem_root_certs = ReadFile(argv[3]),
                                         .pem_private_key = ReadFile(argv[5]),
                                         .pem_cert_chain = ReadFile(argv[4])},
                         .tenant = argv[6],
                         .subject = argv[7]};
  if (sends) return SendAll(target, signals) ? 0 : 1;
  Stall(target, stalled.at(flood), signals);
  return 0;
}

}  // namespace
}  // namespace lethe::test

int main(int argc, char** argv) { return lethe::test::Main(argc, argv); }
