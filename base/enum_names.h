// What the values of an enum are called. A value without a name does not exist: such a byte in a
// row or a request is refused where it is read.
#ifndef LETHE_BASE_ENUM_NAMES_H_
#define LETHE_BASE_ENUM_NAMES_H_

#include <span>
#include <string_view>

namespace lethe {

template <typename Enum>
struct EnumName {
  Enum value;
  std::string_view name;
};

// Empty: not among `names`.
template <typename Enum>
constexpr std::string_view FindName(std::span<const EnumName<Enum>> names, Enum value) {
  for (const EnumName<Enum>& each : names) {
    if (each.value == value) return each.name;
  }
  return {};
}

// Of any enum with a NameOf beside it.
template <typename Enum>
constexpr bool IsKnown(Enum value) {
  return !NameOf(value).empty();
}

}  // namespace lethe

#endif  // LETHE_BASE_ENUM_NAMES_H_
