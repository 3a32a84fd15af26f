#include "server/listen/connection_table.h"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>

#include "server/listen/connection_plan.h"
#include "server/listen/hold_out.h"
#include "server/listen/reset_watch.h"

namespace lethe::server {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class ConnectionTableTest : public ::testing::Test {
 protected:
  static Peer From(const std::string& network) {
    static int port = 0;
    return {"ipv4:" + network + ":" + std::to_string(++port), network};
  }
  // What Admit said; what it let in is in the table.
  ConnectionTable::Verdict Come(const std::string& network) {
    const Peer peer = From(network);
    auto verdict = table_.Admit(peer);
    if (verdict.admitted) {
      ++last_;
      table_.Add(last_, peer, absl::Seconds(last_));
    }
    return verdict;
  }

  ConnectionTable table_{{.total = 6, .per_network = 4, .unproven = 3}};
  int last_ = 0;
};

TEST_F(ConnectionTableTest, TheOldestOfTheLargestCrowdGoesForANewcomer) {
  Come("10.0.0.1");
  Come("10.0.0.2");
  Come("10.0.0.2");
  const auto verdict = Come("10.0.0.3");
  EXPECT_TRUE(verdict.admitted);
  EXPECT_EQ(verdict.crowd, Crowd::kUnproven);
  EXPECT_THAT(verdict.to_close, ElementsAre(2));
  EXPECT_EQ(table_.unproven(), 3);
}

TEST_F(ConnectionTableTest, WhoHasProvenItselfGoesForNobody) {
  for (int i = 1; i <= 6; ++i) {
    ASSERT_TRUE(Come("10.0.0." + std::to_string(i)).admitted);
    table_.Prove(last_);
  }
  const auto verdict = Come("10.0.0.9");
  EXPECT_FALSE(verdict.admitted);
  EXPECT_EQ(verdict.crowd, Crowd::kTotal);
  table_.Remove(3);
  EXPECT_TRUE(Come("10.0.0.9").admitted);
}

TEST_F(ConnectionTableTest, AnAddressHasItsShare) {
  for (int i = 0; i < 4; ++i) {
    ASSERT_TRUE(Come("10.0.0.1").admitted);
    table_.Prove(last_);
  }
  EXPECT_EQ(Come("10.0.0.1").crowd, Crowd::kNetwork);
  EXPECT_TRUE(Come("10.0.0.2").admitted);
  table_.Remove(1);
  EXPECT_TRUE(Come("10.0.0.1").admitted);
}

TEST_F(ConnectionTableTest, AFullAddressGivesUpItsOwnOldestThatHasProvenNothing) {
  Come("10.0.0.2");  // Older, and somebody else's.
  for (int i = 0; i < 3; ++i) {
    Come("10.0.0.1");
    table_.Prove(last_);
  }
  Come("10.0.0.1");
  EXPECT_FALSE(table_.IsCrowded(From("10.0.0.2")));
  EXPECT_TRUE(table_.IsCrowded(From("10.0.0.1")));
  const int unproven = last_;
  const auto verdict = Come("10.0.0.1");
  EXPECT_TRUE(verdict.admitted);
  EXPECT_EQ(verdict.crowd, Crowd::kNetwork);
  EXPECT_THAT(verdict.to_close, ElementsAre(unproven));
  EXPECT_EQ(table_.unproven(), 2);
}

TEST_F(ConnectionTableTest, TimeProves) {
  Come("10.0.0.1");
  Come("10.0.0.1");
  table_.ProveAllBefore(absl::Seconds(2));
  EXPECT_EQ(table_.unproven(), 1);
  table_.ProveAllBefore(absl::Seconds(3));
  EXPECT_EQ(table_.unproven(), 0);
}

TEST_F(ConnectionTableTest, WhereNobodyProvesAnythingTheOldestGoes) {
  ConnectionTable table({.total = 2, .per_network = 9, .unproven = 2, .oldest_goes = true});
  table.Add(1, From("10.0.0.1"), absl::Seconds(1));
  table.Add(2, From("10.0.0.2"), absl::Seconds(2));
  table.Prove(1);
  EXPECT_THAT(table.Admit(From("10.0.0.3")).to_close, ElementsAre(1));
  EXPECT_THAT(table.Admit(From("10.0.0.3")).to_close, IsEmpty());
}

TEST_F(ConnectionTableTest, APeerIsFoundByItsNewestConnection) {
  const Peer peer = From("10.0.0.1");
  table_.Add(1, peer, absl::Seconds(1));
  table_.Add(2, peer, absl::Seconds(2));
  EXPECT_EQ(table_.FindPeer(peer.name), 2);
  table_.Remove(1);
  EXPECT_EQ(table_.FindPeer(peer.name), 2);
  table_.Remove(2);
  EXPECT_EQ(table_.FindPeer(peer.name), -1);
}

Peer V6(const char* text) {
  sockaddr_storage storage{};
  auto& address = reinterpret_cast<sockaddr_in6&>(storage);
  address.sin6_family = AF_INET6;
  address.sin6_port = htons(7443);
  inet_pton(AF_INET6, text, &address.sin6_addr);
  return PeerOf(storage);
}

TEST(PeerTest, NamesAreThoseOfGrpcWithoutItsEscapes) {
  EXPECT_EQ(V6("2001:db8::1").name, "ipv6:[2001:db8::1]:7443");
  EXPECT_EQ(V6("::ffff:192.0.2.7").name, "ipv4:192.0.2.7:7443");
  EXPECT_EQ(PlainPeerName("ipv6:%5B2001:db8::1%5D:7443"), "ipv6:[2001:db8::1]:7443");
  EXPECT_EQ(PlainPeerName("ipv6:%5Bfe80::1%25eth0%5D:7443"), "ipv6:[fe80::1]:7443");
  EXPECT_EQ(PlainPeerName("ipv4:192.0.2.7:7443"), "ipv4:192.0.2.7:7443");
}

TEST(PeerTest, ASiteOfIpv6IsOneNetwork) {
  EXPECT_EQ(V6("2001:db8:1:2::1").network, V6("2001:db8:1:2:ffff::9").network);
  EXPECT_NE(V6("2001:db8:1:2::1").network, V6("2001:db8:1:3::1").network);
  EXPECT_EQ(V6("::ffff:192.0.2.7").network, "192.0.2.7");
}

TEST(ConnectionPlanTest, TheVaultComesFirst) {
  const auto usual = PlanConnections(1024, 130, 10'000);
  ASSERT_TRUE(usual.ok());
  EXPECT_EQ(usual->reserve, 256);
  EXPECT_EQ(usual->connections, (1024 - 130 - 256 - 32) / 2);
  EXPECT_EQ(PlanConnections(1 << 20, 130, 10'000)->connections, 10'000);
  EXPECT_EQ(PlanConnections(1 << 20, 130, 3)->connections, 3);
}

TEST(ConnectionPlanTest, TheLimitThatItAsksForIsEnoughAndLittleMore) {
  for (const int open : {50, 130, 400, 900}) {
    const auto refused = PlanConnections(open, open, 10'000);
    ASSERT_TRUE(absl::IsFailedPrecondition(refused.status()));
    const std::string text(refused.status().message());
    EXPECT_THAT(text, HasSubstr("open files"));
    const int needed = std::stoi(text.substr(text.find("at least ") + 9));
    EXPECT_TRUE(PlanConnections(needed, open, 10'000).ok()) << open;
    EXPECT_FALSE(PlanConnections(needed - 40, open, 10'000).ok()) << open;
  }
}

// Of which none is left in hand.
StreamCounts Counts(std::int64_t started, std::int64_t failed) {
  return {started, started - failed, failed};
}

TEST(ResetWatchTest, ResetsAreAbuseWhereTheyAreManyAndMost) {
  ResetWatch watch(absl::ZeroDuration());
  EXPECT_FALSE(watch.IsAbuse(Counts(200, 200), absl::Seconds(1)));
  EXPECT_TRUE(watch.IsAbuse(Counts(201, 201), absl::Seconds(1)));
  EXPECT_TRUE(watch.IsAbuse(Counts(401, 201), absl::Seconds(2)));
  EXPECT_FALSE(watch.IsAbuse(Counts(402, 201), absl::Seconds(2)));
}

TEST(ResetWatchTest, MoreInHandThanMayBeOpenWasReset) {
  ResetWatch watch(absl::ZeroDuration());
  EXPECT_FALSE(watch.IsAbuse({kOpenStreamsMax, 0, 0}, absl::Seconds(1)));
  EXPECT_FALSE(watch.IsAbuse({kOpenStreamsMax + 200, 0, 0}, absl::Seconds(1)));
  EXPECT_TRUE(watch.IsAbuse({kOpenStreamsMax + 301, 0, 0}, absl::Seconds(1)));
  EXPECT_FALSE(watch.IsAbuse({10'000, 10'000 - kOpenStreamsMax, 0}, absl::Seconds(1)));
}

TEST(ResetWatchTest, WhatIsLongAgoDoesNotCount) {
  ResetWatch watch(absl::ZeroDuration());
  EXPECT_FALSE(watch.IsAbuse(Counts(150, 150), absl::Seconds(1)));
  EXPECT_FALSE(watch.IsAbuse(Counts(250, 250), absl::Seconds(12)));
  EXPECT_FALSE(watch.IsAbuse(Counts(450, 450), absl::Seconds(13)));
  EXPECT_TRUE(watch.IsAbuse(Counts(451, 451), absl::Seconds(13)));
}

TEST(HoldOutTest, OnlyTheNetworkOfWhoWasCutOffWaitsAndOnlyForAWhile) {
  HoldOut hold_out;
  const absl::Duration start = absl::Seconds(100);
  EXPECT_FALSE(hold_out.Holds("10.0.0.1", start));
  hold_out.Begin("10.0.0.1", start);
  EXPECT_TRUE(hold_out.Holds("10.0.0.1", start));
  EXPECT_FALSE(hold_out.Holds("10.0.0.2", start));
  EXPECT_TRUE(hold_out.Holds("10.0.0.1", start + HoldOut::kWait - absl::Milliseconds(1)));
  EXPECT_FALSE(hold_out.Holds("10.0.0.1", start + HoldOut::kWait));
  // Cut off again, it waits again.
  hold_out.Begin("10.0.0.1", start + HoldOut::kWait);
  hold_out.Begin("10.0.0.2", start + HoldOut::kWait);
  EXPECT_TRUE(hold_out.Holds("10.0.0.1", start + HoldOut::kWait));
}

}  // namespace
}  // namespace lethe::server
