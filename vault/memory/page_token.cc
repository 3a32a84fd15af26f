#include "vault/memory/page_token.h"

#include <algorithm>

#include "base/codec.h"
#include "base/reason.h"
#include "base/status_macros.h"
#include "crypto/aead.h"
#include "vault/model/limits.h"

namespace lethe::vault::memory {
namespace {

std::string Aad(const PageScope& scope) {
  return ByteWriter()
      .Raw("lethe.page.v1")
      .U8(static_cast<std::uint8_t>(scope.method))
      .Raw(scope.tenant.bytes())
      .Raw(scope.subject.bytes())
      .Short(scope.category)
      .Short(scope.purpose)
      .Short(scope.principal)
      .Take();
}

absl::Status Invalid() {
  return Refuse(Reason::kPageTokenInvalid, "the page token is not one of this listing",
                "page_token", "page_token");
}

// Empty unless `text` is pairs of lower-case hexadecimal digits.
std::string FromHex(std::string_view text) {
  const auto value = [](char c) {
    if (c >= '0' && c <= '9') return c - '0';
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
  };
  if (text.size() % 2 != 0) return {};
  std::string bytes;
  for (std::size_t i = 0; i < text.size(); i += 2) {
    const int high = value(text[i]);
    const int low = value(text[i + 1]);
    if (high < 0 || low < 0) return {};
    bytes.push_back(static_cast<char>(high << 4 | low));
  }
  return bytes;
}

}  // namespace

std::string PageTokens::Seal(const PageScope& scope, const PagePosition& position) const {
  const std::string plain = ByteWriter().U64(position.change_counter).Short(position.after).Take();
  return ToHex(AsBytes(crypto::SealToString(key_, AsBytes(plain), AsBytes(Aad(scope)))));
}

absl::StatusOr<PagePosition> PageTokens::Open(const PageScope& scope,
                                              const std::string& token) const {
  const std::string sealed = FromHex(token);
  if (sealed.size() < crypto::kSealOverheadBytes) return Invalid();
  const auto plain = crypto::OpenToString(key_, AsBytes(sealed), AsBytes(Aad(scope)));
  if (!plain.ok()) return Invalid();
  ByteReader in(*plain);
  PagePosition position;
  position.change_counter = in.U64();
  position.after = in.Short();
  return in.Finish().ok() ? absl::StatusOr<PagePosition>(position) : Invalid();
}

std::size_t PageSize(const PageRequest& page) {
  if (page.size == 0) return limits::kPageDefault;
  return std::min<std::size_t>(static_cast<std::size_t>(page.size), limits::kPageMax);
}

}  // namespace lethe::vault::memory
