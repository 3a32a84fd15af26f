// Everything about keys that a put or a get pays beside the cipher.
#include <benchmark/benchmark.h>

#include <array>
#include <string>

#include "base/memory/secret.h"
#include "base/random.h"
#include "crypto/aead.h"
#include "crypto/hash.h"
#include "crypto/kdf.h"
#include "crypto/nonce_source.h"
#include "crypto/signing.h"

namespace lethe::bench {
namespace {

// A data key: record secret, period secret, and some 60 bytes of names and numbers.
void BM_Derive_DataKey(benchmark::State& state) {
  SystemRandom random;
  const Secret parent = Secret::Draw(random);
  const Secret record = Secret::Draw(random);
  const Secret period = Secret::Draw(random);
  const std::string tag(16, 't');
  for (auto _ : state) {
    const Secret key = crypto::Derivation(parent, "lethe.datakey.v1")
                           .U32(3)
                           .Fixed(record)
                           .Fixed(period)
                           .Fixed(AsBytes(tag))
                           .Sized("tenant-name")
                           .U64(7)
                           .Finish();
    benchmark::DoNotOptimize(key.Reveal().data());
  }
}
BENCHMARK(BM_Derive_DataKey);

void BM_Unwrap_Key(benchmark::State& state) {
  SystemRandom random;
  const Secret wrapping = Secret::Draw(random);
  const std::string aad(48, 'a');
  const std::string wrapped =
      crypto::SealToString(wrapping, Secret::Draw(random).Reveal(), AsBytes(aad));
  for (auto _ : state) {
    Secret key = Secret::Zero();
    const absl::Status status =
        crypto::DefaultAead().Open(wrapping, AsBytes(wrapped), AsBytes(aad), key.RevealMutable());
    if (!status.ok()) return state.SkipWithError("did not open");
    benchmark::DoNotOptimize(key.Reveal().data());
  }
}
BENCHMARK(BM_Unwrap_Key);

void BM_Commit(benchmark::State& state) {
  SystemRandom random;
  const Secret key = Secret::Draw(random);
  for (auto _ : state) benchmark::DoNotOptimize(crypto::Commit(key));
}
BENCHMARK(BM_Commit);

void BM_Nonce(benchmark::State& state) {
  std::array<std::uint8_t, crypto::kNonceBytes> nonce;
  for (auto _ : state) {
    crypto::DrawNonce(nonce);
    benchmark::DoNotOptimize(nonce);
  }
}
BENCHMARK(BM_Nonce);

void BM_Nonce_FromKernel(benchmark::State& state) {
  SystemRandom random;
  std::array<std::uint8_t, crypto::kNonceBytes> nonce;
  for (auto _ : state) {
    random.Fill(nonce);
    benchmark::DoNotOptimize(nonce);
  }
}
BENCHMARK(BM_Nonce_FromKernel);

void BM_Secret_ZeroAndFree(benchmark::State& state) {
  for (auto _ : state) {
    const Secret secret = Secret::Zero();
    benchmark::DoNotOptimize(secret.Reveal().data());
  }
}
BENCHMARK(BM_Secret_ZeroAndFree)->ThreadRange(1, 4);

void BM_Secret_Draw(benchmark::State& state) {
  SystemRandom random;
  for (auto _ : state) {
    const Secret secret = Secret::Draw(random);
    benchmark::DoNotOptimize(secret.Reveal().data());
  }
}
BENCHMARK(BM_Secret_Draw);

void BM_Sha256(benchmark::State& state) {
  const std::string bytes(static_cast<std::size_t>(state.range(0)), 'x');
  for (auto _ : state) benchmark::DoNotOptimize(crypto::Sha256(AsBytes(bytes)));
  state.SetBytesProcessed(state.iterations() * state.range(0));
}
BENCHMARK(BM_Sha256)->Arg(65)->Arg(1024)->Arg(1 << 20);

void BM_Sign(benchmark::State& state) {
  SystemRandom random;
  const crypto::SigningKey key(Secret::Draw(random));
  const std::string message(200, 'm');
  for (auto _ : state) benchmark::DoNotOptimize(key.Sign(AsBytes(message)));
}
BENCHMARK(BM_Sign);

}  // namespace
}  // namespace lethe::bench
