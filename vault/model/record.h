// Records as callers hand them in and get them back.
#ifndef LETHE_VAULT_MODEL_RECORD_H_
#define LETHE_VAULT_MODEL_RECORD_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "absl/time/time.h"
#include "base/enum_names.h"
#include "base/ids.h"

namespace lethe::vault {

enum class Source : std::uint8_t {  // On disk; never reuse.
  kUnspecified = 0,
  kProvided = 1,
  kObserved = 2,
  kDerived = 3,
  kThirdParty = 4,
};

inline constexpr EnumName<Source> kSourceNames[] = {
    {Source::kUnspecified, "unspecified"}, {Source::kProvided, "provided"},
    {Source::kObserved, "observed"},       {Source::kDerived, "derived"},
    {Source::kThirdParty, "third_party"},
};
constexpr std::string_view NameOf(Source value) { return FindName<Source>(kSourceNames, value); }

struct NewRecord {
  std::string category;
  std::string data;        // Personal data.
  std::string media_type;  // Empty: application/json.
  Source source = Source::kProvided;
  std::string source_detail;
  std::optional<absl::Time> origin_time;  // Default: now.
};

struct Record {
  SubjectTag subject;
  RecordTag tag;
  std::string category;
  std::string data;
  std::string media_type;
  Source source = Source::kProvided;
  std::string source_detail;
  absl::Time origin_time;
  absl::Time create_time;
  absl::Time update_time;
  std::optional<absl::Time> expire_time;  // Absent: its clock has not started.
  std::uint32_t version = 1;
  std::string etag;
};

// What UpdateRecord changes; absent fields stay.
struct RecordPatch {
  std::optional<std::string> data;
  std::optional<std::string> media_type;
  std::optional<Source> source;
  std::optional<std::string> source_detail;
};

// When the bytes a change replaced are dead at the latest.
struct KeyDeath {
  absl::Time no_later_than;
};

}  // namespace lethe::vault

#endif  // LETHE_VAULT_MODEL_RECORD_H_
