#include "vault/records/act_store.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "base/reason.h"
#include "base/status_macros.h"
#include "vault/rows/derived_keys.h"
#include "vault/rows/row_schema.h"

namespace lethe::vault::records {
namespace {

constexpr std::uint8_t kFormat = 2;
constexpr std::size_t kSubjectsPerScan = 1'000;
constexpr std::array<std::uint8_t, 16> kThePerson{};

// A kind or a target that a later version knows.
absl::Status UnknownAct() {
  return Refuse(Reason::kUnsupportedFormat, "an act is of a kind this version does not know");
}

crypto::Digest DigestOf(const std::vector<Act>& acts) {
  if (acts.empty()) return {};
  crypto::Sha256Stream digest;
  digest.Add("lethe.acts.v1");
  for (const Act& act : acts) digest.Add(act.tag.bytes()).Add(act.row);
  return digest.Finish();
}

void TellHeader(OpenSubject& subject) {
  subject.header.acts = static_cast<std::uint8_t>(subject.acts.size());
  subject.header.acts_digest = DigestOf(subject.acts);
}

// Reads what stands before an act's own words.
absl::Status ReadCommon(ByteReader& in, Act& act) {
  act.kind = static_cast<ActKind>(in.U8());
  act.target = static_cast<ActTarget>(in.U8());
  const Bytes of = in.Raw(kThePerson.size());
  act.time = ReadTime(in).value_or(absl::UnixEpoch());
  if (!in.ok()) return in.Finish();
  const bool known = IsKnown(act.kind) && IsKnown(act.target) && std::ranges::equal(of, kThePerson);
  if (!known) return UnknownAct();
  return absl::OkStatus();
}

}  // namespace

absl::Status ActStore::Load(OpenSubject& subject) const {
  // One more than there may be, so that one too many is seen.
  LETHE_ASSIGN(const auto rows,
               engine_.Scan(table::kAct, {.prefix = subject.row_key, .after = {}}, kActsMax + 1));
  subject.acts.clear();
  for (const storage::Row& row : rows) {
    LETHE_ASSIGN(Act act, ReadAct(subject, row));
    subject.acts.push_back(std::move(act));
  }
  const SubjectHeader& header = subject.header;
  const bool whole = header.acts == subject.acts.size() &&
                     ConstantTimeEquals(header.acts_digest, DigestOf(subject.acts));
  if (whole) return absl::OkStatus();
  return Refuse(Reason::kDecryptFailed, "a subject's acts are not those its header knows");
}

absl::StatusOr<Plaintext> ActStore::OpenAct(const OpenSubject& subject, const std::string& key,
                                            Bytes row, Place& leaf) const {
  ByteReader in(row);
  LETHE_TRY(CheckFormat(in.U8(), kFormat));
  leaf = Place::Read(in);
  if (!in.ok()) return in.Finish();
  const absl::StatusOr<Secret> secret = tree_.Unwrap(leaf);
  if (absl::IsNotFound(secret.status())) {
    return Refuse(Reason::kLeafLost, "an act's secret is missing");
  }
  LETHE_TRY(secret.status());
  return OpenRow(ActRowKey(*secret, subject.key), table::kAct, key, PartsOf(row, in));
}

absl::StatusOr<Act> ActStore::ReadAct(const OpenSubject& subject, const storage::Row& row) const {
  Act act{.tag = ActTag::FromBytes(AsBytes(row.key).last(ActTag::kBytes)),
          .row = crypto::Sha256(AsBytes(row.value))};
  LETHE_ASSIGN(const Plaintext body, OpenAct(subject, row.key, AsBytes(row.value), act.leaf));
  ByteReader in(body.bytes());
  LETHE_TRY(ReadCommon(in, act));
  return act;
}

absl::StatusOr<Plaintext> ActStore::TextOf(const OpenSubject& subject, const Act& act) const {
  const std::string key = row_key::Act(subject.tenant->tag, subject.tag, act.tag);
  LETHE_ASSIGN(const std::string row, engine_.Get(table::kAct, key));
  Act again;
  LETHE_ASSIGN(const Plaintext body, OpenAct(subject, key, AsBytes(row), again.leaf));
  ByteReader in(body.bytes());
  LETHE_TRY(ReadCommon(in, again));
  return Plaintext(std::string(AsText(in.Raw(in.remaining()))));
}

absl::StatusOr<std::set<SubjectTag>> ActStore::SubjectsWithActs(const TenantTag& tenant) const {
  std::set<SubjectTag> subjects;
  storage::Range range{.prefix = row_key::Tenant(tenant), .after = {}};
  while (true) {
    LETHE_ASSIGN(const auto rows, engine_.Scan(table::kAct, range, kSubjectsPerScan));
    for (const storage::Row& row : rows) {
      subjects.insert(
          SubjectTag::FromBytes(AsBytes(row.key).subspan(TenantTag::kBytes, SubjectTag::kBytes)));
    }
    if (rows.size() < kSubjectsPerScan) return subjects;
    range.after = rows.back().key;
  }
}

absl::StatusOr<ActTag> ActStore::Add(OpenSubject& subject, ActKind kind, const Plaintext& text,
                                     absl::Time now, Change& change) const {
  if (subject.acts.size() >= kActsMax) {
    return Refuse(Reason::kTooMany, "a subject has a limit of acts in force", {},
                  "acts_per_subject");
  }
  LETHE_ASSIGN(keytree::LeafDraft leaf, tree_.DraftPersonal(subject.header.spot, change.batch));
  Act act{.tag = ActTag::Draw(random_), .kind = kind, .time = now, .leaf = leaf.place};
  ByteWriter body;
  body.U8(static_cast<std::uint8_t>(act.kind)).U8(static_cast<std::uint8_t>(act.target));
  body.Raw(kThePerson);
  AppendTime(body, now);
  const Plaintext sealed(body.Raw(text.bytes()).Take());
  ByteWriter clear;
  clear.U8(kFormat);
  act.leaf.AppendTo(clear);
  const std::string key = row_key::Act(subject.tenant->tag, subject.tag, act.tag);
  std::string row =
      SealRow(ActRowKey(leaf.secret, subject.key), table::kAct, key, clear.Take(), sealed.bytes());
  act.row = crypto::Sha256(AsBytes(row));
  change.batch.Put(table::kAct, key, std::move(row));
  change.drafts.push_back(std::move(leaf));
  const ActTag tag = act.tag;
  subject.acts.insert(std::ranges::upper_bound(subject.acts, tag, {}, &Act::tag), std::move(act));
  TellHeader(subject);
  return tag;
}

Place ActStore::Remove(OpenSubject& subject, const ActTag& act, storage::Batch& change) const {
  const auto found = std::ranges::find(subject.acts, act, &Act::tag);
  const Place leaf = found->leaf;
  change.Delete(table::kAct, row_key::Act(subject.tenant->tag, subject.tag, act));
  subject.acts.erase(found);
  TellHeader(subject);
  return leaf;
}

}  // namespace lethe::vault::records
