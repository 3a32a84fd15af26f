// Seal and open by size: our two back ends, the Aead that picks between them, and the bare
// libraries beside them. 48 bytes of aad, as a record has.
#include <benchmark/benchmark.h>

#include <string>

#include "base/memory/secret.h"
#include "base/random.h"
#include "bench/crypto/bare_gcm.h"
#include "crypto/aead.h"

namespace lethe::bench {
namespace {

const std::string& Aad() {
  static const std::string* const aad = new std::string(48, 'a');
  return *aad;
}

void BM_Seal(benchmark::State& state, const crypto::Aead* aead) {
  if (aead == nullptr) return state.SkipWithError("libsodium has no AES on this machine");
  SystemRandom random;
  const Secret key = Secret::Draw(random);
  const std::string plaintext(static_cast<std::size_t>(state.range(0)), 'p');
  std::string sealed(plaintext.size() + crypto::kSealOverheadBytes, '\0');
  for (auto _ : state) {
    aead->Seal(key, AsBytes(plaintext), AsBytes(Aad()), AsMutableBytes(sealed));
    benchmark::DoNotOptimize(sealed.data());
    benchmark::ClobberMemory();
  }
  state.SetBytesProcessed(state.iterations() * state.range(0));
}

void BM_Open(benchmark::State& state, const crypto::Aead* aead) {
  if (aead == nullptr) return state.SkipWithError("libsodium has no AES on this machine");
  SystemRandom random;
  const Secret key = Secret::Draw(random);
  std::string plaintext(static_cast<std::size_t>(state.range(0)), 'p');
  std::string sealed(plaintext.size() + crypto::kSealOverheadBytes, '\0');
  aead->Seal(key, AsBytes(plaintext), AsBytes(Aad()), AsMutableBytes(sealed));
  for (auto _ : state) {
    const bool ok =
        aead->Open(key, AsBytes(sealed), AsBytes(Aad()), AsMutableBytes(plaintext)).ok();
    if (!ok) return state.SkipWithError("did not open");
    benchmark::ClobberMemory();
  }
  state.SetBytesProcessed(state.iterations() * state.range(0));
}

using MakeBare = std::unique_ptr<BareGcm> (*)(const BareKey&);

void BM_BareSeal(benchmark::State& state, MakeBare make) {
  const auto bare = make(BareKey{1, 2, 3});
  if (bare == nullptr) return state.SkipWithError("libsodium has no AES on this machine");
  const std::string plaintext(static_cast<std::size_t>(state.range(0)), 'p');
  std::string sealed(plaintext.size() + crypto::kTagBytes, '\0');
  for (auto _ : state) {
    bare->Seal(AsBytes(plaintext), AsBytes(Aad()), AsMutableBytes(sealed).data());
    benchmark::ClobberMemory();
  }
  state.SetBytesProcessed(state.iterations() * state.range(0));
}

void BM_BareOpen(benchmark::State& state, MakeBare make) {
  const auto bare = make(BareKey{1, 2, 3});
  if (bare == nullptr) return state.SkipWithError("libsodium has no AES on this machine");
  std::string plaintext(static_cast<std::size_t>(state.range(0)), 'p');
  std::string sealed(plaintext.size() + crypto::kTagBytes, '\0');
  bare->Seal(AsBytes(plaintext), AsBytes(Aad()), AsMutableBytes(sealed).data());
  for (auto _ : state) {
    const bool ok = bare->Open(AsBytes(sealed), AsBytes(Aad()), AsMutableBytes(plaintext).data());
    if (!ok) return state.SkipWithError("did not open");
    benchmark::ClobberMemory();
  }
  state.SetBytesProcessed(state.iterations() * state.range(0));
}

void Sizes(benchmark::internal::Benchmark* bench) {
  for (const int bytes : {64, 256, 512, 1024, 1536, 2048, 4096, 16 << 10, 64 << 10, 1 << 20}) {
    bench->Arg(bytes);
  }
}

BENCHMARK_CAPTURE(BM_Seal, default, &crypto::DefaultAead())->Apply(Sizes);
BENCHMARK_CAPTURE(BM_Seal, sodium, crypto::SodiumAead())->Apply(Sizes);
BENCHMARK_CAPTURE(BM_Seal, openssl, &crypto::OpensslAead())->Apply(Sizes);
BENCHMARK_CAPTURE(BM_BareSeal, sodium, &BareSodium)->Apply(Sizes);
BENCHMARK_CAPTURE(BM_BareSeal, openssl, &BareOpenssl)->Apply(Sizes);
BENCHMARK_CAPTURE(BM_BareSeal, openssl_keyed, &BareOpensslKeyed)->Apply(Sizes);
BENCHMARK_CAPTURE(BM_Open, default, &crypto::DefaultAead())->Apply(Sizes);
BENCHMARK_CAPTURE(BM_Open, sodium, crypto::SodiumAead())->Apply(Sizes);
BENCHMARK_CAPTURE(BM_Open, openssl, &crypto::OpensslAead())->Apply(Sizes);
BENCHMARK_CAPTURE(BM_BareOpen, sodium, &BareSodium)->Apply(Sizes);
BENCHMARK_CAPTURE(BM_BareOpen, openssl, &BareOpenssl)->Apply(Sizes);
BENCHMARK_CAPTURE(BM_BareOpen, openssl_keyed, &BareOpensslKeyed)->Apply(Sizes);

}  // namespace
}  // namespace lethe::bench
