#include "crypto/merkle_frontier.h"

#include <algorithm>
#include <bit>
#include <limits>
#include <string>
#include <vector>

#include "base/codec.h"
#include "crypto/merkle.h"
#include "gtest/gtest.h"
#include "tests/crypto/vectors.h"

namespace lethe::crypto {
namespace {

constexpr std::uint64_t kSizesMax = 300;
constexpr std::size_t kHeaderBytes = 8;

Digest LeafOf(std::uint64_t index) { return MerkleLeaf(AsBytes(std::to_string(index))); }

MerkleFrontier FrontierOf(std::uint64_t size) {
  MerkleFrontier frontier;
  for (std::uint64_t i = 0; i < size; ++i) frontier.Append(LeafOf(i));
  return frontier;
}

// Digests that no tree made; where only their number counts.
std::string Row(std::uint64_t size, std::size_t digests) {
  ByteWriter row;
  row.U64(size);
  for (std::size_t i = 0; i < digests; ++i) row.Raw(std::string(sizeof(Digest), 'd'));
  return row.Take();
}

TEST(MerkleFrontierTest, TheRootIsThatOfTheWholeTreeAtEverySize) {
  MerkleFrontier frontier;
  std::vector<Digest> leaves;
  for (std::uint64_t size = 1; size <= kSizesMax; ++size) {
    leaves.push_back(LeafOf(size - 1));
    frontier.Append(leaves.back());
    EXPECT_EQ(frontier.size(), size);
    EXPECT_EQ(frontier.root(), MerkleTree(leaves).root()) << size;
    EXPECT_EQ(frontier.Encode().size(), kHeaderBytes + sizeof(Digest) * std::popcount(size));
  }
}

TEST(MerkleFrontierTest, TheRootIsThatOfTheWholeTreeAtLargeSizes) {
  std::vector<Digest> leaves;
  MerkleFrontier frontier;
  for (const std::uint64_t size : {(1u << 17) - 1, 1u << 17, (1u << 17) + 1, 200'003u}) {
    while (frontier.size() < size) {
      leaves.push_back(LeafOf(frontier.size()));
      frontier.Append(leaves.back());
    }
    EXPECT_EQ(frontier.root(), MerkleTree(leaves).root()) << size;
  }
}

TEST(MerkleFrontierTest, OfNoLeafItIsTheHashOfNothing) {
  EXPECT_EQ(MerkleFrontier().size(), 0u);
  EXPECT_EQ(MerkleFrontier().root(), Sha256({}));
  EXPECT_EQ(MerkleFrontier().Encode(), std::string(kHeaderBytes, '\0'));
}

// Entries and roots of the reference implementation of Certificate Transparency.
TEST(MerkleFrontierTest, TheRootsOfCertificateTransparency) {
  struct Step {
    const char* entry;
    const char* root;
  };
  constexpr Step kSteps[] = {
      {"", "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"},
      {"00", "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"},
      {"10", "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77"},
      {"2021", "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"},
      {"3031", "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4"},
      {"40414243", "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef"},
      {"5051525354555657", "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c"},
      {"606162636465666768696a6b6c6d6e6f",
       "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"},
  };
  MerkleFrontier frontier;
  for (const Step& step : kSteps) {
    frontier.Append(MerkleLeaf(AsBytes(FromHex(step.entry))));
    EXPECT_EQ(ToHex(Bytes(frontier.root())), step.root) << frontier.size();
  }
}

// The last leaf's siblings are the frontier before it, from the smallest up: so a published proof
// of inclusion gives a frontier, and the root that must follow.
TEST(MerkleFrontierTest, ProofsOfTheLastLeafOfTransparencyDev) {
  const auto cases = MerkleInclusion();
  if (!cases.has_value()) GTEST_SKIP() << "no vectors under " LETHE_VECTORS_DIR;
  int seen = 0;
  for (const MerkleCase& one : *cases) {
    if (!one.valid || one.index + 1 != one.size) continue;
    ByteWriter row;
    row.U64(one.index);
    for (auto node = one.path.rbegin(); node != one.path.rend(); ++node) row.Raw(*node);
    auto frontier = MerkleFrontier::Decode(AsBytes(row.str()));
    ASSERT_TRUE(frontier.ok()) << one.id;
    frontier->Append(ArrayFrom<32>(AsBytes(one.leaf)).value());
    EXPECT_EQ(frontier->root(), ArrayFrom<32>(AsBytes(one.root))) << one.id;
    ++seen;
  }
  EXPECT_GT(seen, 0);
}

TEST(MerkleFrontierTest, ACopyGoesItsOwnWay) {
  MerkleFrontier frontier = FrontierOf(5);
  const MerkleFrontier before = frontier;
  frontier.Append(LeafOf(5));
  EXPECT_EQ(before, FrontierOf(5));
  EXPECT_EQ(frontier, FrontierOf(6));
  EXPECT_NE(before.root(), frontier.root());
}

TEST(MerkleFrontierTest, WhatIsDecodedGoesOnAsIfItHadNeverStopped) {
  for (std::uint64_t size = 0; size <= kSizesMax; ++size) {
    MerkleFrontier frontier = FrontierOf(size);
    auto decoded = MerkleFrontier::Decode(AsBytes(frontier.Encode()));
    ASSERT_TRUE(decoded.ok()) << size;
    EXPECT_EQ(*decoded, frontier);
    frontier.Append(LeafOf(size));
    decoded->Append(LeafOf(size));
    EXPECT_EQ(decoded->root(), frontier.root()) << size;
  }
}

TEST(MerkleFrontierTest, ARowOfAnotherLengthIsDamaged) {
  const std::string row = FrontierOf(13).Encode();
  ASSERT_TRUE(MerkleFrontier::Decode(AsBytes(row)).ok()) << "the control";
  for (std::size_t size = 0; size < row.size(); ++size) {
    const auto cut = MerkleFrontier::Decode(AsBytes(row.substr(0, size)));
    EXPECT_EQ(cut.status().code(), absl::StatusCode::kDataLoss) << size;
  }
  for (const std::string& more : {std::string(1, 'x'), std::string(sizeof(Digest), 'x')}) {
    const auto longer = MerkleFrontier::Decode(AsBytes(row + more));
    EXPECT_EQ(longer.status().code(), absl::StatusCode::kDataLoss) << more.size();
  }
}

TEST(MerkleFrontierTest, TheSizeSaysHowManyDigestsThereAre) {
  constexpr std::uint64_t kLast = std::numeric_limits<std::uint64_t>::max();
  for (const std::uint64_t size : {std::uint64_t{0}, std::uint64_t{6}, kLast / 2 + 1, kLast}) {
    for (std::size_t digests = 0; digests <= 65; ++digests) {
      const bool fits = digests == static_cast<std::size_t>(std::popcount(size));
      EXPECT_EQ(MerkleFrontier::Decode(AsBytes(Row(size, digests))).ok(), fits) << size;
    }
  }
}

TEST(MerkleFrontierDeathTest, NothingFitsBehindTheLastNumber) {
  auto full = MerkleFrontier::Decode(AsBytes(Row(std::numeric_limits<std::uint64_t>::max(), 64)));
  ASSERT_TRUE(full.ok());
  EXPECT_DEATH(full->Append(LeafOf(0)), "");
}

}  // namespace
}  // namespace lethe::crypto
