#include "vault/calls/body_mac.h"

#include <algorithm>
#include <limits>
#include <optional>

#include "crypto/kdf.h"
#include "vault/rows/derived_keys.h"

namespace lethe::vault::calls {
namespace {

using crypto::Derivation;
using records::BodyMac;

constexpr std::uint64_t kAbsent = std::numeric_limits<std::uint64_t>::max();

// Large fields are absorbed where they lie.
void Absorb(Derivation& mac, const std::optional<std::string>& field) {
  mac.U64(field.has_value() ? field->size() : kAbsent);
  if (field.has_value()) mac.Fixed(AsBytes(*field));
}

BodyMac Finish(Derivation& mac) {
  const Secret whole = mac.Finish();
  BodyMac half{};
  std::copy_n(whole.Reveal().begin(), half.size(), half.begin());
  return half;
}

}  // namespace

BodyMac BodyMacOf(const Secret& category_key, const NewRecord& record) {
  Derivation mac(RequestBodyKey(category_key), "lethe.newbody.v1");
  mac.Sized(record.category);
  Absorb(mac, record.data);
  mac.Sized(record.media_type).U32(static_cast<std::uint32_t>(record.source));
  mac.Sized(record.source_detail);
  mac.U64(record.origin_time.has_value()
              ? static_cast<std::uint64_t>(absl::ToUnixMicros(*record.origin_time))
              : kAbsent);
  return Finish(mac);
}

BodyMac BodyMacOf(const Secret& category_key, const RecordTag& record, const std::string& etag,
                  const RecordPatch& patch) {
  Derivation mac(RequestBodyKey(category_key), "lethe.patbody.v1");
  mac.Fixed(record.bytes()).Sized(etag);
  Absorb(mac, patch.data);
  Absorb(mac, patch.media_type);
  mac.U64(patch.source.has_value() ? static_cast<std::uint64_t>(*patch.source) : kAbsent);
  Absorb(mac, patch.source_detail);
  return Finish(mac);
}

BodyMac BodyMacOf(const Secret& key, std::string_view plain_fields) {
  return crypto::Mac16(key, "lethe.plnbody.v1", plain_fields);
}

}  // namespace lethe::vault::calls
