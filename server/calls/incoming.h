// A request as it comes in: parsed, and what it was parsed from overwritten.
//
// gRPC reads a connection into buffers of 8 KiB, and a buffer lives until it is full and nobody
// refers to any of it: while the connection is quiet, the requests of the last calls would stand
// there.
//
// A large request is parsed by the worker that does the call: gRPC's few threads serve everybody,
// and who sends megabytes must not hold them for as long as those take.
#ifndef LETHE_SERVER_CALLS_INCOMING_H_
#define LETHE_SERVER_CALLS_INCOMING_H_

#include <cstdint>
#include <vector>

#include "absl/status/status.h"
#include "base/bytes.h"
#include "base/reason.h"
#include "grpcpp/impl/codegen/proto_utils.h"
#include "grpcpp/support/byte_buffer.h"
#include "grpcpp/support/slice.h"
#include "grpcpp/support/status.h"

namespace lethe::server {

// No message is longer: gRPC refuses it by its length.
inline constexpr std::int64_t kMessageBytesMax = 4 << 20;
// Parsed as soon as it is there: most requests, each in less time than handing it on takes.
inline constexpr std::int64_t kParsedAtOnceMax = 64 << 10;

inline std::vector<grpc::Slice> SlicesOf(const grpc::ByteBuffer& buffer) {
  std::vector<grpc::Slice> slices;
  if (buffer.Valid()) (void)buffer.Dump(&slices);
  return slices;
}

// Overwrites what the slices refer to, not only these references.
inline void WipeSlices(const std::vector<grpc::Slice>& slices) {
  for (const grpc::Slice& slice : slices) {
    // A message's bytes are nobody's but the call's that reads it; gRPC only counts references.
    Wipe(MutableBytes(const_cast<std::uint8_t*>(slice.begin()), slice.size()));
  }
}

// The type that a method's handler is made for, so that gRPC hands over what it read. Not
// thread-safe.
template <typename Message>
class Incoming {
 public:
  Incoming() = default;
  ~Incoming() { DropRaw(); }
  Incoming(const Incoming&) = delete;
  Incoming& operator=(const Incoming&) = delete;

  // What gRPC read, whether it is a message or not.
  void Take(grpc::ByteBuffer& read) {
    // gRPC forgets what it gets in exchange: that must be nothing.
    DropRaw();
    is_message_ = false;
    raw_.Swap(&read);
    bytes_ = static_cast<std::int64_t>(raw_.Length());
    if (bytes_ <= kParsedAtOnceMax) Parse().IgnoreError();  // Told to who asks next.
  }

  // Whether there is a message, from now on. INVALID_ARGUMENT (kFieldInvalid): what was sent is
  // none of this method's, or longer than `bytes_max` and not worth its parsing.
  absl::Status Parse(std::int64_t bytes_max = kMessageBytesMax) {
    if (bytes_ > bytes_max) {
      return Refuse(Reason::kFieldInvalid, "the request is longer than any of this method may be",
                    "request", "max_bytes");
    }
    if (raw_.Valid()) {
      const std::vector<grpc::Slice> slices = SlicesOf(raw_);
      is_message_ = grpc::SerializationTraits<Message>::Deserialize(&raw_, &message_).ok();
      WipeSlices(slices);
      raw_.Clear();
    }
    if (is_message_) return absl::OkStatus();
    return Refuse(Reason::kFieldInvalid, "what was sent is no message of this method", "request",
                  "message");
  }

  // As long as it was sent, whether it is parsed by now or not.
  std::int64_t bytes() const { return bytes_; }
  // Of a request that is parsed.
  Message& message() { return message_; }
  const Message& message() const { return message_; }

  // Keeps nothing of it. Not Clear, which keeps what the strings held.
  void Drop() {
    DropRaw();
    message_ = Message();
    is_message_ = false;
    bytes_ = 0;
  }

 private:
  // What nobody wants parsed.
  void DropRaw() {
    WipeSlices(SlicesOf(raw_));
    raw_.Clear();
  }

  grpc::ByteBuffer raw_;  // Until it is parsed.
  Message message_;
  bool is_message_ = false;
  std::int64_t bytes_ = 0;
};

}  // namespace lethe::server

template <typename Message>
class grpc::SerializationTraits<lethe::server::Incoming<Message>, void> {
 public:
  static grpc::Status Deserialize(grpc::ByteBuffer* buffer,
                                  lethe::server::Incoming<Message>* request) {
    // Whoever does the call refuses what is no message, with a reason and an event.
    if (buffer != nullptr) request->Take(*buffer);
    return grpc::Status::OK;
  }
};

#endif  // LETHE_SERVER_CALLS_INCOMING_H_
