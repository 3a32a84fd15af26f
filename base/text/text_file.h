// Small files of the operator's: configuration, policies, certificates, and the port file.
#ifndef LETHE_BASE_TEXT_TEXT_FILE_H_
#define LETHE_BASE_TEXT_TEXT_FILE_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace lethe {

// No configuration, policy or certificate chain comes near it.
inline constexpr std::size_t kTextFileBytesMax = 1u << 20;

// INVALID_ARGUMENT names the path: not readable, or larger than kTextFileBytesMax.
absl::StatusOr<std::string> ReadTextFile(const std::string& path);

// Whoever reads it sees all of it or nothing: written beside and renamed.
absl::Status WriteTextFile(const std::string& path, const std::string& text);

}  // namespace lethe

#endif  // LETHE_BASE_TEXT_TEXT_FILE_H_
