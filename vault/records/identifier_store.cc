#include "vault/records/identifier_store.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/check.h"
#include "base/reason.h"
#include "base/status_macros.h"
#include "vault/model/limits.h"
#include "vault/rows/derived_keys.h"
#include "vault/rows/row_schema.h"
#include "vault/rows/sealed_row.h"

namespace lethe::vault::records {
namespace {

constexpr std::uint8_t kFormat = 1;
constexpr std::array<std::size_t, 3> kBodyBytes = {64, 128, 384};
static_assert(2 + limits::kIdentifierTypeBytesMax + 2 + limits::kIdentifierBytesMax <=
              kBodyBytes.back());

std::string EncodeBody(const Identifier& identifier) {
  std::string body = ByteWriter().Short(identifier.type).Short(identifier.value).Take();
  const auto* size = std::ranges::lower_bound(kBodyBytes, body.size());
  LETHE_CHECK(size != kBodyBytes.end());
  body.resize(*size, '\0');
  return body;
}

}  // namespace

absl::StatusOr<std::vector<OpenIdentifier>> IdentifierStore::All(const OpenSubject& subject) const {
  LETHE_ASSIGN(
      const auto rows,
      engine_.Scan(table::kIdentifier,
                   {.prefix = row_key::Subject(subject.tenant->tag, subject.tag), .after = {}},
                   limits::kIdentifiersMax));
  std::vector<OpenIdentifier> all;
  for (const storage::Row& row : rows) {
    LETHE_ASSIGN(OpenIdentifier opened, Open(subject, row));
    all.push_back(std::move(opened));
  }
  return all;
}

absl::StatusOr<bool> IdentifierStore::Has(const OpenSubject& subject,
                                          const Identifier& identifier) const {
  LETHE_ASSIGN(const auto all, All(subject));
  return std::ranges::any_of(all, [&](const OpenIdentifier& opened) {
    return opened.identifier.type == identifier.type && opened.identifier.value == identifier.value;
  });
}

absl::StatusOr<OpenIdentifier> IdentifierStore::Open(const OpenSubject& subject,
                                                     const storage::Row& row) const {
  ByteReader in(row.value);
  LETHE_TRY(CheckFormat(in.U8(), kFormat));
  OpenIdentifier opened;
  opened.row = RowTag::FromBytes(AsBytes(row.key).last(RowTag::kBytes));
  opened.leaf = Place::Read(in);
  if (!in.ok()) return in.Finish();
  const absl::StatusOr<Secret> secret = tree_.Unwrap(opened.leaf);
  if (absl::IsNotFound(secret.status())) {
    return Refuse(Reason::kLeafLost, "an identifier's secret is missing");
  }
  LETHE_TRY(secret.status());
  LETHE_ASSIGN(const Plaintext body,
               OpenRow(IdentifierRowKey(*secret, subject.key), table::kIdentifier, row.key,
                       PartsOf(AsBytes(row.value), in)));
  ByteReader text(body.bytes());
  opened.identifier.type = text.Short();
  opened.identifier.value = text.Short();
  text.Raw(text.remaining());
  LETHE_TRY(text.Finish());
  return opened;
}

absl::StatusOr<RowTag> IdentifierStore::Add(OpenSubject& subject, const Identifier& identifier,
                                            Change& change) const {
  const RowTag tag = RowTag::Draw(random_);
  const std::string key = row_key::Identifier(subject.tenant->tag, subject.tag, tag);
  LETHE_ASSIGN(keytree::LeafDraft leaf, tree_.DraftPersonal(subject.header.spot, change.batch));
  const Plaintext body(EncodeBody(identifier));
  ByteWriter clear;
  clear.U8(kFormat);
  leaf.place.AppendTo(clear);
  change.batch.Put(table::kIdentifier, key,
                   SealRow(IdentifierRowKey(leaf.secret, subject.key), table::kIdentifier, key,
                           clear.Take(), body.bytes()));
  change.drafts.push_back(std::move(leaf));
  ++subject.header.identifiers;
  return tag;
}

void IdentifierStore::Remove(const OpenSubject& subject, const RowTag& row,
                             storage::Batch& change) const {
  change.Delete(table::kIdentifier, row_key::Identifier(subject.tenant->tag, subject.tag, row));
}

}  // namespace lethe::vault::records
