// Sends the chunks of an import and hears their acknowledgements.
#ifndef LETHE_CLI_IMPORT_IMPORT_STREAM_H_
#define LETHE_CLI_IMPORT_IMPORT_STREAM_H_

#include <deque>
#include <functional>
#include <optional>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "cli/connect/client.h"

namespace lethe::cli {

// An ImportStream sends ahead of the acknowledgements, by a few chunks, and keeps what is not yet
// acknowledged. When the server goes away it connects again and sends that once more, which its
// request ids make harmless.
class ImportStream {
 public:
  using NextChunk = std::function<std::optional<v1::ImportRecordsRequest>()>;
  using OnAcknowledged = std::function<void(const v1::ImportRecordsResponse&)>;

  // Enough for the server to group commits across chunks; more would only cost memory here.
  static constexpr std::size_t kUnacknowledgedMax = 4;
  // Without an acknowledgement in between. With the pauses, about ten seconds: a restart.
  static constexpr int kAttemptsMax = 6;

  ImportStream(const Client& client, NextChunk next, OnAcknowledged on_acknowledged);

  // Until every chunk is acknowledged.
  absl::Status Run();

 private:
  using Stream =
      grpc::ClientReaderWriterInterface<v1::ImportRecordsRequest, v1::ImportRecordsResponse>;

  // One connection. UNAVAILABLE: worth another.
  grpc::Status RunOnce();
  // False: the stream is broken; its status says why.
  bool SendAll(Stream& stream);
  bool WaitForRoom();
  void ReadAcknowledgements(Stream& stream);

  const Client& client_;
  const NextChunk next_;
  const OnAcknowledged on_acknowledged_;

  absl::Mutex mutex_;
  std::deque<v1::ImportRecordsRequest> unacknowledged_ ABSL_GUARDED_BY(mutex_);
  bool reading_ ABSL_GUARDED_BY(mutex_) = false;
  bool progressed_ ABSL_GUARDED_BY(mutex_) = false;  // Since the connection began.
  bool out_of_step_ ABSL_GUARDED_BY(mutex_) = false;
  bool at_end_ = false;  // Of the file.
};

}  // namespace lethe::cli

#endif  // LETHE_CLI_IMPORT_IMPORT_STREAM_H_
