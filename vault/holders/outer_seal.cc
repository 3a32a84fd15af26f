#include "vault/holders/outer_seal.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "base/codec.h"
#include "base/reason.h"
#include "base/status_macros.h"
#include "crypto/hash.h"
#include "vault/holders/slot.h"

namespace lethe::vault::holders {
namespace {

constexpr std::string_view kMagic = "Lth1";
constexpr std::size_t kVaultHashBytes = 16;
constexpr std::size_t kPlaintextBytes = 4 + Secret::kBytes + kVaultHashBytes;
static_assert(kMagic.size() == 4 && kPlaintextBytes <= KeyService::kPlaintextBytesMax);

// The plaintext of a seal, wiped.
class SharePlaintext {
 public:
  SharePlaintext() = default;
  SharePlaintext(const VaultId& vault, const Secret& share) {
    const MutableBytes out = span();
    std::ranges::copy(kMagic, out.begin());
    std::ranges::copy(share.Reveal(), out.subspan(kMagic.size()).begin());
    const crypto::Digest hash = HashOf(vault);
    std::copy_n(hash.begin(), kVaultHashBytes, out.last(kVaultHashBytes).begin());
  }
  ~SharePlaintext() { Wipe(bytes_); }
  SharePlaintext(const SharePlaintext&) = delete;
  SharePlaintext& operator=(const SharePlaintext&) = delete;

  MutableBytes span() { return bytes_; }
  bool Is(const VaultId& vault) const {
    const Bytes bytes(bytes_);
    return AsText(bytes.first(kMagic.size())) == kMagic &&
           ConstantTimeEquals(bytes.last(kVaultHashBytes),
                              Bytes(HashOf(vault)).first(kVaultHashBytes));
  }
  Secret Share() const {
    return Secret::CopyFrom(Bytes(bytes_).subspan(kMagic.size(), Secret::kBytes));
  }

 private:
  static crypto::Digest HashOf(const VaultId& vault) {
    return crypto::Sha256(AsBytes(ByteWriter().Raw("lethe.outer.v1").Raw(vault.bytes()).Take()));
  }
  std::array<std::uint8_t, kPlaintextBytes> bytes_{};
};

std::string EncodePart(const std::string& service, const ServiceSeal& seal) {
  ByteWriter out;
  out.Short(service).Short(seal.key_id).Short(seal.ciphertext);
  out.U8(static_cast<std::uint8_t>(seal.annotations.size()));
  for (const auto& [name, value] : seal.annotations) out.Short(name).Short(value);
  return out.Take();
}

struct NamedSeal {
  std::string service;
  ServiceSeal seal;
};

absl::StatusOr<NamedSeal> DecodePart(Bytes part) {
  ByteReader in(part);
  NamedSeal named;
  named.service = in.Short();
  named.seal.key_id = in.Short();
  named.seal.ciphertext = in.Short();
  for (std::uint8_t left = in.U8(); left > 0 && in.ok(); --left) {
    std::string name(in.Short());
    named.seal.annotations.emplace(std::move(name), in.Short());
  }
  LETHE_TRY(in.Finish());
  return named;
}

absl::Status Unopened() {
  return Refuse(Reason::kDecryptFailed, "a key service does not open what it sealed");
}

// What fits in a slot and in the part's own lengths.
bool Fits(const ServiceSeal& seal) {
  std::size_t size = seal.key_id.size() + seal.ciphertext.size();
  for (const auto& [name, value] : seal.annotations) size += name.size() + value.size();
  return size <= KeyService::kSealBytesMax && seal.annotations.size() <= 0xff;
}

}  // namespace

absl::StatusOr<ServiceKey> OuterSeal::CurrentKey() const {
  LETHE_ASSIGN(std::string key_id, services_.front()->CurrentKeyId());
  return ServiceKey{services_.front()->name(), std::move(key_id)};
}

absl::StatusOr<OuterSharePtr> OuterSeal::Make(const VaultId& vault, Random& random) {
  const std::string service = services_.front()->name();
  auto fresh = std::make_shared<OuterShare>();
  fresh->share = Secret::Draw(random);
  SharePlaintext plaintext(vault, fresh->share);
  LETHE_ASSIGN(const ServiceSeal seal, services_.front()->Seal(plaintext.span()));
  fresh->key = ServiceKey{service, seal.key_id};
  fresh->part = Fits(seal) ? EncodePart(service, seal) : std::string();
  const absl::StatusOr<Secret> proof = OpenSealed(vault, service, seal);
  if (fresh->part.empty() || fresh->part.size() > kOuterPartBytesMax || !proof.ok() ||
      !proof->Equals(fresh->share)) {
    return Refuse(Reason::kHolderUnreachable, "a key service does not open what it just sealed");
  }
  known_.push_back(fresh);
  return fresh;
}

absl::StatusOr<OuterSharePtr> OuterSeal::Open(const VaultId& vault, Bytes part) {
  const auto known = std::ranges::find_if(
      known_, [&](const OuterSharePtr& share) { return share->part == AsText(part); });
  if (known != known_.end()) return *known;
  const absl::StatusOr<NamedSeal> named = DecodePart(part);
  if (!named.ok()) return Unopened();
  auto opened = std::make_shared<OuterShare>();
  LETHE_ASSIGN(opened->share, OpenSealed(vault, named->service, named->seal));
  opened->key = ServiceKey{named->service, named->seal.key_id};
  opened->part = AsText(part);
  known_.push_back(opened);
  return opened;
}

void OuterSeal::ForgetUnused() {
  std::erase_if(known_, [](const OuterSharePtr& share) { return share.use_count() == 1; });
}

absl::StatusOr<Secret> OuterSeal::OpenSealed(const VaultId& vault, const std::string& service,
                                             const ServiceSeal& seal) const {
  const auto by_name = [&](const KeyService* ours) { return ours->name() == service; };
  const auto ours = std::ranges::find_if(services_, by_name);
  if (ours == services_.end()) {
    return Refuse(Reason::kHolderUnreachable,
                  "a holder is sealed by a key service that is not configured");
  }
  SharePlaintext plaintext;
  LETHE_TRY((*ours)->Open(seal, plaintext.span()));
  if (!plaintext.Is(vault)) return Unopened();
  return plaintext.Share();
}

}  // namespace lethe::vault::holders
