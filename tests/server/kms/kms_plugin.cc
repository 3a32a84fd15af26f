#include "tests/server/kms/kms_plugin.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <utility>

#include "absl/strings/str_format.h"
#include "absl/time/time.h"
#include "base/check.h"
#include "grpcpp/security/server_credentials.h"
#include "grpcpp/server_builder.h"

namespace lethe::test {
namespace {

constexpr char kPrefix[] = "root-";
// Opens nothing without it: so a client that does not give annotations back is found out.
constexpr char kAnnotation[] = "token.lethe.example";

std::string NameOf(int number) { return absl::StrFormat("%s%d", kPrefix, number); }

int NumberOf(const std::string& name) {
  return name.starts_with(kPrefix) ? std::atoi(name.c_str() + sizeof(kPrefix) - 1) : 0;
}

}  // namespace

KmsPlugin::KmsPlugin(TokenKeys& keys, const std::string& socket) : keys_(keys) {
  int highest = 0;
  for (const std::string& label : keys.Labels()) highest = std::max(highest, NumberOf(label));
  {
    const absl::MutexLock lock(&mutex_);
    current_ = highest;
  }
  if (highest == 0) Rotate();
  std::filesystem::remove(socket);  // Of a process that was killed.
  grpc::ServerBuilder builder;
  builder.AddListeningPort("unix:" + socket, grpc::InsecureServerCredentials());
  builder.RegisterService(this);
  server_ = builder.BuildAndStart();
  LETHE_CHECK(server_ != nullptr);
}

KmsPlugin::~KmsPlugin() {
  Release();
  server_->Shutdown();
  server_->Wait();
}

void KmsPlugin::SetSpoil(Spoil spoil) {
  const absl::MutexLock lock(&mutex_);
  spoil_ = std::move(spoil);
}

std::string KmsPlugin::Rotate() {
  const absl::MutexLock lock(&mutex_);
  keys_.Make(NameOf(++current_));
  return NameOf(current_);
}

void KmsPlugin::Hold() {
  const absl::MutexLock lock(&mutex_);
  held_ = true;
}

void KmsPlugin::Release() {
  const absl::MutexLock lock(&mutex_);
  held_ = false;
}

int KmsPlugin::status_calls() {
  const absl::MutexLock lock(&mutex_);
  return status_calls_;
}

bool KmsPlugin::AwaitStatusCalls(int count) {
  const absl::MutexLock lock(&mutex_);
  const auto enough = [this, count]()
                          ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return status_calls_ >= count; };
  return mutex_.AwaitWithTimeout(absl::Condition(&enough), absl::Seconds(10));
}

KmsPlugin::Spoil KmsPlugin::Begin() {
  const absl::MutexLock lock(&mutex_);
  const auto free = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return !held_; };
  mutex_.Await(absl::Condition(&free));
  return spoil_;
}

std::string KmsPlugin::Current() {
  const absl::MutexLock lock(&mutex_);
  return NameOf(current_);
}

grpc::Status KmsPlugin::Status(grpc::ServerContext* /*context*/,
                               const v2::StatusRequest* /*request*/, v2::StatusResponse* response) {
  const Spoil spoil = Begin();
  response->set_version("v2");
  response->set_healthz("ok");
  response->set_key_id(Current());
  if (spoil.status) spoil.status(*response);
  const absl::MutexLock lock(&mutex_);
  ++status_calls_;
  return spoil.refusal;
}

grpc::Status KmsPlugin::Encrypt(grpc::ServerContext* /*context*/, const v2::EncryptRequest* request,
                                v2::EncryptResponse* response) {
  const Spoil spoil = Begin();
  const std::string key_id = Current();
  const auto sealed = keys_.Seal(key_id, AsBytes(request->plaintext()));
  if (!sealed.has_value()) return {grpc::StatusCode::UNKNOWN, "no such key"};
  response->set_key_id(key_id);
  response->set_ciphertext(*sealed);
  (*response->mutable_annotations())[kAnnotation] = key_id;
  if (spoil.encrypt) spoil.encrypt(*response);
  return spoil.refusal;
}

grpc::Status KmsPlugin::Decrypt(grpc::ServerContext* /*context*/, const v2::DecryptRequest* request,
                                v2::DecryptResponse* response) {
  const Spoil spoil = Begin();
  const auto annotation = request->annotations().find(kAnnotation);
  if (annotation == request->annotations().end() || annotation->second != request->key_id()) {
    return {grpc::StatusCode::INVALID_ARGUMENT, "the annotations are not those of the seal"};
  }
  const auto opened = keys_.Open(request->key_id(), AsBytes(request->ciphertext()));
  if (!opened.has_value()) return {grpc::StatusCode::INVALID_ARGUMENT, "it does not open"};
  response->set_plaintext(*opened);
  if (spoil.decrypt) spoil.decrypt(*response);
  return spoil.refusal;
}

}  // namespace lethe::test
