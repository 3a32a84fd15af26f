#include "server/calls/incoming.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "base/reason.h"
#include "lethe/v1/vault_service.pb.h"

namespace lethe::server {
namespace {

using Request = v1::CreateRecordRequest;

std::string Encoded(std::size_t data_bytes) {
  Request request;
  request.set_purpose("service");
  request.mutable_record()->set_data(std::string(data_bytes, 'x'));
  return request.SerializeAsString();
}

// As gRPC has it: in pieces that refer to memory of somebody else's, here `text`.
grpc::ByteBuffer Read(std::string& text) {
  const std::size_t half = text.size() / 2;
  const grpc::Slice pieces[] = {
      grpc::Slice(text.data(), half, grpc::Slice::STATIC_SLICE),
      grpc::Slice(text.data() + half, text.size() - half, grpc::Slice::STATIC_SLICE)};
  return grpc::ByteBuffer(pieces, 2);
}

bool IsWiped(const std::string& text) {
  return std::ranges::all_of(text, [](char byte) { return byte == '\0'; });
}

grpc::Status Deserialize(grpc::ByteBuffer& read, Incoming<Request>& incoming) {
  return grpc::SerializationTraits<Incoming<Request>>::Deserialize(&read, &incoming);
}

TEST(IncomingTest, ASmallRequestIsParsedAndOverwrittenAtOnce) {
  std::string text = Encoded(1'000);
  const auto bytes = static_cast<std::int64_t>(text.size());
  grpc::ByteBuffer read = Read(text);
  Incoming<Request> incoming;
  EXPECT_TRUE(Deserialize(read, incoming).ok());
  EXPECT_TRUE(IsWiped(text));
  EXPECT_EQ(incoming.bytes(), bytes);
  EXPECT_TRUE(incoming.Parse().ok());
  EXPECT_EQ(incoming.message().purpose(), "service");
  EXPECT_EQ(incoming.message().record().data().size(), 1'000u);
}

TEST(IncomingTest, ALargeRequestIsParsedByWhoDoesTheCall) {
  std::string text = Encoded(kParsedAtOnceMax);
  const auto bytes = static_cast<std::int64_t>(text.size());
  grpc::ByteBuffer read = Read(text);
  Incoming<Request> incoming;
  EXPECT_TRUE(Deserialize(read, incoming).ok());
  EXPECT_FALSE(IsWiped(text));
  EXPECT_EQ(incoming.bytes(), bytes);
  EXPECT_TRUE(incoming.message().purpose().empty());
  EXPECT_TRUE(incoming.Parse().ok());
  EXPECT_TRUE(IsWiped(text));
  EXPECT_EQ(incoming.message().purpose(), "service");
  EXPECT_EQ(incoming.bytes(), bytes);
  incoming.Drop();
  EXPECT_TRUE(incoming.message().purpose().empty());
  EXPECT_EQ(incoming.bytes(), 0);
}

TEST(IncomingTest, WhatNobodyParsesIsOverwrittenInTheEnd) {
  std::string text = Encoded(kParsedAtOnceMax);
  grpc::ByteBuffer read = Read(text);
  {
    Incoming<Request> incoming;
    EXPECT_TRUE(Deserialize(read, incoming).ok());
    EXPECT_FALSE(IsWiped(text));
  }
  EXPECT_TRUE(IsWiped(text));
}

TEST(IncomingTest, WhatIsNoMessageIsRefusedWithItsReason) {
  for (const std::size_t bytes : {std::size_t{10}, std::size_t{200'000}}) {
    std::string text(bytes, '\xff');
    grpc::ByteBuffer read = Read(text);
    Incoming<Request> incoming;
    EXPECT_TRUE(Deserialize(read, incoming).ok());
    EXPECT_EQ(ReasonOf(incoming.Parse()), Reason::kFieldInvalid) << bytes;
    EXPECT_EQ(ReasonOf(incoming.Parse()), Reason::kFieldInvalid) << bytes;
    EXPECT_TRUE(IsWiped(text)) << bytes;
  }
}

// gRPC forgets what it gets in exchange.
TEST(IncomingTest, WhatNobodyParsedIsOverwrittenWhenTheNextOneComes) {
  std::string first = Encoded(kParsedAtOnceMax);
  std::string second = Encoded(kParsedAtOnceMax);
  Incoming<Request> incoming;
  {
    grpc::ByteBuffer read = Read(first);
    EXPECT_TRUE(Deserialize(read, incoming).ok());
  }
  grpc::ByteBuffer read = Read(second);
  EXPECT_TRUE(Deserialize(read, incoming).ok());
  EXPECT_FALSE(read.Valid()) << "gRPC would forget it";
  EXPECT_TRUE(IsWiped(first));
  EXPECT_FALSE(IsWiped(second));
  incoming.Drop();
  EXPECT_TRUE(IsWiped(second));
}

TEST(IncomingTest, WhatIsTooLongIsNotParsed) {
  std::string text = Encoded(kParsedAtOnceMax);
  grpc::ByteBuffer read = Read(text);
  Incoming<Request> incoming;
  EXPECT_TRUE(Deserialize(read, incoming).ok());
  EXPECT_EQ(ReasonOf(incoming.Parse(kParsedAtOnceMax)), Reason::kFieldInvalid);
  EXPECT_TRUE(incoming.message().purpose().empty());
  EXPECT_TRUE(incoming.Parse(kParsedAtOnceMax + 1'000).ok());
}

// A stream reads into the same place again and again.
TEST(IncomingTest, TheNextOneTakesThePlaceOfTheLast) {
  Incoming<Request> incoming;
  for (const std::size_t data : {std::size_t{500'000}, std::size_t{10}, std::size_t{500'000}}) {
    std::string text = Encoded(data);
    grpc::ByteBuffer read = Read(text);
    EXPECT_TRUE(Deserialize(read, incoming).ok());
    EXPECT_TRUE(incoming.Parse().ok());
    EXPECT_EQ(incoming.message().record().data().size(), data);
    incoming.Drop();
    EXPECT_EQ(ReasonOf(incoming.Parse()), Reason::kFieldInvalid);  // Nothing is there.
  }
}

}  // namespace
}  // namespace lethe::server
