#include "tests/system/made_up.h"

#include <nlohmann/json.hpp>

#include "absl/strings/str_format.h"
#include "tests/system/vault_folder.h"

namespace lethe::test {
namespace {

constexpr std::size_t kSmallTextBytes = 400;
constexpr std::size_t kLargeTextBytes = 60'000;
constexpr std::uint64_t kLargePercent = 3;
// Streams of neighbouring numbers must not draw alike.
constexpr std::uint64_t kStreamStep = 0x9e3779b97f4a7c15;

}  // namespace

Rng::Rng(std::uint64_t seed, std::uint64_t stream) : engine_(seed ^ (stream * kStreamStep)) {
  engine_.discard(16);
}

std::string Rng::RequestId() {
  const std::uint64_t high = (Next() & ~0xf000ULL) | 0x4000ULL;
  const std::uint64_t low = (Next() & ~(3ULL << 62)) | (2ULL << 62);
  return absl::StrFormat("%08x-%04x-%04x-%04x-%012x", high >> 32, (high >> 16) & 0xffff,
                         high & 0xffff, low >> 48, low & 0xffffffffffff);
}

std::string MakeData(Rng& rng, const std::string& slot, int version) {
  const std::size_t size = rng.Below(rng.Chance(kLargePercent) ? kLargeTextBytes : kSmallTextBytes);
  std::string text = absl::StrFormat("%s %s %d ", kCanary, slot, version);
  // Not to be compressed away: the size on the wire and on disk is the size drawn.
  while (text.size() < size) text += absl::StrFormat("%016x ", rng.Next());
  return nlohmann::json({{"slot", slot}, {"n", version}, {"text", text}}).dump();
}

std::string SlotOf(const std::string& data) {
  const auto json = nlohmann::json::parse(data, nullptr, false);
  if (!json.is_object() || !json.contains("slot") || !json["slot"].is_string()) return {};
  return json["slot"].get<std::string>();
}

Identifier MakeEmail(std::uint64_t number) {
  return {kEmail, absl::StrFormat("%s.%d@example.org", kCanary, number)};
}

Identifier MakeCustomerNumber(std::uint64_t number) {
  return {kCustomerNumber, absl::StrFormat("%s-C%08d", kCanary, number)};
}

}  // namespace lethe::test
