#include "vault/rows/sealed_row.h"

#include <algorithm>

#include "base/reason.h"
#include "base/status_macros.h"
#include "crypto/aead.h"

namespace lethe::vault {
std::string RowAad(storage::TableId table, std::string_view row_key, Bytes clear) {
  return ByteWriter().Raw("lethe.row.v1").U8(table).Raw(row_key).Raw(clear).Take();
}

RowParts PartsOf(Bytes row, const ByteReader& in) {
  return {row.first(row.size() - in.remaining()), row.last(in.remaining())};
}

std::string SealRow(const Secret& key, storage::TableId table, std::string_view row_key,
                    std::string clear, Bytes body, Bytes tail) {
  const std::string aad = RowAad(table, row_key, AsBytes(clear));
  const std::size_t clear_bytes = clear.size();
  std::string row = std::move(clear);
  row.resize(clear_bytes + body.size() + tail.size() + crypto::kSealOverheadBytes);
  const MutableBytes sealed = AsMutableBytes(row).subspan(clear_bytes);
  if (tail.empty()) {
    crypto::DefaultAead().Seal(key, body, AsBytes(aad), sealed);
  } else {
    crypto::SealInTwo(key, body, tail, AsBytes(aad), sealed);
  }
  return row;
}

absl::StatusOr<Plaintext> OpenRow(const Secret& key, storage::TableId table,
                                  std::string_view row_key, const RowParts& row) {
  LETHE_ASSIGN(std::string text,
               crypto::OpenToString(key, row.sealed, AsBytes(RowAad(table, row_key, row.clear))));
  return Plaintext(std::move(text));
}

absl::Status CheckFormat(std::uint8_t found, std::uint8_t known) {
  if (found == known) return absl::OkStatus();
  return Refuse(Reason::kUnsupportedFormat, "a row has a format this version does not know");
}

Selector ReadSelector(ByteReader& in) {
  Selector selector{};
  std::ranges::copy(in.Raw(selector.size()), selector.begin());
  return selector;
}

}  // namespace lethe::vault
