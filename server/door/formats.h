// How a text of each Format looks (proto/lethe/v1/options.proto).
#ifndef LETHE_SERVER_DOOR_FORMATS_H_
#define LETHE_SERVER_DOOR_FORMATS_H_

#include <string_view>

#include "lethe/v1/options.pb.h"

namespace lethe::server {

// An etag is as long as the vault makes it; this leaves it room.
inline constexpr std::size_t kEtagBytesMax = 128;

// Whether the whole of `text` has the format. FORMAT_UNSPECIFIED fits everything.
bool HasFormat(std::string_view text, v1::Format format);

// How it looks, for a message: "must be " and this.
const char* DescriptionOf(v1::Format format);

// Whether a resource name is what the format describes, so that `text` claims a tenant.
bool IsNameFormat(v1::Format format);

}  // namespace lethe::server

#endif  // LETHE_SERVER_DOOR_FORMATS_H_
