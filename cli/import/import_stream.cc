#include "cli/import/import_stream.h"

#include <thread>
#include <utility>

#include "absl/time/clock.h"
#include "cli/connect/interrupt.h"

namespace lethe::cli {
namespace {

constexpr absl::Duration kPauseFirst = absl::Milliseconds(200);

}  // namespace

ImportStream::ImportStream(const Client& client, NextChunk next, OnAcknowledged on_acknowledged)
    : client_(client), next_(std::move(next)), on_acknowledged_(std::move(on_acknowledged)) {}

absl::Status ImportStream::Run() {
  absl::Duration pause = kPauseFirst;
  for (int attempt = 1;; ++attempt) {
    const grpc::Status status = RunOnce();
    if (Interrupt::Raised()) return Interrupted("interrupted");
    if (status.error_code() != grpc::StatusCode::UNAVAILABLE) return FromRpc(status, "");
    {
      const absl::MutexLock lock(&mutex_);
      if (progressed_) {
        attempt = 1;
        pause = kPauseFirst;
      }
    }
    if (attempt >= kAttemptsMax) return FromRpc(status, "");
    absl::SleepFor(pause);
    pause *= 2;
  }
}

grpc::Status ImportStream::RunOnce() {
  grpc::ClientContext context;
  client_.Prepare(context);
  const Interrupt::Scope on_interrupt([&context] { context.TryCancel(); });
  const auto stream = client_.vault().ImportRecords(&context);
  {
    const absl::MutexLock lock(&mutex_);
    reading_ = true;
    progressed_ = false;
  }
  std::thread reader([this, &stream] { ReadAcknowledgements(*stream); });
  if (SendAll(*stream)) stream->WritesDone();
  reader.join();
  grpc::Status status = stream->Finish();
  const absl::MutexLock lock(&mutex_);
  if (out_of_step_) {
    return {grpc::StatusCode::DATA_LOSS, "an acknowledgement is not that of the chunk sent"};
  }
  if (status.ok() && !unacknowledged_.empty()) {
    return {grpc::StatusCode::UNAVAILABLE, "the server ended the import early"};
  }
  return status;
}

bool ImportStream::SendAll(Stream& stream) {
  // A copy: acknowledgements shorten the original meanwhile.
  std::deque<v1::ImportRecordsRequest> again;
  {
    const absl::MutexLock lock(&mutex_);
    again = unacknowledged_;
  }
  for (const auto& chunk : again) {
    if (!stream.Write(chunk)) return false;
  }
  while (!at_end_) {
    if (!WaitForRoom()) return false;
    auto chunk = next_();
    if (!chunk.has_value()) {
      at_end_ = true;
      break;
    }
    {
      const absl::MutexLock lock(&mutex_);
      unacknowledged_.push_back(*chunk);
    }
    if (!stream.Write(*chunk)) return false;
  }
  return true;
}

bool ImportStream::WaitForRoom() {
  const absl::MutexLock lock(&mutex_);
  const auto ready = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return !reading_ || unacknowledged_.size() < kUnacknowledgedMax;
  };
  mutex_.Await(absl::Condition(&ready));
  return reading_;
}

void ImportStream::ReadAcknowledgements(Stream& stream) {
  for (v1::ImportRecordsResponse response; stream.Read(&response);) {
    {
      const absl::MutexLock lock(&mutex_);
      const bool expected =
          !unacknowledged_.empty() &&
          unacknowledged_.front().items().rbegin()->line() == response.last_line();
      if (!expected) {
        out_of_step_ = true;
        break;
      }
      unacknowledged_.pop_front();
      progressed_ = true;
    }
    on_acknowledged_(response);
  }
  const absl::MutexLock lock(&mutex_);
  reading_ = false;
}

}  // namespace lethe::cli
