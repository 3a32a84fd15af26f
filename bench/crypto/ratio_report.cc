// Sealing into the caller's buffer with everything it takes (checks, nonce, key schedule, wiping)
// over the faster bare library call, timed in turns (CPU time of this thread). Exits with 1 if a
// bar is missed.
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include "base/memory/secret.h"
#include "base/random.h"
#include "bench/crypto/bare_gcm.h"
#include "bench/support/paired.h"
#include "crypto/aead.h"

namespace lethe::bench {
namespace {

struct Bar {
  std::size_t body_bytes;
  double ratio_max;  // 0: printed only.
};

constexpr TurnOptions kTurns = {.clock = TurnClock::kThreadCpu};

constexpr Bar kBars[] = {{64, 0}, {1024, 1.15}, {4096, 0}, {64 << 10, 0}};

struct Buffers {
  explicit Buffers(std::size_t body_bytes)
      : plaintext(body_bytes, 'p'), sealed(body_bytes + crypto::kSealOverheadBytes, '\0') {}
  std::string plaintext;
  std::string aad = std::string(48, 'a');
  std::string sealed;
};

Work OurSeal(const crypto::Aead& aead, const Secret& key, Buffers& buffers) {
  return [&](std::int64_t repetitions) {
    for (std::int64_t i = 0; i < repetitions; ++i) {
      aead.Seal(key, AsBytes(buffers.plaintext), AsBytes(buffers.aad),
                AsMutableBytes(buffers.sealed));
    }
  };
}

Work BareSeal(BareGcm& bare, Buffers& buffers) {
  return [&](std::int64_t repetitions) {
    for (std::int64_t i = 0; i < repetitions; ++i) {
      bare.Seal(AsBytes(buffers.plaintext), AsBytes(buffers.aad),
                AsMutableBytes(buffers.sealed).data());
    }
  };
}

// Prints one line; false if the bar is missed.
bool Report(const Bar& bar) {
  SystemRandom random;
  const Secret key = Secret::Draw(random);
  Buffers buffers(bar.body_bytes);
  const auto openssl = BareOpenssl(BareKey{1, 2, 3});
  const auto keyed = BareOpensslKeyed(BareKey{1, 2, 3});
  const auto sodium = BareSodium(BareKey{1, 2, 3});
  std::vector<Work> works = {OurSeal(crypto::DefaultAead(), key, buffers),
                             BareSeal(*keyed, buffers), BareSeal(*openssl, buffers)};
  if (sodium != nullptr) works.push_back(BareSeal(*sodium, buffers));

  const Rounds rounds = TimeInTurns(works, kTurns);
  std::size_t faster = 2;
  if (works.size() > 3 && Median(rounds[3]) < Median(rounds[2])) faster = 3;
  const Estimate ratio = RatioOf(rounds[0], rounds[faster]);
  const Estimate over_keyed = RatioOf(rounds[0], rounds[1]);
  const bool met = bar.ratio_max == 0 || ratio.low <= bar.ratio_max;
  std::printf("%7zu B %8.0f ns %8.0f ns %-8s %5.3f [%5.3f, %5.3f]  %-14s %8.0f ns %6.3f\n",
              bar.body_bytes, Median(rounds[0]), Median(rounds[faster]),
              faster == 3 ? "sodium" : "openssl", ratio.median, ratio.low, ratio.high,
              bar.ratio_max == 0 ? ""
              : met              ? "<= 1.15 met"
                                 : "<= 1.15 MISSED",
              Median(rounds[1]), over_keyed.median);
  return met;
}

Work OurOpen(const crypto::Aead& aead, const Secret& key, Buffers& buffers) {
  return [&](std::int64_t repetitions) {
    for (std::int64_t i = 0; i < repetitions; ++i) {
      const absl::Status status = aead.Open(key, AsBytes(buffers.sealed), AsBytes(buffers.aad),
                                            AsMutableBytes(buffers.plaintext));
      if (!status.ok()) std::abort();
    }
  };
}

// Where kCrossoverBytes should lie: below it both columns are under 1.
void ReportCrossover() {
  if (crypto::SodiumAead() == nullptr) return;
  std::printf(
      "\nlibsodium's back end / OpenSSL's (kCrossoverBytes is %zu)\n\n   body     seal   open\n",
      crypto::kCrossoverBytes);
  SystemRandom random;
  const Secret key = Secret::Draw(random);
  for (const std::size_t body_bytes : {1024, 1280, 1536, 1792, 2048, 2560, 3072}) {
    Buffers buffers(body_bytes);
    const Rounds seal = TimeInTurns({OurSeal(*crypto::SodiumAead(), key, buffers),
                                     OurSeal(crypto::OpensslAead(), key, buffers)},
                                    kTurns);
    const Rounds open = TimeInTurns({OurOpen(*crypto::SodiumAead(), key, buffers),
                                     OurOpen(crypto::OpensslAead(), key, buffers)},
                                    kTurns);
    std::printf("%5zu B   %6.3f %6.3f\n", body_bytes, RatioOf(seal[0], seal[1]).median,
                RatioOf(open[0], open[1]).median);
  }
}

int Main() {
  WarnIfBusy();
  std::printf(
      "seal, all included / the faster bare call with the key set per call; beside it, for\n"
      "orientation, a bare OpenSSL context that keeps one key\n\n"
      "   body        ours   bare call             ratio [95 %% interval]  bar"
      "              keeps a key  ratio\n");
  bool all_met = true;
  for (const Bar& bar : kBars) all_met = Report(bar) && all_met;
  ReportCrossover();
  return all_met ? 0 : 1;
}

}  // namespace
}  // namespace lethe::bench

int main() { return lethe::bench::Main(); }
