// A page token, as a client sends it back: only our own opens, in its own listing, unaltered.
//
//   input = U64 counter, Short last key, Short category, Short principal, U16 altered byte, token
#include "vault/memory/page_token.h"

#include "tests/fuzz/fuzz_target.h"

namespace lethe::fuzz {
namespace {

using namespace vault::memory;  // NOLINT(google-build-using-namespace): one format, one target.

void RefusedAsToken(const PageTokens& tokens, const PageScope& scope, const std::string& token) {
  const auto opened = tokens.Open(scope, token);
  LETHE_CHECK(ReasonOf(opened.status()) == Reason::kPageTokenInvalid);
  Refused(opened.status());
}

}  // namespace

LETHE_FUZZ_TARGET(page_token) {
  static SystemRandom random;
  static const auto* const tokens = new PageTokens(random);
  ByteReader in(input);
  PagePosition position;
  position.change_counter = in.U64();
  position.after = in.Short();
  PageScope scope{.tenant = FixedTag<TenantTag>(1), .subject = FixedTag<SubjectTag>(2)};
  scope.category = in.Short();
  scope.principal = in.Short();
  const std::uint16_t altered = in.U16();
  RefusedAsToken(*tokens, scope, std::string(AsText(in.Raw(in.remaining()))));

  std::string token = tokens->Seal(scope, position);
  const auto opened = tokens->Open(scope, token);
  LETHE_CHECK(opened.ok());
  LETHE_CHECK(opened->change_counter == position.change_counter && opened->after == position.after);
  PageScope other = scope;
  other.principal += "x";
  RefusedAsToken(*tokens, other, token);
  // Where one field ends and the next begins is part of what is sealed.
  other = scope;
  other.purpose = other.category;
  other.category.clear();
  if (!scope.category.empty()) RefusedAsToken(*tokens, other, token);
  char& digit = token[altered % token.size()];
  digit = digit == 'f' ? '0' : 'f';
  RefusedAsToken(*tokens, scope, token);
  return in.ok();
}

}  // namespace lethe::fuzz
