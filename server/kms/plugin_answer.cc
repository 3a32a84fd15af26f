#include "server/kms/plugin_answer.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "base/reason.h"
#include "base/status_macros.h"

namespace lethe::server::kms {
namespace {

using vault::holders::KeyService;
using vault::holders::ServiceSeal;

// RFC 1035, section 2.3.4.
constexpr std::size_t kDomainBytesMax = 253;
constexpr std::size_t kLabelBytesMax = 63;
// In front of each text of a part in a slot (base/codec.h, Short).
constexpr std::size_t kLengthBytes = 2;

absl::Status Wrong(std::string_view message, std::string_view field) {
  return Refuse(Reason::kHolderUnreachable, message, field);
}

bool IsLetterOrDigit(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }

bool IsDomainLabel(std::string_view label) {
  return !label.empty() && label.size() <= kLabelBytesMax && IsLetterOrDigit(label.front()) &&
         IsLetterOrDigit(label.back()) && std::all_of(label.begin(), label.end(), [](char c) {
           return c == '-' || IsLetterOrDigit(c);
         });
}

// Two labels or more, in lower case; a dot may end it.
bool IsFullyQualified(std::string_view name) {
  if (name.ends_with('.')) name.remove_suffix(1);
  if (name.size() > kDomainBytesMax) return false;
  int labels = 0;
  for (std::size_t dot = 0; dot != std::string_view::npos; ++labels) {
    dot = name.find('.');
    if (!IsDomainLabel(name.substr(0, dot))) return false;
    if (dot != std::string_view::npos) name.remove_prefix(dot + 1);
  }
  return labels >= 2;
}

absl::Status CheckKeyId(const std::string& key_id) {
  if (key_id.empty()) return Wrong("the key service names no key", "key_id");
  if (key_id.size() > kKeyIdBytesMax) {
    return Wrong("the key service names its key with more than 1 KiB", "key_id");
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<PluginState> StateFrom(const v2::StatusResponse& answer) {
  if (answer.version() != "v2" && answer.version() != "v2beta1") {
    return Wrong("the key service speaks neither v2 nor v2beta1", "version");
  }
  if (answer.healthz() != "ok") return Wrong("the key service says that it is unwell", "healthz");
  LETHE_TRY(CheckKeyId(answer.key_id()));
  return PluginState{answer.version(), answer.key_id()};
}

absl::StatusOr<ServiceSeal> SealFrom(v2::EncryptResponse& answer) {
  LETHE_TRY(CheckKeyId(answer.key_id()));
  if (answer.ciphertext().empty()) return Wrong("the key service sealed nothing", "ciphertext");
  if (answer.ciphertext().size() > kCiphertextBytesMax) {
    return Wrong("the key service made a ciphertext of more than 1 KiB", "ciphertext");
  }
  ServiceSeal seal{
      std::move(*answer.mutable_key_id()), std::move(*answer.mutable_ciphertext()), {}};
  for (auto& [key, value] : *answer.mutable_annotations()) {
    if (!IsFullyQualified(key)) {
      return Wrong("the key service annotated with something else than a domain name",
                   "annotations");
    }
    seal.annotations.emplace(key, std::move(value));
  }
  if (SealBytes(seal) > KeyService::kSealBytesMax) {
    return Wrong("what the key service made does not fit into a slot", "annotations");
  }
  return seal;
}

absl::Status PlaintextFrom(v2::DecryptResponse& answer, MutableBytes plaintext) {
  std::string& opened = *answer.mutable_plaintext();
  const bool fits = opened.size() == plaintext.size();
  if (fits) std::copy(opened.begin(), opened.end(), plaintext.begin());
  Wipe(opened);
  if (fits) return absl::OkStatus();
  return Refuse(Reason::kDecryptFailed, "the key service opened it to another size", "plaintext");
}

std::size_t SealBytes(const ServiceSeal& seal) {
  std::size_t bytes = kLengthBytes + seal.key_id.size() + kLengthBytes + seal.ciphertext.size();
  for (const auto& [key, value] : seal.annotations) {
    bytes += kLengthBytes + key.size() + kLengthBytes + value.size();
  }
  return bytes;
}

}  // namespace lethe::server::kms
