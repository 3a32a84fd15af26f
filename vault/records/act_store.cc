#include "vault/records/act_store.h"

#include <utility>

#include "base/status_macros.h"
#include "vault/rows/derived_keys.h"
#include "vault/rows/row_schema.h"
#include "vault/rows/sealed_row.h"

namespace lethe::vault::records {
namespace {

constexpr std::uint8_t kFormat = 1;

std::string EncodeBody(const Restriction& restriction, absl::Time now) {
  ByteWriter out;
  out.U8(static_cast<std::uint8_t>(restriction.ground));
  AppendTime(out, now);
  AppendTime(out, restriction.review_time);
  return out.Short(restriction.reason).Take();
}

}  // namespace

absl::StatusOr<std::optional<OpenAct>> ActStore::Find(const OpenSubject& subject,
                                                      const ActTag& act) const {
  const std::string key = row_key::Act(subject.tenant->tag, subject.tag, act);
  const auto row = engine_.Get(table::kAct, key);
  if (absl::IsNotFound(row.status())) return std::optional<OpenAct>();
  LETHE_TRY(row.status());
  ByteReader in(*row);
  LETHE_TRY(CheckFormat(in.U8(), kFormat));
  const Place leaf = Place::Read(in);
  LETHE_ASSIGN(const Secret secret, tree_.Unwrap(leaf));
  LETHE_ASSIGN(const Plaintext body, OpenRow(ActRowKey(secret, subject.key), table::kAct, key,
                                             PartsOf(AsBytes(*row), in)));
  ByteReader sealed(body.bytes());
  OpenAct opened;
  opened.restriction.ground = sealed.Named<RestrictionGround>();
  opened.time = ReadTime(sealed).value_or(absl::UnixEpoch());
  opened.restriction.review_time = ReadTime(sealed);
  opened.restriction.reason = sealed.Short();
  LETHE_TRY(sealed.Finish());
  return std::optional<OpenAct>(std::move(opened));
}

absl::Status ActStore::Restrict(OpenSubject& subject, const Restriction& restriction,
                                absl::Time now, Change& change) const {
  LETHE_ASSIGN(keytree::LeafDraft leaf, tree_.DraftPersonal(subject.header.spot, change.batch));
  subject.header.restricted = true;
  subject.header.act = ActTag::Draw(random_);
  subject.header.act_leaf = leaf.place;
  const std::string key = row_key::Act(subject.tenant->tag, subject.tag, subject.header.act);
  const Plaintext body(EncodeBody(restriction, now));
  ByteWriter clear;
  clear.U8(kFormat);
  leaf.place.AppendTo(clear);
  change.batch.Put(
      table::kAct, key,
      SealRow(ActRowKey(leaf.secret, subject.key), table::kAct, key, clear.Take(), body.bytes()));
  change.drafts.push_back(std::move(leaf));
  return absl::OkStatus();
}

Place ActStore::Lift(OpenSubject& subject, storage::Batch& change) const {
  change.Delete(table::kAct, row_key::Act(subject.tenant->tag, subject.tag, subject.header.act));
  subject.header.restricted = false;
  subject.header.act = ActTag();
  return std::exchange(subject.header.act_leaf, Place());
}

}  // namespace lethe::vault::records
