#include "server/convert/convert.h"

#include "base/status_macros.h"
#include "server/door/names.h"

namespace lethe::server {
namespace {

// The enums of the API and of the vault have the same numbers; these hold them to it.
static_assert(v1::SOURCE_PROVIDED == static_cast<int>(vault::Source::kProvided));
static_assert(v1::SOURCE_OBSERVED == static_cast<int>(vault::Source::kObserved));
static_assert(v1::SOURCE_DERIVED == static_cast<int>(vault::Source::kDerived));
static_assert(v1::SOURCE_THIRD_PARTY == static_cast<int>(vault::Source::kThirdParty));
static_assert(v1::Subject::STATE_ACTIVE == static_cast<int>(vault::SubjectState::kActive));
static_assert(v1::Subject::STATE_RESTRICTED == static_cast<int>(vault::SubjectState::kRestricted));
static_assert(v1::Subject::STATE_PARTIALLY_ERASED ==
              static_cast<int>(vault::SubjectState::kPartiallyErased));
static_assert(v1::Subject::STATE_ERASED == static_cast<int>(vault::SubjectState::kErased));
static_assert(v1::ERASURE_GROUND_NOT_NECESSARY ==
              static_cast<int>(vault::ErasureGround::kNotNecessary));
static_assert(v1::ERASURE_GROUND_RETENTION_EXPIRED ==
              static_cast<int>(vault::ErasureGround::kRetentionExpired));
static_assert(v1::INITIATOR_CONTROLLER == static_cast<int>(vault::Initiator::kController));
static_assert(v1::INITIATOR_DATA_SUBJECT == static_cast<int>(vault::Initiator::kDataSubject));
static_assert(v1::RESTRICTION_GROUND_ACCURACY_CONTESTED ==
              static_cast<int>(vault::RestrictionGround::kAccuracyContested));
static_assert(v1::RESTRICTION_GROUND_OBJECTION_PENDING ==
              static_cast<int>(vault::RestrictionGround::kObjectionPending));
// The API keeps 0 for "not said", so that its levels stand one higher.
static_assert(v1::ASSURANCE_NONE == static_cast<int>(vault::Assurance::kNone) + 1);
static_assert(v1::ASSURANCE_HARDWARE == static_cast<int>(vault::Assurance::kHardware) + 1);

std::string Quoted(const std::string& etag) { return "\"" + etag + "\""; }

}  // namespace

absl::Time TimeFrom(const google::protobuf::Timestamp& time) {
  return absl::FromUnixSeconds(time.seconds()) + absl::Nanoseconds(time.nanos());
}

vault::Identifier IdentifierFrom(const v1::Identifier& identifier) {
  return {identifier.type(), identifier.value()};
}

absl::StatusOr<vault::SubjectRef> SubjectRefFrom(const v1::SubjectRef& ref) {
  if (ref.has_identifier()) {
    return vault::SubjectRef(vault::Identifier{ref.identifier().type(), ref.identifier().value()});
  }
  LETHE_ASSIGN(const SubjectName name, ParseSubjectName(ref.name()));
  return vault::SubjectRef(name.subject);
}

vault::NewRecord NewRecordFrom(const v1::Record& record) {
  vault::NewRecord out;
  out.category = record.category();
  out.data = record.data();
  out.media_type = record.media_type();
  if (record.source() != v1::SOURCE_UNSPECIFIED) {
    out.source = static_cast<vault::Source>(record.source());
  }
  out.source_detail = record.source_detail();
  if (record.has_origin_time()) out.origin_time = TimeFrom(record.origin_time());
  return out;
}

std::string EtagFrom(const std::string& quoted) {
  return quoted.size() < 2 ? std::string() : quoted.substr(1, quoted.size() - 2);
}

absl::StatusOr<vault::EraseRequest> EraseRequestFrom(const v1::EraseSubjectRequest& request) {
  vault::EraseRequest out;
  LETHE_ASSIGN(out.subject, SubjectRefFrom(request.subject()));
  out.ground = static_cast<vault::ErasureGround>(request.ground());
  out.initiator = static_cast<vault::Initiator>(request.initiator());
  out.etag = EtagFrom(request.etag());
  out.validate_only = request.validate_only();
  return out;
}

vault::Restriction RestrictionFrom(const v1::RestrictSubjectRequest& request) {
  vault::Restriction out;
  out.ground = static_cast<vault::RestrictionGround>(request.ground());
  out.reason = request.reason();
  if (request.has_review_time()) out.review_time = TimeFrom(request.review_time());
  return out;
}

void Fill(absl::Time time, google::protobuf::Timestamp* out) {
  const std::int64_t seconds = absl::ToUnixSeconds(time);
  out->set_seconds(seconds);
  out->set_nanos(
      static_cast<std::int32_t>(absl::ToInt64Nanoseconds(time - absl::FromUnixSeconds(seconds))));
}

void Fill(const vault::Subject& subject, std::string_view tenant, v1::Subject* out) {
  out->set_name(FormatSubjectName(tenant, subject.tag));
  out->set_state(static_cast<v1::Subject::State>(subject.state));
  out->set_restricted(subject.restricted);
  Fill(subject.create_time, out->mutable_create_time());
  out->set_change_counter(subject.change_counter);
  out->set_etag(Quoted(subject.etag));
}

void Fill(vault::Record record, std::string_view tenant, v1::Record* out) {
  out->set_name(FormatRecordName(tenant, record.subject, record.tag));
  out->set_category(record.category);
  *out->mutable_data() = std::move(record.data);
  out->set_media_type(record.media_type);
  out->set_source(static_cast<v1::Source>(record.source));
  out->set_source_detail(record.source_detail);
  Fill(record.origin_time, out->mutable_origin_time());
  Fill(record.create_time, out->mutable_create_time());
  Fill(record.update_time, out->mutable_update_time());
  if (record.expire_time.has_value()) Fill(*record.expire_time, out->mutable_expire_time());
  out->set_version(record.version);
  out->set_etag(Quoted(record.etag));
}

void Fill(const vault::Withheld& withheld, v1::WithheldData* out) {
  out->set_category(withheld.category);
  out->set_reference(withheld.reference);
  out->set_record_count(withheld.record_count);
  if (withheld.until.has_value()) Fill(*withheld.until, out->mutable_until_time());
}

void Fill(const vault::Erasure& erasure, std::string_view tenant, v1::Erasure* out) {
  // A dry run leaves no receipt.
  if (!erasure.receipt.is_none()) out->set_name(FormatErasureName(tenant, erasure.receipt));
  // The end of a period is nobody's in particular.
  if (!erasure.subject.is_none()) out->set_subject(FormatSubjectName(tenant, erasure.subject));
  out->set_subject_hash(erasure.whose);
  out->set_nonce(erasure.nonce);
  out->set_ground(static_cast<v1::ErasureGround>(erasure.ground));
  Fill(erasure.erase_time, out->mutable_erase_time());
  out->set_records_shredded(erasure.records_shredded);
  out->set_identifiers_shredded(erasure.identifiers_shredded);
  for (const auto& category : erasure.categories_shredded) out->add_categories_shredded(category);
  for (const auto& withheld : erasure.withheld) Fill(withheld, out->add_withheld());
  for (const auto& commitment : erasure.key_commitments) out->add_key_commitments(commitment);
  out->set_generation(erasure.generation);
  out->set_assurance(AssuranceOf(erasure.assurance));
  if (erasure.scheduled_time.has_value()) {
    Fill(*erasure.scheduled_time, out->mutable_scheduled_time());
  } else if (!erasure.receipt.is_none()) {
    Fill(erasure.key_death_time, out->mutable_key_death_time());
  }
  out->set_horizon_open(erasure.horizon_open);
  for (const auto& holder : erasure.retired_holders) out->add_retired_holders(holder);
  if (erasure.hygiene_complete_time.has_value()) {
    Fill(*erasure.hygiene_complete_time, out->mutable_hygiene_complete_time());
  }
  out->set_signed_statement(erasure.signed_statement);
  out->set_leaf_index(erasure.proof.index);
  out->set_leaf_count(erasure.proof.size);
  for (const auto& node : erasure.proof.path) out->add_merkle_path(node);
  out->set_signature(erasure.proof.signature);
  out->set_public_key(erasure.public_key);
}

v1::Assurance AssuranceOf(vault::Assurance assurance) {
  return static_cast<v1::Assurance>(static_cast<int>(assurance) + 1);
}

}  // namespace lethe::server
