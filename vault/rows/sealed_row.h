// Small sealed rows: what all of them have in common, so that each format says only its own part.
#ifndef LETHE_VAULT_ROWS_SEALED_ROW_H_
#define LETHE_VAULT_ROWS_SEALED_ROW_H_

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "base/bytes.h"
#include "base/codec.h"
#include "base/ids.h"
#include "base/memory/secret.h"
#include "vault/rows/row_schema.h"
#include "vault/rows/time_codec.h"

namespace lethe::vault {

// A sealed row is clear bytes (format, place of its leaf, ...) and behind them the body, sealed and
// bound to what the row is, whose, and to every clear byte:
//
//   AAD = "lethe.row.v1" | U8 table | key of the row | clear bytes
//
// The key holds tenant, subject and the row's own tag or selector, so no row opens in another's
// place. Were the place not bound, whoever writes to the disk could point a row at another leaf,
// and an erasure would shred that one.
std::string RowAad(storage::TableId table, std::string_view row_key, Bytes clear);

// A plaintext on its way to or from a row; wiped when it goes.
class Plaintext {
 public:
  Plaintext() = default;
  explicit Plaintext(std::string text) : text_(std::move(text)) {}
  ~Plaintext() { Wipe(text_); }
  Plaintext(Plaintext&& other) noexcept : text_(std::move(other.text_)) { other.text_.clear(); }
  Plaintext& operator=(Plaintext&&) = delete;

  Bytes bytes() const { return AsBytes(text_); }
  std::string& text() { return text_; }
  // Gives the text away, unwiped.
  std::string Take() { return std::exchange(text_, {}); }

 private:
  std::string text_;
};

// A row as read; the spans point into it.
struct RowParts {
  Bytes clear;
  Bytes sealed;
};
// Of `row`, of which `in` has read what is clear.
RowParts PartsOf(Bytes row, const ByteReader& in);

// `clear` with the sealed body behind it. `tail` belongs to the body and may lie elsewhere.
std::string SealRow(const Secret& key, storage::TableId table, std::string_view row_key,
                    std::string clear, Bytes body, Bytes tail = {});
// DATA_LOSS (kDecryptFailed) where the row does not authenticate.
absl::StatusOr<Plaintext> OpenRow(const Secret& key, storage::TableId table,
                                  std::string_view row_key, const RowParts& row);

// kUnsupportedFormat: a later version wrote it.
absl::Status CheckFormat(std::uint8_t found, std::uint8_t known);

Selector ReadSelector(ByteReader& in);
inline constexpr Selector kNoSelector{};

}  // namespace lethe::vault

#endif  // LETHE_VAULT_ROWS_SEALED_ROW_H_
