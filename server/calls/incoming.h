// A request as it comes in: parsed, and what it was parsed from overwritten.
//
// gRPC reads a connection into buffers of 8 KiB, and a buffer lives until it is full and nobody
// refers to any of it: while the connection is quiet, the requests of the last calls would stand
// there.
#ifndef LETHE_SERVER_CALLS_INCOMING_H_
#define LETHE_SERVER_CALLS_INCOMING_H_

#include <cstdint>
#include <vector>

#include "base/bytes.h"
#include "grpcpp/impl/codegen/proto_utils.h"
#include "grpcpp/support/byte_buffer.h"
#include "grpcpp/support/slice.h"
#include "grpcpp/support/status.h"

namespace lethe::server {

// The type that a method's handler is made for, so that gRPC parses with what stands below.
template <typename Message>
struct Incoming {
  Message message;
};

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

}  // namespace lethe::server

template <typename Message>
class grpc::SerializationTraits<lethe::server::Incoming<Message>, void> {
 public:
  static grpc::Status Deserialize(grpc::ByteBuffer* buffer,
                                  lethe::server::Incoming<Message>* request) {
    std::vector<grpc::Slice> slices;
    if (buffer != nullptr) slices = lethe::server::SlicesOf(*buffer);
    grpc::Status status =
        grpc::SerializationTraits<Message>::Deserialize(buffer, &request->message);
    lethe::server::WipeSlices(slices);
    return status;
  }
};

#endif  // LETHE_SERVER_CALLS_INCOMING_H_
