// What every fuzz target shares. A target is one file <name>.cc:
//
//   LETHE_FUZZ_TARGET(name) { …; return accepted; }
//
// `input` holds bytes that an attacker or a broken disk chose. The target returns whether they were
// taken for what they claim to be; a broken property fails a LETHE_CHECK, which stops the process
// and names the line. libFuzzer runs a target by itself (scripts/lanes/fuzz.sh); fuzz_replay runs
// all of them over the corpus in every test run.
#ifndef LETHE_TESTS_FUZZ_FUZZ_TARGET_H_
#define LETHE_TESTS_FUZZ_FUZZ_TARGET_H_

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "base/bytes.h"
#include "base/check.h"
#include "base/codec.h"
#include "base/ids.h"
#include "base/memory/secret.h"
#include "base/reason.h"

namespace lethe::fuzz {

using Target = bool (*)(Bytes input);

struct NamedTarget {
  std::string name;
  Target run;
};

// The targets of this program, in no order.
inline std::vector<NamedTarget>& Targets() {
  static auto* const targets = new std::vector<NamedTarget>;
  return *targets;
}

struct Registration {
  Registration(const char* name, Target run) { Targets().push_back({name, run}); }
};

// Keys and names that never change, so that what a seed holds opens for ever.
inline Secret FixedSecret(std::uint8_t fill) {
  std::array<std::uint8_t, Secret::kBytes> bytes;
  bytes.fill(fill);
  return Secret::CopyFrom(bytes);
}

template <typename AnyTag>
AnyTag FixedTag(std::uint8_t fill) {
  std::array<std::uint8_t, AnyTag::kBytes> bytes;
  bytes.fill(fill);
  return AnyTag::FromBytes(bytes);
}

inline const VaultId kVault = FixedTag<VaultId>(0x51);

// Always false. A refusal has a reason a caller can act on, or says that stored bytes are damaged,
// in a few printable words of ours: bytes of the input that came through into a message would not
// stay printable for long.
inline bool Refused(const absl::Status& status) {
  constexpr std::size_t kMessageBytesMax = 200;
  LETHE_CHECK(!status.ok());
  LETHE_CHECK(ReasonOf(status).has_value() || absl::IsDataLoss(status));
  const auto message = status.message();
  LETHE_CHECK(!message.empty() && message.size() <= kMessageBytesMax);
  LETHE_CHECK(std::ranges::all_of(message, [](char c) { return c >= 0x20 && c <= 0x7e; }));
  return false;
}

}  // namespace lethe::fuzz

#ifdef LETHE_FUZZ_REPLAY
#define LETHE_FUZZ_ENTRY_(name) \
  static const ::lethe::fuzz::Registration kRegistered_##name{#name, &Fuzz_##name};
#else
#define LETHE_FUZZ_ENTRY_(name)                                                       \
  extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);  \
  extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) { \
    Fuzz_##name(::lethe::Bytes(data, size));                                          \
    return 0;                                                                         \
  }
#endif

#define LETHE_FUZZ_TARGET(name)                  \
  static bool Fuzz_##name(::lethe::Bytes input); \
  LETHE_FUZZ_ENTRY_(name)                        \
  static bool Fuzz_##name(::lethe::Bytes input)

#endif  // LETHE_TESTS_FUZZ_FUZZ_TARGET_H_
