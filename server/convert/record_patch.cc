#include "server/convert/record_patch.h"

#include <set>

#include "base/reason.h"
#include "base/status_macros.h"
#include "server/convert/enums.h"

namespace lethe::server {
namespace {

// Paths that this mask covers, or that are set where there is no mask.
using Paths = std::set<std::string>;

const Paths& Changeable() {
  static const Paths* const paths = new Paths{"data", "media_type", "source", "source_detail"};
  return *paths;
}

absl::Status BadMask(std::string_view message, std::string_view rule) {
  return Refuse(Reason::kFieldInvalid, message, "update_mask", rule);
}

absl::StatusOr<Paths> PathsOfMask(const google::protobuf::FieldMask& mask) {
  Paths paths;
  for (const std::string& path : mask.paths()) {
    if (path == "*" && mask.paths_size() == 1) return Changeable();
    if (path == "category" || path == "origin_time") {
      return BadMask("update_mask names a field that only creation sets", "immutable");
    }
    // Not echoed: a caller's mistake may have put anything there.
    if (!Changeable().contains(path)) {
      return BadMask("update_mask names a field that an update cannot change", "known_path");
    }
    paths.insert(path);
  }
  return paths;
}

absl::StatusOr<Paths> PathsThatAreSet(const v1::Record& record) {
  if (!record.category().empty() || record.has_origin_time()) {
    return Refuse(Reason::kFieldInvalid,
                  "only creation sets category and origin_time: leave them out, or send an "
                  "update_mask",
                  record.category().empty() ? "record.origin_time" : "record.category",
                  "immutable");
  }
  Paths paths;
  if (!record.data().empty()) paths.insert("data");
  if (!record.media_type().empty()) paths.insert("media_type");
  if (record.source() != v1::SOURCE_UNSPECIFIED) paths.insert("source");
  if (!record.source_detail().empty()) paths.insert("source_detail");
  return paths;
}

}  // namespace

absl::StatusOr<vault::RecordPatch> RecordPatchFrom(v1::UpdateRecordRequest&& request) {
  const v1::Record& record = request.record();
  const bool masked = request.update_mask().paths_size() > 0;
  LETHE_ASSIGN(const Paths paths,
               masked ? PathsOfMask(request.update_mask()) : PathsThatAreSet(record));
  if (paths.empty()) {
    return Refuse(Reason::kFieldRequired, "nothing to change is set", "record", "required");
  }
  if (paths.contains("data") && record.data().empty()) {
    return Refuse(Reason::kFieldRequired, "record.data is required", "record.data", "required");
  }
  vault::RecordPatch patch;
  if (paths.contains("data")) patch.data = std::move(*request.mutable_record()->mutable_data());
  if (paths.contains("media_type")) patch.media_type = record.media_type();
  if (paths.contains("source")) {
    patch.source = FromApi(record.source()).value_or(vault::Source::kProvided);
  }
  if (paths.contains("source_detail")) patch.source_detail = record.source_detail();
  return patch;
}

}  // namespace lethe::server
