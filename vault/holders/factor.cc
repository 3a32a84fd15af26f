#include "vault/holders/factor.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "base/codec.h"
#include "base/reason.h"
#include "base/status_macros.h"

namespace lethe::vault::holders {
namespace {

class FileFactor final : public Factor {
 public:
  PartType type() const override { return PartType::kFile; }
  std::string name() const override { return "file"; }

  absl::StatusOr<SlotPart> Keep(const SlotContent& /*head*/, const Secret& share) override {
    return SlotPart(PartType::kFile, share.Reveal());
  }
  absl::StatusOr<Secret> Give(const SlotContent& /*head*/, const SlotPart& part) override {
    if (part.bytes().size() != Secret::kBytes) {
      return Refuse(Reason::kDecryptFailed, "a slot's file part has another size");
    }
    return Secret::CopyFrom(part.bytes());
  }
  std::optional<Assurance> CheckAssurance(std::string* /*why*/) override { return std::nullopt; }
  absl::Status DestroyAllBut(const std::vector<SlotPart>& /*named*/) override {
    return absl::OkStatus();
  }
};

constexpr std::size_t kSealedShareBytes = Secret::kBytes + TokenKeys::kOverheadBytes;
constexpr std::size_t kTokenPartBytes = std::tuple_size_v<TokenKeys::Id> + kSealedShareBytes;

std::string AadOf(const SlotContent& head) {
  return ByteWriter().Raw(head.vault.bytes()).U64(head.generation).Take();
}

std::optional<TokenKeys::Id> IdIn(const SlotPart& part) {
  if (part.bytes().size() != kTokenPartBytes) return std::nullopt;
  return ArrayFrom<std::tuple_size_v<TokenKeys::Id>>(
      part.bytes().first(std::tuple_size_v<TokenKeys::Id>));
}

class TokenFactor final : public Factor {
 public:
  explicit TokenFactor(std::unique_ptr<TokenKeys> token) : token_(std::move(token)) {}

  PartType type() const override { return PartType::kToken; }
  std::string name() const override { return "pkcs11"; }

  absl::StatusOr<SlotPart> Keep(const SlotContent& head, const Secret& share) override {
    LETHE_ASSIGN(const TokenKeys::Id id, token_->Make());
    std::array<std::uint8_t, kSealedShareBytes> sealed;
    LETHE_TRY(token_->Seal(id, share.Reveal(), AsBytes(AadOf(head)), sealed));
    return SlotPart(PartType::kToken, AsBytes(ByteWriter().Raw(id).Raw(sealed).Take()));
  }

  absl::StatusOr<Secret> Give(const SlotContent& head, const SlotPart& part) override {
    const std::optional<TokenKeys::Id> id = IdIn(part);
    if (!id.has_value()) {
      return Refuse(Reason::kDecryptFailed, "a slot's token part has another size");
    }
    Secret share = Secret::Zero();
    const absl::Status opened = token_->Open(*id, part.bytes().subspan(id->size()),
                                             AsBytes(AadOf(head)), share.RevealMutable());
    if (absl::IsNotFound(opened)) {
      return Refuse(Reason::kDecryptFailed, "the token key of a slot is destroyed");
    }
    LETHE_TRY(opened);
    return share;
  }

  std::optional<Assurance> CheckAssurance(std::string* why) override {
    return token_->CheckAssurance(why);
  }
  absl::Status DestroyAllBut(const std::vector<SlotPart>& named) override {
    LETHE_ASSIGN(const std::vector<TokenKeys::Id> all, token_->List());
    for (const TokenKeys::Id& id : all) {
      const bool needed =
          std::ranges::any_of(named, [&](const SlotPart& part) { return IdIn(part) == id; });
      if (!needed) LETHE_TRY(token_->Destroy(id));
    }
    return absl::OkStatus();
  }

 private:
  const std::unique_ptr<TokenKeys> token_;
};

}  // namespace

std::unique_ptr<Factor> NewFileFactor() { return std::make_unique<FileFactor>(); }

std::unique_ptr<Factor> NewTokenFactor(std::unique_ptr<TokenKeys> token) {
  return std::make_unique<TokenFactor>(std::move(token));
}

}  // namespace lethe::vault::holders
