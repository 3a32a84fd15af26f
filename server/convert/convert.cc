#include "server/convert/convert.h"

#include "base/reason.h"
#include "base/status_macros.h"
#include "server/convert/enums.h"
#include "server/door/names.h"

namespace lethe::server {
namespace {

// The field rules have seen to it that the value is there and known; were it not, no other may
// stand in for it.
template <typename T>
absl::StatusOr<T> Required(std::optional<T> value, std::string_view field) {
  if (value.has_value()) return *value;
  return Refuse(Reason::kFieldRequired, "a value is required", field, "required");
}

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

vault::NewRecord NewRecordFrom(v1::Record&& record) {
  vault::NewRecord out;
  out.category = record.category();
  out.data = std::move(*record.mutable_data());
  out.media_type = record.media_type();
  out.source = FromApi(record.source()).value_or(vault::Source::kProvided);
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
  LETHE_ASSIGN(out.ground, Required(FromApi(request.ground()), "ground"));
  LETHE_ASSIGN(out.initiator, Required(FromApi(request.initiator()), "initiator"));
  out.etag = EtagFrom(request.etag());
  out.validate_only = request.validate_only();
  return out;
}

absl::StatusOr<vault::Restriction> RestrictionFrom(const v1::RestrictSubjectRequest& request) {
  vault::Restriction out;
  LETHE_ASSIGN(out.ground, Required(FromApi(request.ground()), "ground"));
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
  out->set_state(ToApi(subject.state));
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
  out->set_source(ToApi(record.source));
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
  out->set_ground(ToApi(erasure.ground));
  Fill(erasure.erase_time, out->mutable_erase_time());
  out->set_records_shredded(erasure.records_shredded);
  out->set_identifiers_shredded(erasure.identifiers_shredded);
  for (const auto& category : erasure.categories_shredded) out->add_categories_shredded(category);
  for (const auto& withheld : erasure.withheld) Fill(withheld, out->add_withheld());
  for (const auto& commitment : erasure.key_commitments) out->add_key_commitments(commitment);
  out->set_generation(erasure.generation);
  out->set_assurance(ToApi(erasure.assurance));
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

}  // namespace lethe::server
