// The words that name things of the operator's: labels and types of identifiers. Both are so narrow
// that they may stand in names, logs, certificates and paths as they are.
#ifndef LETHE_BASE_TEXT_LABEL_H_
#define LETHE_BASE_TEXT_LABEL_H_

#include <cstddef>
#include <string_view>

namespace lethe {

inline constexpr std::size_t kLabelBytesMax = 63;
// As messages put it, behind "must be" or "is".
inline constexpr char kLabelShape[] = "1 to 63 of a-z, 0-9 and inner hyphens";

// A tenant, a category, a purpose, a key service: a DNS label (RFC 1123) in lower case.
bool IsLabel(std::string_view text);

inline constexpr std::size_t kIdentifierTypeBytesMax = 32;

// "email", "customer_number": [a-z][a-z0-9_]*.
bool IsIdentifierType(std::string_view text);

}  // namespace lethe

#endif  // LETHE_BASE_TEXT_LABEL_H_
