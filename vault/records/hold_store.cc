#include "vault/records/hold_store.h"

#include <algorithm>

#include "base/reason.h"
#include "base/status_macros.h"
#include "vault/rows/row_schema.h"
#include "vault/rows/sealed_row.h"

namespace lethe::vault::records {
namespace {

constexpr std::uint8_t kFormat = 1;

absl::StatusOr<Place> ReadLeaf(ByteReader& in) {
  LETHE_TRY(CheckFormat(in.U8(), kFormat));
  const Place leaf = Place::Read(in);
  if (!in.ok()) return in.Finish();
  return leaf;
}

}  // namespace

void HoldStore::Put(const std::string& record_key, const Act& act, const Secret& hold_key,
                    const Secret& data_key, storage::Batch& change) {
  ByteWriter clear;
  clear.U8(kFormat);
  act.leaf.AppendTo(clear);
  change.Put(table::kHold, record_key,
             SealRow(hold_key, table::kHold, record_key, clear.Take(), data_key.Reveal()));
}

absl::StatusOr<const Act*> HoldStore::HolderOf(const std::string& record_key,
                                               const OpenSubject& subject) const {
  const Act* nobody = nullptr;
  if (subject.acts.empty()) return nobody;
  const auto row = engine_.Get(table::kHold, record_key);
  if (absl::IsNotFound(row.status())) return nobody;
  LETHE_TRY(row.status());
  ByteReader in(*row);
  LETHE_ASSIGN(const Place leaf, ReadLeaf(in));
  const auto holder = std::ranges::find(subject.acts, leaf, &Act::leaf);
  return holder == subject.acts.end() ? nobody : &*holder;
}

absl::StatusOr<Secret> HoldStore::Open(const std::string& record_key,
                                       const Secret& hold_key) const {
  const auto row = engine_.Get(table::kHold, record_key);
  if (absl::IsNotFound(row.status())) return Refuse(Reason::kResourceNotFound, "no such record");
  LETHE_TRY(row.status());
  ByteReader in(*row);
  LETHE_TRY(ReadLeaf(in).status());
  LETHE_ASSIGN(const Plaintext key,
               OpenRow(hold_key, table::kHold, record_key, PartsOf(AsBytes(*row), in)));
  if (key.bytes().size() != Secret::kBytes) {
    return Refuse(Reason::kDecryptFailed, "a held key has the wrong size");
  }
  return Secret::CopyFrom(key.bytes());
}

absl::StatusOr<bool> HoldStore::AnyBelow(const std::string& subject_key) const {
  LETHE_ASSIGN(const auto rows,
               engine_.Scan(table::kHold, {.prefix = subject_key, .after = {}}, 1));
  return !rows.empty();
}

}  // namespace lethe::vault::records
